//! A gateway, the WhatsApp behind it, and what it reports.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use nhip_domain::{
    Broken, Cx, Database,
    account::cloud_api::Credentials,
    clock::{self, Clock},
    secret::SecretKey,
    settings::Settings,
    signal::Silence,
};
use nhip_entity::{
    account::{self, Gateway as Kind},
    cloud_account,
    message::RecipientKind,
    workspace,
};
use nhip_migration::{Migrator, MigratorTrait as _};
use nhip_scratch::sample;
use nhip_tests::{Fault, Meta, Number, Report, phone};
use nhip_worker::gateway::{
    Capability, EventSink, File, Gateway, GatewayEvent, HandOver, Order, Taken, Unsent, capabilities,
    cloud_api::{CloudApi, graph::Graph},
    simulator::Simulator,
};
use sea_orm::{EntityTrait as _, IntoActiveModel as _};
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Longer than any answer here takes, but for one that is lost.
const ANSWER: Duration = Duration::from_secs(3);
/// Of this number, Meta finds out only afterwards that it has no WhatsApp.
const REPORTED_LATER: &str = "+12025550122";

pub(super) struct Stage {
    pub(super) gateway: Arc<dyn Gateway>,
    kind: Kind,
    account_id: Uuid,
    clock: Clock,
    meta: Meta,
    number: Number,
    heard: Heard,
    dir: TempDir,
}

impl Stage {
    pub(super) async fn of(kind: Kind) -> Self {
        let dir = TempDir::new().unwrap();
        let db = Database::sqlite(&dir.path().join("nhip.db")).await.unwrap();
        Migrator::up(db.schema(), None).await.unwrap();
        let secret = SecretKey::new(&SecretKey::draw(&mut clock::rng())).unwrap();
        let clock = Clock::system();
        let cx = Cx {
            db,
            clock: clock.clone(),
            settings: Arc::new(Settings::default()),
            secret,
            signals: Arc::new(Silence),
        };
        let (meta, heard) = (Meta::start().await, Heard::default());
        let number = meta.number("+15105566777");
        let account_id = furnish(&cx, kind, &number).await;
        let gateway: Arc<dyn Gateway> = match kind {
            Kind::CloudApi => {
                behave_like_the_simulator(&meta);
                Arc::new(CloudApi::new(cx, Graph::new(&meta.url()).unwrap(), Arc::new(heard.clone())))
            }
            _ => simulator(&cx, &heard, &dir),
        };
        Self { gateway, kind, account_id, clock, meta, number, heard, dir }
    }

    /// Whether the gateway can do this, as it says itself and as the API tells of it.
    pub(super) fn can(&self, capability: Capability) -> bool {
        let can = self.gateway.can(capability);
        assert_eq!(can, capabilities(self.kind).contains(&capability), "{capability:?}");
        can
    }

    /// A number without WhatsApp, of which a WhatsApp that is not asked beforehand takes messages all the same.
    pub(super) fn without_whatsapp(&self) -> &'static str {
        match self.kind {
            Kind::CloudApi => REPORTED_LATER,
            _ => phone::NOT_ON_WHATSAPP,
        }
    }

    /// From now on WhatsApp lets businesses write only to people who wrote, where it is one that does so.
    pub(super) fn mind_windows(&self) {
        self.meta.mind_windows();
    }

    /// A person writes to the account.
    pub(super) async fn hears_from(&self, phone: &str) {
        if self.kind == Kind::CloudApi {
            self.meta.writes(phone, &self.number, "Somebody").await;
        }
    }

    /// What came of a text, and whether it was handed over.
    pub(super) async fn send(&self, recipient: &str, id: &str) -> (Result<Taken, Unsent>, bool) {
        self.order(recipient, id, "hello", None).await
    }

    pub(super) async fn send_file(
        &self,
        recipient: &str,
        id: &str,
        text: &str,
        file: File,
    ) -> (Result<Taken, Unsent>, bool) {
        self.order(recipient, id, text, Some(file)).await
    }

    async fn order(&self, recipient: &str, id: &str, text: &str, file: Option<File>) -> (Result<Taken, Unsent>, bool) {
        let order = Order {
            account_id: self.account_id,
            account_phone: "15105566777".to_owned(),
            message_id: id.to_owned(),
            recipient: recipient.to_owned(),
            recipient_kind: RecipientKind::Phone,
            text: text.to_owned(),
            file,
            hand_overs_before: 0,
        };
        let hand_over = HandOver::new(self.clock.clone());
        // As a lane does: no acknowledgement is an unknown outcome.
        let sent = timeout(ANSWER, self.gateway.send(&order, &hand_over)).await;
        (sent.unwrap_or(Err(Unsent::Unknown)), hand_over.at().is_some())
    }

    /// The id and kind of each message that WhatsApp took.
    pub(super) fn taken(&self) -> Vec<(String, String)> {
        if self.kind == Kind::CloudApi {
            return self.meta.arrived().into_iter().map(|message| (message.id, message.kind)).collect();
        }
        let log = std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
        let lines = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let text = |line: &Value, field: &str| line[field].as_str().unwrap().to_owned();
        lines.filter(|line| line["repeat"] == false).map(|line| (text(&line, "id"), text(&line, "kind"))).collect()
    }

    pub(super) fn heard(&self) -> Vec<GatewayEvent> {
        self.heard.0.lock().unwrap().clone()
    }
}

#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<GatewayEvent>>>);

#[async_trait]
impl EventSink for Heard {
    async fn apply(&self, _account_id: Uuid, event: GatewayEvent) -> Result<(), Broken> {
        self.0.lock().unwrap().push(event);
        Ok(())
    }

    async fn apply_kept(&self, account_id: Uuid, event: GatewayEvent, _event_id: Uuid) -> Result<(), Broken> {
        self.apply(account_id, event).await
    }
}

fn simulator(cx: &Cx, heard: &Heard, dir: &TempDir) -> Arc<dyn Gateway> {
    let simulator = Simulator::start(cx.db.clone(), cx.clock.clone(), Some(&dir.path().join("log"))).unwrap();
    let (plays, heard) = (simulator.clone(), heard.clone());
    tokio::spawn(async move { plays.play_due(&heard, CancellationToken::new()).await });
    Arc::new(simulator)
}

/// Does to each number what the built-in WhatsApp does.
fn behave_like_the_simulator(meta: &Meta) {
    meta.on(phone::NOT_ON_WHATSAPP, [Fault::Error(131_026)]);
    meta.report_of(REPORTED_LATER, Report::Failed(131_026));
    meta.on(phone::SERVER_ERROR_TWICE, [Fault::Error(131_000), Fault::Error(131_016)]);
    meta.on(phone::RATE_LIMITED_ONCE, [Fault::Error(130_429)]);
    meta.on(phone::LOST_ACKNOWLEDGEMENT, [Fault::TakenThenCut]);
    meta.on(phone::LOGS_OUT, [Fault::Error(190)]);
    meta.on(phone::REJECTS_FILES, [Fault::Error(131_053)]);
}

async fn furnish(cx: &Cx, kind: Kind, number: &Number) -> Uuid {
    let (workspace_id, account_id) = (cx.clock.new_id(), cx.clock.new_id());
    let workspace = workspace::Model { id: workspace_id, created_at: cx.now(), ..sample::workspace() };
    let account = account::Model {
        id: account_id,
        workspace_id,
        phone: Some(number.phone.clone()),
        gateway: kind,
        connected_at: Some(cx.now()),
        created_at: cx.now(),
        ..sample::account()
    };
    let credentials = Credentials {
        access_token: number.token.clone(),
        app_secret: number.app_secret.clone(),
        verify_token: "verify".to_owned(),
    };
    let credentials = serde_json::to_vec(&credentials).unwrap();
    let at_meta = cloud_account::Model {
        account_id,
        phone_number_id: number.id.clone(),
        business_account_id: number.business_id.clone(),
        credentials: cx.secret.seal(account_id.as_bytes(), &credentials, &mut clock::rng()).unwrap(),
    };
    let db = cx.db.schema();
    workspace::Entity::insert(workspace.into_active_model()).exec_without_returning(db).await.unwrap();
    account::Entity::insert(account.into_active_model()).exec_without_returning(db).await.unwrap();
    cloud_account::Entity::insert(at_meta.into_active_model()).exec_without_returning(db).await.unwrap();
    account_id
}
