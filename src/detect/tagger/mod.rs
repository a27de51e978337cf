//! The learned tagger: a linear chain over cached features, in two passes, with a layer for mentions in mentions.

pub mod cache;
pub mod decode;
pub mod document;
pub mod features;
pub mod tags;
pub mod weights;

use serde::{Deserialize, Serialize};

use crate::base::{Label, Span, Src};
use crate::detect::{Candidate, Detector, View};
use crate::error::{Error, ErrorKind, Result};
use crate::pack::Pack;
use crate::segment::TokenKind;

use cache::Cache;
use decode::{Chain, Lattice};
use document::Memory;
use features::{Feature, Places};
use tags::{Run, Tag, Tags};
use weights::{FIRST, INNER, LAYERS, SECOND, UNIT, Weights};

/// What a scheme is: its labels and how its spans and probabilities are read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Scheme {
    /// Names of the labels by number.
    pub labels: Vec<String>,
    /// Spans begin after the proclitics of their first word.
    pub clitics: bool,
    /// Mentions nest.
    pub nested: bool,
    /// A second pass reads what the first said of the same words.
    pub document: bool,
    /// Other schemes of the pack whose taggers read the text first and help this one.
    #[serde(default)]
    pub helpers: Vec<String>,
    /// What part of the log odds to believe.
    pub heat: f32,
    /// The share of mentions that are right at equal steps of [`place_on_curve`], rising; empty: believe it as it is.
    pub curve: Vec<f32>,
}

/// The name of the section that describes a scheme.
pub fn scheme_section(scheme: &str) -> String {
    format!("tagger.{scheme}.scheme")
}

/// The scheme of Marsad's own guidelines.
pub const DEFAULT_SCHEME: &str = "marsad";

/// Differences of scores that are told apart; what falls lower counts as this.
const FALLS: i32 = 4096;

/// A trained tagger of one scheme.
#[derive(Clone, Debug)]
pub struct Tagger {
    scheme: Scheme,
    weights: Weights,
    soft: Vec<Chain<f32>>,
    /// What is left of a probability so many units below the best.
    falls: Box<[f32]>,
    helpers: Vec<Tagger>,
}

/// Memory of the tagger, reused from text to text.
#[derive(Debug, Default)]
pub struct Scratch {
    cache: Cache,
    places: Places,
    slots: Vec<u32>,
    sums: Vec<i16>,
    features: Vec<Feature>,
    first: Vec<i32>,
    second: Vec<i32>,
    given: Vec<Tag>,
    tags: Vec<Tag>,
    memory: Memory,
    lattice: Lattice,
    soft: Vec<f32>,
    marginals: Vec<f32>,
    inner: Vec<i32>,
    stack: Vec<(Run, u32)>,
    matches: Vec<Candidate>,
    helpers: Vec<Scratch>,
}

impl Tagger {
    /// Open a scheme's tagger; `None` when the pack has none of this name.
    pub fn open(pack: &Pack, scheme: &str) -> Result<Option<Self>> {
        let Some(bytes) = pack.get(&scheme_section(scheme)) else { return Ok(None) };
        let scheme_of: Scheme = serde_json::from_slice(bytes)
            .map_err(|e| Error::new(ErrorKind::PackCorrupt, format!("the scheme {scheme:?} is damaged: {e}")))?;
        let weights = Weights::open(pack, scheme, scheme_of.labels.len())?;
        let helpers = Self::open_helpers(pack, &scheme_of.helpers)?;
        let heat = scheme_of.heat;
        let soft = (0..LAYERS).map(|layer| weights.chain(layer).chain().map(|w| exp(w, heat))).collect();
        let falls = (0..FALLS).map(|units| exp(-units, heat)).collect();
        Ok(Some(Self { scheme: scheme_of, weights, soft, falls, helpers }))
    }

    /// Open the taggers that help another one. A helper has no helpers of its own.
    pub fn open_helpers(pack: &Pack, names: &[String]) -> Result<Vec<Self>> {
        let damaged = |what: String| Error::new(ErrorKind::PackCorrupt, what);
        let mut helpers = Vec::new();
        for name in names {
            let missing = || damaged(format!("the helping scheme {name:?} is missing"));
            let bytes = pack.get(&scheme_section(name)).ok_or_else(missing)?;
            let scheme: Scheme =
                serde_json::from_slice(bytes).map_err(|e| damaged(format!("the scheme {name:?} is damaged: {e}")))?;
            if !scheme.helpers.is_empty() {
                return Err(damaged(format!("the helping scheme {name:?} has helpers itself")));
            }
            helpers.extend(Self::open(pack, name)?);
        }
        Ok(helpers)
    }

    /// Its scheme.
    pub fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    /// Read the tokens of a text and the matches of the other detectors, and propose mentions. `standing` are the
    /// matches that would stand if there were no tagger.
    pub fn tag(
        &self,
        view: &View<'_>,
        matches: &[Candidate],
        standing: &[Candidate],
        scratch: &mut Scratch,
        out: &mut Vec<Candidate>,
    ) {
        if self.helpers.is_empty() {
            return self.tag_alone(view, matches, standing, scratch, out);
        }
        let mut all = std::mem::take(&mut scratch.matches);
        all.clear();
        all.extend_from_slice(matches);
        help(&self.helpers, view, matches, standing, &mut scratch.helpers, &mut all);
        self.tag_alone(view, &all, standing, scratch, out);
        scratch.matches = all;
    }

    fn tag_alone(
        &self,
        view: &View<'_>,
        matches: &[Candidate],
        standing: &[Candidate],
        scratch: &mut Scratch,
        out: &mut Vec<Candidate>,
    ) {
        let tags = self.weights.tags();
        let width = tags.len();
        self.read(view, matches, standing, scratch);
        scratch.given.clear();
        for sent in &view.layout.sents {
            let range = (sent.tokens.0 as usize, sent.tokens.1 as usize);
            scratch.lattice.best(
                tags,
                self.weights.chain(FIRST),
                &scratch.first[range.0 * width..range.1 * width],
                &mut scratch.given,
            );
        }
        if self.scheme.document {
            scratch.memory.read(tags, &scratch.places.types, &scratch.given);
        }
        scratch.tags.clear();
        for sent in &view.layout.sents {
            let range = (sent.tokens.0 as usize, sent.tokens.1 as usize);
            self.second(range, scratch);
            self.propose(view, range, scratch, out);
        }
    }

    /// The scores of both passes for every token, without the document's say.
    fn read(&self, view: &View<'_>, matches: &[Candidate], standing: &[Candidate], scratch: &mut Scratch) {
        let Scratch { cache, places, slots, sums, first, second, features, .. } = scratch;
        let columns = LAYERS * self.weights.tags().len();
        cache.open(&self.weights, slots);
        places.read(view, matches, standing, |view, token| cache.read(&self.weights, view, token, slots));
        let width = self.weights.tags().len();
        first.clear();
        second.clear();
        for sent in &view.layout.sents {
            let range = (sent.tokens.0 as usize, sent.tokens.1 as usize);
            for at in range.0..range.1 {
                sums.clear();
                sums.resize(columns, 0);
                cache.sum(slots, range, at, 0..2 * width, sums);
                cache.sum_matches(&self.weights, places, range, at, 0..2 * width, sums);
                places.each_feature(view, range, at, |feature| features.push(feature));
                self.weights.add_all(features, &mut sums[..2 * width]);
                first.extend(sums[..width].iter().map(|s| i32::from(*s)));
                second.extend(sums[width..2 * width].iter().map(|s| i32::from(*s)));
            }
        }
    }

    fn second(&self, range: (usize, usize), scratch: &mut Scratch) {
        let tags = self.weights.tags();
        let width = tags.len();
        let Scratch { memory, given, sums, second, lattice, tags: best, features, .. } = scratch;
        if !self.scheme.document {
            best.extend_from_slice(&given[range.0..range.1]);
            return;
        }
        for at in range.0..range.1 {
            sums.clear();
            sums.resize(2 * width, 0);
            memory.each_feature(tags, given, range, at, |feature| features.push(feature));
            self.weights.add_all(features, sums);
            for (score, sum) in second[at * width..(at + 1) * width].iter_mut().zip(&sums[width..]) {
                *score += i32::from(*sum);
            }
        }
        lattice.best(tags, self.weights.chain(SECOND), &second[range.0 * width..range.1 * width], best);
    }

    /// Propose the mentions of a sentence and those inside them.
    fn propose(&self, view: &View<'_>, range: (usize, usize), scratch: &mut Scratch, out: &mut Vec<Candidate>) {
        let tags = self.weights.tags();
        let width = tags.len();
        let Scratch { first, second, lattice, tags: best, soft, marginals, stack, .. } = scratch;
        stack.clear();
        let sentence = &best[range.0..range.1];
        if sentence.iter().all(|tag| *tag == tags::O) {
            return;
        }
        let (layer, emissions) = if self.scheme.document { (SECOND, second) } else { (FIRST, first) };
        let emissions = &emissions[range.0 * width..range.1 * width];
        let mut read = 0;
        let mut window = (0, 0);
        for run in tags.runs(sentence) {
            if run.to > read {
                window = window_around(tags, sentence, run);
                read = window.1;
                self.soften(&emissions[window.0 * width..window.1 * width], soft);
                let before = window.0.checked_sub(1).map(|at| tags.group(sentence[at]));
                lattice.marginals(tags, &self.soft[layer], before, soft, marginals);
            }
            let shifted = Run { from: run.from - window.0, to: run.to - window.0, ..run };
            let score = self.probability(&sentence[window.0..window.1], shifted, marginals);
            let run = Run { from: run.from + range.0, to: run.to + range.0, label: run.label };
            let run = close_marks(view, run, range);
            out.push(self.candidate(view, run, score, 0));
            if run.to - run.from > 1 {
                stack.push((run, 0));
            }
        }
        if self.scheme.nested {
            while let Some((parent, depth)) = scratch.stack.pop() {
                self.inside(view, range, parent, depth + 1, scratch, out);
            }
        }
    }

    /// Propose the mentions directly inside a mention.
    fn inside(
        &self,
        view: &View<'_>,
        range: (usize, usize),
        parent: Run,
        depth: u32,
        scratch: &mut Scratch,
        out: &mut Vec<Candidate>,
    ) {
        let tags = self.weights.tags();
        let width = tags.len();
        let Scratch {
            cache, places, slots, sums, features, lattice, inner, soft, marginals, stack, tags: best, ..
        } = scratch;
        inner.clear();
        let within = (parent.from, parent.to);
        for at in parent.from..parent.to {
            sums.clear();
            sums.resize(LAYERS * width, 0);
            cache.sum(slots, range, at, INNER * width..LAYERS * width, sums);
            cache.sum_matches(&self.weights, places, range, at, INNER * width..LAYERS * width, sums);
            places.each_feature(view, range, at, |feature| features.push(feature));
            places.each_parent_feature(within, at, parent.label, |feature| features.push(feature));
            self.weights.add_all(features, sums);
            inner.extend(sums[INNER * width..].iter().map(|s| i32::from(*s)));
        }
        let from = best.len();
        lattice.best(tags, self.weights.chain(INNER), inner, best);
        let found = &best[from..];
        if found.iter().any(|tag| *tag != tags::O) {
            self.soften(inner, soft);
            lattice.marginals(tags, &self.soft[INNER], None, soft, marginals);
            for run in tags.runs(found) {
                let score = self.probability(found, run, marginals);
                let run = Run { from: run.from + parent.from, to: run.to + parent.from, label: run.label };
                let run = close_marks(view, run, within);
                if (run.from, run.to) == within || run.label == parent.label {
                    continue;
                }
                out.push(self.candidate(view, run, score, depth));
                if run.to - run.from > 1 {
                    stack.push((run, depth));
                }
            }
        }
        best.truncate(from);
    }

    fn soften(&self, emissions: &[i32], soft: &mut Vec<f32>) {
        soft.clear();
        for row in emissions.chunks(self.weights.tags().len()) {
            let top = row.iter().copied().max().unwrap_or(0);
            let least = self.falls.len() - 1;
            let fall = |e: &i32| usize::try_from(top - e).unwrap_or(least).min(least);
            soft.extend(row.iter().map(|e| self.falls[fall(e)]));
        }
    }

    /// The probability of a run: that of its least sure token, seen through the curve of the scheme.
    fn probability(&self, tags: &[Tag], run: Run, marginals: &[f32]) -> f32 {
        let width = self.weights.tags().len();
        let of = |at: usize| marginals.get(at * width + usize::from(tags[at])).copied().unwrap_or(0.0);
        let raw = (run.from..run.to).map(of).fold(1.0, f32::min);
        calibrate(&self.scheme.curve, raw)
    }

    fn candidate(&self, view: &View<'_>, run: Run, score: f32, depth: u32) -> Candidate {
        Candidate {
            span: span_of(view, run.from, run.to, self.scheme.clitics),
            label: Label(run.label),
            score,
            detector: Detector::Tagger,
            detail: depth,
            tokens: (u32::try_from(run.from).unwrap_or(u32::MAX), u32::try_from(run.to).unwrap_or(u32::MAX)),
            ambiguous: false,
        }
    }
}

/// Tokens around mentions whose tags bear on the mentions' probabilities.
const AROUND: usize = 4;

/// The part of a sentence in which probabilities are worked out: a run and those that follow closely, with some tokens
/// around.
fn window_around(tags: Tags, sentence: &[Tag], run: Run) -> (usize, usize) {
    let mut end = run.to;
    let mut outside = 0;
    while end < sentence.len() && outside < 2 * AROUND {
        outside = if sentence[end] == tags::O { outside + 1 } else { 0 };
        end += 1;
    }
    let start = run.from.saturating_sub(AROUND);
    debug_assert!(!tags.is_inside(sentence[run.from]));
    (start, end - outside.saturating_sub(AROUND))
}

/// Append what helping taggers find to `out`, their labels numbered apart.
pub fn help(
    helpers: &[Tagger],
    view: &View<'_>,
    matches: &[Candidate],
    standing: &[Candidate],
    scratches: &mut Vec<Scratch>,
    out: &mut Vec<Candidate>,
) {
    scratches.resize_with(helpers.len(), Scratch::default);
    for (number, (helper, scratch)) in (1u8..).zip(helpers.iter().zip(scratches)) {
        let from = out.len();
        helper.tag(view, matches, standing, scratch, out);
        for candidate in &mut out[from..] {
            candidate.label = Label(candidate.label.0.saturating_add(number * LABELS_APART));
        }
    }
}

/// Labels of helping taggers are seen this far apart.
const LABELS_APART: u8 = 40;

/// Marks that belong together.
const PAIRS: [(char, char); 6] = [('«', '»'), ('“', '”'), ('(', ')'), ('[', ']'), ('"', '"'), ('”', '“')];

/// Make the marks of a run whole: one that opens inside and ends right behind closes inside, one that only ends
/// inside, at the end, is left outside. The run stays in `within`.
fn close_marks(view: &View<'_>, run: Run, within: (usize, usize)) -> Run {
    let mark = |at: usize| {
        let token = view.layout.tokens.get(at).filter(|t| t.kind == TokenKind::Punct)?;
        token.span.slice(view.text).chars().next()
    };
    // How many of the marks of a pair are open after the tokens up to `to`.
    let open = |(open, close): (char, char), to: usize| {
        (run.from..to).fold(0i32, |n, at| match mark(at) {
            Some(c) if c == open && open == close => 1 - n,
            Some(c) if c == open => n + 1,
            Some(c) if c == close => n - 1,
            _ => n,
        })
    };
    let closing = |at: usize, wanted: fn(i32) -> bool| {
        mark(at).is_some_and(|c| PAIRS.iter().any(|pair| pair.1 == c && wanted(open(*pair, at))))
    };
    if run.to < within.1 && closing(run.to, |n| n > 0) {
        return Run { to: run.to + 1, ..run };
    }
    if run.to - run.from > 1 && closing(run.to - 1, |n| n <= 0) {
        return Run { to: run.to - 1, ..run };
    }
    run
}

/// The bytes of a run of tokens, with or without the proclitics of the first.
pub fn span_of(view: &View<'_>, from: usize, to: usize, clitics: bool) -> Span<Src> {
    let tokens = &view.layout.tokens;
    let (Some(first), Some(last)) = (tokens.get(from), tokens.get(to.saturating_sub(1))) else {
        return Span::default();
    };
    let start = match view.layout.readings(first).first() {
        Some(reading) if clitics => reading.span.start,
        _ => first.span.start,
    };
    Span::new(start, last.span.end)
}

/// `exp(units * heat / UNIT)` by a fixed series, so that every machine gives the same bits.
#[allow(clippy::cast_possible_truncation, reason = "the exponent is bounded first")]
fn exp(units: i32, heat: f32) -> f32 {
    #[allow(clippy::cast_precision_loss, reason = "weights are small")]
    let x = (units as f32 * heat / UNIT).clamp(-60.0, 60.0) * std::f32::consts::LOG2_E;
    let whole = x.floor();
    let rest = (x - whole) * std::f32::consts::LN_2;
    let series = 1.0 + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * (1.0 / 24.0 + rest / 120.0))));
    let bits = ((whole as i32 + 127).clamp(1, 254)).unsigned_abs() << 23;
    series * f32::from_bits(bits)
}

/// Where a raw probability lies on a curve, 0 to 1: half of the curve is for those above three quarters, where most
/// are.
pub fn place_on_curve(raw: f32) -> f32 {
    1.0 - (1.0 - raw.clamp(0.0, 1.0)).sqrt()
}

/// A raw probability through a curve of equal steps of [`place_on_curve`].
pub fn calibrate(curve: &[f32], raw: f32) -> f32 {
    let Some(last) = curve.len().checked_sub(1).filter(|last| *last > 0) else { return raw };
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few steps"
    )]
    let (at, part) = {
        let place = place_on_curve(raw) * last as f32;
        let at = (place as usize).min(last - 1);
        (at, place - at as f32)
    };
    curve[at] + (curve[at + 1] - curve[at]) * part
}

/// The tags of the given width, for those who train.
pub fn tags_of(labels: usize) -> Option<Tags> {
    u8::try_from(labels).ok().filter(|l| *l <= tags::MAX_LABELS).map(Tags)
}
