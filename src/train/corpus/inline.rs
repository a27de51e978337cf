//! Text with inline tags: `في <GPE>مدينة سرت</GPE>`. Tags nest and never cross.

use crate::base::{Label, Span, Src};
use crate::error::{Error, ErrorKind, Result};

use super::{Document, Gold, Reader};

/// A tag at the start of `text`: whether it closes, its name, its length.
fn tag(text: &str) -> Option<(bool, &str, usize)> {
    let rest = text.strip_prefix('<')?;
    let (closing, rest) = match rest.strip_prefix('/') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let end = rest.find('>')?;
    let name = &rest[..end];
    let good = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
    good.then_some((closing, name, end + 2 + usize::from(closing)))
}

/// The name of a tag for a default label that is not in capitals.
fn lowercase(rest: &str) -> Option<&str> {
    let name = rest.strip_prefix('/').unwrap_or(rest).split_once('>')?.0;
    Label::NAMES.iter().any(|label| label.eq_ignore_ascii_case(name)).then_some(name)
}

pub(super) fn read(name: &str, tagged: &str, reader: &mut Reader) -> Result<()> {
    let bad = |what: String| Error::new(ErrorKind::BadData, what);
    let mut text = String::with_capacity(tagged.len());
    let mut open: Vec<(Label, &str, usize)> = Vec::new();
    let mut mentions = Vec::new();
    let mut at = 0;
    while let Some(rest) = tagged.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some((closing, label, length)) = tag(rest) {
            let line = || tagged[..at].matches('\n').count() + 1;
            if !closing {
                open.push((reader.label(label)?, label, text.len()));
            } else {
                let Some((number, inner, start)) = open.pop() else {
                    return Err(bad(format!("line {}: </{label}> closes nothing", line())));
                };
                if inner != label {
                    return Err(bad(format!("line {}: </{label}> crosses <{inner}>, which is still open", line())));
                }
                if start == text.len() {
                    return Err(bad(format!("line {}: <{label}> holds nothing", line())));
                }
                mentions.push(Gold { span: span(start, text.len()), label: number });
            }
            at += length;
        } else if let Some(name) = rest.strip_prefix('<').and_then(lowercase) {
            let line = tagged[..at].matches('\n').count() + 1;
            return Err(bad(format!("line {line}: write <{}> in capitals, not <{name}>", name.to_ascii_uppercase())));
        } else {
            let next = rest.get(1..).and_then(|r| r.find('<')).map_or(rest.len(), |i| i + 1);
            let next = if rest.starts_with('<') { next } else { rest.find('<').unwrap_or(rest.len()) };
            text.push_str(&rest[..next]);
            at += next;
        }
    }
    if let Some((_, label, start)) = open.pop() {
        let line = text[..start].matches('\n').count() + 1;
        return Err(bad(format!("line {line}: <{label}> is never closed")));
    }
    reader.push(Document { name: name.to_owned(), text, mentions, ..Document::default() });
    Ok(())
}

pub(super) fn span(start: usize, end: usize) -> Span<Src> {
    Span::new(u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
}
