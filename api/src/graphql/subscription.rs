//! Live events: hints by which rows are read again. They may be lost or doubled, so dashboards re-read when they reconnect;
//! whoever is too slow for them is told to read again, and their subscription ends.

mod watch;

use std::collections::VecDeque;

use async_graphql::{Context, ID, Result, Subscription as GraphqlSubscription};
use futures::{Stream, future, stream};
use nhip_domain::{Refusal, signal::Event};
use nhip_entity::{activation, message};
use uuid::Uuid;

use self::watch::Watch;
use super::{
    ask::Ask as _,
    loaders::AccountKey,
    own,
    types::{Account, Activation, Credits, IncomingWebhook, Message, PairingEvent},
};

/// Live events.
pub(super) struct Subscription;

/// Which messages somebody watches.
#[derive(Default)]
struct Filter {
    message_ids: Option<Vec<String>>,
    account_id: Option<Uuid>,
    chat_id: Option<i64>,
}

impl Filter {
    fn takes_id(&self, id: &str) -> bool {
        self.message_ids.as_ref().is_none_or(|ids| ids.iter().any(|wanted| wanted == id))
    }

    fn takes(&self, row: &message::Model) -> bool {
        self.account_id.is_none_or(|id| row.account_id == id) && self.chat_id.is_none_or(|id| row.chat_id == Some(id))
    }
}

/// Live events.
#[GraphqlSubscription]
impl Subscription {
    /// A message was queued or changed its status.
    async fn message_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] workspace_id: ID,
        #[graphql(desc = "Only these.")] message_ids: Option<Vec<ID>>,
        #[graphql(desc = "Only those of this account.")] account_id: Option<ID>,
        #[graphql(desc = "Only those of this chat.")] chat_id: Option<ID>,
    ) -> Result<impl Stream<Item = Result<Message>> + use<>> {
        let watch = Watch::new(ctx, &workspace_id).await?;
        let tenant = watch.tenant();
        let mut filter = Filter::default();
        if let Some(ids) = &message_ids {
            filter.message_ids = Some(own::messages(ctx, &tenant, ids).await?);
        }
        if let Some(id) = &account_id {
            filter.account_id = Some(own::account(ctx, &tenant, id).await?);
        }
        if let Some(id) = &chat_id {
            filter.chat_id = Some(own::chat(ctx, &tenant, id).await?);
        }
        Ok(stream::unfold((watch, filter), async |(mut watch, filter)| {
            loop {
                let id = match watch.next().await? {
                    Ok(Event::Message { id, .. }) => id,
                    Ok(_) => continue,
                    Err(missed) => return Some((Err(missed.into()), (watch, filter))),
                };
                if !filter.takes_id(&id) {
                    continue;
                }
                let found = watch.message(id).await.map(|row| row.filter(|row| filter.takes(row)));
                if let Some(row) = found.transpose() {
                    return Some((row.map(|row| Message::new(watch.tenant(), row)), (watch, filter)));
                }
            }
        }))
    }

    /// The webhook was called.
    async fn activation_logged(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] workspace_id: ID,
    ) -> Result<impl Stream<Item = Result<Activation>> + use<>> {
        let tenant = watch::readable(ctx, &workspace_id).await?;
        // Several calls that were decided at once are told once each. Read before one listens: a call in between is told
        // with the next.
        let told = watch::last_activation(ctx, &tenant).await?;
        let watch = Watch::of(ctx, tenant)?;
        Ok(stream::unfold((watch, told, VecDeque::new()), async |(mut watch, mut told, mut waiting)| {
            loop {
                if let Some(call) = waiting.pop_front() {
                    return Some((Ok(Activation::new(watch.tenant(), call)), (watch, told, waiting)));
                }
                match watch.next().await? {
                    Ok(Event::Activation { .. }) => {}
                    Ok(_) => continue,
                    Err(missed) => return Some((Err(missed.into()), (watch, told, waiting))),
                }
                match watch.activations_after(told).await {
                    Ok(calls) => {
                        told = calls.last().map_or(told, |activation::Activation(_, newest)| newest.sequence);
                        waiting.extend(calls);
                    }
                    Err(err) => return Some((Err(err), (watch, told, waiting))),
                }
            }
        }))
    }

    /// An account changed.
    async fn account_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] workspace_id: ID,
    ) -> Result<impl Stream<Item = Result<Account>> + use<>> {
        let watch = Watch::new(ctx, &workspace_id).await?;
        Ok(stream::unfold(watch, async |mut watch| {
            loop {
                let id = match watch.next().await? {
                    Ok(Event::Account { id, .. }) => id,
                    Ok(_) => continue,
                    Err(missed) => return Some((Err(missed.into()), watch)),
                };
                if let Some(row) = watch.account(id).await.transpose() {
                    return Some((row.map(|row| Account::new(watch.tenant(), row)), watch));
                }
            }
        }))
    }

    /// While an account of a gateway that pairs is pairing: QR codes as they rotate, then the end. Others need none: of them
    /// the end is told at once.
    async fn account_pairing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] account_id: ID,
    ) -> Result<impl Stream<Item = Result<PairingEvent>> + use<>> {
        let (tenant, id) = ctx.tenant_of_account(&account_id).await?;
        tenant.reader()?;
        let row = ctx.loader()?.load_one(AccountKey(id)).await?.ok_or(Refusal::NotFound)?;
        Ok(stream::once(future::ready(Ok(PairingEvent::over(&row)))))
    }

    /// The balance moved.
    async fn credits_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] workspace_id: ID,
    ) -> Result<impl Stream<Item = Result<Credits>> + use<>> {
        let watch = Watch::new(ctx, &workspace_id).await?;
        Ok(stream::unfold(watch, async |mut watch| {
            loop {
                match watch.next().await? {
                    Ok(Event::Credits { .. }) => return Some((Ok(Credits::new(watch.tenant())), watch)),
                    Ok(_) => {}
                    Err(missed) => return Some((Err(missed.into()), watch)),
                }
            }
        }))
    }

    /// The webhook's URL or switch changed.
    async fn webhook_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] workspace_id: ID,
    ) -> Result<impl Stream<Item = Result<IncomingWebhook>> + use<>> {
        let watch = Watch::new(ctx, &workspace_id).await?;
        Ok(stream::unfold(watch, async |mut watch| {
            loop {
                match watch.next().await? {
                    Ok(Event::Webhook { .. }) => {}
                    Ok(_) => continue,
                    Err(missed) => return Some((Err(missed.into()), watch)),
                }
                if let Some(row) = watch.webhook().await.transpose() {
                    return Some((row.map(|row| IncomingWebhook::new(watch.tenant(), row)), watch));
                }
            }
        }))
    }
}
