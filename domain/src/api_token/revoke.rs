//! Ending a token, at once.

use nhip_entity::api_token;
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait as _, SimpleExpr},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    audit::{self, Change, Requester},
    cx::Cx,
    database::{Transaction, Urgency},
    error::Result,
    refusal::Refusal,
    tenant::Admin,
};

const ACTION: &str = "api_token.revoke";

/// Revokes a token, for whoever sits at the machine. It is looked up at every request, so it stops at once.
pub async fn revoke(cx: &Cx, id: Uuid) -> Result<api_token::Model> {
    let txn = cx.db.write(Urgency::Normal).await?;
    let token = end(cx, &txn, api_token::Column::Id.eq(id)).await?;
    let change = Change {
        workspace_id: token.workspace_id,
        actor: audit::OPERATOR.to_owned(),
        requester: &Requester::default(),
        action: ACTION,
        target: Some(id.to_string()),
        detail: None,
    };
    audit::record(cx, &*txn, change).await?;
    txn.commit().await?;
    Ok(token)
}

/// Revokes a token of a workspace's.
pub async fn revoke_in(cx: &Cx, admin: &Admin, id: Uuid) -> Result<api_token::Model> {
    let txn = cx.db.write(Urgency::Normal).await?;
    let bound = api_token::Column::WorkspaceId.eq(admin.workspace_id());
    let token = end(cx, &txn, api_token::Column::Id.eq(id).and(bound)).await?;
    let change = admin.tenant().change(ACTION, id.to_string());
    audit::record(cx, &*txn, Change { detail: Some(json!({"name": token.name})), ..change }).await?;
    txn.commit().await?;
    Ok(token)
}

async fn end(cx: &Cx, txn: &Transaction, which: SimpleExpr) -> Result<api_token::Model> {
    let revoked = api_token::Entity::update_many()
        .col_expr(api_token::Column::RevokedAt, Expr::value(cx.now()))
        .filter(which)
        .filter(api_token::Column::RevokedAt.is_null())
        .exec_with_returning(txn)
        .await?;
    Ok(revoked.into_iter().next().ok_or(Refusal::NotFound)?)
}
