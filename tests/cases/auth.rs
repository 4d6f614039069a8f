//! Signing in, refreshing, and tokens that do not hold.

use axum::http::StatusCode;
use serde_json::json;

use crate::harness::{PASSWORD, TestApp, contract};

#[tokio::test]
async fn sign_in_and_refresh() {
    let app = TestApp::new().await;
    let sign_in = contract::document("SignIn");
    let wrong = app.send(None, &sign_in, json!({ "username": "filer", "password": "wrong" })).await;
    let unknown = app.send(None, &sign_in, json!({ "username": "nobody", "password": "wrong" })).await;
    assert_eq!(wrong.user_errors("signIn"), ["INVALID_CREDENTIALS"]);
    assert_eq!(wrong.data("signIn"), unknown.data("signIn"));

    let right = app.send(None, &sign_in, json!({ "username": "filer", "password": PASSWORD })).await;
    assert_eq!(right.data("signIn/viewer/username"), "filer");
    let access = right.data("signIn/accessToken").as_str().expect("a token").to_owned();
    let me = app.send(Some(&access), &contract::document("Me"), json!({})).await;
    assert_eq!(me.data("viewer/grants/0/role"), "UNIT_FILER");

    let refresh = contract::document("Refresh");
    let first = right.data("signIn/refreshToken").clone();
    let next = app.send(None, &refresh, json!({ "token": first })).await;
    let second = next.data("tokenRefresh/refreshToken").clone();
    assert!(second.is_string());
    // A second use of the first token ends the whole family.
    let again = app.send(None, &refresh, json!({ "token": first })).await;
    assert_eq!(again.user_errors("tokenRefresh"), ["INVALID_TOKEN"]);
    let ended = app.send(None, &refresh, json!({ "token": second })).await;
    assert_eq!(ended.user_errors("tokenRefresh"), ["INVALID_TOKEN"]);

    app.advance(16);
    let late = app.send(Some(&access), &contract::document("Me"), json!({})).await;
    assert_eq!((late.status, late.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));
    let bad = app.send(Some("no.such.token"), &contract::document("Me"), json!({})).await;
    assert_eq!(bad.status, StatusCode::UNAUTHORIZED);
    let nobody = app.send(None, &contract::document("Me"), json!({})).await;
    assert!(nobody.data("viewer").is_null());
}
