//! The things of a corpus: the groups of its documents, joined across them.

use rustc_hash::FxHashSet;

use super::{Batch, Column, Id, Kind, place};
use crate::base::hash64;
use crate::detect::View;
use crate::detect::lexicon::{Lexicon, UserLexicon};
use crate::doc::Wording;
use crate::resolve::groups::Uniter;
use crate::resolve::links::Link;
use crate::resolve::names::{Class, Names};
use crate::segment::Words;

/// A group of a document.
#[derive(Clone, Copy, Debug)]
struct Seen {
    form: u32,
    doc: u32,
    count: u32,
    first: u32,
    last: u32,
}

/// How the first document that has a name shows it.
#[derive(Clone, Debug)]
struct Shown {
    name: String,
    latin: String,
    label: String,
    variants: Vec<String>,
}

/// Collects the groups of documents. Those of several tasks are [appended](Things::append) in order.
///
/// ```
/// use marsad::doc::Wording;
/// use marsad::table::{Id, Things};
/// use marsad::{Pack, Pipeline, pipeline::Options};
/// let nlp = Pipeline::new(&Pack::default())?;
/// let mut things = Things::default();
/// things.add(nlp.words(), &Wording::new(&nlp.run("في 13 نوفمبر 2014.", &Options::default())?));
/// assert_eq!(things.join(nlp.words(), nlp.lexicon(), nlp.own_lexicon(), |_| Id::Place(0)).table.rows, 0);
/// # Ok::<(), marsad::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Things {
    names: Names,
    links: Vec<Option<Link>>,
    shown: Vec<Shown>,
    rows: Vec<Seen>,
    /// Spellings already noted, by form.
    spelt: FxHashSet<u64>,
    /// How many mentions each document has.
    ents: Vec<u32>,
}

/// What the documents of a corpus have in common.
#[derive(Clone, Debug)]
pub struct Joined {
    /// A row a thing.
    pub table: Batch,
    /// The thing of each group of each document, in order.
    pub of_group: Vec<i32>,
    /// How many groups and mentions each document has.
    pub sizes: Vec<(usize, usize)>,
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn int(n: u32) -> Option<i32> {
    i32::try_from(n).ok()
}

impl Things {
    /// Add the groups of the next document.
    pub fn add(&mut self, words: &Words, wording: &Wording<'_>) {
        let doc = wording.doc();
        let number = small(self.ents.len());
        let view = View { text: doc.text(), layout: doc.layout(), words };
        for (id, group) in (0..).zip(doc.groups().all()) {
            let Some(mention) = doc.mentions().get(group.name as usize) else { continue };
            let link = doc.link(group.link);
            let (entry, user) = (link.and_then(Link::bundled), link.filter(|link| link.own).map(|link| link.entry));
            let Some(form) = self.names.add(&view, mention, entry, user) else { continue };
            if form as usize == self.shown.len() {
                self.links.push(link.map(|link| Link { alternatives: Vec::new(), ..link.clone() }));
                let label = doc.label(group.label).to_owned();
                let (name, latin) = (wording.name_of(group).to_owned(), wording.latin_of_group(id).to_owned());
                self.shown.push(Shown { name, latin, label, variants: Vec::new() });
            }
            let members = doc.groups().members(group);
            self.names.forms[form as usize].count += small(members.len()).saturating_sub(1);
            for member in members {
                let Some(mention) = doc.mentions().get(member.mention as usize) else { continue };
                if self.spelt.insert(hash64(doc.text_of(mention).as_bytes(), u64::from(form) << 1)) {
                    self.note(form, wording.written(member.mention).to_owned());
                }
            }
            let at = |member: Option<&crate::resolve::groups::Member>| member.map_or(0, |member| member.mention);
            let (first, last) = (at(members.first()), at(members.last()));
            self.rows.push(Seen { form, doc: number, count: small(members.len()), first, last });
        }
        self.ents.push(small(doc.mentions().len()));
    }

    /// Count a document that has no rows.
    pub fn skip(&mut self) {
        self.ents.push(0);
    }

    fn note(&mut self, form: u32, variant: String) {
        if self.spelt.insert(hash64(variant.as_bytes(), u64::from(form) << 1 | 1))
            && let Some(shown) = self.shown.get_mut(form as usize)
        {
            shown.variants.push(variant);
        }
    }

    /// Add the documents of another task after these.
    pub fn append(&mut self, later: Self) {
        let mut forms = Vec::with_capacity(later.names.forms.len());
        for ((form, link), shown) in later.names.forms.iter().zip(later.links).zip(later.shown) {
            let at = self.names.adopt(&later.names, form);
            forms.push(at);
            if at as usize == self.shown.len() {
                self.links.push(link);
                self.shown.push(Shown { variants: Vec::new(), ..shown.clone() });
            }
            shown.variants.into_iter().for_each(|variant| self.note(at, variant));
        }
        let docs = small(self.ents.len());
        let moved = later.rows.into_iter().filter_map(|row| {
            let form = *forms.get(row.form as usize)?;
            Some(Seen { form, doc: row.doc + docs, ..row })
        });
        self.rows.extend(moved);
        self.ents.extend(later.ents);
    }

    /// Join what names one thing: by its link, by its name, and by what the rules of a text say of short names and
    /// spellings. `id` is how a document is called.
    pub fn join<'i>(
        &self,
        words: &Words,
        lexicon: &Lexicon,
        own: &UserLexicon,
        id: impl Fn(usize) -> Id<'i>,
    ) -> Joined {
        let mut uniter = Uniter::default();
        let of_form = uniter.things(words, lexicon, &self.names, &self.links);
        let mut things: Vec<Thing> = vec![Thing::default(); of_form.iter().max().map_or(0, |last| *last as usize + 1)];
        for (at, (form, thing)) in (0u32..).zip(self.names.forms.iter().zip(&of_form)) {
            let thing = &mut things[*thing as usize];
            // As in one text: a place by its bare name, other things by their full names.
            let length = form.words.1 - form.words.0;
            let length = if form.class == Class::Place { u32::MAX - length } else { length };
            let linked = self.links.get(at as usize).is_some_and(Option::is_some);
            let rank = (linked, uniter.is_sure(at), length, form.count);
            if thing.forms.is_empty() || rank > thing.rank {
                (thing.rank, thing.best) = (rank, at);
            }
            thing.forms.push(at);
        }
        let mut of_group = Vec::with_capacity(self.rows.len());
        let mut groups = vec![0; self.ents.len()];
        for row in &self.rows {
            let Some(number) = of_form.get(row.form as usize).copied() else { continue };
            let thing = &mut things[number as usize];
            if thing.docs == 0 {
                thing.first = (row.doc, row.first);
            }
            thing.docs += u32::from(thing.docs == 0 || thing.last.0 != row.doc);
            let last = if thing.last.0 == row.doc { thing.last.1.max(row.last) } else { row.last };
            thing.last = (row.doc, last);
            if thing.first.0 == row.doc {
                thing.first.1 = thing.first.1.min(row.first);
            }
            thing.count = thing.count.saturating_add(row.count);
            groups[row.doc as usize] += 1;
            of_group.push(int(number).unwrap_or(i32::MAX));
        }
        let sizes = groups.into_iter().zip(self.ents.iter().map(|ents| *ents as usize)).collect();
        let mut table = empty(&id);
        for (number, thing) in (0u32..).zip(&things) {
            self.row(&mut table, number, thing, lexicon, own, &id);
        }
        Joined { table, of_group, sizes }
    }

    fn row<'i>(
        &self,
        table: &mut Batch,
        number: u32,
        thing: &Thing,
        lexicon: &Lexicon,
        own: &UserLexicon,
        id: &impl Fn(usize) -> Id<'i>,
    ) {
        let Some(best) = self.shown.get(thing.best as usize) else { return };
        let mut variants: Vec<&str> = Vec::new();
        for form in &thing.forms {
            let own = self.shown.get(*form as usize).map_or(&[][..], |shown| &shown.variants);
            variants.extend(own.iter().map(String::as_str));
        }
        let mut known = FxHashSet::default();
        variants.retain(|variant| known.insert(*variant));
        let entry = self.links.get(thing.best as usize).and_then(Option::as_ref).and_then(|l| l.entry(lexicon, own));
        let mut row = super::Row { batch: table, at: 0 };
        row.count(number).text(Some(&best.label)).text(Some(&best.name)).text(Some(&best.latin));
        row.count(thing.count).count(thing.docs);
        row.id(id(thing.first.0 as usize)).count(thing.first.1);
        row.id(id(thing.last.0 as usize)).count(thing.last.1);
        row.text(Some(&variants.join(" | ")));
        place(&mut row, entry);
        row.end();
    }
}

#[derive(Clone, Debug, Default)]
struct Thing {
    forms: Vec<u32>,
    best: u32,
    rank: (bool, bool, u32, u32),
    count: u32,
    docs: u32,
    first: (u32, u32),
    last: (u32, u32),
}

/// The table without rows, its documents called in the manner of `id`.
fn empty<'i>(id: &impl Fn(usize) -> Id<'i>) -> Batch {
    let doc = id(0).kind();
    let columns = [
        ("group", Kind::Int),
        ("label", Kind::Text),
        ("name", Kind::Text),
        ("latin", Kind::Text),
        ("count", Kind::Int),
        ("docs", Kind::Int),
        ("first_doc", doc),
        ("first_ent", Kind::Int),
        ("last_doc", doc),
        ("last_ent", Kind::Int),
        ("variants", Kind::Text),
        ("geonames", Kind::Int),
        ("country", Kind::Text),
        ("admin", Kind::Text),
        ("lat", Kind::Real),
        ("lon", Kind::Real),
    ];
    Batch { rows: 0, columns: columns.into_iter().map(|(name, kind)| Column::new(name, kind)).collect() }
}
