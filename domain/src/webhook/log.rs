//! The webhook's log as a whole, for people to take away.

use nhip_entity::activation;
use sea_orm::QueryOrder;

use crate::{audit, cx::Cx, database::Urgency, error::Result, tenant::Tenant};

/// The webhook's calls, newest first; that somebody took them away is written down before they are told.
pub async fn log(cx: &Cx, tenant: &Tenant) -> Result<Vec<activation::Model>> {
    tenant.reader()?;
    let rows = tenant.activations().order_by_desc(activation::Column::Sequence).all(cx.db.read()).await?;
    let txn = cx.db.write(Urgency::Normal).await?;
    audit::record(cx, &*txn, tenant.change("webhook.download_log", tenant.workspace_id().to_string())).await?;
    txn.commit().await?;
    Ok(rows)
}
