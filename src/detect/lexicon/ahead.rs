//! Reading what many walks will need before they need it.
//!
//! A walk waits for the memory at each step: which children the node may have, the children, the node of the child, its
//! postings. The walks that begin near each other go the same way here first, a step at a time for all of
//! them, so that they wait together. Only the first step is kept; the walks go their ways on their own.

use std::hint::black_box;

use crate::segment::{NO_WORD, TokenKind, WordId};

use super::matcher::{Beginning, Ids, Matcher};

/// A step that a walk is about to make.
#[derive(Clone, Copy)]
pub(super) struct Step {
    /// The number of the beginning.
    begun: usize,
    node: u32,
    /// The token to step over.
    at: u32,
    word: WordId,
}

impl<I: Ids> Matcher<'_, I> {
    /// Walk from all beginnings at once, along words as written.
    pub fn read_ahead(&self, begun: &mut [Beginning], to: u32, steps: &mut Vec<Step>) {
        let trie = self.trie;
        steps.clear();
        for (number, beginning) in begun.iter_mut().enumerate() {
            let at = beginning.first.at + 1;
            let word = self.written(at, to);
            if word != NO_WORD {
                beginning.second = Some(None);
                steps.push(Step { begun: number, node: beginning.node, at, word });
            }
        }
        self.step_all(steps);
        for step in &*steps {
            begun[step.begun].second = Some(Some(step.node));
        }
        while !steps.is_empty() {
            for step in &mut *steps {
                step.word = self.written(step.at, to);
            }
            self.step_all(steps);
        }
        black_box(begun.iter().fold(0, |sum, beginning| sum ^ trie.touch_children(beginning.node)));
    }

    /// Make all steps that the trie has; the others are dropped.
    fn step_all(&self, steps: &mut Vec<Step>) {
        let trie = self.trie;
        let mut kept = 0;
        for at in 0..steps.len() {
            let step = steps[at];
            steps[kept] = step;
            kept += usize::from(trie.may_have(step.node, step.word));
        }
        steps.truncate(kept);
        // The sums only keep the readings from being left out.
        black_box(steps.iter().fold(0, |sum, step| sum ^ trie.touch_children(step.node)));
        kept = 0;
        for at in 0..steps.len() {
            let step = steps[at];
            let child = trie.search(step.node, step.word);
            steps[kept] = Step { node: child.unwrap_or(0), at: step.at + 1, ..step };
            kept += usize::from(child.is_some());
        }
        steps.truncate(kept);
        black_box(steps.iter().fold(0, |sum, step| sum ^ trie.touch(step.node)));
        black_box(steps.iter().fold(0, |sum, step| sum ^ trie.touch_children(step.node)));
    }

    /// The word of a token as it stands, if it is no mark.
    fn written(&self, at: u32, to: u32) -> WordId {
        match self.token(at, to) {
            Some(token) if token.kind != TokenKind::Punct => self.ids.id(token.word, self.layout.key(token)),
            _ => NO_WORD,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::detect::lexicon::{Row, UserLexicon};
    use crate::detect::{Detector, View};
    use crate::segment::{Layout, Words, segment};

    const PARTS: [&str; 10] = ["نهر", "وادي", "وادیه", "الزهور", "وبالزهور", "«", "»", "-", "نهرهم", "زهورر"];

    proptest! {
        #[test]
        fn reading_ahead_changes_nothing(
            names in prop::collection::vec(prop::collection::vec(0usize..10, 1..5), 1..12),
            text in prop::collection::vec(0usize..10, 0..60),
        ) {
            let join = |parts: &[usize]| parts.iter().map(|part| PARTS[*part]).collect::<Vec<_>>().join(" ");
            let labels = ["PERS", "OCC", "GPE"];
            let rows: Vec<Row> = names.iter().zip(labels.iter().cycle()).map(|(n, l)| Row::new(*l, join(n))).collect();
            let words = Words::default();
            let own = UserLexicon::from_rows(&rows, &words).unwrap();
            let text = join(&text);
            let mut layout = Layout::default();
            segment(&text, &words, &mut layout);
            let found = |ahead| {
                let mut out = Vec::new();
                let view = View { text: &text, layout: &layout, words: &words };
                own.detect_with(&view, ahead, &mut out);
                out
            };
            prop_assert!(found(true).iter().all(|candidate| candidate.detector == Detector::User));
            prop_assert_eq!(found(true), found(false));
        }
    }
}
