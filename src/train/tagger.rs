//! Training the tagger.
