//! Changes. Each takes one `input` and returns what it changed.

mod account;
mod credits;
mod file;
mod message;
mod resend;
mod session;
mod webhook;

use async_graphql::{ID, InputObject, MergedObject};

/// Changes.
#[derive(Default, MergedObject)]
pub(super) struct Mutation(
    session::SessionMutation,
    webhook::WebhookMutation,
    account::AccountMutation,
    message::MessageMutation,
    resend::ResendMutation,
    file::FileMutation,
    credits::CreditMutation,
);

/// Which workspace.
#[derive(InputObject)]
struct WorkspaceInput {
    /// Its id.
    workspace_id: ID,
}

/// Which account.
#[derive(InputObject)]
struct AccountInput {
    /// Its id.
    account_id: ID,
}
