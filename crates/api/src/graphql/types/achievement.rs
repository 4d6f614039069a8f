//! Achievements, their explanation, and groups of them.

use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Enum, Object, SimpleObject};
use jixiao_rules::assess;
use jixiao_rules::cycle::Period;
use jixiao_rules::explain;
use jixiao_rules::kind::{Light, Status, Vocabulary};
use jixiao_rules::rollup::Tally;
use jixiao_rules::scheme::Scheme;
use jixiao_rules::summary::Declared;
use jixiao_service::achievement::{Group, Measures};
use jixiao_service::ctx::Lang;
use jixiao_service::declaration;

use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::kind::{AchievementDimension, AchievementStatus, WarningLight};
use crate::graphql::scalar::{Decimal, MoneyUnit};
use crate::graphql::types::indicator::Indicator;
use crate::graphql::walk::Walk;

/// 标签语言。 — Language of a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum Language {
    /// 中文。 — Chinese.
    Zh,
    /// 英文。 — English.
    En,
}

/// The label of a word in the language asked for, or in the request's.
pub(crate) fn label_of<V: Vocabulary>(ctx: &Context<'_>, word: V, lang: Option<Language>) -> Result<&'static str> {
    let lang = match lang {
        Some(Language::Zh) => Lang::Zh,
        Some(Language::En) => Lang::En,
        None => ctx.lang()?,
    };
    Ok(if lang == Lang::En { word.en() } else { word.zh() })
}

/// 一项指标在一个期间的完成情况（规则第4、5节）。 — The assessment of one indicator in one period (rules 4 and 5).
#[derive(Clone, Debug)]
pub struct Achievement {
    /// The assessment.
    pub made: assess::Achievement,
    /// What it judges.
    pub of: Indicator,
    /// Period.
    pub period: Period,
    /// The scheme it was made under; `None` for the declaration's own.
    pub under: Option<Arc<Scheme>>,
}

/// 一项指标在一个期间的完成情况（规则第4、5节）。 — The assessment of one indicator in one period (rules 4 and 5).
#[Object]
impl Achievement {
    /// 完成状态。 — Status.
    async fn status(&self) -> AchievementStatus {
        self.made.status.into()
    }
    /// 状态的文字。 — The status word for people.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "语言；为空时按请求。 — Language; the request's when null.")] lang: Option<Language>,
    ) -> Result<&'static str> {
        label_of(ctx, self.made.status, lang)
    }
    /// 完成率，六位小数，截断；没有比值时为空。 — Rate, six decimals, cut: "1.022222" is 102.2222 %; null when there is no ratio.
    async fn rate(&self) -> Option<Decimal> {
        self.made.rate.map(Decimal::rate)
    }
    /// 得分，两位小数；未知时为空，从不以0代替。 — Score, two decimals; null when there is none, never 0 instead.
    async fn score(&self) -> Option<Decimal> {
        self.made.score.map(Decimal::points)
    }
    /// 按公式计算的得分；只能由人评分时为空。 — Score by the formula; null where only a person can score.
    async fn computed_score(&self) -> Option<Decimal> {
        self.made.computed_score.map(Decimal::points)
    }
    /// 分值；没有权重时为空。 — Maximum score; null without a weight.
    async fn max_score(&self) -> Option<Decimal> {
        self.made.max_score.map(Decimal::points)
    }
    /// 允许的最低得分；不适用时为空。 — Lowest score a person may give; null where no band applies.
    async fn min_allowed_score(&self) -> Option<Decimal> {
        self.made.score_band.map(|(low, _)| Decimal::points(low))
    }
    /// 允许的最高得分；不适用时为空。 — Highest score a person may give; null where no band applies.
    async fn max_allowed_score(&self) -> Option<Decimal> {
        self.made.score_band.map(|(_, high)| Decimal::points(high))
    }
    /// 预警灯；不适用时为空（规则5.2）。 — Light; null when none applies (rules 5.2).
    async fn light(&self) -> Option<WarningLight> {
        self.made.light.map(Into::into)
    }
    /// 偏离度达到方案阈值。 — The rate is as far from 1 as the scheme's threshold, or farther.
    async fn deviating(&self) -> bool {
        self.made.deviating
    }
    /// 需要说明原因。 — A reason is due.
    async fn explanation_required(&self) -> bool {
        self.made.explanation_required
    }
    /// 人工得分与计算得分并存。 — A person's score stands beside the computed one.
    async fn overridden(&self) -> bool {
        self.made.overridden
    }
    /// 指标值与实际值均已确定。 — Target and actual value were both read with certainty, or confirmed.
    async fn certain(&self) -> bool {
        self.made.certain
    }
    /// 其他标记，稳定代码。 — Further flags, stable codes.
    async fn flags(&self) -> Vec<String> {
        self.made.flags.iter().map(ToString::to_string).collect()
    }
    /// 计算过程，逐步可复算。 — How it was made, step by step; anyone can compute it again.
    async fn explanation(&self, ctx: &Context<'_>) -> Result<Walk<Explanation>> {
        let (row, at) = (self.of.row(), (self.period, self.of.months(ctx, self.period).await?));
        let made = match &self.under {
            Some(scheme) => declaration::explained(row, at, &self.made, scheme),
            None => declaration::explain(ctx.db()?, self.of.scheme(), row, at, &self.made).await?,
        };
        Ok(Walk(made.into()))
    }
}

/// 计算过程。 — How a number was made.
#[derive(Clone, Debug, SimpleObject)]
pub struct Explanation {
    /// 适用的规则代码。 — The rule that decided, stable code.
    pub rule: String,
    /// 评分方案。 — The scoring scheme.
    pub scheme: Walk<SchemeVersion>,
    /// 逐步计算。 — Each step in order; a later step may use the label of an earlier one.
    pub steps: Vec<Walk<ExplanationStep>>,
}

/// 评分方案的一个版本。 — One version of a scoring scheme.
#[derive(Clone, Debug, SimpleObject)]
pub struct SchemeVersion {
    /// 方案代码。 — Code, such as CN-2020.
    pub code: String,
    /// 版本号，从1起。 — Version, from 1.
    pub version: i32,
}

/// 一步计算。 — One step.
#[derive(Clone, Debug, SimpleObject)]
pub struct ExplanationStep {
    /// 步骤名。 — Name of the step.
    pub label: String,
    /// 可复算的算式。 — An expression anyone can compute again.
    pub expression: String,
    /// 结果，精确十进制文本或一个词。 — Result as exact decimal text, or a word.
    pub value: String,
}

impl From<explain::Explanation> for Explanation {
    fn from(made: explain::Explanation) -> Self {
        let version = i32::try_from(made.scheme_version).unwrap_or(i32::MAX);
        let steps = made
            .steps
            .into_iter()
            .map(|step| Walk(ExplanationStep { label: step.label, expression: step.expression, value: step.value }));
        Self {
            rule: made.rule.to_string(),
            scheme: Walk(SchemeVersion { code: made.scheme_code, version }),
            steps: steps.collect(),
        }
    }
}

/// 某状态的指标数。 — How many indicators have a status.
#[derive(Clone, Debug, SimpleObject)]
pub struct StatusCount {
    /// 状态。 — Status.
    pub status: AchievementStatus,
    /// 指标数。 — Number of indicators.
    pub count: i64,
}

/// Every status with its count.
pub(crate) fn counts(tally: &Tally) -> Vec<StatusCount> {
    tally.by_status().map(|(status, count): (Status, i64)| StatusCount { status: status.into(), count }).collect()
}

/// 某预警灯的指标数。 — How many indicators have a light.
#[derive(Clone, Debug, SimpleObject)]
pub struct LightCount {
    /// 预警灯。 — Light.
    pub light: WarningLight,
    /// 指标数。 — Number of indicators.
    pub count: i64,
}

/// Every light with its count.
pub(crate) fn light_counts(counts: &[i64; 4]) -> Vec<LightCount> {
    Light::ALL.iter().zip(counts).map(|(light, count)| LightCount { light: (*light).into(), count: *count }).collect()
}

/// 汇总数据：各状态指标数之和等于指标总数。 — Counts and rates; the counts add up to indicatorCount.
#[derive(Clone, Debug)]
pub struct AchievementTotals(pub Measures);

impl AchievementTotals {
    fn tally(&self) -> &Tally {
        &self.0.sums.tally
    }

    /// What is known of declarations as a whole.
    fn declared(&self) -> Option<Declared> {
        (!self.0.of_indicators).then_some(self.0.sums.declared)
    }
}

/// 汇总数据：各状态指标数之和等于指标总数。 — Counts and rates; the counts add up to indicatorCount.
#[Object]
impl AchievementTotals {
    /// 指标总数。 — Number of indicators.
    async fn indicator_count(&self) -> i64 {
        self.tally().indicators()
    }
    /// 已填报数：除未填报与不适用以外。 — All but NOT_REPORTED and NOT_APPLICABLE.
    async fn reported_count(&self) -> i64 {
        self.tally().reported()
    }
    /// 可比数：超额、完成、部分完成、未完成之和。 — EXCEEDED + ACHIEVED + PARTIALLY_ACHIEVED + NOT_ACHIEVED.
    async fn comparable_count(&self) -> i64 {
        self.tally().comparable()
    }
    /// 各状态指标数。 — Every status with its count.
    async fn counts(&self) -> Vec<StatusCount> {
        counts(self.tally())
    }
    /// 达成率，六位小数，截断；没有可比指标时为空。 — (EXCEEDED + ACHIEVED) ÷ comparable, cut to six decimals; null when nothing is comparable.
    async fn achievement_rate(&self) -> Option<Decimal> {
        self.tally().achievement_rate().map(Decimal::rate)
    }
    /// 平均得分率，两位小数；不含预算执行。 — 100 × Σ score ÷ Σ maxScore over the indicators that have a score, two decimals, without execution; null when none has.
    async fn average_score(&self) -> Option<Decimal> {
        self.tally().average_score().map(Decimal::points)
    }
    /// 平均完成率：有完成率的指标的完成率之和除以其个数，六位小数，截断；没有时为空。 — Mean of the completion rates there are: their exact sum ÷ their number, cut to six decimals; null when none has a rate.
    async fn mean_completion_rate(&self) -> Option<Decimal> {
        self.0.sums.mean_completion_rate().map(Decimal::rate)
    }
    /// 有完成率的指标数，即平均完成率的分母。 — How many indicators have a rate: what meanCompletionRate is divided by.
    async fn rate_count(&self) -> i64 {
        self.0.sums.rate_count
    }
    /// 申报数；按一级指标、二级指标或状态分组或筛选时为空。 — Number of declarations; null when grouped or filtered by LEVEL1, LEVEL2 or STATUS, which tell indicators apart and not declarations.
    async fn declaration_count(&self) -> Option<i64> {
        self.declared().map(|declared| declared.declarations)
    }
    /// 预算执行率：同时有全年预算数和执行数的申报的执行数合计除以预算数合计，六位小数，截断；没有时、或按一级指标、二级指标或状态分组或筛选时为空。 — Σ executed ÷ Σ annual budget of the declarations that have both, cut to six decimals; null when none has, and when grouped or filtered by LEVEL1, LEVEL2 or STATUS.
    async fn execution_rate(&self) -> Option<Decimal> {
        self.declared().and_then(|declared| declared.execution_rate()).map(Decimal::rate)
    }
    /// 预算执行合计；按一级指标、二级指标或状态分组或筛选时为空。 — The sums that executionRate is made of; null when grouped or filtered by LEVEL1, LEVEL2 or STATUS.
    async fn execution(&self) -> Option<ExecutionTotals> {
        self.declared().map(ExecutionTotals)
    }
    /// 报告报送情况；按一级指标、二级指标或状态分组或筛选时为空。 — How the reports of the period were filed; null when grouped or filtered by LEVEL1, LEVEL2 or STATUS.
    async fn filing(&self) -> Option<FilingTotals> {
        self.declared().map(FilingTotals)
    }
}

/// 预算执行合计，精确到分。 — Sums of budget execution, exact to 分.
#[derive(Clone, Debug)]
pub struct ExecutionTotals(Declared);

/// A sum of 分 in a unit; what has more digits than any sum of money is null.
fn sum(total: i128, unit: MoneyUnit) -> Option<Decimal> {
    let total = rust_decimal::Decimal::try_from_i128_with_scale(total, 2).ok()?;
    Some(match unit {
        MoneyUnit::Yuan => Decimal(total),
        MoneyUnit::WanYuan => {
            let mut wan = (total / rust_decimal::Decimal::from(10_000)).normalize();
            if wan.scale() < 2 {
                wan.rescale(2);
            }
            Decimal(wan)
        }
    })
}

/// 预算执行合计，精确到分。 — Sums of budget execution, exact to 分.
#[Object]
impl ExecutionTotals {
    /// 同时有全年预算数和执行数的申报数。 — Declarations whose annual budget and execution are both known; only these are in the sums.
    async fn declaration_count(&self) -> i64 {
        self.0.execution_count
    }
    /// 全年预算数合计；没有时为空。 — Σ annual budget of those declarations; null when there is none.
    async fn annual_budget(
        &self, #[graphql(default, desc = "金额单位。 — Unit.")] unit: MoneyUnit
    ) -> Option<Decimal> {
        (self.0.execution_count > 0).then(|| sum(self.0.budget.total(), unit)).flatten()
    }
    /// 执行数合计；没有时为空。 — Σ executed of those declarations; null when there is none.
    async fn executed(
        &self, #[graphql(default, desc = "金额单位。 — Unit.")] unit: MoneyUnit
    ) -> Option<Decimal> {
        (self.0.execution_count > 0).then(|| sum(self.0.executed.total(), unit)).flatten()
    }
    /// 预算执行率，六位小数，截断；没有时为空。 — Σ executed ÷ Σ annual budget, cut to six decimals; null when there is none or the budgets are 0.
    async fn rate(&self) -> Option<Decimal> {
        self.0.execution_rate().map(Decimal::rate)
    }
}

/// 报告报送情况，以首次提交时为准；各项之和等于申报数。 — How the reports of the declarations were filed, by their first submission; the counts add up to declarationCount.
#[derive(Clone, Debug)]
pub struct FilingTotals(Declared);

/// 报告报送情况，以首次提交时为准；各项之和等于申报数。 — How the reports of the declarations were filed, by their first submission; the counts add up to declarationCount.
#[Object]
impl FilingTotals {
    /// 按时报送数：首次提交不晚于应报日期。 — Reports first submitted by the due day.
    async fn on_time_count(&self) -> i64 {
        self.0.filed_on_time
    }
    /// 逾期报送数：首次提交晚于应报日期。 — Reports first submitted after the due day.
    async fn late_count(&self) -> i64 {
        self.0.filed_late
    }
    /// 已报送但未设填报期的数量：无从判断是否按时。 — Reports submitted where no window was set: neither on time nor late.
    async fn undated_count(&self) -> i64 {
        self.0.filed_undated
    }
    /// 从未提交的数量，不论是否已到应报日期。 — Reports never submitted, whether due yet or not.
    async fn not_filed_count(&self) -> i64 {
        self.0.not_filed
    }
    /// 按时报送率：按时数除以按时与逾期之和，六位小数，截断；两者皆无时为空。 — On time ÷ (on time + late), cut to six decimals; null when there is neither.
    async fn on_time_rate(&self) -> Option<Decimal> {
        self.0.on_time_rate().map(Decimal::rate)
    }
}

/// 一个分组的汇总。 — A group of a summary.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct AchievementSummary {
    #[graphql(skip)]
    group: Group,
    #[graphql(flatten)]
    totals: AchievementTotals,
}

impl AchievementSummary {
    /// A group as the schema shows it.
    #[must_use]
    pub fn new(group: Group) -> Self {
        let totals = AchievementTotals(group.measures);
        Self { group, totals }
    }
}

#[ComplexObject]
impl AchievementSummary {
    /// 分组维度，按请求的顺序。 — Its dimensions, in the order asked for.
    async fn dimensions(&self, ctx: &Context<'_>) -> Result<Vec<DimensionValue>> {
        let lang = ctx.lang()?;
        let value = |value: &jixiao_service::achievement::DimensionValue| DimensionValue {
            dimension: AchievementDimension(value.dimension),
            key: value.key.clone(),
            label: lang.of(&value.label).to_owned(),
        };
        Ok(self.group.dimensions.iter().map(value).collect())
    }
}

/// 一个维度的取值。 — One dimension of a group.
#[derive(Clone, Debug, SimpleObject)]
pub struct DimensionValue {
    /// 维度。 — Which dimension.
    pub dimension: AchievementDimension,
    /// 代码；没有取值（如尚无等级）时为空。 — A code or an enum's name; null where there is none (no grade yet, no level 2).
    pub key: Option<String>,
    /// 文字。 — For people.
    pub label: String,
}
