//! Sentences of the contract that belong to no single noun.

use jixiao_rules::cycle::Role;
use serde_json::{Value, json};

use super::paging::reported;
use crate::harness::{DEPARTMENT, FORM, TestApp, indicators};

fn b64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
}

/// Variables of every act on something that has an id: operation, payload, variables with `id` in place.
fn acts(declaration: &str, indicator: &str, report: &str) -> Vec<(&'static str, &'static str, Value)> {
    let entries = json!([{ "indicatorId": indicator, "text": "1" }]);
    let record = json!({ "input": { "declarationId": declaration, "period": "YEAR_END", "entries": entries } });
    let confirm = json!({ "input": { "indicatorId": indicator, "which": "ANNUAL", "expectedRevision": 1 } });
    let on = |id: &str, more: Value| {
        let mut variables = json!({ "id": id, "revision": 1 });
        variables.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        variables
    };
    vec![
        ("Submit", "declarationSubmit", on(declaration, json!({}))),
        ("Forward", "declarationForward", on(declaration, json!({}))),
        ("Accept", "declarationAccept", on(declaration, json!({ "grade": "GOOD" }))),
        ("Reject", "declarationReject", on(declaration, json!({ "reason": "x" }))),
        ("Return", "declarationReturn", on(declaration, json!({ "reason": "x" }))),
        ("Approve", "declarationApprove", on(declaration, json!({ "number": "x", "on": "2024-01-01" }))),
        ("ConfirmTarget", "targetConfirm", confirm),
        ("RecordActualValues", "actualValuesRecord", record.clone()),
        ("PreviewActualValues", "actualValuesPreview", record),
        ("SubmitReport", "reportSubmit", on(report, json!({}))),
        ("ForwardReport", "reportForward", on(report, json!({}))),
        ("AcceptReport", "reportAccept", on(report, json!({}))),
        ("ReturnReport", "reportReturn", on(report, json!({ "reason": "x" }))),
    ]
}

#[tokio::test]
async fn unknown_and_unseen_are_the_same() {
    let (app, id) = reported().await;
    let indicator = indicators(&app.page("filer").await)[0]["id"].as_str().expect("an id").to_owned();
    let sheet = app.run("filer", "ReportingSheet", json!({ "declaration": id, "period": "YEAR_END" })).await;
    let report = sheet.data("report/id").as_str().expect("an id").to_owned();
    let unseen = acts(&id, &indicator, &report);
    let unknown = acts(&b64("Declaration:99999"), &b64("Indicator:99999"), &b64("Report:99999:YEAR_END"));
    for ((operation, field, seen), (_, _, never)) in unseen.into_iter().zip(unknown) {
        let unseen = app.run("filer2", operation, seen).await;
        let unknown = app.run("filer2", operation, never).await;
        assert_eq!(unseen.user_errors(field), ["NOT_FOUND"], "{operation}");
        assert_eq!(unseen.body, unknown.body, "{operation}");
    }
    for query in ["{ node(id: \"$\") { id } }", "{ report(declarationId: \"$\", period: YEAR_END) { id } }"] {
        for id in [id.as_str(), &b64("Declaration:99999")] {
            let answer = app.query("filer2", &query.replace('$', id), json!({})).await;
            assert!(answer.body["errors"].is_null() && answer.body.to_string().contains("null"), "{:#}", answer.body);
        }
    }
    for id in ["x", "", &b64("Indicator:1"), &b64("Declaration:+1")] {
        let answer = app.run("filer", "Submit", json!({ "id": id, "revision": 1 })).await;
        assert_eq!((answer.code(), answer.data("declarationSubmit")), ("INVALID_ID", &Value::Null), "{id}");
    }
}

#[tokio::test]
async fn messages_in_the_callers_language() {
    let app = TestApp::new().await;
    app.import().await;
    let input = json!({ "departmentCode": DEPARTMENT, "fiscalYear": 2024, "text": FORM });
    let import = json!({ "query": crate::harness::contract::document("ImportForm"), "variables": { "input": input } });
    for (lang, user_error, notice, top) in [
        ("zh-CN", "该部门该年度的申报表已存在", "已去除网页标记", "请先登录"),
        ("en;q=0.9, fr", "the department has a declaration", "markup", "sign in first"),
        ("fr", "该部门该年度的申报表已存在", "已去除网页标记", "请先登录"),
    ] {
        let answer = app.post(Some(&app.token("filer")), lang, import.to_string()).await;
        let text = answer.data("declarationImport").to_string();
        assert!(text.contains(user_error) && text.contains(notice), "{lang} {text}");
        let nobody = app.post(None, lang, import.to_string()).await;
        assert!(nobody.body["errors"][0]["message"].as_str().is_some_and(|text| text.contains(top)), "{lang}");
    }
}

#[tokio::test]
async fn decimals_travel_as_strings() {
    let (app, id) = TestApp::approved().await;
    let record = |executed: Value, unit: &str| json!({ "input": { "declarationId": id, "period": "YEAR_END", "execution": { "executed": executed, "unit": unit } } });
    for number in [json!(12), json!(12.5)] {
        let answer = app.run("filer", "RecordActualValues", record(number, "YUAN")).await;
        assert_eq!(answer.code(), "BAD_USER_INPUT", "{:#}", answer.body);
    }
    for text in ["1e3", "1,000.00", "01", ".5", "5.", "+5", " 5", "NaN", "１"] {
        let answer = app.run("filer", "RecordActualValues", record(json!(text), "YUAN")).await;
        assert_eq!(answer.code(), "BAD_USER_INPUT", "{text}");
    }
    for (text, unit) in [("0.0000001", "WAN_YUAN"), ("0.001", "YUAN"), ("9999999999999999999", "YUAN"), ("-1", "YUAN")]
    {
        let answer = app.run("filer", "RecordActualValues", record(json!(text), unit)).await;
        assert_eq!(answer.user_errors("actualValuesRecord"), ["INVALID_VALUE"], "{text}");
    }
    let sheet = "query($id: ID!) { report(declarationId: $id, period: YEAR_END) { execution { executed rate yuan: executed(unit: YUAN) } } }";
    for (text, unit, wan, yuan) in [
        ("0.000001", "WAN_YUAN", "0.000001", "0.01"),
        ("1350000000", "WAN_YUAN", "1350000000.00", "13500000000000.00"),
        ("92233720368547758.07", "YUAN", "9223372036854.775807", "92233720368547758.07"),
    ] {
        let answer = app.run("filer", "RecordActualValues", record(json!(text), unit)).await;
        assert_eq!(answer.user_errors("actualValuesRecord"), Vec::<&str>::new(), "{text}");
        let answer = app.query("filer", sheet, json!({ "id": id })).await;
        let execution = answer.data("report/execution");
        assert_eq!((&execution["executed"], &execution["yuan"]), (&json!(wan), &json!(yuan)), "{text}");
    }
}

#[tokio::test]
async fn a_text_with_a_nul_is_refused_alike_everywhere() {
    let (app, id) = TestApp::approved().await;
    let indicator = indicators(&app.page("filer").await)[3]["id"].clone();
    for (query, variables) in [
        (
            "mutation($t: String!) { signIn(username: $t, password: \"x\") { userErrors { code } } }",
            json!({ "t": "a\0" }),
        ),
        ("query($t: String!) { declaration(departmentCode: $t, fiscalYear: 2024) { id } }", json!({ "t": "\0" })),
        (
            "query($t: [String!]) { declarations(filter: { departmentCodes: $t }) { totalCount } }",
            json!({ "t": ["\0"] }),
        ),
        ("{ departments(jurisdictionCode: \"\\u0000\") { edges { cursor } } }", json!({})),
        (
            "mutation($i: ActualValuesRecordInput!) { actualValuesRecord(input: $i) { userErrors { code } } }",
            json!({ "i": { "declarationId": id, "period": "YEAR_END", "idempotencyKey": "\0", "execution": { "executed": "1" } } }),
        ),
    ] {
        let answer = app.query("filer", query, variables).await;
        assert_eq!(answer.code(), "BAD_USER_INPUT", "{query} {:#}", answer.body);
    }
    let entries =
        json!([{ "indicatorId": indicator, "text": "1\0", "deviations": [{ "category": "OTHER", "text": "\0" }] }]);
    let input = json!({ "declarationId": id, "period": "YEAR_END", "entries": entries });
    let answer = app.run("filer", "RecordActualValues", json!({ "input": input })).await;
    assert_eq!(answer.user_errors("actualValuesRecord"), ["INVALID_VALUE", "INVALID_VALUE"], "{:#}", answer.body);
}

#[tokio::test]
async fn level2_as_printed_or_by_its_name() {
    let app = TestApp::new().await;
    let read = async |level2: &str| {
        let variables = json!({ "text": "12", "level2": level2, "name": "完成时间", "year": 2024 });
        app.send(None, &crate::harness::contract::document("ReadTarget"), variables).await.body["data"].clone()
    };
    assert_eq!(read("时效指标").await, read("TIMELINESS").await);
    assert_eq!(read("成 本 指标（10分）").await, read("OUTPUT_COST").await);
    assert_ne!(read("成本指标").await, read("QUANTITY").await);
}

#[tokio::test]
async fn an_auditors_grant_shows_no_drafts_whatever_else_is_granted() {
    let mut app = TestApp::new().await;
    let both = [(Role::Auditor, None, Some("440100")), (Role::UnitFiler, Some(crate::harness::OTHER), None)];
    app.add_user("both", &both).await;
    let id = app.import().await;
    assert!(app.page("both").await.is_null());
    let answer = app.run("both", "Submit", json!({ "id": id, "revision": 1 })).await;
    assert_eq!(answer.user_errors("declarationSubmit"), ["NOT_FOUND"]);
    let list = app.run("both", "Declarations", json!({ "first": 9 })).await;
    assert_eq!(list.data("declarations/totalCount"), 0);
    app.approve(&id).await;
    assert_eq!(app.page("both").await["status"], "APPROVED");
}

#[tokio::test]
async fn nested_grants_count_once() {
    let (mut app, _) = reported().await;
    let ctx = crate::harness::operator();
    let new = jixiao_service::department::Create {
        code: "440000001".into(),
        name: "广东省民政厅".into(),
        jurisdiction_code: "440000".into(),
    };
    jixiao_service::department::create(&app.db, &ctx, &new).await.expect("a department");
    // Two steps apart, and what is between is not seen.
    app.add_user("gap", &[(Role::Auditor, Some("440000001"), None), (Role::Auditor, None, Some("440118"))]).await;
    let answer = app.run("gap", "AchievementBy", json!({ "groupBy": ["JURISDICTION"], "first": 50 })).await;
    let edges = answer.data("achievementSummary/edges").as_array().expect("edges").clone();
    let sum: i64 = edges.iter().filter_map(|edge| edge["node"]["indicatorCount"].as_i64()).sum();
    assert_eq!((json!(sum), sum), (answer.data("achievementSummary/totals/indicatorCount").clone(), 14), "{edges:?}");
}

#[tokio::test]
async fn jurisdictions_group_by_the_children_of_the_filter() {
    let (app, _) = reported().await;
    for (filter, keys) in [
        (json!(null), vec!["440100"]),
        (json!("440000"), vec!["440100"]),
        (json!("440100"), vec!["440118"]),
        (json!("440118"), vec!["440118"]),
        (json!("440106"), vec![]),
    ] {
        let variables = json!({ "groupBy": ["JURISDICTION"], "first": 9, "filter": { "jurisdictionCode": filter } });
        let answer = app.run("auditor", "AchievementBy", variables).await;
        let edges = answer.data("achievementSummary/edges").as_array().expect("edges").iter();
        let found: Vec<Value> = edges.map(|edge| edge["node"]["dimensions"][0]["key"].clone()).collect();
        assert_eq!(json!(found), json!(keys), "{filter}");
    }
    let variables = json!({ "groupBy": ["JURISDICTION"], "first": 9, "filter": { "jurisdictionCode": "9999" } });
    let unknown = app.run("auditor", "AchievementBy", variables).await;
    let told = &unknown.body["errors"][0]["extensions"];
    assert_eq!(
        (&told["code"], &told["reason"], &told["field"]),
        (&json!("BAD_USER_INPUT"), &json!("NOT_FOUND"), &json!(["filter", "jurisdictionCode"]))
    );
}

/// Counts, rates and scores recomputed from the page by the contract's own words.
#[tokio::test]
async fn a_summary_is_what_its_definitions_say() {
    let (app, _) = reported().await;
    let page = app.page("auditor").await;
    let rows = indicators(&page);
    let status = |row: &Value| row["achievement"]["status"].as_str().expect("a status").to_owned();
    let count = |names: &[&str]| rows.iter().filter(|row| names.contains(&status(row).as_str())).count();
    let satisfied = count(&["EXCEEDED", "ACHIEVED"]);
    let comparable = satisfied + count(&["PARTIALLY_ACHIEVED", "NOT_ACHIEVED"]);
    let points = |row: &Value, field: &str| {
        row["achievement"][field].as_str().map(|text| text.parse::<rust_decimal::Decimal>().expect("a decimal"))
    };
    let scored: Vec<_> = rows.iter().filter_map(|row| points(row, "score").zip(points(row, "maxScore"))).collect();
    let (score, most) = scored
        .iter()
        .fold((rust_decimal::Decimal::ZERO, rust_decimal::Decimal::ZERO), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let mut average = rust_decimal::Decimal::ONE_HUNDRED * score / most;
    average = average.round_dp_with_strategy(2, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    average.rescale(2);
    let answer = app.run("auditor", "AchievementBy", json!({ "groupBy": ["DEPARTMENT"], "first": 9 })).await;
    let totals = answer.data("achievementSummary/totals");
    let rate = format!("{}.{:06}", satisfied / comparable, satisfied * 1_000_000 / comparable % 1_000_000);
    assert_eq!(totals["indicatorCount"], rows.len());
    assert_eq!(totals["comparableCount"], comparable);
    assert_eq!(totals["reportedCount"], rows.len() - count(&["NOT_REPORTED", "NOT_APPLICABLE"]));
    assert_eq!(totals["achievementRate"], json!(rate));
    assert_eq!(page["result"]["achievementRate"], json!(rate));
    assert_eq!(totals["averageScore"], json!(average.to_string()));
    // The same at level 1 and level 2.
    let by_level = app.run("auditor", "AchievementBy", json!({ "groupBy": ["LEVEL1"], "first": 9 })).await;
    for level1 in page["indicatorTree"].as_array().expect("a tree") {
        let edges = by_level.data("achievementSummary/edges").as_array().expect("edges");
        let same = edges.iter().find(|edge| edge["node"]["dimensions"][0]["key"] == level1["level1"]).expect("a group");
        assert_eq!(same["node"]["achievementRate"], level1["achievementRate"]);
    }
}

#[tokio::test]
async fn jurisdictions_are_a_tree_by_parent() {
    let app = TestApp::new().await;
    let children = async |user: &str, parent: Value| {
        let answer = app.run(user, "Jurisdictions", json!({ "parent": parent, "first": 9 })).await;
        let edges = answer.data("jurisdictions/edges").as_array().expect("edges").clone();
        edges.iter().map(|edge| (edge["node"]["code"].clone(), edge["node"]["hasChildren"].clone())).collect::<Vec<_>>()
    };
    assert_eq!(children("admin", json!("440118")).await, []);
    let new = jixiao_service::jurisdiction::Create {
        code: "9901".into(),
        name: "某镇".into(),
        parent_code: Some("440118".into()),
    };
    jixiao_service::jurisdiction::create(&app.db, &crate::harness::operator(), &new).await.expect("a jurisdiction");
    assert_eq!(children("admin", json!("440118")).await, [(json!("9901"), json!(false))]);
    assert_eq!(
        children("admin", json!("440100")).await,
        [(json!("440106"), json!(false)), (json!("440118"), json!(true))]
    );
    assert_eq!(children("admin", Value::Null).await, [(json!("440000"), json!(true))]);
    // The topmost that the viewer may see.
    assert_eq!(children("auditor", Value::Null).await, [(json!("440100"), json!(true))]);
    assert_eq!(children("filer2", Value::Null).await, [(json!("440106"), json!(false))]);
    assert_eq!(children("filer2", json!("440100")).await, [(json!("440106"), json!(false))]);
    assert_eq!(children("filer2", json!("440118")).await, []);
}

#[tokio::test]
async fn a_sheet_shows_the_period_before() {
    let (app, id) = TestApp::approved().await;
    let indicator = indicators(&app.page("filer").await)[3]["id"].clone();
    for (period, text) in [("MID_YEAR", "70个"), ("YEAR_END", "148个")] {
        let input =
            json!({ "declarationId": id, "period": period, "entries": [{ "indicatorId": indicator, "text": text }] });
        app.run("filer", "RecordActualValues", json!({ "input": input })).await;
    }
    let sheet = app.run("filer", "ReportingSheet", json!({ "declaration": id, "period": "YEAR_END" })).await;
    let rows = sheet.data("report/rows").as_array().expect("rows");
    assert_eq!(rows.len(), 14, "one row per indicator");
    let row = rows.iter().find(|row| row["indicator"]["id"] == indicator).expect("the row");
    assert_eq!((&row["previous"]["text"], &row["current"]["text"]), (&json!("70个"), &json!("148个")));
}
