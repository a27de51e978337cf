//! Rows that wait to be written.
//!
//! The ends of some sixty columns lie all over the memory, and what lies in between was swept out of the caches by the analysis of
//! the next document. So a document leaves its rows here, close together, and the columns are written for many documents at a time.

use jiff::civil::Date;

use super::columns::{Batch, Cells, Id};
use super::{LONGEST, Piece, Tables, push_joined, read, write};
use crate::base::{Label, Span, offset};
use crate::detect::lexicon::Entry;
use crate::doc::{Doc, Notes, Wording};
use crate::resolve::values::Value;
use crate::segment::BlockKind;

/// The rows are written when there are so many mentions, or so many bytes of text.
const MANY: usize = 1 << 10;
/// See [`MANY`].
const LONG: usize = 1 << 18;

/// How a document is called.
#[derive(Clone, Copy, Debug)]
enum Called {
    Place(i32),
    Number(i64),
    Name(Piece),
}

#[derive(Clone, Debug)]
struct DocRow {
    id: Called,
    published: Option<Date>,
    chars: Option<u32>,
    tokens: usize,
    sents: usize,
    ents: usize,
    groups: usize,
    error: Option<Piece>,
}

#[derive(Clone, Debug)]
struct EntRow {
    start: u32,
    end: u32,
    text: Piece,
    score: f32,
    parent: Option<u32>,
    group: Option<u32>,
    sent: Option<u32>,
    label: Label,
}

#[derive(Clone, Debug)]
struct GroupRow {
    label: Label,
    count: u32,
    first: Option<u32>,
    variants: Piece,
}

#[derive(Clone, Debug)]
struct SentRow {
    block: u32,
    kind: BlockKind,
    start: u32,
    end: u32,
}

/// A value in flat columns.
#[derive(Clone, Copy, Debug, Default)]
struct Plain<T> {
    kind: &'static str,
    value: Option<T>,
    unit: Option<T>,
    first: Option<T>,
    last: Option<T>,
}

/// Documents of one pipeline whose rows are not written yet.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    /// One of them.
    example: Option<Doc>,
    notes: Notes,
    docs: Vec<DocRow>,
    ents: Vec<EntRow>,
    groups: Vec<GroupRow>,
    sents: Vec<SentRow>,
    /// The values of mentions, with their rows.
    values: Vec<(usize, Plain<Piece>)>,
    text: String,
}

impl Draft {
    /// Whether the rows should be written before `doc` is added.
    pub fn is_due(&self, doc: &Doc) -> bool {
        let alien = self.example.as_ref().is_some_and(|example| !example.is_kin(doc));
        alien || self.ents.len() >= MANY || self.docs.len() >= MANY || self.text.len() >= LONG
    }

    /// Add a document that could not be analyzed.
    pub fn fail(&mut self, id: Id<'_>, published: Option<Date>, error: &str) {
        let (id, error) = (self.call(id), Some(self.keep(error)));
        self.docs.push(DocRow { id, published, chars: None, tokens: 0, sents: 0, ents: 0, groups: 0, error });
    }

    /// Add an analyzed document. The texts of its sentences go straight into the last column of `sents`.
    pub fn add(&mut self, id: Id<'_>, published: Option<Date>, doc: &Doc, texts: &mut Batch) {
        debug_assert!(doc.text().len() <= LONGEST, "longer ones do not fit");
        let id = self.call(id);
        let first = self.notes.mentions();
        self.notes.add(doc);
        self.add_ents(doc);
        for group in doc.groups().all() {
            let members = doc.groups().members(group);
            let from = offset(self.text.len());
            match members {
                [only] => self.text.push_str(self.notes.written(first + only.mention)),
                _ => push_joined(&self.notes.variants_of(doc, group, first), &mut self.text),
            }
            self.groups.push(GroupRow {
                label: group.label,
                count: offset(members.len()),
                first: members.first().map(|member| member.mention),
                variants: (from, offset(self.text.len())),
            });
        }
        let (sents, blocks) = (&doc.layout().sents, &doc.layout().blocks);
        for sent in sents {
            let span = doc.chars(sent.span);
            let kind = blocks.get(sent.block as usize).map_or(BlockKind::Paragraph, |block| block.kind);
            self.sents.push(SentRow { block: sent.block, kind, start: span.start, end: span.end });
        }
        texts.write_last(sents.iter().map(|sent| sent.span.slice(doc.text())));
        let whole = Span::new(0, offset(doc.text().len()));
        self.docs.push(DocRow {
            id,
            published,
            chars: Some(doc.chars(whole).end),
            tokens: doc.layout().tokens.len(),
            sents: sents.len(),
            ents: doc.mentions().len(),
            groups: doc.groups().all().len(),
            error: None,
        });
        if self.example.is_none() {
            self.example = Some(doc.clone());
        }
    }

    fn add_ents(&mut self, doc: &Doc) {
        let mut sents = doc.layout().sents.iter().peekable();
        let mut begun = 0u32;
        for mention in doc.mentions() {
            while sents.next_if(|next| next.span.start <= mention.span.start).is_some() {
                begun += 1;
            }
            if let Some(value) = &mention.value {
                let plain = plain(value);
                let mut keep = |text: Option<&str>| text.map(|text| self.keep(text));
                let (value, unit) = (keep(plain.value), keep(plain.unit));
                let (first, last) = (keep(plain.first), keep(plain.last));
                self.values.push((self.ents.len(), Plain { kind: plain.kind, value, unit, first, last }));
            }
            let span = doc.chars(mention.span);
            let text = self.keep(doc.text_of(mention));
            self.ents.push(EntRow {
                start: span.start,
                end: span.end,
                text,
                score: mention.score,
                parent: mention.parent,
                group: mention.group,
                sent: begun.checked_sub(1),
                label: mention.label,
            });
        }
    }

    fn keep(&mut self, text: &str) -> Piece {
        write(&mut self.text, text)
    }

    fn call(&mut self, id: Id<'_>) -> Called {
        match id {
            Id::Place(place) => Called::Place(place),
            Id::Number(number) => Called::Number(number),
            Id::Name(name) => Called::Name(self.keep(name)),
        }
    }

    fn read(&self, piece: Piece) -> &str {
        read(&self.text, piece)
    }

    fn id(&self, doc: &DocRow) -> Id<'_> {
        match doc.id {
            Called::Place(place) => Id::Place(place),
            Called::Number(number) => Id::Number(number),
            Called::Name(name) => Id::Name(self.read(name)),
        }
    }

    /// The documents, with how many `rows` each has.
    fn ids(&self, rows: fn(&DocRow) -> usize) -> impl Iterator<Item = (Id<'_>, usize)> {
        self.docs.iter().map(move |doc| (self.id(doc), rows(doc)))
    }

    /// Write all rows and forget them.
    pub fn write(&mut self, tables: &mut Tables) {
        if let Some(example) = self.example.take() {
            let wording = Wording::new(&self.notes, &example);
            // What is known of a place, once for all that name it.
            let places: Vec<Place<'_>> = wording.entries().map(Place::of).collect();
            self.write_ents(tables, &example, &wording, &places);
            self.write_groups(tables, &example, &wording, &places);
            self.write_sents(tables);
        }
        self.write_docs(tables);
        self.notes.clear();
        self.docs.clear();
        self.ents.clear();
        self.groups.clear();
        self.sents.clear();
        self.values.clear();
        self.text.clear();
    }

    fn write_ents(&self, tables: &mut Tables, example: &Doc, wording: &Wording<'_>, places: &[Place<'_>]) {
        let ents = &self.ents;
        let parents: Vec<(usize, u32)> =
            ents.iter().enumerate().filter_map(|(row, ent)| Some((row, ent.parent?))).collect();
        let all = 0..offset(ents.len());
        let place = |number| Some((number as usize, *places.get(self.notes.link_of(number)? as usize)?));
        let placed: Vec<(usize, Place<'_>)> = all.clone().filter_map(place).collect();
        let read = |piece: Option<Piece>| Some(self.read(piece?));
        let mut cells = tables.ents.more(ents.len());
        cells
            .ids(self.ids(|doc| doc.ents))
            .numbers(self.docs.iter().map(|doc| doc.ents))
            .counts(ents.iter().map(|ent| ent.start))
            .counts(ents.iter().map(|ent| ent.end))
            .texts(ents.iter().map(|ent| example.label(ent.label)))
            .texts(ents.iter().map(|ent| self.read(ent.text)))
            .texts(all.clone().map(|number| wording.norm_of(number)))
            .texts(all.map(|number| wording.latin_of(number)))
            .reals(ents.iter().map(|ent| thousandths(ent.score)))
            .few_counts(&parents, |parent| Some(*parent))
            .most_counts(ents.iter().map(|ent| ent.group))
            .most_counts(ents.iter().map(|ent| ent.sent))
            .few_texts(&self.values, |value| Some(value.kind))
            .few_texts(&self.values, |value| read(value.value))
            .few_texts(&self.values, |value| read(value.unit))
            .few_texts(&self.values, |value| read(value.first))
            .few_texts(&self.values, |value| read(value.last));
        write_places(&mut cells, &placed);
        cells.end();
    }

    fn write_groups(&self, tables: &mut Tables, example: &Doc, wording: &Wording<'_>, places: &[Place<'_>]) {
        let groups = &self.groups;
        let all = 0..offset(groups.len());
        let place = |number| Some((number as usize, *places.get(self.notes.link_of_group(number)? as usize)?));
        let placed: Vec<(usize, Place<'_>)> = all.clone().filter_map(place).collect();
        let mut cells = tables.groups.more(groups.len());
        cells
            .ids(self.ids(|doc| doc.groups))
            .numbers(self.docs.iter().map(|doc| doc.groups))
            .texts(groups.iter().map(|group| example.label(group.label)))
            .texts(all.clone().map(|number| wording.name_of(number)))
            .texts(all.map(|number| wording.latin_of_group(number)))
            .counts(groups.iter().map(|group| group.count))
            .most_counts(groups.iter().map(|group| group.first))
            .texts(groups.iter().map(|group| self.read(group.variants)));
        write_places(&mut cells, &placed);
        cells.end();
    }

    fn write_sents(&self, tables: &mut Tables) {
        let sents = &self.sents;
        tables
            .sents
            .more(sents.len())
            .ids(self.ids(|doc| doc.sents))
            .numbers(self.docs.iter().map(|doc| doc.sents))
            .counts(sents.iter().map(|sent| sent.block))
            .texts(sents.iter().map(|sent| sent.kind.name()))
            .counts(sents.iter().map(|sent| sent.start))
            .counts(sents.iter().map(|sent| sent.end))
            .ahead();
    }

    fn write_docs(&self, tables: &mut Tables) {
        let docs = &self.docs;
        let days = docs.iter().enumerate().filter_map(|(row, doc)| Some((row, doc.published?.to_string())));
        let days: Vec<(usize, String)> = days.collect();
        let errors = docs.iter().enumerate().filter_map(|(row, doc)| Some((row, self.read(doc.error?))));
        let errors: Vec<(usize, &str)> = errors.collect();
        let count = |count: fn(&DocRow) -> usize| docs.iter().map(move |doc| doc.chars.map(|_| offset(count(doc))));
        tables
            .docs
            .more(docs.len())
            .ids(self.ids(|_| 1))
            .few_texts(&days, |day| Some(day.as_str()))
            .most_counts(docs.iter().map(|doc| doc.chars))
            .most_counts(count(|doc| doc.tokens))
            .most_counts(count(|doc| doc.sents))
            .most_counts(count(|doc| doc.ents))
            .most_counts(count(|doc| doc.groups))
            .few_texts(&errors, |error| Some(*error))
            .end();
    }
}

/// A score with three decimals.
fn thousandths(score: f32) -> f64 {
    // Scores are not negative, and a thousand times one is exact.
    #[allow(clippy::cast_possible_truncation, reason = "a score is at most 1")]
    let count = (f64::from(score) * 1000.0 + 0.5) as i32;
    f64::from(count) / 1000.0
}

/// What the lexicon knows of a place.
#[derive(Clone, Copy, Default)]
pub(super) struct Place<'a> {
    geonames: Option<u32>,
    country: Option<&'a str>,
    admin: Option<&'a str>,
    at: Option<(f64, f64)>,
}

impl<'a> Place<'a> {
    pub fn of(entry: Option<Entry<'a>>) -> Self {
        entry.map_or_else(Self::default, |entry| Self {
            geonames: entry.geonames(),
            country: entry.country(),
            admin: entry.admin().filter(|name| !name.is_empty()),
            at: entry.coordinates(),
        })
    }
}

/// Write the last columns of mentions and groups.
pub(super) fn write_places(cells: &mut Cells<'_>, places: &[(usize, Place<'_>)]) {
    cells
        .few_counts(places, |place| place.geonames)
        .few_texts(places, |place| place.country)
        .few_texts(places, |place| place.admin)
        .few_reals(places, |place| place.at.map(|at| at.0))
        .few_reals(places, |place| place.at.map(|at| at.1));
}

fn plain(value: &Value) -> Plain<&str> {
    let of = |number, unit| Plain { value: number, unit, ..Plain::default() };
    let plain = match value {
        Value::Number { number, .. } | Value::Ordinal { number } | Value::Percent { number, .. } => {
            of(Some(number.as_str()), None)
        }
        Value::Quantity { number, unit, .. } => of(Some(number), Some(unit.as_str())),
        Value::Money { number, currency, .. } => of(Some(number), *currency),
        Value::Currency { currency, .. } => of(None, *currency),
        Value::Unit { unit } => of(None, Some(unit)),
        Value::Date(time) | Value::Time(time) | Value::Duration(time) | Value::Set(time) => Plain {
            value: time.edtf.as_deref().or(time.iso.as_deref()),
            first: time.start.as_deref(),
            last: time.end.as_deref(),
            ..Plain::default()
        },
    };
    Plain { kind: value.kind(), ..plain }
}
