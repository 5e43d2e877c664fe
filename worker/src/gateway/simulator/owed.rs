//! Lines that a killed process, or an error, owes the log: written by whichever process looks first. Until then, nothing is
//! reported of the message (see [`super::play`]), so that nobody learns of what the log does not show.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use nhip_domain::{Broken, Database, clock::Clock, database::Urgency, sql::among};
use nhip_entity::simulator_message::{self, Column};
use sea_orm::{DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, prelude::*};
use tokio::time::sleep;

use super::log::Log;

/// How old a stored message may be when the process that stored it writes its line.
pub(super) const FRESH: Duration = Duration::from_secs(2);
/// How old it must be for another process to do that.
const FORSAKEN: Duration = Duration::from_secs(3);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(500);

/// Completes the log for ever. Where this process alone writes to the database, whatever is older than it is forsaken.
pub(super) async fn keep_up(db: Database, clock: Clock, log: Arc<Log>) {
    let started = clock.now();
    loop {
        let forsaken = clock.now() - FORSAKEN;
        let before = if db.is_embedded() { forsaken.max(started) } else { forsaken };
        if let Err(err) = complete(&db, &log, before).await {
            tracing::error!(error = &err as &dyn std::error::Error, "the simulator cannot complete its log");
        }
        sleep(LOOK).await;
    }
}

async fn complete(db: &Database, log: &Log, before: DateTime<Utc>) -> Result<(), Broken> {
    let rows = simulator_message::Entity::find()
        .filter(Column::Line.is_not_null())
        .filter(Column::ReceivedAt.lt(before))
        .order_by_asc(Column::ReceivedAt)
        .all(db.read())
        .await?;
    let (ids, lines): (Vec<String>, Vec<String>) = rows.into_iter().filter_map(|row| Some((row.id, row.line?))).unzip();
    log.complete(&lines).map_err(|source| Broken::Io { what: "complete the simulator's log".to_owned(), source })?;
    Ok(clear(db, &ids).await?)
}

/// These lines stand in the log.
pub(super) async fn clear(db: &Database, ids: &[String]) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    let txn = db.write(Urgency::Normal).await?;
    simulator_message::Entity::update_many()
        .col_expr(Column::Line, Expr::value(None::<String>))
        .filter(Column::Line.is_not_null())
        .filter(among(db.backend(), Column::Id, ids.to_vec()))
        .exec(&*txn)
        .await?;
    txn.commit().await
}
