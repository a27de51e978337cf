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
    if outer.index().max(inner.index()) >= Label::NAMES.len() {
        return outer != inner; // labels of users nest as their texts taught
    }
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
pub(super) fn excludes(a: &Candidate, b: &Candidate) -> bool {
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

/// How many candidates at the start of a list in the order of spans overlap each other, one by way of another.
pub(super) fn overlapping(candidates: &[Candidate]) -> usize {
    let mut end = 0;
    let first = candidates.iter().enumerate().take_while(|(at, c)| {
        let more = *at == 0 || c.span.start < end;
        end = end.max(c.span.end);
        more
    });
    first.count()
}

/// Keep the best candidates that do not cross: mentions nest, never cross, and two of one type never nest.
/// Only candidates that overlap can exclude each other, so each group of overlapping ones is judged by itself.
pub fn resolve(candidates: &mut Vec<Candidate>) {
    candidates.retain(|c| c.score >= super::LEAST);
    candidates.sort_by(|a, b| a.span.cmp(&b.span).then(order(a, b)));
    let mut kept: Vec<Candidate> = Vec::with_capacity(candidates.len());
    let mut from = 0;
    while from < candidates.len() {
        let to = from + overlapping(&candidates[from..]);
        candidates[from..to].sort_by(order);
        let first = kept.len();
        for candidate in &candidates[from..to] {
            if !kept[first..].iter().any(|k| excludes(candidate, k)) {
                kept.push(*candidate);
            }
        }
        from = to;
    }
    kept.sort_by(|a, b| a.span.cmp(&b.span).then(a.label.cmp(&b.label)));
    candidates.clear();
    let mut open: Vec<Candidate> = Vec::new();
    for candidate in kept {
        open.retain(|outer| outer.span.contains(candidate.span));
        if !open.iter().any(|outer| is_part_of_name(&candidate, outer)) {
            candidates.push(candidate);
        }
        open.push(candidate);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::Span;
    use crate::detect::Detector;

    fn candidate() -> impl Strategy<Value = Candidate> {
        (0u32..60, 1u32..12, 0u8..21, 40u8..100).prop_map(|(start, length, label, score)| Candidate {
            span: Span::new(start, start + length),
            label: Label(label),
            score: f32::from(score) / 100.0,
            detector: Detector::Rule,
            detail: 0,
            tokens: (start, start + length),
            ambiguous: false,
        })
    }

    /// The slow twin: every candidate against every kept one.
    fn slowly(candidates: &[Candidate]) -> Vec<Candidate> {
        let mut sorted: Vec<Candidate> =
            candidates.iter().filter(|c| c.score >= super::super::LEAST).copied().collect();
        sorted.sort_by(order);
        let mut kept: Vec<Candidate> = Vec::new();
        for candidate in sorted {
            if !kept.iter().any(|k| excludes(&candidate, k)) {
                kept.push(candidate);
            }
        }
        let mut out: Vec<Candidate> =
            kept.iter().filter(|c| !kept.iter().any(|outer| is_part_of_name(c, outer))).copied().collect();
        out.sort_by(|a, b| a.span.cmp(&b.span).then(a.label.cmp(&b.label)));
        out
    }

    proptest! {
        #[test]
        fn the_result_is_laminar_and_does_not_depend_on_order(
            candidates in prop::collection::vec(candidate(), 0..40),
            turn in 0usize..40,
        ) {
            let mut result = candidates.clone();
            resolve(&mut result);
            prop_assert_eq!(&result, &slowly(&candidates));
            for (i, a) in result.iter().enumerate() {
                for b in &result[i + 1..] {
                    prop_assert!(!excludes(a, b), "{:?} {:?}", a, b);
                }
            }
            let mut turned = candidates.clone();
            if !turned.is_empty() {
                let n = turned.len();
                turned.rotate_left(turn % n);
                turned.reverse();
            }
            resolve(&mut turned);
            prop_assert_eq!(turned, result);
        }
    }
}
