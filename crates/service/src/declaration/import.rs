//! Importing an official form as a new draft.

use jixiao_entity::id::{DeclarationId, DepartmentId, IndicatorId, SchemeId};
use jixiao_entity::stored::{Number, Word};
use jixiao_entity::{budget_line, declaration, indicator, key_task, target};
use jixiao_rules::cycle::{Act, DeclarationScope, DeclarationStatus};
use jixiao_rules::form::{self, Form, FormIndicator, Notice, Parsed};
use jixiao_rules::kind::{TargetWhich, WeightOrigin};
use jixiao_rules::target::{Context, Target, read_target};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder};

use super::model::Declaration;
use super::{Change, settle};
use crate::ctx::{Actor, Ctx};
use crate::db::Db;
use crate::department::{self, Department};
use crate::error::{Result, ServiceError, UserErrorCode, Violation};
use crate::policy::{self, Territory};
use crate::scheme_assignment;

/// Years that a declaration can be for.
pub const FISCAL_YEARS: std::ops::RangeInclusive<i32> = 2000..=2200;

/// A form to be imported.
#[derive(Clone, Debug)]
pub struct Import {
    /// Code of the department; it exists and is the caller's.
    pub department_code: String,
    /// A check: must agree with the form and with the department, where given.
    pub department_name: Option<String>,
    /// A check: must agree with the department's jurisdiction, where given.
    pub jurisdiction_code: Option<String>,
    /// Fiscal year.
    pub fiscal_year: i32,
    /// The form as tab-separated text.
    pub text: String,
    /// Only tell what would be done.
    pub dry_run: bool,
}

/// What an import did, or would do.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The draft; on a dry run as it would be, its keys 0.
    pub declaration: Declaration,
    /// Whose.
    pub department: Department,
    /// Nothing was written.
    pub dry_run: bool,
}

/// Imports a form as a draft; all of it or nothing. The notices come back either way.
///
/// # Errors
/// `Forbidden`; `Invalid`: `FORM_REFUSED`, `NOT_FOUND`, `CONFLICT` (there is one already), `INVALID_VALUE`.
pub async fn import(db: &Db, ctx: &Ctx, new: &Import) -> (Result<Imported>, Vec<Notice>) {
    if ctx.actor == Actor::Anonymous {
        return (Err(ServiceError::Unauthenticated), Vec::new());
    }
    import_read(db, ctx, new, form::parse(&new.text)).await
}

/// A form that was read, or why it was not.
pub(super) type Read = std::result::Result<Parsed, Vec<Notice>>;

/// The same of a form that was read, from wherever; its text does not matter.
pub(super) async fn import_read(db: &Db, ctx: &Ctx, new: &Import, read: Read) -> (Result<Imported>, Vec<Notice>) {
    match read {
        Ok(parsed) => (write(db, ctx, new, &parsed.form).await, parsed.notices),
        Err(notices) => (Err(ServiceError::Invalid(notices.iter().map(refusal).collect())), notices),
    }
}

fn refusal(notice: &Notice) -> Violation {
    let place = match (notice.row, notice.column) {
        (Some(row), Some(column)) => format!("text.{row}.{column}"),
        (Some(row), None) => format!("text.{row}"),
        _ => "text".to_owned(),
    };
    Violation::new(UserErrorCode::FormRefused, &place, &notice.message.zh, &notice.message.en)
}

async fn write(db: &Db, ctx: &Ctx, new: &Import, form: &Form) -> Result<Imported> {
    let txn = db.begin_write().await?;
    let department = department::by_code(&txn, ctx, &new.department_code).await?;
    let department = department.ok_or_else(|| ServiceError::not_found("departmentCode"))?;
    let territory = Territory::of(&txn, department.id, department.jurisdiction_id).await?;
    let roles = policy::allow(ctx, Act::DeclarationImport, Some(&territory))?;
    check(new, form, &department)?;
    let round = next_round(&txn, department.id, new.fiscal_year, "fiscalYear").await?;
    let scheme = scheme_assignment::of(&txn, department.jurisdiction_id, new.fiscal_year).await?;
    let id = insert(&txn, ctx, (department.id, new.fiscal_year, round, scheme.id), form).await?;
    let change = Change {
        act: Act::DeclarationImport,
        role: roles.first().copied(),
        node: format!("Declaration:{}", id.0),
        reason: None,
        before: None,
    };
    let declaration = settle(&txn, ctx, id, change).await?;
    // A dry run takes the same way up to here; what it wrote is forgotten.
    if new.dry_run {
        txn.rollback().await?;
    } else {
        txn.commit().await?;
    }
    Ok(Imported { declaration, department, dry_run: new.dry_run })
}

fn check(new: &Import, form: &Form, department: &Department) -> Result<()> {
    let mut violations = Vec::new();
    violations.extend(check_year(new.fiscal_year).err());
    for name in new.department_name.iter().chain(&form.department_name) {
        if name.trim() != department.name {
            let zh = format!("部门名称“{name}”与代码{}的部门“{}”不符", department.code, department.name);
            let en = format!("\"{name}\" is not the name of department {} ({})", department.code, department.name);
            violations.push(Violation::new(UserErrorCode::InvalidValue, "departmentName", zh, en));
            break;
        }
    }
    if let Some(code) = &new.jurisdiction_code
        && *code != department.jurisdiction_code
    {
        let zh = format!("部门{}属于财政区划{}", department.code, department.jurisdiction_code);
        let en = format!("department {} belongs to jurisdiction {}", department.code, department.jurisdiction_code);
        violations.push(Violation::new(UserErrorCode::InvalidValue, "jurisdictionCode", zh, en));
    }
    if violations.is_empty() { Ok(()) } else { Err(ServiceError::Invalid(violations)) }
}

/// A year that a declaration can be for.
pub(super) fn check_year(year: i32) -> Result<(), Violation> {
    if FISCAL_YEARS.contains(&year) {
        return Ok(());
    }
    let (zh, en) = ("年度应在2000至2200之间", "a fiscal year lies between 2000 and 2200");
    Err(Violation::new(UserErrorCode::InvalidValue, "fiscalYear", zh, en))
}

/// 1, or the round after a rejected one; `field` of the input says the year.
pub(super) async fn next_round(
    txn: &DatabaseTransaction,
    department: DepartmentId,
    year: i32,
    field: &str,
) -> Result<i32> {
    let latest = declaration::Entity::find()
        .filter(declaration::Column::DepartmentId.eq(department))
        .filter(declaration::Column::FiscalYear.eq(year))
        .filter(declaration::Column::Scope.eq(Word(DeclarationScope::WholeDepartment)))
        .order_by_desc(declaration::Column::Round)
        .one(txn)
        .await?;
    match latest {
        None => Ok(1),
        Some(row) if row.status.0 == DeclarationStatus::Rejected => Ok(row.round + 1),
        Some(_) => {
            let (zh, en) = ("该部门该年度的申报表已存在", "the department has a declaration for this year");
            Err(ServiceError::invalid(UserErrorCode::Conflict, field, zh, en))
        }
    }
}

/// Writes a form as a new draft of a department, year, round and scheme.
pub(super) async fn insert(
    txn: &DatabaseTransaction,
    ctx: &Ctx,
    (department, year, round, scheme): (DepartmentId, i32, i32, SchemeId),
    form: &Form,
) -> Result<DeclarationId> {
    let row = declaration::ActiveModel {
        department_id: Set(department),
        fiscal_year: Set(year),
        scope: Set(Word(DeclarationScope::WholeDepartment)),
        round: Set(round),
        status: Set(Word(DeclarationStatus::Draft)),
        version: Set(0),
        revision: Set(1),
        document_number: Set(0),
        scheme_id: Set(scheme),
        publicly_funded_staff_count: Set(form.publicly_funded_staff_count),
        subordinate_unit_count: Set(form.subordinate_unit_count),
        overall_goal: Set(form.overall_goal.clone()),
        adjustment_no: Set(0),
        edited_by: Set(ctx.user_id()),
        created_at: Set(ctx.now),
        updated_at: Set(ctx.now),
        ..Default::default()
    };
    let id = row.insert(txn).await?.id;
    let lines: Vec<_> = form
        .budget
        .iter()
        .map(|(line, amount)| budget_line::ActiveModel {
            declaration_id: Set(id),
            line: Set(Word(*line)),
            amount: Set(amount.0),
        })
        .collect();
    if !lines.is_empty() {
        budget_line::Entity::insert_many(lines).exec_without_returning(txn).await?;
    }
    let tasks: Vec<_> = form
        .key_tasks
        .iter()
        .zip(1..)
        .map(|(task, position)| key_task::ActiveModel {
            id: NotSet,
            declaration_id: Set(id),
            position: Set(position),
            name: Set(task.name.clone()),
            description: Set(task.description.clone()),
            planned_funding: Set(task.planned_funding.map(|amount| amount.0)),
            expected_result: Set(task.expected_result.clone()),
        })
        .collect();
    if !tasks.is_empty() {
        key_task::Entity::insert_many(tasks).exec_without_returning(txn).await?;
    }
    for (row, position) in form.indicators.iter().zip(1..) {
        insert_indicator(txn, id, year, row, position).await?;
    }
    Ok(id)
}

async fn insert_indicator(
    txn: &DatabaseTransaction,
    declaration: DeclarationId,
    year: i32,
    row: &FormIndicator,
    position: i32,
) -> Result<()> {
    let model = indicator::ActiveModel {
        id: NotSet,
        declaration_id: Set(declaration),
        position: Set(position),
        level1: Set(row.level1.map(Word)),
        level1_label: Set(row.level1_label.clone()),
        level2: Set(row.level2.map(Word)),
        level2_label: Set(row.level2_label.clone()),
        name: Set(row.name.clone()),
        weight: Set(row.weight.map(|weight| weight.0)),
        weight_origin: Set(row.weight.map(|_| Word(WeightOrigin::Stated))),
        weight_scheme_id: Set(None),
        accumulation: Set(None),
        general: Set(false),
        original_target: Set(None),
        carried_from: Set(None),
    };
    let id = model.insert(txn).await?.id;
    let texts = [(TargetWhich::Annual, &row.annual_target), (TargetWhich::Cycle, &row.cycle_target)];
    let mut targets = Vec::new();
    for (which, text) in texts {
        if let Some(text) = text {
            let context = context(&row.level1_label, row.level2_label.as_deref(), &row.name, year);
            targets.push(target_row(id, which, &read_target(text, &context))?);
        }
    }
    if !targets.is_empty() {
        target::Entity::insert_many(targets).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// What stands around the cells of an indicator.
pub(crate) fn context<'a>(level1: &'a str, level2: Option<&'a str>, name: &'a str, year: i32) -> Context<'a> {
    Context { level1: Some(level1), level2, name: Some(name), year: Some(year) }
}

/// The row of a target as read, confirmed by nobody.
pub(crate) fn target_row(indicator: IndicatorId, which: TargetWhich, read: &Target) -> Result<target::ActiveModel> {
    Ok(target::ActiveModel {
        id: NotSet,
        indicator_id: Set(indicator),
        which: Set(Word(which)),
        text: Set(read.text.clone()),
        kind: Set(Word(read.kind)),
        comparator: Set(read.comparator.map(Word)),
        value: Set(read.value.map(Number)),
        value_high: Set(read.value_high.map(Number)),
        unit: Set(read.unit.clone()),
        base_value: Set(read.base_value.map(Number)),
        base_value_high: Set(read.base_value_high.map(Number)),
        base_unit: Set(read.base_unit.clone()),
        direction: Set(Word(read.direction)),
        deadline: Set(read.deadline.and_then(jixiao_rules::target::PartialDate::date)),
        certain: Set(read.certain),
        detail: Set(serde_json::to_string(read)?),
        confirmed_by: Set(None),
        confirmed_at: Set(None),
    })
}
