//! What the mentions of a text mean: links, groups, quotations and relations, in one pass after the judgement.

use crate::detect::View;
use crate::detect::lexicon::{Lexicon, UserLexicon};

use super::Mention;
use super::groups::{Groups, Uniter};
use super::links::{Link, Linker};
use super::names::{Form, Names};
use super::quotes::{Finder, Quote};
use super::relations::{self, Relation};

/// What a text means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meaning {
    /// What the mentions stand for, each thing once: see [`Mention::link`].
    pub links: Vec<Link>,
    /// The mentions of one thing: see [`Mention::group`].
    pub groups: Groups,
    /// Who says what, in the order of the text.
    pub quotes: Vec<Quote>,
    /// Links between mentions.
    pub relations: Vec<Relation>,
}

/// Memory reused from text to text.
#[derive(Debug, Default)]
pub struct Scratch {
    names: Names,
    linker: Linker,
    uniter: Uniter,
    pairs: Vec<(u32, u32)>,
    place: Vec<Option<u32>>,
    finder: Finder,
}

/// Read what the mentions of a text mean, and write each one's link and group into it: by the bundled
/// lexicon and the user's.
pub fn read(
    view: &View<'_>,
    lexicons: (&Lexicon, &UserLexicon),
    mentions: &mut [Mention],
    scratch: &mut Scratch,
) -> Meaning {
    let Scratch { names, linker, uniter, pairs, place, finder } = scratch;
    let mut out = Meaning::default();
    names.read(view, mentions);
    linker.part(view, lexicons.0, mentions, names);
    let links = linker.link(view, lexicons, mentions, names);
    pairs.clear();
    relations::other_names(view, mentions, pairs);
    place.clear();
    let mut count = 0;
    for link in &links {
        place.push(link.is_some().then_some(count));
        count += u32::from(link.is_some());
    }
    for (at, mention) in (0u32..).zip(mentions.iter_mut()) {
        mention.link = names.of(at).and_then(|form| place.get(form as usize).copied().flatten());
    }
    out.groups = uniter.groups(view, lexicons.0, names, &links, place, pairs, mentions);
    // A name alone stands for what its group stands for.
    for (at, mention) in (0u32..).zip(mentions.iter_mut()) {
        let form = names.of(at).and_then(|form| names.forms.get(form as usize));
        if form.is_some_and(Form::is_lone)
            && let Some(group) = mention.group
        {
            mention.link = out.groups.all().get(group as usize).and_then(|group| group.link);
        }
    }
    finder.find(view, mentions, &out.groups, &mut out.quotes);
    relations::find(view, mentions, pairs, &mut out.relations);
    out.links = links.into_iter().flatten().collect();
    out
}
