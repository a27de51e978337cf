//! Rows of a lexicon: names with their type and what is known of them, read from tab-separated tables.

use std::path::Path;

use crate::error::{Error, ErrorKind, Result};

/// One row: a name, its other forms and its facts.
///
/// A form that ends in `?` is ambiguous.
///
/// ```
/// use marsad::detect::lexicon::Row;
/// let row = Row::new("GPE", "البيضاء?").with_alias("مدينة البيضاء");
/// let forms: Vec<_> = row.forms().collect();
/// assert_eq!(forms, [("البيضاء", true), ("مدينة البيضاء", false)]);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// A type of mention, or a class of words such as `GIVEN`.
    pub label: String,
    /// The canonical form.
    pub name: String,
    /// Other forms.
    pub aliases: Vec<String>,
    /// The name in Latin letters; may be empty.
    pub latin: String,
    /// Facts, as pairs of a key and a value.
    pub info: Vec<(String, String)>,
    /// Where the row comes from.
    pub source: String,
}

fn marked(form: &str) -> (&str, bool) {
    let form = form.trim();
    form.strip_suffix('?').map_or((form, false), |form| (form.trim_end(), true))
}

impl Row {
    /// A row with no more than a name.
    pub fn new(label: impl Into<String>, name: impl Into<String>) -> Self {
        Self { label: label.into(), name: name.into(), ..Self::default() }
    }
    /// The row with one more form.
    pub fn with_alias(mut self, form: impl Into<String>) -> Self {
        self.aliases.push(form.into());
        self
    }
    /// The name and the aliases, each with whether it is ambiguous.
    pub fn forms(&self) -> impl Iterator<Item = (&str, bool)> {
        let all = std::iter::once(&self.name).chain(&self.aliases);
        all.map(|form| marked(form)).filter(|(form, _)| !form.is_empty())
    }
    /// The canonical name, without the mark of ambiguity.
    pub fn canonical(&self) -> &str {
        marked(&self.name).0
    }
    /// A fact by its key.
    pub fn fact(&self, key: &str) -> Option<&str> {
        self.info.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str()).filter(|v| !v.is_empty())
    }
}

/// The rows of a table: `label name aliases latin info`, tab-separated, with one header line; only the first two
/// columns are required. A table of word classes has the columns `class words`, the words separated by `|`.
/// `what` names the table in errors.
pub fn parse(text: &str, what: &str) -> Result<Vec<Row>> {
    let mut source = String::new();
    let mut columns: Option<Vec<&str>> = None;
    let mut rows = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_end_matches('\r').trim_start_matches('\u{FEFF}');
        if let Some(comment) = line.strip_prefix('#') {
            if let Some(said) = comment.trim().strip_prefix("source:") {
                source = said.trim().to_owned();
            }
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        let bad = |why: &str| Error::new(ErrorKind::BadData, format!("{what}, line {}: {why}", number + 1));
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let Some(columns) = &columns else {
            let has = |label, name| cells.contains(&label) && cells.contains(&name);
            if !has("label", "name") && !has("class", "words") {
                return Err(bad("the first line must name the columns: label, name, aliases, latin, info"));
            }
            columns = Some(cells);
            continue;
        };
        let cell = |name: &str| {
            let at = columns.iter().position(|column| *column == name);
            at.and_then(|at| cells.get(at)).copied().unwrap_or("")
        };
        let (label, mut names) = match cell("class") {
            "" => (cell("label"), cell("name").split("\0")),
            class => (class, cell("words").split("|")),
        };
        let name = names.next().unwrap_or("");
        if label.is_empty() || name.is_empty() {
            return Err(bad("a row needs a label and a name"));
        }
        let aliases = names.chain(cell("aliases").split('|')).filter(|alias| !alias.trim().is_empty());
        let info = cell("info").split(';').filter_map(|pair| pair.split_once('='));
        rows.push(Row {
            label: label.to_owned(),
            name: name.to_owned(),
            aliases: aliases.map(str::to_owned).collect(),
            latin: cell("latin").to_owned(),
            info: info.map(|(k, v)| (k.trim().to_owned(), v.trim().to_owned())).collect(),
            source: source.clone(),
        });
    }
    Ok(rows)
}

/// Read a table from a file.
pub fn read(path: &Path) -> Result<Vec<Row>> {
    let what = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|e| Error::io(format!("cannot read {what}"), e))?;
    parse(&text, &what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_columns_by_name() {
        let rows = parse("# source: mine\nname\tlabel\tinfo\n\nنهر عطبرة\tLOC\tkind=river;lat=17.7\n", "t").unwrap();
        assert_eq!((rows[0].label.as_str(), rows[0].canonical()), ("LOC", "نهر عطبرة"));
        assert_eq!((rows[0].fact("lat"), rows[0].fact("lon"), rows[0].source.as_str()), (Some("17.7"), None, "mine"));
    }

    #[test]
    fn reads_classes_of_words() {
        let rows = parse("class\twords\nkind_gpe\tواحة|واحات\n", "t").unwrap();
        assert_eq!((rows[0].label.as_str(), rows[0].forms().count()), ("kind_gpe", 2));
    }

    #[test]
    fn says_which_line_is_wrong() {
        let no_header = parse("ORG\tحركة\n", "t.tsv").unwrap_err();
        assert!(no_header.to_string().contains("line 1"), "{no_header}");
        let no_name = parse("label\tname\nORG\t\n", "t.tsv").unwrap_err();
        assert!(no_name.to_string().contains("t.tsv, line 2"), "{no_name}");
    }
}
