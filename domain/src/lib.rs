//! What the product does: rules, and the operations that store them. Knows the database; knows no HTTP, GraphQL, queue or
//! WhatsApp.
#![warn(missing_docs)]

pub mod account;
pub mod activity;
pub mod api_token;
pub mod audit;
pub mod authenticate;
pub mod chat;
pub mod clock;
pub mod cx;
pub mod database;
pub mod error;
pub mod file_check;
pub mod gather;
pub mod invitation;
pub mod lane;
pub mod ledger;
pub mod lock;
pub mod member;
pub mod message;
pub mod refusal;
pub mod request;
pub mod secret;
pub mod settings;
pub mod signal;
pub mod span;
pub mod sql;
pub mod tenant;
pub mod text;
pub mod token;
pub mod user;
pub mod webhook;
pub mod workspace;

pub use cx::Cx;
pub use database::Database;
pub use error::{Broken, Error, Result};
pub use refusal::Refusal;
