//! Somebody wrote to an account. The text itself is not kept.

use sea_orm::DbErr;
use uuid::Uuid;

use super::upsert::{SeenChat, seen};
use crate::{cx::Cx, database::Urgency};

/// Makes or updates the chat that a message came in from.
pub async fn incoming(cx: &Cx, account_id: Uuid, chat: &SeenChat) -> Result<(), DbErr> {
    let txn = cx.db.write(Urgency::Normal).await?;
    seen(cx, &txn, std::iter::once((account_id, chat))).await?;
    txn.commit().await
}
