//! GraphQL over a WebSocket: the `graphql-transport-ws` protocol. Every operation passes the same guard, limits and policy as
//! over HTTP, with the rights that its caller has when it begins; a client that goes takes its operations with it.
//!
//! A browser lets any page open a socket to here, but sends nothing of the user's with it: the token comes in
//! `connection_init`, from the page's own memory.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::Method;
use axum::response::Response;
use futures_util::StreamExt;
use jixiao_service::ctx::{Actor, Ctx};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::task::AbortHandle;
use tokio::time::{Instant, MissedTickBehavior, Sleep, interval};

use super::answer::{errors, payload};
use super::read::{self, Unparsed};
use super::run::{Given, give};
use super::{Backend, Http, left, new_request_id};
use crate::callers::Address;
use crate::graphql::error::{ApiError, OverLimit, finish};

/// The protocol's name.
const PROTOCOL: &str = "graphql-transport-ws";
/// How often the other end is asked whether it is there.
const BEAT: Duration = Duration::from_secs(20);
/// How long it may be silent.
const SILENCE: Duration = Duration::from_secs(60);
/// Messages that wait for a slow socket, of all its operations.
const WAITING: usize = 16;

/// Why a socket is closed: code and reason, as the protocol has them; 4410 is ours.
type Why = (u16, &'static str);
const STOPS: Why = (1001, "the service stops");
const INVALID: Why = (4400, "Invalid message");
const UNAUTHORIZED: Why = (4401, "Unauthorized");
const FORBIDDEN: Why = (4403, "Forbidden");
const WRONG_PROTOCOL: Why = (4406, "Subprotocol not acceptable");
const INIT_TIMEOUT: Why = (4408, "Connection initialisation timeout");
const INIT_TWICE: Why = (4429, "Too many initialisation requests");
const EXPIRED: Why = (4410, "Access token expired");

/// What a client sends.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Sent {
    ConnectionInit { payload: Option<Value> },
    Ping {},
    Pong {},
    Subscribe { id: String, payload: Value },
    Complete { id: String },
}

/// What an operation has to send.
struct Out {
    id: String,
    /// Which of the operations of that name, one after the other, it is.
    turn: u64,
    message: String,
    last: bool,
}

/// Makes a socket of a request.
pub(super) fn upgrade<B: Backend>(
    http: Arc<Http<B>>,
    upgrade: WebSocketUpgrade,
    ctx: Ctx,
    from: Address,
    permit: OwnedSemaphorePermit,
) -> Response {
    // No larger than a body: messages are put together from frames, and held whole.
    let most = usize::try_from(http.limits.max_body_bytes).unwrap_or(usize::MAX);
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(most).max_frame_size(most);
    upgrade.on_upgrade(move |socket| async move {
        let mut talk = Talk::new(http, socket, ctx, from);
        let why = talk.run().await;
        talk.close(why).await;
        drop(permit);
    })
}

/// A conversation with one client.
struct Talk<B> {
    http: Arc<Http<B>>,
    socket: WebSocket,
    ctx: Ctx,
    from: Address,
    /// Key of the user; `None` for nobody in particular.
    user: Option<i64>,
    acknowledged: bool,
    operations: HashMap<String, (u64, AbortHandle)>,
    turns: u64,
    sender: mpsc::Sender<Out>,
    waiting: mpsc::Receiver<Out>,
    expiry: Pin<Box<Sleep>>,
    heard: Instant,
}

impl<B: Backend> Talk<B> {
    fn new(http: Arc<Http<B>>, socket: WebSocket, ctx: Ctx, from: Address) -> Self {
        let (sender, waiting) = mpsc::channel(WAITING);
        let init = Duration::from_millis(http.limits.connection_init_milliseconds);
        let expiry = Box::pin(tokio::time::sleep(init));
        let operations = HashMap::new();
        let heard = Instant::now();
        Self {
            http,
            socket,
            ctx,
            from,
            user: None,
            acknowledged: false,
            operations,
            turns: 0,
            sender,
            waiting,
            expiry,
            heard,
        }
    }

    /// Until there is a reason to close; `None` when the other end is gone.
    async fn run(&mut self) -> Option<Why> {
        if self.socket.protocol().is_none_or(|protocol| protocol != PROTOCOL) {
            return Some(WRONG_PROTOCOL);
        }
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let stop = self.http.stop.clone();
        loop {
            let done = tokio::select! {
                () = stop.cancelled() => return Some(STOPS),
                // Until the client has said who it is, this is how long it may take; then, how long its token holds.
                () = &mut self.expiry, if !self.acknowledged || self.user.is_some() => {
                    return Some(if self.acknowledged { EXPIRED } else { INIT_TIMEOUT });
                }
                received = self.socket.recv() => match received {
                    Some(Ok(message)) => self.hear(message).await,
                    _ => return None,
                },
                Some(out) = self.waiting.recv() => self.say(out).await,
                _ = beat.tick() => self.beat().await,
            };
            if let Err(why) = done {
                return why;
            }
        }
    }

    async fn beat(&mut self) -> Result<(), Option<Why>> {
        if self.heard.elapsed() > SILENCE {
            return Err(None);
        }
        self.socket.send(Message::Ping(Vec::new().into())).await.map_err(|_| None)
    }

    async fn hear(&mut self, message: Message) -> Result<(), Option<Why>> {
        self.heard = Instant::now();
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(Some(INVALID)),
            Message::Close(_) => return Err(None),
            // Answered below us.
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
        };
        let sent = read::parse(text.as_bytes(), &self.http.limits).ok();
        match sent.and_then(|value| serde_json::from_value(value).ok()).ok_or(Some(INVALID))? {
            Sent::ConnectionInit { payload } => self.init(payload).await,
            Sent::Ping {} => self.send(r#"{"type":"pong"}"#.to_owned()).await,
            Sent::Pong {} => Ok(()),
            Sent::Subscribe { id, payload } => self.subscribe(id, payload).await,
            Sent::Complete { id } => {
                if let Some((_, work)) = self.operations.remove(&id) {
                    work.abort();
                }
                Ok(())
            }
        }
    }

    /// Who it is: the token as it would stand in the header of the same name.
    async fn init(&mut self, payload: Option<Value>) -> Result<(), Option<Why>> {
        if self.acknowledged {
            return Err(Some(INIT_TWICE));
        }
        let fields = match payload {
            None | Some(Value::Null) => serde_json::Map::new(),
            Some(Value::Object(fields)) => fields,
            Some(_) => return Err(Some(INVALID)),
        };
        let given = fields.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        match given.map(|(_, value)| value) {
            None | Some(Value::Null) => {}
            Some(Value::String(header)) => {
                let now = (self.http.clock)();
                let (key, until) =
                    self.http.token(header, &Ctx { now, ..self.ctx.clone() }).await.map_err(|_| Some(FORBIDDEN))?;
                self.ctx.actor = Actor::User(self.http.user_of(key).await.map_err(|_| Some(FORBIDDEN))?);
                self.user = Some(key);
                self.expiry.as_mut().reset(Instant::now() + left(until, now));
            }
            Some(_) => return Err(Some(FORBIDDEN)),
        }
        self.acknowledged = true;
        self.send(r#"{"type":"connection_ack"}"#.to_owned()).await
    }

    async fn subscribe(&mut self, id: String, payload: Value) -> Result<(), Option<Why>> {
        if !self.acknowledged {
            return Err(Some(UNAUTHORIZED));
        }
        if self.operations.contains_key(&id) {
            // The protocol wants the id in the reason; nobody reads it, and it can be long.
            return Err(Some((4409, "Subscriber already exists")));
        }
        let ctx = self.circumstances().await?;
        let most = self.http.limits.max_socket_operations;
        let asked = u64::try_from(self.operations.len()).unwrap_or(u64::MAX).saturating_add(1);
        if asked > most {
            let over = OverLimit { limit: "maxSocketOperations", maximum: most, requested: Some(asked) };
            return self.refuse(&id, ApiError::Limit(over), &ctx).await;
        }
        let asked = match read::operation(payload) {
            Ok(asked) => Unparsed { from: self.from, ..asked },
            Err(refusal) => return self.refuse(&id, refusal.error, &ctx).await,
        };
        self.turns += 1;
        let work = operate(Arc::clone(&self.http), asked, ctx, id.clone(), self.turns, self.sender.clone());
        self.operations.insert(id, (self.turns, tokio::spawn(work).abort_handle()));
        Ok(())
    }

    /// The circumstances of an operation that begins now, with the rights held now.
    async fn circumstances(&mut self) -> Result<Ctx, Option<Why>> {
        let mut ctx = Ctx { now: (self.http.clock)(), request_id: new_request_id(), ..self.ctx.clone() };
        if let Some(key) = self.user {
            let user = self.http.backend.user(key).await.map_err(|_| Some((1011, "Internal error")))?;
            ctx.actor = Actor::User(user.ok_or(Some(FORBIDDEN))?);
        }
        Ok(ctx)
    }

    async fn refuse(&mut self, id: &str, error: ApiError, ctx: &Ctx) -> Result<(), Option<Why>> {
        let mut outcome = async_graphql::Response::from_errors(vec![error.into_server_error()]);
        finish(&mut outcome, ctx);
        self.send(message("error", id, Some(&errors(&outcome)))).await
    }

    /// Sends what an operation has to say, unless it was ended meanwhile.
    async fn say(&mut self, out: Out) -> Result<(), Option<Why>> {
        // What ends because the service stops is not complete: whoever listens is to come back.
        if self.http.stop.is_cancelled() {
            return Err(Some(STOPS));
        }
        if self.operations.get(&out.id).is_none_or(|(turn, _)| *turn != out.turn) {
            return Ok(());
        }
        if out.last {
            self.operations.remove(&out.id);
        }
        self.send(out.message).await
    }

    async fn send(&mut self, text: String) -> Result<(), Option<Why>> {
        // Who takes nothing for so long is gone.
        match tokio::time::timeout(SILENCE, self.socket.send(Message::Text(text.into()))).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(None),
        }
    }

    /// Says why, and waits a moment for the other end to have read it.
    async fn close(&mut self, why: Option<Why>) {
        let Some((code, reason)) = why else { return };
        let frame = CloseFrame { code, reason: reason.into() };
        if self.socket.send(Message::Close(Some(frame))).await.is_ok() {
            let read = async { while let Some(Ok(_)) = self.socket.recv().await {} };
            // Whether it answers is no matter.
            let _ = tokio::time::timeout(Duration::from_secs(1), read).await;
        }
    }
}

impl<B> Drop for Talk<B> {
    fn drop(&mut self) {
        for (_, work) in self.operations.values() {
            work.abort();
        }
    }
}

fn message(kind: &str, id: &str, payload: Option<&str>) -> String {
    let id = Value::from(id);
    match payload {
        Some(payload) => format!("{{\"type\":\"{kind}\",\"id\":{id},\"payload\":{payload}}}"),
        None => format!("{{\"type\":\"{kind}\",\"id\":{id}}}"),
    }
}

/// One operation of a socket, to its end.
async fn operate<B: Backend>(
    http: Arc<Http<B>>,
    asked: Unparsed,
    ctx: Ctx,
    id: String,
    turn: u64,
    sender: mpsc::Sender<Out>,
) {
    let send = async |message: String, last: bool| {
        // Nobody is there any more: the task is about to be aborted.
        let _ = sender.send(Out { id: id.clone(), turn, message, last }).await;
    };
    let limit = Duration::from_millis(http.limits.timeout_milliseconds);
    match tokio::time::timeout(limit, give(&http, asked, &Method::POST, &ctx, true)).await {
        Ok(Given::One(answer)) if answer.status.is_some() => {
            send(message("error", &id, Some(&errors(&answer.outcome))), true).await;
        }
        Ok(Given::One(answer)) => {
            send(message("next", &id, Some(&payload(&answer.outcome, true))), false).await;
            send(message("complete", &id, None), true).await;
        }
        Ok(Given::Many(mut answers)) => {
            while let Some(outcome) = answers.next().await {
                if outcome.data == async_graphql::Value::Null && !outcome.errors.is_empty() {
                    return send(message("error", &id, Some(&errors(&outcome))), true).await;
                }
                send(message("next", &id, Some(&payload(&outcome, true))), false).await;
            }
            send(message("complete", &id, None), true).await;
        }
        Err(_) => {
            let maximum = http.limits.timeout_milliseconds;
            let over = OverLimit { limit: "timeoutMilliseconds", maximum, requested: None };
            let mut outcome = async_graphql::Response::from_errors(vec![ApiError::Limit(over).into_server_error()]);
            finish(&mut outcome, &ctx);
            send(message("error", &id, Some(&errors(&outcome))), true).await;
        }
    }
}
