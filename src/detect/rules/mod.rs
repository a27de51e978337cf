//! Rules, one file a kind.

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
