//! Evaluation against slow twins: the scoring of the annotation guidelines and that of seqeval on flat CoNLL.

use std::collections::BTreeSet;

use marsad::base::{Label, LabelSet, Span};
use marsad::train::corpus::{Corpus, Document, Gold, read_str, to_conll};
use marsad::train::evaluate::{CORE, Counts, Kind, evaluate};
use proptest::prelude::*;

fn corpus(text: &str, mentions: &[(u32, u32, u8)]) -> Corpus {
    let mentions =
        mentions.iter().map(|&(from, to, label)| Gold { span: Span::new(from, to), label: Label(label) }).collect();
    let document = Document { text: text.to_owned(), mentions, ..Default::default() };
    Corpus { labels: LabelSet::default(), documents: vec![document] }
}

fn f1(c: &Counts) -> f64 {
    c.f1()
}

/// The scoring script of the guidelines, line by line: sets, exact hits, then a greedy match of what is left.
fn slowly(gold: &BTreeSet<(u32, u32, u8)>, guess: &BTreeSet<(u32, u32, u8)>, label: u8) -> (u64, u64, u64, u64) {
    let count = |set: &BTreeSet<(u32, u32, u8)>| set.iter().filter(|m| m.2 == label).count() as u64;
    let exact = gold.intersection(guess).filter(|m| m.2 == label).count() as u64;
    let mut left: Vec<_> = gold.difference(guess).copied().collect();
    let mut loose = exact;
    for p in guess.difference(gold).filter(|p| p.2 == label) {
        if let Some(i) = left.iter().position(|t| t.2 == p.2 && t.0 < p.1 && p.0 < t.1) {
            left.remove(i);
            loose += 1;
        }
    }
    (count(gold), count(guess), exact, loose)
}

fn mentions() -> impl Strategy<Value = Vec<(u32, u32, u8)>> {
    prop::collection::vec((0u32..30, 1u32..8, 0u8..4), 0..14)
        .prop_map(|list| list.into_iter().map(|(from, length, label)| (from, from + length, label)).collect())
}

proptest! {
    #[test]
    fn counts_what_the_scoring_script_counts(gold in mentions(), guess in mentions()) {
        let text = "a".repeat(40);
        let report = evaluate(&corpus(&text, &gold), &corpus(&text, &guess)).unwrap();
        let (gold, guess): (BTreeSet<_>, BTreeSet<_>) = (gold.into_iter().collect(), guess.into_iter().collect());
        let mut sum = Counts::default();
        for label in 0..4u8 {
            let (g, p, exact, loose) = slowly(&gold, &guess, label);
            let row = &report.rows[usize::from(label)];
            prop_assert_eq!((row.exact.gold, row.exact.predicted, row.exact.hits, row.overlap.hits), (g, p, exact, loose));
            sum.gold += g;
            sum.predicted += p;
            sum.hits += exact;
        }
        prop_assert_eq!(report.all.exact, sum);
        let confused: u64 = report.confusion.iter().flatten().sum();
        prop_assert_eq!(confused, report.mistakes.len() as u64 + sum.hits);
    }

    #[test]
    fn reads_flat_tags_as_seqeval_does(tags in prop::collection::vec(0usize..5, 1..30)) {
        let names = ["O", "B-PERS", "I-PERS", "B-LOC", "I-LOC"];
        let conll: String = tags.iter().map(|t| format!("كلمة\t{}\n", names[*t])).collect();
        let corpus = read_str("a.conll", &conll).unwrap();
        // seqeval: a chunk starts at B, or at I after O or after another type; it ends before whatever does not continue it.
        let mut expected = Vec::new();
        let mut open: Option<(usize, &str)> = None;
        for (i, tag) in tags.iter().map(|t| names[*t]).chain(["O"]).enumerate() {
            let (part, label) = tag.split_once('-').unwrap_or(("O", ""));
            if open.is_some_and(|(_, l)| part != "I" || l != label) {
                let (from, label) = open.take().unwrap();
                expected.push((from, i, label.to_owned()));
            }
            if part != "O" && open.is_none() {
                open = Some((i, label));
            }
        }
        let document = &corpus.documents[0];
        let found: Vec<(usize, usize, String)> = document.mentions.iter().map(|m| {
            let touched: Vec<usize> = (0..document.tokens.len()).filter(|i| document.tokens[*i].0.overlaps(m.span)).collect();
            (touched[0], touched[touched.len() - 1] + 1, corpus.labels.name(m.label).to_owned())
        }).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn nested_columns_come_back() {
    let conll = "بلدية\tB-ORG\tO\nنابلس\tI-ORG\tB-GPE\nأمس\tB-DATE\tO\n\nسرت\tB-GPE\tO\n\n";
    let corpus = read_str("a.conll", conll).unwrap();
    let document = &corpus.documents[0];
    assert_eq!(document.text, "بلدية نابلس أمس\nسرت");
    assert_eq!(document.mentions.len(), 4);
    assert_eq!(to_conll(document, &corpus.labels, &document.mentions), conll);
}

#[test]
fn errors_are_told_apart() {
    let gold = read_str("a.xml", "زار <PERS>سعد الحلو</PERS> <GPE>صور</GPE> و<GPE>صيدا</GPE>").unwrap();
    let guess = read_str("a.xml", "زار <PERS>سعد</PERS> الحلو <LOC>صور</LOC> وصيدا").unwrap();
    let report = evaluate(&gold, &guess).unwrap();
    let kinds: Vec<Kind> = report.mistakes.iter().map(|m| m.kind).collect();
    assert_eq!(kinds, [Kind::Bounds, Kind::Type, Kind::Missed]);
    assert!(report.mistakes[1].context.contains("صور"));
    assert_eq!(f1(&report.all.exact), 0.0);
    assert_eq!(report.all.overlap.hits, 1);
    assert_eq!(report.all.untyped.hits, 2);
}

#[test]
fn texts_that_differ_are_refused() {
    let (gold, guess) = (read_str("a.xml", "سرت").unwrap(), read_str("a.xml", "درنة").unwrap());
    assert!(evaluate(&gold, &guess).unwrap_err().to_string().contains("differ"));
}

#[test]
fn the_interval_holds_the_score_and_repeats() {
    let document = |hit: bool| {
        let mut document = read_str("a.xml", "في <GPE>سرت</GPE>").unwrap().documents.remove(0);
        if !hit {
            document.mentions.clear();
        }
        document
    };
    let labels = LabelSet::default();
    let gold = Corpus { labels: labels.clone(), documents: (0..40).map(|_| document(true)).collect() };
    let guess = Corpus { labels, documents: (0..40).map(|i| document(i % 2 == 0)).collect() };
    let report = evaluate(&gold, &guess).unwrap();
    let (all, core) = report.bootstrap(500, 7);
    assert!(all.low < report.all.exact.f1() && report.all.exact.f1() < all.high);
    assert_eq!((all, core), report.bootstrap(500, 7));
    assert!(CORE.contains(&"GPE"));
}
