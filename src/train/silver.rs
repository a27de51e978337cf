//! Raw text with the mentions of which a tagger is sure: more to train the next tagger on.

use std::io::BufRead;

use rayon::prelude::*;

use crate::base::{Label, Span};
use crate::doc::Doc;
use crate::error::{Error, Result};
use crate::pipeline::{Pipeline, Scratch};
use crate::resolve::mention::Mention;

use super::corpus::{Corpus, Document, Gold};

/// Lines that are read as one document.
const LINES: usize = 5;

/// Labels that are rare and hard, of which more is sought.
const SOUGHT: [&str; 6] = ["LOC", "NORP", "EVENT", "FAC", "LAW", "PRODUCT"];

/// Which raw text to take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// One of so many stretches of the text is read.
    pub every: usize,
    /// One of so many is searched for lines with places, peoples, events, buildings, laws and products.
    pub seek: usize,
    /// A line is taken when it has mentions and none is less sure than this.
    pub sure: f32,
}

impl Default for Options {
    fn default() -> Self {
        Self { every: 16, seek: 8, sure: 0.5 }
    }
}

/// Read a raw text, a paragraph a line; `name` tells it in errors. Bytes that are no UTF-8 are replaced.
///
/// ```
/// use marsad::train::silver::{Options, read};
/// use marsad::{Pack, Pipeline};
/// let pipeline = Pipeline::new(&Pack::default())?;
/// let text = "بلغ الطول 20 مترا.\nلا شيء هنا.\n";
/// let silver = read(&pipeline, "made", text.as_bytes(), &Options { every: 1, seek: 1, sure: 0.0 })?;
/// assert_eq!(silver.documents[0].text, "بلغ الطول 20 مترا.\n");
/// # Ok::<(), marsad::Error>(())
/// ```
pub fn read(pipeline: &Pipeline, name: &str, text: impl BufRead, options: &Options) -> Result<Corpus> {
    // Each with whether it is only searched.
    let mut stretches: Vec<(String, bool)> = Vec::new();
    let mut lines = 0;
    for line in text.split(b'\n') {
        let line = line.map_err(|e| Error::io(format!("cannot read {name}"), e))?;
        let line = String::from_utf8_lossy(&line);
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let number = lines / LINES;
        let read = number.is_multiple_of(options.every.max(1));
        if read || number.is_multiple_of(options.seek.max(1)) {
            if lines.is_multiple_of(LINES) {
                stretches.push((String::new(), !read));
            }
            if let Some((last, _)) = stretches.last_mut() {
                last.push_str(line);
                last.push('\n');
            }
        }
        lines += 1;
    }
    let sought: Vec<Label> = SOUGHT.iter().filter_map(|name| pipeline.labels().get(name)).collect();
    let documents: Vec<Option<Document>> = stretches
        .into_par_iter()
        .map_init(Scratch::default, |scratch, (text, seek)| {
            let doc = pipeline.run_with(&text, &Default::default(), scratch)?;
            Ok(lines_of(name, &doc, options.sure, if seek { &sought } else { &[] }))
        })
        .collect::<Result<_>>()?;
    Ok(Corpus { labels: pipeline.labels().clone(), documents: documents.into_iter().flatten().collect() })
}

/// The lines of a text whose mentions are all as sure as `least`, with one of the labels that are `sought`, if any is.
fn lines_of(name: &str, doc: &Doc, least: f32, sought: &[Label]) -> Option<Document> {
    let mut out = Document { name: name.to_owned(), ..Document::default() };
    let mut start = 0;
    for line in doc.text().split_inclusive('\n') {
        let end = start + u32::try_from(line.len()).unwrap_or(u32::MAX);
        let span = Span::new(start, end);
        let mentions = || doc.mentions().iter().filter(|m| m.span.overlaps(span));
        if mentions().any(|m| sought.is_empty() || sought.contains(&m.label))
            && mentions().all(|m| m.score >= least && span.contains(m.span))
        {
            let to = u32::try_from(out.text.len()).unwrap_or(u32::MAX);
            let moved = |at: u32| at - start + to;
            let gold = |m: &Mention| Gold { span: Span::new(moved(m.span.start), moved(m.span.end)), label: m.label };
            out.mentions.extend(mentions().map(gold));
            out.text.push_str(line);
        }
        start = end;
    }
    (!out.text.is_empty()).then_some(out)
}
