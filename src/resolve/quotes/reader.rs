//! Reading around a quotation: what brings it in, who speaks.

use crate::base::{Label, Span, Src, offset};
use crate::detect::View;
use crate::segment::{Proclitics, Sent, Token, TokenKind, Trait};

use super::super::{Mention, REPORTS_NOTHING};
use super::lists::{ABOUT, ALONE, NOUNS, OBJECT, PEOPLE, PREPOSITIONS, SOURCES, THAT, TITLED, WEAK, listed};
use super::{Quote, mark_of};

/// A quotation without a reporting word has at least so many words.
const LONG: u32 = 8;
/// After a reporting word in the sentence, at least so many, or two where the word stands right before.
const SHORT: u32 = 4;
const SHORTEST: u32 = 2;
/// A speaker stands at most so many tokens from the reporting word.
const REACH: u32 = 24;
/// At most so many words that are in no mention stand between a verb and its preposition.
const ASIDE: usize = 4;
/// A noun for one who speaks is at most so many tokens from the reporting word.
const ASIDE_WORDS: u32 = 5;
/// A reading that is less probable is not read.
const LIKELY: f32 = 0.2;

/// A text with its mentions.
pub(super) struct Reader<'a> {
    pub view: &'a View<'a>,
    pub mentions: &'a [Mention],
    /// Where a noun refers back, with the mention that it refers to.
    pub back: &'a [(u32, u32)],
}

impl<'a> Reader<'a> {
    fn token(&self, at: u32) -> Option<&'a Token> {
        self.view.layout.tokens.get(at as usize)
    }
    fn text(&self, at: u32) -> &'a str {
        self.token(at).map_or("", |token| token.span.slice(self.view.text))
    }
    /// The folded stem of a word; the empty string for what is no word.
    fn stem(&self, at: u32) -> &'a str {
        let token = self.token(at).filter(|token| token.kind == TokenKind::Word);
        token.map_or("", |token| self.view.layout.stem(&self.view.layout.best(token)))
    }
    fn key(&self, at: u32) -> &'a str {
        self.token(at).map_or("", |token| self.view.layout.key(token))
    }
    fn has(&self, at: u32, traits: Trait, likely: f32) -> bool {
        let token = self.token(at).filter(|token| token.kind == TokenKind::Word);
        let readings = token.map_or(&[][..], |token| self.view.layout.readings(token));
        readings.iter().any(|r| self.view.words.traits(r.word).any(traits) && r.probability() >= likely)
    }
    /// A word that reports: a verb, or a preposition such as بحسب.
    fn reports(&self, at: u32) -> bool {
        let idle = self.token(at).is_none_or(|token| token.idle & REPORTS_NOTHING != 0);
        !idle && self.is_reporting(at) && self.inside(at).is_none()
    }
    /// The same, wherever the word stands.
    pub fn is_reporting(&self, at: u32) -> bool {
        self.has(at, Trait::SPEECH, LIKELY) || self.is_source(at) || self.is_noun(at)
    }
    /// A word with a reading that reports, however unlikely: وصفهم.
    fn may_report(&self, at: u32) -> bool {
        self.has(at, Trait::SPEECH, 0.0) && self.inside(at).is_none() && !self.is_weak(at)
    }
    /// قوله: its speaker stands before it.
    fn is_noun(&self, at: u32) -> bool {
        let key = self.key(at);
        key.starts_with(['ق', 'ت']) && listed(&NOUNS, key)
    }
    fn is_source(&self, at: u32) -> bool {
        let known = self.has(at, Trait::SOURCE, LIKELY) || self.key(at) == "لسان";
        known && (listed(&SOURCES, self.stem(at)) || listed(&SOURCES, self.key(at)))
    }
    fn is_weak(&self, at: u32) -> bool {
        listed(&WEAK, self.stem(at)) || listed(&WEAK, self.key(at))
    }
    fn words(&self, from: u32, to: u32) -> u32 {
        let words = (from..to).filter(|at| self.token(*at).is_some_and(|token| token.kind != TokenKind::Punct));
        u32::try_from(words.count()).unwrap_or(u32::MAX)
    }
    /// The first of the mentions that begin at a token or after it.
    fn mention_from(&self, token: u32) -> usize {
        self.mentions.partition_point(|mention| mention.tokens.0 < token)
    }
    /// The outermost mention around a token.
    fn inside(&self, token: u32) -> Option<usize> {
        let to = self.mentions.partition_point(|mention| mention.tokens.0 <= token);
        let from = to.saturating_sub(6);
        (from..to).find(|at| self.mentions.get(*at).is_some_and(|mention| mention.tokens.1 > token))
    }
    /// Whether the words between two marks are a name, or little more.
    fn is_name(&self, from: u32, to: u32) -> bool {
        let words = self.words(from, to);
        let start = self.mention_from(from.saturating_sub(2));
        let around = self.mentions.get(start..).unwrap_or(&[]).iter().take_while(|mention| mention.tokens.0 < to);
        around.into_iter().any(|mention| {
            let covered = self.words(mention.tokens.0.max(from), mention.tokens.1.min(to));
            mention.label.is_core() && mention.tokens.1 > from && covered * 5 >= words * 4
        })
    }
}

fn speaks(label: Label) -> bool {
    matches!(label, Label::PERS | Label::ORG)
}

/// Who may speak where neither a person nor a body is named.
fn may_speak(label: Label) -> bool {
    matches!(label, Label::OCC | Label::GPE | Label::NORP)
}

impl Reader<'_> {
    /// Reported speech in a sentence: a reporting verb with أن, or بحسب with its source. `taken` are the direct
    /// quotations so far, in order and apart; `verbs` are the words of this sentence that brought one in.
    pub fn reported(&self, (taken, verbs): (&[(u32, u32)], &[u32]), sent: &Sent, out: &mut Vec<Quote>) {
        let (from, to) = sent.tokens;
        let mut at = from;
        while at < to {
            let verb = at;
            at += 1;
            if !self.reports(verb) || verbs.contains(&verb) {
                continue;
            }
            let before = taken.partition_point(|(open, _)| *open < verb);
            if before.checked_sub(1).and_then(|last| taken.get(last)).is_some_and(|(_, close)| verb < *close) {
                continue;
            }
            let found = if self.is_source(verb) { self.by_source(verb, sent) } else { self.by_verb(verb, sent) };
            let Some((start, end, speaker)) = found else { continue };
            let within = taken.get(taken.partition_point(|(open, _)| *open < start)..).unwrap_or(&[]);
            let mut within = within.iter().take_while(|(_, close)| *close <= end);
            if within.any(|(open, close)| self.words(start, end) <= self.words(*open, *close) + 2) {
                continue;
            }
            let speaker = speaker.or_else(|| self.referred(verb, sent)).or_else(|| self.earlier(verb, out));
            if let Some(span) = self.span(start, end) {
                let quote = Quote { span, direct: false, speaker, verb: Some(verb), source: None };
                out.push(Quote { source: self.unnamed(&quote, sent), ..quote });
                at = at.max(start);
            }
        }
    }

    /// The span of a range of tokens without marks at its end, but for one that closes what the range opens.
    fn span(&self, from: u32, mut to: u32) -> Option<Span<Src>> {
        let opens =
            |to: u32| (from..to).any(|at| matches!(self.text(at), "(" | "[") || mark_of(self.text(at)).is_some());
        while to > from && self.token(to - 1).is_some_and(|token| token.kind == TokenKind::Punct) {
            let closes = matches!(self.text(to - 1), ")" | "]") || mark_of(self.text(to - 1)).is_some();
            if closes && opens(to - 1) {
                break;
            }
            to -= 1;
        }
        self.span_within(from, to)
    }

    /// What stands between two marks, when it is a quotation.
    pub fn direct(&self, open: u32, close: u32, sent: &Sent, out: &[Quote]) -> Option<Quote> {
        let words = self.words(open + 1, close);
        if words < SHORTEST || self.is_name(open + 1, close) {
            return None;
        }
        let from = sent.tokens.0;
        // Right before the mark: قال: «, بأنهم «.
        let mut before = open;
        while before > from && matches!(self.text(before - 1), ":" | "،" | ",") {
            before -= 1;
        }
        let colon = before < open && self.text(open - 1) == ":";
        let called = before > from && self.is_hanging(before - 1);
        let title = before.checked_sub(1 + u32::from(called)).filter(|title| *title >= from);
        if title.is_some_and(|title| listed(&TITLED, self.stem(title))) {
            return None;
        }
        let that = before > from && listed(&THAT, self.key(before - 1));
        let verb = self
            .verb_before(open, from, colon, that || called)
            .or_else(|| self.verb_after(close, self.sentence_end(close)));
        let near = verb.is_some_and(|verb| verb < open && open - verb <= 2);
        let least = if verb.is_some() && (colon || that || called || near) {
            SHORTEST
        } else if verb.is_some() {
            SHORT
        } else {
            LONG
        };
        if words < least {
            return None;
        }
        let speaker = match verb {
            Some(verb) => {
                let named = self.speaker(verb, open, close, sent).or_else(|| self.referred(verb, sent));
                named.or_else(|| self.earlier(verb, out))
            }
            None => self.last_speaker(from, open).filter(|_| colon),
        };
        let span = self.span_within(open + 1, close)?;
        Some(Quote { span, direct: true, speaker, verb, source: None })
    }

    /// The words for who speaks, where a quotation has a reporting word and no speaker: مصادر محلية, مسؤول أمني.
    pub fn unnamed(&self, quote: &Quote, sent: &Sent) -> Option<Span<Src>> {
        let verb = quote.verb.filter(|_| quote.speaker.is_none())?;
        let own =
            |at: &u32| self.token(*at).is_some_and(|t| !(quote.span.start..quote.span.end).contains(&t.span.start));
        let after = (verb + 1..(verb + ASIDE_WORDS).min(sent.tokens.1)).take_while(own);
        let before = (sent.tokens.0.max(verb.saturating_sub(ASIDE_WORDS))..verb).rev();
        let noun = after.chain(before).find(|at| self.is_person_noun(*at))?;
        self.span_within(noun, self.phrase_end(noun, sent.tokens.1))
    }

    /// A noun for one who speaks, in no mention.
    fn is_person_noun(&self, at: u32) -> bool {
        let stem = self.stem(at);
        self.inside(at).is_none() && listed(&PEOPLE, stem.strip_prefix("ال").unwrap_or(stem))
    }

    /// One past the adjectives after a noun.
    fn phrase_end(&self, noun: u32, to: u32) -> u32 {
        let definite = self.stem(noun).starts_with("ال");
        let goes_on = |at: &u32| {
            let Some(token) = self.token(*at).filter(|token| token.kind == TokenKind::Word) else { return false };
            let reading = self.view.layout.best(token);
            let stop = self.view.words.traits(reading.word).any(Trait::STOP);
            !stop
                && reading.proclitics.is_empty()
                && self.inside(*at).is_none()
                && !listed(&THAT, self.key(*at))
                && !self.reports(*at)
                && self.stem(*at).starts_with("ال") == definite
        };
        noun + 1 + u32::try_from((noun + 1..to.min(noun + 4)).take_while(goes_on).count()).unwrap_or(0)
    }

    fn span_within(&self, from: u32, to: u32) -> Option<Span<Src>> {
        let last = to.checked_sub(1).filter(|last| *last >= from)?;
        Some(Span::new(self.token(from)?.span.start, self.token(last)?.span.end))
    }

    /// The last reporting word before a mark, in its sentence.
    fn verb_before(&self, open: u32, from: u32, colon: bool, close_by: bool) -> Option<u32> {
        let near = |reach: u32| (from.max(open.saturating_sub(reach))..open).rev();
        if close_by && let Some(verb) = near(14).find(|at| self.may_report(*at)) {
            // وصفهم بأنهم «, وصفه بـ«
            return Some(verb);
        }
        let strong = near(REACH * 2).find(|at| self.reports(*at) && !self.is_weak(*at));
        strong.or_else(|| near(if colon { 8 } else { 3 }).find(|at| self.reports(*at)))
    }

    /// بـ before a mark.
    fn is_hanging(&self, at: u32) -> bool {
        self.token(at).is_some_and(|token| {
            self.view.layout.best(token).proclitics.has(Proclitics::BI) && self.stem(at).is_empty()
        })
    }

    /// The end of the sentence of a token.
    fn sentence_end(&self, token: u32) -> u32 {
        let sents = &self.view.layout.sents;
        let at = sents.partition_point(|sent| sent.tokens.1 <= token);
        sents.get(at).map_or(token + 1, |sent| sent.tokens.1)
    }

    /// A reporting word right after the closing mark: «…»، قال فلان.
    fn verb_after(&self, close: u32, to: u32) -> Option<u32> {
        let mut at = close + 1;
        while at < to && matches!(self.text(at), "،" | "," | "-" | "–" | "كما" | "حسبما" | "هكذا") {
            at += 1;
        }
        (at..to.min(at + 2)).find(|at| self.reports(*at))
    }

    /// The speaker of a verb: after it, else before it.
    fn speaker(&self, verb: u32, open: u32, close: u32, sent: &Sent) -> Option<u32> {
        if verb > close {
            return self.first_speaker(verb + 1, self.sentence_end(close));
        }
        if self.is_noun(verb) {
            return self.last_speaker(sent.tokens.0, verb);
        }
        let through = (verb + 1..open).find(|at| self.key(*at) == "قبل" && self.key(at.saturating_sub(1)) == "من");
        if let Some(through) = through {
            // تم وصفهم من قبل فلان
            return self.first_speaker(through + 1, open);
        }
        let from = (verb + 1..open).find(|at| self.key(*at) == "عن").filter(|_| self.stem(verb).starts_with("نقل"));
        if let Some(from) = from {
            return self.first_speaker(from + 1, open);
        }
        let end = self.that(verb + 1, open).unwrap_or(open);
        self.first_speaker(verb + 1, end).or_else(|| {
            let before = self.last_speaker(sent.tokens.0, verb);
            before.or_else(|| self.first_speaker(close + 1, (close + 6).min(sent.tokens.1)).filter(|_| end == open))
        })
    }

    /// The first أن between two tokens.
    fn that(&self, from: u32, to: u32) -> Option<u32> {
        (from..to).find(|at| listed(&THAT, self.key(*at)))
    }

    /// The first mention that can speak between two tokens, persons and bodies before others.
    fn first_speaker(&self, from: u32, to: u32) -> Option<u32> {
        let start = self.mention_from(from);
        let to = to.min(from + REACH);
        let mut titled: Option<(u32, u32)> = None;
        for (at, mention) in self.mentions.iter().enumerate().skip(start) {
            let first = mention.tokens.0;
            if let Some((title, end)) = titled {
                // الرئيس السوري بشار الأسد: the person whose title it is.
                match mention.label {
                    Label::PERS if first >= end && first <= end + 1 => return Some(offset(at)),
                    Label::OCC if first == end => titled = Some((title, mention.tokens.1)),
                    _ if first >= end => break,
                    _ => {}
                }
            } else if first >= to {
                break;
            } else if mention.label == Label::OCC {
                titled = Some((offset(at), mention.tokens.1));
            } else if speaks(mention.label) || (may_speak(mention.label) && mention.parent.is_none()) {
                // A country speaks where it is the subject, right after the verb.
                let subject = speaks(mention.label) || first <= from + 1;
                if subject && !self.is_object(mention, from) {
                    return Some(offset(at));
                }
            }
        }
        titled.map(|(title, _)| title)
    }

    /// قال لوكالة كذا, مقرب من فلان: who is spoken to or of, not who speaks. After وفقا, which stands at `from`, ل names
    /// the source.
    fn is_object(&self, mention: &Mention, from: u32) -> bool {
        let Some(token) = self.token(mention.tokens.0) else { return false };
        let readings = self.view.layout.readings(token);
        let own = readings.iter().find(|reading| reading.span.start == mention.span.start);
        let addressed = mention.tokens.0 == from && own.is_some_and(|reading| reading.proclitics.has(Proclitics::LI));
        let before = mention.tokens.0.checked_sub(1).filter(|before| *before >= from);
        let of = before.is_some_and(|before| listed(&OBJECT, self.key(before)));
        of || (addressed && !from.checked_sub(1).is_some_and(|word| self.is_source(word)))
    }

    /// The last mention that can speak between two tokens.
    fn last_speaker(&self, from: u32, to: u32) -> Option<u32> {
        let end = self.mention_from(to);
        let start = self.mention_from(from.max(to.saturating_sub(REACH)));
        let own = self.mentions.get(start..end)?;
        let place = |find: fn(Label) -> bool| own.iter().rposition(|m| find(m.label) && m.tokens.1 <= to);
        place(speaks).or_else(|| place(may_speak)).map(|at| offset(start + at))
    }

    /// What التنظيم beside a verb refers back to.
    fn referred(&self, verb: u32, sent: &Sent) -> Option<u32> {
        let refers = |at: u32| {
            let span = self.token(at)?.span;
            let from = self.back.partition_point(|(start, _)| *start < span.start);
            self.back.get(from).filter(|(start, _)| *start < span.end).map(|(_, mention)| *mention)
        };
        refers(verb + 1).or_else(|| (sent.tokens.0.max(verb.saturating_sub(3))..verb).rev().find_map(refers))
    }

    /// The speaker of the last quotation in this sentence or the one before, when the verb has no subject of its own.
    fn earlier(&self, verb: u32, out: &[Quote]) -> Option<u32> {
        let next = self.key(verb + 1);
        let subject = self.token(verb + 1).is_some_and(|token| {
            let attached = self.view.layout.best(token).proclitics.any(Proclitics::LI.with(Proclitics::BI));
            token.kind == TokenKind::Word && !attached && !listed(&ALONE, next)
        });
        if subject {
            return None;
        }
        let sent = self.view.layout.sents.partition_point(|sent| sent.tokens.1 <= verb);
        let start = |sent: usize| self.view.layout.sents.get(sent).map_or(0, |sent| sent.span.start);
        let (from, at) = (start(sent.saturating_sub(1)), self.token(verb)?.span.start);
        // Quotations are found sentence by sentence: those before one that lies further back lie further back too.
        let further = start(sent.saturating_sub(3));
        let last = out.iter().rev().take_while(|quote| quote.span.start >= further).count();
        let near = out.iter().skip(out.len() - last);
        let near = near.filter(|quote| quote.span.start >= from && quote.span.start < at);
        near.max_by_key(|quote| quote.span.start).and_then(|quote| quote.speaker)
    }

    /// What a verb reports: from its أن, or from the preposition that it asks for, to the end of the sentence.
    fn by_verb(&self, verb: u32, sent: &Sent) -> Option<(u32, u32, Option<u32>)> {
        let to = sent.tokens.1;
        let reach = to.min(verb + REACH);
        let stop = (verb + 1..reach).find(|at| self.reports(*at) && !self.is_weak(*at)).unwrap_or(reach);
        let that = self.that(verb + 1, stop);
        if self.is_weak(verb) && that.is_none_or(|that| that > verb + 6) {
            return None;
        }
        let start = that.or_else(|| {
            let (_, preposition) = PREPOSITIONS.iter().find(|(word, _)| self.stem(verb).starts_with(word))?;
            // حذر منه: what is reported was said before. من قبل: by whom, not of what.
            let at = (verb + 1..stop).find(|at| self.key(*at).starts_with(preposition))?;
            let plain = self.key(at) == *preposition && self.key(at + 1) != "قبل";
            let apart = (verb + 1..at).filter(|at| self.inside(*at).is_none()).count();
            (plain && apart <= ASIDE).then_some(at)
        })?;
        let start = if listed(&ABOUT, self.key(start)) { start + 1 } else { start };
        let passive = (verb + 1..start).find(|at| self.key(*at) == "قبل" && self.key(at.saturating_sub(1)) == "من");
        let quoted = (verb + 1..start).find(|at| self.key(*at) == "عن").filter(|_| self.stem(verb).starts_with("نقل"));
        let after = self.first_speaker(passive.or(quoted).unwrap_or(verb) + 1, start);
        // The subject may stand before its verb, but not in another clause.
        let mark = (sent.tokens.0..verb).rev().find(|at| matches!(self.text(*at), "،" | "؛" | ","));
        let before =
            || self.last_speaker(mark.map_or(sent.tokens.0, |mark| mark + 1), verb).filter(|_| verb > sent.tokens.0);
        (self.words(start, to) >= 3).then(|| (start, to, after.or_else(before)))
    }

    /// بحسب وكالة كذا فقد…: what follows the source, or what stands before it when the source ends the sentence.
    fn by_source(&self, word: u32, sent: &Sent) -> Option<(u32, u32, Option<u32>)> {
        let (from, to) = sent.tokens;
        let speaker = self.first_speaker(word + 1, (word + 8).min(to));
        let end = match speaker.and_then(|speaker| self.mentions.get(speaker as usize)) {
            Some(mention) => mention.tokens.1,
            // بحسب مصادر محلية
            None => {
                let noun = (word + 1..(word + 3).min(to)).find(|at| self.is_person_noun(*at))?;
                self.phrase_end(noun, to)
            }
        };
        let mut start = end;
        while start < to
            && (self.has(start, Trait::ADJ_NATION, LIKELY)
                || self.token(start)?.kind == TokenKind::Punct
                || matches!(self.key(start), "ايضا"))
        {
            start += 1;
        }
        let (start, end) = if self.words(start, to) >= 3 {
            (start, to)
        } else if self.words(from, word) >= 3 {
            (from, word)
        } else {
            return None;
        };
        Some((start, end, speaker))
    }
}
