//! Where the time of an analysis goes, stage by stage, on one thread.
//!
//! `cargo bench --bench stages -- PACK TEXT…` reads each line of the texts as a document. The texts are read round
//! by round, the stages in turn, and the median of the rounds is told.

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use marsad::detect::lexicon::Lexicon;
use marsad::detect::{Candidate, Detect, View, rules};
use marsad::pipeline::{Options, Scratch};
use marsad::segment::scan::Scanner;
use marsad::segment::{Layout, Segmenter, Words};
use marsad::table::{Id, Tables};
use marsad::{Pack, Pipeline};

const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    let Some((pack, texts)) = args.split_first().filter(|(_, texts)| !texts.is_empty()) else {
        println!("usage: cargo bench --bench stages -- PACK TEXT…   (nothing measured)");
        return Ok(());
    };
    let pack = Pack::open(Path::new(pack))?;
    let words = Words::of(&pack)?;
    let lexicon = Lexicon::of(&pack, &words)?;
    let pipeline = Pipeline::new(&pack)?;
    let options = Options::default();
    let mut docs: Vec<String> = Vec::new();
    for text in texts {
        docs.extend(std::fs::read_to_string(text)?.lines().filter(|line| !line.is_empty()).map(str::to_owned));
    }
    let bytes: usize = docs.iter().map(String::len).sum();
    let (docs, words, lexicon, options) = (&docs, &words, &lexicon, &options);
    let mut segmenter = Segmenter::default();
    let mut layout = Layout::default();
    let tokens: usize = docs
        .iter()
        .map(|doc| {
            segmenter.segment(doc, words, &mut layout);
            layout.tokens.len()
        })
        .sum();
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut detect = move |with_lexicon: bool, with_rules: bool| -> usize {
        let mut found = 0;
        for doc in docs {
            segmenter.segment(doc, words, &mut layout);
            candidates.clear();
            let view = View { text: doc, layout: &layout, words };
            if with_lexicon {
                lexicon.detect(&view, &mut candidates);
            }
            if with_rules {
                rules::figures::detect(&view, &mut candidates);
                rules::contact::detect(&view, &mut candidates);
                rules::structure::Structure.detect(&view, &mut candidates);
            }
            found += layout.tokens.len() + candidates.len();
        }
        found
    };
    let mut scratch = Scratch::default();
    let mut run = |stage: usize| -> usize {
        match stage {
            0 => docs.iter().map(|doc| Scanner::new(doc).count()).sum(),
            1 => detect(false, false),
            2 => detect(true, false),
            3 => detect(true, true),
            4 => docs
                .iter()
                .map(|doc| pipeline.run_with(doc, options, &mut scratch).map_or(0, |doc| doc.mentions().len()))
                .sum(),
            _ => {
                let mut tables = Tables::new(Id::Place(0));
                for (doc, place) in docs.iter().zip(0..) {
                    if let Ok(doc) = pipeline.run_with(doc, options, &mut scratch) {
                        tables.add(Id::Place(place), None, &doc);
                    }
                }
                tables.ents.rows
            }
        }
    };
    let stages =
        ["scan tokens", "segment, read clitics", "… and lexicon", "… and rules", "whole analysis", "… and tables"];
    let mut times = vec![Vec::new(); stages.len()];
    let mut answers = vec![None; stages.len()];
    for _ in 0..ROUNDS {
        for (stage, (times, answer)) in times.iter_mut().zip(&mut answers).enumerate() {
            let start = Instant::now();
            let found = black_box(run(stage));
            times.push(start.elapsed().as_secs_f64());
            assert!(answer.is_none_or(|before| before == found), "{} gave {found}, before {answer:?}", stages[stage]);
            *answer = Some(found);
        }
    }
    println!("{} documents, {:.1} MB, {tokens} tokens; median of {ROUNDS} rounds", docs.len(), bytes as f64 / 1e6);
    println!("{:<28} {:>9} {:>12} {:>9}", "stage", "MB/s", "tokens/s", "ns/token");
    for (name, times) in stages.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        let median = times[ROUNDS / 2];
        let (mb, rate) = (bytes as f64 / 1e6 / median, tokens as f64 / median);
        println!("{name:<28} {mb:>9.1} {rate:>12.0} {:>9.0}", 1e9 / rate);
    }
    Ok(())
}
