//! Thirty-two characters in two registers, on processors with AVX2.
//!
//! A character that is near is looked up by the bytes that change, sixteen at a time, and only where some do. What goes is
//! squeezed out of eight characters by a shuffle from a table.

#![allow(unsafe_code, reason = "loads and stores of whole registers")]

use std::arch::x86_64::*;

use super::lanes::{BYTES, LANES, Lanes, first_long, padded};
use super::near::{ARABIC, Bank, Near};
use super::shuffles::{BEGIN, CODED, KEEP, Shuffles, nth};

/// What is looked up.
#[derive(Clone, Copy)]
pub(super) struct Avx2<'a>(&'a [Bank]);

type Pair = [__m256i; 2];

#[inline(always)]
unsafe fn set(value: u16) -> __m256i {
    // SAFETY: the caller has the instructions.
    unsafe { _mm256_set1_epi16(value.cast_signed()) }
}

#[inline(always)]
unsafe fn set_half(value: u16) -> __m128i {
    // SAFETY: as above.
    unsafe { _mm_set1_epi16(value.cast_signed()) }
}
#[inline(always)]
unsafe fn byte(value: u8) -> __m256i {
    // SAFETY: as above.
    unsafe { _mm256_set1_epi8(value.cast_signed()) }
}

/// Where characters are in the near table, and which are there.
#[inline(always)]
unsafe fn place(chars: __m256i) -> Pair {
    // SAFETY: as above.
    unsafe {
        let block = _mm256_and_si256(chars, set(0xFF80));
        let arabic = _mm256_cmpeq_epi16(block, set(ARABIC));
        let near = _mm256_or_si256(arabic, _mm256_cmpeq_epi16(block, _mm256_setzero_si256()));
        let low = _mm256_and_si256(chars, set(0x7F));
        [_mm256_or_si256(low, _mm256_and_si256(arabic, set(0x80))), near]
    }
}

/// What a bank has at each place.
#[inline(always)]
unsafe fn of(bank: &[u8; 16], places: __m256i) -> __m256i {
    // SAFETY: as above; a bank is as wide as half a register.
    unsafe { _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_loadu_si128(bank.as_ptr().cast())), places) }
}

/// The characters that are among the `many` from `limit`.
#[inline(always)]
unsafe fn are_within(chars: __m256i, limit: u16, many: u16) -> __m256i {
    // SAFETY: as above.
    unsafe {
        let above = _mm256_subs_epu16(_mm256_sub_epi16(chars, set(limit)), set(many - 1));
        _mm256_cmpeq_epi16(above, _mm256_setzero_si256())
    }
}

/// Bits of the bytes that begin a character, and one of three bytes or more.
#[inline(always)]
unsafe fn half_begins(from: *const u8) -> (u64, u64) {
    // SAFETY: as above; the caller has a register of bytes.
    unsafe {
        let bytes = _mm256_loadu_si256(from.cast());
        // Bytes 80 to BF, as signed numbers, are below C0.
        let starts = !_mm256_movemask_epi8(_mm256_cmpgt_epi8(byte(0xC0), bytes)).cast_unsigned();
        let long = _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_max_epu8(bytes, byte(0xE0)), bytes)).cast_unsigned();
        (u64::from(starts), u64::from(long))
    }
}

/// Characters from their first byte, which is the high one, and the next; and which have two.
#[inline(always)]
unsafe fn decoded(both: __m256i) -> Pair {
    // SAFETY: as above.
    unsafe {
        let lead = _mm256_srli_epi16(both, 8);
        let two = _mm256_cmpgt_epi16(lead, set(0xBF));
        let high = _mm256_slli_epi16(_mm256_and_si256(lead, set(0x1F)), 6);
        let long = _mm256_or_si256(high, _mm256_and_si256(both, set(0x3F)));
        [_mm256_blendv_epi8(lead, long, two), two]
    }
}

/// A bit for each character of which all bits are set.
#[inline(always)]
unsafe fn bits([a, b]: Pair) -> u32 {
    // SAFETY: the caller has the instructions.
    unsafe {
        let bytes = _mm256_permute4x64_epi64(_mm256_packs_epi16(a, b), 0b11_01_10_00);
        _mm256_movemask_epi8(bytes).cast_unsigned()
    }
}

/// Eight characters, shuffled by the entry of a table.
#[inline(always)]
unsafe fn shuffled(eight: __m128i, shuffles: &Shuffles, set: u64) -> __m128i {
    // SAFETY: an entry is as wide as the register.
    unsafe { _mm_shuffle_epi8(eight, _mm_loadu_si128(shuffles[(set & 0xFF) as usize].as_ptr().cast())) }
}

impl<'a> Lanes<'a> for Avx2<'a> {
    type Chars = Pair;
    type Kept = *const u16;

    #[inline(always)]
    unsafe fn new(near: &'a Near) -> Self {
        Self(&near.banks)
    }
    #[inline(always)]
    unsafe fn load(from: *const u16, count: usize) -> Pair {
        let mut some = [0u16; LANES];
        // SAFETY: only `count` units are read, and two registers are as wide as the array.
        unsafe {
            let from = padded(from, count, &mut some);
            [_mm256_loadu_si256(from.cast()), _mm256_loadu_si256(from.add(LANES / 2).cast())]
        }
    }
    #[inline(always)]
    unsafe fn store([a, b]: Pair, to: *mut u16) {
        // SAFETY: the caller has room.
        unsafe {
            _mm256_storeu_si256(to.cast(), a);
            _mm256_storeu_si256(to.add(LANES / 2).cast(), b);
        }
    }
    #[inline(always)]
    unsafe fn look_up(self, [a, b]: Pair) -> (Pair, u32) {
        // SAFETY: the caller has the instructions.
        unsafe {
            let ([place_a, near_a], [place_b, near_b]) = (place(a), place(b));
            let place = _mm256_packus_epi16(place_a, place_b);
            let (mut low, mut high) = (_mm256_setzero_si256(), _mm256_setzero_si256());
            for bank in self.0 {
                // The place in the bank, or more than a shuffle looks up.
                let inside = _mm256_adds_epu8(_mm256_sub_epi8(place, byte(bank.first)), byte(0x70));
                low = _mm256_or_si256(low, of(&bank.low, inside));
                high = _mm256_or_si256(high, of(&bank.high, inside));
            }
            let values_a = _mm256_xor_si256(a, _mm256_unpacklo_epi8(low, high));
            let values_b = _mm256_xor_si256(b, _mm256_unpackhi_epi8(low, high));
            ([values_a, values_b], bits([near_a, near_b]))
        }
    }
    #[inline(always)]
    unsafe fn within([a, b]: Pair, limit: u16, many: u16) -> u32 {
        // SAFETY: the caller has the instructions.
        unsafe { bits([are_within(a, limit, many), are_within(b, limit, many)]) }
    }
    #[inline(always)]
    unsafe fn equal([a, b]: Pair, value: u16) -> u32 {
        // SAFETY: the caller has the instructions.
        unsafe { bits([_mm256_cmpeq_epi16(a, set(value)), _mm256_cmpeq_epi16(b, set(value))]) }
    }
    #[inline(always)]
    unsafe fn squeeze([a, b]: Pair, keep: u32, to: *mut u16) -> *const u16 {
        // SAFETY: the caller has room.
        unsafe {
            if keep == u32::MAX {
                Self::store([a, b], to);
                return to;
            }
            let eights = [
                _mm256_castsi256_si128(a),
                _mm256_extracti128_si256(a, 1),
                _mm256_castsi256_si128(b),
                _mm256_extracti128_si256(b, 1),
            ];
            let (mut at, mut left) = (0, u64::from(keep));
            for eight in eights {
                _mm_storeu_si128(to.add(at).cast(), shuffled(eight, &KEEP, left));
                at += (left & 0xFF).count_ones() as usize;
                left >>= 8;
            }
        }
        to
    }
    #[inline(always)]
    unsafe fn doubled(kept: *const u16, last: u16) -> u32 {
        // SAFETY: two registers were written there.
        unsafe {
            let [a, b] = Self::load(kept, LANES);
            let before_a = _mm256_alignr_epi8(a, _mm256_permute2x128_si256(set(last), a, 0x20), 14);
            let before_b = _mm256_alignr_epi8(b, _mm256_permute2x128_si256(a, b, 0x21), 14);
            bits([_mm256_cmpeq_epi16(a, before_a), _mm256_cmpeq_epi16(b, before_b)])
        }
    }

    #[inline(always)]
    unsafe fn begins(from: *const u8, count: usize) -> (u64, u64) {
        let mut some = [0u8; BYTES];
        let inside = first_long(count);
        // SAFETY: only `count` bytes are read, and two registers are as wide as the array.
        unsafe {
            let from = padded(from, count, &mut some);
            let ((starts, long), (more_starts, more_long)) = (half_begins(from), half_begins(from.add(BYTES / 2)));
            ((starts | more_starts << 32) & inside, (long | more_long << 32) & inside)
        }
    }
    #[inline(always)]
    unsafe fn decode(from: *const u8, rest: usize, starts: u64) -> (Pair, u32) {
        const READ: usize = BYTES + 8;
        let mut some = [0u8; READ];
        let mut units = [0u16; LANES + 8];
        // SAFETY: only bytes of the source are read, and no more than 32 units are written, and a register after them.
        unsafe {
            let from = padded(from, rest, &mut some);
            let mut at = 0;
            for k in 0..8 {
                let set = starts >> (8 * k) & 0xFF;
                let eight = shuffled(_mm_loadu_si128(from.add(8 * k).cast()), &BEGIN, set);
                _mm_storeu_si128(units.as_mut_ptr().add(at).cast(), eight);
                at += set.count_ones() as usize;
            }
            let [a, b] = Self::load(units.as_ptr(), LANES);
            let ([a, two_a], [b, two_b]) = (decoded(a), decoded(b));
            ([a, b], bits([two_a, two_b]))
        }
    }
    #[inline(always)]
    unsafe fn encode(kept: *const u16, count: u32, to: *mut u8) -> u32 {
        let (mut at, mut widths) = (0, 0);
        // SAFETY: two registers were written to `kept`, and the caller has room.
        unsafe {
            for k in 0..count.div_ceil(8) {
                let chars = _mm_loadu_si128(kept.add(8 * k as usize).cast());
                let wide = _mm_cmpgt_epi16(chars, set_half(0x7F));
                let first_byte = _mm_or_si128(_mm_srli_epi16(chars, 6), set_half(0xC0));
                let second_byte = _mm_or_si128(_mm_and_si128(chars, set_half(0x3F)), set_half(0x80));
                let coded = _mm_or_si128(first_byte, _mm_slli_epi16(second_byte, 8));
                let coded = _mm_blendv_epi8(chars, coded, wide);
                let two = _mm_movemask_epi8(_mm_packs_epi16(wide, _mm_setzero_si128())).cast_unsigned();
                _mm_storeu_si128(to.add(at).cast(), shuffled(coded, &CODED, u64::from(two)));
                at += 8 + two.count_ones() as usize;
                widths |= two << (8 * k);
            }
        }
        widths
    }
    #[inline(always)]
    unsafe fn nth(bits: u64, number: u32) -> usize {
        // Deposits of bits are slow on some of these processors.
        nth(bits, number)
    }
}
