//! The steps of the normalizer, each with its own switch, and the presets.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// A choice with a name for each value, as a keyword option takes it.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$value_doc])* #[serde(rename = $text)] $value,)*
        }
        impl $name {
            /// The names of the values.
            pub const NAMES: &'static [&'static str] = &[$($text),*];
            /// The value of a name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$value),)* _ => None }
            }
            /// The name of a value.
            pub fn name(self) -> &'static str {
                match self { $(Self::$value => $text,)* }
            }
        }
    };
}

choice! {
    /// A Unicode normalization form.
    Form {
        /// As given.
        #[default]
        Keep "keep",
        /// Canonical composition.
        Nfc "nfc",
        /// Compatibility composition.
        Nfkc "nfkc",
    }
}
choice! {
    /// Hamza on a carrier: ؤ ئ.
    Hamza {
        /// As given.
        #[default]
        Keep "keep",
        /// The carrier alone: و ي.
        Carrier "carrier",
        /// The hamza alone: ء.
        Bare "bare",
    }
}
choice! {
    /// Alef maqsura and yeh.
    Yeh {
        /// As given.
        #[default]
        Keep "keep",
        /// Every ى becomes ي.
        Yeh "yeh",
        /// ى at the end of a word becomes ي.
        FinalYeh "final_yeh",
        /// ي at the end of a word becomes ى.
        FinalMaqsura "final_maqsura",
    }
}
choice! {
    /// The digits to write all numbers with.
    Digits {
        /// As given.
        #[default]
        Keep "keep",
        /// 0 to 9.
        Ascii "ascii",
        /// ٠ to ٩.
        Arabic "arabic",
        /// ۰ to ۹.
        Extended "extended",
    }
}
choice! {
    /// The punctuation to write.
    Punctuation {
        /// As given.
        #[default]
        Keep "keep",
        /// Commas, quotes, dashes and signs of ASCII.
        Ascii "ascii",
        /// ، ؛ ؟ ٪ and « ».
        Arabic "arabic",
    }
}
choice! {
    /// White space.
    Whitespace {
        /// As given.
        #[default]
        Keep "keep",
        /// Every run within a line becomes one space; line breaks stay.
        Spaces "spaces",
        /// Every run becomes one space, line breaks too; none at the ends.
        Collapse "collapse",
    }
}

/// What a normalizer changes. The default changes nothing.
///
/// ```
/// use marsad::script::normalize::{Normalizer, Options};
/// let options = Options { teh_marbuta: true, ..Options::default() };
/// assert_eq!(Normalizer::new(options).normalize("مدينة"), "مدينه");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools, reason = "every step has its own switch")]
pub struct Options {
    /// Unicode form.
    pub unicode: Form,
    /// Presentation forms and ligatures become plain letters.
    pub presentation: bool,
    /// Remove short vowels, tanween, shadda and sukun: U+064B to U+0652.
    pub tashkeel: bool,
    /// Remove Quranic and other small marks.
    pub quranic: bool,
    /// Remove superscript alef: U+0670.
    pub superscript_alef: bool,
    /// Remove tatweel: U+0640.
    pub tatweel: bool,
    /// أ إ آ ٱ become ا.
    pub alef: bool,
    /// ؤ and ئ.
    pub hamza: Hamza,
    /// ى and ي.
    pub yeh: Yeh,
    /// ة becomes ه.
    pub teh_marbuta: bool,
    /// Letters of Persian, Urdu and Kurdish keyboards become the Arabic letters that they look like: ک ی ہ ھ ۀ ے.
    pub lookalikes: bool,
    /// Letters for foreign sounds become their Arabic neighbors: پ چ ژ ڤ گ.
    pub foreign: bool,
    /// Digits.
    pub digits: Digits,
    /// Punctuation.
    pub punctuation: Punctuation,
    /// Remove bidi controls, zero-width characters, soft hyphens and byte order marks.
    pub controls: bool,
    /// Three or more of a letter in a row become this many, 1 or 2; 0 leaves them.
    pub elongation: u8,
    /// White space.
    pub whitespace: Whitespace,
    /// Latin, Greek and Cyrillic letters become small.
    pub lowercase: bool,
    /// First of all, the preprocessing that AraBERT's second generation was trained on (without Farasa): marks,
    /// links, tags and rare characters go, punctuation and numbers stand apart.
    pub arabert: bool,
}

/// The presets by name, in the order of what they change.
pub const PRESETS: [&str; 5] = ["light", "standard", "search", "camel", "arabert"];

impl Options {
    /// The options of a preset: `light`, `standard`, `search`, `camel`, `arabert`, with or without its
    /// version (`search/1`). A version, once released, never changes.
    pub fn preset(name: &str) -> Result<(&'static str, Self)> {
        let light = Self {
            unicode: Form::Nfc,
            presentation: true,
            tatweel: true,
            controls: true,
            whitespace: Whitespace::Spaces,
            ..Self::default()
        };
        let standard = Self {
            tashkeel: true,
            quranic: true,
            superscript_alef: true,
            lookalikes: true,
            digits: Digits::Ascii,
            ..light.clone()
        };
        Ok(match name {
            "light" | "light/1" => ("light/1", light),
            "standard" | "standard/1" => ("standard/1", standard),
            "search" | "search/1" => (
                "search/1",
                Self {
                    unicode: Form::Nfkc,
                    alef: true,
                    hamza: Hamza::Carrier,
                    yeh: Yeh::Yeh,
                    teh_marbuta: true,
                    foreign: true,
                    punctuation: Punctuation::Ascii,
                    elongation: 1,
                    whitespace: Whitespace::Collapse,
                    lowercase: true,
                    ..standard
                },
            ),
            "camel" | "camel/1" => (
                "camel/1",
                Self {
                    unicode: Form::Nfkc,
                    presentation: true,
                    tashkeel: true,
                    superscript_alef: true,
                    alef: true,
                    yeh: Yeh::Yeh,
                    teh_marbuta: true,
                    ..Self::default()
                },
            ),
            "arabert" | "arabert/1" => ("arabert/1", Self { arabert: true, ..Self::default() }),
            _ => {
                return Err(Error::unknown("preset", name, &PRESETS));
            }
        })
    }

    /// Check the values that the types leave open.
    pub fn check(&self) -> Result<()> {
        if self.elongation > 2 {
            return Err(Error::new(
                ErrorKind::BadOption,
                format!("elongation is {}; it can be 0 (leave), 1 or 2 letters", self.elongation),
            ));
        }
        Ok(())
    }
}
