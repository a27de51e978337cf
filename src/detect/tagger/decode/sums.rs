//! The probabilities.
//!
//! Sums run in the order of the tags, so that padding and wide steps leave every bit as it is.

use std::ops::Range;

use super::{Chain, Lattice, MOST, Rows, Soft, WIDE, chunks, chunks_mut, pad};
use crate::detect::tagger::tags::{Tag, Tags};

impl Lattice {
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
        let mut soft = std::mem::take(&mut self.soft);
        let steps = pad(tags, emissions, &mut soft);
        self.sum(tags, &Soft::new(chain), before, Rows::new(&soft, steps), 0..steps);
        self.soft = soft;
        out.clear();
        let (groups, half) = (tags.labels() + 1, tags.half());
        for step in 0..steps {
            let total = self.total(step);
            let (alpha, beta) = (&self.alpha[step * 2 * half..][..2 * half], &self.beta[step * 2 * half..][..2 * half]);
            let columns = (0..groups).chain(half + 1..half + groups);
            out.extend(columns.map(|column| alpha[column] * beta[column] / total));
        }
        self.totals.iter().map(|total| f64::from(*total).ln()).sum()
    }

    /// Sum over all sequences, so that [`Lattice::probability`] can tell of the steps `asked`.
    pub fn sum(&mut self, tags: Tags, soft: &Soft, before: Option<usize>, rows: Rows<'_, f32>, asked: Range<usize>) {
        let (half, columns, steps) = (tags.half(), tags.columns(), rows.len());
        let Self { alpha, beta, totals, .. } = self;
        self.half = half;
        if alpha.len() < steps * columns {
            alpha.resize(steps * columns, 0.0);
            beta.resize(steps * columns, 0.0);
        }
        if steps > 0 {
            alpha[half..columns].fill(0.0);
            beta[(steps - 1) * columns..steps * columns].fill(1.0);
        }
        totals.clear();
        let chain = &soft.padded;
        let mut masses = [0f32; MOST];
        let masses = &mut masses[..half];
        for step in 0..asked.end.min(steps) {
            let (past, now) = alpha.split_at_mut(step * columns);
            let (begun, inside) = now[..columns].split_at_mut(half);
            if step == 0 {
                let start = before.and_then(|g| chain.cross.get(g * half..(g + 1) * half)).unwrap_or(&chain.start);
                begun.copy_from_slice(start);
            } else {
                let (last_begun, last_inside) = past[(step - 1) * columns..].split_at(half);
                let lasts = chunks(last_begun).iter().zip(chunks(last_inside));
                let ways = chunks(&chain.stay[0]).iter().zip(chunks(&chain.stay[1]));
                let nows = chunks_mut(inside).iter_mut().zip(chunks_mut(masses));
                for (((now, mass), (a, b)), ways) in nows.zip(lasts).zip(ways) {
                    *mass = plus(a, b);
                    *now = plus(&times(a, ways.0), &times(b, ways.1));
                }
                weigh(masses, &chain.cross, begun);
            }
            let (begins, stays) = rows.halves(step, half);
            scale(begun, begins);
            scale(inside, stays);
            totals.push(even(&mut now[..columns]));
        }
        for step in (asked.start..steps.saturating_sub(1)).rev() {
            let (now, after) = beta.split_at_mut((step + 1) * columns);
            let (begun, inside) = now[step * columns..].split_at_mut(half);
            let (next_begun, next_inside) = after[..columns].split_at(half);
            let (begins, stays) = rows.halves(step + 1, half);
            for ((mass, next), emission) in chunks_mut(masses).iter_mut().zip(chunks(next_begun)).zip(chunks(begins)) {
                *mass = times(next, emission);
            }
            weigh(masses, &soft.turned, begun);
            let ways = chunks(&chain.stay[0]).iter().zip(chunks(&chain.stay[1]));
            let nexts = chunks(next_inside).iter().zip(chunks(stays)).zip(ways);
            for ((a, b), ((next, emission), ways)) in chunks_mut(begun).iter_mut().zip(chunks_mut(inside)).zip(nexts) {
                let on = times(next, emission);
                *b = plus(a, &times(&on, ways.1));
                *a = plus(a, &times(&on, ways.0));
            }
            inside[0] = 0.0; // outside is not continued
            even(&mut now[step * columns..]);
        }
    }

    /// After [`Lattice::sum`]: the probability of a tag at a step that was asked for.
    pub fn probability(&self, tags: Tags, step: usize, tag: Tag) -> f32 {
        let at = step * 2 * self.half + tags.column(tag);
        self.alpha[at] * self.beta[at] / self.total(step)
    }

    /// The sum over all sequences, at a step.
    fn total(&self, step: usize) -> f32 {
        let columns = 2 * self.half;
        let of = step * columns..(step + 1) * columns;
        let products = self.alpha[of.clone()].iter().zip(&self.beta[of]).map(|(a, b)| a * b);
        products.sum::<f32>().max(f32::MIN_POSITIVE)
    }

    /// After [`Lattice::marginals`]: add the probability of each step of the chain to `sums`, times `factor`.
    pub fn add_expected(&self, tags: Tags, chain: &Chain<f32>, emissions: &[f32], factor: f32, sums: &mut Chain<f32>) {
        let (labels, width, groups, half) = (tags.labels(), tags.len(), tags.labels() + 1, tags.half());
        let steps = emissions.len() / width;
        let mut row = [0f32; MOST];
        let row = &mut row[..groups];
        let mut masses = [0f32; MOST];
        for step in 0..steps {
            let (now, now_inside) = self.beta[step * 2 * half..(step + 1) * 2 * half].split_at(half);
            let emission = &emissions[step * width..(step + 1) * width];
            for ((r, b), e) in row.iter_mut().zip(now).zip(emission) {
                *r = b * e;
            }
            if step == 0 {
                let total: f32 = chain.start.iter().zip(&*row).map(|(s, r)| s * r).sum::<f32>().max(f32::MIN_POSITIVE);
                for ((sum, start), r) in sums.start.iter_mut().zip(&chain.start).zip(&*row) {
                    *sum += factor * start * r / total;
                }
                continue;
            }
            let (last, last_inside) = self.alpha[(step - 1) * 2 * half..step * 2 * half].split_at(half);
            let mut total = 0f32;
            for group in 0..groups {
                masses[group] = last[group] + last_inside[group];
                let cross = &chain.cross[group * groups..(group + 1) * groups];
                total += masses[group] * cross.iter().zip(&*row).map(|(a, b)| a * b).sum::<f32>();
            }
            for label in 0..labels {
                let inside = now_inside[1 + label] * emission[groups + label];
                total += inside
                    * (last[1 + label] * chain.stay[label] + last_inside[1 + label] * chain.stay[labels + label]);
            }
            let share = factor / total.max(f32::MIN_POSITIVE);
            for (group, mass) in masses[..groups].iter().enumerate() {
                let mass = mass * share;
                if mass.abs() < 1e-7 {
                    continue;
                }
                let cross = &chain.cross[group * groups..(group + 1) * groups];
                let sums = &mut sums.cross[group * groups..(group + 1) * groups];
                for ((sum, way), r) in sums.iter_mut().zip(cross).zip(&*row) {
                    *sum += mass * way * r;
                }
            }
            for label in 0..labels {
                let inside = now_inside[1 + label] * emission[groups + label] * share;
                sums.stay[label] += inside * last[1 + label] * chain.stay[label];
                sums.stay[labels + label] += inside * last_inside[1 + label] * chain.stay[labels + label];
            }
        }
    }
}

/// `out` is the sum of the rows, each times its mass, in order.
fn weigh(masses: &[f32], rows: &[f32], out: &mut [f32]) {
    // The default labels fill 24 columns.
    if out.len() == 24 { weigh_by::<24>(masses, rows, out) } else { weigh_by::<8>(masses, rows, out) }
}

fn weigh_by<const N: usize>(masses: &[f32], rows: &[f32], out: &mut [f32]) {
    let half = out.len();
    for (part, out) in out.as_chunks_mut::<N>().0.iter_mut().enumerate() {
        let mut sum = [0f32; N];
        for (mass, row) in masses.iter().zip(rows.chunks_exact(half)) {
            let row = &row.as_chunks::<N>().0[part];
            sum = std::array::from_fn(|i| sum[i] + mass * row[i]);
        }
        *out = sum;
    }
}

type Few = [f32; WIDE];

fn plus(a: &Few, b: &Few) -> Few {
    std::array::from_fn(|i| a[i] + b[i])
}

fn times(a: &Few, b: &Few) -> Few {
    std::array::from_fn(|i| a[i] * b[i])
}

fn scale(row: &mut [f32], by: &[f32]) {
    for (few, by) in chunks_mut(row).iter_mut().zip(chunks(by)) {
        *few = times(few, by);
    }
}

/// Make a row add up to 1; what it added up to.
fn even(row: &mut [f32]) -> f32 {
    let total = row.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    row.iter_mut().for_each(|x| *x /= total);
    total
}
