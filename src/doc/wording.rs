//! What the mentions and groups of a document are called, each worked out once for all that tell it.

use std::cell::RefCell;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{Doc, Mention};
use crate::detect::lexicon::Entry;
use crate::resolve::groups::Group;
use crate::script::translit::{Scheme, to_latin};

/// Words in Latin letters that are kept at most.
const KEPT: usize = 1 << 14;

/// Names that come again in later documents, in Latin letters.
#[derive(Default)]
struct Latin(FxHashMap<Box<str>, Box<str>>);

thread_local! {
    static LATIN: RefCell<Latin> = RefCell::default();
}

impl Latin {
    /// Append the Latin form of some words.
    fn write(&mut self, words: &str, out: &mut String) {
        if let Some(latin) = self.0.get(words) {
            out.push_str(latin);
            return;
        }
        if self.0.len() >= KEPT {
            self.0.clear();
        }
        let latin = to_latin(words, Scheme::Reader);
        out.push_str(&latin);
        self.0.insert(words.into(), latin.into());
    }
}

/// A name that the lexicon has, or where it is among those that a [`Wording`] made.
#[derive(Clone, Debug)]
enum Name<'a> {
    Listed(&'a str),
    Made(Range<usize>),
}

/// The names of one document. It says the same as the document's own `norm_of`, `latin_of` and so on, and is
/// faster where they are asked of every mention.
///
/// ```
/// use marsad::doc::Wording;
/// use marsad::{Pack, Pipeline, pipeline::Options};
/// let doc = Pipeline::new(&Pack::default())?.run("في 13 نوفمبر 2014.", &Options::default())?;
/// let wording = Wording::new(&doc);
/// assert_eq!(wording.norm_of(0, &doc.mentions()[0]), "13 نوفمبر 2014");
/// # Ok::<(), marsad::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Wording<'a> {
    doc: &'a Doc,
    text: String,
    /// Latin names that the lexicon does not have.
    made: String,
    /// Where the words of each mention end in the text; they begin where those before them end.
    written: Vec<usize>,
    latin: Vec<Name<'a>>,
    of_groups: Vec<Name<'a>>,
}

impl<'a> Wording<'a> {
    /// Work out all names.
    pub fn new(doc: &'a Doc) -> Self {
        let (mentions, groups) = (doc.mentions(), doc.groups().all());
        let mut out = Self {
            doc,
            text: String::with_capacity(mentions.len() * 48),
            made: String::new(),
            written: Vec::with_capacity(mentions.len()),
            latin: Vec::with_capacity(mentions.len()),
            of_groups: Vec::with_capacity(groups.len()),
        };
        for mention in mentions {
            doc.write_out(mention, &mut out.text);
            out.written.push(out.text.len());
        }
        let (mut known, mut made) = (LATIN.take(), String::new());
        let mut make = |words: &str| {
            let from = made.len();
            known.write(words, &mut made);
            Name::Made(from..made.len())
        };
        for (number, mention) in (0..).zip(mentions) {
            let listed = doc.known_latin_of(mention).map(Name::Listed);
            let name = listed.unwrap_or_else(|| make(out.written(number)));
            out.latin.push(name);
        }
        for group in groups {
            let entry = doc.entry(group.link);
            let listed = entry.as_ref().map(Entry::latin).filter(|name| !name.is_empty()).map(Name::Listed);
            // What was made for the words of the mention that names it.
            let words = || out.latin.get(group.name as usize).filter(|name| matches!(name, Name::Made(_))).cloned();
            let known = listed.or_else(|| words().filter(|_| entry.is_none()));
            let name = known.unwrap_or_else(|| make(out.name_of(group)));
            out.of_groups.push(name);
        }
        LATIN.replace(known);
        out.made = made;
        out
    }

    fn get<'b>(&'b self, name: Option<&'b Name<'a>>) -> &'b str {
        match name {
            Some(Name::Listed(name)) => name,
            Some(Name::Made(range)) => self.made.get(range.clone()).unwrap_or(""),
            None => "",
        }
    }

    /// The document.
    pub fn doc(&self) -> &'a Doc {
        self.doc
    }

    /// [`Doc::written`] of a mention by its number.
    pub fn written(&self, mention: u32) -> &str {
        let at = mention as usize;
        let from = at.checked_sub(1).map_or(Some(&0), |before| self.written.get(before));
        let range = from.zip(self.written.get(at)).map(|(from, to)| *from..*to);
        range.and_then(|range| self.text.get(range)).unwrap_or("")
    }

    /// [`Doc::name_of`].
    pub fn name_of(&self, group: &Group) -> &str {
        self.doc.entry(group.link).map_or_else(|| self.written(group.name), |entry| entry.name())
    }

    /// [`Doc::norm_of`].
    pub fn norm_of(&self, number: u32, mention: &Mention) -> &str {
        self.doc.group_of(mention).map_or_else(|| self.written(number), |group| self.name_of(group))
    }

    /// [`Doc::latin_of`] a mention by its number.
    pub fn latin_of(&self, mention: u32) -> &str {
        self.get(self.latin.get(mention as usize))
    }

    /// [`Doc::latin_of_group`] of a group by its number.
    pub fn latin_of_group(&self, group: u32) -> &str {
        self.get(self.of_groups.get(group as usize))
    }

    /// [`Doc::variants_of`].
    pub fn variants_of(&self, group: &Group) -> Vec<&str> {
        let mut known: Vec<&str> = Vec::new();
        for member in self.doc.groups().members(group) {
            let words = self.written(member.mention);
            if !known.contains(&words) {
                known.push(words);
            }
        }
        known
    }
}
