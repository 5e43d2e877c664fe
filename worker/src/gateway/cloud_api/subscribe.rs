//! Having the app be told what happens to a business account.

use std::time::Duration;

use nhip_domain::{Refusal, account::cloud_api::CloudApi};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    check::{blame, unreachable},
    graph::{Graph, Token},
};

/// All requests together; whoever asked waits meanwhile.
const WITHIN: Duration = Duration::from_secs(8);
/// The one that changes something.
const ANSWER: Duration = Duration::from_secs(4);

/// Subscribes the app to the business account, unless it is: to subscribe it again would take away the callback URL that its
/// owner may have set for this business account alone.
pub async fn subscribe(graph: &Graph, at_meta: &CloudApi) -> Result<(), Refusal> {
    let subscribed = timeout(WITHIN, subscribe_once(graph, at_meta)).await;
    subscribed.unwrap_or_else(|_elapsed| Err(unreachable("it took too long")))
}

async fn subscribe_once(graph: &Graph, at_meta: &CloudApi) -> Result<(), Refusal> {
    let token = Token::of(&at_meta.credentials);
    let path = format!("{}/subscribed_apps", at_meta.business_account_id);
    let asked = graph.get(&token, &path).await;
    let apps = asked.map_err(|failure| blame(failure, "businessAccountId"))?;
    let apps = ids(&apps);
    if !apps.is_empty() && apps.contains(&own_id(graph, &token).await?.as_str()) {
        return Ok(());
    }
    let posted = graph.post(&token, &path, &json!({}), ANSWER, || {}).await;
    posted.map(drop).map_err(|failure| blame(failure, "businessAccountId"))
}

/// The apps of an answer.
fn ids(subscribed: &Value) -> Vec<&str> {
    let apps = subscribed.get("data").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    apps.iter().filter_map(|app| app.pointer("/whatsapp_business_api_data/id")?.as_str()).collect()
}

/// The app that the token is of.
async fn own_id(graph: &Graph, token: &Token) -> Result<String, Refusal> {
    let app = graph.get(token, "app?fields=id").await.map_err(|failure| blame(failure, "accessToken"))?;
    let id = app.get("id").and_then(Value::as_str).map(str::to_owned);
    id.ok_or_else(|| unreachable("it did not say which app `accessToken` is of"))
}
