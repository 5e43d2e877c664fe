//! Logs go to stderr: compact for people, JSON for machines. Never a URI, a token, a body or a password.

use std::io::{IsTerminal as _, stderr};

use nhip_domain::span::SPAN;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use crate::{
    config::{Config, ConfigError},
    traces::Traces,
};

/// What is too talkative to be read beside our own lines, unless somebody asks for it by name.
const QUIETER: [(&str, &str); 4] = [
    ("poem", "poem=warn"),
    ("sea_orm_migration", "sea_orm_migration=warn"),
    ("sqlx", "sqlx::postgres::notice=warn"),
    ("apalis", "apalis_core=warn"),
];

/// Starts logging, and tracing where somebody collects traces: they end with what this returns. Only the first call of a
/// process counts. `program` is which of ours it is.
pub fn start(config: &Config, program: &'static str) -> Result<Traces, ConfigError> {
    let filter = filter(&config.log)?;
    let lines = fmt::layer().with_writer(stderr).with_ansi(stderr().is_terminal());
    let lines = if config.log_json {
        lines.json().with_filter(filter).boxed()
    } else {
        lines.compact().with_filter(filter).boxed()
    };
    let (traces, spans) = Traces::start(config.otlp_endpoint.as_deref(), program)?;
    let layers: Vec<Box<dyn Layer<Registry> + Send + Sync>> = [lines].into_iter().chain(spans).collect();
    // An error says only that logging was started already, by a test.
    let _started = Registry::default().with(layers).try_init();
    Ok(traces)
}

fn filter(wanted: &str) -> Result<EnvFilter, ConfigError> {
    let not_understood = |err| ConfigError(format!("NHIP_LOG cannot be understood: {err}"));
    let mut filter = EnvFilter::try_new(wanted).map_err(not_understood)?;
    let quieter =
        QUIETER.iter().filter(|(name, _)| !wanted.contains(name)).map(|(_, directive)| (*directive).to_owned());
    // Spans are for whoever collects traces.
    for directive in quieter.chain([format!("{SPAN}=off")]) {
        filter = filter.add_directive(directive.parse().map_err(not_understood)?);
    }
    Ok(filter)
}
