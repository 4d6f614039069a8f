//! The rest of a report: its words, its fund rows, what a filer confirms; finance's scores and spot checks in a table of
//! their own, because a recorded value never changes.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        let postgres = db.get_database_backend() == DbBackend::Postgres;
        for statement in crate::spell(TABLES, postgres).split(";\n").map(str::trim).filter(|sql| !sql.is_empty()) {
            db.execute_unprepared(statement).await?;
        }
        for act in ["UPDATE", "DELETE"] {
            let name = format!("indicator_review_no_{}", act.to_lowercase());
            let then = if postgres {
                "FOR EACH ROW EXECUTE FUNCTION append_only()"
            } else {
                "BEGIN SELECT RAISE(ABORT, 'indicator_review is append-only'); END"
            };
            db.execute_unprepared(&format!("CREATE TRIGGER {name} BEFORE {act} ON indicator_review {then}")).await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const TABLES: &str = r"
ALTER TABLE report ADD COLUMN overall_goal_result {text};
ALTER TABLE report ADD COLUMN conclusion {text};
ALTER TABLE report ADD COLUMN problems {text};
ALTER TABLE report ADD COLUMN improvement_measures {text};
ALTER TABLE report ADD COLUMN spot_checked_by BIGINT REFERENCES user_account (id);
ALTER TABLE report ADD COLUMN spot_checked_at BIGINT;

ALTER TABLE actual_value ADD COLUMN corrective_action {text};
ALTER TABLE actual_value ADD COLUMN confirmed {bool} NOT NULL DEFAULT FALSE;
ALTER TABLE actual_value ADD COLUMN target_text {text};
ALTER TABLE actual_value DROP COLUMN not_applicable_accepted;
ALTER TABLE actual_value DROP COLUMN review_score;
ALTER TABLE actual_value DROP COLUMN review_opinion;

CREATE TABLE report_fund (
    report_id BIGINT NOT NULL REFERENCES report (id),
    source {text} NOT NULL,
    initial_budget BIGINT CHECK (initial_budget >= 0),
    annual_budget BIGINT CHECK (annual_budget >= 0),
    executed BIGINT CHECK (executed >= 0),
    forecast BIGINT CHECK (forecast >= 0),
    PRIMARY KEY (report_id, source)
);

CREATE TABLE indicator_review (
    id {id},
    report_id BIGINT NOT NULL REFERENCES report (id),
    indicator_id BIGINT NOT NULL REFERENCES indicator (id),
    stage {text} NOT NULL,
    actual_value_id BIGINT NOT NULL REFERENCES actual_value (id),
    score BIGINT CHECK (score >= 0),
    opinion {text},
    accepts_not_applicable {bool} NOT NULL,
    target_set_too_low {bool} NOT NULL,
    reviewed_by BIGINT REFERENCES user_account (id),
    reviewed_at BIGINT NOT NULL
);
CREATE INDEX indicator_review_report ON indicator_review (report_id, indicator_id);
";
