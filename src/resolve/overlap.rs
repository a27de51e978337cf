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

/// Which types of mention may stand inside which: as the guidelines have it, and as a thousand nested mentions of
/// the training texts do.
fn nests(outer: Label, inner: Label) -> bool {
    use Label as L;
    let inside: &[Label] = match outer {
        L::OCC => &[L::ORG, L::GPE, L::NORP, L::LOC, L::PERS, L::EVENT, L::FAC, L::ORDINAL],
        L::ORG => &[L::GPE, L::PERS, L::LOC, L::OCC, L::ORDINAL, L::EVENT, L::DATE, L::FAC],
        L::EVENT => &[L::GPE, L::DATE, L::LOC, L::ORG, L::FAC, L::ORDINAL, L::PERS],
        L::FAC => &[L::GPE, L::PERS, L::OCC, L::ORG, L::LOC],
        L::LAW => &[L::GPE, L::ORG, L::DATE, L::LOC],
        L::NORP => &[L::GPE, L::LOC, L::ORDINAL],
        L::LOC => &[L::GPE, L::FAC],
        L::PRODUCT => &[L::GPE, L::PERS, L::ORG],
        L::GPE => &[L::NORP, L::LOC],
        _ => &[],
    };
    inside.contains(&inner)
}

/// Whether two candidates cannot both stand: they cross, are the same span, or nest as their types may not.
fn excludes(a: &Candidate, b: &Candidate) -> bool {
    if !a.span.overlaps(b.span) {
        return false;
    }
    if a.span == b.span || a.span.crosses(b.span) {
        return true;
    }
    let (outer, inner) = if a.span.contains(b.span) { (a, b) } else { (b, a) };
    !nests(outer.label, inner.label)
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
