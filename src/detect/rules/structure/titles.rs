//! Titles and posts with their complements: وزير الخارجية الليبي, رئيس الوزراء, قائد الجيش.

use crate::base::Label;
use crate::detect::Candidate;
use crate::detect::rules::Rule;
use crate::segment::Trait;

use super::Cursor;

/// Words that may end a title.
const AFTER: &[&str] = &[
    "السابق",
    "السابقه",
    "الاسبق",
    "الحالي",
    "الحاليه",
    "الراحل",
    "الراحله",
    "المنتخب",
    "المخلوع",
    "الجديد",
    "الجديده",
    "العام",
    "العامه",
    "الاول",
    "المقال",
    "المستقيل",
    "الاعلي",
    "المكلف",
    "الموقت",
    "السابقين",
    "التنفيذي",
    "التنفيذيه",
];

/// Whether a title may begin at `at`.
pub fn may_begin(c: &Cursor<'_>, at: usize) -> bool {
    c.is_word(at) && c.is(at, Trait::TITLE)
}

/// Propose the title that begins at `at`.
pub fn at(c: &Cursor<'_>, at: usize, out: &mut Vec<Candidate>) {
    if !may_begin(c, at) {
        return;
    }
    let mut end = at + 1;
    let mut nation = false;
    if !c.article(at) {
        // A bare title needs a complement: words with ال, at most three.
        while end < at + 4 && c.definite(end) && !c.is(end, Trait::ADJ_NATION) && !AFTER.contains(&c.stem(end)) {
            end += 1;
        }
        if end == at + 1 {
            return;
        }
    }
    while end < at + 7 && c.is_word(end) && (c.nation(end) || AFTER.contains(&c.stem(end))) {
        nation |= c.nation(end);
        end += 1;
    }
    let before_name = c.name_like(end) && c.bare(end);
    let after_name = at > 0 && c.is(at - 1, Trait::GIVEN.with(Trait::FAMILY)) && !c.joined(at);
    let score = match (nation, before_name || after_name) {
        (true, true) => 0.9,
        (true, false) => 0.7,
        (false, true) => 0.8,
        (false, false) if !c.article(at) => 0.45,
        _ => return,
    };
    c.propose(at, end, Label::OCC, Rule::Title, score, out);
}
