//! The built-in WhatsApp forgets: an id comes again while its message is on its way, and no later.

use chrono::TimeDelta;
use nhip_domain::{
    Cx,
    sql::{PART, delete_in_parts},
};
use sea_orm::DbErr;

/// How long it remembers what it received; shorter where texts are kept shorter.
const REMEMBERS: TimeDelta = TimeDelta::days(7);

/// Forgets what came long ago and stands in the log, 500 messages at a time; returns how many.
pub(crate) async fn forget(cx: &Cx) -> Result<u64, DbErr> {
    let kept = cx.settings.keep_text.and_then(|keep| TimeDelta::from_std(keep).ok());
    let before = cx.now() - kept.map_or(REMEMBERS, |kept| kept.min(REMEMBERS));
    delete_in_parts(&cx.db, |params| {
        let before = params.value(before);
        format!(
            "DELETE FROM simulator_messages WHERE (account_id, jid, id) IN (\
               SELECT s.account_id, s.jid, s.id FROM simulator_messages s WHERE s.received_at < {before} AND s.line IS NULL \
               AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = s.id AND m.status IN ('QUEUED', 'SENDING')) \
               LIMIT {PART})"
        )
    })
    .await
}
