//! A training under way: who hears of it, when it stops early, and the checkpoint from which it goes on.
//!
//! The checkpoint is a folder with a small pack for every finished stage and one for the stage under way. Training
//! that was broken off and resumed gives the same bytes as training in one go.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytemuck::Pod;
use serde::{Deserialize, Serialize};

use crate::base::{LabelSet, Table, hash64};
use crate::detect::tagger::decode::Chain;
use crate::detect::tagger::tags::Tags;
use crate::error::{Error, ErrorKind, Result};
use crate::pack::Pack;

use super::corpus::{Corpus, Document};
use super::crf::{self, Sequence, State, Weights};

/// A checkpoint is written so often, beside when training is broken off.
const EVERY: Duration = Duration::from_secs(60);

/// What training tells while it works.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress<'a> {
    /// What is being trained.
    pub stage: &'a str,
    /// Passes done of this stage.
    pub done: u32,
    /// Passes in all, at most.
    pub all: u32,
    /// The loss of the last pass, in nats a token.
    pub loss: f64,
    /// F1 of the outermost mentions of the held-out documents.
    pub dev: Option<f64>,
}

/// Scores weights on held-out documents.
pub type Dev<'a> = &'a dyn Fn(&Weights) -> f64;

/// How one training runs.
///
/// ```
/// use marsad::train::session::Session;
/// let mut heard = 0;
/// let session = Session::new(|progress| heard += progress.done);
/// # drop(session);
/// ```
pub struct Session<'a> {
    hear: Box<dyn FnMut(Progress<'_>) + Send + 'a>,
    stop: Arc<AtomicBool>,
    held: Option<Corpus>,
    patience: u32,
    folder: Option<PathBuf>,
    resume: bool,
    fingerprint: u64,
    stages: usize,
    saved: Instant,
}

/// The best pass so far.
struct Best {
    score: f64,
    epoch: u32,
    weights: Weights,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Meta {
    fingerprint: u64,
    stage: usize,
    finished: bool,
    epoch: u32,
    at: usize,
    seed: u64,
    loss: u64,
    summed: u32,
    /// The score and number of the best pass.
    best: Option<(u64, u32)>,
}

const META: &str = "checkpoint";

impl<'a> Session<'a> {
    /// A session whose progress somebody hears of.
    pub fn new(hear: impl FnMut(Progress<'_>) + Send + 'a) -> Self {
        Self {
            hear: Box::new(hear),
            stop: Arc::default(),
            held: None,
            patience: 0,
            folder: None,
            resume: false,
            fingerprint: 0,
            stages: 0,
            saved: Instant::now(),
        }
    }

    /// Break off soon after `stop` is set.
    pub fn with_stop(self, stop: Arc<AtomicBool>) -> Self {
        Self { stop, ..self }
    }

    /// Keep the pass that reads `held` best, and stop after `patience` passes that are no better; 0 never stops.
    pub fn with_held(self, held: Corpus, patience: u32) -> Self {
        Self { held: Some(held), patience, ..self }
    }

    /// Keep checkpoints in a folder, and go on from those in it when `resume` is set.
    pub fn with_checkpoint(self, folder: &Path, resume: bool) -> Self {
        Self { folder: Some(folder.to_owned()), resume, ..self }
    }

    /// Begin: after this the checkpoint belongs to this pack, corpus and options.
    pub(super) fn open(
        &mut self,
        pack: &Pack,
        corpus: &Corpus,
        helpers: &[String],
        options: &super::tagger::Options,
    ) -> Result<()> {
        self.stages = 0;
        self.saved = Instant::now();
        let Some(folder) = &self.folder else { return Ok(()) };
        let mut hash = hash64(format!("{options:?} {helpers:?} {}", self.patience).as_bytes(), 0);
        for name in pack.names() {
            hash = pack.get(name).map_or(hash, |bytes| hash64(bytes, hash));
        }
        for corpus in [Some(corpus), self.held.as_ref()].into_iter().flatten() {
            hash = hash64(corpus.labels.names().join(" ").as_bytes(), hash);
            for document in &corpus.documents {
                hash = hash64(document.text.as_bytes(), hash);
                hash = hash64(format!("{:?}", document.mentions).as_bytes(), hash);
            }
        }
        self.fingerprint = hash;
        let told = |e| Error::io(format!("cannot write the checkpoint {}", folder.display()), e);
        if !self.resume && folder.is_dir() {
            std::fs::remove_dir_all(folder).map_err(told)?;
        }
        std::fs::create_dir_all(folder).map_err(told)
    }

    /// The held-out documents, with the labels of the training corpus.
    pub(super) fn held(&self, labels: &LabelSet) -> Vec<Document> {
        let Some(held) = &self.held else { return Vec::new() };
        let relabel = |document: &Document| {
            let mut document = document.clone();
            document.mentions.retain_mut(|gold| {
                let known = labels.get(held.labels.name(gold.label));
                gold.label = known.unwrap_or(gold.label);
                known.is_some()
            });
            document
        };
        held.documents.iter().map(relabel).collect()
    }

    /// Train one stage, or take it from the checkpoint; says after how many passes the weights are.
    pub(super) fn train(
        &mut self,
        stage: &str,
        sequences: &[Sequence],
        (tags, rows): (Tags, usize),
        options: &crf::Options,
        dev: Option<Dev<'_>>,
    ) -> Result<(Weights, u32)> {
        self.stages += 1;
        let finished = self.folder.as_ref().map(|folder| folder.join(format!("{}.stage", self.stages)));
        if let Some((meta, pack)) = self.read(finished.as_deref())? {
            return Ok((read_weights(&pack, tags, rows)?, meta.epoch));
        }
        let mut state = State::new(tags, rows, sequences.len(), options.seed);
        let mut best: Option<Best> = None;
        let under_way = self.folder.as_ref().map(|folder| folder.join("under.way"));
        if let Some((meta, pack)) = self.read(under_way.as_deref())?.filter(|(meta, _)| meta.stage == self.stages) {
            read_state(&meta, &pack, &mut state)?;
            if let Some((score, epoch)) = meta.best {
                best = Some(Best { score: f64::from_bits(score), epoch, weights: read_weights(&pack, tags, rows)? });
            }
        }
        let mut outcome = Ok(());
        let mut stopped = false;
        crf::train(sequences, options, &mut state, |state, pass| {
            let mut enough = false;
            if let Some((done, loss)) = pass {
                let score = dev.map(|score| {
                    let weights = state.weights();
                    let score = score(&weights);
                    if best.as_ref().is_none_or(|best| score > best.score) {
                        best = Some(Best { score, epoch: done, weights });
                    }
                    score
                });
                (self.hear)(Progress { stage, done, all: options.epochs, loss, dev: score });
                enough = self.patience > 0 && best.as_ref().is_some_and(|best| done >= best.epoch + self.patience);
            }
            stopped = self.stop.load(Ordering::Relaxed);
            if let Some(path) = under_way.as_ref().filter(|_| stopped || self.saved.elapsed() >= EVERY) {
                outcome = self.write(path, state, best.as_ref());
                self.saved = Instant::now();
            }
            if stopped || enough || outcome.is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        outcome?;
        if stopped {
            return Err(Error::new(ErrorKind::Interrupted, "training was broken off"));
        }
        let (weights, epoch) = match best {
            Some(best) => (best.weights, best.epoch),
            None => (state.weights(), options.epochs),
        };
        if let Some(path) = &finished {
            let meta = Meta { finished: true, epoch, ..self.meta() };
            with_weights(self.pack(&meta)?, &weights).write(path)?;
        }
        Ok((weights, epoch))
    }

    /// The mean of so many trainings of a stage, each with the next seed.
    pub(super) fn train_mean(
        &mut self,
        stage: &str,
        members: u32,
        sequences: &[Sequence],
        shape: (Tags, usize),
        options: &crf::Options,
        dev: Option<Dev<'_>>,
    ) -> Result<(Weights, u32)> {
        let (mut mean, mut epochs) = self.train(stage, sequences, shape, options, dev)?;
        for member in 1..members {
            let options = crf::Options { seed: options.seed + u64::from(member), ..*options };
            let stage = format!("{stage}, {} of {members}", member + 1);
            let (weights, passes) = self.train(&stage, sequences, shape, &options, dev)?;
            mean.add(&weights);
            epochs = epochs.max(passes);
        }
        #[allow(clippy::cast_precision_loss, reason = "a handful of members")]
        mean.scale(1.0 / members.max(1) as f32);
        Ok((mean, epochs))
    }

    fn meta(&self) -> Meta {
        Meta { fingerprint: self.fingerprint, stage: self.stages, ..Meta::default() }
    }

    fn pack(&self, meta: &Meta) -> Result<Pack> {
        let meta = serde_json::to_vec(meta).map_err(|e| Error::new(ErrorKind::BadData, e.to_string()))?;
        Ok(Pack::default().with(META, &meta))
    }

    fn write(&self, path: &Path, state: &State, best: Option<&Best>) -> Result<()> {
        let meta = Meta {
            epoch: state.epoch,
            at: state.at,
            seed: state.seed,
            loss: state.loss.to_bits(),
            summed: state.summed,
            best: best.map(|best| (best.score.to_bits(), best.epoch)),
            ..self.meta()
        };
        let mut pack = self.pack(&meta)?;
        for (i, shard) in state.shards.iter().enumerate() {
            pack = pack.with(&format!("shard.{i}"), bytemuck::cast_slice(shard));
        }
        pack = pack
            .with("state", bytemuck::cast_slice(&state.chain_to_vec()))
            .with("order", bytemuck::cast_slice(&state.order))
            .with("sum", bytemuck::cast_slice(&state.sum));
        if let Some(best) = best {
            pack = with_weights(pack, &best.weights);
        }
        pack.write(path)
    }

    /// A part of the checkpoint, if there is one to go on from.
    fn read(&self, path: Option<&Path>) -> Result<Option<(Meta, Pack)>> {
        let Some(path) = path.filter(|path| self.resume && path.is_file()) else { return Ok(None) };
        let pack = Pack::open(path)?;
        let meta: Meta = serde_json::from_slice(&pack.need(META)?)
            .map_err(|e| Error::new(ErrorKind::PackCorrupt, format!("{}: {e}", path.display())))?;
        if meta.fingerprint != self.fingerprint {
            let folder = path.parent().unwrap_or(path).display();
            let what = format!("the checkpoint {folder} is of other data or options: remove it, or do not resume");
            return Err(Error::new(ErrorKind::BadOption, what));
        }
        Ok(Some((meta, pack)))
    }
}

fn numbers<T: Pod>(pack: &Pack, name: &str, expected: usize) -> Result<Vec<T>> {
    let table: Table<T> = Table::new(pack.need(name)?)?;
    if table.len() != expected {
        return Err(Error::new(ErrorKind::PackCorrupt, format!("the section {name:?} of the checkpoint does not fit")));
    }
    Ok(table.to_vec())
}

fn read_state(meta: &Meta, pack: &Pack, state: &mut State) -> Result<()> {
    for (i, shard) in state.shards.iter_mut().enumerate() {
        *shard = numbers(pack, &format!("shard.{i}"), shard.len())?;
    }
    let chain = state.chain_to_vec().len();
    state.set_chain(&numbers::<f32>(pack, "state", chain)?);
    state.order = numbers(pack, "order", state.order.len())?;
    state.sum = numbers(pack, "sum", state.sum.len())?;
    (state.epoch, state.at, state.seed) = (meta.epoch, meta.at, meta.seed);
    (state.loss, state.summed) = (f64::from_bits(meta.loss), meta.summed);
    Ok(())
}

fn with_weights(pack: Pack, weights: &Weights) -> Pack {
    let Chain { start, cross, stay } = &weights.chain;
    pack.with("rows", bytemuck::cast_slice(&weights.rows))
        .with("chain.start", bytemuck::cast_slice(start))
        .with("chain.cross", bytemuck::cast_slice(cross))
        .with("chain.stay", bytemuck::cast_slice(stay))
}

fn read_weights(pack: &Pack, tags: Tags, rows: usize) -> Result<Weights> {
    let mut chain: Chain<f32> = Chain::new(tags);
    let parts = [("chain.start", &mut chain.start), ("chain.cross", &mut chain.cross), ("chain.stay", &mut chain.stay)];
    for (name, part) in parts {
        *part = numbers(pack, name, part.len())?;
    }
    Ok(Weights { rows: numbers(pack, "rows", rows * tags.len())?, chain })
}

#[cfg(test)]
mod tests {
    use super::super::crf::Kind;
    use super::*;

    fn sequences() -> Vec<Sequence> {
        let one = |i: u32| Sequence {
            rows: (0..6).map(|k| (i * 7 + k * 3) % 11).collect(),
            ends: vec![2, 4, 6],
            kinds: vec![Kind::Context; 6],
            gold: vec![0, u8::try_from(i % 2).unwrap() + 1, 0],
        };
        (0..40).map(one).collect()
    }

    const SHAPE: (Tags, usize) = (Tags(2), 11);

    #[test]
    fn what_is_broken_off_and_resumed_ends_the_same() {
        let folder = std::env::temp_dir().join(format!("marsad-session-{}", std::process::id()));
        let options = crf::Options { epochs: 4, ..Default::default() };
        let score = |weights: &Weights| -f64::from((weights.rows[3] - 0.1).abs());
        for dev in [None, Some(&score as Dev<'_>)] {
            let _ = std::fs::remove_dir_all(&folder);
            let (whole, passes) = Session::new(|_| {}).train("all", &sequences(), SHAPE, &options, dev).unwrap();
            std::fs::create_dir_all(&folder).unwrap();
            let stop = Arc::new(AtomicBool::new(false));
            let flag = stop.clone();
            let mut cut = Session::new(move |p| flag.store(p.done == 2, Ordering::Relaxed))
                .with_checkpoint(&folder, true)
                .with_stop(stop);
            let error = cut.train("all", &sequences(), SHAPE, &options, dev).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Interrupted);
            for heard in [2, 0] {
                // The second time the finished stage is read back.
                let mut count = 0;
                let mut again = Session::new(|_| count += 1).with_checkpoint(&folder, true);
                let (weights, epoch) = again.train("all", &sequences(), SHAPE, &options, dev).unwrap();
                drop(again);
                assert_eq!((weights.rows, epoch, count), (whole.rows.clone(), passes, heard));
            }
            let mut other = Session { fingerprint: 1, ..Session::new(|_| {}).with_checkpoint(&folder, true) };
            let error = other.train("all", &sequences(), SHAPE, &options, dev).unwrap_err();
            assert!(error.to_string().contains("other data"), "{error}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn training_stops_when_it_gets_no_better() {
        let options = crf::Options { epochs: 50, ..Default::default() };
        let calls = std::cell::Cell::new(0);
        let score = |_: &Weights| {
            calls.set(calls.get() + 1);
            f64::from(calls.get().min(3))
        };
        let mut session = Session { patience: 2, ..Session::new(|_| {}) };
        let (_, epoch) = session.train("all", &sequences(), SHAPE, &options, Some(&score)).unwrap();
        assert_eq!((epoch, calls.get()), (3, 5));
    }
}
