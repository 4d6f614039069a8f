//! The program itself: what a new user does at the end, on a fresh directory.

mod bulk;
mod kill;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const FORM: &str = include_str!("../../../tests/fixtures/zengcheng-civil-affairs-declaration.txt");
const README: &str = include_str!("../../../README.md");

fn jixiao(directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jixiao"));
    command
        .current_dir(directory)
        .env("JIXIAO_LISTEN", "127.0.0.1:0")
        .env("JIXIAO_LOG_FORMAT", "json")
        .env("JIXIAO_ACCESS_TOKEN_MINUTES", "1440")
        // A machine that is busy with other tests is no fault of the program.
        .env("JIXIAO_LIMITS__TIMEOUT_MILLISECONDS", "120000")
        .env_remove("JIXIAO_TEST_DATABASE_URL");
    command
}

fn run(directory: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut child = jixiao(directory)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    // A program that refuses early does not read to the end.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    child.wait_with_output().expect("ends")
}

/// The answer to a request; `None` when the service went away before it was whole.
fn http(address: &str, request: &str) -> Option<(u16, String)> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer.split_once("\r\n\r\n")?.1.to_owned()))
}

fn post(token: &str, query: &str, variables: &Value) -> String {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let bearer = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
    format!(
        "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{bearer}\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// The running program.
struct Demo {
    child: Child,
    address: String,
    told: String,
}

impl Demo {
    fn start(directory: &Path) -> Self {
        Self::start_as(directory, "demo")
    }

    fn start_as(directory: &Path, command: &str) -> Self {
        let log = std::fs::File::create(directory.join("log")).expect("a file");
        let child = jixiao(directory).arg(command).stdout(Stdio::piped()).stderr(log).spawn().expect("starts");
        let mut demo = Self { child, address: String::new(), told: String::new() };
        // The address comes last.
        for line in BufReader::new(demo.child.stdout.take().expect("a pipe")).lines() {
            let line = line.expect("a line");
            if let Some(address) = line.strip_prefix("http://").and_then(|line| line.strip_suffix("/graphql")) {
                address.clone_into(&mut demo.address);
                return demo;
            }
            demo.told.push_str(&line);
            demo.told.push('\n');
        }
        let log = std::fs::read_to_string(directory.join("log")).unwrap_or_default();
        panic!("the demonstration ended: {} {log}", demo.told);
    }

    fn http(&self, request: &str) -> (u16, String) {
        http(&self.address, request).expect("an answer")
    }

    fn get(&self, path: &str) -> (u16, String) {
        self.http(&format!("GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n"))
    }

    fn query(&self, token: &str, query: &str, variables: &Value) -> Value {
        let (status, answer) = self.http(&post(token, query, variables));
        assert_eq!(status, 200, "{answer}");
        serde_json::from_str(&answer).expect("JSON")
    }

    /// The token of the query that is told.
    fn token(&self) -> String {
        let (_, rest) = self.told.split_once("Bearer ").expect("a token");
        rest.split('\'').next().unwrap_or_default().to_owned()
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(name).arg(self.child.id().to_string()).status().expect("kill");
        assert!(sent.success());
    }

    fn stop(mut self) {
        self.signal("-TERM");
        assert!(self.child.wait().expect("ends").success());
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A block of code of the README in this language.
fn readme(language: &str) -> &'static str {
    let (_, rest) = README.split_once(&format!("```{language}\n")).expect("a block");
    rest.split_once("```").expect("its end").0
}

#[test]
fn the_demonstration_is_what_the_readme_says() {
    let directory = tempfile::tempdir().expect("a directory");
    for _ in 0..2 {
        let demo = Demo::start(directory.path());
        assert_eq!(demo.get("/readyz").0, 200);
        assert_eq!(demo.get("/healthz").0, 200);
        let (status, page) = demo.get("/graphql");
        assert!(status == 200 && page.contains("GraphiQL"));
        let expected: Value = serde_json::from_str(readme("json")).expect("JSON");
        let answer = demo.query(&demo.token(), readme("graphql"), &json!({}));
        assert_eq!(answer["data"], expected["data"]);
        let report = "{ declaration(departmentCode: \"440118001\", fiscalYear: 2024) { status
            report(period: YEAR_END) { status rows { current { note } } } mid: report(period: MID_YEAR) { status } } }";
        let answer = demo.query(&demo.token(), report, &json!({}));
        let declaration = &answer["data"]["declaration"];
        assert_eq!((&declaration["status"], &declaration["mid"]["status"]), (&json!("APPROVED"), &json!("ACCEPTED")));
        assert_eq!(declaration["report"]["status"], "DRAFT", "{answer}");
        let rows = declaration["report"]["rows"].as_array().expect("rows");
        assert!(
            rows.iter().all(|row| row["current"]["note"].as_str().is_some_and(|note| note.contains("sample data")))
        );
        let sign_in =
            "mutation SignIn($u: String!, $p: String!) { signIn(username: $u, password: $p) { refreshToken } }";
        let answer = demo.query(&demo.token(), sign_in, &json!({ "u": "filer", "p": "jixiao-demo-2024" }));
        let refresh = answer["data"]["signIn"]["refreshToken"].as_str().expect("a token").to_owned();
        let secrets = ["jixiao-demo-2024", "eyJ", "filer", refresh.as_str()];
        demo.stop();
        let log = std::fs::read_to_string(directory.path().join("log")).expect("a log");
        let line = log.lines().find(|line| line.contains("\"SignIn\"")).expect("a line about the operation");
        let line: Value = serde_json::from_str(line).expect("JSON");
        assert!(line["request_id"].is_string() && line["user"].is_number(), "{line}");
        assert!(!secrets.iter().any(|secret| log.contains(secret)), "{log}");
    }
    let doctor = run(directory.path(), &["doctor"], b"");
    assert!(doctor.status.success(), "{doctor:?}");
}

/// Ended at any moment, the demonstration goes on where it was.
#[test]
fn a_demonstration_cut_off_is_completed() {
    let whole = tempfile::tempdir().expect("a directory");
    let begun = Instant::now();
    Demo::start(whole.path()).stop();
    let takes = begun.elapsed();
    for part in 1..6 {
        let directory = tempfile::tempdir().expect("a directory");
        let mut child =
            jixiao(directory.path()).arg("demo").stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
        std::thread::park_timeout(takes * part / 6);
        child.kill().expect("ends");
        child.wait().expect("ends");
        let demo = Demo::start(directory.path());
        let expected: Value = serde_json::from_str(readme("json")).expect("JSON");
        assert_eq!(
            demo.query(&demo.token(), readme("graphql"), &json!({}))["data"],
            expected["data"],
            "cut off at {part}/6"
        );
        demo.stop();
    }
}

#[test]
fn other_data_is_left_alone() {
    for (what, arguments, input) in [
        ("a user", vec!["user", "add", "filer", "--name", "某人", "--role", "ADMIN"], "a long enough password\n"),
        (
            "a department",
            vec![
                "import",
                "-",
                "--department",
                "440118001",
                "--department-name",
                "广州市增城区民政局",
                "--jurisdiction",
                "440118",
                "--jurisdiction-name",
                "广州市增城区",
                "--year",
                "2024",
            ],
            FORM,
        ),
    ] {
        let directory = tempfile::tempdir().expect("a directory");
        let made = run(directory.path(), &arguments, input.as_bytes());
        assert!(made.status.success(), "{made:?}");
        let refused = run(directory.path(), &["demo"], b"");
        assert!(!refused.status.success(), "{what}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("the database holds other data"), "{refused:?}");
    }
}

#[test]
fn an_import_that_is_refused_makes_nothing() {
    let directory = tempfile::tempdir().expect("a directory");
    let import = |name: &str, year: &str, input: &[u8]| {
        let arguments = [
            "import",
            "-",
            "--department",
            "440118001",
            "--department-name",
            name,
            "--jurisdiction",
            "440118",
            "--jurisdiction-name",
            "广州市增城区",
            "--year",
            year,
        ];
        let done = run(directory.path(), &arguments, input);
        (done.status.success(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    let name = "广州市增城区民政局";
    let gbk = [0xb2, 0xbf, 0xc3, 0xc5, 0xc3, 0xfb, 0xb3, 0xc6, b'\t', 0xd4, 0xf6, b'\n'];
    for (given, year, input, told) in [
        (name, "2024", &b""[..], "FORM_REFUSED"),
        (name, "2024", &b"no form"[..], "FORM_REFUSED"),
        (name, "2024", &gbk[..], "GB18030"),
        (name, "2024", &b"\x80\xff"[..], "UTF-8"),
        (name, "2024", &vec![b'x'; 50_000_000][..], "4194304"),
        ("别的部门", "2024", FORM.as_bytes(), "--department-name"),
        (name, "1999", FORM.as_bytes(), "2000"),
    ] {
        let (done, error) = import(given, year, input);
        assert!(!done && error.contains(told), "{told}: {error}");
    }
    // Nothing was left behind: the database still is one for the demonstration.
    Demo::start(directory.path()).stop();
    let (done, error) = import(name, "2024", FORM.as_bytes());
    assert!(!done && error.contains("CONFLICT"), "{error}");
}

/// The first signal lets a request end that has begun; a second one ends the program at once.
#[test]
fn stopping_is_graceful_once() {
    let directory = tempfile::tempdir().expect("a directory");
    for twice in [false, true] {
        let mut demo = Demo::start(directory.path());
        let mut stream = TcpStream::connect(&demo.address).expect("connects");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        let body = json!({ "query": "{ __typename }" }).to_string();
        let head = format!(
            "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let (first, rest) = body.split_at(5);
        stream.write_all(format!("{head}{first}").as_bytes()).expect("sends half");
        // The service has taken the connection when another one is answered.
        assert_eq!(demo.get("/readyz").0, 200);
        demo.signal("-TERM");
        while TcpStream::connect(&demo.address).is_ok() {
            std::thread::yield_now();
        }
        if twice {
            demo.signal("-TERM");
            assert_eq!(demo.child.wait().expect("ends").code(), Some(130));
        } else {
            stream.write_all(rest.as_bytes()).expect("sends the rest");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("answers");
            assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("__typename"), "{answer}");
            assert!(demo.child.wait().expect("ends").success());
        }
    }
}

#[test]
fn the_readme_names_commands_that_exist() {
    let directory = tempfile::tempdir().expect("a directory");
    let named: Vec<&str> = README.lines().filter_map(|line| line.strip_prefix("| `jixiao ")).collect();
    assert!(named.len() >= 8);
    for line in named {
        let command = line.split('`').next().unwrap_or_default();
        let words = command.split(' ').take_while(|word| {
            word.starts_with(|first: char| first.is_ascii_lowercase())
                && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
        });
        let arguments: Vec<&str> = words.chain(["--help"]).collect();
        let help = run(directory.path(), &arguments, b"");
        let told = String::from_utf8_lossy(&help.stdout).into_owned();
        assert!(help.status.success(), "{command}");
        for option in command.split([' ', '[', ']']).filter(|word| word.starts_with("--")) {
            assert!(told.contains(option), "{command}: {told}");
        }
    }
}
