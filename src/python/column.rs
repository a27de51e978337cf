//! Columns of strings in Arrow's memory: read in place, normalized outside the lock, handed out without a copy.

#![allow(unsafe_code, reason = "checking again what the normalizer wrote would take as long as writing it")]

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::ffi::to_ffi;
use arrow_array::{Array, ArrayRef, GenericStringArray, LargeStringArray, OffsetSizeTrait, StringArray};
use arrow_buffer::{Buffer, NullBufferBuilder, OffsetBuffer, ScalarBuffer};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

use super::arrow::{self, Strings};
use crate::base::room::{self, Room};
use crate::batch::{self, Blocks, Line};
use crate::script::normalize::{Normalizer, Utf8Scratch};

/// Bytes of the source in a block, about.
const BLOCK: usize = 1 << 16;

/// Rows of a chunk, from one to another.
type Part<'a> = (&'a Strings, usize, usize);

/// Memory that a thread keeps, in bytes and in blocks.
const KEPT: usize = 1 << 18;
const KEPT_BLOCKS: usize = 4;

thread_local! {
    static SCRATCH: RefCell<Utf8Scratch> = RefCell::default();
    static SPARE: RefCell<Vec<Vec<u8>>> = RefCell::default();
}

/// Append rows, normalized; the length of each, or `None` where there is none.
fn add(normalizer: &Normalizer, (chunk, from, to): &Part<'_>, bytes: &mut Vec<u8>) -> Vec<Option<usize>> {
    SCRATCH.with_borrow_mut(|scratch| {
        let mut add = |text| {
            let before = bytes.len();
            normalizer.append(text, scratch, bytes);
            bytes.len() - before
        };
        (*from..*to).map(|row| chunk.get(row).map(&mut add)).collect()
    })
}

/// A column in blocks that threads share.
struct Job<'a> {
    normalizer: &'a Normalizer,
    parts: Vec<Part<'a>>,
    room: Room,
    /// What found no room, with its place.
    aside: Mutex<Vec<(usize, Vec<u8>)>>,
}

impl Blocks for Job<'_> {
    type Made = Vec<u8>;
    type Shape = Vec<Option<usize>>;
    type Place = usize;

    fn count(&self) -> usize {
        self.parts.len()
    }

    fn make(&self, number: usize, bytes: &mut Vec<u8>) -> Self::Shape {
        bytes.clear();
        self.parts.get(number).map(|part| add(self.normalizer, part, bytes)).unwrap_or_default()
    }

    fn put(&self, bytes: &Vec<u8>, at: usize) {
        // SAFETY: each block has a place of its own.
        if !unsafe { self.room.put(at, bytes) } {
            self.aside.lock().unwrap_or_else(PoisonError::into_inner).push((at, bytes.clone()));
        }
    }

    fn kept(&self) -> Vec<u8> {
        SPARE.with_borrow_mut(Vec::pop).unwrap_or_default()
    }

    fn keep(&self, bytes: Vec<u8>) {
        SPARE.with_borrow_mut(|spare| {
            if bytes.capacity() <= KEPT && spare.len() < KEPT_BLOCKS {
                spare.push(bytes);
            }
        });
    }
}

impl Job<'_> {
    /// All bytes, of which there are `len`.
    fn finish(self, len: usize) -> Vec<u8> {
        let mut aside = self.aside.into_inner().unwrap_or_else(PoisonError::into_inner);
        aside.sort_unstable_by_key(|(at, _)| *at);
        let first = aside.first().map_or(len, |(at, _)| *at);
        // SAFETY: all blocks have been put, and what did not fit comes last.
        let mut bytes = unsafe { self.room.into_vec(first) };
        aside.iter().for_each(|(_, more)| bytes.extend_from_slice(more));
        bytes
    }
}

/// Bytes of the strings of a chunk.
fn size(chunk: &Strings) -> usize {
    fn of<O: OffsetSizeTrait>(array: &GenericStringArray<O>) -> usize {
        let ends = array.value_offsets();
        ends.last().zip(ends.first()).map_or(0, |(last, first)| last.as_usize() - first.as_usize())
    }
    match chunk {
        Strings::Plain(array) => of(array),
        Strings::Large(array) => of(array),
        Strings::View(array) => array.iter().flatten().map(str::len).sum(),
    }
}

/// Cut the chunks into parts of some rows each.
fn parts(chunks: &[Strings]) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for chunk in chunks {
        let step = chunk.len().div_ceil(size(chunk).div_ceil(BLOCK).max(1)).max(1);
        parts.extend((0..chunk.len()).step_by(step).map(|from| (chunk, from, (from + step).min(chunk.len()))));
    }
    parts
}

/// Where the rows end, and which there are.
struct Ends {
    /// As long as they fit; else all are in `large`.
    small: Vec<i32>,
    large: Vec<i64>,
    at: usize,
    nulls: NullBufferBuilder,
}

impl Ends {
    fn new(rows: usize, large: bool) -> Self {
        let nulls = NullBufferBuilder::new(rows);
        if large {
            let mut large = Vec::with_capacity(rows + 1);
            large.push(0);
            return Self { small: Vec::new(), large, at: 0, nulls };
        }
        let mut small = Vec::with_capacity(rows + 1);
        small.push(0);
        Self { small, large: Vec::new(), at: 0, nulls }
    }

    fn add(&mut self, rows: &[Option<usize>]) {
        for row in rows {
            self.nulls.append(row.is_some());
            self.at += row.unwrap_or(0);
            if self.large.is_empty() {
                match i32::try_from(self.at) {
                    Ok(end) => self.small.push(end),
                    Err(_) => self.large = std::mem::take(&mut self.small).into_iter().map(i64::from).collect(),
                }
            }
            if !self.large.is_empty() {
                self.large.push(i64::try_from(self.at).unwrap_or(i64::MAX));
            }
        }
    }

    /// An array of these rows over their bytes.
    fn over(mut self, bytes: Vec<u8>) -> ArrayRef {
        let (values, nulls) = (Buffer::from_vec(bytes), self.nulls.finish());
        // SAFETY: the ends rise, the last is that of the bytes, and they lie between whole strings of UTF-8.
        unsafe {
            if self.large.is_empty() {
                let offsets = OffsetBuffer::new_unchecked(ScalarBuffer::from(self.small));
                return Arc::new(StringArray::new_unchecked(offsets, values, nulls));
            }
            let offsets = OffsetBuffer::new_unchecked(ScalarBuffer::from(self.large));
            Arc::new(LargeStringArray::new_unchecked(offsets, values, nulls))
        }
    }
}

/// Normalize a column; `None` when the object is none.
pub fn normalize(normalizer: &Normalizer, object: &Bound<'_, PyAny>, threads: usize) -> PyResult<Option<Column>> {
    let Some(chunks) = arrow::strings(object)? else { return Ok(None) };
    let array = object.py().detach(|| -> PyResult<ArrayRef> {
        let large = chunks.iter().any(|chunk| matches!(chunk, Strings::Large(_)));
        let mut ends = Ends::new(chunks.iter().map(Strings::len).sum(), large);
        let read = chunks.iter().map(size).sum();
        if threads <= 1 {
            let mut bytes = room::with_capacity(read);
            chunks.iter().for_each(|chunk| ends.add(&add(normalizer, &(chunk, 0, chunk.len()), &mut bytes)));
            return Ok(ends.over(bytes));
        }
        let job = Job { normalizer, parts: parts(&chunks), room: Room::new(read), aside: Mutex::default() };
        let place = |rows: Vec<Option<usize>>| {
            let at = ends.at;
            ends.add(&rows);
            at
        };
        let caller = |line: &Line<'_, Job<'_>>| {
            line.work_in_order(place);
            PyResult::Ok(())
        };
        batch::share(&job, threads, caller, |wait| wait())?;
        let bytes = job.finish(ends.at);
        Ok(ends.over(bytes))
    })?;
    Ok(Some(Column { array }))
}

/// A column of strings in Arrow's memory. pyarrow, polars, pandas and DuckDB read it in place:
/// `pyarrow.array(column)`, `polars.Series(column)`.
#[pyclass(frozen, module = "marsad")]
pub struct Column {
    array: ArrayRef,
}

#[pymethods]
impl Column {
    /// Arrow's C data interface.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        // A consumer may ask for another type; the protocol lets a producer give its own.
        let _ = requested_schema;
        let (array, schema) = to_ffi(&self.array.to_data()).map_err(|e| arrow::failed(&e))?;
        let schema = PyCapsule::new_with_value(py, schema, c"arrow_schema")?;
        let array = PyCapsule::new_with_value(py, array, c"arrow_array")?;
        PyTuple::new(py, [schema, array])
    }

    fn __len__(&self) -> usize {
        self.array.len()
    }

    /// The strings, `None` where there is none.
    fn to_list(&self) -> Vec<Option<String>> {
        let Some(strings) = Strings::of(&self.array) else { return Vec::new() };
        (0..strings.len()).map(|row| strings.get(row).map(str::to_owned)).collect()
    }

    fn __repr__(&self) -> String {
        format!("<marsad.Column of {} strings>", self.array.len())
    }
}
