//! What happens by the clock. Every process that works runs all of it: each step is a conditional update, so twice is
//! harmless.

use std::{future, panic::AssertUnwindSafe, str::FromStr as _, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use cron::Schedule;
use futures::{FutureExt as _, future::BoxFuture};
use nhip_domain::{Broken, Cx, account, lane, ledger, message, user, workspace};
use tokio::{sync::Notify, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{gateway::simulator, lane::Lanes};

/// Lanes that one sweep adopts.
const SWEPT: u32 = 2_000;
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
    let every = |name, when, job: Job| {
        tasks.spawn(repeat(name, when, job, desk.clone(), stop.clone()));
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
    every("expire", "*/10 * * * * *", |desk| {
        Box::pin(async move { ended("expire", message::expire(&desk.cx).await?) })
    });
    every("forget_keys", "0 7 * * * *", |desk| {
        Box::pin(async move { Ok(message::forget_keys(&desk.cx).await.map(drop)?) })
    });
    every("forget_people", "0 9 * * * *", |desk| Box::pin(async move { user::forget(&desk.cx).await }));
    every("erase", "0 11 * * * *", |desk| Box::pin(erase(desk)));
    every("forget_simulated", "0 8 * * * *", |desk| {
        Box::pin(async move { Ok(simulator::forget(&desk.cx).await.map(drop)?) })
    });
    every("forget_workers", "0 10 * * * *", |desk| {
        Box::pin(async move { Ok(lane::forget_workers(&desk.cx).await.map(drop)?) })
    });
    every("erase_texts", "0 13 * * * *", |desk| Box::pin(erase_texts(desk)));
    every("audit", "0 */5 * * * *", |desk| Box::pin(audit(desk)));
}

type Job = fn(Desk) -> BoxFuture<'static, Result<(), Broken>>;

/// Lanes with work and no living owner, whatever happened to their nudges.
async fn sweep(desk: Desk) -> Result<(), Broken> {
    let forsaken = lane::forsaken(&desk.cx, SWEPT).await?;
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
    desk.lanes.take_up(lane::owned(&desk.cx, term.worker_id()).await?);
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

/// Runs one job by its schedule until `stop`.
async fn repeat(name: &'static str, when: &'static str, job: Job, desk: Desk, stop: CancellationToken) {
    match Schedule::from_str(when) {
        Ok(schedule) => at_times(name, &schedule, &stop, || desk.cx.now(), || job(desk.clone())).await,
        Err(err) => tracing::error!(job = name, %err, "a schedule that does not parse; the job never runs"),
    }
}

/// Does a job at a schedule's times until `stop`; one that is being done then is done to its end.
///
/// How long it is until the next time is reckoned when the wait begins, and counted on the monotonic clock: a wall clock that
/// is set back, by however much and whenever, puts no job to sleep. Nor does one that panicked or hung.
async fn at_times<F: Future<Output = Result<(), Broken>>>(
    name: &'static str,
    schedule: &Schedule,
    stop: &CancellationToken,
    now: impl Fn() -> DateTime<Utc>,
    job: impl Fn() -> F,
) {
    while stop.run_until_cancelled(next(schedule, now())).await.is_some() {
        let done = timeout(RUN, AssertUnwindSafe(async { job().await }).catch_unwind()).await;
        if let Err(err) = done.unwrap_or(Ok(Err(Broken::TimedOut(name)))).unwrap_or(Err(Broken::Panicked(name))) {
            let error = &err as &(dyn std::error::Error + 'static);
            tracing::warn!(job = name, error, "a job failed; its next run tries again");
        }
    }
}

/// Waits for a schedule's next time after `now`.
async fn next(schedule: &Schedule, now: DateTime<Utc>) {
    match schedule.after(&now).next() {
        Some(next) => tokio::time::sleep((next - now).to_std().unwrap_or_default()).await,
        None => future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

    use chrono::TimeDelta;
    use nhip_domain::clock::Clock;

    use super::*;

    /// How often a job of every second runs in ten, by a clock that it sets back by so much each time.
    async fn runs_in_10_s(back: TimeDelta, ends: fn(u32) -> Result<(), Broken>) -> u32 {
        let clock = Clock::steady("2026-11-23T12:00:00.3Z".parse().unwrap());
        let (behind_s, runs) = (AtomicI64::new(0), AtomicU32::new(0));
        let now = || clock.now() - TimeDelta::seconds(behind_s.load(Ordering::Relaxed));
        let job = || async {
            behind_s.fetch_add(back.num_seconds(), Ordering::Relaxed);
            ends(runs.fetch_add(1, Ordering::Relaxed))
        };
        let (schedule, stop) = (Schedule::from_str("* * * * * *").unwrap(), CancellationToken::new());
        timeout(Duration::from_secs(10), at_times("test", &schedule, &stop, now, job)).await.unwrap_err();
        runs.into_inner()
    }

    #[tokio::test(start_paused = true)]
    async fn a_clock_that_is_set_back_puts_no_job_to_sleep() {
        assert_eq!(runs_in_10_s(TimeDelta::zero(), |_| Ok(())).await, 10);
        assert_eq!(runs_in_10_s(TimeDelta::hours(1), |_| Ok(())).await, 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_that_panicked_or_failed_runs_again() {
        let ends = |run| match run {
            0 => panic!("a defect"),
            1 => Err(Broken::TimedOut("a test")),
            _ => Ok(()),
        };
        assert_eq!(runs_in_10_s(TimeDelta::zero(), ends).await, 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_job_that_hung_runs_again() {
        let (clock, runs) = (Clock::steady("2026-11-23T12:00:00.3Z".parse().unwrap()), AtomicU32::new(0));
        let job = || async {
            match runs.fetch_add(1, Ordering::Relaxed) {
                0 => future::pending().await,
                _ => Ok(()),
            }
        };
        let (schedule, stop) = (Schedule::from_str("* * * * * *").unwrap(), CancellationToken::new());
        let repeated = at_times("test", &schedule, &stop, || clock.now(), job);
        timeout(RUN + Duration::from_secs(5), repeated).await.unwrap_err();
        assert!(runs.into_inner() > 1);
    }
}
