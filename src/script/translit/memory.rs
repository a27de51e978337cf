//! The words of names in Latin letters, kept for the names that share them.

use super::reader::{self, is_arabic, part};
use crate::base::hash64;

/// Words that are kept at most, in pairs: a power of two.
const PAIRS: usize = 1 << 13;

/// A word and what becomes of it, in one line of the processor's cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Slot {
    word: [u8; 36],
    latin: [u8; 24],
    lengths: (u8, u8),
    /// A name of two words may begin with it.
    begins: bool,
}

const EMPTY: Slot = Slot { word: [0; 36], latin: [0; 24], lengths: (0, 0), begins: false };

impl Slot {
    fn new(word: &str, latin: &str, begins: bool) -> Option<Self> {
        let mut slot = Self { begins, ..EMPTY };
        slot.lengths = (u8::try_from(word.len()).ok()?, u8::try_from(latin.len()).ok()?);
        slot.word.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
        slot.latin.get_mut(..latin.len())?.copy_from_slice(latin.as_bytes());
        Some(slot)
    }

    fn is_of(&self, word: &str) -> bool {
        usize::from(self.lengths.0) == word.len() && self.word.starts_with(word.as_bytes())
    }

    fn latin(&self) -> &[u8] {
        self.latin.get(..usize::from(self.lengths.1)).unwrap_or(&[])
    }
}

/// Writes names for readers, as [`Scheme::Reader`](super::Scheme::Reader) does, and remembers their words.
///
/// ```
/// use marsad::script::translit::Romanizer;
/// let (mut latin, mut out) = (Romanizer::default(), Vec::new());
/// latin.write("أحمد المنصوري", &mut out);
/// assert_eq!(out, b"Ahmad al-Mansouri");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Romanizer {
    slots: Vec<[Slot; 2]>,
    words: reader::Words,
    made: String,
}

impl Romanizer {
    /// Append a name in Latin letters, in UTF-8.
    pub fn write(&mut self, text: &str, out: &mut Vec<u8>) {
        if self.slots.is_empty() {
            self.slots.resize(PAIRS, [EMPTY; 2]);
        }
        let mut rest = text;
        while let Some((word, after)) = part(rest) {
            rest = after;
            if let [ascii @ 0..=0x7F] = word.as_bytes() {
                out.push(*ascii);
                continue;
            }
            if !word.starts_with(is_arabic) {
                word.chars().map(reader::plain).for_each(|c| out.extend(c.encode_utf8(&mut [0; 4]).as_bytes()));
                continue;
            }
            #[allow(clippy::cast_possible_truncation, reason = "a place among the slots")]
            let at = hash64(word.as_bytes(), 0) as usize & (self.slots.len() - 1);
            let Some([slot, other]) = self.slots.get_mut(at) else { break };
            // The one seen last stands first.
            if !slot.is_of(word) {
                std::mem::swap(slot, other);
            }
            let known = slot.is_of(word);
            if known && !slot.begins {
                out.extend(slot.latin());
                continue;
            }
            self.words.read(word);
            let begins = self.words.begins();
            if begins && let Some((name, after)) = self.words.pair(after) {
                out.extend(name.as_bytes());
                rest = after;
                continue;
            }
            self.made.clear();
            self.words.write(word, &mut self.made);
            out.extend(self.made.as_bytes());
            if !known && let Some(new) = Slot::new(word, &self.made, begins) {
                *slot = new;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::translit::{Scheme, to_latin};
    use proptest::prelude::*;

    const WORDS: [&str; 16] = [
        "عبد",
        "الرحمن",
        "أبو",
        "بكر",
        "محمد",
        "مُحَمَّد",
        "مدينة",
        "طبرقة",
        "الشمس",
        "،",
        "٣",
        "F-16",
        "و",
        "في",
        "ـ",
        "مستشفياتهم",
    ];

    proptest! {
        #[test]
        fn what_is_remembered_is_what_is_written(
            names in prop::collection::vec(prop::collection::vec(0..WORDS.len(), 0..6), 1..8),
            odd in "[ء-ي\u{64B}-\u{652}a-z 0-9،ﻻ]{0,40}",
            slots in 0u32..4,
        ) {
            let mut latin = Romanizer { slots: vec![[EMPTY; 2]; 1usize << slots], ..Romanizer::default() };
            let names = names.iter().map(|name| name.iter().map(|at| WORDS[*at]).collect::<Vec<_>>().join(" "));
            for name in names.chain([odd.clone(), odd]) {
                let mut out = b"-".to_vec();
                latin.write(&name, &mut out);
                prop_assert_eq!(String::from_utf8(out).unwrap(), format!("-{}", to_latin(&name, Scheme::Reader)));
            }
        }
    }
}
