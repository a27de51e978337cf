//! The four ways in which a text can lie in memory, with the loop that is fast for each.

use super::compile::{Table, code};

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

    /// Copy and map from `src[i..end]` to `out[j..]` while no character needs the handler; returns the new `i`
    /// and `j`. `out` has room. `prev` is the last code point written. With `TRACE`, stop where lengths change.
    fn bulk<const TRACE: bool>(
        table: &Table,
        src: &[Self::Unit],
        at: (usize, usize),
        end: usize,
        out: &mut [Self::Unit],
        prev: &mut u32,
    ) -> (usize, usize);
}

/// One unit for each code point: Latin-1, UCS-2 and UCS-4, as CPython keeps strings.
macro_rules! fixed {
    ($(#[$doc:meta])* $name:ident $unit:ty, $narrow:expr) => {
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
            #[inline]
            fn bulk<const TRACE: bool>(
                table: &Table, src: &[$unit], (mut i, mut j): (usize, usize), end: usize, out: &mut [$unit], prev: &mut u32,
            ) -> (usize, usize) {
                let map = &table.map;
                let repeats = table.repeats;
                let mut last = *prev;
                for &unit in src.get(i..end).unwrap_or(&[]) {
                    let Some(&value) = map.get(unit as usize) else { break };
                    if code::is_special(value) || (TRACE && value == code::DELETE) || (repeats && u32::from(value) == last) {
                        break;
                    }
                    let Some(slot) = out.get_mut(j) else { break };
                    let Some(unit) = $narrow(value) else { break };
                    *slot = unit;
                    let stays = value != code::DELETE;
                    j += usize::from(stays);
                    last = if stays { u32::from(value) } else { last };
                    i += 1;
                }
                *prev = last;
                (i, j)
            }
        }
    };
}

fixed!(
    /// One byte for each code point.
    Latin1 u8, |value| u8::try_from(value).ok()
);
fixed!(
    /// Two bytes for each code point.
    Ucs2 u16, Some
);
fixed!(
    /// Four bytes for each code point.
    Ucs4 u32, |value| Some(u32::from(value))
);

/// UTF-8, as Rust and Arrow keep strings. The bytes are valid: they come from a `str`.
#[derive(Debug)]
pub(super) enum Utf8 {}

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
    fn bulk<const TRACE: bool>(
        table: &Table,
        src: &[u8],
        (mut i, mut j): (usize, usize),
        end: usize,
        out: &mut [u8],
        prev: &mut u32,
    ) -> (usize, usize) {
        let map = &table.map;
        let repeats = table.repeats;
        let mut last = *prev;
        while i < end {
            let (cp, width) = Self::read(src, i);
            let Some(&value) = map.get(cp as usize) else { break };
            if code::is_special(value) || (repeats && u32::from(value) == last) {
                break;
            }
            if value == code::DELETE {
                if TRACE {
                    break;
                }
                i += width;
                continue;
            }
            let Some(room) = out.get_mut(j..) else { break };
            let Some(wrote) = Self::write(u32::from(value), room) else { break };
            if TRACE && wrote != width {
                break;
            }
            last = u32::from(value);
            i += width;
            j += wrote;
        }
        *prev = last;
        (i, j)
    }
}
