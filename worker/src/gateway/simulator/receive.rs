//! Receiving: one transaction for all that arrives while the last one was being written, then the log, then the answers.
//!
//! A kill between the transaction and the log must not lose a line: each message is written with the line that the log
//! still lacks. The next transaction clears those that were logged; the next start writes those that were not.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use nhip_domain::{Broken, Database, clock::Clock, database::Urgency};
use nhip_entity::{simulator_event, simulator_message};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::Set,
    DatabaseTransaction, DbErr, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
    prelude::*,
    sea_query::{ExprTrait as _, OnConflict},
};
use tokio::sync::{Notify, mpsc};

use super::{
    envelope::{Envelope, Key},
    inbox::Waiting,
    log::{self, Log},
    script::{Arrival, Due, Reception, Script, script},
};

/// Messages in one transaction, at most.
const BATCH: usize = 256;
/// How long another process may take to write a line of its own.
const OTHERS: Duration = Duration::from_secs(2);

/// The task that receives.
pub(super) struct Receiver {
    db: Database,
    clock: Clock,
    log: Option<Log>,
    events: Arc<Notify>,
    /// What was logged since the last transaction.
    logged: Vec<String>,
    /// Whether the log may lack lines: at the start, and after an error.
    behind: bool,
}

impl Receiver {
    pub(super) fn new(db: Database, clock: Clock, log: Option<Log>, events: Arc<Notify>) -> Self {
        Self { db, clock, log, events, logged: Vec::new(), behind: true }
    }

    pub(super) async fn run(mut self, mut waiting: mpsc::Receiver<Waiting>) {
        self.catch_up().await;
        let mut gathered = Vec::new();
        while waiting.recv_many(&mut gathered, BATCH).await > 0 {
            if self.behind {
                self.catch_up().await;
            }
            // Whoever stopped waiting comes again with the same id.
            gathered.retain(|one| !one.answer.is_closed());
            while !gathered.is_empty() {
                let (batch, again) = apart(gathered);
                self.receive(batch).await;
                gathered = again;
            }
        }
    }

    async fn catch_up(&mut self) {
        match self.write_owed().await {
            Ok(()) => self.behind = false,
            Err(err) => {
                tracing::error!(error = &err as &dyn std::error::Error, "the simulator cannot complete its log");
            }
        }
    }

    /// Writes the lines that a killed process, or an error, owes the log.
    async fn write_owed(&mut self) -> Result<(), Broken> {
        let Some(log) = &self.log else { return Ok(()) };
        let started = self.clock.now();
        if !self.db.is_embedded() {
            // Another process may be about to write its own.
            tokio::time::sleep(OTHERS).await;
        }
        let rows = simulator_message::Entity::find()
            .filter(simulator_message::Column::Line.is_not_null())
            .filter(simulator_message::Column::ReceivedAt.lt(started))
            .order_by_asc(simulator_message::Column::ReceivedAt)
            .all(self.db.read())
            .await?;
        let io = |source| Broken::Io { what: "complete the simulator's log".to_owned(), source };
        if rows.is_empty() {
            return Ok(());
        }
        let known = log.known().map_err(io)?;
        for row in rows {
            let Some(line) = row.line else { continue };
            if log::about(line.as_bytes()).is_some_and(|about| !known.contains(&about)) {
                log.append(&line).map_err(io)?;
            }
            self.logged.push(row.id);
        }
        Ok(())
    }

    async fn receive(&mut self, batch: BTreeMap<Key, Waiting>) {
        match self.store(batch.values().map(|one| &one.envelope)).await {
            Ok(scripts) => self.answer(batch, scripts),
            Err(err) if batch.len() == 1 => self.report(&err),
            // One of them may be the cause: each on its own.
            Err(_) => {
                for (key, one) in batch {
                    match self.store(std::iter::once(&one.envelope)).await {
                        Ok(scripts) => self.answer(BTreeMap::from([(key, one)]), scripts),
                        Err(err) => self.report(&err),
                    }
                }
            }
        }
    }

    /// Writes what arrived, and what follows from it.
    async fn store(
        &mut self,
        batch: impl ExactSizeIterator<Item = &Envelope> + Clone,
    ) -> Result<BTreeMap<Key, Script>, DbErr> {
        let txn = self.db.write(Urgency::Normal).await?;
        let now = self.clock.now();
        clear_lines(&txn, &self.logged).await?;
        let mut rows =
            count(&txn, batch.clone().map(|envelope| self.first(envelope, now)).collect::<Result<_, _>>()?).await?;
        let mut scripts = BTreeMap::new();
        let mut events = Vec::new();
        for envelope in batch {
            let key = envelope.key();
            let row = rows.remove(&key).ok_or_else(|| DbErr::RecordNotFound("the row just written".to_owned()))?;
            let script = script(&arrival(envelope, row.times, row.received_at, now));
            events.extend(self.rows(envelope.account_id, &script)?);
            if row.times > 1 && script.reception == Reception::Taken {
                let line = self.owed(envelope, now)?;
                simulator_message::ActiveModel { line: Set(line), ..row.into_active_model() }.update(&*txn).await?;
            }
            scripts.insert(key, script);
        }
        let rings = !events.is_empty();
        if rings {
            simulator_event::Entity::insert_many(events).exec_without_returning(&*txn).await?;
        }
        txn.commit().await?;
        self.logged.clear();
        if rings {
            self.events.notify_one();
        }
        Ok(scripts)
    }

    /// The row of a message's first arrival.
    fn first(&self, envelope: &Envelope, now: DateTime<Utc>) -> Result<simulator_message::ActiveModel, DbErr> {
        let taken = script(&arrival(envelope, 1, now, now)).reception == Reception::Taken;
        Ok(simulator_message::ActiveModel {
            account_id: Set(envelope.account_id),
            jid: Set(envelope.jid.clone()),
            id: Set(envelope.id.clone()),
            kind: Set(envelope.kind.to_owned()),
            text: Set(envelope.text.clone()),
            file_name: Set(envelope.file.as_ref().map(|file| file.name.clone())),
            received_at: Set(now),
            times: Set(1),
            line: Set(if taken { self.owed(envelope, now)? } else { None }),
        })
    }

    /// The line that the log lacks until it is written.
    fn owed(&self, envelope: &Envelope, now: DateTime<Utc>) -> Result<Option<String>, DbErr> {
        let line = self.log.as_ref().map(|_| log::render(now, envelope, false));
        line.transpose().map_err(|err| DbErr::Json(err.to_string()))
    }

    fn rows(&self, account_id: Uuid, script: &Script) -> Result<Vec<simulator_event::ActiveModel>, DbErr> {
        let row = |due: &Due| {
            let event = serde_json::to_value(&due.event).map_err(|err| DbErr::Json(err.to_string()))?;
            Ok(simulator_event::ActiveModel {
                id: Set(self.clock.new_id()),
                account_id: Set(account_id),
                due_at: Set(due.at),
                event: Set(event),
            })
        };
        script.events.iter().map(row).collect()
    }

    fn answer(&mut self, batch: BTreeMap<Key, Waiting>, mut scripts: BTreeMap<Key, Script>) {
        for (key, one) in batch {
            let Some(script) = scripts.remove(&key) else { continue };
            if let Err(err) = self.note(&one.envelope, script.reception) {
                self.behind = true;
                tracing::error!(error = &err as &dyn std::error::Error, "the simulator cannot write its log");
                continue; // Not logged, so not acknowledged.
            }
            // Whoever no longer waits has left the outcome open, and will send it again.
            let _gone = one.answer.send(script);
        }
    }

    /// It may have been written all the same.
    fn report(&mut self, err: &DbErr) {
        self.behind = true;
        tracing::error!(error = err as &dyn std::error::Error, "the simulator cannot write what it received");
    }

    fn note(&mut self, envelope: &Envelope, reception: Reception) -> std::io::Result<()> {
        let Some(log) = &self.log else { return Ok(()) };
        if reception == Reception::Refused {
            return Ok(());
        }
        let repeat = reception == Reception::Repeated;
        log.append(&log::render(self.clock.now(), envelope, repeat)?)?;
        self.logged.push(envelope.id.clone());
        Ok(())
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
async fn count(
    txn: &DatabaseTransaction,
    first: Vec<simulator_message::ActiveModel>,
) -> Result<BTreeMap<Key, simulator_message::Model>, DbErr> {
    use simulator_message::Column::{AccountId, Id, Jid, Times};
    let once_more = Expr::col((simulator_message::Entity, Times)).add(1);
    let rows = simulator_message::Entity::insert_many(first)
        .on_conflict(OnConflict::columns([AccountId, Jid, Id]).value(Times, once_more).to_owned())
        .exec_with_returning(txn)
        .await?;
    Ok(rows.into_iter().map(|row| ((row.account_id, row.jid.clone(), row.id.clone()), row)).collect())
}

async fn clear_lines(txn: &DatabaseTransaction, ids: &[String]) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    simulator_message::Entity::update_many()
        .col_expr(simulator_message::Column::Line, Expr::value(None::<String>))
        .filter(simulator_message::Column::Line.is_not_null())
        .filter(simulator_message::Column::Id.is_in(ids))
        .exec(txn)
        .await
        .map(drop)
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
