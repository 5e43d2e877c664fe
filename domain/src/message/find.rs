//! Whose a message is.

use nhip_entity::message;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::cx::Cx;

/// The workspace of an account's message, if the account has such a message.
pub async fn workspace_of(cx: &Cx, account_id: Uuid, message_id: &str) -> Result<Option<Uuid>, DbErr> {
    message::Entity::find_by_id(message_id)
        .select_only()
        .column(message::Column::WorkspaceId)
        .filter(message::Column::AccountId.eq(account_id))
        .into_tuple()
        .one(cx.db.read())
        .await
}
