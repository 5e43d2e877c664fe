//! The lanes that this process runs.

use std::{
    collections::{HashMap, hash_map::Entry},
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures::FutureExt as _;
use nhip_domain::{
    clock::{self, Clock},
    message::{Grid, Pace},
};
use nhip_entity::account::Gateway as GatewayKind;
use rand::rngs::StdRng;
use tokio::{sync::Notify, time::Instant};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use uuid::Uuid;

use super::{drain::Lane, lead::Lead, lost_beat::LostBeat, term::Term};
use crate::{
    files::FileSource,
    gateway::Gateway,
    journal::{Journal, WriteError},
};

/// After a lane could not write or read.
const AFTER_ERROR: Duration = Duration::from_millis(500);
/// The same, after several in a row.
const AFTER_ERRORS: Duration = Duration::from_secs(5);

/// The ways to reach WhatsApp that this build has.
#[derive(Clone, Default)]
pub struct Gateways(HashMap<GatewayKind, Arc<dyn Gateway>>);

impl Gateways {
    /// With one more.
    #[must_use]
    pub fn with(mut self, kind: GatewayKind, gateway: Arc<dyn Gateway>) -> Self {
        self.0.insert(kind, gateway);
        self
    }

    /// The one of an account.
    #[must_use]
    pub fn get(&self, kind: GatewayKind) -> Option<Arc<dyn Gateway>> {
        self.0.get(&kind).cloned()
    }
}

/// What became of a nudge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adopted {
    /// A runner of this process was started, or is there already and will look again.
    Ours,
    /// This process takes no lanes now.
    Closed,
}

/// What stays of a lane while its runner ends and begins anew: who wakes it, and what it had lost.
#[derive(Debug, Default)]
pub(super) struct Poke {
    poked: AtomicBool,
    notify: Notify,
    /// Whether the lane is this process's by now.
    claimed: AtomicBool,
    pub(super) lost_beat: LostBeat,
}

impl Poke {
    pub(super) fn poke(&self) {
        self.poked.store(true, Ordering::Release);
        self.notify.notify_one();
    }

    /// Takes the poke away, before looking at what it may have been about.
    pub(super) fn clear(&self) {
        self.poked.store(false, Ordering::Release);
    }

    pub(super) async fn poked(&self) {
        self.notify.notified().await;
    }
}

/// The lanes that this process runs, each a task of its own. Cheap to share.
pub struct Lanes {
    pub(super) clock: Clock,
    pub(super) journal: Arc<dyn Journal>,
    pub(super) gateways: Gateways,
    pub(super) files: Arc<dyn FileSource>,
    term: RwLock<Arc<Term>>,
    running: Mutex<HashMap<Uuid, Arc<Poke>>>,
    tasks: TaskTracker,
    pub(super) stop: CancellationToken,
    pub(super) lead: Lead,
    grid: Grid,
    /// One for all: each takes 320 bytes.
    rng: Mutex<StdRng>,
    not_ours: NotOurs,
}

/// Told of a lane that this process was asked to drain and cannot take: perhaps another runs it, and waits.
pub type NotOurs = Box<dyn Fn(Uuid) + Send + Sync>;

impl Lanes {
    /// Takes lanes under `term`, until `stop`.
    #[must_use]
    pub fn new(
        clock: Clock,
        journal: Arc<dyn Journal>,
        gateways: Gateways,
        files: Arc<dyn FileSource>,
        term: Arc<Term>,
        stop: CancellationToken,
        not_ours: NotOurs,
    ) -> Arc<Self> {
        Arc::new(Self {
            grid: Grid::from(clock.instant()),
            clock,
            journal,
            gateways,
            files,
            term: RwLock::new(term),
            running: Mutex::default(),
            tasks: TaskTracker::new(),
            stop,
            lead: Lead::default(),
            rng: Mutex::new(clock::rng()),
            not_ours,
        })
    }

    /// The worker's present term.
    #[must_use]
    pub fn term(&self) -> Arc<Term> {
        Arc::clone(&self.term.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Gives up all lanes, and goes on under a new id.
    pub fn begin_next_term(&self, term: Arc<Term>) {
        let before = std::mem::replace(&mut *self.term.write().unwrap_or_else(PoisonError::into_inner), term);
        before.end();
    }

    /// Makes sure that somebody here looks at the account's queue; returns at once.
    pub fn adopt(self: &Arc<Self>, account_id: Uuid) -> Adopted {
        if self.stop.is_cancelled() {
            return Adopted::Closed;
        }
        let poke = match self.running().entry(account_id) {
            Entry::Occupied(lane) => {
                lane.get().poke();
                return Adopted::Ours;
            }
            Entry::Vacant(place) => Arc::clone(place.insert(Arc::default())),
        };
        let lanes = Arc::clone(self);
        self.tasks.spawn(async move {
            if AssertUnwindSafe(lanes.run(account_id, &poke)).catch_unwind().await.is_err() {
                tracing::error!(account.id = %account_id, "a lane panicked; the next nudge starts it anew");
                lanes.running().remove(&account_id);
            }
        });
        Adopted::Ours
    }

    /// Wakes the lane if it is drained here: another process was nudged for it, and could not take it. (One that is only
    /// being claimed is left alone: two processes that cannot take it would go on waking each other.)
    pub fn poke(&self, account_id: Uuid) {
        if let Some(poke) = self.running().get(&account_id)
            && poke.claimed.load(Ordering::Acquire)
        {
            poke.poke();
        }
    }

    /// Starts a runner for those that have none here: lanes that this process owns, and yet stopped draining.
    pub fn take_up(self: &Arc<Self>, owned: impl IntoIterator<Item = Uuid>) {
        for account_id in owned {
            let has_runner = self.running().contains_key(&account_id);
            if !has_runner {
                self.adopt(account_id);
            }
        }
    }

    /// How many lanes have a runner here.
    #[must_use]
    pub fn count(&self) -> usize {
        self.running().len()
    }

    /// Waits until every runner has ended; after `stop`.
    pub async fn ended(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    async fn run(&self, account_id: Uuid, poke: &Poke) {
        let mut wait = AFTER_ERROR;
        loop {
            poke.clear();
            match self.drain(account_id, poke).await {
                Ok(()) => wait = AFTER_ERROR,
                Err(err) => {
                    // The lane is still this worker's, so nobody else will look: claimed again, it goes on as if taken over.
                    complain(account_id, &err, "a lane failed; it is claimed again");
                    tokio::select! {
                        () = tokio::time::sleep(wait) => {}
                        () = self.stop.cancelled() => {}
                    }
                    wait = (wait * 2).min(AFTER_ERRORS);
                    poke.poke();
                }
            }
            if self.leave(account_id, poke) {
                return;
            }
        }
    }

    async fn drain(&self, account_id: Uuid, poke: &Poke) -> Result<(), WriteError> {
        let term = self.term();
        let Some(claimed) = self.journal.claim(term.worker_id(), account_id).await? else {
            (self.not_ours)(account_id);
            return Ok(());
        };
        let Some(gateway) = self.gateways.get(claimed.gateway) else { return Ok(()) };
        poke.claimed.store(true, Ordering::Release);
        let drained = Box::new(Lane::new(self, claimed, gateway, term)).run(poke).await;
        poke.claimed.store(false, Ordering::Release);
        drained
    }

    /// Takes the runner off the list, unless it was poked since it last looked.
    fn leave(&self, account_id: Uuid, poke: &Poke) -> bool {
        let mut running = self.running();
        if poke.poked.load(Ordering::Acquire) && !self.stop.is_cancelled() {
            return false;
        }
        running.remove(&account_id);
        true
    }

    pub(super) fn draw_beat(&self, pace: Pace, handed_over: Instant) -> Instant {
        let accounts = self.count();
        let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        pace.next_beat(handed_over, self.grid, accounts, &mut *rng)
    }

    fn running(&self) -> MutexGuard<'_, HashMap<Uuid, Arc<Poke>>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(super) fn complain(account_id: Uuid, err: &WriteError, what: &'static str) {
    let error = &**err as &(dyn std::error::Error + 'static);
    tracing::warn!(account.id = %account_id, error, "{what}");
}
