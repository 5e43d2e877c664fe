//! Opening what the program works on: database, schema, secret.

use std::{net::SocketAddr, sync::Arc};

use nhip_domain::{
    Cx, Database,
    clock::Clock,
    signal::{Signals, Silence},
};
use nhip_migration::Migrator;
use nhip_worker::config::{Config, ConfigError, DatabaseChoice};
use sea_orm::DbErr;
use sea_orm_migration::MigratorTrait as _;

/// Connections to a database server.
const CONNECTIONS: u32 = 20;

/// Why the program does not start, in one sentence.
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
        DatabaseChoice::Postgres(url) => Ok(Database::postgres(url, CONNECTIONS).await?),
    }
}

/// Brings the schema up to date: the embedded one by itself, a server's only if `told`.
pub async fn schema(db: &Database, told: bool) -> Result<(), StartError> {
    if db.is_embedded() || told {
        return Ok(Migrator::up(db.schema(), None).await?);
    }
    let missing = Migrator::get_pending_migrations(db.schema()).await?.len();
    if missing == 0 {
        return Ok(());
    }
    Err(StartError::Other(format!(
        "the database's schema is {missing} migrations behind; run `nhip migrate`, or start with --migrate"
    )))
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
    let db = database(config).await?;
    schema(&db, false).await?;
    context(config, db, config.listen, false, Arc::new(Silence))
}
