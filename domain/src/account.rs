//! Accounts: connected WhatsApp numbers.

mod change;
pub mod cloud_api;
mod connect;
mod disconnect;
mod pause;
pub mod rank;
mod reconnect;
mod rename;
mod report;
mod resume;
mod set_daily_cap;
mod set_pace;

pub use self::{
    connect::{NewAccount, connect},
    disconnect::disconnect,
    pause::pause,
    reconnect::reconnect,
    rename::rename,
    report::{Report, report},
    resume::resume,
    set_daily_cap::set_daily_cap,
    set_pace::set_pace,
};
