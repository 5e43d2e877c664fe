//! What happened in a workspace, counted: for charts, and for totals over any time.
//!
//! Counts stand in `tallies`, one row per workspace and minute, and one per hour. The ledger's part is counted by the
//! sequencer, about a second later and outside of acceptance; the rest by whoever writes it, in the same transaction.

mod chart;
mod tally;

pub use chart::{Bucket, Counts, buckets, chart};
pub(crate) use tally::{HOUR_S, MINUTE_S, Tallies, What};
