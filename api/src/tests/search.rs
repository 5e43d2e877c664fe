//! What is found, and what is said of it, where letters and chats matter.

use nhip_domain::{ledger, message::search};
use sea_orm::ConnectionTrait as _;
use serde_json::json;

use super::app::TestApp;

#[tokio::test]
async fn letters_are_found_whatever_their_case() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        shop.connect("15105566777").await;
        shop.send("Chào Đặng Văn").await;
        shop.send("100% Đúng_rồi").await;
        shop.send("straße ΟΔΟΣ").await;
        let query = "query($w: ID!, $s: String) { workspace(id: $w) { messages(search: $s) { totalCount } } }";
        let found = async |search: &str| {
            let seen = shop.ok(query, json!({"w": shop.id, "s": search})).await;
            seen["workspace"]["messages"]["totalCount"].as_i64().unwrap()
        };
        let searches = [
            ("Đặng", 1),
            ("đặng", 1),
            ("ĐẶNG VĂN", 1),
            ("chào", 1),
            ("% đ", 1),
            ("Đ_ng", 0),
            ("g_r", 1),
            ("Đ", 2),
            ("đ", 2),
            ("dặng", 0),
            ("Straße", 1),
            ("οδοσ", 1),
        ];
        for indexed in [false, true] {
            for (search, many) in searches {
                assert_eq!(found(search).await, many, "{search}, indexed: {indexed}");
            }
            ledger::sequence(app.cx()).await.unwrap();
            search::index(app.cx()).await.unwrap();
        }
    }
}

#[tokio::test]
async fn accounts_and_chats_are_found_by_name_and_phone() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect("15105566777").await;
        let rename = "mutation($a: ID!) { renameAccount(input: {accountId: $a, name: \"Đơn hàng +84\"}) { id } }";
        shop.ok(rename, json!({"a": account})).await;
        shop.send("x").await;
        for sql in ["UPDATE chats SET name = 'Cửa hàng Ổ khóa', phone = '12025550100' WHERE kind = 'CONTACT'"] {
            app.cx().db.schema().execute_unprepared(sql).await.unwrap();
        }
        let query = "query($w: ID!, $s: String) { workspace(id: $w) { accounts(search: $s) { totalCount } chats(search: $s) { totalCount } } }";
        for (search, accounts, chats) in [
            ("+1510", 1, 0),
            ("+1 (510) 556-6777", 1, 0),
            ("5566", 1, 0),
            ("+84", 1, 0),
            ("+12025550100", 0, 1),
            ("đơn", 1, 0),
            ("ĐƠN HÀNG", 1, 0),
            ("ổ KHÓA", 0, 1),
            ("+", 1, 0),
        ] {
            let seen = shop.ok(query, json!({"w": shop.id, "s": search})).await["workspace"].clone();
            let found = (&seen["accounts"]["totalCount"], &seen["chats"]["totalCount"]);
            assert_eq!(found, (&json!(accounts), &json!(chats)), "{search}");
        }
    }
}

#[tokio::test]
async fn restricted_accounts_hold_back_only_what_is_to_strangers() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        shop.connect("15105566777").await;
        let send =
            "mutation($w: ID!, $p: String!) { sendMessage(input: {workspaceId: $w, phone: $p, text: \"x\"}) { id } }";
        for phone in ["+12025550100", "+12025550101"] {
            shop.ok(send, json!({"w": shop.id, "p": phone})).await;
        }
        for sql in [
            "UPDATE chats SET jid = '12025550100@s.whatsapp.net' WHERE kind = 'CONTACT'",
            "UPDATE messages SET chat_id = NULL",
            "UPDATE accounts SET state = 'RESTRICTED'",
        ] {
            app.cx().db.schema().execute_unprepared(sql).await.unwrap();
        }
        let query = "query($w: ID!) { workspace(id: $w) { messages { nodes { recipient waitingFor } } } }";
        assert_eq!(
            shop.ok(query, json!({"w": shop.id})).await["workspace"]["messages"]["nodes"],
            json!([
                {"recipient": "+12025550101", "waitingFor": "ACCOUNT_RESTRICTED"},
                {"recipient": "+12025550100", "waitingFor": "ITS_TURN"},
            ])
        );
    }
}
