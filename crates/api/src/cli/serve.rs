//! `jixiao serve` and `jixiao healthcheck`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use jixiao_service::db::Db;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::app::{now, routes};
use crate::auth::Tokens;
use crate::config::Config;
use crate::shutdown;

/// The tokens under the configured secret, or under one the service made and keeps.
pub(super) fn tokens(config: &Config) -> anyhow::Result<Arc<Tokens>> {
    let (secret, kept) = config.signing_secret()?;
    if let Some(path) = kept {
        eprintln!("JIXIAO_JWT_SECRET 未设置, 使用 / is not set, using {}", path.display());
    }
    Ok(Arc::new(Tokens::new(&secret, config.access_token_minutes)))
}

/// Serves until told to stop.
pub(super) async fn serve(config: &Config, db: Db) -> anyhow::Result<()> {
    let tokens = tokens(config)?;
    let listener = TcpListener::bind(config.listen).await?;
    // Before anybody is told where to look: who starts the service may stop it at once.
    let stop = shutdown::on_signal()?;
    let router = routes(db.clone(), config, tokens, Arc::new(now), stop.clone())?;
    println!("http://{}/graphql", listener.local_addr()?);
    let folding = tokio::spawn(super::rollup::keep_folding(db, stop.clone()));
    shutdown::serve(listener, router, stop, Duration::from_secs(config.shutdown_seconds)).await?;
    Ok(folding.await?)
}

/// Asks `/readyz` of the service on this machine.
pub(super) async fn healthcheck(config: &Config) -> anyhow::Result<ExitCode> {
    let asked = ask(reachable(config.listen));
    let ready = matches!(tokio::time::timeout(Duration::from_secs(5), asked).await, Ok(Ok(true)));
    Ok(if ready { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The loopback address for a service that listens on all.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

async fn ask(address: SocketAddr) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer.starts_with("HTTP/1.1 200"))
}
