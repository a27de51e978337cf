//! Tokens already read. The readings of a word depend on its letters alone, and most words of a text recur.

use rustc_hash::FxHashMap;

use crate::base::{Span, hash64, offset};

use super::clitic::Reading;
use super::read::{Reader, Readings};
use super::words::{WordId, Words};
use super::{Idle, Layout, Token, TokenKind};

/// So many words are held at most, far above those of one article: twice what a hash table of 65,536 places holds.
/// Half of them are forgotten at a time: those that were not seen again since the other half was.
const MOST: usize = 7 << 14;

/// The letters of those do not grow beyond this, but for one token.
const MOST_BYTES: usize = 1 << 24;

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
    /// What [`Idle`] says of it, once it was asked.
    idle: Option<u8>,
}

/// Words with their readings.
#[derive(Clone, Debug, Default)]
struct Shelf {
    /// By the hash of the word as written.
    entries: FxHashMap<u64, Entry>,
    keys: String,
    list: Vec<Reading>,
}

impl Shelf {
    fn clear(&mut self) {
        self.entries.clear();
        self.keys.clear();
        self.list.clear();
    }

    fn get(&self, hash: u64, surface: &str) -> Option<Entry> {
        self.entries.get(&hash).copied().filter(|entry| self.is(entry, surface))
    }

    fn is(&self, entry: &Entry, surface: &str) -> bool {
        self.keys.get(entry.surface.0 as usize..entry.surface.1 as usize) == Some(surface)
    }

    /// The folded word and its other stems, one after the other, and the readings.
    fn of(&self, entry: &Entry) -> (&str, &[Reading]) {
        let keys = self.keys.get(entry.surface.1 as usize..entry.end as usize).unwrap_or("");
        (keys, self.list.get(entry.readings.0 as usize..entry.readings.1 as usize).unwrap_or(&[]))
    }

    fn put(
        &mut self,
        (hash, surface): (u64, &str),
        (word, key, idle): (WordId, u32, Option<u8>),
        (keys, list): (&str, &[Reading]),
    ) -> Entry {
        let from = offset(self.keys.len());
        let readings = offset(self.list.len());
        self.keys.push_str(surface);
        let until = offset(self.keys.len());
        self.keys.push_str(keys);
        self.list.extend_from_slice(list);
        let (end, last) = (offset(self.keys.len()), offset(self.list.len()));
        let entry = Entry { word, surface: (from, until), end, key, readings: (readings, last), idle };
        self.entries.insert(hash, entry);
        entry
    }
}

/// Readings by word, relative to the word's start.
#[derive(Clone, Debug, Default)]
pub(super) struct Memo {
    young: Shelf,
    old: Shelf,
    reader: Reader,
    fresh: Readings,
    asked: Option<Idle>,
    /// The table that the readings come from.
    words: Words,
    /// The words to come.
    ahead: Vec<Ahead>,
}

/// A word that is looked up with its neighbors.
#[derive(Clone, Copy, Debug)]
struct Ahead {
    hash: u64,
    /// Where it was found, and whether among the old; the letters may yet prove other ones.
    held: Option<(Entry, bool)>,
}

impl Memo {
    /// A memo that asks of each word.
    pub fn asking(idle: Idle) -> Self {
        Self { asked: Some(idle), ..Self::default() }
    }

    /// Make ready for a table: what another table told is forgotten.
    pub fn serve(&mut self, words: &Words) {
        if !self.words.is_same(words) {
            self.words = words.clone();
            self.young.clear();
            self.old.clear();
        }
    }

    /// Look some tokens up together, so that the memory is waited for together: [`Memo::push`] tells of each by its number.
    pub fn look<'a>(&mut self, tokens: impl Iterator<Item = (&'a str, TokenKind)>) {
        self.ahead.clear();
        let ahead =
            |(surface, kind): (&str, TokenKind)| Ahead { hash: hash64(surface.as_bytes(), kind as u64), held: None };
        self.ahead.extend(tokens.map(ahead));
        self.probe();
    }

    /// Find where the words to come are held.
    fn probe(&mut self) {
        for ahead in &mut self.ahead {
            ahead.held = self.young.entries.get(&ahead.hash).map(|entry| (*entry, false));
        }
        for ahead in self.ahead.iter_mut().filter(|ahead| ahead.held.is_none()) {
            ahead.held = self.old.entries.get(&ahead.hash).map(|entry| (*entry, true));
        }
        // The sum only keeps the readings from being left out.
        let touched = self.ahead.iter().filter_map(|ahead| ahead.held.as_ref()).fold(0, |sum, (entry, old)| {
            let shelf = if *old { &self.old } else { &self.young };
            let key = shelf.keys.as_bytes().get(entry.surface.0 as usize).copied().unwrap_or(0);
            sum ^ u32::from(key) ^ shelf.list.get(entry.readings.0 as usize).map_or(0, |reading| reading.stem.0)
        });
        std::hint::black_box(touched);
    }

    /// A token of those looked up last; afterwards it is among the young.
    fn entry(&mut self, number: usize, surface: &str, kind: TokenKind) -> Entry {
        let Ahead { hash, held } = self.ahead[number];
        if let Some((entry, false)) = held
            && self.young.is(&entry, surface)
        {
            return entry;
        }
        // A word that stands twice among those looked up together was new the first time.
        if let Some(entry) = self.young.get(hash, surface) {
            return entry;
        }
        if self.young.entries.len() >= MOST / 2 || self.young.keys.len() > MOST_BYTES {
            std::mem::swap(&mut self.young, &mut self.old);
            self.young.clear();
            self.probe();
        }
        if let Some((entry, true)) = self.ahead[number].held
            && self.old.is(&entry, surface)
        {
            return self.young.put((hash, surface), (entry.word, entry.key, entry.idle), self.old.of(&entry));
        }
        if kind == TokenKind::Word {
            self.reader.read(surface, &self.words, &mut self.fresh);
        } else {
            self.fresh.set_plain(surface, &self.words);
        }
        let Readings { word, key, keys, list } = &self.fresh;
        self.young.put((hash, surface), (*word, offset(*key), None), (keys, list))
    }

    /// Append a token of those looked up last to `out`, with its key and readings.
    pub fn push(&mut self, number: usize, text: &str, token: Token, out: &mut Layout) {
        let (surface, span) = (token.span.slice(text), token.span);
        let entry = self.entry(number, surface, token.kind);
        let base = offset(out.keys.len());
        let (keys, list) = self.young.of(&entry);
        out.keys.push_str(keys);
        let first = offset(out.readings.len());
        out.readings.extend(list.iter().map(|reading| Reading {
            stem: (base + reading.stem.0, base + reading.stem.1),
            span: Span::new(span.start + reading.span.start, span.start + reading.span.end),
            ..*reading
        }));
        let (key, readings) = ((base, base + entry.key), (first, offset(out.readings.len())));
        out.tokens.push(Token { word: entry.word, key, readings, idle: entry.idle.unwrap_or(0), ..token });
        if let (None, Some(ask)) = (entry.idle, self.asked) {
            let idle = ask(text, out, &self.words);
            if let Some(token) = out.tokens.last_mut() {
                token.idle = idle;
            }
            if let Some(entry) = self.young.entries.get_mut(&self.ahead[number].hash) {
                entry.idle = Some(idle);
            }
        }
    }
}
