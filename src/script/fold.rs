//! The matching fold: the key under which a word is looked up.
//!
//! It is stronger than any preset of the normalizer and never shown to a user: marks, tatweel and controls go;
//! أإآٱ become ا; ى ئ ی become ي; ة ہ ۀ become ه; ؤ becomes و; Persian and Urdu letters their Arabic neighbors;
//! digits ASCII; Latin letters lower case.

use unicode_normalization::UnicodeNormalization;

use super::class::{CharClass, class_of};

/// What a character becomes: nothing, or one character. Presentation forms are taken apart first.
fn fold_char(c: char) -> Option<char> {
    Some(match c {
        'أ' | 'إ' | 'آ' | 'ٱ' | '\u{672}' | '\u{673}' | '\u{675}' => 'ا',
        'ى' | 'ئ' | 'ی' | 'ێ' | 'ې' | '\u{620}' | 'ے' | '\u{6D3}' => 'ي',
        'ة' | 'ہ' | 'ۀ' | 'ھ' | '\u{6C3}' | 'ە' => 'ه',
        'ؤ' | 'ۆ' | 'ۇ' | 'ۋ' => 'و',
        'ک' | 'گ' | '\u{6AA}' | 'ڭ' => 'ك',
        'ڤ' | '\u{6A2}' => 'ف',
        'ڨ' => 'ق',
        'پ' => 'ب',
        'چ' => 'ج',
        'ژ' => 'ز',
        '\u{660}'..='\u{669}' => char::from_digit(u32::from(c) - 0x660, 10)?,
        '\u{6F0}'..='\u{6F9}' => char::from_digit(u32::from(c) - 0x6F0, 10)?,
        'A'..='Z' => c.to_ascii_lowercase(),
        _ if class_of(c) == CharClass::Mark => return None,
        _ => c,
    })
}

fn is_presentation(c: char) -> bool {
    matches!(c, '\u{FB50}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}')
}

fn each_folded(c: char, mut emit: impl FnMut(char)) {
    if is_presentation(c) {
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
    let mut aligned = true;
    for c in word.chars() {
        let before = out.len();
        each_folded(c, |folded| out.push(folded));
        aligned &= out.len() - before == c.len_utf8();
    }
    aligned
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
    let mut produced = 0;
    for (at, c) in word.char_indices() {
        let before = produced;
        each_folded(c, |folded| produced += folded.len_utf8());
        if produced > before && offset < produced {
            return at;
        }
    }
    word.len()
}
