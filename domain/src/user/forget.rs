//! What about people is kept for a while only.

use nhip_entity::{invitation, login_link};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{session, throttle};
use crate::{cx::Cx, database::Urgency, error::Broken};

/// Forgets sessions that are long over, links and invitations that have expired, and failures that delay nobody any more.
pub async fn forget(cx: &Cx) -> Result<(), Broken> {
    let now = cx.now();
    let txn = cx.db.write(Urgency::Normal).await?;
    session::forget(cx, &*txn).await?;
    throttle::forget(cx, &*txn).await?;
    login_link::Entity::delete_many().filter(login_link::Column::ExpiresAt.lt(now)).exec(&*txn).await?;
    invitation::Entity::delete_many().filter(invitation::Column::ExpiresAt.lt(now)).exec(&*txn).await?;
    txn.commit().await?;
    Ok(())
}
