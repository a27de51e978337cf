//! Loops over many characters at a time, for the processors that can.
//!
//! They give the same bytes as the loops of [`encoding`](super::encoding), which all others run;
//! `tests/laws_normalize.rs` holds the two together.

#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
pub(super) use avx512::{Near, ucs2, utf8};

#[cfg(not(target_arch = "x86_64"))]
mod none;
#[cfg(not(target_arch = "x86_64"))]
pub(super) use none::{Near, ucs2, utf8};
