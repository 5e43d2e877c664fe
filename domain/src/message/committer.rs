//! The one that writes: takes calls out of the queue, batch by batch, and answers each once its fate is durable.

use std::{
    collections::{BTreeMap, HashMap},
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use futures::FutureExt as _;
use rand::rngs::StdRng;
use sea_orm::{DbErr, SqlErr};
use tokio::{
    sync::{OwnedSemaphorePermit, mpsc, oneshot},
    time::{Instant, timeout, timeout_at},
};
use tracing::Instrument as _;
use uuid::Uuid;

use super::{
    accept::Writing,
    admit::Decision,
    call::{Accepted, Call, Origin},
    hints::Hints,
    id,
    lost::was_committed,
    snapshot, store,
};
use crate::{
    clock,
    cx::Cx,
    database::{WriteTransaction, is_dead},
    error::Broken,
    gather::fill_up,
    refusal::Refusal,
    signal::Event,
    span::SPAN,
    token::TokenHash,
};

/// The most calls of one transaction.
pub(super) const BATCH: usize = 256;
/// How long the statements of one transaction may take, all together.
const STATEMENTS: Duration = Duration::from_millis(1_800);
/// How much of that a call must have left to be worth a transaction.
pub(super) const LEAST: Duration = Duration::from_millis(200);
/// How long an unknown outcome is looked into.
const UNKNOWN: Duration = Duration::from_secs(10);
/// How long a transaction stays open for the next batch.
const LINGER: Duration = Duration::from_secs(1);
/// Between two looks at an unknown outcome.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// A call in the committer's queue.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) call: Call,
    pub(super) give_up: Instant,
    /// Only one of committer and caller can take it out of the queue.
    pub(super) taken: Arc<AtomicU8>,
    pub(super) reply: oneshot::Sender<Result<Accepted, Refusal>>,
    /// Among those that wait, until it is taken.
    pub(super) place: Option<OwnedSemaphorePermit>,
    pub(super) _room: OwnedSemaphorePermit,
}

pub(super) const WAITING: u8 = 0;
const TAKEN: u8 = 1;
pub(super) const WITHDRAWN: u8 = 2;

/// A call that was taken, and what its message will be called, whatever happens to the transaction.
struct Item {
    pending: Pending,
    message_id: String,
}

/// Why a transaction did not end well.
enum Failure {
    /// It left no trace.
    Known(Broken),
    /// One of the drawn ids is another message's; it left no trace.
    IdTaken,
    /// COMMIT went out, its answer did not come: these are the decisions it carried.
    Unknown(Broken, Vec<Decision>),
}

pub(super) struct Committer {
    cx: Cx,
    rng: StdRng,
    hints: Hints,
    writing: Writing,
    /// Begun when the batch before was committed.
    open: Option<WriteTransaction>,
    /// Whether the batch before was of several calls.
    crowded: bool,
}

impl Committer {
    pub(super) fn new(cx: Cx, writing: Writing) -> Self {
        Self { cx, rng: clock::rng(), hints: Hints::default(), writing, open: None, crowded: false }
    }

    pub(super) async fn run(mut self, mut calls: mpsc::Receiver<Pending>) {
        let mut batch = Vec::with_capacity(self.writing.batch);
        while self.gather(&mut calls, &mut batch).await {
            let items: Vec<Item> = batch.drain(..).filter_map(|pending| self.take(pending)).collect();
            metrics::histogram!("nhip_accept_batch_size").record(u32::try_from(items.len()).unwrap_or(u32::MAX));
            // A batch that panics answers nobody, and must not take the committer with it.
            if AssertUnwindSafe(self.settle(items)).catch_unwind().await.is_err() {
                tracing::error!("a batch of calls panicked");
            }
        }
    }

    /// Waits for calls, and tells whether any can still come. The transaction that is open for them is given up if none comes
    /// soon.
    async fn gather(&mut self, calls: &mut mpsc::Receiver<Pending>, batch: &mut Vec<Pending>) -> bool {
        let most = self.writing.batch;
        if self.open.is_some() && timeout(LINGER, calls.recv_many(batch, most)).await.is_err() {
            self.open = None;
        }
        if batch.is_empty() && calls.recv_many(batch, most).await == 0 {
            return false;
        }
        // Those who were answered together ask again together: the first of them would go alone.
        if self.crowded {
            fill_up(calls, batch, most).await;
        }
        self.crowded = batch.len() > 1;
        true
    }

    fn take(&mut self, mut pending: Pending) -> Option<Item> {
        pending.place = None;
        pending.taken.compare_exchange(WAITING, TAKEN, Ordering::AcqRel, Ordering::Acquire).ok()?;
        Some(Item { pending, message_id: id::draw(&mut self.rng) })
    }

    /// Answers every item of a batch. One that fails with a known outcome runs again per workspace, then per item, unless it
    /// is the workspace that somebody else keeps locked: the others' calls would wait for each item's vain attempt.
    async fn settle(&mut self, items: Vec<Item>) {
        let mut work = vec![items];
        while let Some(items) = work.pop() {
            let items = self.give_up_late(items);
            if items.is_empty() {
                continue;
            }
            match self.commit(&items).await {
                Ok(decisions) => self.answer(items, decisions),
                Err(Failure::IdTaken) => work.push(self.redraw(items)),
                Err(Failure::Unknown(err, _)) => {
                    log("the outcome of a commit stayed unknown", &err);
                    refuse(items, &Refusal::OutcomeUnknown);
                }
                Err(Failure::Known(err)) => {
                    log("a batch of calls could not be stored", &err);
                    match self.split(items, err.met_a_lock()) {
                        Ok(parts) => work.extend(parts),
                        Err(alone) => refuse(alone, &Refusal::Unavailable),
                    }
                }
            }
        }
    }

    fn give_up_late(&self, items: Vec<Item>) -> Vec<Item> {
        let now = self.cx.clock.instant();
        let (late, items) = items.into_iter().partition(|item| now + LEAST >= item.pending.give_up);
        refuse(late, &Refusal::Unavailable);
        items
    }

    fn redraw(&mut self, mut items: Vec<Item>) -> Vec<Item> {
        for item in &mut items {
            item.message_id = id::draw(&mut self.rng);
        }
        items
    }

    /// Parts to try by themselves, last first. What cannot be split, or is not worth it, comes back as an error.
    fn split(&self, items: Vec<Item>, met_a_lock: bool) -> Result<Vec<Vec<Item>>, Vec<Item>> {
        if items.len() <= 1 {
            return Err(items);
        }
        let mut parts: BTreeMap<Option<Uuid>, Vec<Item>> = BTreeMap::new();
        for item in items {
            parts.entry(self.hints.workspace(&item.pending.call.origin)).or_default().push(item);
        }
        let mut parts: Vec<Vec<Item>> = parts.into_values().collect();
        if let [_] = parts.as_slice() {
            if met_a_lock {
                return Err(parts.into_iter().flatten().collect());
            }
            parts = parts.into_iter().flatten().map(|item| vec![item]).collect();
        }
        parts.reverse();
        Ok(parts)
    }

    /// Runs the transaction until its outcome is known, or has been unknown for too long.
    async fn commit(&mut self, items: &[Item]) -> Result<Vec<Decision>, Failure> {
        let (mut err, mut decided) = match self.transact(items, None).await {
            Err(Failure::Unknown(err, decided)) => (err, decided),
            known => return known,
        };
        let until = self.cx.clock.instant() + UNKNOWN;
        while self.cx.clock.instant() < until {
            match timeout_at(until, self.transact(items, Some(&decided))).await {
                Ok(Ok(decisions)) => return Ok(decisions),
                Ok(Err(Failure::IdTaken)) => return Err(Failure::IdTaken),
                Ok(Err(Failure::Known(again))) => err = again,
                // The lock proved the earlier transaction over: if any became durable, it is this one.
                Ok(Err(Failure::Unknown(again, newer))) => (err, decided) = (again, newer),
                Err(_elapsed) => break,
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Err(Failure::Unknown(err, decided))
    }

    /// One transaction. With `lost` decisions, which an earlier one carried into a COMMIT that was not answered, it first
    /// looks whether they became durable: the workspace's lock proves that transaction over.
    async fn transact(&mut self, items: &[Item], lost: Option<&Vec<Decision>>) -> Result<Vec<Decision>, Failure> {
        let give_up = items.iter().map(|item| item.pending.give_up).min();
        let within = self.cx.clock.instant() + STATEMENTS;
        let within = give_up.filter(|_| lost.is_none()).map_or(within, |give_up| within.min(give_up));
        let span = tracing::info_span!(target: SPAN, "accept.prepare", calls = items.len());
        let prepared = timeout_at(within, self.prepare(items, lost)).instrument(span).await;
        let (txn, decisions) = match prepared {
            Ok(Ok(Prepared::ToCommit(txn, decisions))) => (txn, decisions),
            Ok(Ok(Prepared::WasCommitted)) => return Ok(lost.cloned().unwrap_or_default()),
            Ok(Err(err)) if is_taken_id(&err) => return Err(Failure::IdTaken),
            Ok(Err(err)) => return Err(Failure::Known(err.into())),
            Err(_elapsed) => return Err(Failure::Known(Broken::TimedOut("accept's statements"))),
        };
        let span = tracing::info_span!(target: SPAN, "accept.commit", calls = items.len());
        match timeout(STATEMENTS, txn.commit_and_begin()).instrument(span).await {
            Ok(Ok(next)) => {
                self.open = next;
                Ok(decisions)
            }
            Ok(Err(err)) => Err(Failure::Unknown(err.into(), decisions)),
            Err(_elapsed) => Err(Failure::Unknown(Broken::TimedOut("accept's commit"), decisions)),
        }
    }

    async fn prepare(&mut self, items: &[Item], lost: Option<&Vec<Decision>>) -> Result<Prepared, DbErr> {
        let hints = self.hints.look_up(&self.cx.db, items.iter().map(|item| &item.pending.call.origin)).await?;
        if let Some(open) = self.open.take() {
            match self.prepare_in(open, hints.clone(), items, lost).await {
                // Its connection died while it lay open, and nothing is written: another does it.
                Err(err) if is_dead(&err) => {}
                prepared => return prepared,
            }
        }
        self.prepare_in(self.cx.db.write_as_committer().await?, hints, items, lost).await
    }

    async fn prepare_in(
        &self,
        txn: WriteTransaction,
        hints: HashMap<TokenHash, Uuid>,
        items: &[Item],
        lost: Option<&Vec<Decision>>,
    ) -> Result<Prepared, DbErr> {
        let calls: Vec<&Call> = items.iter().map(|item| &item.pending.call).collect();
        let mut state = snapshot::read(&self.cx, &txn, &calls, hints).await?;
        if let Some(lost) = lost
            && was_committed(&txn, &calls, lost).await?
        {
            return Ok(Prepared::WasCommitted);
        }
        let decisions: Vec<Decision> =
            items.iter().map(|item| state.admit(&item.pending.call, &item.message_id)).collect();
        let logged = if self.writing.logs { calls.as_slice() } else { &[] };
        store::write(&self.cx, &txn, logged, &decisions, state).await?;
        Ok(Prepared::ToCommit(Box::new(txn), decisions))
    }

    fn answer(&self, items: Vec<Item>, decisions: Vec<Decision>) {
        let mut nudged: Vec<Uuid> = Vec::new();
        let mut called: Vec<Uuid> = Vec::new();
        let mut charged: Vec<Uuid> = Vec::new();
        for (item, decision) in items.into_iter().zip(decisions) {
            if let (Some(id), Origin::Webhook { .. }) = (decision.workspace_id, &item.pending.call.origin) {
                called.push(id);
            }
            if let Some(message) = decision.message {
                nudged.push(message.account_id);
                charged.push(message.workspace_id);
                let (workspace_id, id) = (message.workspace_id, message.id);
                self.cx.signals.changed(Event::Message { workspace_id, id });
            }
            // Whoever asked may have hung up.
            let _gone = item.pending.reply.send(decision.answer);
        }
        each_once(nudged, |account_id| self.cx.signals.nudge(account_id));
        each_once(charged, |workspace_id| self.cx.signals.changed(Event::Credits { workspace_id }));
        each_once(called, |workspace_id| self.cx.signals.changed(Event::Activation { workspace_id }));
    }
}

enum Prepared {
    ToCommit(Box<WriteTransaction>, Vec<Decision>),
    WasCommitted,
}

fn is_taken_id(err: &DbErr) -> bool {
    match err.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(what)) => {
            what.contains("messages.id") || what.contains("messages_pkey") || what.contains("pk-messages")
        }
        _ => false,
    }
}

fn each_once(mut ids: Vec<Uuid>, tell: impl FnMut(Uuid)) {
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().for_each(tell);
}

fn refuse(items: Vec<Item>, refusal: &Refusal) {
    for item in items {
        // Whoever asked may have hung up.
        let _gone = item.pending.reply.send(Err(refusal.clone()));
    }
}

fn log(what: &'static str, err: &Broken) {
    tracing::error!(error = err as &(dyn std::error::Error + 'static), "{what}");
}
