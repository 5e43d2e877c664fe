//! What acceptance writes: one multi-row statement per table.

use std::collections::HashMap;

use nhip_entity::{
    activation,
    activation::ActivationOutcome,
    idempotency_key, message,
    message::{HoldReason, MessageStatus},
};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, Statement, sea_query::OnConflict,
};
use uuid::Uuid;

use super::{
    admit::{Decision, NewMessage, State},
    call::{Call, Origin, Received},
    files::until_fetched,
};
use crate::{cx::Cx, sql::Values, webhook::answer};

/// How many activations a webhook keeps.
pub(super) const KEPT: i64 = 100;

/// Writes what was decided: messages, then the entries that refer to them, then keys and activations.
pub(super) async fn write(
    cx: &Cx,
    txn: &DatabaseTransaction,
    calls: &[&Call],
    decisions: &[Decision],
    state: State,
) -> Result<(), DbErr> {
    let now = state.now;
    let new: Vec<&NewMessage> = decisions.iter().filter_map(|decision| decision.message.as_ref()).collect();
    if !new.is_empty() {
        let rows = new.iter().map(|message| message_row(message, now));
        message::Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    state.book.write(txn).await?;
    write_keys(txn, &new, now).await?;
    let full_again = state.webhooks.iter().map(|(id, webhook)| (*id, webhook.full_again_at_us)).collect();
    write_log(cx, txn, calls, decisions, &full_again).await
}

fn message_row(new: &NewMessage, now: chrono::DateTime<chrono::Utc>) -> message::ActiveModel {
    message::ActiveModel {
        id: Set(new.id.clone()),
        workspace_id: Set(new.workspace_id),
        account_id: Set(new.account_id),
        chat_id: Set(new.chat_id),
        place: Set(new.place),
        status: Set(MessageStatus::Queued),
        source: Set(new.source),
        text: Set(new.text.clone()),
        file_url: Set(new.file.as_ref().map(|file| file.url.clone())),
        file_name: Set(new.file.as_ref().map(|file| file.name.clone())),
        recipient: Set(new.recipient.clone()),
        recipient_kind: Set(new.recipient_kind),
        recipient_key: Set(new.recipient_key.clone()),
        by_default: Set(new.by_default),
        credits: Set(new.credits),
        restored: Set(false),
        attempts: Set(0),
        hand_overs: Set(0),
        hold_until: Set(new.file.as_ref().map(|_| until_fetched())),
        hold_reason: Set(new.file.as_ref().map(|_| HoldReason::File)),
        created_at: Set(now),
        ..Default::default()
    }
}

async fn write_keys(
    txn: &DatabaseTransaction,
    new: &[&NewMessage],
    now: chrono::DateTime<chrono::Utc>,
) -> Result<(), DbErr> {
    use idempotency_key::Column;
    let row = |message: &&NewMessage| {
        Some(idempotency_key::ActiveModel {
            workspace_id: Set(message.workspace_id),
            key: Set(message.idempotency_key.clone()?),
            body_hash: Set(message.body_hash.to_vec()),
            message_id: Set(message.id.clone()),
            created_at: Set(now),
        })
    };
    let rows: Vec<_> = new.iter().filter_map(row).collect();
    if rows.is_empty() {
        return Ok(());
    }
    // A row that is still there is older than a day: keys that are remembered were found before.
    let replace = OnConflict::columns([Column::WorkspaceId, Column::Key])
        .update_columns([Column::BodyHash, Column::MessageId, Column::CreatedAt])
        .to_owned();
    idempotency_key::Entity::insert_many(rows).on_conflict(replace).exec_without_returning(txn).await?;
    Ok(())
}

/// Raises each called webhook's counter, then writes its newest activations over the oldest.
async fn write_log(
    cx: &Cx,
    txn: &DatabaseTransaction,
    calls: &[&Call],
    decisions: &[Decision],
    full_again: &HashMap<Uuid, i64>,
) -> Result<(), DbErr> {
    let mut logged: HashMap<Uuid, Vec<(&Received, &Decision)>> = HashMap::new();
    for (call, decision) in calls.iter().zip(decisions) {
        if let (Origin::Webhook { received, .. }, Some(workspace_id)) = (&call.origin, decision.workspace_id) {
            logged.entry(workspace_id).or_default().push((received, decision));
        }
    }
    if logged.is_empty() {
        return Ok(());
    }
    let counts = logged.iter().map(|(id, of)| (*id, of.len(), full_again.get(id).copied().unwrap_or_default()));
    let last = count_activations(txn, counts).await?;
    let mut rows = Vec::new();
    for (workspace_id, activations) in logged {
        let end = last.get(&workspace_id).copied().unwrap_or_default();
        let newest = (0..KEPT).zip(activations.into_iter().rev());
        rows.extend(
            newest.map(|(back, (received, decision))| activation_row(cx, workspace_id, end - back, received, decision)),
        );
    }
    activation::Entity::insert_many(rows).on_conflict(write_over()).exec_without_returning(txn).await?;
    Ok(())
}

async fn count_activations(
    txn: &DatabaseTransaction,
    counts: impl Iterator<Item = (Uuid, usize, i64)>,
) -> Result<HashMap<Uuid, i64>, DbErr> {
    let mut rows = Values::default();
    for (workspace_id, count, full_again) in counts {
        rows.row([workspace_id.into(), i64::try_from(count).unwrap_or(i64::MAX).into(), full_again.into()]);
    }
    let (table, values) = rows.table();
    let sql = format!(
        "UPDATE webhooks SET last_activation = last_activation + v.column2, full_again_at_us = v.column3 \
         FROM {table} WHERE workspace_id = v.column1 RETURNING workspace_id, last_activation"
    );
    let statement = Statement::from_sql_and_values(txn.get_database_backend(), sql, values);
    let rows = txn.query_all_raw(statement).await?;
    rows.iter().map(|row| Ok((row.try_get("", "workspace_id")?, row.try_get("", "last_activation")?))).collect()
}

fn activation_row(
    cx: &Cx,
    workspace_id: Uuid,
    sequence: i64,
    received: &Received,
    decision: &Decision,
) -> activation::ActiveModel {
    let (status, body) = answer::render(&decision.answer);
    let refusal = decision.answer.as_ref().err();
    let place = refusal.and_then(crate::Refusal::place);
    let outcome = if refusal.is_some() { ActivationOutcome::Refused } else { ActivationOutcome::Accepted };
    activation::ActiveModel {
        workspace_id: Set(workspace_id),
        slot: Set(i32::try_from(sequence % KEPT).unwrap_or_default()),
        id: Set(received.id),
        sequence: Set(sequence),
        at: Set(received.at),
        outcome: Set(outcome),
        http_status: Set(status.into()),
        refusal: Set(refusal.map(|refusal| refusal.code().to_owned())),
        answer: Set(refusal.map(ToString::to_string)),
        field: Set(refusal.and_then(|refusal| refusal.field()).map(str::to_owned)),
        line: Set(place.and_then(|place| place.line.try_into().ok())),
        column: Set(place.and_then(|place| place.column.try_into().ok())),
        message_id: Set(decision.answer.as_ref().ok().map(|accepted| accepted.message_id.clone())),
        request_body: Set(received.body.clone()),
        request_body_truncated: Set(received.truncated),
        response_body: Set(body),
        ignored_fields: Set(received.ignored_fields.clone().into()),
        remote_address: Set(received.remote_address.clone()),
        user_agent: Set(received.user_agent.clone()),
        duration_us: Set(duration_us(cx, received)),
    }
}

fn duration_us(cx: &Cx, received: &Received) -> i64 {
    cx.clock.instant().saturating_duration_since(received.since).as_micros().try_into().unwrap_or(i64::MAX)
}

fn write_over() -> OnConflict {
    use activation::Column::*;
    OnConflict::columns([WorkspaceId, Slot])
        .update_columns([
            Id,
            Sequence,
            At,
            Outcome,
            HttpStatus,
            Refusal,
            Answer,
            Field,
            Line,
            Column,
            MessageId,
            RequestBody,
            RequestBodyTruncated,
            ResponseBody,
            IgnoredFields,
            RemoteAddress,
            UserAgent,
            DurationUs,
        ])
        .to_owned()
}
