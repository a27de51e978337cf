//! Tags: outside, beginning and inside of each label.

/// A tag of a [`Tags`].
pub type Tag = u8;
/// Outside.
pub const O: Tag = 0;
/// Labels whose tags fit a byte with room to spare.
pub const MAX_LABELS: u8 = 100;

/// The tags of so many labels: 0 is outside, then all that begin a label, then all that continue one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tags(pub u8);

/// A run of tokens with a label, in the order of a tag sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Run {
    /// First token.
    pub from: usize,
    /// One past the last token.
    pub to: usize,
    /// Its label.
    pub label: u8,
}

impl Tags {
    /// How many labels.
    pub const fn labels(self) -> usize {
        self.0 as usize
    }
    /// How many tags.
    pub const fn len(self) -> usize {
        1 + 2 * self.labels()
    }
    /// Whether there is no label.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// The tag that begins a label.
    pub const fn begin(self, label: u8) -> Tag {
        1 + label
    }
    /// The tag that continues a label.
    pub const fn inside(self, label: u8) -> Tag {
        1 + self.0 + label
    }
    /// Whether the tag continues a mention.
    pub const fn is_inside(self, tag: Tag) -> bool {
        tag > self.0
    }
    /// 0 for outside, else 1 + the label.
    pub const fn group(self, tag: Tag) -> usize {
        (if tag > self.0 { tag - self.0 } else { tag }) as usize
    }
    /// Scores are kept in rows of two halves, padded so that wide steps have no remainder: outside and the beginnings,
    /// each in the column of its group, then what continues the same group. So many columns has a half.
    pub const fn half(self) -> usize {
        (self.labels() + 1).next_multiple_of(8)
    }
    /// How many columns a row of scores has.
    pub const fn columns(self) -> usize {
        2 * self.half()
    }
    /// The column of a tag.
    pub const fn column(self, tag: Tag) -> usize {
        self.group(tag) + if self.is_inside(tag) { self.half() } else { 0 }
    }
    /// The runs of a tag sequence.
    ///
    /// ```
    /// use marsad::detect::tagger::tags::{Run, Tags};
    /// let tags = Tags(21);
    /// let found: Vec<Run> = tags.runs(&[0, tags.begin(4), tags.inside(4), tags.begin(4)]).collect();
    /// assert_eq!(found, [Run { from: 1, to: 3, label: 4 }, Run { from: 3, to: 4, label: 4 }]);
    /// ```
    pub fn runs(self, tags: &[Tag]) -> impl Iterator<Item = Run> + '_ {
        let mut at = 0;
        std::iter::from_fn(move || {
            while let Some(&tag) = tags.get(at) {
                let from = at;
                at += 1;
                if let Some(label) = self.group(tag).checked_sub(1).and_then(|l| u8::try_from(l).ok()) {
                    while tags.get(at).is_some_and(|next| *next == self.inside(label)) {
                        at += 1;
                    }
                    return Some(Run { from, to: at, label });
                }
            }
            None
        })
    }
}
