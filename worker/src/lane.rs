//! Lanes: each drains one account's queue, one message at a time, on the beat.

mod drain;
mod lanes;
mod lead;
mod lost_beat;
mod outcome;
mod term;
#[cfg(test)]
mod tests;

pub use lanes::{Adopted, Gateways, Lanes, NotOurs};
pub use term::Term;
