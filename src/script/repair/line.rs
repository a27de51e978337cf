//! Lines and what can be seen of each by itself.

use crate::base::{Span, Src, offset};
use crate::script::class::{CharClass, class_of};
use crate::script::fold::fold_into;

use super::{Join, embed};

/// Words are counted up to here: more make no difference.
const ENOUGH: usize = 24;
/// A heading has at most this many words; a question one more than that.
const HEADING_WORDS: usize = 13;
/// And at most this many bytes, about two for a letter.
const HEADING_BYTES: usize = 200;

/// How a line ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Full stop or ellipsis.
    Stop,
    /// Question or exclamation mark.
    Question,
    /// Comma or semicolon.
    Comma,
    /// Colon.
    Colon,
    /// A word that cannot end a sentence: a particle, a verb of saying.
    Open,
    /// A و that belongs to the next word.
    Waw,
    /// Anything else.
    Plain,
}

/// A line that is not blank.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "independent observations")]
pub(super) struct Line {
    pub span: Span<Src>,
    /// Where the text ends before a و that is split off; else the end of the span.
    pub body_end: u32,
    /// Where a و begins that belongs to the next paragraph.
    pub split: Option<u32>,
    /// Blank lines before it.
    pub gap: u32,
    /// Words, up to [`ENOUGH`].
    pub words: usize,
    pub ending: Ending,
    /// One proclitic alone: و ف ب ل ك.
    pub clitic: bool,
    /// Begins as the middle of a sentence does.
    pub continues: Option<Join>,
    /// An item of a list, a row of a table: never joined, never a heading.
    pub item: bool,
    /// Has a sentence end before its last word.
    pub many: bool,
    pub embed: bool,
    pub heading: bool,
    pub join: Join,
}

impl Line {
    /// Long enough or complete enough to be running text.
    pub fn is_prose(&self) -> bool {
        !self.embed && !self.item && (self.words >= 10 || self.many || (self.ending == Ending::Stop && self.words >= 4))
    }
    /// A few words without an end.
    pub fn is_fragment(&self) -> bool {
        self.words <= 4 && matches!(self.ending, Ending::Plain | Ending::Open) && !self.item && !self.embed
    }
    /// Has the shape of a heading.
    pub fn is_headingish(&self) -> bool {
        matches!(self.ending, Ending::Plain | Ending::Question)
            && self.words <= HEADING_WORDS
            && self.span.len() as usize <= HEADING_BYTES
            && !self.item
            && !self.embed
            && !self.many
            && !self.clitic
            && self.continues.is_none()
    }
}

fn is_trimmed(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{61C}')
}

/// Where the line that begins at `from` ends, and where the next begins.
fn next_break(bytes: &[u8], from: usize) -> (usize, usize) {
    let mut at = from;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr3(b'\n', b'\r', 0xE2, rest)) {
        let here = at + found;
        match bytes[here..] {
            [b'\r', b'\n', ..] => return (here, here + 2),
            [b'\n' | b'\r', ..] => return (here, here + 1),
            [0xE2, 0x80, 0xA8 | 0xA9, ..] => return (here, here + 3),
            _ => at = here + 1,
        }
    }
    (bytes.len(), bytes.len())
}

/// Cut `text` into lines.
pub(super) fn split(text: &str, lines: &mut Vec<Line>, word: &mut String) {
    lines.clear();
    let (mut from, mut gap) = (0, 0);
    while from < text.len() {
        let (end, next) = next_break(text.as_bytes(), from);
        let raw = text.get(from..end).unwrap_or("");
        let body = raw.trim_matches(is_trimmed);
        if body.is_empty() {
            gap += 1;
        } else {
            let start = from + (raw.len() - raw.trim_start_matches(is_trimmed).len());
            lines.push(observe(body, start, gap, word));
            gap = 0;
        }
        from = next;
    }
}

fn observe(body: &str, start: usize, gap: u32, key: &mut String) -> Line {
    let span = Span::new(offset(start), offset(start + body.len()));
    let words = count_words(body);
    let mut line = Line {
        span,
        body_end: span.end,
        split: None,
        gap,
        words,
        ending: Ending::Plain,
        clitic: matches!(body, "و" | "ف" | "ب" | "ل" | "ك"),
        continues: None,
        item: is_item(body),
        many: false,
        embed: embed::is_embed(body, words),
        heading: false,
        join: Join::New,
    };
    if line.embed || line.clitic {
        return line;
    }
    line.ending = ending(body, key);
    if line.ending == Ending::Waw {
        let before = body.strip_suffix('و').unwrap_or(body).trim_end();
        if ends_sentence(before) {
            line.split = Some(span.end - offset('و'.len_utf8()));
            line.body_end = offset(start + before.len());
        }
    }
    line.continues = continues(body, key);
    line.many = has_inner_stop(body);
    line
}

/// The words of a line without surrounding white space, up to [`ENOUGH`].
fn count_words(body: &str) -> usize {
    let (mut words, mut inside) = (0, false);
    for (at, byte) in body.bytes().enumerate() {
        // White space beyond ASCII begins with one of these.
        let space = match byte {
            0xC2 | 0xE1..=0xE3 => body.get(at..).is_some_and(|rest| rest.starts_with(char::is_whitespace)),
            // The rest of a character goes with its first byte.
            0x80..=0xBF => continue,
            _ => matches!(byte, b' ' | 0x09..=0x0D),
        };
        words += usize::from(!space && !inside);
        inside = !space;
        if words == ENOUGH {
            break;
        }
    }
    words
}

/// `- `, `• `, `1. `, `2) `, `أ- `, or cells set apart by tabs or bars.
fn is_item(body: &str) -> bool {
    let mut chars = body.chars();
    match chars.next() {
        Some('-' | '–' | '—' | '•' | '*' | '●' | '▪' | '◦' | '■' | '·' | '|' | '+') => return true,
        Some(c) if class_of(c) == CharClass::Digit => {
            let rest = body.trim_start_matches(|c| class_of(c) == CharClass::Digit);
            let mut rest = rest.chars();
            if matches!(rest.next(), Some('.' | ')' | '-' | '–' | '/' | ':'))
                && rest.next().is_none_or(|c| c.is_whitespace())
            {
                return true;
            }
        }
        Some(c)
            if class_of(c) == CharClass::Arabic
                && matches!(chars.next(), Some('-' | '–' | ')' | '.'))
                && chars.next().is_some_and(char::is_whitespace) =>
        {
            return true;
        }
        _ => {}
    }
    memchr::memchr2(b'\t', b'|', body.as_bytes()).is_some()
}

fn is_closing(c: char) -> bool {
    matches!(c, '»' | '"' | '”' | '’' | '\'' | ')' | ']' | '}') || class_of(c) == CharClass::Mark
}

fn ends_sentence(body: &str) -> bool {
    matches!(body.trim_end_matches(is_closing).chars().next_back(), Some('.' | '…' | '؟' | '?' | '!'))
}

fn ending(body: &str, key: &mut String) -> Ending {
    let bare = body.trim_end_matches(is_closing);
    match bare.trim_end().chars().next_back() {
        Some('.' | '…' | '۔') => Ending::Stop,
        Some('؟' | '?' | '!') => Ending::Question,
        Some('،' | ',' | '؛' | ';') => Ending::Comma,
        Some(':') => Ending::Colon,
        Some('و') if bare.len() == body.len() => {
            let before = body.strip_suffix('و').and_then(|rest| rest.chars().next_back());
            match before {
                Some(c) if matches!(class_of(c), CharClass::Space | CharClass::Punct) => Ending::Waw,
                _ => Ending::Plain,
            }
        }
        _ => {
            let last = body.split_whitespace().next_back().unwrap_or("");
            if bare.len() == body.len() && is_open(last, key) { Ending::Open } else { Ending::Plain }
        }
    }
}

/// Words that need a complement, folded, without و and ف before them.
fn is_open(word: &str, key: &mut String) -> bool {
    if word.len() > 24 {
        return false;
    }
    key.clear();
    fold_into(word, key);
    let bare = |k: &str| {
        matches!(
            k,
            "في" | "من"
                | "الي"
                | "عن"
                | "مع"
                | "بين"
                | "منذ"
                | "خلال"
                | "ضد"
                | "نحو"
                | "عبر"
                | "دون"
                | "ان"
                | "بان"
                | "لان"
                | "انه"
                | "التي"
                | "الذي"
                | "الذين"
                | "اللذين"
                | "اللتين"
                | "بحسب"
                | "حسب"
                | "وفق"
                | "وفقا"
                | "نقلا"
                | "طبقا"
                | "حيث"
                | "كما"
                | "لكن"
                | "اذا"
                | "بينما"
                | "عندما"
                | "قال"
                | "قالت"
                | "يقول"
                | "تقول"
                | "ذكر"
                | "ذكرت"
                | "يذكر"
                | "تذكر"
                | "اعلن"
                | "اعلنت"
                | "يعلن"
                | "تعلن"
                | "اضاف"
                | "اضافت"
                | "اكد"
                | "اكدت"
                | "يوكد"
                | "توكد"
                | "افاد"
                | "افادت"
                | "اوضح"
                | "اوضحت"
                | "كشف"
                | "كشفت"
                | "اشار"
                | "اشارت"
                | "نقلت"
                | "نشرت"
                | "صرح"
                | "صرحت"
                | "وصف"
                | "وصفت"
                | "اعتبر"
                | "اعتبرت"
        )
    };
    // وان and فمن may be names; longer words with و or ف before them are not.
    bare(key) || key.strip_prefix(['و', 'ف']).is_some_and(|k| k.chars().count() >= 3 && bare(k))
}

fn continues(body: &str, key: &mut String) -> Option<Join> {
    let first = body.chars().next()?;
    if matches!(first, '،' | '؛' | ',' | ';' | '»' | ')' | ':') || (first == '.' && !body.starts_with("..")) {
        return Some(Join::Glue);
    }
    let word = body.split_whitespace().next()?;
    if word.len() > 24 {
        return None;
    }
    key.clear();
    fold_into(word, key);
    matches!(key.as_str(), "بان" | "التي" | "الذي" | "الذين" | "اللذين" | "اللتين" | "اللذان" | "اللتان")
        .then_some(Join::Space)
}

/// Whether a sentence ends before the last word.
fn has_inner_stop(body: &str) -> bool {
    let bytes = body.as_bytes();
    let mut from = 0;
    while let Some(found) = bytes.get(from..).and_then(|rest| memchr::memchr(b'.', rest)) {
        let at = from + found;
        from = at + 1;
        let after = body.get(at + 1..).unwrap_or("");
        let before = body.get(..at).unwrap_or("");
        // "د. أحمد", "1. 2", "..": no ends of sentences.
        let long = before
            .chars()
            .rev()
            .take_while(|c| class_of(*c) == CharClass::Arabic || class_of(*c) == CharClass::Mark)
            .take(3)
            .count();
        if long >= 3 && after.starts_with(char::is_whitespace) && !after.trim_start().is_empty() {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn counts_words_as_the_library_does(body in "[ \\ta\u{A0}\u{AD}\u{1680}\u{1681}\u{2003}\u{200B}\u{3000}\u{3001}ب]{0,60}") {
            prop_assert_eq!(count_words(&body), body.split_whitespace().take(ENOUGH).count());
        }
    }
}
