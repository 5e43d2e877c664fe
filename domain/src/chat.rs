//! Contacts and groups that an account has talked to.

mod incoming;
pub mod upsert;

pub use incoming::incoming;
