//! Meta's callbacks between their answer and their handling: kept as they came, taken up by one worker at a time, deleted
//! once handled. One that fails again and again comes back later and later, and is in nobody's way.

use std::time::Duration;

use chrono::TimeDelta;
use nhip_entity::cloud_callback::{self, Column, Model};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, DbBackend, DbErr, EntityTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, LockBehavior, LockType},
};
use uuid::Uuid;

use crate::{cx::Cx, database::Urgency};

/// Whoever took one up and said nothing for so long has died.
const TAKEN_FOR: TimeDelta = TimeDelta::seconds(30);

/// Keeps a callback; durable once this returns.
pub async fn keep(cx: &Cx, account_id: Uuid, body: Vec<u8>) -> Result<(), DbErr> {
    let now = cx.now();
    let row = cloud_callback::ActiveModel {
        id: Set(cx.clock.new_id()),
        account_id: Set(account_id),
        received_at: Set(now),
        due_at: Set(now),
        attempts: Set(0),
        body: Set(body),
    };
    let txn = cx.db.write(Urgency::Normal).await?;
    cloud_callback::Entity::insert(row).exec_without_returning(&*txn).await?;
    txn.commit().await
}

/// Takes up what is due, oldest first, so that nobody else does.
pub async fn claim(cx: &Cx, most: u64) -> Result<Vec<Model>, DbErr> {
    let now = cx.now();
    // Nobody waits for a turn to write where there is nothing to do.
    if cloud_callback::Entity::find()
        .filter(Column::DueAt.lte(now))
        .select_only()
        .column(Column::Id)
        .into_tuple::<Uuid>()
        .one(cx.db.read())
        .await?
        .is_none()
    {
        return Ok(Vec::new());
    }
    let mut due = cloud_callback::Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::DueAt.lte(now))
        .order_by_asc(Column::DueAt)
        .limit(most)
        .into_query();
    if cx.db.backend() == DbBackend::Postgres {
        due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let txn = cx.db.write(Urgency::Normal).await?;
    let mut claimed = cloud_callback::Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(now + TAKEN_FOR))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.in_subquery(due))
        .exec_with_returning(&*txn)
        .await?;
    txn.commit().await?;
    claimed.sort_by_key(|callback| callback.received_at);
    Ok(claimed)
}

/// Deletes what was handled.
pub async fn done(cx: &Cx, ids: &[Uuid]) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    let txn = cx.db.write(Urgency::Normal).await?;
    cloud_callback::Entity::delete_many().filter(Column::Id.is_in(ids.iter().copied())).exec(&*txn).await?;
    txn.commit().await
}

/// Puts one back for later.
pub async fn postpone(cx: &Cx, id: Uuid, wait: Duration) -> Result<(), DbErr> {
    let wait = TimeDelta::from_std(wait).unwrap_or(TAKEN_FOR);
    let txn = cx.db.write(Urgency::Normal).await?;
    cloud_callback::Entity::update_many()
        .col_expr(Column::DueAt, Expr::value(cx.now() + wait))
        .filter(Column::Id.eq(id))
        .exec(&*txn)
        .await?;
    txn.commit().await
}
