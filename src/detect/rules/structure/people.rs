//! Persons: kunya, nasab and nisba chains, a title before a name, several names in a row.

use crate::base::Label;
use crate::detect::Candidate;
use crate::detect::rules::Rule;
use crate::segment::Trait;

use super::Cursor;

const KUNYA: &[&str] = &["ابو", "ابي", "ابا", "بو", "ام"];
const NASAB: &[&str] = &["بن", "ابن", "بنت", "ولد", "اغ", "ال"];

/// Propose every maximal chain of name words in the sentence.
pub fn chains(c: &Cursor<'_>, out: &mut Vec<Candidate>) {
    let mut at = 0;
    while at < c.len() {
        let end = if c.is_idle(at) { at } else { chain(c, at) };
        if end > at {
            judge(c, at, end, out);
        }
        at = end.max(at + 1);
    }
}

/// Whether a chain may begin at `at`.
pub fn may_begin(c: &Cursor<'_>, at: usize) -> bool {
    is_kunya(c, at) || is_son(c, at) || c.name_like(at)
}

/// The son of somebody who is not named.
fn is_son(c: &Cursor<'_>, at: usize) -> bool {
    matches!(c.stem(at), "ابن" | "بن")
}

fn is_kunya(c: &Cursor<'_>, at: usize) -> bool {
    c.is_word(at) && KUNYA.contains(&c.stem(at))
}

/// The end of the chain that begins at `at`; `at` when none does.
fn chain(c: &Cursor<'_>, at: usize) -> usize {
    let mut end = at;
    loop {
        let first = end == at;
        if !first && !c.bare(end) {
            break;
        }
        if is_kunya(c, end) || (!first && NASAB.contains(&c.stem(end))) || (first && is_son(c, end)) {
            if !c.is_word(end + 1) || !c.bare(end + 1) || c.is(end + 1, Trait::STOP) {
                break;
            }
            end += 2;
        } else if c.name_like(end)
            || (!first && c.article(end) && c.is(end, Trait::FAMILY))
            || (!first
                && c.article(end)
                && nisba(c.stem(end))
                && c.count(end) < 2000
                && !c.is(end, Trait::ADJ_NATION)
                && end - at >= 2)
        {
            end += 1;
        } else {
            break;
        }
        if end - at >= 7 {
            break;
        }
    }
    end
}

/// A nisba: ال … ي.
fn nisba(stem: &str) -> bool {
    stem.starts_with("ال") && stem.ends_with('ي') && stem.chars().count() >= 6
}

fn judge(c: &Cursor<'_>, at: usize, end: usize, out: &mut Vec<Candidate>) {
    let listed = |i: usize| c.is(i, Trait::GIVEN.with(Trait::FAMILY));
    let given = c.is(at, Trait::GIVEN);
    let kunya = is_kunya(c, at);
    let known = (at..end).filter(|&i| listed(i)).count();
    let titled = at > 0 && c.is(at - 1, Trait::TITLE) || at > 1 && c.nation(at - 1) && c.is(at - 2, Trait::TITLE);
    let spoke = at > 0 && c.is(at - 1, Trait::SPEECH);
    let long = end - at >= 2;
    let (rule, score) = match () {
        () if kunya && long => (Rule::Kunya, 0.7),
        () if given && long && known >= 2 => (Rule::NameChain, 0.85),
        () if titled && given => (Rule::TitledName, 0.85),
        () if titled && long => (Rule::TitledName, 0.75),
        () if given && long => (Rule::NameChain, 0.7),
        () if titled && known > 0 => (Rule::TitledName, 0.65),
        () if long && known > 0 && spoke => (Rule::NameChain, 0.6),
        () => return,
    };
    c.propose(at, end, Label::PERS, rule, score, out);
}
