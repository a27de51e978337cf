//! The memory of Python strings, read and written in place. The one file of the door that is `unsafe`.
//!
//! Its safe twin is [`normalize::by_utf8`](super::normalize), which goes through UTF-8; a property in
//! `tests/python/test_normalize.py` holds the two together.

#![allow(unsafe_code, reason = "no safe interface gives the units of a string without a copy")]

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
    match units {
        Units::Latin1(units) => fill(py, units, if units.is_ascii() { 0x7F } else { 0xFF }, |u| u32::from(*u)),
        Units::Ucs2(units) => fill(py, units, widest(units, |u| u32::from(*u)), |u| u32::from(*u)),
        Units::Ucs4(units) => fill(py, units, widest(units, |u| *u), |u| *u),
    }
}

/// The greatest character of the narrowest kind that holds `units`.
fn widest<T>(units: &[T], cp: impl Fn(&T) -> u32) -> u32 {
    let mut limit = 0x7F;
    for wider in [0xFF, 0xFFFF, 0x10_FFFF] {
        if !units.iter().any(|u| cp(u) > limit) {
            break;
        }
        limit = wider;
    }
    limit
}

#[allow(clippy::cast_possible_truncation, reason = "no unit is above the greatest of its kind")]
fn fill<'py, T: Copy>(
    py: Python<'py>,
    units: &[T],
    greatest: u32,
    cp: impl Fn(&T) -> u32,
) -> PyResult<Bound<'py, PyString>> {
    let length = ffi::Py_ssize_t::try_from(units.len()).map_err(|_| PyMemoryError::new_err("text too long"))?;
    #[allow(clippy::cast_possible_truncation, reason = "no unit is above what its kind holds")]
    // SAFETY: PyUnicode_New gives an unshared string with room for `length` units of the kind that `greatest`
    // asks for, and each branch writes just those. No unit is above `greatest`.
    unsafe {
        let object = Bound::from_owned_ptr_or_err(py, ffi::PyUnicode_New(length, greatest))?;
        let data = ffi::PyUnicode_DATA(object.as_ptr());
        match ffi::PyUnicode_KIND(object.as_ptr()) {
            ffi::PyUnicode_1BYTE_KIND => copy(units, data.cast::<u8>(), |u| cp(u) as u8),
            ffi::PyUnicode_2BYTE_KIND => copy(units, data.cast::<u16>(), |u| cp(u) as u16),
            _ => copy(units, data.cast::<u32>(), cp),
        }
        Ok(object.cast_into_unchecked())
    }
}

/// Write `units` to `to`, which has room for them.
unsafe fn copy<T: Copy, U>(units: &[T], to: *mut U, narrow: impl Fn(&T) -> U) {
    for (i, unit) in units.iter().enumerate() {
        // SAFETY: the caller has room for `units.len()` of `U` at `to`.
        unsafe { to.add(i).write(narrow(unit)) };
    }
}
