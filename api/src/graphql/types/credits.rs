//! `Credits`, `CreditEntry`, `CreditTotals`, `WorkspaceBalance`.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use nhip_domain::{Refusal, ledger, tenant::Tenant};
use nhip_entity::{
    credit_entry::{self, Column},
    workspace,
};
use sea_orm::{ColumnTrait, Condition, Iterable as _, QueryFilter, Select, sea_query::Expr};
use serde_json::Value;
use uuid::Uuid;

use super::{
    super::{
        ask::Ask as _,
        connection::{self, Asked, By, List, Page},
        enums::{CreditKind, FailureReason},
        loaders::{QueueKey, WorkspaceKey},
        scalars::{self, DateTime, int},
    },
    TextFile, TextFormat,
};
use crate::text_file::{self, Layout, Table};

/// A workspace's credits.
pub(in crate::graphql) struct Credits {
    tenant: Tenant,
}

impl Credits {
    pub(in crate::graphql) fn new(tenant: Tenant) -> Self {
        Self { tenant }
    }
}

async fn workspace(ctx: &Context<'_>, id: Uuid) -> Result<workspace::Model> {
    Ok(ctx.loader()?.load_one(WorkspaceKey(id)).await?.ok_or(Refusal::NotFound)?)
}

async fn queued(ctx: &Context<'_>, workspace_id: Uuid) -> Result<i32> {
    let queue = ctx.loader()?.load_one(QueueKey(workspace_id)).await?;
    Ok(int(queue.unwrap_or_default().credits))
}

/// A workspace's credits.
#[Object]
impl Credits {
    /// What is left.
    async fn balance(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(int(workspace(ctx, self.tenant.workspace_id()).await?.balance))
    }

    /// Taken by messages that have not been sent yet.
    async fn queued(&self, ctx: &Context<'_>) -> Result<i32> {
        queued(ctx, self.tenant.workspace_id()).await
    }

    /// What moved the balance over some time, by kind.
    async fn totals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Made then or later.")] since: DateTime,
        #[graphql(desc = "Made before then; until now, if it is left out.")] until: Option<DateTime>,
    ) -> Result<CreditTotals> {
        let totals = ledger::totals(ctx.cx()?, &self.tenant, since.0, until.map(|at| at.0)).await?;
        Ok(CreditTotals {
            granted: int(totals.granted),
            charged: int(totals.charged),
            restored: int(totals.restored),
            adjusted: int(totals.adjusted),
        })
    }

    /// Newest first.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of these kinds.")] kinds: Option<Vec<CreditKind>>,
        #[graphql(desc = "Made then or later.")] since: Option<DateTime>,
        #[graphql(desc = "Made before then.")] until: Option<DateTime>,
        #[graphql(desc = "At most so many, 200 at most.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Page<CreditEntry>> {
        self.tenant.ledger_reader()?;
        let asked = Asked::new(first, after.as_deref())?;
        let rows = self.tenant.entries().filter(of_time(since, until));
        let by = By::falling([Column::At, Column::Number].map(|column| Expr::col((credit_entry::Entity, column))));
        let key = |row: &credit_entry::Model| (row.at, row.number);
        connection::page(ctx, asked, &of_kinds(rows, kinds), &by, key, CreditEntry::new).await
    }

    /// The entries of some time as a file, oldest first; at most 20,000. The audit log tells who took them.
    #[graphql(complexity = "EXPORT + child_complexity")]
    async fn export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is written as.")] format: TextFormat,
        #[graphql(desc = "Made then or later.")] since: Option<DateTime>,
        #[graphql(desc = "Made before then.")] until: Option<DateTime>,
    ) -> Result<TextFile> {
        let rows = ledger::export(ctx.cx()?, &self.tenant, since.map(|at| at.0), until.map(|at| at.0)).await?;
        let rows = rows.iter().map(as_cells).collect();
        let table = Table { columns: EXPORTED, rows, layout: Layout::Line };
        Ok(text_file::TextFile::of(&table, "nhip-credits", format.into()).into())
    }
}

/// Made in some time.
pub(in crate::graphql) fn of_time(since: Option<DateTime>, until: Option<DateTime>) -> Condition {
    let (since, until) = (since.map(|at| Column::At.gte(at.0)), until.map(|at| Column::At.lt(at.0)));
    Condition::all().add_option(since).add_option(until)
}

/// Entries of some kinds, or of all.
pub(in crate::graphql) fn of_kinds(
    entries: Select<credit_entry::Entity>,
    kinds: Option<Vec<CreditKind>>,
) -> List<credit_entry::Entity> {
    let kinds = kinds.map(|kinds| kinds.into_iter().map(credit_entry::CreditKind::from).collect());
    let mut kinds: Vec<_> = kinds.unwrap_or_else(|| credit_entry::CreditKind::iter().collect());
    if kinds.is_empty() {
        return List::of(entries.filter(Column::Kind.is_in(kinds)));
    }
    kinds.sort_unstable();
    kinds.dedup();
    List::of_each(entries, kinds.into_iter().map(|kind| Column::Kind.eq(kind)).collect())
}

/// What moved the balance over some time: by `granted - charged + restored + adjusted`.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CreditTotals {
    /// Credits granted.
    granted: i32,
    /// Credits that messages took.
    charged: i32,
    /// Credits that came back.
    restored: i32,
    /// Credits taken back; not positive.
    adjusted: i32,
}

/// A workspace's credits, as billing sees them.
pub(in crate::graphql) struct WorkspaceBalance(pub(in crate::graphql) workspace::Model);

/// A workspace's credits, as billing sees them.
#[Object]
impl WorkspaceBalance {
    /// Whose.
    async fn workspace_id(&self) -> ID {
        self.0.id.into()
    }

    /// Whose, by name.
    async fn workspace_name(&self) -> &str {
        &self.0.name
    }

    /// What is left.
    async fn balance(&self) -> i32 {
        int(self.0.balance)
    }

    /// Taken by messages that have not been sent yet.
    async fn queued(&self, ctx: &Context<'_>) -> Result<i32> {
        queued(ctx, self.0.id).await
    }
}

/// What exporting costs: five fit into a query, or one for each of one's workspaces.
const EXPORT: usize = 5_000;

/// The columns of an exported file.
const EXPORTED: &[&str] =
    &["at", "kind", "amount", "balanceAfter", "messageId", "failure", "reason", "idempotencyKey", "id"];

/// The cells of [`EXPORTED`], in its order.
fn as_cells(row: &credit_entry::Model) -> Vec<Value> {
    vec![
        scalars::rfc3339(row.at).into(),
        <&str>::from(row.kind).into(),
        row.amount.into(),
        row.balance_after.into(),
        row.message_id.as_deref().map(|key| scalars::message_id(key).0).into(),
        row.failure.map(<&str>::from).into(),
        row.reason.as_deref().into(),
        row.idempotency_key.as_deref().into(),
        id(row).into(),
    ]
}

/// An entry's id: nobody else's is the same.
fn id(row: &credit_entry::Model) -> String {
    format!("{}:{}", row.workspace_id, row.number)
}

/// One movement of credits.
pub(in crate::graphql) struct CreditEntry {
    row: credit_entry::Model,
}

impl CreditEntry {
    pub(in crate::graphql) fn new(row: credit_entry::Model) -> Self {
        Self { row }
    }
}

/// One movement of credits.
#[Object]
impl CreditEntry {
    /// Its id.
    async fn id(&self) -> ID {
        ID(id(&self.row))
    }

    /// Whose.
    async fn workspace_id(&self) -> ID {
        self.row.workspace_id.into()
    }

    /// Whose, by name.
    async fn workspace_name(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(workspace(ctx, self.row.workspace_id).await?.name)
    }

    /// What it does.
    async fn kind(&self) -> CreditKind {
        self.row.kind.into()
    }

    /// What it adds to the balance; negative if it takes.
    async fn amount(&self) -> i32 {
        int(self.row.amount)
    }

    /// The balance after it.
    async fn balance_after(&self) -> i32 {
        int(self.row.balance_after)
    }

    /// The message that it is for.
    async fn message_id(&self) -> Option<ID> {
        self.row.message_id.as_deref().map(scalars::message_id)
    }

    /// Why a message's credits came back.
    async fn failure(&self) -> Option<FailureReason> {
        self.row.failure.map(FailureReason::from)
    }

    /// Why somebody moved credits.
    async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }

    /// The billing job's key.
    async fn idempotency_key(&self) -> Option<&str> {
        self.row.idempotency_key.as_deref()
    }

    /// When.
    async fn at(&self) -> DateTime {
        self.row.at.into()
    }
}
