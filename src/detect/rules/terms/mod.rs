//! Terms: the tokens of a sentence as the number and date grammars read them.
//!
//! The words of these grammars are a closed set, so clitics are taken off against that set, not by the readings of
//! the table of words: `وعشرين` is و + عشرين because عشرين is known, whatever the corpora hold.

mod reader;
pub mod vocabulary;

use crate::base::{Span, Src};
use crate::segment::Proclitics;

pub(super) use reader::may_tell;
pub use reader::read;

/// How a time unit or a scale word counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Count {
    /// `عام`, `ألف`
    One,
    /// `عامين`, `ألفين`
    Two,
    /// `عامي`, `ألفي`: a dual before its complement.
    TwoOf,
    /// `أعوام`, `آلاف`
    Many,
    /// `عاما`, `ألفا`: after a number.
    Counted,
}

/// A word of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Num {
    /// أحد, إحدى: one, but a number only before عشر or a ten.
    OneOf,
    /// 1 to 9.
    Unit(u8),
    /// 10.
    Ten,
    /// 20 to 90.
    Tens(u8),
    /// 100 to 900.
    Hundred(u16),
    /// مئات: vague.
    Hundreds,
    /// A thousand and up, as a power of ten.
    Scale(u8, Count),
    /// A part: numerator, denominator.
    Part(u8, u8),
    /// أرباع, أخماس: parts that are counted.
    Parts(u8),
    /// عشرات: vague.
    Vague,
}

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// ثانية
    Second,
    /// دقيقة
    Minute,
    /// ساعة
    Hour,
    /// يوم
    Day,
    /// ليلة
    Night,
    /// أسبوع
    Week,
    /// شهر
    Month,
    /// سنة, عام
    Year,
    /// عقد
    Decade,
    /// قرن
    Century,
    /// ألفية
    Millennium,
}

/// Where a period lies from the day of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shift {
    /// الماضي
    Past,
    /// الجاري
    This,
    /// المقبل
    Next,
    /// الأخيرة: up to the day of writing.
    Latest,
    /// نفسه, التالي, السابق: from another date of the text.
    Same,
}

/// A part of a period, or how it bounds a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mod {
    /// مطلع
    Start,
    /// منتصف
    Mid,
    /// أواخر
    End,
    /// حوالي
    Approx,
    /// قبل
    Before,
    /// بعد
    After,
}

/// A part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayPart {
    /// فجر
    Dawn,
    /// صباح
    Morning,
    /// ظهر
    Noon,
    /// بعد الظهر
    Afternoon,
    /// عصر
    LateAfternoon,
    /// مساء
    Evening,
    /// ليل
    Night,
    /// نهار
    Daytime,
    /// منتصف الليل
    Midnight,
}

/// A calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// Proleptic Gregorian.
    Gregorian,
    /// Umm al-Qura.
    Hijri,
}

/// A feast with a fixed place in a calendar, or a name of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feast {
    /// عيد الفطر, 1 Shawwal.
    Fitr,
    /// عيد الأضحى, 10 Dhu al-Hijja.
    Adha,
    /// يوم عرفة, 9 Dhu al-Hijja.
    Arafa,
    /// المولد النبوي, 12 Rabi I.
    Mawlid,
    /// عاشوراء, 10 Muharram.
    Ashura,
    /// رأس السنة الهجرية, 1 Muharram.
    HijriNewYear,
    /// رأس السنة, 1 January.
    NewYear,
    /// عيد الميلاد, 25 December.
    Christmas,
    /// عيد الفصح, عيد القيامة.
    Easter,
    /// عيد العمال, 1 May.
    Labor,
    /// النوروز, 21 March.
    Nowruz,
}

/// What a term means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Term {
    /// A word of no grammar here.
    Other,
    /// A mark of punctuation, by its first character.
    Punct(char),
    /// Digits, with their separators in [`Item::key`].
    Digits,
    /// A word of a number.
    Num(Num),
    /// An ordinal, 1 to 10, or a ten.
    Ord(u8),
    /// الأخير: the last.
    Last,
    /// A month, and whether the word alone is surely one.
    Month(Calendar, u8, bool),
    /// First word of a month of two: كانون, تشرين, ربيع, جمادى, ذو.
    MonthHead(char),
    /// A day of the week, 0 for Saturday.
    Weekday(u8),
    /// A unit of time.
    Unit(Unit, Count),
    /// الفترة, الآونة: a time of no length.
    Period,
    /// An adjective of place in time.
    Shift(Shift),
    /// مطلع, أواخر
    Mod(Mod),
    /// صباح
    DayPart(DayPart),
    /// صيف: spring 21, summer 22, autumn 23, winter 24, as EDTF numbers them.
    Season(u8),
    /// التسعينيات: the tens.
    Decade(u8),
    /// اليوم, أمس, غدا: days from the day of writing.
    Deictic(i8),
    /// هذا, هذه
    This,
    /// ذلك, تلك, نفس
    That,
    /// A preposition or head after which a bare year or singular unit is a date.
    TimePrep,
    /// حرب, ثورة, انتخابات: a year may follow.
    EventHead,
    /// A unit of measure, by its number in [`vocabulary::MEASURES`].
    Measure(u8),
    /// مربع, مكعب, بحري
    Power(u8),
    /// A currency, by its number in [`vocabulary::CURRENCIES`].
    Currency(u8),
    /// A nationality after a currency: its country, as an index of [`vocabulary::NATIONS`].
    Nation(u8),
    /// المئة after في or ب.
    Percent,
    /// عيد, رأس: a feast may begin.
    FeastHead,
    /// هـ, هجري
    HijriEra,
    /// م, ميلادي
    CommonEra,
    /// ق.م
    BeforeEra,
}

/// A term in its place.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// The folded stem where the term is known, otherwise the folded token.
    pub key: &'a str,
    /// What it means.
    pub term: Term,
    /// What is attached before, or stands before as a letter of its own (`و 200`).
    pub joined: Proclitics,
    /// The stem has ال, or the digits have الـ.
    pub article: bool,
    /// Bytes of the source, without clitics.
    pub span: Span<Src>,
    /// Its token.
    pub token: u32,
    /// White space stands before it.
    pub space: bool,
}

impl Item<'_> {
    /// The stem without its article.
    pub fn bare(&self) -> &str {
        if !self.article {
            return self.key;
        }
        self.key.strip_prefix("ال").or_else(|| self.key.strip_prefix('ل')).unwrap_or(self.key)
    }
    /// Whether و is attached.
    pub fn and(&self) -> bool {
        self.joined.has(Proclitics::WA)
    }
    /// Whether nothing is attached.
    pub fn plain(&self) -> bool {
        self.joined.is_empty()
    }
}
