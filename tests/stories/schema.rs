//! The migrations make, on both databases, exactly the columns that the entities read and write.

use std::collections::BTreeMap;

use nhip_domain::Database;
use nhip_migration::{Migrator, MigratorTrait as _};
use nhip_scratch::Scratch;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, DatabaseConnection, DbBackend, EntityTrait, Iterable as _, Statement,
};
use tempfile::TempDir;

/// Tables, their columns, and whether each may be null.
type Tables = BTreeMap<String, BTreeMap<String, bool>>;

/// No entity's: what the migrations know of themselves, and the log of the version before, whose programs may still run
/// beside ours; a later release takes it away.
const OTHERS: &[&str] = &["seaql_migrations", "activations"];

fn columns<E: EntityTrait>() -> (String, BTreeMap<String, bool>) {
    let entity = E::default();
    let name = |column: &E::Column| sea_orm::IdenStatic::as_str(column).to_owned();
    (entity.table_name().to_owned(), E::Column::iter().map(|column| (name(&column), column.def().is_null())).collect())
}

macro_rules! entities {
    ($($module:ident),+ $(,)?) => { Tables::from([$(columns::<nhip_entity::$module::Entity>()),+]) };
}

fn entities() -> Tables {
    entities![
        account,
        activation,
        api_token,
        audit_entry,
        chat,
        cloud_account,
        cloud_callback,
        credit_entry,
        file_check,
        idempotency_key,
        invitation,
        ledger_audit,
        log_in_attempt,
        login_link,
        member,
        message,
        message_gram,
        sequencer,
        session,
        simulator_event,
        simulator_message,
        spent_refresh_token,
        status_change,
        tally,
        text_to_erase,
        user,
        webhook,
        worker,
        workspace,
    ]
}

async fn tables(db: &DatabaseConnection) -> Tables {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT m.name AS t, c.name AS c, CASE WHEN c.\"notnull\" = 0 AND c.pk = 0 THEN 1 ELSE 0 END AS n \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
        }
        _ => {
            "SELECT table_name::text AS t, column_name::text AS c, (is_nullable = 'YES')::int AS n \
             FROM information_schema.columns WHERE table_schema = 'public'"
        }
    };
    let mut tables = Tables::new();
    for row in db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap() {
        let (table, column, null): (String, String, i32) =
            (row.try_get("", "t").unwrap(), row.try_get("", "c").unwrap(), row.try_get("", "n").unwrap());
        tables.entry(table).or_default().insert(column, null == 1);
    }
    for other in OTHERS {
        assert!(tables.remove(*other).is_some(), "{other} is gone: take it off the list");
    }
    tables
}

#[test]
fn every_entity_is_compared() {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../entity/src")).unwrap().count();
    assert_eq!(entities().len(), files - 1, "a new entity belongs into the list above");
}

#[tokio::test]
async fn an_empty_sqlite_file_becomes_what_the_entities_expect() {
    let dir = TempDir::new().unwrap();
    let db = Database::sqlite(&dir.path().join("nhip.db")).await.unwrap();
    Migrator::up(db.schema(), None).await.unwrap();
    assert_eq!(tables(db.schema()).await, entities());
    Migrator::up(db.schema(), None).await.unwrap();
}

#[tokio::test]
async fn an_empty_postgresql_database_becomes_what_the_entities_expect() {
    let scratch = Scratch::empty().await;
    let db = Database::postgres(&scratch.url(), 2).await.unwrap();
    Migrator::up(db.schema(), None).await.unwrap();
    assert_eq!(tables(db.schema()).await, entities());
    Migrator::up(db.schema(), None).await.unwrap();
}
