//! Tokens.

use crate::base::{Span, Src};
use crate::script::fold_into;

use super::scan::Scanner;
use super::words::{NO_WORD, Words};
use super::{Block, BlockKind, Layout, Sent, Token, TokenKind, clitic};

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// A first segmentation: a block a line, a sentence a block, runs of one class as tokens.
pub fn segment_simply(text: &str, words: &Words, out: &mut Layout) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        if body.is_empty() {
            continue;
        }
        let span: Span<Src> = Span::new(offset(start), offset(start + body.len()));
        let first = offset(out.tokens.len());
        tokenize(text, span, words, out);
        let block = offset(out.blocks.len());
        let sent = offset(out.sents.len());
        out.sents.push(Sent { span, tokens: (first, offset(out.tokens.len())), block });
        out.blocks.push(Block { span, kind: BlockKind::Paragraph, sents: (sent, sent + 1) });
    }
}

fn tokenize(text: &str, span: Span<Src>, words: &Words, out: &mut Layout) {
    for piece in Scanner::of(text, span) {
        push(text, piece.span, piece.kind, piece.space_before, words, out);
    }
}

/// Append a token with its key, its word and its readings.
pub fn push(text: &str, span: Span<Src>, kind: TokenKind, space_before: bool, words: &Words, out: &mut Layout) {
    let from = offset(out.keys.len());
    fold_into(span.slice(text), &mut out.keys);
    let key = (from, offset(out.keys.len()));
    let word = words.get(&out.keys[key.0 as usize..]);
    let mut token = Token { span, kind, word, key, readings: (0, 0), space_before };
    if kind == TokenKind::Word {
        clitic::read(text, words, out, &mut token);
    } else {
        debug_assert!(word == NO_WORD || kind != TokenKind::Word);
    }
    out.tokens.push(token);
}
