//! A database and a WhatsApp in memory, in which nothing happens but what the lanes do.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::DateTime;
use nhip_domain::{
    clock::Clock,
    lane::{Claimed, Outlook},
    message::{Authority, Beat, Begun, Ending, Fact, Hold, Outgoing, Pace},
};
use nhip_entity::{
    account::Gateway as GatewayKind,
    chat::ChatKind,
    message::{MessageStatus, Model},
};
use nhip_scratch::sample;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::super::{Gateways, Lanes, Term};
use crate::{
    download::NoFile,
    files::FileSource,
    gateway::{Capability, File, Gateway, HandOver, KnownChat, Order, Taken, Unsent},
    journal::{Journal, WriteError},
};

pub(super) const MIN: Duration = Duration::from_millis(1_500);
pub(super) const MAX: Duration = Duration::from_millis(2_500);

/// What a round trip to the database takes: long enough for a nudge to fall into it.
const SLOW: Duration = Duration::from_millis(30);

/// What one process runs, on a world that it shares with others.
pub(super) struct Process {
    pub(super) lanes: Arc<Lanes>,
    pub(super) term: Arc<Term>,
    pub(super) stop: CancellationToken,
}

/// The rows and the wire.
pub(super) struct World {
    pub(super) clock: Clock,
    rows: Mutex<Rows>,
    /// Everything that left: when, from which account, which message, to whom.
    pub(super) wire: Mutex<Vec<Left>>,
    rng: Mutex<StdRng>,
    /// How the next sends of a recipient end; afterwards they are taken.
    pub(super) script: Mutex<HashMap<String, Vec<Unsent>>>,
    /// How many of the next beats fail.
    pub(super) failing_beats: Mutex<u32>,
    /// How many of the next looks for what is in doubt fail.
    pub(super) failing_doubts: Mutex<u32>,
    /// How many of the next messages begin without the lane being told: the journal lost its answer and asked again.
    pub(super) lost_beats: Mutex<u32>,
    /// Whether the other side drops a repeated id.
    pub(super) drops_repeats: AtomicBool,
    /// How long a journal's answer takes.
    pub(super) slow_beat: Mutex<Duration>,
    /// The messages whose files are kept.
    pub(super) files: Mutex<HashSet<String>>,
}

#[derive(Clone, Debug)]
pub(super) struct Left {
    pub(super) at: Instant,
    pub(super) account: Uuid,
    pub(super) id: String,
    pub(super) to: String,
}

#[derive(Default)]
struct Rows {
    messages: HashMap<Uuid, BTreeMap<i64, Model>>,
    owners: HashMap<Uuid, Uuid>,
    epochs: HashMap<Uuid, i64>,
    dead: HashSet<Uuid>,
    paused: HashSet<Uuid>,
    /// Accounts that wait, and until when.
    held: HashMap<Uuid, DateTime<chrono::Utc>>,
    places: i64,
}

impl World {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            clock: Clock::steady(DateTime::UNIX_EPOCH),
            rows: Mutex::default(),
            wire: Mutex::default(),
            rng: Mutex::new(StdRng::seed_from_u64(11)),
            script: Mutex::default(),
            failing_beats: Mutex::default(),
            failing_doubts: Mutex::default(),
            lost_beats: Mutex::default(),
            drops_repeats: AtomicBool::new(true),
            slow_beat: Mutex::default(),
            files: Mutex::default(),
        })
    }

    pub(super) fn process(self: &Arc<Self>) -> Process {
        let stop = CancellationToken::new();
        let far = self.clock.instant() + Duration::from_hours(1_000);
        let term = Arc::new(Term::new(Uuid::new_v4(), far));
        let gateways = Gateways::default().with(GatewayKind::Simulator, Arc::new(Wire(Arc::clone(self))));
        let journal = Arc::new(Memory(Arc::clone(self)));
        let lanes = Lanes::new(
            self.clock.clone(),
            journal,
            gateways,
            Arc::new(Shelf(Arc::clone(self))),
            Arc::clone(&term),
            stop.clone(),
            Box::new(|_| {}),
        );
        Process { lanes, term, stop }
    }

    /// Queues a message, as acceptance would.
    pub(super) fn queue(&self, account: Uuid, to: &str) -> String {
        self.queue_with(account, to, None)
    }

    /// Queues a message whose file was fetched.
    pub(super) fn queue_file(&self, account: Uuid, to: &str) -> String {
        let id = self.queue_with(account, to, Some("https://files.example/logo.png"));
        self.files.lock().unwrap().insert(id.clone());
        id
    }

    fn queue_with(&self, account: Uuid, to: &str, file_url: Option<&str>) -> String {
        let mut rows = self.rows.lock().unwrap();
        rows.places += 1;
        let message = Model { file_url: file_url.map(str::to_owned), ..message(account, rows.places, to) };
        let id = message.id.clone();
        rows.messages.entry(account).or_default().insert(message.place, message);
        id
    }

    fn look(&self, account_id: Uuid) -> Outlook {
        let now = self.clock.now();
        let mut rows = self.rows.lock().unwrap();
        if rows.next(account_id, now, self.parks()).is_some() {
            return Outlook::Ready;
        }
        let all = rows.messages.get(&account_id).into_iter().flat_map(BTreeMap::values);
        let queued: Vec<_> = all.filter(|row| row.status == MessageStatus::Queued).collect();
        let of_account = rows.held.get(&account_id).copied().filter(|until| *until > now && !queued.is_empty());
        let held = queued.iter().filter_map(|row| row.hold_until).min().max(of_account);
        held.map_or(Outlook::Empty, Outlook::HeldUntil)
    }

    fn parks(&self) -> bool {
        !self.drops_repeats.load(Ordering::Relaxed)
    }

    /// A person mends what an account waits for.
    pub(super) fn mend(&self, account: Uuid) {
        self.rows.lock().unwrap().held.remove(&account);
    }

    pub(super) fn pause(&self, account: Uuid) {
        self.rows.lock().unwrap().paused.insert(account);
    }

    pub(super) fn resume(&self, account: Uuid) {
        self.rows.lock().unwrap().paused.remove(&account);
    }

    /// The worker's heartbeats stop.
    pub(super) fn bury(&self, worker_id: Uuid) {
        self.rows.lock().unwrap().dead.insert(worker_id);
    }

    pub(super) fn count(&self, status: MessageStatus) -> usize {
        let rows = self.rows.lock().unwrap();
        rows.messages.values().flat_map(BTreeMap::values).filter(|message| message.status == status).count()
    }

    /// The ids of what left, in order.
    pub(super) fn sent(&self) -> Vec<String> {
        self.wire.lock().unwrap().iter().map(|left| left.id.clone()).collect()
    }

    /// What left, by account, in order.
    pub(super) fn by_account(&self) -> HashMap<Uuid, Vec<Left>> {
        let mut by: HashMap<Uuid, Vec<Left>> = HashMap::new();
        for left in self.wire.lock().unwrap().iter() {
            by.entry(left.account).or_default().push(left.clone());
        }
        by
    }

    /// No two sends of one account were closer together than its minimum.
    pub(super) fn assert_pace(&self) {
        for left in self.by_account().values() {
            for pair in left.windows(2) {
                assert!(pair[1].at - pair[0].at >= MIN, "{:?} after {:?}", pair[1], pair[0]);
            }
        }
    }

    /// To one recipient, messages left for the first time in the order of their places.
    pub(super) fn assert_order(&self) {
        let rows = self.rows.lock().unwrap();
        let place: HashMap<&str, i64> = rows
            .messages
            .values()
            .flat_map(BTreeMap::values)
            .map(|message| (message.id.as_str(), message.place))
            .collect();
        let mut last: HashMap<(Uuid, String), i64> = HashMap::new();
        for left in self.wire.lock().unwrap().iter() {
            let before = last.entry((left.account, left.to.clone())).or_default();
            assert!(*before <= place[left.id.as_str()], "out of order: {left:?}");
            *before = place[left.id.as_str()];
        }
    }

    /// Waits, in simulated time, until nothing is queued or being sent.
    pub(super) async fn settled(&self, within: Duration) {
        let until = self.clock.instant() + within;
        while self.count(MessageStatus::Queued) + self.count(MessageStatus::Sending) > 0 {
            assert!(self.clock.instant() < until, "{} still queued", self.count(MessageStatus::Queued));
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}

struct Memory(Arc<World>);

impl Rows {
    fn find(&mut self, account: Uuid, id: &str) -> Option<&mut Model> {
        self.messages.get_mut(&account)?.values_mut().find(|message| message.id == id)
    }

    fn in_charge(&self, authority: &Authority) -> bool {
        self.owners.get(&authority.account_id) == Some(&authority.worker_id)
            && self.epochs.get(&authority.account_id) == Some(&authority.epoch)
    }

    /// What may be sent next. Nothing, while a message is in doubt that is not parked.
    fn next(&mut self, account: Uuid, now: DateTime<chrono::Utc>, parks: bool) -> Option<&mut Model> {
        let mut held = HashSet::new();
        if self.held.get(&account).is_some_and(|until| *until > now) {
            return None;
        }
        let is_sending = |message: &Model| message.status == MessageStatus::Sending;
        if !parks && self.messages.get(&account)?.values().any(is_sending) {
            return None;
        }
        self.messages.get_mut(&account)?.values_mut().filter(|message| message.status == MessageStatus::Queued).find(
            |message| {
                if message.hold_until.is_some_and(|until| until > now) {
                    held.insert(message.recipient_key.clone());
                }
                !held.contains(&message.recipient_key)
            },
        )
    }
}

#[async_trait]
impl Journal for Memory {
    async fn claim(&self, worker_id: Uuid, account_id: Uuid) -> Result<Option<Claimed>, WriteError> {
        let mut rows = self.0.rows.lock().unwrap();
        let owner = rows.owners.get(&account_id).copied();
        // What is parked is no work, but for whoever did not release its lane.
        let sending_is_work = !self.0.parks() || owner == Some(worker_id);
        let is_work = |message: &Model| match message.status {
            MessageStatus::Queued => true,
            MessageStatus::Sending => sending_is_work,
            _ => false,
        };
        let work = rows.messages.get(&account_id).is_some_and(|messages| messages.values().any(is_work));
        let free = owner.is_none_or(|owner| owner == worker_id || rows.dead.contains(&owner));
        if !work || !free || rows.paused.contains(&account_id) {
            return Ok(None);
        }
        rows.owners.insert(account_id, worker_id);
        let epoch = rows.epochs.entry(account_id).or_default();
        *epoch += 1;
        Ok(Some(Claimed {
            account_id,
            workspace_id: Uuid::nil(),
            epoch: *epoch,
            taken_over: owner.is_some(),
            gateway: GatewayKind::Simulator,
            phone: "15105566777".to_owned(),
            pace: Pace::new(MIN, MAX),
        }))
    }

    async fn in_doubt(&self, account_id: Uuid) -> Result<Vec<Outgoing>, WriteError> {
        fail_if_told(&self.0.failing_doubts)?;
        let rows = self.0.rows.lock().unwrap();
        let all = rows.messages.get(&account_id).into_iter().flat_map(BTreeMap::values);
        Ok(all.filter(|message| message.status == MessageStatus::Sending).map(outgoing).collect())
    }

    async fn beat(&self, authority: Authority, beat: Beat) -> Result<Begun, WriteError> {
        let now = self.0.clock.now();
        let begun = {
            let mut rows = self.0.rows.lock().unwrap();
            let runs = !rows.paused.contains(&authority.account_id);
            match beat {
                _ if !rows.in_charge(&authority) => Begun::Refused,
                Beat::Requeue { message_id, counts, hold, .. } => {
                    if let Some(Hold::Account { until }) = hold {
                        rows.held.insert(authority.account_id, until);
                    }
                    if let Some(message) = rows.find(authority.account_id, &message_id) {
                        message.status = MessageStatus::Queued;
                        message.hold_until = match hold {
                            Some(Hold::Message { until, .. }) => Some(until),
                            Some(Hold::Account { .. }) | None => None,
                        };
                        message.attempts += i32::from(counts);
                        message.hand_overs = 0;
                    }
                    Begun::Requeued
                }
                _ if !runs => Begun::Refused,
                Beat::Begin { .. } => send(rows.next(authority.account_id, now, self.0.parks())),
                Beat::Again { message_id } => send(
                    rows.find(authority.account_id, &message_id).filter(|row| row.status == MessageStatus::Sending),
                ),
            }
        };
        fail_if_told(&self.0.failing_beats)?;
        {
            let mut lost = self.0.lost_beats.lock().unwrap();
            if *lost > 0 && matches!(begun, Begun::Send { .. }) {
                *lost -= 1;
                return Ok(Begun::Nothing);
            }
        }
        let slow = *self.0.slow_beat.lock().unwrap();
        tokio::time::sleep(slow).await;
        Ok(begun)
    }

    async fn record(&self, fact: Fact) -> Result<(), WriteError> {
        if let Some(message) = self.0.rows.lock().unwrap().find(fact.account_id, &fact.message_id) {
            message.status = MessageStatus::Sent;
        }
        Ok(())
    }

    async fn settle(&self, ending: Ending) -> Result<bool, WriteError> {
        let mut rows = self.0.rows.lock().unwrap();
        let found = rows.messages.values_mut().flat_map(BTreeMap::values_mut).find(|row| row.id == ending.message_id);
        if let Some(message) = found {
            message.status = MessageStatus::Failed;
        }
        Ok(true)
    }

    async fn outlook(&self, account_id: Uuid) -> Result<Outlook, WriteError> {
        let seen = self.0.look(account_id);
        // What is queued from here on, the answer does not know.
        tokio::time::sleep(SLOW).await;
        Ok(seen)
    }

    async fn refuse_new_chats(&self, _account_id: Uuid) -> Result<u64, WriteError> {
        Ok(0)
    }

    async fn release(&self, authority: Authority) -> Result<(), WriteError> {
        tokio::time::sleep(SLOW).await;
        {
            let mut rows = self.0.rows.lock().unwrap();
            if rows.in_charge(&authority) {
                rows.owners.remove(&authority.account_id);
            }
        }
        tokio::time::sleep(SLOW).await;
        Ok(())
    }
}

fn fail_if_told(times: &Mutex<u32>) -> Result<(), WriteError> {
    let mut times = times.lock().unwrap();
    let left = times.checked_sub(1).ok_or(());
    *times = left.unwrap_or_default();
    left.map_or(Ok(()), |_| Err(Arc::new(nhip_domain::Broken::TimedOut("the database"))))
}

fn send(message: Option<&mut Model>) -> Begun {
    let Some(message) = message else { return Begun::Nothing };
    message.status = MessageStatus::Sending;
    message.hand_overs += 1;
    message.hold_until = None;
    Begun::Send { message: Box::new(outgoing(message)), pace: Pace::new(MIN, MAX) }
}

fn outgoing(row: &Model) -> Outgoing {
    let row = row.clone();
    Outgoing {
        id: row.id,
        workspace_id: row.workspace_id,
        account_id: row.account_id,
        text: row.text,
        file_url: row.file_url,
        file_name: row.file_name,
        recipient: row.recipient,
        recipient_kind: row.recipient_kind,
        recipient_key: row.recipient_key,
        attempts: row.attempts,
        hand_overs: row.hand_overs,
    }
}

struct Shelf(Arc<World>);

#[async_trait]
impl FileSource for Shelf {
    fn get(&self, message_id: &str) -> Option<File> {
        let file = || File { name: "logo.png".into(), mime: "image/png".into(), bytes: Bytes::from_static(b"logo") };
        self.0.files.lock().unwrap().contains(message_id).then(file)
    }

    async fn fetch(&self, message: &Outgoing) -> Result<File, NoFile> {
        self.get(&message.id).ok_or_else(|| NoFile::for_now("It was let go"))
    }

    fn forget(&self, message_id: &str) {
        self.0.files.lock().unwrap().remove(message_id);
    }

    fn look(&self) {}
}

struct Wire(Arc<World>);

#[async_trait]
impl Gateway for Wire {
    fn capabilities(&self) -> &'static [Capability] {
        if self.0.parks() { &[Capability::Text] } else { &[Capability::Text, Capability::SafeResend] }
    }

    async fn send(&self, order: &Order, hand_over: &HandOver) -> Result<Taken, Unsent> {
        hand_over.mark();
        let (at, _) = hand_over.at().unwrap();
        let (account, to) = (order.account_id, order.recipient.clone());
        self.0.wire.lock().unwrap().push(Left { at, account, id: order.message_id.clone(), to: to.clone() });
        let latency = self.0.rng.lock().unwrap().random_range(5..400);
        tokio::time::sleep(Duration::from_millis(latency)).await;
        let scripted = self.0.script.lock().unwrap().get_mut(&to).and_then(Vec::pop);
        match scripted {
            Some(Unsent::Unknown) => std::future::pending().await,
            Some(unsent) => Err(unsent),
            None => Ok(Taken { chat: KnownChat { jid: to, kind: ChatKind::Contact, name: None }, gateway_ref: None }),
        }
    }
}

fn message(account_id: Uuid, place: i64, to: &str) -> Model {
    Model {
        id: format!("3EB0{place:016X}"),
        account_id,
        place,
        recipient: to.to_owned(),
        recipient_key: to.to_owned(),
        ..sample::message()
    }
}
