//! Every connection is whole, and none is forgotten: they are found by introspection, with every order they have.
//! Forward = backward = unpaged at every page size, with ties and nulls; rows that come in between lose and repeat none.

use std::collections::BTreeMap;

use jixiao_rules::cycle::DeclarationStatus;
use jixiao_service::bulk;
use jixiao_service::declaration::{self, Declaration};
use serde_json::{Value, json};

use crate::harness::introspection::{Schema, list, named};
use crate::harness::{DEPARTMENT, FORM, OTHER, TestApp, Unit, indicators, operator};

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

/// What introspection cannot tell of a connection: who may read it, the arguments it needs, and what tells its rows apart.
struct Entry {
    /// The type it is a field of, and the field.
    field: &'static str,
    user: &'static str,
    /// The arguments it needs; `$D` is the first declaration, `$I` an indicator of it. Each list is checked by itself.
    arguments: &'static [&'static str],
    /// What tells its rows apart.
    node: &'static str,
    /// The fewest rows that the data must have.
    least: usize,
}

const fn entry(
    field: &'static str,
    user: &'static str,
    arguments: &'static [&'static str],
    node: &'static str,
    least: usize,
) -> Entry {
    Entry { field, user, arguments, node, least }
}

/// Every connection of the schema.
const ENTRIES: &[Entry] = &[
    entry("Query.accessLog", "admin", &[""], "nodeId requestId at detail", 3),
    entry(
        "Query.achievementSummary",
        "auditor",
        &[
            "groupBy: [LEVEL2]",
            "groupBy: [GRADE]",
            "groupBy: [PERIOD, LEVEL1]",
            "groupBy: [DEPARTMENT, LEVEL2, STATUS]",
        ],
        "dimensions { key } indicatorCount achievementRate averageScore",
        1,
    ),
    entry("Query.auditTrail", "auditor", &["nodeId: \"$D\""], "sequence", 6),
    entry("Query.declarations", "admin", &["", "filter: { statuses: [DRAFT] }"], "id", 3),
    entry("Query.departments", "admin", &["", "jurisdictionCode: \"440100\""], "code", 2),
    entry("Query.findings", "auditor", &["", "filter: { severities: [WARNING], dismissed: false }"], "id rule", 5),
    entry("Query.grants", "admin", &["", "filter: { disabled: false }"], "id", 6),
    entry(
        "Query.indicators",
        "auditor",
        &["filter: { fiscalYears: [2024] }", "filter: { text: \"覆盖率\", targetCertain: true }"],
        "id",
        4,
    ),
    entry("Query.indicatorTrend", "auditor", &["indicatorId: \"$I\""], "fiscalYear matchedBy indicator { id }", 3),
    entry("Query.jurisdictions", "admin", &["parentCode: \"440100\""], "code", 2),
    entry("Query.publications", "auditor", &[""], "id", 2),
    entry("Query.reportingWindows", "admin", &[""], "id", 3),
    entry("Query.schemeAssignments", "admin", &[""], "jurisdiction { code } fiscalYear", 3),
    entry("Query.schemeWhatIf", "admin", &["scheme: { code: \"CAPPED\" }"], "declaration { id }", 1),
    entry("Query.scoringSchemes", "admin", &[""], "code version", 5),
    entry("Query.users", "admin", &[""], "username", 6),
    entry("Declaration.adjustments", "filer2", &[""], "id", 2),
];

/// Values of an order whose measure can be missing: where it stands in a row.
const NULLABLE: &[(&str, &str, &str, &str)] = &[
    ("Query.indicators", "RATE", "achievement(period: YEAR_END) { rate }", "/achievement/rate"),
    ("Query.indicators", "WEIGHT", "weight", "/weight"),
    ("Query.achievementSummary", "ACHIEVEMENT_RATE", "achievementRate", "/achievementRate"),
    ("Query.achievementSummary", "AVERAGE_SCORE", "averageScore", "/averageScore"),
];

/// The other department with its people, hired for the test.
const THERE: Unit = Unit { code: OTHER, filer: "filer2", reviewer: "reviewer2", finance: "finance2" };
/// A department whose declaration is approved while others read.
const BESIDE: Unit = Unit { code: "440106002", filer: "filer3", reviewer: "reviewer3", finance: "finance2" };

impl Schema {
    /// Every field that is a connection, as `Type.field`.
    fn connections(&self) -> BTreeMap<String, Value> {
        let mut found = BTreeMap::new();
        for (name, kind) in &self.types {
            for field in list(kind, "fields").filter(|field| named(&field["type"]).ends_with("Connection")) {
                found.insert(format!("{name}.{}", field["name"].as_str().unwrap_or_default()), field.clone());
            }
        }
        found
    }

    /// Every order of a connection as the text of its argument, with the value of its field; one empty where it has none.
    fn orders(&self, connection: &Value) -> Vec<(String, String)> {
        let orders = list(connection, "args").filter(|argument| {
            let kind = self.types.get(&named(&argument["type"]));
            kind.is_some_and(|kind| list(kind, "inputFields").any(|field| field["name"] == "direction"))
        });
        let mut found = Vec::new();
        for argument in orders {
            let kind = &self.types[&named(&argument["type"])];
            let words = |name: &str| -> Vec<String> {
                let field = list(kind, "inputFields").find(|field| field["name"] == name).expect("an order's field");
                let words = list(&self.types[&named(&field["type"])], "enumValues");
                words.map(|word| word["name"].as_str().expect("a word").to_owned()).collect()
            };
            let name = argument["name"].as_str().expect("a name");
            for field in words("field") {
                for direction in words("direction") {
                    found.push((format!("{name}: {{ field: {field}, direction: {direction} }}"), field.clone()));
                }
            }
        }
        if found.is_empty() { vec![Default::default()] } else { found }
    }
}

/// A connection under certain arguments and in a certain order.
struct List<'a> {
    app: &'a TestApp,
    entry: &'a Entry,
    arguments: String,
    node: String,
}

fn nodes(page: &Value) -> Vec<Value> {
    list(page, "edges").map(|edge| edge["node"].clone()).collect()
}

impl List<'_> {
    async fn answer(&self, paging: &str) -> crate::harness::Answer {
        let (parent, field) = self.entry.field.split_once('.').expect("a type and a field");
        let Self { arguments, node, .. } = self;
        let list = format!(
            "{field}({arguments} {paging}) {{ edges {{ cursor node {{ {node} }} }}
             pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }}"
        );
        let document = match parent {
            "Query" => format!("{{ found: {list} }}"),
            "Declaration" => {
                format!("{{ declaration(departmentCode: \"{OTHER}\", fiscalYear: 2024) {{ found: {list} }} }}")
            }
            other => panic!("say how a request reaches {other}.{field}"),
        };
        self.app.query(self.entry.user, &document, json!({})).await
    }

    async fn page(&self, paging: &str) -> Value {
        let answer = self.answer(paging).await;
        assert!(answer.body.get("errors").is_none(), "{} {paging}: {:#}", self.arguments, answer.body);
        let data = &answer.body["data"];
        let found = if data["found"].is_null() { &data["declaration"]["found"] } else { &data["found"] };
        found.clone()
    }

    /// What follows a page, one way or the other, to the end.
    async fn rest(&self, first: Value, size: i64, backward: bool) -> Vec<Value> {
        let (more, cursor, paging) = if backward {
            ("hasPreviousPage", "startCursor", ("last", "before"))
        } else {
            ("hasNextPage", "endCursor", ("first", "after"))
        };
        let (mut page, mut all) = (first, Vec::new());
        loop {
            let rows = nodes(&page);
            assert!(i64::try_from(rows.len()).expect("small") <= size, "{} holds more than {size}", self.entry.field);
            if backward {
                all.splice(0..0, rows);
            } else {
                all.extend(rows);
            }
            if page["pageInfo"][more] != true {
                return all;
            }
            page = self.page(&format!("{}: {size}, {}: {}", paging.0, paging.1, page["pageInfo"][cursor])).await;
        }
    }

    async fn walk(&self, size: i64, backward: bool) -> Vec<Value> {
        let word = if backward { "last" } else { "first" };
        let first = self.page(&format!("{word}: {size}")).await;
        self.rest(first, size, backward).await
    }

    /// All rows, after every page size gave the same both ways.
    async fn whole(&self, max: i64) -> Vec<Value> {
        let at = || format!("{} {}", self.entry.field, self.arguments);
        let unpaged = nodes(&self.page(&format!("first: {max}")).await);
        assert!(unpaged.len() < usize::try_from(max).expect("small"), "{}: too many rows to be sure", at());
        assert!(unpaged.len() >= self.entry.least, "{}: {} rows", at(), unpaged.len());
        for size in [1, 2, 3, 7, max] {
            assert_eq!(self.walk(size, false).await, unpaged, "{} forward by {size}", at());
            assert_eq!(self.walk(size, true).await, unpaged, "{} backward by {size}", at());
        }
        unpaged
    }

    /// A changed byte of a cursor, a page over the maximum and one of nothing are refused, with the right code.
    async fn refusals(&self, max: i64) {
        let cursor = self.page("first: 1").await["pageInfo"]["endCursor"].as_str().expect("a cursor").to_owned();
        let step = cursor.len() / 9 + 1;
        for (place, word) in (0..cursor.len()).step_by(step).zip(["after", "before"].iter().cycle()) {
            let mut changed = cursor.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).expect("text");
            let answer = self.answer(&format!("first: 1, {word}: \"{changed}\"")).await;
            assert_eq!(answer.code(), "INVALID_CURSOR", "{} {place}: {:#}", self.entry.field, answer.body);
        }
        for (size, code) in [(max + 1, "LIMIT_EXCEEDED"), (0, "BAD_USER_INPUT"), (-1, "BAD_USER_INPUT")] {
            for word in ["first", "last"] {
                let answer = self.answer(&format!("{word}: {size}")).await;
                assert_eq!(answer.code(), code, "{} {word}: {size}: {:#}", self.entry.field, answer.body);
            }
        }
    }
}

/// Everything that has a connection, several of each; what is still to come is prepared.
async fn furnished() -> (TestApp, String) {
    let (mut app, id) = reported().await;
    earlier(&app, &[2016, 2017]).await;
    app.hire("reviewer2", json!({ "role": "DEPARTMENT_REVIEWER", "departmentCode": OTHER })).await;
    app.hire("finance2", json!({ "role": "FINANCE_REVIEWER", "jurisdictionCode": "440106" })).await;
    let there = app.page_of("filer2", OTHER).await["id"].as_str().expect("an id").to_owned();
    app.complete_of(&THERE).await;
    app.approve_of(&THERE, &there).await;
    let call = "departmentCreate(input: { code: \"440106002\", name: \"广州市天河区农业农村局\", jurisdictionCode: \"440106\" })";
    app.query("admin", &format!("mutation {{ {call} {{ userErrors {{ code }} }} }}"), json!({})).await;
    app.hire("filer3", json!({ "role": "UNIT_FILER", "departmentCode": BESIDE.code })).await;
    app.hire("reviewer3", json!({ "role": "DEPARTMENT_REVIEWER", "departmentCode": BESIDE.code })).await;
    let text = FORM.replace("广州市增城区民政局", "广州市天河区农业农村局");
    let input = json!({ "departmentCode": BESIDE.code, "fiscalYear": 2024, "text": text });
    app.run("filer3", "ImportForm", json!({ "input": input })).await;
    app.complete_of(&BESIDE).await;
    for year in 2020..2023 {
        let input = json!({ "departmentCode": DEPARTMENT, "fiscalYear": year, "text": FORM });
        app.run("filer", "ImportForm", json!({ "input": input })).await;
        app.run("finance", "DeclarationPage", json!({ "department": DEPARTMENT, "year": year })).await;
    }
    for place in ["440000", "440100", "440118"] {
        administer(&app, place).await;
    }
    publish(&app, &id, "TARGETS").await;
    publish(&app, &id, "RESULTS").await;
    for _ in 0..2 {
        withdrawn_adjustment(&app).await;
    }
    (app, id)
}

/// The same declaration in other years, closed.
async fn earlier(app: &TestApp, years: &[i32]) {
    let found = declaration::by_department(&app.db, &operator(), DEPARTMENT, 2024).await.expect("reads");
    let original = found.expect("a declaration").declaration;
    let copy = |year: &i32| Declaration {
        fiscal_year: *year,
        status: DeclarationStatus::Closed,
        publications: BTreeMap::new(),
        ..original.clone()
    };
    bulk::declarations(&app.db, &operator(), years.iter().map(copy).collect()).await.expect("writes");
}

async fn administer(app: &TestApp, place: &str) {
    super::window::set(app, "admin", super::window::august(place)).await;
    let assign = format!(
        "mutation {{ schemeAssign(input: {{ jurisdictionCode: \"{place}\", fiscalYear: 2024, \
         schemeCode: \"CN-2020\", schemeVersion: 1 }}) {{ userErrors {{ code }} }} }}"
    );
    let done = app.query("admin", &assign, json!({})).await;
    assert_eq!(done.user_errors("schemeAssign"), Vec::<&str>::new());
}

async fn publish(app: &TestApp, id: &str, kind: &str) {
    let (act, more) = if kind == "TARGETS" { ("Publish", "version: 1") } else { ("Withhold", "reason: \"涉密\"") };
    let publish = format!(
        "mutation {{ publication{act}(input: {{ declarationId: \"{id}\", kind: {kind}, {more}, expectedRevision: 0 }}) \
         {{ userErrors {{ code field }} }} }}"
    );
    let done = app.query("department", &publish, json!({})).await;
    assert_eq!(done.user_errors(&format!("publication{act}")), Vec::<&str>::new(), "{:#}", done.body);
}

/// An adjustment, withdrawn at once so that another can be opened.
async fn withdrawn_adjustment(app: &TestApp) {
    let page = app.page_of("filer2", OTHER).await;
    let open = json!({ "declarationId": page["id"], "kind": "REDUCTION", "expectedRevision": page["revision"] });
    let opened = app.edit("filer2", "adjustmentOpen", open).await;
    let (adjustment, revision) = (&opened["adjustment"]["id"], &opened["adjustment"]["revision"]);
    app.act("filer2", "adjustmentWithdraw", "", adjustment, revision).await;
}

/// A row more, or several, in every connection there is.
async fn grow(app: &mut TestApp, id: &str) {
    app.hire("aaa", json!({ "role": "AUDITOR", "jurisdictionCode": "440100" })).await;
    app.hire("zzz", json!({ "role": "AUDITOR", "jurisdictionCode": "440100" })).await;
    for call in [
        "jurisdictionCreate(input: { code: \"440101\", name: \"前\", parentCode: \"440100\" })",
        "jurisdictionCreate(input: { code: \"440199\", name: \"后\", parentCode: \"440100\" })",
        "departmentCreate(input: { code: \"4401010\", name: \"前\", jurisdictionCode: \"440101\" })",
        "departmentCreate(input: { code: \"4401990\", name: \"后\", jurisdictionCode: \"440199\" })",
    ] {
        let field = call.split('(').next().expect("a name");
        let done = app.query("admin", &format!("mutation {{ {call} {{ userErrors {{ code }} }} }}"), json!({})).await;
        assert_eq!(done.user_errors(field), Vec::<&str>::new(), "{call}");
    }
    administer(app, "440101").await;
    administer(app, "440199").await;
    let document =
        include_str!("../../crates/rules/schemes/CN-2020.toml").replacen("version = \"1\"", "version = \"2\"", 1);
    let store = "mutation($document: String!) { schemeCreate(document: $document) { userErrors { code } } }";
    let done = app.query("admin", store, json!({ "document": document })).await;
    assert_eq!(done.user_errors("schemeCreate"), Vec::<&str>::new(), "{:#}", done.body);
    for year in [2019, 2023] {
        let input = json!({ "departmentCode": DEPARTMENT, "fiscalYear": year, "text": FORM });
        app.run("filer", "ImportForm", json!({ "input": input })).await;
        app.run("finance", "DeclarationPage", json!({ "department": DEPARTMENT, "year": year })).await;
    }
    earlier(app, &[2015]).await;
    withdrawn_adjustment(app).await;
    let beside = app.page_of("filer3", BESIDE.code).await["id"].as_str().expect("an id").to_owned();
    app.approve_of(&BESIDE, &beside).await;
    app.record(id, "YEAR_END", json!({ "summary": { "problems": "进度偏慢" } })).await;
    let publish = format!(
        "mutation {{ publicationPublish(input: {{ declarationId: \"{beside}\", kind: TARGETS, version: 1, expectedRevision: 0 }}) \
         {{ userErrors {{ code field }} }} }}"
    );
    let done = app.query("reviewer3", &publish, json!({})).await;
    assert_eq!(done.user_errors("publicationPublish"), Vec::<&str>::new(), "{:#}", done.body);
}

/// Every connection that introspection finds, with every order it has.
async fn lists<'a>(app: &'a TestApp, id: &str, schema: &Schema) -> Vec<(List<'a>, String)> {
    let indicator = indicators(&app.page("filer").await)[1]["id"].as_str().expect("an id").to_owned();
    let connections = schema.connections();
    let missing: Vec<&String> =
        connections.keys().filter(|name| !ENTRIES.iter().any(|entry| entry.field == name.as_str())).collect();
    assert!(missing.is_empty(), "connections that no test pages through: {missing:?}");
    let mut lists = Vec::new();
    for entry in ENTRIES {
        let connection = connections.get(entry.field).unwrap_or_else(|| panic!("no connection {}", entry.field));
        for own in entry.arguments {
            for (order, field) in schema.orders(connection) {
                let measure = NULLABLE.iter().find(|known| (known.0, known.1) == (entry.field, field.as_str()));
                let node = format!("{} {}", entry.node, measure.map(|measure| measure.2).unwrap_or_default());
                let arguments = format!("{} {order}", own.replace("$D", id).replace("$I", &indicator));
                lists.push((List { app, entry, arguments, node }, field));
            }
        }
    }
    lists
}

/// Walks the lists that `keep` names; gives the number of their orders.
async fn walked(keep: impl Fn(&str) -> bool) -> usize {
    let (app, id) = furnished().await;
    let schema = Schema::load(&app).await;
    let (mut seen_null, mut orders, mut refused) = (false, 0, "");
    for (list, field) in lists(&app, &id, &schema).await.into_iter().filter(|list| keep(list.0.entry.field)) {
        let rows = list.whole(schema.max).await;
        if refused != list.entry.field {
            list.refusals(schema.max).await;
            refused = list.entry.field;
        }
        orders += usize::from(!field.is_empty());
        if let Some((.., place)) =
            NULLABLE.iter().find(|known| (known.0, known.1) == (list.entry.field, field.as_str()))
        {
            let nulls: Vec<bool> = rows.iter().map(|row| row.pointer(place).is_none_or(Value::is_null)).collect();
            assert!(nulls.is_sorted(), "{} {}: nulls last, either way: {rows:?}", list.entry.field, list.arguments);
            seen_null |= nulls.contains(&true);
        }
    }
    assert!(seen_null, "the data has a null");
    orders
}

/// The one with by far the most orders; by itself, so that it is walked beside the others.
const SUMMARY: &str = "Query.achievementSummary";

#[tokio::test]
async fn every_connection_is_whole() {
    let orders = walked(|field| field != SUMMARY).await;
    assert!(orders >= 8, "orders are found by introspection: {orders}");
}

#[tokio::test]
async fn every_order_of_a_summary_is_whole() {
    let orders = walked(|field| field == SUMMARY).await;
    assert!(orders >= 4 * 8, "orders are found by introspection: {orders}");
}

/// The page that was read before anything came in between, both ways.
struct Begun {
    arguments: String,
    entry: &'static Entry,
    node: String,
    before: Vec<Value>,
    forward: Value,
    backward: Value,
}

#[tokio::test]
async fn rows_that_come_in_between_lose_and_repeat_none() {
    let (mut app, id) = furnished().await;
    let schema = Schema::load(&app).await;
    let mut begun = Vec::new();
    for (list, _) in lists(&app, &id, &schema).await {
        let before = nodes(&list.page(&format!("first: {}", schema.max)).await);
        let (forward, backward) = (list.page("first: 2").await, list.page("last: 2").await);
        let List { entry, arguments, node, .. } = list;
        let entry = ENTRIES.iter().find(|known| known.field == entry.field).expect("known");
        begun.push(Begun { arguments, entry, node, before, forward, backward });
    }
    grow(&mut app, &id).await;
    let mut grown: BTreeMap<&str, usize> = BTreeMap::new();
    for Begun { arguments, entry, node, before, forward, backward } in begun {
        let list = List { app: &app, entry, arguments, node };
        let now = nodes(&list.page(&format!("first: {}", schema.max)).await);
        *grown.entry(entry.field).or_default() += usize::from(now.len() > before.len());
        for (first, back) in [(forward, false), (backward, true)] {
            let walked = list.rest(first, 2, back).await;
            let at = format!("{} {} backward {back}", entry.field, list.arguments);
            let kept: Vec<&Value> = before.iter().filter(|row| now.contains(row)).collect();
            let old: Vec<&Value> = walked.iter().filter(|row| before.contains(row)).collect();
            assert!(kept.iter().all(|row| walked.iter().filter(|one| one == row).count() == 1), "{at}: {walked:?}");
            assert!(old.iter().filter(|row| now.contains(row)).eq(kept.iter()), "{at}: in another order");
        }
    }
    let still: Vec<&&str> = grown.iter().filter(|(_, grew)| **grew == 0).map(|(field, _)| field).collect();
    assert!(still.is_empty(), "nothing came in between in {still:?}");
}
