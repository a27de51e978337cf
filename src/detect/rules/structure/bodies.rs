//! Bodies, events, lands and peoples that a nationality names: الجيش الليبي, الثورة السورية, الشمال السوري.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::base::Label;
use crate::detect::Candidate;
use crate::detect::rules::Rule;
use crate::segment::TokenKind;

use super::Cursor;

/// Folded nouns with ال that a nationality turns into a name of the label.
const NOUNS: &[(Label, &[&str])] = &[
    (
        Label::ORG,
        &[
            "الجيش",
            "القوات",
            "الحكومه",
            "البرلمان",
            "الشرطه",
            "السلطات",
            "الخارجيه",
            "الداخليه",
            "الدفاع",
            "الرياسه",
            "الحرس",
            "المخابرات",
            "الاستخبارات",
            "المحكمه",
            "البنك",
            "المصرف",
            "السفاره",
            "القنصليه",
            "الاتحاد",
            "المنتخب",
            "الجامعه",
            "الهلال",
            "الصليب",
            "المجلس",
            "النيابه",
            "القضاء",
            "البحريه",
            "الخزانه",
            "الوزاره",
            "الاداره",
            "الهييه",
            "اللجنه",
            "الجمعيه",
            "النقابه",
            "الكنيسه",
            "المعارضه",
            "الايتلاف",
        ],
    ),
    (
        Label::EVENT,
        &[
            "الثوره",
            "الحرب",
            "الازمه",
            "الانتخابات",
            "الانتفاضه",
            "الربيع",
            "الغزو",
            "الحمله",
            "النزاع",
            "الصراع",
            "الانقلاب",
            "الحوار",
            "القمه",
        ],
    ),
    (
        Label::LOC,
        &[
            "الشمال",
            "الجنوب",
            "الشرق",
            "الغرب",
            "الوسط",
            "الساحل",
            "الحدود",
            "الاراضي",
            "السواحل",
            "الصحراء",
            "الريف",
            "القاره",
            "الجولان",
            "الشواطي",
            "المياه",
            "الاجواء",
        ],
    ),
    (Label::NORP, &["الشعب", "الطايفه", "الجاليه", "القبايل"]),
    (Label::LAW, &["الدستور", "القانون", "الاتفاق"]),
];

/// The label of each of [`NOUNS`].
static LABELS: LazyLock<FxHashMap<&str, Label>> =
    LazyLock::new(|| NOUNS.iter().flat_map(|(label, nouns)| nouns.iter().map(|noun| (*noun, *label))).collect());

/// Adjectives that may stand between the noun and its nationality: القوات المسلحة المصرية.
const BETWEEN: &[&str] = &[
    "المسلحه",
    "الخاصه",
    "الجويه",
    "البريه",
    "البحريه",
    "المركزي",
    "المركزيه",
    "الوطني",
    "الوطنيه",
    "الثوري",
    "العام",
    "العامه",
    "العسكريه",
    "العسكري",
    "الاهليه",
    "الرياسيه",
    "البرلمانيه",
    "التشريعيه",
    "الاسلاميه",
    "الشعبي",
    "الشعبيه",
    "الاعلي",
    "الاتحادي",
    "الاتحاديه",
    "الملكي",
    "الملكيه",
    "الامنيه",
    "الغربي",
    "الشرقي",
    "الشمالي",
    "الجنوبي",
    "الاحمر",
    "الكبري",
    "الاولي",
    "الثانيه",
];

/// What a noun of [`NOUNS`] at `at` makes of its nationality.
fn label(c: &Cursor<'_>, at: usize) -> Option<Label> {
    if c.is_word(at) && c.article(at) { LABELS.get(c.stem(at)).copied() } else { None }
}

/// Whether a noun of [`NOUNS`] or a bracket stands at `at`.
pub fn may_begin(c: &Cursor<'_>, at: usize) -> bool {
    c.key(at) == "(" || label(c, at).is_some()
}

/// Propose what begins with a noun of [`NOUNS`] at `at`, or a bracketed acronym.
pub fn at(c: &Cursor<'_>, at: usize, out: &mut Vec<Candidate>) {
    acronym(c, at, out);
    let Some(label) = label(c, at) else { return };
    let mut next = at + 1;
    while next < at + 3 && c.definite(next) && BETWEEN.contains(&c.stem(next)) {
        next += 1;
    }
    if c.nation(next) {
        let mut end = next + 1;
        // الحرب العراقية الإيرانية, الحدود التونسية الليبية
        if c.nation(end) {
            end += 1;
        }
        let score = match label {
            Label::LAW | Label::EVENT => 0.6,
            _ => 0.75,
        };
        c.propose(at, end, label, Rule::BodyOfNation, score, out);
    }
}

/// Names of Latin letters as Arabic spells them: سي آي إيه.
const LETTERS: &[&str] = &[
    "اي",
    "ايه",
    "بي",
    "سي",
    "دي",
    "اي",
    "اف",
    "جي",
    "اتش",
    "اي",
    "جيه",
    "كيه",
    "كي",
    "ال",
    "ام",
    "ان",
    "او",
    "بيه",
    "كيو",
    "ار",
    "اس",
    "تي",
    "يو",
    "في",
    "دبليو",
    "اكس",
    "واي",
    "زد",
    "ايتش",
    "سيه",
];

/// An acronym alone in brackets after a name.
fn acronym(c: &Cursor<'_>, at: usize, out: &mut Vec<Candidate>) {
    if c.key(at) != "(" {
        return;
    }
    let Some(close) = (at + 2..at + 8).find(|&i| c.key(i) == ")") else { return };
    let inside = at + 1..close;
    let latin = close == at + 2
        && c.token(at + 1).is_some_and(|t| {
            t.kind == TokenKind::Foreign
                && t.span.slice(c.view.text).chars().filter(char::is_ascii_uppercase).count() >= 2
        });
    let spelt = inside.len() >= 2 && inside.clone().all(|i| LETTERS.contains(&c.key(i)));
    if (latin || spelt) && at > 0 && c.is_word(at - 1) {
        c.propose(at + 1, close, Label::ORG, Rule::Acronym, 0.7, out);
    }
}
