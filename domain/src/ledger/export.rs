//! A workspace's entries of some time, all at once: for people to take away.

use chrono::{DateTime, Utc};
use nhip_entity::credit_entry::{self, Column};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use crate::{
    audit::{self, Change},
    cx::Cx,
    database::Urgency,
    error::Result,
    refusal::Refusal,
    tenant::Tenant,
};

/// The most entries at once.
const MOST: usize = 20_000;

/// The entries made from `since` until before `until`, oldest first; that somebody took them away is written down before they
/// are told.
///
/// Refused as [`Refusal::BadInput`] where there are more than 20,000.
pub async fn export(
    cx: &Cx,
    tenant: &Tenant,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Result<Vec<credit_entry::Model>> {
    tenant.ledger_reader()?;
    let of_time = Condition::all()
        .add_option(since.map(|since| Column::At.gte(since)))
        .add_option(until.map(|until| Column::At.lt(until)));
    let rows = tenant.entries().filter(of_time).order_by_asc(Column::At).order_by_asc(Column::Number);
    let rows = rows.limit(MOST as u64 + 1).all(cx.db.read()).await?;
    if rows.len() > MOST {
        let problem = format!("There are more than {MOST} entries; ask for a shorter time by `since` and `until`");
        return Err(Refusal::BadInput { field: "since", problem }.into());
    }
    let txn = cx.db.write(Urgency::Normal).await?;
    let change = tenant.change("credits.export", tenant.workspace_id().to_string());
    let detail = json!({"since": since, "until": until, "entries": rows.len()});
    audit::record(cx, &*txn, Change { detail: Some(detail), ..change }).await?;
    txn.commit().await?;
    Ok(rows)
}
