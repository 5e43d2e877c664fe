//! Meta's Cloud API: a business number, reached through Meta's Graph API.

pub mod errors;
pub mod graph;
