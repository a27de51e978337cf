//! Which names of a text are names of one thing.
//!
//! Everything is found through hashes of names and of their beginnings and ends, so that the time grows with the
//! number of names, not with its square.

use rustc_hash::FxHashMap;

use crate::base::{hash64, offset};
use crate::detect::View;
use crate::detect::lexicon::Lexicon;
use crate::segment::{Trait, Words};

use super::super::Mention;
use super::super::links::{Link, Match};
use super::super::names::{Class, Form, NameWord, Names};
use super::anaphora::Backward;
use super::near::{each_neighbor, one_word_wrong};
use super::sets::{SAME, Sets};
use super::{Group, Groups, Member};

/// How sure a joining is, by its reason.
const SHORT: f32 = 0.9;
const PREFIX: f32 = 0.85;
const DEFINED: f32 = 0.95;
const MISSPELT: f32 = 0.8;

/// Names with more words are not cut.
const LONGEST: usize = 8;
/// Kind nouns of settlements; a governorate of the same name is another thing.
const SETTLEMENTS: &[&str] = &["مدينه", "بلده", "قريه", "العاصمه", "عاصمه"];
/// So many names are looked at for one that is misspelt.
const LOOKS: usize = 16;

/// What a hash leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Owner {
    One(u32),
    Many,
}

/// The names that are one but for their kind nouns.
#[derive(Clone, Copy, Debug, Default)]
struct Kinds {
    bare: Option<u32>,
    town: Option<u32>,
    other: Option<u32>,
    others: u32,
}

/// Whose names are joined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Text,
    Corpus,
}

/// Joins names; keep one a thread.
#[derive(Debug, Default)]
pub struct Uniter {
    sets: Sets,
    by_entry: FxHashMap<(bool, u32), u32>,
    owners: FxHashMap<u64, Owner>,
    kinds: Vec<Kinds>,
    kind_of: FxHashMap<u64, u32>,
    near: Vec<(u64, u32)>,
    wanted: Vec<u64>,
    rare: Vec<(u64, u32)>,
    shared: FxHashMap<u64, usize>,
    /// The group of each set.
    group_of: Vec<Option<u32>>,
    counts: Vec<u32>,
    best: Vec<(bool, usize, u32)>,
    backward: Backward,
}

impl Uniter {
    /// Group the mentions of a text by what they name, and write each one's group into it.
    ///
    /// `links` has a link for each form of `names`, and `place` where that lies among the links of the text; `pairs`
    /// are mentions that the text itself says are one thing.
    #[allow(clippy::too_many_arguments, reason = "the parts of one text")]
    pub fn groups(
        &mut self,
        view: &View<'_>,
        lexicon: &Lexicon,
        names: &Names,
        links: &[Option<Link>],
        place: &[Option<u32>],
        pairs: &[(u32, u32)],
        mentions: &mut [Mention],
    ) -> Groups {
        self.unite(view.words, lexicon, names, links, pairs, Scope::Text);
        let mut out = Groups::default();
        self.collect(names, links, place, mentions, &mut out);
        self.backward.find(view, lexicon, names, links, mentions, &mut out);
        out
    }

    /// Join names of many texts, each with its link: the number of each form's thing, counted from 0 in the order of
    /// their first forms.
    ///
    /// The rules are those of one text, but for what only neighbors may be believed: a given name alone, and a body
    /// called without its country.
    pub fn things(&mut self, words: &Words, lexicon: &Lexicon, names: &Names, links: &[Option<Link>]) -> Vec<u32> {
        self.unite(words, lexicon, names, links, &[], Scope::Corpus);
        let mut count = 0;
        let mut of = vec![None; names.forms.len()];
        let forms = 0..offset(names.forms.len());
        let number = |at: u32| {
            let root = self.sets.root(at) as usize;
            let thing = of.get_mut(root)?;
            Some(*thing.get_or_insert_with(|| {
                count += 1;
                count - 1
            }))
        };
        forms.filter_map(number).collect()
    }

    /// How sure it is that a form names the thing of its set, after [`Uniter::things`].
    pub fn is_sure(&self, form: u32) -> bool {
        self.sets.score.get(form as usize).is_some_and(|score| *score > MISSPELT)
    }

    /// Join the forms that name one thing.
    fn unite(
        &mut self,
        words: &Words,
        lexicon: &Lexicon,
        names: &Names,
        links: &[Option<Link>],
        pairs: &[(u32, u32)],
        scope: Scope,
    ) {
        let forms = &names.forms;
        let link = |at: usize| links.get(at).and_then(Option::as_ref);
        self.sets.reset(forms.iter().enumerate().map(|(at, form)| {
            let open = form.is_lone() && scope == Scope::Text;
            link(at).filter(|link| !open && !another_kind(names, form, link, lexicon)).and_then(Link::bundled)
        }));
        self.by_entry.clear();
        for at in 0..offset(forms.len()) {
            if let Some(entry) = self.sets.entry(at) {
                self.same(at, (false, entry));
            }
            if let Some(user) = forms.get(at as usize).and_then(|form| form.user) {
                self.same(at, (true, user));
            }
        }
        self.kind_nouns(names);
        self.short_names(names, scope);
        self.short_bodies(words, names, scope);
        for &(name, other) in pairs {
            if let (Some(name), Some(other)) = (names.of(name), names.of(other)) {
                self.sets.join(other, name, DEFINED);
            }
        }
        // A surname that the text does not explain is the best known bearer's.
        for (at, form) in (0u32..).zip(forms) {
            if form.is_lone()
                && self.sets.is_alone(at)
                && let Some(entry) = link(at as usize).and_then(Link::bundled)
            {
                self.sets.claim(at, entry);
                self.same(at, (false, entry));
            }
        }
        self.misspelt(words, names);
    }

    fn same(&mut self, form: u32, key: (bool, u32)) {
        let first = *self.by_entry.entry(key).or_insert(form);
        self.sets.join(form, first, SAME);
    }

    /// Remember which set a hash belongs to.
    fn own(&mut self, hash: u64, form: u32) {
        let root = self.sets.root(form);
        match self.owners.get(&hash).copied() {
            None => {
                self.owners.insert(hash, Owner::One(form));
            }
            Some(Owner::One(other)) if self.sets.root(other) != root => {
                self.owners.insert(hash, Owner::Many);
            }
            _ => {}
        }
    }

    /// The one set that a hash belongs to.
    fn owner(&self, hash: u64) -> Option<u32> {
        match self.owners.get(&hash) {
            Some(Owner::One(form)) => Some(*form),
            _ => None,
        }
    }

    /// مدينة سرت is سرت, حركة حماس is حماس. Where the text has مدينة حلب, محافظة حلب is neither; where it has several
    /// kinds of one name, none is the bare name.
    fn kind_nouns(&mut self, names: &Names) {
        self.kinds.clear();
        self.kind_of.clear();
        for (at, form) in (0u32..).zip(&names.forms) {
            if !matches!(form.class, Class::Place | Class::Body) {
                continue;
            }
            let hash = names.hash(form.class, names.bare(form));
            let kind = *self.kind_of.entry(hash).or_insert_with(|| {
                self.kinds.push(Kinds::default());
                offset(self.kinds.len() - 1)
            });
            let Some(kinds) = self.kinds.get_mut(kind as usize) else { continue };
            if !form.headed {
                kinds.bare = Some(at);
            } else if is_settlement(names, form) {
                let town = *kinds.town.get_or_insert(at);
                self.sets.join(at, town, SAME);
            } else {
                kinds.other.get_or_insert(at);
                kinds.others += 1;
            }
        }
        for kinds in &self.kinds {
            let same = kinds.town.or(kinds.other.filter(|_| kinds.others == 1));
            if let (Some(bare), Some(same)) = (kinds.bare, same) {
                self.sets.join(same, bare, SAME);
            }
        }
    }

    /// القذافي is معمر القذافي where the text has one of that surname.
    fn short_names(&mut self, names: &Names, scope: Scope) {
        self.owners.clear();
        let full = |form: &&Form| form.class == Class::Person && form.words.1 - form.words.0 >= 2;
        for (at, form) in names.forms.iter().enumerate() {
            let words = names.words(form);
            if full(&form) && words.len() <= LONGEST {
                for cut in 1..words.len() {
                    self.own(names.hash(Class::Person, &words[cut..]), offset(at));
                    if cut > 1 || scope == Scope::Text {
                        self.own(names.hash(Class::Person, &words[..cut]), offset(at));
                    }
                }
                if let ([first, .., last], true) = (words, words.len() > 2) {
                    // A middle name may be left out.
                    self.own(ends(names, first, last), offset(at));
                }
            }
        }
        for (at, form) in names.forms.iter().enumerate() {
            if form.class != Class::Person {
                continue;
            }
            let words = names.words(form);
            let mut owner = self.owner(names.hash(Class::Person, words));
            if let (None, [first, last]) = (owner, words) {
                owner = self.owner(ends(names, first, last));
            }
            if let Some(owner) = owner {
                self.sets.join(offset(at), owner, SHORT);
            }
        }
    }

    /// تنظيم الدولة is تنظيم الدولة الإسلامية where the text has one that begins so.
    fn short_bodies(&mut self, table: &Words, names: &Names, scope: Scope) {
        self.owners.clear();
        for (at, form) in names.forms.iter().enumerate() {
            let words = names.words(form);
            if form.class == Class::Body {
                for cut in 2..words.len().min(LONGEST) {
                    // Another country has a parliament too.
                    let nation = table.traits(words[cut].id).any(Trait::ADJ_NATION);
                    if nation && scope == Scope::Corpus {
                        continue;
                    }
                    self.own(names.hash(Class::Body, &words[..cut]), offset(at));
                }
            }
        }
        for (at, form) in names.forms.iter().enumerate() {
            let words = names.words(form);
            if form.class == Class::Body
                && words.len() >= 2
                && let Some(owner) = self.owner(names.hash(Class::Body, words))
            {
                // حزب الله is not حزب الله العراقي: what has an entry of its own is not cut short.
                let known = self.sets.entry(offset(at));
                if known.is_none() || known == self.sets.entry(owner) {
                    self.sets.join(offset(at), owner, PREFIX);
                }
            }
        }
    }

    /// Rare words that are one letter from a word of another name.
    fn misspelt(&mut self, words: &Words, names: &Names) {
        let may = |form: &Form| matches!(form.class, Class::Person | Class::Place | Class::Body);
        let Self { sets, near, wanted, rare, shared, .. } = self;
        let is_wrong = |sets: &mut Sets, at, form: &Form| form.rare && form.count < 3 && sets.is_unknown(at);
        let forms = || (0u32..).zip(&names.forms).filter(|(_, form)| may(form));
        rare.clear();
        for (at, form) in forms().filter(|(at, form)| is_wrong(sets, *at, form)) {
            each_neighbor(names, form, |hash| rare.push((hash, at)));
        }
        if rare.is_empty() {
            return;
        }
        // Of all names only those matter that share a hash with a rare one: most are turned away by a bit.
        let bits = (32 * rare.len()).next_power_of_two();
        wanted.clear();
        wanted.resize(bits / 64 + 1, 0);
        #[allow(clippy::cast_possible_truncation, reason = "a place among the bits")]
        let place = |hash: u64| ((hash as usize & (bits - 1)) / 64, 1 << (hash as usize % 64));
        for (hash, _) in &*rare {
            wanted[place(*hash).0] |= place(*hash).1;
        }
        near.clear();
        near.extend_from_slice(rare);
        for (at, form) in forms().filter(|(at, form)| !is_wrong(sets, *at, form)) {
            each_neighbor(names, form, |hash| {
                if wanted[place(hash).0] & place(hash).1 != 0 {
                    near.push((hash, at));
                }
            });
        }
        near.sort_unstable();
        // Where the names begin that share a hash.
        shared.clear();
        let mut from = 0;
        for run in near.chunk_by(|a, b| a.0 == b.0) {
            if let [(hash, _), _, ..] = run {
                shared.insert(*hash, from);
            }
            from += run.len();
        }
        let mut done = None;
        for &(hash, at) in &*rare {
            let (Some(form), Some(from)) = (names.forms.get(at as usize), shared.get(&hash)) else { continue };
            if done == Some(at) {
                continue;
            }
            let owners = near.iter().skip(*from).take(LOOKS).take_while(|pair| pair.0 == hash);
            let others = owners.filter(|pair| pair.1 != at).map(|pair| pair.1);
            let known = |other: &u32| names.forms.get(*other as usize);
            let mut meant =
                others.filter(|other| known(other).is_some_and(|known| one_word_wrong(words, names, form, known)));
            if let Some(meant) = meant.next() {
                done = Some(at);
                sets.join(at, meant, MISSPELT);
            }
        }
    }

    /// Write the groups.
    fn collect(
        &mut self,
        names: &Names,
        links: &[Option<Link>],
        place: &[Option<u32>],
        mentions: &mut [Mention],
        out: &mut Groups,
    ) {
        self.group_of.clear();
        self.group_of.resize(names.forms.len(), None);
        self.counts.clear();
        for (at, mention) in (0u32..).zip(mentions.iter_mut()) {
            let Some(form) = names.of(at) else { continue };
            let Some(own) = names.forms.get(form as usize) else { continue };
            let root = self.sets.root(form);
            let group = self.group_of[root as usize].unwrap_or_else(|| {
                let group = offset(out.groups.len());
                self.group_of[root as usize] = Some(group);
                self.counts.push(0);
                let (label, form) = (mention.label, *own);
                out.groups.push(Group { label, name: at, link: None, form, members: (0, 0), anaphora: (0, 0) });
                group
            });
            self.counts[group as usize] += 1;
            mention.group = Some(group);
        }
        let mut from = 0;
        for (group, count) in out.groups.iter_mut().zip(&mut self.counts) {
            group.members = (from, from);
            from += *count;
        }
        out.members.resize(from as usize, Member { mention: 0, score: 0.0 });
        for (at, mention) in (0u32..).zip(mentions.iter()) {
            let (Some(form), Some(group)) = (names.of(at), mention.group) else { continue };
            let link = links.get(form as usize).and_then(Option::as_ref);
            let misspelt = link.is_some_and(|link| link.by == Match::Misspelt);
            let score = self.sets.score[form as usize].min(if misspelt { MISSPELT } else { SAME });
            let group = &mut out.groups[group as usize];
            out.members[group.members.1 as usize] = Member { mention: at, score };
            group.members.1 += 1;
        }
        self.name(names, links, place, out);
    }

    /// The best form and the link of each group.
    fn name(&mut self, names: &Names, links: &[Option<Link>], place: &[Option<u32>], out: &mut Groups) {
        self.best.clear();
        self.best.resize(out.groups.len(), (false, 0, 0));
        for (at, form) in (0u32..).zip(&names.forms) {
            let root = self.sets.root(at);
            let Some(group) = self.group_of.get(root as usize).copied().flatten() else { continue };
            let Some(own) = out.groups.get_mut(group as usize) else { continue };
            let known = self.sets.entry(root);
            let link = links.get(at as usize).and_then(Option::as_ref);
            // رانيا is not the queen where the text has رانيا يحيى.
            let link = link.filter(|link| link.own || known.is_some() || !form.is_lone()).map(Link::bundled);
            // The user's own entries stand beside the bundled ones.
            let link = link.map(|entry| entry.or(known));
            if link.is_some() && own.link.is_none() && (known.is_none() || Some(known) == link) {
                own.link = place.get(at as usize).copied().flatten();
            }
            // A place is called by its bare name, other things by their full names.
            let words = names.words(form).len().min(LONGEST);
            let length = if form.class == Class::Place { 1 + LONGEST - words } else { words };
            let rank = (self.sets.score[at as usize] > MISSPELT, length, form.count);
            if rank > self.best[group as usize] {
                self.best[group as usize] = rank;
                (own.name, own.form) = (form.first, *form);
            }
        }
        for group in &mut out.groups {
            group.form = out.spelt.copy(names.spelt(), &group.form);
        }
    }
}

fn is_settlement(names: &Names, form: &Form) -> bool {
    let head = names.words(form).get(..1).map_or("", |word| names.text(word));
    SETTLEMENTS.contains(&head)
}

/// محافظة كذا that was found as the town كذا.
fn another_kind(names: &Names, form: &Form, link: &Link, lexicon: &Lexicon) -> bool {
    let town = |kind: &str| matches!(kind, "city" | "town" | "settlement" | "");
    link.by == Match::Bare
        && !is_settlement(names, form)
        && link.bundled().and_then(|entry| lexicon.entry(entry)).is_some_and(|entry| town(entry.kind()))
}

/// The hash of a person's first and last name.
fn ends(names: &Names, first: &NameWord, last: &NameWord) -> u64 {
    let last = names.hash(Class::Person, std::slice::from_ref(last));
    hash64(names.text(std::slice::from_ref(first)).as_bytes(), last)
}
