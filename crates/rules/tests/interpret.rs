//! `interpret` as a stream: columns in any order, broken lines answered one for one.

use std::io::Read;

use jixiao_rules::interpret::run;

fn interpret(input: &[u8]) -> (u8, Vec<serde_json::Value>, String) {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let code = run(input, &mut output, &mut errors).expect("memory does not fail");
    let output = String::from_utf8(output).expect("UTF-8");
    let objects = output.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect();
    (code, objects, String::from_utf8(errors).expect("UTF-8"))
}

#[test]
fn one_object_a_row() {
    let table = "\u{feff}level2\tother\ttarget\tyear\r\n成本指标\tx\t<=4758万元\t2020\r\n时效指标\t\t12月底前\t\r\n数量指标\t\t\r\n";
    let (code, rows, errors) = interpret(table.as_bytes());
    assert_eq!((code, errors.as_str(), rows.len()), (0, "", 3));
    assert_eq!(
        rows[0],
        serde_json::json!({"row": 1, "kind": "QUANTITY", "comparator": "LTE", "value": "4758", "valueHigh": null, "unit": "万元",
            "baseValue": "47580000", "baseUnit": "元", "direction": "LOWER", "deadline": null, "certain": true, "notes": []})
    );
    assert_eq!((&rows[1]["deadline"], &rows[1]["kind"]), (&"XXXX-12-31".into(), &"DATE".into()));
    assert_eq!((&rows[2]["certain"], &rows[2]["notes"][0]["code"]), (&false.into(), &"BLANK".into()));
}

#[test]
fn broken_lines_are_answered_and_the_others_too() {
    let mut table = b"year\ttarget\n2020\t5%\n2020\t5%\tmore\n\xff\t5%\ntwenty\t5%\n2020\n".to_vec();
    table.extend(std::iter::repeat_n(b'9', 200_000));
    table.extend(b"\n2021\t6%");
    let (code, rows, errors) = interpret(&table);
    assert_eq!((code, rows.len(), errors.lines().count()), (1, 7, 5));
    for (index, row) in rows.iter().enumerate() {
        assert_eq!(row["row"], serde_json::json!(index + 1));
        assert_eq!(row.get("error").is_some(), (1..=5).contains(&index), "{row}");
    }
    assert!(errors.lines().next().is_some_and(|line| line.starts_with("line 3:")));
}

#[test]
fn without_a_target_column_there_is_one_message() {
    for table in ["", "goal\tyear\n5%\t2020\n", "\n"] {
        let (code, rows, errors) = interpret(table.as_bytes());
        assert_eq!((code, rows.len(), errors.lines().count()), (2, 0, 1));
    }
}

#[test]
fn an_endless_line_is_not_kept() {
    let endless = b"target\n".chain(std::io::repeat(b'x').take(50_000_000)).chain(&b"\n5%\n"[..]);
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let code = run(std::io::BufReader::new(endless), &mut output, &mut errors).expect("memory does not fail");
    assert_eq!((code, output.iter().filter(|byte| **byte == b'\n').count()), (1, 2));
}
