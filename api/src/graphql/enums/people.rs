//! What people and programs are.

use async_graphql::Enum;
use nhip_entity as entity;

/// What a member may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::member::Role")]
pub(in crate::graphql) enum Role {
    /// Everything.
    Owner,
    /// Everything but what is the owners' own.
    Admin,
    /// Reading, sending, renaming chats.
    Member,
}

/// What an API token may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::api_token::Scope")]
pub(in crate::graphql) enum Scope {
    /// Reading what members read.
    WorkspaceRead,
    /// Sending and canceling messages, renaming chats, looking at file links.
    MessagesWrite,
    /// Reading the ledger.
    BillingRead,
    /// Granting credits.
    BillingWrite,
}
