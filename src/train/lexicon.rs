//! From the tables of the lexicon to the sections of a pack: words with their traits, then the trie and its entries.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{Bytes, Label};
use crate::detect::lexicon::{Lexicon, LexiconBuilder, Row, keys, spellings};
use crate::error::{Error, ErrorKind, Result};
use crate::pack::Pack;
use crate::segment::words::{SECTIONS, WordsBuilder};
use crate::segment::{Layout, NO_WORD, Trait, Words};

/// What a row's label says: an entry of a type, or a class of words.
enum Kind {
    Entry(Label),
    Class(Trait),
}

fn kind(row: &Row) -> Result<Kind> {
    if let Ok(label) = row.label.parse::<Label>() {
        return Ok(Kind::Entry(label));
    }
    let tag = row.label.to_ascii_lowercase();
    let class = Trait::TAGS.iter().find(|(name, _)| *name == tag).map(|(_, class)| Kind::Class(*class));
    class.ok_or_else(|| {
        let tags: Vec<&str> = Trait::TAGS.iter().map(|(name, _)| *name).collect();
        let (label, name) = (&row.label, &row.name);
        let (labels, tags) = (Label::NAMES.join(" "), tags.join(" "));
        Error::new(ErrorKind::BadData, format!("{name}: {label:?} is neither a label ({labels}) nor a class ({tags})"))
    })
}

/// Collects words and their traits.
struct Lexemes<'a> {
    builder: WordsBuilder,
    known: &'a Words,
    layout: Layout,
}

impl Lexemes<'_> {
    fn mark(&mut self, key: &str, class: Trait) {
        self.builder.entry(key).traits |= class.0;
    }

    /// The key of a form of one word.
    fn single(&mut self, form: &str) -> Option<String> {
        let mut keys = keys(form, &mut self.layout);
        if keys.len() == 1 { keys.pop() } else { None }
    }

    /// Mark every form of one word.
    fn mark_forms(&mut self, row: &Row, class: Trait) {
        for (form, ambiguous) in row.forms() {
            if let Some(key) = self.single(form) {
                self.mark(&key, if ambiguous { class.with(Trait::AMBIGUOUS) } else { class });
            } else if matches!(class, Trait::MONTH | Trait::CURRENCY) {
                // كانون الثاني, درهم إماراتي: the first word tells.
                if let Some(first) = keys(form, &mut self.layout).first() {
                    self.mark(first, class);
                }
            } else if matches!(class, Trait::GIVEN) {
                // عبد الرحمن: likewise, and the joined spelling is one word.
                for spelling in spellings(form, Label::PERS, &mut self.layout) {
                    match spelling.as_slice() {
                        [one] => self.mark(one, class),
                        [first, ..] if first == "عبد" => self.mark(first, class),
                        _ => {}
                    }
                }
            }
        }
    }

    /// The adjective of a nationality in all its forms, from `adj=ليبي,ليبية`.
    fn mark_nationality(&mut self, row: &Row) {
        self.mark_forms(row, Trait::PEOPLE);
        for adjective in row.fact("adj").unwrap_or("").split(',').map(str::trim).filter(|a| !a.is_empty()) {
            let Some(key) = self.single(adjective) else { continue };
            let bare = key.strip_prefix("ال").filter(|rest| rest.chars().count() > 3).unwrap_or(&key);
            let collides = self.known.traits(self.known.get(bare)).any(Trait::AMBIGUOUS) || adjective.ends_with('?');
            let class = if collides { Trait::ADJ_NATION.with(Trait::AMBIGUOUS) } else { Trait::ADJ_NATION };
            let mut forms = vec![bare.to_owned()];
            if bare.ends_with('ي') {
                forms.extend(["ون", "ين", "ه", "تين", "تان", "ان", "ات"].map(|ending| format!("{bare}{ending}")));
            }
            for form in forms {
                let people =
                    if form.ends_with("ون") || form.ends_with("ين") { Trait::PEOPLE } else { Trait::default() };
                self.mark(&form, class.with(people));
                self.mark(&format!("ال{form}"), class.with(people));
            }
        }
    }

    /// The first and the last word of a person's name, when no other class claims them.
    fn mark_person(&mut self, row: &Row) {
        let keys = keys(row.canonical(), &mut self.layout);
        let other = Trait::STOP.with(Trait::TITLE).with(Trait::PARTICLE).with(Trait::ADJ_NATION);
        let [first, middle @ .., last] = keys.as_slice() else { return };
        if middle.len() > 2 {
            return;
        }
        for (key, class) in [(first, Trait::GIVEN), (last, Trait::FAMILY)] {
            let plain = key.chars().count() > 2 && !matches!(key.as_str(), "الله" | "الدين" | "ابو" | "ابن" | "عبد");
            if plain && !Trait(self.builder.entry(key).traits).any(other) {
                self.mark(key, class);
            }
        }
    }
}

/// Whether the corpora use a place's one-word name as a common noun: with a pronoun, or as often with the article
/// as without. Names take neither.
fn is_common(key: &str, words: &Words) -> bool {
    let count = |form: String| u64::from(words.count(words.get(&form)));
    let bare = key.strip_prefix("ال").unwrap_or(key);
    let stem = bare.strip_suffix('ه').map_or_else(|| bare.to_owned(), |stem| format!("{stem}ت"));
    let owned: u64 = ["ها", "هم", "ه", "نا"].iter().map(|pronoun| count(format!("{stem}{pronoun}"))).sum();
    let (definite, indefinite) = (count(format!("ال{bare}")), count(bare.to_owned()));
    let (own, other) = if key == bare { (indefinite, definite) } else { (definite, indefinite) };
    owned >= 5 && owned * 50 > own || other >= 10 && other * 10 > own
}

/// Forms of generated rows that are common words, given names or titles get the mark of ambiguity.
fn doubt(rows: &[Row], words: &Words, builder: &WordsBuilder) -> Vec<Row> {
    let mut layout = Layout::default();
    let doubted = Trait::GIVEN.with(Trait::FAMILY).with(Trait::TITLE).with(Trait::STOP).with(Trait::ADJ_NATION);
    let mut check = |form: &str| {
        let keys = keys(form.trim_end_matches('?'), &mut layout);
        match keys.as_slice() {
            [key] => {
                let own = Trait(builder.get(key).map_or(0, |word| word.traits));
                key.chars().count() < 3 || own.any(doubted) || is_common(key, words)
            }
            _ => false,
        }
    };
    rows.iter()
        .map(|row| {
            let mut row = row.clone();
            if row.fact("geonames").is_some() && row.fact("curated").is_none() {
                for form in std::iter::once(&mut row.name).chain(&mut row.aliases) {
                    if !form.ends_with('?') && check(form) {
                        form.push('?');
                    }
                }
            }
            row
        })
        .collect()
}

/// Add rows to a pack: its table of words grows by the words of the lexicon, and the sections of the lexicon are
/// added or replaced.
pub fn compile(pack: &Pack, rows: &[Row]) -> Result<Pack> {
    let known = pack.words()?;
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
            Kind::Entry(_) => {}
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
    let rows = doubt(rows, &known, &lexemes.builder);
    for row in &rows {
        if let Kind::Entry(label) = kind(row)? {
            for (form, _) in row.forms() {
                for key in spellings(form, label, &mut lexemes.layout).iter().flatten() {
                    lexemes.builder.entry(key);
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
    let mut builder = LexiconBuilder::default();
    let mut word = |key: &str| words.get(key);
    for row in &rows {
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
    let words = pack.words()?;
    let lexicon = pack.lexicon(&words)?;
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
