//! Editing a draft: made by hand, refused without a trace, conflicts that name everything since, edits agreed with finance.

use jixiao_rules::cycle::Role;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::harness::filing::{step, with_input};
use crate::harness::{Answer, DEPARTMENT, OTHER, TestApp, indicators};

fn rules(payload: &Value, severity: &str) -> Vec<String> {
    let findings = payload["declaration"]["findings"].as_array().expect("findings").iter();
    findings
        .filter(|found| found["severity"] == severity)
        .map(|found| found["rule"].as_str().expect("a rule").into())
        .collect()
}

/// An empty draft of the other department, which its filer fills.
async fn by_hand(app: &TestApp) -> (Value, Value) {
    let made = app.edit("filer2", "declarationCreate", json!({ "departmentCode": OTHER, "fiscalYear": 2024 })).await;
    let id = made["declaration"]["id"].clone();
    let budget = json!({ "basicExpenditure": "1000000.50", "projectExpenditure": "500000.00", "fiscalSpecialFunds": null,
        "fiscalAppropriation": "1500000.50", "ownLevelFunds": "1500000.50", "unit": "YUAN" });
    let input = json!({ "declarationId": id, "expectedRevision": 1, "publiclyFundedStaffCount": 12,
        "overallGoal": "<p>保障基本民生</p><p>提升服务</p>", "budget": budget });
    let made = app.edit("filer2", "declarationUpdate", input).await;
    assert_eq!(made["declaration"]["overallGoal"], "保障基本民生\n提升服务");
    assert_eq!(made["declaration"]["budget"]["fiscalAppropriation"], "150.00005");
    let task = json!({ "declarationId": id, "name": "养老服务", "plannedFunding": "40.00", "expectedRevision": 2 });
    let made = app.edit("filer2", "keyTaskAdd", task).await;
    let task = made["declaration"]["keyTasks"][0]["id"].clone();
    let rows = [
        ("产出指标", "数量指标", "服务站数量", "≥20个"),
        ("OUTCOME", "SOCIAL", "覆盖率", "≥90%"),
        ("满意度指标", "服务对象满意度指标", "服务对象满意度", "≥85%"),
    ];
    let mut last = made;
    for (level1, level2, name, target) in rows {
        let input = json!({ "declarationId": id, "level1Label": level1, "level2Label": level2, "name": name,
            "annualTarget": target, "keyTaskIds": [task], "expectedRevision": last["declaration"]["revision"] });
        last = app.edit("filer2", "indicatorAdd", input).await;
    }
    (id, last)
}

#[tokio::test]
async fn a_draft_made_by_hand() {
    let app = TestApp::new().await;
    let (id, made) = by_hand(&app).await;
    assert_eq!((rules(&made, "ERROR"), rules(&made, "WARNING")), (vec![], vec!["D1".to_owned(); 3]), "{made:#}");
    let declaration = &made["declaration"];
    let ids: Vec<Value> = indicator_ids(declaration);
    assert_eq!(declaration["indicators"][0]["weight"], "50.00");
    assert_eq!(declaration["keyTasks"][0]["indicators"].as_array().expect("links").len(), 3);

    let moved = move_to(&app, "indicatorMove", &ids[0], &declaration["revision"], 3).await;
    assert_eq!(indicator_ids(&moved["declaration"]), [ids[1].clone(), ids[2].clone(), ids[0].clone()]);
    let moved = move_to(&app, "indicatorMove", &ids[0], &moved["declaration"]["revision"], 2).await;
    assert_eq!(indicator_ids(&moved["declaration"]), [ids[1].clone(), ids[0].clone(), ids[2].clone()]);

    let revision = &moved["declaration"]["revision"];
    let general = json!({ "indicatorId": ids[2], "general": true, "weight": "10.00", "expectedRevision": revision });
    let general = app.edit("filer2", "indicatorUpdate", general).await;
    let row = &general["declaration"]["indicators"][2];
    assert_eq!((&row["general"], &row["keyTasks"], &row["weightOrigin"]), (&json!(true), &json!([]), &json!("STATED")));
    let task = json!({ "declarationId": id, "name": "社会救助", "position": 1, "expectedRevision": general["declaration"]["revision"] });
    let second = app.edit("filer2", "keyTaskAdd", task).await;
    assert!(rules(&second, "WARNING").contains(&"D11".to_owned()), "a task without an indicator: {second:#}");
    let tasks: Vec<Value> =
        second["declaration"]["keyTasks"].as_array().expect("tasks").iter().map(|task| task["id"].clone()).collect();
    let moved = move_to(&app, "keyTaskMove", &tasks[0], &second["declaration"]["revision"], 2).await;
    assert_eq!(moved["declaration"]["keyTasks"][1]["id"], tasks[0]);
    let gone = app.act("filer2", "keyTaskRemove", "", &tasks[0], &moved["declaration"]["revision"]).await;
    assert!(!rules(&gone, "WARNING").contains(&"D11".to_owned()), "{gone:#}");
    let renamed = json!({ "keyTaskId": tasks[1], "name": "养老服务体系", "plannedFunding": null, "indicatorIds": [ids[0]],
        "expectedRevision": gone["declaration"]["revision"] });
    let renamed = app.edit("filer2", "keyTaskUpdate", renamed).await;
    assert_eq!(renamed["declaration"]["keyTasks"][0]["indicators"], json!([{ "id": ids[0] }]));
    assert!(renamed["declaration"]["keyTasks"][0]["plannedFunding"].is_null());
    let gone = app.act("filer2", "indicatorRemove", "", &ids[2], &renamed["declaration"]["revision"]).await;
    assert_eq!(indicator_ids(&gone["declaration"]), [ids[1].clone(), ids[0].clone()]);
    app.healthy().await;

    let again = json!({ "input": { "departmentCode": OTHER, "fiscalYear": 2024 } });
    let again = app.query("filer2", &with_input("declarationCreate"), again).await;
    assert_eq!(again.user_errors("declarationCreate"), ["CONFLICT"]);
    // A move is told as well: the order is part of what the log compares.
    let trail =
        format!("{{ auditTrail(nodeId: {id}, first: 50) {{ edges {{ node {{ action changes {{ path }} }} }} }} }}");
    let trail = app.query("filer2", &trail, json!({})).await.body.to_string();
    assert!(trail.contains("indicatorOrder") && trail.contains("DECLARATION_CREATE"), "{trail}");
}

fn indicator_ids(declaration: &Value) -> Vec<Value> {
    declaration["indicators"].as_array().expect("rows").iter().map(|row| row["id"].clone()).collect()
}

async fn move_to(app: &TestApp, field: &str, id: &Value, revision: &Value, to: i32) -> Value {
    app.act("filer2", field, &format!(", position: {to}"), id, revision).await
}

fn refusal(answer: &Answer, field: &str) -> (String, String) {
    let error = &answer.body["data"][field]["userErrors"][0];
    let path = error["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(".");
    let code = error["code"].as_str().map_or_else(|| answer.code().to_owned(), str::to_owned);
    (code, path)
}

#[tokio::test]
async fn bad_input_writes_nothing() {
    let app = TestApp::new().await;
    let id = json!(app.import().await);
    let page = app.page("filer").await;
    let (task, row) = (page["keyTasks"][0]["id"].clone(), indicators(&page)[0]["id"].clone());
    let (_, other) = by_hand(&app).await;
    let foreign =
        (other["declaration"]["keyTasks"][0]["id"].clone(), other["declaration"]["indicators"][0]["id"].clone());
    let long = "长".repeat(350_000);
    let before = app.marks().await;
    let cases = [
        (
            "declarationCreate",
            json!({ "departmentCode": "440118001", "fiscalYear": 1999 }),
            "INVALID_VALUE",
            "fiscalYear",
        ),
        ("declarationCreate", json!({ "departmentCode": OTHER, "fiscalYear": 2025 }), "NOT_FOUND", "departmentCode"),
        ("declarationUpdate", json!({ "declarationId": row }), "INVALID_ID", ""),
        ("declarationUpdate", json!({ "declarationId": id, "expectedRevision": 9 }), "CONFLICT", "expectedRevision"),
        ("declarationUpdate", json!({ "declarationId": other["declaration"]["id"] }), "NOT_FOUND", "declarationId"),
        ("declarationUpdate", json!({ "declarationId": id, "overallGoal": long }), "TOO_LONG", "overallGoal"),
        ("declarationUpdate", json!({ "declarationId": id, "overallGoal": "a\u{1}b" }), "INVALID_VALUE", "overallGoal"),
        ("declarationUpdate", json!({ "declarationId": id, "overallGoal": "<p> </p>" }), "REQUIRED", "overallGoal"),
        (
            "declarationUpdate",
            json!({ "declarationId": id, "subordinateUnitCount": -1 }),
            "INVALID_VALUE",
            "subordinateUnitCount",
        ),
        (
            "declarationUpdate",
            json!({ "declarationId": id, "budget": { "otherFunds": "-0.01" } }),
            "INVALID_VALUE",
            "budget.otherFunds",
        ),
        (
            "declarationUpdate",
            json!({ "declarationId": id, "budget": { "otherFunds": "0.0000001" } }),
            "INVALID_VALUE",
            "budget.otherFunds",
        ),
        ("declarationUpdate", json!({ "declarationId": id, "budget": { "otherFunds": 1 } }), "BAD_USER_INPUT", ""),
        ("keyTaskAdd", json!({ "declarationId": id, "name": " " }), "REQUIRED", "name"),
        ("keyTaskAdd", json!({ "declarationId": id, "name": "x", "position": 9 }), "INVALID_VALUE", "position"),
        (
            "keyTaskAdd",
            json!({ "declarationId": id, "name": "x", "indicatorIds": [row, foreign.1] }),
            "NOT_FOUND",
            "indicatorIds.1",
        ),
        ("keyTaskAdd", json!({ "declarationId": id, "name": "x", "indicatorIds": [task] }), "INVALID_ID", ""),
        ("keyTaskUpdate", json!({ "keyTaskId": foreign.0, "name": "x" }), "NOT_FOUND", "keyTaskId"),
        ("keyTaskUpdate", json!({ "keyTaskId": task, "description": long }), "TOO_LONG", "description"),
        (
            "keyTaskUpdate",
            json!({ "keyTaskId": task, "plannedFunding": "99999999999999" }),
            "INVALID_VALUE",
            "plannedFunding",
        ),
        ("keyTaskUpdate", json!({ "keyTaskId": task, "expectedRevision": 2 }), "CONFLICT", "expectedRevision"),
        (
            "indicatorAdd",
            json!({ "declarationId": id, "level1Label": "\u{7}", "name": "x" }),
            "INVALID_VALUE",
            "level1Label",
        ),
        ("indicatorAdd", json!({ "declarationId": id, "level1Label": "产出指标", "name": long }), "TOO_LONG", "name"),
        (
            "indicatorAdd",
            json!({ "declarationId": id, "level1Label": "产出指标", "name": "x", "weight": "1.005" }),
            "INVALID_VALUE",
            "weight",
        ),
        (
            "indicatorAdd",
            json!({ "declarationId": id, "level1Label": "产出指标", "name": "x", "keyTaskIds": [foreign.0] }),
            "NOT_FOUND",
            "keyTaskIds.0",
        ),
        ("indicatorUpdate", json!({ "indicatorId": foreign.1 }), "NOT_FOUND", "indicatorId"),
        ("indicatorUpdate", json!({ "indicatorId": row, "weight": "100.01" }), "INVALID_VALUE", "weight"),
        (
            "indicatorUpdate",
            json!({ "indicatorId": row, "general": true, "keyTaskIds": [task] }),
            "INVALID_VALUE",
            "general",
        ),
        ("indicatorUpdate", json!({ "indicatorId": row, "annualTarget": long }), "TOO_LONG", "annualTarget"),
        ("indicatorUpdate", json!({ "indicatorId": task }), "INVALID_ID", ""),
        ("adjustmentOpen", json!({ "declarationId": id, "kind": "REDUCTION" }), "WRONG_STATE", "declarationId"),
    ];
    for (field, mut input, code, path) in cases {
        if field != "declarationCreate" && input.get("expectedRevision").is_none() {
            input["expectedRevision"] = json!(1);
        }
        let told = input.to_string().chars().take(200).collect::<String>();
        let answer = app.query("filer", &with_input(field), json!({ "input": input })).await;
        assert_eq!(refusal(&answer, field), (code.to_owned(), path.to_owned()), "{field} {told}");
    }
    let steps = [
        ("keyTaskMove", ", position: 0", &task, 1, "INVALID_VALUE", "position"),
        ("keyTaskMove", ", position: 1", &row, 1, "INVALID_ID", ""),
        ("keyTaskRemove", "", &task, 7, "CONFLICT", "expectedRevision"),
        ("keyTaskRemove", "", &foreign.0, 1, "NOT_FOUND", "id"),
        ("indicatorMove", ", position: 15", &row, 1, "INVALID_VALUE", "position"),
        ("indicatorRemove", "", &foreign.1, 1, "NOT_FOUND", "id"),
        ("indicatorRemove", "", &task, 1, "INVALID_ID", ""),
        ("declarationClose", "", &id, 1, "FORBIDDEN", ""),
        ("declarationCarryOver", "", &id, 1, "WRONG_STATE", "id"),
    ];
    for (field, more, id, revision, code, path) in steps {
        let answer = app.query("filer", &step(field, more), json!({ "id": id, "revision": revision })).await;
        assert_eq!(refusal(&answer, field), (code.to_owned(), path.to_owned()), "{field}");
    }
    assert_eq!(app.marks().await, before);
}

#[tokio::test]
async fn only_the_filer_edits_and_only_a_draft() {
    let app = TestApp::new().await;
    let id = json!(app.import().await);
    let page = app.page("filer").await;
    let (task, row) = (page["keyTasks"][0]["id"].clone(), indicators(&page)[0]["id"].clone());
    let edits = [
        ("declarationUpdate", json!({ "declarationId": id })),
        ("keyTaskAdd", json!({ "declarationId": id, "name": "x" })),
        ("keyTaskUpdate", json!({ "keyTaskId": task })),
        ("indicatorAdd", json!({ "declarationId": id, "level1Label": "产出指标", "name": "x" })),
        ("indicatorUpdate", json!({ "indicatorId": row })),
    ];
    let moves = [
        ("keyTaskMove", ", position: 1", &task),
        ("keyTaskRemove", "", &task),
        ("indicatorMove", ", position: 1", &row),
        ("indicatorRemove", "", &row),
    ];
    let before = app.marks().await;
    for (name, code) in [
        ("admin", "FORBIDDEN"),
        ("department", "FORBIDDEN"),
        ("finance", "FORBIDDEN"),
        ("auditor", "NOT_FOUND"),
        ("filer2", "NOT_FOUND"),
    ] {
        for (field, input) in &edits {
            let mut input = input.clone();
            input["expectedRevision"] = json!(1);
            let answer = app.query(name, &with_input(field), json!({ "input": input })).await;
            assert_eq!(refusal(&answer, field).0, code, "{name} {field}");
        }
        for (field, more, id) in moves {
            let answer = app.query(name, &step(field, more), json!({ "id": id, "revision": 1 })).await;
            assert_eq!(refusal(&answer, field).0, code, "{name} {field}");
        }
        let new = json!({ "input": { "departmentCode": "440118001", "fiscalYear": 2025 } });
        let answer = app.query(name, &with_input("declarationCreate"), new).await;
        let code = if name == "filer2" { "NOT_FOUND" } else { "FORBIDDEN" };
        assert_eq!(refusal(&answer, "declarationCreate").0, code, "{name}");
    }
    assert_eq!(app.marks().await, before);
    app.approve(id.as_str().expect("an id")).await;
    let revision = app.page("filer").await["revision"].clone();
    let before = app.marks().await;
    for (field, input) in &edits {
        let mut input = input.clone();
        input["expectedRevision"] = revision.clone();
        let answer = app.query("filer", &with_input(field), json!({ "input": input })).await;
        assert_eq!(refusal(&answer, field).0, "WRONG_STATE", "{field}");
    }
    assert_eq!(app.marks().await, before);
}

#[tokio::test]
async fn a_conflict_names_everything_since() {
    let mut app = TestApp::new().await;
    app.add_user("colleague", &[(Role::UnitFiler, Some("440118001"), None)]).await;
    let id = app.import().await;
    let row = indicators(&app.page("filer").await)[0]["id"].clone();
    app.edit("filer", "declarationUpdate", json!({ "declarationId": id, "overallGoal": "甲", "expectedRevision": 1 }))
        .await;
    app.edit("colleague", "indicatorUpdate", json!({ "indicatorId": row, "name": "乙", "expectedRevision": 2 })).await;
    app.edit(
        "filer",
        "declarationUpdate",
        json!({ "declarationId": id, "publiclyFundedStaffCount": 7, "expectedRevision": 3 }),
    )
    .await;
    let late =
        |revision: i32| json!({ "input": { "declarationId": id, "overallGoal": "丙", "expectedRevision": revision } });
    let answer = app.query("filer", &with_input("declarationUpdate"), late(1)).await;
    let told = answer.data("declarationUpdate/userErrors/0/message").to_string();
    for word in ["用户filer", "用户colleague", "overallGoal", ".name", "publiclyFundedStaffCount"] {
        assert!(told.contains(word), "{word}: {told}");
    }
    let answer = app.query("filer", &with_input("declarationUpdate"), late(3)).await;
    let told = answer.data("declarationUpdate/userErrors/0/message").to_string();
    assert!(told.contains("publiclyFundedStaffCount") && !told.contains("colleague"), "only what came after: {told}");
}

#[tokio::test]
async fn finance_records_agreed_edits() {
    let mut app = TestApp::new().await;
    app.add_user("finance2", &[(Role::FinanceReviewer, None, Some("440118"))]).await;
    let id = json!(app.import().await);
    app.complete().await;
    let revision = app.page("filer").await["revision"].clone();
    let sent = app.act("filer", "declarationSubmit", "", &id, &revision).await;
    let early =
        json!({ "declarationId": id, "overallGoal": "商定", "expectedRevision": sent["declaration"]["revision"] });
    let early = app.query("finance", &with_input("declarationUpdate"), json!({ "input": early })).await;
    assert_eq!(early.code(), "FORBIDDEN", "not before it is at finance");
    let sent = app.act("department", "declarationForward", "", &id, &sent["declaration"]["revision"]).await;
    let revision = sent["declaration"]["revision"].clone();
    let edit = json!({ "declarationId": id, "overallGoal": "商定", "expectedRevision": revision });
    let refused = app.query("filer", &with_input("declarationUpdate"), json!({ "input": edit })).await;
    assert_eq!(refused.user_errors("declarationUpdate"), ["WRONG_STATE"]);
    let done = app.edit("finance", "declarationUpdate", edit).await;
    let revision = done["declaration"]["revision"].clone();
    let own = app
        .query("finance", &step("declarationAccept", ", grade: GOOD"), json!({ "id": id, "revision": revision }))
        .await;
    assert_eq!(own.code(), "FORBIDDEN", "who edited does not accept");
    let excellent = app
        .query("finance2", &step("declarationAccept", ", grade: EXCELLENT"), json!({ "id": id, "revision": revision }))
        .await;
    assert_eq!(refusal(&excellent, "declarationAccept"), ("INVALID_VALUE".into(), "grade".into()));
    let row = indicators(&app.page("filer").await)[0]["id"].clone();
    let open = json!({ "indicatorId": row, "annualTarget": "0.97", "expectedRevision": revision });
    let open = app.edit("finance", "indicatorUpdate", open).await;
    let revision = open["declaration"]["revision"].clone();
    let blocked = app
        .query("finance2", &step("declarationAccept", ", grade: GOOD"), json!({ "id": id, "revision": revision }))
        .await;
    assert_eq!(refusal(&blocked, "declarationAccept").0, "BLOCKED", "an agreed target is confirmed like any other");
    let confirm = json!({ "indicatorId": row, "which": "ANNUAL", "expectedRevision": revision });
    let confirmed = app.edit("finance", "targetConfirm", confirm).await;
    let revision = confirmed["declaration"]["revision"].clone();
    let accepted = app.act("finance2", "declarationAccept", ", grade: GOOD", &id, &revision).await;
    assert_eq!(accepted["declaration"]["status"], "PENDING_BUDGET");
    let trail = format!(
        "{{ auditTrail(nodeId: {id}, first: 100) {{ edges {{ node {{ action actor {{ displayName role }} changes {{ path }} }} }} }} }}"
    );
    let trail = app.query("auditor", &trail, json!({})).await;
    let edges = trail.data("auditTrail/edges").as_array().expect("entries").clone();
    let agreed = edges.iter().find(|edge| edge["node"]["action"] == "DECLARATION_AGREED_EDIT").expect("an agreed edit");
    assert_eq!(agreed["node"]["actor"], json!({ "displayName": "用户finance", "role": "FINANCE_REVIEWER" }));
    assert!(agreed.to_string().contains("overallGoal"));
    app.healthy().await;
}

#[tokio::test]
async fn after_a_rejection_another_round() {
    let app = TestApp::new().await;
    let id = json!(app.import().await);
    app.complete().await;
    let revision = app.page("filer").await["revision"].clone();
    let sent = app.act("filer", "declarationSubmit", "", &id, &revision).await;
    let sent = app.act("department", "declarationForward", "", &id, &sent["declaration"]["revision"]).await;
    app.act("finance", "declarationReject", ", reason: \"依据不足\"", &id, &sent["declaration"]["revision"]).await;
    let new = app.edit("filer", "declarationCreate", json!({ "departmentCode": DEPARTMENT, "fiscalYear": 2024 })).await;
    let round = format!(
        "{{ node(id: {}) {{ ... on Declaration {{ round status indicators {{ id }} }} }} }}",
        new["declaration"]["id"]
    );
    let round = app.query("filer", &round, json!({})).await;
    assert_eq!(round.data("node"), &json!({ "round": 2, "status": "DRAFT", "indicators": [] }));
    app.healthy().await;
}

#[tokio::test]
async fn without_a_review_level_a_submit_goes_to_finance() {
    let app = TestApp::new().await;
    let id = json!(app.import().await);
    app.complete().await;
    set_review_level(&app, false).await;
    let revision = app.page("filer").await["revision"].clone();
    let sent = app.act("filer", "declarationSubmit", "", &id, &revision).await;
    assert_eq!(sent["declaration"]["status"], "FINANCE_REVIEW");
    let back = app.act("finance", "declarationReturn", ", reason: \"x\"", &id, &sent["declaration"]["revision"]).await;
    assert_eq!(back["declaration"]["status"], "RETURNED");
    set_review_level(&app, true).await;
    let sent = app.act("filer", "declarationSubmit", "", &id, &back["declaration"]["revision"]).await;
    assert_eq!(sent["declaration"]["status"], "DEPARTMENT_REVIEW");
    app.healthy().await;
}

/// One random edit: which, at which row, with which text or number.
#[derive(Clone, Debug)]
struct Edit(u8, usize, String, i32);

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let texts = prop::sample::select(vec![
        "≥90%",
        "290%",
        "100个",
        "12月底前完成",
        "明显提升",
        "≤5天",
        "0",
        "≥**人",
        "产出指标",
        "效益",
        "x",
    ]);
    let edit = (0_u8..9, 0_usize..20, texts, 0_i32..20)
        .prop_map(|(kind, at, text, number)| Edit(kind, at, text.into(), number));
    prop::collection::vec(edit, 1..14)
}

async fn random_edit(app: &TestApp, id: &str, edit: &Edit) {
    let page = app.page("filer").await;
    let (revision, Edit(kind, at, text, number)) = (&page["revision"], edit);
    let (tasks, rows) = (page["keyTasks"].as_array().expect("tasks").clone(), indicators(&page));
    let task = tasks.get(at % tasks.len().max(1)).map(|task| task["id"].clone()).unwrap_or_default();
    let row = rows.get(at % rows.len().max(1)).map(|row| row["id"].clone()).unwrap_or_default();
    let (document, variables) = match kind {
        0 => (
            with_input("declarationUpdate"),
            json!({ "input": { "declarationId": id, "overallGoal": text, "budget": { "otherFunds": number.to_string(), "basicExpenditure": null }, "expectedRevision": revision } }),
        ),
        1 => (
            with_input("keyTaskAdd"),
            json!({ "input": { "declarationId": id, "name": text, "plannedFunding": number.to_string(), "indicatorIds": [row], "expectedRevision": revision } }),
        ),
        2 => (step("keyTaskMove", &format!(", position: {number}")), json!({ "id": task, "revision": revision })),
        3 => (step("keyTaskRemove", ""), json!({ "id": task, "revision": revision })),
        4 => (
            with_input("indicatorAdd"),
            json!({ "input": { "declarationId": id, "level1Label": text, "name": text, "annualTarget": text, "position": number, "expectedRevision": revision } }),
        ),
        5 => (step("indicatorMove", &format!(", position: {number}")), json!({ "id": row, "revision": revision })),
        6 => (step("indicatorRemove", ""), json!({ "id": row, "revision": revision })),
        7 => (
            with_input("indicatorUpdate"),
            json!({ "input": { "indicatorId": row, "annualTarget": text, "weight": number.to_string(), "keyTaskIds": [task], "expectedRevision": revision } }),
        ),
        _ => (
            with_input("indicatorUpdate"),
            json!({ "input": { "indicatorId": row, "name": text, "cycleTarget": text, "weight": null, "general": true, "expectedRevision": revision } }),
        ),
    };
    app.query("filer", &document, variables).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is edited in whatever order: the document is what the tables and the rules give, findings included.
    #[test]
    fn random_histories_stay_healthy(edits in edits()) {
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(async {
            let app = TestApp::new().await;
            let id = app.import().await;
            for edit in &edits {
                random_edit(&app, &id, edit).await;
            }
            app.healthy().await;
        });
    }
}

async fn set_review_level(app: &TestApp, wanted: bool) {
    let document =
        "mutation($wanted: Boolean) { departmentUpdate(input: { code: \"440118001\", reviewLevel: $wanted }) {
        department { name reviewLevel } userErrors { code } } }";
    let answer = app.query("admin", document, json!({ "wanted": wanted })).await;
    let made = answer.data("departmentUpdate/department");
    assert_eq!((&made["reviewLevel"], &made["name"]), (&json!(wanted), &json!("广州市增城区民政局")));
}
