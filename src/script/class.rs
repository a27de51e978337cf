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
#[inline]
pub fn class_of(c: char) -> CharClass {
    let cp = c as usize;
    if let Some(class) = ASCII.get(cp) {
        return *class;
    }
    match ARABIC.get(cp.wrapping_sub(0x600)) {
        Some(class) => *class,
        None => class_by_name(c).unwrap_or_else(|| class_by_property(c)),
    }
}

/// How many bytes of letters of the Arabic block, U+0600 to U+06FF, a text begins with.
pub(crate) fn arabic_letters(text: &str) -> usize {
    let pairs = text.as_bytes().as_chunks::<2>().0;
    let is_letter = |&[lead, trail]: &[u8; 2]| {
        let at = usize::from(lead).wrapping_sub(0xD8) << 6 | usize::from(trail & 0x3F);
        ARABIC.get(at) == Some(&CharClass::Arabic)
    };
    2 * pairs.iter().take_while(|pair| is_letter(pair)).count()
}

static ASCII: [CharClass; 0x80] = block(0);
static ARABIC: [CharClass; 0x100] = block(0x600);

/// The classes of the code points from `first` on, where no property beyond the named ranges is needed.
const fn block<const N: usize>(first: u32) -> [CharClass; N] {
    let mut classes = [CharClass::Punct; N];
    let mut cp = first;
    let mut at = 0;
    while at < N {
        if let Some(c) = char::from_u32(cp)
            && let Some(class) = class_by_name(c)
        {
            classes[at] = class;
        }
        at += 1;
        cp += 1;
    }
    classes
}

const fn class_by_name(c: char) -> Option<CharClass> {
    use CharClass::*;
    Some(match c {
        '0'..='9' | '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}' => Digit,
        'a'..='z' | 'A'..='Z' => Letter,
        ' ' | '\t' => Space,
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{B}' | '\u{C}' => Break,
        '\u{64B}'..='\u{655}' | '\u{670}' | '\u{640}' => Mark,
        '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FEFF}'
        | '\u{61C}'
        | '\u{AD}' => Mark,
        c if is_quranic(c) => Mark,
        '\u{6D4}' => Punct,
        '\u{620}'..='\u{64A}'
        | '\u{66E}'..='\u{6D3}'
        | '\u{6D5}'
        | '\u{6EE}'
        | '\u{6EF}'
        | '\u{6FA}'..='\u{6FF}'
        | '\u{750}'..='\u{77F}'
        | '\u{8A0}'..='\u{8C9}' => Arabic,
        '\u{FB50}'..='\u{FD3D}' | '\u{FD50}'..='\u{FDFB}' | '\u{FE70}'..='\u{FEFC}' => Arabic,
        _ => return None,
    })
}

fn class_by_property(c: char) -> CharClass {
    use CharClass::*;
    match c {
        '\u{8D3}'..='\u{8FF}' => Mark,
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
