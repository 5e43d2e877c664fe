//! Endings: a message that will not be sent, and the credits that come back in the same transaction.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use nhip_entity::{
    credit_entry::CreditKind,
    message::{self, FailureReason, MessageStatus},
};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{
    authority::{Authority, LockedLanes, lock_lanes},
    history,
    progress::{self, Progress},
    reconcile::Criterion,
};
use crate::{
    cx::Cx,
    database::{Transaction, Urgency},
    ledger::{Book, Note},
    lock,
    signal::Event,
    sql::{Together, among},
};

/// A message that should end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// Whose.
    pub workspace_id: Uuid,
    /// Which.
    pub message_id: String,
    /// How.
    pub how: How,
}

/// How a message ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// The lane decided: WhatsApp definitely did not take it.
    Refused {
        /// The lane's authority; without it nothing is written.
        by: Authority,
        /// Why.
        reason: FailureReason,
        /// For the owner to read.
        detail: String,
    },
    /// Nobody knows, and nobody will be asked again. With an authority where the lane decides.
    Unconfirmed {
        /// The lane's authority, where it is the lane that gives up.
        by: Option<Authority>,
    },
    /// WhatsApp reported that it could not be delivered after all.
    Reported {
        /// The account that the report is about.
        account_id: Uuid,
        /// The gateway's own id for what it reports of, where it has one: an id of ours may have been sent more than once.
        gateway_ref: Option<String>,
        /// Why.
        reason: FailureReason,
        /// For the owner to read.
        detail: String,
    },
    /// It never left the queue.
    Unsent {
        /// Why.
        reason: FailureReason,
        /// For the owner to read.
        detail: String,
    },
    /// A person took it out of the queue.
    Canceled,
}

/// Ends messages in one transaction; says of each whether this ended it.
pub async fn settle(cx: &Cx, endings: &[Ending]) -> Result<Vec<bool>, DbErr> {
    settle_those(cx, endings, None).await
}

/// The same, of those messages alone that are still `among` what was looked for, now that their accounts are locked.
pub(super) async fn settle_those(
    cx: &Cx,
    endings: &[Ending],
    among: Option<&Criterion<'_>>,
) -> Result<Vec<bool>, DbErr> {
    let txn = cx.db.write(Urgency::Normal).await?;
    let workspaces: HashSet<Uuid> = endings.iter().map(|ending| ending.workspace_id).collect();
    let locked = lock::workspaces(&txn, workspaces).await?;
    // Not before: an entry's time must not be that of before it waited for its turn.
    let mut book = Book::open(cx.now(), &locked);
    let ids = || endings.iter().map(|ending| ending.message_id.as_str());
    if !cx.db.is_embedded() {
        lock::accounts(&txn, accounts_of(&txn, ids()).await?).await?;
    }
    let lanes = lock_lanes(cx, &txn, endings.iter().filter_map(|ending| Some((ending.how.authority()?, None)))).await?;
    let mut rows = lock::messages(&txn, ids()).await?;
    if let Some(criterion) = among {
        let still = criterion.met_by(&txn, ids()).await?;
        rows.retain(|id, _| still.contains(id));
    }
    let (mut changed, mut noted) = (BTreeMap::new(), BTreeMap::new());
    let mut ended = Vec::with_capacity(endings.len());
    for ending in endings {
        let row = rows.get_mut(&ending.message_id).filter(|row| row.workspace_id == ending.workspace_id);
        let step = row.map_or(Step::Nothing, |row| end(row, &ending.how, &lanes, cx.now()));
        ended.push(matches!(step, Step::Ended { .. }));
        match step {
            Step::Nothing => continue,
            // Told, but its row stays as it is: it may be waiting for something.
            Step::Noted(detail) => {
                history::note(&txn, &ending.message_id, MessageStatus::Failed, cx.now(), &detail).await?;
                noted.insert(ending.message_id.clone(), ending.workspace_id);
                continue;
            }
            Step::Ended { restores: true } => restore(&mut book, rows.get(&ending.message_id)),
            Step::Explained | Step::Ended { restores: false } => {}
        }
        changed.insert(ending.message_id.clone(), ending.workspace_id);
    }
    let mut writes = Together::new(txn.get_database_backend());
    progress::write(&mut writes, changed.keys().filter_map(|id| rows.get(id)));
    book.add_to(&mut writes);
    writes.run(&txn).await?;
    txn.commit().await?;
    changed.append(&mut noted);
    publish(cx, changed);
    Ok(ended)
}

async fn accounts_of<'a>(txn: &Transaction, ids: impl Iterator<Item = &'a str>) -> Result<Vec<Uuid>, DbErr> {
    let rows = message::Entity::find().select_only().column(message::Column::AccountId).distinct();
    let ids: Vec<String> = ids.map(str::to_owned).collect();
    rows.filter(among(txn.get_database_backend(), message::Column::Id, ids)).into_tuple().all(txn).await
}

fn publish(cx: &Cx, changed: BTreeMap<String, Uuid>) {
    let workspaces: HashSet<Uuid> = changed.values().copied().collect();
    for (id, workspace_id) in changed {
        cx.signals.changed(Event::Message { workspace_id, id });
    }
    for workspace_id in workspaces {
        cx.signals.changed(Event::Credits { workspace_id });
    }
}

fn restore(book: &mut Book, row: Option<&Progress>) {
    let Some(row) = row else { return };
    let note = Note { message_id: Some(row.id.clone()), failure: row.failure, ..Note::default() };
    // Adding credits cannot make a balance negative.
    let _number = book.add(row.workspace_id, CreditKind::Restore, row.credits.into(), note);
}

impl How {
    fn authority(&self) -> Option<Authority> {
        match self {
            Self::Refused { by, .. } => Some(*by),
            Self::Unconfirmed { by } => *by,
            Self::Reported { .. } | Self::Unsent { .. } | Self::Canceled => None,
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Step {
    Nothing,
    Noted(String),
    /// It had ended and was restored; now it is known why.
    Explained,
    /// It restores, unless what it took came back before: a message that was given up and went through after all may
    /// still fail in the end.
    Ended {
        restores: bool,
    },
}

/// The pure rule: which endings take hold of a message in which status.
fn end(row: &mut Progress, how: &How, lanes: &LockedLanes, now: DateTime<Utc>) -> Step {
    use MessageStatus::*;
    if how.authority().is_some_and(|by| by.account_id != row.account_id || !lanes.are_under(&by)) {
        return Step::Nothing;
    }
    match (how, row.status) {
        (How::Refused { reason, detail, .. }, Sending) | (How::Unsent { reason, detail }, Queued) => {
            fail(row, *reason, detail.clone(), now)
        }
        (How::Reported { account_id, .. }, _) if *account_id != row.account_id => Step::Nothing,
        (How::Reported { gateway_ref, reason, detail, .. }, Queued | Sending | Sent)
            if is_of_another_attempt(row, gateway_ref.as_deref()) =>
        {
            let reason = <&str>::from(*reason);
            Step::Noted(format!("reported of an attempt that was refused before, not restored: {reason}: {detail}"))
        }
        (How::Reported { reason, detail, .. }, Queued | Sending | Sent) => fail(row, *reason, detail.clone(), now),
        (How::Reported { gateway_ref, reason, detail, .. }, Failed)
            if row.failure == Some(FailureReason::Unconfirmed)
                && !is_of_another_attempt(row, gateway_ref.as_deref()) =>
        {
            (row.failure, row.failure_detail) = (Some(*reason), Some(detail.clone()));
            Step::Explained
        }
        (How::Reported { reason, detail, .. }, Delivered | Read) => {
            Step::Noted(format!("reported after delivery, not restored: {}: {detail}", <&str>::from(*reason)))
        }
        (How::Unconfirmed { .. }, Sending) => {
            fail(row, FailureReason::Unconfirmed, "WhatsApp did not say whether it took the message".to_owned(), now)
        }
        (How::Canceled, Queued) => {
            let restores = !std::mem::replace(&mut row.restored, true);
            (row.status, row.canceled_at) = (Canceled, Some(now));
            Step::Ended { restores }
        }
        (
            How::Refused { .. } | How::Unsent { .. } | How::Unconfirmed { .. } | How::Canceled | How::Reported { .. },
            _,
        ) => Step::Nothing,
    }
}

/// What was refused is sent again under the same id, and WhatsApp may report the refusal besides. Of a message that is back
/// in its queue no attempt was taken; of one that was taken, no other counts.
fn is_of_another_attempt(row: &Progress, reported: Option<&str>) -> bool {
    let Some(reported) = reported else { return false };
    row.status == MessageStatus::Queued || row.gateway_ref.as_deref().is_some_and(|taken| taken != reported)
}

fn fail(row: &mut Progress, reason: FailureReason, detail: String, now: DateTime<Utc>) -> Step {
    row.status = MessageStatus::Failed;
    (row.failure, row.failure_detail) = (Some(reason), Some(detail));
    row.failed_at = Some(now);
    Step::Ended { restores: !std::mem::replace(&mut row.restored, true) }
}
