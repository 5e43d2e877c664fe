//! Connections to PostgreSQL.

use std::time::Duration;

use sea_orm::DbErr;
use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::timeout;

use super::{
    ACQUIRE_TIMEOUT,
    errors::{connect_error, said},
};

/// How long a connection may lie in PostgreSQL's pool without being asked whether it is alive.
const ASK_AFTER: Duration = Duration::from_secs(1);
/// How long PostgreSQL is asked that. A connection that says nothing is closed, or the pool would wait for it.
const ASK_FOR: Duration = Duration::from_secs(2);
/// How many committers there are. While one waits for the server to execute what it wrote, the other decides and encodes; a
/// third finds nobody idle.
pub(super) const COMMITTERS: u32 = 2;
/// Their connections: one for each, and another while its first is being given up.
pub(super) const COMMITTER_CONNECTIONS: u32 = 2 * COMMITTERS;
/// How long sessions wait for a lock, for a statement, and for a transaction to go on.
const LIMITS: [(&str, &str); 3] =
    [("lock_timeout", "1s"), ("statement_timeout", "5s"), ("idle_in_transaction_session_timeout", "5s")];
/// Committers find every row by its key. A plan that was made while a table was empty would go on reading all of it, and
/// the first five of each statement's plans would be made for their values alone.
const BY_KEY: [(&str, &str); 4] = [
    ("plan_cache_mode", "force_generic_plan"),
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
];

/// The pools of a process.
pub(super) struct Pools {
    /// Everybody's.
    pub(super) shared: PgPool,
    /// The committers' own. A session's first statements take PostgreSQL a tenth of a second, for it reads its catalogs and
    /// makes its plans: in the shared pool, which hands its connections out in turn, a flood would stand still at each.
    pub(super) committers: PgPool,
}

/// With limits on time.
pub(super) async fn open(url: &str, connections: u32) -> Result<Pools, DbErr> {
    let options = options(url)?.options(LIMITS);
    let shared = pool(&options, connections).await?;
    let committers = settings().max_connections(COMMITTER_CONNECTIONS).idle_timeout(None);
    Ok(Pools { shared, committers: committers.connect_lazy_with(options.options(BY_KEY)) })
}

/// Without them.
pub(super) async fn open_patient(url: &str, connections: u32) -> Result<Pools, DbErr> {
    let shared = pool(&options(url)?, connections).await?;
    Ok(Pools { committers: shared.clone(), shared })
}

async fn pool(options: &PgConnectOptions, connections: u32) -> Result<PgPool, DbErr> {
    // A pool goes on trying, and then tells only that time ran out; one connection tells why.
    let first = timeout(ACQUIRE_TIMEOUT, options.connect()).await;
    first.map_err(|_elapsed| said("it does not answer"))?.map_err(connect_error)?;
    settings().max_connections(connections).connect_with(options.clone()).await.map_err(connect_error)
}

fn settings() -> PgPoolOptions {
    PgPoolOptions::new()
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .before_acquire(|connection, lain| Box::pin(is_alive(connection, lain.idle_for)))
        .after_release(|connection, _lain| Box::pin(is_alive(connection, Duration::MAX)))
}

fn options(url: &str) -> Result<PgConnectOptions, DbErr> {
    let options: PgConnectOptions = url.parse().map_err(connect_error)?;
    Ok(options.application_name("nhip").disable_statement_logging())
}

/// Whether a connection that lay in the pool can be used. One that was used a moment ago is not asked: that would be a round
/// trip before every transaction.
async fn is_alive(connection: &mut PgConnection, lain: Duration) -> Result<bool, sqlx::Error> {
    if lain > ASK_AFTER {
        let answered = timeout(ASK_FOR, connection.ping()).await;
        answered.map_err(|elapsed| sqlx::Error::Io(elapsed.into()))??;
    }
    Ok(true)
}
