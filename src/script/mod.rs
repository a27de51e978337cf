//! First floor: the Arabic script. Character classes, folds, the normalizer and page repair.

pub mod class;
pub mod fold;
pub mod normalize;
pub mod repair;
pub mod translit;

mod entities;
mod tables;

pub use class::{CharClass, class_of};
pub use fold::{fold_into, fold_to_string, source_offset};
