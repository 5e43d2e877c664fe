//! What acceptance writes: a multi-row write per table, all of them one statement on PostgreSQL.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use nhip_entity::activation::{ActivationOutcome, CALLS_PER_PAGE, PAGES, Told};
use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use uuid::Uuid;

use super::{
    admit::{Decision, NewMessage, State, Webhook},
    call::{Call, Origin, Received},
    files::until_fetched,
};
use crate::{
    Refusal,
    activity::{Tallies, What},
    cx::Cx,
    database::Transaction,
    ledger::Book,
    sql::{Params, Together, Values},
    webhook::{KEPT, answer},
};

/// Writes what was decided: messages, then the entries that refer to them, then keys, and the activations of the calls that
/// are `logged`.
pub(super) async fn write(
    cx: &Cx,
    txn: &Transaction,
    logged: &[&Call],
    decisions: &[Decision],
    state: State,
) -> Result<(), DbErr> {
    let State { now, rate, mut book, webhooks, .. } = state;
    let new: Vec<&NewMessage> = decisions.iter().filter_map(|decision| decision.message.as_ref()).collect();
    let mut writes = Together::new(txn.get_database_backend());
    if !new.is_empty() {
        writes.add(|params| insert_messages(params, &new, now));
    }
    let activations = log(cx, logged, decisions, &mut book);
    book.add_to(&mut writes);
    let keys = keys(&new);
    if !keys.is_empty() {
        writes.add(|params| insert_keys(params, keys, now));
    }
    if rate.is_some() && !webhooks.is_empty() {
        writes.add(|params| update_rates(params, &webhooks));
    }
    if !activations.is_empty() {
        append_to_pages(&mut writes, activations);
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

/// How far each webhook has used up its rate, under the workspaces' locks.
fn update_rates(params: &mut Params, webhooks: &HashMap<Uuid, Webhook>) -> String {
    let mut rows = Values::default();
    for (workspace_id, webhook) in webhooks {
        rows.row([(*workspace_id).into(), webhook.full_again_at_us.into()]);
    }
    let table = params.table(rows);
    format!("UPDATE webhooks SET full_again_at_us = v.column2 FROM {table} WHERE workspace_id = v.column1")
}

/// Counts the calls, and takes down each webhook's newest, by their pages.
fn log(cx: &Cx, calls: &[&Call], decisions: &[Decision], book: &mut Book) -> Values {
    let mut logged: BTreeMap<Uuid, Vec<(&Received, &Decision)>> = BTreeMap::new();
    for (call, decision) in calls.iter().zip(decisions) {
        if let (Origin::Webhook { received, .. }, Some(workspace_id)) = (&call.origin, decision.workspace_id) {
            logged.entry(workspace_id).or_default().push((received, decision));
        }
    }
    let mut rows = Values::default();
    for (workspace_id, activations) in logged {
        let Some(last) = book.count_activations(workspace_id, activations.len()) else { continue };
        let mut pages: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for (sequence, (received, decision)) in (1..=last).rev().zip(activations.into_iter().rev()).take(KEPT) {
            let call = format!("[{},{}]", received.heard, told(cx, sequence, received, decision));
            pages.entry(sequence / CALLS_PER_PAGE).or_default().push(call);
        }
        for (page, mut calls) in pages {
            calls.reverse();
            rows.row([workspace_id.into(), page.into(), calls.join(",").into()]);
        }
    }
    rows
}

fn told(cx: &Cx, sequence: i64, received: &Received, decision: &Decision) -> Told {
    let refusal = decision.answer.as_ref().err();
    let place = refusal.and_then(Refusal::place);
    Told {
        sequence,
        outcome: if refusal.is_some() { ActivationOutcome::Refused } else { ActivationOutcome::Accepted },
        http_status: refusal.map_or(200, answer::status).into(),
        refusal: refusal.map(|refusal| refusal.code().to_owned()),
        answer: refusal.map(ToString::to_string),
        field: refusal.and_then(Refusal::field).map(str::to_owned),
        line: place.and_then(|place| place.line.try_into().ok()),
        column: place.and_then(|place| place.column.try_into().ok()),
        message_id: decision.answer.as_ref().ok().map(|accepted| accepted.message_id.clone()),
        response_body: refusal.map(answer::refused_body),
        duration_us: duration_us(cx, received),
    }
}

/// Calls are appended to their page, or begin it in place of the one that stood there 26 pages ago. On PostgreSQL by an
/// UPDATE, which takes a fifth less than an upsert, because that locks each row first; where a row is not there yet, as among
/// a webhook's first hundred calls, all that are missing are added.
fn append_to_pages(writes: &mut Together, rows: Values) {
    const COLUMNS: &str = "workspace_id, slot, page, calls";
    if writes.backend() == DbBackend::Sqlite {
        writes.add(|params| {
            let table = params.table(rows);
            format!(
                "INSERT INTO activation_pages ({COLUMNS}) \
                 SELECT column1, column2 % {PAGES}, column2, column3 FROM {table} WHERE TRUE \
                 ON CONFLICT (workspace_id, slot) DO UPDATE SET page = excluded.page, \
                 calls = CASE WHEN page = excluded.page THEN calls || ',' || excluded.calls ELSE excluded.calls END"
            )
        });
        return;
    }
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let mut table = String::new();
    let found = writes.add(|params| {
        table = params.table(rows);
        format!(
            "UPDATE activation_pages SET page = column2, \
             calls = CASE WHEN page = column2 THEN calls || ',' || column3 ELSE column3 END FROM {table} \
             WHERE workspace_id = column1 AND slot = (column2 % {PAGES})::integer RETURNING slot"
        )
    });
    writes.add(|params| {
        let count = params.value(count);
        format!(
            "INSERT INTO activation_pages ({COLUMNS}) \
             SELECT column1, (column2 % {PAGES})::integer, column2, column3 FROM {table} \
             WHERE (SELECT count(*) FROM {found}) < {count} ON CONFLICT (workspace_id, slot) DO NOTHING"
        )
    });
}

fn duration_us(cx: &Cx, received: &Received) -> i64 {
    cx.clock.instant().saturating_duration_since(received.since).as_micros().try_into().unwrap_or(i64::MAX)
}
