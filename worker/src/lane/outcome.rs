//! What a lane writes down of a hand-over: a fact, an ending, or that the message is queued again.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use nhip_domain::{
    chat::upsert::SeenChat,
    message::{Beat, Begun, Ending, Fact, Hold, How, Outgoing, What},
};
use nhip_entity::message::{FailureReason, HoldReason};

use super::{
    drain::{Go, Lane},
    lanes::complain,
};
use crate::{
    gateway::{Taken, Unsent},
    journal::WriteError,
};

/// How often a message is tried, in all, when the server fails.
const ATTEMPTS: i32 = 4;
/// Before the second attempt; doubled for each one after.
const RETRY_AFTER: TimeDelta = TimeDelta::seconds(1);
/// Before a lane whose account lost its connection looks again.
const AFTER_LOSS: Duration = Duration::from_secs(1);
/// How often it is tried to write an acknowledgement down.
const INSIST: u32 = 100;

/// Whether a hand-over counts towards the attempts that a message has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    AsAttempt,
    Not,
}

impl Lane<'_> {
    /// A fact: written even if the lane is another's by now.
    pub(super) async fn taken(
        &self,
        message: Box<Outgoing>,
        taken: Taken,
        at: DateTime<Utc>,
    ) -> Result<Go, WriteError> {
        let chat = SeenChat { jid: taken.chat.jid, kind: taken.chat.kind, name: taken.chat.name, incoming_at: None };
        let what = What::Sent { chat: Some(chat), gateway_ref: taken.gateway_ref };
        let fact = Fact { account_id: message.account_id, message_id: message.id, what, at };
        self.insist(|| self.lanes.journal.record(fact.clone())).await?;
        self.lanes.files.forget(&fact.message_id);
        Ok(Go::On)
    }

    pub(super) async fn unsent(&mut self, message: Box<Outgoing>, unsent: Unsent) -> Result<Go, WriteError> {
        if message.hand_overs > 1
            && let Some(wait) = wait_in_doubt(&unsent)
        {
            // One before it may have arrived: what is queued can be canceled, and be moved to another account.
            self.beat = self.beat.max(self.lanes.clock.instant() + wait);
            self.in_doubt.push_back(*message);
            return Ok(Go::On);
        }
        let now = self.lanes.clock.now();
        match unsent {
            Unsent::Failed { reason, detail } => self.refused(&message, reason, detail).await,
            Unsent::Retry { detail } if message.attempts + 1 >= ATTEMPTS => {
                self.refused(&message, FailureReason::WhatsappError, detail).await
            }
            Unsent::Retry { detail } => {
                let wait = RETRY_AFTER * 2_i32.saturating_pow(u32::try_from(message.attempts).unwrap_or(0));
                let hold = Some(Hold::Message { until: now + wait, reason: HoldReason::Retry });
                self.requeue(message.id, Counts::AsAttempt, hold, detail).await
            }
            Unsent::Later { wait, detail } => {
                // Written down, and not kept as the next beat: so everybody sees it, and whoever mends it ends it.
                self.requeue(message.id, Counts::Not, Some(Hold::Account { until: now + wait }), detail).await
            }
            Unsent::RecipientLimited { wait } => {
                let hold = Some(Hold::Message { until: now + wait, reason: HoldReason::RecipientLimit });
                self.requeue(
                    message.id,
                    Counts::Not,
                    hold,
                    "WhatsApp asked to wait before writing to this recipient again".to_owned(),
                )
                .await
            }
            Unsent::Disconnected => {
                // By then its state is known, which decides whether it goes on.
                self.beat = self.beat.max(self.lanes.clock.instant() + AFTER_LOSS);
                self.requeue(message.id, Counts::Not, None, "The account lost its connection".to_owned()).await
            }
            Unsent::Unknown => {
                self.in_doubt.push_back(*message);
                Ok(Go::On)
            }
        }
    }

    async fn refused(&self, message: &Outgoing, reason: FailureReason, detail: String) -> Result<Go, WriteError> {
        self.settle(message, How::Refused { by: self.authority, reason, detail }).await?;
        Ok(Go::On)
    }

    pub(super) async fn settle(&self, message: &Outgoing, how: How) -> Result<bool, WriteError> {
        let ending = Ending { workspace_id: message.workspace_id, message_id: message.id.clone(), how };
        let ended = self.insist(|| self.lanes.journal.settle(ending.clone())).await?;
        self.lanes.files.forget(&message.id);
        Ok(ended)
    }

    pub(super) async fn requeue(
        &self,
        message_id: String,
        counts: Counts,
        hold: Option<Hold>,
        detail: String,
    ) -> Result<Go, WriteError> {
        let counts = counts == Counts::AsAttempt;
        let beat = Beat::Requeue { message_id, counts, hold, detail };
        let begun = self.insist(|| self.lanes.journal.beat(self.authority, beat.clone())).await?;
        Ok(if begun == Begun::Refused { Go::Away } else { Go::On })
    }

    /// Writes what must not be lost, again and again: the database may be away for a while.
    async fn insist<T, F>(&self, write: impl Fn() -> F) -> Result<T, WriteError>
    where
        F: Future<Output = Result<T, WriteError>>,
    {
        let mut wait = Duration::from_millis(50);
        for _try in 1..INSIST {
            match write().await {
                Ok(done) => return Ok(done),
                Err(err) => {
                    complain(self.claimed.account_id, &err, "could not write what became of a message; trying again");
                }
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(Duration::from_secs(2));
        }
        write().await
    }
}

/// How long to wait until a message is asked for again whose last hand-over came to this: it says nothing of those before.
fn wait_in_doubt(unsent: &Unsent) -> Option<Duration> {
    match unsent {
        Unsent::Later { wait, .. } | Unsent::RecipientLimited { wait } => Some(*wait),
        Unsent::Retry { .. } | Unsent::Disconnected => Some(AFTER_LOSS),
        Unsent::Failed { .. } | Unsent::Unknown => None,
    }
}
