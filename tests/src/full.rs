//! A workspace with as many messages as one likes, and the admin API in front of it, in this process.

use std::{
    mem,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_graphql::{Request, Variables};
use nhip_api::{
    access_token::AccessTokens,
    graphql::{self, Admin, Deps},
    mail::PostOffice,
};
use nhip_domain::{
    Cx, Database, api_token,
    audit::Requester,
    authenticate::{self, Caller},
    clock::{self, Clock},
    message::{Acceptor, search},
    secret::SecretKey,
    settings::Settings,
    user::sign_up::{Newcomer, welcome},
};
use nhip_entity::{api_token::Scope, workspace};
use nhip_worker::{
    bus::LocalBus,
    download::{Downloader, Exceptions},
    gateway::cloud_api::graph::Graph,
};
use sea_orm::{ConnectionTrait as _, EntityTrait as _, Statement};
use serde_json::Value;
use uuid::Uuid;

/// A full workspace on a PostgreSQL of one's own, whose schema is there.
pub struct Full {
    pub workspace_id: Uuid,
    pub cx: Cx,
    admin: Admin,
    reader: Caller,
    biller: Caller,
    statements: Arc<Mutex<Vec<Statement>>>,
}

impl Full {
    /// One with that many messages, all of which are indexed. Among the oldest is one that says "needle", and no other does.
    pub async fn of(url: &str, messages: i64) -> Self {
        let patient = context(Database::patient_postgres(url).await.unwrap());
        let newcomer = Newcomer {
            email: "ada@example.com".to_owned(),
            password: None,
            name: "Ada".to_owned(),
            workspace_name: "Full".to_owned(),
            locale: None,
        };
        welcome(&patient, newcomer, 100, &Requester::default()).await.unwrap();
        let workspace_id = workspace::Entity::find().one(patient.db.read()).await.unwrap().unwrap().id;
        fill(&patient, workspace_id, messages).await;
        let statements = Arc::<Mutex<Vec<Statement>>>::default();
        let mut db = Database::postgres(url, 4).await.unwrap();
        let told = Arc::clone(&statements);
        db.on_read(move |statement| told.lock().unwrap().push(statement.clone()));
        let cx = context(db);
        let bus = LocalBus::with_nudges(|_account_id| {});
        let deps = Deps {
            acceptor: Acceptor::start(cx.clone()),
            bus: Arc::new(bus),
            downloader: Downloader::new(Exceptions::default()).unwrap(),
            graph: Graph::new("http://127.0.0.1:1").unwrap(),
            tokens: AccessTokens::new(&cx.secret).unwrap(),
            post: PostOffice::closed(),
            cx: cx.clone(),
        };
        Self {
            workspace_id,
            reader: caller(&cx, Scope::WorkspaceRead, Some(workspace_id)).await,
            biller: caller(&cx, Scope::BillingRead, None).await,
            admin: graphql::build(deps, false),
            cx,
            statements,
        }
    }

    /// What a field of the workspace answers.
    pub async fn read(&self, field: &str) -> Value {
        let query = format!("{{ workspace(id: \"{}\") {{ {field} }} }}", self.workspace_id);
        self.ask(&query, &self.reader).await["workspace"].clone()
    }

    /// What a field of the root answers to a billing job.
    pub async fn bill(&self, field: &str) -> Value {
        self.ask(&format!("{{ {field} }}"), &self.biller).await
    }

    /// The statements since this was last asked.
    pub fn statements(&self) -> Vec<Statement> {
        mem::take(&mut self.statements.lock().unwrap())
    }

    async fn ask(&self, query: &str, caller: &Caller) -> Value {
        let request = Request::new(query).variables(Variables::default());
        let response = self.admin.answer(request, Some(caller.clone()), Requester::default()).await;
        assert!(response.errors.is_empty(), "{:?} for {query}", response.errors);
        serde_json::to_value(response.data).unwrap()
    }
}

fn context(db: Database) -> Cx {
    let secret = SecretKey::new(&SecretKey::draw(&mut clock::rng())).unwrap();
    let signals = Arc::new(LocalBus::with_nudges(|_account_id| {}));
    Cx { db, clock: Clock::system(), settings: Arc::new(Settings::default()), secret, signals }
}

async fn caller(cx: &Cx, scope: Scope, workspace_id: Option<Uuid>) -> Caller {
    let life = Duration::from_hours(1);
    let new = api_token::NewToken { name: "reader".to_owned(), scopes: vec![scope], workspace_id, life };
    let (token, _) = api_token::create(cx, new).await.unwrap();
    authenticate::by_api_token(cx, &token, Requester::default()).await.unwrap().unwrap()
}

/// Ten accounts, a chat for every ten messages, a charge for each message; as a year's work leaves them.
const FILL: &[&str] = &[
    "INSERT INTO accounts (id, workspace_id, phone, name, gateway, state, connected_at, created_at, pace_min_ms, \
       pace_max_ms, lane_taken_over) \
     SELECT gen_random_uuid(), '{w}', '1510556' || 1000 + n, 'Till ' || n, 'SIMULATOR', 'CONNECTED', now(), now(), 1500, \
       2500, FALSE FROM generate_series(1, 10) n",
    "INSERT INTO chats (workspace_id, account_id, kind, name, renamed, jid, phone, created_at, last_message_at) \
     SELECT '{w}', (array(SELECT id FROM accounts))[1 + n % 10], 'CONTACT', 'Customer ' || n, FALSE, \
       (12025000000 + n) || '@s.whatsapp.net', (12025000000 + n)::text, now(), now() - n * interval '1 second' \
     FROM generate_series(1, {n} / 10) n",
    "INSERT INTO messages (id, workspace_id, account_id, chat_id, place, status, source, text, recipient, \
       recipient_kind, recipient_key, by_default, credits, restored, attempts, hand_overs, failure, created_at, sent_at, \
       failed_at) \
     SELECT '3EB0' || upper(lpad(to_hex(n), 16, '0')), '{w}', c.account_id, c.id, n, \
       CASE WHEN n > {n} - 100 THEN 'QUEUED' WHEN n % 1000 = 7 THEN 'FAILED' WHEN n % 3 = 0 THEN 'DELIVERED' ELSE 'READ' END, \
       'WEBHOOK', 'Your order ' || md5(n::text) || CASE WHEN n = 10 THEN ' has a needle' ELSE ' is ready' END, \
       '+' || c.phone, 'PHONE', c.jid, TRUE, 1, FALSE, 0, 1, CASE WHEN n % 1000 = 7 THEN 'EXPIRED' END, \
       now() - ({n} - n) * interval '30 seconds', now() - ({n} - n) * interval '30 seconds', \
       CASE WHEN n % 1000 = 7 THEN now() END \
     FROM generate_series(1, {n}) n JOIN chats c ON c.id = 77234 + n % ({n} / 10)",
    "INSERT INTO credit_entries (workspace_id, number, kind, amount, balance_after, message_id, at, position) \
     SELECT workspace_id, place + 1, 'CHARGE', -1, {n} - place, id, created_at, place + 1 FROM messages",
    "UPDATE credit_entries SET position = 1, amount = {n}, balance_after = {n}, at = now() - ({n} + 10) * interval '30 seconds' WHERE number = 1",
    "UPDATE workspaces SET balance = 0, last_entry = {n} + 1, last_place = {n}",
    "UPDATE sequencer SET last_position = {n} + 1 WHERE id = 1",
];

async fn fill(cx: &Cx, workspace_id: Uuid, messages: i64) {
    let db = cx.db.schema();
    // Rows that are known to fit are not looked up one by one.
    let mut script =
        "BEGIN; SET LOCAL session_replication_role = replica; SET LOCAL maintenance_work_mem = '256MB';".to_owned();
    for sql in FILL {
        script += &sql.replace("{w}", &workspace_id.to_string()).replace("{n}", &messages.to_string());
        script.push(';');
    }
    db.execute_unprepared(&(script + "DROP INDEX message_grams_gin; COMMIT;")).await.unwrap();
    while search::index(cx).await.unwrap() > 0 {}
    db.execute_unprepared("CREATE INDEX message_grams_gin ON message_grams USING gin (grams)").await.unwrap();
    db.execute_unprepared("VACUUM ANALYZE").await.unwrap();
}
