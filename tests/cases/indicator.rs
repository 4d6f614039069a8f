//! Indicators across declarations: every filter against the same filter written here over everything there is, and what
//! no filter may ask.

use std::collections::BTreeSet;

use jixiao_rules::search::folded;
use jixiao_service::declaration::{self, Declaration};
use jixiao_service::{bulk, doctor};
use rust_decimal::Decimal;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::harness::upload::pdf;
use crate::harness::{DEPARTMENT, OTHER, TestApp, operator};

/// Everything of an indicator that a filter can ask for.
const NODE: &str = "id name weight level1 level2 annualTarget { text certain confirmed } cycleTarget { text }
    actualValue(period: YEAR_END) { text } declaration { fiscalYear department { code jurisdiction { code } } }
    achievement(period: YEAR_END) { status rate score light deviating explanationRequired overridden }";

/// The real declaration with reports, and copies of it under other names in other years and in another department.
async fn country() -> (TestApp, String) {
    let (app, id) = super::paging::reported().await;
    let ctx = operator();
    let read = async |code: &str, year| {
        declaration::by_department(&app.db, &ctx, code, year).await.expect("reads").expect("a declaration").declaration
    };
    let original = read(DEPARTMENT, 2024).await;
    let other = read(OTHER, 2024).await.department_id;
    let named = |year: i32, names: &[&str]| {
        let mut copy = Declaration { fiscal_year: year, ..original.clone() };
        for (indicator, name) in copy.indicators.iter_mut().zip(names) {
            indicator.name = (*name).to_owned();
        }
        copy
    };
    let mut there = named(2022, &["ＰＭ２．５　浓度", "100%完成_率", "'; DROP TABLE indicator; --"]);
    there.department_id = other;
    let copies =
        vec![named(2021, &["pm2.5浓度", "覆蓋率（全區）", "\"引号\"与AND"]), named(2022, &["1000完成x率"]), there];
    bulk::declarations(&app.db, &ctx, copies).await.expect("writes");
    (app, id)
}

async fn ids(app: &TestApp, user: &str, filter: &Value) -> BTreeSet<String> {
    all(app, user, filter).await.iter().map(|node| node["id"].as_str().expect("an id").to_owned()).collect()
}

/// Every indicator that a filter lets through; the count is right as well.
async fn all(app: &TestApp, user: &str, filter: &Value) -> Vec<Value> {
    let document = format!(
        "query($filter: IndicatorFilter, $after: String) {{ indicators(filter: $filter, first: 50, after: $after) {{
            totalCount edges {{ node {{ {NODE} }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let answer = app.query(user, &document, json!({ "filter": filter, "after": after })).await;
        let page = answer.data("indicators").clone();
        found.extend(page["edges"].as_array().expect("edges").iter().map(|edge| edge["node"].clone()));
        if page["pageInfo"]["hasNextPage"] == false {
            assert_eq!(page["totalCount"], json!(found.len()), "{filter}");
            return found;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

fn decimal(value: &Value) -> Option<Decimal> {
    value.as_str().map(|text| text.parse().expect("a decimal"))
}

/// Whether an indicator has the folded text in its name or in one of its targets.
fn has(node: &Value, part: &str) -> bool {
    let texts = [&node["name"], &node["annualTarget"]["text"], &node["cycleTarget"]["text"]];
    texts.iter().filter_map(|text| text.as_str()).any(|text| folded(text).contains(&folded(part)))
}

type Keeps = Box<dyn Fn(&Value) -> bool>;

/// Filters with what they must keep.
fn filters() -> Vec<(Value, Keeps)> {
    let one = |name: &'static str, value: Value, keeps: Keeps| (json!({ name: value }), keeps);
    let made =
        |name: &'static str, wanted: Value| -> Keeps { Box::new(move |node| node["achievement"][name] == wanted) };
    let rate = |keeps: fn(Decimal) -> bool| -> Keeps {
        Box::new(move |node| decimal(&node["achievement"]["rate"]).is_some_and(keeps))
    };
    let score = |keeps: fn(Decimal) -> bool| -> Keeps {
        Box::new(move |node| decimal(&node["achievement"]["score"]).is_some_and(keeps))
    };
    let mut all: Vec<(Value, Keeps)> = vec![
        one("fiscalYears", json!([2021, 2022]), Box::new(|node| node["declaration"]["fiscalYear"] != 2024)),
        one("departmentCodes", json!([OTHER]), Box::new(|node| node["declaration"]["department"]["code"] == OTHER)),
        one(
            "jurisdictionCode",
            json!("440118"),
            Box::new(|node| node["declaration"]["department"]["jurisdiction"]["code"] == "440118"),
        ),
        one("jurisdictionCode", json!("440100"), Box::new(|_| true)),
        one("jurisdictionCode", json!("440000"), Box::new(|_| true)),
        one("level1", json!(["OUTPUT"]), Box::new(|node| node["level1"] == "OUTPUT")),
        one(
            "level2",
            json!(["QUANTITY", "TIMELINESS"]),
            Box::new(|node| ["QUANTITY", "TIMELINESS"].contains(&node["level2"].as_str().unwrap_or_default())),
        ),
        one("rate", json!({ "gte": "1" }), rate(|rate| rate >= Decimal::ONE)),
        one("rate", json!({ "gt": "1.000000" }), rate(|rate| rate > Decimal::ONE)),
        one("rate", json!({ "lt": "1" }), rate(|rate| rate < Decimal::ONE)),
        one("rate", json!({ "lte": "1", "gt": "0" }), rate(|rate| rate <= Decimal::ONE && rate > Decimal::ZERO)),
        one("rate", json!({ "gte": "1.00", "lte": "1.000000" }), rate(|rate| rate == Decimal::ONE)),
        one("score", json!({ "gt": "0", "lt": "5" }), score(|score| score > Decimal::ZERO && score < Decimal::from(5))),
        one("score", json!({ "gte": "0" }), score(|_| true)),
        one("targetCertain", json!(true), Box::new(|node| node["annualTarget"]["certain"] == true)),
        one("targetCertain", json!(false), Box::new(|node| node["annualTarget"]["certain"] == false)),
        one("targetConfirmed", json!(true), Box::new(|node| node["annualTarget"]["confirmed"] == true)),
        one("targetConfirmed", json!(false), Box::new(|node| node["annualTarget"]["confirmed"] == false)),
    ];
    for status in ["EXCEEDED", "ACHIEVED", "NOT_ACHIEVED", "NOT_REPORTED", "UNDETERMINED"] {
        all.push(one("statuses", json!([status]), made("status", json!(status))));
    }
    for light in ["RED", "YELLOW", "GREEN", "BLUE"] {
        all.push(one("lights", json!([light]), made("light", json!(light))));
    }
    for flag in ["deviating", "explanationRequired", "overridden"] {
        for wanted in [true, false] {
            all.push(one(flag, json!(wanted), made(flag, json!(wanted))));
        }
    }
    all.push((
        json!({ "statuses": ["NOT_ACHIEVED"], "fiscalYears": [2022], "level1": ["OUTPUT"], "text": "完成", "rate": { "lt": "1" } }),
        Box::new(|node| {
            node["achievement"]["status"] == "NOT_ACHIEVED"
                && node["declaration"]["fiscalYear"] == 2022
                && node["level1"] == "OUTPUT"
                && has(node, "完成")
                && !node["achievement"]["rate"].is_null()
        }),
    ));
    all
}

#[tokio::test]
async fn every_filter_keeps_what_it_says() {
    let (app, _) = country().await;
    let everything = all(&app, "auditor", &Value::Null).await;
    assert_eq!(everything.len(), 4 * 14);
    let mut empty = Vec::new();
    for (filter, keeps) in filters() {
        let wanted: BTreeSet<String> = everything
            .iter()
            .filter(|node| keeps(node))
            .map(|node| node["id"].as_str().expect("an id").to_owned())
            .collect();
        assert_eq!(ids(&app, "auditor", &filter).await, wanted, "{filter}");
        if wanted.is_empty() {
            empty.push(filter.to_string());
        }
    }
    // The data has something for nearly every one of them.
    assert!(empty.len() < 10, "{empty:?}");
}

#[tokio::test]
async fn any_part_of_a_name_or_target_is_found() {
    let (app, _) = country().await;
    let everything = all(&app, "auditor", &Value::Null).await;
    let found = async |text: &str| ids(&app, "auditor", &json!({ "text": text })).await;
    let named = |part: &str| -> BTreeSet<String> {
        let having = everything.iter().filter(|node| has(node, part));
        having.map(|node| node["id"].as_str().expect("an id").to_owned()).collect()
    };
    // Spelling makes no difference: width, case, white space, look-alike glyphs, traditional characters.
    for (text, count) in [
        ("PM2.5", 2),
        ("ｐｍ ２．５浓", 2),
        ("m2", 2),
        ("覆盖率(全区)", 1),
        ("盖率（", 1),
        ("服务站", 8),
        // Wildcards and the words of query languages mean themselves.
        ("00%完", 1),
        ("完成_率", 1),
        ("完成x率", 1),
        ("%完", 1),
        ("__", 0),
        ("%%", 0),
        ("\"引号\"", 1),
        ("与AND", 1),
        ("'; DROP TABLE", 1),
        ("OR \"a\"", 0),
        ("引号*", 0),
        ("\\\\", 0),
        ("NEAR(a b)", 0),
        ("😀😀", 0),
    ] {
        let ids = found(text).await;
        assert_eq!((ids.len(), &ids), (count, &named(text)), "{text}");
    }
    // Every part of a few texts, and none across two of them.
    let mut asked = 0;
    for node in everything.iter().step_by(9) {
        let id = node["id"].as_str().expect("an id");
        for text in [&node["name"], &node["annualTarget"]["text"]] {
            let chars: Vec<char> = text.as_str().unwrap_or_default().chars().filter(|c| !c.is_whitespace()).collect();
            for (from, length) in [(0, 2), (1, 3), (2, 5), (0, chars.len())] {
                let part: String = chars.iter().skip(from).take(length).collect();
                if part.chars().count() < 2 {
                    continue;
                }
                let ids = found(&part).await;
                assert!(ids.contains(id), "{part} of {text}");
                assert_eq!(ids, named(&part), "{part}");
                asked += 1;
            }
        }
        let name = node["name"].as_str().expect("a name");
        let across = format!("{}{}", name, node["annualTarget"]["text"].as_str().unwrap_or_default());
        assert!(!found(&across.chars().take(100).collect::<String>()).await.contains(id), "{across}");
    }
    assert!(asked > 20, "{asked}");
}

#[tokio::test]
async fn the_index_follows_every_edit() {
    let app = TestApp::new().await;
    let id = app.import().await;
    app.complete().await;
    let found = async |text: &str| ids(&app, "auditor", &json!({ "text": text })).await.len();
    assert_eq!(found("服务站").await, 0, "not in force yet");
    let edit = async |field: &str, mut input: Value| {
        input["expectedRevision"] = app.page("filer").await["revision"].clone();
        app.edit("filer", field, input).await
    };
    let page = app.page("filer").await;
    let rows = crate::harness::indicators(&page);
    let (renamed, removed) = (&rows[0], rows.last().expect("one"));
    edit("indicatorUpdate", json!({ "indicatorId": renamed["id"], "name": "改名後指標", "annualTarget": "≥88个" }))
        .await;
    let input = json!({ "declarationId": id, "level1Label": "产出指标", "level2Label": "数量指标", "name": "新增指标甲", "annualTarget": "≥77人次", "weight": "1" });
    edit("indicatorAdd", input).await;
    let revision = app.page("filer").await["revision"].clone();
    app.act("filer", "indicatorRemove", "", &removed["id"], &revision).await;
    app.healthy().await;
    app.approve_of(&crate::harness::HERE, &id).await;
    let old = renamed["name"].as_str().expect("a name");
    let gone = removed["name"].as_str().expect("a name");
    assert_eq!((found("改名后指标").await, found("新增指标甲").await, found("≥77人次").await), (1, 1, 1));
    assert_eq!((found(old).await, found(gone).await), (0, 0));
    app.healthy().await;
}

#[tokio::test]
async fn evidence_is_missing_where_a_value_has_no_file() {
    let (app, id) = super::paging::reported().await;
    let report = app.report("filer", &id, "YEAR_END").await;
    let everything = all(&app, "auditor", &Value::Null).await;
    let reported = |node: &&Value| !node["actualValue"].is_null();
    let with_value: BTreeSet<String> =
        everything.iter().filter(reported).map(|node| node["id"].as_str().expect("an id").to_owned()).collect();
    assert!(!with_value.is_empty() && with_value.len() < everything.len(), "the data has both");
    let missing = async |wanted: bool| ids(&app, "auditor", &json!({ "evidenceMissing": wanted })).await;
    assert_eq!((missing(true).await, missing(false).await.len()), (with_value.clone(), 0));
    let indicator = with_value.first().expect("one").clone();
    let file = json!({ "reportId": report["id"], "indicatorId": indicator });
    let added = app.add_evidence("filer", file, ("a.pdf", pdf("a"))).await;
    assert_eq!(added.user_errors("evidenceAdd"), Vec::<&str>::new(), "{:#}", added.body);
    assert_eq!(missing(false).await, BTreeSet::from([indicator.clone()]));
    assert_eq!(missing(true).await.len(), with_value.len() - 1);
    let mid_year = json!({ "evidenceMissing": false, "period": "MID_YEAR" });
    assert_eq!(ids(&app, "auditor", &mid_year).await.len(), 0, "of another period");
    let sheet = app.run("filer", "ReportingSheet", json!({ "declaration": id, "period": "YEAR_END" })).await;
    let rows = sheet.data("report/rows").as_array().expect("rows").clone();
    let row = rows.iter().find(|row| row["indicator"]["id"] == json!(indicator)).expect("its row");
    let remove = "mutation($id: ID!) { evidenceRemove(id: $id) { userErrors { code } } }";
    let gone = app.query("filer", remove, json!({ "id": row["current"]["evidence"][0]["id"] })).await;
    assert_eq!(gone.user_errors("evidenceRemove"), Vec::<&str>::new(), "{:#}", gone.body);
    assert_eq!((missing(true).await, missing(false).await.len()), (with_value, 0));
}

#[tokio::test]
async fn a_filter_that_cannot_be_is_told_where() {
    let (app, _) = TestApp::approved().await;
    let many: Vec<i32> = vec![2024; 501];
    for (filter, reason, field) in [
        (json!({ "statuses": [] }), "INVALID_VALUE", "statuses"),
        (json!({ "lights": [] }), "INVALID_VALUE", "lights"),
        (json!({ "level1": [] }), "INVALID_VALUE", "level1"),
        (json!({ "level2": [] }), "INVALID_VALUE", "level2"),
        (json!({ "fiscalYears": [] }), "INVALID_VALUE", "fiscalYears"),
        (json!({ "departmentCodes": [] }), "INVALID_VALUE", "departmentCodes"),
        (json!({ "fiscalYears": many }), "LIMIT_EXCEEDED", "fiscalYears"),
        (json!({ "fiscalYears": [2024, 1999] }), "INVALID_VALUE", "fiscalYears.1"),
        (json!({ "rate": {} }), "REQUIRED", "rate"),
        (json!({ "rate": { "gte": "1", "lte": "0.999999" } }), "INVALID_VALUE", "rate"),
        (json!({ "rate": { "gt": "1", "lte": "1" } }), "INVALID_VALUE", "rate"),
        (json!({ "rate": { "gt": "1", "lt": "1.000001" } }), "INVALID_VALUE", "rate"),
        (json!({ "rate": { "gte": "0.0000001" } }), "INVALID_VALUE", "rate.gte"),
        (json!({ "rate": { "lt": "9999999999999999999999" } }), "INVALID_VALUE", "rate.lt"),
        (json!({ "score": { "lte": "1.001" } }), "INVALID_VALUE", "score.lte"),
        (json!({ "score": { "gte": "5", "lt": "5" } }), "INVALID_VALUE", "score"),
        (json!({ "text": "" }), "INVALID_VALUE", "text"),
        (json!({ "text": "站" }), "INVALID_VALUE", "text"),
        (json!({ "text": " 站 \u{200b}" }), "INVALID_VALUE", "text"),
        (json!({ "text": "站".repeat(101) }), "TOO_LONG", "text"),
        (json!({ "jurisdictionCode": "999999" }), "NOT_FOUND", "jurisdictionCode"),
        (json!({ "jurisdictionCode": "" }), "NOT_FOUND", "jurisdictionCode"),
        (json!({ "departmentCodes": [DEPARTMENT, "99999"] }), "NOT_FOUND", "departmentCodes.1"),
    ] {
        let answer = app.run("auditor", "Unmet", json!({ "filter": filter, "first": 5 })).await;
        let error = &answer.body["errors"][0]["extensions"];
        let path: Vec<&str> = error["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let told = (answer.code(), error["reason"].as_str().unwrap_or_default(), path.join("."));
        assert_eq!(told, ("BAD_USER_INPUT", reason, format!("filter.{field}")), "{filter}: {:#}", answer.body);
    }
    // What somebody else has is as unknown as what nobody has.
    for (user, filter) in
        [("filer", json!({ "departmentCodes": [OTHER] })), ("filer", json!({ "jurisdictionCode": "440106" }))]
    {
        let answer = app.run(user, "Unmet", json!({ "filter": filter, "first": 5 })).await;
        assert_eq!(answer.body["errors"][0]["extensions"]["reason"], "NOT_FOUND", "{filter}");
    }
    let long = json!({ "text": "站".repeat(100) });
    assert_eq!(ids(&app, "auditor", &long).await.len(), 0);
    assert!(!ids(&app, "filer", &json!({ "jurisdictionCode": "440000" })).await.is_empty(), "one above one's own");
}

#[tokio::test]
async fn what_is_altered_in_the_index_is_found() {
    let (app, _) = TestApp::approved().await;
    let db = app.db.read();
    let differences = async || doctor::examine(&app.db, &operator()).await.expect("examines").differences;
    assert_eq!(differences().await, Vec::<String>::new());
    db.execute_unprepared("UPDATE indicator_text SET text = '甲乙' WHERE indicator_id = 3").await.expect("alters");
    assert_eq!(differences().await, ["Indicator:3 search text"]);
    db.execute_unprepared("DELETE FROM indicator_text WHERE indicator_id = 3").await.expect("alters");
    assert_eq!(differences().await, ["Indicator:3 search text"]);
    db.execute_unprepared("UPDATE indicator_body SET body = replace(body, 'QUANTITY', 'RANGE') WHERE indicator_id = 5")
        .await
        .expect("alters");
    db.execute_unprepared("DELETE FROM indicator_body WHERE indicator_id = 4").await.expect("alters");
    let bodies = ["Indicator:3 search text", "Indicator:4 body", "Indicator:5 body"];
    assert_eq!(differences().await, bodies);
    if app.db.backend() == sea_orm::DbBackend::Sqlite {
        let without_it = "INSERT INTO indicator_search (indicator_search, rowid, pairs) VALUES ('delete', 4, '站数')";
        db.execute_unprepared(without_it).await.expect("alters");
        let index = "the index of the search differs from the texts".to_owned();
        assert_eq!(differences().await, [&bodies[..], &[&index]].concat());
    }
}
