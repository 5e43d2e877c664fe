//! What the worker does by itself: what it is nudged to do (`drain_lane.rs`; that file and the queue are the only ones that
//! know apalis), and what happens by the clock (`cron.rs`).

mod cron;
mod drain_lane;
mod queue;

pub(crate) use cron::{Desk, schedule};
pub use drain_lane::DrainLane;
pub use queue::JobQueue;
