//! Many documents: a pool of our own, order kept.
