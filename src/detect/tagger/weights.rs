//! Quantized weights of features, each with the few tags that it speaks for, laid out for look-up when a pack is opened.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::base::Table;
use crate::error::{Error, ErrorKind, Result};
use crate::pack::Pack;

use super::decode::{Chain, Ready};
use super::features::{Feature, LEFT};
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
    chains: Vec<Ready>,
    layers: [Layer; LAYERS],
}

/// The weights of a layer, made ready from those of the pack.
#[derive(Clone, Debug, Default)]
struct Layer {
    /// A bit for each part of the hashes: most features have no weights, and show it here.
    filter: Box<[u64]>,
    /// Key of a feature, 0 for none, and where its weights are: see [`Layer::add`].
    slots: Box<[[u32; 2]]>,
    /// Column and weight, for short rows.
    cells: Vec<[u8; 2]>,
    /// All columns, for long rows, to be added in wide steps.
    rows: Vec<i8>,
    /// How many columns.
    width: usize,
}

/// Rows of so many weights are long.
const LONG: usize = 12;
/// Takes the place of the number of cells of a long row.
const SPREAD: u32 = 15;

/// Features whose weights are asked for, each with the row of sums that they are added to. Reused.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    features: Vec<(Feature, u32)>,
    /// Where weights are, and the row.
    found: Vec<(u32, u32)>,
}

/// With a row: both sides of the feature of a pair are asked for, the right one for this row, the left one for the row
/// before.
const PAIR: u32 = 1 << 31;

impl Asked {
    /// Ask for the weights of a feature, for a row.
    pub fn one(&mut self, feature: Feature, row: usize) {
        self.features.push((feature, u32::try_from(row).unwrap_or(u32::MAX) & !PAIR));
    }

    /// Ask for the weights of a pair of words: those for the right word for `row`, those for the left word for the row
    /// before. What falls outside the rows is left out.
    pub fn pair(&mut self, feature: Feature, row: usize) {
        self.features.push((feature, u32::try_from(row).unwrap_or(u32::MAX) | PAIR));
    }
}

/// Names of the sections of a scheme, in the order of [`Weights::to_sections`].
pub fn sections(scheme: &str) -> [String; 3] {
    ["slots", "cells", "chains"].map(|part| format!("tagger.{scheme}.{part}"))
}

/// The word and the bit of a feature in a filter of so many words, a power of two. Both sides of a pair have the same.
fn place(feature: Feature, words: usize) -> (usize, u64) {
    (feature as usize & (words - 1), 1 << (feature >> 25 & 63))
}

/// In place of a column: those that follow are so many pages of `PAGE` further on. Only schemes with more labels than
/// the column's byte can count have such cells; all their rows are kept spread.
const TURN: u8 = u8::MAX;
const PAGE: u16 = TURN as u16;

/// The columns of a row and their weights.
#[inline]
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
        let count = u8::try_from(labels).ok().filter(|l| *l <= MAX_LABELS).ok_or_else(|| damaged("too many labels"))?;
        static OPENED: AtomicU64 = AtomicU64::new(1);
        let tags = Tags(count);
        let slots: Table<[u32; 2]> = Table::new(slots?)?;
        let cells: Table<[u8; 2]> = Table::new(cells?)?;
        let columns = LAYERS * tags.len();
        // One slot more than a power of two: it closes the last row.
        let size = slots.len().saturating_sub(1);
        let sound = size.is_power_of_two()
            && slots[..size].iter().any(|slot| slot[0] == 0)
            && slots.is_sorted_by_key(|slot| slot[1])
            && slots[size][1] as usize == cells.len()
            && (columns > usize::from(PAGE) || cells.iter().all(|cell| cell[0] != TURN))
            && slots.windows(2).all(|ends| {
                let range = ends[0][1] as usize..ends[1][1] as usize;
                spelled(cells.get(range).unwrap_or(&[])).all(|(column, _)| column < columns)
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
        let layers = std::array::from_fn(|layer| Layer::new(&slots, &cells, layer, tags));
        Ok(Self { id: OPENED.fetch_add(1, Ordering::Relaxed), tags: count, chains, layers })
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

    /// How many columns the sums of a layer have.
    pub fn width(&self) -> usize {
        self.tags().columns()
    }

    /// Add the weights of what is asked for to rows of sums. Nothing is asked for afterwards.
    ///
    /// Each step is done for all before the next, so that the memory is waited for together.
    pub fn add(&self, asked: &mut Asked, layer: usize, sums: &mut [i16]) {
        let layer = &self.layers[layer];
        let Asked { features, found } = asked;
        layer.keep_likely(features);
        layer.find(features, found);
        features.clear();
        let width = self.width();
        for (place, row) in found.drain(..) {
            if let Some(sums) = sums.chunks_exact_mut(width).nth(row as usize) {
                layer.add(place, sums);
            }
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

impl Layer {
    fn new(slots: &[[u32; 2]], cells: &[[u8; 2]], number: usize, tags: Tags) -> Self {
        let width = tags.columns();
        let wide = LAYERS * tags.len() > usize::from(PAGE);
        let column = |of_pack: usize| {
            let tag = of_pack.checked_sub(number * tags.len()).filter(|tag| *tag < tags.len());
            tag.and_then(|tag| u8::try_from(tag).ok()).map(|tag| tags.column(tag))
        };
        let columns: Vec<Option<usize>> = (0..LAYERS * tags.len()).map(column).collect();
        let rows = || {
            slots.windows(2).filter_map(|ends| {
                let row = cells.get(ends[0][1] as usize..ends[1][1] as usize)?;
                let own = spelled(row).filter_map(|(at, value)| Some((columns[at]?, value)));
                let count = own.clone().count();
                (count > 0).then_some((ends[0][0], own, count))
            })
        };
        let size = (rows().count() * 4 / 3 + 2).next_power_of_two();
        let mut layer = Self {
            filter: vec![0; (size / 8).next_power_of_two()].into(),
            slots: vec![[0; 2]; size].into(),
            width,
            ..Self::default()
        };
        for (key, own, count) in rows() {
            let (word, bit) = place(key, layer.filter.len());
            layer.filter[word] |= bit;
            let start = if count >= LONG || wide {
                let from = layer.rows.len();
                layer.rows.resize(from + width, 0);
                own.for_each(|(column, value)| layer.rows[from + column] = value);
                (from / width) << 4 | SPREAD as usize
            } else {
                let from = layer.cells.len();
                let cell = |(column, value)| [u8::try_from(column).unwrap_or(0), i8::cast_unsigned(value)];
                layer.cells.extend(own.map(cell));
                from << 4 | count
            };
            let mut slot = key as usize & (size - 1);
            while layer.slots[slot][0] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            layer.slots[slot] = [key, u32::try_from(start).unwrap_or(0)];
        }
        layer
    }

    /// Keep what may have weights. There is no branch: which features have weights is hard to foretell.
    fn keep_likely(&self, features: &mut Vec<(Feature, u32)>) {
        let mut kept = 0;
        for at in 0..features.len() {
            features[kept] = features[at];
            let (word, bit) = place(features[kept].0, self.filter.len());
            kept += usize::from(self.filter[word] & bit != 0);
        }
        features.truncate(kept);
    }

    /// Where the weights of features are, each with its row.
    fn find(&self, features: &[(Feature, u32)], found: &mut Vec<(u32, u32)>) {
        let mask = self.slots.len() - 1;
        // Read first what is needed later; the sum only keeps the readings from being left out.
        std::hint::black_box(features.iter().fold(0, |sum, ask| sum ^ self.slots[ask.0 as usize & mask][1]));
        for (feature, row) in features {
            // What the two sides of a pair have not in common.
            let side = if row & PAIR == 0 { 0 } else { LEFT };
            let mut slot = *feature as usize & mask;
            loop {
                let [key, place] = self.slots[slot];
                if key == 0 {
                    break;
                }
                if key & !side == *feature {
                    found.push((place, (row & !PAIR).wrapping_sub(u32::from(key & side != 0))));
                    if side == 0 {
                        break;
                    }
                }
                slot = (slot + 1) & mask;
            }
        }
        std::hint::black_box(found.iter().fold(0, |sum, (place, _)| sum ^ self.touch(*place)));
    }

    /// Read a little of the weights at a place.
    fn touch(&self, place: u32) -> u8 {
        let from = place as usize >> 4;
        if place & SPREAD == SPREAD { self.rows[from * self.width].cast_unsigned() } else { self.cells[from][0] }
    }

    /// Add the weights at a place: so many cells from there on, or a long row.
    fn add(&self, place: u32, sums: &mut [i16]) {
        let (from, count) = (place as usize >> 4, place & SPREAD);
        if count == SPREAD {
            return add_bytes(sums, &self.rows[from * sums.len()..(from + 1) * sums.len()]);
        }
        for [column, value] in &self.cells[from..from + count as usize] {
            if let Some(sum) = sums.get_mut(usize::from(*column)) {
                *sum += i16::from(value.cast_signed());
            }
        }
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
                let mut asked = Asked::default();
                rows.iter().for_each(|row| asked.one(row.0, 0));
                weights.add(&mut asked, layer, &mut sums);
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
