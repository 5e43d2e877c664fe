//! Connections to SQLite.

use std::path::Path;

use sea_orm::DbErr;
use sqlx::{
    ConnectOptions as _, Connection as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::{ACQUIRE_TIMEOUT, errors::connect_error};

/// What the writer keeps of the database in memory: a flood's pages are written once each, not as often as they leave a
/// small cache.
const CACHE_KIB: u32 = 64 * 1_024;
/// How long its log grows, in pages of 4 KiB, before what is in it goes to its place: seldom, and pages that changed often
/// only once.
const WAL_PAGES: u32 = 4_000;
/// Connections that read at the same time.
const READERS: u32 = 4;

/// The pools of a process, which write to one file.
pub(super) struct Pools {
    pub(super) readers: SqlitePool,
    /// Of one connection.
    pub(super) writer: SqlitePool,
}

pub(super) async fn open(path: &Path) -> Result<Pools, DbErr> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(ACQUIRE_TIMEOUT)
        .statement_cache_capacity(400)
        .disable_statement_logging();
    let writing = options
        .clone()
        .pragma("cache_size", format!("-{CACHE_KIB}"))
        .pragma("wal_autocheckpoint", WAL_PAGES.to_string());
    // The writer first: it makes the file.
    let writer = pool(1).connect_with(writing).await.map_err(connect_error)?;
    let readers = pool(READERS).connect_with(options.pragma("query_only", "on")).await.map_err(connect_error)?;
    Ok(Pools { readers, writer })
}

/// SQLite ends a transaction by itself where the disk is full or fails. Its ROLLBACK then fails too, and sqlx goes on counting
/// a transaction that is none: all that follow would be savepoints, and once one of them was rolled back, no release of a later
/// one would make anything durable. So a connection that should have no transaction, and counts one, is not used again.
fn pool(connections: u32) -> SqlitePoolOptions {
    // Connections are kept for ever: the paused clock of tests would otherwise retire them.
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .before_acquire(|connection, _lain| {
            let counts_none = !connection.is_in_transaction();
            Box::pin(async move { Ok(counts_none) })
        })
}
