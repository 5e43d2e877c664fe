//! In real time: a paused clock would run ahead while SQLite works.

use std::{fs, path::PathBuf, sync::Mutex, time::Duration};

use nhip_domain::{
    Cx,
    clock::{self, Clock},
    secret::SecretKey,
    settings::Settings,
    signal::Silence,
};
use nhip_entity::{
    account::{self, AccountState},
    message::RecipientKind,
    simulator_event, simulator_message, workspace,
};
use nhip_migration::{Migrator, MigratorTrait as _};
use nhip_scratch::sample;
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, prelude::*};
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::timeout;

use super::*;
use crate::{
    gateway::{GatewayEvent, ReceiptKind},
    journal::DbJournal,
    receipts::Receipts,
};

const SOON: Duration = Duration::from_mins(1);

struct World {
    dir: TempDir,
    db: Database,
    clock: Clock,
    account_id: Uuid,
    simulator: Simulator,
}

impl World {
    async fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let db = Database::sqlite(&dir.path().join("nhip.db")).await.unwrap();
        Self::on(db, dir).await
    }

    async fn on(db: Database, dir: TempDir) -> Self {
        let clock = Clock::system();
        Migrator::up(db.schema(), None).await.unwrap();
        let account_id = connect(&db, &clock).await;
        let simulator = Simulator::start(db.clone(), clock.clone(), Some(&dir.path().join("log"))).unwrap();
        Self { dir, db, clock, account_id, simulator }
    }

    /// The process dies and another starts.
    fn restart(&mut self) {
        self.simulator = Simulator::start(self.db.clone(), self.clock.clone(), Some(&self.log())).unwrap();
    }

    fn log(&self) -> PathBuf {
        self.dir.path().join("log")
    }

    fn lines(&self) -> Vec<Value> {
        fs::read_to_string(self.log()).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn order(&self, recipient: &str, id: &str) -> Order {
        Order {
            account_id: self.account_id,
            account_phone: "15105566777".to_owned(),
            message_id: id.to_owned(),
            recipient: recipient.to_owned(),
            recipient_kind: RecipientKind::Phone,
            text: "hello".to_owned(),
            file: None,
            hand_overs_before: 0,
        }
    }

    async fn send(&self, recipient: &str, id: &str) -> (Result<Taken, Unsent>, bool) {
        let hand_over = HandOver::new(self.clock.clone());
        let sent = timeout(SOON, self.simulator.send(&self.order(recipient, id), &hand_over)).await.unwrap();
        (sent, hand_over.at().is_some())
    }

    /// What a kill leaves between the transaction and the log.
    async fn lose_line(&self, id: &str) {
        let owed = simulator_message::Entity::find().filter(simulator_message::Column::Line.is_not_null());
        while owed.clone().count(self.db.read()).await.unwrap() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let log = fs::read_to_string(self.log()).unwrap();
        let (lost, kept): (Vec<&str>, Vec<&str>) = log.split_inclusive('\n').partition(|line| line.contains(id));
        fs::write(self.log(), kept.concat()).unwrap();
        simulator_message::Entity::update_many()
            .col_expr(simulator_message::Column::Line, Expr::value(lost[0].trim_end()))
            .filter(simulator_message::Column::Id.eq(id))
            .exec(self.db.schema())
            .await
            .unwrap();
    }

    fn cx(&self) -> Cx {
        let secret = SecretKey::new(&SecretKey::draw(&mut clock::rng())).unwrap();
        let (db, clock, settings) = (self.db.clone(), self.clock.clone(), Arc::new(Settings::default()));
        Cx { db, clock, settings, secret, signals: Arc::new(Silence) }
    }

    /// What writes events down in earnest.
    fn receipts(&self) -> Receipts {
        let cx = self.cx();
        let journal = DbJournal::start(&cx);
        Receipts::new(cx, journal)
    }

    async fn state(&self) -> AccountState {
        account::Entity::find_by_id(self.account_id).one(self.db.read()).await.unwrap().unwrap().state
    }

    async fn reaches(&self, state: AccountState) {
        while self.state().await != state {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// What a person did.
    async fn reconnect(&self) {
        account::Entity::update_many()
            .col_expr(account::Column::State, Expr::value("CONNECTED"))
            .exec(self.db.schema())
            .await
            .unwrap();
    }

    async fn events(&self) -> u64 {
        simulator_event::Entity::find().count(self.db.read()).await.unwrap()
    }

    /// Plays until `done` says so of what was played.
    async fn play(&self, sink: &Heard, done: impl Fn(&[(Uuid, GatewayEvent)]) -> bool) {
        let stop = CancellationToken::new();
        let watch = async {
            while !done(&sink.events()) || self.events().await > 0 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            stop.cancel();
        };
        timeout(SOON, async { tokio::join!(self.simulator.play_due(sink, stop.clone()), watch) }).await.unwrap();
    }
}

async fn connect(db: &Database, clock: &Clock) -> Uuid {
    let workspace_id = clock.new_id();
    let workspace = workspace::Model { id: workspace_id, created_at: clock.now(), ..sample::workspace() };
    workspace.into_active_model().insert(db.schema()).await.unwrap();
    let account = account::Model {
        id: clock.new_id(),
        workspace_id,
        connected_at: Some(clock.now()),
        created_at: clock.now(),
        ..sample::account()
    };
    let id = account.id;
    account.into_active_model().insert(db.schema()).await.unwrap();
    id
}

#[derive(Default)]
struct Heard {
    events: Mutex<Vec<(Uuid, GatewayEvent)>>,
    failures: Mutex<u32>,
}

impl Heard {
    fn events(&self) -> Vec<(Uuid, GatewayEvent)> {
        self.events.lock().unwrap().clone()
    }
}

#[async_trait]
impl EventSink for Heard {
    async fn apply(&self, account_id: Uuid, event: GatewayEvent) -> Result<(), Broken> {
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            return Err(Broken::TimedOut("a test"));
        }
        self.events.lock().unwrap().push((account_id, event));
        Ok(())
    }

    async fn apply_kept(&self, account_id: Uuid, event: GatewayEvent, _event_id: Uuid) -> Result<(), Broken> {
        self.apply(account_id, event).await
    }
}

fn is_read(event: &GatewayEvent) -> bool {
    matches!(event, GatewayEvent::Receipt { what: ReceiptKind::Read, .. })
}

#[tokio::test]
async fn a_message_is_logged_acknowledged_delivered_and_read() {
    let world = World::new().await;
    let (sent, handed_over) = world.send("+1 202-555-0100", "3EB0A").await;
    assert_eq!(sent.unwrap().chat.name.as_deref(), Some("Ada Example"));
    assert!(handed_over);
    let line = world.lines().remove(0);
    assert_eq!((&line["id"], &line["to"]), (&"3EB0A".into(), &"12025550100@s.whatsapp.net".into()));
    assert_eq!((&line["account"], &line["repeat"]), (&"+15105566777".into(), &false.into()));
    let sink = Heard::default();
    world.play(&sink, |events| events.iter().any(|(_, event)| is_read(event))).await;
    assert_eq!(sink.events().len(), 2);
    assert!(sink.events().iter().all(|(account_id, _)| *account_id == world.account_id));
}

#[tokio::test]
async fn a_repeated_id_is_logged_as_such_and_promises_nothing_new_after_a_restart_as_well() {
    let mut world = World::new().await;
    world.send("+12025550100", "3EB0A").await.0.unwrap();
    world.restart();
    world.send("+12025550100", "3EB0A").await.0.unwrap();
    assert_eq!(world.lines().iter().map(|line| line["repeat"] == true).collect::<Vec<_>>(), [false, true]);
    assert_eq!(world.events().await, 2);
}

#[tokio::test]
async fn the_same_id_in_another_chat_is_another_message() {
    let world = World::new().await;
    world.send("+12025550100", "3EB0A").await.0.unwrap();
    world.send("+12025550104", "3EB0A").await.0.unwrap();
    assert!(world.lines().iter().all(|line| line["repeat"] == false));
}

#[tokio::test]
async fn two_spellings_of_one_number_are_one_chat() {
    let world = World::new().await;
    world.send("+12025550116", "3EB0A").await.0.unwrap();
    world.send("12025550100@c.us", "3EB0A").await.0.unwrap();
    assert_eq!(world.lines()[1]["repeat"], true);
}

#[tokio::test]
async fn what_is_refused_is_counted_across_a_restart_and_not_logged() {
    let mut world = World::new().await;
    for _ in 0..2 {
        let (sent, handed_over) = world.send("+12025550103", "3EB0A").await;
        assert!(matches!(sent, Err(Unsent::Retry { .. })));
        assert!(handed_over, "a refused attempt counts for the pace");
        world.restart();
    }
    assert_eq!(world.lines().len(), 0);
    world.send("+12025550103", "3EB0A").await.0.unwrap();
    assert_eq!(world.lines().len(), 1);
    assert_eq!(world.lines()[0]["repeat"], false);
}

#[tokio::test]
async fn what_is_no_address_never_leaves() {
    let world = World::new().await;
    for recipient in ["abc", "+123", "1@s.whatsapp.net", "x@y"] {
        let (sent, handed_over) = world.send(recipient, "3EB0A").await;
        assert!(
            matches!(sent, Err(Unsent::Failed { reason: FailureReason::InvalidRecipient, .. })),
            "{recipient}: {sent:?}"
        );
        assert!(!handed_over);
    }
    assert_eq!(simulator_message::Entity::find().count(world.db.read()).await.unwrap(), 0);
}

#[tokio::test]
async fn a_lost_acknowledgement_is_received_and_never_answered() {
    let world = World::new().await;
    let hand_over = HandOver::new(world.clock.clone());
    let order = world.order("+12025550109", "3EB0A");
    let received = async {
        while world.lines().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // Others are acknowledged by then.
        tokio::time::sleep(Duration::from_millis(400)).await;
    };
    tokio::select! {
        answer = world.simulator.send(&order, &hand_over) => panic!("{answer:?}"),
        received = timeout(SOON, received) => received.unwrap(),
    }
    assert!(hand_over.at().is_some());
    assert_eq!((world.lines().len(), world.events().await), (1, 0));
    world.send("+12025550109", "3EB0A").await.0.unwrap();
    assert_eq!(world.lines()[1]["repeat"], true);
    assert_eq!(world.events().await, 2);
}

#[tokio::test]
async fn a_lost_connection_is_to_be_reported_once_it_answers_and_comes_back() {
    let world = World::new().await;
    let (sent, handed_over) = world.send("+12025550117", "3EB0A").await;
    assert_eq!((sent, handed_over), (Err(Unsent::Disconnected), false));
    assert_eq!(world.events().await, 2);
    let sink = Heard::default();
    world.play(&sink, |events| events.len() == 2).await;
    let states: Vec<_> = sink.events().into_iter().map(|(_, event)| event).collect();
    assert!(matches!(states[0], GatewayEvent::Account { state: AccountState::Reconnecting, .. }));
    assert!(matches!(states[1], GatewayEvent::Account { state: AccountState::Connected, .. }));
}

#[tokio::test]
async fn many_at_once_are_received_together_and_each_once() {
    let world = World::new().await;
    let ids: Vec<_> = (0..500).map(|n| format!("3EB0{n:016X}")).collect();
    // Each twice, at the same moment.
    let sends = ids.iter().chain(&ids).map(|id| world.send("+12025550100", id));
    for (sent, _) in futures::future::join_all(sends).await {
        sent.unwrap();
    }
    let lines = world.lines();
    assert_eq!(lines.iter().filter(|line| line["repeat"] == false).count(), 500);
    assert_eq!((lines.len(), world.events().await), (1_000, 1_000));
}

#[tokio::test]
async fn one_that_cannot_be_written_does_not_take_the_others_with_it() {
    let world = World::new().await;
    let stranger = Order { account_id: Uuid::nil(), ..world.order("+12025550100", "3EB0A") };
    let hand_over = HandOver::new(world.clock.clone());
    let (first, ours, other) = tokio::join!(
        world.send("+12025550100", "3EB0B"),
        world.send("+12025550100", "3EB0C"),
        world.simulator.send(&stranger, &hand_over),
    );
    assert!(first.0.is_ok() && ours.0.is_ok());
    assert_eq!(other, Err(Unsent::Unknown));
    assert_eq!(world.lines().len(), 2);
}

#[tokio::test]
async fn an_event_that_cannot_be_applied_is_tried_again_and_none_overtakes_it() {
    let world = World::new().await;
    let sink = Heard { failures: Mutex::new(2), ..Heard::default() };
    let hand_over = HandOver::new(world.clock.clone());
    world.simulator.send(&world.order("+12025550108", "3EB0A"), &hand_over).await.unwrap();
    world.play(&sink, |events| events.len() >= 6).await;
    let read: Vec<_> = sink.events().iter().map(|(_, event)| is_read(event)).collect();
    assert_eq!(read, [false, false, false, true, true, true]);
}

#[tokio::test]
async fn events_of_another_process_are_played_as_well() {
    let world = World::new().await;
    let other = Simulator::start(world.db.clone(), world.clock.clone(), None).unwrap();
    let hand_over = HandOver::new(world.clock.clone());
    other.send(&world.order("+12025550100", "3EB0A"), &hand_over).await.unwrap();
    let sink = Heard::default();
    world.play(&sink, |events| events.len() == 2).await;
}

/// Writes what it is told, and dies before anybody hears that it did.
struct DiesThen(Receipts);

#[async_trait]
impl EventSink for DiesThen {
    async fn apply(&self, account_id: Uuid, event: GatewayEvent) -> Result<(), Broken> {
        self.0.apply(account_id, event).await?;
        future::pending().await
    }

    async fn apply_kept(&self, account_id: Uuid, event: GatewayEvent, event_id: Uuid) -> Result<(), Broken> {
        self.0.apply_kept(account_id, event, event_id).await?;
        future::pending().await
    }
}

#[tokio::test]
async fn a_state_that_was_written_before_a_kill_does_not_come_over_a_newer_one_afterwards() {
    let mut world = World::new().await;
    let receipts = world.receipts();
    let stop = CancellationToken::new();
    let log_out = async {
        world.send("+12025550118", "3EB0A").await.0.unwrap_err();
        world.reaches(AccountState::LoggedOut).await;
        stop.cancel();
    };
    let dies = DiesThen(receipts.clone());
    timeout(SOON, async { tokio::join!(world.simulator.play_due(&dies, stop.clone()), log_out) }).await.unwrap();
    world.reconnect().await;
    world.restart();
    let stop = CancellationToken::new();
    let later = async {
        world.send("+12025550100", "3EB0B").await.0.unwrap();
        while world.events().await > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        stop.cancel();
    };
    timeout(SOON, async { tokio::join!(world.simulator.play_due(&receipts, stop.clone()), later) }).await.unwrap();
    assert_eq!(world.state().await, AccountState::Connected);
}

#[tokio::test]
async fn it_remembers_and_plays_on_postgresql_as_well() {
    let scratch = nhip_scratch::Scratch::empty().await;
    let mut world = World::on(Database::postgres(&scratch.url(), 4).await.unwrap(), TempDir::new().unwrap()).await;
    world.send("+12025550100", "3EB0A").await.0.unwrap();
    world.restart();
    world.send("+12025550100", "3EB0A").await.0.unwrap();
    for _ in 0..2 {
        world.send("+12025550103", "3EB0B").await.0.unwrap_err();
    }
    world.send("+12025550103", "3EB0B").await.0.unwrap();
    assert_eq!(world.lines().iter().map(|line| line["repeat"] == true).collect::<Vec<_>>(), [false, true, false]);
    let sink = Heard::default();
    world.play(&sink, |events| events.len() == 4).await;
}

#[tokio::test]
async fn a_line_that_a_kill_kept_from_the_log_stands_before_the_repeat() {
    let mut world = World::new().await;
    world.send("+12025550104", "3EB0A").await.0.unwrap();
    world.send("+12025550104", "3EB0B").await.0.unwrap();
    world.lose_line("3EB0B").await;
    world.restart();
    world.send("+12025550104", "3EB0B").await.0.unwrap();
    let lines: Vec<_> = world.lines().iter().map(|line| (line["id"].clone(), line["repeat"].clone())).collect();
    assert_eq!(lines, [("3EB0A".into(), false.into()), ("3EB0B".into(), false.into()), ("3EB0B".into(), true.into())]);
}

#[tokio::test]
async fn nothing_is_reported_of_a_message_before_its_line_stands_in_the_log() {
    let mut world = World::new().await;
    for _ in 0..3 {
        drop(world.send("+12025550103", "3EB0A").await);
    }
    world.lose_line("3EB0A").await;
    assert_eq!(world.lines().len(), 0);
    world.restart();
    let sink = Heard::default();
    let logged_before_reported = |events: &[(Uuid, GatewayEvent)]| {
        assert!(events.is_empty() || world.lines().len() == 1);
        events.len() == 2
    };
    world.play(&sink, logged_before_reported).await;
    assert_eq!(world.lines()[0]["id"], "3EB0A");
}

#[tokio::test]
async fn what_came_long_ago_is_forgotten_once_it_stands_in_the_log() {
    let world = World::new().await;
    for id in ["3EB0A", "3EB0B", "3EB0C"] {
        world.send("+12025550104", id).await.0.unwrap();
    }
    world.lose_line("3EB0B").await;
    let (then, column) = (world.clock.now() - chrono::TimeDelta::days(8), simulator_message::Column::ReceivedAt);
    let long_ago = simulator_message::Entity::update_many().col_expr(column, Expr::value(then));
    let long_ago = long_ago.filter(simulator_message::Column::Id.ne("3EB0C"));
    long_ago.exec(world.db.schema()).await.unwrap();
    assert_eq!(forget(&world.cx()).await.unwrap(), 1);
    let left = simulator_message::Entity::find().all(world.db.read()).await.unwrap();
    let left: Vec<_> = left.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(left, ["3EB0B", "3EB0C"]);
}
