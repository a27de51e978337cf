//! `marsad.load` and the callable that it returns.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyString;

use super::doc::Doc;
use super::text;
use crate::pack::Pack;
use crate::pipeline::{self, Options};

/// A loaded analyzer. Call it on a text; it is immutable and safe to share between threads.
#[pyclass(frozen, module = "marsad")]
pub struct Pipeline {
    pub(super) inner: pipeline::Pipeline,
    path: PathBuf,
}

/// Open a pack. `marsad.load()` gives the path of the bundled one.
#[pyfunction]
pub fn load(py: Python<'_>, path: PathBuf) -> PyResult<Pipeline> {
    py.detach(|| {
        let inner = pipeline::Pipeline::new(&Pack::open(&path)?)?;
        Ok(Pipeline { inner, path })
    })
}

#[pymethods]
impl Pipeline {
    /// Analyze one text.
    ///
    /// `published` (a date, a datetime or "YYYY-MM-DD") anchors relative dates such as أمس and الاثنين الماضي.
    #[pyo3(signature = (text, /, published=None))]
    fn __call__(
        &self,
        py: Python<'_>,
        text: &Bound<'_, PyString>,
        published: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Doc> {
        let options = Options { published: text::read_date(published)?, ..Options::default() };
        let source = text::read(text);
        let inner = py.detach(|| self.inner.run(&source, &options))?;
        let given = matches!(source, std::borrow::Cow::Owned(_)).then(|| text.clone().unbind());
        Ok(Doc::new(inner, self.inner.clone(), options, given))
    }

    fn __repr__(&self) -> String {
        format!("<marsad.Pipeline {}>", self.path.display())
    }
}
