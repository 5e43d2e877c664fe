//! An application without a network, and people who use it.

use std::{
    env, mem,
    sync::{Arc, Mutex},
};

use nhip_domain::{
    Cx, Database,
    audit::Requester,
    clock::Clock,
    message::Acceptor,
    secret::SecretKey,
    settings::Settings,
    signal::{Event, Signals},
    user::sign_up::Newcomer,
};
use nhip_migration::Migrator;
use nhip_worker::{
    bus::{Bus, LocalBus, Subscription},
    download::{Downloader, Exceptions},
};
use poem::{Endpoint as _, Request, Response, http::StatusCode, http::header};
use sea_orm::ConnectionTrait as _;
use sea_orm_migration::MigratorTrait as _;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;
use uuid::Uuid;

use super::graph::FakeGraph;
use crate::{
    access_token::AccessTokens,
    graphql::{self, Deps},
    http::{App, body::Room, socket::crowd::Crowd},
    mail::PostOffice,
};

pub(super) struct TestApp {
    pub(super) app: App,
    /// The text of its secret key.
    pub(super) key: String,
    /// Meta.
    pub(super) graph: FakeGraph,
    /// How many subscriptions have begun to listen.
    pub(super) listening: watch::Sender<usize>,
    statements: Arc<Mutex<Vec<String>>>,
    _folder: TempDir,
}

/// A bus that tells who listens to it.
struct ToldBus {
    bus: LocalBus,
    listening: watch::Sender<usize>,
}

impl Signals for ToldBus {
    fn changed(&self, event: Event) {
        self.bus.changed(event);
    }

    fn nudge(&self, account_id: Uuid) {
        self.bus.nudge(account_id);
    }
}

impl Bus for ToldBus {
    fn subscribe(&self, workspace_id: Uuid) -> Subscription {
        let subscription = self.bus.subscribe(workspace_id);
        self.listening.send_modify(|count| *count += 1);
        subscription
    }
}

/// A person with one workspace.
pub(super) struct Shop<'a> {
    pub(super) app: &'a TestApp,
    pub(super) bearer: String,
    pub(super) id: String,
}

impl TestApp {
    pub(super) async fn start() -> Self {
        Self::start_with(Settings::default()).await
    }

    pub(super) async fn start_with(settings: Settings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Database::sqlite(&folder.path().join("nhip.db")).await.unwrap();
        Self::on(db, settings, folder).await
    }

    /// On SQLite, and on PostgreSQL where there is one.
    pub(super) async fn everywhere() -> Vec<Self> {
        let mut apps = vec![Self::start().await];
        if let Ok(server) = env::var("NHIP_TEST_POSTGRES_URL") {
            let name = format!("api_{}", Clock::system().new_id().simple());
            let admin = Database::postgres(&server, 1).await.unwrap();
            admin.schema().execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
            let url = server.replacen("/postgres?", &format!("/{name}?"), 1);
            let db = Database::postgres(&url, 5).await.unwrap();
            apps.push(Self::on(db, Settings::default(), tempfile::tempdir().unwrap()).await);
        }
        apps
    }

    async fn on(mut db: Database, settings: Settings, folder: TempDir) -> Self {
        let statements = Arc::<Mutex<Vec<String>>>::default();
        let told = Arc::clone(&statements);
        db.on_read(move |statement| told.lock().unwrap().push(statement.sql.clone()));
        Migrator::up(db.schema(), None).await.unwrap();
        let key = SecretKey::draw(&mut nhip_domain::clock::rng());
        let secret = SecretKey::new(&key).unwrap();
        let (bus, listening) = (LocalBus::with_nudges(|_| {}), watch::Sender::new(0));
        let cx =
            Cx { db, clock: Clock::system(), settings: Arc::new(settings), secret, signals: Arc::new(bus.clone()) };
        let tokens = AccessTokens::new(&cx.secret).unwrap();
        let downloader = Downloader::new(Exceptions::default()).unwrap();
        let graph = FakeGraph::start().await;
        let deps = Deps {
            acceptor: Acceptor::start(cx.clone()),
            cx,
            bus: Arc::new(ToldBus { bus, listening: listening.clone() }),
            downloader,
            graph: graph.client(),
            tokens,
            post: PostOffice::closed(),
        };
        let (admin, crowd) = (graphql::build(deps.clone(), false), Crowd::new(deps.cx.clone()));
        let app = App { admin, deps, trusted_proxies: [].into(), room: Room::default(), crowd };
        Self { app, key, graph, listening, statements, _folder: folder }
    }

    pub(super) fn cx(&self) -> &Cx {
        &self.app.deps.cx
    }

    /// The statements that have read since this was last asked.
    pub(super) fn statements(&self) -> Vec<String> {
        mem::take(&mut self.statements.lock().unwrap())
    }

    pub(super) async fn call(&self, request: Request) -> Response {
        self.app.call(request).await.unwrap()
    }

    /// One operation, as `bearer` or as nobody: what came back.
    pub(super) async fn graphql(&self, bearer: Option<&str>, query: &str, variables: Value) -> Value {
        let mut request = post().uri_str("/graphql");
        if let Some(bearer) = bearer {
            request = request.header(header::AUTHORIZATION, format!("Bearer {bearer}"));
        }
        let response = self.call(request.body(json!({"query": query, "variables": variables}).to_string())).await;
        assert_eq!(response.status(), StatusCode::OK);
        read(response).await
    }

    /// Somebody new, without a password: hashing one would only take time.
    pub(super) async fn shop(&self, name: &str) -> Shop<'_> {
        let newcomer = Newcomer {
            email: format!("{name}@example.com"),
            password: None,
            name: name.to_owned(),
            workspace_name: format!("{name}'s shop"),
            locale: None,
        };
        let opened =
            nhip_domain::user::sign_up::welcome(self.cx(), newcomer, 100, &Requester::default()).await.unwrap();
        let (bearer, _) = self.app.deps.tokens.issue(opened.user.id, opened.session_id, self.cx().now()).unwrap();
        let answer = self.graphql(Some(&bearer), "{ workspaces { id } }", json!({})).await;
        Shop { app: self, bearer, id: text(&answer["data"]["workspaces"][0]["id"]) }
    }
}

impl<'a> Shop<'a> {
    /// Somebody new, in a workspace of their own, who then joins this one by an invitation.
    pub(super) async fn joined_by(&self, name: &str, role: &str) -> Shop<'a> {
        let person = self.app.shop(name).await;
        let token = self.invite(&format!("{name}@example.com"), role).await;
        let query = "mutation($t: String!) { acceptInvitation(input: {token: $t}) { accessToken } }";
        person.ok(query, json!({"t": token})).await;
        person
    }

    /// An invitation into this workspace: what its link carries.
    pub(super) async fn invite(&self, email: &str, role: &str) -> String {
        let query = "mutation($w: ID!, $e: String!, $r: Role!) { \
                       inviteMember(input: {workspaceId: $w, email: $e, role: $r}) { url emailSent } }";
        let made = self.ok(query, json!({"w": self.id, "e": email, "r": role})).await["inviteMember"].clone();
        assert_eq!(made["emailSent"], false);
        let url = text(&made["url"]);
        url.strip_prefix("http://127.0.0.1:8080/invitation#token=").unwrap().to_owned()
    }

    /// An API token of this workspace, and its id.
    pub(super) async fn api_token(&self, scopes: Value) -> (String, String) {
        let query = "mutation($i: CreateApiTokenInput!) { createApiToken(input: $i) { token apiToken { id } } }";
        let input = json!({"i": {"workspaceId": self.id, "name": "job", "scopes": scopes}});
        let made = self.ok(query, input).await["createApiToken"].clone();
        (text(&made["token"]), text(&made["apiToken"]["id"]))
    }

    /// Their user's id.
    pub(super) async fn user_id(&self) -> String {
        text(&self.ok("{ me { id } }", json!({})).await["me"]["id"])
    }

    /// One operation of theirs: its data, without errors.
    pub(super) async fn ok(&self, query: &str, variables: Value) -> Value {
        let answer = self.app.graphql(Some(&self.bearer), query, variables).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        answer["data"].clone()
    }

    /// One operation of theirs that is refused: the code.
    pub(super) async fn refused(&self, query: &str, variables: Value) -> String {
        self.told(query, variables).await.0
    }

    /// One operation of theirs that is refused: the code, the field at fault and the message.
    pub(super) async fn told(&self, query: &str, variables: Value) -> (String, Value, String) {
        let answer = self.app.graphql(Some(&self.bearer), query, variables).await;
        let error = answer["errors"][0].clone();
        (text(&error["extensions"]["code"]), error["extensions"]["field"].clone(), text(&error["message"]))
    }

    pub(super) async fn connect(&self, phone: &str) -> String {
        let query = "mutation($w: ID!, $p: String!) { \
                       connectAccount(input: {workspaceId: $w, gateway: SIMULATOR, phone: $p}) { id } }";
        text(&self.ok(query, json!({"w": self.id, "p": phone})).await["connectAccount"]["id"])
    }

    /// A new webhook URL's path.
    pub(super) async fn webhook(&self) -> String {
        let query = "mutation($w: ID!) { generateWebhookUrl(input: {workspaceId: $w}) { url } }";
        let url = text(&self.ok(query, json!({"w": self.id})).await["generateWebhookUrl"]["url"]);
        url.strip_prefix("http://127.0.0.1:8080").unwrap().to_owned()
    }

    /// A message of theirs: its id.
    pub(super) async fn send(&self, text_: &str) -> String {
        let query = "mutation($w: ID!, $t: String!) { \
                       sendMessage(input: {workspaceId: $w, phone: \"+12025550100\", text: $t}) { id } }";
        text(&self.ok(query, json!({"w": self.id, "t": text_})).await["sendMessage"]["id"])
    }
}

pub(super) fn post() -> poem::RequestBuilder {
    Request::builder().method(poem::http::Method::POST).content_type("application/json")
}

pub(super) async fn read(response: Response) -> Value {
    serde_json::from_str(&response.into_body().into_string().await.unwrap()).unwrap()
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// The code of an answer's one error.
pub(super) fn code(answer: &Value) -> String {
    text(&answer["errors"][0]["extensions"]["code"])
}
