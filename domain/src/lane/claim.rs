//! Taking a lane, and giving it back.

use nhip_entity::account::Gateway;
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::{BEING_SENT, RUNNING_STATES, with_work, without_living_owner};
use crate::{
    cx::Cx,
    database::Urgency,
    message::Pace,
    sql::{Params, Values},
};

/// A lane that is now the claiming worker's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The account.
    pub account_id: Uuid,
    /// Its workspace.
    pub workspace_id: Uuid,
    /// What every decision about its messages must carry.
    pub epoch: i64,
    /// Whether the owner before had not released it: then its last hand-over is unknown, and one longest pause must pass.
    pub taken_over: bool,
    /// How it reaches WhatsApp.
    pub gateway: Gateway,
    /// Its phone, digits alone.
    pub phone: String,
    /// How close together its messages may leave.
    pub pace: Pace,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    workspace_id: Uuid,
    lane_epoch: i64,
    lane_taken_over: bool,
    gateway: Gateway,
    phone: Option<String>,
    pace_min_ms: i32,
    pace_max_ms: i32,
}

/// Claims, for `worker_id`, those of the accounts that can send, have work, and have no other living owner. Only one worker
/// can win: it is one conditional update.
///
/// What a lane that it did not release was sending is work too, whatever the gateway: a beat whose answer was lost may have
/// journaled a message that never left, which its runner alone knows of.
pub async fn claim(cx: &Cx, worker_id: Uuid, account_ids: &[Uuid]) -> Result<Vec<Claimed>, DbErr> {
    if account_ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut params = Params::new(cx.db.backend());
    let (worker, among) = (params.value(worker_id), params.among(account_ids.iter().copied()));
    let (free, with_work) = (without_living_owner(cx.db.clock_ms()), with_work());
    let sql = format!(
        "UPDATE accounts AS a SET lane_taken_over = (a.lane_owner IS NOT NULL), lane_owner = {worker}, lane_epoch = a.lane_epoch + 1 \
         WHERE a.id {among} AND a.state IN {RUNNING_STATES} AND (a.lane_owner = {worker} OR {free}) \
           AND ({with_work} OR (a.lane_owner = {worker} AND {BEING_SENT})) \
         RETURNING id, workspace_id, lane_epoch, lane_taken_over, gateway, phone, pace_min_ms, pace_max_ms"
    );
    let txn = cx.db.write(Urgency::Beat).await?;
    let rows = Row::find_by_statement(params.statement(sql)).all(&*txn).await?;
    txn.commit().await?;
    let claimed = rows.into_iter().map(Claimed::from);
    Ok(claimed.map(|lane| Claimed { pace: lane.pace.at_least(cx.settings.pace_floor), ..lane }).collect())
}

impl From<Row> for Claimed {
    fn from(row: Row) -> Self {
        Self {
            account_id: row.id,
            workspace_id: row.workspace_id,
            epoch: row.lane_epoch,
            taken_over: row.lane_taken_over,
            gateway: row.gateway,
            phone: row.phone.unwrap_or_default(),
            pace: Pace::of_millis(row.pace_min_ms, row.pace_max_ms),
        }
    }
}

/// Gives lanes back. Only once their beat has passed: a released lane may send at once. A lane that was taken over in the
/// meantime is left alone.
pub async fn release(cx: &Cx, worker_id: Uuid, lanes: &[(Uuid, i64)]) -> Result<(), DbErr> {
    if lanes.is_empty() {
        return Ok(());
    }
    let mut rows = Values::default();
    lanes.iter().for_each(|(id, epoch)| rows.row([(*id).into(), (*epoch).into()]));
    let mut params = Params::new(cx.db.backend());
    let (worker, table) = (params.value(worker_id), params.table(rows));
    let sql = format!(
        "UPDATE accounts SET lane_owner = NULL, next_send_at = NULL FROM {table} \
         WHERE accounts.id = v.column1 AND accounts.lane_epoch = v.column2 AND accounts.lane_owner IS NOT DISTINCT FROM {worker}"
    );
    let txn = cx.db.write(Urgency::Normal).await?;
    txn.execute_raw(params.statement(sql)).await?;
    txn.commit().await
}
