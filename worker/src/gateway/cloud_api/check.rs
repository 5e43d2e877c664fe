//! Asking Meta about credentials before they are stored: what is wrong is said in plain words, and names the field.

use std::time::Duration;

use nhip_domain::{Refusal, account::cloud_api::CloudApi};
use serde_json::Value;
use tokio::time::timeout;

use super::graph::{Failure, Graph, Token};

/// All questions together; whoever asked waits meanwhile.
const WITHIN: Duration = Duration::from_secs(8);
/// Pages of a business account's numbers that are looked through.
const PAGES: usize = 10;

/// Finds out that Meta takes the token, that the number is the account's `phone` (digits) and belongs to the business
/// account, and that the secret is the app's. Changes nothing.
pub async fn check(graph: &Graph, at_meta: &CloudApi, phone: &str) -> Result<(), Refusal> {
    timeout(WITHIN, ask(graph, at_meta, phone)).await.unwrap_or_else(|_elapsed| Err(unreachable("it took too long")))
}

async fn ask(graph: &Graph, at_meta: &CloudApi, phone: &str) -> Result<(), Refusal> {
    let (number, business) = (&at_meta.phone_number_id, &at_meta.business_account_id);
    let token = Token::of(&at_meta.credentials);
    let path = format!("{number}?fields=id,display_phone_number");
    let found = graph.get(&token, &path).await.map_err(|failure| blame(failure, "phoneNumberId"))?;
    same_phone(&found, phone)?;
    belongs(graph, &token, business, number).await
}

/// The number's owner calls it by the number that Meta shows.
fn same_phone(found: &Value, phone: &str) -> Result<(), Refusal> {
    let shown = found.get("display_phone_number").and_then(Value::as_str);
    let Some(shown) = shown else {
        return refuse("phoneNumberId", "`phoneNumberId` is not the id of a phone number".to_owned());
    };
    let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
    if digits == phone {
        return Ok(());
    }
    refuse("phone", format!("`phone` is +{phone}, but `phoneNumberId` is Meta's id of +{digits}"))
}

async fn belongs(graph: &Graph, token: &Token, business: &str, number: &str) -> Result<(), Refusal> {
    let mut after = String::new();
    for _page in 0..PAGES {
        let path = format!("{business}/phone_numbers?fields=id&limit=100{after}");
        let page = graph.get(token, &path).await.map_err(|failure| blame(failure, "businessAccountId"))?;
        let Some(numbers) = page.get("data").and_then(Value::as_array) else {
            return refuse(
                "businessAccountId",
                "`businessAccountId` is not the id of a WhatsApp Business Account".to_owned(),
            );
        };
        if numbers.iter().any(|one| one.get("id").and_then(Value::as_str) == Some(number)) {
            return Ok(());
        }
        let next = page.pointer("/paging/next").and(page.pointer("/paging/cursors/after")).and_then(Value::as_str);
        let Some(next) = next else { break };
        let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
        after = format!("&after={next}");
    }
    let problem = "The number of `phoneNumberId` does not belong to this `businessAccountId`; both stand beside each other \
                   on the app's page WhatsApp / API Setup";
    refuse("businessAccountId", problem.to_owned())
}

/// What Meta's refusal says of a question about an object, which the field names.
pub(super) fn blame(failure: Failure, field: &'static str) -> Refusal {
    let error = match failure {
        Failure::Refused(error) => error,
        Failure::NotSent(why) | Failure::Impossible(why) | Failure::Unknown(why) => return unreachable(&why),
    };
    let bad = |field: &'static str, problem: String| Refusal::BadInput { field, problem };
    match error.code {
        Some(190 | 102) => bad(
            "accessToken",
            format!(
                "Meta does not take `accessToken` ({error}); make a new one, best a system user's, which does not run out"
            ),
        ),
        Some(3 | 10 | 200..=299) => bad(
            "accessToken",
            format!(
                "`accessToken` may not do this ({error}); give its system user the business account, and the permissions \
                 whatsapp_business_messaging and whatsapp_business_management"
            ),
        ),
        Some(100) if error.is_wrong_proof() => bad(
            "appSecret",
            "`appSecret` is not the secret of the app that `accessToken` is of; it stands on the app's page App settings / \
             Basic"
                .to_owned(),
        ),
        Some(100) if error.is_no_such_object() => bad(
            field,
            format!("Meta knows no such `{field}`, or `accessToken` may not use it; both must be of the same app"),
        ),
        Some(33 | 100 | 803) => bad(field, format!("Meta does not take `{field}` ({error})")),
        _ => unreachable(&error.to_string()),
    }
}

pub(super) fn unreachable(why: &str) -> Refusal {
    Refusal::GatewayUnreachable { problem: format!("Meta could not be asked ({why}); try again in a moment") }
}

fn refuse<T>(field: &'static str, problem: String) -> Result<T, Refusal> {
    Err(Refusal::BadInput { field, problem })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::graph::GraphError, *};

    fn refused(code: i64, subcode: Option<i64>) -> Failure {
        GraphError { code: Some(code), subcode, message: "No".to_owned(), ..GraphError::default() }.into()
    }

    #[test]
    fn what_meta_says_is_blamed_on_the_field_that_can_mend_it() {
        for (failure, field) in [
            (refused(190, Some(463)), Some("accessToken")),
            (refused(10, None), Some("accessToken")),
            (refused(200, None), Some("accessToken")),
            (refused(100, Some(33)), Some("businessAccountId")),
            (refused(100, None), Some("businessAccountId")),
            (refused(4, None), None),
            (Failure::NotSent("no route".to_owned()), None),
            (Failure::Unknown("cut".to_owned()), None),
        ] {
            let refusal = blame(failure, "businessAccountId");
            assert_eq!(refusal.field(), field, "{refusal}");
        }
        let message = "Invalid appsecret_proof provided in the API argument".to_owned();
        let error = GraphError { code: Some(100), message, ..GraphError::default() };
        assert_eq!(blame(error.into(), "phoneNumberId").field(), Some("appSecret"));
    }

    #[test]
    fn a_phone_is_compared_by_its_digits() {
        let found = json!({"display_phone_number": "+1 510-556-6777"});
        assert_eq!(same_phone(&found, "15105566777"), Ok(()));
        assert_eq!(same_phone(&found, "15105566778").unwrap_err().field(), Some("phone"));
        assert_eq!(same_phone(&json!({}), "15105566777").unwrap_err().field(), Some("phoneNumberId"));
    }
}
