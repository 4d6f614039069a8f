//! Adjustments and the end of the year: what they change, who may, until when, and what is carried over.

use jixiao_rules::cycle::Role;
use serde_json::{Value, json};

use crate::harness::filing::{step, with_input};
use crate::harness::{TestApp, indicators};

async fn row(app: &TestApp, name: &str) -> Value {
    indicators(&app.page("filer").await).into_iter().find(|row| row["name"] == name).expect("the indicator")["id"]
        .clone()
}

/// A reduction of 100 万元 that halves one target and drops another indicator.
async fn complete(app: &TestApp) -> Value {
    let page = app.page("filer").await;
    json!({ "kind": "REDUCTION", "reason": "政策调整", "legalBasis": "增财〔2024〕9号", "fundSource": "财政拨款",
        "items": [
            { "budgetLine": "PROJECT_EXPENDITURE", "after": "29467.00" },
            { "budgetLine": "FISCAL_APPROPRIATION", "after": "51380.81" },
            { "budgetLine": "OWN_LEVEL_FUNDS", "after": "47035.28" },
            { "keyTaskId": page["keyTasks"][0]["id"], "after": "198106300.00", "unit": "YUAN" },
        ],
        "targets": [
            { "indicatorId": row(app, "颐康服务站数量").await, "annualTarget": "75个" },
            { "indicatorId": row(app, "火化率").await, "annualTarget": null },
        ] })
}

pub(crate) async fn open(app: &TestApp, id: &str) -> Value {
    let mut input = complete(app).await;
    input["declarationId"] = json!(id);
    input["expectedRevision"] = app.page("filer").await["revision"].clone();
    app.edit("filer", "adjustmentOpen", input).await
}

const APPROVE: &str = ", approvalNumber: \"增财调〔2024〕3号\", approvedOn: \"2024-08-20\"";

/// Takes an open adjustment to APPROVED.
pub(crate) async fn approve(app: &TestApp, id: &Value) -> Value {
    let sent = app.act("filer", "adjustmentSubmit", "", id, &json!(1)).await;
    assert_eq!(sent["adjustment"]["status"], "DEPARTMENT_REVIEW");
    let sent = app.act("department", "adjustmentForward", "", id, &json!(2)).await;
    assert_eq!(sent["adjustment"]["status"], "FINANCE_REVIEW");
    app.act("finance", "adjustmentApprove", APPROVE, id, &json!(3)).await
}

fn find(payload: &Value, id: &Value) -> Value {
    let rows = payload["declaration"]["indicators"].as_array().expect("rows");
    rows.iter().find(|row| row["id"] == *id).expect("the indicator").clone()
}

#[tokio::test]
async fn an_approved_adjustment_changes_the_declaration() {
    let (app, id) = TestApp::approved().await;
    let (stations, cremation) = (row(&app, "颐康服务站数量").await, row(&app, "火化率").await);
    // A value from before the adjustment is judged by the target in force.
    let entries = json!({ "input": { "declarationId": id, "period": "MID_YEAR", "entries": [
        { "indicatorId": stations, "text": "75个" }, { "indicatorId": cremation, "text": "100%" }] } });
    app.run("filer", "RecordActualValues", entries).await;
    let before = app.page("filer").await;
    let opened = open(&app, &id).await;
    let adjustment = opened["adjustment"]["id"].clone();
    assert_eq!(
        (&opened["declaration"]["version"], &opened["adjustment"]["items"][0]["before"]),
        (&json!(1), &json!("29567.00"))
    );
    let after = approve(&app, &adjustment).await;
    let declaration = &after["declaration"];
    assert_eq!((&declaration["version"], &declaration["adjustmentNo"]), (&json!(2), &json!(1)));
    assert_eq!(after["adjustment"]["number"], 1);
    assert_eq!(declaration["budget"]["fiscalAppropriation"], "51380.81");
    assert_eq!(declaration["keyTasks"][0]["plannedFunding"], "19810.63");
    let halved = find(&after, &stations);
    assert_eq!((&halved["annualTarget"]["text"], &halved["originalTarget"]["text"]), (&json!("75个"), &json!("150个")));
    let gone = find(&after, &cremation);
    assert_eq!((&gone["dropped"], &gone["annualTarget"]), (&json!(true), &Value::Null));
    assert_eq!(
        (&gone["achievement"]["status"], &gone["achievement"]["maxScore"]),
        (&json!("NOT_APPLICABLE"), &Value::Null)
    );
    // The points of the dropped indicator went to the others of its level; the whole stays 90.
    assert_eq!(halved["achievement"]["maxScore"], "5.01");
    let points = declaration["indicators"].as_array().expect("rows").iter().filter_map(|row| {
        row["achievement"]["maxScore"].as_str().map(|text| text.parse::<rust_decimal::Decimal>().expect("points"))
    });
    assert_eq!(points.sum::<rust_decimal::Decimal>().to_string(), "90.00");
    assert_eq!(halved["weight"], "4.55", "the approved weight stays");
    let page = app.page("filer").await;
    let mid = |page: &Value| {
        indicators(page).into_iter().find(|row| row["id"] == stations).expect("a row")["midYearAchievement"]["rate"]
            .clone()
    };
    assert_eq!((mid(&before), mid(&page)), (json!("0.500000"), json!("1.000000")));

    let refused = json!({ "input": { "declarationId": id, "period": "YEAR_END", "entries": [{ "indicatorId": cremation, "text": "1%" }] } });
    let refused = app.run("filer", "RecordActualValues", refused).await;
    assert_eq!(refused.data("actualValuesRecord/results/0/userErrors/0/code"), "WRONG_STATE");
    app.healthy().await;
    let list = format!(
        "{{ node(id: {}) {{ ... on Declaration {{ adjustments(last: 1) {{ totalCount edges {{ node {{ status approvalNumber }} }} }} }} }} }}",
        json!(id)
    );
    let list = app.query("auditor", &list, json!({})).await;
    assert_eq!(
        list.data("node/adjustments/edges/0/node"),
        &json!({ "status": "APPROVED", "approvalNumber": "增财调〔2024〕3号" })
    );
    // Whoever had seen the declaration before is told of the adjustment.
    let late = app.run("finance", "Return", json!({ "id": id, "revision": before["revision"], "reason": "x" })).await;
    assert!(late.data("declarationReturn/userErrors/0/message").to_string().contains("用户finance"), "{:#}", late.body);
}

#[tokio::test]
async fn a_later_adjustment_keeps_the_opening_value() {
    let (app, id) = TestApp::approved().await;
    let (stations, cremation) = (row(&app, "颐康服务站数量").await, row(&app, "火化率").await);
    let first = open(&app, &id).await;
    let first = approve(&app, &first["adjustment"]["id"]).await;
    let second = json!({ "declarationId": id, "kind": "SUPPLEMENT", "reason": "追加", "legalBasis": "x", "fundSource": "y",
        "items": [{ "budgetLine": "PROJECT_EXPENDITURE", "after": "29567.00" },
            { "budgetLine": "FISCAL_APPROPRIATION", "after": "51480.81" }, { "budgetLine": "OWN_LEVEL_FUNDS", "after": "47135.28" }],
        "targets": [{ "indicatorId": cremation, "annualTarget": "100%" }, { "indicatorId": stations, "annualTarget": "80个" }],
        "expectedRevision": first["declaration"]["revision"] });
    let second = app.edit("filer", "adjustmentOpen", second).await;
    let done = approve(&app, &second["adjustment"]["id"]).await;
    assert_eq!((&done["declaration"]["version"], &done["declaration"]["adjustmentNo"]), (&json!(3), &json!(2)));
    let again = find(&done, &cremation);
    assert_eq!((&again["dropped"], &again["achievement"]["maxScore"]), (&json!(false), &json!("4.54")));
    assert_eq!(find(&done, &stations)["originalTarget"]["text"], "150个");
    app.healthy().await;
}

#[tokio::test]
async fn what_an_adjustment_must_say() {
    let (app, id) = TestApp::approved().await;
    let revision = app.page("filer").await["revision"].clone();
    let opened = app
        .edit(
            "filer",
            "adjustmentOpen",
            json!({ "declarationId": id, "kind": "REALLOCATION", "expectedRevision": revision }),
        )
        .await;
    let adjustment = opened["adjustment"]["id"].clone();
    let second = json!({ "input": { "declarationId": id, "kind": "REDUCTION", "expectedRevision": revision } });
    let second = app.query("filer", &with_input("adjustmentOpen"), second).await;
    assert_eq!(second.user_errors("adjustmentOpen"), ["ALREADY_EXISTS"]);
    let before = app.marks().await;
    let empty = app.query("filer", &step("adjustmentSubmit", ""), json!({ "id": adjustment, "revision": 1 })).await;
    let fields: Vec<Value> = empty
        .data("adjustmentSubmit/userErrors")
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| error["field"][0].clone())
        .collect();
    assert_eq!(json!(fields), json!(["reason", "legalBasis", "fundSource", "items", "targets"]));
    let (stations, long) = (row(&app, "颐康服务站数量").await, "长".repeat(350_000));
    let bad = [
        (json!({ "reason": long }), "TOO_LONG", json!(["reason"])),
        (json!({ "reason": "\u{1}" }), "INVALID_VALUE", json!(["reason"])),
        (json!({ "items": [{ "after": "1.00" }] }), "INVALID_VALUE", json!(["items", "0", "budgetLine"])),
        (
            json!({ "items": [{ "budgetLine": "OTHER_FUNDS", "after": "-1.00" }] }),
            "INVALID_VALUE",
            json!(["items", "0", "after"]),
        ),
        (
            json!({ "targets": [{ "indicatorId": stations, "weight": "0.00" }] }),
            "INVALID_VALUE",
            json!(["targets", "0", "weight"]),
        ),
        (
            json!({ "targets": [{ "indicatorId": stations }, { "indicatorId": stations }] }),
            "INVALID_VALUE",
            json!(["targets", "1", "indicatorId"]),
        ),
        (json!({ "expectedRevision": 5 }), "CONFLICT", json!(["expectedRevision"])),
    ];
    for (mut input, code, field) in bad {
        input["adjustmentId"] = adjustment.clone();
        if input.get("expectedRevision").is_none() {
            input["expectedRevision"] = json!(1);
        }
        let answer = app.query("filer", &with_input("adjustmentUpdate"), json!({ "input": input })).await;
        let error = answer.data("adjustmentUpdate/userErrors/0");
        assert_eq!((&error["code"], &error["field"]), (&json!(code), &field));
    }
    assert_eq!(app.marks().await, before);
    // The wrong kind, a sum that does not balance, and a reading nobody confirmed: all of them block, with their places.
    let wrong = json!({ "adjustmentId": adjustment, "reason": "r", "legalBasis": "l", "fundSource": "f", "expectedRevision": 1,
        "items": [{ "budgetLine": "PROJECT_EXPENDITURE", "after": "29467.00" }],
        "targets": [{ "indicatorId": row(&app, "低保资金社会化发放率").await, "annualTarget": "0.97" }] });
    let wrong = app.edit("filer", "adjustmentUpdate", wrong).await;
    assert_eq!(wrong["adjustment"]["findings"][0]["severity"], "ERROR");
    let blocked = app.query("filer", &step("adjustmentSubmit", ""), json!({ "id": adjustment, "revision": 2 })).await;
    let fields = blocked.data("adjustmentSubmit/userErrors").as_array().expect("errors").clone();
    let fields: Vec<&Value> = fields.iter().map(|error| &error["field"]).collect();
    assert_eq!(
        json!(fields),
        json!([["targets", "0", "annualTarget"], ["adjustments", "0", "items"], ["budget", "fiscalAppropriation"]])
    );
    app.healthy().await;
}

#[tokio::test]
async fn each_step_as_its_role_and_in_its_time() {
    let (mut app, id) = TestApp::approved().await;
    app.add_user(
        "both",
        &[
            (Role::UnitFiler, Some("440118001"), None),
            (Role::DepartmentReviewer, Some("440118001"), None),
            (Role::FinanceReviewer, None, Some("440118")),
        ],
    )
    .await;
    let opened = open(&app, &id).await;
    let adjustment = opened["adjustment"]["id"].clone();
    let before = app.marks().await;
    let steps = [
        ("adjustmentSubmit", "", &["filer", "both"][..]),
        ("adjustmentForward", "", &["department", "both"]),
        ("adjustmentReturn", ", reason: \"x\"", &["department", "finance", "both"]),
        ("adjustmentReject", ", reason: \"x\"", &["finance", "both"]),
        ("adjustmentApprove", APPROVE, &["finance", "both"]),
        ("adjustmentWithdraw", "", &["filer", "both"]),
    ];
    for (field, more, able) in steps {
        for name in ["filer", "department", "finance", "admin", "auditor", "filer2"] {
            let answer = app.query(name, &step(field, more), json!({ "id": adjustment, "revision": 99 })).await;
            let code = answer.body["data"][field]["userErrors"][0]["code"]
                .as_str()
                .map_or_else(|| answer.code().to_owned(), str::to_owned);
            let want = match name {
                _ if able.contains(&name) => "CONFLICT",
                "auditor" | "filer2" => "NOT_FOUND",
                _ => "FORBIDDEN",
            };
            assert_eq!(code, want, "{name} {field}");
        }
        let wrong = app.query("filer", &step(field, more), json!({ "id": id, "revision": 1 })).await;
        assert_eq!(wrong.code(), "INVALID_ID", "{field}");
    }
    let node = format!(
        "{{ node(id: {adjustment}) {{ id }} auditTrail(nodeId: {adjustment}, first: 1) {{ edges {{ cursor }} }} }}"
    );
    assert!(app.query("auditor", &node, json!({})).await.data("node").is_null(), "an auditor sees no draft");
    assert!(app.query("department", &node, json!({})).await.data("node").is_object());
    let trail = format!("{{ auditTrail(nodeId: {}, first: 100) {{ edges {{ node {{ action }} }} }} }}", json!(id));
    for (name, seen) in [("department", true), ("auditor", false)] {
        let trail = app.query(name, &trail, json!({})).await.body.to_string();
        assert_eq!((trail.contains("ADJUSTMENT_OPEN"), trail.contains("DECLARATION_APPROVE")), (seen, true), "{name}");
    }
    assert_eq!(app.marks().await, before);

    // Who files does not review; return and reject need their reason.
    app.act("both", "adjustmentSubmit", "", &adjustment, &json!(1)).await;
    let own = app.query("both", &step("adjustmentForward", ""), json!({ "id": adjustment, "revision": 2 })).await;
    assert_eq!(own.code(), "FORBIDDEN");
    let silent = app
        .query("department", &step("adjustmentReturn", ", reason: \" \""), json!({ "id": adjustment, "revision": 2 }))
        .await;
    assert_eq!(silent.user_errors("adjustmentReturn"), ["REASON_REQUIRED"]);
    let back = app.act("department", "adjustmentReturn", ", reason: \"补充依据\"", &adjustment, &json!(2)).await;
    assert_eq!(back["adjustment"]["status"], "RETURNED");
    app.act("filer", "adjustmentSubmit", "", &adjustment, &json!(3)).await;
    app.act("department", "adjustmentForward", "", &adjustment, &json!(4)).await;
    // After the year nothing is approved any more; what is open may still be rejected.
    app.advance(60 * 24 * 153);
    let late =
        app.query("finance", &step("adjustmentApprove", APPROVE), json!({ "id": adjustment, "revision": 5 })).await;
    assert_eq!(late.user_errors("adjustmentApprove"), ["WINDOW_CLOSED"]);
    let end = app.act("finance", "adjustmentReject", ", reason: \"已过年度\"", &adjustment, &json!(5)).await;
    assert_eq!((&end["adjustment"]["status"], &end["declaration"]["version"]), (&json!("REJECTED"), &json!(1)));
    let after = json!({ "input": { "declarationId": id, "kind": "REDUCTION", "expectedRevision": app.page("filer").await["revision"] } });
    let after = app.query("filer", &with_input("adjustmentOpen"), after).await;
    assert_eq!(after.user_errors("adjustmentOpen"), ["WINDOW_CLOSED"]);
    app.healthy().await;
}

#[tokio::test]
async fn weights_change_by_approval_and_add_up() {
    let (app, id) = TestApp::approved().await;
    let (stations, cremation) = (row(&app, "颐康服务站数量").await, row(&app, "火化率").await);
    let mut input = complete(&app).await;
    let weights = |one: &str, other: &str| json!([{ "indicatorId": stations, "weight": one }, { "indicatorId": cremation, "weight": other }]);
    input["targets"] = weights("6.00", "3.00");
    input["declarationId"] = json!(id);
    input["expectedRevision"] = app.page("filer").await["revision"].clone();
    let opened = app.edit("filer", "adjustmentOpen", input).await;
    let adjustment = opened["adjustment"]["id"].clone();
    let blocked = app.query("filer", &step("adjustmentSubmit", ""), json!({ "id": adjustment, "revision": 1 })).await;
    let error = blocked.data("adjustmentSubmit/userErrors/0");
    assert_eq!((&error["code"], &error["field"]), (&json!("BLOCKED"), &json!(["indicators"])), "{error}");
    let mended = json!({ "adjustmentId": adjustment, "targets": weights("6.00", "3.09"), "expectedRevision": 1 });
    app.edit("filer", "adjustmentUpdate", mended).await;
    let sent = app.act("filer", "adjustmentSubmit", "", &adjustment, &json!(2)).await;
    assert_eq!(sent["adjustment"]["findings"][0]["rule"], "INCOME_DIFFERENCE", "nothing worse: {sent:#}");
    app.act("department", "adjustmentForward", "", &adjustment, &json!(3)).await;
    let done = app.act("finance", "adjustmentApprove", APPROVE, &adjustment, &json!(4)).await;
    let heavier = find(&done, &stations);
    assert_eq!((&heavier["weight"], &heavier["weightOrigin"]), (&json!("6.00"), &json!("STATED")));
    assert_eq!(heavier["achievement"]["maxScore"], "6.00");
    assert_eq!(find(&done, &cremation)["weight"], "3.09");
    app.healthy().await;
}

#[tokio::test]
async fn late_and_after_the_self_evaluation() {
    let (app, id) = TestApp::approved().await;
    app.advance(60 * 24 * 62);
    let opened = open(&app, &id).await;
    assert_eq!(opened["adjustment"]["findings"][0]["rule"], "LATE_ADJUSTMENT", "{opened:#}");
    assert_eq!(opened["adjustment"]["findings"][0]["severity"], "WARNING");
    let adjustment = opened["adjustment"]["id"].clone();
    let begun = json!({ "input": { "declarationId": id, "period": "YEAR_END", "entries": [{ "indicatorId": row(&app, "火化率").await, "text": "100%" }] } });
    app.run("filer", "RecordActualValues", begun).await;
    let blocked = app.query("filer", &step("adjustmentSubmit", ""), json!({ "id": adjustment, "revision": 1 })).await;
    assert_eq!(blocked.user_errors("adjustmentSubmit"), ["WINDOW_CLOSED"]);
    let gone = app.act("filer", "adjustmentWithdraw", "", &adjustment, &json!(1)).await;
    assert_eq!(gone["adjustment"]["status"], "WITHDRAWN");
    app.healthy().await;
}

/// Takes the self-evaluation to ACCEPTED: every target met as it is written.
async fn evaluate(app: &TestApp, id: &str) {
    let page = app.page("filer").await;
    let entry = |row: &Value| {
        let mut entry = json!({ "indicatorId": row["id"], "text": row["annualTarget"]["text"] });
        if row["annualTarget"]["kind"] == "STATEMENT" {
            entry["level"] = json!("FULL");
            entry["score"] = json!("4.50");
        }
        entry
    };
    let entries: Vec<Value> = indicators(&page).iter().map(entry).collect();
    let input = json!({ "input": { "declarationId": id, "period": "YEAR_END", "entries": entries, "execution": { "executed": "51480.81" } } });
    let answer = app.run("filer", "RecordActualValues", input).await;
    assert_eq!(answer.user_errors("actualValuesRecord"), Vec::<&str>::new(), "{:#}", answer.body);
    let sheet = app.run("filer", "ReportingSheet", json!({ "declaration": id, "period": "YEAR_END" })).await;
    let report = sheet.data("report/id").clone();
    for (name, operation, field, revision) in [
        ("filer", "SubmitReport", "reportSubmit", 1),
        ("department", "ForwardReport", "reportForward", 2),
        ("finance", "AcceptReport", "reportAccept", 3),
    ] {
        let answer = app.run(name, operation, json!({ "id": report, "revision": revision })).await;
        assert_eq!(answer.user_errors(field), Vec::<&str>::new(), "{:#}", answer.body);
    }
}

#[tokio::test]
async fn the_year_ends_and_the_next_begins() {
    let app = TestApp::new().await;
    let id = app.import().await;
    let node = json!(id);
    let (task, stations) = (app.page("filer").await["keyTasks"][1]["id"].clone(), row(&app, "颐康服务站数量").await);
    let linked =
        json!({ "indicatorId": stations, "keyTaskIds": [task], "accumulation": "CUMULATIVE", "expectedRevision": 1 });
    app.edit("filer", "indicatorUpdate", linked).await;
    app.approve(&id).await;
    let page = app.page("filer").await;
    let early =
        app.query("finance", &step("declarationClose", ""), json!({ "id": id, "revision": page["revision"] })).await;
    assert_eq!(early.user_errors("declarationClose"), ["WRONG_STATE"]);
    evaluate(&app, &id).await;
    for name in ["filer", "department", "admin", "auditor"] {
        let answer =
            app.query(name, &step("declarationClose", ""), json!({ "id": id, "revision": page["revision"] })).await;
        assert_eq!(answer.code(), "FORBIDDEN", "{name}");
    }
    let closed = app.act("finance", "declarationClose", "", &node, &page["revision"]).await;
    assert_eq!(closed["declaration"]["status"], "CLOSED");
    let revision = closed["declaration"]["revision"].clone();
    for name in ["finance", "department", "admin", "auditor"] {
        let answer =
            app.query(name, &step("declarationCarryOver", ""), json!({ "id": id, "revision": revision })).await;
        assert_eq!(answer.code(), "FORBIDDEN", "{name}");
    }
    let next = app.act("filer", "declarationCarryOver", "", &node, &revision).await;
    let next = &next["declaration"];
    assert_eq!((&next["fiscalYear"], &next["status"], &next["version"]), (&json!(2025), &json!("DRAFT"), &json!(0)));
    assert_eq!(next["indicators"].as_array().expect("rows").len(), 14);
    assert_eq!(next["indicators"][0]["achievement"]["status"], "NOT_REPORTED");
    assert_eq!(next["keyTasks"].as_array().expect("tasks").len(), 6);
    let link = &next["keyTasks"][1]["indicators"][0]["id"];
    assert!(link.is_string() && *link != stations, "linked to its own indicator: {link}");
    let copied = next["indicators"].as_array().expect("rows").iter().find(|row| row["id"] == *link).expect("the copy");
    assert_eq!((&copied["name"], &copied["weightOrigin"]), (&json!("颐康服务站数量"), &json!("DERIVED")));
    let kept = format!("{{ node(id: {link}) {{ ... on Indicator {{ accumulation }} }} }}");
    assert_eq!(app.query("filer", &kept, json!({})).await.data("node/accumulation"), "CUMULATIVE");
    assert_eq!(next["budget"], closed["declaration"]["budget"]);
    let before = app.marks().await;
    let again = app.query("filer", &step("declarationCarryOver", ""), json!({ "id": id, "revision": revision })).await;
    assert_eq!(again.user_errors("declarationCarryOver"), ["CONFLICT"]);
    assert_eq!(app.marks().await, before);
    let from =
        format!("{{ node(id: {}) {{ ... on Declaration {{ carriedOverFrom {{ id fiscalYear }} }} }} }}", next["id"]);
    let from = app.query("filer", &from, json!({})).await;
    assert_eq!(from.data("node/carriedOverFrom"), &json!({ "id": id, "fiscalYear": 2024 }));
    app.healthy().await;
}

/// The scheme says by `blank_target` what becomes of a dropped indicator's points: here they stay, and count as 0.
#[tokio::test]
async fn a_scheme_may_keep_the_points_of_what_was_dropped() {
    let app = TestApp::new().await;
    let shipped = jixiao_rules::scheme::shipped()[0].1;
    let scheme = shipped
        .replace("version = \"1\"", "version = \"2\"")
        .replace("blank_target = \"EXCLUDE\"", "blank_target = \"ZERO\"");
    let code = jixiao_rules::scheme::parse(&scheme).expect("a scheme").code;
    let made = format!("mutation {{ schemeCreate(document: {}) {{ userErrors {{ code }} }} }}", json!(scheme));
    assert_eq!(app.query("admin", &made, json!({})).await.user_errors("schemeCreate"), Vec::<&str>::new());
    let assigned = format!(
        "mutation {{ schemeAssign(input: {{ jurisdictionCode: \"440118\", fiscalYear: 2024, schemeCode: \"{code}\", \
         schemeVersion: 2 }}) {{ userErrors {{ code }} }} }}"
    );
    assert_eq!(app.query("admin", &assigned, json!({})).await.user_errors("schemeAssign"), Vec::<&str>::new());
    let id = app.import().await;
    app.approve(&id).await;
    let (stations, cremation) = (row(&app, "颐康服务站数量").await, row(&app, "火化率").await);
    let opened = open(&app, &id).await;
    let after = approve(&app, &opened["adjustment"]["id"]).await;
    assert_eq!(find(&after, &stations)["achievement"]["maxScore"], "4.55", "nobody gets the points");
    let gone = find(&after, &cremation);
    assert_eq!(
        (&gone["achievement"]["status"], &gone["achievement"]["maxScore"]),
        (&json!("NOT_APPLICABLE"), &json!("4.54"))
    );

    // All else met, the total lacks exactly those points.
    let entries: Vec<Value> =
        app.met("YEAR_END").await.into_iter().filter(|entry| entry["indicatorId"] != cremation).collect();
    app.record(&id, "YEAR_END", json!({ "entries": entries, "execution": { "executed": "51380.81" } })).await;
    let page = app.page("filer").await;
    let row = indicators(&page).into_iter().find(|row| row["id"] == cremation).expect("the indicator");
    assert_eq!(
        (&row["achievement"]["status"], &row["achievement"]["score"]),
        (&json!("NOT_APPLICABLE"), &json!("0.00"))
    );
    assert_eq!((&page["result"]["score"], &page["result"]["grade"]), (&json!("95.37"), &json!("EXCELLENT")));
    app.healthy().await;
}
