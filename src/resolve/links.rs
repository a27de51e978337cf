//! Links: which thing of the lexicon a name stands for. An ambiguous place is judged by the other places of the text,
//! by population and by kind, and keeps the runners-up.

use rustc_hash::FxHashMap;

use crate::base::Label;
use crate::detect::View;
use crate::detect::lexicon::{Entry, Lexicon, UserLexicon};
use crate::segment::{Layout, Proclitics, Token, Trait, WordId, Words};

use super::Mention;
use super::names::{Class, Form, Names};

/// So many runners-up are kept.
const RUNNERS_UP: usize = 4;
/// How many mentions of places to each side are neighbors.
const WINDOW: usize = 6;
/// What an adjective of nationality weighs; a place of the country weighs 1.
const NATION: f32 = 0.3;
/// What the country weighs that the text gives a place.
const TOLD: f32 = 20.0;
/// How sure a name alone is that may be another's.
const DOUBTED: f32 = 0.5;
/// Kind nouns whose place is not the one that the name after them has: مخيم جنين is not جنين.
const OTHER_PLACE: &[&str] = &["مخيم", "مخيمات", "حي", "احياء", "ضاحيه", "ضواحي", "ريف", "مستوطنه", "مركز", "عزبه"];

/// What a name stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The entry of the lexicon.
    pub entry: u32,
    /// The entry is one of the user's own.
    pub own: bool,
    /// How sure the choice is, 0 to 1.
    pub score: f32,
    /// The runners-up, the best first.
    pub alternatives: Vec<u32>,
    /// How the name was found.
    pub by: Match,
}

/// How a name was found in the lexicon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// As written.
    Whole,
    /// Without the kind noun before it: مدينة سرت as سرت.
    Bare,
    /// One letter off.
    Misspelt,
}

impl Link {
    /// What the name stands for, in the bundled lexicon or in the user's.
    pub fn entry<'a>(&self, lexicon: &'a Lexicon, own: &'a UserLexicon) -> Option<Entry<'a>> {
        if self.own { own.entry(self.entry) } else { lexicon.entry(self.entry) }
    }

    /// The entry of the bundled lexicon.
    pub fn bundled(&self) -> Option<u32> {
        (!self.own).then_some(self.entry)
    }
}

/// Weights of countries, few enough to look through.
#[derive(Debug, Default)]
struct Weights(Vec<([u8; 2], f32)>);

impl Weights {
    fn add(&mut self, country: Option<[u8; 2]>, weight: f32) {
        let Some(country) = country else { return };
        match self.0.iter_mut().find(|(code, _)| *code == country) {
            Some((_, sum)) => *sum += weight,
            None => self.0.push((country, weight)),
        }
    }
    fn share(&self, country: Option<[u8; 2]>) -> f32 {
        let all: f32 = self.0.iter().map(|(_, weight)| weight).sum();
        let own = self.0.iter().find(|(code, _)| Some(*code) == country);
        own.map_or(0.0, |(_, weight)| weight / all)
    }
}

/// Memory of the linker, reused from text to text.
#[derive(Debug, Default)]
pub struct Linker {
    /// The country that each form surely lies in, and the weight of its word.
    sure: Vec<Option<([u8; 2], f32)>>,
    /// Mentions of places in the order of the text, with their forms.
    places: Vec<(u32, u32)>,
    /// Where the mentions of a form are in `places`.
    of_form: FxHashMap<u32, Vec<u32>>,
    /// The mentions of persons by one name, by form.
    of_lone: FxHashMap<u32, Vec<u32>>,
    text: Weights,
    near: Weights,
    /// The countries of the nationalities of the text are in `text`.
    nations: bool,
    /// The country of an adjective of nationality.
    nation_of: FxHashMap<WordId, Option<[u8; 2]>>,
    key: String,
    ranked: Vec<(u32, f32)>,
    /// Mentions of places whose words say the country, with their forms.
    told: Vec<(u32, u32, [u8; 2])>,
    /// The country of forms that were parted by what is told.
    parted: FxHashMap<u32, [u8; 2]>,
}

/// How a form was found in the lexicon.
#[derive(Clone, Copy)]
struct Found {
    node: u32,
    by: Match,
}

fn code(entry: &Entry<'_>) -> Option<[u8; 2]> {
    entry.country().and_then(|code| code.as_bytes().try_into().ok())
}

fn fits(entry: &Entry<'_>, class: Class) -> bool {
    Class::of(entry.label()) == Some(class)
}

impl Linker {
    /// The link of each form, or `None`.
    pub fn link(
        &mut self,
        view: &View<'_>,
        (lexicon, own): (&Lexicon, &UserLexicon),
        mentions: &[Mention],
        names: &Names,
    ) -> Vec<Option<Link>> {
        let found: Vec<Option<Found>> = names.forms.iter().map(|form| find(view, lexicon, names, form)).collect();
        self.gather(lexicon, mentions, names, &found);
        let mut links = Vec::with_capacity(names.forms.len());
        for (at, (form, found)) in (0u32..).zip(names.forms.iter().zip(found)) {
            let entries = found.into_iter().flat_map(|f| lexicon.entries_at(f.node)).map(|(entry, _)| entry);
            let user = form.user.filter(|entry| own.is_told(*entry));
            let listed = form.entry.and_then(|id| lexicon.entry(id)).filter(|entry| fits(entry, form.class));
            let link = if let Some(entry) = user {
                Some(Link { entry, own: true, score: 1.0, alternatives: Vec::new(), by: Match::Whole })
            } else if form.class == Class::Place {
                self.rank(view, lexicon, mentions, form, at, listed, entries)
            } else {
                let doubted =
                    |entry: &Entry<'_>| form.is_lone() && found.is_some_and(|f| is_doubted(lexicon, f.node, entry.id));
                let given = || names.words(form).iter().any(|word| view.words.traits(word.id).any(Trait::GIVEN));
                let own = self.of_lone.get(&at).map_or(&[][..], Vec::as_slice);
                let titled = |entry: &Entry<'_>| own.iter().any(|at| is_titled(view, lexicon, mentions, *at, entry));
                // فهد is the king only as الملك فهد: a text is more likely to speak of another who is called so.
                let believed =
                    |entry: &Entry<'_>| fits(entry, form.class) && (!doubted(entry) || !given() || titled(entry));
                let mut entries = listed.into_iter().chain(entries).filter(believed);
                entries.next().map(|entry| Link {
                    entry: entry.id,
                    own: false,
                    score: if doubted(&entry) && !(entry.title().is_some() && titled(&entry)) { DOUBTED } else { 1.0 },
                    alternatives: entries.map(|e| e.id).filter(|e| *e != entry.id).take(RUNNERS_UP).collect(),
                    by: Match::Whole,
                })
            };
            let by = found.map_or(if user.is_some() { Match::Whole } else { Match::Misspelt }, |f| f.by);
            links.push(link.map(|link| Link { by, ..link }));
        }
        links
    }

    /// Part the names that the text itself gives to places of several countries: طرابلس الليبية, طرابلس في لبنان.
    pub fn part(&mut self, view: &View<'_>, lexicon: &Lexicon, mentions: &[Mention], names: &mut Names) {
        self.told.clear();
        self.parted.clear();
        self.nation_of.clear();
        for (at, mention) in (0u32..).zip(mentions) {
            let Some(form) = names.of(at) else { continue };
            if names.forms.get(form as usize).is_some_and(|form| form.class == Class::Place && form.count > 1)
                && let Some(country) = self.country_told(view, lexicon, mentions, at, mention)
            {
                self.told.push((form, at, country));
            }
        }
        self.told.sort_unstable();
        let told = std::mem::take(&mut self.told);
        for own in told.chunk_by(|a, b| a.0 == b.0) {
            let Some(&(form, _, first)) = own.first() else { continue };
            if own.iter().all(|(_, _, country)| *country == first) {
                continue;
            }
            let words = names.forms.get(form as usize).map_or(&[][..], |form| names.words(form));
            let node = lexicon.trie().find(words.iter().map(|word| word.id));
            let has = |country: [u8; 2]| {
                let mut entries = node.into_iter().flat_map(|node| lexicon.entries_at(node));
                entries.any(|(entry, _)| fits(&entry, Class::Place) && code(&entry) == Some(country))
            };
            if own.iter().any(|(_, _, country)| !has(*country)) {
                continue;
            }
            self.parted.insert(form, first);
            let mut parts: Vec<([u8; 2], Vec<u32>)> = Vec::new();
            let mut country = first;
            let all = (0..u32::try_from(mentions.len()).unwrap_or(u32::MAX)).filter(|at| names.of(*at) == Some(form));
            for at in all {
                // What says nothing goes with the one before it.
                let told = own.binary_search_by_key(&at, |(_, told, _)| *told).ok().and_then(|told| own.get(told));
                country = told.map_or(country, |(_, _, country)| *country);
                match parts.iter_mut().find(|(known, _)| *known == country) {
                    _ if country == first => {}
                    Some((_, mentions)) => mentions.push(at),
                    None => parts.push((country, vec![at])),
                }
            }
            for (country, mentions) in parts {
                if let Some(part) = names.part(form, &mentions) {
                    self.parted.insert(part, country);
                }
            }
        }
        self.told = told;
    }

    /// The country that the words right beside a place give.
    fn country_told(
        &mut self,
        view: &View<'_>,
        lexicon: &Lexicon,
        mentions: &[Mention],
        at: u32,
        mention: &Mention,
    ) -> Option<[u8; 2]> {
        let token = |at: u32| view.layout.tokens.get(at as usize);
        let (from, to) = mention.tokens;
        // طرابلس اللبنانية, العاصمة الليبية طرابلس
        if let Some(country) = token(to).and_then(|token| self.nation(view, lexicon, token)) {
            return Some(country);
        }
        let named = from.checked_sub(2).and_then(token).is_some_and(|token| {
            matches!(view.layout.stem(&view.layout.best(token)), "العاصمه" | "المدينه" | "البلده")
        });
        if named && let Some(country) = token(from - 1).and_then(|token| self.nation(view, lexicon, token)) {
            return Some(country);
        }
        // طرابلس في لبنان, طرابلس (لبنان), طرابلس بلبنان
        let next = mentions.get(at as usize + 1).filter(|next| Class::of(next.label) == Some(Class::Place))?;
        let first = token(next.tokens.0)?;
        let gap = next.tokens.0.checked_sub(to)?;
        let attached = view.layout.readings(first).iter().find(|reading| reading.span.start == next.span.start);
        let by = attached.is_none_or(|reading| reading.proclitics.is_empty());
        let inside = attached.is_some_and(|reading| reading.proclitics == Proclitics::BI);
        let within = match gap {
            0 => inside,
            1 => by && matches!(view.layout.key(token(to)?), "في" | "،" | "(" | "-"),
            _ => false,
        };
        let reading = attached.filter(|_| within && next.tokens.1 == next.tokens.0 + 1)?;
        let mut entries = lexicon.entries_of_words([reading.word]).map(|(entry, _)| entry);
        entries.find(|entry| entry.kind() == "country").and_then(|entry| code(&entry))
    }

    /// What the text says of countries.
    fn gather(&mut self, lexicon: &Lexicon, mentions: &[Mention], names: &Names, found: &[Option<Found>]) {
        self.sure.clear();
        self.places.clear();
        self.text.0.clear();
        self.nations = false;
        self.of_form.values_mut().for_each(Vec::clear);
        self.of_lone.values_mut().for_each(Vec::clear);
        for (form, found) in names.forms.iter().zip(found) {
            let mut entries = found
                .iter()
                .flat_map(|f| lexicon.entries_at(f.node))
                .filter(|(entry, _)| fits(entry, form.class))
                .map(|(entry, _)| entry);
            let sure = entries.next().and_then(|first| {
                let country = code(&first)?;
                let weight = match (form.class, first.kind()) {
                    (Class::Place, "country") => return Some((country, 2.0)),
                    (Class::Place | Class::Other(Label::FAC), _) => 1.0,
                    _ => 0.5,
                };
                entries.all(|other| code(&other) == Some(country)).then_some((country, weight))
            });
            self.sure.push(sure);
        }
        for at in 0..u32::try_from(mentions.len()).unwrap_or(u32::MAX) {
            let Some(form) = names.of(at) else { continue };
            if let Some((country, weight)) = self.sure.get(form as usize).copied().flatten() {
                self.text.add(Some(country), weight);
            }
            let known = names.forms.get(form as usize);
            if known.is_some_and(Form::is_lone) {
                self.of_lone.entry(form).or_default().push(at);
            }
            if known.is_some_and(|f| f.class == Class::Place) {
                let place = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
                self.of_form.entry(form).or_default().push(place);
                self.places.push((at, form));
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "the parts of one text")]
    fn rank<'a>(
        &mut self,
        view: &View<'_>,
        lexicon: &Lexicon,
        mentions: &[Mention],
        form: &Form,
        at: u32,
        own: Option<Entry<'a>>,
        entries: impl Iterator<Item = Entry<'a>>,
    ) -> Option<Link> {
        let entries = entries.chain(own).filter(|entry| fits(entry, Class::Place));
        let mut distinct: Vec<Entry<'a>> = Vec::new();
        for entry in entries {
            if !distinct.iter().any(|known| known.id == entry.id) {
                distinct.push(entry);
            }
        }
        self.ranked.clear();
        if distinct.len() > 1 {
            self.read_nations(view, lexicon);
            self.look_around(view, lexicon, mentions, at);
        }
        for entry in &distinct {
            let country = code(entry);
            let population = if entry.population() == 0 { 4000 } else { entry.population() };
            #[allow(clippy::cast_precision_loss, reason = "a population")]
            let size = (population as f32).ln() * 0.2;
            let kind = match entry.kind() {
                "country" => 1.5,
                "city" => 0.1,
                _ => 0.0,
            };
            let label = if entry.label() == form.label { 0.5 } else { 0.0 };
            let score = 2.0 * self.near.share(country) + 1.5 * self.text.share(country) + size + kind + label;
            self.ranked.push((entry.id, score));
        }
        self.ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let &(entry, best) = self.ranked.first()?;
        let sum: f32 = self.ranked.iter().map(|(_, score)| (2.0 * (score - best)).exp()).sum();
        Some(Link {
            entry,
            own: false,
            score: 1.0 / sum,
            alternatives: self.ranked.iter().skip(1).take(RUNNERS_UP).map(|(id, _)| *id).collect(),
            by: Match::Whole,
        })
    }

    /// Weigh the nationalities of the text, once.
    fn read_nations(&mut self, view: &View<'_>, lexicon: &Lexicon) {
        if std::mem::replace(&mut self.nations, true) {
            return;
        }
        for token in &view.layout.tokens {
            let country = self.nation(view, lexicon, token);
            self.text.add(country, NATION);
        }
    }

    /// The country of an adjective such as اللبنانية, by the people that it comes from.
    fn nation(&mut self, view: &View<'_>, lexicon: &Lexicon, token: &Token) -> Option<[u8; 2]> {
        let reading = view.layout.best(token);
        if !view.words.traits(reading.word).any(Trait::ADJ_NATION) {
            return None;
        }
        if let Some(known) = self.nation_of.get(&reading.word) {
            return *known;
        }
        let adjective = view.layout.stem(&reading);
        let bare = ["ه", "ون", "ين"].iter().find_map(|ending| adjective.strip_suffix(ending)).unwrap_or(adjective);
        self.key.clear();
        if !bare.starts_with("ال") {
            self.key.push_str("ال");
        }
        self.key.push_str(bare);
        self.key.push_str("ون");
        let mut people = lexicon.entries_of_words([view.words.get(&self.key)]);
        let country = people.find_map(|(entry, _)| code(&entry).filter(|_| entry.label() == Label::NORP));
        self.nation_of.insert(reading.word, country);
        country
    }

    /// Weigh the countries of the places around all mentions of a form.
    fn look_around(&mut self, view: &View<'_>, lexicon: &Lexicon, mentions: &[Mention], form: u32) {
        self.near.0.clear();
        self.near.add(self.parted.get(&form).copied(), TOLD);
        let count = self.of_form.get(&form).map_or(0, Vec::len);
        for i in 0..count {
            let Some(place) = self.of_form.get(&form).and_then(|own| own.get(i)).map(|place| *place as usize) else {
                continue;
            };
            let Some(mention) = self.places.get(place).and_then(|(at, _)| mentions.get(*at as usize)) else { continue };
            let sent = sentence(view.layout, mention.tokens.0);
            // طرابلس اللبنانية
            if let Some(token) = view.layout.tokens.get(mention.tokens.1 as usize) {
                let country = self.nation(view, lexicon, token);
                self.near.add(country, 4.0);
            }
            let from = place.saturating_sub(WINDOW);
            for (at, (neighbor, form)) in self.places.iter().enumerate().skip(from).take(2 * WINDOW + 1) {
                let Some((country, weight)) = self.sure.get(*form as usize).copied().flatten() else { continue };
                let Some(neighbor) = mentions.get(*neighbor as usize).filter(|_| at != place) else { continue };
                #[allow(clippy::cast_precision_loss, reason = "at most the window")]
                let distance = at.abs_diff(place) as f32;
                let same = if sentence(view.layout, neighbor.tokens.0) == sent { 2.0 } else { 1.0 };
                self.near.add(Some(country), weight * same / distance);
            }
        }
    }
}

/// Whether the lexicon doubts a form as the name of an entry.
fn is_doubted(lexicon: &Lexicon, node: u32, entry: u32) -> bool {
    lexicon.entries_at(node).any(|(known, doubt)| known.id == entry && doubt)
}

/// Whether the title of an entry stands before a mention; of one that has none, any post: الرئيس السابق صالح.
fn is_titled(view: &View<'_>, lexicon: &Lexicon, mentions: &[Mention], at: u32, entry: &Entry<'_>) -> bool {
    let titles = |token: u32| {
        let readings = view.layout.tokens.get(token as usize).map_or(&[][..], |token| view.layout.readings(token));
        readings.iter().flat_map(|reading| lexicon.entries_of_words([reading.word])).map(|(entry, _)| entry)
    };
    let Some(from) = mentions.get(at as usize).map(|mention| mention.tokens.0) else { return false };
    if let Some(title) = entry.title() {
        return from.checked_sub(1).is_some_and(|before| titles(before).any(|entry| entry.id == title));
    }
    let mut before = mentions.iter().take(at as usize).rev().take(3);
    let post = before.find(|other| other.label == Label::OCC && other.tokens.1 == from);
    post.is_some_and(|post| titles(post.tokens.0).any(|entry| entry.takes_complement()))
}

fn sentence(layout: &Layout, token: u32) -> usize {
    layout.sents.partition_point(|sent| sent.tokens.1 <= token)
}

/// Where the lexicon has a form, as a node of its trie: as written, without the kind noun, or one letter off.
fn find(view: &View<'_>, lexicon: &Lexicon, names: &Names, form: &Form) -> Option<Found> {
    let has = |node: u32| lexicon.entries_at(node).any(|(entry, _)| fits(&entry, form.class));
    let words = names.words(form);
    let whole = lexicon.trie().find(words.iter().map(|word| word.id)).filter(|node| has(*node));
    if let Some(node) = whole {
        return Some(Found { node, by: Match::Whole });
    }
    if form.headed {
        let head = words.first().map_or("", |word| names.text(std::slice::from_ref(word)));
        let loose = form.label == Label::GPE && !OTHER_PLACE.contains(&head);
        let alike = |node: u32| lexicon.entries_at(node).any(|(entry, _)| entry.label() == form.label);
        let bare = lexicon.trie().find(names.bare(form).iter().map(|word| word.id));
        // جبل لبنان is not لبنان: but for provinces and towns the name alone must be of the same label.
        let kept = |node: &u32| if loose { has(*node) } else { form.class != Class::Body && alike(*node) };
        if let Some(node) = bare.filter(kept).filter(|_| !OTHER_PLACE.contains(&head)) {
            return Some(Found { node, by: Match::Bare });
        }
    }
    misspelt(view.words, lexicon, names, form).filter(|node| has(*node)).map(|node| Found { node, by: Match::Misspelt })
}

/// Letters of a word.
fn letters(word: &str) -> usize {
    word.chars().count()
}

/// A rare word that is one letter from a known name.
fn misspelt(words: &Words, lexicon: &Lexicon, names: &Names, form: &Form) -> Option<u32> {
    const RARE: u32 = 3;
    let named = Trait::GIVEN.with(Trait::FAMILY).with(Trait::ADJ_NATION).with(Trait::STOP);
    match (form.class, names.words(form)) {
        (Class::Person, [first, rest @ ..]) if !rest.is_empty() => {
            let key = names.text(std::slice::from_ref(first));
            if letters(key) < 4 || words.traits(first.id).any(Trait::STOP) {
                return None;
            }
            let meant = lexicon.neighbor(key, rest.first().map(|word| word.id), words)?;
            let node = lexicon.trie().find(std::iter::once(meant).chain(rest.iter().map(|word| word.id)))?;
            // أحمد is not a misspelt محمد. Either the word as written is much the rarer, or the surname alone names
            // the bearer of the name that was meant.
            let traits = words.traits(first.id);
            let given = traits.any(Trait::GIVEN) && !traits.any(Trait::AMBIGUOUS);
            let rarer = words.count(first.id).saturating_mul(20) <= words.count(meant);
            let bearers = || lexicon.entries_of_words(rest.iter().map(|word| word.id));
            let famous = || lexicon.entries_at(node).any(|(entry, _)| bearers().any(|(other, _)| other.id == entry.id));
            (!given && (rarer || famous())).then_some(node)
        }
        (Class::Place, _) => {
            let [only] = names.bare(form) else { return None };
            let key = names.text(std::slice::from_ref(only));
            if letters(key) < 5 || words.count(only.id) > RARE || words.traits(only.id).any(named) {
                return None;
            }
            lexicon.trie().find([lexicon.neighbor(key, None, words)?])
        }
        _ => None,
    }
}
