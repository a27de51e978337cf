//! Training, judging and clustering; `marsad.train`, `marsad.evaluate` and the command dress these.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::pipeline::Pipeline;
use super::stream::{PATIENCE, read_threads};
use crate::batch;
use crate::error::{Error, ErrorKind, Result};
use crate::pack::{Pack, write_whole};
use crate::pipeline;
use crate::train::cluster::{Vocabulary, exchange, to_tsv};
use crate::train::corpus::{self, Corpus};
use crate::train::evaluate::evaluate;
use crate::train::session::Session;
use crate::train::tagger::{self, Options};
use crate::train::vectors::CorpusBuilder;
use crate::train::words;

/// What is told while a long work goes on: the scheme or file, the stage, passes done and in all, loss, dev score.
type News = (String, String, u32, u32, f64, Option<f64>);

/// Do a long work on the pool while this thread tells its news and listens to Ctrl-C. The work looks at the flag and
/// ends soon after it is set; a second Ctrl-C does not wait for that.
fn work<T: Send + 'static>(
    py: Python<'_>,
    threads: Option<isize>,
    hear: Option<Py<PyAny>>,
    task: impl FnOnce(&Sender<News>, Arc<AtomicBool>) -> Result<T> + Send + 'static,
) -> PyResult<T> {
    let pool = batch::pool(read_threads(threads)?)?;
    let stop = Arc::new(AtomicBool::new(false));
    let (tell, news) = channel();
    let news: Mutex<Receiver<News>> = Mutex::new(news); // so that waiting may go on without Python
    let flag = stop.clone();
    let running = std::thread::spawn(move || pool.install(|| task(&tell, flag)));
    let mut asked: Option<PyErr> = None;
    loop {
        match py.detach(|| news.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(PATIENCE)) {
            Ok(said) => {
                if let (Some(hear), None) = (&hear, &asked)
                    && let Err(error) = hear.call1(py, said)
                {
                    stop.store(true, Ordering::Relaxed);
                    asked = Some(error);
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if let Err(error) = py.check_signals() {
            if asked.is_some() {
                return Err(error);
            }
            stop.store(true, Ordering::Relaxed);
            asked = Some(error);
        }
    }
    let outcome = py.detach(|| running.join());
    match (asked, outcome) {
        (Some(error), _) => Err(error),
        (None, Ok(outcome)) => Ok(outcome?),
        (None, Err(_)) => Err(PyRuntimeError::new_err("the work failed, please report it")),
    }
}

fn broken_off(stop: &AtomicBool) -> Result<()> {
    if stop.load(Ordering::Relaxed) {
        return Err(Error::new(ErrorKind::Interrupted, "the work was broken off"));
    }
    Ok(())
}

/// How to train, by name.
fn read_options(numbers: &BTreeMap<String, f64>, seed: u64) -> Result<Options> {
    let mut options = Options::default();
    options.chain.seed = seed;
    for (name, value) in numbers {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small numbers, checked in Python")]
        let (whole, part) = (*value as u32, *value as f32);
        match name.as_str() {
            "epochs" => options.chain.epochs = whole,
            "inner_epochs" => options.inner_epochs = whole,
            "folds" => options.folds = whole as usize,
            "least" => options.least = whole,
            "prune" => options.prune = part,
            "faint" => options.faint = part,
            "lean" => options.lean = Some(part),
            "dropout" => options.chain.dropout = part,
            "alpha" => options.chain.alpha = part,
            "l2" => options.chain.l2 = part,
            "lexicon" => options.evidence.lexicon = whole > 0,
            "rules" => options.evidence.rules = whole > 0,
            "document" => options.evidence.document = whole > 0,
            _ => return Err(Error::new(ErrorKind::BadOption, format!("there is no option {name:?} of training"))),
        }
    }
    Ok(options)
}

/// The files of each scheme.
type Corpora = Vec<(String, Vec<PathBuf>)>;

/// Train a tagger for each scheme, one after another, and write the pack. Gives a summary as JSON.
#[pyfunction]
#[pyo3(signature = (base, corpora, dev, out, *, options, seed, patience, helpers, classes, checkpoint, resume, threads=None, hear=None))]
#[allow(clippy::too_many_arguments, reason = "the options of one command")]
pub fn _train(
    py: Python<'_>,
    base: PathBuf,
    corpora: Corpora,
    dev: Corpora,
    out: PathBuf,
    options: BTreeMap<String, f64>,
    seed: u64,
    patience: u32,
    helpers: Vec<String>,
    classes: Vec<PathBuf>,
    checkpoint: PathBuf,
    resume: bool,
    threads: Option<isize>,
    hear: Option<Py<PyAny>>,
) -> PyResult<String> {
    let options = read_options(&options, seed)?;
    let summary = work(py, threads, hear, move |tell, stop| {
        let mut pack = Pack::open(&base)?;
        if !classes.is_empty() {
            pack = words::with_classes(pack, &classes)?;
        }
        let held: Vec<(String, Corpus)> =
            dev.iter().map(|(scheme, paths)| Ok((scheme.clone(), corpus::read(paths)?))).collect::<Result<_>>()?;
        let read: Vec<(String, Corpus)> =
            corpora.iter().map(|(scheme, paths)| Ok((scheme.clone(), corpus::read(paths)?))).collect::<Result<_>>()?;
        let mut schemes = serde_json::Map::new();
        for (scheme, corpus) in read {
            broken_off(&stop)?;
            let own = if helpers.contains(&scheme) { Vec::new() } else { helpers.clone() };
            let mut session = Session::new(|p| {
                let _ = tell.send((scheme.clone(), p.stage.to_owned(), p.done, p.all, p.loss, p.dev));
            })
            .with_stop(stop.clone())
            .with_checkpoint(&checkpoint.join(&scheme), resume);
            let dev = held.iter().find(|(name, _)| *name == scheme).map(|(_, held)| held);
            if let Some(held) = dev {
                session = session.with_held(held.clone(), patience);
            }
            let trained = tagger::train(&pack, &corpus, &own, &options, &mut session)?;
            drop(session);
            let mut row = json!({
                "labels": trained.scheme.labels,
                "nested": trained.scheme.nested,
                "documents": corpus.documents.len(),
                "mentions": trained.mentions.0,
                "lost": trained.mentions.1,
                "features": trained.features,
            });
            pack = trained.into_pack(pack, &scheme)?;
            if let Some(held) = dev {
                let nlp = pipeline::Pipeline::with_scheme(&pack, &scheme)?;
                row["dev"] = judge(held, &tagger::predict(&nlp, &held.documents)?, 1000, 1)?;
            }
            schemes.insert(scheme, row);
        }
        broken_off(&stop)?;
        pack.write(&out)?;
        std::fs::remove_dir_all(&checkpoint)
            .map_err(|e| Error::io(format!("cannot remove the checkpoint {}", checkpoint.display()), e))?;
        Ok(Value::Object(schemes).to_string())
    })?;
    Ok(summary)
}

fn judge(gold: &Corpus, predicted: &Corpus, samples: usize, seed: u64) -> Result<Value> {
    Ok(evaluate(gold, predicted)?.to_json(gold, samples, seed))
}

/// Files, or documents as JSON lines.
#[derive(FromPyObject)]
enum Given {
    Lines(String),
    Files(Vec<PathBuf>),
}

/// Judge predictions: of files, of documents, or those that a pipeline makes now. Gives the report as JSON; `save` is
/// where to write what was predicted, by its name as CoNLL or JSON lines.
#[pyfunction]
#[pyo3(signature = (gold, predicted, *, samples, seed, save=None, threads=None))]
pub fn _evaluate(
    py: Python<'_>,
    gold: &Bound<'_, PyAny>,
    predicted: &Bound<'_, PyAny>,
    samples: usize,
    seed: u64,
    save: Option<PathBuf>,
    threads: Option<isize>,
) -> PyResult<String> {
    let gold: Given = gold.extract()?;
    let nlp = predicted.cast::<Pipeline>().ok().map(|p| p.get().inner.clone());
    let predicted: Given = if nlp.is_some() { Given::Files(Vec::new()) } else { predicted.extract()? };
    let report = work(py, threads, None, move |_, _| {
        let gold = match gold {
            Given::Lines(lines) => corpus::read_str("gold.jsonl", &lines)?,
            Given::Files(files) => corpus::read(&files)?,
        };
        let predicted = match (nlp, predicted) {
            (Some(nlp), _) => tagger::predict(&nlp, &gold.documents)?,
            (None, Given::Lines(lines)) => corpus::read_str_for("predicted.jsonl", &lines, &gold.documents)?,
            (None, Given::Files(files)) => corpus::read_for(&files, &gold.documents)?,
        };
        if let Some(path) = save {
            write_predictions(&path, &predicted)?;
        }
        Ok(judge(&gold, &predicted, samples, seed)?.to_string())
    })?;
    Ok(report)
}

fn write_predictions(path: &Path, corpus: &Corpus) -> Result<()> {
    let conll = path.extension().is_some_and(|e| e == "conll" || e == "tsv");
    let mut out = String::new();
    for document in &corpus.documents {
        if conll && document.tokens.is_empty() {
            let what = format!("{}: running text has no tokens: save .jsonl instead of CoNLL", document.name);
            return Err(Error::new(ErrorKind::BadOption, what));
        }
        out.push_str(&if conll {
            corpus::to_conll(document, &corpus.labels, &document.mentions)
        } else {
            format!("{}\n", corpus::to_json(document, &corpus.labels))
        });
    }
    std::fs::write(path, out).map_err(|e| Error::io(format!("cannot write {}", path.display()), e))
}

/// Sweeps over the words, at most.
const SWEEPS: u32 = 12;

/// Put the words of raw texts into classes and write the table. Gives the number of words.
#[pyfunction]
#[pyo3(signature = (files, out, *, classes, window, least, threads=None, hear=None))]
#[allow(clippy::too_many_arguments, reason = "the options of one command")]
pub fn _cluster(
    py: Python<'_>,
    files: Vec<PathBuf>,
    out: PathBuf,
    classes: Vec<u16>,
    window: usize,
    least: u32,
    threads: Option<isize>,
    hear: Option<Py<PyAny>>,
) -> PyResult<usize> {
    work(py, threads, hear, move |tell, stop| {
        let mut builder = CorpusBuilder::default();
        for file in &files {
            broken_off(&stop)?;
            let name = file.display().to_string();
            if name == "-" {
                builder.read("standard input", &mut std::io::stdin().lock())?;
            } else {
                let open = std::fs::File::open(file).map_err(|e| Error::io(format!("cannot read {name}"), e))?;
                builder.read(&name, BufReader::new(open))?;
            }
        }
        let corpus = builder.build(least);
        if corpus.keys.is_empty() {
            return Err(Error::new(ErrorKind::BadData, format!("no word stands {least} times in the texts")));
        }
        let vocabulary = Vocabulary::new(&corpus, window);
        let mut columns = Vec::new();
        for k in classes {
            broken_off(&stop)?;
            columns.push(exchange(&vocabulary, k, SWEEPS, |sweep, moved| {
                let share = f64::from(u32::try_from(moved).unwrap_or(u32::MAX));
                let _ = tell.send((format!("{k} classes"), "sweep".to_owned(), sweep, SWEEPS, share, None));
                if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            }));
        }
        broken_off(&stop)?;
        write_whole(&out, to_tsv(&corpus.keys, &columns).as_bytes())?;
        Ok(corpus.keys.len())
    })
}
