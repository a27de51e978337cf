//! The words of names in Latin letters, kept for the names that share them.

use super::reader::{self, is_arabic, part};
use crate::base::hash64;

/// Words that are kept at most.
const SLOTS: usize = 1 << 13;

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

    fn latin(&self) -> &str {
        self.latin.get(..usize::from(self.lengths.1)).and_then(|latin| std::str::from_utf8(latin).ok()).unwrap_or("")
    }
}

/// Writes names for readers, as [`Scheme::Reader`](super::Scheme::Reader) does, and remembers their words.
///
/// ```
/// use marsad::script::translit::Romanizer;
/// let (mut latin, mut out) = (Romanizer::default(), String::new());
/// latin.write("أحمد المنصوري", &mut out);
/// assert_eq!(out, "Ahmad al-Mansouri");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Romanizer {
    slots: Vec<Slot>,
    words: reader::Words,
}

impl Romanizer {
    /// Append a name in Latin letters.
    pub fn write(&mut self, text: &str, out: &mut String) {
        if self.slots.is_empty() {
            self.slots.resize(SLOTS, EMPTY);
        }
        let mut rest = text;
        while let Some((word, after)) = part(rest) {
            rest = after;
            if !word.starts_with(is_arabic) {
                out.extend(word.chars().map(reader::plain));
                continue;
            }
            #[allow(clippy::cast_possible_truncation, reason = "a place among the slots")]
            let at = hash64(word.as_bytes(), 0) as usize % self.slots.len();
            let Some(slot) = self.slots.get_mut(at) else { break };
            let known = slot.is_of(word);
            if !known || slot.begins {
                self.words.read(word);
                let begins = self.words.begins();
                if begins && let Some((name, after)) = self.words.pair(after) {
                    out.push_str(name);
                    rest = after;
                    continue;
                }
                if !known {
                    let from = out.len();
                    self.words.write(word, out);
                    if let Some(new) = out.get(from..).and_then(|latin| Slot::new(word, latin, begins)) {
                        *slot = new;
                    }
                    continue;
                }
            }
            out.push_str(slot.latin());
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
            slots in 1usize..8,
        ) {
            let mut latin = Romanizer { slots: vec![EMPTY; slots], ..Romanizer::default() };
            let names = names.iter().map(|name| name.iter().map(|at| WORDS[*at]).collect::<Vec<_>>().join(" "));
            for name in names.chain([odd.clone(), odd]) {
                let mut out = String::from("-");
                latin.write(&name, &mut out);
                prop_assert_eq!(&out[1..], to_latin(&name, Scheme::Reader), "{}", name);
            }
        }
    }
}
