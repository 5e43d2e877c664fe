//! The values that an operation is given: in its text, and as variables.
//!
//! The framework looks at those that were given, where they are used, and at some only while it executes: of two mutations in
//! a request, the first would be done before the second is found wrong. So each variable gets its value, and each value is
//! looked at, before anything is validated.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use async_graphql::{
    Name, Value, Variables,
    parser::{
        parse_schema,
        types::{
            BaseType, ExecutableDocument, InputValueDefinition, OperationDefinition, Selection, SelectionSet, Type,
            TypeKind, TypeSystemDefinition,
        },
    },
};

/// The arguments, and the fields of inputs, that are whole numbers; a name is one everywhere, or nowhere.
static INTS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let inputs = inputs(&super::sdl());
    inputs.into_iter().filter(|(_, kind)| kind == "Int").map(|(name, _)| name).collect()
});
/// In front of a variable's name, where it stands as a value: no value of a query's own begins with it.
const VARIABLE: &str = "$";

/// A value that is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// The argument, or the field of an input, that it is for.
    pub(super) field: String,
    /// What is wrong with it.
    pub(super) problem: String,
}

/// Gives each variable that is missing its default, or null; or says which value cannot be taken, in the query or in its
/// variables.
pub(super) fn complete(
    variables: &mut Variables,
    document: &ExecutableDocument,
    operation: Option<&OperationDefinition>,
) -> Result<(), Fault> {
    let mut places = HashMap::new();
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    for set in document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node).chain(fragments) {
        look_into(set, &mut places)?;
    }
    let place = |name: &Name| places.get(name.as_str()).cloned().unwrap_or_else(|| name.to_string());
    for definition in operation.into_iter().flat_map(|operation| &operation.variable_definitions) {
        let (name, kind) = (&definition.node.name.node, &definition.node.var_type.node);
        // The parser's "default" of what may be null, and has none, is null.
        let value = variables.get(name).or_else(|| definition.node.default_value()).cloned();
        let problem = match value {
            Some(Value::Null) if !kind.nullable => "must not be null",
            Some(value) => {
                look_at(&place(name), &value, named(kind) == "Int", &mut HashMap::new())?;
                variables.insert(name.clone(), value);
                continue;
            }
            None => "is missing",
        };
        return Err(Fault {
            field: place(name),
            problem: format!("Variable \"${name}\" of type \"{kind}\" {problem}."),
        });
    }
    // Also those that the operation does not know.
    variables.iter().try_for_each(|(name, value)| look_at(&place(name), value, false, &mut HashMap::new()))
}

/// Looks at the values in a selection; notes for which argument each variable is.
fn look_into(set: &SelectionSet, places: &mut HashMap<String, String>) -> Result<(), Fault> {
    for item in &set.items {
        match &item.node {
            Selection::Field(field) => {
                for (name, value) in &field.node.arguments {
                    let variable = |name: Name| Ok::<_, ()>(Value::Enum(Name::new(format!("{VARIABLE}{name}"))));
                    let value = value.node.clone().into_const_with(variable).unwrap_or_default();
                    look_at(&name.node, &value, false, places)?;
                }
                look_into(&field.node.selection_set.node, places)?;
            }
            Selection::InlineFragment(inline) => look_into(&inline.node.selection_set.node, places)?,
            Selection::FragmentSpread(_) => {}
        }
    }
    Ok(())
}

/// Looks at what is given for `field`, and at whatever is in it.
fn look_at(field: &str, value: &Value, is_int: bool, places: &mut HashMap<String, String>) -> Result<(), Fault> {
    let refuse = |problem: &str| Err(Fault { field: field.to_owned(), problem: format!("`{field}` {problem}") });
    match value {
        Value::String(text) if text.contains('\0') => refuse("must not contain U+0000"),
        Value::Number(number) if is_int || INTS.contains(field) => match number.as_i64().map(i32::try_from) {
            Some(Err(_)) => refuse("must be a whole number from -2147483648 to 2147483647"),
            _ => Ok(()),
        },
        Value::Enum(name) => {
            if let Some(variable) = name.strip_prefix(VARIABLE) {
                places.entry(variable.to_owned()).or_insert_with(|| field.to_owned());
            }
            Ok(())
        }
        Value::List(items) => items.iter().try_for_each(|item| look_at(field, item, is_int, places)),
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| look_at(name, value, false, places)),
        _ => Ok(()),
    }
}

/// The name of a type, without lists around it.
fn named(kind: &Type) -> &str {
    match &kind.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => named(inner),
    }
}

/// The arguments, and the fields of inputs, of a schema in its own language, with the names of their types.
fn inputs(sdl: &str) -> Vec<(String, String)> {
    let definitions = parse_schema(sdl).map(|document| document.definitions).unwrap_or_default();
    let types = definitions.into_iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(definition) => Some(definition.node.kind),
        _ => None,
    });
    let of = |input: &InputValueDefinition| (input.name.node.to_string(), named(&input.ty.node).to_owned());
    types
        .flat_map(|kind| match kind {
            TypeKind::Object(object) => {
                let arguments = object.fields.iter().flat_map(|field| &field.node.arguments);
                arguments.map(|argument| of(&argument.node)).collect::<Vec<_>>()
            }
            TypeKind::InputObject(input) => input.fields.iter().map(|field| of(&field.node)).collect(),
            _ => Vec::new(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::{Value as Json, json};

    use super::*;

    /// The field at fault.
    fn fault(query: &str, variables: Json) -> Option<String> {
        let document = parse_query(query).unwrap();
        let operation = document.operations.iter().next().map(|(_, operation)| &operation.node);
        complete(&mut Variables::from_json(variables), &document, operation).err().map(|fault| fault.field)
    }

    #[test]
    fn a_name_of_a_whole_number_is_one_everywhere() {
        let inputs = inputs(&crate::graphql::sdl());
        for name in ["first", "bucket", "amount", "minMs", "dailyCap"] {
            assert!(INTS.contains(name), "{name}");
        }
        for (name, kind) in inputs {
            assert_eq!(INTS.contains(&name), kind == "Int", "{name}: {kind}");
        }
    }

    #[test]
    fn whole_numbers_have_32_bits_wherever_they_stand() {
        let query = "query($n: Int, $i: GrantCreditsInput, $l: [Int!]) { a(first: $n, input: $i, list: $l) { b } }";
        for number in [i64::from(i32::MAX), i64::from(i32::MIN), 0] {
            let variables = json!({"n": number, "l": [number], "i": {"amount": number}});
            assert_eq!(fault(query, variables), None, "{number}");
            assert_eq!(fault(&format!("{{ a(first: {number}) }}"), json!({})), None);
        }
        for number in [i64::from(i32::MAX) + 1, i64::from(i32::MIN) - 1] {
            assert_eq!(fault(query, json!({"n": number})).as_deref(), Some("first"));
            assert_eq!(fault(query, json!({"i": {"amount": number}})).as_deref(), Some("amount"));
            assert_eq!(fault(query, json!({"l": [0, number]})).as_deref(), Some("list"));
            assert_eq!(
                fault(&format!("{{ a {{ ... {{ b(first: {number}) }} }} }}"), json!({})).as_deref(),
                Some("first")
            );
            let default = format!("query($n: Int = {number}) {{ a(first: $n) }}");
            assert_eq!(fault(&default, json!({})).as_deref(), Some("first"));
        }
        // An id is none.
        assert_eq!(fault("query($c: ID) { a(chatId: $c, id: 3000000000) }", json!({"c": 3_000_000_000_i64})), None);
    }

    #[test]
    fn u0000_is_refused_in_texts_and_in_variables() {
        for (query, variables) in [
            ("{ a(b: {c: [\"x\\u0000\"]}) }", json!({})),
            ("query($v: T) { a(b: $v) }", json!({"v": {"c": ["\0"]}})),
            ("query($v: String) { a { ...F } } fragment F on A { x(i: {c: $v}) }", json!({"v": "\0"})),
            ("{ a }", json!({"c": "\0"})),
        ] {
            assert_eq!(fault(query, variables).as_deref(), Some("c"), "{query}");
        }
    }

    #[test]
    fn a_variable_that_is_missing_is_told_by_what_it_is_for() {
        let query = "query($s: ID!) { a(input: {sessionId: $s}) }";
        assert_eq!(fault(query, json!({})).as_deref(), Some("sessionId"));
        assert_eq!(fault(query, json!({"s": null})).as_deref(), Some("sessionId"));
        assert_eq!(fault("query($s: ID!) { a }", json!({})).as_deref(), Some("s"));
    }
}
