//! Granting credits, and taking them back.

use nhip_entity::{
    credit_entry::{self, CreditKind},
    workspace,
};
use sea_orm::EntityTrait;
use serde_json::json;

use crate::{
    audit::{self, Change},
    cx::Cx,
    database::Urgency,
    error::{Broken, Result},
    ledger::{Book, Note},
    lock,
    refusal::Refusal,
    signal::Event,
    tenant::Biller,
};
use sea_orm::{ColumnTrait, QueryFilter};

/// The most that a balance can be: what every client's whole numbers hold.
const MOST: i64 = i32::MAX as i64;
const MAX_REASON: usize = 500;
/// Bytes of a key, at most.
const MAX_KEY: usize = 255;

/// A grant to be; a negative one takes credits back.
#[derive(Clone, Debug)]
pub struct NewGrant {
    /// How many.
    pub amount: i64,
    /// Why, for people.
    pub reason: String,
    /// Unique per workspace, for ever.
    pub key: String,
}

/// The entry that a grant made, now or when its key was first used.
#[derive(Clone, Debug)]
pub struct Granted {
    /// The entry.
    pub entry: credit_entry::Model,
    /// Whether the key was used before, so that nothing moved now.
    pub repeated: bool,
}

/// Grants credits once per key: the same key and amount answers with the first entry.
///
/// Refused as [`Refusal::Conflict`] where the key was used with another amount, and as [`Refusal::BadInput`] where more
/// would be taken than there is; either way nothing moves.
pub async fn grant(cx: &Cx, biller: &Biller, new: &NewGrant) -> Result<Granted> {
    check(new)?;
    let workspace_id = biller.workspace_id();
    let txn = cx.db.write(Urgency::Normal).await?;
    let locked = lock::workspaces(&txn, [workspace_id]).await?;
    let workspace = locked.first().ok_or(Refusal::NotFound)?;
    let before = credit_entry::Entity::find()
        .filter(credit_entry::Column::WorkspaceId.eq(workspace_id))
        .filter(credit_entry::Column::IdempotencyKey.eq(&*new.key))
        .one(&*txn)
        .await?;
    if let Some(entry) = before {
        return repeat(entry, new.amount);
    }
    let kind = decide(workspace, new.amount)?;
    let mut book = Book::open(cx.now(), &locked);
    let note =
        Note { reason: Some(new.reason.trim().to_owned()), idempotency_key: Some(new.key.clone()), ..Note::default() };
    let number = book.add(workspace_id, kind, new.amount, note).ok_or(Broken::Unreadable("balance"))?;
    book.write(&txn).await?;
    let change = biller.change("credits.grant", Some(number.to_string()));
    let detail = json!({"amount": new.amount, "balance_before": workspace.balance});
    audit::record(cx, &*txn, Change { detail: Some(detail), ..change }).await?;
    let entry = credit_entry::Entity::find_by_id((workspace_id, number)).one(&*txn).await?;
    let entry = entry.ok_or(Broken::Unreadable("entry just written"))?;
    txn.commit().await?;
    cx.signals.changed(Event::Credits { workspace_id });
    Ok(Granted { entry, repeated: false })
}

fn repeat(entry: credit_entry::Model, amount: i64) -> Result<Granted> {
    if entry.amount == amount {
        return Ok(Granted { entry, repeated: true });
    }
    Err(Refusal::Conflict(format!("This key was used before, for an amount of {}; use a new key", entry.amount)).into())
}

/// What kind of entry it is, if the balance allows it.
fn decide(workspace: &workspace::Model, amount: i64) -> Result<CreditKind, Refusal> {
    let refuse = |problem: String| Err(Refusal::BadInput { field: "amount", problem });
    match workspace.balance + amount {
        ..0 => refuse(format!("`amount` takes more than the balance of {}", workspace.balance)),
        0..=MOST if amount < 0 => Ok(CreditKind::Adjust),
        0..=MOST => Ok(CreditKind::Grant),
        _ => refuse(format!("`amount` would raise the balance over {MOST}")),
    }
}

fn check(new: &NewGrant) -> Result<(), Refusal> {
    let refuse = |field, problem: &str| Err(Refusal::BadInput { field, problem: format!("`{field}` {problem}") });
    if new.amount == 0 || new.amount.abs() > MOST {
        return refuse("amount", "must be a number of credits other than 0");
    }
    if new.key.is_empty() || new.key.len() > MAX_KEY || new.key.chars().any(char::is_control) {
        return refuse("idempotencyKey", "must have 1 to 255 bytes, and no control characters");
    }
    let reason = new.reason.trim();
    if reason.is_empty() || reason.chars().count() > MAX_REASON || reason.contains('\0') {
        return refuse("reason", "must have 1 to 500 characters");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(balance: i64) -> workspace::Model {
        workspace::Model {
            id: uuid::Uuid::nil(),
            name: String::new(),
            created_at: chrono::DateTime::UNIX_EPOCH,
            deleted_at: None,
            balance,
            last_entry: 0,
            verified_entry: 0,
            last_place: 0,
            last_activation: 0,
            version: 0,
        }
    }

    #[test]
    fn no_more_is_taken_than_there_is() {
        assert_eq!(decide(&with(10), -10), Ok(CreditKind::Adjust));
        assert!(decide(&with(10), -11).is_err());
    }

    #[test]
    fn no_balance_grows_over_what_clients_can_count() {
        assert_eq!(decide(&with(0), MOST), Ok(CreditKind::Grant));
        assert!(decide(&with(1), MOST).is_err());
    }

    #[test]
    fn a_grant_of_nothing_or_without_a_key_or_reason_is_refused() {
        let good = NewGrant { amount: 1, reason: "order 7".to_owned(), key: "7".to_owned() };
        assert!(check(&good).is_ok());
        assert!(check(&NewGrant { amount: 0, ..good.clone() }).is_err());
        assert!(check(&NewGrant { key: String::new(), ..good.clone() }).is_err());
        assert!(check(&NewGrant { key: "đơn hàng số 7".to_owned(), ..good.clone() }).is_ok());
        for key in ["é".repeat(128), "a\u{85}b".to_owned(), "a\nb".to_owned()] {
            assert!(check(&NewGrant { key: key.clone(), ..good.clone() }).is_err(), "{key:?}");
        }
        assert!(check(&NewGrant { reason: " ".to_owned(), ..good }).is_err());
    }
}
