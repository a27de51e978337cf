//! Quantized weights, mapped from a pack: a hash table of features, each with the few tags that it speaks for.

use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::FxHashMap;

use crate::base::Table;
use crate::error::{Error, ErrorKind, Result};
use crate::pack::Pack;

use super::decode::{Chain, Ready};
use super::features::Feature;
use super::tags::{MAX_LABELS, Tags};

/// Layers of weights over the same features.
pub const LAYERS: usize = 3;
/// The first pass over a text.
pub const FIRST: usize = 0;
/// The second pass, which reads what the first said of the same words elsewhere.
pub const SECOND: usize = 1;
/// Mentions inside a mention.
pub const INNER: usize = 2;

/// One unit of a weight is `1 / UNIT` of a natural log of odds.
pub const UNIT: f32 = 24.0;

/// The weights of a tagger.
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
    /// The place in `rows` of each slot with a long row, which is spread over all columns.
    long: FxHashMap<usize, usize>,
    rows: Vec<i8>,
    width: usize,
}

/// Rows of so many weights are kept spread, to be added in wide steps.
const LONG: usize = 20;

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
            width: LAYERS * Tags(tags).len(),
            ..Self::default()
        };
        let columns = LAYERS * Tags(tags).len();
        // One slot more than a power of two: it closes the last row.
        let size = weights.slots.len().saturating_sub(1);
        let sound = size.is_power_of_two()
            && weights.slots[..size].iter().any(|slot| slot[0] == 0)
            && weights.slots.is_sorted_by_key(|slot| slot[1])
            && weights.slots[size][1] as usize == weights.cells.len()
            && weights.cells.iter().all(|cell| usize::from(cell[0]) < columns);
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
        weights.spread();
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

    /// Add a feature's weights to `sums`, a column a tag, layer after layer; columns beyond `sums` are left.
    pub fn add(&self, feature: Feature, sums: &mut [i16]) {
        if let Some(slot) = find(&self.slots, feature) {
            self.add_slot(&self.slots, &self.cells, slot, sums);
        }
    }

    /// [`Weights::add`] for many features: all are looked up first, so that the memory is waited for but once.
    /// `features` is empty afterwards.
    pub fn add_all(&self, features: &mut Vec<Feature>, sums: &mut [i16]) {
        let (slots, cells): (&[[u32; 2]], &[[u8; 2]]) = (&self.slots, &self.cells);
        let mut found = [0usize; 64];
        for part in features.chunks(found.len()) {
            let mut count = 0;
            for feature in part {
                if let Some(slot) = find(slots, *feature) {
                    found[count] = slot;
                    count += 1;
                }
            }
            for slot in &found[..count] {
                self.add_slot(slots, cells, *slot, sums);
            }
        }
        features.clear();
    }

    fn add_slot(&self, slots: &[[u32; 2]], cells: &[[u8; 2]], slot: usize, sums: &mut [i16]) {
        let range = slots[slot][1] as usize..slots[slot + 1][1] as usize;
        if range.len() >= LONG
            && let Some(row) = self.long.get(&slot)
        {
            let row = &self.rows[row * self.width..(row + 1) * self.width];
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += i16::from(*value);
            }
            return;
        }
        for &[column, value] in cells.get(range).unwrap_or(&[]) {
            // Columns ascend: the rest belong to layers that are not asked for.
            let Some(sum) = sums.get_mut(usize::from(column)) else { break };
            *sum += i16::from(value.cast_signed());
        }
    }

    fn spread(&mut self) {
        for (slot, ends) in self.slots.windows(2).enumerate() {
            let range = ends[0][1] as usize..ends[1][1] as usize;
            if range.len() < LONG {
                continue;
            }
            let from = self.rows.len();
            self.long.insert(slot, from / self.width);
            self.rows.resize(from + self.width, 0);
            for &[column, value] in self.cells.get(range).unwrap_or(&[]) {
                self.rows[from + usize::from(column)] = value.cast_signed();
            }
        }
    }

    /// The sections of a pack for rows of (column, weight), in ascending order of columns.
    pub fn to_sections(rows: &[(Feature, Vec<(u8, i8)>)], chains: &[Chain<i32>]) -> [Vec<u8>; 3] {
        let size = (rows.len() * 3 / 2 + 2).next_power_of_two();
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
            cells.extend(slot.iter().flat_map(|i| &rows[*i].1).map(|(column, value)| [*column, value.cast_unsigned()]));
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
