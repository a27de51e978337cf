//! Addresses: URLs, e-mail, handles. The tokenizer knows them; here they become candidates.

use crate::base::Label;
use crate::detect::{Candidate, Detector, View};
use crate::segment::TokenKind;

use super::Rule;

/// Append a candidate for each address.
pub fn detect(view: &View<'_>, out: &mut Vec<Candidate>) {
    for (i, token) in (0u32..).zip(&view.layout.tokens) {
        if matches!(token.kind, TokenKind::Url | TokenKind::Email | TokenKind::Handle) {
            out.push(Candidate {
                span: token.span,
                label: Label::WEBSITE,
                score: 0.99,
                detector: Detector::Rule,
                detail: Rule::Address as u32,
                tokens: (i, i + 1),
                ambiguous: false,
            });
        }
    }
}
