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
    Made(usize),
}

/// One of many texts in one, by where they end.
fn between<'t>(text: &'t str, ends: &[usize], at: usize) -> &'t str {
    let from = at.checked_sub(1).map_or(Some(&0), |before| ends.get(before));
    let range = from.zip(ends.get(at)).map(|(from, to)| *from..*to);
    range.and_then(|range| text.get(range)).unwrap_or("")
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
    /// Where they end.
    ends: Vec<usize>,
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
        // What the links lead to lies all over the lexicon: the entries wait for memory together, then their names.
        let entries: Vec<Option<Entry<'a>>> = (0..).zip(doc.links()).map(|(link, _)| doc.entry(Some(link))).collect();
        std::hint::black_box(entries.iter().flatten().map(Entry::population).fold(0, u32::wrapping_add));
        std::hint::black_box(entries.iter().flatten().map(Entry::first_bytes).fold(0, u32::wrapping_add));
        let listed = |entry: Entry<'a>| Listed { name: entry.name(), latin: entry.latin(), entry };
        let mut out = Self {
            doc,
            text: String::with_capacity(mentions.len() * 48),
            made: String::new(),
            ends: Vec::new(),
            written: Vec::with_capacity(mentions.len()),
            links: entries.into_iter().map(|entry| entry.map(listed)).collect(),
            latin: Vec::new(),
            of_groups: Vec::new(),
        };
        for mention in mentions {
            doc.write_out(mention, &mut out.text);
            out.written.push(out.text.len());
        }
        let mut wanted: Vec<&str> = Vec::with_capacity(mentions.len());
        let mut make = |words| {
            wanted.push(words);
            Name::Made(wanted.len() - 1)
        };
        let linked = |link| out.listed(link).map(|listed| listed.latin).filter(|name| !name.is_empty());
        let of_mention = |(number, mention): (u32, &'a Mention)| {
            let link = mention.link.or_else(|| doc.group_of(mention).and_then(|group| group.link));
            let listed = linked(link).or_else(|| doc.listed(mention)).map(Name::Listed);
            listed.unwrap_or_else(|| make(out.written(number)))
        };
        let latin: Vec<Name<'a>> = (0..).zip(mentions).map(of_mention).collect();
        let of_group = |group: &Group| {
            let listed = linked(group.link).map(Name::Listed);
            // What is made for the words of the mention that names it.
            let words = || latin.get(group.name as usize).filter(|name| matches!(name, Name::Made(_))).copied();
            let known = listed.or_else(|| words().filter(|_| out.listed(group.link).is_none()));
            known.unwrap_or_else(|| make(out.name_of(group)))
        };
        let of_groups: Vec<Name<'a>> = groups.iter().map(of_group).collect();
        let (mut made, mut ends) = (Vec::with_capacity(wanted.len() * 24), Vec::with_capacity(wanted.len()));
        let mut memory = LATIN.take();
        memory.write(wanted.into_iter(), &mut made, &mut ends);
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
            Some(Name::Made(at)) => between(&self.made, &self.ends, *at),
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
        between(&self.text, &self.written, mention as usize)
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
