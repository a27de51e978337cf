//! One pass over a text: the fast loop of its encoding, and the handler for characters whose neighbors matter.

use unicode_normalization::char::canonical_combining_class;

use super::compile::{Table, code, digit_value, is_letter};
use super::encoding::{Encoding, SLACK};
use super::options::{Whitespace, Yeh};
use super::trace::Trace;
use crate::script::class::{CharClass, class_of};

/// Why a pass stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// A character may compose with the one before it: the Unicode form must be made first.
    Compose,
    /// A character that this encoding cannot hold.
    Wide,
}

/// Where a pass writes. The buffer is longer than what is written, so that the fast loop never runs out of room.
#[derive(Debug)]
pub(super) struct Writer<E: Encoding> {
    pub buffer: Vec<E::Unit>,
    pub len: usize,
    prev: u32,
}

impl<E: Encoding> Writer<E> {
    pub fn new(buffer: Vec<E::Unit>) -> Self {
        Self { buffer, len: 0, prev: 0 }
    }

    fn reserve(&mut self, room: usize) {
        let wanted = self.len + room + SLACK;
        if self.buffer.len() < wanted {
            self.buffer.resize(wanted.max(self.buffer.len() + self.buffer.len() / 2), E::Unit::default());
        }
    }

    /// Write a code point, leaving room for `rest` more units of source.
    pub fn push(&mut self, cp: u32, rest: usize) -> Result<(), Stop> {
        self.reserve(rest + E::WIDEST);
        let room = self.buffer.get_mut(self.len..).unwrap_or(&mut []);
        self.len += E::write(cp, room).ok_or(Stop::Wide)?;
        self.prev = cp;
        Ok(())
    }

    /// Write units as they are, leaving room for `rest` units of source.
    fn copy(&mut self, units: &[E::Unit], rest: usize) {
        self.reserve(rest + E::WIDEST);
        if let Some(room) = self.buffer.get_mut(self.len..self.len + units.len()) {
            room.copy_from_slice(units);
            self.len += units.len();
        }
    }

    pub fn written(&self) -> &[E::Unit] {
        self.buffer.get(..self.len).unwrap_or(&[])
    }
}

struct Pass<'a, E: Encoding, T: Trace> {
    table: &'a Table,
    src: &'a [E::Unit],
    end: usize,
    out: &'a mut Writer<E>,
    trace: &'a mut T,
    /// The Unicode form has been made: marks that compose are done.
    composed: bool,
    /// Something was written that a second pass may change again.
    again: bool,
    scratch: Vec<u32>,
}

/// Normalize `src` into `out`. `Ok(true)` asks for another pass over the result.
pub(super) fn pass<E: Encoding, T: Trace>(
    table: &Table,
    src: &[E::Unit],
    out: &mut Writer<E>,
    trace: &mut T,
    composed: bool,
) -> Result<bool, Stop> {
    let collapse = table.options.whitespace == Whitespace::Collapse;
    let end = if collapse { trimmed_end::<E>(table, src) } else { src.len() };
    out.len = 0;
    // A text that begins with a space begins with a second space, as it were.
    out.prev = if collapse { u32::from(' ') } else { 0 };
    out.reserve(src.len());
    let mut pass = Pass::<E, T> { table, src, end, out, trace, composed, again: false, scratch: Vec::new() };
    let mut i = 0;
    loop {
        let (next, len) = pass.bulk(i);
        pass.out.len = len;
        if next >= end {
            break;
        }
        i = pass.handle(next)?;
    }
    if end < src.len() {
        pass.trace.edit(end, src.len() - end, 0);
    }
    Ok(pass.again)
}

/// Where the text ends without white space and what goes with it.
fn trimmed_end<E: Encoding>(table: &Table, src: &[E::Unit]) -> usize {
    let mut end = src.len();
    while end > 0 {
        let (cp, width) = E::read_back(src, end);
        match table.value(cp) {
            Some(code::DELETE | code::SPACE | 0x20) => end -= width,
            _ => break,
        }
    }
    end
}

impl<E: Encoding, T: Trace> Pass<'_, E, T> {
    fn bulk(&mut self, i: usize) -> (usize, usize) {
        let at = (i, self.out.len);
        E::bulk(self.table, self.src, at, self.end, &mut self.out.buffer, &mut self.out.prev, self.trace)
    }

    /// Write `cps` in place of `width` units at `at`; where the source goes on.
    fn put(&mut self, at: usize, width: usize, cps: &[u32]) -> Result<usize, Stop> {
        let before = self.out.len;
        let rest = self.src.len() - at;
        for cp in cps {
            self.out.push(*cp, rest)?;
        }
        let added = self.out.len - before;
        if added != width || cps.len() != 1 {
            self.trace.edit(at, width, added);
        }
        Ok(at + width)
    }

    fn skip(&mut self, at: usize, width: usize) -> usize {
        self.trace.edit(at, width, 0);
        at + width
    }

    /// The character at `at`, which the fast loop left.
    fn handle(&mut self, at: usize) -> Result<usize, Stop> {
        let (cp, width) = E::read(self.src, at);
        let value = match self.table.value(cp) {
            Some(value) => value,
            None => return self.spell_out(at, cp, width),
        };
        match value {
            code::DELETE => Ok(self.skip(at, width)),
            code::SPACE if self.out.prev == 0x20 => Ok(self.skip(at, width)),
            code::SPACE => self.put(at, width, &[0x20]),
            code::YEH => {
                self.again |= self.table.options.elongation > 0;
                let letter = self.yeh_before(at + width);
                if u32::from(letter) == self.out.prev && self.table.letters {
                    self.repeated(at, width, letter)
                } else {
                    self.put(at, width, &[u32::from(letter)])
                }
            }
            code::COMMA => {
                let is_digit = |cp| char::from_u32(cp).is_some_and(|c| digit_value(c).is_some());
                let in_number = is_digit(self.out.prev) && is_digit(self.next(at + width));
                self.put(at, width, &[u32::from(if in_number { ',' } else { '،' })])
            }
            code::MARK => self.marks(at),
            code::COMPOSE => self.spell_out(at, cp, width),
            code::RAW => self.put(at, width, &[cp]),
            code::EXPAND..code::END => {
                let table = self.table;
                let expansion = table.expansions.get(usize::from(value - code::EXPAND)).map_or(&[][..], |e| e);
                let o = &table.options;
                self.again |= o.elongation > 0 || o.yeh != Yeh::Keep || o.whitespace != Whitespace::Keep;
                self.put(at, width, expansion)
            }
            value if u32::from(value) == self.out.prev && self.table.counts(value) => self.repeated(at, width, value),
            value => self.put(at, width, &[u32::from(value)]),
        }
    }

    /// Outside the table, or a form that holds marks.
    fn spell_out(&mut self, at: usize, cp: u32, width: usize) -> Result<usize, Stop> {
        if self.table.may_compose(cp) {
            if !self.composed {
                return Err(Stop::Compose);
            }
            // What stood between it and its base may be gone now.
            self.again = true;
        }
        let mut word = std::mem::take(&mut self.scratch);
        self.table.spell_out(cp, &mut word);
        self.again |= word != [cp];
        let next = self.put(at, width, &word);
        self.scratch = word;
        next
    }

    /// A second of the same: a space to drop, or a letter that may be the second of many.
    fn repeated(&mut self, at: usize, width: usize, value: u16) -> Result<usize, Stop> {
        let o = &self.table.options;
        if value == 0x20 && o.whitespace != Whitespace::Keep {
            return Ok(self.skip(at, width));
        }
        if o.elongation == 0 || !is_letter(u32::from(value)) {
            return self.put(at, width, &[u32::from(value)]);
        }
        // Look how far it goes.
        let mut last = at + width;
        let mut count = 2;
        let mut i = last;
        while i < self.end {
            let (cp, width) = E::read(self.src, i);
            match self.table.value(cp) {
                Some(code::DELETE) => {}
                Some(v) if v == value || (v == code::YEH && self.yeh_before(i + width) == value) => {
                    count += 1;
                    last = i + width;
                }
                _ => break,
            }
            i += width;
        }
        if count == 2 {
            return self.put(at, width, &[u32::from(value)]);
        }
        let from = if o.elongation == 2 { self.put(at, width, &[u32::from(value)])? } else { at };
        Ok(self.skip(from, last - from))
    }

    /// A run of marks in canonical order.
    fn marks(&mut self, at: usize) -> Result<usize, Stop> {
        let mut run = std::mem::take(&mut self.scratch);
        run.clear();
        let (mut i, mut last) = (at, at);
        let mut whole = true;
        while i < self.end {
            let (cp, width) = E::read(self.src, i);
            match self.table.value(cp) {
                Some(code::MARK) => {
                    whole &= last == i;
                    run.push(cp);
                    last = i + width;
                }
                Some(code::DELETE) => {}
                Some(code::COMPOSE) if !self.composed => return Err(Stop::Compose),
                _ => break,
            }
            i += width;
        }
        let class = |cp: &u32| char::from_u32(*cp).map_or(0, canonical_combining_class);
        let next = if whole && run.is_sorted_by_key(class) {
            let mut next = at;
            for cp in &run {
                let (_, width) = E::read(self.src, next);
                next = self.put(next, width, std::slice::from_ref(cp))?;
            }
            Ok(next)
        } else {
            run.sort_by_key(class);
            self.put(at, last - at, &run)
        };
        self.scratch = run;
        next
    }

    /// What ى or ي becomes when `at` is what follows it.
    fn yeh_before(&mut self, at: usize) -> u16 {
        let last = !is_letter(self.next_in_word(at));
        match (self.table.options.yeh, last) {
            (Yeh::FinalYeh, true) | (Yeh::FinalMaqsura, false) => 0x64A,
            _ => 0x649,
        }
    }

    /// The next character that is written, from `at`; 0 at the end.
    fn next(&mut self, at: usize) -> u32 {
        self.next_that(at, |_| true)
    }

    /// The next character that is written and is no mark.
    fn next_in_word(&mut self, at: usize) -> u32 {
        self.next_that(at, |c| class_of(c) != CharClass::Mark)
    }

    fn next_that(&mut self, mut i: usize, counts: impl Fn(char) -> bool) -> u32 {
        let counts = |cp: u32| char::from_u32(cp).is_none_or(&counts);
        while i < self.end {
            let (cp, width) = E::read(self.src, i);
            match self.table.value(cp) {
                Some(code::DELETE) => {}
                // Letters count as what is written for them: a mathematical alef is an alef in NFKC.
                None | Some(code::COMPOSE | code::EXPAND..code::END) if !is_letter(cp) => {
                    let mut word = std::mem::take(&mut self.scratch);
                    self.table.spell_out(cp, &mut word);
                    let found = word.iter().copied().find(|cp| counts(*cp));
                    self.scratch = word;
                    if let Some(found) = found {
                        return found;
                    }
                }
                value => {
                    let written = value.filter(|v| !code::is_special(*v)).map_or(cp, u32::from);
                    if counts(written) {
                        return written;
                    }
                }
            }
            i += width;
        }
        0
    }
}

/// The Unicode form of a text, piece by piece: a piece is a starter with what may compose with it or move.
/// Characters that other steps take apart stay as they are.
pub(super) fn compose<E: Encoding, T: Trace>(
    table: &Table,
    src: &[E::Unit],
    out: &mut Writer<E>,
    trace: &mut T,
) -> Result<(), Stop> {
    out.len = 0;
    let mut piece: Vec<u32> = Vec::new();
    let mut done: Vec<u32> = Vec::new();
    let mut i = 0;
    while i < src.len() {
        // Characters that stand for themselves, save the last, which what follows may change.
        let (from, mut start) = (i, i);
        while i < src.len() {
            let (cp, width) = E::read(src, i);
            if !table.is_plain(cp) {
                break;
            }
            (start, i) = (i, i + width);
        }
        if i == src.len() {
            start = i;
        }
        out.copy(src.get(from..start).unwrap_or(&[]), src.len() - from);
        i = start;
        piece.clear();
        while i < src.len() {
            let (cp, width) = E::read(src, i);
            if !piece.is_empty() && table.begins_piece(cp) {
                break;
            }
            piece.push(cp);
            i += width;
        }
        done.clear();
        table.compose(&piece, &mut done);
        let before = out.len;
        for cp in &done {
            out.push(*cp, src.len() - start)?;
        }
        if (done != piece && piece.len().max(done.len()) > 1) || out.len - before != i - start {
            trace.edit(start, i - start, out.len - before);
        }
    }
    Ok(())
}
