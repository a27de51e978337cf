//! `marsad.load` and the callable that it returns.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::corpus::Corpus;
use super::doc::Doc;
use super::lines::Calls;
use super::stream::{self, Pipe, Source, read_threads};
use super::text::{self, Dates};
use crate::batch::lines::Form;
use crate::detect::lexicon::Row;
use crate::detect::tagger::DEFAULT_SCHEME;
use crate::error::Error;
use crate::pack::Pack;
use crate::pipeline::{self, Options};

/// A loaded analyzer. Call it on a text; it is immutable and safe to share between threads.
///
/// >>> import marsad
/// >>> nlp = marsad.load()
/// >>> nlp("وصل إلى تونس أمس.", published="2016-12-08").ents[-1].value["edtf"]
/// '2016-12-07'
#[pyclass(frozen, module = "marsad")]
pub struct Pipeline {
    pub(super) inner: pipeline::Pipeline,
    /// The pack's file; none for the bundled one.
    path: Option<PathBuf>,
    scheme: Option<String>,
}

/// Open the pack at `path`, which is the bundled one when `bundled` is true.
#[pyfunction]
#[pyo3(signature = (path, scheme=None, *, bundled=false))]
pub fn load(py: Python<'_>, path: PathBuf, scheme: Option<String>, bundled: bool) -> PyResult<Pipeline> {
    py.detach(|| {
        let pack = Pack::open(&path)?;
        let inner = pipeline::Pipeline::with_scheme(&pack, scheme.as_deref().unwrap_or(DEFAULT_SCHEME))?;
        Ok(Pipeline { inner, path: (!bundled).then_some(path), scheme })
    })
}

/// A row of a lexicon as Python has it: label, name, aliases, Latin name, facts.
type PlainRow = (String, String, Vec<String>, String, BTreeMap<String, String>);

fn to_plain(row: &Row) -> PlainRow {
    (row.label.clone(), row.name.clone(), row.aliases.clone(), row.latin.clone(), row.info.iter().cloned().collect())
}

/// An option that is none of the known ones is an error that names the one that is meant.
fn refuse(unknown: Option<&Bound<'_, PyDict>>, known: &[&str]) -> PyResult<()> {
    match unknown.and_then(|unknown| unknown.keys().iter().next()) {
        Some(name) => {
            Err(PyTypeError::new_err(Error::unknown("option", &name.extract::<String>()?, known).to_string()))
        }
        None => Ok(()),
    }
}

#[pymethods]
impl Pipeline {
    /// Analyze one text.
    ///
    /// `published` (a date, a datetime or "YYYY-MM-DD") anchors relative dates such as أمس and الاثنين الماضي.
    #[pyo3(signature = (text, /, published=None, **unknown))]
    fn __call__(
        slf: &Bound<'_, Self>,
        text: &Bound<'_, PyAny>,
        published: Option<&Bound<'_, PyAny>>,
        unknown: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Doc> {
        refuse(unknown, &["published"])?;
        let py = slf.py();
        let text = text::expect_text(text)?;
        let options = Options { published: text::read_date(published)?, ..Options::default() };
        let mut source = String::new();
        text::push_utf8(&text, &mut source)?;
        text::warn_of_path(py, &source)?;
        let doc = stream::analyze(py, &slf.get().inner, source, &options)??;
        Ok(Doc::new(doc, slf.clone().unbind(), options, Some(text)))
    }

    /// Analyze many texts: a lazy stream of documents in the order of the texts, in parallel.
    ///
    /// `texts` is any iterable of strings; with `as_tuples` of (text, context) pairs, which come out as
    /// (doc, context). Few texts are taken from it ahead of the document that you hold.
    /// `published` is one date for all, or an iterable of dates, one a text.
    /// `threads` is the number of processors unless given; 1 works in the calling thread.
    /// `progress` shows a bar (tqdm).
    /// A text that cannot be analyzed (None, a number) raises when its turn comes; asking for the next document
    /// goes on after it. With `errors="return"` the exception comes in place of the document.
    ///
    /// >>> import marsad
    /// >>> nlp = marsad.load()
    /// >>> [len(doc.ents) for doc in nlp.pipe(["زار مدينة درنة.", "لم يحدث شيء."])]
    /// [1, 0]
    #[pyo3(
        signature = (texts, *, threads=None, progress=false, published=None, as_tuples=false, errors="raise", **unknown),
        text_signature = "($self, texts, *, threads=None, progress=False, published=None, as_tuples=False, errors='raise')"
    )]
    #[allow(clippy::too_many_arguments, reason = "those of Python")]
    fn pipe(
        slf: &Bound<'_, Self>,
        texts: &Bound<'_, PyAny>,
        threads: Option<isize>,
        progress: bool,
        published: Option<&Bound<'_, PyAny>>,
        as_tuples: bool,
        errors: &str,
        unknown: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Pipe> {
        refuse(unknown, &["threads", "progress", "published", "as_tuples", "errors"])?;
        let source = Source::new(texts, Dates::read(published)?, as_tuples)?;
        Pipe::new(slf, source, read_threads(threads)?, progress, errors)
    }

    /// Analyze a whole corpus into tables: no object for each mention, and data frames read them without a copy.
    ///
    /// `texts` is a list, any iterable, or a column of pandas, Polars or Arrow, which is read in place. `ids` gives
    /// each document its name (whole numbers or strings), otherwise its place in the corpus. `published` is one date
    /// for all or a date a text. A text that cannot be analyzed has its reason in `corpus.docs["error"]`.
    ///
    /// >>> import marsad
    /// >>> corpus = marsad.load().corpus(["زار مدينة درنة.", None])
    /// >>> len(corpus), corpus.ents["text"], corpus.docs["error"]
    /// (2, ['مدينة درنة'], [None, 'text 1: expected a string, not NoneType'])
    #[pyo3(
        signature = (texts, ids=None, published=None, *, threads=None, progress=false, **unknown),
        text_signature = "($self, texts, ids=None, published=None, *, threads=None, progress=False)"
    )]
    fn corpus(
        slf: &Bound<'_, Self>,
        texts: &Bound<'_, PyAny>,
        ids: Option<&Bound<'_, PyAny>>,
        published: Option<&Bound<'_, PyAny>>,
        threads: Option<isize>,
        progress: bool,
        unknown: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Corpus> {
        refuse(unknown, &["ids", "published", "threads", "progress"])?;
        Corpus::build(slf, texts, ids, published, read_threads(threads)?, progress)
    }

    /// A pipeline that knows your names too; this one stays as it is.
    ///
    /// `names` is a dict from labels to names, a pandas or Polars frame with the columns `label` and `name` (and
    /// `aliases`, `latin` if you like), a list of dicts, or the path of a TSV, CSV, JSON or JSONL file with those columns.
    /// Other columns are facts, found again in the `link` of a mention: `country`, `admin`, `kind`, `population`, `lat`,
    /// `lon` and `geonames` in their places, the rest under `facts`.
    /// A name that ends in `?` is ambiguous: it is believed only with evidence around it.
    ///
    /// >>> import marsad
    /// >>> nlp = marsad.load().with_lexicon({"ORG": ["غرفة عمليات ثوار ليبيا"]})
    /// >>> nlp("أعلنت غرفة عمليات ثوار ليبيا ذلك.").ents[0].label
    /// 'ORG'
    fn with_lexicon(slf: &Bound<'_, Self>, names: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = slf.py();
        let rows: Vec<PlainRow> = py.import("marsad._lexicon")?.call_method1("rows", (names,))?.extract()?;
        slf.get()._with_rows(rows)
    }

    /// The names of `with_lexicon` as rows: label, name, aliases, Latin name, facts.
    #[getter]
    fn lexicon(&self) -> Vec<PlainRow> {
        self.inner.own_lexicon().rows().iter().map(to_plain).collect()
    }

    fn _with_rows(&self, rows: Vec<PlainRow>) -> PyResult<Self> {
        let rows = rows.into_iter().map(|(label, name, aliases, latin, facts)| Row {
            label,
            name,
            aliases,
            latin,
            info: facts.into_iter().collect(),
            source: "user".to_owned(),
        });
        let inner = self.inner.with_lexicon(&rows.collect::<Vec<_>>())?;
        Ok(Self { inner, path: self.path.clone(), scheme: self.scheme.clone() })
    }

    /// Read the lines of a file and write a line of JSON for each, in order.
    ///
    /// `read(n)` gives some of its bytes, `write(bytes)` takes what is done, `done(bytes, docs)` hears how much of it there
    /// is. Lines that are not plain are given back when it is their turn: `left(line, number)`. `fields` are those of the
    /// text and of its name where lines are JSON objects, `name` is the file's as a string of JSON without its last quote.
    #[pyo3(signature = (read, write, left, done, *, name, fields, published, threads))]
    #[allow(clippy::too_many_arguments, reason = "those of the command")]
    fn _write_lines(
        &self,
        py: Python<'_>,
        read: &Bound<'_, PyAny>,
        write: &Bound<'_, PyAny>,
        left: &Bound<'_, PyAny>,
        done: &Bound<'_, PyAny>,
        name: String,
        fields: Option<(String, String)>,
        published: Option<&Bound<'_, PyAny>>,
        threads: Option<isize>,
    ) -> PyResult<()> {
        let form = Form { fields, file: name, published: text::read_date(published)? };
        let threads = read_threads(threads)?;
        super::lines::run(py, &self.inner, form, threads, &Calls { read, write, left, done })
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let restore = py.import("marsad")?.getattr("_restore")?;
        Ok((restore, (self.path.clone(), self.scheme.clone(), self.lexicon()).into_pyobject(py)?))
    }

    fn __repr__(&self) -> String {
        let from = self.path.as_ref().map_or_else(|| "bundled".to_owned(), |path| path.display().to_string());
        match self.inner.own_lexicon().rows().len() {
            0 => format!("<marsad.Pipeline {from}>"),
            own => format!("<marsad.Pipeline {from}, {own} names of yours>"),
        }
    }
}
