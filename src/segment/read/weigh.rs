//! What speaks for and against a cut: how often clitics attach, how Arabic spells, how well words are known.

use crate::segment::clitic::{Enclitic, Proclitics};
use crate::segment::words::{NO_WORD, Trait, WordId, Words};

/// How much a difference in counts says: 1 would be odds, more is surer.
pub(super) const SHARPNESS: f32 = 1.4;
/// How much more often than its stem explains a word must be met to be taken for a word of its own.
pub(super) const TOLERANCE: f32 = 16.0;
/// The same for attached pronouns.
pub(super) const TOLERANCE_AFTER: f32 = 12.0;
/// How much more a name is a word of its own than its count says.
const NAME: f32 = 5.0;
/// How often careful texts leave out the hamza of an initial alef.
pub(super) const NO_HAMZA: f32 = 0.06;

/// The pronouns that end in a letter, with how often a noun or verb carries one.
pub(super) fn enclitics(last: char) -> &'static [(&'static str, Enclitic, f32)] {
    match last {
        'ه' => &[("ه", Enclitic::Hu, 0.03)],
        'ا' => &[
            ("ها", Enclitic::Ha, 0.03),
            ("هما", Enclitic::Huma, 0.001),
            ("كما", Enclitic::Kuma, 0.00005),
            ("نا", Enclitic::Na, 0.004),
        ],
        'م' => &[("هم", Enclitic::Hum, 0.01), ("كم", Enclitic::Kum, 0.0007)],
        'ن' => &[("هن", Enclitic::Hunna, 0.0005)],
        'ك' => &[("ك", Enclitic::Ka, 0.0005)],
        'ي' => &[("ي", Enclitic::Ya, 0.0003), ("ني", Enclitic::Ni, 0.001)],
        _ => &[],
    }
}

/// Words of two letters that pronouns attach to.
pub(super) const TAKES_PRONOUN: &[&str] =
    &["في", "من", "عن", "مع", "ان", "كل", "ضد", "يد", "دم", "حق", "رب", "ام", "سن"];
/// Short words that take a conjunction but no preposition.
pub(super) const NO_PREPOSITION: &[&str] =
    &["في", "من", "علي", "الي", "عن", "قد", "لم", "لن", "هل", "او", "ثم", "حتي", "اذا", "لو"];
/// Words whose last letter is ى and never ي.
pub(super) const ENDS_IN_MAQSURA: &[&str] = &["الي", "حتي"];
/// Words of two letters that clitics really attach to.
pub(super) const SHORT: &[&str] = &[
    "في", "من", "عن", "ما", "لا", "لم", "لن", "قد", "ان", "هو", "هي", "هم", "او", "اي", "بن", "كل", "ذا", "لو", "هل",
    "كم", "ثم", "مع", "اب", "اخ", "يد", "دم", "حق", "حي", "جو", "ال", "اذ", "ضد",
];

/// What the table knows of a key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub word: WordId,
    /// How often it is met; a word of the lexicon alone counts as one.
    count: f32,
    /// It is a name of four letters and more.
    pub name: bool,
}

impl Known {
    pub fn of(words: &Words, key: &str) -> Self {
        Self::word(words, words.get(key), key)
    }

    /// The same, where the number of the key is known.
    pub fn word(words: &Words, word: WordId, key: &str) -> Self {
        if word == NO_WORD {
            return Self { word, count: 0.0, name: false };
        }
        #[allow(clippy::cast_precision_loss, reason = "a frequency")]
        let count = words.count(word) as f32 + 1.0;
        let name = words.traits(word).any(Trait::GIVEN.with(Trait::FAMILY).with(Trait::NAME));
        Self { word, count, name: name && key.chars().nth(3).is_some() }
    }

    /// How much it is known as a word of its own.
    pub fn alone(&self) -> f32 {
        if self.name { NAME * self.count + 10.0 } else { self.count }
    }

    /// How much it is known as a word that pronouns attach to: names are none.
    pub fn owned(&self) -> f32 {
        if self.name { self.count * 0.1 } else { self.count }
    }
}

/// Whether `key` begins with an article before at least two letters.
pub(super) fn has_article(key: &str) -> bool {
    key.strip_prefix("ال").is_some_and(|rest| rest.chars().nth(1).is_some())
}

/// Whether a word may begin with an alef that has no hamza: the article, the derived verbs and their nouns, a few
/// old words.
pub(super) fn begins_without_hamza(key: &str) -> bool {
    let mut letters = key.chars().skip(1);
    let (second, third, more) = (letters.next(), letters.next(), letters.count());
    let derived = matches!((second, third), (Some('ن' | 'س'), _) | (_, Some('ت')))
        || matches!((second, third), (Some('ص' | 'ض'), Some('ط')) | (Some('ز'), Some('د')));
    // اليه is إليه, not an article.
    has_article(key) && (third != Some('ي') || more > 1)
        || (derived && more > 1)
        || (second == Some('ت') && more > 0)
        || ["ابن", "اسم", "اثن", "امرا", "الذ", "الت", "الل", "ادع"].iter().any(|start| key.starts_with(start))
}

/// How often the word `stem` carries the chain, to how often it is met without.
pub(super) fn rate(chain: Proclitics, article: bool) -> f32 {
    const WA: u8 = Proclitics::WA.0;
    const FA: u8 = Proclitics::FA.0;
    const BI: u8 = Proclitics::BI.0;
    const LI: u8 = Proclitics::LI.0;
    const KA: u8 = Proclitics::KA.0;
    const SA: u8 = Proclitics::SA.0;
    const A: u8 = Proclitics::HAMZA.0;
    const WA_BI: u8 = WA | BI;
    const WA_LI: u8 = WA | LI;
    const WA_KA: u8 = WA | KA;
    const WA_SA: u8 = WA | SA;
    const FA_SA: u8 = FA | SA;
    match (chain.0, article) {
        (WA, false) => 0.12,
        (WA, true) => 0.09,
        (FA, _) => 0.004,
        (BI, _) => 0.04,
        (LI, false) => 0.045,
        (LI, true) => 0.05,
        (KA, _) => 0.004,
        (SA, false) => 0.03,
        (A, false) => 0.0005,
        (WA_BI, _) => 0.003,
        (WA_LI, _) => 0.003,
        (WA_KA, _) => 0.0004,
        (WA_SA, false) => 0.006,
        (FA_SA, false) => 0.001,
        (SA, true) | (A, true) => 0.0,
        (other, true) if other & SA != 0 => 0.0,
        _ => 0.0003,
    }
}

/// The weight of a chain before a stem that the table does not have.
pub(super) fn rate_unknown(chain: Proclitics, article: bool, hamza: bool, rest: &str) -> f32 {
    let conjunction = chain.any(Proclitics::WA.with(Proclitics::FA));
    let more = if rest.chars().nth(3).is_some() { 1.0 } else { 0.2 };
    let vowel = rest.starts_with(['ا', 'ي', 'و']);
    more * match (chain, article) {
        (chain, true) if chain.any(Proclitics::WA.with(Proclitics::LI)) => 12.0,
        (Proclitics::FA | Proclitics::BI, true) => 4.0,
        (_, true) => 1.0,
        (Proclitics::WA, false) if hamza => 12.0,
        (Proclitics::BI | Proclitics::LI, false) if hamza => 3.0,
        (_, false) if hamza => 1.0,
        (Proclitics::WA, false) if vowel => 0.7,
        (Proclitics::WA, false) => 3.0,
        (Proclitics::BI | Proclitics::LI, false) => 0.25,
        (Proclitics::SA | Proclitics::HAMZA, false) => 0.02,
        (_, false) if conjunction => 0.1,
        _ => 0.05,
    }
}

/// The proclitic that a key may begin with, and the rest.
fn single_cut(key: &str) -> Option<(Proclitics, &str)> {
    let mut letters = key.chars();
    let chain = match letters.next()? {
        'و' => Proclitics::WA,
        'ف' => Proclitics::FA,
        'ب' => Proclitics::BI,
        'ل' => Proclitics::LI,
        'ك' => Proclitics::KA,
        'س' if letters.clone().next().is_some_and(|next| matches!(next, 'ي' | 'ت' | 'ن')) => Proclitics::SA,
        _ => return None,
    };
    Some((chain, letters.as_str()))
}

/// How often a key is met as a word of its own: its count without what a proclitic before another word explains.
pub(super) fn lexeme(words: &Words, key: &str, known: &Known, spare: &mut String) -> f32 {
    let count = known.alone();
    if count == 0.0 {
        return 0.0;
    }
    let Some((chain, rest)) = single_cut(key) else { return count };
    let article = has_article(rest);
    let mut other = rate(chain, article) * Known::of(words, rest).alone() * length_factor(rest);
    if chain == Proclitics::LI && rest.starts_with('ل') {
        spare.clear();
        spare.push('ا');
        spare.push_str(rest);
        other = other.max(rate(chain, true) * Known::of(words, spare).alone());
    }
    let (whole, cut) = (count.powf(SHARPNESS), (TOLERANCE * other).powf(SHARPNESS));
    count * whole / (whole + cut)
}

/// Two letters are seldom a stem.
pub(super) fn length_factor(stem: &str) -> f32 {
    match stem.chars().take(3).count() {
        0 | 1 => 0.0,
        2 if SHORT.contains(&stem) => 1.0,
        2 => 0.1,
        _ => 1.0,
    }
}

/// What a chain before a known, rare stem weighs.
pub(super) fn prior(chain: Proclitics) -> f32 {
    match chain {
        Proclitics::WA => 6.0,
        Proclitics::BI | Proclitics::LI => 2.0,
        Proclitics::FA | Proclitics::SA => 1.0,
        chain if chain == Proclitics::WA.with(Proclitics::BI) || chain == Proclitics::WA.with(Proclitics::LI) => 1.0,
        _ => 0.2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_without_hamza() {
        for key in ["الوزير", "الحق", "اليوم", "استقبل", "اجتماع", "انتخابات", "اتفق", "اتحاد", "ابن", "اضطراب"]
        {
            assert!(begins_without_hamza(key), "{key}");
        }
        for key in ["احمد", "اوباما", "ايران", "اليه", "اخر", "ادي", "ان"] {
            assert!(!begins_without_hamza(key), "{key}");
        }
    }

    #[test]
    fn rates_are_odds() {
        for chain in (0..128).map(Proclitics) {
            for article in [false, true] {
                assert!((0.0..0.5).contains(&rate(chain, article)));
            }
        }
    }
}
