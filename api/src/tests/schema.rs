//! The schema that tools are generated from.

use async_graphql::{
    Positioned,
    parser::{
        parse_schema,
        types::{FieldDefinition, TypeDefinition, TypeKind, TypeSystemDefinition},
    },
};

#[test]
fn the_committed_schema_is_what_the_program_prints() {
    let committed = include_str!("../../schema.graphql");
    assert!(committed == crate::graphql::sdl(), "the GraphQL schema has changed: adopt it with `make schema`");
}

#[test]
fn everything_in_it_is_described() {
    let document = parse_schema(crate::graphql::sdl()).unwrap();
    let types = document.definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) if !is_relays(&definition.node.name.node) => Some(definition.node),
        _ => None,
    });
    let bare: Vec<String> = types.flat_map(|definition| without_description(&definition)).collect();
    assert!(bare.is_empty(), "not described: {bare:#?}");
}

/// What its specification describes.
fn is_relays(name: &str) -> bool {
    name.ends_with("Connection") || name.ends_with("Edge") || name == "PageInfo"
}

/// The names of what has none in a type: itself, its fields, their arguments, its values.
fn without_description(definition: &TypeDefinition) -> Vec<String> {
    let mut parts = vec![(String::new(), definition.description.is_some())];
    match &definition.kind {
        TypeKind::Object(object) => object.fields.iter().for_each(|field| of_field(field, &mut parts)),
        TypeKind::Interface(interface) => interface.fields.iter().for_each(|field| of_field(field, &mut parts)),
        TypeKind::InputObject(input) => parts.extend(
            input.fields.iter().map(|field| (field.node.name.node.to_string(), field.node.description.is_some())),
        ),
        TypeKind::Enum(values) => parts.extend(
            values.values.iter().map(|value| (value.node.value.node.to_string(), value.node.description.is_some())),
        ),
        TypeKind::Scalar | TypeKind::Union(_) => {}
    }
    let bare = parts.into_iter().filter(|(_, is_described)| !is_described);
    bare.map(|(part, _)| format!("{}.{part}", definition.name.node)).collect()
}

fn of_field(field: &Positioned<FieldDefinition>, parts: &mut Vec<(String, bool)>) {
    let field = &field.node;
    parts.push((field.name.node.to_string(), field.description.is_some()));
    let cursors = ["after", "before", "first", "last"];
    let arguments = field.arguments.iter().filter(|argument| !cursors.contains(&argument.node.name.node.as_str()));
    parts.extend(arguments.map(|argument| {
        (format!("{}({})", field.name.node, argument.node.name.node), argument.node.description.is_some())
    }));
}
