//! Files of many rows: actual values, accounts, departments.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use jixiao_service::actual_value;
use jixiao_service::batch::{Manner, Row};
use jixiao_service::ctx::Lang;
use jixiao_service::error::Violation;
use jixiao_service::id::{DeclarationId, IndicatorId};
use jixiao_service::{department, table, user};

use super::actual_value::{RecordMode, rows};
use crate::graphql::context::ContextExt;
use crate::graphql::error::{Result, UserError, outcome};
use crate::graphql::id::{NodeKind, decode};
use crate::graphql::kind::ReportingPeriod;
use crate::graphql::types::achievement::Achievement;
use crate::graphql::types::actual_value::ActualValue;
use crate::graphql::types::indicator::Indicator;
use crate::graphql::types::report::Report;
use crate::graphql::upload::Upload;

/// 一个期间的实际完成值文件。 — A file of actual values of one period, one row per indicator.
#[derive(Debug, InputObject)]
pub struct ActualValuesImportInput {
    /// 申报。 — The declaration.
    pub declaration_id: ID,
    /// 期间。 — The period.
    pub period: ReportingPeriod,
    /// CSV 或 .xlsx 文件，按内容识别；也可以是填好的官方监控表、自评表（.xlsx），连同其资金与文字；空单元格不作更改。 — CSV or .xlsx, told by its content; also the official form of the period (.xlsx) filled in, with its amounts and words. An empty cell changes nothing.
    pub file: Upload,
    /// 部分行有误时的处理方式。 — What to do with rows that are refused.
    #[graphql(default)]
    pub mode: RecordMode,
    /// 已看到的报告修订号；给出且过期则冲突。 — Revision of the report the caller has seen; given and stale is CONFLICT.
    pub expected_revision: Option<i32>,
    /// 幂等键：同键同文件不再执行，同键异内容为错误。 — Sent again with the same file nothing is done again; with another input it is an error.
    pub idempotency_key: Option<String>,
    /// 仅试填报，不写入。 — Only tell what would be done; writes nothing.
    #[graphql(default = false)]
    pub dry_run: bool,
}

/// 账号或部门的文件。 — A file of accounts or of departments, one a row.
#[derive(Debug, InputObject)]
pub struct BatchInput {
    /// CSV 或 .xlsx 文件，按内容识别。 — CSV or .xlsx, told by its content.
    pub file: Upload,
    /// 部分行有误时的处理方式。 — What to do with rows that are refused.
    #[graphql(default)]
    pub mode: RecordMode,
    /// 仅试导入，不写入。 — Only tell what would be done; writes nothing.
    #[graphql(default = false)]
    pub dry_run: bool,
}

/// 读取表格时发现的情况，不妨碍导入。 — Something noticed in a table that stops nothing.
#[derive(Clone, Debug, SimpleObject)]
pub struct TableNotice {
    /// 稳定代码。 — Stable code.
    pub code: String,
    /// 单元格地址，如“表1!B7”；涉及整个文件时为空。 — Address of the cell, or of the first of several; null when it concerns the file.
    pub address: Option<String>,
    /// 说明文字。 — For people.
    pub message: String,
}

/// 文件中一行的结果。 — What became, or would become, of one row of the file.
#[derive(Clone, Debug, SimpleObject)]
pub struct ActualValueImportResult {
    /// 该行在有内容的行中的序号，自0起。 — Its number among the rows that say something, from 0.
    pub index: i32,
    /// 该行的地址，如“表1!A7”。 — Where the row is in the file, such as 表1!A7.
    pub address: String,
    /// 指标；无法确定时为空。 — The indicator; null when the row names none.
    pub indicator: Option<Indicator>,
    /// 现行有效的值；该行有误时为空。 — The value in force; null when the row is refused.
    pub actual_value: Option<ActualValue>,
    /// 完成情况；该行有误时为空。 — Its achievement; null when the row is refused.
    pub achievement: Option<Achievement>,
    /// 该行的错误，路径为 ["file", 单元格地址]。 — Why the row is refused; the path is ["file", address of the cell].
    pub user_errors: Vec<UserError>,
}

/// 实际完成值文件的结果。 — What became of a file of actual values.
#[derive(Clone, Debug, SimpleObject)]
pub struct ActualValuesImportPayload {
    /// 填报后的报告；出错或试填报时为空。 — The report after it; null on errors and on a dry run.
    pub report: Option<Report>,
    /// 逐行结果。 — Row by row.
    pub results: Vec<ActualValueImportResult>,
    /// 读取时发现的情况。 — What was noticed while reading.
    pub notices: Vec<TableNotice>,
    /// 可由用户更正的错误；此时什么也没有写入。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

/// 一个账号的结果。 — What became, or would become, of one account.
#[derive(Clone, Debug, SimpleObject)]
pub struct UserImportResult {
    /// 该行的序号，自0起。 — Its number among the rows, from 0.
    pub index: i32,
    /// 该行的地址。 — Where the row is in the file.
    pub address: String,
    /// 登录名，如文件所写。 — The name to sign in with, as the file gives it.
    pub username: String,
    /// 是否已建立。 — Whether the account was made.
    pub written: bool,
    /// 文件未给出密码时生成的初始密码，仅在此返回一次；文件给出或未建立时为空。 — The password made for it, told only here; null when the file gives one or nothing was made.
    pub generated_password: Option<String>,
    /// 该行的错误，路径为 ["file", 单元格地址]。 — Why the row is refused; the path is ["file", address of the cell].
    pub user_errors: Vec<UserError>,
}

/// 账号文件的结果。 — What became of a file of accounts.
#[derive(Clone, Debug, SimpleObject)]
pub struct UsersImportPayload {
    /// 逐行结果。 — Row by row.
    pub results: Vec<UserImportResult>,
    /// 读取时发现的情况。 — What was noticed while reading.
    pub notices: Vec<TableNotice>,
    /// 可由用户更正的错误；此时什么也没有写入。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

/// 一个部门的结果。 — What became, or would become, of one department.
#[derive(Clone, Debug, SimpleObject)]
pub struct DepartmentImportResult {
    /// 该行的序号，自0起。 — Its number among the rows, from 0.
    pub index: i32,
    /// 该行的地址。 — Where the row is in the file.
    pub address: String,
    /// 部门代码，如文件所写。 — Code of the department, as the file gives it.
    pub code: String,
    /// 是否已建立。 — Whether the department was made.
    pub written: bool,
    /// 该行的错误，路径为 ["file", 单元格地址]。 — Why the row is refused; the path is ["file", address of the cell].
    pub user_errors: Vec<UserError>,
}

/// 部门文件的结果。 — What became of a file of departments.
#[derive(Clone, Debug, SimpleObject)]
pub struct DepartmentsImportPayload {
    /// 逐行结果。 — Row by row.
    pub results: Vec<DepartmentImportResult>,
    /// 读取时发现的情况。 — What was noticed while reading.
    pub notices: Vec<TableNotice>,
    /// 可由用户更正的错误；此时什么也没有写入。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

fn errors(violations: &[Violation], lang: Lang) -> Vec<UserError> {
    violations.iter().map(|violation| UserError::new(violation, lang)).collect()
}

fn told(notices: &[table::TableNotice], lang: Lang) -> Vec<TableNotice> {
    let notice = |notice: &table::TableNotice| TableNotice {
        code: notice.code.to_owned(),
        address: notice.address.clone(),
        message: lang.of(&notice.message).to_owned(),
    };
    notices.iter().map(notice).collect()
}

fn index(row: &Row) -> i32 {
    i32::try_from(row.index).unwrap_or(i32::MAX)
}

fn indicator_of(id: &str) -> Option<IndicatorId> {
    decode(NodeKind::Indicator, &ID::from(id)).ok().map(IndicatorId)
}

fn manner(input: &BatchInput) -> Manner {
    Manner { mode: input.mode.into(), dry_run: input.dry_run }
}

/// The results with their addresses.
fn addressed(
    done: actual_value::Outcome,
    addresses: Vec<String>,
    lang: Lang,
) -> (Vec<ActualValueImportResult>, Vec<UserError>) {
    let (results, user_errors) = rows(done, lang);
    let result = |(made, address): (super::actual_value::ActualValueResult, String)| ActualValueImportResult {
        index: made.index,
        address,
        indicator: made.indicator,
        actual_value: made.actual_value,
        achievement: made.achievement,
        user_errors: made.user_errors,
    };
    (results.into_iter().zip(addresses).map(result).collect(), user_errors)
}

/// Fields of files on the root.
#[derive(Default)]
pub struct BatchMutation;

#[Object]
impl BatchMutation {
    /// 从 CSV 或 .xlsx 文件填报一个期间的实际完成值，与 actualValuesRecord 同一路径。 — Records the actual values in a CSV or .xlsx file, as actualValuesRecord would; errors name the cell.
    #[graphql(complexity = "500 + child_complexity")]
    async fn actual_values_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "文件。 — The file.")] input: ActualValuesImportInput,
    ) -> Result<Option<ActualValuesImportPayload>> {
        let lang = ctx.lang()?;
        let new = actual_value::Import {
            declaration_id: DeclarationId(decode(NodeKind::Declaration, &input.declaration_id)?),
            period: input.period.into(),
            expected_revision: input.expected_revision,
            idempotency_key: input.idempotency_key,
            mode: input.mode.into(),
            dry_run: input.dry_run,
        };
        let file = (ctx.file(input.file)?, ctx.limits()?.max_import_bytes);
        let (done, notices) = actual_value::import(ctx.db()?, ctx.op()?, new, file, indicator_of).await;
        let notices = told(&notices, lang);
        Ok(Some(match outcome(done, lang)? {
            Err(user_errors) => ActualValuesImportPayload { report: None, results: Vec::new(), notices, user_errors },
            Ok((done, addresses)) => {
                let written = done.recorded.written;
                let report = Report { whole: Arc::new(done.whole.clone()), period: done.recorded.period };
                let (results, user_errors) = addressed(done, addresses, lang);
                ActualValuesImportPayload { report: written.then_some(report), results, notices, user_errors }
            }
        }))
    }

    /// 从 CSV 或 .xlsx 文件新建账号，每行一个账号与一个角色。 — Makes the accounts in a CSV or .xlsx file, one with its role a row; for ADMIN.
    #[graphql(complexity = "5000 + child_complexity")]
    async fn users_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "文件。 — The file.")] input: BatchInput,
    ) -> Result<Option<UsersImportPayload>> {
        let lang = ctx.lang()?;
        let (file, limit) = (ctx.file(input.file)?, ctx.limits()?.max_import_bytes);
        let done = user::import(ctx.db()?, ctx.op()?, manner(&input), file, limit).await;
        let result = |made: user::ImportedUser| UserImportResult {
            index: index(&made.row),
            address: made.row.address,
            username: made.username,
            written: made.row.written,
            generated_password: made.password,
            user_errors: errors(&made.row.violations, lang),
        };
        Ok(Some(match outcome(done, lang)? {
            Err(user_errors) => UsersImportPayload { results: Vec::new(), notices: Vec::new(), user_errors },
            Ok(done) => UsersImportPayload {
                notices: told(&done.notices, lang),
                user_errors: errors(&done.violations, lang),
                results: done.rows.into_iter().map(result).collect(),
            },
        }))
    }

    /// 从 CSV 或 .xlsx 文件新建部门，每行一个。 — Makes the departments in a CSV or .xlsx file, one a row; for ADMIN.
    #[graphql(complexity = "500 + child_complexity")]
    async fn departments_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "文件。 — The file.")] input: BatchInput,
    ) -> Result<Option<DepartmentsImportPayload>> {
        let lang = ctx.lang()?;
        let (file, limit) = (ctx.file(input.file)?, ctx.limits()?.max_import_bytes);
        let done = department::import(ctx.db()?, ctx.op()?, manner(&input), file, limit).await;
        let result = |(row, code): (Row, String)| DepartmentImportResult {
            index: index(&row),
            address: row.address,
            code,
            written: row.written,
            user_errors: errors(&row.violations, lang),
        };
        Ok(Some(match outcome(done, lang)? {
            Err(user_errors) => DepartmentsImportPayload { results: Vec::new(), notices: Vec::new(), user_errors },
            Ok(done) => DepartmentsImportPayload {
                notices: told(&done.notices, lang),
                user_errors: errors(&done.done.violations, lang),
                results: done.done.rows.into_iter().zip(done.codes).map(result).collect(),
            },
        }))
    }
}
