//! Everything after the accept: lanes, journal, gateways, receipts, reconcile, cron; the queue and the bus.

pub mod bus;
pub mod cli;
pub mod config;
pub mod download;
pub mod files;
pub mod gateway;
pub mod group;
pub mod jobs;
pub mod journal;
pub mod lane;
pub mod logging;
pub mod metrics;
pub mod open;
pub mod receipts;
pub mod redis_server;
pub mod run;
pub mod schema;
pub(crate) mod tls;
pub mod told_to_stop;
pub mod traces;
