//! What a shop does on its first day.

use serde_json::{Value, json};

use super::app::{TestApp, post, text};

#[tokio::test]
async fn a_shop_connects_an_account_and_sees_what_it_sends() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect("+1 (510) 556-6777").await;
        let path = shop.webhook().await;
        let body = json!({"action": "send", "whatsapp account phone": "+15105566777", "phone": "+14151231234", "text": "lorem ipsum"});
        let response = app.call(post().uri_str(&path).body(body.to_string())).await;
        assert_eq!(response.status(), 200);
        let by_webhook = text(&super::app::read(response).await["data"]["message_id"]);
        let by_hand = shop.send("second").await;

        let query = "query($w: ID!) { workspace(id: $w) { name myRole
            accounts { totalCount nodes { id phone name state isDefault queued capabilities pace { minMs maxMs } drainsAt } }
            chats { nodes { id name kind jid phone account { id } messages { totalCount } } }
            messages { totalCount nodes { id status waitingFor source recipient recipientKind text credits queuePosition
                       expectedSendAt account { id } history { status } } pageInfo { hasNextPage } }
            queue { queued sending oldestQueuedAt }
            credits { balance queued entries { nodes { kind amount balanceAfter messageId workspaceName } } }
            incomingWebhook { enabled urlHint urlCreatedAt lastActivation { sequence outcome httpStatus requestBody message { id } } } } }";
        let seen = &shop.ok(query, json!({"w": shop.id})).await["workspace"];
        assert_eq!(seen["name"], "ada's shop");
        assert_eq!(seen["myRole"], "OWNER");
        let accounts = &seen["accounts"];
        assert_eq!(accounts["totalCount"], 1);
        assert_eq!(accounts["nodes"][0]["id"], account);
        assert_eq!(accounts["nodes"][0]["phone"], "+15105566777");
        assert_eq!(accounts["nodes"][0]["state"], "CONNECTED");
        assert_eq!(accounts["nodes"][0]["isDefault"], true);
        assert_eq!(accounts["nodes"][0]["queued"], 2);
        assert_eq!(accounts["nodes"][0]["pace"], json!({"minMs": 1500, "maxMs": 2500}));
        // The one that was made last stands first; its number is higher.
        assert_eq!(names(&seen["chats"]["nodes"]), ["Ada Example", "Team"]);
        assert_eq!(text(&seen["chats"]["nodes"][1]["id"]), "77234");
        let messages = &seen["messages"];
        assert_eq!(messages["totalCount"], 2);
        assert_eq!((&messages["nodes"][0]["id"], &messages["nodes"][1]["id"]), (&json!(by_hand), &json!(by_webhook)));
        assert_eq!(
            (&messages["nodes"][0]["source"], &messages["nodes"][1]["source"]),
            (&json!("DASHBOARD"), &json!("WEBHOOK"))
        );
        assert_eq!(
            (&messages["nodes"][0]["queuePosition"], &messages["nodes"][1]["queuePosition"]),
            (&json!(2), &json!(1))
        );
        assert_eq!(messages["nodes"][0]["waitingFor"], "ITS_TURN");
        assert_eq!(messages["nodes"][0]["history"], json!([{"status": "QUEUED"}]));
        assert_eq!((&seen["queue"]["queued"], &seen["queue"]["sending"]), (&json!(2), &json!(0)));
        assert_eq!((&seen["credits"]["balance"], &seen["credits"]["queued"]), (&json!(98), &json!(2)));
        let entries = &seen["credits"]["entries"]["nodes"];
        assert_eq!(
            entries[0],
            json!({"kind": "CHARGE", "amount": -1, "balanceAfter": 98, "messageId": by_hand, "workspaceName": "ada's shop"})
        );
        assert_eq!(entries[2]["kind"], "GRANT");
        let activation = &seen["incomingWebhook"]["lastActivation"];
        assert_eq!((&activation["sequence"], &activation["outcome"]), (&json!(1), &json!("ACCEPTED")));
        assert_eq!(activation["requestBody"], body.to_string());
        assert_eq!(activation["message"]["id"], by_webhook);
    }
}

#[tokio::test]
async fn what_an_admin_sets_is_so_from_then_on() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let id = shop.connect("15105566777").await;
        let change = async |field: &str, extra: Value| {
            let mut input = json!({"accountId": id});
            input.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            let kind = match field {
                "setAccountPace" => "SetAccountPaceInput",
                "setAccountDailyCap" => "SetAccountDailyCapInput",
                "renameAccount" => "RenameAccountInput",
                _ => "AccountInput",
            };
            let query = format!(
                "mutation($i: {kind}!) {{ {field}(input: $i) {{ state name reason dailyCap pace {{ minMs maxMs }} }} }}"
            );
            shop.ok(&query, json!({"i": input})).await[field].clone()
        };
        assert_eq!(change("pauseAccount", json!({})).await["state"], "PAUSED");
        assert_eq!(change("pauseAccount", json!({})).await["reason"], "BY_USER");
        assert_eq!(change("resumeAccount", json!({})).await["state"], "CONNECTED");
        assert_eq!(change("renameAccount", json!({"name": " Front desk "})).await["name"], "Front desk");
        let pace = change("setAccountPace", json!({"minMs": 600, "maxMs": 700})).await;
        assert_eq!(pace["pace"], json!({"minMs": 600, "maxMs": 700}));
        assert_eq!(change("setAccountDailyCap", json!({"dailyCap": 250})).await["dailyCap"], 250);
        assert_eq!(change("setAccountDailyCap", json!({})).await["dailyCap"], json!(null));
        assert_eq!(change("disconnectAccount", json!({})).await["state"], "REMOVED");
        let gone =
            shop.refused("mutation($i: ID!) { pauseAccount(input: {accountId: $i}) { id } }", json!({"i": id})).await;
        assert_eq!(gone, "NOT_FOUND");
        // The number is free again.
        shop.connect("15105566777").await;
    }
}

#[tokio::test]
async fn inputs_that_cannot_be_taken_name_their_field() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    let account = shop.connect("15105566777").await;
    for (query, field) in [
        (
            format!(
                "mutation {{ setAccountPace(input: {{accountId: \"{account}\", minMs: 1, maxMs: 9000}}) {{ id }} }}"
            ),
            "minMs",
        ),
        (
            format!("mutation {{ setAccountDailyCap(input: {{accountId: \"{account}\", dailyCap: 0}}) {{ id }} }}"),
            "dailyCap",
        ),
        (format!("mutation {{ renameAccount(input: {{accountId: \"{account}\", name: \" \"}}) {{ id }} }}"), "name"),
        (
            format!("mutation {{ connectAccount(input: {{workspaceId: \"{}\", gateway: WEB}}) {{ id }} }}", shop.id),
            "gateway",
        ),
        (
            format!(
                "mutation {{ connectAccount(input: {{workspaceId: \"{}\", gateway: SIMULATOR}}) {{ id }} }}",
                shop.id
            ),
            "phone",
        ),
        (
            format!(
                "mutation {{ sendMessage(input: {{workspaceId: \"{}\", phone: \"+12025550100\"}}) {{ id }} }}",
                shop.id
            ),
            "text",
        ),
        (
            format!(
                "mutation {{ sendMessage(input: {{workspaceId: \"{}\", text: \"x\", chatId: \"1\"}}) {{ id }} }}",
                shop.id
            ),
            "chatId",
        ),
        (
            format!(
                "mutation {{ sendMessage(input: {{workspaceId: \"{}\", phone: \"1\", fileUrl: \"nowhere\"}}) {{ id }} }}",
                shop.id
            ),
            "fileUrl",
        ),
        (
            format!(
                "mutation {{ sendMessage(input: {{workspaceId: \"{}\", text: \"x\", phone: \"1\", whatsappAccountPhone: \"999\"}}) {{ id }} }}",
                shop.id
            ),
            "whatsappAccountPhone",
        ),
        (format!("{{ workspace(id: \"{}\") {{ messages(first: 201) {{ totalCount }} }} }}", shop.id), "first"),
        (format!("{{ workspace(id: \"{}\") {{ messages(after: \"x\") {{ totalCount }} }} }}", shop.id), "after"),
        (format!("{{ workspace(id: \"{}\") {{ messages(first: \"x\") {{ totalCount }} }} }}", shop.id), "first"),
    ] {
        let answer = app.graphql(Some(&shop.bearer), &query, json!({})).await;
        assert_eq!(super::app::code(&answer), "BAD_INPUT", "{query}: {answer}");
        assert_eq!(answer["errors"][0]["extensions"]["field"], field, "{query}: {answer}");
    }
    let taken = "mutation($w: ID!) { connectAccount(input: {workspaceId: $w, gateway: SIMULATOR, phone: \"+15105566777\"}) { id } }";
    assert_eq!(shop.refused(taken, json!({"w": shop.id})).await, "CONFLICT");
}

#[tokio::test]
async fn pages_follow_each_other_without_gaps() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        shop.connect("15105566777").await;
        shop.connect("15105566778").await;
        for n in 0..5 {
            shop.send(&format!("n{n}")).await;
        }
        for (field, total) in [("messages", 5), ("accounts", 2), ("chats", 4)] {
            let query = format!(
                "query($w: ID!, $a: String) {{ workspace(id: $w) {{ {field}(first: 2, after: $a) {{ totalCount nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }} }}"
            );
            let (mut seen, mut after) = (Vec::new(), Value::Null);
            loop {
                let page = shop.ok(&query, json!({"w": shop.id, "a": after})).await["workspace"][field].clone();
                assert_eq!(page["totalCount"], total);
                seen.extend(page["nodes"].as_array().unwrap().iter().map(|node| text(&node["id"])));
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
                after = page["pageInfo"]["endCursor"].clone();
            }
            let distinct: std::collections::BTreeSet<_> = seen.iter().collect();
            assert_eq!((seen.len(), distinct.len()), (total, total), "{field}");
        }
    }
}

#[tokio::test]
async fn a_search_finds_parts_whatever_their_case_and_takes_nothing_for_a_pattern() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        shop.connect("15105566777").await;
        shop.send("Hello World").await;
        shop.send("100% sure_thing").await;
        let query = "query($w: ID!, $s: String) { workspace(id: $w) { messages(search: $s) { totalCount } } }";
        for (search, found) in
            [("hello", 1), ("0%", 1), ("%", 1), ("_", 1), ("e_t", 1), ("o_w", 0), ("2025550100", 2), ("\\", 0)]
        {
            let seen = shop.ok(query, json!({"w": shop.id, "s": search})).await;
            assert_eq!(seen["workspace"]["messages"]["totalCount"], found, "{search}");
        }
    }
}

#[tokio::test]
async fn a_renamed_chat_is_found_by_its_new_name() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        shop.connect("15105566777").await;
        let query = "mutation { renameChat(input: {chatId: \"77235\", name: \" Cafe\\u0301 \"}) { id name } }";
        assert_eq!(shop.ok(query, json!({})).await["renameChat"]["name"], "Caf\u{e9}");
        let send = "mutation($w: ID!) { sendMessage(input: {workspaceId: $w, text: \"hi\", chatName: \"Caf\u{e9}\"}) { recipientKind chat { id } } }";
        assert_eq!(shop.ok(send, json!({"w": shop.id})).await["sendMessage"]["recipientKind"], "CHAT_NAME");
    }
}

#[tokio::test]
async fn canceled_messages_give_back_what_they_took() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect("15105566777").await;
        let first = shop.send("one").await;
        for n in 0..3 {
            shop.send(&format!("more {n}")).await;
        }
        let cancel = async |which: Value| {
            let query = "mutation($i: CancelMessagesInput!) { cancelMessages(input: $i) { count creditsRestored messages { id status creditsRestored } } }";
            shop.ok(query, json!({"i": {"workspaceId": shop.id, "which": which}})).await["cancelMessages"].clone()
        };
        let one = cancel(json!({"messageIds": [first]})).await;
        assert_eq!(
            one,
            json!({"count": 1, "creditsRestored": 1, "messages": [{"id": first, "status": "CANCELED", "creditsRestored": true}]})
        );
        assert_eq!(cancel(json!({"messageIds": [first]})).await["count"], 0);
        assert_eq!(cancel(json!({"accountId": account})).await["count"], 3);
        assert_eq!(cancel(json!({"allQueued": true})).await["count"], 0);
        let seen =
            shop.ok("query($w: ID!) { workspace(id: $w) { credits { balance queued } } }", json!({"w": shop.id})).await;
        assert_eq!(seen["workspace"]["credits"], json!({"balance": 100, "queued": 0}));
        assert!(nhip_domain::ledger::audit(app.cx()).await.unwrap().breaches.is_empty());
    }
}

#[tokio::test]
async fn a_repeated_key_answers_with_the_first_message() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    shop.connect("15105566777").await;
    let query = "mutation($w: ID!, $t: String) { sendMessage(input: {workspaceId: $w, text: $t, phone: \"+12025550100\", idempotencyKey: \"k\"}) { id } }";
    let first = shop.ok(query, json!({"w": shop.id, "t": "x"})).await;
    assert_eq!(shop.ok(query, json!({"w": shop.id, "t": "x"})).await, first);
    let answer = app.graphql(Some(&shop.bearer), query, json!({"w": shop.id, "t": "y"})).await;
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!((&extensions["code"], &extensions["refusal"]), (&json!("CONFLICT"), &json!("IDEMPOTENCY_MISMATCH")));
}

#[tokio::test]
async fn a_refused_message_is_told_by_the_fields_of_its_input() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    shop.connect("15105566777").await;
    let query = "mutation($i: SendMessageInput!) { sendMessage(input: $i) { id } }";
    for (input, field, message) in [
        (json!({"chatId": "77x"}), "chatId", "`chatId` "),
        (json!({"chatId": "77234", "phone": "+12025550100"}), "phone", "`chatId`"),
        (json!({"phone": "+12025550100", "fileUrl": "https://files.example/a.pdf"}), "fileName", "`fileUrl`"),
        (
            json!({"phone": "+12025550100", "whatsappAccountPhone": "+15105566700"}),
            "whatsappAccountPhone",
            "`whatsappAccountPhone`",
        ),
    ] {
        let mut whole = json!({"workspaceId": shop.id, "text": "x"});
        whole.as_object_mut().unwrap().extend(input.as_object().unwrap().clone());
        let answer = app.graphql(Some(&shop.bearer), query, json!({"i": whole})).await;
        let told = text(&answer["errors"][0]["message"]);
        assert_eq!(answer["errors"][0]["extensions"]["field"], field, "{answer}");
        assert!(told.contains(message) && !told.contains('_') && !told.contains("(line"), "{told}");
        assert!(answer["errors"][0]["extensions"]["refusal"].is_string(), "{answer}");
    }
}

fn names(nodes: &Value) -> Vec<String> {
    nodes.as_array().unwrap().iter().map(|node| text(&node["name"])).collect()
}
