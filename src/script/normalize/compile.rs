//! Options compiled to a table: for every code point of the basic plane what becomes of it.

use rustc_hash::FxHashMap;
use unicode_normalization::{IsNormalized, UnicodeNormalization, char::canonical_combining_class, is_nfc_quick};

use super::options::{Digits, Form, Hamza, Options, Punctuation, Whitespace, Yeh};
use super::wide::{Near, Way};
use crate::script::class::{CharClass, class_of, is_quranic};
use crate::script::tables::{FOREIGN, LOOKALIKES, PRESENTATION};

/// Values of the table that are no characters: the surrogates are free.
pub(super) mod code {
    /// The character goes.
    pub const DELETE: u16 = 0xD800;
    /// White space that needs a look at its neighbors.
    pub const SPACE: u16 = 0xD801;
    /// ى or ي when its place in the word matters.
    pub const YEH: u16 = 0xD802;
    /// A comma that becomes ، unless it stands in a number.
    pub const COMMA: u16 = 0xD803;
    /// A combining mark whose order matters.
    pub const MARK: u16 = 0xD804;
    /// A character that may compose with the one before it: take the slow way.
    pub const COMPOSE: u16 = 0xD805;
    /// A lone surrogate: as it is.
    pub const RAW: u16 = 0xD806;
    /// The first expansion.
    pub const EXPAND: u16 = 0xD810;
    /// One past the last expansion.
    pub const END: u16 = 0xE000;

    /// Whether a value of the table needs the handler.
    pub const fn is_special(value: u16) -> bool {
        value.wrapping_sub(SPACE) < END - SPACE
    }
}

/// What the fast loops must know of a character beside its value.
pub(super) mod flag {
    /// It leaves a unit in the result.
    pub const KEEP: u8 = 1;
    /// It goes.
    pub const DELETE: u8 = 2;
    /// The Unicode form leaves it alone, and nothing before it changes with it.
    pub const PLAIN: u8 = 4;
    /// What it becomes is beyond Latin-1.
    pub const WIDE: u8 = 0x40;
    /// It needs the handler.
    pub const CARE: u8 = 0x80;
    /// In the table for UTF-8: what it becomes has another length.
    pub const UTF8_CHANGES: u32 = 0x4000_0000;
    /// In the table for UTF-8: it needs the handler.
    pub const UTF8_CARE: u32 = 0x8000_0000;
}

/// A compiled set of options.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub map: Box<[u16; 0x10000]>,
    pub expansions: Vec<Box<[u32]>>,
    pub options: Options,
    /// The flags of each code point.
    pub flags: Box<[u8; 0x10000]>,
    /// For the lead byte and the low six bits of the next: the bytes to write, how many, and flags.
    pub utf8: Box<[u32; 0x4000]>,
    /// What the loops for this processor need, when there are any.
    pub near: Option<Box<Near>>,
    /// Two spaces in a row need a look.
    pub spaces: bool,
    /// Letters in a row need a look.
    pub letters: bool,
    /// Either.
    pub repeats: bool,
}

impl Table {
    pub fn new(options: Options) -> Self {
        let mut table = Self {
            map: boxed(0),
            expansions: Vec::new(),
            flags: boxed(0),
            utf8: boxed(flag::UTF8_CARE),
            near: None,
            spaces: options.whitespace != Whitespace::Keep,
            letters: options.elongation > 0,
            repeats: options.elongation > 0 || options.whitespace != Whitespace::Keep,
            options,
        };
        let mut known: FxHashMap<Vec<u32>, u16> = FxHashMap::default();
        let mut word = Vec::new();
        for cp in 0..=u16::MAX {
            let value = match char::from_u32(u32::from(cp)) {
                None => code::RAW,
                Some(c) if is_dull(c) => cp,
                Some(c) => table.value_of(c, &mut word, &mut known),
            };
            table.map[usize::from(cp)] = value;
            let plain = char::from_u32(u32::from(cp)).is_some_and(|c| is_dull(c) || table.is_plain_char(c));
            table.flags[usize::from(cp)] = if plain { flag::PLAIN } else { 0 }
                | match value {
                    code::DELETE => flag::DELETE,
                    value if code::is_special(value) => flag::KEEP | flag::CARE,
                    0x100.. => flag::KEEP | flag::WIDE,
                    _ => flag::KEEP,
                };
        }
        for lead in (0..0x80).chain(0xC2..0xE0) {
            for tail in 0..0x40 {
                let cp = if lead < 0x80 { lead } else { (lead & 0x1F) << 6 | tail };
                table.utf8[lead << 6 | tail] = table.utf8_entry(cp);
            }
        }
        table.near = Way::ALL.iter().find_map(|way| Near::new(&table.map, *way));
        table
    }

    /// The entry of a code point of one or two bytes in the table for UTF-8.
    fn utf8_entry(&self, cp: usize) -> u32 {
        let width = if cp < 0x80 { 1 } else { 2 };
        let value = self.map[cp % 0x10000];
        let (bytes, len) = match value {
            code::DELETE => (0, 0),
            0..0x80 => (u32::from(value), 1),
            0x80..0x800 => (0x80C0 | u32::from(value >> 6) | u32::from(value & 0x3F) << 8, 2),
            _ => return flag::UTF8_CARE,
        };
        bytes | len << 16 | if len == width { 0 } else { flag::UTF8_CHANGES }
    }

    /// Whether a second of this value in a row needs a look.
    pub fn counts(&self, value: u16) -> bool {
        self.letters || (self.spaces && value == 0x20)
    }

    /// The entry of a character; expansions go to their list.
    fn value_of(&mut self, c: char, word: &mut Vec<u32>, known: &mut FxHashMap<Vec<u32>, u16>) -> u16 {
        if let Some(special) = self.special_of(c) {
            return special;
        }
        let spelled = self.spelled(c);
        if let [plain] = spelled.as_slice()
            && *plain != c
            && u32::from(*plain) < 0x10000
        {
            return self.value_of(*plain, word, known);
        }
        word.clear();
        for plain in spelled.iter().copied() {
            let ordered = self.options.unicode != Form::Keep && canonical_combining_class(plain) != 0;
            if !self.is_deleted(plain) && (ordered || u32::from(plain) >= 0x10000) {
                return code::COMPOSE;
            }
            self.plain(plain, word);
        }
        match word.as_slice() {
            [] => code::DELETE,
            [one] => u16::try_from(*one).unwrap_or(code::COMPOSE),
            _ => *known.entry(word.clone()).or_insert_with(|| {
                let at = u16::try_from(self.expansions.len()).unwrap_or(u16::MAX);
                self.expansions.push(word.as_slice().into());
                code::EXPAND.saturating_add(at).min(code::END - 1)
            }),
        }
    }

    /// What a plain character becomes regardless of its neighbors.
    fn plain(&self, c: char, out: &mut Vec<u32>) {
        let letter = self.letter(c);
        if self.is_deleted(letter) {
            return;
        }
        if is_space(letter) && self.options.whitespace == Whitespace::Collapse {
            return out.push(u32::from(' '));
        }
        out.extend(self.punctuated(letter));
    }

    /// What a character becomes when its neighbors matter.
    fn special_of(&self, c: char) -> Option<u16> {
        let o = &self.options;
        if self.is_deleted(c) {
            return Some(code::DELETE);
        }
        if is_space(c) && c != ' ' {
            let inner = !matches!(
                c,
                '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{1C}'..='\u{1F}' | '\u{85}' | '\u{2028}' | '\u{2029}'
            );
            match o.whitespace {
                Whitespace::Collapse => return Some(code::SPACE),
                Whitespace::Spaces if inner => return Some(code::SPACE),
                _ => {}
            }
        }
        if o.unicode != Form::Keep {
            // Also marks that decompose: U+0344.
            if is_nfc_quick(std::iter::once(c)) == IsNormalized::Maybe
                || (canonical_combining_class(c) != 0 && self.spelled(c) != [c])
            {
                return Some(code::COMPOSE);
            }
            if canonical_combining_class(c) != 0 {
                return Some(code::MARK);
            }
        }
        match (o.yeh, self.letter(c)) {
            (Yeh::FinalYeh, 'ى') | (Yeh::FinalMaqsura, 'ي') => Some(code::YEH),
            _ if c == ',' && o.punctuation == Punctuation::Arabic => Some(code::COMMA),
            _ => None,
        }
    }

    /// A character in plain letters, after presentation forms and the Unicode form.
    fn spelled(&self, c: char) -> Vec<char> {
        let o = &self.options;
        if o.presentation
            && let Ok(at) = PRESENTATION.binary_search_by_key(&u32::from(c), |(cp, _)| u32::from(*cp))
        {
            return PRESENTATION[at].1.chars().collect();
        }
        match o.unicode {
            Form::Keep => vec![c],
            _ if c.is_ascii() => vec![c],
            Form::Nfc => std::iter::once(c).nfc().collect(),
            Form::Nfkc => std::iter::once(c).nfkc().collect(),
        }
    }

    /// A plain letter after the steps for letters and digits.
    fn letter(&self, c: char) -> char {
        let o = &self.options;
        let c = o.lookalikes_of(c);
        let c = match c {
            'أ' | 'إ' | 'آ' | 'ٱ' if o.alef => 'ا',
            'ؤ' if o.hamza == Hamza::Carrier => 'و',
            'ئ' if o.hamza == Hamza::Carrier => 'ي',
            'ۂ' if o.hamza == Hamza::Carrier => 'ہ',
            'ۀ' if o.hamza == Hamza::Carrier => 'ە',
            'ۓ' if o.hamza == Hamza::Carrier => 'ے',
            'ؤ' | 'ئ' if o.hamza == Hamza::Bare => 'ء',
            'ى' if o.yeh == Yeh::Yeh => 'ي',
            'ة' if o.teh_marbuta => 'ه',
            _ => c,
        };
        let c = match digit_value(c) {
            Some(value) => {
                let zero = match o.digits {
                    Digits::Keep => return c,
                    Digits::Ascii => 0x30,
                    Digits::Arabic => 0x660,
                    Digits::Extended => 0x6F0,
                };
                char::from_u32(zero + value).unwrap_or(c)
            }
            None => c,
        };
        if o.lowercase && c.is_uppercase() {
            let mut small = c.to_lowercase();
            if let (Some(one), None) = (small.next(), small.next()) {
                return one;
            }
        }
        c
    }

    /// A character after the step for punctuation.
    fn punctuated(&self, c: char) -> impl Iterator<Item = u32> + use<> {
        let as_is = [u32::from(c), 0, 0];
        let (units, len) = match self.options.punctuation {
            Punctuation::Keep => (as_is, 1),
            Punctuation::Ascii => {
                let plain = match c {
                    '،' | '٬' => ',',
                    '؛' => ';',
                    '؟' => '?',
                    '٪' => '%',
                    '٫' | '۔' => '.',
                    '«' | '»' | '“' | '”' | '„' | '‟' => '"',
                    '‘' | '’' | '‚' | '‛' | '‹' | '›' => '\'',
                    '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
                    c => c,
                };
                if c == '…' { ([0x2E; 3], 3) } else { ([u32::from(plain), 0, 0], 1) }
            }
            Punctuation::Arabic => {
                let arabic = match c {
                    ';' => '؛',
                    '?' => '؟',
                    '%' => '٪',
                    '“' => '«',
                    '”' => '»',
                    c => c,
                };
                ([u32::from(arabic), 0, 0], 1)
            }
        };
        units.into_iter().take(len)
    }

    fn is_deleted(&self, c: char) -> bool {
        let o = &self.options;
        match c {
            '\u{64B}'..='\u{652}' => o.tashkeel,
            '\u{670}' => o.superscript_alef,
            '\u{640}' => o.tatweel,
            // Hamza and madda written apart from their carrier.
            '\u{653}'..='\u{655}' => o.alef && o.hamza == Hamza::Carrier,
            '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{61C}'
            | '\u{AD}'
            | '\u{180E}' => o.controls,
            _ => o.quranic && is_quranic(c),
        }
    }

    /// What any character becomes regardless of its neighbors: for those outside the table.
    pub fn spell_out(&self, cp: u32, out: &mut Vec<u32>) {
        out.clear();
        match char::from_u32(cp) {
            Some(c) => self.spelled(c).into_iter().for_each(|plain| self.plain(plain, out)),
            None => out.push(cp),
        }
    }

    /// Whether a character may compose or change places with the one before it.
    pub fn may_compose(&self, cp: u32) -> bool {
        match self.value(cp) {
            Some(value) => value == code::COMPOSE,
            None => self.options.unicode != Form::Keep && !char::from_u32(cp).is_none_or(is_starter),
        }
    }

    fn is_plain_char(&self, c: char) -> bool {
        c.is_ascii() || (is_starter(c) && self.spelled(c) == [c])
    }

    /// Whether the Unicode form leaves `cp` alone, and nothing before it changes with it.
    pub fn is_plain(&self, cp: u32) -> bool {
        self.flags.get(cp as usize).is_some_and(|flags| flags & flag::PLAIN != 0)
    }

    /// Whether nothing before `cp` can change with it.
    pub fn begins_piece(&self, cp: u32) -> bool {
        let Some(c) = char::from_u32(cp) else { return true };
        c.is_ascii() || self.spelled(c).first().copied().is_none_or(is_starter)
    }

    /// The Unicode form of a piece.
    pub fn compose(&self, piece: &[u32], out: &mut Vec<u32>) {
        for part in piece.chunk_by(|a, b| char::from_u32(*a).is_some() == char::from_u32(*b).is_some()) {
            if part.first().is_some_and(|cp| char::from_u32(*cp).is_none()) {
                out.extend(part);
                continue;
            }
            let spelled = part.iter().filter_map(|cp| char::from_u32(*cp)).flat_map(|c| self.spelled(c));
            match self.options.unicode {
                Form::Keep => out.extend(spelled.map(u32::from)),
                Form::Nfc => out.extend(spelled.nfc().map(u32::from)),
                Form::Nfkc => out.extend(spelled.nfkc().map(u32::from)),
            }
        }
    }

    pub fn value(&self, cp: u32) -> Option<u16> {
        self.map.get(cp as usize).copied()
    }
}

impl Options {
    fn lookalikes_of(&self, c: char) -> char {
        let find =
            |table: &[(char, char)]| table.binary_search_by_key(&c, |(other, _)| *other).ok().map(|at| table[at].1);
        let looked = if self.lookalikes { find(&LOOKALIKES) } else { None };
        looked.or_else(|| if self.foreign { find(&FOREIGN) } else { None }).unwrap_or(c)
    }
}

/// The value of a decimal digit of the three kinds.
pub(super) fn digit_value(c: char) -> Option<u32> {
    let cp = u32::from(c);
    [0x30, 0x660, 0x6F0].into_iter().find(|zero| (*zero..zero + 10).contains(&cp)).map(|zero| cp - zero)
}

fn boxed<T: Copy, const N: usize>(value: T) -> Box<[T; N]> {
    vec![value; N].into_boxed_slice().try_into().unwrap_or_else(|_| Box::new([value; N]))
}

fn is_starter(c: char) -> bool {
    canonical_combining_class(c) == 0 && is_nfc_quick(std::iter::once(c)) != IsNormalized::Maybe
}

/// White space as Python's `str.split` sees it.
pub(super) fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1C}'..='\u{1F}').contains(&c)
}

/// Whether a code point is an Arabic letter, for runs and ends of words.
pub(super) fn is_letter(cp: u32) -> bool {
    char::from_u32(cp).is_some_and(|c| class_of(c) == CharClass::Arabic)
}

/// Ideographs, syllables and private characters: no step changes them.
fn is_dull(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{E000}'..='\u{F8FF}')
}
