//! The table of words: every key that the corpora or the lexicon know, with its frequency, classes and traits.

use std::collections::BTreeMap;

use crate::base::{Bytes, Table, hash64};
use crate::error::{Error, ErrorKind, Result};
use crate::pack::Pack;

/// A word's number in [`Words`].
pub type WordId = u32;
/// The number of a word that the table does not have.
pub const NO_WORD: WordId = u32::MAX;

/// What a word is known to be, from `data/lexicon/triggers.tsv` and the name lists: a bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Trait(pub u32);

macro_rules! traits {
    ($($bit:literal $name:ident $tag:literal;)*) => {
        impl Trait {
            $(#[doc = concat!("`", $tag, "`")] pub const $name: Trait = Trait(1 << $bit);)*
            /// Names of the traits in the tables of the lexicon.
            pub const TAGS: &'static [(&'static str, Trait)] = &[$(($tag, Trait::$name)),*];
        }
    };
}

traits! {
    0 GPE_HEAD "gpe_head";
    1 LOC_HEAD "loc_head";
    2 FAC_HEAD "fac_head";
    3 ORG_HEAD "org_head";
    4 EVENT_HEAD "event_head";
    5 LAW_HEAD "law_head";
    6 PRODUCT_HEAD "product_head";
    7 TITLE "title";
    8 GIVEN "given";
    9 FAMILY "family";
    10 PARTICLE "name_particle";
    11 SPEECH "reporting_verb";
    12 SOURCE "source_preposition";
    13 APPROX "approximator";
    14 DIRECTION "direction";
    15 UNIT "unit";
    16 CURRENCY "currency";
    17 NUMBER "number_word";
    18 ORDINAL "ordinal_word";
    19 WEEKDAY "weekday";
    20 MONTH "month";
    21 TIME_NOUN "time_noun";
    22 STOP "stopword";
    23 ADJ_NATION "nationality_adjective";
    24 PEOPLE "people";
    25 AMBIGUOUS "ambiguous";
    26 NAME "name";
}

impl Trait {
    /// Whether any of `other` is in this set.
    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
    /// Both sets together.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Words by key, mapped from a pack.
#[derive(Clone, Debug, Default)]
pub struct Words {
    text: Bytes,
    starts: Table<u32>,
    slots: Table<u32>,
    counts: Table<u32>,
    traits: Table<u32>,
    classes: Table<u16>,
    clusterings: usize,
}

/// The sections of a pack that hold the table.
pub const SECTIONS: [&str; 6] =
    ["words.text", "words.starts", "words.slots", "words.counts", "words.traits", "words.classes"];

impl Words {
    /// The table of a pack; empty when the pack has none.
    pub fn of(pack: &Pack) -> Result<Self> {
        if pack.get(SECTIONS[0]).is_none() {
            return Ok(Self::default());
        }
        let mut sections: [Bytes; 6] = Default::default();
        for (section, name) in sections.iter_mut().zip(SECTIONS) {
            *section = pack.need(name)?;
        }
        Self::open(sections)
    }

    /// Open the table from its sections, in the order of [`SECTIONS`].
    pub fn open(sections: [Bytes; 6]) -> Result<Self> {
        let [text, starts, slots, counts, traits, classes] = sections;
        let words = Self {
            text,
            starts: Table::new(starts)?,
            slots: Table::new(slots)?,
            counts: Table::new(counts)?,
            traits: Table::new(traits)?,
            classes: Table::new(classes)?,
            clusterings: 0,
        };
        let n = words.counts.len();
        let sound = words.starts.len() == n + 1
            && words.traits.len() == n
            && words.slots.len().is_power_of_two()
            && words.slots.len() > n
            && words.slots.iter().all(|&slot| slot as usize <= n)
            && words.slots.contains(&0)
            && words.starts.is_sorted()
            && words.starts.last().copied() == u32::try_from(words.text.len()).ok()
            && (n == 0 || words.classes.len().is_multiple_of(n));
        if !sound {
            return Err(Error::new(ErrorKind::PackCorrupt, "the table of words is damaged"));
        }
        let clusterings = words.classes.len().checked_div(n).unwrap_or(0);
        Ok(Self { clusterings, ..words })
    }

    /// Whether both are views of one table in memory.
    pub fn is_same(&self, other: &Self) -> bool {
        std::ptr::eq(&raw const self.text[..], &raw const other.text[..])
            && std::ptr::eq(&raw const self.counts[..], &raw const other.counts[..])
    }
    /// How many words there are.
    pub fn len(&self) -> usize {
        self.counts.len()
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
    /// The number of a key, or [`NO_WORD`].
    #[allow(clippy::cast_possible_truncation, reason = "a hash is cut to the table's size")]
    pub fn get(&self, key: &str) -> WordId {
        if self.slots.is_empty() {
            return NO_WORD;
        }
        let mask = self.slots.len() - 1;
        let mut slot = hash64(key.as_bytes(), 0) as usize & mask;
        loop {
            match self.slots[slot] {
                0 => return NO_WORD,
                id if self.bytes(id - 1) == key.as_bytes() => return id - 1,
                _ => slot = (slot + 1) & mask,
            }
        }
    }
    fn bytes(&self, id: WordId) -> &[u8] {
        let id = id as usize;
        match (self.starts.get(id), self.starts.get(id + 1)) {
            (Some(&from), Some(&to)) => self.text.get(from as usize..to as usize).unwrap_or(&[]),
            _ => &[],
        }
    }
    /// The key of a word.
    pub fn key(&self, id: WordId) -> &str {
        std::str::from_utf8(self.bytes(id)).unwrap_or("")
    }
    /// How often the raw corpora hold it; 0 for a word that is in the lexicon alone or unknown.
    pub fn count(&self, id: WordId) -> u32 {
        self.counts.get(id as usize).copied().unwrap_or(0)
    }
    /// What it is known to be.
    pub fn traits(&self, id: WordId) -> Trait {
        Trait(self.traits.get(id as usize).copied().unwrap_or(0))
    }
    /// How many clusterings the table has.
    pub fn clusterings(&self) -> usize {
        self.clusterings
    }
    /// The class of a word in a clustering; 0 when it has none.
    pub fn class(&self, id: WordId, clustering: usize) -> u16 {
        if id == NO_WORD {
            return 0;
        }
        self.classes.get(id as usize * self.clusterings + clustering).copied().unwrap_or(0)
    }
}

/// What is known of a word while a table is built.
#[derive(Clone, Debug, Default)]
pub struct WordInfo {
    /// How often the raw corpora hold it.
    pub count: u32,
    /// What it is.
    pub traits: u32,
    /// Its class in each clustering.
    pub classes: Vec<u16>,
}

/// Collects words; the same words give the same bytes.
#[derive(Clone, Debug, Default)]
pub struct WordsBuilder {
    words: BTreeMap<String, WordInfo>,
}

impl WordsBuilder {
    /// Start from an existing table.
    pub fn from_words(words: &Words) -> Self {
        let mut builder = Self::default();
        for id in 0..u32::try_from(words.len()).unwrap_or(u32::MAX) {
            let info = builder.entry(words.key(id));
            info.count = words.count(id);
            info.traits = words.traits(id).0;
            info.classes = (0..words.clusterings()).map(|c| words.class(id, c)).collect();
        }
        builder
    }
    /// The word of a key.
    pub fn get(&self, key: &str) -> Option<&WordInfo> {
        self.words.get(key)
    }
    /// The word of a key, added when missing.
    pub fn entry(&mut self, key: &str) -> &mut WordInfo {
        self.words.entry(key.to_owned()).or_default()
    }
    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
    /// The sections, in the order of [`SECTIONS`]. Ids follow falling frequency, so that hot words lie together.
    #[allow(clippy::cast_possible_truncation, reason = "a hash is cut to the table's size")]
    pub fn build(&self) -> Result<[Vec<u8>; 6]> {
        let too_many = |_| Error::new(ErrorKind::BadData, "too many words for one table");
        let mut order: Vec<(&String, &WordInfo)> = self.words.iter().collect();
        order.sort_by(|a, b| b.1.count.cmp(&a.1.count).then(a.0.cmp(b.0)));
        let clusterings = order.iter().map(|(_, info)| info.classes.len()).max().unwrap_or(0);
        let size = (order.len() * 8 / 5 + 2).next_power_of_two();
        let (mut text, mut starts, mut slots) = (String::new(), vec![0u32], vec![0u32; size]);
        let (mut counts, mut traits, mut classes) = (Vec::new(), Vec::new(), Vec::new());
        for (id, (key, info)) in order.iter().enumerate() {
            text.push_str(key);
            starts.push(u32::try_from(text.len()).map_err(too_many)?);
            counts.push(info.count);
            traits.push(info.traits);
            classes.extend((0..clusterings).map(|c| info.classes.get(c).copied().unwrap_or(0)));
            let mut slot = hash64(key.as_bytes(), 0) as usize & (size - 1);
            while slots[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = u32::try_from(id + 1).map_err(too_many)?;
        }
        let bytes = |v: &[u32]| bytemuck::cast_slice(v).to_vec();
        Ok([
            text.into_bytes(),
            bytes(&starts),
            bytes(&slots),
            bytes(&counts),
            bytes(&traits),
            bytemuck::cast_slice(&classes).to_vec(),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_built() {
        let mut builder = WordsBuilder::default();
        for (i, key) in ["سرت", "ليبيا", "مدينه"].iter().enumerate() {
            builder.entry(key).count = u32::try_from(i).unwrap();
        }
        let words = Words::open(builder.build().unwrap().map(|s| Bytes::copy(&s))).unwrap();
        assert_eq!(words.key(words.get("ليبيا")), "ليبيا");
        assert_eq!(words.count(words.get("مدينه")), 2);
        assert_eq!(words.get("لا"), NO_WORD);
    }
}
