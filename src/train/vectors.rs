//! Word vectors by skip-gram with negative sampling, and word classes by k-means over them.
//!
//! One thread and a fixed seed, so that the same text gives the same bytes; k-means runs in parallel, in an order
//! that does not change its sums.

use std::io::BufRead;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::error::{Error, Result};
use crate::script::fold_into;
use crate::segment::scan::Scanner;

/// Numbers in a vector.
pub const DIM: usize = 64;
const WINDOW: u64 = 3;
const NEGATIVE: usize = 5;
const EPOCHS: usize = 5;
const RATE: f32 = 0.025;
const SAMPLE: f64 = 1e-4;
const SEED: u64 = 0x5EED_0F3A_95AD;
/// Between sentences in [`Corpus::words`].
pub(super) const BREAK: u32 = u32::MAX;

/// A vector.
pub type Vector = [f32; DIM];

/// Text as numbers of words, the most frequent first.
#[derive(Debug, Default)]
pub struct Corpus {
    /// Keys by number.
    pub keys: Vec<String>,
    /// How often each stands in the text.
    pub counts: Vec<u32>,
    pub(super) words: Vec<u32>,
}

/// Collects sentences.
#[derive(Debug, Default)]
pub struct CorpusBuilder {
    ids: FxHashMap<String, u32>,
    counts: Vec<u32>,
    words: Vec<u32>,
}

impl CorpusBuilder {
    /// Add a raw text, a sentence a line; digits count as zeros. `name` tells the text in errors.
    pub fn read(&mut self, name: &str, text: impl BufRead) -> Result<()> {
        let (mut keys, mut ends) = (String::new(), Vec::new());
        for line in text.split(b'\n') {
            let line = line.map_err(|e| Error::io(format!("cannot read {name}"), e))?;
            let line = String::from_utf8_lossy(&line);
            keys.clear();
            ends.clear();
            for piece in Scanner::new(&line) {
                let from = keys.len();
                fold_into(piece.span.slice(&line), &mut keys);
                let zeros = keys[from..].replace(|c: char| c.is_ascii_digit(), "0");
                keys.truncate(from);
                keys.push_str(&zeros);
                if keys.len() > from {
                    ends.push((from, keys.len())); // a lone mark has no key
                }
            }
            self.add(ends.iter().filter_map(|&(from, to)| keys.get(from..to)));
        }
        Ok(())
    }

    /// Add a sentence as the keys of its words.
    pub fn add<'a>(&mut self, sentence: impl IntoIterator<Item = &'a str>) {
        for key in sentence {
            let next = u32::try_from(self.counts.len()).unwrap_or(BREAK - 1);
            let id = match self.ids.get(key) {
                Some(&id) => id,
                None => {
                    self.ids.insert(key.to_owned(), next);
                    self.counts.push(0);
                    next
                }
            };
            self.counts[id as usize] += 1;
            self.words.push(id);
        }
        self.words.push(BREAK);
    }

    /// Number the words that stand at least `least` times; the rest leave the text.
    pub fn build(self, least: u32) -> Corpus {
        let mut kept: Vec<(String, u32)> =
            self.ids.into_iter().filter(|(_, id)| self.counts[*id as usize] >= least).collect();
        kept.sort_by(|a, b| self.counts[b.1 as usize].cmp(&self.counts[a.1 as usize]).then(a.0.cmp(&b.0)));
        let mut renumber = vec![None; self.counts.len()];
        for (new, (_, old)) in (0u32..).zip(&kept) {
            renumber[*old as usize] = Some(new);
        }
        let words = self
            .words
            .into_iter()
            .filter_map(|id| if id == BREAK { Some(BREAK) } else { renumber[id as usize] })
            .collect();
        let counts = kept.iter().map(|(_, old)| self.counts[*old as usize]).collect();
        Corpus { keys: kept.into_iter().map(|(key, _)| key).collect(), counts, words }
    }
}

/// A small generator of random numbers (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    #[allow(clippy::cast_precision_loss, reason = "24 bits are enough")]
    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }
    #[allow(clippy::cast_possible_truncation, reason = "below the length of a table")]
    fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }
}

fn dot(a: &Vector, b: &Vector) -> f32 {
    let mut lanes = [0.0f32; 8];
    for (x, y) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for lane in 0..8 {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    lanes.iter().sum()
}

fn add(to: &mut Vector, from: &Vector, times: f32) {
    for (a, b) in to.iter_mut().zip(from) {
        *a += times * b;
    }
}

/// Train vectors for the words of a corpus, by number.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "rates and table sizes")]
pub fn train(corpus: &Corpus, mut progress: impl FnMut(usize, usize)) -> Vec<Vector> {
    let n = corpus.keys.len();
    let mut random = Random(SEED);
    let mut input: Vec<Vector> = (0..n).map(|_| std::array::from_fn(|_| (random.unit() - 0.5) / DIM as f32)).collect();
    let mut output: Vec<Vector> = vec![[0.0; DIM]; n];
    let negatives = noise(&corpus.counts);
    let total: f64 = corpus.counts.iter().map(|&c| f64::from(c)).sum();
    let keep: Vec<f32> = corpus
        .counts
        .iter()
        .map(|&c| {
            let f = f64::from(c) / total;
            (((f / SAMPLE).sqrt() + 1.0) * SAMPLE / f).min(1.0) as f32
        })
        .collect();
    let steps = (corpus.words.len() * EPOCHS).max(1);
    let mut done = 0;
    let mut sentence: Vec<u32> = Vec::new();
    for _ in 0..EPOCHS {
        for &word in &corpus.words {
            done += 1;
            if word != BREAK {
                if random.unit() < keep[word as usize] {
                    sentence.push(word);
                }
                continue;
            }
            let rate = RATE * (1.0 - done as f32 / steps as f32).max(1e-4);
            for at in 0..sentence.len() {
                let reach = (1 + random.next() % WINDOW) as usize;
                let (from, to) = (at.saturating_sub(reach), (at + reach + 1).min(sentence.len()));
                for near in (from..to).filter(|&near| near != at) {
                    let center = &mut input[sentence[near] as usize];
                    let mut change = [0.0; DIM];
                    for k in 0..=NEGATIVE {
                        let (target, truth) =
                            if k == 0 { (sentence[at], 1.0) } else { (negatives[random.below(negatives.len())], 0.0) };
                        if k > 0 && target == sentence[at] {
                            continue;
                        }
                        let context = &mut output[target as usize];
                        let x = dot(center, context);
                        let step = rate * (truth - 1.0 / (1.0 + (-x.clamp(-8.0, 8.0)).exp()));
                        add(&mut change, context, step);
                        add(context, center, step);
                    }
                    add(center, &change, 1.0);
                }
            }
            sentence.clear();
            if done % 4096 < 64 {
                progress(done, steps);
            }
        }
    }
    input
}

/// Word numbers in proportion to count^0.75.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "shares of a table")]
fn noise(counts: &[u32]) -> Vec<u32> {
    const SIZE: f64 = 4e7;
    let total: f64 = counts.iter().map(|&c| f64::from(c).powf(0.75)).sum();
    (0u32..)
        .zip(counts)
        .flat_map(|(id, &c)| {
            let share = (f64::from(c).powf(0.75) / total * SIZE).ceil();
            std::iter::repeat_n(id, share as usize)
        })
        .collect()
}

/// Classes 1 to `k` by cosine k-means: centers from the `frequent` first words, then every word to its nearest.
pub fn classes(vectors: &[Vector], k: usize, frequent: usize, rounds: usize) -> Vec<u16> {
    let unit: Vec<Vector> = vectors.par_iter().map(scaled).collect();
    let sample = &unit[..unit.len().min(frequent)];
    let k = k.min(sample.len()).min(usize::from(u16::MAX) - 1).max(1);
    if sample.is_empty() {
        return Vec::new();
    }
    let mut random = Random(SEED);
    let mut order: Vec<usize> = (0..sample.len()).collect();
    for i in (1..order.len()).rev() {
        order.swap(i, random.below(i + 1));
    }
    let mut centers: Vec<Vector> = order[..k].iter().map(|&i| sample[i]).collect();
    for _ in 0..rounds {
        let nearest: Vec<usize> = sample.par_iter().map(|v| nearest(v, &centers)).collect();
        let mut sums = vec![[0.0f32; DIM]; k];
        for (v, &c) in sample.iter().zip(&nearest) {
            add(&mut sums[c], v, 1.0);
        }
        for (center, sum) in centers.iter_mut().zip(&sums) {
            if sum.iter().any(|x| *x != 0.0) {
                *center = scaled(sum);
            }
        }
    }
    unit.par_iter().map(|v| u16::try_from(nearest(v, &centers) + 1).unwrap_or(0)).collect()
}

fn scaled(v: &Vector) -> Vector {
    let length = dot(v, v).sqrt().max(1e-12);
    std::array::from_fn(|i| v[i] / length)
}

fn nearest(v: &Vector, centers: &[Vector]) -> usize {
    let mut best = (f32::MIN, 0);
    for (i, center) in centers.iter().enumerate() {
        let x = dot(v, center);
        if x > best.0 {
            best = (x, i);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_like_contexts_share_a_class() {
        let mut builder = CorpusBuilder::default();
        let mut random = Random(1);
        for _ in 0..4000 {
            let city = ["سرت", "درنه", "طبرق"][random.below(3)];
            let verb = ["قال", "اكد", "اعلن"][random.below(3)];
            builder.add(["في", "مدينه", city, "الليبيه"]);
            builder.add([verb, "المتحدث", "ان"]);
        }
        let corpus = builder.build(1);
        let vectors = train(&corpus, |_, _| ());
        let again = train(&corpus, |_, _| ());
        assert_eq!(vectors, again);
        let of = |key: &str| vectors[corpus.keys.iter().position(|k| k == key).unwrap()];
        let near = |a: &str, b: &str| dot(&scaled(&of(a)), &scaled(&of(b)));
        assert!(near("سرت", "درنه") > near("سرت", "قال"), "{} {}", near("سرت", "درنه"), near("سرت", "قال"));
        let classes = classes(&vectors, 4, 100, 10);
        assert!(classes.iter().all(|&c| (1..=4).contains(&c)));
    }
}
