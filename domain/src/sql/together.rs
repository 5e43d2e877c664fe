//! Writes of one transaction that need nothing of each other's outcome.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};

use crate::database::Transaction;

use super::Params;

/// Several writes: PostgreSQL takes them in one round trip, as one statement; SQLite, which is in the process, one by one,
/// in the order in which they were added.
#[derive(Debug)]
pub(crate) struct Together {
    backend: DbBackend,
    writes: Vec<Statement>,
    chained: Vec<String>,
    params: Params,
}

impl Together {
    pub(crate) fn new(backend: DbBackend) -> Self {
        Self { backend, writes: Vec::new(), chained: Vec::new(), params: Params::new(backend) }
    }

    /// Which database takes them.
    pub(crate) fn backend(&self) -> DbBackend {
        self.backend
    }

    /// Adds one write, whose text is made with the parameters that it is given. On PostgreSQL, the next ones may read what it
    /// returns, under the name that comes back.
    pub(crate) fn add(&mut self, write: impl FnOnce(&mut Params) -> String) -> String {
        let sql = write(&mut self.params);
        let name = name(self.chained.len());
        match self.backend {
            DbBackend::Sqlite => {
                let params = std::mem::replace(&mut self.params, Params::new(self.backend));
                self.writes.push(params.statement(sql));
            }
            _ => self.chained.push(sql),
        }
        name
    }

    /// Runs them.
    pub(crate) async fn run(mut self, txn: &Transaction) -> Result<(), DbErr> {
        if let Some(last) = self.chained.pop() {
            let before = self.chained.iter().enumerate().map(|(n, sql)| format!("{} AS ({sql})", name(n)));
            let before: Vec<String> = before.collect();
            let sql = if before.is_empty() { last } else { format!("WITH {} {last}", before.join(", ")) };
            self.writes.push(self.params.statement(sql));
        }
        for write in self.writes {
            txn.execute_raw(write).await?;
        }
        Ok(())
    }
}

/// What the write of a number is called within the statement of all.
fn name(number: usize) -> String {
    format!("w{number}")
}
