//! Strings and dates on their way in, values on their way out.

use std::borrow::Cow;

use jiff::civil::Date;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

/// The text of a Python string. A lone surrogate, which no UTF-8 can hold, is read as U+FFFD: one code point for
/// one, so that offsets stay true.
pub fn read<'a>(text: &'a Bound<'_, PyString>) -> Cow<'a, str> {
    match text.to_str() {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(replace_surrogates(text)),
    }
}

fn replace_surrogates(text: &Bound<'_, PyString>) -> String {
    let raw = text.call_method1("encode", ("utf-32-le", "surrogatepass"));
    let raw: Vec<u8> = raw.and_then(|raw| raw.extract()).unwrap_or_default();
    raw.chunks_exact(4)
        .map(|c| char::from_u32(u32::from_le_bytes([c[0], c[1], c[2], c[3]])).unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// A date given as `None`, `"2016-12-08"`, or anything with `isoformat()` (date, datetime, pandas Timestamp).
pub fn read_date(value: Option<&Bound<'_, PyAny>>) -> PyResult<Option<Date>> {
    let Some(value) = value.filter(|v| !v.is_none()) else { return Ok(None) };
    let iso: String = if let Ok(text) = value.cast::<PyString>() {
        text.to_string()
    } else if value.hasattr("isoformat")? {
        value.call_method0("isoformat")?.str()?.to_string()
    } else {
        let kind = value.get_type().name()?;
        return Err(PyTypeError::new_err(format!(
            "published: expected a date, a datetime, an ISO string such as \"2016-12-08\" or None, not {kind}"
        )));
    };
    if iso == "NaT" {
        return Ok(None);
    }
    let day = iso.get(..10).filter(|_| iso.len() == 10 || matches!(iso.as_bytes()[10], b'T' | b' '));
    day.and_then(|day| day.parse().ok()).map(Some).ok_or_else(|| {
        PyValueError::new_err(format!(
            "published: {iso:?} is not a date; write it as YYYY-MM-DD, for example 2016-12-08"
        ))
    })
}

/// A JSON value as Python's own.
pub fn to_python<'py>(py: Python<'py>, value: &serde_json::Value) -> PyResult<Bound<'py, PyAny>> {
    use serde_json::Value;
    Ok(match value {
        Value::Null => py.None().into_bound(py),
        Value::Bool(b) => b.into_pyobject(py)?.to_owned().into_any(),
        Value::Number(n) => match n.as_i64() {
            Some(n) => n.into_pyobject(py)?.into_any(),
            None => n.as_f64().into_pyobject(py)?.into_any(),
        },
        Value::String(s) => s.into_pyobject(py)?.into_any(),
        Value::Array(items) => {
            let list = PyList::empty(py);
            for item in items {
                list.append(to_python(py, item)?)?;
            }
            list.into_any()
        }
        Value::Object(fields) => {
            let dict = PyDict::new(py);
            for (key, item) in fields {
                dict.set_item(key, to_python(py, item)?)?;
            }
            dict.into_any()
        }
    })
}
