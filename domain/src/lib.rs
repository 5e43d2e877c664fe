//! What the product does: rules, and the operations that store them. Knows the database; knows no HTTP, GraphQL, queue or
//! WhatsApp.
#![warn(missing_docs)]

pub mod clock;
pub mod error;
pub mod refusal;
pub mod request;

pub use error::{Broken, Error, Result};
pub use refusal::Refusal;
