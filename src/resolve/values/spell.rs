//! Numbers in words (tafkit), with the agreement of gender and case.

use std::str::FromStr;

use crate::error::Error;

/// The gender of what is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gender {
    /// كتاب
    #[default]
    Masculine,
    /// سيارة
    Feminine,
}

/// The case of the number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Case {
    /// الرفع
    #[default]
    Nominative,
    /// النصب والجر
    Oblique,
}

impl FromStr for Gender {
    type Err = Error;
    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "masculine" | "m" => Ok(Self::Masculine),
            "feminine" | "f" => Ok(Self::Feminine),
            _ => Err(Error::unknown("gender", name, &["masculine", "feminine"])),
        }
    }
}

impl FromStr for Case {
    type Err = Error;
    fn from_str(name: &str) -> Result<Self, Error> {
        match name {
            "nominative" => Ok(Self::Nominative),
            "accusative" | "genitive" | "oblique" => Ok(Self::Oblique),
            _ => Err(Error::unknown("case", name, &["nominative", "accusative", "genitive"])),
        }
    }
}

/// Scales: power of a thousand, singular, dual stem, plural, singular after a number of 11 to 99.
const SCALES: [(u64, &str, &str, &str, &str); 6] = [
    (1_000_000_000_000_000, "كوادريليون", "كوادريليون", "كوادريليونات", "كوادريليونا"),
    (1_000_000_000_000, "تريليون", "تريليون", "تريليونات", "تريليونا"),
    (1_000_000_000, "مليار", "مليار", "مليارات", "مليارا"),
    (1_000_000, "مليون", "مليون", "ملايين", "مليونا"),
    (1_000, "ألف", "ألف", "آلاف", "ألفا"),
    (1, "", "", "", ""),
];

const ONES: [(&str, &str); 9] = [
    ("واحد", "واحدة"),
    ("اثنان", "اثنتان"),
    ("ثلاثة", "ثلاث"),
    ("أربعة", "أربع"),
    ("خمسة", "خمس"),
    ("ستة", "ست"),
    ("سبعة", "سبع"),
    ("ثمانية", "ثماني"),
    ("تسعة", "تسع"),
];

const TENS: [&str; 8] = ["عشر", "ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "تسع"];

const HUNDREDS: [&str; 9] = ["مئة", "مئت", "ثلاثمئة", "أربعمئة", "خمسمئة", "ستمئة", "سبعمئة", "ثمانمئة", "تسعمئة"];

/// A number in words.
///
/// ```
/// use marsad::resolve::values::{Case, Gender, spell};
/// assert_eq!(spell(125, Gender::Masculine, Case::Nominative), "مئة وخمسة وعشرون");
/// assert_eq!(spell(2_013, Gender::Feminine, Case::Oblique), "ألفين وثلاث عشرة");
/// ```
pub fn spell(n: u64, gender: Gender, case: Case) -> String {
    if n == 0 {
        return "صفر".to_owned();
    }
    let mut parts: Vec<String> = Vec::new();
    let mut rest = n;
    for (size, one, dual, plural, counted) in SCALES {
        let count = rest / size;
        rest %= size;
        if count == 0 {
            continue;
        }
        if size == 1 {
            below_thousand(count, gender, case, &mut parts);
            continue;
        }
        parts.push(scaled(count, (one, dual, plural, counted), case));
    }
    parts.join(" و")
}

/// A count of thousands, millions and so on, which are masculine.
fn scaled(count: u64, (one, dual, plural, counted): (&str, &str, &str, &str), case: Case) -> String {
    let ending = if case == Case::Nominative { "ان" } else { "ين" };
    match count {
        1 => return one.to_owned(),
        2 => return format!("{dual}{ending}"),
        _ => {}
    }
    let mut parts = Vec::new();
    // Beyond quadrillions the count itself may pass a thousand.
    if count >= 1000 {
        return format!("{} {one}", spell(count, Gender::Masculine, case));
    }
    below_thousand(count, Gender::Masculine, case, &mut parts);
    let words = parts.join(" و");
    // A hundred or two before its scale loses its ن: مئتا ألف.
    let words = words.strip_suffix("مئتان").map(|w| format!("{w}مئتا")).unwrap_or(words);
    let words = words.strip_suffix("مئتين").map(|w| format!("{w}مئتي")).unwrap_or(words);
    let scale = match count % 100 {
        3..=10 => plural,
        11..=99 => counted,
        _ => one,
    };
    format!("{words} {scale}")
}

fn below_thousand(n: u64, gender: Gender, case: Case, parts: &mut Vec<String>) {
    let pick = |list: &'static [&'static str], i: u64| {
        usize::try_from(i).ok().and_then(|i| list.get(i)).copied().unwrap_or("")
    };
    let (dual, plural) = if case == Case::Nominative { ("ان", "ون") } else { ("ين", "ين") };
    match n / 100 {
        0 => {}
        2 => parts.push(format!("{}{dual}", HUNDREDS[1])),
        h => parts.push(pick(&HUNDREDS, h - 1).to_owned()),
    }
    let rest = n % 100;
    let one = |n: u64, feminine: bool| {
        let (masculine, other) = usize::try_from(n - 1).ok().and_then(|i| ONES.get(i)).copied().unwrap_or(("", ""));
        let word = if feminine { other } else { masculine };
        if n == 2 && case == Case::Oblique { word.replace("ان", "ين") } else { word.to_owned() }
    };
    let feminine = gender == Gender::Feminine;
    let ten = if feminine { "عشرة" } else { "عشر" };
    match rest {
        0 => {}
        1..=9 => parts.push(one(rest, feminine)),
        10 => parts.push(if feminine { "عشر".to_owned() } else { "عشرة".to_owned() }),
        11 => parts.push(format!("{} {ten}", if feminine { "إحدى" } else { "أحد" })),
        12 => {
            let two = one(2, feminine);
            parts.push(format!("{} {ten}", two.strip_suffix('ن').unwrap_or(&two)));
        }
        13..=19 => parts.push(format!("{} {ten}", one(rest - 10, feminine))),
        _ => {
            if !rest.is_multiple_of(10) {
                parts.push(one(rest % 10, feminine));
            }
            parts.push(format!("{}{plural}", pick(&TENS, rest / 10 - 2)));
        }
    }
}
