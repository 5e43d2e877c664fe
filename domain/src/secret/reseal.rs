//! Sealing everything anew, under the newest key.

use nhip_entity::{cloud_account, webhook};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use crate::{clock::rng, cx::Cx, database::Urgency, error::Broken, sql::PART};

/// Seals whatever the installation keeps sealed by the newest key; returns how much was not yet. Processes may run
/// meanwhile, as long as they have that key: what somebody else replaces in between stays theirs.
pub async fn reseal_all(cx: &Cx) -> Result<u64, Broken> {
    // What else is sealed one day gets its own line here.
    let webhooks = reseal::<webhook::Entity>(cx, webhook::Column::WorkspaceId, webhook::Column::TokenSealed).await?;
    let accounts =
        reseal::<cloud_account::Entity>(cx, cloud_account::Column::AccountId, cloud_account::Column::Credentials);
    Ok(webhooks + accounts.await?)
}

/// Seals one column of a table anew; it is bound to `owner`, the table's key.
async fn reseal<E: EntityTrait>(cx: &Cx, owner: E::Column, secret: E::Column) -> Result<u64, Broken> {
    let (mut after, mut resealed) = (Uuid::nil(), 0);
    loop {
        let part: Vec<(Uuid, Vec<u8>)> = E::find()
            .select_only()
            .columns([owner, secret])
            .filter(owner.gt(after))
            .filter(secret.is_not_null())
            .order_by_asc(owner)
            .limit(PART)
            .into_tuple()
            .all(cx.db.read())
            .await?;
        let Some((last, _)) = part.last() else { return Ok(resealed) };
        after = *last;
        let txn = cx.db.write(Urgency::Normal).await?;
        for (id, sealed) in part {
            let Some(anew) = cx.secret.reseal(id.as_bytes(), &sealed, &mut rng())? else { continue };
            let replaced = E::update_many()
                .col_expr(secret, Expr::value(anew))
                .filter(owner.eq(id))
                .filter(secret.eq(sealed))
                .exec(&*txn)
                .await?;
            resealed += replaced.rows_affected;
        }
        txn.commit().await?;
    }
}
