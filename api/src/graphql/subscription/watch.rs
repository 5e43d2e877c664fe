//! Watching one workspace, for as long as one may.

use std::{sync::Arc, time::Duration};

use async_graphql::{Context, ID, Result, dataloader::DataLoader};
use nhip_domain::{Cx, Error, Refusal, authenticate::Caller, signal::Event, tenant::Tenant};
use nhip_entity::{account, activation::Activation, message, webhook};
use nhip_worker::bus::{Heard, Subscription as Events};
use tokio::time::Instant;
use uuid::Uuid;

use super::super::{
    ask::Ask as _,
    loaders::{AccountKey, Loaders, MessageKey},
};

/// How long membership is believed.
const BELIEVED: Duration = Duration::from_secs(1);

/// A workspace's events, and what it takes to read what they are about.
pub(super) struct Watch {
    cx: Cx,
    caller: Caller,
    tenant: Tenant,
    checked: Instant,
    events: Events,
    loader: Arc<DataLoader<Loaders>>,
    over: bool,
}

/// A workspace of the caller's that they may read.
pub(super) async fn readable(ctx: &Context<'_>, workspace_id: &ID) -> Result<Tenant> {
    let tenant = ctx.tenant(workspace_id).await?;
    tenant.reader()?;
    Ok(tenant)
}

/// The number of the webhook's newest call; 0 before the first.
pub(super) async fn last_activation(ctx: &Context<'_>, tenant: &Tenant) -> Result<i64> {
    let row = tenant.workspace().one(ctx.cx()?.db.read()).await?;
    Ok(row.map_or(0, |row| row.last_activation))
}

impl Watch {
    /// Watches a workspace of the caller's that they may read.
    pub(super) async fn new(ctx: &Context<'_>, workspace_id: &ID) -> Result<Self> {
        Self::of(ctx, readable(ctx, workspace_id).await?)
    }

    /// Watches it from now on.
    pub(super) fn of(ctx: &Context<'_>, tenant: Tenant) -> Result<Self> {
        let (cx, caller) = (ctx.cx()?.clone(), ctx.caller()?.clone());
        let (events, loader) = (ctx.deps()?.bus.subscribe(tenant.workspace_id()), Arc::clone(ctx.loader()?));
        Ok(Self { checked: cx.clock.instant(), cx, caller, tenant, events, loader, over: false })
    }

    /// In the name of whom rows are read.
    pub(super) fn tenant(&self) -> Tenant {
        self.tenant.clone()
    }

    /// The workspace's next event; none once the caller may no longer read it. Whoever was too slow for some is told so,
    /// and hears nothing more: what they show may be wrong.
    pub(super) async fn next(&mut self) -> Option<Result<Event, Refusal>> {
        if self.over {
            return None;
        }
        loop {
            match self.events.next().await? {
                Heard::Missed => {
                    self.over = true;
                    return Some(Err(Refusal::MissedEvents));
                }
                // Told of at once; what gets lost is found out before the next event.
                Heard::Event(Event::Members { .. }) if self.still_may(Duration::ZERO).await => {}
                Heard::Event(Event::Members { .. }) => return None,
                Heard::Event(event) => return self.still_may(BELIEVED).await.then_some(Ok(event)),
            }
        }
    }

    /// The message as it is now. Many who watch read it once.
    pub(super) async fn message(&self, id: String) -> Result<Option<message::Model>> {
        let row = self.loader.load_one(MessageKey(id)).await?;
        Ok(row.filter(|row| row.workspace_id == self.tenant.workspace_id()))
    }

    /// The account as it is now. Many who watch read it once.
    pub(super) async fn account(&self, id: Uuid) -> Result<Option<account::Model>> {
        let row = self.loader.load_one(AccountKey(id)).await?;
        Ok(row.filter(|row| row.workspace_id == self.tenant.workspace_id()))
    }

    /// The webhook as it is now.
    pub(super) async fn webhook(&self) -> Result<Option<webhook::Model>> {
        Ok(self.tenant.webhook().one(self.cx.db.read()).await?)
    }

    /// The calls since number `last`, oldest first, as far as the log still has them.
    pub(super) async fn activations_after(&self, last: i64) -> Result<Vec<Activation>> {
        let (db, workspace_id) = (self.cx.db.read(), self.tenant.workspace_id());
        let mut calls = nhip_domain::webhook::activations_after(db, workspace_id, last).await?;
        calls.reverse();
        Ok(calls)
    }

    /// Whether the caller may still read it: believed for a while, and for as long as the database does not say.
    async fn still_may(&mut self, believed: Duration) -> bool {
        let now = self.cx.clock.instant();
        if now - self.checked < believed {
            return true;
        }
        match self.caller.tenant(&self.cx, self.tenant.workspace_id()).await {
            Ok(tenant) if tenant.reader().is_ok() => {
                (self.tenant, self.checked) = (tenant, now);
                true
            }
            Ok(_) | Err(Error::Refused(_)) => false,
            Err(Error::Broken(err)) => {
                tracing::warn!(
                    error = &err as &(dyn std::error::Error + 'static),
                    "a membership could not be looked at"
                );
                true
            }
        }
    }
}
