//! What a filer still owes: empty exactly when everything required is submitted.

use serde_json::{Value, json};

use super::window::{august, set};
use crate::harness::{Answer, DEPARTMENT, FORM, TestApp, indicators};

const DAY: i64 = 24 * 60;

async fn owed(app: &TestApp, name: &str) -> Vec<Value> {
    app.run(name, "Outstanding", json!({})).await.data("myOutstanding").as_array().expect("a list").clone()
}

fn brief(owed: &[Value]) -> Vec<(String, usize)> {
    let one = |one: &Value| {
        let open = one["indicators"].as_array().expect("a list").len();
        (one["period"].as_str().expect("a period").to_owned(), open)
    };
    owed.iter().map(one).collect()
}

async fn record(app: &TestApp, id: &str, period: &str, rows: usize) {
    let answer = attempt_record(app, id, period, rows).await;
    assert_eq!(answer.user_errors("actualValuesRecord"), Vec::<&str>::new(), "{:#}", answer.body);
}

async fn step(app: &TestApp, name: &str, operation: &str, field: &str, id: &str, period: &str) {
    let answer = attempt(app, name, operation, id, period).await;
    assert_eq!(answer.user_errors(field), Vec::<&str>::new(), "{:#}", answer.body);
}

#[tokio::test]
async fn empty_exactly_when_everything_required_is_submitted() {
    let app = TestApp::new().await;
    assert_eq!(owed(&app, "filer").await, Vec::<Value>::new());
    let id = app.import().await;
    assert_eq!(owed(&app, "filer").await, Vec::<Value>::new(), "nothing is owed of a draft");
    app.approve(&id).await;
    let all = indicators(&app.page("filer").await).len();
    assert_eq!(brief(&owed(&app, "filer").await), [("MID_YEAR".to_owned(), all), ("YEAR_END".to_owned(), all)]);
    let first = owed(&app, "filer").await[0].clone();
    assert_eq!((&first["dueOn"], &first["late"]), (&Value::Null, &json!(false)));
    assert_eq!(first["declaration"]["department"]["name"], "广州市增城区民政局");
    for name in ["department", "finance", "auditor", "admin", "filer2"] {
        assert_eq!(owed(&app, name).await, Vec::<Value>::new(), "{name} files nothing here");
    }

    set(&app, "admin", august("440118")).await;
    let mut year_end = august("440100");
    year_end["period"] = json!("YEAR_END");
    year_end["months"] = json!(12);
    year_end["opensOn"] = json!("2024-08-30");
    year_end["dueOn"] = json!("2024-08-31");
    year_end["closesOn"] = json!("2024-08-31");
    set(&app, "admin", year_end).await;
    assert_eq!(brief(&owed(&app, "filer").await), [("MID_YEAR".to_owned(), all)], "year-end has not opened");
    record(&app, &id, "MID_YEAR", 3).await;
    assert_eq!(brief(&owed(&app, "filer").await), [("MID_YEAR".to_owned(), all - 3)]);
    record(&app, &id, "MID_YEAR", all).await;
    assert_eq!(brief(&owed(&app, "filer").await), [("MID_YEAR".to_owned(), 0)], "not submitted is owed");
    step(&app, "filer", "SubmitReport", "reportSubmit", &id, "MID_YEAR").await;
    assert_eq!(owed(&app, "filer").await, Vec::<Value>::new());
    step(&app, "department", "ReturnReport", "reportReturn", &id, "MID_YEAR").await;
    assert_eq!(brief(&owed(&app, "filer").await), [("MID_YEAR".to_owned(), 0)], "returned is owed again");
    step(&app, "filer", "SubmitReport", "reportSubmit", &id, "MID_YEAR").await;

    app.advance(40 * DAY);
    let late = owed(&app, "filer").await;
    assert_eq!(brief(&late), [("YEAR_END".to_owned(), all)], "after the close it is owed still");
    assert_eq!((&late[0]["late"], &late[0]["dueOn"]), (&json!(true), &json!("2024-08-31")));
    let nobody = app.send(None, "{ myOutstanding { period } }", json!({})).await;
    assert_eq!(nobody.code(), "UNAUTHENTICATED");
}

#[tokio::test]
async fn it_costs_the_same_for_one_and_for_many() {
    let (mut app, _) = TestApp::approved().await;
    // Statements are counted: none is to be spared by an answer from memory.
    app.configured(|config| config.answer_cache_bytes = 0);
    let mut costs = Vec::new();
    for year in [2024, 2025] {
        if year == 2025 {
            let input = json!({ "departmentCode": DEPARTMENT, "fiscalYear": year, "text": FORM });
            app.run("filer", "ImportForm", json!({ "input": input })).await;
            // As approved: the way there is another test's.
            let sql = "UPDATE declaration SET status = 'APPROVED' WHERE fiscal_year = 2025";
            sea_orm::ConnectionTrait::execute_unprepared(app.db.read(), sql).await.expect("updates");
        }
        let before = app.db.statements();
        let list = owed(&app, "filer").await;
        costs.push(app.db.statements() - before);
        assert_eq!(list.len(), 2 * costs.len());
    }
    assert_eq!(costs[0], costs[1]);
}

/// A random history; after each step the list against what the reports themselves say.
#[tokio::test]
async fn random_histories() {
    let (app, id) = TestApp::approved().await;
    let all = indicators(&app.page("filer").await).len();
    let (mut random, mut day, mut seen) = (20_241_125_u64, 1, [false; 3]);
    for _ in 0..60 {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let choice = (random >> 33) % 16;
        let period = if choice % 2 == 0 { "MID_YEAR" } else { "YEAR_END" };
        let finance = if random % 3 == 0 { "AcceptReport" } else { "ReturnReport" };
        let _ = match choice / 2 {
            0 => attempt_record(&app, &id, period, all).await,
            1 => attempt_record(&app, &id, period, 2).await,
            2 | 3 => attempt(&app, "filer", "SubmitReport", &id, period).await,
            4 => attempt(&app, "department", "ReturnReport", &id, period).await,
            5 => attempt(&app, "department", "ForwardReport", &id, period).await,
            6 => attempt(&app, "finance", finance, &id, period).await,
            _ => {
                app.advance(2 * DAY);
                day += 2;
                let mut window = august("440118");
                window["period"] = json!(period);
                window["months"] = json!(if period == "MID_YEAR" { 7 } else { 12 });
                window["opensOn"] = json!(if period == "MID_YEAR" { "2024-08-01" } else { "2024-08-08" });
                set(&app, "admin", window).await
            }
        };
        let expected = expected(&app, &id, day, all).await;
        let listed = brief(&owed(&app, "filer").await);
        assert_eq!(listed, expected, "after {choice}");
        seen[expected.len()] = true;
    }
    assert_eq!(seen, [true; 3], "the history owes two, one and none at times");
}

async fn attempt(app: &TestApp, name: &str, operation: &str, id: &str, period: &str) -> Answer {
    let document =
        "query($id: ID!, $period: ReportingPeriod!) { report(declarationId: $id, period: $period) { id revision } }";
    let report = app.query(name, document, json!({ "id": id, "period": period })).await.data("report").clone();
    app.run(name, operation, json!({ "id": report["id"], "revision": report["revision"], "reason": "请核实" })).await
}

async fn attempt_record(app: &TestApp, id: &str, period: &str, rows: usize) -> Answer {
    let entries: Vec<Value> = indicators(&app.page("filer").await)
        .iter()
        .take(rows)
        .map(|row| {
            let mut entry = json!({ "indicatorId": row["id"], "text": row["annualTarget"]["text"], "level": "FULL",
                "note": "说明", "deviations": [{ "category": "OTHER", "text": "说明" }] });
            if row["annualTarget"]["kind"] == "STATEMENT" && period == "YEAR_END" {
                entry["score"] = row["weight"].clone();
            }
            entry
        })
        .collect();
    let input = json!({ "declarationId": id, "period": period, "entries": entries, "execution": { "executed": "51480.81", "reason": "按计划执行" } });
    app.run("filer", "RecordActualValues", json!({ "input": input })).await
}

/// What is owed by the reports' own words: required from the day of opening, and not with the reviewers.
async fn expected(app: &TestApp, id: &str, day: i32, all: usize) -> Vec<(String, usize)> {
    let document = "query($id: ID!, $period: ReportingPeriod!) { report(declarationId: $id, period: $period) {
        status submittedAt window { opensOn } rows { current { text } } } }";
    let mut expected = Vec::new();
    for period in ["MID_YEAR", "YEAR_END"] {
        let answer = app.query("filer", document, json!({ "id": id, "period": period })).await;
        let report = answer.data("report");
        let opened = report["window"]["opensOn"].as_str().is_none_or(|opens| *opens <= *format!("2024-08-{day:02}"));
        let open = ["NOT_STARTED", "DRAFT", "RETURNED"].contains(&report["status"].as_str().expect("a state"));
        let valued = report["rows"].as_array().expect("rows").iter().filter(|row| row["current"]["text"].is_string());
        if open && (opened || report["submittedAt"].is_string()) {
            expected.push((period.to_owned(), all - valued.count()));
        }
    }
    expected
}
