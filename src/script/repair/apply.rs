//! Writing the repaired text.

use crate::base::{Alignment, AlignmentBuilder};

use super::{Join, Repairs, scan};

fn units(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// The small damage first: tags may hide line breaks that the second step must see.
fn apply_fixes(text: &str, repairs: &Repairs) -> (String, Alignment) {
    let (mut out, mut map, mut done) = (String::with_capacity(text.len()), AlignmentBuilder::default(), 0);
    for fix in &repairs.fixes {
        let kept = text.get(done..fix.span.start as usize).unwrap_or("");
        out.push_str(kept);
        map.keep(units(kept.len()));
        let before = out.len();
        out.extend(fix.with);
        map.replace(fix.span.len(), units(out.len() - before));
        done = fix.span.end as usize;
    }
    let rest = text.get(done..).unwrap_or("");
    out.push_str(rest);
    map.keep(units(rest.len()));
    (out, map.finish())
}

/// Join the pieces; between blocks stays what stood there, with two blank lines or more made one.
fn apply_joins(text: &str, repairs: &Repairs) -> (String, Alignment) {
    let (mut out, mut map, mut done) = (String::with_capacity(text.len()), AlignmentBuilder::default(), 0);
    let mut put = |map: &mut AlignmentBuilder, from: usize, to: usize, with: &str| {
        let was = text.get(from..to).unwrap_or("");
        out.push_str(with);
        // Equal ends of a break stay kept units, so that an untouched page has no edits.
        if was == with {
            map.keep(units(was.len()));
        } else {
            map.replace(units(was.len()), units(with.len()));
        }
    };
    for (i, piece) in repairs.pieces.iter().enumerate() {
        let (start, end) = (piece.span.start as usize, piece.span.end as usize);
        let between = text.get(done..start).unwrap_or("");
        let with = match piece.join {
            Join::Space if i > 0 => " ",
            Join::Glue if i > 0 => "",
            _ if i > 0 && !between.contains(['\n', '\r', '\u{2028}', '\u{2029}']) => "\n\n",
            _ => squeezed(between),
        };
        put(&mut map, done, start, with);
        put(&mut map, start, end, text.get(start..end).unwrap_or(""));
        done = end;
    }
    put(&mut map, done, text.len(), squeezed(text.get(done..).unwrap_or("")));
    (out, map.finish())
}

/// What stands between two blocks, with at most one blank line.
fn squeezed(between: &str) -> &str {
    if between.matches('\n').count() > 2 { "\n\n" } else { between }
}

/// The page repaired, and how its bytes correspond to those of `text`. Nothing to repair: the same text.
///
/// ```
/// use marsad::base::{Snap, Span};
/// use marsad::script::repair::repair;
/// let text = "عادت الحافلات إلى العمل ،بعد انقطاع.و\n\nأعلنت\n\nالبلدية أن الخطوط الجديدة تبدأ غدا.";
/// let (clean, map) = repair(text);
/// assert_eq!(clean, "عادت الحافلات إلى العمل، بعد انقطاع.\n\nوأعلنت البلدية أن الخطوط الجديدة تبدأ غدا.");
/// let at = u32::try_from(clean.find("البلدية").unwrap()).unwrap();
/// assert_eq!(map.to_original(Span::new(at, at + 14), Snap::Inner).of(text), Some("البلدية"));
/// ```
pub fn repair(text: &str) -> (String, Alignment) {
    let mut repairs = Repairs::default();
    scan(text, &mut repairs);
    let (fixed, first) = apply_fixes(text, &repairs);
    if !repairs.fixes.is_empty() {
        super::pieces(&fixed, &mut repairs);
    }
    let (joined, second) = apply_joins(&fixed, &repairs);
    match first.then(&second) {
        Ok(both) => (joined, both),
        Err(_) => (text.to_owned(), Alignment::identity(units(text.len()))),
    }
}
