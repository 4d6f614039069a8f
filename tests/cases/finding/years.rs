//! What looks at a department's other years, and follows when one of them changes.

use serde_json::json;

use super::plan::{approve, clean, draft, revision, whole};
use super::{NONE, found, of};
use crate::harness::TestApp;

#[tokio::test]
async fn years_that_follow_each_other_cleanly() {
    let app = TestApp::new().await;
    whole(&app, &clean(2023)).await;
    let mut next = clean(2024);
    next.rows[0].target = "≥25个";
    (next.rows[0].mid.0, next.rows[0].end.0) = ("15个", "25个");
    whole(&app, &next).await;
    assert_eq!(found(&app, json!({})).await, NONE);
    app.healthy().await;
}

#[tokio::test]
async fn targets_that_ask_too_little() {
    let app = TestApp::new().await;
    for year in [2022, 2023] {
        let mut plan = clean(year);
        plan.rows[0].end.0 = "23个";
        whole(&app, &plan).await;
    }
    // The next year's draft is found as soon as it is written, and follows what is decided about it.
    let draft_of = draft(&app, &clean(2024)).await;
    let own = |rules: &'static [&'static str]| {
        let filter = json!({ "rules": rules, "fiscalYears": [2024] });
        let app = &app;
        async move { super::all(app, "filer", filter).await.iter().map(super::brief).collect::<Vec<_>>() }
    };
    let at = |rule: &str| format!("{rule} WARNING indicators.0.annualTarget");
    assert_eq!(own(&["A10", "A11"]).await, [at("A10"), at("A11")]);
    let edit = json!({ "indicatorId": draft_of.rows[0], "annualTarget": "≥21个", "expectedRevision": revision(&app, &draft_of).await });
    app.edit("filer", "indicatorUpdate", edit).await;
    assert_eq!(own(&["A10", "A11"]).await, NONE, "a tenth of 23 is more than the 2 that are missing");
    app.healthy().await;
}

#[tokio::test]
async fn a_year_that_changes_is_seen_by_the_next() {
    let app = TestApp::new().await;
    // The later year is there first: it looks back on nothing.
    let later = draft(&app, &clean(2024)).await;
    approve(&app, &clean(2024), &later).await;
    app.today("2024-03-01");
    assert_eq!(of(&app, &["A10"]).await, NONE);
    let mut plan = clean(2023);
    plan.rows[0].end.0 = "23个";
    whole(&app, &plan).await;
    assert_eq!(of(&app, &["A10"]).await, ["A10 WARNING indicators.0.annualTarget"]);
    assert_eq!(found(&app, json!({ "rules": ["A10"], "fiscalYears": [2023] })).await, NONE);
    app.healthy().await;
}

#[tokio::test]
async fn a_grade_without_consequence() {
    let app = TestApp::new().await;
    let cause = json!([{ "category": "FUNDING", "text": "资金到位较晚影响了进度" }]);
    let mut plan = clean(2023);
    // 50 points are lost, and the grade with them.
    for (at, text) in [(0, "1个"), (4, "20人")] {
        plan.rows[at].mid = (text, json!({ "deviations": cause, "correctiveAction": "增加人手" }));
        plan.rows[at].end = (text, json!({ "deviations": cause }));
    }
    whole(&app, &plan).await;
    let next = draft(&app, &clean(2024)).await;
    approve(&app, &clean(2024), &next).await;
    assert_eq!(of(&app, &["A30"]).await, ["A30 WARNING budget.totalExpenditure"]);
    let mut less = clean(2025);
    less.project = "40.00";
    let last = draft(&app, &less).await;
    approve(&app, &less, &last).await;
    assert_eq!(found(&app, json!({ "rules": ["A30"], "fiscalYears": [2025] })).await, NONE);
    app.healthy().await;
}
