//! The document pass: a surname seen once in full is the same person later, and a sure reading of an ambiguous form
//! spreads to its other places.

use rustc_hash::FxHashMap;

use crate::base::{Label, Span};
use crate::detect::{Candidate, Detector, View};
use crate::segment::{TokenKind, Trait};

const SURE: f32 = 0.7;

/// Append what the sure candidates say of the rest of the text.
pub fn spread(view: &View<'_>, candidates: &mut Vec<Candidate>) {
    let mut surnames: FxHashMap<&str, u32> = FxHashMap::default();
    let mut forms: FxHashMap<(Label, &str), f32> = FxHashMap::default();
    for c in candidates.iter().filter(|c| c.score >= SURE && !c.ambiguous) {
        let Some(last) = c.tokens.1.checked_sub(1).and_then(|i| view.layout.tokens.get(i as usize)) else { continue };
        if c.label == Label::PERS && c.tokens.1 - c.tokens.0 >= 2 && last.kind == TokenKind::Word {
            let key = view.layout.key(last);
            if key.chars().count() >= 3 && !view.words.traits(last.word).any(Trait::STOP) {
                surnames.entry(key).or_insert(c.tokens.0);
            }
        }
        let from = c.tokens.0 as usize;
        if c.tokens.1 - c.tokens.0 == 2 && matches!(c.label, Label::GPE | Label::FAC) {
            // مدينة الباب: the name alone is the city elsewhere in the text.
            if view
                .layout
                .tokens
                .get(from)
                .is_some_and(|head| view.words.traits(view.layout.best(head).word).any(Trait::GPE_HEAD))
            {
                forms.entry((c.label, view.layout.key(last))).or_insert(c.score);
            }
        }
    }
    if surnames.is_empty() && forms.is_empty() {
        return;
    }
    let mut seen: Vec<Candidate> = Vec::new();
    for (at, token) in (0u32..).zip(&view.layout.tokens) {
        let Some(reading) = view.layout.readings(token).first() else { continue };
        let stem = view.layout.stem(reading);
        let mut propose = |label, score, detail| {
            seen.push(Candidate {
                span: Span::new(reading.span.start, reading.span.end),
                label,
                score,
                detector: Detector::Document,
                detail,
                tokens: (at, at + 1),
                ambiguous: false,
            });
        };
        if let Some(&model) = surnames.get(stem) {
            propose(Label::PERS, 0.72, model);
        }
        if let Some(score) = forms.get(&(Label::GPE, stem)) {
            propose(Label::GPE, score * 0.9, at);
        }
    }
    candidates.extend(seen);
}
