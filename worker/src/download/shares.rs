//! Something that many workspaces share: none may have more of it than it leaves free, so that whoever comes finds some.
//!
//! Alone, a workspace has half of it at most. Who comes later finds half of what was free, and what is given back goes to
//! whoever has least: with n that all want more, each comes to have one part in n + 1, and as much is free.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;
use uuid::Uuid;

/// What is shared; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Shares(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    /// Rung when something was given back.
    freed: Notify,
}

#[derive(Debug)]
struct State {
    free: usize,
    taken: HashMap<Uuid, usize>,
}

impl State {
    /// The rule.
    fn allows(&self, workspace_id: Uuid, amount: usize) -> bool {
        let has = self.taken.get(&workspace_id).copied().unwrap_or(0);
        amount <= self.free && has + amount <= self.free.max(amount)
    }

    fn take(&mut self, workspace_id: Uuid, amount: usize) -> bool {
        let allowed = self.allows(workspace_id, amount);
        if allowed {
            self.free -= amount;
            *self.taken.entry(workspace_id).or_default() += amount;
        }
        allowed
    }

    fn give_back(&mut self, workspace_id: Uuid, amount: usize) {
        self.free += amount;
        if let Some(has) = self.taken.get_mut(&workspace_id) {
            *has = has.saturating_sub(amount);
        }
        self.taken.retain(|_, has| *has > 0);
    }
}

impl Shares {
    /// All of it is free.
    pub(crate) fn of(total: usize) -> Self {
        let state = Mutex::new(State { free: total, taken: HashMap::new() });
        Self(Arc::new(Inner { state, freed: Notify::new() }))
    }

    /// Takes so much for a workspace, once it may have it.
    pub(crate) async fn take(&self, workspace_id: Uuid, amount: usize) -> Share {
        loop {
            // Before looking, so that nothing that is given back from now on is missed.
            let freed = self.0.freed.notified();
            if self.state().take(workspace_id, amount) {
                return Share { of: self.clone(), workspace_id, amount };
            }
            freed.await;
        }
    }

    fn give_back(&self, workspace_id: Uuid, amount: usize) {
        self.state().give_back(workspace_id, amount);
        self.0.freed.notify_waiters();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a workspace has taken; given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    of: Shares,
    workspace_id: Uuid,
    amount: usize,
}

impl Share {
    /// Keeps so much, and gives the rest back.
    pub(crate) fn keep(&mut self, amount: usize) {
        let spare = self.amount.saturating_sub(amount);
        self.amount -= spare;
        self.of.give_back(self.workspace_id, spare);
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.of.give_back(self.workspace_id, self.amount);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures::FutureExt as _;
    use tokio::time::timeout;

    use super::*;

    const GREEDY: Uuid = Uuid::nil();
    const OTHER: Uuid = Uuid::max();

    /// Takes one after the other, until it would have to wait.
    fn all_at_once(shares: &Shares, workspace_id: Uuid) -> Vec<Share> {
        std::iter::from_fn(|| shares.take(workspace_id, 2).now_or_never()).collect()
    }

    #[tokio::test]
    async fn a_workspace_that_wants_all_of_it_leaves_half_to_whoever_comes() {
        let shares = Shares::of(256);
        let greedy = all_at_once(&shares, GREEDY);
        assert_eq!(greedy.len(), 64);
        let other = all_at_once(&shares, OTHER);
        assert_eq!(other.len(), 32);
        assert!(shares.take(Uuid::from_u128(7), 2).now_or_never().is_some());
    }

    #[tokio::test]
    async fn what_comes_back_goes_to_who_has_least_until_all_have_as_much() {
        let shares = Shares::of(256);
        let mut taken: Vec<_> = (1..=15).flat_map(|n| all_at_once(&shares, Uuid::from_u128(n))).collect();
        for _turn in 0..1_000 {
            drop(taken.remove(0));
            taken.extend((1..=15).flat_map(|n| all_at_once(&shares, Uuid::from_u128(n))));
        }
        let has = |n| taken.iter().filter(|share| share.workspace_id == Uuid::from_u128(n)).count();
        let has: Vec<_> = (1..=15).map(has).collect();
        assert!(has.iter().all(|has| (4..=16).contains(has)), "{has:?}");
        assert!(shares.take(OTHER, 2).now_or_never().is_some());
    }

    #[tokio::test]
    async fn what_is_given_back_lets_the_next_one_in() {
        let shares = Shares::of(8);
        let mut greedy = all_at_once(&shares, GREEDY);
        assert_eq!(greedy.len(), 2);
        let waits = shares.take(GREEDY, 2);
        tokio::pin!(waits);
        assert!((&mut waits).now_or_never().is_none());
        greedy[0].keep(1);
        assert!((&mut waits).now_or_never().is_some(), "it has three of five that are free");
        drop(greedy);
    }

    #[tokio::test]
    async fn who_waits_is_woken() {
        let shares = Shares::of(2);
        let all = shares.take(GREEDY, 2).await;
        let taken = tokio::spawn({
            let shares = shares.clone();
            async move { shares.take(OTHER, 2).await }
        });
        tokio::task::yield_now().await;
        drop(all);
        timeout(Duration::from_secs(5), taken).await.unwrap().unwrap();
    }
}
