//! What the installation's operator decided; read once at start.

use std::time::Duration;

/// The settings that rules depend on. Loading them from the environment is the binaries' business.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where callers reach us, without a trailing slash.
    pub public_url: String,
    /// Whether anyone may sign up and make workspaces.
    pub sign_up_open: bool,
    /// What a user's first workspace starts with.
    pub sign_up_credits: i64,
    /// A new account's shortest pause between two messages.
    pub pace_min: Duration,
    /// A new account's longest pause between two messages.
    pub pace_max: Duration,
    /// No account's pause may be set shorter.
    pub pace_floor: Duration,
    /// How long an account may be unable to send before its queue expires; none = never.
    pub queue_ttl: Option<Duration>,
    /// How long a message whose outcome is unknown waits for a late answer, where it must not be sent again.
    pub unconfirmed_grace: Duration,
    /// How long texts, file names and request bodies are kept; none = for ever.
    pub keep_text: Option<Duration>,
    /// The most calls of one webhook; none = no limit.
    pub webhook_rate: Option<Rate>,
    /// Whether this is the demo.
    pub demo: bool,
}

/// So many in so long: a token bucket that holds `calls` and fills once `per` has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// How many at once, after a long pause.
    pub calls: u32,
    /// How long an empty bucket takes to fill.
    pub per: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://127.0.0.1:8080".to_owned(),
            sign_up_open: true,
            sign_up_credits: 100,
            pace_min: Duration::from_millis(1_500),
            pace_max: Duration::from_millis(2_500),
            pace_floor: Duration::from_millis(500),
            queue_ttl: Some(Duration::from_hours(24)),
            unconfirmed_grace: Duration::from_mins(10),
            keep_text: Some(Duration::from_hours(90 * 24)),
            webhook_rate: None,
            demo: false,
        }
    }
}
