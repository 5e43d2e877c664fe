//! What one would write first, and what accept is compared with: the same rows by six statements per request, in one
//! transaction per message. It exists for the benchmark only.

use nhip_domain::token::{Token, TokenKind};
use poem::{Body, Endpoint, Request, Response, endpoint::make};
use serde::Deserialize;
use sqlx::{PgPool, Row as _, postgres::PgPoolOptions};
use uuid::Uuid;

use crate::{pgbench::call, servers::CONNECTIONS};

#[derive(Deserialize)]
struct Send {
    phone: String,
    text: String,
}

pub(crate) async fn endpoint(url: &str) -> impl Endpoint + use<> {
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).connect(url).await.unwrap();
    make(move |request: Request| {
        let pool = pool.clone();
        async move { Ok::<_, poem::Error>(answer(&pool, request).await) }
    })
}

async fn answer(pool: &PgPool, mut request: Request) -> Response {
    let token = request.uri().path().trim_start_matches("/webhook/").to_owned();
    let token = Token::parse(TokenKind::Webhook, &token).unwrap();
    let body = request.take_body().into_vec().await.unwrap();
    let send: Send = serde_json::from_slice(&body).unwrap();
    let id = store(pool, &token, &send, &body).await.unwrap();
    let answer = serde_json::json!({"status": "success", "data": {"message_id": format!("wa_backend:{id}")}});
    Response::builder().content_type("application/json").body(Body::from_json(&answer).unwrap())
}

async fn store(pool: &PgPool, token: &Token, send: &Send, body: &[u8]) -> Result<String, sqlx::Error> {
    let id = format!("3EB0{:016X}", rand::random::<u64>());
    let mut txn = pool.begin().await?;
    let workspace_id: Uuid = sqlx::query("SELECT workspace_id FROM webhooks WHERE token_hash = $1 AND enabled")
        .bind(token.hash().to_vec())
        .fetch_one(&mut *txn)
        .await?
        .get(0);
    let row = sqlx::query(
        "SELECT w.balance, w.last_entry, w.last_place, w.last_activation, (SELECT a.id FROM accounts a \
           WHERE a.workspace_id = w.id AND a.state = 'CONNECTED' ORDER BY a.connected_at DESC LIMIT 1) AS account_id \
         FROM workspaces w WHERE w.id = $1 FOR NO KEY UPDATE",
    )
    .bind(workspace_id)
    .fetch_one(&mut *txn)
    .await?;
    let account_id: Uuid = row.get("account_id");
    let (balance, entry, place): (i64, i64, i64) = (row.get("balance"), row.get("last_entry"), row.get("last_place"));
    let sequence = row.get::<i64, _>("last_activation") + 1;
    sqlx::query(
        "INSERT INTO messages (id, workspace_id, account_id, place, status, source, text, recipient, recipient_kind, \
           recipient_key, by_default, credits, restored, attempts, hand_overs, created_at) \
         VALUES ($1, $2, $3, $4, 'QUEUED', 'WEBHOOK', $5, $6, 'PHONE', $6, true, 1, false, 0, 0, now())",
    )
    .bind(&id)
    .bind(workspace_id)
    .bind(account_id)
    .bind(place + 1)
    .bind(&send.text)
    .bind(&send.phone)
    .execute(&mut *txn)
    .await?;
    sqlx::query(
        "INSERT INTO credit_entries (workspace_id, number, kind, amount, balance_after, message_id, at) \
         VALUES ($1, $2, 'CHARGE', -1, $3, $4, now())",
    )
    .bind(workspace_id)
    .bind(entry + 1)
    .bind(balance - 1)
    .bind(&id)
    .execute(&mut *txn)
    .await?;
    sqlx::query(
        "UPDATE workspaces SET balance = $2, last_entry = $3, last_place = $4, last_activation = $5 WHERE id = $1",
    )
    .bind(workspace_id)
    .bind(balance - 1)
    .bind(entry + 1)
    .bind(place + 1)
    .bind(sequence)
    .execute(&mut *txn)
    .await?;
    log(&mut txn, workspace_id, sequence, body).await?;
    txn.commit().await?;
    Ok(id)
}

async fn log(
    txn: &mut sqlx::Transaction<'_, sqlx::Postgres>,
    workspace_id: Uuid,
    sequence: i64,
    body: &[u8],
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO activation_pages (workspace_id, slot, page, calls) \
         VALUES ($1, $2 / 4 % 26, $2 / 4, $3) ON CONFLICT (workspace_id, slot) DO UPDATE SET page = excluded.page, \
         calls = CASE WHEN activation_pages.page = excluded.page THEN activation_pages.calls || ',' || excluded.calls \
         ELSE excluded.calls END",
    )
    .bind(workspace_id)
    .bind(sequence)
    .bind(call(&String::from_utf8_lossy(body)))
    .execute(&mut **txn)
    .await?;
    Ok(())
}
