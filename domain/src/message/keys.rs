//! Idempotency keys are remembered for a day.

use chrono::TimeDelta;
use nhip_entity::idempotency_key;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use super::snapshot::KEYS_LIVE_H;
use crate::{cx::Cx, database::Urgency};

/// Deletes the keys that are no longer remembered.
pub async fn forget_keys(cx: &Cx) -> Result<(), DbErr> {
    let before = cx.now() - TimeDelta::hours(KEYS_LIVE_H);
    let txn = cx.db.write(Urgency::Normal).await?;
    let old = idempotency_key::Entity::delete_many().filter(idempotency_key::Column::CreatedAt.lt(before));
    old.exec(&*txn).await?;
    txn.commit().await
}
