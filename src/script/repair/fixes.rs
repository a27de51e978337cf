//! Small damage inside lines: a space before a comma, leftovers of HTML.

use crate::base::{Span, Src, offset};
use crate::script::class::{CharClass, class_of};
use crate::script::entities::ENTITIES;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FixKind {
    /// A space before a comma or semicolon.
    SpaceBeforeComma,
    /// No space after a comma that had one before it.
    SpaceAfterComma,
    /// A tag of HTML.
    Tag,
    /// A character written as `&name;` or `&#number;`.
    Entity,
}

/// A small change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Bytes of the source; empty where something is missing.
    pub span: Span<Src>,
    /// What is wrong.
    pub kind: FixKind,
    /// What should stand there; `None` for nothing.
    pub with: Option<char>,
}

/// Append what is damaged in `text`, in order.
pub(super) fn find(text: &str, out: &mut Vec<Fix>) {
    let bytes = text.as_bytes();
    let mut from = 0;
    // 0x8C and 0x9B end ، and ؛.
    let mut html = memchr::memchr2_iter(b'<', b'&', bytes).peekable();
    let mut commas = memchr::memchr3_iter(0x8C, 0x9B, b',', bytes).peekable();
    loop {
        let (h, c) = (html.peek().copied(), commas.peek().copied());
        match (h, c) {
            (None, None) => break,
            (Some(at), next) if next.is_none_or(|c| at < c) => {
                html.next();
                if at >= from
                    && let Some((end, kind, with)) = markup(text, at)
                {
                    out.push(Fix { span: Span::new(offset(at), offset(end)), kind, with });
                    from = end;
                }
            }
            (_, Some(at)) => {
                commas.next();
                if at >= from {
                    from = comma(text, at, from, out);
                }
            }
            (Some(_), None) => break,
        }
    }
}

/// The comma that ends at byte `last`; returns up to where the text is dealt with.
fn comma(text: &str, last: usize, from: usize, out: &mut Vec<Fix>) -> usize {
    let bytes = text.as_bytes();
    let start = match bytes[last] {
        b',' => last,
        _ if last > 0 && bytes[last - 1] == 0xD8 => last - 1,
        _ => return from,
    };
    let Some(before) = text.get(from..start) else { return from };
    let kept = before.trim_end_matches(|c: char| class_of(c) == CharClass::Space);
    let Some(previous) = kept.chars().next_back() else { return from };
    let belongs = matches!(class_of(previous), CharClass::Arabic | CharClass::Mark | CharClass::Digit)
        || matches!(previous, '»' | ')' | '"' | '”');
    if kept.len() == before.len() || !belongs {
        return from;
    }
    let next = text.get(last + 1..).and_then(|rest| rest.chars().next());
    // " ,5" may be a number.
    if bytes[last] == b',' && next.is_some_and(|c| class_of(c) == CharClass::Digit) {
        return from;
    }
    out.push(Fix {
        span: Span::new(offset(from + kept.len()), offset(start)),
        kind: FixKind::SpaceBeforeComma,
        with: None,
    });
    if next.is_some_and(|c| class_of(c) == CharClass::Arabic) {
        out.push(Fix {
            span: Span::new(offset(last + 1), offset(last + 1)),
            kind: FixKind::SpaceAfterComma,
            with: Some(' '),
        });
    }
    last + 1
}

const LONGEST_TAG: usize = 400;
const TAGS: [&str; 40] = [
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "blockquote",
    "br",
    "center",
    "cite",
    "code",
    "div",
    "em",
    "figcaption",
    "figure",
    "font",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "iframe",
    "img",
    "li",
    "ol",
    "p",
    "script",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "u",
    "ul",
];
const BREAKING: [&str; 19] = [
    "article",
    "aside",
    "blockquote",
    "br",
    "div",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "p",
    "section",
];

/// The end, kind and replacement of the markup that begins at `at`.
fn markup(text: &str, at: usize) -> Option<(usize, FixKind, Option<char>)> {
    let rest = text.get(at..)?;
    if rest.starts_with('<') {
        tag(rest).map(|(n, with)| (at + n, FixKind::Tag, with))
    } else {
        entity(rest).map(|(n, c)| (at + n, FixKind::Entity, Some(c)))
    }
}

fn tag(rest: &str) -> Option<(usize, Option<char>)> {
    let window = rest.as_bytes().get(..rest.len().min(LONGEST_TAG))?;
    if window.starts_with(b"<!--") {
        let close = memchr::memmem::find(window, b"-->")?;
        return Some((close + 3, None));
    }
    let close = memchr::memchr(b'>', window)?;
    let inner = rest.get(1..close)?.trim_start_matches('/');
    let name_len = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (name, after) = inner.split_at_checked(name_len)?;
    if !(after.is_empty() || after.starts_with([' ', '/', '\n', '\t'])) {
        return None;
    }
    let known = |list: &[&str]| list.iter().any(|known| known.eq_ignore_ascii_case(name));
    known(&TAGS).then(|| (close + 1, known(&BREAKING).then_some('\n')))
}

fn known_entity(name: &str) -> Option<char> {
    let at = ENTITIES.binary_search_by_key(&name, |(known, ..)| known).ok()?;
    // A space that must not break is a space.
    Some(ENTITIES[at].1).map(|c| if c == '\u{A0}' { ' ' } else { c })
}

fn entity(rest: &str) -> Option<(usize, char)> {
    let window = rest.as_bytes().get(1..rest.len().min(12))?;
    let close = memchr::memchr(b';', window)?;
    let name = rest.get(1..1 + close)?;
    let c = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        match code {
            0xA0 => ' ',
            _ => char::from_u32(code).filter(|c| !c.is_control() || *c == '\n')?,
        }
    } else {
        known_entity(name)?
    };
    Some((close + 2, c))
}
