//! Names that stand together: a kind noun and a listed name (مدينة سرت), a title and its body (رئيس مجلس النواب).

use crate::base::{Label, Span};
use crate::detect::rules::Rule;
use crate::detect::{Candidate, Detector, View};
use crate::segment::{TokenKind, Trait};

/// What a kind noun makes of the name after it, and whether the name stays a mention inside.
fn governs(head: Trait, inner: Label) -> Option<(Label, bool)> {
    let place = matches!(inner, Label::GPE | Label::LOC | Label::FAC);
    let named = place || matches!(inner, Label::PERS | Label::ORG | Label::NORP);
    let rows = [
        (Trait::GPE_HEAD, Label::GPE, place || inner == Label::PERS, false),
        (Trait::FAC_HEAD, Label::FAC, named, true),
        (Trait::ORG_HEAD, Label::ORG, named && inner != Label::NORP, true),
        (Trait::EVENT_HEAD, Label::EVENT, place || inner == Label::EVENT, true),
        (Trait::LAW_HEAD, Label::LAW, place || inner == Label::LAW, true),
        (Trait::LOC_HEAD, Label::LOC, place, false),
    ];
    rows.into_iter().find(|(kind, _, fits, _)| head.any(*kind) && *fits).map(|(_, label, _, nests)| (label, nests))
}

/// The sentence of a token, as a half-open range of tokens.
fn sentence(view: &View<'_>, token: u32) -> (u32, u32) {
    let at = view.layout.sents.partition_point(|sent| sent.tokens.1 <= token);
    view.layout.sents.get(at).map_or((token, token), |sent| sent.tokens)
}

/// Whether nothing is attached before the first word of a candidate.
fn bare(view: &View<'_>, candidate: &Candidate) -> bool {
    view.layout.tokens.get(candidate.tokens.0 as usize).is_some_and(|token| token.span.start == candidate.span.start)
}

/// Append the compounds of listed names with the kind nouns and titles before them. Candidates that a compound
/// swallows are made ambiguous, so that they do not stand by themselves.
pub fn compose(view: &View<'_>, candidates: &mut Vec<Candidate>) {
    let titles: Vec<Candidate> = candidates.iter().filter(|c| c.label == Label::OCC).copied().collect();
    let mut compounds: Vec<(Candidate, bool)> = Vec::new();
    for c in candidates.iter() {
        let named = matches!(
            c.label,
            Label::GPE | Label::LOC | Label::FAC | Label::ORG | Label::PERS | Label::EVENT | Label::LAW | Label::NORP
        );
        if !named || !bare(view, c) || c.tokens.0 <= sentence(view, c.tokens.0).0 {
            continue;
        }
        let before = c.tokens.0 - 1;
        if let Some(token) = view.layout.tokens.get(before as usize).filter(|t| t.kind == TokenKind::Word) {
            let reading = view.layout.best(token);
            let traits = view.words.traits(reading.word);
            if let Some((label, nests)) =
                governs(traits, c.label).filter(|_| !reading.article && reading.enclitic.is_none())
            {
                let sure = if c.ambiguous { 0.72 } else { 0.86 };
                compounds.push((
                    Candidate {
                        span: Span::new(reading.span.start, c.span.end),
                        label,
                        score: sure,
                        detector: Detector::Rule,
                        detail: Rule::HeadName as u32,
                        tokens: (before, c.tokens.1),
                        ambiguous: false,
                    },
                    nests,
                ));
            }
        }
        if matches!(c.label, Label::GPE | Label::ORG) && !c.ambiguous {
            for title in titles.iter().filter(|t| t.tokens.1 == c.tokens.0) {
                compounds.push((
                    Candidate {
                        span: Span::new(title.span.start, c.span.end),
                        label: Label::OCC,
                        score: 0.8,
                        detector: Detector::Rule,
                        detail: Rule::Title as u32,
                        tokens: (title.tokens.0, c.tokens.1),
                        ambiguous: false,
                    },
                    true,
                ));
            }
        }
    }
    for (compound, nests) in &compounds {
        if !nests {
            for c in candidates.iter_mut().filter(|c| c.span != compound.span && compound.span.contains(c.span)) {
                c.ambiguous = true;
                c.score = c.score.min(0.3);
            }
        }
    }
    candidates.extend(compounds.into_iter().map(|(compound, _)| compound));
}

/// A title stands by its person, before or after, or with a nationality or a complement of its own; a bare one does
/// not stand.
pub fn titles(candidates: &mut [Candidate]) {
    let people: Vec<(u32, u32)> =
        candidates.iter().filter(|c| c.label == Label::PERS && c.score >= 0.5).map(|c| c.tokens).collect();
    for c in candidates.iter_mut() {
        if c.label == Label::OCC && c.detector == Detector::Lexicon {
            let by = people.iter().any(|p| p.0 == c.tokens.1 || p.1 == c.tokens.0);
            c.score *= if by { 1.1 } else { 0.55 };
            c.score = c.score.min(0.95);
        }
    }
}
