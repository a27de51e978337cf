//! The matching fold: the key under which a word is looked up.
//!
//! It is stronger than any preset of the normalizer and never shown to a user: marks, tatweel and controls go;
//! أإآٱ become ا; ى ئ ی become ي; ة ہ ۀ become ه; ؤ becomes و; Persian and Urdu letters their Arabic neighbors;
//! digits ASCII; Latin letters lower case.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

use super::class::{CharClass, class_of};
use super::tables::{FOREIGN, LOOKALIKES};

/// What a character becomes: nothing, or one character. Presentation forms are taken apart first.
fn fold_char(c: char) -> Option<char> {
    let arabic = |table: &[(char, char)]| table.iter().find(|(other, _)| *other == c).map(|(_, letter)| *letter);
    Some(match arabic(&LOOKALIKES).or_else(|| arabic(&FOREIGN)).unwrap_or(c) {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ئ' => 'ي',
        'ة' => 'ه',
        'ؤ' => 'و',
        '\u{660}'..='\u{669}' => char::from_digit(u32::from(c) - 0x660, 10)?,
        '\u{6F0}'..='\u{6F9}' => char::from_digit(u32::from(c) - 0x6F0, 10)?,
        'A'..='Z' => c.to_ascii_lowercase(),
        _ if class_of(c) == CharClass::Mark => return None,
        c => c,
    })
}

/// The folds of the Arabic block, U+0600 to U+06FF.
static ARABIC: LazyLock<[Option<char>; 0x100]> = LazyLock::new(|| {
    std::array::from_fn(|at| u32::try_from(0x600 + at).ok().and_then(char::from_u32).and_then(fold_char))
});

fn is_presentation(c: char) -> bool {
    matches!(c, '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

#[inline]
fn each_folded(arabic: &[Option<char>; 0x100], c: char, mut emit: impl FnMut(char)) {
    if let Some(folded) = arabic.get((c as usize).wrapping_sub(0x600)) {
        if let Some(folded) = folded {
            emit(*folded);
        }
    } else if c.is_ascii() {
        emit(c.to_ascii_lowercase());
    } else if is_presentation(c) {
        for inner in std::iter::once(c).nfkc() {
            if let Some(folded) = fold_char(inner) {
                emit(folded);
            }
        }
    } else if let Some(folded) = fold_char(c) {
        emit(folded);
    }
}

/// Append the key of `word` to `out`. True when every character became exactly one of the same length,
/// so that byte offsets in the key are byte offsets in the word.
pub fn fold_into(word: &str, out: &mut String) -> bool {
    let arabic = &*ARABIC;
    let mut aligned = true;
    for c in word.chars() {
        let before = out.len();
        each_folded(arabic, c, |folded| out.push(folded));
        aligned &= out.len() - before == c.len_utf8();
    }
    aligned
}

/// The letters of a word's key: where each comes from in the word, the letter as written (presentation forms taken
/// apart), and the letter of the key.
pub(crate) fn fold_letters(word: &str, mut emit: impl FnMut(usize, char, char)) {
    let arabic = &*ARABIC;
    for (at, c) in word.char_indices() {
        if is_presentation(c) {
            for inner in std::iter::once(c).nfkc() {
                each_folded(arabic, inner, |folded| emit(at, inner, folded));
            }
        } else {
            each_folded(arabic, c, |folded| emit(at, c, folded));
        }
    }
}

/// The key of a word.
///
/// ```
/// use marsad::script::fold_to_string;
/// assert_eq!(fold_to_string("الإسلاميَّة"), "الاسلاميه");
/// ```
pub fn fold_to_string(word: &str) -> String {
    let mut key = String::with_capacity(word.len());
    fold_into(word, &mut key);
    key
}

/// The byte offset in `word` of the character whose fold covers byte `offset` of the key.
/// Marks before that character belong to the one before it.
pub fn source_offset(word: &str, offset: usize) -> usize {
    let arabic = &*ARABIC;
    let mut produced = 0;
    for (at, c) in word.char_indices() {
        let before = produced;
        each_folded(arabic, c, |folded| produced += folded.len_utf8());
        if produced > before && offset < produced {
            return at;
        }
    }
    word.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_letters_and_drops_marks() {
        for (word, key) in [
            ("الإسلاميَّة", "الاسلاميه"),
            ("مؤتمر", "موتمر"),
            ("هيئة", "هييه"),
            ("گوگل", "كوكل"),
            ("کـتاب", "كتاب"),
            ("\u{200F}ﷲ", "الله"),
            ("٢٠١٦", "2016"),
            ("۱۳۹۵", "1395"),
            ("NATO", "nato"),
            ("ۓ", "ي"),
            ("Éa", "Éa"),
        ] {
            assert_eq!(fold_to_string(word), key);
        }
    }

    #[test]
    fn the_table_is_the_function() {
        for c in '\u{600}'..='\u{6FF}' {
            let slow: String = fold_char(c).into_iter().collect();
            assert_eq!(fold_to_string(&c.to_string()), slow, "{c:?}");
        }
    }

    #[test]
    fn offsets_go_back() {
        let word = "الـمُؤ";
        assert_eq!(source_offset(word, 4), word.find('م').unwrap());
        assert_eq!(source_offset(word, 6), word.find('ؤ').unwrap());
        assert_eq!(source_offset(word, 8), word.len());
    }
}
