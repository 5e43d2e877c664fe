//! Messages: accepted, queued, sent on the beat, settled.

mod accept;
mod admit;
mod call;
mod id;
mod snapshot;
mod store;

pub use accept::Acceptor;
pub use admit::price;
pub use call::{Accepted, Call, Origin, Received};
