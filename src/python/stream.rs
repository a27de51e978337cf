//! `nlp.pipe`: texts in, documents out, lazily and in order.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError, TryLockError};
use std::time::Duration;

use pyo3::exceptions::{PyException, PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyString, PyTuple};

use super::doc::Doc;
use super::pipeline::Pipeline;
use super::text::{self, Dates};
use crate::batch::{self, Queue, Texts};
use crate::doc;
use crate::error::Result;
use crate::pipeline::{self, Options};

/// A task is closed when it holds so many bytes or texts.
pub(super) const TASK_BYTES: usize = 64 << 10;
pub(super) const TASK_TEXTS: usize = 256;
/// A text of more bytes is analyzed beside the calling thread, which listens to Ctrl-C meanwhile.
const LONG: usize = 256 << 10;
/// How long to wait before listening to Ctrl-C again.
pub(super) const PATIENCE: Duration = Duration::from_millis(40);

/// Tasks that may be given out and not yet taken back.
pub(super) fn window(threads: usize) -> usize {
    2 * threads + 2
}

/// The number of threads that a caller asks for.
pub(super) fn read_threads(threads: Option<isize>) -> PyResult<usize> {
    match threads {
        None => Ok(batch::default_threads()),
        Some(n) => usize::try_from(n).ok().filter(|n| (1..=1024).contains(n)).ok_or_else(|| {
            PyValueError::new_err(format!("threads={n}: expected a number from 1 to 1024, or None for all processors"))
        }),
    }
}

/// Analyze one text, listening to Ctrl-C while a long one is under way.
pub(super) fn analyze(
    py: Python<'_>,
    pipeline: &pipeline::Pipeline,
    source: String,
    options: &Options,
) -> PyResult<Result<doc::Doc>> {
    if source.len() < LONG {
        return Ok(py.detach(|| batch::analyze(pipeline, &source, options)));
    }
    let (pipeline, options) = (pipeline.clone(), options.clone());
    let mut queue = Queue::new(1)?;
    queue.submit(move || batch::analyze(&pipeline, &source, &options));
    loop {
        if let Some(result) = py.detach(|| queue.next(PATIENCE)) {
            return Ok(result);
        }
        py.check_signals()?;
    }
}

/// A text on its way through the stream.
pub(super) struct Item {
    /// The string, or why there is none.
    pub text: PyResult<Py<PyString>>,
    pub options: Options,
    pub context: Option<Py<PyAny>>,
    pub bytes: usize,
}

/// Where texts come from.
pub(super) struct Source {
    items: Py<PyIterator>,
    dates: Dates,
    tuples: bool,
    taken: usize,
    pub expected: Option<usize>,
}

impl Source {
    pub fn new(texts: &Bound<'_, PyAny>, dates: Dates, tuples: bool) -> PyResult<Self> {
        if texts.is_instance_of::<PyString>() {
            return Err(PyTypeError::new_err("texts: expected an iterable of strings, not one string; call nlp(text)"));
        }
        // Iterating over these gives names of columns or keys, which nobody means.
        let whole = if texts.hasattr("columns")? {
            Some("a whole table: choose a column, as df[\"body\"]")
        } else if texts.is_instance_of::<PyDict>() {
            Some("a dict: give its values(), and its keys as ids to nlp.corpus")
        } else {
            None
        };
        if let Some(whole) = whole {
            return Err(PyTypeError::new_err(format!("texts: expected an iterable of strings, not {whole}")));
        }
        let items = texts.try_iter().map_err(|_| {
            let kind = texts.get_type().name().map_or_else(|_| "that".to_owned(), |name| name.to_string());
            PyTypeError::new_err(format!("texts: expected an iterable of strings, not {kind}"))
        })?;
        Ok(Self { items: items.unbind(), dates, tuples, taken: 0, expected: texts.len().ok() })
    }

    /// The next text, appended to `out` too. An error is the producer's own.
    pub fn take(&mut self, py: Python<'_>, out: &mut Texts) -> PyResult<Option<Item>> {
        let Some(item) = self.items.bind(py).clone().next().transpose()? else { return Ok(None) };
        let number = self.taken;
        self.taken += 1;
        let (text, context) = if self.tuples {
            match item.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>() {
                Ok((text, context)) => (text, Some(context.unbind())),
                Err(_) => {
                    let why = format!("text {number}: with as_tuples each item must be a (text, context) pair");
                    return Ok(Some(Item::bad(PyTypeError::new_err(why), Some(item.unbind()))));
                }
            }
        } else {
            (item, None)
        };
        let day = self.dates.next(py);
        let read = || -> PyResult<(Py<PyString>, Options)> {
            let options = Options { published: day?, ..Options::default() };
            let given = text.cast::<PyString>().map_err(|_| {
                let kind = text.get_type().name().map_or_else(|_| "that".to_owned(), |name| name.to_string());
                PyTypeError::new_err(format!("expected a string, not {kind}"))
            })?;
            Ok((given.clone().unbind(), options))
        };
        match read() {
            Ok((given, options)) => {
                let before = out.size();
                let mut failed = Ok(());
                out.push_with(options.clone(), |bytes| failed = text::push_utf8(given.bind(py), bytes));
                failed?;
                Ok(Some(Item { text: Ok(given), options, context, bytes: out.size() - before }))
            }
            Err(error) => {
                let said = error.value(py).to_string();
                let class = error.get_type(py);
                let numbered = class.call1((format!("text {number}: {said}"),))?;
                Ok(Some(Item::bad(PyErr::from_value(numbered), context)))
            }
        }
    }
}

impl Item {
    fn bad(error: PyErr, context: Option<Py<PyAny>>) -> Self {
        Self { text: Err(error), options: Options::default(), context, bytes: 0 }
    }
}

/// A bar for the screen; counts are given to it in steps.
pub(super) struct Bar {
    bar: Py<PyAny>,
    done: usize,
    shown: usize,
    bytes: usize,
}

impl Bar {
    pub fn new(py: Python<'_>, wanted: bool, total: Option<usize>) -> PyResult<Option<Self>> {
        if !wanted {
            return Ok(None);
        }
        let bar = py.import("marsad._progress")?.call_method1("bar", (total,))?.unbind();
        Ok(Some(Self { bar, done: 0, shown: 0, bytes: 0 }))
    }

    pub fn add(&mut self, py: Python<'_>, texts: usize, bytes: usize) -> PyResult<()> {
        self.done += texts;
        self.bytes += bytes;
        if self.done - self.shown < 16 && self.bytes < (1 << 20) && self.shown > 0 {
            return Ok(());
        }
        self.flush(py)
    }

    fn flush(&mut self, py: Python<'_>) -> PyResult<()> {
        self.bar.call_method1(py, "advance", (self.done - self.shown, self.bytes))?;
        (self.shown, self.bytes) = (self.done, 0);
        Ok(())
    }

    pub fn close(mut self, py: Python<'_>) -> PyResult<()> {
        self.flush(py)?;
        self.bar.call_method0(py, "close").map(drop)
    }
}

type Outcome = Result<doc::Doc>;

struct State {
    source: Option<Source>,
    /// Texts taken and not yet given to the pool.
    waiting: (Texts, Vec<Item>),
    queue: Option<Queue<Vec<Outcome>>>,
    given: VecDeque<Vec<Item>>,
    ready: VecDeque<(Item, Option<Outcome>)>,
    /// What the producer raised; said when all before it has been delivered.
    broken: Option<PyErr>,
    bar: Option<Bar>,
}

/// A lazy stream of documents, from `Pipeline.pipe`.
#[pyclass(frozen, module = "marsad")]
pub struct Pipe {
    pipeline: Py<Pipeline>,
    threads: usize,
    /// Errors are given back in place of documents.
    returns: bool,
    state: Mutex<State>,
}

impl Pipe {
    pub(super) fn new(
        pipeline: &Bound<'_, Pipeline>,
        source: Source,
        threads: usize,
        progress: bool,
        errors: &str,
    ) -> PyResult<Self> {
        let returns = match errors {
            "raise" => false,
            "return" => true,
            _ => return Err(PyValueError::new_err(format!("errors={errors:?}: expected \"raise\" or \"return\""))),
        };
        let bar = Bar::new(pipeline.py(), progress, source.expected)?;
        let queue = if threads > 1 { Some(Queue::new(threads)?) } else { None };
        Ok(Self {
            pipeline: pipeline.clone().unbind(),
            threads,
            returns,
            state: Mutex::new(State {
                source: Some(source),
                waiting: Default::default(),
                queue,
                given: VecDeque::new(),
                ready: VecDeque::new(),
                broken: None,
                bar,
            }),
        })
    }

    /// The next text and its outcome; `None` at the end.
    fn advance(&self, py: Python<'_>, state: &mut State) -> PyResult<Option<(Item, Option<Outcome>)>> {
        loop {
            if let Some(ready) = state.ready.pop_front() {
                return Ok(Some(ready));
            }
            let Some(queue) = &mut state.queue else { return self.inline(py, state) };
            if !queue.is_at_home() {
                return Err(PyRuntimeError::new_err(
                    "this stream was begun in another process, whose threads are not here; call pipe in this one",
                ));
            }
            if let Some(done) = queue.next(Duration::ZERO) {
                deliver(state, done);
                continue;
            }
            let (texts, items) = &mut state.waiting;
            let full = texts.size() >= TASK_BYTES || items.len() >= TASK_TEXTS;
            let flush = full || queue.is_idle() || state.source.is_none();
            if !items.is_empty() && flush && queue.len() < window(self.threads) {
                let texts = std::mem::take(texts);
                state.given.push_back(std::mem::take(items));
                let pipeline = self.pipeline.get().inner.clone();
                queue.submit(move || texts.iter().map(|(text, o)| batch::analyze(&pipeline, text, o)).collect());
                continue;
            }
            if let Some(source) = state.source.as_mut().filter(|_| !full) {
                match source.take(py, texts) {
                    Ok(Some(item)) => items.push(item),
                    Ok(None) => state.source = None,
                    // Ctrl-C and its like must not wait for what is under way.
                    Err(error) if !error.is_instance_of::<PyException>(py) => return Err(error),
                    Err(error) => (state.source, state.broken) = (None, Some(error)),
                }
                continue;
            }
            if queue.is_empty() {
                return state.broken.take().map_or(Ok(None), Err);
            }
            if let Some(done) = py.detach(|| queue.next(PATIENCE)) {
                deliver(state, done);
            }
            py.check_signals()?;
        }
    }

    fn inline(&self, py: Python<'_>, state: &mut State) -> PyResult<Option<(Item, Option<Outcome>)>> {
        let Some(source) = &mut state.source else { return Ok(None) };
        let mut texts = Texts::default();
        let item = match source.take(py, &mut texts) {
            Ok(Some(item)) => item,
            Ok(None) => {
                state.source = None;
                return Ok(None);
            }
            Err(error) => {
                if error.is_instance_of::<PyException>(py) {
                    state.source = None;
                }
                return Err(error);
            }
        };
        py.check_signals()?;
        let outcome = match &item.text {
            Ok(_) => Some(analyze(py, &self.pipeline.get().inner, texts.into_first(), &item.options)?),
            Err(_) => None,
        };
        Ok(Some((item, outcome)))
    }
}

fn deliver(state: &mut State, done: Vec<Outcome>) {
    let mut done = done.into_iter();
    for item in state.given.pop_front().unwrap_or_default() {
        let outcome = if item.text.is_ok() { done.next() } else { None };
        state.ready.push_back((item, outcome));
    }
}

#[pymethods]
impl Pipe {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let mut state = match self.state.try_lock() {
            Ok(state) => state,
            Err(TryLockError::Poisoned(state)) => state.into_inner(),
            Err(TryLockError::WouldBlock) => {
                return Err(PyValueError::new_err(
                    "this stream is being read already, by another thread or its own texts",
                ));
            }
        };
        let next = self.advance(py, &mut state);
        let Ok(Some((item, outcome))) = next else {
            if let Some(bar) = state.bar.take() {
                bar.close(py)?;
            }
            return next.map(|_| None);
        };
        if let Some(bar) = &mut state.bar {
            bar.add(py, 1, item.bytes)?;
        }
        drop(state);
        let outcome: PyResult<Doc> = match (item.text, outcome) {
            (Ok(text), Some(outcome)) => outcome
                .map_err(PyErr::from)
                .map(|doc| Doc::new(doc, self.pipeline.clone_ref(py), item.options, Some(text.into_bound(py)))),
            (Err(error), _) => Err(error),
            (Ok(_), None) => Err(PyRuntimeError::new_err("a task of the stream has lost its result")),
        };
        let value = match outcome {
            Ok(doc) => Bound::new(py, doc)?.into_any(),
            Err(error) if self.returns => error.into_value(py).into_bound(py).into_any(),
            Err(error) => return Err(error),
        };
        match item.context {
            Some(context) => Ok(Some(PyTuple::new(py, [value, context.into_bound(py)])?.into_any())),
            None => Ok(Some(value)),
        }
    }

    /// Stop: no more texts are taken, and what is under way is dropped.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.source = None;
        state.queue = None;
        state.waiting = Default::default();
        state.given.clear();
        state.ready.clear();
        state.broken = None;
        match state.bar.take() {
            Some(bar) => bar.close(py),
            None => Ok(()),
        }
    }

    fn __enter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exc))]
    fn __exit__(&self, py: Python<'_>, _exc: &Bound<'_, PyTuple>) -> PyResult<()> {
        self.close(py)
    }

    fn __repr__(&self) -> String {
        format!("<marsad.Pipe, {} threads>", self.threads)
    }
}
