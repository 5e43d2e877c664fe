//! Logs go to stderr: compact for people, JSON for machines. Never a URI, a token, a body or a password.

use std::io::{IsTerminal as _, stderr};

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{Config, ConfigError};

/// What is too talkative to be read beside our own lines, unless somebody asks for it by name.
const QUIETER: [(&str, &str); 4] = [
    ("poem", "poem=warn"),
    ("sea_orm_migration", "sea_orm_migration=warn"),
    ("sqlx", "sqlx::postgres::notice=warn"),
    ("apalis", "apalis_core=warn"),
];

/// Starts logging. Only the first call of a process counts.
pub fn start(config: &Config) -> Result<(), ConfigError> {
    let mut filter =
        EnvFilter::try_new(&config.log).map_err(|err| ConfigError(format!("NHIP_LOG cannot be understood: {err}")))?;
    for (name, directive) in QUIETER {
        if !config.log.contains(name)
            && let Ok(directive) = directive.parse()
        {
            filter = filter.add_directive(directive);
        }
    }
    let lines = fmt().with_env_filter(filter).with_writer(stderr).with_ansi(stderr().is_terminal());
    // An error says only that logging was started already, by a test.
    let _started = if config.log_json { lines.json().try_init() } else { lines.compact().try_init() };
    Ok(())
}
