//! One lane: wait for the beat, journal, send, settle.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use nhip_domain::{
    chat::upsert::SeenChat,
    clock,
    lane::{Claimed, Outlook},
    message::{self, Authority, Beat, Begun, Ending, Fact, Hold, How, Pace, What},
};
use nhip_entity::message::{FailureReason, HoldReason, Model as Message, RecipientKind};
use rand::rngs::StdRng;
use tokio::time::{Instant, sleep_until, timeout};

use super::{
    lanes::{Lanes, Poke, complain},
    term::Term,
};
use crate::{
    gateway::{Capability, File, Gateway, HandOver, Order, Taken, Unsent},
    journal::WriteError,
};

/// How long an acknowledgement is waited for.
const ACKNOWLEDGEMENT: Duration = Duration::from_secs(15);
/// How often one message is handed over, in all, while nobody says what became of it.
const HAND_OVERS: i32 = 3;
/// How often a message is tried, in all, when the server fails.
const ATTEMPTS: i32 = 4;
/// Before the second attempt; doubled for each one after.
const RETRY_AFTER: TimeDelta = TimeDelta::seconds(1);
/// The longest wait between two looks at a queue in which everything waits: wall clocks jump.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// Before a lane whose account lost its connection looks again.
const AFTER_LOSS: Duration = Duration::from_secs(1);
/// A lane is given back on shutdown only if its beat comes this soon.
const LAST_BEAT: Duration = Duration::from_secs(5);
/// How long an acknowledgement that cannot be written is kept in hand.
const INSIST: u32 = 100;

pub(super) struct Lane<'a> {
    lanes: &'a Lanes,
    claimed: Claimed,
    gateway: Arc<dyn Gateway>,
    authority: Authority,
    term: Arc<Term>,
    pace: Pace,
    rng: StdRng,
    /// The first moment at which the next message may leave.
    beat: Instant,
    in_doubt: VecDeque<Message>,
}

/// Whether a lane goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Go {
    On,
    Away,
}

impl<'a> Lane<'a> {
    pub(super) fn new(lanes: &'a Lanes, claimed: Claimed, gateway: Arc<dyn Gateway>, term: Arc<Term>) -> Self {
        let now = lanes.clock.instant();
        // Whoever takes over an unreleased lane does not know when its owner last sent.
        let beat = if claimed.taken_over { now + claimed.pace.max() } else { now };
        let authority = Authority { account_id: claimed.account_id, worker_id: term.worker_id(), epoch: claimed.epoch };
        let pace = claimed.pace;
        Self { lanes, claimed, gateway, authority, term, pace, rng: clock::rng(), beat, in_doubt: VecDeque::new() }
    }

    /// What is large is boxed for as long as it takes: of ten thousand lanes, nearly all just wait for their beats.
    pub(super) async fn run(mut self, poke: &Poke) -> Result<(), WriteError> {
        self.in_doubt = self.lanes.journal.in_doubt(self.claimed.account_id).await?.into();
        while self.wait_almost_until_the_beat().await == Go::On {
            let asked = self.lanes.clock.instant();
            let begun = match self.in_doubt.pop_front() {
                Some(message) => Box::pin(self.ask_again(message)).await?,
                None => {
                    self.lanes.journal.beat(self.authority, Beat::Begin { next_send_at: self.likely_next() }).await?
                }
            };
            self.lanes.lead.took(self.lanes.clock.instant() - asked);
            // Never before the beat: not to send, and not to release.
            sleep_until(self.beat).await;
            let go = match begun {
                Begun::Send { message, pace } => {
                    self.pace = pace;
                    Box::pin(self.send(*message)).await?
                }
                Begun::Nothing if self.in_doubt.is_empty() => Box::pin(self.idle(poke)).await?,
                Begun::Nothing | Begun::Requeued => Go::On,
                // Paused, removed, taken over: whoever changes that nudges.
                Begun::Refused => Go::Away,
            };
            if go == Go::Away {
                break;
            }
        }
        if self.beat <= self.lanes.clock.instant() && !self.term.is_over(self.lanes.clock.instant()) {
            self.lanes.journal.release(self.authority).await?;
            self.look_once_more(poke).await?;
        }
        Ok(())
    }

    /// An empty lane is released, and then looked at once more: what was queued in between had its nudge eaten.
    async fn look_once_more(&self, poke: &Poke) -> Result<(), WriteError> {
        if self.lanes.journal.outlook(self.claimed.account_id).await? == Outlook::Ready {
            poke.poke();
        }
        Ok(())
    }

    /// As much before the beat as the journal takes.
    async fn wait_almost_until_the_beat(&self) -> Go {
        let almost = self.beat.checked_sub(self.lanes.lead.now()).unwrap_or(self.beat);
        let stop = async {
            self.lanes.stop.cancelled().await;
            // A released lane may send at once, so it is not released before its beat.
            sleep_until(self.beat.min(self.lanes.clock.instant() + LAST_BEAT)).await;
        };
        tokio::select! {
            biased;
            () = self.term.ended() => Go::Away,
            () = stop => Go::Away,
            // A process that was frozen begins nothing that it would not send.
            () = sleep_until(almost), if !self.lanes.stop.is_cancelled() => {
                if self.term.is_over(self.lanes.clock.instant()) { Go::Away } else { Go::On }
            }
        }
    }

    /// For display only.
    fn likely_next(&self) -> DateTime<Utc> {
        self.lanes.clock.now() + self.pace.mean()
    }

    /// A message whose outcome is unknown: the same id again, if that is harmless and not too often done.
    async fn ask_again(&mut self, message: Message) -> Result<Begun, WriteError> {
        if !self.gateway.can(Capability::SafeResend) {
            // Parked: a callback or the grace time settles it.
            return Ok(Begun::Nothing);
        }
        if message.hand_overs >= HAND_OVERS {
            self.settle(&message, How::Unconfirmed { by: Some(self.authority) }).await?;
            return Ok(Begun::Nothing);
        }
        if message.file_url.is_some()
            && let Err(no_file) = self.lanes.files.fetch(&message).await
        {
            tracing::info!(
                message.id = message.id,
                detail = no_file.detail,
                "asking again needs its file, which is gone"
            );
            self.settle(&message, How::Unconfirmed { by: Some(self.authority) }).await?;
            return Ok(Begun::Nothing);
        }
        self.lanes.journal.beat(self.authority, Beat::Again { message_id: message.id }).await
    }

    /// Nothing may be sent this moment.
    async fn idle(&mut self, poke: &Poke) -> Result<Go, WriteError> {
        poke.clear();
        let account_id = self.claimed.account_id;
        if self.gateway.can(Capability::SafeResend) {
            // A beat whose outcome was unknown to the journal itself may have left one behind.
            self.in_doubt = self.lanes.journal.in_doubt(account_id).await?.into();
            if !self.in_doubt.is_empty() {
                return Ok(Go::On);
            }
        }
        let until = match self.lanes.journal.outlook(account_id).await? {
            Outlook::Empty => return Ok(Go::Away),
            Outlook::HeldUntil(at) => {
                if at >= message::until_fetched() {
                    self.lanes.files.look();
                }
                self.lanes.clock.instant_of(at)
            }
            Outlook::Ready if self.lanes.journal.refuse_new_chats(account_id).await? > 0 => return Ok(Go::On),
            // Queued since we asked.
            Outlook::Ready => return Ok(Go::On),
        };
        let until = until.min(self.lanes.clock.instant() + LOOK_AGAIN);
        tokio::select! {
            () = self.term.ended() => {}
            () = self.lanes.stop.cancelled() => {}
            () = sleep_until(until) => {}
            () = poke.poked() => {}
        }
        Ok(Go::On)
    }

    async fn send(&mut self, message: Message) -> Result<Go, WriteError> {
        if self.term.is_over(self.lanes.clock.instant()) {
            return self.give_back(message).await;
        }
        let file = match message.file_url {
            Some(_) => match self.lanes.files.get(&message.id) {
                Some(file) => Some(file),
                None => return self.without_file(message).await,
            },
            None => None,
        };
        let hand_over = HandOver::new(self.lanes.clock.clone());
        let order = self.order(&message, file);
        let outcome = timeout(ACKNOWLEDGEMENT, self.gateway.send(&order, &hand_over)).await;
        if let Some((left, _)) = hand_over.at() {
            metrics::histogram!("nhip_beat_late_seconds").record(left - self.beat);
        }
        let (left, left_at) = hand_over.at().unwrap_or_else(|| (self.lanes.clock.instant(), self.lanes.clock.now()));
        self.beat = self.pace.next_beat(left, &mut self.rng);
        match outcome {
            Ok(Ok(taken)) => self.taken(message, taken, left_at).await,
            Ok(Err(unsent)) => self.unsent(message, unsent).await,
            Err(_no_acknowledgement) => self.unsent(message, Unsent::Unknown).await,
        }
    }

    /// Frozen since the journal was written. What never left goes back to the queue, unless the lane is another's by now, who
    /// asks WhatsApp; as whoever comes next does about what left before.
    async fn give_back(&mut self, message: Message) -> Result<Go, WriteError> {
        if message.hand_overs == 1 {
            self.requeue(message, false, None, "The worker stood still before it could send this".to_owned()).await?;
        }
        Ok(Go::Away)
    }

    /// Whoever fetched the file did so in a process that is gone. A message that never left waits for it again.
    async fn without_file(&mut self, message: Message) -> Result<Go, WriteError> {
        if message.hand_overs > 1 {
            self.in_doubt.push_back(message);
            return Ok(Go::On);
        }
        let hold = Some(Hold::Message { until: message::until_fetched(), reason: HoldReason::File });
        let go = self.requeue(message, false, hold, "Its file has to be fetched again".to_owned()).await;
        self.lanes.files.look();
        go
    }

    fn order(&self, message: &Message, file: Option<File>) -> Order {
        let to_chat = matches!(message.recipient_kind, RecipientKind::ChatId | RecipientKind::ChatName);
        Order {
            account_id: message.account_id,
            account_phone: self.claimed.phone.clone(),
            message_id: message.id.clone(),
            recipient: if to_chat { message.recipient_key.clone() } else { message.recipient.clone() },
            recipient_kind: message.recipient_kind,
            text: message.text.clone(),
            file,
            hand_overs_before: message.hand_overs - 1,
        }
    }

    /// A fact: written even if the lane is another's by now.
    async fn taken(&self, message: Message, taken: Taken, at: DateTime<Utc>) -> Result<Go, WriteError> {
        let chat = SeenChat { jid: taken.chat.jid, kind: taken.chat.kind, name: taken.chat.name, incoming_at: None };
        let what = What::Sent { chat: Some(chat), gateway_ref: taken.gateway_ref };
        let fact = Fact { account_id: message.account_id, message_id: message.id, what, at };
        self.insist(|| self.lanes.journal.record(fact.clone())).await?;
        self.lanes.files.forget(&fact.message_id);
        Ok(Go::On)
    }

    async fn unsent(&mut self, message: Message, unsent: Unsent) -> Result<Go, WriteError> {
        let now = self.lanes.clock.now();
        match unsent {
            Unsent::Failed { reason, detail } => self.refused(&message, reason, detail).await,
            Unsent::Retry { detail } if message.attempts + 1 >= ATTEMPTS => {
                self.refused(&message, FailureReason::WhatsappError, detail).await
            }
            Unsent::Retry { detail } => {
                let wait = RETRY_AFTER * 2_i32.saturating_pow(u32::try_from(message.attempts).unwrap_or(0));
                let hold = Some(Hold::Message { until: now + wait, reason: HoldReason::Retry });
                self.requeue(message, true, hold, detail).await
            }
            Unsent::Later { wait, detail } => {
                // Written down, and not kept as the next beat: so everybody sees it, and whoever mends it ends it.
                self.requeue(message, false, Some(Hold::Account { until: now + wait }), detail).await
            }
            Unsent::RecipientLimited { wait } => {
                let hold = Some(Hold::Message { until: now + wait, reason: HoldReason::RecipientLimit });
                self.requeue(
                    message,
                    false,
                    hold,
                    "WhatsApp asked to wait before writing to this recipient again".to_owned(),
                )
                .await
            }
            Unsent::Disconnected => {
                // By then its state is known, which decides whether it goes on.
                self.beat = self.beat.max(self.lanes.clock.instant() + AFTER_LOSS);
                self.requeue(message, false, None, "The account lost its connection".to_owned()).await
            }
            Unsent::Unknown => {
                self.in_doubt.push_back(message);
                Ok(Go::On)
            }
        }
    }

    async fn refused(&self, message: &Message, reason: FailureReason, detail: String) -> Result<Go, WriteError> {
        self.settle(message, How::Refused { by: self.authority, reason, detail }).await?;
        Ok(Go::On)
    }

    async fn settle(&self, message: &Message, how: How) -> Result<bool, WriteError> {
        let ending = Ending { workspace_id: message.workspace_id, message_id: message.id.clone(), how };
        let ended = self.insist(|| self.lanes.journal.settle(ending.clone())).await?;
        self.lanes.files.forget(&message.id);
        Ok(ended)
    }

    async fn requeue(
        &self,
        message: Message,
        counts: bool,
        hold: Option<Hold>,
        detail: String,
    ) -> Result<Go, WriteError> {
        let beat = Beat::Requeue { message_id: message.id, counts, hold, detail };
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
