//! Batches of what comes together.

use tokio::{sync::mpsc, task::yield_now};

/// For how many turns of the runtime a batch waits for what is about to come.
const TURNS: usize = 4;

/// Adds to a batch, up to `most`, what comes within a few turns of the runtime: of those who wake at the same moment, the
/// first would go alone.
pub async fn fill_up<T>(waiting: &mut mpsc::Receiver<T>, batch: &mut Vec<T>, most: usize) {
    for _turn in 0..TURNS {
        yield_now().await;
        while batch.len() < most
            && let Ok(next) = waiting.try_recv()
        {
            batch.push(next);
        }
    }
}
