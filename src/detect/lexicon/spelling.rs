//! Names with one letter wrong: باربس for باريس, بارك أوباما for باراك أوباما.
//!
//! Two small tables serve it. The first holds the deletions of well-known names of one word: two words within one
//! edit share the word itself or a deletion. The second holds the first words of persons' names by the second word.

use std::collections::BTreeSet;

use bytemuck::{Pod, Zeroable};

use crate::base::{Bytes, Label, Table};
use crate::error::{Error, ErrorKind, Result};
use crate::segment::WordId;

use super::Row;

/// The sections of a pack that hold the tables.
pub(super) const SECTIONS: [&str; 2] = ["lexicon.near", "lexicon.seconds"];

/// Shorter names have too many neighbors.
const SHORTEST: usize = 5;
/// Places of fewer inhabitants are too little known to be read into a misspelling.
const KNOWN: u32 = 200_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Pod, Zeroable)]
#[repr(C)]
struct Pair {
    key: u32,
    word: WordId,
}

/// The tables over words of the pack.
#[derive(Clone, Debug, Default)]
pub(super) struct Spelling {
    near: Table<Pair>,
    seconds: Table<Pair>,
}

impl Spelling {
    pub fn open(sections: [Bytes; 2]) -> Result<Self> {
        let [near, seconds] = sections;
        let spelling = Self { near: Table::new(near)?, seconds: Table::new(seconds)? };
        if !spelling.near.is_sorted() || !spelling.seconds.is_sorted() {
            return Err(Error::new(ErrorKind::PackCorrupt, "the lexicon's table of spellings is damaged"));
        }
        Ok(spelling)
    }

    /// Words that may be within one edit of `key`; the caller checks with [`one_edit`].
    pub fn near<'a>(&'a self, key: &'a str) -> impl Iterator<Item = WordId> + 'a {
        let whole = std::iter::once(hash(key, key.len(), key.len()));
        let hashes = whole.chain(key.char_indices().map(|(at, c)| hash(key, at, at + c.len_utf8())));
        hashes.flat_map(|hash| with_key(&self.near, hash))
    }

    /// First words of the persons whose names have `second` as the second word.
    pub fn firsts(&self, second: WordId) -> impl Iterator<Item = WordId> + '_ {
        with_key(&self.seconds, second)
    }
}

fn with_key(pairs: &[Pair], key: u32) -> impl Iterator<Item = WordId> + '_ {
    let from = pairs.partition_point(|pair| pair.key < key);
    pairs.iter().skip(from).take_while(move |pair| pair.key == key).map(|pair| pair.word)
}

/// The hash of what is left of a key without the bytes from `from` to `to` (FNV-1a: it must not depend on the gap).
fn hash(key: &str, from: usize, to: usize) -> u32 {
    let bytes = key.bytes().enumerate().filter(|(at, _)| !(from..to).contains(at));
    bytes.fold(0x811C_9DC5, |state: u32, (_, byte)| (state ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The letters of a word, a bit for some. One edit takes away one letter at most and brings one at most.
pub(super) fn shape(key: &str) -> u32 {
    key.chars().fold(0, |shape, letter| shape | 1 << (u32::from(letter) & 31))
}

/// Whether two shapes may be of words within [`one_edit`]: no is sure.
pub(super) fn near_shape(one: u32, other: u32) -> bool {
    (one ^ other).count_ones() <= 2
}

/// Whether one letter changed, missing, added or swapped with its neighbor makes `wrong` of `right`. A letter added in
/// front that may be a proclitic does not count.
pub fn one_edit(wrong: &str, right: &str) -> bool {
    let clitic = wrong.strip_suffix(right).is_some_and(|extra| matches!(extra, "و" | "ف" | "ب" | "ل" | "ك"));
    if clitic || wrong.len().abs_diff(right.len()) > 4 {
        return false;
    }
    let same = wrong.chars().zip(right.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum::<usize>();
    let (wrong, right) = (wrong.get(same..).unwrap_or(""), right.get(same..).unwrap_or(""));
    let end = wrong.chars().rev().zip(right.chars().rev()).take_while(|(a, b)| a == b);
    let end = end.map(|(a, _)| a.len_utf8()).sum::<usize>();
    let mut wrong = wrong.get(..wrong.len() - end).unwrap_or("").chars();
    let mut right = right.get(..right.len() - end).unwrap_or("").chars();
    match ([wrong.next(), wrong.next(), wrong.next()], [right.next(), right.next(), right.next()]) {
        ([Some(_), None, _], [_, None, _]) | ([None, ..], [Some(_), None, _]) => true,
        ([Some(a), Some(b), None], [Some(c), Some(d), None]) => a == d && b == c,
        _ => false,
    }
}

/// Collects the tables.
#[derive(Debug, Default)]
pub(super) struct SpellingBuilder {
    near: BTreeSet<Pair>,
    seconds: BTreeSet<Pair>,
}

impl SpellingBuilder {
    /// Add a spelling of a row: its keys and their words.
    pub fn add(&mut self, row: &Row, label: Label, population: u32, keys: &[String], words: &[WordId]) {
        let long = |key: &String| key.strip_prefix("ال").unwrap_or(key).chars().count() >= SHORTEST;
        let known = match label {
            Label::GPE => population >= KNOWN || row.fact("kind") == Some("country"),
            _ => label == Label::PERS,
        };
        match (keys, words) {
            ([key], [word]) if known && long(key) => {
                self.near.insert(Pair { key: hash(key, key.len(), key.len()), word: *word });
                self.near.extend(
                    key.char_indices().map(|(at, c)| Pair { key: hash(key, at, at + c.len_utf8()), word: *word }),
                );
            }
            ([key, ..], [first, second, ..]) if label == Label::PERS && long(key) => {
                self.seconds.insert(Pair { key: *second, word: *first });
            }
            _ => {}
        }
    }

    pub fn build(self) -> [Vec<u8>; 2] {
        [self.near, self.seconds].map(|pairs| {
            let pairs: Vec<Pair> = pairs.into_iter().collect();
            bytemuck::cast_slice(&pairs).to_vec()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Edit distance with swaps of neighbors, by the book.
    fn distance(a: &str, b: &str) -> usize {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let mut d = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                d[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let cost = usize::from(a[i - 1] != b[j - 1]);
                    let mut best = (d[i - 1][j] + 1).min(d[i][j - 1] + 1).min(d[i - 1][j - 1] + cost);
                    if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        best = best.min(d[i - 2][j - 2] + 1);
                    }
                    best
                };
            }
        }
        d[a.len()][b.len()]
    }

    proptest! {
        #[test]
        fn one_edit_agrees_with_the_distance(a in "[سشصأ]{0,6}", b in "[سشصأ]{0,6}") {
            prop_assert_eq!(one_edit(&a, &b), distance(&a, &b) == 1);
            prop_assert!(!one_edit(&a, &b) || near_shape(shape(&a), shape(&b)));
        }

        #[test]
        fn near_finds_every_neighbor(a in "[سشصأ]{5,7}", b in "[سشصأ]{5,7}") {
            let mut builder = SpellingBuilder::default();
            builder.add(&Row::new("PERS", b.clone()), Label::PERS, 0, std::slice::from_ref(&b), &[7]);
            let spelling = Spelling::open(builder.build().map(|s| Bytes::copy(&s))).unwrap();
            if one_edit(&a, &b) {
                prop_assert!(spelling.near(&a).any(|word| word == 7));
            }
        }
    }

    #[test]
    fn a_proclitic_is_no_misspelling() {
        assert!(!one_edit("ببيروت", "بيروت"));
        assert!(one_edit("بيروتت", "بيروت") && one_edit("بيرت", "بيروت") && one_edit("بيورت", "بيروت"));
        assert!(!one_edit("بيروت", "بيروت"));
    }
}
