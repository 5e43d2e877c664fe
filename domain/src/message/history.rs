//! A message's history: what its own row's times do not say.

use chrono::{DateTime, Utc};
use nhip_entity::{message::MessageStatus, status_change};
use sea_orm::{ActiveValue::Set, DbErr, EntityTrait};

use crate::database::Transaction;
use uuid::Uuid;

/// Adds a step.
pub(super) async fn note(
    txn: &Transaction,
    message_id: &str,
    status: MessageStatus,
    at: DateTime<Utc>,
    detail: &str,
) -> Result<(), DbErr> {
    let row = status_change::ActiveModel {
        id: Set(Uuid::new_v4()),
        message_id: Set(message_id.to_owned()),
        status: Set(status),
        at: Set(at),
        detail: Set(Some(detail.to_owned())),
    };
    status_change::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(())
}
