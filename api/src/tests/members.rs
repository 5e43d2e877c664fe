//! Who belongs to a workspace: invited, promoted, removed.

use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    app::{Shop, TestApp, code, text},
    subscriptions::{SOON, subscribe},
};

const PREVIEW: &str = "query($t: String!) { invitation(token: $t) { workspaceName email role userExists } }";
const ACCEPT: &str =
    "mutation($i: AcceptInvitationInput!) { acceptInvitation(input: $i) { accessToken user { email } } }";
const SET_ROLE: &str = "mutation($w: ID!, $u: ID!, $r: Role!) { \
    setMemberRole(input: {workspaceId: $w, userId: $u, role: $r}) { role user { name } } }";
const REMOVE: &str = "mutation($w: ID!, $u: ID!) { \
    removeMember(input: {workspaceId: $w, userId: $u}) { members { user { name } role } } }";
const LEAVE: &str = "mutation($w: ID!) { leaveWorkspace(input: {workspaceId: $w}) }";
const INVITE: &str = "mutation($w: ID!, $e: String!, $r: Role!) { \
    inviteMember(input: {workspaceId: $w, email: $e, role: $r}) { invitation { id } } }";
const REVOKE: &str = "mutation($w: ID!, $i: ID!) { \
    revokeInvitation(input: {workspaceId: $w, invitationId: $i}) { invitations { email } } }";
const READ: &str = "query($w: ID!) { workspace(id: $w) { name myRole } }";

fn at(shop: &Shop<'_>) -> Value {
    json!({"w": shop.id})
}

#[tokio::test]
async fn somebody_new_comes_by_an_invitation_once() {
    for app in TestApp::everywhere().await {
        let ada = app.shop("ada").await;
        let link = ada.invite(" Bob@Example.com ", "ADMIN").await;
        let seen = app.graphql(None, PREVIEW, json!({"t": link})).await;
        assert_eq!(
            seen["data"]["invitation"],
            json!({"workspaceName": "ada's shop", "email": "bob@example.com", "role": "ADMIN", "userExists": false})
        );
        let missing = app.graphql(None, ACCEPT, json!({"i": {"token": link, "name": "Bob"}})).await;
        assert_eq!(missing["errors"][0]["extensions"]["field"], "password", "{missing}");
        let guest = json!({"i": {"token": link, "name": "Bob", "password": "correct horse battery"}});
        let (first, second) = tokio::join!(app.graphql(None, ACCEPT, guest.clone()), app.graphql(None, ACCEPT, guest));
        let won: Vec<_> = [&first, &second].into_iter().filter(|answer| answer["errors"] == Value::Null).collect();
        assert_eq!(won.len(), 1, "{first} {second}");
        let bearer = text(&won[0]["data"]["acceptInvitation"]["accessToken"]);
        let seen = app.graphql(Some(&bearer), "{ workspaces { name myRole } }", json!({})).await;
        assert_eq!(seen["data"]["workspaces"], json!([{"name": "ada's shop", "myRole": "ADMIN"}]));
        assert_eq!(code(&app.graphql(None, PREVIEW, json!({"t": link})).await), "NOT_FOUND");
        let people = ada
            .ok(
                "query($w: ID!) { workspace(id: $w) { members { role user { name email } } invitations { id } } }",
                at(&ada),
            )
            .await;
        assert_eq!(
            people["workspace"],
            json!({"members": [{"role": "OWNER", "user": {"name": "ada", "email": "ada@example.com"}}, {"role": "ADMIN", "user": {"name": "Bob", "email": "bob@example.com"}}], "invitations": []})
        );
    }
}

#[tokio::test]
async fn an_invitation_opens_nobodys_account_to_the_inviter() {
    let app = TestApp::start().await;
    let (ada, bob, eve) = (app.shop("ada").await, app.shop("bob").await, app.shop("eve").await);
    let link = ada.invite("bob@example.com", "MEMBER").await;
    let input = json!({"i": {"token": link}});
    assert_eq!(app.graphql(None, PREVIEW, json!({"t": link})).await["data"]["invitation"]["userExists"], true);
    for bearer in [&ada.bearer, &eve.bearer] {
        assert_eq!(code(&app.graphql(Some(bearer), ACCEPT, input.clone()).await), "FORBIDDEN");
    }
    assert_eq!(code(&app.graphql(None, ACCEPT, input.clone()).await), "UNAUTHENTICATED");
    let with_password = json!({"i": {"token": link, "name": "Bob", "password": "correct horse battery"}});
    assert_eq!(code(&app.graphql(None, ACCEPT, with_password.clone()).await), "UNAUTHENTICATED");
    assert_eq!(bob.refused(ACCEPT, with_password).await, "BAD_INPUT");
    assert_eq!(bob.ok(ACCEPT, input.clone()).await["acceptInvitation"]["user"]["email"], "bob@example.com");
    assert_eq!(bob.ok(READ, at(&ada)).await["workspace"]["myRole"], "MEMBER");
    assert_eq!(bob.refused(ACCEPT, input).await, "NOT_FOUND");
    let again = json!({"w": ada.id, "e": "bob@example.com", "r": "MEMBER"});
    let (code, field, _) = ada.told(INVITE, again).await;
    assert_eq!((&*code, field), ("CONFLICT", json!("email")));
}

#[tokio::test]
async fn whoever_accepts_an_invitation_stays_logged_in_where_they_are() {
    const SIGN_UP: &str = "mutation { signUp(input: {email: \"bob@example.com\", password: \"correct horse battery\", \
        name: \"Bob\", workspaceName: \"Shop\"}) { accessToken refreshToken } }";
    const REFRESH: &str = "mutation($t: String) { refreshSession(input: {refreshToken: $t}) { accessToken } }";
    for app in TestApp::everywhere().await {
        let ada = app.shop("ada").await;
        let before = app.graphql(None, SIGN_UP, json!({})).await["data"]["signUp"].clone();
        let input = json!({"i": {"token": ada.invite("bob@example.com", "MEMBER").await}});
        let accepted = app.graphql(Some(&text(&before["accessToken"])), ACCEPT, input).await;
        let after = text(&accepted["data"]["acceptInvitation"]["accessToken"]);
        let renewed = app.graphql(None, REFRESH, json!({"t": before["refreshToken"]})).await;
        let renewed = text(&renewed["data"]["refreshSession"]["accessToken"]);
        for bearer in [text(&before["accessToken"]), after, renewed] {
            assert_eq!(app.graphql(Some(&bearer), READ, at(&ada)).await["data"]["workspace"]["myRole"], "MEMBER");
        }
    }
}

#[tokio::test]
async fn an_invitation_is_replaced_revoked_and_gone_with_its_maker() {
    let app = TestApp::start().await;
    let ada = app.shop("ada").await;
    let bob = ada.joined_by("bob", "ADMIN").await;
    let bobs = Shop { app: &app, bearer: bob.bearer.clone(), id: ada.id.clone() };
    let first = ada.invite("eve@example.com", "OWNER").await;
    let second = bobs.invite("eve@example.com", "MEMBER").await;
    let preview = async |link: &str| app.graphql(None, PREVIEW, json!({"t": link})).await;
    assert_eq!(code(&preview(&first).await), "NOT_FOUND");
    assert_eq!(preview(&second).await["errors"], Value::Null);
    let owners = ada.ok(INVITE, json!({"w": ada.id, "e": "zoe@example.com", "r": "OWNER"})).await;
    let owners = owners["inviteMember"]["invitation"]["id"].clone();
    assert_eq!(bobs.refused(REVOKE, json!({"w": ada.id, "i": owners})).await, "FORBIDDEN");
    let left = ada.ok(REVOKE, json!({"w": ada.id, "i": owners})).await;
    assert_eq!(left["revokeInvitation"]["invitations"], json!([{"email": "eve@example.com"}]));
    ada.ok(REMOVE, json!({"w": ada.id, "u": bob.user_id().await})).await;
    assert_eq!(code(&preview(&second).await), "NOT_FOUND");
    assert_eq!(code(&preview("nhip_in_garbage").await), "NOT_FOUND");
}

#[tokio::test]
async fn admins_see_to_members_only_and_a_workspace_keeps_an_owner() {
    for app in TestApp::everywhere().await {
        let ada = app.shop("ada").await;
        let (bob, eve) = (ada.joined_by("bob", "ADMIN").await, ada.joined_by("eve", "MEMBER").await);
        let (a, b, e) = (ada.user_id().await, bob.user_id().await, eve.user_id().await);
        let set = |user: &str, role: &str| json!({"w": ada.id, "u": user, "r": role});
        for (user, role) in [(&e, "ADMIN"), (&e, "OWNER"), (&a, "MEMBER"), (&b, "MEMBER"), (&b, "OWNER")] {
            assert_eq!(bob.refused(SET_ROLE, set(user, role)).await, "FORBIDDEN", "{role}");
        }
        assert_eq!(bob.refused(REMOVE, json!({"w": ada.id, "u": a})).await, "FORBIDDEN");
        assert_eq!(bob.refused(INVITE, json!({"w": ada.id, "e": "x@example.com", "r": "ADMIN"})).await, "FORBIDDEN");
        assert_eq!(eve.refused(INVITE, json!({"w": ada.id, "e": "x@example.com", "r": "MEMBER"})).await, "FORBIDDEN");
        assert_eq!(ada.refused(SET_ROLE, set(&a, "ADMIN")).await, "CONFLICT");
        assert_eq!(ada.refused(LEAVE, at(&ada)).await, "CONFLICT");
        assert_eq!(ada.refused(REMOVE, json!({"w": ada.id, "u": a})).await, "CONFLICT");
        assert_eq!(
            ada.ok(SET_ROLE, set(&b, "OWNER")).await["setMemberRole"],
            json!({"role": "OWNER", "user": {"name": "bob"}})
        );
        assert_eq!(ada.ok(LEAVE, at(&ada)).await["leaveWorkspace"], true);
        assert_eq!(ada.refused(READ, at(&ada)).await, "NOT_FOUND");
        let left = bob.ok(REMOVE, json!({"w": ada.id, "u": e})).await;
        assert_eq!(left["removeMember"]["members"], json!([{"role": "OWNER", "user": {"name": "bob"}}]));
    }
}

#[tokio::test]
async fn two_owners_who_leave_at_once_leave_one() {
    for app in TestApp::everywhere().await {
        let ada = app.shop("ada").await;
        let bob = ada.joined_by("bob", "OWNER").await;
        let (first, second) = tokio::join!(
            app.graphql(Some(&ada.bearer), LEAVE, at(&ada)),
            app.graphql(Some(&bob.bearer), LEAVE, at(&ada))
        );
        let left = [first, second].iter().filter(|answer| answer["errors"] == Value::Null).count();
        assert_eq!(left, 1);
    }
}

#[tokio::test]
async fn a_removed_members_subscription_ends_at_once() {
    for app in TestApp::everywhere().await {
        let ada = app.shop("ada").await;
        ada.connect("15105566777").await;
        let bob = ada.joined_by("bob", "MEMBER").await;
        let query = format!("subscription {{ messageChanged(workspaceId: \"{}\") {{ text }} }}", ada.id);
        let mut watching = subscribe(&bob, &query).await;
        ada.send("for all").await;
        let seen = timeout(SOON, futures::StreamExt::next(&mut watching)).await.unwrap().unwrap();
        assert_eq!(serde_json::to_value(seen).unwrap()["data"]["messageChanged"]["text"], "for all");
        ada.ok(REMOVE, json!({"w": ada.id, "u": bob.user_id().await})).await;
        ada.send("not for him").await;
        let end = timeout(SOON, futures::StreamExt::next(&mut watching)).await.unwrap();
        assert!(end.is_none(), "{end:?}");
    }
}
