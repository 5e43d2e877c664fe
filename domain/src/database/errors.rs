//! What an error of the database tells.

use sea_orm::{DbErr, RuntimeErr};

/// Whether the connection is gone: broken, or ended by the server (SQLSTATE class 57P, operator intervention; 25P03, for a
/// transaction that did nothing for too long).
pub(crate) fn is_dead(err: &DbErr) -> bool {
    let (DbErr::Conn(RuntimeErr::SqlxError(err)) | DbErr::Query(RuntimeErr::SqlxError(err))) = err else {
        return false;
    };
    match &**err {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(err) => err.code().is_some_and(|code| code.starts_with("57P") || code == "25P03"),
        _ => false,
    }
}

/// Whether a statement gave up because somebody else kept what it wanted to lock (SQLSTATE 55P03, by `lock_timeout`).
pub(crate) fn met_a_lock(err: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(err)) | DbErr::Query(RuntimeErr::SqlxError(err))) = err else {
        return false;
    };
    matches!(&**err, sqlx::Error::Database(err) if err.code().is_some_and(|code| code == "55P03"))
}

/// Why there is no connection.
pub(super) fn connect_error(err: sqlx::Error) -> DbErr {
    match err {
        sqlx::Error::Database(err) => said(err.message()),
        err => DbErr::Conn(RuntimeErr::SqlxError(err.into())),
    }
}

pub(super) fn said(what: &str) -> DbErr {
    DbErr::Conn(RuntimeErr::Internal(what.to_owned()))
}
