//! Contacts and groups that an account has talked to.

pub mod upsert;
