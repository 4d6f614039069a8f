//! Number 25 of the promises: whatever happens in department B, everything that A's people and strangers can ask answers
//! byte for byte as before: filters, orders, counts, errors, and B's own ids.

use jixiao_rules::cycle::Role;
use serde_json::{Value, json};

use super::corpus::reads;
use crate::harness::filing::with_input;
use crate::harness::upload::pdf;
use crate::harness::{HERE, OTHER, TestApp, Unit, contract, indicators};

const THERE: Unit = Unit { code: OTHER, filer: "filer2", reviewer: "reviewer2", finance: "finance2" };

/// Ids of one department's things that a request can name.
struct Ids {
    declaration: String,
    indicator: Value,
    task: Value,
}

async fn ids(app: &TestApp, unit: &Unit) -> Ids {
    let page = app.page_of(unit.filer, unit.code).await;
    Ids {
        declaration: page["id"].as_str().expect("an id").to_owned(),
        indicator: indicators(&page)[3]["id"].clone(),
        task: page["keyTasks"][0]["id"].clone(),
    }
}

/// Two departments of two jurisdictions, each with its people: A has reported, B's declaration is a draft.
async fn neighbours() -> (TestApp, Ids, Ids) {
    let (mut app, _) = super::paging::reported().await;
    app.add_user("auditor1", &[(Role::Auditor, None, Some("440118"))]).await;
    app.add_user("reviewer2", &[(Role::DepartmentReviewer, Some(OTHER), None)]).await;
    app.add_user("finance2", &[(Role::FinanceReviewer, None, Some("440106"))]).await;
    let (a, b) = (ids(&app, &HERE).await, ids(&app, &THERE).await);
    (app, a, b)
}

/// Requests beside the contract's: every list with every filter and order, totals, nodes, logs, and acts that are refused.
fn requests(a: &Ids, b: &Ids) -> Vec<(String, Value)> {
    let mut all: Vec<(String, Value)> = Vec::new();
    for id in [&a.declaration, &b.declaration] {
        // The chain is one for the whole service, so its length is no secret of B's: `Trail` goes without it.
        let reads = reads(id).into_iter().filter(|(operation, _)| *operation != "Trail");
        all.extend(reads.map(|(operation, variables)| (contract::document(operation), variables)));
        all.push(("query($id: ID!) { auditTrail(nodeId: $id, first: 100) { edges { cursor node { sequence at action actor { displayName } changes { path before after } } } } }".into(), json!({ "id": id })));
        all.push(("query($id: ID!) { node(id: $id) { id ... on Declaration { status revision adjustments(first: 5) { totalCount } } } }".into(), json!({ "id": id })));
    }
    for code in [HERE.code, THERE.code, "99999"] {
        all.push((contract::document("DeclarationPage"), json!({ "department": code, "year": 2024 })));
        let filters = [
            json!({ "departmentCodes": [code] }),
            json!({ "departmentCodes": [code, HERE.code], "statuses": ["DRAFT", "APPROVED", "CLOSED"] }),
        ];
        for filter in filters {
            all.push((contract::document("Declarations"), json!({ "first": 10, "filter": filter })));
        }
        let filter = json!({ "departmentCodes": [code] });
        all.push((contract::document("Unmet"), json!({ "first": 50, "filter": filter })));
        for more in [
            "peerComparison(departmentCode: $code, fiscalYear: 2024) { measures { measure value median difference peerCount absence } }",
            "yearComparison(departmentCode: $code, fiscalYear: 2024) { measures { measure value againstValue difference } }",
        ] {
            all.push((format!("query($code: String!) {{ {more} }}"), json!({ "code": code })));
        }
        let by = json!({ "groupBy": ["DEPARTMENT", "STATUS"], "first": 50, "filter": filter });
        all.push((contract::document("AchievementBy"), by));
    }
    for code in [Value::Null, json!("440118"), json!("440106"), json!("440100"), json!("440000"), json!("9999")] {
        let filter = json!({ "first": 10, "filter": { "jurisdictionCode": code } });
        all.push((contract::document("Declarations"), filter.clone()));
        all.push((contract::document("Unmet"), filter));
        for list in [
            "yearComparison(jurisdictionCode: $code, fiscalYear: 2024) { measures { measure value againstValue difference } }",
            "departments(jurisdictionCode: $code, first: 20) { edges { cursor node { id code name } } pageInfo { hasNextPage } }",
            "jurisdictions(parentCode: $code, first: 20) { edges { cursor node { id code name hasChildren } } }",
            "reportingWindows(jurisdictionCode: $code, first: 20) { edges { cursor node { id months dueOn revision jurisdiction { code } } } }",
            "schemeAssignments(jurisdictionCode: $code, first: 20) { edges { cursor node { jurisdiction { code } scheme { code } } } }",
        ] {
            all.push((format!("query($code: String) {{ {list} }}"), json!({ "code": code })));
        }
    }
    for indicator in [&a.indicator, &b.indicator] {
        let trend = "query($id: ID!) { indicatorTrend(indicatorId: $id, first: 20) { edges { cursor node { fiscalYear matchedBy candidateCount indicator { id } } } } }";
        all.push((trend.into(), json!({ "id": indicator })));
    }
    for filter in [
        json!({ "text": "服务站" }),
        json!({ "text": "另一", "lights": ["RED", "GREEN"] }),
        json!({ "rate": { "lt": "1" } }),
        json!({ "evidenceMissing": true }),
        json!({ "evidenceMissing": false, "period": "MID_YEAR" }),
        json!({ "targetConfirmed": true, "deviating": false }),
    ] {
        all.push((contract::document("Unmet"), json!({ "first": 50, "filter": filter })));
    }
    for field in ["DEVIATION", "ID", "RATE", "WEIGHT"] {
        for direction in ["ASC", "DESC"] {
            let list = format!(
                "{{ indicators(orderBy: {{ field: {field}, direction: {direction} }}, first: 30) {{ totalCount edges {{ cursor node {{ id name }} }} }} }}"
            );
            all.push((list, json!({})));
        }
    }
    for period in ["MID_YEAR", "YEAR_END", "Q1"] {
        for id in [&a.declaration, &b.declaration] {
            all.push((contract::document("ReportingSheet"), json!({ "declaration": id, "period": period })));
        }
    }
    for query in [
        "{ findings(first: 100) { totalCount edges { cursor node { id rule severity since compared { name value } declaration { id } } } } }",
        "{ findings(filter: { dismissed: true }, last: 5) { totalCount pageInfo { hasPreviousPage } } }",
        "{ findings(filter: { departmentCodes: [\"440106001\"] }, first: 5) { totalCount } }",
        "{ findings(filter: { jurisdictionCode: \"440106\" }, first: 5) { totalCount } }",
        "{ myOutstanding { declaration { id } period dueOn late indicators { id } } }",
        "{ users(first: 10) { edges { node { id username } } } }",
        "{ grants(first: 10) { edges { node { id } } } }",
        "{ scoringSchemes(first: 20) { edges { node { id code version } } } }",
        "{ declarations(last: 5) { totalCount edges { cursor } pageInfo { hasPreviousPage startCursor } } }",
        "{ accessLog(first: 3) { edges { node { act actorName nodeId departmentCode detail requestId at } } } }",
    ] {
        all.push((query.into(), json!({})));
    }
    all.extend(refused(b));
    all
}

/// Acts on B's things and on ids that nobody has: told apart by nobody.
fn refused(b: &Ids) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    for (declaration, indicator, task) in [
        (json!(b.declaration), b.indicator.clone(), b.task.clone()),
        (json!("RGVjbGFyYXRpb246OTk5OTk"), json!("SW5kaWNhdG9yOjk5OTk5"), json!("S2V5VGFzazo5OTk5OQ")),
    ] {
        for operation in ["Submit", "Forward"] {
            all.push((contract::document(operation), json!({ "id": declaration, "revision": 1 })));
        }
        for (field, input) in [
            ("declarationUpdate", json!({ "declarationId": declaration, "expectedRevision": 1 })),
            ("indicatorUpdate", json!({ "indicatorId": indicator, "expectedRevision": 1 })),
            ("keyTaskUpdate", json!({ "keyTaskId": task, "expectedRevision": 1 })),
            ("adjustmentOpen", json!({ "declarationId": declaration, "kind": "REDUCTION", "expectedRevision": 1 })),
            ("declarationCreate", json!({ "departmentCode": OTHER, "fiscalYear": 2025 })),
        ] {
            all.push((with_input(field), json!({ "input": input })));
        }
        let record = json!({ "input": { "declarationId": declaration, "period": "YEAR_END", "entries": [{ "indicatorId": indicator, "text": "1" }] } });
        all.push((contract::document("RecordActualValues"), record.clone()));
        all.push((contract::document("PreviewActualValues"), record));
    }
    all
}

async fn ask(app: &TestApp, requests: &[(String, Value)]) -> Vec<String> {
    let mut told = Vec::new();
    for user in [Some("filer"), Some("department"), Some("finance"), Some("auditor1"), None] {
        let token = user.map(|name| app.token(name));
        for (query, variables) in requests {
            let answer = app.send(token.as_deref(), query, variables.clone()).await;
            told.push(format!("{user:?} {query} {variables}: {} {}", answer.status, answer.body));
        }
    }
    told
}

/// B's year in every way that changes its data: people, places, windows, schemes, edits, reports, files, reviews.
async fn busy(app: &mut TestApp, b: &Ids) {
    app.hire("newcomer", json!({ "role": "UNIT_FILER", "departmentCode": OTHER })).await;
    app.hire("everywhere", json!({ "role": "AUDITOR", "jurisdictionCode": "440106" })).await;
    let window = |period: &str, months: i32| {
        format!(
            "reportingWindowSet(input: {{ jurisdictionCode: \"440106\", fiscalYear: 2024, period: {period}, months: {months}, opensOn: \"2024-08-01\", dueOn: \"2024-08-10\", closesOn: \"2024-12-31\" }})"
        )
    };
    for call in [
        "jurisdictionCreate(input: { code: \"44010601\", name: \"某街道\", parentCode: \"440106\" })".to_owned(),
        "departmentCreate(input: { code: \"440106002\", name: \"新局\", jurisdictionCode: \"44010601\" })".to_owned(),
        format!("departmentUpdate(input: {{ code: \"{OTHER}\", name: \"更名局\" }})"),
        "jurisdictionUpdate(input: { code: \"440106\", name: \"更名区\" })".to_owned(),
        window("MID_YEAR", 6),
        window("Q1", 3),
        "schemeAssign(input: { jurisdictionCode: \"440106\", fiscalYear: 2025, schemeCode: \"CAPPED\", schemeVersion: 1 })".to_owned(),
    ] {
        let field = call.split('(').next().expect("a name").to_owned();
        let done = app.query("admin", &format!("mutation {{ {call} {{ userErrors {{ code }} }} }}"), json!({})).await;
        assert_eq!(done.user_errors(&field), Vec::<&str>::new(), "{call}: {:#}", done.body);
    }
    app.edit("newcomer", "declarationCreate", json!({ "departmentCode": OTHER, "fiscalYear": 2025 })).await;
    let revision = app.page_of("filer2", OTHER).await["revision"].clone();
    let edit = json!({ "declarationId": b.declaration, "overallGoal": "另一目标", "expectedRevision": revision });
    app.edit("filer2", "declarationUpdate", edit).await;
    app.complete_of(&THERE).await;
    app.approve_of(&THERE, &b.declaration).await;
    let entries: Vec<Value> = indicators(&app.page_of("filer2", OTHER).await)
        .iter()
        .map(|row| {
            json!({ "indicatorId": row["id"], "text": row["annualTarget"]["text"], "level": "FULL",
            "deviations": [{ "category": "OTHER", "text": "说明" }] })
        })
        .collect();
    for period in ["Q1", "MID_YEAR"] {
        let input = json!({ "declarationId": b.declaration, "period": period, "entries": entries, "execution": { "executed": "20000" } });
        let done = app.run("filer2", "RecordActualValues", json!({ "input": input })).await;
        assert_eq!(done.user_errors("actualValuesRecord"), Vec::<&str>::new(), "{:#}", done.body);
    }
    let report = async || app.report("filer2", &b.declaration, "MID_YEAR").await;
    let file = json!({ "reportId": report().await["id"], "indicatorId": b.indicator });
    let done = app.add_evidence("filer2", file, ("a.pdf", pdf("b"))).await;
    assert_eq!(done.user_errors("evidenceAdd"), Vec::<&str>::new(), "{:#}", done.body);
    for (name, operation, field) in
        [("filer2", "SubmitReport", "reportSubmit"), ("reviewer2", "ForwardReport", "reportForward")]
    {
        let done = app.step(name, &b.declaration, "MID_YEAR", operation).await;
        assert_eq!(done.user_errors(field), Vec::<&str>::new(), "{:#}", done.body);
    }
    let report = report().await;
    let ask = json!({ "reportId": report["id"], "expectedRevision": report["revision"], "request": "请整改", "dueOn": "2024-09-01" });
    let done = app.mutate("finance2", "rectificationRequest", "RectificationRequestInput", ask).await;
    assert_eq!(done.user_errors("rectificationRequest"), Vec::<&str>::new(), "{:#}", done.body);
    let revision = app.page_of("filer2", OTHER).await["revision"].clone();
    let open = json!({ "declarationId": b.declaration, "kind": "REDUCTION", "expectedRevision": revision });
    app.edit("filer2", "adjustmentOpen", open).await;
    app.run("everywhere", "AsOf", json!({ "id": b.declaration, "at": "2024-08-01T00:00:00Z" })).await;
}

#[tokio::test]
async fn nothing_of_b_reaches_a() {
    let (mut app, a, b) = neighbours().await;
    assert_ne!(a.declaration, b.declaration);
    let requests = requests(&a, &b);
    let before = ask(&app, &requests).await;
    let badly: Vec<_> =
        before.iter().filter(|told| told.contains("INTERNAL") || told.contains("VALIDATION_FAILED")).collect();
    assert!(badly.is_empty(), "all are asked well: {badly:#?}");
    let chain = app.chain().await;
    busy(&mut app, &b).await;
    assert!(app.chain().await > chain + 20, "much has happened");
    let after = ask(&app, &requests).await;
    let differing: Vec<_> = before.iter().zip(&after).filter(|(before, after)| before != after).collect();
    assert!(differing.is_empty(), "{} differ, the first: {:#?}", differing.len(), differing[0]);
    // A's own people do see A: the answers compared are not all empty.
    let own = before.iter().filter(|told| told.contains("颐康服务站数量")).count();
    assert!(own > 20, "{own}");
    println!("{} answers alike", before.len());
}
