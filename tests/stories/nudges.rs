//! Nudges between processes, with nothing beside them that would mend a lost one: no sweep, no second look.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use nhip_domain::{
    clock::Clock,
    lane::{Claimed, Outlook},
    message::{Authority, Beat, Begun, Ending, Fact, Outgoing, Pace},
};
use nhip_entity::account::Gateway as GatewayKind;
use nhip_tests::{Redis, eventually, until};
use nhip_worker::{
    files::WithoutFiles,
    gateway::{Capability, Gateway, HandOver, Order, Taken, Unsent},
    jobs::JobQueue,
    journal::{Journal, WriteError},
    lane::{Gateways, Lanes, Term},
    redis_server::RedisServer,
};
use redis::AsyncTypedCommands as _;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const SOON: Duration = Duration::from_secs(10);
const LONG: Duration = Duration::from_mins(1);
const NUDGES: &str = "nhip:nudges";

/// A Redis, and no worker yet.
struct Place {
    redis: Redis,
    _dir: TempDir,
    clock: Clock,
    stop: CancellationToken,
}

/// What several workers write in common.
#[derive(Default)]
struct Book {
    /// The accounts that somebody wanted to claim, in order.
    asked: Vec<Uuid>,
    /// The one account that can be claimed, once.
    drained: Option<Uuid>,
    /// How often its lane wanted to send.
    beats: usize,
}

/// A worker's view of the book.
struct Noted(Arc<Mutex<Book>>);

impl Place {
    async fn new() -> Self {
        let dir = TempDir::with_prefix("nhip-nudges-").unwrap();
        let redis = Redis::start(dir.path()).await;
        Self { redis, _dir: dir, clock: Clock::system(), stop: CancellationToken::new() }
    }

    async fn queue(&self) -> JobQueue {
        JobQueue::shared(&RedisServer::connect(&self.redis.url()).await.unwrap(), self.clock.clone())
    }

    /// Starts a worker: its queue's end, and lanes that write into `book`.
    async fn worker(&self, book: &Arc<Mutex<Book>>) {
        let queue = self.queue().await;
        let term = Arc::new(Term::new(Uuid::new_v4(), self.clock.instant() + LONG * 10));
        let gateways = Gateways::default().with(GatewayKind::Simulator, Arc::new(Mute));
        let pass_on = {
            let queue = queue.clone();
            Box::new(move |account_id| queue.pass_on(account_id))
        };
        let journal = Arc::new(Noted(Arc::clone(book)));
        let lanes =
            Lanes::new(self.clock.clone(), journal, gateways, Arc::new(WithoutFiles), term, self.stop.clone(), pass_on);
        let stop = self.stop.clone();
        tokio::spawn(async move { queue.work(lanes, Arc::default(), stop).await });
    }

    async fn connection(&self) -> redis::aio::MultiplexedConnection {
        redis::Client::open(self.redis.url()).unwrap().get_multiplexed_async_connection().await.unwrap()
    }

    async fn waiting(&self) -> usize {
        self.connection().await.zcard(NUDGES).await.unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

fn asked(book: &Arc<Mutex<Book>>) -> usize {
    book.lock().unwrap().asked.len()
}

async fn is_heard(book: &Arc<Mutex<Book>>, account_id: Uuid) {
    until("the nudge is heard", SOON, async || book.lock().unwrap().asked.contains(&account_id)).await;
}

#[tokio::test]
async fn an_idle_worker_wakes_for_every_nudge() {
    let (place, book) = (Place::new().await, Arc::default());
    place.worker(&book).await;
    let queue = place.queue().await;
    for _ in 0..30 {
        let account_id = Uuid::new_v4();
        queue.nudge(account_id);
        is_heard(&book, account_id).await;
        // Nothing else happens meanwhile: a wake-up that was lost stays lost.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn twenty_thousand_lanes_that_are_due_at_once_wait_for_a_worker() {
    let (place, book) = (Place::new().await, Arc::default());
    let queue = place.queue().await;
    (0..20_000).for_each(|_| queue.nudge(Uuid::new_v4()));
    until("all of them wait", SOON, async || place.waiting().await == 20_000).await;
    place.worker(&book).await;
    until("all of them are heard", LONG, async || asked(&book) == 20_000).await;
    assert_eq!(place.waiting().await, 0);
}

#[tokio::test]
async fn an_account_waits_once_however_often_it_is_nudged() {
    let (place, book) = (Place::new().await, Arc::default());
    let queue = place.queue().await;
    let account_id = Uuid::new_v4();
    (0..5_000).for_each(|_| queue.nudge(account_id));
    let last = Uuid::new_v4();
    queue.nudge(last);
    until("both wait", SOON, async || place.waiting().await == 2).await;
    place.worker(&book).await;
    is_heard(&book, last).await;
    assert_eq!(asked(&book), 2);
}

#[tokio::test]
async fn nudges_that_nobody_can_read_are_dropped() {
    let (place, book) = (Place::new().await, Arc::default());
    let mut connection = place.connection().await;
    for nonsense in [&b""[..], b"no JSON", br#"{"account_id":7}"#, br#"["a list"]"#, b"\0", b"\xff\xfe"] {
        connection.zadd(NUDGES, nonsense, 1).await.unwrap();
    }
    // Taken together with them.
    let beside = Uuid::new_v4();
    connection.zadd(NUDGES, format!(r#"{{"account_id":"{beside}"}}"#), 1).await.unwrap();
    place.worker(&book).await;
    is_heard(&book, beside).await;
    let account_id = Uuid::new_v4();
    place.queue().await.nudge(account_id);
    is_heard(&book, account_id).await;
    assert_eq!((asked(&book), place.waiting().await), (2, 0));
}

#[tokio::test]
async fn a_nudge_of_a_later_version_is_understood() {
    let (place, book) = (Place::new().await, Arc::default());
    let account_id = Uuid::new_v4();
    let job = format!(r#"{{"account_id":"{account_id}","priority":"high"}}"#);
    place.connection().await.zadd(NUDGES, job, 1).await.unwrap();
    place.worker(&book).await;
    is_heard(&book, account_id).await;
}

#[tokio::test]
async fn a_worker_outlives_whatever_happens_to_redis() {
    let (place, book) = (Place::new().await, Arc::default());
    place.worker(&book).await;
    let queue = place.queue().await;
    for trouble in ["cut", "flushed", "of a wrong type", "restarted"] {
        match trouble {
            "cut" => {
                place.redis.cut_connections("normal").await;
                place.redis.cut_connections("pubsub").await;
            }
            "flushed" => place.redis.flush().await,
            "of a wrong type" => {
                let mut connection = place.connection().await;
                connection.set(NUDGES, "not a sorted set").await.unwrap();
                queue.nudge(Uuid::new_v4());
                tokio::time::sleep(Duration::from_millis(100)).await;
                connection.del(NUDGES).await.unwrap();
            }
            _ => {
                place.redis.kill().await;
                queue.nudge(Uuid::new_v4());
                tokio::time::sleep(Duration::from_millis(100)).await;
                place.redis.restart().await;
            }
        }
        let account_id = Uuid::new_v4();
        // A nudge may be lost while Redis is away; those after it are not.
        eventually(&format!("the worker hears after Redis was {trouble}"), LONG, async || {
            queue.nudge(account_id);
            book.lock().unwrap().asked.contains(&account_id).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn a_nudge_that_comes_to_the_wrong_worker_reaches_the_one_that_drains_the_lane() {
    let account_id = Uuid::new_v4();
    let place = Place::new().await;
    let book = Arc::new(Mutex::new(Book { drained: Some(account_id), ..Book::default() }));
    for _ in 0..3 {
        place.worker(&book).await;
    }
    let queue = place.queue().await;
    queue.nudge(account_id);
    until("the lane is drained", SOON, async || book.lock().unwrap().beats == 1).await;
    for nudge in 1..=20 {
        let before = book.lock().unwrap().beats;
        queue.nudge(account_id);
        // Before it would have looked again by itself.
        let within = Duration::from_secs(4);
        until(&format!("nudge {nudge} reaches the lane"), within, async || book.lock().unwrap().beats > before).await;
    }
}

/// Nothing is ever sent here.
struct Mute;

#[async_trait]
impl Gateway for Mute {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Text, Capability::SafeResend]
    }

    async fn send(&self, _order: &Order, _hand_over: &HandOver) -> Result<Taken, Unsent> {
        Err(Unsent::Unknown)
    }
}

#[async_trait]
impl Journal for Noted {
    async fn claim(&self, _worker_id: Uuid, account_id: Uuid) -> Result<Option<Claimed>, WriteError> {
        let mut book = self.0.lock().unwrap();
        book.asked.push(account_id);
        let is_free = book.drained == Some(account_id);
        book.drained = book.drained.filter(|_| !is_free);
        Ok(is_free.then(|| Claimed {
            account_id,
            workspace_id: Uuid::nil(),
            epoch: 1,
            taken_over: false,
            gateway: GatewayKind::Simulator,
            phone: String::new(),
            pace: Pace::of_millis(1, 1),
        }))
    }

    async fn in_doubt(&self, _account_id: Uuid) -> Result<Vec<Outgoing>, WriteError> {
        Ok(Vec::new())
    }

    async fn beat(&self, _authority: Authority, _beat: Beat) -> Result<Begun, WriteError> {
        self.0.lock().unwrap().beats += 1;
        Ok(Begun::Nothing)
    }

    async fn record(&self, _fact: Fact) -> Result<(), WriteError> {
        Ok(())
    }

    async fn settle(&self, _ending: Ending) -> Result<bool, WriteError> {
        Ok(false)
    }

    async fn outlook(&self, _account_id: Uuid) -> Result<Outlook, WriteError> {
        // Everything that is queued waits: the lane stays this worker's.
        Ok(Outlook::HeldUntil(Clock::system().now() + LONG))
    }

    async fn refuse_new_chats(&self, _account_id: Uuid) -> Result<u64, WriteError> {
        Ok(0)
    }

    async fn release(&self, _authority: Authority) -> Result<(), WriteError> {
        Ok(())
    }
}
