//! Whether the database's schema is the one that this program knows, and how it becomes that.

use std::collections::BTreeSet;

use nhip_domain::Database;
use nhip_migration::Migrator;
use sea_orm::{ConnectionTrait as _, DbErr, Statement, TransactionTrait as _};
use sea_orm_migration::MigratorTrait as _;

use crate::open::StartError;

/// PostgreSQL's advisory lock that whoever migrates holds: "nhip" in ASCII.
const MIGRATING: i64 = 0x6e68_6970;

/// Refuses a schema that is behind this program. One that is ahead will do: migrations add before they take away, so that a
/// fleet can be upgraded process by process.
pub async fn check(db: &Database) -> Result<(), StartError> {
    let (known, applied) = (known(), applied(db).await?);
    let behind = known.difference(&applied).count();
    if behind > 0 {
        return Err(StartError::Other(format!(
            "the database's schema is {behind} migrations behind; run `nhip migrate`, or start `nhip serve` with --migrate"
        )));
    }
    let ahead = applied.difference(&known).count();
    if ahead > 0 {
        tracing::warn!(migrations = ahead, "the database's schema is newer than this program");
    }
    Ok(())
}

/// Applies what is missing. Processes that do this at the same time wait for each other.
pub async fn bring_up_to_date(db: &Database) -> Result<(), StartError> {
    let turn = if db.is_embedded() { None } else { Some(db.schema().begin().await?) };
    if let Some(turn) = &turn {
        let sql = "SELECT pg_advisory_xact_lock($1)";
        turn.query_one_raw(Statement::from_sql_and_values(turn.get_database_backend(), sql, [MIGRATING.into()]))
            .await?;
    }
    if !known().is_subset(&applied(db).await?) {
        Migrator::up(db.schema(), None).await?;
    }
    match turn {
        Some(turn) => Ok(turn.rollback().await?),
        None => Ok(()),
    }
}

fn known() -> BTreeSet<String> {
    Migrator::migrations().iter().map(|migration| migration.name().to_owned()).collect()
}

async fn applied(db: &Database) -> Result<BTreeSet<String>, DbErr> {
    if !sea_orm_migration::SchemaManager::new(db.schema()).has_table("seaql_migrations").await? {
        return Ok(BTreeSet::new());
    }
    let sql = Statement::from_string(db.backend(), "SELECT version FROM seaql_migrations");
    let rows = db.schema().query_all_raw(sql).await?;
    rows.iter().map(|row| row.try_get("", "version")).collect()
}
