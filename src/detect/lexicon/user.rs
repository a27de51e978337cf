//! A user's own names, over the bundled table of words.

use rustc_hash::FxHashMap;

use crate::base::{Bytes, Label};
use crate::detect::{Candidate, Detect, Detector, View};
use crate::error::Result;
use crate::segment::{NO_WORD, WordId, Words};

use super::matcher::{self, Ids};
use super::{Entry, Lexicon, LexiconBuilder, Row};

/// A lexicon built at run time. Words that the bundled table lacks get numbers after its last.
///
/// ```
/// use marsad::base::Label;
/// use marsad::detect::lexicon::{Row, UserLexicon};
/// use marsad::segment::Words;
/// let rows = [Row::new("ORG", "جمعية أصدقاء القمر الأزرق").with_alias("أصدقاء القمر")];
/// let lexicon = UserLexicon::from_rows(&rows, &Words::default()).unwrap();
/// assert_eq!(lexicon.entry(0).unwrap().label(), Label::ORG);
/// ```
#[derive(Clone, Debug, Default)]
pub struct UserLexicon {
    lexicon: Lexicon,
    own: FxHashMap<Box<str>, WordId>,
    rows: Vec<Row>,
}

impl UserLexicon {
    /// Compile rows. A label that is not one of the 21 is an error.
    pub fn from_rows(rows: &[Row], words: &Words) -> Result<Self> {
        let mut own: FxHashMap<Box<str>, WordId> = FxHashMap::default();
        let first = u32::try_from(words.len()).unwrap_or(NO_WORD);
        let mut number = |key: &str| match words.get(key) {
            NO_WORD => {
                let next = first.saturating_add(u32::try_from(own.len()).unwrap_or(NO_WORD));
                *own.entry(key.into()).or_insert(next)
            }
            known => known,
        };
        let mut builder = LexiconBuilder::default();
        for row in rows {
            if let Some(region) = row.fact("admin") {
                // Users call a region by its name.
                builder.add_region(&Row { latin: region.to_owned(), ..Row::new("region", region) });
            }
            builder.add(row, row.label.parse::<Label>()?, &mut number)?;
        }
        let sections = builder.build(words.len())?.map(|section| Bytes::copy(&section));
        Ok(Self { lexicon: Lexicon::open(sections, words.len())?.with_shapes(words), own, rows: rows.to_vec() })
    }

    /// The same with more rows.
    pub fn with_rows(&self, rows: &[Row], words: &Words) -> Result<Self> {
        Self::from_rows(&[self.rows.as_slice(), rows].concat(), words)
    }

    /// The rows it was built from; entry `n` is row `n`.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Whether the user told more of an entry than its names.
    pub fn is_told(&self, id: u32) -> bool {
        self.rows.get(id as usize).is_some_and(|row| !row.info.is_empty() || !row.latin.is_empty())
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.lexicon.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lexicon.is_empty()
    }

    /// Detect, reading ahead or not: the results are the same.
    #[cfg(test)]
    pub(super) fn detect_with(&self, view: &View<'_>, ahead: bool, out: &mut Vec<Candidate>) {
        matcher::detect_with(&self.lexicon, Detector::User, view, self, ahead, out);
    }

    /// An entry by its number.
    pub fn entry(&self, id: u32) -> Option<Entry<'_>> {
        self.lexicon.entry(id)
    }
}

impl Ids for UserLexicon {
    fn id(&self, word: WordId, key: &str) -> WordId {
        if word != NO_WORD {
            return word;
        }
        self.own.get(key).copied().unwrap_or(NO_WORD)
    }
    fn own(&self, key: &str) -> WordId {
        self.own.get(key).copied().unwrap_or(NO_WORD)
    }
    fn has_own(&self) -> bool {
        !self.own.is_empty()
    }
}

impl Detect for UserLexicon {
    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>) {
        if !self.is_empty() {
            matcher::detect(&self.lexicon, Detector::User, view, self, out);
        }
    }
}
