//! Fourth floor: one judgement over the candidates, then values, groups, links and quotations.
//!
//! Every function here is pure and orders its input totally first, so the result depends neither on threads nor on
//! the order in which detectors ran.

pub mod compose;
pub mod document;
pub mod groups;
pub mod homographs;
pub mod judge;
pub mod links;
pub mod meaning;
pub mod mention;
pub mod names;
pub mod overlap;
pub mod quotes;
pub mod relations;
pub mod values;

use crate::detect::{Candidate, View};

pub use meaning::Meaning;
pub use mention::{Mention, mentions};

/// Below this a candidate does not stand.
pub const LEAST: f32 = 0.5;

/// Bit of [`Token::idle`](crate::segment::Token::idle), after those of the detectors: the word brings in nothing that
/// somebody says.
const REPORTS_NOTHING: u8 = 16;
/// Bit of `idle`: the word is no noun that refers back.
const REFERS_TO_NOTHING: u8 = 32;

/// What resolution finds in the last word of a layout: an answer to [`Idle`](crate::segment::Idle).
pub fn idle(view: &View<'_>) -> u8 {
    let unless = |found: bool, bit: u8| if found { 0 } else { bit };
    unless(quotes::may_report(view), REPORTS_NOTHING) | unless(groups::may_refer(view), REFERS_TO_NOTHING)
}

/// All the candidates, with what names and titles that stand together and the document say of them.
pub fn gather(view: &View<'_>, candidates: &mut Vec<Candidate>) {
    candidates.retain(|candidate| !homographs::is_homograph(view, candidate));
    candidates.sort_by(overlap::order);
    compose::compose(view, candidates);
    document::spread(view, candidates);
    compose::titles(candidates);
}
