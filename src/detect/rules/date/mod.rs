//! Dates: a small grammar over terms, and what it reads.

mod day;
mod month;
mod period;
mod year;

use super::number::Ratio;
use super::terms::{Calendar, DayPart, Feast, Item, Mod, Num, Shift, Term, Unit};

/// A year with its calendar; before the common era it is negative (1 BCE is -1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Year {
    /// As written, negative before the era.
    pub year: i32,
    /// The last year of a range (2014-2017).
    pub to: Option<i32>,
    /// Its calendar.
    pub calendar: Calendar,
    /// هـ, م or ق.م says so.
    pub era: bool,
}

/// A period seen from the day of writing: العام الماضي, الأشهر الستة المقبلة.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relative {
    /// Of what length; `None` for الفترة.
    pub unit: Option<Unit>,
    /// How many; `None` when the text does not say (الأيام الماضية), 1 for the singular.
    pub count: Option<u32>,
    /// Where.
    pub shift: Shift,
    /// قبل الماضي
    pub twice: bool,
    /// العامين الجاري والماضي: the second place.
    pub both: Option<Shift>,
}

/// A day, month and year as far as they are written.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fields {
    /// The day of the month.
    pub day: Option<u8>,
    /// The last day of a range (3-7 مايو).
    pub day_to: Option<u8>,
    /// The month and its calendar.
    pub month: Option<(Calendar, u8)>,
    /// The year.
    pub year: Option<Year>,
}

/// What a date says. Every part is optional; the evaluation reads them from the widest to the narrowest.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct DateExpr {
    /// مطلع, منتصف, أواخر
    pub position: Option<Mod>,
    /// النصف الأول: which, of how many.
    pub part: Option<(u8, u8)>,
    /// صباح
    pub day_part: Option<DayPart>,
    /// 0 for Saturday.
    pub weekday: Option<u8>,
    /// The night lasts into the next day: ليل الخميس - الجمعة.
    pub overnight: bool,
    /// Days from the day of writing.
    pub deictic: Option<i8>,
    /// Day, month, year.
    pub fields: Fields,
    /// The same day in another calendar, after الموافق.
    pub matching: Option<Fields>,
    /// A season, as EDTF numbers them.
    pub season: Option<u8>,
    /// A feast and its day.
    pub feast: Option<(Feast, u8)>,
    /// التسعينيات: 90.
    pub decade: Option<u8>,
    /// A century by number, negative before the era.
    pub century: Option<i16>,
    /// A millennium by number, negative before the era.
    pub millennium: Option<i16>,
    /// The century is of the Hijri calendar.
    pub century_hijri: bool,
    /// The last century of a range.
    pub century_to: Option<i16>,
    /// A period seen from the day of writing, or from another date.
    pub relative: Option<Relative>,
    /// An adjective on a weekday, month, season or decade: الماضي.
    pub shift: Option<Shift>,
    /// قبل الماضي, بعد المقبل
    pub twice: bool,
    /// اليوم الأول, السنة الثانية
    pub nth: Option<(Unit, u32)>,
    /// A length.
    pub duration: Option<(Ratio, Unit)>,
    /// And a smaller one: شهرا وأسبوعين.
    pub duration_more: Option<(Ratio, Unit)>,
    /// The length is somebody's age.
    pub age: bool,
    /// من كل عام
    pub every: bool,
}

impl DateExpr {
    /// Whether a day, a weekday or a deictic makes it a day.
    pub fn is_day(&self) -> bool {
        self.deictic.is_some() || self.weekday.is_some() || self.fields.day.is_some()
    }
}

/// A place in the terms of a sentence, and what has been read so far.
struct Parser<'a, 'b> {
    items: &'a [Item<'b>],
    start: usize,
    at: usize,
    expr: DateExpr,
}

/// The date that begins at `start`, and where it ends.
pub fn parse(items: &[Item<'_>], start: usize) -> Option<(DateExpr, usize)> {
    let first = items.get(start)?;
    if matches!(first.term, Term::Other | Term::Punct(_))
        && !matches!(first.key, "حقبه" | "سن" | "فاتح" | "غره" | "الفاتح")
    {
        return None;
    }
    let mut parser = Parser { items, start, at: start, expr: DateExpr::default() };
    parser.date().then_some((parser.expr, parser.at))
}

/// The year at `start`, for a mention that is known to be a date whatever stands around it.
pub fn parse_year(items: &[Item<'_>], start: usize) -> Option<(DateExpr, usize)> {
    let mut parser = Parser { items, start, at: start, expr: DateExpr::default() };
    let long = items.get(start).is_some_and(|i| i.term == Term::Digits && i.key.len() >= 3);
    (long && parser.year_digits()).then_some((parser.expr, parser.at))
}

impl<'b> Parser<'_, 'b> {
    fn item(&self, ahead: usize) -> Option<&Item<'b>> {
        self.items.get(self.at + ahead)
    }
    /// The term ahead, if nothing is attached to it (or it is the first of the date).
    fn term(&self, ahead: usize) -> Term {
        match self.item(ahead) {
            Some(item) if item.plain() || self.at + ahead == self.start => item.term,
            _ => Term::Other,
        }
    }
    /// Whether nothing is attached to the item ahead, or it is the first of the date.
    fn is_free(&self, ahead: usize) -> bool {
        self.item(ahead).is_some_and(|item| item.plain() || self.at + ahead == self.start)
    }
    fn key(&self, ahead: usize) -> &'b str {
        self.item(ahead).map_or("", |item| item.key)
    }
    fn article(&self, ahead: usize) -> bool {
        self.item(ahead).is_some_and(|item| item.article)
    }
    fn before(&self) -> Option<&Item<'b>> {
        self.start.checked_sub(1).and_then(|i| self.items.get(i))
    }
    fn punct(&self, ahead: usize, marks: &str) -> bool {
        matches!(self.item(ahead).map(|i| i.term), Some(Term::Punct(c)) if marks.contains(c))
    }
    /// اليوم السابع, المصري اليوم after صحيفة: the name of an outlet.
    fn is_outlet(&self) -> bool {
        let before = self.items.get(self.start.saturating_sub(2)..self.start).unwrap_or(&[]);
        before.iter().any(|i| matches!(i.key, "صحيفه" | "جريده" | "موقع" | "قناه" | "مجله" | "بوابه" | "موسسه"))
    }
    /// Whether a word before the date makes a bare year, month or unit of time a date.
    fn has_time_before(&self) -> bool {
        self.expr.position.is_some()
            || self.expr.part.is_some()
            || self.before().is_some_and(|i| matches!(i.term, Term::TimePrep | Term::DayPart(_)) || i.key == "في")
    }
    /// Undo what `read` took when it fails.
    fn attempt(&mut self, read: impl FnOnce(&mut Self) -> bool) -> bool {
        let (at, expr) = (self.at, self.expr);
        let done = read(self);
        if !done {
            (self.at, self.expr) = (at, expr);
        }
        done
    }
    /// Skip a word when `read` succeeds after it.
    fn after(&mut self, key: &str, read: impl FnOnce(&mut Self) -> bool) -> bool {
        self.attempt(|p| {
            if p.key(0) != key || p.item(0).is_none_or(|i| !i.plain()) {
                return false;
            }
            p.at += 1;
            read(p)
        })
    }

    fn date(&mut self) -> bool {
        self.attempt(Self::positioned) || self.attempt(Self::core)
    }

    /// مطلع, منتصف, النصف الأول من … and the date that they narrow.
    fn positioned(&mut self) -> bool {
        match self.term(0) {
            Term::Mod(position) => {
                self.expr.position = Some(position);
                self.at += 1;
                if self.positioned() {
                    return true;
                }
                // نهاية الأسبوع, مطلع العام
                let bare = matches!(self.term(0), Term::Unit(unit, super::terms::Count::One) if unit >= Unit::Week && self.article(0));
                self.attempt(Self::core) || (bare && self.bare_unit())
            }
            // العشر الأواخر من رمضان
            Term::Num(Num::Ten) if self.article(0) && self.key(2) == "من" => {
                let position = match self.key(1) {
                    "الاواخر" | "الاخيره" => Mod::End,
                    "الاوايل" | "الاولي" => Mod::Start,
                    _ => return false,
                };
                self.expr.position = Some(position);
                self.at += 3;
                matches!(self.term(0), Term::Month(Calendar::Hijri, ..)) && self.attempt(Self::month)
            }
            Term::Num(Num::Part(1, of)) if self.article(0) && of <= 4 => self.part_of(of),
            _ => false,
        }
    }

    fn part_of(&mut self, of: u8) -> bool {
        let n = match self.term(1) {
            Term::Ord(n) if self.article(1) && n <= of => n,
            Term::Last if self.article(1) => of,
            Term::Shift(shift) if self.article(1) => {
                // الربع الحالي
                self.expr.relative = Some(Relative { unit: None, count: None, shift, twice: false, both: None });
                self.expr.part = Some((0, of));
                self.at += 2;
                return true;
            }
            _ => return false,
        };
        self.expr.part = Some((n, of));
        self.at += 2;
        let quarter = self.at;
        let attached = self.item(0).is_some_and(|i| i.joined == crate::segment::Proclitics::LI);
        let linked = self.key(0) == "من";
        if linked {
            self.at += 1;
        } else if attached {
            self.start = self.at;
        }
        let bare = matches!(self.term(0), Term::Unit(unit, super::terms::Count::One) if unit >= Unit::Month && self.article(0));
        if self.attempt(Self::core) || (bare && self.bare_unit()) {
            return true;
        }
        // الربع الثاني by itself is a quarter of a year; a half may be of a match.
        self.at = quarter;
        of == 4
    }

    /// العام, الأسبوع alone, where a word before it makes it a date.
    fn bare_unit(&mut self) -> bool {
        let Term::Unit(unit, _) = self.term(0) else { return false };
        self.expr.relative =
            Some(Relative { unit: Some(unit), count: Some(1), shift: Shift::This, twice: false, both: None });
        self.at += 1;
        true
    }

    fn core(&mut self) -> bool {
        self.attempt(Self::day_of_part)
            || self.attempt(Self::day)
            || self.attempt(Self::feast)
            || self.attempt(Self::month)
            || self.attempt(Self::season)
            || self.attempt(Self::decade)
            || self.attempt(Self::century)
            || self.attempt(Self::age)
            || self.attempt(Self::relative)
            || self.attempt(Self::year)
            || self.attempt(Self::duration)
    }
}
