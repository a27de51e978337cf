//! The judgement where a learned tagger takes part: it has read what the others propose, so it mostly decides. What it
//! passed over stands only as far as such candidates proved right on held-out texts.

use std::cmp::Ordering;

use crate::base::{Bytes, Label, Table};
use crate::detect::{Candidate, Detector};
use crate::error::{Error, ErrorKind, Result};

use super::overlap;

/// The section of a pack with the learned trust.
pub const SECTION: &str = "judge.trust";

/// Candidates right at least so often are worth adding: about half of the F1 that the tagger reaches.
const LEAST: f32 = 0.5;

/// Kinds of evidence: a sure entry, an ambiguous one, a rule, a name seen elsewhere in the text.
const KINDS: usize = 4;

fn kind(candidate: &Candidate) -> Option<usize> {
    match candidate.detector {
        Detector::Lexicon => Some(usize::from(candidate.ambiguous)),
        Detector::Rule => Some(2),
        Detector::Document => Some(3),
        Detector::User | Detector::Tagger => None,
    }
}

/// How often candidates that the tagger passed over are right, by kind of evidence and label. Inside a mention the
/// tagger alone decides.
#[derive(Clone, Debug, Default)]
pub struct Trust(Table<f32>);

const SIZE: usize = KINDS * Label::NAMES.len();

impl Trust {
    /// Open the table of a pack; without one nothing passed over is trusted.
    pub fn open(bytes: Option<Bytes>) -> Result<Self> {
        let Some(bytes) = bytes else { return Ok(Self::default()) };
        let table: Table<f32> = Table::new(bytes)?;
        if table.len() != SIZE || table.iter().any(|x| !(0.0..=1.0).contains(x)) {
            return Err(Error::new(ErrorKind::PackCorrupt, format!("the section {SECTION:?} is damaged")));
        }
        Ok(Self(table))
    }

    fn place(candidate: &Candidate) -> Option<usize> {
        let label = candidate.label.index();
        (label < Label::NAMES.len()).then_some(())?;
        Some(kind(candidate)? * Label::NAMES.len() + label)
    }

    fn of(&self, candidate: &Candidate) -> f32 {
        Self::place(candidate).and_then(|at| self.0.get(at)).copied().unwrap_or(0.0)
    }
}

/// Counts from which [`Trust`] is learned.
#[derive(Clone, Debug)]
pub struct TrustCounts(Vec<[u32; 2]>);

impl Default for TrustCounts {
    fn default() -> Self {
        Self(vec![[0; 2]; SIZE])
    }
}

impl TrustCounts {
    /// Count the candidates of a text that could be added to the tagger's: `right` says which are true.
    pub fn add(&mut self, tagged: &[Candidate], standing: &[Candidate], right: impl Fn(&Candidate) -> bool) {
        for candidate in standing.iter().filter(|c| fits(c, tagged)) {
            if let Some(at) = Trust::place(candidate) {
                self.0[at][0] += u32::from(right(candidate));
                self.0[at][1] += 1;
            }
        }
    }

    /// The bytes of the section: shares of hits, drawn towards zero where little was seen.
    pub fn to_bytes(&self) -> Vec<u8> {
        #[allow(clippy::cast_precision_loss, reason = "counts of mentions")]
        let shares: Vec<f32> = self.0.iter().map(|[hits, all]| *hits as f32 / (*all as f32 + 4.0)).collect();
        bytemuck::cast_slice(&shares).to_vec()
    }
}

fn fits(candidate: &Candidate, kept: &[Candidate]) -> bool {
    !kept.iter().any(|k| k.span.contains(candidate.span) || overlap::excludes(candidate, k))
}

/// Decide among the tagger's mentions, the user's names and `standing`, what would stand without a tagger.
/// `candidates` holds all proposals; afterwards it holds the mentions in the order of their spans. Each group of
/// overlapping ones is judged by itself.
pub fn judge(candidates: &mut Vec<Candidate>, standing: &[Candidate], trust: &Trust) {
    // The user's names come first, then the tagger's, then the others by their order.
    let rank = |c: &Candidate| match c.detector {
        Detector::User => 0,
        Detector::Tagger => 1,
        _ => 2,
    };
    candidates.retain(|c| c.detector == Detector::Tagger);
    candidates.extend(standing.iter().filter(|c| c.detector == Detector::User || trust.of(c) >= LEAST));
    candidates.sort_by_key(|c| c.span);
    let mut kept: Vec<Candidate> = Vec::with_capacity(candidates.len());
    let mut from = 0;
    while from < candidates.len() {
        let to = from + overlap::overlapping(&candidates[from..]);
        let group = &mut candidates[from..to];
        group.sort_by(|a, b| {
            let others = || if rank(a) == 2 { overlap::order(a, b) } else { Ordering::Equal };
            rank(a).cmp(&rank(b)).then_with(others)
        });
        let first = kept.len();
        let users = first + group.partition_point(|c| rank(c) == 0);
        for candidate in group {
            match rank(candidate) {
                0 => kept.push(*candidate),
                1 if kept[first..users].iter().any(|k| overlap::excludes(candidate, k)) => {}
                1 => kept.push(*candidate),
                _ if fits(candidate, &kept[first..]) => {
                    kept.push(Candidate { score: trust.of(candidate), ..*candidate });
                }
                _ => {}
            }
        }
        kept[first..].sort_by(|a, b| a.span.cmp(&b.span).then(a.label.cmp(&b.label)));
        from = to;
    }
    *candidates = kept;
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::Span;

    fn candidate(from: u32, to: u32, label: Label, detector: Detector) -> Candidate {
        let span = Span::new(from, to);
        Candidate { span, label, score: 0.9, detector, detail: 0, tokens: (from, to), ambiguous: false }
    }

    fn trusting(right: u32) -> Trust {
        let mut counts = TrustCounts::default();
        let seen = candidate(0, 2, Label::GPE, Detector::Lexicon);
        for i in 0..100 {
            counts.add(&[], &[seen], |_| i < right);
        }
        Trust::open(Some(Bytes::copy(&counts.to_bytes()))).unwrap()
    }

    /// The slow twin: the user's names, then the tagger's mentions, then each other one against all that is kept.
    fn slowly(candidates: &[Candidate], standing: &[Candidate], trust: &Trust) -> Vec<Candidate> {
        let users: Vec<Candidate> = standing.iter().filter(|c| c.detector == Detector::User).copied().collect();
        let tagged = candidates.iter().filter(|c| c.detector == Detector::Tagger);
        let free = tagged.filter(|c| !users.iter().any(|k| overlap::excludes(c, k)));
        let mut kept: Vec<Candidate> = users.iter().chain(free).copied().collect();
        let mut order: Vec<&Candidate> = standing.iter().filter(|c| trust.of(c) >= LEAST).collect();
        order.sort_by(|a, b| overlap::order(a, b));
        for candidate in order {
            if fits(candidate, &kept) {
                kept.push(Candidate { score: trust.of(candidate), ..*candidate });
            }
        }
        kept.sort_by(|a, b| a.span.cmp(&b.span).then(a.label.cmp(&b.label)));
        kept
    }

    fn proposals(detectors: &'static [Detector]) -> impl Strategy<Value = Vec<Candidate>> {
        let one = (0u32..60, 1u32..12, 0u8..21, prop::sample::select(detectors), 50u8..100);
        let one = one.prop_map(|(from, length, label, detector, score)| Candidate {
            score: f32::from(score) / 100.0,
            ..candidate(from, from + length, Label(label), detector)
        });
        prop::collection::vec(one, 0..30).prop_map(|mut all| {
            overlap::resolve(&mut all);
            all
        })
    }

    proptest! {
        #[test]
        fn groups_judged_apart_are_judged_as_a_whole(
            standing in proposals(&[Detector::User, Detector::Lexicon, Detector::Rule, Detector::Document]),
            tagged in proposals(&[Detector::Tagger]),
        ) {
            let mut counts = TrustCounts::default();
            let all: Vec<Candidate> = (0..30).flat_map(|_| standing.clone()).collect();
            counts.add(&[], &all, |c| c.label.0 % 3 > 0);
            let trust = Trust::open(Some(Bytes::copy(&counts.to_bytes()))).unwrap();
            let mut result: Vec<Candidate> = standing.iter().chain(&tagged).copied().collect();
            let expected = slowly(&result, &standing, &trust);
            judge(&mut result, &standing, &trust);
            prop_assert_eq!(result, expected);
        }
    }

    #[test]
    fn what_the_tagger_passed_over_stands_when_such_names_proved_right() {
        let tagged = candidate(4, 8, Label::ORG, Detector::Tagger);
        let listed = candidate(0, 2, Label::GPE, Detector::Lexicon);
        let crossing = candidate(2, 6, Label::GPE, Detector::Lexicon);
        for (right, expected) in [(90, 2), (20, 1)] {
            let mut all = vec![listed, crossing, tagged];
            judge(&mut all, &[listed, crossing], &trusting(right));
            assert_eq!(all.len(), expected);
            assert!(all.contains(&tagged));
        }
    }

    #[test]
    fn the_users_names_come_first() {
        let tagged = candidate(0, 4, Label::ORG, Detector::Tagger);
        let own = candidate(2, 6, Label::PERS, Detector::User);
        let mut all = vec![tagged, own];
        judge(&mut all, &[own], &Trust::default());
        assert_eq!(all, [own]);
    }
}
