//! A database, the router, and clients.

pub(crate) mod contract;
pub(crate) mod dice;
pub(crate) mod filing;
pub(crate) mod introspection;
pub(crate) mod live;
pub(crate) mod pack;
pub(crate) mod reporting;
pub(crate) mod upload;
pub(crate) mod verifier;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jixiao_api::app;
use jixiao_api::auth::Tokens;
use jixiao_api::config::{Config, Limits, Secret};
use jixiao_rules::cycle::Role;
use jixiao_service::ctx::{Actor, Ctx, Lang};
use jixiao_service::db::{Db, DbConfig};
use jixiao_service::id::Timestamp;
use jixiao_service::{department, jurisdiction, user};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

/// The department of the real form.
pub(crate) const DEPARTMENT: &str = "440118001";
/// A department of another jurisdiction.
pub(crate) const OTHER: &str = "440106001";
/// Password of every user.
pub(crate) const PASSWORD: &str = "jixiao-demo-2024";
/// The real form.
pub(crate) const FORM: &str = include_str!("../fixtures/zengcheng-civil-affairs-declaration.txt");

/// A department, and who files for it and reviews it.
pub(crate) struct Unit {
    pub(crate) code: &'static str,
    pub(crate) filer: &'static str,
    pub(crate) reviewer: &'static str,
    pub(crate) finance: &'static str,
}

/// The department of the real form with its people.
pub(crate) const HERE: Unit = Unit { code: DEPARTMENT, filer: "filer", reviewer: "department", finance: "finance" };

/// A service of its own for one test.
pub(crate) struct TestApp {
    pub(crate) db: Db,
    url: String,
    router: Router,
    tokens: Arc<Tokens>,
    clock: Arc<AtomicI64>,
    users: HashMap<String, i64>,
    directory: tempfile::TempDir,
    /// Ends what is open, as when the service stops.
    pub(crate) stop: CancellationToken,
}

/// What came back over HTTP.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

impl Answer {
    /// A field of `data`, which must be there.
    pub(crate) fn data(&self, path: &str) -> &Value {
        let value = self.body.pointer(&format!("/data/{path}"));
        value.unwrap_or_else(|| panic!("no /data/{path} in {:#}", self.body))
    }

    /// Code of the first top-level error.
    pub(crate) fn code(&self) -> &str {
        self.body.pointer("/errors/0/extensions/code").and_then(Value::as_str).unwrap_or("")
    }

    /// Codes of the user errors of a payload.
    pub(crate) fn user_errors(&self, field: &str) -> Vec<&str> {
        let errors = self.data(&format!("{field}/userErrors")).as_array().expect("a list");
        errors.iter().filter_map(|error| error["code"].as_str()).collect()
    }
}

static NUMBER: AtomicU64 = AtomicU64::new(0);

#[expect(clippy::disallowed_methods, reason = "the runner says by the environment which database to use")]
fn server() -> Option<String> {
    std::env::var("JIXIAO_TEST_DATABASE_URL").ok()
}

/// A fresh, empty database: a file, or a database of its own on the server.
async fn database(directory: &tempfile::TempDir, server: Option<String>) -> String {
    let Some(server) = server else {
        return format!("sqlite://{}/test.db", directory.path().display());
    };
    let name = format!("test_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let admin = Db::connect(&DbConfig::new(server.clone(), 1)).await.expect("the server answers");
    admin.read().execute_unprepared(&format!("CREATE DATABASE {name}")).await.expect("makes a database");
    let (base, _) = server.rsplit_once('/').expect("an address with a database");
    format!("{base}/{name}")
}

/// The address of a fresh, empty database, and the directory that it may live in.
pub(crate) async fn fresh() -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().expect("a directory");
    let url = database(&directory, server()).await;
    (directory, url)
}

/// Where the runner wants files to be kept; `None` for the test's own folder.
#[expect(clippy::disallowed_methods, reason = "the runner says by the environment which store to use")]
pub(crate) fn bucket() -> Option<String> {
    std::env::var("JIXIAO_TEST_FILES_URL").ok()
}

/// The configuration of a test: its own folder, and limits that small files reach.
fn config(directory: &tempfile::TempDir) -> Config {
    let limits = Limits {
        max_file_bytes: 1 << 20,
        max_upload_bytes: 2 << 20,
        max_import_bytes: 512 << 10,
        // Tests ask faster than people do.
        operations_per_minute: u32::MAX,
        sign_ins_per_minute: u32::MAX,
        ..Limits::default()
    };
    let folder = directory.path();
    let files_url = match (bucket(), folder.file_name()) {
        (Some(bucket), Some(name)) => format!("{bucket}/{}", name.display()),
        _ => format!("file://{}/files", folder.display()),
    };
    Config { files_url, limits, ..Config::default() }
}

impl TestApp {
    /// A migrated database with people and places, and nothing declared.
    pub(crate) async fn new() -> Self {
        Self::at(server()).await
    }

    /// The same on SQLite, whichever database the other tests use.
    pub(crate) async fn on_sqlite() -> Self {
        Self::at(None).await
    }

    async fn at(server: Option<String>) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let url = database(&directory, server).await;
        let db = Db::connect(&DbConfig::new(url.clone(), 4)).await.expect("connects");
        app::migrate(&db).await.expect("migrates");
        let clock = Arc::new(AtomicI64::new(1_722_470_400_000_000));
        let tokens = Arc::new(Tokens::new(&Secret::new("q".repeat(40)), 15));
        let stop = CancellationToken::new();
        let router = routes(&db, &tokens, &clock, &config(&directory), &stop);
        let mut app = Self { db, url, router, tokens, clock, users: HashMap::new(), directory, stop };
        app.seed().await;
        app
    }

    /// The same database under a new process: new pool, new router, nothing in memory.
    pub(crate) async fn restart(&mut self) {
        self.db = Db::connect(&DbConfig::new(self.url.clone(), 4)).await.expect("connects");
        self.router = routes(&self.db, &self.tokens, &self.clock, &config(&self.directory), &self.stop);
    }

    /// A folder for this test alone.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.directory.path()
    }

    /// What answers.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// Another process on the same database.
    pub(crate) async fn node(&self) -> Router {
        let db = Db::connect(&DbConfig::new(self.url.clone(), 4)).await.expect("connects");
        routes(&db, &self.tokens, &self.clock, &config(&self.directory), &self.stop)
    }

    /// A new process under another configuration.
    pub(crate) fn configured(&mut self, change: impl FnOnce(&mut Config)) {
        let mut config = config(&self.directory);
        change(&mut config);
        self.router = routes(&self.db, &self.tokens, &self.clock, &config, &self.stop);
    }

    /// How long the audit chain is: nothing was written where it did not grow.
    pub(crate) async fn chain(&self) -> i64 {
        let sql = "SELECT sequence FROM audit_head WHERE id = 1";
        let row = self.db.read().query_one_raw(Statement::from_string(self.db.backend(), sql)).await;
        row.expect("reads").expect("a head").try_get("", "sequence").expect("a number")
    }

    async fn seed(&mut self) {
        let ctx = operator();
        for (code, parent) in
            [("440000", None), ("440100", Some("440000")), ("440118", Some("440100")), ("440106", Some("440100"))]
        {
            let parent_code = parent.map(str::to_owned);
            let new = jurisdiction::Create { code: code.into(), name: format!("区划{code}"), parent_code };
            jurisdiction::create(&self.db, &ctx, &new).await.expect("a jurisdiction");
        }
        for (code, name, place) in
            [(DEPARTMENT, "广州市增城区民政局", "440118"), (OTHER, "广州市天河区民政局", "440106")]
        {
            let new = department::Create { code: code.into(), name: name.into(), jurisdiction_code: place.into() };
            department::create(&self.db, &ctx, &new).await.expect("a department");
        }
        let people = [
            ("admin", Role::Admin, None, None),
            ("filer", Role::UnitFiler, Some(DEPARTMENT), None),
            ("department", Role::DepartmentReviewer, Some(DEPARTMENT), None),
            ("finance", Role::FinanceReviewer, None, Some("440118")),
            ("auditor", Role::Auditor, None, Some("440100")),
            ("filer2", Role::UnitFiler, Some(OTHER), None),
        ];
        for (name, role, department, place) in people {
            self.add_user(name, &[(role, department, place)]).await;
        }
    }

    /// Adds a user with these grants.
    pub(crate) async fn add_user(&mut self, name: &str, grants: &[(Role, Option<&str>, Option<&str>)]) {
        let grant = |(role, department, place): &(Role, Option<&str>, Option<&str>)| user::NewGrant {
            role: *role,
            department_code: department.map(str::to_owned),
            jurisdiction_code: place.map(str::to_owned),
        };
        let new = user::Create {
            username: name.into(),
            display_name: format!("用户{name}"),
            password: PASSWORD.into(),
            grants: grants.iter().map(grant).collect(),
        };
        let id = user::create(&self.db, &operator(), &new).await.expect("a user");
        self.users.insert(name.into(), id.0);
    }

    /// Whether there is such a user yet.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.users.contains_key(name)
    }

    /// An access token.
    pub(crate) fn token(&self, name: &str) -> String {
        let now = Timestamp(self.clock.load(Ordering::Relaxed));
        self.tokens.issue(self.users[name], now).expect("a token").token.expose().to_owned()
    }

    /// Makes it nine in the morning, in China, of a day.
    pub(crate) fn today(&self, day: &str) {
        let day: chrono::NaiveDate = day.parse().expect("a day");
        let morning = day.and_hms_opt(1, 0, 0).expect("a time").and_utc();
        self.clock.store(morning.timestamp_micros(), Ordering::Relaxed);
    }

    /// Adds a user as the administrator, over GraphQL.
    pub(crate) async fn hire(&mut self, name: &str, grant: Value) {
        let query =
            "mutation($input: UserCreateInput!) { userCreate(input: $input) { user { id } userErrors { code } } }";
        let input =
            json!({ "username": name, "displayName": format!("用户{name}"), "password": PASSWORD, "grants": [grant] });
        let answer = self.query("admin", query, json!({ "input": input })).await;
        let id = URL_SAFE_NO_PAD.decode(answer.data("userCreate/user/id").as_str().expect("an id")).expect("base64");
        let key = String::from_utf8(id).expect("text").replace("User:", "");
        self.users.insert(name.into(), key.parse().expect("a number"));
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, minutes: i64) {
        self.clock.fetch_add(minutes * 60_000_000, Ordering::Relaxed);
    }

    /// Sends a document over HTTP; as nobody when `token` is `None`.
    pub(crate) async fn send(&self, token: Option<&str>, query: &str, variables: Value) -> Answer {
        self.post(token, "zh", json!({ "query": query, "variables": variables }).to_string()).await
    }

    /// Sends any body, for an answer in the language.
    pub(crate) async fn post(&self, token: Option<&str>, lang: &str, body: String) -> Answer {
        let mut request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("accept-language", lang)
            .header("x-request-id", "test");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(Body::from(body)).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| panic!("no JSON: {bytes:?}"));
        Answer { status, body }
    }

    /// Sends a document as a user.
    pub(crate) async fn query(&self, name: &str, query: &str, variables: Value) -> Answer {
        self.send(Some(&self.token(name)), query, variables).await
    }

    /// Sends a document of the contract as a user.
    pub(crate) async fn run(&self, name: &str, operation: &str, variables: Value) -> Answer {
        self.query(name, &contract::document(operation), variables).await
    }

    /// Imports the real form as the filer; gives the declaration's id.
    pub(crate) async fn import(&self) -> String {
        let input = json!({ "departmentCode": DEPARTMENT, "fiscalYear": 2024, "text": FORM });
        let answer = self.run("filer", "ImportForm", json!({ "input": input })).await;
        answer.data("declarationImport/declaration/id").as_str().expect("an id").to_owned()
    }

    /// The page of the real declaration.
    pub(crate) async fn page(&self, name: &str) -> Value {
        self.page_of(name, DEPARTMENT).await
    }

    /// The page of a department's declaration of 2024.
    pub(crate) async fn page_of(&self, name: &str, code: &str) -> Value {
        let answer = self.run(name, "DeclarationPage", json!({ "department": code, "year": 2024 })).await;
        answer.data("declaration").clone()
    }

    /// Completes the draft as its filer would: the lost annual target, and the readings to confirm.
    pub(crate) async fn complete(&self) {
        self.complete_of(&HERE).await;
    }

    /// The same for the form of any department.
    pub(crate) async fn complete_of(&self, unit: &Unit) {
        for indicator in indicators(&self.page_of(unit.filer, unit.code).await) {
            let update =
                "mutation($input: IndicatorUpdateInput!) { indicatorUpdate(input: $input) { userErrors { code } } }";
            let confirm = contract::document("ConfirmTarget");
            let revision = self.page_of(unit.filer, unit.code).await["revision"].clone();
            let (query, field, input) = if indicator["annualTarget"].is_null() {
                let input =
                    json!({ "indicatorId": indicator["id"], "annualTarget": "100%", "expectedRevision": revision });
                (update, "indicatorUpdate", input)
            } else if indicator["annualTarget"]["confirmed"] == json!(false) {
                let input = json!({ "indicatorId": indicator["id"], "which": "ANNUAL", "expectedRevision": revision });
                (confirm.as_str(), "targetConfirm", input)
            } else {
                continue;
            };
            let answer = self.query(unit.filer, query, json!({ "input": input })).await;
            assert_eq!(answer.user_errors(field), Vec::<&str>::new());
        }
    }

    /// Takes the imported declaration to APPROVED by the contract's documents.
    pub(crate) async fn approve(&self, id: &str) {
        self.complete().await;
        self.approve_of(&HERE, id).await;
    }

    /// The same for a complete draft of any department.
    pub(crate) async fn approve_of(&self, unit: &Unit, id: &str) {
        let steps = [
            (unit.filer, "Submit", "declarationSubmit", json!({})),
            (unit.reviewer, "Forward", "declarationForward", json!({})),
            (unit.finance, "Accept", "declarationAccept", json!({ "grade": "GOOD" })),
            (
                unit.finance,
                "Approve",
                "declarationApprove",
                json!({ "number": "增财绩〔2024〕1号", "on": "2024-02-08" }),
            ),
        ];
        for (name, operation, field, mut variables) in steps {
            variables["id"] = json!(id);
            variables["revision"] = self.page_of(unit.filer, unit.code).await["revision"].clone();
            let answer = self.run(name, operation, variables).await;
            assert_eq!(answer.user_errors(field), Vec::<&str>::new(), "{operation}: {:#}", answer.body);
        }
    }

    /// An approved declaration.
    pub(crate) async fn approved() -> (Self, String) {
        let app = Self::new().await;
        let id = app.import().await;
        app.approve(&id).await;
        (app, id)
    }
}

fn routes(db: &Db, tokens: &Arc<Tokens>, clock: &Arc<AtomicI64>, config: &Config, stop: &CancellationToken) -> Router {
    let told = Arc::clone(clock);
    let clock_of = Arc::new(move || Timestamp(told.load(Ordering::Relaxed)));
    app::routes(db.clone(), config, Arc::clone(tokens), clock_of, stop.clone()).expect("routes")
}

/// A size of a test: small unless the environment asks for a long run.
#[expect(clippy::disallowed_methods, reason = "the runner says by the environment how long to go on")]
pub(crate) fn size(name: &str, small: usize) -> usize {
    std::env::var(name).ok().map_or(small, |text| text.parse().expect("a number"))
}

/// The indicators of a page, in order.
pub(crate) fn indicators(page: &Value) -> Vec<Value> {
    let groups = page["indicatorTree"].as_array().expect("a tree").iter();
    let groups = groups.flat_map(|level1| level1["groups"].as_array().expect("groups"));
    groups.flat_map(|level2| level2["indicators"].as_array().expect("indicators")).cloned().collect()
}

/// The command line's circumstances.
pub(crate) fn operator() -> Ctx {
    Ctx::new(Actor::Operator, Timestamp(1_722_470_400_000_000), "test", Lang::Zh)
}
