//! Blocks with their tokens.

use crate::base::{Span, Src};
use crate::script::fold_into;
use crate::script::repair::{self, Join, PieceKind, Repairs};

use super::memo::Memo;
use super::scan::{Piece, Scanner};
use super::words::{NO_WORD, Words};
use super::{Block, BlockKind, Layout, Token, TokenKind, sentence};

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// Blocks by page repair's judgement, with their sentences and tokens. No token runs over a line break.
pub(super) fn layout(text: &str, words: &Words, memo: &mut Memo, repairs: &mut Repairs, out: &mut Layout) {
    repair::pieces(text, repairs);
    let mut pieces = repairs.pieces.iter().peekable();
    while let Some(head) = pieces.next() {
        let first = out.tokens.len();
        let mut span = head.span;
        tokenize(text, head.span, words, memo, out);
        while let Some(more) = pieces.next_if(|piece| piece.join != Join::New) {
            span.end = more.span.end;
            tokenize(text, more.span, words, memo, out);
        }
        if out.tokens.len() == first {
            continue;
        }
        let kind = match head.kind {
            PieceKind::Paragraph => BlockKind::Paragraph,
            PieceKind::Heading => BlockKind::Heading,
            PieceKind::Embed => BlockKind::Embed,
        };
        let sent = offset(out.sents.len());
        sentence::split(text, first, offset(out.blocks.len()), kind == BlockKind::Embed, out);
        out.blocks.push(Block { span, kind, sents: (sent, offset(out.sents.len())) });
    }
}

/// So many tokens are looked up together.
const TOGETHER: usize = 32;

fn tokenize(text: &str, span: Span<Src>, words: &Words, memo: &mut Memo, out: &mut Layout) {
    let mut pieces = Scanner::of(text, span);
    let mut next = [const { None }; TOGETHER];
    loop {
        let mut count = 0;
        for (place, piece) in next.iter_mut().zip(&mut pieces) {
            *place = Some(piece);
            count += 1;
        }
        let pieces = next[..count].iter().flatten();
        let is_word = |piece: &&Piece| piece.kind == TokenKind::Word;
        memo.look(pieces.clone().filter(is_word).map(|piece| piece.span.slice(text)));
        let mut number = 0;
        for piece in pieces {
            push(text, piece, (words, memo, number), out);
            number += usize::from(is_word(&piece));
        }
        if count < TOGETHER {
            return;
        }
    }
}

/// Append a token with its key, its word and its readings.
fn push(text: &str, piece: &Piece, (words, memo, number): (&Words, &mut Memo, usize), out: &mut Layout) {
    let Piece { span, kind, space_before } = *piece;
    let from = offset(out.keys.len());
    let mut token = Token { span, kind, word: NO_WORD, key: (from, from), readings: (0, 0), space_before };
    let surface = span.slice(text);
    if kind == TokenKind::Word {
        memo.push(number, surface, &mut token, out);
    } else {
        fold_into(surface, &mut out.keys);
        token.key.1 = offset(out.keys.len());
        token.word = words.get(out.key(&token));
    }
    out.tokens.push(token);
}
