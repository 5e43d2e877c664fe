//! Chats: contacts and groups that an account has talked to.

mod rename;

pub use self::rename::rename;
