//! Frozen views of the units of a document: blocks, sentences, tokens and their clitics.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use pyo3::exceptions::{PyIndexError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PySlice, PyString};

use super::doc::Shared;
use super::ent::Ents;
use crate::base::{Span, Src, offset};
use crate::segment::{self, Reading, TokenKind};

/// Which units a sequence holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Slots {
    Range(u32, u32),
    List(Arc<[u32]>),
}

impl Slots {
    pub fn all(count: usize) -> Self {
        Self::Range(0, offset(count))
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Range(from, to) => (to - from) as usize,
            Self::List(list) => list.len(),
        }
    }

    pub fn get(&self, at: usize) -> Option<u32> {
        match self {
            Self::Range(from, to) => offset(at).checked_add(*from).filter(|i| i < to),
            Self::List(list) => list.get(at).copied(),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// The place that a Python index names, counted from the end when negative.
    pub fn at(&self, index: isize) -> PyResult<u32> {
        let at = if index < 0 { index.checked_add_unsigned(self.len()) } else { Some(index) };
        let found = at.and_then(|at| usize::try_from(at).ok()).and_then(|at| self.get(at));
        found.ok_or_else(|| PyIndexError::new_err(format!("index {index} in a sequence of {}", self.len())))
    }

    pub fn slice(&self, slice: &Bound<'_, PySlice>) -> PyResult<Self> {
        let bounds = slice.indices(isize::try_from(self.len()).unwrap_or(isize::MAX))?;
        let mut at = bounds.start;
        let mut list = Vec::with_capacity(bounds.slicelength);
        for _ in 0..bounds.slicelength {
            list.extend(usize::try_from(at).ok().and_then(|at| self.get(at)));
            at += bounds.step;
        }
        Ok(match (self, list.first(), bounds.step) {
            (Self::Range(..), Some(first), 1) => Self::Range(*first, first + offset(list.len())),
            _ => Self::List(list.into()),
        })
    }
}

pub(super) fn hash_of(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// What a sequence of units holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    Block,
    Sent,
    Token,
}

/// The blocks, sentences or tokens of a document: a sequence that makes its items when asked for them.
///
/// >>> import marsad
/// >>> doc = marsad.load()("وصل الوفد. ثم غادر.")
/// >>> len(doc.sents), doc.tokens[-2].text, [token.text for token in doc.tokens[:2]]
/// (2, 'غادر', ['وصل', 'الوفد'])
#[pyclass(frozen, sequence, module = "marsad")]
pub struct Units {
    shared: Arc<Shared>,
    kind: Kind,
    slots: Slots,
}

impl Units {
    pub(super) fn new(shared: &Arc<Shared>, kind: Kind, slots: Slots) -> Self {
        Self { shared: shared.clone(), kind, slots }
    }

    fn item<'py>(&self, py: Python<'py>, index: u32) -> PyResult<Bound<'py, PyAny>> {
        let shared = self.shared.clone();
        Ok(match self.kind {
            Kind::Block => Bound::new(py, Block { shared, index })?.into_any(),
            Kind::Sent => Bound::new(py, Sent { shared, index })?.into_any(),
            Kind::Token => Bound::new(py, Token { shared, index })?.into_any(),
        })
    }
}

#[pymethods]
impl Units {
    fn __len__(&self) -> usize {
        self.slots.len()
    }

    fn __getitem__<'py>(&self, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = index.py();
        if let Ok(slice) = index.cast::<PySlice>() {
            let slots = self.slots.slice(slice)?;
            return Ok(Bound::new(py, Self { shared: self.shared.clone(), kind: self.kind, slots })?.into_any());
        }
        self.item(py, self.slots.at(read_index(index)?)?)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| {
            let other = other.get();
            self.kind == other.kind && self.slots.iter().eq(other.slots.iter()) && self.shared.is(&other.shared)
        })
    }

    fn __hash__(&self) -> u64 {
        hash_of((self.kind as u8, self.slots.len(), self.slots.get(0)))
    }

    fn __repr__(&self) -> String {
        let name = match self.kind {
            Kind::Block => "blocks",
            Kind::Sent => "sentences",
            Kind::Token => "tokens",
        };
        format!("<{} {name}>", self.slots.len())
    }
}

pub(super) fn read_index(index: &Bound<'_, PyAny>) -> PyResult<isize> {
    index.extract().map_err(|_| {
        let kind = index.get_type().name().map_or_else(|_| "that".to_owned(), |name| name.to_string());
        PyTypeError::new_err(format!("an index is an integer or a slice, not {kind}"))
    })
}

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident, $field:ident, $unit:ty, { $($rest:tt)* }) => {
        $(#[$doc])*
        #[pyclass(frozen, module = "marsad")]
        pub struct $name {
            shared: Arc<Shared>,
            index: u32,
        }

        impl $name {
            fn get(&self) -> &$unit {
                &self.shared.doc.layout().$field[self.index as usize]
            }
        }

        #[pymethods]
        impl $name {
            /// Its text, as the document has it.
            #[getter]
            fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
                self.shared.slice(py, self.get().span)
            }
            /// Its first code point.
            #[getter]
            fn start(&self) -> u32 {
                self.shared.doc.chars(self.get().span).start
            }
            /// One past its last code point.
            #[getter]
            fn end(&self) -> u32 {
                self.shared.doc.chars(self.get().span).end
            }
            /// Its number in the document.
            #[getter]
            fn index(&self) -> u32 {
                self.index
            }
            fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
                other.cast::<Self>().is_ok_and(|other| {
                    let other = other.get();
                    self.index == other.index && self.shared.is(&other.shared)
                })
            }
            fn __hash__(&self) -> u64 {
                hash_of((self.index, self.get().span))
            }
            $($rest)*
        }
    };
}

unit! {
    /// A sentence.
    Sent, sents, segment::Sent, {
        /// Its tokens.
        #[getter]
        fn tokens(&self) -> Units {
            let (from, to) = self.get().tokens;
            Units::new(&self.shared, Kind::Token, Slots::Range(from, to))
        }
        /// The mentions that begin in it.
        #[getter]
        fn ents(&self) -> Ents {
            Ents::within(&self.shared, self.get().span)
        }
        /// The block that it stands in.
        #[getter]
        fn block(&self) -> Block {
            Block { shared: self.shared.clone(), index: self.get().block }
        }
        fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
            Ok(format!("<sentence {}>", short(&self.text(py)?)?))
        }
    }
}

unit! {
    /// A paragraph, a heading, or an embed such as a bare URL or a photo credit.
    Block, blocks, segment::Block, {
        /// `"paragraph"`, `"heading"` or `"embed"`.
        #[getter]
        fn kind(&self) -> &'static str {
            self.get().kind.name()
        }
        /// Its sentences.
        #[getter]
        fn sents(&self) -> Units {
            let (from, to) = self.get().sents;
            Units::new(&self.shared, Kind::Sent, Slots::Range(from, to))
        }
        /// The mentions that begin in it.
        #[getter]
        fn ents(&self) -> Ents {
            Ents::within(&self.shared, self.get().span)
        }
        fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
            Ok(format!("<{} {}>", self.kind(), short(&self.text(py)?)?))
        }
    }
}

unit! {
    /// A word, number, mark, URL, e-mail address, handle or hashtag.
    ///
    /// >>> import marsad
    /// >>> token = marsad.load()("سافر إلى باريس وبالمدينة نزل.").tokens[3]
    /// >>> token.clitics
    /// <و + ب + المدينة>
    /// >>> token.clitics.stem.text, token.clitics.stem.start
    /// ('المدينة', 17)
    Token, tokens, segment::Token, {
        /// `"word"`, `"foreign"`, `"number"`, `"punct"`, `"url"`, `"email"`, `"handle"` or `"hashtag"`.
        #[getter]
        fn kind(&self) -> &'static str {
            match self.get().kind {
                TokenKind::Word => "word",
                TokenKind::Foreign => "foreign",
                TokenKind::Number => "number",
                TokenKind::Punct => "punct",
                TokenKind::Url => "url",
                TokenKind::Email => "email",
                TokenKind::Handle => "handle",
                TokenKind::Hashtag => "hashtag",
            }
        }
        /// Its text without vowel marks and tatweel, digits and letters as on a plain keyboard.
        #[getter]
        fn norm(&self) -> String {
            self.shared.doc.plain(self.get().span).into_owned()
        }
        /// The most probable reading of a word as clitics and a stem.
        #[getter]
        fn clitics(&self) -> Clitics {
            let reading = self.shared.doc.layout().best(self.get());
            Clitics { shared: self.shared.clone(), index: self.index, reading }
        }
        /// Every reading, the most probable first. What is no word has one.
        #[getter]
        fn readings(&self) -> Vec<Clitics> {
            let readings = self.shared.doc.layout().readings(self.get());
            if readings.is_empty() {
                return vec![self.clitics()];
            }
            let of = |reading: &Reading| Clitics { shared: self.shared.clone(), index: self.index, reading: *reading };
            readings.iter().map(of).collect()
        }
        fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
            Ok(format!("<token {}>", self.text(py)?))
        }
    }
}

fn short(text: &Bound<'_, PyAny>) -> PyResult<String> {
    let text = text.cast::<PyString>()?.to_string_lossy();
    let mut out: String = text.chars().take(48).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    Ok(format!("{:?}", out))
}

/// One reading of a token: what is attached before, the stem, what is attached after.
#[pyclass(frozen, module = "marsad")]
pub struct Clitics {
    shared: Arc<Shared>,
    index: u32,
    reading: Reading,
}

impl Clitics {
    fn piece(&self, start: u32, end: u32) -> Piece {
        Piece { shared: self.shared.clone(), span: Span::new(start, end), norm: None }
    }

    fn token(&self) -> &segment::Token {
        &self.shared.doc.layout().tokens[self.index as usize]
    }
}

/// A sign that belongs to the letter before it: a vowel mark or tatweel.
fn hangs(c: char) -> bool {
    matches!(c, '\u{640}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{6D6}'..='\u{6ED}')
}

#[pymethods]
impl Clitics {
    /// What is attached before the stem: و ف ب ل ك س أ, each a piece.
    #[getter]
    fn proclitics(&self) -> Vec<Piece> {
        let (start, end) = (self.token().span.start, self.reading.span.start);
        let mut starts: Vec<u32> = Vec::new();
        for (at, c) in Span::<Src>::new(start, end).slice(self.shared.doc.text()).char_indices() {
            if starts.is_empty() || !hangs(c) {
                starts.push(start + offset(at));
            }
        }
        let ends = starts.iter().skip(1).copied().chain([end]);
        starts.iter().zip(ends).map(|(start, end)| self.piece(*start, end)).collect()
    }

    /// The word without its clitics. Its `norm` has ال also where the writing lost the alef: للتنظيم.
    #[getter]
    fn stem(&self) -> Piece {
        let norm = (!self.reading.is_whole()).then(|| self.shared.doc.layout().stem(&self.reading).to_owned());
        Piece { shared: self.shared.clone(), span: self.reading.span, norm }
    }

    /// The attached pronoun, or None.
    #[getter]
    fn enclitic(&self) -> Option<Piece> {
        self.reading.enclitic.map(|_| self.piece(self.reading.span.end, self.token().span.end))
    }

    /// Whether the stem has the article.
    #[getter]
    fn article(&self) -> bool {
        self.reading.article
    }

    /// How probable the reading is among those of the word, out of context, 0 to 1.
    #[getter]
    fn probability(&self) -> f32 {
        self.reading.probability()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| {
            let other = other.get();
            self.index == other.index && self.reading == other.reading && self.shared.is(&other.shared)
        })
    }

    fn __hash__(&self) -> u64 {
        hash_of((self.index, self.reading.span))
    }

    fn __repr__(&self) -> String {
        let text = self.shared.doc.text();
        let mut parts: Vec<&str> = Vec::new();
        let before = self.proclitics();
        parts.extend(before.iter().map(|p| p.span.slice(text)));
        parts.push(self.reading.span.slice(text));
        let after = self.enclitic();
        parts.extend(after.iter().map(|p| p.span.slice(text)));
        format!("<{}>", parts.join(" + "))
    }
}

/// A part of a token, with its place in the document.
#[pyclass(frozen, module = "marsad")]
pub struct Piece {
    shared: Arc<Shared>,
    span: Span<Src>,
    norm: Option<String>,
}

#[pymethods]
impl Piece {
    /// Its text, as the document has it.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.shared.slice(py, self.span)
    }
    /// Its first code point.
    #[getter]
    fn start(&self) -> u32 {
        self.shared.doc.chars(self.span).start
    }
    /// One past its last code point.
    #[getter]
    fn end(&self) -> u32 {
        self.shared.doc.chars(self.span).end
    }
    /// Its plain form; of a stem, the form that it has when it stands alone.
    #[getter]
    fn norm(&self) -> String {
        self.norm.clone().unwrap_or_else(|| self.shared.doc.plain(self.span).into_owned())
    }
    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| {
            let other = other.get();
            self.span == other.span && self.shared.is(&other.shared)
        })
    }
    fn __hash__(&self) -> u64 {
        hash_of(self.span)
    }
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<{} [{}:{}]>", self.text(py)?, self.start(), self.end()))
    }
}
