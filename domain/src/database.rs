//! The one truth: SQLite in the data folder, or PostgreSQL. The same SQL runs on both.

mod bounded;
mod gate;

use std::{ops::Deref, path::Path, time::Duration};

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, IsolationLevel, RuntimeErr,
    SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, Statement, TransactionOptions, TransactionTrait,
};
use sqlx::{
    ConnectOptions, Connection as _, PgConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use self::{
    bounded::answer,
    gate::{Gate, Turn},
};
pub use self::{
    bounded::{Bounded, Connection, PATIENCE, Transaction},
    gate::Urgency,
};

/// How long a statement waits for SQLite's file or PostgreSQL's pool before it is an error.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// How long a connection may lie in PostgreSQL's pool without being asked whether it is alive.
const ASK_AFTER: Duration = Duration::from_secs(1);
/// How long PostgreSQL is asked that. A connection that says nothing is closed, or the pool would wait for it.
const ASK_FOR: Duration = Duration::from_secs(2);
/// How many transactions follow one another on a connection before it goes back to the pool, which looks after its age.
const CHAINED: u32 = 1_000;
/// What SQLite's writer keeps of the database in memory: a flood's pages are written once each, not as often as they leave a
/// small cache.
const SQLITE_CACHE_KIB: u32 = 64 * 1_024;
/// How long its log grows, in pages of 4 KiB, before what is in it goes to its place: seldom, and pages that changed often
/// only once.
const SQLITE_WAL_PAGES: u32 = 4_000;
/// Connections that read at the same time on SQLite.
const SQLITE_READERS: u32 = 4;

/// A handle on the database; cheap to clone.
///
/// SQLite takes one writer at a time, so there the process writes through one connection behind a queue in which beats go
/// first; readers have a pool of their own. PostgreSQL needs neither.
#[derive(Clone, Debug)]
pub struct Database {
    readers: Connection,
    writer: DatabaseConnection,
    gate: Option<Gate>,
    connections: u32,
}

impl Database {
    /// Opens, and makes where it is missing, the SQLite file at `path`: WAL, `synchronous=FULL`, foreign keys on.
    pub async fn sqlite(path: &Path) -> Result<Self, DbErr> {
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
            .pragma("cache_size", format!("-{SQLITE_CACHE_KIB}"))
            .pragma("wal_autocheckpoint", SQLITE_WAL_PAGES.to_string());
        let writer = sqlite_pool(1).connect_with(writing).await.map_err(connect_error)?;
        let readers = sqlite_pool(SQLITE_READERS)
            .connect_with(options.pragma("query_only", "on"))
            .await
            .map_err(connect_error)?;
        Ok(Self {
            readers: Bounded::new(SqlxSqliteConnector::from_sqlx_sqlite_pool(readers)),
            writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
            gate: Some(Gate::default()),
            connections: 1,
        })
    }

    /// Connects to PostgreSQL. Sessions give up a lock after 1 s, a statement or an idle transaction after 5 s.
    pub async fn postgres(url: &str, connections: u32) -> Result<Self, DbErr> {
        let limits =
            [("lock_timeout", "1s"), ("statement_timeout", "5s"), ("idle_in_transaction_session_timeout", "5s")];
        Self::postgres_pool(postgres_options(url)?.options(limits), connections).await
    }

    /// The same without limits on time, for schema changes.
    pub async fn patient_postgres(url: &str) -> Result<Self, DbErr> {
        Self::postgres_pool(postgres_options(url)?, 2).await
    }

    async fn postgres_pool(options: PgConnectOptions, connections: u32) -> Result<Self, DbErr> {
        // A pool goes on trying, and then tells only that time ran out; one connection tells why.
        let first = tokio::time::timeout(ACQUIRE_TIMEOUT, options.connect()).await;
        first.map_err(|_elapsed| said("it does not answer"))?.map_err(connect_error)?;
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            .before_acquire(|connection, lain| Box::pin(is_alive(connection, lain.idle_for)))
            .after_release(|connection, _lain| Box::pin(is_alive(connection, Duration::MAX)))
            .connect_with(options)
            .await
            .map_err(connect_error)?;
        let pool = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
        Ok(Self { readers: Bounded::new(pool.clone()), writer: pool, gate: None, connections })
    }

    /// For reading outside a transaction.
    #[must_use]
    pub fn read(&self) -> &Connection {
        &self.readers
    }

    /// Tells every statement that reads outside a transaction: for tests that count them.
    pub fn on_read(&mut self, told: impl Fn(&Statement) + Send + Sync + 'static) {
        self.readers.inner_mut().set_metric_callback(move |info| told(info.statement));
    }

    /// For schema changes, before anything else runs; they take as long as they take.
    #[must_use]
    pub fn schema(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Which database it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }

    /// Whether this process alone writes to it.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.gate.is_some()
    }

    /// Begins a transaction that writes; rolled back unless committed.
    pub async fn write(&self, urgency: Urgency) -> Result<WriteTransaction, DbErr> {
        let turn = match &self.gate {
            Some(gate) => Some(gate.wait(urgency).await),
            None => None,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let transaction = answer(self.backend(), self.begin(options)).await?;
        Ok(WriteTransaction { transaction: Bounded::new(transaction), _turn: turn, chained: 0 })
    }

    /// A connection that died while it lay in the pool is found out here, and another one is taken: nothing was begun.
    async fn begin(&self, options: TransactionOptions) -> Result<DatabaseTransaction, DbErr> {
        for _dead in 0..self.connections {
            match self.writer.begin_with_options(options).await {
                Err(err) if is_dead(&err) => {}
                begun => return begun,
            }
        }
        self.writer.begin_with_options(options).await
    }

    /// Begins a transaction whose reads all see the same moment.
    pub async fn snapshot(&self) -> Result<Transaction, DbErr> {
        Ok(Bounded::new(self.begin_snapshot().await?))
    }

    /// The same for reading everything there is: its statements take as long as they take.
    pub async fn patient_snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        let snapshot = self.begin_snapshot().await?;
        if !self.is_embedded() {
            snapshot.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
        }
        Ok(snapshot)
    }

    async fn begin_snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        // SQLite's deferred transactions are snapshots by themselves.
        let isolation = (!self.is_embedded()).then_some(IsolationLevel::RepeatableRead);
        answer(self.backend(), self.readers.inner().begin_with_config(isolation, None)).await
    }

    /// The database's own clock, in milliseconds since 1970, as an SQL expression: for comparing what several processes
    /// wrote.
    #[must_use]
    pub fn clock_ms(&self) -> &'static str {
        clock_ms(self.backend())
    }
}

/// See [`Database::clock_ms`].
#[must_use]
pub fn clock_ms(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
        _ => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)",
    }
}

/// A transaction that writes. Dropped without [`WriteTransaction::commit`], it leaves no trace.
#[derive(Debug)]
pub struct WriteTransaction {
    // Before the turn: the transaction must be over when the next writer's begins.
    transaction: Transaction,
    _turn: Option<Turn>,
    /// How many were begun by the commit of the one before.
    chained: u32,
}

impl WriteTransaction {
    /// Makes it durable. An error may mean that it became so all the same.
    pub async fn commit(self) -> Result<(), DbErr> {
        self.transaction.commit().await
    }

    /// The same, and PostgreSQL begins the next transaction in that round trip: one that holds no lock, and sees nothing yet.
    /// None comes after many in a row, so that the pool sees the connection now and then, and none on SQLite, which would keep
    /// its only writer.
    pub async fn commit_and_begin(self) -> Result<Option<Self>, DbErr> {
        if self.get_database_backend() == DbBackend::Sqlite || self.chained == CHAINED {
            self.commit().await?;
            return Ok(None);
        }
        self.execute_unprepared("COMMIT AND CHAIN").await?;
        Ok(Some(Self { chained: self.chained + 1, ..self }))
    }
}

impl Deref for WriteTransaction {
    type Target = Transaction;

    fn deref(&self) -> &Transaction {
        &self.transaction
    }
}

/// Whether a connection that lay in the pool can be used. One that was used a moment ago is not asked: that would be a round
/// trip before every transaction.
async fn is_alive(connection: &mut PgConnection, lain: Duration) -> Result<bool, sqlx::Error> {
    if lain > ASK_AFTER {
        let answered = tokio::time::timeout(ASK_FOR, connection.ping()).await;
        answered.map_err(|elapsed| sqlx::Error::Io(elapsed.into()))??;
    }
    Ok(true)
}

/// Whether the connection is gone: broken, or ended by the server (SQLSTATE class 57P, operator intervention; 25P03, for a
/// transaction that did nothing for too long).
pub(crate) fn is_dead(err: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(err)) | DbErr::Query(RuntimeErr::SqlxError(err))) = err else {
        return false;
    };
    match &**err {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(err) => err.code().is_some_and(|code| code.starts_with("57P") || code == "25P03"),
        _ => false,
    }
}

/// Whether a statement gave up because somebody else kept what it wanted to lock (SQLSTATE 55P03, by `lock_timeout`).
pub(crate) fn met_a_lock(err: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(err)) | DbErr::Query(RuntimeErr::SqlxError(err))) = err else {
        return false;
    };
    matches!(&**err, sqlx::Error::Database(err) if err.code().is_some_and(|code| code == "55P03"))
}

fn postgres_options(url: &str) -> Result<PgConnectOptions, DbErr> {
    let options: PgConnectOptions = url.parse().map_err(connect_error)?;
    Ok(options.application_name("nhip").disable_statement_logging())
}

/// SQLite ends a transaction by itself where the disk is full or fails. Its ROLLBACK then fails too, and sqlx goes on counting
/// a transaction that is none: all that follow would be savepoints, and once one of them was rolled back, no release of a later
/// one would make anything durable. So a connection that should have no transaction, and counts one, is not used again.
fn sqlite_pool(connections: u32) -> SqlitePoolOptions {
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

fn connect_error(err: sqlx::Error) -> DbErr {
    match err {
        sqlx::Error::Database(err) => said(err.message()),
        err => DbErr::Conn(RuntimeErr::SqlxError(err.into())),
    }
}

fn said(what: &str) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(what.to_owned()))
}
