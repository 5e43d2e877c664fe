//! What happens by the clock. Every process that works runs all of it: each step is a conditional update, so twice is
//! harmless.

use std::{str::FromStr as _, sync::Arc, time::Duration};

use apalis::{
    layers::WorkerBuilderExt as _,
    prelude::{Data, WorkerBuilder},
};
use apalis_cron::{CronScheduler, Tick};
use cron::Schedule;
use nhip_domain::{Broken, Cx, account, lane, ledger, message, user, workspace};
use tokio::{sync::Notify, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{group::PATIENCE, lane::Lanes};

/// Lanes that one sweep adopts.
const SWEPT: u32 = 2_000;
/// Before a scheduler that ended is started anew.
const AFTER_END: Duration = Duration::from_secs(1);

/// How long one run of a job may take: one that hangs would be the last of its kind.
const RUN: Duration = Duration::from_mins(10);

/// What a job works with.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) cx: Cx,
    pub(crate) lanes: Arc<Lanes>,
    /// Has somebody look for callbacks of Meta's.
    pub(crate) callbacks: Arc<Notify>,
}

/// The index of what happens by the clock: name, when (seconds first), what.
pub(crate) fn schedule(desk: &Desk, tasks: &TaskTracker, stop: &CancellationToken) {
    let every = |name, when, job| {
        let entry = CronJob { name, job, desk: desk.clone() };
        tasks.spawn(repeat(entry, when, stop.clone()));
    };
    every("sweep", "* * * * * *", |desk| Box::pin(sweep(desk)));
    every("take_up", "*/5 * * * * *", |desk| Box::pin(take_up(desk)));
    every("callbacks", "* * * * * *", |desk| Box::pin(look_for_callbacks(desk)));
    every("sequence", "* * * * * *", |desk| Box::pin(sequence(desk)));
    every("index", "* * * * * *", |desk| Box::pin(index(desk)));
    every("abandon", "*/2 * * * * *", |desk| {
        Box::pin(async move { ended("abandon", message::abandon(&desk.cx).await?) })
    });
    every("give_up", "*/10 * * * * *", |desk| {
        Box::pin(async move { ended("give_up", message::give_up(&desk.cx).await?) })
    });
    every("lift", "*/10 * * * * *", |desk| Box::pin(lift(desk)));
    every("expire", "30 * * * * *", |desk| Box::pin(async move { ended("expire", message::expire(&desk.cx).await?) }));
    every("forget_keys", "0 7 * * * *", |desk| Box::pin(async move { Ok(message::forget_keys(&desk.cx).await?) }));
    every("forget_people", "0 9 * * * *", |desk| Box::pin(async move { user::forget(&desk.cx).await }));
    every("erase", "0 11 * * * *", |desk| Box::pin(erase(desk)));
    every("erase_texts", "0 13 * * * *", |desk| Box::pin(erase_texts(desk)));
    every("audit", "0 */5 * * * *", |desk| Box::pin(audit(desk)));
}

#[derive(Clone)]
struct CronJob {
    name: &'static str,
    job: fn(Desk) -> futures::future::BoxFuture<'static, Result<(), Broken>>,
    desk: Desk,
}

/// Lanes with work and no living owner, whatever happened to their nudges.
async fn sweep(desk: Desk) -> Result<(), Broken> {
    let orphans = timeout(PATIENCE, lane::orphans(&desk.cx, SWEPT)).await;
    let forsaken = orphans.map_err(|_elapsed| Broken::TimedOut("the sweep"))??;
    metrics::gauge!("nhip_lanes_forsaken").set(u32::try_from(forsaken.len()).unwrap_or(u32::MAX));
    for account_id in forsaken {
        desk.lanes.adopt(account_id);
    }
    metrics::gauge!("nhip_lanes_running").set(u32::try_from(desk.lanes.count()).unwrap_or(u32::MAX));
    Ok(())
}

/// Lanes that this process owns and does not drain: to everybody else, they have a living owner.
async fn take_up(desk: Desk) -> Result<(), Broken> {
    let term = desk.lanes.term();
    let owned = timeout(PATIENCE, lane::owned(&desk.cx, term.worker_id())).await;
    desk.lanes.take_up(owned.map_err(|_elapsed| Broken::TimedOut("own lanes"))??);
    Ok(())
}

/// Callbacks that were kept, whatever happened to their nudges, and those whose next attempt is due.
#[expect(clippy::unused_async, reason = "jobs are")]
async fn look_for_callbacks(desk: Desk) -> Result<(), Broken> {
    desk.callbacks.notify_one();
    Ok(())
}

/// Restrictions that are over.
async fn lift(desk: Desk) -> Result<(), Broken> {
    let lifted = account::lift(&desk.cx).await?;
    if lifted > 0 {
        tracing::info!(lifted, "restrictions are over");
    }
    Ok(())
}

/// Counts what reconciling ended.
#[expect(clippy::unnecessary_wraps, reason = "the last step of a job")]
fn ended(job: &'static str, messages: u64) -> Result<(), Broken> {
    metrics::counter!("nhip_messages_ended_total", "job" => job).increment(messages);
    if messages > 0 {
        tracing::info!(job, messages, "ended what no lane would");
    }
    Ok(())
}

/// Positions for the billing stream, until it has caught up.
async fn sequence(desk: Desk) -> Result<(), Broken> {
    while ledger::sequence(&desk.cx).await? > 0 {}
    Ok(())
}

/// What messages are found by, until all are indexed.
async fn index(desk: Desk) -> Result<(), Broken> {
    while message::search::index(&desk.cx).await? > 0 {}
    Ok(())
}

/// Workspaces that were deleted a week ago.
async fn erase(desk: Desk) -> Result<(), Broken> {
    let erased = workspace::erase(&desk.cx).await?;
    if erased > 0 {
        tracing::info!(erased, "erased deleted workspaces");
    }
    Ok(())
}

/// What was said longer ago than it is kept.
async fn erase_texts(desk: Desk) -> Result<(), Broken> {
    let messages = message::erase_texts(&desk.cx).await?;
    if messages > 0 {
        tracing::info!(messages, "erased what was said long ago");
    }
    Ok(())
}

/// The ledger's new entries; what does not add up is shouted about.
async fn audit(desk: Desk) -> Result<(), Broken> {
    let findings = ledger::audit_new(&desk.cx).await?;
    metrics::gauge!("nhip_ledger_breaches").set(u32::try_from(findings.breaches.len()).unwrap_or(u32::MAX));
    for breach in &findings.breaches {
        tracing::error!(%breach, "the ledger does not add up");
    }
    Ok(())
}

/// Runs one job by its schedule until `stop`. Whatever ends apalis's worker, a new one is built.
async fn repeat(entry: CronJob, when: &'static str, stop: CancellationToken) {
    let name = entry.name;
    let schedule = match Schedule::from_str(when) {
        Ok(schedule) => schedule,
        Err(err) => return tracing::error!(job = name, %err, "a schedule that does not parse; the job never runs"),
    };
    for generation in 0_u64.. {
        let worker = WorkerBuilder::new(format!("{name}-{generation}"))
            .backend(CronScheduler::new(schedule.clone()))
            .data(entry.clone())
            .concurrency(1)
            .build(run);
        let signal = stop.clone();
        let stopped = async move {
            signal.cancelled().await;
            Ok::<(), std::io::Error>(())
        };
        let ended = worker.run_until(stopped).await;
        if stop.is_cancelled() {
            return;
        }
        tracing::warn!(job = name, ?ended, "a scheduler ended; a new one is built");
        tokio::time::sleep(AFTER_END).await;
    }
}

async fn run(_tick: Tick, entry: Data<CronJob>) {
    let ran = timeout(RUN, (entry.job)(entry.desk.clone())).await;
    if let Err(err) = ran.unwrap_or(Err(Broken::TimedOut("a job"))) {
        let error = &err as &(dyn std::error::Error + 'static);
        tracing::warn!(job = entry.name, error, "a job failed; its next run tries again");
    }
}
