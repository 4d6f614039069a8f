//! How a step of the year is taken: first by everybody who may not, which writes nothing, then by who may, which writes
//! one entry.

use jixiao_rules::cycle::Role;
use jixiao_rules::kind::Vocabulary;
use serde_json::{Value, json};

use super::{BESIDE, THERE};
use crate::harness::filing::{step, with_input};
use crate::harness::{Answer, HERE, TestApp, Unit, contract, indicators};

/// Who sees the object of an act: that decides between "forbidden" and "there is no such thing".
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Mode {
    /// It is submitted: the department's people, its auditor and the administrator see it.
    Seen,
    /// A draft: not even the auditor sees it.
    Draft,
    /// The administration: nobody else does it anywhere.
    Administration,
}

const EVERYBODY: [&str; 11] = [
    "filer",
    "department",
    "finance",
    "inspector",
    "filer2",
    "reviewer2",
    "finance2",
    "filer3",
    "reviewer3",
    "auditor",
    "admin",
];

/// The service with its people, and what was done so far.
pub(super) struct Stage {
    pub(super) app: TestApp,
    /// Department, act, role.
    log: Vec<(&'static str, (String, String))>,
    refused: usize,
}

fn role_of(name: &str) -> Role {
    match name {
        "filer" | "filer2" | "filer3" => Role::UnitFiler,
        "department" | "reviewer2" | "reviewer3" => Role::DepartmentReviewer,
        "auditor" => Role::Auditor,
        "admin" => Role::Admin,
        _ => Role::FinanceReviewer,
    }
}

/// The act that a root field stands for.
fn act_of(field: &str) -> String {
    if ["declarationUpdate", "keyTaskAdd", "indicatorAdd", "indicatorUpdate"].contains(&field) {
        return "DECLARATION_EDIT".to_owned();
    }
    field.chars().flat_map(|c| [c.is_uppercase().then_some('_'), Some(c.to_ascii_uppercase())]).flatten().collect()
}

/// The code of a refusal, wherever it stands; empty when it was none.
fn code(answer: &Answer, field: &str) -> String {
    let user = answer.body.pointer(&format!("/data/{field}/userErrors/0/code")).and_then(Value::as_str);
    user.unwrap_or_else(|| answer.code()).to_owned()
}

/// Whether this is one of the finance reviewers of the department's jurisdiction.
fn reviews(unit: &Unit, name: &str) -> bool {
    name == unit.finance || (name == "inspector" && unit.code != THERE.code)
}

/// What a refusal must say; `None` for another one who might as well have taken the step.
fn wanted(unit: &Unit, mode: Mode, who: &str, field: &str, name: &str) -> Option<&'static str> {
    if name == who || (reviews(unit, who) && reviews(unit, name) && field != "reportSpotCheck") {
        return None;
    }
    if field == "declarationReturn" && reviews(unit, name) {
        // Theirs to return, but not yet.
        return Some("WRONG_STATE");
    }
    let own = [unit.filer, unit.reviewer, "admin"].contains(&name) || reviews(unit, name);
    let known = match mode {
        Mode::Administration => true,
        Mode::Seen => own || name == "auditor",
        Mode::Draft => own,
    };
    Some(if known { "FORBIDDEN" } else { "NOT_FOUND" })
}

impl Stage {
    pub(super) async fn new() -> Self {
        Self { app: TestApp::new().await, log: Vec::new(), refused: 0 }
    }

    /// Everybody beside the harness's own people, hired by the administrator.
    pub(super) async fn people(&mut self) {
        for (name, grant) in [
            ("reviewer2", json!({ "role": "DEPARTMENT_REVIEWER", "departmentCode": THERE.code })),
            ("finance2", json!({ "role": "FINANCE_REVIEWER", "jurisdictionCode": "440106" })),
            ("filer3", json!({ "role": "UNIT_FILER", "departmentCode": BESIDE.code })),
            ("reviewer3", json!({ "role": "DEPARTMENT_REVIEWER", "departmentCode": BESIDE.code })),
            ("inspector", json!({ "role": "FINANCE_REVIEWER", "jurisdictionCode": "440118" })),
        ] {
            self.app.hire(name, grant).await;
        }
    }

    /// One step: refused to everybody else, without a trace; then taken, with one entry.
    pub(super) async fn step(
        &mut self,
        unit: &Unit,
        who: &str,
        mode: Mode,
        field: &str,
        document: &str,
        variables: Value,
    ) -> Value {
        let before = self.app.chain().await;
        self.refuse(unit, who, mode, field, document, &variables).await;
        assert_eq!(self.app.chain().await, before, "{field}: a refusal writes nothing");
        let done = self.app.query(who, document, variables).await;
        self.taken(unit, who, field, &done, before).await
    }

    async fn refuse(&mut self, unit: &Unit, who: &str, mode: Mode, field: &str, document: &str, variables: &Value) {
        for name in EVERYBODY.iter().filter(|name| self.app.knows(name)) {
            let Some(want) = wanted(unit, mode, who, field, name) else { continue };
            let refused = self.app.query(name, document, variables.clone()).await;
            assert_eq!(code(&refused, field), want, "{field} of {} by {name}: {:#}", unit.code, refused.body);
            self.refused += 1;
        }
        let nobody = self.app.send(None, document, variables.clone()).await;
        let told = code(&nobody, field);
        assert!(["UNAUTHENTICATED", "NOT_FOUND"].contains(&told.as_str()), "{field} by nobody: {:#}", nobody.body);
        self.refused += 1;
    }

    async fn taken(&mut self, unit: &Unit, who: &str, field: &str, done: &Answer, before: i64) -> Value {
        let told = code(done, field);
        assert!(told.is_empty(), "{field} of {} by {who}: {:#}", unit.code, done.body);
        assert_eq!(self.app.chain().await, before + 1, "{field}: one entry");
        self.log.push((unit.code, (act_of(field), role_of(who).as_str().to_owned())));
        done.data(field).clone()
    }

    /// What anybody may read of a department's results.
    pub(super) async fn public(&self, unit: &Unit) -> Value {
        let document = "query($code: String!) { publication(departmentCode: $code, fiscalYear: 2024, kind: RESULTS) {
            status department { code } snapshots { number } content { indicators { name } } } }";
        self.app.send(None, document, json!({ "code": unit.code })).await.data("publication").clone()
    }

    /// An act of the administrator's, which no department's log holds.
    pub(super) async fn administer(&mut self, field: &str, document: &str, input: Value) -> Value {
        let done = self.step(&HERE, "admin", Mode::Administration, field, document, json!({ "input": input })).await;
        self.log.pop();
        done
    }

    /// An edit of a draft by its filer, or an adjustment opened.
    pub(super) async fn edit(&mut self, unit: &Unit, field: &str, mut input: Value) -> Value {
        let page = self.app.page_of(unit.filer, unit.code).await;
        input["expectedRevision"] = page["revision"].clone();
        let mode = if page["status"] == "DRAFT" { Mode::Draft } else { Mode::Seen };
        self.step(unit, unit.filer, mode, field, &with_input(field), json!({ "input": input })).await
    }

    /// What the form left open: the lost target, and the readings to confirm.
    pub(super) async fn complete(&mut self, unit: &Unit) {
        for row in indicators(&self.app.page_of(unit.filer, unit.code).await) {
            if row["annualTarget"].is_null() {
                let input = json!({ "indicatorId": row["id"], "annualTarget": "100%" });
                self.edit(unit, "indicatorUpdate", input).await;
            } else if row["annualTarget"]["confirmed"] == false {
                self.edit(unit, "targetConfirm", json!({ "indicatorId": row["id"], "which": "ANNUAL" })).await;
            }
        }
    }

    /// A step of the declaration, by the role whose it is.
    pub(super) async fn declaration_step(&mut self, unit: &Unit, id: &str, field: &str, more: &str) -> Value {
        let page = self.app.page_of(unit.filer, unit.code).await;
        let mode = if page["status"] == "DRAFT" { Mode::Draft } else { Mode::Seen };
        let who = match field {
            "declarationSubmit" => unit.filer,
            "declarationForward" | "declarationReturn" => unit.reviewer,
            _ => unit.finance,
        };
        let variables = json!({ "id": id, "revision": page["revision"] });
        self.step(unit, who, mode, field, &step(field, more), variables).await
    }

    /// A step of a report, by the role whose it is.
    pub(super) async fn report_step(&mut self, unit: &Unit, id: &str, period: &str, operation: &str) -> Value {
        let (who, field) = match operation {
            "SubmitReport" => (unit.filer, "reportSubmit"),
            "ForwardReport" => (unit.reviewer, "reportForward"),
            _ => (unit.finance, "reportAccept"),
        };
        let report = self.app.report(who, id, period).await;
        let variables = json!({ "id": report["id"], "revision": report["revision"] });
        self.step(unit, who, Mode::Seen, field, &contract::document(operation), variables).await
    }

    pub(super) async fn record(&mut self, unit: &Unit, id: &str, period: &str, mut input: Value) {
        (input["declarationId"], input["period"]) = (json!(id), json!(period));
        let (document, variables) = (contract::document("RecordActualValues"), json!({ "input": input }));
        self.step(unit, unit.filer, Mode::Seen, "actualValuesRecord", &document, variables).await;
    }

    /// Every target met to the letter, with a cause beside it.
    pub(super) async fn entries(&self, unit: &Unit, period: &str) -> Vec<Value> {
        let page = self.app.page_of(unit.filer, unit.code).await;
        let entry = |row: &Value| {
            let text = row["annualTarget"]["text"].as_str().expect("a target").trim_start_matches('≥').to_owned();
            let mut entry = json!({ "indicatorId": row["id"], "text": text, "deviations": [{ "category": "OTHER", "text": "说明" }] });
            if row["annualTarget"]["kind"] == "STATEMENT" {
                entry["level"] = json!("FULL");
                if period == "YEAR_END" {
                    entry["score"] = json!("4.50");
                }
            }
            entry
        };
        indicators(&page).iter().map(entry).collect()
    }

    /// A file beside a row, with those refused who may not.
    pub(super) async fn add_evidence(&mut self, unit: &Unit, input: Value, file: (&str, Vec<u8>)) {
        let before = self.app.chain().await;
        for name in EVERYBODY.iter().filter(|name| **name != unit.filer) {
            let refused = self.app.add_evidence(name, input.clone(), (file.0, file.1.clone())).await;
            let want = wanted(unit, Mode::Seen, unit.filer, "evidenceAdd", name).unwrap_or_default();
            assert_eq!(code(&refused, "evidenceAdd"), want, "{name}: {:#}", refused.body);
            self.refused += 1;
        }
        assert_eq!((self.app.chain().await, self.app.kept().await), (before, 0));
        let done = self.app.add_evidence(unit.filer, input, file).await;
        self.taken(unit, unit.filer, "evidenceAdd", &done, before).await;
    }

    /// The act that made next year's draft stands in its log, not in the old declaration's.
    pub(super) async fn carried_over(&mut self, next: &str) {
        let made = self.log.pop().map(|(_, made)| made);
        assert_eq!(self.trail(next).await, made.into_iter().collect::<Vec<_>>());
    }

    /// Acts and roles of the steps that were taken in a department, in order.
    pub(super) fn log_of(&self, unit: &Unit) -> Vec<(String, String)> {
        self.log.iter().filter(|(code, _)| *code == unit.code).map(|(_, step)| step.clone()).collect()
    }

    /// Acts and roles of a declaration's log, its reports' and adjustments' among them, in order.
    pub(super) async fn trail(&self, id: &str) -> Vec<(String, String)> {
        let (mut told, mut after) = (Vec::new(), Value::Null);
        loop {
            let page = self.app.run("admin", "Trail", json!({ "node": id, "first": 100, "after": after })).await;
            for edge in page.data("auditTrail/edges").as_array().expect("edges") {
                let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
                told.push((text(&edge["node"]["action"]), text(&edge["node"]["actor"]["role"])));
            }
            if page.data("auditTrail/pageInfo/hasNextPage") == false {
                return told;
            }
            after = page.data("auditTrail/pageInfo/endCursor").clone();
        }
    }

    /// Acts that were refused.
    pub(super) fn refused(&self) -> usize {
        self.refused
    }
}
