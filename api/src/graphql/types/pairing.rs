//! Connecting an account by a QR code or a pairing code.

use async_graphql::SimpleObject;
use nhip_entity::account;

use super::super::{
    enums::{AccountReason, AccountState},
    scalars::DateTime,
};

/// What to do now to pair an account, or how that ended.
#[derive(SimpleObject)]
pub(crate) struct PairingEvent {
    /// The text of the QR code to show.
    qr_code: Option<String>,
    /// The code to type into the phone instead.
    pairing_code: Option<String>,
    /// Until when the codes are good.
    expires_at: Option<DateTime>,
    /// The account's state.
    state: AccountState,
    /// Why it is in it.
    reason: Option<AccountReason>,
}

impl PairingEvent {
    /// Nothing is left to pair.
    pub(crate) fn over(row: &account::Model) -> Self {
        Self {
            qr_code: None,
            pairing_code: None,
            expires_at: None,
            state: row.state.into(),
            reason: row.reason.map(Into::into),
        }
    }
}
