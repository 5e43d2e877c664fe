//! Meta's Cloud API: a business number, reached through Meta's Graph API.

mod callback;
pub mod check;
pub mod errors;
pub mod graph;
mod handle;
pub mod inbox;
pub mod signature;
