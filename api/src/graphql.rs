//! The admin API.

use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};

/// The admin API, ready to execute.
pub type Admin = Schema<Query, EmptyMutation, EmptySubscription>;

/// Reads.
pub struct Query;

#[Object]
impl Query {
    /// Version.
    async fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}

/// Builds.
#[must_use]
pub fn build(_introspection: bool) -> Admin {
    Schema::new(Query, EmptyMutation, EmptySubscription)
}

/// The schema.
#[must_use]
pub fn sdl() -> String {
    build(true).sdl()
}
