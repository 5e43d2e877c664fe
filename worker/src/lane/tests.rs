//! Lanes on tokio's paused clock: thousands of accounts, simulated hours, seconds of real time.

mod stories;
mod world;
