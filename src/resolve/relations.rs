//! Links between mentions that a reader would draw: a title and its person, a place in a place, an event and its
//! place, a name and its other name.

use crate::base::Label;
use crate::detect::View;
use crate::detect::lexicon::is_quote;
use crate::segment::{Proclitics, TokenKind, Trait};

use super::Mention;

/// What holds between two mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RelationKind {
    /// From a title to the person who bears it.
    Title,
    /// From a place to the place that it lies in.
    PlaceIn,
    /// From an event to its place.
    EventAt,
    /// From a name to the other name that the text gives beside it.
    Alias,
}

impl RelationKind {
    /// The name that users see.
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::PlaceIn => "place_in",
            Self::EventAt => "event_at",
            Self::Alias => "alias",
        }
    }
}

/// A link between two mentions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Relation {
    /// The mention that it starts from.
    pub from: u32,
    /// The mention that it leads to.
    pub to: u32,
    /// What holds.
    pub kind: RelationKind,
}

/// Folded words that stand between a name and its other name.
const ALIAS: &[&str] =
    &["المعروف", "المعروفه", "الملقب", "الملقبه", "المكني", "الشهير", "اختصارا", "ايضا", "اعلاميا", "باسم", "او", "اي"];
/// How many mentions back a neighbor is looked for, over nested ones.
const BACK: usize = 6;
/// At most so many words between a name and its other name.
const APART: u32 = 4;

/// Where a mention stands among the tokens of its sentence.
struct Reader<'a> {
    view: &'a View<'a>,
    mentions: &'a [Mention],
}

impl<'a> Reader<'a> {
    fn mark(&self, token: u32) -> &'a str {
        let token = self.view.layout.tokens.get(token as usize).filter(|token| token.kind == TokenKind::Punct);
        token.map_or("", |token| token.span.slice(self.view.text))
    }

    fn key(&self, token: u32) -> &'a str {
        self.view.layout.tokens.get(token as usize).map_or("", |token| self.view.layout.key(token))
    }

    fn has(&self, token: u32, traits: Trait) -> bool {
        let token = self.view.layout.tokens.get(token as usize);
        token.is_some_and(|token| self.view.words.traits(self.view.layout.best(token).word).any(traits))
    }

    /// What is attached before a mention's first word.
    fn proclitics(&self, mention: &Mention) -> Proclitics {
        let Some(token) = self.view.layout.tokens.get(mention.tokens.0 as usize) else { return Proclitics::NONE };
        let readings = self.view.layout.readings(token);
        readings.iter().find(|r| r.span.start == mention.span.start).map_or(Proclitics::NONE, |r| r.proclitics)
    }

    /// The mentions before `at` that end where the token `end` begins, the outermost first.
    fn ending(&self, at: usize, end: u32) -> impl Iterator<Item = (u32, &'a Mention)> {
        let from = at.saturating_sub(BACK);
        let before = self.mentions.get(from..at).unwrap_or(&[]).iter();
        (u32::try_from(from).unwrap_or(u32::MAX)..).zip(before).filter(move |(_, mention)| mention.tokens.1 == end)
    }

    /// Step back over quotation marks.
    fn before_quotes(&self, mut token: u32) -> u32 {
        while token > 0 && is_quote(self.mark(token - 1)) && !self.mark(token - 1).starts_with(['(', ')']) {
            token -= 1;
        }
        token
    }
}

/// Whether mentions of the two labels may be names of one thing.
fn alike(one: Label, two: Label) -> bool {
    let place = |label| matches!(label, Label::GPE | Label::LOC);
    (one == two && one.is_core() && one != Label::OCC) || (place(one) && place(two))
}

/// The mentions of which another is the second name in the text: (name, other name), in the order of the text.
pub fn other_names(view: &View<'_>, mentions: &[Mention], out: &mut Vec<(u32, u32)>) {
    let reader = Reader { view, mentions };
    for (at, mention) in mentions.iter().enumerate() {
        if !alike(mention.label, mention.label) || mention.tokens.0 == 0 {
            continue;
        }
        let start = reader.before_quotes(mention.tokens.0);
        let name = if start > 0 && reader.mark(start - 1) == "(" {
            reader.bracketed(at, mention, start - 1)
        } else {
            reader.called(at, mention, start)
        };
        if let Some(name) = name {
            out.push((name, u32::try_from(at).unwrap_or(u32::MAX)));
        }
    }
}

impl Reader<'_> {
    /// The name before a bracket that holds nothing but `mention`: وكالة كذا الليبية (وك).
    fn bracketed(&self, at: usize, mention: &Mention, open: u32) -> Option<u32> {
        let mut close = mention.tokens.1;
        while is_quote(self.mark(close)) && self.mark(close) != ")" {
            close += 1;
        }
        if self.mark(close) != ")" {
            return None;
        }
        let mut end = open;
        for _ in 0..3 {
            end = self.before_quotes(end);
            let fits = |m: &Mention| alike(m.label, mention.label);
            if let Some((name, _)) = self.ending(at, end).find(|(_, m)| fits(m)) {
                return Some(name);
            }
            end = end.checked_sub(1).filter(|end| self.has(*end, Trait::ADJ_NATION))?;
        }
        None
    }

    /// The name before المعروف بـ.
    fn called(&self, at: usize, mention: &Mention, start: u32) -> Option<u32> {
        let mut end = start;
        while end > 0 && start - end < APART && ALIAS.contains(&self.key(end - 1)) {
            end -= 1;
        }
        if end == start {
            return None;
        }
        let end = self.before_quotes(end);
        let weak = (end..start).all(|token| matches!(self.key(token), "او" | "اي" | "ايضا" | "باسم"));
        // «أو» alone joins two things as often as two names.
        let (name, _) = self.ending(at, end).find(|(_, m)| alike(m.label, mention.label))?;
        (!weak).then_some(name)
    }
}

/// Append the links between mentions. `names` are the pairs of [`other_names`].
pub fn find(view: &View<'_>, mentions: &[Mention], names: &[(u32, u32)], out: &mut Vec<Relation>) {
    let reader = Reader { view, mentions };
    for (at, mention) in mentions.iter().enumerate() {
        let to = u32::try_from(at).unwrap_or(u32::MAX);
        match mention.label {
            Label::PERS => reader.title(at, to, mention, out),
            Label::GPE | Label::LOC => reader.place(at, to, mention, out),
            _ => {}
        }
    }
    for &(from, to) in names {
        let (Some(one), Some(two)) = (mentions.get(from as usize), mentions.get(to as usize)) else { continue };
        let place = matches!(one.label, Label::GPE | Label::LOC);
        let kind = if place && one.group != two.group { RelationKind::PlaceIn } else { RelationKind::Alias };
        out.push(Relation { from, to, kind });
    }
    out.sort_unstable();
    out.dedup();
}

impl Reader<'_> {
    /// A title beside its person, or after a comma.
    fn title(&self, at: usize, to: u32, mention: &Mention, out: &mut Vec<Relation>) {
        let whole = self.proclitics(mention).is_empty();
        let start = self.before_quotes(mention.tokens.0);
        let title = |end: u32| self.ending(at, end).find(|(_, m)| m.label == Label::OCC);
        let mut before = title(start).filter(|_| whole);
        if before.is_some() {
            // ولي العهد الأمير فلان has both.
            while let Some((from, outer)) = before {
                out.push(Relation { from, to, kind: RelationKind::Title });
                before = title(outer.tokens.0).filter(|_| self.proclitics(outer).is_empty());
            }
            return;
        }
        let mut end = mention.tokens.1;
        while is_quote(self.mark(end)) && self.mark(end) != "(" {
            end += 1;
        }
        let comma = matches!(self.mark(end), "،" | "," | "(" | "-" | "–");
        let next = if comma { end + 1 } else { end };
        let after = self.mentions.get(at + 1..).unwrap_or(&[]).iter().take(BACK);
        let after = (to + 1..).zip(after).find(|(_, m)| m.tokens.0 >= next);
        let title = after.filter(|(_, m)| m.tokens.0 == next && m.label == Label::OCC);
        let Some((from, title)) = title.filter(|(_, m)| self.proclitics(m).is_empty()) else { return };
        // القائد فلان، الرئيس فلان: a title before another person is that person's.
        let taken = self.mentions.get(from as usize + 1..).unwrap_or(&[]).iter().take(BACK);
        if !taken.into_iter().any(|m| m.label == Label::PERS && m.tokens.0 == title.tokens.1) {
            out.push(Relation { from, to, kind: RelationKind::Title });
        }
    }

    /// A place after في, or within the name of an event.
    fn place(&self, at: usize, to: u32, mention: &Mention, out: &mut Vec<Relation>) {
        let parent = mention.parent.and_then(|parent| self.mentions.get(parent as usize).map(|m| (parent, m)));
        if let Some((from, outer)) = parent {
            match outer.label {
                Label::EVENT => out.push(Relation { from, to, kind: RelationKind::EventAt }),
                Label::LOC | Label::GPE | Label::FAC => out.push(Relation { from, to, kind: RelationKind::PlaceIn }),
                _ => {}
            }
            return;
        }
        let attached = self.proclitics(mention) == Proclitics::BI;
        let mut end = mention.tokens.0;
        while end > 0 && self.has(end - 1, Trait::DIRECTION) && self.mark(end - 1).is_empty() {
            end -= 1;
        }
        let direction = end < mention.tokens.0;
        let inside = end > 0 && self.key(end - 1) == "في";
        if inside {
            end -= 1;
        } else if !attached && !direction {
            return;
        }
        let end = self.before_quotes(end);
        let whole = self.proclitics(mention).is_empty() || attached;
        for (from, outer) in self.ending(at, end).filter(|_| whole) {
            let kind = match outer.label {
                Label::EVENT => RelationKind::EventAt,
                Label::GPE | Label::LOC | Label::FAC => RelationKind::PlaceIn,
                _ => continue,
            };
            out.push(Relation { from, to, kind });
            return;
        }
    }
}
