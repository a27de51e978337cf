//! Page repair: what a scraped page broke, found as an annotation over the unchanged text.
//!
//! Scrapers put every link into a paragraph of its own, so that a sentence lies in pieces: a lone و, then the
//! linked verb, then the rest. [`scan`] says which pieces belong together, which lines are headings and which
//! are insertions; [`repair`] writes the clean text with its alignment.

mod apply;
mod embed;
mod fixes;
mod joins;
mod line;

use crate::base::{Span, Src};

pub use apply::{Change, ChangeKind, Repaired, repair};
pub use fixes::{Fix, FixKind};

use line::Line;

/// What a piece of the page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PieceKind {
    /// Running text, or a line of a list, a table or a poem.
    Paragraph,
    /// A title or section heading.
    Heading,
    /// A bare URL or a photo credit.
    Embed,
}

/// How a piece continues the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Join {
    /// It does not: a block begins here.
    New,
    /// Same block; the break between them stands for a space.
    Space,
    /// Same block, and even the same word: the break stands for nothing (a lone و and its verb).
    Glue,
}

/// A stretch of one line, without surrounding white space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Bytes of the source.
    pub span: Span<Src>,
    /// What it is; only paragraphs are ever joined.
    pub kind: PieceKind,
    /// How it continues the piece before it.
    pub join: Join,
}

/// What a page needs. Reused from text to text: the memory stays.
#[derive(Clone, Debug, Default)]
pub struct Repairs {
    /// The pieces in order. A block is a piece with [`Join::New`] and those after it with another join;
    /// every character of the text that is not white space lies in exactly one piece.
    pub pieces: Vec<Piece>,
    /// Small damage inside the pieces, in order, without overlap.
    pub fixes: Vec<Fix>,
    lines: Vec<Line>,
    word: String,
}

/// Find what is broken in a page. Linear in the length of the text.
///
/// ```
/// use marsad::script::repair::{Join, Repairs, scan};
/// let text = "و\n\nبحسب\n\nوكالة محلية فإن الطريق إلى المطار مغلق منذ الصباح.";
/// let mut repairs = Repairs::default();
/// scan(text, &mut repairs);
/// let joins: Vec<Join> = repairs.pieces.iter().map(|p| p.join).collect();
/// assert_eq!(joins, [Join::New, Join::Glue, Join::Space]);
/// ```
pub fn scan(text: &str, out: &mut Repairs) {
    pieces(text, out);
    out.fixes.clear();
    fixes::find(text, &mut out.fixes);
}

/// The pieces alone, for a caller that reads the text as it is.
pub fn pieces(text: &str, out: &mut Repairs) {
    line::split(text, &mut out.lines, &mut out.word);
    joins::decide(&mut out.lines);
    joins::mark_headings(&mut out.lines);
    out.pieces.clear();
    for line in &out.lines {
        let kind = if line.embed {
            PieceKind::Embed
        } else if line.heading {
            PieceKind::Heading
        } else {
            PieceKind::Paragraph
        };
        match line.split {
            Some(at) => {
                out.pieces.push(Piece { span: Span::new(line.span.start, line.body_end), kind, join: line.join });
                out.pieces.push(Piece { span: Span::new(at, line.span.end), kind, join: Join::New });
            }
            None => out.pieces.push(Piece { span: line.span, kind, join: line.join }),
        }
    }
}
