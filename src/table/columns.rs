//! Columns with the layout of Arrow, written for many rows at a time.

use super::texts::Texts;

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
    /// Texts.
    Text(Texts),
}

/// A named column. An empty cell holds zero or nothing in `values`.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Its cells.
    pub values: Values,
    /// A bit a row, set where the cell is not empty; where there are none, no cell is empty.
    pub valid: Option<Vec<u8>>,
}

impl Column {
    fn new(name: &'static str, kind: Kind) -> Self {
        let values = match kind {
            Kind::Int => Values::Int(Vec::new()),
            Kind::Long => Values::Long(Vec::new()),
            Kind::Real => Values::Real(Vec::new()),
            Kind::Text => Values::Text(Texts::default()),
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
    pub(super) fn kind(self) -> Kind {
        match self {
            Id::Place(_) => Kind::Int,
            Id::Number(_) => Kind::Long,
            Id::Name(_) => Kind::Text,
        }
    }
}

impl Batch {
    pub(super) fn new<'a>(columns: impl IntoIterator<Item = &'a (&'static str, Kind)>) -> Self {
        Self { rows: 0, columns: columns.into_iter().map(|(name, kind)| Column::new(name, *kind)).collect() }
    }

    /// Write texts of the last column ahead of their rows, which are [to come](Cells::ahead).
    pub(super) fn write_last<'t>(&mut self, cells: impl Iterator<Item = &'t str>) {
        if let Some(Column { values: Values::Text(texts), .. }) = self.columns.last_mut() {
            texts.extend(cells);
        }
    }

    /// Write so many rows more.
    pub(super) fn more(&mut self, rows: usize) -> Cells<'_> {
        let before = self.rows;
        self.rows += rows;
        Cells { columns: self.columns.iter_mut(), before, rows }
    }

    /// Make room for `more` times what is there.
    pub(super) fn expect(&mut self, more: f64) {
        for column in &mut self.columns {
            match &mut column.values {
                Values::Int(cells) => cells.reserve(times(cells.len(), more)),
                Values::Long(cells) => cells.reserve(times(cells.len(), more)),
                Values::Real(cells) => cells.reserve(times(cells.len(), more)),
                Values::Text(texts) => texts.reserve(|count| times(count, more)),
            }
        }
    }

    /// The texts of a column.
    pub(super) fn texts<'t>(&'t self, name: &str) -> impl Fn(usize) -> &'t str + use<'t> {
        let column = self.columns.iter().find(|column| column.name == name);
        let texts = column.and_then(|c| if let Values::Text(texts) = &c.values { Some(texts) } else { None });
        move |row| texts.and_then(|texts| texts.get(row)).unwrap_or("")
    }
}

/// Writes the same rows of one column after another: first the rows of the first, and so on. What is of another kind than its
/// column is not written.
pub(super) struct Cells<'a> {
    columns: std::slice::IterMut<'a, Column>,
    before: usize,
    rows: usize,
}

fn set(bits: &mut [u8], row: usize) {
    if let Some(byte) = bits.get_mut(row / 8) {
        *byte |= 1 << (row % 8);
    }
}

/// The bits of so many rows without an empty cell.
fn full(rows: usize) -> Vec<u8> {
    let mut bits = vec![0xFF; rows / 8];
    if !rows.is_multiple_of(8) {
        bits.push((1 << (rows % 8)) - 1);
    }
    bits
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a guess")]
fn times(count: usize, more: f64) -> usize {
    (count as f64 * more) as usize
}

/// Put the cells of some items into their rows, counted from `before`.
fn put_few<T, C>(
    column: &mut [C],
    bits: &mut [u8],
    before: usize,
    items: &[(usize, T)],
    get: impl Fn(&T) -> Option<C>,
) {
    for (row, cell) in items.iter().filter_map(|(row, item)| Some((before + row, get(item)?))) {
        if let Some(place) = column.get_mut(row) {
            *place = cell;
            set(bits, row);
        }
    }
}

impl Cells<'_> {
    /// The next column, none of whose cells is empty here.
    fn whole(&mut self) -> Option<&mut Values> {
        let (before, rows) = (self.before, self.rows);
        let column = self.columns.next()?;
        if let Some(bits) = &mut column.valid {
            bits.resize((before + rows).div_ceil(8), 0);
            (before..before + rows).for_each(|row| set(bits, row));
        }
        Some(&mut column.values)
    }

    /// The next column, its bits with those of the new rows empty, and the first new row.
    fn sparse(&mut self) -> Option<(&mut Values, &mut [u8], usize)> {
        let (before, rows) = (self.before, self.rows);
        let column = self.columns.next()?;
        let bits = column.valid.get_or_insert_with(|| full(before));
        bits.resize((before + rows).div_ceil(8), 0);
        Some((&mut column.values, bits, before))
    }

    /// How the documents of the rows are called, each with how many rows it has.
    pub fn ids<'i>(&mut self, ids: impl Iterator<Item = (Id<'i>, usize)>) -> &mut Self {
        let Some(values) = self.whole() else { return self };
        for (id, rows) in ids {
            match (&mut *values, id) {
                (Values::Int(cells), Id::Place(place)) => cells.extend(std::iter::repeat_n(place, rows)),
                (Values::Long(cells), Id::Number(number)) => cells.extend(std::iter::repeat_n(number, rows)),
                (Values::Text(texts), Id::Name(name)) => texts.extend(std::iter::repeat_n(name, rows)),
                _ => {}
            }
        }
        self
    }

    /// The number of each row in its document, from how many each document has.
    pub fn numbers(&mut self, rows: impl Iterator<Item = usize>) -> &mut Self {
        if let Some(Values::Int(column)) = self.whole() {
            rows.for_each(|rows| column.extend(0..i32::try_from(rows).unwrap_or(i32::MAX)));
        }
        self
    }

    /// Counts or offsets, which fit: no text is longer than a table can hold.
    #[inline]
    pub fn counts(&mut self, cells: impl Iterator<Item = u32>) -> &mut Self {
        if let Some(Values::Int(column)) = self.whole() {
            column.extend(cells.map(|cell| i32::try_from(cell).unwrap_or(i32::MAX)));
        }
        self
    }

    /// Whole numbers, few of them missing.
    #[inline]
    pub fn most_counts(&mut self, cells: impl Iterator<Item = Option<u32>> + Clone) -> &mut Self {
        let filled = self.columns.as_slice().first().is_some_and(|column| column.valid.is_none());
        if filled && cells.clone().all(|cell| cell.is_some()) {
            return self.counts(cells.map(|cell| cell.unwrap_or(0)));
        }
        let rows = self.rows;
        if let Some((Values::Int(column), bits, before)) = self.sparse() {
            column.extend(cells.clone().map(|cell| cell.and_then(|cell| i32::try_from(cell).ok()).unwrap_or(0)));
            for (row, _) in (before..before + rows).zip(cells).filter(|(_, cell)| cell.is_some()) {
                set(bits, row);
            }
        }
        self
    }

    /// Whole numbers, most of them missing: those of some items with their rows, in order.
    pub fn few_counts<T>(&mut self, items: &[(usize, T)], get: impl Fn(&T) -> Option<u32>) -> &mut Self {
        let rows = self.rows;
        if let Some((Values::Int(column), bits, before)) = self.sparse() {
            column.resize(before + rows, 0);
            put_few(column, bits, before, items, |item| get(item).and_then(|cell| i32::try_from(cell).ok()));
        }
        self
    }

    /// Numbers, most of them missing.
    pub fn few_reals<T>(&mut self, items: &[(usize, T)], get: impl Fn(&T) -> Option<f64>) -> &mut Self {
        let rows = self.rows;
        if let Some((Values::Real(column), bits, before)) = self.sparse() {
            column.resize(before + rows, 0.0);
            put_few(column, bits, before, items, get);
        }
        self
    }

    /// Texts, most of them missing.
    pub fn few_texts<'t, T>(&mut self, items: &'t [(usize, T)], get: impl Fn(&'t T) -> Option<&'t str>) -> &mut Self {
        let rows = self.rows;
        if let Some((Values::Text(texts), bits, before)) = self.sparse() {
            for (row, cell) in items.iter().filter_map(|(row, item)| Some((before + row, get(item)?))) {
                texts.fill(row);
                texts.push(cell);
                set(bits, row);
            }
            texts.fill(before + rows);
        }
        self
    }

    #[inline]
    pub fn reals(&mut self, cells: impl Iterator<Item = f64>) -> &mut Self {
        if let Some(Values::Real(column)) = self.whole() {
            column.extend(cells);
        }
        self
    }

    #[inline]
    pub fn texts<'t>(&mut self, cells: impl Iterator<Item = &'t str>) -> &mut Self {
        if let Some(Values::Text(texts)) = self.whole() {
            texts.extend(cells);
        }
        self
    }

    /// Texts, each written into memory that is empty.
    pub fn written<T>(&mut self, cells: impl Iterator<Item = T>, mut write: impl FnMut(T, &mut String)) -> &mut Self {
        if let Some(Values::Text(texts)) = self.whole() {
            let mut text = String::new();
            for cell in cells {
                text.clear();
                write(cell, &mut text);
                texts.push(&text);
            }
        }
        self
    }

    /// The texts of the last column are there already.
    pub fn ahead(&mut self) {
        let last = self.columns.next();
        debug_assert!(
            last.is_some_and(
                |last| matches!(&last.values, Values::Text(texts) if texts.len() == self.before + self.rows)
            )
        );
        self.end();
    }

    pub fn end(&mut self) {
        debug_assert!(self.columns.next().is_none(), "every column is written");
    }
}
