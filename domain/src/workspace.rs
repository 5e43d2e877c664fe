//! Workspaces: the tenants.

pub mod create;
mod delete;
mod erase;
mod rename;

pub(crate) use self::erase::going;
pub use self::{create::create, delete::delete, erase::erase, rename::rename};
