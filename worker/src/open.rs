//! Opening what a process works on: database, schema, Redis, secret.

use std::{net::SocketAddr, sync::Arc};

use nhip_domain::{
    Cx, Database,
    clock::Clock,
    signal::{Signals, Silence},
};
use sea_orm::DbErr;
use url::Url;

use crate::{
    config::{Config, ConfigError, DatabaseChoice},
    download::{Downloader, Exceptions},
    gateway::cloud_api::graph::Graph,
    redis_server::RedisServer,
    schema,
};

/// Why a program does not start, in one sentence.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error("the database cannot be used: {0}")]
    Database(#[from] DbErr),
    /// Something of ours.
    #[error(transparent)]
    Broken(#[from] nhip_domain::Broken),
    /// An operation was refused.
    #[error(transparent)]
    Refused(#[from] nhip_domain::Refusal),
    /// The operating system.
    #[error("the operating system refuses what every start needs: {0}")]
    System(#[from] std::io::Error),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl From<nhip_domain::Error> for StartError {
    fn from(err: nhip_domain::Error) -> Self {
        match err {
            nhip_domain::Error::Refused(refusal) => refusal.into(),
            nhip_domain::Error::Broken(broken) => broken.into(),
        }
    }
}

/// Connects to the database.
pub async fn database(config: &Config) -> Result<Database, StartError> {
    match &config.database {
        DatabaseChoice::Sqlite(path) => {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder).map_err(|err| {
                    StartError::Other(format!("the folder {} cannot be made: {err}", folder.display()))
                })?;
            }
            Ok(Database::sqlite(path).await?)
        }
        DatabaseChoice::Postgres(url) => {
            Database::postgres(url, config.database_connections).await.map_err(|err| unusable(url, &err))
        }
    }
}

/// Opens the database with its schema up to date: the embedded one's is brought there by itself, a server's only if
/// `told`.
pub async fn database_and_schema(config: &Config, told: bool) -> Result<Database, StartError> {
    if told {
        migrate(config).await?;
    }
    let db = database(config).await?;
    if db.is_embedded() {
        schema::bring_up_to_date(&db).await?;
    } else {
        schema::check(&db).await?;
    }
    Ok(db)
}

/// Brings the database's schema up to date. On a server, one process does it at a time, without the time limits that
/// requests have.
pub async fn migrate(config: &Config) -> Result<(), StartError> {
    let db = match &config.database {
        DatabaseChoice::Sqlite(_) => database(config).await?,
        DatabaseChoice::Postgres(url) => Database::patient_postgres(url).await.map_err(|err| unusable(url, &err))?,
    };
    schema::bring_up_to_date(&db).await
}

/// Finds Redis, if there is to be one. With SQLite, everything runs in one process, which needs none.
pub async fn redis(config: &Config) -> Result<Option<RedisServer>, StartError> {
    match (&config.redis_url, &config.database) {
        (Some(url), DatabaseChoice::Postgres(_)) => Ok(Some(RedisServer::connect(url).await?)),
        (Some(_), DatabaseChoice::Sqlite(_)) | (None, _) => Ok(None),
    }
}

/// What downloads files.
pub fn downloader(config: &Config) -> Result<Downloader, StartError> {
    let exceptions = Exceptions::of(&config.file_allow_hosts);
    Downloader::new(exceptions).map_err(|err| StartError::Other(format!("files cannot be downloaded: {err}")))
}

/// What speaks to Meta.
pub fn graph(config: &Config) -> Result<Graph, StartError> {
    Graph::new(&config.graph_api_url).map_err(|err| StartError::Other(format!("Meta cannot be spoken to: {err}")))
}

/// Everything that operations need.
pub fn context(
    config: &Config,
    db: Database,
    listening: SocketAddr,
    demo: bool,
    signals: Arc<dyn Signals>,
) -> Result<Cx, StartError> {
    let settings = Arc::new(config.settings(listening, demo));
    Ok(Cx { db, clock: Clock::system(), settings, secret: config.secret_key()?, signals })
}

/// The same for commands beside a running server, which hears nothing of what they do until it looks.
pub async fn for_command(config: &Config) -> Result<Cx, StartError> {
    let db = database_and_schema(config, false).await?;
    context(config, db, config.listen, false, Arc::new(Silence))
}

fn unusable(url: &str, err: &DbErr) -> StartError {
    StartError::Other(format!("PostgreSQL at {} (NHIP_DATABASE_URL) cannot be used: {err}", address(url)))
}

/// Where a database is, for people: without its password.
fn address(url: &str) -> String {
    let Ok(url) = Url::parse(url) else { return "an address that cannot be read".to_owned() };
    let socket = url.query_pairs().find(|(name, _)| name == "host").map(|(_, value)| value.into_owned());
    let host = url.host_str().filter(|host| !host.is_empty()).map(str::to_owned).or(socket);
    format!(
        "{}{}{}",
        host.unwrap_or_default(),
        url.port().map(|port| format!(":{port}")).unwrap_or_default(),
        url.path()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        assert_eq!(address("postgres://nhip:hunter2@db.internal:5433/nhip?sslmode=require"), "db.internal:5433/nhip");
        assert_eq!(address("postgres:///nhip?host=/run/postgresql&user=nhip"), "/run/postgresql/nhip");
    }
}
