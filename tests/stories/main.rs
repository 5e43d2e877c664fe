//! Stories across the whole, through its boundaries: HTTP, GraphQL, the command line, and what WhatsApp received.

mod account_states;
mod across;
mod activation_log;
mod billing;
mod cloud_send;
mod conformance;
mod contract;
mod control;
mod downloads;
mod every_body;
mod files;
mod idempotency;
mod kills;
mod limits;
mod lists;
mod names;
mod nudges;
mod operators;
mod pace;
mod people;
mod processes;
mod quick_start;
mod recipients;
mod reference;
mod refusals;
mod schema;
