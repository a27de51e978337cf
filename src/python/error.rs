//! Each kind of error becomes the Python class that a caller would catch.

use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyKeyboardInterrupt, PyOSError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;

use crate::error::{Error, ErrorKind};

create_exception!(marsad, MarsadError, PyException, "Base of Marsad's own errors.");
create_exception!(marsad, PackError, MarsadError, "A pack is damaged, or of another version.");
create_exception!(marsad, DataError, MarsadError, "A corpus, lexicon or label set cannot be read.");

impl From<Error> for PyErr {
    fn from(error: Error) -> Self {
        let sentence = error.to_string();
        match error.kind() {
            ErrorKind::PackVersion | ErrorKind::PackCorrupt => PackError::new_err(sentence),
            ErrorKind::UnknownLabel | ErrorKind::BadData => DataError::new_err(sentence),
            ErrorKind::Interrupted => PyKeyboardInterrupt::new_err(sentence),
            ErrorKind::Internal => PyRuntimeError::new_err(sentence),
            ErrorKind::TextTooLong | ErrorKind::BadOption => PyValueError::new_err(sentence),
            ErrorKind::Io => {
                // With its number Python picks FileNotFoundError, PermissionError and their like.
                let number = std::error::Error::source(&error)
                    .and_then(|e| e.downcast_ref::<std::io::Error>())
                    .and_then(std::io::Error::raw_os_error);
                match number {
                    Some(number) => PyOSError::new_err((number, sentence)),
                    None => PyOSError::new_err(sentence),
                }
            }
        }
    }
}
