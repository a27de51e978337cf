//! Thirty-two characters in four registers, on ARM processors of 64 bits, all of which have NEON.
//!
//! As with AVX2: what is near is looked up by the bytes that change, and what goes is squeezed out by a shuffle.

#![allow(unsafe_code, reason = "loads and stores of whole registers")]

use std::arch::aarch64::*;

use super::lanes::{BYTES, LANES, Lanes, first_long, padded};
use super::near::{ARABIC, Bank, Near};
use super::shuffles::{BEGIN, CODED, KEEP, Shuffles, nth};

/// Characters in a register.
const EIGHT: usize = 8;

/// What is looked up.
#[derive(Clone, Copy)]
pub(super) struct Neon<'a>(&'a [Bank]);

type Four = [uint16x8_t; 4];

/// A bit for each byte of eight.
static WEIGHTS: [u8; 16] = [1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128];

#[inline(always)]
fn set(value: u16) -> uint16x8_t {
    // SAFETY: every processor of this kind has NEON.
    unsafe { vdupq_n_u16(value) }
}

#[inline(always)]
fn weights() -> uint8x16_t {
    // SAFETY: the array is as wide as the register.
    unsafe { vld1q_u8(WEIGHTS.as_ptr()) }
}

/// The low bytes of sixteen characters.
#[inline(always)]
fn low_bytes(a: uint16x8_t, b: uint16x8_t) -> uint8x16_t {
    // SAFETY: every processor of this kind has NEON.
    unsafe { vuzp1q_u8(vreinterpretq_u8_u16(a), vreinterpretq_u8_u16(b)) }
}

/// A bit for each of four times sixteen bytes that are all ones or none.
#[inline(always)]
fn long_bits([a, b, c, d]: [uint8x16_t; 4]) -> u64 {
    // SAFETY: every processor of this kind has NEON.
    unsafe {
        let weights = weights();
        let of = |bytes| vandq_u8(bytes, weights);
        let half = vpaddq_u8(vpaddq_u8(of(a), of(b)), vpaddq_u8(of(c), of(d)));
        vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(half, half)), 0)
    }
}

/// A bit for each character of which all bits are set.
#[inline(always)]
fn bits([a, b, c, d]: Four) -> u32 {
    // SAFETY: every processor of this kind has NEON.
    unsafe {
        let weights = weights();
        let of = |bytes| vandq_u8(bytes, weights);
        let half = vpaddq_u8(of(low_bytes(a, b)), of(low_bytes(c, d)));
        let quarter = vpaddq_u8(half, half);
        vgetq_lane_u32(vreinterpretq_u32_u8(vpaddq_u8(quarter, quarter)), 0)
    }
}

/// Where characters are in the near table, and which are there.
#[inline(always)]
fn place(chars: uint16x8_t) -> [uint16x8_t; 2] {
    // SAFETY: every processor of this kind has NEON.
    unsafe {
        let block = vandq_u16(chars, set(0xFF80));
        let arabic = vceqq_u16(block, set(ARABIC));
        let near = vorrq_u16(arabic, vceqzq_u16(block));
        [vorrq_u16(vandq_u16(chars, set(0x7F)), vandq_u16(arabic, set(0x80))), near]
    }
}

/// What a bank has at each place; nothing for a place of another bank.
#[inline(always)]
fn of(bank: &[u8; 16], places: uint8x16_t) -> uint8x16_t {
    // SAFETY: as above, and a bank is as wide as the register.
    unsafe { vqtbl1q_u8(vld1q_u8(bank.as_ptr()), places) }
}

/// Sixteen bytes, shuffled by the entry of a table.
#[inline(always)]
fn shuffled(bytes: uint8x16_t, shuffles: &Shuffles, set: u64) -> uint8x16_t {
    // SAFETY: as above, and an entry is as wide as the register.
    unsafe { vqtbl1q_u8(bytes, vld1q_u8(shuffles[(set & 0xFF) as usize].as_ptr())) }
}

/// Characters from their first byte, which is the high one, and the next; and which have two.
#[inline(always)]
fn decoded(both: uint16x8_t) -> [uint16x8_t; 2] {
    // SAFETY: every processor of this kind has NEON.
    unsafe {
        let lead = vshrq_n_u16(both, 8);
        let two = vcgtq_u16(lead, set(0xBF));
        let high = vshlq_n_u16(vandq_u16(lead, set(0x1F)), 6);
        let long = vorrq_u16(high, vandq_u16(both, set(0x3F)));
        [vbslq_u16(two, long, lead), two]
    }
}

impl<'a> Lanes<'a> for Neon<'a> {
    type Chars = Four;
    type Kept = *const u16;

    #[inline(always)]
    unsafe fn new(near: &'a Near) -> Self {
        Self(&near.banks)
    }
    #[inline(always)]
    unsafe fn load(from: *const u16, count: usize) -> Four {
        let mut some = [0u16; LANES];
        // SAFETY: only `count` units are read, and four registers are as wide as the array.
        unsafe {
            let from = padded(from, count, &mut some);
            [
                vld1q_u16(from),
                vld1q_u16(from.add(EIGHT)),
                vld1q_u16(from.add(2 * EIGHT)),
                vld1q_u16(from.add(3 * EIGHT)),
            ]
        }
    }
    #[inline(always)]
    unsafe fn store(chars: Four, to: *mut u16) {
        for (k, eight) in chars.into_iter().enumerate() {
            // SAFETY: the caller has room.
            unsafe { vst1q_u16(to.add(k * EIGHT), eight) };
        }
    }
    #[inline(always)]
    unsafe fn look_up(self, [a, b, c, d]: Four) -> (Four, u32) {
        // SAFETY: every processor of this kind has NEON.
        unsafe {
            let ([place_a, near_a], [place_b, near_b]) = (place(a), place(b));
            let ([place_c, near_c], [place_d, near_d]) = (place(c), place(d));
            let (first, second) = (low_bytes(place_a, place_b), low_bytes(place_c, place_d));
            let none = vdupq_n_u8(0);
            let [mut low, mut high, mut more_low, mut more_high] = [none; 4];
            for bank in self.0 {
                let from = vdupq_n_u8(bank.first);
                let (inside, more) = (vsubq_u8(first, from), vsubq_u8(second, from));
                low = vorrq_u8(low, of(&bank.low, inside));
                high = vorrq_u8(high, of(&bank.high, inside));
                more_low = vorrq_u8(more_low, of(&bank.low, more));
                more_high = vorrq_u8(more_high, of(&bank.high, more));
            }
            let both =
                |low, high| [vreinterpretq_u16_u8(vzip1q_u8(low, high)), vreinterpretq_u16_u8(vzip2q_u8(low, high))];
            let ([to_a, to_b], [to_c, to_d]) = (both(low, high), both(more_low, more_high));
            let values = [veorq_u16(a, to_a), veorq_u16(b, to_b), veorq_u16(c, to_c), veorq_u16(d, to_d)];
            (values, bits([near_a, near_b, near_c, near_d]))
        }
    }
    #[inline(always)]
    unsafe fn within(chars: Four, limit: u16, many: u16) -> u32 {
        // SAFETY: every processor of this kind has NEON.
        unsafe { bits(chars.map(|eight| vcltq_u16(vsubq_u16(eight, set(limit)), set(many)))) }
    }
    #[inline(always)]
    unsafe fn equal(chars: Four, value: u16) -> u32 {
        // SAFETY: every processor of this kind has NEON.
        unsafe { bits(chars.map(|eight| vceqq_u16(eight, set(value)))) }
    }
    #[inline(always)]
    unsafe fn squeeze(chars: Four, keep: u32, to: *mut u16) -> *const u16 {
        // SAFETY: the caller has room.
        unsafe {
            if keep == u32::MAX {
                Self::store(chars, to);
                return to;
            }
            let (mut at, mut left) = (0, u64::from(keep));
            for eight in chars {
                vst1q_u8(to.add(at).cast(), shuffled(vreinterpretq_u8_u16(eight), &KEEP, left));
                at += (left & 0xFF).count_ones() as usize;
                left >>= 8;
            }
        }
        to
    }
    #[inline(always)]
    unsafe fn doubled(kept: *const u16, last: u16) -> u32 {
        // SAFETY: four registers were written there.
        unsafe {
            let [a, b, c, d] = Self::load(kept, LANES);
            let same = |before, eight| vceqq_u16(vextq_u16(before, eight, 7), eight);
            bits([same(set(last), a), same(a, b), same(b, c), same(c, d)])
        }
    }

    #[inline(always)]
    unsafe fn begins(from: *const u8, count: usize) -> (u64, u64) {
        let mut some = [0u8; BYTES];
        let inside = first_long(count);
        // SAFETY: only `count` bytes are read, and four registers are as wide as the array.
        unsafe {
            let from = padded(from, count, &mut some);
            let all = [vld1q_u8(from), vld1q_u8(from.add(16)), vld1q_u8(from.add(32)), vld1q_u8(from.add(48))];
            // Bytes 80 to BF, as signed numbers, are below C0.
            let starts = all.map(|bytes| vcgeq_s8(vreinterpretq_s8_u8(bytes), vdupq_n_s8(0xC0u8.cast_signed())));
            let long = all.map(|bytes| vcgeq_u8(bytes, vdupq_n_u8(0xE0)));
            (long_bits(starts) & inside, long_bits(long) & inside)
        }
    }
    #[inline(always)]
    unsafe fn decode(from: *const u8, rest: usize, starts: u64) -> (Four, u32) {
        const READ: usize = BYTES + 8;
        let mut some = [0u8; READ];
        let mut units = [0u16; LANES + EIGHT];
        // SAFETY: only bytes of the source are read, and no more than 32 units are written, and a register after them.
        unsafe {
            let from = padded(from, rest, &mut some);
            let mut at = 0;
            for k in 0..8 {
                let set = starts >> (8 * k) & 0xFF;
                vst1q_u8(units.as_mut_ptr().add(at).cast(), shuffled(vld1q_u8(from.add(8 * k)), &BEGIN, set));
                at += set.count_ones() as usize;
            }
            let pairs = Self::load(units.as_ptr(), LANES).map(decoded);
            (pairs.map(|[chars, _]| chars), bits(pairs.map(|[_, two]| two)))
        }
    }
    #[inline(always)]
    unsafe fn encode(kept: *const u16, count: u32, to: *mut u8) -> u32 {
        let (mut at, mut widths) = (0, 0);
        // SAFETY: four registers were written to `kept`, and the caller has room.
        unsafe {
            let weights = vget_low_u8(weights());
            for k in 0..count.div_ceil(8) {
                let chars = vld1q_u16(kept.add(8 * k as usize));
                let wide = vcgtq_u16(chars, set(0x7F));
                let first_byte = vorrq_u16(vshrq_n_u16(chars, 6), set(0xC0));
                let second_byte = vorrq_u16(vandq_u16(chars, set(0x3F)), set(0x80));
                let coded = vbslq_u16(wide, vorrq_u16(first_byte, vshlq_n_u16(second_byte, 8)), chars);
                let two = u32::from(vaddv_u8(vand_u8(vmovn_u16(wide), weights)));
                vst1q_u8(to.add(at), shuffled(vreinterpretq_u8_u16(coded), &CODED, u64::from(two)));
                at += 8 + two.count_ones() as usize;
                widths |= two << (8 * k);
            }
        }
        widths
    }
    #[inline(always)]
    unsafe fn nth(bits: u64, number: u32) -> usize {
        nth(bits, number)
    }
}
