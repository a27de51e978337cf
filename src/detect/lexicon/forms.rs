//! From the written form of a name to the keys of its words, and to the other ways of writing it.

use std::collections::BTreeSet;

use crate::base::Label;
use crate::segment::{self, Layout, Token, TokenKind, Words};

/// At most so many spellings of one form.
const MOST: usize = 24;

/// Case forms of the words that begin a kunya or a patronymic.
const CASES: &[&[&str]] = &[&["ابو", "ابي", "ابا", "بو"], &["ابن", "بن"], &["ذو", "ذي"]];

/// The nominative of a word that begins a kunya or a patronymic: أبي is أبو, بن is ابن. بو counts where a person's
/// name begins.
pub fn nominative(word: &str, begins_person: bool) -> Option<&'static str> {
    let cases = CASES.iter().find(|cases| cases.contains(&word) && (word != "بو" || begins_person));
    cases.and_then(|cases| cases.first().copied())
}

/// Two spellings of a part of a word, as folded. With `whole` the part must be the whole word.
struct Pair {
    one: &'static str,
    other: &'static str,
    whole: bool,
}

const fn part(one: &'static str, other: &'static str) -> Pair {
    Pair { one, other, whole: false }
}

const PAIRS: &[Pair] = &[
    Pair { one: "سوريا", other: "سوريه", whole: true },
    Pair { one: "داود", other: "داوود", whole: true },
    Pair { one: "طه", other: "طاها", whole: true },
    part("امريك", "اميرك"),
    part("شيون", "شوون"),
    part("مسيول", "مسوول"),
    part("ديموقراط", "ديمقراط"),
    part("تليفزيون", "تلفزيون"),
    part("انجليز", "انكليز"),
    part("انجلترا", "انكلترا"),
    part("استراليا", "اوستراليا"),
    part("ميليشيا", "مليشيا"),
    part("كردستان", "كوردستان"),
    part("هييه", "هياه"),
];

/// Whether a token is a quotation mark or a bracket.
pub fn is_quote(mark: &str) -> bool {
    mark.chars().next().is_some_and(|c| "«»“”„‟\"'‘’‹›()[]{}".contains(c))
}

/// Whether a token is a hyphen or a dash.
pub fn is_hyphen(mark: &str) -> bool {
    matches!(mark, "-" | "‐" | "‑" | "‒" | "–" | "—" | "−" | "ـ")
}

/// The keys of a form's tokens, without quotes and hyphens.
pub fn keys(form: &str, layout: &mut Layout) -> Vec<String> {
    segment::segment(form, &Words::default(), layout);
    let kept = |token: &&Token| {
        let mark = token.span.slice(form);
        token.kind != TokenKind::Punct || !(is_quote(mark) || is_hyphen(mark))
    };
    layout.tokens.iter().filter(kept).map(|token| layout.key(token).to_owned()).collect()
}

/// All spellings of a form under a label, the form's own first.
pub fn spellings(form: &str, label: Label, layout: &mut Layout) -> Vec<Vec<String>> {
    let mut seen: BTreeSet<Vec<String>> = BTreeSet::new();
    let mut out: Vec<Vec<String>> = Vec::new();
    let mut add = |phrase: Vec<String>, out: &mut Vec<Vec<String>>| {
        if !phrase.is_empty() && out.len() < MOST && seen.insert(phrase.clone()) {
            out.push(phrase);
        }
    };
    add(keys(form, layout), &mut out);
    if form.contains(is_dash) {
        for replacement in [" ", ""] {
            add(keys(&form.replace(is_dash, replacement), layout), &mut out);
        }
    }
    let mut done = 0;
    while let Some(phrase) = out.get(done).cloned() {
        done += 1;
        for at in 0..phrase.len() {
            each_variant(&phrase, at, label, |with, taken| {
                let mut other = phrase[..at].to_vec();
                other.extend(with.iter().map(|word| (*word).to_owned()));
                other.extend_from_slice(&phrase[at + taken..]);
                add(other, &mut out);
            });
        }
    }
    out
}

fn is_dash(c: char) -> bool {
    is_hyphen(c.encode_utf8(&mut [0; 4]))
}

/// Call `emit` with what may stand for the words from `at` on, and how many words it replaces.
fn each_variant(phrase: &[String], at: usize, label: Label, mut emit: impl FnMut(&[&str], usize)) {
    let Some(word) = phrase.get(at).map(String::as_str) else { return };
    let next = phrase.get(at + 1).map(String::as_str);
    for cases in CASES {
        if cases.contains(&word) && next.is_some() && (word != "بو" || at == 0) {
            for case in cases.iter().filter(|case| **case != word) {
                emit(&[case], 1);
            }
        }
    }
    for pair in PAIRS {
        for (from, to) in [(pair.one, pair.other), (pair.other, pair.one)] {
            if pair.whole && word == from {
                emit(&[to], 1);
            } else if !pair.whole && word.contains(from) {
                emit(&[&word.replace(from, to)], 1);
            }
        }
    }
    if matches!(label, Label::NORP | Label::ORG)
        && word.starts_with("ال")
        && word.chars().count() >= 6
        && let Some(stem) = word.strip_suffix("ون")
    {
        emit(&[&format!("{stem}ين")], 1);
    }
    joined(word, next, label, emit);
}

/// عبد الله = عبدالله, نور الدين = نورالدين, أبو ظبي = أبوظبي.
fn joined(word: &str, next: Option<&str>, label: Label, mut emit: impl FnMut(&[&str], usize)) {
    if let Some(next) = next {
        let servant = word == "عبد" && next.starts_with("ال") && next.chars().count() > 3;
        let faith = matches!(next, "الله" | "الدين") && label == Label::PERS && word.chars().count() > 2;
        let kunya = word == "ابو" && label == Label::GPE;
        if servant || faith || kunya {
            emit(&[&format!("{word}{next}")], 2);
        }
    }
    if let Some(name) = word.strip_prefix("عبد").filter(|name| name.starts_with("ال") && name.chars().count() > 3)
    {
        emit(&["عبد", name], 1);
    } else if label == Label::PERS
        && let Some(name) = word.strip_suffix("الدين").filter(|name| name.chars().count() > 2)
    {
        emit(&[name, "الدين"], 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(form: &str, label: Label) -> Vec<String> {
        spellings(form, label, &mut Layout::default()).into_iter().map(|words| words.join(" ")).collect()
    }

    #[test]
    fn the_kunya_has_its_cases() {
        assert_eq!(all("أبو تمام", Label::PERS), ["ابو تمام", "ابي تمام", "ابا تمام", "بو تمام"]);
        assert!(all("أبو حيان", Label::GPE).contains(&"ابوحيان".to_owned()));
        assert_eq!(all("طارق بن زياد", Label::PERS).len(), 2);
    }

    #[test]
    fn joined_names_come_apart_and_together() {
        assert_eq!(all("عبد القادر", Label::PERS), ["عبد القادر", "عبدالقادر"]);
        assert_eq!(all("عبدالقادر", Label::PERS), ["عبدالقادر", "عبد القادر"]);
        assert!(all("علاءالدين", Label::PERS).contains(&"علاء الدين".to_owned()));
        assert_eq!(all("الدين", Label::PERS), ["الدين"]);
    }

    #[test]
    fn spellings_of_the_press() {
        assert_eq!(all("سورية", Label::GPE), ["سوريه", "سوريا"]);
        assert_eq!(all("البولنديون", Label::NORP), ["البولنديون", "البولنديين"]);
        assert_eq!(all("البولنديون", Label::PERS), ["البولنديون"]);
        assert!(all("الحزب الديمقراطي الأمريكي", Label::ORG).contains(&"الحزب الديموقراطي الاميركي".to_owned()));
        assert!(all("ميغ-29", Label::PRODUCT).contains(&"ميغ 29".to_owned()));
    }

    #[test]
    fn quotes_do_not_count() {
        assert_eq!(all("صحيفة «النهار»", Label::ORG), ["صحيفه النهار"]);
    }
}
