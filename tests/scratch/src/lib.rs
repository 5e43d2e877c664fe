//! What tests start from: rows, and a PostgreSQL database of their own, copied from a template that holds the migrated schema.

pub mod sample;

use std::{
    env,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    thread,
};

use nhip_migration::{Migrator, MigratorTrait as _};
use sea_orm::ConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, postgres::PgConnectOptions};

/// Held while the template is made, so that only one test makes it.
const TEMPLATE_LOCK: i64 = 0x6e_6869_7074;

/// A database that is dropped with this value, unless its test failed: then it stays to be looked at.
#[derive(Debug)]
pub struct Scratch {
    server: String,
    name: String,
}

impl Scratch {
    /// A database with nothing in it, on the server of `NHIP_TEST_POSTGRES_URL`.
    pub async fn empty() -> Self {
        let scratch = Self::on(&server());
        execute(&mut connect(&scratch.server).await, &format!("CREATE DATABASE {}", scratch.name)).await;
        scratch
    }

    /// A database with the newest schema, on the server of `NHIP_TEST_POSTGRES_URL`.
    pub async fn migrated() -> Self {
        Self::migrated_on(&server()).await
    }

    /// A database with the newest schema, on that server.
    pub async fn migrated_on(server: &str) -> Self {
        let scratch = Self::on(server);
        let mut connection = connect(server).await;
        let template = template(&mut connection, server).await;
        execute(&mut connection, &format!("CREATE DATABASE {} TEMPLATE {template}", scratch.name)).await;
        scratch
    }

    fn on(server: &str) -> Self {
        Self { server: server.to_owned(), name: format!("test_{}", uuid::Uuid::new_v4().simple()) }
    }

    /// The database's URL.
    pub fn url(&self) -> String {
        url_of(&self.server, &self.name)
    }

    /// Its name on its server.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if thread::panicking() {
            return eprintln!("The database is kept: {}", self.url());
        }
        let (server, name) = (self.server.clone(), self.name.clone());
        // A runtime of its own: whoever drops may be inside of one, and cannot wait there.
        let dropping = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&server).await?;
                connection.execute(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await?;
                Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
            })
        });
        if let Err(err) = dropping.join().expect("dropping a database does not panic") {
            eprintln!("{} is left behind: {err}", self.name);
        }
    }
}

/// The server that tests share.
fn server() -> String {
    env::var("NHIP_TEST_POSTGRES_URL")
        .expect("NHIP_TEST_POSTGRES_URL is not set: run `scripts/test`, which starts a PostgreSQL of the tests' own")
}

async fn connect(server: &str) -> PgConnection {
    let options: PgConnectOptions = server.parse().expect("a URL of PostgreSQL");
    PgConnection::connect_with(&options).await.expect("the tests' PostgreSQL answers")
}

async fn execute(connection: &mut PgConnection, sql: &str) {
    connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap_or_else(|err| panic!("{sql}: {err}"));
}

/// The name of the template, which the first test that asks makes.
async fn template(connection: &mut PgConnection, server: &str) -> String {
    let name = template_name();
    sqlx::query("SELECT pg_advisory_lock($1)").bind(TEMPLATE_LOCK).execute(&mut *connection).await.unwrap();
    let known = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)";
    let is_there: bool = sqlx::query_scalar(known).bind(&name).fetch_one(&mut *connection).await.unwrap();
    if !is_there {
        // Under another name until it is whole: whoever makes it may be interrupted.
        let unfinished = format!("{name}_unfinished");
        execute(connection, &format!("DROP DATABASE IF EXISTS {unfinished}")).await;
        execute(connection, &format!("CREATE DATABASE {unfinished}")).await;
        migrate(&url_of(server, &unfinished)).await;
        execute(connection, &format!("ALTER DATABASE {unfinished} RENAME TO {name}")).await;
    }
    sqlx::query("SELECT pg_advisory_unlock($1)").bind(TEMPLATE_LOCK).execute(&mut *connection).await.unwrap();
    name
}

/// Other migrations make another template.
fn template_name() -> String {
    let mut hasher = DefaultHasher::new();
    for migration in Migrator::migrations() {
        migration.name().hash(&mut hasher);
    }
    format!("nhip_template_{:016x}", hasher.finish())
}

async fn migrate(url: &str) {
    let db = sea_orm::Database::connect(ConnectOptions::new(url).max_connections(1).to_owned()).await.unwrap();
    Migrator::up(&db, None).await.expect("the migrations run on an empty database");
    // A database with a connection cannot be copied.
    db.close().await.unwrap();
}

/// The same server, another database.
fn url_of(server: &str, database: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, ""), |(base, query)| (base, query));
    let base = base.rsplit_once('/').expect("the URL names a database").0;
    format!("{base}/{database}?{query}")
}
