//! The way of a declaration, and how many statements a page costs.

use jixiao_rules::cycle::Role;
use serde_json::json;

use crate::harness::{DEPARTMENT, FORM, TestApp};

#[tokio::test]
async fn the_way_to_approval() {
    let app = TestApp::new().await;
    let id = app.import().await;
    let blocked = app.run("filer", "Submit", json!({ "id": id, "revision": 1 })).await;
    let errors = blocked.user_errors("declarationSubmit");
    assert!(!errors.is_empty() && errors.iter().all(|code| *code == "BLOCKED"), "{errors:?}");
    let stale = app.run("filer", "Submit", json!({ "id": id, "revision": 99 })).await;
    assert_eq!(stale.user_errors("declarationSubmit"), ["CONFLICT"]);

    app.complete().await;
    let revision = app.page("filer").await["revision"].clone();
    for name in ["department", "finance", "admin"] {
        let answer = app.run(name, "Submit", json!({ "id": id, "revision": revision })).await;
        assert_eq!(answer.code(), "FORBIDDEN", "{name}");
    }
    // An auditor does not see a draft; a stranger sees nothing.
    for name in ["auditor", "filer2"] {
        let answer = app.run(name, "Submit", json!({ "id": id, "revision": revision })).await;
        assert_eq!(answer.user_errors("declarationSubmit"), ["NOT_FOUND"], "{name}");
    }
    let early = app.run("finance", "Accept", json!({ "id": id, "revision": revision, "grade": "GOOD" })).await;
    assert_eq!(early.user_errors("declarationAccept"), ["WRONG_STATE"]);

    let answer = app.run("filer", "Submit", json!({ "id": id, "revision": revision })).await;
    assert_eq!(answer.data("declarationSubmit/declaration/status"), "DEPARTMENT_REVIEW");
    let revision = answer.data("declarationSubmit/declaration/revision").clone();
    let silent = app.run("department", "Return", json!({ "id": id, "revision": revision, "reason": " " })).await;
    assert_eq!(silent.user_errors("declarationReturn"), ["REASON_REQUIRED"]);
    let answer =
        app.run("department", "Return", json!({ "id": id, "revision": revision, "reason": "请补充依据" })).await;
    assert_eq!(answer.data("declarationReturn/declaration/status"), "RETURNED");
    app.approve(&id).await;
    let page = app.page("auditor").await;
    assert_eq!((&page["status"], &page["version"]), (&json!("APPROVED"), &json!(1)));
    // Approved is immutable.
    let late = app.run("filer", "Submit", json!({ "id": id, "revision": page["revision"] })).await;
    assert_eq!(late.user_errors("declarationSubmit"), ["WRONG_STATE"]);
}

#[tokio::test]
async fn who_files_does_not_review() {
    let mut app = TestApp::new().await;
    let both = [(Role::UnitFiler, Some(DEPARTMENT), None), (Role::DepartmentReviewer, Some(DEPARTMENT), None)];
    app.add_user("both", &both).await;
    let id = app.import().await;
    app.complete().await;
    let revision = app.page("filer").await["revision"].clone();
    let sent = app.run("both", "Submit", json!({ "id": id, "revision": revision })).await;
    let revision = sent.data("declarationSubmit/declaration/revision").clone();
    let refused = app.run("both", "Forward", json!({ "id": id, "revision": revision })).await;
    assert_eq!(refused.code(), "FORBIDDEN");
    let fair = app.run("department", "Forward", json!({ "id": id, "revision": revision })).await;
    let revision = fair.data("declarationForward/declaration/revision").clone();
    let answer = app.run("finance", "Accept", json!({ "id": id, "revision": revision, "grade": "FAIR" })).await;
    assert_eq!(answer.user_errors("declarationAccept"), ["INVALID_VALUE"]);
}

#[tokio::test]
async fn a_page_costs_the_same_for_one_and_for_many() {
    let app = TestApp::new().await;
    for year in 2001..=2100 {
        let input = json!({ "departmentCode": DEPARTMENT, "fiscalYear": year, "text": FORM });
        let answer = app.run("filer", "ImportForm", json!({ "input": input })).await;
        assert_eq!(answer.user_errors("declarationImport"), Vec::<&str>::new());
    }
    let mut costs = Vec::new();
    for first in [1, 100] {
        let before = app.db.statements();
        let answer = app.run("filer", "Declarations", json!({ "first": first })).await;
        costs.push(app.db.statements() - before);
        assert_eq!(answer.data("declarations/edges").as_array().expect("edges").len(), first);
        assert_eq!(answer.data("declarations/totalCount"), 100);
    }
    assert_eq!(costs[0], costs[1]);
    let mut costs = Vec::new();
    for first in [1, 100] {
        let before = app.db.statements();
        let deep = format!(
            "{{ declarations(first: {first}) {{ edges {{ node {{ overallGoal keyTasks {{ name }} \
             mid: result(period: MID_YEAR) {{ score }} result(period: YEAR_END) {{ score }} }} }} }} }}"
        );
        app.query("filer", &deep, json!({})).await.data("declarations");
        costs.push(app.db.statements() - before);
    }
    assert_eq!(costs, [4, 4], "who asks, the list, the declarations, their results");
    let before = app.db.statements();
    app.page("filer").await;
    let page = app.db.statements() - before;
    assert_eq!(page, 2, "who asks, and the declaration whole");
}
