//! `marsad.Normalizer`, `marsad.normalize`, `marsad.repair` and the alignments that they give.

use std::cell::RefCell;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::ops::Range;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFloat, PyList, PyString, PyTuple, PyType};
use serde_json::{Map, Value};

use super::{column, text, units};
use crate::base::{self, Snap};
use crate::batch::{self, Blocks, Line};
use crate::error::Error;
use crate::script::normalize::{self, Options, UnitScratch, Units};

thread_local! {
    static SCRATCH: RefCell<UnitScratch> = RefCell::default();
    static SPARE: RefCell<Vec<Arenas>> = RefCell::default();
}

/// Texts of this many units are worth a second thread.
const WORTH_THREADS: usize = 1 << 16;
/// Units of a block of a list, about.
const BLOCK: usize = 1 << 15;
/// Results of so many characters keep the memory that they were made in.
const LONG: usize = 512;
/// Memory that a thread keeps, in bytes and in blocks.
const KEPT: usize = 1 << 18;
const KEPT_BLOCKS: usize = 4;

/// A set of normalization steps, compiled. Call it on a string, a list of strings or an Arrow column.
///
/// >>> import marsad
/// >>> norm = marsad.Normalizer.search()
/// >>> norm("الـقُـرآن الكَرِيم")
/// 'القران الكريم'
/// >>> norm(["مدينة", "على"])
/// ['مدينه', 'علي']
/// >>> marsad.Normalizer(teh_marbuta=True)("مدينةُ")
/// 'مدينهُ'
///
/// Steps, each off unless named: `unicode` ("nfc", "nfkc"), `presentation`, `tashkeel`, `quranic`,
/// `superscript_alef`, `tatweel`, `alef`, `hamza` ("carrier", "bare"), `yeh` ("yeh", "final_yeh",
/// "final_maqsura"), `teh_marbuta`, `lookalikes`, `foreign`, `digits` ("ascii", "arabic", "extended"),
/// `punctuation` ("ascii", "arabic"), `controls`, `elongation` (1, 2), `whitespace` ("spaces", "collapse"),
/// `lowercase`, and `arabert`, the whole chain of that model's preprocessor, before all others. With `preset`, the steps named change that preset.
#[pyclass(frozen, module = "marsad")]
pub struct Normalizer {
    inner: normalize::Normalizer,
}

fn options_from(preset: Option<&str>, steps: Option<&Bound<'_, PyDict>>) -> PyResult<Options> {
    let base = match preset {
        Some(name) => Options::preset(name)?.1,
        None => Options::default(),
    };
    let Some(steps) = steps.filter(|steps| !steps.is_empty()) else { return Ok(base) };
    let Ok(Value::Object(mut fields)) = serde_json::to_value(&base) else { return Ok(base) };
    for (name, value) in steps {
        let name: String = name.extract()?;
        let Some(was) = fields.get(&name) else {
            let known: Vec<&str> = fields.keys().map(String::as_str).collect();
            return Err(PyTypeError::new_err(Error::unknown("step", &name, &known).to_string()));
        };
        let value = step_value(&name, was, &value).ok_or_else(|| {
            PyValueError::new_err(format!("{name}={}: expected {}", describe(&value), expected(&name, was)))
        })?;
        fields.insert(name, value);
    }
    let options: Options =
        serde_json::from_value(Value::Object(fields)).map_err(|e| PyValueError::new_err(e.to_string()))?;
    options.check()?;
    Ok(options)
}

fn describe(value: &Bound<'_, PyAny>) -> String {
    value.repr().map_or_else(|_| "?".to_owned(), |repr| repr.to_string())
}

/// The names of the values of a step that is a choice.
fn names_of(step: &str) -> &'static [&'static str] {
    match step {
        "unicode" => normalize::Form::NAMES,
        "hamza" => normalize::Hamza::NAMES,
        "yeh" => normalize::Yeh::NAMES,
        "digits" => normalize::Digits::NAMES,
        "punctuation" => normalize::Punctuation::NAMES,
        _ => normalize::Whitespace::NAMES,
    }
}

fn expected(step: &str, was: &Value) -> String {
    match was {
        Value::Bool(_) => "True or False".to_owned(),
        Value::Number(_) => "0, 1 or 2".to_owned(),
        _ => names_of(step).join(", "),
    }
}

/// The value of a step, when it is one that the step takes.
fn step_value(step: &str, was: &Value, value: &Bound<'_, PyAny>) -> Option<Value> {
    match was {
        Value::Bool(_) => value.extract().ok().map(Value::Bool),
        Value::Number(_) => value.extract::<u8>().ok().filter(|n| *n <= 2).map(Value::from),
        _ => {
            let name: String = value.extract().ok()?;
            names_of(step).contains(&name.as_str()).then_some(Value::String(name))
        }
    }
}

impl Normalizer {
    fn preset(name: &str) -> PyResult<Self> {
        Ok(Self { inner: normalize::Normalizer::preset(name)? })
    }

    fn fields(&self) -> Map<String, Value> {
        match serde_json::to_value(self.inner.options()) {
            Ok(Value::Object(fields)) => fields,
            _ => Map::new(),
        }
    }

    fn one<'py>(&self, text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyString>> {
        let source = units::read(text)?;
        SCRATCH.with_borrow_mut(|scratch| match self.inner.units(source, scratch, None) {
            Some(clean) => units::write(text.py(), clean),
            None => Ok(text.clone()),
        })
    }

    fn many<'py>(&self, py: Python<'py>, items: &[Bound<'py, PyAny>], threads: usize) -> PyResult<Bound<'py, PyList>> {
        let texts = strings(items)?;
        let sources: Vec<Option<Units<'_>>> =
            texts.iter().map(|text| text.as_ref().map(units::read).transpose()).collect::<PyResult<_>>()?;
        let total: usize = sources.iter().flatten().map(Units::len).sum();
        if threads <= 1 || total < WORTH_THREADS {
            let one = |(text, item): (&Option<Bound<'py, PyString>>, &Bound<'py, PyAny>)| match text {
                Some(text) => self.one(text).map(Bound::into_any),
                None => Ok(item.clone()),
            };
            return PyList::new(py, texts.iter().zip(items).map(one).collect::<PyResult<Vec<_>>>()?);
        }
        let job = Job { normalizer: &self.inner, ranges: ranges(&sources), sources: &sources };
        // The strings stay here until they are filled: a list would show them to others.
        let mut out: Vec<Option<Bound<'py, PyAny>>> = items.iter().map(|_| None).collect();
        let caller = |line: &Line<'_, Job<'_>>| {
            let mut left = job.count();
            while left > 0 {
                py.check_signals()?;
                if let Some((number, shapes)) = line.made() {
                    let slots = out.get_mut(job.range(number)).unwrap_or(&mut []);
                    line.place(number, blanks(py, shapes, slots)?);
                } else if let Some(number) = line.claim() {
                    for at in job.range(number) {
                        if let (Some(text), Some(slot)) = (&texts[at], out.get_mut(at)) {
                            *slot = Some(self.one(text)?.into_any());
                        }
                    }
                    // Others may want the lock.
                    py.detach(|| {});
                } else if py.detach(|| line.wait_for_made()) {
                    continue;
                } else {
                    // A thread has died; the scope passes that on.
                    break;
                }
                left -= 1;
            }
            PyResult::Ok(())
        };
        batch::share(&job, threads, caller, |wait| py.detach(wait))?;
        PyList::new(py, out.into_iter().zip(items).map(|(new, item)| new.unwrap_or_else(|| item.clone())))
    }
}

/// New strings of these shapes, and where their units go.
fn blanks<'py>(
    py: Python<'py>,
    shapes: Vec<Option<Shape>>,
    slots: &mut [Option<Bound<'py, PyAny>>],
) -> PyResult<Vec<units::Blank>> {
    let changed = shapes.into_iter().zip(slots).filter_map(|(shape, slot)| shape.map(|shape| (shape, slot)));
    let make = |((length, greatest), slot): (Shape, &mut Option<Bound<'py, PyAny>>)| {
        let (text, blank) = units::blank(py, length, greatest)?;
        *slot = Some(text.into_any());
        Ok(blank)
    };
    changed.map(make).collect()
}

/// Cut a list into ranges of about as many units each.
fn ranges(sources: &[Option<Units<'_>>]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let (mut from, mut sum) = (0, 0);
    for (at, source) in sources.iter().enumerate() {
        sum += source.as_ref().map_or(0, Units::len);
        if sum >= BLOCK || at + 1 == sources.len() {
            ranges.push(from..at + 1);
            (from, sum) = (at + 1, 0);
        }
    }
    ranges
}

/// A list in blocks that threads share.
struct Job<'a> {
    normalizer: &'a normalize::Normalizer,
    sources: &'a [Option<Units<'a>>],
    ranges: Vec<Range<usize>>,
}

/// The length of a new string and the greatest character of its kind.
type Shape = (usize, u32);

impl Job<'_> {
    fn range(&self, number: usize) -> Range<usize> {
        self.ranges.get(number).cloned().unwrap_or_default()
    }
}

impl Blocks for Job<'_> {
    type Made = Arenas;
    type Shape = Vec<Option<Shape>>;
    type Place = Vec<units::Blank>;

    fn count(&self) -> usize {
        self.ranges.len()
    }

    fn make(&self, number: usize, made: &mut Arenas) -> Self::Shape {
        made.clear();
        let sources = self.sources.get(self.range(number)).unwrap_or(&[]);
        SCRATCH.with_borrow_mut(|scratch| {
            let mut one = |source: &Option<Units<'_>>| {
                let clean = self.normalizer.units((*source)?, scratch, None)?;
                let shape = (clean.len(), units::widest(clean));
                made.results.push(match clean {
                    Units::Ucs2(_) if shape.0 >= LONG => {
                        let mut memory = made.spare.pop().unwrap_or_default();
                        scratch.trade(&mut memory);
                        made.long.push(memory);
                        Place::Long(made.long.len() - 1, shape.0)
                    }
                    Units::Latin1(units) => Place::Latin1(append(&mut made.latin1, units)),
                    Units::Ucs2(units) => Place::Ucs2(append(&mut made.ucs2, units)),
                    Units::Ucs4(units) => Place::Ucs4(append(&mut made.ucs4, units)),
                });
                Some(shape)
            };
            sources.iter().map(&mut one).collect()
        })
    }

    fn put(&self, made: &Arenas, place: Self::Place) {
        for (blank, place) in place.into_iter().zip(&made.results) {
            // SAFETY: the string was made for this result, and `many` keeps it from others until all is done.
            unsafe { blank.fill(made.units(place)) };
        }
    }

    fn kept(&self) -> Arenas {
        SPARE.with_borrow_mut(Vec::pop).unwrap_or_default()
    }

    fn keep(&self, made: Arenas) {
        SPARE.with_borrow_mut(|spare| {
            if made.size() <= KEPT && spare.len() < KEPT_BLOCKS {
                spare.push(made);
            }
        });
    }
}

/// Where a result lies in the arena of its width, or by itself.
enum Place {
    Long(usize, usize),
    Latin1(Range<usize>),
    Ucs2(Range<usize>),
    Ucs4(Range<usize>),
}

fn append<T: Copy>(arena: &mut Vec<T>, units: &[T]) -> Range<usize> {
    let start = arena.len();
    arena.extend_from_slice(units);
    start..arena.len()
}

/// Normalized texts, those of a width together.
#[derive(Default)]
struct Arenas {
    results: Vec<Place>,
    /// Long results, each in memory of its own, and memory for more.
    long: Vec<Vec<u16>>,
    spare: Vec<Vec<u16>>,
    latin1: Vec<u8>,
    ucs2: Vec<u16>,
    ucs4: Vec<u32>,
}

impl Arenas {
    /// Bytes of memory.
    fn size(&self) -> usize {
        let long: usize = self.long.iter().chain(&self.spare).map(Vec::capacity).sum();
        self.latin1.capacity() + 2 * (self.ucs2.capacity() + long) + 4 * self.ucs4.capacity()
    }

    fn clear(&mut self) {
        self.results.clear();
        self.spare.append(&mut self.long);
        self.latin1.clear();
        self.ucs2.clear();
        self.ucs4.clear();
    }

    fn units(&self, place: &Place) -> Units<'_> {
        match place {
            Place::Long(at, length) => {
                Units::Ucs2(self.long.get(*at).and_then(|memory| memory.get(..*length)).unwrap_or(&[]))
            }
            Place::Latin1(range) => Units::Latin1(self.latin1.get(range.clone()).unwrap_or(&[])),
            Place::Ucs2(range) => Units::Ucs2(self.ucs2.get(range.clone()).unwrap_or(&[])),
            Place::Ucs4(range) => Units::Ucs4(self.ucs4.get(range.clone()).unwrap_or(&[])),
        }
    }
}

#[pymethods]
impl Normalizer {
    #[new]
    #[pyo3(signature = (*, preset=None, **steps))]
    fn new(preset: Option<&str>, steps: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        match (preset, steps.filter(|steps| !steps.is_empty())) {
            (Some(name), None) => Self::preset(name),
            (preset, steps) => Ok(Self { inner: normalize::Normalizer::new(options_from(preset, steps)?) }),
        }
    }

    /// What no reader would notice: invisible characters, tatweel, presentation forms, spaces.
    #[staticmethod]
    fn light() -> PyResult<Self> {
        Self::preset("light")
    }
    /// `light`, and no vowel marks, ASCII digits, Arabic letters for those of Persian keyboards.
    #[staticmethod]
    fn standard() -> PyResult<Self> {
        Self::preset("standard")
    }
    /// `standard`, and one form for letters that writers mix up: for keys of an index, not for reading.
    #[staticmethod]
    fn search() -> PyResult<Self> {
        Self::preset("search")
    }
    /// The usual chain of CAMeL Tools: NFKC, no marks, one alef, ى to ي, ة to ه.
    #[staticmethod]
    fn camel() -> PyResult<Self> {
        Self::preset("camel")
    }
    /// The preprocessing of AraBERT's second generation (v02, AraELECTRA, AraGPT2), without Farasa.
    #[staticmethod]
    fn arabert() -> PyResult<Self> {
        Self::preset("arabert")
    }

    /// Normalize a string, every string of a list or tuple, or a column: anything with Arrow's C interface
    /// (pyarrow, polars, pandas) gives a `Column`, which they read in place. What is missing stays missing, and a
    /// string that does not change comes back as the same object.
    #[pyo3(signature = (text, /, *, threads=None))]
    fn __call__<'py>(&self, text: &Bound<'py, PyAny>, threads: Option<usize>) -> PyResult<Bound<'py, PyAny>> {
        if let Ok(text) = text.cast::<PyString>() {
            return self.one(text).map(Bound::into_any);
        }
        let threads = || threads.unwrap_or_else(batch::default_threads);
        let items: Vec<Bound<'py, PyAny>> = if let Ok(list) = text.cast::<PyList>() {
            list.iter().collect()
        } else if let Ok(tuple) = text.cast::<PyTuple>() {
            tuple.iter().collect()
        } else if let Some(column) = column::normalize(&self.inner, text, threads())? {
            return Ok(column.into_pyobject(text.py())?.into_any());
        } else {
            let kind = text.get_type().name()?;
            return Err(PyTypeError::new_err(format!(
                "expected a string, a list of strings or an Arrow column of strings, not {kind}"
            )));
        };
        self.many(text.py(), &items, threads()).map(Bound::into_any)
    }

    /// Normalize a string and say where everything went.
    ///
    /// >>> import marsad
    /// >>> norm = marsad.Normalizer.standard().align("كَتَبَ")
    /// >>> norm.text, norm.to_original(1, 2)
    /// ('كتب', (1, 4))
    #[pyo3(signature = (text, /))]
    fn align(&self, text: &Bound<'_, PyString>) -> PyResult<Alignment> {
        let source = units::read(text)?;
        let mut map = base::Alignment::identity(u32::try_from(source.len()).map_err(|_| too_long())?);
        let clean = SCRATCH.with_borrow_mut(|scratch| match self.inner.units(source, scratch, Some(&mut map)) {
            Some(clean) => units::write(text.py(), clean),
            None => Ok(text.clone()),
        })?;
        Ok(Alignment { text: clean.unbind(), map })
    }

    /// The same as calling it, through UTF-8: slower, and without a line of unsafe code. For tests.
    #[pyo3(signature = (text, /))]
    fn _by_utf8(&self, text: &Bound<'_, PyString>) -> String {
        self.inner.normalize(&text::read(text)).into_owned()
    }

    /// The steps and their values.
    #[getter]
    fn options<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        text::to_python(py, &Value::Object(self.fields()))
    }

    /// The name and version of the preset with just these steps, or "custom".
    #[getter]
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    /// All that is needed to make the same normalizer in a later version: keep it with an index.
    fn to_json(&self) -> String {
        self.inner.to_json()
    }

    /// The normalizer that `to_json` wrote down.
    #[staticmethod]
    fn from_json(json: &str) -> PyResult<Self> {
        Ok(Self { inner: normalize::Normalizer::from_json(json)? })
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (String,))> {
        Ok((PyType::new::<Self>(py).getattr("from_json")?, (self.to_json(),)))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| other.get().inner == self.inner)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.inner.options().hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        if let Some((name, _)) = self.inner.name().split_once('/') {
            return format!("Normalizer.{name}()");
        }
        let Ok(Value::Object(plain)) = serde_json::to_value(Options::default()) else { return String::new() };
        let steps: Vec<String> = self
            .fields()
            .into_iter()
            .filter(|(name, value)| plain.get(name) != Some(value))
            .map(|(name, value)| match value {
                Value::Bool(on) => format!("{name}={}", if on { "True" } else { "False" }),
                other => format!("{name}={other}"),
            })
            .collect();
        format!("Normalizer({})", steps.join(", "))
    }
}

/// The strings of a list; `None` for what is missing: None, a float that is no number, pandas.NA.
fn strings<'py>(items: &[Bound<'py, PyAny>]) -> PyResult<Vec<Option<Bound<'py, PyString>>>> {
    let read = |(i, item): (usize, &Bound<'py, PyAny>)| {
        if let Ok(text) = item.cast::<PyString>() {
            return Ok(Some(text.clone()));
        }
        let kind = item.get_type().name().map_or_else(|_| "another type".to_owned(), |name| name.to_string());
        if item.is_none() || kind == "NAType" || item.cast::<PyFloat>().is_ok_and(|f| f.value().is_nan()) {
            return Ok(None);
        }
        Err(PyTypeError::new_err(format!("item {i}: expected a string or None, not {kind}")))
    };
    items.iter().enumerate().map(read).collect()
}

pub(super) fn too_long() -> PyErr {
    PyValueError::new_err("the text has more than 4,294,967,295 characters: cut it")
}

/// Normalize a string or a list of strings with a preset, changed by the steps that are named.
///
/// >>> import marsad
/// >>> marsad.normalize("الـسَّـلامُ")
/// 'السلام'
/// >>> marsad.normalize(["مَدِينة", "٣"], digits="keep")
/// ['مدينة', '٣']
#[pyfunction(name = "normalize")]
#[pyo3(signature = (text, /, preset="standard", *, threads=None, **steps))]
pub fn normalize_text<'py>(
    text: &Bound<'py, PyAny>,
    preset: &str,
    threads: Option<usize>,
    steps: Option<&Bound<'py, PyDict>>,
) -> PyResult<Bound<'py, PyAny>> {
    Normalizer::new(Some(preset), steps)?.__call__(text, threads)
}

/// A text made from another, and how their characters correspond. Offsets are code points.
#[pyclass(frozen, module = "marsad")]
pub struct Alignment {
    pub(super) text: Py<PyString>,
    pub(super) map: base::Alignment,
}

fn snap(name: &str) -> PyResult<Snap> {
    match name {
        "outer" => Ok(Snap::Outer),
        "inner" => Ok(Snap::Inner),
        _ => Err(PyValueError::new_err(format!("snap={name:?}: expected \"outer\" or \"inner\""))),
    }
}

fn checked(start: usize, end: usize, len: u32, what: &str) -> PyResult<(u32, u32)> {
    match (u32::try_from(start), u32::try_from(end)) {
        (Ok(start), Ok(end)) if start <= end && end <= len => Ok((start, end)),
        _ => Err(PyValueError::new_err(format!(
            "{start}:{end} is no range of the {what} text, which has {len} characters"
        ))),
    }
}

#[pymethods]
impl Alignment {
    /// The new text.
    #[getter]
    pub(super) fn text(&self, py: Python<'_>) -> Py<PyString> {
        self.text.clone_ref(py)
    }

    /// Where `start:end` of the new text came from. "outer" takes in removed characters at the edges, "inner" not.
    #[pyo3(signature = (start, end, snap="outer"))]
    pub(super) fn to_original(&self, start: usize, end: usize, snap: &str) -> PyResult<(u32, u32)> {
        let (start, end) = checked(start, end, self.map.normalized_len(), "new")?;
        Ok(self.map.original_range(start, end, self::snap(snap)?))
    }

    /// Where `start:end` of the original went.
    #[pyo3(signature = (start, end, snap="outer"))]
    pub(super) fn to_normalized(&self, start: usize, end: usize, snap: &str) -> PyResult<(u32, u32)> {
        let (start, end) = checked(start, end, self.map.original_len(), "original")?;
        Ok(self.map.normalized_range(start, end, self::snap(snap)?))
    }

    /// The changes of length: (start, end) in the original, (start, end) in the new text.
    #[getter]
    pub(super) fn edits(&self) -> Vec<(u32, u32, u32, u32)> {
        self.map.edits().map(|e| (e.original_start, e.original_end, e.normalized_start, e.normalized_end)).collect()
    }

    /// The alignment of the original with what `other` makes of the new text.
    pub(super) fn then(&self, py: Python<'_>, other: &Bound<'_, Self>) -> PyResult<Self> {
        let other = other.get();
        Ok(Self { text: other.text.clone_ref(py), map: self.map.then(&other.map)? })
    }

    fn __repr__(&self) -> String {
        let (from, to, edits) = (self.map.original_len(), self.map.normalized_len(), self.map.edits().count());
        format!("<marsad.Alignment of {from} with {to} characters, {edits} changes of length>")
    }
}
