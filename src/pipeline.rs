//! The way of one text: segment, detect, resolve.

use std::sync::Arc;

use jiff::civil::{Date, Weekday};

use crate::base::{Label, LabelSet, Span, Src};
use crate::detect::lexicon::{Lexicon, Row, UserLexicon};
use crate::detect::tagger::{self, DEFAULT_SCHEME, Tagger};
use crate::detect::{self, Candidate, Detect, Detector, View, rules};
use crate::doc::Doc;
use crate::error::{Error, ErrorKind, Result};
use crate::pack::Pack;
use crate::resolve::homographs::is_homograph;
use crate::resolve::judge::{self, Trust};
use crate::resolve::values::{Context, annotate, settle};
use crate::resolve::{self, overlap};
use crate::segment::{Layout, Segmenter, Words};

/// What the caller may say of a text.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day of publication, which anchors relative dates.
    pub published: Option<Date>,
    /// The first day of the week.
    pub week_start: Weekday,
}

impl Default for Options {
    fn default() -> Self {
        Self { published: None, week_start: Weekday::Saturday }
    }
}

/// A candidate and the judgement on it.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What was proposed.
    pub candidate: Candidate,
    /// By whom, in words.
    pub evidence: String,
    /// Whether it stands.
    pub kept: bool,
    /// Why it stands or fell.
    pub reason: String,
}

/// A text of more bytes leaves no memory behind: what it needed is far more than others do.
const LONG: usize = 4 << 20;

/// What the rooms above segmentation need not look at: asked once of each word.
fn idle(text: &str, layout: &Layout, words: &Words) -> u8 {
    let view = View { text, layout, words };
    detect::idle(&view) | resolve::idle(&view)
}

/// The segmenter of an analysis: it knows of each word what the later stages need not look at.
pub fn segmenter() -> Segmenter {
    Segmenter::asking(idle)
}

/// Memory reused from text to text, one a thread.
#[derive(Debug)]
pub struct Scratch {
    segmenter: Segmenter,
    layout: Layout,
    candidates: Vec<Candidate>,
    tagger: tagger::Scratch,
    tagged: Vec<Candidate>,
    standing: Vec<Candidate>,
    meaning: resolve::meaning::Scratch,
}

impl Default for Scratch {
    fn default() -> Self {
        Self {
            segmenter: segmenter(),
            layout: Layout::default(),
            candidates: Vec::new(),
            tagger: tagger::Scratch::default(),
            tagged: Vec::new(),
            standing: Vec::new(),
            meaning: resolve::meaning::Scratch::default(),
        }
    }
}

#[derive(Clone, Debug)]
struct Parts {
    words: Words,
    lexicon: Arc<Lexicon>,
    own: Arc<UserLexicon>,
    tagger: Option<Arc<Tagger>>,
    labels: Arc<LabelSet>,
    /// The labels of the tagger's scheme as numbers of `labels`.
    numbers: Arc<[Label]>,
    trust: Trust,
}

/// A loaded analyzer: immutable, shared, cheap to clone.
#[derive(Clone, Debug)]
pub struct Pipeline(Arc<Parts>);

impl Pipeline {
    /// Build the analyzer of a pack, with the default scheme.
    pub fn new(pack: &Pack) -> Result<Self> {
        Self::with_scheme(pack, DEFAULT_SCHEME)
    }

    /// Build the analyzer of a pack with one of the schemes that its tagger was trained on.
    pub fn with_scheme(pack: &Pack, scheme: &str) -> Result<Self> {
        let words = Words::of(pack)?;
        let lexicon = Arc::new(Lexicon::of(pack, &words)?);
        let tagger = Tagger::open(pack, scheme)?;
        if tagger.is_none() && scheme != DEFAULT_SCHEME {
            return Err(Error::unknown("scheme", scheme, &tagger::schemes(pack)));
        }
        let names: &[String] = tagger.as_ref().map_or(&[], |t| &t.scheme().labels);
        let labels = Arc::new(LabelSet::with_default(names)?);
        let numbers = names.iter().map(|name| labels.get(name).unwrap_or(Label::PERS)).collect();
        let (own, tagger) = (Arc::default(), tagger.map(Arc::new));
        let trust = Trust::open(pack.get(judge::SECTION).filter(|_| scheme == DEFAULT_SCHEME).cloned())?;
        Ok(Self(Arc::new(Parts { words, lexicon, own, tagger, labels, numbers, trust })))
    }

    /// The learned tagger, when the pack has one.
    pub fn tagger(&self) -> Option<&Tagger> {
        self.0.tagger.as_deref()
    }

    /// The labels of all mentions that it may find: the default 21, then those that only its scheme has.
    pub fn labels(&self) -> &LabelSet {
        &self.0.labels
    }

    /// The table of words.
    pub fn words(&self) -> &Words {
        &self.0.words
    }

    /// The bundled lexicon.
    pub fn lexicon(&self) -> &Lexicon {
        &self.0.lexicon
    }

    /// An analyzer that knows these names too, beside those added before. A name that is surely one of them is
    /// preferred to what the bundled lexicon says.
    pub fn with_lexicon(&self, rows: &[Row]) -> Result<Self> {
        let own = Arc::new(self.0.own.with_rows(rows, &self.0.words)?);
        Ok(Self(Arc::new(Parts { own, ..(*self.0).clone() })))
    }

    /// The names that were added.
    pub fn own_lexicon(&self) -> &UserLexicon {
        &self.0.own
    }

    /// Analyze one text. The only failure is a text of more than `u32::MAX` bytes.
    pub fn run(&self, text: &str, options: &Options) -> Result<Doc> {
        self.run_with(text, options, &mut Scratch::default())
    }

    /// Analyze one text with memory from earlier ones.
    pub fn run_with(&self, text: &str, options: &Options, scratch: &mut Scratch) -> Result<Doc> {
        self.propose(text, scratch)?;
        self.judge(scratch);
        let long = text.len() > LONG;
        if long {
            // Scores of all tokens and sums of all word types: most of what a text takes.
            scratch.tagger = tagger::Scratch::default();
        }
        let mut mentions = resolve::mentions(&scratch.candidates);
        let context = Context { published: options.published, week_start: options.week_start };
        annotate(text, &scratch.layout, &mut mentions, &context);
        let view = View { text, layout: &scratch.layout, words: &self.0.words };
        let meaning =
            resolve::meaning::read(&view, (&self.0.lexicon, &self.0.own), &mut mentions, &mut scratch.meaning);
        settle(&mut mentions, |mention| {
            let link = meaning.links.get(mention.link? as usize)?;
            link.entry(&self.0.lexicon, &self.0.own)?.country()
        });
        let lexicons = (self.0.lexicon.clone(), self.0.own.clone());
        let layout = if long {
            let mut layout = std::mem::take(scratch).layout;
            layout.tokens.shrink_to_fit();
            layout.readings.shrink_to_fit();
            layout.keys.shrink_to_fit();
            layout
        } else {
            scratch.layout.clone()
        };
        Ok(Doc::new(text, layout, mentions, meaning, lexicons, self.0.labels.clone()))
    }

    /// The candidates that overlap a span, with the judgement on each, the standing ones first.
    pub fn explain(&self, text: &str, _options: &Options, span: Span<Src>) -> Result<Vec<Explanation>> {
        let mut scratch = Scratch::default();
        self.propose(text, &mut scratch)?;
        let proposed = scratch.candidates.clone();
        self.judge(&mut scratch);
        let kept = scratch.candidates;
        let mut out: Vec<Explanation> = proposed
            .into_iter()
            .filter(|c| c.span.overlaps(span))
            .map(|candidate| {
                let rival = overlap::rival(&candidate, &kept);
                let stands = kept.iter().any(|k| k.span == candidate.span && k.label == candidate.label);
                Explanation {
                    candidate,
                    evidence: evidence(&candidate),
                    kept: stands,
                    reason: match rival {
                        _ if stands => "stands".to_owned(),
                        Some(r) => format!("{} {:?} is preferred", self.0.labels.name(r.label), r.span.slice(text)),
                        None => "too little evidence".to_owned(),
                    },
                }
            })
            .collect();
        out.sort_by(|a, b| b.kept.cmp(&a.kept).then(overlap::order(&a.candidate, &b.candidate)));
        Ok(out)
    }

    fn propose(&self, text: &str, scratch: &mut Scratch) -> Result<()> {
        self.read(text, scratch)?;
        let Some(tagger) = &self.0.tagger else { return Ok(()) };
        let Scratch { layout, candidates, tagger: memory, tagged, standing, .. } = scratch;
        let view = View { text, layout, words: &self.0.words };
        standing.clone_from(candidates);
        overlap::resolve(standing);
        tagged.clear();
        tagger.tag(&view, candidates, standing, memory, tagged);
        for candidate in &mut *tagged {
            candidate.label = self.0.numbers.get(candidate.label.index()).copied().unwrap_or(candidate.label);
            trim(&view, candidate);
        }
        tagged.retain(|candidate| !is_homograph(&view, candidate));
        candidates.append(tagged);
        Ok(())
    }

    /// Leave the candidates that stand.
    fn judge(&self, scratch: &mut Scratch) {
        match &self.0.tagger {
            Some(_) => judge::judge(&mut scratch.candidates, &scratch.standing, &self.0.trust),
            None => overlap::resolve(&mut scratch.candidates),
        }
    }

    /// The units of a text and the matches of all detectors but the tagger.
    pub fn matches(
        &self,
        text: &str,
        scratch: &mut Scratch,
        mut look: impl FnMut(&View<'_>, &[Candidate]),
    ) -> Result<()> {
        self.read(text, scratch)?;
        look(&View { text, layout: &scratch.layout, words: &self.0.words }, &scratch.candidates);
        Ok(())
    }

    fn read(&self, text: &str, scratch: &mut Scratch) -> Result<()> {
        if u32::try_from(text.len()).is_err() {
            return Err(Error::new(
                ErrorKind::TextTooLong,
                format!("the text has {} bytes; at most {} are possible: cut it into documents", text.len(), u32::MAX),
            ));
        }
        let Scratch { segmenter, layout, candidates, .. } = scratch;
        segmenter.segment(text, &self.0.words, layout);
        candidates.clear();
        let view = View { text, layout, words: &self.0.words };
        self.0.lexicon.detect(&view, candidates);
        self.0.own.detect(&view, candidates);
        rules::figures::detect(&view, candidates);
        rules::contact::detect(&view, candidates);
        rules::structure::Structure.detect(&view, candidates);
        resolve::gather(&view, candidates);
        Ok(())
    }
}

/// No name ends in a preposition.
fn trim(view: &View<'_>, candidate: &mut Candidate) {
    let (from, to) = candidate.tokens;
    let last = |to: u32| view.layout.tokens.get(to.checked_sub(1)? as usize);
    let Some(end) = last(to).filter(|_| to > from + 1) else { return };
    if end.span.end == candidate.span.end
        && matches!(view.layout.key(end), "في" | "من" | "عن" | "مع")
        && let Some(before) = last(to - 1).filter(|before| before.span.end > candidate.span.start)
    {
        candidate.tokens.1 = to - 1;
        candidate.span = Span::new(candidate.span.start, before.span.end);
    }
}

/// Who proposed a candidate, in words.
fn evidence(candidate: &Candidate) -> String {
    match candidate.detector {
        Detector::Lexicon => "lexicon".to_owned(),
        Detector::User => "your lexicon".to_owned(),
        Detector::Rule => format!("rule {}", rules::NAMES.get(candidate.detail as usize).copied().unwrap_or("?")),
        Detector::Tagger => "tagger".to_owned(),
        Detector::Document => "the same name elsewhere in the text".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::Bytes;
    use crate::detect::lexicon::{self, LexiconBuilder};
    use crate::resolve::groups::Groups;
    use crate::resolve::quotes::Finder;
    use crate::segment::words::WordsBuilder;
    use crate::segment::{Trait, segment};

    /// Words that rules and quotations look for, and some that they do not.
    const PARTS: [(&str, Trait); 41] = [
        ("وزير", Trait::TITLE),
        ("الرئيس", Trait::TITLE),
        ("مدينة", Trait::GPE_HEAD),
        ("حزب", Trait::ORG_HEAD),
        ("محمد", Trait::GIVEN),
        ("الهاشمي", Trait::FAMILY),
        ("قال", Trait::SPEECH),
        ("وأكد", Trait::SPEECH),
        ("بحسب", Trait::SOURCE),
        ("قوله", Trait::STOP),
        ("مصدر", Trait::PEOPLE),
        ("الليبي", Trait::ADJ_NATION),
        ("الجيش", Trait::STOP),
        ("أبو", Trait::STOP),
        ("بن", Trait::STOP),
        ("إن", Trait::STOP),
        ("الشجرة", Trait::STOP),
        ("وبالشجرة", Trait::STOP),
        ("خمسة", Trait::NUMBER),
        ("وعشرون", Trait::NUMBER),
        ("ألف", Trait::NUMBER),
        ("لست", Trait::STOP),
        ("وأحد", Trait::STOP),
        ("عشر", Trait::NUMBER),
        ("يوم", Trait::TIME_NOUN),
        ("الجمعة", Trait::WEEKDAY),
        ("مايو", Trait::MONTH),
        ("الماضي", Trait::STOP),
        ("بعد", Trait::STOP),
        ("غد", Trait::STOP),
        ("دينار", Trait::CURRENCY),
        ("رقم", Trait::STOP),
        ("الـ", Trait::STOP),
        ("و", Trait::STOP),
        ("2016", Trait::STOP),
        ("3سنوات", Trait::STOP),
        ("«", Trait::STOP),
        ("(", Trait::STOP),
        ("محمدد", Trait::STOP),
        ("طرابلس", Trait::STOP),
        ("طرابلسس", Trait::STOP),
    ];

    /// Names of those words, some of which the text misspells.
    fn lexicon(words: &Words) -> Lexicon {
        let mut builder = LexiconBuilder::default();
        let table =
            "label\tname\taliases\tlatin\tinfo\nPERS\tمحمد الهاشمي\nGPE\tطرابلس\t\t\tkind=country\nORG\tحزب الشجرة\n";
        for row in lexicon::parse(table, "names").unwrap() {
            builder.add(&row, row.label.parse().unwrap(), &mut |key| words.get(key)).unwrap();
        }
        Lexicon::open(builder.build(words.len()).unwrap().map(|section| Bytes::copy(&section)), words.len()).unwrap()
    }

    fn misspelt(part: &str) -> bool {
        matches!(part, "محمدد" | "طرابلسس")
    }

    fn words() -> Words {
        let mut builder = WordsBuilder::default();
        for (part, known) in PARTS {
            let word = builder.entry(&crate::script::fold_to_string(part));
            (word.count, word.traits) = (if misspelt(part) { 1 } else { 1000 }, known.0);
        }
        Words::open(builder.build().unwrap().map(|section| Bytes::copy(&section))).unwrap()
    }

    proptest! {
        #[test]
        fn nothing_is_found_in_idle_words(parts in prop::collection::vec(0..PARTS.len(), 0..60)) {
            let text = parts.iter().map(|part| PARTS[*part].0).collect::<Vec<_>>().join(" ");
            let words = words();
            let lexicon = lexicon(&words);
            let (mut plain, mut asked) = (Layout::default(), Layout::default());
            segment(&text, &words, &mut plain);
            segmenter().segment(&text, &words, &mut asked);
            prop_assert!(plain.tokens.iter().all(|token| token.idle == 0));
            let found = |layout: &Layout| {
                let view = View { text: &text, layout, words: &words };
                let (mut candidates, mut quotes) = (Vec::new(), Vec::new());
                lexicon.detect(&view, &mut candidates);
                rules::figures::detect(&view, &mut candidates);
                rules::structure::Structure.detect(&view, &mut candidates);
                Finder::default().find(&view, &[], &Groups::default(), &mut quotes);
                (candidates, quotes)
            };
            prop_assert_eq!(found(&plain), found(&asked));
        }
    }

    #[test]
    fn names_end_before_a_preposition() {
        let (text, words) = ("وصل وفد جمعية المرجان في مركب", Words::default());
        let mut layout = Layout::default();
        segment(text, &words, &mut layout);
        let view = View { text, layout: &layout, words: &words };
        let at = |word: &str| text.find(word).and_then(|at| u32::try_from(at).ok()).unwrap_or(0);
        let mut candidate = Candidate {
            span: Span::new(at("جمعية"), at(" مركب")),
            label: Label::ORG,
            score: 0.6,
            detector: Detector::Tagger,
            detail: 0,
            tokens: (2, 5),
            ambiguous: false,
        };
        for _ in 0..2 {
            trim(&view, &mut candidate);
            assert_eq!((candidate.span.slice(text), candidate.tokens), ("جمعية المرجان", (2, 4)));
        }
    }
}
