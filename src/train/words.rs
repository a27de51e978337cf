//! Counting the words of raw text.

use std::io::BufRead;

use rustc_hash::FxHashMap;

use crate::error::{Error, Result};
use crate::pack::Pack;
use crate::script::fold_into;
use crate::segment::scan::Scanner;
use crate::segment::words::{SECTIONS, WordsBuilder};
use crate::segment::{TokenKind, Words};

/// Counts the words of any number of raw texts.
///
/// ```
/// use marsad::train::words::WordCounter;
/// let mut counter = WordCounter::default();
/// counter.read("النص", "سرت مدينة، وسرت ميناء، سرت".as_bytes()).unwrap();
/// let builder = counter.into_builder(2);
/// assert_eq!(builder.len(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct WordCounter {
    counts: FxHashMap<String, u32>,
    key: String,
    tokens: u64,
}

impl WordCounter {
    /// Count the words of a text, line by line; `name` tells the text in errors. Bytes that are no UTF-8 are passed over.
    pub fn read(&mut self, name: &str, mut text: impl BufRead) -> Result<()> {
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = text.read_until(b'\n', &mut line).map_err(|e| Error::io(format!("cannot read {name}"), e))?;
            if read == 0 {
                return Ok(());
            }
            self.add(&String::from_utf8_lossy(&line));
        }
    }

    /// Count the words of a text.
    pub fn add(&mut self, text: &str) {
        for piece in Scanner::new(text) {
            if !matches!(piece.kind, TokenKind::Word | TokenKind::Foreign) {
                continue;
            }
            self.key.clear();
            fold_into(piece.span.slice(text), &mut self.key);
            if self.key.is_empty() {
                continue; // a lone mark
            }
            self.tokens += 1;
            match self.counts.get_mut(self.key.as_str()) {
                Some(count) => *count = count.saturating_add(1),
                None => {
                    self.counts.insert(self.key.clone(), 1);
                }
            }
        }
    }

    /// How many words were read.
    pub fn tokens(&self) -> u64 {
        self.tokens
    }

    /// The words seen at least `least` times.
    pub fn into_builder(self, least: u32) -> WordsBuilder {
        let mut builder = WordsBuilder::default();
        for (key, count) in self.counts {
            if count >= least && !key.is_empty() {
                builder.entry(&key).count = count;
            }
        }
        builder
    }
}

/// A pack with the sections of a table of words.
pub fn pack(builder: &WordsBuilder) -> Result<Pack> {
    let sections = builder.build()?;
    Ok(SECTIONS.iter().zip(&sections).fold(Pack::default(), |pack, (name, bytes)| pack.with(name, bytes)))
}

/// The table of words that a builder gives.
pub fn table(builder: &WordsBuilder) -> Result<Words> {
    Words::of(&pack(builder)?)
}
