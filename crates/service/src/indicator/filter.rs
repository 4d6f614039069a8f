//! Which indicators: what may be asked for, what of it makes no sense, and how it is said in SQL.

use jixiao_entity::{achievement, declaration, department, evidence, indicator, report, target};
use jixiao_rules::cycle::{DeclarationStatus, Period};
use jixiao_rules::kind::{Level1, Level2, Light, Status, TargetWhich, Vocabulary};
use jixiao_rules::value::{Points, Rate};
use rust_decimal::Decimal;
use sea_orm::ExprTrait;
use sea_orm::sea_query::{Expr, Query, SelectStatement};

use crate::achievement::{AchievementFilter, Bounds, Worst, places};
use crate::ctx::Ctx;
use crate::db::{Db, column};
use crate::declaration::{DeclarationFilter, filter_on};
use crate::error::{Result, UserErrorCode};
use crate::jurisdiction::check_year;
use crate::policy::Scope;
use crate::search::Part;
use crate::text::Checked;

/// Most items in one list of a filter.
const MOST: usize = 500;

/// Which indicators. What is `None` does not restrict.
#[derive(Clone, Debug, Default)]
pub struct IndicatorFilter {
    /// Of which declarations.
    pub declarations: DeclarationFilter,
    /// Of these level 1.
    pub level1: Option<Vec<Level1>>,
    /// Of these level 2.
    pub level2: Option<Vec<Level2>>,
    /// The period that everything about achievements and evidence is taken from; YEAR_END when not given.
    pub period: Option<Period>,
    /// With these statuses.
    pub statuses: Option<Vec<Status>>,
    /// With these lights.
    pub lights: Option<Vec<Light>>,
    /// With a rate within these, at least one of them.
    pub rate: Option<Bounds>,
    /// With a score within these, in points, at least one of them.
    pub score: Option<Bounds>,
    /// 偏离.
    pub deviating: Option<bool>,
    /// A reason is due.
    pub explanation_required: Option<bool>,
    /// A person's score beside the computed one.
    pub overridden: Option<bool>,
    /// The annual target was read without a person; those without one are neither.
    pub target_certain: Option<bool>,
    /// The annual target is certain or confirmed by a person; those without one are neither.
    pub target_confirmed: Option<bool>,
    /// There is a value and no file for it; those without a value are neither.
    pub evidence_missing: Option<bool>,
    /// Part of the name, the annual or the cycle target, however it is spelled.
    pub text: Option<String>,
}

/// A range in the integers of a column, both ends within.
type Ends = (Option<i64>, Option<i64>);

/// What of a filter had to be read before SQL can take it.
pub(super) struct Read {
    rate: Option<Ends>,
    score: Option<Ends>,
    part: Option<Part>,
}

impl IndicatorFilter {
    /// Reads what stands in the filter and refuses what nothing can match.
    ///
    /// # Errors
    /// `Invalid` with the path of what is wrong: `INVALID_VALUE` for an empty list, a year or number that cannot be, a range
    /// with nothing inside or a text of one character, `TOO_LONG`, `LIMIT_EXCEEDED`, `REQUIRED`, and `NOT_FOUND` for a code
    /// that is unknown or not seen.
    pub(super) async fn read(&self, db: &Db, ctx: &Ctx) -> Result<Read> {
        let mut checked = Checked::default();
        let Self { declarations, level1, level2, statuses, lights, .. } = self;
        listed(&mut checked, "fiscalYears", declarations.fiscal_years.as_deref());
        listed(&mut checked, "departmentCodes", declarations.department_codes.as_deref());
        listed(&mut checked, "level1", level1.as_deref());
        listed(&mut checked, "level2", level2.as_deref());
        listed(&mut checked, "statuses", statuses.as_deref());
        listed(&mut checked, "lights", lights.as_deref());
        for (year, place) in declarations.fiscal_years.iter().flatten().zip(0..) {
            checked.check(check_year(*year, &format!("filter.fiscalYears.{place}")));
        }
        let rate = bounds(&mut checked, "filter.rate", self.rate, |value| Some(Rate::exact(value)?.0));
        let score = bounds(&mut checked, "filter.score", self.score, |value| Some(Points::exact(value)?.0));
        let part = self.text.as_deref().map(|text| Part::new(text, "filter.text")).transpose();
        let part = checked.check(part);
        checked.done()?;
        declarations.known(db, ctx).await?;
        Ok(Read { rate, score, part })
    }

    /// Indicators of declarations in force within the caller's scope, with their achievement in the period. Years and
    /// statuses are left to the ranges of `worst`: told twice, PostgreSQL takes the rows for fewer than they are and sorts.
    pub(super) fn select(&self, db: &Db, ctx: &Ctx, read: &Read, worst: Option<&Worst>) -> SelectStatement {
        let period = self.period.unwrap_or(Period::YearEnd);
        let mut select = Query::select();
        select
            .column((indicator::Entity, indicator::Column::Id))
            .column((indicator::Entity, indicator::Column::DeclarationId))
            .cond_where(Scope::of(ctx).declarations())
            .and_where(column("achievement", "period").eq(period.as_str()));
        match worst {
            Some(worst) => worst.from(&mut select),
            None => {
                select
                    .from(indicator::Entity)
                    .inner_join(achievement::Entity, column("achievement", "indicator_id").equals(("indicator", "id")))
                    .inner_join(
                        declaration::Entity,
                        column("declaration", "id").equals(("indicator", "declaration_id")),
                    )
                    .inner_join(
                        department::Entity,
                        column("department", "id").equals(("declaration", "department_id")),
                    );
            }
        }
        if self.declarations.statuses.is_none() {
            let in_force = DeclarationStatus::IN_FORCE.map(Vocabulary::as_str);
            select.and_where(column("declaration", "status").is_in(in_force));
        }
        let mut declarations = self.declarations.clone();
        if worst.is_none() {
            one_of(&mut select, "achievement", "status", self.statuses.as_deref());
        } else {
            declarations.fiscal_years = None;
        }
        filter_on(&mut select, &declarations);
        one_of(&mut select, "indicator", "level1", self.level1.as_deref());
        one_of(&mut select, "indicator", "level2", self.level2.as_deref());
        one_of(&mut select, "achievement", "light", self.lights.as_deref());
        within(&mut select, "rate", read.rate);
        within(&mut select, "score", read.score);
        for (flag, name) in [
            (self.deviating, "deviating"),
            (self.explanation_required, "explanation_required"),
            (self.overridden, "overridden"),
        ] {
            select.and_where_option(flag.map(|flag| column("achievement", name).eq(flag)));
        }
        self.select_targets(&mut select);
        if let Some(missing) = self.evidence_missing {
            let found = Expr::exists(files(period));
            select.and_where(column("achievement", "actual_value_id").is_not_null()).and_where(if missing {
                found.not()
            } else {
                found
            });
        }
        if let Some(part) = &read.part {
            part.restrict(&mut select, db.backend());
        }
        select
    }

    /// How a page by rate is read along an index; `None` when declarations of other states are asked for.
    pub(super) async fn worst(&self, db: &Db, ctx: &Ctx, size: u64) -> Result<Option<Worst>> {
        if self.declarations.statuses.is_some() {
            return Ok(None);
        }
        let places = places(db, ctx, self.declarations.jurisdiction_code.as_deref()).await?;
        let wanted = (self.declarations.fiscal_years.as_deref(), self.statuses.as_deref());
        Ok(Some(Worst::of(db, &places, wanted, self.period.unwrap_or(Period::YearEnd), size).await?))
    }

    /// The same as a filter of summaries, which know how many there are; `None` where they are too coarse to tell.
    pub(super) fn counted(&self) -> Option<AchievementFilter> {
        let counted = AchievementFilter {
            fiscal_years: self.declarations.fiscal_years.clone(),
            jurisdiction_code: self.declarations.jurisdiction_code.clone(),
            department_codes: self.declarations.department_codes.clone(),
            level1: self.level1.clone(),
            level2: self.level2.clone(),
            period: self.period,
            statuses: self.statuses.clone(),
            grades: None,
        };
        // Every field is named: what is added to this filter is either counted or makes it too fine.
        let Self {
            declarations:
                DeclarationFilter { fiscal_years: _, jurisdiction_code: _, department_codes: _, statuses: states },
            level1: _,
            level2: _,
            period: _,
            statuses: _,
            lights,
            rate,
            score,
            deviating,
            explanation_required,
            overridden,
            target_certain,
            target_confirmed,
            evidence_missing,
            text,
        } = self;
        let flags = [deviating, explanation_required, overridden, target_certain, target_confirmed, evidence_missing];
        let finer = states.is_some()
            || lights.is_some()
            || rate.is_some()
            || score.is_some()
            || text.is_some()
            || flags.iter().any(|flag| flag.is_some());
        (!finer).then_some(counted)
    }

    fn select_targets(&self, select: &mut SelectStatement) {
        if self.target_certain.is_none() && self.target_confirmed.is_none() {
            return;
        }
        let on = column("target", "indicator_id")
            .equals(("indicator", "id"))
            .and(column("target", "which").eq(TargetWhich::Annual.as_str()));
        select.inner_join(target::Entity, on);
        let certain = || column("target", "certain").eq(true);
        if let Some(wanted) = self.target_certain {
            select.and_where(column("target", "certain").eq(wanted));
        }
        if let Some(wanted) = self.target_confirmed {
            let confirmed = certain().or(column("target", "confirmed_by").is_not_null());
            select.and_where(if wanted { confirmed } else { confirmed.not() });
        }
    }
}

fn one_of<T: Vocabulary>(select: &mut SelectStatement, table: &'static str, name: &'static str, words: Option<&[T]>) {
    let words = words.map(|words| words.iter().map(|word| word.as_str()));
    select.and_where_option(words.map(|words| column(table, name).is_in(words)));
}

fn within(select: &mut SelectStatement, name: &'static str, bounds: Option<Ends>) {
    let (low, high) = bounds.unwrap_or_default();
    select
        .and_where_option(low.map(|low| column("achievement", name).gte(low)))
        .and_where_option(high.map(|high| column("achievement", name).lte(high)));
}

/// The files in force for an indicator's value in the period.
fn files(period: Period) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(evidence::Entity)
        .inner_join(report::Entity, column("report", "id").equals(("evidence", "report_id")))
        .and_where(column("evidence", "indicator_id").equals(("indicator", "id")))
        .and_where(column("evidence", "removed_at").is_null())
        .and_where(column("report", "period").eq(period.as_str()))
        .to_owned()
}

/// An empty list would match nothing.
fn listed<T>(checked: &mut Checked, name: &str, list: Option<&[T]>) {
    let field = format!("filter.{name}");
    match list.map(<[T]>::len) {
        Some(0) => {
            let (zh, en) = ("列表不能为空; 不限制请填null", "an empty list matches nothing; null does not restrict");
            checked.fail(UserErrorCode::InvalidValue, &field, zh, en);
        }
        Some(many) if many > MOST => {
            let (zh, en) = (format!("最多{MOST}项"), format!("at most {MOST} items"));
            checked.fail(UserErrorCode::LimitExceeded, &field, &zh, &en);
        }
        _ => {}
    }
}

/// The range in integers; `exact` is `None` for a number finer than the column.
fn bounds(
    checked: &mut Checked,
    field: &str,
    range: Option<Bounds>,
    exact: impl Fn(Decimal) -> Option<i64>,
) -> Option<Ends> {
    let Bounds { gt, gte, lt, lte } = range?;
    let mut read = |value: Option<Decimal>, name: &str| {
        let found = exact(value?);
        if found.is_none() {
            let (zh, en) = ("小数位过多或数值过大", "more decimals than there can be, or too large");
            checked.fail(UserErrorCode::InvalidValue, &format!("{field}.{name}"), zh, en);
        }
        found
    };
    let low = [read(gte, "gte"), read(gt, "gt").map(|value| value.saturating_add(1))].into_iter().flatten().max();
    let high = [read(lte, "lte"), read(lt, "lt").map(|value| value.saturating_sub(1))].into_iter().flatten().min();
    if [gt, gte, lt, lte].iter().all(Option::is_none) {
        checked.fail(UserErrorCode::Required, field, "至少填写一个界限", "give at least one bound");
    }
    if low.zip(high).is_some_and(|(low, high)| low > high) {
        checked.fail(UserErrorCode::InvalidValue, field, "范围内没有任何数值", "no number lies in this range");
    }
    Some((low, high))
}
