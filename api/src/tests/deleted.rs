//! Deleted workspaces, and the trail of what was changed.

use chrono::TimeDelta;
use nhip_entity::{audit_entry, credit_entry, message, workspace};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, sea_query::Expr};
use serde_json::json;

use super::app::{TestApp, code, post};

const DELETE: &str = "mutation($w: ID!) { deleteWorkspace(input: {workspaceId: $w}) }";

#[tokio::test]
async fn a_deleted_workspace_stops_at_once_and_is_erased_after_a_week() {
    for app in TestApp::everywhere().await {
        let ada = app.shop("ada").await;
        ada.connect("15105566777").await;
        let (path, (token, _)) = (ada.webhook().await, ada.api_token(json!(["WORKSPACE_READ"])).await);
        ada.send("never").await;
        let link = ada.invite("bob@example.com", "MEMBER").await;
        assert_eq!(ada.ok(DELETE, json!({"w": ada.id})).await["deleteWorkspace"], true);

        let read = "query($w: ID!) { workspace(id: $w) { id } }";
        assert_eq!(ada.refused(read, json!({"w": ada.id})).await, "NOT_FOUND");
        assert_eq!(ada.ok("{ workspaces { id } }", json!({})).await["workspaces"], json!([]));
        assert_eq!(code(&app.graphql(Some(&token), read, json!({"w": ada.id})).await), "UNAUTHENTICATED");
        assert_eq!(app.call(post().uri_str(&path).body("{}")).await.status(), 404);
        let preview =
            app.graphql(None, "query($t: String!) { invitation(token: $t) { email } }", json!({"t": link})).await;
        assert_eq!(code(&preview), "NOT_FOUND");
        assert_eq!(nhip_domain::message::abandon(app.cx()).await.unwrap(), 1, "what was queued fails and is restored");
        assert_eq!(nhip_domain::workspace::erase(app.cx()).await.unwrap(), 0, "it can still be brought back");
        assert!(nhip_domain::ledger::audit(app.cx()).await.unwrap().breaches.is_empty());

        let id: uuid::Uuid = ada.id.parse().unwrap();
        let txn = app.cx().db.write(nhip_domain::database::Urgency::Normal).await.unwrap();
        workspace::Entity::update_many()
            .col_expr(workspace::Column::DeletedAt, Expr::value(app.cx().now() - TimeDelta::days(8)))
            .filter(workspace::Column::Id.eq(id))
            .exec(&*txn)
            .await
            .unwrap();
        txn.commit().await.unwrap();
        assert_eq!(nhip_domain::workspace::erase(app.cx()).await.unwrap(), 1);
        let db = app.cx().db.read();
        let rows = [
            workspace::Entity::find().count(db).await.unwrap(),
            message::Entity::find().count(db).await.unwrap(),
            credit_entry::Entity::find().count(db).await.unwrap(),
            audit_entry::Entity::find().filter(audit_entry::Column::WorkspaceId.is_not_null()).count(db).await.unwrap(),
        ];
        assert_eq!(rows, [0; 4]);
        assert_eq!(nhip_domain::workspace::erase(app.cx()).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn only_an_owner_renames_or_deletes() {
    let app = TestApp::start().await;
    let ada = app.shop("ada").await;
    let bob = ada.joined_by("bob", "ADMIN").await;
    let rename = "mutation($w: ID!) { renameWorkspace(input: {workspaceId: $w, name: \"Till\"}) { name } }";
    assert_eq!(bob.refused(rename, json!({"w": ada.id})).await, "FORBIDDEN");
    assert_eq!(bob.refused(DELETE, json!({"w": ada.id})).await, "FORBIDDEN");
    assert_eq!(ada.ok(rename, json!({"w": ada.id})).await["renameWorkspace"]["name"], "Till");
}

#[tokio::test]
async fn a_further_workspace_starts_without_credits() {
    let app = TestApp::start().await;
    let ada = app.shop("ada").await;
    let create = "mutation { createWorkspace(input: {name: \"Second\"}) { name myRole credits { balance } } }";
    let made = ada.ok(create, json!({})).await["createWorkspace"].clone();
    assert_eq!(made, json!({"name": "Second", "myRole": "OWNER", "credits": {"balance": 0}}));
}

#[tokio::test]
async fn the_audit_log_says_who_did_what() {
    for app in TestApp::everywhere().await {
        let ada = app.shop("ada").await;
        let bob = ada.joined_by("bob", "ADMIN").await;
        ada.ok(
            "mutation($w: ID!) { renameWorkspace(input: {workspaceId: $w, name: \"Till\"}) { id } }",
            json!({"w": ada.id}),
        )
        .await;
        let log = "query($w: ID!, $a: String) { workspace(id: $w) { auditLog(first: 2, after: $a) { totalCount pageInfo { hasNextPage endCursor } nodes { actor action detail } } } }";
        let page = bob.ok(log, json!({"w": ada.id})).await["workspace"]["auditLog"].clone();
        assert_eq!(page["totalCount"], 4, "{page}");
        assert_eq!(
            page["nodes"],
            json!([
                {"actor": "ada@example.com", "action": "workspace.rename", "detail": {"before": "ada's shop", "after": "Till"}},
                {"actor": "bob@example.com", "action": "invitation.accept", "detail": {"role": "ADMIN"}},
            ])
        );
        let rest = bob.ok(log, json!({"w": ada.id, "a": page["pageInfo"]["endCursor"]})).await["workspace"]["auditLog"]
            .clone();
        let actions: Vec<_> = rest["nodes"].as_array().unwrap().iter().map(|node| node["action"].clone()).collect();
        assert_eq!(actions, ["invitation.create", "workspace.create"]);
        let eve = ada.joined_by("eve", "MEMBER").await;
        assert_eq!(eve.refused(log, json!({"w": ada.id})).await, "FORBIDDEN");
    }
}
