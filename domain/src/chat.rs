//! Chats: contacts and groups that an account has talked to.

mod addressed;
mod incoming;
mod rename;
pub mod upsert;

pub(crate) use self::addressed::addressed;
pub use self::{incoming::incoming, rename::rename};
