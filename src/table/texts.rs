//! The texts of a column.

/// Texts one after another. They are only ever appended, so that each is UTF-8 by itself.
///
/// ```
/// use marsad::table::Texts;
/// let mut texts = Texts::default();
/// texts.push("درنة");
/// texts.fill(3);
/// assert_eq!((texts.len(), texts.get(0), texts.get(2), texts.get(3)), (3, Some("درنة"), Some(""), None));
/// assert_eq!(texts.into_parts(), Some((vec![0, 8, 8, 8], "درنة".to_owned())));
/// ```
#[derive(Clone, Debug)]
pub struct Texts {
    /// Where they begin and end: one more than texts, the first 0.
    ends: Vec<i32>,
    bytes: String,
}

impl Default for Texts {
    fn default() -> Self {
        Self { ends: vec![0], bytes: String::new() }
    }
}

/// Where the texts end so far. What is too long is found at the end.
fn end(bytes: &str) -> i32 {
    i32::try_from(bytes.len()).unwrap_or(i32::MAX)
}

impl Texts {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len() - 1
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A text by its number.
    pub fn get(&self, at: usize) -> Option<&str> {
        let end = |at: usize| usize::try_from(*self.ends.get(at)?).ok();
        self.bytes.get(end(at)?..end(at + 1)?)
    }

    /// Append a text.
    pub fn push(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.ends.push(end(&self.bytes));
    }

    /// Append texts.
    #[inline]
    pub fn extend<'t>(&mut self, texts: impl Iterator<Item = &'t str>) {
        let bytes = &mut self.bytes;
        self.ends.extend(texts.map(|text| {
            bytes.push_str(text);
            end(bytes)
        }));
    }

    /// Append empty texts until there are so many.
    pub fn fill(&mut self, count: usize) {
        self.ends.resize(self.ends.len().max(count + 1), end(&self.bytes));
    }

    pub(super) fn reserve(&mut self, times: impl Fn(usize) -> usize) {
        self.ends.reserve(times(self.ends.len()));
        self.bytes.reserve(times(self.bytes.len()));
    }

    /// Where they end (one more than texts, the first 0, never falling, between characters), and all in one; `None` when that has
    /// more bytes than 32 bits can count.
    pub fn into_parts(self) -> Option<(Vec<i32>, String)> {
        i32::try_from(self.bytes.len()).is_ok().then_some((self.ends, self.bytes))
    }
}
