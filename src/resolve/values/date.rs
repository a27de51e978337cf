//! Dates on the calendar.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::detect::rules::date::{DateExpr, Fields, Relative, Year};
use crate::detect::rules::terms::{Calendar, Feast, Mod, Shift, Unit};

use super::calendar::{self, Period, easter, from_hijri, hijri_period, hijri_text, iso, shifted, to_hijri};
use super::time::part_name;
use super::{Around, Context, Needs, Temporal, Value};

/// The name of a modifier.
pub fn modifier_name(modifier: Mod) -> &'static str {
    match modifier {
        Mod::Start => "start",
        Mod::Mid => "mid",
        Mod::End => "end",
        Mod::Approx => "approx",
        Mod::Before => "before",
        Mod::After => "after",
    }
}

/// What could be found.
enum Found {
    Period(Period),
    /// A yearly day or month: XXXX-02-17.
    Yearly(String),
    Open(Needs),
}

use Found::Open;

pub(super) struct Evaluation<'a> {
    pub(super) expr: &'a DateExpr,
    pub(super) context: &'a Context,
    pub(super) around: Around,
    hijri: Option<String>,
}

pub(super) fn evaluate(expr: &DateExpr, around: Around, context: &Context) -> Option<Value> {
    let expr = &settled(*expr, context);
    let mut evaluation = Evaluation { expr, context, around, hijri: None };
    if expr.duration.is_some() {
        return evaluation.duration();
    }
    if let Some(relative) = expr.relative
        && expr.fields == Fields::default()
        && expr.season.is_none()
        && expr.part.is_none()
        && expr.position.is_none()
        && (relative.count != Some(1) || relative.shift == Shift::Latest)
        && relative.both.is_none()
    {
        return evaluation.stretch(relative);
    }
    let found = evaluation.find()?;
    let hijri = evaluation.hijri;
    let calendar = if hijri.is_some() && expr.matching.is_none() { "hijri" } else { "gregorian" };
    let modifier = expr.position.or(around.modifier);
    let base = Temporal {
        modifier: modifier.map(modifier_name),
        calendar,
        hijri,
        part: expr.day_part.map(part_name),
        ..Temporal::default()
    };
    Some(match found {
        Found::Period(period) => Value::Date(Temporal {
            edtf: Some(period.edtf.clone()),
            start: Some(iso(period.start)),
            end: Some(iso(period.end)),
            ..base
        }),
        Found::Yearly(edtf) if expr.every => Value::Set(Temporal { edtf: Some(edtf), ..base }),
        Found::Yearly(edtf) => Value::Date(Temporal { edtf: Some(edtf), ..base }),
        Open(needs) => Value::Date(Temporal { needs: Some(needs), ..base }),
    })
}

/// A length counted from a period: بعد ثلاثة أيام من 5 مايو 2015.
pub(super) fn counted(expr: &DateExpr, from: &Period, before: bool, context: &Context) -> Option<Value> {
    Evaluation { expr, context, around: Around::default(), hijri: None }.counted_from(from, before)
}

/// Decide what a bare year means: عام 67 is 1967, and عام 1436 in an article of 2015 is of the Hijri calendar.
fn settled(mut expr: DateExpr, context: &Context) -> DateExpr {
    let Some(year) = &mut expr.fields.year else { return expr };
    if year.era || year.calendar == Calendar::Hijri || year.to.is_some() {
        return expr;
    }
    if (10..100).contains(&year.year) {
        let now = context.published.map_or(30, |p| i32::from(p.year()) % 100);
        year.year += if year.year <= now { 2000 } else { 1900 };
    } else if let Some((now, _, _)) = context.published.and_then(to_hijri)
        && (now - year.year).abs() <= 25
    {
        year.calendar = Calendar::Hijri;
    }
    expr
}

/// A year as astronomers count: 1 BCE is 0.
fn astronomical(year: i32) -> i32 {
    if year < 0 { year + 1 } else { year }
}

fn offset(shift: Shift, twice: bool) -> Option<i64> {
    Some(match shift {
        Shift::Past if twice => -2,
        Shift::Past => -1,
        Shift::This => 0,
        Shift::Next if twice => 2,
        Shift::Next => 1,
        Shift::Latest | Shift::Same => return None,
    })
}

impl Evaluation<'_> {
    pub(super) fn published(&self) -> Result<Date, Needs> {
        self.context.published.ok_or(Needs::Published)
    }

    fn find(&mut self) -> Option<Found> {
        let expr = self.expr;
        let found = if let Some((feast, day)) = expr.feast {
            self.feast(feast, day)
        } else if expr.decade.is_some() {
            self.decade()
        } else if let Some(n) = expr.millennium {
            Period::millennium(i32::from(n)).map(Found::Period).ok_or(Needs::Context)
        } else if expr.century.is_some() || expr.relative.is_some_and(|r| r.unit == Some(Unit::Century)) {
            self.century()
        } else if expr.season.is_some() {
            self.season()
        } else if expr.fields.month.is_some() || expr.fields.day.is_some() {
            self.month_or_day()
        } else if expr.deictic.is_some() {
            self.deictic()
        } else if expr.weekday.is_some() {
            self.weekday()
        } else if expr.fields.year.is_some() {
            self.year()
        } else if let Some(relative) = expr.relative {
            self.relative(relative)
        } else if let (Some((part, of)), None) = (expr.part, expr.nth) {
            self.quarter(part, of)
        } else if expr.nth.is_some() {
            Err(Needs::Context)
        } else {
            return None;
        };
        let period = match found {
            Ok(Found::Period(period)) => period,
            Ok(other) => return Some(other),
            Err(needs) => return Some(Open(needs)),
        };
        Some(Found::Period(self.narrowed(period)))
    }

    /// النصف الأول and مطلع of a period.
    fn narrowed(&self, period: Period) -> Period {
        let month = |m: u8| Period::month(i32::from(period.start.year()), m);
        let is_year = period.edtf.len() == 4 && period.end == period.start.last_of_year();
        match (self.expr.part, self.expr.position) {
            (Some((n @ 1.., of)), _) if !self.is_bare_part() => self.part(&period, n, of).unwrap_or(period),
            // العقد الأول من القرن الحالي
            _ if period.end.year() - period.start.year() == 99
                && let Some((Unit::Decade, n @ 1..=10)) = self.expr.nth =>
            {
                let first = i64::from(period.start.year()) + i64::from(n - 1) * 10;
                i32::try_from(first).ok().and_then(Period::decade).unwrap_or(period)
            }
            // While a year runs, its beginning is its first month; later it is vaguer, as a middle and an end always are.
            (None, Some(Mod::Start))
                if is_year && self.published().is_ok_and(|today| today.year() == period.start.year()) =>
            {
                month(1).unwrap_or(period)
            }
            _ => period,
        }
    }

    /// الربع الثاني with no year.
    fn is_bare_part(&self) -> bool {
        DateExpr { part: None, position: None, ..*self.expr } == DateExpr::default()
    }

    fn quarter(&self, part: u8, of: u8) -> Result<Found, Needs> {
        let year = i32::from(self.published()?.year());
        self.nearest(year, |year| Period::part_of_year(year, part, of)).map(Found::Period)
    }

    fn part(&self, period: &Period, n: u8, of: u8) -> Option<Period> {
        let years = i32::from(period.end.year()) - i32::from(period.start.year()) + 1;
        if years == 1 && period.edtf.len() == 4 {
            return Period::part_of_year(i32::from(period.start.year()), n, of);
        }
        if years >= 10 {
            let length = years / i32::from(of);
            let first = i32::from(period.start.year()) + length * i32::from(n - 1);
            return Some(Period::year(first)?.to(&Period::year(first + length - 1)?));
        }
        // Halves of a month, in either calendar; a week or a day has none.
        let length = i64::from((period.end - period.start).get_days()) + 1;
        if !(28..=31).contains(&length) {
            return None;
        }
        let days = length / i64::from(of);
        let start = shifted(period.start, (days * i64::from(n - 1)).days())?;
        let end = if n == of { period.end } else { shifted(start, (days - 1).days())? };
        Some(Period::days(start, end))
    }

    /// The civil year that the words give, if they do.
    fn civil_year(&self) -> Result<Option<i32>, Needs> {
        if let Some(Year { year, calendar: Calendar::Gregorian, .. }) = self.expr.fields.year {
            return Ok(Some(astronomical(year)));
        }
        match self.expr.relative {
            Some(Relative { unit: Some(Unit::Year), shift, twice, .. }) => {
                let by = offset(shift, twice).ok_or(Needs::Context)?;
                Ok(i32::try_from(i64::from(self.published()?.year()) + by).ok())
            }
            _ => Ok(None),
        }
    }

    fn year(&mut self) -> Result<Found, Needs> {
        let Some(Year { year, to, calendar, .. }) = self.expr.fields.year else { return Err(Needs::Context) };
        let found = match calendar {
            Calendar::Hijri => {
                self.hijri = Some(hijri_text(year, None, None));
                let first = hijri_period(year, None, None);
                match to {
                    Some(to) => first.zip(hijri_period(to, None, None)).map(|(a, b)| Period::days(a.start, b.end)),
                    None => first,
                }
            }
            Calendar::Gregorian => {
                let first = Period::year(astronomical(year));
                match to {
                    Some(to) => first.zip(Period::year(astronomical(to))).map(|(a, b)| a.to(&b)),
                    None => first,
                }
            }
        };
        found.map(Found::Period).ok_or(Needs::Context)
    }

    fn relative(&self, relative: Relative) -> Result<Found, Needs> {
        let published = self.published();
        if relative.shift == Shift::Same {
            return Err(Needs::Context);
        }
        let published = published?;
        let by = offset(relative.shift, relative.twice).ok_or(Needs::Context)?;
        let one = |by: i64| -> Option<Period> {
            let year = i32::try_from(i64::from(published.year()) + by).ok()?;
            match relative.unit {
                Some(Unit::Day) => shifted(published, by.days()).map(Period::day),
                Some(Unit::Night) => shifted(published, by.days()).map(Period::day),
                Some(Unit::Week) => Period::week(shifted(published, (7 * by).days())?, self.context.week_start),
                Some(Unit::Month) => {
                    let then = shifted(published.first_of_month(), by.months())?;
                    Period::month(i32::from(then.year()), u8::try_from(then.month()).ok()?)
                }
                Some(Unit::Year) => Period::year(year),
                Some(Unit::Decade) => {
                    Period::decade(i32::try_from(i64::from(published.year() / 10 * 10) + 10 * by).ok()?)
                }
                Some(Unit::Millennium) => {
                    Period::millennium(i32::try_from(i64::from(published.year()) / 1000 + 1 + by).ok()?)
                }
                Some(Unit::Century) => Period::century(i32::try_from(i64::from(published.year()) / 100 + 1 + by).ok()?),
                // الربع الحالي
                None => {
                    let (_, of) = self.expr.part?;
                    let months = 12 / i64::from(of);
                    let index =
                        i64::from(published.year()) * i64::from(of) + (i64::from(published.month()) - 1) / months + by;
                    let part = u8::try_from(index.rem_euclid(i64::from(of))).ok()? + 1;
                    Period::part_of_year(i32::try_from(index.div_euclid(i64::from(of))).ok()?, part, of)
                }
                _ => None,
            }
        };
        let period = match relative.both.and_then(|shift| offset(shift, false)) {
            Some(other) => one(by.min(other)).zip(one(by.max(other))).map(|(a, b)| a.to(&b)),
            None => one(by),
        };
        period.map(Found::Period).ok_or(Needs::Context)
    }

    fn deictic(&self) -> Result<Found, Needs> {
        let published = self.published()?;
        let days = i64::from(self.expr.deictic.unwrap_or(0));
        let mut day = shifted(published, days.days()).ok_or(Needs::Context)?;
        // The weekday is surer than the day of publication, which may be off by a day or two.
        if let Some(weekday) = self.expr.weekday {
            let wanted = weekday_of(weekday);
            let ahead = i64::from(day.weekday().until(wanted));
            let by = if ahead > 3 { ahead - 7 } else { ahead };
            day = shifted(day, by.days()).ok_or(Needs::Context)?;
        }
        Ok(Found::Period(Period::day(day)))
    }

    fn weekday(&self) -> Result<Found, Needs> {
        let Some(weekday) = self.expr.weekday else { return Err(Needs::Context) };
        let published = self.published()?;
        let wanted = weekday_of(weekday);
        let back = i64::from(published.weekday().since(wanted));
        let ahead = i64::from(published.weekday().until(wanted));
        let by = match self.expr.shift {
            Some(Shift::Past) if back == 0 => -7,
            Some(Shift::Next) if ahead == 0 => 7,
            Some(Shift::Next) => ahead,
            Some(Shift::This) => {
                let week = Period::week(published, self.context.week_start).ok_or(Needs::Context)?;
                let into = i64::from(self.context.week_start.until(wanted));
                return shifted(week.start, into.days()).map(Period::day).map(Found::Period).ok_or(Needs::Context);
            }
            _ => -back,
        };
        let week = if self.expr.twice { 7 } else { 0 };
        let by = by + if by < 0 || self.expr.shift == Some(Shift::Past) { -week } else { week };
        let day = shifted(published, by.days()).ok_or(Needs::Context)?;
        Ok(Found::Period(match shifted(day, 1.days()).filter(|_| self.expr.overnight) {
            Some(next) => Period::days(day, next),
            None => Period::day(day),
        }))
    }

    fn season(&self) -> Result<Found, Needs> {
        let season = self.expr.season.unwrap_or(21);
        let year = match self.civil_year()? {
            Some(year) => year,
            None => {
                let published = self.published()?;
                let this = i32::from(published.year());
                let begun = Period::season(this, season).ok_or(Needs::Context)?;
                let now = begun.start <= published && published <= begun.end;
                match self.expr.shift {
                    Some(Shift::Next) if published < begun.start => this,
                    Some(Shift::Next) => this + 1,
                    Some(Shift::Past) if now || published < begun.start => this - 1,
                    _ if published < begun.start => this - 1,
                    _ => this,
                }
            }
        };
        Period::season(year, season).map(Found::Period).ok_or(Needs::Context)
    }

    fn decade(&self) -> Result<Found, Needs> {
        let tens = i32::from(self.expr.decade.unwrap_or(0));
        let hundreds = match (self.expr.century, self.expr.relative) {
            (Some(n), _) => (i32::from(n) - 1) * 100,
            (None, Some(Relative { shift, .. })) => {
                let by = offset(shift, false).ok_or(Needs::Context)?;
                (i32::from(self.published()?.year()) / 100 + i32::try_from(by).unwrap_or(0)) * 100
            }
            // The nineties by themselves are those of the last century.
            (None, None) => 1900,
        };
        Period::decade(hundreds + tens).map(Found::Period).ok_or(Needs::Context)
    }

    fn century(&mut self) -> Result<Found, Needs> {
        let Some(n) = self.expr.century else {
            return self.expr.relative.ok_or(Needs::Context).and_then(|relative| self.relative(relative));
        };
        if self.expr.century_hijri {
            let first = (i32::from(n) - 1) * 100 + 1;
            self.hijri = Some(format!("{:02}XX", n - 1));
            let (a, b) = (hijri_period(first, None, None), hijri_period(first + 99, None, None));
            return a
                .zip(b)
                .and_then(|(a, b)| {
                    Some(Period::year(i32::from(a.start.year()))?.to(&Period::year(i32::from(b.end.year()))?))
                })
                .map(Found::Period)
                .ok_or(Needs::Context);
        }
        let first = Period::century(i32::from(n)).ok_or(Needs::Context)?;
        let period = match self.expr.century_to.and_then(|to| Period::century(i32::from(to))) {
            Some(last) => first.to(&last),
            None => first,
        };
        Ok(Found::Period(period))
    }

    /// The latest of `candidates` that has begun by the day of writing, or as the adjective says.
    fn nearest(&self, year: i32, at: impl Fn(i32) -> Option<Period>) -> Result<Period, Needs> {
        let published = self.published()?;
        let here = |y: i32| at(y);
        let years = [year + 1, year, year - 1, year - 2, year - 3, year - 4, year - 5, year - 6, year - 7, year - 8];
        // الأحد 4 ديسمبر: the weekday says which year, even one to come.
        if let Some(weekday) = self.expr.weekday {
            let fits = |p: &Period| p.start == p.end && p.start.weekday() == weekday_of(weekday);
            let away = |p: &Period| (p.start - published).get_days().abs();
            if let Some(period) = years.iter().filter_map(|y| here(*y).filter(fits)).min_by_key(away) {
                return Ok(period);
            }
        }
        let found = match self.expr.shift {
            Some(Shift::Next) => years.iter().rev().find_map(|y| here(*y).filter(|p| p.start > published)),
            Some(Shift::Past) => years.iter().find_map(|y| here(*y).filter(|p| p.end < published)),
            Some(Shift::This) => here(year),
            _ => years.iter().find_map(|y| here(*y).filter(|p| p.start <= published)),
        };
        found.ok_or(Needs::Context)
    }

    fn month_or_day(&mut self) -> Result<Found, Needs> {
        let Fields { day, day_to, month, year } = self.expr.fields;
        let is_hijri =
            matches!(month, Some((Calendar::Hijri, _))) || matches!(year, Some(Year { calendar: Calendar::Hijri, .. }));
        if is_hijri {
            return self.hijri_fields(self.expr.fields).map(Found::Period);
        }
        if let Some(matching) = self.expr.matching
            && matches!(matching.month, Some((Calendar::Hijri, _)))
            && let (Some((_, m)), Some(Year { year, .. })) = (matching.month, matching.year)
        {
            self.hijri = Some(hijri_text(year, Some(m), matching.day));
        }
        // The day of a month that is named by its place: السابع من الشهر الجاري.
        let Some((_, month)) = month else {
            let Some(relative) = self.expr.relative else { return Err(Needs::Context) };
            let Found::Period(of) = self.relative(relative)? else { return Err(Needs::Context) };
            let day = i64::from(day.unwrap_or(1)) - 1;
            return shifted(of.start, day.days()).map(Period::day).map(Found::Period).ok_or(Needs::Context);
        };
        let at = |year: i32| match (day, day_to) {
            (Some(day), Some(to)) => Some(Period::of_day(year, month, day)?.to(&Period::of_day(year, month, to)?)),
            (Some(day), None) => Period::of_day(year, month, day),
            (None, _) => Period::month(year, month),
        };
        if let Some(year) = self.civil_year()? {
            return at(year).map(Found::Period).ok_or(Needs::Context);
        }
        let yearly = match day {
            Some(day) => format!("XXXX-{month:02}-{day:02}"),
            None => format!("XXXX-{month:02}"),
        };
        if self.expr.every || self.around.in_event {
            return Ok(Found::Yearly(yearly));
        }
        let published = self.published()?;
        let year = i32::from(published.year());
        // اليوم الأربعاء 16 مايو: the nearest, before or after.
        if self.expr.deictic.is_some() {
            let days = |p: &Period| (p.start - published).get_days().abs();
            let nearest = [year - 1, year, year + 1].into_iter().filter_map(at).min_by_key(days);
            return nearest.map(Found::Period).ok_or(Needs::Context);
        }
        self.nearest(year, at).map(Found::Period)
    }

    fn hijri_fields(&mut self, fields: Fields) -> Result<Period, Needs> {
        let month = fields.month.map(|(_, m)| m);
        let at = |year: i32| hijri_period(year, month, fields.day);
        if let Some(Year { year, calendar: Calendar::Hijri, .. }) = fields.year {
            self.hijri = Some(hijri_text(year, month, fields.day));
            return at(year).ok_or(Needs::Context);
        }
        // رمضان 2015, رمضان من العام الماضي: the one that begins in that civil year.
        if let Some(civil) = self.civil_year()? {
            let (first, _, _) = Period::year(civil).and_then(|y| to_hijri(y.start)).ok_or(Needs::Context)?;
            let in_year = |year: &i32| at(*year).is_some_and(|p| i32::from(p.start.year()) == civil);
            let year = [first, first + 1, first + 2].into_iter().find(in_year).ok_or(Needs::Context)?;
            self.hijri = Some(hijri_text(year, month, fields.day));
            return at(year).ok_or(Needs::Context);
        }
        let published = self.published()?;
        let (year, _, _) = to_hijri(published).ok_or(Needs::Context)?;
        let period = self.nearest(year, at)?;
        let (year, _, _) = to_hijri(period.start).ok_or(Needs::Context)?;
        self.hijri = Some(hijri_text(year, month, fields.day));
        Ok(period)
    }

    fn feast(&mut self, feast: Feast, day: u8) -> Result<Found, Needs> {
        let later = i64::from(day) - 1;
        let lunar = match feast {
            Feast::Fitr => Some((10, 1)),
            Feast::Adha => Some((12, 10)),
            Feast::Arafa => Some((12, 9)),
            Feast::Mawlid => Some((3, 12)),
            Feast::Ashura => Some((1, 10)),
            Feast::HijriNewYear => Some((1, 1)),
            _ => None,
        };
        let solar = |year: i32| match feast {
            Feast::Christmas => Period::of_day(year, 12, 25),
            Feast::Labor => Period::of_day(year, 5, 1),
            Feast::Nowruz => Period::of_day(year, 3, 21),
            Feast::Easter => easter(year).map(Period::day),
            _ => Period::of_day(year, 1, 1),
        };
        let Some((month, first)) = lunar else {
            let period = match self.civil_year()? {
                Some(year) => solar(year).ok_or(Needs::Context)?,
                None => self.nearest(i32::from(self.published()?.year()), solar)?,
            };
            return shifted(period.start, later.days()).map(Period::day).map(Found::Period).ok_or(Needs::Context);
        };
        let at = |year: i32| from_hijri(year, month, first).and_then(|d| shifted(d, later.days())).map(Period::day);
        let period = match (self.expr.fields.year, self.civil_year()?) {
            (Some(Year { year, calendar: Calendar::Hijri, .. }), _) => at(year).ok_or(Needs::Context)?,
            (_, Some(civil)) => {
                let (year, _, _) = Period::year(civil).and_then(|y| to_hijri(y.start)).ok_or(Needs::Context)?;
                [year, year + 1, year + 2]
                    .into_iter()
                    .filter_map(at)
                    .find(|p| i32::from(p.start.year()) == civil)
                    .ok_or(Needs::Context)?
            }
            _ => {
                let (year, _, _) = to_hijri(self.published()?).ok_or(Needs::Context)?;
                self.nearest(year, at)?
            }
        };
        if let Some((year, month, day)) = calendar::to_hijri(period.start) {
            self.hijri = Some(hijri_text(year, Some(month), Some(day)));
        }
        Ok(Found::Period(period))
    }
}

/// The weekday of our number: 0 for Saturday.
fn weekday_of(day: u8) -> jiff::civil::Weekday {
    use jiff::civil::Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    [Saturday, Sunday, Monday, Tuesday, Wednesday, Thursday, Friday].get(day as usize).copied().unwrap_or(Saturday)
}
