//! Builds the parts of the default pack, and analyzes files without Python.
//!
//! ```text
//! marsad-build analyze PACK FILE           the mentions of FILE as JSON
//! marsad-build tokens PACK FILE…           tokens with their readings, a line each
//! marsad-build words PACK [--least N] RAW…  count the words of raw texts (- is standard input)
//! marsad-build cluster OUT.tsv K[@W],… RAW…  classes of words by exchange, by the neighbors at most W words away
//! marsad-build lexicon PACK TSV… -o OUT    add the tables of the lexicon to a pack of words
//! marsad-build stats PACK                  what the lexicon of a pack holds, by type and source
//! marsad-build vectors OUT.tsv K[,K…] RAW…  classes of words by k-means over skip-gram vectors
//! ```

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::ExitCode;

use marsad::base::CharIndex;
use marsad::pipeline::Options;
use marsad::segment::{Layout, Segmenter};
use marsad::train::cluster::{Vocabulary, exchange};
use marsad::train::vectors::{self, CorpusBuilder};
use marsad::train::{self, words::WordCounter};
use marsad::{Error, ErrorKind, Pack, Pipeline, Result};
use serde_json::json;

const USAGE: &str = "usage: marsad-build analyze PACK FILE | tokens PACK FILE... | words PACK [--least N] RAW... | \
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
    let mut table = String::new();
    for (i, key) in keys.iter().enumerate() {
        table.push_str(key);
        for column in columns {
            let _ = write!(table, "\t{}", column.get(i).copied().unwrap_or(0));
        }
        table.push('\n');
    }
    std::fs::write(out, table).map_err(|e| Error::io(format!("cannot write {out}"), e))
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
        let tell =
            |sweep, moved| eprintln!("{k}@{window}, sweep {sweep}: {moved} of {} words moved", corpus.keys.len());
        columns.push(exchange(&vocabulary, k, SWEEPS, tell));
    }
    write_columns(out, &corpus.keys, &columns)
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
    let entities: Vec<_> = doc
        .mentions()
        .iter()
        .map(|m| {
            let span = doc.chars(m.span);
            json!({"start": span.start, "end": span.end, "label": m.label.name(), "text": doc.text_of(m), "score": m.score})
        })
        .collect();
    println!("{}", json!({"text": doc.text(), "entities": entities}));
    Ok(())
}

/// A line a token: file, code points, kind, key, then the readings as start-end=stem@probability.
fn tokens(pack: &str, files: &[&str]) -> Result<()> {
    let words = Pack::open(Path::new(pack))?.words()?;
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
