//! Common words that are written like names, in the phrases that give them away: مسقط رأسه, صلاة المغرب.

use crate::base::Label;
use crate::detect::{Candidate, View};
use crate::segment::Token;

/// A word that is no name of the label between some neighbors, all folded. An empty list lets any neighbor pass.
struct Homograph {
    word: &'static str,
    label: Label,
    before: &'static [&'static str],
    after: &'static [&'static str],
}

const fn place(word: &'static str, before: &'static [&'static str], after: &'static [&'static str]) -> Homograph {
    Homograph { word, label: Label::GPE, before, after }
}

const HOMOGRAPHS: &[Homograph] = &[
    // Birthplace.
    place("مسقط", &[], &["راس"]),
    // The prayer at sunset.
    place("المغرب", &["صلاه", "صلاتي", "صلوات", "اذان", "فريضه"], &[]),
    // He insists on something.
    place("مصر", &["هو", "انه", "بانه", "لانه", "لكنه", "انني", "اني", "انك"], &["علي"]),
    // A diameter.
    place("قطر", &["نصف"], &[]),
    place("قطر", &[], &["الدايره", "دايره", "الكره", "الانبوب", "القرص", "الثقب", "الفوهه", "الحفره"]),
    // A year, and the way of the Prophet.
    Homograph {
        word: "السنه",
        label: Label::NORP,
        before: &[],
        after: &[
            "الدراسيه",
            "الماليه",
            "الهجريه",
            "الميلاديه",
            "الجديده",
            "الجاريه",
            "الحاليه",
            "الماضيه",
            "المنصرمه",
            "الفارطه",
            "المقبله",
            "القادمه",
            "الاولي",
            "الثانيه",
            "الثالثه",
            "الرابعه",
            "الخامسه",
            "السادسه",
            "الاخيره",
            "النبويه",
            "المطهره",
            "الكبيسه",
            "الشمسيه",
            "القمريه",
            "الامازيغيه",
            "التشريعيه",
        ],
    },
    // The first letters of a name.
    Homograph { word: "الاولي", label: Label::ORDINAL, before: &["الاحرف", "الحروف"], after: &[] },
    // Good will, good luck, good neighbors.
    Homograph {
        word: "حسن",
        label: Label::PERS,
        before: &[],
        after: &[
            "نيه",
            "النيه",
            "النوايا",
            "حظ",
            "الحظ",
            "الجوار",
            "سلوك",
            "السلوك",
            "سير",
            "السير",
            "الضيافه",
            "التصرف",
            "استقبال",
            "الاستقبال",
            "تدبير",
            "التدبير",
            "اداره",
            "الاداره",
            "اختيار",
            "الاختيار",
            "الخاتمه",
            "الظن",
        ],
    },
];

fn is_one_of(view: &View<'_>, token: Option<&Token>, words: &[&str]) -> bool {
    let Some(token) = token.filter(|_| !words.is_empty()) else { return words.is_empty() };
    let stems = view.layout.readings(token).iter().map(|reading| view.layout.stem(reading));
    stems.chain([view.layout.key(token)]).any(|word| words.contains(&word))
}

/// Whether the first word of a candidate is no name where it stands.
pub fn is_homograph(view: &View<'_>, candidate: &Candidate) -> bool {
    let mut rows = HOMOGRAPHS.iter().filter(|row| row.label == candidate.label).peekable();
    if rows.peek().is_none() {
        return false;
    }
    let token = |at: Option<u32>| at.and_then(|at| view.layout.tokens.get(at as usize));
    let Some(first) = token(Some(candidate.tokens.0)) else { return false };
    let own = view.layout.readings(first).iter().find(|reading| reading.span.start == candidate.span.start);
    let Some(stem) = own.map(|reading| view.layout.stem(reading)) else { return false };
    rows.any(|row| {
        row.word == stem
            && is_one_of(view, token(candidate.tokens.0.checked_sub(1)), row.before)
            && is_one_of(view, token(candidate.tokens.0.checked_add(1)), row.after)
    })
}
