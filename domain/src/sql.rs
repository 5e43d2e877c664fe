//! SQL that both databases take, about any number of rows.
//!
//! On PostgreSQL its text is the same however many rows there are: each column travels as one array, so that a statement is
//! parsed and planned once per connection, and not once per batch size. SQLite gets the rows spelled out; it parses in
//! microseconds, and has no arrays.

mod cell;
mod parts;
mod together;

use sea_orm::{
    ColumnTrait, DbBackend, Statement, Value,
    sea_query::{Expr, ExprTrait as _, SimpleExpr, extension::postgres::PgFunc},
};

pub use self::cell::Cell;
use self::cell::Column;
pub use self::parts::{PART, delete_in_parts};
pub(crate) use self::together::Together;

/// Collects rows that a statement is about.
#[derive(Debug, Default)]
pub struct Values {
    rows: Vec<Vec<Cell>>,
}

impl Values {
    /// Adds one, whose columns are of the same kinds as those of the others.
    pub fn row<const N: usize>(&mut self, columns: [Cell; N]) {
        self.rows.push(columns.into());
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
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
        let width = rows.rows.first().map_or(0, Vec::len);
        let names: Vec<String> = (1..=width).map(|n| format!("column{n}")).collect();
        match self.backend {
            DbBackend::Sqlite => format!("({}) AS v", self.spelled_out(rows)),
            // The planner sees through a single row, and looks it up by an index.
            _ if rows.rows.len() == 1 => format!("({}) AS v", self.spelled_out(rows)),
            _ => {
                // In the select list, arrays are walked side by side; in `FROM`, each would first be copied out.
                let columns = self.arrays(&rows).into_iter().zip(names);
                let columns: Vec<String> = columns.map(|(array, name)| format!("unnest({array}) AS {name}")).collect();
                format!("(SELECT {}) AS v", columns.join(", "))
            }
        }
    }

    /// What stands behind a column that is to be one of these, of which there is at least one.
    pub fn among(&mut self, cells: impl IntoIterator<Item = impl Into<Cell>>) -> String {
        let rows = Values { rows: cells.into_iter().map(|cell| vec![cell.into()]).collect() };
        match self.backend {
            _ if rows.rows.len() == 1 => format!("IN ({})", self.places(rows.rows.into_iter().flatten())),
            DbBackend::Sqlite => format!("IN ({})", self.spelled_out(rows)),
            _ => format!("= ANY({})", self.arrays(&rows).join(", ")),
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
        let rows: Vec<String> = rows.rows.into_iter().map(|row| format!("({})", self.places(row))).collect();
        format!("VALUES {}", rows.join(", "))
    }

    fn places(&mut self, cells: impl IntoIterator<Item = Cell>) -> String {
        let places: Vec<String> = cells.into_iter().map(|cell| self.value(cell)).collect();
        places.join(", ")
    }

    fn arrays(&mut self, rows: &Values) -> Vec<String> {
        let mut columns: Vec<Column> = rows.rows.first().into_iter().flatten().map(Column::of).collect();
        for row in &rows.rows {
            columns.iter_mut().zip(row).for_each(|(column, cell)| column.push(cell));
        }
        let array = |Column { kind, text }| format!("{}::text::{kind}[]", self.value(text + "}"));
        columns.into_iter().map(array).collect()
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
        let table = "(SELECT unnest($2::text::uuid[]) AS column1, unnest($3::text::bigint[]) AS column2, \
                     unnest($4::text::text[]) AS column3) AS v";
        assert_eq!(params.table(rows()), table);
        let nil = Uuid::nil();
        let [_, ids, numbers, texts] = params.values.try_into().unwrap();
        assert_eq!(ids, format!("{{{nil},{nil}}}").into());
        assert_eq!(numbers, "{1,2}".into());
        assert_eq!(texts, r#"{"a \"b\" \\ {c}",NULL}"#.into());
    }

    #[test]
    fn postgres_gets_a_single_row_and_sqlite_any_number_spelled_out() {
        let mut params = Params::new(DbBackend::Postgres);
        assert_eq!(params.among([Uuid::nil()]), "IN ($1)");
        assert_eq!(params.among([Uuid::nil(), Uuid::max()]), "= ANY($2::text::uuid[])");
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
