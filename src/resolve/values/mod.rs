//! What dates, times, numbers and sums mean: EDTF and ISO 8601 values, exact decimals, UCUM units, ISO 4217 codes.

pub mod calendar;
mod date;
mod document;
mod json;
mod length;
pub mod spell;
mod time;

use jiff::civil::{Date, Weekday};
use serde::Serialize;

use crate::base::Label;
use crate::detect::rules::figures::Figure;
use crate::detect::rules::number::{self, Ratio, ordinal};
use crate::detect::rules::quantity::{self, Measured, Money, Of};
use crate::detect::rules::terms::vocabulary::MEASURES;
use crate::detect::rules::terms::{Item, Mod, Term};
use crate::detect::rules::{date as dates, time as times};

pub use document::{annotate, settle};
pub use spell::{Case, Gender, spell};

/// What the caller knows of a text.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The day of publication. Without it what is relative stays open.
    pub published: Option<Date>,
    /// The first day of the week.
    pub week_start: Weekday,
}

impl Default for Context {
    fn default() -> Self {
        Self { published: None, week_start: Weekday::Saturday }
    }
}

/// What must be known before a relative value can be placed on the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Needs {
    /// The day of publication.
    Published,
    /// Another date of the text: اليوم التالي, العام نفسه.
    Context,
}

/// A place or a length in time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Temporal {
    /// ISO 8601-2 at the granularity of the text; none while it is open.
    pub edtf: Option<String>,
    /// The first day.
    pub start: Option<String>,
    /// The last day.
    pub end: Option<String>,
    /// start, mid, end, approx, before, after.
    pub modifier: Option<&'static str>,
    /// gregorian or hijri, as the text counts.
    pub calendar: &'static str,
    /// The same day, month or year in the Hijri calendar, where the text has it.
    pub hijri: Option<String>,
    /// A length as ISO 8601.
    pub iso: Option<String>,
    /// The part of the day: dawn, morning, noon, afternoon, evening, night.
    pub part: Option<&'static str>,
    /// The range of which it is an end, when the other end is a mention of its own.
    pub range: Option<String>,
    /// What is missing to place it.
    pub needs: Option<Needs>,
    /// The length is an age.
    pub age: bool,
}

/// What a mention means.
///
/// ```
/// use marsad::resolve::values::{Context, evaluate_text};
/// let value = evaluate_text("يونيو/حزيران 2015", &Context::default()).unwrap();
/// let json = serde_json::to_value(&value).unwrap();
/// assert_eq!(json["kind"], "date");
/// assert_eq!(json["edtf"], "2015-06");
/// assert_eq!(json["end"], "2015-06-30");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A day, month, year or longer period.
    Date(Temporal),
    /// A time of day.
    Time(Temporal),
    /// A length.
    Duration(Temporal),
    /// Something that recurs: every 8 March.
    Set(Temporal),
    /// A number.
    Number {
        /// Decimal, or a fraction such as 2/3.
        number: String,
        /// Both ends of the range that it is an end of.
        range: Option<String>,
    },
    /// A rank.
    Ordinal {
        /// Decimal.
        number: String,
    },
    /// A percentage.
    Percent {
        /// Decimal.
        number: String,
        /// Both ends of the range that it is an end of.
        range: Option<String>,
    },
    /// A number with a unit.
    Quantity {
        /// Decimal.
        number: String,
        /// UCUM.
        unit: String,
        /// Both ends of the range that it is an end of.
        range: Option<String>,
    },
    /// A sum.
    Money {
        /// Decimal, in whole units of the currency.
        number: String,
        /// ISO 4217; none when the noun alone does not say whose.
        currency: Option<&'static str>,
        /// The text names no nation: a dollar is taken for American, a dinar for that of the country that the text is
        /// of.
        assumed: bool,
        /// Both ends of the range that it is an end of.
        range: Option<String>,
        /// The noun, as a number of the vocabulary.
        noun: u8,
    },
    /// A currency by itself.
    Currency {
        /// ISO 4217.
        currency: Option<&'static str>,
        /// The text names no nation.
        assumed: bool,
        /// The noun, as a number of the vocabulary.
        noun: u8,
    },
    /// A unit by itself.
    Unit {
        /// UCUM.
        unit: String,
    },
}

impl Value {
    /// The name of its kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Date(_) => "date",
            Self::Time(_) => "time",
            Self::Duration(_) => "duration",
            Self::Set(_) => "set",
            Self::Number { .. } => "number",
            Self::Ordinal { .. } => "ordinal",
            Self::Percent { .. } => "percent",
            Self::Quantity { .. } => "quantity",
            Self::Money { .. } => "money",
            Self::Currency { .. } => "currency",
            Self::Unit { .. } => "unit",
        }
    }

    /// The place in time, if it is one.
    pub fn temporal(&self) -> Option<&Temporal> {
        match self {
            Self::Date(t) | Self::Time(t) | Self::Duration(t) | Self::Set(t) => Some(t),
            _ => None,
        }
    }

    /// The number, and where the range is written that it is an end of.
    fn end_of_range(&mut self) -> Option<(&str, &mut Option<String>)> {
        match self {
            Self::Number { number, range }
            | Self::Percent { number, range }
            | Self::Quantity { number, range, .. }
            | Self::Money { number, range, .. } => Some((number, range)),
            _ => None,
        }
    }

    fn temporal_mut(&mut self) -> Option<&mut Temporal> {
        match self {
            Self::Date(t) | Self::Time(t) | Self::Duration(t) | Self::Set(t) => Some(t),
            _ => None,
        }
    }
}

/// Words around a mention that bear on its value.
#[derive(Clone, Copy, Debug, Default)]
struct Around {
    /// حوالي, قبل, بعد before it.
    modifier: Option<Mod>,
    /// قبل before a length, with nothing after it that the length is counted from.
    ago: bool,
    /// منذ before it.
    since: bool,
    /// قبل or بعد before it, and من after it: it is counted from something.
    counted: bool,
    /// كل before it.
    every: bool,
    /// Words of age before it.
    age: bool,
    /// It stands in the name of an event: a day without a year is a yearly day.
    in_event: bool,
}

/// Read the terms of one mention again, as its label says, and evaluate it. `items` may begin before the mention.
fn evaluate(label: Label, items: &[Item<'_>], at: usize, mut around: Around, context: &Context) -> Option<Value> {
    let each = matches!(label, Label::DATE | Label::TIME) && items.get(at).is_some_and(|item| item.key == "كل");
    around.every |= each;
    let at = at + usize::from(each);
    if matches!(label, Label::DATE | Label::TIME)
        && let Some(iso) = length::recurring(items, at, around.every)
    {
        return Some(Value::Set(Temporal { iso: Some(iso.to_owned()), calendar: "gregorian", ..Temporal::default() }));
    }
    let figure = match label {
        Label::DATE => dates::parse(items, at)
            .or_else(|| dates::parse_year(items, at))
            .map(|(date, _)| Figure::Date(date))
            .or_else(|| times::parse(items, at).map(|(time, _)| Figure::Time(time)))?,
        Label::TIME => times::parse(items, at)
            .map(|(time, _)| Figure::Time(time))
            .or_else(|| dates::parse(items, at).map(|(date, _)| Figure::Date(date)))?,
        Label::ORDINAL => {
            let at = at + usize::from(items.get(at)?.key.ends_with("رقم"));
            let rank = ordinal::parse(items, at).map(|(n, _)| n);
            let count = || number::parse(items, at).and_then(|(n, _)| n.value.to_u64()).and_then(|n| n.try_into().ok());
            Figure::Ordinal(rank.or_else(count)?)
        }
        Label::CARDINAL => Figure::Number(number::parse(items, at)?.0),
        Label::PERCENT | Label::QUANTITY | Label::MONEY => {
            let (number, of, _) = quantity::parse(items, at)?;
            Figure::Amount(number, of)
        }
        Label::CURR => Figure::Currency(quantity::money(items, at).or_else(|| quantity::money(items, at + 1))?.0),
        Label::UNIT => Figure::Unit(quantity::measure(items, at)?.0),
        _ => return None,
    };
    value_of(&figure, around, context)
}

fn value_of(figure: &Figure, around: Around, context: &Context) -> Option<Value> {
    Some(match figure {
        Figure::Date(expr) => date::evaluate(expr, around, context)?,
        Figure::Time(expr) => time::evaluate(expr, around, context)?,
        Figure::Number(n) => Value::Number { number: n.value.to_string(), range: None },
        Figure::Ordinal(n) => Value::Ordinal { number: n.to_string() },
        Figure::Amount(n, of) => amount(n.value, *of)?,
        Figure::Currency(money) => {
            let code = money.code();
            let assumed = code.is_some_and(|c| c.1);
            Value::Currency { currency: code.map(|c| c.0), assumed, noun: money.currency }
        }
        Figure::Unit(unit) => Value::Unit { unit: ucum(*unit)? },
    })
}

fn amount(number: Ratio, of: Of) -> Option<Value> {
    Some(match of {
        Of::Percent => Value::Percent { number: number.to_string(), range: None },
        Of::Money(money) => money_value(number, money)?,
        Of::Measure(unit) => Value::Quantity { number: number.to_string(), unit: ucum(unit)?, range: None },
    })
}

fn money_value(number: Ratio, money: Money) -> Option<Value> {
    let code = money.code();
    let number = number.times(Ratio::new(1, i128::from(money.parts()))?)?;
    let (number, assumed) = (number.to_string(), code.is_some_and(|c| c.1));
    Some(Value::Money { number, currency: code.map(|c| c.0), assumed, range: None, noun: money.currency })
}

fn ucum(unit: Measured) -> Option<String> {
    let code = MEASURES.get(unit.unit as usize)?.ucum;
    let power = if unit.power > 1 { unit.power.to_string() } else { String::new() };
    let hour = if unit.per_hour { "/h" } else { "" };
    Some(format!("{code}{power}{hour}"))
}

/// The value of one expression by itself, with the words before it if any: `قبل عامين`, `بين عامي 2011 و2014`.
///
/// A range of two dates gives the range as one value.
pub fn evaluate_text(text: &str, context: &Context) -> Option<Value> {
    document::evaluate_text(text, context)
}

/// Whether a term is punctuation.
fn is_mark(item: &Item<'_>) -> bool {
    matches!(item.term, Term::Punct(_))
}
