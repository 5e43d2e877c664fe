//! Finds an account's messages by what its gateway reports them under: our id or its own.

use chrono::{DateTime, Utc};
use nhip_entity::{
    message::{self, Column, FailureReason, MessageStatus},
    status_change,
};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::{cx::Cx, sql::among};

/// Names that one query looks for: SQLite takes 32,766 values in a statement, and a callback may name more messages.
const AT_ONCE: usize = 10_000;

/// The workspace of an account's message, if the account has such a message.
pub async fn workspace_of(cx: &Cx, account_id: Uuid, message_id: &str) -> Result<Option<Uuid>, DbErr> {
    message::Entity::find_by_id(message_id)
        .select_only()
        .column(Column::WorkspaceId)
        .filter(Column::AccountId.eq(account_id))
        .into_tuple()
        .one(cx.db.read())
        .await
}

/// What a report about a message needs to know of it.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Reported {
    /// Its id.
    pub id: String,
    /// Whose it is.
    pub workspace_id: Uuid,
    /// Where it is in its life.
    pub status: MessageStatus,
    /// Why it failed, if it did.
    pub failure: Option<FailureReason>,
    /// The chat it went to, where that is known.
    pub chat_id: Option<i64>,
    /// The gateway's own id for it.
    pub gateway_ref: Option<String>,
    /// When it was last journaled as on its way.
    pub sending_at: Option<DateTime<Utc>>,
    /// When it left.
    pub sent_at: Option<DateTime<Utc>>,
}

/// An account's messages, by our ids or the gateway's; one may come by both.
pub async fn reported(
    cx: &Cx,
    account_id: Uuid,
    ids: Vec<String>,
    gateway_refs: Vec<String>,
) -> Result<Vec<Reported>, DbErr> {
    let mut found = Vec::new();
    for (column, names) in [(Column::Id, ids), (Column::GatewayRef, gateway_refs)] {
        for some in names.chunks(AT_ONCE) {
            found.extend(reported_as(cx, account_id, column, some).await?);
        }
    }
    Ok(found)
}

async fn reported_as(cx: &Cx, account_id: Uuid, by: Column, names: &[String]) -> Result<Vec<Reported>, DbErr> {
    message::Entity::find()
        .select_only()
        .columns([Column::Id, Column::WorkspaceId, Column::Status, Column::Failure, Column::ChatId])
        .columns([Column::GatewayRef, Column::SendingAt, Column::SentAt])
        .filter(Column::AccountId.eq(account_id))
        .filter(among(cx.db.backend(), by, names.to_vec()))
        .into_model()
        .all(cx.db.read())
        .await
}

/// Whether an attempt to send this message was refused before: it went back to its queue.
pub async fn went_back(cx: &Cx, message_id: &str) -> Result<bool, DbErr> {
    let steps = status_change::Entity::find().filter(status_change::Column::MessageId.eq(message_id));
    let back = steps.filter(status_change::Column::Status.eq(MessageStatus::Queued));
    Ok(back.one(cx.db.read()).await?.is_some())
}
