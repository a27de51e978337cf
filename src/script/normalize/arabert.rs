//! The preprocessing that AraBERT's second generation was trained on, without Farasa: a chain of rewritings, each
//! over the whole text. Kept letter for letter, so that a model fed by Marsad sees what it saw in training.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::compile::is_space;
use crate::base::{Alignment, AlignmentBuilder, offset};
use crate::script::entities::ENTITIES;

/// A text on its way through the chain.
struct Rewriting {
    text: String,
    map: Alignment,
}

impl Rewriting {
    /// Put each string in place of its range. The ranges are in order and do not overlap.
    fn put(&mut self, edits: Vec<(Range<usize>, String)>) {
        if edits.is_empty() {
            return;
        }
        let (mut text, mut map, mut done) = (String::with_capacity(self.text.len()), AlignmentBuilder::default(), 0);
        for (range, with) in edits {
            let kept = self.text.get(done..range.start).unwrap_or("");
            text.push_str(kept);
            text.push_str(&with);
            map.keep(offset(kept.len()));
            map.replace(offset(range.len()), offset(with.len()));
            done = range.end;
        }
        let rest = self.text.get(done..).unwrap_or("");
        text.push_str(rest);
        map.keep(offset(rest.len()));
        if let Ok(map) = self.map.then(&map.finish()) {
            *self = Self { text, map };
        }
    }

    fn replace(&mut self, pattern: &Regex, with: &str) {
        let edits: Vec<_> = pattern.find_iter(&self.text).map(|m| (m.range(), with.to_owned())).collect();
        self.put(edits);
    }

    fn replace_chars(&mut self, with: impl Fn(char) -> Option<&'static str>) {
        let edits: Vec<_> = self
            .text
            .char_indices()
            .filter_map(|(at, c)| with(c).map(|with| (at..at + c.len_utf8(), with.to_owned())))
            .collect();
        self.put(edits);
    }

    /// A space before, between and after the groups of each match, or around the match when there are none.
    fn set_apart(&mut self, pattern: &Regex) {
        let space = |at: usize| (at..at, " ".to_owned());
        let edits: Vec<_> = pattern
            .captures_iter(&self.text)
            .flat_map(|found| {
                let whole = found.get(0).map_or(0..0, |m| m.range());
                let between = found.get(1).map(|m| m.end()).filter(|end| *end < whole.end);
                [Some(whole.start), between, Some(whole.end)].into_iter().flatten().map(space).collect::<Vec<_>>()
            })
            .collect();
        self.put(edits);
    }
}

struct Patterns {
    urls: Vec<Regex>,
    emails: Vec<Regex>,
    mention: Regex,
    tag: Regex,
    apart: Regex,
    number_word: Regex,
    word_number: Regex,
}

/// `None` would mean that a pattern of this file is malformed; a test compiles them.
static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    let all = |patterns: &[&str]| patterns.iter().map(|p| Regex::new(p)).collect::<Result<Vec<_>, _>>().ok();
    Some(Patterns {
        urls: all(&[
            r"(http(s)?://.)?(www\.)?[-a-zA-Z0-9@:%._+~#=]{2,256}\.[a-z]{2,6}\b([-a-zA-Z0-9@:%_+.~#?&/=]*)",
            r"https?://[a-zA-Z0-9_\-./~?=%&]+",
            r"www[a-zA-Z0-9_\-?=%&/.~]+",
            r"[a-zA-Z]+\.com",
            r"http\S*",
            r"www\S*",
            r"://",
        ])?,
        emails: all(&[r"[\p{L}\p{N}_-]+@([\p{L}\p{N}_-]+\.)+[\p{L}\p{N}_-]+", r"\S+@\S+"])?,
        mention: Regex::new(r"@[\p{L}\p{N}_]+").ok()?,
        tag: Regex::new(r"</?[^>]+>").ok()?,
        apart: Regex::new(r"[^0-9\x{621}-\x{63A}\x{641}-\x{64A}\x{660}-\x{669}a-zA-Z\[\]]").ok()?,
        number_word: Regex::new(r"(\d+)[\x{621}-\x{63A}\x{641}-\x{64A}\x{660}-\x{66C}]+").ok()?,
        word_number: Regex::new(r"([\x{621}-\x{63A}\x{641}-\x{64A}\x{660}-\x{66C}]+)\d+").ok()?,
    })
});

/// Characters that AraBERT's vocabulary knows.
fn is_known(c: char) -> bool {
    matches!(c, '0'..='9' | 'a'..='z' | 'A'..='Z' | '\u{621}'..='\u{63A}' | '\u{640}'..='\u{66C}' | '\u{671}'..='\u{674}')
        || is_space(c)
        || "[]!\"#$%'()*+,.:;-<=·>?@\\^_`{|}~—٪’،؟\u{B4D}“؛”\u{6DA}»«–…‘".contains(c)
}

/// `text` as AraBERT's preprocessor gives it.
pub(super) fn preprocess(text: &str) -> (String, Alignment) {
    let mut now = Rewriting { text: text.to_owned(), map: Alignment::identity(offset(text.len())) };
    let Some(patterns) = &*PATTERNS else { return (now.text, now.map) };
    let edits = unescaped(&now.text);
    now.put(edits);
    now.replace_chars(|c| matches!(c, '\u{64B}'..='\u{652}' | '\u{640}').then_some(""));
    for url in &patterns.urls {
        now.replace(url, " [رابط] ");
    }
    for email in &patterns.emails {
        now.replace(email, " [بريد] ");
    }
    now.replace(&patterns.mention, " [مستخدم] ");
    now.replace(&patterns.tag, " ");
    now.replace_chars(|c| {
        let digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
        u32::from(c).checked_sub(0x660).and_then(|value| digits.get(value as usize)).copied()
    });
    let edits = repeated(&now.text);
    now.put(edits);
    now.set_apart(&patterns.apart);
    now.set_apart(&patterns.number_word);
    now.set_apart(&patterns.word_number);
    now.replace_chars(|c| (c == '/').then_some("-"));
    now.replace_chars(|c| (!is_known(c)).then_some(" "));
    let edits = collapsed(&now.text);
    now.put(edits);
    (now.text, now.map)
}

/// Runs of three and more of a character that is no digit keep two.
fn repeated(text: &str) -> Vec<(Range<usize>, String)> {
    let mut edits = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let mut count = 1;
        while chars.next_if(|(_, next)| *next == c).is_some() {
            count += 1;
        }
        let is_digit = c.is_ascii_digit() || (!c.is_ascii() && c.is_numeric() && is_decimal(c));
        if count > 2 && !is_digit {
            edits.push((at + 2 * c.len_utf8()..at + count * c.len_utf8(), String::new()));
        }
    }
    edits
}

fn is_decimal(c: char) -> bool {
    static DECIMAL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\d$").ok());
    DECIMAL.as_ref().is_some_and(|decimal| decimal.is_match(c.encode_utf8(&mut [0; 4])))
}

/// One space for each run of white space, none at the ends.
fn collapsed(text: &str) -> Vec<(Range<usize>, String)> {
    let mut edits = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !is_space(c) {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((at, c)) = chars.next_if(|(_, next)| is_space(*next)) {
            end = at + c.len_utf8();
        }
        let with = if at == 0 || end == text.len() { "" } else { " " };
        if text.get(at..end) != Some(with) {
            edits.push((at..end, with.to_owned()));
        }
    }
    edits
}

/// Entities, as browsers read them.
fn unescaped(text: &str) -> Vec<(Range<usize>, String)> {
    let mut edits = Vec::new();
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| memchr::memchr(b'&', rest.as_bytes())) {
        let at = from + found;
        from = at + 1;
        if let Some((len, with)) = text.get(from..).and_then(entity) {
            from += len;
            edits.push((at..from, with));
        }
    }
    edits
}

/// The entity at the start of `rest`, which follows an ampersand: its length and meaning.
fn entity(rest: &str) -> Option<(usize, String)> {
    if let Some(number) = rest.strip_prefix('#') {
        let (radix, digits, before) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (16, digits, 2),
            None => (10, number, 1),
        };
        let len = digits.bytes().take_while(|b| char::from(*b).is_digit(radix)).count();
        let code = digits.get(..len).filter(|digits| !digits.is_empty())?;
        let semicolon = usize::from(digits.as_bytes().get(len) == Some(&b';'));
        let c = match u32::from_str_radix(code, radix).ok().map(char::from_u32) {
            Some(Some('\0')) | Some(None) | None => Some('\u{FFFD}'),
            Some(Some(c)) => (!c.is_control() || c.is_whitespace()).then_some(c),
        };
        return Some((before + len + semicolon, c.map(String::from).unwrap_or_default()));
    }
    let len = rest.bytes().take(32).take_while(u8::is_ascii_alphanumeric).count();
    let name = rest.get(..len)?;
    let find = |name: &str| ENTITIES.binary_search_by_key(&name, |(known, ..)| known).ok().map(|at| &ENTITIES[at]);
    if rest.as_bytes().get(len) == Some(&b';')
        && let Some((_, c, _)) = find(name)
    {
        return Some((len + 1, c.to_string()));
    }
    // The longest beginning that needs no semicolon.
    (2..=len).rev().find_map(|len| {
        let (_, c, bare) = name.get(..len).and_then(find)?;
        bare.then(|| (len, c.to_string()))
    })
}
