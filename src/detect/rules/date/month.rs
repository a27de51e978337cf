//! Months by all their names, the year that they are of, and feasts.

use crate::detect::rules::number::digits;
use crate::detect::rules::terms::{Calendar, Count, Feast, Term, Unit};
use crate::segment::Proclitics;

use super::{Parser, Year};

impl Parser<'_, '_> {
    pub(super) fn month_of_day(&mut self) -> bool {
        if matches!(self.term(0), Term::Unit(Unit::Month, Count::One)) && !self.article(0) {
            self.at += 1;
        }
        if !self.month_name(true) {
            return false;
        }
        self.year_of_month();
        true
    }

    /// A month without a day.
    pub(super) fn month(&mut self) -> bool {
        if self.attempt(Self::month_in_digits) {
            return true;
        }
        let headed = matches!(self.term(0), Term::Unit(Unit::Month, Count::One)) && !self.article(0);
        if headed {
            self.at += 1;
        }
        let (sure, at) = (self.is_sure_month(), self.at);
        if !self.month_name(headed) {
            return false;
        }
        let several = self.at > at + 1;
        if matches!(self.key(0), "المبارك" | "المعظم" | "الكريم" | "الفضيل") {
            self.at += 1;
        }
        let bound = self.year_of_month();
        let gregorian = self.expr.fields.month.is_some_and(|(c, _)| c == Calendar::Gregorian);
        let time_before = self.has_time_before()
            && (gregorian || self.expr.position.is_some() || self.expr.fields.month == Some((Calendar::Hijri, 9)));
        headed || sure || bound || several || time_before
    }

    /// 02/2011, 2011-02; what laws and decrees are numbered by looks the same.
    fn month_in_digits(&mut self) -> bool {
        const NUMBERED: &[&str] =
            &["رقم", "قانون", "القانون", "قرار", "القرار", "مرسوم", "المرسوم", "الماده", "ماده", "تعميم", "القضيه"];
        let mut values = [0u32; 3];
        if self.term(0) != Term::Digits || self.before().is_some_and(|b| NUMBERED.contains(&b.key)) {
            return false;
        }
        let year = 1900..2100;
        let (month, year) = match (digits::parts(self.key(0), &mut values), values) {
            (Some(('/', 2)), [month, of, _]) if year.contains(&of) => (month, of),
            // 2011-12 is rather two years.
            (Some(('-' | '/', 2)), [of, month, _])
                if year.contains(&of) && self.key(0).contains("0") && month <= of % 100 =>
            {
                (month, of)
            }
            _ => return false,
        };
        let (Some(month), Ok(year)) = (u8::try_from(month).ok().filter(|m| (1..=12).contains(m)), i32::try_from(year))
        else {
            return false;
        };
        self.expr.fields.month = Some((Calendar::Gregorian, month));
        self.expr.fields.year = Some(Year { year, to: None, calendar: Calendar::Gregorian, era: false });
        self.at += 1;
        true
    }

    fn is_sure_month(&self) -> bool {
        matches!(self.term(0), Term::Month(_, _, true) | Term::MonthHead('ذ' | 'ج' | 'ت'))
    }

    /// The name of a month, and its second name if it has one. `known` lets Libya's old names in.
    fn month_name(&mut self, known: bool) -> bool {
        let Some((month, used)) = self.one_month(0, known) else { return false };
        self.expr.fields.month = Some(month);
        self.at += used;
        let (open, close) = match () {
            () if self.punct(0, "(") => (1, true),
            () if self.punct(0, "/-–\\") => (1, false),
            () => (0, false),
        };
        if let Some((again, used)) = self.one_month(open, false)
            && again == month
            && (!close || self.punct(open + used, ")"))
        {
            self.at += open + used + usize::from(close);
        }
        true
    }

    fn one_month(&self, at: usize, known: bool) -> Option<((Calendar, u8), usize)> {
        let next = self.key(at + 1);
        let glued_first = matches!(next, "الاول" | "اول" | "1" | "الاولي" | "اولي");
        let glued_second =
            matches!(next, "الثاني" | "ثاني" | "ثان" | "2" | "الثانيه" | "ثانيه" | "الاخر" | "الاخره" | "اخر");
        let pick = |first: (Calendar, u8), second: (Calendar, u8)| {
            if glued_first {
                Some((first, 2))
            } else if glued_second {
                Some((second, 2))
            } else {
                None
            }
        };
        use Calendar::{Gregorian, Hijri};
        match (self.term(at), self.key(at)) {
            (Term::Month(calendar, n, _), _) => Some(((calendar, n), 1)),
            (Term::MonthHead('ك'), _) => pick((Gregorian, 12), (Gregorian, 1)),
            (Term::MonthHead('ت'), _) => pick((Gregorian, 10), (Gregorian, 11)),
            (Term::MonthHead('ج'), _) => pick((Hijri, 5), (Hijri, 6)),
            (Term::MonthHead('ذ'), _) => match next {
                "القعده" | "قعده" => Some(((Hijri, 11), 2)),
                "الحجه" | "حجه" => Some(((Hijri, 12), 2)),
                _ => None,
            },
            (Term::Season(21), "ربيع") => pick((Hijri, 3), (Hijri, 4)),
            (_, key) if known => {
                const LIBYA: [(&str, u8); 11] = [
                    ("النوار", 2),
                    ("الربيع", 3),
                    ("الطير", 4),
                    ("الماء", 5),
                    ("الصيف", 6),
                    ("ناصر", 7),
                    ("هانيبال", 8),
                    ("الفاتح", 9),
                    ("التمور", 10),
                    ("الحرث", 11),
                    ("الكانون", 12),
                ];
                if key == "الصيام" {
                    return Some(((Hijri, 9), 1));
                }
                if key == "اي" && next == "النار" {
                    return Some(((Gregorian, 1), 2));
                }
                LIBYA.iter().find(|(name, _)| *name == key).map(|(_, n)| ((Gregorian, *n), 1))
            }
            _ => None,
        }
    }

    /// The year after a month, its adjective, or the year that it is of.
    fn year_of_month(&mut self) -> bool {
        if self.attempt(Self::shift) || self.attempt(|p| p.bracketed(Self::shift)) {
            return true;
        }
        let year = |p: &mut Self| {
            if matches!(p.term(0), Term::Unit(Unit::Year, Count::One)) && p.attempt(Self::year) {
                return true;
            }
            if p.key(0) == "كل" && matches!(p.term(1), Term::Unit(Unit::Year, Count::One)) {
                p.at += 2;
                p.expr.every = true;
                return true;
            }
            p.attempt(|p| p.relative() && p.expr.relative.is_some_and(|r| r.unit == Some(Unit::Year)))
        };
        let linked = self.after("من", year);
        if linked || self.attempt(year) || self.attempt(Self::year_number) {
            return true;
        }
        // 12 سبتمبر، 1683
        if self.expr.fields.day.is_some()
            && self.punct(0, "،,")
            && self.item(1).is_some_and(|i| i.term == Term::Digits && i.key.len() == 4)
            && self.item(2).is_none_or(|i| matches!(i.term, Term::Punct(_)) || !i.plain())
        {
            let comma = |p: &mut Self| {
                p.at += 1;
                p.year_number()
            };
            if self.attempt(comma) {
                return true;
            }
        }
        // لعام 1436 هـ
        let attached = self
            .item(0)
            .is_some_and(|i| i.joined == Proclitics::LI && matches!(i.term, Term::Unit(Unit::Year, Count::One)));
        attached
            && self.attempt(|p| {
                p.start = p.at;
                p.year()
            })
    }

    /// Feasts: عيد الفطر, ثاني أيام عيد الأضحى, رأس السنة.
    pub(super) fn feast(&mut self) -> bool {
        let mut day = 1;
        if let Term::Ord(n) = self.term(0)
            && matches!(self.term(1), Term::Unit(Unit::Day, Count::Many))
        {
            day = n;
            self.at += 2;
            if self.key(0) != "عيد" {
                return false;
            }
        }
        let (feast, used) = match (self.key(0), self.key(1)) {
            ("عيد", "الفطر" | "رمضان") => (Feast::Fitr, 2),
            ("عيد", "الاضحي") => (Feast::Adha, 2),
            ("عيد", "الميلاد") => (Feast::Christmas, 2),
            ("عيد", "الفصح" | "القيامه") => (Feast::Easter, 2),
            ("عيد", "العمال") => (Feast::Labor, 2),
            ("عيد", "النوروز" | "النيروز" | "نوروز") => (Feast::Nowruz, 2),
            ("المولد", "النبوي") => (Feast::Mawlid, 2),
            ("عاشوراء", _) => (Feast::Ashura, 1),
            ("يوم" | "وقفه", "عرفه" | "عرفات") => (Feast::Arafa, 2),
            ("راس", "السنه") => match self.key(2) {
                "الهجريه" => (Feast::HijriNewYear, 3),
                "الميلاديه" => (Feast::NewYear, 3),
                _ => (Feast::NewYear, 2),
            },
            _ => return false,
        };
        self.at += used;
        if matches!(self.key(0), "المبارك" | "المجيد" | "السعيد" | "الشريف") {
            self.at += 1;
        }
        self.expr.feast = Some((feast, day));
        let _ = self.attempt(Self::shift)
            || self.attempt(Self::year_number)
            || matches!(self.term(0), Term::Unit(Unit::Year, Count::One)) && self.attempt(Self::year);
        true
    }
}
