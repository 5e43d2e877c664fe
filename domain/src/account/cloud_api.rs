//! What an account of Meta's Cloud API is known there by, and its credentials: sealed at rest, never shown again.

mod credentials;
mod find;
mod store;

use self::credentials::open;
pub use self::{
    credentials::{CloudApi, Credentials},
    find::find,
};
