//! The official form as a workbook: out as it was published, in again as it was.

use rust_xlsxwriter::{Workbook, XlsxError};
use serde_json::{Value, json};

use crate::harness::{DEPARTMENT, TestApp};

const IMPORT: &str = "mutation($input: DeclarationImportInput!) { declarationImport(input: $input) {
  declaration { id } notices { code row message } userErrors { code field message } } }";

const CONTENT: &str = "query($d: String!, $y: Int!) { declaration(departmentCode: $d, fiscalYear: $y) {
  publiclyFundedStaffCount subordinateUnitCount overallGoal
  budget { basicExpenditure projectExpenditure fiscalSpecialFunds otherDevelopmentExpenditure fiscalAppropriation otherFunds
    ownLevelFunds plannedTransfersToLowerLevels }
  keyTasks { name description plannedFunding expectedResult }
  indicators { level1 level1Label level2 level2Label name weight cycleTarget { text } annualTarget { text } } } }";

async fn content(app: &TestApp, year: i32) -> Value {
    app.query("filer", CONTENT, json!({ "d": DEPARTMENT, "y": year })).await.data("declaration").clone()
}

async fn import(app: &TestApp, year: i32, bytes: Vec<u8>) -> crate::harness::Answer {
    let input = json!({ "departmentCode": DEPARTMENT, "fiscalYear": year });
    app.upload("filer", IMPORT, input, ("申报表.xlsx", bytes)).await
}

async fn exported(app: &TestApp, name: &str, year: i32, file: &str) -> (u16, Vec<u8>) {
    let path = format!("/export/{file}?departmentCode={DEPARTMENT}&fiscalYear={year}");
    let (status, _, bytes) = app.download(Some(&app.token(name)), &path).await;
    (status.as_u16(), bytes)
}

#[tokio::test]
async fn what_goes_out_comes_in_as_it_was() {
    let app = TestApp::new().await;
    app.import().await;
    let before = content(&app, 2024).await;
    assert_eq!(before["indicators"].as_array().map(Vec::len), Some(14));
    // Each from the one before, so that what went out and came in goes out again.
    for (year, file) in [(2024, "form.xlsx"), (2025, "form.html"), (2026, "form.xlsx")] {
        let (status, bytes) = exported(&app, "filer", year, file).await;
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&bytes));
        let answer = import(&app, year + 1, bytes).await;
        assert_eq!(answer.user_errors("declarationImport"), Vec::<&str>::new(), "{:#}", answer.body);
        assert_eq!(content(&app, year + 1).await, before, "{file}");
    }
    for (name, year, file) in [
        ("filer2", 2024, "form.xlsx"),
        ("filer", 2023, "form.html"),
        ("filer", 2024, "form.csv"),
        ("filer", 2024, "form"),
    ] {
        assert_eq!(exported(&app, name, year, file).await.0, 404, "{file}");
    }
    let log = app.access_log("admin").await;
    assert_eq!(log.data("accessLog/edges/0/node/act"), "EXPORT", "{:#}", log.body);
    app.healthy().await;
}

/// A form as somebody made it: a cover sheet before it, blank columns and rows, merged cells, a formula, numbers as numbers.
fn handmade() -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("说明")?.write_string(0, 0, "填表说明")?;
    let sheet = book.add_worksheet().set_name("申报表")?;
    let plain = rust_xlsxwriter::Format::new();
    let percent = rust_xlsxwriter::Format::new().set_num_format("0%");
    sheet.merge_range(1, 1, 1, 7, "部门整体预算绩效目标申报表", &plain)?;
    sheet.write_string(3, 1, "部门名称")?.write_string(3, 2, "广州市增城区民政局")?;
    sheet.write_string(4, 1, "基本信息")?.write_string(4, 2, "财政供养人员数")?.write_number(4, 3, 63_u32)?;
    sheet.write_string(4, 4, "下属二级单位数")?.write_number(4, 5, 4_u32)?;
    sheet.write_string(6, 1, "总体绩效目标")?.write_string(6, 2, "保障民生")?;
    for (column, heading) in (1..).zip(["绩效指标", "一级指标", "二级指标", "三级指标", "实施周期指标值", "年度指标值"])
    {
        sheet.write_string(8, column, heading)?;
    }
    sheet.merge_range(9, 2, 11, 2, "产出指标", &plain)?;
    sheet.merge_range(9, 3, 10, 3, "数量指标", &plain)?;
    sheet.write_string(11, 3, "质量指标")?;
    for (row, name) in (9..).zip(["服务站数量", "床位数量", "合格率"]) {
        sheet.write_string(row, 4, name)?;
    }
    sheet.write_string(9, 6, "≥14个")?;
    sheet.write_formula(10, 6, rust_xlsxwriter::Formula::new("=10+20").set_result("30"))?;
    sheet.write_number_with_format(11, 6, 1_u32, &percent)?;
    // Hidden, and a formula that gives an error: the one is read, the other has no value.
    sheet.write_string(12, 4, "隐藏的数量")?.set_row_hidden(12)?;
    sheet.write_formula(12, 5, rust_xlsxwriter::Formula::new("=1/0").set_result("#DIV/0!"))?;
    sheet.write_string(12, 6, "5个")?;
    book.save_to_buffer()
}

#[tokio::test]
async fn a_form_as_somebody_made_it() {
    let app = TestApp::new().await;
    let answer = import(&app, 2024, handmade().expect("a workbook")).await;
    assert_eq!(answer.user_errors("declarationImport"), Vec::<&str>::new(), "{:#}", answer.body);
    let found = content(&app, 2024).await;
    assert_eq!((&found["publiclyFundedStaffCount"], &found["overallGoal"]), (&json!(63), &json!("保障民生")));
    let rows: Vec<[&Value; 4]> = found["indicators"]
        .as_array()
        .expect("indicators")
        .iter()
        .map(|row| [&row["level1"], &row["level2"], &row["name"], &row["annualTarget"]["text"]])
        .collect();
    assert_eq!(
        json!(rows),
        json!([
            ["OUTPUT", "QUANTITY", "服务站数量", "≥14个"],
            ["OUTPUT", "QUANTITY", "床位数量", "30"],
            ["OUTPUT", "QUALITY", "合格率", "100%"],
            ["OUTPUT", "QUALITY", "隐藏的数量", "5个"]
        ])
    );
    // What a formula gives was taken, what is hidden was read, and that is said; so is what has no value.
    let notices = answer.data("declarationImport/notices").as_array().expect("notices");
    let told = |code: &str| notices.iter().any(|notice| notice["code"] == code);
    assert!(told("FORMULA") && told("HIDDEN_ROW") && told("VALUE_MISSING"), "{:#}", answer.body);
    let missing = notices.iter().find(|notice| notice["code"] == "VALUE_MISSING").expect("it");
    assert!(missing["row"] == 13 && missing["message"].as_str().is_some_and(|text| text.starts_with("申报表!F13")));
}

/// A document whose body is this.
fn document(body: &str) -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let parts =
        [("[Content_Types].xml", TYPES.to_owned()), ("word/document.xml", format!("<?xml version=\"1.0\"?>{body}"))];
    for (name, text) in parts {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        archive.write_all(text.as_bytes()).expect("writes");
    }
    archive.finish().expect("an archive").into_inner()
}

const TYPES: &str = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override \
    PartName=\"/word/document.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";

/// A table of cells, each its text, the columns it spans, and whether it goes on from above.
fn table(rows: &[&[(&str, u32, bool)]]) -> Vec<u8> {
    let mut xml = format!("<w:document xmlns:w=\"{WORD}\"><w:body><w:p><w:r><w:t>填表说明</w:t></w:r></w:p><w:tbl>");
    for row in rows {
        xml.push_str("<w:tr>");
        for (text, span, goes_on) in *row {
            let merge = if *goes_on { "<w:vMerge/>" } else { "<w:vMerge w:val=\"restart\"/>" };
            let runs: String = text.split('|').map(|run| format!("<w:r><w:t>{run}</w:t></w:r>")).collect();
            xml.push_str(&format!(
                "<w:tc><w:tcPr><w:gridSpan w:val=\"{span}\"/>{merge}</w:tcPr><w:p>{runs}\
                 <w:del><w:r><w:delText>删</w:delText><w:t>去</w:t></w:r></w:del></w:p></w:tc>"
            ));
        }
        xml.push_str("</w:tr>");
    }
    xml.push_str("</w:tbl></w:body></w:document>");
    document(&xml)
}

#[tokio::test]
async fn a_form_as_a_document() {
    let app = TestApp::new().await;
    let bytes = table(&[
        &[("部门名称", 1, false), ("广州市增城区|民政局", 5, false)],
        &[("总体绩效目标", 1, false), ("保障民生 &lt;兜底&gt;", 5, false)],
        &[
            ("绩效指标", 1, false),
            ("一级指标", 1, false),
            ("二级指标", 1, false),
            ("三级指标", 1, false),
            ("实施周期指标值", 1, false),
            ("年度指标值", 1, false),
        ],
        &[
            ("", 1, false),
            ("产出指标", 1, false),
            ("数量指标", 1, false),
            ("服务站|数量", 1, false),
            ("", 1, false),
            ("≥14个", 1, false),
        ],
        &[
            ("", 1, true),
            ("不看", 1, true),
            ("不看", 1, true),
            ("床位数量", 1, false),
            ("", 1, false),
            ("30张", 1, false),
        ],
        &[
            ("", 1, true),
            ("不看", 1, true),
            ("质量指标", 1, false),
            ("合格率", 1, false),
            ("", 1, false),
            ("100%", 1, false),
        ],
    ]);
    let input = json!({ "departmentCode": DEPARTMENT, "fiscalYear": 2024 });
    let answer = app.upload("filer", IMPORT, input, ("申报表.docx", bytes)).await;
    assert_eq!(answer.user_errors("declarationImport"), Vec::<&str>::new(), "{:#}", answer.body);
    let found = content(&app, 2024).await;
    assert_eq!(found["overallGoal"], "保障民生 <兜底>");
    assert_eq!(
        rows(&found),
        json!([["QUANTITY", "服务站数量", "≥14个"], ["QUANTITY", "床位数量", "30张"], ["QUALITY", "合格率", "100%"]])
    );
}

#[tokio::test]
async fn documents_that_would_hurt() {
    let app = TestApp::new().await;
    let wide = table(&[&[("三级指标", 60_000, false)]]);
    let bomb = document(&format!(
        "<!DOCTYPE x [<!ENTITY a \"{}\">]><w:document xmlns:w=\"{WORD}\">&a;</w:document>",
        "x".repeat(1_000)
    ));
    let burst = document(&format!("<w:document xmlns:w=\"{WORD}\">{}</w:document>", " ".repeat(40 << 20)));
    let empty = document(&format!("<w:document xmlns:w=\"{WORD}\"><w:body/></w:document>"));
    for (bytes, code) in
        [(wide, "FILE_REFUSED"), (bomb, "FILE_REFUSED"), (burst, "FILE_REFUSED"), (empty, "FORM_REFUSED")]
    {
        let input = json!({ "departmentCode": DEPARTMENT, "fiscalYear": 2024 });
        let answer = app.upload("filer", IMPORT, input, ("申报表.docx", bytes)).await;
        assert_eq!(answer.data("declarationImport/userErrors/0/code"), code, "{:#}", answer.body);
    }
}

#[tokio::test]
async fn what_is_no_form_is_refused_with_its_reason() {
    let app = TestApp::new().await;
    let mut other = Workbook::new();
    other.add_worksheet().write_string(0, 0, "通讯录").expect("writes");
    let mut far = Workbook::new();
    far.add_worksheet().write_string(1_048_575, 16_383, "三级指标").expect("writes");
    let mut long = Workbook::new();
    let rows = long.add_worksheet();
    for row in 0..200_000 {
        rows.write_string(row, 0, "三级指标").expect("writes");
    }
    let encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(100);
    for (bytes, code) in [
        (other.save_to_buffer().expect("a workbook"), "FORM_REFUSED"),
        (far.save_to_buffer().expect("a workbook"), "LIMIT_EXCEEDED"),
        (encrypted, "FORM_REFUSED"),
        ([b"MZ\x90\0\x03\0\0\0\x04".to_vec(), vec![0; 600]].concat(), "FORM_REFUSED"),
        (long.save_to_buffer().expect("a workbook"), "LIMIT_EXCEEDED"),
        (b"PK\x03\x04rest".to_vec(), "FORM_REFUSED"),
        (b"<html><p>".repeat(100), "FORM_REFUSED"),
        (b"<table><tr><td colspan=1000>x".to_vec(), "FILE_REFUSED"),
        ([b"<table>".to_vec(), b"<tr><td>x".repeat(200_000 / 10)].concat(), "LIMIT_EXCEEDED"),
    ] {
        let answer = import(&app, 2024, bytes).await;
        assert_eq!(answer.data("declarationImport/userErrors/0/code"), code, "{:#}", answer.body);
        assert_eq!(answer.data("declarationImport/userErrors/0/field/0"), "file", "{:#}", answer.body);
    }
}

/// A page as a ministry's site has it: encoded in GB18030, levels over several rows, markup around every word.
#[tokio::test]
async fn a_form_as_a_page() {
    let app = TestApp::new().await;
    let page = "<html><head><meta charset=gb2312><style>td{border:1px}</style></head><body><p>附件</p>
        <table><tr><td colspan=6><p>部门整体预算绩效目标申报表</p></td></tr>
        <tr><td>部门名称</td><td colspan=5><span>广州市增城区</span><b>民政局</b></td></tr>
        <tr><td>总体绩效目标<td colspan=5>保障民生<br>兜底</tr>
        <tr><td>绩效指标<td>一级指标<td>二级指标<td>三级指标<td>实施周期指标值<td>年度指标值
        <tr><td rowspan=3>&nbsp;<td rowspan=3>产出指标<td rowspan=2>数量指标<td>服务站数量<td>&nbsp;<td>&ge;14个
        <tr><td>床位数量<td><td>30张
        <tr><td>质量指标<td>合格率<td><td>100%</table></body></html>";
    let (bytes, _, _) = encoding_rs::GB18030.encode(page);
    let input = json!({ "departmentCode": DEPARTMENT, "fiscalYear": 2024 });
    let answer = app.upload("filer", IMPORT, input, ("申报表.html", bytes.into_owned())).await;
    assert_eq!(answer.user_errors("declarationImport"), Vec::<&str>::new(), "{:#}", answer.body);
    let found = content(&app, 2024).await;
    assert_eq!(found["overallGoal"], "保障民生\n兜底");
    assert_eq!(
        rows(&found),
        json!([["QUANTITY", "服务站数量", "≥14个"], ["QUANTITY", "床位数量", "30张"], ["QUALITY", "合格率", "100%"]])
    );
}

fn rows(found: &Value) -> Value {
    let rows = found["indicators"].as_array().expect("indicators").iter();
    rows.map(|row| json!([row["level2"], row["name"], row["annualTarget"]["text"]])).collect()
}

/// What stands in the forms of both reports, and how they look where nothing was reported yet.
#[tokio::test]
async fn the_forms_of_reports() {
    let (app, id) = TestApp::approved().await;
    let (status, blank) = exported(&app, "filer", 2024, "monitoring-form.html").await;
    assert_eq!(status, 200);
    let text = String::from_utf8(blank).expect("text");
    assert!(text.contains(">1-7月执行情况<"), "{text}");
    assert!(!text.contains('√'), "nothing is chosen yet");

    let sheet = app.report("filer", &id, "MID_YEAR").await;
    let entry = json!({ "indicatorId": sheet["rows"][0]["indicator"]["id"], "text": "10", "forecastText": "12", "outlook": "POSSIBLE",
        "deviations": [{ "category": "STAFFING", "text": "人手<不足>" }], "correctiveAction": "增派人员", "note": "见附件" });
    let execution =
        json!({ "executed": "30000.5", "forecast": "51000", "funds": [{ "source": "OTHER", "executed": "0.10" }] });
    app.record(&id, "MID_YEAR", json!({ "entries": [entry], "execution": execution })).await;
    app.evaluated(&id).await;
    let summary = json!({ "overallGoalResult": "已完成", "conclusion": "良好" });
    app.record(&id, "YEAR_END", json!({ "summary": summary })).await;
    for file in ["monitoring-form", "self-evaluation-form"] {
        let (status, page) = exported(&app, "filer", 2024, &format!("{file}.html")).await;
        assert_eq!(status, 200);
        insta::assert_snapshot!(file, String::from_utf8(page).expect("text"));
        let (status, book) = exported(&app, "filer", 2024, &format!("{file}.xlsx")).await;
        assert!(status == 200 && book.starts_with(b"PK"), "{file}");
        assert_eq!(exported(&app, "filer2", 2024, &format!("{file}.xlsx")).await.0, 404);
        assert_eq!(exported(&app, "filer", 2024, &format!("{file}.csv")).await.0, 404);
    }
    for (argument, want) in [("Q1", 200), ("YEAR_END", 400), ("x", 400)] {
        let path =
            format!("/export/monitoring-form.html?departmentCode={DEPARTMENT}&fiscalYear=2024&period={argument}");
        assert_eq!(app.download(Some(&app.token("filer")), &path).await.0, want, "{argument}");
    }
}
