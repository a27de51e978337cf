//! Which candidates stand: overlap and nesting.

use std::cmp::Ordering;

use crate::detect::Candidate;

/// The total order of judgement: the surer first, then the longer, then by place, type and source.
pub fn order(a: &Candidate, b: &Candidate) -> Ordering {
    b.score
        .total_cmp(&a.score)
        .then(b.span.len().cmp(&a.span.len()))
        .then(a.span.cmp(&b.span))
        .then(a.label.cmp(&b.label))
        .then(a.detector.cmp(&b.detector))
        .then(a.detail.cmp(&b.detail))
}

/// Keep the best candidates that do not cross: mentions nest, never cross, and two of one type never nest.
pub fn resolve(candidates: &mut Vec<Candidate>) {
    candidates.sort_by(order);
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in candidates.iter() {
        let fits = kept.iter().all(|k| {
            !k.span.overlaps(candidate.span)
                || (!k.span.crosses(candidate.span) && k.span != candidate.span && k.label != candidate.label)
        });
        if fits {
            kept.push(*candidate);
        }
    }
    kept.sort_by(|a, b| a.span.cmp(&b.span).then(a.label.cmp(&b.label)));
    *candidates = kept;
}
