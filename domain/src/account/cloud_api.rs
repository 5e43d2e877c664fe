//! What an account of Meta's Cloud API is known there by, and its credentials: sealed at rest, never shown again. And the
//! callbacks that Meta posted for it and nobody has handled yet.

mod callbacks;
mod credentials;
mod find;
mod store;

use self::credentials::open;
pub(crate) use self::store::{erase, store};
pub use self::{
    callbacks::{claim, done, keep, postpone},
    credentials::{CloudApi, Credentials},
    find::{find, of_business, of_number},
    store::may_store,
};
