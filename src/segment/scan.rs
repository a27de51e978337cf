//! The scanner: cuts text into pieces by class of character, knowing nothing of words.
//!
//! What it decides:
//!
//! - Arabic letters with their marks and tatweel are one [`TokenKind::Word`]. Tatweel stays with the letter before
//!   it, so `لـ«` gives `لـ` and `«`. Invisible controls belong to a token only between its characters.
//! - Digits are one [`TokenKind::Number`] with `.` and `٫` between them, and with `,` `٬` `،` where they part
//!   thousands or decimals. `/`, `-` and `:` stay apart: `2016/12/08` is five tokens, which the rules read.
//! - Arabic letters and digits always part (`و2017`, `إف-16`). Latin letters keep the digits, hyphens and
//!   apostrophes that join them (`F-16`, `Coca-Cola`, `5G`), and the dots of initials (`U.S`).
//! - URLs, bare domains, e-mail addresses, `@handles` and `#hashtags` are whole.
//! - Runs of one mark of punctuation are one token (`...`), brackets and quotes stand one by one.

use crate::base::{Span, Src};
use crate::script::class::{CharClass, arabic_letters, class_of};

use super::{TokenKind, web};

/// A token before its word is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Bytes of the source.
    pub span: Span<Src>,
    /// What it is.
    pub kind: TokenKind,
    /// White space (or the start) stands before it.
    pub space_before: bool,
}

/// Iterates over the [`Piece`]s of a part of a text.
///
/// ```
/// use marsad::segment::scan::Scanner;
/// let text = "في 12.5% من لـ«سرت»";
/// let pieces: Vec<&str> = Scanner::new(text).map(|p| p.span.slice(text)).collect();
/// assert_eq!(pieces, ["في", "12.5", "%", "من", "لـ", "«", "سرت", "»"]);
/// ```
#[derive(Clone, Debug)]
pub struct Scanner<'a> {
    /// The text up to the end of the part.
    text: &'a str,
    at: usize,
    space: bool,
    /// No address begins before this byte: it was looked for.
    plain_until: usize,
}

/// Controls and selectors that show nothing.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}'
            | '\u{61C}'
            | '\u{AD}'
    )
}

pub(crate) fn is_decimal(c: char) -> bool {
    matches!(c, '0'..='9' | '\u{660}'..='\u{669}' | '\u{6F0}'..='\u{6F9}')
}

/// Marks that stand one by one even when repeated.
fn stands_alone(c: char) -> bool {
    matches!(
        c,
        '(' | ')'
            | '['
            | ']'
            | '{'
            | '}'
            | '«'
            | '»'
            | '"'
            | '“'
            | '”'
            | '„'
            | '‘'
            | '’'
            | '‹'
            | '›'
            | '<'
            | '>'
            | '﴾'
            | '﴿'
            | '،'
    )
}

impl<'a> Scanner<'a> {
    /// Scan all of `text`.
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, space: true, plain_until: 0 }
    }

    /// Scan a part of `text`; nothing when the span is off a boundary.
    pub fn of(text: &'a str, span: Span<Src>) -> Self {
        let at = span.start as usize;
        let head = text.get(..span.end as usize).filter(|head| head.is_char_boundary(at));
        let (text, at) = head.map_or(("", 0), |head| (head, at));
        Self { text, at, space: true, plain_until: at }
    }

    fn rest(&self, at: usize) -> &'a str {
        self.text.get(at..).unwrap_or("")
    }

    fn char(&self, at: usize) -> Option<char> {
        self.rest(at).chars().next()
    }

    /// The end of the run of characters from `at` that `keep` accepts, without invisible ones at its end.
    fn run(&self, at: usize, mut keep: impl FnMut(char) -> bool) -> usize {
        let mut end = at;
        for (i, c) in self.rest(at).char_indices() {
            if is_invisible(c) {
                continue;
            }
            if !keep(c) {
                break;
            }
            end = at + i + c.len_utf8();
        }
        end
    }

    /// The end of the run of plain digits from `at`, and how many there are.
    fn digits(&self, at: usize) -> (usize, usize) {
        let (mut end, mut count) = (at, 0);
        for c in self.rest(at).chars() {
            if !is_decimal(c) {
                break;
            }
            end += c.len_utf8();
            count += 1;
        }
        (end, count)
    }

    /// A word that begins with so many bytes of plain letters.
    fn word(&self, plain: usize) -> (usize, TokenKind) {
        let mut letters = plain > 0;
        let plain = self.at + plain;
        // Most words end with them, before a space or a mark of ASCII.
        if letters && self.text.as_bytes().get(plain).is_none_or(u8::is_ascii) {
            return (plain, TokenKind::Word);
        }
        let end = self.run(plain, |c| {
            let class = class_of(c);
            letters |= class == CharClass::Arabic;
            matches!(class, CharClass::Arabic | CharClass::Mark)
        });
        (end, if letters { TokenKind::Word } else { TokenKind::Punct })
    }

    fn number(&self) -> (usize, TokenKind) {
        let (mut end, mut group) = self.digits(self.at);
        if group == 0 {
            // A fraction or a superscript: numeric, but no decimal digit.
            return (self.at + self.char(self.at).map_or(1, char::len_utf8), TokenKind::Number);
        }
        let mut separators = 0;
        while let Some(separator) = self.char(end) {
            let next = end + separator.len_utf8();
            let (after, size) = self.digits(next);
            let again = self.char(after) == Some(separator) && self.digits(after + separator.len_utf8()).1 > 0;
            let joins = size > 0
                && match separator {
                    '.' | '٫' => true,
                    '،' => size == 3 && group <= 3,
                    ',' | '٬' => group <= 3 && (size == 3 || (size <= 2 && separators == 0 && !again)),
                    _ => false,
                };
            if !joins {
                break;
            }
            (end, group) = (after, size);
            separators += 1;
        }
        let short = separators == 0 && group <= 2;
        if short && self.char(end).is_some_and(|c| c.is_ascii_uppercase()) {
            return (self.foreign(end), TokenKind::Foreign);
        }
        (end, TokenKind::Number)
    }

    /// The end of a run of foreign letters, with what joins them.
    fn foreign(&self, from: usize) -> usize {
        let plain = |c: char| matches!(class_of(c), CharClass::Letter | CharClass::Mark) || c.is_ascii_digit();
        let mut end = self.run(from, plain);
        let mut part = from;
        while let Some(joiner) = self.char(end) {
            let next = end + joiner.len_utf8();
            let single = |from: usize, to: usize| self.text.get(from..to).is_some_and(|s| s.chars().count() == 1);
            let after = match joiner {
                '-' | '\'' | '’' | '&' | '_' | '.' => self.run(next, plain),
                _ => next,
            };
            let starts = self.char(next).is_some_and(plain);
            if after == next || !starts || (joiner == '.' && !(single(part, end) && single(next, after))) {
                break;
            }
            (part, end) = (next, after);
        }
        end
    }

    /// A URL, e-mail address or domain that begins here.
    fn address(&mut self) -> Option<(usize, TokenKind)> {
        if self.at < self.plain_until {
            return None;
        }
        let (length, found) = web::address(self.rest(self.at));
        match found {
            Some(kind) => Some((self.at + length, kind)),
            None => {
                self.plain_until = self.at + length;
                None
            }
        }
    }

    fn tag(&self, sign: char) -> Option<(usize, TokenKind)> {
        let from = self.at + sign.len_utf8();
        let mut letters = false;
        let end = if sign == '@' {
            self.run(from, |c| {
                letters |= c.is_ascii_alphabetic();
                c.is_ascii_alphanumeric() || c == '_'
            })
        } else {
            self.run(from, |c| {
                let class = class_of(c);
                letters |= matches!(class, CharClass::Arabic | CharClass::Letter);
                c == '_' || matches!(class, CharClass::Arabic | CharClass::Letter | CharClass::Digit | CharClass::Mark)
            })
        };
        letters.then_some((end, if sign == '@' { TokenKind::Handle } else { TokenKind::Hashtag }))
    }

    fn punct(&self, c: char) -> (usize, TokenKind) {
        let one = self.at + c.len_utf8();
        if stands_alone(c) {
            return (one, TokenKind::Punct);
        }
        let more = self.rest(one).chars().take_while(|next| *next == c).count();
        (one + more * c.len_utf8(), TokenKind::Punct)
    }

    /// Plain letters that begin here, as bytes.
    fn plain(&self) -> usize {
        arabic_letters(self.rest(self.at))
    }

    /// Go to the next token and find its end.
    fn token(&mut self) -> Option<(usize, TokenKind)> {
        let (c, class) = loop {
            let c = self.char(self.at)?;
            let class = class_of(c);
            if matches!(class, CharClass::Space | CharClass::Break) {
                self.space = true;
            } else if !is_invisible(c) {
                break (c, class);
            }
            self.at += c.len_utf8();
        };
        let (end, kind) = match class {
            CharClass::Arabic | CharClass::Mark => self.word(self.plain()),
            CharClass::Digit if !c.is_ascii() => self.number(),
            CharClass::Digit => self.address().unwrap_or_else(|| self.number()),
            CharClass::Letter => {
                let found = if c.is_ascii() { self.address() } else { None };
                found.unwrap_or_else(|| (self.foreign(self.at), TokenKind::Foreign))
            }
            _ if c == '@' || c == '#' => self.tag(c).unwrap_or_else(|| self.punct(c)),
            _ => self.punct(c),
        };
        // Every branch consumes at least its first character; the floor only guards the loop.
        Some((end.max(self.at + c.len_utf8()), kind))
    }
}

impl Iterator for Scanner<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        while self.text.as_bytes().get(self.at) == Some(&b' ') {
            self.space = true;
            self.at += 1;
        }
        // Most tokens are plain words.
        let (end, kind) = match self.plain() {
            0 => self.token()?,
            plain => self.word(plain),
        };
        let start = std::mem::replace(&mut self.at, end);
        let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let piece = Piece { span: Span::new(offset(start), offset(self.at)), kind, space_before: self.space };
        self.space = false;
        Some(piece)
    }
}
