//! Rules, one file a kind.

use super::View;

pub mod contact;
pub mod date;
pub mod figures;
pub mod number;
pub mod quantity;
pub mod structure;
pub mod terms;
pub mod time;

macro_rules! rules {
    ($($name:ident $text:literal;)*) => {
        /// A rule's number: the `detail` of its candidates.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u32)]
        pub enum Rule {
            $(#[doc = $text] $name),*
        }

        /// What each rule looks for, by number.
        pub const NAMES: &[&str] = &[$($text),*];
    };
}

rules! {
    HeadQuoted "kind noun and quoted name";
    HeadName "kind noun and name";
    BodyOfNation "noun and nationality";
    Acronym "acronym in brackets";
    Title "title with complement or name";
    Kunya "kunya";
    NameChain "given and family names";
    TitledName "title and name";
    Date "date";
    Duration "length of time";
    Time "time of day";
    Cardinal "number";
    Ordinal "rank";
    Percent "percentage";
    Quantity "number and unit";
    Money "sum of money";
    Address "address";
}

/// Bit of [`Token::idle`](crate::segment::Token::idle): the word is no term, and no expression of terms begins with it.
pub(crate) const NO_TERM: u8 = 1;
/// Bit of `idle`: no rule of structure begins with the word.
pub(crate) const NO_START: u8 = 2;

/// What the rules find in the last word of a layout: an answer to [`Idle`](crate::segment::Idle).
pub fn idle(view: &View<'_>) -> u8 {
    let unless = |found: bool, bit: u8| if found { 0 } else { bit };
    unless(figures::may_begin(view), NO_TERM) | unless(structure::may_begin(view), NO_START)
}
