//! Entities and migrations describe the same tables.

use std::collections::BTreeSet;

use jixiao_api::app;
use jixiao_api::config::{Config, Secret};
use jixiao_entity::{
    access_entry, achievement, actual_value, adjustment, audit_entry, audit_head, budget_line, declaration,
    declaration_document, declaration_result, declaration_version, department, evidence, idempotency_key, indicator,
    indicator_review, indicator_task, jurisdiction, jurisdiction_closure, key_task, publication, publication_snapshot,
    quality_statement, rectification, refresh_token, report, report_fund, role_grant, scheme_assignment,
    scoring_scheme, target, user_account, window, window_extension,
};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, IdenStatic, Iterable, Statement};

use crate::harness::{TestApp, operator};

async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("rows");
    rows.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect()
}

/// Names of all tables but the migrations' own.
pub(crate) async fn tables(db: &DatabaseConnection) -> BTreeSet<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
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
        declaration_document declaration_result declaration_version department evidence idempotency_key indicator
        indicator_review indicator_task jurisdiction jurisdiction_closure key_task publication publication_snapshot
        quality_statement rectification refresh_token report
        report_fund role_grant scheme_assignment scoring_scheme target user_account window window_extension
    );
    assert_eq!(tables(db).await, known, "a table without an entity here, or the other way round");
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
