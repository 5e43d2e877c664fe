//! Where in the billing stream a time begins.

use chrono::{DateTime, TimeDelta, Utc};
use nhip_entity::credit_entry::{self, Column};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::cx::Cx;

/// How far the clocks of two processes may be apart, and how late an entry may be committed after its time.
const DISORDER: TimeDelta = TimeDelta::minutes(5);

/// Positions between which all entries lie that were or will be made from `since` until before `until`: the lowest, and
/// the highest where that is known already. Entries stand in the order of their times, give or take some minutes, so both
/// are found by halving.
pub async fn positions_of(
    cx: &Cx,
    since: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Result<(i64, Option<i64>), DbErr> {
    let (since, until) =
        (since.and_then(|at| at.checked_sub_signed(DISORDER)), until.and_then(|at| at.checked_add_signed(DISORDER)));
    if since.is_none() && until.is_none() {
        return Ok((0, None));
    }
    let newest = credit_entry::Entity::find().filter(Column::Position.is_not_null()).order_by_desc(Column::Position);
    let last = newest.one(cx.db.read()).await?.and_then(|entry| entry.position).unwrap_or_default();
    let lowest = match since {
        Some(since) => first_at(cx, since, last).await?.unwrap_or(last),
        None => 0,
    };
    let highest = match until {
        Some(until) => first_at(cx, until, last).await?,
        None => None,
    };
    Ok((lowest, highest))
}

/// The first position of an entry that was made then or later; none where all were made before.
async fn first_at(cx: &Cx, at: DateTime<Utc>, last: i64) -> Result<Option<i64>, DbErr> {
    let (mut low, mut high) = (0, last + 1);
    while low < high {
        let middle = low.midpoint(high);
        match made_at(cx, middle).await? {
            Some(made) if made < at => low = middle + 1,
            _ => high = middle,
        }
    }
    Ok((low <= last).then_some(low))
}

async fn made_at(cx: &Cx, position: i64) -> Result<Option<DateTime<Utc>>, DbErr> {
    let from = credit_entry::Entity::find().select_only().column(Column::At).filter(Column::Position.gte(position));
    from.order_by_asc(Column::Position).into_tuple().one(cx.db.read()).await
}
