//! No query takes more statements for a long list than for a short one.

use std::{fmt::Write as _, time::Duration};

use nhip_domain::{api_token, ledger};
use nhip_entity::api_token::Scope;
use sea_orm::{ConnectionTrait as _, DbBackend};
use serde_json::json;

use super::app::{Shop, TestApp};
use crate::graphql;

/// Longer than a busy machine takes to ask for all that belongs together.
const GATHERING: Duration = Duration::from_millis(120);
/// Accounts, each with messages of its own and a chat.
const FEW: u32 = 2;
const MANY: u32 = 20;
/// What a dashboard's heaviest screens show, and more.
const SCREENS: &[&str] = &[
    "workspaces { id name myRole queue { queued sending oldestQueuedAt } credits { balance queued } \
       incomingWebhook { enabled urlHint urlCreatedAt } }",
    "workspace(id: \"{w}\") { messages(first: 200) { totalCount pageInfo { endCursor } nodes { id status waitingFor \
       text recipient queuePosition expectedSendAt failure account { id phone isDefault queued drainsAt nextSendAt } \
       chat { id name account { id name } } history { status at detail } } } }",
    "workspace(id: \"{w}\") { accounts(first: 200) { nodes { id phone isDefault queued nextSendAt drainsAt } } }",
    "workspace(id: \"{w}\") { chats(first: 200) { totalCount nodes { id name account { id phone isDefault queued } \
       replyWindowEndsAt } } }",
    "workspace(id: \"{w}\") { incomingWebhook { activations { sequence answer message { id status queuePosition \
       account { phone queued } chat { name } history { at } } } } }",
    "workspace(id: \"{w}\") { credits { balance entries(first: 200) { nodes { id workspaceName kind amount } } } }",
];
const BILLING: &[&str] = &[
    "creditEntries(first: 200) { nodes { id workspaceName amount } }",
    "workspaceBalances(first: 200) { nodes { workspaceName balance queued } }",
];

async fn count(app: &TestApp, bearer: &str, field: &str) -> Vec<String> {
    app.statements();
    let answer = app.graphql(Some(bearer), &format!("{{ {field} }}"), json!({})).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    app.statements()
}

/// The fewest of five counts: a machine that stops for a moment splits what would have been asked together.
async fn count_fewest(app: &TestApp, bearer: &str, field: &str, enough: usize) -> Vec<String> {
    let mut fewest = count(app, bearer, field).await;
    for _again in 0..4 {
        if fewest.len() <= enough {
            break;
        }
        let again = count(app, bearer, field).await;
        fewest = if again.len() < fewest.len() { again } else { fewest };
    }
    fewest
}

/// Another workspace of hers, account, chats, messages, calls.
async fn grow(app: &TestApp, shop: &Shop<'_>, path: &str, from: u32, to: u32) {
    for n in from..to {
        shop.connect(&format!("1510556{:04}", 7_000 + n)).await;
        shop.send("one more").await;
        let body = json!({"action": "send", "chat_id": 77_234 + 2 * n, "text": "another"});
        app.call(super::app::post().uri_str(path).body(body.to_string())).await;
    }
    let mut sql = String::new();
    for n in from..to {
        let id = format!("00000000-0000-4000-8000-{n:012}");
        let spelled = |id: &str| match app.cx().db.backend() {
            DbBackend::Sqlite => format!("x'{}'", id.replace('-', "")),
            _ => format!("'{id}'"),
        };
        let (id, w) = (spelled(&id), spelled(&shop.id));
        let _ = write!(
            sql,
            "INSERT INTO workspaces (id, name, created_at) VALUES ({id}, 'W{n}', '2026-11-22T00:00:00+00:00'); \
             INSERT INTO webhooks (workspace_id, enabled) VALUES ({id}, TRUE); \
             INSERT INTO members SELECT {id}, user_id, role, joined_at FROM members WHERE workspace_id = {w};"
        );
    }
    app.cx().db.schema().execute_unprepared(&sql).await.unwrap();
    ledger::sequence(app.cx()).await.unwrap();
}

#[tokio::test]
async fn a_screen_takes_as_many_statements_for_long_lists_as_for_short_ones() {
    for mut app in TestApp::everywhere().await {
        app.app.admin = graphql::build_gathering(app.app.deps.clone(), false, GATHERING);
        let shop = app.shop("ada").await;
        let path = shop.webhook().await;
        let new = api_token::NewToken {
            name: "job".to_owned(),
            scopes: vec![Scope::BillingRead],
            workspace_id: None,
            life: Duration::from_hours(1),
        };
        let job = api_token::create(app.cx(), new).await.unwrap().0.reveal().to_owned();
        let screens: Vec<(String, &str)> = SCREENS
            .iter()
            .map(|field| (field.replace("{w}", &shop.id), shop.bearer.as_str()))
            .chain(BILLING.iter().map(|field| ((*field).to_owned(), job.as_str())))
            .collect();
        grow(&app, &shop, &path, 0, FEW).await;
        let mut few = Vec::new();
        for (field, bearer) in &screens {
            few.push(count_fewest(&app, bearer, field, 0).await);
        }
        grow(&app, &shop, &path, FEW, MANY).await;
        for ((field, bearer), few) in screens.iter().zip(few) {
            let many = count_fewest(&app, bearer, field, few.len()).await;
            assert!(few.len() <= 16, "{field} takes {}: {few:#?}", few.len());
            assert_eq!(many.len(), few.len(), "{field}: {few:#?} became {many:#?}");
        }
    }
}
