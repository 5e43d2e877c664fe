//! Lists of messages: newest first, whatever is wanted of them.

use async_graphql::{Context, Result};
use chrono::{DateTime, Utc};
use nhip_domain::{message::search::Needle, sql::among, tenant::Tenant};
use nhip_entity::message::{Column, Entity, FailureReason, MessageStatus, Model};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait as _, FromQueryResult as _, Iterable as _, QueryFilter, QuerySelect,
    QueryTrait as _,
    sea_query::{Expr, SimpleExpr},
};
use uuid::Uuid;

use super::{
    super::super::{
        ask::Ask as _,
        connection::{self, Asked, By, List, Page},
        search::{containing, needle},
    },
    Message,
};

/// How many of the newest messages a search looks through before it asks the index: what is frequent is found there.
const WALKED: u64 = 1_000;
/// How many messages that the index names are looked at in one go, at most: first as many as a page has, then four times as
/// many each time.
const LOOKED_AT: u64 = 1_000;

/// Which messages of a workspace's; all, if nothing is said.
#[derive(Clone, Debug, Default)]
pub(in crate::graphql) struct Wanted {
    pub(in crate::graphql) statuses: Option<Vec<MessageStatus>>,
    pub(in crate::graphql) failures: Option<Vec<FailureReason>>,
    pub(in crate::graphql) account_id: Option<Uuid>,
    pub(in crate::graphql) chat_id: Option<i64>,
    pub(in crate::graphql) since: Option<DateTime<Utc>>,
    pub(in crate::graphql) until: Option<DateTime<Utc>>,
    /// Part of the text or the recipient.
    pub(in crate::graphql) search: Option<String>,
}

impl Message {
    /// A page of messages, newest first.
    pub(in crate::graphql) async fn page(
        ctx: &Context<'_>,
        asked: Asked,
        tenant: &Tenant,
        wanted: &Wanted,
    ) -> Result<Page<Self>> {
        let (list, by) = (wanted.list(tenant), order());
        let node = |row| Self::new(tenant.clone(), row);
        let Some(search) = needle(wanted.search.as_deref())? else {
            return connection::page(ctx, asked, &list, &by, key, node).await;
        };
        let matching = containing::<Entity>(search, &[Column::Text, Column::Recipient]);
        let grams = Needle::new(ctx.cx()?, tenant.workspace_id(), search);
        let found = if let Some(grams) = grams {
            find(ctx, &asked, &list, &matching, &grams).await?
        } else {
            let behind = asked.after::<Key>()?.map(|key| by.behind(key));
            let rows = list.all().filter(Condition::all().add_option(behind)).filter(matching.clone());
            by.order(rows).limit(asked.length()).all(ctx.cx()?.db.read()).await?
        };
        Ok(Page::of(asked, found, &list.all().filter(matching), key, node))
    }
}

/// Messages are in the order of their acceptance.
type Key = (DateTime<Utc>, i64);

fn key(row: &Model) -> Key {
    (row.created_at, row.place)
}

fn order() -> By {
    By::falling([Column::CreatedAt, Column::Place].map(|column| Expr::col((Entity, column))))
}

impl Wanted {
    fn list(&self, tenant: &Tenant) -> List<Entity> {
        let only = Condition::all()
            .add_option(self.account_id.map(|id| Column::AccountId.eq(id)))
            .add_option(self.chat_id.map(|id| Column::ChatId.eq(id)))
            .add_option(self.since.map(|at| Column::CreatedAt.gte(at)))
            .add_option(self.until.map(|at| Column::CreatedAt.lt(at)));
        let rows = tenant.messages().filter(only);
        let statuses = some_of(self.statuses.as_ref()).unwrap_or_else(|| MessageStatus::iter().collect());
        let of_status = |status: &MessageStatus| Column::Status.eq(*status);
        match some_of(self.failures.as_ref()) {
            // A chat has its own index.
            failures if self.chat_id.is_some() => {
                let failed = failures.map(|failures| Column::Failure.is_in(failures));
                List::of(rows.filter(Column::Status.is_in(statuses)).filter(Condition::all().add_option(failed)))
            }
            Some(failures) if !failures.is_empty() => {
                let rows = rows.filter(Column::Status.is_in(statuses));
                List::of_each(rows, failures.into_iter().map(|failure| Column::Failure.eq(failure)).collect())
            }
            None if !statuses.is_empty() => List::of_each(rows, statuses.iter().map(of_status).collect()),
            // One of none: nothing.
            Some(_) | None => List::of(rows.filter(Column::Status.is_in::<MessageStatus, _>([]))),
        }
    }
}

/// Each of them once.
fn some_of<T: Copy + Ord>(asked: Option<&Vec<T>>) -> Option<Vec<T>> {
    let mut some = asked?.clone();
    some.sort_unstable();
    some.dedup();
    Some(some)
}

/// The newest that match: first among the newest of the list, then among those that the index names.
async fn find(
    ctx: &Context<'_>,
    asked: &Asked,
    list: &List<Entity>,
    matching: &SimpleExpr,
    needle: &Needle,
) -> Result<Vec<Model>> {
    let (cx, by, length) = (ctx.cx()?, order(), asked.length());
    let asked_after = asked.after::<Key>()?;
    let newest = list.window(&by, asked_after.map(|key| by.behind(key)).as_ref(), WALKED);
    let mut rows = by.order(Entity::find().filter(matching.clone())).limit(length).into_query();
    // In the table's place stand the newest alone, so that no plan looks through any others.
    rows.from_clear().from_subquery(newest.into_query(), Entity);
    let mut found = Model::find_by_statement(cx.db.backend().build(&rows)).all(cx.db.read()).await?;
    let mut after = found.last().map(key).or(asked_after);
    let mut at_once = length.min(LOOKED_AT);
    while (found.len() as u64) < length {
        let named = needle.candidates(cx, after, at_once).await?;
        let Some(lowest) = named.last().map(|(_, at, place)| (*at, *place)) else { break };
        let many = named.len() as u64;
        let ids: Vec<String> = named.into_iter().map(|(id, ..)| id).collect();
        let rows = list.all().filter(among(cx.db.backend(), Column::Id, ids)).filter(matching.clone());
        let more = by.order(rows).limit(length - found.len() as u64).all(cx.db.read()).await?;
        found.extend(more);
        if many < at_once {
            break;
        }
        (after, at_once) = (Some(lowest), LOOKED_AT.min(at_once * 4));
    }
    found.truncate(usize::try_from(length).unwrap_or(usize::MAX));
    Ok(found)
}
