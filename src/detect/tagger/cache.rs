//! What each word type, each set of matches and each small state of a place adds to the scores, summed once and kept.

use rustc_hash::FxHashMap;

use crate::detect::{Candidate, View};

use super::document::{UNKNOWN, each_feature_of, numbers, replaces_unknown};
use super::features::{
    CLUSTERINGS, Code, EDGE, Gist, LOCALS, MATCH_OFFSETS, OFFSETS, Of, Places, TypeInfo, each_local_feature,
    each_set_feature, type_id,
};
use super::weights::{Asked, INNER, OUTER, WIDE, Weights, add_rows, plus};

/// Types kept, if one text does not need more.
const LIMIT: usize = if cfg!(test) { 12 } else { 57_344 };
/// Sets of matches kept before all are forgotten.
const SETS: usize = 10_000;
const NONE: u32 = u32::MAX;
/// Offsets at which a word type is seen.
const SEEN: usize = 6;
/// Offsets at which a match is seen.
const MATCHED: usize = 5;

/// Rows of sums, filled when first asked for.
#[derive(Debug, Default)]
struct Rows {
    places: Vec<u32>,
    sums: Vec<i16>,
    width: usize,
}

impl Rows {
    fn open(&mut self, numbers: usize, width: usize) {
        self.places.clear();
        self.places.resize(numbers, NONE);
        self.sums.clear();
        self.width = width;
    }

    fn get(&mut self, number: usize, fill: impl FnOnce(&mut [i16])) -> &[i16] {
        if self.places[number] == NONE {
            self.places[number] = u32::try_from(self.sums.len() / self.width).unwrap_or(NONE);
            let from = self.sums.len();
            self.sums.resize(from + self.width, 0);
            fill(&mut self.sums[from..]);
        }
        let from = self.places[number] as usize * self.width;
        &self.sums[from..from + self.width]
    }
}

/// The sums at each offset of what many types have in common, of one layer of the weights.
#[derive(Debug, Default)]
struct Shared {
    commons: FxHashMap<(u64, u32, [u8; 3]), u32>,
    common_sums: Vec<i16>,
    /// The block of each class of each clustering in `class_sums`, or `NONE`.
    classes: [Vec<u32>; CLUSTERINGS],
    class_sums: Vec<i16>,
}

/// Blocks of [`Shared::commons`] kept before all are forgotten.
const COMMONS: usize = 3000;

impl Shared {
    /// Write the sums of a type at each offset.
    fn sum(&mut self, weights: &Weights, layer: usize, info: &TypeInfo, asked: &mut Asked, sums: &mut [i16]) {
        let width = weights.width();
        let size = SEEN * width;
        if self.commons.len() > COMMONS {
            self.commons.clear();
            self.common_sums.clear();
        }
        let next = u32::try_from(self.commons.len()).unwrap_or(NONE);
        let common = *self.commons.entry(info.common()).or_insert(next) as usize;
        if common == next as usize {
            self.common_sums.resize((common + 1) * size, 0);
            add_all(weights, layer, info, Of::Common, asked, &mut self.common_sums[common * size..]);
        }
        let mut starts = [0; CLUSTERINGS];
        let mut count = 0;
        for (c, (class, blocks)) in info.classes().iter().zip(&mut self.classes).enumerate() {
            let class = usize::from(*class);
            if class == 0 {
                continue;
            }
            if blocks.len() <= class {
                blocks.resize(class + 1, NONE);
            }
            if blocks[class] == NONE {
                let from = self.class_sums.len();
                blocks[class] = u32::try_from(from / size).unwrap_or(NONE);
                self.class_sums.resize(from + size, 0);
                add_all(weights, layer, info, Of::Class(c), asked, &mut self.class_sums[from..]);
            }
            starts[count] = blocks[class] as usize * size;
            count += 1;
        }
        // All blocks side by side, so that the memory is waited for together.
        let commons = self.common_sums[common * size..(common + 1) * size].as_chunks::<WIDE>().0;
        let classes = starts.map(|from| &self.class_sums[from..(from + size).min(self.class_sums.len())]);
        let classes = classes.map(|block| block.as_chunks::<WIDE>().0);
        for (at, (sums, common)) in sums.as_chunks_mut::<WIDE>().0.iter_mut().zip(commons).enumerate() {
            *sums = classes[..count].iter().fold(*common, |sum, block| plus(&sum, &block[at]));
        }
        add_all(weights, layer, info, Of::Word, asked, sums);
    }
}

/// Add the sums at each offset of those features of a type that depend on one thing.
fn add_all(weights: &Weights, layer: usize, info: &TypeInfo, of: Of, asked: &mut Asked, sums: &mut [i16]) {
    for (offset, row) in OFFSETS.zip(0..) {
        info.each_feature_of(offset, |own, feature| {
            if own == of {
                asked.one(feature, row);
            }
        });
    }
    weights.add(asked, layer, sums);
}

/// What is asked of a type at each token.
#[derive(Clone, Copy, Debug)]
struct Known {
    gist: Gist,
    /// The text that it was last seen in.
    text: u32,
    /// Whether it was seen again since the hand passed.
    again: bool,
}

/// Word types with the sums of their weights at each offset.
#[derive(Debug, Default)]
struct Types {
    /// For the outermost mentions, and for those inside.
    shared: [Shared; 2],
    slots: FxHashMap<u64, u32>,
    known: Vec<Known>,
    /// All of each type, for what is seldom asked.
    infos: Vec<TypeInfo>,
    /// For each type, for each offset, the sums of the outermost mentions.
    sums: Vec<i16>,
    /// The block of each type in `inner`, or `NONE`: few types stand inside mentions.
    inners: Vec<u32>,
    /// For each block, for each offset, the sums of the inner mentions.
    inner: Vec<i16>,
    /// Blocks of `inner` that are free again.
    spare: Vec<u32>,
    /// Where the search for a type to forget goes on.
    hand: usize,
    /// The text that needs all the types there are: the search is in vain.
    full: Option<u32>,
}

/// The slot of the type that stands around every sentence.
const EDGE_SLOT: usize = 0;

impl Types {
    fn clear(&mut self) {
        self.shared = Default::default();
        self.slots.clear();
        self.infos.clear();
        self.known.clear();
        self.sums.clear();
        self.inners.clear();
        self.inner.clear();
        self.spare.clear();
        self.hand = 0;
        self.full = None;
    }

    fn insert(&mut self, weights: &Weights, text: u32, info: TypeInfo, asked: &mut Asked) -> u32 {
        let width = weights.width();
        let known = Known { gist: info.gist, text, again: false };
        let slot = match self.forget(text) {
            Some(slot) => {
                (self.infos[slot], self.known[slot]) = (info, known);
                slot
            }
            None => {
                self.infos.push(info);
                self.known.push(known);
                self.inners.push(NONE);
                self.sums.resize(self.infos.len() * SEEN * width, 0);
                self.infos.len() - 1
            }
        };
        let sums = &mut self.sums[slot * SEEN * width..(slot + 1) * SEEN * width];
        self.shared[0].sum(weights, OUTER, &info, asked, sums);
        let number = u32::try_from(slot).unwrap_or(NONE);
        self.slots.insert(info.id, number);
        number
    }

    /// The slot of a type that is no longer needed, when there are many: the next one that was not seen again since the
    /// last time.
    fn forget(&mut self, text: u32) -> Option<usize> {
        if self.infos.len() < LIMIT || self.full == Some(text) {
            return None;
        }
        for _ in 0..2 * self.infos.len() {
            self.hand = if self.hand + 1 < self.infos.len() { self.hand + 1 } else { EDGE_SLOT + 1 };
            let known = &mut self.known[self.hand];
            if known.text != text && !std::mem::take(&mut known.again) {
                self.slots.remove(&self.infos[self.hand].id);
                let inner = std::mem::replace(&mut self.inners[self.hand], NONE);
                self.spare.extend((inner != NONE).then_some(inner));
                return Some(self.hand);
            }
        }
        self.full = Some(text);
        None
    }

    /// The sums of a type for the inner mentions.
    fn inner(&mut self, weights: &Weights, slot: usize, index: usize, asked: &mut Asked) -> &[i16] {
        let width = weights.width();
        if self.inners[slot] == NONE {
            let block = self.spare.pop().map_or(self.inner.len() / (SEEN * width), |block| block as usize);
            self.inners[slot] = u32::try_from(block).unwrap_or(NONE);
            self.inner.resize(self.inner.len().max((block + 1) * SEEN * width), 0);
            let sums = &mut self.inner[block * SEEN * width..(block + 1) * SEEN * width];
            self.shared[1].sum(weights, INNER, &self.infos[slot], asked, sums);
        }
        let from = (self.inners[slot] as usize * SEEN + index) * width;
        &self.inner[from..from + width]
    }
}

/// What a tagger's thread remembers from text to text.
#[derive(Debug, Default)]
pub struct Cache {
    /// Whose weights are summed.
    owner: u64,
    /// The number of the text.
    text: u32,
    types: Types,
    /// The number of each set of matches, from 1.
    sets: FxHashMap<Box<[Code]>, u32>,
    /// For each set, for each offset, the sums of the outermost mentions and of those inside.
    set_sums: Vec<i16>,
    locals: Rows,
    numbers: Rows,
    asked: Asked,
    few: Asked,
    /// The type of each token, and its set of matches, 0 for none.
    of: Vec<(u32, u32)>,
}

/// Where a token stands: its sentence and its number.
#[derive(Clone, Copy, Debug)]
struct Place {
    range: (usize, usize),
    at: usize,
}

impl Place {
    /// The token at an offset, if it is of the same sentence.
    fn near(self, offset: i32) -> Option<usize> {
        self.at.checked_add_signed(offset as isize).filter(|i| (self.range.0..self.range.1).contains(i))
    }

    /// The slot of the type at an offset, of those of all tokens.
    fn slot(self, of: &[(u32, u32)], offset: i32) -> usize {
        self.near(offset).map_or(EDGE_SLOT, |i| of[i].0 as usize)
    }
}

impl Cache {
    fn open(&mut self, weights: &Weights) {
        self.text = self.text.wrapping_add(1);
        let stale = self.owner != weights.id();
        if stale || self.types.infos.is_empty() || self.types.infos.len() > 2 * LIMIT {
            self.types.clear();
            self.types.insert(weights, self.text, EDGE, &mut self.asked);
        }
        let width = weights.width();
        if stale {
            self.locals.open(LOCALS, 2 * width);
            self.numbers.open(numbers(weights.tags()), width);
        }
        if stale || self.sets.len() > SETS {
            self.sets.clear();
            self.set_sums.clear();
        }
        self.owner = weights.id();
    }

    /// Read the places of a text: its word types, and the matches at each token.
    pub fn read(
        &mut self,
        weights: &Weights,
        view: &View<'_>,
        matches: &[Candidate],
        standing: &[Candidate],
        places: &mut Places,
    ) {
        self.open(weights);
        let Self { text, types, of, asked, .. } = self;
        of.clear();
        // The known types first, so that the memory is waited for together.
        for token in &view.layout.tokens {
            let slot = types.slots.get(&type_id(view, token)).copied().unwrap_or(NONE);
            if let Some(known) = types.known.get_mut(slot as usize) {
                (known.text, known.again) = (*text, true);
            }
            of.push((slot, 0));
        }
        let tokens = view.layout.tokens.iter().zip(of);
        let gists = tokens.map(|(token, (slot, _))| {
            if *slot == NONE {
                *slot = match types.slots.get(&type_id(view, token)) {
                    Some(slot) => *slot,
                    None => types.insert(weights, *text, TypeInfo::read(view, token), asked),
                };
            }
            types.known[*slot as usize].gist
        });
        places.read(view, matches, standing, gists);
        for at in 0..self.of.len() {
            let codes = places.codes(at);
            if !codes.is_empty() {
                self.of[at].1 = self.set(weights, codes);
            }
        }
    }

    fn set(&mut self, weights: &Weights, codes: &[Code]) -> u32 {
        if let Some(set) = self.sets.get(codes) {
            return *set;
        }
        let width = weights.width();
        for offset in MATCH_OFFSETS {
            let from = self.set_sums.len();
            self.set_sums.resize(from + 2 * width, 0);
            let (first, last) = self.set_sums[from..].split_at_mut(width);
            for (layer, sums) in [(OUTER, first), (INNER, last)] {
                codes.iter().for_each(|code| self.asked.one(code.feature(offset), 0));
                if offset == 0 {
                    each_set_feature(codes, |feature| self.asked.one(feature, 0));
                }
                weights.add(&mut self.asked, layer, sums);
            }
        }
        let set = u32::try_from(self.sets.len() + 1).unwrap_or(0);
        self.sets.insert(codes.into(), set);
        set
    }

    /// The sums at all places of a sentence, as far as the document says nothing.
    pub fn sum(
        &mut self,
        weights: &Weights,
        view: &View<'_>,
        places: &Places,
        range: (usize, usize),
        sums: &mut [i16],
    ) {
        let width = weights.width();
        self.touch(width, range);
        for (at, sums) in (range.0..range.1).zip(sums.chunks_exact_mut(width)) {
            let place = Place { range, at };
            let mut index = 0;
            let rows = [-3, -2, -1, 0, 1, 2].map(|offset| {
                let slot = place.slot(&self.of, offset);
                let from = (slot * SEEN + index) * width;
                index += 1;
                self.types.sums[from..from + width].as_chunks::<WIDE>().0
            });
            let local = places.local(view, range, at);
            let local = local_row(&mut self.locals, &mut self.few, weights, local);
            let [a, b, c, d, e, f] = rows;
            let rows = local.as_chunks::<WIDE>().0.iter().zip(a).zip(b).zip(c).zip(d).zip(e).zip(f);
            for (sums, ((((((local, a), b), c), d), e), f)) in sums.as_chunks_mut::<WIDE>().0.iter_mut().zip(rows) {
                let mut sum = *local;
                for row in [a, b, c, d, e, f] {
                    sum = plus(&sum, row);
                }
                *sums = sum;
            }
            self.add_sets(weights, place, OUTER, sums);
        }
        self.ask_near(places, range, range);
        weights.add(&mut self.asked, OUTER, sums);
    }

    /// Read a little of all that a sentence needs, so that the memory is waited for together.
    fn touch(&self, width: usize, range: (usize, usize)) {
        const LINE: usize = 64 / size_of::<i16>();
        let mut touched = 0;
        for (slot, _) in &self.of[range.0..range.1] {
            let block = &self.types.sums[*slot as usize * SEEN * width..(*slot as usize + 1) * SEEN * width];
            touched = block.iter().step_by(LINE).fold(touched, |sum, x| sum ^ x);
        }
        std::hint::black_box(touched);
    }

    /// The sums of the inner mentions at all places of a mention over `within` with a label, in the sentence `range`.
    pub fn sum_inner(
        &mut self,
        weights: &Weights,
        view: &View<'_>,
        places: &Places,
        range: (usize, usize),
        (within, label): ((usize, usize), u8),
        sums: &mut [i16],
    ) {
        for (at, sums) in (within.0..within.1).zip(sums.chunks_exact_mut(weights.width())) {
            let place = Place { range, at };
            let local = places.local(view, range, at);
            let local = local_row(&mut self.locals, &mut self.few, weights, local);
            sums.copy_from_slice(&local[weights.width()..]);
            for (offset, index) in OFFSETS.zip(0..) {
                let slot = place.slot(&self.of, offset);
                add_rows(sums, self.types.inner(weights, slot, index, &mut self.few));
            }
            self.add_sets(weights, place, INNER, sums);
            places.each_parent_feature(within, at, label, |feature| self.asked.one(feature, at - within.0));
        }
        self.ask_near(places, range, within);
        weights.add(&mut self.asked, INNER, sums);
    }

    /// Ask for what the words next to each place of `within` say, in the sentence `range`.
    fn ask_near(&mut self, places: &Places, range: (usize, usize), within: (usize, usize)) {
        for (at, row) in (within.0..within.1).zip(0..) {
            places.each_pair(range, at, |feature| self.asked.pair(feature, row));
            places.each_head(range, at, |feature| self.asked.one(feature, row));
        }
        places.each_pair(range, within.1, |feature| self.asked.pair(feature, within.1 - within.0));
    }

    fn add_sets(&self, weights: &Weights, place: Place, layer: usize, sums: &mut [i16]) {
        let width = weights.width();
        let skipped = if layer == OUTER { 0 } else { width };
        for (offset, index) in MATCH_OFFSETS.zip(0..MATCHED) {
            if let Some(set) = place.near(offset).and_then(|i| self.of[i].1.checked_sub(1)) {
                let from = (set as usize * MATCHED + index) * 2 * width + skipped;
                add_rows(sums, &self.set_sums[from..from + sums.len()]);
            }
        }
    }

    /// Add what a number of the document pass changes.
    pub fn add_number(&mut self, weights: &Weights, number: usize, sums: &mut [i16]) {
        let Self { numbers, few, .. } = self;
        let row = numbers.get(number, |row| {
            if replaces_unknown(weights.tags(), number) {
                each_feature_of(weights.tags(), UNKNOWN, |feature| few.one(feature, 0));
                weights.add(few, OUTER, row);
                row.iter_mut().for_each(|sum| *sum = -*sum);
            }
            each_feature_of(weights.tags(), number, |feature| few.one(feature, 0));
            weights.add(few, OUTER, row);
        });
        add_rows(sums, row);
    }
}

fn local_row<'a>(locals: &'a mut Rows, few: &mut Asked, weights: &Weights, local: usize) -> &'a [i16] {
    locals.get(local, |row| {
        let (first, inner) = row.split_at_mut(weights.width());
        for (layer, sums) in [(OUTER, first), (INNER, inner)] {
            each_local_feature(local, |feature| few.one(feature, 0));
            if layer == OUTER {
                each_feature_of(weights.tags(), UNKNOWN, |feature| few.one(feature, 0));
            }
            weights.add(few, layer, sums);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::features::Feature;
    use super::*;
    use crate::base::{Label, Span};
    use crate::detect::Detector;
    use crate::detect::tagger::decode::Chain;
    use crate::detect::tagger::tags::{Tag, Tags};
    use crate::segment::{Layout, Words, segment};

    fn weights_of(features: &[Feature]) -> Weights {
        let mut features = features.to_vec();
        features.sort_unstable();
        features.dedup();
        let value = |f: u32, column: u8| i8::try_from((f >> (column % 7)) % 100).unwrap() - 50;
        // Some rows are long, and kept spread; features with one weight have it in one layer.
        let row = |f: u32, layer: u8| -> Vec<(Tag, i8)> {
            let columns = 15 * layer..15 * (layer + 1);
            let kept = columns.filter(|column| f.is_multiple_of(5) || u32::from(*column) == f % 30);
            kept.map(|column| (column % 15, value(f, column))).collect()
        };
        let layers = [0, 1].map(|layer| {
            let rows = features.iter().map(|f| (*f, row(*f, layer)));
            rows.filter(|row| !row.1.is_empty()).collect::<Vec<_>>()
        });
        let tags = Tags(7);
        let chains = [tags; 2].map(Chain::new);
        let sections = Weights::to_sections(tags, layers.each_ref().map(Vec::as_slice), &chains).unwrap();
        Weights::from_sections(sections, 7).unwrap()
    }

    fn matched(tokens: (u32, u32), label: u8) -> Candidate {
        Candidate {
            span: Span::new(0, 1),
            label: Label(label),
            score: 0.9,
            detector: Detector::Lexicon,
            detail: 0,
            tokens,
            ambiguous: false,
        }
    }

    #[test]
    fn sums_what_the_features_say_one_by_one() {
        let words = Words::default();
        let texts = [
            "قال سمير البستاني إن مدينة زهران في «الوادي» 2016، وقال سمير أيضا",
            "زارت هناء مدينة النخيل ثم عادت إلى الوادي (قبل الفجر) وقالت هناء إن المدينة جميلة",
            "قال سمير: «عدت»",
        ];
        let matches = [matched((1, 3), 0), matched((1, 2), 1), matched((4, 5), 1)];
        let mut layouts = Vec::new();
        let mut seen: Vec<Feature> = Vec::new();
        for text in texts {
            let mut layout = Layout::default();
            segment(text, &words, &mut layout);
            let view = View { text, layout: &layout, words: &words };
            let mut plain = Places::default();
            let types: Vec<TypeInfo> = layout.tokens.iter().map(|token| TypeInfo::read(&view, token)).collect();
            plain.read(&view, &matches, &matches[..1], types.iter().map(|info| info.gist));
            let range = (0, layout.tokens.len());
            for at in range.0..range.1 {
                plain.each_feature_around(&view, &types, range, at, |f| seen.push(f));
                plain.each_parent_feature(range, at, 1, |f| seen.push(f));
            }
            layouts.push((layout, plain, types));
        }
        let numbers = || (0..numbers(Tags(7))).step_by(7);
        numbers().for_each(|number| each_feature_of(Tags(7), number, |f| seen.push(f)));
        let kept: Vec<Feature> = seen.iter().copied().filter(|f| f % 3 != 0).collect();
        let weights = weights_of(&kept);
        let (mut cache, mut places) = (Cache::default(), Places::default());
        let mut asked = Asked::default();
        // More types than the cache keeps: the second time some are gone, some not.
        for turn in [0, 1, 2, 0, 2, 1, 2, 1, 0] {
            let (layout, plain, types) = &layouts[turn];
            let view = View { text: texts[turn], layout, words: &words };
            cache.read(&weights, &view, &matches, &matches[..1], &mut places);
            let range = (0, layout.tokens.len());
            let width = weights.width();
            let mut all = vec![7i16; layout.tokens.len() * width];
            cache.sum(&weights, &view, &places, range, &mut all);
            let mut inner = vec![7i16; all.len()];
            cache.sum_inner(&weights, &view, &places, range, (range, 1), &mut inner);
            for at in range.0..range.1 {
                for layer in [OUTER, INNER] {
                    let mut slow = vec![0i16; width];
                    plain.each_feature_around(&view, types, range, at, |f| asked.one(f, 0));
                    let sums = if layer == OUTER { &all } else { &inner };
                    let fast = &sums[at * width..(at + 1) * width];
                    if layer == OUTER {
                        each_feature_of(weights.tags(), UNKNOWN, |f| asked.one(f, 0));
                    } else {
                        plain.each_parent_feature(range, at, 1, |f| asked.one(f, 0));
                    }
                    weights.add(&mut asked, layer, &mut slow);
                    assert_eq!(fast, slow, "layer {layer} at {at}");
                }
                for number in numbers() {
                    let mut fast = all[at * width..(at + 1) * width].to_vec();
                    cache.add_number(&weights, number, &mut fast);
                    let mut slow = vec![0i16; width];
                    plain.each_feature_around(&view, types, range, at, |f| asked.one(f, 0));
                    if !replaces_unknown(weights.tags(), number) {
                        each_feature_of(weights.tags(), UNKNOWN, |f| asked.one(f, 0));
                    }
                    each_feature_of(weights.tags(), number, |f| asked.one(f, 0));
                    weights.add(&mut asked, OUTER, &mut slow);
                    assert_eq!(fast, slow, "number {number} at {at}");
                }
            }
        }
        assert!(cache.types.infos.len() <= 2 * LIMIT);
    }
}
