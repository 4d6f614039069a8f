//! Importing, editing, and the way of a declaration.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use jixiao_rules::check::budget_field;
use jixiao_rules::cycle::Act;
use jixiao_rules::form;
use jixiao_rules::kind::BudgetLine;
use jixiao_rules::value::Money;
use jixiao_service::declaration::{self, Create, DeclarationPatch, Import, Step, Whole};
use jixiao_service::error::{ServiceError, UserErrorCode, Violation};
use jixiao_service::id::DeclarationId;

use crate::graphql::context::ContextExt;
use crate::graphql::error::{Result, UserError, outcome};
use crate::graphql::id::{NodeKind, decode};
use crate::graphql::kind::{Severity, TargetReviewGrade};
use crate::graphql::mutation::actual_value::{money, patch};
use crate::graphql::scalar::{Date, Decimal, MoneyUnit};
use crate::graphql::types::declaration::Declaration;
use crate::graphql::upload::Upload;

/// 要导入的申报表。 — An official form to be imported.
#[derive(Debug, InputObject)]
pub struct DeclarationImportInput {
    /// 部门代码；部门须已存在且属于调用者。 — Code of the department; it exists and is the caller's.
    pub department_code: String,
    /// 部门名称，用于核对。 — A check: a name that differs is an error.
    pub department_name: Option<String>,
    /// 财政区划代码，用于核对。 — A check: a code that differs is an error.
    pub jurisdiction_code: Option<String>,
    /// 预算年度。 — Fiscal year.
    pub fiscal_year: i32,
    /// 申报表内容，制表符分隔的文本；与 file 二者取一。 — The form as tab-separated text; either this or a file.
    pub text: Option<String>,
    /// 申报表文件：.xlsx 工作簿、.docx 文档、网页，或制表符分隔的文本（UTF-8 或 GB18030）；与 text 二者取一。 — The form as a file: an .xlsx workbook, a .docx document, a web page, or tab-separated text (UTF-8 or GB18030); either this or text.
    pub file: Option<Upload>,
    /// 仅试导入，不写入。 — Only tell what would be done; writes nothing.
    #[graphql(default = false)]
    pub dry_run: bool,
}

/// 导入时发现的情况。 — Something repaired, dropped or unclear, with its place on the form.
#[derive(Clone, Debug, SimpleObject)]
pub struct ImportNotice {
    /// 严重程度。 — How grave it is; an ERROR means that nothing was imported.
    pub severity: Severity,
    /// 稳定代码。 — Stable code.
    pub code: String,
    /// 行号，自1起；涉及全表时为空。 — Line of the form, from 1; null when it concerns the whole form.
    pub row: Option<i32>,
    /// 列号，自1起；涉及整行时为空。 — Column, from 1; null when it concerns the whole row.
    pub column: Option<i32>,
    /// 说明文字。 — For people.
    pub message: String,
}

/// 导入结果。 — What an import did, or would do.
#[derive(Clone, Debug, SimpleObject)]
pub struct DeclarationImportPayload {
    /// 新的草稿；出错或试导入时为空。 — The new draft; null on errors and on a dry run.
    pub declaration: Option<Declaration>,
    /// 全部修复、舍弃或不明之处。 — Everything repaired, dropped or unclear.
    pub notices: Vec<ImportNotice>,
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

/// 申报变更的结果。 — What became of an act on a declaration.
#[derive(Clone, Debug, SimpleObject)]
pub struct DeclarationPayload {
    /// 变更后的申报；出错时为空。 — The declaration after it; null on errors.
    pub declaration: Option<Declaration>,
    /// 可由用户更正的错误。 — What the user can mend; nothing was written then.
    pub user_errors: Vec<UserError>,
}

/// 新的空白草稿。 — An empty draft to be made.
#[derive(Clone, Debug, InputObject)]
pub struct DeclarationCreateInput {
    /// 部门代码；部门须已存在且属于调用者。 — Code of the department; it exists and is the caller's.
    pub department_code: String,
    /// 预算年度。 — Fiscal year.
    pub fiscal_year: i32,
}

/// 预算整体情况的变更；未给出的不变，空值使该项空白。 — Changes of the budget block: what is absent stays, null makes a line blank.
#[derive(Clone, Debug, InputObject)]
pub struct BudgetInput {
    /// 基本支出。 — Basic expenditure.
    pub basic_expenditure: MaybeUndefined<Decimal>,
    /// 项目支出。 — Project expenditure.
    pub project_expenditure: MaybeUndefined<Decimal>,
    /// 财政专项资金。 — Fiscal special funds.
    pub fiscal_special_funds: MaybeUndefined<Decimal>,
    /// 其他事业发展性支出。 — Other development expenditure.
    pub other_development_expenditure: MaybeUndefined<Decimal>,
    /// 财政拨款。 — Fiscal appropriation.
    pub fiscal_appropriation: MaybeUndefined<Decimal>,
    /// 其他资金。 — Other funds.
    pub other_funds: MaybeUndefined<Decimal>,
    /// 本级使用资金。 — Funds used at the own level.
    pub own_level_funds: MaybeUndefined<Decimal>,
    /// 拟用于对下转移支付资金。 — Planned transfers to lower levels.
    pub planned_transfers_to_lower_levels: MaybeUndefined<Decimal>,
    /// 金额单位。 — Unit of the amounts.
    #[graphql(default)]
    pub unit: MoneyUnit,
}

/// 草稿表头与预算的变更；未给出的不变，空值清除。 — Changes of the head and budget of a draft: what is absent stays, null empties.
#[derive(Clone, Debug, InputObject)]
pub struct DeclarationUpdateInput {
    /// 申报。 — The declaration.
    pub declaration_id: ID,
    /// 财政供养人员数。 — Publicly funded staff.
    pub publicly_funded_staff_count: MaybeUndefined<i64>,
    /// 下属二级单位数。 — Subordinate units.
    pub subordinate_unit_count: MaybeUndefined<i64>,
    /// 总体绩效目标。 — Overall goal.
    pub overall_goal: MaybeUndefined<String>,
    /// 预算整体情况。 — The budget block.
    pub budget: Option<BudgetInput>,
    /// 已看到的申报修订号。 — Revision of the declaration the caller has seen.
    pub expected_revision: i32,
}

impl BudgetInput {
    fn lines(self) -> Result<Vec<(BudgetLine, Option<Money>)>, Vec<Violation>> {
        let given = [
            (BudgetLine::BasicExpenditure, self.basic_expenditure),
            (BudgetLine::ProjectExpenditure, self.project_expenditure),
            (BudgetLine::FiscalSpecialFunds, self.fiscal_special_funds),
            (BudgetLine::OtherDevelopmentExpenditure, self.other_development_expenditure),
            (BudgetLine::FiscalAppropriation, self.fiscal_appropriation),
            (BudgetLine::OtherFunds, self.other_funds),
            (BudgetLine::OwnLevelFunds, self.own_level_funds),
            (BudgetLine::PlannedTransfersToLowerLevels, self.planned_transfers_to_lower_levels),
        ];
        let (mut lines, mut violations) = (Vec::new(), Vec::new());
        for (line, amount) in given {
            match money(amount, self.unit, &format!("budget.{}", budget_field(line))) {
                Ok(Some(amount)) => lines.push((line, amount)),
                Ok(None) => {}
                Err(violation) => violations.push(violation),
            }
        }
        if violations.is_empty() { Ok(lines) } else { Err(violations) }
    }
}

pub(super) fn payload(ctx: &Context<'_>, done: Result<Whole, ServiceError>) -> Result<Option<DeclarationPayload>> {
    Ok(Some(match outcome(done, ctx.lang()?)? {
        Ok(whole) => {
            DeclarationPayload { declaration: Some(Declaration::from_whole(Arc::new(whole))), user_errors: Vec::new() }
        }
        Err(user_errors) => DeclarationPayload { declaration: None, user_errors },
    }))
}

async fn step(ctx: &Context<'_>, id: &ID, step: Step) -> Result<Option<DeclarationPayload>> {
    let id = DeclarationId(decode(NodeKind::Declaration, id)?);
    payload(ctx, declaration::step(ctx.db()?, ctx.op()?, id, &step).await)
}

fn plain(act: Act, expected_revision: i32, reason: Option<String>) -> Step {
    Step { act, expected_revision, reason, grade: None, approval: None }
}

/// Fields of this noun on the root.
#[derive(Default)]
pub struct DeclarationMutation;

#[Object]
impl DeclarationMutation {
    /// 导入官方申报表为草稿；要么全部导入，要么什么也不写。 — Imports an official form as a draft: all of it or nothing.
    async fn declaration_import(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "申报表。 — The form.")] input: DeclarationImportInput,
    ) -> Result<Option<DeclarationImportPayload>> {
        let lang = ctx.lang()?;
        let refuse = |violation: Violation| {
            let user_errors = vec![UserError::new(&violation, lang)];
            Ok(Some(DeclarationImportPayload { declaration: None, notices: Vec::new(), user_errors }))
        };
        let file = input.file.map(|file| ctx.file(file)).transpose()?;
        if file.is_some() == input.text.is_some() {
            let (zh, en) = ("请提供申报表的内容或文件, 二者取一", "give the form as text or as a file, one of them");
            return refuse(Violation::new(UserErrorCode::Required, "text", zh, en));
        }
        let text = input.text.unwrap_or_default();
        let limit = ctx.limits()?.max_import_bytes;
        if u64::try_from(text.len()).unwrap_or(u64::MAX) > limit {
            let (zh, en) = (format!("申报表不能超过{limit}字节"), format!("a form has at most {limit} bytes"));
            return refuse(Violation::new(UserErrorCode::LimitExceeded, "text", zh, en));
        }
        let import = Import {
            department_code: input.department_code,
            department_name: input.department_name,
            jurisdiction_code: input.jurisdiction_code,
            fiscal_year: input.fiscal_year,
            text,
            dry_run: input.dry_run,
        };
        let (done, notices) = match file {
            Some(file) => declaration::import_file(ctx.db()?, ctx.op()?, import, file, limit).await,
            None => declaration::import(ctx.db()?, ctx.op()?, &import).await,
        };
        let notice = |notice: &form::Notice| ImportNotice {
            severity: notice.severity.into(),
            code: notice.code.clone(),
            row: notice.row.and_then(|row| row.try_into().ok()),
            column: notice.column.and_then(|column| column.try_into().ok()),
            message: lang.of(&notice.message).to_owned(),
        };
        let notices = notices.iter().map(notice).collect();
        Ok(Some(match outcome(done, lang)? {
            Ok(done) => {
                let whole = Whole { declaration: done.declaration, department: done.department };
                let declaration = (!done.dry_run).then(|| Declaration::from_whole(Arc::new(whole)));
                DeclarationImportPayload { declaration, notices, user_errors: Vec::new() }
            }
            Err(user_errors) => DeclarationImportPayload { declaration: None, notices, user_errors },
        }))
    }

    /// 新建空白草稿。 — Makes an empty draft for a department and year.
    async fn declaration_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "草稿。 — The draft.")] input: DeclarationCreateInput,
    ) -> Result<Option<DeclarationPayload>> {
        let new = Create { department_code: input.department_code, fiscal_year: input.fiscal_year };
        payload(ctx, declaration::create(ctx.db()?, ctx.op()?, &new).await)
    }

    /// 变更草稿的表头与预算。 — Changes the head and budget of a draft.
    async fn declaration_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "变更。 — The changes.")] input: DeclarationUpdateInput,
    ) -> Result<Option<DeclarationPayload>> {
        let id = DeclarationId(decode(NodeKind::Declaration, &input.declaration_id)?);
        let budget = match input.budget.map(BudgetInput::lines).transpose() {
            Ok(budget) => budget.unwrap_or_default(),
            Err(violations) => return payload(ctx, Err(ServiceError::Invalid(violations))),
        };
        let patch = DeclarationPatch {
            expected_revision: input.expected_revision,
            publicly_funded_staff_count: patch(input.publicly_funded_staff_count),
            subordinate_unit_count: patch(input.subordinate_unit_count),
            overall_goal: patch(input.overall_goal),
            budget,
        };
        payload(ctx, declaration::update(ctx.db()?, ctx.op()?, id, &patch).await)
    }

    /// 提交申报；错误级检查全部列出并阻止提交。 — Submits a draft; checks of severity ERROR block it, all of them listed.
    async fn declaration_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "申报。 — The declaration.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
    ) -> Result<Option<DeclarationPayload>> {
        step(ctx, &id, plain(Act::DeclarationSubmit, expected_revision, None)).await
    }

    /// 主管部门上报财政。 — The department's reviewer forwards it to finance.
    async fn declaration_forward(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "申报。 — The declaration.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
        #[graphql(desc = "意见。 — Opinion.")] opinion: Option<String>,
    ) -> Result<Option<DeclarationPayload>> {
        step(ctx, &id, plain(Act::DeclarationForward, expected_revision, opinion)).await
    }

    /// 财政审核通过，等级为优或良。 — Finance accepts it with EXCELLENT or GOOD.
    async fn declaration_accept(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "申报。 — The declaration.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
        #[graphql(desc = "审核等级。 — Grade of the review.")] grade: TargetReviewGrade,
        #[graphql(desc = "意见。 — Opinion.")] opinion: Option<String>,
    ) -> Result<Option<DeclarationPayload>> {
        let accept = Step { grade: Some(grade.into()), ..plain(Act::DeclarationAccept, expected_revision, opinion) };
        step(ctx, &id, accept).await
    }

    /// 财政否决（等级为差）。 — Finance rejects it (grade POOR).
    async fn declaration_reject(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "申报。 — The declaration.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
        #[graphql(desc = "理由。 — Reason.")] reason: String,
    ) -> Result<Option<DeclarationPayload>> {
        step(ctx, &id, plain(Act::DeclarationReject, expected_revision, Some(reason))).await
    }

    /// 退回修改。 — Returns it for revision.
    async fn declaration_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "申报。 — The declaration.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
        #[graphql(desc = "理由。 — Reason.")] reason: String,
    ) -> Result<Option<DeclarationPayload>> {
        step(ctx, &id, plain(Act::DeclarationReturn, expected_revision, Some(reason))).await
    }

    /// 随预算批复，形成新版本。 — Approves it with the budget; a new version comes into force.
    async fn declaration_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "申报。 — The declaration.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
        #[graphql(desc = "批复文号。 — Number of the approval.")] approval_number: String,
        #[graphql(desc = "批复日期。 — Day of the approval.")] approved_on: Date,
    ) -> Result<Option<DeclarationPayload>> {
        let approval = Some((approval_number, approved_on.0));
        step(ctx, &id, Step { approval, ..plain(Act::DeclarationApprove, expected_revision, None) }).await
    }

    /// 年度办结：年终自评审核通过之后，由财政办结。 — Finance closes the year, once its self-evaluation is accepted.
    async fn declaration_close(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "申报。 — The declaration.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
    ) -> Result<Option<DeclarationPayload>> {
        step(ctx, &id, plain(Act::DeclarationClose, expected_revision, None)).await
    }

    /// 将已办结的申报结转为下年度草稿；结果不结转。 — Carries a closed declaration over into next year's draft: content and targets, nothing of the results.
    async fn declaration_carry_over(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "已办结的申报。 — The closed declaration.")] id: ID,
        #[graphql(desc = "已看到的修订号。 — Revision the caller has seen.")] expected_revision: i32,
    ) -> Result<Option<DeclarationPayload>> {
        let id = DeclarationId(decode(NodeKind::Declaration, &id)?);
        payload(ctx, declaration::carry_over(ctx.db()?, ctx.op()?, id, expected_revision).await)
    }
}
