//! Removed units as bits, with a running count: what an alignment holds when nothing but removals happened.

/// A bit for each unit of the original, set where the unit went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Gone {
    /// The last word is never zero: equal alignments have equal words.
    words: Vec<u64>,
    /// Units that stay before each word; made by [`count`](Self::count).
    kept: Vec<u32>,
}

const BITS: u32 = u64::BITS;

fn place(at: u32) -> (usize, u32) {
    ((at / BITS) as usize, at % BITS)
}

fn base(word: usize) -> u32 {
    u32::try_from(word).unwrap_or(u32::MAX).saturating_mul(BITS)
}

impl Gone {
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The units at the set bits went, the lowest bit at `at`.
    #[inline]
    pub fn set(&mut self, at: u32, bits: u64) {
        let (word, shift) = place(at);
        self.or(word, bits << shift);
        if shift > 0 {
            self.or(word + 1, bits >> (BITS - shift));
        }
    }

    /// `count` units from `at` went.
    pub fn set_run(&mut self, at: u32, count: u32) {
        let end = at + count;
        let mut from = at;
        while from < end {
            let (word, shift) = place(from);
            let here = (BITS - shift).min(end - from);
            self.or(word, (u64::MAX >> (BITS - here)) << shift);
            from += here;
        }
    }

    #[inline]
    fn or(&mut self, word: usize, bits: u64) {
        if bits == 0 {
            return;
        }
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= bits;
    }

    /// Make the running count.
    pub fn count(&mut self) {
        let mut kept = 0;
        self.kept.clear();
        self.kept.extend(self.words.iter().map(|word| {
            let before = kept;
            kept += word.count_zeros();
            before
        }));
    }

    /// Units that stay before `at`.
    pub fn rank(&self, at: u32) -> u32 {
        let (word, shift) = place(at);
        match (self.words.get(word), self.kept.get(word)) {
            (Some(bits), Some(kept)) => kept + (!bits & ((1 << shift) - 1)).count_ones(),
            _ => at - base(self.words.len()) + self.all(),
        }
    }

    /// Units that stay in all words.
    fn all(&self) -> u32 {
        self.kept.last().zip(self.words.last()).map_or(0, |(kept, word)| kept + word.count_zeros())
    }

    /// The place of the unit that stays after `count` others that stay.
    pub fn select(&self, count: u32) -> u32 {
        let all = self.all();
        if count >= all {
            return base(self.words.len()) + (count - all);
        }
        let word = self.kept.partition_point(|kept| *kept <= count).saturating_sub(1);
        let (bits, kept) = (self.words.get(word).copied().unwrap_or(0), self.kept.get(word).copied().unwrap_or(0));
        let mut stay = !bits;
        for _ in kept..count {
            stay &= stay.wrapping_sub(1);
        }
        base(word) + stay.trailing_zeros()
    }

    /// The next run of removed units from `at` on, start and end.
    pub fn next_run(&self, at: u32) -> Option<(u32, u32)> {
        let start = self.find(at, |bits| bits)?;
        // The words after the last are of units that stay.
        let end = self.find(start, |bits| !bits).unwrap_or(base(self.words.len()));
        Some((start, end))
    }

    fn find(&self, at: u32, wanted: impl Fn(u64) -> u64) -> Option<u32> {
        let (first, shift) = place(at);
        let words = self.words.iter().enumerate().skip(first);
        words
            .map(|(i, bits)| (i, wanted(*bits) & if i == first { u64::MAX << shift } else { u64::MAX }))
            .find_map(|(i, bits)| (bits != 0).then(|| base(i) + bits.trailing_zeros()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_and_places_agree_with_counting() {
        let mut gone = Gone::default();
        gone.set(3, 0b1011);
        gone.set(60, 0b1111_1000);
        gone.set_run(130, 200);
        gone.count();
        let is_gone = |at: u32| gone.next_run(at).is_some_and(|(start, _)| start == at);
        let stay: Vec<u32> = (0..500).filter(|at| !is_gone(*at)).collect();
        assert_eq!(stay.len(), 500 - 3 - 5 - 200);
        for at in 0..500 {
            let before = stay.iter().filter(|place| **place < at).count();
            assert_eq!(gone.rank(at) as usize, before, "{at}");
        }
        for (count, place) in stay.iter().enumerate() {
            assert_eq!(gone.select(u32::try_from(count).unwrap()), *place);
        }
        assert_eq!(gone.next_run(0), Some((3, 5)));
        assert_eq!(gone.next_run(5), Some((6, 7)));
        assert_eq!(gone.next_run(7), Some((63, 68)));
        assert_eq!(gone.next_run(68), Some((130, 330)));
        assert_eq!(gone.next_run(330), None);
    }
}
