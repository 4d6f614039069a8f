//! What a published snapshot says, typed: views over the text that was hashed, and nothing beside it.

use std::sync::Arc;

use async_graphql::Object;
use jixiao_rules::kind::BudgetLine as Line;
use jixiao_rules::value::Money;
use jixiao_service::error::ServiceError;
use jixiao_service::publication::{Content, Indicator, KeyTask, PublicSnapshot, Results, Target};

use crate::graphql::kind::{
    AchievementStatus, AttainmentLevel, BudgetLine, Comparator, DeclarationScope, DeviationCategory, ResultGrade,
};
use crate::graphql::scalar::{Date, Decimal, MoneyUnit};
use crate::graphql::types::achievement::SchemeVersion;
use crate::graphql::types::indicator::IndicatorName;

/// 公开的内容。 — What was published.
#[derive(Clone, Debug)]
pub struct PublicationContent(Arc<Content>);

impl PublicationContent {
    /// What a snapshot says.
    ///
    /// # Errors
    /// When its text is not of this service's making.
    pub fn of(snapshot: &PublicSnapshot) -> Result<Self, ServiceError> {
        snapshot.content().map(|content| Self(Arc::new(content)))
    }
}

/// 公开的内容。 — What was published.
#[Object]
impl PublicationContent {
    /// 部门代码。 — Code of the department.
    async fn department_code(&self) -> &str {
        &self.0.department_code
    }
    /// 部门名称，以公开时为准。 — Name of the department as it was then.
    async fn department_name(&self) -> &str {
        &self.0.department_name
    }
    /// 区划代码。 — Code of the jurisdiction.
    async fn jurisdiction_code(&self) -> &str {
        &self.0.jurisdiction_code
    }
    /// 区划名称，以公开时为准。 — Name of the jurisdiction as it was then.
    async fn jurisdiction_name(&self) -> &str {
        &self.0.jurisdiction_name
    }
    /// 预算年度。 — Fiscal year.
    async fn fiscal_year(&self) -> i32 {
        self.0.fiscal_year
    }
    /// 申报范围。 — What the declaration covers.
    async fn scope(&self) -> DeclarationScope {
        self.0.scope.into()
    }
    /// 批复版本。 — Approved version.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// 批复文号。 — Number of the approval of this version.
    async fn approval_number(&self) -> &str {
        &self.0.approval_number
    }
    /// 批复日期。 — Day of the approval of this version.
    async fn approved_on(&self) -> Date {
        Date(self.0.approved_on)
    }
    /// 财政供养人员数；表中没有时为空。 — Publicly funded staff; null when the form does not tell.
    async fn publicly_funded_staff_count(&self) -> Option<i64> {
        self.0.publicly_funded_staff_count
    }
    /// 下属二级单位数；表中没有时为空。 — Subordinate units; null when the form does not tell.
    async fn subordinate_unit_count(&self) -> Option<i64> {
        self.0.subordinate_unit_count
    }
    /// 预算整体情况；空白项目不列。 — The budget block, without the lines left blank.
    async fn budget(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amounts.")] unit: MoneyUnit,
    ) -> Vec<PublishedBudgetLine> {
        let line = |(line, amount): (&Line, &Money)| PublishedBudgetLine(*line, Decimal::money(*amount, unit));
        self.0.budget.iter().map(line).collect()
    }
    /// 总体绩效目标；表中没有时为空。 — Overall goal; null when the form does not tell.
    async fn overall_goal(&self) -> Option<&str> {
        self.0.overall_goal.as_deref()
    }
    /// 年度重点工作任务。 — Key tasks of the year, in order.
    async fn key_tasks(&self) -> Vec<PublishedKeyTask> {
        self.0.key_tasks.iter().cloned().map(PublishedKeyTask).collect()
    }
    /// 全部三级指标。 — All indicators, in order.
    async fn indicators(&self) -> Vec<PublishedIndicator> {
        (0..self.0.indicators.len()).map(|position| PublishedIndicator(Arc::clone(&self.0), position)).collect()
    }
    /// 自评结果；仅公开目标时为空。 — The self-evaluation as a whole; null where only targets are published.
    async fn results(&self) -> Option<PublishedResults> {
        self.0.results.clone().map(PublishedResults)
    }
}

/// 公开的预算项目。 — A published line of the budget.
#[derive(Clone, Debug)]
pub struct PublishedBudgetLine(Line, Decimal);

/// 公开的预算项目。 — A published line of the budget.
#[Object]
impl PublishedBudgetLine {
    /// 项目。 — Which line.
    async fn line(&self) -> BudgetLine {
        self.0.into()
    }
    /// 金额，以所求单位。 — Amount, in the unit asked for.
    async fn amount(&self) -> Decimal {
        self.1
    }
}

/// 公开的重点工作任务。 — A published key task.
#[derive(Clone, Debug)]
pub struct PublishedKeyTask(KeyTask);

/// 公开的重点工作任务。 — A published key task.
#[Object]
impl PublishedKeyTask {
    /// 名称。 — Name.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// 主要实施内容；空白时为空。 — What is done; null when blank.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }
    /// 拟投入的资金；空白时为空。 — Planned funding; null when blank.
    async fn planned_funding(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.0.planned_funding.map(|amount| Decimal::money(amount, unit))
    }
    /// 期望达到的目标；空白时为空。 — Expected result; null when blank.
    async fn expected_result(&self) -> Option<&str> {
        self.0.expected_result.as_deref()
    }
}

/// 公开的三级指标。 — A published level-3 indicator.
#[derive(Clone, Debug)]
pub struct PublishedIndicator(Arc<Content>, usize);

impl PublishedIndicator {
    fn row(&self) -> &Indicator {
        &self.0.indicators[self.1]
    }
}

/// 公开的三级指标。 — A published level-3 indicator.
#[Object]
impl PublishedIndicator {
    /// Name, levels and weight.
    #[graphql(flatten)]
    async fn name(&self) -> IndicatorName<'_> {
        let row = self.row();
        IndicatorName {
            name: &row.name,
            level1: row.level1,
            level1_label: &row.level1_label,
            level2: row.level2,
            level2_label: row.level2_label.as_deref(),
            weight: row.weight,
        }
    }
    /// 实施周期指标值；空白时为空。 — Cycle target; null when blank.
    async fn cycle_target(&self) -> Option<PublishedTarget> {
        self.row().cycle_target.clone().map(PublishedTarget)
    }
    /// 年度指标值；空白或已取消时为空。 — Annual target; null when blank or dropped.
    async fn annual_target(&self) -> Option<PublishedTarget> {
        self.row().annual_target.clone().map(PublishedTarget)
    }
    /// 年初指标值；未经调整时为空。 — The annual target as first approved; null when no adjustment changed it.
    async fn original_target(&self) -> Option<PublishedTarget> {
        self.row().original_target.clone().map(PublishedTarget)
    }
    /// 已经批准的调整取消。 — Dropped by an approved adjustment.
    async fn dropped(&self) -> bool {
        self.row().dropped
    }
    /// 实际完成值，原文；未公开结果、未填报或不适用时为空。 — Actual value, verbatim; null where no results are published, nothing was reported or it does not apply.
    async fn actual_value(&self) -> Option<&str> {
        self.row().result.as_ref().and_then(|result| result.text.as_deref())
    }
    /// 定性指标的达成程度；没有时为空。 — Qualitative level; null without one.
    async fn level(&self) -> Option<AttainmentLevel> {
        self.row().result.as_ref().and_then(|result| result.level).map(Into::into)
    }
    /// 完成状态；未公开结果时为空。 — Status; null where no results are published.
    async fn status(&self) -> Option<AchievementStatus> {
        self.row().result.as_ref().map(|result| result.status.into())
    }
    /// 完成率，六位小数，截断；没有比值时为空。 — Rate, six decimals, cut; null when there is no ratio.
    async fn rate(&self) -> Option<Decimal> {
        self.row().result.as_ref().and_then(|result| result.rate).map(Decimal::rate)
    }
    /// 得分，两位小数；没有时为空。 — Score, two decimals; null when there is none.
    async fn score(&self) -> Option<Decimal> {
        self.row().result.as_ref().and_then(|result| result.score).map(Decimal::points)
    }
    /// 满分，两位小数；没有时为空。 — Maximum score, two decimals; null when there is none.
    async fn max_score(&self) -> Option<Decimal> {
        self.row().result.as_ref().and_then(|result| result.max_score).map(Decimal::points)
    }
    /// 偏差原因。 — Causes of a deviation.
    async fn deviations(&self) -> Vec<PublishedDeviation> {
        let deviations = self.row().result.iter().flat_map(|result| &result.deviations);
        deviations.map(|cause| PublishedDeviation(cause.category.into(), cause.text.clone())).collect()
    }
    /// 改进措施；没有时为空。 — Corrective action; null without one.
    async fn corrective_action(&self) -> Option<&str> {
        self.row().result.as_ref().and_then(|result| result.corrective_action.as_deref())
    }
    /// 数据来源；没有公开的完成值时为空。 — Source of the data; null where no value is published.
    async fn data_source(&self) -> Option<&str> {
        self.row().quality.as_ref().map(|quality| quality.source.as_str())
    }
    /// 采集与计算方法；没有公开的完成值时为空。 — How the data were gathered and computed; null where no value is published.
    async fn data_method(&self) -> Option<&str> {
        self.row().quality.as_ref().map(|quality| quality.method.as_str())
    }
    /// 数据的已知局限；没有时为空。 — Known limits of the data; null when none is known.
    async fn data_limits(&self) -> Option<&str> {
        self.row().quality.as_ref().and_then(|quality| quality.limits.as_deref())
    }
}

/// 公开的偏差原因。 — A published cause of a deviation.
#[derive(Clone, Debug)]
pub struct PublishedDeviation(DeviationCategory, String);

/// 公开的偏差原因。 — A published cause of a deviation.
#[Object]
impl PublishedDeviation {
    /// 类别。 — Category.
    async fn category(&self) -> DeviationCategory {
        self.0
    }
    /// 说明。 — In words.
    async fn text(&self) -> &str {
        &self.1
    }
}

/// 公开的指标值。 — A published target: the text as written, and how it is read.
#[derive(Clone, Debug)]
pub struct PublishedTarget(Target);

/// 公开的指标值。 — A published target: the text as written, and how it is read.
#[Object]
impl PublishedTarget {
    /// 原文。 — Verbatim.
    async fn text(&self) -> &str {
        &self.0.text
    }
    /// 计算符号；原文没有时为空。 — Comparator; null when the text carries none.
    async fn comparator(&self) -> Option<Comparator> {
        self.0.comparator.map(Into::into)
    }
    /// 数值；区间的下限；没有时为空。 — The number as printed, lower bound of a range; null without one.
    async fn value(&self) -> Option<Decimal> {
        self.0.value.map(Decimal::plain)
    }
    /// 区间的上限；不是区间时为空。 — Upper bound of a range; null for what is none.
    async fn value_high(&self) -> Option<Decimal> {
        self.0.value_high.map(Decimal::plain)
    }
    /// 单位；没有时为空。 — Unit as printed; null without one.
    async fn unit(&self) -> Option<&str> {
        self.0.unit.as_deref()
    }
}

/// 公开的自评结果。 — The published self-evaluation as a whole.
#[derive(Clone, Debug)]
pub struct PublishedResults(Results);

/// 公开的自评结果。 — The published self-evaluation as a whole.
#[Object]
impl PublishedResults {
    /// 评分方案。 — The scheme it was scored under.
    async fn scheme(&self) -> SchemeVersion {
        let version = i32::try_from(self.0.scheme_version).unwrap_or(i32::MAX);
        SchemeVersion { code: self.0.scheme_code.clone(), version }
    }
    /// 年度总体目标实际完成情况；没有时为空。 — How far the overall goal was reached; null when not told.
    async fn overall_goal_result(&self) -> Option<&str> {
        self.0.overall_goal_result.as_deref()
    }
    /// 存在问题；没有时为空。 — Problems; null when none are told.
    async fn problems(&self) -> Option<&str> {
        self.0.problems.as_deref()
    }
    /// 改进措施；没有时为空。 — Measures; null when none are told.
    async fn improvement_measures(&self) -> Option<&str> {
        self.0.improvement_measures.as_deref()
    }
    /// 全年预算数；未知时为空。 — Budget of the year; null when not known.
    async fn annual_budget(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.0.annual_budget.map(|amount| Decimal::money(amount, unit))
    }
    /// 执行数；未知时为空。 — Executed; null when not known.
    async fn executed(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.0.executed.map(|amount| Decimal::money(amount, unit))
    }
    /// 预算执行率，六位小数，截断；未知时为空。 — Execution rate, cut to six decimals; null when not known.
    async fn execution_rate(&self) -> Option<Decimal> {
        self.0.execution_rate.map(Decimal::rate)
    }
    /// 预算执行得分，两位小数；未知时为空。 — Score of execution, two decimals; null when not known.
    async fn execution_score(&self) -> Option<Decimal> {
        self.0.execution_score.map(Decimal::points)
    }
    /// 达成率，六位小数，截断；没有可比指标时为空。 — Satisfied ÷ comparable, cut to six decimals; null when nothing is comparable.
    async fn achievement_rate(&self) -> Option<Decimal> {
        self.0.achievement_rate.map(Decimal::rate)
    }
    /// 自评总分，两位小数；没有时为空。 — Total of the self-evaluation, two decimals; null without one.
    async fn score(&self) -> Option<Decimal> {
        self.0.score.map(Decimal::points)
    }
    /// 自评等级；没有总分时为空。 — Grade of the self-evaluation; null without a total.
    async fn grade(&self) -> Option<ResultGrade> {
        self.0.grade.map(Into::into)
    }
    /// 财政复核总分，两位小数；未复核时为空。 — Total by finance's review, two decimals; null before one.
    async fn review_score(&self) -> Option<Decimal> {
        self.0.review_score.map(Decimal::points)
    }
    /// 财政复核等级；未复核时为空。 — Grade by finance's review; null before one.
    async fn review_grade(&self) -> Option<ResultGrade> {
        self.0.review_grade.map(Into::into)
    }
    /// 抽查复核总分，两位小数；未抽查时为空。 — Total by the spot check, two decimals; null before one.
    async fn spot_check_score(&self) -> Option<Decimal> {
        self.0.spot_check_score.map(Decimal::points)
    }
    /// 抽查复核等级；未抽查时为空。 — Grade by the spot check; null before one.
    async fn spot_check_grade(&self) -> Option<ResultGrade> {
        self.0.spot_check_grade.map(Into::into)
    }
}
