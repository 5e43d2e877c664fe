//! What settings come to together.

use nhip_domain::secret::SecretKey;

use super::{Config, ConfigError, DatabaseChoice, SETTINGS, list, parse};

/// What cannot be meant.
pub(super) fn refuse_contradictions(config: &Config) -> Result<(), ConfigError> {
    let ms = |time: std::time::Duration| time.as_millis();
    if config.pace_min < config.pace_floor {
        let problem = format!("({}) is under NHIP_PACE_FLOOR_MS ({})", ms(config.pace_min), ms(config.pace_floor));
        return Err(parse::refuse("pace_min_ms", &problem));
    }
    if config.pace_max < config.pace_min {
        let problem = format!("({}) is under NHIP_PACE_MIN_MS ({})", ms(config.pace_max), ms(config.pace_min));
        return Err(parse::refuse("pace_max_ms", &problem));
    }
    match (&config.secret_key, &config.database) {
        (Some(key), _) => {
            SecretKey::new(key).map_err(|err| parse::refuse("secret_key", &format!("is not taken: {err}")))?;
        }
        (None, DatabaseChoice::Postgres(_)) => {
            let problem = "is required with a database server; `openssl rand -base64 32` makes one";
            return Err(parse::refuse("secret_key", problem));
        }
        (None, DatabaseChoice::Sqlite(_)) => {}
    }
    Ok(())
}

/// What is legal but dangerous, or surely not what was meant.
pub(super) fn dangers(config: &Config, values: &parse::Values<'_>) -> Vec<String> {
    let mut warnings: Vec<String> = values
        .names()
        .filter(|name| SETTINGS.iter().all(|setting| setting.name != *name))
        .map(|name| format!("{}{} is no setting of Nhip's; see nhip --help", list::PREFIX, name.to_ascii_uppercase()))
        .collect();
    let mut warn = |when: bool, warning: &str| {
        if when {
            warnings.push(warning.to_owned());
        }
    };
    let is_public = !config.listen.ip().is_loopback();
    let is_http = config.public_url.as_deref().is_none_or(|url| url.starts_with("http://"));
    warn(
        is_public && is_http,
        "Nhip listens publicly, but NHIP_PUBLIC_URL is http: webhook secrets and passwords travel readable by others",
    );
    warn(
        config.trusted_proxies.iter().any(|network| network.prefix_len() == 0),
        "NHIP_TRUSTED_PROXIES trusts everyone: any caller can claim any address",
    );
    warn(
        is_public && config.introspection == Some(true),
        "NHIP_INTROSPECTION is on while Nhip listens publicly: strangers can read the whole schema",
    );
    warn(
        config.pace_floor.as_millis() < 500,
        "NHIP_PACE_FLOOR_MS is under 500: WhatsApp may take accounts that send so fast for spammers",
    );
    warn(!config.file_allow_hosts.is_empty(), "NHIP_FILE_ALLOW_HOSTS lets tenants fetch files from private addresses");
    warn(
        config.redis_url.is_some() && matches!(config.database, DatabaseChoice::Sqlite(_)),
        "NHIP_REDIS_URL is not used with SQLite: everything runs in one process",
    );
    warn(
        config.smtp_url.as_deref().is_some_and(|url| url.starts_with("smtp://") && !url.contains("tls=")),
        "NHIP_SMTP_URL is smtp without tls=required: links that let people in travel readable by others",
    );
    warnings
}
