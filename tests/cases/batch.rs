//! Files of many rows: read exactly, refused by the cell, recorded as by hand.

use std::io::{Cursor, Write as _};

use encoding_rs::GBK;
use rust_xlsxwriter::{Format, Formula, Workbook};
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::harness::reporting::{errors, row};
use crate::harness::{Answer, DEPARTMENT, TestApp};

const VALUES: &str = "mutation($input: ActualValuesImportInput!) { actualValuesImport(input: $input) {
    report { revision } results { index address indicator { name } actualValue { text } achievement { rate score status }
        userErrors { code field message } } notices { code address } userErrors { code field message } } }";

const USERS: &str = "mutation($input: BatchInput!) { usersImport(input: $input) {
    results { index address username written generatedPassword userErrors { code field } } userErrors { code field } } }";

const DEPARTMENTS: &str = "mutation($input: BatchInput!) { departmentsImport(input: $input) {
    results { address code written userErrors { code field } } userErrors { code field } } }";

fn input(id: &str) -> Value {
    json!({ "declarationId": id, "period": "YEAR_END" })
}

async fn values(app: &TestApp, input: Value, file: (&str, impl Into<Vec<u8>>)) -> Answer {
    app.upload("filer", VALUES, input, (file.0, file.1.into())).await
}

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let percent = Format::new().set_num_format("0.0%");
    let sheet = book.add_worksheet().set_name("自评").expect("a name");
    sheet.write(0, 0, "部门整体绩效自评表").expect("writes");
    for (column, word) in (0..).zip(["三级指标", "实际完成值", "备注", "填表人"]) {
        sheet.write(1, column, word).expect("writes");
    }
    sheet.write(2, 0, "火化率").expect("writes");
    sheet.write_with_format(2, 1, 0.985, &percent).expect("writes");
    sheet.write(3, 0, "颐康服务站数量").expect("writes");
    sheet.write_formula(3, 1, Formula::new("=100+48").set_result("148")).expect("writes");
    sheet.write(3, 2, "含新建\n3个").expect("writes");
    sheet.set_row_hidden(3).expect("hides");
    book.add_worksheet().set_name("说明").expect("a name").write(0, 0, "请勿修改").expect("writes");
    book.save_to_buffer().expect("a workbook")
}

#[tokio::test]
async fn a_workbook_is_recorded_as_by_hand() {
    let (app, id) = TestApp::approved().await;
    let before = app.chain().await;
    let mut dry = input(&id);
    dry["dryRun"] = json!(true);
    let preview = values(&app, dry, ("自评.xlsx", workbook())).await;
    assert_eq!(app.chain().await, before, "a dry run writes nothing");
    let done = values(&app, input(&id), ("自评.xlsx", workbook())).await;
    assert_eq!(done.user_errors("actualValuesImport"), Vec::<&str>::new(), "{:#}", done.body);
    assert_eq!(preview.data("actualValuesImport/results"), done.data("actualValuesImport/results"));
    assert!(preview.data("actualValuesImport/report").is_null());
    assert_eq!((done.data("actualValuesImport/report/revision"), app.chain().await), (&json!(1), before + 1));
    let result = |index: usize| done.data(&format!("actualValuesImport/results/{index}")).clone();
    assert_eq!((&result(0)["address"], &result(0)["actualValue"]["text"]), (&json!("自评!A3"), &json!("98.5%")));
    assert_eq!(
        (&result(1)["actualValue"]["text"], &result(1)["achievement"]["score"]),
        (&json!("148"), &json!("4.49"))
    );
    let notices = done.data("actualValuesImport/notices").as_array().expect("notices").clone();
    let codes: Vec<_> = notices.iter().map(|notice| notice["code"].as_str().expect("a code")).collect();
    assert_eq!(codes, ["FORMULA", "HIDDEN_ROW", "COLUMN_IGNORED", "SHEET_IGNORED"]);
    assert_eq!(notices[2]["address"], "自评!D2");
    let report = app.report("filer", &id, "YEAR_END").await;
    assert_eq!(row(&report, "颐康服务站数量").1["current"]["text"], "148");
}

#[tokio::test]
async fn refused_cells_have_addresses() {
    let (app, id) = TestApp::approved().await;
    let text = "实际完成值,name,level,得分\n99%,火化率,,\n-5个,颐康服务站数量,,\n1,没有的指标,很好,\n,火化率,,\n2,火化率,,abc\n";
    let all = values(&app, input(&id), ("v.csv", text)).await;
    let expected = ["INVALID_VALUE file.A3", "NOT_FOUND file.B4", "INVALID_VALUE file.C4", "INVALID_VALUE file.D6"];
    assert_eq!(errors(&all, "actualValuesImport"), expected);
    let message = all.data("actualValuesImport/userErrors/0/message").as_str().expect("a sentence");
    assert!(message.starts_with("A3："), "{message}");
    assert!(all.data("actualValuesImport/report").is_null());

    let mut valid = input(&id);
    valid["mode"] = json!("VALID_ROWS");
    valid["idempotencyKey"] = json!("file-1");
    let some = values(&app, valid.clone(), ("v.csv", text)).await;
    assert_eq!(some.user_errors("actualValuesImport"), Vec::<&str>::new());
    assert_eq!(some.data("actualValuesImport/report/revision"), 1);
    assert_eq!(some.data("actualValuesImport/results/1/userErrors/0/field"), &json!(["file", "A3"]));
    assert_eq!(some.data("actualValuesImport/results/0/actualValue/text"), "99%");

    let chain = app.chain().await;
    let again = values(&app, valid.clone(), ("v.csv", text)).await;
    assert_eq!((again.data("actualValuesImport"), app.chain().await), (some.data("actualValuesImport"), chain));
    let other = values(&app, valid, ("v.csv", text.replace("99%", "98%"))).await;
    assert_eq!(other.user_errors("actualValuesImport"), ["IDEMPOTENCY_KEY_REUSED"]);
}

#[tokio::test]
async fn encodings_separators_and_ids() {
    let (app, id) = TestApp::approved().await;
    let table = "三级指标\t二级指标\t实际完成值\t偏差原因\n颐康服务站数量\t\t\"148个\"\t经费保障：拨款晚；下半年到位；其他：疫情\n";
    for bytes in [
        table.as_bytes().to_vec(),
        format!("\u{feff}{}", table.replace('\t', ";")).into_bytes(),
        GBK.encode(&table.replace('\t', ",")).0.into_owned(),
    ] {
        let done = values(&app, input(&id), ("v.csv", bytes)).await;
        assert_eq!(done.user_errors("actualValuesImport"), Vec::<&str>::new(), "{:#}", done.body);
        assert_eq!(done.data("actualValuesImport/results/0/actualValue/text"), "148个");
        let report = app.report("filer", &id, "YEAR_END").await;
        let deviations = row(&report, "颐康服务站数量").1["current"]["deviations"].clone();
        assert_eq!(deviations[0], json!({ "category": "FUNDING", "text": "拨款晚；下半年到位" }));
        assert_eq!(deviations[1]["category"], "OTHER");
    }
    let report = app.report("filer", &id, "YEAR_END").await;
    let indicator = row(&report, "火化率").1["indicator"]["id"].as_str().expect("an id").to_owned();
    let both = format!("indicatorId,name,text\n{indicator},颐康服务站数量,1\n");
    let shifted = values(&app, input(&id), ("v.csv", both)).await;
    assert_eq!(errors(&shifted, "actualValuesImport"), ["INVALID_VALUE file.B2"]);
    let refused = app.upload("auditor", VALUES, input(&id), ("v.csv", b"name,text\nx,1".to_vec())).await;
    assert_eq!(refused.code(), "FORBIDDEN");
    let unseen = app.upload("filer2", VALUES, input(&id), ("v.csv", b"name,text\nx,1".to_vec())).await;
    assert_eq!(unseen.user_errors("actualValuesImport"), ["NOT_FOUND"]);
}

/// A workbook whose sheet is this XML.
fn book(sheet: &[u8]) -> Vec<u8> {
    book_with(sheet, b"<sst/>")
}

fn book_with(sheet: &[u8], strings: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let types = r#"<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
    let workbook = r#"<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>"#;
    let relations =
        r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    for (name, content) in [
        ("[Content_Types].xml", types.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/sharedStrings.xml", strings),
        ("xl/worksheets/sheet1.xml", sheet),
    ] {
        archive.start_file(name, SimpleFileOptions::default()).expect("a part");
        archive.write_all(content).expect("writes");
    }
    archive.finish().expect("an archive").into_inner()
}

#[tokio::test]
async fn what_is_no_table_is_refused() {
    let (app, id) = TestApp::approved().await;
    let before = app.chain().await;
    let corner =
        br#"<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>"#;
    let declared = br#"<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>"#;
    let many = format!("name,text\n{}", "火化率,1\n".repeat(10_000));
    for (name, bytes, code) in [
        ("leer.csv", Vec::new(), "FILE_REFUSED"),
        ("setup.xlsx", [b"MZ\x90\0\x03\0\0\0\x04".as_slice(), &[0; 200]].concat(), "FILE_REFUSED"),
        ("locked.xlsx", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600]].concat(), "FILE_REFUSED"),
        ("bomb.xlsx", book(&vec![b' '; 40 << 20]), "FILE_REFUSED"),
        (
            "texts.xlsx",
            book_with(b"<worksheet/>", format!("<sst>{}</sst>", "<si/>".repeat(500_000)).as_bytes()),
            "FILE_REFUSED",
        ),
        ("corner.xlsx", book(corner), "LIMIT_EXCEEDED"),
        ("entities.xlsx", book(declared), "FILE_REFUSED"),
        ("quote.csv", b"name,text\n\"x,1\n".to_vec(), "FILE_REFUSED"),
        ("many.csv", many.into_bytes(), "LIMIT_EXCEEDED"),
        ("head.csv", b"a,b\n1,2\n".to_vec(), "REQUIRED"),
        ("twice.csv", b"name,text,text\n1,2,3\n".to_vec(), "INVALID_VALUE"),
        ("nothing.csv", "name,text\n火化率,\n".into(), "REQUIRED"),
    ] {
        let answer = values(&app, input(&id), (name, bytes)).await;
        assert_eq!(answer.user_errors("actualValuesImport"), [code], "{name}: {:#}", answer.body);
        assert_eq!(answer.data("actualValuesImport/userErrors/0/field/0"), "file", "{name}");
    }
    assert_eq!(app.chain().await, before);
}

#[tokio::test]
async fn accounts_and_departments() {
    let app = TestApp::new().await;
    let before = app.chain().await;
    let file = |text: &str| ("f.csv", text.as_bytes().to_vec());
    let departments =
        "部门代码,部门名称,区划代码\n440118101,甲局,440118\n440118102,乙局,999999\n440118101,丙局,440118\n";
    let whole = app.upload("admin", DEPARTMENTS, json!({}), file(departments)).await;
    assert_eq!(errors(&whole, "departmentsImport"), ["NOT_FOUND file.C3", "ALREADY_EXISTS file.A4"]);
    assert_eq!(app.chain().await, before);
    let some = app.upload("admin", DEPARTMENTS, json!({ "mode": "VALID_ROWS" }), file(departments)).await;
    let written: Vec<_> =
        (0..3).map(|row| some.data(&format!("departmentsImport/results/{row}/written")).clone()).collect();
    assert_eq!((written, app.chain().await), (vec![json!(true), json!(false), json!(false)], before + 1));

    let users = format!(
        "登录名,显示名,密码,角色,部门代码,区划代码\nzhao,赵,,UNIT_FILER,440118101,\nqian,钱,a-long-password,财政审核人,,440118\nsun,孙,short,UNIT_FILER,{DEPARTMENT},\nli,李,,AUDITOR,,\nzhou,周,,UNIT_FILER,440118102,\n"
    );
    let refused = ["INVALID_VALUE file.C4", "REQUIRED file.E5", "NOT_FOUND file.E6"];
    let whole = app.upload("admin", USERS, json!({}), file(&users)).await;
    assert_eq!(errors(&whole, "usersImport"), refused);
    let dry = app.upload("admin", USERS, json!({ "mode": "VALID_ROWS", "dryRun": true }), file(&users)).await;
    assert!(dry.data("usersImport/results/0/generatedPassword").is_null());
    assert_eq!(app.chain().await, before + 1);
    let some = app.upload("admin", USERS, json!({ "mode": "VALID_ROWS" }), file(&users)).await;
    assert_eq!(app.chain().await, before + 2);
    assert!(some.data("usersImport/results/1/generatedPassword").is_null());
    let made = some.data("usersImport/results/0/generatedPassword").as_str().expect("a password").to_owned();
    for (name, password, tokens) in
        [("zhao", made.as_str(), true), ("qian", "a-long-password", true), ("sun", "short", false)]
    {
        let document = "mutation($u: String!, $p: String!) { signIn(username: $u, password: $p) { accessToken } }";
        let answer = app.send(None, document, json!({ "u": name, "p": password })).await;
        assert_eq!(answer.data("signIn/accessToken").is_string(), tokens, "{name}");
    }
    for (query, field) in [(USERS, "usersImport"), (DEPARTMENTS, "departmentsImport")] {
        let answer = app.upload("finance", query, json!({}), file("x,y\n")).await;
        assert_eq!(answer.code(), "FORBIDDEN", "{field}");
    }
}
