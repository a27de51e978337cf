//! Definite nouns that only refer back: التنظيم after تنظيم الدولة الإسلامية, المدينة after مدينة سرت.

use rustc_hash::FxHashMap;

use crate::base::{Label, Span, Src, offset};
use crate::detect::View;
use crate::detect::lexicon::Lexicon;
use crate::script::fold_into;
use crate::segment::{NO_WORD, Token, Trait, WordId};

use super::super::links::Link;
use super::super::names::{Class, Form, Names};
use super::super::{Mention, REFERS_TO_NOTHING};
use super::Groups;

/// What nouns refer back to a place, by its kind in the lexicon.
const PLACES: &[(&str, &[&str])] = &[
    ("country", &["بلاد"]),
    ("city", &["مدينه"]),
    ("town", &["مدينه", "بلده"]),
    ("governorate", &["محافظه"]),
    ("province", &["محافظه", "ولايه", "اقليم"]),
    ("state", &["ولايه"]),
    ("camp", &["مخيم"]),
    ("region", &["اقليم", "منطقه"]),
    ("island", &["جزيره"]),
];
/// A noun refers back over so many tokens at most.
const REACH: u32 = 200;

/// Nouns that may refer back by themselves.
const HEADS: Trait = Trait(Trait::ORG_HEAD.0 | Trait::GPE_HEAD.0 | Trait::LOC_HEAD.0 | Trait::FAC_HEAD.0);

/// The definite noun that a token is.
fn definite(view: &View<'_>, token: &Token) -> Option<WordId> {
    let reading = view.layout.readings(token).first().filter(|r| r.article && r.enclitic.is_none())?;
    let noun = view.words.get(view.layout.stem(reading).strip_prefix("ال")?);
    (noun != NO_WORD).then_some(noun)
}

/// Whether the last word of a layout is a noun that may refer back.
pub fn may_refer(view: &View<'_>) -> bool {
    let noun = view.layout.tokens.last().and_then(|token| definite(view, token));
    noun.is_some_and(|noun| {
        let key = view.words.key(noun);
        view.words.traits(noun).any(HEADS) || PLACES.iter().any(|(_, nouns)| nouns.contains(&key))
    })
}

/// Memory of the search.
#[derive(Debug, Default)]
pub(super) struct Backward {
    /// The nouns that refer back to each form, as ranges of `nouns`.
    of_form: Vec<(u32, u32)>,
    nouns: Vec<WordId>,
    /// The group last named that a noun refers back to, and where.
    latest: FxHashMap<WordId, (u32, u32)>,
    found: Vec<(u32, Span<Src>)>,
    key: String,
}

impl Backward {
    /// Find what refers back, and write it into the groups. `links` has a link for each form.
    pub fn find(
        &mut self,
        view: &View<'_>,
        lexicon: &Lexicon,
        names: &Names,
        links: &[Option<Link>],
        mentions: &[Mention],
        out: &mut Groups,
    ) {
        self.of_form.clear();
        self.nouns.clear();
        self.latest.clear();
        self.found.clear();
        for (form, link) in names.forms.iter().zip(links) {
            let from = offset(self.nouns.len());
            self.nouns_of(view, lexicon, names, form, link.as_ref());
            self.of_form.push((from, offset(self.nouns.len())));
        }
        let mut next = mentions.iter().zip(0u32..).peekable();
        let mut covered = 0;
        for (at, token) in (0u32..).zip(&view.layout.tokens) {
            while let Some((mention, number)) = next.next_if(|(mention, _)| mention.tokens.0 <= at) {
                covered = covered.max(mention.tokens.1);
                let (Some(group), Some(form)) = (mention.group, names.of(number)) else { continue };
                let (from, to) = self.of_form.get(form as usize).copied().unwrap_or_default();
                for noun in self.nouns.get(from as usize..to as usize).unwrap_or(&[]) {
                    self.latest.insert(*noun, (group, at));
                }
            }
            if at < covered || token.idle & REFERS_TO_NOTHING != 0 || self.latest.is_empty() {
                continue;
            }
            let back = definite(view, token).and_then(|noun| self.latest.get(&noun));
            let nation = |token| view.words.traits(view.layout.best(token).word).any(Trait::ADJ_NATION);
            if let Some((group, _)) = back.filter(|(_, named)| at - named <= REACH)
                && !view.layout.tokens.get(at as usize + 1).is_some_and(nation)
            {
                self.found.push((*group, view.layout.best(token).span));
            }
        }
        self.found.sort_unstable();
        let mut found = self.found.iter().peekable();
        for (number, group) in (0u32..).zip(&mut out.groups) {
            let from = offset(out.anaphora.len());
            while let Some((_, span)) = found.next_if(|(group, _)| *group == number) {
                out.anaphora.push(*span);
            }
            group.anaphora = (from, offset(out.anaphora.len()));
        }
    }

    /// Append the nouns that refer back to a form: its kind noun, that of its full name, the kind of the place.
    fn nouns_of(&mut self, view: &View<'_>, lexicon: &Lexicon, names: &Names, form: &Form, link: Option<&Link>) {
        let heads = match form.class {
            Class::Body => Trait::ORG_HEAD,
            Class::Place => Trait::GPE_HEAD.with(Trait::LOC_HEAD),
            Class::Other(Label::FAC) => Trait::FAC_HEAD,
            _ => return,
        };
        let head = names.words(form).get(..1).map_or("", |first| names.text(first));
        self.noun(view, head, heads);
        let Some(entry) = link.and_then(Link::bundled).and_then(|entry| lexicon.entry(entry)) else { return };
        if form.class == Class::Place {
            let nouns = PLACES.iter().find(|(kind, _)| *kind == entry.kind()).map_or(&[][..], |(_, nouns)| nouns);
            self.nouns.extend(nouns.iter().map(|noun| view.words.get(noun)));
        } else {
            let mut key = std::mem::take(&mut self.key);
            key.clear();
            fold_into(entry.name().split(' ').next().unwrap_or(""), &mut key);
            self.noun(view, &key, heads);
            self.key = key;
        }
    }

    /// Append a kind noun, without its article.
    fn noun(&mut self, view: &View<'_>, head: &str, heads: Trait) {
        let noun = view.words.get(head.strip_prefix("ال").unwrap_or(head));
        if view.words.traits(noun).any(heads) {
            self.nouns.push(noun);
        }
    }
}
