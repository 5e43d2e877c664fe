//! A new URL; the one before it stops at once.

use nhip_entity::webhook;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::reveal::Revealed;
use crate::{
    audit,
    clock::rng,
    cx::Cx,
    database::Urgency,
    error::Result,
    lock,
    refusal::Refusal,
    signal::Event,
    tenant::Admin,
    token::{Token, TokenKind},
};

/// Gives the webhook a new token. A call that starts after this returns is never accepted under the old one: what an
/// accept transaction goes by is as new as its lock of the workspace.
pub async fn generate(cx: &Cx, admin: &Admin) -> Result<Revealed> {
    let workspace_id = admin.workspace_id();
    let token = Token::draw(TokenKind::Webhook, &mut rng());
    let sealed = cx.secret.seal(workspace_id.as_bytes(), token.reveal().as_bytes(), &mut rng())?;
    let txn = cx.db.write(Urgency::Normal).await?;
    lock::workspaces(&txn, [workspace_id]).await?;
    let updated = webhook::Entity::update_many()
        .col_expr(webhook::Column::TokenHash, Expr::value(token.hash().to_vec()))
        .col_expr(webhook::Column::TokenSealed, Expr::value(sealed))
        .col_expr(webhook::Column::UrlHint, Expr::value(token.hint()))
        .col_expr(webhook::Column::UrlCreatedAt, Expr::value(cx.now()))
        .filter(webhook::Column::WorkspaceId.eq(workspace_id))
        .exec_with_returning(&*txn)
        .await?;
    let webhook = updated.into_iter().next().ok_or(Refusal::NotFound)?;
    audit::record(cx, &*txn, admin.tenant().change("webhook.generate_url", token.hint())).await?;
    txn.commit().await?;
    cx.signals.changed(Event::Webhook { workspace_id });
    Ok(Revealed { token, webhook })
}
