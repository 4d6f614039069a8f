//! A whole year of three departments in two jurisdictions, over GraphQL only, on a clock that is set: every step by who
//! may, and before it by everybody who may not. `stage` holds how a step is taken, this file what happens.

mod stage;

use serde_json::{Value, json};

use self::stage::{Mode, Stage};
use crate::harness::filing::{step, with_input};
use crate::harness::reporting::{errors, row};
use crate::harness::upload::pdf;
use crate::harness::{FORM, HERE, OTHER, Unit, contract, indicators};

/// Of another jurisdiction; its declaration is made by hand, and its mid-year report comes late.
const THERE: Unit = Unit { code: OTHER, filer: "filer2", reviewer: "reviewer2", finance: "finance2" };
/// Beside the first; it misses the window.
const BESIDE: Unit = Unit { code: "440118002", filer: "filer3", reviewer: "reviewer3", finance: "finance" };

#[tokio::test]
async fn a_year_of_three_departments() {
    let mut stage = Stage::new().await;
    let windows = autumn(&mut stage).await;
    let here = draft_by_import(&mut stage).await;
    let there = draft_by_hand(&mut stage).await;
    let beside = approved_beside(&mut stage).await;
    stage.app.today("2024-05-20");
    adjustment(&mut stage, &here).await;
    mid_year_with_a_red_light(&mut stage, &here).await;
    late_filing(&mut stage, &there, &beside, &windows).await;
    stage.app.today("2025-01-10");
    year_end(&mut stage, &here).await;
    for (unit, id, executed) in [(&THERE, &there, "150.00"), (&BESIDE, &beside, "51480.81")] {
        let entries = stage.entries(unit, "YEAR_END").await;
        stage.record(unit, id, "YEAR_END", json!({ "entries": entries, "execution": { "executed": executed } })).await;
        stage.report_step(unit, id, "YEAR_END", "SubmitReport").await;
        stage.report_step(unit, id, "YEAR_END", "ForwardReport").await;
        stage.report_step(unit, id, "YEAR_END", "AcceptReport").await;
    }
    for (unit, id) in [(&HERE, &here), (&THERE, &there), (&BESIDE, &beside)] {
        publication(&mut stage, unit, id).await;
    }
    spot_check(&mut stage, &here).await;
    let correct = json!({ "expectedRevision": 2, "reason": "抽查后更正" });
    publish(&mut stage, &HERE, &here, "publicationCorrect", correct).await;
    let public = stage.public(&HERE).await;
    assert_eq!((&public["status"], &public["snapshots"].as_array().map(Vec::len)), (&json!("CORRECTED"), &Some(2)));
    stage.app.today("2025-03-20");
    close_and_carry_over(&mut stage, &here).await;
    stage.declaration_step(&THERE, &there, "declarationClose", "").await;
    curtain(&stage, &[(&HERE, &here), (&THERE, &there), (&BESIDE, &beside)]).await;
}

/// Places, people and windows, all by the administrator.
async fn autumn(stage: &mut Stage) -> Value {
    stage.app.today("2023-11-06");
    let new = json!({ "code": BESIDE.code, "name": "广州市增城区农业农村局", "jurisdictionCode": "440118" });
    let document =
        "mutation($input: DepartmentCreateInput!) { departmentCreate(input: $input) { userErrors { code field } } }";
    stage.administer("departmentCreate", document, new).await;
    stage.people().await;
    let document = "mutation($input: ReportingWindowSetInput!) { reportingWindowSet(input: $input) { window { id revision } userErrors { code field } } }";
    let mid = json!({ "jurisdictionCode": "440100", "fiscalYear": 2024, "period": "MID_YEAR", "months": 7,
        "opensOn": "2024-08-01", "dueOn": "2024-08-20", "closesOn": "2024-08-31" });
    let end = json!({ "jurisdictionCode": "440000", "fiscalYear": 2024, "period": "YEAR_END", "months": 12,
        "opensOn": "2025-01-01", "dueOn": "2025-02-10", "closesOn": "2025-02-28" });
    let made = stage.administer("reportingWindowSet", document, mid).await;
    stage.administer("reportingWindowSet", document, end).await;
    made["window"].clone()
}

/// The real form: returned once by the department, completed, and approved.
async fn draft_by_import(stage: &mut Stage) -> String {
    let input = json!({ "departmentCode": HERE.code, "fiscalYear": 2024, "text": FORM });
    let variables = json!({ "input": input });
    let made = stage
        .step(&HERE, HERE.filer, Mode::Seen, "declarationImport", &contract::document("ImportForm"), variables)
        .await;
    let id = made["declaration"]["id"].as_str().expect("an id").to_owned();
    let early = stage.app.query("filer", &step("declarationSubmit", ""), json!({ "id": id, "revision": 1 })).await;
    assert_eq!(early.user_errors("declarationSubmit")[0], "BLOCKED", "unread and missing targets: {:#}", early.body);
    stage.complete(&HERE).await;
    stage.declaration_step(&HERE, &id, "declarationSubmit", "").await;
    let back = stage.declaration_step(&HERE, &id, "declarationReturn", ", reason: \"总体目标请写明人数\"").await;
    assert_eq!(back["declaration"]["status"], "RETURNED");
    let goal = json!({ "declarationId": id, "overallGoal": "保障困难群众基本生活，惠及两万人" });
    stage.edit(&HERE, "declarationUpdate", goal).await;
    stage.declaration_step(&HERE, &id, "declarationSubmit", "").await;
    approve(stage, &HERE, &id).await;
    id
}

async fn approve(stage: &mut Stage, unit: &Unit, id: &str) {
    stage.declaration_step(unit, id, "declarationForward", ", opinion: \"同意上报\"").await;
    stage.declaration_step(unit, id, "declarationAccept", ", grade: GOOD").await;
    let approval = ", approvalNumber: \"财绩〔2024〕1号\", approvedOn: \"2024-02-08\"";
    let done = stage.declaration_step(unit, id, "declarationApprove", approval).await;
    assert_eq!((&done["declaration"]["status"], &done["declaration"]["version"]), (&json!("APPROVED"), &json!(1)));
}

/// Made from nothing, row by row.
async fn draft_by_hand(stage: &mut Stage) -> String {
    let variables = json!({ "input": { "departmentCode": OTHER, "fiscalYear": 2024 } });
    let made = stage
        .step(&THERE, THERE.filer, Mode::Seen, "declarationCreate", &with_input("declarationCreate"), variables)
        .await;
    let id = made["declaration"]["id"].as_str().expect("an id").to_owned();
    let budget = json!({ "basicExpenditure": "100.00", "projectExpenditure": "50.00", "fiscalAppropriation": "150.00", "ownLevelFunds": "150.00" });
    let head =
        json!({ "declarationId": id, "overallGoal": "保障基本民生", "publiclyFundedStaffCount": 12, "budget": budget });
    stage.edit(&THERE, "declarationUpdate", head).await;
    let task = json!({ "declarationId": id, "name": "养老服务", "plannedFunding": "40.00" });
    let task = stage.edit(&THERE, "keyTaskAdd", task).await["declaration"]["keyTasks"][0]["id"].clone();
    let rows = [
        ("产出指标", "数量指标", "服务站数量", "≥25个"),
        ("效益指标", "社会效益指标", "覆盖率", "≥90%"),
        ("满意度指标", "服务对象满意度指标", "服务对象满意度", "≥85%"),
    ];
    let mut last = Value::Null;
    for (level1, level2, name, target) in rows {
        let input = json!({ "declarationId": id, "level1Label": level1, "level2Label": level2, "name": name, "annualTarget": target, "keyTaskIds": [task] });
        last = stage.edit(&THERE, "indicatorAdd", input).await;
    }
    let stations = last["declaration"]["indicators"][0]["id"].clone();
    stage.edit(&THERE, "indicatorUpdate", json!({ "indicatorId": stations, "annualTarget": "≥20个" })).await;
    stage.declaration_step(&THERE, &id, "declarationSubmit", "").await;
    approve(stage, &THERE, &id).await;
    id
}

async fn approved_beside(stage: &mut Stage) -> String {
    let text = FORM.replace("广州市增城区民政局", "广州市增城区农业农村局");
    let variables = json!({ "input": { "departmentCode": BESIDE.code, "fiscalYear": 2024, "text": text } });
    let document = contract::document("ImportForm");
    let made = stage.step(&BESIDE, BESIDE.filer, Mode::Seen, "declarationImport", &document, variables).await;
    let id = made["declaration"]["id"].as_str().expect("an id").to_owned();
    stage.complete(&BESIDE).await;
    stage.declaration_step(&BESIDE, &id, "declarationSubmit", "").await;
    approve(stage, &BESIDE, &id).await;
    id
}

/// A reduction in spring halves one target; the first target stays beside it.
async fn adjustment(stage: &mut Stage, id: &str) {
    let page = stage.app.page("filer").await;
    let stations = indicators(&page).into_iter().find(|row| row["name"] == "颐康服务站数量").expect("the row");
    let open = json!({ "declarationId": id, "kind": "REDUCTION", "reason": "政策调整", "legalBasis": "增财〔2024〕9号",
        "fundSource": "财政拨款", "targets": [{ "indicatorId": stations["id"], "annualTarget": "75个" }],
        "items": [
            { "budgetLine": "PROJECT_EXPENDITURE", "after": "29467.00" },
            { "budgetLine": "FISCAL_APPROPRIATION", "after": "51380.81" },
            { "budgetLine": "OWN_LEVEL_FUNDS", "after": "47035.28" },
            { "keyTaskId": page["keyTasks"][0]["id"], "after": "198106300.00", "unit": "YUAN" },
        ] });
    let opened = stage.edit(&HERE, "adjustmentOpen", open).await;
    let adjustment = opened["adjustment"]["id"].clone();
    let approval = ", approvalNumber: \"增财调〔2024〕3号\", approvedOn: \"2024-05-30\"";
    let mut done = Value::Null;
    for (revision, field, more) in
        [(1, "adjustmentSubmit", ""), (2, "adjustmentForward", ""), (3, "adjustmentApprove", approval)]
    {
        let (who, mode) = match field {
            "adjustmentSubmit" => (HERE.filer, Mode::Draft),
            "adjustmentForward" => (HERE.reviewer, Mode::Seen),
            _ => (HERE.finance, Mode::Seen),
        };
        let variables = json!({ "id": adjustment, "revision": revision });
        done = stage.step(&HERE, who, mode, field, &step(field, more), variables).await;
    }
    assert_eq!((&done["declaration"]["version"], &done["declaration"]["adjustmentNo"]), (&json!(2), &json!(1)));
    let rows = done["declaration"]["indicators"].as_array().expect("rows");
    let halved = rows.iter().find(|row| row["id"] == stations["id"]).expect("the row");
    assert_eq!((&halved["annualTarget"]["text"], &halved["originalTarget"]["text"]), (&json!("75个"), &json!("150个")));
}

/// The service stations are far behind: a cause is asked for, then a rectification that is answered and verified.
async fn mid_year_with_a_red_light(stage: &mut Stage, id: &str) {
    stage.app.today("2024-08-05");
    let mut entries = stage.entries(&HERE, "MID_YEAR").await;
    let sheet = stage.app.report("filer", id, "MID_YEAR").await;
    let (at, stations) = row(&sheet, "颐康服务站数量");
    let stations = stations["indicator"]["id"].clone();
    entries[at]["text"] = json!("20个");
    entries[at]["deviations"] = json!([]);
    let execution = json!({ "executed": "30000.00", "forecast": "51380.81" });
    stage.record(&HERE, id, "MID_YEAR", json!({ "entries": entries, "execution": execution })).await;
    let report = stage.app.report("filer", id, "MID_YEAR").await;
    assert_eq!(report["rows"][at]["achievement"]["light"], "RED");
    let blocked = stage.app.step("filer", id, "MID_YEAR", "SubmitReport").await;
    assert_eq!(errors(&blocked, "reportSubmit"), [format!("BLOCKED rows.{at}.current.deviations")]);
    let cause = json!([{ "indicatorId": stations, "deviations": [{ "category": "FUNDING", "text": "资金到位较晚" }] }]);
    stage.record(&HERE, id, "MID_YEAR", json!({ "entries": cause })).await;
    stage.report_step(&HERE, id, "MID_YEAR", "SubmitReport").await;
    stage.report_step(&HERE, id, "MID_YEAR", "ForwardReport").await;

    let report = stage.app.report("finance", id, "MID_YEAR").await;
    let input = json!({ "reportId": report["id"], "expectedRevision": report["revision"], "indicatorId": stations,
        "request": "红灯指标，请限期整改", "dueOn": "2024-09-10" });
    let document = "mutation($input: RectificationRequestInput!) { rectificationRequest(input: $input) { rectification { id status } userErrors { code field } } }";
    let made =
        stage.step(&HERE, HERE.finance, Mode::Seen, "rectificationRequest", document, json!({ "input": input })).await;
    stage.report_step(&HERE, id, "MID_YEAR", "AcceptReport").await;
    for (field, argument, who) in
        [("rectificationRespond", "response", HERE.filer), ("rectificationVerify", "conclusion", HERE.finance)]
    {
        let revision = stage.app.report("finance", id, "MID_YEAR").await["revision"].clone();
        let document = format!(
            "mutation($id: ID!, $revision: Int!) {{ {field}(id: $id, expectedRevision: $revision, {argument}: \"已补建三十处\") {{ rectification {{ status }} userErrors {{ code field }} }} }}"
        );
        let variables = json!({ "id": made["rectification"]["id"], "revision": revision });
        let done = stage.step(&HERE, who, Mode::Seen, field, &document, variables).await;
        let status = if field.ends_with("Verify") { "VERIFIED" } else { "RESPONDED" };
        assert_eq!(done["rectification"]["status"], status);
    }
}

/// One department files after the due day; the other after the close, when the window was extended for it.
async fn late_filing(stage: &mut Stage, there: &str, beside: &str, window: &Value) {
    for (unit, id, day, executed) in
        [(&THERE, there, "2024-08-25", "90.00"), (&BESIDE, beside, "2024-09-03", "30000.00")]
    {
        stage.app.today(day);
        let entries = stage.entries(unit, "MID_YEAR").await;
        let input = json!({ "entries": entries, "execution": { "executed": executed, "forecast": executed } });
        if unit.code == BESIDE.code {
            let whole = json!({ "declarationId": id, "period": "MID_YEAR", "entries": entries });
            let closed = stage.app.run(unit.filer, "RecordActualValues", json!({ "input": whole })).await;
            assert_eq!(errors(&closed, "actualValuesRecord"), ["WINDOW_CLOSED period"]);
            let document = "mutation($input: ReportingWindowExtendInput!) { reportingWindowExtend(input: $input) { window { closesOn } userErrors { code field } } }";
            let more = json!({ "windowId": window["id"], "closesOn": "2024-09-10", "reason": "台风影响", "expectedRevision": 1 });
            stage.administer("reportingWindowExtend", document, more).await;
        }
        stage.record(unit, id, "MID_YEAR", input).await;
        stage.report_step(unit, id, "MID_YEAR", "SubmitReport").await;
        let late = "query($id: ID!) { report(declarationId: $id, period: MID_YEAR) { late lateDays dueOn } }";
        let late = stage.app.query(unit.finance, late, json!({ "id": id })).await;
        let days = if unit.code == THERE.code { 5 } else { 14 };
        assert_eq!(late.data("report"), &json!({ "late": true, "lateDays": days, "dueOn": "2024-08-20" }));
        stage.report_step(unit, id, "MID_YEAR", "ForwardReport").await;
        stage.report_step(unit, id, "MID_YEAR", "AcceptReport").await;
    }
}

/// A score of the filer's own with its reason, a file for it, and finance's score beside it.
async fn year_end(stage: &mut Stage, id: &str) {
    let mut entries = stage.entries(&HERE, "YEAR_END").await;
    let sheet = stage.app.report("filer", id, "YEAR_END").await;
    let (at, beds) = row(&sheet, "家庭养老床位建设数量");
    let beds = beds["indicator"]["id"].clone();
    entries[at]["score"] = json!("4.00");
    entries[at]["scoreReason"] = json!("部分床位尚未验收");
    let input =
        json!({ "entries": entries, "execution": { "executed": "51380.81" }, "summary": { "conclusion": "总体良好" } });
    stage.record(&HERE, id, "YEAR_END", input).await;
    let report = stage.app.report("filer", id, "YEAR_END").await["id"].clone();
    stage.add_evidence(&HERE, json!({ "reportId": report, "indicatorId": beds }), ("验收单.pdf", pdf("beds"))).await;
    stage.report_step(&HERE, id, "YEAR_END", "SubmitReport").await;
    stage.report_step(&HERE, id, "YEAR_END", "ForwardReport").await;
    let report = stage.app.report("finance", id, "YEAR_END").await;
    let rows = json!([{ "indicatorId": beds, "score": "3.50", "opinion": "现场核实不足" }]);
    let input = json!({ "reportId": report["id"], "expectedRevision": report["revision"], "rows": rows });
    let document = contract::document("Review");
    let variables = json!({ "input": input });
    let done = stage.step(&HERE, HERE.finance, Mode::Seen, "reportReview", &document, variables).await;
    let result = &done["report"]["result"];
    let (score, review) =
        (result["score"].as_str().expect("a score"), result["reviewScore"].as_str().expect("a score"));
    let points = |text: &str| text.parse::<rust_decimal::Decimal>().expect("points");
    assert_eq!((points(score) - points(review)).to_string(), "0.50", "finance's stands beside the filer's");
    stage.report_step(&HERE, id, "YEAR_END", "AcceptReport").await;
    let report = stage.app.report("auditor", id, "YEAR_END").await;
    let made = &report["rows"][at];
    assert_eq!(
        (&made["achievement"]["score"], &made["review"]["score"], &report["result"]["grade"]),
        (&json!("4.00"), &json!("3.50"), &json!("EXCELLENT"))
    );
}

/// The filer states the quality of the data, the department publishes, and everybody reads.
async fn publication(stage: &mut Stage, unit: &Unit, id: &str) {
    assert!(stage.public(unit).await.is_null(), "nothing of it is public before");
    let rows = indicators(&stage.app.page_of(unit.filer, unit.code).await);
    let stated = |row: &Value| json!({ "indicatorId": row["id"], "source": "业务台账", "method": "按月汇总" });
    let statements: Vec<Value> = rows.iter().map(stated).collect();
    let input = json!({ "declarationId": id, "expectedRevision": 0, "statements": statements });
    let document = with_only("publicationState");
    stage.step(unit, unit.filer, Mode::Seen, "publicationState", &document, json!({ "input": input })).await;
    publish(stage, unit, id, "publicationPublish", json!({ "expectedRevision": 1 })).await;
    let public = stage.public(unit).await;
    assert_eq!((&public["status"], public["department"]["code"].as_str()), (&json!("PUBLISHED"), Some(unit.code)));
    assert_eq!(public["content"]["indicators"].as_array().map(Vec::len), Some(rows.len()));
}

async fn publish(stage: &mut Stage, unit: &Unit, id: &str, field: &str, mut input: Value) {
    let version = stage.app.page_of(unit.filer, unit.code).await["version"].clone();
    (input["declarationId"], input["kind"], input["version"]) = (json!(id), json!("RESULTS"), version);
    let document = with_only(field);
    stage.step(unit, unit.reviewer, Mode::Seen, field, &document, json!({ "input": input })).await;
}

/// A mutation of one input, of which only the errors are asked for.
fn with_only(field: &str) -> String {
    let (first, rest) = field.split_at(1);
    let kind = format!("{}{rest}Input", first.to_uppercase());
    format!("mutation($input: {kind}!) {{ {field}(input: $input) {{ userErrors {{ code field }} }} }}")
}

/// By another reviewer than who accepted the targets.
async fn spot_check(stage: &mut Stage, id: &str) {
    let report = stage.app.report("finance", id, "YEAR_END").await;
    let beds = row(&report, "家庭养老床位建设数量").1["indicator"]["id"].clone();
    let input = json!({ "reportId": report["id"], "expectedRevision": report["revision"],
        "rows": [{ "indicatorId": beds, "score": "3.00", "opinion": "抽查只见四百张" }] });
    let document = "mutation($input: ReportSpotCheckInput!) { reportSpotCheck(input: $input) { report { spotChecked } userErrors { code field } } }";
    let variables = json!({ "input": input });
    let done = stage.step(&HERE, "inspector", Mode::Seen, "reportSpotCheck", document, variables).await;
    assert_eq!(done["report"]["spotChecked"], true);
}

async fn close_and_carry_over(stage: &mut Stage, id: &str) {
    let closed = stage.declaration_step(&HERE, id, "declarationClose", "").await;
    assert_eq!(closed["declaration"]["status"], "CLOSED");
    let variables = json!({ "id": id, "revision": closed["declaration"]["revision"] });
    let document = step("declarationCarryOver", "");
    let next = stage.step(&HERE, HERE.filer, Mode::Seen, "declarationCarryOver", &document, variables).await;
    let next = &next["declaration"];
    assert_eq!((&next["fiscalYear"], &next["status"], &next["version"]), (&json!(2025), &json!("DRAFT"), &json!(0)));
    assert_eq!(next["budget"]["fiscalAppropriation"], "51380.81", "as adjusted");
    stage.carried_over(next["id"].as_str().expect("an id")).await;
}

/// Nothing differs from a recomputation, the chain is whole, and every step has its entry, by who took it.
async fn curtain(stage: &Stage, declarations: &[(&Unit, &String)]) {
    stage.app.healthy().await;
    let mut logged = 0;
    for (unit, id) in declarations {
        let told = stage.trail(id).await;
        assert_eq!(told, stage.log_of(unit), "{}", unit.code);
        logged += told.len();
    }
    let verified = stage.app.query("auditor", "{ auditLogVerification { intact entries } }", json!({})).await;
    assert_eq!(verified.data("auditLogVerification/intact"), true);
    let outstanding = stage.app.run("filer", "Outstanding", json!({})).await;
    assert_eq!(outstanding.data("myOutstanding"), &json!([]));
    crate::cases::pack::verified(&stage.app, &[(None, 10)]).await;
    assert!(logged > 60, "{logged}");
    println!("{logged} steps of three departments, {} acts refused", stage.refused());
}
