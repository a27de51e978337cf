//! One analyzed document, frozen.

use std::sync::Arc;

use jiff::civil::Date;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PySlice, PyString, PyTuple};

use super::ent::{Ent, Ents};
use super::meaning::{Group, Quote, Relation};
use super::pipeline::Pipeline;
use super::text;
use super::views::{Kind, Slots, Units, hash_of};
use crate::base::{CharSpan, Span, Src, offset};
use crate::doc;
use crate::pipeline::Options;
use crate::segment::BlockKind;

pub(super) struct Shared {
    pub doc: doc::Doc,
    pipeline: Py<Pipeline>,
    options: Options,
    /// The text as given: it may hold what UTF-8 cannot.
    given: PyOnceLock<Py<PyString>>,
}

impl Shared {
    pub fn text<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        self.given.get_or_init(py, || PyString::new(py, self.doc.text()).unbind()).bind(py).clone()
    }

    pub fn slice<'py>(&self, py: Python<'py>, span: Span<Src>) -> PyResult<Bound<'py, PyAny>> {
        let CharSpan { start, end } = self.doc.chars(span);
        self.text(py).get_item(PySlice::new(py, start as isize, end as isize, 1))
    }

    pub fn published(&self) -> Option<Date> {
        self.options.published
    }

    /// Whether the other is the same analysis of the same text.
    pub fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
            || (self.doc.text() == other.doc.text()
                && self.options.published == other.options.published
                && self.doc.mentions() == other.doc.mentions()
                && self.doc.layout().tokens == other.doc.layout().tokens
                && self.doc.layout().sents == other.doc.layout().sents
                && self.doc.layout().blocks == other.doc.layout().blocks)
    }
}

/// A list that shows itself as a table.
fn rows<'py>(py: Python<'py>, items: impl IntoPyObject<'py>) -> PyResult<Bound<'py, PyAny>> {
    py.import("marsad._rows")?.call_method1("Rows", PyTuple::new(py, [items])?)
}

/// One analyzed document. In a notebook it shows itself.
///
/// >>> import marsad
/// >>> doc = marsad.load()("أعلنت وزارة الصحة التونسية وفاة 12 شخصا.")
/// >>> doc.ents[0].text
/// 'وزارة الصحة التونسية'
/// >>> all(doc.text[e.start:e.end] == e.text for e in doc.ents)
/// True
#[pyclass(frozen, module = "marsad")]
pub struct Doc(Arc<Shared>);

impl Doc {
    pub(super) fn new(
        doc: doc::Doc,
        pipeline: Py<Pipeline>,
        options: Options,
        given: Option<Bound<'_, PyString>>,
    ) -> Self {
        let cell = PyOnceLock::new();
        if let Some(given) = given {
            let py = given.py();
            let _ = cell.set(py, given.unbind());
        }
        Self(Arc::new(Shared { doc, pipeline, options, given: cell }))
    }

    pub(super) fn of(shared: &Arc<Shared>) -> Self {
        Self(shared.clone())
    }

    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.0
    }

    /// The analysis with what no file can hold replaced: lone surrogates are U+FFFD.
    fn displayed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        text::to_python(py, &self.0.doc.json())
    }

    fn units(&self, kind: Kind, count: usize) -> Units {
        Units::new(&self.0, kind, Slots::all(count))
    }
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
    fn ents(&self) -> Ents {
        Ents::all(&self.0)
    }

    /// The sentences.
    #[getter]
    fn sents(&self) -> Units {
        self.units(Kind::Sent, self.0.doc.layout().sents.len())
    }

    /// The blocks of the page: paragraphs, headings and embeds.
    #[getter]
    fn blocks(&self) -> Units {
        self.units(Kind::Block, self.0.doc.layout().blocks.len())
    }

    /// The paragraphs and headings, without embeds.
    #[getter]
    fn paragraphs(&self) -> Units {
        let blocks = self.0.doc.layout().blocks.iter().enumerate();
        let list: Vec<u32> = blocks.filter(|(_, b)| b.kind != BlockKind::Embed).map(|(i, _)| offset(i)).collect();
        Units::new(&self.0, Kind::Block, Slots::List(list.into()))
    }

    /// The tokens.
    #[getter]
    fn tokens(&self) -> Units {
        self.units(Kind::Token, self.0.doc.layout().tokens.len())
    }

    /// The things that the text names, each once, with all their mentions.
    #[getter]
    fn groups<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        rows(py, Group::all(&self.0))
    }

    /// What is said in the text, and by whom.
    #[getter]
    fn quotes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        rows(py, Quote::all(&self.0))
    }

    /// Links between mentions: titles of persons, places in places, events at places, second names.
    #[getter]
    fn relations<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        rows(py, Relation::all(&self.0))
    }

    /// The candidates that overlap a mention, the judgement on each, and why.
    fn explain<'py>(&self, py: Python<'py>, ent: &Ent) -> PyResult<Bound<'py, PyList>> {
        if !self.0.is(&ent.shared) {
            return Err(PyValueError::new_err("the mention is of another document"));
        }
        let pipeline = &self.0.pipeline.get().inner;
        let found = pipeline.explain(self.0.doc.text(), &self.0.options, ent.mention().span)?;
        let rows = PyList::empty(py);
        for line in found {
            let span = self.0.doc.chars(line.candidate.span);
            let row = PyDict::new(py);
            row.set_item("text", self.0.slice(py, line.candidate.span)?)?;
            row.set_item("label", self.0.doc.label(line.candidate.label))?;
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
        let dict = self.displayed(py)?;
        dict.set_item("text", self.0.text(py))?;
        dict.set_item("published", self.published())?;
        Ok(dict)
    }

    /// `to_dict()` as JSON text.
    #[pyo3(signature = (*, indent=None))]
    fn to_json(&self, py: Python<'_>, indent: Option<u32>) -> PyResult<String> {
        // A lone surrogate, read as U+FFFD, can be written only as an escape.
        let odd = self.0.doc.text().contains('\u{FFFD}') && self.0.text(py).to_str().is_err();
        if indent.is_some() || odd {
            let options = PyDict::new(py);
            options.set_item("ensure_ascii", odd)?;
            options.set_item("indent", indent)?;
            return py.import("json")?.call_method("dumps", (self.to_dict(py)?,), Some(&options))?.extract();
        }
        let json = self.0.doc.json().published(self.0.published());
        Ok(serde_json::to_string(&json).unwrap_or_default())
    }

    /// A page that shows the article with its mentions: one string, no script, no network.
    #[pyo3(signature = (*, title="Marsad"))]
    fn to_html(&self, py: Python<'_>, title: &str) -> PyResult<String> {
        py.import("marsad._html")?.call_method1("page", (self.displayed(py)?, title))?.extract()
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        py.import("marsad._html")?.call_method1("article", (self.displayed(py)?,))?.extract()
    }

    fn __len__(&self) -> usize {
        self.0.doc.layout().tokens.len()
    }

    fn __bool__(&self) -> bool {
        true
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.0.is(&other.get().0))
    }

    fn __hash__(&self) -> u64 {
        hash_of((self.0.doc.text(), self.0.doc.mentions().len()))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> (Py<Pipeline>, (Bound<'py, PyString>, Option<String>)) {
        (self.0.pipeline.clone_ref(py), (self.0.text(py), self.published()))
    }

    fn __repr__(&self) -> String {
        let (mentions, tokens) = (self.0.doc.mentions().len(), self.0.doc.layout().tokens.len());
        format!("<marsad.Doc {tokens} tokens, {mentions} mentions>")
    }
}
