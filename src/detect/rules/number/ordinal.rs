//! Ranks: الأول, ثالث, الحادية عشرة, الثاني والثلاثون, رقم 46.

use crate::detect::rules::terms::{Item, Num, Term};

/// The ordinal that begins at `at`: its number and where it ends.
pub fn parse(items: &[Item<'_>], at: usize) -> Option<(u32, usize)> {
    let item = items.get(at)?;
    let next = items.get(at + 1);
    match item.term {
        Term::Ord(n) => {
            // الثالثة عشرة
            if let Some(next) = next
                && next.term == Term::Num(Num::Ten)
                && next.plain()
                && n < 10
            {
                return Some(hundreds(items, u32::from(n) + 10, at + 2));
            }
            // الثالث والعشرون
            if let Some(next) = next
                && let Term::Num(Num::Tens(tens)) = next.term
                && next.and()
                && next.article == item.article
                && n < 10
            {
                return Some(hundreds(items, u32::from(n) + u32::from(tens), at + 2));
            }
            Some(hundreds(items, u32::from(n), at + 1))
        }
        // الحادي عشر, الواحد والعشرون
        Term::Num(Num::OneOf | Num::Unit(1)) if item.article => {
            let next = next?;
            match next.term {
                Term::Num(Num::Ten) if next.plain() && item.term == Term::Num(Num::OneOf) => Some((11, at + 2)),
                Term::Num(Num::Tens(tens)) if next.and() && next.article => {
                    Some(hundreds(items, 1 + u32::from(tens), at + 2))
                }
                _ => None,
            }
        }
        // العشرون
        Term::Num(Num::Tens(tens)) if item.article => Some(hundreds(items, u32::from(tens), at + 1)),
        _ => None,
    }
}

/// بعد المئة after an ordinal.
fn hundreds(items: &[Item<'_>], n: u32, end: usize) -> (u32, usize) {
    if items.get(end).is_some_and(|i| i.key == "بعد")
        && let Some(hundred) = items.get(end + 1)
        && let Term::Num(Num::Hundred(h)) = hundred.term
        && hundred.article
    {
        return (n + u32::from(h), end + 2);
    }
    (n, end)
}
