//! Small pieces of SQL that both databases take.

use sea_orm::Value;

/// Collects rows for `(VALUES …) AS v`, whose columns both databases call `column1`, `column2`, …
#[derive(Debug, Default)]
pub(crate) struct Values {
    rows: Vec<String>,
    values: Vec<Value>,
}

impl Values {
    /// Parameters that come before the rows.
    pub(crate) fn after(values: impl IntoIterator<Item = Value>) -> Self {
        Self { rows: Vec::new(), values: values.into_iter().collect() }
    }

    pub(crate) fn row<const N: usize>(&mut self, columns: [Value; N]) {
        let first = self.values.len() + 1;
        let places: Vec<String> = (first..first + N).map(|n| format!("${n}")).collect();
        self.rows.push(format!("({})", places.join(", ")));
        self.values.extend(columns);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// `(VALUES (…), (…)) AS v`, and the parameters.
    pub(crate) fn table(self) -> (String, Vec<Value>) {
        (format!("(VALUES {}) AS v", self.rows.join(", ")), self.values)
    }

    /// `(…), (…)` without the keyword, and the parameters: for `IN`.
    pub(crate) fn list(self) -> (String, Vec<Value>) {
        (self.rows.join(", "), self.values)
    }
}
