//! Group commit: work that comes at the same time shares one transaction; while one batch is being done, the next gathers.

use std::{future::Future, panic::AssertUnwindSafe, sync::Arc};

use futures::FutureExt as _;
use nhip_domain::{Broken, database::PATIENCE, gather::fill_up, span::SPAN};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};
use tracing::Instrument as _;

/// The most items of one transaction.
const BATCH: usize = 256;
/// Items that meet a lock, each by itself, before the rest of their batch is not tried any more: each waits for a second.
const LOCKS: usize = 2;
/// Items that wait; past that, writers wait for room.
const QUEUE: usize = 16_384;

type Waiting<I, O> = (I, oneshot::Sender<Result<O, Arc<Broken>>>);

/// The way to one group's writer; cheap to clone.
#[derive(Debug)]
pub struct Group<I, O> {
    what: &'static str,
    queue: mpsc::Sender<Waiting<I, O>>,
}

impl<I, O> Clone for Group<I, O> {
    fn clone(&self) -> Self {
        Self { what: self.what, queue: self.queue.clone() }
    }
}

impl<I: Clone + Send + 'static, O: Send + 'static> Group<I, O> {
    /// Starts a writer that hands batches to `write`, which answers in the same order. It ends with the group's last clone.
    pub fn start<F>(what: &'static str, write: impl Fn(Vec<I>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<O>, Broken>> + Send + 'static,
    {
        let (queue, mut waiting) = mpsc::channel(QUEUE);
        tokio::spawn(async move {
            let mut batch = Vec::with_capacity(BATCH);
            while take_together(&mut waiting, &mut batch).await {
                metrics::histogram!("nhip_group_size", "group" => what)
                    .record(u32::try_from(batch.len()).unwrap_or(u32::MAX));
                // Those who gave it were told.
                let _refused = write_batch(what, &write, std::mem::take(&mut batch)).await;
            }
        });
        Self { what, queue }
    }

    /// Has one item done, together with whatever else comes; returns once that is durable.
    pub async fn submit(&self, item: I) -> Result<O, Arc<Broken>> {
        let (reply, answer) = oneshot::channel();
        let stopped = || Arc::new(Broken::Stopped(self.what));
        self.queue.send((item, reply)).await.map_err(|_closed| stopped())?;
        answer.await.map_err(|_closed| stopped())?
    }
}

/// Waits for work, and tells whether there is any: also what is about to come with the first. Lanes that wake at the same moment
/// ask one after the other.
pub(crate) async fn take_together<T>(waiting: &mut mpsc::Receiver<T>, batch: &mut Vec<T>) -> bool {
    if waiting.recv_many(batch, BATCH).await == 0 {
        return false;
    }
    fill_up(waiting, batch, BATCH).await;
    true
}

/// A batch that fails is written item by item, so that one bad item harms nobody else. One that hangs is not: each would hang.
/// Nor is one that may have been written all the same; and once [`LOCKS`] items met a lock that somebody keeps, whoever gave
/// the rest tries again. Returns the error of a batch that was refused.
async fn write_batch<I: Clone, O, F>(
    what: &'static str,
    write: &impl Fn(Vec<I>) -> F,
    batch: Vec<Waiting<I, O>>,
) -> Result<(), Arc<Broken>>
where
    F: Future<Output = Result<Vec<O>, Broken>>,
{
    let items: Vec<I> = batch.iter().map(|(item, _)| item.clone()).collect();
    let span = tracing::info_span!(target: SPAN, "journal.write", group = what, items = items.len());
    let written = AssertUnwindSafe(write(items)).catch_unwind().instrument(span);
    let Ok(written) = timeout(PATIENCE, written).await else {
        return refuse(batch, Broken::TimedOut(what));
    };
    match written.unwrap_or(Err(Broken::Panicked(what))) {
        Ok(answers) => {
            for ((_, reply), answer) in batch.into_iter().zip(answers) {
                // Whoever asked may be gone; what was written stays.
                let _gone = reply.send(Ok(answer));
            }
            Ok(())
        }
        Err(err) if batch.len() == 1 || matches!(err, Broken::OutcomeUnknown(_)) => refuse(batch, err),
        Err(err) => {
            tracing::warn!(
                group = what,
                error = &err as &(dyn std::error::Error + 'static),
                "a batch failed; its items are written one by one"
            );
            let (mut rest, mut locks) = (batch.into_iter(), 0);
            while locks < LOCKS
                && let Some(item) = rest.next()
            {
                let written = Box::pin(write_batch(what, write, vec![item])).await;
                locks += usize::from(written.is_err_and(|err| err.met_a_lock()));
            }
            refuse(rest, err)
        }
    }
}

fn refuse<I, O>(batch: impl IntoIterator<Item = Waiting<I, O>>, err: Broken) -> Result<(), Arc<Broken>> {
    let err = Arc::new(err);
    for (_, reply) in batch {
        // Whoever asked may be gone.
        let _gone = reply.send(Err(Arc::clone(&err)));
    }
    Err(err)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[tokio::test]
    async fn one_bad_item_fails_alone() {
        let group = Group::start("test", |items: Vec<i32>| async move {
            if items.contains(&13) { Err(Broken::TimedOut("13")) } else { Ok(items.iter().map(|n| n * 2).collect()) }
        });
        let answers = futures::future::join_all([1, 13, 3].map(|n| group.submit(n))).await;
        assert_eq!(answers[0].as_ref().unwrap(), &2);
        assert!(answers[1].is_err());
        assert_eq!(answers[2].as_ref().unwrap(), &6);
    }

    #[tokio::test]
    async fn what_may_have_been_written_is_not_written_again() {
        let writes = Arc::new(Mutex::new(0));
        let written = Arc::clone(&writes);
        let group = Group::start("test", move |_items: Vec<i32>| {
            *written.lock().unwrap() += 1;
            async {
                Err::<Vec<i32>, _>(Broken::OutcomeUnknown(sea_orm::DbErr::ConnectionAcquire(
                    sea_orm::ConnAcquireErr::Timeout,
                )))
            }
        });
        let answers = futures::future::join_all((0..100).map(|n| group.submit(n))).await;
        assert!(
            answers.iter().all(|answer| answer.as_ref().is_err_and(|err| matches!(**err, Broken::OutcomeUnknown(_))))
        );
        assert!(*writes.lock().unwrap() < 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_that_hangs_is_given_up_and_the_group_lives_on() {
        let group = Group::start("test", |items: Vec<i32>| async move {
            if items.contains(&13) {
                std::future::pending::<()>().await;
            }
            Ok(items)
        });
        let hung = futures::future::join_all([1, 13].map(|n| group.submit(n))).await;
        assert!(hung.iter().all(|answer| answer.as_ref().is_err_and(|err| matches!(**err, Broken::TimedOut(_)))));
        assert_eq!(group.submit(1).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_write_that_panics_fails_alone_and_the_group_lives_on() {
        let group = Group::start("test", |items: Vec<i32>| async move {
            assert!(!items.contains(&13), "a defect");
            Ok(items)
        });
        assert!(group.submit(13).await.is_err());
        assert_eq!(group.submit(1).await.unwrap(), 1);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn those_that_wake_at_the_same_moment_go_together() {
        let sizes = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&sizes);
        let group = Group::start("test", move |items: Vec<i32>| {
            seen.lock().unwrap().push(items.len());
            async { Ok(items) }
        });
        let lanes = tokio::spawn(async move {
            let lanes = (0..20).map(|n| {
                let group = group.clone();
                tokio::spawn(async move { group.submit(n).await.unwrap() })
            });
            futures::future::join_all(lanes).await
        });
        lanes.await.unwrap();
        assert!(sizes.lock().unwrap().len() <= 2, "{sizes:?}");
    }

    #[tokio::test]
    async fn what_comes_while_a_batch_is_written_shares_the_next() {
        let sizes = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&sizes);
        let group = Group::start("test", move |items: Vec<i32>| {
            seen.lock().unwrap().push(items.len());
            async move {
                tokio::task::yield_now().await;
                Ok(items)
            }
        });
        futures::future::join_all((0..100).map(|n| group.submit(n))).await;
        assert!(sizes.lock().unwrap().len() < 10, "{sizes:?}");
    }
}
