//! Receiving, in four steps for all that arrives while the last ones were being taken: who is it (a transaction), the log,
//! what follows from it (a transaction), the answers.
//!
//! What follows is stored only after the line is in the log: a message that was killed in between has no receipts, so
//! its sender comes again with the same id, and no receipt ever speaks of a message that the log does not show.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use nhip_domain::{
    Database,
    clock::Clock,
    database::Urgency,
    request::{jid_of_phone, normal_jid},
};
use nhip_entity::{simulator_event, simulator_message};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait as _, OnConflict},
};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use tokio::sync::{Notify, mpsc, oneshot};
use uuid::Uuid;

use super::{
    log::Log,
    script::{Arrival, Reception, Script, script},
    table,
};
use crate::gateway::{File, Order};

/// Messages in one transaction, at most.
const BATCH: usize = 256;
/// Messages that wait for the next transaction, at most; whoever comes then waits in front.
const WAITING: usize = 4_096;

/// A message as this WhatsApp sees it.
#[derive(Clone, Debug)]
pub(super) struct Envelope {
    pub account_id: Uuid,
    pub account_phone: String,
    /// The chat's canonical JID.
    pub jid: String,
    pub id: String,
    pub kind: &'static str,
    pub text: String,
    pub file: Option<Attachment>,
}

/// What is kept of a file.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Attachment {
    pub name: String,
    pub mime: String,
    pub size: usize,
    pub sha256: String,
}

/// The way to the task that receives.
#[derive(Clone, Debug)]
pub(super) struct Inbox(mpsc::Sender<Waiting>);

#[derive(Debug)]
struct Waiting {
    envelope: Envelope,
    answer: oneshot::Sender<Script>,
}

type Key = (Uuid, String, String);

struct Receiver {
    db: Database,
    clock: Clock,
    log: Option<Log>,
    events: Arc<Notify>,
}

impl Envelope {
    /// Resolves the recipient; none where it is no address at all.
    pub(super) fn address(order: &Order) -> Option<Self> {
        let given = normal_jid(&order.recipient).or_else(|| jid_of_phone(&order.recipient))?;
        Some(Self {
            account_id: order.account_id,
            account_phone: order.account_phone.clone(),
            jid: table::canonical(given.as_str()).to_owned(),
            id: order.message_id.clone(),
            kind: kind(order),
            text: order.text.clone(),
            file: order.file.as_ref().map(Attachment::of),
        })
    }

    fn key(&self) -> Key {
        (self.account_id, self.jid.clone(), self.id.clone())
    }
}

/// How WhatsApp shows it. A kind without captions goes as a document.
fn kind(order: &Order) -> &'static str {
    let Some(file) = &order.file else { return "text" };
    match file.mime.as_str() {
        "image/jpeg" | "image/png" => "image",
        "video/mp4" | "video/3gpp" => "video",
        mime if mime.starts_with("audio/") && order.text.is_empty() => "audio",
        _ => "document",
    }
}

impl Attachment {
    fn of(file: &File) -> Self {
        Self {
            name: file.name.clone(),
            mime: file.mime.clone(),
            size: file.bytes.len(),
            sha256: hex::encode(Sha256::digest(&file.bytes)),
        }
    }
}

impl Inbox {
    pub(super) fn start(db: Database, clock: Clock, log: Option<Log>, events: Arc<Notify>) -> Self {
        let (sender, waiting) = mpsc::channel(WAITING);
        tokio::spawn(Receiver { db, clock, log, events }.run(waiting));
        Self(sender)
    }

    /// Hands a message in. What comes back is durable and logged; none means that nobody knows.
    pub(super) async fn receive(&self, envelope: Envelope) -> Option<Script> {
        let (answer, script) = oneshot::channel();
        self.0.send(Waiting { envelope, answer }).await.ok()?;
        script.await.ok()
    }
}

impl Receiver {
    async fn run(self, mut waiting: mpsc::Receiver<Waiting>) {
        let mut gathered = Vec::new();
        while waiting.recv_many(&mut gathered, BATCH).await > 0 {
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
        match self.take(&batch).await {
            Ok(scripts) => answer(batch, scripts),
            Err(err) if batch.len() == 1 => report(&err),
            // One of them may be the cause: each on its own.
            Err(_) => {
                for (key, one) in batch {
                    let alone = BTreeMap::from([(key, one)]);
                    match self.take(&alone).await {
                        Ok(scripts) => answer(alone, scripts),
                        Err(err) => report(&err),
                    }
                }
            }
        }
    }

    /// Writes what arrived, logs it, and writes what follows from it.
    async fn take(&self, batch: &BTreeMap<Key, Waiting>) -> Result<BTreeMap<Key, Script>, DbErr> {
        let now = self.clock.now();
        let rows = self.meet(batch, now).await?;
        let mut taken = BTreeMap::new();
        for (key, one) in batch {
            let Some(row) = rows.get(key) else { continue };
            let script = script(&arrival(&one.envelope, row, now));
            match self.note(&one.envelope, script.reception, row.received_at == now) {
                Ok(()) => drop(taken.insert(key.clone(), script)),
                // Not logged, so not acknowledged.
                Err(err) => {
                    tracing::error!(error = &err as &dyn std::error::Error, "the simulator cannot write its log")
                }
            }
        }
        self.store(&taken).await?;
        Ok(taken)
    }

    /// Who of them is known: a row for each, with how often it came before.
    async fn meet(
        &self,
        batch: &BTreeMap<Key, Waiting>,
        now: DateTime<Utc>,
    ) -> Result<BTreeMap<Key, simulator_message::Model>, DbErr> {
        use simulator_message::Column::{AccountId, Id, Jid, Times};
        let txn = self.db.write(Urgency::Normal).await?;
        let as_it_is = Expr::col((simulator_message::Entity, Times));
        let rows = simulator_message::Entity::insert_many(batch.values().map(|one| first(&one.envelope, now)))
            .on_conflict(OnConflict::columns([AccountId, Jid, Id]).value(Times, as_it_is).to_owned())
            .exec_with_returning(&*txn)
            .await?;
        txn.commit().await?;
        Ok(rows.into_iter().map(|row| ((row.account_id, row.jid.clone(), row.id.clone()), row)).collect())
    }

    /// Counts that they came, and writes what follows from it.
    async fn store(&self, taken: &BTreeMap<Key, Script>) -> Result<(), DbErr> {
        if taken.is_empty() {
            return Ok(());
        }
        let mut events = Vec::new();
        for ((account_id, ..), script) in taken {
            events.extend(self.rows(*account_id, script)?);
        }
        let txn = self.db.write(Urgency::Normal).await?;
        count(&txn, taken.keys()).await?;
        let rings = !events.is_empty();
        if rings {
            simulator_event::Entity::insert_many(events).exec_without_returning(&*txn).await?;
        }
        txn.commit().await?;
        if rings {
            self.events.notify_one();
        }
        Ok(())
    }

    fn rows(&self, account_id: Uuid, script: &Script) -> Result<Vec<simulator_event::ActiveModel>, DbErr> {
        let row = |due: &super::script::Due| {
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

    /// Logs an arrival. Of one that is not quite new, a kill may have left open whether its line was written.
    fn note(&self, envelope: &Envelope, reception: Reception, new: bool) -> std::io::Result<()> {
        let Some(log) = &self.log else { return Ok(()) };
        let repeat = match reception {
            Reception::Refused => return Ok(()),
            Reception::Taken => !new && log.has(&envelope.id)?,
            Reception::Repeated => true,
        };
        log.append(self.clock.now(), envelope, repeat)
    }
}

fn answer(batch: BTreeMap<Key, Waiting>, mut scripts: BTreeMap<Key, Script>) {
    for (key, one) in batch {
        if let Some(script) = scripts.remove(&key) {
            // Whoever no longer waits has left the outcome open, and will send it again.
            let _gone = one.answer.send(script);
        }
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
async fn count(txn: &DatabaseTransaction, keys: impl Iterator<Item = &Key>) -> Result<(), DbErr> {
    use simulator_message::Column::{AccountId, Id, Jid, Times};
    let any = keys.fold(Condition::any(), |any, (account_id, jid, id)| {
        any.add(AccountId.eq(*account_id).and(Jid.eq(jid.as_str())).and(Id.eq(id.as_str())))
    });
    let once_more = simulator_message::Entity::update_many().col_expr(Times, Expr::col(Times).add(1)).filter(any);
    once_more.exec(txn).await?;
    Ok(())
}

fn first(envelope: &Envelope, now: DateTime<Utc>) -> simulator_message::ActiveModel {
    simulator_message::ActiveModel {
        account_id: Set(envelope.account_id),
        jid: Set(envelope.jid.clone()),
        id: Set(envelope.id.clone()),
        kind: Set(envelope.kind.to_owned()),
        text: Set(envelope.text.clone()),
        file_name: Set(envelope.file.as_ref().map(|file| file.name.clone())),
        received_at: Set(now),
        times: Set(0),
    }
}

fn arrival<'a>(envelope: &'a Envelope, row: &simulator_message::Model, now: DateTime<Utc>) -> Arrival<'a> {
    Arrival {
        jid: &envelope.jid,
        message_id: &envelope.id,
        text: &envelope.text,
        has_file: envelope.file.is_some(),
        times: row.times + 1,
        first_at: row.received_at,
        now,
    }
}

fn report(err: &DbErr) {
    tracing::error!(error = err as &dyn std::error::Error, "the simulator cannot write what it received");
}
