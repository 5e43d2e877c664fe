//! Refuses queries that would cost too much only to be looked at.
//!
//! The framework expands fragments before it compares anything with its limits: a query of a kilobyte, whose fragments each
//! spread the next one ten times, would keep it busy for ever. So this counts first, each fragment once.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned, Value, Variables,
    parser::{
        parse_query,
        types::{ExecutableDocument, Field, FragmentDefinition, Selection, SelectionSet},
    },
};

/// The most fields of a document once its fragments are expanded; `__typename` counts.
const MAX_FIELDS: u64 = 1_000;
/// The deepest selection, but for introspection.
const MAX_DEPTH: u64 = 12;
/// The most fields of a document's roots.
const MAX_ROOTS: u64 = 30;
/// The most directives of a document.
const MAX_DIRECTIVES: usize = 100;
/// The deepest nesting of brackets that is given to the parser, which recurses.
const MAX_NESTING: usize = 64;

/// Why a query is not executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Guarded {
    /// It costs too much.
    TooComplex(&'static str),
    /// It is no query.
    Invalid(String),
}

/// Parses a query, unless it costs too much.
pub(super) fn parse(query: &str, variables: &Variables) -> Result<ExecutableDocument, Guarded> {
    if nesting(query) > MAX_NESTING {
        return Err(Guarded::TooComplex("Query is nested too deep."));
    }
    if variables.iter().any(|(_, value)| has_nul(value)) {
        return Err(Guarded::Invalid("U+0000 is not taken anywhere".to_owned()));
    }
    let document = parse_query(query).map_err(|err| Guarded::Invalid(err.to_string()))?;
    let mut survey = Survey { fragments: &document.fragments, known: HashMap::new(), directives: 0, nul: false };
    let mut total = Weight::default();
    for (_, operation) in document.operations.iter() {
        survey.directives += operation.node.directives.len();
        total = total.beside(survey.weigh(&operation.node.selection_set.node)?);
    }
    for name in document.fragments.keys() {
        survey.fragment(name)?;
    }
    survey.judge(total)?;
    Ok(document)
}

#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    /// With everything in them.
    fields: u64,
    /// At the top, once fragments are expanded.
    roots: u64,
    depth: u64,
}

impl Weight {
    fn beside(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            roots: self.roots.saturating_add(other.roots),
            depth: self.depth.max(other.depth),
        }
    }
}

struct Survey<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// Each fragment's weight once it is known; none while it is being weighed.
    known: HashMap<&'a str, Option<Weight>>,
    directives: usize,
    nul: bool,
}

impl<'a> Survey<'a> {
    fn weigh(&mut self, set: &'a SelectionSet) -> Result<Weight, Guarded> {
        let mut weight = Weight::default();
        for item in &set.items {
            self.directives += item.node.directives().len();
            weight = weight.beside(match &item.node {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?,
                Selection::InlineFragment(inline) => self.weigh(&inline.node.selection_set.node)?,
            });
        }
        Ok(weight)
    }

    fn field(&mut self, field: &'a Field) -> Result<Weight, Guarded> {
        self.nul |= field.arguments.iter().any(|(_, value)| {
            // Variables were looked at before.
            let value = value.node.clone().into_const_with(|_name| Ok::<_, ()>(Value::Null));
            value.is_ok_and(|value| has_nul(&value))
        });
        let inside = self.weigh(&field.selection_set.node)?;
        // The standard introspection query is deeper than any screen's; it is bounded by its fields.
        let depth = if field.name.node == "__schema" || field.name.node == "__type" { 0 } else { inside.depth };
        Ok(Weight { fields: inside.fields.saturating_add(1), roots: 1, depth: depth.saturating_add(1) })
    }

    fn fragment(&mut self, name: &str) -> Result<Weight, Guarded> {
        // What is unknown is the validation's to name.
        let Some((name, fragment)) = self.fragments.get_key_value(name) else { return Ok(Weight::default()) };
        match self.known.get(&**name) {
            Some(Some(weight)) => return Ok(*weight),
            Some(None) => return Err(Guarded::Invalid(format!("Fragment \"{name}\" spreads itself"))),
            None => {}
        }
        self.known.insert(name, None);
        self.directives += fragment.node.directives.len();
        let weight = self.weigh(&fragment.node.selection_set.node)?;
        self.known.insert(name, Some(weight));
        Ok(weight)
    }

    fn judge(&self, total: Weight) -> Result<(), Guarded> {
        let heaviest = self.known.values().flatten().fold(total, |all, weight| Weight {
            fields: all.fields.max(weight.fields),
            roots: all.roots,
            depth: all.depth.max(weight.depth),
        });
        if heaviest.roots > MAX_ROOTS {
            return Err(Guarded::TooComplex("Query has too many root fields."));
        }
        if heaviest.fields > MAX_FIELDS {
            return Err(Guarded::TooComplex("Query is too complex."));
        }
        if heaviest.depth > MAX_DEPTH {
            return Err(Guarded::TooComplex("Query is nested too deep."));
        }
        if self.directives > MAX_DIRECTIVES {
            return Err(Guarded::TooComplex("Query has too many directives."));
        }
        if self.nul {
            return Err(Guarded::Invalid("U+0000 is not taken anywhere".to_owned()));
        }
        Ok(())
    }
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::List(items) => items.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}

/// The deepest nesting of brackets outside strings and comments.
fn nesting(query: &str) -> usize {
    let (mut depth, mut deepest, mut rest) = (0_usize, 0, query.as_bytes());
    while let Some((byte, after)) = rest.split_first() {
        rest = match byte {
            b'#' => skip_until(after, |rest| rest.starts_with(b"\n") || rest.starts_with(b"\r"), 1),
            b'"' if after.starts_with(b"\"\"") => skip_block(after.get(2..).unwrap_or_default()),
            b'"' => skip_string(after),
            _ => after,
        };
        match byte {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn skip_string(mut rest: &[u8]) -> &[u8] {
    while let Some((byte, after)) = rest.split_first() {
        rest = match byte {
            b'"' | b'\n' | b'\r' => return after,
            b'\\' => after.get(1..).unwrap_or_default(),
            _ => after,
        };
    }
    rest
}

fn skip_block(mut rest: &[u8]) -> &[u8] {
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(b"\\\"\"\"") {
            rest = after;
        } else if let Some(after) = rest.strip_prefix(b"\"\"\"") {
            return after;
        } else {
            rest = rest.get(1..).unwrap_or_default();
        }
    }
    rest
}

fn skip_until(mut rest: &[u8], found: impl Fn(&[u8]) -> bool, length: usize) -> &[u8] {
    while !rest.is_empty() && !found(rest) {
        rest = rest.get(1..).unwrap_or_default();
    }
    rest.get(length..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn guard(query: &str) -> Result<(), Guarded> {
        parse(query, &Variables::default()).map(drop)
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

    #[test]
    fn a_fragment_that_spreads_itself_is_refused() {
        let query = "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }";
        assert!(matches!(guard(query), Err(Guarded::Invalid(_))));
    }

    #[test]
    fn a_thousand_aliases_are_too_many() {
        let aliases = |count: usize| {
            let fields: String = (0..count).fold(String::new(), |mut all, i| {
                let _ = write!(all, "a{i}: __typename ");
                all
            });
            format!("{{ me {{ {fields} }} }}")
        };
        assert!(guard(&aliases(1_000)).is_err());
        assert_eq!(guard(&aliases(500)), Ok(()));
        assert!(guard(&aliases(31).replace("{ me {", "{").replacen("} }", "}", 1)).is_err());
    }

    #[test]
    fn selections_deeper_than_any_screen_needs_are_refused() {
        let nested = |depth: usize| format!("{}x{}", "{ a ".repeat(depth), "}".repeat(depth));
        assert_eq!(guard(&nested(11)), Ok(()));
        assert!(matches!(guard(&nested(13)), Err(Guarded::TooComplex(_))));
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
    }

    #[test]
    fn u0000_is_refused_in_texts_and_in_variables() {
        assert!(matches!(guard("{ a(b: {c: [\"x\\u0000\"]}) }"), Err(Guarded::Invalid(_))));
        let variables = Variables::from_json(serde_json::json!({"a": {"b": ["\0"]}}));
        assert!(matches!(parse("{ a }", &variables), Err(Guarded::Invalid(_))));
    }
}
