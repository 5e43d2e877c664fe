//! Erasing what was said, once it is older than the installation keeps it: texts, the links and names of files (a failure may
//! quote them, too), and the bodies in the activation log. The ledger, the counters and who got something when stay.

use chrono::{DateTime, TimeDelta, Utc};
use nhip_entity::{
    activation::{self, Activation, Body, Heard},
    credit_entry::{self, CreditKind},
    message, sequencer,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, Iterable as _, QueryFilter, QueryOrder, QuerySelect,
    sea_query::LockType,
};
use uuid::Uuid;

use super::search;
use crate::{
    cx::Cx,
    database::{Transaction, Urgency},
    sql::{PART, Params, Values, columns},
};

/// The sequencer's row that says how far the billing stream has been read for this.
const ERASED: i32 = 3;
/// What needs its text no longer.
const IS_OVER: &str = "status NOT IN ('QUEUED', 'SENDING')";

/// Whether what a message said is no longer kept: a text is empty only beside a file.
#[must_use]
pub fn is_erased(message: &message::Model) -> bool {
    message.text.is_empty() && message.file_url.is_none()
}

/// Erases what was said longer ago than `keep_text`, in transactions of at most 500 rows; returns of how many messages.
/// A message that still waits keeps its text until it is over.
pub async fn erase_texts(cx: &Cx) -> Result<u64, DbErr> {
    let keep = cx.settings.keep_text.and_then(|keep| TimeDelta::from_std(keep).ok());
    let Some(before) = keep.and_then(|keep| cx.now().checked_sub_signed(keep)) else { return Ok(0) };
    let mut erased = 0;
    loop {
        let txn = cx.db.write(Urgency::Normal).await?;
        let (read, ids) = next(&txn, before).await?;
        erased += erase(&txn, &ids).await?;
        txn.commit().await?;
        if read < PART {
            break;
        }
    }
    erased += erase_late(cx).await?;
    erase_bodies(cx, before).await?;
    Ok(erased)
}

/// The next messages in the order of the billing stream: how many entries were read, and whose they are. What stands before
/// an old entry is as old, whatever its time says: a clock may have been ahead when it was written.
async fn next(txn: &Transaction, before: DateTime<Utc>) -> Result<(u64, Vec<String>), DbErr> {
    use credit_entry::Column;
    let cursor = sequencer::Entity::find_by_id(ERASED).lock(LockType::NoKeyUpdate).one(txn).await?;
    let Some(cursor) = cursor else { return Ok((0, Vec::new())) };
    let entries = credit_entry::Entity::find().filter(Column::Position.gt(cursor.last_position));
    let entries = entries.order_by_asc(Column::Position).limit(PART).all(txn).await?;
    let old = entries.iter().rposition(|entry| entry.at < before).map_or(0, |last| last + 1);
    let old: Vec<_> = entries.into_iter().take(old).collect();
    if let Some(last) = old.last().and_then(|entry| entry.position) {
        let mut params = Params::new(txn.get_database_backend());
        let (last, row) = (params.value(last), params.value(ERASED));
        let sql = format!("UPDATE sequencer SET last_position = {last} WHERE id = {row}");
        txn.execute_raw(params.statement(sql)).await?;
    }
    let read = old.len() as u64;
    let charges = old.into_iter().filter(|entry| entry.kind == CreditKind::Charge);
    Ok((read, charges.filter_map(|entry| entry.message_id).collect()))
}

/// Erases the texts of those that are over, and takes down the others; returns how many were erased.
async fn erase(txn: &Transaction, ids: &[String]) -> Result<u64, DbErr> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut params = Params::new(txn.get_database_backend());
    let among = params.among(ids);
    let sql = format!(
        "INSERT INTO texts_to_erase (message_id) SELECT id FROM messages WHERE id {among} AND NOT ({IS_OVER}) \
         ON CONFLICT DO NOTHING"
    );
    txn.execute_raw(params.statement(sql)).await?;
    let mut params = Params::new(txn.get_database_backend());
    let among = params.among(ids);
    let sql = format!(
        "UPDATE messages SET text = '', file_url = NULL, file_name = NULL, \
         failure_detail = CASE WHEN file_url IS NULL THEN failure_detail END WHERE id {among} AND {IS_OVER} RETURNING id"
    );
    let rows = txn.query_all_raw(params.statement(sql)).await?;
    let erased = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<Vec<String>, _>>()?;
    let count = erased.len() as u64;
    search::index_anew(txn, erased).await?;
    Ok(count)
}

/// Those that waited when their time came, and are over now.
async fn erase_late(cx: &Cx) -> Result<u64, DbErr> {
    let sql = format!(
        "SELECT t.message_id FROM texts_to_erase t JOIN messages m ON m.id = t.message_id WHERE m.{IS_OVER} LIMIT {PART}"
    );
    let mut erased = 0;
    loop {
        let txn = cx.db.write(Urgency::Normal).await?;
        let rows = txn.query_all_raw(Params::new(cx.db.backend()).statement(&sql)).await?;
        let ids = rows.iter().map(|row| row.try_get("", "message_id")).collect::<Result<Vec<String>, _>>()?;
        if ids.is_empty() {
            return Ok(erased);
        }
        erased += erase(&txn, &ids).await?;
        let mut params = Params::new(cx.db.backend());
        let among = params.among(&ids);
        txn.execute_raw(params.statement(format!("DELETE FROM texts_to_erase WHERE message_id {among}"))).await?;
        txn.commit().await?;
    }
}

/// Erases the bodies of old calls; returns how many. A page that is written to in the meantime waits for the next time.
async fn erase_bodies(cx: &Cx, before: DateTime<Utc>) -> Result<u64, DbErr> {
    let (mut erased, mut last) = (0, None);
    loop {
        let pages = pages_with_old_bodies(cx, before, last).await?;
        let mut rows = Values::default();
        for page in &pages {
            let mut calls = page.activations()?;
            let old = calls.iter_mut().filter(|Activation(heard, _)| heard.at < before && !heard.body.is_empty());
            let bodies = old.map(|Activation(heard, _)| heard.body = Body::default()).count();
            if bodies > 0 {
                let calls: Vec<String> = calls.iter().map(ToString::to_string).collect();
                rows.row([page.workspace_id.into(), page.slot.into(), (&page.calls).into(), calls.join(",").into()]);
                erased += bodies as u64;
            }
        }
        if !rows.is_empty() {
            let mut params = Params::new(cx.db.backend());
            let table = params.table(rows);
            let sql = format!(
                "UPDATE activation_pages SET calls = v.column4 FROM {table} \
                 WHERE workspace_id = v.column1 AND slot = v.column2 AND calls = v.column3"
            );
            let txn = cx.db.write(Urgency::Normal).await?;
            txn.execute_raw(params.statement(sql)).await?;
            txn.commit().await?;
        }
        last = pages.last().map(|page| (page.workspace_id, page.slot));
        if (pages.len() as u64) < PART {
            return Ok(erased);
        }
    }
}

/// The next pages that begin with an old call, and have bodies.
async fn pages_with_old_bodies(
    cx: &Cx,
    before: DateTime<Utc>,
    last: Option<(Uuid, i32)>,
) -> Result<Vec<activation::Model>, DbErr> {
    let mut params = Params::new(cx.db.backend());
    let before = params.value(before.format("%Y-%m-%dT%H:%M:%S").to_string());
    let body = params.value(format!("%{}%", Heard::BODY));
    let after = last.map(|(workspace_id, slot)| {
        format!("AND (workspace_id, slot) > ({}, {})", params.value(workspace_id), params.value(slot))
    });
    let (from, characters) = Heard::AT;
    let (columns, after) = (columns("activation_pages", activation::Column::iter()), after.unwrap_or_default());
    let sql = format!(
        "SELECT {columns} FROM activation_pages \
         WHERE substr(calls, {from}, {characters}) < {before} AND calls LIKE {body} {after} \
         ORDER BY workspace_id, slot LIMIT {PART}"
    );
    activation::Entity::find().from_raw_sql(params.statement(sql)).all(cx.db.read()).await
}
