//! The way of one text: segment, detect, resolve.

use std::sync::Arc;

use crate::detect::{Candidate, View};
use crate::doc::{Doc, Mention};
use crate::error::{Error, ErrorKind, Result};
use crate::pack::Pack;
use crate::resolve::overlap;
use crate::segment::{self, Layout, Words};

/// Memory reused from text to text, one a thread.
#[derive(Debug, Default)]
pub struct Scratch {
    layout: Layout,
    candidates: Vec<Candidate>,
}

#[derive(Debug)]
struct Parts {
    words: Words,
}

/// A loaded analyzer: immutable, shared, cheap to clone.
#[derive(Clone, Debug)]
pub struct Pipeline(Arc<Parts>);

impl Pipeline {
    /// Build the analyzer of a pack.
    pub fn new(pack: &Pack) -> Result<Self> {
        Ok(Self(Arc::new(Parts { words: pack.words()? })))
    }

    /// Analyze one text. The only failure is a text of more than `u32::MAX` bytes.
    pub fn run(&self, text: &str) -> Result<Doc> {
        self.run_with(text, &mut Scratch::default())
    }

    /// Analyze one text with memory from earlier ones.
    pub fn run_with(&self, text: &str, scratch: &mut Scratch) -> Result<Doc> {
        if u32::try_from(text.len()).is_err() {
            return Err(Error::new(
                ErrorKind::TextTooLong,
                format!("the text has {} bytes; at most {} are possible: cut it into documents", text.len(), u32::MAX),
            ));
        }
        self.propose(text, scratch);
        overlap::resolve(&mut scratch.candidates);
        let mentions = mentions(&scratch.candidates);
        Ok(Doc::new(text, scratch.layout.clone(), mentions))
    }

    fn propose(&self, text: &str, scratch: &mut Scratch) {
        let Scratch { layout, candidates } = scratch;
        segment::segment(text, &self.0.words, layout);
        candidates.clear();
        let _view = View { text, layout, words: &self.0.words };
    }
}

/// Candidates that stand, in the order of their spans, become mentions with their parents.
fn mentions(candidates: &[Candidate]) -> Vec<Mention> {
    let mut open: Vec<u32> = Vec::new();
    let mut out: Vec<Mention> = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        while open.last().is_some_and(|&i| !out[i as usize].span.contains(candidate.span)) {
            open.pop();
        }
        let index = u32::try_from(out.len()).unwrap_or(u32::MAX);
        out.push(Mention {
            span: candidate.span,
            label: candidate.label,
            score: candidate.score,
            parent: open.last().copied(),
            tokens: candidate.tokens,
        });
        open.push(index);
    }
    out
}
