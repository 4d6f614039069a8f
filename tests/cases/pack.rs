//! Audit packs: whole, the same twice, verified by a program in another language, and every alteration of them found.

use jixiao_service::ctx::Ctx;
use jixiao_service::id::Timestamp;
use jixiao_service::pack::Extent;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::verifier::record;
use crate::harness::upload::acts;
use crate::harness::verifier::agrees;
use crate::harness::{DEPARTMENT, TestApp, operator, size};

/// Every pack of this database is verified clean, and alterations of those with the eyes of `readers` are found.
pub(super) async fn verified(app: &TestApp, alterations: &[(Option<&str>, usize)]) {
    let seen_by_auditor = app.eyes("auditor").await;
    let year = Extent { jurisdiction_code: Some("440118".into()), fiscal_year: Some(2024), ..seen_by_auditor.clone() };
    for extent in [Extent::default(), seen_by_auditor, year] {
        let pack = app.packed(&extent).await;
        print!("{}", agrees(&["pack", pack.text()]));
    }
    for (reader, count) in alterations {
        let extent = match reader {
            Some(name) => app.eyes(name).await,
            None => Extent::default(),
        };
        let (pack, count) = (app.packed(&extent).await, count.to_string());
        print!("{}", agrees(&["mutate", pack.text(), "--count", &count, "--seed", "11"]));
    }
}

/// Both periods recorded; the auditor dismissed a finding, and another one until it was taken back.
async fn real() -> TestApp {
    let (app, id) = TestApp::approved().await;
    record(&app, &id, "MID_YEAR").await;
    record(&app, &id, "YEAR_END").await;
    let found = app.query("auditor", "{ findings(first: 2) { edges { node { id } } } }", json!({})).await;
    for (at, acts) in [&["Dismiss"][..], &["Dismiss", "Reopen"]].iter().enumerate() {
        let finding = found.data("findings/edges")[at]["node"]["id"].clone();
        for act in *acts {
            let document = format!(
                "mutation($input: Finding{act}Input!) {{ finding{act}(input: $input) {{ userErrors {{ code }} }} }}"
            );
            let input = json!({ "id": finding, "note": format!("已核实“{at}”") });
            let done = app.query("auditor", &document, json!({ "input": input })).await;
            assert_eq!(done.user_errors(&format!("finding{act}")), Vec::<&str>::new(), "{:#}", done.body);
        }
    }
    app
}

/// An adjustment that is still a draft.
async fn drafted() -> TestApp {
    let (app, id) = TestApp::approved().await;
    record(&app, &id, "MID_YEAR").await;
    let revision = app.page("filer").await["revision"].clone();
    let open =
        json!({ "declarationId": id, "kind": "REDUCTION", "reason": "待议的理由", "expectedRevision": revision });
    app.edit("filer", "adjustmentOpen", open).await;
    app
}

#[tokio::test]
async fn packs_of_the_real_declaration() {
    let count = size("SOAK_ALTERATIONS", 60);
    verified(&real().await, &[(None, count), (Some("auditor"), count)]).await;
    verified(&drafted().await, &[(Some("auditor"), count / 2)]).await;
}

#[tokio::test]
async fn two_packs_differ_in_nothing_but_the_time() {
    let app = real().await;
    let later = Ctx { now: Timestamp(operator().now.0 + 60_000_000), ..operator() };
    let (one, other) = (app.packed(&Extent::default()).await, app.packed_at(&later, &Extent::default()).await);
    let names: Vec<String> =
        one.read("SHA256SUMS").lines().filter_map(|line| Some(line.split_once("  ")?.1.to_owned())).collect();
    assert_eq!(names.len(), 21 + 6, "{names:?}");
    for name in names.iter().map(String::as_str).chain(["SHA256SUMS"]) {
        assert_eq!(one.read(name), other.read(name), "{name}");
    }
    let manifest = |text: String| -> Value { serde_json::from_str(&text).expect("JSON") };
    let (mut one, mut other) = (manifest(one.read("MANIFEST.json")), manifest(other.read("MANIFEST.json")));
    let at = |manifest: &mut Value| manifest["createdAt"].take();
    assert_ne!(at(&mut one), at(&mut other));
    assert_eq!(one, other);
    assert_eq!((&one["lines"]["declarations.ndjson"], &one["extent"]["user"]), (&json!(1), &json!(null)));
    assert_eq!(one["head"]["sequence"], app.chain().await);
}

#[tokio::test]
async fn what_an_auditor_may_not_see_is_in_no_pack() {
    let app = drafted().await;
    let (whole, own) = (app.packed(&Extent::default()).await, app.packed(&app.eyes("auditor").await).await);
    let files = ["documents.ndjson", "audit-entries.ndjson", "adjustments.ndjson", "findings.ndjson"];
    let drafts = |pack: &crate::harness::pack::Packed| {
        files.iter().filter(|file| pack.read(file).contains("待议的理由")).count()
    };
    assert_eq!((drafts(&whole), drafts(&own)), (3, 0));
    let withheld = own.read("documents.ndjson").lines().filter(|line| line.contains("\"withheld\":true")).count();
    let left_out = own.read("audit-entries.ndjson").lines().filter(|line| !line.contains("\"node\"")).count();
    assert!(withheld > 1 && left_out > 1, "{withheld} {left_out}");
    assert!(!whole.read("audit-entries.ndjson").contains("contentsSha256"));
    assert_eq!(whole.made.head, own.made.head);
    // Nothing of another jurisdiction, another year, or a draft.
    let elsewhere = Extent { jurisdiction_code: Some("440106".into()), ..app.eyes("auditor").await };
    let next = Extent { fiscal_year: Some(2025), ..app.eyes("auditor").await };
    for extent in [elsewhere, next] {
        let pack = app.packed(&extent).await;
        assert_eq!((pack.read("documents.ndjson"), pack.read("declarations.ndjson")), (String::new(), String::new()));
        assert!(!pack.read("audit-entries.ndjson").contains("\"node\":\"Declaration"));
        agrees(&["pack", pack.text()]);
    }
    let app = TestApp::new().await;
    app.import().await;
    assert_eq!(app.packed(&app.eyes("auditor").await).await.read("declarations.ndjson"), "");
}

#[tokio::test]
async fn who_gets_a_pack() {
    let app = real().await;
    let path = "/audit-pack?jurisdictionCode=440118&fiscalYear=2024";
    let get = async |name: Option<&'static str>, path: &str| {
        let token = name.map(|name| app.token(name));
        app.download(token.as_deref(), path).await
    };
    assert_eq!(get(None, path).await.0, 401);
    for name in ["filer", "department", "finance", "admin"] {
        let (status, _, body) = get(Some(name), path).await;
        assert_eq!(status, 403, "{name}");
        assert!(!String::from_utf8_lossy(&body).contains(DEPARTMENT));
    }
    for wrong in ["?jurisdictionCode=999999", "?fiscalYear=1", "?fiscalYear=x", "?year=2024"] {
        assert_eq!(get(Some("auditor"), &format!("/audit-pack{wrong}")).await.0, 400, "{wrong}");
    }
    assert!(acts(&app.access_log("admin").await).is_empty(), "nothing was read yet");

    let query = "query($code: String) { auditPack(jurisdictionCode: $code, fiscalYear: 2024) { downloadPath declarationCount headSequence headHash } }";
    for name in ["filer", "department", "finance", "admin"] {
        assert_eq!(app.query(name, query, json!({})).await.code(), "FORBIDDEN", "{name}");
    }
    let unknown = app.query("auditor", query, json!({ "code": "999999" })).await;
    assert_eq!((unknown.code(), unknown.data("auditPack")), ("BAD_USER_INPUT", &json!(null)));
    let told = app.query("auditor", query, json!({ "code": "440118" })).await;
    let outline = told.data("auditPack");
    assert_eq!((&outline["downloadPath"], &outline["declarationCount"]), (&json!(path), &json!(1)));
    assert_eq!(outline["headSequence"], app.chain().await);

    let (status, headers, body) = get(Some("auditor"), path).await;
    assert_eq!((status.as_u16(), headers["content-type"].to_str().ok()), (200, Some("application/zip")));
    let log = acts(&app.access_log("auditor").await);
    assert!(log.is_empty(), "who reads one jurisdiction sees no reads that span departments: {log:?}");
    let sql = "SELECT act, node, actor_name, detail FROM access_entry";
    let row = app.db.read().query_one_raw(sea_orm::Statement::from_string(app.db.backend(), sql)).await;
    let row = row.expect("reads").expect("a row");
    let text = |name: &str| row.try_get::<String>("", name).expect("a text");
    assert_eq!(
        [text("act"), text("node"), text("actor_name"), text("detail")],
        ["AUDIT_PACK", "AuditPack", "用户auditor", "jurisdiction 440118, year 2024"]
    );

    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("pack.zip");
    std::fs::write(&file, &body).expect("writes");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(body)).expect("a ZIP file");
    let mut manifest = Vec::new();
    std::io::copy(&mut zip.by_name("MANIFEST.json").expect("a manifest"), &mut manifest).expect("reads");
    let fingerprint = jixiao_service::audit::sha256(&manifest);
    assert_eq!(headers["etag"].to_str().ok(), Some(format!("\"{fingerprint}\"").as_str()));
    agrees(&["pack", file.to_str().expect("a path"), "--fingerprint", &fingerprint]);
    assert_eq!(app.kept().await, 0, "nothing of it stays");

    app.db.read().execute_unprepared("ALTER TABLE access_entry RENAME TO elsewhere").await.expect("hides the log");
    assert_eq!(get(Some("auditor"), path).await.0, 500, "what cannot be noted is not read");
}
