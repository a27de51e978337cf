//! Thirty-two characters in a register, on processors with AVX-512 and its byte and word permutations.
//!
//! A character that is near is looked up in eight registers; what goes is squeezed out by one instruction.

#![allow(unsafe_code, reason = "loads and stores of whole registers")]

use std::arch::x86_64::*;

use super::lanes::{LANES, Lanes, first, first_long};
use super::near::{ARABIC, Near};

/// The lane before each.
static BEFORE: [u16; LANES] = {
    let mut lanes = [0; LANES];
    let mut k = 1;
    while k < LANES {
        lanes[k] = lanes[k - 1] + (k > 1) as u16;
        k += 1;
    }
    lanes
};

/// The table in registers.
#[derive(Clone, Copy)]
pub(super) struct Avx512([__m512i; 8]);

#[inline(always)]
unsafe fn set(value: u16) -> __m512i {
    // SAFETY: the caller has the instructions.
    unsafe { _mm512_set1_epi16(value.cast_signed()) }
}

impl<'a> Lanes<'a> for Avx512 {
    type Chars = __m512i;
    type Kept = __m512i;

    #[inline(always)]
    unsafe fn new(near: &'a Near) -> Self {
        let table = near.values.as_ptr();
        // SAFETY: eight registers of 32 values are the 256 of the table.
        unsafe {
            Self([
                Self::load(table, LANES),
                Self::load(table.add(LANES), LANES),
                Self::load(table.add(2 * LANES), LANES),
                Self::load(table.add(3 * LANES), LANES),
                Self::load(table.add(4 * LANES), LANES),
                Self::load(table.add(5 * LANES), LANES),
                Self::load(table.add(6 * LANES), LANES),
                Self::load(table.add(7 * LANES), LANES),
            ])
        }
    }
    #[inline(always)]
    unsafe fn load(from: *const u16, count: usize) -> __m512i {
        // SAFETY: only `count` units are read.
        unsafe { _mm512_maskz_loadu_epi16(first(count), from.cast()) }
    }
    #[inline(always)]
    unsafe fn store(chars: __m512i, to: *mut u16) {
        // SAFETY: the caller has room.
        unsafe { _mm512_storeu_epi16(to.cast(), chars) }
    }
    #[inline(always)]
    unsafe fn look_up(self, chars: __m512i) -> (__m512i, u32) {
        let [a, b, c, d, e, f, g, h] = self.0;
        // SAFETY: the caller has the instructions.
        unsafe {
            let ascii = _mm512_cmplt_epu16_mask(chars, set(0x80));
            let arabic = _mm512_cmplt_epu16_mask(_mm512_sub_epi16(chars, set(ARABIC)), set(0x80));
            let upper = _mm512_test_epi16_mask(chars, set(0x40));
            let plain = _mm512_mask_blend_epi16(
                upper,
                _mm512_permutex2var_epi16(a, chars, b),
                _mm512_permutex2var_epi16(c, chars, d),
            );
            let letters = _mm512_mask_blend_epi16(
                upper,
                _mm512_permutex2var_epi16(e, chars, f),
                _mm512_permutex2var_epi16(g, chars, h),
            );
            (_mm512_mask_blend_epi16(arabic, plain, letters), ascii | arabic)
        }
    }
    #[inline(always)]
    unsafe fn within(chars: __m512i, limit: u16, many: u16) -> u32 {
        // SAFETY: the caller has the instructions.
        unsafe { _mm512_cmplt_epu16_mask(_mm512_sub_epi16(chars, set(limit)), set(many)) }
    }
    #[inline(always)]
    unsafe fn equal(chars: __m512i, value: u16) -> u32 {
        // SAFETY: the caller has the instructions.
        unsafe { _mm512_cmpeq_epu16_mask(chars, set(value)) }
    }
    #[inline(always)]
    unsafe fn squeeze(chars: __m512i, keep: u32, to: *mut u16) -> __m512i {
        // SAFETY: the caller has room for a register.
        unsafe {
            let kept = if keep == u32::MAX { chars } else { _mm512_maskz_compress_epi16(keep, chars) };
            _mm512_storeu_epi16(to.cast(), kept);
            kept
        }
    }
    #[inline(always)]
    unsafe fn doubled(kept: __m512i, last: u16) -> u32 {
        // SAFETY: the array is as wide as a register.
        unsafe {
            let shift = _mm512_loadu_epi16(BEFORE.as_ptr().cast());
            let before = _mm512_mask_mov_epi16(_mm512_permutexvar_epi16(shift, kept), 1, set(last));
            _mm512_cmpeq_epu16_mask(kept, before)
        }
    }

    #[inline(always)]
    unsafe fn begins(from: *const u8, count: usize) -> (u64, u64) {
        let inside = first_long(count);
        // SAFETY: only `count` bytes are read.
        unsafe {
            let bytes = _mm512_maskz_loadu_epi8(inside, from.cast());
            // Bytes 80 to BF, as signed numbers, are below C0.
            let starts = inside & !_mm512_cmplt_epi8_mask(bytes, _mm512_set1_epi8(-64));
            (starts, inside & _mm512_cmpge_epu8_mask(bytes, _mm512_set1_epi8(0xE0u8.cast_signed())))
        }
    }
    #[inline(always)]
    unsafe fn decode(from: *const u8, rest: usize, starts: u64) -> (__m512i, u32) {
        // SAFETY: only bytes of the source are read: `rest` at `from`, and those after the first.
        unsafe {
            let bytes = _mm512_maskz_loadu_epi8(first_long(rest), from.cast());
            let after = _mm512_maskz_loadu_epi8(first_long(rest - 1), from.wrapping_add(1).cast());
            let lead = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(_mm512_maskz_compress_epi8(starts, bytes)));
            let tail = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(_mm512_maskz_compress_epi8(starts, after)));
            let two = _mm512_cmpge_epu16_mask(lead, set(0xC0));
            let high = _mm512_slli_epi16(_mm512_and_si512(lead, set(0x1F)), 6);
            let both = _mm512_or_si512(high, _mm512_and_si512(tail, set(0x3F)));
            (_mm512_mask_blend_epi16(two, lead, both), two)
        }
    }
    #[inline(always)]
    unsafe fn encode(kept: __m512i, count: u32, to: *mut u8) -> u32 {
        // SAFETY: the caller has room.
        unsafe {
            let stay = first(count as usize);
            let wide = stay & _mm512_cmpge_epu16_mask(kept, set(0x80));
            let first_byte = _mm512_or_si512(_mm512_srli_epi16(kept, 6), set(0xC0));
            let second_byte = _mm512_or_si512(_mm512_and_si512(kept, set(0x3F)), set(0x80));
            let coded = _mm512_or_si512(first_byte, _mm512_slli_epi16(second_byte, 8));
            let coded = _mm512_mask_blend_epi16(wide, kept, coded);
            let written =
                _pdep_u64(u64::from(stay), 0x5555_5555_5555_5555) | _pdep_u64(u64::from(wide), 0xAAAA_AAAA_AAAA_AAAA);
            _mm512_storeu_epi8(to.cast(), _mm512_maskz_compress_epi8(written, coded));
            wide
        }
    }
    #[inline(always)]
    unsafe fn nth(bits: u64, number: u32) -> usize {
        // SAFETY: the caller has the instructions.
        unsafe { _pdep_u64(1 << number, bits) }.trailing_zeros() as usize
    }
}
