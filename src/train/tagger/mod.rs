//! Training the tagger: annotated documents to sequences, jack-knife for what the document says, quantization.

mod held;
mod prepare;

use rayon::prelude::*;
use rustc_hash::FxHashSet;

use crate::detect::tagger::decode::{Chain, Lattice, Ready};
use crate::detect::tagger::features::Feature;
use crate::detect::tagger::tags::{Tag, Tags};
use crate::detect::tagger::weights::{self, INNER, LAYERS, OUTER, Row, UNIT, Weights};
use crate::detect::tagger::{DEFAULT_SCHEME, Scheme, Tagger, scheme_section, tags_of};
use crate::error::{Error, ErrorKind, Result};
use crate::pack::Pack;
use crate::pipeline::{Pipeline, Scratch};
use crate::resolve::judge;

use super::corpus::{Corpus, Document, Gold};
use super::crf;
use super::evaluate::Counts;
use super::session::{Dev, Session};
use held::{HeldOut, LEANS};
use prepare::{Index, Prepared, Raw, inner, outer, prepare, second};

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
    /// Features whose greatest weight is below this, in natural log odds, are left out.
    pub faint: f32,
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
            prune: 0.15,
            faint: 0.2,
            lean: None,
            scale: 1.0,
            evidence: Evidence { lexicon: true, rules: true, document: true },
        }
    }
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

/// The best tags of sequences under unquantized weights.
fn decode(weights: &crf::Weights, tags: Tags, sequences: &[crf::Sequence], lean: f32) -> Vec<Tag> {
    let width = tags.len();
    let chain = Ready::new(leaning(weights, tags, lean));
    let mut lattice = Lattice::default();
    let (mut out, mut emissions) = (Vec::new(), Vec::new());
    let mut sums = vec![0f32; width];
    for sequence in sequences {
        emissions.clear();
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
        }
        lattice.best(tags, &chain, &emissions, &mut out);
    }
    out
}

/// Blocks of neighboring documents in each part that is held out.
const BLOCKS: usize = 4;

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
#[derive(Clone, Debug, Default)]
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
        let pack =
            weights::sections(name).iter().zip(&self.sections).fold(pack, |pack, (name, bytes)| pack.with(name, bytes));
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
    let texts: Vec<Vec<crf::Sequence>> = session
        .held(&corpus.labels)
        .par_iter()
        .map(|document| {
            let prepared = prepare(&pipeline, &helping, document, options.evidence)?;
            Ok(outer(&prepared, words, tags).iter().map(|raw| index.number(raw)).collect())
        })
        .collect::<Result<_>>()?;
    let score = |weights: &crf::Weights| {
        let given: Vec<Vec<Tag>> = texts.par_iter().map(|sequences| decode(weights, tags, sequences, 0.0)).collect();
        let gold = texts.iter().map(|sequences| sequences.iter().flat_map(|s| s.gold.iter().copied()).collect());
        f1(tags, gold, &given)
    };
    let dev = (!texts.is_empty()).then_some(&score as Dev<'_>);
    let (mut chain, members) = (options.chain, options.members.max(1));
    let mut alone = crf::Weights { rows: Vec::new(), chain: Chain::new(tags) };
    // With a document pass this only says how long to train: the tagger of the last stage reads first as well.
    if !options.evidence.document || dev.is_some() {
        let all: Vec<crf::Sequence> = numbered.iter().flatten().cloned().collect();
        let members = if options.evidence.document { 1 } else { members };
        (alone, chain.epochs) =
            session.train_mean("first pass", members, &all, (tags, index.keys.len()), &chain, dev)?;
    }

    let raws: Vec<Vec<Raw>> = documents.par_iter().map(|d| inner(d, words, tags)).collect();
    let inner_index = Index::new(raws.iter().flatten(), options.least);
    let insides: Vec<Vec<crf::Sequence>> =
        raws.par_iter().map(|raws| raws.iter().map(|raw| inner_index.number(raw)).collect()).collect();
    drop(raws);
    let nested = documents.iter().any(|d| d.nodes.iter().any(|n| n.parent.is_some()));
    let inner_chain = crf::Options { epochs: options.inner_epochs, ..options.chain };
    let inside = |session: &mut Session<'_>, stage: &str, keep: &dyn Fn(usize) -> bool| {
        let rows = inner_index.keys.len();
        if nested {
            return Ok(session
                .train_mean(stage, members, &chosen(&insides, keep), (tags, rows), &inner_chain, None)?
                .0);
        }
        Ok(crf::Weights { rows: vec![0.0; rows * tags.len()], chain: Chain::new(tags) })
    };
    let exact = documents.iter().fold([0; 2], |sum, d| [sum[0] + d.exact[0], sum[1] + d.exact[1]]);
    let mut scheme = Scheme {
        labels,
        clitics: exact[1] > exact[0],
        nested,
        document: options.evidence.document,
        helpers: helpers.to_vec(),
        leaves: leaves(&documents, tags),
        heat: 1.0,
        curve: Vec::new(),
    };

    let mut held = HeldOut::default();
    let mut lean = options.lean.unwrap_or_default();
    let (index, outer_weights) = if options.evidence.document {
        let folds = options.folds.clamp(2, documents.len().max(2));
        let fold_of = |i: usize| i * folds / documents.len().max(1);
        let mut seconds: Vec<Vec<Raw>> = Vec::new();
        for fold in 0..folds {
            let others = chosen(&numbered, &|i| fold_of(i) != fold);
            let stage = format!("jack-knife {} of {folds}", fold + 1);
            let weights = session.train_mean(&stage, 1, &others, (tags, index.keys.len()), &chain, None)?.0;
            let own: Vec<Vec<Raw>> = (0..documents.len())
                .into_par_iter()
                .filter(|i| fold_of(*i) == fold)
                .map(|i| second(&documents[i], tags, &firsts[i], &decode(&weights, tags, &numbered[i], 0.0)))
                .collect();
            seconds.extend(own);
        }
        drop(firsts);
        let index = Index::new(seconds.iter().flatten(), options.least);
        let numbered: Vec<Vec<crf::Sequence>> =
            seconds.par_iter().map(|raws| raws.iter().map(|raw| index.number(raw)).collect()).collect();
        drop(seconds);
        // Neighbors are often of one source or story: blocks of them are held out, several a fold.
        let part_of = |i: usize| i * BLOCKS * folds / documents.len().max(1) % folds;
        let mut parts = Vec::new();
        for part in 0..folds {
            let stage = format!("held-out part {} of {folds}", part + 1);
            // As many members as the last pass, or its probabilities would be another tagger's.
            let others = chosen(&numbered, &|i| part_of(i) != part);
            let weights = session.train_mean(&stage, members, &others, (tags, index.keys.len()), &chain, None)?.0;
            drop(others);
            for i in (0..documents.len()).filter(|i| part_of(*i) == part) {
                for (at, lean) in LEANS.into_iter().enumerate() {
                    let given = decode(&weights, tags, &numbered[i], lean);
                    documents[i].count(tags, &given, &mut held.leans[at]);
                    if at == 0 {
                        held.add(&documents[i], &corpus.documents[i], tags, &given);
                    }
                }
            }
            let within = inside(session, &format!("{stage}, inside mentions"), &|i| part_of(i) != part)?;
            parts.push([weights, within]);
        }
        lean = options.lean.unwrap_or_else(|| held.lean());
        // What the whole pipeline says of texts that its tagger has not seen.
        for (part, weights) in parts.iter().enumerate() {
            let layers = [(&index, &weights[0]), (&inner_index, &weights[1])];
            let (sections, _) = sections(tags, layers, lean, options)?;
            let trained = Trained { scheme: scheme.clone(), sections, ..Trained::default() };
            let pipeline = Pipeline::with_scheme(&trained.into_pack(pack.clone(), HELD_OUT)?, HELD_OUT)?;
            let own = (0..documents.len()).filter(|i| part_of(*i) == part).map(|i| corpus.documents[i].clone());
            let own: Vec<Document> = own.collect();
            held.judge(corpus, &own, &predict(&pipeline, &own)?);
        }
        scheme.curve = held.curve();
        let shape = (tags, index.keys.len());
        let weights = session.train_mean("second pass", members, &chosen(&numbered, &|_| true), shape, &chain, None)?.0;
        (index, weights)
    } else {
        (index, alone)
    };
    let inner_weights = inside(session, "inside mentions", &|_| true)?;
    let layers = [(&index, &outer_weights), (&inner_index, &inner_weights)];
    let (sections, features) = sections(tags, layers, lean, options)?;
    Ok(Trained {
        scheme,
        sections,
        trust: held.trust.to_bytes(),
        mentions: (corpus.documents.iter().map(|d| d.mentions.len()).sum(), documents.iter().map(|d| d.lost).sum()),
        features,
        lean,
    })
}

/// The scheme of taggers that are asked about the texts that they have not seen.
const HELD_OUT: &str = "held-out";

/// The sequences of those documents that are kept.
fn chosen(documents: &[Vec<crf::Sequence>], keep: &dyn Fn(usize) -> bool) -> Vec<crf::Sequence> {
    documents
        .iter()
        .enumerate()
        .filter(|(i, _)| keep(*i))
        .flat_map(|(_, sequences)| sequences.iter().cloned())
        .collect()
}

/// The sections of the two layers, and how many features have weights.
fn sections(
    tags: Tags,
    layers: [(&Index, &crf::Weights); LAYERS],
    lean: f32,
    options: &Options,
) -> Result<([Vec<u8>; 3], usize)> {
    let mut rows = layers.map(|(index, weights)| quantize(tags, index, weights, options));
    let faint = units(options.faint).unsigned_abs();
    let strong = |row: &&Row| row.1.iter().any(|(_, value)| u32::from(value.unsigned_abs()) >= faint);
    let kept: FxHashSet<Feature> = rows.iter().flatten().filter(strong).map(|row| row.0).collect();
    for rows in &mut rows {
        rows.retain(|row| kept.contains(&row.0));
    }
    let chains = [leaning(layers[OUTER].1, tags, lean), leaning(layers[INNER].1, tags, 0.0)];
    Ok((Weights::to_sections(tags, rows.each_ref().map(Vec::as_slice), &chains)?, kept.len()))
}

/// The labels whose mentions hold no other, but for one in a hundred that may be a slip.
fn leaves(documents: &[Prepared], tags: Tags) -> Vec<u8> {
    let mut counts = vec![[0usize; 2]; tags.labels()];
    for nodes in documents.iter().map(|document| &document.nodes) {
        for (i, node) in nodes.iter().enumerate().filter(|(_, node)| node.to - node.from > 1) {
            let [all, holding] = &mut counts[usize::from(node.label)];
            *all += 1;
            *holding += usize::from(nodes.iter().any(|inner| inner.parent == Some(i)));
        }
    }
    (0u8..).zip(counts).filter(|(_, [all, holding])| holding * 100 <= *all).map(|(label, _)| label).collect()
}

/// The weights of a layer in units, in the order of the features' keys.
fn quantize(tags: Tags, index: &Index, weights: &crf::Weights, options: &Options) -> Vec<Row> {
    let row = |(feature, row): (&Feature, &[f32])| -> Row {
        let kept = (0..).zip(row).filter(|(_, w)| w.abs() >= options.prune);
        let cells = kept.map(|(tag, w)| (tag, i8::try_from(units(*w * options.scale).clamp(-127, 127)).unwrap_or(0)));
        (*feature, cells.filter(|(_, value)| *value != 0).collect())
    };
    let rows = index.keys.iter().zip(weights.rows.chunks(tags.len())).map(row);
    let mut rows: Vec<Row> = rows.filter(|row| !row.1.is_empty()).collect();
    rows.sort_unstable_by_key(|row| row.0);
    rows
}

/// The mentions that a pipeline finds in documents, as a corpus with the same texts.
pub fn predict(pipeline: &Pipeline, documents: &[Document]) -> Result<Corpus> {
    let found: Vec<Document> = documents
        .par_iter()
        .map_init(Scratch::default, |scratch, document| {
            let doc = pipeline.run_with(&document.text, &Default::default(), scratch)?;
            let mentions = doc.mentions().iter().map(|m| Gold { span: m.span, label: m.label }).collect();
            let scores = doc.mentions().iter().map(|m| m.score).collect();
            Ok(Document { mentions, scores, ..document.clone() })
        })
        .collect::<Result<_>>()?;
    Ok(Corpus { labels: pipeline.labels().clone(), documents: found })
}
