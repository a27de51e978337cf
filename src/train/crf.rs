//! Training a chain of tags by FTRL-proximal with feature dropout.
//!
//! Batches of sequences are read in parallel against the same weights, then their gradients are applied in order to
//! shards of the rows, in parallel: the result does not depend on the threads.

use rayon::prelude::*;

use crate::detect::tagger::decode::{Chain, Lattice};
use crate::detect::tagger::tags::{Tag, Tags};

/// A sequence of tokens with their features and tags.
#[derive(Clone, Debug, Default)]
pub struct Sequence {
    /// Rows of the features of all tokens.
    pub rows: Vec<u32>,
    /// Where each token's rows end in [`Sequence::rows`].
    pub ends: Vec<u32>,
    /// The kind of each row: rows of one kind may be dropped together.
    pub kinds: Vec<Kind>,
    /// The true tags.
    pub gold: Vec<Tag>,
}

/// What a feature knows, as far as training cares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// The place and the words around.
    #[default]
    Context = 0,
    /// The word itself: dropped together, so that the tagger learns to do without on words never seen.
    Word = 1,
    /// A match of a detector: dropped together, so that it learns to do without on names in no list.
    Match = 2,
}

impl Sequence {
    fn token(&self, at: usize) -> impl Iterator<Item = (u32, Kind)> + '_ {
        let from = if at == 0 { 0 } else { self.ends[at - 1] as usize };
        let range = from..self.ends[at] as usize;
        self.rows[range.clone()].iter().copied().zip(self.kinds[range].iter().copied())
    }
}

/// How to train.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Passes over the data.
    pub epochs: u32,
    /// FTRL's step size.
    pub alpha: f32,
    /// FTRL's smoothing of the step size.
    pub beta: f32,
    /// Weight of the square penalty.
    pub l2: f32,
    /// Share of the features dropped in each visit.
    pub dropout: f32,
    /// Share of the visits in which a token shows no feature of one kind: of the word itself, of matches.
    pub blind: [f32; 2],
    /// For the order of the sequences and the dropout.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { epochs: 6, alpha: 0.3, beta: 1.0, l2: 0.5, dropout: 0.3, blind: [0.0, 0.0], seed: 1 }
    }
}

/// What was learned.
#[derive(Clone, Debug)]
pub struct Weights {
    /// A row of `tags.len()` numbers a feature.
    pub rows: Vec<f32>,
    /// The chain.
    pub chain: Chain<f32>,
}

impl Weights {
    fn each(&mut self, mut change: impl FnMut(&mut [f32], usize)) {
        let Self { rows, chain } = self;
        for (part, numbers) in [rows, &mut chain.start, &mut chain.cross, &mut chain.stay].into_iter().enumerate() {
            change(numbers, part);
        }
    }
    /// Add other weights of the same shape.
    pub fn add(&mut self, other: &Self) {
        let parts = [&other.rows, &other.chain.start, &other.chain.cross, &other.chain.stay];
        self.each(|numbers, part| numbers.iter_mut().zip(parts[part]).for_each(|(a, b)| *a += b));
    }
    /// Multiply all by a factor.
    pub fn scale(&mut self, factor: f32) {
        self.each(|numbers, _| numbers.iter_mut().for_each(|x| *x *= factor));
    }
}

const BATCH: usize = 8;
const SHARDS: usize = 4;
/// Gradients below this are not applied.
const TINY: f32 = 1e-3;

fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut x = *state;
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// A weight with its FTRL state.
#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    w: f32,
    z: f32,
    n: f32,
}

impl Cell {
    fn step(&mut self, g: f32, o: &Options) {
        let n = self.n + g * g;
        let sigma = (n.sqrt() - self.n.sqrt()) / o.alpha;
        self.z += g - sigma * self.w;
        self.n = n;
        self.w = -self.z / ((o.beta + n.sqrt()) / o.alpha + o.l2);
    }
}

#[derive(Default)]
struct Work {
    lattice: Lattice,
    emissions: Vec<f32>,
    marginals: Vec<f32>,
}

/// The gradient of one sequence.
struct Gradient {
    /// Rows that were seen, token after token.
    rows: Vec<u32>,
    /// For each token: end in `rows`, end in `changes`.
    ends: Vec<(u32, u32)>,
    changes: Vec<(u8, f32)>,
    chain: Chain<f32>,
    loss: f64,
}

#[allow(clippy::cast_possible_truncation, reason = "row counts fit 32 bits")]
fn gradient(
    sequence: &Sequence,
    tags: Tags,
    shards: &[Vec<f32>],
    chain: &Chain<f32>,
    drop_below: [u64; 3],
    mut seed: u64,
    work: &mut Work,
) -> Gradient {
    let width = tags.len();
    let steps = sequence.gold.len();
    let Work { lattice, emissions, marginals } = work;
    let mut rows = Vec::with_capacity(sequence.rows.len());
    let mut ends = Vec::with_capacity(steps);
    emissions.clear();
    emissions.resize(steps * width, 0.0);
    for at in 0..steps {
        let sums = &mut emissions[at * width..(at + 1) * width];
        let blind = [false, random(&mut seed) >> 32 < drop_below[1], random(&mut seed) >> 32 < drop_below[2]];
        for (row, kind) in sequence.token(at) {
            if random(&mut seed) >> 32 < drop_below[0] || blind[kind as usize] {
                continue;
            }
            rows.push(row);
            let row = row as usize;
            let start = row / SHARDS * 3 * width;
            for (sum, w) in sums.iter_mut().zip(&shards[row % SHARDS][start..start + width]) {
                *sum += w;
            }
        }
        ends.push((rows.len() as u32, 0));
    }
    let mut loss = 0.0;
    for (row, gold) in emissions.chunks_mut(width).zip(&sequence.gold) {
        let top = row.iter().copied().fold(f32::MIN, f32::max);
        loss -= f64::from(row[usize::from(*gold)] - top);
        row.iter_mut().for_each(|x| *x = (*x - top).exp());
    }
    loss += lattice.marginals(tags, chain, emissions, marginals);
    let mut sums = Chain::new(tags);
    lattice.add_expected(tags, chain, emissions, 1.0, &mut sums);
    let groups = tags.labels() + 1;
    let mut changes = Vec::new();
    for (at, &gold) in sequence.gold.iter().enumerate() {
        let probabilities = &mut marginals[at * width..(at + 1) * width];
        probabilities[usize::from(gold)] -= 1.0;
        for (tag, g) in (0u8..).zip(probabilities.iter()) {
            if g.abs() > TINY {
                changes.push((tag, *g));
            }
        }
        ends[at].1 = changes.len() as u32;
        match at.checked_sub(1).map(|i| sequence.gold[i]) {
            None => {
                sums.start[usize::from(gold)] -= 1.0;
                loss -= f64::from(chain.start[usize::from(gold)].ln());
            }
            Some(last) if !tags.is_inside(gold) => {
                let step = tags.group(last) * groups + usize::from(gold);
                sums.cross[step] -= 1.0;
                loss -= f64::from(chain.cross[step].ln());
            }
            Some(last) => {
                let label = tags.group(gold) - 1;
                let step = if tags.is_inside(last) { tags.labels() + label } else { label };
                sums.stay[step] -= 1.0;
                loss -= f64::from(chain.stay[step].ln());
            }
        }
    }
    Gradient { rows, ends, changes, chain: sums, loss }
}

/// Train on `sequences`, whose rows are below `rows`. `progress` hears of each epoch and its loss per token.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "numbers of tokens and shares")]
pub fn train(
    sequences: &[Sequence],
    tags: Tags,
    rows: usize,
    options: &Options,
    mut progress: impl FnMut(u32, f64),
) -> Weights {
    let width = tags.len();
    // Of each row first all `w`, then all `z`, then all `n`.
    let mut shards: Vec<Vec<f32>> = vec![vec![0.0; rows.div_ceil(SHARDS) * 3 * width]; SHARDS];
    let mut chain: Chain<Cell> = Chain::new(tags);
    let mut order: Vec<usize> = (0..sequences.len()).collect();
    let tokens: usize = sequences.iter().map(|s| s.gold.len()).sum();
    // The mean over the epochs of the second half forgets less of the early sequences.
    let mut out = vec![0f32; rows * width];
    let mut averaged = 0.0f32;
    let mut seed = options.seed;
    let [word, matched] = options.blind;
    let drop_below = [options.dropout, word, matched].map(|share| (f64::from(share) * 4_294_967_296.0) as u64);
    for epoch in 1..=options.epochs {
        for i in (1..order.len()).rev() {
            order.swap(i, usize::try_from(random(&mut seed) % (i as u64 + 1)).unwrap_or(0));
        }
        let mut loss = 0.0;
        for batch in order.chunks(BATCH) {
            let soft = chain.map(|cell| cell.w.exp());
            let base = random(&mut seed);
            let gradients: Vec<Gradient> = batch
                .par_iter()
                .enumerate()
                .map_init(Work::default, |work, (i, &s)| {
                    let seed = base.wrapping_add((i as u64) << 40);
                    gradient(&sequences[s], tags, &shards, &soft, drop_below, seed, work)
                })
                .collect();
            shards.par_iter_mut().enumerate().for_each(|(shard, cells)| {
                for g in &gradients {
                    let (mut row, mut change) = (0, 0);
                    for &(row_end, change_end) in &g.ends {
                        let changes = &g.changes[change..change_end as usize];
                        if !changes.is_empty() {
                            for &r in &g.rows[row..row_end as usize] {
                                let r = r as usize;
                                if r % SHARDS == shard {
                                    let start = r / SHARDS * 3 * width;
                                    let row = &mut cells[start..start + 3 * width];
                                    for &(tag, g) in changes {
                                        let tag = usize::from(tag);
                                        let mut cell =
                                            Cell { w: row[tag], z: row[width + tag], n: row[2 * width + tag] };
                                        cell.step(g, options);
                                        (row[tag], row[width + tag], row[2 * width + tag]) = (cell.w, cell.z, cell.n);
                                    }
                                }
                            }
                        }
                        (row, change) = (row_end as usize, change_end as usize);
                    }
                }
            });
            for g in &gradients {
                loss += g.loss;
                let parts = [
                    (&mut chain.start, &g.chain.start),
                    (&mut chain.cross, &g.chain.cross),
                    (&mut chain.stay, &g.chain.stay),
                ];
                for (cells, sums) in parts {
                    for (cell, g) in cells.iter_mut().zip(sums) {
                        cell.step(*g, options);
                    }
                }
            }
        }
        progress(epoch, loss / tokens.max(1) as f64);
        if epoch > options.epochs / 2 {
            averaged += 1.0;
            for (row, to) in out.chunks_mut(width).enumerate() {
                let start = row / SHARDS * 3 * width;
                for (sum, w) in to.iter_mut().zip(&shards[row % SHARDS][start..start + width]) {
                    *sum += w;
                }
            }
        }
    }
    out.iter_mut().for_each(|w| *w /= averaged);
    Weights { rows: out, chain: chain.map(|cell| cell.w) }
}
