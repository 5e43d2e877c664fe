//! What billing jobs read over all workspaces, and what people read of their own credits.

use chrono::{DateTime, TimeDelta, Utc};
use nhip_domain::{api_token, ledger};
use nhip_entity::api_token::Scope;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::app::{Shop, TestApp, code, text};

const STREAM: &str = "query($w: ID, $k: [CreditKind!], $s: DateTime, $u: DateTime, $n: Int, $a: String) { \
     creditEntries(workspaceId: $w, kinds: $k, since: $s, until: $u, first: $n, after: $a) { \
       totalCount pageInfo { endCursor hasNextPage hasPreviousPage } \
       nodes { id workspaceId workspaceName kind amount balanceAfter messageId } } }";
const BALANCES: &str = "query($n: Int, $a: String) { workspaceBalances(first: $n, after: $a) { totalCount \
     pageInfo { endCursor hasNextPage } nodes { workspaceId workspaceName balance queued } } }";

async fn token(app: &TestApp, scopes: &[Scope], workspace: Option<&Shop<'_>>) -> String {
    let new = api_token::NewToken {
        name: "job".to_owned(),
        scopes: scopes.to_vec(),
        workspace_id: workspace.map(|shop| shop.id.parse().unwrap()),
        life: std::time::Duration::from_hours(1),
    };
    api_token::create(app.cx(), new).await.unwrap().0.reveal().to_owned()
}

async fn ok(app: &TestApp, job: &str, query: &str, variables: Value) -> Value {
    let answer = app.graphql(Some(job), query, variables).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    answer["data"].clone()
}

fn kinds(page: &Value) -> Vec<String> {
    page["nodes"].as_array().unwrap().iter().map(|node| text(&node["kind"])).collect()
}

#[tokio::test]
async fn a_billing_job_reads_every_workspaces_entries_in_one_order() {
    for app in TestApp::everywhere().await {
        let (ada, bob) = (app.shop("ada").await, app.shop("bob").await);
        ada.connect("15105566777").await;
        ada.send("one").await;
        let job = token(&app, &[Scope::BillingRead], None).await;
        let read = async |variables: Value| ok(&app, &job, STREAM, variables).await["creditEntries"].clone();
        assert_eq!(read(json!({})).await["nodes"], json!([]), "nothing has its place yet");
        ledger::sequence(app.cx()).await.unwrap();
        let all = read(json!({})).await;
        assert_eq!(kinds(&all), ["GRANT", "GRANT", "CHARGE"]);
        let charge = &all["nodes"][2];
        assert_eq!(
            (&charge["workspaceName"], &charge["amount"], &charge["balanceAfter"]),
            (&json!("ada's shop"), &json!(-1), &json!(99))
        );
        // Page by page it is the same, and the last cursor goes on where more comes.
        let first = read(json!({"n": 2})).await;
        assert_eq!(first["pageInfo"]["hasNextPage"], true);
        let second = read(json!({"n": 2, "a": first["pageInfo"]["endCursor"]})).await;
        assert_eq!(second["nodes"], json!([all["nodes"][2]]));
        let end = second["pageInfo"]["endCursor"].clone();
        let empty = read(json!({"a": end})).await;
        assert_eq!(empty["nodes"], json!([]));
        assert_eq!(empty["pageInfo"], json!({"endCursor": end, "hasNextPage": false, "hasPreviousPage": true}));
        ada.send("two").await;
        ledger::sequence(app.cx()).await.unwrap();
        assert_eq!(kinds(&read(json!({"a": end})).await), ["CHARGE"]);
        // Filters.
        assert_eq!(kinds(&read(json!({"w": bob.id})).await), ["GRANT"]);
        assert_eq!(kinds(&read(json!({"k": ["CHARGE", "RESTORE"]})).await), ["CHARGE", "CHARGE"]);
        assert_eq!(kinds(&read(json!({"w": ada.id, "k": ["GRANT"], "until": null})).await), ["GRANT"]);
        let long_ago = "2020-01-01T00:00:00Z";
        assert_eq!(kinds(&read(json!({"s": long_ago})).await).len(), 4);
        assert_eq!(kinds(&read(json!({"u": long_ago})).await), [""; 0]);
    }
}

#[tokio::test]
async fn balances_are_read_by_workspace_id() {
    for app in TestApp::everywhere().await {
        let (ada, bob) = (app.shop("ada").await, app.shop("bob").await);
        ada.connect("15105566777").await;
        ada.send("one").await;
        let job = token(&app, &[Scope::BillingRead], None).await;
        let first = ok(&app, &job, BALANCES, json!({"n": 1})).await["workspaceBalances"].clone();
        let after = &first["pageInfo"]["endCursor"];
        let second = ok(&app, &job, BALANCES, json!({"n": 1, "a": after})).await["workspaceBalances"].clone();
        assert_eq!((&first["totalCount"], &second["pageInfo"]["hasNextPage"]), (&json!(2), &json!(false)));
        let mut nodes = [first["nodes"][0].clone(), second["nodes"][0].clone()];
        assert!(text(&nodes[0]["workspaceId"]) < text(&nodes[1]["workspaceId"]));
        nodes.sort_by_key(|node| text(&node["workspaceName"]));
        assert_eq!(
            json!(nodes),
            json!([
                {"workspaceId": ada.id, "workspaceName": "ada's shop", "balance": 99, "queued": 1},
                {"workspaceId": bob.id, "workspaceName": "bob's shop", "balance": 100, "queued": 0},
            ])
        );
    }
}

#[tokio::test]
async fn only_billing_tokens_read_other_peoples_ledgers() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.shop("ada").await, app.shop("bob").await);
    ledger::sequence(app.cx()).await.unwrap();
    let bound = token(&app, &[Scope::BillingRead], Some(&bob)).await;
    let writer = token(&app, &[Scope::BillingWrite], None).await;
    for query in [STREAM, BALANCES] {
        assert_eq!(ada.refused(query, json!({})).await, "FORBIDDEN");
        assert_eq!(code(&app.graphql(Some(&writer), query, json!({})).await), "FORBIDDEN");
        assert_eq!(code(&app.graphql(None, query, json!({})).await), "UNAUTHENTICATED");
    }
    let stream = ok(&app, &bound, STREAM, json!({})).await;
    assert_eq!(stream["creditEntries"]["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(stream["creditEntries"]["nodes"][0]["workspaceId"], json!(bob.id));
    let balances = ok(&app, &bound, BALANCES, json!({})).await;
    assert_eq!(balances["workspaceBalances"]["nodes"][0]["workspaceId"], json!(bob.id));
    assert_eq!(balances["workspaceBalances"]["totalCount"], 1);
    for id in [ada.id.as_str(), "4a3e1f1e-0000-4000-8000-000000000000", "x"] {
        assert_eq!(code(&app.graphql(Some(&bound), STREAM, json!({"w": id})).await), "NOT_FOUND", "{id}");
    }
}

/// What else would take a gateway.
async fn change(app: &TestApp, sql: &str) {
    app.cx().db.schema().execute_unprepared(sql).await.unwrap();
}

#[tokio::test]
async fn totals_are_exact_for_any_time_counted_or_not() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        shop.connect("15105566777").await;
        shop.send("one").await;
        ledger::sequence(app.cx()).await.unwrap();
        shop.send("two").await;
        shop.ok(
            "mutation($w: ID!) { cancelMessages(input: {workspaceId: $w, which: {allQueued: true}}) { count } }",
            json!({"w": shop.id}),
        )
        .await;
        let job = token(&app, &[Scope::BillingWrite], None).await;
        let take = "mutation($w: ID!) { grantCredits(input: {workspaceId: $w, amount: -10, reason: \"x\", idempotencyKey: \"k\"}) { repeated } }";
        ok(&app, &job, take, json!({"w": shop.id})).await;
        let query = "query($w: ID!, $s: DateTime!, $u: DateTime) { workspace(id: $w) { credits { \
                     totals(since: $s, until: $u) { granted charged restored adjusted } } } }";
        let totals = async |since: DateTime<Utc>, until: Option<DateTime<Utc>>| {
            let seen = shop
                .ok(query, json!({"w": shop.id, "s": since.to_rfc3339(), "u": until.map(|at| at.to_rfc3339())}))
                .await;
            seen["workspace"]["credits"]["totals"].clone()
        };
        let all = json!({"granted": 100, "charged": 2, "restored": 2, "adjusted": -10});
        let none = json!({"granted": 0, "charged": 0, "restored": 0, "adjusted": 0});
        let now = app.cx().now();
        for _counted in 0..2 {
            for hours in [1, 24, 100_000] {
                assert_eq!(totals(now - TimeDelta::hours(hours), None).await, all);
                assert_eq!(totals(now - TimeDelta::hours(hours), Some(now + TimeDelta::hours(hours))).await, all);
                assert_eq!(totals(now - TimeDelta::hours(hours + 2), Some(now - TimeDelta::hours(hours))).await, none);
            }
            assert_eq!(totals(now + TimeDelta::hours(1), None).await, none);
            ledger::sequence(app.cx()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_chart_counts_what_happened_in_its_buckets() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let path = shop.webhook().await;
        shop.connect("15105566777").await;
        shop.send("one").await;
        shop.send("two").await;
        app.call(super::app::post().uri_str(&path).body("{")).await;
        shop.ok(
            "mutation($w: ID!) { cancelMessages(input: {workspaceId: $w, which: {allQueued: true}}) { count } }",
            json!({"w": shop.id}),
        )
        .await;
        ledger::sequence(app.cx()).await.unwrap();
        let query = "query($w: ID!, $s: DateTime!, $u: DateTime!, $b: Int!) { workspace(id: $w) { activity(since: $s, until: $u, bucket: $b) { \
                     at accepted refused sent delivered read failed canceled chargedCredits restoredCredits } } }";
        let now = app.cx().now();
        let ask = |since: DateTime<Utc>, until: DateTime<Utc>, bucket: i32| json!({"w": shop.id, "s": since.to_rfc3339(), "u": until.to_rfc3339(), "b": bucket});
        for (hours, bucket) in [(1, 60), (4, 60), (2, 3_600), (200, 86_400)] {
            let (since, until) = (now - TimeDelta::hours(hours), now + TimeDelta::minutes(1));
            let seen = shop.ok(query, ask(since, until, bucket)).await;
            let buckets = seen["workspace"]["activity"].as_array().unwrap().clone();
            let sum = |name: &str| buckets.iter().map(|bucket| bucket[name].as_i64().unwrap()).sum::<i64>();
            let counted =
                ["accepted", "refused", "sent", "failed", "canceled", "chargedCredits", "restoredCredits"].map(sum);
            assert_eq!(counted, [2, 1, 0, 0, 2, 2, 2], "{hours} h in buckets of {bucket} s");
            assert!(i64::try_from(buckets.len()).unwrap() >= hours * 3_600 / i64::from(bucket));
            assert!(buckets.is_sorted_by_key(|bucket| text(&bucket["at"])));
        }
        let moment = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        for (since, until, bucket) in [
            (moment("2026-11-22T00:00:30Z"), moment("2026-11-22T08:20:30Z"), 60),
            (now - TimeDelta::hours(9), now, 60),
            (now, now, 60),
            (now, now + TimeDelta::hours(1), 61),
            (now, now + TimeDelta::hours(1), 0),
            (now, now + TimeDelta::hours(1), -60),
        ] {
            assert_eq!(shop.refused(query, ask(since, until, bucket)).await, "BAD_INPUT", "{since} {until} {bucket}");
        }
    }
}

#[tokio::test]
async fn credits_are_exported_for_people_programs_and_spreadsheets() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let job = token(&app, &[Scope::BillingWrite], None).await;
        let grant = "mutation($w: ID!) { grantCredits(input: {workspaceId: $w, amount: 5, reason: \"=HYPERLINK(\\\"http://x\\\")\", idempotencyKey: \"+1\"}) { repeated } }";
        ok(&app, &job, grant, json!({"w": shop.id})).await;
        let query = "query($w: ID!, $f: TextFormat!, $s: DateTime) { workspace(id: $w) { credits { export(format: $f, since: $s) { name mime content } } } }";
        let export = async |format: &str| {
            let seen = shop.ok(query, json!({"w": shop.id, "f": format})).await;
            seen["workspace"]["credits"]["export"].clone()
        };
        let csv = export("CSV").await;
        assert_eq!(
            (text(&csv["name"]), text(&csv["mime"])),
            ("nhip-credits.csv".to_owned(), "text/csv; charset=utf-8".to_owned())
        );
        let content = text(&csv["content"]);
        assert!(content.contains(",GRANT,5,105,,,\"'=HYPERLINK(\"\"http://x\"\")\",\"'+1\","), "{content}");
        let rows: Value = serde_json::from_str(&text(&export("JSON").await["content"])).unwrap();
        assert_eq!((&rows[1]["amount"], &rows[1]["reason"]), (&json!(5), &json!("=HYPERLINK(\"http://x\")")));
        assert_eq!(text(&export("TEXT").await["content"]).lines().count(), 3);
        let later = shop.ok(query, json!({"w": shop.id, "f": "CSV", "s": "2100-01-01T00:00:00Z"})).await;
        assert_eq!(text(&later["workspace"]["credits"]["export"]["content"]).lines().count(), 1);
    }
}

#[tokio::test]
async fn who_takes_away_entries_and_logs_is_written_down() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        shop.webhook().await;
        let member = shop.joined_by("bob", "MEMBER").await;
        let read = "query($w: ID!) { workspace(id: $w) { credits { export(format: CSV) { name } } \
                      incomingWebhook { log(format: JSON) { name } } } }";
        member.ok(read, json!({"w": shop.id})).await;
        let trail = "query($w: ID!) { workspace(id: $w) { auditLog(first: 2) { nodes { actor action } } } }";
        let mut seen = shop.ok(trail, json!({"w": shop.id})).await["workspace"]["auditLog"]["nodes"].clone();
        let entries = seen.as_array_mut().unwrap();
        entries.sort_by_key(|entry| text(&entry["action"]));
        let actions: Vec<_> = entries.iter().map(|entry| text(&entry["action"])).collect();
        assert_eq!(actions, ["credits.export", "webhook.download_log"]);
        assert!(entries.iter().all(|entry| text(&entry["actor"]).contains("bob")), "{entries:?}");
    }
}

#[tokio::test]
async fn files_may_be_asked_for_of_every_workspace_that_one_has() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        shop.webhook().await;
        for file in ["incomingWebhook { log(format: TEXT) { name } }", "credits { export(format: CSV) { name } }"] {
            shop.ok(&format!("{{ workspaces {{ {file} }} }}"), json!({})).await;
        }
    }
}

#[tokio::test]
async fn a_key_may_be_any_text() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let job = token(&app, &[Scope::BillingWrite], None).await;
        let grant = "mutation($w: ID!, $k: String!) { grantCredits(input: {workspaceId: $w, amount: 5, reason: \"x\", idempotencyKey: $k}) { repeated entry { idempotencyKey } } }";
        let key = "đơn hàng số 7 🧾";
        for repeated in [false, true] {
            let granted = ok(&app, &job, grant, json!({"w": shop.id, "k": key})).await["grantCredits"].clone();
            assert_eq!(granted, json!({"repeated": repeated, "entry": {"idempotencyKey": key}}));
        }
        for bad in ["", "a\nb", &"é".repeat(128)] {
            let answer = app.graphql(Some(&job), grant, json!({"w": shop.id, "k": bad})).await;
            assert_eq!(answer["errors"][0]["extensions"]["field"], "idempotencyKey", "{bad:?}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_message_whose_link_opened_a_page_is_told_of_a_better_one() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    shop.connect("15105566777").await;
    let id = shop.send("hello").await;
    let page = "https://drive.google.com/file/d/1AbC/view?usp=sharing";
    let suggested = async |failure: &str, link: &str| {
        let row = format!(
            "UPDATE messages SET status = 'FAILED', failure = '{failure}', file_url = '{link}', file_name = 'a.pdf'"
        );
        change(&app, &row).await;
        let query = "query($w: ID!, $m: ID!) { workspace(id: $w) { message(id: $m) { suggestedFileUrl } } }";
        shop.ok(query, json!({"w": shop.id, "m": id})).await["workspace"]["message"]["suggestedFileUrl"].clone()
    };
    for failure in ["FILE_NOT_DIRECT_LINK", "FILE_UNREACHABLE"] {
        assert_eq!(suggested(failure, page).await, "https://drive.google.com/uc?export=download&id=1AbC");
        assert_eq!(suggested(failure, "https://files.example/a.pdf").await, Value::Null);
    }
    assert_eq!(suggested("FILE_TOO_LARGE", page).await, Value::Null);
}

#[tokio::test]
async fn a_failed_message_is_sent_again_as_a_new_one_and_no_other() {
    for app in TestApp::everywhere().await {
        let (shop, bob) = (app.shop("ada").await, app.shop("bob").await);
        shop.connect("15105566777").await;
        let id = shop.send("hello").await;
        let resend = "mutation($m: ID!) { resendMessage(input: {messageId: $m}) { id text recipient recipientKind status account { phone } } }";
        assert_eq!(shop.refused(resend, json!({"m": id})).await, "CONFLICT", "it has not failed");
        change(&app, "UPDATE messages SET status = 'FAILED', failure = 'EXPIRED'").await;
        let again = shop.ok(resend, json!({"m": id})).await["resendMessage"].clone();
        assert_ne!(again["id"], json!(id));
        assert_eq!(
            (&again["text"], &again["recipient"], &again["recipientKind"], &again["status"]),
            (&json!("hello"), &json!("+12025550100"), &json!("PHONE"), &json!("QUEUED"))
        );
        let credits =
            shop.ok("query($w: ID!) { workspace(id: $w) { credits { balance } } }", json!({"w": shop.id})).await;
        assert_eq!(credits["workspace"]["credits"]["balance"], 98, "charged anew");
        assert_eq!(bob.refused(resend, json!({"m": id})).await, "NOT_FOUND");
        assert_eq!(shop.refused(resend, json!({"m": "wa_backend:none"})).await, "NOT_FOUND");
    }
}

#[tokio::test]
async fn a_message_for_a_named_account_or_chat_is_sent_again_by_it() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    shop.connect("15105566777").await;
    shop.connect("15105566778").await;
    let send = "mutation($w: ID!, $a: String, $p: String, $c: ID, $n: String) { sendMessage(input: {workspaceId: $w, text: \"x\", \
                whatsappAccountPhone: $a, phone: $p, chatId: $c, chatName: $n}) { id } }";
    let resend =
        "mutation($m: ID!) { resendMessage(input: {messageId: $m}) { recipientKind chat { id } account { phone } } }";
    for (to, kind) in [
        (json!({"a": "+15105566777", "p": "+12025550100"}), "PHONE"),
        (json!({"c": "77234"}), "CHAT_ID"),
        (json!({"a": "+15105566777", "n": "Team"}), "CHAT_NAME"),
    ] {
        let mut variables = to;
        variables["w"] = json!(shop.id);
        let id = shop.ok(send, variables).await["sendMessage"]["id"].clone();
        change(&app, "UPDATE messages SET status = 'FAILED', failure = 'EXPIRED'").await;
        let again = shop.ok(resend, json!({"m": id})).await["resendMessage"].clone();
        assert_eq!(again["recipientKind"], kind);
        assert_eq!(again["account"]["phone"], "+15105566777", "{kind}");
    }
}

#[tokio::test]
async fn a_lost_account_is_connected_again_and_becomes_the_most_recent() {
    for app in TestApp::everywhere().await {
        let (shop, bob) = (app.shop("ada").await, app.shop("bob").await);
        let first = shop.connect("15105566777").await;
        shop.connect("15105566778").await;
        let reconnect = "mutation($a: ID!) { reconnectAccount(input: {accountId: $a}) { state reason reasonDetail restrictedUntil connectedAt isDefault } }";
        for state in ["CONNECTED", "PAUSED", "RECONNECTING", "RESTRICTED", "PAIRING"] {
            change(&app, &format!("UPDATE accounts SET state = '{state}' WHERE phone = '15105566777'")).await;
            assert_eq!(shop.refused(reconnect, json!({"a": first})).await, "CONFLICT", "{state}");
        }
        for state in ["LOGGED_OUT", "BANNED"] {
            change(&app, &format!("UPDATE accounts SET state = '{state}', reason = 'TEMPORARY_BAN', reason_detail = 'x' WHERE phone = '15105566777'")).await;
            let before = app.cx().now();
            let account = shop.ok(reconnect, json!({"a": first})).await["reconnectAccount"].clone();
            assert_eq!(
                (&account["state"], &account["reason"], &account["reasonDetail"], &account["isDefault"]),
                (&json!("CONNECTED"), &Value::Null, &Value::Null, &json!(true)),
                "{account}"
            );
            let connected_at: DateTime<Utc> = text(&account["connectedAt"]).parse().unwrap();
            assert!(connected_at >= before - TimeDelta::milliseconds(1));
        }
        change(&app, "UPDATE accounts SET state = 'PAIRING', reason = 'PAIRING_EXPIRED'").await;
        shop.ok(reconnect, json!({"a": first})).await;
        assert_eq!(bob.refused(reconnect, json!({"a": first})).await, "NOT_FOUND");
    }
}
