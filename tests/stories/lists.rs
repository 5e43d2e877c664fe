//! Every list has an index for its order and its filters: whatever is asked of a large workspace, few rows are read.

use nhip_scratch::Scratch;
use nhip_tests::Full;
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::Value;

/// Enough that reading all of a table would be seen, and is not what the planner prefers.
const MESSAGES: i64 = 60_000;
/// Rows that all parts of one statement may look at: a search looks through the newest 2,000 of each status.
const MOST: f64 = 25_000.0;

/// What a statement did, part by part.
async fn plan(full: &Full, statement: &Statement) -> Value {
    let values = statement.values.clone().map(|values| values.0).unwrap_or_default();
    let sql = format!("EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {}", statement.sql);
    let explain = Statement::from_sql_and_values(full.cx.db.backend(), sql, values);
    let row = full.cx.db.schema().query_one_raw(explain).await.unwrap().unwrap();
    row.try_get_by_index::<Value>(0).unwrap()[0]["Plan"].clone()
}

/// Rows that came out of tables and indexes, or were read there and thrown away.
fn rows_read(plan: &Value) -> f64 {
    let number = |name: &str| plan[name].as_f64().unwrap_or_default();
    let parts = plan["Plans"].as_array().cloned().unwrap_or_default();
    let own = if parts.is_empty() {
        (number("Actual Rows") + number("Rows Removed by Filter")) * number("Actual Loops").max(1.0)
    } else {
        0.0
    };
    own + parts.iter().map(rows_read).sum::<f64>()
}

fn walks_a_table(plan: &Value) -> bool {
    let large = ["messages", "chats", "credit_entries", "message_grams"];
    let is_large = plan["Relation Name"].as_str().is_some_and(|name| large.contains(&name));
    (plan["Node Type"] == "Seq Scan" && is_large)
        || plan["Plans"].as_array().is_some_and(|parts| parts.iter().any(walks_a_table))
}

#[tokio::test]
async fn no_list_reads_more_than_it_shows_of_a_large_workspace() {
    let scratch = Scratch::migrated().await;
    let full = Full::of(&scratch.url(), MESSAGES).await;
    let account = full.read("accounts { nodes { id } }").await["accounts"]["nodes"][3]["id"].clone();
    let old =
        full.read("messages(search: \"needle\") { nodes { createdAt } }").await["messages"]["nodes"][0]["createdAt"]
            .clone();
    full.statements();
    let nodes = "{ nodes { id } pageInfo { hasNextPage endCursor } }";
    let fields = [
        format!("messages {nodes}"),
        format!("messages(first: 200, statuses: [FAILED, QUEUED]) {nodes}"),
        format!("messages(accountId: {account}) {nodes}"),
        format!("messages(accountId: {account}, statuses: [FAILED]) {nodes}"),
        format!("messages(failures: [EXPIRED, UNCONFIRMED]) {nodes}"),
        format!("messages(failures: [EXPIRED], accountId: {account}, statuses: [FAILED]) {nodes}"),
        format!("messages(chatId: 77300) {nodes}"),
        format!("messages(until: {old}) {nodes}"),
        format!("messages(since: {old}, until: {old}, statuses: [READ]) {nodes}"),
        format!("messages(search: \"needle\") {nodes}"),
        format!("messages(search: \"READY\") {nodes}"),
        format!("messages(search: \"1202500123\", accountId: {account}) {nodes}"),
        format!("chats {nodes}"),
        format!("chats(accountId: {account}) {nodes}"),
        format!("credits {{ entries {nodes} }}"),
        format!("credits {{ entries(kinds: [GRANT]) {nodes} }}"),
        format!("credits {{ entries(until: {old}, kinds: [CHARGE, RESTORE]) {nodes} }}"),
        "credits { totals(since: \"2020-01-01T00:00:00Z\") { charged } }".to_owned(),
    ];
    for field in &fields {
        full.read(field).await;
        check(&full, field).await;
    }
    let streams = [
        format!("creditEntries {nodes}"),
        format!("creditEntries(kinds: [GRANT, RESTORE]) {nodes}"),
        format!("creditEntries(workspaceId: \"{}\", kinds: [GRANT]) {nodes}", full.workspace_id),
        format!("creditEntries(since: {old}) {nodes}"),
        format!("creditEntries(until: {old}) {nodes}"),
    ];
    for field in &streams {
        full.bill(field).await;
        check(&full, field).await;
    }
}

async fn check(full: &Full, field: &str) {
    let statements = full.statements();
    assert!(!statements.is_empty(), "{field} asked nothing");
    for statement in statements {
        let plan = plan(full, &statement).await;
        let read = rows_read(&plan);
        assert!(!walks_a_table(&plan), "{field} walks a table: {}\n{plan:#}", statement.sql);
        assert!(read < MOST, "{field} reads {read} rows: {}\n{plan:#}", statement.sql);
    }
}

#[tokio::test]
async fn a_search_finds_what_is_old_and_what_is_everywhere() {
    let scratch = Scratch::migrated().await;
    let full = Full::of(&scratch.url(), 10_000).await;
    let found = async |search: &str| {
        let field = format!(
            "messages(search: \"{search}\", first: 3) {{ totalCount nodes {{ text }} pageInfo {{ hasNextPage endCursor }} }}"
        );
        full.read(&field).await["messages"].clone()
    };
    let needle = found("A NEEDLE").await;
    assert_eq!((&needle["totalCount"], &needle["pageInfo"]["hasNextPage"]), (&1.into(), &false.into()), "{needle}");
    let everywhere = found("order").await;
    assert_eq!((&everywhere["totalCount"], &everywhere["pageInfo"]["hasNextPage"]), (&10_000.into(), &true.into()));
    // Page after page, the index gives the same as reading everything would.
    let (mut seen, mut after) = (0, String::new());
    loop {
        let field = format!(
            "messages(search: \"c0f\"{after}, first: 5) {{ totalCount nodes {{ text }} pageInfo {{ hasNextPage endCursor }} }}"
        );
        let page = full.read(&field).await["messages"].clone();
        let nodes = page["nodes"].as_array().unwrap();
        assert!(nodes.iter().all(|node| node["text"].as_str().unwrap().contains("c0f")), "{page}");
        seen += nodes.len();
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"], seen);
            break;
        }
        after = format!(", after: {}", page["pageInfo"]["endCursor"]);
    }
    assert!(seen > 20, "{seen}");
}
