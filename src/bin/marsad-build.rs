//! Builds the parts of the default pack, and analyzes files without Python.
//!
//! ```text
//! marsad-build analyze PACK FILE         the mentions of FILE as JSON
//! ```

use std::path::Path;
use std::process::ExitCode;

use marsad::pipeline::Options;
use marsad::{Error, ErrorKind, Pack, Pipeline, Result};
use serde_json::json;

const USAGE: &str = "usage: marsad-build analyze PACK FILE";

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
