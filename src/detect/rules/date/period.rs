//! Years, decades, centuries, seasons, periods seen from the day of writing, and lengths.

use crate::detect::rules::number::{self, Ratio, digits, ordinal};
use crate::detect::rules::terms::{Count, Num, Shift, Term, Unit};

use super::{Parser, Relative};

/// العام المالي, السنة الدراسية
pub(super) fn is_kind_of_year(key: &str) -> bool {
    matches!(key, "الميلادي" | "الميلاديه" | "المالي" | "الماليه" | "الدراسي" | "الدراسيه")
}

impl Parser<'_, '_> {
    /// A month or year that is only named by a relation: used by `day_and_month`.
    pub(super) fn relative_unit(&mut self, unit: Unit, count: Option<u32>, shift: Shift) {
        self.expr.relative = Some(Relative { unit: Some(unit), count, shift, twice: false, both: None });
    }

    /// في الثامنة عشرة من عمره: an age.
    pub(super) fn age(&mut self) -> bool {
        let headed = self.key(0) == "سن";
        self.at += usize::from(headed);
        let value = match self.term(0) {
            Term::Digits => digits::whole(self.key(0)).map(|n| (n, self.at + 1)),
            _ if self.article(0) => ordinal::parse(self.items, self.at).map(|(n, end)| (u64::from(n), end)),
            _ => None,
        };
        let Some((n, end)) = value.filter(|(n, _)| *n <= 120) else { return false };
        self.at = end;
        if !self.of_age() && !headed {
            return false;
        }
        self.expr.duration = Some((Ratio::whole(n), Unit::Year));
        self.expr.age = true;
        true
    }

    pub(super) fn of_age(&mut self) -> bool {
        if self.key(0) == "من" && matches!(self.key(1), "العمر" | "عمره" | "عمرها" | "عمرهما" | "عمرهم")
        {
            self.at += 2;
            return true;
        }
        false
    }

    /// العام الماضي, هذا الأسبوع, نفس الشهر, الأشهر الستة المقبلة, الـ24 ساعة الماضية, الفترة الأخيرة.
    pub(super) fn relative(&mut self) -> bool {
        match self.term(0) {
            Term::This | Term::That => {
                let same = self.term(0) == Term::That;
                let shift = if same { Shift::Same } else { Shift::This };
                let (unit, count) = match self.term(1) {
                    Term::Unit(unit, Count::One) if unit >= Unit::Day => (Some(unit), Some(1)),
                    Term::Deictic(0) => (Some(Unit::Day), Some(1)),
                    Term::Period if same && self.key(0) == "نفس" => (None, None),
                    _ => return false,
                };
                // ذلك اليوم only points back.
                let pointing = matches!(self.key(0), "ذلك" | "تلك") && unit < Some(Unit::Week);
                if !self.article(1) || pointing {
                    return false;
                }
                self.at += 2;
                self.expr.relative = Some(Relative { unit, count, shift, twice: false, both: None });
                if same && matches!(self.key(0), "المماثله" | "الزمنيه") && unit.is_none() {
                    self.at += 1;
                }
                if !(same && self.of_year()) {
                    self.attempt(Self::year_number);
                }
                true
            }
            Term::Period => {
                let (Term::Shift(_) | Term::Last) = self.term(1) else { return false };
                if !self.article(1) && self.term(1) != Term::Shift(Shift::Same) {
                    return false;
                }
                self.at += 1;
                self.placed(None, None) && {
                    self.of_year();
                    true
                }
            }
            Term::Deictic(0) if self.is_outlet() => false,
            Term::Deictic(0) => {
                self.at += 1;
                self.placed_or_nth(Unit::Day)
            }
            Term::Unit(unit, count) if self.article(0) && unit >= Unit::Hour => {
                self.at += 1;
                match count {
                    Count::One if unit >= Unit::Day => self.placed_or_nth(unit),
                    Count::Two if unit >= Unit::Day => self.placed(Some(unit), Some(2)),
                    Count::Many => self.several(unit),
                    _ => false,
                }
            }
            // سنوات قادمة
            Term::Unit(unit, Count::Many) if unit >= Unit::Day => {
                let Term::Shift(shift @ (Shift::Past | Shift::Next)) = self.term(1) else { return false };
                if self.article(1) {
                    return false;
                }
                self.at += 2;
                self.relative_unit(unit, None, shift);
                true
            }
            Term::Digits | Term::Num(_) => self.counted(),
            _ => false,
        }
    }

    /// من العام الماضي after a period of it.
    fn of_year(&mut self) -> bool {
        let own = self.expr.relative.take();
        let found = self.after("من", |p| {
            matches!(p.term(0), Term::Unit(Unit::Year, _) | Term::This | Term::Digits)
                && (p.relative() || p.attempt(|p| matches!(p.term(0), Term::Unit(..)) && p.year()))
        });
        if !found {
            self.expr.relative = own;
        }
        found
    }

    fn placed_or_nth(&mut self, unit: Unit) -> bool {
        if self.attempt(|p| p.placed(Some(unit), Some(1))) {
            // العام الماضي 2015
            self.attempt(Self::year_number);
            return true;
        }
        if unit == Unit::Year
            && is_kind_of_year(self.key(0))
            && self.attempt(|p| {
                p.at += 1;
                p.placed(Some(unit), Some(1))
            })
        {
            return true;
        }
        if self.article(0)
            && self.is_free(0)
            && let Some((n, end)) = ordinal::parse(self.items, self.at)
        {
            self.expr.nth = Some((unit, n));
            self.at = end;
            // العقد الأول من القرن الحالي
            if unit == Unit::Decade && n <= 10 {
                self.after("من", Self::century);
            }
            return true;
        }
        false
    }

    /// The adjective that places a period.
    fn placed(&mut self, unit: Option<Unit>, count: Option<u32>) -> bool {
        let twice = self.is_twice();
        if twice {
            self.at += 1;
        }
        let shift = match self.term(0) {
            Term::Shift(Shift::Same) => Shift::Same,
            Term::Shift(shift) if self.article(0) => shift,
            Term::Last if self.article(0) => Shift::Latest,
            _ => return false,
        };
        self.at += 1;
        let mut both = None;
        if count == Some(2)
            && let Some(next) = self.item(0)
            && next.and()
            && next.article
            && let Term::Shift(second) = next.term
        {
            both = Some(second);
            self.at += 1;
        }
        self.expr.relative = Some(Relative { unit, count, shift, twice, both });
        true
    }

    /// الأيام القليلة المقبلة, الأشهر الستة الماضية, الأيام الأولى.
    fn several(&mut self, unit: Unit) -> bool {
        let mut count = None;
        if matches!(self.key(0), "القليله" | "المعدوده" | "العديده") {
            self.at += 1;
        } else if self.article(0)
            && let Some((n, end)) = number::parse(self.items, self.at)
            && self.is_free(0)
        {
            count = n.value.to_u64().and_then(|n| u32::try_from(n).ok());
            self.at = end;
        }
        if unit < Unit::Day && count.is_none_or(|n| n < 24) {
            return false;
        }
        if self.attempt(|p| p.placed(Some(unit), count)) {
            return true;
        }
        // الأيام الأولى
        let first = self.term(0) == Term::Ord(1) && self.article(0);
        self.at += usize::from(first);
        self.expr.relative = Some(Relative { unit: Some(unit), count, shift: Shift::Same, twice: false, both: None });
        first || count.is_some_and(|n| n > 2)
    }

    /// A definite number before its unit: الـ24 ساعة الماضية, العشر سنوات الماضية.
    fn counted(&mut self) -> bool {
        if !self.article(0) {
            return false;
        }
        let Some((n, end)) = number::parse(self.items, self.at) else { return false };
        self.at = end;
        let Term::Unit(unit, _) = self.term(0) else { return false };
        let Some(count) = n.value.to_u64().and_then(|n| u32::try_from(n).ok()) else { return false };
        if unit < Unit::Hour || unit == Unit::Hour && count < 24 {
            return false;
        }
        self.at += 1;
        self.placed(Some(unit), Some(count))
    }

    /// A length of a day or more: 35 عاما, عامين, ثلاثة أشهر ونصف, نصف قرن.
    pub(super) fn duration(&mut self) -> bool {
        let Some((value, unit, alone)) = self.length() else { return false };
        // 562067 عام 2012
        if matches!(self.items.get(self.at - 1).map(|i| i.term), Some(Term::Unit(_, Count::One)))
            && self.item(0).is_some_and(|i| i.term == Term::Digits && i.plain())
        {
            return false;
        }
        let hours = matches!(unit, Unit::Hour) && value.to_u64().is_some_and(|n| n >= 24);
        if unit < Unit::Day && !hours {
            return false;
        }
        let end = self.at;
        self.expr.duration = Some((value, unit));
        // شهرا وأسبوعين
        if self.item(0).is_some_and(super::Item::and) {
            self.attempt(|p| {
                let start = p.start;
                p.start = p.at;
                let more = p.length();
                p.start = start;
                match more {
                    Some((value, smaller, _)) if smaller < unit && smaller >= Unit::Day => {
                        p.expr.duration_more = Some((value, smaller));
                        true
                    }
                    _ => false,
                }
            });
        }
        let of_time = self.key(0) == "من" && matches!(self.key(1), "الزمن" | "الزمان");
        if alone && self.at == end && !of_time && !self.single_is_a_length() {
            return false;
        }
        self.expr.age = self.attempt(Self::of_age);
        if of_time {
            self.at += 2;
        }
        // سنوات قادمة
        if let Term::Shift(Shift::Past | Shift::Next) = self.term(0)
            && !self.article(0)
        {
            self.at += 1;
        }
        true
    }

    /// A number and a unit of time, whether the unit stands alone.
    pub(super) fn length(&mut self) -> Option<(Ratio, Unit, bool)> {
        if let Term::Unit(unit, count) = self.term(0) {
            let article = self.article(0);
            self.at += 1;
            let mut value = match count {
                Count::Two if !article => Ratio::whole(2),
                Count::Counted | Count::One if !article => Ratio::whole(1),
                _ => return None,
            };
            let mut alone = count != Count::Two;
            if alone && (matches!(self.key(0), "كامل" | "كامله" | "كاملا") || self.term(0) == Term::Num(Num::Unit(1)))
            {
                self.at += 1;
                alone = false;
            }
            if let Some(part) = self.and_part() {
                value = value.plus(part)?;
                alone = false;
            }
            return Some((value, unit, alone));
        }
        let (n, end) = number::parse(self.items, self.at)?;
        self.at = end;
        let Term::Unit(unit, count) = self.term(0) else { return None };
        if matches!(count, Count::Two | Count::TwoOf) || (self.article(0) && !n.part) {
            return None;
        }
        self.at += 1;
        let mut value = n.value;
        if let Some(part) = self.and_part() {
            value = value.plus(part)?;
        }
        Some((value, unit, false))
    }

    /// ونصف, وربع
    fn and_part(&mut self) -> Option<Ratio> {
        let item = self.item(0).filter(|i| i.and())?;
        let Term::Num(Num::Part(a, b)) = item.term else { return None };
        self.at += 1;
        if matches!(self.term(0), Term::Unit(..)) && self.article(0) {
            self.at += 1;
        }
        Ratio::new(i128::from(a), i128::from(b))
    }

    /// Whether a unit by itself is a length here: قبل عام, منذ شهر, أكثر من سنة.
    fn single_is_a_length(&self) -> bool {
        let Some(before) = self.before() else { return false };
        let further = self.start.checked_sub(2).and_then(|i| self.items.get(i)).map_or("", |i| i.key);
        let prep = match before.key {
            "قبل" | "بعد" | "منذ" | "خلال" | "لمده" | "مده" | "مدي" | "طوال" | "طيله" | "غضون" | "نحو" | "حوالي"
            | "عقب" => true,
            "من" => matches!(further, "اكثر" | "اقل" | "ازيد" | "باكثر" | "لاكثر"),
            _ => false,
        };
        // What follows must not make it another thing: قبل يوم السبت, خلال شهر رمضان.
        prep && !matches!(
            self.term(0),
            Term::Weekday(_) | Term::Month(..) | Term::Digits | Term::Deictic(_) | Term::This
        )
    }
}
