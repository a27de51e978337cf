//! The weights of a layer, read where they lie in the pack.
//!
//! A section begins with how many words of the filter, slots, bytes of long rows and cells it has, as four 32-bit numbers.
//! These parts follow in that order, each on a line of memory.

use bytemuck::Pod;

use super::super::features::{Feature, LEFT};
use super::super::tags::Tags;
use super::{Asked, PAIR, Row, add_bytes, damaged};
use crate::base::{Bytes, Table};
use crate::error::{Error, ErrorKind, Result};

/// The weights of a layer.
#[derive(Clone, Debug, Default)]
pub(super) struct Layer {
    /// A bit for each part of the hashes: most features have no weights, and show it here.
    filter: Table<u64>,
    /// Key of a feature, 0 for none, and where its weights are, as [`Layer::to_bytes`] writes it.
    slots: Table<[u32; 2]>,
    /// All columns, for long rows, to be added in wide steps.
    rows: Table<i8>,
    /// Column and weight, for short rows.
    cells: Table<[u8; 2]>,
}

/// Parts begin on a line of memory.
const LINE: usize = 64;
/// Rows of so many weights are long.
const LONG: usize = 12;
/// Takes the place of the number of cells of a long row.
const SPREAD: u32 = 15;

/// The word and the bit of a feature in a filter of so many words, a power of two. Both sides of a pair have the same.
fn place(feature: Feature, words: usize) -> (usize, u64) {
    (feature as usize & (words - 1), 1 << (feature >> 25 & 63))
}

/// The next part of a section, so many `T` long.
fn part<T: Pod>(section: &Bytes, at: &mut usize, count: u32) -> Result<Table<T>> {
    let size = (count as usize).saturating_mul(size_of::<T>());
    let from = at.next_multiple_of(LINE);
    *at = from.saturating_add(size);
    Table::new(section.slice(from..*at).ok_or_else(|| damaged("the weights are cut off"))?)
}

impl Layer {
    /// The layer in a section whose rows of sums have so many columns.
    pub(super) fn open(section: &Bytes, width: usize) -> Result<Self> {
        let counts = section.get(..16).and_then(|head| bytemuck::try_cast_slice::<u8, u32>(head).ok());
        let &[words, slots, bytes, cells] = counts.unwrap_or(&[]) else {
            return Err(damaged("the weights are cut off"));
        };
        let mut at = 16;
        let layer = Self {
            filter: part(section, &mut at, words)?,
            slots: part(section, &mut at, slots)?,
            rows: part(section, &mut at, bytes)?,
            cells: part(section, &mut at, cells)?,
        };
        if at == section.len() && layer.is_sound(width) { Ok(layer) } else { Err(damaged("the table of weights")) }
    }

    /// Whether looking up ends, and finds no weights outside of the tables.
    fn is_sound(&self, width: usize) -> bool {
        let (slots, rows, cells) = (&*self.slots, self.rows.len() / width, self.cells.len());
        let within = |[key, place]: &[u32; 2]| {
            let (from, count) = (*place as usize >> 4, place & SPREAD);
            *key == 0 || if count == SPREAD { from < rows } else { count > 0 && from + count as usize <= cells }
        };
        self.filter.len().is_power_of_two()
            && slots.len().is_power_of_two()
            && slots.iter().any(|slot| slot[0] == 0)
            && slots.iter().all(within)
            && self.cells.iter().all(|cell| usize::from(cell[0]) < width)
    }

    /// The section of a layer for weights of features, none of them without any.
    pub(super) fn to_bytes(weights: &[Row], tags: Tags) -> Result<Vec<u8>> {
        let width = tags.columns();
        let size = (weights.len() * 4 / 3 + 2).next_power_of_two();
        let mut filter = vec![0u64; (size / 8).next_power_of_two()];
        let mut taken: Vec<Option<&Row>> = vec![None; size];
        for row in weights {
            let (word, bit) = place(row.0, filter.len());
            filter[word] |= bit;
            let mut slot = row.0 as usize & (size - 1);
            while taken[slot].is_some() {
                slot = (slot + 1) & (size - 1);
            }
            taken[slot] = Some(row);
        }
        // Weights lie in the order of the slots.
        let (mut slots, mut rows, mut cells) = (vec![[0u32; 2]; size], Vec::new(), Vec::new());
        let wide = width > usize::from(u8::MAX);
        let too_many = |_| Error::new(ErrorKind::BadData, "a tagger with more than 2^28 weights does not fit a pack");
        for (slot, (key, row)) in slots.iter_mut().zip(taken).filter_map(|(slot, row)| Some((slot, row?))) {
            let columns = row.iter().map(|(tag, value)| (tags.column(*tag), *value));
            let place = if row.len() >= LONG || wide {
                let from = rows.len();
                rows.resize(from + width, 0i8);
                columns.for_each(|(column, value)| rows[from + column] = value);
                (from / width) << 4 | SPREAD as usize
            } else {
                let from = cells.len();
                cells.extend(columns.map(|(column, value)| [u8::try_from(column).unwrap_or(0), value.cast_unsigned()]));
                from << 4 | row.len()
            };
            *slot = [*key, u32::try_from(place).map_err(too_many)?];
        }
        let mut out = Vec::new();
        for count in [filter.len(), slots.len(), rows.len(), cells.len()] {
            out.extend_from_slice(&u32::try_from(count).map_err(too_many)?.to_le_bytes());
        }
        let parts: [&[u8]; 4] = [
            bytemuck::cast_slice(&filter),
            bytemuck::cast_slice(&slots),
            bytemuck::cast_slice(&rows),
            bytemuck::cast_slice(&cells),
        ];
        for part in parts {
            out.resize(out.len().next_multiple_of(LINE), 0);
            out.extend_from_slice(part);
        }
        Ok(out)
    }

    /// Add what is asked for to rows of sums.
    ///
    /// Each step is done for all before the next, so that the memory is waited for together.
    pub(super) fn add(&self, asked: &mut Asked, sums: &mut [i16], width: usize) {
        let Asked { features, found } = asked;
        self.keep_likely(features);
        self.find(features, found);
        features.clear();
        let (rows, cells) = (&*self.rows, &*self.cells);
        // Read first what is needed later; the sum only keeps the readings from being left out.
        std::hint::black_box(found.iter().fold(0, |sum, (place, _)| {
            let from = *place as usize >> 4;
            sum ^ if place & SPREAD == SPREAD { rows[from * width].cast_unsigned() } else { cells[from][0] }
        }));
        for (place, row) in found.drain(..) {
            let Some(sums) = sums.chunks_exact_mut(width).nth(row as usize) else { continue };
            let (from, count) = (place as usize >> 4, place & SPREAD);
            if count == SPREAD {
                add_bytes(sums, &rows[from * width..(from + 1) * width]);
                continue;
            }
            for [column, value] in &cells[from..from + count as usize] {
                if let Some(sum) = sums.get_mut(usize::from(*column)) {
                    *sum += i16::from(value.cast_signed());
                }
            }
        }
    }

    /// Keep what may have weights. There is no branch: which features have weights is hard to foretell.
    fn keep_likely(&self, features: &mut Vec<(Feature, u32)>) {
        let filter = &*self.filter;
        let mut kept = 0;
        for at in 0..features.len() {
            features[kept] = features[at];
            let (word, bit) = place(features[kept].0, filter.len());
            kept += usize::from(filter[word] & bit != 0);
        }
        features.truncate(kept);
    }

    /// Where the weights of features are, each with its row.
    fn find(&self, features: &[(Feature, u32)], found: &mut Vec<(u32, u32)>) {
        let slots = &*self.slots;
        let mask = slots.len() - 1;
        std::hint::black_box(features.iter().fold(0, |sum, ask| sum ^ slots[ask.0 as usize & mask][1]));
        for (feature, row) in features {
            // What the two sides of a pair have not in common.
            let side = if row & PAIR == 0 { 0 } else { LEFT };
            let mut slot = *feature as usize & mask;
            loop {
                let [key, place] = slots[slot];
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
    }
}
