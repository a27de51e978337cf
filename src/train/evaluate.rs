//! Judging predictions: precision, recall and F1 by exact, overlapping and type-only match, and as document sets.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Label, LabelSet};
use crate::error::{Error, ErrorKind, Result};

use super::corpus::{Corpus, Document, Gold};

/// The names of the CORE types, which name things.
pub const CORE: [&str; 10] = ["PERS", "ORG", "GPE", "LOC", "FAC", "EVENT", "OCC", "LAW", "PRODUCT", "NORP"];

/// Counts of one comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Mentions in the gold.
    pub gold: u64,
    /// Mentions predicted.
    pub predicted: u64,
    /// Mentions in both.
    pub hits: u64,
}

impl Counts {
    /// Share of the predictions that are right; 0 without any.
    pub fn precision(&self) -> f64 {
        ratio(self.hits, self.predicted)
    }
    /// Share of the gold that was found; 0 without any.
    pub fn recall(&self) -> f64 {
        ratio(self.hits, self.gold)
    }
    /// The harmonic mean of both.
    pub fn f1(&self) -> f64 {
        ratio(2 * self.hits, self.gold + self.predicted)
    }
    fn add(&mut self, other: &Self) {
        self.gold += other.gold;
        self.predicted += other.predicted;
        self.hits += other.hits;
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of mentions")]
fn ratio(a: u64, b: u64) -> f64 {
    if b == 0 { 0.0 } else { a as f64 / b as f64 }
}

/// Counts of mentions that touch one of the same type on the other side, whatever the bounds, and however many do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touch {
    /// Mentions in the gold.
    pub gold: u64,
    /// Those that a prediction of their type touches.
    pub found: u64,
    /// Mentions predicted.
    pub predicted: u64,
    /// Those that touch one of their type in the gold.
    pub right: u64,
}

impl Touch {
    /// Share of the predictions that are right; 0 without any.
    pub fn precision(&self) -> f64 {
        ratio(self.right, self.predicted)
    }
    /// Share of the gold that was found; 0 without any.
    pub fn recall(&self) -> f64 {
        ratio(self.found, self.gold)
    }
    /// The harmonic mean of both.
    pub fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }
    }
    fn add(&mut self, other: &Self) {
        self.gold += other.gold;
        self.found += other.found;
        self.predicted += other.predicted;
        self.right += other.right;
    }
}

/// Counts under each kind of match.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Same span, same type.
    pub exact: Counts,
    /// Same type, the spans share a character; one to one.
    pub overlap: Counts,
    /// Only the type counts: same type, the spans share a character, no matter how many do.
    pub type_only: Touch,
    /// The spans share a character whatever the type; one to one. Only sensible over all types.
    pub untyped: Counts,
    /// Distinct pairs of text and type in each document.
    pub set: Counts,
}

impl Row {
    fn add(&mut self, other: &Self) {
        self.exact.add(&other.exact);
        self.overlap.add(&other.overlap);
        self.type_only.add(&other.type_only);
        self.untyped.add(&other.untyped);
        self.set.add(&other.set);
    }
}

/// What went wrong with a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The gold mention has no counterpart.
    Missed,
    /// The predicted mention has no counterpart.
    Invented,
    /// Right type, other bounds.
    Bounds,
    /// Right bounds, other type.
    Type,
    /// Other bounds and other type.
    Both,
}

/// One error, with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Number of the document.
    pub document: usize,
    /// What went wrong.
    pub kind: Kind,
    /// The gold mention.
    pub gold: Option<Gold>,
    /// The predicted mention.
    pub predicted: Option<Gold>,
    /// Text around it.
    pub context: String,
}

/// The judgement on a set of documents.
#[derive(Clone, Debug)]
pub struct Report {
    /// The labels of the rows and the table.
    pub labels: LabelSet,
    /// A row a label.
    pub rows: Vec<Row>,
    /// Over all labels.
    pub all: Row,
    /// Over the CORE labels.
    pub core: Row,
    /// `confusion[g][p]`: gold label `g` overlapped by prediction `p`; the last row and column stand for nothing.
    pub confusion: Vec<Vec<u64>>,
    /// Every error in order.
    pub mistakes: Vec<Mistake>,
    /// How true the probabilities of the predictions are, in equal steps; nothing when they have none.
    pub reliability: Vec<Reliability>,
    /// Exact counts of each document (all labels, CORE labels), for the bootstrap.
    documents: Vec<(Counts, Counts)>,
}

/// Predictions whose probabilities are alike.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reliability {
    /// How many.
    pub mentions: u64,
    /// How many of them have the span and label of a gold mention.
    pub right: u64,
    /// The sum of their probabilities.
    pub said: f64,
}

/// Steps of the probabilities.
const STEPS: usize = 10;

impl Reliability {
    /// How far the mean probability is from the share that is right; 0 without any.
    pub fn gap(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "counts of mentions")]
        let (mentions, right) = (self.mentions as f64, self.right as f64);
        if self.mentions == 0 { 0.0 } else { (self.said - right).abs() / mentions }
    }
}

/// A bootstrap interval of an F1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// 2.5 % of the samples lie below.
    pub low: f64,
    /// 2.5 % of the samples lie above.
    pub high: f64,
}

/// Compare predictions with gold, document by document. Both sides must hold the same texts in the same order.
pub fn evaluate(gold: &Corpus, predicted: &Corpus) -> Result<Report> {
    if gold.documents.len() != predicted.documents.len() {
        return Err(Error::new(
            ErrorKind::BadData,
            format!(
                "{} gold documents, {} predicted: they must match",
                gold.documents.len(),
                predicted.documents.len()
            ),
        ));
    }
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for corpus in [gold, predicted] {
        for document in &corpus.documents {
            names.extend(document.mentions.iter().map(|m| corpus.labels.name(m.label)));
        }
    }
    let default = LabelSet::default();
    let labels = if names.iter().all(|n| default.get(n).is_some()) {
        default
    } else {
        LabelSet::new(names.iter().map(|n| (*n).to_owned()).collect())?
    };
    let map = |corpus: &Corpus, document: &Document| -> BTreeSet<Gold> {
        let new = |label| labels.get(corpus.labels.name(label)).unwrap_or(Label(0));
        document.mentions.iter().map(|m| Gold { span: m.span, label: new(m.label) }).collect()
    };
    let n = labels.names().len();
    let mut report = Report {
        rows: vec![Row::default(); n],
        all: Row::default(),
        core: Row::default(),
        confusion: vec![vec![0; n + 1]; n + 1],
        mistakes: Vec::new(),
        reliability: Vec::new(),
        documents: Vec::new(),
        labels: labels.clone(),
    };
    let is_core: Vec<bool> = labels.names().iter().map(|name| CORE.contains(&name.as_str())).collect();
    for (at, (g, p)) in gold.documents.iter().zip(&predicted.documents).enumerate() {
        if g.text != p.text {
            let name = if g.name.is_empty() { at.to_string() } else { g.name.clone() };
            let same = g.text.chars().zip(p.text.chars()).take_while(|(a, b)| a == b).count();
            let line = g.text.chars().take(same).filter(|c| *c == '\n').count() + 1;
            return Err(Error::new(
                ErrorKind::BadData,
                format!(
                    "{name}: the texts of gold and prediction differ from character {same} on (line {line} of the text)"
                ),
            ));
        }
        let (truth, guess) = (map(gold, g), map(predicted, p));
        let rows = rows(&g.text, &truth, &guess, n);
        let (mut all, mut core) = (Counts::default(), Counts::default());
        for ((row, new), core_label) in report.rows.iter_mut().zip(&rows).zip(&is_core) {
            row.add(new);
            all.add(&new.exact);
            if *core_label {
                core.add(&new.exact);
            }
        }
        report.documents.push((all, core));
        report.all.untyped.add(&untyped(&truth, &guess));
        report.compare(at, &g.text, &truth, &guess);
        for (mention, score) in p.mentions.iter().zip(&p.scores) {
            let label = labels.get(predicted.labels.name(mention.label)).unwrap_or(Label(0));
            report.believe(*score, truth.contains(&Gold { label, ..*mention }));
        }
    }
    let untyped = report.all.untyped;
    for (row, core) in report.rows.iter().zip(&is_core) {
        report.all.add(row);
        if *core {
            report.core.add(row);
        }
    }
    report.all.untyped = untyped;
    Ok(report)
}

/// Match the left-over of both sides in order, one to one.
fn pair_off(truth: &BTreeSet<Gold>, guess: &BTreeSet<Gold>, fits: impl Fn(&Gold, &Gold) -> bool) -> Vec<(Gold, Gold)> {
    let mut left: Vec<Gold> = truth.difference(guess).copied().collect();
    let by_start = |g: &Gold| (g.span.start, g.span.end, g.label);
    left.sort_by_key(by_start);
    let mut over: Vec<Gold> = guess.difference(truth).copied().collect();
    over.sort_by_key(by_start);
    let mut pairs = Vec::new();
    for p in over {
        if let Some(i) = left.iter().position(|g| fits(g, &p)) {
            pairs.push((left.remove(i), p));
        }
    }
    pairs
}

fn rows(text: &str, truth: &BTreeSet<Gold>, guess: &BTreeSet<Gold>, labels: usize) -> Vec<Row> {
    let mut rows = vec![Row::default(); labels];
    for g in truth {
        rows[g.label.index()].exact.gold += 1;
    }
    for p in guess {
        rows[p.label.index()].exact.predicted += 1;
    }
    for hit in truth.intersection(guess) {
        rows[hit.label.index()].exact.hits += 1;
    }
    for row in &mut rows {
        row.overlap = row.exact;
    }
    for (g, _) in pair_off(truth, guess, |g, p| g.label == p.label && g.span.overlaps(p.span)) {
        rows[g.label.index()].overlap.hits += 1;
    }
    let touches = |m: &Gold, others: &BTreeSet<Gold>| {
        u64::from(others.contains(m) || others.iter().any(|o| o.label == m.label && o.span.overlaps(m.span)))
    };
    for g in truth {
        let touch = &mut rows[g.label.index()].type_only;
        touch.gold += 1;
        touch.found += touches(g, guess);
    }
    for p in guess {
        let touch = &mut rows[p.label.index()].type_only;
        touch.predicted += 1;
        touch.right += touches(p, truth);
    }
    let set = |side: &BTreeSet<Gold>| -> BTreeSet<(String, Label)> {
        side.iter().map(|m| (m.span.slice(text).to_owned(), m.label)).collect()
    };
    let (truth, guess) = (set(truth), set(guess));
    for (_, label) in &truth {
        rows[label.index()].set.gold += 1;
    }
    for (_, label) in &guess {
        rows[label.index()].set.predicted += 1;
    }
    for (_, label) in truth.intersection(&guess) {
        rows[label.index()].set.hits += 1;
    }
    rows
}

fn untyped(truth: &BTreeSet<Gold>, guess: &BTreeSet<Gold>) -> Counts {
    let plain = |side: &BTreeSet<Gold>| -> BTreeSet<Gold> {
        side.iter().map(|m| Gold { span: m.span, label: Label(0) }).collect()
    };
    let (truth, guess) = (plain(truth), plain(guess));
    let count = |n: usize| n as u64;
    let same = truth.intersection(&guess).count();
    let hits = count(same + pair_off(&truth, &guess, |g, p| g.span.overlaps(p.span)).len());
    Counts { gold: count(truth.len()), predicted: count(guess.len()), hits }
}

/// How much text a mistake shows on each side, in characters.
const CONTEXT: usize = 40;

fn context(text: &str, start: u32, end: u32) -> String {
    let (start, end) = (start as usize, end as usize);
    let from = text[..start].char_indices().rev().nth(CONTEXT - 1).map_or(0, |(i, _)| i);
    let to = text[end..].char_indices().nth(CONTEXT).map_or(text.len(), |(i, _)| end + i);
    text[from..to].replace('\n', " ")
}

impl Report {
    fn believe(&mut self, score: f32, right: bool) {
        self.reliability.resize(STEPS, Reliability::default());
        // As it is written to files, so that a file is judged like what wrote it.
        let said = (f64::from(score) * 1000.0).round();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
        let step = (said as usize * STEPS / 1000).min(STEPS - 1);
        let bin = &mut self.reliability[step];
        bin.mentions += 1;
        bin.right += u64::from(right);
        bin.said += said / 1000.0;
    }

    fn compare(&mut self, at: usize, text: &str, truth: &BTreeSet<Gold>, guess: &BTreeSet<Gold>) {
        let nothing = self.labels.names().len();
        for hit in truth.intersection(guess) {
            self.confusion[hit.label.index()][hit.label.index()] += 1;
        }
        let mut left: Vec<Gold> = truth.difference(guess).copied().collect();
        let mut over: Vec<Gold> = guess.difference(truth).copied().collect();
        let mut mistakes = Vec::new();
        type Fits = fn(&Gold, &Gold) -> bool;
        let steps: [(Kind, Fits); 3] = [
            (Kind::Type, |g, p| g.span == p.span),
            (Kind::Bounds, |g, p| g.label == p.label && g.span.overlaps(p.span)),
            (Kind::Both, |g, p| g.span.overlaps(p.span)),
        ];
        for (kind, fits) in steps {
            left.retain(|g| match over.iter().position(|p| fits(g, p)) {
                Some(i) => {
                    mistakes.push((kind, Some(*g), Some(over.remove(i))));
                    false
                }
                None => true,
            });
        }
        mistakes.extend(left.into_iter().map(|g| (Kind::Missed, Some(g), None)));
        mistakes.extend(over.into_iter().map(|p| (Kind::Invented, None, Some(p))));
        mistakes.sort_by_key(|(kind, g, p)| (g.or(*p).map(|m| m.span.start), *kind, *g, *p));
        for (kind, g, p) in mistakes {
            let index = |m: Option<Gold>| m.map_or(nothing, |m| m.label.index());
            self.confusion[index(g)][index(p)] += 1;
            let spans = [g, p].map(|m| m.map(|m| m.span));
            let start = spans.iter().flatten().map(|s| s.start).min().unwrap_or(0);
            let end = spans.iter().flatten().map(|s| s.end).max().unwrap_or(0);
            self.mistakes.push(Mistake {
                document: at,
                kind,
                gold: g,
                predicted: p,
                context: context(text, start, end),
            });
        }
    }

    /// 95 % bootstrap intervals of the exact F1 over documents: all labels, CORE labels.
    pub fn bootstrap(&self, samples: usize, seed: u64) -> (Interval, Interval) {
        let n = self.documents.len().max(1);
        let mut state = seed | 1;
        let mut scores: [Vec<f64>; 2] = Default::default();
        for _ in 0..samples.max(1) {
            let mut sums = [Counts::default(); 2];
            for _ in 0..n {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                let pick = usize::try_from(state % n as u64).unwrap_or(0);
                if let Some((all, core)) = self.documents.get(pick) {
                    sums[0].add(all);
                    sums[1].add(core);
                }
            }
            for (list, sum) in scores.iter_mut().zip(&sums) {
                list.push(sum.f1());
            }
        }
        let interval = |list: &mut Vec<f64>| {
            list.sort_by(f64::total_cmp);
            let at = |per_mille: usize| list.get(list.len() * per_mille / 1000).copied().unwrap_or(0.0);
            Interval { low: at(25), high: at(974) }
        };
        let [mut all, mut core] = scores;
        (interval(&mut all), interval(&mut core))
    }

    /// The rows as a table of text, the most frequent type first: the figures and their order are those of the
    /// scoring script of the annotation guidelines.
    pub fn to_table(&self) -> String {
        use std::fmt::Write as _;
        let mut named: BTreeMap<(u64, String), &Row> = BTreeMap::new();
        for (name, row) in self.labels.names().iter().zip(&self.rows) {
            if row.exact.gold + row.exact.predicted > 0 {
                named.insert((u64::MAX - row.exact.gold, name.clone()), row);
            }
        }
        let mut out = format!(
            "{:12} {:>6} {:>6}  {:>6} {:>6} {:>6}  {:>7} {:>7}\n",
            "type", "gold", "pred", "P", "R", "F1", "overlap", "set"
        );
        let mut line = |name: &str, row: &Row| {
            let _ = writeln!(
                out,
                "{name:12} {:6} {:6}  {:6.3} {:6.3} {:6.3}  {:7.3} {:7.3}",
                row.exact.gold,
                row.exact.predicted,
                row.exact.precision(),
                row.exact.recall(),
                row.exact.f1(),
                row.overlap.f1(),
                row.set.f1()
            );
        };
        for ((_, name), row) in &named {
            line(name, row);
        }
        line("CORE", &self.core);
        line("ALL", &self.all);
        out
    }
}
