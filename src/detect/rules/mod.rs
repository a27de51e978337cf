//! Rules, one file a kind.

/// The names of the rules, by number.
pub const NAMES: &[&str] = &[];
