//! The one truth: SQLite in the data folder, or PostgreSQL. The same SQL runs on both.

mod bounded;
mod errors;
mod gate;
mod parked;
mod postgres;
mod sqlite;

use std::{ops::Deref, path::Path, time::Duration};

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, IsolationLevel,
    SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, Statement, TransactionOptions, TransactionTrait,
};

pub(crate) use self::errors::{is_dead, met_a_lock};
use self::{
    bounded::answer,
    gate::{Gate, Turn},
    parked::Parked,
};
pub use self::{
    bounded::{Bounded, Connection, PATIENCE, Transaction},
    gate::Urgency,
};

/// How long a statement waits for SQLite's file or PostgreSQL's pool before it is an error.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);
/// How many transactions follow one another on a connection before it goes back to the pool, which looks after its age.
const CHAINED: u32 = 1_000;

/// Connections for schema changes.
const PATIENT: u32 = 2;

/// A handle on the database; cheap to clone.
///
/// SQLite takes one writer at a time, so there the process writes through one connection behind a queue in which beats go
/// first; readers have a pool of their own. PostgreSQL needs neither, but committers have connections of their own there.
#[derive(Clone, Debug)]
pub struct Database {
    readers: Connection,
    writer: DatabaseConnection,
    committers: DatabaseConnection,
    gate: Option<Gate>,
    /// What writers of PostgreSQL leave to the next.
    parked: Option<Parked>,
    /// How many lie in the larger pool, at most.
    connections: u32,
}

impl Database {
    /// Opens, and makes where it is missing, the SQLite file at `path`: WAL, `synchronous=FULL`, foreign keys on.
    pub async fn sqlite(path: &Path) -> Result<Self, DbErr> {
        let pools = sqlite::open(path).await?;
        let writer = SqlxSqliteConnector::from_sqlx_sqlite_pool(pools.writer);
        Ok(Self {
            readers: Bounded::new(SqlxSqliteConnector::from_sqlx_sqlite_pool(pools.readers)),
            committers: writer.clone(),
            writer,
            gate: Some(Gate::default()),
            parked: None,
            connections: 1,
        })
    }

    /// Connects to PostgreSQL, with so many `connections` at most, and four more for committers. Sessions give up a lock after
    /// 1 s, a statement or an idle transaction after 5 s.
    pub async fn postgres(url: &str, connections: u32) -> Result<Self, DbErr> {
        let parked = Some(Parked::of(connections));
        Ok(Self { parked, ..Self::of(postgres::open(url, connections).await?, connections) })
    }

    /// The same without limits on time, for schema changes.
    pub async fn patient_postgres(url: &str) -> Result<Self, DbErr> {
        Ok(Self::of(postgres::open_patient(url, PATIENT).await?, PATIENT))
    }

    fn of(pools: postgres::Pools, connections: u32) -> Self {
        let shared = SqlxPostgresConnector::from_sqlx_postgres_pool(pools.shared);
        Self {
            readers: Bounded::new(shared.clone()),
            writer: shared,
            committers: SqlxPostgresConnector::from_sqlx_postgres_pool(pools.committers),
            gate: None,
            parked: None,
            connections: connections.max(postgres::COMMITTER_CONNECTIONS),
        }
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

    /// How many committers a process has: SQLite takes one writer at a time.
    pub(crate) fn committers(&self) -> u32 {
        if self.is_embedded() { 1 } else { postgres::COMMITTERS }
    }

    /// Begins a transaction that writes; rolled back unless committed.
    pub async fn write(&self, urgency: Urgency) -> Result<WriteTransaction, DbErr> {
        let begun = match self.parked.as_ref().and_then(Parked::take) {
            Some(begun) => begun,
            None => self.begin(&self.writer, urgency).await?,
        };
        Ok(WriteTransaction { home: self.parked.clone(), ..begun })
    }

    /// The same on a committer's connection: where every row is found by its key.
    pub(crate) async fn write_as_committer(&self) -> Result<WriteTransaction, DbErr> {
        self.begin(&self.committers, Urgency::Normal).await
    }

    async fn begin(&self, pool: &DatabaseConnection, urgency: Urgency) -> Result<WriteTransaction, DbErr> {
        let turn = match &self.gate {
            Some(gate) => Some(gate.wait(urgency).await),
            None => None,
        };
        let transaction = answer(self.backend(), self.begin_in(pool)).await?;
        Ok(WriteTransaction { transaction: Bounded::new(transaction), _turn: turn, home: None, chained: 0 })
    }

    /// A connection that died while it lay in the pool is found out here, and another one is taken: nothing was begun.
    async fn begin_in(&self, pool: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        for _dead in 0..self.connections {
            match pool.begin_with_options(options).await {
                Err(err) if is_dead(&err) => {}
                begun => return begun,
            }
        }
        pool.begin_with_options(options).await
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
    /// Where the next one waits that its commit begins, if it is to begin one.
    home: Option<Parked>,
    /// How many were begun by the commit of the one before.
    chained: u32,
}

impl WriteTransaction {
    /// Makes it durable. An error may mean that it became so all the same.
    pub async fn commit(mut self) -> Result<(), DbErr> {
        match self.home.take().filter(Parked::has_room) {
            Some(home) => {
                if let Some(next) = self.commit_and_begin().await? {
                    home.park(next);
                }
                Ok(())
            }
            None => self.transaction.commit().await,
        }
    }

    /// The same, and PostgreSQL begins the next transaction in that round trip: one that holds no lock, and sees nothing yet.
    /// None comes after many in a row, so that the pool sees the connection now and then, and none on SQLite, which would keep
    /// its only writer.
    pub async fn commit_and_begin(self) -> Result<Option<Self>, DbErr> {
        if self.get_database_backend() == DbBackend::Sqlite || self.chained == CHAINED {
            self.transaction.commit().await?;
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
