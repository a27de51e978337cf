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

    /// An option with a name that is not among the known ones: the near miss, and all that are accepted.
    ///
    /// ```
    /// let error = marsad::error::Error::unknown("label", "GPA", &["PERS", "GPE"]);
    /// assert_eq!(error.to_string(), "there is no label \"GPA\"; did you mean GPE? The labels are PERS, GPE");
    /// ```
    pub fn unknown(what: &str, name: &str, known: &[&str]) -> Self {
        let near = near(name, known).map_or(".".to_owned(), |near| format!("; did you mean {near}?"));
        let message = format!("there is no {what} {name:?}{near} The {what}s are {}", known.join(", "));
        Self::new(ErrorKind::BadOption, message)
    }

    /// What kind of error this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

/// The known name that `name` is most likely meant for: one that begins alike, or differs by few letters.
fn near<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let given: Vec<char> = name.to_lowercase().chars().collect();
    let distance = |other: &str| {
        let other: Vec<char> = other.to_lowercase().chars().collect();
        if given.len().min(other.len()) > 2 && (other.starts_with(&given) || given.starts_with(&other)) {
            return 1;
        }
        let mut row: Vec<usize> = (0..=other.len()).collect();
        for (i, x) in given.iter().enumerate() {
            let mut corner = i;
            row[0] = i + 1;
            for (j, y) in other.iter().enumerate() {
                let change = corner + usize::from(x != y);
                corner = row[j + 1];
                row[j + 1] = change.min(corner + 1).min(row[j] + 1);
            }
        }
        row[other.len()]
    };
    known.iter().map(|k| (distance(k), *k)).filter(|(d, k)| *d <= 2 && *d * 2 <= k.len()).min().map(|(_, k)| k)
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
