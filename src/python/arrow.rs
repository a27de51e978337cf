//! Arrow columns in and out, through the capsules of the C data interface.

#![allow(
    unsafe_code,
    reason = "structures of the C data interface are taken over from other libraries, texts not validated twice"
)]

use std::ffi::CStr;
use std::sync::Arc;

use arrow_array::array::{Array, ArrayRef, LargeStringArray, StringArray, StringViewArray, make_array};
use arrow_array::array::{Float64Array, Int32Array, Int64Array};
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{RecordBatch, RecordBatchIterator};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use pyo3::exceptions::{PyRuntimeError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};

use crate::table::{Batch, Column, Kind, Texts, Values};

const STREAM: &CStr = c"arrow_array_stream";
const ARRAY: &CStr = c"arrow_array";
const SCHEMA: &CStr = c"arrow_schema";

pub(super) fn failed(error: &ArrowError) -> PyErr {
    PyRuntimeError::new_err(format!("Arrow: {error}"))
}

/// The schema of batches like this one.
pub(super) fn schema(batch: &Batch) -> SchemaRef {
    let field = |column: &Column| {
        let kind = match column.kind() {
            Kind::Int => DataType::Int32,
            Kind::Long => DataType::Int64,
            Kind::Real => DataType::Float64,
            Kind::Text => DataType::Utf8,
        };
        Field::new(column.name, kind, true)
    };
    Arc::new(Schema::new(batch.columns.iter().map(field).collect::<Vec<_>>()))
}

/// Hand a batch over without copying its cells.
pub(super) fn record_batch(batch: Batch, schema: &SchemaRef) -> Result<RecordBatch, ArrowError> {
    let rows = batch.rows;
    let arrays = batch.columns.into_iter().map(|column| {
        let nulls = column.valid.map(|bits| NullBuffer::new(BooleanBuffer::new(Buffer::from_vec(bits), 0, rows)));
        Ok(match column.values {
            Values::Int(cells) => Arc::new(Int32Array::try_new(cells.into(), nulls)?) as ArrayRef,
            Values::Long(cells) => Arc::new(Int64Array::try_new(cells.into(), nulls)?),
            Values::Real(cells) => Arc::new(Float64Array::try_new(cells.into(), nulls)?),
            Values::Text(cells) => Arc::new(texts(cells, nulls)?),
        })
    });
    RecordBatch::try_new(schema.clone(), arrays.collect::<Result<_, ArrowError>>()?)
}

/// Texts as an array, without reading all of them again to see that they are UTF-8.
fn texts(cells: Texts, nulls: Option<NullBuffer>) -> Result<StringArray, ArrowError> {
    let wrong = |what: &str| ArrowError::InvalidArgumentError(what.to_owned());
    if nulls.as_ref().is_some_and(|nulls| nulls.len() != cells.len()) {
        return Err(wrong("a column of texts has not as many as it should"));
    }
    let (ends, text) = cells.into_parts().ok_or_else(|| wrong("a column of texts has more than two gigabytes"))?;
    let (offsets, bytes) = (OffsetBuffer::new(ScalarBuffer::from(ends)), Buffer::from_vec(text.into_bytes()));
    // SAFETY: a `String` is UTF-8, and `Texts` were only ever appended to it, so that it is cut between its characters and
    // within its length; that the offsets do not fall, `OffsetBuffer::new` has seen; and there is a bit of `nulls` for each text.
    Ok(unsafe { StringArray::new_unchecked(offsets, bytes, nulls) })
}

/// The batches with one more column of whole numbers, a number a row.
pub(super) fn with_column(
    schema: &SchemaRef,
    batches: &[RecordBatch],
    name: &str,
    mut cells: impl Iterator<Item = Option<i32>>,
) -> Result<(SchemaRef, Vec<RecordBatch>), ArrowError> {
    let fields = schema.fields().iter().cloned();
    let field = Arc::new(Field::new(name, DataType::Int32, true));
    let schema = Arc::new(Schema::new(fields.chain([field]).collect::<Vec<_>>()));
    let batches = batches.iter().map(|batch| {
        let column: Int32Array = cells.by_ref().take(batch.num_rows()).collect();
        let columns = batch.columns().iter().cloned().chain([Arc::new(column) as ArrayRef]);
        RecordBatch::try_new(schema.clone(), columns.collect())
    });
    let batches = batches.collect::<Result<_, ArrowError>>()?;
    Ok((schema, batches))
}

/// Batches as a capsule that any Arrow library reads.
pub(super) fn to_capsule<'py>(
    py: Python<'py>,
    schema: &SchemaRef,
    batches: &[RecordBatch],
) -> PyResult<Bound<'py, PyCapsule>> {
    let batches: Vec<Result<RecordBatch, ArrowError>> = batches.iter().cloned().map(Ok).collect();
    let reader = RecordBatchIterator::new(batches, schema.clone());
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
}

/// The chunks of an Arrow column, when `value` is one: a pandas or Polars series, an array of pyarrow.
///
/// `None` when it has no capsule or refuses to make one.
pub(super) fn chunks(value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<ArrayRef>>> {
    if value.hasattr("__arrow_c_stream__")? {
        let Ok(capsule) = value.call_method0("__arrow_c_stream__") else { return Ok(None) };
        let capsule = capsule.cast_into::<PyCapsule>().map_err(PyErr::from)?;
        let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
        // SAFETY: the name of the capsule says what it holds; `from_raw` leaves an empty stream behind, so that the
        // capsule releases nothing twice.
        let reader = unsafe { ArrayStreamReader::from_raw(pointer.as_ptr()) }.map_err(|e| failed(&e))?;
        return reader.collect::<Result<_, ArrowError>>().map(Some).map_err(|e| failed(&e));
    }
    if value.hasattr("__arrow_c_array__")? {
        let Ok(pair) = value.call_method0("__arrow_c_array__") else { return Ok(None) };
        let pair = pair.cast_into::<PyTuple>().map_err(PyErr::from)?;
        let (schema, array) = (pair.get_item(0)?, pair.get_item(1)?);
        let (schema, array) = (schema.cast::<PyCapsule>()?, array.cast::<PyCapsule>()?);
        let schema = schema.pointer_checked(Some(SCHEMA))?.cast::<FFI_ArrowSchema>();
        let array = array.pointer_checked(Some(ARRAY))?.cast::<FFI_ArrowArray>();
        // SAFETY: as above; the schema is only read while its capsule is alive.
        let data = unsafe { from_ffi(FFI_ArrowArray::from_raw(array.as_ptr()), schema.as_ref()) };
        return Ok(Some(vec![make_array(data.map_err(|e| failed(&e))?)]));
    }
    Ok(None)
}

/// A chunk of texts, in any of the three layouts of Arrow.
#[derive(Clone, Debug)]
pub(super) enum Strings {
    Plain(StringArray),
    Large(LargeStringArray),
    View(StringViewArray),
}

impl Strings {
    pub fn of(array: &ArrayRef) -> Option<Self> {
        let any = array.as_any();
        let plain = any.downcast_ref::<StringArray>().cloned().map(Self::Plain);
        let large = || any.downcast_ref::<LargeStringArray>().cloned().map(Self::Large);
        let view = || any.downcast_ref::<StringViewArray>().cloned().map(Self::View);
        plain.or_else(large).or_else(view)
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Plain(array) => array.len(),
            Self::Large(array) => array.len(),
            Self::View(array) => array.len(),
        }
    }

    /// A text, or `None` where there is none.
    pub fn get(&self, row: usize) -> Option<&str> {
        match self {
            Self::Plain(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Self::View(array) => array.is_valid(row).then(|| array.value(row)),
        }
    }
}

/// The texts of an Arrow column; `None` when it is no column of texts.
pub(super) fn strings(value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<Strings>>> {
    let Some(chunks) = chunks(value)? else { return Ok(None) };
    if let Some(odd) = chunks.iter().find(|chunk| Strings::of(chunk).is_none()) {
        let kind = odd.data_type();
        if matches!(kind, DataType::Struct(_)) {
            return Err(PyTypeError::new_err(
                "expected a column of texts, not a whole table: choose one, as df[\"body\"]",
            ));
        }
        if matches!(kind, DataType::Dictionary(..) | DataType::Null) {
            return Ok(None);
        }
        return Err(PyTypeError::new_err(format!("expected a column of texts, not of {kind}")));
    }
    Ok(Some(chunks.iter().filter_map(Strings::of).collect()))
}

/// A cell as Python's own value.
pub(super) fn cell<'py>(py: Python<'py>, array: &ArrayRef, row: usize) -> PyResult<Bound<'py, PyAny>> {
    if array.is_null(row) {
        return Ok(py.None().into_bound(py));
    }
    let any = array.as_any();
    Ok(if let Some(a) = any.downcast_ref::<StringArray>() {
        a.value(row).into_pyobject(py)?.into_any()
    } else if let Some(a) = any.downcast_ref::<Int32Array>() {
        a.value(row).into_pyobject(py)?.into_any()
    } else if let Some(a) = any.downcast_ref::<Int64Array>() {
        a.value(row).into_pyobject(py)?.into_any()
    } else if let Some(a) = any.downcast_ref::<Float64Array>() {
        a.value(row).into_pyobject(py)?.into_any()
    } else {
        return Err(PyValueError::new_err("a column of an unknown kind"));
    })
}
