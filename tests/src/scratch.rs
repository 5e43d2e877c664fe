//! A PostgreSQL database of a test's own.

use std::env;

use sqlx::{Connection as _, Executor as _, PgConnection, postgres::PgConnectOptions};

/// Makes an empty database on the server of `NHIP_TEST_POSTGRES_URL`; its URL, or none where there is no server.
pub async fn scratch_postgres() -> Option<String> {
    let server = env::var("NHIP_TEST_POSTGRES_URL").ok()?;
    let name = format!("test_{}", uuid::Uuid::new_v4().simple());
    let options: PgConnectOptions = server.parse().expect("NHIP_TEST_POSTGRES_URL is a URL of PostgreSQL");
    let mut connection = PgConnection::connect_with(&options).await.expect("the tests' PostgreSQL answers");
    connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    let (base, query) = server.split_once('?').map_or((server.as_str(), ""), |(base, query)| (base, query));
    let base = base.rsplit_once('/').expect("the URL names a database").0;
    Some(format!("{base}/{name}?{query}"))
}
