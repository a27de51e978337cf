//! A large buffer that threads fill together.
//!
//! Fresh memory costs more than what is written to it: the system hands it out page by page. So large pages are asked
//! for, and the next is made ready while no thread waits for it.

#![allow(unsafe_code, reason = "threads write to parts of one buffer, and the system is told of its pages")]

/// Bytes of a large page.
const PAGE: usize = 1 << 21;
/// Buffers from here on are worth large pages.
const LARGE: usize = 4 * PAGE;

/// A buffer of bytes that threads fill, each its own part.
///
/// ```
/// use marsad::base::room::Room;
/// let room = Room::new(8);
/// // SAFETY: the two parts do not overlap, and make up the first five bytes.
/// let bytes = unsafe {
///     assert!(room.put(2, b"cde") && room.put(0, b"ab") && !room.put(7, b"xy"));
///     room.into_vec(5)
/// };
/// assert_eq!(bytes, b"abcde");
/// ```
#[derive(Debug)]
pub struct Room {
    bytes: Vec<u8>,
    start: *mut u8,
}

// SAFETY: only `put` writes, and who calls it answers for what no two threads may do.
unsafe impl Sync for Room {}
// SAFETY: the pointer is that of the vector beside it.
unsafe impl Send for Room {}

impl Room {
    /// Room for so many bytes.
    pub fn new(capacity: usize) -> Self {
        let mut bytes = with_capacity(capacity);
        let start = bytes.as_mut_ptr();
        Self { bytes, start }
    }

    /// Write bytes at a place; `false` when they do not fit there.
    ///
    /// # Safety
    /// No two calls may write to the same place.
    pub unsafe fn put(&self, at: usize, bytes: &[u8]) -> bool {
        let capacity = self.bytes.capacity();
        let Some(end) = at.checked_add(bytes.len()).filter(|end| *end <= capacity) else { return false };
        if capacity >= LARGE && (at == 0 || at / PAGE != end / PAGE) {
            self.make_ready(end.next_multiple_of(PAGE));
        }
        // SAFETY: it fits, and nobody else writes there.
        unsafe { self.start.add(at).copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        true
    }

    /// The first `len` bytes.
    ///
    /// # Safety
    /// All of them must have been put.
    pub unsafe fn into_vec(mut self, len: usize) -> Vec<u8> {
        debug_assert!(len <= self.bytes.capacity());
        // SAFETY: they have been written.
        unsafe { self.bytes.set_len(len) };
        self.bytes
    }

    /// Let the system find memory for the page at `at`.
    fn make_ready(&self, at: usize) {
        #[cfg(target_os = "linux")]
        if at < self.bytes.capacity() {
            let size = PAGE.min(self.bytes.capacity() - at);
            let from = self.start.wrapping_add(at);
            let skip = from.align_offset(4096).min(size);
            // SAFETY: the range lies in the buffer. What it holds does not change, and an older system says no.
            unsafe { libc::madvise(from.wrapping_add(skip).cast(), (size - skip) & !4095, libc::MADV_POPULATE_WRITE) };
        }
        #[cfg(not(target_os = "linux"))]
        let _ = at;
    }
}

/// An empty vector with room for so many bytes, on large pages when it is large.
pub fn with_capacity(capacity: usize) -> Vec<u8> {
    let bytes: Vec<u8> = Vec::with_capacity(capacity);
    #[cfg(target_os = "linux")]
    if capacity >= LARGE {
        let start = bytes.as_ptr();
        let skip = start.align_offset(PAGE).min(capacity);
        // SAFETY: the range lies in the buffer, and advice changes nothing that it holds.
        unsafe {
            libc::madvise(start.add(skip).cast_mut().cast(), (capacity - skip) & !(PAGE - 1), libc::MADV_HUGEPAGE)
        };
    }
    bytes
}
