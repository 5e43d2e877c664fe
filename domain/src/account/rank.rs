//! Which account sends: the states' part of the contract's table "Which account sends".

use chrono::{DateTime, Utc};
use nhip_entity::account::AccountState;
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// What the rules know of an account.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Candidate {
    /// The account.
    pub id: Uuid,
    /// Whose.
    pub workspace_id: Uuid,
    /// Digits alone.
    pub phone: Option<String>,
    /// Whether it can send.
    pub state: AccountState,
    /// When a person last connected it.
    pub connected_at: Option<DateTime<Utc>>,
}

/// How a state stands when nobody named the account: higher is picked first, none never.
#[must_use]
pub fn standing(state: AccountState) -> Option<u8> {
    match state {
        AccountState::Connected => Some(2),
        AccountState::Reconnecting => Some(1),
        AccountState::Restricted
        | AccountState::Paused
        | AccountState::Banned
        | AccountState::LoggedOut
        | AccountState::Pairing
        | AccountState::PasskeyRequired
        | AccountState::Removed => None,
    }
}

/// Whether an account in this state takes messages when it was named, or follows from a chat.
#[must_use]
pub fn takes_messages(state: AccountState) -> bool {
    match state {
        AccountState::Connected
        | AccountState::Reconnecting
        | AccountState::Restricted
        | AccountState::Paused
        | AccountState::Banned => true,
        AccountState::LoggedOut | AccountState::Pairing | AccountState::PasskeyRequired | AccountState::Removed => {
            false
        }
    }
}

/// Rule 4: of the active accounts, the one that a person connected most recently.
pub fn default<'a>(accounts: impl IntoIterator<Item = &'a Candidate>) -> Option<&'a Candidate> {
    accounts.into_iter().filter(|account| standing(account.state).is_some()).max_by_key(|account| rank(account))
}

/// Rule 4 as a query for one id, of the workspace that the SQL expression `workspace` names: the database picks by its index
/// what [`default`] would pick from all accounts.
pub(crate) fn default_sql(workspace: &str) -> String {
    format!(
        "SELECT a.id FROM accounts a WHERE a.workspace_id = {workspace} AND a.state IN ('CONNECTED', 'RECONNECTING') \
         ORDER BY CASE a.state WHEN 'CONNECTED' THEN 0 ELSE 1 END, a.connected_at DESC, a.id DESC LIMIT 1"
    )
}

/// Rule 4's order: what is higher is picked first.
#[must_use]
pub fn rank(account: &Candidate) -> impl Ord + use<> {
    (standing(account.state), account.connected_at, account.id)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn account(n: u128, state: AccountState, connected_h_ago: i64) -> Candidate {
        let connected_at = DateTime::UNIX_EPOCH + TimeDelta::hours(1_000 - connected_h_ago);
        Candidate {
            id: Uuid::from_u128(n),
            workspace_id: Uuid::nil(),
            phone: None,
            state,
            connected_at: Some(connected_at),
        }
    }

    #[test]
    fn the_account_connected_most_recently_is_the_default() {
        let accounts = [account(1, AccountState::Connected, 5), account(2, AccountState::Connected, 1)];
        assert_eq!(default(&accounts).unwrap().id, Uuid::from_u128(2));
    }

    #[test]
    fn a_reconnecting_account_is_picked_only_if_none_is_connected() {
        let newer = account(2, AccountState::Reconnecting, 1);
        assert_eq!(default(&[account(1, AccountState::Connected, 5), newer.clone()]).unwrap().id, Uuid::from_u128(1));
        assert_eq!(default(&[account(1, AccountState::Paused, 5), newer]).unwrap().id, Uuid::from_u128(2));
    }

    #[test]
    fn restricted_paused_banned_and_lost_accounts_are_never_the_default() {
        use AccountState::*;
        for state in [Restricted, Paused, Banned, LoggedOut, Pairing, PasskeyRequired, Removed] {
            assert_eq!(default(&[account(1, state, 1)]), None, "{state:?}");
        }
    }

    proptest! {
        #[test]
        fn the_default_does_not_depend_on_the_order_in_which_accounts_are_read(hours in proptest::collection::vec(0..5i64, 1..6)) {
            let mut accounts: Vec<_> =
                (0u128..).zip(&hours).map(|(n, hours)| account(n, AccountState::Connected, *hours)).collect();
            let forward = default(&accounts).unwrap().id;
            accounts.reverse();
            prop_assert_eq!(default(&accounts).unwrap().id, forward);
        }
    }
}
