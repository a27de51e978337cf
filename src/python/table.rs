//! Tables for data frames: columns that other libraries read in place.

use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_array::array::{Array, ArrayRef, Float64Array, Int32Array, Int64Array, StringArray, make_array};
use arrow_data::transform::MutableArrayData;
use arrow_schema::{ArrowError, DataType, SchemaRef};
use pyo3::exceptions::{PyKeyError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyList, PySlice, PyString, PyTuple};

use super::arrow;
use super::text;
use crate::base::LabelSet;
use crate::error::Error;
use crate::table::Batch;

/// A table of mentions, groups, sentences or documents. pandas, Polars, pyarrow and DuckDB read it without a copy.
///
/// >>> import marsad
/// >>> ents = marsad.load().corpus(["زار مدينة درنة في 13 نوفمبر 2014.", "وصل إلى تونس."]).ents
/// >>> len(ents), ents["text"]
/// (3, ['مدينة درنة', '13 نوفمبر 2014', 'تونس'])
/// >>> ents.filter(label="GPE").select("doc_id", "text", "start").to_dicts()
/// [{'doc_id': 0, 'text': 'مدينة درنة', 'start': 4}, {'doc_id': 1, 'text': 'تونس', 'start': 8}]
#[pyclass(frozen, module = "marsad")]
pub struct Table {
    name: &'static str,
    labels: Arc<LabelSet>,
    schema: SchemaRef,
    batches: Vec<RecordBatch>,
}

/// A test on one column.
enum Test {
    Any(Vec<String>),
    AnyNumber(Vec<f64>),
    Null(bool),
}

impl Test {
    /// `None` for an empty cell, a value, or several of which one must fit.
    fn read(column: &str, kind: &DataType, wanted: &Bound<'_, PyAny>, labels: &LabelSet) -> PyResult<Self> {
        if wanted.is_none() {
            return Ok(Self::Null(true));
        }
        let several: Vec<Bound<'_, PyAny>> = if wanted.is_instance_of::<PyString>() {
            vec![wanted.clone()]
        } else {
            match wanted.try_iter() {
                Ok(items) => items.collect::<PyResult<_>>()?,
                Err(_) => vec![wanted.clone()],
            }
        };
        let bad = |value: &Bound<'_, PyAny>, expected: &str| {
            let shown = value.repr().map_or_else(|_| "that".to_owned(), |repr| repr.to_string());
            PyTypeError::new_err(format!("{column}={shown}: expected {expected}"))
        };
        if *kind == DataType::Utf8 {
            if column == "label" {
                text::read_labels(wanted, labels)?;
            }
            let one = |value: &Bound<'_, PyAny>| value.extract().map_err(|_| bad(value, "a string"));
            return Ok(Self::Any(several.iter().map(one).collect::<PyResult<_>>()?));
        }
        let one = |value: &Bound<'_, PyAny>| value.extract().map_err(|_| bad(value, "a number"));
        Ok(Self::AnyNumber(several.iter().map(one).collect::<PyResult<_>>()?))
    }

    #[allow(clippy::cast_precision_loss, reason = "numbers of documents are far below 2^52")]
    fn apply(&self, array: &ArrayRef, keep: &mut [bool]) {
        let any = array.as_any();
        for (row, keep) in keep.iter_mut().enumerate().filter(|(_, keep)| **keep) {
            let number = || {
                let int = any.downcast_ref::<Int32Array>().map(|a| f64::from(a.value(row)));
                let long = || any.downcast_ref::<Int64Array>().map(|a| a.value(row) as f64);
                int.or_else(long).or_else(|| any.downcast_ref::<Float64Array>().map(|a| a.value(row)))
            };
            *keep = match self {
                Self::Null(wanted) => array.is_null(row) == *wanted,
                Self::Any(values) => {
                    let text = any.downcast_ref::<StringArray>().map(|a| a.value(row));
                    array.is_valid(row) && text.is_some_and(|text| values.iter().any(|v| v == text))
                }
                Self::AnyNumber(values) => array.is_valid(row) && number().is_some_and(|n| values.contains(&n)),
            };
        }
    }
}

impl Table {
    pub(super) fn new(name: &'static str, labels: Arc<LabelSet>, schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        let batches = batches.into_iter().filter(|batch| batch.num_rows() > 0).collect();
        Self { name, labels, schema, batches }
    }

    /// Some rows of one batch.
    pub(super) fn of(name: &'static str, labels: &LabelSet, batch: Batch, keep: &[bool]) -> PyResult<Self> {
        let schema = arrow::schema(&batch);
        let batch = arrow::record_batch(batch, &schema).and_then(|batch| take(&batch, keep));
        Ok(Self::new(name, Arc::new(labels.clone()), schema, vec![batch.map_err(|e| arrow::failed(&e))?]))
    }

    fn with(&self, batches: Vec<RecordBatch>) -> Self {
        Self::new(self.name, self.labels.clone(), self.schema.clone(), batches)
    }

    /// How many cells of a column hold something.
    pub(super) fn filled(&self, name: &str) -> PyResult<usize> {
        let column = self.column(name)?;
        Ok(self.batches.iter().map(|batch| batch.column(column)).map(|cells| cells.len() - cells.null_count()).sum())
    }

    fn column(&self, name: &str) -> PyResult<usize> {
        self.schema.index_of(name).map_err(|_| {
            let known: Vec<&str> = self.schema.fields().iter().map(|field| field.name().as_str()).collect();
            PyKeyError::new_err(Error::unknown("column", name, &known).to_string())
        })
    }

    /// The rows from `start` on, at most `count`.
    fn rows(&self, mut start: usize, mut count: usize) -> Self {
        let mut out = Vec::new();
        for batch in &self.batches {
            let skipped = start.min(batch.num_rows());
            let taken = (batch.num_rows() - skipped).min(count);
            if taken > 0 {
                out.push(batch.slice(skipped, taken));
            }
            (start, count) = (start - skipped, count - taken);
        }
        self.with(out)
    }
}

/// The rows of a batch that are to be kept.
fn take(batch: &RecordBatch, keep: &[bool]) -> Result<RecordBatch, ArrowError> {
    let pick = |array: &ArrayRef| {
        let data = array.to_data();
        let mut out = MutableArrayData::new(vec![&data], false, keep.len());
        let mut row = 0;
        while row < keep.len() {
            let run = keep[row..].iter().take_while(|k| **k == keep[row]).count();
            if keep[row] {
                out.try_extend(0, row, row + run)?;
            }
            row += run;
        }
        Ok(make_array(out.freeze()))
    };
    let columns = batch.columns().iter().map(pick).collect::<Result<_, ArrowError>>()?;
    RecordBatch::try_new(batch.schema(), columns)
}

#[pymethods]
impl Table {
    /// The names of the columns.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    fn __len__(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// A column by its name, as a list; with a slice, those rows as a table.
    fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = key.py();
        if let Ok(slice) = key.cast::<PySlice>() {
            let bounds = slice.indices(isize::try_from(self.__len__()).unwrap_or(isize::MAX))?;
            if bounds.step != 1 {
                return Err(PyValueError::new_err("rows of a table are sliced without a step"));
            }
            let start = usize::try_from(bounds.start).unwrap_or(0);
            return Ok(Bound::new(py, self.rows(start, bounds.slicelength))?.into_any());
        }
        let name: String =
            key.extract().map_err(|_| PyTypeError::new_err("a table takes the name of a column or a slice"))?;
        let at = self.column(&name)?;
        let list = PyList::empty(py);
        for batch in &self.batches {
            for row in 0..batch.num_rows() {
                list.append(arrow::cell(py, batch.column(at), row)?)?;
            }
        }
        Ok(list.into_any())
    }

    /// The first rows.
    #[pyo3(signature = (n=10))]
    fn head(&self, n: usize) -> Self {
        self.rows(0, n)
    }

    /// The table with these columns, in this order.
    #[pyo3(signature = (*columns))]
    fn select(&self, columns: &Bound<'_, PyTuple>) -> PyResult<Self> {
        let columns =
            columns.iter().map(|name| self.column(&name.extract::<String>()?)).collect::<PyResult<Vec<_>>>()?;
        let project = |e: ArrowError| arrow::failed(&e);
        let batches =
            self.batches.iter().map(|batch| batch.project(&columns)).collect::<Result<_, _>>().map_err(project)?;
        let schema = self.schema.project(&columns).map_err(project)?;
        Ok(Self::new(self.name, self.labels.clone(), schema.into(), batches))
    }

    /// The rows whose cells are as asked: `filter(label="GPE")`, `filter(label=["PERS", "ORG"], parent=None)`.
    #[pyo3(signature = (**wanted))]
    fn filter(&self, py: Python<'_>, wanted: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let mut tests = Vec::new();
        for (name, value) in wanted.into_iter().flat_map(|wanted| wanted.iter()) {
            let name: String = name.extract()?;
            let at = self.column(&name).map_err(|e| PyTypeError::new_err(e.value(py).to_string()))?;
            tests.push((at, Test::read(&name, self.schema.field(at).data_type(), &value, &self.labels)?));
        }
        let batches = py.detach(|| {
            let one = |batch: &RecordBatch| {
                let mut keep = vec![true; batch.num_rows()];
                tests.iter().for_each(|(at, test)| test.apply(batch.column(*at), &mut keep));
                take(batch, &keep)
            };
            self.batches.iter().map(one).collect::<Result<_, _>>()
        });
        Ok(self.with(batches.map_err(|e| arrow::failed(&e))?))
    }

    /// The rows as dicts.
    fn to_dicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        for batch in &self.batches {
            for row in 0..batch.num_rows() {
                let dict = PyDict::new(py);
                for (field, array) in self.schema.fields().iter().zip(batch.columns()) {
                    dict.set_item(field.name(), arrow::cell(py, array, row)?)?;
                }
                list.append(dict)?;
            }
        }
        Ok(list)
    }

    /// A pandas frame over the same memory (columns of Arrow).
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        frames(slf.py())?.call_method1("to_pandas", (slf,))
    }

    /// A Polars frame over the same memory.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        frames(slf.py())?.call_method1("to_polars", (slf,))
    }

    /// A pyarrow table over the same memory.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        frames(slf.py())?.call_method1("to_arrow", (slf,))
    }

    /// The capsule of the Arrow C stream interface, for libraries that read it.
    #[pyo3(signature = (requested_schema=None))]
    pub(super) fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // A reader must cope with the schema that it gets.
        let _ = requested_schema;
        arrow::to_capsule(py, &self.schema, &self.batches)
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let kind = slf.get().name;
        Err(PyTypeError::new_err(format!(
            "a table of {kind} cannot be pickled; write it with to_arrow(), to_polars() or to_pandas()"
        )))
    }

    fn _repr_html_(slf: &Bound<'_, Self>) -> PyResult<String> {
        frames(slf.py())?.call_method1("to_html", (slf,))?.extract()
    }

    fn __repr__(&self) -> String {
        format!("<marsad.Table of {} {}: {}>", self.__len__(), self.name, self.columns().join(", "))
    }
}

pub(super) fn frames(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    py.import("marsad._frames")
}
