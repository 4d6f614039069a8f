use super::*;

const INTROSPECTION: &str =
    "query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name kind }
  subscriptionType { name kind } types { ...FullType } directives { name description isRepeatable locations
  args(includeDeprecated: true) { ...InputValue } } } }
fragment FullType on __Type { kind name description specifiedByURL isOneOf
  fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef }
  isDeprecated deprecationReason } inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef }
  enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";

/// The limit that refuses the document under the defaults; empty when none does.
fn refused_by(text: &str) -> &'static str {
    match parse(text, &Limits::default()) {
        Ok(_) => "",
        Err(ApiError::Limit(over)) => over.limit,
        Err(error) => error.code(),
    }
}

#[test]
fn ordinary_documents_pass() {
    for text in [INTROSPECTION, "{ a }", "query A { a(x: [1, {y: \"[[[\"}]) @skip(if: false) { b } } # ((((("] {
        assert_eq!(refused_by(text), "", "{text}");
    }
}

#[test]
fn nested_list_literals_do_not_reach_the_parser() {
    let nested = format!("{{ a(x: {}{}) }}", "[".repeat(2_000), "]".repeat(2_000));
    assert_eq!(refused_by(&nested), "maxNesting");
    assert_eq!(refused_by(&format!("{{ a(x: {}", "[".repeat(50_000))), "maxNesting");
    assert_eq!(refused_by(&"{ a ".repeat(2_000)), "maxNesting");
    assert_eq!(refused_by(&format!("query($a: {}Int{}) {{ a }}", "[".repeat(2_000), "]".repeat(2_000))), "maxNesting");
}

#[test]
fn strings_and_comments_hide_no_brackets() {
    let brackets = "[".repeat(2_000);
    // To the parser, a block string without an end is an empty string and the beginning of another.
    for prefix in
        ["{ a(x: [\"\"\"x\" ", "{ a(x: [\"\"\"\"\"\" ", "{ a(x: [\"\\\"\" ", "{ a # \"\n (x: ", "{ a # \"\r (x: "]
    {
        assert_eq!(refused_by(&format!("{prefix}{brackets}")), "maxNesting", "{prefix}");
    }
    for text in [format!("{{ a(x: \"\"\"{brackets} \\\"\"\" {brackets}\"\"\") }}"), format!("{{ a # {brackets}\n}}")] {
        assert_eq!(refused_by(&text), "", "{text}");
    }
}

#[test]
fn doubling_fragments_are_counted_not_expanded() {
    let doubled = |count: usize| {
        let fragments: String =
            (0..count).map(|at| format!("fragment f{at} on Q {{ ...f{0} ...f{0} }} ", at + 1)).collect();
        format!("{{ ...f0 }} {fragments} fragment f{count} on Q {{ a }}")
    };
    assert_eq!(refused_by(&doubled(20)), "maxSelections");
    assert_eq!(refused_by(&doubled(45)), "maxSelections");
    assert_eq!(refused_by(&doubled(200)), "maxNesting");
    assert_eq!(refused_by(&doubled(3)), "");
}

#[test]
fn fragments_that_spread_themselves_are_refused() {
    for text in [
        "{ ...a } fragment a on Q { ...a }",
        "{ ...a } fragment a on Q { x { ...b } } fragment b on Q { ...a ...b }",
        "{ x } fragment a on Q { ...b } fragment b on Q { ...a }",
    ] {
        assert_eq!(refused_by(text), "GRAPHQL_VALIDATION_FAILED", "{text}");
    }
}

#[test]
fn each_limit_refuses_what_is_over_it() {
    let aliases: String = (0..5_000).map(|at| format!("a{at}:b ")).collect();
    let few = format!("{{ x {{ {} }} }}", (0..51).map(|at| format!("a{at}:b ")).collect::<String>());
    let operations: String = (0..51).map(|at| format!("query a{at} {{ a }} ")).collect();
    for (limit, text) in [
        ("maxDocumentBytes", format!("{{ a }} #{}", "x".repeat(70_000))),
        ("maxTokens", format!("{{ {aliases} }}")),
        ("maxAliases", few),
        ("maxDirectives", format!("{{ a {} }}", "@skip(if: true) ".repeat(200))),
        ("maxDepth", format!("{}a{}", "{ a ".repeat(21), "}".repeat(21))),
        ("maxRootFields", format!("{{ {} }}", "a ".repeat(21))),
        ("maxRootFields", format!("{{ ...f }} fragment f on Q {{ ... {{ {} }} }}", "a ".repeat(21))),
        ("maxSelections", format!("{{ x {{ {} }} }}", "a ".repeat(3_001))),
        ("maxOperations", operations),
    ] {
        assert_eq!(refused_by(&text), limit);
    }
}

#[test]
fn what_cannot_be_parsed_is_a_syntax_error_with_its_place() {
    assert_eq!(refused_by("{ a "), "GRAPHQL_PARSE_FAILED");
    assert_eq!(refused_by(""), "GRAPHQL_PARSE_FAILED");
    let Err(ApiError::Syntax(Some(place))) = parse("{\n a(\n}", &Limits::default()) else {
        panic!("no place");
    };
    assert_eq!(place.line, 3);
    assert_eq!(refused_by("{ a } { b }"), "GRAPHQL_VALIDATION_FAILED");
}

#[test]
fn nesting_of_json() {
    assert_eq!(json_nesting(b"{\"a\": [1, [2]], \"b\": \"[[[[\\\"[[\"}"), 3);
    assert_eq!(json_nesting("[".repeat(2_000).as_bytes()), 2_000);
    assert_eq!(json_nesting(b"\"open [[["), 0);
}
