//! Having an account wait because WhatsApp said afterwards that it sends too much.

use chrono::{DateTime, Utc};
use nhip_entity::account::{self, AccountState, Column};
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait as _, ExprTrait as _, QueryFilter as _, sea_query::Expr};

use crate::{cx::Cx, database::Urgency, signal::Event};

/// From now until then nothing leaves of this account; a longer wait that is written down stays.
pub async fn hold(cx: &Cx, account: &account::Model, until: DateTime<Utc>) -> Result<(), DbErr> {
    if until <= cx.now() {
        return Ok(());
    }
    let txn = cx.db.write(Urgency::Normal).await?;
    let held = account::Entity::update_many()
        .col_expr(Column::HeldUntil, Expr::value(until))
        .filter(Column::Id.eq(account.id))
        .filter(Column::State.ne(AccountState::Removed))
        .filter(Column::HeldUntil.is_null().or(Column::HeldUntil.lt(until)))
        .exec(&*txn)
        .await?;
    txn.commit().await?;
    if held.rows_affected > 0 {
        cx.signals.changed(Event::Account { workspace_id: account.workspace_id, id: account.id });
    }
    Ok(())
}
