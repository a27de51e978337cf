//! The four ways in which a text can lie in memory, with the loop that is fast for each.
//!
//! A fast loop takes a block at a time and trusts nothing that it cannot see in the block: where a character
//! needs the handler, or two that were written are alike, it goes over the block again letter by letter.

use super::compile::{Table, code, flag};
use super::trace::Trace;
use super::wide;

/// Where a loop stands in the source and in what is written.
pub(super) type Place = (usize, usize);

/// A text encoding: units, how to read and write a code point, and a loop over characters that need no thought.
pub(super) trait Encoding {
    type Unit: Copy + Default + PartialEq + std::fmt::Debug;
    /// Units that the longest character takes.
    const WIDEST: usize;

    /// The code point at `at` and its width. Past the end: 0 and 1.
    fn read(src: &[Self::Unit], at: usize) -> (u32, usize);
    /// The code point that ends before `at` and its width.
    fn read_back(src: &[Self::Unit], at: usize) -> (u32, usize);
    /// Write a code point; the number of units, or `None` when this encoding cannot hold it.
    fn write(cp: u32, out: &mut [Self::Unit]) -> Option<usize>;

    /// Blocks of `src[i..end]`, mapped to `out[j..]`, while no character needs the handler.
    fn blocks<T: Trace>(
        table: &Table,
        src: &[Self::Unit],
        at: Place,
        end: usize,
        out: &mut [Self::Unit],
        prev: &mut u32,
        trace: &mut T,
    ) -> Place;

    /// [`blocks`](Self::blocks) in the way of this processor, when it has its own.
    #[inline]
    fn wide<T: Trace>(
        _table: &Table,
        _src: &[Self::Unit],
        _at: Place,
        _end: usize,
        _out: &mut [Self::Unit],
        _prev: &mut u32,
        _trace: &mut T,
    ) -> Option<Place> {
        None
    }

    /// Copy and map from `src[i..end]` to `out[j..]` while no character needs the handler. `out` has room and
    /// [`SLACK`] more. `prev` is the last code point written.
    #[inline]
    fn bulk<T: Trace>(
        table: &Table,
        src: &[Self::Unit],
        at: Place,
        end: usize,
        out: &mut [Self::Unit],
        prev: &mut u32,
        trace: &mut T,
    ) -> Place {
        let mut at = at;
        loop {
            let wide = Self::wide(table, src, at, end, out, prev, trace);
            let (next, letters_more) = match wide {
                Some(next) => (next, STRIDE),
                None => (Self::blocks(table, src, at, end, out, prev, trace), BLOCK),
            };
            at = next;
            // Some, or the rest, letter by letter.
            let stop = end.min(at.0 + letters_more);
            at = letters::<Self, T>(table, src, at, stop, out, prev, trace);
            if at.0 < stop || stop == end {
                return at;
            }
        }
    }
}

/// Units of a block of the source.
const BLOCK: usize = 64;
/// Units that are gone over letter by letter where a wide loop stopped.
const STRIDE: usize = 8;
/// Room that a block may scribble on after what it writes.
pub(super) const SLACK: usize = 256;

/// The slow loop: a character at a time.
#[inline]
fn letters<E: Encoding + ?Sized, T: Trace>(
    table: &Table,
    src: &[E::Unit],
    (mut i, mut j): Place,
    stop: usize,
    out: &mut [E::Unit],
    prev: &mut u32,
    trace: &mut T,
) -> Place {
    while i < stop {
        let (cp, width) = E::read(src, i);
        let Some(value) = table.value(cp) else { break };
        if value == code::DELETE {
            trace.edit(i, width, 0);
            i += width;
            continue;
        }
        if code::is_special(value) || (u32::from(value) == *prev && table.counts(value)) {
            break;
        }
        let Some(wrote) = out.get_mut(j..).and_then(|room| E::write(u32::from(value), room)) else { break };
        if wrote != width {
            trace.edit(i, width, wrote);
        }
        *prev = u32::from(value);
        i += width;
        j += wrote;
    }
    (i, j)
}

/// One unit for each code point: Latin-1, UCS-2 and UCS-4, as CPython keeps strings.
macro_rules! fixed {
    ($(#[$doc:meta])* $name:ident $unit:ty, $index:expr, $narrow:expr, $care:expr $(, $wide:path)?) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub(super) enum $name {}
        impl Encoding for $name {
            type Unit = $unit;
            const WIDEST: usize = 1;

            #[inline]
            fn read(src: &[$unit], at: usize) -> (u32, usize) {
                (src.get(at).map_or(0, |u| u32::from(*u)), 1)
            }
            #[inline]
            fn read_back(src: &[$unit], at: usize) -> (u32, usize) {
                (at.checked_sub(1).and_then(|i| src.get(i)).map_or(0, |u| u32::from(*u)), 1)
            }
            #[inline]
            fn write(cp: u32, out: &mut [$unit]) -> Option<usize> {
                *out.first_mut()? = <$unit>::try_from(cp).ok()?;
                Some(1)
            }
            $(#[inline]
            fn wide<T: Trace>(
                table: &Table, src: &[$unit], at: Place, end: usize, out: &mut [$unit], prev: &mut u32, trace: &mut T,
            ) -> Option<Place> {
                $wide(table, src, at, end, out, prev, trace)
            })?
            #[inline]
            fn blocks<T: Trace>(
                table: &Table, src: &[$unit], (mut i, mut j): Place, end: usize, out: &mut [$unit], prev: &mut u32,
                trace: &mut T,
            ) -> Place {
                while let Some(Ok(block)) = src.get(i..end).and_then(|s| s.get(..BLOCK)).map(<&[$unit; BLOCK]>::try_from) {
                    // What the block writes, after the two units before it.
                    let before = j.checked_sub(2).and_then(|from| out.get_mut(from..j + BLOCK));
                    let Some(Ok(window)) = before.map(<&mut [$unit; BLOCK + 2]>::try_from) else { break };
                    let (mut n, mut seen) = (0, 0);
                    let mut kinds = [0; BLOCK];
                    for (unit, kind) in block.iter().zip(&mut kinds) {
                        let index = usize::from($index(*unit));
                        window[2 + n % BLOCK] = $narrow(table.map[index]);
                        let flags = table.flags[index];
                        n += usize::from(flags & flag::KEEP);
                        seen |= flags;
                        if T::ON {
                            *kind = flags;
                        }
                    }
                    // A letter doubled at the end may be tripled by what follows.
                    let last = window[1 + n];
                    let open = table.letters && last == window[n];
                    if seen & $care != 0 || open || (table.repeats && n > 0 && alike(window, n, table.letters)) {
                        break;
                    }
                    if T::ON && seen & flag::DELETE != 0 {
                        trace.gone(i, gone(&kinds));
                    }
                    i += BLOCK;
                    j += n;
                    *prev = u32::from(last);
                }
                (i, j)
            }
        }
    };
}

/// A bit for each unit of a block that goes.
#[inline]
fn gone(kinds: &[u8; BLOCK]) -> u64 {
    lowest_bits(&kinds.map(|kind| kind >> flag::DELETE.trailing_zeros()))
}

/// The lowest bit of each byte.
#[inline]
fn lowest_bits(bytes: &[u8; BLOCK]) -> u64 {
    let eights = bytes.chunks_exact(8).map(|eight| u64::from_le_bytes(eight.try_into().unwrap_or([0; 8])));
    eights.rev().fold(0, |bits, eight| bits << 8 | gather(eight))
}

/// The lowest bits of eight bytes, the first lowest.
#[inline]
fn gather(eight: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    (eight & ONES).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// Whether two spaces stand in a row in the first `n + 2` of a window, or three of anything.
#[inline]
fn alike<U: Copy + PartialEq + From<u8>>(window: &[U; BLOCK + 2], n: usize, letters: bool) -> bool {
    let space = U::from(b' ');
    let mut hits = [0; BLOCK];
    for (hit, three) in hits.iter_mut().zip(window.windows(3)) {
        if let [a, b, c] = three {
            *hit = u8::from((b == c) & ((*b == space) | (letters & (a == b))));
        }
    }
    lowest_bits(&hits) & (u64::MAX >> (BLOCK - n.clamp(1, BLOCK))) != 0
}

fixed!(
    /// One byte for each code point.
    Latin1 u8,
    |unit: u8| u16::from(unit),
    |value: u16| u8::try_from(value & 0xFF).unwrap_or(0),
    (flag::CARE | flag::WIDE)
);
fixed!(
    /// Two bytes for each code point.
    Ucs2 u16, |unit: u16| unit, |value: u16| value, flag::CARE, wide::ucs2
);
fixed!(
    /// Four bytes for each code point.
    Ucs4 u32,
    |unit: u32| u16::try_from(unit).unwrap_or(code::RAW),
    |value: u16| u32::from(value),
    flag::CARE
);

/// UTF-8, as Rust and Arrow keep strings. The bytes are valid: they come from a `str`.
#[derive(Debug)]
pub(super) enum Utf8 {}

/// Bits of eight bytes, the first lowest, where a character starts.
#[inline]
fn starts(eight: [u8; 8]) -> u64 {
    let word = u64::from_le_bytes(eight);
    gather(!((word >> 7) & !(word >> 6)))
}

impl Encoding for Utf8 {
    type Unit = u8;
    const WIDEST: usize = 4;

    #[inline]
    fn read(src: &[u8], at: usize) -> (u32, usize) {
        let byte = |k: usize| src.get(at + k).map_or(0, |b| u32::from(*b));
        let tail = |k: usize| byte(k) & 0x3F;
        let first = byte(0);
        match first {
            0..0x80 => (first, 1),
            0x80..0xE0 => ((first & 0x1F) << 6 | tail(1), 2),
            0xE0..0xF0 => ((first & 0xF) << 12 | tail(1) << 6 | tail(2), 3),
            _ => ((first & 7) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4),
        }
    }
    #[inline]
    fn read_back(src: &[u8], at: usize) -> (u32, usize) {
        let back = (1..=4.min(at)).find(|k| src.get(at - k).is_some_and(|b| b & 0xC0 != 0x80));
        match back {
            Some(width) => (Self::read(src, at - width).0, width),
            None => (0, 1),
        }
    }
    #[inline]
    fn write(cp: u32, out: &mut [u8]) -> Option<usize> {
        let c = char::from_u32(cp)?;
        if out.len() < c.len_utf8() {
            return None;
        }
        Some(c.encode_utf8(out).len())
    }
    #[inline]
    fn wide<T: Trace>(
        table: &Table,
        src: &[u8],
        at: Place,
        end: usize,
        out: &mut [u8],
        prev: &mut u32,
        trace: &mut T,
    ) -> Option<Place> {
        wide::utf8(table, src, at, end, out, prev, trace)
    }
    #[inline]
    fn blocks<T: Trace>(
        table: &Table,
        src: &[u8],
        (mut i, mut j): Place,
        end: usize,
        out: &mut [u8],
        prev: &mut u32,
        trace: &mut T,
    ) -> Place {
        // The block, and the byte after it, where its last character may end.
        while let Some(Ok(block)) = src.get(i..end).and_then(|s| s.get(..=BLOCK)).map(<&[u8; BLOCK + 1]>::try_from) {
            let mut mask = 0;
            for (k, eight) in block[..BLOCK].chunks_exact(8).enumerate() {
                mask |= starts(eight.try_into().unwrap_or([0; 8])) << (8 * k);
            }
            let Some(Ok(room)) = out.get_mut(j..j + SLACK).map(<&mut [u8; SLACK]>::try_from) else { break };
            let entry = |p: usize| {
                let index = usize::from(block[p % BLOCK]) << 6 | usize::from(block[p % BLOCK + 1] & 0x3F);
                table.utf8[index]
            };
            let (mut n, mut seen, mut left, mut stop) = (0usize, 0, mask, BLOCK);
            while left != 0 {
                let p = left.trailing_zeros() as usize;
                left &= left - 1;
                let entry = entry(p);
                if entry & flag::UTF8_CARE != 0 {
                    stop = p;
                    break;
                }
                let [a, b, len, _] = entry.to_le_bytes();
                room[n % SLACK] = a;
                room[(n + 1) % SLACK] = b;
                n += usize::from(len);
                seen |= entry;
            }
            if table.repeats {
                let doubled = *prev == 0x20 && n > 0 && room[0] == 0x20;
                let written = out.get(j.saturating_sub(4)..j + n).unwrap_or(&[]);
                // A letter doubled at the end may be tripled by what follows.
                let open = table.letters && matches!(written, [.., a, b, c, d] if a == c && b == d);
                if doubled || open || alike_bytes(written, table.letters) {
                    break;
                }
            }
            if T::ON && seen & flag::UTF8_CHANGES != 0 {
                let mut left = mask;
                while left != 0 {
                    let p = left.trailing_zeros() as usize;
                    left &= left - 1;
                    let [_, _, len, flags] = entry(p).to_le_bytes();
                    if p >= stop {
                        break;
                    }
                    if u32::from(flags) << 24 & flag::UTF8_CHANGES != 0 {
                        trace.edit(i + p, 1 + usize::from(block[p] >= 0xC0), usize::from(len));
                    }
                }
            }
            i += stop;
            j += n;
            if n > 0 {
                *prev = Self::read_back(out, j).0;
            }
            if stop < BLOCK {
                break;
            }
            i += usize::from(src.get(i).is_some_and(|b| b & 0xC0 == 0x80));
        }
        (i, j)
    }
}

/// Whether two spaces stand in a row, or three of a letter of two bytes.
#[inline]
fn alike_bytes(written: &[u8], letters: bool) -> bool {
    let pairs = written.iter().zip(written.get(1..).unwrap_or(&[]));
    let mut any = false;
    for (a, b) in pairs {
        any |= (*a == b' ') & (*b == b' ');
    }
    if letters && !any {
        let back = |k: usize| written.get(k..).unwrap_or(&[]);
        let runs = back(0).iter().zip(back(2)).zip(back(4)).zip(back(1).iter().zip(back(3)).zip(back(5)));
        for (((a, b), c), ((d, e), f)) in runs {
            any |= (a == b) & (b == c) & (d == e) & (e == f);
        }
    }
    any
}
