//! From the tables of the lexicon to the sections of a pack: words with their traits, then the trie and its entries.

mod tidy;
mod traits;

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Bytes, Label};
use crate::detect::lexicon::{Lexicon, LexiconBuilder, Row, keys, spellings};
use crate::error::{Error, ErrorKind, Result};
use crate::pack::Pack;
use crate::segment::words::{SECTIONS, WordsBuilder};
use crate::segment::{Layout, NO_WORD, Trait, Words};

use tidy::Tidy;
use traits::Lexemes;

/// Classes of `triggers.tsv` by other names than the traits'. The rules have their own lists for those without one.
const CLASSES: &[(&str, Trait)] = &[
    ("kind_gpe", Trait::GPE_HEAD),
    ("kind_loc", Trait::LOC_HEAD),
    ("kind_fac", Trait::FAC_HEAD),
    ("kind_org", Trait::ORG_HEAD),
    ("kind_event", Trait::EVENT_HEAD),
    ("kind_law", Trait::LAW_HEAD),
    ("kind_product", Trait::PRODUCT_HEAD),
    ("verb_report", Trait::SPEECH),
    ("source_prep", Trait::SOURCE),
    ("approx", Trait::APPROX),
    ("unit_length", Trait::UNIT),
    ("unit_area", Trait::UNIT),
    ("unit_mass", Trait::UNIT),
    ("unit_volume", Trait::UNIT),
    ("unit_other", Trait::UNIT),
    ("unit_time_short", Trait::TIME_NOUN),
    ("unit_time_long", Trait::TIME_NOUN),
    ("date_relative", Trait::TIME_NOUN),
    ("date_part", Trait::TIME_NOUN),
    ("money_currency", Trait::CURRENCY),
    ("cardinal_unit", Trait::NUMBER),
    ("cardinal_ten", Trait::NUMBER),
    ("cardinal_big", Trait::NUMBER),
    ("ordinal", Trait::ORDINAL),
    ("month_gregorian", Trait::MONTH),
    ("month_levant", Trait::MONTH),
    ("month_maghreb", Trait::MONTH),
    ("month_hijri", Trait::MONTH),
    ("rank_short", Trait::TITLE),
    ("kind_norp", Trait(0)),
    ("kind_language", Trait(0)),
    ("verb_meet", Trait(0)),
    ("verb_place", Trait(0)),
    ("name_abd", Trait(0)),
    ("vague_quant", Trait(0)),
    ("percent", Trait(0)),
    ("month_libya", Trait(0)),
    ("month_persian_coptic", Trait(0)),
    ("date_era_event", Trait(0)),
    ("courtesy", Trait(0)),
    ("prayer_phrase", Trait(0)),
    ("noun_backref", Trait(0)),
    ("generic_org_noun", Trait(0)),
];

/// What a row's label says: an entry of a type, or a class of words.
enum Kind {
    Entry(Label),
    Class(Trait),
    Region,
}

fn kind(row: &Row) -> Result<Kind> {
    if let Ok(label) = row.label.parse::<Label>() {
        return Ok(Kind::Entry(label));
    }
    let tag = row.label.to_ascii_lowercase();
    if tag == "region" {
        return Ok(Kind::Region);
    }
    let class = Trait::TAGS.iter().chain(CLASSES).find(|(name, _)| *name == tag);
    class.map(|(_, class)| Kind::Class(*class)).ok_or_else(|| {
        let tags: Vec<&str> = Trait::TAGS.iter().chain(CLASSES).map(|(name, _)| *name).collect();
        let (label, name) = (&row.label, &row.name);
        let (labels, tags) = (Label::NAMES.join(" "), tags.join(" "));
        Error::new(ErrorKind::BadData, format!("{name}: {label:?} is neither a label ({labels}) nor a class ({tags})"))
    })
}

/// Add rows to a pack: its table of words grows by the words of the lexicon, and the sections of the lexicon are
/// added or replaced.
pub fn compile(pack: &Pack, rows: &[Row]) -> Result<Pack> {
    let known = Words::of(pack)?;
    let mut lexemes = Lexemes { builder: WordsBuilder::from_words(&known), known: &known, layout: Layout::default() };
    let mut title_starts: BTreeMap<String, BTreeSet<Vec<String>>> = BTreeMap::new();
    for row in rows {
        match kind(row)? {
            Kind::Class(class) => lexemes.mark_forms(row, class),
            Kind::Entry(Label::NORP) => lexemes.mark_nationality(row),
            Kind::Entry(Label::UNIT) => lexemes.mark_forms(row, Trait::UNIT),
            Kind::Entry(Label::CURR) => lexemes.mark_forms(row, Trait::CURRENCY),
            Kind::Entry(Label::OCC) => {
                for (form, _) in row.forms() {
                    let phrase = keys(form, &mut lexemes.layout);
                    if let Some(first) = phrase.first() {
                        title_starts.entry(first.clone()).or_default().insert(phrase);
                    }
                }
            }
            Kind::Entry(_) | Kind::Region => {}
        }
    }
    for (first, phrases) in title_starts {
        if phrases.len() > 1 || phrases.iter().any(|phrase| phrase.len() == 1) {
            lexemes.mark(&first, Trait::TITLE);
        }
    }
    for row in rows.iter().filter(|row| row.label == Label::PERS.name()) {
        lexemes.mark_person(row);
    }
    let mut tidy = Tidy::new(rows, &known, &lexemes.builder);
    let mut builder = LexiconBuilder::default();
    for row in rows.iter().filter(|row| matches!(kind(row), Ok(Kind::Region))) {
        builder.add_region(row);
    }
    let rows: Vec<Row> = rows.iter().filter_map(|row| tidy.row(row)).collect();
    for row in &rows {
        if let Kind::Entry(label) = kind(row)? {
            let names = matches!(label, Label::PERS | Label::ORG | Label::GPE | Label::LOC | Label::FAC);
            for (form, ambiguous) in row.forms() {
                for spelling in spellings(form, label, &mut lexemes.layout) {
                    if let ([name], true, false) = (spelling.as_slice(), names, ambiguous) {
                        lexemes.mark(name, Trait::NAME);
                    }
                    for key in &spelling {
                        lexemes.builder.entry(key);
                    }
                }
            }
        }
    }
    let sections = lexemes.builder.build()?;
    let words = Words::open(sections.each_ref().map(|section| Bytes::copy(section)))?;
    let mut pack = pack.clone();
    for (name, section) in SECTIONS.into_iter().zip(&sections) {
        pack = pack.with(name, section);
    }
    let mut word = |key: &str| words.get(key);
    // Persons refer to titles.
    let (titles, others): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.label == Label::OCC.name());
    for row in titles.into_iter().chain(others) {
        if let Kind::Entry(label) = kind(row)? {
            builder.add(row, label, &mut word)?;
        }
    }
    for (name, section) in Lexicon::sections().zip(builder.build(words.len())?) {
        pack = pack.with(name, &section);
    }
    Ok(pack)
}

/// Counts of a lexicon, by type and source, as lines of text.
pub fn stats(pack: &Pack) -> Result<String> {
    let words = Words::of(pack)?;
    let lexicon = Lexicon::of(pack, &words)?;
    let mut counts: BTreeMap<(Label, String), (usize, usize, usize)> = BTreeMap::new();
    for entry in lexicon.entries() {
        let forms = lexicon.forms_of(entry.id, &words);
        let count = counts.entry((entry.label(), entry.source().to_owned())).or_default();
        count.0 += 1;
        count.1 += forms.len();
        count.2 += usize::from(entry.geonames().is_some());
    }
    let mut out = String::from("label\tsource\tentries\tforms\tlinked\n");
    for ((label, source), (entries, forms, linked)) in &counts {
        out.push_str(&format!("{label}\t{source}\t{entries}\t{forms}\t{linked}\n"));
    }
    let sum = |f: fn(&(usize, usize, usize)) -> usize| counts.values().map(f).sum::<usize>();
    out.push_str(&format!("all\t\t{}\t{}\t{}\n", sum(|c| c.0), sum(|c| c.1), sum(|c| c.2)));
    for (tag, class) in Trait::TAGS {
        let n = (0..u32::try_from(words.len()).unwrap_or(NO_WORD)).filter(|id| words.traits(*id).any(*class)).count();
        out.push_str(&format!("words\t{tag}\t{n}\n"));
    }
    let size: usize = Lexicon::sections().filter_map(|name| pack.get(name)).map(|s| s.len()).sum();
    out.push_str(&format!("bytes\tlexicon\t{size}\n"));
    Ok(out)
}
