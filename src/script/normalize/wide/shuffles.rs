//! What processors need that shuffle sixteen bytes by a table, and have no instruction for what goes or comes.

/// Shuffles of sixteen bytes, one for each set of eight.
pub(super) type Shuffles = [[u8; 16]; 256];

/// No byte: a shuffle leaves zero.
const NONE: u8 = 0x80;

/// The bytes of each of eight characters whose bit is set, one after the other. Those of character `k` are `first(k)`
/// and the next, with the second before the first when `swapped`.
const fn gather(step: u8, swapped: bool) -> Shuffles {
    let mut all = [[NONE; 16]; 256];
    let mut set = 0;
    while set < 256 {
        let (mut at, mut k) = (0, 0);
        while k < 8 {
            if set >> k & 1 != 0 {
                all[set][at] = step * k + swapped as u8;
                all[set][at + 1] = step * k + !swapped as u8;
                at += 2;
            }
            k += 1;
        }
        set += 1;
    }
    all
}

/// Those of eight characters that stay.
pub(super) static KEEP: Shuffles = gather(2, false);
/// The first two bytes of those of eight bytes that begin a character: the first is the high one.
pub(super) static BEGIN: Shuffles = gather(1, true);
/// The bytes of eight characters in UTF-8, where those whose bit is set have two.
pub(super) static CODED: Shuffles = {
    let mut all = [[NONE; 16]; 256];
    let mut set = 0;
    while set < 256 {
        let (mut at, mut k) = (0, 0);
        while k < 8 {
            all[set][at] = 2 * k;
            at += 1;
            if set >> k & 1 != 0 {
                all[set][at] = 2 * k + 1;
                at += 1;
            }
            k += 1;
        }
        set += 1;
    }
    all
};

/// Where the set bit with this number is.
#[inline(always)]
pub(super) fn nth(bits: u64, number: u32) -> usize {
    let (mut at, mut left, mut number) = (0, bits, number);
    while number >= (left & 0xFF).count_ones() && at < 56 {
        number -= (left & 0xFF).count_ones();
        left >>= 8;
        at += 8;
    }
    for _ in 0..number {
        left &= left.wrapping_sub(1);
    }
    at + left.trailing_zeros() as usize
}
