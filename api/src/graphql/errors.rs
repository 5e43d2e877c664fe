//! Errors as the contract wants them: always with a code; what broke is logged here, once, and not told.

use std::{error::Error as StdError, sync::Arc};

use async_graphql::{ErrorExtensionValues, Response, ServerError};
use nhip_domain::{Broken, Error, Refusal, refusal::Kind};
use sea_orm::DbErr;

use super::enums::RefusalCode;

/// Errors of one answer; whatever is wrong, nobody reads more, and a small query shall not have a large answer.
const MOST: usize = 20;

/// Gives every error its code, and hides what is nobody's business.
pub(super) fn finish(mut response: Response) -> Response {
    response.errors = response.errors.into_iter().take(MOST).map(code).collect();
    response
}

/// An error of ours, before anything was executed.
pub(super) fn refused(code: &'static str, message: &str) -> Response {
    let mut err = ServerError::new(message, None);
    err.extensions.get_or_insert_default().set("code", code);
    Response::from_errors(vec![err])
}

/// The same, of a value that cannot be taken.
pub(super) fn refused_at(field: &str, problem: &str) -> Response {
    let mut response = refused("BAD_INPUT", problem);
    for err in &mut response.errors {
        err.extensions.get_or_insert_default().set("field", field);
    }
    response
}

/// A refusal in a resolver's own words.
pub(super) fn in_words(refusal: &Refusal, message: String, field: Option<String>) -> async_graphql::Error {
    let mut err = async_graphql::Error::new(message);
    tell(err.extensions.get_or_insert_default(), refusal, field);
    err
}

/// What programs read of a refusal.
fn tell(extensions: &mut ErrorExtensionValues, refusal: &Refusal, field: Option<String>) {
    extensions.set("code", code_of(refusal));
    if let Some(field) = field {
        extensions.set("field", field);
    }
    if RefusalCode::of(refusal.code()).is_some() {
        extensions.set("refusal", refusal.code());
    }
}

/// The contract's code of a refusal.
fn code_of(refusal: &Refusal) -> &'static str {
    match refusal.kind() {
        Kind::Invalid | Kind::MethodNotAllowed | Kind::TooLarge | Kind::Unsupported => "BAD_INPUT",
        Kind::Unauthenticated => "UNAUTHENTICATED",
        Kind::PaymentRequired => "OUT_OF_CREDITS",
        Kind::Forbidden => "FORBIDDEN",
        Kind::NotFound => "NOT_FOUND",
        Kind::Conflict => "CONFLICT",
        Kind::RateLimited => "RATE_LIMITED",
        Kind::Unavailable => "UNAVAILABLE",
    }
}

fn code(mut err: ServerError) -> ServerError {
    if err.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some()) {
        return err;
    }
    if let Some(refusal) = refusal_in(&err).cloned() {
        return refuse(err, &refusal);
    }
    match broken_in(&err) {
        Some(broken) => tracing::error!(error = broken, "a request to the admin API broke"),
        None if err.source.is_some() => tracing::error!(error = err.message, "a request to the admin API broke"),
        None => return blame_the_query(err),
    }
    "Internal error".clone_into(&mut err.message);
    err.extensions.get_or_insert_default().set("code", "INTERNAL");
    err
}

fn refusal_in(err: &ServerError) -> Option<&Refusal> {
    match err.source::<Error>() {
        Some(Error::Refused(refusal)) => Some(refusal),
        Some(Error::Broken(_)) => None,
        None => err.source::<Refusal>(),
    }
}

fn broken_in(err: &ServerError) -> Option<&(dyn StdError + 'static)> {
    match err.source::<Error>() {
        Some(Error::Broken(broken)) => return Some(broken),
        Some(Error::Refused(_)) => return None,
        None => {}
    }
    let broken = err.source::<Broken>().map(|broken| broken as &(dyn StdError + 'static));
    let shared = || err.source::<Arc<Broken>>().map(|broken| &**broken as &(dyn StdError + 'static));
    let database = || err.source::<DbErr>().map(|broken| broken as &(dyn StdError + 'static));
    broken.or_else(shared).or_else(database)
}

fn refuse(mut err: ServerError, refusal: &Refusal) -> ServerError {
    err.message = refusal.to_string();
    let extensions = err.extensions.get_or_insert_default();
    // A resolver that spells it in its own way has said so.
    let is_named = extensions.get("field").is_some();
    tell(extensions, refusal, refusal.field().filter(|_| !is_named).map(str::to_owned));
    err
}

/// What the framework itself found wrong: the query's text or its variables.
fn blame_the_query(mut err: ServerError) -> ServerError {
    let too_much =
        err.message.starts_with("Query is too complex") || err.message.starts_with("Query is nested too deep");
    let field = field_in(&err.message).map(str::to_owned);
    let extensions = err.extensions.get_or_insert_default();
    extensions.set("code", if too_much { "QUERY_TOO_COMPLEX" } else { "BAD_INPUT" });
    if let Some(field) = field {
        extensions.set("field", field);
    }
    err
}

/// The argument that a message of the framework names: `… argument "input.scopes.0", …`, of which the last name.
fn field_in(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once("argument \"")?;
    let (path, _) = rest.split_once('"')?;
    path.rsplit('.').find(|part| !part.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use async_graphql::Value;

    use super::*;

    fn of(err: async_graphql::Error) -> ServerError {
        code(err.into_server_error(async_graphql::Pos::default()))
    }

    fn extension(err: &ServerError, name: &str) -> Option<String> {
        match err.extensions.as_ref()?.get(name)? {
            Value::String(text) => Some(text.clone()),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_refusal_is_told_with_its_code() {
        let err = of(Error::from(Refusal::OutOfCredits { needed: 2, left: 1 }).into());
        assert_eq!(err.message, "Not enough message credits: 2 needed, 1 left");
        assert_eq!(extension(&err, "code").unwrap(), "OUT_OF_CREDITS");
        assert_eq!(extension(&err, "refusal").unwrap(), "OUT_OF_CREDITS");
    }

    #[test]
    fn what_is_no_webhooks_refusal_has_no_refusal_code() {
        let err = of(Refusal::NotFound.into());
        assert_eq!((extension(&err, "code").unwrap(), extension(&err, "refusal")), ("NOT_FOUND".to_owned(), None));
    }

    #[test]
    fn what_broke_is_not_told() {
        let secret = || DbErr::Custom("password=hunter2".to_owned());
        for err in [
            of(Error::from(secret()).into()),
            of(Broken::from(secret()).into()),
            of(Arc::new(Broken::from(secret())).into()),
            of(secret().into()),
            of(std::io::Error::other("hunter2").into()),
        ] {
            assert_eq!(err.message, "Internal error");
            assert_eq!(extension(&err, "code").unwrap(), "INTERNAL");
        }
    }

    #[test]
    fn the_field_at_fault_is_named_where_the_framework_knows_it() {
        assert_eq!(field_in(r#"Invalid value for argument "input.minMs", expected type "Int""#), Some("minMs"));
        let in_a_list = r#"Invalid value for argument "input.scopes.0", enumeration type "Scope" does not contain "X""#;
        assert_eq!(field_in(in_a_list), Some("scopes"));
        assert_eq!(field_in("Unknown field"), None);
    }
}
