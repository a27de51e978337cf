//! Types of mention: the 21 of the default scheme, and open sets for models trained by users.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};

/// A label's number in its [`LabelSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(pub u8);

macro_rules! labels {
    ($($id:literal $name:ident $core:literal $doc:literal;)*) => {
        impl Label {
            $(#[doc = $doc] pub const $name: Label = Label($id);)*
            /// The names of the default 21, by number.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),*];
            const CORE: &'static [bool] = &[$($core),*];
        }
    };
}

labels! {
    0 PERS true "A person's name.";
    1 OCC true "A title or post of a particular person.";
    2 NORP true "A people, religious or political community.";
    3 ORG true "A named body.";
    4 GPE true "A place with a government or population.";
    5 LOC true "Any other place.";
    6 FAC true "A man-made place.";
    7 EVENT true "A named event.";
    8 LAW true "A law, treaty, resolution.";
    9 PRODUCT true "A named product, weapon, work.";
    10 LANGUAGE false "A language.";
    11 DATE false "A date, period, or duration of a day or more.";
    12 TIME false "A time of day or a shorter duration.";
    13 CARDINAL false "A number of things.";
    14 ORDINAL false "A rank.";
    15 PERCENT false "A percentage.";
    16 QUANTITY false "A number with a unit of measure.";
    17 UNIT false "A unit of measure by itself.";
    18 MONEY false "A sum of money.";
    19 CURR false "A currency by itself.";
    20 WEBSITE false "A URL, domain, e-mail address or handle.";
}

impl Label {
    /// The name in the default set, or `"?"` for a label of another set.
    pub fn name(self) -> &'static str {
        Self::NAMES.get(self.0 as usize).copied().unwrap_or("?")
    }
    /// Whether it names a thing (the CORE types of the evaluation).
    pub fn is_core(self) -> bool {
        Self::CORE.get(self.0 as usize).copied().unwrap_or(false)
    }
    /// As an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
    /// All 21, in order.
    pub fn all() -> impl Iterator<Item = Label> {
        (0u8..).take(Self::NAMES.len()).map(Label)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Label {
    type Err = Error;
    fn from_str(name: &str) -> Result<Self, Error> {
        Self::all().find(|label| label.name() == name).ok_or_else(|| {
            Error::new(
                ErrorKind::UnknownLabel,
                format!("unknown label {name:?}; the labels are {}", Self::NAMES.join(" ")),
            )
        })
    }
}

/// An ordered set of label names. The default holds the 21 of Marsad's guidelines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelSet {
    names: Vec<String>,
}

impl Default for LabelSet {
    fn default() -> Self {
        Self { names: Label::NAMES.iter().map(|name| (*name).to_owned()).collect() }
    }
}

impl LabelSet {
    /// A set of other names, at most 255, in the order given.
    pub fn new(names: Vec<String>) -> Result<Self, Error> {
        if names.len() > 255 {
            return Err(Error::new(ErrorKind::BadOption, format!("{} labels; at most 255 are possible", names.len())));
        }
        Ok(Self { names })
    }
    /// The 21, and behind them those of `names` that are no default label: what one analysis may find under any scheme.
    ///
    /// ```
    /// use marsad::base::{Label, LabelSet};
    /// let set = LabelSet::with_default(&["PERS", "SHIP"])?;
    /// assert_eq!((set.get("PERS"), set.get("SHIP")), (Some(Label::PERS), Some(Label(21))));
    /// # Ok::<(), marsad::Error>(())
    /// ```
    pub fn with_default<S: AsRef<str>>(names: &[S]) -> Result<Self, Error> {
        let mut all = Self::default().names;
        for name in names.iter().map(AsRef::as_ref) {
            if !all.iter().any(|known| known == name) {
                all.push(name.to_owned());
            }
        }
        Self::new(all)
    }
    /// The name of a label.
    pub fn name(&self, label: Label) -> &str {
        self.names.get(label.index()).map_or("?", String::as_str)
    }
    /// The label of a name.
    pub fn get(&self, name: &str) -> Option<Label> {
        self.names.iter().position(|n| n == name).and_then(|i| u8::try_from(i).ok()).map(Label)
    }
    /// All names.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}
