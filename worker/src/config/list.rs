//! All settings, each with its default: what `--help` prints, and how a misspelled one is found.

use std::fmt::Write as _;

/// In front of every setting in the environment.
pub(super) const PREFIX: &str = "NHIP_";

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name in `nhip.toml`; upper case behind `NHIP_` in the environment.
    pub name: &'static str,
    /// What it is unless somebody sets it; empty = not set.
    pub default: &'static str,
    /// How `--help` shows the default, where that is not the default itself.
    pub shown: &'static str,
    /// What it means.
    pub help: &'static str,
}

const fn setting(name: &'static str, default: &'static str, shown: &'static str, help: &'static str) -> Setting {
    Setting { name, default, shown, help }
}

/// Every setting there is.
pub const SETTINGS: &[Setting] = &[
    setting("listen", "127.0.0.1:8080", "", "address and port to listen on"),
    setting("public_url", "", "http://{listen}", "where callers reach this server"),
    setting("data_dir", "./data", "", "folder of the embedded database and its secret key"),
    setting("database_url", "", "sqlite in the data folder", "sqlite:PATH, or postgres://… for a server"),
    setting("database_connections", "20", "", "connections of each process to a database server, at most"),
    setting("redis_url", "", "none: everything in one process", "Redis 7 or newer, for several processes"),
    setting(
        "secret_key",
        "",
        "made in the data folder",
        "signs and encrypts; several, newest first, while one is replaced",
    ),
    setting("signup", "open", "", "open or closed: who may sign up and make workspaces"),
    setting("signup_credits", "100", "100; 1000 for the demo's own", "credits of a user's first workspace"),
    setting("pace_min_ms", "1500", "", "a new account's shortest pause between two messages"),
    setting("pace_max_ms", "2500", "", "a new account's longest pause between two messages"),
    setting("pace_floor_ms", "500", "", "no account's pause may be set shorter"),
    setting("queue_ttl", "24h", "", "how long an account may be unable to send before its queue expires; 0 = never"),
    setting("unconfirmed_grace", "10m", "", "how long an unknown outcome waits for a late answer"),
    setting("webhook_rate", "", "none", "most calls of one webhook, such as 600/m or 10/s"),
    setting("file_allow_hosts", "", "none", "private hosts and networks that files may come from"),
    setting("graph_api_url", "https://graph.facebook.com/v23.0", "", "Meta's Graph API"),
    setting("trusted_proxies", "", "none", "networks whose X-Forwarded-For is believed, such as 10.0.0.0/8"),
    setting("smtp_url", "", "none", "mail server for invitations and password resets: smtps://user:password@host"),
    setting("smtp_from", "", "nhip@{host of public_url}", "whom mail is from"),
    setting("introspection", "", "on in the demo, else off", "on or off: whether GraphQL describes itself"),
    setting("keep_text", "90d", "", "how long texts, file names and request bodies are kept; 0 = for ever"),
    setting("simulator_log", "", "none", "file in which the built-in WhatsApp writes down what it receives"),
    setting("otlp_endpoint", "", "none", "where traces go, over OTLP (HTTP): http://localhost:4318"),
    setting("metrics_listen", "", "none", "address and port of /metrics"),
    setting("log", "info", "", "what is logged, such as debug or nhip_domain=debug,info"),
    setting("log_format", "compact", "", "compact or json"),
];

/// All settings with their defaults, as `--help` prints them.
#[must_use]
pub fn help() -> String {
    let mut help = "Settings, from the environment or nhip.toml (there in lower case, without NHIP_):\n".to_owned();
    for setting in SETTINGS {
        let default = if setting.shown.is_empty() { setting.default } else { setting.shown };
        let name = format!("{PREFIX}{}", setting.name.to_ascii_uppercase());
        // Writing to a String cannot fail.
        let _ = writeln!(help, "  {name:<27} {} [{default}]", setting.help);
    }
    help
}

/// The default of a setting in [`SETTINGS`].
pub(super) fn default_of(name: &str) -> &'static str {
    SETTINGS.iter().find(|setting| setting.name == name).map_or("", |setting| setting.default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_lists_every_setting() {
        let help = help();
        for setting in SETTINGS {
            assert!(help.contains(&format!("NHIP_{} ", setting.name.to_ascii_uppercase())), "{}", setting.name);
        }
    }

    #[test]
    fn the_readme_lists_every_setting() {
        let readme = include_str!("../../../README.md");
        for setting in SETTINGS {
            assert!(readme.contains(&format!("`NHIP_{}`", setting.name.to_ascii_uppercase())), "{}", setting.name);
        }
    }
}
