//! The incoming webhook: one secret URL per workspace.

pub mod answer;
mod enable;
mod generate;
mod log;
mod reveal;

pub use self::{
    enable::set_enabled,
    generate::generate,
    log::log,
    reveal::{Revealed, reveal},
};

use crate::{settings::Settings, token::Token};

/// The URL that a token stands for.
#[must_use]
pub fn url(settings: &Settings, token: &Token) -> String {
    format!("{}/webhook/{}", settings.public_url, token.reveal())
}
