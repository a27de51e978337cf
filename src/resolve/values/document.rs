//! Values over a whole text: each mention by its own words and those before it, then ranges whose ends are two mentions
//! and times that stand beside their day.

use crate::base::Label;
use crate::detect::View;
use crate::detect::rules::date::{self as dates, DateExpr, Fields};
use crate::detect::rules::figures;
use crate::detect::rules::number::{self, Number, Ratio, ordinal};
use crate::detect::rules::quantity;
use crate::detect::rules::terms::vocabulary::CURRENCIES;
use crate::detect::rules::terms::{self, Calendar, Item, Mod, Term};
use crate::detect::rules::time as times;
use crate::resolve::{Mention, mentions, overlap};
use crate::segment::{Layout, Segmenter, Words};

use super::calendar::Period;
use super::{Around, Context, Temporal, Value, amount, date, evaluate, is_mark, time};

/// A mention with a value, in its sentence.
struct Valued {
    /// Its index among the mentions.
    index: usize,
    label: Label,
    /// Its terms, as a half-open range.
    items: (usize, usize),
    around: Around,
}

fn has_value(label: Label) -> bool {
    matches!(
        label,
        Label::DATE
            | Label::TIME
            | Label::CARDINAL
            | Label::ORDINAL
            | Label::PERCENT
            | Label::QUANTITY
            | Label::UNIT
            | Label::MONEY
            | Label::CURR
    )
}

/// Give each mention its value; mentions come in the order of their spans, outer before inner.
pub fn annotate(text: &str, layout: &Layout, mentions: &mut [Mention], context: &Context) {
    let mut values: Vec<Option<Value>> = vec![None; mentions.len()];
    let mut items: Vec<Item<'_>> = Vec::new();
    let mut valued: Vec<Valued> = Vec::new();
    let mut next = 0;
    for sent in &layout.sents {
        items.clear();
        valued.clear();
        while let Some(mention) = mentions.get(next).filter(|m| m.tokens.0 < sent.tokens.1) {
            if has_value(mention.label) {
                if items.is_empty() {
                    terms::read(text, layout, sent.tokens, &mut items);
                }
                let in_event = is_in_event(mentions, mention);
                if let Some(range) = items_of(&items, mention) {
                    let around = around(&items, range, in_event);
                    valued.push(Valued { index: next, label: mention.label, items: range, around });
                }
            }
            next += 1;
        }
        for v in &valued {
            let upto = items.get(..v.items.1).unwrap_or(&items);
            if let Some(value) = values.get_mut(v.index) {
                *value = evaluate(v.label, upto, v.items.0, v.around, context);
            }
        }
        // From the last: 15 و16 و17 يناير hand the month on from right to left.
        for v in &valued {
            if let Some(value) = from_another(&items, v, &valued, &values, context) {
                set(&mut values, v.index, value);
            }
        }
        let mut later: Option<DateExpr> = None;
        for pair in valued.windows(2).rev() {
            let [first, second] = pair else { continue };
            later = join(&items, first, second, later, context, &mut values);
        }
    }
    for (mention, value) in mentions.iter_mut().zip(values) {
        mention.value = value;
    }
}

/// Whether an event holds a mention.
fn is_in_event(mentions: &[Mention], mention: &Mention) -> bool {
    let mut outer = mention.parent;
    while let Some(parent) = outer.and_then(|i| mentions.get(i as usize)) {
        if parent.label == Label::EVENT {
            return true;
        }
        outer = parent.parent;
    }
    false
}

fn items_of(items: &[Item<'_>], mention: &Mention) -> Option<(usize, usize)> {
    let from = items.partition_point(|i| i.span.end <= mention.span.start);
    let to = items.partition_point(|i| i.span.start < mention.span.end);
    (from < to).then_some((from, to))
}

/// Words of age.
const AGE: &[&str] =
    &["بعمر", "وعمره", "وعمرها", "عمر", "العمر", "عمره", "عمرها", "عمري", "اعمارهم", "اعمارهن", "اعمارهما"];

/// What the words before (and one after) a mention say of it.
fn around(items: &[Item<'_>], (from, to): (usize, usize), in_event: bool) -> Around {
    let mut out = Around { in_event, ..Around::default() };
    let before = items.get(from.saturating_sub(4)..from).unwrap_or(&[]);
    out.age = before.iter().any(|i| AGE.contains(&i.key));
    out.every = before.last().is_some_and(|i| i.key == "كل");
    let counted = items.get(to).is_some_and(|i| matches!(i.key, "من" | "علي" | "عن"));
    let mut at = from;
    for _ in 0..4 {
        let Some(item) = at.checked_sub(1).and_then(|i| items.get(i)) else { break };
        match item.key {
            "نحو" | "حوالي" | "قرابه" | "زهاء" | "يقارب" | "يقرب" => {
                out.modifier = Some(Mod::Approx)
            }
            "اكثر" | "اقل" | "من" | "ما" | "ازيد" => {}
            "قبل" => {
                out.ago = !counted;
                out.counted = counted;
                out.modifier = out.modifier.or(Some(Mod::Before));
                break;
            }
            "بعد" => {
                out.counted = counted;
                out.modifier = out.modifier.or(Some(Mod::After));
                break;
            }
            "منذ" => {
                out.since = true;
                break;
            }
            _ => break,
        }
        at -= 1;
    }
    out
}

/// How two mentions hang together.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    /// 12 و13 مايو: they share what only one of them says.
    Shared,
    /// من 3 إلى 7 مايو: and they are the ends of a range.
    Range,
}

fn link(items: &[Item<'_>], first: &Valued, second: &Valued) -> Option<Link> {
    let next = items.get(second.items.0)?;
    let opening = first.items.0.checked_sub(1).and_then(|i| items.get(i));
    let further = first.items.0.checked_sub(2).and_then(|i| items.get(i));
    let is_between = |i: Option<&Item<'_>>| i.is_some_and(|i| i.key == "بين");
    let headed = opening.is_some_and(|i| matches!(i.term, Term::Unit(..)));
    let between = is_between(opening) || headed && is_between(further);
    if second.items.0 == first.items.1 {
        return next.and().then_some(if between { Link::Range } else { Link::Shared });
    }
    if second.items.0 != first.items.1 + 1 {
        return None;
    }
    match items.get(first.items.1)? {
        item if matches!(item.key, "الي" | "حتي" | "-" | "–" | "ولغايه" | "لغايه") => {
            Some(Link::Range)
        }
        item if item.key == "او" => Some(Link::Shared),
        _ => None,
    }
}

/// Bring two neighbors together. What is `known` of the second is surer than its own words; the result is what is
/// known of the first.
fn join(
    items: &[Item<'_>],
    first: &Valued,
    second: &Valued,
    known: Option<DateExpr>,
    context: &Context,
    values: &mut [Option<Value>],
) -> Option<DateExpr> {
    match (first.label, second.label) {
        (Label::TIME, Label::DATE) => day_of_time(items, first, second, values),
        (Label::DATE, Label::TIME) => day_of_time(items, second, first, values),
        _ => {}
    }
    let link = link(items, first, second)?;
    let upto = |v: &Valued| items.get(..v.items.1).unwrap_or(items);
    if second.label == Label::DATE && matches!(first.label, Label::DATE | Label::CARDINAL) {
        let own =
            || dates::parse(upto(second), second.items.0).or_else(|| dates::parse_year(upto(second), second.items.0));
        let later = known.or_else(|| own().map(|(expr, _)| expr))?;
        let earlier = dates::parse(upto(first), first.items.0).map(|(expr, _)| expr);
        let number = number::parse(upto(first), first.items.0).map(|(n, _)| n.value);
        let rank = || ordinal::parse(upto(first), first.items.0).map(|(n, _)| Ratio::whole(u64::from(n)));
        let number = number.or_else(rank);
        let first_expr = earlier.or_else(|| {
            let n = number?;
            if let Some((_, unit)) = later.duration {
                return Some(DateExpr { duration: Some((n, unit)), age: later.age, ..DateExpr::default() });
            }
            let small = n.to_u64().and_then(|n| u8::try_from(n).ok()).filter(|n| (1..=31).contains(n));
            match small {
                Some(day) if later.fields.day.is_some() => {
                    Some(DateExpr { fields: Fields { day: Some(day), ..Fields::default() }, ..DateExpr::default() })
                }
                _ => dates::parse_year(upto(first), first.items.0).map(|(expr, _)| expr),
            }
        });
        let mut first_expr = first_expr?;
        let mut second_expr = later;
        share(&mut first_expr, &mut second_expr);
        if let Some(value) = date::evaluate(&first_expr, first.around, context) {
            set(values, first.index, value);
        }
        if second_expr != later
            && let Some(value) = date::evaluate(&second_expr, second.around, context)
        {
            set(values, second.index, value);
        }
        if link == Link::Range {
            mark_range(values, first.index, second.index);
        }
        return Some(first_expr);
    }
    if first.label == Label::TIME && second.label == Label::TIME && link == Link::Range {
        mark_range(values, first.index, second.index);
        return None;
    }
    // 15 و18 مليار دولار: the unit of the second.
    let amounts = [Label::PERCENT, Label::QUANTITY, Label::MONEY];
    if amounts.contains(&second.label)
        && matches!(values.get(first.index), Some(None | Some(Value::Number { .. })))
        && first.label == second.label
        && let Some((n, _)) = number::parse(upto(first), first.items.0)
        && let Some((last, of, _)) = quantity::parse(upto(second), second.items.0)
        && let Some(value) = amount(scaled(&n, &last, link), of)
    {
        set(values, first.index, value);
    }
    if first.label == Label::CARDINAL
        && second.label == Label::CARDINAL
        && let Some((n, _)) = number::parse(upto(first), first.items.0)
        && let Some((last, _)) = number::parse(upto(second), second.items.0)
    {
        set(values, first.index, Value::Number { number: scaled(&n, &last, link).to_string(), range: None });
    }
    if link == Link::Range && first.label == second.label {
        mark_numbers(values, first.index, second.index);
    }
    None
}

/// بين 15 و18 مليار: the first is of billions too.
fn scaled(first: &Number, last: &Number, link: Link) -> Ratio {
    let thousand = Ratio::whole(1000).to_u64();
    let small = first.scale == 0 && first.value.to_u64() < thousand;
    let shared = Some(first.value).filter(|_| link == Link::Range && small && last.scale > 0);
    shared.and_then(|n| n.times(Ratio::power_of_ten(last.scale))).unwrap_or(first.value)
}

fn set(values: &mut [Option<Value>], index: usize, value: Value) {
    if let Some(slot) = values.get_mut(index) {
        *slot = Some(value);
    }
}

/// Give each of two dates what only the other says: the month, the year, the adjective.
fn share(first: &mut DateExpr, second: &mut DateExpr) {
    let dated = |e: &DateExpr| e.fields.day.is_some() || e.fields.month.is_some();
    if !dated(first) || !dated(second) {
        return;
    }
    if first.fields.month.is_none() && first.fields.day.is_some() {
        first.fields.month = second.fields.month;
    }
    let placed = |e: &DateExpr| e.fields.year.is_some() || e.relative.is_some() || e.shift.is_some();
    if !placed(first) && placed(second) {
        first.fields.year = second.fields.year;
        first.relative = second.relative;
        first.shift = second.shift;
    } else if placed(first) && !placed(second) {
        second.fields.year = first.fields.year;
        second.relative = first.relative;
        second.shift = first.shift;
    }
    if let (Some((Calendar::Hijri, _)), Some(year)) = (first.fields.month, &mut first.fields.year) {
        year.calendar = Calendar::Hijri;
    }
}

fn mark_range(values: &mut [Option<Value>], first: usize, second: usize) {
    let edtf = |i: usize| values.get(i)?.as_ref()?.temporal()?.edtf.clone();
    let Some(range) = edtf(first).zip(edtf(second)).map(|(a, b)| format!("{a}/{b}")) else { return };
    for i in [first, second] {
        if let Some(Some(value)) = values.get_mut(i)
            && let Some(temporal) = value.temporal_mut()
        {
            temporal.range = Some(range.clone());
        }
    }
}

/// من 10 إلى 20 ألفا: both ends have their numbers by now; each is told of both.
fn mark_numbers(values: &mut [Option<Value>], first: usize, second: usize) {
    let mut number = |i: usize| {
        let value = values.get_mut(i)?.as_mut()?;
        value.end_of_range().map(|(number, _)| number.to_owned())
    };
    let Some((low, high)) = number(first).zip(number(second)) else { return };
    for i in [first, second] {
        if let Some(Some(value)) = values.get_mut(i)
            && let Some((_, range)) = value.end_of_range()
        {
            *range = Some(format!("{low}/{high}"));
        }
    }
}

/// بعد ثلاثة أيام من 5 مايو 2015: a length that is counted from a date beside it, or from now.
fn from_another(
    items: &[Item<'_>],
    length: &Valued,
    valued: &[Valued],
    values: &[Option<Value>],
    context: &Context,
) -> Option<Value> {
    let modifier = length.around.modifier.filter(|m| length.around.counted && matches!(m, Mod::Before | Mod::After))?;
    let upto = items.get(..length.items.1).unwrap_or(items);
    let (expr, _) = dates::parse(upto, length.items.0)?;
    let from = length.items.1 + 1;
    let now = items.get(from).filter(|i| i.key == "الان").and(context.published).map(Period::day);
    let beside = || {
        let gap = |v: &&Valued| v.label == Label::DATE && (from..from + 3).contains(&v.items.0);
        let other = valued.iter().find(gap)?;
        let between = items.get(from..other.items.0).unwrap_or(&[]);
        let dated = between.iter().all(|i| matches!(i.key, "تاريخ" | "يوم" | "مساء" | "صباح" | "بدايه" | "مطلع"));
        let Some(Some(Value::Date(temporal))) = values.get(other.index).filter(|_| dated) else { return None };
        let day = |text: &Option<String>| text.as_deref().and_then(|day| day.parse().ok());
        Some(Period { start: day(&temporal.start)?, end: day(&temporal.end)?, edtf: temporal.edtf.clone()? })
    };
    date::counted(&expr, &now.or_else(beside)?, modifier == Mod::Before, context)
}

/// Give bare dinars, pounds and riyals the currency of the country that the text speaks of most, among those that
/// have one so called. `country` is where the thing lies that a mention names.
pub fn settle<'a>(mentions: &mut [Mention], country: impl Fn(&Mention) -> Option<&'a str>) {
    let open = |value: &Option<Value>| {
        matches!(value, Some(Value::Money { currency: None, .. } | Value::Currency { currency: None, .. }))
    };
    if !mentions.iter().any(|mention| open(&mention.value)) {
        return;
    }
    let mut counts: Vec<(&str, u32)> = Vec::new();
    for code in mentions.iter().filter_map(country) {
        match counts.iter_mut().find(|(known, _)| *known == code) {
            Some((_, count)) => *count += 1,
            None => counts.push((code, 1)),
        }
    }
    let chosen = |noun: u8| {
        let of = CURRENCIES.get(usize::from(noun)).map_or(&[][..], |currency| currency.of);
        let said = |country: &str| counts.iter().find(|(code, _)| *code == country).map_or(0, |(_, count)| *count);
        let most = of.iter().map(|(country, _)| said(country)).max().filter(|most| *most > 0)?;
        let mut best = of.iter().filter(|(country, _)| said(country) == most);
        // Two countries as often: nothing is known.
        best.next().filter(|_| best.next().is_none()).map(|(_, code)| *code)
    };
    for mention in mentions {
        if let Some(
            Value::Money { currency: currency @ None, assumed, noun, .. }
            | Value::Currency { currency: currency @ None, assumed, noun },
        ) = &mut mention.value
        {
            *currency = chosen(*noun);
            *assumed = currency.is_some();
        }
    }
}

/// الساعة الثامنة من مساء الأحد: a clock time beside its day.
fn day_of_time(items: &[Item<'_>], clock: &Valued, day: &Valued, values: &mut [Option<Value>]) {
    let (before, after) = if clock.items.0 < day.items.0 { (clock, day) } else { (day, clock) };
    let gap = items.get(before.items.1..after.items.0).unwrap_or(&[]);
    let near = gap.len() <= 2
        && gap.iter().all(|i| is_mark(i) || matches!(i.key, "من" | "في" | "عند" | "علي" | "يوم" | "حوالي" | "نحو"));
    if !near || gap.iter().any(|i| i.key == "الي") {
        return;
    }
    let upto = |v: &Valued| items.get(..v.items.1).unwrap_or(items);
    let Some((expr, _)) = times::parse(upto(clock), clock.items.0) else { return };
    let Some((date_expr, _)) = dates::parse(upto(day), day.items.0) else { return };
    let Some(text) = time::clock(&expr, date_expr.day_part) else { return };
    let Some(Some(Value::Date(Temporal { edtf, start, end, .. }))) = values.get(day.index) else { return };
    let (edtf, start, end) = (edtf.clone(), start.clone(), end.clone());
    if !date_expr.is_day() || start != end {
        return;
    }
    if let Some(Some(Value::Time(temporal))) = values.get_mut(clock.index) {
        temporal.edtf = Some(match edtf {
            Some(day) => format!("{day}{text}"),
            None => text,
        });
        (temporal.start, temporal.end) = (start, end);
    }
}

/// See [`evaluate_text`](super::evaluate_text).
pub fn evaluate_text(text: &str, context: &Context) -> Option<Value> {
    let words = Words::default();
    let mut layout = Layout::default();
    Segmenter::default().segment(text, &words, &mut layout);
    let mut candidates = Vec::new();
    figures::detect(&View { text, layout: &layout, words: &words }, &mut candidates);
    overlap::resolve(&mut candidates);
    let mut mentions = mentions(&candidates);
    annotate(text, &layout, &mut mentions, context);
    let values = || mentions.iter().filter_map(|m| m.value.as_ref());
    if let Some(range) = values().find_map(|v| v.temporal()?.range.clone()) {
        let ends: Vec<&Temporal> = values().filter_map(Value::temporal).filter(|t| t.range.is_some()).collect();
        return Some(Value::Date(Temporal {
            edtf: Some(range),
            start: ends.first().and_then(|t| t.start.clone()),
            end: ends.last().and_then(|t| t.end.clone()),
            calendar: "gregorian",
            ..Temporal::default()
        }));
    }
    let valued = mentions.iter().filter(|m| m.value.is_some());
    let longest = valued.max_by_key(|m| m.span.len()).and_then(|m| m.value.clone());
    longest.or_else(|| {
        // كل يوم, سنويا are no mentions by themselves.
        let mut items: Vec<Item<'_>> = Vec::new();
        for sent in &layout.sents {
            terms::read(text, &layout, sent.tokens, &mut items);
        }
        let mut each = (0..items.len()).filter(|at| items.get(at + 1).is_none() || items[*at].key == "كل");
        each.find_map(|at| evaluate(Label::DATE, &items, at, Around::default(), context))
            .filter(|value| matches!(value, Value::Set(_)))
    })
}
