//! Fourth floor: one judgement over the candidates, then values, groups, links and quotations.
//!
//! Every function here is pure and orders its input totally first, so the result depends neither on threads nor on
//! the order in which detectors ran.

pub mod overlap;
