//! What the mentions and groups of a document are called, each worked out once for all the cells that tell it.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

use crate::doc::{Doc, Mention};
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
    fn of(&mut self, words: &str) -> &str {
        if self.0.len() >= KEPT {
            self.0.clear();
        }
        if !self.0.contains_key(words) {
            self.0.insert(words.into(), to_latin(words, Scheme::Reader).into());
        }
        self.0.get(words).map_or("", |latin| latin)
    }
}

/// The names of one document.
pub(super) struct Wording<'a> {
    doc: &'a Doc,
    written: Vec<String>,
    latin: Latin,
}

impl Drop for Wording<'_> {
    fn drop(&mut self) {
        LATIN.replace(std::mem::take(&mut self.latin));
    }
}

impl<'a> Wording<'a> {
    pub fn new(doc: &'a Doc) -> Self {
        Self { doc, written: doc.mentions().iter().map(|m| doc.written(m)).collect(), latin: LATIN.take() }
    }

    fn written(&self, mention: u32) -> &str {
        self.written.get(mention as usize).map_or("", String::as_str)
    }

    /// [`Doc::name_of`].
    pub fn name_of(&self, group: &Group) -> &str {
        self.doc.entry(group.link).map_or_else(|| self.written(group.name), |entry| entry.name())
    }

    /// [`Doc::norm_of`].
    pub fn norm_of(&self, number: u32, mention: &Mention) -> &str {
        self.doc.group_of(mention).map_or_else(|| self.written(number), |group| self.name_of(group))
    }

    /// [`Doc::latin_of`].
    pub fn latin_of(&mut self, number: u32, mention: &Mention) -> &str {
        match self.doc.known_latin_of(mention) {
            Some(known) => known,
            None => self.latin.of(self.written.get(number as usize).map_or("", String::as_str)),
        }
    }

    /// [`Doc::latin_of_group`].
    pub fn latin_of_group(&mut self, group: &Group) -> &str {
        let entry = self.doc.entry(group.link);
        match &entry {
            Some(entry) if !entry.latin().is_empty() => entry.latin(),
            Some(entry) => self.latin.of(entry.name()),
            None => self.latin.of(self.written.get(group.name as usize).map_or("", String::as_str)),
        }
    }

    /// [`Doc::variants_of`], with a line between them.
    pub fn variants_of(&self, group: &Group) -> String {
        let mut known: Vec<&str> = Vec::new();
        for member in self.doc.groups().members(group) {
            let words = self.written(member.mention);
            if !known.contains(&words) {
                known.push(words);
            }
        }
        known.join(" | ")
    }
}
