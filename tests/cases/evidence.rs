//! Evidence: it goes in, comes out for whoever may read it, and nothing else does either.

use jixiao_service::file::Store;
use jixiao_service::{audit, doctor};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::harness::upload::{acts, pdf};
use crate::harness::{TestApp, indicators, operator};

async fn row(app: &TestApp, name: &str) -> Value {
    indicators(&app.page("filer").await).into_iter().find(|row| row["name"] == name).expect("the indicator")["id"]
        .clone()
}

/// The sheet's row of an indicator, by the contract's document and with the row's own files.
async fn sheet(app: &TestApp, id: &str, indicator: &Value) -> Value {
    let query = "query($id: ID!) { report(declarationId: $id, period: YEAR_END) { rows {
        indicator { id } evidence { fileName } current { text evidence { id fileName sha256 size } } } } }";
    let answer = app.query("filer", query, json!({ "id": id })).await;
    let rows = answer.data("report/rows").as_array().expect("rows");
    rows.iter().find(|row| row["indicator"]["id"] == *indicator).expect("the row").clone()
}

async fn entries(app: &TestApp) -> i64 {
    audit::verify(app.db.read(), &operator(), None).await.expect("verifies").entries
}

#[tokio::test]
async fn a_file_goes_in_and_comes_out() {
    let (app, id) = TestApp::approved().await;
    let (report, indicator) = (app.report_id(&id, "YEAR_END").await, row(&app, "火化率").await);
    let input = json!({ "reportId": report, "indicatorId": indicator, "note": "殡仪馆统计表", "issuedOn": "2024-12-31",
        "statedValue": "99%", "expectedRevision": 0 });
    let content = pdf("99%");
    // Before any value: people gather their papers first.
    let answer = app.add_evidence("filer", input, ("../证明\u{202e}.pdf", content.clone())).await;
    assert_eq!(answer.user_errors("evidenceAdd"), Vec::<&str>::new(), "{:#}", answer.body);
    let file = answer.data("evidenceAdd/evidence").clone();
    let sha256 = audit::sha256(&content);
    for (field, value) in [
        ("fileName", json!("证明.pdf")),
        ("mediaType", json!("application/pdf")),
        ("size", json!(content.len())),
        ("sha256", json!(sha256)),
        ("note", json!("殡仪馆统计表")),
        ("issuedOn", json!("2024-12-31")),
        ("statedValue", json!("99%")),
        ("uploadedBy", json!({ "displayName": "用户filer" })),
    ] {
        assert_eq!(file[field], value, "{field}");
    }
    assert_eq!(answer.data("evidenceAdd/report/status"), "DRAFT");
    assert_eq!(answer.data("evidenceAdd/report/revision"), 1);
    let before = sheet(&app, &id, &indicator).await;
    assert_eq!((&before["current"], &before["evidence"]), (&Value::Null, &json!([{ "fileName": "证明.pdf" }])));

    let values = json!({ "declarationId": id, "period": "YEAR_END", "expectedRevision": 1,
        "entries": [{ "indicatorId": indicator, "text": "99%" }] });
    let recorded = app.run("filer", "RecordActualValues", json!({ "input": values })).await;
    assert_eq!(recorded.user_errors("actualValuesRecord"), Vec::<&str>::new(), "{:#}", recorded.body);
    let found = sheet(&app, &id, &indicator).await;
    assert_eq!(
        found["current"]["evidence"],
        json!([{ "id": file["id"], "fileName": "证明.pdf", "sha256": sha256, "size": content.len() }])
    );

    let path = file["downloadPath"].as_str().expect("a path");
    for name in ["filer", "department", "finance", "auditor", "admin"] {
        let (status, headers, bytes) = app.download(Some(&app.token(name)), path).await;
        assert_eq!((status.as_u16(), &bytes), (200, &content), "{name}");
        let header =
            |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        assert_eq!(header("content-type"), "application/pdf");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("etag"), format!("\"{sha256}\""));
        assert!(header("content-disposition").starts_with("attachment; "), "{}", header("content-disposition"));
    }
    assert_eq!(app.download(None, path).await.0.as_u16(), 401);
    assert_eq!(app.download(Some("x.y.z"), path).await.0.as_u16(), 401);
    assert_eq!(app.download(Some(&app.token("filer2")), path).await.0.as_u16(), 404);
    for other in ["/evidence/x", "/evidence/RXZpZGVuY2U6OTk", &format!("/evidence/{}", id)] {
        assert_eq!(app.download(Some(&app.token("admin")), other).await.0.as_u16(), 404, "{other}");
    }
    let log = app.access_log("auditor").await;
    let readers: Vec<String> = acts(&log).into_iter().map(|(act, who)| format!("{act} {who}")).collect();
    let expected = ["admin", "auditor", "finance", "department", "filer"];
    assert_eq!(readers, expected.map(|name| format!("EVIDENCE_DOWNLOAD 用户{name}")));
    assert_eq!(log.data("accessLog/edges/0/node/nodeId"), &file["id"]);
    assert_eq!(log.data("accessLog/edges/0/node/departmentCode"), "440118001");

    let node = format!("{{ node(id: {}) {{ ... on Evidence {{ fileName }} }} }}", file["id"]);
    assert_eq!(app.query("auditor", &node, json!({})).await.data("node/fileName"), "证明.pdf");
    assert!(app.query("filer2", &node, json!({})).await.data("node").is_null());
    let trail = app.run("auditor", "Trail", json!({ "node": id, "first": 100 })).await.body.to_string();
    assert!(trail.contains("EVIDENCE_ADD") && trail.contains("证明.pdf"), "{trail}");
    clean(&app, 1).await;
}

async fn clean(app: &TestApp, files: usize) {
    let examined = doctor::examine(&app.db, &operator()).await.expect("examines");
    assert_eq!((examined.differences, examined.chain.intact), (Vec::new(), true));
    let found = doctor::examine_files(&app.db, &app.store()).await.expect("examines");
    assert_eq!((found.differences, found.orphans.len(), app.kept().await), (Vec::new(), 0, files));
}

#[tokio::test]
async fn removed_is_not_deleted() {
    let (app, id) = TestApp::approved().await;
    let (report, indicator) = (app.report_id(&id, "YEAR_END").await, row(&app, "火化率").await);
    let input = json!({ "reportId": report, "indicatorId": indicator });
    let added = app.add_evidence("filer", input.clone(), ("a.pdf", pdf("a"))).await;
    let file = added.data("evidenceAdd/evidence").clone();
    let remove = "mutation($id: ID!, $revision: Int) { evidenceRemove(id: $id, reason: \"放错了\", expectedRevision: $revision) {
        report { revision } userErrors { code field } } }";
    let stale = app.query("filer", remove, json!({ "id": file["id"], "revision": 0 })).await;
    assert_eq!(stale.user_errors("evidenceRemove"), ["CONFLICT"]);
    assert_eq!(app.query("finance", remove, json!({ "id": file["id"] })).await.code(), "FORBIDDEN");
    assert_eq!(app.query("filer", remove, json!({ "id": indicator })).await.code(), "INVALID_ID");
    let unseen = app.query("filer2", remove, json!({ "id": file["id"] })).await;
    assert_eq!(unseen.user_errors("evidenceRemove"), ["NOT_FOUND"]);
    let gone = app.query("filer", remove, json!({ "id": file["id"], "revision": 1 })).await;
    assert_eq!(gone.data("evidenceRemove/report/revision"), 2, "{:#}", gone.body);
    assert_eq!(sheet(&app, &id, &indicator).await["evidence"], json!([]));
    let again = app.query("filer", remove, json!({ "id": file["id"] })).await;
    assert_eq!(again.user_errors("evidenceRemove"), ["NOT_FOUND"]);

    let node = format!("{{ node(id: {}) {{ ... on Evidence {{ removedAt }} }} }}", file["id"]);
    assert!(app.query("auditor", &node, json!({})).await.data("node/removedAt").is_string());
    let path = file["downloadPath"].as_str().expect("a path");
    assert_eq!(app.download(Some(&app.token("auditor")), path).await.2, pdf("a"));
    // The same content may come again; it is kept once.
    let twice = app.add_evidence("filer", input, ("b.pdf", pdf("a"))).await;
    assert_eq!(twice.data("evidenceAdd/report/revision"), 3);
    clean(&app, 1).await;
    for statement in
        ["DELETE FROM evidence", "UPDATE evidence SET file_name = 'x.pdf'", "UPDATE evidence SET removed_at = NULL"]
    {
        assert!(app.db.read().execute_unprepared(statement).await.is_err(), "{statement}");
    }
}

#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    let (app, id) = TestApp::approved().await;
    let (report, indicator) = (app.report_id(&id, "YEAR_END").await, row(&app, "火化率").await);
    let before = entries(&app).await;
    let mut program = b"MZ\x90\0\x03\0\0\0\x04".to_vec();
    program.resize(5_000, 0);
    let good = || ("a.pdf", pdf("x"));
    let with = |field: &str, value: Value| {
        let mut input = json!({ "reportId": report, "indicatorId": indicator });
        input[field] = value;
        input
    };
    let plain = with("note", Value::Null);
    let user_errors = [
        (plain.clone(), ("a.pdf", Vec::new()), "FILE_REFUSED", "file"),
        (plain.clone(), ("a.pdf", program.clone()), "FILE_REFUSED", "file"),
        (plain.clone(), ("a.exe", pdf("x")), "FILE_REFUSED", "file"),
        (plain.clone(), ("a.docx", pdf("x")), "FILE_REFUSED", "file"),
        (plain.clone(), ("a.txt", b"<html><script>x</script>".to_vec()), "FILE_REFUSED", "file"),
        (plain.clone(), ("a.csv", b"a,\0b".to_vec()), "FILE_REFUSED", "file"),
        (plain.clone(), ("a.zip", b"PK\x03\x04".to_vec()), "FILE_REFUSED", "file"),
        (plain.clone(), ("/", pdf("x")), "INVALID_VALUE", "file"),
        (with("note", json!("字".repeat(2_001))), good(), "TOO_LONG", "note"),
        (with("note", json!("a\u{1}b")), good(), "INVALID_VALUE", "note"),
        (with("statedValue", json!(" ")), good(), "REQUIRED", "statedValue"),
        (with("expectedRevision", json!(7)), good(), "CONFLICT", "expectedRevision"),
        (with("indicatorId", json!("SW5kaWNhdG9yOjk5OTk")), good(), "NOT_FOUND", "indicatorId"),
        (with("reportId", json!("UmVwb3J0Ojk5OllFQVJfRU5E")), good(), "NOT_FOUND", "reportId"),
        (with("reportId", json!("UmVwb3J0OjE6UTE")), good(), "WRONG_STATE", "reportId"),
    ];
    for (input, file, code, field) in user_errors {
        let said = format!("{input} {}", file.0);
        let answer = app.add_evidence("filer", input, file).await;
        assert_eq!(answer.user_errors("evidenceAdd"), [code], "{said}: {:#}", answer.body);
        assert_eq!(answer.data("evidenceAdd/userErrors/0/field"), &json!([field]), "{said}");
        assert!(answer.data("evidenceAdd/evidence").is_null());
    }
    let unseen = app.add_evidence("filer2", plain.clone(), good()).await;
    assert_eq!(unseen.user_errors("evidenceAdd"), ["NOT_FOUND"]);
    for name in ["department", "finance", "auditor", "admin"] {
        assert_eq!(app.add_evidence(name, plain.clone(), good()).await.code(), "FORBIDDEN", "{name}");
    }
    assert_eq!(app.add_evidence("filer", with("indicatorId", report.clone()), good()).await.code(), "INVALID_ID");
    assert_eq!(
        app.add_evidence("filer", with("issuedOn", json!("2024-13-01")), good()).await.body["errors"][0]["extensions"]
            ["code"],
        "BAD_USER_INPUT"
    );
    assert_eq!(entries(&app).await, before);
    // The stale revision was found only after the file was kept: an orphan, told by the doctor and harmless.
    let found = doctor::examine_files(&app.db, &app.store()).await.expect("examines");
    assert_eq!((found.evidence, found.orphans.len(), found.differences), (0, app.kept().await, Vec::new()));

    app.add_evidence("filer", plain.clone(), good()).await;
    let twice = app.add_evidence("filer", plain, good()).await;
    assert_eq!(twice.user_errors("evidenceAdd"), ["ALREADY_EXISTS"]);
    // A flipped bit and a lost file are found.
    let Some(folder) = app.files() else { return };
    let kept = folder.join(format!("sha256/{}/{}", &audit::sha256(&pdf("x"))[..2], audit::sha256(&pdf("x"))));
    std::fs::write(&kept, pdf("y")).expect("alters");
    let found = doctor::examine_files(&app.db, &app.store()).await.expect("examines");
    assert_eq!(found.differences, ["Evidence:1 content"]);
    std::fs::remove_file(kept).expect("loses");
    let found = doctor::examine_files(&app.db, &app.store()).await.expect("examines");
    assert_eq!(found.differences, ["Evidence:1 is not in the store"]);
}

#[test]
fn stores_are_named_by_their_address() {
    let settings = || [("access_key_id", "a"), ("secret_access_key", "b"), ("region", "c"), ("profile", "d")];
    let settings = || settings().map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert!(Store::open("s3://bucket/some/prefix", settings()).is_ok());
    for bad in ["", "s3://", "file://", "http://x", "./data", "ftp://a/b"] {
        assert!(Store::open(bad, settings()).is_err(), "{bad}");
    }
}

#[tokio::test]
async fn the_window_holds_for_evidence_too() {
    let (app, id) = TestApp::approved().await;
    super::window::set(&app, "admin", super::window::august("440118")).await;
    let indicator = row(&app, "火化率").await;
    let input = json!({ "reportId": app.report_id(&id, "MID_YEAR").await, "indicatorId": indicator });
    let open = app.add_evidence("filer", input.clone(), ("a.pdf", pdf("a"))).await;
    assert_eq!(open.user_errors("evidenceAdd"), Vec::<&str>::new(), "{:#}", open.body);
    clean(&app, 1).await;
    app.advance(30 * 24 * 60);
    let late = app.add_evidence("filer", input, ("b.pdf", pdf("b"))).await;
    assert_eq!(late.user_errors("evidenceAdd"), ["WINDOW_CLOSED"]);
    assert_eq!(late.data("evidenceAdd/userErrors/0/field"), &json!(["reportId"]));
    let remove = format!(
        "mutation {{ evidenceRemove(id: {}) {{ userErrors {{ code }} }} }}",
        open.data("evidenceAdd/evidence/id")
    );
    assert_eq!(app.query("filer", &remove, json!({})).await.user_errors("evidenceRemove"), ["WINDOW_CLOSED"]);
    assert_eq!(app.kept().await, 1, "what is refused is not kept");
}
