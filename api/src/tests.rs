//! The admin API and the webhook on a real database, through the same door as every caller.

mod api_tokens;
mod app;
mod billing;
mod cloud_api;
mod cloud_callbacks;
mod credits;
mod deleted;
mod expiry;
mod graph;
mod isolation;
mod journey;
mod keys;
mod members;
mod passwords;
mod rights;
mod schema;
mod search;
mod sessions;
mod sockets;
mod statements;
mod subscriptions;
mod transport;
mod webhook;
