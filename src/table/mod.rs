//! Many documents as columns: mentions, groups, sentences and documents, a row each, built without a view in between.
//!
//! A [`Batch`] is made by one task from some documents; a table is the batches in order. Columns are plain vectors
//! with the layout of Arrow, so that handing them over costs no copy.

mod things;

use jiff::civil::Date;

use crate::base::Span;
use crate::detect::lexicon::Entry;
use crate::doc::{Mention, Wording};
use crate::resolve::values::Value;

pub use things::{Joined, Things};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 32-bit integers.
    Int,
    /// 64-bit integers.
    Long,
    /// Floating-point numbers.
    Real,
    /// UTF-8 text.
    Text,
}

/// The cells of a column.
#[derive(Clone, Debug)]
pub enum Values {
    /// 32-bit integers.
    Int(Vec<i32>),
    /// 64-bit integers.
    Long(Vec<i64>),
    /// Floating-point numbers.
    Real(Vec<f64>),
    /// Texts one after another, with their ends (one more than texts, the first 0).
    Text(Vec<i32>, String),
}

/// A named column. An empty cell holds zero or nothing in `values`.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its cells.
    pub values: Values,
    /// A bit a row, set where the cell is not empty; none while no cell is empty.
    pub valid: Option<Vec<u8>>,
}

impl Column {
    fn new(name: &'static str, kind: Kind) -> Self {
        let values = match kind {
            Kind::Int => Values::Int(Vec::new()),
            Kind::Long => Values::Long(Vec::new()),
            Kind::Real => Values::Real(Vec::new()),
            Kind::Text => Values::Text(vec![0], String::new()),
        };
        Self { name, values, valid: None }
    }

    /// What it holds.
    pub fn kind(&self) -> Kind {
        match self.values {
            Values::Int(_) => Kind::Int,
            Values::Long(_) => Kind::Long,
            Values::Real(_) => Kind::Real,
            Values::Text(..) => Kind::Text,
        }
    }

    /// Tell of the next row whether its cell holds something.
    #[inline]
    fn mark(&mut self, row: usize, valid: bool) {
        match &mut self.valid {
            None if valid => {}
            None => self.valid = Some(begin(row)),
            Some(bits) => {
                if row.is_multiple_of(8) {
                    bits.push(0);
                }
                if let Some(last) = bits.last_mut() {
                    *last |= u8::from(valid) << (row % 8);
                }
            }
        }
    }
}

/// The bits of a column whose first empty cell is in `row`.
#[cold]
fn begin(row: usize) -> Vec<u8> {
    let mut bits = vec![0xFF; row / 8];
    bits.push((1 << (row % 8)) - 1);
    bits
}

/// Columns of equal length.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Number of rows.
    pub rows: usize,
    /// The columns.
    pub columns: Vec<Column>,
}

/// How documents are called in the first column of every table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id<'a> {
    /// By their place in the corpus.
    Place(i32),
    /// By a number of the user's.
    Number(i64),
    /// By a name of the user's.
    Name(&'a str),
}

impl Id<'_> {
    fn kind(self) -> Kind {
        match self {
            Id::Place(_) => Kind::Int,
            Id::Number(_) => Kind::Long,
            Id::Name(_) => Kind::Text,
        }
    }
}

impl Batch {
    fn new(id: Kind, columns: &[(&'static str, Kind)]) -> Self {
        let first = std::iter::once(("doc_id", id));
        let columns = first.chain(columns.iter().copied()).map(|(name, kind)| Column::new(name, kind)).collect();
        Self { rows: 0, columns }
    }

    fn row(&mut self, id: Id<'_>) -> Row<'_> {
        let mut row = Row { batch: self, at: 0 };
        row.id(id);
        row
    }

    /// Bytes of text in its largest column.
    fn widest(&self) -> usize {
        let sizes = self.columns.iter().map(|c| if let Values::Text(_, text) = &c.values { text.len() } else { 0 });
        sizes.max().unwrap_or(0)
    }
}

/// Writes one row, cell by cell. A cell of another kind than its column stays empty.
struct Row<'a> {
    batch: &'a mut Batch,
    at: usize,
}

impl Row<'_> {
    #[inline]
    fn cell(&mut self, valid: bool) -> Option<&mut Values> {
        let row = self.batch.rows;
        let column = self.batch.columns.get_mut(self.at)?;
        self.at += 1;
        column.mark(row, valid);
        Some(&mut column.values)
    }

    /// How a document is called.
    fn id(&mut self, id: Id<'_>) -> &mut Self {
        match id {
            Id::Place(place) => self.int(Some(place)),
            Id::Number(number) => self.long(Some(number)),
            Id::Name(name) => self.text(Some(name)),
        }
    }

    #[inline]
    fn int(&mut self, value: Option<i32>) -> &mut Self {
        if let Some(Values::Int(cells)) = self.cell(value.is_some()) {
            cells.push(value.unwrap_or(0));
        }
        self
    }

    /// A count or an offset, which fits: no text is longer than a table can hold.
    #[inline]
    fn count(&mut self, value: u32) -> &mut Self {
        self.int(i32::try_from(value).ok())
    }

    fn long(&mut self, value: Option<i64>) -> &mut Self {
        if let Some(Values::Long(cells)) = self.cell(value.is_some()) {
            cells.push(value.unwrap_or(0));
        }
        self
    }

    #[inline]
    fn real(&mut self, value: Option<f64>) -> &mut Self {
        if let Some(Values::Real(cells)) = self.cell(value.is_some()) {
            cells.push(value.unwrap_or(0.0));
        }
        self
    }

    #[inline]
    fn text(&mut self, value: Option<&str>) -> &mut Self {
        if let Some(Values::Text(ends, bytes)) = self.cell(value.is_some()) {
            if let Some(value) = value {
                bytes.push_str(value);
            }
            ends.push(i32::try_from(bytes.len()).unwrap_or(i32::MAX));
        }
        self
    }

    fn end(&mut self) {
        debug_assert_eq!(self.at, self.batch.columns.len(), "every cell of a row is written");
        self.batch.rows += 1;
    }
}

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
        let id = example.kind();
        Self {
            ents: Batch::new(id, ENTS),
            groups: Batch::new(id, GROUPS),
            sents: Batch::new(id, SENTS),
            docs: Batch::new(id, DOCS),
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
        for (number, mention) in (0u32..).zip(doc.mentions()) {
            ent(self.ents.row(id), number, mention, wording);
        }
        for (number, group) in (0u32..).zip(doc.groups().all()) {
            let members = doc.groups().members(group);
            let entry = doc.entry(group.link);
            let mut row = self.groups.row(id);
            row.count(number)
                .text(Some(doc.labels().name(group.label)))
                .text(Some(wording.name_of(group)))
                .text(Some(wording.latin_of_group(number)))
                .int(i32::try_from(members.len()).ok())
                .int(members.first().and_then(|member| i32::try_from(member.mention).ok()))
                .text(Some(&wording.variants_of(group).join(" | ")));
            place(&mut row, entry);
            row.end();
        }
        for (number, sent) in (0u32..).zip(&doc.layout().sents) {
            let span = doc.chars(sent.span);
            let kind = doc.layout().blocks.get(sent.block as usize).map(|block| block.kind.name());
            let mut row = self.sents.row(id);
            row.count(number).count(sent.block).text(kind).count(span.start).count(span.end);
            row.text(Some(sent.span.slice(doc.text()))).end();
        }
        let size = |n: usize| i32::try_from(n).ok();
        let mut row = self.docs.row(id);
        row.text(published.map(|day| day.to_string()).as_deref())
            .count(doc.chars(Span::new(0, u32::try_from(doc.text().len()).unwrap_or(u32::MAX))).end)
            .int(size(doc.layout().tokens.len()))
            .int(size(doc.layout().sents.len()))
            .int(size(doc.mentions().len()))
            .int(size(doc.groups().all().len()))
            .text(None)
            .end();
        true
    }

    /// Append a document that could not be analyzed.
    pub fn fail(&mut self, id: Id<'_>, published: Option<Date>, error: &str) {
        let mut row = self.docs.row(id);
        row.text(published.map(|day| day.to_string()).as_deref());
        row.int(None).int(None).int(None).int(None).int(None).text(Some(error)).end();
    }
}

fn ent(mut row: Row<'_>, number: u32, mention: &Mention, wording: &Wording<'_>) {
    let doc = wording.doc();
    let span = doc.chars(mention.span);
    let sents = &doc.layout().sents;
    let sent = sents.partition_point(|sent| sent.span.start <= mention.span.start).checked_sub(1);
    let entry = doc.entry(mention.link);
    let value = mention.value.as_ref().map(plain).unwrap_or_default();
    row.count(number)
        .count(span.start)
        .count(span.end)
        .text(Some(doc.labels().name(mention.label)))
        .text(Some(doc.text_of(mention)))
        .text(Some(wording.norm_of(number, mention)))
        .text(Some(wording.latin_of(number)))
        .real(Some((f64::from(mention.score) * 1000.0).round() / 1000.0))
        .int(mention.parent.and_then(|parent| i32::try_from(parent).ok()))
        .int(mention.group.and_then(|group| i32::try_from(group).ok()))
        .int(sent.and_then(|sent| i32::try_from(sent).ok()))
        .text(value.kind)
        .text(value.value)
        .text(value.unit)
        .text(value.first)
        .text(value.last);
    place(&mut row, entry);
    row.end();
}

fn place(row: &mut Row<'_>, entry: Option<Entry<'_>>) {
    let entry = entry.as_ref();
    let at = entry.and_then(Entry::coordinates);
    row.int(entry.and_then(Entry::geonames).and_then(|number| i32::try_from(number).ok()))
        .text(entry.and_then(Entry::country))
        .text(entry.and_then(Entry::region).map(|region| region.latin).filter(|name| !name.is_empty()))
        .real(at.map(|at| at.0))
        .real(at.map(|at| at.1));
}

/// A value in flat columns.
#[derive(Default)]
struct Plain<'a> {
    kind: Option<&'static str>,
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
    Plain { kind: Some(value.kind()), ..plain }
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
