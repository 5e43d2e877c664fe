//! A shop's account at Meta.

use serde_json::{Value, json};

use super::{Meta, Number};
use crate::Shop;

impl Shop<'_> {
    /// Connects an account of Meta's, which calls back.
    pub async fn connect_at_meta(&self, meta: &Meta, phone: &str) -> Number {
        let number = meta.number(phone);
        let input = json!({"workspaceId": self.workspace_id, "gateway": "CLOUD_API", "phone": phone, "name": "Till",
            "cloudApi": self.credentials(&number)});
        let answer = self.mutate("connectAccount", "ConnectAccountInput", input, "{ callbackUrl }").await;
        let url = answer["callbackUrl"].as_str().expect("a URL to call back");
        let path = &url[url.find("/whatsapp/").expect("the path of callbacks")..];
        let urls = self.app.apis().iter().filter_map(|api| Some(format!("{}{path}", api.url()?)));
        meta.call_back(&number, urls.collect());
        number
    }

    /// What its owner copies from Meta's pages.
    pub fn credentials(&self, number: &Number) -> Value {
        self.app.keep_secret(&number.token, "an access token of Meta's");
        self.app.keep_secret(&number.app_secret, "an app's secret");
        json!({"phoneNumberId": number.id, "businessAccountId": number.business_id, "accessToken": number.token,
            "appSecret": number.app_secret, "verifyToken": "a-verify-token"})
    }
}
