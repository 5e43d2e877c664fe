//! The template that carries texts to people who did not write lately.

use nhip_entity::account::{self, Gateway};
use serde_json::json;
use uuid::Uuid;

use super::change::{Decision, change};
use crate::{cx::Cx, error::Result, refusal::Refusal, tenant::Admin};

/// The longest name that Meta takes.
const LONGEST_NAME: usize = 512;
/// What a template's language is called where nobody says so: English.
const DEFAULT_LANGUAGE: &str = "en";

/// Sets the template of an account of the Cloud API, whose one parameter is the message's text; without a name: none. That
/// Meta approved it shows when it is first sent.
///
/// Refused as [`Refusal::Conflict`] where the account is of another gateway.
pub async fn set_template(
    cx: &Cx,
    admin: &Admin,
    account_id: Uuid,
    name: Option<&str>,
    language: Option<&str>,
) -> Result<account::Model> {
    let template = check(name, language)?;
    change(cx, admin, account_id, "account.set_template", |account| {
        if account.gateway != Gateway::CloudApi {
            return Err(Refusal::Conflict("Only accounts of CLOUD_API have templates".to_owned()));
        }
        let (template_name, template_language) = template.unzip();
        let detail = json!({
            "before": [account.template_name, account.template_language], "after": [template_name, template_language],
        });
        let after = account::Model { template_name, template_language, ..account.clone() };
        Ok(Some(Decision { after, detail: Some(detail) }))
    })
    .await
}

/// Name and language as Meta spells them.
fn check(name: Option<&str>, language: Option<&str>) -> Result<Option<(String, String)>, Refusal> {
    let refuse = |field, problem: &str| Err(Refusal::BadInput { field, problem: problem.to_owned() });
    let given = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let language = given(language);
    let Some(name) = given(name) else {
        return match language {
            Some(_) => refuse("name", "`name` is missing: a language alone is no template"),
            None => Ok(None),
        };
    };
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.len() > LONGEST_NAME || !name.chars().all(is_name) {
        return refuse("name", "`name` is the template's name at Meta: small letters, digits and _ alone");
    }
    let language = language.unwrap_or_else(|| DEFAULT_LANGUAGE.to_owned());
    let is_language = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !(2..=15).contains(&language.len()) || !language.chars().all(is_language) {
        return refuse("language", "`language` is the template's language at Meta, such as vi or en_US");
    }
    Ok(Some((name, language)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_named_as_meta_names_it() {
        let both = |name: &str, language: &str| Some((name.to_owned(), language.to_owned()));
        assert_eq!(check(Some(" order_update_2 "), Some("en_US")), Ok(both("order_update_2", "en_US")));
        assert_eq!(check(Some("order"), None), Ok(both("order", "en")));
        assert_eq!(check(None, None), Ok(None));
        assert_eq!(check(Some(" "), Some("")), Ok(None));
        for (name, language, field) in [
            (Some("Order"), None, "name"),
            (Some("a b"), None, "name"),
            (Some("a"), Some("en-US"), "language"),
            (None, Some("en"), "name"),
        ] {
            assert_eq!(check(name, language).unwrap_err().field(), Some(field), "{name:?} {language:?}");
        }
    }
}
