//! pgbench, writing the same rows with one transaction per message, and nothing before or after the database.

use std::io::Write as _;

use serde_json::json;
use uuid::Uuid;

use crate::{figures::median, postgres::Postgres, wrk::WARM_UP};

/// Transactions per second on `database`, over its first `workspaces`, once it is warm.
pub(crate) fn run(server: &Postgres, database: &str, workspaces: usize, clients: u32, seconds: u64) -> f64 {
    let mut file = tempfile::Builder::new().suffix(".sql").tempfile_in(server.folder()).unwrap();
    file.write_all(script(workspaces).as_bytes()).unwrap();
    let path = file.path();
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let (clients, seconds) = (clients.to_string(), (WARM_UP + seconds).to_string());
    let said = server.run(
        "pgbench",
        &[
            "--no-vacuum",
            "--protocol=prepared",
            "--jobs=1",
            "--client",
            &clients,
            "--time",
            &seconds,
            "--progress=1",
            "--file",
            path.to_str().unwrap(),
            "--host",
            server.host(),
            "--username=nhip",
            database,
        ],
    );
    // "progress: 1.0 s, 338.0 tps, lat …"
    let progress = said.lines().filter_map(|line| line.strip_prefix("progress: ")?.split(' ').nth(2)?.parse().ok());
    let warm: Vec<f64> = progress.skip(usize::try_from(WARM_UP).unwrap()).collect();
    assert!(!warm.is_empty(), "pgbench said:\n{said}");
    median(warm)
}

/// What the log keeps of a call.
pub(crate) fn call(body: &str) -> String {
    let heard =
        json!({"at": "2026-11-22T12:00:00.000000Z", "id": Uuid::nil(), "body": body, "remote_address": "127.0.0.1"});
    let told = json!({
        "sequence": 1_000_000, "outcome": "ACCEPTED", "http_status": 200, "message_id": "3EB00000000000000000", "duration_us": 1_000
    });
    json!([heard, told]).to_string()
}

fn script(workspaces: usize) -> String {
    let call = call(crate::wrk::BODY);
    format!(
        r"\set n random(1, {workspaces})
\set key random(1, 9223372036854775807)
BEGIN;
SELECT w.id AS workspace, w.balance, w.last_entry, w.last_place, w.last_activation, a.id AS account FROM workspaces w JOIN accounts a ON a.workspace_id = w.id WHERE w.id = lpad(to_hex(:n::int), 32, '0')::uuid FOR NO KEY UPDATE OF w \gset
INSERT INTO messages (id, workspace_id, account_id, place, status, source, text, recipient, recipient_kind, recipient_key, by_default, credits, restored, attempts, hand_overs, created_at) VALUES ('3EB0' || upper(lpad(to_hex(:key::bigint), 16, '0')), :workspace, :account, :last_place + 1, 'QUEUED', 'WEBHOOK', 'lorem ipsum', '+14151231234', 'PHONE', '14151231234@s.whatsapp.net', true, 1, false, 0, 0, now());
INSERT INTO credit_entries (workspace_id, number, kind, amount, balance_after, message_id, at) VALUES (:workspace, :last_entry + 1, 'CHARGE', -1, :balance - 1, '3EB0' || upper(lpad(to_hex(:key::bigint), 16, '0')), now());
INSERT INTO activation_pages (workspace_id, slot, page, calls) VALUES (:workspace, (:last_activation + 1) / 4 % 26, (:last_activation + 1) / 4, '{call}') ON CONFLICT (workspace_id, slot) DO UPDATE SET page = excluded.page, calls = CASE WHEN activation_pages.page = excluded.page THEN activation_pages.calls || ',' || excluded.calls ELSE excluded.calls END;
UPDATE workspaces SET balance = :balance - 1, last_entry = :last_entry + 1, last_place = :last_place + 1, last_activation = :last_activation + 1 WHERE id = :workspace;
COMMIT;
"
    )
}
