//! A trie over word numbers, mapped from a pack.
//!
//! Nodes are numbered breadth first, so the children of a node are neighbors: edge `e` leads to node `e + 1`, and
//! a node needs no more than the number of its first edge. The root has many children; a bit for each word of the
//! table says whether it has that child, and a rank over the bits says which it is.

use std::collections::BTreeMap;
use std::ops::Range;

use bytemuck::{Pod, Zeroable};

use crate::base::{Bytes, Table};
use crate::error::{Error, ErrorKind, Result};
use crate::segment::{NO_WORD, WordId};

/// The node that every phrase starts from.
pub const ROOT: u32 = 0;

/// The sections of a pack that hold the trie.
pub const SECTIONS: [&str; 5] = ["lexicon.bits", "lexicon.ranks", "lexicon.nodes", "lexicon.edges", "lexicon.postings"];

#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
struct Node {
    edges: u32,
    postings: u32,
}

/// An entry that a phrase names, and whether the phrase alone is not enough to believe it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Pod, Zeroable)]
#[repr(transparent)]
pub struct Posting(u32);

impl Posting {
    const AMBIGUOUS: u32 = 1 << 31;

    /// A posting of an entry below 2^31.
    pub const fn new(entry: u32, ambiguous: bool) -> Self {
        Self(entry & !Self::AMBIGUOUS | if ambiguous { Self::AMBIGUOUS } else { 0 })
    }
    /// The entry's number.
    pub const fn entry(self) -> u32 {
        self.0 & !Self::AMBIGUOUS
    }
    /// The form is also a common word or another thing's name.
    pub const fn ambiguous(self) -> bool {
        self.0 & Self::AMBIGUOUS != 0
    }
}

/// Phrases of words, each with its postings.
#[derive(Clone, Debug, Default)]
pub struct Trie {
    bits: Table<u64>,
    ranks: Table<u32>,
    nodes: Table<Node>,
    edges: Table<WordId>,
    postings: Table<Posting>,
    /// A bit for each child of a node other than the root: most words lead nowhere, and show it here.
    filter: Box<[u64]>,
}

/// A node with more children than this is searched by halves.
const FEW: usize = 8;

/// The word and the bit of a child in a filter of so many words, a power of two.
fn place(node: u32, word: WordId, words: usize) -> (usize, u64) {
    let mixed = (u64::from(node) << 32 | u64::from(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    #[allow(clippy::cast_possible_truncation, reason = "masked next")]
    let at = (mixed >> 32) as usize & (words - 1);
    (at, 1 << (mixed >> 26 & 63))
}

impl Trie {
    /// Open the trie from its sections, in the order of [`SECTIONS`].
    pub fn open(sections: [Bytes; 5]) -> Result<Self> {
        let [bits, ranks, nodes, edges, postings] = sections;
        let trie = Self {
            bits: Table::new(bits)?,
            ranks: Table::new(ranks)?,
            nodes: Table::new(nodes)?,
            edges: Table::new(edges)?,
            postings: Table::new(postings)?,
            filter: Box::default(),
        };
        let (edges, postings) = (trie.edges.len(), trie.postings.len());
        let mut before = 0;
        let ranked = trie.bits.len() == trie.ranks.len()
            && trie.bits.iter().zip(trie.ranks.iter()).all(|(bits, rank)| {
                let right = *rank == before;
                before += bits.count_ones();
                right
            });
        let sound = ranked
            && trie.nodes.len() == edges + 2
            && trie.nodes.is_sorted_by(|a, b| a.edges <= b.edges && a.postings <= b.postings)
            && trie.nodes.first().is_some_and(|root| root.edges == 0 && root.postings == 0)
            && trie.nodes.get(1).is_some_and(|next| next.edges == before)
            && trie.nodes.last().is_some_and(|end| end.edges as usize == edges && end.postings as usize == postings)
            && trie.nodes.iter().take(edges + 1).enumerate().all(|(n, node)| node.edges as usize >= n);
        if !sound {
            return Err(Error::new(ErrorKind::PackCorrupt, "the trie of the lexicon is damaged"));
        }
        let mut filter = vec![0u64; (edges / 8).next_power_of_two()];
        for (node, ends) in (0u32..).zip(trie.nodes.windows(2)).skip(1) {
            for word in trie.edges.get(ends[0].edges as usize..ends[1].edges as usize).unwrap_or(&[]) {
                let (at, bit) = place(node, *word, filter.len());
                filter[at] |= bit;
            }
        }
        Ok(Self { filter: filter.into(), ..trie })
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len().saturating_sub(1)
    }

    /// Whether no phrase is in it.
    pub fn is_empty(&self) -> bool {
        self.edges.is_empty()
    }

    /// The node of the phrases that begin with `word`.
    #[inline]
    pub fn first(&self, word: WordId) -> Option<u32> {
        let bits = *self.bits.get(word as usize / 64)?;
        let bit = 1u64 << (word % 64);
        if bits & bit == 0 {
            return None;
        }
        Some(1 + self.ranks.get(word as usize / 64)? + (bits & (bit - 1)).count_ones())
    }

    /// The number of the first child and the words that lead to the children, in order.
    pub fn children(&self, node: u32) -> (u32, &[WordId]) {
        let from = self.nodes.get(node as usize).map_or(0, |n| n.edges);
        let to = self.nodes.get(node as usize + 1).map_or(from, |n| n.edges);
        (from + 1, self.edges.get(from as usize..to as usize).unwrap_or(&[]))
    }

    /// The node after `word`.
    pub fn next(&self, node: u32, word: WordId) -> Option<u32> {
        if node == ROOT {
            return self.first(word);
        }
        if self.may_have(node, word) { self.search(node, word) } else { None }
    }

    /// Whether a node other than the root may have a child: no is sure.
    #[inline]
    pub(super) fn may_have(&self, node: u32, word: WordId) -> bool {
        let (at, bit) = place(node, word, self.filter.len().max(1));
        self.filter.get(at).is_some_and(|bits| bits & bit != 0)
    }

    /// The child of a node other than the root, among its children.
    #[inline]
    pub(super) fn search(&self, node: u32, word: WordId) -> Option<u32> {
        let (first, words) = self.children(node);
        let at =
            if words.len() <= FEW { words.iter().position(|w| *w == word) } else { words.binary_search(&word).ok() };
        at.and_then(|at| u32::try_from(at).ok()).map(|at| first + at)
    }

    /// Read where the children and the postings of a node are.
    #[inline]
    pub(super) fn touch(&self, node: u32) -> u32 {
        self.nodes.get(node as usize + 1).map_or(0, |node| node.edges)
    }

    /// Read the child in the middle and the first posting of a node.
    #[inline]
    pub(super) fn touch_children(&self, node: u32) -> u32 {
        let children = self.children(node).1;
        let posting = self.nodes.get(node as usize).and_then(|node| self.postings.get(node.postings as usize));
        children.get(children.len() / 2).copied().unwrap_or(0) ^ posting.map_or(0, |posting| posting.0)
    }

    /// The node of a whole phrase.
    pub fn find(&self, phrase: impl IntoIterator<Item = WordId>) -> Option<u32> {
        phrase.into_iter().try_fold(ROOT, |node, word| self.next(node, word))
    }

    /// Whether a longer phrase goes on from a node.
    pub fn goes_on(&self, node: u32) -> bool {
        !self.children(node).1.is_empty()
    }

    /// The entries of the phrase that ends at a node: by label, the best of each label first.
    pub fn postings(&self, node: u32) -> &[Posting] {
        self.postings.get(self.postings_at(node)).unwrap_or(&[])
    }

    /// Where the postings of a node are among all.
    #[inline]
    pub(super) fn postings_at(&self, node: u32) -> Range<usize> {
        let from = self.nodes.get(node as usize).map_or(0, |n| n.postings);
        let to = self.nodes.get(node as usize + 1).map_or(from, |n| n.postings);
        from as usize..to as usize
    }

    /// The words that lead to the nodes after the root, in their order.
    pub(super) fn words(&self) -> &[WordId] {
        &self.edges
    }

    /// All postings, in the order of the nodes.
    pub(super) fn all_postings(&self) -> &[Posting] {
        &self.postings
    }

    /// The words of the phrase that ends at a node, from the last to the first.
    pub fn words_back(&self, node: u32) -> impl Iterator<Item = WordId> + '_ {
        let mut node = node;
        std::iter::from_fn(move || {
            let edge = node.checked_sub(1)?;
            let word = self.edges.get(edge as usize).copied()?;
            let after = self.nodes.partition_point(|n| n.edges <= edge);
            node = u32::try_from(after.saturating_sub(1)).ok()?;
            Some(word)
        })
    }
}

/// Collects phrases; the same phrases give the same bytes.
#[derive(Clone, Debug, Default)]
pub struct TrieBuilder {
    phrases: BTreeMap<Vec<WordId>, Vec<Posting>>,
}

impl TrieBuilder {
    /// Add a phrase of an entry. Empty phrases and unknown words are refused with `false`.
    pub fn add(&mut self, phrase: &[WordId], posting: Posting) -> bool {
        if phrase.is_empty() || phrase.contains(&NO_WORD) {
            return false;
        }
        let postings = self.phrases.entry(phrase.to_vec()).or_default();
        match postings.iter_mut().find(|p| p.entry() == posting.entry()) {
            Some(known) => *known = Posting::new(known.entry(), known.ambiguous() || posting.ambiguous()),
            None => postings.push(posting),
        }
        true
    }

    /// The sections, in the order of [`SECTIONS`], and the node of each posting in the order of nodes. `rank` orders
    /// the postings of a phrase.
    #[allow(clippy::type_complexity, reason = "sections and nodes, used once")]
    pub fn build<K: Ord>(mut self, rank: impl Fn(Posting) -> K) -> Result<([Vec<u8>; 5], Vec<(u32, Posting)>)> {
        let small =
            |n: usize| u32::try_from(n).map_err(|_| Error::new(ErrorKind::BadData, "too many phrases for one lexicon"));
        for postings in self.phrases.values_mut() {
            postings.sort_by_key(|p| (rank(*p), *p));
        }
        let phrases: Vec<(&[WordId], &[Posting])> =
            self.phrases.iter().map(|(phrase, postings)| (phrase.as_slice(), postings.as_slice())).collect();
        let words = phrases.iter().filter_map(|(p, _)| p.first()).max().map_or(0, |w| *w as usize + 1);
        let mut bits = vec![0u64; words.div_ceil(64)];
        let (mut nodes, mut edges, mut postings, mut found) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut queue = std::collections::VecDeque::from([(0, phrases.len(), 0)]);
        while let Some((mut from, to, depth)) = queue.pop_front() {
            let node = small(nodes.len())?;
            nodes.push(Node { edges: small(edges.len())?, postings: small(postings.len())? });
            if let Some((phrase, own)) = phrases.get(from)
                && phrase.len() == depth
                && from < to
            {
                postings.extend_from_slice(own);
                found.extend(own.iter().map(|p| (node, *p)));
                from += 1;
            }
            while from < to {
                let word = phrases[from].0[depth];
                let end = from + phrases[from..to].partition_point(|(p, _)| p[depth] == word);
                edges.push(word);
                queue.push_back((from, end, depth + 1));
                if depth == 0 {
                    bits[word as usize / 64] |= 1 << (word % 64);
                }
                from = end;
            }
        }
        nodes.push(Node { edges: small(edges.len())?, postings: small(postings.len())? });
        let ranks: Vec<u32> = bits
            .iter()
            .scan(0, |before, bits| {
                let rank = *before;
                *before += bits.count_ones();
                Some(rank)
            })
            .collect();
        let sections = [
            bytemuck::cast_slice(&bits).to_vec(),
            bytemuck::cast_slice(&ranks).to_vec(),
            bytemuck::cast_slice(&nodes).to_vec(),
            bytemuck::cast_slice(&edges).to_vec(),
            bytemuck::cast_slice(&postings).to_vec(),
        ];
        Ok((sections, found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn open(sections: &[Vec<u8>; 5]) -> Result<Trie> {
        Trie::open(sections.each_ref().map(|s| Bytes::copy(s)))
    }

    proptest! {
        #[test]
        fn agrees_with_a_map(
            phrases in prop::collection::btree_map(prop::collection::vec(0u32..90, 1..5), 0u32..1000, 0..80),
            asked in prop::collection::vec(prop::collection::vec(0u32..90, 1..5), 0..40),
        ) {
            let mut builder = TrieBuilder::default();
            for (phrase, entry) in &phrases {
                prop_assert!(builder.add(phrase, Posting::new(*entry, entry % 2 == 0)));
            }
            let (sections, found) = builder.build(|p| p.entry()).unwrap();
            let trie = open(&sections).unwrap();
            for phrase in phrases.keys().chain(&asked) {
                let node = trie.find(phrase.iter().copied());
                let entries: Vec<u32> =
                    node.map_or(&[][..], |n| trie.postings(n)).iter().map(|p| p.entry()).collect();
                prop_assert_eq!(&entries, &phrases.get(phrase).copied().into_iter().collect::<Vec<_>>());
            }
            prop_assert_eq!(found.len(), phrases.len());
            for (node, posting) in found {
                let mut phrase: Vec<WordId> = trie.words_back(node).collect();
                phrase.reverse();
                prop_assert_eq!(phrases.get(&phrase), Some(&posting.entry()));
            }
        }

        #[test]
        fn damage_never_panics(at in 0usize..400, section in 0usize..5, value in any::<u8>()) {
            let mut builder = TrieBuilder::default();
            for i in 0..20u32 {
                builder.add(&[i * 7, i % 3, i], Posting::new(i, false));
                builder.add(&[i * 7], Posting::new(i + 100, true));
            }
            let (mut sections, _) = builder.build(|p| p.entry()).unwrap();
            let length = sections[section].len();
            if let Some(byte) = sections[section].get_mut(at % length.max(1)) {
                *byte = value;
            }
            if let Ok(trie) = open(&sections) {
                for node in 0..60 {
                    let _ = (trie.postings(node), trie.next(node, 1), trie.words_back(node).take(99).count());
                }
            }
        }
    }

    #[test]
    fn an_empty_trie_finds_nothing() {
        let (sections, _) = TrieBuilder::default().build(|p| p).unwrap();
        let trie = open(&sections).unwrap();
        assert!(trie.is_empty());
        assert_eq!((trie.first(3), Trie::default().first(3)), (None, None));
    }
}
