//! Connected WhatsApp numbers.

pub mod rank;
