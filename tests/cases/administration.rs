//! Administration: each act by ADMIN within its territory, refused for every other role, and one entry in the log.

use axum::http::StatusCode;
use jixiao_rules::cycle::Role;
use serde_json::{Value, json};

use crate::harness::{Answer, DEPARTMENT, OTHER, PASSWORD, TestApp, contract};

async fn act(app: &TestApp, name: &str, call: &str) -> Answer {
    app.query(name, &format!("mutation {{ {call} {{ userErrors {{ code field message }} }} }}"), json!({})).await
}

fn field(call: &str) -> &str {
    call.split('(').next().expect("a name")
}

fn errors(answer: &Answer, call: &str) -> Vec<(String, String)> {
    let list = answer.data(&format!("{}/userErrors", field(call))).as_array().expect("a list");
    let path = |error: &Value| {
        let parts: Vec<&str> = error["field"].as_array().expect("a path").iter().filter_map(Value::as_str).collect();
        parts.join(".")
    };
    list.iter().map(|error| (error["code"].as_str().expect("a code").to_owned(), path(error))).collect()
}

async fn user(app: &TestApp, name: &str) -> Value {
    let list = "{ users(first: 100) { edges { node { id username displayName disabledAt grants { id role } } } } }";
    let answer = app.query("admin", list, json!({})).await;
    let edges = answer.data("users/edges").as_array().expect("edges");
    edges.iter().map(|edge| edge["node"].clone()).find(|node| node["username"] == name).expect("the user")
}

async fn entries(app: &TestApp) -> u64 {
    let answer = app.query("admin", "{ auditLogVerification { intact entryCount: entries } }", json!({})).await;
    if answer.code().is_empty() {
        assert_eq!(answer.data("auditLogVerification/intact"), &json!(true));
        return answer.data("auditLogVerification/entryCount").as_u64().unwrap_or_default();
    }
    panic!("{:#}", answer.body)
}

fn quoted(value: &Value) -> String {
    value.to_string()
}

#[tokio::test]
async fn each_act_is_the_admins_and_leaves_one_entry() {
    let app = TestApp::new().await;
    let (filer, grant) = (user(&app, "filer").await, user(&app, "filer2").await["grants"][0]["id"].clone());
    let id = quoted(&filer["id"]);
    let scheme = jixiao_rules::scheme::shipped()[0].1.replace("version = \"1\"", "version = \"2\"");
    let scheme = json!(scheme).to_string();
    let calls = [
        "jurisdictionCreate(input: { code: \"440119\", name: \"新区\", parentCode: \"440100\" })".to_owned(),
        "jurisdictionUpdate(input: { code: \"440119\", name: \"更名区\" })".to_owned(),
        "departmentCreate(input: { code: \"440119001\", name: \"新局\", jurisdictionCode: \"440119\" })".to_owned(),
        "departmentUpdate(input: { code: \"440119001\", name: \"更名局\" })".to_owned(),
        "userCreate(input: { username: \"new\", displayName: \"新人\", password: \"correct horse\", grants: [{ role: AUDITOR }] })".to_owned(),
        format!("userUpdate(input: {{ userId: {id}, displayName: \"新名\" }})"),
        format!("userPasswordSet(id: {id}, password: \"correct horse\")"),
        format!("userDisable(id: {id})"),
        format!("userEnable(id: {id})"),
        format!("grantAdd(input: {{ userId: {id}, role: UNIT_FILER, departmentCode: \"{OTHER}\" }})"),
        format!("grantRemove(id: {grant})"),
        format!("schemeCreate(document: {scheme})"),
        "schemeAssign(input: { jurisdictionCode: \"440100\", fiscalYear: 2025, schemeCode: \"CN-2020\", schemeVersion: 2 })".to_owned(),
    ];
    for call in &calls {
        for name in ["department", "finance", "auditor", "filer2"] {
            let refused = act(&app, name, call).await;
            assert_eq!(refused.code(), "FORBIDDEN", "{name}: {call}: {:#}", refused.body);
        }
        let before = entries(&app).await;
        let done = act(&app, "admin", call).await;
        assert!(errors(&done, call).is_empty(), "{call}: {:#}", done.body);
        assert_eq!(entries(&app).await, before + 1, "{call}");
    }
    for list in ["users", "grants"] {
        for name in ["filer", "department", "finance", "auditor"] {
            let answer = app.query(name, &format!("{{ {list}(first: 1) {{ edges {{ cursor }} }} }}"), json!({})).await;
            assert_eq!(answer.code(), "FORBIDDEN", "{name}: {list}");
        }
    }
}

#[tokio::test]
async fn bad_input_says_where() {
    let app = TestApp::new().await;
    let (filer, admin) = (user(&app, "filer").await, user(&app, "admin").await);
    let (id, me) = (quoted(&filer["id"]), quoted(&admin["id"]));
    let (long, far) = ("长".repeat(201), "VXNlcjo5OTk");
    let cases: Vec<(String, &str, &str)> = vec![
        ("jurisdictionCreate(input: { code: \"12\", name: \"x\" })".into(), "INVALID_VALUE", "code"),
        ("jurisdictionCreate(input: { code: \"440118\", name: \"x\" })".into(), "ALREADY_EXISTS", "code"),
        ("jurisdictionCreate(input: { code: \"440119\", name: \"x\", parentCode: \"9999\" })".into(), "NOT_FOUND", "parentCode"),
        ("jurisdictionUpdate(input: { code: \"9999\", name: \"x\" })".into(), "NOT_FOUND", "code"),
        ("jurisdictionUpdate(input: { code: \"440118\", name: \" \" })".into(), "REQUIRED", "name"),
        (format!("departmentCreate(input: {{ code: \"440118009\", name: \"{long}\", jurisdictionCode: \"440118\" }})"), "TOO_LONG", "name"),
        ("departmentCreate(input: { code: \"440118009\", name: \"x\", jurisdictionCode: \"9999\" })".into(), "NOT_FOUND", "jurisdictionCode"),
        ("departmentUpdate(input: { code: \"440118001\", name: \"a\\u0007b\" })".into(), "INVALID_VALUE", "name"),
        ("userCreate(input: { username: \"filer\", displayName: \"x\", password: \"correct horse\" })".into(), "ALREADY_EXISTS", "username"),
        ("userCreate(input: { username: \"n\", displayName: \"x\", password: \"short\" })".into(), "INVALID_VALUE", "password"),
        ("userCreate(input: { username: \"n\", displayName: \"x\", password: \"correct horse\", grants: [{ role: AUDITOR, departmentCode: \"9999\" }] })".into(), "NOT_FOUND", "grants.0.departmentCode"),
        ("userCreate(input: { username: \"n\", displayName: \"x\", password: \"correct horse\", grants: [{ role: ADMIN }, { role: UNIT_FILER }] })".into(), "INVALID_VALUE", "grants.1.role"),
        (format!("userUpdate(input: {{ userId: \"{far}\", displayName: \"x\" }})"), "NOT_FOUND", "userId"),
        (format!("userUpdate(input: {{ userId: {id}, displayName: \"\" }})"), "REQUIRED", "displayName"),
        (format!("userEnable(id: {id})"), "WRONG_STATE", "id"),
        (format!("userDisable(id: \"{far}\")"), "NOT_FOUND", "id"),
        (format!("userPasswordSet(id: {id}, password: \"short\")"), "INVALID_VALUE", "password"),
        ("passwordChange(currentPassword: \"wrong\", newPassword: \"correct horse\")".into(), "INVALID_CREDENTIALS", "currentPassword"),
        (format!("passwordChange(currentPassword: \"{PASSWORD}\", newPassword: \"short\")"), "INVALID_VALUE", "newPassword"),
        (format!("grantAdd(input: {{ userId: {id}, role: UNIT_FILER, departmentCode: \"{DEPARTMENT}\" }})"), "ALREADY_EXISTS", "role"),
        (format!("grantAdd(input: {{ userId: {id}, role: ADMIN }})"), "INVALID_VALUE", "role"),
        (format!("grantAdd(input: {{ userId: {id}, role: AUDITOR, departmentCode: \"{DEPARTMENT}\", jurisdictionCode: \"440118\" }})"), "INVALID_VALUE", "jurisdictionCode"),
        ("grantRemove(id: \"VXNlckdyYW50Ojk5OQ\")".into(), "NOT_FOUND", "id"),
        ("schemeCreate(document: \"code = 1\")".into(), "INVALID_VALUE", "document"),
        (format!("schemeCreate(document: {})", json!(jixiao_rules::scheme::shipped()[0].1)), "ALREADY_EXISTS", "document"),
        ("schemeAssign(input: { jurisdictionCode: \"440100\", fiscalYear: 2025, schemeCode: \"NO\", schemeVersion: 1 })".into(), "NOT_FOUND", "schemeCode"),
        ("schemeAssign(input: { jurisdictionCode: \"440100\", fiscalYear: 1, schemeCode: \"CN-2020\", schemeVersion: 1 })".into(), "INVALID_VALUE", "fiscalYear"),
    ];
    let before = entries(&app).await;
    for (call, code, at) in &cases {
        let answer = act(&app, "admin", call).await;
        assert_eq!(errors(&answer, call), [((*code).to_owned(), (*at).to_owned())], "{call}: {:#}", answer.body);
    }
    let fault = act(&app, "admin", "schemeCreate(document: \"code = 1\")").await;
    assert!(fault.data("schemeCreate/userErrors/0/message").as_str().is_some_and(|text| text.contains("第1行")));
    for call in [
        "userUpdate(input: { userId: \"x\", displayName: \"x\" })",
        "userDisable(id: \"VXNlckdyYW50OjE\")",
        "grantRemove(id: \"VXNlcjoy\")",
    ] {
        assert_eq!(act(&app, "admin", call).await.code(), "INVALID_ID", "{call}");
    }
    // Nobody administers themselves.
    for call in [
        format!("userDisable(id: {me})"),
        format!("userPasswordSet(id: {me}, password: \"correct horse\")"),
        format!("grantAdd(input: {{ userId: {me}, role: AUDITOR }})"),
    ] {
        assert_eq!(act(&app, "admin", &call).await.code(), "FORBIDDEN", "{call}");
    }
    assert_eq!(entries(&app).await, before, "nothing was written");
}

#[tokio::test]
async fn a_disabled_user_is_out_at_once() {
    let app = TestApp::new().await;
    let sign_in = contract::document("SignIn");
    let session = app.send(None, &sign_in, json!({ "username": "filer", "password": PASSWORD })).await;
    let refresh = session.data("signIn/refreshToken").clone();
    let access = session.data("signIn/accessToken").as_str().expect("a token").to_owned();
    let id = quoted(&user(&app, "filer").await["id"]);
    act(&app, "admin", &format!("userDisable(id: {id})")).await;
    let next = app.send(Some(&access), &contract::document("Me"), json!({})).await;
    assert_eq!((next.status, next.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));
    let again = app.send(None, &contract::document("Refresh"), json!({ "token": refresh })).await;
    assert_eq!(again.user_errors("tokenRefresh"), ["INVALID_TOKEN"]);
    act(&app, "admin", &format!("userEnable(id: {id})")).await;
    let old = app.send(None, &contract::document("Refresh"), json!({ "token": refresh })).await;
    assert_eq!(old.user_errors("tokenRefresh"), ["INVALID_TOKEN"], "an ended session stays ended");

    let session = app.send(None, &sign_in, json!({ "username": "filer", "password": PASSWORD })).await;
    let refresh = session.data("signIn/refreshToken").clone();
    let call = format!("passwordChange(currentPassword: \"{PASSWORD}\", newPassword: \"correct horse\")");
    assert!(errors(&act(&app, "filer", &call).await, &call).is_empty());
    let ended = app.send(None, &contract::document("Refresh"), json!({ "token": refresh })).await;
    assert_eq!(ended.user_errors("tokenRefresh"), ["INVALID_TOKEN"]);
    for (password, works) in [(PASSWORD, false), ("correct horse", true)] {
        let answer = app.send(None, &sign_in, json!({ "username": "filer", "password": password })).await;
        assert_eq!(answer.data("signIn/accessToken").is_string(), works);
    }
}

#[tokio::test]
async fn a_scoped_admin_acts_inside_only() {
    let mut app = TestApp::new().await;
    app.add_user("local", &[(Role::Admin, None, Some("440118"))]).await;
    app.add_user("wide", &[(Role::UnitFiler, Some(DEPARTMENT), None), (Role::UnitFiler, Some(OTHER), None)]).await;
    let (inside, outside, wide) = (user(&app, "filer").await, user(&app, "filer2").await, user(&app, "wide").await);
    let ok = [
        format!("userUpdate(input: {{ userId: {}, displayName: \"新名\" }})", inside["id"]),
        "departmentCreate(input: { code: \"440118009\", name: \"新局\", jurisdictionCode: \"440118\" })".to_owned(),
        "jurisdictionCreate(input: { code: \"44011801\", name: \"镇\", parentCode: \"440118\" })".to_owned(),
        format!("userCreate(input: {{ username: \"n\", displayName: \"n\", password: \"correct horse\", grants: [{{ role: AUDITOR, departmentCode: \"{DEPARTMENT}\" }}] }})"),
        "schemeAssign(input: { jurisdictionCode: \"440118\", fiscalYear: 2025, schemeCode: \"CAPPED\", schemeVersion: 1 })".to_owned(),
    ];
    for call in &ok {
        let answer = act(&app, "local", call).await;
        assert!(errors(&answer, call).is_empty(), "{call}: {:#}", answer.body);
    }
    let unseen = [
        (format!("userUpdate(input: {{ userId: {}, displayName: \"新名\" }})", outside["id"]), "userId"),
        (
            "departmentCreate(input: { code: \"440106009\", name: \"x\", jurisdictionCode: \"440106\" })".to_owned(),
            "jurisdictionCode",
        ),
        ("jurisdictionUpdate(input: { code: \"440100\", name: \"x\" })".to_owned(), "code"),
        (
            format!("grantAdd(input: {{ userId: {}, role: UNIT_FILER, departmentCode: \"{OTHER}\" }})", inside["id"]),
            "departmentCode",
        ),
        (format!("grantRemove(id: {})", outside["grants"][0]["id"]), "id"),
    ];
    for (call, at) in &unseen {
        let answer = act(&app, "local", call).await;
        assert_eq!(errors(&answer, call), [("NOT_FOUND".to_owned(), (*at).to_owned())], "{call}: {:#}", answer.body);
    }
    let refused = [
        format!("userDisable(id: {})", wide["id"]),
        "jurisdictionCreate(input: { code: \"4500\", name: \"x\" })".to_owned(),
        "schemeCreate(document: \"x\")".to_owned(),
        format!("grantAdd(input: {{ userId: {}, role: AUDITOR }})", inside["id"]),
        "userCreate(input: { username: \"m\", displayName: \"m\", password: \"correct horse\" })".to_owned(),
    ];
    for call in &refused {
        let answer = act(&app, "local", call).await;
        assert_eq!(answer.code(), "FORBIDDEN", "{call}: {:#}", answer.body);
    }
    let list = "{ users(first: 100) { edges { node { username } } } grants(first: 100) { edges { node { user { username } } } } }";
    let answer = app.query("local", list, json!({})).await;
    assert!(
        !answer.body.to_string().contains("filer2") && !answer.body.to_string().contains("\"admin\""),
        "{:#}",
        answer.body
    );
    assert!(answer.body.to_string().contains("\"filer\"") && answer.body.to_string().contains("\"wide\""));
    let found = app.query("admin", "{ users(first: 9, filter: { role: UNIT_FILER, jurisdictionCode: \"440106\" }) { edges { node { username } } } }", json!({})).await;
    assert_eq!(found.data("users/edges").as_array().expect("edges").len(), 2, "filer2 and wide");
}

#[tokio::test]
async fn a_declaration_takes_the_nearest_scheme_and_keeps_it() {
    let app = TestApp::new().await;
    let assign = |place: &str, scheme: &str| {
        format!(
            "schemeAssign(input: {{ jurisdictionCode: \"{place}\", fiscalYear: 2024, schemeCode: \"{scheme}\", schemeVersion: 1 }})"
        )
    };
    act(&app, "admin", &assign("440000", "CAPPED")).await;
    act(&app, "admin", &assign("440118", "EXECUTION-20")).await;
    let id = app.import().await;
    let scheme = format!("{{ node(id: \"{id}\") {{ ... on Declaration {{ scheme {{ code version }} }} }} }}");
    let code = async || app.query("filer", &scheme, json!({})).await.data("node/scheme/code").clone();
    assert_eq!(code().await, "EXECUTION-20");
    act(&app, "admin", &assign("440118", "CAPPED")).await;
    assert_eq!(code().await, "EXECUTION-20", "what exists keeps its scheme");
    let list =
        "{ schemeAssignments(first: 10, fiscalYear: 2024) { edges { node { jurisdiction { code } scheme { code } } } }
        scoringSchemes(first: 10, code: \"CN-2020\") { edges { node { document sha256 version } } } }";
    let answer = app.query("filer", list, json!({})).await;
    assert_eq!(answer.data("schemeAssignments/edges/1/node/scheme/code"), "CAPPED");
    assert_eq!(answer.data("scoringSchemes/edges/0/node/document"), &json!(jixiao_rules::scheme::shipped()[0].1));
}
