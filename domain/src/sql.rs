//! SQL that both databases take, about any number of rows.
//!
//! On PostgreSQL its text is the same however many rows there are: each column travels as one array, so that a statement is
//! parsed and planned once per connection, and not once per batch size. SQLite gets the rows spelled out; it parses in
//! microseconds, and has no arrays.

mod cell;
mod parts;
mod together;

use sea_orm::{
    ColumnTrait, DbBackend, IdenStatic, Statement, Value,
    sea_query::{Expr, ExprTrait as _, SimpleExpr, extension::postgres::PgFunc},
};

pub use self::cell::Cell;
use self::cell::Column;
pub use self::parts::{PART, delete_in_parts};
pub(crate) use self::together::Together;

/// Collects rows that a statement is about.
#[derive(Debug, Default)]
pub struct Values {
    columns: Vec<Column>,
}

impl Values {
    /// Adds one, whose columns are of the same kinds as those of the others.
    pub fn row<const N: usize>(&mut self, cells: [Cell; N]) {
        self.columns.resize_with(N, Column::default);
        self.columns.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell));
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.first().map_or(0, Column::len)
    }
}

/// The parameters of one statement, in the order of their numbers.
#[derive(Debug)]
pub struct Params {
    backend: DbBackend,
    values: Vec<Value>,
}

impl Params {
    /// None yet, in the database's own dialect.
    #[must_use]
    pub fn new(backend: DbBackend) -> Self {
        Self { backend, values: Vec::new() }
    }

    /// One value; how the statement names it.
    pub fn value(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// Rows as a table `v` for `FROM`, whose columns are called `column1`, `column2`, …
    pub fn table(&mut self, rows: Values) -> String {
        match self.backend {
            DbBackend::Sqlite => format!("({}) AS v", self.spelled_out(rows)),
            // The planner sees through a single row, and looks it up by an index.
            _ if rows.len() == 1 => format!("({}) AS v", self.spelled_out(rows)),
            _ => {
                // In the select list, arrays are walked side by side; in `FROM`, each would first be copied out.
                let arrays =
                    (1..).zip(rows.columns).map(|(n, column)| format!("unnest({}) AS column{n}", self.array(column)));
                let arrays: Vec<String> = arrays.collect();
                format!("(SELECT {}) AS v", arrays.join(", "))
            }
        }
    }

    /// What stands behind a column that is to be one of these, of which there is at least one.
    pub fn among(&mut self, cells: impl IntoIterator<Item = impl Into<Cell>>) -> String {
        let mut column = Column::default();
        cells.into_iter().for_each(|cell| column.push(cell.into()));
        match self.backend {
            DbBackend::Sqlite => format!("IN ({})", self.places(column.into_values())),
            _ if column.len() == 1 => format!("IN ({})", self.places(column.into_values())),
            _ => format!("= ANY({})", self.array(column)),
        }
    }

    /// The statement, whose text names these parameters.
    #[must_use]
    pub fn statement(self, sql: impl Into<String>) -> Statement {
        let (sql, values) = match self.backend {
            DbBackend::Sqlite => without_names(&sql.into(), self.values),
            _ => (sql.into(), self.values),
        };
        Statement::from_sql_and_values(self.backend, sql, values)
    }

    fn spelled_out(&mut self, rows: Values) -> String {
        let count = rows.len();
        let mut columns: Vec<_> = rows.columns.into_iter().map(Column::into_values).collect();
        let rows = (0..count).map(|_| format!("({})", self.places(columns.iter_mut().filter_map(Iterator::next))));
        let rows: Vec<String> = rows.collect();
        format!("VALUES {}", rows.join(", "))
    }

    fn places(&mut self, values: impl Iterator<Item = Value>) -> String {
        let places: Vec<String> = values.map(|value| self.value(value)).collect();
        places.join(", ")
    }

    fn array(&mut self, column: Column) -> String {
        let (array, cast) = column.into_array();
        self.value(array) + &cast
    }
}

/// The same statement with a plain `?` for each parameter, and their values in that order. The driver asks for the name of
/// each, and SQLite walks through all names to answer: for a thousand, that takes longer than the statement.
fn without_names(sql: &str, values: Vec<Value>) -> (String, Vec<Value>) {
    let (mut text, mut numbers) = (String::with_capacity(sql.len()), Vec::with_capacity(values.len()));
    let mut parts = sql.split('$');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let after = part.trim_start_matches(|digit: char| digit.is_ascii_digit());
        match part.strip_suffix(after).unwrap_or_default().parse::<usize>() {
            Ok(number) => {
                text.push('?');
                numbers.push(number);
            }
            Err(_no_number) => text.push('$'),
        }
        text.push_str(after);
    }
    if numbers.iter().copied().eq(1..=values.len()) {
        return (text, values);
    }
    let named = |number: &usize| number.checked_sub(1).and_then(|at| values.get(at)).cloned();
    (text, numbers.iter().filter_map(named).collect())
}

/// Columns by their names, as they are known here, of the table (or its alias) `of`. A star would be one more column once a
/// newer schema has one: PostgreSQL refuses a prepared statement whose result is no longer as it was.
#[must_use]
pub fn columns<C: IdenStatic>(of: &str, columns: impl IntoIterator<Item = C>) -> String {
    let columns = columns.into_iter().map(|column| format!("{of}.{}", column.as_str()));
    columns.collect::<Vec<_>>().join(", ")
}

/// Whether a column is one of `values`: for queries that are built.
pub fn among<T>(backend: DbBackend, column: impl ColumnTrait, values: Vec<T>) -> SimpleExpr
where
    T: Into<Value>,
    Vec<T>: Into<Value>,
{
    match backend {
        _ if values.len() == 1 => column.is_in(values),
        DbBackend::Sqlite => column.is_in(values),
        _ => column.into_expr().eq(PgFunc::any(Expr::val(values))),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn rows() -> Values {
        let mut rows = Values::default();
        rows.row([Uuid::nil().into(), 1_i64.into(), Some("a \"b\" \\ {c}").into()]);
        rows.row([Uuid::nil().into(), 2_i64.into(), None::<&str>.into()]);
        rows
    }

    #[test]
    fn postgres_gets_one_array_per_column_however_many_rows_there_are() {
        let mut params = Params::new(DbBackend::Postgres);
        assert_eq!(params.value(7), "$1");
        let table = "(SELECT unnest($2) AS column1, unnest($3) AS column2, unnest($4::text::text[]) AS column3) AS v";
        assert_eq!(params.table(rows()), table);
        let nil = Uuid::nil();
        let [_, ids, numbers, texts] = params.values.try_into().unwrap();
        assert_eq!(ids, vec![nil, nil].into());
        assert_eq!(numbers, vec![1_i64, 2].into());
        assert_eq!(texts, r#"{"a \"b\" \\ {c}",NULL}"#.into());
    }

    #[test]
    fn postgres_gets_a_single_row_and_sqlite_any_number_spelled_out() {
        let mut params = Params::new(DbBackend::Postgres);
        assert_eq!(params.among([Uuid::nil()]), "IN ($1)");
        assert_eq!(params.among([Uuid::nil(), Uuid::max()]), "= ANY($2)");
        let mut params = Params::new(DbBackend::Sqlite);
        assert_eq!(params.table(rows()), "(VALUES ($1, $2, $3), ($4, $5, $6)) AS v");
    }

    #[test]
    fn sqlite_gets_the_values_in_the_order_of_its_text() {
        let mut params = Params::new(DbBackend::Sqlite);
        let (now, table, path) = (params.value(7), params.table(rows()), "'$.at'");
        let statement = params.statement(format!("SELECT v.*, {now}, x ->> {path} FROM {table} WHERE y > {now}"));
        assert_eq!(statement.sql, "SELECT v.*, ?, x ->> '$.at' FROM (VALUES (?, ?, ?), (?, ?, ?)) AS v WHERE y > ?");
        let values = statement.values.unwrap().0;
        assert_eq!((values.first(), values.last(), values.len()), (Some(&7.into()), Some(&7.into()), 8));
        assert_eq!(values.get(2), Some(&1_i64.into()));
    }
}
