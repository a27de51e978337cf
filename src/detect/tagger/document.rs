//! The document pass: what the first pass said of the same words elsewhere in the text.

use rustc_hash::FxHashMap;

use super::features::{Feature, Gist, document_feature};
use super::tags::{O, Tag, Tags};

/// Counts of the tags of each naming word of a text. Reused.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    slots: FxHashMap<u64, u32>,
    /// The slot of each token, or `NONE`.
    of: Vec<u32>,
    /// How often each slot stands in the text, and how often in a mention.
    totals: Vec<[u32; 2]>,
    /// A row a slot: how often as each tag.
    counts: Vec<u32>,
    /// What is known of each token.
    known: Vec<Elsewhere>,
}

const NONE: u32 = u32::MAX;

/// What is known of a token from elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// The most frequent label, plus 1; 0 when it is never in a mention.
    group: u8,
    /// How much of it: 2 all, 1 half or more, 0 less.
    share: u8,
    /// Whether it mostly continues mentions.
    inside: bool,
    /// How often it stands elsewhere, at most 3; 0 when nothing is known.
    total: u8,
}

/// How many numbers of one kind [`Elsewhere`] has for so many tags.
const fn states(tags: Tags) -> usize {
    (tags.labels() + 1) * 32
}

/// How many numbers [`Memory::each_number`] may give.
pub const fn numbers(tags: Tags) -> usize {
    4 * states(tags)
}

/// The number of a token of which the document says nothing: how the first pass sees all of them.
pub const UNKNOWN: usize = 0;

/// Whether a number takes the place of [`UNKNOWN`]: each token has one such.
pub const fn replaces_unknown(tags: Tags, number: usize) -> bool {
    number < states(tags)
}

impl Elsewhere {
    /// It as a number below [`states`].
    fn number(self) -> usize {
        usize::from(self.group) << 5
            | usize::from(self.share) << 3
            | usize::from(self.inside) << 2
            | usize::from(self.total)
    }

    fn of(number: usize) -> Self {
        let small = |n: usize| u8::try_from(n).unwrap_or(0);
        Self {
            group: small(number >> 5),
            share: small(number >> 3 & 3),
            inside: number >> 2 & 1 != 0,
            total: small(number & 3),
        }
    }

    /// What matters of a neighbor.
    fn near(self) -> Self {
        Self { total: 0, ..self }
    }
}

/// The features of a number of [`Memory::each_number`].
pub fn each_feature_of(tags: Tags, number: usize, mut emit: impl FnMut(Feature)) {
    let of = Elsewhere::of(number % states(tags));
    let (group, share) = (u64::from(of.group), u64::from(of.share));
    match number / states(tags) {
        0 if of.total == 0 => emit(document_feature(0, 0)),
        0 => {
            emit(document_feature(1, group << 2 | share));
            if group == 0 {
                emit(document_feature(2, u64::from(of.total)));
            } else {
                emit(document_feature(3, group << 1 | u64::from(of.inside)));
                emit(document_feature(4, group << 4 | share << 2 | u64::from(of.total)));
            }
        }
        1 => emit(document_feature(5, group)),
        side => {
            let kind = if side == 2 { 8 } else { 9 };
            emit(document_feature(kind, group << 3 | share << 1 | u64::from(of.inside)));
        }
    }
}

impl Memory {
    /// Count the tags that the first pass gave to all tokens.
    pub fn read(&mut self, tags: Tags, types: &[Gist], given: &[Tag]) {
        let width = tags.len();
        self.slots.clear();
        self.of.clear();
        self.totals.clear();
        self.counts.clear();
        for (info, tag) in types.iter().zip(given) {
            if !info.naming {
                self.of.push(NONE);
                continue;
            }
            let next = u32::try_from(self.slots.len()).unwrap_or(NONE);
            let slot = *self.slots.entry(info.bare).or_insert(next);
            if slot == next {
                self.totals.push([0; 2]);
                self.counts.resize(self.counts.len() + width, 0);
            }
            let [total, named] = &mut self.totals[slot as usize];
            *total += 1;
            *named += u32::from(*tag != O);
            let count = &mut self.counts[slot as usize * width + usize::from(*tag)];
            *count += 1;
            self.of.push(slot);
        }
        self.known.clear();
        for (slot, tag) in self.of.iter().zip(given) {
            let known = if *slot == NONE { Elsewhere::default() } else { self.elsewhere(tags, *slot as usize, *tag) };
            self.known.push(known);
        }
    }

    fn elsewhere(&self, tags: Tags, slot: usize, own: Tag) -> Elsewhere {
        let [total, named] = self.totals[slot];
        let total = total - 1;
        let few = u8::try_from(total.min(3)).unwrap_or(3);
        if total == 0 || named == u32::from(own != O) {
            return Elsewhere { total: few, ..Elsewhere::default() };
        }
        let row = &self.counts[slot * tags.len()..(slot + 1) * tags.len()];
        let own = usize::from(own);
        let count = |tag: usize| row[tag] - u32::from(tag == own);
        let labels = tags.labels();
        let (mut group, mut most) = (0, 0);
        for g in 1..=labels {
            let n = count(g) + count(labels + g);
            if n > most {
                (group, most) = (g, n);
            }
        }
        let share = if most == total {
            2
        } else if 2 * most >= total {
            1
        } else {
            0
        };
        let inside = group > 0 && count(labels + group) > count(group);
        Elsewhere { group: u8::try_from(group).unwrap_or(0), share, inside, total: few }
    }

    /// The features that the document gives the token `at` of the sentence `range`.
    pub fn each_feature(
        &self,
        tags: Tags,
        given: &[Tag],
        range: (usize, usize),
        at: usize,
        mut emit: impl FnMut(Feature),
    ) {
        self.each_number(tags, given, range, at, |number| each_feature_of(tags, number, &mut emit));
    }

    /// What the document says of the token `at` of the sentence `range`, as numbers below [`numbers`]: their features
    /// are those of [`each_feature_of`].
    pub fn each_number(
        &self,
        tags: Tags,
        given: &[Tag],
        range: (usize, usize),
        at: usize,
        mut emit: impl FnMut(usize),
    ) {
        let states = states(tags);
        let known = |at: usize| self.known.get(at).copied().unwrap_or_default();
        let here = known(at);
        emit(here.number());
        if here.group > 0 {
            let (width, labels, own) = (tags.len(), tags.labels(), usize::from(given[at]));
            let row = &self.counts[self.of[at] as usize * width..][..width];
            for g in 1..=labels {
                if row[g] + row[labels + g] > u32::from(own == g || own == labels + g) {
                    emit(states + (g << 5));
                }
            }
        }
        let before = at.checked_sub(1).filter(|i| *i >= range.0);
        let after = Some(at + 1).filter(|i| *i < range.1);
        for (side, neighbor) in [(2, before), (3, after)] {
            let there = neighbor.map(known).unwrap_or_default();
            if there.group > 0 {
                emit(side * states + there.near().number());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_survives_as_a_number() {
        for number in 0..states(Tags(21)) {
            assert_eq!(Elsewhere::of(number).number(), number);
        }
    }
}
