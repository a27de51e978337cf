//! Names for readers of English: Muammar al-Qadhafi, not mEmr Alq*Afy.
//!
//! Names of the lexicon's lists have the spelling that the press gives them. Others get their long vowels from the
//! letters and their short ones, which Arabic does not write, by rule.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::hash64;
use crate::script::{CharClass, class_of, fold_into, fold_to_string};

/// The lists of names: a header, then label, name, aliases and Latin form.
const LISTS: [&str; 2] =
    [include_str!("../../../data/lexicon/family_names.tsv"), include_str!("../../../data/lexicon/given_names.tsv")];

/// Words that the lists do not have, folded.
const WORDS: &[(&str, &str)] = &[
    ("بن", "bin"),
    ("ابن", "Ibn"),
    ("بنت", "bint"),
    ("ابو", "Abu"),
    ("ابي", "Abu"),
    ("ابا", "Abu"),
    ("بو", "Bu"),
    ("ام", "Umm"),
    ("ال", "Al"),
    ("الله", "Allah"),
    ("الدين", "al-Din"),
    ("عبد", "Abd"),
    ("ذو", "Dhu"),
    ("و", "wa"),
    ("في", "fi"),
    ("من", "min"),
    ("دو", "de"),
    ("دي", "de"),
    ("فون", "von"),
    ("فان", "van"),
];

static NAMES: LazyLock<FxHashMap<String, &'static str>> = LazyLock::new(|| {
    let mut names = FxHashMap::default();
    for row in LISTS.iter().flat_map(|list| list.lines()).filter(|row| !row.starts_with('#')) {
        let mut cells = row.split('\t').skip(1);
        let (name, aliases, latin) = (cells.next(), cells.next(), cells.next());
        let (Some(name), Some(latin)) = (name, latin.filter(|latin| !latin.is_empty())) else { continue };
        for form in std::iter::once(name).chain(aliases.unwrap_or("").split('|')) {
            let form = form.trim_end_matches('?').trim();
            if !form.is_empty() {
                // The canonical name of a row beats the alias of another; given names come last and win.
                names.insert(fold_to_string(form), latin);
            }
        }
    }
    names.extend(WORDS.iter().map(|(word, latin)| ((*word).to_owned(), *latin)));
    names
});

/// A bit for each of some words by its hash, which turns most other words away.
struct Sieve(Box<[u64]>);

impl Sieve {
    /// Of 64 times `size` bits, a power of two.
    fn new<'w>(size: usize, words: impl Iterator<Item = &'w str>) -> Self {
        let mut sieve = Self(vec![0; size].into_boxed_slice());
        for word in words {
            let (at, bit) = sieve.place(word);
            sieve.0[at] |= bit;
        }
        sieve
    }

    fn place(&self, word: &str) -> (usize, u64) {
        let hash = hash64(word.as_bytes(), 0);
        #[allow(clippy::cast_possible_truncation, reason = "a place among the bits")]
        let at = (hash >> 6) as usize & (self.0.len() - 1);
        (at, 1 << (hash & 63))
    }

    fn passes(&self, word: &str) -> bool {
        let (at, bit) = self.place(word);
        self.0[at] & bit != 0
    }
}

static NAME_SIEVE: LazyLock<Sieve> = LazyLock::new(|| Sieve::new(1 << 12, NAMES.keys().map(String::as_str)));

/// The Latin form that the lists have for a name, folded.
fn listed(name: &str) -> Option<&'static str> {
    if NAME_SIEVE.passes(name) { NAMES.get(name).copied() } else { None }
}

/// What a letter sounds like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sound {
    Consonant(&'static str),
    Vowel(&'static str),
}

fn is_arabic(c: char) -> bool {
    matches!(class_of(c), CharClass::Arabic | CharClass::Mark)
}

/// The first words of names of two words, folded: عبد.
static BEGINNINGS: LazyLock<(Sieve, FxHashSet<&'static str>)> = LazyLock::new(|| {
    let first = |name: &'static String| name.split_once(' ').map(|(first, _)| first);
    let words: FxHashSet<&'static str> = NAMES.keys().filter_map(first).collect();
    (Sieve::new(1 << 6, words.iter().copied()), words)
});

/// Memory for words one after another.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    key: String,
    letters: Vec<char>,
    sounds: Vec<Sound>,
}

impl Words {
    /// Turn to an Arabic word.
    pub fn read(&mut self, word: &str) {
        self.key.clear();
        fold_into(word, &mut self.key);
    }

    /// Whether a name of two words may begin with it.
    pub fn begins(&self) -> bool {
        let (sieve, words) = &*BEGINNINGS;
        sieve.passes(&self.key) && words.contains(self.key.as_str())
    }

    /// The name that it makes with the word after it: عبد الرحمن is one name.
    pub fn pair(&mut self, two: &str) -> Option<&'static str> {
        let length = self.key.len();
        self.key.push(' ');
        fold_into(two, &mut self.key);
        let name = listed(&self.key);
        self.key.truncate(length);
        name
    }

    /// Append it by itself.
    pub fn write(&mut self, word: &str, out: &mut String) {
        match listed(&self.key) {
            Some(name) => out.push_str(name),
            None => one_word(word, &self.key, (&mut self.letters, &mut self.sounds), out),
        }
    }
}

/// A readable form of a text; what is not Arabic stays.
pub(super) fn romanize(text: &str, out: &mut String) {
    let mut rest = text;
    let mut words = Words::default();
    while let Some((arabic, word, after)) = part(rest) {
        rest = after;
        if !arabic {
            out.extend(word.chars().map(plain));
            continue;
        }
        words.read(word);
        if words.begins()
            && let Some((_, two, after)) = after.strip_prefix(' ').and_then(part)
            && let Some(name) = words.pair(two)
        {
            out.push_str(name);
            rest = after;
            continue;
        }
        words.write(word, out);
    }
}

/// What a text begins with, whether that is Arabic, and the rest: a run of Arabic letters with their marks, a space, a run
/// of other ASCII characters, or one other character.
pub(super) fn part(text: &str) -> Option<(bool, &str, &str)> {
    let bytes = text.as_bytes();
    let letters = plain_letters(bytes);
    let (arabic, end) = match bytes.get(letters) {
        None if letters == 0 => return None,
        Some(b' ') if letters == 0 => (false, 1),
        Some(0..=0x7F) if letters == 0 => {
            (false, bytes.iter().position(|byte| !byte.is_ascii() || *byte == b' ').unwrap_or(bytes.len()))
        }
        None | Some(0..=0x7F) => (true, letters),
        Some(_) => {
            let rest = text.get(letters..)?;
            let first = rest.chars().next()?;
            if letters > 0 || is_arabic(first) {
                (true, letters + rest.find(|c| !is_arabic(c)).unwrap_or(rest.len()))
            } else {
                (false, first.len_utf8())
            }
        }
    };
    let (first, rest) = text.split_at_checked(end)?;
    Some((arabic, first, rest))
}

/// Bytes of the plain letters that a text begins with: from hamza to ghain, from feh to yeh.
fn plain_letters(text: &[u8]) -> usize {
    let (letters, _) = text.as_chunks::<2>();
    2 * letters.iter().take_while(|letter| matches!(letter, [0xD8, 0xA1..=0xBA] | [0xD9, 0x81..=0x8A])).count()
}

/// Arabic punctuation and digits as Latin ones.
pub(super) fn plain(c: char) -> char {
    match c {
        '،' => ',',
        '؛' => ';',
        '؟' => '?',
        '٪' => '%',
        '٫' => '.',
        '٬' => ',',
        '\u{660}'..='\u{669}' => char::from_digit(u32::from(c) - 0x660, 10).unwrap_or(c),
        '\u{6F0}'..='\u{6F9}' => char::from_digit(u32::from(c) - 0x6F0, 10).unwrap_or(c),
        _ => c,
    }
}

/// A word that no list has.
fn one_word(word: &str, key: &str, (letters, sounds): (&mut Vec<char>, &mut Vec<Sound>), out: &mut String) {
    let article = key.starts_with("ال") && key.chars().count() > 3;
    if article {
        out.push_str("al-");
        if let Some(name) = key.get("ال".len()..).and_then(listed) {
            out.push_str(name.strip_prefix("al-").unwrap_or(name));
            return;
        }
    }
    letters.clear();
    letters.extend(word.chars().filter(|c| class_of(*c) == CharClass::Arabic || is_vowel_mark(*c)));
    let skip = if article { letters.iter().position(|c| *c == 'ل').map_or(0, |at| at + 1) } else { 0 };
    let letters = letters.get(skip..).unwrap_or(&[]);
    let from = out.len();
    if letters.iter().any(|c| is_vowel_mark(*c)) {
        out.push_str(&vocalized(letters));
    } else {
        bare(letters, sounds);
        with_vowels(sounds, out);
    }
    let made = out.get(from..).unwrap_or("");
    if let Some(first) = made.find(|c: char| c.is_ascii_alphabetic()).map(|at| from + at)
        && let Some(first) = out.get_mut(first..=first)
    {
        first.make_ascii_uppercase();
    }
}

fn is_vowel_mark(c: char) -> bool {
    matches!(c, '\u{64B}'..='\u{652}' | '\u{670}')
}

fn consonant(c: char) -> Option<&'static str> {
    Some(match c {
        'ب' => "b",
        'پ' => "p",
        'ت' | 'ط' => "t",
        'ث' => "th",
        'ج' => "j",
        'چ' => "ch",
        'ح' | 'ه' => "h",
        'خ' => "kh",
        'د' | 'ض' => "d",
        'ذ' => "dh",
        'ر' => "r",
        'ز' | 'ظ' => "z",
        'ژ' => "zh",
        'س' | 'ص' => "s",
        'ش' => "sh",
        'ع' => "",
        'غ' => "gh",
        'ف' => "f",
        'ڤ' => "v",
        'ق' => "q",
        'ك' | 'ک' => "k",
        'گ' => "g",
        'ل' => "l",
        'م' => "m",
        'ن' => "n",
        'و' => "w",
        'ي' | 'ی' => "y",
        _ => return None,
    })
}

/// The sounds of letters without vowel marks.
fn bare(letters: &[char], out: &mut Vec<Sound>) {
    out.clear();
    for (at, &c) in letters.iter().enumerate() {
        let next = letters.get(at + 1);
        let opens = next.is_some_and(|c| matches!(c, 'ا' | 'ة' | 'ى' | 'آ' | 'أ'));
        let after_vowel = matches!(out.last(), Some(Sound::Vowel(_)));
        let sound = match c {
            'أ' | 'ا' | 'ٱ' | 'إ' if at == 0 => match (c, next) {
                (_, Some('و' | 'ي')) if letters.len() > 2 => continue,
                ('إ' | 'ا', _) => Sound::Vowel("i"),
                _ => Sound::Vowel("a"),
            },
            'ا' | 'أ' | 'آ' | 'ى' | 'ٱ' | 'ة' => Sound::Vowel("a"),
            'إ' | 'ئ' => Sound::Vowel("i"),
            'ؤ' => Sound::Vowel("u"),
            'ء' => continue,
            'و' if at == 0 || opens || after_vowel => Sound::Consonant("w"),
            'و' => Sound::Vowel("u"),
            'ي' | 'ی' if at > 0 && letters.get(at + 1..) == Some(&['ة']) => {
                out.extend([Sound::Vowel("i"), Sound::Consonant("y"), Sound::Vowel("a")]);
                break;
            }
            'ي' | 'ی' if at == 0 => Sound::Consonant("y"),
            'ي' | 'ی' if opens || next == Some(&'و') => Sound::Consonant("y"),
            'ي' | 'ی' if after_vowel && next.is_some() => Sound::Consonant("y"),
            'ي' | 'ی' => Sound::Vowel("i"),
            _ => match consonant(c) {
                Some(sound) => Sound::Consonant(sound),
                None => continue,
            },
        };
        // Two like vowels in a row are one.
        if let (Some(Sound::Vowel(last)), Sound::Vowel(vowel)) = (out.last(), sound)
            && *last == vowel
        {
            continue;
        }
        out.push(sound);
    }
}

/// How open a consonant is: an open one before a close one ends a syllable with it.
fn openness(sound: &str) -> u8 {
    match sound {
        "" => 4,
        "r" | "l" => 3,
        "n" | "m" => 2,
        _ => 0,
    }
}

/// Short vowels between consonants, by the shapes of Arabic syllables.
fn with_vowels(sounds: &[Sound], out: &mut String) {
    let spoken = |at: usize| match sounds.get(at) {
        Some(Sound::Consonant(sound)) => Some(*sound),
        _ => None,
    };
    let openness = |at| spoken(at).map_or(0, openness);
    let mut at = 0;
    while let Some(&sound) = sounds.get(at) {
        if let Sound::Vowel(vowel) = sound {
            out.push_str(vowel);
            at += 1;
            continue;
        }
        let run = (at..).map_while(spoken).count();
        let (begins, ends) = (at == 0, at + run == sounds.len());
        let long_a = at > 1 && sounds.get(at - 1) == Some(&Sound::Vowel("a"));
        // القاهرة, الخارجية, العامري: a long a, then i before a last syllable.
        let rest = sounds.get(at + run..).unwrap_or(&[]);
        let ending =
            matches!(rest, [Sound::Vowel("a" | "i")] | [Sound::Vowel("i"), Sound::Consonant("y"), Sound::Vowel("a")]);
        for (i, c) in (at..).map_while(spoken).enumerate() {
            out.push_str(c);
            let left = run - i - 1;
            let vowel = match (begins, ends, run) {
                (true, false, n) => n > 1 && i % 2 == 0 && left > 0,
                (true, true, 3) => i == 0 || (i == 1 && openness(at + 1) <= openness(at + 2)),
                (true, true, _) => i % 2 == 0 && left > 0,
                (false, true, 2) => i == 0 && (long_a || openness(at) <= openness(at + 1)),
                (false, false, 2) => i == 0 && long_a && ending,
                (false, _, n) => n > 2 && i % 2 == 1 && left > 0,
            };
            if vowel {
                out.push(if long_a && !begins && i == 0 { 'i' } else { 'a' });
            }
        }
        at += run;
    }
}

/// A word with its vowel marks.
fn vocalized(letters: &[char]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(&c) = letters.get(at) {
        let marks: Vec<char> = letters[at + 1..].iter().copied().take_while(|c| is_vowel_mark(*c)).collect();
        let next = letters.get(at + 1 + marks.len()).copied();
        let vowel = marks.iter().find_map(|mark| match mark {
            '\u{64E}' | '\u{670}' => Some("a"),
            '\u{64F}' => Some("u"),
            '\u{650}' => Some("i"),
            '\u{64B}' => Some("an"),
            '\u{64C}' => Some("un"),
            '\u{64D}' => Some("in"),
            _ => None,
        });
        let sound = match c {
            'ا' | 'ى' | 'آ' | 'ٱ' | 'أ' | 'إ' | 'ء' | 'ؤ' | 'ئ' if vowel.is_some() => "",
            'ا' | 'ى' | 'آ' | 'ة' => {
                if out.ends_with('a') {
                    ""
                } else {
                    "a"
                }
            }
            'و' if vowel.is_none() && out.ends_with('u') => "",
            'ي' if vowel.is_none() && out.ends_with('i') => "",
            _ => consonant(c).unwrap_or(""),
        };
        out.push_str(sound);
        // Neither a digraph nor the first letter after the article is doubled.
        if marks.contains(&'\u{651}') && sound.len() == 1 && at > 0 && !out.ends_with("iy") {
            out.push_str(sound);
        }
        let silent = vowel == Some("an") && next == Some('ا');
        out.push_str(vowel.unwrap_or(""));
        at += 1 + marks.len() + usize::from(silent);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(text: &str) -> String {
        let mut out = String::new();
        romanize(text, &mut out);
        out
    }

    #[test]
    fn listed_names_are_spelt_as_the_press_does() {
        assert_eq!(reader("محمد عبد الرحمن"), "Muhammad Abdulrahman");
        assert_eq!(reader("أبو بكر البغدادي"), "Abu Bakr al-Baghdadi");
    }

    #[test]
    fn other_names_get_vowels() {
        assert_eq!(reader("طبرقة"), "Tabraqa");
        assert_eq!(reader("مُدُن"), "Mudun");
        assert_eq!(reader("الشَّمْس ٣؟"), "al-Shams 3?");
    }
}
