//! Finding the readings of a word and how probable each is.
//!
//! A word that is seen as often as its stem would make us expect is the stem with its clitics; a word that is seen
//! far more often is a word of its own. وليبيا is met about a seventh as often as ليبيا, as any name after و; وزير is
//! met a thousand times more often than زير would explain. So a cut is weighed by `rate of the clitics ×
//! count of the stem`, the whole by its own count, and the hamza, which و and its like never take, decides
//! where the fold has made two words one (وأدى, وادي).
//!
//! Two steps: first where the word begins, among all proclitic chains; then, for each, whether a pronoun ends it.

mod weigh;

use crate::base::{Span, offset};
use crate::script::fold::{fold_into, fold_letters};

use super::clitic::{Enclitic, Proclitics, Reading};
use super::words::{NO_WORD, WordId, Words};
use weigh::{
    ENDS_IN_MAQSURA, Known, NO_HAMZA, NO_PREPOSITION, SHARPNESS, TAKES_PRONOUN, TOLERANCE, TOLERANCE_AFTER,
    begins_without_hamza, enclitics, has_article, length_factor, lexeme, prior, rate, rate_unknown,
};

/// At most so many readings of a word are kept.
const MOST: usize = 8;
/// Less probable readings are dropped.
const LEAST: f32 = 1.0 / 2048.0;

/// A letter of the key and where it comes from.
#[derive(Clone, Copy, Debug)]
struct Letter {
    key: usize,
    source: usize,
    /// The letter as written, presentation forms taken apart.
    char: char,
}

/// What a word is read into: offsets from its own start.
#[derive(Clone, Debug, Default)]
pub(super) struct Readings {
    /// The folded word, then the stems that are no slice of it.
    pub keys: String,
    /// Bytes of the folded word in `keys`.
    pub key: usize,
    /// The word as it stands.
    pub word: WordId,
    /// The readings, best first.
    pub list: Vec<Reading>,
}

/// A proclitic chain with the stem that it leaves.
#[derive(Clone, Copy, Debug)]
struct Cut {
    proclitics: Proclitics,
    /// How many letters are cut off.
    letters: usize,
    /// The stem in `keys`.
    stem: (usize, usize),
    known: Known,
    article: bool,
    weight: f32,
}

/// A pronoun at the end of a stem.
#[derive(Clone, Copy, Debug)]
struct End {
    /// The stem in `keys`.
    stem: (usize, usize),
    word: WordId,
    enclitic: Enclitic,
    /// Where the stem ends in the source.
    source: usize,
    weight: f32,
}

/// Reads words; holds its buffers.
#[derive(Clone, Debug, Default)]
pub(super) struct Reader {
    letters: Vec<Letter>,
    cuts: Vec<Cut>,
    spare: String,
    kept: String,
    /// Pronouns of one cut.
    ends: Vec<End>,
}

impl Readings {
    /// A token that is no word of letters: its key, and no reading.
    pub fn set_plain(&mut self, surface: &str, words: &Words) {
        self.keys.clear();
        fold_into(surface, &mut self.keys);
        self.word = words.get(&self.keys);
        self.key = self.keys.len();
        self.list.clear();
    }
}

impl Reader {
    /// The readings of `surface`, of which `out.keys` holds the folded form.
    pub fn read(&mut self, surface: &str, words: &Words, out: &mut Readings) {
        self.spell(surface, out);
        out.word = words.get(&out.keys);
        out.list.clear();
        if self.hangs(surface, words, out) {
            return;
        }
        self.cut(words, out);
        let sum: f32 = self.cuts.iter().map(|cut| cut.weight).sum();
        for index in 0..self.cuts.len() {
            let Some(cut) = self.cuts.get(index).copied() else { break };
            let share = cut.weight / sum;
            if share >= LEAST || cut.proclitics.is_empty() {
                self.end(surface, words, cut, share, out);
            }
        }
        out.list.sort_by(|a, b| b.score.cmp(&a.score).then(a.span.cmp(&b.span)));
        // The whole word stays, however improbable.
        if let Some(at) = out.list.iter().position(Reading::is_whole)
            && at >= MOST
        {
            out.list.swap(at, MOST - 1);
        }
        out.list.truncate(MOST);
        self.tidy(out);
    }

    /// Take note of where each letter of the key comes from.
    fn spell(&mut self, surface: &str, out: &mut Readings) {
        self.letters.clear();
        out.keys.clear();
        fold_letters(surface, |source, char, folded| {
            self.letters.push(Letter { key: out.keys.len(), source, char });
            out.keys.push(folded);
        });
        out.key = out.keys.len();
    }

    fn char(&self, index: usize) -> char {
        self.letters.get(index).map_or('\0', |letter| letter.char)
    }

    fn key_at(&self, index: usize, out: &Readings) -> usize {
        self.letters.get(index).map_or(out.key, |letter| letter.key)
    }

    /// Particles that hang before a quote, a number or a gap: `لـ«`, `بـ`, `و`.
    fn hangs(&self, surface: &str, words: &Words, out: &mut Readings) -> bool {
        let key = out.keys.as_str();
        let (proclitics, article) = match key {
            "و" => (Proclitics::WA, false),
            "ف" => (Proclitics::FA, false),
            "ب" => (Proclitics::BI, false),
            "ل" => (Proclitics::LI, false),
            "ك" => (Proclitics::KA, false),
            "وب" => (Proclitics::WA.with(Proclitics::BI), false),
            "ول" => (Proclitics::WA.with(Proclitics::LI), false),
            "وك" => (Proclitics::WA.with(Proclitics::KA), false),
            "فب" => (Proclitics::FA.with(Proclitics::BI), false),
            "فل" => (Proclitics::FA.with(Proclitics::LI), false),
            "ال" => (Proclitics::NONE, true),
            "وال" => (Proclitics::WA, true),
            "فال" => (Proclitics::FA, true),
            "بال" => (Proclitics::BI, true),
            "كال" => (Proclitics::KA, true),
            "لل" => (Proclitics::LI, true),
            "وبال" => (Proclitics::WA.with(Proclitics::BI), true),
            "ولل" => (Proclitics::WA.with(Proclitics::LI), true),
            _ => return false,
        };
        // آل and إل are no article.
        if self.letters.iter().any(|letter| matches!(letter.char, 'أ' | 'إ' | 'آ')) {
            return false;
        }
        // Tatweel says that something should follow; بال and كال are words too.
        let sure = surface.ends_with('ـ') || key.chars().count() == 1;
        let share = match (sure, Known::of(words, key).alone() > 0.0) {
            (true, _) => 0.98,
            (false, true) => 0.6,
            (false, false) => 0.9,
        };
        // The article belongs to what follows: `الـ15`.
        let clitics = if article {
            self.letters.len().saturating_sub(if key == "لل" || key == "ولل" { 1 } else { 2 })
        } else {
            self.letters.len()
        };
        let start = self.letters.get(clitics).map_or(surface.len(), |letter| letter.source);
        let (end, key) = (offset(surface.len()), offset(out.key));
        let whole = whole(surface, out, score(1.0 - share));
        let hanging = Reading {
            proclitics,
            article,
            stem: (key, key),
            word: NO_WORD,
            span: Span::new(offset(start), end),
            score: score(share),
            ..whole
        };
        out.list.extend([hanging, whole]);
        true
    }

    /// All ways to cut proclitics off, with their weights.
    fn cut(&mut self, words: &Words, out: &mut Readings) {
        self.cuts.clear();
        let whole = (0, out.key);
        let article = has_article(&out.keys);
        let known = Known::word(words, out.word, &out.keys);
        let weight = known.alone() + self.ended(words, whole, article, out) + 1.0;
        self.cuts.push(Cut { proclitics: Proclitics::NONE, letters: 0, stem: whole, known, article, weight });
        self.chain(Proclitics::NONE, 0, words, out);
        // A hamza that stands only where a word begins speaks against the whole.
        let hamza = match (self.char(0), self.char(1), self.char(2)) {
            ('ل', 'ل', _) | ('و' | 'ف', 'ب' | 'ل' | 'ك', 'إ') | ('و' | 'ف' | 'ب' | 'ل' | 'ك', 'إ', _) => {
                0.01
            }
            ('و', 'أ', _) | ('و' | 'ف', 'ب' | 'ل' | 'ك', 'أ') => 0.1,
            ('ب' | 'ل' | 'ك' | 'ف', 'أ', _) => 0.5,
            _ => 1.0,
        };
        for (index, cut) in self.cuts.iter_mut().enumerate() {
            cut.weight = if index == 0 { cut.weight * hamza } else { cut.weight }.powf(SHARPNESS);
        }
    }

    /// Cut one more proclitic after `chain`, of `taken` letters.
    fn chain(&mut self, chain: Proclitics, taken: usize, words: &Words, out: &mut Readings) {
        use Proclitics as P;
        let left = self.letters.len().saturating_sub(taken);
        if left < 3 {
            return;
        }
        let first = chain.is_empty() || chain == P::HAMZA;
        let before_preposition = !chain.any(P::BI.with(P::LI).with(P::KA).with(P::SA));
        let more = match self.char(taken) {
            'و' if first => P::WA,
            'ف' if first => P::FA,
            'ب' if before_preposition => P::BI,
            'ل' if before_preposition => P::LI,
            'ك' if before_preposition => P::KA,
            'س' if before_preposition && left > 3 && matches!(self.char(taken + 1), 'ي' | 'ت' | 'ن' | 'أ') => {
                P::SA
            }
            'أ' if taken == 0 && matches!(self.char(1), 'ل' | 'و' | 'ف' | 'ه' | 'ي' | 'ت') => P::HAMZA,
            _ => return,
        };
        let chain = chain.with(more);
        // Two letters from one ligature cannot be parted.
        let source = |index: usize| self.letters.get(index).map(|letter| letter.source);
        if source(taken) == source(taken + 1) {
            return;
        }
        self.weigh(chain, taken + 1, words, out);
        self.chain(chain, taken + 1, words, out);
    }

    /// Add the cut of `chain`, and for لل the readings with the article that has lost its alef.
    fn weigh(&mut self, chain: Proclitics, letters: usize, words: &Words, out: &mut Readings) {
        let from = self.key_at(letters, out);
        let to = out.key;
        let rest = out.keys.get(from..to).unwrap_or("");
        let article = has_article(rest);
        self.add(chain, letters, (from, to), article, words, out);
        if chain.has(Proclitics::LI) && out.keys.get(from..to).is_some_and(|rest| rest.starts_with('ل')) {
            // للتنظيم is ل + التنظيم; للجنة is ل + اللجنة; لله is ل + الله.
            for start in ["ا", "ال"] {
                let stem = out.keys.len();
                out.keys.push_str(start);
                out.keys.extend_from_within(from..to);
                self.add(chain, letters, (stem, out.keys.len()), true, words, out);
            }
        }
    }

    fn add(
        &mut self,
        chain: Proclitics,
        letters: usize,
        stem: (usize, usize),
        article: bool,
        words: &Words,
        out: &mut Readings,
    ) {
        let char = self.char(letters);
        // These never begin a word.
        if matches!(char, 'ء' | 'ئ' | 'ؤ' | 'ة' | 'ى') {
            return;
        }
        let ended = self.ended(words, stem, article, out);
        let rest = out.keys.get(stem.0..stem.1).unwrap_or("");
        let known = Known::of(words, rest);
        let count = lexeme(words, rest, &known, &mut self.spare) + ended;
        let hamza = matches!(char, 'أ' | 'إ' | 'آ');
        // No word begins with لل: the second is the article's.
        let last = self.letters.last().map_or('\0', |letter| letter.char);
        let yeh = last == 'ي' && ENDS_IN_MAQSURA.contains(&rest);
        let doubled = stem.0 < out.key && rest.starts_with("لل");
        let mut spelling = if doubled || yeh { 0.02 } else { 1.0 };
        if char == 'ا' && !begins_without_hamza(rest) {
            spelling *= NO_HAMZA;
        }
        let preposition = Proclitics::BI.with(Proclitics::LI).with(Proclitics::KA);
        let particle = chain.any(preposition) && NO_PREPOSITION.contains(&rest);
        let future_name = chain.any(Proclitics::SA) && known.name;
        let fits = if particle || future_name { 0.001 } else { 1.0 };
        let rate = if article && stem.0 >= out.key && count == 0.0 { 0.0 } else { rate(chain, article) };
        let unknown = if count == 0.0 && known.word == NO_WORD && !(article && rest.starts_with("الل")) {
            rate_unknown(chain, article, hamza, rest)
        } else {
            0.0
        };
        // No word of its own begins like وبال, and those of bare prepositions are few.
        let certain = if article && chain.0.count_ones() > 1 { 20.0 } else { 1.0 };
        let expected = certain * TOLERANCE * rate * count * length_factor(rest) * fits;
        // A known stem counts a little even when it is rare: clitics are common, words that begin like them are not.
        // Not so when the stem itself is another stem with a proclitic.
        let own = (count / known.alone().max(1.0)).min(1.0);
        let prior = if count > 0.0 { prior(chain) * own * length_factor(rest) * fits } else { unknown };
        let weight = (expected + prior) * spelling;
        if weight > 0.0 {
            self.cuts.push(Cut { proclitics: chain, letters, stem, known, article, weight });
        }
    }

    /// Fill `ends` with the ways to cut a pronoun off a stem; the sum of what they explain.
    fn ended(&mut self, words: &Words, stem: (usize, usize), article: bool, out: &mut Readings) -> f32 {
        self.ends.clear();
        if article {
            return 0.0;
        }
        let mut sum = 0.0;
        let last = out.keys.get(stem.0..stem.1).and_then(|key| key.chars().next_back());
        for &(form, enclitic, rate) in last.map_or(&[][..], enclitics) {
            let Some(body) = out.keys.get(stem.0..stem.1).and_then(|key| key.strip_suffix(form)) else { continue };
            let last = body.chars().next_back().unwrap_or('\0');
            let (from, to) = (stem.0, stem.0 + body.len());
            let long = body.chars().nth(2).is_some();
            let Some(first) = self.letters.len().checked_sub(form.chars().count()) else { continue };
            let Some(letter) = self.letters.get(first).copied() else { continue };
            let parts = first > 0 && self.letters.get(first - 1).is_some_and(|before| before.source < letter.source);
            // A final ة or ى is no pronoun.
            if !parts || matches!(letter.char, 'ة' | 'ى') {
                continue;
            }
            let mut add = |stem: (usize, usize), known: &Known| {
                let expected = rate * known.owned();
                sum += expected;
                let weight = (TOLERANCE_AFTER * expected).powf(SHARPNESS);
                self.ends.push(End { stem, word: known.word, enclitic, source: letter.source, weight });
            };
            if long || TAKES_PRONOUN.contains(&body) {
                let known = Known::of(words, body);
                if known.owned() > 2.0 {
                    add((from, to), &known);
                }
            }
            // Letters that change before a pronoun: ة, ى and ء.
            let restored = match last {
                'ت' => 'ه',
                'ا' => 'ي',
                'و' | 'ي' => 'ء',
                _ => continue,
            };
            if !long {
                continue;
            }
            let start = out.keys.len();
            out.keys.extend_from_within(from..to - last.len_utf8());
            out.keys.push(restored);
            let known = Known::of(words, out.keys.get(start..).unwrap_or(""));
            if known.owned() > 2.0 {
                add((start, out.keys.len()), &known);
            } else {
                out.keys.truncate(start);
            }
        }
        sum
    }

    /// Add the readings of one cut: as it stands, and with each pronoun cut off.
    fn end(&mut self, surface: &str, words: &Words, cut: Cut, share: f32, out: &mut Readings) {
        let start = self.letters.get(cut.letters).map_or(surface.len(), |letter| letter.source);
        let start = if cut.letters == 0 { 0 } else { start };
        self.ended(words, cut.stem, cut.article, out);
        let alone = (cut.known.alone() + 0.5).powf(SHARPNESS);
        let sum = alone + self.ends.iter().map(|end| end.weight).sum::<f32>();
        let base = Reading {
            proclitics: cut.proclitics,
            enclitic: None,
            article: cut.article,
            stem: (offset(cut.stem.0), offset(cut.stem.1)),
            word: cut.known.word,
            span: Span::new(offset(start), offset(surface.len())),
            score: score(share * alone / sum),
        };
        out.list.push(base);
        for end in &self.ends {
            let share = share * end.weight / sum;
            if share >= LEAST {
                out.list.push(Reading {
                    enclitic: Some(end.enclitic),
                    stem: (offset(end.stem.0), offset(end.stem.1)),
                    word: end.word,
                    span: Span::new(offset(start), offset(end.source)),
                    score: score(share),
                    ..base
                });
            }
        }
    }

    /// Keep of `keys` only what the readings use.
    fn tidy(&mut self, out: &mut Readings) {
        self.kept.clear();
        self.kept.push_str(out.keys.get(..out.key).unwrap_or(""));
        for reading in &mut out.list {
            if reading.stem.0 as usize >= out.key && reading.stem.0 < reading.stem.1 {
                let stem = out.keys.get(reading.stem.0 as usize..reading.stem.1 as usize).unwrap_or("");
                let start = offset(self.kept.len());
                self.kept.push_str(stem);
                reading.stem = (start, offset(self.kept.len()));
            }
        }
        std::mem::swap(&mut self.kept, &mut out.keys);
    }
}

fn score(share: f32) -> i16 {
    let bits = (share.max(f32::MIN_POSITIVE).log2() * 256.0).round().clamp(f32::from(i16::MIN), 0.0);
    #[allow(clippy::cast_possible_truncation, reason = "clamped above")]
    let score = bits as i16;
    score
}

/// The reading of a word with nothing attached.
fn whole(surface: &str, out: &Readings, score: i16) -> Reading {
    Reading {
        proclitics: Proclitics::NONE,
        enclitic: None,
        article: has_article(out.keys.get(..out.key).unwrap_or("")),
        stem: (0, offset(out.key)),
        word: out.word,
        span: Span::new(0, offset(surface.len())),
        score,
    }
}
