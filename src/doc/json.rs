//! Documents, mentions, groups and links as JSON: views that write themselves, their keys in the order of the alphabet.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Doc, Mention, Notes, Wording};
use crate::base::{Span, Src};
use crate::detect::lexicon::Entry;
use crate::resolve::groups::Group;
use crate::resolve::quotes::Quote;
use crate::resolve::values::Value;

impl Doc {
    /// What the analysis found, offsets in code points: the form that `marsad analyze --json` prints.
    ///
    /// ```
    /// use marsad::{Pack, Pipeline, pipeline::Options};
    /// let doc = Pipeline::new(&Pack::default()).unwrap().run("أ", &Options::default()).unwrap();
    /// assert!(serde_json::to_string(&doc.json()).unwrap().ends_with(r#""text":"أ"}"#));
    /// assert_eq!(serde_json::to_value(doc.json()).unwrap()["sents"][0]["end"], 1);
    /// ```
    pub fn json(&self) -> Json<'_> {
        Json { doc: self, notes: Notes::of(self), published: None }
    }

    /// One mention, as in [`Doc::json`].
    pub fn mention_json<'a>(&'a self, mention: &'a Mention) -> impl Serialize + 'a {
        self.mention(mention, self.norm_of(mention).into(), self.latin_of(mention).into())
    }

    /// One group by its number, as in [`Doc::json`].
    pub fn group_json<'a>(&'a self, id: u32, group: &'a Group) -> impl Serialize + 'a {
        let variants = self.variants_of(group).into_iter().map(Cow::Owned).collect();
        Thing {
            doc: self,
            id,
            group,
            name: self.name_of(group).into(),
            latin: self.latin_of_group(group).into(),
            variants,
        }
    }

    /// What a mention or a group is linked to, as in [`Doc::json`].
    pub fn link_json(&self, link: Option<u32>) -> impl Serialize {
        self.place(link)
    }

    fn mention<'a>(&'a self, mention: &'a Mention, norm: Cow<'a, str>, latin: Cow<'a, str>) -> Entity<'a> {
        let span = self.chars(mention.span);
        Entity {
            end: span.end,
            group: mention.group,
            label: self.label(mention.label),
            latin,
            link: self.place(mention.link),
            norm,
            parent: mention.parent,
            score: rounded(mention.score),
            start: span.start,
            text: self.text_of(mention),
            value: mention.value.as_ref(),
        }
    }

    fn place(&self, link: Option<u32>) -> Option<Place<'_>> {
        let link = self.link(link)?;
        let entry = link.entry(self.lexicon(), &self.0.own)?;
        let others = link.alternatives.iter().filter_map(|id| self.lexicon().entry(*id));
        let facts = self.0.own.rows().get(link.entry as usize).filter(|_| link.own).map(|row| {
            let rest = row.info.iter().filter(|(key, _)| !OF_PLACE.contains(&key.as_str()));
            rest.map(|(key, value)| (key.as_str(), value.as_str())).collect()
        });
        Some(Place {
            alternatives: Some(others.map(|other| Place::of(&other)).collect()),
            facts: facts.or_else(|| link.own.then(BTreeMap::default)),
            score: Some(rounded(link.score)),
            ..Place::of(&entry)
        })
    }

    fn part(&self, span: Span<Src>) -> Part<'_> {
        let span = self.chars(span);
        Part { end: span.end, kind: None, start: span.start, text: None }
    }

    fn said<'a>(&'a self, quote: &Quote) -> Said<'a> {
        let span = self.chars(quote.span);
        let verb = quote.verb.and_then(|verb| self.layout().tokens.get(verb as usize));
        Said {
            direct: quote.direct,
            end: span.end,
            source: quote.source.map(|source| source.slice(self.text())),
            speaker: quote.speaker,
            start: span.start,
            text: quote.span.slice(self.text()),
            verb: verb.map(|token| token.span.slice(self.text())),
        }
    }
}

fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1000.0).round() / 1000.0
}

/// A list that is written item by item.
struct Each<F>(F);

impl<I: Iterator<Item: Serialize>, F: Fn() -> I> Serialize for Each<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// A document as JSON: see [`Doc::json`].
#[derive(Clone, Debug)]
pub struct Json<'a> {
    doc: &'a Doc,
    notes: Notes,
    published: Option<Option<Date>>,
}

impl Json<'_> {
    /// Tell the day of publication too, or that it is not known.
    pub fn published(self, day: Option<Date>) -> Self {
        Self { published: Some(day), ..self }
    }
}

impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (doc, wording) = (self.doc, &Wording::new(&self.notes, self.doc));
        let blocks = || doc.layout().blocks.iter().map(|b| Part { kind: Some(b.kind.name()), ..doc.part(b.span) });
        let entities = || {
            let mentions = (0..).zip(doc.mentions());
            mentions.map(|(i, m)| doc.mention(m, wording.norm_of(i).into(), wording.latin_of(i).into()))
        };
        let groups = || {
            (0..).zip(doc.groups().all()).map(|(id, group)| Thing {
                doc,
                id,
                group,
                name: wording.name_of(id).into(),
                latin: wording.latin_of_group(id).into(),
                variants: self.notes.variants_of(doc, group, 0).into_iter().map(Cow::Borrowed).collect(),
            })
        };
        let relations = || doc.relations().iter().map(|r| Tie { from: r.from, kind: r.kind.name(), to: r.to });
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("blocks", &Each(blocks))?;
        map.serialize_entry("entities", &Each(entities))?;
        map.serialize_entry("groups", &Each(groups))?;
        if let Some(day) = self.published {
            map.serialize_entry("published", &day.map(|day| day.to_string()))?;
        }
        map.serialize_entry("quotes", &Each(|| doc.quotes().iter().map(|quote| doc.said(quote))))?;
        map.serialize_entry("relations", &Each(relations))?;
        map.serialize_entry("sents", &Each(|| doc.layout().sents.iter().map(|sent| doc.part(sent.span))))?;
        map.serialize_entry("text", doc.text())?;
        map.end()
    }
}

/// A block, a sentence, or what refers back to a group.
#[derive(serde::Serialize)]
struct Part<'a> {
    end: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    start: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

#[derive(serde::Serialize)]
struct Entity<'a> {
    end: u32,
    group: Option<u32>,
    label: &'a str,
    latin: Cow<'a, str>,
    link: Option<Place<'a>>,
    norm: Cow<'a, str>,
    parent: Option<u32>,
    score: f64,
    start: u32,
    text: &'a str,
    value: Option<&'a Value>,
}

struct Thing<'a> {
    doc: &'a Doc,
    id: u32,
    group: &'a Group,
    name: Cow<'a, str>,
    latin: Cow<'a, str>,
    variants: Vec<Cow<'a, str>>,
}

impl Serialize for Thing<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (doc, group) = (self.doc, self.group);
        let (groups, members) = (doc.groups(), doc.groups().members(group));
        let back = |span: &Span<Src>| Part { text: Some(span.slice(doc.text())), ..doc.part(*span) };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("anaphora", &Each(|| groups.anaphora(group).iter().map(back)))?;
        map.serialize_entry("count", &members.len())?;
        map.serialize_entry("first", &members.first().map(|member| member.mention))?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("label", doc.label(group.label))?;
        map.serialize_entry("last", &members.last().map(|member| member.mention))?;
        map.serialize_entry("latin", &self.latin)?;
        map.serialize_entry("link", &doc.place(group.link))?;
        map.serialize_entry("mentions", &Each(|| members.iter().map(|member| member.mention)))?;
        map.serialize_entry("name", &self.name)?;
        map.serialize_entry("scores", &Each(|| members.iter().map(|member| rounded(member.score))))?;
        map.serialize_entry("variants", &self.variants)?;
        map.end()
    }
}

/// What the lexicon knows of a thing; of a linked one also the runners-up and the score, and of a user's own all the
/// other facts that the user gave.
#[derive(serde::Serialize)]
struct Place<'a> {
    admin: Option<&'a str>,
    admin_arabic: Option<&'a str>,
    admin_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alternatives: Option<Vec<Place<'a>>>,
    arabic: &'a str,
    country: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    facts: Option<BTreeMap<&'a str, &'a str>>,
    geonames: Option<u32>,
    kind: Option<&'a str>,
    lat: Option<f64>,
    lon: Option<f64>,
    name: Option<&'a str>,
    population: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f64>,
}

/// Facts that have a place of their own.
const OF_PLACE: &[&str] = &[
    "admin",
    "admin_arabic",
    "admin_code",
    "arabic",
    "country",
    "geonames",
    "kind",
    "lat",
    "lon",
    "name",
    "population",
];

impl<'a> Place<'a> {
    fn of(entry: &Entry<'a>) -> Self {
        let known = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        let (at, region) = (entry.coordinates(), entry.region());
        Self {
            admin: region.and_then(|region| known(region.latin)),
            admin_arabic: region.and_then(|region| known(region.arabic)),
            admin_code: region.map(|region| region.code),
            alternatives: None,
            arabic: entry.name(),
            country: entry.country(),
            facts: None,
            geonames: entry.geonames(),
            kind: known(entry.kind()),
            lat: at.map(|at| at.0),
            lon: at.map(|at| at.1),
            name: known(entry.latin()),
            population: Some(entry.population()).filter(|count| *count > 0),
            score: None,
        }
    }
}

#[derive(serde::Serialize)]
struct Said<'a> {
    direct: bool,
    end: u32,
    source: Option<&'a str>,
    speaker: Option<u32>,
    start: u32,
    text: &'a str,
    verb: Option<&'a str>,
}

/// A relation; `from` and `to` are numbers of mentions.
#[derive(serde::Serialize)]
struct Tie {
    from: u32,
    kind: &'static str,
    to: u32,
}
