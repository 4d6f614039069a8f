//! Subscriptions: every committed change, in order, to whoever may read it, over every transport, on every node.

use jixiao_service::feed::{Feed, Told};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use super::verifier::record;
use crate::harness::live::{Heard, Socket};
use crate::harness::{DEPARTMENT, OTHER, TestApp, contract};

/// Changes the approved declaration's mid-year report; gives nothing back but an event.
async fn touch(app: &TestApp, id: &str, note: &str) {
    let indicator = app.page("filer").await["indicatorTree"][0]["groups"][0]["indicators"][0]["id"].clone();
    let entries = json!([{ "indicatorId": indicator, "note": note }]);
    app.record(id, "MID_YEAR", json!({ "entries": entries })).await;
}

async fn revision(app: &TestApp) -> Value {
    app.page("filer").await["revision"].clone()
}

#[tokio::test]
async fn every_change_is_told_once_and_in_order() {
    let app = TestApp::new().await;
    let id = app.import().await;
    let address = app.address().await;
    let mut socket = Socket::of(&app, address, "filer").await;
    socket.watch("w", DEPARTMENT).await;
    socket.settled().await;
    let mut seen = Vec::new();
    for year in ["一", "二", "三"] {
        let edit = json!({ "declarationId": id, "overallGoal": year, "expectedRevision": revision(&app).await });
        app.edit("filer", "declarationUpdate", edit).await;
        seen.push(revision(&app).await);
    }
    for wanted in &seen {
        let event = socket.event("w").await;
        let told = &event["data"]["declarationChanged"];
        assert_eq!((&told["id"], &told["status"]), (&json!(id), &json!("DRAFT")));
        assert!(told["revision"].as_i64() >= wanted.as_i64(), "{told} after {wanted}");
        assert!(event["extensions"]["requestId"].is_string());
    }
    // Of another year, of another department, refused, read: nothing is told.
    app.run("filer", "DeclarationPage", json!({ "department": DEPARTMENT, "year": 2024 })).await;
    let stale = json!({ "declarationId": id, "overallGoal": "x", "expectedRevision": 1 });
    let update =
        "mutation($input: DeclarationUpdateInput!) { declarationUpdate(input: $input) { userErrors { code } } }";
    let refused = app.query("filer", update, json!({ "input": stale })).await;
    assert_eq!(refused.user_errors("declarationUpdate"), ["CONFLICT"]);
    let new = json!({ "departmentCode": DEPARTMENT, "fiscalYear": 2025 });
    app.edit("filer", "declarationCreate", new).await;
    let new = json!({ "departmentCode": OTHER, "fiscalYear": 2024 });
    app.edit("filer2", "declarationCreate", new).await;
    socket.settled().await;
    socket.say(json!({ "type": "complete", "id": "w" })).await;
    let edit = json!({ "declarationId": id, "overallGoal": "四", "expectedRevision": revision(&app).await });
    app.edit("filer", "declarationUpdate", edit).await;
    socket.settled().await;
}

#[tokio::test]
async fn who_may_not_read_it_is_told_nothing() {
    let mut app = TestApp::new().await;
    let id = app.import().await;
    let address = app.address().await;
    for (name, code) in [("filer2", "BAD_USER_INPUT"), ("filer", "")] {
        let mut socket = Socket::of(&app, address, name).await;
        socket.watch("w", DEPARTMENT).await;
        if code.is_empty() {
            socket.settled().await;
        } else {
            let Heard::Message(refused) = socket.hear().await else { panic!("a message") };
            assert_eq!(
                (&refused["type"], &refused["payload"][0]["extensions"]["code"]),
                (&json!("error"), &json!(code))
            );
            assert_eq!(refused["payload"][0]["extensions"]["reason"], "NOT_FOUND");
        }
    }
    let mut nobody = Socket::to(address, Some("graphql-transport-ws")).await;
    nobody.say(json!({ "type": "connection_init" })).await;
    assert_eq!(nobody.hear().await, Heard::Message(json!({ "type": "connection_ack" })));
    nobody.watch("w", DEPARTMENT).await;
    let Heard::Message(refused) = nobody.hear().await else { panic!("a message") };
    assert_eq!(refused["payload"][0]["extensions"]["code"], "UNAUTHENTICATED");

    // An auditor hears of a declaration from the moment it is theirs to see; a grant that is taken away ends it.
    app.add_user("second", &[(jixiao_rules::cycle::Role::UnitFiler, Some(DEPARTMENT), None)]).await;
    let (mut auditor, mut second) =
        (Socket::of(&app, address, "auditor").await, Socket::of(&app, address, "second").await);
    for socket in [&mut auditor, &mut second] {
        socket.watch("w", DEPARTMENT).await;
        socket.settled().await;
    }
    let edit = json!({ "declarationId": id, "overallGoal": "草稿", "expectedRevision": revision(&app).await });
    app.edit("filer", "declarationUpdate", edit).await;
    assert_eq!(second.event("w").await["data"]["declarationChanged"]["status"], "DRAFT");
    let sql = "DELETE FROM role_grant WHERE user_id = (SELECT id FROM user_account WHERE username = 'second')";
    app.db.read().execute_unprepared(sql).await.expect("takes it away");
    // One step alone: an event tells how things stand when it is sent, which may be further on.
    app.complete().await;
    let submit = json!({ "id": id, "revision": revision(&app).await });
    assert_eq!(app.run("filer", "Submit", submit).await.user_errors("declarationSubmit"), Vec::<&str>::new());
    assert_eq!(auditor.event("w").await["data"]["declarationChanged"]["status"], "DEPARTMENT_REVIEW");
    second.settled().await;
}

#[tokio::test]
async fn over_events_and_parts() {
    let (app, id) = TestApp::approved().await;
    let (watch, variables) = (contract::document("Watch"), json!({ "department": DEPARTMENT, "year": 2024 }));
    let mut events = app.stream("filer", "text/event-stream", &watch, variables.clone()).await;
    let apollo = "multipart/mixed;boundary=\"graphql\";subscriptionSpec=\"1.0\",application/json";
    let mut parts = app.stream("filer", apollo, &watch, variables.clone()).await;
    for (streamed, media) in [
        (&events, "text/event-stream; charset=utf-8"),
        (&parts, "multipart/mixed;boundary=graphql;subscriptionSpec=1.0"),
    ] {
        assert_eq!((streamed.status.as_u16(), streamed.headers["content-type"].to_str().expect("text")), (200, media));
    }
    // Both have begun: what is committed from now on is kept until it is taken.
    record(&app, &id, "MID_YEAR").await;
    let event = events.until("\n\n").await.expect("an event");
    let part = parts.until("}\r\n").await.expect("a part");
    let data = event.strip_prefix("event: next\ndata: ").expect("a next").trim_end();
    let event: Value = serde_json::from_str(data).expect("JSON");
    let body = part.strip_prefix("--graphql\r\ncontent-type: application/json\r\n\r\n").expect("a part").trim_end();
    let part: Value = serde_json::from_str(body).expect("JSON");
    for told in [&event, &part["payload"]] {
        assert_eq!(told["data"]["declarationChanged"]["id"], id, "{told}");
    }
    // What comes alone has its form too.
    let mut once = app.stream("filer", "text/event-stream", "{ __typename }", json!({})).await;
    assert!(once.until("\n\n").await.expect("an event").contains(r#""data":{"__typename":"Query"}"#));
    assert_eq!(once.until("\n\n").await.expect("the end"), "event: complete\ndata:\n\n");
    assert_eq!(once.until("\n").await, None);
    // Who would take JSON as well gets it for what comes alone.
    let urql = "application/graphql-response+json, application/json, text/event-stream, multipart/mixed";
    let json = app.stream("filer", urql, "{ __typename }", json!({})).await;
    assert_eq!(json.headers["content-type"], "application/graphql-response+json; charset=utf-8");
    let mut bad = app.stream("filer", "text/event-stream", "{ nothing }", json!({})).await;
    assert!(bad.until("\n\n").await.expect("an event").contains("GRAPHQL_VALIDATION_FAILED"));
    let alone = app.stream("filer", "application/json", &watch, variables).await;
    assert_eq!(alone.headers["content-type"], "application/json; charset=utf-8");
}

#[tokio::test]
async fn what_breaks_the_protocol_is_closed() {
    let app = TestApp::new().await;
    let address = app.address().await;
    let init = |token: &str| json!({ "type": "connection_init", "payload": { "authorization": token } }).to_string();
    let good = format!("Bearer {}", app.token("filer"));
    let subscribe = json!({ "type": "subscribe", "id": "1", "payload": { "query": "{ __typename }" } }).to_string();
    let ack = json!({ "type": "connection_ack" });
    let cases: [(&[&str], u16); 9] = [
        (&[&subscribe], 4401),
        (&["{"], 4400),
        (&[r#"{"type":"nothing"}"#], 4400),
        (&[r#"{"type":"subscribe"}"#], 4400),
        (&[&init("Bearer x")], 4403),
        (&[&init("Basic x")], 4403),
        (&[r#"{"type":"connection_init","payload":{"authorization":7}}"#], 4403),
        (&[r#"{"type":"connection_init","payload":7}"#], 4400),
        (&[&init(&good), &init(&good)], 4429),
    ];
    for (messages, code) in cases {
        let mut socket = Socket::to(address, Some("graphql-transport-ws")).await;
        for message in messages {
            socket.text((*message).to_owned()).await;
        }
        let mut heard = socket.hear().await;
        if heard == Heard::Message(ack.clone()) {
            heard = socket.hear().await;
        }
        assert_eq!(heard, Heard::Closed(code), "{messages:?}");
    }
    for protocol in [None, Some("graphql-ws")] {
        let mut socket = match protocol {
            None => Socket::to(address, None).await,
            // A server that takes none of the protocols offered ends the handshake, as the client sees it.
            Some(_) => continue,
        };
        assert_eq!(socket.hear().await, Heard::Closed(4406));
    }
    let mut socket = Socket::of(&app, address, "filer").await;
    socket.watch("same", DEPARTMENT).await;
    socket.watch("same", DEPARTMENT).await;
    assert_eq!(socket.hear().await, Heard::Closed(4409));
    let mut socket = Socket::of(&app, address, "filer").await;
    socket.say(json!({ "type": "ping" })).await;
    assert_eq!(socket.hear().await, Heard::Message(json!({ "type": "pong" })));
    // A message larger than a body may be is not put together.
    let mut socket = Socket::of(&app, address, "filer").await;
    socket.text("x".repeat(3 << 20)).await;
    assert!(matches!(socket.hear().await, Heard::Gone | Heard::Closed(_)));
}

#[tokio::test]
async fn operations_over_a_socket_have_the_same_limits() {
    let app = TestApp::new().await;
    let address = app.address().await;
    let mut socket = Socket::of(&app, address, "filer").await;
    let aliases: String = (0..60).map(|number| format!("a{number}: __typename ")).collect();
    for (query, code) in [
        ("{ nothing }".to_owned(), "GRAPHQL_VALIDATION_FAILED"),
        ("{".to_owned(), "GRAPHQL_PARSE_FAILED"),
        (format!("{{ {aliases} }}"), "LIMIT_EXCEEDED"),
        (
            "query { declarations(first: 100) { edges { node { indicators { name } } } } }".repeat(2),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (format!("{{ serviceLimits {{ maxDepth(x: {}1{}) }} }}", "[".repeat(60), "]".repeat(60)), "LIMIT_EXCEEDED"),
        ("{".repeat(5_000), "LIMIT_EXCEEDED"),
    ] {
        socket.operate("q", &query, json!({})).await;
        let Heard::Message(refused) = socket.hear().await else { panic!("a message") };
        let brief: String = query.chars().take(60).collect();
        assert_eq!((&refused["type"], &refused["id"]), (&json!("error"), &json!("q")), "{brief}");
        assert_eq!(refused["payload"][0]["extensions"]["code"], code, "{brief}");
        assert!(refused["payload"][0]["extensions"]["requestId"].is_string());
    }
    socket.operate("q", "{ viewer { username } }", json!({})).await;
    assert_eq!(socket.event("q").await["data"]["viewer"]["username"], "filer");
    assert_eq!(socket.hear().await, Heard::Message(json!({ "type": "complete", "id": "q" })));
    for number in 0..50 {
        socket.watch(&number.to_string(), DEPARTMENT).await;
    }
    socket.watch("50", DEPARTMENT).await;
    let Heard::Message(refused) = socket.hear().await else { panic!("a message") };
    assert_eq!(
        (&refused["id"], &refused["payload"][0]["extensions"]["limit"]),
        (&json!("50"), &json!("maxSocketOperations"))
    );
}

#[tokio::test]
async fn two_nodes_tell_the_same() {
    let (mut app, id) = TestApp::approved().await;
    let address = app.address().await;
    let mut socket = Socket::of(&app, address, "filer").await;
    socket.watch("w", DEPARTMENT).await;
    socket.settled().await;
    // The other node writes; this one hears of it from the database.
    app.restart().await;
    touch(&app, &id, "一").await;
    assert_eq!(socket.event("w").await["data"]["declarationChanged"]["id"], id);
    if app.db.backend() == sea_orm::DbBackend::Postgres {
        // Whoever listens loses the connection; nothing that is committed meanwhile is lost.
        let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()";
        app.db.read().execute_unprepared(kill).await.expect("kills");
    }
    for note in ["二", "三", "四"] {
        touch(&app, &id, note).await;
    }
    for _ in 0..3 {
        socket.event("w").await;
    }
    socket.settled().await;
}

/// Events that nobody takes are not kept for ever: whoever comes back is told that some are lost.
#[tokio::test]
async fn who_does_not_take_events_is_told_so() {
    let (mut app, id) = TestApp::approved().await;
    app.configured(|config| config.limits.max_waiting_events = 2);
    let (watch, variables) = (contract::document("Watch"), json!({ "department": DEPARTMENT, "year": 2024 }));
    let mut slow = app.stream("filer", "text/event-stream", &watch, variables.clone()).await;
    let mut quick = app.stream("filer", "text/event-stream", &watch, variables).await;
    for note in ["一", "二", "三", "四", "五"] {
        touch(&app, &id, note).await;
        assert!(quick.until("\n\n").await.expect("an event").contains("declarationChanged"));
    }
    assert!(slow.until("\n\n").await.expect("an event").contains("\"SLOW_CONSUMER\""));
    assert_eq!(slow.until("\n\n").await.expect("the end"), "event: complete\ndata:\n\n");
}

/// A socket ends with its token, by a code of its own, and a service that stops says so.
#[tokio::test]
async fn sockets_end_with_their_tokens_and_with_the_service() {
    let app = TestApp::new().await;
    let address = app.address().await;
    // A token of fifteen minutes, of which all but a moment is over; it may be late by the clocks' difference.
    let token = app.token("filer");
    app.advance(15);
    let init = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
    let mut socket = Socket::to(address, Some("graphql-transport-ws")).await;
    socket.say(init).await;
    assert_eq!(socket.hear().await, Heard::Message(json!({ "type": "connection_ack" })));
    socket.watch("w", DEPARTMENT).await;
    assert_eq!(socket.hear().await, Heard::Closed(4410));
    let mut socket = Socket::of(&app, address, "filer").await;
    socket.watch("w", DEPARTMENT).await;
    socket.settled().await;
    app.stop.cancel();
    assert_eq!(socket.hear().await, Heard::Closed(1001));
}

#[tokio::test]
async fn the_feed_keeps_order_and_tells_the_slow() {
    let (app, id) = TestApp::approved().await;
    let stop = tokio_util::sync::CancellationToken::new();
    let feed = Feed::follow(app.db.clone(), 4, stop.clone()).await.expect("follows");
    let (mut quick, mut slow) = (feed.subscribe(), feed.subscribe());
    let from = app.chain().await;
    let mut heard = Vec::new();
    for note in ["一", "二", "三", "四", "五", "六", "七"] {
        touch(&app, &id, note).await;
        feed.wake();
        let Told::Change(change) = quick.next().await else { panic!("a change") };
        heard.push(change.sequence);
    }
    let wanted: Vec<i64> = (from + 1..=app.chain().await).collect();
    assert_eq!(heard, wanted);
    assert_eq!(slow.next().await, Told::Missed);
    stop.cancel();
    assert_eq!(quick.next().await, Told::Ended);
}
