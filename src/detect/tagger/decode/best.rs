//! The best sequence.

use super::{Lattice, MOST, NEVER, Ready, Rows, WIDE, chunks, chunks_mut, pad};
use crate::detect::tagger::tags::{Tag, Tags};

type Few = [i32; WIDE];

fn plus(a: &Few, b: &Few) -> Few {
    std::array::from_fn(|i| a[i] + b[i])
}

fn best_of(a: &Few, b: &Few) -> Few {
    std::array::from_fn(|i| a[i].max(b[i]))
}

fn wide<T: Copy + Into<i32>>(few: &[T; WIDE]) -> Few {
    std::array::from_fn(|i| few[i].into())
}

impl Lattice {
    /// The best tags for `emissions` (a row of `tags.len()` scores a token), appended to `out`.
    pub fn best(&mut self, tags: Tags, ready: &Ready, emissions: &[i32], out: &mut Vec<Tag>) {
        let mut padded = std::mem::take(&mut self.padded);
        let steps = pad(tags, emissions, &mut padded);
        self.search(tags, ready, Rows::new(&padded, steps), out);
        self.padded = padded;
    }

    /// The best tags for padded rows, appended to `out`.
    pub fn search<T: Copy + Into<i32>>(&mut self, tags: Tags, ready: &Ready, rows: Rows<'_, T>, out: &mut Vec<Tag>) {
        let (half, columns, steps) = (tags.half(), tags.columns(), rows.len());
        if steps == 0 {
            return;
        }
        let chain = &ready.padded;
        let history = &mut self.history;
        if history.len() < steps * columns {
            history.resize(steps * columns, 0);
        }
        let (begun, inside) = history[..columns].split_at_mut(half);
        for ((score, start), emission) in begun.iter_mut().zip(&chain.start).zip(rows.halves(0, half).0) {
            *score = start + (*emission).into();
        }
        inside.fill(NEVER);
        self.rivals.clear();
        self.rivals.push(false);
        for step in 1..steps {
            let (past, now) = history.split_at_mut(step * columns);
            let (begun, inside) = now[..columns].split_at_mut(half);
            let rivals = forward(ready, &past[(step - 1) * columns..], rows.halves(step, half), begun, inside);
            self.rivals.push(rivals);
        }
        self.trace(tags, ready, steps, out);
    }

    /// The way to the best last tag; of equal ways the one through the lower tag.
    fn trace(&self, tags: Tags, ready: &Ready, steps: usize, out: &mut Vec<Tag>) {
        let (labels, groups, half, columns) = (tags.labels(), tags.labels() + 1, tags.half(), tags.columns());
        let chain = &ready.padded;
        let halves = |step: usize| self.history[step * columns..(step + 1) * columns].split_at(half);
        let (begun, inside) = halves(steps - 1);
        let (mut group, mut inner, mut most) = (0, false, begun[0]);
        for (scores, continued) in [(&begun[..groups], false), (&inside[..groups], true)] {
            for (at, score) in scores.iter().enumerate() {
                if *score > most {
                    (group, inner, most) = (at, continued, *score);
                }
            }
        }
        let first = out.len();
        out.resize(first + steps, 0);
        for step in (0..steps).rev() {
            out[first + step] = u8::try_from(if inner { group + labels } else { group }).unwrap_or(0);
            let Some(before) = step.checked_sub(1) else { break };
            let (begun, inside) = halves(before);
            if inner {
                inner = inside[group] + chain.stay[1][group] > begun[group] + chain.stay[0][group];
                continue;
            }
            if !self.rivals[step] {
                (group, inner) = (0, inside[0] > begun[0]);
                continue;
            }
            let merged = |before: usize| begun[before].max(inside[before]);
            let way = |before: usize| merged(before) + chain.cross[before * half + group];
            let outside = merged(0);
            let mut best = (0, way(0));
            for before in (1..groups).filter(|before| merged(*before) + ready.gain[*before] > outside) {
                if way(before) > best.1 {
                    best = (before, way(before));
                }
            }
            group = best.0;
            inner = inside[group] > begun[group];
        }
    }
}

/// The scores of a step from those of the step before. False when what begins comes from outside everywhere.
fn forward<T: Copy + Into<i32>>(
    ready: &Ready,
    last: &[i32],
    (begins, stays): (&[T], &[T]),
    begun: &mut [i32],
    inside: &mut [i32],
) -> bool {
    let half = begun.len();
    let chain = &ready.padded;
    let (last_begun, last_inside) = last.split_at(half);
    let mut memory = [NEVER; MOST];
    let merged = &mut memory[..half];
    let mut rival = [NEVER; WIDE];
    let ways = chunks(&chain.stay[0]).iter().zip(chunks(&chain.stay[1])).zip(chunks(&ready.gain));
    let lasts = chunks(last_begun).iter().zip(chunks(last_inside)).zip(ways);
    let nows = chunks_mut(inside).iter_mut().zip(chunks_mut(merged)).zip(chunks(stays));
    for (((inside, merged), stays), ((a, b), ((after_begun, after_inside), gain))) in nows.zip(lasts) {
        *merged = best_of(a, b);
        rival = best_of(&rival, &plus(merged, gain));
        *inside = plus(&best_of(&plus(a, after_begun), &plus(b, after_inside)), &wide(stays));
    }
    let outside = merged[0];
    let from_outside = chunks(&chain.cross[..half]);
    // Mostly the way from outside is so good that no other can be better anywhere.
    if rival.iter().all(|score| *score <= outside) {
        for ((begun, cross), begins) in chunks_mut(begun).iter_mut().zip(from_outside).zip(chunks(begins)) {
            *begun = plus(&plus(&[outside; WIDE], cross), &wide(begins));
        }
        return false;
    }
    for (begun, cross) in chunks_mut(begun).iter_mut().zip(from_outside) {
        *begun = plus(&[outside; WIDE], cross);
    }
    for (before, cross) in chain.cross.chunks_exact(half).enumerate().skip(1) {
        if merged[before] + ready.gain[before] > outside {
            for (begun, cross) in chunks_mut(begun).iter_mut().zip(chunks(cross)) {
                *begun = best_of(begun, &plus(&[merged[before]; WIDE], cross));
            }
        }
    }
    for (begun, begins) in chunks_mut(begun).iter_mut().zip(chunks(begins)) {
        *begun = plus(begun, &wide(begins));
    }
    true
}
