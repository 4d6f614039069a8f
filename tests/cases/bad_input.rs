//! Bad input for every mutation there is: the schema says which arguments a mutation takes, and each of them is given
//! what it cannot be. The right code, the path of that argument, and nothing is written. A mutation without a good request
//! here fails the test, so that none is forgotten; `bad_input/good.rs` holds the good requests.

mod good;

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jixiao_rules::cycle::Role;
use serde_json::{Value, json};

use self::good::Good;
use crate::harness::upload::multipart;
use crate::harness::{Answer, TestApp};

/// A value somewhere in the arguments: its path, and its type's name.
struct Leaf {
    path: Vec<String>,
    kind: String,
}

/// Arguments that are looked up, compared or parsed rather than kept: a bad one is refused by its own rule.
const LOOKED_UP: [&str; 14] = [
    "code",
    "parentCode",
    "jurisdictionCode",
    "departmentCode",
    "departmentName",
    "schemeCode",
    "username",
    "password",
    "currentPassword",
    "newPassword",
    "refreshToken",
    "document",
    "text",
    "idempotencyKey",
];

fn name_of(kind: &Value) -> String {
    let mut kind = kind;
    while !kind["ofType"].is_null() {
        kind = &kind["ofType"];
    }
    kind["name"].as_str().expect("a name").to_owned()
}

/// The type as a document writes it.
fn written(kind: &Value) -> String {
    match kind["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&kind["ofType"])),
        Some("LIST") => format!("[{}]", written(&kind["ofType"])),
        _ => name_of(kind),
    }
}

fn is_list(kind: &Value) -> bool {
    kind["kind"] == "LIST" || (kind["kind"] == "NON_NULL" && kind["ofType"]["kind"] == "LIST")
}

/// Every place below an argument, lists by their first item.
fn leaves(types: &[Value], name: &str, kind: &Value, path: Vec<String>, found: &mut Vec<Leaf>) {
    let mut path = [path, vec![name.to_owned()]].concat();
    if is_list(kind) {
        path.push("0".to_owned());
    }
    let kind = name_of(kind);
    let known = types.iter().find(|one| one["name"] == *kind).expect("a type");
    match known["inputFields"].as_array() {
        Some(fields) => {
            for field in fields {
                leaves(types, field["name"].as_str().expect("a name"), &field["type"], path.clone(), found);
            }
        }
        None => found.push(Leaf { path, kind }),
    }
}

/// What is put there, what must be answered, and whether the path must be told.
fn cases(leaf: &Leaf, given: Option<&Value>) -> Vec<(Value, &'static [&'static str])> {
    let name = leaf.path.iter().rfind(|part| *part != "0").expect("a name").as_str();
    let looked_up = LOOKED_UP.contains(&name);
    match (leaf.kind.as_str(), name) {
        ("ID", _) => {
            let wrong = URL_SAFE_NO_PAD.encode("Jurisdiction:1");
            let mut cases: Vec<(Value, &[&str])> = vec![(json!(wrong), &["INVALID_ID"]), (json!("x"), &["INVALID_ID"])];
            // The same kind, with a key that nobody has; what others have is told alike.
            if let Some(id) = given.and_then(Value::as_str) {
                let node = String::from_utf8(URL_SAFE_NO_PAD.decode(id).expect("base64")).expect("text");
                let mut parts: Vec<&str> = node.split(':').collect();
                parts[1] = "99999";
                cases.push((json!(URL_SAFE_NO_PAD.encode(parts.join(":"))), &["NOT_FOUND"]));
            }
            cases
        }
        ("Int", "expectedRevision") => vec![(json!(77_777), &["CONFLICT"])],
        ("String", _) if looked_up => {
            let any = &[
                "INVALID_VALUE",
                "NOT_FOUND",
                "TOO_LONG",
                "REQUIRED",
                "INVALID_CREDENTIALS",
                "INVALID_TOKEN",
                "FORM_REFUSED",
                "LIMIT_EXCEEDED",
                "CONFLICT",
            ];
            vec![(json!("x".repeat(1_000_000)), any), (json!("a\u{1}b"), any)]
        }
        ("String", _) => {
            let mut cases: Vec<(Value, &[&str])> =
                vec![(json!("x".repeat(1_000_000)), &["TOO_LONG"]), (json!("a\u{1}b"), &["INVALID_VALUE"])];
            // An opinion of nothing is none, as is the reason of a removal.
            if !(name == "opinion" && leaf.path.len() == 1) && name != "unit" {
                cases.push((json!(" "), &["REQUIRED", "REASON_REQUIRED", "INVALID_VALUE"]));
            }
            cases
        }
        // What is expected of an indicator may be below nothing.
        ("Decimal", "value" | "valueHigh") => vec![(json!(1), &["BAD_USER_INPUT"])],
        ("Decimal", _) => vec![(json!("-1.00"), &["INVALID_VALUE"]), (json!(1), &["BAD_USER_INPUT"])],
        ("Date", _) => vec![(json!("2024-02-30"), &["BAD_USER_INPUT"])],
        _ => Vec::new(),
    }
}

/// Puts a value at a path, making what lies between.
fn put(arguments: &mut Value, path: &[String], value: Value) {
    let mut place = arguments;
    for part in path {
        place = match part.as_str() {
            "0" => {
                if !place.is_array() {
                    *place = json!([{}]);
                }
                if place.as_array().is_some_and(Vec::is_empty) {
                    *place = json!([{}]);
                }
                &mut place[0]
            }
            name => &mut place[name],
        };
    }
    *place = value;
}

fn refusal(answer: &Answer, field: &str) -> (String, Vec<String>) {
    let error = answer.body.pointer(&format!("/data/{field}/userErrors/0"));
    let path = error.and_then(|error| error["field"].as_array()).into_iter().flatten();
    let path = path.filter_map(|part| part.as_str().map(str::to_owned)).collect();
    let code = error.and_then(|error| error["code"].as_str()).unwrap_or_else(|| answer.code());
    (code.to_owned(), path)
}

/// The path as an error tells it: below the input object.
fn told(path: &[String]) -> &[String] {
    if path[0] == "input" { &path[1..] } else { path }
}

#[tokio::test]
async fn every_argument_of_every_mutation() {
    let mut app = TestApp::new().await;
    app.add_user("inspector", &[(Role::FinanceReviewer, None, Some("440118"))]).await;
    let good = good::requests(&app).await;
    let introspection = "{ __schema { mutationType { fields { name args { name type { ...T } } } } types { name inputFields { name type { ...T } } } } }
        fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
    let schema = app.query("admin", introspection, json!({})).await;
    let types = schema.data("__schema/types").as_array().expect("types");
    let (mut asked, mut faults) = (0, Vec::new());
    for mutation in schema.data("__schema/mutationType/fields").as_array().expect("fields") {
        let field = mutation["name"].as_str().expect("a name");
        let Some(good) = good.iter().find(|good| good.field == field) else {
            panic!("{field} has no good request: give it one in bad_input/good.rs")
        };
        let arguments = mutation["args"].as_array().expect("arguments");
        let part = |of: &str, with: &dyn Fn(&str, &Value) -> String| {
            let parts: Vec<String> =
                arguments.iter().map(|one| with(one["name"].as_str().expect("a name"), &one["type"])).collect();
            format!("{of}({})", parts.join(", "))
        };
        let head = part("mutation", &|name, kind| format!("${name}: {}", written(kind)));
        let call = part(field, &|name, _| format!("{name}: ${name}"));
        let document = format!("{head} {{ {call} {{ userErrors {{ code field message }} }} }}");
        let mut found = Vec::new();
        for argument in arguments {
            leaves(types, argument["name"].as_str().expect("a name"), &argument["type"], Vec::new(), &mut found);
        }
        for leaf in &found {
            let given = good.arguments.pointer(&format!("/{}", leaf.path.join("/")));
            for (value, wanted) in cases(leaf, given) {
                let mut variables = good.arguments.clone();
                put(&mut variables, &leaf.path, value.clone());
                asked += 1;
                faults.extend(ask(&app, good, &document, variables, &leaf.path, wanted).await);
            }
        }
        if found.iter().any(|leaf| leaf.kind == "Upload") {
            asked += 2;
            faults.extend(files(&app, good, &document).await);
        }
    }
    assert!(faults.is_empty(), "{} of {asked}:\n{}", faults.len(), faults.join("\n"));
    println!("{asked} requests refused");
    app.healthy().await;
}

/// Asks once; what is wrong with the answer, if anything is.
async fn ask(
    app: &TestApp,
    good: &Good,
    document: &str,
    variables: Value,
    path: &[String],
    wanted: &[&str],
) -> Option<String> {
    let before = app.marks().await;
    let brief: String = variables.to_string().chars().take(300).collect();
    let answer = match &good.file {
        Some(file) if !path.ends_with(&["text".to_owned()]) || good.field == "evidenceAdd" => {
            app.upload(good.who, document, variables["input"].clone(), (file.0, file.1.clone())).await
        }
        _ => app.query(good.who, document, variables).await,
    };
    let (code, at) = refusal(&answer, good.field);
    // Refused as a whole: an id that is none, a value that is no value, and who signs in is not told which word was wrong.
    let whole = ["INVALID_ID", "BAD_USER_INPUT"].contains(&code.as_str()) || good.field == "signIn";
    // Signing out of no session is done already.
    let right =
        (good.field == "signOut" && code.is_empty()) || wanted.contains(&code.as_str()) && (whole || at == told(path));
    let after = app.marks().await;
    let fault = match (right, before == after) {
        (true, true) => return None,
        (false, _) => format!("answered {code} at {}, wanted {wanted:?}: {}", at.join("."), answer.body),
        (true, false) => "something was written".to_owned(),
    };
    Some(format!("{} {} {fault}\n    {brief}", good.field, path.join(".")))
}

/// A file of the wrong kind, and one that is too large.
async fn files(app: &TestApp, good: &Good, document: &str) -> Vec<String> {
    let before = app.marks().await;
    let program = [b"MZ\x90\0\x03\0\0\0\x04".to_vec(), vec![0; 4_000]].concat();
    let input = good.arguments["input"].clone();
    let wrong = app.upload(good.who, document, input.clone(), ("a.pdf", program)).await;
    let (code, at) = refusal(&wrong, good.field);
    let mut faults = Vec::new();
    if !["FILE_REFUSED", "FORM_REFUSED"].contains(&code.as_str()) || at != ["file"] {
        faults.push(format!("{} a program: {}", good.field, wrong.body));
    }
    let mut empty = input;
    empty["file"] = Value::Null;
    let operations = json!({ "query": document, "variables": { "input": empty } }).to_string();
    let parts = [
        ("operations", None, operations.into_bytes()),
        ("map", None, br#"{"0":["variables.input.file"]}"#.to_vec()),
        ("0", Some("a.pdf"), vec![b'x'; (1 << 20) + 1]),
    ];
    let large = app.send_parts(Some(&app.token(good.who)), multipart(&parts), true).await;
    if (large.status, large.code()) != (StatusCode::PAYLOAD_TOO_LARGE, "LIMIT_EXCEEDED") {
        faults.push(format!("{} too large: {}", good.field, large.body));
    }
    if app.marks().await != before {
        faults.push(format!("{} a file wrote something", good.field));
    }
    faults
}
