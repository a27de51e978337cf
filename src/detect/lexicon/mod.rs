//! The lexicon: a trie over words, with what is known of each thing that a phrase names.

mod ahead;
mod build;
mod entry;
mod forms;
mod guess;
mod matcher;
mod rows;
mod spelling;
mod trie;
mod user;

use crate::base::{Bytes, Label, Table};
use crate::detect::{Candidate, Detect, Detector, View};
use crate::error::{Error, ErrorKind, Result};
use crate::pack::Pack;
use crate::segment::{WordId, Words};

pub use build::LexiconBuilder;
pub use entry::{Entry, Region};
pub use forms::{is_hyphen, is_quote, keys, nominative, spellings};
pub use rows::{Row, parse, read};
pub use trie::{Posting, Trie};
pub use user::UserLexicon;

pub(super) use guess::idle;

use entry::{Record, RegionRecord};
use spelling::Spelling;
pub use spelling::one_edit;

const FORMAT: u32 = 1;

/// One of something for each section.
pub type Sections<T> = [T; 14];

/// The sections of a pack that hold the lexicon, after those of the trie.
const SECTIONS: [&str; 6] =
    ["lexicon.meta", "lexicon.entries", "lexicon.strings", "lexicon.kinds", "lexicon.sources", "lexicon.forms"];
/// The regions of the places; older packs have none.
const REGIONS: &str = "lexicon.regions";

/// Names and what they name, mapped from a pack.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    trie: Trie,
    entries: Table<Record>,
    strings: Bytes,
    kinds: Box<[Box<str>]>,
    sources: Box<[Box<str>]>,
    /// Where the nodes of each entry start (one more than entries), then the nodes.
    forms: Table<u32>,
    spelling: Spelling,
    regions: Table<RegionRecord>,
    /// The label of the entry of each posting: matching reads no entry.
    labels: Box<[Label]>,
    /// A bit for each label that a posting has.
    has: u32,
    /// The [shape](spelling::shape) of the word of each edge of the trie; none when they are not known.
    shapes: Box<[u32]>,
}

fn damaged(what: &str) -> Error {
    Error::new(ErrorKind::PackCorrupt, format!("the lexicon is damaged: {what}"))
}

fn lines(bytes: &[u8]) -> Result<Box<[Box<str>]>> {
    let text = std::str::from_utf8(bytes).map_err(|_| damaged("a list of names is not UTF-8"))?;
    Ok(text.split('\n').map(Box::from).collect())
}

impl Lexicon {
    /// The names of all sections, in the order in which [`LexiconBuilder::build`] gives their bytes.
    pub fn sections() -> impl Iterator<Item = &'static str> {
        trie::SECTIONS.into_iter().chain(SECTIONS).chain(spelling::SECTIONS).chain([REGIONS])
    }

    /// The lexicon of a pack over these words; empty when the pack has none.
    pub fn of(pack: &Pack, words: &Words) -> Result<Self> {
        let mut sections: Sections<Bytes> = Default::default();
        for (section, name) in sections.iter_mut().zip(Self::sections()) {
            match pack.get(name) {
                Some(bytes) => *section = bytes.clone(),
                None if name == REGIONS => {}
                None if pack.names().any(|known| known.starts_with("lexicon.")) => {
                    return Err(damaged(&format!("section {name:?} is missing")));
                }
                None => return Ok(Self::default()),
            }
        }
        Self::open(sections, words.len())
    }

    /// Open the lexicon from its sections, in the order of [`Lexicon::sections`]. It must have been built with a
    /// table of so many `words`.
    pub fn open(sections: Sections<Bytes>, words: usize) -> Result<Self> {
        let [
            bits,
            ranks,
            nodes,
            edges,
            postings,
            meta,
            entries,
            strings,
            kinds,
            sources,
            forms,
            near,
            seconds,
            regions,
        ] = sections;
        let lexicon = Self {
            trie: Trie::open([bits, ranks, nodes, edges, postings])?,
            entries: Table::new(entries)?,
            strings,
            kinds: lines(&kinds)?,
            sources: lines(&sources)?,
            forms: Table::new(forms)?,
            spelling: Spelling::open([near, seconds])?,
            regions: if regions.is_empty() { Table::default() } else { Table::new(regions)? },
            labels: Box::default(),
            has: 0,
            shapes: Box::default(),
        };
        let meta: Table<u32> = Table::new(meta)?;
        let &[format, built_with] = &meta[..] else { return Err(damaged("its header is cut off")) };
        if format != FORMAT {
            return Err(Error::new(
                ErrorKind::PackVersion,
                format!("the lexicon has format {format}, this Marsad reads format {FORMAT}; build the pack again"),
            ));
        }
        if words != built_with as usize {
            return Err(damaged("it was built with another table of words"));
        }
        let count = lexicon.entries.len();
        let nodes = lexicon.forms.len().saturating_sub(count + 1);
        let starts = lexicon.forms.get(..=count).unwrap_or(&[]);
        if !starts.is_sorted() || starts.last().is_none_or(|end| *end as usize != nodes) {
            return Err(damaged("its list of forms"));
        }
        if lexicon.entries.iter().any(|record| usize::from(record.label) >= Label::NAMES.len()) {
            return Err(damaged("an entry has an unknown label"));
        }
        let label = |posting: &Posting| lexicon.entries.get(posting.entry() as usize).map(|record| Label(record.label));
        let labels: Option<Box<[Label]>> = lexicon.trie.all_postings().iter().map(label).collect();
        let labels = labels.ok_or_else(|| damaged("a phrase names an entry that is not there"))?;
        let has = labels.iter().fold(0, |has, label| has | 1 << label.0);
        Ok(Self { labels, has, ..lexicon })
    }

    /// Know the shapes of the words of all edges.
    fn with_shapes(self, words: &Words) -> Self {
        let shapes = self.trie.words().iter().map(|word| spelling::shape(words.key(*word))).collect();
        Self { shapes, ..self }
    }

    /// The entries of the phrase that ends at a node, with the label of each.
    #[inline]
    fn labeled(&self, node: u32) -> impl Iterator<Item = (Posting, Label)> {
        let at = self.trie.postings_at(node);
        let labels = self.labels.get(at.clone()).unwrap_or(&[]);
        self.trie.all_postings().get(at).unwrap_or(&[]).iter().copied().zip(labels.iter().copied())
    }

    fn string(&self, at: u32, length: u16) -> &str {
        let at = at as usize;
        self.strings.get(at..at + usize::from(length)).and_then(|s| std::str::from_utf8(s).ok()).unwrap_or("")
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// An entry by its number.
    pub fn entry(&self, id: u32) -> Option<Entry<'_>> {
        self.entries.get(id as usize).map(|record| Entry { lexicon: self, record, id })
    }

    /// All entries.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        (0u32..).zip(self.entries.iter()).map(|(id, record)| Entry { lexicon: self, record, id })
    }

    /// Whether a phrase names a thing of this label.
    pub(crate) fn has(&self, label: Label) -> bool {
        self.has.checked_shr(label.0.into()).is_some_and(|has| has & 1 == 1)
    }

    /// The trie of phrases.
    pub fn trie(&self) -> &Trie {
        &self.trie
    }

    /// The entries that a phrase of words may name: by label, the best of each label first.
    pub fn entries_of_words(
        &self,
        phrase: impl IntoIterator<Item = WordId>,
    ) -> impl Iterator<Item = (Entry<'_>, bool)> {
        self.trie.find(phrase).into_iter().flat_map(|node| self.entries_at(node))
    }

    /// The entries of the phrase that ends at a node of the trie, with whether the phrase is ambiguous.
    pub fn entries_at(&self, node: u32) -> impl Iterator<Item = (Entry<'_>, bool)> {
        self.trie.postings(node).iter().filter_map(|p| Some((self.entry(p.entry())?, p.ambiguous())))
    }

    /// The entries that a written form may name, with whether the form is ambiguous.
    pub fn entries_of(&self, form: &str, words: &Words) -> Vec<(Entry<'_>, bool)> {
        let keys = keys(form, &mut crate::segment::Layout::default());
        self.entries_of_words(keys.iter().map(|key| words.get(key))).collect()
    }

    /// The known name of one word, or the first name before `second`, that is one letter from `key`.
    pub fn neighbor(&self, key: &str, second: Option<WordId>, words: &Words) -> Option<WordId> {
        let fits = |word: &WordId| spelling::one_edit(key, words.key(*word));
        match second {
            Some(second) => self.spelling.firsts(second).filter(fits).min(),
            None => self.spelling.near(key).filter(fits).min(),
        }
    }

    /// The folded forms of an entry.
    pub fn forms_of(&self, id: u32, words: &Words) -> Vec<String> {
        let at = |i: u32| self.forms.get(i as usize).copied().unwrap_or(0) as usize;
        let nodes = self.forms.get(self.entries.len() + 1..).unwrap_or(&[]);
        let own = nodes.get(at(id)..at(id.saturating_add(1))).unwrap_or(&[]);
        let form = |node: &u32| {
            let mut keys: Vec<&str> = self.trie.words_back(*node).map(|word| words.key(word)).collect();
            keys.reverse();
            keys.join(" ")
        };
        own.iter().map(form).collect()
    }
}

impl Detect for Lexicon {
    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>) {
        matcher::detect(self, Detector::Lexicon, view, &matcher::Known, out);
    }
}
