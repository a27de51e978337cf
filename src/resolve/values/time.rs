//! Times of day and short lengths.

use crate::detect::rules::terms::{DayPart, Shift};
use crate::detect::rules::time::TimeExpr;

use super::date::modifier_name;
use super::length::iso_duration;
use super::{Around, Context, Temporal, Value};

/// The name of a part of the day.
pub fn part_name(part: DayPart) -> &'static str {
    match part {
        DayPart::Dawn => "dawn",
        DayPart::Morning => "morning",
        DayPart::Noon => "noon",
        DayPart::Afternoon | DayPart::LateAfternoon => "afternoon",
        DayPart::Evening => "evening",
        DayPart::Night => "night",
        DayPart::Daytime => "day",
        DayPart::Midnight => "midnight",
    }
}

/// The hour on a clock of 24, by the part of the day.
fn hour_of_day(hour: u8, part: Option<DayPart>) -> u8 {
    match part {
        Some(DayPart::Noon) if (1..=3).contains(&hour) => hour + 12,
        Some(DayPart::Afternoon | DayPart::LateAfternoon | DayPart::Evening) if hour < 12 => hour + 12,
        // التاسعة ليلا is 21, الثانية ليلا is 2.
        Some(DayPart::Night) if (6..12).contains(&hour) => hour + 12,
        Some(DayPart::Dawn | DayPart::Morning | DayPart::Night | DayPart::Midnight) if hour == 12 => 0,
        _ => hour,
    }
}

/// The text of a clock time, without its date.
pub fn clock(expr: &TimeExpr, part: Option<DayPart>) -> Option<String> {
    let hour = hour_of_day(expr.hour?, expr.day_part.or(part));
    let mut text = format!("T{hour:02}:{:02}", expr.minute.unwrap_or(0));
    if let Some(second) = expr.second {
        text.push_str(&format!(":{second:02}"));
    }
    if expr.utc {
        text.push('Z');
    }
    Some(text)
}

pub(super) fn evaluate(expr: &TimeExpr, around: Around, context: &Context) -> Option<Value> {
    let base = Temporal {
        calendar: "gregorian",
        modifier: around.modifier.map(modifier_name),
        part: expr.day_part.map(part_name),
        ..Temporal::default()
    };
    if let Some((value, unit)) = expr.duration {
        return Some(Value::Duration(Temporal { iso: Some(iso_duration(value, unit)?), ..base }));
    }
    if expr.hour.is_some() {
        return Some(Value::Time(Temporal { edtf: clock(expr, None), ..base }));
    }
    if let Some(part) = expr.day_part
        && expr.shift.is_some()
    {
        // هذا المساء
        let day = context.published.map(super::calendar::iso);
        return Some(Value::Time(Temporal { part: Some(part_name(part)), start: day.clone(), end: day, ..base }));
    }
    if let Some(shift) = expr.shift {
        let day = context.published.map(super::calendar::iso);
        let (start, end) = match shift {
            Shift::Next => (day, None),
            Shift::Past | Shift::Latest => (None, day),
            _ => (None, None),
        };
        return Some(Value::Duration(Temporal { start, end, ..base }));
    }
    match expr.day_part {
        Some(DayPart::Midnight) => Some(Value::Time(Temporal { edtf: Some("T00:00".into()), ..base })),
        Some(_) => Some(Value::Time(base)),
        None => None,
    }
}
