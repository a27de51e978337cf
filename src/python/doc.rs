//! Frozen views of an analyzed document.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use super::meaning::{Group, Quote, Relation};
use super::text;
use crate::base::{CharSpan, Span, Src};
use crate::doc;
use crate::pipeline::{Options, Pipeline};
use crate::segment::{BlockKind, TokenKind};

pub(super) struct Shared {
    pub(super) doc: doc::Doc,
    pipeline: Pipeline,
    options: Options,
    /// The text as given, where it holds what UTF-8 cannot.
    given: Option<Py<PyString>>,
}

impl Shared {
    fn text<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        match &self.given {
            Some(given) => given.bind(py).clone(),
            None => PyString::new(py, self.doc.text()),
        }
    }

    pub(super) fn slice<'py>(&self, py: Python<'py>, span: Span<Src>) -> PyResult<Bound<'py, PyAny>> {
        match &self.given {
            Some(given) => {
                let CharSpan { start, end } = self.doc.chars(span);
                given.bind(py).get_item(pyo3::types::PySlice::new(py, start as isize, end as isize, 1))
            }
            None => Ok(PyString::new(py, span.slice(self.doc.text())).into_any()),
        }
    }
}

/// One analyzed document.
#[pyclass(frozen, module = "marsad")]
pub struct Doc(Arc<Shared>);

impl Doc {
    pub(super) fn new(doc: doc::Doc, pipeline: Pipeline, options: Options, given: Option<Py<PyString>>) -> Self {
        Self(Arc::new(Shared { doc, pipeline, options, given }))
    }
}

fn index(i: usize) -> u32 {
    u32::try_from(i).unwrap_or(u32::MAX)
}

#[pymethods]
impl Doc {
    /// The text as given.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        self.0.text(py)
    }

    /// The date that anchors relative dates, as "YYYY-MM-DD", or None.
    #[getter]
    fn published(&self) -> Option<String> {
        self.0.options.published.map(|date| date.to_string())
    }

    /// The mentions in the order of the text, outer before inner.
    #[getter]
    fn ents(&self) -> Vec<Ent> {
        (0..self.0.doc.mentions().len()).map(|i| Ent { shared: self.0.clone(), index: index(i) }).collect()
    }

    /// The sentences.
    #[getter]
    fn sents(&self) -> Vec<Sent> {
        (0..self.0.doc.layout().sents.len()).map(|i| Sent { shared: self.0.clone(), index: index(i) }).collect()
    }

    /// The blocks of the page: paragraphs, headings and embeds.
    #[getter]
    fn blocks(&self) -> Vec<Block> {
        (0..self.0.doc.layout().blocks.len()).map(|i| Block { shared: self.0.clone(), index: index(i) }).collect()
    }

    /// The paragraphs and headings, without embeds.
    #[getter]
    fn paragraphs(&self) -> Vec<Block> {
        self.blocks().into_iter().filter(|b| b.get().kind != BlockKind::Embed).collect()
    }

    /// The tokens.
    #[getter]
    fn tokens(&self) -> Vec<Token> {
        (0..self.0.doc.layout().tokens.len()).map(|i| Token { shared: self.0.clone(), index: index(i) }).collect()
    }

    /// The tokens of a sentence.
    fn tokens_of(&self, sent: &Sent) -> Vec<Token> {
        let (from, to) = sent.get().tokens;
        (from..to).map(|index| Token { shared: sent.shared.clone(), index }).collect()
    }

    /// The things that the text names, each once, with all their mentions.
    #[getter]
    fn groups(&self) -> Vec<Group> {
        Group::all(&self.0)
    }

    /// What is said in the text, and by whom.
    #[getter]
    fn quotes(&self) -> Vec<Quote> {
        Quote::all(&self.0)
    }

    /// Links between mentions: titles of persons, places in places, events at places, second names.
    #[getter]
    fn relations(&self) -> Vec<Relation> {
        Relation::all(&self.0)
    }

    /// The candidates that overlap a mention, the judgement on each, and why.
    fn explain<'py>(&self, py: Python<'py>, ent: &Ent) -> PyResult<Bound<'py, PyList>> {
        let mention = ent.mention();
        let found = self.0.pipeline.explain(self.0.doc.text(), &self.0.options, mention.span)?;
        let rows = PyList::empty(py);
        for line in found {
            let span = self.0.doc.chars(line.candidate.span);
            let row = PyDict::new(py);
            row.set_item("text", self.0.slice(py, line.candidate.span)?)?;
            row.set_item("label", line.candidate.label.name())?;
            row.set_item("start", span.start)?;
            row.set_item("end", span.end)?;
            row.set_item("score", line.candidate.score)?;
            row.set_item("evidence", line.evidence)?;
            row.set_item("kept", line.kept)?;
            row.set_item("reason", line.reason)?;
            rows.append(row)?;
        }
        Ok(rows)
    }

    /// The analysis as plain data: `{"text", "published", "entities", "blocks", …}`, offsets in code points.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let dict = text::to_python(py, &self.0.doc.to_json())?;
        dict.set_item("text", self.0.text(py))?;
        dict.set_item("published", self.published())?;
        Ok(dict)
    }

    /// `to_dict()` as JSON text.
    #[pyo3(signature = (*, indent=None))]
    fn to_json(&self, py: Python<'_>, indent: Option<u32>) -> PyResult<String> {
        let options = PyDict::new(py);
        options.set_item("ensure_ascii", false)?;
        options.set_item("indent", indent)?;
        py.import("json")?.call_method("dumps", (self.to_dict(py)?,), Some(&options))?.extract()
    }

    /// A page that shows the article with its mentions: one string, no script, no network.
    #[pyo3(signature = (*, title="Marsad"))]
    fn to_html(&self, py: Python<'_>, title: &str) -> PyResult<String> {
        py.import("marsad._html")?.call_method1("page", (self.to_dict(py)?, title))?.extract()
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        py.import("marsad._html")?.call_method1("article", (self.to_dict(py)?,))?.extract()
    }

    fn __len__(&self) -> usize {
        self.0.doc.layout().tokens.len()
    }

    fn __repr__(&self) -> String {
        let (mentions, tokens) = (self.0.doc.mentions().len(), self.0.doc.layout().tokens.len());
        format!("<marsad.Doc {tokens} tokens, {mentions} mentions>")
    }
}

/// A mention of an entity. `doc.text[ent.start:ent.end] == ent.text`.
#[pyclass(frozen, module = "marsad")]
pub struct Ent {
    shared: Arc<Shared>,
    index: u32,
}

impl Ent {
    pub(super) fn new(shared: &Arc<Shared>, index: u32) -> Self {
        Self { shared: shared.clone(), index }
    }
    pub(super) fn text_of<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.shared.slice(py, self.mention().span)
    }
    fn mention(&self) -> &doc::Mention {
        &self.shared.doc.mentions()[self.index as usize]
    }
}

#[pymethods]
impl Ent {
    /// The words of the text.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.shared.slice(py, self.mention().span)
    }
    /// The type, one of `marsad.LABELS`.
    #[getter]
    fn label(&self) -> &'static str {
        self.mention().label.name()
    }
    /// Its first code point.
    #[getter]
    fn start(&self) -> u32 {
        self.shared.doc.chars(self.mention().span).start
    }
    /// One past its last code point.
    #[getter]
    fn end(&self) -> u32 {
        self.shared.doc.chars(self.mention().span).end
    }
    /// How sure the analysis is, 0 to 1.
    #[getter]
    fn score(&self) -> f32 {
        self.mention().score
    }
    /// What it means, as a dict: a date in EDTF, a number, a sum. None where it means nothing countable.
    #[getter]
    fn value<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let value = serde_json::to_value(&self.mention().value).unwrap_or_default();
        text::to_python(py, &value)
    }
    /// The canonical name of what it names, or its words as they stand alone.
    #[getter]
    fn norm(&self) -> String {
        self.shared.doc.norm_of(self.mention())
    }
    /// What it stands for, as a dict with `geonames`, `name`, `country`, `lat`, `lon`, `alternatives`; or None.
    #[getter]
    fn link<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        text::to_python(py, &self.shared.doc.link_to_json(self.mention().link))
    }
    /// The English name of what it names, otherwise a readable romanization.
    #[getter]
    fn latin(&self) -> String {
        self.shared.doc.latin_of(self.mention())
    }
    /// The number of its group in `doc.groups`, shared by the mentions of one thing; None for dates, numbers, titles.
    #[getter]
    fn group(&self) -> Option<u32> {
        self.mention().group
    }
    /// The enclosing mention, or None.
    #[getter]
    fn parent(&self) -> Option<Ent> {
        self.mention().parent.map(|index| Ent { shared: self.shared.clone(), index })
    }
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<{} {} [{}:{}]>", self.label(), self.text(py)?, self.start(), self.end()))
    }
    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Ent>().is_ok_and(|other| {
            let other = other.get();
            self.index == other.index && Arc::ptr_eq(&self.shared, &other.shared)
        })
    }
    fn __hash__(&self) -> u64 {
        u64::from(self.index) ^ (Arc::as_ptr(&self.shared) as usize as u64)
    }
}

macro_rules! unit {
    ($name:ident, $field:ident, $unit:ty, $doc:literal) => {
        #[doc = $doc]
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
    };
}

unit!(Sent, sents, crate::segment::Sent, "A sentence.");
unit!(Block, blocks, crate::segment::Block, "A paragraph, heading or embed.");
unit!(Token, tokens, crate::segment::Token, "A token with its clitics.");

#[pymethods]
impl Sent {
    /// Its text.
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
    fn __repr__(&self) -> String {
        format!("<sentence [{}:{}]>", self.start(), self.end())
    }
}

#[pymethods]
impl Block {
    /// Its text.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.shared.slice(py, self.get().span)
    }
    /// `"paragraph"`, `"heading"` or `"embed"`.
    #[getter]
    fn kind(&self) -> &'static str {
        self.get().kind.name()
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
    fn __repr__(&self) -> String {
        format!("<{} [{}:{}]>", self.kind(), self.start(), self.end())
    }
}

#[pymethods]
impl Token {
    /// Its text.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.shared.slice(py, self.get().span)
    }
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
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<token {}>", self.text(py)?))
    }
}
