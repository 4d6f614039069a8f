//! Who may do what: the golden table, and no root field that nobody thought of.

use std::fmt::Write as _;

use jixiao_rules::cycle::{
    ADJUSTMENT, ADJUSTMENT_WITHOUT_REVIEW_LEVEL, Act, DECLARATION, DECLARATION_WITHOUT_REVIEW_LEVEL, PUBLICATION,
    RECTIFICATION, REPORT, Role, STATELESS,
};
use jixiao_rules::kind::Vocabulary;
use serde_json::{Value, json};

use crate::harness::TestApp;

#[test]
fn the_matrix_is_the_golden_one() {
    let mut table = String::from("role × act × state → state\n");
    for act in Act::ALL {
        for role in Role::ALL {
            let mut line = |from: &str, to: &str| {
                let _ = writeln!(table, "{act} {role} {from} -> {to}");
            };
            DECLARATION
                .iter()
                .filter(|row| row.act == *act && row.role == *role)
                .for_each(|row| line(row.from.as_str(), row.to.as_str()));
            REPORT
                .iter()
                .filter(|row| row.act == *act && row.role == *role)
                .for_each(|row| line(row.from.as_str(), row.to.as_str()));
            RECTIFICATION
                .iter()
                .filter(|row| row.act == *act && row.role == *role)
                .for_each(|row| line(row.from.as_str(), row.to.as_str()));
            PUBLICATION
                .iter()
                .filter(|row| row.act == *act && row.role == *role)
                .for_each(|row| line(row.from.as_str(), row.to.as_str()));
            ADJUSTMENT
                .iter()
                .filter(|row| row.act == *act && row.role == *role)
                .for_each(|row| line(row.from.as_str(), row.to.as_str()));
            let past = |to: &str| format!("{to} (no review level)");
            DECLARATION_WITHOUT_REVIEW_LEVEL
                .iter()
                .filter(|row| row.act == *act && row.role == *role)
                .for_each(|row| line(row.from.as_str(), &past(row.to.as_str())));
            ADJUSTMENT_WITHOUT_REVIEW_LEVEL
                .iter()
                .filter(|row| row.act == *act && row.role == *role)
                .for_each(|row| line(row.from.as_str(), &past(row.to.as_str())));
            STATELESS.iter().filter(|row| **row == (*role, *act)).for_each(|_| line("*", "*"));
        }
    }
    let golden = include_str!("../golden/authz-matrix.txt");
    assert!(golden == table, "tests/golden/authz-matrix.txt should be:\n{table}");
}

/// Every root field, as nobody: `true` where signing in is needed.
const FIELDS: &[(&str, bool)] = &[
    ("{ viewer { id } }", false),
    ("{ serviceLimits { maxDepth } }", false),
    ("{ interpretTarget(text: \"≥90%\") { kind } }", false),
    ("{ jurisdictions(first: 1) { edges { cursor } } }", true),
    ("{ departments(first: 1) { edges { cursor } } }", true),
    ("{ declarations(first: 1) { edges { cursor } } }", true),
    ("{ declaration(departmentCode: \"440118001\", fiscalYear: 2024) { id } }", true),
    ("{ achievementSummary(groupBy: [LEVEL1], first: 1) { edges { cursor } } }", true),
    ("{ indicators(first: 1) { edges { cursor } } }", true),
    ("{ indicatorTrend(indicatorId: \"$I\", first: 1) { edges { cursor } } }", true),
    ("{ yearComparison(departmentCode: \"440118001\", fiscalYear: 2024) { fiscalYear } }", true),
    ("{ peerComparison(departmentCode: \"440118001\", fiscalYear: 2024) { fiscalYear } }", true),
    ("{ auditTrail(nodeId: \"$D\", first: 1) { edges { cursor } } }", true),
    ("{ auditLogVerification { intact } }", true),
    ("{ auditPack { downloadPath } }", true),
    ("{ accessLog(first: 1) { edges { cursor } } }", true),
    ("{ declarationAsOf(id: \"$D\", at: \"2099-01-01T00:00:00Z\") { status departmentCode } }", true),
    (
        "mutation { evidenceAdd(input: { reportId: \"$R\", indicatorId: \"$I\", file: \"#upload:0\" }) { userErrors { code } } }",
        false,
    ),
    ("mutation { evidenceRemove(id: \"RXZpZGVuY2U6MQ\") { userErrors { code } } }", false),
    ("{ report(declarationId: \"$D\", period: YEAR_END) { id } }", false),
    ("{ node(id: \"$D\") { id } }", false),
    ("{ actualValuesPreview(input: { declarationId: \"$D\", period: YEAR_END }) { userErrors { code } } }", false),
    ("mutation { signIn(username: \"x\", password: \"y\") { userErrors { code } } }", false),
    ("mutation { tokenRefresh(refreshToken: \"x\") { userErrors { code } } }", false),
    ("mutation { signOut(refreshToken: \"x\") { userErrors { code } } }", false),
    (
        "mutation { declarationImport(input: { departmentCode: \"440118001\", fiscalYear: 2024, text: \"x\" }) { userErrors { code } } }",
        true,
    ),
    (
        "mutation { indicatorUpdate(input: { indicatorId: \"$I\", expectedRevision: 1 }) { userErrors { code } } }",
        false,
    ),
    (
        "mutation { targetConfirm(input: { indicatorId: \"$I\", which: ANNUAL, expectedRevision: 1 }) { userErrors { code } } }",
        false,
    ),
    ("mutation { declarationSubmit(id: \"$D\", expectedRevision: 1) { userErrors { code } } }", false),
    ("mutation { declarationForward(id: \"$D\", expectedRevision: 1) { userErrors { code } } }", false),
    ("mutation { declarationAccept(id: \"$D\", expectedRevision: 1, grade: GOOD) { userErrors { code } } }", false),
    ("mutation { declarationReject(id: \"$D\", expectedRevision: 1, reason: \"x\") { userErrors { code } } }", false),
    ("mutation { declarationReturn(id: \"$D\", expectedRevision: 1, reason: \"x\") { userErrors { code } } }", false),
    (
        "mutation { declarationApprove(id: \"$D\", expectedRevision: 1, approvalNumber: \"x\", approvedOn: \"2024-01-01\") { userErrors { code } } }",
        false,
    ),
    (
        "mutation { declarationCreate(input: { departmentCode: \"440118001\", fiscalYear: 2030 }) { userErrors { code } } }",
        true,
    ),
    (
        "mutation { declarationUpdate(input: { declarationId: \"$D\", expectedRevision: 1 }) { userErrors { code } } }",
        false,
    ),
    ("mutation { declarationClose(id: \"$D\", expectedRevision: 1) { userErrors { code } } }", false),
    ("mutation { declarationCarryOver(id: \"$D\", expectedRevision: 1) { userErrors { code } } }", false),
    (
        "mutation { keyTaskAdd(input: { declarationId: \"$D\", name: \"x\", expectedRevision: 1 }) { userErrors { code } } }",
        false,
    ),
    ("mutation { keyTaskUpdate(input: { keyTaskId: \"$K\", expectedRevision: 1 }) { userErrors { code } } }", false),
    ("mutation { keyTaskMove(id: \"$K\", expectedRevision: 1, position: 1) { userErrors { code } } }", false),
    ("mutation { keyTaskRemove(id: \"$K\", expectedRevision: 1) { userErrors { code } } }", false),
    (
        "mutation { indicatorAdd(input: { declarationId: \"$D\", level1Label: \"x\", name: \"x\", expectedRevision: 1 }) { userErrors { code } } }",
        false,
    ),
    ("mutation { indicatorMove(id: \"$I\", expectedRevision: 1, position: 1) { userErrors { code } } }", false),
    ("mutation { indicatorRemove(id: \"$I\", expectedRevision: 1) { userErrors { code } } }", false),
    (
        "mutation { adjustmentOpen(input: { declarationId: \"$D\", kind: REDUCTION, expectedRevision: 1 }) { userErrors { code } } }",
        false,
    ),
    (
        "mutation { adjustmentUpdate(input: { adjustmentId: \"$A\", expectedRevision: 1 }) { userErrors { code } } }",
        false,
    ),
    ("mutation { adjustmentSubmit(id: \"$A\", expectedRevision: 1) { userErrors { code } } }", false),
    ("mutation { adjustmentForward(id: \"$A\", expectedRevision: 1) { userErrors { code } } }", false),
    ("mutation { adjustmentReturn(id: \"$A\", expectedRevision: 1, reason: \"x\") { userErrors { code } } }", false),
    ("mutation { adjustmentReject(id: \"$A\", expectedRevision: 1, reason: \"x\") { userErrors { code } } }", false),
    (
        "mutation { adjustmentApprove(id: \"$A\", expectedRevision: 1, approvalNumber: \"x\", approvedOn: \"2024-01-01\") { userErrors { code } } }",
        false,
    ),
    ("mutation { adjustmentWithdraw(id: \"$A\", expectedRevision: 1) { userErrors { code } } }", false),
    (
        "mutation { actualValuesRecord(input: { declarationId: \"$D\", period: YEAR_END }) { userErrors { code } } }",
        false,
    ),
    ("mutation { reportSubmit(id: \"$R\", expectedRevision: 1) { userErrors { code } } }", false),
    ("mutation { reportForward(id: \"$R\", expectedRevision: 1) { userErrors { code } } }", false),
    ("mutation { reportAccept(id: \"$R\", expectedRevision: 1) { userErrors { code } } }", false),
    (
        "mutation { reportReview(input: { reportId: \"$R\", expectedRevision: 1, rows: [] }) { userErrors { code } } }",
        false,
    ),
    (
        "mutation { reportSpotCheck(input: { reportId: \"$R\", expectedRevision: 1, rows: [] }) { userErrors { code } } }",
        false,
    ),
    (
        "mutation { rectificationRequest(input: { reportId: \"$R\", expectedRevision: 1, request: \"x\", dueOn: \"2030-01-01\" }) { userErrors { code } } }",
        false,
    ),
    (
        "mutation { rectificationRespond(id: \"$T\", expectedRevision: 1, response: \"x\") { userErrors { code } } }",
        false,
    ),
    (
        "mutation { rectificationVerify(id: \"$T\", expectedRevision: 1, conclusion: \"x\") { userErrors { code } } }",
        false,
    ),
    (
        "mutation { rectificationReopen(id: \"$T\", expectedRevision: 1, conclusion: \"x\") { userErrors { code } } }",
        false,
    ),
    ("mutation { reportReturn(id: \"$R\", expectedRevision: 1, reason: \"x\") { userErrors { code } } }", false),
    ("{ publications(first: 1) { edges { cursor } } }", false),
    ("{ publication(departmentCode: \"440118001\", fiscalYear: 2024, kind: TARGETS) { id } }", false),
    (
        "mutation { publicationState(input: { declarationId: \"$D\", expectedRevision: 0, statements: [] }) { userErrors { code } } }",
        false,
    ),
    (
        "mutation { publicationPublish(input: { declarationId: \"$D\", kind: TARGETS, version: 1, expectedRevision: 0 }) { userErrors { code } } }",
        false,
    ),
    (
        "mutation { publicationCorrect(input: { declarationId: \"$D\", kind: TARGETS, version: 1, reason: \"x\", expectedRevision: 0 }) { userErrors { code } } }",
        false,
    ),
    (
        "mutation { publicationWithhold(input: { declarationId: \"$D\", kind: TARGETS, reason: \"x\", expectedRevision: 0 }) { userErrors { code } } }",
        false,
    ),
    ("{ findings(first: 1) { edges { cursor } } }", true),
    // Base64 of Finding:1.
    ("mutation { findingDismiss(input: { id: \"RmluZGluZzox\", note: \"x\" }) { userErrors { code } } }", false),
    ("mutation { findingReopen(input: { id: \"RmluZGluZzox\", note: \"x\" }) { userErrors { code } } }", false),
    ("{ reportingWindows(first: 1) { edges { cursor } } }", true),
    ("{ myOutstanding { period } }", true),
    ("{ scoringSchemes(first: 1) { edges { cursor } } }", true),
    ("{ schemeAssignments(first: 1) { edges { cursor } } }", true),
    ("{ schemeWhatIf(scheme: { code: \"CAPPED\" }, first: 1) { edges { cursor } } }", true),
    ("{ users(first: 1) { edges { cursor } } }", true),
    ("{ grants(first: 1) { edges { cursor } } }", true),
    (
        "mutation { reportingWindowSet(input: { jurisdictionCode: \"440118\", fiscalYear: 2024, period: MID_YEAR, months: 7, opensOn: \"2024-08-01\", dueOn: \"2024-08-31\", closesOn: \"2024-08-31\" }) { userErrors { code } } }",
        true,
    ),
    (
        "mutation { reportingWindowExtend(input: { windowId: \"$W\", reason: \"x\", expectedRevision: 1 }) { userErrors { code } } }",
        true,
    ),
    ("mutation { jurisdictionCreate(input: { code: \"440119\", name: \"x\" }) { userErrors { code } } }", true),
    ("mutation { jurisdictionUpdate(input: { code: \"440118\", name: \"x\" }) { userErrors { code } } }", true),
    (
        "mutation { departmentCreate(input: { code: \"440118009\", name: \"x\", jurisdictionCode: \"440118\" }) { userErrors { code } } }",
        true,
    ),
    ("mutation { departmentsImport(input: { file: \"#upload:0\" }) { userErrors { code } } }", false),
    ("mutation { usersImport(input: { file: \"#upload:0\" }) { userErrors { code } } }", false),
    (
        "mutation { actualValuesImport(input: { declarationId: \"$D\", period: YEAR_END, file: \"#upload:0\" }) { userErrors { code } } }",
        false,
    ),
    ("mutation { departmentUpdate(input: { code: \"440118001\", name: \"x\" }) { userErrors { code } } }", true),
    ("mutation { schemeCreate(document: \"x\") { userErrors { code } } }", true),
    (
        "mutation { schemeAssign(input: { jurisdictionCode: \"440118\", fiscalYear: 2024, schemeCode: \"CN-2020\", schemeVersion: 1 }) { userErrors { code } } }",
        true,
    ),
    (
        "mutation { userCreate(input: { username: \"x\", displayName: \"x\", password: \"123456789012\" }) { userErrors { code } } }",
        true,
    ),
    ("mutation { userUpdate(input: { userId: \"$U\", displayName: \"x\" }) { userErrors { code } } }", true),
    ("mutation { userDisable(id: \"$U\") { userErrors { code } } }", true),
    ("mutation { userEnable(id: \"$U\") { userErrors { code } } }", true),
    ("mutation { userPasswordSet(id: \"$U\", password: \"123456789012\") { userErrors { code } } }", true),
    (
        "mutation { passwordChange(currentPassword: \"x\", newPassword: \"123456789012\") { userErrors { code } } }",
        true,
    ),
    ("mutation { grantAdd(input: { userId: \"$U\", role: AUDITOR }) { userErrors { code } } }", true),
    ("mutation { grantRemove(id: \"$G\") { userErrors { code } } }", true),
];

#[tokio::test]
async fn every_root_field_as_nobody() {
    let (app, id) = TestApp::approved().await;
    let page = app.page("filer").await;
    let indicator = crate::harness::indicators(&page)[0]["id"].as_str().expect("an id").to_owned();
    let task = page["keyTasks"][0]["id"].as_str().expect("an id").to_owned();
    let open = json!({ "declarationId": id, "kind": "REDUCTION", "expectedRevision": page["revision"] });
    let adjustment = app.edit("filer", "adjustmentOpen", open).await;
    let adjustment = adjustment["adjustment"]["id"].as_str().expect("an id").to_owned();
    let sheet = app.run("filer", "ReportingSheet", json!({ "declaration": id, "period": "YEAR_END" })).await;
    let report = sheet.data("report/id").as_str().expect("an id").to_owned();
    for &(document, signed_in) in FIELDS {
        // The global id of the first rectification there could be.
        let rectification = "UmVjdGlmaWNhdGlvbjox";
        let document = document.replace("$D", &id).replace("$I", &indicator).replace("$R", &report);
        // Base64 of UserGrant:1, User:2, ReportingWindow:1.
        let document = document.replace("$G", "VXNlckdyYW50OjE").replace("$U", "VXNlcjoy");
        let document = document.replace("$W", "UmVwb3J0aW5nV2luZG93OjE");
        let document = document.replace("$T", rectification);
        let document = document.replace("$K", &task).replace("$A", &adjustment);
        let answer = app.send(None, &document, json!({})).await;
        let text = answer.body.to_string();
        if signed_in {
            assert_eq!(answer.code(), "UNAUTHENTICATED", "{document}");
        }
        // Nothing of the declaration shows, whoever asks.
        assert!(!text.contains("民政局") && !text.contains(&format!("\"id\":\"{id}\"")), "{document}: {text}");
    }
    let introspection = "{ __schema { queryType { fields { name } } mutationType { fields { name } } } }";
    let answer = app.query("auditor", introspection, json!({})).await;
    let names = ["queryType", "mutationType"]
        .iter()
        .flat_map(|root| answer.data(&format!("__schema/{root}/fields")).as_array().expect("fields").iter());
    for name in names.filter_map(|field| field["name"].as_str()) {
        let covered = FIELDS.iter().any(|(document, _)| document.contains(&format!("{{ {name}")));
        assert!(covered, "{name} is missing from the unauthorized test");
    }
}

#[tokio::test]
async fn a_stranger_sees_nothing() {
    let (app, id) = TestApp::approved().await;
    let page = app.page("filer2").await;
    assert_eq!(page, Value::Null);
    let list = app.run("filer2", "Declarations", json!({ "first": 10 })).await;
    assert_eq!(list.data("declarations/totalCount"), 0);
    let trail = app
        .query("filer2", &format!("{{ auditTrail(nodeId: \"{id}\", first: 1) {{ edges {{ cursor }} }} }}"), json!({}))
        .await;
    assert!(trail.data("auditTrail").is_null());
    let node = app.query("filer2", &format!("{{ node(id: \"{id}\") {{ id }} }}"), json!({})).await;
    assert!(node.data("node").is_null());
}
