//! A document writes its JSON straight out; the tree, and what is asked of one mention alone, say the same.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::Path;
use std::sync::LazyLock;

use marsad::detect::lexicon::Row;
use marsad::doc::{Notes, Wording};
use marsad::pipeline::Options;
use marsad::{Doc, Pack, Pipeline};
use proptest::prelude::*;
use serde_json::Value;

static NLP: LazyLock<Pipeline> = LazyLock::new(|| {
    let pack = Pack::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("python/marsad/data/core.marsad")).unwrap();
    let mut row = Row::new("GPE", "قرية النخيل");
    let facts = [("lat", "12.5"), ("lon", "3"), ("zone", "\"9\""), ("color", "أخضر"), ("kind", "village")];
    row.info = facts.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
    Pipeline::new(&pack).unwrap().with_lexicon(&[row, Row::new("ORG", "رابطة هواة الفلك")]).unwrap()
});

/// Pieces of texts: names with links and runners-up, values of each kind, quotations, anaphora, odd characters.
const PIECES: &[&str] = &[
    "وصل وزير الخارجية الليبي محمد الطاهر سيالة إلى طرابلس ",
    "أمس الاثنين 5 ربيع الأول 1438 الموافق 5 ديسمبر 2016 ",
    "بين عامي 2011 و2014 ",
    "تعقد الندوة كل يوم خميس عند الساعة الخامسة مساء. ",
    "قتل 12 شخصا وجرح مئتان. ",
    "دفع ثلاثين مليون دولار ثم 20 دينارا، أي 12.5 في المئة ",
    "على بعد 15 كيلومترا وبسرعة 90 كم/ساعة ",
    "المرتبة الثالثة، وعمره 40 عاما ",
    "قال «الوضع خطير»، وأضاف أن المدينة هادئة. ",
    "بحسب مصادر محلية فإن \"الطريق مقطوع\". ",
    "زار سيالة مدينة بنغازي وقرية النخيل ورابطة هواة الفلك. ",
    "الإسكندرية والمنصورة وطرابلس في لبنان ",
    "😀 ",
    "\0\u{1}\u{1f}\u{7f}\\\"/ ",
    "\u{FFFD}\u{2028}\u{FEFF} ",
    "مَدِينَةُ دَرْنَـــة\r\n\n",
    "http://example.org/a?b=\"c\" ",
];

fn check(doc: &Doc) -> Result<(), TestCaseError> {
    let published = "2016-12-08".parse().ok();
    for published in [None, published] {
        // A tree has its keys in the order of the alphabet.
        let json = doc.json().published(published);
        let (text, tree) = (serde_json::to_string(&json).unwrap(), serde_json::to_value(&json).unwrap());
        prop_assert_eq!(&text, &tree.to_string());
        prop_assert_eq!(tree["published"].as_str().is_some(), published.is_some());
        prop_assert_eq!(tree["text"].as_str(), Some(doc.text()));
        prop_assert_eq!(tree["sents"].as_array().map(Vec::len), Some(doc.layout().sents.len()));
    }
    let tree = serde_json::to_value(doc.json()).unwrap();
    let alone: Vec<Value> =
        doc.mentions().iter().map(|mention| serde_json::to_value(doc.mention_json(mention)).unwrap()).collect();
    prop_assert_eq!(&tree["entities"], &Value::Array(alone));
    let groups = (0..).zip(doc.groups().all());
    let alone: Vec<Value> =
        groups.map(|(id, group)| serde_json::to_value(doc.group_json(id, group)).unwrap()).collect();
    prop_assert_eq!(&tree["groups"], &Value::Array(alone));
    // Noted twice, as two documents.
    let mut notes = Notes::of(doc);
    notes.add(doc);
    let wording = Wording::new(&notes, doc);
    for (number, mention) in (0..).zip(doc.mentions().iter().chain(doc.mentions())) {
        prop_assert_eq!(notes.written(number), doc.written(mention));
        prop_assert_eq!(wording.norm_of(number), doc.norm_of(mention));
        prop_assert_eq!(wording.latin_of(number), doc.latin_of(mention));
    }
    for (number, group) in (0..).zip(doc.groups().all().iter().chain(doc.groups().all())) {
        prop_assert_eq!(wording.name_of(number), doc.name_of(group));
        prop_assert_eq!(wording.latin_of_group(number), doc.latin_of_group(group));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn the_tree_and_the_text_are_one(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..12)) {
        check(&NLP.run(&pieces.concat(), &Options::default()).unwrap())?;
    }
    #[test]
    fn of_any_text(text in "\\PC{0,60}") {
        check(&NLP.run(&text, &Options::default()).unwrap())?;
    }
}

#[test]
fn each_kind_is_there() {
    let options = Options { published: "2016-12-08".parse().ok(), ..Options::default() };
    let doc = NLP.run(&PIECES.concat(), &options).unwrap();
    let tree = serde_json::to_value(doc.json()).unwrap();
    let entities = tree["entities"].as_array().unwrap();
    let kinds: Vec<&str> = entities.iter().filter_map(|e| e["value"]["kind"].as_str()).collect();
    for kind in ["date", "time", "duration", "set", "number", "ordinal", "percent", "quantity", "money"] {
        assert!(kinds.contains(&kind), "{kind} is not among {kinds:?}");
    }
    assert!(entities.iter().any(|e| e["link"]["alternatives"].as_array().is_some_and(|others| !others.is_empty())));
    let own = entities.iter().find(|e| e["text"] == "قرية النخيل").unwrap();
    assert_eq!(own["link"]["facts"], serde_json::json!({"color": "أخضر", "zone": "\"9\""}));
    assert_eq!(own["link"]["lat"], 12.5);
    for part in ["groups", "quotes", "relations", "blocks", "sents"] {
        assert!(!tree[part].as_array().unwrap().is_empty(), "{part}");
    }
}
