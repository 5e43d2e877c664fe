//! The values that an operation's variables have.
//!
//! The framework looks at those that were given, where they are used, and executes the others' fields until it misses them:
//! of two mutations in a request, the first would be done. So each gets its value before anything is validated.

use async_graphql::{Value, Variables, parser::types::OperationDefinition};

/// Gives each variable that is missing its default, or null; or says which one must not be missing or null.
pub(super) fn complete(variables: &mut Variables, operation: &OperationDefinition) -> Result<(), String> {
    for definition in &operation.variable_definitions {
        let (name, kind) = (&definition.node.name.node, &definition.node.var_type.node);
        // The parser's "default" of what may be null, and has none, is null.
        let value = variables.get(name).or_else(|| definition.node.default_value());
        match value.cloned() {
            Some(Value::Null) if !kind.nullable => {
                return Err(format!("Variable \"${name}\" of type \"{kind}\" must not be null."));
            }
            Some(value) => drop(variables.insert(name.clone(), value)),
            None => return Err(format!("Variable \"${name}\" of type \"{kind}\" is missing.")),
        }
    }
    Ok(())
}
