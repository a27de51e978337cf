//! The learned tagger: features, model, decoding.
