//! What acceptance writes: one multi-row statement per table.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use nhip_entity::activation::ActivationOutcome;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use uuid::Uuid;

use super::{
    admit::{Decision, NewMessage, State, Webhook},
    call::{Call, Origin, Received},
    files::until_fetched,
};
use crate::{
    activity::{Tallies, What},
    cx::Cx,
    sql::{Cell, Params, Together, Values},
    webhook::answer,
};

/// How many activations a webhook keeps.
pub const KEPT: i64 = 100;

/// Writes what was decided: messages, then the entries that refer to them, then keys, and the activations of the calls that
/// are `logged`.
pub(super) async fn write(
    cx: &Cx,
    txn: &DatabaseTransaction,
    logged: &[&Call],
    decisions: &[Decision],
    state: State,
) -> Result<(), DbErr> {
    let now = state.now;
    let new: Vec<&NewMessage> = decisions.iter().filter_map(|decision| decision.message.as_ref()).collect();
    let mut writes = Together::new(txn.get_database_backend());
    if !new.is_empty() {
        writes.add(|params| insert_messages(params, &new, now));
    }
    state.book.add_to(&mut writes);
    let keys = keys(&new);
    if !keys.is_empty() {
        writes.add(|params| insert_keys(params, keys, now));
    }
    let (counters, activations) = log(cx, logged, decisions, &state.webhooks);
    if !activations.is_empty() {
        writes.add(|params| count_activations(params, counters));
        writes.add(|params| write_over_activations(params, activations));
    }
    refused(decisions, now).add_to(&mut writes);
    writes.run(txn).await
}

/// Counts the calls that are refused. (The accepted ones are counted by their charges.)
fn refused(decisions: &[Decision], now: DateTime<Utc>) -> Tallies {
    let mut tallies = Tallies::default();
    for workspace_id in decisions.iter().filter(|decision| decision.answer.is_err()).filter_map(|d| d.workspace_id) {
        tallies.count(workspace_id, now, What::Refused, 1);
    }
    tallies
}

fn insert_messages(params: &mut Params, new: &[&NewMessage], now: DateTime<Utc>) -> String {
    let mut rows = Values::default();
    for message in new {
        rows.row([
            (&message.id).into(),
            message.workspace_id.into(),
            message.account_id.into(),
            message.chat_id.into(),
            message.place.into(),
            <&str>::from(message.source).into(),
            (&message.text).into(),
            message.file.as_ref().map(|file| &file.url).into(),
            message.file.as_ref().map(|file| &file.name).into(),
            (&message.recipient).into(),
            <&str>::from(message.recipient_kind).into(),
            (&message.recipient_key).into(),
            message.by_default.into(),
            message.credits.into(),
        ]);
    }
    let (now, fetched, table) = (params.value(now), params.value(until_fetched()), params.table(rows));
    format!(
        "INSERT INTO messages (id, workspace_id, account_id, chat_id, place, source, text, file_url, file_name, recipient, \
         recipient_kind, recipient_key, by_default, credits, status, restored, attempts, hand_overs, created_at, \
         hold_until, hold_reason) \
         SELECT column1, column2, column3, column4, column5, column6, column7, column8, column9, column10, \
         column11, column12, column13, column14, 'QUEUED', FALSE, 0, 0, {now}, \
         CASE WHEN column8 IS NOT NULL THEN {fetched} END, CASE WHEN column8 IS NOT NULL THEN 'FILE' END FROM {table}"
    )
}

fn keys(new: &[&NewMessage]) -> Values {
    let mut rows = Values::default();
    for message in new {
        if let Some(key) = &message.idempotency_key {
            rows.row([
                message.workspace_id.into(),
                key.into(),
                message.body_hash.as_slice().into(),
                (&message.id).into(),
            ]);
        }
    }
    rows
}

/// A row that is still there is older than a day: keys that are remembered were found before.
fn insert_keys(params: &mut Params, keys: Values, now: DateTime<Utc>) -> String {
    let (now, table) = (params.value(now), params.table(keys));
    format!(
        "INSERT INTO idempotency_keys (workspace_id, key, body_hash, message_id, created_at) \
         SELECT column1, column2, column3, column4, {now} FROM {table} WHERE TRUE \
         ON CONFLICT (workspace_id, key) DO UPDATE SET \
         body_hash = excluded.body_hash, message_id = excluded.message_id, created_at = excluded.created_at"
    )
}

/// Each called webhook's counter as it will be, and its newest activations.
fn log(cx: &Cx, calls: &[&Call], decisions: &[Decision], webhooks: &HashMap<Uuid, Webhook>) -> (Values, Values) {
    let mut logged: HashMap<Uuid, Vec<(&Received, &Decision)>> = HashMap::new();
    for (call, decision) in calls.iter().zip(decisions) {
        if let (Origin::Webhook { received, .. }, Some(workspace_id)) = (&call.origin, decision.workspace_id) {
            logged.entry(workspace_id).or_default().push((received, decision));
        }
    }
    let (mut counters, mut rows) = (Values::default(), Values::default());
    for (workspace_id, activations) in logged {
        let Some(webhook) = webhooks.get(&workspace_id) else { continue };
        let last = webhook.last_activation + i64::try_from(activations.len()).unwrap_or(i64::MAX);
        counters.row([workspace_id.into(), last.into(), webhook.full_again_at_us.into()]);
        for (back, (received, decision)) in (0..KEPT).zip(activations.into_iter().rev()) {
            rows.row(activation(cx, workspace_id, last - back, received, decision));
        }
    }
    (counters, rows)
}

/// Under the workspace's lock, which everyone who counts holds.
fn count_activations(params: &mut Params, counters: Values) -> String {
    let table = params.table(counters);
    format!(
        "UPDATE webhooks SET last_activation = v.column2, full_again_at_us = v.column3 \
         FROM {table} WHERE workspace_id = v.column1"
    )
}

fn activation(cx: &Cx, workspace_id: Uuid, sequence: i64, received: &Received, decision: &Decision) -> [Cell; 20] {
    let (status, body) = answer::render(&decision.answer);
    let refusal = decision.answer.as_ref().err();
    let place = refusal.and_then(crate::Refusal::place);
    let outcome = if refusal.is_some() { ActivationOutcome::Refused } else { ActivationOutcome::Accepted };
    [
        workspace_id.into(),
        i32::try_from(sequence % KEPT).unwrap_or_default().into(),
        received.id.into(),
        sequence.into(),
        received.at.into(),
        <&str>::from(outcome).into(),
        i32::from(status).into(),
        refusal.map(crate::Refusal::code).into(),
        refusal.map(ToString::to_string).into(),
        refusal.and_then(|refusal| refusal.field()).into(),
        place.and_then(|place| i32::try_from(place.line).ok()).into(),
        place.and_then(|place| i32::try_from(place.column).ok()).into(),
        decision.answer.as_ref().ok().map(|accepted| &accepted.message_id).into(),
        received.body.as_slice().into(),
        received.truncated.into(),
        body.into(),
        serde_json::Value::from(received.ignored_fields.clone()).into(),
        received.remote_address.as_ref().into(),
        received.user_agent.as_ref().into(),
        duration_us(cx, received).into(),
    ]
}

/// The columns of [`activation`], in its order.
const ACTIVATION: [&str; 20] = [
    "workspace_id",
    "slot",
    "id",
    "sequence",
    "at",
    "outcome",
    "http_status",
    "refusal",
    "answer",
    "field",
    "line",
    "\"column\"",
    "message_id",
    "request_body",
    "request_body_truncated",
    "response_body",
    "ignored_fields",
    "remote_address",
    "user_agent",
    "duration_us",
];

fn write_over_activations(params: &mut Params, rows: Values) -> String {
    let table = params.table(rows);
    let new = |column: &&str| format!("{column} = excluded.{column}");
    let replaced: Vec<String> = ACTIVATION.iter().skip(2).map(new).collect();
    format!(
        "INSERT INTO activations ({}) SELECT * FROM {table} WHERE TRUE ON CONFLICT (workspace_id, slot) DO UPDATE SET {}",
        ACTIVATION.join(", "),
        replaced.join(", ")
    )
}

fn duration_us(cx: &Cx, received: &Received) -> i64 {
    cx.clock.instant().saturating_duration_since(received.since).as_micros().try_into().unwrap_or(i64::MAX)
}
