//! Accounts: connected WhatsApp numbers.

mod change;
pub mod cloud_api;
mod connect;
mod disconnect;
mod hold;
mod lift;
mod pause;
pub mod rank;
mod reconnect;
mod rename;
mod report;
mod resume;
mod set_daily_cap;
mod set_pace;
mod set_template;
mod update_credentials;

pub use self::{
    connect::{NewAccount, connect, may_connect},
    disconnect::disconnect,
    hold::hold,
    lift::lift,
    pause::pause,
    reconnect::{may_reconnect, reconnect},
    rename::rename,
    report::{Report, Source, report},
    resume::resume,
    set_daily_cap::set_daily_cap,
    set_pace::set_pace,
    set_template::set_template,
    update_credentials::update_credentials,
};
