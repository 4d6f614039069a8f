//! Findings across declarations: planted ones are found, a clean year has none, and auditors dismiss them.

mod dismissal;
mod plan;
mod years;

use jixiao_rules::cycle::Role;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use self::plan::{Made, Plan, approve, clean, draft, mid_year, publish, revision, whole, year_end};
use crate::harness::TestApp;
use crate::harness::filing::step;

const NONE: [String; 0] = [];

/// What `name` finds, all of it, as the service answers it.
async fn all(app: &TestApp, name: &str, filter: Value) -> Vec<Value> {
    let document = "query($filter: FindingFilter) { findings(filter: $filter, first: 100) { totalCount edges { node { id rule severity
        message path period since foundAt compared { name value } indicator { name } declaration { id fiscalYear status }
        dismissal { note by { displayName } at } } } } }";
    let answer = app.query(name, document, json!({ "filter": filter })).await;
    let nodes = answer.data("findings/edges").as_array().expect("edges").iter().map(|edge| edge["node"].clone());
    let nodes: Vec<Value> = nodes.collect();
    assert_eq!(answer.data("findings/totalCount"), nodes.len());
    nodes
}

/// As `RULE SEVERITY path`.
fn brief(found: &Value) -> String {
    let path: Vec<&str> = found["path"].as_array().expect("a path").iter().filter_map(Value::as_str).collect();
    let text = |field: &str| found[field].as_str().expect("a text").to_owned();
    format!("{} {} {}", text("rule"), text("severity"), path.join("."))
}

async fn found(app: &TestApp, filter: Value) -> Vec<String> {
    all(app, "auditor", filter).await.iter().map(brief).collect()
}

/// Those of the rules named.
async fn of(app: &TestApp, rules: &[&str]) -> Vec<String> {
    found(app, json!({ "rules": rules })).await
}

fn compared(found: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let values = found["compared"].as_array().expect("values").iter();
    values.map(|one| (text(&one["name"]), text(&one["value"]))).collect()
}

#[tokio::test]
async fn a_clean_year_has_none() {
    let app = TestApp::new().await;
    let made = whole(&app, &clean(2024)).await;
    let revision = revision(&app, &made).await;
    app.act("finance", "declarationClose", "", &json!(made.id), &revision).await;
    for day in ["2024-03-01", "2025-02-02", "2030-01-01"] {
        app.today(day);
        assert_eq!(found(&app, json!({})).await, NONE, "{day}");
    }
    app.healthy().await;
}

/// A year with as much wrong as goes together.
fn planted() -> Plan {
    let mut plan = clean(2024);
    let due = |text: &str| json!([{ "category": "OTHER", "text": text }]);
    let [stations, share, quick, cost, people, content] = &mut plan.rows[..] else { panic!("six rows") };
    stations.mid = ("5个", json!({ "deviations": due("滞后"), "outlook": "CERTAIN" }));
    stations.end =
        ("19个", json!({ "deviations": due("一处站点延期至次年一月"), "score": "12.50", "scoreReason": "已基本建成" }));
    share.target = "100%";
    (share.mid.0, share.end.0) = ("100%", "100%");
    share.evidence = Some(("2023-06-01".to_owned(), None));
    *quick = plan_row(("产出指标", "质量指标"), "增强社会组织影响力", "100%", ("100%", "100%"));
    quick.evidence = None;
    cost.level.1 = "数量指标";
    cost.evidence = Some((String::new(), Some("6万元")));
    people.mid = ("190人", json!({ "deviations": due("上半年集中开展了服务活动") }));
    people.end = ("180人", json!({ "deviations": due("经核实剔除了重复统计的人数") }));
    content.target = "100%";
    (content.mid.0, content.end) = ("100%", ("100%", json!({})));
    for row in &mut plan.rows {
        row.cycle = Some(row.target);
    }
    plan.links = [Vec::new(), Vec::new()];
    (plan.executed, plan.published) = ("80.00", false);
    plan
}

fn plan_row(
    level: (&'static str, &'static str),
    name: &'static str,
    target: &'static str,
    values: (&'static str, &'static str),
) -> plan::Row {
    let (mid, end) = ((values.0, json!({})), (values.1, json!({})));
    plan::Row { level, name, target, cycle: None, mid, end, evidence: Some((String::new(), None)) }
}

#[tokio::test]
async fn every_planted_fault_is_found() {
    let app = TestApp::new().await;
    let plan = planted();
    let mut august = super::window::august("440118");
    (august["dueOn"], august["closesOn"]) = (json!("2024-08-15"), json!("2024-12-31"));
    app.today("2024-01-05");
    super::window::set(&app, "admin", august).await;
    let made = draft(&app, &plan).await;
    approve(&app, &plan, &made).await;
    mid_year(&app, &plan, &made).await;
    ask_to_rectify(&app, &made).await;
    year_end(&app, &plan, &made).await;
    review(&app, &made, "1.00").await;
    app.healthy().await;

    let nodes = all(&app, "auditor", json!({})).await;
    let told: Vec<String> = nodes.iter().map(brief).filter(|told| told.starts_with('A')).collect();
    let row = |at: usize, field: &str| format!("reports.YEAR_END.rows.{at}.current.{field}");
    let want = [
        format!("A1 ERROR {}", row(0, "score")),
        "A1 ERROR reports.YEAR_END.result.score".to_owned(),
        "A19 ERROR reports.YEAR_END.execution.executed".to_owned(),
        "A2 ERROR reports.YEAR_END.result.reviewScore".to_owned(),
        "A27 ERROR publications.TARGETS".to_owned(),
        "A29 ERROR reports.MID_YEAR.rectifications.0".to_owned(),
        format!("A4 ERROR {}", row(0, "score")),
        format!("A7 ERROR {}", row(3, "evidence")),
        "A15 WARNING indicators.2.annualTarget".to_owned(),
        "A16 WARNING keyTasks".to_owned(),
        "A17 WARNING indicators".to_owned(),
        "A21 WARNING reports.MID_YEAR".to_owned(),
        "A23 WARNING reports.MID_YEAR.rows.0.current.correctiveAction".to_owned(),
        format!("A24 WARNING {}", row(0, "text")),
        format!("A25 WARNING {}", row(4, "text")),
        "A26 WARNING reports.MID_YEAR.rows.0.current.deviations".to_owned(),
        "A3 WARNING reports.YEAR_END.result.score".to_owned(),
        format!("A6 WARNING {}", row(1, "evidence")),
        format!("A6 WARNING {}", row(2, "evidence")),
        "A12 NOTICE indicators".to_owned(),
        "A13 NOTICE indicators".to_owned(),
        format!("A28 NOTICE {}", row(0, "scoreReason")),
        format!("A31 NOTICE {}", row(5, "sampleSize")),
    ];
    let sorted = |mut list: Vec<String>| {
        list.sort();
        list
    };
    assert_eq!(sorted(told), sorted(want.to_vec()));
    let one = |rule: &str| nodes.iter().find(|node| node["rule"] == *rule).expect("found").clone();
    let inflated = nodes.iter().find(|node| brief(node) == want[0]).expect("found");
    assert_eq!(
        compared(inflated),
        [("filedScore", "12.50"), ("recomputedScore", "11.88")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    );
    assert_eq!(
        (&inflated["period"], &inflated["indicator"]["name"], &inflated["declaration"]["id"]),
        (&json!("YEAR_END"), &json!("服务站数量"), &json!(made.id))
    );
    assert_eq!((&one("A17")["period"], &one("A17")["indicator"]), (&Value::Null, &Value::Null));
    assert_eq!(one("A27")["since"], "2024-02-29");
    // The gravest first.
    let gravity = |node: &Value| ["ERROR", "WARNING", "NOTICE"].iter().position(|one| node["severity"] == *one);
    assert!(nodes.iter().map(gravity).is_sorted());
}

/// Finance asks for the first row to be put right by 10 September; nobody answers.
async fn ask_to_rectify(app: &TestApp, made: &Made) {
    let report = app.report("finance", &made.id, "MID_YEAR").await;
    let input = json!({ "reportId": report["id"], "expectedRevision": report["revision"], "indicatorId": made.rows[0],
        "request": "红灯指标，请限期整改", "dueOn": "2024-09-10" });
    let done = app.mutate("finance", "rectificationRequest", "RectificationRequestInput", input).await;
    assert_eq!(done.user_errors("rectificationRequest"), Vec::<&str>::new(), "{:#}", done.body);
}

/// Finance scores the first row.
async fn review(app: &TestApp, made: &Made, score: &str) {
    let report = app.report("finance", &made.id, "YEAR_END").await;
    let rows = json!([{ "indicatorId": made.rows[0], "score": score, "opinion": "现场核实" }]);
    let input = json!({ "reportId": report["id"], "expectedRevision": report["revision"], "rows": rows });
    let done = app.run("finance", "Review", json!({ "input": input })).await;
    assert_eq!(done.user_errors("reportReview"), Vec::<&str>::new(), "{:#}", done.body);
}

#[tokio::test]
async fn everything_perfect_but_the_money_was_not_spent() {
    let app = TestApp::new().await;
    for (executed, want) in
        [("135.00", &NONE[..]), ("134.99", &["A5 WARNING reports.YEAR_END.result.score".to_owned()])]
    {
        let mut plan = clean(if want.is_empty() { 2023 } else { 2024 });
        plan.executed = executed;
        whole(&app, &plan).await;
        assert_eq!(of(&app, &["A5"]).await, want, "{executed}");
    }
    app.healthy().await;
}

/// The real form says of one indicator only that everything be 合格以上.
#[tokio::test]
async fn a_target_that_cannot_be_measured() {
    let (app, _) = TestApp::approved().await;
    let nodes = all(&app, "auditor", json!({ "rules": ["A14"] })).await;
    let told: Vec<_> = nodes.iter().map(|node| (node["indicator"]["name"].clone(), compared(node))).collect();
    let target = ("target".to_owned(), "评估结果均为合格以上".to_owned());
    assert_eq!(told, [(json!("委托第三方机构对服务项目质量评估"), vec![target])]);
}

#[tokio::test]
async fn what_a_filter_lets_through() {
    let app = TestApp::new().await;
    let (first, second) = (draft(&app, &planted()).await, draft(&app, &clean(2025)).await);
    approve(&app, &planted(), &first).await;
    approve(&app, &clean(2025), &second).await;
    app.today("2025-04-01");
    // Reports of 2024 are missed by the default calendar, those of 2025 not yet.
    let missed = |year: i32, day: &str| format!("A22 ERROR reports.{day} {year}");
    let brief_year = |node: &Value| format!("{} {}", brief(node), node["declaration"]["fiscalYear"]);
    let told = |nodes: &[Value]| nodes.iter().map(brief_year).collect::<Vec<_>>();
    let rules = |rules: Value| json!({ "rules": rules });
    let some = all(&app, "auditor", rules(json!(["A22"]))).await;
    let mut found = told(&some);
    found.sort();
    assert_eq!(found, [missed(2024, "MID_YEAR"), missed(2024, "YEAR_END")]);
    for (filter, want) in [
        (json!({ "rules": ["A22"], "period": "YEAR_END" }), 1),
        (json!({ "rules": ["A22"], "severities": ["WARNING", "NOTICE"] }), 0),
        (json!({ "rules": ["A22"], "fiscalYears": [2025] }), 0),
        (json!({ "rules": ["A22"], "declarationIds": [first.id] }), 2),
        (json!({ "rules": ["A22"], "declarationIds": [second.id] }), 0),
        (json!({ "rules": ["A22"], "jurisdictionCode": "440100" }), 2),
        (json!({ "rules": ["A22"], "jurisdictionCode": "440106" }), 0),
        (json!({ "rules": ["A22"], "departmentCodes": ["440118001"] }), 2),
        (json!({ "rules": ["A22"], "departmentCodes": [] }), 0),
        (json!({ "rules": ["A22"], "dismissed": true }), 0),
        (json!({ "rules": ["A22"], "dismissed": false }), 2),
        (json!({ "rules": ["A99"] }), 0),
    ] {
        assert_eq!(all(&app, "auditor", filter.clone()).await.len(), want, "{filter}");
    }
    let wrong =
        app.query("auditor", "{ findings(filter: { declarationIds: [\"x\"] }) { edges { cursor } } }", json!({})).await;
    assert_eq!(wrong.code(), "INVALID_ID");
}

#[tokio::test]
async fn sums_are_a18() {
    let app = TestApp::new().await;
    let made = draft(&app, &clean(2024)).await;
    let budget = json!({ "fiscalAppropriation": "151.00" });
    let edit = json!({ "declarationId": made.id, "budget": budget, "expectedRevision": revision(&app, &made).await });
    app.edit("filer", "declarationUpdate", edit).await;
    let own = all(&app, "filer", json!({ "rules": ["A18"] })).await;
    let told: Vec<String> = own.iter().map(brief).collect();
    assert_eq!(told, ["D2 ERROR budget.fiscalAppropriation", "D3 ERROR budget.ownLevelFunds"]);
    let values = compared(&own[0]);
    assert_eq!((values[0].1.as_str(), values[1].1.as_str()), ("150", "151"));
    assert_eq!(found(&app, json!({ "rules": ["A18"] })).await, NONE, "a draft is no affair of the auditor's");
    app.healthy().await;
}

#[tokio::test]
async fn a_missed_report_follows_the_window() {
    let app = TestApp::new().await;
    let plan = clean(2024);
    let made = draft(&app, &plan).await;
    approve(&app, &plan, &made).await;
    let missed = ["A22 ERROR reports.MID_YEAR".to_owned()];
    let on = async |day: &str| {
        app.today(day);
        of(&app, &["A22"]).await
    };
    assert_eq!(on("2024-08-31").await, NONE);
    assert_eq!(on("2024-09-01").await, missed, "the default calendar");
    app.today("2024-07-01");
    let window = |place: &str, due: &str| {
        let mut window = super::window::august(place);
        (window["dueOn"], window["closesOn"]) = (json!(due), json!("2024-12-31"));
        window
    };
    let far = super::window::set(&app, "admin", window("440100", "2024-08-20")).await;
    assert_eq!(on("2024-08-20").await, NONE);
    assert_eq!(on("2024-08-21").await, missed);
    app.healthy().await;
    app.today("2024-07-01");
    super::window::set(&app, "admin", window("440118", "2024-09-10")).await;
    assert_eq!(on("2024-09-10").await, NONE, "the nearer one holds");
    assert_eq!(on("2024-09-11").await, missed);
    app.healthy().await;
    let more = "mutation($input: ReportingWindowExtendInput!) { reportingWindowExtend(input: $input) { userErrors { code } } }";
    let input = json!({ "windowId": far.data("reportingWindowSet/window/id"), "dueOn": "2024-12-01", "reason": "台风", "expectedRevision": 1 });
    let done = app.query("admin", more, json!({ "input": input })).await;
    assert_eq!(done.user_errors("reportingWindowExtend"), Vec::<&str>::new(), "{:#}", done.body);
    assert_eq!(of(&app, &["A22"]).await, missed, "the farther one moves nothing here");
    app.healthy().await;
    mid_year(&app, &plan, &made).await;
    assert_eq!(on("2024-10-01").await, NONE, "submitted");
    app.healthy().await;
}

#[tokio::test]
async fn targets_cut_and_versions_unpublished() {
    let app = TestApp::new().await;
    let plan = clean(2024);
    let made = draft(&app, &plan).await;
    approve(&app, &plan, &made).await;
    app.today("2024-11-01");
    let target = json!({ "indicatorId": made.rows[0], "annualTarget": "≥10个" });
    let items = json!([{ "budgetLine": "PROJECT_EXPENDITURE", "after": "45.00" }, { "budgetLine": "FISCAL_APPROPRIATION", "after": "145.00" },
        { "budgetLine": "OWN_LEVEL_FUNDS", "after": "145.00" }]);
    let open = json!({ "declarationId": made.id, "kind": "REDUCTION", "reason": "政策调整", "legalBasis": "文", "fundSource": "财政",
        "items": items, "targets": [target], "expectedRevision": revision(&app, &made).await });
    let opened = app.edit("filer", "adjustmentOpen", open).await;
    let id = opened["adjustment"]["id"].clone();
    for (at, (who, field)) in
        [("filer", "adjustmentSubmit"), ("department", "adjustmentForward"), ("finance", "adjustmentApprove")]
            .into_iter()
            .enumerate()
    {
        let more = if at == 2 { ", approvalNumber: \"调1号\", approvedOn: \"2024-11-01\"" } else { "" };
        let done = app.query(who, &step(field, more), json!({ "id": id, "revision": at + 1 })).await;
        assert_eq!(done.user_errors(field), Vec::<&str>::new(), "{:#}", done.body);
    }
    assert_eq!(of(&app, &["A9", "A27", "A8"]).await, ["A9 WARNING adjustments.0.targets.0"]);
    app.today("2024-11-21");
    assert_eq!(of(&app, &["A27"]).await, NONE, "the twentieth day");
    app.today("2024-11-22");
    assert_eq!(of(&app, &["A27"]).await, ["A27 ERROR publications.TARGETS"]);
    app.healthy().await;
    publish(&app, &made, 2, 1).await;
    assert_eq!(of(&app, &["A27"]).await, ["A27 WARNING publications.TARGETS"], "late");
    app.healthy().await;
}

#[tokio::test]
async fn what_was_changed_behind_the_service() {
    let app = TestApp::new().await;
    let plan = clean(2024);
    let made = draft(&app, &plan).await;
    approve(&app, &plan, &made).await;
    // Somebody with the database in hand gives the first indicator less weight.
    app.db
        .read()
        .execute_unprepared("UPDATE indicator SET weight = 1000 WHERE weight = 1250 AND position = 1")
        .await
        .expect("writes");
    let entries = json!([{ "indicatorId": made.rows[4], "text": "120人" }]);
    app.today("2024-08-20");
    app.record(&made.id, "MID_YEAR", json!({ "entries": entries })).await;
    assert_eq!(of(&app, &["A8"]).await, ["A8 ERROR indicators.0.weight"]);
    // It does not go with the next command, which starts from what was changed.
    app.record(&made.id, "MID_YEAR", json!({ "entries": [{ "indicatorId": made.rows[4], "text": "130人" }] })).await;
    assert_eq!(of(&app, &["A8"]).await, ["A8 ERROR indicators.0.weight"]);
    app.healthy().await;
    app.db.read().execute_unprepared("DELETE FROM finding WHERE rule = 'A8'").await.expect("writes");
    let told = jixiao_service::doctor::examine(&app.db, &crate::harness::operator()).await.expect("examines");
    assert_eq!(told.differences.len(), 1, "{:?}", told.differences);
    assert!(told.differences[0].contains("finding A8"), "{:?}", told.differences);
    let again = jixiao_service::finding::refresh(&app.db, &crate::harness::operator()).await.expect("computes");
    assert_eq!(again, 1);
    app.healthy().await;
    app.db.read().execute_unprepared("UPDATE finding SET gravity = 2 WHERE rule = 'A8'").await.expect("writes");
    let told = jixiao_service::doctor::examine(&app.db, &crate::harness::operator()).await.expect("examines");
    assert_eq!(told.differences.len(), 1, "{:?}", told.differences);
}

#[tokio::test]
async fn returned_again_and_again() {
    let app = TestApp::new().await;
    let made = draft(&app, &clean(2024)).await;
    app.today("2024-01-10");
    for time in 1..=3 {
        for (who, field, more) in
            [("filer", "declarationSubmit", ""), ("department", "declarationReturn", ", reason: \"请补充\"")]
        {
            let revision = revision(&app, &made).await;
            app.act(who, field, more, &json!(made.id), &revision).await;
        }
        let told = of(&app, &["A21"]).await;
        assert_eq!(told.len(), usize::from(time == 3), "{told:?}");
    }
    assert_eq!(of(&app, &["A21"]).await, ["A21 WARNING "]);
    app.healthy().await;
    // A returned declaration is its department's own affair: that the auditor looked is noted.
    let log = app.query("auditor", "{ accessLog(first: 10) { edges { node { act actorName } } } }", json!({})).await;
    let entries = log.data("accessLog/edges").as_array().expect("edges");
    assert!(entries.iter().any(|edge| edge["node"]["act"] == "DRAFT_READ"), "{:#}", log.body);
}

#[tokio::test]
async fn only_what_the_viewer_may_read() {
    let mut app = TestApp::new().await;
    app.add_user("elsewhere", &[(Role::Auditor, None, Some("440106"))]).await;
    let made = draft(&app, &planted()).await;
    assert_ne!(all(&app, "filer", json!({})).await, Vec::<Value>::new());
    for name in ["auditor", "elsewhere", "filer2"] {
        assert_eq!(all(&app, name, json!({})).await, Vec::<Value>::new(), "{name}: a draft");
    }
    approve(&app, &planted(), &made).await;
    let seen = all(&app, "auditor", json!({})).await;
    assert_eq!(seen.len(), all(&app, "finance", json!({})).await.len());
    for name in ["elsewhere", "filer2"] {
        assert_eq!(all(&app, name, json!({})).await, Vec::<Value>::new(), "{name}");
        let node = app.query(name, "query($id: ID!) { node(id: $id) { id } }", json!({ "id": seen[0]["id"] })).await;
        assert!(node.data("node").is_null());
    }
    let node =
        "query($id: ID!) { node(id: $id) { id ... on Finding { rule compared { name value } declaration { id } } } }";
    let node = app.query("auditor", node, json!({ "id": seen[0]["id"] })).await;
    assert_eq!(
        (node.data("node/id"), node.data("node/rule"), node.data("node/compared")),
        (&seen[0]["id"], &seen[0]["rule"], &seen[0]["compared"])
    );
}

#[tokio::test]
async fn a_declaration_tells_the_same_of_its_own() {
    let app = TestApp::new().await;
    let plan = planted();
    let made = draft(&app, &plan).await;
    approve(&app, &plan, &made).await;
    mid_year(&app, &plan, &made).await;
    let fields = "id rule message path period compared { name value } indicator { name } since foundAt";
    let document = format!(
        "query($id: ID!) {{ node(id: $id) {{ ... on Declaration {{ findings {{ {fields} }} report(period: MID_YEAR) {{ findings {{ {fields} }} }} }} }} }}"
    );
    let answer = app.query("auditor", &document, json!({ "id": made.id })).await;
    let rows = all(&app, "auditor", json!({})).await;
    let own = answer.data("node/findings").as_array().expect("a list");
    assert!(!own.is_empty());
    for one in own {
        let row = rows.iter().find(|row| row["id"] == one["id"]).expect("the same id");
        for field in ["rule", "message", "path", "period", "compared", "indicator", "since", "foundAt"] {
            assert_eq!(row[field], one[field], "{field}");
        }
        assert!(!brief_rule(one).starts_with('A'), "the auditors' checks stand in the rows only");
    }
    for one in answer.data("node/report/findings").as_array().expect("a list") {
        let row = rows.iter().find(|row| row["id"] == one["id"]).expect("the same id");
        assert_eq!(row["path"].as_array().map(|path| &path[2..]), one["path"].as_array().map(Vec::as_slice));
    }
}

fn brief_rule(found: &Value) -> String {
    found["rule"].as_str().expect("a rule").to_owned()
}
