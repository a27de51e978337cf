//! Annotated documents: inline-tagged text, CoNLL columns, JSON lines.

mod conll;
mod inline;
mod jsonl;

use std::path::{Path, PathBuf};

use crate::base::{Label, LabelSet, Span, Src};
use crate::detect::tagger::tags::MAX_LABELS;
use crate::error::{Error, ErrorKind, Result};

pub use conll::to_conll;
pub use jsonl::to_json;

/// An annotated mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Gold {
    /// Bytes of the text.
    pub span: Span<Src>,
    /// Its label, in the corpus's set.
    pub label: Label,
}

/// A text with its mentions, outer before inner.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Where it comes from: a file, or a file and a line.
    pub name: String,
    /// The text.
    pub text: String,
    /// Its mentions in the order of their spans.
    pub mentions: Vec<Gold>,
    /// The probability of each mention, where they were predicted with one; else empty.
    pub scores: Vec<f32>,
    /// The tokens as the corpus has them, with whether one ends a sentence; empty for running text.
    pub tokens: Vec<(Span<Src>, bool)>,
}

impl Document {
    /// Sort the mentions, with their scores, and keep one of those that are alike.
    fn sort(&mut self) {
        if self.scores.len() != self.mentions.len() {
            self.scores.clear();
            self.mentions.sort();
            self.mentions.dedup();
            return;
        }
        let mut both: Vec<(Gold, f32)> = self.mentions.drain(..).zip(self.scores.drain(..)).collect();
        both.sort_by_key(|(gold, _)| *gold);
        both.dedup_by_key(|(gold, _)| *gold);
        (self.mentions, self.scores) = both.into_iter().unzip();
    }
}

/// Documents with one set of labels.
#[derive(Clone, Debug, PartialEq)]
pub struct Corpus {
    /// The labels of all mentions.
    pub labels: LabelSet,
    /// The documents in order.
    pub documents: Vec<Document>,
}

impl Corpus {
    /// The same documents with other labels: `new` gives the name for an old one, or `None` to drop its mentions.
    pub fn with_labels(self, new: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let names: Vec<Option<String>> = self.labels.names().iter().map(|name| new(name)).collect();
        let mut reader = Reader::default();
        for mut document in self.documents {
            let mut mentions = Vec::new();
            for gold in document.mentions {
                if let Some(name) = names.get(gold.label.index()).and_then(Option::as_ref) {
                    mentions.push(Gold { label: reader.label(name)?, ..gold });
                }
            }
            document.mentions = mentions;
            document.scores.clear();
            reader.push(document);
        }
        Ok(reader.finish())
    }
}

/// Collects documents and the labels that they use.
#[derive(Debug, Default)]
struct Reader {
    names: Vec<String>,
    documents: Vec<Document>,
    /// The texts of documents that come without, in order.
    texts: Vec<String>,
}

impl Reader {
    fn label(&mut self, name: &str) -> Result<Label> {
        let at = match self.names.iter().position(|n| n == name) {
            Some(at) => at,
            None => {
                self.names.push(name.to_owned());
                self.names.len() - 1
            }
        };
        u8::try_from(at).ok().filter(|l| *l < MAX_LABELS).map(Label).ok_or_else(|| {
            Error::new(ErrorKind::BadData, format!("too many labels: {name:?} is one more than {MAX_LABELS}"))
        })
    }

    fn push(&mut self, mut document: Document) {
        document.sort();
        self.documents.push(document);
    }
}

/// Read files and folders (their `.xml`, `.txt`, `.conll`, `.tsv`, `.bio`, `.json` and `.jsonl` files, by name).
///
/// The labels are the default 21 when the files use no other, else those of the files in the order of their names.
/// The form of a file follows from its name or, for `.txt`, from its first line.
pub fn read(paths: &[PathBuf]) -> Result<Corpus> {
    read_files(paths, Reader::default())
}

/// Read predictions for documents; JSON may leave their texts out.
pub fn read_for(paths: &[PathBuf], documents: &[Document]) -> Result<Corpus> {
    let texts = documents.iter().map(|document| document.text.clone()).collect();
    read_files(paths, Reader { texts, ..Reader::default() })
}

/// [`read_str`] for predictions, as [`read_for`] reads them.
pub fn read_str_for(name: &str, text: &str, documents: &[Document]) -> Result<Corpus> {
    let texts = documents.iter().map(|document| document.text.clone()).collect();
    let mut reader = Reader { texts, ..Reader::default() };
    read_text(name, text, &mut reader)?;
    Ok(reader.finish())
}

fn read_files(paths: &[PathBuf], mut reader: Reader) -> Result<Corpus> {
    let mut files = Vec::new();
    for path in paths {
        list(path, &mut files)?;
    }
    if files.is_empty() {
        return Err(Error::new(
            ErrorKind::BadData,
            "no corpus file found: give .xml, .conll, .txt, .json or .jsonl files",
        ));
    }
    for file in &files {
        let shown = file.display().to_string();
        let bytes = std::fs::read(file).map_err(|e| Error::io(format!("cannot read {shown}"), e))?;
        let text = String::from_utf8(bytes).map_err(|e| {
            let line = 1 + e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count();
            Error::new(ErrorKind::BadData, format!("{shown}: line {line}: not UTF-8"))
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        read_text(&shown, text, &mut reader).map_err(|e| Error::new(e.kind(), format!("{shown}: {e}")))?;
    }
    Ok(reader.finish())
}

/// Read one text in any of the forms; `name` gives the form by its extension.
///
/// ```
/// let corpus = marsad::train::corpus::read_str("a.xml", "في <GPE>سرت</GPE>").unwrap();
/// let document = &corpus.documents[0];
/// assert_eq!(document.text, "في سرت");
/// assert_eq!(document.mentions[0].span.slice(&document.text), "سرت");
/// ```
pub fn read_str(name: &str, text: &str) -> Result<Corpus> {
    let mut reader = Reader::default();
    read_text(name, text, &mut reader)?;
    Ok(reader.finish())
}

fn read_text(name: &str, text: &str, reader: &mut Reader) -> Result<()> {
    match Path::new(name).extension().and_then(|e| e.to_str()).unwrap_or("") {
        "xml" => inline::read(name, text, reader),
        "jsonl" | "json" => jsonl::read(name, text, reader),
        "conll" | "tsv" | "bio" | "iob" => conll::read(name, text, reader),
        _ if conll::looks_like(text) => conll::read(name, text, reader),
        _ if text.trim_start().starts_with('{') => jsonl::read(name, text, reader),
        _ => inline::read(name, text, reader),
    }
}

fn list(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    let told = |e| Error::io(format!("cannot list {}", path.display()), e);
    let mut inside = Vec::new();
    for entry in std::fs::read_dir(path).map_err(told)? {
        let file = entry.map_err(told)?.path();
        let known = matches!(
            file.extension().and_then(|e| e.to_str()),
            Some("xml" | "txt" | "conll" | "tsv" | "bio" | "iob" | "json" | "jsonl")
        );
        let listing = file.file_name().is_some_and(|name| name == "sources.tsv");
        if known && !listing && file.is_file() {
            inside.push(file);
        }
    }
    inside.sort();
    // A text beside its tagged form is not read twice.
    let tagged: Vec<PathBuf> =
        inside.iter().filter(|file| file.extension().is_some_and(|e| e == "xml")).cloned().collect();
    inside.retain(|file| {
        file.extension().is_none_or(|e| e != "txt") || tagged.binary_search(&file.with_extension("xml")).is_err()
    });
    files.append(&mut inside);
    Ok(())
}

impl Reader {
    fn finish(self) -> Corpus {
        let default = LabelSet::default();
        let mut names = self.names.clone();
        names.sort();
        let labels = if names.iter().all(|name| default.get(name).is_some()) {
            default
        } else {
            LabelSet::new(names).unwrap_or_default()
        };
        let new: Vec<Label> = self.names.iter().map(|name| labels.get(name).unwrap_or(Label(0))).collect();
        let mut documents = self.documents;
        for document in &mut documents {
            for gold in &mut document.mentions {
                gold.label = new.get(gold.label.index()).copied().unwrap_or(Label(0));
            }
            document.sort();
        }
        Corpus { labels, documents }
    }
}
