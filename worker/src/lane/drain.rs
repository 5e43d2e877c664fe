//! One lane: wait for the beat, journal, send, settle.

use std::{
    collections::{HashSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, Utc};
use nhip_domain::{
    lane::{Claimed, Outlook},
    message::{self, Authority, Beat, Begun, Hold, How, Outgoing, Pace},
    span::SPAN,
};
use nhip_entity::message::{HoldReason, RecipientKind};
use tokio::time::{Instant, sleep_until, timeout};
use tracing::Instrument as _;

use super::{
    lanes::{Lanes, Poke},
    lead,
    outcome::Counts,
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
/// The longest wait between two looks at a queue in which everything waits: wall clocks jump.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// A lane is given back on shutdown only if its beat comes this soon.
const LAST_BEAT: Duration = Duration::from_secs(5);

pub(super) struct Lane<'a> {
    pub(super) lanes: &'a Lanes,
    pub(super) claimed: Claimed,
    gateway: Arc<dyn Gateway>,
    pub(super) authority: Authority,
    term: Arc<Term>,
    pace: Pace,
    /// The first moment at which the next message may leave.
    pub(super) beat: Instant,
    /// Messages of unknown outcome, which are asked for again.
    pub(super) in_doubt: VecDeque<Outgoing>,
    /// Those of them that are parked, because asking again might send them twice.
    parked: HashSet<String>,
}

/// Whether a lane goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Go {
    On,
    Away,
}

impl<'a> Lane<'a> {
    pub(super) fn new(lanes: &'a Lanes, claimed: Claimed, gateway: Arc<dyn Gateway>, term: Arc<Term>) -> Self {
        let now = lanes.clock.instant();
        // Whoever takes over an unreleased lane does not know when its owner last sent, and what it had journaled before may
        // still leave on its beat.
        let beat = if claimed.taken_over { now + claimed.pace.max() + lead::MOST } else { now };
        let authority = Authority { account_id: claimed.account_id, worker_id: term.worker_id(), epoch: claimed.epoch };
        let pace = claimed.pace;
        Self { lanes, claimed, gateway, authority, term, pace, beat, in_doubt: VecDeque::new(), parked: HashSet::new() }
    }

    /// What is large is boxed for as long as it takes: of ten thousand lanes, nearly all just wait for their beats.
    pub(super) async fn run(mut self: Box<Self>, poke: &Poke) -> Result<(), WriteError> {
        poke.lost_beat.claimed(self.claimed.epoch);
        self.in_doubt = self.lanes.journal.in_doubt(self.claimed.account_id).await?.into();
        if !self.gateway.can(Capability::SafeResend)
            && Box::pin(self.take_back_what_never_left(poke)).await? == Go::Away
        {
            return Ok(());
        }
        while self.wait_almost_until_the_beat().await == Go::On {
            let asked = self.lanes.clock.instant();
            let begun = if let Some(message) = self.in_doubt.pop_front() {
                Box::pin(self.ask_again(message)).await?
            } else {
                let beat = Beat::Begin { next_send_at: self.likely_next() };
                let begun = self.lanes.journal.beat(self.authority, beat).await;
                begun.inspect_err(|_lost| poke.lost_beat.remember(self.claimed.epoch, &self.parked))?
            };
            self.lanes.lead.took(self.lanes.clock.instant() - asked);
            // Never before the beat: not to send, and not to release.
            sleep_until(self.beat).await;
            let go = match begun {
                Begun::Send { message, pace } => {
                    self.pace = pace;
                    Box::pin(self.send(message)).await?
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

    /// What this runner's last beat journaled, but for its answer, goes back to the queue; what else is sending may have left.
    async fn take_back_what_never_left(&mut self, poke: &Poke) -> Result<Go, WriteError> {
        let never_left = poke.lost_beat.never_left(self.in_doubt.make_contiguous());
        for message in std::mem::take(&mut self.in_doubt) {
            if !never_left.contains(&message.id) {
                self.in_doubt.push_back(message);
                continue;
            }
            let detail = "It was not sent: the database did not answer in time".to_owned();
            if self.requeue(message.id, Counts::Not, None, detail).await? == Go::Away {
                return Ok(Go::Away);
            }
        }
        poke.lost_beat.forget();
        Ok(Go::On)
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
    async fn ask_again(&mut self, message: Outgoing) -> Result<Begun, WriteError> {
        if !self.gateway.can(Capability::SafeResend) {
            // A callback or the grace time settles it.
            self.parked.insert(message.id);
            return Ok(Begun::Nothing);
        }
        if message.hand_overs >= HAND_OVERS {
            self.settle(&message, How::Unconfirmed { by: Some(self.authority) }).await?;
            return Ok(Begun::Nothing);
        }
        if message.file_url.is_some() {
            let Some(fetched) = self.lanes.stop.run_until_cancelled(self.lanes.files.fetch(&message)).await else {
                // Whoever comes next asks.
                self.in_doubt.push_front(message);
                return Ok(Begun::Nothing);
            };
            if let Err(no_file) = fetched {
                let detail = no_file.detail;
                tracing::info!(message.id = message.id, detail, "asking again needs its file, which is gone");
                self.settle(&message, How::Unconfirmed { by: Some(self.authority) }).await?;
                return Ok(Begun::Nothing);
            }
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
            // What a restricted account may not send must not keep what it may.
            _ if self.lanes.journal.refuse_new_chats(account_id).await? > 0 => return Ok(Go::On),
            // Queued since we asked.
            Outlook::Ready => return Ok(Go::On),
            Outlook::HeldUntil(at) => {
                if at >= message::until_fetched() {
                    self.lanes.files.look();
                }
                self.lanes.clock.instant_of(at)
            }
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

    async fn send(&mut self, message: Box<Outgoing>) -> Result<Go, WriteError> {
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
        let (outcome, left_at) = self.hand_over(&message, file).await;
        match outcome {
            Ok(taken) => self.taken(message, taken, left_at).await,
            Err(unsent) => self.unsent(message, unsent).await,
        }
    }

    /// What became of it, and when it left: the next beat counts from there.
    async fn hand_over(&mut self, message: &Outgoing, file: Option<File>) -> (Result<Taken, Unsent>, DateTime<Utc>) {
        let hand_over = HandOver::new(self.lanes.clock.clone());
        let order = self.order(message, file);
        let span = tracing::info_span!(
            target: SPAN,
            "lane.send",
            account.id = %order.account_id,
            message.id = order.message_id,
            hand_overs_before = order.hand_overs_before
        );
        let outcome = timeout(ACKNOWLEDGEMENT, self.gateway.send(&order, &hand_over)).instrument(span).await;
        if let Some((left, _)) = hand_over.at() {
            metrics::histogram!("nhip_beat_late_seconds").record(left - self.beat);
        }
        let (left, left_at) = hand_over.at().unwrap_or_else(|| (self.lanes.clock.instant(), self.lanes.clock.now()));
        self.beat = self.lanes.draw_beat(self.pace, left);
        (outcome.unwrap_or(Err(Unsent::Unknown)), left_at)
    }

    /// Frozen since the journal was written. What never left goes back to the queue, unless the lane is another's by now, who
    /// asks WhatsApp; as whoever comes next does about what left before.
    async fn give_back(&self, message: Box<Outgoing>) -> Result<Go, WriteError> {
        if message.hand_overs == 1 {
            self.requeue(message.id, Counts::Not, None, "The worker stood still before it could send this".to_owned())
                .await?;
        }
        Ok(Go::Away)
    }

    /// Whoever fetched the file did so in a process that is gone. A message that never left waits for it again.
    async fn without_file(&mut self, message: Box<Outgoing>) -> Result<Go, WriteError> {
        if message.hand_overs > 1 {
            self.in_doubt.push_back(*message);
            return Ok(Go::On);
        }
        let hold = Some(Hold::Message { until: message::until_fetched(), reason: HoldReason::File });
        let go = self.requeue(message.id, Counts::Not, hold, "Its file has to be fetched again".to_owned()).await;
        self.lanes.files.look();
        go
    }

    fn order(&self, message: &Outgoing, file: Option<File>) -> Order {
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
}
