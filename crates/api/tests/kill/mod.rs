//! The program is killed (SIGKILL) in the middle of recordings, started again and checked: what was acknowledged is
//! there, nothing is there by half, what was in doubt is settled by its key, and the doctor finds nothing.

use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Demo, http, post, run};

const RECORD: &str = "mutation($input: ActualValuesRecordInput!) { actualValuesRecord(input: $input) {
    report { revision } userErrors { code message } } }";
const READ: &str = "{ declaration(departmentCode: \"440118001\", fiscalYear: 2024) { id report(period: YEAR_END) {
    revision problems rows { indicator { id } current { note } } } } }";

#[expect(clippy::disallowed_methods, reason = "the runner says by the environment how long to go on")]
fn setting(name: &str, small: u64) -> u64 {
    std::env::var(name).ok().map_or(small, |text| text.parse().expect("a number"))
}

/// A generator that gives the same numbers every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// What is recorded: the batch of a number touches three places, each with the number, under a key of its own.
#[derive(Clone)]
struct Batches {
    token: String,
    declaration: Value,
    rows: [Value; 2],
    /// The report's revision before the first.
    base: u64,
}

impl Batches {
    fn request(&self, number: u64) -> String {
        let entries = self.rows.each_ref().map(|row| json!({ "indicatorId": row, "note": format!("第{number}批") }));
        let input = json!({ "declarationId": self.declaration, "period": "YEAR_END", "entries": entries,
            "summary": { "problems": format!("第{number}批") }, "idempotencyKey": format!("batch-{number}") });
        post(&self.token, RECORD, &json!({ "input": input }))
    }

    /// Sends a batch; `true` when it is acknowledged, as the last of so many, `false` when the service went away.
    fn send(&self, address: &str, number: u64, last: u64) -> bool {
        let answer = http(address, &self.request(number)).and_then(|(_, body)| serde_json::from_str(&body).ok());
        let Some(answer): Option<Value> = answer else { return false };
        let done = &answer["data"]["actualValuesRecord"];
        assert_eq!(done["report"]["revision"], json!(self.base + last), "batch {number}: {answer}");
        true
    }

    /// How many batches are there; each of them whole.
    fn landed(&self, service: &Demo) -> u64 {
        let answer = service.query(&self.token, READ, &json!({}));
        let report = &answer["data"]["declaration"]["report"];
        let landed = report["revision"].as_u64().expect("a revision") - self.base;
        if landed > 0 {
            let mark = json!(format!("第{landed}批"));
            assert_eq!(report["problems"], mark);
            let rows = report["rows"].as_array().expect("rows").iter();
            let ours = rows.filter(|row| self.rows.contains(&row["indicator"]["id"]));
            assert!(ours.map(|row| &row["current"]["note"]).all(|note| *note == mark), "half a batch: {answer}");
        }
        landed
    }
}

fn prepared(directory: &Path) -> Batches {
    let demo = Demo::start(directory);
    let sign_in = "mutation { signIn(username: \"filer\", password: \"jixiao-demo-2024\") { accessToken } }";
    let token = demo.query(&demo.token(), sign_in, &json!({}))["data"]["signIn"]["accessToken"].clone();
    let token = token.as_str().expect("a token").to_owned();
    let declaration = demo.query(&token, READ, &json!({}))["data"]["declaration"].clone();
    let report = &declaration["report"];
    let rows = [3, 4].map(|at| report["rows"][at]["indicator"]["id"].clone());
    let base = report["revision"].as_u64().expect("a revision");
    demo.stop();
    Batches { token, declaration: declaration["id"].clone(), rows, base }
}

/// Sends batch after batch until the service is gone; gives how many were acknowledged, the moment of each told on the way.
fn write(batches: Batches, address: String, from: u64, tell: mpsc::Sender<u64>) -> u64 {
    let mut number = from;
    while batches.send(&address, number, number) {
        // Whoever listens may have heard enough.
        let _ = tell.send(number);
        number += 1;
    }
    number - 1
}

#[test]
fn killed_in_the_middle_of_recordings() {
    let (kills, seed) = (setting("SOAK_KILLS", 10), setting("SEED", 1));
    let directory = tempfile::tempdir().expect("a directory");
    let batches = prepared(directory.path());
    let mut dice = Dice(seed);
    let (mut acknowledged, mut landed_in_doubt, mut span) = (0, 0, 1);
    for kill in 0..=kills {
        let mut service = Demo::start_as(directory.path(), "serve");
        let landed = batches.landed(&service);
        assert!(landed == acknowledged || landed == acknowledged + 1, "{acknowledged} acknowledged, {landed} there");
        landed_in_doubt += landed - acknowledged;
        // What was in doubt is sent again under its key: now it is there, and once. So is what was acknowledged before.
        let begun = Instant::now();
        assert!(batches.send(&service.address, acknowledged + 1, acknowledged + 1));
        span = span.max(u64::try_from(begun.elapsed().as_micros()).expect("fits"));
        acknowledged += 1;
        let earlier = 1 + dice.roll(acknowledged);
        assert!(batches.send(&service.address, earlier, acknowledged), "acknowledged again");
        assert_eq!(batches.landed(&service), acknowledged);
        if kill == kills {
            service.stop();
            break;
        }
        let (tell, told) = mpsc::channel();
        let writer = {
            let (batches, address) = (batches.clone(), service.address.clone());
            thread::spawn(move || write(batches, address, acknowledged + 1, tell))
        };
        for _ in 0..dice.roll(3) {
            told.recv().expect("a batch");
        }
        thread::park_timeout(Duration::from_micros(dice.roll(2 * span)));
        service.child.kill().expect("kills");
        service.child.wait().expect("ends");
        acknowledged = writer.join().expect("wrote");
        let doctor = run(directory.path(), &["doctor"], b"");
        assert!(doctor.status.success(), "kill {kill}: {doctor:?}");
    }
    println!("seed {seed}: {kills} kills, {acknowledged} batches, {landed_in_doubt} of those in doubt had landed");
}
