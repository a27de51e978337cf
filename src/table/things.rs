//! The things of a corpus: the groups of its documents, joined across them.

use rustc_hash::FxHashSet;

use super::draft::{Place, write_places};
use super::{BETWEEN, Batch, Id, Kind, Piece, Tables, push_joined, read, write};
use crate::base::{hash64, offset};
use crate::detect::lexicon::{Lexicon, UserLexicon};
use crate::doc::Doc;
use crate::resolve::groups::{Member, Uniter};
use crate::resolve::links::{Link, Match};
use crate::resolve::names::{Class, Form, Names, Spelt};
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

/// So many names are looked for together.
const TOGETHER: usize = 32;

/// A group of a document of a task.
#[derive(Clone, Debug)]
struct Sighted {
    /// Its name, which stands for what its link leads to.
    form: Form,
    /// How sure that is, and how it was found.
    found: Option<(f32, Match)>,
    seen: Seen,
}

/// The groups of some documents: what a task has to say of the things of a corpus.
#[derive(Clone, Debug, Default)]
pub struct Sightings {
    spelt: Spelt,
    /// In the order of the table of groups.
    groups: Vec<Sighted>,
    /// How many mentions each document has.
    ents: Vec<u32>,
}

/// The spellings of forms, in the order in which they came.
#[derive(Clone, Debug, Default)]
struct Spellings {
    all: Vec<(u32, Piece)>,
    text: String,
    /// The hash of the spelling of each form that came last, and whether there is another.
    recent: Vec<(u64, bool)>,
    /// Spellings already noted, of forms that have several.
    known: FxHashSet<u64>,
}

impl Spellings {
    /// Note a spelling of a form.
    fn add(&mut self, form: u32, spelling: &str) {
        let hash = hash64(spelling.as_bytes(), u64::from(form));
        match self.recent.get_mut(form as usize) {
            // Most often a name is repeated as it is.
            Some((recent, _)) if *recent == hash => return,
            Some((recent, several)) => {
                if !std::mem::replace(several, true) {
                    self.known.insert(*recent);
                }
                *recent = hash;
                if !self.known.insert(hash) {
                    return;
                }
            }
            None => self.recent.resize(form as usize + 1, (hash, false)),
        }
        self.all.push((form, write(&mut self.text, spelling)));
    }
}

impl Sightings {
    /// Note the groups of a document that is in the tables.
    pub fn add(&mut self, doc: &Doc) {
        let (groups, number) = (doc.groups(), offset(self.ents.len()));
        let moved = self.spelt.append(groups.spelt());
        self.groups.extend(groups.all().iter().map(|group| {
            let link = doc.link(group.link);
            let own = link.filter(|link| link.own).map(|link| link.entry);
            let words = (group.form.words.0 + moved, group.form.words.1 + moved);
            let members = groups.members(group);
            let at = |member: Option<&Member>| member.map_or(0, |member| member.mention);
            let (first, last) = (at(members.first()), at(members.last()));
            Sighted {
                form: Form { words, entry: link.and_then(Link::bundled), user: own, ..group.form },
                found: link.map(|link| (link.score, link.by)),
                seen: Seen { form: 0, doc: number, count: offset(members.len()), first, last },
            }
        }));
        self.ents.push(offset(doc.mentions().len()));
    }

    /// Count a document that has no rows.
    pub fn skip(&mut self) {
        self.ents.push(0);
    }
}

/// How the first document that has a name shows it.
#[derive(Clone, Copy, Debug)]
struct Shown {
    name: Piece,
    latin: Piece,
    label: Piece,
}

/// Collects the groups of the documents of a corpus.
///
/// ```
/// use marsad::table::{Id, Sightings, Things, Writer};
/// use marsad::{Pack, Pipeline, pipeline::Options};
/// let nlp = Pipeline::new(&Pack::default())?;
/// let doc = nlp.run("في 13 نوفمبر 2014.", &Options::default())?;
/// let (mut tables, mut sightings) = (Writer::new(Id::Place(0)), Sightings::default());
/// tables.add(Id::Place(0), None, &doc);
/// sightings.add(&doc);
/// let mut things = Things::default();
/// things.append(sightings, &tables.finish());
/// assert_eq!(things.join(nlp.words(), nlp.lexicon(), nlp.own_lexicon(), |_| Id::Place(0)).table.rows, 0);
/// # Ok::<(), marsad::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Things {
    names: Names,
    links: Vec<Option<Link>>,
    shown: Vec<Shown>,
    spellings: Spellings,
    /// All that is shown, in one piece.
    text: String,
    rows: Vec<Seen>,
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

impl Things {
    /// Add what was noted of the documents of some tables, after those before.
    pub fn append(&mut self, later: Sightings, tables: &Tables) {
        let docs = offset(self.ents.len());
        let [name, latin, label, spellings] = ["name", "latin", "label", "variants"].map(|c| tables.groups.texts(c));
        for (from, some) in (0..).step_by(TOGETHER).zip(later.groups.chunks(TOGETHER)) {
            // The names lie all over the memory, and wait for it together: first where they are, then what is there.
            let places: [Option<u32>; TOGETHER] = std::array::from_fn(|at| self.names.seek(&some.get(at)?.form));
            let recent = &self.spellings.recent;
            let there = |at: &u32| Some(self.names.forms.get(*at as usize)?.hash ^ recent.get(*at as usize)?.0);
            std::hint::black_box(places.iter().flatten().filter_map(there).fold(0, |a, b| a ^ b));
            for (row, Sighted { form, found, seen }) in (from..).zip(some) {
                let at = self.names.adopt(&later.spelt, form);
                if at as usize == self.shown.len() {
                    let entry = form.user.or(form.entry);
                    let link = |((score, by), entry)| Link {
                        entry,
                        own: form.user.is_some(),
                        score,
                        alternatives: Vec::new(),
                        by,
                    };
                    self.links.push(found.zip(entry).map(link));
                    let mut keep = |text| write(&mut self.text, text);
                    self.shown.push(Shown { name: keep(name(row)), latin: keep(latin(row)), label: keep(label(row)) });
                }
                if seen.count == 1 {
                    self.spellings.add(at, spellings(row));
                } else {
                    spellings(row).split(BETWEEN).for_each(|spelling| self.spellings.add(at, spelling));
                }
                self.rows.push(Seen { form: at, doc: seen.doc + docs, ..*seen });
            }
        }
        self.ents.extend(later.ents);
    }

    /// Join what names one thing: by its link, by its name, and by what the rules of a text say of short names and
    /// spellings. `id` is how a document is called.
    pub fn join<'i>(
        mut self,
        words: &Words,
        lexicon: &Lexicon,
        user: &UserLexicon,
        id: impl Fn(usize) -> Id<'i>,
    ) -> Joined {
        let mut uniter = Uniter::default();
        self.names.forms.iter_mut().for_each(|form| form.count = 0);
        for row in &self.rows {
            if let Some(form) = self.names.forms.get_mut(row.form as usize) {
                form.count = form.count.saturating_add(row.count.max(1));
            }
        }
        let of_form = uniter.things(words, lexicon, &self.names, &self.links);
        let mut things: Vec<Thing> = vec![Thing::default(); of_form.iter().max().map_or(0, |last| *last as usize + 1)];
        for (at, (form, thing)) in (0u32..).zip(self.names.forms.iter().zip(&of_form)) {
            let thing = &mut things[*thing as usize];
            // As in one text: a place by its bare name, other things by their full names.
            let length = form.words.1 - form.words.0;
            let length = if form.class == Class::Place { u32::MAX - length } else { length };
            let linked = self.links.get(at as usize).is_some_and(Option::is_some);
            let rank = (linked, uniter.is_sure(at), length, form.count);
            if thing.forms == 0 || rank > thing.rank {
                (thing.rank, thing.best) = (rank, at);
            }
            thing.forms += 1;
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
            of_group.push(i32::try_from(number).unwrap_or(i32::MAX));
        }
        let sizes = groups.into_iter().zip(self.ents.iter().map(|ents| *ents as usize)).collect();
        let table = self.table(&things, &of_form, (lexicon, user), id);
        Joined { table, of_group, sizes }
    }

    fn table<'i>(
        &self,
        things: &[Thing],
        of_form: &[u32],
        (lexicon, own): (&Lexicon, &UserLexicon),
        id: impl Fn(usize) -> Id<'i>,
    ) -> Batch {
        // By thing and form; those of a form stay in their order.
        let thing = |form: u32| of_form.get(form as usize).copied().unwrap_or(u32::MAX);
        let mut spelt: Vec<(u32, u32, Piece)> =
            self.spellings.all.iter().map(|(form, piece)| (thing(*form), *form, *piece)).collect();
        spelt.sort_by_key(|(thing, form, _)| (*thing, *form));
        let mut spelt = spelt.chunk_by(|a, b| a.0 == b.0).peekable();
        let best = |piece: fn(&Shown) -> Piece| {
            let shown = move |thing: &Thing| {
                self.shown.get(thing.best as usize).map_or("", |shown| read(&self.text, piece(shown)))
            };
            things.iter().map(shown)
        };
        let link = |thing: &Thing| self.links.get(thing.best as usize)?.as_ref();
        let with_place = |(row, thing)| Some((row, Place::of(link(thing)?.entry(lexicon, own))));
        let places: Vec<(usize, Place<'_>)> = things.iter().enumerate().filter_map(with_place).collect();
        let mut known = FxHashSet::default();
        let mut table = empty(id(0).kind());
        let mut cells = table.more(things.len());
        cells
            .counts(0..offset(things.len()))
            .texts(best(|shown| shown.label))
            .texts(best(|shown| shown.name))
            .texts(best(|shown| shown.latin))
            .counts(things.iter().map(|thing| thing.count))
            .counts(things.iter().map(|thing| thing.docs))
            .ids(things.iter().map(|thing| (id(thing.first.0 as usize), 1)))
            .counts(things.iter().map(|thing| thing.first.1))
            .ids(things.iter().map(|thing| (id(thing.last.0 as usize), 1)))
            .counts(things.iter().map(|thing| thing.last.1))
            .written(0..things.len(), |number, out| {
                let own = spelt.next_if(|own| own.first().is_some_and(|first| first.0 as usize == number));
                let mut variants: Vec<&str> =
                    own.unwrap_or(&[]).iter().map(|(.., piece)| read(&self.spellings.text, *piece)).collect();
                if variants.len() > 1 {
                    known.clear();
                    variants.retain(|variant| known.insert(*variant));
                }
                push_joined(&variants, out);
            });
        write_places(&mut cells, &places);
        cells.end();
        table
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Thing {
    forms: u32,
    best: u32,
    rank: (bool, bool, u32, u32),
    count: u32,
    docs: u32,
    first: (u32, u32),
    last: (u32, u32),
}

/// The table without rows; how documents are called is of the kind `doc`.
fn empty(doc: Kind) -> Batch {
    Batch::new(&[
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
    ])
}
