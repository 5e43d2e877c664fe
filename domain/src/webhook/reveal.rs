//! Showing the URL again.

use nhip_entity::webhook;

use crate::{
    audit,
    cx::Cx,
    database::Urgency,
    error::{Broken, Result},
    refusal::Refusal,
    tenant::Admin,
    token::{Token, TokenKind},
};

/// The webhook and its secret.
#[derive(Clone, Debug)]
pub struct Revealed {
    /// The secret in the URL.
    pub token: Token,
    /// The row.
    pub webhook: webhook::Model,
}

/// Opens the sealed copy of the token; written down before it is shown.
///
/// Refused as [`Refusal::Conflict`] before the first URL was generated.
pub async fn reveal(cx: &Cx, admin: &Admin) -> Result<Revealed> {
    let workspace_id = admin.workspace_id();
    let webhook = admin.tenant().webhook().one(cx.db.read()).await?.ok_or(Refusal::NotFound)?;
    let sealed = webhook
        .token_sealed
        .as_deref()
        .ok_or_else(|| Refusal::Conflict("No webhook URL was generated yet; generate one".to_owned()))?;
    let token = cx.secret.open(workspace_id.as_bytes(), sealed)?;
    let token = std::str::from_utf8(&token).ok().and_then(|text| Token::parse(TokenKind::Webhook, text));
    let token = token.ok_or(Broken::Unreadable("webhook token"))?;
    let txn = cx.db.write(Urgency::Normal).await?;
    audit::record(cx, &*txn, admin.tenant().change("webhook.reveal_url", token.hint())).await?;
    txn.commit().await?;
    Ok(Revealed { token, webhook })
}
