//! The README's quick start, to the letter: one process with everything in it, which is what the demo is.

use std::{process::Command, time::Duration};

use nhip_tests::{Message, Options, Shape, Shop, TestApp, eventually, until};
use serde_json::{Value, json};

const EXAMPLE_1: &str =
    r#"{"action": "send", "whatsapp account phone": "+15105566777", "phone": "+14151231234", "text": "lorem ipsum"}"#;
/// As published: without the comma after the text.
const EXAMPLE_2: &str = r#"{"action": "send", "chat_id": "77234", "text": "lorem ipsum" "file_url": "https://timelines.ai/logo.png", "file_name": "logo.png"}"#;

async fn demo() -> TestApp {
    let app = Options::new(Shape::Embedded).demo().start().await;
    eventually("the demo prints a curl line", Duration::from_mins(1), async || curl(&app)).await;
    app
}

/// The command that the demo printed, with the lines that continue it.
fn curl(app: &TestApp) -> Option<String> {
    let printed = app.stdout();
    let from = printed.lines().skip_while(|line| !line.trim_start().starts_with("curl "));
    let mut lines = Vec::new();
    for line in from {
        lines.push(line);
        if !line.trim_end().ends_with('\\') {
            return Some(lines.join("\n").trim().to_owned());
        }
    }
    None
}

#[tokio::test]
async fn the_printed_curl_line_sends_a_message_that_is_read() {
    let app = demo().await;
    let pasted = Command::new("bash").args(["-c", &curl(&app).unwrap()]).output().unwrap();
    assert!(pasted.status.success(), "{pasted:?}");
    let answer: Value = serde_json::from_slice(&pasted.stdout).unwrap();
    let id = answer["data"]["message_id"].as_str().unwrap();
    let shop = Shop::of_demo(&app).await;
    let message = shop.message_with_status(id, "READ").await;
    assert_eq!((message.text.as_str(), message.recipient.as_str()), ("lorem ipsum", "+14151231234"));
    assert_eq!((message.credits, message.credits_restored), (1, false));
    let received = app.received().remove(0);
    assert_eq!((received.id.as_str(), received.to.as_str()), (message.whatsapp_id(), "14151231234@s.whatsapp.net"));
    assert_eq!(received.account, "+15105566777");
    app.finish().await;
}

#[tokio::test]
async fn both_published_examples_are_answered_as_documented() {
    let app = demo().await;
    let shop = Shop::of_demo(&app).await;
    let before = shop.credits().await;
    let first = shop.call(reqwest::Method::POST, |request| request.body(EXAMPLE_1)).await.accepted();

    let broken = shop.call(reqwest::Method::POST, |request| request.body(EXAMPLE_2)).await;
    let broken = broken.refused(400, "INVALID_JSON");
    let place = EXAMPLE_2.find(r#" "file_url""#).unwrap();
    assert_eq!(broken["line"], 1);
    let column = usize::try_from(broken["column"].as_u64().unwrap()).unwrap();
    assert!((place + 1..=place + 2).contains(&column), "{broken}");

    let repaired = EXAMPLE_2.replace(r#"ipsum" "#, r#"ipsum", "#);
    let second = shop.call(reqwest::Method::POST, |request| request.body(repaired)).await.accepted();
    assert_eq!(shop.message(&second).await.recipient, "77234");
    shop.message_with_status(&first, "READ").await;
    // Its link is a real one: whether it can be fetched depends on where the test runs.
    let is_over = |message: &Message| matches!(message.status.as_str(), "READ" | "FAILED");
    let second = shop.message_when(&second, "the file is sent or has failed", is_over).await;
    assert_eq!(second.credits, 2);
    let failure = second.failure.as_deref();
    assert_eq!(second.credits_restored, failure.is_some_and(|reason| reason.starts_with("FILE_")), "{second:?}");
    let paid = if second.credits_restored { 1 } else { 3 };
    assert_eq!(second.chat.map(|chat| chat.name).as_deref(), Some("Team"));
    assert_eq!(shop.credits().await, before - paid);
    app.finish().await;
}

#[tokio::test]
async fn a_second_start_continues_where_the_first_stopped() {
    let app = demo().await;
    let shop = Shop::of_demo(&app).await;
    let id = shop.send("+14151231234", "before the restart").await;
    app.stop().await;
    app.restart().await;
    shop.message_with_status(&id, "READ").await;
    shop.send("+14151231234", "after the restart").await;
    // Every start prints a link of its own.
    let links = async || app.stdout().matches("nhip_ll_").count() == 2;
    until("the second start prints its link", Duration::from_mins(1), links).await;
    let again = Shop::of_demo(&app).await;
    assert_eq!(again.workspace_id, shop.workspace_id);
    app.settle().await;
    assert_eq!(again.messages().await.len(), 2);
    app.finish().await;
}

#[tokio::test]
async fn the_demo_starts_with_as_many_credits_as_one_says() {
    let app = Options::new(Shape::Embedded).demo().credits(1).start().await;
    eventually("the demo prints a curl line", Duration::from_mins(1), async || curl(&app)).await;
    let shop = Shop::of_demo(&app).await;
    shop.call(reqwest::Method::POST, |request| request.body(EXAMPLE_1)).await.accepted();
    shop.call(reqwest::Method::POST, |request| request.body(EXAMPLE_1)).await.refused(402, "OUT_OF_CREDITS");
    app.finish().await;
}

#[tokio::test]
async fn the_demos_chats_are_team_and_ada_example() {
    let app = demo().await;
    let shop = Shop::of_demo(&app).await;
    let mut chats: Vec<_> = shop.chats().await.into_iter().map(|chat| (chat.id, chat.name, chat.jid)).collect();
    chats.sort();
    assert_eq!(
        json!(chats),
        json!([["77234", "Team", "120363000000000001@g.us"], ["77235", "Ada Example", "12025550100@s.whatsapp.net"]])
    );
    app.finish().await;
}
