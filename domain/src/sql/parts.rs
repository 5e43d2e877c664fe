//! Writing much, a little at a time.

use sea_orm::{ConnectionTrait as _, DbErr};

use super::Params;
use crate::database::{Database, Urgency};

/// Rows that one transaction writes at most, where many are to be written: whoever waits for its locks waits briefly.
pub const PART: u64 = 500;

/// Deletes in transactions of their own until one has less than [`PART`] rows, so that it is in nobody's way; returns how
/// many rows. `delete` makes the statement, which deletes that many at most.
pub async fn delete_in_parts(db: &Database, delete: impl Fn(&mut Params) -> String) -> Result<u64, DbErr> {
    let mut deleted = 0;
    loop {
        let mut params = Params::new(db.backend());
        let sql = delete(&mut params);
        let txn = db.write(Urgency::Normal).await?;
        let rows = txn.execute_raw(params.statement(sql)).await?.rows_affected();
        txn.commit().await?;
        deleted += rows;
        if rows < PART {
            return Ok(deleted);
        }
    }
}
