//! Disjoint sets of forms, with what is known of each set.

/// How sure the joining of two forms is.
pub(super) const SAME: f32 = 1.0;

/// Sets of forms: the first form of the text stands for its set.
#[derive(Debug, Default)]
pub(super) struct Sets {
    parent: Vec<u32>,
    size: Vec<u32>,
    /// The entry that a set stands for; only the entry of a first form counts.
    entry: Vec<Option<u32>>,
    /// How sure it is that a form belongs to its set.
    pub score: Vec<f32>,
}

impl Sets {
    /// As many sets as there are entries given, one form each.
    pub fn reset(&mut self, entries: impl Iterator<Item = Option<u32>>) {
        self.entry.clear();
        self.entry.extend(entries);
        self.parent.clear();
        self.parent.extend(0..u32::try_from(self.entry.len()).unwrap_or(u32::MAX));
        self.size.clear();
        self.size.resize(self.entry.len(), 1);
        self.score.clear();
        self.score.resize(self.entry.len(), SAME);
    }

    /// The form that stands for the set of `form`.
    pub fn root(&mut self, form: u32) -> u32 {
        let mut at = form;
        while self.parent[at as usize] != at {
            let up = self.parent[at as usize];
            self.parent[at as usize] = self.parent[up as usize];
            at = up;
        }
        at
    }

    /// The entry of the set of `form`.
    pub fn entry(&mut self, form: u32) -> Option<u32> {
        let root = self.root(form);
        self.entry[root as usize]
    }

    /// Whether a form is in no set but its own.
    pub fn is_alone(&mut self, form: u32) -> bool {
        self.root(form) == form && self.size[form as usize] == 1
    }

    /// Whether neither an entry nor another form is known of a form.
    pub fn is_unknown(&mut self, form: u32) -> bool {
        self.is_alone(form) && self.entry(form).is_none()
    }

    /// Say what entry the set of `form` stands for, where nothing is known.
    pub fn claim(&mut self, form: u32, entry: u32) {
        let root = self.root(form) as usize;
        self.entry[root] = self.entry[root].or(Some(entry));
    }

    /// Join the sets of two forms, unless they are known to be two things. `by` is the form whose belonging is
    /// only as sure as `score`.
    pub fn join(&mut self, by: u32, other: u32, score: f32) -> bool {
        let (a, b) = (self.root(by), self.root(other));
        if a == b {
            return true;
        }
        let entry = match (self.entry[a as usize], self.entry[b as usize]) {
            (Some(one), Some(two)) if one != two => return false,
            (one, two) => one.or(two),
        };
        self.score[by as usize] = self.score[by as usize].min(score);
        let (low, high) = (a.min(b), a.max(b));
        self.parent[high as usize] = low;
        self.size[low as usize] += self.size[high as usize];
        self.entry[low as usize] = entry;
        true
    }
}
