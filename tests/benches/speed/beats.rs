//! How punctual 10,000 lanes are on PostgreSQL, against 10,000 bare timers that keep the same pace.

use std::process::{Command, Stdio};

use nhip_domain::Database;
use sea_orm::ConnectionTrait as _;

use crate::{
    disk,
    figures::{median, ratio, ratios, rounds},
    furnish::furnish,
    postgres::Postgres,
};

const ACCOUNTS: u32 = 10_000;
/// More messages per account than all rounds can send.
const BACKLOG: usize = 12;
/// How long one round is measured, after its lanes have started.
const SECONDS: u64 = 8;
/// What the default pace makes of so many accounts.
const PER_SECOND: f64 = 5_000.0;

/// What one round saw.
#[derive(Clone, Copy, Debug)]
struct Seen {
    sends: f64,
    p50_ms: f64,
    p99_ms: f64,
    early: f64,
    cpu_us: f64,
}

pub(crate) async fn run() {
    let server = Postgres::start();
    let url = server.database("lanes");
    let db = Database::patient_postgres(&url).await.unwrap();
    furnish(db.clone(), 100).await;
    backlog(&db).await;
    println!("PostgreSQL; {ACCOUNTS} accounts with backlog at the default pace, {} rounds of {SECONDS} s\n", rounds());
    let (mut lanes, mut timers, mut probes) = (Vec::new(), Vec::new(), Vec::new());
    for _round in 0..rounds() {
        probes.push(disk::fdatasync_us(server.folder()));
        lanes.push(measure(&["lanes", &url]));
        timers.push(measure(&["timers", ""]));
    }
    println!("fdatasync: {:.0} µs (median)\n", median(probes));
    let of = |seen: &[Seen], what: fn(&Seen) -> f64| median(seen.iter().map(what).collect());
    let seconds = f64::from(u32::try_from(SECONDS).unwrap());
    ratios();
    ratio("p99 lateness ms : bare timers'", of(&lanes, |s| s.p99_ms), of(&timers, |s| s.p99_ms), "10", "4");
    ratio("p50 lateness ms : bare timers'", of(&lanes, |s| s.p50_ms), of(&timers, |s| s.p50_ms), "", "");
    ratio("sends/s : what the pace makes", of(&lanes, |s| s.sends) / seconds, PER_SECOND, "0.97", "0.99");
    ratio("worker's CPU µs per send : bare timers'", of(&lanes, |s| s.cpu_us), of(&timers, |s| s.cpu_us), "", "");
    println!("\nbeats that came early: {}\n", lanes.iter().map(|seen| seen.early).sum::<f64>());
}

/// Accounts and their queues, written as fast as the database can.
async fn backlog(db: &Database) {
    let accounts = format!(
        "INSERT INTO accounts (id, workspace_id, phone, name, gateway, state, connected_at, created_at, pace_min_ms, \
           pace_max_ms, lane_epoch, lane_taken_over) \
         SELECT gen_random_uuid(), lpad(to_hex(1 + n % 100), 32, '0')::uuid, 15105560000 + n, 'Shop', 'SIMULATOR', \
           'CONNECTED', now(), now(), 1500, 2500, 0, FALSE FROM generate_series(1, {ACCOUNTS}) n"
    );
    let messages = format!(
        "INSERT INTO messages (id, workspace_id, account_id, place, status, source, text, recipient, recipient_kind, \
           recipient_key, by_default, credits, restored, attempts, hand_overs, created_at) \
         SELECT '3EB0' || upper(substr(md5(a.id::text || n), 1, 16)), a.workspace_id, a.id, \
           row_number() OVER (PARTITION BY a.workspace_id ORDER BY n), 'QUEUED', 'WEBHOOK', 'lorem ipsum', '+14151231234', \
           'PHONE', '14151231234@s.whatsapp.net', TRUE, 1, FALSE, 0, 0, now() \
         FROM accounts a CROSS JOIN generate_series(1, {}) n WHERE a.phone IS NOT NULL",
        BACKLOG * rounds()
    );
    let txn = [
        "BEGIN; SET LOCAL session_replication_role = replica",
        &accounts,
        &messages,
        "COMMIT; ANALYZE accounts; ANALYZE messages",
    ];
    db.schema().execute_unprepared(&txn.join("; ")).await.unwrap();
}

fn measure(what: &[&str]) -> Seen {
    let program = std::env::current_exe().unwrap();
    let child = Command::new(program).arg("serve").args(what).arg(SECONDS.to_string()).stdout(Stdio::piped()).spawn();
    let said = String::from_utf8(child.unwrap().wait_with_output().unwrap().stdout).unwrap();
    println!("{}: {}", what[0], said.trim());
    let figures: Vec<f64> = said.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
    let [sends, p50_ms, p99_ms, early, cpu_us] = figures.as_slice() else { panic!("{} said: {said}", what[0]) };
    Seen { sends: *sends, p50_ms: *p50_ms, p99_ms: *p99_ms, early: *early, cpu_us: *cpu_us }
}
