//! The webhook's reference: what it says is so, and what it shows can be pasted.

use std::{collections::BTreeMap, path::Path, process::Output};

use nhip_tests::{
    Contract, Options,
    Shape::{self, Embedded, ScaledOut},
    Shop, TestApp, phone,
};
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

const URL_FETCH_APP: &str = include_str!("reference/url_fetch_app.js");
const BROWSER: &str = include_str!("reference/browser.js");
/// Stands where the secret will.
const PLACEHOLDER: &str = "nhip_wh_YOUR_SECRET";

async fn page(app: &TestApp, language: &str) -> String {
    let request = app.http().get(format!("{}/docs", app.url())).header("accept-language", language);
    request.send().await.unwrap().text().await.unwrap()
}

/// The examples of a page as somebody copies them, filled in for a webhook and a chat as the page's script does it.
fn examples(page: &str, url: &str, chat: &str) -> BTreeMap<String, String> {
    let blocks = page.split("<code data-example=\"").skip(1);
    blocks.map(|block| example(block.split("</code>").next().unwrap(), url, chat)).collect()
}

fn example(block: &str, url: &str, chat: &str) -> (String, String) {
    let (name, source) = block.split_once("\">").unwrap();
    let mut pieces = source.split("<span class=\"fill\" data-fill=\"");
    let mut text = pieces.next().unwrap().to_owned();
    for piece in pieces {
        let (fill, rest) = piece.split_once("</span>").unwrap();
        text += if fill.starts_with("url") { url } else { chat };
        text += rest;
    }
    assert!(!text.contains('<'), "{text}");
    (name.to_owned(), text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&"))
}

/// Runs a file by a program. Settings of this machine, such as proxies, play no part.
async fn run(program: &str, dir: &Path, name: &str, source: &str) -> Output {
    std::fs::write(dir.join(name), source).unwrap();
    let mut command = Command::new(program);
    for proxy in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(proxy);
    }
    command.arg(name).current_dir(dir).output().await.unwrap_or_else(|err| panic!("{program} is missing: {err}"))
}

/// What runs an example, and as what file.
fn runner(name: &str) -> Option<(&'static str, &'static str)> {
    match name {
        "curl" | "key" => Some(("sh", "example.sh")),
        "python" => Some(("python3", "example.py")),
        "javascript" => Some(("node", "example.mjs")),
        "php" => Some(("php", "example.php")),
        "apps-script" => Some(("node", "example.js")),
        _ => None,
    }
}

async fn run_example(name: &str, source: &str) -> Option<Output> {
    let (program, file) = runner(name)?;
    let dir = TempDir::new().unwrap();
    let source =
        if name == "apps-script" { format!("{URL_FETCH_APP}\n{source}\nsendMessage();") } else { source.to_owned() };
    Some(run(program, dir.path(), file, &source).await)
}

/// The body that a no-code tool would send.
fn body(name: &str, source: &str) -> Option<String> {
    let parsed = || serde_json::from_str::<Value>(source).unwrap_or_else(|err| panic!("{name}: {err} in {source}"));
    match name {
        "n8n" => Some(parsed()["nodes"][0]["parameters"]["jsonBody"].as_str().unwrap().to_owned()),
        "zapier" | "file" => Some(parsed().to_string()),
        _ => None,
    }
}

/// A chat of the shop's, by its number.
async fn chat(shop: &Shop<'_>) -> String {
    let id = shop.send(phone::USUAL, "a first message makes the chat").await;
    shop.message_with_status(&id, "READ").await.chat.unwrap().id
}

#[rstest]
#[case("en", "Your order 1042 is on its way.")]
#[case("vi-VN,vi;q=0.9", "Đơn hàng 1042 của bạn đang trên đường giao.")]
#[tokio::test]
async fn every_example_sends_what_it_says(
    #[case] language: &str,
    #[case] text: &str,
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let chat = chat(&shop).await;
    let examples = examples(&page(&app, language).await, &shop.webhook(), &chat);
    assert_eq!(examples.len(), 11, "{:?}", examples.keys());
    let mut sent = 0;
    for (name, source) in &examples {
        if let Some(output) = run_example(name, source).await {
            let printed = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success() && printed.contains("wa_backend:3EB0"), "{name}: {output:?}");
            sent += 1;
        } else if let Some(body) = body(name, source) {
            shop.call(Method::POST, |request| request.body(body)).await.accepted();
            sent += 1;
        }
    }
    let messages = shop.messages().await.split_off(1);
    assert!(messages.len() == sent && sent == 9, "{sent} were sent, not {}", messages.len());
    for message in messages {
        assert_eq!(message.text, text);
        assert!(message.recipient == chat || message.recipient == "+14151231234", "{message:?}");
    }
    app.finish().await;
}

#[tokio::test]
async fn the_examples_say_why_when_they_are_refused() {
    let app = TestApp::start(Embedded).await;
    let examples = examples(&page(&app, "en").await, &format!("{}/webhook/{PLACEHOLDER}", app.url()), "1");
    for name in ["curl", "python", "javascript", "php", "apps-script"] {
        let output = run_example(name, &examples[name]).await.unwrap();
        let printed = [output.stdout, output.stderr].concat();
        let printed = String::from_utf8_lossy(&printed);
        assert!(printed.contains("Webhook not found"), "{name}: {printed}");
    }
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn answers_are_shown_as_they_are(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let examples = examples(&page(&app, "en").await, "", "");
    let accepted = shop.post(json!({"action": "send", "phone": phone::NEVER_READ, "text": "how it is answered"})).await;
    assert_eq!(examples["accepted"].replace("wa_backend:3EB09FCC85FE99662E46", &accepted.accepted()), accepted.text);
    let dead = app.http().post(format!("{}/webhook/{PLACEHOLDER}", app.url())).send().await.unwrap();
    let dead: Value = dead.json().await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&examples["refused"]).unwrap(), dead);
    app.finish().await;
}

#[tokio::test]
async fn the_page_is_for_browsers_in_the_readers_language_and_loads_nothing_of_others() {
    let app = TestApp::start(Embedded).await;
    let get = async |path: &str, language: &str| {
        app.http().get(format!("{}{path}", app.url())).header("accept-language", language).send().await.unwrap()
    };
    for (path, accepted, language) in
        [("/docs", "vi", "vi"), ("/docs", "fr", "en"), ("/docs?lang=vi", "en", "vi"), ("/docs?lang=en", "vi", "en")]
    {
        let answer = get(path, accepted).await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["content-language"]),
            (200, &language.parse().unwrap())
        );
        assert_eq!(
            (&answer.headers()["vary"], &answer.headers()["content-type"]),
            (&"Accept-Language".parse().unwrap(), &"text/html; charset=utf-8".parse().unwrap())
        );
        let policy = answer.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.headers()["referrer-policy"], "no-referrer");
        let page = answer.text().await.unwrap();
        assert!(page.contains(&format!("<html lang=\"{language}\">")));
        assert!(!page.contains("src=\"http") && !page.contains("href=\"http"), "nothing of others");
    }
    for (path, kind) in [
        ("/docs/docs.css", "text/css; charset=utf-8"),
        ("/docs/docs.js", "text/javascript; charset=utf-8"),
        ("/openapi.json", "application/json"),
    ] {
        let answer = get(path, "en").await;
        assert_eq!((answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()), (200, kind));
        let posted = app.http().post(format!("{}{path}", app.url())).send().await.unwrap();
        assert_eq!((posted.status().as_u16(), posted.headers()["allow"].to_str().unwrap()), (405, "GET, HEAD"));
    }
    app.finish().await;
}

/// The dashboard passes URL and chat in the fragment; anybody else might pass something worse.
#[tokio::test]
async fn the_page_fills_in_webhooks_of_this_installation_alone_and_hides_the_secret() {
    let app = TestApp::start(Embedded).await;
    let dir = TempDir::new().unwrap();
    let script = app.http().get(format!("{}/docs/docs.js", app.url())).send().await.unwrap().text().await.unwrap();
    std::fs::write(dir.path().join("docs.js"), script).unwrap();
    std::fs::write(dir.path().join("browser.js"), BROWSER).unwrap();
    let opened = async |fragment: &str| {
        let node =
            Command::new("node").args(["browser.js", "docs.js", fragment]).current_dir(dir.path()).output().await;
        let output = node.unwrap();
        serde_json::from_slice::<Value>(&output.stdout).unwrap_or_else(|err| panic!("{err}: {output:?}"))
    };
    let own = "https://nhip.example/webhook/nhip_wh_AbC-_9";
    let all = format!("url={own}&chat=77234");
    assert_eq!(
        opened(&format!("#{all}")).await,
        json!({"filled": {"url": own, "chat": "77234"}, "marked": true, "address": "/docs?lang=en", "link": all})
    );
    let encoded = opened("#url=https%3A%2F%2Fnhip.example%2Fwebhook%2Fnhip_wh_AbC-_9&chat=77234").await;
    assert_eq!(encoded["filled"], json!({"url": own, "chat": "77234"}));
    for url in [
        "https://evil.example/webhook/nhip_wh_A",
        "https://nhip.example.evil.example/webhook/nhip_wh_A",
        "https://nhip.example/webhook/nhip_wh_A'; rm -rf ~ #",
        "https://nhip.example/webhook/nhip_wh_",
        "https://nhip.example/webhook/../evil",
        "javascript:alert(1)",
    ] {
        let seen = opened(&format!("#url={url}&chat=1; rm")).await;
        assert_eq!((&seen["filled"], &seen["marked"]), (&json!({}), &json!(false)), "{url}");
    }
    let anchor = opened("#fields").await;
    assert_eq!((&anchor["address"], &anchor["link"]), (&Value::Null, &json!("")));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn openapi_is_sound_and_true(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).credits(3).start().await;
    let shop = app.shop().await;
    let contract = Contract::of(&app).await;
    let text = contract.document().to_string();
    let spec = oas3::from_json(&text).unwrap();
    spec.validate_version().unwrap();
    let operations: Vec<_> = spec.operations().map(|(path, method, _)| format!("{method} {path}")).collect();
    assert_eq!(
        operations,
        ["POST /webhook/{token}", "GET /whatsapp/cloud/{account}", "POST /whatsapp/cloud/{account}"]
    );
    assert_eq!(
        contract.document()["servers"][0]["url"].as_str().unwrap(),
        if shape == ScaledOut { "http://nhip.test" } else { app.url() }
    );

    let content =
        &contract.document()["paths"]["/webhook/{token}"]["post"]["requestBody"]["content"]["application/json"];
    let example = &content["examples"]["text"]["value"];
    assert!(contract.is_request(example));
    contract.judge(&shop.post(example.clone()).await, "the example of a text");
    for (body, is_request) in [
        (json!({"action": "send", "phone": 14_151_231_234_u64, "text": "a number as digits"}), true),
        (json!({"action": "send", "jid": "1@g.us", "file_url": "https://files.example/a", "file_name": "a"}), true),
        (json!({"action": "send", "phone": "1"}), false),
        (json!({"action": "send", "text": "a"}), false),
        (json!({"action": "send", "text": "a", "phone": "1", "jid": "1"}), false),
        (json!({"action": "send", "text": 5, "phone": "1"}), false),
        (json!({"action": "reply", "text": "a", "phone": "1"}), false),
        (json!({"action": "send", "text": "a".repeat(4_097), "phone": "1"}), false),
        (json!({"action": "send", "phone": "1", "file_url": "https://files.example/a"}), false),
    ] {
        assert_eq!(contract.is_request(&body), is_request, "{body}");
        let answer = shop.post(body.clone()).await;
        contract.judge(&answer, &body.to_string());
        assert_eq!(answer.status == 400, !is_request, "{body}: {}", answer.text);
    }
    contract.judge(&shop.post(example.clone()).await, "one too many");
    contract.judge(&shop.call(Method::PUT, |request| request).await, "PUT");
    app.finish().await;
}

#[tokio::test]
async fn the_command_prints_the_same_description() {
    let app = TestApp::start(Embedded).await;
    let printed = app.command(&["openapi"]).await;
    assert!(printed.status.success(), "{printed:?}");
    let (printed, served) = (serde_json::from_slice::<Value>(&printed.stdout).unwrap(), Contract::of(&app).await);
    for part in ["openapi", "info", "paths", "components"] {
        assert_eq!(printed[part], served.document()[part], "{part}");
    }
    app.finish().await;
}
