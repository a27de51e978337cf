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
use decode::{Lattice, Rows, Soft};
use document::{Memory, UNKNOWN};
use features::Places;
use tags::{Run, Tag, Tags};
use weights::{INNER, LAYERS, OUTER, UNIT, Weights};

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
    /// The labels whose mentions hold no others.
    #[serde(default)]
    pub leaves: Vec<u8>,
    /// What part of the log odds to believe.
    pub heat: f32,
    /// The share of mentions that are right at equal steps of [`place_on_curve`], rising; empty: believe it as it is.
    pub curve: Vec<f32>,
}

/// The name of the section that describes a scheme.
pub fn scheme_section(scheme: &str) -> String {
    format!("tagger.{scheme}.scheme")
}

/// The schemes whose taggers a pack holds.
pub fn schemes(pack: &Pack) -> Vec<&str> {
    pack.names().filter_map(|name| name.strip_prefix("tagger.")?.strip_suffix(".scheme")).collect()
}

/// The scheme of Marsad's own guidelines.
pub const DEFAULT_SCHEME: &str = "marsad";

/// Differences of scores that are told apart; what falls lower counts as this.
const FALLS: usize = 4096;

/// A trained tagger of one scheme.
#[derive(Clone, Debug)]
pub struct Tagger {
    scheme: Scheme,
    weights: Weights,
    soft: Vec<Soft>,
    /// What is left of a probability so many units below the best.
    falls: Box<[f32; FALLS]>,
    helpers: Vec<Tagger>,
}

/// Memory of the tagger, reused from text to text.
#[derive(Debug, Default)]
pub struct Scratch {
    cache: Cache,
    places: Places,
    /// For each token the scores of the first pass, later those of the second.
    scores: Vec<i16>,
    given: Vec<Tag>,
    tags: Vec<Tag>,
    memory: Memory,
    lattice: Lattice,
    soft: Vec<f32>,
    inner: Vec<i16>,
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
        let soft = (0..LAYERS).map(|layer| Soft::new(&weights.chain(layer).chain().map(|w| exp(w, heat)))).collect();
        let mut falls = Box::new([0.0; FALLS]);
        for (units, fall) in (0..).zip(falls.iter_mut()) {
            *fall = exp(-units, heat);
        }
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
        self.read(view, matches, standing, scratch);
        scratch.given.clear();
        for sent in &view.layout.sents {
            let range = (sent.tokens.0 as usize, sent.tokens.1 as usize);
            let rows = rows(tags, &scratch.scores, range);
            scratch.lattice.search(tags, self.weights.chain(OUTER), rows, &mut scratch.given);
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

    /// The scores of the first pass for every token.
    fn read(&self, view: &View<'_>, matches: &[Candidate], standing: &[Candidate], scratch: &mut Scratch) {
        let Scratch { cache, places, scores, .. } = scratch;
        cache.read(&self.weights, view, matches, standing, places);
        let width = self.weights.width();
        scores.resize(view.layout.tokens.len() * width, 0);
        for sent in &view.layout.sents {
            let range = (sent.tokens.0 as usize, sent.tokens.1 as usize);
            cache.sum(&self.weights, view, places, range, &mut scores[range.0 * width..range.1 * width]);
        }
    }

    /// Add what the document says, and find the best tags of a sentence.
    fn second(&self, range: (usize, usize), scratch: &mut Scratch) {
        let tags = self.weights.tags();
        let Scratch { cache, memory, given, scores, lattice, tags: best, .. } = scratch;
        if !self.scheme.document {
            best.extend_from_slice(&given[range.0..range.1]);
            return;
        }
        let width = self.weights.width();
        let mut told = false;
        for at in range.0..range.1 {
            let sums = &mut scores[at * width..(at + 1) * width];
            memory.each_number(tags, given, range, at, |number| {
                if number != UNKNOWN {
                    told = true;
                    cache.add_number(&self.weights, number, sums);
                }
            });
        }
        if told {
            lattice.search(tags, self.weights.chain(OUTER), rows(tags, scores, range), best);
        } else {
            best.extend_from_slice(&given[range.0..range.1]);
        }
    }

    /// Propose the mentions of a sentence and those inside them.
    fn propose(&self, view: &View<'_>, range: (usize, usize), scratch: &mut Scratch, out: &mut Vec<Candidate>) {
        let tags = self.weights.tags();
        let Scratch { scores, lattice, tags: best, soft, stack, .. } = scratch;
        stack.clear();
        let sentence = &best[range.0..range.1];
        if sentence.iter().all(|tag| *tag == tags::O) {
            return;
        }
        let mut read = 0;
        let mut window = (0, 0);
        for run in tags.runs(sentence) {
            if run.to > read {
                window = window_around(tags, sentence, run);
                read = window.1;
                let rows = rows(tags, scores, (range.0 + window.0, range.0 + window.1));
                let before = window.0.checked_sub(1).map(|at| tags.group(sentence[at]));
                let ends = |tag: &Tag| *tag != tags::O;
                let last = sentence[..window.1].iter().rposition(ends).map_or(window.1, |at| at + 1);
                self.soften(rows, soft);
                let soft = Rows::new(soft, window.1 - window.0);
                lattice.sum(tags, &self.soft[OUTER], before, soft, run.from - window.0..last - window.0);
            }
            let shifted = Run { from: run.from - window.0, to: run.to - window.0, ..run };
            let score = self.probability(&sentence[window.0..window.1], shifted, lattice);
            let run = Run { from: run.from + range.0, to: run.to + range.0, label: run.label };
            let run = close_marks(view, run, range);
            out.push(self.candidate(view, run, score, 0));
            if self.may_hold(run) {
                stack.push((run, 0));
            }
        }
        if self.scheme.nested {
            while let Some((parent, depth)) = scratch.stack.pop() {
                self.inside(view, range, parent, depth + 1, scratch, out);
            }
        }
    }

    /// Whether there may be mentions inside a run.
    fn may_hold(&self, run: Run) -> bool {
        run.to - run.from > 1 && !self.scheme.leaves.contains(&run.label)
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
        let columns = tags.columns();
        let Scratch { cache, places, lattice, inner, soft, stack, tags: best, .. } = scratch;
        let within = (parent.from, parent.to);
        inner.resize((parent.to - parent.from) * columns, 0);
        cache.sum_inner(&self.weights, view, places, range, (within, parent.label), inner);
        let from = best.len();
        let rows = Rows::new(inner, parent.to - parent.from);
        lattice.search(tags, self.weights.chain(INNER), rows, best);
        let found = &best[from..];
        if found.iter().any(|tag| *tag != tags::O) {
            self.soften(rows, soft);
            let soft = Rows::new(soft, found.len());
            lattice.sum(tags, &self.soft[INNER], None, soft, 0..found.len());
            for run in tags.runs(found) {
                let score = self.probability(found, run, lattice);
                let run = Run { from: run.from + parent.from, to: run.to + parent.from, label: run.label };
                let run = close_marks(view, run, within);
                if (run.from, run.to) == within || run.label == parent.label {
                    continue;
                }
                out.push(self.candidate(view, run, score, depth));
                if self.may_hold(run) {
                    stack.push((run, depth));
                }
            }
        }
        best.truncate(from);
    }

    /// The exponentials of rows, each scaled to its best.
    fn soften(&self, rows: Rows<'_, i16>, soft: &mut Vec<f32>) {
        let tags = self.weights.tags();
        let (groups, half) = (tags.labels() + 1, tags.half());
        soft.resize(rows.len() * tags.columns(), 0.0);
        for (step, soft) in soft.chunks_exact_mut(2 * half).enumerate() {
            let (begins, stays) = rows.halves(step, half);
            // What the padding holds is multiplied by zero later on.
            let most = |scores: &[i16]| scores.iter().copied().fold(i16::MIN, i16::max);
            let top = most(&begins[..groups]).max(most(&stays[1..groups]));
            let (first, last) = soft.split_at_mut(half);
            for (soft, scores) in [(first, begins), (last, stays)] {
                for (soft, score) in soft.iter_mut().zip(scores) {
                    *soft = self.falls[usize::from(top.abs_diff(*score)).min(FALLS - 1)];
                }
            }
        }
    }

    /// The probability of a run: that of its least sure token, seen through the curve of the scheme.
    fn probability(&self, tags: &[Tag], run: Run, lattice: &Lattice) -> f32 {
        let of = |at: usize| lattice.probability(self.weights.tags(), at, tags[at]);
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

/// The scores of a range of tokens.
fn rows(tags: Tags, scores: &[i16], range: (usize, usize)) -> Rows<'_, i16> {
    let from = (range.0 * tags.columns()).min(scores.len());
    Rows::new(&scores[from..], range.1 - range.0)
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
