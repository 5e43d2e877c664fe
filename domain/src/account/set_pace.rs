//! How close together an account's messages may leave.

use nhip_entity::account;
use serde_json::json;
use uuid::Uuid;

use super::change::{Decision, change};
use crate::{cx::Cx, error::Result, refusal::Refusal, settings::Settings, tenant::Admin};

/// The longest pause between two messages.
const LONGEST_MS: i32 = 3_600_000;

/// Sets the pace from the next beat on.
///
/// Refused where it is under the installation's floor, over an hour, or its minimum over its maximum.
pub async fn set_pace(cx: &Cx, admin: &Admin, account_id: Uuid, min_ms: i32, max_ms: i32) -> Result<account::Model> {
    check(&cx.settings, min_ms, max_ms)?;
    change(cx, admin, account_id, "account.set_pace", |account| {
        let detail = json!({"before": [account.pace_min_ms, account.pace_max_ms], "after": [min_ms, max_ms]});
        let after = account::Model { pace_min_ms: min_ms, pace_max_ms: max_ms, ..account.clone() };
        Ok(Some(Decision { after, detail: Some(detail) }))
    })
    .await
}

fn check(settings: &Settings, min_ms: i32, max_ms: i32) -> Result<(), Refusal> {
    let refuse = |field, problem: String| Err(Refusal::BadInput { field, problem });
    let floor = settings.pace_floor.as_millis();
    if u128::try_from(min_ms).map_or(true, |min| min < floor) {
        return refuse("minMs", format!("`minMs` must be at least {floor}, this installation's floor"));
    }
    if max_ms < min_ms || max_ms > LONGEST_MS {
        return refuse("maxMs", format!("`maxMs` must be between `minMs` and {LONGEST_MS}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_stays_between_the_floor_and_an_hour() {
        let settings = Settings::default();
        for (min, max) in [(500, 500), (1_500, 2_500), (500, LONGEST_MS)] {
            assert_eq!(check(&settings, min, max), Ok(()), "{min} {max}");
        }
        for (min, max) in [(499, 2_000), (-1, 2_000), (2_000, 1_999), (500, LONGEST_MS + 1)] {
            assert!(check(&settings, min, max).is_err(), "{min} {max}");
        }
    }
}
