//! One analyzed document: immutable, shared, read through views.

use std::sync::Arc;

use crate::base::{CharIndex, CharSpan, Label, Span, Src};
use crate::detect::Detector;
use crate::segment::Layout;

/// A mention of an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Bytes of the source.
    pub span: Span<Src>,
    /// Its type.
    pub label: Label,
    /// How sure the analysis is, 0 to 1.
    pub score: f32,
    /// Who proposed it, and the detail of that (see [`Candidate`](crate::detect::Candidate)).
    pub source: (Detector, u32),
    /// The enclosing mention, as an index of [`Doc::mentions`].
    pub parent: Option<u32>,
    /// Its tokens, as a half-open range.
    pub tokens: (u32, u32),
}

/// A document: the source text, its units and its mentions.
#[derive(Clone, Debug)]
pub struct Doc(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    text: Box<str>,
    chars: CharIndex,
    layout: Layout,
    mentions: Vec<Mention>,
}

impl Doc {
    /// Assemble a document. Mentions come in the order of their spans, outer before inner.
    pub fn new(text: &str, layout: Layout, mentions: Vec<Mention>) -> Self {
        Self(Arc::new(Inner { text: text.into(), chars: CharIndex::new(text), layout, mentions }))
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
}
