//! Every connection is whole: forward = backward = unpaged, with ties and nulls, for every order and direction.

use serde_json::{Value, json};

use crate::harness::{FORM, OTHER, TestApp, indicators};

/// Two departments with reports of several statuses, ties and nulls among the rates; the first one's id.
pub(crate) async fn reported() -> (TestApp, String) {
    reported_on(false).await
}

/// The same on SQLite, or on the database under test.
pub(crate) async fn reported_on(sqlite: bool) -> (TestApp, String) {
    let app = if sqlite { TestApp::on_sqlite().await } else { TestApp::new().await };
    let id = app.import().await;
    app.approve(&id).await;
    let text = FORM.replace("广州市增城区民政局", "广州市天河区民政局");
    let input = json!({ "departmentCode": OTHER, "fiscalYear": 2024, "text": text });
    app.run("filer2", "ImportForm", json!({ "input": input })).await;
    let entries: Vec<Value> = indicators(&app.page("filer").await)
        .iter()
        .enumerate()
        .filter(|(index, _)| index % 5 != 4)
        .map(|(index, row)| {
            let text = ["20", "100", "100", "不清楚"][index % 4];
            json!({ "indicatorId": row["id"], "text": text })
        })
        .collect();
    let input = json!({ "declarationId": id, "period": "YEAR_END", "entries": entries, "mode": "VALID_ROWS" });
    let answer = app.run("filer", "RecordActualValues", json!({ "input": input })).await;
    assert_eq!(answer.user_errors("actualValuesRecord"), Vec::<&str>::new(), "{:#}", answer.body);
    (app, id)
}

struct List<'a> {
    app: &'a TestApp,
    user: &'a str,
    field: &'a str,
    arguments: String,
    node: &'a str,
}

impl List<'_> {
    async fn page(&self, arguments: &str) -> Value {
        let Self { app, user, field, arguments: own, node } = self;
        let document = format!(
            "{{ {field}({own} {arguments}) {{ edges {{ cursor node {{ {node} }} }} \
             pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
        );
        app.query(user, &document, json!({})).await.data(field).clone()
    }

    /// All nodes, after every page size gave the same both ways.
    async fn check(&self, least: usize) -> Vec<Value> {
        let nodes = |page: &Value| -> Vec<Value> {
            page["edges"].as_array().expect("edges").iter().map(|edge| edge["node"].clone()).collect()
        };
        let unpaged = nodes(&self.page("first: 100").await);
        assert!(unpaged.len() >= least, "{} {}: {}", self.field, self.arguments, unpaged.len());
        for size in [1, 2, 3, 7, 100] {
            let (mut forward, mut backward) = (Vec::new(), Vec::new());
            let (mut after, mut before) = (String::new(), String::new());
            loop {
                let page = self.page(&format!("first: {size}{after}")).await;
                forward.extend(nodes(&page));
                if page["pageInfo"]["hasNextPage"] == false {
                    break;
                }
                after = format!(", after: {}", page["pageInfo"]["endCursor"]);
            }
            loop {
                let page = self.page(&format!("last: {size}{before}")).await;
                backward.splice(0..0, nodes(&page));
                if page["pageInfo"]["hasPreviousPage"] == false {
                    break;
                }
                before = format!(", before: {}", page["pageInfo"]["startCursor"]);
            }
            assert_eq!(forward, unpaged, "{} {} forward by {size}", self.field, self.arguments);
            assert_eq!(backward, unpaged, "{} {} backward by {size}", self.field, self.arguments);
        }
        unpaged
    }
}

fn nulls_last(rows: &[Value], field: &str) {
    let nulls: Vec<bool> = rows.iter().map(|row| row.pointer(field).is_none_or(Value::is_null)).collect();
    assert!(nulls.is_sorted(), "{field} {rows:?}");
}

#[tokio::test]
async fn plain_lists() {
    let (app, id) = reported().await;
    for year in 2020..2024 {
        let input = json!({ "departmentCode": crate::harness::DEPARTMENT, "fiscalYear": year, "text": FORM });
        app.run("filer", "ImportForm", json!({ "input": input })).await;
    }
    let list =
        |field, arguments: &str, node| List { app: &app, user: "admin", field, arguments: arguments.into(), node };
    list("jurisdictions", "parentCode: \"440100\",", "code").check(2).await;
    list("departments", "", "code").check(2).await;
    list("declarations", "", "id fiscalYear").check(6).await;
    list("auditTrail", &format!("nodeId: \"{id}\","), "sequence").check(6).await;
    list("users", "", "username").check(6).await;
    list("grants", "filter: { disabled: false },", "id user { username }").check(6).await;
    list("scoringSchemes", "", "code version").check(6).await;
    for place in ["440000", "440100", "440118"] {
        super::window::set(&app, "admin", super::window::august(place)).await;
        let assign = format!(
            "mutation {{ schemeAssign(input: {{ jurisdictionCode: \"{place}\", fiscalYear: 2024, \
             schemeCode: \"CN-2020\", schemeVersion: 1 }}) {{ userErrors {{ code }} }} }}"
        );
        app.query("admin", &assign, json!({})).await;
    }
    list("reportingWindows", "", "id period").check(3).await;
    list("schemeAssignments", "", "jurisdiction { code }").check(3).await;
    for year in 2020..2024 {
        let page = json!({ "department": crate::harness::DEPARTMENT, "year": year });
        app.run("finance", "DeclarationPage", page).await;
    }
    for (kind, act, more) in [("TARGETS", "Publish", "version: 1"), ("RESULTS", "Withhold", "reason: \"涉密\"")] {
        let publish = format!(
            "mutation {{ publication{act}(input: {{ declarationId: \"{id}\", kind: {kind}, {more}, expectedRevision: 0 }}) {{ userErrors {{ code }} }} }}"
        );
        app.query("department", &publish, json!({})).await;
    }
    list("publications", "", "id kind sha256").check(2).await;
    list("accessLog", "", "nodeId requestId").check(4).await;
}

#[tokio::test]
async fn indicators_in_every_order() {
    let (app, _) = reported().await;
    for field in ["ID", "RATE", "WEIGHT", "DEVIATION"] {
        for direction in ["ASC", "DESC"] {
            let arguments = format!("orderBy: {{ field: {field}, direction: {direction} }},");
            let node = "id weight achievement(period: YEAR_END) { rate }";
            let list = List { app: &app, user: "auditor", field: "indicators", arguments, node };
            let rows = list.check(14).await;
            let arguments = format!("filter: {{ text: \"覆盖率\", targetCertain: true }}, {}", list.arguments);
            List { arguments, ..list }.check(3).await;
            if field == "RATE" {
                nulls_last(&rows, "/achievement/rate");
                assert!(rows.last().expect("rows")["achievement"]["rate"].is_null(), "the data has a null");
            }
        }
    }
}

#[tokio::test]
async fn a_trend() {
    let app = super::trend::history().await;
    let row = crate::harness::indicators(&app.page_of("filer2", OTHER).await)[1]["id"].clone();
    let arguments = format!("indicatorId: {row},");
    let node = "fiscalYear matchedBy indicator { id }";
    let rows = List { app: &app, user: "auditor", field: "indicatorTrend", arguments, node }.check(5).await;
    assert!(rows.iter().map(|row| row["fiscalYear"].as_i64()).is_sorted());
}

#[tokio::test]
async fn summaries_in_every_order() {
    let (app, _) = reported().await;
    for group_by in [
        "LEVEL2",
        "STATUS",
        "GRADE",
        "PERIOD, LEVEL1",
        "DEPARTMENT, LEVEL2, STATUS",
        "DEPARTMENT",
        "PERIOD, DEPARTMENT",
    ] {
        for field in ["KEY", "INDICATOR_COUNT", "ACHIEVEMENT_RATE", "AVERAGE_SCORE", "MEAN_COMPLETION_RATE"] {
            for direction in ["ASC", "DESC"] {
                let arguments =
                    format!("groupBy: [{group_by}], orderBy: {{ field: {field}, direction: {direction} }},");
                let node = "dimensions { key } indicatorCount achievementRate averageScore";
                let list = List { app: &app, user: "auditor", field: "achievementSummary", arguments, node };
                let rows = list.check(1).await;
                match field {
                    "ACHIEVEMENT_RATE" => nulls_last(&rows, "/achievementRate"),
                    "AVERAGE_SCORE" => nulls_last(&rows, "/averageScore"),
                    _ => {}
                }
            }
        }
    }
}
