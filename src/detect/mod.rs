//! Third floor: detectors propose candidates. None sees another's output, save that the tagger reads the
//! lexicon's and the rules' matches as features.

pub mod lexicon;
pub mod rules;
pub mod tagger;

use crate::base::{Label, Span, Src};
use crate::segment::{Layout, Words};

/// What a detector may see.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The source text.
    pub text: &'a str,
    /// Its units.
    pub layout: &'a Layout,
    /// The table of words.
    pub words: &'a Words,
}

/// Who proposed a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Detector {
    /// An entry of the bundled lexicon; `detail` is the entry.
    Lexicon,
    /// An entry of the user's own lexicon; `detail` is the entry.
    User,
    /// A rule; `detail` is its number in [`rules::NAMES`].
    Rule,
    /// The learned tagger; `detail` is the layer.
    Tagger,
    /// The document pass: a name seen elsewhere in the text; `detail` is the first token of the model mention.
    Document,
}

/// A proposed mention.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Bytes of the source.
    pub span: Span<Src>,
    /// Its type.
    pub label: Label,
    /// How sure the detector is, 0 to 1.
    pub score: f32,
    /// Who proposes it.
    pub detector: Detector,
    /// More about the evidence; its meaning depends on the detector.
    pub detail: u32,
    /// Its tokens, as a half-open range of [`Layout::tokens`]; the first may begin before the span, with a proclitic.
    pub tokens: (u32, u32),
    /// The form is also a common word or another thing's name: believe it only with evidence around it.
    pub ambiguous: bool,
}

/// Bit of [`Token::idle`](crate::segment::Token::idle): the word is no term, and no expression of terms begins with it.
const NO_TERM: u8 = 1;
/// Bit of `idle`: no rule of structure begins with the word.
const NO_START: u8 = 2;
/// Bit of `idle`: the word is too well known to be misspelt.
const NOT_MISSPELT: u8 = 4;
/// Bit of `idle`: the word is no family name.
const NO_FAMILY: u8 = 8;

/// What the detectors find in the last word of a layout: an answer to [`Idle`](crate::segment::Idle).
pub fn idle(view: &View<'_>) -> u8 {
    let unless = |found: bool, bit: u8| if found { 0 } else { bit };
    unless(rules::figures::may_begin(view), NO_TERM)
        | unless(rules::structure::may_begin(view), NO_START)
        | lexicon::idle(view)
}

/// Something that proposes candidates.
pub trait Detect {
    /// Append candidates to `out`, in any order.
    fn detect(&self, view: &View<'_>, out: &mut Vec<Candidate>);
}
