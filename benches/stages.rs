//! Where the time of an analysis goes, stage by stage, on one thread.
//!
//! `cargo bench --bench stages -- PACK TEXT…` reads each line of the texts as a document. The texts are read round
//! by round, the stages in turn, and the median of the rounds is told: of the time that the processor spent, where
//! the system says it. A second table matches lexicons of growing size alone, clitics included; with `--lexicons` it
//! is the only one.

use std::collections::HashSet;
use std::hint::black_box;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Instant;

use marsad::detect::lexicon::{Lexicon, Row, UserLexicon};
use marsad::detect::tagger;
use marsad::detect::{Candidate, Detect, View, rules};
use marsad::doc::{Doc, Mention};
use marsad::pipeline::{self, Options, Scratch};
use marsad::resolve::values::{self, Context};
use marsad::resolve::{self, meaning, overlap};
use marsad::segment::scan::Scanner;
use marsad::segment::{Layout, Trait, Words};
use marsad::table::{Id, Writer};
use marsad::{Pack, Pipeline};

const ROUNDS: usize = 5;

/// Seconds that this thread has run, or else those of the clock.
fn seconds() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let spent = std::fs::read_to_string("/proc/thread-self/schedstat");
    let spent = spent.ok().and_then(|line| line.split(' ').next()?.parse::<f64>().ok());
    spent.map_or_else(|| START.get_or_init(Instant::now).elapsed().as_secs_f64(), |ns| ns / 1e9)
}

/// The median of the rounds of each task, in turn.
fn medians(count: usize, mut run: impl FnMut(usize) -> usize, name: impl Fn(usize) -> String) -> Vec<f64> {
    let mut times = vec![Vec::new(); count];
    let mut answers = vec![None; count];
    for _ in 0..ROUNDS {
        for (task, (times, answer)) in times.iter_mut().zip(&mut answers).enumerate() {
            let start = seconds();
            let found = black_box(run(task));
            times.push(seconds() - start);
            assert!(answer.is_none_or(|before| before == found), "{} gave {found}, before {answer:?}", name(task));
            *answer = Some(found);
        }
    }
    times.iter_mut().for_each(|times| times.sort_by(f64::total_cmp));
    times.iter().map(|times| times[ROUNDS / 2]).collect()
}

/// Numbers that look random, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % below.max(1)
    }
}

/// People, as an analyst lists them: given and family names of the table, two or three a person, the frequent ones
/// more often.
fn people(words: &Words, count: usize) -> Vec<Row> {
    // Words are in the order of falling frequency.
    let having = |wanted: Trait| -> Vec<&str> {
        (0..).take(words.len()).filter(|id| words.traits(*id).any(wanted)).map(|id| words.key(id)).collect()
    };
    let (given, family) = (having(Trait::GIVEN), having(Trait::FAMILY));
    let mut random = Random(7);
    // Every other name is of the first quarter.
    let mut pick = |names: &[&str]| {
        let part = random.below(1 << 15);
        names[(names.len() * part * part) >> 30].to_owned()
    };
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    while out.len() < count {
        let mut name = pick(&given);
        for _ in 0..out.len() % 2 {
            name = format!("{name} {}", pick(&given));
        }
        name = format!("{name} {}", pick(&family));
        if seen.insert(name.clone()) {
            out.push(Row::new("PERS", &name));
        }
    }
    out
}

/// Names: half of them words that follow each other in the texts, half words thrown together.
fn names(docs: &[String], count: usize) -> Vec<Row> {
    let texts: Vec<Vec<&str>> = docs
        .iter()
        .map(|doc| doc.split_whitespace().filter(|word| word.chars().all(char::is_alphabetic)).collect::<Vec<_>>())
        .filter(|words| words.len() > 3)
        .collect();
    let mut random = Random(9);
    let mut random = |below| random.below(below);
    let mut seen = HashSet::new();
    let mut out = Vec::new();
    while out.len() < count {
        let words = &texts[random(texts.len())];
        let (at, long) = (random(words.len() - 3), 2 + random(2));
        let name = if out.len() % 2 == 0 && out.len() < 100_000 {
            words[at..at + long].join(" ")
        } else {
            let other = &texts[random(texts.len())];
            format!("{} {}", words[at], other[random(other.len() - 2)..][..long - 1].join(" "))
        };
        if seen.insert(name.clone()) {
            out.push(Row::new("ORG", &name));
        }
    }
    out
}

/// Lexicons alone, over units that are read already.
fn lexicons(docs: &[String], words: &Words, bundled: &Lexicon) -> Result<(), Box<dyn std::error::Error>> {
    let mut segmenter = pipeline::segmenter();
    let layouts: Vec<Layout> = docs
        .iter()
        .map(|doc| {
            let mut layout = Layout::default();
            segmenter.segment(doc, words, &mut layout);
            layout
        })
        .collect();
    let sizes = [1_000, 20_000, 200_000, 1_000_000];
    let mut all: Vec<(String, Box<dyn Detect>)> =
        vec![(format!("bundled, {}", bundled.len()), Box::new(bundled.clone()))];
    for count in sizes {
        let own = UserLexicon::from_rows(&people(words, count), words)?;
        all.push((format!("people, {count}"), Box::new(own)));
    }
    for count in sizes {
        let own = UserLexicon::from_rows(&names(docs, count), words)?;
        all.push((format!("words of these texts, {count}"), Box::new(own)));
    }
    let mut found: Vec<Candidate> = Vec::new();
    let mut counts = vec![0; all.len()];
    let run = |which: usize| {
        let mut sum = 0;
        for (doc, layout) in docs.iter().zip(&layouts) {
            found.clear();
            all[which].1.detect(&View { text: doc, layout, words }, &mut found);
            sum += found.len();
        }
        counts[which] = sum;
        sum
    };
    let medians = medians(all.len(), run, |which| all[which].0.clone());
    let bytes: usize = docs.iter().map(String::len).sum();
    println!("### Lexicons alone, with clitics, once the words are read\n");
    println!("| lexicon, names | MB/s | found |\n|---|---|---|");
    for (((name, _), median), count) in all.iter().zip(medians).zip(counts) {
        println!("| {name} | {:.1} | {count} |", bytes as f64 / 1e6 / median);
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let lexicons_only = std::env::args().any(|arg| arg == "--lexicons");
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
    if lexicons_only {
        return lexicons(docs, words, lexicon);
    }
    let mut segmenter = pipeline::segmenter();
    let mut layout = Layout::default();
    let tokens: usize = docs
        .iter()
        .map(|doc| {
            segmenter.segment(doc, words, &mut layout);
            layout.tokens.len()
        })
        .sum();
    let spaced: usize = docs.iter().map(|doc| doc.split_whitespace().count()).sum();
    let (mut candidates, mut standing): (Vec<Candidate>, Vec<Candidate>) = (Vec::new(), Vec::new());
    let (mut tags, learned) = (tagger::Scratch::default(), pipeline.tagger());
    let mut detect = move |stage: usize| -> usize {
        let mut found = 0;
        for doc in docs {
            segmenter.segment(doc, words, &mut layout);
            candidates.clear();
            let view = View { text: doc, layout: &layout, words };
            if stage > 1 {
                lexicon.detect(&view, &mut candidates);
            }
            if stage > 2 {
                rules::figures::detect(&view, &mut candidates);
                rules::contact::detect(&view, &mut candidates);
                rules::structure::Structure.detect(&view, &mut candidates);
            }
            if let Some(tagger) = learned.filter(|_| stage > 3) {
                resolve::gather(&view, &mut candidates);
                standing.clone_from(&candidates);
                overlap::resolve(&mut standing);
                let mut tagged = Vec::new();
                tagger.tag(&view, &candidates, &standing, &mut tags, &mut tagged);
                found += tagged.len();
            }
            found += layout.tokens.len() + candidates.len();
        }
        found
    };
    let mut scratch = Scratch::default();
    let analyzed: Vec<Doc> = docs.iter().filter_map(|doc| pipeline.run(doc, options).ok()).collect();
    let mut judged: Vec<Vec<Mention>> = analyzed.iter().map(|doc| doc.mentions().to_vec()).collect();
    let mut memory = meaning::Scratch::default();
    let mut run = |stage: usize| -> usize {
        match stage {
            0 => docs.iter().map(|doc| Scanner::new(doc).count()).sum(),
            1..=4 => detect(stage),
            5 => docs
                .iter()
                .map(|doc| pipeline.run_with(doc, options, &mut scratch).map_or(0, |doc| doc.mentions().len()))
                .sum(),
            6 => {
                let mut tables = Writer::new(Id::Place(0));
                for (doc, place) in docs.iter().zip(0..) {
                    if let Ok(doc) = pipeline.run_with(doc, options, &mut scratch) {
                        tables.add(Id::Place(place), None, &doc);
                    }
                }
                tables.finish().ents.rows
            }
            _ => {
                let mut things = 0;
                for (doc, mentions) in analyzed.iter().zip(&mut judged) {
                    let view = View { text: doc.text(), layout: doc.layout(), words };
                    values::annotate(doc.text(), doc.layout(), mentions, &Context::default());
                    let own = pipeline.own_lexicon();
                    things += meaning::read(&view, (lexicon, own), mentions, &mut memory).groups.all().len();
                }
                things
            }
        }
    };
    let stages = [
        "scan tokens",
        "segment, read clitics",
        "… and lexicon",
        "… and rules",
        "… and tagger",
        "whole analysis",
        "… and tables",
        "values, links, groups, quotations alone",
    ];
    let medians = medians(stages.len(), &mut run, |stage| stages[stage].to_owned());
    println!(
        "{} documents, {:.1} MB, {spaced} words, {tokens} tokens; one thread; median of {ROUNDS} rounds.\n",
        docs.len(),
        bytes as f64 / 1e6
    );
    println!("| up to and with | MB/s | words/s | ns a word |\n|---|---|---|---|");
    for (name, median) in stages.iter().zip(medians) {
        let (mb, rate) = (bytes as f64 / 1e6 / median, spaced as f64 / median);
        println!("| {name} | {mb:.1} | {rate:.0} | {:.0} |", 1e9 / rate);
    }
    println!();
    lexicons(docs, words, lexicon)
}
