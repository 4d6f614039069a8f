//! The same indicator over the years: carried over, renamed, written otherwise, twice, and away for a year.

use jixiao_rules::cycle::{DeclarationStatus, Role};
use jixiao_service::bulk;
use jixiao_service::declaration::{self, Declaration, Indicator};
use serde_json::{Value, json};

use crate::harness::{DEPARTMENT, OTHER, TestApp, Unit, indicators, operator};

const THERE: Unit = Unit { code: OTHER, filer: "filer2", reviewer: "reviewer2", finance: "finance2" };

const TREND: &str = "query($id: ID!, $first: Int, $after: String, $period: ReportingPeriod = YEAR_END) {
    indicatorTrend(indicatorId: $id, first: $first, after: $after, period: $period) { edges { cursor node {
        fiscalYear matchedBy matchedName candidateCount indicator { id name level2 } annualTarget { text }
        actualValue { text } achievement { status rate score } } } pageInfo { hasNextPage endCursor } } }";

/// A department with 2020 to 2023 made in bulk and 2024 carried over from 2023, edited and approved.
///
/// Of its indicators: 0 gets a new name in 2024; 1 is written otherwise in 2021; 2 is new in 2024 under the old name; 3 is
/// away in 2021 and 2022; 4 stands twice in 2022, once elsewhere in the tree; 5 stands twice in 2022 in the same place.
pub(crate) async fn history() -> TestApp {
    let (mut app, _) = TestApp::approved().await;
    app.add_user("reviewer2", &[(Role::DepartmentReviewer, Some(OTHER), None)]).await;
    app.add_user("finance2", &[(Role::FinanceReviewer, None, Some("440106"))]).await;
    let ctx = operator();
    let found = declaration::by_department(&app.db, &ctx, DEPARTMENT, 2024).await.expect("reads");
    let original = found.expect("a declaration").declaration;
    let other = jixiao_service::department::by_code(app.db.read(), &ctx, OTHER).await.expect("reads").expect("one").id;
    let year = |year: i32, change: &dyn Fn(&mut Vec<Indicator>)| {
        let status = DeclarationStatus::Closed;
        let mut copy = Declaration { fiscal_year: year, department_id: other, status, ..original.clone() };
        change(&mut copy.indicators);
        copy
    };
    let copies = vec![
        year(2020, &|_| {}),
        year(2021, &|rows| {
            rows[1].name = "临時　救助 水平".to_owned();
            rows.remove(3);
        }),
        year(2022, &|rows| {
            rows[3].name = "别的站点".to_owned();
            let (mut elsewhere, twice) = (rows[4].clone(), rows[5].clone());
            (elsewhere.level2, elsewhere.level2_label) = (rows[9].level2, Some("质量指标".to_owned()));
            rows.insert(0, elsewhere);
            rows.push(twice);
        }),
        year(2023, &|_| {}),
    ];
    bulk::declarations(&app.db, &ctx, copies).await.expect("writes");
    let page = app.run("filer2", "DeclarationPage", json!({ "department": OTHER, "year": 2023 })).await;
    let closed = page.data("declaration").clone();
    let carried = app.act("filer2", "declarationCarryOver", "", &closed["id"], &closed["revision"]).await;
    let id = carried["declaration"]["id"].as_str().expect("an id").to_owned();
    let rows = indicators(&app.page_of("filer2", OTHER).await);
    let edit = async |field: &str, mut input: Value| {
        input["expectedRevision"] = app.page_of("filer2", OTHER).await["revision"].clone();
        app.edit("filer2", field, input).await
    };
    edit("indicatorUpdate", json!({ "indicatorId": rows[0]["id"], "name": "全新名称" })).await;
    let revision = app.page_of("filer2", OTHER).await["revision"].clone();
    app.act("filer2", "indicatorRemove", "", &rows[2]["id"], &revision).await;
    let again = json!({ "declarationId": id, "position": 3, "level1Label": "产出指标", "level2Label": "数量指标",
        "name": rows[2]["name"], "annualTarget": rows[2]["annualTarget"]["text"], "cycleTarget": rows[2]["cycleTarget"]["text"] });
    edit("indicatorAdd", again).await;
    app.complete_of(&THERE).await;
    app.approve_of(&THERE, &id).await;
    app
}

async fn trend(app: &TestApp, user: &str, id: &Value) -> Vec<Value> {
    let answer = app.query(user, TREND, json!({ "id": id, "first": 50 })).await;
    let edges = answer.data("indicatorTrend/edges").as_array().expect("edges").clone();
    edges.into_iter().map(|edge| edge["node"].clone()).collect()
}

/// Year, way and candidates of each point.
fn brief(points: &[Value]) -> Vec<String> {
    let point = |point: &Value| {
        format!("{} {} {}", point["fiscalYear"], point["matchedBy"].as_str().expect("a way"), point["candidateCount"])
    };
    points.iter().map(point).collect()
}

#[tokio::test]
async fn planted_matches_are_all_found() {
    let app = history().await;
    let rows = indicators(&app.page_of("filer2", OTHER).await);
    let of = async |index: usize| trend(&app, "filer2", &rows[index]["id"]).await;
    let carried = ["2023 CARRIED_OVER 1", "2024 ITSELF 1"];
    let (exact, folded) = (["2020 EXACT_NAME 1", "2021 EXACT_NAME 1", "2022 EXACT_NAME 1"], "2021 FOLDED_NAME 1");
    let renamed = of(0).await;
    assert_eq!(brief(&renamed), [exact.as_slice(), &carried].concat());
    assert_eq!(renamed[3]["matchedName"], "全新名称");
    assert_eq!(
        (&renamed[2]["matchedName"], &renamed[4]["matchedName"]),
        (&json!("低保资金社会化发放率"), &Value::Null)
    );
    let written = of(1).await;
    assert_eq!(brief(&written), ["2020 FOLDED_NAME 1", folded, "2022 EXACT_NAME 1", carried[0], carried[1]]);
    assert_eq!(written[1]["indicator"]["name"], "临時　救助 水平");
    assert_eq!(brief(&of(2).await), [exact.as_slice(), &["2023 EXACT_NAME 1", carried[1]]].concat());
    assert_eq!(brief(&of(3).await), ["2020 EXACT_NAME 1", carried[0], carried[1]]);
    assert_eq!(brief(&of(4).await), [exact.as_slice(), &carried].concat());
    assert_eq!(of(4).await[2]["indicator"]["level2"], "QUANTITY");
    assert_eq!(brief(&of(5).await)[2], "2022 EXACT_NAME 2");
    // What each year says of itself is what its own page says.
    let page = app.run("filer2", "DeclarationPage", json!({ "department": OTHER, "year": 2022 })).await;
    let own = indicators(page.data("declaration"));
    let own = own.iter().find(|row| row["id"] == renamed[2]["indicator"]["id"]).expect("that year's");
    assert_eq!(renamed[2]["annualTarget"]["text"], own["annualTarget"]["text"]);
    assert_eq!(renamed[2]["achievement"]["status"], own["achievement"]["status"]);
    app.healthy().await;
}

#[tokio::test]
async fn from_every_year_the_same_years() {
    let app = history().await;
    let rows = indicators(&app.page_of("filer2", OTHER).await);
    for index in [0, 1, 2, 3, 4, 6, 7, 13] {
        let points = trend(&app, "auditor", &rows[index]["id"]).await;
        let ids = |points: &[Value]| points.iter().map(|point| point["indicator"]["id"].clone()).collect::<Vec<_>>();
        for point in &points {
            let again = trend(&app, "auditor", &point["indicator"]["id"]).await;
            assert_eq!(ids(&again), ids(&points), "{index} from {}", point["fiscalYear"]);
            let own = again.iter().find(|one| one["matchedBy"] == "ITSELF").expect("itself");
            assert_eq!(own["fiscalYear"], point["fiscalYear"]);
        }
    }
}

#[tokio::test]
async fn only_of_what_one_may_see_and_what_is_in_force() {
    let app = history().await;
    let rows = indicators(&app.page_of("filer2", OTHER).await);
    let nobody = app.query("filer", TREND, json!({ "id": rows[0]["id"] })).await;
    assert_eq!(nobody.data("indicatorTrend"), &Value::Null);
    let unknown = app.query("filer", TREND, json!({ "id": "SW5kaWNhdG9yOjk5OTk5" })).await;
    assert_eq!(unknown.body["data"], nobody.body["data"], "unseen and unknown are the same");
    let wrong = app.query("filer", TREND, json!({ "id": "RGVjbGFyYXRpb246MQ" })).await;
    assert_eq!(wrong.code(), "INVALID_ID");
    // A draft of the next year is not in force; asked for itself, it is followed back.
    let input = json!({ "departmentCode": OTHER, "fiscalYear": 2025, "text": crate::harness::FORM.replace("广州市增城区民政局", "广州市天河区民政局") });
    app.run("filer2", "ImportForm", json!({ "input": input })).await;
    assert_eq!(trend(&app, "filer2", &rows[1]["id"]).await.len(), 5);
    let page = app.run("filer2", "DeclarationPage", json!({ "department": OTHER, "year": 2025 })).await;
    let draft = indicators(page.data("declaration"))[1]["id"].clone();
    assert_eq!(brief(&trend(&app, "filer2", &draft).await)[4..], ["2024 EXACT_NAME 1", "2025 ITSELF 1"]);
    let auditor = app.query("auditor", TREND, json!({ "id": draft })).await;
    assert_eq!(auditor.data("indicatorTrend"), &Value::Null, "an auditor sees no drafts");
    assert_eq!(trend(&app, "auditor", &rows[1]["id"]).await.len(), 5);
    let mid_year = app.query("filer2", TREND, json!({ "id": rows[1]["id"], "period": "MID_YEAR" })).await;
    assert_eq!(mid_year.data("indicatorTrend/edges/0/node/achievement/status"), "NOT_REPORTED");
}

#[tokio::test]
async fn as_many_statements_for_one_year_as_for_five() {
    let app = history().await;
    let rows = indicators(&app.page_of("filer2", OTHER).await);
    let mut sent = Vec::new();
    for first in [1, 5] {
        let before = app.db.statements();
        app.query("filer2", TREND, json!({ "id": rows[1]["id"], "first": first })).await;
        sent.push(app.db.statements() - before);
    }
    assert_eq!(sent[0], sent[1]);
}
