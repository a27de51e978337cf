//! Quantized weights, mapped from a pack: a hash table of features, each with the few tags that it speaks for.

use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::FxHashMap;

use crate::base::Table;
use crate::error::{Error, ErrorKind, Result};
use crate::pack::Pack;

use super::decode::Chain;
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

/// Rows of so many weights are kept spread.
const DENSE: usize = 20;

/// The weights of a tagger.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    /// Tells one opened table from another.
    id: u64,
    tags: u8,
    keys: Table<u32>,
    starts: Table<u32>,
    columns: Table<u8>,
    values: Table<i8>,
    chains: Vec<Chain<i32>>,
    /// The place in `rows` of each slot with a long row.
    dense: FxHashMap<usize, usize>,
    rows: Vec<i8>,
    width: usize,
}

/// Names of the sections of a scheme, in the order of [`Weights::to_sections`].
pub fn sections(scheme: &str) -> [String; 5] {
    ["keys", "starts", "columns", "values", "chains"].map(|part| format!("tagger.{scheme}.{part}"))
}

fn damaged(what: &str) -> Error {
    Error::new(ErrorKind::PackCorrupt, format!("the tagger is damaged: {what}"))
}

impl Weights {
    /// Open the weights of a scheme with so many labels.
    pub fn open(pack: &Pack, scheme: &str, labels: usize) -> Result<Self> {
        let [keys, starts, columns, values, chains] = sections(scheme).map(|name| pack.need(&name));
        let tags = u8::try_from(labels).ok().filter(|l| *l <= MAX_LABELS).ok_or_else(|| damaged("too many labels"))?;
        static OPENED: AtomicU64 = AtomicU64::new(1);
        let weights = Self {
            id: OPENED.fetch_add(1, Ordering::Relaxed),
            tags,
            keys: Table::new(keys?)?,
            starts: Table::new(starts?)?,
            columns: Table::new(columns?)?,
            values: Table::new(values?)?,
            ..Self::default()
        };
        let columns = LAYERS * Tags(tags).len();
        let sound = weights.keys.len().is_power_of_two()
            && weights.keys.contains(&0)
            && weights.starts.len() == weights.keys.len() + 1
            && weights.starts.is_sorted()
            && weights.starts.last().is_some_and(|end| *end as usize == weights.columns.len())
            && weights.values.len() == weights.columns.len()
            && weights.columns.iter().all(|column| usize::from(*column) < columns);
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
            .map(|n| Chain { start: n[..a].to_vec(), cross: n[a..b].to_vec(), stay: n[b..].to_vec() })
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
    pub fn chain(&self, layer: usize) -> &Chain<i32> {
        &self.chains[layer]
    }

    /// How many features have weights.
    pub fn len(&self) -> usize {
        self.keys.iter().filter(|key| **key != 0).count()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// Add a feature's weights to `sums`, a column a tag, layer after layer; columns beyond `sums` are left.
    pub fn add(&self, feature: Feature, sums: &mut [i16]) {
        let keys: &[u32] = &self.keys;
        let mask = keys.len() - 1;
        let mut slot = feature as usize & mask;
        loop {
            let key = keys[slot];
            if key == feature {
                break;
            }
            if key == 0 {
                return;
            }
            slot = (slot + 1) & mask;
        }
        let starts: &[u32] = &self.starts;
        let range = starts[slot] as usize..starts[slot + 1] as usize;
        if range.len() >= DENSE
            && let Some(row) = self.dense.get(&slot)
        {
            for (sum, value) in sums.iter_mut().zip(&self.rows[row * self.width..(row + 1) * self.width]) {
                *sum += i16::from(*value);
            }
            return;
        }
        let (columns, values): (&[u8], &[i8]) = (&self.columns, &self.values);
        for (column, value) in columns[range.clone()].iter().zip(&values[range]) {
            // Columns ascend: the rest belong to layers that are not asked for.
            let Some(sum) = sums.get_mut(usize::from(*column)) else { break };
            *sum += i16::from(*value);
        }
    }

    /// Spread the long rows over all columns, so that they are added in wide steps.
    fn spread(&mut self) {
        self.width = LAYERS * self.tags().len();
        for (slot, range) in self.starts.windows(2).enumerate().filter(|(_, r)| (r[1] - r[0]) as usize >= DENSE) {
            let range = range[0] as usize..range[1] as usize;
            let from = self.rows.len();
            self.dense.insert(slot, from / self.width);
            self.rows.resize(from + self.width, 0);
            for (column, value) in self.columns[range.clone()].iter().zip(&self.values[range]) {
                self.rows[from + usize::from(*column)] = *value;
            }
        }
    }

    /// The sections of a pack for rows of (column, weight), in ascending order of columns.
    pub fn to_sections(rows: &[(Feature, Vec<(u8, i8)>)], chains: &[Chain<i32>]) -> [Vec<u8>; 5] {
        let size = (rows.len() * 3 / 2 + 2).next_power_of_two();
        let mut slots: Vec<Option<usize>> = vec![None; size];
        for (i, (feature, _)) in rows.iter().enumerate() {
            let mut slot = *feature as usize & (size - 1);
            while slots[slot].is_some() {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = Some(i);
        }
        let (mut keys, mut starts, mut columns, mut values) = (Vec::new(), vec![0u32], Vec::new(), Vec::new());
        for slot in slots {
            keys.push(slot.map_or(0, |i| rows[i].0));
            for (column, value) in slot.iter().flat_map(|i| &rows[*i].1) {
                columns.push(*column);
                values.push(*value);
            }
            starts.push(u32::try_from(columns.len()).unwrap_or(u32::MAX));
        }
        let numbers: Vec<i32> =
            chains.iter().flat_map(|c| c.start.iter().chain(&c.cross).chain(&c.stay).copied()).collect();
        [
            bytemuck::cast_slice(&keys).to_vec(),
            bytemuck::cast_slice(&starts).to_vec(),
            columns,
            bytemuck::cast_slice(&values).to_vec(),
            bytemuck::cast_slice(&numbers).to_vec(),
        ]
    }

    /// An owned table over [`Weights::to_sections`].
    pub fn from_sections(sections_of: [Vec<u8>; 5], labels: usize) -> Result<Self> {
        let pack =
            sections("x").iter().zip(&sections_of).fold(Pack::default(), |pack, (name, bytes)| pack.with(name, bytes));
        Self::open(&pack, "x", labels)
    }
}
