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
    owner: Arc<dyn AsRef<[u8]> + Send + Sync>,
    range: Range<usize>,
}

impl Bytes {
    /// The whole of a buffer.
    pub fn new(owner: impl AsRef<[u8]> + Send + Sync + 'static) -> Self {
        let range = 0..owner.as_ref().len();
        Self { owner: Arc::new(owner), range }
    }

    /// Own a copy, aligned to eight bytes.
    pub fn copy(bytes: &[u8]) -> Self {
        let mut words = vec![0u64; bytes.len().div_ceil(8)];
        bytemuck::cast_slice_mut::<u64, u8>(&mut words)[..bytes.len()].copy_from_slice(bytes);
        Self { owner: Arc::new(Words64(words)), range: 0..bytes.len() }
    }

    /// A part of this slice; `None` when out of range.
    pub fn slice(&self, range: Range<usize>) -> Option<Self> {
        (range.start <= range.end && range.end <= self.len()).then(|| Self {
            owner: self.owner.clone(),
            range: self.range.start + range.start..self.range.start + range.end,
        })
    }
}

struct Words64(Vec<u64>);
impl AsRef<[u8]> for Words64 {
    fn as_ref(&self) -> &[u8] {
        bytemuck::cast_slice(&self.0)
    }
}

impl Deref for Bytes {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        (*self.owner).as_ref().get(self.range.clone()).unwrap_or(&[])
    }
}

impl Default for Bytes {
    fn default() -> Self {
        Self::new(&[][..])
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
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let mut word = [0u8; 8];
        word.copy_from_slice(chunk);
        state = mix(state, u64::from_le_bytes(word));
    }
    let rest = chunks.remainder();
    let mut word = [0u8; 8];
    word[..rest.len()].copy_from_slice(rest);
    mix(state, u64::from_le_bytes(word))
}
