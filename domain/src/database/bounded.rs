//! Nobody waits for ever for a database that hangs, or for a network that swallows everything.

use std::{fmt, future::Future, time::Duration};

use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr,
    Statement,
};
use tokio::time::timeout;

/// How long PostgreSQL's answer is waited for. It gives up sooner by itself; past this, nobody knows what was done.
pub const PATIENCE: Duration = Duration::from_secs(8);

/// A transaction, each statement of which ends within [`PATIENCE`] on PostgreSQL.
pub type Transaction = Bounded<DatabaseTransaction>;
/// The same for what is read outside a transaction.
pub type Connection = Bounded<DatabaseConnection>;

/// What statements are sent to, each of them bounded on PostgreSQL: sqlx waits for an answer as long as the connection stands,
/// and one that nothing comes through stands for a quarter of an hour. SQLite is in this process, and has its own limits.
#[derive(Clone)]
pub struct Bounded<C>(C);

impl<C: ConnectionTrait> Bounded<C> {
    pub(super) fn new(inner: C) -> Self {
        Self(inner)
    }

    /// Without the bound.
    pub(super) fn inner(&self) -> &C {
        &self.0
    }

    pub(super) fn inner_mut(&mut self) -> &mut C {
        &mut self.0
    }
}

impl Transaction {
    /// Ends it; what it wrote is durable. An error may mean that it became so all the same.
    pub async fn commit(self) -> Result<(), DbErr> {
        answer(self.get_database_backend(), self.0.commit()).await
    }
}

#[async_trait]
impl<C: ConnectionTrait> ConnectionTrait for Bounded<C> {
    fn get_database_backend(&self) -> DbBackend {
        self.0.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        answer(self.get_database_backend(), self.0.execute_raw(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        answer(self.get_database_backend(), self.0.execute_unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        answer(self.get_database_backend(), self.0.query_one_raw(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        answer(self.get_database_backend(), self.0.query_all_raw(statement)).await
    }
}

impl<C: fmt::Debug> fmt::Debug for Bounded<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is `asked` of the database, or an error once it took too long. The connection is closed then: the pool asks each one
/// that comes back whether it is alive.
pub(super) async fn answer<T>(backend: DbBackend, asked: impl Future<Output = Result<T, DbErr>>) -> Result<T, DbErr> {
    if backend == DbBackend::Sqlite {
        return asked.await;
    }
    timeout(PATIENCE, asked).await.unwrap_or_else(|_elapsed| Err(hangs()))
}

fn hangs() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(format!("it did not answer within {} s", PATIENCE.as_secs())))
}
