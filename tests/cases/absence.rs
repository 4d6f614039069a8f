//! Absence is never zero: wherever data are missing, no resolver answers 0. And what is counted adds up.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::harness::dice::Dice;
use crate::harness::introspection::{Schema, list, name, named};
use crate::harness::{TestApp, indicators};

/// How each root field is asked: by whom, and with which arguments. `$D` is the declaration, `$I` an indicator of it.
const ROOTS: &[(&str, &str, &str)] = &[
    ("accessLog", "admin", ""),
    ("achievementSummary", "auditor", "groupBy: [LEVEL1]"),
    ("auditPack", "auditor", ""),
    ("auditTrail", "filer", "nodeId: \"$D\""),
    ("declaration", "filer", "departmentCode: \"440118001\", fiscalYear: 2024"),
    ("declarationAsOf", "filer", "id: \"$D\", at: \"2099-01-01T00:00:00Z\""),
    ("declarations", "filer", ""),
    ("departments", "admin", ""),
    ("findings", "auditor", ""),
    ("grants", "admin", ""),
    ("indicatorTrend", "auditor", "indicatorId: \"$I\", period: $P"),
    ("indicators", "auditor", ""),
    ("interpretTarget", "filer", "text: \"有效提升\""),
    ("jurisdictions", "admin", ""),
    ("myOutstanding", "filer", ""),
    ("peerComparison", "auditor", "departmentCode: \"440118001\", fiscalYear: 2024, period: $P"),
    ("publication", "auditor", "departmentCode: \"440118001\", fiscalYear: 2024, kind: TARGETS"),
    ("publications", "auditor", ""),
    ("report", "filer", "declarationId: \"$D\", period: $P"),
    ("reportingWindows", "admin", ""),
    ("schemeAssignments", "admin", ""),
    ("schemeWhatIf", "auditor", "scheme: { code: \"CAPPED\" }, period: $P"),
    ("users", "admin", ""),
    ("viewer", "auditor", ""),
    ("yearComparison", "auditor", "departmentCode: \"440118001\", fiscalYear: 2024, period: $P"),
];

/// Root fields that are not asked, and why.
const NOT_ASKED: &[(&str, &str)] = &[
    ("actualValuesPreview", "the rows that recording gives, which are asked after it"),
    ("auditLogVerification", "the chain, not the data"),
    ("node", "the types that are asked by their own fields"),
    ("scoringSchemes", "a scheme states zeros and means them"),
    ("serviceLimits", "the service, not the data"),
];

/// Whole numbers that count or number something: there 0 is what there is.
const COUNTS: &[&str] = &[
    "Adjustment.revision",
    "AchievementSummary.comparableCount",
    "AchievementSummary.declarationCount",
    "AchievementSummary.indicatorCount",
    "AchievementSummary.rateCount",
    "AchievementSummary.reportedCount",
    "AchievementTotals.comparableCount",
    "AchievementTotals.declarationCount",
    "AchievementTotals.indicatorCount",
    "AchievementTotals.rateCount",
    "AchievementTotals.reportedCount",
    "AuditPack.declarationCount",
    "Declaration.adjustmentNo",
    "Declaration.version",
    "DeclarationPublication.revision",
    "DeclarationSnapshot.adjustmentNo",
    "DeclarationSnapshot.version",
    "ExecutionTotals.declarationCount",
    "FilingTotals.lateCount",
    "FilingTotals.notFiledCount",
    "FilingTotals.onTimeCount",
    "FilingTotals.undatedCount",
    "LightCount.count",
    "PeerMeasure.peerCount",
    "Report.revision",
    "ReportResult.reviewedRows",
    "ReportingWindow.graceDays",
    "StatusCount.count",
];

/// What the form itself says is 0.
const STATED: &[&str] = &["Budget.fiscalSpecialFunds", "PublishedBudgetLine.amount"];

/// Everything of a type that leads to data, types on the way not entered again.
fn selection(schema: &Schema, of: &str, period: &str, path: &mut Vec<String>) -> String {
    if path.len() > 8 || path.iter().any(|known| known == of) {
        return String::new();
    }
    path.push(of.to_owned());
    let parts: Vec<String> = schema.fields(of).filter_map(|field| one(schema, of, field, period, path)).collect();
    path.pop();
    parts.join(" ")
}

/// One field with its arguments and what is below it.
fn one(schema: &Schema, of: &str, field: &Value, period: &str, path: &mut Vec<String>) -> Option<String> {
    let mut arguments = Vec::new();
    for argument in list(field, "args") {
        let needed = argument["type"]["kind"] == "NON_NULL" && argument["defaultValue"].is_null();
        match (name(argument), needed) {
            ("period", _) => arguments.push(format!("period: {period}")),
            ("first", _) => arguments.push("first: 2".to_owned()),
            (other, true) => panic!("say what {of}.{} is asked with for {other}", name(field)),
            (_, false) => {}
        }
    }
    let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
    let inner = named(&field["type"]);
    match schema.types[&inner]["kind"].as_str() {
        Some("SCALAR" | "ENUM") => Some(format!("{}{arguments}", name(field))),
        Some("OBJECT") => {
            let below = selection(schema, &inner, period, path);
            (!below.is_empty()).then(|| format!("{}{arguments} {{ {below} }}", name(field)))
        }
        _ => None,
    }
}

/// A field in pieces of about `most` characters: the fields below it, each by itself, where it is longer.
fn pieces(schema: &Schema, of: &str, field: &Value, period: &str, path: &mut Vec<String>, most: usize) -> Vec<String> {
    let Some(whole) = one(schema, of, field, period, path) else { return Vec::new() };
    let Some((open, _)) = whole.split_once('{').filter(|_| whole.len() > most) else { return vec![whole] };
    let inner = named(&field["type"]);
    path.push(inner.clone());
    let below = schema.fields(&inner).flat_map(|field| pieces(schema, &inner, field, period, path, most));
    let below = below.map(|piece| format!("{open} {{ {piece} }}")).collect();
    path.pop();
    below
}

/// Zeros where nothing is counted, as `Type.field`, and objects whose counts do not add up.
#[derive(Default)]
struct Found {
    zeros: BTreeSet<String>,
    decimals: BTreeSet<String>,
    sums: usize,
}

impl Found {
    fn walk(&mut self, schema: &Schema, of: &str, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.walk(schema, of, item)),
            Value::Object(object) => {
                // A figure that is a number of indicators may be 0.
                let number = value["measure"].as_str().is_some_and(|measure| measure.ends_with("_COUNT"));
                for (key, value) in object {
                    let field = schema.fields(of).find(|field| name(field) == key).expect("a field");
                    if !number {
                        self.leaf(of, key, &named(&field["type"]), value);
                    }
                    self.walk(schema, &named(&field["type"]), value);
                }
                self.counted(of, value);
            }
            _ => {}
        }
    }

    fn leaf(&mut self, of: &str, field: &str, kind: &str, value: &Value) {
        let place = format!("{of}.{field}");
        match (kind, value) {
            ("Decimal", Value::String(text)) => {
                if text.chars().all(|c| matches!(c, '0' | '.' | '-')) && !STATED.contains(&place.as_str()) {
                    self.zeros.insert(place.clone());
                }
                self.decimals.insert(place);
            }
            ("Int", value) if *value == 0 && field != "totalCount" && !COUNTS.contains(&place.as_str()) => {
                self.zeros.insert(place);
            }
            _ => {}
        }
    }

    /// The counts of statuses hold every status and add up to what is counted beside them.
    fn counted(&mut self, of: &str, object: &Value) {
        let Some(counts) = object["counts"].as_array() else { return };
        assert_eq!(counts.len(), 8, "{of}: {object}");
        let count = |statuses: &[&str]| -> i64 {
            let held = counts
                .iter()
                .filter(|one| statuses.is_empty() || statuses.iter().any(|status| one["status"] == **status));
            held.filter_map(|one| one["count"].as_i64()).sum()
        };
        let all = count(&[]);
        let comparable = count(&["EXCEEDED", "ACHIEVED", "PARTIALLY_ACHIEVED", "NOT_ACHIEVED"]);
        let beside = [
            ("indicatorCount", all),
            ("reportedCount", all - count(&["NOT_REPORTED", "NOT_APPLICABLE"])),
            ("comparableCount", comparable),
        ];
        for (field, sum) in beside.into_iter().filter(|(field, _)| !object[field].is_null()) {
            assert_eq!(object[field], sum, "{of}.{field}: {object}");
        }
        if let Some(rate) = object.get("achievementRate") {
            assert_eq!(rate.is_null(), comparable == 0, "{of}: {object}");
        }
        self.sums += 1;
    }
}

/// Asks everything that introspection finds, in a period.
async fn ask(app: &TestApp, schema: &Schema, id: &str, period: &str) -> Found {
    let mut found = Found::default();
    let indicator = indicators(&app.page("filer").await)[1]["id"].as_str().expect("an id").to_owned();
    for field in schema.fields("Query") {
        let root = name(field);
        let known = ROOTS.iter().find(|known| known.0 == root);
        let Some((_, user, arguments)) = known else {
            assert!(NOT_ASKED.iter().any(|known| known.0 == root), "say how {root} is asked, or why it is not");
            continue;
        };
        let paged = list(field, "args").any(|argument| name(argument) == "first");
        let arguments = format!("{arguments}{}", if paged { ", first: 5" } else { "" });
        let arguments =
            arguments.trim_start_matches(", ").replace("$D", id).replace("$I", &indicator).replace("$P", period);
        let arguments = if arguments.is_empty() { arguments } else { format!("({arguments})") };
        let kind = named(&field["type"]);
        // Field by field, and where that costs too much in smaller pieces.
        for part in schema.fields(&kind).filter(|part| name(part) != "pageInfo") {
            let mut within = vec!["Query".to_owned(), kind.clone()];
            let whole = [usize::MAX, 1_500, 300].map(|most| pieces(schema, &kind, part, period, &mut within, most));
            let mut answers = Vec::new();
            for parts in whole {
                answers.clear();
                for part in parts {
                    answers.push(app.query(user, &format!("{{ {root}{arguments} {{ {part} }} }}"), json!({})).await);
                }
                if answers.iter().all(|answer| answer.code() != "LIMIT_EXCEEDED") {
                    break;
                }
            }
            for answer in answers {
                assert!(answer.body.get("errors").is_none(), "{root} {}: {:#}", name(part), answer.body);
                found.walk(schema, "Query", &answer.body["data"]);
            }
        }
    }
    found
}

#[tokio::test]
async fn no_resolver_answers_zero_for_what_is_missing() {
    let app = TestApp::new().await;
    let schema = Schema::load(&app).await;
    let roots: BTreeSet<&str> = schema.fields("Query").map(name).collect();
    let gone: Vec<_> = ROOTS
        .iter()
        .map(|root| root.0)
        .chain(NOT_ASKED.iter().map(|root| root.0))
        .filter(|root| !roots.contains(root))
        .collect();
    assert!(gone.is_empty(), "no such root field: {gone:?}");

    // A draft with gaps, then an approved declaration without any report.
    let id = app.import().await;
    let draft = ask(&app, &schema, &id, "YEAR_END").await;
    assert_eq!(draft.zeros, BTreeSet::new(), "a draft");
    app.approve(&id).await;
    for period in ["YEAR_END", "MID_YEAR", "Q1"] {
        let bare = ask(&app, &schema, &id, period).await;
        assert_eq!(bare.zeros, BTreeSet::new(), "nothing reported, {period}");
    }
    // Some values, all of them good ones, one withdrawn; no money reported.
    let mut entries = app.met("YEAR_END").await;
    entries.truncate(6);
    app.record(&id, "YEAR_END", json!({ "entries": entries })).await;
    entries.truncate(1);
    let withdrawn = json!({ "indicatorId": entries[0]["indicatorId"], "text": null, "level": null, "score": null });
    app.record(&id, "YEAR_END", json!({ "entries": [withdrawn] })).await;
    let part = ask(&app, &schema, &id, "YEAR_END").await;
    assert_eq!(part.zeros, BTreeSet::new(), "partly reported");
    assert!(part.sums > 5, "{}", part.sums);
    for seen in ["Achievement.rate", "AchievementTotals.averageScore", "Level1Group.achievementRate"] {
        assert!(part.decimals.contains(seen), "{seen} is not asked: {:?}", part.decimals);
    }
}

/// Hundredths of a decimal with two decimals.
fn hundredths(value: &Value) -> Option<i64> {
    value.as_str().map(|text| text.replace('.', "").parse().expect("digits"))
}

/// What some achievements add up to, made here from nothing but the rows themselves.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sum {
    counts: BTreeMap<String, i64>,
    score: i64,
    max: i64,
}

impl Sum {
    fn of<'a>(rows: impl Iterator<Item = &'a Value>) -> Self {
        let mut sum = Self::default();
        for made in rows {
            *sum.counts.entry(made["status"].as_str().expect("a status").to_owned()).or_default() += 1;
            if let (Some(score), Some(max)) = (hundredths(&made["score"]), hundredths(&made["maxScore"])) {
                (sum.score, sum.max) = (sum.score + score, sum.max + max);
            }
        }
        sum
    }

    fn count(&self, statuses: &[&str]) -> i64 {
        statuses.iter().filter_map(|status| self.counts.get(*status)).sum()
    }

    fn rate(&self) -> Value {
        let satisfied = self.count(&["EXCEEDED", "ACHIEVED"]);
        let comparable = satisfied + self.count(&["PARTIALLY_ACHIEVED", "NOT_ACHIEVED"]);
        if comparable == 0 {
            return Value::Null;
        }
        let millionths = satisfied * 1_000_000 / comparable;
        json!(format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000))
    }

    /// Half up: 100 × Σ score ÷ Σ maximum.
    fn average(&self) -> Value {
        if self.max == 0 {
            return Value::Null;
        }
        let points = (self.score * 20_000 + self.max) / (2 * self.max);
        json!(format!("{}.{:02}", points / 100, points % 100))
    }

    fn check(&self, told: &Value, at: &str) {
        for one in told["counts"].as_array().expect("counts") {
            let status = one["status"].as_str().expect("a status");
            assert_eq!(one["count"], self.counts.get(status).copied().unwrap_or_default(), "{at} {status}");
        }
        assert_eq!(told["achievementRate"], self.rate(), "{at}");
        if told.get("averageScore").is_some() {
            assert_eq!(told["averageScore"], self.average(), "{at}");
        }
    }
}

const TREE: &str = "query($id: ID!, $at: DateTime!, $period: ReportingPeriod!) {
    declaration(departmentCode: \"440118001\", fiscalYear: 2024) {
        indicatorTree { level1 achievementRate(period: $period) groups { level2 achievementRate(period: $period)
            indicators { achievement(period: $period) { ...Made } } } }
        result(period: $period) { ...Result } report(period: $period) { result { lightCounts { light count } } } }
    declarationAsOf(id: $id, at: $at) { totals(period: $period) { counts { status count } achievementRate averageScore }
        result(period: $period) { ...Result } } }
    fragment Made on Achievement { status score maxScore light }
    fragment Result on DeclarationResult { counts { status count } achievementRate lightCounts { light count } }";

/// Everything that adds up is compared with the rows it adds up.
async fn compare(app: &TestApp, id: &str, period: &str) {
    let answer = app.query("filer", TREE, json!({ "id": id, "at": app.moment(), "period": period })).await;
    let declaration = answer.data("declaration");
    let made =
        |group: &Value| -> Vec<Value> { list(group, "indicators").map(|row| row["achievement"].clone()).collect() };
    let mut all = Vec::new();
    for level1 in list(declaration, "indicatorTree") {
        let mut within = Vec::new();
        for level2 in list(level1, "groups") {
            let rows = made(level2);
            assert_eq!(level2["achievementRate"], Sum::of(rows.iter()).rate(), "{level2}");
            within.extend(rows);
        }
        assert_eq!(level1["achievementRate"], Sum::of(within.iter()).rate());
        all.extend(within);
    }
    let sum = Sum::of(all.iter());
    let then = answer.data("declarationAsOf");
    for (at, told) in
        [("result", &declaration["result"]), ("result then", &then["result"]), ("totals then", &then["totals"])]
    {
        sum.check(told, &format!("{at} {period}"));
    }
    for told in [&declaration["result"], &declaration["report"]["result"], &then["result"]] {
        for one in list(told, "lightCounts") {
            let lights = all.iter().filter(|made| made["light"] == one["light"]).count();
            assert_eq!(one["count"], lights, "{one}");
        }
    }
    groups(app, &sum, period).await;
}

/// Groups by one dimension, and by two, add up to the totals.
async fn groups(app: &TestApp, sum: &Sum, period: &str) {
    for by in
        [json!(["LEVEL1"]), json!(["STATUS"]), json!(["GRADE"]), json!(["LEVEL2", "STATUS"]), json!(["JURISDICTION"])]
    {
        let variables = json!({ "groupBy": by, "filter": { "period": period }, "first": 100 });
        let answer = app.run("auditor", "AchievementBy", variables).await;
        let totals = answer.data("achievementSummary/totals");
        sum.check(totals, &format!("totals {by} {period}"));
        let edges: Vec<&Value> = list(answer.data("achievementSummary"), "edges").map(|edge| &edge["node"]).collect();
        for field in ["indicatorCount", "reportedCount", "comparableCount"] {
            let of_groups: i64 = edges.iter().filter_map(|node| node[field].as_i64()).sum();
            assert_eq!(totals[field], of_groups, "{by} {field}");
        }
        for place in 0..8 {
            let of_groups: i64 = edges.iter().filter_map(|node| node["counts"][place]["count"].as_i64()).sum();
            assert_eq!(totals["counts"][place]["count"], of_groups, "{by}");
        }
    }
}

#[tokio::test]
async fn what_is_counted_adds_up() {
    for seed in 1..=2 {
        let (app, id) = TestApp::approved().await;
        let mut dice = Dice(seed);
        let rows = indicators(&app.page("filer").await);
        let good = app.met("YEAR_END").await;
        for _ in 0..8 {
            app.advance(1);
            let period = *dice.one(&["YEAR_END", "YEAR_END", "MID_YEAR"]);
            let mut entries = Vec::new();
            for (row, good) in rows.iter().zip(&good) {
                let text = *dice.one(&["20", "100", "300", "不清楚", "0"]);
                match dice.roll(5) {
                    0 => entries.push(json!({ "indicatorId": row["id"], "text": null, "level": null, "score": null })),
                    1 => entries.push(json!({ "indicatorId": row["id"], "text": text })),
                    2 if period == "YEAR_END" => entries.push(good.clone()),
                    3 => entries.push(json!({ "indicatorId": row["id"], "notApplicableReason": "政策取消" })),
                    _ => {}
                }
            }
            let input = json!({ "entries": entries, "mode": "VALID_ROWS" });
            let answer = app.try_record(&id, period, input).await;
            assert_eq!(answer.user_errors("actualValuesRecord"), Vec::<&str>::new(), "{:#}", answer.body);
            compare(&app, &id, period).await;
        }
        app.healthy().await;
    }
}
