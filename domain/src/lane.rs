//! Lanes: an account's queue, and the one runner that drains it. A lane is claimed in the database; safety rests on the
//! epoch that every decision carries, clocks only save time.

mod claim;
mod heartbeat;
mod sweep;

pub use self::claim::{Claimed, claim, release};
pub use self::heartbeat::{HEARTBEAT_EVERY, LIVES, MARGIN, bury_others, forget_workers, heartbeat, register, retire};
pub use self::sweep::{Outlook, forsaken, outlook, owned};

/// The states in which a lane runs: a restricted account still writes to chats it knows.
pub(crate) const RUNNING_STATES: &str = "('CONNECTED', 'RESTRICTED')";

/// Whether nobody alive drains account `a`; `clock_ms` is the database's clock, which wrote the heartbeats too. One that comes
/// from long after now is of before that clock was set back, and no sign of life: who lives says so again within a second.
pub(crate) fn without_living_owner(clock_ms: &str) -> String {
    let lives = LIVES.as_millis();
    format!(
        "(a.lane_owner IS NULL OR NOT EXISTS (SELECT 1 FROM workers w \
          WHERE w.id = a.lane_owner AND w.heartbeat_ms > {clock_ms} - {lives} AND w.heartbeat_ms < {clock_ms} + {lives}))"
    )
}

/// Whether something of account `a` is being sent.
pub(crate) const BEING_SENT: &str =
    "EXISTS (SELECT 1 FROM messages s WHERE s.account_id = a.id AND s.status = 'SENDING')";

/// Whether there is something to do for account `a`. (A message of the Cloud API that is being sent is parked: only time or
/// a callback settles it.)
pub(crate) fn with_work() -> String {
    format!(
        "(EXISTS (SELECT 1 FROM messages q WHERE q.account_id = a.id AND q.status = 'QUEUED') \
          OR (a.gateway <> 'CLOUD_API' AND {BEING_SENT}))"
    )
}
