//! What the mentions and groups of documents are called, worked out for many at a time.

use crate::base::offset;
use std::cell::RefCell;

use super::{Doc, meaning};
use crate::detect::lexicon::Entry;
use crate::resolve::groups::Group;
use crate::script::translit::Romanizer;

thread_local! {
    static LATIN: RefCell<Romanizer> = RefCell::default();
}

/// So many names are put into Latin letters together.
const TOGETHER: usize = 64;

/// A mention, by what its names depend on.
#[derive(Clone, Copy, Debug)]
struct Noted {
    /// Where its words end; they begin where those of the mention before it end.
    end: usize,
    link: Option<u32>,
    group: Option<u32>,
    /// The entry that has the Latin name of its words.
    listed: Option<u32>,
}

/// What the names of some documents of one pipeline depend on. Mentions, groups and links are counted through all of them.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    /// The words of the mentions, one after another.
    text: String,
    mentions: Vec<Noted>,
    /// The link of each group, and the mention that names it.
    groups: Vec<(Option<u32>, u32)>,
    /// The entry of each link, and whether it is the user's.
    links: Vec<(u32, bool)>,
}

impl Notes {
    /// Those of one document.
    pub fn of(doc: &Doc) -> Self {
        let mut notes = Self::default();
        notes.add(doc);
        notes
    }

    /// Add the next document.
    pub fn add(&mut self, doc: &Doc) {
        let (first, groups, links) = (offset(self.mentions.len()), offset(self.groups.len()), offset(self.links.len()));
        let link = |link: Option<u32>| Some(links + link?);
        self.links.extend(doc.links().iter().map(|link| (link.entry, link.own)));
        self.groups.extend(doc.groups().all().iter().map(|group| (link(group.link), first + group.name)));
        self.mentions.reserve(doc.mentions().len());
        for mention in doc.mentions() {
            doc.write_out(mention, &mut self.text);
            self.mentions.push(Noted {
                end: self.text.len(),
                link: link(mention.link),
                group: mention.group.map(|group| groups + group),
                listed: doc.listed_entry(mention),
            });
        }
    }

    /// Forget all documents.
    pub fn clear(&mut self) {
        self.text.clear();
        self.mentions.clear();
        self.groups.clear();
        self.links.clear();
    }

    /// How many mentions there are.
    pub fn mentions(&self) -> u32 {
        offset(self.mentions.len())
    }

    /// How many groups there are.
    pub fn groups(&self) -> u32 {
        offset(self.groups.len())
    }

    /// The link of a mention.
    pub fn link_of(&self, mention: u32) -> Option<u32> {
        self.mentions.get(mention as usize)?.link
    }

    /// The link of a group.
    pub fn link_of_group(&self, group: u32) -> Option<u32> {
        self.groups.get(group as usize)?.0
    }

    /// [`Doc::written`] of a mention.
    pub fn written(&self, mention: u32) -> &str {
        between(&self.text, mention as usize, |at| self.mentions.get(at).map(|mention| mention.end))
    }

    /// [`Doc::variants_of`] a group of the document whose mentions are counted from `first`.
    pub fn variants_of(&self, doc: &Doc, group: &Group, first: u32) -> Vec<&str> {
        let mut known: Vec<&str> = Vec::new();
        for member in doc.groups().members(group) {
            let words = self.written(first + member.mention);
            if !known.contains(&words) {
                known.push(words);
            }
        }
        known
    }
}

/// One of many texts in one, by where they end.
fn between(text: &str, at: usize, end: impl Fn(usize) -> Option<usize>) -> &str {
    let from = at.checked_sub(1).map_or(Some(0), &end);
    let range = from.zip(end(at)).map(|(from, to)| from..to);
    range.and_then(|range| text.get(range)).unwrap_or("")
}

/// What a link leads to. Its names are read once, not at each mention.
#[derive(Clone, Copy, Debug)]
struct Listed<'a> {
    entry: Entry<'a>,
    name: &'a str,
    /// Its Latin name, or the empty string.
    latin: &'a str,
}

/// A name that is written already, or where it is among those that a [`Wording`] made.
#[derive(Clone, Copy, Debug)]
enum Name<'a> {
    Listed(&'a str),
    Made(usize),
}

/// The names in some documents. It says the same as the documents' own `norm_of`, `latin_of` and so on, and is faster where
/// they are asked of every mention.
///
/// ```
/// use marsad::doc::{Notes, Wording};
/// use marsad::{Pack, Pipeline, pipeline::Options};
/// let doc = Pipeline::new(&Pack::default())?.run("في 13 نوفمبر 2014.", &Options::default())?;
/// let notes = Notes::of(&doc);
/// assert_eq!(Wording::new(&notes, &doc).norm_of(0), "13 نوفمبر 2014");
/// # Ok::<(), marsad::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Wording<'a> {
    notes: &'a Notes,
    /// Latin names that the lexicon does not have.
    made: String,
    /// Where they end.
    ends: Vec<usize>,
    /// What each link leads to.
    links: Vec<Option<Listed<'a>>>,
    latin: Vec<Name<'a>>,
    of_groups: Vec<Name<'a>>,
}

impl<'a> Wording<'a> {
    /// Work out all names. `doc` is one of the documents.
    pub fn new(notes: &'a Notes, doc: &'a Doc) -> Self {
        // What the links lead to lies all over the lexicon: the entries wait for memory together, then their names.
        let entry =
            |(entry, own): &(u32, bool)| if *own { doc.0.own.entry(*entry) } else { doc.lexicon().entry(*entry) };
        let entries: Vec<Option<Entry<'a>>> = notes.links.iter().map(entry).collect();
        std::hint::black_box(entries.iter().flatten().map(Entry::population).fold(0, u32::wrapping_add));
        std::hint::black_box(entries.iter().flatten().map(Entry::first_bytes).fold(0, u32::wrapping_add));
        let listed = |entry: Entry<'a>| Listed { name: entry.name(), latin: entry.latin(), entry };
        let links = entries.into_iter().map(|entry| entry.map(listed)).collect();
        let (made, ends) = (String::new(), Vec::new());
        let mut out = Self { notes, made, ends, links, latin: Vec::new(), of_groups: Vec::new() };
        let mut wanted: Vec<&str> = Vec::with_capacity(notes.mentions.len());
        let mut make = |words: &'a str| {
            if words.is_ascii() {
                return Name::Listed(words);
            }
            wanted.push(words);
            Name::Made(wanted.len() - 1)
        };
        let linked = |link| out.listed(link).map(|listed| listed.latin).filter(|name| !name.is_empty());
        let of_mention = |(number, mention): (u32, &Noted)| {
            let link = mention.link.or_else(|| mention.group.and_then(|group| notes.link_of_group(group)));
            let known = linked(link).or_else(|| meaning::latin_of_title(doc.lexicon().entry(mention.listed?)?));
            known.map_or_else(|| make(notes.written(number)), Name::Listed)
        };
        let latin: Vec<Name<'a>> = (0..).zip(&notes.mentions).map(of_mention).collect();
        let of_group = |(number, (link, name)): (u32, &(Option<u32>, u32))| {
            let listed = linked(*link).map(Name::Listed);
            // What is made for the words of the mention that names it.
            let words = || latin.get(*name as usize).filter(|name| matches!(name, Name::Made(_))).copied();
            let known = listed.or_else(|| words().filter(|_| out.listed(*link).is_none()));
            known.unwrap_or_else(|| make(out.name_of(number)))
        };
        let of_groups: Vec<Name<'a>> = (0..).zip(&notes.groups).map(of_group).collect();
        let (mut made, mut ends) = (Vec::with_capacity(wanted.len() * 24), Vec::with_capacity(wanted.len()));
        let mut memory = LATIN.take();
        for some in wanted.chunks(TOGETHER) {
            memory.write(some.iter().copied(), &mut made, &mut ends);
        }
        LATIN.replace(memory);
        (out.made, out.ends) = (String::from_utf8(made).unwrap_or_default(), ends);
        (out.latin, out.of_groups) = (latin, of_groups);
        out
    }

    fn listed(&self, link: Option<u32>) -> Option<&Listed<'a>> {
        self.links.get(link? as usize)?.as_ref()
    }

    fn get(&self, name: Option<&Name<'a>>) -> &str {
        match name {
            Some(Name::Listed(name)) => name,
            Some(Name::Made(at)) => between(&self.made, *at, |at| self.ends.get(at).copied()),
            None => "",
        }
    }

    /// What a link leads to.
    pub fn entry(&self, link: Option<u32>) -> Option<Entry<'a>> {
        self.listed(link).map(|listed| listed.entry)
    }

    /// What each link leads to, in order.
    pub fn entries(&self) -> impl Iterator<Item = Option<Entry<'a>>> {
        self.links.iter().map(|listed| listed.map(|listed| listed.entry))
    }

    /// [`Doc::name_of`] a group.
    pub fn name_of(&self, group: u32) -> &'a str {
        let Some((link, name)) = self.notes.groups.get(group as usize) else { return "" };
        self.listed(*link).map_or_else(|| self.notes.written(*name), |listed| listed.name)
    }

    /// [`Doc::norm_of`] a mention.
    pub fn norm_of(&self, mention: u32) -> &'a str {
        let group = self.notes.mentions.get(mention as usize).and_then(|mention| mention.group);
        group.map_or_else(|| self.notes.written(mention), |group| self.name_of(group))
    }

    /// [`Doc::latin_of`] a mention.
    pub fn latin_of(&self, mention: u32) -> &str {
        self.get(self.latin.get(mention as usize))
    }

    /// [`Doc::latin_of_group`] of a group.
    pub fn latin_of_group(&self, group: u32) -> &str {
        self.get(self.of_groups.get(group as usize))
    }
}
