//! A tenant: its owner on the dashboard, and its tool on the webhook.

use std::{sync::Mutex, time::Duration};

use reqwest::{Body, Method, RequestBuilder};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{Account, Answer, Chat, Failure, Message, Query, TestApp, eventually, graphql};

/// The phone of a shop's first account.
const PHONE: &str = "+15105566777";
const MESSAGE: &str = "id status waitingFor failure failureDetail text recipient recipientKind source credits creditsRestored \
    createdAt sentAt deliveredAt readAt failedAt queuePosition chat { id name jid kind phone } account { id phone } \
    history { status at detail }";
const ACCOUNT: &str = "id phone state reason reasonDetail restrictedUntil isDefault queued";
const CHAT: &str = "id name jid kind phone";
/// How long one message may take to get where it is going.
const SOON: Duration = Duration::from_mins(1);

/// A workspace, its owner and its webhook URL.
#[derive(Debug)]
pub struct Shop<'a> {
    pub app: &'a TestApp,
    pub workspace_id: String,
    pub token: String,
    pub email: String,
    pub password: String,
    /// The path of its URL.
    webhook: Mutex<String>,
}

impl<'a> Shop<'a> {
    pub(crate) async fn open(app: &'a TestApp) -> Self {
        let shop = Self::sign_up(app).await;
        shop.connect(PHONE).await;
        shop.generate_url().await;
        shop
    }

    /// The demo's workspace, by the log-in link that it printed.
    pub async fn of_demo(app: &'a TestApp) -> Self {
        let printed = app.stdout();
        let link = token_in(&printed, "nhip_ll_");
        let redeem =
            Query::mutation("redeemLoginLink", "RedeemLoginLinkInput", json!({"token": link}), "{ accessToken }");
        let token = text_of(&app.ask(None, &redeem).await["redeemLoginLink"]["accessToken"]);
        let webhook = format!("/webhook/{}", token_in(&printed, "nhip_wh_"));
        for (secret, what) in [(&link, "a log-in link"), (&token, "an access token"), (&webhook, "a webhook's URL")] {
            app.keep_secret(secret, what);
        }
        Self::with(app, token, String::new(), String::new(), webhook).await
    }

    async fn with(app: &'a TestApp, token: String, email: String, password: String, webhook: String) -> Self {
        let answer = app.ask(Some(&token), &Query::new("{ workspaces { id } }", json!({}))).await;
        let workspace_id = text_of(&answer["workspaces"][0]["id"]);
        app.watch(&workspace_id, &token);
        Self { app, workspace_id, token, email, password, webhook: Mutex::new(webhook) }
    }

    /// A workspace without account or URL.
    pub async fn sign_up(app: &'a TestApp) -> Self {
        let email = format!("owner-{}@example.com", uuid::Uuid::new_v4().simple());
        let password = format!("a long enough pass phrase {}", uuid::Uuid::new_v4().simple());
        app.keep_secret(&password, "a password");
        let input = json!({"email": email, "password": password, "name": "Olga Owner", "workspaceName": "The Shop"});
        let sign_up = Query::mutation("signUp", "SignUpInput", input, "{ accessToken refreshToken }");
        let session = app.ask(None, &sign_up).await["signUp"].clone();
        let token = text_of(&session["accessToken"]);
        app.keep_secret(&token, "an access token");
        app.keep_secret(&text_of(&session["refreshToken"]), "a refresh token");
        Self::with(app, token, email, password, String::new()).await
    }

    /// The webhook's URL, at the process whose turn it is.
    pub fn webhook(&self) -> String {
        format!("{}{}", self.app.url(), self.webhook_path())
    }

    /// The same at any of them.
    pub fn webhook_path(&self) -> String {
        self.webhook.lock().unwrap().clone()
    }

    /// Makes a new URL, which stops the old one.
    pub async fn generate_url(&self) {
        let input = json!({"workspaceId": self.workspace_id});
        let answer =
            self.mutate("generateWebhookUrl", "WorkspaceInput", input, "{ url webhook { enabled urlHint } }").await;
        let url = text_of(&answer["url"]);
        let secret = url.rsplit('/').next().unwrap();
        self.app.keep_secret(secret, "a webhook's token");
        *self.webhook.lock().unwrap() = format!("/webhook/{secret}");
    }

    /// Connects an account of the built-in WhatsApp.
    pub async fn connect(&self, phone: &str) -> Account {
        let input = json!({"workspaceId": self.workspace_id, "gateway": "SIMULATOR", "phone": phone, "name": "Till"});
        let answer = self.mutate("connectAccount", "ConnectAccountInput", input, &format!("{{ {ACCOUNT} }}")).await;
        read(&answer)
    }

    /// Calls the webhook, as a tool does.
    pub async fn post(&self, body: Value) -> Answer {
        if let Some(text) = body["text"].as_str().filter(|text| text.len() > 7) {
            self.app.keep_secret(text, "a message's text");
        }
        self.call(Method::POST, |request| request.body(body.to_string())).await
    }

    /// Calls the webhook with a body as it is.
    pub async fn post_raw(&self, body: impl Into<Body>) -> Answer {
        let body = body.into();
        self.call(Method::POST, |request| request.body(body)).await
    }

    /// Sends `text` to `phone`. A busy machine may ask to come back, now and then: that charged nothing.
    pub async fn send(&self, phone: &str, text: &str) -> String {
        let body = json!({"action": "send", "phone": phone, "text": text});
        for _busy in 0..2 {
            let answer = self.post(body.clone()).await;
            if answer.status != 503 || !answer.text.contains("Nothing was charged") {
                return answer.accepted();
            }
        }
        self.post(body).await.accepted()
    }

    /// Calls the webhook in a way of one's own.
    pub async fn call(&self, method: Method, with: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Answer {
        self.try_call(method, with).await.expect("the webhook answers")
    }

    /// The same, while the program may be gone.
    pub async fn try_call(
        &self,
        method: Method,
        with: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> reqwest::Result<Answer> {
        Answer::of(with(self.app.http().request(method, self.webhook())).send().await?).await
    }

    pub async fn query(&self, selection: &str, variables: Value) -> Value {
        self.app.ask(Some(&self.token), &self.of_workspace(selection, variables)).await["workspace"].clone()
    }

    fn of_workspace(&self, selection: &str, mut variables: Value) -> Query {
        variables["w"] = json!(self.workspace_id);
        let declared: Vec<_> = variables
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| {
                format!(
                    "${name}: {}",
                    if value.is_number() {
                        "Int"
                    } else if name == "after" {
                        "String"
                    } else {
                        "ID!"
                    }
                )
            })
            .collect();
        Query::new(&format!("query({}) {{ workspace(id: $w) {{ {selection} }} }}", declared.join(", ")), variables)
    }

    pub async fn mutate(&self, name: &str, kind: &str, input: Value, selection: &str) -> Value {
        self.app.ask(Some(&self.token), &Query::mutation(name, kind, input, selection)).await[name].clone()
    }

    pub async fn mutate_in_vain(&self, name: &str, kind: &str, input: Value, selection: &str) -> Failure {
        self.app.ask_in_vain(Some(&self.token), &Query::mutation(name, kind, input, selection)).await
    }

    pub async fn credits(&self) -> i64 {
        self.query("credits { balance }", json!({})).await["credits"]["balance"].as_i64().unwrap()
    }

    pub async fn accounts(&self) -> Vec<Account> {
        read(
            &self.query(&format!("accounts(first: 200) {{ nodes {{ {ACCOUNT} }} }}"), json!({})).await["accounts"]["nodes"],
        )
    }

    /// The account with that phone.
    pub async fn account(&self, phone: &str) -> Account {
        let digits = |phone: &str| phone.chars().filter(char::is_ascii_digit).collect::<String>();
        let mut accounts = self.accounts().await.into_iter();
        let found = accounts.find(|account| account.phone.as_deref().map(digits) == Some(digits(phone)));
        found.unwrap_or_else(|| panic!("no account {phone}"))
    }

    /// The first account.
    pub async fn till(&self) -> Account {
        self.account(PHONE).await
    }

    pub async fn chats(&self) -> Vec<Chat> {
        read(&self.query(&format!("chats(first: 200) {{ nodes {{ {CHAT} }} }}"), json!({})).await["chats"]["nodes"])
    }

    pub async fn message(&self, id: &str) -> Message {
        let answer = self.query(&format!("message(id: $id) {{ {MESSAGE} }}"), json!({ "id": id })).await;
        assert!(!answer["message"].is_null(), "no message {id}");
        read(&answer["message"])
    }

    /// All messages, oldest first.
    pub async fn messages(&self) -> Vec<Message> {
        let mut all: Vec<Message> = Vec::new();
        let mut after = Value::Null;
        loop {
            let selection = format!(
                "messages(first: 100, after: $after) {{ nodes {{ {MESSAGE} }} pageInfo {{ hasNextPage endCursor }} }}"
            );
            let page = self.query(&selection, json!({ "after": after })).await["messages"].clone();
            all.extend(read::<Vec<Message>>(&page["nodes"]));
            after = page["pageInfo"]["endCursor"].clone();
            if page["pageInfo"]["hasNextPage"] != true {
                all.reverse();
                return all;
            }
        }
    }

    pub async fn only_message(&self) -> Message {
        let mut messages = self.messages().await;
        assert_eq!(messages.len(), 1, "{messages:#?}");
        messages.remove(0)
    }

    /// The message, once `done` says so of it.
    pub async fn message_when(&self, id: &str, what: &str, done: impl Fn(&Message) -> bool) -> Message {
        self.message_within(id, what, SOON, done).await
    }

    pub async fn message_within(
        &self,
        id: &str,
        what: &str,
        within: Duration,
        done: impl Fn(&Message) -> bool,
    ) -> Message {
        eventually(what, within, async || Some(self.message(id).await).filter(|message| done(message))).await
    }

    /// The message, once it has that status.
    pub async fn message_with_status(&self, id: &str, status: &str) -> Message {
        self.message_when(id, &format!("{id} is {status}"), |message| message.status == status).await
    }

    /// Waits until the account with that phone is in that state.
    pub async fn account_when(&self, phone: &str, state: &str, within: Duration) -> Account {
        let what = format!("the account {phone} is {state}");
        eventually(&what, within, async || Some(self.account(phone).await).filter(|account| account.state == state))
            .await
    }

    pub async fn change_account(&self, mutation: &str, account: &Account) -> Account {
        let input = json!({"accountId": account.id});
        read(&self.mutate(mutation, "AccountInput", input, &format!("{{ {ACCOUNT} }}")).await)
    }

    pub async fn set_enabled(&self, enabled: bool) {
        let input = json!({"workspaceId": self.workspace_id, "enabled": enabled});
        self.mutate("setWebhookEnabled", "SetWebhookEnabledInput", input, "{ enabled }").await;
    }

    /// Cancels; how many, and what came back.
    pub async fn cancel(&self, which: Value) -> (i64, i64) {
        let input = json!({"workspaceId": self.workspace_id, "which": which});
        let answer = self.mutate("cancelMessages", "CancelMessagesInput", input, "{ count creditsRestored }").await;
        (answer["count"].as_i64().unwrap(), answer["creditsRestored"].as_i64().unwrap())
    }

    /// The webhook's log, newest first.
    pub async fn activations(&self) -> Vec<Value> {
        let selection = "incomingWebhook { activations { sequence outcome httpStatus refusal field line column messageId \
            requestBody requestBodyTruncated responseBody ignoredFields } }";
        read(&self.query(selection, json!({})).await["incomingWebhook"]["activations"])
    }

    /// What GraphQL answers to the owner.
    pub async fn ask(&self, query: &Query) -> Result<Value, Failure> {
        graphql::ask(self.app, Some(&self.token), query).await
    }
}

/// The newest token of that kind in what was printed.
fn token_in(printed: &str, prefix: &str) -> String {
    let start = printed.rfind(prefix).unwrap_or_else(|| panic!("no {prefix}… in {printed}"));
    let is_token = |char: &char| char.is_ascii_alphanumeric() || matches!(char, '_' | '-');
    printed[start..].chars().take_while(is_token).collect()
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|err| panic!("{err} in {value}"))
}
