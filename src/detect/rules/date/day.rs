//! Days and months: أمس الجمعة, مساء الأحد, 13 نوفمبر عام 2014, السابع من الشهر الجاري.

use crate::detect::rules::number::{self, digits, ordinal};
use crate::detect::rules::terms::{Calendar, Count, DayPart, Num, Shift, Term, Unit};
use crate::segment::Proclitics;

use super::{Fields, Parser, Year};

/// Adjectives that make اليوم a day of observance or of work: اليوم العالمي, اليوم الوطني.
const ANNUAL: &[&str] =
    &["العالمي", "الوطني", "الدولي", "الدراسي", "المفتوح", "الختامي", "الافتتاحي", "الاعلامي", "الثقافي", "الانتخابي"];

impl Parser<'_, '_> {
    /// A part of a day and the day: صباح اليوم, بعد ظهر الأحد, ليلة السبت.
    pub(super) fn day_of_part(&mut self) -> bool {
        // الساعات الأولى من صباح اليوم
        if matches!(self.term(0), Term::Unit(Unit::Hour, Count::Many))
            && self.article(0)
            && self.article(1)
            && matches!(self.term(1), Term::Ord(1) | Term::Last)
            && self.key(2) == "من"
        {
            self.at += 3;
            return self.attempt(Self::day_of_part) || self.attempt(Self::day) && self.expr.is_day();
        }
        let (part, used) = match (self.term(0), self.key(0)) {
            (Term::DayPart(part), _) if !self.article(0) => (part, 1),
            (Term::TimePrep, "بعد") if matches!(self.term(1), Term::DayPart(DayPart::Noon)) => {
                (DayPart::Afternoon, 2)
            }
            (Term::TimePrep, "قبل") if matches!(self.term(1), Term::DayPart(DayPart::Noon)) => (DayPart::Morning, 2),
            (Term::Unit(Unit::Night, Count::One), _) if !self.article(0) => (DayPart::Night, 1),
            _ => return false,
        };
        if used == 2 && self.article(1) {
            return false;
        }
        self.at += used;
        let part = match self.expr.position {
            Some(crate::detect::rules::terms::Mod::Mid) if part == DayPart::Night => {
                self.expr.position = None;
                DayPart::Midnight
            }
            _ => part,
        };
        self.expr.day_part = Some(part);
        // A parenthesis may hold the day: بعد ظهر (أمس).
        let open = self.punct(0, "(");
        if open {
            self.at += 1;
        }
        let found = self.attempt(Self::day) && self.expr.is_day() || self.attempt(Self::this_or_next_day);
        if found && open {
            if !self.punct(0, ")") {
                return false;
            }
            self.at += 1;
        }
        found
    }

    /// هذا اليوم, اليوم التالي after a part of the day.
    fn this_or_next_day(&mut self) -> bool {
        self.attempt(Self::relative)
            && self.expr.relative.is_some_and(|r| matches!(r.unit, Some(Unit::Day | Unit::Night)))
            || self.expr.nth.is_some_and(|(unit, _)| unit == Unit::Day)
    }

    /// A day: by name, by its place from today, by number.
    pub(super) fn day(&mut self) -> bool {
        if self.attempt(Self::deictic) {
            self.day_details(true);
            return true;
        }
        if self.attempt(Self::weekday) {
            self.day_details(false);
            return true;
        }
        let found = self.attempt(Self::numeric) || self.attempt(|p| p.day_and_month(true));
        if found {
            self.attempt(Self::matching);
        }
        found
    }

    fn deictic(&mut self) -> bool {
        let mut at = 0;
        let head = matches!(self.term(0), Term::Unit(Unit::Day | Unit::Night, Count::One)) && !self.article(0);
        if head {
            at = 1;
        }
        // ذلك اليوم points back.
        if self.at == self.start && self.before().is_some_and(|b| matches!(b.key, "ذلك" | "تلك")) {
            return false;
        }
        let days = match (self.term(at), self.key(at)) {
            (Term::Ord(1), "اول") if self.key(at + 1) == "امس" => {
                at += 2;
                -2
            }
            (Term::Ord(1), "اول") if self.key(at + 1) == "من" && self.key(at + 2) == "امس" => {
                at += 3;
                -2
            }
            (Term::TimePrep, "بعد") if matches!(self.term(at + 1), Term::Deictic(1)) => {
                at += 2;
                2
            }
            (Term::Deictic(0), _) if !head && !self.article(0) => return false,
            (Term::Deictic(0), _) if head || self.is_outlet() => return false,
            (Term::Deictic(0), _) if ANNUAL.contains(&self.key(1)) => return false,
            (Term::Deictic(0), _) if matches!(self.term(1), Term::Ord(_) | Term::Shift(_)) && self.article(1) => {
                return false;
            }
            (Term::Deictic(0), _) if matches!(self.term(1), Term::Shift(Shift::Same)) => return false,
            (Term::Deictic(-1), _) if matches!(self.term(at + 1), Term::Ord(1)) && self.article(at + 1) => {
                at += 2;
                -2
            }
            // الليلة: tonight, unless الماضية or الأولى follows.
            (Term::Unit(Unit::Night, Count::One), _)
                if self.article(0)
                    && !self.article(1)
                    && self.term(1) != Term::Shift(Shift::Same)
                    && self.key(1) != "قبل" =>
            {
                self.expr.day_part = Some(DayPart::Night);
                at += 1;
                0
            }
            (Term::Deictic(days), _) => {
                at += 1;
                days
            }
            (Term::This, _) if matches!(self.term(1), Term::Deictic(0)) && self.article(1) => {
                at += 2;
                0
            }
            (Term::This, _) if matches!(self.term(1), Term::Unit(Unit::Night, _)) && self.article(1) => {
                self.expr.day_part = Some(DayPart::Night);
                at += 2;
                0
            }
            _ => return false,
        };
        if head && matches!(self.term(0), Term::Unit(Unit::Night, _)) {
            self.expr.day_part = Some(DayPart::Night);
        }
        self.expr.deictic = Some(days);
        self.at += at;
        true
    }

    /// What may follow a deictic or a weekday: its weekday, its date.
    fn day_details(&mut self, deictic: bool) {
        if deictic {
            let _ = self.attempt(|p| p.bracketed(Self::weekday_name)) || self.attempt(Self::weekday_name);
        }
        if self.attempt(Self::matching) {
            return;
        }
        self.attempt(|p| {
            if p.punct(0, "،,") {
                p.at += 1;
            }
            p.day_and_month(false) || p.numeric()
        });
        self.attempt(Self::matching);
    }

    pub(super) fn bracketed(&mut self, read: impl FnOnce(&mut Self) -> bool) -> bool {
        if !self.punct(0, "([") {
            return false;
        }
        self.at += 1;
        if !read(self) || !self.punct(0, ")]") {
            return false;
        }
        self.at += 1;
        true
    }

    fn weekday_name(&mut self) -> bool {
        let Term::Weekday(day) = self.term(0) else { return false };
        self.expr.weekday = Some(day);
        self.at += 1;
        true
    }

    fn weekday(&mut self) -> bool {
        // صلاة الجمعة
        if self.at == self.start && self.before().is_some_and(|b| matches!(b.key, "صلاه" | "خطبه" | "خطبتي"))
        {
            return false;
        }
        if matches!(self.term(0), Term::Unit(Unit::Day | Unit::Night, Count::One)) && !self.article(0) {
            if matches!(self.term(0), Term::Unit(Unit::Night, _)) {
                self.expr.day_part = Some(DayPart::Night);
            }
            self.at += 1;
        }
        if !self.weekday_name() {
            return false;
        }
        // ليل الأحد/الاثنين, ليل الأحد الاثنين, ليلة الأحد إلى الاثنين
        let between = usize::from(self.punct(0, "/-–") || self.key(0) == "الي");
        let next = self.expr.weekday.map(|day| Term::Weekday((day + 1) % 7));
        if self.expr.day_part.is_some()
            && (Some(self.term(between)) == next
                || between == 1 && self.punct(0, "/-–") && matches!(self.term(1), Term::Weekday(_)))
        {
            self.expr.overnight = Some(self.term(between)) == next;
            self.at += between + 1;
        }
        let _ = self.attempt(Self::shift) || self.attempt(|p| p.bracketed(Self::shift));
        true
    }

    /// الماضي, المقبل after a weekday or month.
    pub(super) fn shift(&mut self) -> bool {
        let twice = self.is_twice();
        if twice {
            self.at += 1;
        }
        let Term::Shift(shift) = self.term(0) else { return false };
        if !self.article(0) || matches!(shift, Shift::Same | Shift::Latest) {
            return false;
        }
        self.expr.shift = Some(shift);
        self.expr.twice = twice;
        self.at += 1;
        true
    }

    /// قبل الماضي, بعد المقبل
    pub(super) fn is_twice(&self) -> bool {
        let shift = self.term(1);
        self.key(0) == "قبل" && shift == Term::Shift(Shift::Past)
            || self.key(0) == "بعد" && shift == Term::Shift(Shift::Next)
    }

    /// الموافق and the same day once more.
    fn matching(&mut self) -> bool {
        if !matches!(self.key(0), "الموافق" | "موافق" | "الموافقه" | "المصادف") {
            return false;
        }
        self.at += 1;
        if self.item(0).is_some_and(|i| i.joined == Proclitics::LI) {
            self.start = self.at;
        }
        let first = self.expr.fields;
        self.expr.fields = Fields::default();
        if !(self.numeric() || self.day_and_month(false)) {
            return false;
        }
        if first.day.is_some() {
            self.expr.matching = Some(self.expr.fields);
            self.expr.fields = first;
        }
        true
    }

    /// 2014/11/13, 13-11-2014, with era.
    fn numeric(&mut self) -> bool {
        let head = matches!(self.term(0), Term::Unit(Unit::Day, Count::One)) && !self.article(0);
        if head {
            self.at += 1;
        }
        if self.term(0) != Term::Digits {
            return false;
        }
        let mut values = [0u32; 3];
        match digits::parts(self.key(0), &mut values) {
            Some(('/' | '-' | '.' | '–' | '\\', 3)) => self.at += 1,
            _ => {
                // 14 / 10 / 1436
                for (i, value) in values.iter_mut().enumerate() {
                    let Some(n) = digits::whole(self.key(2 * i)).and_then(|n| u32::try_from(n).ok()) else {
                        return false;
                    };
                    if i > 0 && !self.punct(2 * i - 1, "/-–") {
                        return false;
                    }
                    *value = n;
                }
                self.at += 5;
            }
        }
        let [a, b, c] = values;
        let small = |n: u32, max: u32| (1..=max).contains(&n).then(|| u8::try_from(n).ok()).flatten();
        let (day, month, year) = if a > 31 {
            (small(c, 31), small(b, 12), a)
        } else if b > 12 {
            (small(b, 31), small(a, 12), c)
        } else {
            (small(a, 31), small(b, 12), c)
        };
        let (Some(day), Some(month), Ok(mut year)) = (day, month, i32::try_from(year)) else { return false };
        if year < 100 {
            year += if year < 50 { 2000 } else { 1900 };
        }
        let hijri = (1300..1500).contains(&year);
        let calendar = if hijri { Calendar::Hijri } else { Calendar::Gregorian };
        self.expr.fields = Fields {
            day: Some(day),
            day_to: None,
            month: Some((calendar, month)),
            year: Some(Year { year, to: None, calendar, era: hijri }),
        };
        self.era();
        true
    }

    /// The number of a day, in digits or words; also a range.
    fn day_number(&mut self) -> bool {
        let small = |n: u64| u8::try_from(n).ok().filter(|n| (1..=31).contains(n));
        if self.term(0) == Term::Digits {
            let key = self.key(0);
            let mut values = [0u32; 3];
            if let Some(('-' | '–', 2)) = digits::parts(key, &mut values) {
                let (Some(from), Some(to)) = (small(u64::from(values[0])), small(u64::from(values[1]))) else {
                    return false;
                };
                self.expr.fields.day = Some(from);
                self.expr.fields.day_to = Some(to);
                self.at += 1;
                return from < to;
            }
            let Some(day) = digits::whole(key).filter(|_| key.len() <= 2).and_then(small) else { return false };
            self.expr.fields.day = Some(day);
            self.at += 1;
            if self.punct(0, "-–")
                && let Some(to) = digits::whole(self.key(1)).and_then(small).filter(|to| *to > day)
                && matches!(self.term(2), Term::Month(..) | Term::MonthHead(_))
            {
                self.expr.fields.day_to = Some(to);
                self.at += 2;
            }
            return true;
        }
        // النصف من شعبان
        if self.term(0) == Term::Num(Num::Part(1, 2)) && self.key(1) == "من" {
            self.expr.fields.day = Some(15);
            self.at += 1;
            return matches!(self.term(1), Term::Month(Calendar::Hijri, ..));
        }
        if matches!(self.key(0), "فاتح" | "غره" | "الفاتح") {
            self.expr.fields.day = Some(1);
            self.at += 1;
            return true;
        }
        // أول أيام شهر رمضان
        if let Term::Ord(n) = self.term(0)
            && matches!(self.term(1), Term::Unit(Unit::Day, Count::Many))
        {
            self.expr.fields.day = Some(n);
            self.at += 2;
            return matches!(self.term(0), Term::Month(..) | Term::MonthHead(_))
                || matches!(self.term(0), Term::Unit(Unit::Month, Count::One));
        }
        if let Some((n, end)) = ordinal::parse(self.items, self.at)
            && (self.article(0) || n == 1)
            && let Some(day) = small(u64::from(n))
        {
            self.expr.fields.day = Some(day);
            self.at = end;
            return true;
        }
        if let Some((n, end)) = number::parse(self.items, self.at)
            && let Some(day) = n.value.to_u64().and_then(small)
            && matches!(
                self.items.get(end + usize::from(self.items.get(end).is_some_and(|i| i.key == "من"))).map(|i| i.term),
                Some(Term::Month(..) | Term::MonthHead(_))
            )
        {
            self.expr.fields.day = Some(day);
            self.at = end;
            return true;
        }
        false
    }

    /// 13 نوفمبر عام 2014, السابع من الشهر الجاري.
    fn day_and_month(&mut self, alone: bool) -> bool {
        if matches!(self.term(0), Term::Unit(Unit::Day | Unit::Night, Count::One)) && !self.article(0) {
            if matches!(self.term(0), Term::Unit(Unit::Night, _)) {
                self.expr.day_part = Some(DayPart::Night);
            }
            self.at += 1;
        }
        if alone && self.at == self.start && self.item(0).is_some_and(|i| i.term == Term::Digits && i.key.len() > 5) {
            return false;
        }
        if !self.day_number() {
            return false;
        }
        let linked = self.key(0) == "من" && self.item(0).is_some_and(super::Item::plain);
        if linked {
            self.at += 1;
            if self.attempt(|p| p.relative() && p.expr.relative.is_some_and(|r| r.unit == Some(Unit::Month))) {
                return true;
            }
        }
        self.month_of_day()
    }
}
