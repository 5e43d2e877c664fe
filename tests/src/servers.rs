//! What a scaled out app stands on.

use std::{collections::BTreeMap, path::Path};

use nhip_domain::{clock, secret::SecretKey};
use nhip_scratch::Scratch;

use crate::{Options, Postgres, Proxy, Redis};

/// A database and a Redis of the app's own.
#[derive(Debug)]
pub(crate) struct Servers {
    // In this order: what stands on another goes first.
    proxy: Option<Proxy>,
    database: Scratch,
    postgres: Option<Postgres>,
    pub(crate) redis: Redis,
}

impl Servers {
    pub(crate) async fn start(options: &Options, dir: &Path) -> Self {
        let postgres = if options.own_postgres { Some(Postgres::start().await) } else { None };
        let database = match &postgres {
            Some(server) => Scratch::migrated_on(&server.url()).await,
            None => Scratch::migrated().await,
        };
        let proxy = postgres.as_ref().zip(options.proxy).map(|(server, seed)| Proxy::start(&server.socket(), seed));
        Self { proxy, database, postgres, redis: Redis::start(dir).await }
    }

    /// The PostgreSQL that nobody else uses.
    pub(crate) fn postgres(&self) -> &Postgres {
        self.postgres.as_ref().expect("Options::own_postgres")
    }

    pub(crate) fn proxy(&self) -> &Proxy {
        self.proxy.as_ref().expect("Options::proxied")
    }

    /// What every process is told.
    pub(crate) fn settings(&self) -> BTreeMap<String, String> {
        let key = SecretKey::draw(&mut clock::rng());
        // The tests' server asks for no password; whether one would be logged can be seen all the same.
        let mut database = format!("{}&password={}", self.database.url(), self.database_password());
        if let Some(proxy) = &self.proxy {
            let direct = self.postgres().socket();
            let direct = direct.parent().expect("a socket is in a folder").display().to_string();
            database = database.replace(&direct, &proxy.dir().display().to_string());
        }
        [("NHIP_DATABASE_URL", database), ("NHIP_REDIS_URL", self.redis.url()), ("NHIP_SECRET_KEY", key)]
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    }

    /// The database, directly.
    pub(crate) fn database_url(&self) -> String {
        self.database.url()
    }

    pub(crate) fn database_password(&self) -> String {
        format!("password-of-{}", self.database.name())
    }
}
