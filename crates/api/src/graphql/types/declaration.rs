//! Declarations: a header from a list, the whole form when more is asked for.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use jixiao_rules::kind::BudgetLine;
use jixiao_rules::rollup;
use jixiao_rules::value::Money;
use jixiao_service::declaration::{self, Header, Whole};
use jixiao_service::id::KeyTaskId;

use crate::graphql::connection::{Connection, PageArgs};
use crate::graphql::context::ContextExt;
use crate::graphql::error::{ApiError, Result};
use crate::graphql::id::{NodeKind, encode};
use crate::graphql::kind::{
    DeclarationScope, DeclarationStatus, ReportingPeriod, ResultGrade, TargetReviewGrade, WarningLight,
};
use crate::graphql::reader::{HeaderOf, Siblings, WholeOf};
use crate::graphql::scalar::{Date, DateTime, Decimal, MoneyUnit};
use crate::graphql::types::achievement::{LightCount, SchemeVersion, StatusCount, counts, light_counts};
use crate::graphql::types::adjustment::Adjustment;
use crate::graphql::types::department::Department;
use crate::graphql::types::finding::Finding;
use crate::graphql::types::indicator::{Indicator, Level1Group, tree};
use crate::graphql::types::publication::DeclarationPublication;
use crate::graphql::types::report::Report;
use crate::graphql::walk::Walk;

/// 部门整体预算绩效目标申报。 — A whole-department declaration of budget and performance targets.
#[derive(Clone, Debug)]
pub struct Declaration {
    head: Header,
    body: Body,
}

#[derive(Clone, Debug)]
enum Body {
    Whole(Arc<Whole>),
    /// Fetched when asked for, with those of its list.
    Among(Arc<Siblings>),
}

impl Declaration {
    /// By itself, known by its header.
    #[must_use]
    pub fn from_header(head: Header) -> Self {
        let alone = Siblings::of(std::slice::from_ref(&head));
        Self::among(head, &alone)
    }

    /// From a list; what is not in the header is loaded, for the whole list at once, when it is asked for.
    #[must_use]
    pub fn among(head: Header, siblings: &Arc<Siblings>) -> Self {
        Self { head, body: Body::Among(Arc::clone(siblings)) }
    }

    /// From the whole.
    #[must_use]
    pub fn from_whole(whole: Arc<Whole>) -> Self {
        let declaration = &whole.declaration;
        let head = Header {
            id: declaration.id,
            fiscal_year: declaration.fiscal_year,
            status: declaration.status,
            version: declaration.version,
            revision: declaration.revision,
            department: whole.department.clone(),
        };
        Self { head, body: Body::Whole(whole) }
    }

    /// The whole.
    async fn whole(&self, ctx: &Context<'_>) -> Result<Arc<Whole>> {
        match &self.body {
            Body::Whole(whole) => Ok(Arc::clone(whole)),
            Body::Among(siblings) => siblings.whole(ctx, self.head.id).await?.ok_or_else(vanished),
        }
    }
}

/// A declaration loaded whole, if the caller may see it.
pub(crate) async fn load_whole(ctx: &Context<'_>, id: jixiao_service::id::DeclarationId) -> Result<Option<Arc<Whole>>> {
    Ok(ctx.reader()?.load_one(WholeOf(id)).await?)
}

/// A declaration's header, if the caller may see it.
pub(crate) async fn load_header(
    ctx: &Context<'_>,
    id: jixiao_service::id::DeclarationId,
) -> Result<Option<Arc<Header>>> {
    Ok(ctx.reader()?.load_one(HeaderOf(id)).await?)
}

/// It was there a moment ago.
pub(crate) fn vanished() -> ApiError {
    ApiError::internal(anyhow::anyhow!("a declaration vanished between two statements"))
}

/// 部门整体预算绩效目标申报。 — A whole-department declaration of budget and performance targets.
#[Object]
impl Declaration {
    /// 全局标识，各版本不变。 — Global id, the same through all versions.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Declaration, self.head.id.0)
    }
    /// 修订号，申报本身每次变更加一。 — Grows by one with each change of the declaration itself.
    async fn revision(&self) -> i32 {
        self.head.revision
    }
    /// 现行批复版本；首次批复前为0。 — Approved version in force; 0 before the first approval.
    async fn version(&self) -> i32 {
        self.head.version
    }
    /// 状态。 — State.
    async fn status(&self) -> DeclarationStatus {
        self.head.status.into()
    }
    /// 申报范围。 — What it covers.
    async fn scope(&self, ctx: &Context<'_>) -> Result<DeclarationScope> {
        Ok(self.whole(ctx).await?.declaration.scope.into())
    }
    /// 预算轮次，否决后重新申报时加一。 — Budget round, from 1; another after a rejection.
    async fn round(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(self.whole(ctx).await?.declaration.round)
    }
    /// 所属部门。 — Whose it is.
    async fn department(&self) -> Department {
        Department(self.head.department.clone())
    }
    /// 预算年度。 — Fiscal year.
    async fn fiscal_year(&self) -> i32 {
        self.head.fiscal_year
    }
    /// 评分方案。 — The scheme it is scored under.
    async fn scheme(&self, ctx: &Context<'_>) -> Result<SchemeVersion> {
        let scheme = self.whole(ctx).await?.declaration.scheme.clone();
        Ok(SchemeVersion { code: scheme.code, version: i32::try_from(scheme.version).unwrap_or(i32::MAX) })
    }
    /// 财政供养人员数；表中没有时为空。 — Publicly funded staff; null when the form does not tell.
    async fn publicly_funded_staff_count(&self, ctx: &Context<'_>) -> Result<Option<i64>> {
        Ok(self.whole(ctx).await?.declaration.publicly_funded_staff_count)
    }
    /// 下属二级单位数；表中没有时为空。 — Subordinate units; null when the form does not tell.
    async fn subordinate_unit_count(&self, ctx: &Context<'_>) -> Result<Option<i64>> {
        Ok(self.whole(ctx).await?.declaration.subordinate_unit_count)
    }
    /// 预算整体情况。 — The budget block.
    async fn budget(&self, ctx: &Context<'_>) -> Result<Walk<Budget>> {
        Ok(Walk(Budget(self.whole(ctx).await?)))
    }
    /// 总体绩效目标；表中没有时为空。 — Overall goal; null when the form does not tell.
    async fn overall_goal(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.whole(ctx).await?.declaration.overall_goal.clone())
    }
    /// 年度重点工作任务，按表中顺序。 — Key tasks of the year, in order.
    async fn key_tasks(&self, ctx: &Context<'_>) -> Result<Vec<Walk<KeyTask>>> {
        let whole = self.whole(ctx).await?;
        let count = whole.declaration.key_tasks.len();
        Ok((0..count).map(|position| Walk(KeyTask { whole: Arc::clone(&whole), position })).collect())
    }
    /// 全部三级指标，按表中顺序。 — All indicators, in order.
    async fn indicators(&self, ctx: &Context<'_>) -> Result<Vec<Indicator>> {
        let whole = self.whole(ctx).await?;
        let count = whole.declaration.indicators.len();
        Ok((0..count).map(|position| Indicator::within(&whole, position)).collect())
    }
    /// 三级指标树。 — The indicators in their three-level tree.
    async fn indicator_tree(&self, ctx: &Context<'_>) -> Result<Vec<Walk<Level1Group>>> {
        Ok(tree(&self.whole(ctx).await?))
    }
    /// 某期间的汇总结果；没有该期间时为空。 — The roll-up of a period; null where there is no such period.
    async fn result(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "期间。 — The period.")] period: ReportingPeriod,
    ) -> Result<Option<DeclarationResult>> {
        let found = match &self.body {
            Body::Whole(whole) => whole.declaration.results.get(&period.0).cloned(),
            Body::Among(siblings) => siblings.result(ctx, self.head.id, period.0).await?,
        };
        Ok(found.map(DeclarationResult))
    }
    /// 自动检查D、M、E发现的问题，含各报告的问题（规则第3节）；审计检查A见根字段findings。 — Computed checks D, M and E, those of its reports included (rules 3); the auditors' checks A are in the root field findings.
    async fn findings(&self, ctx: &Context<'_>) -> Result<Vec<Walk<Finding>>> {
        let whole = self.whole(ctx).await?;
        Ok(Finding::all(&whole, &whole.declaration.all_findings(), &[]).into_iter().map(Walk).collect())
    }
    /// 某期间的报告；首次填报前即存在，修订号为0。 — The report of a period; it exists before anything is recorded, with revision 0.
    async fn report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "期间。 — The period.")] period: ReportingPeriod,
    ) -> Result<Report> {
        Ok(Report { whole: self.whole(ctx).await?, period: period.0 })
    }
    /// 最近一次审核的等级；未审核时为空。 — Grade of the last review; null before one.
    async fn review_grade(&self, ctx: &Context<'_>) -> Result<Option<TargetReviewGrade>> {
        Ok(self.whole(ctx).await?.declaration.review_grade.map(Into::into))
    }
    /// 最近一次审核的意见或理由；没有时为空。 — Opinion or reason of the last review; null without one.
    async fn review_opinion(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.whole(ctx).await?.declaration.review_opinion.clone())
    }
    /// 批复文号；批复前为空。 — Number of the approval; null before it.
    async fn approval_number(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(self.whole(ctx).await?.declaration.approval_number.clone())
    }
    /// 批复日期；批复前为空。 — Day of the approval; null before it.
    async fn approved_on(&self, ctx: &Context<'_>) -> Result<Option<Date>> {
        Ok(self.whole(ctx).await?.declaration.approved_on.map(Date))
    }
    /// 建立时间。 — When it was made.
    async fn created_at(&self, ctx: &Context<'_>) -> Result<DateTime> {
        Ok(self.whole(ctx).await?.declaration.created_at.into())
    }
    /// 结转自哪份上年申报；不是结转而来时为空。 — Last year's declaration it was carried over from; null when it was not.
    async fn carried_over_from(&self, ctx: &Context<'_>) -> Result<Option<Self>> {
        let Some(id) = self.whole(ctx).await?.declaration.carried_from else { return Ok(None) };
        Ok(load_header(ctx, id).await?.map(|header| Self::from_header(header.as_ref().clone())))
    }
    /// 两种公开的办理情况；未办理的为待公开，修订号为0。 — How far its two publications are; pending with revision 0 before anything is done.
    async fn publications(&self, ctx: &Context<'_>) -> Result<Vec<DeclarationPublication>> {
        Ok(DeclarationPublication::all(&self.whole(ctx).await?))
    }
    /// 已批复的调整次数。 — Number of approved adjustments.
    async fn adjustment_no(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(self.whole(ctx).await?.declaration.adjustment_no)
    }
    /// 各次调整，由旧到新；草稿对审计人员不可见。 — Its adjustments, oldest first; auditors do not see drafts.
    #[graphql(complexity = "crate::graphql::page_cost(first, last, child_complexity)")]
    async fn adjustments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "前几条。 — The first so many.")] first: Option<i32>,
        #[graphql(desc = "此游标之后。 — After this cursor.")] after: Option<String>,
        #[graphql(desc = "后几条。 — The last so many.")] last: Option<i32>,
        #[graphql(desc = "此游标之前。 — Before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Adjustment, TotalCount>> {
        let page = PageArgs { first, after, last, before }.page(ctx.limits()?, "adjustments")?;
        Ok(Adjustment::connection(&self.whole(ctx).await?, ctx.op()?, &page))
    }
}

/// 预算整体情况；表中空白的项目为空。 — The budget block of the form; a line it leaves blank is null (rules 1.3).
#[derive(Clone, Debug)]
pub struct Budget(pub Arc<Whole>);

impl Budget {
    fn line(&self, line: BudgetLine, unit: MoneyUnit) -> Option<Decimal> {
        self.0.declaration.budget.get(&line).map(|amount| Decimal::money(*amount, unit))
    }
}

/// 预算整体情况；表中空白的项目为空。 — The budget block of the form; a line it leaves blank is null (rules 1.3).
#[Object]
impl Budget {
    /// 基本支出。 — Basic expenditure.
    async fn basic_expenditure(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.line(BudgetLine::BasicExpenditure, unit)
    }
    /// 项目支出。 — Project expenditure.
    async fn project_expenditure(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.line(BudgetLine::ProjectExpenditure, unit)
    }
    /// 财政专项资金。 — Fiscal special funds.
    async fn fiscal_special_funds(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.line(BudgetLine::FiscalSpecialFunds, unit)
    }
    /// 其他事业发展性支出。 — Other development expenditure.
    async fn other_development_expenditure(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.line(BudgetLine::OtherDevelopmentExpenditure, unit)
    }
    /// 财政拨款。 — Fiscal appropriation.
    async fn fiscal_appropriation(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.line(BudgetLine::FiscalAppropriation, unit)
    }
    /// 其他资金。 — Other funds.
    async fn other_funds(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.line(BudgetLine::OtherFunds, unit)
    }
    /// 本级使用资金。 — Funds used at the own level.
    async fn own_level_funds(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.line(BudgetLine::OwnLevelFunds, unit)
    }
    /// 拟用于对下转移支付资金。 — Planned transfers to lower levels.
    async fn planned_transfers_to_lower_levels(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.line(BudgetLine::PlannedTransfersToLowerLevels, unit)
    }
    /// 支出合计：基本、项目、专项、其他之和；各项均空白时为空。 — Sum of the four expenditure lines; null when all are blank.
    async fn total_expenditure(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.0.declaration.declared_budget().map(|sum: Money| Decimal::money(sum, unit))
    }
    /// 收入合计：财政拨款与其他资金之和；均空白时为空。 — Appropriation and other funds; null when both are blank.
    async fn total_income(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.0.declaration.declared_income().map(|sum: Money| Decimal::money(sum, unit))
    }
}

/// 年度重点工作任务。 — A key task of the year.
#[derive(Clone, Debug)]
pub struct KeyTask {
    /// The declaration it belongs to.
    pub whole: Arc<Whole>,
    /// Its position there.
    pub position: usize,
}

impl KeyTask {
    /// The task with this key.
    #[must_use]
    pub fn find(whole: &Arc<Whole>, id: KeyTaskId) -> Option<Self> {
        let position = whole.declaration.key_tasks.iter().position(|task| task.id == id)?;
        Some(Self { whole: Arc::clone(whole), position })
    }

    fn row(&self) -> &declaration::KeyTask {
        &self.whole.declaration.key_tasks[self.position]
    }
}

/// 年度重点工作任务。 — A key task of the year.
#[Object]
impl KeyTask {
    /// 全局标识，各版本不变。 — Global id, the same through all versions.
    pub async fn id(&self) -> ID {
        encode(NodeKind::KeyTask, self.row().id.0)
    }
    /// 名称。 — Name.
    async fn name(&self) -> &str {
        &self.row().name
    }
    /// 主要实施内容；空白时为空。 — What is done; null when blank.
    async fn description(&self) -> Option<&str> {
        self.row().description.as_deref()
    }
    /// 拟投入的资金；空白时为空。 — Planned funding; null when blank.
    async fn planned_funding(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.row().planned_funding.map(|amount| Decimal::money(amount, unit))
    }
    /// 期望达到的目标；空白时为空。 — Expected result; null when blank.
    async fn expected_result(&self) -> Option<&str> {
        self.row().expected_result.as_deref()
    }
    /// 衡量此任务的指标，按表中顺序。 — The indicators that measure it, in order.
    #[graphql(complexity = "crate::graphql::link_cost(child_complexity)")]
    async fn indicators(&self) -> Vec<Indicator> {
        let id = self.row().id;
        let indicators = self.whole.declaration.indicators.iter().enumerate();
        let linked = indicators.filter(|(_, indicator)| indicator.key_tasks.contains(&id));
        linked.map(|(position, _)| Indicator::within(&self.whole, position)).collect()
    }
}

/// 一个期间的汇总结果（规则4.1）。 — The roll-up of a declaration in one period (rules 4.1).
#[derive(Clone, Debug)]
pub struct DeclarationResult(pub rollup::DeclarationResult);

/// 一个期间的汇总结果（规则4.1）。 — The roll-up of a declaration in one period (rules 4.1).
#[Object]
impl DeclarationResult {
    /// 总分，两位小数；所有适用指标有得分且执行率已知之前为空。 — Total, two decimals; null until every applicable indicator has a score and execution is known.
    async fn score(&self) -> Option<Decimal> {
        self.0.score.map(Decimal::points)
    }
    /// 等级；没有总分时为空。 — Grade; null without a total.
    async fn grade(&self) -> Option<ResultGrade> {
        self.0.grade.map(Into::into)
    }
    /// 已有得分之和。 — Sum of the scores there are, execution included; null when there is none.
    async fn score_so_far(&self) -> Option<Decimal> {
        self.0.score_so_far.map(Decimal::points)
    }
    /// 已有得分对应的分值之和。 — Maximum of the scores there are; null when there is none.
    async fn max_score_so_far(&self) -> Option<Decimal> {
        self.0.max_score_so_far.map(Decimal::points)
    }
    /// 达成率，六位小数，截断；没有可比指标时为空。 — Satisfied ÷ comparable, cut to six decimals; null when nothing is comparable.
    async fn achievement_rate(&self) -> Option<Decimal> {
        self.0.achievement_rate.map(Decimal::rate)
    }
    /// 预算执行率，六位小数，截断；未知时为空。 — Budget execution rate, cut to six decimals; null when not known.
    async fn execution_rate(&self) -> Option<Decimal> {
        self.0.execution_rate.map(Decimal::rate)
    }
    /// 预算执行得分；未知时为空。 — Score of budget execution, two decimals; null when not known.
    async fn execution_score(&self) -> Option<Decimal> {
        self.0.execution_score.map(Decimal::points)
    }
    /// 预警灯：年中取各指标与预算执行中最差者，年终为得分与执行的合理性；不适用时为空。 — During the year the worst of its indicators and of execution, at year-end the plausibility of the score; null when none applies.
    async fn light(&self) -> Option<WarningLight> {
        self.0.light.map(Into::into)
    }
    /// 各预警灯的指标数；最差的灯会掩盖其余。 — Indicators per light; the worst light hides the others.
    async fn light_counts(&self) -> Vec<LightCount> {
        light_counts(&self.0.light_counts)
    }
    /// 预算执行的预警灯，对照时间进度；年终或不适用时为空。 — Light of budget execution against the time passed; null at year-end, or when none applies.
    async fn execution_light(&self) -> Option<WarningLight> {
        self.0.execution_light.map(Into::into)
    }
    /// 各状态指标数，合计等于指标总数。 — Every status with its count; they add up to the number of indicators.
    async fn counts(&self) -> Vec<StatusCount> {
        counts(&self.0.tally)
    }
    /// 其他标记，稳定代码。 — Further flags, stable codes.
    async fn flags(&self) -> Vec<String> {
        self.0.flags.iter().map(ToString::to_string).collect()
    }
}

/// 列表的总数。 — How many a list holds in all.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct TotalCount {
    /// 总数；仅在请求时计算。 — Number of rows in all pages; counted only when asked for.
    pub total_count: i64,
}
