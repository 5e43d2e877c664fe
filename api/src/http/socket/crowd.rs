//! What all sockets of a process share.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use async_graphql::dataloader::{DataLoader, Loader};
use moka::sync::Cache;
use nhip_domain::{
    Broken, Cx,
    authenticate::{self, Caller, Credential},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, Interval, interval_at},
};
use uuid::Uuid;

/// How often it is asked whether a socket's credential is still good: a socket ends within a second.
const LOOK: Duration = Duration::from_millis(500);
/// All sockets ask at the same time, and those that do so within this, in one query.
const GATHERING: Duration = Duration::from_millis(50);
/// The most sockets of a person, or of an API token.
const OF_ONE: usize = 1_000;
/// People and tokens that are counted at the same time.
const COUNTED: u64 = 100_000;

/// What all sockets share. Cheap to clone.
#[derive(Clone)]
pub struct Crowd {
    since: Instant,
    credentials: Arc<DataLoader<Credentials>>,
    rooms: Cache<Uuid, Arc<Semaphore>>,
}

impl Crowd {
    /// For the sockets of a process.
    #[must_use]
    pub fn new(cx: Cx) -> Self {
        let since = cx.clock.instant();
        let credentials = DataLoader::new(Credentials(cx), tokio::spawn).delay(GATHERING);
        Self { since, credentials: Arc::new(credentials), rooms: Cache::new(COUNTED) }
    }

    /// Room for one more socket of the caller's; none if they have too many.
    pub(super) fn room(&self, caller: &Caller) -> Option<OwnedSemaphorePermit> {
        let room = self.rooms.get_with(caller.id(), || Arc::new(Semaphore::new(OF_ONE)));
        room.try_acquire_owned().ok()
    }

    /// When a socket that opens at `now` looks after its credential: whenever all others do.
    pub(super) fn looks(&self, now: Instant) -> Interval {
        let since_others = now.duration_since(self.since).as_nanos() % LOOK.as_nanos();
        interval_at(now + LOOK - Duration::from_nanos(u64::try_from(since_others).unwrap_or_default()), LOOK)
    }

    /// Whether a credential is still good. While the database does not answer, nobody's is known to be not.
    pub(super) async fn is_good(&self, credential: Credential) -> bool {
        self.credentials.load_one(credential).await.map_or(true, |good| good.is_some())
    }
}

struct Credentials(Cx);

impl Loader<Credential> for Credentials {
    type Value = ();
    type Error = Arc<Broken>;

    async fn load(&self, credentials: &[Credential]) -> Result<HashMap<Credential, ()>, Self::Error> {
        let good: HashSet<_> = authenticate::still_good(&self.0, credentials).await?;
        Ok(good.into_iter().map(|credential| (credential, ())).collect())
    }
}
