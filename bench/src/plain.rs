//! What summaries cost without roll-ups: the plain SQL over the base tables, one connection, nothing else in the way.

use std::time::{Duration, Instant};

use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::SqlitePoolOptions;

/// As the load scripts of the same names ask; the year is one of those that are filled.
const QUERIES: [(&str, &str); 3] = [
    (
        "achievement_by",
        "SELECT p.code, p.name, {counts} FROM achievement a JOIN declaration d ON d.id = a.declaration_id \
         JOIN department p ON p.id = d.department_id \
         WHERE a.period = 'YEAR_END' AND d.status IN ('APPROVED', 'CLOSED') AND d.fiscal_year = 2023 \
         GROUP BY p.code, p.name ORDER BY {rate} ASC NULLS LAST, p.code LIMIT 51",
    ),
    (
        "summary_level1",
        "SELECT i.level1, {counts} FROM achievement a JOIN indicator i ON i.id = a.indicator_id \
         JOIN declaration d ON d.id = a.declaration_id \
         WHERE a.period = 'YEAR_END' AND d.status IN ('APPROVED', 'CLOSED') GROUP BY i.level1",
    ),
    (
        "unmet",
        "SELECT i.id, a.rate, COUNT(*) OVER () FROM achievement a JOIN indicator i ON i.id = a.indicator_id \
         JOIN declaration d ON d.id = a.declaration_id \
         WHERE a.period = 'YEAR_END' AND d.status IN ('APPROVED', 'CLOSED') AND d.fiscal_year = 2023 \
         AND a.status IN ('PARTIALLY_ACHIEVED', 'NOT_ACHIEVED') ORDER BY a.rate ASC NULLS LAST, i.id LIMIT 51",
    ),
];

const STATUSES: [&str; 8] = [
    "EXCEEDED",
    "ACHIEVED",
    "PARTIALLY_ACHIEVED",
    "NOT_ACHIEVED",
    "IN_PROGRESS",
    "NOT_REPORTED",
    "NOT_APPLICABLE",
    "UNDETERMINED",
];

fn statement(template: &str) -> String {
    let count = |statuses: &[&str]| {
        let listed: Vec<String> = statuses.iter().map(|status| format!("'{status}'")).collect();
        format!("SUM(CASE WHEN a.status IN ({}) THEN 1 ELSE 0 END)", listed.join(", "))
    };
    let mut counts: Vec<String> = STATUSES.iter().map(|status| count(&[status])).collect();
    counts.extend(["SUM(a.score)".to_owned(), "SUM(a.max_score)".to_owned()]);
    let rate = format!("{} * 1000000 / NULLIF({}, 0)", count(&STATUSES[..2]), count(&STATUSES[..4]));
    template.replace("{counts}", &counts.join(", ")).replace("{rate}", &rate)
}

enum Pool {
    Postgres(sqlx::PgPool),
    Sqlite(sqlx::SqlitePool),
}

impl Pool {
    async fn connect(database_url: &str) -> Result<Self, sqlx::Error> {
        Ok(if database_url.starts_with("postgres") {
            Self::Postgres(PgPoolOptions::new().max_connections(1).connect(database_url).await?)
        } else {
            Self::Sqlite(SqlitePoolOptions::new().max_connections(1).connect(database_url).await?)
        })
    }

    async fn rows(&self, sql: &str) -> Result<usize, sqlx::Error> {
        Ok(match self {
            Self::Postgres(pool) => sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await?.len(),
            Self::Sqlite(pool) => sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await?.len(),
        })
    }
}

/// Runs each query again and again for so long, at least three times after one to warm up; prints name, runs, p50 and p99
/// in microseconds.
pub(crate) async fn run(database_url: &str, time: Duration) -> anyhow::Result<()> {
    let pool = Pool::connect(database_url).await?;
    for (name, template) in QUERIES {
        let sql = statement(template);
        anyhow::ensure!(pool.rows(&sql).await? > 0, "{name} finds nothing");
        let (mut taken, begun) = (Vec::new(), Instant::now());
        while taken.len() < 3 || begun.elapsed() < time {
            let start = Instant::now();
            pool.rows(&sql).await?;
            taken.push(start.elapsed().as_micros());
        }
        taken.sort_unstable();
        let at = |hundredths: usize| taken.get(taken.len() * hundredths / 100).or(taken.last()).copied().unwrap_or(0);
        println!("{name}\t{}\t{}\t{}", taken.len(), at(50), at(99));
    }
    Ok(())
}
