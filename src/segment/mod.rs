//! Second floor: blocks, sentences, tokens and their clitic readings, all as bytes of the source.

pub mod clitic;
mod memo;
mod read;
pub mod scan;
mod sentence;
mod token;
mod web;
pub mod words;

use crate::base::{Span, Src};
use crate::script::repair::Repairs;

pub use clitic::{Enclitic, Proclitics, Reading};
pub use words::{NO_WORD, Trait, WordId, Words};

/// What a block of the page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// Running text.
    Paragraph,
    /// A section heading or a title.
    Heading,
    /// A bare URL, photo credit or other insertion that is not part of the text.
    Embed,
}

/// A paragraph, heading or embed. It may run over line breaks that page repair takes for spurious.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Bytes of the source, without surrounding white space.
    pub span: Span<Src>,
    /// What it is.
    pub kind: BlockKind,
    /// Its sentences, as a range of [`Layout::sents`].
    pub sents: (u32, u32),
}

/// A sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Bytes of the source, without surrounding white space.
    pub span: Span<Src>,
    /// Its tokens, as a range of [`Layout::tokens`].
    pub tokens: (u32, u32),
    /// Its block.
    pub block: u32,
}

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Arabic letters.
    Word,
    /// Letters of another script, or mixed with digits (`F-16`, `إف16`).
    Foreign,
    /// A number with its separators.
    Number,
    /// One mark of punctuation, or a run of the same.
    Punct,
    /// A URL or bare domain.
    Url,
    /// An e-mail address.
    Email,
    /// `@name`.
    Handle,
    /// `#topic`.
    Hashtag,
}

/// A token with its key and its readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Bytes of the source.
    pub span: Span<Src>,
    /// What it is.
    pub kind: TokenKind,
    /// The whole key in the table of words, or [`NO_WORD`].
    pub word: WordId,
    /// Bytes of [`Layout::keys`]: the folded form.
    pub key: (u32, u32),
    /// Range of [`Layout::readings`], the best first; never empty for a word.
    pub readings: (u32, u32),
    /// White space (or the start of a block) stands before it.
    pub space_before: bool,
    /// A bit for each room above that finds nothing in the word, wherever it stands: see [`Idle`]. 0 where nobody was
    /// asked.
    pub idle: u8,
}

/// Asked once of each word, which is then the last token of the layout of a text: which rooms above find nothing in it.
/// The answer may depend on that token alone; the bits are those rooms' own.
pub type Idle = fn(text: &str, layout: &Layout, words: &Words) -> u8;

/// The units of one text. Reused from text to text: `clear` keeps the memory.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// Blocks in order.
    pub blocks: Vec<Block>,
    /// Sentences in order.
    pub sents: Vec<Sent>,
    /// Tokens in order.
    pub tokens: Vec<Token>,
    /// Readings of all tokens.
    pub readings: Vec<Reading>,
    /// Folded forms of all tokens.
    pub keys: String,
}

impl Layout {
    /// Forget the text, keep the memory.
    pub fn clear(&mut self) {
        self.blocks.clear();
        self.sents.clear();
        self.tokens.clear();
        self.readings.clear();
        self.keys.clear();
    }

    /// The folded form of a token.
    pub fn key(&self, token: &Token) -> &str {
        self.keys.get(token.key.0 as usize..token.key.1 as usize).unwrap_or("")
    }

    /// The readings of a token, the best first.
    pub fn readings(&self, token: &Token) -> &[Reading] {
        self.readings.get(token.readings.0 as usize..token.readings.1 as usize).unwrap_or(&[])
    }

    /// The most probable reading of a token; of a token that is no word, the whole.
    ///
    /// ```
    /// use marsad::segment::{Layout, Proclitics, Words, segment};
    /// let mut layout = Layout::default();
    /// segment("وبالمدينة", &Words::default(), &mut layout);
    /// let best = layout.best(&layout.tokens[0]);
    /// assert_eq!(best.proclitics, Proclitics::WA.with(Proclitics::BI));
    /// assert_eq!(layout.stem(&best), "المدينه");
    /// ```
    pub fn best(&self, token: &Token) -> Reading {
        let whole = Reading {
            proclitics: Proclitics::NONE,
            enclitic: None,
            article: false,
            stem: token.key,
            word: token.word,
            span: token.span,
            score: 0,
        };
        self.readings(token).first().copied().unwrap_or(whole)
    }

    /// The folded stem of a reading (with ال where the word has it).
    pub fn stem(&self, reading: &Reading) -> &str {
        self.keys.get(reading.stem.0 as usize..reading.stem.1 as usize).unwrap_or("")
    }

    /// The tokens of a sentence.
    pub fn tokens_of(&self, sent: &Sent) -> &[Token] {
        self.tokens.get(sent.tokens.0 as usize..sent.tokens.1 as usize).unwrap_or(&[])
    }
}

/// Cuts texts into units, and remembers the words that it has read: keep one a thread.
#[derive(Clone, Debug, Default)]
pub struct Segmenter {
    memo: memo::Memo,
    repairs: Repairs,
}

impl Segmenter {
    /// A segmenter that asks once of each word what the rooms above need not look at.
    pub fn asking(idle: Idle) -> Self {
        Self { memo: memo::Memo::asking(idle), ..Self::default() }
    }

    /// Cut a text into blocks, sentences, tokens and readings. The result does not depend on earlier texts.
    pub fn segment(&mut self, text: &str, words: &Words, out: &mut Layout) {
        out.clear();
        self.memo.serve(words);
        token::layout(text, &mut self.memo, &mut self.repairs, out);
    }
}

/// Cut one text into blocks, sentences, tokens and readings.
///
/// ```
/// use marsad::segment::{Layout, Words, segment};
/// let text = "وصل الوفد إلى سرت. ثم غادرها.";
/// let mut layout = Layout::default();
/// segment(text, &Words::default(), &mut layout);
/// assert_eq!(layout.sents[1].span.slice(text), "ثم غادرها.");
/// ```
pub fn segment(text: &str, words: &Words, out: &mut Layout) {
    Segmenter::default().segment(text, words, out);
}
