//! The contract's objects, each over a row that its caller was found to own.

pub(super) mod account;
pub(super) mod activity;
pub(super) mod api_token;
pub(super) mod audit;
pub(super) mod chat;
pub(super) mod credits;
pub(super) mod member;
pub(super) mod message;
pub(super) mod pairing;
pub(super) mod text_file;
pub(super) mod user;
pub(super) mod webhook;
pub(super) mod workspace;

pub(super) use self::{
    account::Account,
    activity::ActivityBucket,
    api_token::{ApiToken, CreatedApiToken},
    audit::AuditEntry,
    chat::Chat,
    credits::{CreditEntry, Credits, WorkspaceBalance},
    member::{CreatedInvitation, Invitation, InvitationPreview, Member},
    message::Message,
    pairing::PairingEvent,
    text_file::{TextFile, TextFormat},
    user::{Session, User},
    webhook::{Activation, IncomingWebhook, WebhookUrl},
    workspace::Workspace,
};
