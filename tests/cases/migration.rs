//! Entities and migrations describe the same tables.

use std::collections::BTreeSet;

use jixiao_api::app;
use jixiao_api::config::{Config, Secret};
use jixiao_entity::{
    access_entry, achievement, actual_value, adjustment, audit_entry, audit_head, budget_line, declaration,
    declaration_document, declaration_result, declaration_version, department, department_result, evidence, finding,
    finding_note, idempotency_key, indicator, indicator_body, indicator_review, indicator_task, indicator_text,
    jurisdiction, jurisdiction_closure, key_task, publication, publication_snapshot, quality_statement, rectification,
    refresh_token, report, report_fund, role_grant, rollup_cell, rollup_delta, scheme_assignment, scoring_scheme,
    target, user_account, window, window_extension,
};
use jixiao_migrations::Migrator;
use jixiao_service::db::{Db, DbConfig};
use jixiao_service::page::Page;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, IdenStatic, Iterable, Statement};
use sea_orm_migration::MigratorTrait;

use crate::harness::{TestApp, operator};

async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("rows");
    rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}

/// Names of all tables but the migrations' own.
pub(crate) async fn tables(db: &DatabaseConnection) -> BTreeSet<String> {
    let sql = match db.get_database_backend() {
        // The index of the search is a table there, and keeps tables of its own.
        DbBackend::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'indicator_search%'"
        }
        _ => "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'",
    };
    texts(db, sql).await.into_iter().filter(|name| name != "seaql_migrations").collect()
}

/// Name of the table, after its columns were compared in both directions and selected.
async fn compare<E: EntityTrait>(db: &DatabaseConnection, entity: E) -> String {
    let table = entity.table_name().to_owned();
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => format!("SELECT name FROM pragma_table_info('{table}')"),
        _ => format!("SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}'"),
    };
    let migrated: BTreeSet<String> = texts(db, &sql).await.into_iter().collect();
    let entity: BTreeSet<String> = E::Column::iter().map(|column| column.as_str().to_owned()).collect();
    assert_eq!(migrated, entity, "{table}");
    E::find().one(db).await.unwrap_or_else(|error| panic!("{table}: {error}"));
    table
}

macro_rules! compared {
    ($db:expr, $($noun:ident)*) => { BTreeSet::from([$(compare($db, $noun::Entity).await),*]) };
}

#[tokio::test]
async fn entities_are_what_the_migrations_made() {
    let (app, _) = TestApp::approved().await;
    let db = app.db.read();
    let known = compared!(
        db, access_entry achievement actual_value adjustment audit_entry audit_head budget_line declaration
        declaration_document declaration_result declaration_version department department_result evidence finding finding_note idempotency_key indicator
        indicator_body indicator_review indicator_task indicator_text jurisdiction jurisdiction_closure key_task publication publication_snapshot
        quality_statement rectification refresh_token report
        report_fund role_grant rollup_cell rollup_delta scheme_assignment scoring_scheme target user_account window window_extension
    );
    assert_eq!(tables(db).await, known, "a table without an entity here, or the other way round");
}

/// As much of a declaration as a search needs, as it stood before there was any.
const BEFORE_THE_SEARCH: [&str; 10] = [
    "INSERT INTO jurisdiction (code, name) VALUES ('440118', '增城区')",
    "INSERT INTO jurisdiction_closure (ancestor_id, descendant_id, depth) VALUES (1, 1, 0)",
    "INSERT INTO department (code, name, jurisdiction_id) VALUES ('440118001', '民政局', 1)",
    "INSERT INTO scoring_scheme (code, version, document, sha256, created_at) VALUES ('OLD', 1, '', '', 0)",
    "INSERT INTO declaration (department_id, fiscal_year, scope, round, status, version, revision, document_number, scheme_id, created_at, updated_at)
        VALUES (1, 2023, 'WHOLE_DEPARTMENT', 1, 'APPROVED', 1, 1, 1, 1, 0, 0)",
    "INSERT INTO indicator (declaration_id, position, level1_label, name) VALUES (1, 1, '产出指标', '颐康 服务站数量'), (1, 2, '产出指标', 'PM2.5浓度')",
    r#"INSERT INTO declaration_document (declaration_id, number, at, body, sha256)
        VALUES (1, 1, 0, '{"id":1,"indicators":[{"id":1,"name":"颐康 服务站","rate":1000000},{"id":2,"name":"\u0022引号\u0022","none":null}]}', '')"#,
    "INSERT INTO target (indicator_id, which, text, kind, direction, certain, detail)
        VALUES (1, 'ANNUAL', '≥150个', 'QUANTITY', 'HIGHER_IS_BETTER', TRUE, '{}'), (1, 'CYCLE', '300个', 'QUANTITY', 'HIGHER_IS_BETTER', TRUE, '{}')",
    "INSERT INTO achievement (indicator_id, period, declaration_id, scheme_id, status, deviating, explanation_required, overridden, detail, assessed_at)
        VALUES (1, 'YEAR_END', 1, 1, 'NOT_REPORTED', FALSE, FALSE, FALSE, '{}', 0)",
    "INSERT INTO achievement (indicator_id, period, declaration_id, scheme_id, status, deviating, explanation_required, overridden, detail, assessed_at)
        VALUES (2, 'YEAR_END', 1, 1, 'NOT_REPORTED', FALSE, FALSE, FALSE, '{}', 0)",
];

#[tokio::test]
async fn what_there_was_is_found_after_the_migration() {
    let (_directory, url) = crate::harness::fresh().await;
    let db = Db::connect(&DbConfig::new(url, 1)).await.expect("connects");
    let all = Migrator::migrations();
    let search = all.iter().position(|one| one.name() == "m20261126_000090_search").expect("the migration");
    Migrator::up(db.read(), u32::try_from(search).ok()).await.expect("migrates");
    for sql in BEFORE_THE_SEARCH {
        db.read().execute_unprepared(sql).await.expect(sql);
    }
    Migrator::up(db.read(), None).await.expect("migrates");
    let stored = texts(db.read(), "SELECT text FROM indicator_text ORDER BY indicator_id").await;
    assert_eq!(stored, ["颐康服务站数量\n＞＝１５０个\n３００个\n", "ｐｍ２．５浓度\n\n\n"]);
    // The very text of the document.
    let bodies = texts(db.read(), "SELECT body FROM indicator_body ORDER BY indicator_id").await;
    let wanted =
        [r#"{"id":1,"name":"颐康 服务站","rate":1000000}"#, r#"{"id":2,"name":"\u0022引号\u0022","none":null}"#];
    assert_eq!(bodies, wanted);
    for (text, count) in [("康服", 1), ("≥150", 1), ("300个", 1), ("pm2.5", 1), ("量≥", 0), ("没有", 0)] {
        use jixiao_service::indicator;
        let filter = indicator::IndicatorFilter { text: Some(text.to_owned()), ..Default::default() };
        let order = (indicator::IndicatorOrder::Id, false);
        let found = indicator::list(&db, &operator(), &filter, order, &Page::first(5), true).await.expect("finds");
        assert_eq!((found.0.rows.len(), found.1), (count, i64::try_from(count).ok()), "{text}");
    }
}

#[tokio::test]
async fn text_sorts_by_code_point() {
    let app = TestApp::new().await;
    let mut names =
        ["增城", "广州", "a", "B", "Z", "é", "_", "９", "10", "9", "〇", "一", "😀", "ａ"].map(String::from);
    for (index, name) in names.iter().enumerate() {
        let code = format!("{}", 9000 + index);
        let new = jixiao_service::jurisdiction::Create { code, name: name.clone(), parent_code: None };
        jixiao_service::jurisdiction::create(&app.db, &operator(), &new).await.expect("a jurisdiction");
    }
    names.sort_unstable();
    let sorted = texts(app.db.read(), "SELECT name FROM jurisdiction WHERE code LIKE '90__' ORDER BY name").await;
    assert_eq!(sorted, names);
}

#[tokio::test]
async fn pending_migrations_stop_the_start() {
    let (_directory, url) = crate::harness::fresh().await;
    let config = |migrate| Config { database_url: Secret::new(url.clone()), migrate, ..Config::default() };
    assert_eq!(config(None).migrates(), url.starts_with("sqlite"));
    let refused = app::open(&config(Some(false))).await.expect_err("refuses").to_string();
    assert!(refused.contains("m20261124_000001_core") && refused.contains("jixiao migrate"), "{refused}");
    app::open(&config(Some(true))).await.expect("migrates");
    app::open(&config(Some(true))).await.expect("finds nothing to do");
    app::open(&config(Some(false))).await.expect("starts");
}
