//! Relay connections by keys, never by offsets: a page stays right while rows come and go.

use async_graphql::{
    Context, Object, OutputType, Result,
    connection::{Connection, CursorType, Edge},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use nhip_domain::Refusal;
use sea_orm::{
    ConnectionTrait as _, EntityTrait, FromQueryResult, Iterable as _, PrimaryKeyToColumn, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, Select,
    sea_query::{Alias, Asterisk, Expr, ExprTrait, Func, Query, SelectStatement, SimpleExpr},
};

use super::{ask::Ask as _, scalars::int};

/// The most nodes of a page.
const MOST: i32 = 200;
/// The nodes of a page of unsaid size.
const DEFAULT: i32 = 50;
/// Where counting stops.
const COUNTED: u64 = 10_000;

/// A page of nodes.
pub(super) type Page<N> = Connection<Cursor, N, Total>;

/// What complexity a connection has: each of its nodes costs what one does.
pub(super) fn cost(first: Option<i32>, child: usize) -> usize {
    usize::try_from(first.unwrap_or(DEFAULT).clamp(1, MOST)).unwrap_or(1).saturating_mul(child).saturating_add(1)
}

/// A place in an order. Opaque to callers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cursor(String);

impl CursorType for Cursor {
    type Error = Refusal;

    fn decode_cursor(text: &str) -> Result<Self, Refusal> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        bytes.and_then(|bytes| String::from_utf8(bytes).ok()).map(Self).ok_or_else(bad_cursor)
    }

    fn encode_cursor(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }
}

fn bad_cursor() -> Refusal {
    Refusal::BadInput { field: "after", problem: "`after` must be a cursor of this connection".to_owned() }
}

/// What may order a connection, next to the rows themselves.
pub(super) trait Key: Sized {
    fn write(&self) -> String;
    fn read(text: &str) -> Option<Self>;
    /// Rows that come after this key, newest or highest first.
    fn follows(&self, by: &[SimpleExpr]) -> Option<SimpleExpr>;
}

impl Key for i64 {
    fn write(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn follows(&self, by: &[SimpleExpr]) -> Option<SimpleExpr> {
        Some(by.first()?.clone().lt(*self))
    }
}

/// A moment, and an id where moments are equal.
impl<I: Copy + std::fmt::Display + std::str::FromStr + Into<sea_orm::Value>> Key for (DateTime<Utc>, I) {
    fn write(&self) -> String {
        format!("{}|{}", self.0.timestamp_micros(), self.1)
    }

    fn read(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('|')?;
        Some((DateTime::from_timestamp_micros(at.parse().ok()?)?, id.parse().ok()?))
    }

    fn follows(&self, by: &[SimpleExpr]) -> Option<SimpleExpr> {
        let [at, id] = by else { return None };
        let same = ExprTrait::eq(at.clone(), self.0).and(id.clone().lt(Expr::val(self.1)));
        Some(at.clone().lt(self.0).or(same))
    }
}

/// What a caller asked for.
pub(super) struct Asked {
    first: u64,
    after: Option<Cursor>,
}

impl Asked {
    /// Checks `first` and `after`.
    pub(super) fn new(first: Option<i32>, after: Option<&str>) -> Result<Self, Refusal> {
        let first = first.unwrap_or(DEFAULT);
        if !(0..=MOST).contains(&first) {
            let problem = format!("`first` must be between 0 and {MOST}");
            return Err(Refusal::BadInput { field: "first", problem });
        }
        let after = after.map(Cursor::decode_cursor).transpose()?;
        Ok(Self { first: u64::from(first.unsigned_abs()), after })
    }
}

/// Reads a page of `rows`, highest key first. `by` are the key's columns, in its order.
pub(super) async fn page<E, K, N>(
    ctx: &Context<'_>,
    asked: Asked,
    rows: Select<E>,
    by: &[SimpleExpr],
    key: impl Fn(&E::Model) -> K,
    node: impl Fn(E::Model) -> N,
) -> Result<Page<N>>
where
    E: EntityTrait,
    E::Model: FromQueryResult + Send + Sync,
    K: Key,
    N: OutputType,
{
    let total = Total::of(&rows);
    let mut query = rows;
    if let Some(after) = &asked.after {
        let follows = K::read(&after.0).and_then(|key| key.follows(by)).ok_or_else(bad_cursor)?;
        query = sea_orm::QueryFilter::filter(query, follows);
    }
    for column in by {
        query = query.order_by_desc(column.clone());
    }
    let mut found = query.limit(asked.first + 1).all(ctx.cx()?.db.read()).await?;
    let first = usize::try_from(asked.first).unwrap_or(usize::MAX);
    let has_next = found.len() > first;
    found.truncate(first);
    let mut page = Connection::with_additional_fields(asked.after.is_some(), has_next, total);
    page.edges.extend(found.into_iter().map(|row| Edge::new(Cursor(key(&row).write()), node(row))));
    Ok(page)
}

/// How many rows there are in all.
pub(super) struct Total(SelectStatement);

impl Total {
    fn of<E: EntityTrait>(rows: &Select<E>) -> Self {
        let key = E::PrimaryKey::iter().next().map(PrimaryKeyToColumn::into_column);
        let some = rows.clone().select_only();
        let some = match key {
            Some(column) => some.column(column),
            None => some,
        };
        let counted = some.limit(COUNTED).into_query();
        let count = Func::count(Expr::col(Asterisk));
        Self(Query::select().expr(count).from_subquery(counted, Alias::new("counted")).to_owned())
    }
}

#[Object]
impl Total {
    /// How many there are in all; counting stops at 10,000.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let row = ctx.cx()?.db.read().query_one(&self.0).await?;
        Ok(row.map_or(Ok(0), |row| row.try_get_by_index::<i64>(0)).map(int)?)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let key = (DateTime::from_timestamp_micros(1_234_567).unwrap(), Uuid::from_u128(7));
        let cursor = Cursor::decode_cursor(&Cursor(key.write()).encode_cursor()).unwrap();
        assert_eq!(<(DateTime<Utc>, Uuid)>::read(&cursor.0), Some(key));
    }

    #[test]
    fn cursors_of_others_and_garbage_are_refused() {
        assert!(Cursor::decode_cursor("***").is_err());
        assert_eq!(i64::read("1|2"), None);
        assert_eq!(<(DateTime<Utc>, i64)>::read("1"), None);
        assert_eq!(<(DateTime<Utc>, i64)>::read(&format!("{}|1", i64::MAX)), None);
    }

    #[test]
    fn a_page_has_at_most_two_hundred_nodes() {
        assert!(Asked::new(Some(200), None).is_ok());
        assert!(Asked::new(Some(201), None).is_err());
        assert!(Asked::new(Some(-1), None).is_err());
    }
}
