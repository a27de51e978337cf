//! What the mentions of a document mean, in words: canonical names, Latin names. Made when asked for.

use std::sync::LazyLock;

use super::{Doc, Mention};
use crate::base::{Label, Span};
use crate::detect::lexicon::{Entry, Lexicon, nominative};
use crate::resolve::groups::{Group, Groups};
use crate::resolve::links::Link;
use crate::resolve::quotes::Quote;
use crate::resolve::relations::Relation;
use crate::script::fold_to_string;
use crate::script::normalize::Normalizer;
use crate::script::translit::{Scheme, to_latin};

static LIGHT: LazyLock<Option<Normalizer>> = LazyLock::new(|| Normalizer::preset("light").ok());

impl Doc {
    /// The lexicon that the links refer to.
    pub fn lexicon(&self) -> &Lexicon {
        &self.0.lexicon
    }
    /// What the mentions stand for, each thing once.
    pub fn links(&self) -> &[Link] {
        &self.0.meaning.links
    }
    /// The mentions of one thing together.
    pub fn groups(&self) -> &Groups {
        &self.0.meaning.groups
    }
    /// Who says what, in the order of the text.
    pub fn quotes(&self) -> &[Quote] {
        &self.0.meaning.quotes
    }
    /// Links between mentions, such as a title and its person.
    pub fn relations(&self) -> &[Relation] {
        &self.0.meaning.relations
    }

    /// What a link of [`Doc::links`] is, by its number.
    pub fn link(&self, link: Option<u32>) -> Option<&Link> {
        link.and_then(|link| self.links().get(link as usize))
    }
    /// What a link of [`Doc::links`] leads to, in the bundled lexicon or in the user's.
    pub fn entry(&self, link: Option<u32>) -> Option<Entry<'_>> {
        self.link(link).and_then(|link| link.entry(self.lexicon(), &self.0.own))
    }

    /// The words of a mention as a name stands alone: without marks and quotes, with its article, in the nominative.
    pub fn written(&self, mention: &Mention) -> String {
        let mut out = String::new();
        self.write_out(mention, &mut out);
        out
    }

    /// Append [`Doc::written`].
    pub(super) fn write_out(&self, mention: &Mention, out: &mut String) {
        let (from, text) = (out.len(), self.text_of(mention));
        let (layout, first) = (self.layout(), mention.tokens.0 as usize);
        if text.starts_with('ل') {
            let readings = layout.tokens.get(first).map_or(&[][..], |token| layout.readings(token));
            let own = readings.iter().find(|reading| reading.span.start == mention.span.start);
            if own.is_some_and(|reading| reading.article) {
                // After لل the article has lost its alef.
                out.push('ا');
            }
        }
        let plain = is_plain(text);
        match LIGHT.as_ref() {
            Some(light) if !plain => {
                let light = light.normalize(text);
                if mention.label.is_core() && light.contains(is_quote) {
                    out.extend(light.chars().filter(|c| !is_quote(*c)));
                } else {
                    out.push_str(&light);
                }
            }
            _ => out.push_str(text),
        }
        // The fold of plain letters is as long as they are.
        if mention.label == Label::PERS
            && let Some((head, _)) = out.get(from..).and_then(|name| name.split_once(' '))
            && (!plain || head.len() <= "ابو".len())
            && nominative(&fold_to_string(head), true) == Some("ابو")
        {
            let to = from + head.len();
            out.replace_range(from..to, "أبو");
        }
    }

    /// The canonical name of a group.
    pub fn name_of(&self, group: &Group) -> String {
        match self.entry(group.link) {
            Some(entry) => entry.name().to_owned(),
            None => self.mentions().get(group.name as usize).map(|m| self.written(m)).unwrap_or_default(),
        }
    }

    /// The group of a mention.
    pub fn group_of(&self, mention: &Mention) -> Option<&Group> {
        mention.group.and_then(|group| self.groups().all().get(group as usize))
    }

    /// The canonical name of what a mention names, or its words.
    pub fn norm_of(&self, mention: &Mention) -> String {
        self.group_of(mention).map_or_else(|| self.written(mention), |group| self.name_of(group))
    }

    /// The English name of what a mention names, otherwise its words in Latin letters.
    pub fn latin_of(&self, mention: &Mention) -> String {
        let known = self.known_latin_of(mention);
        known.map_or_else(|| to_latin(&self.written(mention), Scheme::Reader), str::to_owned)
    }

    /// The English name of what a mention names, where the lexicon has one.
    fn known_latin_of(&self, mention: &Mention) -> Option<&str> {
        let link = mention.link.or_else(|| self.group_of(mention).and_then(|group| group.link));
        let known = self.entry(link).map(|entry| entry.latin()).filter(|name| !name.is_empty());
        known.or_else(|| self.listed(mention))
    }

    /// The Latin name that the lexicon has for the words of a title, a language, a currency. What is in a group is named by
    /// its link alone.
    fn listed(&self, mention: &Mention) -> Option<&str> {
        latin_of_title(self.lexicon().entry(self.listed_entry(mention)?)?)
    }

    /// The entry whose Latin name [`Doc::latin_of`] such a mention has.
    pub(super) fn listed_entry(&self, mention: &Mention) -> Option<u32> {
        if mention.group.is_some() || !self.lexicon().has(mention.label) {
            return None;
        }
        let layout = self.layout();
        let tokens = layout.tokens.get(mention.tokens.0 as usize..mention.tokens.1 as usize)?;
        let words = tokens.iter().map(|token| {
            let span = Span::new(token.span.start.max(mention.span.start), token.span.end.min(mention.span.end));
            let own = layout.readings(token).iter().find(|reading| reading.span == span);
            own.map_or(token.word, |reading| reading.word)
        });
        let mut entries = self.lexicon().entries_of_words(words).map(|(entry, _)| entry);
        entries.find(|entry| entry.label() == mention.label).map(|entry| entry.id)
    }

    /// The Latin name of a group.
    pub fn latin_of_group(&self, group: &Group) -> String {
        let known = self.entry(group.link).map(|entry| entry.latin()).filter(|name| !name.is_empty());
        known.map_or_else(|| to_latin(&self.name_of(group), Scheme::Reader), str::to_owned)
    }

    /// The ways in which the text writes what a group names, in the order of the text.
    pub fn variants_of(&self, group: &Group) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for member in self.groups().members(group) {
            let Some(mention) = self.mentions().get(member.mention as usize) else { continue };
            let text = self.written(mention);
            if !out.contains(&text) {
                out.push(text);
            }
        }
        out
    }
}

/// The Latin name of a title: of "minister of …" or "prince, emir" one name is enough.
pub(super) fn latin_of_title(entry: Entry<'_>) -> Option<&str> {
    let name = entry.latin().split([',', '…', '(']).next().unwrap_or("").trim();
    Some(name.strip_suffix(" of").unwrap_or(name)).filter(|name| !name.is_empty())
}

/// Whether a text has nothing but letters, digits, the signs of numbers and dates, and single spaces between them, as most
/// names: it is its own light normalization, and has no quotes.
fn is_plain(text: &str) -> bool {
    let mut rest = text.as_bytes();
    loop {
        let before = rest.len();
        // The letters from hamza to ghain, from feh to yeh.
        while let [0xD8, 0xA1..=0xBA, after @ ..] | [0xD9, 0x81..=0x8A, after @ ..] = rest {
            rest = after;
        }
        while let [b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'%'..=b')' | b','..=b'/', after @ ..] = rest {
            rest = after;
        }
        rest = match rest {
            [] => return rest.len() < before,
            [b' ', after @ ..] if rest.len() < before && !after.is_empty() => after,
            _ if rest.len() < before => rest,
            _ => return false,
        }
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '«' | '»' | '“' | '”' | '„' | '‟' | '"' | '‹' | '›')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn plain_text_is_its_own_light_form(text in "[ء-غف-ي0-9A-Za-z%.,/()ـ\u{64E}\u{640}«ﻻ\" -]{0,12}") {
            let light = LIGHT.as_ref().unwrap();
            prop_assert!(!is_plain(&text) || light.normalize(&text) == text.as_str());
            prop_assert!(!is_plain(&text) || !text.contains(is_quote));
            let letter = |c| matches!(c, 'ء'..='غ' | 'ف'..='ي' | '%'..=')' | ','..='/') || c.is_ascii_alphanumeric();
            prop_assert_eq!(is_plain(&text), text.split(' ').all(|word| !word.is_empty() && word.chars().all(letter)));
        }
    }
}
