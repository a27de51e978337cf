//! Forms that the guidelines or the corpora speak against: dropped, cut or marked as ambiguous.

use std::collections::BTreeSet;

use crate::base::Label;
use crate::detect::lexicon::{Row, keys};
use crate::segment::words::WordsBuilder;
use crate::segment::{Layout, Trait, Words};

/// Words among the so many most frequent are no names of small places, or only with evidence.
const FREQUENT: u32 = 2_000;
const KNOWN: u32 = 20_000;
/// Places of so many inhabitants are known by their name.
const LARGE: u64 = 100_000;

/// Kinds of body whose nationality adjective stands outside the name.
const PRIVATE: &[&str] =
    &["newspaper", "tv", "news_agency", "radio", "magazine", "site", "party", "armed_group", "company", "club"];

/// Adjectives that stand outside a name.
const OUTSIDE: &[&str] = &["المحتله", "الرسميه", "المحظوره"];

/// What the compiler knows when it judges forms.
pub(super) struct Tidy<'a> {
    words: &'a Words,
    traits: &'a WordsBuilder,
    /// Definite titles of one word, folded.
    titles: BTreeSet<String>,
    /// Words that a table calls ambiguous.
    ambiguous: BTreeSet<String>,
    layout: Layout,
}

impl<'a> Tidy<'a> {
    pub fn new(rows: &[Row], words: &'a Words, traits: &'a WordsBuilder) -> Self {
        let mut layout = Layout::default();
        let mut single = |label: &str, keep: fn(&str) -> bool| -> BTreeSet<String> {
            let forms = rows.iter().filter(|row| row.label == label).flat_map(Row::forms);
            let singles = forms.filter_map(|(form, _)| match keys(form, &mut layout).as_slice() {
                [key] if keep(key) => Some(key.clone()),
                _ => None,
            });
            singles.collect()
        };
        let titles = single(Label::OCC.name(), |key| key.starts_with("ال"));
        let ambiguous = single("ambiguous", |_| true);
        Self { words, traits, titles, ambiguous, layout }
    }

    /// The row with its forms judged; `None` when none is left.
    pub fn row(&mut self, row: &Row) -> Option<Row> {
        let label: Label = row.label.parse().ok()?;
        let forms: Vec<(String, bool)> = row.forms().map(|(form, doubt)| (form.to_owned(), doubt)).collect();
        let folded: Vec<Vec<String>> = forms.iter().map(|(form, _)| keys(form, &mut self.layout)).collect();
        let mut kept: Vec<String> = Vec::new();
        let mut title = None;
        for ((form, doubt), phrase) in forms.iter().zip(&folded) {
            let Some((form, cut)) = self.without_title(form, phrase, label) else { continue };
            if cut && title.is_none() {
                title = phrase.first().map(|title| ("title".to_owned(), title.clone()));
            }
            let superfluous =
                form.starts_with("العاصمة ") && label == Label::GPE || self.adds_adjective(phrase, &folded, row, label);
            let common = if let [key] = phrase.as_slice() { self.common(key, row, label) } else { Common::No };
            if form.is_empty() || superfluous && !kept.is_empty() || common == Common::Always {
                continue;
            }
            let mark = if *doubt || cut || common == Common::Often { "?" } else { "" };
            let form = format!("{form}{mark}");
            if !kept.contains(&form) {
                kept.push(form);
            }
        }
        let mut row = row.clone();
        let mut kept = kept.into_iter();
        row.name = kept.next()?;
        row.aliases = kept.collect();
        row.info.extend(title);
        Some(row)
    }

    /// A person's name has no title: الملك سلمان is the form سلمان, to be believed with evidence, as is عبد الله.
    fn without_title<'f>(&self, form: &'f str, phrase: &[String], label: Label) -> Option<(&'f str, bool)> {
        if label != Label::PERS || phrase.len() < 2 || !phrase.first().is_some_and(|first| self.titles.contains(first))
        {
            return Some((form, false));
        }
        let (_, rest) = form.split_once(' ')?;
        let one = phrase.len() == 2 || phrase.len() == 3 && phrase[1] == "عبد";
        Some((rest.trim(), one))
    }

    /// ليبراسيون الفرنسية beside ليبراسيون: the adjective stands outside.
    fn adds_adjective(&self, phrase: &[String], forms: &[Vec<String>], row: &Row, label: Label) -> bool {
        let outside = match label {
            Label::GPE | Label::LOC => true,
            Label::ORG => row.fact("kind").is_some_and(|kind| PRIVATE.contains(&kind)),
            _ => false,
        };
        let Some((last, before)) = phrase.split_last() else { return false };
        let adjective = OUTSIDE.contains(&last.as_str()) || self.has(last, Trait::ADJ_NATION) && last.starts_with("ال");
        // A short form after the long one, as in brackets, is a name of its own.
        let short = label == Label::ORG && forms.iter().any(|form| matches!(form.as_slice(), [only] if only == last));
        (outside && adjective || short) && forms.iter().any(|form| form == before)
    }

    fn has(&self, key: &str, class: Trait) -> bool {
        self.traits.get(key).is_some_and(|word| Trait(word.traits).any(class))
    }

    fn common(&self, key: &str, row: &Row, label: Label) -> Common {
        if self.ambiguous.contains(key) {
            return Common::Often;
        }
        if label != Label::GPE || row.fact("kind") == Some("country") {
            return Common::No;
        }
        let population = row.fact("population").and_then(|p| p.parse().ok()).unwrap_or(0u64);
        let noun = is_common_noun(key, self.words);
        if row.fact("curated").is_some() || row.fact("geonames").is_none() {
            return if noun && population < LARGE { Common::Often } else { Common::No };
        }
        let id = self.words.get(key);
        let other = Trait::GIVEN.with(Trait::FAMILY).with(Trait::TITLE).with(Trait::STOP).with(Trait::ADJ_NATION);
        let short = key.chars().count() < 3;
        if id < FREQUENT || self.has(key, Trait::STOP) || (noun || short) && population < LARGE {
            Common::Always
        } else if noun || id < KNOWN || self.has(key, other) {
            Common::Often
        } else {
            Common::No
        }
    }
}

/// How often a name's word is no name.
#[derive(Clone, Copy, PartialEq)]
enum Common {
    No,
    Often,
    Always,
}

/// Whether the corpora use a word as a common noun: with a pronoun, or as often with the article as without. Names of
/// places take neither.
fn is_common_noun(key: &str, words: &Words) -> bool {
    let count = |form: String| u64::from(words.count(words.get(&form)));
    let bare = key.strip_prefix("ال").unwrap_or(key);
    let stem = bare.strip_suffix('ه').map_or_else(|| bare.to_owned(), |stem| format!("{stem}ت"));
    let owned: u64 = ["ها", "هم", "نا"].iter().map(|pronoun| count(format!("{stem}{pronoun}"))).sum();
    let (definite, indefinite) = (count(format!("ال{bare}")), count(bare.to_owned()));
    let (own, other) = if key == bare { (indefinite, definite) } else { (definite, indefinite) };
    owned >= 5 && owned * 50 > own || other >= 10 && other * 10 > own
}
