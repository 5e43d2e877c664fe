//! What the last audit found, for whoever watches over the system.

use chrono::{DateTime, Utc};
use nhip_entity::ledger_audit;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DbErr, EntityTrait};

use super::Findings;
use crate::{cx::Cx, database::Urgency};

const ONLY: i32 = 1;

/// What the last audit found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// When it ended; none has yet where this is missing.
    pub checked_at: Option<DateTime<Utc>>,
    /// In how many places the ledger does not add up, as far as they were counted.
    pub breaches: i32,
}

/// What the last audit found, of whichever process.
pub async fn verdict(cx: &Cx) -> Result<Verdict, DbErr> {
    let row = ledger_audit::Entity::find_by_id(ONLY).one(cx.db.read()).await?;
    let row = row.ok_or_else(|| DbErr::RecordNotFound("ledger_audits has lost its row".to_owned()))?;
    Ok(Verdict { checked_at: row.checked_at, breaches: row.breaches })
}

pub(super) async fn remember(cx: &Cx, findings: &Findings) -> Result<(), DbErr> {
    let row = ledger_audit::ActiveModel {
        id: Set(ONLY),
        checked_at: Set(Some(cx.now())),
        breaches: Set(i32::try_from(findings.breaches.len()).unwrap_or(i32::MAX)),
    };
    let txn = cx.db.write(Urgency::Normal).await?;
    row.update(&*txn).await?;
    txn.commit().await
}
