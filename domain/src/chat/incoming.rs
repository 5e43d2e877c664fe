//! Somebody wrote to an account. The text itself is not kept.

use sea_orm::DbErr;
use uuid::Uuid;

use super::upsert::{SeenChat, seen};
use crate::{cx::Cx, database::Urgency};

/// Makes or updates the chats that messages came in from, in one transaction. Of one chat, the last counts.
pub async fn incoming(cx: &Cx, account_id: Uuid, chats: &[SeenChat]) -> Result<(), DbErr> {
    let txn = cx.db.write(Urgency::Normal).await?;
    seen(cx, &txn, chats.iter().map(|chat| (account_id, chat))).await?;
    txn.commit().await
}
