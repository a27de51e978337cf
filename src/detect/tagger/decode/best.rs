//! The best sequence.

use super::{Lattice, MOST, NEVER, Ready, Rows, pad};
use crate::detect::tagger::tags::{Tag, Tags};

impl Lattice {
    /// The best tags for `emissions` (a row of `tags.len()` scores a token), appended to `out`.
    pub fn best(&mut self, tags: Tags, ready: &Ready, emissions: &[i32], out: &mut Vec<Tag>) {
        let mut padded = std::mem::take(&mut self.padded);
        let steps = pad(tags, emissions, &mut padded);
        self.search(tags, ready, Rows::new(&padded, tags.columns(), steps), out);
        self.padded = padded;
    }

    /// The best tags for padded rows, appended to `out`.
    pub fn search<T: Copy + Into<i32>>(&mut self, tags: Tags, ready: &Ready, rows: Rows<'_, T>, out: &mut Vec<Tag>) {
        let (labels, groups, half, steps) = (tags.labels(), tags.labels() + 1, tags.half(), rows.len());
        if steps == 0 {
            return;
        }
        let Ready { padded: chain, gain, .. } = ready;
        let Self { marks, ended, kept, .. } = self;
        for back in [&mut *marks, &mut *ended, &mut *kept] {
            back.clear();
            back.resize(steps * half, 0);
        }
        let mut memory = [[NEVER; MOST]; 3];
        let [begun, inside, merged] = memory.each_mut().map(|row| &mut row[..half]);
        for ((score, start), emission) in begun.iter_mut().zip(&chain.start).zip(rows.halves(0, half).0) {
            *score = start + (*emission).into();
        }
        for step in 1..steps {
            let (begins, stays) = rows.halves(step, half);
            let back = step * half..(step + 1) * half;
            merge(begun, inside, merged, &mut ended[back.clone()]);
            stay(begun, inside, &chain.stay, stays, &mut kept[back.clone()]);
            let outside = merged[0];
            let mut rivals = 0;
            for ((score, way), (own, gain)) in begun.iter_mut().zip(&chain.cross).zip(merged.iter().zip(gain)) {
                *score = outside + way;
                // Mostly the way from outside is so good that no other can be better anywhere.
                rivals |= i32::from(own + gain > outside);
            }
            if rivals != 0 {
                let marks = &mut marks[back];
                for before in (1..groups).filter(|before| merged[*before] + gain[*before] > outside) {
                    cross(begun, marks, merged[before], before, &chain.cross[before * half..(before + 1) * half]);
                }
            }
            for (score, emission) in begun.iter_mut().zip(begins) {
                *score += (*emission).into();
            }
        }
        let mut at = (0, false);
        let mut most = begun[0];
        for (scores, inner) in [(&begun[..groups], false), (&inside[..groups], true)] {
            for (group, score) in scores.iter().enumerate() {
                if *score > most {
                    (at, most) = ((group, inner), *score);
                }
            }
        }
        let first = out.len();
        out.resize(first + steps, 0);
        let (mut group, mut inner) = at;
        for step in (0..steps).rev() {
            out[first + step] = u8::try_from(if inner { group + labels } else { group }).unwrap_or(0);
            let row = step * half;
            inner = if inner {
                kept[row + group] != 0
            } else {
                group = usize::from(marks[row + group]);
                ended[row + group] != 0
            };
        }
    }
}

/// The best of the two ways to end each group, and which it is.
fn merge(begun: &[i32], inside: &[i32], merged: &mut [i32], ended: &mut [u8]) {
    for (((merged, ended), begun), inside) in merged.iter_mut().zip(ended).zip(begun).zip(inside) {
        *merged = (*begun).max(*inside);
        *ended = u8::from(inside > begun);
    }
}

/// Continue each group, after its beginning or after what continues it.
fn stay<T: Copy + Into<i32>>(
    begun: &[i32],
    inside: &mut [i32],
    chain: &[Vec<i32>; 2],
    emissions: &[T],
    kept: &mut [u8],
) {
    let ways = chain[0].iter().zip(&chain[1]);
    for ((((inside, kept), begun), emission), ways) in inside.iter_mut().zip(kept).zip(begun).zip(emissions).zip(ways) {
        let (after_begun, after_inside) = (begun + ways.0, *inside + ways.1);
        *inside = after_begun.max(after_inside) + (*emission).into();
        *kept = u8::from(after_inside > after_begun);
    }
}

/// Take the ways from a group where they are better.
fn cross(into: &mut [i32], marks: &mut [u8], base: i32, before: usize, ways: &[i32]) {
    let mark = u8::try_from(before).unwrap_or(0);
    for ((score, group), way) in into.iter_mut().zip(marks).zip(ways) {
        let new = base + way;
        let better = new > *score;
        *score = if better { new } else { *score };
        *group = if better { mark } else { *group };
    }
}
