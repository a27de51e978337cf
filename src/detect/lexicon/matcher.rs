//! Walking the trie over the tokens of a text.
//!
//! The first token of a phrase is tried in each of its readings, so that a span begins after the proclitics; the
//! others stand as written. Quotes inside a phrase are stepped over when they close inside it, hyphens always.

use crate::base::{Label, Span};
use crate::detect::{Candidate, Detector, View};
use crate::script::source_offset;
use crate::segment::{Layout, NO_WORD, Proclitics, Token, TokenKind, Trait, WordId, Words};

use super::guess::Guess;
use super::trie::Trie;
use super::{Lexicon, is_hyphen, is_quote};

/// Verbs that look as if they had the article.
const VERBS: &[&str] = &["التقي", "التقت", "التقوا", "القي", "القت", "الغي", "الغت", "الزم", "الزمت", "الف"];

/// From words of the bundled table to words of a lexicon.
pub(super) trait Ids {
    /// The lexicon's number of a word, given its number in the bundled table and its key.
    fn id(&self, word: WordId, key: &str) -> WordId;
    /// The number of a key that only this lexicon knows, or [`NO_WORD`].
    fn own(&self, _key: &str) -> WordId {
        NO_WORD
    }
    /// Whether it knows words that the bundled table lacks.
    fn has_own(&self) -> bool {
        false
    }
}

/// The bundled table itself.
pub(super) struct Known;

impl Ids for Known {
    #[inline]
    fn id(&self, word: WordId, _key: &str) -> WordId {
        word
    }
}

/// A reading of the first token.
#[derive(Clone, Copy)]
pub(super) struct First {
    pub at: u32,
    pub start: u32,
    pub end: u32,
    pub enclitic: bool,
    /// How far the reading falls short of the best one, in log2.
    pub gap: i16,
    pub guess: Guess,
    /// The preposition ب is attached.
    pub by: bool,
}

/// A node that a reading of a token leads to.
#[derive(Clone, Copy)]
pub(super) struct Beginning {
    pub first: First,
    pub node: u32,
    /// The node after the next word as it stands, or that there is none, where that was read ahead.
    pub second: Option<Option<u32>>,
}

/// The phrase so far.
#[derive(Clone, Copy)]
pub(super) struct Walk {
    pub node: u32,
    /// One past the last token.
    next: u32,
    end: u32,
    words: u32,
    open_quote: bool,
    enclitic: bool,
    /// A word of the phrase is misspelt.
    pub guessed: bool,
}

pub(super) struct Matcher<'a, I> {
    pub words: &'a Words,
    pub lexicon: &'a Lexicon,
    pub trie: &'a Trie,
    detector: Detector,
    pub layout: &'a Layout,
    text: &'a str,
    pub ids: &'a I,
}

/// So many tokens are begun at together.
const TOGETHER: u32 = 32;
/// A trie of more nodes does not stay at hand: its walks read ahead.
const LARGE: usize = 1 << 18;

/// Append the matches of a lexicon.
pub(super) fn detect<I: Ids>(
    lexicon: &Lexicon,
    detector: Detector,
    view: &View<'_>,
    ids: &I,
    out: &mut Vec<Candidate>,
) {
    detect_with(lexicon, detector, view, ids, lexicon.trie().len() > LARGE, out);
}

/// [`detect`], reading ahead or not.
pub(super) fn detect_with<I: Ids>(
    lexicon: &Lexicon,
    detector: Detector,
    view: &View<'_>,
    ids: &I,
    ahead: bool,
    out: &mut Vec<Candidate>,
) {
    let matcher = Matcher {
        words: view.words,
        lexicon,
        trie: lexicon.trie(),
        detector,
        layout: view.layout,
        text: view.text,
        ids,
    };
    let (mut begun, mut steps) = (Vec::with_capacity(2 * TOGETHER as usize), Vec::new());
    for sent in &view.layout.sents {
        let to = sent.tokens.1;
        for from in (sent.tokens.0..to).step_by(TOGETHER as usize) {
            let tokens = from..to.min(from + TOGETHER);
            begun.clear();
            for at in tokens.clone() {
                matcher.begin(at, to, &mut begun);
            }
            if ahead {
                matcher.read_ahead(&mut begun, to, &mut steps);
            }
            let mut begun = begun.iter().peekable();
            for at in tokens {
                let before = out.len();
                while let Some(beginning) = begun.next_if(|beginning| beginning.first.at == at) {
                    matcher.walk(beginning, to, out);
                }
                if detector == Detector::Lexicon {
                    let longest = out.iter().skip(before).map(|candidate| candidate.tokens.1 - at).max();
                    matcher.guess(at, to, longest.unwrap_or(0), out);
                }
            }
        }
    }
}

impl<I: Ids> Matcher<'_, I> {
    pub fn token(&self, at: u32, to: u32) -> Option<&Token> {
        if at < to { self.layout.tokens.get(at as usize) } else { None }
    }

    fn mark(&self, token: &Token) -> &str {
        token.span.slice(self.text)
    }

    /// Append where the phrases that begin at a token begin.
    fn begin(&self, at: u32, to: u32, out: &mut Vec<Beginning>) {
        let Some(token) = self.token(at, to) else { return };
        match token.kind {
            TokenKind::Word => {
                let readings = self.layout.readings(token);
                let best = readings.first().map_or(0, |reading| reading.score);
                for reading in readings {
                    let word = self.ids.id(reading.word, self.layout.stem(reading));
                    if let Some(node) = self.trie.first(word) {
                        let first = First {
                            at,
                            start: reading.span.start,
                            end: reading.span.end,
                            enclitic: reading.enclitic.is_some(),
                            gap: best.saturating_sub(reading.score),
                            guess: Guess::Written,
                            by: reading.proclitics.has(Proclitics::BI),
                        };
                        out.push(Beginning { first, node, second: None });
                    }
                }
                if self.ids.has_own() && token.word == NO_WORD {
                    self.begin_unknown(token, at, out);
                }
            }
            TokenKind::Foreign | TokenKind::Number => {
                if let Some(node) = self.trie.first(self.ids.id(token.word, self.layout.key(token))) {
                    let (start, end) = (token.span.start, token.span.end);
                    let first = First { at, start, end, enclitic: false, gap: 0, guess: Guess::Written, by: false };
                    out.push(Beginning { first, node, second: None });
                }
            }
            _ => {}
        }
    }

    /// The bundled table cannot justify a proclitic before a word that only the user's lexicon knows.
    fn begin_unknown(&self, token: &Token, at: u32, out: &mut Vec<Beginning>) {
        let key = self.layout.key(token);
        let bare = key.strip_prefix(['و', 'ف']).unwrap_or(key);
        let stems = [bare, bare.strip_prefix(['ب', 'ل', 'ك']).unwrap_or(bare)];
        for (i, stem) in stems.into_iter().enumerate() {
            let known = self.layout.readings(token).iter().any(|r| self.layout.stem(r) == stem);
            if stem.len() == key.len() || (i == 1 && stem == stems[0]) || known {
                continue;
            }
            if let Some(node) = self.trie.first(self.ids.own(stem)) {
                let cut = source_offset(self.mark(token), key.len() - stem.len());
                let start = token.span.start + u32::try_from(cut).unwrap_or(0);
                let end = token.span.end;
                let first = First { at, start, end, enclitic: false, gap: 1, guess: Guess::Written, by: false };
                out.push(Beginning { first, node, second: None });
            }
        }
    }

    /// الصحف السعودية, الجنود السوريين, أوكرانيًا: after a definite noun, or with tanwin, the name is more likely an
    /// adjective.
    fn may_be_adjective(&self, first: &First) -> bool {
        let token = |at: u32| self.layout.tokens.get(at as usize);
        let Some(own) = token(first.at) else { return false };
        let after_noun = || {
            let before = first.at.checked_sub(1).and_then(token);
            before.is_some_and(|before| {
                before.kind == TokenKind::Word
                    && !VERBS.contains(&self.layout.key(before))
                    && self.layout.readings(before).iter().any(|reading| reading.article)
            })
        };
        let adjective = self.words.traits(own.word).any(Trait::ADJ_NATION);
        adjective && own.span.start == first.start && after_noun() || self.mark(own).contains('\u{64B}')
    }

    pub fn walk(&self, beginning: &Beginning, to: u32, out: &mut Vec<Candidate>) {
        let Beginning { first, node, mut second } = *beginning;
        let mut walk = Walk {
            node,
            next: first.at + 1,
            end: first.end,
            words: 1,
            open_quote: false,
            enclitic: first.enclitic,
            guessed: first.guess != Guess::Written,
        };
        loop {
            self.emit(&first, &walk, to, out);
            if walk.enclitic || !self.trie.goes_on(walk.node) {
                return;
            }
            match self.step(walk, second.take(), to) {
                Some(further) => walk = further,
                None => return,
            }
        }
    }

    /// One word further, over quotes and hyphens; `known` is what was read ahead.
    fn step(&self, mut walk: Walk, known: Option<Option<u32>>, to: u32) -> Option<Walk> {
        let mut token = self.token(walk.next, to)?;
        while token.kind == TokenKind::Punct {
            let mark = self.mark(token);
            if is_quote(mark) {
                if !walk.open_quote && mark.starts_with(['(', '[', '{']) && !self.trie.postings(walk.node).is_empty() {
                    return None; // a second name in brackets is a mention of its own
                }
                if !walk.open_quote && mark.starts_with(['»', '”', '’', '›', ')', ']', '}']) {
                    return None;
                }
                walk.open_quote = !walk.open_quote;
                walk.end = token.span.end;
            } else if !is_hyphen(mark) {
                break;
            }
            walk.next += 1;
            token = self.token(walk.next, to)?;
        }
        let as_written = || self.trie.next(walk.node, self.ids.id(token.word, self.layout.key(token)));
        let (node, end, enclitic) = match known.unwrap_or_else(as_written) {
            Some(node) => (node, token.span.end, false),
            None => match self.step_with_pronoun(walk.node, token) {
                Some(found) => found,
                None => {
                    let node = self.guess_step(&walk, token)?;
                    walk.guessed = true;
                    (node, token.span.end, false)
                }
            },
        };
        Some(Walk { node, next: walk.next + 1, end, words: walk.words + 1, enclitic, ..walk })
    }

    /// وزير خارجيته names the title وزير خارجية.
    fn step_with_pronoun(&self, node: u32, token: &Token) -> Option<(u32, u32, bool)> {
        if token.kind != TokenKind::Word {
            return None;
        }
        let attached = self.layout.readings(token).iter().filter(|r| r.enclitic.is_some() && r.proclitics.is_empty());
        attached.into_iter().find_map(|reading| {
            let next = self.trie.next(node, self.ids.id(reading.word, self.layout.stem(reading)))?;
            Some((next, reading.span.end, true))
        })
    }

    fn emit(&self, first: &First, walk: &Walk, to: u32, out: &mut Vec<Candidate>) {
        if self.trie.postings_at(walk.node).is_empty() {
            return;
        }
        let (mut end, mut last) = (walk.end, walk.next);
        if walk.open_quote {
            match self.token(walk.next, to).filter(|t| t.kind == TokenKind::Punct && is_quote(self.mark(t))) {
                Some(close) => (end, last) = (close.span.end, walk.next + 1),
                None => return,
            }
        }
        let mut before: Option<Label> = None;
        for (posting, label) in self.lexicon.labeled(walk.node) {
            // The best entry of each label comes first. A pronoun is attached to titles alone.
            let allowed = first.guess.allows(label, walk.words) && (!walk.enclitic || label == Label::OCC);
            if before == Some(label) || !allowed {
                continue;
            }
            before = Some(label);
            let lone_guess = walk.guessed && walk.words == 1;
            // بالإنجليزية: in a language, hardly by something English.
            let spoken = first.by && label == Label::LANGUAGE;
            let adjective = || walk.words == 1 && self.may_be_adjective(first);
            let ambiguous = posting.ambiguous() && !spoken
                || lone_guess
                || matches!(label, Label::GPE | Label::NORP) && adjective();
            let certainty = if walk.guessed { first.guess.factor().min(0.7) } else { 1.0 };
            out.push(Candidate {
                span: Span::new(first.start, end),
                label,
                score: self.score(walk.words, ambiguous, first.gap) * certainty,
                detector: self.detector,
                detail: posting.entry(),
                tokens: (first.at, last),
                ambiguous,
            });
        }
    }

    /// Longer phrases are surer; a phrase of several words justifies an unlikely reading of its first; what the user
    /// added is meant.
    fn score(&self, words: u32, ambiguous: bool, gap: i16) -> f32 {
        let form = match (words, self.detector) {
            (_, Detector::User) => 0.97,
            (0 | 1, _) => 0.75,
            (2, _) => 0.86,
            (3, _) => 0.92,
            _ => 0.95,
        };
        let reading = match (gap, words) {
            (..=0, _) => 1.0,
            (gap, 0 | 1) => (0.8 - 0.06 * f32::from(gap)).max(0.3),
            _ => 0.95,
        };
        form * reading * if ambiguous { 0.5 } else { 1.0 }
    }
}
