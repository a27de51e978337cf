//! What the mentions and groups of a document are called, each worked out once for all that tell it.

use std::cell::RefCell;

use super::{Doc, Mention};
use crate::detect::lexicon::Entry;
use crate::resolve::groups::Group;
use crate::script::translit::Romanizer;

thread_local! {
    static LATIN: RefCell<Romanizer> = RefCell::default();
}

/// What a link leads to. Its names are read once, not at each mention.
#[derive(Clone, Copy, Debug)]
struct Listed<'a> {
    entry: Entry<'a>,
    name: &'a str,
    /// Its Latin name, or the empty string.
    latin: &'a str,
}

/// A name that the lexicon has, or where it is among those that a [`Wording`] made.
#[derive(Clone, Copy, Debug)]
enum Name<'a> {
    Listed(&'a str),
    Made(usize, usize),
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
    /// What each link of the document leads to.
    links: Vec<Option<Listed<'a>>>,
    latin: Vec<Name<'a>>,
    of_groups: Vec<Name<'a>>,
}

impl<'a> Wording<'a> {
    /// Work out all names.
    pub fn new(doc: &'a Doc) -> Self {
        let (mentions, groups) = (doc.mentions(), doc.groups().all());
        let listed = |link: u32| {
            let entry = doc.entry(Some(link))?;
            Some(Listed { name: entry.name(), latin: entry.latin(), entry })
        };
        let mut out = Self {
            doc,
            text: String::with_capacity(mentions.len() * 48),
            made: String::new(),
            written: Vec::with_capacity(mentions.len()),
            links: (0..).zip(doc.links()).map(|(link, _)| listed(link)).collect(),
            latin: Vec::with_capacity(mentions.len()),
            of_groups: Vec::with_capacity(groups.len()),
        };
        for mention in mentions {
            doc.write_out(mention, &mut out.text);
            out.written.push(out.text.len());
        }
        let (mut latin, mut made) = (LATIN.take(), Vec::with_capacity(mentions.len() * 16));
        let mut make = |words: &str| {
            let from = made.len();
            latin.write(words, &mut made);
            Name::Made(from, made.len())
        };
        let linked = |out: &Self, link| out.listed(link).map(|listed| listed.latin).filter(|name| !name.is_empty());
        for (number, mention) in (0..).zip(mentions) {
            let link = mention.link.or_else(|| doc.group_of(mention).and_then(|group| group.link));
            let listed = linked(&out, link).or_else(|| doc.listed(mention)).map(Name::Listed);
            let name = listed.unwrap_or_else(|| make(out.written(number)));
            out.latin.push(name);
        }
        for group in groups {
            let listed = linked(&out, group.link).map(Name::Listed);
            // What was made for the words of the mention that names it.
            let words = || out.latin.get(group.name as usize).filter(|name| matches!(name, Name::Made(..))).copied();
            let known = listed.or_else(|| words().filter(|_| out.listed(group.link).is_none()));
            let name = known.unwrap_or_else(|| make(out.name_of(group)));
            out.of_groups.push(name);
        }
        LATIN.replace(latin);
        out.made = String::from_utf8(made).unwrap_or_default();
        out
    }

    fn listed(&self, link: Option<u32>) -> Option<&Listed<'a>> {
        self.links.get(link? as usize)?.as_ref()
    }

    fn get(&self, name: Option<&Name<'a>>) -> &str {
        match name {
            Some(Name::Listed(name)) => name,
            Some(Name::Made(from, to)) => self.made.get(*from..*to).unwrap_or(""),
            None => "",
        }
    }

    /// The document.
    pub fn doc(&self) -> &'a Doc {
        self.doc
    }

    /// [`Doc::entry`].
    pub fn entry(&self, link: Option<u32>) -> Option<Entry<'a>> {
        self.listed(link).map(|listed| listed.entry)
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
        self.listed(group.link).map_or_else(|| self.written(group.name), |listed| listed.name)
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
