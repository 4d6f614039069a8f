//! Listings as files: what stands in them is what the API answers, nothing runs, and nobody gets more than they may see.

use std::collections::BTreeSet;
use std::process::Command;

use axum::http::StatusCode;
use futures_util::TryStreamExt;
use jixiao_rules::cycle::{DeclarationStatus, Period};
use jixiao_rules::kind::{Light, Status, Vocabulary};
use jixiao_service::access::{self, Access, AccessAct};
use jixiao_service::export::{Export, ExportFormat, open};
use serde_json::{Value, json};

use super::paging::reported;
use crate::harness::upload::{acts, pdf};
use crate::harness::{DEPARTMENT, TestApp, indicators, operator, size};

const LISTINGS: [&str; 9] = [
    "declarations",
    "indicators",
    "achievement-summary",
    "audit-trail",
    "access-log",
    "rectifications",
    "publications",
    "evidence",
    "findings",
];

/// A path with its arguments, as a browser would write them.
fn path(file: &str, arguments: &[(&str, &str)]) -> String {
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs: Vec<String> = arguments.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    format!("/export/{file}?{}", pairs.join("&"))
}

/// The arguments that a listing needs.
fn needed<'a>(listing: &str, id: &'a str) -> Vec<(&'a str, &'a str)> {
    match listing {
        "achievement-summary" => vec![("groupBy", r#"["DEPARTMENT","LEVEL1"]"#)],
        "audit-trail" => vec![("nodeId", id)],
        _ => Vec::new(),
    }
}

/// The rows of a CSV file, heading included.
fn csv_rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).expect("the mark by which Excel knows UTF-8");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

/// The rows of a workbook, by a reader that is not ours: `[text, is a number]` of each cell.
fn workbook_rows(bytes: &[u8]) -> Vec<Vec<(String, bool)>> {
    const READER: &str = r#"
import json, re, sys, zipfile, xml.etree.ElementTree as tree
book = zipfile.ZipFile(sys.argv[1])
assert book.testzip() is None
space = {'m': 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'}
tree.fromstring(book.read('xl/styles.xml')), tree.fromstring(book.read('[Content_Types].xml'))
def place(name):
    column = 0
    for letter in re.match('[A-Z]+', name).group():
        column = column * 26 + ord(letter) - 64
    return column - 1
rows = []
for sheet in tree.fromstring(book.read('xl/workbook.xml')).find('m:sheets', space):
    for row in tree.fromstring(book.read('xl/worksheets/sheet%s.xml' % sheet.get('sheetId'))).iter('{%s}row' % space['m']):
        cells = {}
        for cell in row:
            assert cell.find('m:f', space) is None, 'a formula'
            text = cell.get('t') == 'inlineStr'
            cells[place(cell.get('r'))] = [cell.find('m:is/m:t' if text else 'm:v', space).text or '', not text]
        rows.append([cells.get(column, ['', False]) for column in range(max(cells) + 1)])
json.dump(rows, sys.stdout)
"#;
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("book.xlsx");
    std::fs::write(&file, bytes).expect("writes");
    let output = Command::new("python3").args(["-c", READER]).arg(&file).output().expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("rows")
}

/// A text as it was before it was kept from running.
fn original(text: &str) -> String {
    let bare = text.trim_start_matches('\'');
    let danger = bare.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    text.strip_prefix('\'').filter(|_| danger).unwrap_or(text).to_owned()
}

async fn export(app: &TestApp, name: &str, file: &str, arguments: &[(&str, &str)]) -> Vec<u8> {
    let (status, headers, bytes) = app.download(Some(&app.token(name)), &path(file, arguments)).await;
    assert_eq!(status, StatusCode::OK, "{file}: {}", String::from_utf8_lossy(&bytes));
    let kind = headers["content-type"].to_str().expect("a type");
    assert!(kind.starts_with(if file.ends_with(".csv") { "text/csv" } else { "application/vnd." }), "{kind}");
    assert!(headers["content-disposition"].to_str().expect("a name").starts_with("attachment; "));
    bytes
}

/// A text of the API as a cell has it: empty for null.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn word<V: Vocabulary>(value: &Value) -> String {
    value.as_str().and_then(|code| code.parse::<V>().ok()).map(|word| word.zh().to_owned()).unwrap_or_default()
}

fn edges(answer: &crate::harness::Answer, field: &str) -> Vec<Value> {
    let edges = answer.data(&format!("{field}/edges")).as_array().expect("edges").iter();
    edges.map(|edge| edge["node"].clone()).collect()
}

#[tokio::test]
async fn declarations_and_indicators_are_what_the_api_answers() {
    let (app, _) = reported().await;
    let query = "{ declarations(first: 100) { edges { node { fiscalYear status version revision
        department { code name jurisdiction { code name } }
        result(period: YEAR_END) { score grade scoreSoFar maxScoreSoFar achievementRate executionRate executionScore light } } } } }";
    let known = edges(&app.query("admin", query, json!({})).await, "declarations");
    let rows = csv_rows(&export(&app, "admin", "declarations.csv", &[]).await);
    assert_eq!(rows[0][..6], ["区划代码", "区划名称", "部门代码", "部门名称", "年度", "状态"]);
    assert_eq!(rows.len(), known.len() + 1);
    for (row, one) in rows[1..].iter().zip(&known) {
        let (department, result) = (&one["department"], &one["result"]);
        let mut cells = vec![text(&department["jurisdiction"]["code"]), text(&department["jurisdiction"]["name"])];
        cells.extend([text(&department["code"]), text(&department["name"]), text(&one["fiscalYear"])]);
        cells.extend([word::<DeclarationStatus>(&one["status"]), text(&one["version"]), text(&one["revision"])]);
        assert_eq!(row[..8], cells[..]);
        let numbers = ["scoreSoFar", "maxScoreSoFar", "achievementRate", "executionRate", "executionScore"];
        assert_eq!(row[10..15], numbers.map(|name| text(&result[name])));
        assert_eq!(row[15], word::<Light>(&result["light"]));
    }

    let order = ("orderBy", r#"{"field":"RATE","direction":"ASC"}"#);
    let filter = ("filter", r#"{"fiscalYears":[2024],"jurisdictionCode":"440118"}"#);
    let query = "{ indicators(filter: { fiscalYears: [2024], jurisdictionCode: \"440118\" }, orderBy: { field: RATE, direction: ASC }, first: 100) {
        edges { node { name level1Label level2Label weight annualTarget { text } actualValue(period: YEAR_END) { text value unit }
            achievement(period: YEAR_END) { status rate score maxScore } declaration { department { code } } } } } }";
    let known = edges(&app.query("auditor", query, json!({})).await, "indicators");
    let rows = csv_rows(&export(&app, "auditor", "indicators.csv", &[filter, order]).await);
    assert_eq!(rows.len(), known.len() + 1);
    for (row, one) in rows[1..].iter().zip(&known) {
        let (value, made) = (&one["actualValue"], &one["achievement"]);
        assert_eq!(row[2], text(&one["declaration"]["department"]["code"]));
        assert_eq!(row[4..6], ["2024", Period::YearEnd.zh()]);
        assert_eq!(row[6..10], ["level1Label", "level2Label", "name", "weight"].map(|name| text(&one[name])));
        assert_eq!(original(&row[11]), text(&one["annualTarget"]["text"]));
        assert_eq!(
            [&row[12], &row[13], &row[14]],
            [&text(&value["text"]), &text(&value["value"]), &text(&value["unit"])]
        );
        assert_eq!(row[15], word::<Status>(&made["status"]));
        assert_eq!(row[16..19], ["rate", "score", "maxScore"].map(|name| text(&made[name])));
    }
    assert!(
        rows.iter().any(|row| row[16].is_empty() && row[15] == Status::NotReported.zh()),
        "missing is empty, not 0"
    );

    let summary =
        app.run("auditor", "AchievementBy", json!({ "groupBy": ["DEPARTMENT", "LEVEL1"], "first": 100 })).await;
    let order = ("orderBy", r#"{"field":"ACHIEVEMENT_RATE","direction":"ASC"}"#);
    let by = ("groupBy", r#"["DEPARTMENT","LEVEL1"]"#);
    let rows = csv_rows(&export(&app, "auditor", "achievement-summary.csv", &[by, order]).await);
    let known = edges(&summary, "achievementSummary");
    assert_eq!(rows.len(), known.len() + 1);
    for (row, one) in rows[1..].iter().zip(&known) {
        let dimensions = one["dimensions"].as_array().expect("dimensions");
        let mut cells: Vec<String> =
            dimensions.iter().flat_map(|one| [text(&one["key"]), text(&one["label"])]).collect();
        cells.extend(["indicatorCount", "reportedCount", "comparableCount"].map(|name| text(&one[name])));
        cells.extend(one["counts"].as_array().expect("counts").iter().map(|count| text(&count["count"])));
        cells.extend(["achievementRate", "averageScore"].map(|name| text(&one[name])));
        assert_eq!(*row, cells);
    }
}

#[tokio::test]
async fn logs_files_and_requests_are_what_the_api_answers() {
    let (app, id) = TestApp::approved().await;
    let indicator = indicators(&app.page("filer").await)[2]["id"].clone();
    app.evaluated(&id).await;
    let input = json!({ "reportId": app.report_id(&id, "YEAR_END").await, "indicatorId": indicator, "note": "=附件" });
    let added = app.add_evidence("filer", input, ("=证明.pdf", pdf("x"))).await;
    let file = added.data("evidenceAdd/evidence").clone();
    app.to_finance(&id, "YEAR_END").await;
    let report = app.report("finance", &id, "YEAR_END").await;
    let ask = json!({ "reportId": report["id"], "expectedRevision": report["revision"], "indicatorId": indicator,
        "request": "-2+3 请整改", "dueOn": "2024-09-01" });
    let done = app.mutate("finance", "rectificationRequest", "RectificationRequestInput", ask).await;
    assert_eq!(done.user_errors("rectificationRequest"), Vec::<&str>::new(), "{:#}", done.body);

    let trail = app.run("auditor", "Trail", json!({ "node": id, "first": 100 })).await;
    let rows = csv_rows(&export(&app, "auditor", "audit-trail.csv", &[("nodeId", &id)]).await);
    let known = edges(&trail, "auditTrail");
    let mut lines = rows[1..].iter();
    for entry in &known {
        let changes = entry["changes"].as_array().expect("changes").clone();
        for change in if changes.is_empty() { vec![Value::Null] } else { changes } {
            let row = lines.next().expect("a row");
            assert_eq!([&row[0], &row[1]], [&text(&entry["sequence"]), &text(&entry["at"])]);
            let cells = ["path", "before", "after"].map(|name| text(&change[name]));
            assert_eq!(row[6..9].iter().map(|cell| original(cell)).collect::<Vec<_>>(), cells);
            assert_eq!([&row[9], &row[10]], [&text(&entry["hash"]), &text(&entry["previousHash"])]);
        }
    }
    assert!(lines.next().is_none() && known.len() > 10);

    let rows = csv_rows(&export(&app, "auditor", "evidence.csv", &[]).await);
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[1][2].as_str(), rows[1][4].as_str(), rows[1][5].as_str()), (DEPARTMENT, "2024", "年终自评"));
    assert_eq!((rows[1][7].as_str(), rows[1][11].as_str()), ("'=证明.pdf", "'=附件"));
    assert_eq!(rows[1][10], text(&file["sha256"]));
    let rows = csv_rows(&export(&app, "finance", "rectifications.csv", &[]).await);
    assert_eq!((rows.len(), rows[1][8].as_str(), rows[1][9].as_str()), (2, "'-2+3 请整改", "2024-09-01"));
    assert_eq!(rows[1][7], "待整改");

    // The log itself, with the exports so far, each noted before it was answered.
    let log = app.access_log("admin").await;
    let noted: Vec<_> = acts(&log).into_iter().filter(|(act, _)| act == "EXPORT").collect();
    assert_eq!(noted.len(), 3, "{log:?}");
    let first = edges(&log, "accessLog").last().expect("an entry").clone();
    assert_eq!(first["detail"], format!("nodeId={id}"));
    let rows = csv_rows(&export(&app, "admin", "access-log.csv", &[]).await);
    assert_eq!(rows.len(), 1 + noted.len() + 1, "its own entry is the first: {rows:?}");
    assert_eq!((rows[1][3].as_str(), rows[1][4].as_str()), ("导出", "Export:access-log.csv"));
}

#[tokio::test]
async fn workbooks_hold_the_same_and_nothing_runs() {
    let (app, id) = reported().await;
    let formula = "=HYPERLINK(\"http://x\",\"点\")";
    let page = app.page("filer2").await;
    assert!(page.is_null(), "another's");
    let there = app.page_of("filer2", crate::harness::OTHER).await;
    for (row, name) in indicators(&there).iter().zip([formula, "+1-1", "@SUM(1)", "-2+3", "\tx", "_x0041_<&>\u{b}"]) {
        let revision = app.page_of("filer2", crate::harness::OTHER).await["revision"].clone();
        let input = json!({ "indicatorId": row["id"], "name": name, "expectedRevision": revision });
        let update =
            "mutation($input: IndicatorUpdateInput!) { indicatorUpdate(input: $input) { userErrors { code } } }";
        app.query("filer2", update, json!({ "input": input })).await;
    }
    let there = there["id"].as_str().expect("an id").to_owned();
    let mut seen = BTreeSet::new();
    for listing in LISTINGS {
        let node = if listing == "audit-trail" { there.as_str() } else { id.as_str() };
        let (as_csv, as_book) = (format!("{listing}.csv"), format!("{listing}.xlsx"));
        let name = if listing == "audit-trail" { "filer2" } else { "admin" };
        let lines = csv_rows(&export(&app, name, &as_csv, &needed(listing, node)).await);
        let book = workbook_rows(&export(&app, name, &as_book, &needed(listing, node)).await);
        // The access log has grown by the export itself.
        let book = if listing == "access-log" { [&book[..1], &book[2..]].concat() } else { book };
        assert_eq!(lines.len(), book.len(), "{listing}");
        for (line, cells) in lines.iter().zip(&book) {
            for (place, cell) in line.iter().enumerate() {
                let (stored, number) = cells.get(place).cloned().unwrap_or_default();
                let stored = stored.replace("_x000B_", "\u{b}").replace("_x005F_", "_");
                assert_eq!(original(cell), stored, "{listing}");
                if ["=", "+", "-", "@", "\t"].iter().any(|danger| stored.starts_with(danger)) {
                    assert!(number || cell.starts_with('\''), "{listing}: {cell:?} would run");
                    seen.insert(stored);
                }
            }
        }
    }
    assert!(seen.contains(formula) && seen.contains("@SUM(1)"), "{seen:?}");
    let book = workbook_rows(&export(&app, "auditor", "indicators.xlsx", &[]).await);
    let rates: Vec<&(String, bool)> =
        book[1..].iter().filter_map(|row| row.get(16)).filter(|cell| !cell.0.is_empty()).collect();
    assert!(
        rates.iter().all(|(text, number)| *number && text.len() - text.find('.').expect("a point") == 7),
        "{rates:?}"
    );
}

#[tokio::test]
async fn who_may_and_what_is_refused() {
    let (app, id) = reported().await;
    let ask = async |name: Option<&str>, path: &str| {
        let token = name.map(|name| app.token(name));
        let (status, _, bytes) = app.download(token.as_deref(), path).await;
        (status, String::from_utf8_lossy(&bytes).into_owned())
    };
    for listing in LISTINGS {
        let (status, body) = ask(None, &path(&format!("{listing}.csv"), &needed(listing, &id))).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{listing}");
        assert!(body.contains("UNAUTHENTICATED"), "{body}");
    }
    // What a listing does not show to somebody, its file does not either.
    for (name, file, rows) in [
        ("filer2", "indicators.csv", 0),
        ("filer2", "declarations.csv", 1),
        ("filer", "declarations.csv", 1),
        ("auditor", "declarations.csv", 1),
        ("admin", "declarations.csv", 2),
    ] {
        let found = csv_rows(&export(&app, name, file, &[]).await);
        assert_eq!(found.len(), rows + 1, "{name} {file}");
    }
    assert_eq!(ask(Some("filer"), "/export/access-log.csv").await.0, StatusCode::FORBIDDEN);
    assert_eq!(ask(Some("filer2"), &path("audit-trail.csv", &[("nodeId", &id)])).await.0, StatusCode::NOT_FOUND);
    for (file, arguments, status) in [
        ("nothing.csv", vec![], StatusCode::NOT_FOUND),
        ("declarations.pdf", vec![], StatusCode::NOT_FOUND),
        ("declarations", vec![], StatusCode::NOT_FOUND),
        ("declarations.csv", vec![("filter", r#"{"fiscalYear":2024}"#)], StatusCode::BAD_REQUEST),
        ("declarations.csv", vec![("filter", r#"{"statuses":["GONE"]}"#)], StatusCode::BAD_REQUEST),
        ("declarations.csv", vec![("fiscalYear", "2024")], StatusCode::BAD_REQUEST),
        ("declarations.csv", vec![("filter", "{}"), ("filter", "{}")], StatusCode::BAD_REQUEST),
        ("achievement-summary.csv", vec![], StatusCode::BAD_REQUEST),
        ("achievement-summary.xlsx", vec![("groupBy", r#"["LEVEL1","LEVEL1"]"#)], StatusCode::BAD_REQUEST),
        ("audit-trail.csv", vec![], StatusCode::BAD_REQUEST),
        ("audit-trail.csv", vec![("nodeId", "x")], StatusCode::BAD_REQUEST),
    ] {
        let (found, body) = ask(Some("admin"), &path(file, &arguments)).await;
        assert_eq!(found, status, "{file} {arguments:?}: {body}");
        assert!(body.contains("\"requestId\""), "{body}");
    }
    let filtered =
        csv_rows(&export(&app, "admin", "declarations.csv", &[("filter", r#"{"statuses":["DRAFT"]}"#)]).await);
    assert_eq!((filtered.len(), filtered[1][5].as_str()), (2, "草稿"));
    let owed = csv_rows(&export(&app, "filer", "outstanding.csv", &[("fiscalYear", "2024")]).await);
    assert_eq!((owed[0][5].as_str(), owed.len()), ("期间", 3));
    let (_, _, bytes) = app.download_in("en", Some(&app.token("admin")), "/export/declarations.csv").await;
    assert_eq!(csv_rows(&bytes)[0][4..6], ["Fiscal year", "Status"]);
}

/// Rows, in what goes out at once, and in what a process keeps of it.
#[tokio::test]
async fn long_listings_go_out_page_by_page() {
    let app = TestApp::new().await;
    let wanted = size("JIXIAO_EXPORT_ROWS", 1_500);
    let read = |number: usize| Access {
        act: AccessAct::Export,
        node: format!("Export:{number}"),
        department: None,
        detail: Some("长".repeat(20)),
    };
    for begin in (0..wanted).step_by(500) {
        let reads = (begin..wanted.min(begin + 500)).map(read).collect();
        access::note(&app.db, &operator(), reads).await.expect("notes");
    }
    let memory = resident();
    for format in [ExportFormat::Csv, ExportFormat::Xlsx] {
        let listing = Export::AccessLog(access::AccessFilter::default());
        let exported = open(&app.db, &operator(), listing, format, String::new()).await.expect("opens");
        let (mut bytes, mut parts, mut largest, mut whole) = (exported.bytes, 0_usize, 0_usize, Vec::new());
        while let Some(part) = bytes.try_next().await.expect("a part") {
            (parts, largest) = (parts + 1, largest.max(part.len()));
            if wanted <= 10_000 {
                whole.extend(part);
            }
        }
        assert!(parts > wanted / 500, "{parts} parts");
        assert!(largest < 400_000, "{largest} bytes at once");
        let grown = resident().saturating_sub(memory);
        println!("{wanted} rows as {format}: {parts} parts of at most {largest} bytes, {grown} KiB more in memory");
        assert!(grown < 64 << 10, "{grown} KiB more in memory for {wanted} rows");
        if wanted <= 10_000 {
            let numbers: Vec<String> = match format {
                ExportFormat::Csv => csv_rows(&whole)[1..].iter().map(|row| row[0].clone()).collect(),
                ExportFormat::Xlsx => workbook_rows(&whole)[1..].iter().map(|row| row[0].0.clone()).collect(),
            };
            // Each row once, its own entry included; the second export finds that of the first as well.
            assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
            assert!(numbers.len() > wanted && numbers.len() <= wanted + 2, "{}", numbers.len());
        }
    }
}

/// KiB of memory that the process holds; 0 where the system does not tell.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
