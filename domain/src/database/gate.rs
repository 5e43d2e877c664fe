//! SQLite's one writer, first come, first served, but beats first.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

/// How a write stands in SQLite's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// A beat is due now; a late one shows in the pace.
    Beat,
    /// Everything else.
    Normal,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Gate(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    busy: bool,
    beats: VecDeque<oneshot::Sender<Turn>>,
    others: VecDeque<oneshot::Sender<Turn>>,
}

/// The right to write; dropped, it passes to the next in the queue.
#[derive(Debug)]
pub(super) struct Turn(Option<Gate>);

impl Gate {
    pub(super) async fn wait(&self, urgency: Urgency) -> Turn {
        let turn = {
            let mut waiting = self.lock();
            if !waiting.busy {
                waiting.busy = true;
                return Turn(Some(self.clone()));
            }
            let (sender, receiver) = oneshot::channel();
            match urgency {
                Urgency::Beat => waiting.beats.push_back(sender),
                Urgency::Normal => waiting.others.push_back(sender),
            }
            receiver
        };
        // A sender is dropped only with the gate, which we hold.
        turn.await.unwrap_or(Turn(None))
    }

    fn pass_on(&self) {
        loop {
            let next = {
                let mut waiting = self.lock();
                let next = waiting.beats.pop_front().or_else(|| waiting.others.pop_front());
                waiting.busy = next.is_some();
                next
            };
            let Some(next) = next else { return };
            match next.send(Turn(Some(self.clone()))) {
                Ok(()) => return,
                // Whoever waited has gone: the turn is ours again, to be passed on by this loop and not by its drop.
                Err(mut turn) => turn.0 = None,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(gate) = self.0.take() {
            gate.pass_on();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_beat_that_comes_last_is_served_next() {
        let gate = Gate::default();
        let first = gate.wait(Urgency::Normal).await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut waiting = Vec::new();
        for (name, urgency) in [("a", Urgency::Normal), ("b", Urgency::Normal), ("beat", Urgency::Beat)] {
            let (gate, order) = (gate.clone(), order.clone());
            waiting.push(tokio::spawn(async move {
                let _turn = gate.wait(urgency).await;
                order.lock().unwrap().push(name);
            }));
            tokio::task::yield_now().await;
        }
        drop(first);
        for task in waiting {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), ["beat", "a", "b"]);
    }

    #[tokio::test]
    async fn whoever_gave_up_waiting_does_not_block_the_rest() {
        let gate = Gate::default();
        let first = gate.wait(Urgency::Normal).await;
        let gone = tokio::spawn({
            let gate = gate.clone();
            async move { drop(gate.wait(Urgency::Normal).await) }
        });
        tokio::task::yield_now().await;
        gone.abort();
        assert!(gone.await.unwrap_err().is_cancelled());
        drop(first);
        drop(gate.wait(Urgency::Normal).await);
    }
}
