use std::time::Duration;

use async_graphql::{Context, EmptySubscription, Object, Schema};
use axum::body::{Body, to_bytes};
use serde_json::{Value, json};
use tower::ServiceExt;

use super::*;
use crate::config::Secret;
use crate::graphql::price::Pricing;

const NOW: Timestamp = Timestamp(1_722_400_000_000_000);

struct Query;

fn fail() -> Option<i32> {
    panic!("on purpose")
}

#[Object]
impl Query {
    async fn hello(&self, name: Option<String>) -> String {
        format!("hello {}", name.unwrap_or_default())
    }
    async fn number(&self, of: i32) -> i32 {
        of
    }
    async fn who(&self, ctx: &Context<'_>) -> Option<String> {
        ctx.data_unchecked::<Ctx>().user().map(|user| user.username.clone())
    }
    async fn missing(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        ctx.data::<std::sync::Mutex<u8>>().map(|_| true)
    }
    async fn broken(&self) -> ApiResult<Option<i32>> {
        Err(ApiError::internal(anyhow::anyhow!("no such table: user_account")))
    }
    async fn panics(&self) -> Option<i32> {
        fail()
    }
    async fn slow(&self) -> i32 {
        std::future::pending().await
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn act(&self) -> bool {
        true
    }
}

struct Toy(Schema<Query, Mutation, EmptySubscription>, Pricing<Query, Mutation, EmptySubscription>);

impl Backend for Toy {
    async fn price(
        &self,
        document: &ExecutableDocument,
        name: Option<&str>,
        variables: &Variables,
    ) -> Result<u64, Vec<ServerError>> {
        self.1.price(document, name, variables).await
    }
    async fn execute(&self, operation: Operation, _: Ctx) -> Outcome {
        self.0.execute(operation).await
    }
    async fn subscribe(&self, _: Subscribing, _: Ctx) -> BoxStream<'static, Outcome> {
        stream::iter([Outcome::default()]).boxed()
    }
    async fn user(&self, key: i64) -> Result<Option<User>, ServiceError> {
        let id = jixiao_service::id::UserId(key);
        let user = User { id, username: "filer".to_owned(), display_name: String::new(), grants: Vec::new() };
        Ok((key == 7).then_some(user))
    }
    async fn arrive(&self, _: &External, _: &Ctx) -> Result<Option<i64>, ServiceError> {
        Ok(None)
    }
    async fn download(&self, _: i64, _: &Ctx) -> Result<Option<(Found, Kept)>, ServiceError> {
        Ok(None)
    }
    async fn pack(&self, _: &Ctx, _: &Extent) -> Result<(Made, Kept), ServiceError> {
        Err(ServiceError::Forbidden)
    }
    async fn export(&self, _: Asked, _: &Ctx) -> ApiResult<Exported> {
        Err(ApiError::NotFound)
    }
    fn open(&self) -> ((u32, u32), usize) {
        ((3, 1), 0)
    }
    async fn ready(&self) -> bool {
        false
    }
}

fn tokens() -> Arc<Tokens> {
    Arc::new(Tokens::new(&Secret::new("f3b9c1d27e5a4068b1c2d3e4f5a60718"), 15))
}

fn bearer(key: i64) -> String {
    format!("Bearer {}", tokens().issue(key, NOW).expect("issues").token.expose())
}

struct Answered {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Answered {
    fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
    }
}

async fn send(request: axum::http::Request<Body>) -> Answered {
    let schema = || Schema::build(Query, Mutation, EmptySubscription);
    let limits = Limits { timeout_milliseconds: 300, max_body_bytes: 100_000, max_cost: 30, ..Limits::default() };
    let limits = Arc::new(Limits { introspection_cost: 25, ..limits });
    let clock = Arc::new(|| NOW);
    let app = router(Http {
        backend: Toy(schema().finish(), Pricing::new(schema())),
        tokens: tokens(),
        oidc: None,
        callers: Arc::new(Callers::new(&limits)),
        limits,
        metrics: Arc::default(),
        metrics_token: None,
        documents: Documents::load(&crate::config::Config::default()).expect("none"),
        memory: None,
        trusted_proxies: 0,
        introspection: Introspection::SignedIn,
        graphiql: true,
        staging: std::env::temp_dir(),
        clock,
        streams: Arc::new(Semaphore::new(1)),
        stop: CancellationToken::new(),
    });
    let response = app.oneshot(request).await.expect("answers");
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.expect("a body");
    let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned().into());
    Answered { status: parts.status.as_u16(), headers: parts.headers, body }
}

async fn post_with(body: impl Into<Body>, headers: &[(&str, &str)]) -> Answered {
    let mut request = axum::http::Request::post("/graphql");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(request.body(body.into()).expect("a request")).await
}

async fn post(body: Value, accept: &str) -> Answered {
    post_with(body.to_string(), &[("content-type", "application/json"), ("accept", accept)]).await
}

async fn query(text: &str) -> Answered {
    post(json!({ "query": text }), "application/graphql-response+json").await
}

async fn get_(path: &str, accept: &str) -> Answered {
    send(axum::http::Request::get(path).header("accept", accept).body(Body::empty()).expect("a request")).await
}

#[tokio::test]
async fn forms_and_statuses() {
    for (body, executed, older, newer) in [
        (json!({"query": "{ hello }"}), true, 200, 200),
        (json!({"query": "{"}), false, 200, 400),
        (json!({"query": "{ nope }"}), false, 200, 400),
        (json!({"query": "query($id: ID!) { __typename }", "variables": {"id": null}}), false, 200, 400),
        (json!({"query": "query A { hello } query B { hello }"}), false, 200, 400),
        (json!({"query": "query A { hello } query B { who }", "operationName": "B"}), true, 200, 200),
        (json!({"query": "{ broken }"}), true, 200, 200),
        (json!({"query": "{ number(of: \"x\") }"}), false, 200, 400),
    ] {
        for (accept, status) in
            [("application/json", older), ("*/*", older), ("application/graphql-response+json", newer)]
        {
            let answer = post(body.clone(), accept).await;
            assert_eq!(answer.status, status, "{body} {accept} {}", answer.body);
            assert_eq!(answer.body.get("data").is_some(), executed, "{body} {}", answer.body);
            let form = if accept == "*/*" { "application/json" } else { accept };
            assert_eq!(answer.headers["content-type"], format!("{form}; charset=utf-8"));
        }
    }
    let best = post(json!({"query": "{ hello }"}), "application/json;q=0.9, application/graphql-response+json").await;
    assert_eq!(best.headers["content-type"], "application/graphql-response+json; charset=utf-8");
    assert_eq!(post(json!({"query": "{ hello }"}), "image/png").await.status, 406);
}

#[tokio::test]
async fn what_is_no_graphql_request_is_400_in_either_form() {
    for body in [
        "",
        "{",
        "7",
        "[]",
        "{}",
        "{\"query\": 1}",
        "{\"query\": \"{ hello }\", \"variables\": \"x\"}",
        "{\"query\": \"{ hello }\", \"operationName\": {}}",
        "{\"query\": \"{ hello }\", \"extensions\": 3}",
        "[7]",
    ] {
        for accept in ["application/json", "application/graphql-response+json"] {
            let answer = post_with(body, &[("content-type", "application/json"), ("accept", accept)]).await;
            assert_eq!((answer.status, answer.code()), (400, "BAD_REQUEST"), "{body} {}", answer.body);
        }
    }
}

#[tokio::test]
async fn only_json_bodies() {
    let body = json!({"query": "mutation { act }"}).to_string();
    for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/mixed", "application/json; charset=gbk"]
    {
        assert_eq!(post_with(body.clone(), &[("content-type", media)]).await.status, 415, "{media}");
    }
    // What a form of another site can send stops before anything of it is read.
    let form = post_with(body.clone(), &[("content-type", "multipart/form-data; boundary=x")]).await;
    assert_eq!((form.status, form.code()), (400, "BAD_REQUEST"));
    assert_eq!(post_with(body.clone(), &[]).await.status, 415);
    let answer = post_with(body, &[("content-type", "application/json; charset=UTF-8")]).await;
    assert_eq!(answer.body["data"]["act"], true);
}

#[tokio::test]
async fn get_is_for_queries_and_for_browsers() {
    let answer = get_("/graphql?query=%7Bhello(name:%22a%22)%7D", "application/json").await;
    assert_eq!(answer.body["data"]["hello"], "hello a");
    let variables = "/graphql?query=query(%24n:String)%7Bhello(name:%24n)%7D&variables=%7B%22n%22:%22b%22%7D";
    assert_eq!(get_(variables, "application/json").await.body["data"]["hello"], "hello b");
    let answer = get_("/graphql?query=mutation%7Bact%7D", "application/json").await;
    assert_eq!((answer.status, &answer.headers["allow"]), (405, &HeaderValue::from_static("POST")));
    assert_eq!(get_("/graphql", "application/json").await.status, 400);
    let page = get_("/graphql", "text/html,application/xhtml+xml,*/*;q=0.8").await;
    assert!(page.body.as_str().is_some_and(|page| page.contains("graphiql")));
    // The page needs nothing from elsewhere.
    assert!(page.body.as_str().is_some_and(|page| !page.contains("//")), "{}", page.body);
    for (file, status) in
        [("react.js", 200), ("react-dom.js", 200), ("graphiql.js", 200), ("graphiql.css", 200), ("x", 404)]
    {
        assert_eq!(get_(&format!("/graphql/{file}"), "*/*").await.status, status, "{file}");
    }
    let put = axum::http::Request::put("/graphql").body(Body::empty()).expect("a request");
    assert_eq!(send(put).await.status, 405);
    assert_eq!(get_("/healthz", "*/*").await.status, 200);
    assert_eq!(get_("/readyz", "*/*").await.status, 503);
}

#[tokio::test]
async fn what_prometheus_reads() {
    let answer = get_("/metrics", "*/*").await;
    let text = answer.body.as_str().expect("text");
    assert!(text.contains("jixiao_database_connections{state=\"idle\"} 1"), "{text}");
}

#[tokio::test]
async fn who_asks() {
    let body = json!({"query": "{ who }"}).to_string();
    let json = ("content-type", "application/json");
    assert_eq!(post_with(body.clone(), &[json]).await.body["data"]["who"], Value::Null);
    assert_eq!(post_with(body.clone(), &[json, ("authorization", &bearer(7))]).await.body["data"]["who"], "filer");
    for bad in ["Bearer x", "Bearer", "Basic YTpi", &bearer(8), ""] {
        let answer = post_with(body.clone(), &[json, ("authorization", bad)]).await;
        assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"), "{bad}");
        assert_eq!(answer.headers["www-authenticate"], "Bearer");
    }
}

#[tokio::test]
async fn request_ids_and_languages() {
    let headers = [
        ("content-type", "application/json"),
        ("x-request-id", "abc-1"),
        ("accept-language", "fr, en;q=0.8, zh;q=0.5"),
    ];
    let answer = post_with(json!({"query": "{ broken }"}).to_string(), &headers).await;
    assert_eq!(answer.headers["x-request-id"], "abc-1");
    assert_eq!(answer.body["extensions"]["requestId"], "abc-1");
    assert_eq!(answer.body["errors"][0]["extensions"]["requestId"], "abc-1");
    assert!(answer.body["errors"][0]["message"].as_str().is_some_and(|text| text.starts_with("internal error")));
    let answer =
        post_with(json!({"query": "{ broken }"}).to_string(), &[headers[0], ("x-request-id", "a b\u{e9}")]).await;
    assert_eq!(answer.headers["x-request-id"].len(), 32);
    assert!(answer.body["errors"][0]["message"].as_str().is_some_and(|text| text.starts_with("系统内部错误")));
}

#[tokio::test]
async fn our_faults_are_internal_and_tell_nothing() {
    for (text, status) in [("{ broken }", 200), ("{ missing }", 200), ("{ panics }", 500)] {
        let answer = query(text).await;
        assert_eq!((answer.status, answer.code()), (status, "INTERNAL"), "{text} {}", answer.body);
        let told = answer.body.to_string();
        assert!(!["::", "user_account", "on purpose"].iter().any(|word| told.contains(word)), "{told}");
    }
}

#[tokio::test]
async fn every_answer_tells_its_cost() {
    let cost = |answer: &Answered| answer.body["extensions"]["cost"].clone();
    assert_eq!(cost(&query("{ hello number(of: 1) }").await), json!({ "requested": 2, "limit": 30 }));
    assert_eq!(cost(&query("{ hello broken }").await), json!({ "requested": 2, "limit": 30 }));
    let refused = query("{ nope }").await;
    assert_eq!((refused.code(), cost(&refused)), ("GRAPHQL_VALIDATION_FAILED", Value::Null));
}

/// The schema has a price of its own: 25 here, beside its fields.
#[tokio::test]
async fn the_schema_is_told_to_whom_it_is_open() {
    let ask = async |text: &str| {
        let body = json!({ "query": text }).to_string();
        post_with(body, &[("content-type", "application/json"), ("authorization", &bearer(7))]).await
    };
    let text = "{ __schema { queryType { name } } }";
    assert_eq!(query(text).await.code(), "GRAPHQL_VALIDATION_FAILED");
    assert_eq!(
        query("{ ...a } fragment a on Query { ...b } fragment b on Query { __type(name: \"Query\") { name } }")
            .await
            .code(),
        "GRAPHQL_VALIDATION_FAILED"
    );
    assert_eq!(query("{ __typename }").await.body["data"]["__typename"], "Query");
    let answer = ask(text).await;
    assert_eq!(answer.body["data"]["__schema"]["queryType"]["name"], "Query");
    assert_eq!(answer.body["extensions"]["cost"], json!({ "requested": 28, "limit": 30 }));
    let over = ask("{ __schema { queryType { name } } __type(name: \"Query\") { name } }").await;
    assert_eq!((over.status, over.code()), (200, "LIMIT_EXCEEDED"));
    assert_eq!(over.body["errors"][0]["extensions"]["requested"], 55);
}

#[tokio::test]
async fn limits() {
    let limit =
        |answer: &Answered| answer.body["errors"][0]["extensions"]["limit"].as_str().unwrap_or_default().to_owned();
    let batch = |count: usize| Value::Array(vec![json!({"query": "{ hello }"}); count]);
    assert_eq!(post(batch(10), "application/json").await.body.as_array().map(Vec::len), Some(10));
    for (answer, status, name) in [
        (post(batch(1_000), "application/json").await, 400, "maxBatch"),
        (query(&format!("{{ hello(name: {}) }}", "[".repeat(2_000))).await, 400, "maxNesting"),
        (query(&format!("{{ {} }}", "hello ".repeat(21))).await, 400, "maxRootFields"),
        (
            query(&format!("{{ hello {} }} fragment a on Query {{ b: hello c: hello d: hello }}", "...a".repeat(20)))
                .await,
            400,
            "maxAliases",
        ),
        (query(&format!("{{ hello }} #{}", "x".repeat(100_000))).await, 413, "maxBodyBytes"),
        (query("{ slow }").await, 503, "timeoutMilliseconds"),
    ] {
        assert_eq!(
            (answer.status, answer.code(), limit(&answer).as_str()),
            (status, "LIMIT_EXCEEDED", name),
            "{}",
            answer.body
        );
    }
    let nested =
        format!("{{\"query\": \"{{ hello }}\", \"variables\": {{\"a\": {}1{}}}}}", "[".repeat(90), "]".repeat(90));
    let answer = post_with(nested, &[("content-type", "application/json")]).await;
    assert_eq!((answer.status, limit(&answer).as_str()), (400, "maxNesting"));
    // A length that is claimed is refused before the body comes.
    let answer = post_with("{}", &[("content-type", "application/json"), ("content-length", "99999999")]).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let body = Body::from_stream(futures_util::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let work = post_with(body, &[("content-type", "application/json")]);
    let answer = tokio::time::timeout(Duration::from_secs(60), work).await.expect("gives up");
    assert_eq!(answer.status, 503);
}
