//! Strings and dates on their way in, values on their way out.

use std::borrow::Cow;

use jiff::civil::Date;
use pyo3::exceptions::{PyTypeError, PyUserWarning, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyList, PyString};
use serde::Serialize;
use serde_json::Value;

use super::units;
use crate::base::{Label, LabelSet};
use crate::error::Error;
use crate::script::normalize::Units;

/// The string that a caller must give.
pub fn expect_text<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyString>> {
    value.cast::<PyString>().cloned().map_err(|_| {
        let kind = value.get_type().name().map_or_else(|_| "that".to_owned(), |name| name.to_string());
        let has = |name: &str| value.hasattr(name).unwrap_or(false);
        let hint = if has("read_text") {
            "; read the file: path.read_text(encoding=\"utf-8\")"
        } else if has("decode") {
            "; decode it: data.decode(\"utf-8\")"
        } else if has("__iter__") {
            "; for many texts use nlp.pipe or nlp.corpus"
        } else {
            ""
        };
        PyTypeError::new_err(format!("text: expected a string, not {kind}{hint}"))
    })
}

/// The text of a Python string, by way of the UTF-8 that Python keeps in it: the safe twin of [`push_utf8`].
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

/// Warn where the text is the name of a file rather than what stands in it.
pub fn warn_of_path(py: Python<'_>, text: &str) -> PyResult<()> {
    let named =
        text.len() < 300 && [".txt", ".md", ".html", ".json", ".jsonl", ".csv"].iter().any(|e| text.ends_with(e));
    if !named || !std::path::Path::new(text).is_file() {
        return Ok(());
    }
    let message = "the text is the name of a file, not what stands in it: read the file first, \
                   for example with pathlib.Path(name).read_text(encoding=\"utf-8\")";
    let message = std::ffi::CString::new(message)?;
    PyErr::warn(py, &py.get_type::<PyUserWarning>(), &message, 1)
}

/// Append a Python string as UTF-8. A lone surrogate, which no UTF-8 can hold, is read as U+FFFD: one code point for
/// one, so that offsets stay true. Unlike `to_str`, this leaves no second copy in the string.
pub fn push_utf8(text: &Bound<'_, PyString>, out: &mut String) -> PyResult<()> {
    let decode = |code: u32| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    match units::read(text)? {
        Units::Latin1(units) => match std::str::from_utf8(units) {
            Ok(ascii) if ascii.is_ascii() => out.push_str(ascii),
            _ => out.extend(units.iter().map(|u| char::from(*u))),
        },
        Units::Ucs2(units) => {
            out.reserve(units.len() * 2);
            out.extend(units.iter().map(|u| decode(u32::from(*u))));
        }
        Units::Ucs4(units) => out.extend(units.iter().map(|u| decode(*u))),
    }
    Ok(())
}

/// The days of publication of a stream of texts.
pub enum Dates {
    /// The same for all.
    One(Option<Date>),
    /// One a text.
    Each(Py<PyIterator>),
}

impl Dates {
    /// `None`, a date, or an iterable of dates.
    pub fn read(value: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let Some(value) = value.filter(|v| !v.is_none()) else { return Ok(Self::One(None)) };
        if value.is_instance_of::<PyString>() || value.hasattr("isoformat")? {
            return Ok(Self::One(read_date(Some(value))?));
        }
        match value.try_iter() {
            Ok(dates) => Ok(Self::Each(dates.unbind())),
            Err(_) => Ok(Self::One(read_date(Some(value))?)),
        }
    }

    /// The date of the next text.
    pub fn next(&self, py: Python<'_>) -> PyResult<Option<Date>> {
        match self {
            Self::One(date) => Ok(*date),
            Self::Each(dates) => match dates.bind(py).clone().next() {
                Some(date) => read_date(Some(&date?)),
                None => Err(PyValueError::new_err("published has fewer dates than there are texts")),
            },
        }
    }
}

/// A label of a set, or an iterable of such.
pub fn read_labels(value: &Bound<'_, PyAny>, known: &LabelSet) -> PyResult<Vec<Label>> {
    let one = |value: &Bound<'_, PyAny>| -> PyResult<Label> {
        let name: String = value.extract()?;
        known.get(&name).ok_or_else(|| {
            let names: Vec<&str> = known.names().iter().map(String::as_str).collect();
            PyErr::from(Error::unknown("label", &name, &names))
        })
    };
    if value.is_instance_of::<PyString>() {
        return Ok(vec![one(value)?]);
    }
    value.try_iter()?.map(|item| one(&item?)).collect()
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

/// What writes itself as JSON as Python's own.
pub fn to_python<'py>(py: Python<'py>, value: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    from_json(py, &serde_json::to_value(value).unwrap_or_default())
}

fn from_json<'py>(py: Python<'py>, value: &Value) -> PyResult<Bound<'py, PyAny>> {
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
                list.append(from_json(py, item)?)?;
            }
            list.into_any()
        }
        Value::Object(fields) => {
            let dict = PyDict::new(py);
            for (key, item) in fields {
                dict.set_item(key, from_json(py, item)?)?;
            }
            dict.into_any()
        }
    })
}
