//! Columns of strings in Arrow's memory: read in place, normalized outside the lock, handed out without a copy.

#![allow(unsafe_code, reason = "the C data interface of Arrow is made of pointers")]

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi, to_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{Array, ArrayRef, LargeStringArray, StringArray, make_array};
use arrow_buffer::{BooleanBufferBuilder, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};
use rayon::prelude::*;

use crate::batch;
use crate::script::normalize::{Normalizer, Utf8Scratch};

/// Bytes that one task takes, at the least.
const TASK: usize = 1 << 18;

fn refused(error: ArrowError) -> PyErr {
    PyValueError::new_err(format!("the Arrow column cannot be read: {error}"))
}

/// Whether an object can give its memory through Arrow's protocol.
pub fn is_column(object: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(object.hasattr("__arrow_c_stream__")? || object.hasattr("__arrow_c_array__")?)
}

/// The chunks of a column.
fn read(object: &Bound<'_, PyAny>) -> PyResult<Vec<ArrayRef>> {
    if object.hasattr("__arrow_c_stream__")? {
        let capsule = object.call_method0("__arrow_c_stream__")?;
        let capsule = capsule.cast::<PyCapsule>()?;
        let stream = capsule.pointer_checked(Some(c"arrow_array_stream"))?;
        // SAFETY: a capsule of this name holds a stream, by the protocol; taking it leaves a released one there.
        let reader = unsafe { ArrayStreamReader::from_raw(stream.as_ptr().cast::<FFI_ArrowArrayStream>()) };
        return reader.map_err(refused)?.collect::<Result<_, _>>().map_err(refused);
    }
    let pair = object.call_method0("__arrow_c_array__")?;
    let (schema, array): (Bound<'_, PyCapsule>, Bound<'_, PyCapsule>) = pair.extract()?;
    let schema = schema.pointer_checked(Some(c"arrow_schema"))?;
    let array = array.pointer_checked(Some(c"arrow_array"))?;
    // SAFETY: capsules of these names hold a schema and an array, by the protocol. The array is moved out and
    // left released; the schema is only read.
    let data = unsafe {
        let array = FFI_ArrowArray::from_raw(array.as_ptr().cast::<FFI_ArrowArray>());
        from_ffi(array, &*schema.as_ptr().cast::<FFI_ArrowSchema>())
    };
    Ok(vec![make_array(data.map_err(refused)?)])
}

/// Normalized rows, one after the other.
struct Rows {
    bytes: Vec<u8>,
    lengths: Vec<usize>,
}

fn run<'a>(normalizer: &Normalizer, rows: impl Iterator<Item = Option<&'a str>>) -> Rows {
    let mut scratch = Utf8Scratch::default();
    let mut done = Rows { bytes: Vec::new(), lengths: Vec::new() };
    for row in rows {
        let before = done.bytes.len();
        if let Some(text) = row {
            normalizer.append(text, &mut scratch, &mut done.bytes);
        }
        done.lengths.push(done.bytes.len() - before);
    }
    done
}

/// Rows of a chunk from one to another.
fn rows_of(normalizer: &Normalizer, chunk: &ArrayRef, from: usize, to: usize) -> Rows {
    let part = chunk.slice(from, to - from);
    match chunk.data_type() {
        DataType::Utf8 => run(normalizer, part.as_string::<i32>().iter()),
        DataType::LargeUtf8 => run(normalizer, part.as_string::<i64>().iter()),
        _ => run(normalizer, part.as_string_view().iter()),
    }
}

/// Cut the chunks into tasks of some rows each.
fn tasks(chunks: &[ArrayRef], threads: usize) -> Vec<(&ArrayRef, usize, usize)> {
    let mut tasks = Vec::new();
    for chunk in chunks {
        let bytes = chunk.get_buffer_memory_size().max(1);
        let pieces = (bytes / TASK).clamp(1, threads * 8).min(chunk.len().max(1));
        let step = chunk.len().div_ceil(pieces).max(1);
        let mut from = 0;
        while from < chunk.len() {
            let to = (from + step).min(chunk.len());
            tasks.push((chunk, from, to));
            from = to;
        }
    }
    tasks
}

/// Normalize a column.
pub fn normalize(normalizer: &Normalizer, object: &Bound<'_, PyAny>, threads: usize) -> PyResult<Column> {
    let chunks = read(object)?;
    for chunk in &chunks {
        if !matches!(chunk.data_type(), DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) {
            return Err(PyTypeError::new_err(format!("expected a column of strings, not of {}", chunk.data_type())));
        }
    }
    let large = chunks.iter().any(|chunk| *chunk.data_type() == DataType::LargeUtf8);
    let array = object.py().detach(|| -> PyResult<ArrayRef> {
        let tasks = tasks(&chunks, threads);
        let work = |(chunk, from, to): &(&ArrayRef, usize, usize)| rows_of(normalizer, chunk, *from, *to);
        let done: Vec<Rows> = if threads <= 1 || tasks.len() < 2 {
            tasks.iter().map(work).collect()
        } else {
            batch::pool(threads)?.install(|| tasks.par_iter().map(work).collect())
        };
        Ok(assemble(&done, nulls(&chunks), large))
    })?;
    Ok(Column { array })
}

fn nulls(chunks: &[ArrayRef]) -> Option<NullBuffer> {
    if chunks.iter().all(|chunk| chunk.null_count() == 0) {
        return None;
    }
    let mut valid = BooleanBufferBuilder::new(chunks.iter().map(Array::len).sum());
    for chunk in chunks {
        match chunk.nulls() {
            Some(nulls) => valid.append_buffer(nulls.inner()),
            None => valid.append_n(chunk.len(), true),
        }
    }
    Some(NullBuffer::new(valid.finish()))
}

fn assemble(done: &[Rows], nulls: Option<NullBuffer>, large: bool) -> ArrayRef {
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
        let (array, schema) = to_ffi(&self.array.to_data()).map_err(refused)?;
        let schema = PyCapsule::new_with_value(py, schema, c"arrow_schema")?;
        let array = PyCapsule::new_with_value(py, array, c"arrow_array")?;
        PyTuple::new(py, [schema, array])
    }

    fn __len__(&self) -> usize {
        self.array.len()
    }

    /// The strings, `None` where there is none.
    fn to_list(&self) -> Vec<Option<String>> {
        let own = |text: Option<&str>| text.map(str::to_owned);
        match self.array.data_type() {
            DataType::Utf8 => self.array.as_string::<i32>().iter().map(own).collect(),
            _ => self.array.as_string::<i64>().iter().map(own).collect(),
        }
    }

    fn __repr__(&self) -> String {
        format!("<marsad.Column of {} strings>", self.array.len())
    }
}
