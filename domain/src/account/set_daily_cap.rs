//! How many messages an account sends within 24 h, at most.

use nhip_entity::account;
use serde_json::json;
use uuid::Uuid;

use super::change::{Decision, change};
use crate::{cx::Cx, error::Result, refusal::Refusal, tenant::Admin};

/// The largest cap: more than the fastest pace sends in a day.
const LARGEST: i32 = 1_000_000;

/// Sets the cap, or takes it away, from the next beat on. What is over it waits in the queue.
///
/// Refused where it is no number from 1 to 1,000,000.
pub async fn set_daily_cap(cx: &Cx, admin: &Admin, account_id: Uuid, cap: Option<i32>) -> Result<account::Model> {
    check(cap)?;
    let account = change(cx, admin, account_id, "account.set_daily_cap", |account| {
        let detail = json!({"before": account.daily_cap, "after": cap});
        let after = account::Model { daily_cap: cap, capped_until: None, ..account.clone() };
        Ok(Some(Decision { after, detail: Some(detail) }))
    })
    .await?;
    cx.signals.nudge(account_id);
    Ok(account)
}

fn check(cap: Option<i32>) -> Result<(), Refusal> {
    if cap.is_none_or(|cap| (1..=LARGEST).contains(&cap)) {
        return Ok(());
    }
    let problem = format!("`dailyCap` must be between 1 and {LARGEST}, or null for no cap; pauseAccount stops sending");
    Err(Refusal::BadInput { field: "dailyCap", problem })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cap_is_at_least_one_message() {
        for cap in [None, Some(1), Some(LARGEST)] {
            assert_eq!(check(cap), Ok(()), "{cap:?}");
        }
        for cap in [0, -1, LARGEST + 1] {
            assert!(check(Some(cap)).is_err(), "{cap}");
        }
    }
}
