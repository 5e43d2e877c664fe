//! `make bench`: how soon Meta's callbacks are answered, which is once they are durable, beside calls of the webhook; one after
//! the other and in turns, through a process that takes calls, while another handles what they say.

use std::time::Duration;

use nhip_domain::clock::Clock;
use nhip_tests::{Meta, Options, Shape, Shop, phone, print_percentiles};
use nhip_worker::gateway::cloud_api::signature;
use serde_json::json;

const CALLS: usize = 500;
/// Nobody's processor is waited for.
const REST: Duration = Duration::from_millis(5);

#[tokio::main]
async fn main() {
    let meta = Meta::start().await;
    let options = Options::new(Shape::ScaledOut).own_postgres().credits(10_000).pace(20, 40);
    let app = options.set("NHIP_GRAPH_API_URL", &meta.url()).start().await;
    let (caller, shop) = (app.shop().await, Shop::sign_up(&app).await);
    let number = shop.connect_at_meta(&meta, "+15105566777").await;
    let account = shop.accounts().await[0].id.clone();
    let (clock, url) = (Clock::system(), format!("{}/whatsapp/cloud/{account}", app.url()));
    let (mut callbacks, mut webhook) = (Vec::new(), Vec::new());
    for n in 0..CALLS {
        let message = json!({"from": "12025550170", "id": format!("wamid.IN{n}"), "timestamp": "1790000000",
            "type": "text", "text": {"body": "hello"}});
        let contact = json!({"wa_id": "12025550170", "profile": {"name": "Ada"}});
        let value = json!({"messaging_product": "whatsapp", "contacts": [contact], "messages": [message],
            "metadata": {"display_phone_number": number.phone, "phone_number_id": number.id}});
        let entry = json!({"id": number.business_id, "changes": [{"field": "messages", "value": value}]});
        let body = json!({"object": "whatsapp_business_account", "entry": [entry]}).to_string();
        let signed = format!("sha256={}", signature::sign(&number.app_secret, body.as_bytes()));
        let begun = clock.instant();
        let answer = app.http().post(&url).header(signature::HEADER, signed).body(body).send().await.unwrap();
        callbacks.push(clock.instant() - begun);
        assert_eq!(answer.status(), 200);
        tokio::time::sleep(REST).await;
        let begun = clock.instant();
        caller.send(phone::USUAL, &format!("beside a callback: {n}")).await;
        webhook.push(clock.instant() - begun);
        tokio::time::sleep(REST).await;
    }
    print_percentiles("Meta's callbacks", callbacks);
    print_percentiles("calls of the webhook", webhook);
    app.finish().await;
}
