//! The roll-ups that summaries read: what a declaration adds beyond its counts (`declaration_result`), the sums of a
//! department (`department_result`), those of a jurisdiction with all below it (`rollup_cell`) and the differences that are
//! not folded into them yet (`rollup_delta`); and the year an assessment is in force in, with the index that finds the worst.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let postgres = db.get_database_backend() == DbBackend::Postgres;
        for (name, value) in ADDED {
            let add = format!("ALTER TABLE declaration_result ADD COLUMN {name} BIGINT NOT NULL DEFAULT 0");
            db.execute_unprepared(&add).await?;
            db.execute_unprepared(&format!("UPDATE declaration_result SET {name} = {}", of_result(value))).await?;
        }
        let statements = [TABLES, IN_FORCE, DEPARTMENTS, CELLS].join(";\n");
        for statement in statements.split(";\n").map(str::trim).filter(|sql| !sql.is_empty()) {
            db.execute_unprepared(&crate::spell(&sums(statement), postgres)).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// Counts and sums, the same in every roll-up. An amount is kept as billions and the rest, so that no sum overflows.
const SUMS: [&str; 23] = [
    "n_exceeded",
    "n_achieved",
    "n_partially_achieved",
    "n_not_achieved",
    "n_in_progress",
    "n_not_reported",
    "n_not_applicable",
    "n_undetermined",
    "score_sum",
    "max_score_sum",
    "rate_count",
    "rate_high",
    "rate_low",
    "declarations",
    "execution_count",
    "budget_high",
    "budget_low",
    "executed_high",
    "executed_low",
    "filed_on_time",
    "filed_late",
    "filed_undated",
    "not_filed",
];

/// How many of them an indicator adds to; a declaration adds to the others.
const OF_INDICATOR: usize = 13;

/// Columns that are new in `declaration_result`, and what they are. `{a}` reads its assessments, `{r}` its report.
const ADDED: [(&str, &str); 12] = [
    ("rate_count", "{a COUNT(a.rate)}"),
    ("rate_high", "{a COALESCE(SUM(a.rate / 1000000000), 0)}"),
    ("rate_low", "{a COALESCE(SUM(a.rate % 1000000000), 0)}"),
    ("execution_count", "{r 1}"),
    ("budget_high", "{r {budget} / 1000000000}"),
    ("budget_low", "{r {budget} % 1000000000}"),
    ("executed_high", "{r r.executed / 1000000000}"),
    ("executed_low", "{r r.executed % 1000000000}"),
    ("filed_on_time", "{f r.submitted_at IS NOT NULL AND r.late_days = 0}"),
    ("filed_late", "{f r.submitted_at IS NOT NULL AND r.late_days > 0}"),
    ("filed_undated", "{f r.submitted_at IS NOT NULL AND r.late_days IS NULL}"),
    ("not_filed", "1 - {f r.submitted_at IS NOT NULL}"),
];

/// The expression of one of [`ADDED`].
fn of_result(value: &str) -> String {
    let report = "FROM report r WHERE r.declaration_id = declaration_result.declaration_id \
                  AND r.period = declaration_result.period AND";
    let budget = "COALESCE(r.annual_budget, (SELECT SUM(b.amount) FROM budget_line b \
                  WHERE b.declaration_id = r.declaration_id AND b.line IN ('BASIC_EXPENDITURE', 'PROJECT_EXPENDITURE', \
                  'FISCAL_SPECIAL_FUNDS', 'OTHER_DEVELOPMENT_EXPENDITURE')))";
    let (before, rest) = value.split_once('{').unwrap_or((value, ""));
    let Some((kind, inner)) = rest.strip_suffix('}').and_then(|rest| rest.split_once(' ')) else {
        return value.to_owned();
    };
    let inner = inner.replace("{budget}", budget);
    let made = match kind {
        "a" => format!(
            "(SELECT CAST({inner} AS BIGINT) FROM achievement a WHERE a.declaration_id = \
             declaration_result.declaration_id AND a.period = declaration_result.period)"
        ),
        "r" => format!(
            "COALESCE((SELECT CAST({inner} AS BIGINT) {report} r.executed IS NOT NULL AND {budget} IS NOT NULL), 0)"
        ),
        _ => format!("(SELECT COUNT(*) {report} {inner})"),
    };
    format!("{before}{made}")
}

/// Replaces `{columns}`, `{declare}`, `{of_result}` and `{of_achievement}` by lists made of [`SUMS`].
fn sums(sql: &str) -> String {
    let list = |each: &dyn Fn(usize, &str) -> String| -> String {
        let parts: Vec<String> = SUMS.iter().enumerate().map(|(at, name)| each(at, name)).collect();
        parts.join(", ")
    };
    let sum = |what: &str| format!("CAST(SUM({what}) AS BIGINT)");
    let of_result = |at: usize, name: &str| match (at, name) {
        (_, "declarations") => "COUNT(*)".to_owned(),
        _ => sum(&format!("r.{name}")),
    };
    // A declaration's own row of the cells has what its indicators do not add to.
    let of_declaration = |at: usize, name: &str| if at < OF_INDICATOR { "0".to_owned() } else { of_result(at, name) };
    let scored = "a.score IS NOT NULL AND a.max_score IS NOT NULL";
    let of_achievement = |_: usize, name: &str| match name {
        "score_sum" => sum(&format!("CASE WHEN {scored} THEN a.score ELSE 0 END")),
        "max_score_sum" => sum(&format!("CASE WHEN {scored} THEN a.max_score ELSE 0 END")),
        "rate_count" => "COUNT(a.rate)".to_owned(),
        "rate_high" => sum("COALESCE(a.rate / 1000000000, 0)"),
        "rate_low" => sum("COALESCE(a.rate % 1000000000, 0)"),
        name => match name.strip_prefix("n_") {
            Some(status) => sum(&format!("CASE WHEN a.status = '{}' THEN 1 ELSE 0 END", status.to_uppercase())),
            None => "0".to_owned(),
        },
    };
    sql.replace("{columns}", &list(&|_, name| name.to_owned()))
        .replace("{declare}", &list(&|_, name| format!("{name} BIGINT NOT NULL")))
        .replace("{of_result}", &list(&of_result))
        .replace("{of_declaration}", &list(&of_declaration))
        .replace("{of_achievement}", &list(&of_achievement))
}

const TABLES: &str = r"
CREATE TABLE department_result (
    department_id BIGINT NOT NULL REFERENCES department (id),
    fiscal_year INTEGER NOT NULL,
    period {text} NOT NULL,
    department_code {text} NOT NULL,
    achievement_rate BIGINT,
    {declare},
    PRIMARY KEY (department_id, fiscal_year, period)
);
CREATE TABLE rollup_cell (
    jurisdiction_id BIGINT NOT NULL REFERENCES jurisdiction (id),
    period {text} NOT NULL,
    fiscal_year INTEGER NOT NULL,
    level1 {text} NOT NULL,
    level2 {text} NOT NULL,
    status {text} NOT NULL,
    grade {text} NOT NULL,
    {declare},
    PRIMARY KEY (jurisdiction_id, period, fiscal_year, level1, level2, status, grade)
);
CREATE TABLE rollup_delta (
    id {id},
    jurisdiction_id BIGINT NOT NULL REFERENCES jurisdiction (id),
    period {text} NOT NULL,
    fiscal_year INTEGER NOT NULL,
    level1 {text} NOT NULL,
    level2 {text} NOT NULL,
    status {text} NOT NULL,
    grade {text} NOT NULL,
    {declare}
);
";

const IN_FORCE: &str = r"
ALTER TABLE achievement ADD COLUMN in_force_year INTEGER;
UPDATE achievement SET in_force_year = (SELECT d.fiscal_year FROM declaration d
    WHERE d.id = achievement.declaration_id AND d.status IN ('APPROVED', 'CLOSED'));
DROP INDEX achievement_worst;
CREATE INDEX achievement_in_force ON achievement (period, in_force_year, status, rate, indicator_id)
    WHERE in_force_year IS NOT NULL;
";

/// The year 0 stands for all years.
const DEPARTMENTS: &str = r"
INSERT INTO department_result (department_id, fiscal_year, period, department_code, {columns})
    SELECT p.id, y.fiscal_year, r.period, p.code, {of_result}
    FROM declaration_result r
    JOIN declaration d ON d.id = r.declaration_id AND d.status IN ('APPROVED', 'CLOSED')
    JOIN department p ON p.id = d.department_id
    JOIN (SELECT DISTINCT fiscal_year FROM declaration UNION ALL SELECT 0) y ON y.fiscal_year IN (d.fiscal_year, 0)
    GROUP BY p.id, p.code, y.fiscal_year, r.period;
UPDATE department_result SET achievement_rate = (n_exceeded + n_achieved) * 1000000
        / NULLIF(n_exceeded + n_achieved + n_partially_achieved + n_not_achieved, 0);
CREATE INDEX department_result_rate ON department_result (fiscal_year, period, achievement_rate, department_code);
CREATE INDEX department_result_code ON department_result (fiscal_year, period, department_code);
";

const CELLS: &str = r"
INSERT INTO rollup_cell (jurisdiction_id, period, fiscal_year, level1, level2, status, grade, {columns})
    SELECT c.ancestor_id, a.period, d.fiscal_year, COALESCE(i.level1, ''), COALESCE(i.level2, ''), a.status,
        COALESCE(r.grade, ''), {of_achievement}
    FROM achievement a
    JOIN indicator i ON i.id = a.indicator_id
    JOIN declaration d ON d.id = a.declaration_id AND d.status IN ('APPROVED', 'CLOSED')
    JOIN department p ON p.id = d.department_id
    JOIN jurisdiction_closure c ON c.descendant_id = p.jurisdiction_id
    JOIN declaration_result r ON r.declaration_id = a.declaration_id AND r.period = a.period
    GROUP BY c.ancestor_id, a.period, d.fiscal_year, i.level1, i.level2, a.status, r.grade;
INSERT INTO rollup_cell (jurisdiction_id, period, fiscal_year, level1, level2, status, grade, {columns})
    SELECT c.ancestor_id, r.period, d.fiscal_year, '', '', '', COALESCE(r.grade, ''), {of_declaration}
    FROM declaration_result r
    JOIN declaration d ON d.id = r.declaration_id AND d.status IN ('APPROVED', 'CLOSED')
    JOIN department p ON p.id = d.department_id
    JOIN jurisdiction_closure c ON c.descendant_id = p.jurisdiction_id
    GROUP BY c.ancestor_id, r.period, d.fiscal_year, r.grade;
";
