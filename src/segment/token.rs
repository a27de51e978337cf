//! Blocks with their tokens.

use crate::base::{Span, Src, offset};
use crate::script::repair::{self, Join, PieceKind, Repairs};

use super::memo::Memo;
use super::scan::{Piece, Scanner};
use super::words::NO_WORD;
use super::{Block, BlockKind, Layout, Token, sentence};

/// Blocks by page repair's judgement, with their sentences and tokens. No token runs over a line break.
pub(super) fn layout(text: &str, memo: &mut Memo, repairs: &mut Repairs, out: &mut Layout) {
    repair::pieces(text, repairs);
    let mut pieces = repairs.pieces.iter().peekable();
    while let Some(head) = pieces.next() {
        let first = out.tokens.len();
        let mut span = head.span;
        tokenize(text, head.span, memo, out);
        while let Some(more) = pieces.next_if(|piece| piece.join != Join::New) {
            span.end = more.span.end;
            tokenize(text, more.span, memo, out);
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

fn tokenize(text: &str, span: Span<Src>, memo: &mut Memo, out: &mut Layout) {
    let mut pieces = Scanner::of(text, span);
    let mut next = [const { None }; TOGETHER];
    loop {
        let mut count = 0;
        for (place, piece) in next.iter_mut().zip(&mut pieces) {
            *place = Some(piece);
            count += 1;
        }
        let pieces = next[..count].iter().flatten();
        memo.look(pieces.clone().map(|piece| (piece.span.slice(text), piece.kind)));
        for (number, piece) in pieces.enumerate() {
            let Piece { span, kind, space_before } = *piece;
            let token = Token { span, kind, word: NO_WORD, key: (0, 0), readings: (0, 0), space_before, idle: 0 };
            memo.push(number, text, token, out);
        }
        if count < TOGETHER {
            return;
        }
    }
}
