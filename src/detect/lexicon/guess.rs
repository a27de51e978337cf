//! Reading a misspelt name, where the words around it ask for one.

use crate::base::Label;
use crate::detect::{Candidate, NO_FAMILY, NOT_MISSPELT, View};
use crate::segment::{Layout, Token, TokenKind, Trait, WordId, Words};

use super::matcher::{Beginning, First, Ids, Matcher, Walk};
use super::spelling::{near_shape, one_edit, shape};

/// Words seen so seldom may be misspelt.
const RARE: u32 = 2;
/// A phrase that goes on in more ways is no evidence for any of them.
const MOST_CHILDREN: usize = 64;
/// Shorter words are not guessed at.
const SHORTEST: usize = 4;

/// What a misspelt first word is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guess {
    /// Nothing: it stands as written.
    Written,
    /// The first of a person's names, when the second follows as written.
    First,
    /// A person's name after a title.
    Person,
    /// A place's name after في, or after مدينة.
    Place,
}

impl Guess {
    /// Whether an entry of a label may come of the guess after so many words.
    pub fn allows(self, label: Label, words: u32) -> bool {
        match self {
            Self::Written => true,
            Self::First => label == Label::PERS && words > 1,
            Self::Person => label == Label::PERS && words == 1,
            Self::Place => label == Label::GPE && words == 1,
        }
    }
    /// What remains of the score.
    pub fn factor(self) -> f32 {
        match self {
            Self::Written => 1.0,
            Self::First => 0.7,
            Self::Person | Self::Place => 0.5,
        }
    }
}

fn letters(key: &str) -> usize {
    key.chars().count()
}

/// Whether a word is so seldom seen that it may be misspelt.
fn is_rare(words: &Words, layout: &Layout, token: &Token) -> bool {
    let named = Trait::GIVEN.with(Trait::FAMILY).with(Trait::ADJ_NATION).with(Trait::TITLE);
    token.kind == TokenKind::Word
        && words.count(token.word) <= RARE
        && !words.traits(token.word).any(named)
        && letters(layout.key(token)) >= SHORTEST
}

/// What guessing need not look at in the last word of a layout.
pub(in crate::detect) fn idle(view: &View<'_>) -> u8 {
    let Some(token) = view.layout.tokens.last() else { return 0 };
    let misspelt = is_rare(view.words, view.layout, token);
    let family = view.words.traits(token.word).any(Trait::FAMILY);
    (if misspelt { 0 } else { NOT_MISSPELT }) | if family { 0 } else { NO_FAMILY }
}

impl<I: Ids> Matcher<'_, I> {
    fn rare(&self, token: &Token) -> bool {
        token.idle & NOT_MISSPELT == 0 && is_rare(self.words, self.layout, token)
    }

    /// Try names that the token at `at` may have been meant for; the longest phrase as written has so many tokens.
    pub fn guess(&self, at: u32, to: u32, longest: u32, out: &mut Vec<Candidate>) {
        if longest > 1 {
            return;
        }
        let Some(token) = self.token(at, to).filter(|token| token.kind == TokenKind::Word) else { return };
        if let Some(next) = self.token(at + 1, to)
            && next.idle & NO_FAMILY == 0
            && self.words.traits(next.word).any(Trait::FAMILY)
        {
            self.guess_first(token, next, at, to, out);
        }
        let Some(before) = at.checked_sub(1).and_then(|at| self.layout.tokens.get(at as usize)) else { return };
        if longest > 0 || !self.rare(token) || before.kind != TokenKind::Word {
            return;
        }
        let traits = self.words.traits(before.word);
        let guess = if traits.any(Trait::GPE_HEAD) || matches!(self.layout.key(before), "في" | "الي") {
            Guess::Place
        } else if traits.any(Trait::TITLE) {
            Guess::Person
        } else {
            return;
        };
        let key = self.layout.key(token);
        let near = self.lexicon.spelling.near(key).filter(|word| one_edit(key, self.words.key(*word)));
        // The most frequent of the neighbors, the first in the table.
        if let Some(word) = near.min() {
            self.begin_guess(token, word, (at, token.span.start), guess, to, out);
        }
    }

    /// بارك أوباما: the second word as written vouches for the first.
    fn guess_first(&self, token: &Token, next: &Token, at: u32, to: u32, out: &mut Vec<Candidate>) {
        let other = Trait::GIVEN.with(Trait::STOP).with(Trait::TITLE).with(Trait::ADJ_NATION);
        for reading in self.layout.readings(token).iter().filter(|reading| reading.enclitic.is_none()) {
            let key = self.layout.stem(reading);
            if letters(key) < SHORTEST || self.words.traits(reading.word).any(other) {
                continue;
            }
            let firsts = self.lexicon.spelling.firsts(next.word);
            if let Some(word) = firsts.filter(|word| one_edit(key, self.words.key(*word))).min() {
                self.begin_guess(token, word, (at, reading.span.start), Guess::First, to, out);
                return;
            }
        }
    }

    fn begin_guess(
        &self,
        token: &Token,
        word: WordId,
        (at, start): (u32, u32),
        guess: Guess,
        to: u32,
        out: &mut Vec<Candidate>,
    ) {
        if let Some(node) = self.trie.first(word) {
            let first = First { at, start, end: token.span.end, enclitic: false, gap: 0, guess, by: false };
            self.walk(&Beginning { first, node, second: None }, to, out);
        }
    }

    /// A misspelt word within a phrase whose beginning leaves few ways to go on.
    pub fn guess_step(&self, walk: &Walk, token: &Token) -> Option<u32> {
        if walk.guessed || !self.rare(token) {
            return None;
        }
        let (first, words) = self.trie.children(walk.node);
        if words.len() > MOST_CHILDREN {
            return None;
        }
        let key = self.layout.key(token);
        let own = shape(key);
        // Most children are turned away before their letters are read.
        let shapes = self.lexicon.shapes.get(first as usize - 1..).unwrap_or(&[]);
        let shapes = shapes.iter().copied().chain(std::iter::repeat(own));
        let fits = |(word, shape): (&WordId, u32)| {
            near_shape(own, shape) && {
                let right = self.words.key(*word);
                letters(right) > SHORTEST && one_edit(key, right)
            }
        };
        words.iter().zip(shapes).position(fits).and_then(|at| u32::try_from(at).ok()).map(|at| first + at)
    }
}
