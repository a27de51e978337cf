//! The loops, for any processor that handles thirty-two characters in its registers.

#![allow(unsafe_code, reason = "loads and stores of whole registers, and code for this processor alone")]

use super::near::{Near, value};
use crate::script::normalize::compile::{Table, code};
use crate::script::normalize::encoding::Place;
use crate::script::normalize::trace::Trace;

/// Characters that are handled at a time.
pub(super) const LANES: usize = 32;
/// Bytes of UTF-8 that are looked at for them.
pub(super) const BYTES: usize = 64;
/// Room that a step may scribble on, in units.
const ROOM: usize = 64;

/// What a kind of processor does with thirty-two characters. All is inlined into code that has its instructions.
///
/// # Safety
/// The processor has the instructions, and pointers lead to as many units as each function says.
pub(super) trait Lanes<'a>: Copy {
    /// Thirty-two characters.
    type Chars: Copy;
    /// Those that stay, one after the other.
    type Kept: Copy;

    unsafe fn new(near: &'a Near) -> Self;
    /// The first `count` of the units at `from`.
    unsafe fn load(from: *const u16, count: usize) -> Self::Chars;
    unsafe fn store(chars: Self::Chars, to: *mut u16);
    /// The values of characters, and a bit for each that is near.
    unsafe fn look_up(self, chars: Self::Chars) -> (Self::Chars, u32);
    /// A bit for each that is one of the `many` from `limit`.
    unsafe fn within(chars: Self::Chars, limit: u16, many: u16) -> u32;
    unsafe fn equal(chars: Self::Chars, value: u16) -> u32;
    /// Write those whose bit is set to `to`, where there is room for [`LANES`] and as many more.
    unsafe fn squeeze(chars: Self::Chars, keep: u32, to: *mut u16) -> Self::Kept;
    /// A bit for each that equals the one before, which is `last` for the first.
    unsafe fn doubled(kept: Self::Kept, last: u16) -> u32;

    /// Bits of the bytes that begin a character and of those that begin one of three bytes or more,
    /// of the first `count` at `from`.
    unsafe fn begins(from: *const u8, count: usize) -> (u64, u64);
    /// The characters that begin at the set bits, with a bit for each of two bytes. There are `rest` bytes at `from`.
    unsafe fn decode(from: *const u8, rest: usize, starts: u64) -> (Self::Chars, u32);
    /// Write the first `count` as UTF-8 to `to`, where there is room for two registers; a bit for each of two bytes.
    unsafe fn encode(kept: Self::Kept, count: u32, to: *mut u8) -> u32;
    /// Where the bit with this number is among the set ones.
    unsafe fn nth(bits: u64, number: u32) -> usize;
}

/// The first `count` of 32 bits.
#[inline(always)]
pub(super) fn first(count: usize) -> u32 {
    if count >= LANES { u32::MAX } else { (1 << count) - 1 }
}

/// The first `count` of 64 bits.
#[inline(always)]
pub(super) fn first_long(count: usize) -> u64 {
    if count >= 64 { u64::MAX } else { (1 << count) - 1 }
}

/// Where `N` units can be read: at `from`, or in `some`, where the first `count` are copied if there are no more.
///
/// # Safety
/// There are `count` units at `from`.
#[inline(always)]
pub(super) unsafe fn padded<T: Copy, const N: usize>(from: *const T, count: usize, some: &mut [T; N]) -> *const T {
    if count >= N {
        return from;
    }
    // SAFETY: as the caller says, and the array is longer.
    unsafe { some.as_mut_ptr().copy_from_nonoverlapping(from, count) };
    some.as_ptr()
}

/// What became of thirty-two characters.
struct Step<K> {
    /// The values that stay, in order, and how many.
    kept: K,
    count: u32,
    /// Of the source, those that went, those that stay, and those of them beyond ASCII, if that was asked for.
    gone: u32,
    keep: u32,
    wide: u32,
    /// The lane of the first that was not done, when the handler or the slow loop must take it.
    halt: Option<usize>,
}

/// The table in registers, and what steps hand on.
struct Run<'a, L> {
    table: &'a Table,
    lanes: L,
    /// The last value written, and whether it is that of the one before too.
    last: u16,
    pair: bool,
}

impl<'a, L: Lanes<'a>> Run<'a, L> {
    #[inline(always)]
    unsafe fn new(table: &'a Table, near: &'a Near, prev: u32, pair: bool) -> Self {
        // SAFETY: as the caller says.
        let lanes = unsafe { L::new(near) };
        // A character beyond the basic plane is like nothing in it.
        Self { table, lanes, last: u16::try_from(prev).unwrap_or(code::RAW), pair }
    }

    /// Map the characters in `valid` lanes. The `many` values from `limit` need the handler, save removal.
    #[inline(always)]
    unsafe fn step<T: Trace>(
        &self,
        chars: L::Chars,
        valid: u32,
        (limit, many): (u16, u16),
        to: *mut u16,
    ) -> Step<L::Kept> {
        // SAFETY: as the caller says; the arrays are as wide as the registers.
        unsafe {
            let (mut values, near) = self.lanes.look_up(chars);
            let mut far = valid & !near;
            if far != 0 {
                let (mut from, mut to) = ([0u16; LANES], [0u16; LANES]);
                L::store(chars, from.as_mut_ptr());
                L::store(values, to.as_mut_ptr());
                while far != 0 {
                    let lane = far.trailing_zeros() as usize;
                    to[lane] = value(&self.table.map, from[lane]);
                    far &= far - 1;
                }
                values = L::load(to.as_ptr(), LANES);
            }
            let (mut valid, mut gone, mut halt) = (valid, 0, None);
            let special = valid & L::within(values, limit, many);
            if special != 0 {
                gone = special & L::equal(values, code::DELETE);
                let care = special & !gone;
                if care != 0 {
                    let lane = care.trailing_zeros() as usize;
                    valid &= first(lane);
                    gone &= valid;
                    halt = Some(lane);
                }
            }
            if self.table.spaces {
                let spaces = valid & L::equal(values, 0x20);
                let doubled = spaces & after(spaces, gone, self.last == 0x20);
                if doubled != 0 {
                    gone = both(gone, doubled);
                }
            }
            let mut keep = valid & !gone;
            let kept = L::squeeze(values, keep, to);
            let mut count = keep.count_ones();
            if self.table.letters {
                let alike = first(count as usize) & L::doubled(kept, self.last);
                let triple = alike & (alike << 1 | u32::from(self.pair));
                // A letter doubled at the end may be tripled by what follows.
                let open = count > 0 && alike >> (count - 1) & 1 != 0;
                if triple != 0 || open {
                    let lane = if triple != 0 { triple.trailing_zeros().saturating_sub(1) } else { count - 1 };
                    let at = L::nth(u64::from(keep), lane);
                    valid &= first(at);
                    gone &= valid;
                    keep = valid & !gone;
                    count = lane;
                    halt = Some(at);
                }
            }
            let wide = if T::ON { keep & !L::within(values, 0, 0x80) } else { 0 };
            Step { kept, count, gone, keep, wide, halt }
        }
    }

    /// The last value of a step is now the last written.
    #[inline(always)]
    fn written(&mut self, last: u16) {
        self.last = last;
        // A step leaves an open pair out.
        self.pair = false;
    }
}

/// The lanes that come next after `marked` ones, and after the start when it is marked, where `gone` ones do not count.
#[inline(always)]
fn after(marked: u32, gone: u32, start: bool) -> u32 {
    let next = marked << 1 | u32::from(start);
    // A bit at the start of a run of gone lanes is carried past its end.
    let carried = (next & gone).wrapping_add(gone) & !gone;
    carried | next & !gone
}

/// The lanes of two sets. Apart, so that the processor guesses that there is nothing to join: else each step would wait
/// for the last value of the one before.
#[cold]
#[inline(never)]
fn both(a: u32, b: u32) -> u32 {
    a | b
}

#[inline(always)]
pub(super) unsafe fn ucs2<'a, L: Lanes<'a>, T: Trace>(
    (table, near): (&'a Table, &'a Near),
    src: &[u16],
    (mut i, mut j): Place,
    end: usize,
    out: &mut [u16],
    prev: &mut u32,
    trace: &mut T,
) -> Place {
    let pair = j >= 2 && out[j - 1] == out[j - 2];
    // SAFETY: the caller has the instructions.
    let mut run = unsafe { Run::<L>::new(table, near, *prev, pair) };
    while i < end && j + ROOM <= out.len() {
        let inside = (end - i).min(LANES);
        // SAFETY: `inside` units lie before `end`, and that within the source; there is room for two registers after `j`.
        let step = unsafe {
            let chars = L::load(src.as_ptr().add(i), inside);
            run.step::<T>(chars, first(inside), (code::DELETE, code::END - code::DELETE), out.as_mut_ptr().add(j))
        };
        if T::ON && step.gone != 0 {
            trace.gone(i, u64::from(step.gone));
        }
        j += step.count as usize;
        if step.count > 0 {
            run.written(out[j - 1]);
            *prev = u32::from(out[j - 1]);
        }
        i += step.halt.unwrap_or(inside);
        if step.halt.is_some() {
            break;
        }
    }
    (i, j)
}

#[inline(always)]
pub(super) unsafe fn utf8<'a, L: Lanes<'a>, T: Trace>(
    (table, near): (&'a Table, &'a Near),
    src: &[u8],
    (mut i, mut j): Place,
    end: usize,
    out: &mut [u8],
    prev: &mut u32,
    trace: &mut T,
) -> Place {
    let pair = j >= 4 && out[j - 2..j] == out[j - 4..j - 2];
    // SAFETY: the caller has the instructions.
    let mut run = unsafe { Run::<L>::new(table, near, *prev, pair) };
    let mut values = [0u16; 2 * LANES];
    while i < end && j + 2 * ROOM <= out.len() {
        let inside = (end - i).min(BYTES);
        // SAFETY: `inside` bytes lie before `end`, and that within the source.
        let (mut starts, long) = unsafe { L::begins(src.as_ptr().add(i), inside) };
        let mut stop = inside;
        while starts.count_ones() > 32 {
            // As many characters as there are lanes, or some fewer.
            stop = (stop - 1) & !7;
            starts &= first_long(stop);
        }
        let halt = long & first_long(stop) != 0;
        if halt {
            stop = long.trailing_zeros() as usize;
            starts &= first_long(stop);
        }
        let valid = first(starts.count_ones() as usize);
        // SAFETY: the rest of the source lies at `i`; there is room for two registers after `j`.
        let (step, two, widths) = unsafe {
            let (chars, two) = L::decode(src.as_ptr().add(i), src.len() - i, starts);
            let step = run.step::<T>(chars, valid, (0x800, 0xF800), values.as_mut_ptr());
            let widths = L::encode(step.kept, step.count, out.as_mut_ptr().add(j));
            let widths = widths & first(step.count as usize);
            (step, two, widths)
        };
        if T::ON {
            let mut changed = step.gone | step.keep & (two ^ step.wide);
            while changed != 0 {
                let lane = changed.trailing_zeros();
                // SAFETY: the caller has the instructions.
                let at = unsafe { L::nth(starts, lane) };
                let added = if step.gone >> lane & 1 != 0 { 0 } else { 1 + (step.wide >> lane & 1) as usize };
                trace.edit(i + at, 1 + (two >> lane & 1) as usize, added);
                changed &= changed - 1;
            }
        }
        j += (step.count + widths.count_ones()) as usize;
        if step.count > 0 {
            let back = |k: usize| u16::from(out[j - k]);
            let two = widths >> (step.count - 1) & 1 != 0;
            let last = if two { (back(2) & 0x1F) << 6 | back(1) & 0x3F } else { back(1) };
            run.written(last);
            *prev = u32::from(last);
        }
        if let Some(lane) = step.halt {
            // SAFETY: as above.
            i += unsafe { L::nth(starts, u32::try_from(lane).unwrap_or(0)) };
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
