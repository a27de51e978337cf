//! What held-out texts teach about probabilities, about the other detectors and about leaning against outside.

use crate::base::{Label, LabelSet};
use crate::detect::tagger::tags::{Tag, Tags};
use crate::detect::tagger::{place_on_curve, span_of};
use crate::detect::{Candidate, Detector};
use crate::resolve::judge::TrustCounts;
use crate::train::corpus::{Corpus, Document, Gold};
use crate::train::evaluate::Counts;

use super::prepare::Prepared;

/// What held-out texts teach: how far to believe probabilities and the other detectors.
#[derive(Default)]
pub(super) struct HeldOut {
    /// Probability and truth of every mention found.
    scores: Vec<(f32, bool)>,
    pub(super) trust: TrustCounts,
    pub(super) leans: [Counts; LEANS.len()],
}

/// What [`Options::lean`] may be; first, no leaning.
pub(super) const LEANS: [f32; 8] = [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0];

impl HeldOut {
    pub(super) fn add(&mut self, prepared: &Prepared, document: &Document, tags: Tags, given: &[Tag]) {
        let mut tagged = Vec::new();
        for range in prepared.sentences() {
            for run in tags.runs(&given[range.0..range.1]) {
                let (from, to) = (run.from + range.0, run.to + range.0);
                let view = prepared.view_of();
                tagged.push(Candidate {
                    span: span_of(&view, from, to, true),
                    label: Label(run.label),
                    score: 1.0,
                    detector: Detector::Tagger,
                    detail: 0,
                    tokens: (u32::try_from(from).unwrap_or(0), u32::try_from(to).unwrap_or(0)),
                    ambiguous: false,
                });
            }
        }
        let truth = |c: &Candidate| document.mentions.iter().any(|m| m.span == c.span && m.label == c.label);
        self.trust.add(&tagged, &prepared.standing, truth);
    }

    /// Compare what a pipeline found in some documents of a corpus, in the same order, with what they hold.
    pub(super) fn judge(&mut self, gold: &Corpus, documents: &[Document], found: &Corpus) {
        let [golds, founds] = [&gold.labels, &found.labels].map(LabelSet::names);
        for (document, found) in documents.iter().zip(&found.documents) {
            for (mention, score) in found.mentions.iter().zip(&found.scores) {
                let same = |m: &&Gold| m.span == mention.span;
                let right = document
                    .mentions
                    .iter()
                    .filter(same)
                    .any(|m| golds.get(m.label.index()) == founds.get(mention.label.index()));
                self.scores.push((*score, right));
            }
        }
    }

    /// The lean with the best F1; the smaller one where they are equal.
    pub(super) fn lean(&self) -> f32 {
        let mut best = 0;
        for (i, counts) in self.leans.iter().enumerate() {
            if counts.f1() > self.leans[best].f1() {
                best = i;
            }
        }
        LEANS[best]
    }

    /// Isotonic regression on equal steps of probability: the share of true mentions at each; empty where none was found.
    pub(super) fn curve(&self) -> Vec<f32> {
        if self.scores.is_empty() {
            return Vec::new();
        }
        const STEPS: usize = 24;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to STEPS")]
        let place = |raw: f32| ((place_on_curve(raw) * STEPS as f32).round() as usize).min(STEPS);
        let mut bins = vec![(0f32, 0f32); STEPS + 1];
        for (raw, right) in &self.scores {
            let bin = &mut bins[place(*raw)];
            bin.0 += f32::from(u8::from(*right));
            bin.1 += 1.0;
        }
        // Blocks of (hits, seen, steps), merged while they fall; a little of the identity where nothing was seen.
        let mut blocks: Vec<(f32, f32, usize)> = Vec::new();
        for (step, (hits, seen)) in bins.into_iter().enumerate() {
            #[allow(clippy::cast_precision_loss, reason = "0 to STEPS")]
            let left = 1.0 - step as f32 / STEPS as f32;
            let mut block = (hits + 1.0 - left * left, seen + 1.0, 1);
            while let Some(last) = blocks.last().filter(|last| last.0 / last.1 > block.0 / block.1) {
                block = (last.0 + block.0, last.1 + block.1, last.2 + block.2);
                blocks.pop();
            }
            blocks.push(block);
        }
        blocks.iter().flat_map(|(hits, seen, steps)| std::iter::repeat_n(hits / seen, *steps)).collect()
    }
}
