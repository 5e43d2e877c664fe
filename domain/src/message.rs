//! Messages: accepted, queued, sent on the beat, settled.

mod accept;
mod admit;
mod authority;
mod begin;
mod call;
pub mod cancel;
mod cap;
mod committer;
mod erase;
mod fact;
mod files;
mod find;
mod history;
mod id;
mod keys;
mod lost;
mod pace;
mod pair;
mod rate;
mod reconcile;
mod relocate;
#[cfg(test)]
mod sample;
pub mod search;
mod settle;
mod snapshot;
mod store;

pub use accept::{Acceptor, Writing};
pub use admit::price;
pub use authority::Authority;
pub use begin::{Beat, Begun, Hold, begin, in_doubt};
pub use call::{Accepted, Call, Origin, Received};
pub use erase::{erase_texts, is_erased};
pub use fact::{Fact, What, record};
pub use files::{WantedFile, file_is_there, may_leave, until_fetched, wanted_files};
pub use find::{Reported, reported, went_back, workspace_of};
pub use keys::forget_keys;
pub use pace::Pace;
pub use reconcile::{abandon, expire, give_up, refuse_new_chats};
pub use relocate::relocate;
#[cfg(test)]
pub(crate) use sample::sample;
pub use settle::{BULK, Ending, How, settle};
pub use snapshot::KEYS_LIVE_H;
pub use store::KEPT as ACTIVATIONS_KEPT;
