//! Which lines belong together, and which are headings. Every rule needs evidence that an intact page does
//! not give: a lone و, a line that breaks off, a fragment between two halves of a sentence.

use super::Join;
use super::line::{Ending, Line};

/// Join what was cut.
pub(super) fn decide(lines: &mut [Line]) {
    let wide_headings = lines.iter().skip(1).any(|l| l.gap >= 2 && l.is_headingish());
    for i in 1..lines.len() {
        let (before, rest) = lines.split_at_mut(i);
        let [line, after @ ..] = rest else { continue };
        let Some(previous) = before.last() else { continue };
        if line.embed || line.item || previous.embed || previous.item {
            continue;
        }
        let earlier = before.len().checked_sub(2).and_then(|at| before.get(at));
        line.join = join(earlier, previous, line, after.first(), wide_headings);
    }
    // A و at the end of a line with nothing to join stays where it is.
    for i in 0..lines.len() {
        let glued = lines.get(i + 1).is_some_and(|next| next.join == Join::Glue);
        let line = &mut lines[i];
        if !glued && line.split.is_some() {
            line.split = None;
            line.body_end = line.span.end;
        }
    }
}

/// How `line` continues `previous`, whose own join is known.
fn join(earlier: Option<&Line>, previous: &Line, line: &Line, next: Option<&Line>, wide_headings: bool) -> Join {
    // A lone proclitic or a و at the end takes the next word, whatever that is.
    if previous.clitic || previous.ending == Ending::Waw {
        return if line.clitic { Join::New } else { Join::Glue };
    }
    let next = next.filter(|n| !n.embed && !n.item);
    let next_is_prose = next.is_some_and(|n| n.is_prose() || matches!(n.ending, Ending::Comma | Ending::Waw));
    let near = line.gap <= 1 || next.is_some_and(|n| line.gap <= n.gap);
    let broke_off = previous.words >= 5 && !previous.is_fragment();

    // A line that begins as the middle of a sentence.
    if let Some(how) = line.continues
        && matches!(previous.ending, Ending::Plain | Ending::Open)
        && near
        && (previous.join != Join::New
            || (how == Join::Glue && broke_off)
            || (how == Join::Space && previous.is_fragment()))
    {
        return how;
    }
    // A line that broke off at a word that needs a complement.
    if previous.ending == Ending::Open && near && (line.is_prose() || line.is_fragment()) {
        return Join::Space;
    }
    // After a fragment that itself was joined to something before it, or that opens a paragraph.
    if previous.is_fragment()
        && line.gap <= 1
        && (line.is_prose() || line.ending == Ending::Comma)
        && (previous.join != Join::New || opens_paragraph(earlier, previous, line, wide_headings))
    {
        return Join::Space;
    }
    // After a comma: a fragment between two halves, or the other half itself.
    if previous.ending == Ending::Comma && broke_off && near {
        let in_list = earlier.is_some_and(|e| e.ending == Ending::Comma && e.join == Join::New);
        let bridge = line.clitic || (line.is_fragment() && next_is_prose);
        if bridge || (!in_list && previous.words >= 7 && line.is_prose() && line.ending == Ending::Stop) {
            return Join::Space;
        }
    }
    // A fragment or a lone و after running text without an end, when what follows goes on with the sentence.
    if previous.ending == Ending::Plain && near {
        let goes_on = next.is_some_and(|n| n.continues.is_some());
        if (line.clitic && previous.words >= 8) || (line.is_fragment() && goes_on && broke_off) {
            return Join::Space;
        }
    }
    Join::New
}

/// A linked first word of a paragraph: one word right after a heading, or among paragraphs where headings
/// stand farther apart.
fn opens_paragraph(earlier: Option<&Line>, fragment: &Line, line: &Line, wide_headings: bool) -> bool {
    if fragment.words != 1 || !line.is_prose() {
        return false;
    }
    let Some(earlier) = earlier else { return false };
    if earlier.is_headingish() && !earlier.is_prose() && earlier.join == Join::New {
        return fragment.gap > line.gap;
    }
    wide_headings && fragment.gap == 1 && line.gap == 1 && earlier.ending == Ending::Stop
}

/// Mark titles and section headings: short lines without a stop, before running text.
pub(super) fn mark_headings(lines: &mut [Line]) {
    // From the end: how many heading-shaped lines stand between here and running text.
    let mut run: Option<usize> = None;
    for i in (0..lines.len()).rev() {
        let joined_next = lines.get(i + 1).is_some_and(|next| next.join != Join::New);
        let starts_item = lines.get(i + 1).is_some_and(|next| next.item && !lines[i].embed);
        let awaited = i.checked_sub(1).is_some_and(|before| {
            matches!(lines[before].ending, Ending::Comma | Ending::Colon | Ending::Open) && !lines[before].embed
        });
        let line = &mut lines[i];
        if line.embed {
            continue;
        }
        let alone = line.join == Join::New && !joined_next && !awaited;
        if alone && line.is_headingish() && !starts_item {
            run = run.map(|n| n + 1);
            line.heading = run.is_some();
        } else {
            let prose = line.is_prose() || !alone;
            run = prose.then_some(0);
        }
    }
    // Three or more in a row are a list, a poem or a table; the first of the page are its titles.
    let mut i = 0;
    while i < lines.len() {
        let length = lines.iter().skip(i).take_while(|l| l.heading || l.embed).filter(|l| l.heading).count();
        if length == 0 {
            i += 1;
            continue;
        }
        let span = lines.iter().skip(i).take_while(|l| l.heading || l.embed).count();
        let allowed = if i == 0 { 4 } else { 2 };
        if length > allowed {
            lines.iter_mut().skip(i).take(span).for_each(|l| l.heading = false);
        }
        i += span;
    }
}
