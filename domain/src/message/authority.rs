//! Who may decide about an account's messages: a lane's claim, checked by locking the account's row.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use nhip_entity::account::Gateway;
use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use uuid::Uuid;

use super::{begin::Beat, cap::Capped, pace::Pace};
use crate::{
    cx::Cx,
    database::Transaction,
    lane::RUNNING_STATES,
    lock,
    sql::{Params, Values},
};

/// A lane's authority over its account's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Authority {
    /// The account.
    pub account_id: Uuid,
    /// The worker that claimed the lane.
    pub worker_id: Uuid,
    /// The claim's epoch.
    pub epoch: i64,
}

/// Lanes whose account rows are now locked.
pub(super) struct LockedLanes(HashMap<Uuid, Locked>);

struct Locked {
    worker_id: Uuid,
    epoch: i64,
    runs: bool,
    pace: Pace,
    workspace_id: Uuid,
    gateway: Gateway,
    daily_cap: Option<i32>,
    waits_until: Option<DateTime<Utc>>,
}

impl LockedLanes {
    /// Whether the lane is still under this authority.
    pub(super) fn are_under(&self, authority: &Authority) -> bool {
        self.0
            .get(&authority.account_id)
            .is_some_and(|lane| lane.worker_id == authority.worker_id && lane.epoch == authority.epoch)
    }

    /// The account's pace, as it is set now.
    pub(super) fn pace(&self, authority: &Authority) -> Option<Pace> {
        self.0.get(&authority.account_id).map(|lane| lane.pace)
    }

    /// Whether the account waits, as far as is written down: for its daily cap, or because WhatsApp made it wait.
    pub(super) fn waits(&self, account_id: Uuid, now: DateTime<Utc>) -> bool {
        self.0.get(&account_id).is_some_and(|lane| lane.waits_until.is_some_and(|until| until > now))
    }

    /// The account's workspace.
    pub(super) fn workspace_of(&self, account_id: Uuid) -> Option<Uuid> {
        self.0.get(&account_id).map(|lane| lane.workspace_id)
    }

    /// The account's daily cap, if it has one.
    pub(super) fn cap(&self, account_id: Uuid) -> Option<Capped> {
        let lane = self.0.get(&account_id)?;
        Some(Capped { workspace_id: lane.workspace_id, account_id, cap: lane.daily_cap? })
    }

    /// Whether the account is bound by Meta's pair limit.
    pub(super) fn is_at_meta(&self, account_id: Uuid) -> bool {
        self.0.get(&account_id).is_some_and(|lane| lane.gateway == Gateway::CloudApi)
    }

    /// Whether this may be written: to put a message back needs no account that sends.
    pub(super) fn allow(&self, authority: &Authority, beat: &Beat) -> bool {
        let runs = self.0.get(&authority.account_id).is_some_and(|lane| lane.runs);
        self.are_under(authority) && (runs || matches!(beat, Beat::Requeue { .. }))
    }
}

/// Locks the account rows whose owner and epoch match, in one statement.
pub(super) async fn lock_lanes(
    cx: &Cx,
    txn: &Transaction,
    lanes: impl Iterator<Item = (Authority, Option<DateTime<Utc>>)>,
) -> Result<LockedLanes, DbErr> {
    let distinct: HashMap<Authority, Option<DateTime<Utc>>> = lanes.collect();
    if distinct.is_empty() {
        return Ok(LockedLanes(HashMap::new()));
    }
    let mut params = Params::new(txn.get_database_backend());
    let mut rows = Values::default();
    for (lane, next_send_at) in distinct {
        rows.row([lane.account_id.into(), lane.worker_id.into(), lane.epoch.into(), next_send_at.into()]);
    }
    let table = params.table(rows);
    let (locking, lanes) = match txn.get_database_backend() {
        DbBackend::Sqlite => (String::new(), table.as_str()),
        _ => (lock::accounts_in_order(&table), "v"),
    };
    // The owner is compared in a way that no index serves: thousands of lanes have the same, and a planner that does not know
    // yet would go through all of them.
    let sql = format!(
        "{locking}UPDATE accounts SET next_send_at = COALESCE(v.column4, accounts.next_send_at) FROM {lanes} \
         WHERE accounts.id = v.column1 AND accounts.lane_owner IS NOT DISTINCT FROM v.column2 AND accounts.lane_epoch = v.column3 \
         RETURNING accounts.id, accounts.lane_owner, accounts.lane_epoch, accounts.state IN {RUNNING_STATES} AS runs, \
         accounts.pace_min_ms, accounts.pace_max_ms, accounts.workspace_id, accounts.gateway, accounts.daily_cap, \
         accounts.capped_until, accounts.held_until"
    );
    let rows = txn.query_all_raw(params.statement(sql)).await?;
    let locked = rows
        .iter()
        .map(|row| {
            let lane = Locked {
                worker_id: row.try_get("", "lane_owner")?,
                epoch: row.try_get("", "lane_epoch")?,
                runs: row.try_get("", "runs")?,
                pace: Pace::of_millis(row.try_get("", "pace_min_ms")?, row.try_get("", "pace_max_ms")?)
                    .at_least(cx.settings.pace_floor),
                workspace_id: row.try_get("", "workspace_id")?,
                gateway: row.try_get("", "gateway")?,
                daily_cap: row.try_get("", "daily_cap")?,
                waits_until: row
                    .try_get::<Option<DateTime<Utc>>>("", "capped_until")?
                    .max(row.try_get("", "held_until")?),
            };
            Ok((row.try_get("", "id")?, lane))
        })
        .collect::<Result<_, DbErr>>()?;
    Ok(LockedLanes(locked))
}
