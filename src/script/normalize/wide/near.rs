//! What the loops hold in registers, and the choice between them.

#![allow(unsafe_code, reason = "calls of code for this processor alone")]

use super::{Way, lanes};
#[cfg(target_arch = "x86_64")]
use super::{avx2, avx512};
use crate::script::normalize::compile::{Table, code};
use crate::script::normalize::encoding::Place;
use crate::script::normalize::trace::Trace;

/// Code points that are looked up in registers: ASCII, and as many from U+0600.
pub(super) const NEAR: usize = 0x80;
pub(super) const ARABIC: u16 = 0x600;

/// Sixteen of the values that are near, for processors that look up so many: what differs from the characters.
#[derive(Clone, Debug)]
pub(super) struct Bank {
    /// The number of the bank, times sixteen.
    pub first: u8,
    /// Bits of the low and the high byte that change.
    pub low: [u8; 16],
    pub high: [u8; 16],
}

/// The values of ASCII and of the common Arabic letters.
#[derive(Clone, Debug)]
pub(in crate::script::normalize) struct Near {
    way: Way,
    pub(super) values: [u16; 2 * NEAR],
    pub(super) banks: Vec<Bank>,
}

/// The value of a character of the basic plane. White space becomes a space here; doubled ones go later.
pub(super) fn value(map: &[u16; 0x10000], unit: u16) -> u16 {
    match map[usize::from(unit)] {
        code::SPACE => 0x20,
        value => value,
    }
}

#[cfg(target_arch = "x86_64")]
fn can(way: Way) -> bool {
    let bits =
        is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("bmi2") && is_x86_feature_detected!("popcnt");
    bits && match way {
        Way::Avx2 => is_x86_feature_detected!("avx2"),
        Way::Avx512 => {
            is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vbmi2")
        }
    }
}

#[cfg(target_arch = "aarch64")]
fn can(way: Way) -> bool {
    match way {
        Way::Neon => true,
    }
}

impl Near {
    /// `None` on a processor that lacks the instructions.
    pub fn new(map: &[u16; 0x10000], way: Way) -> Option<Box<Self>> {
        can(way).then(|| {
            let unit = |at: u16| if usize::from(at) < NEAR { at } else { at - 0x80 + ARABIC };
            let mut near = Box::new(Self { way, values: [0; 2 * NEAR], banks: Vec::new() });
            for (at, slot) in (0u16..).zip(near.values.iter_mut()) {
                *slot = value(map, unit(at));
            }
            for first in (0..=u8::MAX).step_by(16) {
                let mut bank = Bank { first, low: [0; 16], high: [0; 16] };
                for (at, (low, high)) in (u16::from(first)..).zip(bank.low.iter_mut().zip(&mut bank.high)) {
                    [*low, *high] = (unit(at) ^ value(map, unit(at))).to_le_bytes();
                }
                if bank.low.iter().chain(&bank.high).any(|bits| *bits != 0) {
                    near.banks.push(bank);
                }
            }
            near
        })
    }
}

macro_rules! loops {
    ($(#[$doc:meta])* $name:ident $unit:ty, $loop:ident) => {
        $(#[$doc])*
        pub(in crate::script::normalize) fn $name<T: Trace>(
            table: &Table,
            src: &[$unit],
            at: Place,
            end: usize,
            out: &mut [$unit],
            prev: &mut u32,
            trace: &mut T,
        ) -> Option<Place> {
            let near = table.near.as_deref()?;
            let end = end.min(src.len());
            // SAFETY: a `Near` is only made on a processor that has the instructions.
            Some(unsafe {
                match near.way {
                    #[cfg(target_arch = "aarch64")]
                    Way::Neon => {
                        lanes::$loop::<super::neon::Neon<'_>, T>((table, near), src, at, end, out, prev, trace)
                    }
                    #[cfg(target_arch = "x86_64")]
                    Way::Avx2 => {
                        #[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
                        fn run<T: Trace>(
                            tables: (&Table, &Near), src: &[$unit], at: Place, end: usize, out: &mut [$unit],
                            prev: &mut u32, trace: &mut T,
                        ) -> Place {
                            // SAFETY: this code has the instructions.
                            unsafe { lanes::$loop::<avx2::Avx2<'_>, T>(tables, src, at, end, out, prev, trace) }
                        }
                        run((table, near), src, at, end, out, prev, trace)
                    }
                    #[cfg(target_arch = "x86_64")]
                    Way::Avx512 => {
                        #[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,bmi1,bmi2,popcnt")]
                        fn run<T: Trace>(
                            tables: (&Table, &Near), src: &[$unit], at: Place, end: usize, out: &mut [$unit],
                            prev: &mut u32, trace: &mut T,
                        ) -> Place {
                            // SAFETY: as above.
                            unsafe { lanes::$loop::<avx512::Avx512, T>(tables, src, at, end, out, prev, trace) }
                        }
                        run((table, near), src, at, end, out, prev, trace)
                    }
                }
            })
        }
    };
}

loops!(
    /// Go over `src[i..end]` while no character needs the handler: UCS-2.
    ucs2 u16, ucs2
);
loops!(
    /// Go over `src[i..end]` while no character needs the handler: UTF-8.
    utf8 u8, utf8
);
