//! The transport of files: what it takes, what it refuses, and that refusals are exact.

use serde_json::{Value, json};

use crate::harness::upload::{Part, multipart, pdf};
use crate::harness::{DEPARTMENT, FORM, TestApp};

const MAP: &str = r#"{"0":["variables.input.file"]}"#;

fn operations() -> Vec<u8> {
    let query = "mutation($input: DeclarationImportInput!) { declarationImport(input: $input) { declaration { status indicators { name } }
        notices { code } userErrors { code field } } }";
    let input = json!({ "departmentCode": DEPARTMENT, "fiscalYear": 2024, "file": null, "dryRun": true });
    json!({ "query": query, "variables": { "input": input } }).to_string().into_bytes()
}

fn part<'a>(name: &'a str, content: impl Into<Vec<u8>>) -> Part<'a> {
    (name, None, content.into())
}

fn file<'a>(name: &'a str, content: impl Into<Vec<u8>>) -> Part<'a> {
    (name, Some("form.txt"), content.into())
}

#[tokio::test]
async fn malformed_requests_are_refused() {
    let app = TestApp::new().await;
    let token = app.token("filer");
    let good = || vec![part("operations", operations()), part("map", MAP), file("0", FORM)];
    let answer = app.send_parts(Some(&token), multipart(&good()), true).await;
    assert_eq!(answer.user_errors("declarationImport"), Vec::<&str>::new(), "{:#}", answer.body);
    let batch = format!("[{}]", String::from_utf8(operations()).expect("text"));
    let batched = [part("operations", batch), part("map", r#"{"0":["0.variables.input.file"]}"#), file("0", FORM)];
    let answer = app.send_parts(Some(&token), multipart(&batched), true).await;
    assert_eq!(answer.body[0]["data"]["declarationImport"]["userErrors"], json!([]), "{:#}", answer.body);

    let with_map = |map: &str| vec![part("operations", operations()), part("map", map), file("0", FORM)];
    let mut bad = vec![
        vec![],
        vec![part("operations", operations())],
        vec![part("map", MAP), part("operations", operations()), file("0", FORM)],
        vec![file("0", FORM), part("operations", operations()), part("map", MAP)],
        vec![part("operations", operations()), file("0", FORM), part("map", MAP)],
        vec![part("operations", operations()), part("map", MAP)],
        vec![part("operations", operations()), part("map", MAP), file("0", FORM), file("1", FORM)],
        vec![part("operations", operations()), part("map", MAP), file("0", FORM), file("0", FORM)],
        vec![part("operations", operations()), part("map", MAP), part("0", FORM)],
        vec![part("operations", "{"), part("map", MAP), file("0", FORM)],
        vec![part("operations", "1"), part("map", MAP), file("0", FORM)],
    ];
    for map in [
        "",
        "[]",
        "{",
        r#"{"0":"variables.input.file"}"#,
        r#"{"0":[1]}"#,
        r#"{"0":["variables.input"]}"#,
        r#"{"0":["variables.input.fiscalYear"]}"#,
        r#"{"0":["variables.nothing"]}"#,
        r#"{"0":["query"]}"#,
        r#"{"0":["operationName"]}"#,
        r#"{"0":[""]}"#,
        r#"{"0":["variables.input.file","variables.input.file"]}"#,
        r#"{"0":["variables.input.file"],"1":["variables.input.departmentName"]}"#,
        r#"{"1":["variables.input.file"]}"#,
    ] {
        bad.push(with_map(map));
    }
    for parts in bad {
        let body = multipart(&parts);
        let said = String::from_utf8_lossy(&body).chars().take(900).collect::<String>();
        let answer = app.send_parts(Some(&token), body, true).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, "BAD_REQUEST"), "{said}: {:#}", answer.body);
    }
    let whole = multipart(&good());
    for cut in [10, 100, 700, whole.len() - 9] {
        let answer = app.send_parts(Some(&token), whole[..cut].to_vec(), true).await;
        assert_eq!(answer.code(), "BAD_REQUEST", "cut at {cut}");
    }
    let endless = [b"--XX\r\nContent-Disposition: form-data; x=".to_vec(), vec![b'y'; 2_000_000]].concat();
    assert_eq!(app.send_parts(Some(&token), endless, true).await.code(), "BAD_REQUEST");

    let refused = app.send_parts(Some(&token), whole.clone(), false).await;
    assert_eq!((refused.status.as_u16(), refused.code()), (400, "BAD_REQUEST"));
    assert!(refused.body.to_string().contains("GraphQL-Require-Preflight"));
    let nobody = app.send_parts(None, whole, true).await;
    assert_eq!((nobody.status.as_u16(), nobody.code()), (401, "UNAUTHENTICATED"));
    assert_eq!(app.kept().await, 0, "nothing is left of what was received");
}

#[tokio::test]
async fn limits_name_themselves() {
    let app = TestApp::new().await;
    let token = app.token("filer");
    let many: Vec<String> = (0..11).map(|number| format!("f{number}")).collect();
    let map: Value = many
        .iter()
        .map(|name| (name.clone(), json!(["variables.input.file"])))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let three = r#"{"0":["variables.a"],"1":["variables.b"],"2":["variables.c"]}"#;
    let variables =
        json!({ "query": "{ viewer { id } }", "variables": { "a": null, "b": null, "c": null } }).to_string();
    let big = || vec![b'x'; 1_000_000];
    for (limit, parts) in [
        (
            "maxFileBytes",
            vec![part("operations", operations()), part("map", MAP), file("0", vec![b'x'; (1 << 20) + 1])],
        ),
        ("maxFiles", vec![part("operations", operations()), part("map", map.to_string())]),
        (
            "maxUploadBytes",
            vec![
                part("operations", variables),
                part("map", three),
                file("0", big()),
                file("1", big()),
                file("2", big()),
            ],
        ),
        ("maxBodyBytes", vec![part("operations", vec![b' '; (2 << 20) + 1])]),
    ] {
        let answer = app.send_parts(Some(&token), multipart(&parts), true).await;
        let error = &answer.body["errors"][0]["extensions"];
        assert_eq!(
            (answer.status.as_u16(), answer.code(), &error["limit"]),
            (413, "LIMIT_EXCEEDED", &json!(limit)),
            "{:#}",
            answer.body
        );
    }
    let limits = "{ serviceLimits { maxFileBytes maxUploadBytes maxFiles uploadTimeoutMilliseconds evidenceTypes } }";
    let answer = app.send(None, limits, json!({})).await;
    assert_eq!(answer.data("serviceLimits/maxFileBytes"), 1 << 20);
    assert_eq!(answer.data("serviceLimits/evidenceTypes/0"), "PDF");
    assert_eq!(app.kept().await, 0);
    // A client's own text is no file.
    let query = "mutation { declarationImport(input: { departmentCode: \"440118001\", fiscalYear: 2024, file: \"#upload:0\" }) { userErrors { code } } }";
    assert_eq!(app.query("filer", query, json!({})).await.code(), "BAD_USER_INPUT");
}

#[tokio::test]
async fn a_form_as_a_file() {
    let app = TestApp::new().await;
    let query = "mutation($input: DeclarationImportInput!) { declarationImport(input: $input) { declaration { status indicators { name } }
        notices { code } userErrors { code field } } }";
    let input = |dry: bool| json!({ "departmentCode": DEPARTMENT, "fiscalYear": 2024, "dryRun": dry });
    let by_text = {
        let mut text = input(true);
        text["text"] = json!(FORM);
        app.query("filer", query, json!({ "input": text })).await
    };
    let plain = app.upload("filer", query, input(true), ("申报表.txt", FORM.as_bytes().to_vec())).await;
    assert_eq!(plain.data("declarationImport"), by_text.data("declarationImport"));
    let gbk = encoding_rs::GB18030.encode(FORM).0.into_owned();
    let office = app.upload("filer", query, input(false), ("申报表.txt", gbk)).await;
    assert_eq!(office.data("declarationImport/declaration/indicators").as_array().map(Vec::len), Some(14));
    assert!(office.data("declarationImport/notices").to_string().contains("ENCODING"));

    let archive = b"PK\x03\x04\x14\0\0\0\0\0".to_vec();
    for (name, content, code) in [
        ("a.xlsx", archive, "FORM_REFUSED"),
        ("a.txt", pdf("x"), "FORM_REFUSED"),
        ("a.txt", b"<html><body><table></table></body></html>".to_vec(), "FORM_REFUSED"),
        ("a.txt", b"\x80\xff\xff".to_vec(), "FORM_REFUSED"),
        ("a.txt", Vec::new(), "FORM_REFUSED"),
        ("a.txt", "没有表".as_bytes().to_vec(), "FORM_REFUSED"),
        ("a.txt", FORM.repeat(120).into_bytes(), "LIMIT_EXCEEDED"),
    ] {
        let answer = app.upload("filer", query, input(true), (name, content)).await;
        assert_eq!(answer.data("declarationImport/userErrors/0/code"), code, "{:#}", answer.body);
        assert_eq!(answer.data("declarationImport/userErrors/0/field/0"), "file", "{:#}", answer.body);
    }
    let mut both = input(true);
    both["text"] = json!("x");
    let answer = app.upload("filer", query, both, ("a.txt", FORM.as_bytes().to_vec())).await;
    assert_eq!(answer.user_errors("declarationImport"), ["REQUIRED"]);
    let neither = app.query("filer", query, json!({ "input": input(true) })).await;
    assert_eq!(neither.user_errors("declarationImport"), ["REQUIRED"]);
    assert_eq!(app.kept().await, 0);
}
