//! Days, months, years and longer periods as intervals of days, in two calendars.

use icu_calendar::cal::Hijri;
use icu_calendar::{Date as IcuDate, Iso};
use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

/// An interval of whole days and how EDTF writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Its first day.
    pub start: Date,
    /// Its last day.
    pub end: Date,
    /// EDTF at the granularity of the text.
    pub edtf: String,
}

fn year_text(year: i32) -> String {
    if year < 0 { format!("-{:04}", -year) } else { format!("{year:04}") }
}

/// A day as ISO 8601.
pub fn iso(date: Date) -> String {
    format!("{}-{:02}-{:02}", year_text(i32::from(date.year())), date.month(), date.day())
}

fn date(year: i32, month: u8, day: u8) -> Option<Date> {
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

impl Period {
    /// One day.
    pub fn day(day: Date) -> Self {
        Self { start: day, end: day, edtf: iso(day) }
    }
    /// One day by its numbers.
    pub fn of_day(year: i32, month: u8, day: u8) -> Option<Self> {
        date(year, month, day).map(Self::day)
    }
    /// A month.
    pub fn month(year: i32, month: u8) -> Option<Self> {
        let start = date(year, month, 1)?;
        Some(Self { start, end: start.last_of_month(), edtf: format!("{}-{month:02}", year_text(year)) })
    }
    /// A year; 1 BCE is 0.
    pub fn year(year: i32) -> Option<Self> {
        Some(Self { start: date(year, 1, 1)?, end: date(year, 12, 31)?, edtf: year_text(year) })
    }
    /// Ten years: 1990 is the nineties.
    pub fn decade(first: i32) -> Option<Self> {
        let text = year_text(first);
        let edtf = format!("{}X", text.get(..text.len() - 1)?);
        Some(Self { start: date(first, 1, 1)?, end: date(first + 9, 12, 31)?, edtf })
    }
    /// A century by number: 20 is 19XX, -4 the fourth before the era.
    pub fn century(number: i32) -> Option<Self> {
        let (first, last) = if number > 0 {
            ((number - 1) * 100, (number - 1) * 100 + 99)
        } else {
            (number * 100 + 1, number * 100 + 100)
        };
        let hundreds = if number > 0 { first / 100 } else { -number - 1 };
        let sign = if number > 0 { "" } else { "-" };
        Some(Self { start: date(first, 1, 1)?, end: date(last, 12, 31)?, edtf: format!("{sign}{hundreds:02}XX") })
    }
    /// A millennium by number: 3 is 2XXX.
    pub fn millennium(number: i32) -> Option<Self> {
        let (first, thousands) =
            if number > 0 { ((number - 1) * 1000, number - 1) } else { (number * 1000 + 1, -number - 1) };
        let sign = if number > 0 { "" } else { "-" };
        Some(Self { start: date(first, 1, 1)?, end: date(first + 999, 12, 31)?, edtf: format!("{sign}{thousands}XXX") })
    }
    /// A season as EDTF numbers them: 21 spring to 24 winter, which ends in the next year.
    pub fn season(year: i32, season: u8) -> Option<Self> {
        let first = 3 + (season.checked_sub(21)?) * 3;
        let start = date(year, first, 1)?;
        let end = start.checked_add(2.months()).ok()?.last_of_month();
        Some(Self { start, end, edtf: format!("{}-{season}", year_text(year)) })
    }
    /// A half, third or quarter of a year.
    pub fn part_of_year(year: i32, part: u8, of: u8) -> Option<Self> {
        let months = 12u8.checked_div(of)?;
        let first = Self::month(year, (part.checked_sub(1)?) * months + 1)?;
        let last = Self::month(year, part * months)?;
        Some(first.to(&last))
    }
    /// From the start of one to the end of another.
    pub fn to(&self, last: &Self) -> Self {
        if self == last {
            return self.clone();
        }
        Self { start: self.start, end: last.end, edtf: format!("{}/{}", self.edtf, last.edtf) }
    }
    /// An interval of days.
    pub fn days(start: Date, end: Date) -> Self {
        Self::day(start).to(&Self::day(end))
    }
    /// The week that holds a day.
    pub fn week(day: Date, first: Weekday) -> Option<Self> {
        let back = i64::from(first.until(day.weekday()));
        let start = day.checked_sub(back.days()).ok()?;
        Some(Self::days(start, start.checked_add(6.days()).ok()?))
    }
}

/// Move a date by a span.
pub fn shifted(day: Date, span: Span) -> Option<Date> {
    day.checked_add(span).ok()
}

/// A day of the Umm al-Qura calendar as a civil date.
pub fn from_hijri(year: i32, month: u8, day: u8) -> Option<Date> {
    let hijri = IcuDate::try_new_hijri_with_calendar(year, month, day, Hijri::new_umm_al_qura()).ok()?;
    let iso = hijri.to_calendar(Iso);
    date(iso.year().extended_year(), iso.month().ordinal, iso.day_of_month().0)
}

/// Year, month and day of a civil date in the Umm al-Qura calendar.
pub fn to_hijri(day: Date) -> Option<(i32, u8, u8)> {
    let iso =
        IcuDate::try_new_iso(i32::from(day.year()), u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?)
            .ok()?;
    let hijri = iso.to_calendar(Hijri::new_umm_al_qura());
    Some((hijri.year().extended_year(), hijri.month().ordinal, hijri.day_of_month().0))
}

/// A Hijri day, month or year as an interval of civil days.
pub fn hijri_period(year: i32, month: Option<u8>, day: Option<u8>) -> Option<Period> {
    if let (Some(month), Some(day)) = (month, day) {
        return from_hijri(year, month, day).map(Period::day);
    }
    let start = from_hijri(year, month.unwrap_or(1), 1)?;
    let next = match month {
        Some(month) if month < 12 => from_hijri(year, month + 1, 1)?,
        _ => from_hijri(year + 1, 1, 1)?,
    };
    Some(Period::days(start, next.yesterday().ok()?))
}

/// A Hijri date as text, at its own granularity.
pub fn hijri_text(year: i32, month: Option<u8>, day: Option<u8>) -> String {
    match (month, day) {
        (Some(month), Some(day)) => format!("{year:04}-{month:02}-{day:02}"),
        (Some(month), None) => format!("{year:04}-{month:02}"),
        _ => format!("{year:04}"),
    }
}

/// Easter Sunday of the western churches (Gauss, in the form of Meeus).
pub fn easter(year: i32) -> Option<Date> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7;
    let f = d + e - 7 * ((a + 11 * d + 22 * e) / 451) + 114;
    date(year, u8::try_from(f / 31).ok()?, u8::try_from(f % 31 + 1).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_calendars_agree() {
        for (hijri, civil) in
            [((1437, 9, 15), (2016, 6, 20)), ((1438, 1, 10), (2016, 10, 11)), ((1445, 1, 1), (2023, 7, 19))]
        {
            let day = Date::new(civil.0, civil.1, civil.2).unwrap();
            assert_eq!(from_hijri(hijri.0, hijri.1, hijri.2), Some(day));
            assert_eq!(to_hijri(day), Some(hijri));
        }
    }

    #[test]
    fn periods_are_written_in_edtf() {
        assert_eq!(Period::century(20).unwrap().edtf, "19XX");
        assert_eq!(Period::century(-4).unwrap().edtf, "-03XX");
        assert_eq!(Period::decade(1990).unwrap().edtf, "199X");
        assert_eq!(Period::year(-299).unwrap().edtf, "-0299");
        assert_eq!(Period::part_of_year(2015, 1, 4).unwrap().edtf, "2015-01/2015-03");
        let winter = Period::season(2014, 24).unwrap();
        assert_eq!((iso(winter.start), iso(winter.end)), ("2014-12-01".into(), "2015-02-28".into()));
        let day = Date::new(2016, 12, 10).unwrap();
        assert_eq!(Period::week(day, Weekday::Saturday).unwrap().edtf, "2016-12-10/2016-12-16");
        assert_eq!(Period::week(day, Weekday::Monday).unwrap().edtf, "2016-12-05/2016-12-11");
        assert_eq!(easter(2016), Date::new(2016, 3, 27).ok());
    }
}
