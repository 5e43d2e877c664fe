//! The built-in WhatsApp: no phone, no internet. What tenants try their integration with, without spending a number.
//!
//! Deterministic, on the injected clock, and without a failure unless the recipient asks for one (see [`table`]). It drops
//! a repeated id within a chat, as WhatsApp does, and remembers across kills and processes: what it received, and what it
//! will report, is in tables of its own before it logs, and logged before it acknowledges.
//!
//! The log has a line for what this WhatsApp took, and for every repeat that it dropped. What it refuses it has not
//! received: no line, but it is counted in `simulator_messages.times`, so that "twice, then goes through" survives a kill.

mod envelope;
mod forget;
mod inbox;
mod log;
mod owed;
mod play;
mod receive;
mod script;
mod table;

use std::{future, path::Path, sync::Arc};

use async_trait::async_trait;
use nhip_domain::{Broken, Database, clock::Clock};
use nhip_entity::message::FailureReason;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub(crate) use self::forget::forget;
use self::{envelope::Envelope, inbox::Inbox, log::Log, script::Answer};
use crate::gateway::{Capability, EventSink, Gateway, HandOver, Order, Taken, Unsent};

/// What this way can do: everything.
pub(super) const CAPABILITIES: &[Capability] = {
    use Capability::*;
    &[Text, Image, Video, Audio, Document, Groups, NumberCheck, SafeResend, ColdText]
};

/// A handle on the built-in WhatsApp; cheap to clone.
#[derive(Clone, Debug)]
pub struct Simulator {
    db: Database,
    clock: Clock,
    inbox: Inbox,
    log: Option<Arc<Log>>,
    /// Rung when events were written.
    events: Arc<Notify>,
}

impl Simulator {
    /// Starts it, in the current runtime. `log` is where it appends a line for everything that it receives.
    pub fn start(db: Database, clock: Clock, log: Option<&Path>) -> Result<Self, Broken> {
        let log = log.map(Log::open).transpose()?.map(Arc::new);
        let events = Arc::new(Notify::new());
        let inbox = Inbox::start(db.clone(), clock.clone(), log.clone(), events.clone());
        Ok(Self { db, clock, inbox, log, events })
    }

    /// Reports receipts, states and answers as they fall due, whichever process made them due, until told to stop.
    /// May run in any number of processes: then a receipt may be applied more than once, a state of an account never.
    pub async fn play_due(&self, sink: &dyn EventSink, stop: CancellationToken) {
        let play = Box::pin(play::play(&self.db, &self.clock, &self.events, sink, self.log.is_some()));
        let keep_up = async {
            match &self.log {
                Some(log) => owed::keep_up(self.db.clone(), self.clock.clone(), Arc::clone(log)).await,
                None => future::pending().await,
            }
        };
        stop.run_until_cancelled(async { tokio::join!(play, keep_up) }).await;
    }
}

#[async_trait]
impl Gateway for Simulator {
    fn capabilities(&self) -> &'static [Capability] {
        CAPABILITIES
    }

    async fn send(&self, order: &Order, hand_over: &HandOver) -> Result<Taken, Unsent> {
        let envelope = Envelope::address(order).ok_or_else(not_an_address)?;
        let script = self.inbox.receive(envelope).await.ok_or(Unsent::Unknown)?;
        // What is refused has left all the same, but where the connection was lost on the way.
        if !matches!(script.answer, Answer::At(_, Err(Unsent::Disconnected))) {
            hand_over.mark();
        }
        match script.answer {
            Answer::At(at, answer) => {
                tokio::time::sleep_until(self.clock.instant_of(at)).await;
                answer
            }
            Answer::Never => future::pending().await,
        }
    }
}

fn not_an_address() -> Unsent {
    Unsent::Failed {
        reason: FailureReason::InvalidRecipient,
        detail: "This is neither a phone number in international format nor a WhatsApp JID".to_owned(),
    }
}

#[cfg(test)]
mod tests;
