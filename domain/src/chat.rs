//! Chats: contacts and groups that an account has talked to.

mod incoming;
mod rename;
pub mod upsert;

pub use self::{incoming::incoming, rename::rename};
