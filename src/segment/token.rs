//! Tokens.

use crate::base::{Span, Src};
use crate::script::fold_into;

use super::memo::Memo;
use super::scan::{Piece, Scanner};
use super::words::{NO_WORD, Words};
use super::{Block, BlockKind, Layout, Sent, Token, TokenKind};

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// A first segmentation: a block a line, a sentence a block, runs of one class as tokens.
pub(super) fn segment_simply(text: &str, words: &Words, memo: &mut Memo, out: &mut Layout) {
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
        tokenize(text, span, words, memo, out);
        let block = offset(out.blocks.len());
        let sent = offset(out.sents.len());
        out.sents.push(Sent { span, tokens: (first, offset(out.tokens.len())), block });
        out.blocks.push(Block { span, kind: BlockKind::Paragraph, sents: (sent, sent + 1) });
    }
}

fn tokenize(text: &str, span: Span<Src>, words: &Words, memo: &mut Memo, out: &mut Layout) {
    for piece in Scanner::of(text, span) {
        push(text, piece, words, memo, out);
    }
}

/// Append a token with its key, its word and its readings.
fn push(text: &str, piece: Piece, words: &Words, memo: &mut Memo, out: &mut Layout) {
    let Piece { span, kind, space_before } = piece;
    let from = offset(out.keys.len());
    let mut token = Token { span, kind, word: NO_WORD, key: (from, from), readings: (0, 0), space_before };
    let surface = span.slice(text);
    if kind == TokenKind::Word {
        memo.push(surface, span, &mut token, out);
    } else {
        fold_into(surface, &mut out.keys);
        token.key.1 = offset(out.keys.len());
        token.word = words.get(out.key(&token));
    }
    out.tokens.push(token);
}
