//! Meta's Cloud API: a business number, reached through Meta's Graph API.
//!
//! A text, or a file that was uploaded before, goes in one request; its answer is the hand-over. There is no idempotency key:
//! what may have been taken is never sent again ([`Unsent::Unknown`]), and Meta's callbacks, which repeat our message's id,
//! tell what became of it. What Meta refuses is decided by the error's code ([`errors`]).

mod back_off;
mod callback;
pub mod check;
mod compose;
pub mod errors;
mod failed;
pub mod graph;
mod handle;
pub mod inbox;
mod sender;
pub mod signature;
pub mod subscribe;
mod uploads;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use nhip_domain::{Broken, Cx};
use nhip_entity::{
    account::{AccountReason, AccountState},
    chat::ChatKind,
    message::FailureReason,
};
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use self::{
    back_off::BackOff,
    compose::{Address, Attachment, Draft},
    errors::Verdict,
    failed::{Failed, is_file_gone, is_past_window, refused_upload},
    graph::{Failure, Graph, GraphError},
    sender::{NoSender, Sender},
    uploads::Uploads,
};
use super::{Capability, EventSink, File, Gateway, GatewayEvent, HandOver, KnownChat, Order, Taken, Unsent};

/// What this way can do. Groups are left out, though those that were made through the API can be written to: no group of a
/// phone can.
pub(super) const CAPABILITIES: &[Capability] =
    &[Capability::Text, Capability::Image, Capability::Video, Capability::Audio, Capability::Document];
/// How long all of one send may take: less than its lane waits.
const SEND: Duration = Duration::from_secs(13);
/// With less of it left than this, nothing is sent: it would be cut off, and nobody would know what became of it.
const LEAST: Duration = Duration::from_secs(2);
/// How much of it an upload may take.
const UPLOAD: Duration = Duration::from_secs(8);
/// How long an account waits that has other credentials by now.
const AT_ONCE: Duration = Duration::from_millis(1);

/// A handle on Meta's Cloud API.
pub struct CloudApi {
    cx: Cx,
    graph: Graph,
    sink: Arc<dyn EventSink>,
    uploads: Uploads,
    /// Of recipients that get too much.
    pairs: BackOff,
    /// Of accounts that send too much.
    limits: BackOff,
    /// Of accounts from which Meta cannot be reached.
    outages: BackOff,
}

impl CloudApi {
    /// Speaks through `graph`, and tells `sink` what becomes of accounts.
    #[must_use]
    pub fn new(cx: Cx, graph: Graph, sink: Arc<dyn EventSink>) -> Self {
        Self {
            cx,
            graph,
            sink,
            uploads: Uploads::new(),
            pairs: BackOff::new(4, Duration::from_secs(4_u64.pow(5))),
            limits: BackOff::new(2, Duration::from_hours(1)),
            outages: BackOff::new(2, Duration::from_mins(1)),
        }
    }

    async fn deliver(&self, order: &Order, hand_over: &HandOver, until: Instant) -> Result<Taken, Failed> {
        let address = Address::of(&order.recipient)?;
        let loaded = timeout_at(until - LEAST, Sender::load(&self.cx, order.account_id, &address)).await;
        let sender =
            loaded.map_err(|_elapsed| NoSender::For(Broken::TimedOut("reading an account's credentials")))??;
        let parcel = Parcel { order, sender: &sender, address: &address, hand_over, until };
        match self.deliver_parcel(&parcel).await {
            Err(failed) if failed.stops_account() && sender.is_replaced(&self.cx, order.account_id).await => {
                let detail = "Meta refused credentials that were replaced meanwhile".to_owned();
                Err(Failed::Ours(Unsent::Later { wait: AT_ONCE, detail }))
            }
            delivered => delivered,
        }
    }

    /// Composes and sends. Past the window as far as we know: by the account's template at once, if it can carry the message.
    async fn deliver_parcel(&self, parcel: &Parcel<'_>) -> Result<Taken, Failed> {
        let Parcel { order, sender, address, .. } = *parcel;
        let template = sender.template.as_ref().filter(|_| address.has_window() && !sender.window_is_open);
        if let Some(Ok(draft)) = template.map(|template| Draft::template(order, template)) {
            return self.post(parcel, &draft).await;
        }
        match self.post(parcel, &self.compose(parcel).await?).await {
            Err(Failed::Meta(Failure::Refused(error))) => self.deliver_otherwise(parcel, error).await,
            sent => sent,
        }
    }

    /// What Meta refused may have a form that it takes: the template, where it knows better that the window is closed; the file
    /// uploaded anew, once, where it does not have it any more. (The number is there: it took the upload.)
    async fn deliver_otherwise(&self, parcel: &Parcel<'_>, error: GraphError) -> Result<Taken, Failed> {
        let Parcel { order, sender, address, .. } = *parcel;
        if order.file.is_some() && is_file_gone(&error) {
            self.uploads.forget(sender, order);
            return match self.post(parcel, &self.compose(parcel).await?).await {
                Err(Failed::Meta(Failure::Refused(error))) if is_file_gone(&error) => {
                    let detail =
                        format!("{error}; Meta did not find the file that was just uploaded to it: send it again");
                    Err(Failed::Ours(Unsent::Failed { reason: FailureReason::FileRejected, detail }))
                }
                sent => sent,
            };
        }
        match sender.template.as_ref().filter(|_| address.has_window() && is_past_window(&error)) {
            Some(template) => self.post(parcel, &Draft::template(order, template)?).await,
            None => Err(Failed::Meta(error.into())),
        }
    }

    /// A text, or a file with its caption, for which the file is uploaded first.
    async fn compose(&self, parcel: &Parcel<'_>) -> Result<Draft, Failed> {
        let order = parcel.order;
        let Some(file) = &order.file else { return Ok(Draft::text(order)?) };
        let attachment = Attachment::of(file, &order.text)?;
        let media_id = match self.uploads.get(parcel.sender, order) {
            Some(media_id) => media_id,
            None => self.upload(parcel, file, &attachment).await?,
        };
        Ok(Draft::file(order, file, &attachment, &media_id))
    }

    async fn upload(&self, parcel: &Parcel<'_>, file: &File, attachment: &Attachment) -> Result<String, Failed> {
        let sender = parcel.sender;
        let (path, within) = (format!("{}/media", sender.phone_number_id), self.time_left(parcel).min(UPLOAD));
        let named = (attachment.upload_name.as_str(), attachment.mime.as_str());
        let answer = self.graph.upload(&sender.token, &path, named, &file.bytes, within).await;
        let media_id = answer.map_err(Failed::Upload)?.get("id").and_then(Value::as_str).map(str::to_owned);
        let no_id = || Failed::Upload(Failure::Unknown("its answer named no file".to_owned()));
        let media_id = media_id.ok_or_else(no_id)?;
        self.uploads.keep(sender, parcel.order, media_id.clone());
        Ok(media_id)
    }

    fn time_left(&self, parcel: &Parcel<'_>) -> Duration {
        parcel.until.saturating_duration_since(self.cx.clock.instant())
    }

    async fn post(&self, parcel: &Parcel<'_>, draft: &Draft) -> Result<Taken, Failed> {
        let Parcel { order, sender, address, hand_over, .. } = *parcel;
        let path = format!("{}/messages", sender.phone_number_id);
        let body = draft.request(address, &order.message_id);
        let within = enough(self.time_left(parcel))?;
        hand_over.begin();
        let answer = self.graph.post(&sender.token, &path, &body, within, || hand_over.mark()).await?;
        self.uploads.forget(sender, order);
        taken(&answer, address).ok_or_else(|| Failure::Unknown("its answer named no message".to_owned()).into())
    }

    /// What a failed send means to its lane.
    async fn judge(&self, order: &Order, failed: Failed) -> Unsent {
        match failed {
            Failed::Ours(unsent) => unsent,
            Failed::NoSender(NoSender::For(err)) => {
                let error = &err as &(dyn std::error::Error + 'static);
                tracing::warn!(account.id = %order.account_id, error, "an account's credentials could not be read");
                self.unreachable(order, "Its account's credentials could not be read".to_owned())
            }
            Failed::NoSender(NoSender::Ever(detail)) => {
                self.stop(order, AccountState::LoggedOut, AccountReason::TokenRefused, detail.to_owned()).await
            }
            Failed::Meta(Failure::Refused(error)) => {
                self.refused(order, &error, (error.failure(), error.explain())).await
            }
            Failed::Upload(Failure::Refused(error)) => self.refused(order, &error, refused_upload(&error)).await,
            // Without its file, the message certainly did not leave.
            Failed::Upload(Failure::Unknown(why)) => Unsent::Retry { detail: format!("The file's upload: {why}") },
            Failed::Meta(failure @ Failure::NotSent(_)) | Failed::Upload(failure @ Failure::NotSent(_)) => {
                self.unreachable(order, failure.to_string())
            }
            Failed::Upload(failure @ Failure::Impossible(_)) => {
                let detail = format!("{failure}; have the file's server tell its type, or send it as another");
                Unsent::Failed { reason: FailureReason::FileTypeUnsupported, detail }
            }
            Failed::Meta(failure @ Failure::Impossible(_)) => {
                Unsent::Failed { reason: FailureReason::WhatsappError, detail: failure.to_string() }
            }
            Failed::Meta(Failure::Unknown(why)) => {
                tracing::warn!(account.id = %order.account_id, message.id = order.message_id, why, "Meta's answer was lost");
                Unsent::Unknown
            }
        }
    }

    /// `failure` is what is said of the message where that very message is refused.
    async fn refused(&self, order: &Order, error: &GraphError, failure: (FailureReason, String)) -> Unsent {
        match error.verdict() {
            Verdict::Fail(_) => Unsent::Failed { reason: failure.0, detail: failure.1 },
            Verdict::Retry => Unsent::Retry { detail: error.explain() },
            Verdict::HoldRecipient => Unsent::RecipientLimited { wait: self.pairs.next(&pair(order)) },
            Verdict::HoldLane(first_s) => {
                let wait = self.limits.next_from(&order.account_id.to_string(), Duration::from_secs(first_s));
                Unsent::Later { wait, detail: error.explain() }
            }
            Verdict::Stop(state, reason) => self.stop(order, state, reason, error.explain()).await,
        }
    }

    fn unreachable(&self, order: &Order, detail: String) -> Unsent {
        Unsent::Later { wait: self.outages.next(&order.account_id.to_string()), detail }
    }

    /// The account cannot send any more: its state says so, and the message waits in its queue.
    async fn stop(&self, order: &Order, state: AccountState, reason: AccountReason, detail: String) -> Unsent {
        let event = GatewayEvent::Account { state, reason: Some(reason), detail: Some(detail), until: None };
        if let Err(err) = self.sink.apply(order.account_id, event).await {
            let error = &err as &(dyn std::error::Error + 'static);
            tracing::warn!(account.id = %order.account_id, error, "an account's state could not be written; its next message meets it again");
        }
        Unsent::Disconnected
    }
}

#[async_trait]
impl Gateway for CloudApi {
    fn capabilities(&self) -> &'static [Capability] {
        CAPABILITIES
    }

    async fn send(&self, order: &Order, hand_over: &HandOver) -> Result<Taken, Unsent> {
        let until = self.cx.clock.instant() + SEND;
        match self.deliver(order, hand_over, until).await {
            Ok(taken) => {
                self.pairs.clear(&pair(order));
                self.limits.clear(&order.account_id.to_string());
                self.outages.clear(&order.account_id.to_string());
                Ok(taken)
            }
            Err(failed) => Err(self.judge(order, failed).await),
        }
    }
}

/// One message on its way, and what it goes by.
struct Parcel<'a> {
    order: &'a Order,
    sender: &'a Sender,
    address: &'a Address,
    hand_over: &'a HandOver,
    /// By then, all of it is done.
    until: Instant,
}

/// The time that a request has, if that is enough to make it.
fn enough(left: Duration) -> Result<Duration, Failure> {
    let too_late = || Failure::NotSent("what comes before the message itself took too long".to_owned());
    Some(left).filter(|left| *left >= LEAST).ok_or_else(too_late)
}

/// What an account and a recipient are remembered by.
fn pair(order: &Order) -> String {
    format!("{} {}", order.account_id, order.recipient)
}

/// What an answer says of a message that was taken. The recipient may have another id than it was addressed by.
fn taken(answer: &Value, address: &Address) -> Option<Taken> {
    let gateway_ref = graph::clean(answer.pointer("/messages/0/id")?.as_str()?);
    let (jid, kind) = match address {
        Address::Group(id) => (id.clone(), ChatKind::Group),
        Address::Phone(digits) => {
            let wa_id = answer.pointer("/contacts/0/wa_id").and_then(Value::as_str);
            let is_number =
                |id: &&str| !id.is_empty() && id.len() <= 15 && id.bytes().all(|byte| byte.is_ascii_digit());
            (format!("{}@s.whatsapp.net", wa_id.filter(is_number).unwrap_or(digits)), ChatKind::Contact)
        }
    };
    Some(Taken { chat: KnownChat { jid, kind, name: None }, gateway_ref: Some(gateway_ref) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_would_be_cut_off_is_not_made() {
        assert_eq!(enough(SEND), Ok(SEND));
        assert!(matches!(enough(Duration::from_millis(1_999)), Err(Failure::NotSent(_))));
    }
}
