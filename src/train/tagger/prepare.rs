//! Annotated documents to sequences of features.

use rustc_hash::FxHashMap;

use crate::base::{Span, Src};
use crate::detect::tagger::document::Memory;
use crate::detect::tagger::features::{Feature, Places, TypeInfo};
use crate::detect::tagger::tags::{O, Tag, Tags};
use crate::detect::tagger::{Tagger, help, span_of};
use crate::detect::{Candidate, Detector, View};
use crate::error::Result;
use crate::pipeline::{Pipeline, Scratch};
use crate::resolve::overlap;
use crate::segment::{Layout, Words};
use crate::train::corpus::Document;
use crate::train::crf::{self, Kind};
use crate::train::evaluate::Counts;

use super::Evidence;

/// A mention as a run of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Node {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) label: u8,
    /// The enclosing node, if any.
    pub(super) parent: Option<usize>,
}

/// A document ready for the extraction of features.
pub(super) struct Prepared {
    pub(super) text: String,
    pub(super) layout: Layout,
    pub(super) places: Places,
    /// The type of each token.
    pub(super) types: Vec<TypeInfo>,
    pub(super) nodes: Vec<Node>,
    /// What would stand without a tagger.
    pub(super) standing: Vec<Candidate>,
    /// Gold mentions that no run of tokens can give, and those whose span the tokens give exactly with and without
    /// taking proclitics off.
    pub(super) lost: usize,
    pub(super) exact: [usize; 2],
}

pub(super) fn token_at(layout: &Layout, byte: u32) -> Option<usize> {
    let at = layout.tokens.partition_point(|t| t.span.end <= byte);
    layout.tokens.get(at).filter(|t| t.span.start <= byte).map(|_| at)
}

pub(super) fn tokens_of(layout: &Layout, span: Span<Src>) -> Option<(usize, usize)> {
    let from = token_at(layout, span.start)?;
    let to = token_at(layout, span.end.checked_sub(1)?)? + 1;
    let sent = layout.sents.partition_point(|s| s.tokens.1 as usize <= from);
    layout.sents.get(sent).filter(|s| to <= s.tokens.1 as usize).map(|_| (from, to))
}

pub(super) fn prepare(
    pipeline: &Pipeline,
    helpers: &[Tagger],
    document: &Document,
    evidence: Evidence,
) -> Result<Prepared> {
    let mut scratch = Scratch::default();
    let mut places = Places::default();
    let mut prepared = Prepared {
        text: document.text.clone(),
        layout: Layout::default(),
        places: Places::default(),
        types: Vec::new(),
        nodes: Vec::new(),
        standing: Vec::new(),
        lost: 0,
        exact: [0; 2],
    };
    pipeline.matches(&document.text, &mut scratch, |view, candidates| {
        let mut used: Vec<_> = candidates
            .iter()
            .filter(|c| if c.detector == Detector::Rule { evidence.rules } else { evidence.lexicon })
            .copied()
            .collect();
        let mut standing = used.clone();
        overlap::resolve(&mut standing);
        help(helpers, view, candidates, &standing, &mut Vec::new(), &mut used);
        prepared.types = view.layout.tokens.iter().map(|token| TypeInfo::read(view, token)).collect();
        places.read(view, &used, &standing, prepared.types.iter().map(|info| info.gist));
        prepared.layout = view.layout.clone();
        prepared.standing = standing;
        let mut spans: Vec<(usize, usize, u8)> = Vec::new();
        for gold in &document.mentions {
            match tokens_of(view.layout, gold.span) {
                Some((from, to)) => {
                    spans.push((from, to, gold.label.0));
                    for (count, clitics) in prepared.exact.iter_mut().zip([false, true]) {
                        *count += usize::from(span_of(view, from, to, clitics) == gold.span);
                    }
                }
                None => prepared.lost += 1,
            }
        }
        spans.sort_by_key(|&(from, to, label)| (from, usize::MAX - to, label));
        spans.dedup_by_key(|s| (s.0, s.1));
        let mut open: Vec<usize> = Vec::new();
        for (from, to, label) in spans {
            while open.last().is_some_and(|&i| prepared.nodes[i].to <= from) {
                open.pop();
            }
            if open.last().is_some_and(|&i| prepared.nodes[i].to < to) {
                prepared.lost += 1;
                continue;
            }
            prepared.nodes.push(Node { from, to, label, parent: open.last().copied() });
            open.push(prepared.nodes.len() - 1);
        }
    })?;
    prepared.places = places;
    Ok(prepared)
}

impl Prepared {
    fn view<'a>(&'a self, words: &'a Words) -> View<'a> {
        View { text: &self.text, layout: &self.layout, words }
    }

    /// A view for spans alone.
    pub(super) fn view_of(&self) -> View<'_> {
        static NONE: std::sync::OnceLock<Words> = std::sync::OnceLock::new();
        self.view(NONE.get_or_init(Words::default))
    }

    /// Count the outer mentions that `given` tags find.
    pub(super) fn count(&self, tags: Tags, given: &[Tag], counts: &mut Counts) {
        counts.gold += self.nodes.iter().filter(|n| n.parent.is_none()).count() as u64;
        for range in self.sentences() {
            for run in tags.runs(&given[range.0..range.1]) {
                let node = Node { from: run.from + range.0, to: run.to + range.0, label: run.label, parent: None };
                counts.predicted += 1;
                counts.hits += u64::from(self.nodes.contains(&node));
            }
        }
    }

    pub(super) fn sentences(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.layout.sents.iter().map(|s| (s.tokens.0 as usize, s.tokens.1 as usize)).filter(|r| r.0 < r.1)
    }

    /// The tags of `range` by the mentions with the given parent.
    pub(super) fn gold(&self, tags: Tags, range: (usize, usize), parent: Option<usize>) -> Vec<Tag> {
        let mut out = vec![O; range.1 - range.0];
        for node in self.nodes.iter().filter(|n| n.parent == parent && n.from >= range.0 && n.to <= range.1) {
            for at in node.from..node.to {
                out[at - range.0] = if at == node.from { tags.begin(node.label) } else { tags.inside(node.label) };
            }
        }
        out
    }
}

/// A sequence of feature keys before they are numbered.
pub(super) struct Raw {
    pub(super) features: Vec<Feature>,
    pub(super) kinds: Vec<Kind>,
    pub(super) ends: Vec<u32>,
    pub(super) gold: Vec<Tag>,
}

impl Raw {
    pub(super) fn new(gold: Vec<Tag>) -> Self {
        Self { features: Vec::new(), kinds: Vec::new(), ends: Vec::new(), gold }
    }
    pub(super) fn push(&mut self, feature: Feature) {
        self.features.push(feature);
        self.kinds.push(Kind::Context);
    }
    pub(super) fn end(&mut self) {
        self.ends.push(u32::try_from(self.features.len()).unwrap_or(u32::MAX));
    }
    /// The features of a token, with those of the word itself and of matches marked.
    pub(super) fn around(&mut self, prepared: &Prepared, view: &View<'_>, range: (usize, usize), at: usize) {
        let from = self.features.len();
        prepared.places.each_feature_around(view, &prepared.types, range, at, |f| self.push(f));
        let features = &self.features[from..];
        let kinds = &mut self.kinds[from..];
        let mut mark = |wanted: Feature, kind: Kind| {
            if let Some(i) = features.iter().position(|f| *f == wanted) {
                kinds[i] = kind;
            }
        };
        prepared.types[at].each_own_feature(|f| mark(f, Kind::Word));
        prepared.places.each_match_feature(range, at, |f| mark(f, Kind::Match));
    }
}

/// Numbers features.
#[derive(Default)]
pub(super) struct Index {
    pub(super) rows: FxHashMap<Feature, u32>,
    pub(super) keys: Vec<Feature>,
}

impl Index {
    pub(super) fn new<'a>(sequences: impl Iterator<Item = &'a Raw>, least: u32) -> Self {
        let mut counts: FxHashMap<Feature, u32> = FxHashMap::default();
        for feature in sequences.flat_map(|raw| &raw.features) {
            *counts.entry(*feature).or_insert(0) += 1;
        }
        let mut keys: Vec<Feature> = counts.into_iter().filter(|(_, n)| *n >= least).map(|(key, _)| key).collect();
        keys.sort_unstable();
        let rows = keys.iter().zip(0..).map(|(key, row)| (*key, row)).collect();
        Self { rows, keys }
    }

    pub(super) fn number(&self, raw: &Raw) -> crf::Sequence {
        let mut sequence = crf::Sequence { gold: raw.gold.clone(), ..Default::default() };
        let mut from = 0;
        for &end in &raw.ends {
            let features = &raw.features[from..end as usize];
            for (feature, kind) in features.iter().zip(&raw.kinds[from..]) {
                if let Some(row) = self.rows.get(feature) {
                    sequence.rows.push(*row);
                    sequence.kinds.push(*kind);
                }
            }
            sequence.ends.push(u32::try_from(sequence.rows.len()).unwrap_or(u32::MAX));
            from = end as usize;
        }
        sequence
    }
}

pub(super) fn outer(prepared: &Prepared, words: &Words, tags: Tags) -> Vec<Raw> {
    let view = prepared.view(words);
    let one = |range: (usize, usize)| {
        let mut raw = Raw::new(prepared.gold(tags, range, None));
        for at in range.0..range.1 {
            raw.around(prepared, &view, range, at);
            raw.end();
        }
        raw
    };
    prepared.sentences().map(one).collect()
}

/// The sentences again, with what the document says by the tags of the first pass.
pub(super) fn second(prepared: &Prepared, tags: Tags, first: &[Raw], given: &[Tag]) -> Vec<Raw> {
    let mut memory = Memory::default();
    memory.read(tags, &prepared.places.types, given);
    let mut out = Vec::new();
    for (range, before) in prepared.sentences().zip(first) {
        let mut raw = Raw::new(before.gold.clone());
        let mut from = 0;
        for (at, &end) in (range.0..range.1).zip(&before.ends) {
            raw.features.extend_from_slice(&before.features[from..end as usize]);
            raw.kinds.extend_from_slice(&before.kinds[from..end as usize]);
            from = end as usize;
            memory.each_feature(tags, given, range, at, |f| raw.push(f));
            raw.end();
        }
        out.push(raw);
    }
    out
}

/// The inside of every mention of two tokens or more.
pub(super) fn inner(prepared: &Prepared, words: &Words, tags: Tags) -> Vec<Raw> {
    let view = prepared.view(words);
    let mut out = Vec::new();
    for (i, node) in prepared.nodes.iter().enumerate().filter(|(_, n)| n.to - n.from > 1) {
        let Some(sentence) = prepared.sentences().find(|s| s.0 <= node.from && node.to <= s.1) else { continue };
        let within = (node.from, node.to);
        let mut raw = Raw::new(prepared.gold(tags, within, Some(i)));
        for at in node.from..node.to {
            raw.around(prepared, &view, sentence, at);
            prepared.places.each_parent_feature(within, at, node.label, |f| raw.push(f));
            raw.end();
        }
        out.push(raw);
    }
    out
}
