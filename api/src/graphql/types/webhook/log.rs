//! The activation log as a file.

use nhip_domain::webhook::answer;
use nhip_entity::activation::{Activation, Told};
use serde_json::Value;

use super::{
    super::super::scalars,
    body::{self, Body},
};
use crate::text_file::{Format, Layout, Table, TextFile};

/// What the file is called, without its extension.
const NAME: &str = "nhip-webhook-log";

/// The columns, named as the fields of `Activation`.
const COLUMNS: &[&str] = &[
    "sequence",
    "at",
    "outcome",
    "httpStatus",
    "refusal",
    "field",
    "line",
    "column",
    "messageId",
    "ignoredFields",
    "requestBody",
    "requestBodyBase64",
    "requestBodyTruncated",
    "responseBody",
    "remoteAddress",
    "userAgent",
    "durationMs",
    "id",
];

/// Writes activations in the order in which they are given.
pub(super) fn file(calls: &[Activation], format: Format) -> TextFile {
    let rows = calls.iter().map(|call| cells(call, format)).collect();
    TextFile::of(&Table { columns: COLUMNS, rows, layout: Layout::Block }, NAME, format)
}

/// The cells of [`COLUMNS`], in its order. Programs get what is no text as base64, people get it readable.
fn cells(Activation(heard, told): &Activation, format: Format) -> Vec<Value> {
    let for_people = format == Format::Text;
    let given = Body::of(heard);
    let text = if for_people { body::readable(heard) } else { given.text };
    let ignored = heard.ignored_fields.clone();
    vec![
        told.sequence.into(),
        scalars::rfc3339(heard.at).into(),
        <&str>::from(told.outcome).into(),
        told.http_status.into(),
        told.refusal.as_deref().into(),
        told.field.as_deref().into(),
        told.line.into(),
        told.column.into(),
        told.message_id.as_deref().map(|key| scalars::message_id(key).0).into(),
        if for_people && ignored.is_empty() { Value::Null } else { ignored.into() },
        text.into(),
        if for_people { Value::Null } else { given.is_base64.into() },
        if for_people && !heard.request_body_truncated { Value::Null } else { heard.request_body_truncated.into() },
        answer::logged(told).into(),
        heard.remote_address.as_deref().into(),
        heard.user_agent.as_deref().into(),
        duration_ms(told).into(),
        heard.id.to_string().into(),
    ]
}

/// How long it took to decide, in milliseconds.
pub(super) fn duration_ms(told: &Told) -> f64 {
    f64::from(u32::try_from(told.duration_us).unwrap_or(u32::MAX)) / 1_000.0
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use nhip_entity::activation::{ActivationOutcome, Heard};

    use super::*;

    fn refused(body: &[u8]) -> Activation {
        let heard = Heard {
            at: "2026-11-22T20:00:00Z".parse().unwrap(),
            id: uuid::Uuid::nil(),
            body: Cow::from(body).into(),
            request_body_truncated: false,
            ignored_fields: vec!["colour".to_owned(), "size".to_owned()],
            remote_address: Some("192.0.2.7".to_owned()),
            user_agent: Some("=cmd|' /C calc'!A0".to_owned()),
        };
        let told = Told {
            sequence: 107,
            outcome: ActivationOutcome::Refused,
            http_status: 400,
            refusal: Some("INVALID_JSON".to_owned()),
            answer: Some("Not valid JSON".to_owned()),
            field: None,
            line: Some(1),
            column: Some(2),
            message_id: None,
            response_body: Some(r#"{"status":400}"#.to_owned()),
            duration_us: 1_250,
        };
        Activation(heard, told)
    }

    fn written(body: &[u8], format: Format) -> String {
        file(&[refused(body)], format).content
    }

    #[test]
    fn text_is_a_block_per_call_that_no_body_can_forge() {
        insta::assert_snapshot!(written(b"{\nsequence: 108\n!\x1b[2J", Format::Text), @r#"
        sequence: 107
        at: 2026-11-22T20:00:00.000000Z
        outcome: REFUSED
        httpStatus: 400
        refusal: INVALID_JSON
        line: 1
        column: 2
        ignoredFields: ["colour","size"]
        requestBody: {
            sequence: 108
            !\u{1b}[2J
        responseBody: {"status":400}
        remoteAddress: 192.0.2.7
        userAgent: =cmd|' /C calc'!A0
        durationMs: 1.25
        id: 00000000-0000-0000-0000-000000000000
        "#);
    }

    #[test]
    fn a_body_that_is_no_text_is_readable_for_people_and_whole_for_programs() {
        let latin = b"{\"text\": \"caf\xe9\"}";
        assert!(written(latin, Format::Text).contains(r#"requestBody: {"text": "caf\xE9"}"#));
        let json: Value = serde_json::from_str(&written(latin, Format::Json)).unwrap();
        assert_eq!(json[0]["requestBodyBase64"], true);
        assert_eq!(json[0]["requestBody"], "eyJ0ZXh0IjogImNhZukifQ==");
    }

    #[test]
    fn json_names_everything_as_the_api_does() {
        let json: Value = serde_json::from_str(&written(b"hello", Format::Json)).unwrap();
        let names: Vec<_> = json[0].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names.len(), COLUMNS.len());
        assert_eq!((&json[0]["requestBody"], &json[0]["requestBodyBase64"]), (&"hello".into(), &false.into()));
        assert_eq!((&json[0]["durationMs"], &json[0]["messageId"]), (&1.25.into(), &Value::Null));
    }

    #[test]
    fn no_cell_of_csv_is_a_formula() {
        for body in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1"] {
            let csv = written(body.as_bytes(), Format::Csv);
            assert!(csv.contains(&format!("'{body}")), "{csv}");
        }
        assert!(written(b"", Format::Csv).contains("\"'=cmd|' /C calc'!A0\""));
    }
}
