//! The schema, read from its own language, and operations made of it.

use std::collections::BTreeMap;

use async_graphql::parser::{
    parse_schema,
    types::{BaseType, FieldDefinition, InputValueDefinition, Type, TypeKind, TypeSystemDefinition},
};

/// Optional arguments that an operation of ours gives all the same.
const WANTED: [&str; 6] = ["phone", "text", "name", "password", "refreshToken", "first"];

pub(super) struct Sdl {
    pub(super) objects: BTreeMap<String, Vec<FieldDefinition>>,
    inputs: BTreeMap<String, Vec<InputValueDefinition>>,
    one_of: Vec<String>,
    enums: BTreeMap<String, String>,
}

/// An argument's value as it stands in an operation; none: whatever its type allows.
pub(super) type Fill<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Sdl {
    pub(super) fn read() -> Self {
        let mut sdl =
            Self { objects: BTreeMap::new(), inputs: BTreeMap::new(), one_of: Vec::new(), enums: BTreeMap::new() };
        for definition in parse_schema(crate::graphql::sdl()).unwrap().definitions {
            let TypeSystemDefinition::Type(definition) = definition else { continue };
            let (definition, name) = (definition.node.clone(), definition.node.name.to_string());
            if definition.directives.iter().any(|directive| directive.node.name.node == "oneOf") {
                sdl.one_of.push(name.clone());
            }
            match definition.kind {
                TypeKind::Object(object) => {
                    sdl.objects.insert(name, object.fields.into_iter().map(|field| field.node).collect());
                }
                TypeKind::InputObject(input) => {
                    sdl.inputs.insert(name, input.fields.into_iter().map(|field| field.node).collect());
                }
                TypeKind::Enum(values) => {
                    sdl.enums.insert(name, values.values[0].node.value.to_string());
                }
                _ => {}
            }
        }
        sdl
    }

    pub(super) fn fields(&self, object: &str) -> &[FieldDefinition] {
        self.objects.get(object).map_or(&[], Vec::as_slice)
    }

    /// The field with its arguments, and what an object must be asked for.
    pub(super) fn call(&self, field: &FieldDefinition, fill: Fill<'_>) -> String {
        let leaf = if self.objects.contains_key(base(&field.ty.node)) { " { __typename }" } else { "" };
        format!("{}{leaf}", self.head(field, fill))
    }

    /// The field with its arguments.
    pub(super) fn head(&self, field: &FieldDefinition, fill: Fill<'_>) -> String {
        let arguments: Vec<_> = field.arguments.iter().map(|argument| argument.node.clone()).collect();
        let arguments = self.given(&arguments, fill);
        let arguments = if arguments.is_empty() { String::new() } else { format!("({arguments})") };
        format!("{}{arguments}", field.name.node)
    }

    /// Every object that a workspace leads to, with the shortest way there: pairs of an object and a field of it.
    pub(super) fn ways(&self) -> BTreeMap<String, Vec<(String, FieldDefinition)>> {
        let mut ways = BTreeMap::from([("Workspace".to_owned(), Vec::new())]);
        let mut next = vec!["Workspace".to_owned()];
        while !next.is_empty() {
            for object in std::mem::take(&mut next) {
                for field in self.fields(&object) {
                    let to = base(&field.ty.node).to_owned();
                    if !self.objects.contains_key(&to) || ways.contains_key(&to) {
                        continue;
                    }
                    let way: Vec<_> = ways[&object].iter().cloned().chain([(object.clone(), field.clone())]).collect();
                    ways.insert(to.clone(), way);
                    next.push(to);
                }
            }
        }
        ways
    }

    fn given(&self, arguments: &[InputValueDefinition], fill: Fill<'_>) -> String {
        let is_given = |argument: &&InputValueDefinition| {
            let optional = argument.ty.node.nullable || argument.default_value.is_some();
            !optional || WANTED.contains(&argument.name.node.as_str())
        };
        let given = arguments.iter().filter(is_given);
        let pairs = given.map(|argument| {
            let name = argument.name.node.as_str();
            format!("{name}: {}", fill(name).unwrap_or_else(|| self.value(&argument.ty.node, fill)))
        });
        pairs.collect::<Vec<_>>().join(", ")
    }

    fn value(&self, ty: &Type, fill: Fill<'_>) -> String {
        let name = match &ty.base {
            BaseType::List(inner) => return format!("[{}]", self.value(inner, fill)),
            BaseType::Named(name) => name.as_str(),
        };
        if let Some(first) = self.enums.get(name) {
            return first.clone();
        }
        if let Some(fields) = self.inputs.get(name) {
            if self.one_of.iter().any(|one| one == name) {
                let last = fields.last().unwrap();
                return format!("{{{}: {}}}", last.name.node, self.value(&last.ty.node, fill));
            }
            return format!("{{{}}}", self.given(fields, fill));
        }
        match name {
            "Int" => "1000".to_owned(),
            "Boolean" => "true".to_owned(),
            "DateTime" => "\"2031-01-01T00:00:00Z\"".to_owned(),
            _ => "\"x\"".to_owned(),
        }
    }
}

/// The type that a field is of, through lists.
pub(super) fn base(ty: &Type) -> &str {
    match &ty.base {
        BaseType::Named(name) => name.as_str(),
        BaseType::List(inner) => base(inner),
    }
}
