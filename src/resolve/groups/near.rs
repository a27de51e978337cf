//! Names that differ from another in one letter, found through hashes of what is left of both without it.

use crate::base::hash64;
use crate::detect::lexicon::one_edit;
use crate::segment::{NO_WORD, Words};

use super::super::names::{Form, NameWord, Names};

/// Hashes that a name shares with those that differ from it in one letter: the name without one of its words, or the
/// one word without one of its letters.
pub(super) fn each_neighbor(names: &Names, form: &Form, mut emit: impl FnMut(u64)) {
    let words = names.words(form);
    let seed = names.hash(form.class, &[]);
    if let [only] = words {
        each_deletion(names.text(std::slice::from_ref(only)), seed, emit);
    } else {
        let word = |word: &NameWord| hash64(names.text(std::slice::from_ref(word)).as_bytes(), 0);
        // Names that lack words at different places are not alike.
        let place = |at: u32| BASE.wrapping_mul(u64::from(at));
        each_without(words.iter().map(word), seed ^ (words.len() as u64), |at, hash| emit(hash ^ place(at)));
    }
}

/// Hashes of a word and of what is left of it without each of its letters.
fn each_deletion(word: &str, seed: u64, mut emit: impl FnMut(u64)) {
    let letters = word.chars().map(|letter| u64::from(u32::from(letter)));
    emit(last_step(letters.clone().fold(0, step), seed));
    each_without(letters, seed, |_, hash| emit(hash));
}

/// What the hash of a row is multiplied by at each item, and what undoes that.
const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
/// See [`BASE`].
const BACK: u64 = inverse(BASE);

/// The number whose product with an odd one is 1, modulo 2^64.
const fn inverse(odd: u64) -> u64 {
    // Each round doubles the bits that are right, of which there are three.
    let (mut inverse, mut round) = (odd, 0);
    while round < 5 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(inverse)));
        round += 1;
    }
    inverse
}

fn step(hash: u64, item: u64) -> u64 {
    hash.wrapping_mul(BASE).wrapping_add(item)
}

fn last_step(hash: u64, seed: u64) -> u64 {
    hash64(&hash.to_le_bytes(), seed)
}

/// Hashes of a row of items without each of them, with its place, each in one step from the hash of the whole row.
fn each_without(items: impl Iterator<Item = u64> + Clone, seed: u64, mut emit: impl FnMut(u32, u64)) {
    let (mut whole, mut weight) = (0, BACK);
    for item in items.clone() {
        whole = step(whole, item);
        weight = weight.wrapping_mul(BASE);
    }
    let mut before = 0u64;
    for (at, item) in (0..).zip(items) {
        let with = step(before, item);
        emit(at, last_step(before.wrapping_sub(with).wrapping_mul(weight).wrapping_add(whole), seed));
        (before, weight) = (with, weight.wrapping_mul(BACK));
    }
}

/// Whether `form` is `known` with one rare word a letter off.
pub(super) fn one_word_wrong(words: &Words, names: &Names, form: &Form, known: &Form) -> bool {
    let (wrong, right) = (names.words(form), names.words(known));
    let text = |word: &NameWord| names.text(std::slice::from_ref(word));
    if form.class != known.class || wrong.len() != right.len() || names.text(wrong).chars().count() < 5 {
        return false;
    }
    let mut differ = wrong.iter().zip(right).filter(|(a, b)| text(a) != text(b));
    let (Some((a, b)), None) = (differ.next(), differ.next()) else { return false };
    let listed = b.id != NO_WORD && a.id == NO_WORD;
    let more = listed || words.count(b.id) > words.count(a.id).saturating_mul(8) || known.count > form.count;
    more && names.is_rare(words, a) && one_edit(text(a), text(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn without_each_item(items in prop::collection::vec(any::<u64>(), 0..9), seed in any::<u64>()) {
            let mut found = Vec::new();
            each_without(items.iter().copied(), seed, |at, hash| found.push((at, hash)));
            let rest = |at: usize| items.iter().enumerate().filter(move |(other, _)| *other != at).map(|(_, item)| *item);
            let hash = |at: usize| (u32::try_from(at).unwrap(), last_step(rest(at).fold(0, step), seed));
            let expected: Vec<(u32, u64)> = (0..items.len()).map(hash).collect();
            prop_assert_eq!(found, expected);
        }

        /// Words one edit apart share a hash, so that looking at those alone misses none.
        #[test]
        fn neighbors_meet(a in "[بتنيس]{3,7}", b in "[بتنيس]{3,7}", at in 0usize..7) {
            let mut shorter: Vec<char> = a.chars().collect();
            shorter.remove(at.min(shorter.len() - 1));
            for other in [b, shorter.into_iter().collect()] {
                let (mut one, mut two) = (Vec::new(), Vec::new());
                each_deletion(&a, 7, |hash| one.push(hash));
                each_deletion(&other, 7, |hash| two.push(hash));
                if one_edit(&a, &other) {
                    prop_assert!(one.iter().any(|hash| two.contains(hash)), "{a} {other}");
                }
            }
        }
    }
}
