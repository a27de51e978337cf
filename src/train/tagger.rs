//! Training the tagger: annotated documents to sequences, jack-knife for the second pass, quantization.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::base::{Label, Span, Src};
use crate::detect::tagger::decode::{Chain, Lattice, Ready};
use crate::detect::tagger::document::Memory;
use crate::detect::tagger::features::{Feature, Places, TypeInfo};
use crate::detect::tagger::tags::{O, Tag, Tags};
use crate::detect::tagger::weights::{FIRST, INNER, SECOND, UNIT, Weights, sections};
use crate::detect::tagger::{DEFAULT_SCHEME, Scheme, Tagger, help, place_on_curve, scheme_section, span_of, tags_of};
use crate::detect::{Candidate, Detector, View};
use crate::error::{Error, ErrorKind, Result};
use crate::pack::Pack;
use crate::pipeline::{Pipeline, Scratch};
use crate::resolve::judge::{self, TrustCounts};
use crate::resolve::overlap;
use crate::segment::{Layout, Words};

use super::corpus::{Corpus, Document, Gold};
use super::crf::{self, Kind};
use super::evaluate::Counts;
use super::session::{Dev, Session};

/// What evidence the tagger may use; everything unless an ablation says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Matches of the lexicon.
    pub lexicon: bool,
    /// Matches of the rules.
    pub rules: bool,
    /// What the first pass said of the same words.
    pub document: bool,
}

/// How to train a tagger.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Of the chain.
    pub chain: crf::Options,
    /// Passes over the data for the layer inside mentions.
    pub inner_epochs: u32,
    /// Trainings of the last pass, with other seeds, whose weights are averaged.
    pub members: u32,
    /// Folds of the jack-knife.
    pub folds: usize,
    /// Features seen less often are left out.
    pub least: u32,
    /// Weights below this, in natural log odds, are left out.
    pub prune: f32,
    /// How much to lean against outside, in natural log odds: what the penalties of training take from recall.
    /// `None`: what gives the best F1 on held-out texts.
    pub lean: Option<f32>,
    /// What part of the features' weights to keep once all of them are seen at a time, none dropped.
    pub scale: f32,
    /// Evidence.
    pub evidence: Evidence,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            chain: crf::Options::default(),
            inner_epochs: 6,
            members: 3,
            folds: 4,
            least: 2,
            prune: 0.06,
            lean: None,
            scale: 1.0,
            evidence: Evidence { lexicon: true, rules: true, document: true },
        }
    }
}

/// A mention as a run of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Node {
    from: usize,
    to: usize,
    label: u8,
    /// The enclosing node, if any.
    parent: Option<usize>,
}

/// A document ready for the extraction of features.
struct Prepared {
    text: String,
    layout: Layout,
    places: Places,
    nodes: Vec<Node>,
    /// What would stand without a tagger.
    standing: Vec<Candidate>,
    /// Gold mentions that no run of tokens can give, and those whose span the tokens give exactly with and without
    /// taking proclitics off.
    lost: usize,
    exact: [usize; 2],
}

fn token_at(layout: &Layout, byte: u32) -> Option<usize> {
    let at = layout.tokens.partition_point(|t| t.span.end <= byte);
    layout.tokens.get(at).filter(|t| t.span.start <= byte).map(|_| at)
}

fn tokens_of(layout: &Layout, span: Span<Src>) -> Option<(usize, usize)> {
    let from = token_at(layout, span.start)?;
    let to = token_at(layout, span.end.checked_sub(1)?)? + 1;
    let sent = layout.sents.partition_point(|s| s.tokens.1 as usize <= from);
    layout.sents.get(sent).filter(|s| to <= s.tokens.1 as usize).map(|_| (from, to))
}

fn prepare(pipeline: &Pipeline, helpers: &[Tagger], document: &Document, evidence: Evidence) -> Result<Prepared> {
    let mut scratch = Scratch::default();
    let mut places = Places::default();
    let mut prepared = Prepared {
        text: document.text.clone(),
        layout: Layout::default(),
        places: Places::default(),
        nodes: Vec::new(),
        standing: Vec::new(),
        lost: 0,
        exact: [0; 2],
    };
    pipeline.matches(&document.text, &mut scratch, |view, candidates| {
        let mut used: Vec<_> = candidates
            .iter()
            .filter(|c| if c.detector == Detector::Rule { evidence.rules } else { evidence.lexicon })
            .copied()
            .collect();
        let mut standing = used.clone();
        overlap::resolve(&mut standing);
        help(helpers, view, candidates, &standing, &mut Vec::new(), &mut used);
        places.read(view, &used, &standing, TypeInfo::read);
        prepared.layout = view.layout.clone();
        prepared.standing = standing;
        let mut spans: Vec<(usize, usize, u8)> = Vec::new();
        for gold in &document.mentions {
            match tokens_of(view.layout, gold.span) {
                Some((from, to)) => {
                    spans.push((from, to, gold.label.0));
                    for (count, clitics) in prepared.exact.iter_mut().zip([false, true]) {
                        *count += usize::from(span_of(view, from, to, clitics) == gold.span);
                    }
                }
                None => prepared.lost += 1,
            }
        }
        spans.sort_by_key(|&(from, to, label)| (from, usize::MAX - to, label));
        spans.dedup_by_key(|s| (s.0, s.1));
        let mut open: Vec<usize> = Vec::new();
        for (from, to, label) in spans {
            while open.last().is_some_and(|&i| prepared.nodes[i].to <= from) {
                open.pop();
            }
            if open.last().is_some_and(|&i| prepared.nodes[i].to < to) {
                prepared.lost += 1;
                continue;
            }
            prepared.nodes.push(Node { from, to, label, parent: open.last().copied() });
            open.push(prepared.nodes.len() - 1);
        }
    })?;
    prepared.places = places;
    Ok(prepared)
}

impl Prepared {
    fn view<'a>(&'a self, words: &'a Words) -> View<'a> {
        View { text: &self.text, layout: &self.layout, words }
    }

    /// A view for spans alone.
    fn view_of(&self) -> View<'_> {
        static NONE: std::sync::OnceLock<Words> = std::sync::OnceLock::new();
        self.view(NONE.get_or_init(Words::default))
    }

    /// Count the outer mentions that `given` tags find.
    fn count(&self, tags: Tags, given: &[Tag], counts: &mut Counts) {
        counts.gold += self.nodes.iter().filter(|n| n.parent.is_none()).count() as u64;
        for range in self.sentences() {
            for run in tags.runs(&given[range.0..range.1]) {
                let node = Node { from: run.from + range.0, to: run.to + range.0, label: run.label, parent: None };
                counts.predicted += 1;
                counts.hits += u64::from(self.nodes.contains(&node));
            }
        }
    }

    fn sentences(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.layout.sents.iter().map(|s| (s.tokens.0 as usize, s.tokens.1 as usize)).filter(|r| r.0 < r.1)
    }

    /// The tags of `range` by the mentions with the given parent.
    fn gold(&self, tags: Tags, range: (usize, usize), parent: Option<usize>) -> Vec<Tag> {
        let mut out = vec![O; range.1 - range.0];
        for node in self.nodes.iter().filter(|n| n.parent == parent && n.from >= range.0 && n.to <= range.1) {
            for at in node.from..node.to {
                out[at - range.0] = if at == node.from { tags.begin(node.label) } else { tags.inside(node.label) };
            }
        }
        out
    }
}

/// A sequence of feature keys before they are numbered.
struct Raw {
    features: Vec<Feature>,
    kinds: Vec<Kind>,
    ends: Vec<u32>,
    gold: Vec<Tag>,
}

impl Raw {
    fn new(gold: Vec<Tag>) -> Self {
        Self { features: Vec::new(), kinds: Vec::new(), ends: Vec::new(), gold }
    }
    fn push(&mut self, feature: Feature) {
        self.features.push(feature);
        self.kinds.push(Kind::Context);
    }
    fn end(&mut self) {
        self.ends.push(u32::try_from(self.features.len()).unwrap_or(u32::MAX));
    }
    /// The features of a token, with those of the word itself and of matches marked.
    fn around(&mut self, prepared: &Prepared, view: &View<'_>, range: (usize, usize), at: usize) {
        let from = self.features.len();
        prepared.places.each_feature_around(view, range, at, |f| self.push(f));
        let features = &self.features[from..];
        let kinds = &mut self.kinds[from..];
        let mut mark = |wanted: Feature, kind: Kind| {
            if let Some(i) = features.iter().position(|f| *f == wanted) {
                kinds[i] = kind;
            }
        };
        prepared.places.types[at].each_own_feature(|f| mark(f, Kind::Word));
        prepared.places.each_match_feature(range, at, |f| mark(f, Kind::Match));
    }
}

/// Numbers features.
#[derive(Default)]
struct Index {
    rows: FxHashMap<Feature, u32>,
    keys: Vec<Feature>,
}

impl Index {
    fn new<'a>(sequences: impl Iterator<Item = &'a Raw>, least: u32) -> Self {
        let mut counts: FxHashMap<Feature, u32> = FxHashMap::default();
        for feature in sequences.flat_map(|raw| &raw.features) {
            *counts.entry(*feature).or_insert(0) += 1;
        }
        let mut keys: Vec<Feature> = counts.into_iter().filter(|(_, n)| *n >= least).map(|(key, _)| key).collect();
        keys.sort_unstable();
        let rows = keys.iter().zip(0..).map(|(key, row)| (*key, row)).collect();
        Self { rows, keys }
    }

    fn number(&self, raw: &Raw) -> crf::Sequence {
        let mut sequence = crf::Sequence { gold: raw.gold.clone(), ..Default::default() };
        let mut from = 0;
        for &end in &raw.ends {
            let features = &raw.features[from..end as usize];
            for (feature, kind) in features.iter().zip(&raw.kinds[from..]) {
                if let Some(row) = self.rows.get(feature) {
                    sequence.rows.push(*row);
                    sequence.kinds.push(*kind);
                }
            }
            sequence.ends.push(u32::try_from(sequence.rows.len()).unwrap_or(u32::MAX));
            from = end as usize;
        }
        sequence
    }
}

fn outer(prepared: &Prepared, words: &Words, tags: Tags) -> Vec<Raw> {
    let view = prepared.view(words);
    let one = |range: (usize, usize)| {
        let mut raw = Raw::new(prepared.gold(tags, range, None));
        for at in range.0..range.1 {
            raw.around(prepared, &view, range, at);
            raw.end();
        }
        raw
    };
    prepared.sentences().map(one).collect()
}

/// The sentences again, with what the document says by the tags of the first pass.
fn second(prepared: &Prepared, tags: Tags, first: &[Raw], given: &[Tag]) -> Vec<Raw> {
    let mut memory = Memory::default();
    memory.read(tags, &prepared.places.types, given);
    let mut out = Vec::new();
    for (range, before) in prepared.sentences().zip(first) {
        let mut raw = Raw::new(before.gold.clone());
        let mut from = 0;
        for (at, &end) in (range.0..range.1).zip(&before.ends) {
            raw.features.extend_from_slice(&before.features[from..end as usize]);
            raw.kinds.extend_from_slice(&before.kinds[from..end as usize]);
            from = end as usize;
            memory.each_feature(tags, given, range, at, |f| raw.push(f));
            raw.end();
        }
        out.push(raw);
    }
    out
}

/// The inside of every mention of two tokens or more.
fn inner(prepared: &Prepared, words: &Words, tags: Tags) -> Vec<Raw> {
    let view = prepared.view(words);
    let mut out = Vec::new();
    for (i, node) in prepared.nodes.iter().enumerate().filter(|(_, n)| n.to - n.from > 1) {
        let Some(sentence) = prepared.sentences().find(|s| s.0 <= node.from && node.to <= s.1) else { continue };
        let within = (node.from, node.to);
        let mut raw = Raw::new(prepared.gold(tags, within, Some(i)));
        for at in node.from..node.to {
            raw.around(prepared, &view, sentence, at);
            prepared.places.each_parent_feature(within, at, node.label, |f| raw.push(f));
            raw.end();
        }
        out.push(raw);
    }
    out
}

#[allow(clippy::cast_possible_truncation, reason = "scores of a few thousand units")]
fn units(x: f32) -> i32 {
    (x * UNIT).round() as i32
}

/// The chain in units, leaning against outside.
fn leaning(weights: &crf::Weights, tags: Tags, lean: f32) -> Chain<i32> {
    let mut chain = weights.chain.map(units);
    for after in chain.cross.chunks_mut(tags.labels() + 1).chain([&mut chain.start[..]]) {
        after[0] -= units(lean);
    }
    chain
}

/// The best tags of sequences under unquantized weights, each with its probability.
fn decode(weights: &crf::Weights, tags: Tags, sequences: &[crf::Sequence], lean: f32) -> (Vec<Tag>, Vec<f32>) {
    let width = tags.len();
    let (chain, soft_chain) = (Ready::new(leaning(weights, tags, lean)), weights.chain.map(f32::exp));
    let mut lattice = Lattice::default();
    let (mut out, mut emissions) = (Vec::new(), Vec::new());
    let (mut soft, mut marginals, mut sure) = (Vec::new(), Vec::new(), Vec::new());
    let mut sums = vec![0f32; width];
    for sequence in sequences {
        emissions.clear();
        soft.clear();
        let mut from = 0;
        for &end in &sequence.ends {
            sums.fill(0.0);
            for row in &sequence.rows[from..end as usize] {
                let row = *row as usize * width;
                for (sum, w) in sums.iter_mut().zip(&weights.rows[row..row + width]) {
                    *sum += w;
                }
            }
            from = end as usize;
            emissions.extend(sums.iter().map(|s| units(*s)));
            let top = sums.iter().copied().fold(f32::MIN, f32::max);
            soft.extend(sums.iter().map(|s| (s - top).exp()));
        }
        let first = out.len();
        lattice.best(tags, &chain, &emissions, &mut out);
        lattice.marginals(tags, &soft_chain, None, &soft, &mut marginals);
        let rows = out[first..].iter().zip(marginals.chunks(width));
        sure.extend(rows.map(|(tag, row)| row[usize::from(*tag)]));
    }
    (out, sure)
}

/// What held-out texts teach: how far to believe probabilities and the other detectors.
#[derive(Default)]
struct HeldOut {
    /// Probability and truth of every outer mention found.
    scores: Vec<(f32, bool)>,
    trust: TrustCounts,
    leans: [Counts; LEANS.len()],
}

/// What [`Options::lean`] may be.
const LEANS: [f32; 6] = [0.0, 0.25, 0.5, 0.75, 1.0, 1.25];

impl HeldOut {
    fn add(&mut self, prepared: &Prepared, document: &Document, tags: Tags, given: &[Tag], sure: &[f32]) {
        let mut tagged = Vec::new();
        for range in prepared.sentences() {
            for run in tags.runs(&given[range.0..range.1]) {
                let (from, to) = (run.from + range.0, run.to + range.0);
                let raw = sure[from..to].iter().copied().fold(1.0, f32::min);
                let node = Node { from, to, label: run.label, parent: None };
                self.scores.push((raw, prepared.nodes.contains(&node)));
                let view = prepared.view_of();
                tagged.push(Candidate {
                    span: span_of(&view, from, to, true),
                    label: Label(run.label),
                    score: raw,
                    detector: Detector::Tagger,
                    detail: 0,
                    tokens: (u32::try_from(from).unwrap_or(0), u32::try_from(to).unwrap_or(0)),
                    ambiguous: false,
                });
            }
        }
        let truth = |c: &Candidate| document.mentions.iter().any(|m| m.span == c.span && m.label == c.label);
        self.trust.add(&tagged, &prepared.standing, truth);
    }

    /// The lean with the best F1; the smaller one where they are equal.
    fn lean(&self) -> f32 {
        let mut best = 0;
        for (i, counts) in self.leans.iter().enumerate() {
            if counts.f1() > self.leans[best].f1() {
                best = i;
            }
        }
        LEANS[best]
    }

    /// Isotonic regression on equal steps of probability: the share of true mentions at each.
    fn curve(&self) -> Vec<f32> {
        const STEPS: usize = 24;
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to STEPS")]
        let place = |raw: f32| ((place_on_curve(raw) * STEPS as f32).round() as usize).min(STEPS);
        let mut bins = vec![(0f32, 0f32); STEPS + 1];
        for (raw, right) in &self.scores {
            let bin = &mut bins[place(*raw)];
            bin.0 += f32::from(u8::from(*right));
            bin.1 += 1.0;
        }
        // Blocks of (hits, seen, steps), merged while they fall; a little of the identity where nothing was seen.
        let mut blocks: Vec<(f32, f32, usize)> = Vec::new();
        for (step, (hits, seen)) in bins.into_iter().enumerate() {
            #[allow(clippy::cast_precision_loss, reason = "0 to STEPS")]
            let left = 1.0 - step as f32 / STEPS as f32;
            let mut block = (hits + 1.0 - left * left, seen + 1.0, 1);
            while let Some(last) = blocks.last().filter(|last| last.0 / last.1 > block.0 / block.1) {
                block = (last.0 + block.0, last.1 + block.1, last.2 + block.2);
                blocks.pop();
            }
            blocks.push(block);
        }
        blocks.iter().flat_map(|(hits, seen, steps)| std::iter::repeat_n(hits / seen, *steps)).collect()
    }
}

/// F1 of the runs of tags, document by document.
fn f1(tags: Tags, gold: impl Iterator<Item = Vec<Tag>>, given: &[Vec<Tag>]) -> f64 {
    let mut counts = Counts::default();
    for (gold, given) in gold.zip(given) {
        let (gold, given): (Vec<_>, Vec<_>) = (tags.runs(&gold).collect(), tags.runs(given).collect());
        counts.gold += gold.len() as u64;
        counts.predicted += given.len() as u64;
        counts.hits += given.iter().filter(|run| gold.binary_search(run).is_ok()).count() as u64;
    }
    counts.f1()
}

/// A trained tagger, as sections of a pack.
#[derive(Clone, Debug)]
pub struct Trained {
    /// Its scheme.
    pub scheme: Scheme,
    sections: [Vec<u8>; 3],
    trust: Vec<u8>,
    /// Gold mentions, and those that no run of whole tokens can give.
    pub mentions: (usize, usize),
    /// Features with weights.
    pub features: usize,
    /// How much it leans against outside.
    pub lean: f32,
}

impl Trained {
    /// A pack with this tagger under the name of a scheme.
    pub fn into_pack(self, pack: Pack, name: &str) -> Result<Pack> {
        let scheme = serde_json::to_vec(&self.scheme)
            .map_err(|e| Error::new(ErrorKind::BadData, format!("the scheme {name:?} cannot be written: {e}")))?;
        let pack = sections(name).iter().zip(&self.sections).fold(pack, |pack, (name, bytes)| pack.with(name, bytes));
        let pack = if name == DEFAULT_SCHEME { pack.with(judge::SECTION, &self.trust) } else { pack };
        Ok(pack.with(&scheme_section(name), &scheme))
    }
}

/// Train a tagger on a corpus. `pack` gives the words, the lexicon, the rules and the taggers of the helping schemes.
/// The session's held-out documents say when to stop: their outermost mentions, found by the first pass.
pub fn train(
    pack: &Pack,
    corpus: &Corpus,
    helpers: &[String],
    options: &Options,
    session: &mut Session<'_>,
) -> Result<Trained> {
    if corpus.documents.iter().all(|document| document.mentions.is_empty()) {
        return Err(Error::new(ErrorKind::BadData, "the corpus has no mention to learn from"));
    }
    session.open(pack, corpus, helpers, options)?;
    let labels = corpus.labels.names().to_vec();
    let tags = tags_of(labels.len()).ok_or_else(|| Error::new(ErrorKind::BadData, "too many labels to train"))?;
    let pipeline = Pipeline::new(pack)?;
    let helping = Tagger::open_helpers(pack, helpers)?;
    let documents: Vec<Prepared> = corpus
        .documents
        .par_iter()
        .map(|document| prepare(&pipeline, &helping, document, options.evidence))
        .collect::<Result<_>>()?;
    let words = pipeline.words();
    let firsts: Vec<Vec<Raw>> = documents.par_iter().map(|d| outer(d, words, tags)).collect();
    let index = Index::new(firsts.iter().flatten(), options.least);
    let numbered: Vec<Vec<crf::Sequence>> =
        firsts.par_iter().map(|raws| raws.iter().map(|raw| index.number(raw)).collect()).collect();
    let all: Vec<crf::Sequence> = numbered.iter().flatten().cloned().collect();
    let texts: Vec<Vec<crf::Sequence>> = session
        .held(&corpus.labels)
        .par_iter()
        .map(|document| {
            let prepared = prepare(&pipeline, &helping, document, options.evidence)?;
            Ok(outer(&prepared, words, tags).iter().map(|raw| index.number(raw)).collect())
        })
        .collect::<Result<_>>()?;
    let score = |weights: &crf::Weights| {
        let given: Vec<Vec<Tag>> = texts.par_iter().map(|sequences| decode(weights, tags, sequences, 0.0).0).collect();
        let gold = texts.iter().map(|sequences| sequences.iter().flat_map(|s| s.gold.iter().copied()).collect());
        f1(tags, gold, &given)
    };
    let dev = (!texts.is_empty()).then_some(&score as Dev<'_>);
    let members = if options.evidence.document { 1 } else { options.members };
    let mut run = |stage: &str, members: u32, sequences: &[crf::Sequence], rows: usize, chain: &crf::Options, dev| {
        session.train_mean(stage, members.max(1), sequences, (tags, rows), chain, dev)
    };
    let (first, epochs) = run("first pass", members, &all, index.keys.len(), &options.chain, dev)?;
    let chain = crf::Options { epochs, ..options.chain };

    let mut held = HeldOut::default();
    let (second_index, second_weights) = if options.evidence.document {
        let folds = options.folds.clamp(2, documents.len().max(2));
        let fold_of = |i: usize| i * folds / documents.len().max(1);
        let mut seconds: Vec<Vec<Raw>> = Vec::new();
        for fold in 0..folds {
            let others: Vec<crf::Sequence> =
                (0..documents.len()).filter(|i| fold_of(*i) != fold).flat_map(|i| numbered[i].clone()).collect();
            let stage = format!("jack-knife {} of {folds}", fold + 1);
            let weights = run(&stage, 1, &others, index.keys.len(), &chain, None)?.0;
            let own: Vec<Vec<Raw>> = (0..documents.len())
                .into_par_iter()
                .filter(|i| fold_of(*i) == fold)
                .map(|i| second(&documents[i], tags, &firsts[i], &decode(&weights, tags, &numbered[i], 0.0).0))
                .collect();
            seconds.extend(own);
        }
        drop(firsts);
        let index = Index::new(seconds.iter().flatten(), options.least);
        let numbered: Vec<Vec<crf::Sequence>> =
            seconds.par_iter().map(|raws| raws.iter().map(|raw| index.number(raw)).collect()).collect();
        drop(seconds);
        let of = |keep: &dyn Fn(usize) -> bool| -> Vec<crf::Sequence> {
            (0..documents.len()).filter(|i| keep(*i)).flat_map(|i| numbered[i].clone()).collect()
        };
        for half in 0..2 {
            let stage = format!("held-out half {}", half + 1);
            let weights = run(&stage, 1, &of(&|i| i % 2 != half), index.keys.len(), &chain, None)?.0;
            for i in (0..documents.len()).filter(|i| i % 2 == half) {
                let (given, sure) = decode(&weights, tags, &numbered[i], 0.0);
                held.add(&documents[i], &corpus.documents[i], tags, &given, &sure);
                for (counts, lean) in held.leans.iter_mut().zip(LEANS) {
                    let (given, _) = decode(&weights, tags, &numbered[i], lean);
                    documents[i].count(tags, &given, counts);
                }
            }
        }
        let weights = run("second pass", options.members, &of(&|_| true), index.keys.len(), &chain, None)?.0;
        (index, weights)
    } else {
        let none = crf::Weights { rows: Vec::new(), chain: Chain::new(tags) };
        (Index::default(), none)
    };

    let raws: Vec<Raw> = documents.par_iter().flat_map_iter(|d| inner(d, words, tags)).collect();
    let nested = documents.iter().any(|d| d.nodes.iter().any(|n| n.parent.is_some()));
    let inner_index = Index::new(raws.iter(), options.least);
    let sequences: Vec<crf::Sequence> = raws.par_iter().map(|raw| inner_index.number(raw)).collect();
    drop(raws);
    let inner_weights = if nested {
        let chain = crf::Options { epochs: options.inner_epochs, ..options.chain };
        run("inside mentions", options.members, &sequences, inner_index.keys.len(), &chain, None)?.0
    } else {
        crf::Weights { rows: vec![0.0; inner_index.keys.len() * tags.len()], chain: Chain::new(tags) }
    };

    let mut rows: FxHashMap<Feature, Vec<(u8, i8)>> = FxHashMap::default();
    let layers =
        [(FIRST, &index, &first), (SECOND, &second_index, &second_weights), (INNER, &inner_index, &inner_weights)];
    for (layer, index, weights) in layers {
        quantize(layer, tags, index, weights, options, &mut rows);
    }
    let mut rows: Vec<(Feature, Vec<(u8, i8)>)> = rows.into_iter().collect();
    rows.sort_unstable();
    let lean = options.lean.unwrap_or_else(|| held.lean());
    let chains =
        [(&first, if options.evidence.document { 0.0 } else { lean }), (&second_weights, lean), (&inner_weights, 0.0)]
            .map(|(weights, lean)| leaning(weights, tags, lean));
    let exact = documents.iter().fold([0; 2], |sum, d| [sum[0] + d.exact[0], sum[1] + d.exact[1]]);
    let scheme = Scheme {
        labels,
        clitics: exact[1] > exact[0],
        nested,
        document: options.evidence.document,
        helpers: helpers.to_vec(),
        heat: 1.0,
        curve: if held.scores.is_empty() { Vec::new() } else { held.curve() },
    };
    Ok(Trained {
        scheme,
        sections: Weights::to_sections(&rows, &chains),
        trust: held.trust.to_bytes(),
        mentions: (corpus.documents.iter().map(|d| d.mentions.len()).sum(), documents.iter().map(|d| d.lost).sum()),
        features: rows.len(),
        lean,
    })
}

fn quantize(
    layer: usize,
    tags: Tags,
    index: &Index,
    weights: &crf::Weights,
    options: &Options,
    rows: &mut FxHashMap<Feature, Vec<(u8, i8)>>,
) {
    for (feature, row) in index.keys.iter().zip(weights.rows.chunks(tags.len())) {
        for (tag, w) in row.iter().enumerate() {
            let value = i8::try_from(units(*w * options.scale).clamp(-127, 127)).unwrap_or(0);
            if w.abs() >= options.prune && value != 0 {
                let column = u8::try_from(layer * tags.len() + tag).unwrap_or(u8::MAX);
                rows.entry(*feature).or_default().push((column, value));
            }
        }
    }
}

/// The mentions that a pipeline finds in documents, as a corpus with the same texts.
pub fn predict(pipeline: &Pipeline, documents: &[Document]) -> Result<Corpus> {
    let found: Vec<Document> = documents
        .par_iter()
        .map_init(Scratch::default, |scratch, document| {
            let doc = pipeline.run_with(&document.text, &Default::default(), scratch)?;
            let mentions = doc.mentions().iter().map(|m| Gold { span: m.span, label: m.label }).collect();
            Ok(Document { mentions, ..document.clone() })
        })
        .collect::<Result<_>>()?;
    Ok(Corpus { labels: pipeline.labels().clone(), documents: found })
}
