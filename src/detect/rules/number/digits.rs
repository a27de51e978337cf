//! What a run of digits and separators says.

use super::Ratio;

/// A whole number without separators.
pub fn whole(key: &str) -> Option<u64> {
    (!key.is_empty() && key.len() <= 18 && key.bytes().all(|b| b.is_ascii_digit())).then(|| key.parse().ok())?
}

fn grouped(key: &str, mark: char) -> bool {
    let mut parts = key.split(mark);
    let first = parts.next().unwrap_or("");
    (1..=3).contains(&first.len())
        && !first.starts_with('0')
        && parts.clone().count() > 0
        && parts.all(|p| p.len() == 3)
}

/// A number with its thousands and decimals: `1,200`, `1.733.581`, `2.5`, `1،45`, `5ر3` (which old agency copy means
/// as 3.5).
pub fn decimal(key: &str) -> Option<Ratio> {
    if let Some(n) = whole(key) {
        return Some(Ratio::whole(n));
    }
    if let Some((part, first)) = key.split_once('ر') {
        return Ratio::parse_decimal(&format!("{}.{}", whole(first)?, { whole(part)? }));
    }
    let key = key.replace('٬', "").replace('،', ",").replace('٫', ".");
    if let Some(n) = whole(&key) {
        return Some(Ratio::whole(n));
    }
    if key.bytes().any(|b| !b.is_ascii_digit() && b != b'.' && b != b',') {
        return None;
    }
    let (points, commas) = (key.matches('.').count(), key.matches(',').count());
    let plain = match (points, commas) {
        (0, _) if grouped(&key, ',') => key.replace(',', ""),
        (0, 1) => key.replace(',', "."),
        (2.., 0) if grouped(&key, '.') => key.replace('.', ""),
        // A single point and three places: decimals, save where the number would be too small to count in thousands.
        (1, 0) => key,
        (1, _) if key.find('.') > key.rfind(',') => {
            let (head, _) = key.split_once('.')?;
            if !grouped(head, ',') {
                return None;
            }
            key.replace(',', "")
        }
        (_, 1) if key.find(',') > key.rfind('.') => {
            let (head, tail) = key.split_once(',')?;
            if !grouped(head, '.') {
                return None;
            }
            format!("{}.{tail}", head.replace('.', ""))
        }
        _ => return None,
    };
    Ratio::parse_decimal(&plain)
}

/// Parts of a run split at `/`, `-`, `–`, `.` or `:`, as whole numbers, if all separators are equal.
pub fn parts(key: &str, out: &mut [u32; 3]) -> Option<(char, usize)> {
    let mark = key.chars().find(|c| !c.is_ascii_digit())?;
    if key.chars().any(|c| !c.is_ascii_digit() && c != mark) {
        return None;
    }
    let mut n = 0;
    for part in key.split(mark) {
        *out.get_mut(n)? = part.parse().ok().filter(|_| part.len() <= 4)?;
        n += 1;
    }
    Some((mark, n))
}
