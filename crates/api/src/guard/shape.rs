//! Measures a parsed document as if its fragments were written out, without writing them out: each fragment once.

use std::collections::HashMap;

use async_graphql::Positioned;
use async_graphql::parser::types::{ExecutableDocument, FragmentDefinition, Selection, SelectionSet};
use jixiao_rules::message::Message;

use super::{over, within};
use crate::config::Limits;
use crate::graphql::error::{ApiError, Result};

/// Size of a selection set, fragments expanded.
#[derive(Clone, Copy, Default)]
struct Shape {
    selections: u64,
    aliases: u64,
    /// Levels of fields.
    depth: u64,
    /// Levels of selection sets, fragments included: how deep whoever walks it will recurse.
    levels: u64,
    /// Fields on the first level.
    roots: u64,
    /// `__schema` and `__type`.
    introspections: u64,
}

struct Walk<'a> {
    fragments: &'a HashMap<async_graphql::Name, Positioned<FragmentDefinition>>,
    known: HashMap<&'a str, Shape>,
    open: Vec<&'a str>,
    directives: usize,
    limits: &'a Limits,
}

/// Checks everything that is counted on the parsed document; tells how often it asks for the schema.
pub(super) fn check(document: &ExecutableDocument, limits: &Limits) -> Result<u64> {
    within("maxOperations", limits.max_operations, document.operations.iter().len())?;
    let fragments = &document.fragments;
    let mut walk = Walk { fragments, known: HashMap::new(), open: Vec::new(), directives: 0, limits };
    // Unused fragments are validated as well, so they count like the others.
    let mut selections = 0_u64;
    let mut introspections = 0_u64;
    // In the order of the document: the same document is always refused for the same reason.
    let mut names: Vec<_> =
        fragments.iter().map(|(name, fragment)| (fragment.pos.line, fragment.pos.column, name)).collect();
    names.sort_unstable();
    for (.., name) in names {
        walk.fragment(name.as_str())?;
    }
    for (_, operation) in document.operations.iter() {
        let operation = &operation.node;
        walk.directives += operation.directives.len();
        walk.directives += operation.variable_definitions.iter().map(|it| it.node.directives.len()).sum::<usize>();
        let shape = walk.set(&operation.selection_set.node)?;
        selections = selections.saturating_add(shape.selections);
        introspections = introspections.saturating_add(shape.introspections);
        at_most("maxSelections", limits.max_selections, selections)?;
        at_most("maxDepth", limits.max_depth, shape.depth)?;
        at_most("maxNesting", limits.max_nesting, shape.levels)?;
        at_most("maxAliases", limits.max_aliases, shape.aliases)?;
        at_most("maxRootFields", limits.max_root_fields, shape.roots)?;
    }
    within("maxDirectives", limits.max_directives, walk.directives)?;
    Ok(introspections)
}

fn at_most(limit: &'static str, maximum: u64, asked: u64) -> Result<()> {
    if asked <= maximum { Ok(()) } else { Err(over(limit, maximum, Some(asked))) }
}

impl<'a> Walk<'a> {
    /// The shape of a fragment; an unknown one is empty, validation will say so.
    fn fragment(&mut self, name: &'a str) -> Result<Shape> {
        if let Some(shape) = self.known.get(name) {
            return Ok(*shape);
        }
        let Some(fragment) = self.fragments.get(name) else { return Ok(Shape::default()) };
        if self.open.contains(&name) {
            return Err(ApiError::InvalidDocument(Message::new(
                format!("片段 {name} 引用了自身"),
                format!("the fragment {name} spreads itself"),
            )));
        }
        // A chain this long is too deep whatever it holds; going on would be our own recursion.
        within("maxNesting", self.limits.max_nesting, self.open.len() + 1)?;
        self.open.push(name);
        self.directives += fragment.node.directives.len();
        let shape = self.set(&fragment.node.selection_set.node)?;
        self.open.pop();
        at_most("maxSelections", self.limits.max_selections, shape.selections)?;
        self.known.insert(name, shape);
        Ok(shape)
    }

    fn set(&mut self, set: &'a SelectionSet) -> Result<Shape> {
        let mut sum = Shape { levels: 1, ..Shape::default() };
        for item in &set.items {
            self.directives += item.node.directives().len();
            let part = self.selection(&item.node)?;
            sum.selections = sum.selections.saturating_add(part.selections).saturating_add(1);
            sum.aliases = sum.aliases.saturating_add(part.aliases);
            sum.roots = sum.roots.saturating_add(part.roots);
            sum.introspections = sum.introspections.saturating_add(part.introspections);
            sum.depth = sum.depth.max(part.depth);
            sum.levels = sum.levels.max(part.levels + 1);
        }
        Ok(sum)
    }

    fn selection(&mut self, selection: &'a Selection) -> Result<Shape> {
        match selection {
            Selection::Field(field) => {
                let field = &field.node;
                let below = self.set(&field.selection_set.node)?;
                let aliases = below.aliases.saturating_add(u64::from(field.alias.is_some()));
                let asks = matches!(field.name.node.as_str(), "__schema" | "__type");
                let introspections = below.introspections.saturating_add(u64::from(asks));
                Ok(Shape { aliases, introspections, depth: below.depth + 1, roots: 1, ..below })
            }
            Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node),
            Selection::FragmentSpread(spread) => self.fragment(spread.node.fragment_name.node.as_str()),
        }
    }
}
