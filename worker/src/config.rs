//! The operator's settings: environment first, then `nhip.toml` in the working directory, then defaults.

mod checks;
mod data_dir;
mod list;
mod parse;

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

use figment::{
    Figment,
    providers::{Env, Format as _, Toml},
    value::Value,
};
use ipnet::IpNet;
use nhip_domain::settings::{Rate, Settings};

pub use self::{
    data_dir::{DataDirLock, lock_data_dir},
    list::{SETTINGS, Setting, help},
};

/// What the demo's workspace starts with, unless one says: there is more to try than to buy.
const DEMO_CREDITS: i64 = 1_000;

/// A setting that cannot be taken, in one sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// All settings, checked.
#[derive(Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Whether somebody chose `listen`; else another port will do if it is taken.
    pub listen_given: bool,
    /// Where callers reach us; none: wherever we listen.
    pub public_url: Option<String>,
    /// Where the embedded database, the secret key and the lock file are.
    pub data_dir: PathBuf,
    /// Which database.
    pub database: DatabaseChoice,
    /// How many connections to a database server.
    pub database_connections: u32,
    /// Redis, for several processes.
    pub redis_url: Option<String>,
    /// The secret key as configured; see [`Config::secret_key`].
    secret_key: Option<String>,
    /// Whether anyone may sign up and make workspaces.
    pub sign_up_open: bool,
    /// What a user's first workspace starts with.
    pub sign_up_credits: i64,
    /// What the demo's own workspace starts with.
    pub demo_credits: i64,
    /// A new account's shortest pause between two messages.
    pub pace_min: Duration,
    /// A new account's longest pause between two messages.
    pub pace_max: Duration,
    /// No account's pause may be set shorter.
    pub pace_floor: Duration,
    /// How long an account may be unable to send before its queue expires; none = never.
    pub queue_ttl: Option<Duration>,
    /// How long an unknown outcome waits for a late answer.
    pub unconfirmed_grace: Duration,
    /// The most calls of one webhook; none = no limit.
    pub webhook_rate: Option<Rate>,
    /// Hosts and networks that files may come from although they are private.
    pub file_allow_hosts: Vec<String>,
    /// Meta's Graph API.
    pub graph_api_url: String,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// The mail server.
    pub smtp_url: Option<String>,
    /// Whom mail is from; none: nhip@ the public URL's host.
    pub smtp_from: Option<String>,
    /// Whether GraphQL describes itself; none: in the demo only.
    pub introspection: Option<bool>,
    /// How long texts, file names and request bodies are kept; none = for ever.
    pub keep_text: Option<Duration>,
    /// Where the built-in WhatsApp writes down what it receives.
    pub simulator_log: Option<PathBuf>,
    /// Where traces go.
    pub otlp_endpoint: Option<String>,
    /// Where metrics are served; none: nowhere.
    pub metrics_listen: Option<SocketAddr>,
    /// What is logged.
    pub log: String,
    /// Whether logs are JSON.
    pub log_json: bool,
    /// What is legal but dangerous, a sentence each.
    pub warnings: Vec<String>,
}

/// Which database holds the truth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseChoice {
    /// A file of this process's own.
    Sqlite(PathBuf),
    /// A server; the URL carries its password.
    Postgres(String),
}

impl Config {
    /// Reads the environment and `nhip.toml`.
    pub fn load() -> Result<Self, ConfigError> {
        let mut values = from_file()?;
        values.extend(Env::prefixed(list::PREFIX).iter().map(|(name, value)| (key(name.as_str()), value)));
        Self::from_values(&values)
    }

    /// Takes settings by their names, lower case and without the prefix.
    pub fn from_values(values: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let values = parse::Values::new(values);
        let data_dir = PathBuf::from(values.text("data_dir"));
        let sign_up_credits = values.number("signup_credits", 0..=i64::from(i32::MAX))?;
        let mut config = Self {
            listen: values.address("listen")?,
            listen_given: values.is_given("listen"),
            public_url: values.public_url("public_url")?,
            database: values.database("database_url", &data_dir)?,
            database_connections: values.small_number("database_connections", 4..=1_000)?,
            data_dir,
            redis_url: values.optional("redis_url"),
            secret_key: values.optional("secret_key"),
            sign_up_open: values.one_of("signup", "open", "closed")?,
            sign_up_credits,
            demo_credits: if values.is_given("signup_credits") { sign_up_credits } else { DEMO_CREDITS },
            pace_min: values.millis("pace_min_ms")?,
            pace_max: values.millis("pace_max_ms")?,
            pace_floor: values.millis("pace_floor_ms")?,
            queue_ttl: values.duration("queue_ttl")?,
            unconfirmed_grace: values.duration("unconfirmed_grace")?.unwrap_or_default(),
            webhook_rate: values.rate("webhook_rate")?,
            file_allow_hosts: values.hosts("file_allow_hosts")?,
            graph_api_url: values.api_url("graph_api_url")?,
            trusted_proxies: values.networks("trusted_proxies")?,
            smtp_url: values.mail_server("smtp_url")?,
            smtp_from: values.mailbox("smtp_from")?,
            introspection: values.switch("introspection")?,
            keep_text: values.duration("keep_text")?,
            simulator_log: values.optional("simulator_log").map(PathBuf::from),
            otlp_endpoint: values.collector("otlp_endpoint")?,
            metrics_listen: values.optional_address("metrics_listen")?,
            log: values.text("log").to_owned(),
            log_json: values.one_of("log_format", "json", "compact")?,
            warnings: Vec::new(),
        };
        checks::refuse_contradictions(&config)?;
        config.warnings = checks::dangers(&config, &values);
        Ok(config)
    }

    /// What to say where messages are accepted in one process and sent by another that it cannot nudge.
    #[must_use]
    pub fn warning_of_slow_wake_ups(&self) -> Option<&'static str> {
        let slow = self.redis_url.is_none();
        slow.then_some("without NHIP_REDIS_URL, a worker sees what other processes queue only when its sweep comes by")
    }

    /// The settings that rules depend on, once it is known where we listen.
    #[must_use]
    pub fn settings(&self, listening: SocketAddr, demo: bool) -> Settings {
        Settings {
            public_url: self.public_url.clone().unwrap_or_else(|| format!("http://{listening}")),
            sign_up_open: self.sign_up_open,
            sign_up_credits: self.sign_up_credits,
            pace_min: self.pace_min,
            pace_max: self.pace_max,
            pace_floor: self.pace_floor,
            queue_ttl: self.queue_ttl,
            unconfirmed_grace: self.unconfirmed_grace,
            keep_text: self.keep_text,
            webhook_rate: self.webhook_rate,
            demo,
        }
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Several of its values are secrets.
        out.debug_struct("Config").field("listen", &self.listen).finish_non_exhaustive()
    }
}

/// The optional file's settings; a list may be written as one.
fn from_file() -> Result<BTreeMap<String, String>, ConfigError> {
    let file: BTreeMap<String, Value> = Figment::from(Toml::file("nhip.toml"))
        .extract()
        .map_err(|err| ConfigError(format!("nhip.toml cannot be read: {err}")))?;
    file.iter()
        .map(|(name, value)| match plain(value) {
            Some(text) => Ok((key(name), text)),
            None => Err(ConfigError(format!("nhip.toml: {name} must be a text, a number, a truth value or a list"))),
        })
        .collect()
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(_, text) => Some(text.clone()),
        Value::Bool(_, truth) => Some(truth.to_string()),
        Value::Num(_, number) => {
            number.to_i128().map(|n| n.to_string()).or_else(|| number.to_u128().map(|n| n.to_string()))
        }
        Value::Array(_, items) => items.iter().map(plain).collect::<Option<Vec<_>>>().map(|items| items.join(",")),
        _ => None,
    }
}

/// `NHIP_LISTEN` in the environment is `listen` in the file; the file's long form means the same.
fn key(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    name.strip_prefix("nhip_").map_or(name.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(values: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Config::from_values(&values)
    }

    #[test]
    fn without_any_setting_it_is_what_the_design_lists() {
        let config = config(&[]).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.database, DatabaseChoice::Sqlite("./data/nhip.db".into()));
        assert_eq!((config.sign_up_open, config.sign_up_credits), (true, 100));
        assert_eq!(config.queue_ttl, Some(Duration::from_hours(24)));
        assert_eq!(config.keep_text, Some(Duration::from_hours(90 * 24)));
        assert_eq!(config.webhook_rate, None);
        assert!(config.warnings.is_empty(), "{:?}", config.warnings);
    }

    #[test]
    fn invalid_values_are_refused_in_one_sentence_that_names_them() {
        for (name, value) in [
            ("listen", "everywhere"),
            ("public_url", "ftp://example.com"),
            ("public_url", "https://example.com/nhip"),
            ("signup", "maybe"),
            ("signup_credits", "-1"),
            ("pace_min_ms", "fast"),
            ("queue_ttl", "24"),
            ("webhook_rate", "600"),
            ("trusted_proxies", "10.0.0.0/33"),
            ("database_url", "mysql://localhost/nhip"),
            ("secret_key", "short"),
            ("introspection", "perhaps"),
            ("graph_api_url", "ftp://x"),
            ("graph_api_url", "garbage"),
            ("graph_api_url", "https://"),
            ("file_allow_hosts", "10.0.0.0/99"),
            ("file_allow_hosts", "files.internal, http://x"),
            ("smtp_url", "mail.example.com"),
            ("smtp_url", "http://mail.example.com"),
            ("smtp_url", "smtp://mail.example.com?tls=maybe"),
            ("smtp_from", "Nhip"),
            ("smtp_from", "Nhip <nhip@example.com"),
        ] {
            let err = config(&[(name, value)]).unwrap_err().to_string();
            assert!(err.starts_with(&format!("NHIP_{}", name.to_uppercase())), "{err}");
            assert!(!err.contains('\n'), "{err}");
        }
    }

    #[test]
    fn what_is_taken_is_taken_as_it_was_written() {
        let config = config(&[
            ("graph_api_url", "http://127.0.0.1:9/v23.0/"),
            ("file_allow_hosts", "files.internal,10.0.0.0/8, ::1, 192.168.1.7"),
            ("smtp_url", "smtps://user:pass@mail.example.com"),
            ("smtp_from", "Nhip <nhip@example.com>"),
        ]);
        let config = config.unwrap();
        assert_eq!(config.graph_api_url, "http://127.0.0.1:9/v23.0");
        assert_eq!(config.file_allow_hosts, ["files.internal", "10.0.0.0/8", "::1", "192.168.1.7"]);
        assert_eq!(config.smtp_url.as_deref(), Some("smtps://user:pass@mail.example.com"));
        assert_eq!(config.smtp_from.as_deref(), Some("Nhip <nhip@example.com>"));
    }

    #[test]
    fn paces_that_contradict_each_other_are_refused() {
        assert!(config(&[("pace_min_ms", "3000")]).is_err());
        assert!(config(&[("pace_min_ms", "100")]).is_err());
        assert!(config(&[("pace_min_ms", "20"), ("pace_max_ms", "20"), ("pace_floor_ms", "20")]).is_ok());
    }

    #[test]
    fn a_server_database_needs_a_key_of_its_own() {
        let postgres = ("database_url", "postgres://nhip@localhost/nhip");
        assert!(config(&[postgres]).is_err());
        let key = "q8vT3mZr1xWc5YpL0nKdJhGf7sAeUbOi2RtQwMzX";
        assert!(config(&[postgres, ("secret_key", key)]).is_ok());
    }

    #[test]
    fn dangers_are_warned_of() {
        let warned = |values: &[(&str, &str)]| config(values).unwrap().warnings.join("\n");
        assert!(warned(&[("listen", "0.0.0.0:80"), ("public_url", "http://example.com")]).contains("NHIP_PUBLIC_URL"));
        assert!(warned(&[("trusted_proxies", "0.0.0.0/0")]).contains("NHIP_TRUSTED_PROXIES"));
        assert!(warned(&[("lissen", "x")]).contains("NHIP_LISSEN"));
    }
}
