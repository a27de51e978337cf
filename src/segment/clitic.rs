//! Readings of a word: proclitics, stem, enclitic, with the stem that justifies them.

use crate::base::{Span, Src};

use super::words::WordId;

/// A set of proclitics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Proclitics(pub u8);

impl Proclitics {
    /// None.
    pub const NONE: Self = Self(0);
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
    /// Whether any of `other` is in this set.
    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
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
///
/// A token's readings come the most probable first, and the whole word without clitics is always among them.
/// A matcher may accept any of them: [`probability`](Self::probability) tells how far to trust it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What is attached before.
    pub proclitics: Proclitics,
    /// What is attached after.
    pub enclitic: Option<Enclitic>,
    /// The stem begins with ال (also in لل…, where the source has lost its alef).
    pub article: bool,
    /// Bytes of [`Layout::keys`](super::Layout::keys): the folded stem, with ال where the reading has the article, and
    /// with the letter that it has when it stands alone (مدينتهم has the stem مدينه). Empty for a particle
    /// that hangs before a quote or a number (`لـ«`).
    pub stem: (u32, u32),
    /// The stem in the table of words, or [`NO_WORD`](super::NO_WORD).
    pub word: WordId,
    /// Bytes of the source: the word without its clitics. After لل it begins at the second ل.
    pub span: Span<Src>,
    /// The logarithm of the reading's probability among all readings of the word, in 1/256 of a bit: 0 is sure.
    pub score: i16,
}

impl Reading {
    /// How probable the reading is, out of context, from 0 to 1.
    pub fn probability(&self) -> f32 {
        (f32::from(self.score) / 256.0).exp2()
    }

    /// Whether nothing is attached to the stem.
    pub fn is_whole(&self) -> bool {
        self.proclitics.is_empty() && self.enclitic.is_none()
    }
}
