//! The tables, one per file. No rules, no GraphQL: what may be done with a row is the domain's business.

pub mod account;
pub mod activation;
pub mod api_token;
pub mod audit_entry;
pub mod chat;
pub mod cloud_account;
pub mod cloud_callback;
pub mod credit_entry;
pub mod file_check;
pub mod idempotency_key;
pub mod invitation;
pub mod ledger_audit;
pub mod log_in_attempt;
pub mod login_link;
pub mod member;
pub mod message;
pub mod message_gram;
pub mod sequencer;
pub mod session;
pub mod simulator_event;
pub mod simulator_message;
pub mod spent_refresh_token;
pub mod status_change;
pub mod tally;
pub mod text_to_erase;
pub mod user;
pub mod webhook;
pub mod worker;
pub mod workspace;

/// A string enum, stored and shown as `SCREAMING_SNAKE_CASE`.
macro_rules! string_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, strum::EnumIter, sea_orm::DeriveActiveEnum,
            serde::Serialize, serde::Deserialize, strum::IntoStaticStr, strum::EnumString,
        )]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $($(#[$vdoc])* #[sea_orm(string_value = $text)] #[serde(rename = $text)] #[strum(serialize = $text)] $variant),+
        }
    };
}
pub(crate) use string_enum;
