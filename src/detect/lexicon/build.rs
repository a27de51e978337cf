//! Compiling rows into the sections of a lexicon.

use std::collections::HashMap;

use crate::base::Label;
use crate::error::{Error, ErrorKind, Result};
use crate::segment::{Layout, WordId};

use super::entry::{NOWHERE, Record, RegionRecord};
use super::spelling::SpellingBuilder;
use super::trie::{Posting, TrieBuilder};
use super::{FORMAT, Row, Sections, forms};

/// Collects rows; the same rows in the same order give the same bytes.
#[derive(Debug, Default)]
pub struct LexiconBuilder {
    trie: TrieBuilder,
    entries: Vec<Record>,
    strings: String,
    known: HashMap<String, u32>,
    kinds: Vec<String>,
    regions: Vec<String>,
    /// The Latin and Arabic name of the regions that are known, by code.
    region_names: HashMap<String, (String, String)>,
    sources: Vec<String>,
    layout: Layout,
    spelling: SpellingBuilder,
    /// The entries of titles of one word.
    titles: HashMap<String, u32>,
}

/// The number of `name` in `names`, added when missing.
fn intern<N: TryFrom<usize>>(names: &mut Vec<String>, name: &str) -> Result<N> {
    let at = names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    });
    N::try_from(at)
        .map_err(|_| Error::new(ErrorKind::BadData, format!("too many kinds, sources or regions at {name:?}")))
}

#[allow(clippy::cast_possible_truncation, reason = "checked to be within the globe")]
fn millionths(row: &Row, key: &str) -> Result<i32> {
    let Some(value) = row.fact(key) else { return Ok(NOWHERE) };
    match value.parse::<f64>() {
        Ok(degrees) if degrees.abs() <= 180.0 => Ok((degrees * 1e6).round() as i32),
        _ => Err(Error::new(ErrorKind::BadData, format!("{}: {key}={value} is no angle", row.name))),
    }
}

fn number(row: &Row, key: &str) -> Result<u32> {
    row.fact(key).map_or(Ok(0), |value| {
        value.parse().map_err(|_| Error::new(ErrorKind::BadData, format!("{}: {key}={value} is no number", row.name)))
    })
}

impl LexiconBuilder {
    fn string(&mut self, text: &str) -> Result<(u32, u16)> {
        let too_long = |_| Error::new(ErrorKind::BadData, format!("the name {text:?} is too long"));
        let length = u16::try_from(text.len()).map_err(too_long)?;
        if let Some(at) = self.known.get(text) {
            return Ok((*at, length));
        }
        let at = u32::try_from(self.strings.len()).map_err(too_long)?;
        self.strings.push_str(text);
        self.known.insert(text.to_owned(), at);
        Ok((at, length))
    }

    /// Tell the names of a region: its code is the name of the row.
    pub fn add_region(&mut self, row: &Row) {
        let arabic = row.aliases.first().cloned().unwrap_or_default();
        self.region_names.insert(row.name.clone(), (row.latin.clone(), arabic));
    }

    /// What a record holds beside: the region of a place, from 1, that a title wants a complement, or the title of a
    /// person, from 1, where that was told before.
    fn more(&mut self, row: &Row, label: Label) -> Result<u16> {
        if label == Label::OCC {
            return Ok(u16::from(row.fact("complement") == Some("yes")));
        }
        if label == Label::PERS {
            let title = row.fact("title").and_then(|title| self.titles.get(title));
            return Ok(title.and_then(|id| u16::try_from(id + 1).ok()).unwrap_or(0));
        }
        let Some(code) = row.fact("admin") else { return Ok(0) };
        let at: u16 = intern(&mut self.regions, code)?;
        at.checked_add(1).ok_or_else(|| Error::new(ErrorKind::BadData, format!("too many regions at {code:?}")))
    }

    /// Add a row under a label; `word` gives the number of a folded word, or [`NO_WORD`](crate::segment::NO_WORD). Returns the entry's number.
    pub fn add(&mut self, row: &Row, label: Label, word: &mut impl FnMut(&str) -> WordId) -> Result<u32> {
        let (name, name_len) = self.string(row.canonical())?;
        let (latin, latin_len) = self.string(&row.latin)?;
        let mut country = [0; 2];
        if let Some(&[a, b]) = row.fact("country").map(str::as_bytes) {
            country = [a, b];
        }
        let id = u32::try_from(self.entries.len())
            .map_err(|_| Error::new(ErrorKind::BadData, "too many entries for one lexicon"))?;
        let population = number(row, "population")?;
        let more = self.more(row, label)?;
        self.entries.push(Record {
            name,
            latin,
            geonames: number(row, "geonames")?,
            population,
            lat: millionths(row, "lat")?,
            lon: millionths(row, "lon")?,
            name_len,
            latin_len,
            kind: intern(&mut self.kinds, row.fact("kind").unwrap_or(""))?,
            country,
            label: label.0,
            source: intern(&mut self.sources, &row.source)?,
            more,
        });
        for (form, ambiguous) in row.forms() {
            for spelling in forms::spellings(form, label, &mut self.layout) {
                if let ([title], Label::OCC) = (spelling.as_slice(), label) {
                    self.titles.entry(title.clone()).or_insert(id);
                }
                let phrase: Vec<WordId> = spelling.iter().map(|key| word(key)).collect();
                if self.trie.add(&phrase, Posting::new(id, ambiguous)) && !ambiguous {
                    self.spelling.add(row, label, population, &spelling, &phrase);
                }
            }
        }
        Ok(id)
    }

    /// How many entries there are so far.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The sections, in the order of [`super::Lexicon::sections`]. `words` is the size of the table of words.
    pub fn build(mut self, words: usize) -> Result<Sections<Vec<u8>>> {
        let small = |n: usize| {
            u32::try_from(n).map_err(|_| Error::new(ErrorKind::BadData, "the lexicon is too large for one pack"))
        };
        let mut regions = Vec::with_capacity(self.regions.len());
        for code in std::mem::take(&mut self.regions) {
            let (latin, arabic) = self.region_names.remove(&code).unwrap_or_default();
            let [(code, code_len), (latin, latin_len), (arabic, arabic_len)] =
                [self.string(&code)?, self.string(&latin)?, self.string(&arabic)?];
            regions.push(RegionRecord { code, latin, arabic, code_len, latin_len, arabic_len, pad: 0 });
        }
        let entries = &self.entries;
        let rank = |posting: Posting| {
            let record = entries.get(posting.entry() as usize);
            let population = record.map_or(0, |r| r.population);
            (record.map_or(0, |r| r.label), posting.ambiguous(), std::cmp::Reverse(population), posting.entry())
        };
        let (trie, found) = self.trie.build(rank)?;
        let mut of_entry: Vec<(u32, u32)> = found.into_iter().map(|(node, p)| (p.entry(), node)).collect();
        of_entry.sort_unstable();
        let mut starts = vec![0u32];
        for id in 0..entries.len() {
            let id = small(id)?;
            starts.push(small(of_entry.partition_point(|(entry, _)| *entry <= id))?);
        }
        starts.extend(of_entry.into_iter().map(|(_, node)| node));
        let [bits, ranks, nodes, edges, postings] = trie;
        let [near, seconds] = self.spelling.build();
        Ok([
            bits,
            ranks,
            nodes,
            edges,
            postings,
            bytemuck::cast_slice(&[FORMAT, small(words)?]).to_vec(),
            bytemuck::cast_slice(entries).to_vec(),
            self.strings.into_bytes(),
            self.kinds.join("\n").into_bytes(),
            self.sources.join("\n").into_bytes(),
            bytemuck::cast_slice(&starts).to_vec(),
            near,
            seconds,
            bytemuck::cast_slice(&regions).to_vec(),
        ])
    }
}
