//! The lexicon: golden cases, a slow twin of the matcher, the user's own names, and packs.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::collections::{BTreeMap, BTreeSet};

use marsad::base::{Label, Span};
use marsad::detect::lexicon::{Lexicon, Row, UserLexicon, keys, parse, spellings};
use marsad::detect::{Candidate, Detect, Detector, View};
use marsad::pack::Pack;
use marsad::pipeline::{Options, Pipeline};
use marsad::segment::words::{SECTIONS, WordsBuilder};
use marsad::segment::{Layout, TokenKind, Words, segment};
use marsad::train::lexicon::{compile, stats};
use proptest::prelude::*;

fn golden() -> toml::Table {
    include_str!("golden/lexicon.toml").parse().unwrap()
}

fn rows() -> Vec<Row> {
    parse(golden()["rows"].as_str().unwrap().trim_start(), "golden rows").unwrap()
}

fn pack() -> Pack {
    let mut builder = WordsBuilder::default();
    for (word, count) in golden()["counts"].as_table().unwrap() {
        builder.entry(word).count = u32::try_from(count.as_integer().unwrap()).unwrap();
    }
    let sections = builder.build().unwrap();
    let empty = SECTIONS.iter().zip(&sections).fold(Pack::default(), |pack, (name, bytes)| pack.with(name, bytes));
    compile(&empty, &rows()).unwrap()
}

fn found(text: &str, words: &Words, detector: &impl Detect) -> Vec<Candidate> {
    let mut layout = Layout::default();
    segment(text, words, &mut layout);
    let mut out = Vec::new();
    detector.detect(&View { text, layout: &layout, words }, &mut out);
    out
}

fn shown(text: &str, candidates: &[Candidate]) -> BTreeSet<String> {
    let mark = |ambiguous| if ambiguous { "?" } else { "" };
    candidates.iter().map(|c| format!("{}{} {}", c.label, mark(c.ambiguous), c.span.slice(text))).collect()
}

#[test]
fn golden_cases() {
    let pack = pack();
    let words = Words::of(&pack).unwrap();
    let lexicon = Lexicon::of(&pack, &words).unwrap();
    let mut wrong = String::new();
    for case in golden()["case"].as_array().unwrap() {
        let list = |name: &str| -> BTreeSet<String> {
            let items = case.get(name).and_then(|v| v.as_array());
            items.into_iter().flatten().map(|v| v.as_str().unwrap().to_owned()).collect()
        };
        let text = case["text"].as_str().unwrap();
        let got = shown(text, &found(text, &words, &lexicon));
        if got != list("finds") || got.intersection(&list("absent")).count() > 0 {
            wrong += &format!("{}\n  wanted {:?}\n  got    {got:?}\n", case["name"], list("finds"));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn entries_carry_their_facts() {
    let pack = pack();
    let words = Words::of(&pack).unwrap();
    let lexicon = Lexicon::of(&pack, &words).unwrap();
    let (tanta, ambiguous) = lexicon.entries_of("طنطا", &words)[0];
    assert_eq!((tanta.name(), tanta.latin(), tanta.country(), ambiguous), ("طنطا", "Tanta", Some("EG"), false));
    assert_eq!(
        (tanta.geonames(), tanta.population(), tanta.coordinates()),
        (Some(347_497), 400_000, Some((30.79, 31.0)))
    );
    let region = tanta.region().unwrap();
    assert_eq!((region.code, region.latin, region.arabic), ("EG.05", "Gharbia", "الغربية"));
    let kasbahs: Vec<_> =
        lexicon.entries_of("القصبة", &words).iter().map(|(e, _)| (e.label(), e.country().unwrap_or(""))).collect();
    assert_eq!(kasbahs, [(Label::GPE, "MA"), (Label::GPE, "DZ"), (Label::LOC, "")], "the larger place first");
    let farabi = lexicon.entries_of("الفارابي", &words)[0].0;
    assert_eq!(farabi.id, lexicon.entries_of("أبا نصر الفارابي", &words)[0].0.id, "an alias names the same entry");
    assert!(lexicon.forms_of(farabi.id, &words).contains(&"بو نصر الفارابي".to_owned()));
    let minister = lexicon.entries_of("وزير", &words)[0].0;
    assert!(minister.takes_complement() && minister.coordinates().is_none() && minister.region().is_none());
}

#[test]
fn a_pack_without_regions_opens() {
    let pack = pack();
    let sections = pack.names().filter(|name| *name != "lexicon.regions");
    let older = sections.fold(Pack::default(), |older, name| older.with(name, pack.get(name).unwrap()));
    let words = Words::of(&older).unwrap();
    let lexicon = Lexicon::of(&older, &words).unwrap();
    let tanta = lexicon.entries_of("طنطا", &words)[0].0;
    assert_eq!((tanta.country(), tanta.region()), (Some("EG"), None));
}

#[test]
fn the_same_tables_give_the_same_bytes() {
    assert_eq!(pack().to_bytes().unwrap(), pack().to_bytes().unwrap());
    assert!(stats(&pack()).unwrap().contains("GPE\t\t7\t"), "{}", stats(&pack()).unwrap());
}

#[test]
fn a_lexicon_of_other_words_is_refused() {
    let pack = pack();
    let other = WordsBuilder::default().build().unwrap();
    let mixed = SECTIONS.iter().zip(&other).fold(pack, |pack, (name, bytes)| pack.with(name, bytes));
    let words = Words::of(&mixed).unwrap();
    assert!(Lexicon::of(&mixed, &words).unwrap_err().to_string().contains("another table of words"));
}

#[test]
fn unknown_labels_are_named() {
    let row = Row::new("PLANET", "زحل");
    assert!(compile(&Pack::default(), std::slice::from_ref(&row)).unwrap_err().to_string().contains("PLANET"));
    assert!(UserLexicon::from_rows(&[row], &Words::default()).unwrap_err().to_string().contains("PLANET"));
}

#[test]
fn users_add_names_of_unknown_words() {
    let pack = pack();
    let words = Words::of(&pack).unwrap();
    let rows = [Row::new("ORG", "شركة زبرجد").with_alias("زبرجد?"), Row::new("GPE", "طنطا الجديدة")];
    let own = UserLexicon::from_rows(&rows, &words).unwrap();
    for (text, finds) in [
        ("أعلنت شركة زبرجد ربحها", vec!["ORG شركة زبرجد", "ORG? زبرجد"]),
        ("وشركة زبرجد للزبرجد", vec!["ORG شركة زبرجد", "ORG? زبرجد"]),
        ("بزبرجد وحدها", vec!["ORG? زبرجد"]),
        ("في طنطا الجديدة", vec!["GPE طنطا الجديدة"]),
    ] {
        let candidates = found(text, &words, &own);
        assert_eq!(shown(text, &candidates), finds.into_iter().map(str::to_owned).collect(), "{text}");
        assert!(candidates.iter().all(|c| c.detector == Detector::User));
    }
}

#[test]
fn a_pipeline_takes_more_names() {
    let nlp = Pipeline::new(&pack()).unwrap();
    let text = "زار وفد من شركة زبرجد ميناء الياقوت";
    let labels = |nlp: &Pipeline| -> Vec<String> {
        let doc = nlp.run(text, &Options::default()).unwrap();
        doc.mentions().iter().map(|m| format!("{} {}", m.label, doc.text_of(m))).collect()
    };
    let company = nlp.with_lexicon(&[Row::new("ORG", "شركة زبرجد")]).unwrap();
    let both = company.with_lexicon(&[Row::new("FAC", "ميناء الياقوت")]).unwrap();
    assert!(labels(&company).contains(&"ORG شركة زبرجد".to_owned()));
    assert!(
        labels(&both).contains(&"ORG شركة زبرجد".to_owned()) && labels(&both).contains(&"FAC ميناء الياقوت".to_owned())
    );
    assert_eq!((nlp.own_lexicon().len(), both.own_lexicon().len()), (0, 2), "the first is unchanged");
}

/// Every phrase at every token, by comparing keys: no clitics, quotes, hyphens or guesses.
fn slow_twin(text: &str, words: &Words, rows: &[Row]) -> BTreeSet<(u32, u32, Label)> {
    let mut layout = Layout::default();
    segment(text, words, &mut layout);
    let mut phrases: BTreeMap<Vec<String>, BTreeSet<Label>> = BTreeMap::new();
    for row in rows {
        let Ok(label) = row.label.parse::<Label>() else { continue };
        for (form, _) in row.forms() {
            for phrase in spellings(form, label, &mut Layout::default()) {
                phrases.entry(phrase).or_default().insert(label);
            }
        }
    }
    let mut out = BTreeSet::new();
    for sent in &layout.sents {
        let tokens = layout.tokens_of(sent);
        for from in 0..tokens.len() {
            for to in from + 1..=tokens.len() {
                let phrase: Vec<String> = tokens[from..to].iter().map(|t| layout.key(t).to_owned()).collect();
                for label in phrases.get(&phrase).into_iter().flatten() {
                    out.insert((tokens[from].span.start, tokens[to - 1].span.end, *label));
                }
            }
        }
    }
    out
}

proptest! {
    #[test]
    fn agrees_with_its_slow_twin(parts in prop::collection::vec(prop::sample::select(vec![
        "طنطا", "باب", "الفرات", "أبو", "أبي", "قير", "نصر", "الفارابي", "سوريا", "معرض", "الكتاب", "البولنديون",
        "الجمعية", "الفلكية", "البولندية", "وزير", "خارجية", "الرحالة", "عبد", "الرحمن", "منيف", "عبدالرحمن",
        "هيئة", "الرصد", "الأميركية", "،", "5", "القصبة",
    ]), 0..14)) {
        let pack = pack();
        let words = Words::of(&pack).unwrap();
        let lexicon = Lexicon::of(&pack, &words).unwrap();
        let text = parts.join(" ");
        let got: BTreeSet<_> = found(&text, &words, &lexicon)
            .into_iter()
            // The twin reads every word as written.
            .filter(|c| text[..c.span.start as usize].chars().next_back().is_none_or(|before| before == ' '))
            .map(|c| (c.span.start, c.span.end, c.label))
            .collect();
        prop_assert_eq!(got, slow_twin(&text, &words, &rows()));
    }

    #[test]
    fn spans_are_slices_of_any_text(text in "[ابتنسطمهوليةى«»()\\- \n.،0-9]{0,60}|\\PC{0,40}") {
        let pack = pack();
        let words = Words::of(&pack).unwrap();
        let lexicon = Lexicon::of(&pack, &words).unwrap();
        for candidate in found(&text, &words, &lexicon) {
            prop_assert!(candidate.span.of(&text).is_some_and(|slice| !slice.is_empty()));
            let Candidate { tokens: (from, to), span, .. } = candidate;
            let mut layout = Layout::default();
            segment(&text, &words, &mut layout);
            let covered = Span::new(layout.tokens[from as usize].span.start, layout.tokens[to as usize - 1].span.end);
            prop_assert!(covered.contains(span));
        }
    }
}

#[test]
fn forms_fold_like_tokens() {
    let layout = &mut Layout::default();
    for form in ["إف-16", "لجنة 5+5", "الـ«بي بي سي»"] {
        let own = keys(form, layout);
        let mut whole = Layout::default();
        segment(form, &Words::default(), &mut whole);
        let tokens: Vec<&str> =
            whole.tokens.iter().filter(|t| t.kind != TokenKind::Punct).map(|t| whole.key(t)).collect();
        assert!(tokens.iter().all(|token| own.iter().any(|key| key == token)), "{form}: {own:?} {tokens:?}");
    }
}
