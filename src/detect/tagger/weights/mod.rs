//! Quantized weights of features, each with the few tags that it speaks for.

mod layer;

use std::sync::atomic::{AtomicU64, Ordering};

use crate::base::Table;
use crate::error::{Error, ErrorKind, Result};
use crate::pack::Pack;

use super::decode::{Chain, Ready};
use super::features::Feature;
use super::tags::{MAX_LABELS, Tag, Tags};
use layer::Layer;

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

/// A feature and its weights for tags.
pub type Row = (Feature, Vec<(Tag, i8)>);

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
    ["outer", "inner", "chains"].map(|part| format!("tagger.{scheme}.{part}"))
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
        let [outer, inner, chains] = sections(scheme).map(|name| pack.need(&name));
        let count = u8::try_from(labels).ok().filter(|l| *l <= MAX_LABELS).ok_or_else(|| damaged("too many labels"))?;
        static OPENED: AtomicU64 = AtomicU64::new(1);
        let width = Tags(count).columns();
        let layers = [Layer::open(&outer?, width)?, Layer::open(&inner?, width)?];
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
    pub fn add(&self, asked: &mut Asked, layer: usize, sums: &mut [i16]) {
        self.layers[layer].add(asked, sums, self.width());
    }

    /// The sections of a pack for the weights of each layer.
    pub fn to_sections(tags: Tags, layers: [&[Row]; LAYERS], chains: &[Chain<i32>; LAYERS]) -> Result<[Vec<u8>; 3]> {
        let [outer, inner] = layers.map(|rows| Layer::to_bytes(rows, tags));
        let numbers: Vec<i32> =
            chains.iter().flat_map(|c| c.start.iter().chain(&c.cross).chain(&c.stay).copied()).collect();
        Ok([outer?, inner?, bytemuck::cast_slice(&numbers).to_vec()])
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

    /// Some weights of so many labels: long rows, short ones, features without any in a layer.
    fn rows_of(labels: u8) -> [Vec<Row>; LAYERS] {
        [OUTER, INNER].map(|layer| {
            let tags = 0..u8::try_from(Tags(labels).len()).unwrap();
            let value = |tag: &u8| i8::try_from((usize::from(*tag) + 50 * layer) % 100 + 1).unwrap();
            let row = |f: u8| tags.clone().filter(|tag| (tag + 1) % f == 0).map(|tag| (tag, value(&tag))).collect();
            let rows = (1..40).map(|f| (u32::from(f) * 77_777, row(f)));
            rows.filter(|row: &Row| !row.1.is_empty()).collect()
        })
    }

    fn sections_of(labels: u8) -> [Vec<u8>; 3] {
        let (tags, rows) = (Tags(labels), rows_of(labels));
        Weights::to_sections(tags, rows.each_ref().map(Vec::as_slice), &[tags; 2].map(Chain::new)).unwrap()
    }

    /// The sums of all features of a layer.
    fn sums(weights: &Weights, layer: usize) -> Vec<i16> {
        let mut sums = vec![0i16; weights.width()];
        let mut asked = Asked::default();
        (0..60).for_each(|f| asked.one(f * 77_777, 0));
        weights.add(&mut asked, layer, &mut sums);
        sums
    }

    #[test]
    fn weights_are_added_whatever_the_number_of_labels() {
        for labels in [1u8, 7, 21, 42, 43, 60, MAX_LABELS] {
            let weights = Weights::from_sections(sections_of(labels), usize::from(labels)).unwrap();
            for (layer, rows) in rows_of(labels).iter().enumerate() {
                let found = sums(&weights, layer);
                for tag in 0..u8::try_from(Tags(labels).len()).unwrap() {
                    let of = |row: &Row| {
                        row.1.iter().filter(|cell| cell.0 == tag).map(|cell| i16::from(cell.1)).sum::<i16>()
                    };
                    let sum: i16 = rows.iter().map(of).sum::<i16>();
                    assert_eq!(found[Tags(labels).column(tag)], sum, "{labels} labels, {layer}, {tag}");
                }
            }
        }
    }

    #[test]
    fn damaged_weights_are_told_or_do_no_harm() {
        let sections = sections_of(3);
        for (section, bit) in [(OUTER, 1u8), (INNER, 0x80), (2, 1)] {
            for at in 0..sections[section].len() {
                let mut bad = sections.clone();
                bad[section][at] ^= bit;
                match Weights::from_sections(bad, 3) {
                    Ok(weights) => assert_eq!(sums(&weights, OUTER).len(), weights.width()),
                    Err(error) => assert_eq!(error.kind(), ErrorKind::PackCorrupt),
                }
                let mut bad = sections.clone();
                bad[section].truncate(at);
                assert_eq!(Weights::from_sections(bad, 3).unwrap_err().kind(), ErrorKind::PackCorrupt);
            }
        }
    }

    #[test]
    fn a_table_without_an_empty_slot_is_damage() {
        // Looking up a feature would never end.
        let mut sections = sections_of(3);
        let numbers: Vec<u32> =
            sections[OUTER][..8].chunks(4).map(|n| u32::from_le_bytes(n.try_into().unwrap())).collect();
        let from = (64 + numbers[0] as usize * 8).next_multiple_of(64);
        let slots = &mut sections[OUTER][from..from + numbers[1] as usize * 8];
        let full = slots.chunks(8).find(|slot| slot[..4] != [0; 4]).unwrap().to_vec();
        slots.chunks_mut(8).filter(|slot| slot[..4] == [0; 4]).for_each(|slot| slot.copy_from_slice(&full));
        assert_eq!(Weights::from_sections(sections, 3).unwrap_err().kind(), ErrorKind::PackCorrupt);
    }
}
