//! Which candidates stand: overlap and nesting.

use std::cmp::Ordering;

use crate::base::Label;
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

/// Whether `inner` is a number or a date that is part of the name `outer`: it is no mention of its own.
/// A date stays inside an event (ثورة 17 فبراير), a place and a post.
fn is_part_of_name(inner: &Candidate, outer: &Candidate) -> bool {
    let number = matches!(inner.label, Label::CARDINAL | Label::ORDINAL);
    let date =
        inner.label == Label::DATE && matches!(outer.label, Label::PERS | Label::ORG | Label::PRODUCT | Label::LAW);
    (number || date) && outer.label.is_core() && outer.span.contains(inner.span)
}

/// The kept candidate because of which `candidate` fell; `None` when it stands.
pub fn rival<'a>(candidate: &Candidate, kept: &'a [Candidate]) -> Option<&'a Candidate> {
    let stands = kept.iter().any(|k| k.span == candidate.span && k.label == candidate.label);
    let displaces = |k: &&Candidate| excludes(candidate, k) || is_part_of_name(candidate, k);
    if stands { None } else { kept.iter().find(displaces) }
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
    candidates.clear();
    candidates.extend(kept.iter().filter(|c| !kept.iter().any(|outer| is_part_of_name(c, outer))));
    candidates.sort_by(|a, b| a.span.cmp(&b.span).then(a.label.cmp(&b.label)));
}
