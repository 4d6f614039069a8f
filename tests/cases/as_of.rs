//! The past: whatever moment is asked for, the answer is what was to be read then.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::adjustment;
use crate::harness::dice::Dice;
use crate::harness::upload::{acts, pdf};
use crate::harness::{TestApp, indicators};

/// What the past and the present are asked alike.
const PARTS: &str =
    "version status revision fiscalYear overallGoal reviewGrade reviewOpinion approvalNumber adjustmentNo
    budget { totalExpenditure projectExpenditure } keyTasks { name plannedFunding } scheme { code version }
    findings { rule severity message path }
    indicators { name level1 level1Label level2 level2Label weight weightOrigin accumulation dropped general
        keyTasks { name } cycleTarget { text } originalTarget { text }
        annualTarget { text kind comparator value unit direction certain confirmed }
        mid: actualValue(period: MID_YEAR) { ...Value } end: actualValue(period: YEAR_END) { ...Value }
        achievement(period: YEAR_END) { status rate score maxScore light deviating explanationRequired flags
            explanation { rule scheme { code version } steps { label expression value } } } }
    midYear: result(period: MID_YEAR) { ...Result } yearEnd: result(period: YEAR_END) { ...Result }
    midYearReport: report(period: MID_YEAR) { ...Report } yearEndReport: report(period: YEAR_END) { ...Report }";

/// The fragments for the present, or for the past: there the types are snapshots.
fn fragments(snapshot: &str) -> String {
    format!(
        "fragment Value on ActualValue{snapshot} {{ text value unit level score note deviations {{ category text }}
            certain givenAgainst recordedAt recordedBy {{ displayName }} }}
        fragment Result on DeclarationResult {{ score grade scoreSoFar maxScoreSoFar achievementRate executionRate
            executionScore light counts {{ status count }} flags }}
        fragment Report on Report{snapshot} {{ period status revision months submittedAt lateDays reviewOpinion spotChecked
            execution {{ initialBudget annualBudget executed rate reason }} overallGoalResult conclusion
            result {{ score grade reviewScore reviewedRows }} findings {{ rule severity path }}
            rectifications {{ status request dueOn response }}
            rows {{ indicator {{ name }} current {{ ...Value }} evidence {{ fileName sha256 size }}
                achievement {{ status rate score }} review {{ score outdated }} }} }}"
    )
}

/// What is to be read now; a report that was not begun is none.
async fn now(app: &TestApp) -> Value {
    let query =
        format!("{{ declaration(departmentCode: \"440118001\", fiscalYear: 2024) {{ {PARTS} }} }} {}", fragments(""));
    let mut found = app.query("filer", &query, json!({})).await.data("declaration").clone();
    for report in ["midYearReport", "yearEndReport"] {
        if found[report]["revision"] == 0 {
            found[report] = Value::Null;
        }
    }
    found
}

async fn then(app: &TestApp, name: &str, id: &str, at: &str) -> Value {
    let query = format!(
        "query($id: ID!, $at: DateTime!) {{ declarationAsOf(id: $id, at: $at) {{ {PARTS} }} }} {}",
        fragments("Snapshot")
    );
    let answer = app.query(name, &query, json!({ "id": id, "at": at })).await;
    assert!(answer.body.get("errors").is_none(), "{:#}", answer.body);
    answer.data("declarationAsOf").clone()
}

/// What the test itself knows to be true, by what it did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Model {
    status: String,
    version: i64,
    targets: BTreeMap<String, Option<String>>,
    values: BTreeMap<(&'static str, String), Option<String>>,
    reports: BTreeMap<&'static str, (String, Option<String>)>,
    files: usize,
}

impl Model {
    /// The same, as an answer has it.
    fn of(answer: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let mut model =
            Self { status: text(&answer["status"])?, version: answer["version"].as_i64()?, ..Self::default() };
        for row in answer["indicators"].as_array()? {
            let name = text(&row["name"])?;
            model.targets.insert(name.clone(), text(&row["annualTarget"]["text"]));
            for period in ["mid", "end"].into_iter().filter(|period| !row[period].is_null()) {
                model.values.insert((period, name.clone()), text(&row[period]["text"]));
            }
        }
        for (period, report) in [("mid", &answer["midYearReport"]), ("end", &answer["yearEndReport"])] {
            if let Some(status) = text(&report["status"]) {
                model.reports.insert(period, (status, text(&report["execution"]["executed"])));
                let rows = report["rows"].as_array()?.iter();
                model.files += rows.map(|row| row["evidence"].as_array().map_or(0, Vec::len)).sum::<usize>();
            }
        }
        Some(model)
    }
}

/// One history: the service, chance, and what is known to be true.
struct History {
    app: TestApp,
    dice: Dice,
    id: String,
    model: Model,
}

impl History {
    async fn row(&mut self) -> Value {
        let rows = indicators(&self.app.page("filer").await);
        self.dice.one(&rows).clone()
    }

    /// Another target of some indicator of the draft.
    async fn edit(&mut self) {
        let (row, revision) = (self.row().await, self.app.page("filer").await["revision"].clone());
        let target = format!("≥{}%", self.dice.roll(100));
        let input = json!({ "indicatorId": row["id"], "annualTarget": target, "expectedRevision": revision });
        self.app.edit("filer", "indicatorUpdate", input).await;
        self.model.targets.insert(row["name"].as_str().expect("a name").to_owned(), Some(target));
    }

    async fn approve(&mut self) {
        self.app.approve(&self.id).await;
        (self.model.status, self.model.version) = ("APPROVED".into(), 1);
        // The form's one empty target was completed on the way.
        for target in self.model.targets.values_mut() {
            target.get_or_insert_with(|| "100%".to_owned());
        }
    }

    /// Another value of some indicator, or money spent; what is refused changes nothing.
    async fn record(&mut self, periods: &[(&'static str, &'static str)]) {
        let (period, short) = *self.dice.one(periods);
        let (mut input, row) = (json!({}), self.row().await);
        let text = (self.dice.roll(4) > 0).then(|| format!("{}%", self.dice.roll(120)));
        let executed = (self.dice.roll(3) == 0).then(|| format!("{}.50", 100 + self.dice.roll(50_000)));
        input["entries"] = json!([{ "indicatorId": row["id"], "text": text }]);
        if let Some(executed) = &executed {
            input["execution"] = json!({ "executed": executed });
        }
        let answer = self.app.try_record(&self.id, period, input).await;
        let payload = answer.data("actualValuesRecord");
        let said = |part: &Value| part["userErrors"].as_array().is_some_and(|errors| !errors.is_empty());
        let refused = said(payload) || payload["results"].as_array().is_some_and(|rows| rows.iter().any(said));
        if !refused {
            self.model.values.insert((short, row["name"].as_str().expect("a name").to_owned()), text);
            let report = self.model.reports.entry(short).or_default();
            report.0 = "DRAFT".into();
            report.1 = executed.or(report.1.take());
        }
    }

    async fn file(&mut self) {
        let (row, report) = (self.row().await, self.app.report_id(&self.id, "MID_YEAR").await);
        let (input, mark) = (json!({ "reportId": report, "indicatorId": row["id"] }), self.dice.roll(1 << 30));
        let answer = self.app.add_evidence("filer", input, ("证明.pdf", pdf(&mark.to_string()))).await;
        assert_eq!(answer.user_errors("evidenceAdd"), Vec::<&str>::new(), "{:#}", answer.body);
        self.model.reports.entry("mid").or_default().0 = "DRAFT".into();
        self.model.files += 1;
    }

    async fn adjust(&mut self) {
        let opened = adjustment::open(&self.app, &self.id).await;
        adjustment::approve(&self.app, &opened["adjustment"]["id"]).await;
        self.model.version += 1;
        self.model.targets.insert("颐康服务站数量".into(), Some("75个".into()));
        self.model.targets.insert("火化率".into(), None);
    }

    /// A year-end report on its way: submitted, returned, submitted again, accepted by nobody yet.
    async fn report_step(&mut self) {
        let status = self.app.report("filer", &self.id, "YEAR_END").await["status"].clone();
        let (name, operation) = match status.as_str() {
            Some("DEPARTMENT_REVIEW") => ("department", "ReturnReport"),
            _ => ("filer", "SubmitReport"),
        };
        let answer = self.app.step(name, &self.id, "YEAR_END", operation).await;
        if !answer.body.to_string().contains("\"code\":") {
            let to = if operation == "SubmitReport" { "DEPARTMENT_REVIEW" } else { "RETURNED" };
            self.model.reports.entry("end").or_default().0 = to.into();
        }
    }
}

#[tokio::test]
async fn random_histories_replayed() {
    for seed in 1..=2 {
        let (app, dice) = (TestApp::new().await, Dice(seed));
        let begun = app.moment();
        app.advance(10);
        let id = app.import().await;
        let first = now(&app).await;
        let model = Model::of(&first).expect("a declaration");
        assert_eq!((model.status.as_str(), model.version, model.values.len()), ("DRAFT", 0, 0));
        let mut known = vec![(begun, Value::Null, None), (app.moment(), first, Some(model.clone()))];
        let mut history = History { app, dice, id, model };
        for step in 0..18 {
            history.app.advance(1 + i64::try_from(history.dice.roll(5)).expect("small"));
            match step {
                0..5 => history.edit().await,
                5 => history.approve().await,
                9 => history.adjust().await,
                12 => history.app.evaluated(&history.id).await,
                13..16 => history.report_step().await,
                _ if history.dice.roll(4) == 0 => history.file().await,
                // Once a self-evaluation is begun nothing is adjusted any more.
                6..9 => history.record(&[("MID_YEAR", "mid")]).await,
                _ => history.record(&[("MID_YEAR", "mid"), ("YEAR_END", "end")]).await,
            }
            let told = now(&history.app).await;
            if step == 12 {
                // Every target met to the letter, as the model had them.
                history.model = Model::of(&told).expect("a declaration");
            }
            assert_eq!(Model::of(&told).as_ref(), Some(&history.model), "seed {seed}, step {step}");
            known.push((history.app.moment(), told, Some(history.model.clone())));
        }
        replay(&history, seed, &known).await;
    }
}

/// At each moment itself, and right before the next, what was to be read is read again.
async fn replay(history: &History, seed: u64, known: &[(String, Value, Option<Model>)]) {
    let (app, id) = (&history.app, history.id.as_str());
    for (place, (at, told, model)) in known.iter().enumerate() {
        let read = then(app, "filer", id, at).await;
        assert_eq!(read, *told, "seed {seed}, {at}");
        assert_eq!(Model::of(&read), *model, "seed {seed}, {at}");
        if let Some((next, ..)) = known.get(place + 1) {
            let moment =
                chrono::DateTime::parse_from_rfc3339(next).expect("a moment") - chrono::TimeDelta::microseconds(1);
            assert_eq!(then(app, "filer", id, &moment.to_rfc3339()).await, *told, "seed {seed}, before {next}");
        }
    }
    let last = &known.last().expect("a history").1;
    assert_eq!(then(app, "filer", id, "2099-01-01T00:00:00Z").await, *last);
    assert!(then(app, "filer", id, "1970-01-01T00:00:00Z").await.is_null());

    // Then's drafts stay hidden from auditors, and from strangers everything.
    for (at, told, _) in known.iter().step_by(5) {
        let hidden = told.is_null() || told["status"] == "DRAFT";
        assert_eq!(then(app, "auditor", id, at).await.is_null(), hidden, "{at}");
        assert!(then(app, "filer2", id, at).await.is_null());
    }
    assert!(acts(&app.access_log("auditor").await).iter().all(|(act, _)| act == "AS_OF_READ"));
}

#[tokio::test]
async fn the_summary_of_a_moment_adds_up() {
    let (app, id) = TestApp::approved().await;
    app.evaluated(&id).await;
    let query = "query($id: ID!, $at: DateTime!) { declarationAsOf(id: $id, at: $at) {
        totals(period: YEAR_END) { indicatorCount reportedCount comparableCount achievementRate averageScore
            counts { status count } } result(period: YEAR_END) { achievementRate } reports { period } } }";
    let answer = app.query("auditor", query, json!({ "id": id, "at": app.moment() })).await;
    let summary = json!({ "groupBy": ["DEPARTMENT"], "first": 5 });
    let living = app.run("auditor", "AchievementBy", summary).await;
    let then = answer.data("declarationAsOf");
    let now = living.data("achievementSummary/totals");
    for measure in ["indicatorCount", "reportedCount", "comparableCount", "achievementRate", "averageScore", "counts"] {
        assert_eq!(then["totals"][measure], now[measure], "{measure}");
    }
    assert_eq!(then["totals"]["achievementRate"], then["result"]["achievementRate"]);
    assert_eq!(then["reports"], json!([{ "period": "YEAR_END" }]));
}
