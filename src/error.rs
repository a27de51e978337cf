//! The one error type: opaque, with a kind that callers may match on.
//!
//! A kind is what a caller can act upon; the sentence says what, where and what to do.

use std::fmt;

/// `Result` with Marsad's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, for callers that decide by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A text longer than `u32::MAX` bytes.
    TextTooLong,
    /// A pack made by an incompatible version.
    PackVersion,
    /// A pack that is damaged or is no pack.
    PackCorrupt,
    /// A label that the pack or the scheme does not have.
    UnknownLabel,
    /// An option with a value that is not accepted.
    BadOption,
    /// Data that cannot be read: a corpus line, a lexicon row.
    BadData,
    /// The caller asked to stop.
    Interrupted,
    /// The operating system refused.
    Io,
    /// A defect of Marsad.
    Internal,
}

/// An error with one clear sentence.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: Box<str>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of a kind with its sentence.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into().into_boxed_str(), source: None }
    }

    /// An input/output error, with what was being read or written.
    pub fn io(what: impl fmt::Display, source: std::io::Error) -> Self {
        Self { kind: ErrorKind::Io, message: format!("{what}: {source}").into(), source: Some(Box::new(source)) }
    }

    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|e| e as _)
    }
}
