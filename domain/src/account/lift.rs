//! The end of restrictions that nobody reports.

use nhip_entity::account::{self, AccountState, Gateway};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use uuid::Uuid;

use super::{Report, Source, report};
use crate::{cx::Cx, error::Broken};

/// Accounts that one call looks at.
const MOST: u64 = 500;

/// Connects accounts whose restriction or ban is over, where the gateway says only until when they last: Meta's.
pub async fn lift(cx: &Cx) -> Result<u64, Broken> {
    let over: Vec<Uuid> = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::Gateway.eq(Gateway::CloudApi))
        .filter(account::Column::State.is_in([AccountState::Restricted, AccountState::Banned]))
        .filter(account::Column::RestrictedUntil.lte(cx.now()))
        .limit(MOST)
        .into_tuple()
        .all(cx.db.read())
        .await?;
    let connected = Report { state: AccountState::Connected, reason: None, detail: None, until: None };
    let mut lifted = 0;
    for account_id in over {
        lifted += u64::from(report(cx, account_id, &connected, Source::Now).await?);
    }
    Ok(lifted)
}
