//! Whom WhatsApp knows by other digits than they are called by: numbers of Brazil and Mexico have two spellings, and the one
//! that tools use is not always the one that people write from. What a chat was last addressed as otherwise is kept with it,
//! so that a recipient's pause and window are one, however they are given.

use sea_orm::{ConnectionTrait, DbErr};

use crate::{
    database::Transaction,
    sql::{Params, Values},
};

/// Notes of chats, by their numbers, the JIDs that they were addressed as.
pub(crate) async fn addressed(txn: &Transaction, chats: &[(i64, &str)]) -> Result<(), DbErr> {
    if chats.is_empty() {
        return Ok(());
    }
    let mut rows = Values::default();
    chats.iter().for_each(|(chat_id, jid)| rows.row([(*chat_id).into(), (*jid).into()]));
    let mut params = Params::new(txn.get_database_backend());
    let table = params.table(rows);
    let sql = format!(
        "UPDATE chats SET addressed_as = v.column2 FROM {table} \
         WHERE chats.id = v.column1 AND chats.addressed_as IS DISTINCT FROM v.column2"
    );
    txn.execute_raw(params.statement(sql)).await.map(drop)
}
