//! Quantized weights, mapped from a pack: a hash table of features, each with the few tags that it speaks for.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::base::Table;
use crate::error::{Error, ErrorKind, Result};
use crate::pack::Pack;

use super::decode::{Chain, Ready};
use super::features::Feature;
use super::tags::{MAX_LABELS, Tags};

/// Layers of weights over the same features.
pub const LAYERS: usize = 2;
/// Outermost mentions.
pub const OUTER: usize = 0;
/// Mentions inside a mention.
pub const INNER: usize = 1;

/// One unit of a weight is `1 / UNIT` of a natural log of odds.
pub const UNIT: f32 = 24.0;

/// The weights of a tagger.
///
/// Sums of a layer are kept in rows as [`Tags::columns`] says.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    /// Tells one opened table from another.
    id: u64,
    tags: u8,
    /// Key and start of the row in each slot; the row ends where that of the next slot starts.
    slots: Table<[u32; 2]>,
    /// Column and value, the value as a byte.
    cells: Table<[u8; 2]>,
    chains: Vec<Ready>,
    /// Where the columns of the pack are in our rows.
    columns: Box<[u16]>,
    layers: [Layer; LAYERS],
}

/// What is derived from the weights of a layer.
#[derive(Clone, Debug, Default)]
struct Layer {
    /// A bit for each part of the hashes: most features have no weights, and show it here.
    filter: Box<[u64]>,
    /// A bit for each slot with a long row, which is kept spread over all columns, and how many such are before.
    long: Box<[u64]>,
    ranks: Box<[u32]>,
    /// The long rows.
    rows: Vec<i8>,
}

/// Rows of so many weights are kept spread, to be added in wide steps.
const LONG: usize = 12;

/// Names of the sections of a scheme, in the order of [`Weights::to_sections`].
pub fn sections(scheme: &str) -> [String; 3] {
    ["slots", "cells", "chains"].map(|part| format!("tagger.{scheme}.{part}"))
}

/// The slot of a feature.
fn find(slots: &[[u32; 2]], feature: Feature) -> Option<usize> {
    let mask = slots.len() - 2;
    let mut slot = feature as usize & mask;
    loop {
        match slots[slot][0] {
            key if key == feature => return Some(slot),
            0 => return None,
            _ => slot = (slot + 1) & mask,
        }
    }
}

/// The word and the bit of a feature in a filter of so many words, a power of two. The lowest bits of the hash choose
/// the slot; these are others.
fn place(feature: Feature, words: usize) -> (usize, u64) {
    ((feature >> 14) as usize & (words - 1), 1 << (feature >> 8 & 63))
}

/// In place of a column: those that follow are so many pages of `PAGE` further on. Only schemes with more labels than
/// the column's byte can count have such cells; all their rows are kept spread.
const TURN: u8 = u8::MAX;
const PAGE: u16 = TURN as u16;

/// The columns of a row and their weights.
fn spelled(cells: &[[u8; 2]]) -> impl Iterator<Item = (usize, i8)> + Clone + '_ {
    let mut page = 0;
    cells.iter().filter_map(move |&[column, value]| {
        if column == TURN {
            page = usize::from(value) * usize::from(PAGE);
            return None;
        }
        Some((page + usize::from(column), value.cast_signed()))
    })
}

/// A row as cells.
fn spell(row: &[(u16, i8)], cells: &mut Vec<[u8; 2]>) {
    let mut page = 0;
    for (column, value) in row {
        let [on, at] = [column / PAGE, column % PAGE].map(|n| u8::try_from(n).unwrap_or(TURN));
        if on != page {
            cells.push([TURN, on]);
            page = on;
        }
        cells.push([at, value.cast_unsigned()]);
    }
}

/// So many sums are added at once: lengths of rows are a multiple of it.
pub const WIDE: usize = 16;

/// The sums of two parts of rows.
#[inline]
pub fn plus(a: &[i16; WIDE], b: &[i16; WIDE]) -> [i16; WIDE] {
    std::array::from_fn(|i| a[i] + b[i])
}

/// Add to each sum its byte.
fn add_bytes(sums: &mut [i16], bytes: &[i8]) {
    for (sums, bytes) in sums.as_chunks_mut::<WIDE>().0.iter_mut().zip(bytes.as_chunks::<WIDE>().0) {
        let before = *sums;
        *sums = std::array::from_fn(|i| before[i] + i16::from(bytes[i]));
    }
}

/// Add a row of sums.
pub fn add_rows(sums: &mut [i16], rows: &[i16]) {
    for (sums, row) in sums.as_chunks_mut::<WIDE>().0.iter_mut().zip(rows.as_chunks::<WIDE>().0) {
        *sums = plus(sums, row);
    }
}

fn damaged(what: &str) -> Error {
    Error::new(ErrorKind::PackCorrupt, format!("the tagger is damaged: {what}"))
}

impl Weights {
    /// Open the weights of a scheme with so many labels.
    pub fn open(pack: &Pack, scheme: &str, labels: usize) -> Result<Self> {
        let [slots, cells, chains] = sections(scheme).map(|name| pack.need(&name));
        let tags = u8::try_from(labels).ok().filter(|l| *l <= MAX_LABELS).ok_or_else(|| damaged("too many labels"))?;
        static OPENED: AtomicU64 = AtomicU64::new(1);
        let weights = Self {
            id: OPENED.fetch_add(1, Ordering::Relaxed),
            tags,
            slots: Table::new(slots?)?,
            cells: Table::new(cells?)?,
            ..Self::default()
        };
        let columns = LAYERS * Tags(tags).len();
        // One slot more than a power of two: it closes the last row.
        let size = weights.slots.len().saturating_sub(1);
        let sound = size.is_power_of_two()
            && weights.slots[..size].iter().any(|slot| slot[0] == 0)
            && weights.slots.is_sorted_by_key(|slot| slot[1])
            && weights.slots[size][1] as usize == weights.cells.len()
            && (columns > usize::from(PAGE) || weights.cells.iter().all(|cell| cell[0] != TURN))
            && weights.slots.windows(2).all(|ends| {
                let range = ends[0][1] as usize..ends[1][1] as usize;
                spelled(weights.cells.get(range).unwrap_or(&[])).all(|(column, _)| column < columns)
            });
        if !sound {
            return Err(damaged("the table of weights"));
        }
        let numbers: Table<i32> = Table::new(chains?)?;
        let groups = labels + 1;
        let (a, b) = (groups, groups + groups * groups);
        let size = b + 2 * labels;
        if numbers.len() != LAYERS * size {
            return Err(damaged("the chain"));
        }
        let chains = numbers
            .chunks(size)
            .map(|n| Ready::new(Chain { start: n[..a].to_vec(), cross: n[a..b].to_vec(), stay: n[b..].to_vec() }))
            .collect();
        let mut weights = Self { chains, ..weights };
        weights.prepare();
        Ok(weights)
    }

    /// A number that no other opened table has in this process.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Its tags.
    pub fn tags(&self) -> Tags {
        Tags(self.tags)
    }

    /// The chain of a layer.
    pub fn chain(&self, layer: usize) -> &Ready {
        &self.chains[layer]
    }

    /// How many features have weights.
    pub fn len(&self) -> usize {
        self.slots.iter().filter(|slot| slot[0] != 0).count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// How many columns the sums of a layer have.
    pub fn width(&self) -> usize {
        self.tags().columns()
    }

    /// Add the weights of features to `sums`. `features` is empty afterwards.
    pub fn add(&self, features: &mut Vec<Feature>, layer: usize, sums: &mut [i16]) {
        let end = u32::try_from(features.len()).unwrap_or(u32::MAX);
        self.add_many(features, &mut [end], layer, sums);
    }

    /// [`Weights::add`] for many rows at once: `ends` tells where the features of each row end. Each
    /// step is done for all features before the next, so that the memory is waited for together.
    pub fn add_many(&self, features: &mut Vec<Feature>, ends: &mut [u32], layer: usize, sums: &mut [i16]) {
        let (slots, cells): (&[[u32; 2]], &[[u8; 2]]) = (&self.slots, &self.cells);
        let (mut from, mut kept) = (0, 0);
        for end in &mut *ends {
            let until = *end as usize;
            kept = self.likely(features, from..until, layer, kept);
            from = until;
            *end = u32::try_from(kept).unwrap_or(u32::MAX);
        }
        features.truncate(kept);
        let mask = slots.len() - 2;
        // Read first what is needed later; the sum only keeps the readings from being left out.
        let touched = features.iter().fold(0, |sum, feature| sum ^ slots[*feature as usize & mask][1]);
        std::hint::black_box(touched);
        let (mut from, mut kept) = (0, 0);
        for end in &mut *ends {
            for at in from..*end as usize {
                if let Some(slot) = find(slots, features[at]).and_then(|slot| u32::try_from(slot).ok()) {
                    features[kept] = slot;
                    kept += 1;
                }
            }
            from = *end as usize;
            *end = u32::try_from(kept).unwrap_or(u32::MAX);
        }
        features.truncate(kept);
        std::hint::black_box(
            features.iter().fold(0, |sum, slot| sum ^ self.touch(slots, cells, *slot as usize, layer)),
        );
        let mut from = 0;
        for (end, sums) in ends.iter().zip(sums.chunks_exact_mut(self.width())) {
            for slot in &features[from..*end as usize] {
                self.add_slot(slots, cells, *slot as usize, layer, sums);
            }
            from = *end as usize;
        }
        features.clear();
    }

    /// Where the row of a slot is kept spread, if it is.
    fn spread(&self, slot: usize, layer: usize) -> Option<&[i8]> {
        let Layer { long, ranks, rows, .. } = &self.layers[layer];
        let (word, bit) = (slot / 64, 1u64 << (slot % 64));
        if long[word] & bit == 0 {
            return None;
        }
        let row = (ranks[word] + (long[word] & (bit - 1)).count_ones()) as usize;
        let width = self.width();
        Some(&rows[row * width..(row + 1) * width])
    }

    /// Read a little of a row.
    fn touch(&self, slots: &[[u32; 2]], cells: &[[u8; 2]], slot: usize, layer: usize) -> u8 {
        match self.spread(slot, layer) {
            Some(row) => row.first().map_or(0, |value| value.cast_unsigned()),
            _ => cells.get(slots[slot][1] as usize).map_or(0, |cell| cell[0]),
        }
    }

    /// Keep the features of a range that may have weights, from `kept` on; how many are kept then. There is no branch:
    /// which features have weights is hard to foretell.
    fn likely(&self, features: &mut [Feature], range: Range<usize>, layer: usize, mut kept: usize) -> usize {
        let filter = &self.layers[layer].filter;
        for at in range {
            let feature = features[at];
            features[kept] = feature;
            let (word, bit) = place(feature, filter.len());
            kept += usize::from(filter[word] & bit != 0);
        }
        kept
    }

    fn add_slot(&self, slots: &[[u32; 2]], cells: &[[u8; 2]], slot: usize, layer: usize, sums: &mut [i16]) {
        if let Some(row) = self.spread(slot, layer) {
            return add_bytes(sums, row);
        }
        let first = layer * self.width();
        for cell in cells.get(slots[slot][1] as usize..slots[slot + 1][1] as usize).unwrap_or(&[]) {
            let column = usize::from(self.columns[usize::from(cell[0])]).wrapping_sub(first);
            if let Some(sum) = sums.get_mut(column) {
                *sum += i16::from(cell[1].cast_signed());
            }
        }
    }

    /// What is derived from the sections.
    fn prepare(&mut self) {
        let tags = self.tags();
        let plain = u8::try_from(tags.len()).unwrap_or(u8::MAX);
        let column = |layer, tag| u16::try_from(layer * tags.columns() + tags.column(tag)).unwrap_or(u16::MAX);
        self.columns = (0..LAYERS).flat_map(|layer| (0..plain).map(move |tag| column(layer, tag))).collect();
        let wide = self.columns.len() > usize::from(PAGE);
        let (slots, cells): (&[[u32; 2]], &[[u8; 2]]) = (&self.slots, &self.cells);
        let (words, width) = (slots.len().div_ceil(64), self.width());
        for (number, layer) in self.layers.iter_mut().enumerate() {
            let (mut long, mut ranks, mut rows) = (vec![0u64; words], vec![0u32; words], Vec::new());
            let mut filter = vec![0u64; (slots.len() / 8).next_power_of_two()];
            let mut count = 0;
            let (first, columns) = (number * width, &self.columns);
            for (slot, ends) in slots.windows(2).enumerate() {
                if slot % 64 == 0 {
                    ranks[slot / 64] = count;
                }
                let row = cells.get(ends[0][1] as usize..ends[1][1] as usize).unwrap_or(&[]);
                let own = spelled(row).filter_map(|(column, value)| {
                    let column = usize::from(columns[column]).wrapping_sub(first);
                    (column < width).then_some((column, value))
                });
                let weights = own.clone().count();
                if weights > 0 {
                    let (word, bit) = place(ends[0][0], filter.len());
                    filter[word] |= bit;
                }
                if weights >= LONG || (wide && !row.is_empty()) {
                    long[slot / 64] |= 1 << (slot % 64);
                    count += 1;
                    let from = rows.len();
                    rows.resize(from + width, 0i8);
                    own.for_each(|(column, value)| rows[from + column] = value);
                }
            }
            *layer = Layer { filter: filter.into(), long: long.into(), ranks: ranks.into(), rows };
        }
    }

    /// The sections of a pack for rows of (column, weight), in ascending order of columns.
    pub fn to_sections(rows: &[(Feature, Vec<(u16, i8)>)], chains: &[Chain<i32>]) -> [Vec<u8>; 3] {
        let size = (rows.len() * 4 / 3 + 2).next_power_of_two();
        let mut slots: Vec<Option<usize>> = vec![None; size];
        for (i, (feature, _)) in rows.iter().enumerate() {
            let mut slot = *feature as usize & (size - 1);
            while slots[slot].is_some() {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = Some(i);
        }
        let (mut table, mut cells): (Vec<[u32; 2]>, Vec<[u8; 2]>) = (Vec::new(), Vec::new());
        for slot in slots {
            let start = u32::try_from(cells.len()).unwrap_or(u32::MAX);
            table.push([slot.map_or(0, |i| rows[i].0), start]);
            if let Some(i) = slot {
                spell(&rows[i].1, &mut cells);
            }
        }
        table.push([0, u32::try_from(cells.len()).unwrap_or(u32::MAX)]);
        let numbers: Vec<i32> =
            chains.iter().flat_map(|c| c.start.iter().chain(&c.cross).chain(&c.stay).copied()).collect();
        [
            bytemuck::cast_slice(&table).to_vec(),
            bytemuck::cast_slice(&cells).to_vec(),
            bytemuck::cast_slice(&numbers).to_vec(),
        ]
    }

    /// An owned table over [`Weights::to_sections`].
    pub fn from_sections(sections_of: [Vec<u8>; 3], labels: usize) -> Result<Self> {
        let pack =
            sections("x").iter().zip(&sections_of).fold(Pack::default(), |pack, (name, bytes)| pack.with(name, bytes));
        Self::open(&pack, "x", labels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_columns_comes_back_from_cells() {
        let row: Vec<(u16, i8)> = vec![(0, 1), (254, -2), (255, 3), (256, 4), (509, -5), (510, 6), (602, 127)];
        let mut cells = Vec::new();
        spell(&row, &mut cells);
        let back: Vec<(usize, i8)> = spelled(&cells).collect();
        assert_eq!(back, row.iter().map(|(column, value)| (usize::from(*column), *value)).collect::<Vec<_>>());
    }

    #[test]
    fn a_turn_of_the_page_in_a_small_scheme_is_damage() {
        let tags = Tags(2);
        let chains = [Chain::new(tags), Chain::new(tags)];
        let [slots, mut cells, chains] = Weights::to_sections(&[(7, vec![(0, 1), (1, 2)])], &chains);
        assert!(Weights::from_sections([slots.clone(), cells.clone(), chains.clone()], 2).is_ok());
        cells[2] = TURN;
        let error = Weights::from_sections([slots, cells, chains], 2).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PackCorrupt);
    }

    #[test]
    fn weights_of_many_labels_are_added_like_those_of_few() {
        for labels in [1u8, 21, 42, 43, 60, MAX_LABELS] {
            let tags = Tags(labels);
            let all = u16::try_from(LAYERS * tags.len()).unwrap();
            let rows: Vec<(Feature, Vec<(u16, i8)>)> = (1..40u16)
                .map(|f| {
                    let columns = (0..all).filter(|c| c % f == 0).map(|c| (c, i8::try_from(c % 100 + 1).unwrap()));
                    (u32::from(f) * 77_777, columns.collect())
                })
                .collect();
            let chains = [Chain::new(tags), Chain::new(tags)];
            let weights = Weights::from_sections(Weights::to_sections(&rows, &chains), usize::from(labels)).unwrap();
            for layer in 0..LAYERS {
                let mut sums = vec![0i16; weights.width()];
                weights.add(&mut rows.iter().map(|row| row.0).collect(), layer, &mut sums);
                for tag in 0..u8::try_from(tags.len()).unwrap() {
                    let column = u16::try_from(layer * tags.len()).unwrap() + u16::from(tag);
                    let of = |row: &(Feature, Vec<(u16, i8)>)| {
                        row.1.iter().filter(|cell| cell.0 == column).map(|cell| i16::from(cell.1)).sum::<i16>()
                    };
                    let sum = rows.iter().map(of).sum::<i16>();
                    assert_eq!(sums[tags.column(tag)], sum, "{labels} labels, {layer}, {tag}");
                }
            }
        }
    }
}
