//! Messages that wait for their files: held until a worker has fetched them.

use chrono::{DateTime, TimeDelta, Utc};
use nhip_entity::message::{self, Column, HoldReason, MessageStatus};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, Statement,
};
use uuid::Uuid;

use crate::{cx::Cx, database::Urgency, lane::RUNNING_STATES, signal::Event, sql::Params};

/// A file is fetched once fewer messages than this may leave, or wait for their files, before it.
const AHEAD: u32 = 5;
/// How many messages of a queue are looked at for that.
const FAR: u32 = 1_000;
/// Files looked for at once.
const LIMIT: u32 = 512;

/// A message whose file is wanted soon.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct WantedFile {
    /// The message.
    pub id: String,
    /// Whose.
    pub workspace_id: Uuid,
    /// Its account.
    pub account_id: Uuid,
    /// Where the file is.
    pub file_url: String,
    /// What the recipient shall see.
    pub file_name: String,
}

/// Until when a message waits for its file: until somebody says that it is there.
#[must_use]
pub fn until_fetched() -> DateTime<Utc> {
    DateTime::from_timestamp(253_370_764_800, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The files that lanes of a worker will need soon: each workspace's in order of acceptance, and of all workspaces the first
/// ones first, so that none keeps the others from being looked for. A message that waits for something else, and what waits
/// behind it for the same recipient, lets others pass: so it does not count as standing before a file.
pub async fn wanted_files(cx: &Cx, worker_id: Uuid) -> Result<Vec<WantedFile>, DbErr> {
    // Step by step, because a planner that has no statistics yet joins every message with every account.
    let sql = format!(
        "WITH waiting AS MATERIALIZED (\
           SELECT DISTINCT account_id FROM messages WHERE status = 'QUEUED' AND hold_reason = 'FILE'), \
         lanes AS MATERIALIZED (\
           SELECT a.id, COALESCE(\
             (SELECT q.place FROM (SELECT f.place, f.recipient_key, f.hold_until, f.hold_reason FROM messages f \
                 WHERE f.account_id = a.id AND f.status = 'QUEUED' ORDER BY f.place LIMIT {FAR}) AS q \
               WHERE q.hold_reason = 'FILE' OR ((q.hold_until IS NULL OR q.hold_until <= $2) AND NOT EXISTS (\
                 SELECT 1 FROM messages h WHERE h.account_id = a.id AND h.status = 'QUEUED' \
                   AND h.recipient_key = q.recipient_key AND h.hold_until > $2 AND h.place < q.place)) \
               ORDER BY q.place LIMIT 1 OFFSET {AHEAD}), \
             (SELECT l.place FROM messages l WHERE l.account_id = a.id AND l.status = 'QUEUED' \
               ORDER BY l.place LIMIT 1 OFFSET {FAR}), {}) AS before \
           FROM accounts a JOIN waiting w ON w.account_id = a.id \
           WHERE a.lane_owner = $1 AND a.state IN {RUNNING_STATES}) \
         SELECT m.id, m.workspace_id, m.account_id, m.file_url, m.file_name FROM lanes l JOIN messages m ON m.account_id = l.id \
         WHERE m.status = 'QUEUED' AND m.hold_reason = 'FILE' AND m.place < l.before AND m.file_url IS NOT NULL \
         ORDER BY ROW_NUMBER() OVER (PARTITION BY m.workspace_id ORDER BY m.place), m.workspace_id LIMIT {LIMIT}",
        i64::MAX
    );
    let statement = Statement::from_sql_and_values(cx.db.backend(), sql, [worker_id.into(), cx.now().into()]);
    WantedFile::find_by_statement(statement).all(cx.db.read()).await
}

/// The file is there: the message may leave on its lane's next beat. False where it no longer waits.
pub async fn file_is_there(cx: &Cx, wanted: &WantedFile, bytes: usize, mime: &str) -> Result<bool, DbErr> {
    let fetched = message::ActiveModel {
        hold_until: Set(None),
        hold_reason: Set(None),
        file_size: Set(i64::try_from(bytes).ok()),
        file_mime: Set(Some(mime.to_owned())),
        ..Default::default()
    };
    let txn = cx.db.write(Urgency::Normal).await?;
    let done = message::Entity::update_many()
        .set(fetched)
        .filter(Column::Id.eq(&wanted.id))
        .filter(Column::Status.eq(MessageStatus::Queued))
        .filter(Column::HoldReason.eq(HoldReason::File))
        .exec(&*txn)
        .await?;
    txn.commit().await?;
    cx.signals.changed(Event::Message { workspace_id: wanted.workspace_id, id: wanted.id.clone() });
    Ok(done.rows_affected == 1)
}

/// Which of these messages may need their files soon. One whose account cannot send now may wait for days, and the files of
/// many such would leave no room for others: its file is fetched again when its turn has come.
pub async fn may_leave(cx: &Cx, ids: impl IntoIterator<Item = String>) -> Result<Vec<String>, DbErr> {
    let mut params = Params::new(cx.db.backend());
    let (among, soon) = (params.among(ids), params.value(cx.now() + TimeDelta::minutes(1)));
    let sql = format!(
        "SELECT m.id FROM messages m JOIN accounts a ON a.id = m.account_id WHERE m.id {among} AND (m.status = 'SENDING' \
         OR (m.status = 'QUEUED' AND a.state IN {RUNNING_STATES} AND (a.capped_until IS NULL OR a.capped_until < {soon}) \
           AND (a.held_until IS NULL OR a.held_until < {soon})))"
    );
    let rows = cx.db.read().query_all_raw(params.statement(sql)).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}
