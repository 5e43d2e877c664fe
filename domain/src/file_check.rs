//! Looking at file links before messages depend on them: each look is a download, so a workspace has a few a minute.

use chrono::{DateTime, TimeDelta, Utc};
use nhip_entity::file_check;
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, EntityTrait, IntoActiveModel as _, QueryFilter,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};

use crate::{cx::Cx, database::Urgency, error::Result, refusal::Refusal, tenant::Tenant};

/// Looks of one workspace within [`WINDOW`], whichever process makes them.
const CHECKS: i32 = 10;
/// Over which they are counted.
const WINDOW: TimeDelta = TimeDelta::minutes(1);

/// Counts one look of somebody who may send, or refuses it as [`Refusal::RateLimited`].
pub async fn count(cx: &Cx, tenant: &Tenant) -> Result<()> {
    tenant.sender()?;
    let (now, id) = (cx.now(), tenant.workspace_id());
    let txn = cx.db.write(Urgency::Normal).await?;
    let first = file_check::Model { workspace_id: id, since: now, checks: 0 };
    file_check::Entity::insert(first.into_active_model().reset_all())
        .on_conflict(OnConflict::column(file_check::Column::WorkspaceId).do_nothing().to_owned())
        .exec_without_returning(&*txn)
        .await?;
    let over = || file_check::Column::Since.lte(now - WINDOW).or(file_check::Column::Since.gt(now));
    let (checks, since) = (Expr::col(file_check::Column::Checks), Expr::col(file_check::Column::Since));
    let counted = file_check::Entity::update_many()
        .col_expr(file_check::Column::Checks, Expr::case(over(), 1).finally(checks.add(1)).into())
        .col_expr(file_check::Column::Since, Expr::case(over(), now).finally(since).into())
        .filter(file_check::Column::WorkspaceId.eq(id))
        .filter(over().or(file_check::Column::Checks.lt(CHECKS)))
        .exec(&*txn)
        .await?;
    if counted.rows_affected == 0 {
        let row = file_check::Entity::find_by_id(id).one(&*txn).await?;
        return Err(Refusal::RateLimited { retry_after_s: row.map_or(1, |row| seconds_left(row.since, now)) }.into());
    }
    txn.commit().await?;
    Ok(())
}

fn seconds_left(since: DateTime<Utc>, now: DateTime<Utc>) -> u64 {
    let left = (since + WINDOW - now).num_milliseconds();
    u64::try_from(left).unwrap_or(0).div_ceil(1_000)
}
