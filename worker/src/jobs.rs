//! What the worker does, one file per job. The only files that know apalis.

mod cron;
mod drain_lane;
mod queue;

pub(crate) use cron::{Desk, schedule};
pub use drain_lane::DrainLane;
pub use queue::JobQueue;
