//! The bare handler: it reads a request and sends bytes that are there already. What answers from memory are measured against.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Bytes;
use axum::http::{StatusCode, header};
use axum::routing::{get, post};

pub(crate) async fn serve(bytes: usize, listen: SocketAddr) -> anyhow::Result<()> {
    let around = r#"{"data":{"indicatorTree":""}}"#;
    let filling = "绩效目标 ".repeat(bytes.saturating_sub(around.len()) / "绩效目标 ".len());
    let body = Bytes::from(around.replace(r#":"""#, &format!(r#":"{filling}""#)));
    let routes = Router::new()
        .route("/graphql", post(async |_: Bytes| ([(header::CONTENT_TYPE, "application/json")], body)))
        .route("/readyz", get(async || StatusCode::OK));
    let listener = tokio::net::TcpListener::bind(listen).await?;
    axum::serve(listener, routes).await?;
    Ok(())
}
