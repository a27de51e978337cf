//! Notes of what a pass changed.

use crate::base::{Alignment, AlignmentBuilder, offset};

/// Takes note of changes of length, in units.
pub(super) trait Trace {
    const ON: bool;
    /// `removed` units at `at` of the source became `added` units.
    fn edit(&mut self, at: usize, removed: usize, added: usize);
    /// The units at the set bits went, the lowest bit at `at`.
    fn gone(&mut self, at: usize, bits: u64);
}

/// No notes.
impl Trace for () {
    const ON: bool = false;
    #[inline]
    fn edit(&mut self, _: usize, _: usize, _: usize) {}
    #[inline]
    fn gone(&mut self, _: usize, _: u64) {}
}

/// Notes for an alignment.
#[derive(Debug, Default)]
pub(super) struct Notes {
    builder: AlignmentBuilder,
    done: usize,
}

impl Trace for Notes {
    const ON: bool = true;
    #[inline]
    fn edit(&mut self, at: usize, removed: usize, added: usize) {
        self.builder.keep(offset(at - self.done));
        self.builder.replace(offset(removed), offset(added));
        self.done = at + removed;
    }
    #[inline]
    fn gone(&mut self, at: usize, bits: u64) {
        self.builder.keep(offset(at - self.done));
        self.builder.keep_or_drop(bits);
        self.done = at + (u64::BITS - bits.leading_zeros()) as usize;
    }
}

impl Notes {
    pub fn finish(mut self, len: usize) -> Alignment {
        self.builder.keep(offset(len - self.done));
        self.builder.finish()
    }
}
