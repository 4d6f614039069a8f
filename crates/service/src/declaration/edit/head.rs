//! The head of the form: an empty draft, counts, the overall goal, the budget.

use jixiao_entity::id::DeclarationId;
use jixiao_entity::stored::Word;
use jixiao_entity::{budget_line, declaration};
use jixiao_rules::check::budget_field;
use jixiao_rules::cycle::Act;
use jixiao_rules::form::Form;
use jixiao_rules::kind::BudgetLine;
use jixiao_rules::value::Money;
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter};

use super::{begin, finish};
use crate::actual_value::Patch;
use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::declaration::import::{check_year, insert, next_round};
use crate::declaration::{Change, Whole, settle};
use crate::department;
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::policy::{self, Territory};
use crate::scheme_assignment;
use crate::text::Checked;

/// An empty draft to be made.
#[derive(Clone, Debug)]
pub struct Create {
    /// Code of the department; it exists and is the caller's.
    pub department_code: String,
    /// Fiscal year.
    pub fiscal_year: i32,
}

/// What to change of the head of the form: only what is named.
#[derive(Clone, Debug, Default)]
pub struct DeclarationPatch {
    /// Revision of the declaration the caller has seen.
    pub expected_revision: i32,
    /// 财政供养人员数.
    pub publicly_funded_staff_count: Patch<i64>,
    /// 下属二级单位数.
    pub subordinate_unit_count: Patch<i64>,
    /// 总体绩效目标.
    pub overall_goal: Patch<String>,
    /// 预算整体情况; `None` makes a line blank.
    pub budget: Vec<(BudgetLine, Option<Money>)>,
}

/// Makes an empty draft.
///
/// # Errors
/// `Unauthenticated`, `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT` (there is one already), `INVALID_VALUE`.
pub async fn create(db: &Db, ctx: &Ctx, new: &Create) -> Result<Whole> {
    if ctx.actor == Actor::Anonymous {
        return Err(ServiceError::Unauthenticated);
    }
    let txn = db.begin_write().await?;
    let department = department::by_code(&txn, ctx, &new.department_code).await?;
    let department = department.ok_or_else(|| ServiceError::not_found("departmentCode"))?;
    let territory = Territory::of(&txn, department.id, department.jurisdiction_id).await?;
    let roles = policy::allow(ctx, Act::DeclarationCreate, Some(&territory))?;
    check_year(new.fiscal_year)?;
    let round = next_round(&txn, department.id, new.fiscal_year, "fiscalYear").await?;
    let scheme = scheme_assignment::of(&txn, department.jurisdiction_id, new.fiscal_year).await?;
    let id = insert(&txn, ctx, (department.id, new.fiscal_year, round, scheme.id), &Form::default()).await?;
    let node = format!("Declaration:{}", id.0);
    let (act, role) = (Act::DeclarationCreate, roles.first().copied());
    let declaration = settle(&txn, ctx, id, Change { act, role, node, reason: None, before: None }).await?;
    txn.commit().await?;
    Ok(Whole { declaration, department })
}

/// Changes the head of a draft.
///
/// # Errors
/// `Forbidden`; `Invalid`: `NOT_FOUND`, `CONFLICT`, `WRONG_STATE`, `INVALID_VALUE`, `TOO_LONG`, `REQUIRED`.
pub async fn update(db: &Db, ctx: &Ctx, id: DeclarationId, patch: &DeclarationPatch) -> Result<Whole> {
    let txn = db.begin_write().await?;
    let editing = begin(&txn, ctx, Act::DeclarationEdit, (id, "declarationId"), patch.expected_revision).await?;
    let mut checked = Checked::default();
    let mut row = declaration::ActiveModel { id: Unchanged(id), ..Default::default() };
    let counts = [
        (patch.publicly_funded_staff_count, &mut row.publicly_funded_staff_count, "publiclyFundedStaffCount"),
        (patch.subordinate_unit_count, &mut row.subordinate_unit_count, "subordinateUnitCount"),
    ];
    for (given, kept, field) in counts {
        let Some(count) = given else { continue };
        if count.is_some_and(|count| !(0..=i64::from(i32::MAX)).contains(&count)) {
            checked.fail(UserErrorCode::InvalidValue, field, "数量不能为负或过大", "a count is not negative");
        }
        *kept = Set(count);
    }
    if let Some(goal) = checked.patch(&patch.overall_goal, 20_000, "overallGoal") {
        row.overall_goal = Set(goal);
    }
    for (line, amount) in &patch.budget {
        checked.check(check_amount(*amount, &format!("budget.{}", budget_field(*line))));
    }
    checked.done()?;
    if row.is_changed() {
        row.update(&txn).await?;
    }
    for (line, amount) in &patch.budget {
        budget_line::Entity::delete_many()
            .filter(budget_line::Column::DeclarationId.eq(id))
            .filter(budget_line::Column::Line.eq(Word(*line)))
            .exec(&txn)
            .await?;
        if let Some(amount) = amount {
            let line =
                budget_line::ActiveModel { declaration_id: Set(id), line: Set(Word(*line)), amount: Set(amount.0) };
            budget_line::Entity::insert(line).exec_without_returning(&txn).await?;
        }
    }
    finish(txn, ctx, editing).await
}

/// Largest amount: far above any budget, and sums of them stay exact.
const MAX_FEN: i64 = 100_000_000_000_000_000;

/// Neither negative nor beyond any budget.
pub(crate) fn check_amount(amount: Option<Money>, field: &str) -> Result<(), Violation> {
    if amount.is_some_and(|amount| !(0..=MAX_FEN).contains(&amount.0)) {
        let (zh, en) = ("金额不能为负, 也不能超过1000万亿元", "an amount is not negative and at most 10^15 yuan");
        return Err(Violation::new(UserErrorCode::InvalidValue, field, zh, en));
    }
    Ok(())
}
