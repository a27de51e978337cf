//! Structure rules: names that are in no list, found by the words around them.
//!
//! A kind noun before a name (مدينة، حزب، معركة), a title before a person, a kunya, a nisba chain, a body with a
//! nationality (الجيش الليبي), a direction with one (الشمال السوري), an acronym in brackets.

mod bodies;
mod heads;
mod people;
mod titles;

use crate::base::{Label, Span};
use crate::detect::rules::Rule;
use crate::detect::{Candidate, Detect, Detector, NO_START, View};
use crate::segment::{Proclitics, Reading, Sent, Token, TokenKind, Trait};

/// Words that are rarer than this in 20 million, and in no list of common words, may be names.
const RARE: u32 = 400;

/// All structure rules.
#[derive(Clone, Copy, Debug, Default)]
pub struct Structure;

impl Detect for Structure {
    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>) {
        for sent in &view.layout.sents {
            let cursor = Cursor::new(view, sent);
            for at in (0..cursor.len()).filter(|at| !cursor.is_idle(*at)) {
                heads::at(&cursor, at, out);
                bodies::at(&cursor, at, out);
                titles::at(&cursor, at, out);
            }
            people::chains(&cursor, out);
        }
    }
}

/// Whether any of the rules may begin with the last word of a layout.
pub(in crate::detect) fn may_begin(view: &View<'_>) -> bool {
    let Some(last) = view.layout.tokens.len().checked_sub(1) else { return true };
    let c = Cursor { view, tokens: &view.layout.tokens[last..], first: 0 };
    heads::may_begin(&c, 0) || bodies::may_begin(&c, 0) || titles::may_begin(&c, 0) || people::may_begin(&c, 0)
}

/// A sentence under the eyes of a rule. Positions count tokens of the sentence; any position may be asked for.
struct Cursor<'a> {
    view: &'a View<'a>,
    tokens: &'a [Token],
    first: u32,
}

impl<'a> Cursor<'a> {
    fn new(view: &'a View<'a>, sent: &Sent) -> Self {
        Self { view, tokens: view.layout.tokens_of(sent), first: sent.tokens.0 }
    }
    fn len(&self) -> usize {
        self.tokens.len()
    }
    fn token(&self, at: usize) -> Option<&'a Token> {
        self.tokens.get(at)
    }
    /// No rule begins here.
    fn is_idle(&self, at: usize) -> bool {
        self.token(at).is_some_and(|t| t.idle & NO_START != 0)
    }
    fn is_word(&self, at: usize) -> bool {
        self.token(at).is_some_and(|t| t.kind == TokenKind::Word)
    }
    /// The best reading of a word.
    fn reading(&self, at: usize) -> Option<&'a Reading> {
        self.token(at).and_then(|t| self.view.layout.readings(t).first())
    }
    /// The folded stem of the best reading, or the key of what is no word.
    fn stem(&self, at: usize) -> &'a str {
        match (self.token(at), self.reading(at)) {
            (_, Some(reading)) => self.view.layout.stem(reading),
            (Some(token), None) => self.view.layout.key(token),
            _ => "",
        }
    }
    /// The folded token as it stands.
    fn key(&self, at: usize) -> &'a str {
        self.token(at).map_or("", |t| self.view.layout.key(t))
    }
    fn traits(&self, at: usize) -> Trait {
        self.reading(at).map_or(Trait::default(), |r| self.view.words.traits(r.word))
    }
    fn is(&self, at: usize, what: Trait) -> bool {
        self.traits(at).any(what)
    }
    /// Nothing is attached before the stem.
    fn bare(&self, at: usize) -> bool {
        self.reading(at).is_some_and(|r| r.proclitics.is_empty())
    }
    /// و or ف joins it to what stands before.
    fn joined(&self, at: usize) -> bool {
        self.reading(at).is_some_and(|r| r.proclitics.has(Proclitics::WA) || r.proclitics.has(Proclitics::FA))
    }
    fn article(&self, at: usize) -> bool {
        self.reading(at).is_some_and(|r| r.article)
    }
    fn count(&self, at: usize) -> u32 {
        self.reading(at).map_or(0, |r| self.view.words.count(r.word))
    }
    fn opens_quote(&self, at: usize) -> bool {
        matches!(self.key(at), "«" | "\"" | "“" | "'" | "‘" | "\u{201f}" | "”")
    }
    fn closes_quote(&self, at: usize) -> bool {
        matches!(self.key(at), "»" | "\"" | "”" | "'" | "’" | "“")
    }
    /// A noun with ال and nothing before it: the second part of a name, an adjective.
    fn definite(&self, at: usize) -> bool {
        self.is_word(at) && self.bare(at) && self.article(at) && !self.is(at, Trait::STOP)
    }
    /// A nationality adjective with ال.
    fn nation(&self, at: usize) -> bool {
        self.definite(at) && self.is(at, Trait::ADJ_NATION)
    }
    /// A word that is likely a name: listed among names, or rare and without ال.
    fn name_like(&self, at: usize) -> bool {
        const NEVER: Trait = Trait(
            Trait::STOP.0
                | Trait::SPEECH.0
                | Trait::SOURCE.0
                | Trait::NUMBER.0
                | Trait::ORDINAL.0
                | Trait::MONTH.0
                | Trait::WEEKDAY.0
                | Trait::TIME_NOUN.0
                | Trait::UNIT.0
                | Trait::ADJ_NATION.0
                | Trait::APPROX.0,
        );
        if !self.is_word(at) || self.is(at, NEVER) || self.key(at).chars().nth(2).is_none() {
            return false;
        }
        let traits = self.traits(at);
        traits.any(Trait::GIVEN.with(Trait::FAMILY)) || (!self.article(at) && self.count(at) < RARE)
    }
    /// The end (exclusive) of a quotation of at most `most` tokens that opens at `at`.
    fn quoted(&self, at: usize, most: usize) -> Option<usize> {
        if !self.opens_quote(at) {
            return None;
        }
        let close = (at + 2..=at + 1 + most).find(|&i| self.closes_quote(i))?;
        let plain =
            (at + 1..close).all(|i| self.token(i).is_some_and(|t| t.kind != TokenKind::Punct || self.key(i) == "-"));
        plain.then_some(close + 1)
    }
    /// A candidate over the tokens `from..to`, from the stem of the first to the end of the last.
    fn propose(&self, from: usize, to: usize, label: Label, rule: Rule, score: f32, out: &mut Vec<Candidate>) {
        let (Some(head), Some(tail)) = (self.token(from), to.checked_sub(1).and_then(|last| self.token(last))) else {
            return;
        };
        let start = self.reading(from).map_or(head.span.start, |r| r.span.start);
        let end = match self.reading(to - 1) {
            Some(reading) if to - 1 > from || reading.span.start >= start => reading.span.end,
            _ => tail.span.end,
        };
        let index = |i: usize| self.first + u32::try_from(i).unwrap_or(u32::MAX);
        out.push(Candidate {
            span: Span::new(start, end),
            label,
            score,
            detector: Detector::Rule,
            detail: rule as u32,
            tokens: (index(from), index(to)),
            ambiguous: false,
        });
    }
}
