//! Two years side by side and a department beside its peers, against the same computed here from the summaries.

use std::collections::BTreeMap;

use jixiao_rules::cycle::{Period, Role};
use jixiao_service::declaration::{self, Declaration};
use jixiao_service::{bulk, department};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::harness::{DEPARTMENT, OTHER, TestApp, operator};

const YEARS: &str = "query($department: String, $jurisdiction: String, $year: Int!, $against: Int, $period: ReportingPeriod = YEAR_END) {
    yearComparison(departmentCode: $department, jurisdictionCode: $jurisdiction, fiscalYear: $year, againstYear: $against, period: $period) {
        fiscalYear againstYear period department { code } jurisdiction { code }
        measures { measure label(lang: EN) value againstValue difference } } }";
const PEERS: &str = "query($department: String!, $year: Int!) {
    peerComparison(departmentCode: $department, fiscalYear: $year) { department { code } fiscalYear period
        measures { measure value median difference peerCount absence } } }";

/// Departments of one jurisdiction with 2023 and 2024, each with its own share of values missing; one more below it, and
/// one of another jurisdiction. Gives the codes of the peers of the first.
async fn neighbours(count: usize) -> (TestApp, Vec<String>) {
    let (app, _) = super::paging::reported().await;
    let ctx = operator();
    let below = "jurisdictionCreate(input: { code: \"44011801\", name: \"某街道\", parentCode: \"440118\" })";
    app.query("admin", &format!("mutation {{ {below} {{ userErrors {{ code }} }} }}"), json!({})).await;
    let found = declaration::by_department(&app.db, &ctx, DEPARTMENT, 2024).await.expect("reads");
    let original = found.expect("a declaration").declaration;
    let (mut codes, mut copies, mut seed) = (Vec::new(), Vec::new(), 7_u64);
    for number in 0..=count {
        let place = if number == count { "44011801" } else { "440118" };
        let code = format!("44011810{number}");
        let new =
            department::Create { code: code.clone(), name: format!("部门{number}"), jurisdiction_code: place.into() };
        let id = department::create(&app.db, &ctx, &new).await.expect("a department");
        for year in [2023, 2024] {
            let mut copy = Declaration { fiscal_year: year, department_id: id, ..original.clone() };
            for indicator in &mut copy.indicators {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                if (seed >> 33).is_multiple_of(3) {
                    indicator.values.remove(&Period::YearEnd);
                }
            }
            copies.push(copy);
        }
        if number < count {
            codes.push(code);
        }
    }
    bulk::declarations(&app.db, &ctx, copies).await.expect("writes");
    (app, codes)
}

/// What the summary says of each group: measure → value.
async fn summary(app: &TestApp, user: &str, by: &str, filter: Value) -> BTreeMap<String, BTreeMap<String, Value>> {
    let answer = app.run(user, "AchievementBy", json!({ "filter": filter, "groupBy": [by], "first": 100 })).await;
    let edges = answer.data("achievementSummary/edges").as_array().expect("edges").clone();
    let group = |edge: &Value| {
        let node = &edge["node"];
        let mut figures = BTreeMap::new();
        for (measure, field) in [
            ("INDICATOR_COUNT", "indicatorCount"),
            ("REPORTED_COUNT", "reportedCount"),
            ("COMPARABLE_COUNT", "comparableCount"),
        ] {
            figures.insert(measure.to_owned(), json!(node[field].to_string()));
        }
        for count in node["counts"].as_array().expect("counts") {
            let measure = format!("{}_COUNT", count["status"].as_str().expect("a status"));
            figures.insert(measure, json!(count["count"].to_string()));
        }
        figures.insert("ACHIEVEMENT_RATE".to_owned(), node["achievementRate"].clone());
        figures.insert("AVERAGE_SCORE".to_owned(), node["averageScore"].clone());
        (node["dimensions"][0]["key"].as_str().expect("a key").to_owned(), figures)
    };
    edges.iter().map(group).collect()
}

fn measures(answer: &crate::harness::Answer, field: &str) -> BTreeMap<String, Value> {
    let all = answer.data(&format!("{field}/measures")).as_array().expect("measures");
    all.iter().map(|one| (one["measure"].as_str().expect("a measure").to_owned(), one.clone())).collect()
}

fn decimal(value: &Value) -> Option<Decimal> {
    value.as_str().map(|text| text.parse().expect("a decimal"))
}

/// Independent of the service's own: in millionths.
fn median(mut values: Vec<i128>) -> Option<i128> {
    values.sort_unstable();
    let half = values.len() / 2;
    match values.len() {
        0..3 => None,
        odd if odd % 2 == 1 => Some(values[half]),
        _ => Some((values[half - 1] + values[half]) / 2),
    }
}

fn millionths(value: &Value) -> Option<i128> {
    let mut value = decimal(value)?;
    value.rescale(6);
    Some(value.mantissa())
}

#[tokio::test]
async fn the_median_is_that_of_the_peers() {
    let (app, codes) = neighbours(6).await;
    let mut everybody = codes.clone();
    everybody.push(DEPARTMENT.to_owned());
    let filter = json!({ "fiscalYears": [2024], "departmentCodes": everybody });
    let known = summary(&app, "auditor", "DEPARTMENT", filter).await;
    assert_eq!(known.len(), 7);
    let mut distinct = 0;
    for code in &everybody {
        // Six peers: an even number. In 2023 the real department has none: five, an odd one.
        let answer = app.query("finance", PEERS, json!({ "department": code, "year": 2024 })).await;
        for (measure, told) in measures(&answer, "peerComparison") {
            let Some(own) = known[code].get(&measure) else { continue };
            let peers: Vec<i128> = known
                .iter()
                .filter(|(other, _)| *other != code)
                .filter_map(|(_, of)| millionths(&of[&measure]))
                .collect();
            assert_eq!(told["peerCount"], json!(peers.len()), "{measure}");
            assert_eq!(millionths(&told["median"]), median(peers), "{measure} {told}");
            assert_eq!(told["value"], *own, "{measure}");
            let difference = millionths(own).zip(millionths(&told["median"])).map(|(own, median)| own - median);
            assert_eq!(millionths(&told["difference"]), difference, "{measure}");
            assert!(
                told["median"].as_str().is_none_or(|text| text.split('.').nth(1).is_some_and(|part| part.len() == 6))
            );
            distinct += usize::from(told["difference"].as_str().is_some_and(|text| text != "0.000000"));
        }
    }
    assert!(distinct > 20, "the data differs: {distinct}");
    let odd = app.query("auditor", PEERS, json!({ "department": codes[0], "year": 2023 })).await;
    assert_eq!(measures(&odd, "peerComparison")["INDICATOR_COUNT"]["peerCount"], 5);
}

#[tokio::test]
async fn a_median_tells_nothing_beyond_ones_scope() {
    let (mut app, codes) = neighbours(4).await;
    app.add_user("two", &[(Role::Auditor, Some(&codes[0]), None), (Role::Auditor, Some(&codes[1]), None)]).await;
    for user in ["filer", "two"] {
        let department = if user == "filer" { DEPARTMENT } else { codes[0].as_str() };
        let answer = app.query(user, PEERS, json!({ "department": department, "year": 2024 })).await;
        for (measure, told) in measures(&answer, "peerComparison") {
            assert_eq!(told["absence"], "PEERS_NOT_READABLE", "{measure}");
            for field in ["median", "difference", "peerCount"] {
                assert!(told[field].is_null(), "{measure} {told}");
            }
        }
        assert!(!measures(&answer, "peerComparison")["INDICATOR_COUNT"]["value"].is_null(), "its own is told");
    }
    let unseen = app.query("filer", PEERS, json!({ "department": codes[0], "year": 2024 })).await;
    assert_eq!(unseen.data("peerComparison"), &Value::Null);
    // One of two departments with anything in force: too few, whoever asks.
    let few = app.query("auditor", PEERS, json!({ "department": OTHER, "year": 2024 })).await;
    for (measure, told) in measures(&few, "peerComparison") {
        assert_eq!((&told["absence"], &told["peerCount"]), (&json!("TOO_FEW_PEERS"), &json!(0)), "{measure}");
        assert!(told["value"].is_null() && told["median"].is_null(), "a draft is not in force: {told}");
    }
    let two = app.query("finance", PEERS, json!({ "department": codes[0], "year": 2030 })).await;
    assert_eq!(measures(&two, "peerComparison")["SCORE"]["absence"], "TOO_FEW_PEERS");
    let never = app.query("finance", PEERS, json!({ "department": codes[0], "year": 1812 })).await;
    assert_eq!(never.body["errors"][0]["extensions"]["field"], json!(["fiscalYear"]));
}

#[tokio::test]
async fn two_years_differ_exactly() {
    let (app, codes) = neighbours(3).await;
    let subjects = [
        (json!({ "department": codes[1] }), json!({ "departmentCodes": [codes[1]] })),
        (json!({ "jurisdiction": "440118" }), json!({ "jurisdictionCode": "440118" })),
        (json!({ "jurisdiction": "440100" }), json!({ "jurisdictionCode": "440100" })),
    ];
    for (variables, filter) in subjects {
        for (year, against) in
            [(2024, Some(2023)), (2023, Some(2024)), (2024, None), (2024, Some(2019)), (2019, Some(2018))]
        {
            let mut asked = variables.clone();
            (asked["year"], asked["against"]) = (json!(year), json!(against));
            let answer = app.query("auditor", YEARS, asked).await;
            let against = against.unwrap_or(year - 1);
            assert_eq!(answer.data("yearComparison/againstYear"), &json!(against));
            let mut filter = filter.clone();
            filter["fiscalYears"] = json!([year, against]);
            let known = summary(&app, "auditor", "FISCAL_YEAR", filter).await;
            let told = measures(&answer, "yearComparison");
            assert_eq!(told.len(), 15);
            for (measure, one) in told {
                let of = |year: i32| known.get(&year.to_string()).map(|figures| figures.get(&measure).cloned());
                let figure = |year: i32| match of(year) {
                    // Nothing in force: nothing, and never nought.
                    None => Some(Value::Null),
                    Some(figure) => figure,
                };
                let (Some(value), Some(other)) = (figure(year), figure(against)) else { continue };
                assert_eq!((&one["value"], &one["againstValue"]), (&value, &other), "{measure} {year} {against}");
                let difference = decimal(&value).zip(decimal(&other)).map(|(value, other)| value - other);
                assert_eq!(decimal(&one["difference"]), difference, "{measure}");
            }
        }
    }
    let department = app.query("auditor", YEARS, json!({ "department": codes[1], "year": 2024 })).await;
    let result = "query($department: String!) { declaration(departmentCode: $department, fiscalYear: 2024) { result(period: YEAR_END) { score executionRate } } }";
    let own = app.query("auditor", result, json!({ "department": codes[1] })).await;
    let own = own.data("declaration/result").clone();
    let told = measures(&department, "yearComparison");
    assert_eq!((&told["SCORE"]["value"], &told["EXECUTION_RATE"]["value"]), (&own["score"], &own["executionRate"]));
}

#[tokio::test]
async fn bad_comparisons() {
    let (app, codes) = neighbours(1).await;
    let ask = async |user: &str, variables: Value| app.query(user, YEARS, variables).await;
    for (variables, field) in [
        (json!({ "year": 2024 }), Value::Null),
        (json!({ "year": 2024, "department": DEPARTMENT, "jurisdiction": "440118" }), Value::Null),
        (json!({ "year": 2024, "against": 2024, "department": DEPARTMENT }), json!(["againstYear"])),
        (json!({ "year": 1999, "department": DEPARTMENT }), json!(["fiscalYear"])),
        (json!({ "year": 2000, "department": DEPARTMENT }), json!(["againstYear"])),
        (json!({ "year": i32::MIN, "department": DEPARTMENT }), json!(["fiscalYear"])),
    ] {
        let answer = ask("auditor", variables).await;
        assert_eq!((answer.code(), &answer.body["errors"][0]["extensions"]["field"]), ("BAD_USER_INPUT", &field));
    }
    for variables in
        [json!({ "department": "99999" }), json!({ "department": codes[0] }), json!({ "jurisdiction": "440106" })]
    {
        let mut variables = variables;
        variables["year"] = json!(2024);
        assert_eq!(ask("filer", variables).await.data("yearComparison"), &Value::Null);
    }
    let own = ask("filer", json!({ "year": 2024, "jurisdiction": "440118" })).await;
    let all = ask("finance", json!({ "year": 2024, "jurisdiction": "440118" })).await;
    let count = |answer| measures(answer, "yearComparison")["INDICATOR_COUNT"]["value"].clone();
    assert_eq!((count(&own), count(&all)), (json!("14"), json!("42")), "of what one may read");
}
