//! Receiving: one transaction for all that arrives while the last one was being written, then the log, then the answers.
//!
//! A kill between the transaction and the log must not lose a line: each message is written with the line that it owes the
//! log, which is cleared once it stands there. [`super::owed`] writes those that were not.

use std::{collections::BTreeMap, io, sync::Arc};

use chrono::{DateTime, Utc};
use nhip_domain::{
    Database,
    clock::Clock,
    database::{Transaction, Urgency, WriteTransaction},
    sql::{Params, Values},
};
use nhip_entity::simulator_message;
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, DbBackend, DbErr, FromQueryResult, prelude::*};
use tokio::{
    sync::{Notify, mpsc},
    time::Instant,
};

use super::{
    envelope::{Envelope, Key},
    inbox::Waiting,
    log::{self, Log},
    owed::{self, FRESH},
    script::{Arrival, Due, Reception, Script, script},
};
use crate::group::take_together;

/// The task that receives.
pub(super) struct Receiver {
    db: Database,
    clock: Clock,
    log: Option<Arc<Log>>,
    events: Arc<Notify>,
}

/// What one transaction stored.
struct Stored {
    scripts: BTreeMap<Key, Script>,
    /// Lines of earlier arrivals that may not stand in the log yet.
    owed: Vec<String>,
    /// When they were stored; not later.
    at: Instant,
}

/// What there is of a message now.
#[derive(FromQueryResult)]
struct Arrived {
    account_id: Uuid,
    jid: String,
    id: String,
    /// How often it came, this time included.
    times: i32,
    /// When it came first.
    received_at: DateTime<Utc>,
    /// The line that the log may still lack.
    line: Option<String>,
}

/// Why nobody is told that a batch was stored.
enum NotStored {
    /// It left no trace.
    Certainly(DbErr),
    /// COMMIT went out, and its answer did not come.
    Perhaps(DbErr),
}

impl NotStored {
    fn report(&self) {
        let (Self::Certainly(err) | Self::Perhaps(err)) = self;
        tracing::error!(error = err as &dyn std::error::Error, "the simulator cannot write what it received");
    }
}

impl Receiver {
    pub(super) fn new(db: Database, clock: Clock, log: Option<Arc<Log>>, events: Arc<Notify>) -> Self {
        Self { db, clock, log, events }
    }

    pub(super) async fn run(self, mut waiting: mpsc::Receiver<Waiting>) {
        let mut gathered = Vec::new();
        while take_together(&mut waiting, &mut gathered).await {
            // Whoever stopped waiting comes again with the same id.
            gathered.retain(|one| !one.answer.is_closed());
            while !gathered.is_empty() {
                let (batch, again) = apart(gathered);
                self.receive(batch).await;
                gathered = again;
            }
        }
    }

    async fn receive(&self, batch: BTreeMap<Key, Waiting>) {
        match self.store(batch.values().map(|one| &one.envelope)).await {
            Ok(stored) => self.answer(batch, stored).await,
            // One of them may be the cause: each on its own.
            Err(NotStored::Certainly(_)) if batch.len() > 1 => {
                for (key, one) in batch {
                    match self.store(std::iter::once(&one.envelope)).await {
                        Ok(stored) => self.answer(BTreeMap::from([(key, one)]), stored).await,
                        Err(err) => err.report(),
                    }
                }
            }
            // Stored once more, they would look as if they had been sent twice.
            Err(err) => err.report(),
        }
    }

    async fn store(&self, batch: impl ExactSizeIterator<Item = &Envelope> + Clone) -> Result<Stored, NotStored> {
        let (txn, stored) = self.write(batch).await.map_err(NotStored::Certainly)?;
        txn.commit().await.map_err(NotStored::Perhaps)?;
        Ok(stored)
    }

    /// Writes what arrived, and what follows from it.
    async fn write(
        &self,
        batch: impl ExactSizeIterator<Item = &Envelope> + Clone,
    ) -> Result<(WriteTransaction, Stored), DbErr> {
        let txn = self.db.write(Urgency::Normal).await?;
        let (now, at) = (self.clock.now(), self.clock.instant());
        let mut first = Values::default();
        for envelope in batch.clone() {
            self.first(&mut first, envelope, now)?;
        }
        let mut rows = count(&txn, first, now).await?;
        let (mut scripts, mut owed, mut events) = (BTreeMap::new(), Vec::new(), Values::default());
        for envelope in batch {
            let key = envelope.key();
            let row = rows.remove(&key).ok_or_else(|| DbErr::RecordNotFound("the row just written".to_owned()))?;
            let script = script(&arrival(envelope, row.times, row.received_at, now));
            self.due(&mut events, envelope.account_id, &script)?;
            if row.times > 1 {
                owed.extend(row.line.clone());
            }
            if row.times > 1 && script.reception == Reception::Taken {
                let line = self.owed(envelope, now)?;
                owes(&txn, row, line).await?;
            }
            scripts.insert(key, script);
        }
        schedule(&txn, events).await?;
        Ok((txn, Stored { scripts, owed, at }))
    }

    /// Adds the row of a message's first arrival.
    fn first(&self, rows: &mut Values, envelope: &Envelope, now: DateTime<Utc>) -> Result<(), DbErr> {
        let taken = script(&arrival(envelope, 1, now, now)).reception == Reception::Taken;
        let line = if taken { self.owed(envelope, now)? } else { None };
        rows.row([
            envelope.account_id.into(),
            (&envelope.jid).into(),
            (&envelope.id).into(),
            envelope.kind.into(),
            (&envelope.text).into(),
            envelope.file.as_ref().map(|file| file.name.as_str()).into(),
            line.into(),
        ]);
        Ok(())
    }

    /// The line that the log lacks until it is written.
    fn owed(&self, envelope: &Envelope, now: DateTime<Utc>) -> Result<Option<String>, DbErr> {
        let line = self.log.as_ref().map(|_| log::render(now, envelope, false));
        line.transpose().map_err(|err| DbErr::Json(err.to_string()))
    }

    /// Adds what the built-in WhatsApp will say.
    fn due(&self, rows: &mut Values, account_id: Uuid, script: &Script) -> Result<(), DbErr> {
        for Due { at, event } in &script.events {
            let event = serde_json::to_string(event).map_err(|err| DbErr::Json(err.to_string()))?;
            rows.row([self.clock.new_id().into(), account_id.into(), (*at).into(), event.into()]);
        }
        Ok(())
    }

    /// Logs what was stored, and then acknowledges it.
    async fn answer(&self, batch: BTreeMap<Key, Waiting>, mut stored: Stored) {
        let mut logged = Vec::new();
        let will_be_said = stored.scripts.values().any(|script| !script.events.is_empty());
        for (key, one) in batch {
            let Some(script) = stored.scripts.remove(&key) else { continue };
            match self.note(&one.envelope, script.reception, &stored) {
                Ok(()) => {
                    logged.push(key.2);
                    // Whoever no longer waits has left the outcome open, and will send it again.
                    let _gone = one.answer.send(script);
                }
                // Not logged, so not acknowledged.
                Err(err) => {
                    tracing::error!(error = &err as &dyn std::error::Error, "the simulator cannot write its log");
                }
            }
        }
        if self.log.is_some()
            && let Err(err) = owed::clear(&self.db, &logged).await
        {
            tracing::warn!(error = &err as &dyn std::error::Error, "lines that were logged are looked at again");
        }
        // What is reported of messages must stand in the log before.
        if will_be_said {
            self.events.notify_one();
        }
    }

    fn note(&self, envelope: &Envelope, reception: Reception, stored: &Stored) -> io::Result<()> {
        let Some(log) = &self.log else { return Ok(()) };
        if reception == Reception::Refused {
            return Ok(());
        }
        if self.clock.instant().saturating_duration_since(stored.at) > FRESH {
            return Err(io::Error::other("too late: by now another process may have written this line"));
        }
        log.complete(&stored.owed)?;
        let repeat = reception == Reception::Repeated;
        log.append(&log::render(self.clock.now(), envelope, repeat)?)
    }
}

/// One statement cannot count the same message twice: its repeats go into the next transaction.
fn apart(gathered: Vec<Waiting>) -> (BTreeMap<Key, Waiting>, Vec<Waiting>) {
    let mut batch = BTreeMap::new();
    let mut again = Vec::new();
    for one in gathered {
        match batch.entry(one.envelope.key()) {
            std::collections::btree_map::Entry::Vacant(free) => {
                free.insert(one);
            }
            std::collections::btree_map::Entry::Occupied(_) => again.push(one),
        }
    }
    (batch, again)
}

/// Counts one more time for each, in one statement.
async fn count(txn: &Transaction, first: Values, now: DateTime<Utc>) -> Result<BTreeMap<Key, Arrived>, DbErr> {
    let mut params = Params::new(txn.get_database_backend());
    let (now, table) = (params.value(now), params.table(first));
    let sql = format!(
        "INSERT INTO simulator_messages (account_id, jid, id, kind, text, file_name, line, received_at, times) \
         SELECT column1, column2, column3, column4, column5, column6, column7, {now}, 1 FROM {table} WHERE TRUE \
         ON CONFLICT (account_id, jid, id) DO UPDATE SET times = simulator_messages.times + 1 \
         RETURNING account_id, jid, id, times, received_at, line"
    );
    let rows = Arrived::find_by_statement(params.statement(sql)).all(txn).await?;
    Ok(rows.into_iter().map(|row| ((row.account_id, row.jid.clone(), row.id.clone()), row)).collect())
}

/// The line that the log lacks of a message that came again.
async fn owes(txn: &Transaction, row: Arrived, line: Option<String>) -> Result<(), DbErr> {
    let (account_id, jid, id) = (Set(row.account_id), Set(row.jid), Set(row.id));
    let changed = simulator_message::ActiveModel { account_id, jid, id, line: Set(line), ..Default::default() };
    changed.update(txn).await.map(drop)
}

/// Keeps what will be said until it is due.
async fn schedule(txn: &Transaction, events: Values) -> Result<(), DbErr> {
    if events.is_empty() {
        return Ok(());
    }
    let mut params = Params::new(txn.get_database_backend());
    let event = match txn.get_database_backend() {
        DbBackend::Sqlite => "column4",
        _ => "column4::jsonb",
    };
    let table = params.table(events);
    let sql = format!(
        "INSERT INTO simulator_events (id, account_id, due_at, event) SELECT column1, column2, column3, {event} FROM {table}"
    );
    txn.execute_raw(params.statement(sql)).await.map(drop)
}

fn arrival(envelope: &Envelope, times: i32, first_at: DateTime<Utc>, now: DateTime<Utc>) -> Arrival<'_> {
    Arrival {
        jid: &envelope.jid,
        message_id: &envelope.id,
        text: &envelope.text,
        has_file: envelope.file.is_some(),
        times,
        first_at,
        now,
    }
}
