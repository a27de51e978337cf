//! Groups, quotations and relations of an analyzed document, and transliteration.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyString;

use super::doc::Shared;
use super::ent::Ent;
use super::text;
use crate::resolve::groups;
use crate::resolve::quotes;
use crate::resolve::relations;
use crate::script::translit::{self, Scheme};

/// One thing that a document names, with all its mentions.
#[pyclass(frozen, module = "marsad")]
pub struct Group {
    shared: Arc<Shared>,
    index: u32,
}

impl Group {
    pub(super) fn all(shared: &Arc<Shared>) -> Vec<Self> {
        let count = shared.doc.groups().all().len();
        (0..u32::try_from(count).unwrap_or(u32::MAX)).map(|index| Self { shared: shared.clone(), index }).collect()
    }
    fn get(&self) -> &groups::Group {
        &self.shared.doc.groups().all()[self.index as usize]
    }
    fn members(&self) -> &[groups::Member] {
        self.shared.doc.groups().members(self.get())
    }
    fn ent(&self, member: Option<&groups::Member>) -> Option<Ent> {
        member.map(|member| Ent::new(&self.shared, member.mention))
    }
}

#[pymethods]
impl Group {
    /// Its number, as in `ent.group`.
    #[getter]
    fn id(&self) -> u32 {
        self.index
    }
    /// The canonical name.
    #[getter]
    fn name(&self) -> String {
        self.shared.doc.name_of(self.get())
    }
    /// The type.
    #[getter]
    fn label(&self) -> &str {
        self.shared.doc.label(self.get().label)
    }
    /// How many mentions it has.
    #[getter]
    fn count(&self) -> usize {
        self.members().len()
    }
    /// Its mentions in the order of the text.
    #[getter]
    fn ents(&self) -> Vec<Ent> {
        self.members().iter().map(|member| Ent::new(&self.shared, member.mention)).collect()
    }
    /// How sure it is of each mention that it names the thing, 0 to 1.
    #[getter]
    fn scores(&self) -> Vec<f32> {
        self.members().iter().map(|member| member.score).collect()
    }
    /// Its first mention.
    #[getter]
    fn first(&self) -> Option<Ent> {
        self.ent(self.members().first())
    }
    /// Its last mention.
    #[getter]
    fn last(&self) -> Option<Ent> {
        self.ent(self.members().last())
    }
    /// The ways in which the text writes it.
    #[getter]
    fn variants(&self) -> Vec<String> {
        self.shared.doc.variants_of(self.get())
    }
    /// What it is in the lexicon, as a dict, or None.
    #[getter]
    fn link<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        text::to_python(py, &self.shared.doc.link_json(self.get().link))
    }
    /// The English name, otherwise a readable romanization.
    #[getter]
    fn latin(&self) -> String {
        self.shared.doc.latin_of_group(self.get())
    }
    /// Nouns that only refer back to it (التنظيم, المدينة): a list of (start, end) in code points.
    #[getter]
    fn anaphora(&self) -> Vec<(u32, u32)> {
        let spans = self.shared.doc.groups().anaphora(self.get());
        spans.iter().map(|span| self.shared.doc.chars(*span)).map(|span| (span.start, span.end)).collect()
    }
    /// The group as plain data.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        text::to_python(py, &self.shared.doc.group_json(self.index, self.get()))
    }
    fn __len__(&self) -> usize {
        self.count()
    }
    fn __repr__(&self) -> String {
        format!("<group {} {} {} ×{}>", self.index, self.label(), self.name(), self.count())
    }
}

/// Something that somebody said.
#[pyclass(frozen, module = "marsad")]
pub struct Quote {
    shared: Arc<Shared>,
    quote: quotes::Quote,
}

impl Quote {
    pub(super) fn all(shared: &Arc<Shared>) -> Vec<Self> {
        shared.doc.quotes().iter().map(|quote| Self { shared: shared.clone(), quote: *quote }).collect()
    }
}

#[pymethods]
impl Quote {
    /// The words, without the quotation marks.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.shared.slice(py, self.quote.span)
    }
    /// Its first code point.
    #[getter]
    fn start(&self) -> u32 {
        self.shared.doc.chars(self.quote.span).start
    }
    /// One past its last code point.
    #[getter]
    fn end(&self) -> u32 {
        self.shared.doc.chars(self.quote.span).end
    }
    /// In the speaker's own words, not reported.
    #[getter]
    fn direct(&self) -> bool {
        self.quote.direct
    }
    /// The mention of who said it, or None.
    #[getter]
    fn speaker(&self) -> Option<Ent> {
        self.quote.speaker.map(|mention| Ent::new(&self.shared, mention))
    }
    /// Where nobody is named, the words for who said it, such as مصادر محلية; or None.
    #[getter]
    fn source<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.quote.source.map(|span| self.shared.slice(py, span)).transpose()
    }
    /// The word that reports, such as قال, or None.
    #[getter]
    fn verb<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let token = self.quote.verb.and_then(|verb| self.shared.doc.layout().tokens.get(verb as usize));
        token.map(|token| self.shared.slice(py, token.span)).transpose()
    }
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let kind = if self.quote.direct { "direct" } else { "reported" };
        Ok(format!("<{kind} quote [{}:{}] {}>", self.start(), self.end(), self.text(py)?))
    }
}

/// A link between two mentions that a reader would draw.
#[pyclass(frozen, module = "marsad")]
pub struct Relation {
    shared: Arc<Shared>,
    relation: relations::Relation,
}

impl Relation {
    pub(super) fn all(shared: &Arc<Shared>) -> Vec<Self> {
        shared.doc.relations().iter().map(|relation| Self { shared: shared.clone(), relation: *relation }).collect()
    }
}

#[pymethods]
impl Relation {
    /// `"title"`, `"place_in"`, `"event_at"` or `"alias"`.
    #[getter]
    fn kind(&self) -> &'static str {
        self.relation.kind.name()
    }
    /// The mention that it starts from: the title, the inner place, the event, the name.
    #[getter]
    fn source(&self) -> Ent {
        Ent::new(&self.shared, self.relation.from)
    }
    /// The mention that it leads to: the person, the outer place, the place, the other name.
    #[getter]
    fn target(&self) -> Ent {
        Ent::new(&self.shared, self.relation.to)
    }
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let (from, to) = (self.source().text(py)?, self.target().text(py)?);
        Ok(format!("<{} {from} → {to}>", self.kind()))
    }
}

/// A text in Latin letters, or back.
///
/// `scheme` is one of `"reader"` (readable names), `"buckwalter"`, `"safe-buckwalter"`, `"xml-buckwalter"`, `"hsb"`,
/// `"iso-233-2"` and `"ala-lc"`. With `reverse=True` the Buckwalter schemes and HSB give the Arabic back, without loss.
///
/// >>> import marsad
/// >>> marsad.transliterate("أحمد المنصوري")
/// 'Ahmad al-Mansouri'
/// >>> marsad.transliterate("مدينة سرت", scheme="buckwalter")
/// 'mdynp srt'
/// >>> marsad.transliterate("mdynp srt", scheme="buckwalter", reverse=True)
/// 'مدينة سرت'
#[pyfunction]
#[pyo3(signature = (text, /, scheme="reader", *, reverse=false))]
pub fn transliterate(text: &Bound<'_, PyString>, scheme: &str, reverse: bool) -> PyResult<String> {
    let scheme: Scheme = scheme.parse()?;
    let source = self::text::read(text);
    Ok(if reverse { translit::to_arabic(&source, scheme)? } else { translit::to_latin(&source, scheme) })
}
