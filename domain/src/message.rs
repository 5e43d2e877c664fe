//! Messages: accepted, queued, sent on the beat, settled.

mod call;

pub use call::{Accepted, Acceptor, Call, Origin, Received};
