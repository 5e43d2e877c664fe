//! Changes. Each takes one `input` and returns what it changed.

mod account;
mod api_token;
mod cloud_api;
mod credits;
mod file;
mod member;
mod message;
mod resend;
mod session;
mod user;
mod webhook;
mod workspace;

use async_graphql::{ID, InputObject, MergedObject};

/// Changes.
#[derive(Default, MergedObject)]
pub(super) struct Mutation(
    session::SessionMutation,
    user::UserMutation,
    workspace::WorkspaceMutation,
    member::MemberMutation,
    api_token::ApiTokenMutation,
    webhook::WebhookMutation,
    account::AccountMutation,
    cloud_api::CloudApiMutation,
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
