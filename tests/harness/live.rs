//! Clients of subscriptions: a WebSocket, and streams of answers over HTTP.

use std::net::SocketAddr;

use axum::body::{Body, BodyDataStream};
use axum::http::{HeaderMap, Request, StatusCode};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use tower::ServiceExt;

use super::TestApp;
use super::contract;

/// A WebSocket to a service.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

/// What comes over a WebSocket.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Heard {
    /// A message.
    Message(Value),
    /// It was closed, with this code.
    Closed(u16),
    /// It is gone.
    Gone,
}

impl Socket {
    /// One to `address` with a subprotocol.
    pub(crate) async fn to(address: SocketAddr, protocol: Option<&str>) -> Self {
        let mut request = format!("ws://{address}/graphql").into_client_request().expect("a request");
        if let Some(protocol) = protocol {
            request.headers_mut().insert("sec-websocket-protocol", protocol.parse().expect("a header"));
        }
        Self(connect_async(request).await.expect("a socket").0)
    }

    /// One on which somebody has said who it is.
    pub(crate) async fn of(app: &TestApp, address: SocketAddr, name: &str) -> Self {
        let mut socket = Self::to(address, Some("graphql-transport-ws")).await;
        let token = format!("Bearer {}", app.token(name));
        socket.say(json!({ "type": "connection_init", "payload": { "Authorization": token } })).await;
        assert_eq!(socket.hear().await, Heard::Message(json!({ "type": "connection_ack" })));
        socket
    }

    pub(crate) async fn say(&mut self, message: Value) {
        self.text(message.to_string()).await;
    }

    pub(crate) async fn text(&mut self, text: String) {
        self.0.send(Message::text(text)).await.expect("sends");
    }

    /// The next that comes, whatever the protocol below us says.
    pub(crate) async fn hear(&mut self) -> Heard {
        loop {
            match self.0.next().await {
                Some(Ok(Message::Text(text))) => {
                    return Heard::Message(serde_json::from_str(&text).expect("JSON"));
                }
                Some(Ok(Message::Close(Some(frame)))) => return Heard::Closed(frame.code.into()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return Heard::Gone,
            }
        }
    }

    /// Begins `Watch` of the real form's department.
    pub(crate) async fn watch(&mut self, id: &str, department: &str) {
        let variables = json!({ "department": department, "year": 2024 });
        self.operate(id, &contract::document("Watch"), variables).await;
    }

    pub(crate) async fn operate(&mut self, id: &str, query: &str, variables: Value) {
        let payload = json!({ "query": query, "variables": variables });
        self.say(json!({ "type": "subscribe", "id": id, "payload": payload })).await;
    }

    /// The next event of an operation.
    pub(crate) async fn event(&mut self, id: &str) -> Value {
        match self.hear().await {
            Heard::Message(message) if message["type"] == "next" && message["id"] == id => message["payload"].clone(),
            other => panic!("no event of {id}: {other:?}"),
        }
    }

    /// Waits until everything sent so far was dealt with: answers come in order.
    pub(crate) async fn settled(&mut self) {
        self.operate("settled", "{ __typename }", json!({})).await;
        self.event("settled").await;
        assert_eq!(self.hear().await, Heard::Message(json!({ "type": "complete", "id": "settled" })));
    }
}

/// A response whose body comes bit by bit.
pub(crate) struct Streamed {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: BodyDataStream,
    text: String,
}

impl Streamed {
    /// What comes up to and including `end`; `None` at the end of the body.
    pub(crate) async fn until(&mut self, end: &str) -> Option<String> {
        loop {
            if let Some(place) = self.text.find(end) {
                let rest = self.text.split_off(place + end.len());
                return Some(std::mem::replace(&mut self.text, rest));
            }
            self.text.push_str(std::str::from_utf8(&self.body.next().await?.expect("a chunk")).expect("UTF-8"));
        }
    }
}

impl TestApp {
    /// The service on a port of its own.
    pub(crate) async fn address(&self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = self.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    /// Sends a document in a way that can be answered many times.
    pub(crate) async fn stream(&self, name: &str, accept: &str, query: &str, variables: Value) -> Streamed {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("accept", accept)
            .header("authorization", format!("Bearer {}", self.token(name)))
            .body(Body::from(body))
            .expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        Streamed { status, headers, body: response.into_body().into_data_stream(), text: String::new() }
    }
}
