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

/// Normalize the rows of a chunk from one to another.
fn run(normalizer: &Normalizer, (chunk, from, to): &Task<'_>) -> Rows {
    let mut scratch = Utf8Scratch::default();
    let mut done = Rows::default();
    for row in *from..*to {
        let before = done.bytes.len();
        let text = chunk.get(row);
        if let Some(text) = text {
            normalizer.append(text, &mut scratch, &mut done.bytes);
        }
        done.lengths.push(done.bytes.len() - before);
        done.valid.push(text.is_some());
    }
    done
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
        let done: Vec<Rows> = if threads <= 1 || tasks.len() < 2 {
            tasks.iter().map(|task| run(normalizer, task)).collect()
        } else {
            batch::pool(threads)?.install(|| tasks.par_iter().map(|task| run(normalizer, task)).collect())
        };
        Ok(assemble(&done, large))
    })?;
    Ok(Some(Column { array }))
}

fn nulls(done: &[Rows]) -> Option<NullBuffer> {
    let valid = || done.iter().flat_map(|rows| &rows.valid).copied();
    (!valid().all(|v| v)).then(|| NullBuffer::from_iter(valid()))
}

fn assemble(done: &[Rows], large: bool) -> ArrayRef {
    let nulls = nulls(done);
    let total: usize = done.iter().map(|rows| rows.bytes.len()).sum();
    let mut bytes = Vec::with_capacity(total);
    done.iter().for_each(|rows| bytes.extend_from_slice(&rows.bytes));
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
