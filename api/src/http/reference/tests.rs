//! That the reference says what the code does.

use std::collections::BTreeSet;

use nhip_domain::request::{self, contract::FIELDS};
use serde_json::Value;

use super::{language::Language, *};
use crate::{graphql::sdl, http::listener::unreadable};

const URL: &str = "https://nhip.example";

fn pages() -> impl Iterator<Item = String> {
    Language::ALL.into_iter().map(|language| page::write(language, URL))
}

#[test]
fn no_mark_is_left_unfilled_in_either_language() {
    for page in pages() {
        assert!(!page.contains("{{"), "{page}");
        assert!(
            !page.contains("<script>") && !page.contains("style=") && !page.contains("onclick"),
            "the policy forbids it"
        );
    }
}

#[test]
fn every_section_is_in_the_contents_and_every_anchor_leads_somewhere() {
    for page in pages() {
        let anchors: BTreeSet<_> = page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let sections: BTreeSet<_> =
            page.split("<section id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert_eq!(anchors, sections);
    }
}

#[test]
fn every_field_and_every_refusal_is_explained_in_both_languages() {
    for field in FIELDS {
        let words = explain::field(field.name);
        assert!(!words.en.is_empty() && !words.vi.is_empty() && words.en != words.vi, "{}", field.name);
        assert!(
            pages().all(|page| page.contains(&format!("<span class=\"name\">{}</span>", field.name))),
            "{}",
            field.name
        );
    }
    for explained in explain::refusals() {
        let code = explained.refusal.code();
        assert!(pages().all(|page| page.contains(&format!("<span class=\"name\">{code}</span>"))), "{code}");
        assert!(explained.meaning.en != explained.meaning.vi, "{code}");
    }
}

#[test]
fn the_refusals_are_those_that_the_admin_api_knows_the_webhook_by_each_with_an_example_of_its_own() {
    let schema = sdl();
    let codes = schema.split("enum RefusalCode {").nth(1).and_then(|rest| rest.split('}').next()).unwrap();
    let is_code = |line: &&str| !line.is_empty() && line.chars().all(|c| c.is_ascii_uppercase() || "_8".contains(c));
    let known: BTreeSet<_> = codes.lines().map(str::trim).filter(is_code).collect();
    let explained: Vec<_> = explain::refusals().iter().map(|explained| explained.refusal.code()).collect();
    assert_eq!(explained.iter().copied().collect::<BTreeSet<_>>(), known);
    // An outcome that is not known shares its code with what is not available.
    assert_eq!(explained.len(), known.len() + 1);
}

#[test]
fn openapis_examples_of_requests_are_requests() {
    let document = document(URL);
    let examples =
        &document["paths"]["/webhook/{token}"]["post"]["requestBody"]["content"]["application/json"]["examples"];
    for (name, example) in examples.as_object().unwrap() {
        let body = example["value"].to_string();
        assert!(request::parse(body.as_bytes(), None, None).request.is_ok(), "{name}");
    }
}

#[test]
fn openapi_has_an_answer_for_every_status_and_an_example_for_every_refusal() {
    let document = document(URL);
    let responses = document["paths"]["/webhook/{token}"]["post"]["responses"].as_object().unwrap();
    let statuses: Vec<_> = responses.keys().map(String::as_str).collect();
    assert_eq!(statuses, ["200", "400", "402", "403", "404", "405", "409", "413", "414", "415", "429", "431", "503"]);
    let examples =
        responses.values().filter_map(|answer| answer["content"]["application/json"]["examples"].as_object());
    let refused = explain::refusals().len() + unreadable::ALL.len();
    assert_eq!(examples.map(serde_json::Map::len).sum::<usize>(), refused);
}

#[test]
fn openapi_says_how_metas_callbacks_are_answered() {
    let document = document(URL);
    let path = &document["paths"]["/whatsapp/cloud/{account}"];
    for (method, statuses) in [
        ("get", &["200", "400", "403", "404", "405", "503"][..]),
        ("post", &["200", "401", "403", "404", "405", "408", "413", "503"]),
    ] {
        let responses = path[method]["responses"].as_object().unwrap();
        assert_eq!(responses.keys().map(String::as_str).collect::<Vec<_>>(), statuses);
        for (status, answer) in responses.iter().filter(|(status, _)| *status != "200") {
            let examples = answer["content"]["application/json"]["examples"].as_object().unwrap();
            assert!(!examples.is_empty(), "{method} {status}");
        }
    }
}

/// JSON pointers of all references lead somewhere.
#[test]
fn every_reference_in_openapi_is_there() {
    fn walk<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|value| walk(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(value, found)),
            _ => {}
        }
    }
    let (document, mut found) = (document(URL), Vec::new());
    walk(&document, &mut found);
    assert!(found.len() > 10);
    for reference in found {
        assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
    }
}
