//! Percentages, sums of money, and numbers with a unit of measure.

use super::number::{self, Number, Ratio};
use super::terms::vocabulary::{CURRENCIES, MEASURES, NATIONS, measure_of};
use super::terms::{Item, Num, Term, Unit};

/// A unit of measure as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// Its number in [`MEASURES`].
    pub unit: u8,
    /// Squared or cubed; 1 otherwise.
    pub power: u8,
    /// In an hour: a speed.
    pub per_hour: bool,
}

/// A currency as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money {
    /// Its number in [`CURRENCIES`].
    pub currency: u8,
    /// Whose it is, as a number of [`NATIONS`].
    pub nation: Option<u8>,
}

impl Money {
    /// The ISO 4217 code, and whether it was assumed because no nation is named.
    pub fn code(&self) -> Option<(&'static str, bool)> {
        let currency = CURRENCIES.get(self.currency as usize)?;
        if let Some((country, _)) = self.nation.and_then(|n| NATIONS.get(n as usize)) {
            return currency.of.iter().find(|(of, _)| of == country).map(|(_, code)| (*code, false));
        }
        currency.alone.map(|code| (code, currency.of.len() > 1))
    }
    /// How many make one of the currency: 100 for a cent.
    pub fn parts(&self) -> u16 {
        CURRENCIES.get(self.currency as usize).map_or(1, |c| c.parts)
    }
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Parts of a hundred.
    Percent,
    /// A currency.
    Money(Money),
    /// A unit of measure.
    Measure(Measured),
}

fn term(items: &[Item<'_>], at: usize) -> Term {
    items.get(at).map_or(Term::Other, |item| item.term)
}

fn key<'a>(items: &[Item<'a>], at: usize) -> &'a str {
    items.get(at).map_or("", |item| item.key)
}

fn is_plain(items: &[Item<'_>], at: usize) -> bool {
    items.get(at).is_some_and(Item::plain)
}

/// A number and what it counts, beginning at `at`.
pub fn parse(items: &[Item<'_>], at: usize) -> Option<(Number, Of, usize)> {
    if let Some((mut number, end)) = number::parse(items, at) {
        let (of, mut end) = counted(items, end, &number)?;
        // ثلاثة كيلومترات ونصف
        if of != Of::Percent
            && let Term::Num(Num::Part(a, b)) = term(items, end)
            && items[end].and()
            && let Some(sum) = Ratio::new(i128::from(a), i128::from(b)).and_then(|part| number.value.plus(part))
        {
            number.value = sum;
            end += 1;
        }
        return Some((number, of, end));
    }
    let one = |times: u64| Number { value: Ratio::whole(times), digits: false, part: false, scale: 0 };
    match term(items, at) {
        // $5, %30
        Term::Currency(currency) if matches!(key(items, at), "$" | "€" | "£" | "¥" | "₪") => {
            let (number, end) = number::parse(items, at + 1)?;
            Some((number, Of::Money(Money { currency, nation: None }), end))
        }
        Term::Percent if matches!(key(items, at), "%" | "٪") && !items.get(at + 1)?.space => {
            let (number, end) = number::parse(items, at + 1).filter(|(n, _)| n.digits)?;
            Some((number, Of::Percent, end))
        }
        // كيلومترين
        Term::Measure(_) if is_dual(key(items, at)) => {
            let (of, end) = measure(items, at)?;
            Some((one(2), Of::Measure(of), end))
        }
        Term::Currency(_) if is_dual(key(items, at)) => {
            let (of, end) = money(items, at)?;
            Some((one(2), Of::Money(of), end))
        }
        Term::Currency(_) if term(items, at + 1) == Term::Num(Num::Unit(1)) && is_plain(items, at + 1) => {
            let (of, _) = money(items, at)?;
            Some((one(1), Of::Money(of), at + 2))
        }
        // مترا واحدا
        Term::Measure(_) if term(items, at + 1) == Term::Num(Num::Unit(1)) => {
            let (of, _) = measure(items, at)?;
            Some((one(1), Of::Measure(of), at + 2))
        }
        _ => None,
    }
}

fn is_dual(key: &str) -> bool {
    key.chars().count() >= 4
        && (key.ends_with("ين") || key.ends_with("ان"))
        && !matches!(key, "يوان" | "اليوان" | "تومان" | "فدان" | "الفدان" | "الين")
}

/// What follows a number.
fn counted(items: &[Item<'_>], at: usize, number: &Number) -> Option<(Of, usize)> {
    match term(items, at) {
        Term::Percent if is_plain(items, at) => Some((Of::Percent, at + 1)),
        Term::TimePrep | Term::Other if matches!(key(items, at), "في") => {
            matches!(term(items, at + 1), Term::Num(Num::Hundred(100)) | Term::Percent)
                .then_some(())
                .filter(|()| items.get(at + 1).is_some_and(|i| i.article && i.plain()))
                .map(|()| (Of::Percent, at + 2))
        }
        Term::Num(Num::Hundred(100)) if items[at].article && items[at].joined == crate::segment::Proclitics::BI => {
            Some((Of::Percent, at + 1))
        }
        Term::Currency(_) if is_plain(items, at) && !items[at].article => {
            money(items, at).map(|(money, end)| (Of::Money(money), end))
        }
        Term::Measure(_) | Term::Unit(Unit::Year, _) if is_plain(items, at) && !items[at].article => {
            let (of, end) = measure(items, at)?;
            // A barrel that holds explosives is counted, not measured.
            if key(items, end).starts_with("متفجر") {
                return None;
            }
            let short = MEASURES.get(of.unit as usize).is_some_and(|m| m.short);
            (!short || number.digits || number.scale > 0).then_some((Of::Measure(of), end))
        }
        _ if matches!(key(items, at), "كلو" | "سنتي") => {
            measure(items, at).map(|(of, end)| (Of::Measure(of), end))
        }
        _ if key(items, at) == "نقطه" => {
            let unit = match key(items, at + 1) {
                "اساس" => "{basis point}",
                "ميويه" => "{percentage point}",
                _ => return None,
            };
            Some((Of::Measure(Measured { unit: measure_of(unit)?, power: 1, per_hour: false }), at + 2))
        }
        _ => None,
    }
}

/// A currency at `at` and whose it is.
pub fn money(items: &[Item<'_>], at: usize) -> Option<(Money, usize)> {
    let Term::Currency(currency) = term(items, at) else { return None };
    let mut end = at + 1;
    let mut nation = None;
    while let Term::Nation(n) = term(items, end) {
        if !is_plain(items, end) {
            break;
        }
        nation = nation.or(Some(n));
        end += 1;
        if nation.is_some() && !matches!(term(items, end), Term::Nation(_)) {
            break;
        }
    }
    if matches!(key(items, end), "استرليني" | "الاسترليني") && nation.is_none() {
        nation = NATIONS.iter().position(|(c, _)| *c == "GB").and_then(|i| u8::try_from(i).ok());
        end += 1;
    }
    Some((Money { currency, nation }, end))
}

/// A unit of measure at `at`, with مربع and في الساعة.
pub fn measure(items: &[Item<'_>], at: usize) -> Option<(Measured, usize)> {
    let (mut unit, mut end) = match (term(items, at), key(items, at)) {
        (Term::Unit(Unit::Year, _), _) if matches!(key(items, at + 1), "ضوييه") => (measure_of("[ly]")?, at + 2),
        (Term::Unit(..), _) => return None,
        (_, "كيلو" | "كلو") => match key(items, at + 1) {
            "متر" | "مترا" | "مترات" | "امتار" => (measure_of("km")?, at + 2),
            "غرام" | "غراما" | "غرامات" | "جرام" | "جراما" | "جرامات" => {
                (measure_of("kg")?, at + 2)
            }
            "واط" | "وات" => (measure_of("kW")?, at + 2),
            _ => (measure_of("kg")?, at + 1),
        },
        (_, "سنتي") if matches!(key(items, at + 1), "متر" | "مترا") => (measure_of("cm")?, at + 2),
        (Term::Measure(unit), _) => (unit, at + 1),
        _ => return None,
    };
    let mut power = 1;
    match term(items, end) {
        Term::Power(1) if MEASURES.get(unit as usize).is_some_and(|m| m.ucum == "[mi_i]") => {
            unit = measure_of("[nmi_i]")?;
            end += 1;
        }
        Term::Power(n @ 2..) if is_plain(items, end) => {
            power = n;
            end += 1;
        }
        Term::Digits if matches!(key(items, end), "2" | "3") && !items[end].space => {
            power = if key(items, end) == "2" { 2 } else { 3 };
            end += 1;
        }
        Term::Measure(next) if MEASURES.get(next as usize).is_some_and(|m| m.ucum == "Cel") => {
            unit = next;
            end += 1;
        }
        _ => {}
    }
    let is_hour = |i: usize| matches!(term(items, i), Term::Unit(Unit::Hour, _)) || key(items, i) == "س";
    let per_hour = is_hour(end + 1) && (key(items, end) == "في" && items[end + 1].article || key(items, end) == "/");
    if per_hour {
        end += 2;
    }
    Some((Measured { unit, power, per_hour }, end))
}
