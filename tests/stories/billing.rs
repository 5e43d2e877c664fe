//! Billing jobs, run as the documents print them, and the stream that they read.

use std::{collections::BTreeMap, path::Path, process::Stdio, time::Duration};

use nhip_entity::credit_entry;
use nhip_tests::{
    Options, Query,
    Shape::{self, Embedded, ScaledOut},
    Shop, TestApp, phone, until,
};
use rstest::rstest;
use sea_orm::{EntityTrait as _, PaginatorTrait as _, QueryOrder as _};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

/// Well above what a busy machine takes to give entries their places.
const SOON: Duration = Duration::from_secs(30);
const PAGE: &str = "query($a: String, $n: Int) { creditEntries(first: $n, after: $a) { \
    nodes { id workspaceId amount balanceAfter } pageInfo { hasNextPage endCursor } } }";

/// A token over all workspaces, made on the command line.
async fn billing_token(app: &TestApp) -> String {
    let arguments = ["token", "create", "--name", "job", "--scopes", "billing:read,billing:write"];
    let made = app.command(&arguments).await;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let printed = String::from_utf8_lossy(&made.stdout).into_owned();
    let token = printed.split_whitespace().find(|word| word.starts_with("nhip_at_")).unwrap().to_owned();
    app.keep_secret(&token, "an API token");
    token
}

/// Everything in the stream, by way of small pages.
async fn stream(app: &TestApp, token: &str) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = app.ask(Some(token), &Query::new(PAGE, json!({"a": after, "n": 50}))).await["creditEntries"].clone();
        all.extend(page["nodes"].as_array().unwrap().clone());
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            return all;
        }
    }
}

async fn entries_made(app: &TestApp) -> u64 {
    let database = app.database().await;
    let count = credit_entry::Entity::find().count(&database).await.unwrap();
    database.close().await.unwrap();
    count
}

async fn all_have_their_places(app: &TestApp, token: &str) {
    let what = "every entry has its place in the stream";
    until(what, SOON, async || stream(app, token).await.len() as u64 == entries_made(app).await).await;
}

enum Job {
    Python,
    Rust,
}

impl Job {
    async fn run(&self, app: &TestApp, token: &str, folder: &Path) -> Value {
        let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/billing/job.py");
        let example = || std::env::current_exe().unwrap().parent().unwrap().with_file_name("examples/billing-job");
        let mut command = match self {
            Self::Python => Command::new("python3"),
            Self::Rust => Command::new(example()),
        };
        if matches!(self, Self::Python) {
            command.arg(docs);
        }
        command.arg(folder).env("NHIP_URL", app.url()).env("NHIP_TOKEN", token).stdin(Stdio::null());
        let ran = command.output().await.unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        serde_json::from_slice(&std::fs::read(folder.join("state.json")).unwrap()).unwrap()
    }
}

#[rstest]
#[tokio::test]
async fn the_printed_jobs_grant_once_and_count_every_entry_once(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).credits(10).start().await;
    let shop = app.shop().await;
    let token = billing_token(&app).await;
    let folder = TempDir::new().unwrap();
    let order = |name: &str, credits: i32| json!({"order": name, "workspaceId": shop.workspace_id, "credits": credits});
    let orders = json!([order("A-17", 500), order("A-18", -10)]);
    std::fs::write(folder.path().join("orders.json"), orders.to_string()).unwrap();
    let mut sent = 0;
    for job in [Job::Python, Job::Rust, Job::Python, Job::Rust] {
        shop.send(phone::NEVER_READ, &format!("number {sent}, charged")).await;
        shop.send(phone::NOT_ON_WHATSAPP, &format!("number {sent}, restored")).await;
        sent += 1;
        app.settle().await;
        all_have_their_places(&app, &token).await;
        let state = job.run(&app, &token, folder.path()).await;
        assert_eq!(state["used"], json!({ &shop.workspace_id: sent }));
        assert_eq!(job.run(&app, &token, folder.path()).await["used"], state["used"], "nothing is counted twice");
        assert_eq!(shop.credits().await, 10 + 500 - 10 - sent);
    }
    app.finish().await;
}

/// Accepts, cancels and grants, as fast as it goes.
async fn write(shop: &Shop<'_>, token: &str) {
    for n in 0..15 {
        let sending = (0..4).map(|m| async move {
            let call = json!({"action": "send", "phone": phone::NEVER_READ, "text": format!("number {n} of call {m}")});
            // A busy machine may ask to come back: that charged nothing.
            while shop.post(call.clone()).await.status == 503 {}
        });
        futures::future::join_all(sending).await;
        shop.cancel(json!({"allQueued": true})).await;
        let input =
            json!({"workspaceId": shop.workspace_id, "amount": 1, "reason": "x", "idempotencyKey": n.to_string()});
        let grant = Query::mutation("grantCredits", "GrantCreditsInput", input, "{ repeated }");
        shop.app.ask(Some(token), &grant).await;
    }
}

#[rstest]
#[tokio::test]
async fn a_reader_beside_many_writers_misses_nothing_and_sees_nothing_twice(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let app = Options::new(shape).apis(3).workers(2).start().await;
    let token = billing_token(&app).await;
    let shops = futures::future::join_all((0..3).map(|_| app.shop())).await;
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    let mut read = async |pages: usize| {
        for _ in 0..pages {
            let query = Query::new(PAGE, json!({"a": after, "n": 7}));
            let page = app.ask(Some(&token), &query).await["creditEntries"].clone();
            if page["nodes"].as_array().unwrap().is_empty() {
                assert_eq!(page["pageInfo"]["endCursor"], after, "an empty page's end is where it began");
            }
            seen.extend(page["nodes"].as_array().unwrap().clone());
            after = page["pageInfo"]["endCursor"].clone();
        }
        seen.len() as u64
    };
    let writing = futures::future::join_all(shops.iter().map(|shop| write(shop, &token)));
    tokio::select! {
        _ = writing => {}
        // A page that is cut off was not seen: the cursor moves with what was.
        _ = read(usize::MAX) => unreachable!("nobody reads so many pages"),
    }
    app.settle().await;
    let made = entries_made(&app).await;
    let begun = app.clock().instant();
    while read(1).await < made {
        assert!(app.clock().instant() - begun < SOON, "the reader does not come to the end");
    }
    let database = app.database().await;
    let stored =
        credit_entry::Entity::find().order_by_asc(credit_entry::Column::Position).all(&database).await.unwrap();
    database.close().await.unwrap();
    let ids: Vec<String> = stored.iter().map(|row| format!("{}:{}", row.workspace_id, row.number)).collect();
    assert_eq!(seen.iter().map(|entry| entry["id"].as_str().unwrap()).collect::<Vec<_>>(), ids);
    // Of each workspace, in the order in which it happened, and adding up.
    let mut last: BTreeMap<&str, (u64, i64)> = BTreeMap::new();
    for entry in &seen {
        let (workspace, number) = entry["id"].as_str().unwrap().split_once(':').unwrap();
        let (before, balance) = last.entry(workspace).or_default();
        assert_eq!(number.parse::<u64>().unwrap(), *before + 1, "{entry}");
        *before += 1;
        *balance += entry["amount"].as_i64().unwrap();
        assert_eq!(entry["balanceAfter"].as_i64().unwrap(), *balance, "{entry}");
    }
    app.finish().await;
}
