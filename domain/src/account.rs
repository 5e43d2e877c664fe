//! Accounts: connected WhatsApp numbers.

mod change;
mod connect;
mod disconnect;
mod pause;
pub mod rank;
mod rename;
mod resume;
mod set_pace;

pub use self::{
    connect::{NewAccount, connect},
    disconnect::disconnect,
    pause::pause,
    rename::rename,
    resume::resume,
    set_pace::set_pace,
};
