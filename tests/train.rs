//! Corpora, training and the tagger that comes out: on sentences made here, with no lexicon and no raw text.

#![allow(clippy::unwrap_used, reason = "a test may fail so")]

use marsad::pipeline::{Options, Pipeline};
use marsad::train::corpus::{Corpus, read_str};
use marsad::train::session::Session;
use marsad::train::tagger::{self, Options as TrainOptions};
use marsad::train::words::WordCounter;
use marsad::{Mention, Pack};

const GIVEN: [&str; 8] = ["سمير", "نادر", "هالة", "رامي", "جميلة", "طارق", "عصام", "لبنى"];
const FAMILY: [&str; 6] = ["البستاني", "الحداد", "النجار", "الخياط", "الصائغ", "الطحان"];
const TOWNS: [&str; 6] = ["زهران", "ميدان الورد", "كفر نخلة", "تل النسيم", "عين الزيتون", "بيت السهل"];

/// Sentences of one form: somebody arrived somewhere and met the head of a town's council.
fn made(sentences: usize) -> String {
    let mut out = String::new();
    for i in 0..sentences {
        let (given, family) = (GIVEN[i % GIVEN.len()], FAMILY[(i / 3) % FAMILY.len()]);
        let (town, other) = (TOWNS[(i * 5) % TOWNS.len()], TOWNS[(i / 2) % TOWNS.len()]);
        out.push_str(&format!(
            "وصل <PERS>{given} {family}</PERS> إلى مدينة <GPE>{town}</GPE> و<GPE>{other}</GPE> ثم التقى أعضاء <ORG>مجلس \
             <GPE>{town}</GPE></ORG> أمس.\n\n"
        ));
    }
    out
}

fn corpus(sentences: usize) -> Corpus {
    let documents = (0..6).map(|i| read_str("made.xml", &made(sentences + i)).unwrap().documents.remove(0)).collect();
    Corpus { labels: Default::default(), documents }
}

fn words() -> Pack {
    let mut counter = WordCounter::default();
    for town in TOWNS.iter().chain(&GIVEN).chain(&FAMILY) {
        counter.add(&format!("{town} {town} {town}"));
    }
    counter.add("وصل إلى مدينة ثم التقى أعضاء مجلس أمس و و");
    marsad::train::words::pack(&counter.into_builder(1)).unwrap()
}

fn options() -> TrainOptions {
    TrainOptions { folds: 3, members: 1, least: 1, ..Default::default() }
}

fn trained() -> Pack {
    let trained = tagger::train(&words(), &corpus(8), &[], &options(), &mut Session::new(|_| {})).unwrap();
    trained.into_pack(words(), "marsad").unwrap()
}

fn found(pipeline: &Pipeline, text: &str) -> Vec<(String, &'static str)> {
    let doc = pipeline.run(text, &Options::default()).unwrap();
    doc.mentions().iter().map(|m: &Mention| (doc.text_of(m).to_owned(), m.label.name())).collect()
}

#[test]
fn learns_names_clitics_and_nesting() {
    let pipeline = Pipeline::new(&trained()).unwrap();
    let text = "وصل سالم القباني إلى مدينة وادي الغزال وزهران ثم التقى أعضاء مجلس زهران أمس.";
    let mentions = found(&pipeline, text);
    for expected in [("سالم القباني", "PERS"), ("وادي الغزال", "GPE"), ("مجلس زهران", "ORG")]
    {
        assert!(mentions.iter().any(|(t, l)| (t.as_str(), *l) == expected), "{expected:?} in {mentions:?}");
    }
    let towns = mentions.iter().filter(|(t, l)| t == "زهران" && *l == "GPE").count();
    assert_eq!(towns, 2, "one after a proclitic, one inside the council: {mentions:?}");
}

#[test]
fn the_same_data_gives_the_same_bytes_whatever_the_threads() {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let three = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let bytes = |pool: &rayon::ThreadPool| pool.install(|| trained().to_bytes().unwrap());
    assert_eq!(bytes(&one), bytes(&three));
}

#[test]
fn memory_of_earlier_texts_changes_nothing() {
    let pipeline = Pipeline::new(&trained()).unwrap();
    let mut scratch = Default::default();
    let texts: Vec<String> = corpus(3).documents.into_iter().map(|d| d.text).collect();
    for text in texts.iter().chain(&texts) {
        let reused = pipeline.run_with(text, &Options::default(), &mut scratch).unwrap();
        let fresh = pipeline.run(text, &Options::default()).unwrap();
        assert_eq!(reused.mentions(), fresh.mentions());
    }
}

#[test]
fn scores_are_probabilities() {
    let pipeline = Pipeline::new(&trained()).unwrap();
    let doc = pipeline.run(&corpus(2).documents[0].text, &Options::default()).unwrap();
    assert!(!doc.mentions().is_empty());
    assert!(doc.mentions().iter().all(|m| (0.0..=1.0).contains(&m.score)));
}

#[test]
fn scores_say_how_often_such_mentions_are_right() {
    for percent in [70usize, 85] {
        // One sentence with one name or another, which is marked so often and at random.
        let (mut marked, mut state) = (0, 1u32);
        let mut random = |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        };
        let mut sentence = || {
            let (name, mark) = (GIVEN[random(GIVEN.len())], random(100) < percent);
            marked += usize::from(mark);
            if mark { format!("وصل <PERS>{name}</PERS> أمس.\n\n") } else { format!("وصل {name} أمس.\n\n") }
        };
        let document = |at: usize| (0..1 + at % 5).map(|_| sentence()).collect::<String>();
        let texts: Vec<String> = (0..200).map(document).collect();
        let documents = texts.iter().map(|text| read_str("made.xml", text).unwrap().documents.remove(0)).collect();
        let corpus = Corpus { labels: Default::default(), documents };
        let trained = tagger::train(&words(), &corpus, &[], &options(), &mut Session::new(|_| {})).unwrap();
        let pipeline = Pipeline::new(&trained.into_pack(words(), "marsad").unwrap()).unwrap();
        let text: String = GIVEN.iter().map(|name| format!("وصل {name} أمس.\n\n")).collect();
        let doc = pipeline.run(&text, &Options::default()).unwrap();
        let share = marked as f32 / texts.concat().matches("وصل").count() as f32;
        assert!(doc.mentions().len() > GIVEN.len() / 2, "{} of {}", doc.mentions().len(), GIVEN.len());
        for mention in doc.mentions() {
            assert!((mention.score - share).abs() < 0.1, "{} for {share}", mention.score);
        }
    }
}

#[test]
fn any_label_set_and_scheme() {
    let corpus = read_str("flat.conll", &"وصل\tO\nسمير\tB-ACTOR\nإلى\tO\nزهران\tB-SCENE\n.\tO\n\n".repeat(60)).unwrap();
    assert_eq!(corpus.labels.names(), ["ACTOR", "SCENE"]);
    let trained = tagger::train(&words(), &corpus, &[], &options(), &mut Session::new(|_| {})).unwrap();
    assert!(!trained.scheme.nested);
    let pack = trained.into_pack(words(), "stage").unwrap();
    let pipeline = Pipeline::with_scheme(&pack, "stage").unwrap();
    let text = "وصل نادر إلى زهران .";
    let doc = pipeline.run(text, &Options::default()).unwrap();
    let texts: Vec<&str> = doc.mentions().iter().map(|m| doc.text_of(m)).collect();
    assert_eq!(texts, ["نادر", "زهران"]);
    assert!(Pipeline::with_scheme(&pack, "other").unwrap_err().to_string().contains("other"));
}

#[test]
fn a_damaged_tagger_is_an_error_or_an_analysis_never_a_panic() {
    let pack = trained();
    let names: Vec<String> = pack.names().filter(|n| n.starts_with("tagger.")).map(str::to_owned).collect();
    assert_eq!(names.len(), 4);
    for name in names {
        let section = pack.need(&name).unwrap().to_vec();
        for at in (0..section.len()).step_by(section.len() / 13 + 1) {
            let mut bad = section.clone();
            bad[at] ^= 0x81;
            if let Ok(pipeline) = Pipeline::new(&pack.clone().with(&name, &bad)) {
                let _ = pipeline.run("وصل سمير إلى زهران", &Options::default()).unwrap();
            }
            assert!(Pipeline::new(&pack.clone().with(&name, &section[..at])).is_err());
        }
    }
}

#[test]
fn json_lines_and_inline_tags_say_the_same() {
    let inline = read_str("a.xml", "قال <PERS>سمير</PERS> إن <ORG>بلدية <GPE>زهران</GPE></ORG> بخير").unwrap();
    let json = r#"{"text": "قال سمير إن بلدية زهران بخير", "entities": [{"start": 4, "end": 8, "label": "PERS"}, [12, 23, "ORG"], [18, 23, "GPE"]]}"#;
    let lines = read_str("a.jsonl", json).unwrap();
    assert_eq!(inline.documents[0].mentions, lines.documents[0].mentions);
    assert_eq!(inline.documents[0].text, lines.documents[0].text);
    let bad = read_str("a.jsonl", "{\"text\": \"x\"}\n{\"text\": \"x\", \"entities\": [[0, 9, \"GPE\"]]}");
    assert!(bad.unwrap_err().to_string().contains("line 2"));
    assert!(read_str("a.xml", "<GPE>سرت").unwrap_err().to_string().contains("never closed"));
}
