//! Readings of a word: proclitics, stem, enclitic, with the stem that justifies them.

use crate::base::{Span, Src};
use crate::script::source_offset;

use super::words::{NO_WORD, WordId, Words};
use super::{Layout, Token};

/// A set of proclitics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Proclitics(pub u8);

impl Proclitics {
    /// و, the conjunction.
    pub const WA: Self = Self(1);
    /// ف, the conjunction.
    pub const FA: Self = Self(2);
    /// ب, the preposition.
    pub const BI: Self = Self(4);
    /// ل, the preposition.
    pub const LI: Self = Self(8);
    /// ك, the preposition.
    pub const KA: Self = Self(16);
    /// س, the future particle.
    pub const SA: Self = Self(32);
    /// أ, the question particle.
    pub const HAMZA: Self = Self(64);

    /// Whether all of `other` is in this set.
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
    /// Both sets together.
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// An attached pronoun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Enclitic {
    /// ه
    Hu,
    /// ها
    Ha,
    /// هم
    Hum,
    /// هما
    Huma,
    /// هن
    Hunna,
    /// ك
    Ka,
    /// كم
    Kum,
    /// كما
    Kuma,
    /// ي
    Ya,
    /// ني
    Ni,
    /// نا
    Na,
}

/// One reading of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What is attached before.
    pub proclitics: Proclitics,
    /// What is attached after.
    pub enclitic: Option<Enclitic>,
    /// The stem begins with ال (also in لل…, where the source has lost its alef).
    pub article: bool,
    /// Bytes of [`Layout::keys`]: the folded stem, with ال where the reading has the article.
    pub stem: (u32, u32),
    /// The stem in the table of words, or [`NO_WORD`].
    pub word: WordId,
    /// Bytes of the source: the word without its clitics. After لل it begins at the second ل.
    pub span: Span<Src>,
    /// How well the stem justifies the reading, in log2 of its frequency; the first reading has the highest.
    pub score: i16,
}

/// The readings of the last token of `out`, appended to `out.readings`.
pub fn read(text: &str, words: &Words, out: &mut Layout, token: &mut Token) {
    let first = u32::try_from(out.readings.len()).unwrap_or(u32::MAX);
    let whole = Reading {
        proclitics: Proclitics::default(),
        enclitic: None,
        article: out.key(token).starts_with("ال"),
        stem: token.key,
        word: token.word,
        span: token.span,
        score: 0,
    };
    // A first version: one conjunction or preposition before a stem that is more frequent than the whole.
    let key = out.key(token).to_owned();
    let count = |w: WordId| words.count(w);
    let surface = token.span.slice(text);
    let mut best = whole;
    for (letter, proclitic) in [
        ('و', Proclitics::WA),
        ('ف', Proclitics::FA),
        ('ب', Proclitics::BI),
        ('ل', Proclitics::LI),
        ('ك', Proclitics::KA),
    ] {
        if let Some(rest) = key.strip_prefix(letter) {
            let id = words.get(rest);
            if rest.chars().count() >= 3 && id != NO_WORD && count(id) > count(token.word).max(1) {
                let cut = u32::try_from(key.len() - rest.len()).unwrap_or(0);
                let at = u32::try_from(source_offset(surface, cut as usize)).unwrap_or(0);
                best = Reading {
                    proclitics: proclitic,
                    article: rest.starts_with("ال"),
                    stem: (token.key.0 + cut, token.key.1),
                    word: id,
                    span: Span::new(token.span.start + at, token.span.end),
                    ..whole
                };
            }
        }
    }
    out.readings.push(best);
    if best != whole {
        out.readings.push(whole);
    }
    token.readings = (first, u32::try_from(out.readings.len()).unwrap_or(u32::MAX));
}
