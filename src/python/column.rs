//! Columns of strings in Arrow's memory: read in place, normalized outside the lock, handed out without a copy.

#![allow(unsafe_code, reason = "checking again what the normalizer wrote would take as long as writing it")]

use std::sync::Arc;

use arrow_array::ffi::to_ffi;
use arrow_array::{Array, ArrayRef, LargeStringArray, StringArray};
use arrow_buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};
use rayon::prelude::*;

use super::arrow::{self, Strings};
use crate::batch;
use crate::script::normalize::{Normalizer, Utf8Scratch};

/// Rows that one task takes, at the least.
const ROWS: usize = 256;

/// Normalized rows, one after the other.
#[derive(Default)]
struct Rows {
    bytes: Vec<u8>,
    lengths: Vec<usize>,
    valid: Vec<bool>,
}

impl Rows {
    /// Append the rows of a chunk from one to another, normalized.
    fn add(&mut self, normalizer: &Normalizer, scratch: &mut Utf8Scratch, (chunk, from, to): &Task<'_>) {
        let read: usize = (*from..*to).filter_map(|row| chunk.get(row)).map(str::len).sum();
        self.bytes.reserve(read);
        for row in *from..*to {
            let before = self.bytes.len();
            let text = chunk.get(row);
            if let Some(text) = text {
                normalizer.append(text, scratch, &mut self.bytes);
            }
            self.lengths.push(self.bytes.len() - before);
            self.valid.push(text.is_some());
        }
    }
}

/// Normalize the rows of each task by itself, or those of all together on one thread.
fn run(normalizer: &Normalizer, tasks: &[Task<'_>], threads: usize) -> PyResult<Vec<Rows>> {
    let run = |tasks: &[Task<'_>]| {
        let mut rows = Rows::default();
        let mut scratch = Utf8Scratch::default();
        tasks.iter().for_each(|task| rows.add(normalizer, &mut scratch, task));
        rows
    };
    if threads <= 1 || tasks.len() < 2 {
        return Ok(vec![run(tasks)]);
    }
    Ok(batch::pool(threads)?.install(|| tasks.par_chunks(1).map(run).collect()))
}

type Task<'a> = (&'a Strings, usize, usize);

/// Cut the chunks into tasks of some rows each.
fn tasks(chunks: &[Strings], threads: usize) -> Vec<Task<'_>> {
    let rows: usize = chunks.iter().map(Strings::len).sum();
    let step = rows.div_ceil(threads.max(1) * 8).max(ROWS);
    let mut tasks = Vec::new();
    for chunk in chunks {
        let mut from = 0;
        while from < chunk.len() {
            let to = (from + step).min(chunk.len());
            tasks.push((chunk, from, to));
            from = to;
        }
    }
    tasks
}

/// Normalize a column; `None` when the object is none.
pub fn normalize(normalizer: &Normalizer, object: &Bound<'_, PyAny>, threads: usize) -> PyResult<Option<Column>> {
    let Some(chunks) = arrow::strings(object)? else { return Ok(None) };
    let large = chunks.iter().any(|chunk| matches!(chunk, Strings::Large(_)));
    let array = object.py().detach(|| -> PyResult<ArrayRef> {
        let tasks = tasks(&chunks, threads);
        let done = run(normalizer, &tasks, threads)?;
        if threads <= 1 {
            return Ok(assemble(done, large));
        }
        Ok(batch::pool(threads)?.install(|| assemble(done, large)))
    })?;
    Ok(Some(Column { array }))
}

fn nulls(done: &[Rows]) -> Option<NullBuffer> {
    let valid = || done.iter().flat_map(|rows| &rows.valid).copied();
    (!valid().all(|v| v)).then(|| NullBuffer::from_iter(valid()))
}

/// The bytes of all, one after the other.
fn join(done: &mut [Rows]) -> Vec<u8> {
    if let [only] = done {
        return std::mem::take(&mut only.bytes);
    }
    let mut bytes = vec![0; done.iter().map(|rows| rows.bytes.len()).sum()];
    let mut rest = bytes.as_mut_slice();
    let mut parts = Vec::with_capacity(done.len());
    for rows in &*done {
        let (part, after) = rest.split_at_mut(rows.bytes.len());
        parts.push((part, rows));
        rest = after;
    }
    parts.into_par_iter().for_each(|(part, rows)| part.copy_from_slice(&rows.bytes));
    bytes
}

fn assemble(mut done: Vec<Rows>, large: bool) -> ArrayRef {
    let nulls = nulls(&done);
    let bytes = join(&mut done);
    let total = bytes.len();
    let lengths = done.iter().flat_map(|rows| &rows.lengths);
    let values = Buffer::from_vec(bytes);
    if large || i32::try_from(total).is_err() {
        let offsets: Vec<i64> = ends(lengths);
        // SAFETY: the offsets rise, end at the end of the values, and lie between whole strings of UTF-8.
        unsafe {
            let offsets = OffsetBuffer::new_unchecked(ScalarBuffer::from(offsets));
            Arc::new(LargeStringArray::new_unchecked(offsets, values, nulls))
        }
    } else {
        let offsets: Vec<i32> = ends(lengths);
        // SAFETY: as above, and the total fits.
        unsafe {
            let offsets = OffsetBuffer::new_unchecked(ScalarBuffer::from(offsets));
            Arc::new(StringArray::new_unchecked(offsets, values, nulls))
        }
    }
}

fn ends<'a, T: TryFrom<usize> + Default>(lengths: impl Iterator<Item = &'a usize>) -> Vec<T> {
    let mut end = 0usize;
    let mut offsets = vec![T::default()];
    offsets.extend(lengths.map(|length| {
        end += length;
        T::try_from(end).unwrap_or_default()
    }));
    offsets
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
