//! Groups: the mentions of one thing in a text, under one name.

mod anaphora;
mod near;
mod sets;
mod unite;

use super::names::{Form, Spelt};
use crate::base::{Label, Span, Src};
pub(super) use anaphora::may_refer;
pub use unite::Uniter;

/// A mention in a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    /// The mention.
    pub mention: u32,
    /// How sure it is that the mention names the thing, 0 to 1.
    pub score: f32,
}

/// One thing that the text speaks of.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// The label of its first mention.
    pub label: Label,
    /// The mention whose words name it best.
    pub name: u32,
    /// Its link, as an index of the links of the text.
    pub link: Option<u32>,
    /// That name, by which the groups of many texts are brought together.
    pub(crate) form: Form,
    /// Its members, as a range of [`Groups::members`].
    members: (u32, u32),
    /// What only refers back to it, as a range of [`Groups::anaphora`].
    anaphora: (u32, u32),
}

/// The groups of a text, in the order of their first mentions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Groups {
    groups: Vec<Group>,
    members: Vec<Member>,
    anaphora: Vec<Span<Src>>,
    /// The words of their names.
    spelt: Spelt,
}

impl Groups {
    /// The words of the names of the groups.
    pub(crate) fn spelt(&self) -> &Spelt {
        &self.spelt
    }
    /// All groups.
    pub fn all(&self) -> &[Group] {
        &self.groups
    }
    /// The mentions of a group in the order of the text.
    pub fn members(&self, group: &Group) -> &[Member] {
        self.members.get(group.members.0 as usize..group.members.1 as usize).unwrap_or(&[])
    }
    /// Definite nouns that only refer back to a group: التنظيم, المدينة.
    pub fn anaphora(&self, group: &Group) -> &[Span<Src>] {
        self.anaphora.get(group.anaphora.0 as usize..group.anaphora.1 as usize).unwrap_or(&[])
    }
}
