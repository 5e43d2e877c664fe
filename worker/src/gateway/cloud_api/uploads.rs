//! Files that were uploaded for messages that have to be sent again.

use std::time::Duration;

use moka::sync::Cache;

use super::sender::Sender;
use crate::gateway::Order;

/// How long an uploaded file is used again; Meta keeps it for 30 days.
const REUSED: Duration = Duration::from_hours(1);
/// How many uploaded files are remembered.
const UPLOADS: u64 = 10_000;

/// By number and message: Meta's id of the file. What one number uploaded, another may not use.
pub(super) struct Uploads(Cache<(String, String), String>);

impl Uploads {
    pub(super) fn new() -> Self {
        Self(Cache::builder().max_capacity(UPLOADS).time_to_live(REUSED).build())
    }

    pub(super) fn get(&self, sender: &Sender, order: &Order) -> Option<String> {
        self.0.get(&key(sender, order))
    }

    pub(super) fn keep(&self, sender: &Sender, order: &Order, media_id: String) {
        self.0.insert(key(sender, order), media_id);
    }

    /// It is of no more use: its message is sent, or Meta has it no more.
    pub(super) fn forget(&self, sender: &Sender, order: &Order) {
        self.0.invalidate(&key(sender, order));
    }
}

fn key(sender: &Sender, order: &Order) -> (String, String) {
    (sender.phone_number_id.clone(), order.message_id.clone())
}

#[cfg(test)]
mod tests {
    use nhip_domain::account::cloud_api::Credentials;
    use nhip_entity::message::RecipientKind;
    use uuid::Uuid;

    use super::*;
    use crate::gateway::cloud_api::graph::Token;

    #[test]
    fn a_file_is_used_again_by_the_number_that_uploaded_it_and_no_other() {
        let of = |number: &str| Sender {
            phone_number_id: number.to_owned(),
            token: Token::of(&Credentials {
                access_token: "t".to_owned(),
                app_secret: "s".to_owned(),
                verify_token: "v".to_owned(),
            }),
            template: None,
            window_is_open: true,
        };
        let order = Order {
            account_id: Uuid::nil(),
            account_phone: "15105566777".to_owned(),
            message_id: "3EB0000000000000000A".to_owned(),
            recipient: "+12025550100".to_owned(),
            recipient_kind: RecipientKind::Phone,
            text: String::new(),
            file: None,
            hand_overs_before: 0,
        };
        let uploads = Uploads::new();
        uploads.keep(&of("1"), &order, "44".to_owned());
        assert_eq!(uploads.get(&of("1"), &order).as_deref(), Some("44"));
        assert_eq!(uploads.get(&of("2"), &order), None);
        uploads.forget(&of("1"), &order);
        assert_eq!(uploads.get(&of("1"), &order), None);
    }
}
