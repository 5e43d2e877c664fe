//! What gateways report on their own, written down before they are told so.

use async_trait::async_trait;
use nhip_domain::{
    Broken, Cx,
    account::{self, Source},
    chat::{self, upsert::SeenChat},
    message::{self, Ending, Fact, How, What},
};
use uuid::Uuid;

use crate::{
    gateway::{EventSink, GatewayEvent, ReceiptKind},
    journal::{DbJournal, Journal as _},
};

/// Applies gateways' events to the database.
#[derive(Clone)]
pub struct Receipts {
    cx: Cx,
    journal: DbJournal,
}

impl Receipts {
    /// Writes through the lanes' journal, so that receipts share its transactions.
    #[must_use]
    pub fn new(cx: Cx, journal: DbJournal) -> Self {
        Self { cx, journal }
    }

    async fn receipt(
        &self,
        account_id: Uuid,
        message_id: String,
        what: ReceiptKind,
        at: chrono::DateTime<chrono::Utc>,
    ) -> Result<(), Broken> {
        let what = match what {
            ReceiptKind::Sent => What::Sent { chat: None, gateway_ref: None },
            ReceiptKind::Delivered => What::Delivered,
            ReceiptKind::Read => What::Read,
            ReceiptKind::Failed { reason, detail } => {
                let Some(workspace_id) = message::workspace_of(&self.cx, account_id, &message_id).await? else {
                    return Ok(());
                };
                let how = How::Reported { account_id, gateway_ref: None, reason, detail };
                let ending = Ending { workspace_id, message_id, how };
                return self.journal.settle(ending).await.map(drop).map_err(Broken::Shared);
            }
        };
        self.journal.record(Fact { account_id, message_id, what, at }).await.map_err(Broken::Shared)
    }
}

#[async_trait]
impl EventSink for Receipts {
    async fn apply(&self, account_id: Uuid, event: GatewayEvent) -> Result<(), Broken> {
        match event {
            GatewayEvent::Receipt { message_id, what, at } => self.receipt(account_id, message_id, what, at).await,
            GatewayEvent::Account { state, reason, detail, until } => {
                let report = account::Report { state, reason, detail, until };
                account::report(&self.cx, account_id, &report, Source::Now).await?;
                Ok(())
            }
            GatewayEvent::Incoming { chat, at } => {
                let seen = SeenChat { jid: chat.jid, kind: chat.kind, name: chat.name, incoming_at: Some(at) };
                Ok(chat::incoming(&self.cx, account_id, &[seen]).await?)
            }
        }
    }

    async fn apply_kept(&self, account_id: Uuid, event: GatewayEvent, event_id: Uuid) -> Result<(), Broken> {
        let GatewayEvent::Account { state, reason, detail, until } = event else {
            return self.apply(account_id, event).await;
        };
        let report = account::Report { state, reason, detail, until };
        account::report(&self.cx, account_id, &report, Source::Kept(event_id)).await?;
        Ok(())
    }
}
