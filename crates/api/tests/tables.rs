//! `jixiao interpret` and `jixiao assess` as programs: what goes in, what comes out, and how they end.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use serde_json::{Value, json};

/// What a run gave.
struct Run {
    code: Option<i32>,
    rows: Vec<Value>,
    errors: String,
}

fn start(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_jixiao"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts")
}

/// Writes to the program while something else reads from it; a pipe that the program has closed ends the writing.
fn feed(child: &mut Child, input: Vec<u8>) -> JoinHandle<()> {
    let mut stdin = child.stdin.take().expect("a pipe");
    std::thread::spawn(move || drop(stdin.write_all(&input)))
}

fn run(arguments: &[&str], input: impl Into<Vec<u8>>) -> Run {
    let mut child = start(arguments);
    let feeder = feed(&mut child, input.into());
    let output = child.wait_with_output().expect("the program ends");
    feeder.join().expect("all is written");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    Run {
        code: output.status.code(),
        rows: text.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect(),
        errors: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

#[test]
fn columns_stand_in_any_order_and_others_are_ignored() {
    let one =
        run(&["interpret"], "target\tlevel1\tlevel2\tlevel3\tyear\n12月底前\t产出指标\t时效指标\t完成时间\t2023\n");
    let other = run(
        &["interpret"],
        "year\tnote\tlevel3\ttarget\tlevel2\tlevel1\n2023\tx\t完成时间\t12月底前\t时效指标\t产出指标\n",
    );
    assert_eq!((one.code, other.code, one.errors.as_str()), (Some(0), Some(0), ""));
    assert_eq!(one.rows, other.rows);
    assert_eq!(
        one.rows,
        [json!({"row": 1, "kind": "DATE", "comparator": "NONE", "value": null, "valueHigh": null, "unit": null,
            "baseValue": null, "baseUnit": null, "direction": null, "deadline": "2023-12-31", "certain": true, "notes": []})]
    );
}

#[test]
fn byte_order_mark_and_carriage_returns_are_no_part_of_a_cell() {
    let marked = run(&["interpret"], "\u{feff}target\tlevel2\r\n≤30万元\t成本指标\r\n≥90%\t满意度指标");
    let plain = run(&["interpret"], "target\tlevel2\n≤30万元\t成本指标\n≥90%\t满意度指标\n");
    assert_eq!((marked.code, marked.rows.len()), (Some(0), 2));
    assert_eq!(marked.rows, plain.rows);
}

#[test]
fn without_a_target_column_there_is_one_message_and_code_2() {
    for command in [["interpret"].as_slice(), &["assess"]] {
        for table in ["", "\n", "goal\tactual\n5%\t5%\n"] {
            let run = run(command, table);
            assert_eq!((run.code, run.rows.len(), run.errors.lines().count()), (Some(2), 0, 1), "{}", run.errors);
            assert!(run.errors.contains("target"));
        }
    }
}

#[test]
fn broken_lines_are_told_and_the_others_still_answered() {
    let mut table = b"level2\ttarget\tyear\n\xe6\x95\xb0\t5%\t2023\n".to_vec();
    table.extend(b"\xff\xfe\t5%\t2023\n"); // not UTF-8
    table.extend("数量指标\t5个\t2023\t多\n".as_bytes()); // more cells than the header
    table.extend("数量指标\t5个\n".as_bytes()); // cells missing at the end: fine
    table.extend("数量指标\n".as_bytes()); // the target itself is missing
    table.extend("数量指标\t5个\t二〇二三\n".as_bytes()); // no year
    table.extend("数量指标\t".as_bytes());
    table.extend(vec![b'9'; 70_000]); // a line that is too long
    table.extend("\n数量指标\t6个\t2023".as_bytes()); // no new line at the end
    let run = run(&["interpret"], table);
    assert_eq!((run.code, run.rows.len()), (Some(1), 8));
    let broken: Vec<usize> = (0..8).filter(|row| run.rows[*row].get("error").is_some()).collect();
    assert_eq!(broken, [1, 2, 4, 5, 6]);
    for (index, row) in run.rows.iter().enumerate() {
        assert_eq!(row["row"], json!(index + 1));
        let keys: Vec<&String> = row.as_object().expect("an object").keys().collect();
        assert_eq!(broken.contains(&index), keys == ["error", "row"], "{row}");
    }
    let lines: Vec<&str> = run.errors.lines().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(lines, ["line 3", "line 4", "line 6", "line 7", "line 8"]);
    assert_eq!(run.rows[7]["baseValue"], json!("6"));
}

#[test]
fn a_blank_target_is_answered_and_asks() {
    let run = run(&["interpret"], "target\tlevel2\n\t数量指标\n \t\n");
    assert_eq!((run.code, run.errors.as_str(), run.rows.len()), (Some(0), "", 2));
    assert!(run.rows.iter().all(|row| row["certain"] == false && row["notes"][0]["code"] == "BLANK"));
}

#[test]
fn assessments_carry_score_certainty_flags_and_explanation() {
    let run = run(
        &["assess"],
        "actual\tweight\ttarget\tlevel2\tlevel3\n81%\t10\t≥90%\t质量指标\t合格率\n81%\t20%\t≥90%\t质量指标\t合格率\n\
        81%\t\t≥90%\t质量指标\t合格率\n\t8\t≥90%\t质量指标\t合格率\n有所改善\t8\t明显改善\t社会效益指标\t环境\n\
        100\t8\t=8个\t数量指标\t村\n95%\t8\t290%\t满意度指标\t满意度\n",
    );
    assert_eq!((run.code, run.errors.as_str(), run.rows.len()), (Some(0), "", 7));
    let picked = |row: usize| ["status", "rate", "score", "maxScore", "certain"].map(|key| run.rows[row][key].clone());
    assert_eq!(picked(0), [json!("PARTIALLY_ACHIEVED"), json!("0.900000"), json!("9.00"), json!("10.00"), json!(true)]);
    assert_eq!(
        picked(1),
        [json!("PARTIALLY_ACHIEVED"), json!("0.900000"), json!("18.00"), json!("20.00"), json!(true)]
    );
    assert_eq!(picked(2), [json!("PARTIALLY_ACHIEVED"), json!("0.900000"), Value::Null, Value::Null, json!(true)]);
    assert_eq!(picked(3), [json!("NOT_REPORTED"), Value::Null, Value::Null, json!("8.00"), json!(true)]);
    // Only a person can score words: no score, and the band beside it.
    assert_eq!((&run.rows[4]["score"], &run.rows[4]["certain"]), (&Value::Null, &json!(false)));
    assert_eq!(run.rows[4]["scoreBand"], json!(["4.80", "6.39"]));
    // `certain` covers both: an open target with a plain answer is not certain.
    assert_eq!((&run.rows[5]["certain"], &run.rows[6]["certain"]), (&json!(false), &json!(false)));
    for row in &run.rows {
        assert!(row["flags"].is_array() && row["explanation"]["steps"].is_array(), "{row}");
        assert_eq!(row.get("scoreBand").is_some(), row["row"] == 5, "{row}");
    }
    assert_eq!(run.rows[0]["explanation"]["schemeCode"], json!("CN-2020"));
}

#[test]
fn the_scheme_is_chosen_by_its_code() {
    let table = "target\tactual\tweight\tlevel2\n≤5次\t8次\t10\t数量指标\n";
    let score = |scheme: &str| run(&["assess", "--scheme", scheme], table).rows[0]["score"].clone();
    assert_eq!(score("CN-2020"), json!("4.00"));
    assert_eq!(score("CN-2021-COST"), json!("4.00"));
    let unknown = run(&["assess", "--scheme", "CN-1900"], table);
    assert_eq!((unknown.code, unknown.rows.len()), (Some(2), 0));
    assert!(unknown.errors.contains("CN-1900") && unknown.errors.contains("CN-2020"), "{}", unknown.errors);
}

#[test]
fn a_weight_that_is_none_breaks_its_line_only() {
    let run = run(&["assess"], "target\tactual\tweight\n≥5个\t5\tmany\n≥5个\t5\t-1\n≥5个\t5\t10.3\n≥5个\t5\t8分\n");
    assert_eq!((run.code, run.rows.len(), run.errors.lines().count()), (Some(1), 4, 2));
    assert!(run.rows[0].get("error").is_some() && run.rows[1].get("error").is_some());
    assert_eq!((&run.rows[2]["score"], &run.rows[3]["score"]), (&json!("10.30"), &json!("8.00")));
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    for command in ["interpret", "assess"] {
        let mut child = start(&[command]);
        let mut table = "target\tactual\n".to_owned();
        table.push_str(&"≥90%\t95%\n".repeat(100_000));
        let feeder = feed(&mut child, table.into_bytes());
        let mut first = String::new();
        // The reader is dropped with its pipe, as `head -1` does.
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut first).expect("a line");
        assert!(first.starts_with("{\"row\":1"));
        let output = child.wait_with_output().expect("the program ends");
        feeder.join().expect("the writer ends");
        let errors = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!((output.status.code(), errors.as_str()), (Some(0), ""), "{command}");
    }
}

/// Resident memory of a process, in kB.
#[cfg(target_os = "linux")]
fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("a running process");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("memory");
    line.split_ascii_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse().ok()).expect("a number")
}

/// Ten times the rows take no more memory: a million rows take what a thousand take.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_rows() {
    for command in ["interpret", "assess"] {
        let mut child = start(&[command]);
        let mut stdin = child.stdin.take().expect("a pipe");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        stdin.write_all(b"target\tactual\tlevel2\tlevel3\n").expect("written");
        let mut memory = Vec::new();
        let block =
            "≥12,000人次\t12,345人次\t数量指标\t培训人次\n控制在0.9‰以内\t0.3‰\t质量指标\t火灾受害率\n".repeat(500);
        for block_number in 0..20 {
            std::thread::scope(|scope| {
                scope.spawn(|| stdin.write_all(block.as_bytes()).expect("written"));
                // Answers may wait in the program's buffer; all but the last few are here.
                for _ in 0..if block_number == 0 { 900 } else { 1000 } {
                    lines.next().expect("an answer").expect("a line");
                }
            });
            if block_number == 1 || block_number == 19 {
                memory.push(resident(child.id()));
            }
        }
        drop(stdin);
        assert_eq!(lines.count(), 100);
        assert_eq!(child.wait().expect("the program ends").code(), Some(0));
        assert!(memory[1] <= memory[0] + 1024, "{command}: {memory:?} kB");
    }
}
