//! A guard on speed that no busy machine disturbs: instructions that fixed work takes, counted by valgrind.
//!
//! `tests/counts/text.txt` comes from `examples/make_corpus.py`; `tests/counts/instructions.toml` holds what was counted
//! last. `MARSAD_COUNTS=write cargo test --test counts` writes it anew, after a change that is worth its price and
//! after each new pack. Without valgrind nothing is counted.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use marsad::base::{Alignment, hash64};
use marsad::detect::lexicon::Lexicon;
use marsad::detect::{Detect, View};
use marsad::pipeline::{self, Options, Scratch};
use marsad::script::normalize::{Normalizer, UnitScratch, Units, Utf8Scratch};
use marsad::segment::{Layout, Words};
use marsad::table::{Id, Sightings, Writer};
use marsad::{Pack, Pipeline};

const STAGES: [&str; 5] = ["normalize", "segment", "lexicon", "analysis", "tables"];
/// How much more is too much: of the same pack and compiler, and of others.
const SLACK: f64 = 0.05;
const SLACK_OF_OTHERS: f64 = 0.30;
const STAGE: &str = "MARSAD_COUNTED_STAGE";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What valgrind counts, and nothing else.
#[inline(never)]
fn measured(work: &mut dyn FnMut()) {
    work();
}

/// Warm up, then do the work once more to be counted.
fn run(stage: &str) {
    let text = std::fs::read_to_string(root().join("tests/counts/text.txt")).unwrap();
    let count = |work: &mut dyn FnMut()| {
        work();
        measured(work);
    };
    if stage == "normalize" {
        let norm = Normalizer::preset("search").unwrap().narrow();
        let units: Vec<u16> = text.encode_utf16().collect();
        let (mut scratch, mut by_utf8, mut out) = (UnitScratch::default(), Utf8Scratch::default(), Vec::new());
        return count(&mut || {
            let mut map = Alignment::identity(0);
            assert!(norm.units(Units::Ucs2(&units), &mut scratch, None).is_some());
            assert!(norm.units(Units::Ucs2(&units), &mut scratch, Some(&mut map)).is_some());
            out.clear();
            norm.append(&text, &mut by_utf8, &mut out);
        });
    }
    let pack = Pack::open(&root().join("python/marsad/data/core.marsad")).unwrap();
    let words = Words::of(&pack).unwrap();
    let (mut segmenter, mut layout) = (pipeline::segmenter(), Layout::default());
    match stage {
        "segment" => count(&mut || segmenter.segment(&text, &words, &mut layout)),
        "lexicon" => {
            let lexicon = Lexicon::of(&pack, &words).unwrap();
            segmenter.segment(&text, &words, &mut layout);
            let mut found = Vec::new();
            count(&mut || {
                found.clear();
                lexicon.detect(&View { text: &text, layout: &layout, words: &words }, &mut found);
            });
        }
        "tables" => {
            let pipeline = Pipeline::new(&pack).unwrap();
            let doc = pipeline.run(&text, &Options::default()).unwrap();
            let (mut tables, mut things) = (Writer::new(Id::Place(0)), Sightings::default());
            count(&mut || {
                tables.add(Id::Place(0), None, &doc);
                things.add(&doc);
                std::mem::replace(&mut tables, Writer::new(Id::Place(0))).finish();
            });
        }
        _ => {
            let pipeline = Pipeline::new(&pack).unwrap();
            let mut scratch = Scratch::default();
            count(&mut || assert!(pipeline.run_with(&text, &Options::default(), &mut scratch).is_ok()));
        }
    }
}

fn counted(stage: &str) -> f64 {
    let valgrind = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*counts*measured*"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "fixed_work_takes_no_more_instructions"])
        .env(STAGE, stage)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&valgrind.stderr);
    let line = said.lines().find_map(|line| line.split_once("Collected :")).unwrap_or_else(|| panic!("{said}"));
    line.1.trim().parse().unwrap()
}

fn first_line(mut command: Command) -> Option<String> {
    let out = command.output().ok()?;
    String::from_utf8_lossy(&out.stdout).lines().next().map(str::to_owned)
}

fn version(program: &str) -> Option<String> {
    let mut command = Command::new(program);
    command.arg("--version");
    first_line(command)
}

#[test]
fn fixed_work_takes_no_more_instructions() {
    if let Ok(stage) = std::env::var(STAGE) {
        return run(&stage);
    }
    if version("valgrind").is_none() || !cfg!(all(target_os = "linux", target_arch = "x86_64", debug_assertions)) {
        return println!(
            "instructions are counted by valgrind, on Linux and x86-64, in the profile of tests: not here"
        );
    }
    let path = root().join("tests/counts/instructions.toml");
    let pack = std::fs::read(root().join("python/marsad/data/core.marsad")).unwrap();
    let made_with = format!("pack {:016x}, {}", hash64(&pack, 0), version("rustc").unwrap_or_default());
    let counts: Vec<f64> = std::thread::scope(|scope| {
        let running: Vec<_> = STAGES.map(|stage| scope.spawn(|| counted(stage))).into_iter().collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    if std::env::var("MARSAD_COUNTS").is_ok_and(|v| v == "write") {
        return write(&path, &made_with, &counts);
    }
    let known: toml::Table = std::fs::read_to_string(&path).unwrap().parse().unwrap();
    let slack = if known["made_with"].as_str() == Some(&made_with) { SLACK } else { SLACK_OF_OTHERS };
    let mut wrong = String::new();
    for (stage, count) in STAGES.into_iter().zip(counts) {
        let was = f64::from(u32::try_from(known[stage].as_integer().unwrap()).unwrap());
        let change = count / was - 1.0;
        println!("{stage:<10} {count:>12.0} instructions, {:+.1} %", change * 100.0);
        // The normalizer reads no pack.
        if change > if stage == "normalize" { slack.min(0.10) } else { slack } {
            writeln!(wrong, "{stage} takes {:.1} % more instructions", change * 100.0).unwrap();
        }
    }
    assert!(
        wrong.is_empty(),
        "{wrong}Mend it, or accept it: MARSAD_COUNTS=write cargo test --test counts, and commit {}",
        path.display()
    );
}

fn write(path: &Path, made_with: &str, counts: &[f64]) {
    let mut out = format!(
        "# Instructions of fixed work; written by: MARSAD_COUNTS=write cargo test --test counts\nmade_with = \"{made_with}\"\n"
    );
    for (stage, count) in STAGES.into_iter().zip(counts) {
        writeln!(out, "{stage} = {count:.0}").unwrap();
    }
    std::fs::write(path, out).unwrap();
}
