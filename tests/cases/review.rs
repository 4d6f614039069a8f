//! Finance's scores beside the filer's, and the spot check after the acceptance.

use jixiao_rules::cycle::Role;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::harness::reporting::{errors, findings, row};

/// A self-evaluation under finance's review.
async fn under_review() -> (TestApp, String) {
    let (app, id) = TestApp::approved().await;
    app.evaluated(&id).await;
    app.to_finance(&id, "YEAR_END").await;
    (app, id)
}

async fn review(app: &TestApp, name: &str, id: &str, rows: Value) -> crate::harness::Answer {
    let report = app.report(name, id, "YEAR_END").await;
    let input = json!({ "reportId": report["id"], "expectedRevision": report["revision"], "rows": rows });
    app.run(name, "Review", json!({ "input": input })).await
}

fn id_of(report: &Value, name: &str) -> Value {
    row(report, name).1["indicator"]["id"].clone()
}

#[tokio::test]
async fn scores_stand_beside_the_filers() {
    let (app, id) = under_review().await;
    let before = app.report("finance", &id, "YEAR_END").await;
    let result = &before["result"];
    assert_eq!(
        (&result["score"], &result["reviewScore"], &result["reviewGrade"]),
        (&json!("99.91"), &Value::Null, &Value::Null)
    );
    let stations = id_of(&before, "颐康服务站数量");
    let answer =
        review(&app, "finance", &id, json!([{ "indicatorId": stations, "score": "2.05", "opinion": "台账只有70个" }]))
            .await;
    let report = answer.data("reportReview/report");
    assert_eq!(
        report["result"],
        json!({ "score": "99.91", "reviewScore": "97.41", "grade": "EXCELLENT", "reviewGrade": "EXCELLENT" }),
        "{:#}",
        answer.body
    );
    let after = app.report("filer", &id, "YEAR_END").await;
    let (at, made) = row(&after, "颐康服务站数量");
    assert_eq!(
        made["review"],
        json!({ "score": "2.05", "opinion": "台账只有70个", "acceptsNotApplicable": false,
        "targetSetTooLow": false, "outdated": false, "reviewedBy": { "displayName": "用户finance" } })
    );
    assert_eq!((&made["achievement"]["score"], &made["current"]), (&json!("4.55"), &before["rows"][at]["current"]));
    assert_eq!(after["result"]["reviewedRows"], 1);

    // What was said is patched; a score of nothing agrees with the filer.
    let answer = review(&app, "finance", &id, json!([{ "indicatorId": stations, "score": null }])).await;
    assert_eq!(answer.data("reportReview/report/result/reviewScore"), "99.91");
    let after = app.report("filer", &id, "YEAR_END").await;
    assert_eq!(row(&after, "颐康服务站数量").1["review"]["opinion"], "台账只有70个");
    let trail = app.run("auditor", "Trail", json!({ "node": after["id"], "first": 50 })).await;
    let acts = trail.data("auditTrail/edges").to_string();
    assert!(acts.contains("REPORT_REVIEW") && acts.contains("台账只有70个"));
    for statement in ["UPDATE indicator_review SET score = 0", "DELETE FROM indicator_review"] {
        assert!(app.db.read().execute_unprepared(statement).await.is_err(), "{statement}");
    }
}

#[tokio::test]
async fn a_correction_outdates_the_review() {
    let (app, id) = under_review().await;
    let sheet = app.report("finance", &id, "YEAR_END").await;
    let (stations, beds) = (id_of(&sheet, "颐康服务站数量"), id_of(&sheet, "家庭养老床位建设数量"));
    let rows = json!([{ "indicatorId": stations, "score": "2.00", "opinion": "偏高" }, { "indicatorId": beds, "score": "4.00", "opinion": "偏高" }]);
    review(&app, "finance", &id, rows).await;
    app.step("finance", &id, "YEAR_END", "ReturnReport").await;
    let cause = json!([{ "category": "STAFFING", "text": "人手不足" }]);
    app.record(
        &id,
        "YEAR_END",
        json!({ "entries": [{ "indicatorId": stations, "text": "75个", "deviations": cause }] }),
    )
    .await;
    let report = app.report("filer", &id, "YEAR_END").await;
    let (at, made) = row(&report, "颐康服务站数量");
    assert_eq!((&made["review"]["outdated"], &made["review"]["score"]), (&json!(true), &json!("2.00")));
    assert_eq!(row(&report, "家庭养老床位建设数量").1["review"]["outdated"], false);
    let result = &report["result"];
    assert_eq!(
        (&result["reviewScore"], &result["reviewGrade"], &result["reviewedRows"]),
        (&Value::Null, &Value::Null, &json!(1))
    );
    assert!(findings(&report).contains(&format!("REVIEW_OUTDATED NOTICE rows.{at}.current.text")));

    app.to_finance(&id, "YEAR_END").await;
    let answer = review(&app, "finance", &id, json!([{ "indicatorId": stations, "opinion": "同意" }])).await;
    // 99.91, the stations at 2.28 instead of 4.55, the beds at 4.00 instead of 4.55.
    let result = answer.data("reportReview/report/result");
    assert_eq!((&result["score"], &result["reviewScore"]), (&json!("97.64"), &json!("97.09")), "{:#}", answer.body);
}

#[tokio::test]
async fn claims_and_targets_set_too_low() {
    let (app, id) = TestApp::approved().await;
    app.evaluated(&id).await;
    let sheet = app.report("filer", &id, "YEAR_END").await;
    let (served, cremated) = (id_of(&sheet, "完成申请居家养老服务对象"), id_of(&sheet, "火化率"));
    let entries = json!([
        { "indicatorId": cremated, "text": null, "notApplicableReason": "当年无火化任务" },
        { "indicatorId": served, "text": "3800人", "deviations": [{ "category": "OTHER", "text": "需求大增" }] },
    ]);
    app.record(&id, "YEAR_END", json!({ "entries": entries })).await;
    app.to_finance(&id, "YEAR_END").await;
    let blocked = app.step("finance", &id, "YEAR_END", "AcceptReport").await;
    let (at, _) = row(&sheet, "火化率");
    assert_eq!(errors(&blocked, "reportAccept"), [format!("BLOCKED rows.{at}.current.notApplicableReason")]);

    // 3,800 of 2,300 is 1.652173: the tier from 1.50 on loses a tenth of the weight, in finance's column only.
    let rows = json!([
        { "indicatorId": cremated, "acceptNotApplicable": true, "opinion": "属实" },
        { "indicatorId": served, "targetSetTooLow": true, "opinion": "目标明显偏低" },
    ]);
    let answer = review(&app, "finance", &id, rows).await;
    assert_eq!(errors(&answer, "reportReview"), Vec::<String>::new());
    let report = app.report("filer", &id, "YEAR_END").await;
    let gone = &row(&report, "火化率").1["achievement"];
    assert_eq!(
        (&gone["status"], &gone["score"], &gone["maxScore"]),
        (&json!("NOT_APPLICABLE"), &Value::Null, &Value::Null)
    );
    let weights =
        report["rows"].as_array().expect("rows").iter().filter_map(|row| row["achievement"]["maxScore"].as_str());
    let sum: rust_decimal::Decimal =
        weights.map(|points| points.parse::<rust_decimal::Decimal>().expect("points")).sum();
    assert_eq!(sum.to_string(), "90.00", "the weights left are scaled up");
    let served = row(&report, "完成申请居家养老服务对象").1;
    assert_eq!((&served["achievement"]["score"], &served["achievement"]["maxScore"]), (&json!("5.00"), &json!("5.00")));
    let result = &report["result"];
    assert_eq!((&result["score"], &result["reviewScore"]), (&json!("99.00"), &json!("98.50")), "{result}");
    let accepted = app.step("finance", &id, "YEAR_END", "AcceptReport").await;
    assert_eq!(accepted.data("reportAccept/report/status"), "ACCEPTED");
    let examined = jixiao_service::doctor::examine(&app.db, &crate::harness::operator()).await.expect("examines");
    assert_eq!(examined.differences, Vec::<String>::new());
}

#[tokio::test]
async fn who_may_not_and_what_is_wrong() {
    let (mut app, id) = under_review().await;
    app.add_user(
        "both",
        &[(Role::FinanceReviewer, None, Some("440118")), (Role::UnitFiler, Some(crate::harness::DEPARTMENT), None)],
    )
    .await;
    let sheet = app.report("finance", &id, "YEAR_END").await;
    let stations = id_of(&sheet, "颐康服务站数量");
    let input = |rows: Value| json!({ "reportId": sheet["id"], "expectedRevision": sheet["revision"], "rows": rows });
    let good = json!([{ "indicatorId": stations, "score": "4.00", "opinion": "x" }]);
    let chain = app.chain().await;
    for name in ["filer", "department", "auditor", "admin"] {
        let refused = app.mutate(name, "reportReview", "ReportReviewInput", input(good.clone())).await;
        assert_eq!(refused.code(), "FORBIDDEN", "{name}");
    }
    let unseen = app.mutate("filer2", "reportReview", "ReportReviewInput", input(good.clone())).await;
    assert_eq!(errors(&unseen, "reportReview"), ["NOT_FOUND reportId"]);
    let early = app.mutate("finance", "reportSpotCheck", "ReportSpotCheckInput", input(good.clone())).await;
    assert_eq!(errors(&early, "reportSpotCheck"), ["WRONG_STATE reportId"]);

    let foreign = {
        let other = json!([{ "indicatorId": "SW5kaWNhdG9yOjk5OTk5", "score": "1.00" }]);
        app.mutate("finance", "reportReview", "ReportReviewInput", input(other)).await
    };
    assert_eq!(errors(&foreign, "reportReview"), ["NOT_FOUND rows.0.indicatorId"]);
    let kind = app
        .mutate("finance", "reportReview", "ReportReviewInput", input(json!([{ "indicatorId": sheet["id"] }])))
        .await;
    assert_eq!(kind.code(), "INVALID_ID");
    let one = |field: &str, value: Value| {
        let mut row = json!({ "indicatorId": stations, "opinion": "x" });
        row[field] = value;
        json!([row])
    };
    let bad = [
        (json!([]), "REQUIRED rows"),
        (one("score", json!("4.56")), "SCORE_OUT_OF_BAND rows.0.score"),
        (one("score", json!("-0.01")), "INVALID_VALUE rows.0.score"),
        (json!([{ "indicatorId": stations, "score": "4.00" }]), "REASON_REQUIRED rows.0.opinion"),
        (one("acceptNotApplicable", json!(true)), "INVALID_VALUE rows.0.acceptNotApplicable"),
        (one("opinion", json!("")), "REQUIRED rows.0.opinion"),
        (one("opinion", json!("字".repeat(2_001))), "TOO_LONG rows.0.opinion"),
        (one("opinion", json!("\u{1}")), "INVALID_VALUE rows.0.opinion"),
        (json!([{ "indicatorId": stations }, { "indicatorId": stations }]), "INVALID_VALUE rows.1.indicatorId"),
    ];
    for (rows, want) in bad {
        let refused = app.mutate("finance", "reportReview", "ReportReviewInput", input(rows)).await;
        assert_eq!(errors(&refused, "reportReview"), [want]);
    }
    let mut stale = input(good.clone());
    stale["expectedRevision"] = json!(0);
    let refused = app.mutate("finance", "reportReview", "ReportReviewInput", stale).await;
    assert_eq!(errors(&refused, "reportReview"), ["CONFLICT expectedRevision"]);
    assert!(refused.body.to_string().contains("用户department"), "it tells who changed it last");
    assert_eq!(app.chain().await, chain);
    assert_eq!(app.report("finance", &id, "YEAR_END").await, sheet);

    // Who filed does not review, whatever else they are.
    app.step("finance", &id, "YEAR_END", "ReturnReport").await;
    let report = app.report("both", &id, "YEAR_END").await;
    let record = json!({ "input": { "declarationId": id, "period": "YEAR_END", "summary": { "problems": "无" } } });
    assert_eq!(
        app.run("both", "RecordActualValues", record).await.user_errors("actualValuesRecord"),
        Vec::<&str>::new()
    );
    app.to_finance(&id, "YEAR_END").await;
    let refused = review(&app, "both", &id, good).await;
    assert_eq!(refused.code(), "FORBIDDEN", "{report}");
}

#[tokio::test]
async fn a_spot_check_by_another() {
    let (mut app, id) = under_review().await;
    app.add_user("inspector", &[(Role::FinanceReviewer, None, Some("440118"))]).await;
    let sheet = app.report("finance", &id, "YEAR_END").await;
    let (stations, beds) = (id_of(&sheet, "颐康服务站数量"), id_of(&sheet, "家庭养老床位建设数量"));
    review(&app, "finance", &id, json!([{ "indicatorId": stations, "score": "4.00", "opinion": "偏高" }])).await;
    app.step("finance", &id, "YEAR_END", "AcceptReport").await;
    let report = app.report("finance", &id, "YEAR_END").await;
    assert_eq!((&report["status"], &report["spotChecked"]), (&json!("ACCEPTED"), &json!(false)));
    let input = json!({ "reportId": report["id"], "expectedRevision": report["revision"],
        "rows": [{ "indicatorId": beds, "score": "3.55", "opinion": "现场只见458张" }] });
    for name in ["filer", "department", "auditor", "admin"] {
        let refused = app.mutate(name, "reportSpotCheck", "ReportSpotCheckInput", input.clone()).await;
        assert_eq!(refused.code(), "FORBIDDEN", "{name}");
    }
    let refused = app.mutate("finance", "reportSpotCheck", "ReportSpotCheckInput", input.clone()).await;
    assert_eq!(refused.code(), "FORBIDDEN", "who accepted the targets");
    let done = app.mutate("inspector", "reportSpotCheck", "ReportSpotCheckInput", input).await;
    assert_eq!(errors(&done, "reportSpotCheck"), Vec::<String>::new());
    let report = app.report("auditor", &id, "YEAR_END").await;
    assert_eq!((&report["status"], &report["spotChecked"]), (&json!("ACCEPTED"), &json!(true)));
    let result = &report["result"];
    assert_eq!(
        (&result["score"], &result["reviewScore"], &result["spotCheckScore"], &result["spotCheckGrade"]),
        (&json!("99.91"), &json!("99.36"), &json!("98.36"), &json!("EXCELLENT")),
        "three columns, three totals"
    );
    assert_eq!(
        row(&report, "家庭养老床位建设数量").1["spotCheck"],
        json!({ "score": "3.55", "opinion": "现场只见458张", "outdated": false })
    );
}
