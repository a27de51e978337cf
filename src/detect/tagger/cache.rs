//! What each word type adds to the scores around it, summed once and kept.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::detect::View;
use crate::segment::Token;

use super::features::{EDGE, OFFSETS, REACH, TypeInfo, type_id};
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
            self.stride = LAYERS * weights.tags().len();
            self.insert(weights, EDGE);
        }
    }

    fn insert(&mut self, weights: &Weights, info: TypeInfo) -> u32 {
        let slot = u32::try_from(self.types.len()).unwrap_or(u32::MAX);
        self.slots.insert(info.id, slot);
        self.types.push(info);
        for offset in -REACH..=REACH {
            let from = self.sums.len();
            self.sums.resize(from + self.stride, 0);
            let sums = &mut self.sums[from..];
            info.each_feature(offset, |feature| weights.add(feature, sums));
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
        for (offset, index) in (-REACH..=REACH).zip(0..OFFSETS) {
            let place = at.checked_add_signed(offset as isize).filter(|i| (range.0..range.1).contains(i));
            let slot = place.map_or(0, |i| slots[i]) as usize;
            let from = (slot * OFFSETS + index) * self.stride;
            let block = &self.sums[from + columns.start..from + columns.end];
            for (sum, part) in sums[columns.clone()].iter_mut().zip(block) {
                *sum += part;
            }
        }
    }
}
