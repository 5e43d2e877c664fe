//! Replacing the installation's secret key while everything runs.

use nhip_domain::{
    Cx,
    clock::rng,
    secret::{SecretKey, reseal_all},
};
use sea_orm::EntityTrait as _;
use serde_json::json;

use super::app::TestApp;

#[tokio::test]
async fn everything_is_sealed_anew_by_a_key_that_is_put_in_front() {
    for app in TestApp::everywhere().await {
        let (ada, bob) = (app.shop("ada").await, app.shop("bob").await);
        let (path, _) = (ada.webhook().await, bob.webhook().await);
        app.shop("eve").await;
        let with = |keys: &str| Cx { secret: SecretKey::new(keys).unwrap(), ..app.cx().clone() };
        let both = SecretKey::replaced(&app.key, &mut rng());
        let (new, _) = both.split_once('\n').unwrap();
        assert_eq!(reseal_all(&with(&both)).await.unwrap(), 2);
        assert_eq!(reseal_all(&with(&both)).await.unwrap(), 0, "they are already");
        assert!(reseal_all(&with(&app.key)).await.is_err(), "the old key alone opens nothing any more");
        let id: uuid::Uuid = ada.id.parse().unwrap();
        let webhook = nhip_entity::webhook::Entity::find_by_id(id).one(app.cx().db.read()).await.unwrap().unwrap();
        let token = with(new).secret.open(id.as_bytes(), &webhook.token_sealed.unwrap()).unwrap();
        assert_eq!(format!("/webhook/{}", String::from_utf8(token).unwrap()), path);
        ada.ok("{ me { id } }", json!({})).await;
    }
}
