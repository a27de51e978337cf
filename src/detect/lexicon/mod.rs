//! The lexicon: a trie over words.
