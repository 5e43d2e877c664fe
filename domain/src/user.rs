//! People who log in.

mod change_password;
mod forget;
pub mod log_in;
pub mod login_link;
pub mod password;
pub mod reset_password;
pub mod session;
pub mod sign_up;
mod throttle;
mod update;

use nhip_entity::user;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

pub use self::{
    change_password::change_password,
    forget::forget,
    log_in::log_in,
    reset_password::reset_password,
    session::Opened,
    sign_up::sign_up,
    update::{Update, update},
};

/// Finds a person by an address in the form that [`crate::text::email`] makes.
pub(crate) async fn by_email(db: &impl ConnectionTrait, email: &str) -> Result<Option<user::Model>, DbErr> {
    user::Entity::find().filter(user::Column::Email.eq(email)).one(db).await
}
