//! Requests with files, and downloads.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use jixiao_service::file::Store;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Answer, TestApp, bucket, config};

/// A part of a multipart body: its name, the name of its file, its content.
pub(crate) type Part<'a> = (&'a str, Option<&'a str>, Vec<u8>);

/// A small PDF; `mark` tells one from another.
pub(crate) fn pdf(mark: &str) -> Vec<u8> {
    format!("%PDF-1.7\n{mark}\n%%EOF\n").into_bytes()
}

/// A multipart body.
pub(crate) fn multipart(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body.extend_from_slice(
            format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--XX--\r\n");
    body
}

impl TestApp {
    /// Sends a multipart body as it is; without the header against foreign pages when `preflight` is false.
    pub(crate) async fn send_parts(&self, token: Option<&str>, body: Vec<u8>, preflight: bool) -> Answer {
        let mut request = Request::post("/graphql").header("content-type", "multipart/form-data; boundary=XX");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if preflight {
            request = request.header("graphql-require-preflight", "1");
        }
        // As a network would bring it: in pieces.
        let pieces: Vec<Result<Vec<u8>, std::io::Error>> =
            body.chunks(10_000).map(|piece| Ok(piece.to_vec())).collect();
        let request = request.body(Body::from_stream(futures_util::stream::iter(pieces))).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        Answer { status, body: serde_json::from_slice(&bytes).unwrap_or_else(|_| panic!("no JSON: {bytes:?}")) }
    }

    /// Sends a document whose variable `input.file` is this file.
    pub(crate) async fn upload(&self, name: &str, query: &str, input: Value, file: (&str, Vec<u8>)) -> Answer {
        let mut input = input;
        input["file"] = Value::Null;
        let operations = json!({ "query": query, "variables": { "input": input } }).to_string();
        let parts = [
            ("operations", None, operations.into_bytes()),
            ("map", None, br#"{"0":["variables.input.file"]}"#.to_vec()),
            ("0", Some(file.0), file.1),
        ];
        self.send_parts(Some(&self.token(name)), multipart(&parts), true).await
    }

    /// Adds a file to a row of a report.
    pub(crate) async fn add_evidence(&self, name: &str, input: Value, file: (&str, Vec<u8>)) -> Answer {
        let query = "mutation($input: EvidenceAddInput!) { evidenceAdd(input: $input) {
            evidence { id fileName mediaType size sha256 downloadPath note issuedOn statedValue uploadedBy { displayName } }
            report { id status revision } userErrors { code field message } } }";
        self.upload(name, query, input, file).await
    }

    /// Downloads a path; as nobody when `token` is `None`.
    pub(crate) async fn download(&self, token: Option<&str>, path: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
        self.download_in("zh", token, path).await
    }

    /// The same in a language.
    pub(crate) async fn download_in(
        &self,
        lang: &str,
        token: Option<&str>,
        path: &str,
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        let mut request = Request::get(path).header("accept-language", lang);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.body(Body::empty()).expect("a request");
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, to_bytes(body, usize::MAX).await.expect("a body").to_vec())
    }

    /// The file of a database on SQLite.
    pub(crate) fn file(&self) -> std::path::PathBuf {
        self.directory.path().join("test.db")
    }

    /// The folder of the store; `None` where it is a bucket.
    pub(crate) fn files(&self) -> Option<std::path::PathBuf> {
        bucket().is_none().then(|| self.directory.path().join("files"))
    }

    /// The store, opened once more.
    pub(crate) fn store(&self) -> Store {
        config(&self.directory).store().expect("the store")
    }

    /// Files that lie in the store, with whatever else is left there.
    pub(crate) async fn kept(&self) -> usize {
        fn count(directory: &std::path::Path) -> usize {
            let entries = std::fs::read_dir(directory).expect("a folder").flatten();
            entries.map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
        }
        match self.files() {
            Some(folder) => count(&folder),
            None => self.store().keys().await.expect("lists").len(),
        }
    }

    /// Id of the report of a period.
    pub(crate) async fn report_id(&self, declaration: &str, period: &str) -> Value {
        let sheet = self.run("filer", "ReportingSheet", json!({ "declaration": declaration, "period": period })).await;
        sheet.data("report/id").clone()
    }

    /// The moment it is.
    pub(crate) fn moment(&self) -> String {
        let now = jixiao_service::id::Timestamp(self.clock.load(std::sync::atomic::Ordering::Relaxed));
        now.date_time().to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
    }

    /// The access log as somebody reads it.
    pub(crate) async fn access_log(&self, name: &str) -> Answer {
        let query =
            "{ accessLog(first: 100) { edges { node { act actorName nodeId departmentCode detail requestId at } } } }";
        self.query(name, query, json!({})).await
    }
}

/// Act and reader of the entries of an access log, newest first.
pub(crate) fn acts(log: &Answer) -> Vec<(String, String)> {
    let edges = log.data("accessLog/edges").as_array().expect("edges").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    edges.map(|edge| (text(&edge["node"]["act"]), text(&edge["node"]["actorName"]))).collect()
}
