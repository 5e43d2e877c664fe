//! How fast calls are accepted: group commit against one transaction per message, the same rows, the same kind of database
//! (SQLite, `synchronous=FULL`), the same HTTP, in one run, rounds interleaved. Figures swing with the machine; ratios do
//! not, so the ratio is the result.
use std::{
    fs::File,
    io::Write as _,
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use nhip_api::{
    access_token::AccessTokens,
    graphql::{self, Deps},
    http::App,
};
use nhip_domain::{
    Cx, Database,
    clock::{self, Clock},
    message::Acceptor,
    secret::SecretKey,
    settings::Settings,
    token::{Token, TokenKind},
};
use nhip_entity::{account, credit_entry::CreditKind, webhook, workspace};
use nhip_migration::{Migrator, MigratorTrait as _};
use nhip_worker::bus::LocalBus;
use poem::{Server, listener::TcpAcceptor};
use sea_orm::{EntityTrait as _, IntoActiveModel as _};
use uuid::Uuid;

const ROUNDS: usize = 5;
const CONNECTIONS: [usize; 4] = [1, 16, 64, 256];
const SECONDS: u64 = 3;

struct Side {
    name: &'static str,
    url: String,
    folder: tempfile::TempDir,
}

#[derive(Clone, Copy)]
struct Measured {
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    batch: f64,
}

#[tokio::main]
async fn main() {
    if Command::new("wrk").arg("-v").output().is_err() {
        println!("the benchmark needs wrk; get it with: apt-get install -y wrk");
        std::process::exit(1);
    }
    let metrics = metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder().unwrap();
    let sides = [Side::open("group commit", 256).await, Side::open("one transaction per message", 1).await];
    println!(
        "SQLite, synchronous=FULL; {ROUNDS} rounds of {SECONDS} s, interleaved; a probe of the disk beside them\n"
    );
    let mut probes = Vec::new();
    let mut results = vec![vec![Vec::new(); sides.len()]; CONNECTIONS.len()];
    for _round in 0..ROUNDS {
        for (row, connections) in results.iter_mut().zip(CONNECTIONS) {
            for (cell, side) in row.iter_mut().zip(&sides) {
                probes.push(fdatasync_us(side.folder.path()));
                let before = batches(&metrics.render());
                let url = side.url.clone();
                let mut measured = tokio::task::spawn_blocking(move || wrk(&url, connections)).await.unwrap();
                let after = batches(&metrics.render());
                measured.batch = (after.0 - before.0) / (after.1 - before.1).max(1.0);
                cell.push(measured);
            }
        }
    }
    println!("fdatasync: {:.0} µs (median)\n", median(probes));
    println!("connections | side                        |  calls/s | p50 ms | p99 ms | batch | ratio");
    for (row, connections) in results.iter().zip(CONNECTIONS) {
        let of = |side: usize, what: fn(&Measured) -> f64| median(row[side].iter().map(what).collect());
        for (side, Side { name, .. }) in sides.iter().enumerate() {
            let ratio = of(side, |m| m.per_second) / of(1, |m| m.per_second);
            println!(
                "{connections:>11} | {name:<27} | {:>8.0} | {:>6.2} | {:>6.2} | {:>5.1} | {ratio:>5.2}",
                of(side, |m| m.per_second),
                of(side, |m| m.p50_ms),
                of(side, |m| m.p99_ms),
                of(side, |m| m.batch),
            );
        }
    }
}

impl Side {
    async fn open(name: &'static str, batch: usize) -> Self {
        // Beside the build, so on a disk: /tmp may be memory.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let db = Database::sqlite(&folder.path().join("nhip.db")).await.unwrap();
        Migrator::up(db.schema(), None).await.unwrap();
        let secret = SecretKey::new(&SecretKey::draw(&mut clock::rng())).unwrap();
        let bus = LocalBus::with_nudges(|_account_id| {});
        let cx = Cx {
            db,
            clock: Clock::system(),
            settings: Arc::new(Settings::default()),
            secret,
            signals: Arc::new(bus.clone()),
        };
        let token = Token::draw(TokenKind::Webhook, &mut clock::rng());
        furnish(&cx, &token).await;
        let deps = Deps {
            acceptor: Acceptor::with_batches_of(cx.clone(), batch),
            tokens: AccessTokens::new(&cx.secret),
            bus: Arc::new(bus),
            downloader: nhip_worker::file::Downloader::new(nhip_worker::file::Exceptions::default()).unwrap(),
            cx,
        };
        let app = App { admin: graphql::build(deps.clone(), false), deps, trusted_proxies: Arc::new([]) };
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}/webhook/{}", listener.local_addr().unwrap(), token.reveal());
        let acceptor = TcpAcceptor::from_std(listener).unwrap();
        tokio::spawn(async move { Server::new_with_acceptor(acceptor).run(app).await });
        Self { name, url, folder }
    }
}

/// One workspace with more credits than a benchmark can spend.
async fn furnish(cx: &Cx, token: &Token) {
    let id = Uuid::new_v4();
    let workspace = workspace::Model {
        id,
        name: "Shop".to_owned(),
        created_at: cx.now(),
        deleted_at: None,
        balance: 0,
        last_entry: 0,
        verified_entry: 0,
        last_place: 0,
    };
    workspace::Entity::insert(workspace.into_active_model()).exec_without_returning(cx.db.schema()).await.unwrap();
    let txn = cx.db.write(nhip_domain::database::Urgency::Normal).await.unwrap();
    let locked = nhip_domain::ledger::lock_workspaces(&txn, [id]).await.unwrap();
    let mut book = nhip_domain::ledger::Book::open(cx.now(), &locked);
    book.add(id, CreditKind::Grant, 1_000_000_000, nhip_domain::ledger::Note::default()).unwrap();
    book.write(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let webhook = webhook::Model {
        workspace_id: id,
        enabled: true,
        token_hash: Some(token.hash().to_vec()),
        token_sealed: None,
        url_hint: None,
        url_created_at: Some(cx.now()),
        last_activation: 0,
        full_again_at_us: 0,
    };
    webhook::Entity::insert(webhook.into_active_model()).exec_without_returning(cx.db.schema()).await.unwrap();
    let account = account::Model {
        id: Uuid::new_v4(),
        workspace_id: id,
        phone: Some("15105566777".to_owned()),
        name: "Shop".to_owned(),
        gateway: account::Gateway::Simulator,
        state: account::AccountState::Connected,
        reason: None,
        reason_detail: None,
        restricted_until: None,
        connected_at: Some(cx.now()),
        created_at: cx.now(),
        unable_since: None,
        pace_min_ms: 1_500,
        pace_max_ms: 2_500,
        lane_owner: None,
        lane_epoch: 0,
        lane_taken_over: false,
        next_send_at: None,
    };
    account::Entity::insert(account.into_active_model()).exec_without_returning(cx.db.schema()).await.unwrap();
}

fn wrk(url: &str, connections: usize) -> Measured {
    let mut script = tempfile::NamedTempFile::new().unwrap();
    let body = r#"{\"action\": \"send\", \"phone\": \"+14151231234\", \"text\": \"lorem ipsum\"}"#;
    writeln!(script, "wrk.method = 'POST'\nwrk.body = \"{body}\"\nwrk.headers['Content-Type'] = 'application/json'")
        .unwrap();
    writeln!(script, "done = function(s, l, r) io.write(string.format('%f %f %f %d\\n', s.requests / s.duration * 1e6, l:percentile(50) / 1000, l:percentile(99) / 1000, s.errors.status)) end").unwrap();
    let (connections, seconds) = (connections.to_string(), format!("{SECONDS}s"));
    let output = Command::new("wrk")
        .args(["-t1", "-c", &connections, "-d", &seconds, "-s"])
        .arg(script.path())
        .arg(url)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let figures: Vec<f64> = text.lines().last().unwrap().split(' ').map(|figure| figure.parse().unwrap()).collect();
    assert!(figures[0] > 0.0 && figures[3] == 0.0, "not all calls were accepted:\n{text}");
    Measured { per_second: figures[0], p50_ms: figures[1], p99_ms: figures[2], batch: 0.0 }
}

/// Sum and count of the sizes of accept's batches so far.
fn batches(rendered: &str) -> (f64, f64) {
    let value = |name: &str| {
        let line = rendered.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or(0.0)
    };
    (value("nhip_accept_batch_size_sum"), value("nhip_accept_batch_size_count"))
}

#[expect(clippy::disallowed_methods, reason = "it measures the disk")]
fn fdatasync_us(folder: &Path) -> f64 {
    let mut file = File::create(folder.join("probe")).unwrap();
    let mut took: Vec<f64> = Vec::new();
    for _write in 0..20 {
        let start = Instant::now();
        file.write_all(&[7; 4096]).unwrap();
        file.sync_data().unwrap();
        took.push(start.elapsed().max(Duration::from_nanos(1)).as_secs_f64() * 1e6);
    }
    median(took)
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
