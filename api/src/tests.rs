//! The admin API and the webhook on a real database, through the same door as every caller.

mod app;
mod billing;
mod credits;
mod isolation;
mod journey;
mod schema;
mod search;
mod sessions;
mod statements;
mod subscriptions;
mod transport;
mod webhook;
