//! Who says what: direct quotations and reported speech, with the speaker and the word that reports.
//!
//! A quotation mark alone proves nothing: names stand in quotes, and words that the writer keeps at a distance. A
//! quotation is brought in by a reporting word, or is long enough to be nothing else.

mod lists;
mod reader;

use crate::base::{Span, Src};
use crate::detect::View;
use crate::segment::TokenKind;

use super::Mention;
use super::groups::{Groups, Member};
use reader::Reader;

/// Something that somebody said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Quote {
    /// The words, without the quotation marks.
    pub span: Span<Src>,
    /// In the speaker's own words.
    pub direct: bool,
    /// The mention of who said it.
    pub speaker: Option<u32>,
    /// The token that reports: قال, بحسب.
    pub verb: Option<u32>,
    /// Where nobody is named, the words for who said it: مصادر محلية, مسؤول أمني.
    pub source: Option<Span<Src>>,
}

/// Quotation marks by what they do; a straight one does both.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open,
    Close,
    Both,
}

fn mark_of(text: &str) -> Option<Mark> {
    match text {
        "«" | "“" | "„" | "‹" | "‘" => Some(Mark::Open),
        "»" | "”" | "›" | "’" => Some(Mark::Close),
        "\"" | "''" | "\"\"" => Some(Mark::Both),
        _ => None,
    }
}

/// Whether the last word of a layout reports.
pub(super) fn may_report(view: &View<'_>) -> bool {
    let reader = Reader { view, mentions: &[], back: &[] };
    u32::try_from(view.layout.tokens.len().saturating_sub(1)).is_ok_and(|last| reader.is_reporting(last))
}

/// Memory of the search.
#[derive(Debug, Default)]
pub struct Finder {
    /// Pairs of marks, as tokens.
    pairs: Vec<(u32, u32)>,
    /// Tokens within direct quotations.
    taken: Vec<(u32, u32)>,
    /// Where a noun refers back, with the last mention of what it refers to.
    back: Vec<(u32, u32)>,
    /// The reporting words of direct quotations, from the current sentence on.
    verbs: Vec<u32>,
}

impl Finder {
    /// Append the quotations of a text, in its order.
    pub fn find(&mut self, view: &View<'_>, mentions: &[Mention], groups: &Groups, out: &mut Vec<Quote>) {
        let first = out.len();
        self.pair(view);
        self.refer(mentions, groups);
        let reader = Reader { view, mentions, back: &self.back };
        self.taken.clear();
        self.verbs.clear();
        let mut pairs = self.pairs.iter().peekable();
        for sent in &view.layout.sents {
            self.verbs.retain(|verb| *verb >= sent.tokens.0);
            while let Some(&(open, close)) = pairs.next_if(|(open, _)| *open < sent.tokens.1) {
                if let Some(mut quote) = reader.direct(open, close, sent, out) {
                    quote.source = reader.unnamed(&quote, sent);
                    out.push(quote);
                    self.verbs.extend(quote.verb);
                    self.taken.push((open, close));
                }
            }
            reader.reported((&self.taken, &self.verbs), sent, out);
        }
        out.get_mut(first..).unwrap_or(&mut []).sort_by_key(|quote| (quote.span, quote.direct));
    }

    /// Where nouns refer back to what was named before.
    fn refer(&mut self, mentions: &[Mention], groups: &Groups) {
        self.back.clear();
        for group in groups.all() {
            let members = groups.members(group);
            for span in groups.anaphora(group) {
                let start = |member: &Member| mentions.get(member.mention as usize).map_or(0, |m| m.span.start);
                let before = members.partition_point(|member| start(member) < span.start);
                if let Some(last) = before.checked_sub(1).and_then(|last| members.get(last)) {
                    self.back.push((span.start, last.mention));
                }
            }
        }
        self.back.sort_unstable();
    }

    /// Pair the quotation marks, the inner pairs before the outer ones left out.
    fn pair(&mut self, view: &View<'_>) {
        self.pairs.clear();
        let mut open: Option<(u32, u32)> = None;
        let mut block_end = 0;
        let mut depth = 0u32;
        for (at, token) in (0u32..).zip(&view.layout.tokens) {
            if token.kind != TokenKind::Punct {
                continue;
            }
            if token.span.start >= block_end {
                // No pair runs over the end of a paragraph.
                let blocks = &view.layout.blocks;
                let block = blocks.partition_point(|block| block.span.end <= token.span.start);
                block_end = blocks.get(block).map_or(u32::MAX, |block| block.span.end);
                (open, depth) = (None, 0);
            }
            let Some(mark) = mark_of(token.span.slice(view.text)) else { continue };
            match (mark, open) {
                (Mark::Open, Some(_)) => depth += 1,
                (Mark::Close, Some(_)) if depth > 0 => depth -= 1,
                (Mark::Close | Mark::Both, Some((from, _))) => {
                    self.pairs.push((from, at));
                    open = None;
                }
                (Mark::Open | Mark::Both, None) => open = Some((at, 0)),
                (Mark::Close, None) => {}
            }
        }
    }
}
