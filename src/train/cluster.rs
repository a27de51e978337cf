//! Word classes from raw text by predictive exchange.
//!
//! Every word sits in the class that predicts its neighbors best: the sum over classes `c` and words `v` of
//! `N(c, v) ln N(c, v)`, for the words after and the words before, less twice the sum of `N(c) ln N(c)`. Words are
//! visited by falling frequency in blocks: within a block all look at the same counts, so the result does not depend
//! on the threads.

use super::vectors::{BREAK, Corpus};
use rayon::prelude::*;
use std::fmt::Write as _;
use std::ops::ControlFlow;

/// Words visited against the same counts.
const BLOCK: usize = 32;

/// The words of a raw corpus with their neighbors.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    after: Neighbors,
    before: Neighbors,
}

#[derive(Clone, Debug, Default)]
struct Neighbors {
    starts: Vec<usize>,
    pairs: Vec<(u32, u32)>,
}

impl Neighbors {
    /// From sorted pairs (word, neighbor), each as often as it occurs.
    fn new(words: usize, sorted: &[(u32, u32)]) -> Self {
        let mut starts = Vec::with_capacity(words + 1);
        let mut pairs = Vec::new();
        let mut at = 0;
        for word in 0..words {
            starts.push(pairs.len());
            while let Some(&(first, second)) = sorted.get(at).filter(|p| p.0 as usize == word) {
                let run = sorted[at..].iter().take_while(|p| **p == (first, second)).count();
                pairs.push((second, u32::try_from(run).unwrap_or(u32::MAX)));
                at += run;
            }
        }
        starts.push(pairs.len());
        Self { starts, pairs }
    }
    fn totals(&self) -> Vec<u32> {
        (0..self.starts.len() - 1).map(|word| self.of(word).iter().map(|(_, n)| n).sum()).collect()
    }
    fn of(&self, word: usize) -> &[(u32, u32)] {
        &self.pairs[self.starts[word]..self.starts[word + 1]]
    }
}

impl Vocabulary {
    /// The words of a corpus, and who stands at most `window` words away from whom.
    pub fn new(corpus: &Corpus, window: usize) -> Self {
        let mut pairs: Vec<(u32, u32)> = (0..corpus.words.len())
            .into_par_iter()
            .flat_map_iter(|i| {
                let line = corpus.words[i..].iter().take(window + 1).take_while(|id| **id != BREAK);
                line.skip(1).map(move |next| (corpus.words[i], *next))
            })
            .collect();
        pairs.par_sort_unstable();
        let words = corpus.keys.len();
        let after = Neighbors::new(words, &pairs);
        pairs.par_iter_mut().for_each(|p| *p = (p.1, p.0));
        pairs.par_sort_unstable();
        let before = Neighbors::new(words, &pairs);
        Self { after, before }
    }
}

/// `x ln x`, from a table where it is small.
struct XLogX(Vec<f64>);

impl XLogX {
    fn new() -> Self {
        Self((0..1u32 << 18).map(|x| if x == 0 { 0.0 } else { f64::from(x) * f64::from(x).ln() }).collect())
    }
    fn at(&self, x: u32) -> f64 {
        self.0.get(x as usize).copied().unwrap_or_else(|| f64::from(x) * f64::from(x).ln())
    }
}

/// For each word, the classes that it stands beside and how often.
#[derive(Clone, Debug, Default)]
struct Row {
    classes: Vec<u16>,
    counts: Vec<u32>,
}

impl Row {
    fn add(&mut self, class: u16, n: u32) {
        match self.classes.iter().position(|c| *c == class) {
            Some(i) => self.counts[i] += n,
            None => {
                self.classes.push(class);
                self.counts.push(n);
            }
        }
    }
    fn take(&mut self, class: u16, n: u32) {
        if let Some(i) = self.classes.iter().position(|c| *c == class) {
            self.counts[i] = self.counts[i].saturating_sub(n);
            if self.counts[i] == 0 {
                self.classes.swap_remove(i);
                self.counts.swap_remove(i);
            }
        }
    }
}

/// Classes of all words, `1..=classes`. `progress` hears of each sweep and how many words moved, and may break off.
pub fn exchange(
    vocabulary: &Vocabulary,
    classes: u16,
    sweeps: u32,
    mut progress: impl FnMut(u32, usize) -> ControlFlow<()>,
) -> Vec<u16> {
    let k = usize::from(classes.max(1));
    let words = vocabulary.after.starts.len().saturating_sub(1);
    let log = XLogX::new();
    let start = |w: usize| u16::try_from(w % k).unwrap_or(0);
    let mut class: Vec<u16> = (0..words).map(start).collect();
    let mut sizes = [vec![0u32; k], vec![0u32; k]];
    let sides = [&vocabulary.after, &vocabulary.before];
    let totals = sides.map(Neighbors::totals);
    let mut rows = [vec![Row::default(); words], vec![Row::default(); words]];
    for w in 0..words {
        for (sizes, totals) in sizes.iter_mut().zip(&totals) {
            sizes[usize::from(class[w])] += totals[w];
        }
        for (side, rows) in sides.iter().zip(&mut rows) {
            for &(v, n) in side.of(w) {
                rows[v as usize].add(class[w], n);
            }
        }
    }
    for sweep in 1..=sweeps {
        let mut moved = 0;
        for from in (0..words).step_by(BLOCK) {
            let to = (from + BLOCK).min(words);
            let best: Vec<u16> = (from..to)
                .into_par_iter()
                .map_init(
                    || vec![0f64; k],
                    |gains, w| {
                        let own = class[w];
                        gains.fill(0.0);
                        for (sizes, totals) in sizes.iter().zip(&totals) {
                            for (c, (gain, size)) in gains.iter_mut().zip(sizes).enumerate() {
                                let size = size - if c == usize::from(own) { totals[w] } else { 0 };
                                *gain += log.at(size) - log.at(size + totals[w]);
                            }
                        }
                        for (side, rows) in sides.iter().zip(&rows) {
                            for &(v, n) in side.of(w) {
                                let row = &rows[v as usize];
                                let alone = log.at(n);
                                for (&c, &m) in row.classes.iter().zip(&row.counts) {
                                    let m = if c == own { m - n } else { m };
                                    gains[usize::from(c)] += log.at(m + n) - log.at(m) - alone;
                                }
                            }
                        }
                        let mut best = own;
                        for (c, gain) in gains.iter().enumerate() {
                            if *gain > gains[usize::from(best)] + 1e-9 {
                                best = u16::try_from(c).unwrap_or(best);
                            }
                        }
                        best
                    },
                )
                .collect();
            for (w, best) in (from..to).zip(best) {
                let own = class[w];
                if best == own {
                    continue;
                }
                moved += 1;
                class[w] = best;
                for (sizes, totals) in sizes.iter_mut().zip(&totals) {
                    sizes[usize::from(own)] -= totals[w];
                    sizes[usize::from(best)] += totals[w];
                }
                for (side, rows) in sides.iter().zip(&mut rows) {
                    for &(v, n) in side.of(w) {
                        rows[v as usize].take(own, n);
                        rows[v as usize].add(best, n);
                    }
                }
            }
        }
        if progress(sweep, moved).is_break() || moved * 1000 < words {
            break;
        }
    }
    class.into_iter().map(|c| c + 1).collect()
}

/// Words with their classes, a line each: the word, then its class in every column.
///
/// ```
/// let table = marsad::train::cluster::to_tsv(&["سرت".to_owned()], &[vec![3], vec![17]]);
/// assert_eq!(table, "سرت\t3\t17\n");
/// ```
pub fn to_tsv(keys: &[String], columns: &[Vec<u16>]) -> String {
    let mut table = String::new();
    for (i, key) in keys.iter().enumerate() {
        table.push_str(key);
        for column in columns {
            let _ = write!(table, "\t{}", column.get(i).copied().unwrap_or(0));
        }
        table.push('\n');
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::vectors::CorpusBuilder;
    use super::*;

    fn corpus() -> Corpus {
        let mut builder = CorpusBuilder::default();
        for i in 0..60 {
            for place in ["دمشق", "بغداد", "القاهره"] {
                builder.add([["وصل", "سافر"][i % 2], "الوفد", "الي", place, "امس"]);
            }
        }
        builder.build(2)
    }

    #[test]
    fn words_in_the_same_places_share_a_class() {
        let corpus = corpus();
        let class = exchange(&Vocabulary::new(&corpus, 1), 6, 10, |_, _| ControlFlow::Continue(()));
        let of = |key: &str| class[corpus.keys.iter().position(|w| w == key).unwrap()];
        assert_eq!(of("دمشق"), of("بغداد"));
        assert_eq!(of("دمشق"), of("القاهره"));
        assert_ne!(of("دمشق"), of("الوفد"));
    }

    #[test]
    fn threads_do_not_change_the_classes() {
        let vocabulary = Vocabulary::new(&corpus(), 2);
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let one = alone.install(|| exchange(&vocabulary, 5, 4, |_, _| ControlFlow::Continue(())));
        assert_eq!(one, exchange(&vocabulary, 5, 4, |_, _| ControlFlow::Continue(())));
    }
}
