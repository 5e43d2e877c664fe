//! How far a message has come: what facts and endings go by, and all that they change.

use chrono::{DateTime, Utc};
use nhip_entity::message::{Entity, FailureReason, MessageStatus};
use sea_orm::DerivePartialModel;
use uuid::Uuid;

use crate::sql::{Together, Values};

/// A message's row, without what nobody needs who only says what became of it: its columns are as in `nhip_entity::message`.
#[derive(Clone, Debug, PartialEq, Eq, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub(crate) struct Progress {
    pub(crate) id: String,
    pub(super) workspace_id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) recipient_key: String,
    pub(super) credits: i32,
    pub(super) sending_at: Option<DateTime<Utc>>,
    pub(super) status: MessageStatus,
    pub(super) chat_id: Option<i64>,
    pub(super) gateway_ref: Option<String>,
    pub(super) sent_at: Option<DateTime<Utc>>,
    pub(super) delivered_at: Option<DateTime<Utc>>,
    pub(super) read_at: Option<DateTime<Utc>>,
    pub(super) failed_at: Option<DateTime<Utc>>,
    pub(super) canceled_at: Option<DateTime<Utc>>,
    pub(super) failure: Option<FailureReason>,
    pub(super) failure_detail: Option<String>,
    pub(super) restored: bool,
}

/// Writes what facts and endings change of messages, in one statement.
pub(super) fn write<'a>(writes: &mut Together, rows: impl Iterator<Item = &'a Progress>) {
    let mut values = Values::default();
    for row in rows {
        values.row([
            row.id.as_str().into(),
            <&str>::from(row.status).into(),
            row.chat_id.into(),
            row.gateway_ref.clone().into(),
            row.sent_at.into(),
            row.delivered_at.into(),
            row.read_at.into(),
            row.failed_at.into(),
            row.canceled_at.into(),
            row.failure.map(<&str>::from).into(),
            row.failure_detail.clone().into(),
            row.restored.into(),
        ]);
    }
    if values.is_empty() {
        return;
    }
    writes.add(|params| {
        let table = params.table(values);
        format!(
            "UPDATE messages SET status = v.column2, chat_id = v.column3, gateway_ref = v.column4, sent_at = v.column5, \
             delivered_at = v.column6, read_at = v.column7, failed_at = v.column8, canceled_at = v.column9, \
             failure = v.column10, failure_detail = v.column11, restored = v.column12, hold_until = NULL, \
             hold_reason = NULL FROM {table} WHERE messages.id = v.column1"
        )
    });
}
