//! Switching the URL off and on, without removing it.

use nhip_entity::webhook;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

use crate::{
    audit::{self, Change},
    cx::Cx,
    database::Urgency,
    error::Result,
    lock,
    refusal::Refusal,
    signal::Event,
    tenant::Admin,
};

/// Enables or disables the webhook; at once, as what an accept transaction goes by is as new as its lock of the workspace.
pub async fn set_enabled(cx: &Cx, admin: &Admin, enabled: bool) -> Result<webhook::Model> {
    let workspace_id = admin.workspace_id();
    let txn = cx.db.write(Urgency::Normal).await?;
    lock::workspaces(&txn, [workspace_id]).await?;
    let updated = webhook::Entity::update_many()
        .col_expr(webhook::Column::Enabled, Expr::value(enabled))
        .filter(webhook::Column::WorkspaceId.eq(workspace_id))
        .exec_with_returning(&*txn)
        .await?;
    let webhook = updated.into_iter().next().ok_or(Refusal::NotFound)?;
    let change = admin.tenant().change("webhook.set_enabled", workspace_id.to_string());
    audit::record(cx, &*txn, Change { detail: Some(json!({"enabled": enabled})), ..change }).await?;
    txn.commit().await?;
    cx.signals.changed(Event::Webhook { workspace_id });
    Ok(webhook)
}
