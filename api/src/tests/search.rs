//! What is found, and what is said of it, where letters and chats matter.

use sea_orm::ConnectionTrait as _;
use serde_json::json;

use super::app::TestApp;

#[tokio::test]
async fn capitals_beyond_ascii_are_found_as_typed() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        shop.connect("15105566777").await;
        shop.send("Chào Đặng Văn").await;
        shop.send("100% Đúng_rồi").await;
        let query = "query($w: ID!, $s: String) { workspace(id: $w) { messages(search: $s) { totalCount } } }";
        for (search, found) in [("Đặng", 1), ("chào", 1), ("% Đ", 1), ("Đ_ng", 0), ("g_r", 1), ("Đ", 2)] {
            let seen = shop.ok(query, json!({"w": shop.id, "s": search})).await;
            assert_eq!(seen["workspace"]["messages"]["totalCount"], found, "{search}");
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
