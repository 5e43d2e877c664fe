//! The contract's objects, each over a row that its caller was found to own.

pub(super) mod account;
pub(super) mod chat;
pub(super) mod credits;
pub(super) mod message;
pub(super) mod text_file;
pub(super) mod user;
pub(super) mod webhook;
pub(super) mod workspace;

pub(super) use self::{
    account::Account,
    chat::Chat,
    credits::{CreditEntry, Credits},
    message::Message,
    text_file::{TextFile, TextFormat},
    user::{Session, User},
    webhook::{Activation, IncomingWebhook, WebhookUrl},
    workspace::Workspace,
};
