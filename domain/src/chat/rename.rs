//! Giving a chat a name of one's own.

use nhip_entity::chat;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

use crate::{
    audit::{self, Change},
    cx::Cx,
    database::Urgency,
    error::Result,
    lock,
    refusal::Refusal,
    tenant::Tenant,
    text,
};

/// Renames a chat. WhatsApp's own name for it no longer replaces this one. Webhooks find it by the new name from the next
/// call on.
pub async fn rename(cx: &Cx, tenant: &Tenant, chat_id: i64, name: &str) -> Result<chat::Model> {
    tenant.sender()?;
    let name = text::name("name", name)?;
    let txn = cx.db.write(Urgency::Normal).await?;
    lock::workspaces(&txn, [tenant.workspace_id()]).await?;
    let before = tenant.chats().filter(chat::Column::Id.eq(chat_id)).one(&*txn).await?.ok_or(Refusal::NotFound)?;
    chat::Entity::update_many()
        .col_expr(chat::Column::Name, Expr::value(name.clone()))
        .col_expr(chat::Column::Renamed, Expr::value(true))
        .filter(chat::Column::Id.eq(chat_id))
        .exec(&*txn)
        .await?;
    let change = tenant.change("chat.rename", chat_id.to_string());
    let detail = json!({"before": before.name, "after": name});
    audit::record(cx, &*txn, Change { detail: Some(detail), ..change }).await?;
    txn.commit().await?;
    Ok(chat::Model { name, renamed: true, ..before })
}
