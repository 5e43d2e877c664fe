//! Doing what a callback says. Everything here may be done twice, late and in any order: facts go forward only, an ending ends
//! once, a chat's times never go back.

use std::{collections::HashMap, ops::BitOrAssign};

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::try_join_all;
use nhip_domain::{
    Broken, Cx,
    account::{self, Report, Source, cloud_api},
    chat::{self, upsert::SeenChat},
    message::{self, Ending, Fact, How, Reported},
};
use nhip_entity::{
    account::AccountState,
    cloud_callback,
    message::{FailureReason, MessageStatus},
};
use sea_orm::EntityTrait as _;

use super::{
    callback::{self, About, Became, Notice, What},
    errors::Verdict,
    failed::{is_file_gone, is_past_window},
    graph::GraphError,
};
use crate::{
    gateway::KnownChat,
    journal::{DbJournal, Journal as _},
};

/// Chats that one transaction makes or updates.
const CHATS: usize = 200;

/// How often a failure is looked at, at most, that may have been faster than the answer to the message that it is of: by then,
/// the answer is there or lost.
pub(super) const EARLY_LOOKS: i32 = 5;

/// What came of a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handled {
    /// Everything is done.
    Wholly,
    /// It speaks of messages that are known by Meta's id alone and are not known by it yet: the callback may have been
    /// faster than the answer that told the id. Or they are another program's.
    SpeaksOfOthers,
    /// It says that a message failed whose answer is not there yet: nobody knows whether it speaks of this attempt or of one
    /// that was refused before.
    TooEarly,
    /// It is no callback, or nobody's any more.
    Nothing,
}

/// An account's part of a callback.
#[derive(Default)]
struct Part {
    statuses: Vec<Status>,
    incoming: Vec<(Option<DateTime<Utc>>, KnownChat)>,
    states: Vec<(Option<DateTime<Utc>>, Report)>,
    troubles: Vec<(Option<DateTime<Utc>>, GraphError)>,
}

impl Part {
    /// What went wrong, with messages and without, and when.
    fn errors(&self) -> impl Iterator<Item = (Option<DateTime<Utc>>, &GraphError)> {
        let failures = self.statuses.iter().filter_map(|status| match &status.became {
            Became::Failed(error) => Some((status.at, error)),
            Became::FailedForOne(_) | Became::Sent | Became::Delivered | Became::Read => None,
        });
        failures.chain(self.troubles.iter().map(|(at, error)| (*at, error)))
    }
}

struct Status {
    at: Option<DateTime<Utc>>,
    message_id: Option<String>,
    wamid: Option<String>,
    became: Became,
    chat: Option<String>,
}

/// Does what a callback says to the account whose URL it came to, and to those that share its app.
pub(super) async fn handle(cx: &Cx, journal: &DbJournal, callback: &cloud_callback::Model) -> Result<Handled, Broken> {
    let Some(notices) = callback::read(&callback.body) else {
        tracing::warn!(account.id = %callback.account_id, "a signed callback that is none of Meta's is dropped");
        return Ok(Handled::Nothing);
    };
    let found = cloud_api::find(cx, callback.account_id).await?;
    let row = nhip_entity::account::Entity::find_by_id(callback.account_id).one(cx.db.read()).await?;
    let row = row.filter(|account| account.state != AccountState::Removed);
    let (Some(at_meta), Some(account)) = (found, row) else { return Ok(Handled::Nothing) };
    let mut open = Open::default();
    for (about, part) in parts(notices) {
        let whose = match &about {
            About::Number(id) if *id == at_meta.phone_number_id => vec![account.clone()],
            About::Number(id) => cloud_api::of_number(cx, &account, id).await?.into_iter().collect(),
            About::Business(id) => cloud_api::of_business(cx, &account, id).await?,
        };
        for account in &whose {
            let (received_at, is_early) = (callback.received_at, callback.attempts <= EARLY_LOOKS);
            let hand = Hand { cx, journal, account, received_at, is_early };
            open |= hand.do_part(&part).await?;
        }
    }
    Ok(match open {
        Open { early: true, others } if !others || callback.attempts > 1 => Handled::TooEarly,
        Open { others: true, .. } => Handled::SpeaksOfOthers,
        _ => Handled::Wholly,
    })
}

/// What could not be done yet.
#[derive(Clone, Copy, Default)]
struct Open {
    /// Of messages that nobody knows by Meta's id.
    others: bool,
    /// Of messages whose answer is not there.
    early: bool,
}

impl BitOrAssign for Open {
    fn bitor_assign(&mut self, more: Self) {
        *self = Self { others: self.others || more.others, early: self.early || more.early };
    }
}

fn parts(notices: Vec<Notice>) -> HashMap<About, Part> {
    let mut parts: HashMap<About, Part> = HashMap::new();
    for Notice { about, at, what } in notices {
        let part = parts.entry(about).or_default();
        match what {
            What::Status { message_id, wamid, became, chat } => {
                part.statuses.push(Status { at, message_id, wamid, became, chat });
            }
            What::Incoming(chat) => part.incoming.push((at, chat)),
            What::State { state, reason, detail, until } => {
                let detail = Some(detail).filter(|detail| !detail.is_empty());
                part.states.push((at, Report { state, reason, detail, until }));
            }
            What::Trouble(error) => part.troubles.push((at, error)),
        }
    }
    parts
}

/// What one account's part is done with.
struct Hand<'a> {
    cx: &'a Cx,
    journal: &'a DbJournal,
    account: &'a nhip_entity::account::Model,
    received_at: DateTime<Utc>,
    /// Whether what may have been too fast is looked at once more.
    is_early: bool,
}

impl Hand<'_> {
    async fn do_part(&self, part: &Part) -> Result<Open, Broken> {
        self.meet(&part.incoming).await?;
        let open = self.record(&part.statuses).await?;
        for (at, report) in part.errors().filter_map(|(at, error)| Some((at, stop(error)?))) {
            if let Some(at) = self.since_connected(at) {
                account::report(self.cx, self.account.id, &report, Source::Failure(at)).await?;
            }
        }
        for (at, report) in &part.states {
            if let Some(at) = self.since_connected(*at) {
                account::report(self.cx, self.account.id, report, Source::Announced(at)).await?;
            }
        }
        for (at, wait) in part.errors().filter_map(|(at, error)| Some((at, hold(error)?))) {
            // Told again after it is over, it holds nobody.
            account::hold(self.cx, self.account, self.at(at) + wait).await?;
        }
        Ok(open)
    }

    /// When something happened: never later than now, whatever Meta says.
    fn at(&self, at: Option<DateTime<Utc>>) -> DateTime<Utc> {
        at.unwrap_or(self.received_at).min(self.cx.now())
    }

    async fn meet(&self, incoming: &[(Option<DateTime<Utc>>, KnownChat)]) -> Result<(), Broken> {
        let seen = |(at, chat): &(Option<DateTime<Utc>>, KnownChat)| SeenChat {
            jid: chat.jid.clone(),
            kind: chat.kind,
            name: chat.name.clone(),
            incoming_at: Some(self.at(*at)),
        };
        let mut chats: Vec<SeenChat> = incoming.iter().map(seen).collect();
        // Of several in one transaction, the last one counts.
        chats.sort_by_key(|chat| chat.incoming_at);
        for some in chats.chunks(CHATS) {
            chat::incoming(self.cx, self.account.id, some).await?;
        }
        Ok(())
    }

    async fn record(&self, statuses: &[Status]) -> Result<Open, Broken> {
        let ids = statuses.iter().filter_map(|status| status.message_id.clone()).collect();
        let by_meta = statuses.iter().filter(|status| status.message_id.is_none());
        let wamids = by_meta.filter_map(|status| status.wamid.clone()).collect();
        let rows = message::reported(self.cx, self.account.id, ids, wamids).await?;
        let by_id: HashMap<&str, &Reported> = rows.iter().map(|row| (row.id.as_str(), row)).collect();
        let by_wamid: HashMap<&str, &Reported> =
            rows.iter().filter_map(|row| Some((row.gateway_ref.as_deref()?, row))).collect();
        let find = |status: &Status| match &status.message_id {
            Some(id) => by_id.get(id.as_str()).copied(),
            None => by_wamid.get(status.wamid.as_deref()?).copied(),
        };
        let (early, known): (Vec<_>, Vec<_>) = statuses
            .iter()
            .filter_map(|status| Some((status, find(status)?)))
            .partition(|(status, row)| self.is_early && is_in_doubt(status, row));
        try_join_all(known.into_iter().map(|(status, row)| self.write(status, row))).await?;
        let others = statuses.iter().any(|status| status.message_id.is_none() && find(status).is_none());
        Ok(Open { others, early: !early.is_empty() })
    }

    async fn write(&self, status: &Status, row: &Reported) -> Result<(), Broken> {
        // Meta's times are whole seconds: nothing is delivered before it left.
        let left = row.sent_at.or(row.sending_at);
        let at = left.map_or(self.at(status.at), |left| self.at(status.at).max(left));
        let what = match &status.became {
            Became::Failed(error) => return self.fail(status, row, error).await,
            Became::FailedForOne(error) => {
                tracing::info!(account.id = %self.account.id, message.id = row.id, %error, "one of a group did not get a message");
                return Ok(());
            }
            // Until our request is answered, the instant of its beat is the best that is known of when it left.
            Became::Sent => {
                let chat = status.chat.as_deref().filter(|_| row.chat_id.is_none()).and_then(SeenChat::addressed);
                message::What::Sent { chat, gateway_ref: status.wamid.clone() }
            }
            Became::Delivered => message::What::Delivered,
            Became::Read => message::What::Read,
        };
        let at = if status.became == Became::Sent { row.sending_at.unwrap_or(at) } else { at };
        let fact = Fact { account_id: self.account.id, message_id: row.id.clone(), what, at };
        self.journal.record(fact).await.map_err(Broken::Shared)
    }

    async fn fail(&self, status: &Status, row: &Reported, error: &GraphError) -> Result<(), Broken> {
        let has_another_form = is_past_window(error) || is_file_gone(error);
        if is_unanswered(row) && (has_another_form || message::went_back(self.cx, &row.id).await?) {
            // Of what was sent last or of what was refused before, in this form or another: should the last one fail too, it is
            // given up after the grace time.
            tracing::info!(account.id = %self.account.id, message.id = row.id, %error, "nobody knows which attempt failed");
            return Ok(());
        }
        // The number took the message: what is missing is its file.
        let (reason, detail) = if is_file_gone(error) {
            (FailureReason::FileRejected, error.to_string())
        } else {
            (error.failure(), error.explain())
        };
        let how = How::Reported { account_id: self.account.id, gateway_ref: status.wamid.clone(), reason, detail };
        let ending = Ending { workspace_id: row.workspace_id, message_id: row.id.clone(), how };
        self.journal.settle(ending).await.map(drop).map_err(Broken::Shared)
    }

    /// When something happened to the account; none where that was before a person last connected it, and is over.
    fn since_connected(&self, at: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        let at = self.at(at);
        self.account.connected_at.is_none_or(|connected_at| at >= connected_at).then_some(at)
    }
}

/// Whether this is a failure of a message that is on its way, and Meta's answer has not said what it calls it.
fn is_in_doubt(status: &Status, row: &Reported) -> bool {
    matches!(status.became, Became::Failed(_)) && row.status == MessageStatus::Sending && is_unanswered(row)
}

/// Whether Meta's answer to a message is not there, or was lost.
fn is_unanswered(row: &Reported) -> bool {
    let is_open = row.status == MessageStatus::Sending || row.failure == Some(FailureReason::Unconfirmed);
    is_open && row.gateway_ref.is_none()
}

/// What an error says of its account.
fn stop(error: &GraphError) -> Option<Report> {
    if is_file_gone(error) {
        return None;
    }
    let Verdict::Stop(state, reason) = error.verdict() else { return None };
    Some(Report { state, reason: Some(reason), detail: Some(error.explain()), until: None })
}

/// For how long an error has its account wait.
fn hold(error: &GraphError) -> Option<TimeDelta> {
    let Verdict::HoldLane(seconds) = error.verdict() else { return None };
    TimeDelta::try_seconds(seconds.try_into().ok()?)
}
