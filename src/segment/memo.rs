//! Words already read. The readings of a word depend on its letters alone, and most words of a text recur.

use rustc_hash::FxHashMap;

use crate::base::{Span, Src, hash64};

use super::clitic::Reading;
use super::read::{Reader, Readings};
use super::words::{WordId, Words};
use super::{Layout, Token};

/// Forget everything when so many words are held: a bound on memory, far above the words of one article.
const MOST: usize = 1 << 16;

/// Where the memo holds a word.
#[derive(Clone, Copy, Debug)]
struct Entry {
    word: WordId,
    /// The word as written, in `keys`, and where it ends; the folded word and its other stems follow.
    surface: (u32, u32),
    /// One past those.
    end: u32,
    /// Length of the folded word.
    key: u32,
    readings: (u32, u32),
}

/// Readings by word, relative to the word's start.
#[derive(Clone, Debug, Default)]
pub(super) struct Memo {
    /// By the hash of the word as written.
    entries: FxHashMap<u64, Entry>,
    keys: String,
    list: Vec<Reading>,
    reader: Reader,
    fresh: Readings,
    /// The table that the readings come from.
    words: Words,
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Memo {
    /// Make ready for a table: what another table told is forgotten.
    pub fn serve(&mut self, words: &Words) {
        if !self.words.is_same(words) {
            self.words = words.clone();
            self.forget();
        }
    }

    fn forget(&mut self) {
        self.entries.clear();
        self.keys.clear();
        self.list.clear();
    }

    fn entry(&mut self, surface: &str) -> Entry {
        let hash = hash64(surface.as_bytes(), 0);
        let written = |entry: &&Entry| self.keys.get(entry.surface.0 as usize..entry.surface.1 as usize);
        if let Some(entry) = self.entries.get(&hash).filter(|entry| written(entry) == Some(surface)) {
            return *entry;
        }
        if self.entries.len() >= MOST {
            self.forget();
        }
        self.reader.read(surface, &self.words, &mut self.fresh);
        let from = offset(self.keys.len());
        let readings = offset(self.list.len());
        self.keys.push_str(surface);
        let until = offset(self.keys.len());
        self.keys.push_str(&self.fresh.keys);
        self.list.extend_from_slice(&self.fresh.list);
        let entry = Entry {
            word: self.fresh.word,
            surface: (from, until),
            end: offset(self.keys.len()),
            key: offset(self.fresh.key),
            readings: (readings, offset(self.list.len())),
        };
        self.entries.insert(hash, entry);
        entry
    }

    /// Append a word's key and readings to `out`; the token's `word`, `key` and `readings` say where.
    pub fn push(&mut self, surface: &str, span: Span<Src>, token: &mut Token, out: &mut Layout) {
        let entry = self.entry(surface);
        let base = offset(out.keys.len());
        out.keys.push_str(self.keys.get(entry.surface.1 as usize..entry.end as usize).unwrap_or(""));
        let first = offset(out.readings.len());
        let list = self.list.get(entry.readings.0 as usize..entry.readings.1 as usize).unwrap_or(&[]);
        out.readings.extend(list.iter().map(|reading| Reading {
            stem: (base + reading.stem.0, base + reading.stem.1),
            span: Span::new(span.start + reading.span.start, span.start + reading.span.end),
            ..*reading
        }));
        token.word = entry.word;
        token.key = (base, base + entry.key);
        token.readings = (first, offset(out.readings.len()));
    }
}
