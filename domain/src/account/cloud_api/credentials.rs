//! Credentials as an owner gives them, and how they are sealed.

use std::fmt;

use nhip_entity::cloud_account;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{clock::rng, cx::Cx, error::Broken, refusal::Refusal};

/// The longest access token, secret or verify token: Meta's longest have a few hundred characters.
const LONGEST: usize = 1_024;
/// The longest id; Meta's have some sixteen digits.
const LONGEST_ID: usize = 32;

/// An account at Meta.
#[derive(Clone, Debug)]
pub struct CloudApi {
    /// Meta's id of the number: digits.
    pub phone_number_id: String,
    /// Meta's id of the WhatsApp Business Account: digits.
    pub business_account_id: String,
    /// What proves us to Meta, and Meta to us.
    pub credentials: Credentials,
}

/// What proves us to Meta, and Meta to us. Never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// Authorizes calls of the Graph API.
    pub access_token: String,
    /// Signs callbacks.
    pub app_secret: String,
    /// Repeated by Meta when it verifies the callback's URL.
    pub verify_token: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Credentials(…)")
    }
}

impl CloudApi {
    /// The ids by which Meta knows it: no secrets.
    pub(crate) fn ids(&self) -> [(String, Value); 2] {
        [
            ("phoneNumberId".to_owned(), self.phone_number_id.as_str().into()),
            ("businessAccountId".to_owned(), self.business_account_id.as_str().into()),
        ]
    }

    /// The same without what people paste around it.
    ///
    /// Refused where a field cannot be what it should, before anybody is asked about it.
    pub fn checked(self) -> Result<Self, Refusal> {
        let Credentials { access_token, app_secret, verify_token } = self.credentials;
        Ok(Self {
            phone_number_id: id("phoneNumberId", &self.phone_number_id)?,
            business_account_id: id("businessAccountId", &self.business_account_id)?,
            credentials: Credentials {
                access_token: secret("accessToken", &access_token)?,
                app_secret: secret("appSecret", &app_secret)?,
                verify_token: secret("verifyToken", &verify_token)?,
            },
        })
    }
}

/// Seals credentials for an account.
pub(super) fn seal(cx: &Cx, account_id: Uuid, credentials: &Credentials) -> Result<Vec<u8>, Broken> {
    let text = serde_json::to_vec(credentials).map_err(|_tells_too_much| UNREADABLE)?;
    cx.secret.seal(account_id.as_bytes(), &text, &mut rng())
}

/// Opens what was sealed for the account.
pub(super) fn open(cx: &Cx, row: cloud_account::Model) -> Result<CloudApi, Broken> {
    let text = cx.secret.open(row.account_id.as_bytes(), &row.credentials)?;
    Ok(CloudApi {
        phone_number_id: row.phone_number_id,
        business_account_id: row.business_account_id,
        credentials: serde_json::from_slice(&text).map_err(|_tells_too_much| UNREADABLE)?,
    })
}

const UNREADABLE: Broken = Broken::Unreadable("credentials of the Cloud API");

fn id(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let digits = !text.is_empty() && text.len() <= LONGEST_ID && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits {
        return Ok(text.to_owned());
    }
    let problem = format!("`{field}` is digits alone, as the app's page WhatsApp / API Setup shows it");
    Err(Refusal::BadInput { field, problem })
}

fn secret(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let problem = match text.len() {
        0 => format!("`{field}` is missing"),
        1..=LONGEST if text.bytes().all(|byte| byte.is_ascii_graphic()) => return Ok(text.to_owned()),
        1..=LONGEST => format!("`{field}` has a space or a character that is no ASCII; copy it again"),
        _ => format!("`{field}` has more than {LONGEST} characters"),
    };
    Err(Refusal::BadInput { field, problem })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(phone_number_id: &str, access_token: &str) -> CloudApi {
        let credentials = Credentials {
            access_token: access_token.to_owned(),
            app_secret: "app".to_owned(),
            verify_token: "verify".to_owned(),
        };
        let phone_number_id = phone_number_id.to_owned();
        CloudApi { phone_number_id, business_account_id: "2".to_owned(), credentials }
    }

    #[test]
    fn what_is_pasted_around_a_credential_is_taken_off() {
        let checked = given(" 106540352242922\n", "\tEAAG ").checked().unwrap();
        assert_eq!(
            (checked.phone_number_id.as_str(), checked.credentials.access_token.as_str()),
            ("106540352242922", "EAAG")
        );
    }

    #[test]
    fn ids_are_digits_and_secrets_are_one_word() {
        let long = "x".repeat(LONGEST + 1);
        for (id, token, field) in [
            ("", "EAAG", "phoneNumberId"),
            ("1/../2", "EAAG", "phoneNumberId"),
            ("+1", "EAAG", "phoneNumberId"),
            ("1", "", "accessToken"),
            ("1", "EA AG", "accessToken"),
            ("1", "EAÄG", "accessToken"),
            ("1", &long, "accessToken"),
        ] {
            let refused = given(id, token).checked().unwrap_err();
            assert!(
                matches!(&refused, Refusal::BadInput { field: f, .. } if *f == field),
                "{id:?} {token:?}: {refused:?}"
            );
        }
    }

    #[test]
    fn credentials_are_never_printed() {
        let printed = format!("{:?}", given("1", "EAAGsecret"));
        assert!(!printed.contains("EAAG") && !printed.contains("verify\""), "{printed}");
    }
}
