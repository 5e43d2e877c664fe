//! Lines that a killed process, or an error, owes the log: written by whichever process looks first. Until then, nothing is
//! reported of the message (see [`super::play`]), so that nobody learns of what the log does not show.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use nhip_domain::{Broken, Database, clock::Clock, database::Urgency, sql::among};
use nhip_entity::simulator_message::{self, Column};
use sea_orm::{DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _, prelude::*};
use tokio::time::{Instant, sleep};

use super::log::Log;

/// How old a stored message may be when the process that stored it writes its line.
pub(super) const FRESH: Duration = Duration::from_secs(2);
/// How long another process must have seen it owe its line before it writes that.
const FORSAKEN: Duration = Duration::from_secs(3);
/// Between two looks.
const LOOK: Duration = Duration::from_millis(500);

/// Completes the log for ever. Where this process alone writes to the database, whatever is older than it is forsaken.
///
/// Each process goes by its own monotonic clock: who stored a message counts from before it did, and any other from when it
/// first saw it. Their wall clocks may disagree, and jump.
pub(super) async fn keep_up(db: Database, clock: Clock, log: Arc<Log>) {
    let mut watch = Watch { started: db.is_embedded().then(|| clock.now()), seen: HashMap::new() };
    loop {
        if let Err(err) = complete(&db, &log, &mut watch, clock.instant()).await {
            tracing::error!(error = &err as &dyn std::error::Error, "the simulator cannot complete its log");
        }
        sleep(LOOK).await;
    }
}

/// Lines that messages owe, and since when this process knows.
struct Watch {
    /// When this process started, if no other has written since.
    started: Option<DateTime<Utc>>,
    seen: HashMap<String, Instant>,
}

impl Watch {
    /// Those of the rows that owe a line that nobody else will write.
    fn forsaken(&mut self, owing: Vec<simulator_message::Model>, now: Instant) -> Vec<simulator_message::Model> {
        let is_owed = |line: &String| owing.iter().any(|row| row.line.as_ref() == Some(line));
        self.seen.retain(|line, _| is_owed(line));
        owing.into_iter().filter(|row| self.is_forsaken(row, now)).collect()
    }

    fn is_forsaken(&mut self, row: &simulator_message::Model, now: Instant) -> bool {
        let Some(line) = &row.line else { return false };
        let since = *self.seen.entry(line.clone()).or_insert(now);
        now - since > FORSAKEN || self.started.is_some_and(|started| row.received_at < started)
    }
}

async fn complete(db: &Database, log: &Log, watch: &mut Watch, now: Instant) -> Result<(), Broken> {
    let owing = simulator_message::Entity::find().filter(Column::Line.is_not_null());
    let owing = owing.order_by_asc(Column::ReceivedAt).all(db.read()).await?;
    let rows = watch.forsaken(owing, now).into_iter();
    let (ids, lines): (Vec<String>, Vec<String>) = rows.filter_map(|row| Some((row.id, row.line?))).unzip();
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

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn owing(line: &str, received_at: DateTime<Utc>) -> simulator_message::Model {
        simulator_message::Model {
            account_id: Uuid::nil(),
            jid: "12025550100@s.whatsapp.net".to_owned(),
            id: "3EB0A".to_owned(),
            kind: "text".to_owned(),
            text: String::new(),
            file_name: None,
            line: Some(line.to_owned()),
            received_at,
            times: 1,
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_is_forsaken_once_it_was_seen_for_long_whatever_the_clock_of_who_owes_it_shows() {
        let (clock, mut watch) = (Clock::system(), Watch { started: None, seen: HashMap::new() });
        for skew in [TimeDelta::hours(-1), TimeDelta::hours(1)] {
            let row = owing(&skew.to_string(), clock.now() + skew);
            assert!(watch.forsaken(vec![row.clone()], clock.instant()).is_empty(), "{skew}");
            sleep(FRESH).await;
            assert!(watch.forsaken(vec![row.clone()], clock.instant()).is_empty(), "{skew}");
            sleep(FORSAKEN).await;
            assert_eq!(watch.forsaken(vec![row.clone()], clock.instant()), [row], "{skew}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_process_that_is_alone_did_not_store_itself_is_forsaken_at_once() {
        let clock = Clock::system();
        let started = clock.now();
        let mut watch = Watch { started: Some(started), seen: HashMap::new() };
        let rows = vec![owing("a", started - TimeDelta::seconds(1)), owing("b", started + TimeDelta::seconds(1))];
        let forsaken = watch.forsaken(rows, clock.instant());
        assert_eq!(forsaken.iter().filter_map(|row| row.line.as_deref()).collect::<Vec<_>>(), ["a"]);
    }
}
