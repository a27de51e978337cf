//! The only door between a text and a text made from it.
//!
//! Where units only went, an [`Alignment`] keeps a bit for each unit and a running count. Any other change makes it
//! keep the changes themselves, eight bytes each, with the running position sampled now and then.
//! What lies between two changes maps unit for unit. The unit is whatever the builder counted: bytes in the
//! core, code points at the door to Python.

mod build;
mod gone;

use super::span::{Norm, Span, Src};
use crate::error::{Error, ErrorKind, Result};

pub use build::AlignmentBuilder;
use gone::Gone;

/// Changes between two samples of the running position.
const STEP: usize = 32;

/// Which side to take when a boundary falls inside a change or beside removed text.
///
/// ```
/// use marsad::base::{AlignmentBuilder, Snap};
/// // "a--b" became "ab": two units went.
/// let mut builder = AlignmentBuilder::default();
/// builder.keep(1);
/// builder.replace(2, 0);
/// builder.keep(1);
/// let map = builder.finish();
/// assert_eq!(map.original_range(0, 1, Snap::Inner), (0, 1));
/// assert_eq!(map.original_range(0, 1, Snap::Outer), (0, 3));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Snap {
    /// Only what surely belongs: removed text at the edges stays out, a half-covered change too.
    Inner,
    /// All that may belong: removed text at the edges comes in, a half-covered change as a whole.
    #[default]
    Outer,
}

/// A change, packed. Lengths of `u16::MAX` both mean: look in the list of wide ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Packed {
    at: u32,
    removed: u16,
    added: u16,
}

/// A change too long for [`Packed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Wide {
    index: usize,
    removed: u32,
    added: u32,
}

/// A change with its place on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Edit {
    /// Where it begins in the original.
    pub original_start: u32,
    /// Where it ends in the original.
    pub original_end: u32,
    /// Where it begins in the new text.
    pub normalized_start: u32,
    /// Where it ends in the new text.
    pub normalized_end: u32,
}

#[derive(Clone, Copy)]
enum Side {
    Original,
    Normalized,
}

impl Edit {
    /// Start and end on `side`, then on the other.
    fn seen_from(&self, side: Side) -> [u32; 4] {
        let original = [self.original_start, self.original_end];
        let normalized = [self.normalized_start, self.normalized_end];
        let ([a, b], [c, d]) = match side {
            Side::Original => (original, normalized),
            Side::Normalized => (normalized, original),
        };
        [a, b, c, d]
    }
}

/// How the positions of two texts correspond.
///
/// ```
/// use marsad::base::{AlignmentBuilder, Snap, Span};
/// // "كتــاب" became "كتاب": two tatweels of two bytes went at byte 4.
/// let mut builder = AlignmentBuilder::default();
/// builder.keep(4);
/// builder.replace(4, 0);
/// builder.keep(4);
/// let map = builder.finish();
/// assert_eq!(map.to_original(Span::new(4, 8), Snap::Inner), Span::new(8, 12));
/// assert_eq!(map.to_normalized(Span::new(0, 12), Snap::Outer), Span::new(0, 8));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    /// The removals, as long as there is no other change; then none.
    gone: Gone,
    /// All changes, once one of them is no removal; none before.
    edits: Vec<Packed>,
    /// The normalized position where every `STEP`th change begins.
    samples: Vec<u32>,
    wide: Vec<Wide>,
    original_len: u32,
    normalized_len: u32,
}

impl Alignment {
    /// The alignment of a text with itself.
    pub fn identity(len: u32) -> Self {
        Self { original_len: len, normalized_len: len, ..Self::default() }
    }
    /// Whether positions are the same on both sides.
    pub fn is_identity(&self) -> bool {
        self.edits.is_empty() && self.gone.is_empty()
    }
    /// Units of the original.
    pub fn original_len(&self) -> u32 {
        self.original_len
    }
    /// Units of the new text.
    pub fn normalized_len(&self) -> u32 {
        self.normalized_len
    }

    /// The changes in order. A unit that became another single unit is no change.
    pub fn edits(&self) -> impl Iterator<Item = Edit> + '_ {
        self.removals().chain(self.edits_from(0))
    }

    /// The runs of removed units, when there is no other change.
    fn removals(&self) -> impl Iterator<Item = Edit> + '_ {
        let (mut done, mut removed) = (0, 0);
        std::iter::from_fn(move || {
            let (start, end) = self.gone.next_run(done)?;
            let at = start - removed;
            removed += end - start;
            done = end;
            Some(Edit { original_start: start, original_end: end, normalized_start: at, normalized_end: at })
        })
    }

    fn lengths(&self, index: usize) -> (u32, u32) {
        match self.edits.get(index) {
            Some(e) if e.removed == u16::MAX && e.added == u16::MAX => {
                let at = self.wide.partition_point(|w| w.index < index);
                self.wide.get(at).map_or((0, 0), |w| (w.removed, w.added))
            }
            Some(e) => (u32::from(e.removed), u32::from(e.added)),
            None => (0, 0),
        }
    }

    fn edits_from(&self, block: usize) -> impl Iterator<Item = Edit> + '_ {
        let first = block * STEP;
        let mut original = self.edits.get(first).map_or(0, |e| e.at);
        let mut normalized = self.samples.get(block).copied().unwrap_or(0);
        self.edits.iter().enumerate().skip(first).map(move |(index, packed)| {
            let (removed, added) = self.lengths(index);
            let start = normalized + (packed.at - original);
            original = packed.at + removed;
            normalized = start + added;
            Edit {
                original_start: packed.at,
                original_end: original,
                normalized_start: start,
                normalized_end: normalized,
            }
        })
    }

    /// The least and the greatest position of the other side that correspond to `at` on `side`.
    fn bounds(&self, at: u32, side: Side) -> (u32, u32) {
        if !self.gone.is_empty() {
            return match side {
                Side::Original => (self.gone.rank(at), self.gone.rank(at)),
                Side::Normalized => {
                    let low = at.checked_sub(1).map_or(0, |before| self.gone.select(before) + 1);
                    let high = if at == self.normalized_len { self.original_len } else { self.gone.select(at) };
                    (low, high)
                }
            };
        }
        let blocks = match side {
            Side::Original => partition(self.samples.len(), |i| self.edits.get(i * STEP).is_some_and(|e| e.at < at)),
            Side::Normalized => self.samples.partition_point(|&start| start < at),
        };
        let mut before = (0, 0);
        let mut found: Option<(u32, u32)> = None;
        for edit in self.edits_from(blocks.saturating_sub(1)) {
            let [start, end, other_start, other_end] = edit.seen_from(side);
            if start > at {
                break;
            }
            before = (end, other_end);
            if end < at {
                continue;
            }
            let low = if at > start && at == end { other_end } else { other_start };
            let high = if at == start && start < end { other_start } else { other_end };
            found = Some(found.map_or((low, high), |(first, _)| (first, high)));
        }
        found.unwrap_or_else(|| {
            let same = before.1 + (at - before.0);
            (same, same)
        })
    }

    fn map(&self, start: u32, end: u32, snap: Snap, side: Side) -> (u32, u32) {
        let len = match side {
            Side::Original => self.original_len,
            Side::Normalized => self.normalized_len,
        };
        let start = start.min(len);
        let end = end.clamp(start, len);
        let (from, to) = (self.bounds(start, side), self.bounds(end, side));
        match snap {
            Snap::Outer => (from.0, to.1),
            Snap::Inner => (from.1.min(to.0), to.0),
        }
    }

    /// What of the original stands for `start..end` of the new text, in plain units.
    pub fn original_range(&self, start: u32, end: u32, snap: Snap) -> (u32, u32) {
        self.map(start, end, snap, Side::Normalized)
    }
    /// What of the new text stands for `start..end` of the original, in plain units.
    pub fn normalized_range(&self, start: u32, end: u32, snap: Snap) -> (u32, u32) {
        self.map(start, end, snap, Side::Original)
    }
    /// A span of the new text in the original.
    pub fn to_original(&self, span: Span<Norm>, snap: Snap) -> Span<Src> {
        let (start, end) = self.original_range(span.start, span.end, snap);
        Span::new(start, end)
    }
    /// A span of the original in the new text.
    pub fn to_normalized(&self, span: Span<Src>, snap: Snap) -> Span<Norm> {
        let (start, end) = self.normalized_range(span.start, span.end, snap);
        Span::new(start, end)
    }

    /// The alignment of the original with what `next` makes of the new text.
    ///
    /// ```
    /// use marsad::base::{AlignmentBuilder, Snap};
    /// let drop_first = |len: u32| {
    ///     let mut builder = AlignmentBuilder::default();
    ///     builder.replace(1, 0);
    ///     builder.keep(len - 1);
    ///     builder.finish()
    /// };
    /// let both = drop_first(5).then(&drop_first(4)).unwrap();
    /// assert_eq!(both.original_range(0, 3, Snap::Inner), (2, 5));
    /// ```
    pub fn then(&self, next: &Self) -> Result<Self> {
        if self.normalized_len != next.original_len {
            return Err(Error::new(
                ErrorKind::BadOption,
                format!(
                    "the first alignment ends in {} units and the second begins with {}: they are not of the same text",
                    self.normalized_len, next.original_len
                ),
            ));
        }
        if next.is_identity() {
            return Ok(self.clone());
        }
        let mut out = AlignmentBuilder::default();
        let mut first = self.edits().peekable();
        let mut second = next.edits().peekable();
        // All places are in the text between the two; a change that is empty there stands before one that is not.
        let key = |start: u32, end: u32| (start, start < end);
        let mut done = 0;
        loop {
            let a = first.peek().map(|e| key(e.normalized_start, e.normalized_end));
            let b = second.peek().map(|e| key(e.original_start, e.original_end));
            let Some((start, _)) = a.into_iter().chain(b).min() else { break };
            let one = match (a, b) {
                (Some(a), Some(b)) => a <= b,
                (a, _) => a.is_some(),
            };
            let (mut end, mut removed, mut added) = (start, 0i64, 0i64);
            let mut is_first = one;
            loop {
                if is_first && let Some(e) = first.next() {
                    end = end.max(e.normalized_end);
                    removed += growth(e.normalized_start..e.normalized_end, e.original_start..e.original_end);
                } else if !is_first && let Some(e) = second.next() {
                    end = end.max(e.original_end);
                    added += growth(e.original_start..e.original_end, e.normalized_start..e.normalized_end);
                }
                // Strictly inside, or a removal and an addition at one point.
                let inside = |from: u32, to: u32| from < end || (start == end && to == end);
                is_first = first.peek().is_some_and(|e| inside(e.normalized_start, e.normalized_end));
                if !is_first && !second.peek().is_some_and(|e| inside(e.original_start, e.original_end)) {
                    break;
                }
            }
            let width = i64::from(end - start);
            out.keep(start - done);
            out.replace(unit(width + removed), unit(width + added));
            done = end;
        }
        out.keep(self.normalized_len - done);
        Ok(out.finish())
    }
}

impl Alignment {
    /// The same alignment counted in code points, when this one counts the bytes of the two texts.
    ///
    /// ```
    /// use marsad::base::{AlignmentBuilder, Snap};
    /// let mut builder = AlignmentBuilder::default();
    /// builder.replace(2, 0);
    /// builder.keep(4);
    /// let chars = builder.finish().in_chars("ـبت", "بت");
    /// assert_eq!(chars.original_range(0, 2, Snap::Inner), (1, 3));
    /// ```
    pub fn in_chars(&self, original: &str, normalized: &str) -> Self {
        let count = |text: &str, start: u32, end: u32| {
            let part = text.get(start as usize..end as usize).unwrap_or("");
            u32::try_from(part.chars().count()).unwrap_or(u32::MAX)
        };
        let mut out = AlignmentBuilder::default();
        let mut done = 0;
        for e in self.edits() {
            out.keep(count(original, done, e.original_start));
            out.replace(
                count(original, e.original_start, e.original_end),
                count(normalized, e.normalized_start, e.normalized_end),
            );
            done = e.original_end;
        }
        out.keep(count(original, done, self.original_len));
        out.finish()
    }
}

fn partition(len: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, len);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

fn growth(from: std::ops::Range<u32>, to: std::ops::Range<u32>) -> i64 {
    i64::from(to.end - to.start) - i64::from(from.end - from.start)
}

fn unit(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(0)
}
