//! Who may do what: every field of the schema, asked by everyone, about their own, another's and nobody's.

mod house;
mod sdl;
mod trail;

use std::{collections::BTreeSet, time::Duration};

use async_graphql::parser::types::FieldDefinition;
use futures::{StreamExt as _, future::join_all};
use nhip_domain::settings::Settings;
use nhip_entity::audit_entry;
use sea_orm::{EntityTrait as _, QueryOrder as _};
use serde_json::{Value, json};
use tokio::time::timeout;

use self::{
    house::{Asker, House, Ids, Kind, Outcome, Whose},
    sdl::Sdl,
    trail::{TRAILS, Trail},
};
use super::{
    app::{TestApp, code},
    subscriptions::subscribe_as,
};
use crate::graphql::rights::{RULES, Who, who};

#[test]
fn every_field_has_a_rule_and_every_rule_a_field() {
    let sdl = Sdl::read();
    let in_schema: BTreeSet<(String, String)> = sdl
        .objects
        .iter()
        .flat_map(|(object, fields)| fields.iter().map(|field| (object.clone(), field.name.node.to_string())))
        .collect();
    let ruled: Vec<(String, String)> = RULES
        .iter()
        .flat_map(|rule| rule.fields.split(' ').map(|field| (rule.on.to_owned(), field.to_owned())))
        .collect();
    let in_table: BTreeSet<_> = ruled.iter().cloned().collect();
    assert_eq!(ruled.len(), in_table.len(), "a field stands twice in graphql/rights.rs");
    let without: Vec<_> = in_schema.difference(&in_table).collect();
    assert!(without.is_empty(), "give them a rule in graphql/rights.rs: {without:?}");
    let gone: Vec<_> = in_table.difference(&in_schema).collect();
    assert!(gone.is_empty(), "they are no longer in the schema: {gone:?}");
}

#[test]
fn every_mutation_says_what_it_leaves_in_the_audit_trail() {
    let sdl = Sdl::read();
    for field in sdl.fields("Mutation") {
        let name = field.name.node.as_str();
        assert!(TRAILS.iter().any(|(mutation, _)| *mutation == name), "give {name} a line in rights/trail.rs");
    }
}

/// The operation of a root's field about somebody's things.
fn operation(sdl: &Sdl, root: &str, field: &FieldDefinition, ids: &Ids, extra: &[(&'static str, String)]) -> String {
    let name = field.name.node.as_str();
    let fill = |argument: &str| {
        let extra = extra.iter().find(|(given, _)| *given == argument).map(|(_, value)| format!("\"{value}\""));
        extra.or_else(|| ids.fill(name, argument))
    };
    format!("{} {{ {} }}", root.to_lowercase(), sdl.call(field, &fill))
}

fn outcome(answer: &Value) -> Outcome {
    match answer["errors"][0]["extensions"]["code"].as_str() {
        Some("UNAUTHENTICATED") => Outcome::Refused("UNAUTHENTICATED"),
        Some("FORBIDDEN") => Outcome::Refused("FORBIDDEN"),
        Some("NOT_FOUND") => Outcome::Refused("NOT_FOUND"),
        _ => Outcome::Passes,
    }
}

async fn ask(app: &TestApp, asker: &Asker, operation: &str) -> Value {
    app.graphql(asker.bearer.as_deref(), operation, json!({})).await
}

/// Refusals change nothing, so all of them are tried in one house.
#[tokio::test]
async fn whoever_may_not_is_refused_as_the_table_says() {
    let (app, sdl) = (TestApp::start().await, Sdl::read());
    let (house, other) = (House::build(&app).await, House::build(&app).await);
    for root in ["Query", "Mutation"] {
        for field in sdl.fields(root) {
            let rule = who(root, &field.name.node).unwrap();
            for asker in &house.askers {
                for (whose, ids) in
                    [(Whose::Own, &house.ids), (Whose::Anothers, &other.ids), (Whose::Nobodys, &Ids::nobodys())]
                {
                    let expected = asker.outcome(rule, whose);
                    if expected == Outcome::Passes {
                        continue;
                    }
                    let operation = operation(&sdl, root, field, ids, &[]);
                    let answer = ask(&app, asker, &operation).await;
                    assert_eq!(outcome(&answer), expected, "{} {whose:?}: {operation}: {answer}", asker.name);
                }
            }
            if let Who::May(_) = rule {
                same_answer(&app, &sdl, root, field, &house, &other.ids).await;
            }
        }
    }
    let query = "query($w: ID!) { workspace(id: $w) { name members { role } queue { queued } incomingWebhook { enabled } accounts { nodes { state name } } } }";
    for shop in [&house.owner, &other.owner] {
        let after = shop.ok(query, json!({"w": shop.id})).await["workspace"].clone();
        assert_eq!(after["members"].as_array().unwrap().len(), 3, "{after}");
        assert_eq!(after["accounts"]["nodes"], json!([{"state": "CONNECTED", "name": "+15105566777"}]));
        assert_eq!((&after["queue"]["queued"], &after["incomingWebhook"]["enabled"]), (&json!(1), &json!(true)));
    }
}

/// What is another's is answered to the letter like what is not there.
async fn same_answer(app: &TestApp, sdl: &Sdl, root: &str, field: &FieldDefinition, house: &House<'_>, other: &Ids) {
    let owner = house.askers.iter().find(|asker| asker.kind == Kind::Member(nhip_entity::member::Role::Owner)).unwrap();
    let told = async |ids: &Ids| {
        let mut answer = ask(app, owner, &operation(sdl, root, field, ids, &[])).await;
        answer["errors"][0].as_object_mut().unwrap().remove("locations");
        answer
    };
    assert_eq!(told(other).await, told(&Ids::nobodys()).await, "{}", field.name.node);
    // In one's own workspace, what is another's is not there either.
    let mixed = operation(sdl, root, field, &other.in_workspace(&house.ids.workspace), &[]);
    if mixed != operation(sdl, root, field, &house.ids, &[]) {
        let answer = ask(app, owner, &mixed).await;
        assert_eq!(outcome(&answer), Outcome::Refused("NOT_FOUND"), "{mixed}: {answer}");
    }
}

#[tokio::test]
async fn whoever_may_passes_and_mutations_are_written_down() {
    let app = TestApp::start_with(Settings { demo: true, ..Settings::default() }).await;
    let sdl = Sdl::read();
    for field in sdl.fields("Mutation") {
        let name = field.name.node.as_str();
        let rule = who("Mutation", name).unwrap();
        let (_, trail) = TRAILS.iter().find(|(mutation, _)| *mutation == name).unwrap();
        let mut house = House::build(&app).await;
        let mut succeeded = false;
        let passing = house.askers.iter().filter(|asker| asker.outcome(rule, Whose::Own) == Outcome::Passes);
        let passing: Vec<Kind> = passing.map(|asker| asker.kind).collect();
        for kind in passing.into_iter().take(if rule == Who::Anyone { 1 } else { usize::MAX }) {
            let (mut operation, mut new, mut answer) = attempt(&app, &sdl, field, &house, kind).await;
            if outcome(&answer) != Outcome::Passes {
                // Used up by whoever came before: a removed member is removed once.
                house = House::build(&app).await;
                (operation, new, answer) = attempt(&app, &sdl, field, &house, kind).await;
            }
            assert_eq!(outcome(&answer), Outcome::Passes, "{kind:?}: {operation}: {answer}");
            if succeeded || answer["errors"] != Value::Null {
                continue;
            }
            succeeded = true;
            match trail {
                Trail::As(action) => assert!(new.iter().any(|new| new == action), "{name} left {new:?}"),
                Trail::None(why) => assert!(new.is_empty(), "{name} left {new:?}, although: {why}"),
            }
        }
        assert!(succeeded, "nobody succeeded with {name}");
    }
}

/// One mutation about what the house has: the operation, what it left in the audit trail, and the answer.
async fn attempt(
    app: &TestApp,
    sdl: &Sdl,
    field: &FieldDefinition,
    house: &House<'_>,
    kind: Kind,
) -> (String, Vec<String>, Value) {
    let asker = house.askers.iter().find(|asker| asker.kind == kind).unwrap();
    let extra = house.prepare(app, asker, &field.name.node).await;
    let before = actions(app).await;
    let operation = operation(sdl, "Mutation", field, &house.ids, extra.as_slice());
    let answer = ask(app, asker, &operation).await;
    (operation, actions(app).await.split_off(before.len()), answer)
}

async fn actions(app: &TestApp) -> Vec<String> {
    let entries = audit_entry::Entity::find().order_by_asc(audit_entry::Column::Id).all(app.cx().db.read()).await;
    entries.unwrap().into_iter().map(|entry| entry.action).collect()
}

#[tokio::test]
async fn whatever_a_workspace_leads_to_is_read_by_those_who_may() {
    let (app, sdl) = (TestApp::start().await, Sdl::read());
    let (house, other) = (House::build(&app).await, House::build(&app).await);
    for (object, way) in sdl.ways() {
        let (held, restricted): (Vec<_>, Vec<_>) =
            sdl.fields(&object).iter().partition(|field| who(&object, &field.name.node) == Some(Who::Holder));
        let asked = std::iter::once(held).chain(restricted.into_iter().map(|field| vec![field]));
        for fields in asked.filter(|fields| !fields.is_empty()) {
            let mut rules: Vec<Who> = way.iter().map(|(on, field)| who(on, &field.name.node).unwrap()).collect();
            rules.push(who(&object, &fields[0].name.node).unwrap());
            rules.push(who("Query", "workspace").unwrap());
            for asker in &house.askers {
                for (whose, ids) in [(Whose::Own, &house.ids), (Whose::Anothers, &other.ids)] {
                    let query = reading(&sdl, &way, &fields, ids);
                    let answer = ask(&app, asker, &query).await;
                    let expected = strictest(asker, &rules, whose);
                    assert_eq!(outcome(&answer), expected, "{} {whose:?}: {query}: {answer}", asker.name);
                    if expected == Outcome::Passes {
                        assert_eq!(answer["errors"], Value::Null, "{}: {query}: {answer}", asker.name);
                    }
                }
            }
        }
    }
}

/// `{ workspace(id: …) { way { fields } } }`
fn reading(sdl: &Sdl, way: &[(String, FieldDefinition)], fields: &[&FieldDefinition], ids: &Ids) -> String {
    let fill = |field: &FieldDefinition| {
        let name = field.name.node.to_string();
        move |argument: &str| ids.fill(&name, argument)
    };
    let leaves: Vec<_> = fields.iter().map(|field| sdl.call(field, &fill(field))).collect();
    let inner = way
        .iter()
        .rev()
        .fold(leaves.join(" "), |inner, (_, field)| format!("{} {{ {inner} }}", sdl.head(field, &fill(field))));
    format!("{{ workspace(id: \"{}\") {{ {inner} }} }}", ids.workspace)
}

fn strictest(asker: &Asker, rules: &[Who], whose: Whose) -> Outcome {
    let outcomes = rules.iter().rev().map(|rule| asker.outcome(*rule, whose));
    outcomes.into_iter().find(|outcome| *outcome != Outcome::Passes).unwrap_or(Outcome::Passes)
}

#[tokio::test]
async fn live_events_are_for_those_who_may_read() {
    let (app, sdl) = (TestApp::start().await, Sdl::read());
    let (house, other) = (House::build(&app).await, House::build(&app).await);
    let mut watches = Vec::new();
    for field in sdl.fields("Subscription") {
        let rule = who("Subscription", &field.name.node).unwrap();
        for asker in &house.askers {
            for (whose, ids) in
                [(Whose::Own, &house.ids), (Whose::Anothers, &other.ids), (Whose::Nobodys, &Ids::nobodys())]
            {
                let query = operation(&sdl, "Subscription", field, ids, &[]);
                watches.push(watch(&app, asker, query, asker.outcome(rule, whose)));
            }
        }
    }
    join_all(watches).await;
}

async fn watch(app: &TestApp, asker: &Asker, query: String, expected: Outcome) {
    let mut stream = subscribe_as(app, asker.bearer.as_deref(), &query).await;
    // A refusal comes, however long that takes; of what passes, nothing more is known than that none came.
    let patience = match expected {
        Outcome::Passes => Duration::from_millis(500),
        Outcome::Refused(_) => Duration::from_mins(1),
    };
    let first = timeout(patience, stream.next()).await;
    match (first, expected) {
        (Err(_nothing_happens), Outcome::Passes) => {}
        (Ok(Some(response)), Outcome::Passes) if response.errors.is_empty() => {}
        (Ok(Some(response)), Outcome::Refused(refusal)) => {
            let answer = serde_json::to_value(response).unwrap();
            assert_eq!(code(&answer), refusal, "{}: {query}", asker.name);
        }
        (first, expected) => panic!("{}: {query}: {first:?} instead of {expected:?}", asker.name),
    }
}
