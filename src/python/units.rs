//! The memory of Python strings, read and written in place. The one file of the door that is `unsafe`.
//!
//! Its safe twin is [`normalize::by_utf8`](super::normalize), which goes through UTF-8; a property in
//! `tests/python/test_normalize.py` holds the two together.

#![allow(unsafe_code, reason = "no safe interface gives the units of a string without a copy")]

use std::ffi::{c_uint, c_void};

use pyo3::exceptions::PyMemoryError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::script::normalize::Units;

/// The units of a string, as CPython keeps them. Strings never change, so they may be read without the lock too.
pub fn read<'a>(text: &'a Bound<'_, PyString>) -> PyResult<Units<'a>> {
    let object = text.as_ptr();
    // SAFETY: `object` is a string, alive as long as `text` is borrowed. Once ready, its kind says how wide the
    // `length` units at `data` are, and CPython never writes to a string that others can see.
    unsafe {
        if ffi::PyUnicode_READY(object) != 0 {
            return Err(PyErr::fetch(text.py()));
        }
        let length = usize::try_from(ffi::PyUnicode_GET_LENGTH(object)).unwrap_or(0);
        let data = ffi::PyUnicode_DATA(object);
        Ok(match ffi::PyUnicode_KIND(object) {
            ffi::PyUnicode_1BYTE_KIND => Units::Latin1(std::slice::from_raw_parts(data.cast(), length)),
            ffi::PyUnicode_2BYTE_KIND => Units::Ucs2(std::slice::from_raw_parts(data.cast(), length)),
            _ => Units::Ucs4(std::slice::from_raw_parts(data.cast(), length)),
        })
    }
}

/// A new string of these units, in the narrowest kind that holds them, as CPython demands.
pub fn write<'py>(py: Python<'py>, units: Units<'_>) -> PyResult<Bound<'py, PyString>> {
    let (text, blank) = blank(py, units.len(), widest(units))?;
    // SAFETY: the string is alive, of this length, wide enough, and nobody has seen it.
    unsafe { blank.fill(units) };
    Ok(text)
}

/// The greatest character of the narrowest kind that holds `units`.
pub fn widest(units: Units<'_>) -> u32 {
    fn of<T: Copy + Into<u32>>(units: &[T]) -> u32 {
        let kinds = [0x7F, 0xFF, 0xFFFF];
        kinds.into_iter().find(|limit| !units.iter().any(|u| (*u).into() > *limit)).unwrap_or(0x10_FFFF)
    }
    match units {
        Units::Latin1(units) if units.is_ascii() => 0x7F,
        Units::Latin1(_) => 0xFF,
        Units::Ucs2(units) => of(units),
        Units::Ucs4(units) => of(units),
    }
}

/// Where the units of a new string go.
#[derive(Clone, Copy)]
pub struct Blank {
    data: *mut c_void,
    kind: c_uint,
}

// SAFETY: whoever fills a string answers for it.
unsafe impl Send for Blank {}

/// A new string for `length` units, none above `greatest`. It must be filled before anybody sees it.
pub fn blank(py: Python<'_>, length: usize, greatest: u32) -> PyResult<(Bound<'_, PyString>, Blank)> {
    let length = ffi::Py_ssize_t::try_from(length).map_err(|_| PyMemoryError::new_err("text too long"))?;
    // SAFETY: PyUnicode_New gives an unshared string with room for `length` units of the kind that `greatest` asks for.
    unsafe {
        let text = Bound::from_owned_ptr_or_err(py, ffi::PyUnicode_New(length, greatest))?;
        let (data, kind) = (ffi::PyUnicode_DATA(text.as_ptr()), ffi::PyUnicode_KIND(text.as_ptr()));
        Ok((text.cast_into_unchecked(), Blank { data, kind }))
    }
}

impl Blank {
    /// Write the units of the string; the lock is not needed.
    ///
    /// # Safety
    /// The string is alive, nobody else reads or writes it, and it was made for just these units.
    #[allow(clippy::cast_possible_truncation, reason = "no unit is above the greatest of its kind")]
    pub unsafe fn fill(self, units: Units<'_>) {
        /// Write `units` to `to`, which has room for them.
        unsafe fn copy<T: Copy, U>(units: &[T], to: *mut c_void, narrow: impl Fn(T) -> U) {
            for (i, unit) in units.iter().enumerate() {
                // SAFETY: the caller has room for `units.len()` of `U` at `to`.
                unsafe { to.cast::<U>().add(i).write(narrow(*unit)) };
            }
        }
        // SAFETY: the string has room for as many units of its kind.
        unsafe {
            match (self.kind, units) {
                (ffi::PyUnicode_1BYTE_KIND, Units::Latin1(units)) => copy(units, self.data, |u| u),
                (ffi::PyUnicode_1BYTE_KIND, Units::Ucs2(units)) => copy(units, self.data, |u| u as u8),
                (ffi::PyUnicode_1BYTE_KIND, Units::Ucs4(units)) => copy(units, self.data, |u| u as u8),
                (ffi::PyUnicode_2BYTE_KIND, Units::Latin1(units)) => copy(units, self.data, u16::from),
                (ffi::PyUnicode_2BYTE_KIND, Units::Ucs2(units)) => copy(units, self.data, |u| u),
                (ffi::PyUnicode_2BYTE_KIND, Units::Ucs4(units)) => copy(units, self.data, |u| u as u16),
                (_, Units::Latin1(units)) => copy(units, self.data, u32::from),
                (_, Units::Ucs2(units)) => copy(units, self.data, u32::from),
                (_, Units::Ucs4(units)) => copy(units, self.data, |u| u),
            }
        }
    }
}
