//! Loops over many characters at a time, for the processors that can.
//!
//! They give the same bytes as the loops of [`encoding`](super::encoding), which all others run;
//! `tests/laws_normalize.rs` holds them together.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod lanes;
#[cfg(target_arch = "x86_64")]
mod near;
#[cfg(target_arch = "x86_64")]
pub(super) use near::{Near, ucs2, utf8};

#[cfg(not(target_arch = "x86_64"))]
mod none;
#[cfg(not(target_arch = "x86_64"))]
pub(super) use none::{Near, ucs2, utf8};

/// A kind of processor with loops of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// AVX2: sixteen characters in a register.
    Avx2,
    /// AVX-512 with byte and word permutations: thirty-two.
    Avx512,
}

impl Way {
    /// The best first.
    pub const ALL: [Self; 2] = [Self::Avx512, Self::Avx2];
}
