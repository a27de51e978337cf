//! Half-open ranges, tagged by what they index.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Range;

/// Tag: bytes of the source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Src {}
/// Tag: bytes of the normalized text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Norm {}

/// A half-open byte range in the coordinate `C` ([`Src`] or [`Norm`]).
///
/// ```
/// use marsad::base::{Span, Src};
/// let span: Span<Src> = Span::new(2, 6);
/// assert_eq!(span.of("بيت"), Some("يت"));
/// ```
pub struct Span<C> {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    tag: PhantomData<C>,
}

impl<C> Span<C> {
    /// A span; `end` below `start` becomes the empty span at `start`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end: if end < start { start } else { end }, tag: PhantomData }
    }
    /// Number of bytes.
    pub const fn len(self) -> u32 {
        self.end - self.start
    }
    /// Whether it holds nothing.
    pub const fn is_empty(self) -> bool {
        self.end == self.start
    }
    /// Whether `other` lies inside (or equals) this span.
    pub const fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
    /// Whether they share a byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
    /// Whether they overlap and neither contains the other.
    pub const fn crosses(self, other: Self) -> bool {
        self.overlaps(other) && !self.contains(other) && !other.contains(self)
    }
    /// As a `usize` range.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
    /// The slice of `text`, or `None` off a boundary.
    pub fn of(self, text: &str) -> Option<&str> {
        text.get(self.range())
    }
    /// The slice of `text`, or the empty string off a boundary.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or("")
    }
}

impl<C> Clone for Span<C> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<C> Copy for Span<C> {}
impl<C> PartialEq for Span<C> {
    fn eq(&self, other: &Self) -> bool {
        self.start == other.start && self.end == other.end
    }
}
impl<C> Eq for Span<C> {}
impl<C> Hash for Span<C> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.start, self.end).hash(state);
    }
}
/// By start, then the longer first: outer spans before inner ones.
impl<C> Ord for Span<C> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.start.cmp(&other.start).then(other.end.cmp(&self.end))
    }
}
impl<C> PartialOrd for Span<C> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<C> fmt::Debug for Span<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}
impl<C> Default for Span<C> {
    fn default() -> Self {
        Self::new(0, 0)
    }
}

/// A half-open range in code points of the source: what Python sees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CharSpan {
    /// First code point.
    pub start: u32,
    /// One past the last code point.
    pub end: u32,
}

/// A place or a count in 32 bits. Texts are shorter; what would not fit is the greatest.
#[inline]
pub(crate) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
