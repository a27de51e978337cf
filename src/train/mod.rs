//! Reading corpora, training, and writing packs. Never in the hot path of analysis.

pub mod cluster;
pub mod lexicon;
pub mod vectors;
pub mod words;
