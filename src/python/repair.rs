//! `marsad.repair`.

use pyo3::prelude::*;
use pyo3::types::PyString;

use super::normalize::{Alignment, too_long};
use super::text;
use crate::base::{CharIndex, Norm, Span};
use crate::script::repair::repair;

/// A repaired page, with its alignment. Offsets are code points.
///
/// >>> import marsad
/// >>> page = marsad.repair("عاد القطار.\n\nو\n\nقال\n\nالسائق إن الرحلة كانت هادئة ،وسريعة.")
/// >>> print(page.text)
/// عاد القطار.
/// <BLANKLINE>
/// وقال السائق إن الرحلة كانت هادئة، وسريعة.
#[pyclass(frozen, module = "marsad")]
pub struct Repaired {
    alignment: Alignment,
    #[pyo3(get)]
    /// Titles and section headings: (start, end) in the clean text.
    headings: Vec<(u32, u32)>,
    #[pyo3(get)]
    /// Bare URLs and photo credits: (start, end) in the clean text.
    embeds: Vec<(u32, u32)>,
    changes: Vec<(&'static str, u32, u32, String)>,
}

/// Repair the text of a scraped page: join paragraphs that links cut apart, drop leftovers of HTML, spaces before
/// commas and repeated blank lines; find the headings and insertions. A page with nothing to repair comes back
/// as it is.
#[pyfunction(name = "repair")]
#[pyo3(signature = (text, /))]
pub fn repair_page(py: Python<'_>, text: &Bound<'_, PyString>) -> PyResult<Repaired> {
    let source = text::read(text);
    u32::try_from(source.len()).map_err(|_| too_long())?;
    let done = py.detach(|| repair(&source));
    let (from, to) = (CharIndex::new(&source), CharIndex::new(&done.text));
    let clean = if done.changes.is_empty() { text.clone() } else { PyString::new(py, &done.text) };
    let spans = |spans: &[Span<Norm>]| {
        spans.iter().map(|s| (to.char_of(&done.text, s.start), to.char_of(&done.text, s.end))).collect()
    };
    Ok(Repaired {
        headings: spans(&done.headings),
        embeds: spans(&done.embeds),
        changes: done
            .changes
            .iter()
            .map(|c| {
                let span = from.to_chars(&source, c.span);
                (c.kind.name(), span.start, span.end, c.with.clone())
            })
            .collect(),
        alignment: Alignment { text: clean.unbind(), map: done.map.in_chars(&source, &done.text) },
    })
}

#[pymethods]
impl Repaired {
    /// The clean text.
    #[getter]
    fn text(&self, py: Python<'_>) -> Py<PyString> {
        self.alignment.text(py)
    }
    /// What was done: (kind, start, end, replacement), in the order of the page and in its offsets.
    #[getter]
    fn changes(&self) -> Vec<(&'static str, u32, u32, String)> {
        self.changes.clone()
    }
    /// The changes of length: (start, end) in the page, (start, end) in the clean text.
    #[getter]
    fn edits(&self) -> Vec<(u32, u32, u32, u32)> {
        self.alignment.edits()
    }
    /// Where `start:end` of the clean text came from.
    #[pyo3(signature = (start, end, snap="outer"))]
    fn to_original(&self, start: usize, end: usize, snap: &str) -> PyResult<(u32, u32)> {
        self.alignment.to_original(start, end, snap)
    }
    /// Where `start:end` of the page went.
    #[pyo3(signature = (start, end, snap="outer"))]
    fn to_normalized(&self, start: usize, end: usize, snap: &str) -> PyResult<(u32, u32)> {
        self.alignment.to_normalized(start, end, snap)
    }
    /// The alignment of the page with what `other` makes of the clean text.
    fn then(&self, py: Python<'_>, other: &Bound<'_, Alignment>) -> PyResult<Alignment> {
        self.alignment.then(py, other)
    }
    fn __repr__(&self) -> String {
        let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        format!(
            "<marsad.Repaired with {}, {}, {}>",
            count(self.changes.len(), "change"),
            count(self.headings.len(), "heading"),
            count(self.embeds.len(), "embed")
        )
    }
}
