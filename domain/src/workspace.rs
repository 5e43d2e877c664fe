//! Workspaces: the tenants.

pub mod create;

pub use self::create::create;
