//! The job that wakes a lane.

use std::sync::Arc;

use apalis::prelude::Data;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::lane::Lanes;

/// Somebody should look at this account: at its queue, and at its callbacks. Carries the id alone: the rows are the truth,
/// the job a nudge, and many duplicates are harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrainLane {
    /// The account.
    pub account_id: Uuid,
}

/// Adopts the lane, rings for callbacks, and returns at once: jobs stay short, and nothing hangs on the queue's own idea of
/// who died.
pub(super) async fn drain_lane(job: DrainLane, lanes: Data<Arc<Lanes>>, callbacks: Data<Arc<Notify>>) {
    callbacks.notify_one();
    let adopted = lanes.adopt(job.account_id);
    tracing::trace!(account.id = %job.account_id, ?adopted, "nudged");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_releases_job_still_parses() {
        let json = r#"{"account_id":"0190c2e4-0000-7000-8000-000000000001"}"#;
        let job: DrainLane = serde_json::from_str(json).unwrap();
        assert_eq!(job.account_id, Uuid::from_u128(0x0190_c2e4_0000_7000_8000_0000_0000_0001));
    }
}
