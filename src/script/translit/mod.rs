//! Arabic in Latin letters: reversible tables for machines, the scholars' ways, and names for readers.

mod charmap;
mod memory;
mod reader;
mod strict;

use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};

pub use memory::Romanizer;

/// A way to write Arabic in Latin letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Buckwalter's table: `mdynp srt`.
    Buckwalter,
    /// Buckwalter in letters that no program takes for syntax.
    SafeBuckwalter,
    /// Buckwalter without `<`, `>` and `&`.
    XmlBuckwalter,
    /// Habash-Soudi-Buckwalter: `mdynħ srt`.
    Hsb,
    /// ISO 233-2, one way.
    Iso233,
    /// ALA-LC without assimilation, one way.
    AlaLc,
    /// Names as the press spells them, one way.
    #[default]
    Reader,
}

/// The schemes by the names that users write.
pub const SCHEMES: &[(&str, Scheme)] = &[
    ("reader", Scheme::Reader),
    ("buckwalter", Scheme::Buckwalter),
    ("safe-buckwalter", Scheme::SafeBuckwalter),
    ("xml-buckwalter", Scheme::XmlBuckwalter),
    ("hsb", Scheme::Hsb),
    ("iso-233-2", Scheme::Iso233),
    ("ala-lc", Scheme::AlaLc),
];

/// Other names of schemes.
const OTHER_NAMES: &[(&str, Scheme)] = &[
    ("bw", Scheme::Buckwalter),
    ("safe", Scheme::SafeBuckwalter),
    ("safebw", Scheme::SafeBuckwalter),
    ("xml", Scheme::XmlBuckwalter),
    ("xmlbw", Scheme::XmlBuckwalter),
    ("iso", Scheme::Iso233),
    ("iso233", Scheme::Iso233),
    ("iso-233", Scheme::Iso233),
    ("iso233-2", Scheme::Iso233),
    ("ala", Scheme::AlaLc),
    ("alalc", Scheme::AlaLc),
];

impl FromStr for Scheme {
    type Err = Error;
    fn from_str(name: &str) -> Result<Self> {
        let plain = name.to_ascii_lowercase().replace(['_', ' '], "-");
        let found = SCHEMES.iter().chain(OTHER_NAMES).find(|(known, _)| *known == plain);
        found.map(|(_, scheme)| *scheme).ok_or_else(|| {
            let names: Vec<&str> = SCHEMES.iter().map(|(known, _)| *known).collect();
            Error::unknown("scheme", name, &names)
        })
    }
}

impl Scheme {
    /// The name that users write.
    pub fn name(self) -> &'static str {
        SCHEMES.iter().find(|(_, scheme)| *scheme == self).map_or("", |(name, _)| name)
    }

    fn charmap(self) -> Option<&'static charmap::Charmap> {
        match self {
            Self::Buckwalter => Some(&charmap::PLAIN),
            Self::SafeBuckwalter => Some(&charmap::SAFE_MAP),
            Self::XmlBuckwalter => Some(&charmap::XML_MAP),
            Self::Hsb => Some(&charmap::HSB_MAP),
            _ => None,
        }
    }

    /// Whether [`to_arabic`] can undo it.
    pub fn is_reversible(self) -> bool {
        self.charmap().is_some()
    }
}

/// A text in Latin letters. What is not Arabic stays, but that a reversible scheme puts a backslash before what it
/// would otherwise read back as Arabic.
///
/// ```
/// use marsad::script::translit::{Scheme, to_latin};
/// assert_eq!(to_latin("مدينة سرت", Scheme::Buckwalter), "mdynp srt");
/// assert_eq!(to_latin("القذافي", Scheme::AlaLc), "al-qdhāfī");
/// assert_eq!(to_latin("أحمد المنصوري", Scheme::Reader), "Ahmad al-Mansouri");
/// ```
pub fn to_latin(text: &str, scheme: Scheme) -> String {
    let mut out = String::with_capacity(text.len());
    match (scheme.charmap(), scheme) {
        (Some(map), _) => map.to_latin(text, &mut out),
        (None, Scheme::Iso233) => strict::ISO.to_latin(text, &mut out),
        (None, Scheme::AlaLc) => strict::ALA.to_latin(text, &mut out),
        (None, _) => reader::romanize(text, &mut out),
    }
    out
}

/// A text in Arabic letters again. Only the character tables can be undone.
///
/// ```
/// use marsad::script::translit::{Scheme, to_arabic, to_latin};
/// let text = "طائرة F-16 فوق سرت.";
/// assert_eq!(to_arabic(&to_latin(text, Scheme::Hsb), Scheme::Hsb)?, text);
/// assert!(to_arabic("Sirte", Scheme::Reader).is_err());
/// # Ok::<(), marsad::Error>(())
/// ```
pub fn to_arabic(text: &str, scheme: Scheme) -> Result<String> {
    let Some(map) = scheme.charmap() else {
        let names: Vec<&str> = SCHEMES.iter().filter(|(_, s)| s.is_reversible()).map(|(name, _)| *name).collect();
        return Err(Error::new(
            ErrorKind::BadOption,
            format!("{:?} cannot be undone; these can: {}", scheme.name(), names.join(", ")),
        ));
    };
    let mut out = String::with_capacity(text.len());
    map.to_arabic(text, &mut out);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn tables_lose_nothing(text in "[ء-ي\u{64B}-\u{652}A-Za-z|<>&{}~`'*$_\\\\. 0-9،]{0,40}|\\PC{0,20}") {
            for (_, scheme) in SCHEMES.iter().filter(|(_, scheme)| scheme.is_reversible()) {
                prop_assert_eq!(&to_arabic(&to_latin(&text, *scheme), *scheme).unwrap(), &text);
            }
        }

        #[test]
        fn one_way_schemes_leave_no_arabic_letter(text in "[ء-غف-ي\u{64B}-\u{652} ]{0,30}") {
            for scheme in [Scheme::Iso233, Scheme::AlaLc, Scheme::Reader] {
                let latin = to_latin(&text, scheme);
                prop_assert!(!latin.chars().any(|c| ('ء'..='ي').contains(&c)), "{:?} {}", scheme, latin);
            }
        }
    }

    #[test]
    fn every_scheme_has_its_name() {
        for (name, scheme) in SCHEMES {
            assert_eq!(name.parse::<Scheme>().unwrap().name(), *name);
            assert_eq!(scheme.name(), *name);
        }
        let error = "bukwalter".parse::<Scheme>().unwrap_err().to_string();
        assert!(error.contains("bukwalter") && error.contains("ala-lc"), "{error}");
    }
}
