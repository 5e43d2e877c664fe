//! Everything a caller touches: the webhook, the admin API, sessions, health, the command line.

pub mod access_token;
pub mod cli;
pub mod demo;
pub mod graphql;
pub mod http;
pub mod mail;
pub mod serve;
#[cfg(test)]
mod tests;
mod text_file;
