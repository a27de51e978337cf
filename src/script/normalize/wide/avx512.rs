//! Thirty-two characters at a time, on processors with AVX-512 and its byte and word permutations.
//!
//! A character is looked up in registers when it is ASCII
//! or a common Arabic letter, and in the table otherwise; what goes is squeezed out by one instruction.

#![allow(unsafe_code, reason = "loads and stores of whole registers, and calls of code for this processor alone")]

use std::arch::x86_64::*;

use crate::script::normalize::compile::{Table, code};
use crate::script::normalize::encoding::Place;
use crate::script::normalize::trace::Trace;

/// Code points that are looked up in registers: ASCII, and as many from U+0600.
const NEAR: usize = 0x80;
const ARABIC: u16 = 0x600;
/// Characters in a register.
const LANES: usize = 32;
/// Room that a step may scribble on, in units.
const ROOM: usize = 64;

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

/// The values of ASCII and of the common Arabic letters.
#[derive(Debug)]
pub(in crate::script::normalize) struct Near([u16; 2 * NEAR]);

/// The value of a character of the basic plane. White space becomes a space here; doubled ones go later.
fn value(map: &[u16; 0x10000], unit: u16) -> u16 {
    match map[usize::from(unit)] {
        code::SPACE => 0x20,
        value => value,
    }
}

impl Near {
    /// `None` on a processor that lacks the instructions.
    pub fn new(map: &[u16; 0x10000]) -> Option<Box<Self>> {
        let can = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vbmi2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("popcnt");
        can.then(|| {
            let mut near = Box::new(Self([0; 2 * NEAR]));
            for (at, slot) in (0u16..).zip(near.0.iter_mut()) {
                *slot = value(map, if usize::from(at) < NEAR { at } else { at - 0x80 + ARABIC });
            }
            near
        })
    }
}

/// Go over `src[i..end]` while no character needs the handler: UCS-2.
pub(in crate::script::normalize) fn ucs2<T: Trace>(
    table: &Table,
    src: &[u16],
    at: Place,
    end: usize,
    out: &mut [u16],
    prev: &mut u32,
    trace: &mut T,
) -> Option<Place> {
    let near = table.near.as_deref()?;
    // SAFETY: a `Near` is only made on a processor that has the instructions.
    Some(unsafe { ucs2_lanes((table, near), src, at, end.min(src.len()), out, prev, trace) })
}

/// Go over `src[i..end]` while no character needs the handler: UTF-8.
pub(in crate::script::normalize) fn utf8<T: Trace>(
    table: &Table,
    src: &[u8],
    at: Place,
    end: usize,
    out: &mut [u8],
    prev: &mut u32,
    trace: &mut T,
) -> Option<Place> {
    let near = table.near.as_deref()?;
    // SAFETY: as above.
    Some(unsafe { utf8_lanes((table, near), src, at, end.min(src.len()), out, prev, trace) })
}

/// The first `count` of 32 bits.
#[inline]
fn first(count: usize) -> u32 {
    if count >= LANES { u32::MAX } else { (1 << count) - 1 }
}

/// What became of the characters in a register.
struct Step {
    /// The values that stay, in order, and how many.
    values: __m512i,
    count: u32,
    /// Of the source, those that went and those that stay.
    gone: u32,
    keep: u32,
    /// The lane of the first that was not done, when the handler or the slow loop must take it.
    halt: Option<usize>,
}

/// The table in registers, and what steps hand on.
struct Lanes<'a> {
    table: &'a Table,
    near: [__m512i; 8],
    /// The last value written, and whether it is that of the one before too.
    last: u16,
    pair: bool,
}

impl<'a> Lanes<'a> {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,bmi1,bmi2,popcnt")]
    fn new(table: &'a Table, near: &Near, prev: u32, pair: bool) -> Self {
        // SAFETY: eight registers of 32 values are the 256 of the table.
        let load = |k: usize| unsafe { _mm512_loadu_epi16(near.0.as_ptr().add(k * LANES).cast()) };
        let near = [load(0), load(1), load(2), load(3), load(4), load(5), load(6), load(7)];
        // A character beyond the basic plane is like nothing in it.
        Self { table, near, last: u16::try_from(prev).unwrap_or(code::RAW), pair }
    }

    /// Map the characters in `valid` lanes. The `many` values from `limit` need the handler, save removal.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,bmi1,bmi2,popcnt")]
    fn step(&mut self, units: __m512i, valid: u32, (limit, many): (u16, u16)) -> Step {
        let set = |value: u16| _mm512_set1_epi16(value.cast_signed());
        let ascii = _mm512_cmplt_epu16_mask(units, set(0x80));
        let arabic = _mm512_cmplt_epu16_mask(_mm512_sub_epi16(units, set(ARABIC)), set(0x80));
        let upper = _mm512_test_epi16_mask(units, set(0x40));
        let [a, b, c, d, e, f, g, h] = self.near;
        let plain = _mm512_mask_blend_epi16(
            upper,
            _mm512_permutex2var_epi16(a, units, b),
            _mm512_permutex2var_epi16(c, units, d),
        );
        let letters = _mm512_mask_blend_epi16(
            upper,
            _mm512_permutex2var_epi16(e, units, f),
            _mm512_permutex2var_epi16(g, units, h),
        );
        let mut values = _mm512_mask_blend_epi16(arabic, plain, letters);
        let mut far = valid & !(ascii | arabic);
        if far != 0 {
            let (mut from, mut to) = ([0u16; LANES], [0u16; LANES]);
            // SAFETY: the arrays are as wide as a register.
            unsafe {
                _mm512_storeu_epi16(from.as_mut_ptr().cast(), units);
                _mm512_storeu_epi16(to.as_mut_ptr().cast(), values);
            }
            while far != 0 {
                let lane = far.trailing_zeros() as usize;
                to[lane] = value(&self.table.map, from[lane]);
                far &= far - 1;
            }
            // SAFETY: as above.
            values = unsafe { _mm512_loadu_epi16(to.as_ptr().cast()) };
        }
        let (mut valid, mut gone, mut halt) = (valid, 0, None);
        let special = valid & _mm512_cmplt_epu16_mask(_mm512_sub_epi16(values, set(limit)), set(many));
        if special != 0 {
            gone = special & _mm512_cmpeq_epu16_mask(values, set(code::DELETE));
            let care = special & !gone;
            if care != 0 {
                let lane = care.trailing_zeros() as usize;
                valid &= first(lane);
                gone &= valid;
                halt = Some(lane);
            }
        }
        let mut keep = valid & !gone;
        if gone != 0 {
            values = _mm512_maskz_compress_epi16(keep, values);
        }
        let mut count = keep.count_ones();
        if self.table.spaces {
            let spaces = first(count as usize) & _mm512_cmpeq_epu16_mask(values, set(0x20));
            let doubled = spaces & (spaces << 1 | u32::from(self.last == 0x20));
            if doubled != 0 {
                gone |= _pdep_u32(doubled, keep);
                keep = valid & !gone;
                values = _mm512_maskz_compress_epi16(first(count as usize) & !doubled, values);
                count = keep.count_ones();
            }
        }
        if self.table.letters {
            // SAFETY: the array is as wide as a register.
            let shift = unsafe { _mm512_loadu_epi16(BEFORE.as_ptr().cast()) };
            let before = _mm512_permutexvar_epi16(shift, values);
            let before = _mm512_mask_mov_epi16(before, 1, set(self.last));
            let alike = first(count as usize) & _mm512_cmpeq_epu16_mask(values, before);
            let triple = alike & (alike << 1 | u32::from(self.pair));
            // A letter doubled at the end may be tripled by what follows.
            let open = count > 0 && alike >> (count - 1) & 1 != 0;
            if triple != 0 || open {
                let lane = if triple != 0 { triple.trailing_zeros().saturating_sub(1) } else { count - 1 };
                let at = _pdep_u32(1 << lane, keep).trailing_zeros() as usize;
                valid &= first(at);
                gone &= valid;
                keep = valid & !gone;
                count = lane;
                halt = Some(at);
            }
        }
        Step { values, count, gone, keep, halt }
    }

    /// The last value of a step is now the last written.
    #[inline]
    fn written(&mut self, last: u16) {
        self.last = last;
        // A step leaves an open pair out.
        self.pair = false;
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,bmi1,bmi2,popcnt")]
fn ucs2_lanes<T: Trace>(
    (table, near): (&Table, &Near),
    src: &[u16],
    (mut i, mut j): Place,
    end: usize,
    out: &mut [u16],
    prev: &mut u32,
    trace: &mut T,
) -> Place {
    let pair = j >= 2 && out[j - 1] == out[j - 2];
    let mut lanes = Lanes::new(table, near, *prev, pair);
    while i < end && j + ROOM <= out.len() {
        let inside = (end - i).min(LANES);
        let valid = first(inside);
        // SAFETY: only the first `inside` units are read, which lie before `end`, and that within the source.
        let units = unsafe { _mm512_maskz_loadu_epi16(valid, src.as_ptr().add(i).cast()) };
        let step = lanes.step(units, valid, (code::DELETE, code::END - code::DELETE));
        // SAFETY: there is room for more than a register after `j`.
        unsafe { _mm512_storeu_epi16(out.as_mut_ptr().add(j).cast(), step.values) };
        if T::ON && step.gone != 0 {
            trace.gone(i, u64::from(step.gone));
        }
        j += step.count as usize;
        if step.count > 0 {
            lanes.written(out[j - 1]);
            *prev = u32::from(out[j - 1]);
        }
        i += step.halt.unwrap_or(inside);
        if step.halt.is_some() {
            break;
        }
    }
    (i, j)
}

#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,bmi1,bmi2,popcnt")]
fn utf8_lanes<T: Trace>(
    (table, near): (&Table, &Near),
    src: &[u8],
    (mut i, mut j): Place,
    end: usize,
    out: &mut [u8],
    prev: &mut u32,
    trace: &mut T,
) -> Place {
    let bits = |count: usize| if count >= 64 { u64::MAX } else { (1u64 << count) - 1 };
    let set = |value: u16| _mm512_set1_epi16(value.cast_signed());
    let pair = j >= 4 && out[j - 2..j] == out[j - 4..j - 2];
    let mut lanes = Lanes::new(table, near, *prev, pair);
    while i < end && j + 2 * ROOM <= out.len() {
        let inside = (end - i).min(64);
        // SAFETY: the masks let only bytes of the source be read: `inside` from `i`, and those after its first.
        let (bytes, after) = unsafe {
            let bytes = _mm512_maskz_loadu_epi8(bits(inside), src.as_ptr().add(i).cast());
            let rest = bits(src.len() - i - 1);
            (bytes, _mm512_maskz_loadu_epi8(rest, src.as_ptr().wrapping_add(i + 1).cast()))
        };
        // Bytes 80 to BF, as signed numbers, are below C0.
        let mut starts = bits(inside) & !_mm512_cmplt_epi8_mask(bytes, _mm512_set1_epi8(-64));
        let long = bits(inside) & _mm512_cmpge_epu8_mask(bytes, _mm512_set1_epi8(0xE0u8.cast_signed()));
        let mut stop = inside;
        if starts.count_ones() > 32 {
            // As many characters as there are lanes.
            stop = _pdep_u64(1 << LANES, starts).trailing_zeros() as usize;
        }
        let halt = long & bits(stop) != 0;
        if halt {
            stop = long.trailing_zeros() as usize;
        }
        starts &= bits(stop);
        let valid = first(starts.count_ones() as usize);
        let part = |all: __m512i| _mm512_cvtepu8_epi16(_mm512_castsi512_si256(_mm512_maskz_compress_epi8(starts, all)));
        let (lead, tail) = (part(bytes), part(after));
        let two = valid & _mm512_cmpge_epu16_mask(lead, set(0xC0));
        let both =
            _mm512_or_si512(_mm512_slli_epi16(_mm512_and_si512(lead, set(0x1F)), 6), _mm512_and_si512(tail, set(0x3F)));
        let step = lanes.step(_mm512_mask_blend_epi16(two, lead, both), valid, (0x800, 0xF800));
        let stay = first(step.count as usize);
        let wide = stay & _mm512_cmpge_epu16_mask(step.values, set(0x80));
        let first_byte = _mm512_or_si512(_mm512_srli_epi16(step.values, 6), set(0xC0));
        let second_byte = _mm512_or_si512(_mm512_and_si512(step.values, set(0x3F)), set(0x80));
        let coded = _mm512_or_si512(first_byte, _mm512_slli_epi16(second_byte, 8));
        let coded = _mm512_mask_blend_epi16(wide, step.values, coded);
        let written =
            _pdep_u64(u64::from(stay), 0x5555_5555_5555_5555) | _pdep_u64(u64::from(wide), 0xAAAA_AAAA_AAAA_AAAA);
        let packed = _mm512_maskz_compress_epi8(written, coded);
        // SAFETY: there is room for two registers.
        unsafe { _mm512_storeu_epi8(out.as_mut_ptr().add(j).cast(), packed) };
        if T::ON {
            let widths = _pdep_u32(wide, step.keep);
            let mut changed = step.gone | step.keep & (two ^ widths);
            while changed != 0 {
                let lane = changed.trailing_zeros();
                let at = _pdep_u64(1 << lane, starts).trailing_zeros() as usize;
                let added = if step.gone >> lane & 1 != 0 { 0 } else { 1 + (widths >> lane & 1) as usize };
                trace.edit(i + at, 1 + (two >> lane & 1) as usize, added);
                changed &= changed - 1;
            }
        }
        j += written.count_ones() as usize;
        if step.count > 0 {
            let back = |k: usize| u16::from(out[j - k]);
            let two = wide >> (step.count - 1) & 1 != 0;
            let last = if two { (back(2) & 0x1F) << 6 | back(1) & 0x3F } else { back(1) };
            lanes.written(last);
            *prev = u32::from(last);
        }
        if let Some(lane) = step.halt {
            i += _pdep_u64(1 << lane, starts).trailing_zeros() as usize;
            break;
        }
        i += stop;
        if halt {
            break;
        }
        // The last character may end in the next block.
        i += usize::from(src.get(i).is_some_and(|b| b & 0xC0 == 0x80));
    }
    (i, j)
}
