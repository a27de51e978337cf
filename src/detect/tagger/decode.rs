//! The chain: how tags follow each other, the best sequence, the probabilities.

use super::tags::{Tag, Tags};

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

/// A chain ready for the search.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ready {
    chain: Chain<i32>,
    /// How much better than outside each group can be for what follows.
    gain: Vec<i32>,
}

impl Ready {
    /// Prepare a chain.
    pub fn new(chain: Chain<i32>) -> Self {
        let groups = chain.start.len().max(1);
        let outside = &chain.cross[..groups.min(chain.cross.len())];
        let gain = |row: &[i32]| row.iter().zip(outside).map(|(a, b)| a - b).max().unwrap_or(0);
        Self { gain: chain.cross.chunks(groups).map(gain).collect(), chain }
    }
    /// The chain itself.
    pub fn chain(&self) -> &Chain<i32> {
        &self.chain
    }
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

/// No way leads here.
const NEVER: i32 = i32::MIN / 4;

/// Memory of the search.
#[derive(Clone, Debug, Default)]
pub struct Lattice {
    best: Vec<i32>,
    next: Vec<i32>,
    groups: Vec<i32>,
    inside_last: Vec<bool>,
    back: Vec<u8>,
    alpha: Vec<f32>,
    beta: Vec<f32>,
    ways: Vec<f32>,
}

impl Lattice {
    /// The best tags for `emissions` (a row of `tags.len()` scores a token), appended to `out`.
    pub fn best(&mut self, tags: Tags, ready: &Ready, emissions: &[i32], out: &mut Vec<Tag>) {
        let (labels, width, groups) = (tags.labels(), tags.len(), tags.labels() + 1);
        let steps = emissions.len() / width;
        if steps == 0 {
            return;
        }
        let Ready { chain, gain } = ready;
        let Self { best, next, groups: merged, inside_last, back, .. } = self;
        best.clear();
        best.extend_from_slice(&emissions[..width]);
        for (score, start) in best[..groups].iter_mut().zip(&chain.start) {
            *score += start;
        }
        best[groups..].fill(NEVER);
        back.clear();
        back.resize(steps * width, 0);
        next.resize(width, 0);
        merged.resize(groups, 0);
        inside_last.resize(groups, false);
        let mut marks = [0i32; MAX_GROUPS];
        for step in 1..steps {
            let row = &emissions[step * width..(step + 1) * width];
            let from = &mut back[step * width..(step + 1) * width];
            merged[0] = best[0];
            for label in 0..labels {
                let (begun, inside) = (best[1 + label], best[groups + label]);
                merged[1 + label] = begun.max(inside);
                inside_last[1 + label] = inside > begun;
            }
            let into = &mut next[..groups];
            for (score, way) in into.iter_mut().zip(&chain.cross) {
                *score = merged[0] + way;
            }
            let marks = &mut marks[..groups];
            marks.fill(0);
            for before in 1..groups {
                // Mostly the way from outside is so good that no other can be better anywhere.
                if merged[before] + gain[before] <= merged[0] {
                    continue;
                }
                let cross = &chain.cross[before * groups..(before + 1) * groups];
                let base = merged[before];
                let mark = i32::try_from(before).unwrap_or(0);
                for ((score, group), way) in into.iter_mut().zip(marks.iter_mut()).zip(cross) {
                    let new = base + way;
                    let better = new > *score;
                    *score = if better { new } else { *score };
                    *group = if better { mark } else { *group };
                }
            }
            for (to, group) in marks.iter().enumerate() {
                let group = usize::try_from(*group).unwrap_or(0);
                let inside = group > 0 && inside_last[group];
                from[to] = u8::try_from(if inside { group + labels } else { group }).unwrap_or(0);
            }
            for label in 0..labels {
                let begun = best[1 + label] + chain.stay[label];
                let inside = best[groups + label] + chain.stay[labels + label];
                next[groups + label] = begun.max(inside);
                from[groups + label] =
                    u8::try_from(if inside > begun { groups + label } else { 1 + label }).unwrap_or(0);
            }
            for (score, emission) in next.iter_mut().zip(row) {
                *score += emission;
            }
            std::mem::swap(best, next);
        }
        let mut at = 0;
        for (tag, score) in best.iter().enumerate() {
            if *score > best[at] {
                at = tag;
            }
        }
        let first = out.len();
        out.resize(first + steps, 0);
        for step in (0..steps).rev() {
            out[first + step] = u8::try_from(at).unwrap_or(0);
            at = usize::from(back[step * width + at]);
        }
    }

    /// The probability of each tag at each token, a row a token, at the start of a sentence or after a group that is
    /// `before` and is not continued: `emissions` and `chain` are exponentials, each row
    /// of emissions scaled at will. Returns the log of the sum over all sequences, less the logs of the row scales.
    pub fn marginals(
        &mut self,
        tags: Tags,
        chain: &Chain<f32>,
        before: Option<usize>,
        emissions: &[f32],
        out: &mut Vec<f32>,
    ) -> f64 {
        let (labels, width, groups) = (tags.labels(), tags.len(), tags.labels() + 1);
        let steps = emissions.len() / width;
        out.clear();
        if steps == 0 {
            return 0.0;
        }
        let Self { alpha, beta, ways, .. } = self;
        alpha.clear();
        alpha.resize(steps * width, 0.0);
        beta.clear();
        beta.resize(steps * width, 1.0);
        ways.clear();
        ways.resize(groups, 0.0);
        let mut log = 0f64;
        for step in 0..steps {
            let (past, now) = alpha.split_at_mut(step * width);
            let now = &mut now[..width];
            if step == 0 {
                let start = before.and_then(|g| chain.cross.get(g * groups..(g + 1) * groups)).unwrap_or(&chain.start);
                now[..groups].copy_from_slice(start);
            } else {
                let last = &past[(step - 1) * width..];
                for group in 0..groups {
                    let mass = last[group] + if group == 0 { 0.0 } else { last[labels + group] };
                    let cross = &chain.cross[group * groups..(group + 1) * groups];
                    for (sum, way) in now[..groups].iter_mut().zip(cross) {
                        *sum += mass * way;
                    }
                }
                for label in 0..labels {
                    now[groups + label] =
                        last[1 + label] * chain.stay[label] + last[groups + label] * chain.stay[labels + label];
                }
            }
            for (sum, emission) in now.iter_mut().zip(&emissions[step * width..]) {
                *sum *= emission;
            }
            let total: f32 = now.iter().sum::<f32>().max(f32::MIN_POSITIVE);
            log += f64::from(total).ln();
            now.iter_mut().for_each(|x| *x /= total);
        }
        for step in (0..steps - 1).rev() {
            let (now, after) = beta.split_at_mut((step + 1) * width);
            let now = &mut now[step * width..];
            let after = &after[..width];
            let emission = &emissions[(step + 1) * width..(step + 2) * width];
            for ((way, next), e) in ways.iter_mut().zip(after).zip(emission) {
                *way = next * e;
            }
            for group in 0..groups {
                let cross = &chain.cross[group * groups..(group + 1) * groups];
                let sum: f32 = cross.iter().zip(ways.iter()).map(|(a, b)| a * b).sum();
                now[group] = sum;
                if group > 0 {
                    now[labels + group] = sum;
                }
            }
            for label in 0..labels {
                let inside = after[groups + label] * emission[groups + label];
                now[1 + label] += inside * chain.stay[label];
                now[groups + label] += inside * chain.stay[labels + label];
            }
            let total: f32 = now.iter().sum::<f32>().max(f32::MIN_POSITIVE);
            now.iter_mut().for_each(|x| *x /= total);
        }
        out.extend(alpha.iter().zip(beta.iter()).map(|(a, b)| a * b));
        for row in out.chunks_mut(width) {
            let total: f32 = row.iter().sum::<f32>().max(f32::MIN_POSITIVE);
            row.iter_mut().for_each(|x| *x /= total);
        }
        log
    }

    /// After [`Lattice::marginals`]: add the probability of each step of the chain to `sums`, times `factor`.
    pub fn add_expected(&self, tags: Tags, chain: &Chain<f32>, emissions: &[f32], factor: f32, sums: &mut Chain<f32>) {
        let (labels, width, groups) = (tags.labels(), tags.len(), tags.labels() + 1);
        let steps = emissions.len() / width;
        let mut row = [0f32; MAX_GROUPS];
        let mut masses = [0f32; MAX_GROUPS];
        for step in 0..steps {
            let now = &self.beta[step * width..(step + 1) * width];
            let emission = &emissions[step * width..(step + 1) * width];
            for ((r, b), e) in row.iter_mut().zip(&now[..groups]).zip(emission) {
                *r = b * e;
            }
            if step == 0 {
                let total: f32 = chain.start.iter().zip(&row).map(|(s, r)| s * r).sum::<f32>().max(f32::MIN_POSITIVE);
                for ((sum, start), r) in sums.start.iter_mut().zip(&chain.start).zip(&row) {
                    *sum += factor * start * r / total;
                }
                continue;
            }
            let last = &self.alpha[(step - 1) * width..step * width];
            let mut total = 0f32;
            for group in 0..groups {
                masses[group] = last[group] + if group == 0 { 0.0 } else { last[labels + group] };
                let cross = &chain.cross[group * groups..(group + 1) * groups];
                total += masses[group] * cross.iter().zip(&row).map(|(a, b)| a * b).sum::<f32>();
            }
            for label in 0..labels {
                let inside = now[groups + label] * emission[groups + label];
                total +=
                    inside * (last[1 + label] * chain.stay[label] + last[groups + label] * chain.stay[labels + label]);
            }
            let share = factor / total.max(f32::MIN_POSITIVE);
            for (group, mass) in masses[..groups].iter().enumerate() {
                let mass = mass * share;
                if mass.abs() < 1e-7 {
                    continue;
                }
                let cross = &chain.cross[group * groups..(group + 1) * groups];
                let sums = &mut sums.cross[group * groups..(group + 1) * groups];
                for ((sum, way), r) in sums.iter_mut().zip(cross).zip(&row) {
                    *sum += mass * way * r;
                }
            }
            for label in 0..labels {
                let inside = now[groups + label] * emission[groups + label] * share;
                sums.stay[label] += inside * last[1 + label] * chain.stay[label];
                sums.stay[labels + label] += inside * last[groups + label] * chain.stay[labels + label];
            }
        }
    }
}

/// Groups that fit the search's tables.
const MAX_GROUPS: usize = super::tags::MAX_LABELS as usize + 1;

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
