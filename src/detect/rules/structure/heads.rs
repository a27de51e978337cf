//! A kind noun and the name that follows it.

use crate::base::Label;
use crate::detect::Candidate;
use crate::detect::rules::Rule;
use crate::segment::Trait;

use super::Cursor;

/// First words of names that need a second: تل أبيض, عين العرب, بني وليد.
const COMPOUND: &[&str] = &[
    "تل",
    "عين",
    "ابو",
    "ابي",
    "بني",
    "بن",
    "ابن",
    "دير",
    "راس",
    "خان",
    "بيت",
    "كفر",
    "جبل",
    "شرم",
    "عبد",
    "ام",
    "سيدي",
    "اولاد",
    "وادي",
    "باب",
    "برج",
    "جسر",
    "حي",
    "خميس",
    "دار",
    "ذي",
    "رام",
    "سان",
    "سانت",
    "سيف",
    "طور",
    "عزبه",
    "قصر",
    "كفر",
    "مرسي",
    "معره",
    "مجدل",
    "نهر",
    "نيو",
    "ال",
    "بير",
    "حمام",
    "حاسي",
    "قلعه",
    "كوم",
    "مرج",
    "واد",
    "لا",
    "لوس",
    "كيب",
    "بورت",
];

/// Kind nouns and what they make of a name.
const KINDS: [(Trait, Label); 7] = [
    (Trait::ORG_HEAD, Label::ORG),
    (Trait::GPE_HEAD, Label::GPE),
    (Trait::FAC_HEAD, Label::FAC),
    (Trait::LOC_HEAD, Label::LOC),
    (Trait::EVENT_HEAD, Label::EVENT),
    (Trait::LAW_HEAD, Label::LAW),
    (Trait::PRODUCT_HEAD, Label::PRODUCT),
];

/// Whether a kind noun stands at `at`.
pub fn may_begin(c: &Cursor<'_>, at: usize) -> bool {
    let traits = c.traits(at);
    c.is_word(at) && !c.article(at) && KINDS.iter().any(|(head, _)| traits.any(*head))
}

/// Propose what a kind noun at `at` governs.
pub fn at(c: &Cursor<'_>, at: usize, out: &mut Vec<Candidate>) {
    if !may_begin(c, at) {
        return;
    }
    let traits = c.traits(at);
    for (head, label) in KINDS {
        if !traits.any(head) {
            continue;
        }
        if let Some(end) = c.quoted(at + 1, 5) {
            let score = if label == Label::PRODUCT { 0.5 } else { 0.9 };
            c.propose(at, end, label, Rule::HeadQuoted, score, out);
        } else if let Some((end, score)) = govern(c, at, label) {
            c.propose(at, end, label, Rule::HeadName, score, out);
        }
    }
}

/// How far a name reaches after its kind noun, and how sure that is.
fn govern(c: &Cursor<'_>, at: usize, label: Label) -> Option<(usize, f32)> {
    let next = at + 1;
    if !c.bare(next) {
        return None;
    }
    match label {
        Label::GPE | Label::FAC | Label::LOC => {
            place(c, next).map(|end| (end, if label == Label::LOC { 0.6 } else { 0.75 }))
        }
        Label::ORG => body(c, at),
        Label::EVENT | Label::LAW => (c.name_like(next) && c.count(next) < 100).then_some((next + 1, 0.4)),
        _ => None,
    }
}

/// The end of a place name that begins at `at`.
fn place(c: &Cursor<'_>, at: usize) -> Option<usize> {
    if COMPOUND.contains(&c.stem(at)) && c.is_word(at + 1) && c.bare(at + 1) && !c.is(at + 1, Trait::STOP) {
        return Some(at + 2);
    }
    c.name_like(at).then_some(at + 1)
}

/// A body's name: its kind noun, then words with ال, then at most one nationality; or one rare word.
fn body(c: &Cursor<'_>, at: usize) -> Option<(usize, f32)> {
    let next = at + 1;
    if c.definite(next) {
        let mut end = next + 1;
        let ministry = c.stem(at) == "وزاره";
        while end < at + 6 {
            let joined = ministry && c.joined(end) && c.article(end);
            if !(c.definite(end) || joined) || c.is(end, Trait::SPEECH) {
                break;
            }
            end += 1;
            if c.nation(end - 1) {
                break;
            }
        }
        return Some((end, if ministry { 0.85 } else { 0.55 }));
    }
    (c.name_like(next) && c.count(next) < 100).then_some((next + 1, 0.5))
}
