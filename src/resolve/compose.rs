//! Names that stand together: a kind noun and a listed name (مدينة سرت), a title and its body (رئيس مجلس النواب).

use crate::base::{Label, Span, Src};
use crate::detect::rules::Rule;
use crate::detect::{Candidate, Detector, View};
use crate::segment::{TokenKind, Trait};

use super::overlap::order;

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
    let mut titles: Vec<Candidate> = candidates.iter().filter(|c| c.label == Label::OCC).copied().collect();
    titles.sort_by(|a, b| a.tokens.1.cmp(&b.tokens.1).then(order(a, b)));
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
            let first = titles.partition_point(|t| t.tokens.1 < c.tokens.0);
            for title in titles[first..].iter().take_while(|t| t.tokens.1 == c.tokens.0) {
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
    let mut whole: Vec<Span<Src>> = compounds.iter().filter(|(_, nests)| !nests).map(|(c, _)| c.span).collect();
    whole.sort();
    for c in candidates.iter_mut() {
        // A compound is short: the last few that begin before the candidate are all that can hold it.
        let before = whole.partition_point(|span| span.start <= c.span.start);
        if whole[before.saturating_sub(4)..before].iter().any(|span| *span != c.span && span.contains(c.span)) {
            c.ambiguous = true;
            c.score = c.score.min(0.3);
        }
    }
    candidates.extend(compounds.into_iter().map(|(compound, _)| compound));
}

/// A title stands by its person, before or after, or with a nationality or a complement of its own; a bare one does
/// not stand.
pub fn titles(candidates: &mut [Candidate]) {
    let people = candidates.iter().filter(|c| c.label == Label::PERS && c.score >= super::LEAST);
    let (mut starts, mut ends): (Vec<u32>, Vec<u32>) = people.map(|c| c.tokens).unzip();
    starts.sort_unstable();
    ends.sort_unstable();
    for c in candidates.iter_mut() {
        if c.label == Label::OCC && c.detector == Detector::Lexicon {
            let by = starts.binary_search(&c.tokens.1).is_ok() || ends.binary_search(&c.tokens.0).is_ok();
            c.score *= if by { 1.1 } else { 0.55 };
            c.score = c.score.min(0.95);
        }
    }
}
