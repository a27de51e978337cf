//! The names of mentions: folded words without quotes, in the nominative, each distinct name once.

use rustc_hash::FxHashMap;

use crate::base::{Label, Span, hash64, offset};
use crate::detect::lexicon::nominative;
use crate::detect::{Detector, View};
use crate::script::fold_into;
use crate::segment::{Token, TokenKind, Trait, WordId, Words};

use super::Mention;

/// Names are compared within a class: a region is a place whether the text makes of it a province or a land.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// A person.
    Person,
    /// A body.
    Body,
    /// A place with people or without.
    Place,
    /// Any other thing of one label.
    Other(Label),
}

impl Class {
    /// The class of a label; `None` for what is no thing, such as a date, and for a post, which is a role.
    pub fn of(label: Label) -> Option<Self> {
        match label {
            Label::PERS => Some(Self::Person),
            Label::ORG => Some(Self::Body),
            Label::GPE | Label::LOC => Some(Self::Place),
            Label::FAC | Label::EVENT | Label::LAW | Label::PRODUCT | Label::NORP => Some(Self::Other(label)),
            _ => None,
        }
    }

    fn seed(self) -> u64 {
        match self {
            Self::Person => 1,
            Self::Body => 2,
            Self::Place => 3,
            Self::Other(label) => 16 + u64::from(label.0),
        }
    }

    /// The kind nouns that may stand before a name of the class: مدينة, نهر, حركة.
    fn heads(self) -> Trait {
        match self {
            Self::Place => Trait::GPE_HEAD.with(Trait::LOC_HEAD),
            Self::Body => Trait::ORG_HEAD,
            Self::Other(Label::FAC) => Trait::FAC_HEAD,
            _ => Trait::default(),
        }
    }
}

/// A word of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NameWord {
    /// Bytes of the buffer of [`Names`].
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// Its number in the table of words.
    pub id: WordId,
}

/// A distinct name of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// Its class.
    pub class: Class,
    /// The label of its first mention.
    pub label: Label,
    /// Its words, as a range of [`Names::words`].
    pub words: (u32, u32),
    /// [`Names::hash`] of all of them.
    pub hash: u64,
    /// Its first word is a kind noun.
    pub headed: bool,
    /// One of its words [is rare](Names::is_rare).
    pub rare: bool,
    /// Its first mention.
    pub first: u32,
    /// How many mentions have it.
    pub count: u32,
    /// What the lexicon took its first mention for.
    pub entry: Option<u32>,
    /// The user's entry that it names.
    pub user: Option<u32>,
}

impl Form {
    /// Whether it is a person's name of one word: it may be another's than the best known bearer's.
    pub fn is_lone(&self) -> bool {
        self.class == Class::Person && self.words.1 - self.words.0 == 1
    }
}

/// Words of names, one name after another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spelt {
    text: String,
    words: Vec<NameWord>,
}

impl Spelt {
    /// The words of a form.
    pub fn words(&self, form: &Form) -> &[NameWord] {
        self.words.get(form.words.0 as usize..form.words.1 as usize).unwrap_or(&[])
    }

    /// The text of neighboring words.
    pub fn text(&self, words: &[NameWord]) -> &str {
        match words {
            [first, .., last] => self.text.get(first.start as usize..last.end as usize).unwrap_or(""),
            [only] => self.text.get(only.start as usize..only.end as usize).unwrap_or(""),
            [] => "",
        }
    }

    /// Append the words of a form that are spelt elsewhere; the form with them.
    pub fn copy(&mut self, other: &Self, form: &Form) -> Form {
        let from = self.push(other, other.words(form));
        Form { words: (from, offset(self.words.len())), ..*form }
    }

    /// Append all words; how far those of a form have moved.
    pub fn append(&mut self, other: &Self) -> u32 {
        self.push(other, &other.words)
    }

    /// Append neighboring words; the number of the first.
    fn push(&mut self, other: &Self, own: &[NameWord]) -> u32 {
        let from = own.first().map_or(0, |word| word.start);
        let (to, words) = (offset(self.text.len()), offset(self.words.len()));
        self.text.push_str(other.text(own));
        self.words.extend(own.iter().map(|w| NameWord {
            start: w.start - from + to,
            end: w.end - from + to,
            id: w.id,
        }));
        words
    }

    fn truncate(&mut self, text: usize, words: usize) {
        self.text.truncate(text);
        self.words.truncate(words);
    }
}

/// The names of a text. Keep one a thread: [`Names::read`] reuses the memory.
#[derive(Clone, Debug, Default)]
pub struct Names {
    spelt: Spelt,
    /// Distinct names in the order of the text.
    pub forms: Vec<Form>,
    of: Vec<u32>,
    index: FxHashMap<u64, u32>,
}

const NONE: u32 = u32::MAX;
/// A misspelt word has at least so many letters.
const LETTERS: usize = 4;
/// Words of the corpora seen so seldom may be misspelt.
const RARE: u32 = 3;

/// The hash of a name that stands for an entry, or for one of the user's.
fn of_thing(hash: u64, entry: Option<u32>, user: Option<u32>) -> u64 {
    let number = |entry: Option<u32>| entry.map_or(0, |entry| u64::from(entry) + 1);
    hash ^ (number(entry) | number(user) << 32).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

impl Names {
    /// Read the names of the mentions.
    pub fn read(&mut self, view: &View<'_>, mentions: &[Mention]) {
        self.spelt.truncate(0, 0);
        self.forms.clear();
        self.of.clear();
        self.index.clear();
        for (at, mention) in (0u32..).zip(mentions) {
            let form = Class::of(mention.label).and_then(|class| self.form(view, mention, at, class));
            self.of.push(form.unwrap_or(NONE));
        }
    }

    /// The form of a mention.
    pub fn of(&self, mention: u32) -> Option<u32> {
        self.of.get(mention as usize).copied().filter(|form| *form != NONE)
    }

    /// Give some mentions of a form a form of their own: another thing of the same name.
    pub fn part(&mut self, form: u32, mentions: &[u32]) -> Option<u32> {
        let new = offset(self.forms.len());
        let own = self.forms.get_mut(form as usize)?;
        own.count = own.count.saturating_sub(offset(mentions.len()));
        let part = Form { first: *mentions.first()?, count: offset(mentions.len()), ..*own };
        for mention in mentions {
            *self.of.get_mut(*mention as usize)? = new;
        }
        let first = self.of.iter().position(|other| *other == form);
        if let Some(own) = self.forms.get_mut(form as usize) {
            own.first = first.map_or(own.first, offset);
        }
        self.forms.push(part);
        Some(new)
    }

    /// The words of all forms.
    pub fn spelt(&self) -> &Spelt {
        &self.spelt
    }

    /// The words of a form.
    pub fn words(&self, form: &Form) -> &[NameWord] {
        self.spelt.words(form)
    }

    /// The words of a form without its kind noun.
    pub fn bare(&self, form: &Form) -> &[NameWord] {
        self.words(form).get(usize::from(form.headed)..).unwrap_or(&[])
    }

    /// The text of neighboring words.
    pub fn text(&self, words: &[NameWord]) -> &str {
        self.spelt.text(words)
    }

    /// Whether a word is so rare that it may be a misspelling.
    pub fn is_rare(&self, table: &Words, word: &NameWord) -> bool {
        let named = Trait::GIVEN.with(Trait::FAMILY).with(Trait::ADJ_NATION).with(Trait::STOP);
        table.count(word.id) <= RARE
            && !table.traits(word.id).any(named)
            && self.text(std::slice::from_ref(word)).chars().count() >= LETTERS
    }

    /// A hash of neighboring words under a class.
    pub fn hash(&self, class: Class, words: &[NameWord]) -> u64 {
        hash64(self.text(words).as_bytes(), class.seed())
    }

    /// Add a name of another text, which stands for an entry or for one of the user's; one name of two things makes two
    /// forms.
    pub fn adopt(&mut self, other: &Spelt, form: &Form) -> u32 {
        if let Some(known) = self.find(form) {
            return known;
        }
        let form = self.spelt.copy(other, form);
        self.push_form(form)
    }

    /// The form of a name that was [adopted](Self::adopt) before, by the hash of its words.
    fn find(&self, form: &Form) -> Option<u32> {
        let at = self.seek(form)?;
        let known = self.forms.get(at as usize)?;
        ((known.hash, known.entry, known.user) == (form.hash, form.entry, form.user)).then_some(at)
    }

    /// Where [`Names::adopt`] looks for a name.
    pub fn seek(&self, form: &Form) -> Option<u32> {
        self.index.get(&of_thing(form.hash, form.entry, form.user)).copied()
    }

    fn push_form(&mut self, form: Form) -> u32 {
        let at = offset(self.forms.len());
        self.index.insert(of_thing(form.hash, form.entry, form.user), at);
        self.forms.push(form);
        at
    }

    /// Append the words of a mention.
    fn spell(&mut self, view: &View<'_>, mention: &Mention) {
        let words = self.spelt.words.len();
        let tokens = view.layout.tokens.get(mention.tokens.0 as usize..mention.tokens.1 as usize).unwrap_or(&[]);
        for token in tokens.iter().filter(|token| token.kind != TokenKind::Punct) {
            self.push(view, mention, token, words);
        }
    }

    fn form(&mut self, view: &View<'_>, mention: &Mention, at: u32, class: Class) -> Option<u32> {
        let (text, words) = (self.spelt.text.len(), self.spelt.words.len());
        self.spell(view, mention);
        let own = self.spelt.words.get(words..).filter(|own| !own.is_empty())?;
        let hash = self.hash(class, own);
        let whole = self.text(own);
        let known = self.index.get(&hash).and_then(|form| self.forms.get(*form as usize).map(|f| (*form, f)));
        if let Some((form, known)) = known
            && known.class == class
            && self.text(self.words(known)) == whole
        {
            self.spelt.truncate(text, words);
            self.forms[form as usize].count += 1;
            return Some(form);
        }
        let head = own.first().filter(|_| own.len() > 1);
        let source = |detector| (mention.source.0 == detector).then_some(mention.source.1);
        let fresh = Form {
            class,
            label: mention.label,
            words: (offset(words), offset(self.spelt.words.len())),
            hash,
            headed: head.is_some_and(|word| view.words.traits(word.id).any(class.heads())),
            rare: own.iter().any(|word| self.is_rare(view.words, word)),
            first: at,
            count: 1,
            entry: source(Detector::Lexicon),
            user: source(Detector::User),
        };
        let form = offset(self.forms.len());
        self.forms.push(fresh);
        self.index.insert(hash, form);
        Some(form)
    }

    /// Append the part of a token that belongs to a mention. `first` is where the words of the mention begin.
    fn push(&mut self, view: &View<'_>, mention: &Mention, token: &Token, first: usize) {
        let span = Span::new(token.span.start.max(mention.span.start), token.span.end.min(mention.span.end));
        let joined = self.spelt.words.len() > first && self.spelt.text.ends_with("عبد") && {
            let last = self.spelt.words.last().map_or(0, |word| word.end - word.start);
            last as usize == "عبد".len()
        };
        let before = self.spelt.text.len();
        let mut start = before;
        if self.spelt.words.len() > first && !self.spelt.text.is_empty() {
            self.spelt.text.push(' ');
            start += 1;
        }
        let reading = view.layout.readings(token).iter().find(|reading| reading.span == span);
        let mut id = token.word;
        match reading {
            _ if span == token.span => self.spelt.text.push_str(view.layout.key(token)),
            Some(reading) => {
                id = reading.word;
                self.spelt.text.push_str(view.layout.stem(reading));
            }
            None => {
                fold_into(span.slice(view.text), &mut self.spelt.text);
                id = view.words.get(self.spelt.text.get(start..).unwrap_or(""));
            }
        }
        let word = self.spelt.text.get(start..).unwrap_or("");
        if word.is_empty() {
            self.spelt.text.truncate(before);
            return;
        }
        let first_word = self.spelt.words.len() == first;
        if let Some(form) = nominative(word, first_word && mention.label == Label::PERS)
            && token.span.end < mention.span.end
        {
            self.spelt.text.truncate(start);
            self.spelt.text.push_str(form);
            id = view.words.get(form);
        }
        if joined && self.spelt.text.get(start..).is_some_and(|word| word.starts_with("ال")) {
            // عبد القادر and عبدالقادر are one name.
            self.spelt.text.remove(before);
            if let Some(last) = self.spelt.words.last_mut() {
                last.end = offset(self.spelt.text.len());
                last.id = view.words.get(self.spelt.text.get(last.start as usize..).unwrap_or(""));
            }
            return;
        }
        self.spelt.words.push(NameWord { start: offset(start), end: offset(self.spelt.text.len()), id });
    }
}
