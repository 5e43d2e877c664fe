//! Waiting for something to become true, never for time to pass.

use std::time::Duration;

use nhip_domain::clock::Clock;

const LOOK: Duration = Duration::from_millis(25);

/// Looks until there is something; panics, naming it, once `within` has passed.
pub async fn eventually<T>(what: &str, within: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let clock = Clock::system();
    let end = clock.instant() + within;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(clock.instant() < end, "not within {within:?}: {what}");
        tokio::time::sleep(LOOK).await;
    }
}

/// Looks until it is so.
pub async fn until(what: &str, within: Duration, mut is_so: impl AsyncFnMut() -> bool) {
    eventually(what, within, async || is_so().await.then_some(())).await;
}
