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

/// Whether two candidates cannot both stand: they cross, are the same span, or nest with one type.
fn excludes(a: &Candidate, b: &Candidate) -> bool {
    a.span.overlaps(b.span) && (a.span.crosses(b.span) || a.span == b.span || a.label == b.label)
}

/// The kept candidate because of which `candidate` fell; `None` when it stands.
pub fn rival<'a>(candidate: &Candidate, kept: &'a [Candidate]) -> Option<&'a Candidate> {
    let stands = kept.iter().any(|k| k.span == candidate.span && k.label == candidate.label);
    if stands { None } else { kept.iter().find(|k| excludes(candidate, k)) }
}

/// Keep the best candidates that do not cross: mentions nest, never cross, and two of one type never nest.
pub fn resolve(candidates: &mut Vec<Candidate>) {
    candidates.retain(|c| c.score >= super::LEAST);
    candidates.sort_by(order);
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in candidates.iter() {
        if !kept.iter().any(|k| excludes(candidate, k)) {
            kept.push(*candidate);
        }
    }
    kept.sort_by(|a, b| a.span.cmp(&b.span).then(a.label.cmp(&b.label)));
    *candidates = kept;
}
