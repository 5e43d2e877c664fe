//! The admin API: resolvers parse ids, call the domain, wrap what comes back.

mod ask;
mod connection;
mod counts;
mod enums;
mod errors;
mod execute;
mod guard;
mod loaders;
mod mutation;
mod own;
mod query;
pub(crate) mod rights;
mod scalars;
mod search;
mod subscription;
mod types;
mod values;

use std::{sync::Arc, time::Duration};

use async_graphql::{Schema, SchemaBuilder, dataloader::DataLoader};
use nhip_domain::{Cx, message::Acceptor};
use nhip_worker::{bus::Bus, download::Downloader, gateway::cloud_api::graph::Graph};

pub(crate) use self::execute::DEADLINE;
pub use self::execute::{Admin, SocketData};
use self::{loaders::Loaders, mutation::Mutation, query::Query, subscription::Subscription};
use crate::{access_token::AccessTokens, mail::PostOffice};

/// More would cost more than any screen needs; connections multiply.
const MAX_COMPLEXITY: usize = 30_000;
/// How long a loader gathers keys before it reads.
const GATHERING: Duration = Duration::from_millis(1);
/// Directives on one field.
const MAX_DIRECTIVES: usize = 8;

/// The schema itself.
type AdminSchema = Schema<Query, Mutation, Subscription>;

/// What resolvers work with; cheap to clone.
#[derive(Clone)]
pub struct Deps {
    /// What every operation needs.
    pub cx: Cx,
    /// The way to the committer.
    pub acceptor: Acceptor,
    /// Live events.
    pub bus: Arc<dyn Bus>,
    /// Looks at file links.
    pub downloader: Downloader,
    /// Asks Meta about credentials.
    pub graph: Graph,
    /// Signs and checks access tokens.
    pub tokens: AccessTokens,
    /// Sends mail, if there is a server for it.
    pub post: PostOffice,
}

/// Builds the admin API.
#[must_use]
pub fn build(deps: Deps, introspection: bool) -> Admin {
    build_gathering(deps, introspection, GATHERING)
}

/// The same, where loaders gather keys for longer before they read.
pub(crate) fn build_gathering(deps: Deps, introspection: bool, gathering: Duration) -> Admin {
    // One for the process: whoever reaches for the same row at the same time reads it once. It remembers nothing.
    let loader = Arc::new(DataLoader::new(Loaders::new(deps.cx.clone()), tokio::spawn).delay(gathering));
    let mut builder =
        builder().data(deps).data(loader).limit_complexity(MAX_COMPLEXITY).limit_directives(MAX_DIRECTIVES);
    if !introspection {
        builder = builder.disable_introspection().disable_suggestions();
    }
    Admin::new(builder.finish(), introspection)
}

/// The schema in its own language, as `api/schema.graphql` holds it.
#[must_use]
pub fn sdl() -> String {
    builder().finish().sdl()
}

fn builder() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query, Mutation::default(), Subscription)
}
