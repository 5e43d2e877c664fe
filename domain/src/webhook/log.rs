//! The webhook's log.

use std::cmp::Reverse;

use nhip_entity::activation::{self, Activation, CALLS_PER_PAGE, Column};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{audit, cx::Cx, database::Urgency, error::Result, tenant::Tenant};

/// How many calls a webhook's log keeps.
pub const KEPT: usize = 100;

/// The last calls of a workspace's webhook, newest first: [`KEPT`] at most.
pub async fn activations(db: &impl ConnectionTrait, workspace_id: Uuid) -> Result<Vec<Activation>, DbErr> {
    activations_after(db, workspace_id, 0).await
}

/// Those of them that came after number `last`.
pub async fn activations_after(
    db: &impl ConnectionTrait,
    workspace_id: Uuid,
    last: i64,
) -> Result<Vec<Activation>, DbErr> {
    let pages = activation::Entity::find().filter(Column::WorkspaceId.eq(workspace_id));
    let pages = pages.filter(Column::Page.gte((last + 1) / CALLS_PER_PAGE)).all(db).await?;
    let mut calls = Vec::new();
    for page in pages {
        calls.extend(page.activations()?);
    }
    calls.retain(|Activation(_, told)| told.sequence > last);
    calls.sort_unstable_by_key(|Activation(_, told)| Reverse(told.sequence));
    calls.truncate(KEPT);
    Ok(calls)
}

/// The last call of a workspace's webhook.
pub async fn newest_activation(db: &impl ConnectionTrait, workspace_id: Uuid) -> Result<Option<Activation>, DbErr> {
    let pages = activation::Entity::find().filter(Column::WorkspaceId.eq(workspace_id));
    let page = pages.order_by_desc(Column::Page).one(db).await?;
    let calls = page.map(|page| page.activations()).transpose()?;
    Ok(calls.and_then(|calls| calls.into_iter().next_back()))
}

/// The webhook's calls, newest first; that somebody took them away is written down before they are told.
pub async fn log(cx: &Cx, tenant: &Tenant) -> Result<Vec<Activation>> {
    tenant.reader()?;
    let calls = activations(cx.db.read(), tenant.workspace_id()).await?;
    let txn = cx.db.write(Urgency::Normal).await?;
    audit::record(cx, &*txn, tenant.change("webhook.download_log", tenant.workspace_id().to_string())).await?;
    txn.commit().await?;
    Ok(calls)
}
