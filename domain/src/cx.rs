//! What every operation needs.

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};

use crate::{clock::Clock, database::Database, secret::SecretKey, settings::Settings, signal::Signals};

/// The context of an operation; cheap to clone.
#[derive(Clone)]
pub struct Cx {
    /// The truth.
    pub db: Database,
    /// The time.
    pub clock: Clock,
    /// What the operator decided.
    pub settings: Arc<Settings>,
    /// The installation's secret.
    pub secret: SecretKey,
    /// Where hints go after a commit.
    pub signals: Arc<dyn Signals>,
}

impl Cx {
    /// Wall time, for rows.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

impl fmt::Debug for Cx {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Cx").finish_non_exhaustive()
    }
}
