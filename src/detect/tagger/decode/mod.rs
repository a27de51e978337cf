//! The chain: how tags follow each other, the best sequence, the probabilities.
//!
//! Rows of scores are laid out as [`Tags::column`] says. The slow twins, over rows of one score a tag, are for those who
//! train.

mod best;
mod sums;

use super::tags::Tags;

/// Scores of one tag after another. What precedes matters by its label alone, what follows as outside or a beginning;
/// a label is continued only after itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chain<T> {
    /// Of the first tag: outside, then each beginning.
    pub start: Vec<T>,
    /// `cross[before * (labels + 1) + after]`: after a group (0 outside, 1 + label), outside or a beginning.
    pub cross: Vec<T>,
    /// Of continuing a label: first after its beginning, then after its inside.
    pub stay: Vec<T>,
}

impl<T: Copy + Default> Chain<T> {
    /// All zero.
    pub fn new(tags: Tags) -> Self {
        let groups = tags.labels() + 1;
        Self {
            start: vec![T::default(); groups],
            cross: vec![T::default(); groups * groups],
            stay: vec![T::default(); 2 * tags.labels()],
        }
    }
    /// The same in other numbers.
    pub fn map<U>(&self, f: impl Fn(T) -> U + Copy) -> Chain<U> {
        let map = |list: &[T]| list.iter().map(|x| f(*x)).collect();
        Chain { start: map(&self.start), cross: map(&self.cross), stay: map(&self.stay) }
    }
}

/// A chain in padded halves.
#[derive(Clone, Debug, Default, PartialEq)]
struct Padded<T> {
    start: Vec<T>,
    /// For each group before, a half of those after.
    cross: Vec<T>,
    /// A half after the beginning, a half after what continues it.
    stay: [Vec<T>; 2],
}

impl<T: Copy> Padded<T> {
    /// `blank` fills what is no group.
    fn of(chain: &Chain<T>, blank: T) -> Self {
        let groups = chain.start.len();
        let half = groups.next_multiple_of(8);
        let labels = groups.saturating_sub(1);
        let pad = |row: &[T], from: usize| {
            let mut padded = vec![blank; half];
            padded[from..from + row.len()].copy_from_slice(row);
            padded
        };
        let (begun, inside) = chain.stay.split_at(labels.min(chain.stay.len()));
        Self {
            start: pad(&chain.start, 0),
            cross: chain.cross.chunks(groups.max(1)).flat_map(|row| pad(row, 0)).collect(),
            stay: [pad(begun, 1), pad(inside, 1)],
        }
    }
}

/// A chain ready for the search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ready {
    chain: Chain<i32>,
    padded: Padded<i32>,
    /// How much better than outside each group can be for what follows.
    gain: Vec<i32>,
}

/// No way leads here.
const NEVER: i32 = i32::MIN / 4;

impl Ready {
    /// Prepare a chain.
    pub fn new(chain: Chain<i32>) -> Self {
        let groups = chain.start.len().max(1);
        let outside = &chain.cross[..groups.min(chain.cross.len())];
        let gain_of = |row: &[i32]| row.iter().zip(outside).map(|(a, b)| a - b).max().unwrap_or(0);
        let mut gain: Vec<i32> = chain.cross.chunks(groups).map(gain_of).collect();
        gain.resize(groups.next_multiple_of(8), NEVER);
        gain[0] = NEVER;
        Self { padded: Padded::of(&chain, NEVER), gain, chain }
    }
    /// The chain itself.
    pub fn chain(&self) -> &Chain<i32> {
        &self.chain
    }
}

/// A chain of exponentials ready for the sums.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Soft {
    padded: Padded<f32>,
    /// For each group after, a half of those before.
    turned: Vec<f32>,
}

impl Soft {
    /// Prepare a chain.
    pub fn new(chain: &Chain<f32>) -> Self {
        let padded = Padded::of(chain, 0.0);
        let half = padded.start.len();
        let groups = chain.start.len();
        let mut turned = vec![0.0; groups * half];
        for before in 0..groups {
            for after in 0..groups {
                turned[after * half + before] = chain.cross[before * groups + after];
            }
        }
        Self { padded, turned }
    }
}

/// Rows of scores, one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a, T> {
    scores: &'a [T],
    steps: usize,
}

impl<'a, T> Rows<'a, T> {
    /// So many rows; the first begins `scores`.
    pub fn new(scores: &'a [T], steps: usize) -> Self {
        Self { scores, steps }
    }
    /// How many rows.
    pub fn len(&self) -> usize {
        self.steps
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.steps == 0
    }
    /// The two halves of a row.
    pub fn halves(&self, step: usize, half: usize) -> (&'a [T], &'a [T]) {
        self.scores[step * 2 * half..(step + 1) * 2 * half].split_at(half)
    }
}

/// Memory of the search and of the sums.
#[derive(Clone, Debug, Default)]
pub struct Lattice {
    /// For each step, how good the best way to each tag is.
    history: Vec<i32>,
    /// For each step, whether a beginning may come from another group than outside.
    rivals: Vec<bool>,
    alpha: Vec<f32>,
    beta: Vec<f32>,
    totals: Vec<f32>,
    half: usize,
    padded: Vec<i32>,
    soft: Vec<f32>,
}

/// Columns are dealt with so many at a time; halves are a multiple of it.
const WIDE: usize = 8;

fn chunks<T>(row: &[T]) -> &[[T; WIDE]] {
    row.as_chunks().0
}

fn chunks_mut<T>(row: &mut [T]) -> &mut [[T; WIDE]] {
    row.as_chunks_mut().0
}

/// Columns of a half, at most.
const MOST: usize = Tags(super::tags::MAX_LABELS).half();

/// Spread plain rows, of one score a tag, over padded ones.
fn pad<T: Copy + Default>(tags: Tags, plain: &[T], padded: &mut Vec<T>) -> usize {
    let (half, groups, columns) = (tags.half(), tags.labels() + 1, tags.columns());
    padded.clear();
    for row in plain.chunks(tags.len()) {
        let from = padded.len();
        padded.resize(from + columns, T::default());
        padded[from..from + groups].copy_from_slice(&row[..groups]);
        padded[from + half + 1..from + half + groups].copy_from_slice(&row[groups..]);
    }
    plain.len() / tags.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn score(tags: Tags, chain: &Chain<i32>, emissions: &[i32], way: &[u8]) -> Option<i32> {
        let groups = tags.labels() + 1;
        let mut sum = 0;
        for (step, &tag) in way.iter().enumerate() {
            sum += emissions[step * tags.len() + usize::from(tag)];
            let last = step.checked_sub(1).map(|i| way[i]);
            sum += match (last, tags.is_inside(tag)) {
                (None, true) => return None,
                (None, false) => chain.start[usize::from(tag)],
                (Some(last), false) => chain.cross[tags.group(last) * groups + usize::from(tag)],
                (Some(last), true) if tags.group(last) == tags.group(tag) => {
                    let label = tags.group(tag) - 1;
                    chain.stay[if tags.is_inside(last) { tags.labels() + label } else { label }]
                }
                _ => return None,
            };
        }
        Some(sum)
    }

    fn ways(tags: Tags, steps: usize) -> Vec<Vec<u8>> {
        let width = u8::try_from(tags.len()).unwrap();
        let mut all = vec![vec![]];
        for _ in 0..steps {
            all = all.iter().flat_map(|w: &Vec<u8>| (0..width).map(move |t| [&w[..], &[t]].concat())).collect();
        }
        all
    }

    proptest! {
        #[test]
        fn agrees_with_trying_every_sequence(
            emissions in prop::collection::vec(-40i32..40, 20),
            start in prop::collection::vec(-40i32..40, 3),
            cross in prop::collection::vec(-40i32..40, 9),
            stay in prop::collection::vec(-40i32..40, 4),
        ) {
            let tags = Tags(2);
            let chain = Chain { start, cross, stay };
            let mut lattice = Lattice::default();
            let mut found = Vec::new();
            lattice.best(tags, &Ready::new(chain.clone()), &emissions, &mut found);
            let scored: Vec<(Vec<u8>, i32)> =
                ways(tags, 4).into_iter().filter_map(|w| score(tags, &chain, &emissions, &w).map(|s| (w, s))).collect();
            let best = scored.iter().map(|(_, s)| *s).max().unwrap();
            prop_assert_eq!(score(tags, &chain, &emissions, &found), Some(best));

            let exp = |x: i32| (x as f32 / 16.0).exp();
            let soft: Vec<f32> = emissions.iter().map(|e| exp(*e)).collect();
            let soft_chain = chain.map(exp);
            let mut marginals = Vec::new();
            let log = lattice.marginals(tags, &soft_chain, None, &soft, &mut marginals);
            let weight = |s: i32| f64::from(s as f32 / 16.0).exp();
            let total: f64 = scored.iter().map(|(_, s)| weight(*s)).sum();
            prop_assert!((log - total.ln()).abs() < 1e-3);
            for step in 0..4 {
                for tag in 0..5u8 {
                    let sum: f64 = scored.iter().filter(|(w, _)| w[step] == tag).map(|(_, s)| weight(*s)).sum();
                    prop_assert!((f64::from(marginals[step * 5 + usize::from(tag)]) - sum / total).abs() < 1e-3);
                }
            }
            let mut sums = Chain::new(tags);
            lattice.add_expected(tags, &soft_chain, &soft, 1.0, &mut sums);
            for before in 0..3 {
                for after in 0..3u8 {
                    let expected: f64 = scored.iter().map(|(w, s)| {
                        let n = (1..4).filter(|i| tags.group(w[i - 1]) == before && w[*i] == after).count();
                        n as f64 * weight(*s) / total
                    }).sum();
                    prop_assert!((f64::from(sums.cross[before * 3 + usize::from(after)]) - expected).abs() < 2e-3);
                }
            }
        }
    }
}
