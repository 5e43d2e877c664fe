use std::time::Duration;

use chrono::TimeDelta;
use nhip_entity::{
    account::AccountState,
    activation::{Body, Heard},
    workspace,
};
use nhip_scratch::sample;
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use super::*;
use crate::{message::call::Received, refusal::Place};

const WORKSPACE: Uuid = Uuid::from_u128(1);
const TOKEN: TokenHash = [7; 32];

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

fn state(balance: i64) -> State {
    let row = workspace::Model { id: WORKSPACE, created_at: now(), balance, last_entry: 1, ..sample::workspace() };
    State {
        now: now(),
        rate: None,
        book: Book::open(now(), &[row]),
        webhooks: HashMap::from([(WORKSPACE, Webhook { token: Some(TOKEN), enabled: true, full_again_at_us: 0 })]),
        hints: HashMap::from([(TOKEN, WORKSPACE)]),
        accounts: HashMap::new(),
        chats: Vec::new(),
        keys: HashMap::new(),
    }
    .with_account(1, "15105566777", AccountState::Connected, 10)
}

impl State {
    fn with_account(mut self, n: u128, phone: &str, state: AccountState, connected_h_ago: i64) -> Self {
        let account = Candidate {
            id: Uuid::from_u128(n),
            workspace_id: WORKSPACE,
            phone: Some(phone.to_owned()),
            state,
            connected_at: Some(now() - TimeDelta::hours(connected_h_ago)),
        };
        self.accounts.insert(account.id, account);
        self
    }

    fn with_chat(self, id: i64, account: u128, name: &str) -> Self {
        self.with_chat_that_is(false, id, account, name)
    }

    fn with_renamed_chat(self, id: i64, account: u128, name: &str) -> Self {
        self.with_chat_that_is(true, id, account, name)
    }

    fn with_chat_that_is(mut self, renamed: bool, id: i64, account: u128, name: &str) -> Self {
        let (account_id, jid) = (Uuid::from_u128(account), format!("{id}@s.whatsapp.net"));
        self.chats.push(KnownChat { id, workspace_id: WORKSPACE, account_id, name: name.to_owned(), renamed, jid });
        self
    }
}

fn spot(field: &str) -> Spot {
    Spot { field: field.to_owned(), place: Place { line: 2, column: 7 } }
}

fn request() -> SendRequest {
    SendRequest {
        text: "lorem ipsum".to_owned(),
        file: None,
        recipient: Recipient::Phone("+14151231234".to_owned()),
        recipient_at: spot("phone"),
        account_phone: None,
        idempotency_key: None,
    }
}

fn from(account: &str) -> SendRequest {
    let at = spot("whatsapp_account_phone");
    let phone = AccountPhone { given: format!("+{account}"), digits: account.to_owned(), at };
    SendRequest { account_phone: Some(phone), ..request() }
}

fn to_chat(number: i64) -> SendRequest {
    SendRequest { recipient: Recipient::ChatId(number), recipient_at: spot("chat_id"), ..request() }
}

fn to_name(name: &str) -> SendRequest {
    SendRequest { recipient: Recipient::ChatName(name.to_owned()), recipient_at: spot("chat_name"), ..request() }
}

fn call(request: Result<SendRequest, Refusal>) -> Call {
    #[expect(clippy::disallowed_methods, reason = "its value does not matter here")]
    let since = Instant::now();
    let heard = Heard {
        at: now(),
        id: Uuid::nil(),
        body: Body::default(),
        request_body_truncated: false,
        ignored_fields: Vec::new(),
        remote_address: None,
        user_agent: None,
    };
    let received = Received::new(&heard, since);
    let body = request.as_ref().map_or_else(ToString::to_string, |request| format!("{request:?}"));
    let body_hash = Sha256::digest(body).into();
    Call { origin: Origin::Webhook { token: TOKEN, received }, request, body_hash }
}

fn accepted(state: &mut State, request: SendRequest) -> NewMessage {
    state.admit(&call(Ok(request)), "3EB0").message.unwrap()
}

fn refused(state: &mut State, request: SendRequest) -> Refusal {
    state.admit(&call(Ok(request)), "3EB0").answer.unwrap_err()
}

#[test]
fn text_with_a_file_costs_two_credits_and_either_alone_costs_one() {
    let file = FileRef { url: "https://example.com/a.png".to_owned(), name: "a.png".to_owned() };
    assert_eq!(price(&request()), 1);
    assert_eq!(price(&SendRequest { file: Some(file.clone()), ..request() }), 2);
    assert_eq!(price(&SendRequest { file: Some(file), text: " \n".to_owned(), ..request() }), 1);
}

#[test]
fn rule_1_a_chats_own_account_sends_whatever_phone_is_given() {
    let mut state = state(9).with_account(2, "440000000000", AccountState::Paused, 1).with_chat(77_234, 2, "Team");
    let message = accepted(&mut state, SendRequest { recipient: Recipient::ChatId(77_234), ..from("999") });
    assert_eq!((message.account_id, message.chat_id, message.by_default), (Uuid::from_u128(2), Some(77_234), false));
}

#[test]
fn rule_2_the_named_account_sends() {
    let mut state = state(9).with_account(2, "440000000000", AccountState::Connected, 1);
    let message = accepted(&mut state, from("15105566777"));
    assert_eq!((message.account_id, message.by_default), (Uuid::from_u128(1), false));
}

#[test]
fn rule_3_of_chats_of_one_name_the_one_of_the_best_account_is_taken() {
    let mut state = state(9)
        .with_account(2, "440000000000", AccountState::Connected, 1)
        .with_account(3, "490000000000", AccountState::Paused, 0)
        .with_chat(1, 1, "Ada")
        .with_chat(2, 2, "Ada")
        .with_chat(3, 3, "Ada");
    assert_eq!(accepted(&mut state, to_name("Ada")).chat_id, Some(2));
    let of_named = SendRequest { recipient: Recipient::ChatName("Ada".to_owned()), ..from("15105566777") };
    assert_eq!(accepted(&mut state, of_named).chat_id, Some(1), "the named account's own chat of that name");
}

#[test]
fn rule_3_a_stranger_who_takes_a_chats_name_gets_none_of_its_messages() {
    let mut one = state(9).with_chat(2, 1, "The Boss").with_chat(3, 1, "The Boss");
    assert_eq!(accepted(&mut one, to_name("The Boss")).chat_id, Some(2), "whoever was there before");
    let mut renamed =
        state(9).with_chat(1, 1, "The Boss").with_renamed_chat(2, 1, "The Boss").with_chat(3, 1, "The Boss");
    assert_eq!(accepted(&mut renamed, to_name("The Boss")).chat_id, Some(2), "whom a person called so");
    let mut elsewhere = state(9)
        .with_account(2, "440000000000", AccountState::Connected, 1)
        .with_renamed_chat(1, 1, "The Boss")
        .with_chat(2, 2, "The Boss");
    assert_eq!(accepted(&mut elsewhere, to_name("The Boss")).chat_id, Some(2), "the account comes first");
}

#[test]
fn rule_4_otherwise_the_active_account_connected_most_recently_sends() {
    let mut state = state(9).with_account(2, "440000000000", AccountState::Connected, 1);
    let message = accepted(&mut state, request());
    assert_eq!((message.account_id, message.by_default), (Uuid::from_u128(2), true));
}

#[test]
fn without_an_active_account_nothing_is_accepted_or_charged() {
    let mut state = state(9).with_account(1, "15105566777", AccountState::Paused, 1);
    assert_eq!(refused(&mut state, request()), Refusal::NoAccount);
    assert_eq!(state.book.balance(WORKSPACE), 9);
}

#[test]
fn the_states_of_a_named_account_decide_as_the_contracts_table_says() {
    use AccountState::*;
    for (account, takes) in [
        (Connected, true),
        (Reconnecting, true),
        (Restricted, true),
        (Paused, true),
        (Banned, true),
        (LoggedOut, false),
        (Pairing, false),
        (PasskeyRequired, false),
    ] {
        let mut state = state(9).with_account(1, "15105566777", account, 1).with_chat(5, 1, "Ada");
        let called = SendRequest { recipient: Recipient::ChatName("Ada".to_owned()), ..from("15105566777") };
        let requests = [
            ("whatsapp_account_phone", from("15105566777")),
            ("whatsapp_account_phone", called),
            ("chat_id", to_chat(5)),
        ];
        for (field, request) in requests {
            let answer = state.admit(&call(Ok(request)), "3EB0").answer;
            let refusal = Refusal::AccountNotConnected { phone: "+15105566777".to_owned(), at: spot(field) };
            assert_eq!(answer.map(drop), if takes { Ok(()) } else { Err(refusal) }, "{account:?}");
        }
    }
}

#[test]
fn the_states_of_an_account_that_nobody_named_decide_as_the_contracts_table_says() {
    use AccountState::*;
    for (account, is_picked) in [
        (Connected, true),
        (Reconnecting, true),
        (Restricted, false),
        (Paused, false),
        (Banned, false),
        (LoggedOut, false),
        (Pairing, false),
        (PasskeyRequired, false),
        (Removed, false),
    ] {
        let mut state = state(9).with_account(1, "15105566777", account, 1).with_chat(5, 1, "Ada");
        for request in [request(), to_name("Ada")] {
            let answer = state.admit(&call(Ok(request)), "3EB0").answer;
            assert_eq!(answer.map(drop), if is_picked { Ok(()) } else { Err(Refusal::NoAccount) }, "{account:?}");
        }
    }
}

#[test]
fn unknown_accounts_and_chats_are_refused_at_once() {
    let mut state = state(9).with_account(1, "15105566777", AccountState::Removed, 1);
    let unknown = Refusal::UnknownAccount { phone: "+15105566777".to_owned(), at: spot("whatsapp_account_phone") };
    assert_eq!(refused(&mut state, from("15105566777")), unknown);
    assert_eq!(refused(&mut state, to_chat(1)), Refusal::ChatNotFound { at: spot("chat_id") });
    assert_eq!(refused(&mut state, to_name("Nobody")), Refusal::ChatNotFound { at: spot("chat_name") });
}

#[test]
fn a_request_that_the_balance_cannot_cover_is_refused_whole() {
    let mut state = state(1);
    let file = FileRef { url: "https://example.com/a.png".to_owned(), name: "a.png".to_owned() };
    let two = SendRequest { file: Some(file), ..request() };
    assert_eq!(refused(&mut state, two), Refusal::OutOfCredits { needed: 2, left: 1 });
    assert_eq!(accepted(&mut state, request()).credits, 1);
    assert_eq!(refused(&mut state, request()), Refusal::OutOfCredits { needed: 1, left: 0 });
}

#[test]
fn a_repeated_key_gets_the_first_answer_and_another_body_is_refused() {
    let keyed = SendRequest { idempotency_key: Some("k".to_owned()), ..request() };
    let mut state = state(9);
    let first = state.admit(&call(Ok(keyed.clone())), "3EB01").answer.unwrap();
    let again = state.admit(&call(Ok(keyed.clone())), "3EB02").answer.unwrap();
    assert_eq!(again, Accepted { message_id: first.message_id, replayed: true });
    let other = SendRequest { text: "other".to_owned(), ..keyed };
    assert_eq!(refused(&mut state, other), Refusal::IdempotencyMismatch);
    assert_eq!(state.book.balance(WORKSPACE), 8);
}

#[test]
fn only_accepted_calls_are_remembered() {
    let keyed = SendRequest { idempotency_key: Some("k".to_owned()), ..to_chat(1) };
    let mut state = state(9);
    refused(&mut state, keyed.clone());
    assert!(state.admit(&call(Ok(SendRequest { recipient: request().recipient, ..keyed })), "3EB0").message.is_some());
}

#[test]
fn checks_come_in_the_contracts_order() {
    let broken = || Err(Refusal::MissingField { field: "text".to_owned(), hint: String::new() });
    let mut state = state(0);
    let answer = |state: &mut State, request| state.admit(&call(request), "3EB0").answer.unwrap_err().code();
    state.webhooks.get_mut(&WORKSPACE).unwrap().enabled = false;
    assert_eq!(answer(&mut state, Err(Refusal::MethodNotAllowed)), "METHOD_NOT_ALLOWED");
    assert_eq!(answer(&mut state, broken()), "WEBHOOK_DISABLED");
    state.webhooks.get_mut(&WORKSPACE).unwrap().enabled = true;
    assert_eq!(answer(&mut state, broken()), "MISSING_FIELD");
    assert_eq!(answer(&mut state, Ok(from("999"))), "UNKNOWN_ACCOUNT");
    assert_eq!(answer(&mut state, Ok(request())), "OUT_OF_CREDITS");
    state.webhooks.get_mut(&WORKSPACE).unwrap().token = Some([8; 32]);
    assert_eq!(answer(&mut state, broken()), "WEBHOOK_NOT_FOUND");
}

#[test]
fn a_rate_is_a_bucket_that_refills() {
    let mut state = state(99);
    state.rate = Some(Rate { calls: 3, per: Duration::from_secs(30) });
    let codes: Vec<_> =
        (0..4).map(|_| state.admit(&call(Ok(request())), "3EB0").answer.map_err(|no| no.code())).collect();
    assert_eq!(codes.iter().filter(|code| code.is_ok()).count(), 3);
    assert_eq!(codes[3], Err("RATE_LIMITED"));
    state.now += TimeDelta::seconds(10);
    assert!(state.admit(&call(Ok(request())), "3EB0").answer.is_ok());
    assert_eq!(refused(&mut state, request()), Refusal::RateLimited { retry_after_s: 10 });
}

#[test]
fn a_wall_clock_that_jumps_back_locks_nobody_out() {
    let mut state = state(99);
    state.rate = Some(Rate { calls: 3, per: Duration::from_secs(30) });
    accepted(&mut state, request());
    state.now -= TimeDelta::hours(1);
    assert_eq!(refused(&mut state, request()), Refusal::RateLimited { retry_after_s: 10 });
}

/// Requests of every fate.
fn any_request() -> impl Strategy<Value = Result<SendRequest, Refusal>> {
    let file = FileRef { url: "https://example.com/a.png".to_owned(), name: "a.png".to_owned() };
    prop_oneof![
        4 => Just(Ok(request())),
        2 => Just(Ok(SendRequest { file: Some(file), ..request() })),
        1 => Just(Ok(to_chat(77_234))),
        1 => Just(Ok(to_chat(1))),
        1 => Just(Ok(from("999"))),
        1 => Just(Err(Refusal::MissingField { field: "text".to_owned(), hint: String::new() })),
        2 => "[ab]".prop_map(|key| Ok(SendRequest { idempotency_key: Some(key), ..request() })),
    ]
}

proptest! {
    #[test]
    fn the_balance_is_never_negative_refusals_charge_nothing_and_order_is_kept(
        balance in 0..12_i64,
        requests in proptest::collection::vec(any_request(), 1..30),
    ) {
        let mut state = state(balance).with_chat(77_234, 1, "Team");
        let mut left = balance;
        let mut place = 0;
        for (n, request) in requests.into_iter().enumerate() {
            let decision = state.admit(&call(request), &format!("3EB0{n}"));
            if let Some(message) = decision.message {
                left -= i64::from(message.credits);
                prop_assert!(message.place > place, "order of acceptance");
                place = message.place;
            }
            prop_assert_eq!(state.book.balance(WORKSPACE), left, "only accepted messages are charged");
            prop_assert!(left >= 0);
        }
    }

    #[test]
    fn batching_changes_no_outcome(
        balance in 0..12_i64,
        requests in proptest::collection::vec(any_request(), 1..30),
        cut in 0..30_usize,
    ) {
        let calls: Vec<Call> = requests.into_iter().map(call).collect();
        let ids: Vec<String> = (0..calls.len()).map(|n| format!("3EB0{n}")).collect();
        let decide = |state: &mut State, from: usize, to: usize| -> Vec<_> {
            (from..to).map(|n| state.admit(&calls[n], &ids[n]).answer).collect()
        };
        let together = decide(&mut state(balance).with_chat(77_234, 1, "Team"), 0, calls.len());
        // The second batch starts from what the first one stored.
        let cut = cut.min(calls.len());
        let mut first = state(balance).with_chat(77_234, 1, "Team");
        let mut apart = decide(&mut first, 0, cut);
        let mut second = state(first.book.balance(WORKSPACE)).with_chat(77_234, 1, "Team");
        second.keys = first.keys;
        apart.extend(decide(&mut second, cut, calls.len()));
        prop_assert_eq!(together, apart);
    }
}
