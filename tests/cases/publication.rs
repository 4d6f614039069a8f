//! Publications: what everybody sees and when, by whom it is made, and that it never changes.

use std::fmt::Write as _;

use jixiao_rules::cycle::Role;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::adjustment;
use crate::harness::reporting::errors;
use crate::harness::{Answer, DEPARTMENT, FORM, OTHER, TestApp, indicators, operator};

const PUBLIC: &str = "query($code: String!, $kind: PublicationKind!) { publication(departmentCode: $code, fiscalYear: 2024, kind: $kind) {
    id kind status version publishedAt sha256 withheldReason withheldAt fiscalYear department { code name } jurisdiction { code }
    snapshots { number version sha256 reason body publishedAt content { version } }
    content { departmentName version approvalNumber approvedOn overallGoal budget { line amount } keyTasks { name plannedFunding }
        indicators { name weight annualTarget { text value unit } originalTarget { text } actualValue status rate score maxScore
            dataSource dataMethod dataLimits }
        results { score grade reviewScore spotCheckScore executed executionRate scheme { code version } } } } }";

/// As `name` sees it, or as nobody.
async fn public(app: &TestApp, name: Option<&str>, code: &str, kind: &str) -> Value {
    let token = name.map(|name| app.token(name));
    let answer = app.send(token.as_deref(), PUBLIC, json!({ "code": code, "kind": kind })).await;
    assert!(answer.body.get("errors").is_none(), "{:#}", answer.body);
    answer.data("publication").clone()
}

/// The department's own side of it.
async fn own(app: &TestApp, id: &str, kind: &str) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on Declaration { version publications { publicationId kind status revision
        withheldReason withheldBy { displayName } snapshots { number version sha256 reason publishedBy { displayName } } } } } }";
    let answer = app.query("auditor", query, json!({ "id": id })).await;
    let all = answer.data("node/publications").as_array().expect("publications").clone();
    all.into_iter().find(|one| one["kind"] == kind).expect("the kind")
}

/// Sends an act on a publication; `change` overrides what would be right.
async fn act(app: &TestApp, name: &str, act: &str, id: &str, kind: &str, change: Value) -> Answer {
    let mut input = json!({ "declarationId": id, "expectedRevision": own(app, id, kind).await["revision"] });
    if act != "State" {
        input["kind"] = json!(kind);
    }
    if act == "Publish" || act == "Correct" {
        input["version"] = app.page("auditor").await["version"].clone();
    }
    if act == "Correct" || act == "Withhold" {
        input["reason"] = json!("依规办理");
    }
    for (key, value) in change.as_object().expect("an object") {
        input[key] = value.clone();
    }
    let document = format!(
        "mutation($input: Publication{act}Input!) {{ publication{act}(input: $input) {{ publication {{ status revision }}
            userErrors {{ code field message }} }} }}"
    );
    app.query(name, &document, json!({ "input": input })).await
}

/// An act that must succeed.
async fn done(app: &TestApp, name: &str, step: &str, id: &str, kind: &str, change: Value) {
    let answer = act(app, name, step, id, kind, change).await;
    assert!(answer.body.get("errors").is_none(), "{:#}", answer.body);
    assert_eq!(errors(&answer, &format!("publication{step}")), Vec::<String>::new(), "{step}");
}

/// What is wrong with an act.
async fn wrong(app: &TestApp, name: &str, step: &str, id: &str, kind: &str, change: Value) -> Vec<String> {
    errors(&act(app, name, step, id, kind, change).await, &format!("publication{step}"))
}

fn statements(page: &Value) -> Value {
    let stated = |row: &Value| json!({ "indicatorId": row["id"], "source": "部门业务台账", "method": "按月汇总", "limits": null });
    indicators(page).iter().map(stated).collect()
}

fn hash(text: &Value) -> String {
    let digest = Sha256::digest(text.as_str().expect("a text").as_bytes());
    digest.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// An accepted self-evaluation.
async fn accepted() -> (TestApp, String) {
    let (app, id) = TestApp::approved().await;
    app.evaluated(&id).await;
    app.to_finance(&id, "YEAR_END").await;
    let answer = app.step("finance", &id, "YEAR_END", "AcceptReport").await;
    assert_eq!(answer.user_errors("reportAccept"), Vec::<&str>::new(), "{:#}", answer.body);
    (app, id)
}

#[tokio::test]
async fn targets_are_published_corrected_and_withheld() {
    let (app, id) = TestApp::approved().await;
    assert!(public(&app, None, DEPARTMENT, "TARGETS").await.is_null(), "approved is not published");
    let version = json!({ "version": 2 });
    assert_eq!(wrong(&app, "department", "Publish", &id, "TARGETS", version).await, ["INVALID_VALUE version"]);
    assert_eq!(wrong(&app, "department", "Correct", &id, "TARGETS", json!({})).await, ["WRONG_STATE declarationId"]);
    done(&app, "department", "Publish", &id, "TARGETS", json!({})).await;

    let first = public(&app, None, DEPARTMENT, "TARGETS").await;
    let content = &first["content"];
    assert_eq!((&first["status"], &first["version"]), (&json!("PUBLISHED"), &json!(1)));
    assert_eq!(first["department"], json!({ "code": DEPARTMENT, "name": "广州市增城区民政局" }));
    assert_eq!(
        (&content["approvalNumber"], &content["approvedOn"]),
        (&json!("增财绩〔2024〕1号"), &json!("2024-02-08"))
    );
    assert!(
        content["budget"]
            .as_array()
            .expect("lines")
            .contains(&json!({ "line": "BASIC_EXPENDITURE", "amount": "3109.75" }))
    );
    let stations = |content: &Value| {
        let rows = content["indicators"].as_array().expect("rows").clone();
        rows.into_iter().find(|row| row["name"] == "颐康服务站数量").expect("the indicator")
    };
    assert_eq!(stations(content)["annualTarget"], json!({ "text": "150个", "value": "150", "unit": "个" }));
    assert_eq!((&content["results"], &stations(content)["status"]), (&Value::Null, &Value::Null));
    assert_eq!(hash(&first["snapshots"][0]["body"]), first["sha256"].as_str().expect("a hash"));
    assert!(!first["snapshots"][0]["body"].as_str().expect("a text").contains("用户"), "no names of people");
    assert_eq!(public(&app, Some("filer2"), DEPARTMENT, "TARGETS").await, first, "the same for everybody");
    let node = app
        .send(None, "query($id: ID!) { node(id: $id) { ... on Publication { sha256 } } }", json!({ "id": first["id"] }))
        .await;
    assert_eq!(node.data("node/sha256"), &first["sha256"]);

    assert_eq!(wrong(&app, "department", "Publish", &id, "TARGETS", json!({})).await, ["WRONG_STATE declarationId"]);
    let same = wrong(&app, "department", "Correct", &id, "TARGETS", json!({})).await;
    assert_eq!(same, ["ALREADY_EXISTS declarationId"], "nothing to correct");
    let opened = adjustment::open(&app, &id).await;
    adjustment::approve(&app, &opened["adjustment"]["id"]).await;
    assert_eq!(public(&app, None, DEPARTMENT, "TARGETS").await, first, "a snapshot does not follow");
    let old = json!({ "version": 1 });
    assert_eq!(wrong(&app, "department", "Correct", &id, "TARGETS", old).await, ["INVALID_VALUE version"]);
    done(&app, "department", "Correct", &id, "TARGETS", json!({ "reason": "预算调整" })).await;

    let second = public(&app, None, DEPARTMENT, "TARGETS").await;
    assert_eq!((&second["status"], &second["version"], &second["id"]), (&json!("CORRECTED"), &json!(2), &first["id"]));
    assert_eq!(second["snapshots"][0], first["snapshots"][0], "the earlier one is kept");
    assert_eq!(second["snapshots"][1]["reason"], "预算调整");
    assert_eq!(second["content"]["approvalNumber"], "增财调〔2024〕3号");
    assert_eq!(stations(&second["content"])["annualTarget"]["text"], "75个");
    assert_eq!(stations(&second["content"])["originalTarget"]["text"], "150个");
    assert_eq!(hash(&second["snapshots"][1]["body"]), second["sha256"].as_str().expect("a hash"));

    done(&app, "department", "Withhold", &id, "TARGETS", json!({ "reason": "涉及国家秘密" })).await;
    let hidden = public(&app, None, DEPARTMENT, "TARGETS").await;
    assert_eq!((&hidden["status"], &hidden["withheldReason"]), (&json!("WITHHELD"), &json!("涉及国家秘密")));
    for field in ["content", "sha256", "version", "publishedAt"] {
        assert!(hidden[field].is_null(), "{field}");
    }
    assert_eq!(hidden["snapshots"], json!([]));
    let kept = own(&app, &id, "TARGETS").await;
    assert_eq!(kept["snapshots"][1]["sha256"], second["sha256"], "the snapshots stay");
    assert_eq!(kept["snapshots"][0]["publishedBy"]["displayName"], "用户department");
    for step in ["Publish", "Correct", "Withhold"] {
        assert_eq!(wrong(&app, "department", step, &id, "TARGETS", json!({})).await, ["WRONG_STATE declarationId"]);
    }
    let trail = app.run("auditor", "Trail", json!({ "node": id, "first": 50 })).await;
    let edges = trail.data("auditTrail/edges").as_array().expect("edges").clone();
    let acts = edges.iter().filter_map(|edge| edge["node"]["action"].as_str()).filter(|act| act.starts_with("PUB"));
    assert_eq!(acts.collect::<Vec<_>>(), ["PUBLICATION_PUBLISH", "PUBLICATION_CORRECT", "PUBLICATION_WITHHOLD"]);
    app.healthy().await;
}

#[tokio::test]
async fn results_need_a_statement_of_quality_each() {
    let (mut app, id) = TestApp::approved().await;
    app.add_user(
        "both",
        &[(Role::UnitFiler, Some(DEPARTMENT), None), (Role::DepartmentReviewer, Some(DEPARTMENT), None)],
    )
    .await;
    app.add_user("finance2", &[(Role::FinanceReviewer, None, Some("440118"))]).await;
    app.evaluated(&id).await;
    let early = wrong(&app, "department", "Publish", &id, "RESULTS", json!({})).await;
    assert_eq!(early, ["WRONG_STATE declarationId"], "not accepted yet");
    app.to_finance(&id, "YEAR_END").await;
    app.step("finance", &id, "YEAR_END", "AcceptReport").await;
    let page = app.page("filer").await;
    let all = statements(&page);
    let count = all.as_array().expect("statements").len();
    let missing = wrong(&app, "department", "Publish", &id, "RESULTS", json!({})).await;
    let want: Vec<String> = (0..count).map(|at| format!("REQUIRED indicators.{at}.qualityStatement")).collect();
    assert_eq!(missing, want);
    let most: Vec<Value> = all.as_array().expect("statements").iter().skip(1).cloned().collect();
    done(&app, "filer", "State", &id, "RESULTS", json!({ "statements": most })).await;
    let missing = wrong(&app, "department", "Publish", &id, "RESULTS", json!({})).await;
    assert_eq!(missing, ["REQUIRED indicators.0.qualityStatement"]);
    assert!(public(&app, None, DEPARTMENT, "RESULTS").await.is_null(), "statements publish nothing");
    let stale = json!({ "expectedRevision": 0, "statements": [all[0]] });
    assert_eq!(wrong(&app, "filer", "State", &id, "RESULTS", stale).await, ["CONFLICT expectedRevision"]);
    // Who states the quality of the data does not publish them.
    done(&app, "both", "State", &id, "RESULTS", json!({ "statements": [all[0]] })).await;
    assert_eq!(act(&app, "both", "Publish", &id, "RESULTS", json!({})).await.code(), "FORBIDDEN");
    done(&app, "department", "Publish", &id, "RESULTS", json!({})).await;

    let shown = public(&app, None, DEPARTMENT, "RESULTS").await;
    let results = &shown["content"]["results"];
    assert_eq!((&results["score"], &results["executed"]), (&json!("99.91"), &json!("51480.81")));
    assert_eq!(
        (&results["grade"], &results["spotCheckScore"]),
        (&app.report("auditor", &id, "YEAR_END").await["result"]["grade"], &Value::Null)
    );
    let rows = shown["content"]["indicators"].as_array().expect("rows");
    assert!(
        rows.iter()
            .all(|row| row["dataSource"] == "部门业务台账" && row["status"].is_string() && row["score"].is_string())
    );
    assert_eq!(hash(&shown["snapshots"][0]["body"]), shown["sha256"].as_str().expect("a hash"));
    let text = shown["snapshots"][0]["body"].as_str().expect("a text");
    assert!(!text.contains("用户") && !text.contains("recordedBy") && !text.contains("opinion"));

    let report = app.report("finance2", &id, "YEAR_END").await;
    let station = crate::harness::reporting::row(&report, "颐康服务站数量").1["indicator"]["id"].clone();
    let input = json!({ "reportId": report["id"], "expectedRevision": report["revision"],
        "rows": [{ "indicatorId": station, "score": "2.05", "opinion": "台账只有70个" }] });
    let checked = app.mutate("finance2", "reportSpotCheck", "ReportReviewInput", input).await;
    assert_eq!(errors(&checked, "reportSpotCheck"), Vec::<String>::new());
    assert_eq!(public(&app, None, DEPARTMENT, "RESULTS").await, shown);
    done(&app, "department", "Correct", &id, "RESULTS", json!({ "reason": "抽查复核" })).await;
    let corrected = public(&app, None, DEPARTMENT, "RESULTS").await;
    assert!(corrected["content"]["results"]["spotCheckScore"].is_string());
    assert_eq!(corrected["content"]["results"]["score"], "99.91", "the filer's own stays");
    assert!(!corrected["snapshots"][1]["body"].as_str().expect("a text").contains("台账只有70个"), "no opinions");
    assert_eq!(corrected["snapshots"][0], shown["snapshots"][0]);
    app.healthy().await;
}

#[tokio::test]
async fn what_is_refused_writes_nothing() {
    let (mut app, id) = TestApp::approved().await;
    let both = [(Role::UnitFiler, Some(DEPARTMENT), None), (Role::DepartmentReviewer, Some(DEPARTMENT), None)];
    app.add_user("both", &both).await;
    app.add_user("department2", &[(Role::DepartmentReviewer, Some(OTHER), None)]).await;
    let page = app.page("filer").await;
    let all = statements(&page);
    let text = FORM.replace("广州市增城区民政局", "广州市天河区民政局");
    let input = json!({ "departmentCode": OTHER, "fiscalYear": 2024, "text": text });
    let other = app.run("filer2", "ImportForm", json!({ "input": input })).await;
    let other = other.data("declarationImport/declaration/id").as_str().expect("an id").to_owned();
    let foreign = app
        .query(
            "filer2",
            "query($id: ID!) { node(id: $id) { ... on Declaration { indicators { id } } } }",
            json!({ "id": other }),
        )
        .await;
    let foreign = foreign.data("node/indicators/0/id").clone();
    let marks = app.marks().await;
    for step in ["Publish", "Withhold", "State", "Correct"] {
        let change = if step == "State" { json!({ "statements": all }) } else { json!({}) };
        let refused: &[&str] = if step == "State" {
            &["department", "finance", "auditor", "admin"]
        } else {
            &["filer", "finance", "auditor", "admin"]
        };
        for name in refused {
            let answer = act(&app, name, step, &id, "RESULTS", change.clone()).await;
            assert_eq!(answer.code(), "FORBIDDEN", "{name} {step}");
        }
        for name in ["filer2", "department2"] {
            let unseen = wrong(&app, name, step, &id, "RESULTS", change.clone()).await;
            assert_eq!(unseen, ["NOT_FOUND declarationId"], "{name} {step}");
        }
        let indicator = json!({ "declarationId": all[0]["indicatorId"] });
        let mut bad = change.clone();
        bad["declarationId"] = indicator["declarationId"].clone();
        let able = if step == "State" { "filer" } else { "department" };
        assert_eq!(act(&app, able, step, &id, "RESULTS", bad).await.code(), "INVALID_ID", "{step}");
        let mut stale = change.clone();
        stale["expectedRevision"] = json!(7);
        assert_eq!(wrong(&app, able, step, &id, "RESULTS", stale).await, ["CONFLICT expectedRevision"], "{step}");
    }
    let big = "字".repeat(300_000);
    for (reason, want) in [
        ("", "REASON_REQUIRED reason"),
        (" ", "REASON_REQUIRED reason"),
        ("\u{1}", "INVALID_VALUE reason"),
        (big.as_str(), "TOO_LONG reason"),
    ] {
        let change = json!({ "reason": reason });
        assert_eq!(wrong(&app, "department", "Withhold", &id, "TARGETS", change).await, [want]);
    }
    let missing = "mutation($id: ID!) { publicationWithhold(input: { declarationId: $id, kind: TARGETS, expectedRevision: 0 }) { userErrors { code } } }";
    assert_eq!(app.query("department", missing, json!({ "id": id })).await.code(), "GRAPHQL_VALIDATION_FAILED");
    let one = |change: Value| {
        let mut stated = all[0].clone();
        for (key, value) in change.as_object().expect("an object") {
            stated[key] = value.clone();
        }
        stated
    };
    for (stated, want) in [
        (json!([]), "REQUIRED statements"),
        (json!([one(json!({ "source": " " }))]), "REQUIRED statements.0.source"),
        (json!([all[1], one(json!({ "method": big }))]), "TOO_LONG statements.1.method"),
        (json!([one(json!({ "limits": "\u{1b}" }))]), "INVALID_VALUE statements.0.limits"),
        (json!([all[0], all[0]]), "INVALID_VALUE statements.1.indicatorId"),
        (json!([one(json!({ "indicatorId": foreign }))]), "NOT_FOUND statements.0.indicatorId"),
        (Value::Array(vec![all[0].clone(); 501]), "LIMIT_EXCEEDED statements"),
    ] {
        assert_eq!(wrong(&app, "filer", "State", &id, "RESULTS", json!({ "statements": stated })).await, [want]);
    }
    let kind = json!({ "statements": [one(json!({ "indicatorId": id }))] });
    assert_eq!(act(&app, "filer", "State", &id, "RESULTS", kind).await.code(), "INVALID_ID");
    assert_eq!(app.marks().await, marks);
    // Of a draft nothing is published: its own reviewer is told, by the state.
    let revision = json!({ "declarationId": other, "kind": "TARGETS", "version": 0, "expectedRevision": 0 });
    let document = "mutation($input: PublicationPublishInput!) { publicationPublish(input: $input) { userErrors { code field } } }";
    let draft = app.query("department2", document, json!({ "input": revision })).await;
    assert_eq!(errors(&draft, "publicationPublish"), ["WRONG_STATE declarationId"]);
    assert_eq!(app.marks().await, marks);
}

#[tokio::test]
async fn who_filed_does_not_publish() {
    let mut app = TestApp::new().await;
    let both = [(Role::UnitFiler, Some(DEPARTMENT), None), (Role::DepartmentReviewer, Some(DEPARTMENT), None)];
    app.add_user("both", &both).await;
    let id = app.import().await;
    app.complete().await;
    let revision = app.page("filer").await["revision"].clone();
    app.run("both", "Submit", json!({ "id": id, "revision": revision })).await;
    for (name, operation, more) in [
        ("department", "Forward", json!({})),
        ("finance", "Accept", json!({ "grade": "GOOD" })),
        ("finance", "Approve", json!({ "number": "1号", "on": "2024-02-08" })),
    ] {
        let mut variables = more;
        variables["id"] = json!(id);
        variables["revision"] = app.page("filer").await["revision"].clone();
        app.run(name, operation, variables).await;
    }
    assert_eq!(app.page("filer").await["status"], "APPROVED");
    let marks = app.marks().await;
    for step in ["Publish", "Withhold"] {
        assert_eq!(act(&app, "both", step, &id, "TARGETS", json!({})).await.code(), "FORBIDDEN", "{step}");
    }
    assert_eq!(app.marks().await, marks);
    done(&app, "department", "Publish", &id, "TARGETS", json!({})).await;
    assert_eq!(act(&app, "both", "Correct", &id, "TARGETS", json!({})).await.code(), "FORBIDDEN");
}

#[tokio::test]
async fn the_database_refuses_to_change_it() {
    let (app, id) = accepted().await;
    let all = statements(&app.page("filer").await);
    done(&app, "filer", "State", &id, "RESULTS", json!({ "statements": all })).await;
    done(&app, "department", "Publish", &id, "RESULTS", json!({})).await;
    done(&app, "department", "Withhold", &id, "TARGETS", json!({})).await;
    let db = app.db.read();
    for sql in [
        "UPDATE publication_snapshot SET body = '{}'",
        "UPDATE publication_snapshot SET sha256 = sha256",
        "DELETE FROM publication_snapshot",
        "UPDATE quality_statement SET source = 'x'",
        "DELETE FROM quality_statement",
        "DELETE FROM publication",
        "UPDATE publication SET status = 'PUBLISHED' WHERE status = 'WITHHELD'",
    ] {
        let refused = db.execute_unprepared(sql).await.expect_err(sql).to_string();
        assert!(refused.contains("append-only"), "{sql}: {refused}");
    }
    app.healthy().await;
    let drop = match app.db.backend() {
        sea_orm::DbBackend::Sqlite => "DROP TRIGGER publication_snapshot_no_update",
        _ => "DROP TRIGGER publication_snapshot_no_update ON publication_snapshot",
    };
    db.execute_unprepared(drop).await.expect("drops");
    db.execute_unprepared("UPDATE publication_snapshot SET body = REPLACE(body, '99.91', '99.92') || ' '")
        .await
        .expect("alters");
    let found = jixiao_service::doctor::examine(&app.db, &operator()).await.expect("examines");
    assert!(found.differences.iter().any(|line| line.starts_with("Publication:")), "{:?}", found.differences);
}

/// Everything nobody can ask of it.
async fn as_nobody(app: &TestApp, other: &str) -> Vec<String> {
    let mut answers = Vec::new();
    for code in [DEPARTMENT, OTHER] {
        for kind in ["TARGETS", "RESULTS"] {
            answers.push(app.send(None, PUBLIC, json!({ "code": code, "kind": kind })).await.body.to_string());
        }
    }
    let lists = [
        "first: 50",
        "last: 50",
        "filter: { departmentCodes: [\"440106001\"] }, first: 5",
        "filter: { jurisdictionCode: \"440100\" }, first: 5",
        "filter: { fiscalYears: [2024], kinds: [RESULTS] }, first: 5",
    ];
    for arguments in lists {
        let query = format!(
            "{{ publications({arguments}) {{ edges {{ cursor node {{ id sha256 snapshots {{ body }} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        answers.push(app.send(None, &query, json!({})).await.body.to_string());
    }
    // Publication:1 to Publication:3, and the declaration itself.
    for id in ["UHVibGljYXRpb246MQ", "UHVibGljYXRpb246Mg", "UHVibGljYXRpb246Mw", other] {
        answers.push(
            app.send(None, "query($id: ID!) { node(id: $id) { __typename id } }", json!({ "id": id }))
                .await
                .body
                .to_string(),
        );
    }
    answers
}

#[tokio::test]
async fn nobody_sees_what_is_not_published() {
    let (app, id) = accepted().await;
    done(&app, "department", "Publish", &id, "TARGETS", json!({})).await;
    let text = FORM.replace("广州市增城区民政局", "广州市天河区民政局");
    let input = json!({ "departmentCode": OTHER, "fiscalYear": 2024, "text": text });
    let other = "RGVjbGFyYXRpb246Mg";
    let before = as_nobody(&app, other).await;
    assert!(before[0].contains("颐康服务站数量") && !before[0].contains("用户"));
    let made = app.run("filer2", "ImportForm", json!({ "input": input })).await;
    assert_eq!(made.data("declarationImport/declaration/id"), other);
    assert_eq!(as_nobody(&app, other).await, before, "another department's draft");
    let all = statements(&app.page("filer").await);
    done(&app, "filer", "State", &id, "RESULTS", json!({ "statements": all })).await;
    assert_eq!(own(&app, &id, "RESULTS").await["status"], "PENDING");
    assert_eq!(as_nobody(&app, other).await, before, "statements for results that are not published");
    done(&app, "department", "Publish", &id, "RESULTS", json!({})).await;
    assert_ne!(as_nobody(&app, other).await, before, "the test can tell");
}
