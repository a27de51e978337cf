//! Many documents as columns: mentions, groups, sentences and documents, a row each, built without a view in between.
//!
//! A [`Batch`] is made by one task from some documents; a table is the batches in order. Columns are plain vectors
//! with the layout of Arrow, so that handing them over costs no copy.

mod columns;
mod things;

use jiff::civil::Date;

use crate::base::{CharSpan, Span};
use crate::detect::lexicon::Entry;
use crate::doc::{Mention, Wording};
use crate::resolve::groups::Group;
use crate::resolve::values::Value;

use columns::Cells;
pub use columns::{Batch, Column, Id, Kind, Values};
pub use things::{Joined, Things};

/// Texts of more bytes do not fit: Arrow counts those of a column in 32 bits.
pub const LONGEST: usize = 1 << 30;
/// A batch is closed when a column of it is so large.
const FULL: usize = 1 << 30;

const ENTS: &[(&str, Kind)] = &[
    ("ent", Kind::Int),
    ("start", Kind::Int),
    ("end", Kind::Int),
    ("label", Kind::Text),
    ("text", Kind::Text),
    ("norm", Kind::Text),
    ("latin", Kind::Text),
    ("score", Kind::Real),
    ("parent", Kind::Int),
    ("group", Kind::Int),
    ("sent", Kind::Int),
    ("kind", Kind::Text),
    ("value", Kind::Text),
    ("unit", Kind::Text),
    ("first_day", Kind::Text),
    ("last_day", Kind::Text),
    ("geonames", Kind::Int),
    ("country", Kind::Text),
    ("admin", Kind::Text),
    ("lat", Kind::Real),
    ("lon", Kind::Real),
];
const GROUPS: &[(&str, Kind)] = &[
    ("group", Kind::Int),
    ("label", Kind::Text),
    ("name", Kind::Text),
    ("latin", Kind::Text),
    ("count", Kind::Int),
    ("first_ent", Kind::Int),
    ("variants", Kind::Text),
    ("geonames", Kind::Int),
    ("country", Kind::Text),
    ("admin", Kind::Text),
    ("lat", Kind::Real),
    ("lon", Kind::Real),
];
const SENTS: &[(&str, Kind)] = &[
    ("sent", Kind::Int),
    ("block", Kind::Int),
    ("kind", Kind::Text),
    ("start", Kind::Int),
    ("end", Kind::Int),
    ("text", Kind::Text),
];
const DOCS: &[(&str, Kind)] = &[
    ("published", Kind::Text),
    ("chars", Kind::Int),
    ("tokens", Kind::Int),
    ("sents", Kind::Int),
    ("ents", Kind::Int),
    ("groups", Kind::Int),
    ("error", Kind::Text),
];

/// The tables of some documents.
///
/// ```
/// use marsad::doc::Wording;
/// use marsad::table::{Id, Tables};
/// use marsad::{Pack, Pipeline, pipeline::Options};
/// let doc = Pipeline::new(&Pack::default())?.run("في 13 نوفمبر 2014.", &Options::default())?;
/// let mut tables = Tables::new(Id::Place(0));
/// tables.add(Id::Place(0), None, &Wording::new(&doc));
/// assert_eq!((tables.ents.rows, tables.sents.rows, tables.docs.rows), (1, 1, 1));
/// # Ok::<(), marsad::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tables {
    /// A row a mention.
    pub ents: Batch,
    /// A row a thing of a document.
    pub groups: Batch,
    /// A row a sentence.
    pub sents: Batch,
    /// A row a document.
    pub docs: Batch,
}

impl Tables {
    /// Empty tables whose documents are called in the manner of `example`.
    pub fn new(example: Id<'_>) -> Self {
        let doc = ("doc_id", example.kind());
        let batch = |columns: &[(&'static str, Kind)]| Batch::new(std::iter::once(&doc).chain(columns));
        Self { ents: batch(ENTS), groups: batch(GROUPS), sents: batch(SENTS), docs: batch(DOCS) }
    }

    /// Make room for `more` times what is there, as where a part of many alike documents has been added.
    pub fn expect(&mut self, more: f64) {
        for batch in [&mut self.ents, &mut self.groups, &mut self.sents, &mut self.docs] {
            batch.expect(more);
        }
    }

    /// Whether the next document needs new tables.
    pub fn is_full(&self) -> bool {
        self.sents.widest().max(self.ents.widest()) >= FULL
    }

    /// Append an analyzed document; `false` where it is too large for a table.
    pub fn add(&mut self, id: Id<'_>, published: Option<Date>, wording: &Wording<'_>) -> bool {
        let doc = wording.doc();
        if doc.text().len() > LONGEST {
            self.fail(id, published, "the text has more than a gigabyte: cut it into documents");
            return false;
        }
        // What is known of a place, once for all that name it.
        let places: Vec<Place<'_>> =
            (0..).zip(doc.links()).map(|(link, _)| Place::of(wording.entry(Some(link)))).collect();
        self.add_ents(id, wording, &places);
        self.add_groups(id, wording, &places);
        self.add_sents(id, wording);
        let chars = doc.chars(Span::new(0, u32::try_from(doc.text().len()).unwrap_or(u32::MAX))).end;
        let counts = [
            chars,
            small(doc.layout().tokens.len()),
            small(doc.layout().sents.len()),
            small(doc.mentions().len()),
            small(doc.groups().all().len()),
        ];
        self.doc(id, published, counts.map(Some), None);
        true
    }

    /// Append a document that could not be analyzed.
    pub fn fail(&mut self, id: Id<'_>, published: Option<Date>, error: &str) {
        self.doc(id, published, [None; 5], Some(error));
    }

    fn doc(&mut self, id: Id<'_>, published: Option<Date>, counts: [Option<u32>; 5], error: Option<&str>) {
        let mut cells = self.docs.more(1);
        let published = published.map(|day| day.to_string());
        cells.id(id).few_texts(&[(0, published)], |day| day.as_deref());
        for count in counts {
            cells.most_counts([count].into_iter());
        }
        cells.few_texts(&[(0, error)], |error| *error).end();
    }

    fn add_ents(&mut self, id: Id<'_>, wording: &Wording<'_>, places: &[Place<'_>]) {
        let doc = wording.doc();
        let mentions = doc.mentions();
        let spans: Vec<CharSpan> = mentions.iter().map(|mention| doc.chars(mention.span)).collect();
        let with_place = |(row, mention): (usize, &Mention)| Some((row, *places.get(mention.link? as usize)?));
        let placed: Vec<(usize, Place<'_>)> = mentions.iter().enumerate().filter_map(with_place).collect();
        let values =
            mentions.iter().enumerate().filter_map(|(row, m)| m.value.as_ref().map(|value| (row, plain(value))));
        let valued: Vec<(usize, Plain<'_>)> = values.collect();
        let numbered = || (0..).zip(mentions);
        let nested: Vec<(usize, u32)> =
            mentions.iter().enumerate().filter_map(|(row, m)| m.parent.map(|parent| (row, parent))).collect();
        let mut sents = doc.layout().sents.iter().peekable();
        let mut begun = 0u32;
        let sent_of = |mention: &Mention| {
            while sents.next_if(|next| next.span.start <= mention.span.start).is_some() {
                begun += 1;
            }
            begun.checked_sub(1)
        };
        let sent_of: Vec<Option<u32>> = mentions.iter().map(sent_of).collect();
        let mut cells = self.ents.more(mentions.len());
        cells
            .id(id)
            .counts(0..small(mentions.len()))
            .counts(spans.iter().map(|span| span.start))
            .counts(spans.iter().map(|span| span.end))
            .texts(mentions.iter().map(|mention| doc.label(mention.label)))
            .texts(mentions.iter().map(|mention| doc.text_of(mention)))
            .texts(numbered().map(|(number, mention)| wording.norm_of(number, mention)))
            .texts((0..).take(mentions.len()).map(|number| wording.latin_of(number)))
            .reals(mentions.iter().map(|mention| thousandths(mention.score)))
            .few_counts(&nested, |parent| Some(*parent))
            .most_counts(mentions.iter().map(|mention| mention.group))
            .most_counts(sent_of.iter().copied())
            .few_texts(&valued, |value| Some(value.kind))
            .few_texts(&valued, |value| value.value)
            .few_texts(&valued, |value| value.unit)
            .few_texts(&valued, |value| value.first)
            .few_texts(&valued, |value| value.last);
        write_places(&mut cells, &placed);
        cells.end();
    }

    fn add_groups(&mut self, id: Id<'_>, wording: &Wording<'_>, places: &[Place<'_>]) {
        let (doc, groups) = (wording.doc(), wording.doc().groups());
        let all = groups.all();
        let with_place = |(row, group): (usize, &Group)| Some((row, *places.get(group.link? as usize)?));
        let placed: Vec<(usize, Place<'_>)> = all.iter().enumerate().filter_map(with_place).collect();
        let mut cells = self.groups.more(all.len());
        cells
            .id(id)
            .counts(0..small(all.len()))
            .texts(all.iter().map(|group| doc.label(group.label)))
            .texts(all.iter().map(|group| wording.name_of(group)))
            .texts((0..).take(all.len()).map(|number| wording.latin_of_group(number)))
            .counts(all.iter().map(|group| small(groups.members(group).len())))
            .most_counts(all.iter().map(|group| groups.members(group).first().map(|member| member.mention)))
            .written(all.iter(), |group, out| match groups.members(group) {
                [only] => out.push_str(wording.written(only.mention)),
                _ => push_joined(&wording.variants_of(group), out),
            });
        write_places(&mut cells, &placed);
        cells.end();
    }

    fn add_sents(&mut self, id: Id<'_>, wording: &Wording<'_>) {
        let doc = wording.doc();
        let (sents, blocks) = (&doc.layout().sents, &doc.layout().blocks);
        let spans: Vec<CharSpan> = sents.iter().map(|sent| doc.chars(sent.span)).collect();
        self.sents
            .more(sents.len())
            .id(id)
            .counts(0..small(sents.len()))
            .counts(sents.iter().map(|sent| sent.block))
            .texts(sents.iter().map(|sent| blocks.get(sent.block as usize).map_or("", |block| block.kind.name())))
            .counts(spans.iter().map(|span| span.start))
            .counts(spans.iter().map(|span| span.end))
            .texts(sents.iter().map(|sent| sent.span.slice(doc.text())))
            .end();
    }
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A score with three decimals.
fn thousandths(score: f32) -> f64 {
    // Scores are not negative, and a thousand times one is exact.
    #[allow(clippy::cast_possible_truncation, reason = "a score is at most 1")]
    let count = (f64::from(score) * 1000.0 + 0.5) as i32;
    f64::from(count) / 1000.0
}

fn push_joined(names: &[&str], out: &mut String) {
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            out.push_str(" | ");
        }
        out.push_str(name);
    }
}

/// What the lexicon knows of a place.
#[derive(Clone, Copy, Default)]
struct Place<'a> {
    geonames: Option<u32>,
    country: Option<&'a str>,
    admin: Option<&'a str>,
    at: Option<(f64, f64)>,
}

impl<'a> Place<'a> {
    fn of(entry: Option<Entry<'a>>) -> Self {
        entry.map_or_else(Self::default, |entry| Self {
            geonames: entry.geonames(),
            country: entry.country(),
            admin: entry.admin().filter(|name| !name.is_empty()),
            at: entry.coordinates(),
        })
    }
}

/// Write the last columns of mentions and groups.
fn write_places(cells: &mut Cells<'_>, places: &[(usize, Place<'_>)]) {
    cells
        .few_counts(places, |place| place.geonames)
        .few_texts(places, |place| place.country)
        .few_texts(places, |place| place.admin)
        .few_reals(places, |place| place.at.map(|at| at.0))
        .few_reals(places, |place| place.at.map(|at| at.1));
}

/// A value in flat columns.
#[derive(Clone, Copy, Default)]
struct Plain<'a> {
    kind: &'static str,
    value: Option<&'a str>,
    unit: Option<&'a str>,
    first: Option<&'a str>,
    last: Option<&'a str>,
}

fn plain(value: &Value) -> Plain<'_> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::Pack;
    use crate::pipeline::{Options, Pipeline};

    fn texts(column: &Column) -> Vec<Option<&str>> {
        let Values::Text(ends, bytes) = &column.values else { return Vec::new() };
        let valid = |row: usize| column.valid.as_ref().is_none_or(|bits| bits[row / 8] >> (row % 8) & 1 == 1);
        let cell = |(row, pair): (usize, &[i32])| {
            valid(row).then(|| &bytes[usize::try_from(pair[0]).unwrap()..usize::try_from(pair[1]).unwrap()])
        };
        ends.windows(2).enumerate().map(cell).collect()
    }

    #[test]
    fn empty_cells_after_full_ones() {
        let mut tables = Tables::new(Id::Name(""));
        let nlp = Pipeline::new(&Pack::default()).unwrap();
        for i in 0..20 {
            let doc = nlp.run("في 13 نوفمبر 2014 زار 25 في المئة.", &Options::default()).unwrap();
            if i % 3 == 2 {
                tables.fail(Id::Name("x"), None, "no text");
            } else {
                tables.add(Id::Name("y"), None, &Wording::new(&doc));
            }
        }
        let error = tables.docs.columns.iter().find(|c| c.name == "error").unwrap();
        let expected: Vec<_> = (0..20).map(|i| (i % 3 == 2).then_some("no text")).collect();
        assert_eq!(texts(error), expected);
        let id: Vec<_> = (0..20).map(|i| Some(if i % 3 == 2 { "x" } else { "y" })).collect();
        assert_eq!(texts(&tables.docs.columns[0]), id);
    }

    #[test]
    fn rows_agree_with_the_document() {
        let nlp = Pipeline::new(&Pack::default()).unwrap();
        let doc = nlp.run("وصل في 13 نوفمبر 2014.\n\nثم غادر بعد يومين (15 نوفمبر).", &Options::default()).unwrap();
        let mut tables = Tables::new(Id::Place(0));
        tables.add(Id::Place(7), None, &Wording::new(&doc));
        assert!(tables.ents.rows > 1);
        for (row, mention) in doc.mentions().iter().enumerate() {
            let int = |name: &str| match &tables.ents.columns.iter().find(|c| c.name == name).unwrap().values {
                Values::Int(cells) => u32::try_from(cells[row]).unwrap(),
                _ => panic!("{name} is no number"),
            };
            let chars = doc.chars(mention.span);
            assert_eq!((int("doc_id"), int("start"), int("end")), (7, chars.start, chars.end));
        }
        let text = tables.ents.columns.iter().find(|c| c.name == "text").unwrap();
        let expected: Vec<_> = doc.mentions().iter().map(|m| Some(doc.text_of(m))).collect();
        assert_eq!(texts(text), expected);
    }
}
