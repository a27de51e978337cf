//! What kind of character a code point is, as far as segmentation cares.

/// The class of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CharClass {
    /// An Arabic letter.
    Arabic,
    /// A letter of another script.
    Letter,
    /// A combining mark, tatweel, or an invisible control: part of the word that it stands in.
    Mark,
    /// A decimal digit of any script that Marsad reads.
    Digit,
    /// White space other than a line break.
    Space,
    /// A line break.
    Break,
    /// Anything else: punctuation and symbols.
    Punct,
}

/// The class of a character.
///
/// ```
/// use marsad::script::{CharClass, class_of};
/// assert_eq!(class_of('ب'), CharClass::Arabic);
/// assert_eq!(class_of('٣'), CharClass::Digit);
/// assert_eq!(class_of('،'), CharClass::Punct);
/// ```
pub fn class_of(c: char) -> CharClass {
    use CharClass::*;
    match c {
        '0'..='9' | '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}' => Digit,
        'a'..='z' | 'A'..='Z' => Letter,
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{B}' | '\u{C}' => Break,
        '\u{610}'..='\u{61A}'
        | '\u{64B}'..='\u{65F}'
        | '\u{670}'
        | '\u{6D6}'..='\u{6DC}'
        | '\u{6DF}'..='\u{6E4}'
        | '\u{6E7}'
        | '\u{6E8}'
        | '\u{6EA}'..='\u{6ED}'
        | '\u{8D3}'..='\u{8FF}'
        | '\u{640}' => Mark,
        '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}'
        | '\u{61C}'
        | '\u{AD}' => Mark,
        '\u{620}'..='\u{64A}'
        | '\u{66E}'..='\u{6D3}'
        | '\u{6D5}'
        | '\u{6E5}'
        | '\u{6E6}'
        | '\u{6EE}'
        | '\u{6EF}'
        | '\u{6FA}'..='\u{6FF}'
        | '\u{750}'..='\u{77F}'
        | '\u{8A0}'..='\u{8C9}' => {
            if c == '\u{6D4}' {
                Punct
            } else {
                Arabic
            }
        }
        '\u{FB50}'..='\u{FD3D}' | '\u{FD50}'..='\u{FDFB}' | '\u{FE70}'..='\u{FEFC}' => Arabic,
        c if c.is_whitespace() => Space,
        c if c.is_alphabetic() => Letter,
        c if c.is_numeric() => Digit,
        '\u{300}'..='\u{36F}' | '\u{FE00}'..='\u{FE0F}' => Mark,
        _ => Punct,
    }
}

/// Small marks of the Quran and other marks beyond the eight of [tashkeel](super::normalize::Options::tashkeel).
pub(crate) const fn is_quranic(c: char) -> bool {
    matches!(c,
        '\u{610}'..='\u{61A}'
        | '\u{656}'..='\u{65F}'
        | '\u{6D6}'..='\u{6DC}'
        | '\u{6DF}'..='\u{6E8}'
        | '\u{6EA}'..='\u{6ED}'
        | '\u{8D3}'..='\u{8E1}'
        | '\u{8E3}'..='\u{8FF}')
}
