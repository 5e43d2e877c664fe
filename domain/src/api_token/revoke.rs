//! Ending a token, at once.

use nhip_entity::api_token;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use crate::{
    audit::{self, Change, Requester},
    cx::Cx,
    database::Urgency,
    error::Result,
    refusal::Refusal,
};

/// Revokes a token, for whoever sits at the machine. It is looked up at every request, so it stops at once.
pub async fn revoke(cx: &Cx, id: Uuid) -> Result<api_token::Model> {
    let txn = cx.db.write(Urgency::Normal).await?;
    let revoked = api_token::Entity::update_many()
        .col_expr(api_token::Column::RevokedAt, Expr::value(cx.now()))
        .filter(api_token::Column::Id.eq(id))
        .filter(api_token::Column::RevokedAt.is_null())
        .exec_with_returning(&*txn)
        .await?;
    let token = revoked.into_iter().next().ok_or(Refusal::NotFound)?;
    let change = Change {
        workspace_id: token.workspace_id,
        actor: audit::OPERATOR.to_owned(),
        requester: &Requester::default(),
        action: "api_token.revoke",
        target: Some(id.to_string()),
        detail: None,
    };
    audit::record(cx, &*txn, change).await?;
    txn.commit().await?;
    Ok(token)
}
