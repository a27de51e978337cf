//! Bytes that may be mapped, static or owned, and typed tables over them.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, Range};
use std::sync::Arc;

use bytemuck::Pod;

use crate::error::{Error, ErrorKind, Result};

/// A shared slice of bytes: a mapped file, a static array or an owned buffer.
#[derive(Clone)]
pub struct Bytes {
    /// Part of what `owner` holds; it lives as long as the owner, not forever.
    bytes: &'static [u8],
    owner: Arc<dyn Owner>,
}

/// What holds bytes that stay where they are, unchanged, as long as it lives.
trait Owner: Send + Sync {
    fn bytes(&self) -> &[u8];
}

impl Owner for memmap2::Mmap {
    fn bytes(&self) -> &[u8] {
        self
    }
}

impl Owner for Box<[u64]> {
    fn bytes(&self) -> &[u8] {
        bytemuck::cast_slice(self)
    }
}

impl Owner for () {
    fn bytes(&self) -> &[u8] {
        &[]
    }
}

impl Bytes {
    /// A mapped file.
    pub fn mapped(map: memmap2::Mmap) -> Self {
        Self::hold(Arc::new(map))
    }

    fn hold(owner: Arc<dyn Owner>) -> Self {
        // SAFETY: an owner neither moves nor changes its bytes, it lives as long as `self`, and `self` lends the bytes
        // only for its own life.
        let bytes: &'static [u8] = unsafe { &*std::ptr::from_ref(owner.bytes()) };
        Self { bytes, owner }
    }

    /// Own a copy, aligned to eight bytes.
    pub fn copy(bytes: &[u8]) -> Self {
        let mut words = vec![0u64; bytes.len().div_ceil(8)].into_boxed_slice();
        bytemuck::cast_slice_mut::<u64, u8>(&mut words)[..bytes.len()].copy_from_slice(bytes);
        let whole = Self::hold(Arc::new(words));
        Self { bytes: &whole.bytes[..bytes.len()], ..whole }
    }

    /// A part of this slice; `None` when out of range.
    pub fn slice(&self, range: Range<usize>) -> Option<Self> {
        Some(Self { bytes: self.bytes.get(range)?, owner: self.owner.clone() })
    }
}

impl Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        self.bytes
    }
}

impl Default for Bytes {
    fn default() -> Self {
        Self::hold(Arc::new(()))
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({})", self.len())
    }
}

/// A typed view of [`Bytes`], checked once for size and alignment.
#[derive(Clone, Debug)]
pub struct Table<T> {
    bytes: Bytes,
    tag: PhantomData<T>,
}

impl<T: Pod> Table<T> {
    /// Check that `bytes` is a whole number of aligned `T`.
    pub fn new(bytes: Bytes) -> Result<Self> {
        bytemuck::try_cast_slice::<u8, T>(&bytes).map_err(|e| {
            Error::new(ErrorKind::PackCorrupt, format!("a table of {} bytes is damaged: {e}", bytes.len()))
        })?;
        Ok(Self { bytes, tag: PhantomData })
    }

    /// An owned table.
    pub fn from_slice(items: &[T]) -> Self {
        Self { bytes: Bytes::copy(bytemuck::cast_slice(items)), tag: PhantomData }
    }
}

impl<T: Pod> Deref for Table<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        bytemuck::try_cast_slice(&self.bytes).unwrap_or(&[])
    }
}

impl<T: Pod> Default for Table<T> {
    fn default() -> Self {
        Self { bytes: Bytes::default(), tag: PhantomData }
    }
}

/// A 64-bit hash of bytes that never changes between versions: it is stored in packs.
pub fn hash64(bytes: &[u8], seed: u64) -> u64 {
    const K: u64 = 0x9E37_79B9_7F4A_7C15;
    let mix = |a: u64, b: u64| {
        let wide = u128::from(a ^ K) * u128::from(b ^ 0xE703_7ED1_A0B4_28DB);
        #[allow(clippy::cast_possible_truncation, reason = "the two halves of a product")]
        let folded = (wide as u64) ^ ((wide >> 64) as u64);
        folded
    };
    let mut state = seed ^ K.wrapping_mul(bytes.len() as u64 + 1);
    for chunk in bytes.as_chunks::<8>().0 {
        state = mix(state, u64::from_le_bytes(*chunk));
    }
    mix(state, tail(bytes))
}

/// The last bytes that fill no whole word, as a number: little-endian, without a call to copy them.
fn tail(bytes: &[u8]) -> u64 {
    let rest = bytes.len() % 8;
    if let (1.., Some(last)) = (rest, bytes.last_chunk::<8>()) {
        return u64::from_le_bytes(*last) >> (64 - 8 * rest);
    }
    let rest = &bytes[bytes.len() - rest..];
    match (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            let low = u64::from(u32::from_le_bytes(*first));
            low | u64::from(u32::from_le_bytes(*last)) << (8 * rest.len() - 32)
        }
        _ => rest.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_the_last_bytes_as_a_number() {
        let bytes: Vec<u8> = (1..40).map(|i| i * 6 + 5).collect();
        for length in 0..bytes.len() {
            let bytes = &bytes[..length];
            let rest = bytes.as_chunks::<8>().1;
            let mut word = [0u8; 8];
            word[..rest.len()].copy_from_slice(rest);
            assert_eq!(tail(bytes), u64::from_le_bytes(word));
        }
    }
}
