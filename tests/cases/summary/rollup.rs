//! The roll-ups stay equal to a recount: while writers write and folders fold, after tampering once mended, and when they
//! are made for a database that has none.

use std::sync::atomic::{AtomicBool, Ordering};

use jixiao_api::app;
use jixiao_service::{doctor, rollup};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use serde_json::{Value, json};

use super::country::country;
use crate::harness::{TestApp, indicators, operator};

async fn differences(app: &TestApp) -> Vec<String> {
    doctor::examine(&app.db, &operator()).await.expect("examines").differences
}

async fn run(app: &TestApp, sql: &str) -> u64 {
    app.db.read().execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}")).rows_affected()
}

async fn pending(app: &TestApp) -> i64 {
    let statement = Statement::from_string(app.db.backend(), "SELECT COUNT(*) AS count FROM rollup_delta");
    let row = app.db.read().query_one_raw(statement).await.expect("reads").expect("a row");
    row.try_get("", "count").expect("a number")
}

#[tokio::test]
async fn tampering_is_found_and_mended() {
    let app = country(9).await;
    assert!(pending(&app).await > 0 && rollup::fold_all(&app.db).await.expect("folds") > 0);
    assert_eq!((pending(&app).await, differences(&app).await), (0, Vec::new()));
    let alterations = [
        (
            "rollup_cell",
            "UPDATE rollup_cell SET n_achieved = n_achieved + 1 WHERE level1 = 'OUTPUT' AND fiscal_year = 2024",
        ),
        ("rollup_cell", "DELETE FROM rollup_cell WHERE status = '' AND fiscal_year = 2022"),
        ("department_result", "UPDATE department_result SET filed_late = filed_late + 1 WHERE fiscal_year = 0"),
        ("department_result order", "UPDATE department_result SET department_code = department_code || '0'"),
        ("achievement", "UPDATE achievement SET in_force_year = 2020 WHERE in_force_year = 2021"),
        ("results", "UPDATE declaration_result SET not_filed = not_filed + 1"),
    ];
    for (_, sql) in alterations {
        assert!(run(&app, sql).await > 0, "{sql}");
    }
    let found = differences(&app).await;
    for (what, sql) in alterations {
        assert!(found.iter().any(|line| line.contains(what)), "{sql}: {found:?}");
    }
    for place in ["fiscal_year=2024", "fiscal_year=2022"] {
        assert!(found.iter().any(|line| line.starts_with("rollup_cell") && line.contains(place)), "{place}: {found:?}");
    }
    run(&app, "UPDATE achievement SET in_force_year = 2021 WHERE in_force_year = 2020").await;
    run(&app, "UPDATE declaration_result SET not_filed = not_filed - 1").await;
    rollup::rebuild(&app.db).await.expect("mends");
    assert_eq!(differences(&app).await, Vec::<String>::new());
}

/// Indicators of the whole country and of its parts, from one answer.
async fn counted(app: &TestApp) -> (i64, i64, i64) {
    let query = "{ achievementSummary(groupBy: [JURISDICTION, STATUS], first: 100) { \
                 edges { node { indicatorCount } } totals { indicatorCount counts { count } } } }";
    let answer = app.query("admin", query, json!({})).await;
    let sum = |path: &str, field: &str| -> i64 {
        let all = answer.data(&format!("achievementSummary/{path}")).as_array().expect("a list");
        all.iter().filter_map(|one| one.pointer(field).and_then(Value::as_i64)).sum()
    };
    let total = answer.data("achievementSummary/totals/indicatorCount").as_i64().expect("a number");
    (total, sum("totals/counts", "/count"), sum("edges", "/node/indicatorCount"))
}

#[tokio::test]
async fn totals_are_right_at_every_read() {
    let app = country(4).await;
    let page = app.page("filer").await;
    let ids: Vec<Value> = indicators(&page).iter().map(|row| row["id"].clone()).collect();
    let (total, ..) = counted(&app).await;
    assert!(total > 40, "{total}");
    let done = AtomicBool::new(false);
    let write = async {
        for round in 0..12_usize {
            let text = ["20", "100", "1", "300"][round % 4];
            let entries: Vec<Value> =
                ids.iter().skip(round % 3).step_by(3).map(|id| json!({ "indicatorId": id, "text": text })).collect();
            let input = json!({ "declarationId": page["id"], "period": "YEAR_END", "entries": entries,
                "mode": "VALID_ROWS", "execution": { "annualBudget": "100", "executed": format!("{round}.5") } });
            let answer = app.run("filer", "RecordActualValues", json!({ "input": input })).await;
            assert_eq!(answer.user_errors("actualValuesRecord"), Vec::<&str>::new(), "{:#}", answer.body);
        }
        done.store(true, Ordering::Relaxed);
    };
    // Two at once, as on two nodes.
    let fold = async || {
        let mut folded = 0;
        while !done.load(Ordering::Relaxed) {
            folded += rollup::fold(&app.db).await.expect("folds");
            tokio::task::yield_now().await;
        }
        folded
    };
    let read = async {
        let mut reads = 0;
        while !done.load(Ordering::Relaxed) {
            assert_eq!(counted(&app).await, (total, total, total), "read {reads}");
            reads += 1;
        }
        reads
    };
    let ((), one, two, reads) = tokio::join!(write, fold(), fold(), read);
    assert!(reads > 0 && one + two > 0, "{reads} {one} {two}");
    rollup::fold_all(&app.db).await.expect("folds");
    assert_eq!((pending(&app).await, counted(&app).await), (0, (total, total, total)));
    app.healthy().await;
}

/// Takes away what the migration made, as in a database that is older.
#[tokio::test]
async fn the_migration_fills_them() {
    let app = country(21).await;
    rollup::fold_all(&app.db).await.expect("folds");
    run(&app, "DROP INDEX achievement_in_force").await;
    run(&app, "CREATE INDEX achievement_worst ON achievement (period, status, rate, indicator_id)").await;
    run(&app, "ALTER TABLE achievement DROP COLUMN in_force_year").await;
    for column in [
        "rate_count",
        "rate_high",
        "rate_low",
        "execution_count",
        "budget_high",
        "budget_low",
        "executed_high",
        "executed_low",
        "filed_on_time",
        "filed_late",
        "filed_undated",
        "not_filed",
    ] {
        run(&app, &format!("ALTER TABLE declaration_result DROP COLUMN {column}")).await;
    }
    for table in ["department_result", "rollup_cell", "rollup_delta"] {
        run(&app, &format!("DROP TABLE {table}")).await;
    }
    run(&app, "DELETE FROM seaql_migrations WHERE version = 'm20261126_000070_rollup'").await;
    app::migrate(&app.db).await.expect("migrates");
    assert_eq!(differences(&app).await, Vec::<String>::new());
    assert!(counted(&app).await.0 > 40);
}

/// The way of the worst indicators is along the index, and the first page is not sorted out of all.
#[tokio::test]
async fn pages_are_read_along_an_index() {
    let app = TestApp::on_sqlite().await;
    assert_eq!(app.db.backend(), DbBackend::Sqlite);
    let plan = async |sql: &str| -> Vec<String> {
        let statement = Statement::from_string(DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {sql}"));
        let rows = app.db.read().query_all_raw(statement).await.expect("plans");
        rows.iter().map(|row| row.try_get("", "detail").expect("a text")).collect()
    };
    let worst = plan(
        "SELECT achievement.indicator_id FROM achievement CROSS JOIN indicator WHERE indicator.id = achievement.indicator_id \
         AND achievement.period = 'YEAR_END' AND achievement.in_force_year = 2024 AND achievement.status = 'ACHIEVED' \
         ORDER BY achievement.rate ASC NULLS LAST, achievement.indicator_id ASC LIMIT 51",
    )
    .await;
    assert!(
        worst[0].contains("achievement_in_force") && !worst.iter().any(|step| step.contains("TEMP B-TREE")),
        "{worst:?}"
    );
    let departments = plan(
        "SELECT *, achievement_rate AS measure FROM (SELECT department_result.department_code AS key_0, department.name, \
         department_result.achievement_rate FROM department_result CROSS JOIN department \
         WHERE department.id = department_result.department_id AND department_result.fiscal_year IN (2024) \
         AND department_result.period = 'YEAR_END') AS measured \
         ORDER BY achievement_rate ASC NULLS LAST, key_0 ASC LIMIT 51",
    )
    .await;
    let sorted = departments.iter().any(|step| step.contains("TEMP B-TREE"));
    assert!(departments[0].contains("department_result_rate") && !sorted, "{departments:?}");
}
