//! One analyzed document: immutable, shared, read through views.

mod json;
mod meaning;
mod wording;

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use crate::base::{CharIndex, CharSpan, Label, LabelSet, Span, Src};
use crate::detect::lexicon::{Lexicon, UserLexicon};
use crate::resolve::Meaning;
use crate::script::normalize::{self, Normalizer, Whitespace};
use crate::segment::{BlockKind, Layout};

pub use crate::resolve::Mention;
pub use json::Json;
pub use wording::{Notes, Wording};

/// The standard form on one line.
static PLAIN: LazyLock<Normalizer> = LazyLock::new(|| {
    let (_, options) = normalize::Options::preset("standard").unwrap_or_default();
    Normalizer::new(normalize::Options { whitespace: Whitespace::Collapse, ..options })
});

/// A document: the source text, its units and its mentions.
#[derive(Clone, Debug)]
pub struct Doc(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    text: Box<str>,
    chars: CharIndex,
    layout: Layout,
    mentions: Vec<Mention>,
    meaning: Meaning,
    lexicon: Arc<Lexicon>,
    own: Arc<UserLexicon>,
    labels: Arc<LabelSet>,
}

impl BlockKind {
    /// The name that users see.
    pub fn name(self) -> &'static str {
        match self {
            BlockKind::Paragraph => "paragraph",
            BlockKind::Heading => "heading",
            BlockKind::Embed => "embed",
        }
    }
}

impl Doc {
    /// Assemble a document. Mentions come in the order of their spans, outer before inner; what they mean refers to
    /// entries of the bundled lexicon and of the user's `own`, their labels to `labels`.
    pub fn new(
        text: &str,
        layout: Layout,
        mentions: Vec<Mention>,
        meaning: Meaning,
        (lexicon, own): (Arc<Lexicon>, Arc<UserLexicon>),
        labels: Arc<LabelSet>,
    ) -> Self {
        let chars = CharIndex::new(text);
        Self(Arc::new(Inner { text: text.into(), chars, layout, mentions, meaning, lexicon, own, labels }))
    }
    /// Whether both were made with the same lexicons and labels, to which their mentions refer.
    pub(crate) fn is_kin(&self, other: &Self) -> bool {
        let (own, other) = (&self.0, &other.0);
        Arc::ptr_eq(&own.lexicon, &other.lexicon)
            && Arc::ptr_eq(&own.own, &other.own)
            && Arc::ptr_eq(&own.labels, &other.labels)
    }
    /// The labels that its mentions may have.
    pub fn labels(&self) -> &LabelSet {
        &self.0.labels
    }
    /// The name of a label.
    pub fn label(&self, label: Label) -> &str {
        self.0.labels.name(label)
    }
    /// The source, as given.
    pub fn text(&self) -> &str {
        &self.0.text
    }
    /// Blocks, sentences, tokens.
    pub fn layout(&self) -> &Layout {
        &self.0.layout
    }
    /// Mentions in order, outer before inner.
    pub fn mentions(&self) -> &[Mention] {
        &self.0.mentions
    }
    /// A span in code points.
    pub fn chars(&self, span: Span<Src>) -> CharSpan {
        self.0.chars.to_chars(&self.0.text, span)
    }
    /// The text of a mention.
    pub fn text_of(&self, mention: &Mention) -> &str {
        mention.span.slice(&self.0.text)
    }
    /// A part of the text without vowel marks, tatweel and line breaks, with the digits and letters of a plain keyboard.
    pub fn plain(&self, span: Span<Src>) -> Cow<'_, str> {
        PLAIN.normalize(span.slice(self.text()))
    }
}
