//! Reports filled in and moved along, by the documents of the contract.

use serde_json::{Value, json};

use super::{Answer, TestApp, indicators};

/// Everything of a report that the tests look at.
const REPORT: &str = "query($id: ID!, $period: ReportingPeriod!) { report(declarationId: $id, period: $period) {
    id status revision spotChecked overallGoalResult conclusion problems improvementMeasures reviewOpinion
    execution { initialBudget annualBudget executed forecast rate reason funds { source initialBudget annualBudget executed forecast } }
    result { score grade reviewScore reviewGrade reviewedRows spotCheckScore spotCheckGrade light executionLight
        lightCounts { light count } }
    findings { rule severity message path }
    rectifications { id status request dueOn overdue response conclusion reopenedCount indicator { name } requestedBy { displayName } }
    rows { indicator { id name }
        current { text score forecastText outlook correctiveAction confirmed certain givenAgainst notes { code }
            deviations { category text } recordedBy { displayName } }
        review { score opinion acceptsNotApplicable targetSetTooLow outdated reviewedBy { displayName } }
        spotCheck { score opinion outdated }
        achievement { status rate score maxScore light explanationRequired } } } }";

impl TestApp {
    /// The report as `name` sees it.
    pub(crate) async fn report(&self, name: &str, id: &str, period: &str) -> Value {
        self.query(name, REPORT, json!({ "id": id, "period": period })).await.data("report").clone()
    }

    /// Records with the contract's document; what it says is the test's business.
    pub(crate) async fn try_record(&self, id: &str, period: &str, input: Value) -> Answer {
        let mut whole = json!({ "declarationId": id, "period": period });
        for (key, value) in input.as_object().expect("an object") {
            whole[key] = value.clone();
        }
        self.run("filer", "RecordActualValues", json!({ "input": whole })).await
    }

    /// Records, and nothing may be wrong with it.
    pub(crate) async fn record(&self, id: &str, period: &str, input: Value) -> Answer {
        let answer = self.try_record(id, period, input).await;
        assert_eq!(answer.user_errors("actualValuesRecord"), Vec::<&str>::new(), "{:#}", answer.body);
        answer
    }

    /// Every target there is met to the letter; the two statements get 4.50 points at year-end.
    pub(crate) async fn met(&self, period: &str) -> Vec<Value> {
        let row = |row: &Value| {
            let mut entry = json!({ "indicatorId": row["id"], "text": row["annualTarget"]["text"] });
            if row["annualTarget"]["kind"] == "STATEMENT" {
                entry["level"] = json!("FULL");
                if period == "YEAR_END" {
                    entry["score"] = json!("4.50");
                }
            }
            entry
        };
        let rows = indicators(&self.page("filer").await);
        rows.iter().filter(|row| !row["annualTarget"].is_null()).map(row).collect()
    }

    /// A self-evaluation with every target met and the whole budget executed.
    pub(crate) async fn evaluated(&self, id: &str) {
        let entries = self.met("YEAR_END").await;
        let input = json!({ "entries": entries, "execution": { "executed": "51480.81" } });
        self.record(id, "YEAR_END", input).await;
    }

    /// Takes a report one step along.
    pub(crate) async fn step(&self, name: &str, id: &str, period: &str, operation: &str) -> Answer {
        let report = self.report(name, id, period).await;
        let mut variables = json!({ "id": report["id"], "revision": report["revision"] });
        if operation == "ReturnReport" {
            variables["reason"] = json!("请核实");
        }
        self.run(name, operation, variables).await
    }

    /// Takes a report to the review by finance.
    pub(crate) async fn to_finance(&self, id: &str, period: &str) {
        let sent = self.step("filer", id, period, "SubmitReport").await;
        assert_eq!(sent.user_errors("reportSubmit"), Vec::<&str>::new(), "{:#}", sent.body);
        let sent = self.step("department", id, period, "ForwardReport").await;
        assert_eq!(sent.data("reportForward/report/status"), "FINANCE_REVIEW");
    }

    /// Sends a mutation of one input object as `name`.
    pub(crate) async fn mutate(&self, name: &str, field: &str, kind: &str, input: Value) -> Answer {
        let fields =
            if kind.starts_with("Rectification") { "rectification { id status }" } else { "report { revision }" };
        let document = format!(
            "mutation($input: {kind}!) {{ {field}(input: $input) {{ {fields} userErrors {{ code message field }} }} }}"
        );
        self.query(name, &document, json!({ "input": input })).await
    }
}

/// The row of an indicator, and its place.
pub(crate) fn row<'a>(report: &'a Value, name: &str) -> (usize, &'a Value) {
    let rows = report["rows"].as_array().expect("rows");
    let place = rows.iter().position(|row| row["indicator"]["name"] == name).expect("the indicator");
    (place, &rows[place])
}

/// Findings as `RULE SEVERITY path`, evidence left out: nothing in these tests has any.
pub(crate) fn findings(report: &Value) -> Vec<String> {
    let all = report["findings"].as_array().expect("findings").iter();
    let brief = |found: &Value| {
        let path: Vec<&str> = found["path"].as_array().expect("a path").iter().filter_map(Value::as_str).collect();
        format!("{} {} {}", text(&found["rule"]), text(&found["severity"]), path.join("."))
    };
    all.filter(|found| found["rule"] != "E9").map(brief).collect()
}

/// User errors as `CODE path`.
pub(crate) fn errors(answer: &Answer, field: &str) -> Vec<String> {
    let all = answer.data(&format!("{field}/userErrors")).as_array().expect("a list").iter();
    let brief = |error: &Value| {
        let path: Vec<&str> = error["field"].as_array().expect("a path").iter().filter_map(Value::as_str).collect();
        format!("{} {}", text(&error["code"]), path.join("."))
    };
    all.map(brief).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
