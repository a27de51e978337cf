//! The only door between source bytes and code points.

use super::span::{CharSpan, Span, Src};

const STEP: usize = 64;

/// Code-point counts sampled every 64 bytes.
///
/// ```
/// use marsad::base::{CharIndex, Span};
/// let text = "في ليبيا";
/// let index = CharIndex::new(text);
/// let span = index.to_chars(text, Span::new(5, 15));
/// assert_eq!((span.start, span.end), (3, 8));
/// assert_eq!(index.to_bytes(text, span), Some(Span::new(5, 15)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct CharIndex {
    samples: Box<[u32]>,
    chars: u32,
}

/// Whether a byte begins a code point: those inside one are 10xxxxxx.
fn begins(byte: u8) -> bool {
    byte.cast_signed() >= -64
}

/// How many code points begin in at most [`STEP`] bytes.
fn starts(bytes: &[u8]) -> u32 {
    match bytes.as_array() {
        Some(bytes) => starts_before(bytes, 64),
        None => bytes.iter().map(|byte| u32::from(begins(*byte))).sum(),
    }
}

/// How many code points begin in the first `end` bytes. The steps are always as many, so that the processor mistakes none
/// and takes many bytes in one.
fn starts_before(bytes: &[u8; STEP], end: u8) -> u32 {
    let counted = (0u8..).zip(bytes).map(|(at, byte)| u8::from(begins(*byte) & (at < end)));
    u32::from(counted.fold(0u8, u8::wrapping_add))
}

impl CharIndex {
    /// Count the code points of `text`.
    pub fn new(text: &str) -> Self {
        let mut chars = 0;
        let samples = text
            .as_bytes()
            .chunks(STEP)
            .map(|chunk| {
                let before = chars;
                chars += starts(chunk);
                before
            })
            .collect();
        Self { samples, chars }
    }

    /// Code points in the whole text.
    pub fn len(&self) -> u32 {
        self.chars
    }

    /// Whether the text was empty.
    pub fn is_empty(&self) -> bool {
        self.chars == 0
    }

    /// The code-point offset of a byte offset on a boundary of `text`.
    pub fn char_of(&self, text: &str, byte: u32) -> u32 {
        let byte = (byte as usize).min(text.len());
        let chunk = byte / STEP;
        let Some(before) = self.samples.get(chunk) else { return self.chars };
        let rest = &text.as_bytes()[chunk * STEP..];
        match (rest.first_chunk(), u8::try_from(byte % STEP)) {
            (Some(bytes), Ok(end)) => before + starts_before(bytes, end),
            _ => before + starts(&rest[..byte % STEP]),
        }
    }

    /// The byte offset of a code-point offset; `None` past the end.
    pub fn byte_of(&self, text: &str, char: u32) -> Option<u32> {
        if char >= self.chars {
            return (char == self.chars).then(|| u32::try_from(text.len()).unwrap_or(u32::MAX));
        }
        let chunk = self.samples.partition_point(|before| *before <= char) - 1;
        let mut left = char - self.samples[chunk];
        for (i, b) in text.as_bytes()[chunk * STEP..].iter().enumerate() {
            if (b & 0xC0) != 0x80 {
                if left == 0 {
                    return u32::try_from(chunk * STEP + i).ok();
                }
                left -= 1;
            }
        }
        None
    }

    /// A span of source bytes in code points.
    pub fn to_chars(&self, text: &str, span: Span<Src>) -> CharSpan {
        CharSpan { start: self.char_of(text, span.start), end: self.char_of(text, span.end) }
    }

    /// A span of code points in source bytes; `None` past the end.
    pub fn to_bytes(&self, text: &str, span: CharSpan) -> Option<Span<Src>> {
        Some(Span::new(self.byte_of(text, span.start)?, self.byte_of(text, span.end)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn code_points_are_counted_as_one_by_one(text in "[ء-ي a😀ﻻ]{0,120}") {
            let index = CharIndex::new(&text);
            for (char, byte) in (0u32..).zip(text.char_indices().map(|(at, _)| at).chain([text.len()])) {
                let byte = u32::try_from(byte).unwrap();
                prop_assert_eq!(index.char_of(&text, byte), char);
                prop_assert_eq!(index.byte_of(&text, char), Some(byte));
            }
        }
    }
}
