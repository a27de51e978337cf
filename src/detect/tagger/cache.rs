//! What each word type adds to the scores around it, summed once and kept.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::detect::View;
use crate::segment::Token;

use super::features::{Code, EDGE, Feature, MATCH_OFFSETS, OFFSETS, Places, TypeInfo, type_id};
use super::weights::{LAYERS, Weights};

/// Types kept before all are forgotten.
const LIMIT: usize = 20_000;

/// Types with the sums of their weights at each offset.
#[derive(Debug, Default)]
pub struct Cache {
    /// Whose weights are summed.
    owner: u64,
    slots: FxHashMap<u64, u32>,
    types: Vec<TypeInfo>,
    /// For each type, for each offset, a column a tag of each layer.
    sums: Vec<i16>,
    stride: usize,
    /// The block of each code of a match, or `NONE`.
    code_blocks: Vec<u32>,
    /// For each code, for each offset, a column a tag of each layer.
    code_sums: Vec<i16>,
    features: Vec<Feature>,
}

const NONE: u32 = u32::MAX;
/// Offsets at which a word type is seen.
const SEEN: usize = 6;
/// Offsets at which a match is seen.
const MATCHED: usize = 5;

fn add(sums: &mut [i16], parts: &[i16]) {
    for (sum, part) in sums.iter_mut().zip(parts) {
        *sum += part;
    }
}

impl Cache {
    /// Make ready for a text; `slots` will hold the type of each token.
    pub fn open(&mut self, weights: &Weights, slots: &mut Vec<u32>) {
        slots.clear();
        let owner = weights.id();
        if self.owner != owner || self.types.len() > LIMIT || self.types.is_empty() {
            self.owner = owner;
            self.slots.clear();
            self.types.clear();
            self.sums.clear();
            self.code_blocks.clear();
            self.code_sums.clear();
            self.stride = LAYERS * weights.tags().len();
            self.insert(weights, EDGE);
        }
    }

    fn insert(&mut self, weights: &Weights, info: TypeInfo) -> u32 {
        let slot = u32::try_from(self.types.len()).unwrap_or(u32::MAX);
        self.slots.insert(info.id, slot);
        self.types.push(info);
        for offset in OFFSETS {
            let from = self.sums.len();
            self.sums.resize(from + self.stride, 0);
            info.each_feature(offset, |feature| self.features.push(feature));
            weights.add_all(&mut self.features, &mut self.sums[from..]);
        }
        slot
    }

    /// The type of a token; its slot is appended to `slots`.
    pub fn read(&mut self, weights: &Weights, view: &View<'_>, token: &Token, slots: &mut Vec<u32>) -> TypeInfo {
        let slot = match self.slots.get(&type_id(view, token)) {
            Some(slot) => *slot,
            None => self.insert(weights, TypeInfo::read(view, token)),
        };
        slots.push(slot);
        self.types[slot as usize]
    }

    /// Add what the types around the place `at` of the sentence `range` say in some columns.
    pub fn sum(&self, slots: &[u32], range: (usize, usize), at: usize, columns: Range<usize>, sums: &mut [i16]) {
        for (offset, index) in OFFSETS.zip(0..SEEN) {
            let place = at.checked_add_signed(offset as isize).filter(|i| (range.0..range.1).contains(i));
            let slot = place.map_or(0, |i| slots[i]) as usize;
            let from = (slot * SEEN + index) * self.stride;
            add(&mut sums[columns.clone()], &self.sums[from + columns.start..from + columns.end]);
        }
    }

    /// Add what the matches around the place `at` of the sentence `range` say in some columns.
    pub fn sum_matches(
        &mut self,
        weights: &Weights,
        places: &Places,
        range: (usize, usize),
        at: usize,
        columns: Range<usize>,
        sums: &mut [i16],
    ) {
        for (offset, code) in places.codes_around(range, at) {
            let block = self.block(weights, code);
            let index = usize::try_from(offset - MATCH_OFFSETS.start()).unwrap_or(0);
            let from = (block * MATCHED + index) * self.stride;
            add(&mut sums[columns.clone()], &self.code_sums[from + columns.start..from + columns.end]);
        }
    }

    fn block(&mut self, weights: &Weights, code: Code) -> usize {
        let at = usize::from(code.0);
        if self.code_blocks.len() <= at {
            self.code_blocks.resize(at + 1, NONE);
        }
        if self.code_blocks[at] == NONE {
            self.code_blocks[at] = u32::try_from(self.code_sums.len() / (MATCHED * self.stride)).unwrap_or(NONE);
            for offset in MATCH_OFFSETS {
                let from = self.code_sums.len();
                self.code_sums.resize(from + self.stride, 0);
                weights.add(code.feature(offset), &mut self.code_sums[from..]);
            }
        }
        self.code_blocks[at] as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{Label, Span};
    use crate::detect::tagger::decode::Chain;
    use crate::detect::tagger::tags::Tags;
    use crate::detect::{Candidate, Detector};
    use crate::segment::{Layout, Words, segment};

    #[test]
    fn sums_what_the_features_say_one_by_one() {
        let words = Words::default();
        let mut layout = Layout::default();
        let text = "قال سمير البستاني إن مدينة زهران في «الوادي» 2016، وقال سمير أيضا";
        segment(text, &words, &mut layout);
        let view = View { text, layout: &layout, words: &words };
        let matched = Candidate {
            span: Span::new(0, 1),
            label: Label(0),
            score: 0.9,
            detector: Detector::Lexicon,
            detail: 0,
            tokens: (1, 3),
            ambiguous: false,
        };
        let mut plain = Places::default();
        plain.read(&view, &[matched], &[matched], TypeInfo::read);
        let range = (0, layout.tokens.len());
        let mut rows = std::collections::BTreeMap::new();
        for at in range.0..range.1 {
            plain.each_feature_around(&view, range, at, |f| {
                rows.insert(f, vec![(u8::try_from(f % 9).unwrap(), i8::try_from(f % 100).unwrap() - 50)]);
            });
        }
        let rows: Vec<_> = rows.into_iter().collect();
        let tags = Tags(1);
        let chains = [Chain::new(tags), Chain::new(tags), Chain::new(tags)];
        let weights = Weights::from_sections(Weights::to_sections(&rows, &chains), 1).unwrap();

        let (mut cache, mut slots, mut places) = (Cache::default(), Vec::new(), Places::default());
        for _ in 0..2 {
            cache.open(&weights, &mut slots);
            places.read(&view, &[matched], &[matched], |view, token| cache.read(&weights, view, token, &mut slots));
            for at in range.0..range.1 {
                let mut fast = [0i16; 9];
                cache.sum(&slots, range, at, 0..9, &mut fast);
                cache.sum_matches(&weights, &places, range, at, 0..9, &mut fast);
                places.each_feature(&view, range, at, |f| weights.add(f, &mut fast));
                let mut slow = [0i16; 9];
                plain.each_feature_around(&view, range, at, |f| weights.add(f, &mut slow));
                assert_eq!(fast, slow);
            }
        }
    }
}
