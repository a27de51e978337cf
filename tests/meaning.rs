//! Groups, links, quotations and relations of texts whose mentions are given, and transliteration, against golden data.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use jiff::civil::Date;
use marsad::base::{CharIndex, Label};
use marsad::detect::lexicon::{Lexicon, Row, UserLexicon, parse, read};
use marsad::detect::{Candidate, Detector, View};
use marsad::pack::Pack;
use marsad::pipeline::{Options, Pipeline};
use marsad::resolve::values::{Context, Value, annotate};
use marsad::resolve::{Meaning, Mention, meaning, mentions};
use marsad::script::translit::{Scheme, to_arabic, to_latin};
use marsad::segment::words::{SECTIONS, WordsBuilder};
use marsad::segment::{Layout, Words, segment};
use marsad::table::{Id, Sightings, Things, Values, Writer};
use marsad::train::corpus::read_str;
use marsad::train::lexicon::compile;
use proptest::prelude::*;

fn golden(file: &str) -> toml::Table {
    let path = format!("{}/tests/golden/{file}.toml", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap().parse().unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The curated tables, and a few places of one name.
static PACK: LazyLock<Pack> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/lexicon");
    let mut tables: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    tables.retain(|path| path.extension().is_some_and(|e| e == "tsv"));
    tables.sort();
    let mut rows: Vec<Row> = tables.iter().flat_map(|table| read(table).unwrap()).collect();
    rows.extend(parse(golden("links")["rows"].as_str().unwrap().trim_start(), "golden rows").unwrap());
    let mut builder = WordsBuilder::default();
    for (word, count) in golden("links")["counts"].as_table().unwrap() {
        builder.entry(word).count = u32::try_from(count.as_integer().unwrap()).unwrap();
    }
    let sections = builder.build().unwrap();
    let empty = SECTIONS.iter().zip(&sections).fold(Pack::default(), |pack, (name, bytes)| pack.with(name, bytes));
    compile(&empty, &rows).unwrap()
});

static PARTS: LazyLock<(Words, Lexicon)> = LazyLock::new(|| {
    let words = Words::of(&PACK).unwrap();
    let lexicon = Lexicon::of(&PACK, &words).unwrap();
    (words, lexicon)
});

struct Read {
    text: String,
    layout: Layout,
    mentions: Vec<Mention>,
    meaning: Meaning,
}

/// Read what the tagged mentions of a text mean.
fn analyze(tagged: &str) -> Read {
    analyze_with(tagged, &PARTS.0, &PARTS.1, None)
}

fn analyze_with(tagged: &str, words: &Words, lexicon: &Lexicon, published: Option<Date>) -> Read {
    let mut corpus = read_str("case.xml", tagged).unwrap();
    let document = corpus.documents.remove(0);
    let mut layout = Layout::default();
    segment(&document.text, words, &mut layout);
    let mut candidates: Vec<Candidate> = document
        .mentions
        .iter()
        .map(|gold| {
            let from = layout.tokens.partition_point(|token| token.span.end <= gold.span.start);
            let to = layout.tokens.partition_point(|token| token.span.start < gold.span.end);
            Candidate {
                span: gold.span,
                label: corpus.labels.name(gold.label).parse().unwrap(),
                score: 1.0,
                detector: Detector::Tagger,
                detail: 0,
                tokens: (u32::try_from(from).unwrap(), u32::try_from(to).unwrap()),
                ambiguous: false,
            }
        })
        .collect();
    candidates.sort_by_key(|c| c.span);
    let mut mentions = mentions(&candidates);
    annotate(&document.text, &layout, &mut mentions, &Context { published, ..Context::default() });
    let view = View { text: &document.text, layout: &layout, words };
    let meaning =
        meaning::read(&view, (lexicon, &UserLexicon::default()), &mut mentions, &mut meaning::Scratch::default());
    Read { text: document.text, layout, mentions, meaning }
}

impl Read {
    fn words(&self, mention: u32) -> &str {
        self.mentions[mention as usize].span.slice(&self.text)
    }
}

fn strings(case: &toml::Value, key: &str) -> Vec<String> {
    let list = case.get(key).and_then(|list| list.as_array());
    list.into_iter().flatten().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// Run all cases of a file; `show` says what a text gives for each key that a case may have.
fn check(file: &str, keys: &[&str], show: impl Fn(&Read, &str) -> Vec<String>) {
    let mut wrong = String::new();
    let golden = golden(file);
    for case in golden["case"].as_array().unwrap() {
        let read = analyze(case["text"].as_str().unwrap());
        for key in keys.iter().filter(|key| case.get(**key).is_some()) {
            let (wanted, got) = (strings(case, key), show(&read, key));
            if wanted != got {
                wrong += &format!("{} ({key})\n  wanted {wanted:?}\n  got    {got:?}\n", case["name"]);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn golden_groups() {
    check("groups", &["groups", "anaphora", "sure"], |read, key| {
        let groups = &read.meaning.groups;
        let lines = groups.all().iter().map(|group| {
            let words: Vec<&str> = groups.members(group).iter().map(|m| read.words(m.mention)).collect();
            match key {
                "groups" => (words.len() > 1).then(|| words.join(" | ")),
                "sure" => {
                    let unsure = groups.members(group).iter().filter(|m| m.score < 1.0);
                    let unsure: Vec<String> =
                        unsure.map(|m| format!("{} {:.2}", read.words(m.mention), m.score)).collect();
                    (!unsure.is_empty()).then(|| unsure.join(" | "))
                }
                _ => {
                    let back = groups.anaphora(group).iter().map(|span| span.slice(&read.text));
                    let back: Vec<&str> = back.collect();
                    (!back.is_empty()).then(|| format!("{} < {}", words[0], back.join(" | ")))
                }
            }
        });
        lines.flatten().collect()
    });
}

#[test]
fn golden_links() {
    check("links", &["links", "others"], |read, key| {
        let lexicon = &PARTS.1;
        let shown = |entry: u32| {
            let entry = lexicon.entry(entry).unwrap();
            format!("{} {}", entry.latin(), entry.country().unwrap_or("-"))
        };
        let linked = read.mentions.iter().map(|mention| {
            let link = mention.link.map(|link| &read.meaning.links[link as usize]);
            match (key, link) {
                ("links", None) => "-".to_owned(),
                ("links", Some(link)) => shown(link.entry),
                (_, None) => String::new(),
                (_, Some(link)) => link.alternatives.iter().map(|id| shown(*id)).collect::<Vec<_>>().join(" | "),
            }
        });
        linked.filter(|line| !line.is_empty()).collect()
    });
}

#[test]
fn golden_quotes() {
    check("quotes", &["quotes"], |read, _| {
        let quotes = read.meaning.quotes.iter().map(|quote| {
            let source = quote.source.map_or("-".to_owned(), |source| format!("({})", source.slice(&read.text)));
            let speaker = quote.speaker.map_or(source, |speaker| read.words(speaker).to_owned());
            let verb = quote.verb.map_or("-", |verb| read.layout.tokens[verb as usize].span.slice(&read.text));
            let kind = if quote.direct { "direct" } else { "reported" };
            format!("{kind} | {speaker} | {verb} | {}", quote.span.slice(&read.text))
        });
        quotes.collect()
    });
}

#[test]
fn golden_relations() {
    check("relations", &["relations"], |read, _| {
        let relations = read.meaning.relations.iter();
        relations.map(|r| format!("{}: {} > {}", r.kind.name(), read.words(r.from), read.words(r.to))).collect()
    });
}

/// The currencies of a text, with whether they are assumed.
fn currencies(text: &str) -> Vec<(Option<&'static str>, bool)> {
    let doc = Pipeline::new(&PACK).unwrap().run(text, &Options::default()).unwrap();
    let sums = doc.mentions().iter().filter_map(|mention| match mention.value {
        Some(Value::Money { currency, assumed, .. } | Value::Currency { currency, assumed, .. }) => {
            Some((currency, assumed))
        }
        _ => None,
    });
    sums.collect()
}

#[test]
fn a_bare_dinar_is_of_the_country_of_the_text() {
    assert_eq!(currencies("بنت بلدية بنغازي في ليبيا مدرسة بكلفة 5 ملايين دينار."), [(Some("LYD"), true)]);
    assert_eq!(currencies("قال تجار في تونس وصفاقس إنهم دفعوا 300 دينار، ثم مروا بليبيا."), [(Some("TND"), true)]);
    assert_eq!(currencies("دفع تاجر من ليبيا لتاجر من تونس 300 دينار."), [(None, false)], "nobody knows whose");
    assert_eq!(currencies("دفع 300 دينار."), [(None, false)]);
    assert_eq!(currencies("دفع في ليبيا 300 دينار تونسي و20 ريالا."), [(Some("TND"), false), (None, false)]);
}

/// The things of a corpus: a row each, with how many documents name it, as `name country count docs`.
fn things(texts: &[&str]) -> Vec<String> {
    let nlp = Pipeline::new(&PACK).unwrap();
    let mut things = Things::default();
    for texts in texts.chunks(2) {
        let (mut tables, mut task) = (Writer::new(Id::Place(0)), Sightings::default());
        for text in texts {
            let doc = nlp.run(text, &Options::default()).unwrap();
            tables.add(Id::Place(0), None, &doc);
            task.add(&doc);
        }
        things.append(task, &tables.finish());
    }
    let table = things.join(nlp.words(), nlp.lexicon(), nlp.own_lexicon(), |_| Id::Place(0)).table;
    let cell = |name: &str, row: usize| match &table.columns.iter().find(|c| c.name == name).unwrap().values {
        Values::Int(cells) => cells[row].to_string(),
        Values::Text(texts) => texts.get(row).unwrap().to_owned(),
        _ => String::new(),
    };
    (0..table.rows).map(|row| ["name", "country", "count", "docs"].map(|name| cell(name, row)).join(" ")).collect()
}

#[test]
fn one_name_of_two_places_is_two_things() {
    let texts = ["تقع طرابلس في ليبيا.", "وصل إلى طرابلس في لبنان.", "عاد من طرابلس إلى بيروت، ثم إلى طرابلس."];
    let found = things(&texts);
    for wanted in ["طرابلس LY 1 1", "طرابلس الشام LB 3 2", "لبنان LB 1 1", "بيروت LB 1 1"] {
        assert!(found.contains(&wanted.to_owned()), "{wanted} in {found:?}");
    }
}

/// The sample article with its mentions as given, if it is there, read with the bundled pack.
fn sample() -> Option<(Read, Lexicon)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tagged = fs::read_to_string(root.join("../shared/gold/sirte.xml")).ok()?;
    let pack = Pack::open(&root.join("python/marsad/data/core.marsad")).unwrap();
    let words = Words::of(&pack).unwrap();
    let lexicon = Lexicon::of(&pack, &words).unwrap();
    let published = golden("sample_links")["published"].as_str().unwrap().parse().unwrap();
    Some((analyze_with(&tagged, &words, &lexicon, Some(published)), lexicon))
}

/// The rows of a list of a golden file, each by the mention that stands at its offsets.
fn rows_of<'a>(read: &'a Read, golden: &'a toml::Table, key: &str) -> Vec<(&'a Mention, &'a toml::Value)> {
    let chars = CharIndex::new(&read.text);
    let rows = golden[key].as_array().unwrap().iter().map(|row| {
        let row = row.as_array().unwrap();
        let at = |i: usize| u32::try_from(row[i].as_integer().unwrap()).unwrap();
        let mention = read.mentions.iter().find(|mention| {
            let span = chars.to_chars(&read.text, mention.span);
            (span.start, span.end) == (at(0), at(1))
        });
        (mention.unwrap_or_else(|| panic!("no mention at {row:?}")), row.get(2).unwrap_or(&row[0]))
    });
    rows.collect()
}

#[test]
fn groups_of_the_sample() {
    let Some((read, _)) = sample() else { return };
    let golden = golden("sample_groups");
    let rows = rows_of(&read, &golden, "mentions");
    let (mut both, mut own, mut wanted) = (0u32, 0u32, 0u32);
    for (i, (a, group)) in rows.iter().enumerate() {
        for (b, other) in &rows[..i] {
            let (same, right) = (a.group == b.group, group == other);
            both += u32::from(same && right);
            own += u32::from(same);
            wanted += u32::from(right);
        }
    }
    let f1 = 2.0 * f64::from(both) / f64::from(own + wanted);
    assert!(f1 >= 0.95, "pairwise F1 {f1:.3}: {both} right of {own} found and {wanted} wanted");
}

#[test]
fn links_of_the_sample() {
    let Some((read, lexicon)) = sample() else { return };
    let golden = golden("sample_links");
    let rows = rows_of(&read, &golden, "places");
    let wrong = rows.iter().filter_map(|(mention, number)| {
        let link = mention.link.map(|link| &read.meaning.links[link as usize]);
        let found = link.and_then(|link| lexicon.entry(link.entry)).and_then(|entry| entry.geonames());
        (found.map(i64::from) != number.as_integer()).then(|| format!("{:?} {number}, got {found:?}", mention.span))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.len() * 20 <= rows.len(), "{} of {}: {wrong:#?}", wrong.len(), rows.len());
}

#[test]
fn dates_of_the_sample() {
    let Some((read, _)) = sample() else { return };
    let golden = golden("sample_links");
    let edtf = |mention: &Mention| mention.value.as_ref().and_then(|value| value.temporal()?.edtf.clone());
    for (mention, wanted) in rows_of(&read, &golden, "dates") {
        assert_eq!(edtf(mention).as_deref(), wanted.as_str(), "{:?}", mention.span);
    }
    for (mention, _) in rows_of(&read, &golden, "open") {
        let open = |edtf: String| edtf.starts_with("XXXX") || edtf.contains('/') && edtf.contains("2016-12-08");
        assert!(edtf(mention).is_none_or(open), "{:?} {:?}", mention.span, mention.value);
    }
}

#[test]
fn golden_transliteration() {
    let golden = golden("translit");
    let mut wrong = String::new();
    for (scheme, table) in golden["tables"].as_table().unwrap() {
        let scheme: Scheme = scheme.parse().unwrap();
        for pair in table.as_array().unwrap() {
            let (arabic, latin) = (pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
            let (there, back) = (to_latin(arabic, scheme), to_arabic(latin, scheme).unwrap());
            if there != latin || back != arabic {
                wrong += &format!("{}: {arabic} {latin}, got {there} {back}\n", scheme.name());
            }
        }
    }
    for case in golden["case"].as_array().unwrap() {
        let case = case.as_table().unwrap();
        let arabic = case["arabic"].as_str().unwrap();
        for (scheme, wanted) in case.iter().filter(|(key, _)| *key != "arabic") {
            let got = to_latin(arabic, scheme.parse().unwrap());
            if got != wanted.as_str().unwrap() {
                wrong += &format!("{scheme}: {arabic} is {wanted}, got {got}\n");
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Any sequence of names: groups partition what can be grouped, and mean the same whatever was read before.
#[test]
fn groups_are_a_partition() {
    let names = [
        "<PERS>سالم الورفلي</PERS>",
        "<PERS>الورفلي</PERS>",
        "<PERS>أبي سالم الورفلي</PERS>",
        "<PERS>سالم</PERS>",
        "<ORG>حركة البناء</ORG>",
        "<ORG>البناء</ORG>",
        "<ORG>حركة البناء الجديد</ORG>",
        "<GPE>مدينة درنة</GPE>",
        "<GPE>درنه</GPE>",
        "<EVENT>معركة <GPE>درنة</GPE></EVENT>",
        "<DATE>أمس</DATE>",
        "<OCC>الوزير</OCC>",
        "التنظيم",
        "(",
        ")",
        "«",
        "»",
        ":",
        "قال",
        "أن",
        "بحسب",
        ".",
        "\n\n",
    ];
    let text = proptest::collection::vec(proptest::sample::select(names.to_vec()), 0..30);
    proptest!(ProptestConfig::with_cases(200), |(parts in text)| {
        let read = analyze(&parts.join(" "));
        let groups = &read.meaning.groups;
        let mut seen = vec![0; read.mentions.len()];
        for (id, group) in groups.all().iter().enumerate() {
            prop_assert!(!groups.members(group).is_empty());
            prop_assert!(groups.members(group).is_sorted_by_key(|m| m.mention));
            for member in groups.members(group) {
                seen[member.mention as usize] += 1;
                prop_assert_eq!(read.mentions[member.mention as usize].group, u32::try_from(id).ok());
            }
        }
        for (mention, count) in read.mentions.iter().zip(seen) {
            let grouped = mention.label.is_core() && mention.label != Label::OCC;
            prop_assert_eq!(count, usize::from(grouped));
        }
        for quote in &read.meaning.quotes {
            prop_assert!(quote.span.of(&read.text).is_some_and(|words| !words.is_empty()));
        }
    });
}

/// Many names: the time must not grow with the square, or this never ends.
#[test]
fn ten_thousand_mentions() {
    let mut text = String::new();
    for i in 0..10_000u32 {
        let letter = |n: u32| char::from_u32(0x628 + n % 20).unwrap();
        let name: String = [i, i / 20, i / 400, i / 8000, 3].into_iter().map(letter).collect();
        let kind = ["PERS", "ORG", "GPE"][i as usize % 3];
        text += &format!("<{kind}>{name} بن{name}</{kind}> و<{kind}>{name}</{kind}>.\n");
    }
    let read = analyze(&text);
    assert_eq!(read.mentions.len(), 20_000);
    assert!(read.meaning.groups.all().len() > 5_000);
}
