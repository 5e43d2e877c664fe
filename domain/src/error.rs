//! Errors split by who can act: the caller ([`Refusal`]) or only we ([`Broken`]).

use sea_orm::DbErr;

use crate::{database, refusal::Refusal};

/// Why an operation did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller can act; shown to them.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Only we can act; logged once at the boundary, with its chain, and never shown.
    #[error(transparent)]
    Broken(#[from] Broken),
}

/// Something of ours failed.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The database refused, or went away.
    #[error("database")]
    Database(#[from] DbErr),
    /// The database did not answer COMMIT: what was written may be durable.
    #[error("nobody knows what became of a transaction")]
    OutcomeUnknown(#[source] DbErr),
    /// What was to happen did not within its time.
    #[error("timed out: {0}")]
    TimedOut(&'static str),
    /// A stored value that we wrote ourselves cannot be read.
    #[error("stored value is unreadable: {0}")]
    Unreadable(&'static str),
    /// A sealed value was made by a key that this process was not given.
    #[error("sealed by the key {id}, which is not in NHIP_SECRET_KEY (it has {known}): put it back")]
    SealedByAnotherKey {
        /// The key's public name.
        id: String,
        /// The names of those that it was given.
        known: String,
    },
    /// A part of the process that should be running is not.
    #[error("{0} is not running")]
    Stopped(&'static str),
    /// A defect of ours, caught at the edge of a batch.
    #[error("{0} panicked")]
    Panicked(&'static str),
    /// A whole batch failed for one reason.
    #[error("a shared transaction failed")]
    Shared(#[source] std::sync::Arc<Broken>),
    /// An operating-system call failed.
    #[error("{what}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
}

impl Broken {
    /// Whether somebody else kept what was to be locked: whoever tries again at once waits again.
    #[must_use]
    pub fn met_a_lock(&self) -> bool {
        matches!(self, Self::Database(err) if database::met_a_lock(err))
    }
}

impl From<DbErr> for Error {
    fn from(err: DbErr) -> Self {
        Self::Broken(err.into())
    }
}

/// The result of an operation of the domain.
pub type Result<T, E = Error> = std::result::Result<T, E>;
