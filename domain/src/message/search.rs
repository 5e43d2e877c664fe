//! Finding messages by any part of their text or recipient.
//!
//! On PostgreSQL messages are indexed by *grams*: a hash of each three letters in a row and of the workspace, so that what
//! is frequent elsewhere costs nothing here. The index is written by a job, about two seconds after acceptance, which pays
//! nothing for it; whoever searches looks through the newest messages anyway. SQLite reads all messages.

use std::{collections::BTreeSet, fmt::Write as _};

use chrono::{DateTime, Utc};
use nhip_entity::{
    credit_entry::{self, CreditKind},
    message, sequencer,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait as _, DbBackend, DbErr, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    cx::Cx,
    database::{Transaction, Urgency},
    sql::{Params, Values, among},
};

/// The sequencer's row that says how far the stream has been read for this.
const INDEXED: i32 = 2;
/// Entries that are read in one transaction.
const AT_ONCE: u64 = 1_000;
/// Messages that are written in one statement: the driver keeps a buffer as large as the largest, for each connection.
const WRITTEN_AT_ONCE: usize = 50;
/// Letters of a gram.
const LETTERS: usize = 3;

/// Messages that may contain something; newest first.
#[derive(Clone, Debug)]
pub struct Needle(String);

impl Needle {
    /// None where the index cannot tell: on SQLite, and for fewer than three letters.
    #[must_use]
    pub fn new(cx: &Cx, workspace_id: Uuid, text: &str) -> Option<Self> {
        let grams = grams(workspace_id, [text]);
        (cx.db.backend() != DbBackend::Sqlite && !grams.is_empty()).then(|| Self(as_array(&grams)))
    }

    /// The ids and keys of the newest messages that have all its grams, behind the key `after`.
    pub async fn candidates(
        &self,
        cx: &Cx,
        after: Option<(DateTime<Utc>, i64)>,
        most: u64,
    ) -> Result<Vec<(String, DateTime<Utc>, i64)>, DbErr> {
        let mut params = Params::new(cx.db.backend());
        let (grams, most) = (params.value(&self.0), params.value(i64::try_from(most).unwrap_or(i64::MAX)));
        let behind = match after {
            Some((at, place)) => format!("AND (created_at, place) < ({}, {})", params.value(at), params.value(place)),
            None => String::new(),
        };
        let sql = format!(
            "SELECT message_id, created_at, place FROM message_grams WHERE grams @> {grams}::text::integer[] {behind} \
             ORDER BY created_at DESC, place DESC LIMIT {most}"
        );
        let rows = cx.db.read().query_all_raw(params.statement(sql)).await?;
        rows.iter()
            .map(|row| Ok((row.try_get("", "message_id")?, row.try_get("", "created_at")?, row.try_get("", "place")?)))
            .collect()
    }
}

/// Indexes messages that were accepted since the last time, in the order of the billing stream; returns how many entries
/// of that it read.
pub async fn index(cx: &Cx) -> Result<u64, DbErr> {
    if cx.db.backend() == DbBackend::Sqlite {
        return Ok(0);
    }
    let txn = cx.db.write(Urgency::Normal).await?;
    let cursor = sequencer::Entity::find_by_id(INDEXED).lock(LockType::NoKeyUpdate).one(&*txn).await?;
    let Some(cursor) = cursor else { return Ok(0) };
    let entries: Vec<(Option<i64>, CreditKind, Option<String>)> = credit_entry::Entity::find()
        .select_only()
        .columns([credit_entry::Column::Position, credit_entry::Column::Kind, credit_entry::Column::MessageId])
        .filter(credit_entry::Column::Position.gt(cursor.last_position))
        .order_by_asc(credit_entry::Column::Position)
        .limit(AT_ONCE)
        .into_tuple()
        .all(&*txn)
        .await?;
    let read = entries.len() as u64;
    let Some((Some(last), ..)) = entries.last().cloned() else { return Ok(0) };
    let charged = entries.into_iter().filter(|(_, kind, _)| *kind == CreditKind::Charge);
    let ids: Vec<String> = charged.filter_map(|(_, _, message_id)| message_id).collect();
    if !ids.is_empty() {
        write(&txn, ids).await?;
    }
    let mut params = Params::new(cx.db.backend());
    let (last, row) = (params.value(last), params.value(INDEXED));
    txn.execute_raw(params.statement(format!("UPDATE sequencer SET last_position = {last} WHERE id = {row}"))).await?;
    txn.commit().await?;
    Ok(read)
}

/// Of a message, what it is found by, and where it stands.
#[derive(Debug, DerivePartialModel)]
#[sea_orm(entity = "message::Entity")]
struct Found {
    id: String,
    workspace_id: Uuid,
    created_at: DateTime<Utc>,
    place: i64,
    text: String,
    recipient: String,
}

async fn write(txn: &Transaction, ids: Vec<String>) -> Result<(), DbErr> {
    let messages = message::Entity::find().filter(among(txn.get_database_backend(), message::Column::Id, ids));
    let messages: Vec<Found> = messages.into_partial_model().all(txn).await?;
    for part in messages.chunks(WRITTEN_AT_ONCE) {
        write_part(txn, part).await?;
    }
    Ok(())
}

async fn write_part(txn: &Transaction, messages: &[Found]) -> Result<(), DbErr> {
    let mut rows = Values::default();
    for row in messages {
        let grams = as_array(&grams(row.workspace_id, [row.text.as_str(), row.recipient.as_str()]));
        rows.row([(&row.id).into(), row.created_at.into(), row.place.into(), grams.into()]);
    }
    let mut params = Params::new(txn.get_database_backend());
    let table = params.table(rows);
    let sql = format!(
        "INSERT INTO message_grams (message_id, created_at, place, grams) \
         SELECT column1, column2, column3, column4::integer[] FROM {table} ON CONFLICT DO NOTHING"
    );
    txn.execute_raw(params.statement(sql)).await.map(drop)
}

/// Finds messages whose texts were erased by their recipients alone.
pub(super) async fn index_anew(txn: &Transaction, ids: Vec<String>) -> Result<(), DbErr> {
    if txn.get_database_backend() == DbBackend::Sqlite || ids.is_empty() {
        return Ok(());
    }
    let mut params = Params::new(txn.get_database_backend());
    let among = params.among(&ids);
    txn.execute_raw(params.statement(format!("DELETE FROM message_grams WHERE message_id {among}"))).await?;
    write(txn, ids).await
}

/// The grams of some texts of a workspace's, whatever the case.
fn grams<'a>(workspace_id: Uuid, texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<i32> {
    let (mut grams, mut of_workspace) = (BTreeSet::new(), crc32fast::Hasher::new());
    of_workspace.update(workspace_id.as_bytes());
    for text in texts {
        let letters: Vec<char> = text.to_lowercase().chars().collect();
        for gram in letters.windows(LETTERS) {
            let mut hash = of_workspace.clone();
            gram.iter().for_each(|letter| hash.update(letter.encode_utf8(&mut [0; 4]).as_bytes()));
            grams.insert(hash.finalize().cast_signed());
        }
    }
    grams
}

/// As PostgreSQL writes arrays.
fn as_array(grams: &BTreeSet<i32>) -> String {
    let mut text = String::from("{");
    for gram in grams {
        let comma = if text.len() == 1 { "" } else { "," };
        // A string takes whatever is written to it.
        let _never_fails = write!(text, "{comma}{gram}");
    }
    text + "}"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_the_grams_of_all_its_parts_whatever_the_case() {
        let of = |text: &str| grams(Uuid::nil(), [text]);
        let text = of("Chào Đặng Văn, +1 202");
        for part in ["chào đặng", "ĐẶNG", "Văn, +1", " +1 2"] {
            assert!(of(part).is_subset(&text), "{part}");
        }
        assert!(!of("đăng").is_subset(&text));
        assert!(of("ab").is_empty());
    }

    #[test]
    fn the_same_text_has_other_grams_in_another_workspace() {
        assert!(grams(Uuid::nil(), ["hello"]).is_disjoint(&grams(Uuid::max(), ["hello"])));
    }
}
