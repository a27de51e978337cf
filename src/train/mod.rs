//! Reading corpora, training, and writing packs. Never in the hot path of analysis.

pub mod cluster;
pub mod corpus;
pub mod crf;
pub mod evaluate;
pub mod lexicon;
pub mod report;
pub mod session;
pub mod tagger;
pub mod vectors;
pub mod words;
