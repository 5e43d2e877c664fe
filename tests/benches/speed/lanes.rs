//! What is measured of beats: the worker's lanes on a database, and bare timers. Each prints one line and ends.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use nhip_domain::{Database, clock, lane};
use nhip_entity::{account, account::Gateway as Kind, chat::ChatKind};
use nhip_worker::{
    files::WithoutFiles,
    gateway::{Capability, Gateway, HandOver, KnownChat, Order, Taken, Unsent},
    journal::DbJournal,
    lane::{Gateways, Lanes, Term},
};
use rand::RngExt as _;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{child, figures::percentile, furnish::context, lateness::Lateness, servers::CONNECTIONS};

const MIN: Duration = Duration::from_millis(1_500);
const MAX: Duration = Duration::from_millis(2_500);
/// From the start until the beats are spread.
const SETTLE: Duration = Duration::from_secs(8);

/// A WhatsApp that takes everything at once, and notes when.
struct Wire {
    last: Mutex<HashMap<Uuid, Instant>>,
    early: Mutex<usize>,
}

#[async_trait]
impl Gateway for Wire {
    fn capabilities(&self) -> &'static [Capability] {
        &[Capability::Text, Capability::SafeResend]
    }

    async fn send(&self, order: &Order, hand_over: &HandOver) -> Result<Taken, Unsent> {
        hand_over.mark();
        let (left, _) = hand_over.at().unwrap();
        let before = self.last.lock().unwrap().insert(order.account_id, left);
        if before.is_some_and(|before| left - before < MIN) {
            *self.early.lock().unwrap() += 1;
        }
        let jid = "14151231234@s.whatsapp.net".to_owned();
        Ok(Taken { chat: KnownChat { jid, kind: ChatKind::Contact, name: None }, gateway_ref: None })
    }
}

/// All lanes of a database, for some seconds after they have settled.
pub(crate) async fn lanes(url: &str, seconds: u64) {
    let (cx, _bus) = context(Database::postgres(url, CONNECTIONS).await.unwrap());
    let worker_id = lane::register(&cx, "bench", "0").await.unwrap();
    let alive = cx.clone();
    tokio::spawn(async move {
        while lane::heartbeat(&alive, worker_id).await.is_ok() {
            sleep(lane::HEARTBEAT_EVERY).await;
        }
    });
    let wire = Arc::new(Wire { last: Mutex::default(), early: Mutex::default() });
    let gateways = Gateways::default().with(Kind::Simulator, Arc::clone(&wire) as _);
    let (stop, term) = (CancellationToken::new(), Arc::new(Term::new(worker_id, cx.clock.instant() + MAX * 1_000)));
    let journal = Arc::new(DbJournal::start(&cx));
    let (files, pass_on) = (Arc::new(WithoutFiles), Box::new(|_account_id| {}));
    let lanes = Lanes::new(cx.clock.clone(), journal, gateways, files, term, stop.clone(), pass_on);
    let lateness = Lateness::install("nhip_beat_late_seconds");
    let accounts = account::Entity::find().select_only().column(account::Column::Id);
    let accounts = accounts.filter(account::Column::Phone.is_not_null()).into_tuple::<Uuid>();
    for account_id in accounts.all(cx.db.read()).await.unwrap() {
        lanes.adopt(account_id);
    }
    observe(&lateness, seconds, || *wire.early.lock().unwrap()).await;
    stop.cancel();
    lanes.ended().await;
    lane::retire(&cx, worker_id).await.unwrap();
}

/// As many bare timers, each drawing the same pauses.
pub(crate) async fn timers(count: usize, seconds: u64) {
    let lateness = Lateness::default();
    for _timer in 0..count {
        let lateness = lateness.clone();
        tokio::spawn(async move {
            let mut rng = clock::rng();
            let mut due = now();
            loop {
                sleep_until(due).await;
                let left = now();
                lateness.note((left - due).as_secs_f64());
                due = left + rng.random_range(MIN..=MAX);
            }
        });
    }
    observe(&lateness, seconds, || 0).await;
}

async fn observe(lateness: &Lateness, seconds: u64, early: impl Fn() -> usize) {
    sleep(SETTLE).await;
    lateness.take();
    let cpu = child::cpu_us("self");
    sleep(Duration::from_secs(seconds)).await;
    let cpu = child::cpu_us("self") - cpu;
    let mut late = lateness.take();
    #[expect(clippy::cast_precision_loss, reason = "a count of sends")]
    let sends = late.len() as f64;
    let (p50, p99) = (percentile(&mut late, 0.5) * 1e3, percentile(&mut late, 0.99) * 1e3);
    println!("{sends} {p50:.3} {p99:.3} {} {:.1}", early(), cpu / sends);
}

#[expect(clippy::disallowed_methods, reason = "what is measured is the clock")]
fn now() -> Instant {
    Instant::now()
}
