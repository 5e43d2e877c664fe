//! The app's own database, from the side.

use std::time::Duration;

use nhip_entity::{account, cloud_callback, simulator_event};
use sea_orm::{
    ColumnTrait as _, ConnectOptions, ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend,
    EntityTrait as _, PaginatorTrait as _, QueryFilter as _, SqliteTransactionMode, TransactionOptions,
    TransactionTrait as _,
};

use crate::{Process, TestApp, wait::eventually};

impl TestApp {
    /// A connection of one's own.
    pub async fn database(&self) -> DatabaseConnection {
        let mut options = ConnectOptions::new(self.database_url());
        options.max_connections(1).sqlx_logging(false);
        let open = async || sea_orm::Database::connect(options.clone()).await.ok();
        eventually("the database opens", Duration::from_secs(10), open).await
    }

    /// Keeps everybody else from writing, until it is rolled back.
    pub async fn lock_database(&self) -> DatabaseTransaction {
        let database = self.database().await;
        let immediate = Some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: immediate, ..TransactionOptions::default() };
        let transaction = database.begin_with_options(options).await.unwrap();
        if database.get_database_backend() == DbBackend::Postgres {
            transaction.execute_unprepared("LOCK TABLE workspaces IN EXCLUSIVE MODE").await.unwrap();
        }
        transaction
    }

    /// The worker that has the lane of the account with that phone, if any does.
    pub async fn owner_of_lane(&self, phone: &str) -> Option<&Process> {
        let database = self.database().await;
        let digits = phone.trim_start_matches('+');
        let row = account::Entity::find().filter(account::Column::Phone.eq(digits)).one(&database).await.unwrap();
        database.close().await.unwrap();
        let id = row?.lane_owner?.to_string();
        let registered = |log: String| log.lines().any(|line| line.contains("worker registered") && line.contains(&id));
        self.workers().iter().find(|worker| registered(worker.stderr()))
    }

    /// What the built-in WhatsApp will report within some seconds, and what Meta reported and nobody has handled.
    pub(crate) async fn due_events(&self) -> u64 {
        let soon = self.clock().now() + Duration::from_secs(8);
        let database = self.database().await;
        let due = simulator_event::Entity::find().filter(simulator_event::Column::DueAt.lt(soon));
        let due = due.count(&database).await.unwrap();
        let kept = cloud_callback::Entity::find().count(&database).await.unwrap();
        database.close().await.unwrap();
        due + kept
    }
}
