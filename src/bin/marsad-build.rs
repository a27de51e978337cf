//! Builds the parts of the default pack, and analyzes files without Python.
//!
//! ```text
//! marsad-build analyze PACK FILE           the mentions of FILE as JSON
//! marsad-build words PACK [--least N] RAW…  count the words of raw texts (- is standard input)
//! ```

use std::io::BufReader;
use std::path::Path;
use std::process::ExitCode;

use marsad::pipeline::Options;
use marsad::train::{self, words::WordCounter};
use marsad::{Error, ErrorKind, Pack, Pipeline, Result};
use serde_json::json;

const USAGE: &str = "usage: marsad-build analyze PACK FILE | words PACK [--least N] RAW...";

/// Words seen less often are mostly misspellings.
const LEAST: u32 = 3;

fn words(pack: &str, rest: &[&str]) -> Result<()> {
    let (least, files) = match rest {
        ["--least", least, files @ ..] => {
            let bad = |_| Error::new(ErrorKind::BadOption, format!("--least takes a number, not {least:?}"));
            (least.parse().map_err(bad)?, files)
        }
        files => (LEAST, files),
    };
    let mut counter = WordCounter::default();
    for file in files {
        if *file == "-" {
            counter.read("standard input", std::io::stdin().lock())?;
        } else {
            let open = std::fs::File::open(file).map_err(|e| Error::io(format!("cannot read {file}"), e))?;
            counter.read(file, BufReader::new(open))?;
        }
    }
    let tokens = counter.tokens();
    let builder = counter.into_builder(least);
    train::words::pack(&builder)?.write(Path::new(pack))?;
    println!("{} words from {tokens} tokens", builder.len());
    Ok(())
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

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args[..] {
        ["analyze", pack, file] => analyze(pack, file),
        ["words", pack, ref rest @ ..] if !rest.is_empty() => words(pack, rest),
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
