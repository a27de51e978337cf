//! For processors without a loop of their own.

use super::Way;
use crate::script::normalize::compile::Table;
use crate::script::normalize::encoding::Place;
use crate::script::normalize::trace::Trace;

/// There is none.
#[derive(Clone, Debug)]
pub(in crate::script::normalize) enum Near {}

impl Near {
    pub fn new(_: &[u16; 0x10000], _: Way) -> Option<Box<Self>> {
        None
    }
}

pub(in crate::script::normalize) fn ucs2<T: Trace>(
    _: &Table,
    _: &[u16],
    _: Place,
    _: usize,
    _: &mut [u16],
    _: &mut u32,
    _: &mut T,
) -> Option<Place> {
    None
}

pub(in crate::script::normalize) fn utf8<T: Trace>(
    _: &Table,
    _: &[u8],
    _: Place,
    _: usize,
    _: &mut [u8],
    _: &mut u32,
    _: &mut T,
) -> Option<Place> {
    None
}
