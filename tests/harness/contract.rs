//! The contract's documents, each with the fragments it needs.

/// The contract.
pub(crate) const TEXT: &str = include_str!("../contract/operations.graphql");

/// The definitions of the contract: name and text.
fn definitions() -> Vec<(String, String)> {
    let code = |line: &str| line.split('#').next().unwrap_or("").to_owned();
    let mut found: Vec<(String, String)> = Vec::new();
    let mut depth = 0_i32;
    for line in TEXT.lines().map(code) {
        let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        if depth == 0 && ["query", "mutation", "subscription", "fragment"].iter().any(|word| line.starts_with(word)) {
            found.push((words.nth(1).unwrap_or_default().to_owned(), String::new()));
        }
        depth += line.chars().map(|c| i32::from(c == '{') - i32::from(c == '}')).sum::<i32>();
        if let Some((_, text)) = found.last_mut() {
            text.push_str(&line);
            text.push('\n');
        }
    }
    found
}

/// Names of the operations, in order.
pub(crate) fn operations() -> Vec<String> {
    let all = definitions().into_iter();
    all.filter(|(_, text)| !text.starts_with("fragment")).map(|(name, _)| name).collect()
}

/// One operation with the fragments it needs.
pub(crate) fn document(operation: &str) -> String {
    let all = definitions();
    let text = |name: &str| all.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone());
    let mut whole = text(operation).unwrap_or_else(|| panic!("the contract has no {operation}"));
    let mut added: Vec<String> = Vec::new();
    loop {
        let spread = whole
            .split("...")
            .skip(1)
            .map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned());
        let Some(next) = spread.into_iter().find(|name| !name.is_empty() && !added.contains(name)) else {
            return whole;
        };
        whole.push_str(&text(&next).unwrap_or_else(|| panic!("no fragment {next}")));
        added.push(next);
    }
}
