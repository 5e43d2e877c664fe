//! The schema that tools are generated from.

#[test]
fn the_committed_schema_is_what_the_program_prints() {
    let committed = include_str!("../../schema.graphql");
    assert!(committed == crate::graphql::sdl(), "the GraphQL schema has changed: adopt it with `make schema`");
}

#[test]
fn everything_in_it_is_described() {
    let sdl = crate::graphql::sdl();
    let mut described = false;
    for line in sdl.lines().map(str::trim).take_while(|line| !line.starts_with("directive") && *line != "schema {") {
        let names_something = line.contains(": ") || line.starts_with("type ") || line.starts_with("input ");
        if names_something && !line.starts_with(['"', ')']) && !line.contains('(') {
            let own = ["pageInfo", "edges", "nodes", "node", "cursor", "hasPreviousPage", "hasNextPage"];
            let relays = ["Connection {", "Edge {", "type PageInfo {"].iter().any(|name| line.ends_with(name));
            let known = relays || own.iter().any(|name| line.starts_with(name)) || line.ends_with("Cursor: String");
            assert!(described || known || in_description(line), "not described: {line}");
        }
        described = line == "\"\"\"";
    }
}

/// Descriptions are prose; they end as sentences do.
fn in_description(line: &str) -> bool {
    line.ends_with('.')
}
