//! What the tagger sees of a token: features of its word type, which are cached, and of its place.

use std::ops::RangeInclusive;

use crate::base::hash64;
use crate::detect::{Candidate, Detector, View};
use crate::segment::{NO_WORD, Reading, Token, TokenKind, Trait};

/// A feature's key in the table of weights.
pub type Feature = u32;

/// Where the word types stand that a token sees.
pub const OFFSETS: RangeInclusive<i32> = -3..=2;
/// Where the matches stand that a token sees.
pub const MATCH_OFFSETS: RangeInclusive<i32> = -2..=2;
/// Clusterings that are read; a table of words may have fewer.
pub const CLUSTERINGS: usize = 6;

/// The clusterings whose classes are seen in pairs: in the default pack the coarser one by vectors and that by exchange.
/// Pairs of the finer ones, and pairs across a word, cost time and told nothing more.
const PAIRED: [usize; 2] = [0, 2];

/// Templates of features. The numbers are stored in packs: append, never reorder.
mod t {
    pub const BIAS: u32 = 0;
    pub const KEY: u32 = 1;
    pub const STEM: u32 = 2;
    pub const BARE: u32 = 3;
    pub const SHAPE: u32 = 4;
    pub const TRAIT: u32 = 5;
    pub const TRAITS: u32 = 6;
    pub const CLASS: u32 = 64; // one a clustering
    pub const PREFIX: u32 = 10;
    pub const SUFFIX: u32 = 11;
    pub const LENGTH: u32 = 12;
    pub const CLITIC: u32 = 13;
    pub const COUNT: u32 = 14;
    pub const ARTICLES: u32 = 15;
    pub const CLASS_PAIR: u32 = 80; // one a paired clustering
    pub const PLACE: u32 = 25;
    pub const QUOTE: u32 = 26;
    pub const MATCH: u32 = 27;
    pub const MATCH_SET: u32 = 28;
    pub const DOCUMENT: u32 = 29;
    pub const PARENT: u32 = 30;
    pub const PARENT_CLASS: u32 = 31;
    pub const PARENT_TRAITS: u32 = 32;
    pub const SPACE: u32 = 33;
    pub const PARENT_MATCH: u32 = 34;
    pub const HEAD: u32 = 35;
    pub const TRAIT_PAIR: u32 = 36;
}

/// Mix a template, an offset and a value into a key that is never 0. The low bits are those of template and value alone:
/// what is known of one word at different places lies close together.
#[allow(clippy::cast_possible_truncation, reason = "a hash is cut to the table's key")]
fn feature(template: u32, offset: i32, value: u64) -> Feature {
    const K: u64 = 0x9E37_79B9_7F4A_7C15;
    // The template is moved up so that the factor is odd whatever it is.
    let factor = u64::from(template) << 1 ^ 0x8EBC_6AF0_9C88_C6E3;
    let wide = u128::from(value ^ 0xA076_1D64_78BD_642F) * u128::from(factor);
    let mixed = ((wide as u64) ^ ((wide >> 64) as u64)).wrapping_mul(K);
    let home = (mixed >> 44) as u32;
    // An odd step: no two offsets of one word have the same key.
    let tag = ((mixed >> 32) as u32).wrapping_add(offset.cast_unsigned().wrapping_mul(0x4E5));
    (tag << 20 | home).max(1)
}

/// The bit that tells the two sides of a pair of words apart: what the pair says of its left word has it.
pub const LEFT: Feature = 1 << 31;

/// [`feature`] of a pair of neighbors, for the right one. With [`LEFT`] it is that for the left one.
fn pair(template: u32, value: u64) -> Feature {
    (feature(template, 0, value) & !LEFT).max(1)
}

/// What is read of a word type at each of its tokens; the rest is summed once and kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gist {
    /// The stem without ال: what the document pass compares.
    pub bare: u64,
    traits: u32,
    classes: [u16; CLUSTERINGS],
    article: bool,
    /// It ends a run of words.
    breaks: bool,
    /// It can name something again: a word of three letters or more that is no stop word.
    pub naming: bool,
}

/// What is known of a word type, whatever its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TypeInfo {
    /// Names the type: equal surfaces of one kind are one type.
    pub id: u64,
    /// What its tokens and their neighbors see of it.
    pub gist: Gist,
    key: u64,
    stem: u64,
    shape: u64,
    prefixes: [u64; 4],
    suffixes: [u64; 4],
    length: u8,
    clitics: u8,
    count: u8,
}

/// What a feature of a word type depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// Its class in a clustering, and nothing else.
    Class(usize),
    /// What it has in common with many: see [`TypeInfo::common`].
    Common,
    /// The word itself.
    Word,
}

/// The type that stands before and after every sentence.
pub const EDGE: TypeInfo = TypeInfo {
    id: 1,
    gist: Gist { bare: 1, traits: 0, classes: [0; CLUSTERINGS], article: false, breaks: true, naming: false },
    key: 1,
    stem: 1,
    shape: 1,
    prefixes: [0; 4],
    suffixes: [0; 4],
    length: 0,
    clitics: 0,
    count: 0,
};

/// The name of a token's type.
pub fn type_id(view: &View<'_>, token: &Token) -> u64 {
    hash64(token.span.slice(view.text).as_bytes(), token.kind as u64 + 1)
}

fn bare_of(stem: &str) -> &str {
    match stem.strip_prefix("ال") {
        Some(rest) if rest.len() >= 6 => rest,
        _ => stem,
    }
}

fn shape_of(view: &View<'_>, token: &Token) -> u64 {
    let kind = token.kind as u64 + 2;
    let text = token.span.slice(view.text);
    let detail = match token.kind {
        TokenKind::Number => {
            let digits = text.chars().filter(|c| c.is_numeric()).count().min(6) as u64;
            let mixed = u64::from(text.chars().any(|c| !c.is_numeric()));
            digits << 1 | mixed
        }
        TokenKind::Punct => hash64(text.as_bytes(), 7) >> 8,
        TokenKind::Foreign => {
            let first = text.chars().next().is_some_and(char::is_uppercase);
            let all = text.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
            let digit = text.chars().any(char::is_numeric);
            u64::from(first) | u64::from(all) << 1 | u64::from(digit) << 2
        }
        _ => 0,
    };
    kind | detail << 8
}

impl TypeInfo {
    /// Read a token.
    #[allow(clippy::cast_possible_truncation, reason = "small counts")]
    pub fn read(view: &View<'_>, token: &Token) -> Self {
        let (layout, words) = (view.layout, view.words);
        let key = layout.key(token);
        let whole = Reading {
            proclitics: Default::default(),
            enclitic: None,
            article: false,
            stem: token.key,
            word: token.word,
            span: token.span,
            score: 0,
        };
        let reading = layout.readings(token).first().copied().unwrap_or(whole);
        let stem = layout.stem(&reading);
        let bare = bare_of(stem);
        let bare_word = if bare.len() == stem.len() { reading.word } else { words.get(bare) };
        let ids = [token.word, reading.word, bare_word];
        let mut traits = 0;
        for id in ids {
            traits |= words.traits(id).0;
        }
        let mut classes = [0; CLUSTERINGS];
        for (c, class) in classes.iter_mut().enumerate().take(words.clusterings()) {
            *class = ids.iter().map(|id| words.class(*id, c)).find(|class| *class != 0).unwrap_or(0);
        }
        let count = ids.iter().filter(|id| **id != NO_WORD).map(|id| words.count(*id)).max().unwrap_or(0);
        let seed = |s: &str| hash64(s.as_bytes(), 3);
        let length = key.chars().count().min(12) as u8;
        let mut info = Self {
            id: type_id(view, token),
            gist: Gist {
                bare: seed(bare),
                traits,
                classes,
                article: reading.article,
                breaks: length == 0 || token.kind == TokenKind::Punct,
                naming: matches!(token.kind, TokenKind::Word | TokenKind::Foreign)
                    && bare.chars().count() >= 3
                    && traits & Trait::STOP.0 == 0,
            },
            key: seed(key),
            stem: seed(stem),
            shape: shape_of(view, token),
            prefixes: [0; 4],
            suffixes: [0; 4],
            length,
            clitics: reading.proclitics.0,
            count: (u32::BITS - count.leading_zeros()) as u8,
        };
        if matches!(token.kind, TokenKind::Word | TokenKind::Foreign) {
            for (n, (at, c)) in key.char_indices().take(4).enumerate() {
                info.prefixes[n] = seed(&key[..at + c.len_utf8()]);
            }
            for (n, (at, _)) in key.char_indices().rev().take(4).enumerate() {
                info.suffixes[n] = seed(&key[at..]);
            }
        }
        info
    }

    /// The features that know this very word, of those that [`TypeInfo::each_feature`] gives at offset 0.
    pub fn each_own_feature(&self, mut emit: impl FnMut(Feature)) {
        emit(feature(t::KEY, 0, self.key));
        emit(feature(t::STEM, 0, self.stem));
        emit(feature(t::BARE, 0, self.gist.bare));
        for n in 2..4 {
            emit(feature(t::PREFIX, 0, self.prefixes[n]));
            emit(feature(t::SUFFIX, 0, self.suffixes[n]));
        }
    }

    /// The features of this type for the token that is `-offset` away: this word stands at `offset` from it.
    pub fn each_feature(&self, offset: i32, mut emit: impl FnMut(Feature)) {
        self.each_feature_of(offset, |_, feature| emit(feature));
    }

    /// [`TypeInfo::each_feature`], with what each depends on.
    #[inline]
    pub fn each_feature_of(&self, offset: i32, mut emit: impl FnMut(Of, Feature)) {
        let near = offset.abs() <= 2;
        if near {
            emit(Of::Word, feature(t::KEY, offset, self.key));
            emit(Of::Word, feature(t::STEM, offset, self.stem));
            emit(Of::Common, feature(t::SHAPE, offset, self.shape));
            for (c, class) in (0u32..).zip(self.gist.classes) {
                if class != 0 {
                    emit(Of::Class(c as usize), feature(t::CLASS + c, offset, u64::from(class)));
                }
            }
        }
        if offset <= 2 {
            let mut left = self.gist.traits;
            while left != 0 {
                emit(Of::Common, feature(t::TRAIT, offset, u64::from(left.trailing_zeros())));
                left &= left - 1;
            }
        }
        if offset.abs() <= 1 {
            emit(Of::Word, feature(t::BARE, offset, self.gist.bare));
            emit(Of::Common, feature(t::TRAITS, offset, u64::from(self.gist.traits)));
            emit(Of::Common, feature(t::COUNT, offset, u64::from(self.count)));
            emit(Of::Common, feature(t::CLITIC, offset, u64::from(self.clitics) << 1 | u64::from(self.gist.article)));
        }
        if offset.abs() == 1 {
            for (template, affixes) in [(t::PREFIX, self.prefixes), (t::SUFFIX, self.suffixes)] {
                if affixes[2] != 0 {
                    emit(Of::Word, feature(template, offset, affixes[2]));
                }
            }
        }
        if offset == 0 {
            emit(Of::Common, feature(t::BIAS, 0, 0));
            emit(Of::Word, feature(t::LENGTH, 0, u64::from(self.length)));
            for n in 0..4 {
                if self.prefixes[n] != 0 {
                    emit(Of::Word, feature(t::PREFIX, 0, self.prefixes[n]));
                    emit(Of::Word, feature(t::SUFFIX, 0, self.suffixes[n]));
                }
            }
        }
    }

    /// All that the features of [`Of::Common`] depend on.
    pub fn common(&self) -> (u64, u32, [u8; 3]) {
        (self.shape, self.gist.traits, [self.count, self.clitics, u8::from(self.gist.article)])
    }

    /// The class in each clustering, 0 for none.
    pub fn classes(&self) -> &[u16; CLUSTERINGS] {
        &self.gist.classes
    }
}

/// A helping tagger that is less sure is a lesser witness.
const HALF_SURE: f32 = 0.7;

/// A lexicon's or rule's match, or a helping tagger's, as seen by one of its tokens: who, which label, which part of the match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub u16);

impl Code {
    /// Its feature for the token that is `-offset` away.
    pub fn feature(self, offset: i32) -> Feature {
        feature(t::MATCH, offset, u64::from(self.0))
    }

    fn new(candidate: &Candidate, at: u32, stands: bool) -> Self {
        let (from, to) = candidate.tokens;
        let part = match (at == from, at + 1 == to) {
            (true, true) => 0,
            (true, false) => 1,
            (false, false) => 2,
            (false, true) => 3,
        };
        let (who, ambiguous) = match candidate.detector {
            _ if stands => (3, false),
            Detector::Rule => (1, candidate.ambiguous),
            Detector::Tagger => (2, candidate.score < HALF_SURE),
            _ => (0, candidate.ambiguous),
        };
        Self(u16::from(candidate.label.0) << 5 | u16::from(ambiguous) << 4 | who << 2 | part)
    }
}

/// The features of the places of one text. Reused.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// What is read of each token's type.
    pub types: Vec<Gist>,
    codes: Vec<Code>,
    code_starts: Vec<u32>,
    pairs: Vec<(u32, Code)>,
    quotes: Vec<u8>,
}

const QUOTE_OPEN: u8 = 1;
const IN_BRACKETS: u8 = 2;

impl Places {
    /// Read all tokens of a text, the matches in it and those of them that stand before others. `types` are those of the tokens.
    pub fn read(
        &mut self,
        view: &View<'_>,
        candidates: &[Candidate],
        standing: &[Candidate],
        types: impl Iterator<Item = Gist>,
    ) {
        self.types.clear();
        self.types.extend(types);
        self.pairs.clear();
        for (list, stands) in [(candidates, false), (standing, true)] {
            for candidate in list {
                for at in candidate.tokens.0..candidate.tokens.1 {
                    self.pairs.push((at, Code::new(candidate, at, stands)));
                }
            }
        }
        self.pairs.sort_unstable();
        self.pairs.dedup();
        self.codes.clear();
        self.code_starts.clear();
        let mut pairs = self.pairs.iter().peekable();
        for at in 0..=self.types.len() {
            self.code_starts.push(u32::try_from(self.codes.len()).unwrap_or(u32::MAX));
            while let Some((_, code)) = pairs.next_if(|p| p.0 as usize == at) {
                self.codes.push(*code);
            }
        }
        self.read_quotes(view);
    }

    fn read_quotes(&mut self, view: &View<'_>) {
        self.quotes.clear();
        for sent in &view.layout.sents {
            let (mut quote, mut bracket) = (false, false);
            self.quotes.resize(sent.tokens.0 as usize, 0);
            for token in view.layout.tokens_of(sent) {
                let mut state = (u8::from(quote) * QUOTE_OPEN) | (u8::from(bracket) * IN_BRACKETS);
                if token.kind == TokenKind::Punct {
                    match token.span.slice(view.text).chars().next() {
                        Some('«' | '“' | '‘') => quote = true,
                        Some('»' | '”' | '’') => quote = false,
                        Some('"' | '\'') => quote = !quote,
                        Some('(' | '[') => bracket = true,
                        Some(')' | ']') => bracket = false,
                        _ => {}
                    }
                    state = 0;
                }
                self.quotes.push(state);
            }
        }
        self.quotes.resize(self.types.len(), 0);
    }

    /// The codes of a token.
    pub fn codes(&self, at: usize) -> &[Code] {
        let from = self.code_starts.get(at).copied().unwrap_or(0) as usize;
        let to = self.code_starts.get(at + 1).copied().unwrap_or(0) as usize;
        self.codes.get(from..to).unwrap_or(&[])
    }

    /// The type at a place of the sentence `range`, or the edge outside it.
    fn type_at(&self, range: (usize, usize), at: isize) -> &Gist {
        around(&self.types, range, at).unwrap_or(&EDGE.gist)
    }

    /// All features of the place `at` in the sentence `range`: of the word types around it, then of the place. `types`
    /// has the type of each token.
    pub fn each_feature_around(
        &self,
        view: &View<'_>,
        types: &[TypeInfo],
        range: (usize, usize),
        at: usize,
        mut emit: impl FnMut(Feature),
    ) {
        for offset in OFFSETS {
            let info = around(types, range, at.cast_signed() + offset as isize).unwrap_or(&EDGE);
            info.each_feature(offset, &mut emit);
        }
        self.each_match_feature(range, at, &mut emit);
        self.each_feature(view, range, at, emit);
    }

    /// The features of the place `at` in the sentence `range`, other than those of the word types and matches around it.
    fn each_feature(&self, view: &View<'_>, range: (usize, usize), at: usize, mut emit: impl FnMut(Feature)) {
        each_local_feature(self.local(view, range, at), &mut emit);
        each_set_feature(self.codes(at), &mut emit);
        self.each_pair(range, at, &mut emit);
        self.each_pair(range, at + 1, |feature| emit(feature | LEFT));
        self.each_head(range, at, emit);
    }

    /// The pairs of the token `at` and the one before it, either of which may be the edge: what they say of `at`, and
    /// with [`LEFT`] of the one before it.
    pub fn each_pair(&self, range: (usize, usize), at: usize, mut emit: impl FnMut(Feature)) {
        let [before, here] = [-1, 0].map(|o| self.type_at(range, at.cast_signed() + o));
        for (template, c) in (t::CLASS_PAIR..).zip(PAIRED) {
            let [b, h] = [before, here].map(|info| u64::from(info.classes[c]));
            if b | h != 0 {
                emit(pair(template, b << 20 | h));
            }
        }
        emit(pair(t::TRAIT_PAIR, u64::from(before.traits) << 32 | u64::from(here.traits)));
    }

    /// What is small and recurs of a place: a number below [`LOCALS`], read by [`each_local_feature`].
    pub fn local(&self, view: &View<'_>, range: (usize, usize), at: usize) -> usize {
        let article = |o: isize| usize::from(self.type_at(range, at.cast_signed() + o).article);
        let articles = article(-1) | article(0) << 1 | article(1) << 2;
        let place = match (at - range.0, range.1 - at) {
            (0, 1) => 0,
            (0, _) => 1,
            (1, _) => 2,
            (_, 1) => 3,
            _ => 4,
        };
        let space = usize::from(view.layout.tokens.get(at).is_some_and(|token| token.space_before));
        let quote = usize::from(self.quotes.get(at).copied().unwrap_or(0));
        articles | place << 3 | space << 6 | quote << 7
    }

    /// The codes around the place `at`, with where they stand from it.
    pub fn codes_around(&self, range: (usize, usize), at: usize) -> impl Iterator<Item = (i32, Code)> + '_ {
        MATCH_OFFSETS.flat_map(move |offset| {
            let place = at.checked_add_signed(offset as isize).filter(|i| (range.0..range.1).contains(i));
            place.map_or(&[][..], |i| self.codes(i)).iter().map(move |code| (offset, *code))
        })
    }

    /// The features of the matches around the place `at`.
    pub fn each_match_feature(&self, range: (usize, usize), at: usize, mut emit: impl FnMut(Feature)) {
        for (offset, code) in self.codes_around(range, at) {
            emit(code.feature(offset));
        }
    }

    /// The nearest head or title to the left within one run of words, with its distance.
    pub fn each_head(&self, range: (usize, usize), at: usize, mut emit: impl FnMut(Feature)) {
        const HEADS: u32 = Trait::ORG_HEAD.0
            | Trait::TITLE.0
            | Trait::GPE_HEAD.0
            | Trait::LOC_HEAD.0
            | Trait::FAC_HEAD.0
            | Trait::EVENT_HEAD.0
            | Trait::LAW_HEAD.0;
        for distance in 1..=6usize {
            let Some(i) = at.checked_sub(distance).filter(|i| *i >= range.0) else { return };
            let info = &self.types[i];
            if info.breaks {
                return;
            }
            if info.traits & HEADS != 0 {
                let articles = u64::from(self.types[at].article);
                let value = u64::from(info.traits & HEADS) << 8 | (distance as u64) << 1 | articles;
                emit(feature(t::HEAD, 0, value));
                return;
            }
        }
    }

    /// The features of the place `at` inside a mention over `range` with the label `parent`.
    pub fn each_parent_feature(&self, range: (usize, usize), at: usize, parent: u8, mut emit: impl FnMut(Feature)) {
        let parent = u64::from(parent);
        let from_start = (at - range.0).min(3) as u64;
        let to_end = (range.1 - 1 - at).min(3) as u64;
        emit(feature(t::PARENT, 0, parent));
        emit(feature(t::PARENT, 1, parent << 8 | from_start));
        emit(feature(t::PARENT, 2, parent << 8 | to_end));
        let info = &self.types[at];
        emit(feature(t::PARENT_CLASS, 0, parent << 16 | u64::from(info.classes[0])));
        emit(feature(t::PARENT_TRAITS, 0, parent << 32 | u64::from(info.traits)));
        for code in self.codes(at) {
            emit(feature(t::PARENT_MATCH, 0, parent << 16 | u64::from(code.0)));
        }
    }
}

/// What a list has for the token `at`, if it is of the sentence `range`.
fn around<T>(list: &[T], range: (usize, usize), at: isize) -> Option<&T> {
    usize::try_from(at).ok().filter(|at| (range.0..range.1).contains(at)).map(|at| &list[at])
}

/// How many values [`Places::local`] may have.
pub const LOCALS: usize = 1 << 9;

/// The features of a value of [`Places::local`].
pub fn each_local_feature(local: usize, mut emit: impl FnMut(Feature)) {
    let local = local as u64;
    emit(feature(t::ARTICLES, 0, local & 7));
    emit(feature(t::PLACE, 0, local >> 3 & 7));
    emit(feature(t::SPACE, 0, local >> 6 & 1));
    let quote = local >> 7;
    if quote != 0 {
        emit(feature(t::QUOTE, 0, quote));
    }
}

/// The feature of all matches of a token together.
pub fn each_set_feature(codes: &[Code], mut emit: impl FnMut(Feature)) {
    let mut set = 0u64;
    for code in codes {
        set = hash64(&code.0.to_le_bytes(), set);
    }
    if set != 0 {
        emit(feature(t::MATCH_SET, 0, set));
    }
}

/// A feature of what the document says of a word elsewhere; `kind` numbers the question.
pub fn document_feature(kind: i32, value: u64) -> Feature {
    feature(t::DOCUMENT, kind, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_seldom_meet() {
        let values = (0..4000u64).flat_map(|value| [value, hash64(&value.to_le_bytes(), 3)]);
        let mut keys: Vec<Feature> = values
            .flat_map(|value| {
                OFFSETS.flat_map(move |offset| [t::KEY, t::STEM, t::BARE].map(|t| feature(t, offset, value)))
            })
            .collect();
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        // Of so many random keys about two would meet.
        assert!(all - keys.len() < 10, "{} of {all}", all - keys.len());
    }
}
