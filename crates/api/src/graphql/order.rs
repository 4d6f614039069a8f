//! The order of an answer. GraphQL wants fields in the order in which they are asked for, and a cache wants the same bytes
//! twice; the library puts the fields that it resolves side by side in the order in which they became ready.

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Name, Value};

/// The keys of an object in the order asked for, each with those of the objects below.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order(Vec<(Name, Order)>);

impl Order {
    /// Of the operation with this name; of the only one when it is `None`.
    #[must_use]
    pub fn of(document: &ExecutableDocument, operation: Option<&str>) -> Self {
        let mut operations = document.operations.iter();
        let chosen = operations.find(|(name, _)| operation.is_none() || name.map(Name::as_str) == operation);
        let mut order = Self::default();
        if let Some((_, chosen)) = chosen {
            order.gather(&chosen.node.selection_set.node, document);
        }
        order
    }

    /// Adds what a selection asks for: a key stands where it is named first, whatever the type it is asked of.
    fn gather(&mut self, set: &SelectionSet, document: &ExecutableDocument) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let key = &field.node.response_key().node;
                    let place = self.0.iter().position(|(known, _)| known == key).unwrap_or_else(|| {
                        self.0.push((key.clone(), Self::default()));
                        self.0.len() - 1
                    });
                    self.0[place].1.gather(&field.node.selection_set.node, document);
                }
                Selection::InlineFragment(fragment) => self.gather(&fragment.node.selection_set.node, document),
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                        self.gather(&fragment.node.selection_set.node, document);
                    }
                }
            }
        }
    }

    /// Puts an answer into this order.
    pub fn restore(&self, value: &mut Value) {
        match value {
            Value::List(items) if !self.0.is_empty() => items.iter_mut().for_each(|item| self.restore(item)),
            Value::Object(fields) if !self.0.is_empty() => {
                let mut wanted = self.0.iter();
                if !fields.keys().all(|key| wanted.any(|(name, _)| name == key)) {
                    let place = |key: &Name| self.0.iter().position(|(name, _)| name == key);
                    fields.sort_by(|one, _, other, _| place(one).cmp(&place(other)));
                }
                let mut wanted = self.0.iter();
                for (key, value) in fields {
                    if let Some((_, below)) = wanted.find(|(name, _)| name == key) {
                        below.restore(value);
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_has_the_order_of_its_question() {
        let document = parse_query(
            "query Two { z: two { b a } ...More } query Other { a b }
             fragment More on Query { list { ... on One { y x } x w } z { c } }",
        )
        .expect("parses");
        let asked = json!({
            "list": [{ "w": 4, "x": { "kept": 1, "as": 2 }, "y": 1 }, null, { "x": 2, "y": 1 }],
            "z": { "c": 3, "a": 2, "b": 1 },
        });
        let mut answer = Value::from_json(asked).expect("a value");
        Order::of(&document, Some("Two")).restore(&mut answer);
        let wanted = r#"{"z":{"b":1,"a":2,"c":3},"list":[{"y":1,"x":{"as":2,"kept":1},"w":4},null,{"y":1,"x":2}]}"#;
        assert_eq!(serde_json::to_string(&answer).expect("JSON"), wanted);
        Order::of(&document, Some("Nobody")).restore(&mut answer);
        assert_eq!(serde_json::to_string(&answer).expect("JSON"), wanted);
    }
}
