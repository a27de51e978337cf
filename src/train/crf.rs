//! Training a chain of tags by FTRL-proximal with feature dropout.
//!
//! Batches of sequences are read in parallel against the same weights, then their gradients are applied in order to
//! shards of the rows, in parallel: the result does not depend on the threads.

use std::ops::ControlFlow;

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
        Self { epochs: 10, alpha: 0.3, beta: 1.0, l2: 0.5, dropout: 0.3, blind: [0.0, 0.0], seed: 1 }
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
    loss += lattice.marginals(tags, chain, None, emissions, marginals);
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

/// Training between two batches: all that the next one depends on.
#[derive(Clone, Debug)]
pub struct State {
    tags: Tags,
    /// Passes begun, and sequences of the last one done.
    pub(super) epoch: u32,
    pub(super) at: usize,
    pub(super) seed: u64,
    pub(super) loss: f64,
    /// Of each row first all `w`, then all `z`, then all `n`.
    pub(super) shards: Vec<Vec<f32>>,
    chain: Chain<Cell>,
    pub(super) order: Vec<u32>,
    /// The sum over the passes of the second half, whose mean forgets less of the early sequences.
    pub(super) sum: Vec<f32>,
    pub(super) summed: u32,
}

impl State {
    /// Before the first batch. `rows` is one more than the greatest row.
    #[allow(clippy::cast_possible_truncation, reason = "numbers of sequences fit 32 bits")]
    pub fn new(tags: Tags, rows: usize, sequences: usize, seed: u64) -> Self {
        let width = tags.len();
        Self {
            tags,
            epoch: 0,
            at: 0,
            seed,
            loss: 0.0,
            shards: vec![vec![0.0; rows.div_ceil(SHARDS) * 3 * width]; SHARDS],
            chain: Chain::new(tags),
            order: (0..sequences as u32).collect(),
            sum: vec![0.0; rows * width],
            summed: 0,
        }
    }

    /// What is learned so far.
    #[allow(clippy::cast_precision_loss, reason = "a handful of passes")]
    pub fn weights(&self) -> Weights {
        let mut rows = self.sum.clone();
        if self.summed == 0 {
            self.add_to(&mut rows);
        } else {
            rows.iter_mut().for_each(|w| *w /= self.summed as f32);
        }
        Weights { rows, chain: self.chain.map(|cell| cell.w) }
    }

    fn add_to(&self, sum: &mut [f32]) {
        let width = self.tags.len();
        for (row, to) in sum.chunks_mut(width).enumerate() {
            let start = row / SHARDS * 3 * width;
            for (sum, w) in to.iter_mut().zip(&self.shards[row % SHARDS][start..start + width]) {
                *sum += w;
            }
        }
    }

    /// The chain as plain numbers.
    pub(super) fn chain_to_vec(&self) -> Vec<f32> {
        let Chain { start, cross, stay } = &self.chain;
        start.iter().chain(cross).chain(stay).flat_map(|cell| [cell.w, cell.z, cell.n]).collect()
    }

    /// Set the chain to numbers of [`State::chain_to_vec`]; false when there are too few or too many.
    pub(super) fn set_chain(&mut self, numbers: &[f32]) -> bool {
        let Chain { start, cross, stay } = &mut self.chain;
        let fits = numbers.len() == 3 * (start.len() + cross.len() + stay.len());
        for (cell, from) in start.iter_mut().chain(cross).chain(stay).zip(numbers.chunks_exact(3)) {
            *cell = Cell { w: from[0], z: from[1], n: from[2] };
        }
        fits
    }
}

/// Train on `sequences` from a state on. `watch` hears of every batch, and at the end of a pass of its number and loss
/// per token; it may break off, and training may go on from the state at another time.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "numbers of tokens and shares")]
pub fn train(
    sequences: &[Sequence],
    options: &Options,
    state: &mut State,
    mut watch: impl FnMut(&State, Option<(u32, f64)>) -> ControlFlow<()>,
) {
    let tags = state.tags;
    let width = tags.len();
    let tokens: usize = sequences.iter().map(|s| s.gold.len()).sum();
    let [word, matched] = options.blind;
    let drop_below = [options.dropout, word, matched].map(|share| (f64::from(share) * 4_294_967_296.0) as u64);
    while state.epoch < options.epochs || state.at < state.order.len() {
        if state.epoch == 0 || state.at >= state.order.len() {
            (state.epoch, state.at, state.loss) = (state.epoch + 1, 0, 0.0);
            for i in (1..state.order.len()).rev() {
                let other = usize::try_from(random(&mut state.seed) % (i as u64 + 1)).unwrap_or(0);
                state.order.swap(i, other);
            }
        }
        while state.at < state.order.len() {
            let State { shards, chain, order, seed, loss, at, .. } = &mut *state;
            let batch = &order[*at..(*at + BATCH).min(order.len())];
            *at += batch.len();
            let soft = chain.map(|cell| cell.w.exp());
            let (base, now) = (random(seed), &*shards);
            let gradients: Vec<Gradient> = batch
                .par_iter()
                .enumerate()
                .map_init(Work::default, |work, (i, &s)| {
                    let seed = base.wrapping_add((i as u64) << 40);
                    gradient(&sequences[s as usize], tags, now, &soft, drop_below, seed, work)
                })
                .collect();
            apply(&gradients, width, shards, chain, options);
            *loss += gradients.iter().map(|g| g.loss).sum::<f64>();
            if state.at < state.order.len() && watch(state, None).is_break() {
                return;
            }
        }
        if state.epoch > options.epochs / 2 {
            state.summed += 1;
            let mut sum = std::mem::take(&mut state.sum);
            state.add_to(&mut sum);
            state.sum = sum;
        }
        let told = (state.epoch, state.loss / tokens.max(1) as f64);
        if watch(state, Some(told)).is_break() || state.order.is_empty() {
            return;
        }
    }
}

/// Apply gradients in their order to the shards of the rows, in parallel, and to the chain.
fn apply(gradients: &[Gradient], width: usize, shards: &mut [Vec<f32>], chain: &mut Chain<Cell>, options: &Options) {
    shards.par_iter_mut().enumerate().for_each(|(shard, cells)| {
        for g in gradients {
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
                                let mut cell = Cell { w: row[tag], z: row[width + tag], n: row[2 * width + tag] };
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
    for g in gradients {
        let parts =
            [(&mut chain.start, &g.chain.start), (&mut chain.cross, &g.chain.cross), (&mut chain.stay, &g.chain.stay)];
        for (cells, sums) in parts {
            for (cell, g) in cells.iter_mut().zip(sums) {
                cell.step(*g, options);
            }
        }
    }
}
