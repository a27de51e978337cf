//! Numbers in digits, in words, and mixed.

pub mod digits;
pub mod ordinal;
mod ratio;

pub use ratio::Ratio;

use super::terms::{Count, Item, Num, Term};

/// A number as it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// What it says.
    pub value: Ratio,
    /// It is one run of digits.
    pub digits: bool,
    /// It is a bare fraction: نصف, ثلث.
    pub part: bool,
    /// The power of ten of its last scale word, 0 without one.
    pub scale: u8,
}

fn term(items: &[Item<'_>], at: usize) -> Term {
    items.get(at).map_or(Term::Other, |item| item.term)
}

fn num(items: &[Item<'_>], at: usize) -> Option<Num> {
    match term(items, at) {
        Term::Num(num) => Some(num),
        _ => None,
    }
}

/// A number word that follows directly: nothing attached to it.
fn direct(items: &[Item<'_>], at: usize) -> Option<Num> {
    num(items, at).filter(|_| items.get(at).is_some_and(Item::plain))
}

/// A number word that و joins.
fn joined(items: &[Item<'_>], at: usize) -> Option<Num> {
    num(items, at).filter(|_| items.get(at).is_some_and(Item::and))
}

/// A value below 1000 in words, and where it ends.
fn group(items: &[Item<'_>], at: usize) -> Option<(u64, usize)> {
    match num(items, at)? {
        Num::Hundred(n) => Some(below_hundred_after(items, at + 1, u64::from(n))),
        Num::Unit(n) if matches!(direct(items, at + 1), Some(Num::Hundred(100))) && n >= 3 => {
            Some(below_hundred_after(items, at + 2, u64::from(n) * 100))
        }
        _ => below_hundred(items, at),
    }
}

/// After a hundred: و and a value below 100, if there is one.
fn below_hundred_after(items: &[Item<'_>], at: usize, hundreds: u64) -> (u64, usize) {
    if joined(items, at).is_some()
        && let Some((rest, end)) = below_hundred(items, at)
    {
        return (hundreds + rest, end);
    }
    (hundreds, at)
}

fn below_hundred(items: &[Item<'_>], at: usize) -> Option<(u64, usize)> {
    let first = num(items, at)?;
    let unit = match first {
        Num::OneOf => 1,
        Num::Unit(n) => u64::from(n),
        Num::Ten => return Some((10, at + 1)),
        Num::Tens(n) => return Some((u64::from(n), at + 1)),
        _ => return None,
    };
    if direct(items, at + 1) == Some(Num::Ten) {
        return Some((10 + unit, at + 2));
    }
    if let Some(Num::Tens(tens)) = joined(items, at + 1) {
        return Some((unit + u64::from(tens), at + 2));
    }
    (first != Num::OneOf).then_some((unit, at + 1))
}

/// A head before a scale word: digits or words.
fn head(items: &[Item<'_>], at: usize) -> Option<(Ratio, bool, usize)> {
    if term(items, at) == Term::Digits {
        return spaced(items, at).or_else(|| Some((digits::decimal(items.get(at)?.key)?, true, at + 1)));
    }
    // صفر is also a month.
    if items.get(at)?.key == "صفر" {
        return Some((Ratio::whole(0), false, at + 1));
    }
    if let Some(Num::Part(a, b)) = num(items, at) {
        return Some((Ratio::new(i128::from(a), i128::from(b))?, false, at + 1));
    }
    if let (Some(Num::Unit(a)), Some(Num::Parts(b))) = (num(items, at), direct(items, at + 1)) {
        return Some((Ratio::new(i128::from(a), i128::from(b))?, false, at + 2));
    }
    group(items, at).map(|(n, end)| (Ratio::whole(n), false, end))
}

/// 1 234 567: thousands set apart by spaces.
fn spaced(items: &[Item<'_>], at: usize) -> Option<(Ratio, bool, usize)> {
    let first = items.get(at).filter(|i| i.key.len() <= 3 && !i.key.starts_with('0'))?;
    let mut value = digits::whole(first.key)?;
    let mut end = at + 1;
    while let Some(next) = items.get(end)
        && next.term == Term::Digits
        && next.plain()
        && next.space
        && next.key.len() == 3
        && let Some(n) = digits::whole(next.key)
    {
        value = value.checked_mul(1000)?.checked_add(n)?;
        end += 1;
    }
    (end > at + 1).then_some((Ratio::whole(value), true, end))
}

/// A scale word at `at`: its power and how many it says by itself.
fn scale(items: &[Item<'_>], at: usize) -> Option<(u8, Count)> {
    match num(items, at) {
        Some(Num::Scale(power, count)) => Some((power, count)),
        _ => None,
    }
}

/// One step of a number: `200`, `مئتان وخمسة`, `3 آلاف`, `ألفان`, `نصف مليون`.
fn step(items: &[Item<'_>], at: usize) -> Option<(Number, usize)> {
    if let Some((power, count)) = scale(items, at) {
        let times = match count {
            Count::One => 1,
            Count::Two | Count::TwoOf => 2,
            // ألفا without a number before it is the dual of the construct state.
            Count::Counted => 2,
            Count::Many => return None,
        };
        let mut value = Ratio::whole(times).times(Ratio::power_of_ten(power))?;
        let mut end = at + 1;
        // ألف مليون
        if let Some((more, Count::One | Count::Many)) = scale(items, end).filter(|_| items[end].plain())
            && more > power
        {
            value = value.times(Ratio::power_of_ten(more))?;
            return Some((Number { value, digits: false, part: false, scale: more }, end + 1));
        }
        if let Some((part, after)) = plus_part(items, end, power) {
            value = value.plus(part)?;
            end = after;
        }
        return Some((Number { value, digits: false, part: false, scale: power }, end));
    }
    let (mut value, digits, mut end) = head(items, at)?;
    let is_part = value.to_u64().is_none() && !digits;
    let mut last = 0;
    while let Some((power, count)) = scale(items, end).filter(|_| items[end].plain()) {
        if (last != 0 && power <= last) || matches!(count, Count::Two | Count::TwoOf) {
            break;
        }
        value = value.times(Ratio::power_of_ten(power))?;
        last = power;
        end += 1;
        if let Some((part, after)) = plus_part(items, end, power) {
            value = value.plus(part)?;
            end = after;
            break;
        }
    }
    Some((Number { value, digits: digits && last == 0, part: is_part && last == 0, scale: last }, end))
}

/// ونصف, وربع after a scale word, with the word once more or not.
fn plus_part(items: &[Item<'_>], at: usize, power: u8) -> Option<(Ratio, usize)> {
    let Some(Num::Part(a, b)) = joined(items, at) else { return None };
    let part = Ratio::new(i128::from(a), i128::from(b))?.times(Ratio::power_of_ten(power))?;
    let again = scale(items, at + 1).is_some_and(|(p, _)| p == power) && items[at + 1].plain();
    Some((part, at + 1 + usize::from(again)))
}

/// The number that begins at `at`, and where it ends.
///
/// A vague count (آلاف, عشرات, مئات الآلاف) is none.
pub fn parse(items: &[Item<'_>], at: usize) -> Option<(Number, usize)> {
    let (mut number, mut end) = step(items, at)?;
    while number.scale != 0 && items.get(end).is_some_and(|item| item.and() && !item.article) {
        let Some((more, after)) = step(items, end) else { break };
        let limit = Ratio::power_of_ten(number.scale);
        let smaller = more.value.to_u64().zip(limit.to_u64()).is_some_and(|(a, b)| a < b);
        if !smaller || more.part {
            break;
        }
        number = Number { value: number.value.plus(more.value)?, scale: more.scale, digits: false, part: false };
        end = after;
    }
    if number.scale == 0
        && !number.digits
        && !number.part
        && let Some(Num::Part(a, b)) = joined(items, end)
    {
        // اثنان ونصف
        number.value = number.value.plus(Ratio::new(i128::from(a), i128::from(b))?)?;
        end += 1;
    }
    Some((number, end))
}

/// Where a vague count ends, if one begins at `at`: عشرات, مئات الآلاف, ملايين.
pub fn vague(items: &[Item<'_>], at: usize) -> Option<usize> {
    let is_vague = |at: usize| {
        matches!(num(items, at), Some(Num::Vague | Num::Hundreds | Num::Scale(_, Count::Many) | Num::Parts(_)))
    };
    if !is_vague(at) {
        return None;
    }
    let mut end = at + 1;
    while is_vague(end) || matches!(num(items, end), Some(Num::Scale(..))) {
        end += 1;
    }
    Some(end)
}
