//! Builds the parts of the default pack, and analyzes files without Python.
//!
//! ```text
//! marsad-build analyze PACK FILE           the mentions of FILE as JSON
//! marsad-build tokens PACK FILE…           tokens with their readings, a line each
//! marsad-build words PACK [--least N] RAW…  count the words of raw texts (- is standard input)
//! marsad-build cluster OUT.tsv K[@W],… RAW…  classes of words by exchange, by the neighbors at most W words away
//! marsad-build classes WORDS TSV… -o OUT   add columns of classes to a pack of words, before its lexicon
//! marsad-build train PACK [--scheme NAME] [--map TSV] [--helper NAME] [--dev FILE] [--hold FOLDS:FOLD] CORPUS… -o OUT
//!                                          train the tagger of a scheme
//! marsad-build evaluate GOLD PRED          compare two files or folders of annotated text
//! marsad-build score PACK [--errors] CORPUS…  analyze annotated texts and judge the result
//! marsad-build lexicon PACK TSV… -o OUT    add the tables of the lexicon to a pack of words
//! marsad-build stats PACK                  what the lexicon of a pack holds, by type and source
//! marsad-build vectors OUT.tsv K[,K…] RAW…  classes of words by k-means over skip-gram vectors
//! ```

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use marsad::base::CharIndex;
use marsad::detect::tagger::DEFAULT_SCHEME;
use marsad::pipeline::Options;
use marsad::segment::{Layout, Segmenter, Words};
use marsad::train::cluster::{Vocabulary, exchange, to_tsv};
use marsad::train::corpus::{self, Corpus};
use marsad::train::session::Session;
use marsad::train::vectors::{self, CorpusBuilder};
use marsad::train::{self, evaluate, words::WordCounter};
use marsad::{Error, ErrorKind, Pack, Pipeline, Result};

const USAGE: &str = "usage: marsad-build train PACK [--scheme NAME] CORPUS... -o OUT | evaluate GOLD PRED | \
                     score PACK CORPUS... | classes WORDS TSV... -o OUT | analyze PACK FILE | tokens PACK FILE... | words PACK [--least N] RAW... | \
                     lexicon PACK TSV... -o OUT | stats PACK | cluster OUT.tsv K[@W],... RAW... | \
                     vectors OUT.tsv K[,K...] RAW...";

/// Words seen less often are mostly misspellings.
const LEAST: u32 = 3;

/// Give each file, or standard input for `-`, to a reader.
fn each_file(files: &[&str], mut read: impl FnMut(&str, &mut dyn BufRead) -> Result<()>) -> Result<()> {
    for file in files {
        if *file == "-" {
            read("standard input", &mut std::io::stdin().lock())?;
        } else {
            let open = std::fs::File::open(file).map_err(|e| Error::io(format!("cannot read {file}"), e))?;
            read(file, &mut BufReader::new(open))?;
        }
    }
    Ok(())
}

/// Words seen less often have no class by exchange.
const LEAST_CLASSED: u32 = 5;
const SWEEPS: u32 = 12;

fn write_columns(out: &str, keys: &[String], columns: &[Vec<u16>]) -> Result<()> {
    std::fs::write(out, to_tsv(keys, columns)).map_err(|e| Error::io(format!("cannot write {out}"), e))
}

fn cluster(out: &str, specs: &str, files: &[&str]) -> Result<()> {
    let bad =
        |_| Error::new(ErrorKind::BadOption, format!("the numbers of classes are written as 256,512@3, not {specs:?}"));
    let spec = |spec: &str| -> std::result::Result<(u16, usize), std::num::ParseIntError> {
        let (k, window) = spec.split_once('@').unwrap_or((spec, "1"));
        Ok((k.parse()?, window.parse()?))
    };
    let specs: Vec<(u16, usize)> = specs.split(',').map(|s| spec(s).map_err(bad)).collect::<Result<_>>()?;
    let mut builder = CorpusBuilder::default();
    each_file(files, |name, text| builder.read(name, text))?;
    let corpus = builder.build(LEAST_CLASSED);
    let mut columns = Vec::new();
    for (k, window) in specs {
        let vocabulary = Vocabulary::new(&corpus, window);
        let tell = |sweep, moved| {
            eprintln!("{k}@{window}, sweep {sweep}: {moved} of {} words moved", corpus.keys.len());
            ControlFlow::Continue(())
        };
        columns.push(exchange(&vocabulary, k, SWEEPS, tell));
    }
    write_columns(out, &corpus.keys, &columns)
}

fn classes(pack: &str, rest: &[&str]) -> Result<()> {
    let [files @ .., "-o", out] = rest else { return Err(Error::new(ErrorKind::BadOption, USAGE)) };
    let tables: Vec<PathBuf> = files.iter().map(PathBuf::from).collect();
    let pack = train::words::with_classes(Pack::open(Path::new(pack))?, &tables)?;
    let words = Words::of(&pack)?;
    println!("{} words with {} classes each", words.len(), words.clusterings());
    pack.write(Path::new(out))
}

/// Options of training and judging, and the corpus files among them.
struct Task<'a> {
    scheme: &'a str,
    dev: Vec<PathBuf>,
    hold: Option<(usize, usize)>,
    map: Option<&'a str>,
    helpers: Vec<String>,
    out: Option<&'a str>,
    errors: bool,
    train: train::tagger::Options,
    corpora: Vec<PathBuf>,
}

impl<'a> Task<'a> {
    fn parse(args: &[&'a str]) -> Result<Self> {
        let mut task = Task {
            scheme: DEFAULT_SCHEME,
            dev: Vec::new(),
            hold: None,
            map: None,
            helpers: Vec::new(),
            out: None,
            errors: false,
            train: Default::default(),
            corpora: Vec::new(),
        };
        let mut args = args.iter();
        while let Some(&arg) = args.next() {
            let bad = || Error::new(ErrorKind::BadOption, format!("{arg} needs another value"));
            let mut value = || args.next().copied().ok_or_else(bad);
            let chain = &mut task.train.chain;
            match arg {
                "--scheme" => task.scheme = value()?,
                "--map" => task.map = Some(value()?),
                "--helper" => task.helpers.push(value()?.to_owned()),
                "--dev" => task.dev.push(value()?.into()),
                "-o" | "--out" => task.out = Some(value()?),
                "--errors" => task.errors = true,
                "--no-lexicon" => task.train.evidence.lexicon = false,
                "--no-rules" => task.train.evidence.rules = false,
                "--one-pass" => task.train.evidence.document = false,
                "--epochs" => chain.epochs = value()?.parse().map_err(|_| bad())?,
                "--inner-epochs" => task.train.inner_epochs = value()?.parse().map_err(|_| bad())?,
                "--members" => task.train.members = value()?.parse().map_err(|_| bad())?,
                "--folds" => task.train.folds = value()?.parse().map_err(|_| bad())?,
                "--least" => task.train.least = value()?.parse().map_err(|_| bad())?,
                "--prune" => task.train.prune = value()?.parse().map_err(|_| bad())?,
                "--faint" => task.train.faint = value()?.parse().map_err(|_| bad())?,
                "--lean" => task.train.lean = Some(value()?.parse().map_err(|_| bad())?),
                "--scale" => task.train.scale = value()?.parse().map_err(|_| bad())?,
                "--blind-words" => chain.blind[0] = value()?.parse().map_err(|_| bad())?,
                "--blind-matches" => chain.blind[1] = value()?.parse().map_err(|_| bad())?,
                "--dropout" => chain.dropout = value()?.parse().map_err(|_| bad())?,
                "--alpha" => chain.alpha = value()?.parse().map_err(|_| bad())?,
                "--l2" => chain.l2 = value()?.parse().map_err(|_| bad())?,
                "--seed" => chain.seed = value()?.parse().map_err(|_| bad())?,
                "--hold" => {
                    let (folds, fold) = value()?.split_once(':').ok_or_else(bad)?;
                    task.hold = Some((folds.parse().map_err(|_| bad())?, fold.parse().map_err(|_| bad())?));
                }
                _ if arg.starts_with("--") => {
                    return Err(Error::new(ErrorKind::BadOption, format!("unknown option {arg}; {USAGE}")));
                }
                _ => task.corpora.push(arg.into()),
            }
        }
        Ok(task)
    }
}

impl Task<'_> {
    /// Read corpora, their labels changed by the table of `--map`: an old and a new name a line.
    fn read(&self, paths: &[PathBuf]) -> Result<Corpus> {
        let corpus = corpus::read(paths)?;
        let Some(map) = self.map else { return Ok(corpus) };
        let table = std::fs::read_to_string(map).map_err(|e| Error::io(format!("cannot read {map}"), e))?;
        let rows: Vec<(&str, &str)> = table.lines().filter_map(|line| line.split_once('\t')).collect();
        corpus.with_labels(|old| rows.iter().find(|row| row.0 == old).map(|row| row.1.to_owned()))
    }
}

fn train_tagger(pack: &str, args: &[&str]) -> Result<()> {
    let task = Task::parse(args)?;
    let pack = Pack::open(Path::new(pack))?;
    let mut corpus = task.read(&task.corpora)?;
    let mut held = Vec::new();
    if let Some((folds, fold)) = task.hold {
        let mut at = 0;
        corpus.documents.retain(|document| {
            let kept = at % folds != fold;
            at += 1;
            if !kept {
                held.push(document.clone());
            }
            kept
        });
    }
    let labels = corpus.labels.clone();
    let start = std::time::Instant::now();
    let mut session = Session::new(|p| {
        eprintln!("{:6.1} s  {} {}/{}: loss {:.4}", start.elapsed().as_secs_f64(), p.stage, p.done, p.all, p.loss);
    });
    let trained = train::tagger::train(&pack, &corpus, &task.helpers, &task.train, &mut session)?;
    let (all, lost) = trained.mentions;
    println!("{all} mentions, {lost} of them lost; {} features; lean {}", trained.features, trained.lean);
    let pack = trained.into_pack(pack, task.scheme)?;
    if let Some(out) = task.out {
        pack.write(Path::new(out))?;
    }
    let pipeline = Pipeline::with_scheme(&pack, task.scheme)?;
    if !held.is_empty() {
        judge(&pipeline, Corpus { labels, documents: held }, task.errors)?;
    }
    if !task.dev.is_empty() {
        judge(&pipeline, task.read(&task.dev)?, task.errors)?;
    }
    Ok(())
}

fn judge(pipeline: &Pipeline, gold: Corpus, errors: bool) -> Result<()> {
    let predicted = train::tagger::predict(pipeline, &gold.documents)?;
    report(&gold, &predicted, errors)
}

fn report(gold: &Corpus, predicted: &Corpus, errors: bool) -> Result<()> {
    let report = evaluate::evaluate(gold, predicted)?;
    if errors {
        for mistake in &report.mistakes {
            let document = &gold.documents[mistake.document];
            let shown = |m: Option<corpus::Gold>| {
                m.map_or("-".to_owned(), |m| {
                    format!("{} {}", report.labels.name(m.label), m.span.slice(&document.text))
                })
            };
            let (truth, guess) = (shown(mistake.gold), shown(mistake.predicted));
            println!("{:?}\t{truth}\t{guess}\t{}\t{}", mistake.kind, mistake.context, document.name);
        }
    }
    print!("{}", report.to_table());
    for (step, r) in report.reliability.iter().enumerate().filter(|(_, r)| r.mentions > 0) {
        #[allow(clippy::cast_precision_loss, reason = "counts of mentions")]
        let (n, right) = (r.mentions as f64, r.right as f64);
        println!("probability 0.{step}: {:5} mentions, said {:.3}, right {:.3}", r.mentions, r.said / n, right / n);
    }
    let (all, core) = report.bootstrap(1000, 1);
    println!("95 % interval: ALL {:.3}-{:.3}, CORE {:.3}-{:.3}", all.low, all.high, core.low, core.high);
    Ok(())
}

fn score(pack: &str, args: &[&str]) -> Result<()> {
    let task = Task::parse(args)?;
    let pipeline = Pipeline::with_scheme(&Pack::open(Path::new(pack))?, task.scheme)?;
    judge(&pipeline, corpus::read(&task.corpora)?, task.errors)
}

fn compare(gold: &str, predicted: &str) -> Result<()> {
    report(&corpus::read(&[gold.into()])?, &corpus::read(&[predicted.into()])?, false)
}

/// How many of the most frequent words choose the centers, and how often.
const FREQUENT: usize = 60_000;
const ROUNDS: usize = 12;

fn vectors(out: &str, sizes: &str, files: &[&str]) -> Result<()> {
    let bad =
        |_| Error::new(ErrorKind::BadOption, format!("the numbers of classes are written as 256,1024, not {sizes:?}"));
    let sizes: Vec<usize> = sizes.split(',').map(|k| k.parse().map_err(bad)).collect::<Result<_>>()?;
    let mut builder = CorpusBuilder::default();
    each_file(files, |name, text| builder.read(name, text))?;
    let corpus = builder.build(LEAST);
    let mut shown = 0;
    let vectors = vectors::train(&corpus, |done, all| {
        let percent = done * 100 / all;
        if percent > shown {
            shown = percent;
            eprint!("\rvectors of {} words: {percent} %", corpus.keys.len());
        }
    });
    eprintln!();
    let columns: Vec<Vec<u16>> = sizes.iter().map(|&k| vectors::classes(&vectors, k, FREQUENT, ROUNDS)).collect();
    write_columns(out, &corpus.keys, &columns)
}

fn words(pack: &str, rest: &[&str]) -> Result<()> {
    let (least, files) = match rest {
        ["--least", least, files @ ..] => {
            let bad = |_| Error::new(ErrorKind::BadOption, format!("--least takes a number, not {least:?}"));
            (least.parse().map_err(bad)?, files)
        }
        files => (LEAST, files),
    };
    let mut counter = WordCounter::default();
    each_file(files, |name, text| counter.read(name, text))?;
    let tokens = counter.tokens();
    let builder = counter.into_builder(least);
    train::words::pack(&builder)?.write(Path::new(pack))?;
    println!("{} words from {tokens} tokens", builder.len());
    Ok(())
}

fn lexicon(pack: &str, tables: &[&str], out: &str) -> Result<()> {
    let mut rows = Vec::new();
    for table in tables {
        rows.extend(marsad::detect::lexicon::read(Path::new(table))?);
    }
    let pack = train::lexicon::compile(&Pack::open(Path::new(pack))?, &rows)?;
    pack.write(Path::new(out))
}

fn analyze(pack: &str, file: &str) -> Result<()> {
    let pipeline = Pipeline::new(&Pack::open(Path::new(pack))?)?;
    let text = std::fs::read_to_string(file).map_err(|e| Error::io(format!("cannot read {file}"), e))?;
    let doc = pipeline.run(&text, &Options::default())?;
    println!("{}", serde_json::to_string(&doc.json()).unwrap_or_default());
    Ok(())
}

/// A line a token: file, code points, kind, key, then the readings as start-end=stem@probability.
fn tokens(pack: &str, files: &[&str]) -> Result<()> {
    let words = Words::of(&Pack::open(Path::new(pack))?)?;
    let (mut segmenter, mut layout) = (Segmenter::default(), Layout::default());
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|e| Error::io(format!("cannot read {file}"), e))?;
        segmenter.segment(&text, &words, &mut layout);
        let chars = CharIndex::new(&text);
        let mut out = String::new();
        for token in &layout.tokens {
            let span = chars.to_chars(&text, token.span);
            let _ = write!(out, "{file}\t{}\t{}\t{:?}\t{}\t", span.start, span.end, token.kind, layout.key(token));
            for reading in layout.readings(token) {
                let span = chars.to_chars(&text, reading.span);
                let (stem, probability) = (layout.stem(reading), reading.probability());
                let _ = write!(out, "{}-{}={stem}@{probability:.3} ", span.start, span.end);
            }
            out.push('\n');
        }
        print!("{out}");
    }
    Ok(())
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args[..] {
        ["analyze", pack, file] => analyze(pack, file),
        ["tokens", pack, ref files @ ..] if !files.is_empty() => tokens(pack, files),
        ["words", pack, ref rest @ ..] if !rest.is_empty() => words(pack, rest),
        ["classes", pack, ref rest @ ..] => classes(pack, rest),
        ["train", pack, ref rest @ ..] if !rest.is_empty() => train_tagger(pack, rest),
        ["score", pack, ref rest @ ..] if !rest.is_empty() => score(pack, rest),
        ["evaluate", gold, predicted] => compare(gold, predicted),
        ["cluster", out, specs, ref files @ ..] if !files.is_empty() => cluster(out, specs, files),
        ["lexicon", pack, ref tables @ .., "-o", out] if !tables.is_empty() => lexicon(pack, tables, out),
        ["stats", pack] => {
            Pack::open(Path::new(pack)).and_then(|pack| train::lexicon::stats(&pack)).map(|s| print!("{s}"))
        }
        ["vectors", out, sizes, ref files @ ..] if !files.is_empty() => vectors(out, sizes, files),
        _ => Err(Error::new(ErrorKind::BadOption, USAGE)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("marsad-build: {error}");
            ExitCode::from(2)
        }
    }
}
