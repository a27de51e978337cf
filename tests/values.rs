//! Values of dates, times, numbers and sums against golden data.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::fs;

use jiff::civil::{Date, Weekday};
use marsad::resolve::values::{Context, evaluate_text};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

#[derive(Deserialize)]
struct Golden {
    published: Option<String>,
    cases: Vec<toml::Table>,
}

fn weekday(name: &str) -> Weekday {
    match name {
        "saturday" => Weekday::Saturday,
        "sunday" => Weekday::Sunday,
        "monday" => Weekday::Monday,
        other => panic!("no such first day of the week: {other}"),
    }
}

/// Check every key of every case against the value; `null = true` asks for an open `edtf`, `none = true` for no value.
fn check(file: &str) -> usize {
    let path = format!("{}/tests/golden/{file}.toml", env!("CARGO_MANIFEST_DIR"));
    let golden: Golden = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|e| panic!("{path}: {e}"));
    let mut failures = Vec::new();
    let count = golden.cases.len();
    for case in golden.cases {
        let text = case["text"].as_str().unwrap();
        let published = match case.get("published").and_then(|p| p.as_str()) {
            Some("none") => None,
            Some(day) => Some(day.parse::<Date>().unwrap()),
            None => golden.published.as_ref().map(|day| day.parse().unwrap()),
        };
        let week_start = case.get("week_start").and_then(|w| w.as_str()).map_or(Weekday::Saturday, weekday);
        let value = evaluate_text(text, &Context { published, week_start });
        let json = value.map_or(Json::Null, |v| serde_json::to_value(&v).unwrap());
        let empty = Map::new();
        let got = json.as_object().unwrap_or(&empty);
        let kind = case.get("kind").and_then(|k| k.as_str());
        let mut wrong = Vec::new();
        if case.contains_key("none") && !json.is_null() {
            wrong.push("should have no value".to_owned());
        }
        if case.contains_key("null") && !got.get("edtf").is_some_and(Json::is_null) {
            wrong.push("edtf should be open".to_owned());
        }
        if !case.contains_key("none")
            && !case.contains_key("number")
            && got.get("kind").and_then(Json::as_str) != Some(kind.unwrap_or("date"))
        {
            wrong.push(format!("kind should be {}", kind.unwrap_or("date")));
        }
        for (key, expected) in &case {
            if matches!(key.as_str(), "text" | "published" | "week_start" | "null" | "none") {
                continue;
            }
            let expected = serde_json::to_value(expected).unwrap();
            if got.get(key) != Some(&expected) {
                wrong.push(format!("{key} should be {expected}"));
            }
        }
        if !wrong.is_empty() {
            failures.push(format!("{text}\n    {}\n    got {json}", wrong.join("; ")));
        }
    }
    assert!(failures.is_empty(), "{} of {count} in {file}:\n{}", failures.len(), failures.join("\n"));
    count
}

#[test]
fn expressions_of_the_survey() {
    assert_eq!(check("dates_survey"), 26);
}

#[test]
fn dates_of_the_calendar() {
    assert!(check("dates_calendar") >= 80);
}

#[test]
fn relative_dates() {
    assert!(check("dates_relative") >= 80);
}

#[test]
fn hijri_feasts_ranges_lengths_and_times() {
    assert!(check("dates_hijri") >= 70);
}

#[test]
fn odd_notations_and_what_is_no_date() {
    assert!(check("dates_more") >= 270);
}

#[test]
fn numbers_and_amounts() {
    assert!(check("numbers") >= 70);
}

mod spelling {
    use marsad::resolve::values::{Case, Context, Gender, Value, evaluate_text, spell};
    use proptest::prelude::*;

    fn number(text: &str) -> Option<String> {
        match evaluate_text(text, &Context::default())? {
            Value::Number { number, .. } => Some(number),
            _ => None,
        }
    }

    /// Numbers of every size: the exponent is drawn first.
    fn sizes() -> impl Strategy<Value = u64> {
        (0u32..=15).prop_flat_map(|power| 2..=10u64.pow(power).max(2))
    }

    fn genders() -> impl Strategy<Value = Gender> {
        prop_oneof![Just(Gender::Masculine), Just(Gender::Feminine)]
    }

    fn cases() -> impl Strategy<Value = Case> {
        prop_oneof![Just(Case::Nominative), Just(Case::Oblique)]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_spelled_is_read_again(n in sizes(), gender in genders(), case in cases()) {
            let words = spell(n, gender, case);
            prop_assert_eq!(number(&words), Some(n.to_string()), "{}", words);
        }

        #[test]
        fn hamza_and_clitics_do_not_matter(n in sizes(), gender in genders(), clitic in "[وفبلك]?") {
            let words = spell(n, gender, Case::Oblique).replace(['أ', 'إ', 'آ'], "ا").replace("مئ", "مائ");
            // I am not, more often than for six.
            prop_assume!(format!("{clitic}{words}") != "لست");
            let words = format!("قال {clitic}{words}");
            prop_assert_eq!(number(&words), Some(n.to_string()), "{}", words);
        }
    }

    #[test]
    fn agreement() {
        let cases = [
            (3, Gender::Masculine, "ثلاثة"),
            (3, Gender::Feminine, "ثلاث"),
            (10, Gender::Feminine, "عشر"),
            (11, Gender::Feminine, "إحدى عشرة"),
            (12, Gender::Masculine, "اثنا عشر"),
            (21, Gender::Feminine, "واحدة وعشرون"),
            (100, Gender::Masculine, "مئة"),
            (200, Gender::Masculine, "مئتان"),
            (1_000, Gender::Masculine, "ألف"),
            (2_000, Gender::Masculine, "ألفان"),
            (3_000, Gender::Masculine, "ثلاثة آلاف"),
            (11_000, Gender::Masculine, "أحد عشر ألفا"),
            (200_000, Gender::Masculine, "مئتا ألف"),
            (1_250_000, Gender::Masculine, "مليون ومئتان وخمسون ألفا"),
            (1_000_000_000_000_000, Gender::Masculine, "كوادريليون"),
        ];
        for (n, gender, words) in cases {
            assert_eq!(spell(n, gender, Case::Nominative), words);
        }
        assert_eq!(spell(0, Gender::Masculine, Case::Nominative), "صفر");
        assert_eq!(spell(12, Gender::Feminine, Case::Oblique), "اثنتي عشرة");
    }
}

#[derive(Deserialize)]
struct Documents {
    published: String,
    texts: Vec<Document>,
}

#[derive(Deserialize)]
struct Document {
    text: String,
    /// Mention, key, expected value.
    values: Vec<(String, String, String)>,
}

#[test]
fn values_over_a_text() {
    let path = format!("{}/tests/golden/values_document.toml", env!("CARGO_MANIFEST_DIR"));
    let golden: Documents = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let pipeline = marsad::Pipeline::new(&marsad::Pack::default()).unwrap();
    let options =
        marsad::pipeline::Options { published: Some(golden.published.parse().unwrap()), ..Default::default() };
    for Document { text, values } in golden.texts {
        let doc = pipeline.run(&text, &options).unwrap();
        for (mention, key, expected) in values {
            let found = doc.mentions().iter().find(|m| doc.text_of(m) == mention);
            let json = found.map(|m| serde_json::to_value(&m.value).unwrap());
            let all: Vec<_> = doc.mentions().iter().map(|m| doc.text_of(m)).collect();
            let got = json.as_ref().and_then(|j| j.get(&key)).and_then(Json::as_str);
            assert_eq!(got, Some(expected.as_str()), "{key} of {mention} in {text}: {json:?}, mentions {all:?}");
        }
    }
}

mod soundness {
    use marsad::pipeline::Options;
    use marsad::{Pack, Pipeline};
    use proptest::prelude::*;

    /// Pieces of dates and numbers in any order, glued or not.
    fn pieces() -> impl Strategy<Value = String> {
        let words = "من إلى و في قبل بعد منذ يوم عام سنة شهر الشهر العام الأسبوع القرن أيام أعوام عامين الماضي المقبل الجاري الأول الثاني \
            العشرين عشر عشرة أحد واحد مئة مئتا ألف ألفا آلاف مليون ملايين نصف ربع أرباع النصف الربع ثلاثة خمس والعشرين \
            ساعة الساعة دقيقة الدقيقة مساء صباح الليل بعد ظهر أمس اليوم غدا أول الأحد السبت رمضان ربيع كانون تشرين جمادى ذو الحجة \
            يناير آب مارس صيف التسعينيات مطلع منتصف نهاية هـ م ق.م عيد الفطر رأس السنة الموافق دولار دينار ليبي كيلومتر م2 مربع بالمئة % $ \
            0 1 2 7 12 31 99 100 1000 1436 2014 99999999999999999999 1,200 1.5 5ر3 3/4/2014 2014-2017 10-15 15:30 ( ) / - – . ، الـ لل وال بـ كل هذا نفس \
            رقم سن فاتح حقبة الفترة الأخيرة قادمة 17سنة نوفمبر2014 (س) ـ ًَ \u{200f}";
        let word = prop::sample::select(words.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        prop::collection::vec((word, prop::sample::select(vec![" ", " ", " ", "", "\n"])), 1..14)
            .prop_map(|parts| parts.into_iter().map(|(word, gap)| word + gap).collect())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_read(text in pieces(), anchored in any::<bool>()) {
            let pipeline = Pipeline::new(&Pack::default()).unwrap();
            let published = anchored.then(|| "2016-12-10".parse().unwrap());
            let doc = pipeline.run(&text, &Options { published, ..Options::default() }).unwrap();
            for mention in doc.mentions() {
                let slice = mention.span.of(doc.text());
                prop_assert!(slice.is_some_and(|s| !s.is_empty() && s.trim() == s), "{:?} in {:?}", slice, text);
                prop_assert!(serde_json::to_string(&mention.value).is_ok());
                if let Some(temporal) = mention.value.as_ref().and_then(|v| v.temporal())
                    && let (Some(start), Some(end)) = (&temporal.start, &temporal.end)
                    && !start.starts_with('-')
                {
                    prop_assert!(start <= end, "{start} to {end} in {:?}", text);
                }
            }
        }
    }
}
