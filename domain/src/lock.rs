//! Locks, and the order in which every transaction takes them: workspaces, accounts, messages, chats, tallies; within each, by
//! id (chats by account and JID, tallies by workspace and time).
//!
//! PostgreSQL takes the rows that one UPDATE is about in whichever order it likes, so rows of which a transaction changes
//! several are locked here before; only tallies, which come last and sorted, are not.

use std::collections::HashMap;

use nhip_entity::{account, message, workspace};
use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, EntityTrait, Iterable as _, QueryFilter, QueryOrder, QuerySelect,
    sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    database::Transaction,
    message::Progress,
    sql::{Params, among, columns},
};

/// Locks workspaces in id order, so that no two transactions wait for each other, and reads them.
///
/// The first statement of every transaction that moves credits or changes what accept decides on; whatever else it reads,
/// it reads in later statements. Accept alone reads in the same statement: that of `message/snapshot.rs`, for which the
/// workspaces' versions are raised here. (SQLite has one writer anyway.)
pub async fn workspaces(
    txn: &Transaction,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<workspace::Model>, DbErr> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let backend = txn.get_database_backend();
    let mut params = Params::new(backend);
    let (among, locking) = (params.among(ids), workspaces_clause(backend));
    let columns = columns("workspaces", workspace::Column::iter());
    let locked = format!("SELECT {columns} FROM workspaces WHERE id {among} ORDER BY id{locking}");
    let sql = match backend {
        DbBackend::Sqlite => locked,
        _ => format!(
            "WITH locked AS ({locked}), raised AS (UPDATE workspaces SET version = workspaces.version + 1 FROM locked \
             WHERE workspaces.id = locked.id) SELECT * FROM locked"
        ),
    };
    workspace::Entity::find().from_raw_sql(params.statement(sql)).all(txn).await
}

/// How a SELECT locks workspaces: not with a plain `FOR UPDATE`, which would block foreign-key inserts.
pub(crate) fn workspaces_clause(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Sqlite => "",
        _ => " FOR NO KEY UPDATE",
    }
}

/// Locks account rows in id order, so that no two transactions wait for each other. (SQLite has one writer anyway.)
pub(crate) async fn accounts(txn: &Transaction, ids: impl IntoIterator<Item = Uuid>) -> Result<(), DbErr> {
    if txn.get_database_backend() == DbBackend::Sqlite {
        return Ok(());
    }
    let rows = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(among(txn.get_database_backend(), account::Column::Id, ids.into_iter().collect::<Vec<_>>()))
        .order_by_asc(account::Column::Id)
        .lock(LockType::NoKeyUpdate);
    rows.into_tuple::<Uuid>().all(txn).await?;
    Ok(())
}

/// The rows that an update of accounts is about as a common table `v`, which locks those accounts in id order: for PostgreSQL.
/// Of one that somebody else had locked, it looks at the newest version when it updates it.
pub(crate) fn accounts_in_order(table: &str) -> String {
    format!(
        "WITH v AS MATERIALIZED (SELECT v.* FROM {table} JOIN accounts a ON a.id = v.column1 ORDER BY a.id \
         FOR NO KEY UPDATE OF a) "
    )
}

/// Locks messages in id order and reads how far they have come.
pub(crate) async fn messages(
    txn: &Transaction,
    ids: impl Iterator<Item = &str>,
) -> Result<HashMap<String, Progress>, DbErr> {
    let rows = message::Entity::find()
        .filter(among(txn.get_database_backend(), message::Column::Id, ids.map(str::to_owned).collect::<Vec<_>>()))
        .order_by_asc(message::Column::Id)
        .lock(LockType::NoKeyUpdate);
    let rows = rows.into_partial_model::<Progress>().all(txn).await?;
    Ok(rows.into_iter().map(|row| (row.id.clone(), row)).collect())
}
