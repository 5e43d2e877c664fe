//! Connected WhatsApp numbers.

pub mod rank;
mod report;

pub use report::{Report, report};
