//! A good request for every mutation, as who may send it, and a service in whose state each of them is at its place: so
//! that a refusal is for the argument that was made bad, and for nothing else.

use serde_json::{Value, json};

use crate::harness::upload::pdf;
use crate::harness::{DEPARTMENT, PASSWORD, TestApp};

/// A request that would be done.
pub(super) struct Good {
    pub(super) field: &'static str,
    pub(super) who: &'static str,
    pub(super) arguments: Value,
    pub(super) file: Option<(&'static str, Vec<u8>)>,
}

/// A declaration of a year made by hand, taken as far as it says: 1 is submitted, 2 forwarded, 3 accepted, 4 approved.
async fn declared(app: &TestApp, year: i32, steps: usize) -> Value {
    let made =
        app.edit("filer", "declarationCreate", json!({ "departmentCode": DEPARTMENT, "fiscalYear": year })).await;
    let id = made["declaration"]["id"].clone();
    let budget = json!({ "basicExpenditure": "100.00", "projectExpenditure": "50.00", "fiscalAppropriation": "150.00", "ownLevelFunds": "150.00" });
    let head = json!({ "declarationId": id, "expectedRevision": 1, "overallGoal": "保障民生", "budget": budget });
    app.edit("filer", "declarationUpdate", head).await;
    let task = json!({ "declarationId": id, "name": "养老服务", "plannedFunding": "40.00", "expectedRevision": 2 });
    let mut last = app.edit("filer", "keyTaskAdd", task).await;
    let task = last["declaration"]["keyTasks"][0]["id"].clone();
    for (level1, level2, name, target) in [
        ("产出指标", "数量指标", "服务站数量", "≥20个"),
        ("效益指标", "社会效益指标", "覆盖率", "≥90%"),
        ("满意度指标", "服务对象满意度指标", "服务对象满意度", "≥85%"),
    ] {
        let row = json!({ "declarationId": id, "level1Label": level1, "level2Label": level2, "name": name,
            "annualTarget": target, "keyTaskIds": [task], "expectedRevision": last["declaration"]["revision"] });
        last = app.edit("filer", "indicatorAdd", row).await;
    }
    let approval = format!(", approvalNumber: \"文号\", approvedOn: \"{year}-02-08\"");
    for (who, field, more) in [
        ("filer", "declarationSubmit", ""),
        ("department", "declarationForward", ""),
        ("finance", "declarationAccept", ", grade: GOOD"),
        ("finance", "declarationApprove", &approval),
    ]
    .into_iter()
    .take(steps)
    {
        last = app.act(who, field, more, &id, &last["declaration"]["revision"]).await;
    }
    last["declaration"].clone()
}

/// An adjustment of an approved declaration: 1 is submitted, 2 forwarded.
async fn adjusted(app: &TestApp, declaration: &Value, steps: usize) -> Value {
    let target = json!({ "indicatorId": declaration["indicators"][0]["id"], "annualTarget": "≥10个" });
    let items = json!([{ "budgetLine": "PROJECT_EXPENDITURE", "after": "40.00" }, { "budgetLine": "FISCAL_APPROPRIATION", "after": "140.00" },
        { "budgetLine": "OWN_LEVEL_FUNDS", "after": "140.00" }, { "keyTaskId": declaration["keyTasks"][0]["id"], "after": "30.00" }]);
    let open = json!({ "declarationId": declaration["id"], "kind": "REDUCTION", "reason": "调整", "legalBasis": "文", "fundSource": "财政",
        "items": items, "targets": [target], "expectedRevision": declaration["revision"] });
    let mut last = app.edit("filer", "adjustmentOpen", open).await;
    for (who, field) in [("filer", "adjustmentSubmit"), ("department", "adjustmentForward")].into_iter().take(steps) {
        let (id, revision) = (last["adjustment"]["id"].clone(), last["adjustment"]["revision"].clone());
        last = app.act(who, field, "", &id, &revision).await;
    }
    last["adjustment"].clone()
}

/// A year-end report: 0 is recorded, 1 submitted, 2 forwarded, 3 accepted.
async fn reported(app: &TestApp, declaration: &Value, steps: usize) -> Value {
    let id = declaration["id"].as_str().expect("an id");
    let rows = declaration["indicators"].as_array().expect("rows").iter().zip(["20个", "90%", "85%"]);
    let entries: Vec<Value> = rows.map(|(row, text)| json!({ "indicatorId": row["id"], "text": text })).collect();
    app.record(id, "YEAR_END", json!({ "entries": entries, "execution": { "executed": "150.00" } })).await;
    for (who, operation, field) in [
        ("filer", "SubmitReport", "reportSubmit"),
        ("department", "ForwardReport", "reportForward"),
        ("finance", "AcceptReport", "reportAccept"),
    ]
    .into_iter()
    .take(steps)
    {
        let done = app.step(who, id, "YEAR_END", operation).await;
        assert_eq!(done.user_errors(field), Vec::<&str>::new(), "{:#}", done.body);
    }
    app.report("finance", id, "YEAR_END").await
}

/// A rectification asked for on a report; answered when it says so. With the report's revision.
async fn asked(app: &TestApp, declaration: &Value, report: &Value, answered: bool) -> (Value, Value) {
    let input = json!({ "reportId": report["id"], "expectedRevision": report["revision"], "request": "请整改", "dueOn": "2024-09-01" });
    let made = app.mutate("finance", "rectificationRequest", "RectificationRequestInput", input).await;
    let one = made.data("rectificationRequest/rectification/id").clone();
    let revision = async || {
        app.report("finance", declaration["id"].as_str().expect("an id"), "YEAR_END").await["revision"].clone()
    };
    if answered {
        let respond = "mutation($id: ID!, $revision: Int!) { rectificationRespond(id: $id, expectedRevision: $revision, response: \"已改\") { userErrors { code } } }";
        let done = app.query("filer", respond, json!({ "id": one, "revision": revision().await })).await;
        assert_eq!(done.user_errors("rectificationRespond"), Vec::<&str>::new());
    }
    (one, revision().await)
}

fn input(field: &'static str, who: &'static str, arguments: Value) -> Good {
    Good { field, who, arguments: json!({ "input": arguments }), file: None }
}

fn plain(field: &'static str, who: &'static str, arguments: Value) -> Good {
    Good { field, who, arguments, file: None }
}

/// A step: the id and the revision, and what else it takes.
fn step(field: &'static str, who: &'static str, of: (&Value, &Value), more: Value) -> Good {
    let mut arguments = more;
    (arguments["id"], arguments["expectedRevision"]) = (of.0.clone(), of.1.clone());
    plain(field, who, arguments)
}

/// Everything, one for each mutation.
pub(super) async fn requests(app: &TestApp) -> Vec<Good> {
    let mut all = administration(app).await;
    all.extend(drafts(app).await);
    all.extend(adjustments(app).await);
    all.extend(reports(app).await);
    all.extend(publications(app).await);
    all.extend(batches(app).await);
    all.extend(findings(app).await);
    all
}

async fn administration(app: &TestApp) -> Vec<Good> {
    let list = "{ users(first: 100) { edges { node { id username grants { id } } } } }";
    let answer = app.query("admin", list, json!({})).await;
    let edges = answer.data("users/edges").as_array().expect("edges");
    let user = edges.iter().find(|edge| edge["node"]["username"] == "filer2").expect("a user")["node"].clone();
    let set = json!({ "jurisdictionCode": "440106", "fiscalYear": 2024, "period": "MID_YEAR", "months": 7, "opensOn": "2024-08-01",
        "dueOn": "2024-08-10", "closesOn": "2024-08-20" });
    let made = super::super::window::set(app, "admin", set.clone()).await;
    let window = made.data("reportingWindowSet/window/id").clone();
    let name = "新名";
    let mut other = set;
    other["jurisdictionCode"] = json!("440118");
    other["fiscalYear"] = json!(2035);
    vec![
        input("reportingWindowSet", "admin", other),
        input(
            "reportingWindowExtend",
            "admin",
            json!({ "windowId": window, "closesOn": "2024-09-01", "reason": "理由", "expectedRevision": 1 }),
        ),
        input("jurisdictionCreate", "admin", json!({ "code": "440119", "name": name, "parentCode": "440100" })),
        input("jurisdictionUpdate", "admin", json!({ "code": "440118", "name": name })),
        input("departmentCreate", "admin", json!({ "code": "440118009", "name": name, "jurisdictionCode": "440118" })),
        input("departmentUpdate", "admin", json!({ "code": DEPARTMENT, "name": name })),
        plain("schemeCreate", "admin", json!({ "document": "x" })),
        input(
            "schemeAssign",
            "admin",
            json!({ "jurisdictionCode": "440118", "fiscalYear": 2030, "schemeCode": "CN-2020", "schemeVersion": 1 }),
        ),
        input(
            "userCreate",
            "admin",
            json!({ "username": "new", "displayName": name, "password": PASSWORD, "grants": [{ "role": "AUDITOR" }] }),
        ),
        input("userUpdate", "admin", json!({ "userId": user["id"], "displayName": name })),
        plain("userDisable", "admin", json!({ "id": user["id"] })),
        plain("userEnable", "admin", json!({ "id": user["id"] })),
        plain("userPasswordSet", "admin", json!({ "id": user["id"], "password": PASSWORD })),
        plain("passwordChange", "filer", json!({ "currentPassword": PASSWORD, "newPassword": "correct horse" })),
        input("grantAdd", "admin", json!({ "userId": user["id"], "role": "AUDITOR" })),
        plain("grantRemove", "admin", json!({ "id": user["grants"][0]["id"] })),
        plain("signIn", "filer", json!({ "username": "filer", "password": PASSWORD })),
        plain("tokenRefresh", "filer", json!({ "refreshToken": "x" })),
        plain("signOut", "filer", json!({ "refreshToken": "x" })),
    ]
}

async fn drafts(app: &TestApp) -> Vec<Good> {
    let draft = declared(app, 2028, 0).await;
    let (id, revision) = (&draft["id"], &draft["revision"]);
    let (row, task) = (&draft["indicators"][0]["id"], &draft["keyTasks"][0]["id"]);
    let submitted = declared(app, 2029, 1).await;
    let forwarded = declared(app, 2030, 2).await;
    let pending = declared(app, 2031, 3).await;
    let approved = declared(app, 2032, 4).await;
    let of = |one: &Value| (one["id"].clone(), one["revision"].clone());
    let (submitted, forwarded, pending, approved) = (of(&submitted), of(&forwarded), of(&pending), of(&approved));
    let of = |one: &'_ (Value, Value)| (one.0.clone(), one.1.clone());
    let at = |field, who, one: &(Value, Value), more| {
        let one = of(one);
        step(field, who, (&one.0, &one.1), more)
    };
    let mut import = input(
        "declarationImport",
        "filer",
        json!({ "departmentCode": DEPARTMENT, "fiscalYear": 2040, "dryRun": true }),
    );
    import.file = Some(("a.txt", crate::harness::FORM.as_bytes().to_vec()));
    vec![
        import,
        input("declarationCreate", "filer", json!({ "departmentCode": DEPARTMENT, "fiscalYear": 2041 })),
        input("declarationUpdate", "filer", json!({ "declarationId": id, "expectedRevision": revision })),
        input(
            "keyTaskAdd",
            "filer",
            json!({ "declarationId": id, "name": "x", "indicatorIds": [row], "expectedRevision": revision }),
        ),
        input(
            "keyTaskUpdate",
            "filer",
            json!({ "keyTaskId": task, "indicatorIds": [row], "expectedRevision": revision }),
        ),
        step("keyTaskMove", "filer", (task, revision), json!({ "position": 1 })),
        step("keyTaskRemove", "filer", (task, revision), json!({})),
        input(
            "indicatorAdd",
            "filer",
            json!({ "declarationId": id, "level1Label": "产出指标", "name": "x", "keyTaskIds": [task], "expectedRevision": revision }),
        ),
        input(
            "indicatorUpdate",
            "filer",
            json!({ "indicatorId": row, "keyTaskIds": [task], "expectedRevision": revision }),
        ),
        step("indicatorMove", "filer", (row, revision), json!({ "position": 2 })),
        step("indicatorRemove", "filer", (row, revision), json!({})),
        input("targetConfirm", "filer", json!({ "indicatorId": row, "which": "ANNUAL", "expectedRevision": revision })),
        step("declarationSubmit", "filer", (id, revision), json!({})),
        at("declarationForward", "department", &submitted, json!({ "opinion": "同意" })),
        at("declarationReturn", "department", &submitted, json!({ "reason": "x" })),
        at("declarationAccept", "finance", &forwarded, json!({ "grade": "GOOD", "opinion": "同意" })),
        at("declarationReject", "finance", &forwarded, json!({ "reason": "x" })),
        at("declarationApprove", "finance", &pending, json!({ "approvalNumber": "x", "approvedOn": "2031-02-08" })),
        at("declarationClose", "finance", &approved, json!({})),
        at("declarationCarryOver", "filer", &approved, json!({})),
    ]
}

async fn adjustments(app: &TestApp) -> Vec<Good> {
    let plain_one = declared(app, 2033, 4).await;
    let begun = declared(app, 2034, 4).await;
    let submitted = declared(app, 2035, 4).await;
    let forwarded = declared(app, 2036, 4).await;
    let (draft, submitted, forwarded) =
        (adjusted(app, &begun, 0).await, adjusted(app, &submitted, 1).await, adjusted(app, &forwarded, 2).await);
    let at = |field, who, one: &Value, more| step(field, who, (&one["id"], &one["revision"]), more);
    let parts = |one: &Value| {
        json!({ "items": [{ "keyTaskId": one["keyTasks"][0]["id"], "after": "30.00" }],
            "targets": [{ "indicatorId": one["indicators"][0]["id"], "annualTarget": "≥10个" }] })
    };
    let mut open = parts(&plain_one);
    (open["declarationId"], open["kind"], open["expectedRevision"]) =
        (plain_one["id"].clone(), json!("REDUCTION"), plain_one["revision"].clone());
    let mut update = parts(&begun);
    (update["adjustmentId"], update["expectedRevision"]) = (draft["id"].clone(), draft["revision"].clone());
    vec![
        input("adjustmentOpen", "filer", open),
        input("adjustmentUpdate", "filer", update),
        at("adjustmentSubmit", "filer", &draft, json!({})),
        at("adjustmentWithdraw", "filer", &draft, json!({})),
        at("adjustmentForward", "department", &submitted, json!({ "opinion": "同意" })),
        at("adjustmentReturn", "department", &submitted, json!({ "reason": "x" })),
        at("adjustmentReject", "finance", &forwarded, json!({ "reason": "x" })),
        at(
            "adjustmentApprove",
            "finance",
            &forwarded,
            json!({ "approvalNumber": "x", "approvedOn": "2036-06-01", "opinion": "同意" }),
        ),
    ]
}

async fn reports(app: &TestApp) -> Vec<Good> {
    let (open, sent) = (declared(app, 2024, 4).await, declared(app, 2025, 4).await);
    let (review, done) = (declared(app, 2026, 4).await, declared(app, 2027, 4).await);
    let recorded = reported(app, &open, 0).await;
    let row = open["indicators"][0]["id"].clone();
    let file = json!({ "reportId": recorded["id"], "indicatorId": row });
    let added = app.add_evidence("filer", file.clone(), ("a.pdf", pdf("a"))).await;
    let (evidence, revision) =
        (added.data("evidenceAdd/evidence/id").clone(), added.data("evidenceAdd/report/revision").clone());
    let submitted = reported(app, &sent, 1).await;
    let reviewed = reported(app, &review, 2).await;
    let accepted = reported(app, &done, 3).await;
    let (requested, requested_at) = asked(app, &review, &reviewed, false).await;
    let (answered, answered_at) = asked(app, &done, &accepted, true).await;
    let mut add = input("evidenceAdd", "filer", file);
    add.arguments["input"]["expectedRevision"] = revision.clone();
    add.file = Some(("b.pdf", pdf("b")));
    let record = json!({ "declarationId": open["id"], "period": "YEAR_END", "expectedRevision": revision,
        "entries": [{ "indicatorId": row, "deviations": [{ "category": "OTHER", "text": "x" }],
            "unitValues": [{ "unitName": "x", "text": "1%", "funds": "1.00" }] }],
        "execution": { "funds": [{ "source": "OTHER" }] } });
    let rows = |one: &Value| json!([{ "indicatorId": one["indicators"][0]["id"], "opinion": "x" }]);
    let ask = json!({ "reportId": reviewed["id"], "expectedRevision": requested_at, "indicatorId": review["indicators"][0]["id"],
        "request": "x", "dueOn": "2024-09-01" });
    let at = |field, who, id: &Value, revision: &Value, more| step(field, who, (id, revision), more);
    vec![
        input("actualValuesRecord", "filer", record),
        add,
        at("evidenceRemove", "filer", &evidence, &revision, json!({ "reason": "x" })),
        at("reportSubmit", "filer", &recorded["id"], &revision, json!({})),
        at("reportForward", "department", &submitted["id"], &submitted["revision"], json!({})),
        at("reportReturn", "department", &submitted["id"], &submitted["revision"], json!({ "reason": "x" })),
        at("reportAccept", "finance", &reviewed["id"], &requested_at, json!({})),
        input(
            "reportReview",
            "finance",
            json!({ "reportId": reviewed["id"], "expectedRevision": requested_at, "rows": rows(&review) }),
        ),
        input(
            "reportSpotCheck",
            "inspector",
            json!({ "reportId": accepted["id"], "expectedRevision": answered_at, "rows": rows(&done) }),
        ),
        input("rectificationRequest", "finance", ask),
        at("rectificationRespond", "filer", &requested, &requested_at, json!({ "response": "x" })),
        at("rectificationVerify", "finance", &answered, &answered_at, json!({ "conclusion": "x" })),
        at("rectificationReopen", "finance", &answered, &answered_at, json!({ "conclusion": "x" })),
    ]
}

async fn publications(app: &TestApp) -> Vec<Good> {
    let (fresh, published, ended) =
        (declared(app, 2042, 4).await, declared(app, 2043, 4).await, declared(app, 2044, 4).await);
    let targets = |one: &Value, revision: i32| json!({ "declarationId": one["id"], "kind": "TARGETS", "version": 1, "expectedRevision": revision });
    let publish = targets(&published, 0);
    let document =
        "mutation($input: PublicationPublishInput!) { publicationPublish(input: $input) { userErrors { code } } }";
    let done = app.query("department", document, json!({ "input": publish })).await;
    assert_eq!(done.user_errors("publicationPublish"), Vec::<&str>::new(), "{:#}", done.body);
    reported(app, &ended, 3).await;
    let mut correct = targets(&published, 1);
    correct["reason"] = json!("x");
    let withhold = json!({ "declarationId": fresh["id"], "kind": "TARGETS", "expectedRevision": 0, "reason": "x" });
    let statement = json!({ "indicatorId": ended["indicators"][0]["id"], "source": "x", "method": "x" });
    let state = json!({ "declarationId": ended["id"], "expectedRevision": 0, "statements": [statement] });
    vec![
        input("publicationPublish", "department", targets(&fresh, 0)),
        input("publicationCorrect", "department", correct),
        input("publicationWithhold", "department", withhold),
        input("publicationState", "filer", state),
    ]
}

/// What is found in an approved declaration whose report is missed: one is dismissed, another is not.
async fn findings(app: &TestApp) -> Vec<Good> {
    let list = "{ findings(filter: { rules: [\"A17\"] }, first: 2) { edges { node { id } } } }";
    let answer = app.query("auditor", list, json!({})).await;
    let id = |at: usize| answer.data(&format!("findings/edges/{at}/node/id")).clone();
    let input = json!({ "id": id(1), "note": "x" });
    let document = "mutation($input: FindingDismissInput!) { findingDismiss(input: $input) { userErrors { code } } }";
    let done = app.query("auditor", document, json!({ "input": input })).await;
    assert_eq!(done.user_errors("findingDismiss"), Vec::<&str>::new(), "{:#}", done.body);
    let of = |field, at| self::input(field, "auditor", json!({ "id": id(at), "note": "x" }));
    vec![of("findingDismiss", 0), of("findingReopen", 1)]
}

async fn batches(app: &TestApp) -> Vec<Good> {
    let open = declared(app, 2045, 4).await;
    let row = open["indicators"][0]["id"].as_str().expect("an id");
    let values = json!({ "declarationId": open["id"], "period": "YEAR_END", "expectedRevision": 0 });
    let with = |mut good: Good, text: String| {
        good.file = Some(("a.csv", text.into_bytes()));
        good
    };
    vec![
        with(input("actualValuesImport", "filer", values), format!("indicatorId,text\n{row},20个\n")),
        with(
            input("usersImport", "admin", json!({})),
            "username,displayName,role,departmentCode\nsomeone,某人,UNIT_FILER,440118001\n".to_owned(),
        ),
        with(
            input("departmentsImport", "admin", json!({})),
            "code,name,jurisdictionCode\n440118077,某局,440118\n".to_owned(),
        ),
    ]
}
