//! The spine: organisation, people, schemes, declarations, reports, values, achievements, and the log.

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
        if postgres {
            db.execute_unprepared(APPEND_ONLY_POSTGRES).await?;
        }
        for table in ["audit_entry", "declaration_document", "actual_value", "declaration_version", "scoring_scheme"] {
            for act in ["UPDATE", "DELETE"] {
                db.execute_unprepared(&append_only(table, act, postgres)).await?;
            }
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// A trigger by which the database itself refuses `act` on an append-only table.
fn append_only(table: &str, act: &str, postgres: bool) -> String {
    let name = format!("{table}_no_{}", act.to_lowercase());
    if postgres {
        format!("CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION append_only()")
    } else {
        format!(
            "CREATE TRIGGER {name} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    }
}

const APPEND_ONLY_POSTGRES: &str = "CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS \
    $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$";

const TABLES: &str = r"
CREATE TABLE jurisdiction (
    id {id},
    code {text} NOT NULL UNIQUE CHECK (length(code) BETWEEN 4 AND 12),
    name {text} NOT NULL,
    parent_id BIGINT REFERENCES jurisdiction (id)
);
CREATE INDEX jurisdiction_parent ON jurisdiction (parent_id);

CREATE TABLE jurisdiction_closure (
    ancestor_id BIGINT NOT NULL REFERENCES jurisdiction (id),
    descendant_id BIGINT NOT NULL REFERENCES jurisdiction (id),
    depth INTEGER NOT NULL CHECK (depth >= 0),
    PRIMARY KEY (ancestor_id, descendant_id)
);
CREATE INDEX jurisdiction_closure_descendant ON jurisdiction_closure (descendant_id);

CREATE TABLE department (
    id {id},
    code {text} NOT NULL UNIQUE CHECK (length(code) BETWEEN 4 AND 12),
    name {text} NOT NULL,
    jurisdiction_id BIGINT NOT NULL REFERENCES jurisdiction (id)
);
CREATE INDEX department_jurisdiction ON department (jurisdiction_id);

CREATE TABLE user_account (
    id {id},
    username {text} NOT NULL UNIQUE,
    display_name {text} NOT NULL,
    password_hash {text} NOT NULL,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE role_grant (
    id {id},
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    role {text} NOT NULL,
    department_id BIGINT REFERENCES department (id),
    jurisdiction_id BIGINT REFERENCES jurisdiction (id),
    granted_at BIGINT NOT NULL,
    CHECK (department_id IS NULL OR jurisdiction_id IS NULL)
);
CREATE UNIQUE INDEX role_grant_natural
    ON role_grant (user_id, role, COALESCE(department_id, 0), COALESCE(jurisdiction_id, 0));

CREATE TABLE refresh_token (
    id {id},
    family {text} NOT NULL,
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    token_hash {text} NOT NULL UNIQUE,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    revoked_at BIGINT
);
CREATE INDEX refresh_token_family ON refresh_token (family);

CREATE TABLE scoring_scheme (
    id {id},
    code {text} NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    document {text} NOT NULL,
    sha256 {text} NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (code, version)
);

CREATE TABLE declaration (
    id {id},
    department_id BIGINT NOT NULL REFERENCES department (id),
    fiscal_year INTEGER NOT NULL CHECK (fiscal_year BETWEEN 2000 AND 2200),
    scope {text} NOT NULL,
    round INTEGER NOT NULL CHECK (round >= 1),
    status {text} NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 0),
    revision INTEGER NOT NULL CHECK (revision >= 1),
    document_number INTEGER NOT NULL CHECK (document_number >= 0),
    scheme_id BIGINT NOT NULL REFERENCES scoring_scheme (id),
    publicly_funded_staff_count BIGINT CHECK (publicly_funded_staff_count >= 0),
    subordinate_unit_count BIGINT CHECK (subordinate_unit_count >= 0),
    overall_goal {text},
    edited_by BIGINT REFERENCES user_account (id),
    submitted_by BIGINT REFERENCES user_account (id),
    forwarded_by BIGINT REFERENCES user_account (id),
    accepted_by BIGINT REFERENCES user_account (id),
    review_grade {text},
    review_opinion {text},
    approval_number {text},
    approved_on DATE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (department_id, fiscal_year, scope, round)
);
CREATE INDEX declaration_year ON declaration (fiscal_year, status);

CREATE TABLE declaration_version (
    declaration_id BIGINT NOT NULL REFERENCES declaration (id),
    version INTEGER NOT NULL CHECK (version >= 1),
    document_number INTEGER NOT NULL,
    approval_number {text} NOT NULL,
    approved_on DATE NOT NULL,
    approved_by BIGINT REFERENCES user_account (id),
    approved_at BIGINT NOT NULL,
    PRIMARY KEY (declaration_id, version)
);

CREATE TABLE declaration_document (
    declaration_id BIGINT NOT NULL REFERENCES declaration (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    at BIGINT NOT NULL,
    body {text} NOT NULL,
    sha256 {text} NOT NULL,
    PRIMARY KEY (declaration_id, number)
);

CREATE TABLE budget_line (
    declaration_id BIGINT NOT NULL REFERENCES declaration (id),
    line {text} NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (declaration_id, line)
);

CREATE TABLE key_task (
    id {id},
    declaration_id BIGINT NOT NULL REFERENCES declaration (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    name {text} NOT NULL,
    description {text},
    planned_funding BIGINT CHECK (planned_funding >= 0),
    expected_result {text}
);
CREATE INDEX key_task_declaration ON key_task (declaration_id);

CREATE TABLE indicator (
    id {id},
    declaration_id BIGINT NOT NULL REFERENCES declaration (id),
    position INTEGER NOT NULL CHECK (position >= 1),
    level1 {text},
    level1_label {text} NOT NULL,
    level2 {text},
    level2_label {text},
    name {text} NOT NULL,
    weight BIGINT CHECK (weight >= 0),
    weight_origin {text},
    weight_scheme_id BIGINT REFERENCES scoring_scheme (id),
    accumulation {text}
);
CREATE INDEX indicator_declaration ON indicator (declaration_id);

CREATE TABLE target (
    id {id},
    indicator_id BIGINT NOT NULL REFERENCES indicator (id),
    which {text} NOT NULL,
    text {text} NOT NULL,
    kind {text} NOT NULL,
    comparator {text},
    value {text},
    value_high {text},
    unit {text},
    base_value {text},
    base_value_high {text},
    base_unit {text},
    direction {text} NOT NULL,
    deadline DATE,
    certain {bool} NOT NULL,
    detail {text} NOT NULL,
    confirmed_by BIGINT REFERENCES user_account (id),
    confirmed_at BIGINT,
    UNIQUE (indicator_id, which)
);

CREATE TABLE report (
    id {id},
    declaration_id BIGINT NOT NULL REFERENCES declaration (id),
    period {text} NOT NULL,
    status {text} NOT NULL,
    revision INTEGER NOT NULL CHECK (revision >= 1),
    initial_budget BIGINT CHECK (initial_budget >= 0),
    annual_budget BIGINT CHECK (annual_budget >= 0),
    executed BIGINT CHECK (executed >= 0),
    forecast BIGINT CHECK (forecast >= 0),
    execution_reason {text},
    edited_by BIGINT REFERENCES user_account (id),
    submitted_by BIGINT REFERENCES user_account (id),
    submitted_at BIGINT,
    forwarded_by BIGINT REFERENCES user_account (id),
    accepted_by BIGINT REFERENCES user_account (id),
    review_opinion {text},
    updated_at BIGINT NOT NULL,
    UNIQUE (declaration_id, period)
);

CREATE TABLE actual_value (
    id {id},
    report_id BIGINT NOT NULL REFERENCES report (id),
    indicator_id BIGINT NOT NULL REFERENCES indicator (id),
    supersedes_id BIGINT UNIQUE REFERENCES actual_value (id),
    text {text},
    level {text},
    score BIGINT CHECK (score >= 0),
    score_reason {text},
    not_applicable_reason {text},
    not_applicable_accepted {bool} NOT NULL,
    forecast_text {text},
    outlook {text},
    note {text},
    deviations {text} NOT NULL,
    detail {text},
    review_score BIGINT CHECK (review_score >= 0),
    review_opinion {text},
    recorded_by BIGINT REFERENCES user_account (id),
    recorded_at BIGINT NOT NULL
);
CREATE INDEX actual_value_report ON actual_value (report_id, indicator_id);

CREATE TABLE achievement (
    indicator_id BIGINT NOT NULL REFERENCES indicator (id),
    period {text} NOT NULL,
    declaration_id BIGINT NOT NULL REFERENCES declaration (id),
    actual_value_id BIGINT REFERENCES actual_value (id),
    scheme_id BIGINT NOT NULL REFERENCES scoring_scheme (id),
    status {text} NOT NULL,
    rate BIGINT,
    score BIGINT CHECK (score >= 0),
    computed_score BIGINT,
    max_score BIGINT CHECK (score <= max_score),
    light {text},
    deviating {bool} NOT NULL,
    explanation_required {bool} NOT NULL,
    overridden {bool} NOT NULL,
    detail {text} NOT NULL,
    assessed_at BIGINT NOT NULL,
    PRIMARY KEY (indicator_id, period)
);
CREATE INDEX achievement_declaration ON achievement (declaration_id, period);
CREATE INDEX achievement_worst ON achievement (period, status, rate, indicator_id);

CREATE TABLE declaration_result (
    declaration_id BIGINT NOT NULL REFERENCES declaration (id),
    period {text} NOT NULL,
    score BIGINT,
    grade {text},
    achievement_rate BIGINT,
    execution_rate BIGINT,
    light {text},
    detail {text} NOT NULL,
    PRIMARY KEY (declaration_id, period)
);

CREATE TABLE idempotency_key (
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    key {text} NOT NULL,
    fingerprint {text} NOT NULL,
    outcome {text} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (user_id, key)
);

CREATE TABLE audit_entry (
    sequence BIGINT PRIMARY KEY NOT NULL,
    at BIGINT NOT NULL,
    actor_id BIGINT REFERENCES user_account (id),
    actor_name {text} NOT NULL,
    role {text},
    action {text} NOT NULL,
    node {text} NOT NULL,
    department_id BIGINT REFERENCES department (id),
    reason {text},
    changes {text} NOT NULL,
    document_sha256 {text},
    request_id {text} NOT NULL,
    previous_hash {text} NOT NULL,
    hash {text} NOT NULL UNIQUE
);
CREATE INDEX audit_entry_node ON audit_entry (node, sequence);

CREATE TABLE audit_head (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    sequence BIGINT NOT NULL,
    hash {text} NOT NULL
);
INSERT INTO audit_head (id, sequence, hash)
    VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
";
