//! Starting and stopping the part of the process that sends.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use nhip_domain::{Broken, Cx, lane};
use nhip_entity::account::Gateway as GatewayKind;
use tokio::{
    sync::Notify,
    time::{Instant, MissedTickBehavior, interval, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    config::Config,
    download::Downloader,
    files::Files,
    gateway::{
        EventSink,
        cloud_api::{CloudApi, graph::Graph, inbox::Inbox},
        simulator::Simulator,
    },
    jobs::{self, Desk, JobQueue},
    journal::{DbJournal, Journal},
    lane::{Gateways, Lanes, Term},
    receipts::Receipts,
};

/// How long a graceful stop waits for sends in flight.
const STOP: Duration = Duration::from_secs(20);

/// What a worker speaks to, beside the database and Redis.
#[derive(Clone)]
pub struct Outside {
    /// The web that files come from.
    pub downloader: Downloader,
    /// Meta.
    pub graph: Graph,
}

/// The worker of this process.
pub struct Worker {
    cx: Cx,
    lanes: Arc<Lanes>,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// Ends the heartbeats: only after the last send in flight, or another worker would take over in its midst.
    signed_off: CancellationToken,
}

impl Worker {
    /// Registers a worker and starts draining lanes. (Boxed, so that it is compiled here and not once more by whoever waits
    /// for it.)
    #[must_use]
    pub fn start(config: &Config, cx: Cx, queue: JobQueue, outside: Outside) -> BoxFuture<'_, Result<Self, Broken>> {
        Box::pin(Self::begin(config, cx, queue, outside))
    }

    async fn begin(config: &Config, cx: Cx, queue: JobQueue, outside: Outside) -> Result<Self, Broken> {
        let simulator = Simulator::start(cx.db.clone(), cx.clock.clone(), config.simulator_log.as_deref())?;
        let stop = CancellationToken::new();
        let term = Arc::new(register(&cx).await?);
        if cx.db.is_embedded() {
            // The data folder's lock says that there is no other process.
            lane::bury_others(&cx, term.worker_id()).await?;
        }
        let journal = DbJournal::start(&cx);
        let receipts = Receipts::new(cx.clone(), journal.clone());
        let callbacks = Arc::new(Notify::new());
        let inbox = Inbox::new(cx.clone(), journal.clone(), Arc::clone(&callbacks));
        let simulator = Arc::new(simulator);
        let sink: Arc<dyn EventSink> = Arc::new(receipts.clone());
        let gateways = Gateways::default()
            .with(GatewayKind::Simulator, Arc::clone(&simulator) as _)
            .with(GatewayKind::CloudApi, Arc::new(CloudApi::new(cx.clone(), outside.graph, sink)));
        let pass_on = {
            let queue = queue.clone();
            Box::new(move |account_id| queue.pass_on(account_id))
        };
        let journal: Arc<dyn Journal> = Arc::new(journal);
        let files = Files::new(cx.clone(), Arc::clone(&journal), outside.downloader);
        let source = Arc::new(files.clone());
        let lanes = Lanes::new(cx.clock.clone(), journal, gateways, source, term, stop.clone(), pass_on);
        let tasks = TaskTracker::new();
        let desk = Desk { cx: cx.clone(), lanes: Arc::clone(&lanes), callbacks: Arc::clone(&callbacks) };
        let signed_off = CancellationToken::new();
        tokio::spawn(keep_alive(desk.clone(), signed_off.clone()));
        tasks.spawn({
            let (lanes, stop) = (Arc::clone(&lanes), stop.clone());
            async move { queue.work(lanes, callbacks, stop).await }
        });
        tasks.spawn({
            let stop = stop.clone();
            async move { inbox.work(&stop).await }
        });
        tasks.spawn({
            let stop = stop.clone();
            async move { simulator.play_due(&receipts, stop).await }
        });
        tasks.spawn({
            let (lanes, tasks, stop) = (Arc::clone(&lanes), tasks.clone(), stop.clone());
            async move { files.fetch_ahead(&lanes, &tasks, &stop).await }
        });
        jobs::schedule(&desk, &tasks, &stop);
        Ok(Self { cx, lanes, tasks, stop, signed_off })
    }

    /// Stops taking, finishes the sends in flight, gives lanes back; within 20 s.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        let ended = async {
            self.lanes.ended().await;
            self.tasks.wait().await;
        };
        if timeout(STOP, ended).await.is_err() {
            tracing::warn!("not everything ended in time; what was being sent is settled by the next start");
        }
        self.signed_off.cancel();
        if let Err(err) = lane::retire(&self.cx, self.lanes.term().worker_id()).await {
            tracing::warn!(
                error = &err as &(dyn std::error::Error + 'static),
                "could not sign off; the lanes are free in a few seconds"
            );
        }
    }
}

async fn register(cx: &Cx) -> Result<Term, Broken> {
    let issued = cx.clock.instant();
    let worker_id = lane::register(cx, &host(), env!("CARGO_PKG_VERSION")).await?;
    tracing::info!(worker.id = %worker_id, "worker registered");
    Ok(Term::new(worker_id, deadline(issued)))
}

/// What this machine calls itself; empty where it does not say so.
fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    name.trim().to_owned()
}

/// A heartbeat is good for less than it counts for in the database, from the instant before it was issued.
fn deadline(issued: Instant) -> Instant {
    issued + lane::LIVES.saturating_sub(lane::MARGIN)
}

/// Says every second that this worker is alive. Past its deadline, it gives up all lanes and returns under a new id.
async fn keep_alive(desk: Desk, stop: CancellationToken) {
    let mut ticks = interval(lane::HEARTBEAT_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = stop.cancelled() => return,
        }
        let term = desk.lanes.term();
        let issued = desk.cx.clock.instant();
        let alive = timeout(lane::HEARTBEAT_EVERY, lane::heartbeat(&desk.cx, term.worker_id())).await;
        match alive {
            Ok(Ok(true)) if !term.is_over(issued) => term.extend(deadline(issued)),
            Ok(Ok(_)) => begin_next_term(&desk, &term).await,
            Ok(Err(err)) => {
                tracing::warn!(error = &err as &(dyn std::error::Error + 'static), "a heartbeat failed");
            }
            Err(_elapsed) => tracing::warn!("a heartbeat took too long"),
        }
    }
}

async fn begin_next_term(desk: &Desk, term: &Term) {
    tracing::warn!(worker.id = %term.worker_id(), "this worker was silent for too long: it gives up its lanes and returns under a new id");
    term.end();
    match register(&desk.cx).await {
        Ok(next) => {
            desk.lanes.begin_next_term(Arc::new(next));
            if let Err(err) = lane::retire(&desk.cx, term.worker_id()).await {
                tracing::debug!(error = &err as &(dyn std::error::Error + 'static), "the old id expires by itself");
            }
        }
        Err(err) => {
            tracing::warn!(error = &err as &(dyn std::error::Error + 'static), "could not register; trying again");
        }
    }
}
