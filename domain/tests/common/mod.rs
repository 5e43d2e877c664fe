//! A house with one workspace, on a database of its own, of either kind.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]
#![expect(dead_code, unreachable_pub, reason = "every test binary has its own copy and uses a part of it")]
#![expect(clippy::disallowed_methods, reason = "tests read the clock as they like")]

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use nhip_domain::{
    Cx, Database, Refusal,
    clock::{self, Clock},
    message::{Accepted, Call, Origin, Received},
    refusal::Spot,
    request::{Recipient, SendRequest},
    secret::SecretKey,
    settings::Settings,
    signal::Silence,
};
use nhip_entity::{
    account,
    activation::{Activation, Body, Heard},
    message, webhook, worker, workspace,
};
use nhip_migration::{Migrator, MigratorTrait as _};
use nhip_scratch::{Scratch, sample};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, ExprTrait as _,
    IntoActiveModel as _, QueryFilter as _, Statement, sea_query::Expr,
};
use uuid::Uuid;

/// As many connections as a process of ours has.
const CONNECTIONS: u32 = 20;
/// What SQLite's file is called.
const FILE: &str = "nhip.db";

/// Which database a house stands on.
#[derive(Clone, Copy, Debug)]
pub enum On {
    Sqlite,
    Postgres,
}

pub struct House {
    pub cx: Cx,
    pub on: On,
    pub workspace_id: Uuid,
    pub account_id: Uuid,
    ground: Ground,
}

/// What goes when the house goes.
enum Ground {
    Sqlite(tempfile::TempDir),
    Postgres(Scratch),
}

pub const TOKEN: [u8; 32] = [7; 32];

impl House {
    pub async fn with_credits(on: On, credits: i64) -> Self {
        let (db, ground) = clear_ground(on).await;
        let secret = SecretKey::new(&SecretKey::draw(&mut clock::rng())).unwrap();
        let cx = Cx {
            db,
            clock: Clock::system(),
            settings: Arc::new(Settings::default()),
            secret,
            signals: Arc::new(Silence),
        };
        let (workspace_id, account_id) = (Uuid::new_v4(), Uuid::new_v4());
        let house = Self { cx, on, workspace_id, account_id, ground };
        house.furnish(credits).await;
        house
    }

    /// Runs whichever of the two statements the house's database understands.
    pub async fn run_sql(&self, sqlite: &str, postgres: &str) {
        let sql = match self.on {
            On::Sqlite => sqlite,
            On::Postgres => postgres,
        };
        self.cx.db.schema().execute_unprepared(sql).await.unwrap();
    }

    /// Runs a statement that both databases understand.
    pub async fn run(&self, sql: &str) {
        self.run_sql(sql, sql).await;
    }

    /// COMMIT fails from now on, for whatever inserts into `table`, until [`Self::lets_commit`].
    pub async fn fails_to_commit(&self, table: &str) {
        self.run("CREATE TABLE parents (id INTEGER PRIMARY KEY)").await;
        self.run("CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED)").await;
        self.run_sql(
            &format!("CREATE TRIGGER orphans AFTER INSERT ON {table} BEGIN INSERT INTO children VALUES (1); END"),
            &format!(
                "CREATE FUNCTION orphan() RETURNS trigger LANGUAGE plpgsql \
                   AS 'BEGIN INSERT INTO children VALUES (1); RETURN NULL; END'; \
                 CREATE TRIGGER orphans AFTER INSERT ON {table} EXECUTE FUNCTION orphan()"
            ),
        )
        .await;
    }

    /// Lets COMMIT succeed again, once `txn` is committed.
    pub async fn lets_commit(&self, txn: &nhip_domain::database::WriteTransaction) {
        txn.execute_unprepared("INSERT INTO parents VALUES (1)").await.unwrap();
    }

    /// Another workspace, with nothing but credits.
    pub async fn another_workspace(&self, credits: i64) -> Uuid {
        let id = Uuid::new_v4();
        self.workspace(id, credits).await;
        id
    }

    async fn workspace(&self, id: Uuid, credits: i64) {
        let db = self.cx.db.schema();
        let workspace = workspace::Model { id, created_at: self.cx.now(), ..sample::workspace() };
        workspace::Entity::insert(workspace.into_active_model()).exec_without_returning(db).await.unwrap();
        let txn = self.cx.db.write(nhip_domain::database::Urgency::Normal).await.unwrap();
        let locked = nhip_domain::lock::workspaces(&txn, [id]).await.unwrap();
        let mut book = nhip_domain::ledger::Book::open(self.cx.now(), &locked);
        if credits > 0 {
            let kind = nhip_entity::credit_entry::CreditKind::Grant;
            book.add(id, kind, credits, nhip_domain::ledger::Note::default()).unwrap();
        }
        book.write(&txn).await.unwrap();
        txn.commit().await.unwrap();
    }

    async fn furnish(&self, credits: i64) {
        self.workspace(self.workspace_id, credits).await;
        let webhook = webhook::Model {
            workspace_id: self.workspace_id,
            enabled: true,
            token_hash: Some(TOKEN.to_vec()),
            token_sealed: None,
            url_hint: None,
            url_created_at: Some(self.cx.now()),
            full_again_at_us: 0,
        };
        webhook::Entity::insert(webhook.into_active_model()).exec_without_returning(self.cx.db.schema()).await.unwrap();
        self.account(self.account_id, "15105566777").await;
    }

    pub async fn account(&self, id: Uuid, phone: &str) {
        let account = account::Model {
            id,
            workspace_id: self.workspace_id,
            phone: Some(phone.to_owned()),
            name: phone.to_owned(),
            connected_at: Some(self.cx.now()),
            created_at: self.cx.now(),
            pace_min_ms: 20,
            pace_max_ms: 30,
            ..sample::account()
        };
        account::Entity::insert(account.into_active_model()).exec_without_returning(self.cx.db.schema()).await.unwrap();
    }

    pub fn call(&self, request: Result<SendRequest, Refusal>) -> Call {
        let heard = Heard {
            at: Utc::now(),
            id: Uuid::new_v4(),
            body: Body::Text("{}".to_owned()),
            request_body_truncated: false,
            ignored_fields: Vec::new(),
            remote_address: None,
            user_agent: None,
        };
        let received = Received::new(&heard, self.cx.clock.instant());
        Call { origin: Origin::Webhook { token: TOKEN, received }, request, body_hash: [0; 32] }
    }

    /// The webhook's log, newest first.
    pub async fn log(&self) -> Vec<Activation> {
        nhip_domain::webhook::activations(self.cx.db.read(), self.workspace_id).await.unwrap()
    }

    pub fn text(&self, text: &str) -> Call {
        self.text_to(text, "+12025550100")
    }

    pub fn text_to(&self, text: &str, phone: &str) -> Call {
        self.call(Ok(SendRequest {
            text: text.to_owned(),
            file: None,
            recipient: Recipient::Phone(phone.to_owned()),
            recipient_at: Spot::default(),
            account_phone: None,
            idempotency_key: None,
        }))
    }

    /// Accepts a text, and returns its id.
    pub async fn accepts(&self, acceptor: &nhip_domain::message::Acceptor, text: &str, phone: &str) -> String {
        let Accepted { message_id, .. } = acceptor.submit(self.text_to(text, phone)).await.unwrap();
        message_id
    }

    /// The texts that somebody finds who opens the database anew.
    pub async fn durable_texts(&self) -> Vec<String> {
        let db = match &self.ground {
            Ground::Sqlite(folder) => Database::sqlite(&folder.path().join(FILE)).await.unwrap(),
            Ground::Postgres(scratch) => Database::postgres(&scratch.url(), 1).await.unwrap(),
        };
        message::Entity::find().all(db.read()).await.unwrap().into_iter().map(|message| message.text).collect()
    }

    pub async fn balance(&self) -> i64 {
        workspace::Entity::find_by_id(self.workspace_id).one(self.cx.db.read()).await.unwrap().unwrap().balance
    }

    pub async fn message(&self, id: &str) -> message::Model {
        message::Entity::find_by_id(id).one(self.cx.db.read()).await.unwrap().unwrap()
    }

    pub async fn messages(&self) -> Vec<message::Model> {
        use sea_orm::QueryOrder as _;
        message::Entity::find().order_by_asc(message::Column::Place).all(self.cx.db.read()).await.unwrap()
    }

    pub async fn set_account(&self, change: impl FnOnce(&mut account::ActiveModel)) {
        let row = account::Entity::find_by_id(self.account_id).one(self.cx.db.read()).await.unwrap().unwrap();
        let mut row = row.into_active_model();
        change(&mut row);
        row.update(self.cx.db.schema()).await.unwrap();
    }

    pub async fn set_state(&self, state: account::AccountState) {
        self.set_account(|row| row.state = Set(state)).await;
    }

    /// What a kill of a worker looks like from outside: its heartbeats stop.
    pub async fn silence(&self, worker_id: Uuid) {
        let long_ago = Expr::col(worker::Column::HeartbeatMs).sub(60_000);
        let of_this = worker::Entity::update_many().filter(worker::Column::Id.eq(worker_id));
        of_this.col_expr(worker::Column::HeartbeatMs, long_ago).exec(self.cx.db.schema()).await.unwrap();
    }

    /// Until some transaction waits for another's lock. (Nobody sees who waits in SQLite's queue: there, a while.)
    pub async fn until_somebody_waits(&self) {
        if let On::Sqlite = self.on {
            return tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let sql =
            "SELECT 1 AS one FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let waits = Statement::from_string(self.cx.db.backend(), sql);
        while self.cx.db.read().query_one_raw(waits.clone()).await.unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Gives all entries their place in the billing stream.
    pub async fn sequence(&self) {
        while nhip_domain::ledger::sequence(&self.cx).await.unwrap() > 0 {}
    }

    /// Section 5 of the design: whatever happened, the ledger adds up.
    pub async fn assert_ledger(&self) {
        let findings = nhip_domain::ledger::audit(&self.cx).await.unwrap();
        assert_eq!(findings.breaches, vec![]);
    }
}

async fn clear_ground(on: On) -> (Database, Ground) {
    match on {
        On::Sqlite => {
            let folder = tempfile::tempdir().unwrap();
            let db = Database::sqlite(&folder.path().join(FILE)).await.unwrap();
            Migrator::up(db.schema(), None).await.unwrap();
            (db, Ground::Sqlite(folder))
        }
        On::Postgres => {
            let scratch = Scratch::migrated().await;
            (Database::postgres(&scratch.url(), CONNECTIONS).await.unwrap(), Ground::Postgres(scratch))
        }
    }
}
