//! The words of names in Latin letters, kept for the names that share them.

use super::reader::{self, part};
use crate::base::hash64;

/// Words that are kept at most, in pairs: a power of two.
const PAIRS: usize = 1 << 13;
/// The place of what is no word, and that of the end of a name.
const OTHER: usize = usize::MAX;
const END: usize = usize::MAX - 1;

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

/// A part of a name.
#[derive(Clone, Copy, Debug)]
struct Part<'n> {
    text: &'n str,
    /// Its pair, if it is a word.
    place: usize,
    /// A space comes after it.
    spaced: bool,
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
/// let (mut latin, mut out, mut ends) = (Romanizer::default(), Vec::new(), Vec::new());
/// latin.write(["أحمد المنصوري", "طبرقة"].into_iter(), &mut out, &mut ends);
/// assert_eq!((out.as_slice(), ends), (&b"Ahmad al-MansouriTabraqa"[..], vec![17, 24]));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Romanizer {
    pairs: Vec<[Slot; 2]>,
    reader: reader::Words,
    made: String,
}

impl Romanizer {
    /// Append names in Latin letters, in UTF-8, and where each of them ends.
    pub fn write<'n>(&mut self, names: impl Iterator<Item = &'n str>, out: &mut Vec<u8>, ends: &mut Vec<usize>) {
        if self.pairs.is_empty() {
            self.pairs.resize(PAIRS, [EMPTY; 2]);
        }
        let mut parts: Vec<Part<'_>> = Vec::new();
        for name in names {
            let mut rest = name;
            while let Some((arabic, text, after)) = part(rest) {
                #[allow(clippy::cast_possible_truncation, reason = "a place among the pairs")]
                let place = || hash64(text.as_bytes(), 0) as usize & (self.pairs.len() - 1);
                let spaced = after.strip_prefix(' ');
                let place = if arabic { place() } else { OTHER };
                parts.push(Part { text, place, spaced: spaced.is_some() });
                rest = spaced.unwrap_or(after);
            }
            parts.push(Part { text: "", place: END, spaced: false });
        }
        // The words of all names wait for memory together.
        let slots = parts.iter().filter_map(|part| self.pairs.get(part.place));
        std::hint::black_box(slots.map(|[slot, _]| u32::from(slot.lengths.0)).sum::<u32>());
        let mut rest = parts.as_slice();
        while let [part, after @ ..] = rest {
            rest = after;
            let last = match (part.place, part.text.as_bytes()) {
                (END, _) => {
                    ends.push(out.len());
                    continue;
                }
                (OTHER, ascii @ [0..=0x7F, ..]) => {
                    out.extend(ascii);
                    part
                }
                (OTHER, _) => {
                    let plain = part.text.chars().map(reader::plain);
                    plain.for_each(|c| out.extend(c.encode_utf8(&mut [0; 4]).as_bytes()));
                    part
                }
                _ => {
                    let second = after.first().filter(|second| part.spaced && second.place != END);
                    if self.write_word(part, second, out) {
                        rest = after.get(1..).unwrap_or(&[]);
                        second.unwrap_or(part)
                    } else {
                        part
                    }
                }
            };
            if last.spaced {
                out.push(b' ');
            }
        }
    }

    /// Append a word, together with the second where both are one name; whether they are.
    fn write_word(&mut self, word: &Part<'_>, second: Option<&Part<'_>>, out: &mut Vec<u8>) -> bool {
        let Some([slot, other]) = self.pairs.get_mut(word.place) else { return false };
        // The one seen last stands first.
        if !slot.is_of(word.text) {
            std::mem::swap(slot, other);
        }
        let known = slot.is_of(word.text);
        if known && !slot.begins {
            out.extend(slot.latin());
            return false;
        }
        self.reader.read(word.text);
        let begins = self.reader.begins();
        if begins && let Some(name) = second.and_then(|second| self.reader.pair(second.text)) {
            out.extend(name.as_bytes());
            return true;
        }
        self.made.clear();
        self.reader.write(word.text, &mut self.made);
        out.extend(self.made.as_bytes());
        if !known && let Some(new) = Slot::new(word.text, &self.made, begins) {
            *slot = new;
        }
        false
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
            pairs in 0u32..4,
        ) {
            let mut latin = Romanizer { pairs: vec![[EMPTY; 2]; 1 << pairs], ..Romanizer::default() };
            let names = names.iter().map(|name| name.iter().map(|at| WORDS[*at]).collect::<Vec<_>>().join(" "));
            let names: Vec<String> = names.chain([odd.clone(), odd]).collect();
            let (mut out, mut ends) = (b"-".to_vec(), Vec::new());
            latin.write(names.iter().map(String::as_str), &mut out, &mut ends);
            let mut from = 1;
            for (name, end) in names.iter().zip(ends) {
                prop_assert_eq!(std::str::from_utf8(&out[from..end]).unwrap(), to_latin(name, Scheme::Reader));
                from = end;
            }
            prop_assert_eq!(from, out.len());
        }
    }
}
