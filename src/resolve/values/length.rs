//! Lengths of time, and what they reach from the day of writing.

use jiff::Span;
use jiff::civil::Date;

use crate::detect::rules::date::Relative;
use crate::detect::rules::number::Ratio;
use crate::detect::rules::terms::{Count, Item, Mod, Shift, Term, Unit};

use super::calendar::{Period, iso};
use super::date::{Evaluation, modifier_name};
use super::{Needs, Temporal, Value};

/// A length as ISO 8601: P2Y, P1Y6M, PT36H. A half of a year is six months, a decade ten years.
pub fn iso_duration(value: Ratio, unit: Unit) -> Option<String> {
    let times = |n: u64| value.times(Ratio::whole(n)).and_then(Ratio::to_u64);
    Some(match unit {
        Unit::Second => format!("PT{value}S"),
        Unit::Minute => format!("PT{value}M"),
        Unit::Hour => match (value.to_u64(), times(60)) {
            (None, Some(minutes)) if minutes > 60 => format!("PT{}H{}M", minutes / 60, minutes % 60),
            (None, Some(minutes)) => format!("PT{minutes}M"),
            _ => format!("PT{value}H"),
        },
        Unit::Day | Unit::Night => format!("P{value}D"),
        Unit::Week => match (value.to_u64(), times(7)) {
            (None, Some(days)) => format!("P{days}D"),
            _ => format!("P{value}W"),
        },
        Unit::Month => format!("P{value}M"),
        Unit::Year => match (value.to_u64(), times(12)) {
            (None, Some(months)) if months > 12 => format!("P{}Y{}M", months / 12, months % 12),
            (None, Some(months)) => format!("P{months}M"),
            _ => format!("P{value}Y"),
        },
        Unit::Decade => format!("P{}Y", value.times(Ratio::whole(10))?),
        Unit::Century => format!("P{}Y", value.times(Ratio::whole(100))?),
        Unit::Millennium => format!("P{}Y", value.times(Ratio::whole(1000))?),
    })
}

/// A length as a span of the calendar.
fn span_of(value: Ratio, unit: Unit) -> Option<Span> {
    let times = |n: u64| value.times(Ratio::whole(n)).and_then(Ratio::to_u64).and_then(|n| i64::try_from(n).ok());
    // A text may speak of any number of years: what no calendar holds has no span.
    let days = |n: i64| Span::new().try_days(n).ok();
    let months = |n: i64| Span::new().try_months(n).ok();
    match unit {
        Unit::Second | Unit::Minute => None,
        Unit::Hour => days(times(1)? / 24),
        Unit::Day | Unit::Night => days(times(1)?),
        Unit::Week => days(times(7)?),
        Unit::Month => times(1).and_then(months).or_else(|| times(2).and_then(|n| months(n / 2))),
        Unit::Year => months(times(12)?),
        Unit::Decade => months(times(120)?),
        Unit::Century => months(times(1200)?),
        Unit::Millennium => months(times(12_000)?),
    }
}

/// What recurs: a bare unit or a weekday after كل, or an adverb. ISO 8601 as R/P1D.
pub(super) fn recurring(items: &[Item<'_>], at: usize, every: bool) -> Option<&'static str> {
    let item = items.get(at)?;
    let of = |unit: Unit| match unit {
        Unit::Hour => Some("R/PT1H"),
        Unit::Day | Unit::Night => Some("R/P1D"),
        Unit::Week => Some("R/P1W"),
        Unit::Month => Some("R/P1M"),
        Unit::Year => Some("R/P1Y"),
        _ => None,
    };
    let days = ["سبت", "احد", "اثنين", "ثلاثاء", "اربعاء", "خميس", "جمعه"];
    let of_week = items.get(at + 1).is_some_and(|next| days.contains(&next.key));
    match (item.key, item.term) {
        ("يوميا", _) => of(Unit::Day),
        ("اسبوعيا", _) => of(Unit::Week),
        ("شهريا", _) => of(Unit::Month),
        ("سنويا", _) => of(Unit::Year),
        (_, Term::Weekday(_)) if every => of(Unit::Week),
        (_, Term::Unit(Unit::Day, Count::One)) if every && of_week => of(Unit::Week),
        (_, Term::Unit(unit, Count::One | Count::Counted)) if every && !item.article => of(unit),
        _ => None,
    }
}

impl Evaluation<'_> {
    /// عامين, 35 عاما, and with the day of writing what they reach back to.
    pub(super) fn duration(&self) -> Option<Value> {
        let (value, unit) = self.expr.duration?;
        let mut text = iso_duration(value, unit)?;
        let mut span = span_of(value, unit);
        if let Some((more, smaller)) = self.expr.duration_more {
            text.push_str(iso_duration(more, smaller)?.strip_prefix('P')?);
            span = span
                .and_then(|s| s.checked_add((span_of(more, smaller)?, jiff::SpanRelativeTo::days_are_24_hours())).ok());
        }
        if self.around.every {
            let iso = Some(format!("R/{text}"));
            return Some(Value::Set(Temporal { calendar: "gregorian", iso, ..Temporal::default() }));
        }
        let age = self.expr.age || self.around.age && unit >= Unit::Day;
        let base = Temporal {
            calendar: "gregorian",
            modifier: self
                .around
                .modifier
                .filter(|m| *m != Mod::Before || !self.around.ago)
                .or(self.expr.position)
                .map(modifier_name),
            iso: Some(text),
            needs: self.around.counted.then_some(Needs::Context),
            age,
            ..Temporal::default()
        };
        if age || !(self.around.ago || self.around.since) {
            return Some(Value::Duration(base));
        }
        let Ok(published) = self.published() else {
            return Some(if self.around.ago {
                Value::Date(Temporal { needs: Some(Needs::Published), ..base })
            } else {
                Value::Duration(base)
            });
        };
        let Some(then) = span.and_then(|span| published.checked_sub(span).ok()) else {
            return Some(Value::Duration(base));
        };
        if self.around.since {
            let (start, end) = (iso(then), iso(published));
            return Some(Value::Duration(Temporal {
                edtf: Some(format!("{start}/{end}")),
                start: Some(start),
                end: Some(end),
                ..base
            }));
        }
        let period = self.grain(then, unit)?;
        Some(Value::Date(Temporal {
            edtf: Some(period.edtf.clone()),
            start: Some(iso(period.start)),
            end: Some(iso(period.end)),
            ..base
        }))
    }

    /// The point that a length before or after a period reaches, no finer than the period or the length.
    pub(super) fn counted_from(&self, from: &Period, before: bool) -> Option<Value> {
        let (value, unit) = self.expr.duration?;
        let span = span_of(value, unit)?;
        let then = if before { from.start.checked_sub(span) } else { from.start.checked_add(span) }.ok()?;
        let period = match (from.edtf.len(), unit) {
            (4, Unit::Year | Unit::Decade | Unit::Century) => Period::year(i32::from(then.year()))?,
            (7, Unit::Month | Unit::Year | Unit::Decade) | (10, _) => self.grain(then, unit)?,
            _ => return None,
        };
        Some(Value::Date(Temporal {
            edtf: Some(period.edtf.clone()),
            start: Some(iso(period.start)),
            end: Some(iso(period.end)),
            calendar: "gregorian",
            iso: iso_duration(value, unit),
            ..Temporal::default()
        }))
    }

    /// The point that a length ago reaches, no finer than the length is told: years to the month, months to the month,
    /// weeks to the week, days to the day.
    fn grain(&self, then: Date, unit: Unit) -> Option<Period> {
        let (year, month) = (i32::from(then.year()), u8::try_from(then.month()).ok()?);
        match unit {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Day | Unit::Night => Some(Period::day(then)),
            Unit::Week => Period::week(then, self.context.week_start),
            Unit::Month | Unit::Year => Period::month(year, month),
            Unit::Decade | Unit::Century | Unit::Millennium => Period::year(year),
        }
    }

    /// العامين الماضيين, الأشهر الأخيرة, الفترة المقبلة: a length that ends or begins with the day of writing.
    pub(super) fn stretch(&self, relative: Relative) -> Option<Value> {
        let base = Temporal {
            calendar: "gregorian",
            modifier: self.around.modifier.map(modifier_name),
            ..Temporal::default()
        };
        let letter = |unit: Unit| match unit {
            Unit::Day | Unit::Night => "PXD",
            Unit::Week => "PXW",
            Unit::Month => "PXM",
            Unit::Hour => "PTXH",
            _ => "PXY",
        };
        let text = match (relative.unit, relative.count) {
            (Some(unit), Some(n)) => iso_duration(Ratio::whole(u64::from(n)), unit),
            (Some(unit), None) => Some(letter(unit).to_owned()),
            (None, _) => None,
        };
        let base = Temporal { iso: text, ..base };
        let Ok(published) = self.published() else {
            let needs = match relative.shift {
                Shift::Same => None,
                _ => Some(Needs::Published),
            };
            return Some(Value::Duration(Temporal { needs, ..base }));
        };
        let span = relative.unit.zip(relative.count).and_then(|(unit, n)| span_of(Ratio::whole(u64::from(n)), unit));
        let day = Some(iso(published));
        let far = |ago: bool| {
            let span = span?;
            let date = if ago { published.checked_sub(span) } else { published.checked_add(span) };
            date.ok().map(iso)
        };
        let (start, end) = match relative.shift {
            Shift::Past | Shift::Latest => (far(true), day),
            Shift::Next => (day, far(false)),
            Shift::This | Shift::Same => (None, None),
        };
        let edtf = match (&start, &end) {
            (Some(a), Some(b)) => Some(format!("{a}/{b}")),
            (None, Some(b)) => Some(format!("../{b}")),
            (Some(a), None) => Some(format!("{a}/..")),
            (None, None) => None,
        };
        Some(Value::Duration(Temporal { edtf, start, end, ..base }))
    }
}
