//! Refuses queries that would cost too much only to be looked at.
//!
//! The framework expands fragments before it compares anything with its limits: a query of a kilobyte, whose fragments each
//! spread the next one ten times, would keep it busy for ever. So this counts first, each fragment once.

mod nesting;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned,
    parser::{
        parse_query,
        types::{ExecutableDocument, Field, FragmentDefinition, Selection, SelectionSet},
    },
};

use self::nesting::nesting;

/// The most fields of a document once its fragments are expanded; `__typename` counts.
const MAX_FIELDS: u64 = 1_000;
/// The deepest selection, but for introspection.
const MAX_DEPTH: u64 = 10;
/// The most fields of a document's roots.
const MAX_ROOTS: u64 = 30;
/// The most aliases of a document once its fragments are expanded: each makes a field that costs as much as the first.
const MAX_ALIASES: u64 = 30;
/// The most variables of an operation.
const MAX_VARIABLES: usize = 50;
/// Of these a document has at most one: each is a guess, or hashes a password.
const LOGINS: [&str; 7] =
    ["signUp", "logIn", "redeemLoginLink", "refreshSession", "resetPassword", "changePassword", "acceptInvitation"];
/// The most directives of a document.
const MAX_DIRECTIVES: usize = 100;
/// The deepest nesting of brackets that is given to the parser, which recurses.
const MAX_NESTING: usize = 64;
/// The deepest nesting of selections, fragments among them, whoever recurses along it.
const MAX_HEIGHT: usize = 32;
/// The most fragments of a document.
const MAX_FRAGMENTS: usize = 100;

/// Why a query is not executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Guarded {
    /// It costs too much.
    TooComplex(&'static str),
    /// It is no query.
    Invalid(String),
}

/// Parses a query, unless it costs too much.
pub(super) fn parse(query: &str) -> Result<ExecutableDocument, Guarded> {
    if nesting(query) > MAX_NESTING {
        return Err(Guarded::TooComplex("Query is nested too deep."));
    }
    let document = parse_query(query).map_err(|err| Guarded::Invalid(err.to_string()))?;
    if document.fragments.len() > MAX_FRAGMENTS {
        return Err(Guarded::TooComplex("Query has too many fragments."));
    }
    let mut survey = Survey { fragments: &document.fragments, known: HashMap::new(), above: 0, directives: 0 };
    let mut total = Weight::default();
    for (_, operation) in document.operations.iter() {
        if operation.node.variable_definitions.len() > MAX_VARIABLES {
            return Err(Guarded::TooComplex("Query has too many variables."));
        }
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
    /// Those among them that log somebody in.
    logins: u64,
    aliases: u64,
    depth: u64,
    /// How many selections are nested, also those of fragments, which are no fields.
    height: usize,
}

impl Weight {
    fn beside(self, other: Self) -> Self {
        Self {
            fields: self.fields.saturating_add(other.fields),
            roots: self.roots.saturating_add(other.roots),
            logins: self.logins.saturating_add(other.logins),
            aliases: self.aliases.saturating_add(other.aliases),
            depth: self.depth.max(other.depth),
            height: self.height.max(other.height),
        }
    }
}

struct Survey<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    /// Each fragment's weight once it is known; none while it is being weighed.
    known: HashMap<&'a str, Option<Weight>>,
    /// How many selections are around the one that is being weighed.
    above: usize,
    directives: usize,
}

impl<'a> Survey<'a> {
    fn weigh(&mut self, set: &'a SelectionSet) -> Result<Weight, Guarded> {
        self.fits(1)?;
        self.above += 1;
        let mut weight = Weight::default();
        for item in &set.items {
            self.directives += item.node.directives().len();
            weight = weight.beside(match &item.node {
                Selection::Field(field) => self.field(&field.node)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node)?,
                Selection::InlineFragment(inline) => self.weigh(&inline.node.selection_set.node)?,
            });
        }
        self.above -= 1;
        Ok(Weight { height: weight.height + 1, ..weight })
    }

    /// Refuses what would nest too deep with so many selections more.
    fn fits(&self, height: usize) -> Result<(), Guarded> {
        if self.above + height > MAX_HEIGHT {
            return Err(Guarded::TooComplex("Query is nested too deep."));
        }
        Ok(())
    }

    fn field(&mut self, field: &'a Field) -> Result<Weight, Guarded> {
        let inside = self.weigh(&field.selection_set.node)?;
        // The standard introspection query is deeper than any screen's; it is bounded by its fields.
        let depth = if field.name.node == "__schema" || field.name.node == "__type" { 0 } else { inside.depth };
        Ok(Weight {
            fields: inside.fields.saturating_add(1),
            roots: 1,
            logins: u64::from(LOGINS.contains(&field.name.node.as_str())),
            aliases: inside.aliases.saturating_add(u64::from(field.alias.is_some())),
            depth: depth.saturating_add(1),
            height: inside.height,
        })
    }

    fn fragment(&mut self, name: &str) -> Result<Weight, Guarded> {
        // What is unknown is the validation's to name.
        let Some((name, fragment)) = self.fragments.get_key_value(name) else { return Ok(Weight::default()) };
        match self.known.get(&**name) {
            Some(Some(weight)) => {
                let weight = *weight;
                self.fits(weight.height)?;
                return Ok(weight);
            }
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
            aliases: all.aliases.max(weight.aliases),
            // How deep it is, is told where it is spread: within introspection it may be deeper.
            ..all
        });
        if heaviest.roots > MAX_ROOTS {
            return Err(Guarded::TooComplex("Query has too many root fields."));
        }
        if heaviest.logins > 1 {
            return Err(Guarded::TooComplex("Query logs in more than once."));
        }
        if heaviest.aliases > MAX_ALIASES {
            return Err(Guarded::TooComplex("Query has too many aliases."));
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
        Ok(())
    }
}
