//! Why a message waits, and what became of it: pure rules over its row.

use async_graphql::SimpleObject;
use chrono::{TimeDelta, Utc};
use nhip_entity::{
    account::AccountState,
    message::{self, HoldReason, MessageStatus as Status},
    status_change,
};

use super::super::super::{
    enums::{MessageStatus, WaitReason},
    scalars::DateTime,
};

/// How long an acknowledgement may take before one wonders.
const ACKNOWLEDGED: TimeDelta = TimeDelta::seconds(15);

/// One step of a message.
#[derive(Clone, Debug, PartialEq, SimpleObject)]
pub(in crate::graphql) struct StatusChange {
    /// Where it came to.
    pub(super) status: MessageStatus,
    /// When.
    at: DateTime,
    /// Why, where there is more to say.
    detail: Option<String>,
}

/// What an account's own row says of whether it sends.
#[derive(Clone, Copy)]
pub(super) struct Sends {
    pub(super) state: AccountState,
    /// At its daily cap, it writes to nobody.
    pub(super) capped: bool,
    /// Nor while WhatsApp makes it wait.
    pub(super) held: bool,
    /// A restricted one writes only to whom it has a chat with.
    pub(super) known: bool,
}

/// Why a message waits.
pub(super) fn waits_for(row: &message::Model, account: Sends, now: chrono::DateTime<Utc>) -> Option<WaitReason> {
    if row.status == Status::Sending {
        let in_doubt = row.sending_at.is_some_and(|at| now - at > ACKNOWLEDGED);
        return in_doubt.then_some(WaitReason::Confirmation);
    }
    Some(match account.state {
        AccountState::Paused => WaitReason::AccountPaused,
        AccountState::Reconnecting => WaitReason::AccountReconnecting,
        AccountState::Pairing
        | AccountState::PasskeyRequired
        | AccountState::LoggedOut
        | AccountState::Banned
        | AccountState::Removed => WaitReason::AccountNotConnected,
        AccountState::Restricted if !account.known => WaitReason::AccountRestricted,
        AccountState::Connected | AccountState::Restricted if account.capped => WaitReason::DailyCap,
        AccountState::Connected | AccountState::Restricted if account.held => WaitReason::AccountHeld,
        AccountState::Connected | AccountState::Restricted => {
            let held = row.hold_until.is_some_and(|until| until > now);
            match row.hold_reason.filter(|_| held) {
                Some(HoldReason::File) => WaitReason::File,
                Some(HoldReason::Retry) => WaitReason::Retry,
                Some(HoldReason::RecipientLimit) => WaitReason::RecipientLimit,
                None => WaitReason::ItsTurn,
            }
        }
    })
}

/// The steps that the row holds by its own times, and those beside it.
pub(super) fn history(row: &message::Model, beside: Vec<status_change::Model>) -> Vec<StatusChange> {
    let why = || row.failure_detail.clone().filter(|detail| !detail.is_empty());
    let own = [
        (Some(row.created_at), Status::Queued, None),
        (row.sending_at, Status::Sending, None),
        (row.sent_at, Status::Sent, None),
        (row.delivered_at, Status::Delivered, None),
        (row.read_at, Status::Read, None),
        (row.failed_at, Status::Failed, why()),
        (row.canceled_at, Status::Canceled, None),
    ];
    let own = own.into_iter().filter_map(|(at, status, detail)| Some((at?, status, detail)));
    let beside = beside.into_iter().map(|step| (step.at, step.status, step.detail));
    let mut steps: Vec<_> = own.chain(beside).collect();
    // What happened in one instant is told in the order of a message's life.
    steps.sort_by_key(|(at, status, _)| (*at, *status));
    steps.dedup_by(|b, a| (a.0, a.1) == (b.0, b.1));
    steps
        .into_iter()
        .map(|(at, status, detail)| StatusChange { status: status.into(), at: at.into(), detail })
        .collect()
}
