//! What Meta tells of messages: signed over the bytes, in any order, and again until it is taken.

use std::{sync::Arc, time::Duration};

use nhip_worker::gateway::cloud_api::signature;
use serde_json::{Value, json};

use super::{Arrived, Number, state::State};

/// How often a callback is repeated, and how long after.
const TRIES: usize = 600;
const AGAIN: Duration = Duration::from_millis(200);

/// What is reported of a message that was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Report {
    /// Sent, delivered, read.
    #[default]
    Usual,
    /// Nothing at all.
    Nothing,
    /// Everything twice.
    Doubled,
    /// Read first, sent last.
    Reversed,
    /// That it failed, with this code.
    Failed(i64),
}

/// Reports what is due, in the background.
pub(super) fn report(state: &Arc<State>, message: &Arrived) {
    let statuses: &[&str] = match state.report(&message.to) {
        Report::Usual => &["sent", "delivered", "read"],
        Report::Nothing => &[],
        Report::Doubled => &["sent", "sent", "delivered", "delivered", "read", "read"],
        Report::Reversed => &["read", "delivered", "sent"],
        Report::Failed(_) => &["failed"],
    };
    let failed = match state.report(&message.to) {
        Report::Failed(code) => Some(code),
        _ => None,
    };
    let (state, message) = (Arc::clone(state), message.clone());
    tokio::spawn(async move {
        for status in statuses {
            post_status(&state, &message, status, failed).await;
        }
    });
}

pub(super) async fn post_status(state: &State, message: &Arrived, status: &str, failed: Option<i64>) {
    let mut told = json!({
        "id": message.wamid,
        "status": status,
        "timestamp": state.clock().now().timestamp().to_string(),
        "recipient_id": state.wa_id(&message.to),
        "biz_opaque_callback_data": message.id,
        "some_new_field": {"a": 1},
    });
    let mut value = json!({});
    if message.recipient_type == "group" {
        told["recipient_type"] = json!("group");
    } else {
        let wa_id = state.wa_id(&message.to);
        told["recipient_user_id"] = json!(user_id(&wa_id));
        value["contacts"] = json!([contact(&wa_id, "Somebody")]);
    }
    if let Some(code) = failed {
        told["errors"] = json!([{"code": code, "title": "What Meta calls it", "message": "What Meta calls it",
            "error_data": {"details": "as the test wants it"}}]);
    }
    value["statuses"] = json!([told]);
    post(state, &message.number, value).await;
}

pub(super) async fn post_incoming(state: &State, number: &Number, from: &str, name: &str) {
    let from = super::state::digits(from);
    state.open_window(&number.id, &from);
    let message = json!({"from": from, "from_user_id": user_id(&from), "id": format!("wamid.IN{}", state.next_id()),
        "timestamp": state.clock().now().timestamp().to_string(), "type": "text", "text": {"body": "hello"}});
    post(state, &number.id, json!({"contacts": [contact(&from, name)], "messages": [message]})).await;
}

/// The newer id that Meta has for a person, which is no number.
fn user_id(wa_id: &str) -> String {
    format!("US.9{wa_id}")
}

fn contact(wa_id: &str, name: &str) -> Value {
    json!({"wa_id": wa_id, "user_id": user_id(wa_id), "profile": {"name": name}})
}

/// Posts a change of a number, again and again until it is taken.
async fn post(state: &State, number: &str, mut value: Value) {
    let Some(number) = state.number(number) else { return };
    value["messaging_product"] = json!("whatsapp");
    value["metadata"] = json!({"display_phone_number": number.phone, "phone_number_id": number.id});
    let entry = json!({"id": number.business_id, "changes": [{"field": "messages", "value": value}]});
    let body = json!({"object": "whatsapp_business_account", "entry": [entry]}).to_string();
    let signature = format!("sha256={}", signature::sign(&number.app_secret, body.as_bytes()));
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().unwrap();
    for _try in 0..TRIES {
        let Some(url) = state.callback_url(&number.id) else { return };
        let request = client.post(url).header("content-type", "application/json").header(signature::HEADER, &signature);
        let answer = request.body(body.clone()).send().await;
        if answer.is_ok_and(|answer| answer.status().is_success()) {
            return;
        }
        tokio::time::sleep(AGAIN).await;
    }
    panic!("nobody takes a callback: {body}");
}
