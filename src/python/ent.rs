//! Frozen views of the mentions of a document.

use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyList, PySlice, PyString, PyTuple};

use super::doc::{Doc, Shared};
use super::table::{Table, frames};
use super::text;
use super::views::{Slots, hash_of, read_index};
use crate::base::{Span, Src, offset};
use crate::doc;
use crate::table::{Id, Writer};

/// A mention of an entity. `doc.text[ent.start:ent.end] == ent.text`.
///
/// >>> import marsad
/// >>> ent = marsad.load()("وصل إلى مدينة بنغازي أمس.").ents[0]
/// >>> ent.label, ent.text, ent.start, ent.end
/// ('GPE', 'مدينة بنغازي', 8, 20)
#[pyclass(frozen, module = "marsad")]
pub struct Ent {
    pub(super) shared: Arc<Shared>,
    pub(super) index: u32,
}

impl Ent {
    pub(super) fn new(shared: &Arc<Shared>, index: u32) -> Self {
        Self { shared: shared.clone(), index }
    }

    pub(super) fn mention(&self) -> &doc::Mention {
        &self.shared.doc.mentions()[self.index as usize]
    }
}

#[pymethods]
impl Ent {
    /// The words of the text.
    #[getter]
    pub(super) fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.shared.slice(py, self.mention().span)
    }
    /// The type, one of `marsad.LABELS`.
    #[getter]
    pub(super) fn label(&self) -> &str {
        self.shared.doc.label(self.mention().label)
    }
    /// Its first code point.
    #[getter]
    pub(super) fn start(&self) -> u32 {
        self.shared.doc.chars(self.mention().span).start
    }
    /// One past its last code point.
    #[getter]
    pub(super) fn end(&self) -> u32 {
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
        text::to_python(py, &self.mention().value)
    }
    /// The canonical name of what it names, or its words as they stand alone.
    #[getter]
    fn norm(&self) -> String {
        self.shared.doc.norm_of(self.mention())
    }
    /// What it stands for, as a dict with `geonames`, `name`, `country`, `admin` (the region), `lat`, `lon`,
    /// `alternatives`; or None.
    #[getter]
    fn link<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        text::to_python(py, &self.shared.doc.link_json(self.mention().link))
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
    /// The mentions directly inside it.
    #[getter]
    fn children(&self) -> Ents {
        let inside = |(i, m): (usize, &doc::Mention)| (m.parent == Some(self.index)).then(|| offset(i));
        let mentions = self.shared.doc.mentions().iter().enumerate().skip(self.index as usize + 1);
        let span = self.mention().span;
        let list: Vec<u32> = mentions.take_while(|(_, m)| m.span.start < span.end).filter_map(inside).collect();
        Ents { shared: self.shared.clone(), slots: Slots::List(list.into()) }
    }
    /// The document that it stands in.
    #[getter]
    fn doc(&self) -> Doc {
        Doc::of(&self.shared)
    }
    /// The mention as plain data, as in `Doc.to_dict()`.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let dict = text::to_python(py, &self.shared.doc.mention_json(self.mention()))?;
        dict.set_item("text", self.text(py)?)?;
        Ok(dict)
    }
    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("<{} {} [{}:{}]>", self.label(), self.text(py)?, self.start(), self.end()))
    }
    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Ent>().is_ok_and(|other| {
            let other = other.get();
            self.index == other.index && self.shared.is(&other.shared)
        })
    }
    fn __hash__(&self) -> u64 {
        hash_of((self.mention().span, self.mention().label))
    }
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Ents, u32))> {
        Ok((py.import("operator")?.getattr("getitem")?, (Ents::all(&self.shared), self.index)))
    }
}

/// Mentions of a document: a sequence that is also a table.
///
/// >>> import marsad
/// >>> ents = marsad.load()("زار وزير الخارجية المصري مدينة بنغازي.").ents
/// >>> ents.filter(label="GPE")[0].text
/// 'مدينة بنغازي'
#[pyclass(frozen, sequence, module = "marsad")]
pub struct Ents {
    shared: Arc<Shared>,
    slots: Slots,
}

impl Ents {
    pub(super) fn all(shared: &Arc<Shared>) -> Self {
        Self { shared: shared.clone(), slots: Slots::all(shared.doc.mentions().len()) }
    }

    pub(super) fn within(shared: &Arc<Shared>, span: Span<Src>) -> Self {
        let mentions = shared.doc.mentions();
        let from = mentions.partition_point(|m| m.span.start < span.start);
        let to = mentions.partition_point(|m| m.span.start < span.end);
        Self { shared: shared.clone(), slots: Slots::Range(offset(from), offset(to)) }
    }

    fn ent(&self, index: u32) -> Ent {
        Ent { shared: self.shared.clone(), index }
    }
}

#[pymethods]
impl Ents {
    fn __len__(&self) -> usize {
        self.slots.len()
    }

    fn __getitem__<'py>(&self, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = index.py();
        if let Ok(slice) = index.cast::<PySlice>() {
            let slots = self.slots.slice(slice)?;
            return Ok(Bound::new(py, Self { shared: self.shared.clone(), slots })?.into_any());
        }
        if index.is_instance_of::<PyString>() {
            let message =
                format!("mentions are counted by numbers; those of a type are ents.filter({})", index.repr()?);
            return Err(PyTypeError::new_err(message));
        }
        Ok(Bound::new(py, self.ent(self.slots.at(read_index(index)?)?))?.into_any())
    }

    /// The mentions of a type, or of some, that are at least so sure; only the outermost, if you like.
    #[pyo3(signature = (label=None, *, min_score=0.0, outer=false))]
    fn filter(&self, label: Option<&Bound<'_, PyAny>>, min_score: f32, outer: bool) -> PyResult<Self> {
        let labels = label.map(|label| text::read_labels(label, self.shared.doc.labels())).transpose()?;
        let mentions = self.shared.doc.mentions();
        let fits = |i: &u32| {
            let m = &mentions[*i as usize];
            labels.as_ref().is_none_or(|labels| labels.contains(&m.label))
                && m.score >= min_score
                && !(outer && m.parent.is_some())
        };
        let list: Vec<u32> = self.slots.iter().filter(fits).collect();
        Ok(Self { shared: self.shared.clone(), slots: Slots::List(list.into()) })
    }

    /// The mentions as a list of plain dicts.
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        PyList::new(py, self.slots.iter().map(|i| self.ent(i).to_dict(py)).collect::<PyResult<Vec<_>>>()?)
    }

    /// The mentions as a table with the columns of `Corpus.ents`.
    fn to_table(&self) -> PyResult<Table> {
        let published = self.shared.published();
        let mut writer = Writer::new(Id::Place(0));
        writer.add(Id::Place(0), published, &self.shared.doc);
        let tables = writer.finish();
        let mut keep = vec![false; tables.ents.rows];
        for i in self.slots.iter() {
            if let Some(keep) = keep.get_mut(i as usize) {
                *keep = true;
            }
        }
        Table::of("mentions", self.shared.doc.labels(), tables.ents, &keep)
    }

    /// A pandas frame of the mentions.
    fn to_pandas<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        frames(py)?.call_method1("to_pandas", (self.to_table()?,))
    }

    /// A Polars frame of the mentions.
    fn to_polars<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        frames(py)?.call_method1("to_polars", (self.to_table()?,))
    }

    /// A pyarrow table of the mentions.
    fn to_arrow<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        frames(py)?.call_method1("to_arrow", (self.to_table()?,))
    }

    /// The capsule of the Arrow C stream interface, for libraries that read it.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        self.to_table()?.__arrow_c_stream__(py, requested_schema)
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        let mentions = self.shared.doc.mentions();
        let plain = |i: u32| text::to_python(py, &self.shared.doc.mention_json(&mentions[i as usize]));
        let list = PyList::new(py, self.slots.iter().map(plain).collect::<PyResult<Vec<_>>>()?)?;
        py.import("marsad._html")?.call_method1("mentions", (list,))?.extract()
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| {
            let other = other.get();
            self.slots.iter().eq(other.slots.iter()) && self.shared.is(&other.shared)
        })
    }

    fn __hash__(&self) -> u64 {
        hash_of((self.slots.len(), self.slots.get(0)))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let shown: Vec<String> =
            self.slots.iter().take(6).map(|i| self.ent(i).__repr__(py)).collect::<PyResult<_>>()?;
        let more = if self.slots.len() > shown.len() { ", …" } else { "" };
        Ok(format!("[{}{more}] ({} mentions)", shown.join(", "), self.slots.len()))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let index = match &self.slots {
            Slots::Range(from, to) => (*from..*to).collect::<Vec<u32>>(),
            Slots::List(list) => list.to_vec(),
        };
        let of = py.import("marsad._core")?.getattr("_ents_of")?;
        Ok((of, (Doc::of(&self.shared), index).into_pyobject(py)?))
    }
}

/// Some mentions of a document, for pickle.
#[pyfunction]
pub fn _ents_of(doc: &Doc, index: Vec<u32>) -> PyResult<Ents> {
    let all = Ents::all(doc.shared());
    for i in &index {
        all.slots.at(isize::try_from(*i).unwrap_or(isize::MAX))?;
    }
    let slots = if index.len() == all.slots.len() { all.slots } else { Slots::List(index.into()) };
    Ok(Ents { shared: all.shared, slots })
}
