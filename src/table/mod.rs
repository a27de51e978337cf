//! Many documents as columns: mentions, groups, sentences and documents, a row each, built without a view in between.
//!
//! A [`Batch`] is made by one task from some documents; a table is the batches in order. Columns are plain vectors
//! with the layout of Arrow, so that handing them over costs no copy.

mod columns;
mod draft;
mod texts;
mod things;

use crate::base::offset;
use jiff::civil::Date;

use crate::doc::Doc;

pub use columns::{Batch, Column, Id, Kind, Values};
use draft::Draft;
pub use texts::Texts;
pub use things::{Joined, Sightings, Things};

/// Texts of more bytes do not fit: Arrow counts those of a column in 32 bits. A table of one such text has room for a gigabyte
/// of others.
pub const LONGEST: usize = 1 << 30;

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
}

/// Writes tables, a document at a time.
///
/// ```
/// use marsad::table::{Id, Writer};
/// use marsad::{Pack, Pipeline, pipeline::Options};
/// let doc = Pipeline::new(&Pack::default())?.run("في 13 نوفمبر 2014.", &Options::default())?;
/// let mut writer = Writer::new(Id::Place(0));
/// writer.add(Id::Place(0), None, &doc);
/// let tables = writer.finish();
/// assert_eq!((tables.ents.rows, tables.sents.rows, tables.docs.rows), (1, 1, 1));
/// # Ok::<(), marsad::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Writer {
    tables: Tables,
    draft: Draft,
}

impl Writer {
    /// Begin tables whose documents are called in the manner of `example`.
    pub fn new(example: Id<'_>) -> Self {
        Self { tables: Tables::new(example), draft: Draft::default() }
    }

    /// Make room for `more` times what is there, as where a part of many alike documents has been added.
    pub fn expect(&mut self, more: f64) {
        self.draft.write(&mut self.tables);
        let Tables { ents, groups, sents, docs } = &mut self.tables;
        for batch in [ents, groups, sents, docs] {
            batch.expect(more);
        }
    }

    /// Append an analyzed document; `false` where it is too large for a table.
    pub fn add(&mut self, id: Id<'_>, published: Option<Date>, doc: &Doc) -> bool {
        if doc.text().len() > LONGEST {
            self.fail(id, published, "the text has more than a gigabyte: cut it into documents");
            return false;
        }
        if self.draft.is_due(doc) {
            self.draft.write(&mut self.tables);
        }
        self.draft.add(id, published, doc, &mut self.tables.sents);
        true
    }

    /// Append a document that could not be analyzed.
    pub fn fail(&mut self, id: Id<'_>, published: Option<Date>, error: &str) {
        self.draft.fail(id, published, error);
    }

    /// The tables.
    pub fn finish(mut self) -> Tables {
        self.draft.write(&mut self.tables);
        self.tables
    }
}

/// A piece of a text, by its bytes.
type Piece = (u32, u32);

/// Append to a text.
fn write(text: &mut String, more: &str) -> Piece {
    let from = offset(text.len());
    text.push_str(more);
    (from, offset(text.len()))
}

fn read(text: &str, (from, to): Piece) -> &str {
    text.get(from as usize..to as usize).unwrap_or("")
}

/// What stands between the names in one cell.
const BETWEEN: &str = " | ";

fn push_joined(names: &[&str], out: &mut String) {
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            out.push_str(BETWEEN);
        }
        out.push_str(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::lexicon::Row;
    use crate::pack::Pack;
    use crate::pipeline::{Options, Pipeline};

    fn texts(column: &Column) -> Vec<Option<&str>> {
        let Values::Text(texts) = &column.values else { return Vec::new() };
        let valid = |row: usize| column.valid.as_ref().is_none_or(|bits| bits[row / 8] >> (row % 8) & 1 == 1);
        (0..texts.len()).map(|row| texts.get(row).filter(|_| valid(row))).collect()
    }

    #[test]
    fn empty_cells_after_full_ones() {
        let mut tables = Writer::new(Id::Name(""));
        let nlp = Pipeline::new(&Pack::default()).unwrap();
        for i in 0..20 {
            let doc = nlp.run("في 13 نوفمبر 2014 زار 25 في المئة.", &Options::default()).unwrap();
            if i % 3 == 2 {
                tables.fail(Id::Name("x"), None, "no text");
            } else {
                tables.add(Id::Name("y"), None, &doc);
            }
            if i == 7 {
                tables.expect(2.0);
            }
        }
        let tables = tables.finish();
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
        let mut tables = Writer::new(Id::Place(0));
        tables.add(Id::Place(7), None, &doc);
        let tables = tables.finish();
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

    #[test]
    fn documents_of_several_pipelines() {
        let nlp = |name: &str, latin: &str| {
            let row = Row { latin: latin.to_owned(), ..Row::new("GPE", name) };
            Pipeline::new(&Pack::default()).unwrap().with_lexicon(&[row]).unwrap()
        };
        let (one, two) = (nlp("قرية النخيل", "Nakhil"), nlp("قرية الزيتون", "Zaytun"));
        let mut writer = Writer::new(Id::Place(0));
        for (nlp, text) in [(&one, "زار قرية النخيل."), (&two, "زار قرية الزيتون."), (&one, "عاد إلى قرية النخيل.")]
        {
            writer.add(Id::Place(0), None, &nlp.run(text, &Options::default()).unwrap());
        }
        let tables = writer.finish();
        for batch in [&tables.ents, &tables.groups] {
            let latin = batch.columns.iter().find(|c| c.name == "latin").unwrap();
            assert_eq!(texts(latin), ["Nakhil", "Zaytun", "Nakhil"].map(Some));
        }
    }
}
