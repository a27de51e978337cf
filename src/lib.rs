//! Marsad reads Arabic news and says who, what, where and when.
//!
//! The folders are the floors of the house, from the ground up: [`base`] knows Unicode but not Arabic,
//! [`script`] the Arabic script, [`segment`] the units of text, [`detect`] proposes mentions, [`resolve`]
//! disposes; [`doc`], [`pack`] and [`pipeline`] handle one document, [`batch`] many. A file uses its own
//! floor and those below.

pub mod base;
pub mod detect;
pub mod doc;
pub mod error;
pub mod pack;
pub mod pipeline;
pub mod resolve;
pub mod script;
pub mod segment;
pub mod train;

pub mod batch;
pub mod table;

#[cfg(feature = "python")]
mod python;

pub use doc::{Doc, Mention};
pub use error::{Error, ErrorKind, Result};
pub use pack::Pack;
pub use pipeline::Pipeline;
