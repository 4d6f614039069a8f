//! Acts of filing that the contract does not name, and what a refused one must leave alone.

use jixiao_service::doctor;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use super::{Answer, TestApp, operator};

/// What every act on a declaration answers with here.
const DECLARATION: &str = "declaration { id revision version adjustmentNo status fiscalYear overallGoal
    publiclyFundedStaffCount budget { fiscalAppropriation projectExpenditure totalExpenditure otherFunds }
    keyTasks { id name plannedFunding indicators { id } } indicators { id name general dropped weight weightOrigin
        keyTasks { id } annualTarget { text confirmed } originalTarget { text }
        achievement(period: YEAR_END) { status score maxScore } }
    findings { rule severity path } }";
const ADJUSTMENT: &str = "adjustment { id number kind status revision reason findings { rule severity path }
    items { budgetLine keyTask { id } before after } targets { indicator { id } before { text } after { text } weightAfter } }";

/// The document of a mutation whose only argument is `input`.
pub(crate) fn with_input(field: &str) -> String {
    let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
    let node = if field.starts_with("adjustment") { ADJUSTMENT } else { "" };
    format!(
        "mutation($input: {kind}!) {{ {field}(input: $input) {{ {node} {DECLARATION} userErrors {{ code field message }} }} }}"
    )
}

/// The document of a step: `id`, `expectedRevision`, and further arguments as they stand in a document.
pub(crate) fn step(field: &str, more: &str) -> String {
    let node = if field.starts_with("adjustment") { ADJUSTMENT } else { "" };
    format!(
        "mutation($id: ID!, $revision: Int!) {{ {field}(id: $id, expectedRevision: $revision{more}) {{ {node} {DECLARATION} userErrors {{ code field message }} }} }}"
    )
}

impl TestApp {
    /// Sends an edit that must succeed; gives the payload.
    pub(crate) async fn edit(&self, name: &str, field: &str, input: Value) -> Value {
        let answer = self.query(name, &with_input(field), json!({ "input": input })).await;
        done(&answer, field)
    }

    /// Takes a step that must succeed; gives the payload.
    pub(crate) async fn act(&self, name: &str, field: &str, more: &str, id: &Value, revision: &Value) -> Value {
        let answer = self.query(name, &step(field, more), json!({ "id": id, "revision": revision })).await;
        done(&answer, field)
    }

    /// Number of documents and of audit entries: what a refused act leaves as they are.
    pub(crate) async fn marks(&self) -> (i64, i64) {
        let sql = "SELECT (SELECT COUNT(*) FROM declaration_document) AS d, (SELECT sequence FROM audit_head) AS a";
        let db = self.db.read();
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await;
        let row = row.expect("answers").expect("a row");
        (row.try_get("", "d").expect("a count"), row.try_get("", "a").expect("a number"))
    }

    /// Nothing differs from a recomputation, and the chain is whole.
    pub(crate) async fn healthy(&self) {
        let found = doctor::examine(&self.db, &operator()).await.expect("examines");
        assert!(found.chain.intact);
        assert_eq!(found.differences, Vec::<String>::new());
    }
}

fn done(answer: &Answer, field: &str) -> Value {
    assert!(answer.body.get("errors").is_none(), "{field}: {:#}", answer.body);
    assert_eq!(answer.user_errors(field), Vec::<&str>::new(), "{field}: {:#}", answer.body);
    answer.data(field).clone()
}
