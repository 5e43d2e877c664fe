//! A world for stories: the real program, people and tools that use it, and the outside view of what WhatsApp received.

mod answer;
mod app;
mod contract;
mod database;
mod fleet;
mod flood;
mod full;
mod graphql;
mod mail_server;
pub mod meta;
mod observer;
mod options;
mod port;
mod postgres;
mod process;
mod program;
mod proxy;
mod received;
mod redis;
mod seen;
mod servers;
mod settle;
mod shape;
mod shop;
mod wait;
mod watch;
pub mod web_server;
pub mod wire;

pub use answer::{Answer, message_of};
pub use app::TestApp;
pub use contract::Contract;
pub use flood::{Flood, rounds, seeded};
pub use full::Full;
pub use graphql::{Failure, Query};
pub use mail_server::{Letter, MailServer};
pub use meta::{Arrived, Fault, Meta, Number, Report};
pub use observer::{Blow, Call, Excuse, Observer, Told};
pub use options::Options;
pub use postgres::Postgres;
pub use process::Process;
pub use program::Program;
pub use proxy::{Cut, Proxy};
pub use received::{Received, Stamp};
pub use redis::Redis;
pub use seen::{Account, AccountRef, Chat, Message, StatusChange};
pub use shape::Shape;
pub use shop::Shop;
pub use wait::{eventually, until};
pub use watch::Watch;
pub use web_server::WebServer;

/// What each number of the built-in WhatsApp does, by name.
pub mod phone {
    pub const USUAL: &str = "+12025550100";
    pub const NOT_ON_WHATSAPP: &str = "+12025550101";
    pub const SERVER_ERROR: &str = "+12025550102";
    pub const SERVER_ERROR_TWICE: &str = "+12025550103";
    pub const NEVER_DELIVERED: &str = "+12025550104";
    pub const NEVER_READ: &str = "+12025550105";
    pub const READ_UNDELIVERED: &str = "+12025550106";
    pub const REVERSED: &str = "+12025550107";
    pub const TRIPLE: &str = "+12025550108";
    pub const LOST_ACKNOWLEDGEMENT: &str = "+12025550109";
    pub const LATE_ACKNOWLEDGEMENT: &str = "+12025550110";
    pub const FAILS_AFTER_SENT: &str = "+12025550111";
    pub const FAILS_AFTER_DELIVERED: &str = "+12025550112";
    pub const RATE_LIMITED_ONCE: &str = "+12025550113";
    pub const NEW_CHATS_RESTRICTED: &str = "+12025550114";
    pub const REJECTS_FILES: &str = "+12025550115";
    pub const OTHER_CANONICAL: &str = "+12025550116";
    pub const LOSES_CONNECTION: &str = "+12025550117";
    pub const LOGS_OUT: &str = "+12025550118";
    pub const BANS: &str = "+12025550119";
    pub const ECHOES: &str = "+12025550121";
}
