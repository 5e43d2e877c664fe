//! The way to the task that receives.

use std::sync::Arc;

use nhip_domain::{Database, clock::Clock};
use tokio::sync::{Notify, mpsc, oneshot};

use super::{envelope::Envelope, log::Log, receive::Receiver, script::Script};

/// Messages that wait for the next transaction, at most; whoever comes then waits in front.
const WAITING: usize = 4_096;

/// The way to the task that receives.
#[derive(Clone, Debug)]
pub(super) struct Inbox(mpsc::Sender<Waiting>);

/// One that waits for its answer.
#[derive(Debug)]
pub(super) struct Waiting {
    pub envelope: Envelope,
    pub answer: oneshot::Sender<Script>,
}

impl Inbox {
    pub(super) fn start(db: Database, clock: Clock, log: Option<Arc<Log>>, events: Arc<Notify>) -> Self {
        let (sender, waiting) = mpsc::channel(WAITING);
        tokio::spawn(Receiver::new(db, clock, log, events).run(waiting));
        Self(sender)
    }

    /// Hands a message in. What comes back is durable and logged; none means that nobody knows.
    pub(super) async fn receive(&self, envelope: Envelope) -> Option<Script> {
        let (answer, script) = oneshot::channel();
        self.0.send(Waiting { envelope, answer }).await.ok()?;
        script.await.ok()
    }
}
