//! The floor: the same declaration as JSON, made by one hand-written statement, with nothing else in the way: no rights,
//! no limits, no GraphQL. What is computed when asked for (the steps of an explanation) no statement can give; it is left out.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::SqlitePoolOptions;

/// Connections, as many as the service has.
const CONNECTIONS: u32 = 8;

#[derive(Clone)]
enum Pool {
    Postgres(sqlx::PgPool, String),
    Sqlite(sqlx::SqlitePool, String),
}

pub(crate) async fn serve(database_url: &str, listen: SocketAddr) -> anyhow::Result<()> {
    let pool = if database_url.starts_with("postgres") {
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).connect(database_url).await?;
        Pool::Postgres(pool, statement(true))
    } else {
        let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS).connect(database_url).await?;
        Pool::Sqlite(pool, statement(false))
    };
    let routes = Router::new()
        .route("/declaration/{department}/{year}", get(declaration))
        .route("/readyz", get(async || StatusCode::OK))
        .with_state(pool);
    let listener = tokio::net::TcpListener::bind(listen).await?;
    axum::serve(listener, routes).await?;
    Ok(())
}

async fn declaration(State(pool): State<Pool>, Path((department, year)): Path<(String, i32)>) -> Response {
    let found: Result<Option<String>, sqlx::Error> = match &pool {
        Pool::Postgres(pool, sql) => {
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql.as_str())).bind(department).bind(year).fetch_optional(pool).await
        }
        Pool::Sqlite(pool, sql) => {
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql.as_str())).bind(department).bind(year).fetch_optional(pool).await
        }
    };
    match found {
        Ok(Some(body)) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// The statement, in the words of one of the two databases.
fn statement(postgres: bool) -> String {
    let (object, list, map, json) = if postgres {
        ("json_build_object", "json_agg", "json_object_agg", "::text")
    } else {
        ("json_object", "json_group_array", "json_group_object", "")
    };
    // SQLite hands a nested object on as text unless told that it is JSON.
    let nested = if postgres { "" } else { "json" };
    STATEMENT
        .replace("{object}", object)
        .replace("{list}", list)
        .replace("{map}", map)
        .replace("{nested}", nested)
        .replace("{json}", json)
}

const STATEMENT: &str = r"
SELECT {object}(
  'id', d.id, 'revision', d.revision, 'version', d.version, 'status', d.status,
  'department', {object}('id', p.id, 'code', p.code, 'name', p.name,
    'jurisdiction', {object}('code', j.code, 'name', j.name)),
  'fiscalYear', d.fiscal_year, 'publiclyFundedStaffCount', d.publicly_funded_staff_count,
  'subordinateUnitCount', d.subordinate_unit_count, 'overallGoal', d.overall_goal,
  'budget', {nested}((SELECT {map}(b.line, b.amount) FROM budget_line b WHERE b.declaration_id = d.id)),
  'keyTasks', {nested}((SELECT {list}({object}('id', k.id, 'name', k.name, 'description', k.description,
      'plannedFunding', k.planned_funding, 'expectedResult', k.expected_result))
    FROM (SELECT * FROM key_task WHERE declaration_id = d.id ORDER BY position) k)),
  'indicatorTree', {nested}((SELECT {list}({object}('id', i.id, 'level1', i.level1, 'level2', i.level2,
      'level1Label', i.level1_label, 'level2Label', i.level2_label, 'name', i.name, 'weight', i.weight,
      'cycleTarget', {object}('text', c.text, 'kind', c.kind, 'comparator', c.comparator, 'value', c.value,
        'valueHigh', c.value_high, 'unit', c.unit, 'baseValue', c.base_value, 'baseUnit', c.base_unit,
        'direction', c.direction, 'deadline', c.deadline, 'certain', c.certain, 'confirmedAt', c.confirmed_at),
      'annualTarget', {object}('text', a.text, 'kind', a.kind, 'comparator', a.comparator, 'value', a.value,
        'valueHigh', a.value_high, 'unit', a.unit, 'baseValue', a.base_value, 'baseUnit', a.base_unit,
        'direction', a.direction, 'deadline', a.deadline, 'certain', a.certain, 'confirmedAt', a.confirmed_at),
      'midYear', {object}('text', mv.text, 'recordedAt', mv.recorded_at, 'recordedBy', mu.display_name),
      'yearEnd', {object}('text', yv.text, 'recordedAt', yv.recorded_at, 'recordedBy', yu.display_name),
      'midYearAchievement', {object}('status', ma.status, 'rate', ma.rate, 'score', ma.score,
        'maxScore', ma.max_score, 'light', ma.light, 'deviating', ma.deviating,
        'explanationRequired', ma.explanation_required, 'overridden', ma.overridden),
      'achievement', {object}('status', ya.status, 'rate', ya.rate, 'score', ya.score,
        'maxScore', ya.max_score, 'light', ya.light, 'deviating', ya.deviating,
        'explanationRequired', ya.explanation_required, 'overridden', ya.overridden)))
    FROM (SELECT * FROM indicator WHERE declaration_id = d.id ORDER BY position) i
    LEFT JOIN target c ON c.indicator_id = i.id AND c.which = 'CYCLE'
    LEFT JOIN target a ON a.indicator_id = i.id AND a.which = 'ANNUAL'
    LEFT JOIN achievement ma ON ma.indicator_id = i.id AND ma.period = 'MID_YEAR'
    LEFT JOIN achievement ya ON ya.indicator_id = i.id AND ya.period = 'YEAR_END'
    LEFT JOIN actual_value mv ON mv.id = ma.actual_value_id
    LEFT JOIN actual_value yv ON yv.id = ya.actual_value_id
    LEFT JOIN user_account mu ON mu.id = mv.recorded_by
    LEFT JOIN user_account yu ON yu.id = yv.recorded_by)),
  'result', {nested}((SELECT {object}('score', r.score, 'grade', r.grade, 'achievementRate', r.achievement_rate,
      'executionRate', r.execution_rate, 'light', r.light)
    FROM declaration_result r WHERE r.declaration_id = d.id AND r.period = 'YEAR_END'))
){json}
FROM declaration d
JOIN department p ON p.id = d.department_id
JOIN jurisdiction j ON j.id = p.jurisdiction_id
WHERE p.code = $1 AND d.fiscal_year = $2
ORDER BY d.round DESC LIMIT 1";
