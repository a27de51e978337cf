//! The document pass: what the first pass said of the same words elsewhere in the text.

use rustc_hash::FxHashMap;

use super::features::{Feature, TypeInfo, document_feature};
use super::tags::{Tag, Tags};

/// Counts of the tags of each naming word of a text. Reused.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    slots: FxHashMap<u64, u32>,
    /// The slot of each token, or `NONE`.
    of: Vec<u32>,
    /// A row a slot: how often as each tag.
    counts: Vec<u16>,
}

const NONE: u32 = u32::MAX;

/// What is known of a token from elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Elsewhere {
    /// The most frequent label, plus 1; 0 when it is never in a mention.
    group: usize,
    /// How much of it: 2 all, 1 half or more, 0 less.
    share: u64,
    /// Whether it mostly continues mentions.
    inside: bool,
    /// How often it stands elsewhere, at most 3.
    total: u64,
}

impl Memory {
    /// Count the tags that the first pass gave to all tokens.
    pub fn read(&mut self, tags: Tags, types: &[TypeInfo], given: &[Tag]) {
        let width = tags.len();
        self.slots.clear();
        self.of.clear();
        self.counts.clear();
        for (info, tag) in types.iter().zip(given) {
            if !info.naming {
                self.of.push(NONE);
                continue;
            }
            let next = u32::try_from(self.slots.len()).unwrap_or(NONE);
            let slot = *self.slots.entry(info.bare).or_insert(next);
            if slot == next {
                self.counts.resize(self.counts.len() + width, 0);
            }
            let count = &mut self.counts[slot as usize * width + usize::from(*tag)];
            *count = count.saturating_add(1);
            self.of.push(slot);
        }
    }

    fn elsewhere(&self, tags: Tags, given: &[Tag], at: usize) -> Option<Elsewhere> {
        let slot = *self.of.get(at).filter(|slot| **slot != NONE)?;
        let width = tags.len();
        let row = &self.counts[slot as usize * width..(slot as usize + 1) * width];
        let own = usize::from(given[at]);
        let count = |tag: usize| u64::from(row[tag]) - u64::from(tag == own);
        let total: u64 = (0..width).map(count).sum();
        if total == 0 {
            return None;
        }
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
        Some(Elsewhere { group, share, inside, total: total.min(3) })
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
        let Some(here) = self.elsewhere(tags, given, at) else {
            emit(document_feature(0, 0));
            return self.each_neighbor(tags, given, range, at, emit);
        };
        let group = here.group as u64;
        emit(document_feature(1, group << 2 | here.share));
        if here.group == 0 {
            emit(document_feature(2, here.total));
        } else {
            emit(document_feature(3, group << 1 | u64::from(here.inside)));
            emit(document_feature(4, group << 4 | here.share << 2 | here.total));
            let slot = self.of[at] as usize;
            let (width, labels) = (tags.len(), tags.labels());
            let row = &self.counts[slot * width..(slot + 1) * width];
            let own = usize::from(given[at]);
            for g in 1..=labels {
                if u64::from(row[g]) + u64::from(row[labels + g]) > u64::from(own == g || own == labels + g) {
                    emit(document_feature(5, g as u64));
                }
            }
        }
        self.each_neighbor(tags, given, range, at, emit);
    }

    fn each_neighbor(
        &self,
        tags: Tags,
        given: &[Tag],
        range: (usize, usize),
        at: usize,
        mut emit: impl FnMut(Feature),
    ) {
        let before = at.checked_sub(1).filter(|i| *i >= range.0);
        let after = Some(at + 1).filter(|i| *i < range.1);
        for (kind, neighbor) in [(8, before), (9, after)] {
            if let Some(there) = neighbor.and_then(|i| self.elsewhere(tags, given, i)).filter(|t| t.group > 0) {
                emit(document_feature(kind, (there.group as u64) << 3 | there.share << 1 | u64::from(there.inside)));
            }
        }
    }
}
