//! What stands after the judgement: mentions, with the enclosing one.

use crate::base::{Label, Span, Src};
use crate::detect::{Candidate, Detector};

use super::values::Value;

/// A mention of an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Bytes of the source.
    pub span: Span<Src>,
    /// Its type.
    pub label: Label,
    /// How sure the analysis is, 0 to 1.
    pub score: f32,
    /// Who proposed it, and the detail of that (see [`Candidate`]).
    pub source: (Detector, u32),
    /// The enclosing mention, as an index of [`Doc::mentions`](crate::doc::Doc::mentions).
    pub parent: Option<u32>,
    /// Its tokens, as a half-open range.
    pub tokens: (u32, u32),
    /// What it means: a date on the calendar, a number, a sum.
    pub value: Option<Value>,
    /// What it stands for, as an index of the links of the text.
    pub link: Option<u32>,
    /// The group of mentions of the same thing.
    pub group: Option<u32>,
}

/// Candidates that stand, in the order of their spans, become mentions with their parents.
pub fn mentions(candidates: &[Candidate]) -> Vec<Mention> {
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
            source: (candidate.detector, candidate.detail),
            parent: open.last().copied(),
            tokens: candidate.tokens,
            value: None,
            link: None,
            group: None,
        });
        open.push(index);
    }
    out
}
