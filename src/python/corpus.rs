//! `nlp.corpus`: many texts in, tables out.

use std::ffi::CString;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::array::Array;
use arrow_array::{Int32Array, RecordBatch};
use arrow_schema::{ArrowError, SchemaRef};
use jiff::civil::Date;
use pyo3::exceptions::{PyUserWarning, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt, PyString};

use super::arrow::{self, Strings};

use super::pipeline::Pipeline;
use super::stream::{Bar, PATIENCE, Source, TASK_BYTES, TASK_TEXTS, window};
use super::table::Table;
use super::text::Dates;
use crate::batch::{self, Queue, Texts};
use crate::pipeline::{self, Options};
use crate::table::{Batch, Id, Joined, Sightings, Tables, Things, Writer};

/// A task grows to so many bytes as the corpus goes on: with the longest text after them they fit into tables.
const TASK_LIMIT: usize = 1 << 20;

/// How the user calls the documents.
#[derive(Clone)]
pub(super) enum Ids {
    Places,
    Numbers(Arc<Vec<i64>>),
    Names(Arc<(String, Vec<usize>)>),
}

impl Ids {
    /// Whole numbers stay numbers; all else becomes text.
    pub fn read(value: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let Some(value) = value.filter(|v| !v.is_none()) else { return Ok(Self::Places) };
        if value.is_instance_of::<PyString>() {
            return Err(PyValueError::new_err("ids: expected one id a text, not one string"));
        }
        let items: Vec<Bound<'_, PyAny>> = value.try_iter()?.collect::<PyResult<_>>()?;
        let number = |item: &Bound<'_, PyAny>| {
            let whole = item.is_instance_of::<PyInt>() || item.hasattr("__index__").unwrap_or(false);
            (whole && !item.is_instance_of::<PyBool>()).then(|| item.extract::<i64>().ok()).flatten()
        };
        if let Some(numbers) = items.iter().map(number).collect::<Option<Vec<i64>>>() {
            return Ok(Self::Numbers(Arc::new(numbers)));
        }
        let (mut names, mut ends) = (String::new(), Vec::with_capacity(items.len()));
        for item in &items {
            names.push_str(&item.str()?.to_string_lossy());
            ends.push(names.len());
        }
        Ok(Self::Names(Arc::new((names, ends))))
    }

    fn len(&self) -> Option<usize> {
        match self {
            Self::Places => None,
            Self::Numbers(numbers) => Some(numbers.len()),
            Self::Names(names) => Some(names.1.len()),
        }
    }

    fn example(&self) -> Id<'static> {
        match self {
            Self::Places => Id::Place(0),
            Self::Numbers(_) => Id::Number(0),
            Self::Names(_) => Id::Name(""),
        }
    }

    fn get(&self, at: usize) -> Id<'_> {
        match self {
            Self::Places => Id::Place(i32::try_from(at).unwrap_or(i32::MAX)),
            Self::Numbers(numbers) => Id::Number(numbers.get(at).copied().unwrap_or(0)),
            Self::Names(names) => {
                let end = names.1.get(at).copied().unwrap_or(0);
                let start = at.checked_sub(1).and_then(|before| names.1.get(before)).copied().unwrap_or(0);
                Id::Name(names.0.get(start..end).unwrap_or(""))
            }
        }
    }
}

/// The texts of one task, from Python strings or in the memory of an Arrow column.
enum Load {
    Owned(Texts, Vec<Option<String>>),
    Column(Strings, Range<usize>, Vec<Result<Option<Date>, String>>),
}

/// After so much of a task's bytes there is room made for the rest.
const SAMPLE: usize = 8;

/// Analyze the texts of a task, of so many bytes, and write their rows.
fn run(nlp: &pipeline::Pipeline, load: &Load, bytes: usize, ids: &Ids, first: usize) -> (Tables, Sightings) {
    let mut tables = Writer::new(ids.example());
    let (mut read, mut sampled) = (0, false);
    let mut things = Sightings::default();
    let mut one = |at: usize, text: Result<&str, &str>, options: &Options| {
        let id = ids.get(first + at);
        read += text.map_or(0, str::len);
        match text.map(|text| batch::analyze(nlp, text, options)) {
            Ok(Ok(doc)) => {
                if tables.add(id, options.published, &doc) {
                    things.add(&doc);
                } else {
                    things.skip();
                }
            }
            Ok(Err(error)) => {
                tables.fail(id, options.published, &error.to_string());
                things.skip();
            }
            Err(error) => {
                tables.fail(id, options.published, error);
                things.skip();
            }
        }
        if !sampled && read > bytes / SAMPLE {
            sampled = true;
            #[allow(clippy::cast_precision_loss, reason = "a guess")]
            tables.expect(1.1 * bytes.saturating_sub(read) as f64 / read as f64);
        }
    };
    match load {
        Load::Owned(texts, errors) => {
            let mut texts = texts.iter();
            for (at, error) in errors.iter().enumerate() {
                match (error, texts.next()) {
                    (Some(error), Some((_, options))) => one(at, Err(error), options),
                    (None, Some((text, options))) => one(at, Ok(text), options),
                    (_, None) => {}
                }
            }
        }
        Load::Column(strings, rows, days) => {
            for (at, row) in rows.clone().enumerate() {
                let day = days.get(at).cloned().unwrap_or(Ok(None));
                let options = Options { published: day.as_ref().copied().unwrap_or(None), ..Options::default() };
                match (&day, strings.get(row)) {
                    (Err(error), _) => one(at, Err(error), &options),
                    (_, Some(text)) => one(at, Ok(text), &options),
                    (_, None) => one(at, Err("the text is missing"), &options),
                }
            }
        }
    }
    (tables.finish(), things)
}

/// Gathers the batches of the tables in order.
struct Collector {
    schemas: [SchemaRef; 4],
    batches: [Vec<RecordBatch>; 4],
    things: Things,
}

impl Collector {
    fn new(ids: &Ids) -> Self {
        let Tables { ents, groups, sents, docs } = Tables::new(ids.example());
        let schemas = [&ents, &groups, &sents, &docs].map(arrow::schema);
        Self { schemas, batches: Default::default(), things: Things::default() }
    }

    fn add(&mut self, tables: Tables) -> Result<(), ArrowError> {
        let Tables { ents, groups, sents, docs } = tables;
        let all: [Batch; 4] = [ents, groups, sents, docs];
        for ((batch, schema), out) in all.into_iter().zip(&self.schemas).zip(&mut self.batches) {
            if batch.rows > 0 {
                out.push(arrow::record_batch(batch, schema)?);
            }
        }
        Ok(())
    }

    fn finish(self, py: Python<'_>, nlp: &pipeline::Pipeline, ids: &Ids) -> PyResult<[Py<Table>; 5]> {
        let labels = Arc::new(nlp.labels().clone());
        let [ents, groups, sents, docs] = self.schemas;
        let [a, b, c, d] = self.batches;
        let things = self.things;
        let numbered = py.detach(|| {
            let joined = things.join(nlp.words(), nlp.lexicon(), nlp.own_lexicon(), |doc| ids.get(doc));
            let schema = arrow::schema(&joined.table);
            let numbered = number_ents(&ents, &a, &joined)?;
            let of_groups = arrow::with_column(&groups, &b, "corpus_group", joined.of_group.into_iter().map(Some))?;
            let table = arrow::record_batch(joined.table, &schema)?;
            Ok((numbered, of_groups, (schema, vec![table])))
        });
        let (ents, groups, things) = numbered.map_err(|error: ArrowError| arrow::failed(&error))?;
        Ok([
            Py::new(py, Table::new("mentions", labels.clone(), ents.0, ents.1))?,
            Py::new(py, Table::new("groups", labels.clone(), things.0, things.1))?,
            Py::new(py, Table::new("sentences", labels.clone(), sents, c))?,
            Py::new(py, Table::new("documents", labels.clone(), docs, d))?,
            Py::new(py, Table::new("groups of documents", labels, groups.0, groups.1))?,
        ])
    }
}

/// Tell each mention what group of the corpus it belongs to.
fn number_ents(
    schema: &SchemaRef,
    batches: &[RecordBatch],
    joined: &Joined,
) -> Result<(SchemaRef, Vec<RecordBatch>), ArrowError> {
    let mut docs = joined.sizes.iter().scan(0, |next, &(groups, ents)| {
        let from = *next;
        *next += groups;
        Some((from, ents))
    });
    let (mut from, mut left) = (0, 0);
    let at = schema.index_of("group")?;
    let own = batches.iter().flat_map(|batch| {
        let groups = batch.column(at).as_any().downcast_ref::<Int32Array>();
        (0..batch.num_rows())
            .map(move |row| groups.filter(|groups| groups.is_valid(row)).map(|groups| groups.value(row)))
    });
    let numbers = own.map(|group| {
        while left == 0 {
            (from, left) = docs.next()?;
        }
        left -= 1;
        joined.of_group.get(from + usize::try_from(group?).ok()?).copied()
    });
    arrow::with_column(schema, batches, "corpus_group", numbers)
}

/// Where the texts come from.
enum Input {
    Python(Source),
    Column { chunks: Vec<Strings>, at: (usize, usize), dates: Dates },
}

/// Tables of many texts.
///
/// >>> import marsad
/// >>> corpus = marsad.load().corpus(["زار مدينة درنة.", "وصل إلى تونس أمس."], ids=["a", "b"], published="2016-12-08")
/// >>> corpus.ents.select("doc_id", "label", "text", "value").to_dicts()[-1]
/// {'doc_id': 'b', 'label': 'DATE', 'text': 'أمس', 'value': '2016-12-07'}
/// >>> corpus.docs["ents"]
/// [1, 2]
#[pyclass(frozen, module = "marsad")]
pub struct Corpus {
    pipeline: Py<Pipeline>,
    tables: [Py<Table>; 5],
}

/// The bytes of the next task: few large batches serve the reader better, many small ones the threads, above all at the end,
/// where one would wait for the other. `given` are the texts and bytes of the tasks before, `all` the texts, if that is known.
fn task_size(usual: usize, threads: usize, given: (usize, usize), all: Option<usize>) -> usize {
    let Some(left) = all.and_then(|all| all.checked_sub(given.0)) else { return usual };
    let bytes = given.1.checked_div(given.0).map_or(usual, |each| each.saturating_mul(left));
    usual.min(bytes / (4 * threads)).max(TASK_BYTES / 4)
}

/// The texts of a task of so many bytes.
fn task_texts(size: usize) -> usize {
    TASK_TEXTS * size / TASK_BYTES
}

/// A task that is being filled.
struct Filling {
    texts: Texts,
    errors: Vec<Option<String>>,
}

impl Filling {
    fn new() -> Self {
        Self { texts: Texts::default(), errors: Vec::new() }
    }
}

impl Input {
    /// The texts of the next task, of about `size` bytes; the numbers of texts and bytes.
    fn next(&mut self, py: Python<'_>, size: usize) -> PyResult<Option<(Load, usize, usize)>> {
        match self {
            Self::Python(source) => {
                let mut task = Filling::new();
                while task.texts.size() < size && task.errors.len() < task_texts(size) {
                    let Some(item) = source.take(py, &mut task.texts)? else { break };
                    match item.text {
                        Ok(_) => task.errors.push(None),
                        Err(error) => {
                            task.texts.push_with(item.options, |_| {});
                            task.errors.push(Some(error.value(py).to_string()));
                        }
                    }
                }
                let (count, bytes) = (task.errors.len(), task.texts.size());
                Ok((count > 0).then_some((Load::Owned(task.texts, task.errors), count, bytes)))
            }
            Self::Column { chunks, at, dates } => {
                while chunks.get(at.0).is_some_and(|chunk| at.1 >= chunk.len()) {
                    *at = (at.0 + 1, 0);
                }
                let Some(chunk) = chunks.get(at.0) else { return Ok(None) };
                let (start, mut end, mut bytes) = (at.1, at.1, 0);
                let mut days = Vec::new();
                while end < chunk.len() && bytes < size && end - start < task_texts(size) {
                    bytes += chunk.get(end).map_or(0, str::len);
                    if !matches!(dates, Dates::One(None)) {
                        days.push(dates.next(py).map_err(|error| error.value(py).to_string()));
                    }
                    end += 1;
                }
                at.1 = end;
                Ok(Some((Load::Column(chunk.clone(), start..end, days), end - start, bytes)))
            }
        }
    }
}

impl Corpus {
    pub(super) fn build(
        pipeline: &Bound<'_, Pipeline>,
        texts: &Bound<'_, PyAny>,
        ids: Option<&Bound<'_, PyAny>>,
        published: Option<&Bound<'_, PyAny>>,
        threads: usize,
        progress: bool,
    ) -> PyResult<Self> {
        let py = pipeline.py();
        let ids = Ids::read(ids)?;
        let dates = Dates::read(published)?;
        let (mut input, expected) = match arrow::strings(texts)? {
            Some(chunks) => {
                let count = chunks.iter().map(Strings::len).sum();
                (Input::Column { chunks, at: (0, 0), dates }, Some(count))
            }
            None => {
                let source = Source::new(texts, dates, false)?;
                let expected = source.expected;
                (Input::Python(source), expected)
            }
        };
        let unequal = |count: usize, known: usize| {
            PyValueError::new_err(format!("ids: {known} ids for {count} texts; give one id a text"))
        };
        if let (Some(count), Some(known)) = (expected, ids.len())
            && count != known
        {
            return Err(unequal(count, known));
        }
        // A date a text, where both can be counted.
        let days = published.filter(|value| !value.is_instance_of::<PyString>()).and_then(|value| value.len().ok());
        if let (Some(count), Some(known)) = (expected, days)
            && count != known
        {
            return Err(PyValueError::new_err(format!(
                "published: {known} dates for {count} texts; give one date a text"
            )));
        }
        let nlp = &pipeline.get().inner;
        let mut collector = Collector::new(&ids);
        let mut bar = Bar::new(py, progress, expected)?;
        let mut queue: Queue<((Tables, Sightings), usize, usize)> = Queue::new(threads)?;
        let (mut first, mut read, mut size, mut given) = (0, 0, TASK_BYTES, 0);
        let mut open = true;
        while open || !queue.is_empty() {
            let mut done = None;
            if open && queue.len() < window(threads) {
                match input.next(py, task_size(size, threads, (first, read), expected))? {
                    Some((load, count, bytes)) => {
                        if threads == 1 && queue.is_empty() && bytes <= 2 * TASK_LIMIT {
                            // One thread is this one, while it need not listen to Ctrl-C.
                            done = Some((py.detach(|| run(nlp, &load, bytes, &ids, first)), count, bytes));
                        } else {
                            let (nlp, named, start) = (nlp.clone(), ids.clone(), first);
                            queue.submit(move || (run(&nlp, &load, bytes, &named, start), count, bytes));
                        }
                        (first, read) = (first + count, read + bytes);
                        given += 1;
                        if given % (4 * threads) == 0 {
                            size = (size * 2).min(TASK_LIMIT);
                        }
                        if ids.len().is_some_and(|known| known < first) {
                            return Err(unequal(first, ids.len().unwrap_or(0)));
                        }
                    }
                    None => open = false,
                }
            } else {
                done = py.detach(|| queue.next(PATIENCE));
            }
            if let Some(((tables, things), count, bytes)) = done {
                py.detach(|| collector.things.append(things, &tables));
                collector.add(tables).map_err(|e| arrow::failed(&e))?;
                if let Some(bar) = &mut bar {
                    bar.add(py, count, bytes)?;
                }
            }
            py.check_signals()?;
        }
        if let Some(bar) = bar {
            bar.close(py)?;
        }
        if let Some(known) = ids.len().filter(|known| *known != first) {
            return Err(unequal(first, known));
        }
        let corpus = Self { pipeline: pipeline.clone().unbind(), tables: collector.finish(py, nlp, &ids)? };
        corpus.warn_of_failures(py)?;
        Ok(corpus)
    }
}

impl Corpus {
    /// Warn where most texts failed: that has one cause, and tables without rows do not tell it.
    fn warn_of_failures(&self, py: Python<'_>) -> PyResult<()> {
        let docs = self.tables[3].get();
        let (failed, count) = (docs.filled("error")?, self.__len__(py)?);
        if failed * 2 <= count {
            return Ok(());
        }
        let errors: Vec<Option<String>> = self.tables[3].bind(py).get_item("error")?.extract()?;
        let first = errors.into_iter().flatten().next().unwrap_or_default();
        let message = format!("{failed} of {count} texts could not be analyzed; the first: {first}").replace('\0', " ");
        PyErr::warn(py, &py.get_type::<PyUserWarning>(), &CString::new(message)?, 1)
    }
}

#[pymethods]
impl Corpus {
    /// A row a mention: `doc_id`, its number, offsets, label, text, norm, Latin name, score, parent, group in its document,
    /// sentence, value, place, and `corpus_group`, its group in `groups`.
    #[getter]
    fn ents(&self, py: Python<'_>) -> Py<Table> {
        self.tables[0].clone_ref(py)
    }

    /// A row a thing that the texts speak of, whatever they call it: its name, its Latin name, how often and in how many
    /// documents it is mentioned, first and last, its other names, its place.
    ///
    /// Documents are brought together by the link where there is one, otherwise by the name. What could be two things,
    /// such as a surname of two people, stays apart.
    ///
    /// >>> import marsad
    /// >>> corpus = marsad.load().corpus(["زار الوفد مدينة درنة.", "تقع درنة في ليبيا."])
    /// >>> corpus.groups.filter(latin="Derna").select("name", "count", "docs", "last_doc").to_dicts()
    /// [{'name': 'درنة', 'count': 2, 'docs': 2, 'last_doc': 1}]
    #[getter]
    fn groups(&self, py: Python<'_>) -> Py<Table> {
        self.tables[1].clone_ref(py)
    }

    /// A row a thing of a document: its name, its other names, how often it is mentioned, its place, and in
    /// `corpus_group` its number in `groups`.
    #[getter]
    fn doc_groups(&self, py: Python<'_>) -> Py<Table> {
        self.tables[4].clone_ref(py)
    }

    /// A row a sentence, with its text.
    #[getter]
    fn sents(&self, py: Python<'_>) -> Py<Table> {
        self.tables[2].clone_ref(py)
    }

    /// A row a document: its length and counts, and in `error` why it could not be analyzed.
    #[getter]
    fn docs(&self, py: Python<'_>) -> Py<Table> {
        self.tables[3].clone_ref(py)
    }

    /// The pipeline that made it.
    #[getter]
    fn pipeline(&self, py: Python<'_>) -> Py<Pipeline> {
        self.pipeline.clone_ref(py)
    }

    /// The documents as plain data, in the form of `Doc.to_dict()`; those with an error are left out.
    fn __iter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("marsad._corpus")?.call_method1("documents", (slf,))
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        self.tables[3].bind(py).len()
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        slf.py().import("marsad._corpus")?.call_method1("to_html", (slf,))?.extract()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let [ents, _, sents, docs, _] = &self.tables;
        let failed = match docs.get().filled("error")? {
            0 => String::new(),
            failed => format!(", {failed} failed: see corpus.docs[\"error\"]"),
        };
        let (ents, sents, docs) = (ents.bind(py).len()?, sents.bind(py).len()?, docs.bind(py).len()?);
        Ok(format!("<marsad.Corpus {docs} documents, {sents} sentences, {ents} mentions{failed}>"))
    }
}
