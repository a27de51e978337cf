//! Where sentences end.
//!
//! A sentence ends at `.` `؟` `?` `!` and at an ellipsis that closes a clause, with the quotes and brackets that close
//! right after. `؛` and `:` do not end it. No end is: the dot of an initial or abbreviation (`د.`, `أ.د.`, `Dr.`), of a
//! spelt letter (`سي. إن. إن.`), of a number or a list mark, an ellipsis between two words, a question quoted or bracketed in mid-sentence.

use crate::base::Span;

use super::{Layout, Proclitics, Sent, Token, TokenKind};

/// Abbreviations of more than one letter, folded.
const ABBREVIATIONS: &[&str] = &[
    "صص", "مج", "تح", "mr", "mrs", "ms", "dr", "st", "prof", "gen", "sen", "col", "sgt", "no", "vol", "vs", "pp", "ed",
    "eds", "fig", "al", "etc", "inc", "ltd", "co",
];

/// Latin letters as Arabic spells them, folded: `سي. إن. إن.`.
const SPELLED: &[&str] = &[
    "اي",
    "ايه",
    "بي",
    "سي",
    "دي",
    "اف",
    "جي",
    "اتش",
    "اش",
    "جيه",
    "كي",
    "كا",
    "ال",
    "ام",
    "ان",
    "او",
    "كيو",
    "ار",
    "اس",
    "تي",
    "يو",
    "في",
    "دبليو",
    "اكس",
    "واي",
    "زد",
    "زي",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Stop,
    Ask,
    Ellipsis,
    Opening,
    Closing,
    /// A quote that opens as it closes.
    Either,
    Other,
}

fn mark(text: &str, token: &Token) -> Mark {
    if token.kind != TokenKind::Punct {
        return Mark::Other;
    }
    let surface = token.span.slice(text);
    match surface.chars().next() {
        Some('.') if surface.len() > 1 => Mark::Ellipsis,
        Some('…') => Mark::Ellipsis,
        Some('.' | '۔' | '。') => Mark::Stop,
        Some('؟' | '?' | '!' | '⁉' | '‼') => Mark::Ask,
        Some('«' | '(' | '[' | '{' | '“' | '‘' | '„' | '‹' | '﴿') => Mark::Opening,
        Some('»' | ')' | ']' | '}' | '”' | '’' | '›' | '﴾') => Mark::Closing,
        Some('"' | '\'') => Mark::Either,
        _ => Mark::Other,
    }
}

fn letters(key: &str) -> usize {
    key.chars().take(3).count()
}

/// The tokens of one block, seen while its sentences are cut.
struct Cutter<'a> {
    text: &'a str,
    layout: &'a Layout,
    /// One past the last token of the block.
    last: usize,
    /// The first token of the sentence.
    first: usize,
}

impl Cutter<'_> {
    fn token(&self, index: usize) -> Option<&Token> {
        self.layout.tokens.get(index).filter(|_| index < self.last)
    }

    fn mark(&self, index: usize) -> Mark {
        self.token(index).map_or(Mark::Other, |token| mark(self.text, token))
    }

    fn key(&self, index: usize) -> &str {
        self.token(index).map_or("", |token| self.layout.key(token))
    }

    fn kind(&self, index: usize) -> Option<TokenKind> {
        self.token(index).map(|token| token.kind)
    }

    /// Whether the token stands right after the one before it.
    fn attached(&self, index: usize) -> bool {
        self.token(index).is_some_and(|token| !token.space_before)
    }

    /// Whether the token begins with و the conjunction.
    fn joins(&self, index: usize) -> bool {
        self.token(index).is_some_and(|token| self.layout.best(token).proclitics.has(Proclitics::WA))
    }

    /// Where the sentence ends that the mark at `at` would close: one past its last token; `None` when it goes on.
    fn end(&self, at: usize, quotes: &Quotes) -> Option<usize> {
        let kind = self.mark(at);
        if !matches!(kind, Mark::Stop | Mark::Ask | Mark::Ellipsis) {
            return None;
        }
        let (mut next, mut closed, mut open) = (at + 1, false, quotes.open);
        while next < self.last {
            let closes = match self.mark(next) {
                Mark::Stop | Mark::Ask | Mark::Ellipsis => self.attached(next),
                Mark::Closing => open > 0 || self.attached(next),
                Mark::Either => quotes.either && !closed && (self.attached(next) || !self.attached(next + 1)),
                _ => false,
            };
            if !closes {
                break;
            }
            if matches!(self.mark(next), Mark::Closing | Mark::Either) {
                closed = true;
                open = open.saturating_sub(1);
            }
            next += 1;
        }
        if next >= self.last {
            return Some(self.last);
        }
        // What was opened in mid-sentence and closes here was a part of it; a full stop before a quote's end is one.
        let part = closed && quotes.inside && (kind != Mark::Stop || quotes.round);
        (!part && self.is_end(at, kind, next)).then_some(next)
    }

    fn is_end(&self, at: usize, kind: Mark, next: usize) -> bool {
        let long_word = |index: usize| self.kind(index) == Some(TokenKind::Word) && letters(self.key(index)) >= 2;
        let starts = self.mark(next) == Mark::Opening || self.mark(next) == Mark::Either;
        match kind {
            Mark::Ask => !self.attached(next) || long_word(next) || starts,
            Mark::Ellipsis => {
                self.attached(at) && !self.attached(next) && self.mark(at.wrapping_sub(1)) != Mark::Opening
            }
            _ => {
                if at > self.first && self.attached(at) && self.abbreviates(at - 1, next) {
                    return false;
                }
                if at == self.first {
                    return false;
                }
                if !self.attached(next) {
                    return true;
                }
                let before = !self.attached(at) || self.kind(at - 1) != Some(TokenKind::Word) || long_word(at - 1);
                before && (long_word(next) || self.key(next) == "و" || starts)
            }
        }
    }

    /// Whether the dot after the token `at` belongs to it.
    fn abbreviates(&self, at: usize, next: usize) -> bool {
        let key = self.key(at);
        match self.kind(at) {
            // "1. " begins an item.
            Some(TokenKind::Number) => at == self.first && key.len() <= 3,
            Some(TokenKind::Foreign) => letters(key) == 1 || key.contains('.') || ABBREVIATIONS.contains(&key),
            Some(TokenKind::Word) if letters(key) == 1 => {
                let before = at.checked_sub(1).filter(|before| *before >= self.first);
                let kind_before = before.and_then(|before| self.kind(before));
                let chain = before.is_some_and(|before| self.mark(before) == Mark::Stop && self.attached(at));
                // "2015م." and "1437 هـ." end with an era, "أ.ف.ب. وقال" with a chain.
                let era = matches!(key, "م" | "ه") && kind_before == Some(TokenKind::Number);
                !(era || (chain && !self.attached(next) && self.joins(next)))
            }
            Some(TokenKind::Word) if SPELLED.contains(&key) => {
                let chain =
                    at > self.first + 1 && self.mark(at - 1) == Mark::Stop && SPELLED.contains(&self.key(at - 2));
                SPELLED.contains(&self.key(next)) || (chain && !self.joins(next))
            }
            Some(TokenKind::Word) => ABBREVIATIONS.contains(&key),
            _ => false,
        }
    }
}

/// What is open at a place in a sentence.
#[derive(Clone, Copy, Debug, Default)]
struct Quotes {
    open: u32,
    /// A quote that is its own mirror is open.
    either: bool,
    /// The innermost was opened after the sentence began.
    inside: bool,
    /// The innermost is a bracket.
    round: bool,
}

impl Quotes {
    fn pass(&mut self, cutter: &Cutter<'_>, at: usize) {
        match cutter.mark(at) {
            Mark::Opening => {
                self.open += 1;
                self.inside = at > cutter.first;
                self.round = cutter.token(at).is_some_and(|t| matches!(t.span.slice(cutter.text), "(" | "[" | "{"));
            }
            Mark::Closing => {
                self.open = self.open.saturating_sub(1);
                self.inside &= self.open > 0;
                self.round &= self.open > 0;
            }
            Mark::Either => {
                self.either = !self.either;
                self.inside = self.either && at > cutter.first;
                self.round = false;
            }
            _ => {}
        }
    }
}

/// Append the sentences of the tokens `first..`, which are those of block number `block`.
pub(super) fn split(text: &str, first: usize, block: u32, whole: bool, out: &mut Layout) {
    let last = out.tokens.len();
    let (mut from, mut quotes) = (first, Quotes::default());
    let mut at = first;
    while let Some(token) = out.tokens.get(at) {
        // Words end nothing and open nothing.
        if token.kind != TokenKind::Punct {
            at += 1;
            continue;
        }
        let cutter = Cutter { text, layout: out, last, first: from };
        let end = if whole { None } else { cutter.end(at, &quotes) };
        match end {
            Some(end) => {
                for closing in at..end {
                    quotes.pass(&cutter, closing);
                }
                (quotes.inside, quotes.round) = (false, false);
                push(from, end, block, out);
                (from, at) = (end, end);
            }
            None => {
                quotes.pass(&cutter, at);
                at += 1;
            }
        }
    }
    push(from, last, block, out);
}

fn push(from: usize, to: usize, block: u32, out: &mut Layout) {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let Some((first, last)) = out.tokens.get(from..to).and_then(|t| t.first().zip(t.last())) else { return };
    let span = Span::new(first.span.start, last.span.end);
    out.sents.push(Sent { span, tokens: (offset(from), offset(to)), block });
}
