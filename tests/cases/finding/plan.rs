//! A department's year over GraphQL, stage by stage on its usual days, as a test plans it. As it is planned at first, an
//! auditor finds nothing in it.

use serde_json::{Value, json};

use crate::harness::upload::pdf;
use crate::harness::{DEPARTMENT, TestApp};

/// An indicator with what is reported of it.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) level: (&'static str, &'static str),
    pub(super) name: &'static str,
    pub(super) target: &'static str,
    pub(super) cycle: Option<&'static str>,
    /// Text of the entry at mid-year, and what else it says.
    pub(super) mid: (&'static str, Value),
    /// The same at the end of the year.
    pub(super) end: (&'static str, Value),
    /// Date and stated value of its evidence; `None` for no file.
    pub(super) evidence: Option<(String, Option<&'static str>)>,
}

/// How a year goes.
#[derive(Clone)]
pub(super) struct Plan {
    pub(super) year: i32,
    pub(super) rows: Vec<Row>,
    /// Positions of the rows that measure each of the two tasks.
    pub(super) links: [Vec<usize>; 2],
    /// 万元, of project expenditure and of what was executed in all.
    pub(super) project: &'static str,
    pub(super) executed: &'static str,
    pub(super) published: bool,
}

fn row(
    level: (&'static str, &'static str),
    name: &'static str,
    target: &'static str,
    values: (&'static str, &'static str),
) -> Row {
    let evidence = Some((String::new(), None));
    Row { level, name, target, cycle: None, mid: (values.0, json!({})), end: (values.1, json!({})), evidence }
}

/// A year without any fault.
pub(super) fn clean(year: i32) -> Plan {
    let rows = vec![
        row(("产出指标", "数量指标"), "服务站数量", "≥20个", ("12个", "20个")),
        row(("产出指标", "质量指标"), "设施合格率", "≥95%", ("95%", "95%")),
        row(("产出指标", "时效指标"), "资金拨付及时率", "≥98%", ("98%", "98%")),
        row(("产出指标", "成本指标"), "单站建设成本", "≤5万元", ("5万元", "5万元")),
        row(("效益指标", "社会效益指标"), "受益人数", "≥200人", ("120人", "200人")),
        row(("满意度指标", "服务对象满意度指标"), "服务对象满意度", "≥85%", ("85%", "85%")),
    ];
    let mut rows = rows;
    rows[5].end.1 = json!({ "sampleSize": 200 });
    let links = [vec![0, 1, 2], vec![3, 4, 5]];
    Plan { year, rows, links, project: "50.00", executed: "150.00", published: true }
}

impl Plan {
    fn days(&self, of: &str) -> String {
        match of {
            "next" => format!("{}-02-01", self.year + 1),
            other => format!("{}-{other}", self.year),
        }
    }

    fn entries(&self, ids: &[Value], end: bool) -> Vec<Value> {
        let entry = |(row, id): (&Row, &Value)| {
            let (text, more) = if end { &row.end } else { &row.mid };
            let mut entry = json!({ "indicatorId": id, "text": text });
            for (key, value) in more.as_object().expect("an object") {
                entry[key] = value.clone();
            }
            entry
        };
        self.rows.iter().zip(ids).map(entry).collect()
    }
}

/// A declaration on its way.
pub(super) struct Made {
    pub(super) id: String,
    pub(super) rows: Vec<Value>,
}

/// Drafts a declaration, and goes no further.
pub(super) async fn draft(app: &TestApp, plan: &Plan) -> Made {
    app.today(&format!("{}-11-06", plan.year - 1));
    let new = json!({ "departmentCode": DEPARTMENT, "fiscalYear": plan.year });
    let made = app.edit("filer", "declarationCreate", new).await;
    let id = made["declaration"]["id"].as_str().expect("an id").to_owned();
    let project: rust_decimal::Decimal = plan.project.parse().expect("an amount");
    let all = (project + rust_decimal::Decimal::new(10_000, 2)).to_string();
    let budget = json!({ "basicExpenditure": "100.00", "projectExpenditure": plan.project, "fiscalAppropriation": all, "ownLevelFunds": all });
    let head = json!({ "declarationId": id, "overallGoal": "保障民生", "budget": budget, "expectedRevision": 1 });
    let mut last = app.edit("filer", "declarationUpdate", head).await;
    for (name, funding) in [("养老服务", "24.00"), ("社会救助", "16.00")] {
        let task = json!({ "declarationId": id, "name": name, "plannedFunding": funding, "expectedRevision": last["declaration"]["revision"] });
        last = app.edit("filer", "keyTaskAdd", task).await;
    }
    let tasks = last["declaration"]["keyTasks"].clone();
    for (position, row) in plan.rows.iter().enumerate() {
        let linked: Vec<&Value> =
            (0..2).filter(|task| plan.links[*task].contains(&position)).map(|task| &tasks[task]["id"]).collect();
        let input = json!({ "declarationId": id, "level1Label": row.level.0, "level2Label": row.level.1, "name": row.name,
            "annualTarget": row.target, "cycleTarget": row.cycle, "keyTaskIds": linked, "expectedRevision": last["declaration"]["revision"] });
        last = app.edit("filer", "indicatorAdd", input).await;
    }
    let rows = last["declaration"]["indicators"].as_array().expect("rows").iter().map(|row| row["id"].clone());
    Made { id, rows: rows.collect() }
}

/// Takes a draft to its approval on 8 February, and publishes it where the plan says so.
pub(super) async fn approve(app: &TestApp, plan: &Plan, made: &Made) {
    app.today(&plan.days("02-10"));
    for open in &made.rows {
        let read = "query($id: ID!) { node(id: $id) { ... on Indicator { annualTarget { confirmed } declaration { revision } } } }";
        let node = app.query("filer", read, json!({ "id": open })).await.data("node").clone();
        if node["annualTarget"]["confirmed"] == json!(false) {
            let input =
                json!({ "indicatorId": open, "which": "ANNUAL", "expectedRevision": node["declaration"]["revision"] });
            let done = app.run("filer", "ConfirmTarget", json!({ "input": input })).await;
            assert_eq!(done.user_errors("targetConfirm"), Vec::<&str>::new(), "{:#}", done.body);
        }
    }
    let approval = format!(", approvalNumber: \"财绩1号\", approvedOn: \"{}-02-08\"", plan.year);
    for (who, field, more) in [
        ("filer", "declarationSubmit", ""),
        ("department", "declarationForward", ""),
        ("finance", "declarationAccept", ", grade: GOOD"),
        ("finance", "declarationApprove", approval.as_str()),
    ] {
        let revision = revision(app, made).await;
        app.act(who, field, more, &json!(made.id), &revision).await;
    }
    if plan.published {
        publish(app, made, 1, 0).await;
    }
}

/// Revision of the declaration.
pub(super) async fn revision(app: &TestApp, made: &Made) -> Value {
    let read = "query($id: ID!) { node(id: $id) { ... on Declaration { revision } } }";
    app.query("filer", read, json!({ "id": made.id })).await.data("node/revision").clone()
}

/// Publishes budget and targets.
pub(super) async fn publish(app: &TestApp, made: &Made, version: i32, revision: i32) {
    let (field, reason) = if revision == 0 { ("Publish", None) } else { ("Correct", Some("版本更新")) };
    let mut input =
        json!({ "declarationId": made.id, "kind": "TARGETS", "version": version, "expectedRevision": revision });
    if let Some(reason) = reason {
        input["reason"] = json!(reason);
    }
    let document = format!(
        "mutation($input: Publication{field}Input!) {{ publication{field}(input: $input) {{ userErrors {{ code field }} }} }}"
    );
    let done = app.query("department", &document, json!({ "input": input })).await;
    assert_eq!(done.user_errors(&format!("publication{field}")), Vec::<&str>::new(), "{:#}", done.body);
}

/// Files the mid-year report on 20 August.
pub(super) async fn mid_year(app: &TestApp, plan: &Plan, made: &Made) {
    app.today(&plan.days("08-20"));
    let input = json!({ "entries": plan.entries(&made.rows, false), "execution": { "executed": "90.00" } });
    app.record(&made.id, "MID_YEAR", input).await;
    app.to_finance(&made.id, "MID_YEAR").await;
    app.step("finance", &made.id, "MID_YEAR", "AcceptReport").await;
}

/// Records the self-evaluation with its evidence on 1 February, and hands it in; finance has it then.
pub(super) async fn year_end(app: &TestApp, plan: &Plan, made: &Made) {
    app.today(&plan.days("next"));
    let execution = json!({ "executed": plan.executed, "reason": "部分项目尾款待付" });
    let input = json!({ "entries": plan.entries(&made.rows, true), "execution": execution });
    app.record(&made.id, "YEAR_END", input).await;
    let report = app.report("filer", &made.id, "YEAR_END").await["id"].clone();
    for (at, (row, id)) in plan.rows.iter().zip(&made.rows).enumerate() {
        let Some((issued, stated)) = &row.evidence else { continue };
        let issued = if issued.is_empty() { plan.days("12-20") } else { issued.clone() };
        let input = json!({ "reportId": report, "indicatorId": id, "issuedOn": issued, "statedValue": stated });
        let file = (format!("佐证{at}.pdf"), pdf(&format!("{} {at}", plan.year)));
        let done = app.add_evidence("filer", input, (&file.0, file.1)).await;
        assert_eq!(done.user_errors("evidenceAdd"), Vec::<&str>::new(), "{:#}", done.body);
    }
    app.to_finance(&made.id, "YEAR_END").await;
}

/// The whole year, its self-evaluation accepted.
pub(super) async fn whole(app: &TestApp, plan: &Plan) -> Made {
    let made = draft(app, plan).await;
    approve(app, plan, &made).await;
    mid_year(app, plan, &made).await;
    year_end(app, plan, &made).await;
    let done = app.step("finance", &made.id, "YEAR_END", "AcceptReport").await;
    assert_eq!(done.user_errors("reportAccept"), Vec::<&str>::new(), "{:#}", done.body);
    made
}
