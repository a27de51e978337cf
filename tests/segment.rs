//! Tokens, sentences and blocks: golden cases, and laws on any text.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::BTreeSet;

use marsad::Pack;
use marsad::base::{Bytes, Span};
use marsad::script::{CharClass, class_of, fold_to_string};
use marsad::segment::words::WordsBuilder;
use marsad::segment::{BlockKind, Layout, NO_WORD, Proclitics, Segmenter, TokenKind, Words, segment};
use proptest::prelude::*;

fn cases(file: &str) -> Vec<toml::Table> {
    let file: toml::Table = file.parse().unwrap();
    file["case"].as_array().unwrap().iter().map(|case| case.as_table().unwrap().clone()).collect()
}

fn strings(case: &toml::Table, key: &str) -> Vec<String> {
    case[key].as_array().unwrap().iter().map(|v| v.as_str().unwrap().to_owned()).collect()
}

fn kind(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Word => "w",
        TokenKind::Foreign => "f",
        TokenKind::Number => "n",
        TokenKind::Punct => "p",
        TokenKind::Url => "u",
        TokenKind::Email => "e",
        TokenKind::Handle => "h",
        TokenKind::Hashtag => "t",
    }
}

#[test]
fn golden_tokens() {
    let mut wrong = String::new();
    for case in cases(include_str!("golden/tokens.toml")) {
        let text = case["text"].as_str().unwrap();
        let mut layout = Layout::default();
        segment(text, &Words::default(), &mut layout);
        let tokens: Vec<String> = layout.tokens.iter().map(|t| t.span.slice(text).to_owned()).collect();
        let kinds: Vec<&str> = layout.tokens.iter().map(|t| kind(t.kind)).collect();
        let (wanted, wanted_kinds) = (strings(&case, "tokens"), case["kinds"].as_str().unwrap());
        if tokens != wanted || kinds.join(" ") != wanted_kinds {
            wrong += &format!(
                "{}\n  wanted {wanted:?} {wanted_kinds}\n  got    {tokens:?} {}\n",
                case["name"],
                kinds.join(" ")
            );
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn golden_sentences() {
    let mut wrong = String::new();
    for case in cases(include_str!("golden/sentences.toml")) {
        let text = case["text"].as_str().unwrap();
        let mut layout = Layout::default();
        segment(text, &Words::default(), &mut layout);
        let sents: Vec<String> = layout.sents.iter().map(|s| s.span.slice(text).to_owned()).collect();
        if sents != strings(&case, "sents") {
            wrong += &format!("{}\n  wanted {:?}\n  got    {sents:?}\n", case["name"], strings(&case, "sents"));
        }
        let blocks: Vec<&str> = layout
            .blocks
            .iter()
            .map(|b| match b.kind {
                BlockKind::Paragraph => "paragraph",
                BlockKind::Heading => "heading",
                BlockKind::Embed => "embed",
            })
            .collect();
        if case.contains_key("blocks") && blocks != strings(&case, "blocks") {
            wrong += &format!("{}\n  wanted {:?}\n  got    {blocks:?}\n", case["name"], strings(&case, "blocks"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// A small table in which clitics have something to hold on to.
fn words() -> Words {
    let mut builder = WordsBuilder::default();
    for (key, count) in
        [("سرت", 900), ("ليبيا", 2000), ("وليبيا", 200), ("التنظيم", 700), ("كتاب", 800), ("مدينه", 900)]
    {
        builder.entry(key).count = count;
    }
    open(&builder)
}

fn open(builder: &WordsBuilder) -> Words {
    Words::open(builder.build().unwrap().map(|section| Bytes::copy(&section))).unwrap()
}

/// Text of the parts that the scanner looks for, in any order.
fn page() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        proptest::sample::select(vec![
            "وليبيا",
            "للتنظيم",
            "مدينتهم",
            "بسرت",
            "كتابه",
            "ﻻ",
            "ﷲ",
            "لـ",
            "«",
            "»",
            "(",
            ")",
            "\"",
            "'",
            ".",
            "...",
            "؟",
            "!",
            "،",
            "؛",
            ":",
            "/",
            "-",
            "@",
            "#",
            "_",
            "%",
            "12",
            "٣",
            "٫",
            ",",
            "\n",
            "\n\n",
            "\r",
            " ",
            "\u{A0}",
            "\u{200F}",
            "\u{64E}",
            "ـ",
            "http://",
            "www.",
            "example",
            ".com",
            "a@b",
            "F-",
            "16",
            "é",
            "\u{301}",
            "½",
            "中",
            "🙂",
            "\u{FE0F}",
            "د",
            "و",
            "أ",
            "إ",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

/// The laws of a layout.
fn check(text: &str, layout: &Layout) {
    let mut at = 0;
    let gap = |from: u32, to: u32| {
        let between = Span::<marsad::base::Src>::new(from, to).of(text).unwrap();
        assert!(
            between.chars().all(|c| matches!(class_of(c), CharClass::Space | CharClass::Break | CharClass::Mark)
                || c.is_whitespace()
                || ('\u{2028}'..='\u{206F}').contains(&c)),
            "{between:?} lies outside all tokens of {text:?}"
        );
    };
    for token in &layout.tokens {
        gap(at, token.span.start);
        at = token.span.end;
        let surface = token.span.of(text).unwrap();
        assert!(!surface.is_empty());
        assert_eq!(layout.key(token), fold_to_string(surface));
        let readings = layout.readings(token);
        assert_eq!(token.kind == TokenKind::Word, !readings.is_empty());
        assert!(readings.is_sorted_by(|a, b| a.score >= b.score));
        for reading in readings {
            assert!(token.span.contains(reading.span), "{reading:?} of {surface:?}");
            assert!(reading.span.of(text).is_some(), "{reading:?} of {surface:?} is off a boundary");
            assert!(layout.keys.get(reading.stem.0 as usize..reading.stem.1 as usize).is_some());
            assert!(reading.probability() <= 1.0);
        }
        if token.kind == TokenKind::Word {
            assert!(readings.iter().any(|reading| reading.is_whole() && reading.span == token.span));
        }
    }
    gap(at, u32::try_from(text.len()).unwrap());
    let mut token = 0;
    for sent in &layout.sents {
        assert_eq!(sent.tokens.0, token, "sentences leave no token out");
        assert!(sent.tokens.0 < sent.tokens.1);
        token = sent.tokens.1;
        let tokens = layout.tokens_of(sent);
        assert_eq!(sent.span.start, tokens[0].span.start);
        assert_eq!(sent.span.end, tokens[tokens.len() - 1].span.end);
    }
    assert_eq!(token as usize, layout.tokens.len());
    let mut sent = 0;
    for (number, block) in layout.blocks.iter().enumerate() {
        assert_eq!(block.sents.0, sent, "blocks leave no sentence out");
        assert!(block.sents.0 < block.sents.1);
        sent = block.sents.1;
        for sent in &layout.sents[block.sents.0 as usize..block.sents.1 as usize] {
            assert!(block.span.contains(sent.span));
            assert_eq!(sent.block as usize, number);
        }
    }
    assert_eq!(sent as usize, layout.sents.len());
}

proptest! {
    #[test]
    fn laws(text in page()) {
        let mut layout = Layout::default();
        segment(&text, &words(), &mut layout);
        check(&text, &layout);
    }

    /// What was read before changes nothing.
    #[test]
    fn memory_changes_nothing(first in page(), second in page()) {
        let words = words();
        let (mut used, mut fresh) = (Layout::default(), Layout::default());
        let mut segmenter = Segmenter::default();
        segmenter.segment(&first, &words, &mut used);
        segmenter.segment(&second, &words, &mut used);
        segment(&second, &words, &mut fresh);
        prop_assert_eq!(format!("{used:?}"), format!("{fresh:?}"));
        segmenter.segment(&second, &Words::default(), &mut used);
        segment(&second, &Words::default(), &mut fresh);
        prop_assert_eq!(format!("{used:?}"), format!("{fresh:?}"));
    }
}

/// Long runs of what the scanner looks ahead for: no more than linear time, or the test never ends.
#[test]
fn long_runs() {
    for part in ["a-", "a.", "1.", "www.", "http://", "@", "#", "((", "\"", "…", "و", "لل", "a@", ")", "ـ", "\u{200F}"]
    {
        let text = format!("http://a{}", part.repeat(200_000));
        let mut layout = Layout::default();
        segment(&text, &words(), &mut layout);
        check(&text, &layout);
        let text = part.repeat(200_000);
        segment(&text, &words(), &mut layout);
        check(&text, &layout);
    }
}

/// What the bundled table knows of the words in `golden/clitics.toml`.
fn golden_words() -> Words {
    let mut builder = WordsBuilder::default();
    for line in include_str!("golden/words.tsv").lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let info = builder.entry(fields[0]);
        (info.count, info.traits) = (fields[1].parse().unwrap(), fields[2].parse().unwrap());
    }
    open(&builder)
}

struct Golden {
    /// The word, and where its stem begins.
    cuts: Vec<(String, usize)>,
    /// The word, where its stem ends, and the stem alone.
    pronouns: Vec<(String, usize, String)>,
}

fn golden_clitics() -> Golden {
    let file: toml::Table = include_str!("golden/clitics.toml").parse().unwrap();
    let cut = |word: &str| (word.replace('+', ""), word.find('+').unwrap_or(0));
    let cuts = strings(&file, "split").iter().chain(&strings(&file, "whole")).map(|w| cut(w)).collect();
    let pronouns = file["pronoun"].as_array().unwrap().iter().map(|case| {
        let (word, at) = cut(case["word"].as_str().unwrap());
        (word, at, case["stem"].as_str().unwrap().to_owned())
    });
    Golden { cuts, pronouns: pronouns.collect() }
}

#[test]
fn golden_clitics_are_read() {
    // `MARSAD_PACK` tests another table; it also serves to write `words.tsv` anew.
    let words = match std::env::var_os("MARSAD_PACK") {
        Some(path) => Words::of(&Pack::open(path.as_ref()).unwrap()).unwrap(),
        None => golden_words(),
    };
    let golden = golden_clitics();
    let mut layout = Layout::default();
    let mut wrong = Vec::new();
    for (word, at) in &golden.cuts {
        segment(word, &words, &mut layout);
        let best = layout.best(&layout.tokens[0]);
        if best.span.start as usize != *at {
            wrong.push(format!("{word} is read {}", best.span.slice(word)));
        }
    }
    assert_eq!(golden.cuts.len(), 300);
    println!("{} of 300 wrong: {wrong:?}", wrong.len());
    assert!(wrong.len() <= 15, "{} of 300 wrong: {wrong:?}", wrong.len());
    for (word, at, stem) in &golden.pronouns {
        segment(word, &words, &mut layout);
        let best = layout.best(&layout.tokens[0]);
        assert_eq!((best.span.end as usize, layout.stem(&best)), (*at, stem.as_str()), "{word}");
        assert!(best.enclitic.is_some());
    }
}

/// Writes `golden/words.tsv` from the pack that `MARSAD_PACK` names: every form of the golden words that it knows.
#[test]
#[ignore = "writes a golden file"]
fn write_golden_words() {
    let path = std::env::var_os("MARSAD_PACK").expect("MARSAD_PACK names a pack");
    let words = Words::of(&Pack::open(path.as_ref()).unwrap()).unwrap();
    let golden = golden_clitics();
    let mut forms = BTreeSet::new();
    for word in golden.cuts.iter().map(|c| &c.0).chain(golden.pronouns.iter().map(|p| &p.0)) {
        let key: Vec<char> = fold_to_string(word).chars().collect();
        for from in 0..key.len().min(5) {
            for to in from + 1..=key.len() {
                let part: String = key[from..to].iter().collect();
                let but_last: String = key[from..to - 1].iter().collect();
                forms.extend([format!("ا{part}"), format!("ال{part}"), part]);
                forms.extend(["ه", "ي", "ء"].map(|end| format!("{but_last}{end}")));
            }
        }
    }
    let lines = forms.iter().map(|form| (form, words.get(form))).filter(|(_, id)| *id != NO_WORD);
    let text: String =
        lines.map(|(form, id)| format!("{form}\t{}\t{}\n", words.count(id), words.traits(id).0)).collect();
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/words.tsv"), text).unwrap();
}

/// Particles with tatweel hang before a quote or a number; the article belongs to what follows.
#[test]
fn hanging_particles() {
    let text = "لـ«سرت» وبـ\"درنة\" والـ15 و 5 آل";
    let mut layout = Layout::default();
    segment(text, &words(), &mut layout);
    let best = |at: usize| {
        let reading = layout.best(&layout.tokens[at]);
        (reading.proclitics, reading.article, reading.span.slice(text), layout.stem(&reading))
    };
    assert_eq!(best(0), (Proclitics::LI, false, "", ""));
    assert_eq!(best(4), (Proclitics::WA.with(Proclitics::BI), false, "", ""));
    assert_eq!(best(8), (Proclitics::WA, true, "الـ", ""));
    assert_eq!(best(10), (Proclitics::WA, false, "", ""));
    assert_eq!(best(12), (Proclitics::NONE, false, "آل", "ال"));
}

/// Spans are exact when marks and tatweel stand inside.
#[test]
fn spans_with_marks() {
    for (text, stem) in
        [("وَلِيبيا", "لِيبيا"), ("للتَّنظيم", "لتَّنظيم"), ("بـســرت", "ســرت"), ("كِتابُهُ", "كِتابُ"), ("ﺑﺴﺮﺕ", "ﺴﺮﺕ")]
    {
        let mut layout = Layout::default();
        segment(text, &words(), &mut layout);
        assert_eq!(layout.best(&layout.tokens[0]).span.slice(text), stem);
    }
}
