//! The incoming webhook: one secret URL per workspace.

pub mod answer;
mod generate;
mod log;
mod reveal;
mod set_enabled;

pub use self::{
    generate::generate,
    log::{KEPT, activations, activations_after, log, newest_activation},
    reveal::{Revealed, reveal},
    set_enabled::set_enabled,
};

use crate::{settings::Settings, token::Token};

/// The URL that a token stands for.
#[must_use]
pub fn url(settings: &Settings, token: &Token) -> String {
    format!("{}/webhook/{}", settings.public_url, token.reveal())
}
