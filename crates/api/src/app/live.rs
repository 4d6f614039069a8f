//! A subscription as it is served: begun once, then asked again for every change it is interested in.

use std::sync::{Arc, Mutex};

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{Request, Response, Variables};
use futures_util::stream::{self, BoxStream, StreamExt};
use jixiao_service::ctx::{Actor, Ctx};
use jixiao_service::feed::{Subscriber, Told};

use super::App;
use crate::clock::Clock;
use crate::graphql::error::ApiError;
use crate::graphql::order::Order;
use crate::graphql::reader::new_reader;
use crate::graphql::subscription::{Interest, Moment};

/// A subscription as it was asked for: whole, because it is executed anew for every event.
#[derive(Clone)]
pub struct Subscribing {
    /// Its document, within all limits.
    pub document: ExecutableDocument,
    /// Which operation of it.
    pub operation_name: Option<String>,
    /// Variables.
    pub variables: Variables,
    /// Read for every event.
    pub clock: Clock,
}

/// A subscription under way.
struct Live {
    app: App,
    asked: Subscribing,
    ctx: Ctx,
    order: Order,
    subscriber: Subscriber,
    interest: Interest,
}

fn failed(error: ApiError) -> Response {
    Response::from_errors(vec![error.into_server_error()])
}

/// The answers of a subscription, until it ends by itself or nobody takes them any more. It has begun when this returns.
pub(super) async fn answers(app: App, asked: Subscribing, ctx: Ctx) -> BoxStream<'static, Response> {
    match begin(app, asked, ctx).await {
        Ok(live) => stream::unfold(Some(live), next).boxed(),
        Err(refused) => stream::iter([refused]).boxed(),
    }
}

async fn begin(app: App, asked: Subscribing, ctx: Ctx) -> Result<Live, Response> {
    let feed = app.feed().await.map_err(|error| failed(error.into()))?;
    // From here on nothing is missed, whatever is committed while the arguments are looked at.
    let subscriber = feed.subscribe();
    let interest = Arc::new(Mutex::new(None));
    let answers = ask(&app, &asked, &ctx, Moment::Begins(Arc::clone(&interest))).await;
    if let Some(refused) = answers.into_iter().find(|answer| !answer.errors.is_empty()) {
        return Err(refused);
    }
    let found = interest.lock().ok().and_then(|interest| *interest);
    let interest = found.ok_or_else(|| failed(ApiError::internal(anyhow::anyhow!("no interest"))))?;
    let order = Order::of(&asked.document, asked.operation_name.as_deref());
    Ok(Live { app, asked, ctx, order, subscriber, interest })
}

async fn next(live: Option<Live>) -> Option<(Response, Option<Live>)> {
    let mut live = live?;
    loop {
        let change = match live.subscriber.next().await {
            Told::Change(change) if change.department == live.interest.department => change,
            Told::Change(_) => continue,
            Told::Missed => return Some((failed(ApiError::SlowConsumer), None)),
            Told::Ended => return None,
        };
        let ctx = match live.now().await {
            Ok(ctx) => ctx,
            Err(error) => return Some((failed(error), None)),
        };
        let answer = ask(&live.app, &live.asked, &ctx, Moment::Changed(change)).await.into_iter().next();
        if let Some(mut answer) = answer {
            live.order.restore(&mut answer.data);
            return Some((answer, Some(live)));
        }
    }
}

impl Live {
    /// The circumstances of an event: the same caller with the rights held now.
    async fn now(&self) -> Result<Ctx, ApiError> {
        let mut ctx = Ctx { now: (self.asked.clock)(), ..self.ctx.clone() };
        if let Actor::User(user) = &self.ctx.actor {
            let found = jixiao_service::user::by_id(&self.app.db, user.id).await?;
            ctx.actor = Actor::User(found.ok_or(ApiError::Unauthenticated)?);
        }
        Ok(ctx)
    }
}

/// Executes the subscription in one moment: all it answers there and then.
async fn ask(app: &App, asked: &Subscribing, ctx: &Ctx, moment: Moment) -> Vec<Response> {
    let ctx = Arc::new(ctx.clone());
    let reader = new_reader(app.db.clone(), Arc::clone(&ctx));
    let mut request = Request::new("").variables(asked.variables.clone()).data(ctx).data(reader).data(moment);
    request.operation_name.clone_from(&asked.operation_name);
    request.set_parsed_query(asked.document.clone());
    app.schema.execute_stream(request).collect().await
}
