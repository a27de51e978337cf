//! The normalizer: every step a switch, presets with a version, and an alignment for whoever needs one.

mod arabert;
mod compile;
mod encoding;
mod engine;
mod options;
mod trace;
mod wide;

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::base::Alignment;
use crate::error::{Error, ErrorKind, Result};

use compile::Table;
use encoding::{Encoding, Latin1, Ucs2, Ucs4, Utf8};
use engine::{Stop, Writer};

use trace::Notes;
use wide::{Near, Way};

pub use options::{Digits, Form, Hamza, Options, PRESETS, Punctuation, Whitespace, Yeh};

/// Rounds after which a text is taken as settled.
const ROUNDS: usize = 12;

/// A compiled set of options: immutable, cheap to clone.
///
/// ```
/// use marsad::script::normalize::Normalizer;
/// let search = Normalizer::preset("search")?;
/// assert_eq!(search.normalize("  الـقُـرآن   الكَرِيم "), "القران الكريم");
/// assert_eq!(search.name(), "search/1");
/// # Ok::<(), marsad::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Normalizer {
    name: Option<&'static str>,
    table: Arc<Table>,
}

impl PartialEq for Normalizer {
    fn eq(&self, other: &Self) -> bool {
        self.options() == other.options()
    }
}
impl Eq for Normalizer {}

/// A normalizer on paper: what an index keeps to stay readable.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipe {
    #[serde(default)]
    preset: Option<String>,
    steps: Options,
}

/// The normalizers made last, the newest first: a table takes some milliseconds to build.
static KNOWN: Mutex<Vec<Normalizer>> = Mutex::new(Vec::new());
const KNOWN_MOST: usize = 16;

impl Normalizer {
    /// A normalizer with these steps. An `elongation` over 2 counts as 2.
    pub fn new(mut options: Options) -> Self {
        options.elongation = options.elongation.min(2);
        let known = |list: &[Self]| list.iter().find(|n| *n.options() == options).cloned();
        if let Some(known) = known(&KNOWN.lock().unwrap_or_else(PoisonError::into_inner)) {
            return known;
        }
        let name = PRESETS.iter().filter_map(|name| Options::preset(name).ok()).find(|(_, o)| *o == options);
        let made = Self { name: name.map(|(name, _)| name), table: Arc::new(Table::new(options)) };
        let mut list = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        list.insert(0, made.clone());
        list.truncate(KNOWN_MOST);
        made
    }

    /// The same without the loops for this processor alone: their twin in tests.
    #[doc(hidden)]
    pub fn narrow(&self) -> Self {
        self.with_near(|_| None)
    }

    /// The same with each of the loops that this processor can run.
    #[doc(hidden)]
    pub fn ways(&self) -> Vec<Self> {
        let can = |way: &Way| Near::new(&self.table.map, *way).is_some();
        Way::ALL.iter().filter(|way| can(way)).map(|way| self.with_near(|map| Near::new(map, *way))).collect()
    }

    fn with_near(&self, near: impl Fn(&[u16; 0x10000]) -> Option<Box<Near>>) -> Self {
        let mut table = Table::clone(&self.table);
        table.near = near(&table.map);
        Self { name: self.name, table: Arc::new(table) }
    }

    /// A preset by name, with or without its version.
    pub fn preset(name: &str) -> Result<Self> {
        Options::preset(name).map(|(_, options)| Self::new(options))
    }

    /// The name and version of the preset with just these steps, or `custom`.
    pub fn name(&self) -> &'static str {
        self.name.unwrap_or("custom")
    }

    /// The steps.
    pub fn options(&self) -> &Options {
        &self.table.options
    }

    /// The steps as JSON, with the preset's name: all that a later version needs to do the same.
    ///
    /// ```
    /// use marsad::script::normalize::Normalizer;
    /// let json = Normalizer::preset("camel")?.to_json();
    /// assert_eq!(Normalizer::from_json(&json)?.name(), "camel/1");
    /// # Ok::<(), marsad::Error>(())
    /// ```
    pub fn to_json(&self) -> String {
        let recipe = Recipe { preset: self.name.map(str::to_owned), steps: self.options().clone() };
        serde_json::to_string(&recipe).unwrap_or_default()
    }

    /// A normalizer from what [`to_json`](Self::to_json) wrote.
    pub fn from_json(json: &str) -> Result<Self> {
        let recipe: Recipe = serde_json::from_str(json)
            .map_err(|e| Error::new(ErrorKind::BadOption, format!("no normalizer can be read from this: {e}")))?;
        recipe.steps.check()?;
        Ok(Self::new(recipe.steps))
    }

    /// The text with all steps applied; borrowed when nothing changes.
    pub fn normalize<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.options().arabert {
            return self.align(text).0;
        }
        let mut rounds = Rounds::<Utf8>::default();
        match rounds.run(&self.table, text.as_bytes(), None) {
            Ok(true) => Cow::Owned(String::from_utf8(rounds.take()).unwrap_or_else(|_| text.to_owned())),
            _ => Cow::Borrowed(text),
        }
    }

    /// Append the text with all steps applied to `out`, which holds UTF-8.
    pub fn append(&self, text: &str, scratch: &mut Utf8Scratch, out: &mut Vec<u8>) {
        if self.options().arabert {
            return out.extend_from_slice(self.align(text).0.as_bytes());
        }
        match scratch.rounds.run(&self.table, text.as_bytes(), None) {
            Ok(true) => out.extend_from_slice(scratch.rounds.written()),
            _ => out.extend_from_slice(text.as_bytes()),
        }
    }

    /// The text with all steps applied, and how its bytes correspond to those of `text`.
    ///
    /// ```
    /// use marsad::base::{Snap, Span};
    /// use marsad::script::normalize::Normalizer;
    /// let (clean, map) = Normalizer::preset("standard")?.align("مَدِينَة");
    /// assert_eq!(clean, "مدينة");
    /// assert_eq!(map.to_original(Span::new(2, 4), Snap::Outer).of("مَدِينَة"), Some("\u{64E}دِ"));
    /// # Ok::<(), marsad::Error>(())
    /// ```
    pub fn align<'a>(&self, text: &'a str) -> (Cow<'a, str>, Alignment) {
        if !self.options().arabert {
            return self.align_steps(text);
        }
        let (chained, first) = arabert::preprocess(text);
        let (clean, second) = self.align_steps(&chained);
        match first.then(&second) {
            Ok(both) if clean != text => (Cow::Owned(clean.into_owned()), both),
            _ => (Cow::Borrowed(text), Alignment::identity(first.original_len())),
        }
    }

    /// All but the chain of AraBERT.
    fn align_steps<'a>(&self, text: &'a str) -> (Cow<'a, str>, Alignment) {
        let mut rounds = Rounds::<Utf8>::default();
        let mut map = Alignment::identity(u32::try_from(text.len()).unwrap_or(u32::MAX));
        match rounds.run(&self.table, text.as_bytes(), Some(&mut map)) {
            Ok(true) => match String::from_utf8(rounds.take()) {
                Ok(clean) => (Cow::Owned(clean), map),
                Err(_) => (Cow::Borrowed(text), Alignment::identity(map.original_len())),
            },
            _ => (Cow::Borrowed(text), map),
        }
    }

    /// Normalize a text as CPython keeps it. `None` when nothing changes; `map` counts code points.
    pub fn units<'s>(
        &self,
        text: Units<'_>,
        scratch: &'s mut UnitScratch,
        map: Option<&mut Alignment>,
    ) -> Option<Units<'s>> {
        if self.options().arabert {
            let source = text.to_text();
            let (clean, bytes) = self.align(&source);
            if let Some(map) = map {
                *map = bytes.in_chars(&source, &clean);
            }
            scratch.chained = clean.chars().map(u32::from).collect();
            return (clean != source).then_some(Units::Ucs4(&scratch.chained));
        }
        let changed = scratch.run(&self.table, text, map)?;
        Some(match changed {
            Kind::Latin1 => Units::Latin1(scratch.latin1.written()),
            Kind::Ucs2 => Units::Ucs2(scratch.ucs2.written()),
            Kind::Ucs4 => Units::Ucs4(scratch.ucs4.written()),
        })
    }
}

/// A text in units of one size, a unit for each code point. Surrogates may stand alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Units<'a> {
    /// Code points up to U+00FF.
    Latin1(&'a [u8]),
    /// Code points up to U+FFFF.
    Ucs2(&'a [u16]),
    /// All code points.
    Ucs4(&'a [u32]),
}

#[derive(Clone, Copy)]
enum Kind {
    Latin1,
    Ucs2,
    Ucs4,
}

/// Buffers for [`Normalizer::units`], reused from text to text.
#[derive(Debug, Default)]
pub struct UnitScratch {
    latin1: Rounds<Latin1>,
    ucs2: Rounds<Ucs2>,
    ucs4: Rounds<Ucs4>,
    chained: Vec<u32>,
}

impl UnitScratch {
    /// Take the memory of a result in two bytes a character, for other memory: that is less than a copy.
    #[cfg_attr(not(feature = "python"), allow(dead_code, reason = "for lists of Python strings"))]
    pub(crate) fn trade(&mut self, memory: &mut Vec<u16>) {
        std::mem::swap(&mut self.ucs2.front.buffer, memory);
    }

    /// The kind of the buffer that holds the result; `None` when nothing changes.
    fn run(&mut self, table: &Table, text: Units<'_>, mut map: Option<&mut Alignment>) -> Option<Kind> {
        let wider: Vec<u16>;
        let text = match text {
            Units::Latin1(text) => match self.latin1.run(table, text, map.as_deref_mut()) {
                Ok(changed) => return changed.then_some(Kind::Latin1),
                Err(_) => {
                    wider = text.iter().map(|u| u16::from(*u)).collect();
                    Units::Ucs2(&wider)
                }
            },
            other => other,
        };
        let widest: Vec<u32>;
        let text = match text {
            Units::Ucs2(text) => match self.ucs2.run(table, text, map.as_deref_mut()) {
                Ok(changed) => return changed.then_some(Kind::Ucs2),
                Err(_) => {
                    widest = text.iter().map(|u| u32::from(*u)).collect();
                    &widest
                }
            },
            Units::Ucs4(text) => text,
            Units::Latin1(_) => return None,
        };
        self.ucs4.run(table, text, map).unwrap_or(false).then_some(Kind::Ucs4)
    }
}

/// Buffers for [`Normalizer::append`], reused from text to text.
#[derive(Debug, Default)]
pub struct Utf8Scratch {
    rounds: Rounds<Utf8>,
}

/// Passes over a text until it is settled, and the buffers that they write to in turn.
#[derive(Debug)]
struct Rounds<E: Encoding> {
    front: Writer<E>,
    back: Writer<E>,
}

impl<E: Encoding> Default for Rounds<E> {
    fn default() -> Self {
        Self { front: Writer::new(Vec::new()), back: Writer::new(Vec::new()) }
    }
}

impl<E: Encoding> Rounds<E> {
    /// Normalize `src` into the front buffer; whether it differs. `map` is replaced when it is given.
    fn run(&mut self, table: &Table, src: &[E::Unit], mut map: Option<&mut Alignment>) -> Result<bool, Stop> {
        let mut first = true;
        let mut composed = false;
        for _ in 0..ROUNDS {
            let input: &[E::Unit] = if first { src } else { self.back.written() };
            let mut notes = Notes::default();
            let outcome = match map {
                Some(_) => engine::pass(table, input, &mut self.front, &mut notes, composed),
                None => engine::pass(table, input, &mut self.front, &mut (), composed),
            };
            let again = match outcome {
                Ok(again) => again,
                Err(Stop::Wide) => return Err(Stop::Wide),
                Err(Stop::Compose) => {
                    notes = Notes::default();
                    match map {
                        Some(_) => engine::compose(table, input, &mut self.front, &mut notes)?,
                        None => engine::compose(table, input, &mut self.front, &mut ())?,
                    }
                    true
                }
            };
            let settled = self.front.written() == input;
            if let Some(map) = map.as_deref_mut() {
                let step = notes.finish(input.len());
                *map = if first { step } else { map.then(&step).unwrap_or(step) };
            }
            let was_compose = matches!(outcome, Err(Stop::Compose));
            if !again || (settled && !was_compose) {
                break;
            }
            composed = was_compose;
            first = false;
            std::mem::swap(&mut self.front, &mut self.back);
        }
        Ok(self.front.written() != src)
    }

    fn written(&self) -> &[E::Unit] {
        self.front.written()
    }

    fn take(self) -> Vec<E::Unit> {
        let mut buffer = self.front.buffer;
        buffer.truncate(self.front.len);
        buffer
    }
}

impl Units<'_> {
    /// Code points, for there is a unit for each.
    pub fn len(&self) -> usize {
        match self {
            Self::Latin1(units) => units.len(),
            Self::Ucs2(units) => units.len(),
            Self::Ucs4(units) => units.len(),
        }
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// As a string, with U+FFFD for each lone surrogate.
    pub fn to_text(&self) -> String {
        let char = |cp: u32| char::from_u32(cp).unwrap_or(char::REPLACEMENT_CHARACTER);
        match self {
            Self::Latin1(units) => units.iter().map(|u| char::from(*u)).collect(),
            Self::Ucs2(units) => units.iter().map(|u| char(u32::from(*u))).collect(),
            Self::Ucs4(units) => units.iter().map(|u| char(*u)).collect(),
        }
    }
}
