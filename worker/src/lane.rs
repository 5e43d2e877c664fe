//! Lanes: each drains one account's queue, one message at a time, on the beat.

mod drain;
mod lanes;
mod lead;
mod lost_beat;
mod outcome;
#[cfg(test)]
mod simulation;
mod term;

pub use lanes::{Adopted, Gateways, Lanes, NotOurs};
pub use term::Term;
