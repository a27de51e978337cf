//! Times of day, and lengths under a day.

use super::number::{self, Ratio, digits, ordinal};
use super::terms::{Count, DayPart, Item, Mod, Num, Shift, Term, Unit};

/// What a time says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TimeExpr {
    /// The hour as written, 0 to 24.
    pub hour: Option<u8>,
    /// The minute.
    pub minute: Option<u8>,
    /// The second.
    pub second: Option<u8>,
    /// صباحا, مساء
    pub day_part: Option<DayPart>,
    /// By Greenwich.
    pub utc: bool,
    /// A length.
    pub duration: Option<(Ratio, Unit)>,
    /// The minute of a match.
    pub of_match: Option<u32>,
    /// الساعات الماضية
    pub shift: Option<Shift>,
}

fn term(items: &[Item<'_>], at: usize) -> Term {
    items.get(at).map_or(Term::Other, |item| item.term)
}

fn key<'a>(items: &[Item<'a>], at: usize) -> &'a str {
    items.get(at).map_or("", |item| item.key)
}

fn is_definite(items: &[Item<'_>], at: usize) -> bool {
    items.get(at).is_some_and(|item| item.article)
}

fn is_plain(items: &[Item<'_>], at: usize) -> bool {
    items.get(at).is_some_and(Item::plain)
}

/// The time that begins at `at`, and where it ends.
pub fn parse(items: &[Item<'_>], at: usize) -> Option<(TimeExpr, usize)> {
    clock(items, at)
        .or_else(|| minute_of_match(items, at))
        .or_else(|| length(items, at))
        .or_else(|| hours(items, at))
        .or_else(|| part_of_day(items, at))
}

/// 15:30, 1:40:30; after الساعة also 15.30, 15,30 and 15.
fn digital(text: &str, headed: bool) -> Option<TimeExpr> {
    let mut values = [0u32; 3];
    let (hour, minute, second) = match digits::parts(text, &mut values) {
        Some((':', 2)) => (values[0], Some(values[1]), None),
        Some((':', 3)) => (values[0], Some(values[1]), Some(values[2])),
        Some(('.' | ',' | '،', 2)) if headed => (values[0], Some(values[1]), None),
        _ if headed => (u32::try_from(digits::whole(text)?).ok()?, None, None),
        _ => return None,
    };
    let small = |n: u32, max: u32| u8::try_from(n).ok().filter(|_| n <= max);
    let two = |n: Option<u32>| match n {
        Some(n) => small(n, 59).map(Some),
        None => Some(None),
    };
    let hour = small(hour, 24);
    Some(TimeExpr { hour: Some(hour?), minute: two(minute)?, second: two(second)?, ..TimeExpr::default() })
}

fn clock(items: &[Item<'_>], at: usize) -> Option<(TimeExpr, usize)> {
    let headed = term(items, at) == Term::Unit(Unit::Hour, Count::One) && is_definite(items, at);
    let mut end = at + usize::from(headed);
    let mut time = match term(items, end) {
        Term::Digits => {
            // 4.17 تغ, 1300 بتوقيت غرينتش: the zone tells that it is a time.
            let zoned = !headed && zone(items, end + 1, &mut TimeExpr::default()) > end + 1;
            let hours = |text: &str| digits::whole(text).filter(|n| zoned && text.len() == 4 && *n < 2400);
            let time = match hours(key(items, end)) {
                Some(n) => TimeExpr {
                    hour: u8::try_from(n / 100).ok(),
                    minute: Some(u8::try_from(n % 100).ok().filter(|minute| *minute < 60)?),
                    ..TimeExpr::default()
                },
                None => digital(key(items, end), headed || zoned)?,
            };
            end += 1;
            time
        }
        _ if is_definite(items, end) => {
            let (hour, after) = hour_in_words(items, end)?;
            end = after;
            TimeExpr { hour: Some(hour), ..TimeExpr::default() }
        }
        _ => return None,
    };
    let spoken = term(items, end - 1) != Term::Digits;
    end = minutes(items, end, &mut time);
    let before = end;
    end = part_after(items, end, &mut time);
    if spoken && !headed && before == end && time.minute.is_none() {
        // الخامسة من صباح اليوم
        let of_part = key(items, end) == "من" && matches!(term(items, end + 1), Term::DayPart(_));
        if !of_part {
            return None;
        }
    }
    end = zone(items, end, &mut time);
    Some((time, end))
}

fn hour_in_words(items: &[Item<'_>], at: usize) -> Option<(u8, usize)> {
    if let Some((n, end)) = ordinal::parse(items, at) {
        return u8::try_from(n).ok().filter(|n| (1..=12).contains(n)).map(|n| (n, end));
    }
    // الواحدة
    (term(items, at) == Term::Num(Num::Unit(1))).then_some((1, at + 1))
}

/// والنصف, وخمس دقائق, إلا ربعا.
fn minutes(items: &[Item<'_>], at: usize, time: &mut TimeExpr) -> usize {
    let fraction = |at: usize| match term(items, at) {
        Term::Num(Num::Part(a, b)) => Some(60 * u32::from(a) / u32::from(b)),
        _ if matches!(key(items, at), "ربعا") => Some(15),
        _ if matches!(key(items, at), "ثلثا") => Some(20),
        _ => None,
    };
    let small = |n: u32| u8::try_from(n).ok().filter(|n| *n < 60);
    let is_minute = |at: usize| matches!(term(items, at), Term::Unit(Unit::Minute, Count::One | Count::Many));
    if items.get(at).is_some_and(Item::and) {
        if let Some(n) = fraction(at).and_then(small) {
            time.minute = Some(n);
            return at + 1;
        }
        if let Some((n, end)) = number::parse(items, at)
            && is_minute(end)
            && let Some(n) = n.value.to_u64().and_then(|n| u32::try_from(n).ok()).and_then(small)
        {
            time.minute = Some(n);
            return end + 1;
        }
    }
    if key(items, at) == "الا"
        && let Some(hour) = time.hour
    {
        // إلا ربعا, إلا خمس دقائق
        let counted = || {
            let (n, end) = number::parse(items, at + 1).filter(|(_, end)| is_minute(*end))?;
            Some((u32::try_from(n.value.to_u64()?).ok()?, end + 1))
        };
        if let Some((n, end)) = fraction(at + 1).map(|n| (n, at + 2)).or_else(counted)
            && let Some(minute) = 60u32.checked_sub(n).and_then(small)
        {
            time.hour = Some(if hour <= 1 { 12 } else { hour - 1 });
            time.minute = Some(minute);
            return end;
        }
    }
    at
}

/// صباحا, بعد الظهر, بعد منتصف الليل after an hour.
fn part_after(items: &[Item<'_>], at: usize, time: &mut TimeExpr) -> usize {
    match (term(items, at), key(items, at)) {
        (Term::DayPart(part), _) if !is_definite(items, at) && is_plain(items, at) => {
            // مساء اليوم belongs to the day that follows.
            let of_day = matches!(
                term(items, at + 1),
                Term::Deictic(_) | Term::Weekday(_) | Term::Unit(Unit::Day, Count::One) | Term::This
            ) && is_plain(items, at + 1);
            if of_day {
                return at;
            }
            time.day_part = Some(part);
            at + 1
        }
        // 7:30 م, الساعة 8 ص
        (_, "م" | "ص") if at > 0 && term(items, at - 1) == Term::Digits && is_plain(items, at) => {
            time.day_part = Some(if key(items, at) == "م" { DayPart::Evening } else { DayPart::Morning });
            at + 1
        }
        (Term::Mod(Mod::Mid), _)
            if term(items, at + 1) == Term::DayPart(DayPart::Night) && is_definite(items, at + 1) =>
        {
            time.day_part = Some(DayPart::Midnight);
            at + 2
        }
        (_, "بعد") if matches!(term(items, at + 1), Term::DayPart(_)) && is_definite(items, at + 1) => {
            time.day_part = Some(DayPart::Afternoon);
            at + 2
        }
        (_, "قبل") if matches!(term(items, at + 1), Term::DayPart(_)) && is_definite(items, at + 1) => {
            time.day_part = Some(DayPart::Morning);
            at + 2
        }
        (_, "بعد")
            if term(items, at + 1) == Term::Mod(Mod::Mid) && term(items, at + 2) == Term::DayPart(DayPart::Night) =>
        {
            time.day_part = Some(DayPart::Dawn);
            at + 3
        }
        _ => at,
    }
}

/// بتوقيت غرينتش, تغ, ت غ.
fn zone(items: &[Item<'_>], at: usize, time: &mut TimeExpr) -> usize {
    let greenwich = |k: &str| matches!(k, "غرينتش" | "غرينيتش" | "جرينتش" | "غرينيش");
    // The time of a place, which the text does not turn into another.
    match (key(items, at), key(items, at + 1), key(items, at + 2)) {
        ("بالتوقيت", "المحلي", _) => return at + 2,
        ("بتوقيت", "مكه", "المكرمه") => return at + 3,
        ("بتوقيت", "مكه", _) | ("ت", "م", _) => return at + 2,
        _ => {}
    }
    let used = match (key(items, at), key(items, at + 1)) {
        ("تغ" | "gmt" | "utc", _) => 1,
        ("ت", "غ") => 2,
        ("ت", _) if key(items, at + 1) == "." && key(items, at + 2) == "غ" => 3,
        ("بتوقيت", city) if greenwich(city) => 2,
        (city, _) if greenwich(city) => 1,
        _ => 0,
    };
    time.utc |= used > 0;
    at + used
}

/// الدقيقة 74
fn minute_of_match(items: &[Item<'_>], at: usize) -> Option<(TimeExpr, usize)> {
    if term(items, at) != Term::Unit(Unit::Minute, Count::One) || !is_definite(items, at) {
        return None;
    }
    let (n, end) = match term(items, at + 1) {
        Term::Digits => (u32::try_from(digits::whole(key(items, at + 1))?).ok()?, at + 2),
        Term::Num(_) if !is_definite(items, at + 1) => {
            let (n, end) = number::parse(items, at + 1)?;
            (u32::try_from(n.value.to_u64()?).ok()?, end)
        }
        _ => ordinal::parse(items, at + 1).filter(|_| is_definite(items, at + 1))?,
    };
    Some((TimeExpr { of_match: Some(n), ..TimeExpr::default() }, end))
}

fn is_second(items: &[Item<'_>], at: usize) -> bool {
    key(items, at) == "ثانيه" && is_plain(items, at)
}

/// 3 ساعات, ساعتين, نصف ساعة.
fn length(items: &[Item<'_>], at: usize) -> Option<(TimeExpr, usize)> {
    let mut part = false;
    let (value, unit, mut end) = match term(items, at) {
        Term::Unit(unit, Count::Two) if unit <= Unit::Hour => (Ratio::whole(2), unit, at + 1),
        Term::Unit(unit @ (Unit::Hour | Unit::Minute), Count::One) if !is_definite(items, at) => {
            let before = at.checked_sub(1).map_or("", |i| key(items, i));
            let single = matches!(key(items, at + 1), "واحده" | "كامله")
                || matches!(term(items, at + 1), Term::Num(Num::Part(..))) && items.get(at + 1).is_some_and(Item::and);
            let used = usize::from(matches!(key(items, at + 1), "واحده" | "كامله"));
            let prep = matches!(before, "قبل" | "بعد" | "منذ" | "خلال" | "لمده" | "مده" | "نحو" | "غضون" | "حوالي");
            if !single && !prep {
                return None;
            }
            (Ratio::whole(1), unit, at + 1 + used)
        }
        _ => {
            let (n, end) = number::parse(items, at)?;
            // ثلاثة أرباع الساعة
            part = n.part;
            let unit = match term(items, end) {
                Term::Unit(unit, Count::One | Count::Many) if is_plain(items, end) => unit,
                _ if is_second(items, end) => Unit::Second,
                _ => return None,
            };
            (n.value, unit, end + 1)
        }
    };
    if unit > Unit::Hour || !part && is_definite(items, end - 1) && end - 1 > at {
        return None;
    }
    let mut value = value;
    if let Term::Num(Num::Part(a, b)) = term(items, end)
        && items.get(end).is_some_and(Item::and)
    {
        value = value.plus(Ratio::new(i128::from(a), i128::from(b))?)?;
        end += 1;
        if matches!(term(items, end), Term::Unit(..)) && is_definite(items, end) {
            end += 1;
        }
    }
    Some((TimeExpr { duration: Some((value, unit)), ..TimeExpr::default() }, end))
}

/// الساعات القليلة المقبلة
fn hours(items: &[Item<'_>], at: usize) -> Option<(TimeExpr, usize)> {
    let (Term::Unit(Unit::Hour | Unit::Minute, Count::Many), true) = (term(items, at), is_definite(items, at)) else {
        return None;
    };
    let mut end = at + 1;
    if key(items, end) == "القليله" {
        end += 1;
    } else if let Some((_, after)) = number::parse(items, end).filter(|_| is_plain(items, end)) {
        end = after;
    }
    let shift = match term(items, end) {
        Term::Shift(shift) if is_definite(items, end) => shift,
        Term::Last if is_definite(items, end) => Shift::Latest,
        _ => return None,
    };
    Some((TimeExpr { shift: Some(shift), ..TimeExpr::default() }, end + 1))
}

/// ليلا, صباحا, منتصف الليل, عند الظهر.
fn part_of_day(items: &[Item<'_>], at: usize) -> Option<(TimeExpr, usize)> {
    let found = |part: DayPart, end: usize| Some((TimeExpr { day_part: Some(part), ..TimeExpr::default() }, end));
    let before = at.checked_sub(1).map_or("", |i| key(items, i));
    match term(items, at) {
        Term::Mod(Mod::Mid) if matches!(term(items, at + 1), Term::DayPart(DayPart::Night | DayPart::Daytime)) => {
            let part =
                if term(items, at + 1) == Term::DayPart(DayPart::Night) { DayPart::Midnight } else { DayPart::Noon };
            is_definite(items, at + 1).then(|| found(part, at + 2)).flatten()
        }
        Term::TimePrep
            if key(items, at) == "بعد"
                && matches!(term(items, at + 1), Term::DayPart(DayPart::Noon | DayPart::Afternoon)) =>
        {
            is_definite(items, at + 1).then(|| found(DayPart::Afternoon, at + 2)).flatten()
        }
        Term::Unit(Unit::Hour, Count::Many) if !is_definite(items, at) => {
            let Term::DayPart(part) = term(items, at + 1) else { return None };
            let which = matches!(term(items, at + 2), Term::Ord(1) | Term::Last) && is_definite(items, at + 2);
            (which && is_definite(items, at + 1)).then(|| found(part, at + 3)).flatten()
        }
        Term::This if matches!(term(items, at + 1), Term::DayPart(_)) && is_definite(items, at + 1) => {
            let Term::DayPart(part) = term(items, at + 1) else { return None };
            let today = TimeExpr { day_part: Some(part), shift: Some(Shift::This), ..TimeExpr::default() };
            Some((today, at + 2))
        }
        Term::DayPart(part) => {
            let adverb = matches!(key(items, at), "ليلا" | "صباحا" | "فجرا" | "نهارا");
            let night = part == DayPart::Night && is_definite(items, at);
            let of_an_age = key(items, at + 1).starts_with("ال");
            let prayer = is_definite(items, at)
                && (before == "عند"
                    || matches!(before, "قبل" | "حتي" | "في" | "منذ" | "بعيد" | "قبيل" | "هذا") && !of_an_age);
            (adverb || night || prayer).then(|| found(part, at + 1)).flatten()
        }
        _ => None,
    }
}
