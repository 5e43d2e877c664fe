//! Billing.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use nhip_domain::ledger::{self, NewGrant};

use super::super::{
    ask::Ask as _,
    scalars,
    types::{CreditEntry, Credits},
};

/// Billing.
#[derive(Default)]
pub(super) struct CreditMutation;

/// Credits to grant, or to take back.
#[derive(InputObject)]
struct GrantCreditsInput {
    /// Whose.
    workspace_id: ID,
    /// How many; a negative amount takes credits back.
    amount: i32,
    /// Why, for people.
    reason: String,
    /// Unique per workspace, for ever: at most 255 bytes, no control characters.
    idempotency_key: String,
}

/// What a grant did, now or when its key was first used.
#[derive(SimpleObject)]
struct GrantedCredits {
    /// The entry.
    entry: CreditEntry,
    /// The credits it is one of.
    credits: Credits,
    /// Whether the key was used before, so that nothing moved now.
    repeated: bool,
}

#[Object]
impl CreditMutation {
    /// Billing (`BILLING_WRITE`). The key is unique per workspace for ever: the same key and amount answers with the first entry, another amount is CONFLICT. A negative amount is an ADJUST; more than the balance is `BAD_INPUT` and takes nothing.
    async fn grant_credits(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Credits to grant, or to take back.")] input: GrantCreditsInput,
    ) -> Result<GrantedCredits> {
        let caller = ctx.caller()?;
        let (biller, tenant) = caller.biller(ctx.cx()?, scalars::uuid(&input.workspace_id)?).await?;
        let new = NewGrant { amount: input.amount.into(), reason: input.reason, key: input.idempotency_key };
        let granted = ledger::grant(ctx.cx()?, &biller, &new).await?;
        Ok(GrantedCredits {
            entry: CreditEntry::new(granted.entry),
            credits: Credits::new(tenant),
            repeated: granted.repeated,
        })
    }
}
