//! Years and their eras, seasons, decades, centuries.

use crate::detect::rules::number::{self, Ratio, digits, ordinal};
use crate::detect::rules::terms::{Calendar, Count, Mod, Shift, Term, Unit};

use super::period::is_kind_of_year;
use super::{DateExpr, Parser, Year};

impl Parser<'_, '_> {
    /// عام 2014, سنة 300 ق.م, bare 2014 where something says that it is a year.
    pub(super) fn year(&mut self) -> bool {
        if matches!(self.term(0), Term::Unit(Unit::Year, Count::One)) {
            self.at += 1;
            // العام الهجري 1437, السنة المالية 2015
            let kind = self.key(0);
            let hijri = matches!(kind, "الهجري" | "الهجريه");
            if hijri || is_kind_of_year(kind) {
                self.at += 1;
                let found = self.attempt(Self::headed_year);
                if found && let Some(year) = &mut self.expr.fields.year {
                    year.era = true;
                    year.calendar = if hijri { Calendar::Hijri } else { year.calendar };
                }
                return found;
            }
            if self.punct(0, ".،:") && self.item(1).is_some_and(|i| i.term == Term::Digits) {
                self.at += 1;
            }
            return self.attempt(Self::headed_year);
        }
        let before = self.before().copied();
        let Some(item) = self.item(0).copied() else { return false };
        let next = self.item(1).copied();
        let at = self.at;
        // حرب 67
        let short = item.key.len() == 2 && digits::whole(item.key).is_some_and(|n| n >= 10);
        if short && before.is_some_and(|b| matches!(b.key, "حرب" | "نكسه" | "نكبه" | "هزيمه" | "عدوان" | "حدود"))
        {
            return self.year_digits();
        }
        if item.term != Term::Digits || item.article || !self.year_number() {
            return false;
        }
        let Some(Year { year, to, .. }) = self.expr.fields.year else { return false };
        if self.at > at + 1 || to.is_some() {
            return true;
        }
        let recent = (1800..2100).contains(&year);
        // What is counted is indefinite: a definite word counts nothing.
        let definite = |n: &super::Item<'_>| ["ال", "لل", "وال", "بال"].iter().any(|p| n.key.starts_with(p));
        let ends = next.is_none_or(|n| {
            matches!(n.term, Term::Punct(c) if c != '%' && c != '٪')
                || !n.plain()
                || n.term == Term::TimePrep
                || n.key == "في"
                || n.term == Term::Other && definite(&n)
        });
        let is_year = |item: &super::Item<'_>| {
            item.term == Term::Digits && digits::whole(item.key).is_some_and(|n| (1000..2100).contains(&n))
        };
        let counted =
            matches!(next.map(|n| n.term), Some(Term::Measure(_) | Term::Currency(_) | Term::Num(_) | Term::Percent))
                && next.is_some_and(|n| n.plain());
        let range = matches!(before.map(|b| b.term), Some(Term::Punct('(' | '-' | '–') | Term::Unit(Unit::Year, _)))
            || self
                .start
                .checked_sub(2)
                .and_then(|i| self.items.get(i))
                .is_some_and(|i| is_year(i) || matches!(i.term, Term::Unit(Unit::Year, _)));
        if counted || !recent && !range && self.expr.position.is_none() {
            return false;
        }
        if self.expr.position.is_some() || self.expr.part.is_some() || self.expr.season.is_some() {
            return true;
        }
        match before {
            Some(b) if b.term == Term::EventHead => true,
            Some(b) if matches!(b.key, "في" | "منذ" | "حتي" | "خلال" | "قبل" | "بعد") => {
                recent && (ends || year >= 1900)
            }
            Some(b) if b.term == Term::TimePrep => ends || range,
            Some(b) if matches!(b.term, Term::Unit(Unit::Year, _)) => true,
            Some(b) if is_year(&b) && item.and() => ends || range,
            Some(b) if matches!(b.term, Term::Punct('(' | '-' | '–')) => {
                let closed = next.is_some_and(|n| n.term == Term::Punct(')'));
                let in_range = b.term != Term::Punct('(') || !closed;
                ends && (recent || in_range)
                    && next.is_none_or(|n| matches!(n.term, Term::Punct(')' | '-' | '–' | '/' | '،' | '.')))
            }
            _ => ends && (1900..2050).contains(&year),
        }
    }

    fn headed_year(&mut self) -> bool {
        if self.item(0).is_none_or(|i| !i.plain()) {
            return false;
        }
        if self.item(0).is_some_and(|i| i.term == Term::Digits) {
            let key = self.key(0);
            let sized = key.bytes().take_while(u8::is_ascii_digit).count();
            if !(1..=4).contains(&sized) || !self.year_digits() {
                return false;
            }
            // العام 2014 / 2015
            if let Some(year) = &mut self.expr.fields.year
                && year.to.is_none()
                && sized == 4
                && self.items.get(self.at).is_some_and(|i| matches!(i.term, Term::Punct('/' | '-' | '–')))
                && self.items.get(self.at + 1).is_some_and(|i| {
                    i.term == Term::Digits
                        && digits::whole(i.key).and_then(|n| i32::try_from(n).ok()) == Some(year.year + 1)
                })
            {
                year.to = Some(year.year + 1);
                self.at += 2;
            }
            return true;
        }
        let Some((n, mut end)) = number::parse(self.items, self.at) else { return false };
        let Some(mut year) = n.value.to_u64() else { return false };
        // تسع وتسعين وتسعمئة وألف: the old order, from the small to the large.
        while let Some((more, after)) = number::parse(self.items, end)
            && self.items.get(end).is_some_and(super::Item::and)
            && let Some(more) = more.value.to_u64().filter(|more| *more >= 100 && *more > year && *more <= 2000)
        {
            year += more;
            end = after;
        }
        let Some(year) = Some(year).filter(|y| (300..2200).contains(y)) else { return false };
        self.expr.fields.year =
            i32::try_from(year).ok().map(|year| Year { year, to: None, calendar: Calendar::Gregorian, era: false });
        self.at = end;
        self.era();
        true
    }

    /// A year in four digits, or fewer with an era.
    pub(super) fn year_number(&mut self) -> bool {
        let key = match self.item(0) {
            Some(item) if item.term == Term::Digits && (item.plain() || self.at == self.start) => item.key,
            _ => return false,
        };
        let first = key.bytes().take_while(u8::is_ascii_digit).count();
        let at = self.at;
        if !self.year_digits() {
            return false;
        }
        let era = self.at > at + 1;
        let year = self.expr.fields.year.map_or(0, |y| y.year);
        let range = self.expr.fields.year.is_some_and(|y| y.to.is_some())
            && first == 3
            && self.before().is_some_and(|b| b.term == Term::Punct('('));
        (era && year < 2200) || range || (first == 4 && (1000..2200).contains(&year))
    }

    pub(super) fn year_digits(&mut self) -> bool {
        let key = self.key(0);
        let mut values = [0u32; 3];
        let (year, to) = if let Some(year) = digits::whole(key) {
            (i32::try_from(year).ok(), None)
        } else {
            match digits::parts(key, &mut values) {
                Some(('-' | '–' | '/', 2)) => {
                    let [from, mut to, _] = values;
                    if to < 100 && from >= 1000 {
                        to += from / 100 * 100;
                    }
                    if to <= from || from < 100 {
                        return false;
                    }
                    (i32::try_from(from).ok(), i32::try_from(to).ok())
                }
                _ => return false,
            }
        };
        let Some(year) = year.filter(|y| *y < 10_000) else { return false };
        self.expr.fields.year = Some(Year { year, to, calendar: Calendar::Gregorian, era: false });
        self.at += 1;
        let month_is_hijri = matches!(self.expr.fields.month, Some((Calendar::Hijri, _)));
        if !self.era() && month_is_hijri && year < 1600 {
            self.set_calendar(Calendar::Hijri);
        }
        true
    }

    fn set_calendar(&mut self, calendar: Calendar) {
        if let Some(year) = &mut self.expr.fields.year {
            year.calendar = calendar;
        }
        if let Some(month) = &mut self.expr.fields.month
            && month.0 == Calendar::Gregorian
            && calendar == Calendar::Hijri
        {
            month.0 = calendar;
        }
    }

    /// هـ, م, ق.م after a year.
    pub(super) fn era(&mut self) -> bool {
        let found = self.era_words();
        if found && let Some(year) = &mut self.expr.fields.year {
            year.era = true;
        }
        found
    }

    fn era_words(&mut self) -> bool {
        let key = self.key(0);
        let attached = self.item(0).is_some_and(|i| i.term == Term::HijriEra || i.term == Term::CommonEra);
        match self.item(0).map(|i| i.term) {
            Some(Term::HijriEra) if attached => {
                self.set_calendar(Calendar::Hijri);
                self.expr.century_hijri = self.expr.century.is_some();
                self.at += 1;
                true
            }
            Some(Term::CommonEra) => {
                self.at += 1;
                true
            }
            _ if key == "م" => {
                self.at += 1;
                true
            }
            _ if key == "ق" || key == "ق.م" => {
                let dotted = usize::from(self.punct(1, "."));
                let used = match (key, self.key(1 + dotted)) {
                    ("ق.م", _) => 1,
                    (_, "م" | "ه") => 2 + dotted,
                    _ => return false,
                };
                self.before_era();
                self.at += used;
                true
            }
            _ if key == "قبل" && matches!(self.key(1), "الميلاد" | "الهجره") => {
                self.before_era();
                self.at += 2;
                true
            }
            _ if key == "بعد" && matches!(self.key(1), "الميلاد" | "الهجره") => {
                self.at += 2;
                true
            }
            _ => false,
        }
    }

    fn before_era(&mut self) {
        if let Some(year) = &mut self.expr.fields.year {
            year.year = -year.year;
        }
        let expr = &mut self.expr;
        for century in [&mut expr.century, &mut expr.century_to, &mut expr.millennium].into_iter().flatten() {
            *century = -*century;
        }
    }

    /// صيف 2014, صيف العام الماضي, الصيف الماضي.
    pub(super) fn season(&mut self) -> bool {
        let Term::Season(season) = self.term(0) else { return false };
        let article = self.article(0);
        self.expr.season = Some(season);
        self.at += 1;
        if article {
            return self.shift();
        }
        let year = |p: &mut Self| {
            p.attempt(|p| p.year_number())
                || p.attempt(|p| p.relative() && p.expr.relative.is_some_and(|r| r.unit == Some(Unit::Year)))
                || p.attempt(|p| matches!(p.term(0), Term::Unit(Unit::Year, _)) && p.year())
        };
        self.after("من", year) || year(self)
    }

    /// التسعينيات, ثمانينيات القرن الماضي.
    pub(super) fn decade(&mut self) -> bool {
        if matches!(self.key(0), "حقبه" | "فتره" | "عقد") {
            self.at += 1;
        }
        let Term::Decade(decade) = self.term(0) else { return false };
        let article = self.article(0);
        self.expr.decade = Some(decade);
        self.at += 1;
        // في العشرينيات من عمره
        if self.of_age() {
            self.expr = DateExpr {
                duration: Some((Ratio::whole(u64::from(decade)), Unit::Year)),
                age: true,
                position: Some(Mod::Approx),
                ..DateExpr::default()
            };
            return true;
        }
        // خمسينيات وستينيات القرن الماضي
        if self.item(0).is_some_and(|i| i.and() && matches!(i.term, Term::Decade(_))) {
            return true;
        }
        let century = self.after("من", Self::century) || self.attempt(Self::century);
        article || century
    }

    /// القرن العشرون, القرن الـ19, القرن الماضي, القرن الرابع قبل الميلاد.
    pub(super) fn century(&mut self) -> bool {
        let Term::Unit(unit @ (Unit::Century | Unit::Millennium), count) = self.term(0) else { return false };
        if !self.article(0) || !matches!(count, Count::One | Count::Two) {
            return false;
        }
        self.at += 1;
        if let Term::Shift(shift @ (Shift::Past | Shift::This | Shift::Next)) = self.term(0) {
            // القرنين الماضيين
            self.relative_unit(unit, Some(if count == Count::Two { 2 } else { 1 }), shift);
            self.at += 1;
            return true;
        }
        let Some(n) = self.century_number() else { return false };
        if unit == Unit::Millennium {
            self.expr.millennium = Some(n);
            self.era();
            return true;
        }
        self.expr.century = Some(n);
        if count == Count::Two && self.item(0).is_some_and(super::Item::and) {
            let start = self.start;
            self.start = self.at;
            self.expr.century_to = self.century_number();
            self.start = start;
        }
        self.era();
        true
    }

    fn century_number(&mut self) -> Option<i16> {
        if self.term(0) == Term::Digits {
            let n = digits::whole(self.key(0)).filter(|n| *n <= 40)?;
            self.at += 1;
            return i16::try_from(n).ok();
        }
        let (n, end) = ordinal::parse(self.items, self.at).filter(|_| self.article(0) && self.is_free(0))?;
        self.at = end;
        i16::try_from(n).ok()
    }
}
