//! Playing what is due: any process reports any event, once its time has come. Several may play the same one, and one that
//! died may have; see [`EventSink::apply_kept`].

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use futures::{StreamExt as _, stream};
use nhip_domain::{Broken, Database, clock::Clock, database::Urgency, sql::among};
use nhip_entity::simulator_event;
use sea_orm::{Condition, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, prelude::*};
use tokio::{
    sync::Notify,
    time::{Instant, sleep, sleep_until, timeout},
};
use uuid::Uuid;

use crate::gateway::{EventSink, GatewayEvent};

/// Events read at once.
const LIMIT: u64 = 200;
/// Accounts whose events are applied at the same time.
const ACCOUNTS: usize = 64;
/// How long without a look, at most: another process may have written events.
const LOOK: Duration = Duration::from_secs(1);
/// Events that come this close together are played together.
const GATHER: Duration = Duration::from_millis(5);
/// How long one event may take to apply.
const APPLY: Duration = Duration::from_secs(10);

/// Whether an account owes the log no line.
const IS_LOGGED: &str = "NOT EXISTS (SELECT 1 FROM simulator_messages m \
    WHERE m.account_id = simulator_events.account_id AND m.line IS NOT NULL)";

/// Plays for ever. With a log, accounts wait whose messages are not in it yet.
pub(super) async fn play(db: &Database, clock: &Clock, events: &Notify, sink: &dyn EventSink, logs: bool) {
    let mut player = Player { db, clock, sink, logs, held: HashMap::new() };
    let mut failures = 0;
    loop {
        match player.round().await {
            Ok(next) => {
                failures = 0;
                tokio::select! {
                    () = sleep_until(next) => {}
                    () = events.notified() => sleep(GATHER).await,
                }
            }
            Err(err) => {
                tracing::error!(error = &err as &dyn std::error::Error, "the simulator's events cannot be read");
                failures += 1;
                sleep(back_off(failures)).await;
            }
        }
    }
}

struct Player<'a> {
    db: &'a Database,
    clock: &'a Clock,
    sink: &'a dyn EventSink,
    logs: bool,
    /// Accounts whose last event failed: until when they wait, and after how many failures. All of their events wait, as a
    /// state must not overtake the one before it.
    held: HashMap<Uuid, (Instant, u32)>,
}

impl Player<'_> {
    /// Plays what is due; when to look again.
    async fn round(&mut self) -> Result<Instant, DbErr> {
        let now = self.clock.instant();
        let rows = self.read(now).await?;
        let wall = self.clock.now();
        let (due, later): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.due_at <= wall);
        let full = later.is_empty() && due.len() >= usize::try_from(LIMIT).unwrap_or(usize::MAX);
        self.apply_all(due).await?;
        if full {
            return Ok(now);
        }
        let next = later.first().map_or(now + LOOK, |row| self.clock.instant_of(row.due_at));
        Ok(next.min(now + LOOK))
    }

    async fn read(&self, now: Instant) -> Result<Vec<simulator_event::Model>, DbErr> {
        let held = self.held.iter().filter(|(_, (until, _))| *until > now).map(|(account_id, _)| *account_id);
        let logged = self.logs.then(|| Expr::cust(IS_LOGGED));
        simulator_event::Entity::find()
            .filter(simulator_event::Column::AccountId.is_not_in(held))
            .filter(Condition::all().add_option(logged))
            .order_by_asc(simulator_event::Column::DueAt)
            .order_by_asc(simulator_event::Column::Id)
            .limit(LIMIT)
            .all(self.db.read())
            .await
    }

    /// Accounts side by side, each account's events one after the other.
    async fn apply_all(&mut self, due: Vec<simulator_event::Model>) -> Result<(), DbErr> {
        let mut accounts: BTreeMap<Uuid, Vec<simulator_event::Model>> = BTreeMap::new();
        for row in due {
            accounts.entry(row.account_id).or_default().push(row);
        }
        let sink = self.sink;
        let played: Vec<_> = stream::iter(accounts)
            .map(|(account_id, rows)| async move { (account_id, apply(sink, rows).await) })
            .buffer_unordered(ACCOUNTS)
            .collect()
            .await;
        let mut done = Vec::new();
        for (account_id, (applied, failure)) in played {
            done.extend(applied);
            self.note(account_id, failure);
        }
        self.delete(done).await
    }

    fn note(&mut self, account_id: Uuid, failure: Option<Broken>) {
        let Some(err) = failure else {
            self.held.remove(&account_id);
            return;
        };
        let failures = self.held.get(&account_id).map_or(0, |(_, failures)| *failures) + 1;
        self.held.insert(account_id, (self.clock.instant() + back_off(failures), failures));
        tracing::error!(account.id = %account_id, failures, error = &err as &dyn std::error::Error,
            "an event of the simulator cannot be applied, and is tried again");
    }

    async fn delete(&self, played: Vec<Uuid>) -> Result<(), DbErr> {
        if played.is_empty() {
            return Ok(());
        }
        let txn = self.db.write(Urgency::Normal).await?;
        let among = among(self.db.backend(), simulator_event::Column::Id, played);
        simulator_event::Entity::delete_many().filter(among).exec(&*txn).await?;
        txn.commit().await
    }
}

/// Applies events in their order, up to the first that fails: which are done with, and what failed.
async fn apply(sink: &dyn EventSink, rows: Vec<simulator_event::Model>) -> (Vec<Uuid>, Option<Broken>) {
    let mut done = Vec::new();
    for row in rows {
        let applied = match serde_json::from_value::<GatewayEvent>(row.event) {
            Ok(event) => timeout(APPLY, sink.apply_kept(row.account_id, event, row.id))
                .await
                .unwrap_or_else(|_elapsed| Err(Broken::TimedOut("applying an event of the simulator"))),
            Err(err) => {
                // Nobody will ever be able to read it.
                tracing::error!(error = &err as &dyn std::error::Error, "an event of the simulator is unreadable");
                Ok(())
            }
        };
        match applied {
            Ok(()) => done.push(row.id),
            Err(err) => return (done, Some(err)),
        }
    }
    (done, None)
}

/// 100 ms, doubled by each failure, up to 5 s.
fn back_off(failures: u32) -> Duration {
    let doubled = Duration::from_millis(50).saturating_mul(2_u32.saturating_pow(failures.min(10)));
    doubled.min(Duration::from_secs(5))
}
