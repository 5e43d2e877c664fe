use proptest::prelude::*;
use serde_json::json;

use super::*;

const ID: &str = "3EB09FCC85FE99662E46";

fn read_json(callback: &Value) -> Vec<Notice> {
    read(callback.to_string().as_bytes()).unwrap()
}

fn callback(value: &Value) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "9", "changes": [{"field": "messages", "value": value}]}]})
}

fn of_number(fields: &Value) -> Value {
    let mut value =
        json!({"messaging_product": "whatsapp", "metadata": {"display_phone_number": "1", "phone_number_id": "7"}});
    value.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    callback(&value)
}

fn update(value: &Value) -> Vec<Notice> {
    read_json(
        &json!({"entry": [{"id": "9", "time": 1_700_000_000, "changes": [{"field": "account_update", "value": value}]}]}),
    )
}

#[test]
fn a_status_is_of_our_message_and_says_when_and_to_whom() {
    let notices = read_json(&of_number(&json!({"statuses": [{
        "id": "wamid.A", "status": "delivered", "timestamp": "1700000000", "recipient_id": "14151231234",
        "recipient_user_id": "US.1", "biz_opaque_callback_data": ID, "conversation": {"id": "x"}, "new": [1],
    }]})));
    let at = DateTime::from_timestamp(1_700_000_000, 0);
    let what = What::Status {
        message_id: Some(ID.to_owned()),
        wamid: Some("wamid.A".to_owned()),
        became: Became::Delivered,
        chat: Some("14151231234@s.whatsapp.net".to_owned()),
    };
    assert_eq!(notices, [Notice { about: About::Number("7".to_owned()), at, what }]);
}

#[test]
fn a_failure_carries_metas_code_and_a_voice_message_that_was_played_was_read() {
    let notices = read_json(&of_number(&json!({"statuses": [
        {"id": "a", "status": "failed", "errors": [{"code": 131_026, "title": "Message undeliverable", "error_data": {"details": "why"}}]},
        {"id": "b", "status": "failed"},
        {"id": "c", "status": "played"},
        {"id": "d", "status": "warmed up"},
    ]})));
    let became: Vec<_> = notices
        .iter()
        .map(|notice| match &notice.what {
            What::Status { became, .. } => became.clone(),
            other => panic!("{other:?}"),
        })
        .collect();
    let [Became::Failed(first), Became::Failed(second), Became::Read] = became.as_slice() else { panic!("{became:?}") };
    assert_eq!((first.code, first.details.as_deref()), (Some(131_026), Some("why")));
    assert_eq!((second.code, second.message.as_str()), (None, "it did not say why"));
}

#[test]
fn a_failure_of_one_participant_is_not_the_groups() {
    let notices =
        read_json(&of_number(&json!({"statuses": [{"id": "a", "status": "failed", "recipient_type": "group",
        "recipient_id": "Y2Fw", "recipient_participant_id": "12025550100", "errors": [{"code": 131_026}]}]})));
    let [Notice { what: What::Status { became: Became::FailedForOne(error), .. }, .. }] = notices.as_slice() else {
        panic!("{notices:?}")
    };
    assert_eq!(error.code, Some(131_026));
}

#[test]
fn an_error_that_is_no_messages_is_trouble_of_the_number() {
    let mut callback =
        of_number(&json!({"errors": [{"code": 131_042, "title": "Payment issue"}, {"title": "no code"}]}));
    callback["entry"][0]["time"] = json!(1_700_000_000);
    let notices = read_json(&callback);
    let [Notice { about, at, what: What::Trouble(error) }] = notices.as_slice() else { panic!("{notices:?}") };
    assert_eq!((about, *at), (&About::Number("7".to_owned()), DateTime::from_timestamp(1_700_000_000, 0)));
    assert_eq!(error.code, Some(131_042));
}

#[test]
fn half_a_character_costs_nothing_but_itself() {
    let whole = of_number(&json!({
        "contacts": [{"wa_id": "12025550100", "profile": {"name": "cut HALF"}}],
        "messages": [{"from": "12025550100", "timestamp": "1700000000"}],
        "statuses": [{"id": "a", "status": "read"}],
    }));
    let notices = read(whole.to_string().replace("HALF", r"\ud83d").as_bytes()).unwrap();
    let names: Vec<_> = notices
        .iter()
        .filter_map(|notice| match &notice.what {
            What::Incoming(chat) => chat.name.as_deref(),
            _ => None,
        })
        .collect();
    assert_eq!((notices.len(), names), (2, vec!["cut \u{fffd}"]));
}

#[test]
fn whoever_writes_makes_a_chat_by_their_number_and_nobody_by_another_id() {
    let notices = read_json(&of_number(&json!({
        "contacts": [{"profile": {"name": "A\u{0}da"}, "wa_id": "12025550100", "user_id": "US.1"}],
        "messages": [
            {"from": "12025550100", "id": "wamid.1", "timestamp": "1700000000", "type": "text", "text": {"body": "hi"}},
            {"from": "12025550101", "timestamp": 1_700_000_001, "type": "a newer kind"},
            {"from_user_id": "US.2", "timestamp": "1700000002"},
            {"from": "US.3", "timestamp": "1700000002"},
            {"from": "12025550102", "group_id": "Y2Fw", "timestamp": "1700000003"},
            {"from": "12025550103", "timestamp": "1700000004", "type": "system", "system": {
                "body": "Ada changed from 12025550103 to 12025550104", "type": "user_changed_number", "wa_id": "12025550104"}},
            {"from": "12025550105", "timestamp": "1700000005", "type": "request_welcome"},
        ],
    })));
    let chats: Vec<_> = notices
        .into_iter()
        .map(|notice| match notice.what {
            What::Incoming(chat) => (chat.jid, chat.name),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [("12025550100@s.whatsapp.net", Some("Ada")), ("12025550101@s.whatsapp.net", None)];
    assert_eq!(chats, expected.map(|(jid, name)| (jid.to_owned(), name.map(str::to_owned))));
}

#[test]
fn what_meta_does_to_the_business_account_changes_its_accounts() {
    let restricted = |kind: &str| {
        update(&json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": [
            {"restriction_type": "RESTRICTED_ADD_PHONE_NUMBER_ACTION"}, {"restriction_type": kind, "expiration": 1_800_000_000},
        ]}))
    };
    let state = |notices: Vec<Notice>| match notices.as_slice() {
        [Notice { about: About::Business(id), what: What::State { state, until, .. }, .. }] if id == "9" => {
            Some((*state, *until))
        }
        [] => None,
        other => panic!("{other:?}"),
    };
    let until = DateTime::from_timestamp(1_800_000_000, 0);
    assert_eq!(state(restricted("RESTRICTED_BIZ_INITIATED_MESSAGING")), Some((AccountState::Restricted, until)));
    assert_eq!(state(restricted("RESTRICTED_CUSTOMER_INITIATED_MESSAGING")), Some((AccountState::Banned, until)));
    assert_eq!(state(restricted("RESTRICTED_USER_INITIATED_CALLING")), None);
    let ban = |to: &str| update(&json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": to}}));
    assert_eq!(state(ban("DISABLE")), Some((AccountState::Banned, None)));
    assert_eq!(state(ban("SCHEDULE_FOR_DISABLE")), None);
    assert_eq!(state(ban("REINSTATE")), Some((AccountState::Connected, None)));
    assert_eq!(state(update(&json!({"event": "ACCOUNT_DELETED"}))), Some((AccountState::LoggedOut, None)));
    assert_eq!(state(update(&json!({"event": "PARTNER_ADDED"}))), None);
}

#[test]
fn a_time_is_read_in_seconds_or_milliseconds_as_number_or_text_or_as_a_date() {
    let at = DateTime::from_timestamp(1_700_000_000, 0);
    for value in [json!(1_700_000_000), json!("1700000000"), json!(1_700_000_000_000_i64)] {
        assert_eq!(time(Some(&value)), at, "{value}");
    }
    for value in [
        json!("2023-11-14T22:13:20Z"),
        json!("2023-11-14T22:13:20+00:00"),
        json!("2023-11-14T22:13:20+0000"),
        json!("2023-11-15T00:13:20.5+0200"),
    ] {
        assert_eq!(time(Some(&value)).map(|at| at.timestamp()), at.map(|at| at.timestamp()), "{value}");
    }
    for value in [json!(null), json!(""), json!(-1), json!(i64::MAX), json!({}), json!("soon")] {
        assert_eq!(time(Some(&value)), None, "{value}");
    }
}

#[test]
fn what_is_no_callback_is_none_and_what_is_broken_is_left_out() {
    for body in ["", "{", "[]", "{}", r#"{"entry": {}}"#] {
        assert_eq!(read(body.as_bytes()), None, "{body}");
    }
    let odd = json!({"entry": [
        null, {"changes": null}, {"changes": [1, {"value": {"statuses": [1]}}, {"field": 1, "value": {"metadata": 1}}]},
        {"changes": [{"field": "messages", "value": {"metadata": {"phone_number_id": "7"}, "statuses": [1, {"status": 2}, {"status": "read"}]}}]},
    ]});
    assert_eq!(read_json(&odd).len(), 1);
}

fn any_json() -> impl Strategy<Value = Value> {
    let names =
        ["entry", "changes", "value", "field", "statuses", "messages", "metadata", "phone_number_id", "status", "id"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        "[a-z_]{0,8}".prop_map(Value::from),
        Just(json!("failed")),
        Just(json!("account_update")),
    ];
    leaf.prop_recursive(8, 64, 4, move |inner| {
        let names = proptest::sample::select(names.to_vec());
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map(names.prop_map(str::to_owned), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_makes_it_panic(value in any_json()) {
        let _read = read(value.to_string().as_bytes());
        let _read = read(json!({"entry": [value]}).to_string().as_bytes());
    }
}
