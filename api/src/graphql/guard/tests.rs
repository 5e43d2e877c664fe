use std::fmt::Write as _;

use super::*;

/// graphql-js' `getIntrospectionQuery()`.
const INTROSPECTION: &str = include_str!("introspection.graphql");

fn guard(query: &str) -> Result<(), Guarded> {
    parse(query).map(drop)
}

/// Fragments of which each spreads the next one `fan` times.
fn bomb(fan: usize, length: usize) -> String {
    let mut query = "query { ...F0 }".to_owned();
    for i in 0..length {
        let _ = write!(query, " fragment F{i} on Query {{ {}}}", format!("...F{} ", i + 1).repeat(fan));
    }
    let _ = write!(query, " fragment F{length} on Query {{ __typename }}");
    query
}

#[test]
fn a_bomb_of_fragments_is_refused_in_linear_time() {
    for (fan, length) in [(10, 3), (10, 12), (10, 60), (100, 60)] {
        assert!(matches!(guard(&bomb(fan, length)), Err(Guarded::TooComplex(_))), "{fan}^{length}");
    }
    assert_eq!(guard(&bomb(2, 3)), Ok(()));
}

#[test]
fn a_bomb_that_no_operation_lights_is_refused_as_well() {
    let query = bomb(10, 12).replace("query { ...F0 }", "query { __typename }");
    assert!(matches!(guard(&query), Err(Guarded::TooComplex(_))));
}

/// On a stack as small as the runtime's threads have.
fn guard_on_a_thread(query: String) -> Result<(), Guarded> {
    std::thread::Builder::new().stack_size(2 << 20).spawn(move || guard(&query)).unwrap().join().unwrap()
}

#[test]
fn a_chain_of_fragments_overflows_no_stack() {
    assert!(matches!(guard_on_a_thread(bomb(1, 2_400)), Err(Guarded::TooComplex(_))));
    assert!(matches!(guard_on_a_thread(bomb(1, 40)), Err(Guarded::TooComplex(_))));
    assert_eq!(guard_on_a_thread(bomb(1, 20)), Ok(()));
}

#[test]
fn inline_fragments_count_in_a_chain_as_well() {
    let link = |n: usize, depth: usize| {
        format!(" fragment F{n} on Query {{{}...F{} {}}}", "...{".repeat(depth), n + 1, "}".repeat(depth))
    };
    let chain = |length: usize, depth: usize| {
        let mut links: Vec<_> = (0..length).map(|n| link(n, depth)).collect();
        // An operation for each, the last first: none is weighed in one go with all behind it.
        links.extend((0..=length).rev().map(|n| format!(" query Q{n} {{ ...F{n} }}")));
        format!("{} fragment F{length} on Query {{ __typename }}", links.concat())
    };
    assert!(matches!(guard_on_a_thread(chain(99, 60)), Err(Guarded::TooComplex(_))));
    assert!(matches!(guard_on_a_thread(chain(25, 10)), Err(Guarded::TooComplex(_))));
    assert_eq!(guard_on_a_thread(chain(5, 3)), Ok(()));
}

#[test]
fn a_fragment_that_spreads_itself_is_refused() {
    let query = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }";
    assert!(matches!(guard(query), Err(Guarded::Invalid(_))));
}

fn many(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect()
}

#[test]
fn more_than_thirty_aliases_are_too_many_wherever_they_stand() {
    for (before, after) in
        [("{", "}"), ("{ me {", "} }"), ("{ ...F } fragment F on Query {", "}"), ("{ me } fragment F on Query {", "}")]
    {
        let aliases = |count: usize| format!("{before}{}{after}", many(count, |i| format!(" a{i}: __typename")));
        assert_eq!(guard(&aliases(30)), Ok(()), "{before}");
        assert!(matches!(guard(&aliases(31)), Err(Guarded::TooComplex(_))), "{before}");
    }
    let spread = format!("{{ a {{ {} }} }} fragment F on A {{ b: c }}", "x { ...F } ".repeat(31));
    assert!(matches!(guard(&spread), Err(Guarded::TooComplex(_))), "each time that it is spread");
}

#[test]
fn floods_of_fields_directives_variables_and_operations_are_refused() {
    for query in [
        format!("{{ me {{ {} }} }}", many(1_001, |i| format!("f{i} "))),
        format!("{{ {} }}", many(31, |i| format!("f{i} "))),
        format!("{{ me {} }}", "@skip(if: false) ".repeat(101)),
        format!("{{ ...F {} }} fragment F on Query {{ me }}", "@x ".repeat(101)),
        format!("{{ ... {} {{ me }} }}", "@x ".repeat(101)),
        format!("query {} {{ me }}", "@x ".repeat(101)),
        format!("{{ me }} fragment F on Query {} {{ me }}", "@x ".repeat(101)),
        format!("query({}) {{ me }}", many(51, |i| format!("$v{i}: Int "))),
        many(31, |i| format!("query Q{i} {{ me }} ")),
        format!("{{ me }} {}", many(101, |i| format!("fragment F{i} on Query {{ me }} "))),
    ] {
        assert!(matches!(guard(&query), Err(Guarded::TooComplex(_))), "{query:.80}");
    }
}

#[test]
fn the_largest_body_of_anything_is_judged_in_no_time() {
    const LARGEST: usize = 64 * 1_024;
    for (open, item, close) in [
        ("{", "a ", "}"),
        ("{", "a{", ""),
        ("{ a(b: [", "1,", "]) }"),
        ("{ a(b: \"", "\\n", "\") }"),
        ("{ a(b: \"\"\"", "\n  x", "\"\"\") }"),
        ("{ a(", "b: $c ", ") }"),
        ("", "query Q { a } ", ""),
        ("", "fragment F on A { a } ", "{ a }"),
        ("{", "...", "}"),
        ("{", "...{", ""),
        ("query(", "$a: [[[Int!]!]!] = [[[1]]] ", ") { a }"),
        ("", "# x\n", "{ a }"),
        ("{", "@x ", "}"),
    ] {
        let query = format!("{open}{}{close}", item.repeat((LARGEST - open.len() - close.len()) / item.len()));
        let (tell, told) = std::sync::mpsc::channel();
        std::thread::Builder::new().stack_size(2 << 20).spawn(move || tell.send(guard(&query).is_ok())).unwrap();
        // No claim about speed: what takes exponential time never comes back.
        assert!(told.recv_timeout(std::time::Duration::from_secs(20)).is_ok(), "{open}{item}… goes on for ever");
    }
}

#[test]
fn selections_deeper_than_any_screen_needs_are_refused() {
    let nested = |depth: usize| format!("{}x{}", "{ a ".repeat(depth), "}".repeat(depth));
    assert_eq!(guard(&nested(10)), Ok(()));
    assert!(matches!(guard(&nested(11)), Err(Guarded::TooComplex(_))));
    let spread = format!("{{ a {{ ...F }} }} fragment F on A {}", nested(10));
    assert!(matches!(guard(&spread), Err(Guarded::TooComplex(_))));
    assert!(matches!(guard(&nested(10_000)), Err(Guarded::TooComplex(_))));
    assert!(matches!(guard(&format!("{{ a(b: {}) }}", "[".repeat(30_000))), Err(Guarded::TooComplex(_))));
}

#[test]
fn brackets_in_strings_and_comments_nest_nothing() {
    assert_eq!(
        nesting(
            r#"{ a(b: "{{{{ \" {{{{", c: """ {{ \""" {{ """) # {{{{
        { b } }"#
        ),
        2
    );
    assert_eq!(nesting("{{ #}}\n{{ #}}\r{{"), 6);
}

#[test]
fn standard_introspection_passes() {
    let mut of_type = "name".to_owned();
    for _ in 0..9 {
        of_type = format!("kind name ofType {{ {of_type} }}");
    }
    let query = format!("{{ __schema {{ types {{ fields {{ args {{ type {{ {of_type} }} }} }} }} }} }}");
    assert_eq!(guard(&query), Ok(()));
    // As graphql-js writes it: in fragments, whose depth counts for nothing either.
    assert_eq!(guard(INTROSPECTION), Ok(()));
    let deeper = INTROSPECTION.replacen("ofType {", &"ofType { ".repeat(4), 1) + "}}}";
    assert_eq!(guard(&deeper), Ok(()));
}

#[test]
fn a_document_logs_in_once_at_most() {
    let log_in = "logIn(input: {email: \"a@b.c\", password: \"x\"}) { accessToken }";
    assert_eq!(guard(&format!("mutation {{ {log_in} }}")), Ok(()));
    for query in [
        format!("mutation {{ a: {log_in} b: {log_in} }}"),
        format!("mutation {{ {log_in} refreshSession(input: {{}}) {{ accessToken }} }}"),
        format!("mutation {{ ...F ... {{ a: {log_in} }} }} fragment F on Mutation {{ {log_in} }}"),
    ] {
        assert!(matches!(guard(&query), Err(Guarded::TooComplex(_))), "{query}");
    }
}
