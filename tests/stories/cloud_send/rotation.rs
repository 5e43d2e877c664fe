//! `nhip secret rotate`, where credentials of Meta's are sealed.

use nhip_tests::{
    Meta, Query,
    Shape::{self, Embedded, ScaledOut},
};
use rstest::rstest;
use serde_json::json;

use super::{ADA, BOB, options, shop};

#[rstest]
#[tokio::test]
async fn credentials_that_the_command_sealed_anew_still_send_and_prove_callbacks(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (mut shop, _) = shop(&app, &meta).await;
    let id = shop.send(ADA, "sealed by the old key").await;
    shop.message_with_status(&id, "READ").await;
    let (old, new) = (app.secret_key(), format!("new-{}", uuid::Uuid::new_v4()));
    app.keep_secret(&new, "the new secret key");
    match shape {
        // The data folder's own key, which nobody else may use meanwhile.
        Embedded => app.stop().await,
        ScaledOut => app.roll_out("NHIP_SECRET_KEY", &format!("{new},{old}")).await,
    }
    let rotated = app.command(&["secret", "rotate"]).await;
    assert!(rotated.status.success(), "{}", String::from_utf8_lossy(&rotated.stderr));
    match shape {
        Embedded => app.restart().await,
        ScaledOut => app.roll_out("NHIP_SECRET_KEY", &new).await,
    }
    // Where the old key is gone, so are its sessions.
    let input = json!({"email": shop.email, "password": shop.password});
    let log_in = Query::mutation("logIn", "LogInInput", input, "{ accessToken }");
    shop.token = app.ask(None, &log_in).await["logIn"]["accessToken"].as_str().unwrap().to_owned();
    app.watch_as(&shop.workspace_id, &shop.token);
    let id = shop.send(BOB, "sealed by the new key").await;
    shop.message_with_status(&id, "READ").await;
    app.finish().await;
}
