//! Sealing everything anew, under the newest key.

use nhip_entity::webhook;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use crate::{clock::rng, cx::Cx, database::Urgency, error::Broken};

/// Rows read at a time.
const PART: u64 = 500;

/// Seals whatever the installation keeps sealed by the newest key; returns how much was not yet. Processes may run
/// meanwhile, as long as they have that key: what somebody else replaces in between stays theirs.
pub async fn reseal_all(cx: &Cx) -> Result<u64, Broken> {
    // What else is sealed one day gets its own line here.
    reseal_webhooks(cx).await
}

async fn reseal_webhooks(cx: &Cx) -> Result<u64, Broken> {
    let (mut after, mut resealed) = (Uuid::nil(), 0);
    loop {
        let part = webhook::Entity::find()
            .filter(webhook::Column::WorkspaceId.gt(after))
            .filter(webhook::Column::TokenSealed.is_not_null())
            .order_by_asc(webhook::Column::WorkspaceId)
            .limit(PART)
            .all(cx.db.read())
            .await?;
        let Some(last) = part.last() else { return Ok(resealed) };
        after = last.workspace_id;
        let txn = cx.db.write(Urgency::Normal).await?;
        for webhook in part {
            let Some(sealed) = webhook.token_sealed else { continue };
            let Some(anew) = cx.secret.reseal(webhook.workspace_id.as_bytes(), &sealed, &mut rng())? else { continue };
            let replaced = webhook::Entity::update_many()
                .col_expr(webhook::Column::TokenSealed, Expr::value(anew))
                .filter(webhook::Column::WorkspaceId.eq(webhook.workspace_id))
                .filter(webhook::Column::TokenSealed.eq(sealed))
                .exec(&*txn)
                .await?;
            resealed += replaced.rows_affected;
        }
        txn.commit().await?;
    }
}
