//! Relay connections by keys, never by offsets: a page stays right while rows come and go.

use std::borrow::Cow;

use async_graphql::{
    Context, Object, OutputType, Result, TypeName,
    connection::{CursorType, PageInfo},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike as _, Utc};
use nhip_domain::Refusal;
use sea_orm::{
    Condition, ConnectionTrait as _, EntityTrait, FromQueryResult, Iterable as _, Order, PrimaryKeyToColumn,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select,
    sea_query::{Alias, Asterisk, Expr, ExprTrait as _, Func, Query, SelectStatement, SimpleExpr, UnionType},
};
use uuid::Uuid;

use super::{ask::Ask as _, scalars::int};

/// The most nodes of a page.
const MOST: i32 = 200;
/// The nodes of a page of unsaid size.
const DEFAULT: i32 = 50;
/// Where counting stops.
const COUNTED: u64 = 10_000;

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
    /// Its parts, as the order's columns hold them.
    fn parts(self) -> Vec<SimpleExpr>;
}

impl Key for i64 {
    fn write(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn parts(self) -> Vec<SimpleExpr> {
        vec![Expr::val(self)]
    }
}

impl Key for Uuid {
    fn write(&self) -> String {
        self.to_string()
    }

    fn read(text: &str) -> Option<Self> {
        text.parse().ok()
    }

    fn parts(self) -> Vec<SimpleExpr> {
        vec![Expr::val(self)]
    }
}

/// A moment, and what tells rows apart where moments are equal.
impl<I: Copy + std::fmt::Display + std::str::FromStr + Into<sea_orm::Value>> Key for (DateTime<Utc>, I) {
    fn write(&self) -> String {
        format!("{}|{}", self.0.timestamp_micros(), self.1)
    }

    fn read(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('|')?;
        let at = DateTime::from_timestamp_micros(at.parse().ok()?)?;
        // Some databases know no others, and no row has one.
        (1..=9_999).contains(&at.year()).then_some(())?;
        Some((at, id.parse().ok()?))
    }

    fn parts(self) -> Vec<SimpleExpr> {
        vec![Expr::val(self.0), Expr::val(self.1)]
    }
}

/// The columns that a connection is ordered by, all of them in one direction: those of its key.
pub(super) struct By {
    columns: Vec<SimpleExpr>,
    direction: Order,
}

impl By {
    /// Highest or newest first.
    pub(super) fn falling(columns: impl Into<Vec<SimpleExpr>>) -> Self {
        Self { columns: columns.into(), direction: Order::Desc }
    }

    /// Lowest or oldest first.
    pub(super) fn rising(columns: impl Into<Vec<SimpleExpr>>) -> Self {
        Self { columns: columns.into(), direction: Order::Asc }
    }

    /// Rows behind a key. Compared as a whole, so that an index finds the place.
    pub(super) fn behind(&self, key: impl Key) -> SimpleExpr {
        let (row, key) = (Expr::tuple(self.columns.clone()), Expr::tuple(key.parts()));
        match self.direction {
            Order::Asc => row.gt(key),
            _ => row.lt(key),
        }
    }

    pub(super) fn order<E: EntityTrait>(&self, rows: Select<E>) -> Select<E> {
        self.columns.iter().fold(rows, |rows, column| rows.order_by(column.clone(), self.direction.clone()))
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

    /// How many rows to read: one more than are shown, which says that there are more.
    pub(super) fn length(&self) -> u64 {
        self.first + 1
    }

    /// The key behind which the page begins.
    pub(super) fn after<K: Key>(&self) -> Result<Option<K>, Refusal> {
        self.after.as_ref().map(|after| K::read(&after.0).ok_or_else(bad_cursor)).transpose()
    }
}

/// What a connection is a window of.
pub(super) struct List<E: EntityTrait> {
    rows: Select<E>,
    /// Each of these conditions has an index in the list's order; its rows are read by themselves, and put together.
    each: Vec<SimpleExpr>,
}

impl<E: EntityTrait> List<E> {
    /// All these rows.
    pub(super) fn of(rows: Select<E>) -> Self {
        Self { rows, each: Vec::new() }
    }

    /// Those of these rows that meet one of the conditions, of which no row meets two.
    pub(super) fn of_each(rows: Select<E>, each: Vec<SimpleExpr>) -> Self {
        Self { rows, each }
    }

    /// All of it, in no order.
    pub(super) fn all(&self) -> Select<E> {
        let any = self.each.iter().fold(Condition::any(), |any, condition| any.add(condition.clone()));
        if self.each.is_empty() { self.rows.clone() } else { self.rows.clone().filter(any) }
    }

    /// Its first rows, or those behind some place.
    pub(super) fn window(&self, by: &By, behind: Option<&SimpleExpr>, length: u64) -> Select<E> {
        let rows = match behind {
            Some(behind) => self.rows.clone().filter(behind.clone()),
            None => self.rows.clone(),
        };
        let keys = || E::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
        let part = |(n, condition): (usize, &SimpleExpr)| {
            let part = by.order(rows.clone().filter(condition.clone())).limit(length).select_only().columns(keys());
            Query::select().column(Asterisk).from_subquery(part.into_query(), format!("part{n}")).take()
        };
        let parts = self.each.iter().enumerate().map(part);
        match parts.reduce(|mut all, part| all.union(UnionType::All, part).take()) {
            Some(all) => {
                let key: Vec<SimpleExpr> = keys().map(|column| Expr::col((E::default(), column))).collect();
                by.order(E::find().filter(Expr::tuple(key).in_subquery(all))).limit(length)
            }
            None => by.order(rows).limit(length),
        }
    }
}

/// A page of a list, by Relay's rules.
pub(super) struct Page<N> {
    edges: Vec<Edge<N>>,
    asked: Asked,
    has_next: bool,
    total: Total,
}

/// A node and its place in the list.
pub(super) struct Edge<N> {
    cursor: Cursor,
    node: N,
}

/// Reads a page of a list, in the order of the keys that `key` reads from its rows.
pub(super) async fn page<E, K, N>(
    ctx: &Context<'_>,
    asked: Asked,
    list: &List<E>,
    by: &By,
    key: impl Fn(&E::Model) -> K,
    node: impl Fn(E::Model) -> N,
) -> Result<Page<N>>
where
    E: EntityTrait,
    E::Model: FromQueryResult + Send + Sync,
    K: Key,
{
    let behind = asked.after::<K>()?.map(|key| by.behind(key));
    let found = list.window(by, behind.as_ref(), asked.length()).all(ctx.cx()?.db.read()).await?;
    Ok(Page::of(asked, found, &list.all(), key, node))
}

impl<N> Page<N> {
    /// A page of what was found: [`Asked::length`] rows, if there are so many. `all` are those that are counted.
    pub(super) fn of<E: EntityTrait, K: Key>(
        asked: Asked,
        mut found: Vec<E::Model>,
        all: &Select<E>,
        key: impl Fn(&E::Model) -> K,
        node: impl Fn(E::Model) -> N,
    ) -> Self {
        let first = usize::try_from(asked.first).unwrap_or(usize::MAX);
        let has_next = found.len() > first;
        found.truncate(first);
        let edge = |row| Edge { cursor: Cursor(key(&row).write()), node: node(row) };
        Self { edges: found.into_iter().map(edge).collect(), asked, has_next, total: Total::of(all) }
    }
}

impl<N: OutputType> TypeName for Page<N> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", N::type_name()).into()
    }
}

impl<N: OutputType> TypeName for Edge<N> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", N::type_name()).into()
    }
}

/// A page of a list, by Relay's rules.
#[Object(name_type)]
impl<N: OutputType> Page<N> {
    /// The nodes and their cursors.
    async fn edges(&self) -> &[Edge<N>] {
        &self.edges
    }

    /// The nodes alone.
    async fn nodes(&self) -> Vec<&N> {
        self.edges.iter().map(|edge| &edge.node).collect()
    }

    /// Where this page stands in the list. An empty page's `endCursor` is the `after` that it was asked for.
    async fn page_info(&self) -> PageInfo {
        let cursor = |edge: &Edge<N>| edge.cursor.encode_cursor();
        let after = || self.asked.after.as_ref().map(CursorType::encode_cursor);
        PageInfo {
            has_previous_page: self.asked.after.is_some(),
            has_next_page: self.has_next,
            start_cursor: self.edges.first().map(cursor),
            end_cursor: self.edges.last().map(cursor).or_else(after),
        }
    }

    /// How many there are in all; counting stops at 10,000.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i32> {
        let row = ctx.cx()?.db.read().query_one(&self.total.0).await?;
        Ok(row.map_or(Ok(0), |row| row.try_get_by_index::<i64>(0)).map(int)?)
    }
}

/// A node and its place in the list.
#[Object(name_type)]
impl<N: OutputType> Edge<N> {
    /// The node.
    async fn node(&self) -> &N {
        &self.node
    }

    /// Its place: what `after` takes.
    async fn cursor(&self) -> String {
        self.cursor.encode_cursor()
    }
}

/// How many rows there are in all.
struct Total(SelectStatement);

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

#[cfg(test)]
mod tests {
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
        for at in ["0000-12-31T23:59:59Z", "+10000-01-01T00:00:00Z", "-5000-01-01T00:00:00Z"] {
            let at: DateTime<Utc> = at.parse().unwrap();
            assert_eq!(<(DateTime<Utc>, i64)>::read(&(at, 1).write()), None, "{at}");
        }
    }

    #[test]
    fn a_page_has_at_most_two_hundred_nodes() {
        assert!(Asked::new(Some(200), None).is_ok());
        assert!(Asked::new(Some(201), None).is_err());
        assert!(Asked::new(Some(-1), None).is_err());
    }
}
