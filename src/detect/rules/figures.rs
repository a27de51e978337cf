//! One pass over the terms of each sentence: dates, times, numbers and what they count.

use crate::base::{Label, Span};
use crate::detect::{Candidate, Detector, NO_TERM, View};

use super::Rule;
use super::date::{self, DateExpr};
use super::number::{self, Number, Ratio, digits, ordinal};
use super::quantity::{self, Measured, Money, Of};
use super::terms::{self, Item, Num, Term};
use super::time::{self, TimeExpr};

/// Words without a term of their own that may begin an expression.
const HEADS: &[&str] = &["رقم", "الرقم", "حقبه", "سن", "فاتح", "غره", "الفاتح"];

/// Currencies that are meant when they stand alone with the article.
const COMMON: &[&str] = &[
    "دولار",
    "يورو",
    "اورو",
    "جنيه",
    "ليره",
    "دينار",
    "درهم",
    "ريال",
    "شيكل",
    "شيقل",
    "روبل",
    "يوان",
    "روبيه",
    "ربيه",
    "فرنك",
    "ين",
];

/// Nouns after which digits are a rank.
const RANKED: &[&str] = &[
    "المركز",
    "والمركز",
    "مركز",
    "المرتبه",
    "الدوره",
    "دورتها",
    "لدورتها",
    "دورته",
    "الترتيب",
    "الذكري",
    "للذكري",
    "بالذكري",
    "ذكراها",
    "وذكراها",
    "الدفعه",
    "والدفعه",
    "دفعه",
    "لدفعه",
    "العدد",
    "النسخه",
    "الطبعه",
    "الحلقه",
];

/// Words after which an ordinal belongs to a name or a set phrase: محمد السادس, الحرب العالمية الثانية, رقيب أول.
const NAMED: &[&str] = &[
    "العالميه",
    "بالدرجه",
    "المقام",
    "الصليبيه",
    "ال",
    "رقيب",
    "الرقيب",
    "جندي",
    "الجندي",
    "والجندي",
    "ملازم",
    "الملازم",
    "الوزير",
    "السيده",
    "عريف",
    "وكيل",
    "جهه",
    "ناحيه",
    "الناحيه",
    "الجهه",
    "الله",
    "عبدالله",
    "محمد",
    "فيصل",
    "حسين",
    "الحسن",
    "يوحنا",
    "بولس",
    "لويس",
    "رمسيس",
    "بطرس",
    "نيقولا",
    "تحتمس",
    "فريدريك",
    "هنري",
    "جورج",
    "شارل",
    "فيليب",
    "عباس",
    "مراد",
    "سليم",
    "محمود",
    "بنديكت",
    "حمد",
    "قابوس",
];

/// Words after which digits are part of a name: القرار 2254, إف 16.
const NUMBERED: &[&str] = &[
    "القرار",
    "قرار",
    "الماده",
    "ماده",
    "والماده",
    "المرسوم",
    "الفصل",
    "البند",
    "الفرقه",
    "فرقه",
    "اللواء",
    "فرانس",
    "فرنس",
    "اف",
    "ام",
    "ايه",
    "طراز",
    "ميغ",
    "سوخوي",
    "بوينغ",
    "القناه",
    "جي",
];

/// What an expression says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Figure {
    /// A date, period, length or age.
    Date(DateExpr),
    /// A time of day or a short length.
    Time(TimeExpr),
    /// A number.
    Number(Number),
    /// A rank.
    Ordinal(u32),
    /// A number with what it counts.
    Amount(Number, Of),
    /// A currency by itself.
    Currency(Money),
    /// A unit by itself.
    Unit(Measured),
}

impl Figure {
    fn label(&self) -> Label {
        match self {
            Self::Date(_) => Label::DATE,
            Self::Time(_) => Label::TIME,
            Self::Number(_) => Label::CARDINAL,
            Self::Ordinal(_) => Label::ORDINAL,
            Self::Amount(_, Of::Percent) => Label::PERCENT,
            Self::Amount(_, Of::Money(_)) => Label::MONEY,
            Self::Amount(_, Of::Measure(_)) => Label::QUANTITY,
            Self::Currency(_) => Label::CURR,
            Self::Unit(_) => Label::UNIT,
        }
    }

    fn rule(&self) -> Rule {
        match self {
            Self::Date(date) if date.duration.is_some() => Rule::Duration,
            Self::Date(_) => Rule::Date,
            Self::Time(_) => Rule::Time,
            Self::Number(_) => Rule::Cardinal,
            Self::Ordinal(_) => Rule::Ordinal,
            Self::Amount(_, Of::Percent) => Rule::Percent,
            Self::Amount(_, Of::Money(_)) | Self::Currency(_) => Rule::Money,
            Self::Amount(_, Of::Measure(_)) | Self::Unit(_) => Rule::Quantity,
        }
    }

    fn score(&self) -> f32 {
        match self {
            Self::Date(_) | Self::Amount(..) => 0.95,
            Self::Time(_) => 0.9,
            Self::Number(n) if n.digits => 0.85,
            Self::Number(_) => 0.8,
            Self::Ordinal(_) => 0.75,
            Self::Currency(_) | Self::Unit(_) => 0.8,
        }
    }
}

/// Whether an expression may begin with the last word of a layout, or its term matter to another.
pub(in crate::detect) fn may_begin(view: &View<'_>) -> bool {
    view.layout.tokens.last().is_none_or(|token| {
        let key = view.layout.key(token);
        HEADS.contains(&key) || terms::may_tell(token, token.span.slice(view.text), key)
    })
}

/// The expression that begins at `at`, and where it ends; the longer wins, a date over a number.
pub fn parse(items: &[Item<'_>], at: usize) -> Option<(Figure, usize)> {
    if begins(items, at) { read(items, at) } else { None }
}

/// Whether an expression may begin at `at`, by its first two terms. Most terms only go on with one.
fn begins(items: &[Item<'_>], at: usize) -> bool {
    let Some(item) = items.get(at) else { return false };
    match item.term {
        Term::Other | Term::Punct(_) => HEADS.contains(&item.key),
        Term::TimePrep => {
            matches!(item.key, "قبل" | "بعد") && matches!(term(items, at + 1), Term::DayPart(_) | Term::Deictic(_))
        }
        Term::This | Term::That => {
            matches!(term(items, at + 1), Term::Unit(..) | Term::Deictic(_) | Term::Period | Term::DayPart(_))
        }
        Term::EventHead | Term::Shift(_) | Term::Last | Term::Nation(_) | Term::Power(_) => false,
        Term::HijriEra | Term::CommonEra | Term::BeforeEra => false,
        _ => true,
    }
}

fn read(items: &[Item<'_>], at: usize) -> Option<(Figure, usize)> {
    let date = date::parse(items, at).map(|(date, end)| (Figure::Date(date), end));
    let time = time::parse(items, at).map(|(time, end)| (Figure::Time(time), end));
    let amount = quantity::parse(items, at).map(|(n, of, end)| (Figure::Amount(n, of), end));
    let mut best = date;
    for other in [time, amount] {
        if let Some((_, end)) = other
            && best.is_none_or(|(_, e)| end > e)
        {
            best = other;
        }
    }
    best.or_else(|| rank(items, at)).or_else(|| count(items, at)).or_else(|| unit(items, at))
}

fn key<'a>(items: &[Item<'a>], at: usize) -> &'a str {
    items.get(at).map_or("", |item| item.key)
}

fn term(items: &[Item<'_>], at: usize) -> Term {
    items.get(at).map_or(Term::Other, |item| item.term)
}

fn rank(items: &[Item<'_>], at: usize) -> Option<(Figure, usize)> {
    let before = at.checked_sub(1).map_or("", |i| key(items, i));
    // رقم 46
    if key(items, at) == "رقم" && term(items, at + 1) == Term::Num(Num::Unit(1)) {
        return Some((Figure::Ordinal(1), at + 2));
    }
    if matches!(key(items, at), "رقم" | "الرقم") && term(items, at + 1) == Term::Digits {
        let n = digits::whole(key(items, at + 1))?;
        return Some((Figure::Ordinal(u32::try_from(n).ok()?), at + 2));
    }
    if term(items, at) == Term::Digits && RANKED.contains(&before) {
        let n = digits::whole(key(items, at))?;
        return Some((Figure::Ordinal(u32::try_from(n).ok()?), at + 1));
    }
    let anniversary = matches!(before, "الذكري" | "ذكراه" | "ذكراها") && term(items, at) != Term::Digits;
    if !anniversary && !matches!(term(items, at), Term::Ord(_) | Term::Num(Num::OneOf)) || is_named(items, at) {
        return None;
    }
    let (n, end) = ordinal::parse(items, at)?;
    Some((Figure::Ordinal(n), end))
}

/// Whether an ordinal belongs to a name or a set phrase: محمد السادس, الحرب العالمية الثانية, رقيب أول, من جهة ثانية.
fn is_named(items: &[Item<'_>], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|i| items.get(i)) else { return false };
    NAMED.contains(&before.key)
}

fn count(items: &[Item<'_>], at: usize) -> Option<(Figure, usize)> {
    let (number, end) = number::parse(items, at)?;
    let item = items.get(at)?;
    let before = at.checked_sub(1).and_then(|i| items.get(i));
    let next = items.get(end);
    if number.part {
        let of_something = next.is_some_and(|n| n.term == Term::Other && n.plain() && !n.key.contains("نهاي"))
            && !matches!(key(items, end), "نهايي" | "النهايي" | "سنوي" | "سنويه" | "من" | "علي")
            && !item.article;
        return of_something.then_some((Figure::Number(number), end));
    }
    // مدينة الخمس, بئر السبع: a definite number follows what it counts (القرى الخمس).
    let town = item.article && end == at + 1 && matches!(item.bare(), "خمس" | "سبع" | "ست");
    if town && !before.is_some_and(|b| b.key.starts_with("ال")) {
        return None;
    }
    let bare_scale = matches!(item.term, Term::Num(Num::Scale(_, terms::Count::One))) && end == at + 1;
    if bare_scale && (item.article || key(items, end).starts_with("ال")) {
        return None;
    }
    if item.term == Term::Num(Num::Unit(1)) && end == at + 1 {
        let noun = before.is_some_and(|b| {
            b.term == Term::Other
                && !matches!(b.key, "ان" | "كل" | "اي" | "جانب" | "انه" | "لكل" | "وكل" | "وقت" | "طرف" | "جهه")
        });
        let one = noun
            && item.plain()
            && !item.article
            && !matches!(key(items, end), "من" | "تلو" | "واحد" | "منهم" | "منها");
        return one.then_some((Figure::Number(number), end));
    }
    if number.digits {
        // 1- at the head of a line is no number of things; القرار 2254 and إف-16 are names.
        let listed = before.is_none() && next.is_some_and(|n| matches!(n.term, Term::Punct('-' | '.' | ')' | '–')));
        let hyphen = before.is_some_and(|b| b.term == Term::Punct('-') && !b.space && !item.space)
            && at.checked_sub(2).and_then(|i| items.get(i)).is_some_and(|b| b.term == Term::Other);
        let named = before.is_some_and(|b| NUMBERED.contains(&b.key));
        let latin = |item: &Item<'_>| item.key.starts_with(|c: char| c.is_ascii_alphabetic());
        let in_code = before.is_some_and(|b| latin(b) || b.term == Term::Punct('['))
            || next.is_some_and(|n| !n.space && latin(n));
        if listed || hyphen || named || in_code {
            return None;
        }
    }
    Some((Figure::Number(number), end))
}

fn unit(items: &[Item<'_>], at: usize) -> Option<(Figure, usize)> {
    let item = items.get(at)?;
    let before = at.checked_sub(1).map_or("", |i| key(items, i));
    let each = matches!(before, "كل" | "لكل");
    match item.term {
        Term::Currency(_) => {
            let (money, end) = quantity::money(items, at)?;
            let named = money.nation.is_some();
            let common = item.article && COMMON.contains(&item.bare());
            (common || named || each).then_some((Figure::Currency(money), end))
        }
        Term::Measure(_) if each => {
            let (unit, end) = quantity::measure(items, at)?;
            Some((Figure::Unit(unit), end))
        }
        _ => None,
    }
}

/// The terms of a sentence, reused from sentence to sentence of one text.
#[derive(Debug, Default)]
struct Last {
    /// Index in the candidates of the first number of a row (15 و16 و17), the last figure, and the item after it.
    at: Option<(usize, Figure, usize)>,
}

/// Append the candidates of a text.
pub fn detect(view: &View<'_>, out: &mut Vec<Candidate>) {
    let mut items: Vec<Item<'_>> = Vec::new();
    let tokens = &view.layout.tokens;
    for sent in &view.layout.sents {
        items.clear();
        terms::read(view.text, view.layout, sent.tokens, &mut items);
        let mut last = Last::default();
        let mut at = 0;
        while at < items.len() {
            if tokens.get(items[at].token as usize).is_some_and(|token| token.idle & NO_TERM != 0) {
                at += 1;
                continue;
            }
            if let Some(end) = number::vague(&items, at) {
                at = end;
                continue;
            }
            let Some((figure, end)) = parse(&items, at) else {
                at += 1;
                continue;
            };
            let (first, final_) = (&items[at], &items[end - 1]);
            let row = share(&items, &last, &figure, at, out);
            last.at = Some((row.unwrap_or(out.len()), figure, end));
            out.push(Candidate {
                span: Span::new(first.span.start, final_.span.end),
                label: figure.label(),
                score: figure.score(),
                detector: Detector::Rule,
                detail: figure.rule() as u32,
                tokens: (first.token, final_.token + 1),
                ambiguous: false,
            });
            at = end;
        }
    }
}

/// A number before «and», «or», «to» and a figure with a unit is of that unit too: بين 5 و9%, 12 و13 مايو.
///
/// Where a number goes on with a row of numbers, the first of the row.
fn share(items: &[Item<'_>], last: &Last, figure: &Figure, at: usize, out: &mut [Candidate]) -> Option<usize> {
    let (index, number, end) = match last.at? {
        (index, Figure::Number(number), end) => (index, number, end),
        // بين الأول والخامس من مايو
        (index, Figure::Ordinal(n), end) if matches!(figure, Figure::Date(_)) => {
            let value = Ratio::whole(u64::from(n));
            (index, Number { value, digits: true, part: false, scale: 0 }, end)
        }
        _ => return None,
    };
    let joined = at == end && items[at].and()
        || at == end + 1 && matches!(key(items, end), "او" | "الي" | "و" | "-" | "–" | "حتي");
    let shared = match figure {
        Figure::Amount(..) => true,
        Figure::Date(date) if date.duration.is_some() => true,
        Figure::Date(date) => {
            date.fields.day.is_some() && number.digits && number.value.to_u64().is_some_and(|n| (1..=31).contains(&n))
        }
        Figure::Time(time) => time.duration.is_some(),
        _ => false,
    };
    if joined && shared {
        for candidate in out.iter_mut().skip(index) {
            candidate.label = figure.label();
            candidate.detail = figure.rule() as u32;
        }
    }
    (joined && matches!(figure, Figure::Number(_))).then_some(index)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::segment::{Layout, Words, segment};

    const WORDS: &str = "في قبل بعد من كل حرب انتخابات الماضي المقبل نفسه الأخير الليبي أميركي مربع بحرية هجري ميلادي \
        غد أمس الظهر مايو تشرين الأول ربيع الجمعة يوم الأيام ليلة ساعة دقائق عام سنوات القرن مطلع منتصف صباح صيف \
        التسعينيات هذا نفس عيد الفطر دولار كيلومتر ثلاثة عشر عشرين مئة ألف نصف 15 2016 12:30 رقم سن الذكرى الساعة";

    proptest! {
        /// What [`begins`] turns away is read as nothing.
        #[test]
        fn only_some_terms_begin_an_expression(
            words in prop::collection::vec(prop::sample::select(WORDS.split_whitespace().collect::<Vec<_>>()), 1..6),
        ) {
            let (text, mut layout, mut items) = (words.join(" "), Layout::default(), Vec::new());
            segment(&text, &Words::default(), &mut layout);
            terms::read(&text, &layout, layout.sents[0].tokens, &mut items);
            for at in 0..items.len() {
                prop_assert!(begins(&items, at) || read(&items, at).is_none(), "{:?}", &items[at..]);
            }
        }
    }
}
