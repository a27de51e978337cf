//! Counting the words of raw text.

use std::io::BufRead;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use crate::detect::tagger::features::CLUSTERINGS;
use crate::error::{Error, ErrorKind, Result};
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

/// A pack whose words also have the classes of some tables: a word and its classes a line, in columns parted by tabs.
/// Words that the pack does not know are added, unless a lexicon was compiled over its words, whose numbers must stay.
pub fn with_classes(pack: Pack, tables: &[PathBuf]) -> Result<Pack> {
    let words = Words::of(&pack)?;
    let mut builder = WordsBuilder::from_words(&words);
    let mut columns = words.clusterings();
    let fixed = pack.names().any(|name| name.starts_with("lexicon."));
    for table in tables {
        columns += add_classes(&mut builder, table, columns, fixed)?;
    }
    if columns > CLUSTERINGS {
        let what = format!("{columns} columns of classes, with those of the pack: at most {CLUSTERINGS} are read");
        return Err(Error::new(ErrorKind::BadData, what));
    }
    Ok(SECTIONS.iter().zip(builder.build()?).fold(pack, |pack, (name, bytes)| pack.with(name, &bytes)))
}

/// Add the columns of a table behind `columns` others, and say how many they are.
fn add_classes(builder: &mut WordsBuilder, table: &Path, columns: usize, fixed: bool) -> Result<usize> {
    let name = table.display();
    let text = std::fs::read_to_string(table).map_err(|e| Error::io(format!("cannot read {name}"), e))?;
    let mut width = 0;
    for (i, line) in text.lines().enumerate() {
        let bad = || Error::new(ErrorKind::BadData, format!("{name}, line {}: not a word with its classes", i + 1));
        let (word, rest) = line.split_once('\t').ok_or_else(bad)?;
        let numbers: Vec<u16> =
            rest.split('\t').map(str::parse).collect::<std::result::Result<_, _>>().map_err(|_| bad())?;
        width = width.max(numbers.len());
        if word.is_empty() || (fixed && builder.get(word).is_none()) {
            continue;
        }
        let info = builder.entry(word);
        info.classes.resize(columns, 0);
        info.classes.extend(numbers);
    }
    if width == 0 {
        return Err(Error::new(ErrorKind::BadData, format!("{name}: no word with classes")));
    }
    Ok(width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_columns_of_classes_and_keeps_numbers() {
        let mut builder = WordsBuilder::default();
        builder.entry("سرت").count = 3;
        let folder = std::env::temp_dir();
        let table = folder.join(format!("marsad-classes-{}.tsv", std::process::id()));
        std::fs::write(&table, "سرت\t7\t9\nدرنه\t8\t1\n").unwrap();
        let grown = with_classes(pack(&builder).unwrap(), &[table.clone(), table.clone()]).unwrap();
        let words = Words::of(&grown).unwrap();
        let of = |words: &Words, key: &str| (0..4).map(|c| words.class(words.get(key), c)).collect::<Vec<_>>();
        assert_eq!(of(&words, "سرت"), [7, 9, 7, 9]);
        assert_eq!(of(&words, "درنه"), [8, 1, 8, 1]);

        let compiled = pack(&builder).unwrap().with("lexicon.meta", &[]);
        let words = Words::of(&with_classes(compiled, std::slice::from_ref(&table)).unwrap()).unwrap();
        assert_eq!((words.len(), words.class(words.get("سرت"), 1)), (1, 9));

        let many = vec![table.clone(); 4];
        let error = with_classes(pack(&builder).unwrap(), &many).unwrap_err();
        assert!(error.to_string().contains("8 columns"), "{error}");
        std::fs::write(&table, "سرت\tx\n").unwrap();
        let error = with_classes(pack(&builder).unwrap(), std::slice::from_ref(&table)).unwrap_err();
        assert!(error.to_string().contains("line 1"), "{error}");
        std::fs::remove_file(&table).unwrap();
    }
}
