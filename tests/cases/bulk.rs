//! Declarations in bulk leave what one by one would have left.

use jixiao_service::ctx::{Actor, Ctx};
use jixiao_service::{audit, bulk, declaration, doctor, user};
use serde_json::json;

use crate::harness::{DEPARTMENT, TestApp, indicators, operator};

#[tokio::test]
async fn copies_in_bulk_are_whole() {
    let (app, id) = TestApp::approved().await;
    let indicator = indicators(&app.page("filer").await)[3]["id"].clone();
    let input = json!({ "declarationId": id, "period": "YEAR_END", "entries": [{ "indicatorId": indicator, "text": "120个" }] });
    app.run("filer", "RecordActualValues", json!({ "input": input })).await;

    let ctx = operator();
    let found = declaration::by_department(&app.db, &ctx, DEPARTMENT, 2024).await.expect("reads");
    let original = found.expect("the declaration").declaration;
    let copies = (2025..2032).map(|year| declaration::Declaration { fiscal_year: year, ..original.clone() }).collect();
    let stored = bulk::declarations(&app.db, &ctx, copies).await.expect("writes");
    assert_eq!((stored.len(), stored[0].results == original.results), (7, true));

    let examined = doctor::examine(&app.db, &ctx).await.expect("examines");
    assert_eq!((examined.differences, examined.declarations), (Vec::new(), 8));
    assert!(audit::verify(app.db.read(), &ctx, None).await.expect("verifies").intact);
    let page = app.run("auditor", "DeclarationPage", json!({ "department": DEPARTMENT, "year": 2031 })).await;
    assert_eq!(page.data("declaration/result"), &app.page("auditor").await["result"]);
    // The counters go on behind the keys that were given.
    let input = json!({ "departmentCode": DEPARTMENT, "fiscalYear": 2033, "text": crate::harness::FORM });
    let answer = app.run("filer", "ImportForm", json!({ "input": input })).await;
    assert_eq!(answer.user_errors("declarationImport"), Vec::<&str>::new());

    let copies = vec![original];
    let admin = user::by_username(&app.db, "admin").await.expect("reads").expect("a user");
    let admin = Ctx { actor: Actor::User(admin), ..operator() };
    let refused = bulk::declarations(&app.db, &admin, copies.clone()).await;
    assert!(refused.is_err(), "only for the operator");
    assert!(bulk::declarations(&app.db, &ctx, copies).await.is_err(), "there already");
    let examined = doctor::examine(&app.db, &ctx).await.expect("examines");
    assert_eq!((examined.differences, examined.declarations), (Vec::new(), 9));
}
