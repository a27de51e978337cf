//! Loops over many characters at a time, for the processors that can.
//!
//! They give the same bytes as the loops of [`encoding`](super::encoding), which all others run;
//! `tests/laws_normalize.rs` holds them together.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod lanes;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod near;
#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod shuffles;
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
pub(super) use near::{Near, ucs2, utf8};

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod none;
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(super) use none::{Near, ucs2, utf8};

/// A kind of processor with loops of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// AVX2: sixteen characters in a register.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 with byte and word permutations: thirty-two.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// NEON: eight.
    #[cfg(target_arch = "aarch64")]
    Neon,
}

impl Way {
    /// The best first.
    pub const ALL: &[Self] = &[
        #[cfg(target_arch = "x86_64")]
        Self::Avx512,
        #[cfg(target_arch = "x86_64")]
        Self::Avx2,
        #[cfg(target_arch = "aarch64")]
        Self::Neon,
    ];
}
