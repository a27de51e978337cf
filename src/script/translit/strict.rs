//! The scholars' ways: ISO 233-2 and ALA-LC. Vowels come from the marks that the text has; none is made up.

use crate::script::{CharClass, class_of};

use super::reader::plain;

/// What a way writes for letters, beside what is common to both.
pub(super) struct Strict {
    letters: &'static [(char, &'static str)],
    /// ء within a word.
    hamza: &'static str,
    ayn: &'static str,
    /// ة, after its vowel.
    teh_marbuta: &'static str,
    /// ى at the end of a word.
    maqsura: &'static str,
}

/// ISO 233-2:1993, one sign a letter.
pub(super) const ISO: Strict = Strict {
    letters: &[('ث', "ṯ"), ('ج', "ǧ"), ('خ', "ẖ"), ('ذ', "ḏ"), ('ش', "š"), ('غ', "ġ")],
    hamza: "ʾ",
    ayn: "ʿ",
    teh_marbuta: "ẗ",
    maqsura: "á",
};

/// The romanization of the American Library Association and the Library of Congress, without assimilation.
pub(super) const ALA: Strict = Strict {
    letters: &[('ث', "th"), ('ج', "j"), ('خ', "kh"), ('ذ', "dh"), ('ش', "sh"), ('غ', "gh")],
    hamza: "ʼ",
    ayn: "ʻ",
    teh_marbuta: "h",
    maqsura: "á",
};

const COMMON: &[(char, &str)] = &[
    ('ب', "b"),
    ('ت', "t"),
    ('ح', "ḥ"),
    ('د', "d"),
    ('ر', "r"),
    ('ز', "z"),
    ('س', "s"),
    ('ص', "ṣ"),
    ('ض', "ḍ"),
    ('ط', "ṭ"),
    ('ظ', "ẓ"),
    ('ف', "f"),
    ('ق', "q"),
    ('ك', "k"),
    ('ل', "l"),
    ('م', "m"),
    ('ن', "n"),
    ('ه', "h"),
    ('پ', "p"),
    ('چ', "ch"),
    ('ژ', "zh"),
    ('ڤ', "v"),
    ('گ', "g"),
];

const FATHA: char = '\u{64E}';
const DAMMA: char = '\u{64F}';
const KASRA: char = '\u{650}';
const SHADDA: char = '\u{651}';
const SUKUN: char = '\u{652}';

/// A letter with the marks on it.
#[derive(Clone, Copy)]
struct Letter {
    char: char,
    /// A vowel or tanwin.
    vowel: Option<char>,
    shadda: bool,
    sukun: bool,
}

fn vowel(mark: Option<char>) -> &'static str {
    match mark {
        Some(FATHA) => "a",
        Some(DAMMA) => "u",
        Some(KASRA) => "i",
        Some('\u{64B}') => "an",
        Some('\u{64C}') => "un",
        Some('\u{64D}') => "in",
        Some('\u{670}') => "ā",
        _ => "",
    }
}

impl Strict {
    /// Append a text in Latin letters; what is not Arabic stays.
    pub fn to_latin(&self, text: &str, out: &mut String) {
        let mut word: Vec<Letter> = Vec::new();
        for c in text.chars() {
            match class_of(c) {
                CharClass::Arabic => {
                    word.push(Letter { char: c, vowel: None, shadda: false, sukun: false });
                }
                CharClass::Mark => {
                    let Some(last) = word.last_mut() else { continue };
                    match c {
                        SHADDA => last.shadda = true,
                        SUKUN => last.sukun = true,
                        '\u{64B}'..='\u{650}' | '\u{670}' => last.vowel = Some(c),
                        _ => {}
                    }
                }
                _ => {
                    self.word(&word, out);
                    word.clear();
                    out.push(plain(c));
                }
            }
        }
        self.word(&word, out);
    }

    fn letter(&self, c: char) -> &'static str {
        let own = self.letters.iter().chain(COMMON).find(|(letter, _)| *letter == c);
        own.map_or("", |(_, latin)| latin)
    }

    fn word(&self, word: &[Letter], out: &mut String) {
        let mut letters = word;
        if let [alef, lam, rest @ ..] = word
            && matches!(alef.char, 'ا' | 'ٱ')
            && lam.char == 'ل'
            && rest.len() > 1
        {
            // The article is written apart, and never assimilated.
            out.push_str("al-");
            letters = rest;
        }
        let bare = letters.len() == word.len();
        for (at, letter) in letters.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| letters.get(at));
            let next = letters.get(at + 1);
            let initial = at == 0 && bare;
            self.one(letter, before, next, (initial, at == 0 && !bare), out);
        }
    }

    fn one(
        &self,
        letter: &Letter,
        before: Option<&Letter>,
        next: Option<&Letter>,
        (initial, after_article): (bool, bool),
        out: &mut String,
    ) {
        let long = |mark: char, vowel: char| before.is_some_and(|b| b.vowel == Some(mark)) && out.ends_with(vowel);
        match letter.char {
            'ا' | 'ٱ' if before.is_some_and(|b| b.vowel == Some('\u{64B}')) => {}
            'ا' | 'ى' if before.is_some() && letter.vowel.is_none() => {
                let sign = if letter.char == 'ى' && next.is_none() { self.maqsura } else { "ā" };
                if long(FATHA, 'a') {
                    out.pop();
                }
                out.push_str(sign);
            }
            'ا' | 'ٱ' | 'أ' | 'إ' | 'ء' if initial => self.initial(letter, next, out),
            'آ' => {
                out.push_str(if initial { "" } else { self.hamza });
                out.push('ā');
            }
            'ا' | 'ٱ' | 'ى' => out.push_str(vowel(letter.vowel)),
            'أ' | 'إ' | 'ؤ' | 'ئ' | 'ء' => {
                out.push_str(self.hamza);
                out.push_str(vowel(letter.vowel));
            }
            'ة' => {
                if !out.ends_with('a') {
                    out.push('a');
                }
                out.push_str(self.teh_marbuta);
                out.push_str(vowel(letter.vowel));
            }
            'و' | 'ي' | 'ی' => self.glide(letter, before, next, initial || after_article, out),
            'ع' => {
                out.push_str(self.ayn);
                out.push_str(vowel(letter.vowel));
            }
            c => {
                let latin = self.letter(c);
                out.push_str(latin);
                if letter.shadda && !after_article {
                    out.push_str(latin);
                }
                out.push_str(vowel(letter.vowel));
            }
        }
    }

    /// An alef or hamza that begins a word shows its vowel alone.
    fn initial(&self, letter: &Letter, next: Option<&Letter>, out: &mut String) {
        let glide = next.filter(|next| next.vowel.is_none() && !next.sukun && !next.shadda).map(|next| next.char);
        match (letter.vowel, letter.char, glide) {
            (Some(mark), ..) => out.push_str(vowel(Some(mark))),
            (None, _, Some('و' | 'ي')) => {}
            (None, 'إ', _) => out.push('i'),
            (None, ..) => out.push('a'),
        }
    }

    /// و and ي: a long vowel after their own short one or between letters without marks, else a consonant.
    fn glide(&self, letter: &Letter, before: Option<&Letter>, next: Option<&Letter>, first: bool, out: &mut String) {
        let (short, long, consonant, mark) =
            if letter.char == 'و' { ('u', 'ū', "w", DAMMA) } else { ('i', 'ī', "y", KASRA) };
        let opens = next.is_some_and(|next| matches!(next.char, 'ا' | 'ى' | 'ة' | 'آ'));
        let plain = letter.vowel.is_none() && !letter.shadda && !letter.sukun && !first;
        let own = before.is_some_and(|b| b.vowel == Some(mark));
        let unmarked =
            before.is_some_and(|b| b.vowel.is_none() && !b.sukun && !matches!(b.char, 'ا' | 'و' | 'ي' | 'آ'));
        if plain && own {
            if out.ends_with(short) {
                out.pop();
            }
            out.push(long);
        } else if plain && unmarked && !opens {
            out.push(long);
        } else {
            out.push_str(consonant);
            if letter.shadda {
                out.push_str(consonant);
            }
            out.push_str(vowel(letter.vowel));
        }
    }
}
