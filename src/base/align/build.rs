//! The writer of alignments.

use super::{Alignment, Packed, STEP, Wide};

/// Writes an [`Alignment`] from left to right.
#[derive(Clone, Debug, Default)]
pub struct AlignmentBuilder {
    made: Alignment,
    /// A change that is no removal was made.
    mixed: bool,
}

impl AlignmentBuilder {
    /// `count` units map one for one, whether or not their values changed.
    #[inline]
    pub fn keep(&mut self, count: u32) {
        self.made.original_len += count;
        self.made.normalized_len += count;
    }

    /// Of the next units those at the set bits went, the lowest bit first, up to the highest that is set.
    ///
    /// ```
    /// use marsad::base::AlignmentBuilder;
    /// let mut builder = AlignmentBuilder::default();
    /// builder.keep_or_drop(0b1010);
    /// let map = builder.finish();
    /// assert_eq!((map.original_len(), map.normalized_len()), (4, 2));
    /// ```
    #[inline]
    pub fn keep_or_drop(&mut self, bits: u64) {
        let width = u64::BITS - bits.leading_zeros();
        if self.mixed {
            let mut left = bits;
            let mut done = 0;
            while left != 0 {
                let start = left.trailing_zeros();
                let run = (left >> start).trailing_ones();
                self.keep(start - done);
                self.replace(run, 0);
                done = start + run;
                left &= u64::MAX.checked_shl(done).unwrap_or(0);
            }
            return;
        }
        self.made.gone.set(self.made.original_len, bits);
        self.made.original_len += width;
        self.made.normalized_len += width - bits.count_ones();
    }

    /// `removed` units became `added` units, as one change. Removals that touch become one, additions too.
    #[inline]
    pub fn replace(&mut self, removed: u32, added: u32) {
        if removed == added && removed <= 1 {
            return self.keep(removed);
        }
        if !self.mixed {
            if added == 0 {
                self.made.gone.set_run(self.made.original_len, removed);
                self.made.original_len += removed;
                return;
            }
            self.list_removals();
        }
        let made = &mut self.made;
        let at = made.original_len;
        made.original_len += removed;
        made.normalized_len += added;
        if let Some(last) = made.edits.len().checked_sub(1) {
            let (start, (was_removed, was_added)) = (made.edits[last].at, made.lengths(last));
            let alike = (added == 0 && was_added == 0) || (removed == 0 && was_removed == 0);
            if alike && start + was_removed == at {
                made.wide.pop_if(|w| w.index == last);
                made.edits.pop();
                return self.push(start, was_removed + removed, was_added + added);
            }
        }
        self.push(at, removed, added);
    }

    /// Write the removals so far as changes among others.
    #[cold]
    fn list_removals(&mut self) {
        let mut listed = Self { mixed: true, ..Self::default() };
        for edit in self.made.removals() {
            listed.keep(edit.original_start - listed.made.original_len);
            listed.replace(edit.original_end - edit.original_start, 0);
        }
        listed.keep(self.made.original_len - listed.made.original_len);
        *self = listed;
    }

    #[inline]
    fn push(&mut self, at: u32, removed: u32, added: u32) {
        let made = &mut self.made;
        let index = made.edits.len();
        if index.is_multiple_of(STEP) && index / STEP == made.samples.len() {
            made.samples.push(made.normalized_len - added);
        }
        let packed = match (u16::try_from(removed), u16::try_from(added)) {
            (Ok(removed), Ok(added)) if removed < u16::MAX && added < u16::MAX => Packed { at, removed, added },
            _ => {
                made.wide.push(Wide { index, removed, added });
                Packed { at, removed: u16::MAX, added: u16::MAX }
            }
        };
        made.edits.push(packed);
    }

    /// The alignment.
    pub fn finish(mut self) -> Alignment {
        self.made.gone.count();
        self.made
    }
}
