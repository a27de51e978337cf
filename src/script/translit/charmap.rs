//! Letter for letter, both ways: Buckwalter and its variants, Habash-Soudi-Buckwalter.
//!
//! The published tables map Arabic characters alone. So that mixed text comes back as it was, a character that the way
//! back would read as Arabic (the F of F-16) goes out behind a backslash.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// Goes before a character that stands for itself.
const ESCAPE: char = '\\';

/// Buckwalter's table.
const BUCKWALTER: &[(char, char)] = &[
    ('ء', '\''),
    ('آ', '|'),
    ('أ', '>'),
    ('ؤ', '&'),
    ('إ', '<'),
    ('ئ', '}'),
    ('ا', 'A'),
    ('ب', 'b'),
    ('ة', 'p'),
    ('ت', 't'),
    ('ث', 'v'),
    ('ج', 'j'),
    ('ح', 'H'),
    ('خ', 'x'),
    ('د', 'd'),
    ('ذ', '*'),
    ('ر', 'r'),
    ('ز', 'z'),
    ('س', 's'),
    ('ش', '$'),
    ('ص', 'S'),
    ('ض', 'D'),
    ('ط', 'T'),
    ('ظ', 'Z'),
    ('ع', 'E'),
    ('غ', 'g'),
    ('\u{640}', '_'),
    ('ف', 'f'),
    ('ق', 'q'),
    ('ك', 'k'),
    ('ل', 'l'),
    ('م', 'm'),
    ('ن', 'n'),
    ('ه', 'h'),
    ('و', 'w'),
    ('ى', 'Y'),
    ('ي', 'y'),
    ('\u{64B}', 'F'),
    ('\u{64C}', 'N'),
    ('\u{64D}', 'K'),
    ('\u{64E}', 'a'),
    ('\u{64F}', 'u'),
    ('\u{650}', 'i'),
    ('\u{651}', '~'),
    ('\u{652}', 'o'),
    ('\u{670}', '`'),
    ('\u{671}', '{'),
    ('پ', 'P'),
    ('چ', 'J'),
    ('ڤ', 'V'),
    ('گ', 'G'),
];

/// Where the safe variant, of letters alone but for ~ and _, differs.
const SAFE: &[(char, char)] = &[
    ('ء', 'C'),
    ('آ', 'M'),
    ('أ', 'O'),
    ('ؤ', 'W'),
    ('إ', 'I'),
    ('ئ', 'Q'),
    ('ذ', 'V'),
    ('ش', 'c'),
    ('\u{670}', 'e'),
    ('\u{671}', 'L'),
    ('ڤ', 'B'),
];

/// Where the variant for XML, without < > &, differs.
const XML: &[(char, char)] = &[('أ', 'O'), ('ؤ', 'W'), ('إ', 'I')];

/// Where Habash-Soudi-Buckwalter differs.
const HSB: &[(char, char)] = &[
    ('آ', 'Ā'),
    ('أ', 'Â'),
    ('ؤ', 'ŵ'),
    ('إ', 'Ă'),
    ('ئ', 'ŷ'),
    ('ة', 'ħ'),
    ('ث', 'θ'),
    ('ذ', 'ð'),
    ('ش', 'š'),
    ('ظ', 'Ď'),
    ('ع', 'ς'),
    ('غ', 'γ'),
    ('ى', 'ý'),
    ('\u{64B}', 'ã'),
    ('\u{64C}', 'ũ'),
    ('\u{64D}', 'ĩ'),
    ('\u{652}', '.'),
    ('\u{670}', 'á'),
    ('\u{671}', 'Ä'),
    ('پ', 'p'),
    ('چ', 'c'),
    ('ڤ', 'v'),
    ('گ', 'g'),
];

/// A table, both ways.
pub(super) struct Charmap {
    to_latin: FxHashMap<char, char>,
    to_arabic: FxHashMap<char, char>,
}

impl Charmap {
    fn new(changes: &[(char, char)]) -> Self {
        let mut to_latin: FxHashMap<char, char> = BUCKWALTER.iter().copied().collect();
        to_latin.extend(changes.iter().copied());
        let to_arabic = to_latin.iter().map(|(arabic, latin)| (*latin, *arabic)).collect();
        Self { to_latin, to_arabic }
    }

    /// Append a text in Latin letters.
    pub fn to_latin(&self, text: &str, out: &mut String) {
        for c in text.chars() {
            match self.to_latin.get(&c) {
                Some(latin) => out.push(*latin),
                None => {
                    if c == ESCAPE || self.to_arabic.contains_key(&c) {
                        out.push(ESCAPE);
                    }
                    out.push(c);
                }
            }
        }
    }

    /// Append a text in Arabic letters.
    pub fn to_arabic(&self, text: &str, out: &mut String) {
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match (c, self.to_arabic.get(&c)) {
                (ESCAPE, _) => out.push(chars.next().unwrap_or(ESCAPE)),
                (_, Some(arabic)) => out.push(*arabic),
                (_, None) => out.push(c),
            }
        }
    }
}

pub(super) static PLAIN: LazyLock<Charmap> = LazyLock::new(|| Charmap::new(&[]));
pub(super) static SAFE_MAP: LazyLock<Charmap> = LazyLock::new(|| Charmap::new(SAFE));
pub(super) static XML_MAP: LazyLock<Charmap> = LazyLock::new(|| Charmap::new(XML));
pub(super) static HSB_MAP: LazyLock<Charmap> = LazyLock::new(|| Charmap::new(HSB));
