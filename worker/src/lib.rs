//! Everything after the accept: lanes, journal, gateways, receipts, reconcile, cron; the queue and the bus.

pub mod bus;
pub mod config;
pub mod gateway;
pub mod group;
pub mod jobs;
pub mod journal;
pub mod lane;
pub mod receipts;
pub mod run;
