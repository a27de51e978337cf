//! Lines of texts in, lines of JSON out: what the tasks of a long stream do, from bytes to bytes.

use std::borrow::Cow;
use std::fmt;
use std::io::Write;
use std::ops::Range;

use jiff::civil::Date;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::analyze;
use crate::pipeline::{Options, Pipeline};

/// What the lines of a file are.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Where each line is a JSON object: the fields of the text and of its name. Otherwise a line is a text.
    pub fields: Option<(String, String)>,
    /// What the file is called, as a string of JSON without its last quote. A text without a name is called by its line.
    pub file: String,
    /// The day of publication of all; otherwise an object may tell its own as `published`.
    pub published: Option<Date>,
}

/// What has become of some lines.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// So many documents, a line of JSON each.
    Written(Vec<u8>, usize),
    /// A line that is not as it should be or that only a patient reader understands: its number, its place in the block.
    Left(usize, Range<usize>),
}

/// Collects what is read, and gives it back in whole lines.
///
/// ```
/// let mut blocks = marsad::batch::lines::Blocks::default();
/// blocks.push(b"a\nb");
/// assert_eq!(blocks.take(), Some(b"a\n".to_vec()));
/// assert_eq!(blocks.take(), None);
/// blocks.end();
/// assert_eq!(blocks.take(), Some(b"b".to_vec()));
/// ```
#[derive(Debug, Default)]
pub struct Blocks {
    held: Vec<u8>,
    /// Where the last whole line ends.
    whole: usize,
}

impl Blocks {
    /// Add what was read.
    pub fn push(&mut self, bytes: &[u8]) {
        if let Some(last) = memchr::memrchr(b'\n', bytes) {
            self.whole = self.held.len() + last + 1;
        }
        self.held.extend_from_slice(bytes);
    }

    /// Bytes in whole lines.
    pub fn size(&self) -> usize {
        self.whole
    }

    /// The whole lines, if there is any.
    pub fn take(&mut self) -> Option<Vec<u8>> {
        if self.whole == 0 {
            return None;
        }
        let rest = self.held.split_off(self.whole);
        self.whole = 0;
        Some(std::mem::replace(&mut self.held, rest))
    }

    /// No more will come: what is left is the last line.
    pub fn end(&mut self) {
        self.whole = self.held.len();
    }
}

/// Analyze lines, the first of which has the number `first`. Empty ones are passed over.
///
/// ```
/// use marsad::batch::lines::{Form, Piece, write};
/// use marsad::{Pack, Pipeline};
/// let nlp = Pipeline::new(&Pack::default())?;
/// let form = Form { file: "\"a.txt".to_owned(), ..Form::default() };
/// let Some(Piece::Written(json, 1)) = write(&nlp, &form, "\nبيت\n".as_bytes(), 1).pop() else { panic!() };
/// assert!(json.starts_with(br#"{"id":"a.txt:2","blocks":["#) && json.ends_with(b"}\n"));
/// # Ok::<(), marsad::Error>(())
/// ```
pub fn write(nlp: &Pipeline, form: &Form, block: &[u8], first: usize) -> Vec<Piece> {
    let mut out = Vec::new();
    let (mut json, mut docs) = (Vec::new(), 0);
    let ends = memchr::memchr_iter(b'\n', block).chain((!block.ends_with(b"\n")).then_some(block.len()));
    let mut start = 0;
    for (number, end) in (first..).zip(ends) {
        let range = start..end;
        start = end + 1;
        let line = block.get(range.clone()).unwrap_or(&[]);
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let before = json.len();
        if write_one(nlp, form, line, number, &mut json).is_some() {
            docs += 1;
            continue;
        }
        json.truncate(before);
        if docs > 0 {
            out.push(Piece::Written(std::mem::take(&mut json), std::mem::take(&mut docs)));
        }
        out.push(Piece::Left(number, range));
    }
    if docs > 0 {
        out.push(Piece::Written(json, docs));
    }
    out
}

fn write_one(nlp: &Pipeline, form: &Form, line: &[u8], number: usize, out: &mut Vec<u8>) -> Option<()> {
    let line = std::str::from_utf8(line).ok().filter(|line| !line.starts_with('\u{FEFF}'))?;
    let record = match &form.fields {
        Some((text, id)) => Record::read(line, text, id)?,
        // What Python strips from a line.
        None => Record { text: Cell::of(line.trim_matches(is_space)), id: Cell::Missing, published: Cell::Missing },
    };
    let Cell::Text(text) = &record.text else { return None };
    if form.fields.is_none() && text.is_empty() {
        return None;
    }
    let published = match (&record.published, form.published) {
        (Cell::Text(day), None) if !day.is_empty() => Some(read_day(day)?),
        (_, of_all) => of_all,
    };
    let doc = analyze(nlp, text, &Options { published, ..Options::default() }).ok()?;
    out.extend_from_slice(b"{\"id\":");
    match &record.id {
        Cell::Text(name) => serde_json::to_writer(&mut *out, name).ok()?,
        Cell::Whole(number) => write!(out, "\"{number}\"").ok()?,
        Cell::Missing => write!(out, "{}:{number}\"", form.file).ok()?,
        Cell::Other => return None,
    }
    let at = out.len();
    serde_json::to_writer(&mut *out, &doc.json().published(published)).ok()?;
    // The name is the first key of the object.
    *out.get_mut(at)? = b',';
    out.push(b'\n');
    Some(())
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1C}'..='\u{1F}')
}

/// The day that a time such as 2016-12-08T10:00 begins with.
fn read_day(time: &str) -> Option<Date> {
    let day = time.get(..10)?;
    let fits = |(i, b): (usize, u8)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() };
    day.parse().ok().filter(|_| day.bytes().enumerate().all(fits) && !day.starts_with("0000"))
}

/// What a field holds.
#[derive(Clone, Debug, Default, PartialEq)]
enum Cell<'a> {
    #[default]
    Missing,
    Text(Cow<'a, str>),
    Whole(i128),
    Other,
}

impl<'a> Cell<'a> {
    fn of(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

struct CellReader;

impl<'de> DeserializeSeed<'de> for CellReader {
    type Value = Cell<'de>;
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Cell<'de>, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for CellReader {
    type Value = Cell<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cell<'de>, E> {
        Ok(Cell::of(text))
    }
    fn visit_str<E>(self, text: &str) -> Result<Cell<'de>, E> {
        Ok(Cell::Text(Cow::Owned(text.to_owned())))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Cell<'de>, E> {
        Ok(Cell::Whole(number.into()))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Cell<'de>, E> {
        Ok(Cell::Whole(number.into()))
    }
    fn visit_f64<E>(self, _: f64) -> Result<Cell<'de>, E> {
        Ok(Cell::Other)
    }
    fn visit_bool<E>(self, _: bool) -> Result<Cell<'de>, E> {
        Ok(Cell::Other)
    }
    fn visit_unit<E>(self) -> Result<Cell<'de>, E> {
        Ok(Cell::Other)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Cell<'de>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::Other)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Cell<'de>, A::Error> {
        while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Cell::Other)
    }
}

/// What is read of an object; of a key that comes twice, the last.
#[derive(Debug, Default, PartialEq)]
struct Record<'a> {
    text: Cell<'a>,
    id: Cell<'a>,
    published: Cell<'a>,
}

impl<'a> Record<'a> {
    fn read(line: &'a str, text: &str, id: &str) -> Option<Self> {
        let mut from = serde_json::Deserializer::from_str(line);
        let record = from.deserialize_map(RecordReader { text, id }).ok()?;
        from.end().ok().map(|()| record)
    }
}

struct RecordReader<'k> {
    text: &'k str,
    id: &'k str,
}

impl<'de> Visitor<'de> for RecordReader<'_> {
    type Value = Record<'de>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Record<'de>, A::Error> {
        let mut record = Record::default();
        while let Some(Cell::Text(key)) = fields.next_key_seed(CellReader)? {
            let is = [key == self.text, key == self.id, key == "published"];
            if is == [false; 3] {
                fields.next_value::<IgnoredAny>()?;
                continue;
            }
            let cell = fields.next_value_seed(CellReader)?;
            for (target, _) in
                [&mut record.text, &mut record.id, &mut record.published].into_iter().zip(is).filter(|f| f.1)
            {
                target.clone_from(&cell);
            }
        }
        Ok(record)
    }
}
