//! From tokens to terms: clitics off, digits joined over separators, letters and digits apart.

use crate::base::{Span, offset};
use crate::detect::NO_TERM;
use crate::script::source_offset;
use crate::segment::{Layout, Proclitics, Token, TokenKind};

use super::vocabulary::{self, lookup};
use super::{Item, Num, Term};

const PREFIXES: [(char, Proclitics); 5] =
    [('و', Proclitics::WA), ('ف', Proclitics::FA), ('ب', Proclitics::BI), ('ل', Proclitics::LI), ('ك', Proclitics::KA)];

fn is_conjunction(p: Proclitics) -> bool {
    p == Proclitics::WA || p == Proclitics::FA
}

/// A known stem in a key: what is attached, how many bytes of the key it takes, whether it has the article.
struct Stem {
    term: Term,
    joined: Proclitics,
    /// Where the stem begins in the key, with its article.
    at: usize,
    article: bool,
}

fn stem_of(key: &str) -> Option<Stem> {
    let whole = |rest: &str, at: usize, joined: Proclitics| {
        if let Some(bare) = rest.strip_prefix("ال")
            && let Some(term) = lookup(bare, true)
        {
            return Some(Stem { term, joined, at, article: true });
        }
        lookup(rest, false).map(|term| Stem { term, joined, at, article: false })
    };
    if let Some(stem) = whole(key, 0, Proclitics::default()) {
        return Some(stem);
    }
    let first = key.chars().next()?;
    let (_, outer) = PREFIXES.into_iter().find(|(letter, _)| *letter == first)?;
    let rest = &key[first.len_utf8()..];
    // Short stems after a letter are too often other words: كل, بين, لست.
    let attached = |rest: &str, at: usize, joined: Proclitics, last: Proclitics| {
        if last == Proclitics::LI
            && let Some(bare) = rest.strip_prefix('ل')
            && let Some(term) = lookup(bare, true)
        {
            return Some(Stem { term, joined, at, article: true });
        }
        whole(rest, at, joined).filter(|stem| {
            let sized = rest.chars().count() >= 3 || matches!(stem.term, Term::Num(_));
            is_conjunction(last) || stem.article || (sized && !vocabulary::is_trap(key))
        })
    };
    if let Some(stem) = attached(rest, first.len_utf8(), outer, outer) {
        return Some(stem);
    }
    if is_conjunction(outer) {
        let second = rest.chars().next()?;
        let (_, inner) = PREFIXES.into_iter().find(|(letter, p)| *letter == second && !is_conjunction(*p))?;
        let cut = first.len_utf8() + second.len_utf8();
        return attached(&rest[second.len_utf8()..], cut, outer.with(inner), inner);
    }
    None
}

/// What single letters and articles before a term say of it.
#[derive(Clone, Copy)]
struct Pending {
    joined: Proclitics,
    /// The article الـ, with its place and token.
    article: Option<(u32, u32)>,
    /// White space stands before the first of them.
    space: bool,
}

impl Pending {
    /// Take note of `joined` before what stands at a token.
    fn join<'a>(pending: &'a mut Option<Self>, joined: Proclitics, token: &Token) -> &'a mut Self {
        let pending = pending.get_or_insert(Self { joined, article: None, space: token.space_before });
        pending.joined = pending.joined.with(joined);
        pending
    }
}

/// Whether a character may stand inside a number between two digits.
fn is_separator(key: &str) -> bool {
    matches!(key, "." | "," | "،" | "٫" | "٬" | "/" | ":" | "-" | "–" | "ر" | "\\")
}

/// The terms of a run of tokens, appended to `out`.
pub fn read<'a>(text: &'a str, layout: &'a Layout, tokens: (u32, u32), out: &mut Vec<Item<'a>>) {
    let from = out.len();
    out.reserve(tokens.1.saturating_sub(tokens.0) as usize);
    let mut pending = None;
    let mut at = tokens.0;
    while at < tokens.1 {
        let Some(token) = layout.tokens.get(at as usize) else { break };
        let key = layout.key(token);
        match token.kind {
            _ if token.idle & NO_TERM != 0 => push(blank(key, token, at), &mut pending, out),
            TokenKind::Number => {
                at = number(text, layout, (at, tokens.1), &mut pending, out);
                continue;
            }
            // A tatweel alone is a dash.
            TokenKind::Word if key.is_empty() => {
                push(Item { term: Term::Punct('-'), ..blank(key, token, at) }, &mut pending, out)
            }
            TokenKind::Word => word(text, layout, at, token, &mut pending, out),
            TokenKind::Foreign if key.bytes().any(|b| b.is_ascii_digit()) => {
                split(text, token, key, at, &mut pending, out);
            }
            TokenKind::Punct => {
                let mark = key.chars().next().unwrap_or(' ');
                let term = lookup(key, false).unwrap_or(Term::Punct(mark));
                push(Item { term, ..blank(key, token, at) }, &mut pending, out);
            }
            _ => {
                let term = lookup(key, false).unwrap_or(Term::Other);
                push(Item { term, ..blank(key, token, at) }, &mut pending, out);
            }
        }
        at += 1;
    }
    split_ranges(text, from, out);
}

/// Whether a word, by its letters alone, may be a term or bear on the reading of the terms around it.
pub(in crate::detect::rules) fn may_tell(token: &Token, surface: &str, key: &str) -> bool {
    let digits = || key.bytes().any(|b| b.is_ascii_digit());
    match token.kind {
        TokenKind::Word => {
            key.chars().nth(1).is_none()
                || digits()
                || bare_article(key).is_some()
                || surface.starts_with("وأ")
                || matches!(key, "واحد" | "لست")
                || stem_of(key).is_some()
        }
        TokenKind::Number | TokenKind::Punct => true,
        TokenKind::Foreign if digits() => true,
        _ => lookup(key, false).is_some(),
    }
}

/// 10-15% are two numbers before one unit; the digits alone (3-1, 25-36) stay together.
fn split_ranges(text: &str, from: usize, out: &mut Vec<Item<'_>>) {
    let mut at = from;
    while let Some(found) = out.iter().skip(at).position(|item| matches!(item.term, Term::Digits)) {
        at += found;
        let item = out[at];
        let unit = out.get(at + 1).map(|next| next.term);
        let counted = matches!(
            unit,
            Some(Term::Percent | Term::Measure(_) | Term::Currency(_) | Term::Num(Num::Scale(..)) | Term::Unit(..))
        );
        let marks = |c: char| c == '-' || c == '–';
        if counted
            && let Some((first, second)) = item.key.split_once(marks)
            && !second.contains(marks)
            && let Some(dash) = item.span.slice(text).find(marks)
        {
            let width = item.key.len() - first.len() - second.len();
            let dash = item.span.start + offset(dash);
            let after = dash + offset(width);
            out[at] = Item { key: first, span: Span::new(item.span.start, dash), ..item };
            let mark = Item {
                key: "-",
                term: Term::Punct('-'),
                joined: Proclitics::default(),
                article: false,
                span: Span::new(dash, after),
                token: item.token,
                space: false,
            };
            let last = Item { key: second, term: Term::Digits, span: Span::new(after, item.span.end), ..mark };
            out.splice(at + 1..at + 1, [mark, last]);
        }
        at += 1;
    }
}

fn blank<'a>(key: &'a str, token: &Token, at: u32) -> Item<'a> {
    Item {
        key,
        term: Term::Other,
        joined: Proclitics::default(),
        article: false,
        span: token.span,
        token: at,
        space: token.space_before,
    }
}

fn push<'a>(mut item: Item<'a>, pending: &mut Option<Pending>, out: &mut Vec<Item<'a>>) {
    if let Some(pending) = pending.take() {
        item.joined = item.joined.with(pending.joined);
        if let Some((start, token)) = pending.article {
            item.article = true;
            if !item.space {
                item.span = Span::new(start, item.span.end);
                item.token = token;
            }
        }
        item.space = pending.space;
    }
    out.push(item);
}

fn word<'a>(
    text: &'a str,
    layout: &'a Layout,
    at: u32,
    token: &Token,
    pending: &mut Option<Pending>,
    out: &mut Vec<Item<'a>>,
) {
    let key = layout.key(token);
    if key.bytes().any(|b| b.is_ascii_digit()) {
        return split(text, token, key, at, pending, out);
    }
    let next = layout.tokens.get(at as usize + 1);
    let before_digits = next.is_some_and(|n| n.kind == TokenKind::Number);
    if let Some(&(_, joined)) = PREFIXES.iter().find(|(letter, _)| key.strip_prefix(*letter) == Some(""))
        && (before_digits || joined == Proclitics::WA)
    {
        Pending::join(pending, joined, token);
        return;
    }
    // الـ, والـ, بالـ, للـ before digits.
    if before_digits && let Some((joined, cut)) = bare_article(key) {
        let start = token.span.start + offset(source_offset(token.span.slice(text), cut));
        Pending::join(pending, joined, token).article = Some((start, at));
        return;
    }
    let surface = token.span.slice(text);
    // وأحد is و + أحد, though the fold is that of واحد; so is واحد before عشر.
    let eleven = key == "واحد" && next.is_some_and(|n| layout.key(n) == "عشر");
    let is_number = |t: &Token| matches!(stem_of(layout.key(t)), Some(Stem { term: Term::Num(_), .. }));
    let reread = if eleven || surface.starts_with("وأ") {
        Some(Proclitics::WA)
    } else if key == "لست" && next.is_some_and(is_number) {
        Some(Proclitics::LI)
    } else {
        None
    };
    let rest = reread.and_then(|joined| {
        let cut = key.chars().next()?.len_utf8();
        let stem = stem_of(key.get(cut..)?).filter(|stem| stem.joined.is_empty())?;
        Some(Stem { joined, at: stem.at + cut, ..stem })
    });
    let stem = rest.or_else(|| stem_of(key));
    let item = match stem.filter(|stem| !vocabulary::is_misread(&stem.term, stem.article, surface)) {
        Some(stem) => {
            let start = if stem.at == 0 { 0 } else { source_offset(surface, stem.at) };
            let mut term = stem.term;
            if let Term::Month(calendar, n, _) = term
                && vocabulary::is_sure_spelling(surface.get(start..).unwrap_or(""))
            {
                term = Term::Month(calendar, n, true);
            }
            Item {
                key: key.get(stem.at..).unwrap_or(key),
                term,
                joined: stem.joined,
                article: stem.article,
                span: Span::new(token.span.start + offset(start), token.span.end),
                ..blank(key, token, at)
            }
        }
        None => blank(key, token, at),
    };
    push(item, pending, out);
}

fn bare_article(key: &str) -> Option<(Proclitics, usize)> {
    Some(match key {
        "ال" => (Proclitics::default(), 0),
        "لل" => (Proclitics::LI, 'ل'.len_utf8()),
        "وال" => (Proclitics::WA, 'و'.len_utf8()),
        "بال" => (Proclitics::BI, 'ب'.len_utf8()),
        "فال" => (Proclitics::FA, 'ف'.len_utf8()),
        "كال" => (Proclitics::KA, 'ك'.len_utf8()),
        _ => return None,
    })
}

/// Digits and what is joined to them by separators, over several tokens where the tokenizer cuts there.
fn number<'a>(
    text: &'a str,
    layout: &'a Layout,
    (at, limit): (u32, u32),
    pending: &mut Option<Pending>,
    out: &mut Vec<Item<'a>>,
) -> u32 {
    let Some(first) = layout.tokens.get(at as usize) else { return at + 1 };
    let mut last = at;
    let glued = |i: u32| layout.tokens.get(i as usize).filter(|t| i < limit && !t.space_before);
    while let (Some(mark), Some(digits)) = (glued(last + 1), glued(last + 2)) {
        let joins = is_separator(layout.key(mark)) && digits.kind == TokenKind::Number;
        if !joins {
            break;
        }
        last += 2;
    }
    let Some(end) = layout.tokens.get(last as usize) else { return at + 1 };
    let key = layout.keys.get(first.key.0 as usize..end.key.1 as usize).unwrap_or("");
    if key.chars().all(|c| c.is_ascii_digit() || is_separator(c.encode_utf8(&mut [0; 4]))) {
        let span = Span::new(first.span.start, end.span.end);
        push(Item { term: Term::Digits, span, ..blank(key, first, at) }, pending, out);
    } else {
        split(text, first, layout.key(first), at, pending, out);
        last = at;
    }
    last + 1
}

/// A token of digits and letters (`17سنة`, `نوفمبر2014`, `30%`), a term for each run.
fn split<'a>(
    text: &'a str,
    token: &Token,
    key: &'a str,
    at: u32,
    pending: &mut Option<Pending>,
    out: &mut Vec<Item<'a>>,
) {
    let surface = token.span.slice(text);
    let mut from = 0;
    let mut space = token.space_before;
    while from < key.len() {
        let rest = &key[from..];
        let is_digit = |c: char| c.is_ascii_digit();
        let numeric = rest.starts_with(is_digit);
        let mut len = 0;
        for (i, c) in rest.char_indices() {
            let inside = if numeric {
                is_digit(c)
                    || (is_separator(c.encode_utf8(&mut [0; 4])) && rest[i + c.len_utf8()..].starts_with(is_digit))
            } else {
                !is_digit(c)
            };
            if !inside {
                break;
            }
            len = i + c.len_utf8();
        }
        if len == 0 {
            break;
        }
        let part = &rest[..len];
        let span = Span::new(
            token.span.start + offset(source_offset(surface, from)),
            token.span.start + offset(source_offset(surface, from + len)),
        );
        let mut item = Item { span, space, ..blank(part, token, at) };
        if numeric {
            item.term = Term::Digits;
        } else if let Some(stem) = stem_of(part) {
            item.term = stem.term;
            item.article = stem.article;
            item.joined = stem.joined;
            item.key = part.get(stem.at..).unwrap_or(part);
            item.span = Span::new(token.span.start + offset(source_offset(surface, from + stem.at)), span.end);
        }
        push(item, pending, out);
        space = false;
        from += len;
    }
}
