//! Indicators, alone and in their three-level tree.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use jixiao_rules::cycle::Period;
use jixiao_rules::kind;
use jixiao_rules::rollup::Tally;
use jixiao_rules::value::Points;
use jixiao_service::declaration::{self, SchemeRef, TargetState, Whole};
use jixiao_service::indicator::Alone;

use crate::graphql::error::Result;
use crate::graphql::id::{NodeKind, encode};
use crate::graphql::kind::{Accumulation, Level1, Level2, ReportingPeriod, WeightOrigin};
use crate::graphql::reader::Siblings;
use crate::graphql::scalar::Decimal;
use crate::graphql::types::achievement::{Achievement, Language, label_of};
use crate::graphql::types::actual_value::ActualValue;
use crate::graphql::types::declaration::{Declaration, KeyTask, vanished};
use crate::graphql::types::publication::QualityStatement;
use crate::graphql::types::target::Target;
use crate::graphql::walk::Walk;

/// 三级指标。 — A level-3 indicator.
#[derive(Clone, Debug)]
pub struct Indicator(Place);

#[derive(Clone, Debug)]
enum Place {
    /// In its declaration, by position.
    Within(Arc<Whole>, usize),
    /// From a list across declarations; the rest of its declaration is loaded when it is asked for.
    Alone(Arc<Alone>, Arc<Siblings>),
}

impl Indicator {
    /// The one at a position of its declaration.
    #[must_use]
    pub fn within(whole: &Arc<Whole>, position: usize) -> Self {
        Self(Place::Within(Arc::clone(whole), position))
    }

    /// One from a list, with the declarations of that list.
    #[must_use]
    pub fn alone(alone: Alone, siblings: &Arc<Siblings>) -> Self {
        Self(Place::Alone(Arc::new(alone), Arc::clone(siblings)))
    }

    /// The indicator with this key.
    #[must_use]
    pub fn find(whole: &Arc<Whole>, id: jixiao_service::id::IndicatorId) -> Option<Self> {
        let position = whole.declaration.indicators.iter().position(|indicator| indicator.id == id)?;
        Some(Self::within(whole, position))
    }

    /// What is stored of it.
    #[must_use]
    pub fn row(&self) -> &declaration::Indicator {
        match &self.0 {
            Place::Within(whole, position) => &whole.declaration.indicators[*position],
            Place::Alone(alone, _) => &alone.indicator,
        }
    }

    /// The scheme of its declaration.
    #[must_use]
    pub fn scheme(&self) -> &SchemeRef {
        match &self.0 {
            Place::Within(whole, _) => &whole.declaration.scheme,
            Place::Alone(alone, _) => &alone.scheme,
        }
    }

    /// The fiscal year of its declaration.
    #[must_use]
    pub fn fiscal_year(&self) -> i32 {
        match &self.0 {
            Place::Within(whole, _) => whole.declaration.fiscal_year,
            Place::Alone(alone, _) => alone.declaration.fiscal_year,
        }
    }

    /// The months that the data of a period cover; all of them at year-end, whatever the declaration says.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn months(&self, ctx: &Context<'_>, period: Period) -> Result<u32> {
        match &self.0 {
            Place::Alone(..) if period == Period::YearEnd => Ok(period.default_months()),
            _ => Ok(self.whole(ctx).await?.declaration.months(period)),
        }
    }

    async fn whole(&self, ctx: &Context<'_>) -> Result<Arc<Whole>> {
        match &self.0 {
            Place::Within(whole, _) => Ok(Arc::clone(whole)),
            Place::Alone(alone, siblings) => siblings.whole(ctx, alone.declaration.id).await?.ok_or_else(vanished),
        }
    }

    /// Its annual target.
    #[must_use]
    pub fn annual_target_state(&self) -> Option<Walk<Target>> {
        target(self.row().annual_target.as_ref())
    }

    /// Its actual value in force in a period.
    #[must_use]
    pub fn actual_value_in(&self, period: Period) -> Option<ActualValue> {
        ActualValue::of(self.row(), period, self.fiscal_year())
    }

    /// Its achievement in a period.
    #[must_use]
    pub fn achievement_in(&self, period: Period) -> Option<Achievement> {
        let made = self.row().achievements.get(&period)?.clone();
        Some(Achievement { made, of: self.clone(), period, under: None })
    }
}

pub(crate) fn target(state: Option<&TargetState>) -> Option<Walk<Target>> {
    state.map(|state| Walk(Target { reading: state.reading.clone(), confirmed: state.confirmed() }))
}

/// 指标的名称、级别与分值：现行、历史与公开的指标相同。 — Name, levels and weight: the same of living, past and published indicators.
#[derive(Clone, Copy, Debug)]
pub struct IndicatorName<'a> {
    /// Level-3 name.
    pub name: &'a str,
    /// Level 1; `None` when its label is not known.
    pub level1: Option<kind::Level1>,
    /// As printed.
    pub level1_label: &'a str,
    /// Level 2; `None` when blank or not known.
    pub level2: Option<kind::Level2>,
    /// As printed.
    pub level2_label: Option<&'a str>,
    /// Points.
    pub weight: Option<Points>,
}

/// 指标的名称、级别与分值。 — Name, levels and weight of an indicator.
#[Object]
impl IndicatorName<'_> {
    /// 三级指标名称。 — Level-3 name.
    async fn name(&self) -> &str {
        self.name
    }
    /// 一级指标；名称无法识别时为空。 — Level 1; null when its label is not known.
    async fn level1(&self) -> Option<Level1> {
        self.level1.map(Into::into)
    }
    /// 一级指标的原文。 — Level-1 label as printed.
    async fn level1_label(&self) -> &str {
        self.level1_label
    }
    /// 二级指标；空白或无法识别时为空。 — Level 2; null when blank or not known.
    async fn level2(&self) -> Option<Level2> {
        self.level2.map(Into::into)
    }
    /// 二级指标的原文；空白时为空。 — Level-2 label as printed; null when blank.
    async fn level2_label(&self) -> Option<&str> {
        self.level2_label
    }
    /// 分值，百分制，两位小数；无法得出时为空（规则4.6）。 — Weight in points of 100, two decimals; null when none is given or derivable (rules 4.6).
    async fn weight(&self) -> Option<Decimal> {
        self.weight.map(Decimal::points)
    }
}

/// 指标本身的内容：现行与历史的指标相同。 — What living and past indicators say alike.
#[derive(Clone, Copy, Debug)]
pub struct IndicatorRow<'a>(pub &'a declaration::Indicator);

/// 指标本身的内容。 — What an indicator says of itself.
#[Object]
impl IndicatorRow<'_> {
    /// Name, levels and weight.
    #[graphql(flatten)]
    async fn name(&self) -> IndicatorName<'_> {
        let row = self.0;
        IndicatorName {
            name: &row.name,
            level1: row.level1,
            level1_label: &row.level1_label,
            level2: row.level2,
            level2_label: row.level2_label.as_deref(),
            weight: row.weight,
        }
    }
    /// 分值的来源；没有分值时为空。 — Where the weight comes from; null without one.
    async fn weight_origin(&self) -> Option<WeightOrigin> {
        self.0.weight_origin.map(Into::into)
    }
    /// 人工设定的累计方式；空表示按默认（规则5.1）。 — Set by a person; null takes the default of rules 5.1.
    async fn accumulation(&self) -> Option<Accumulation> {
        self.0.accumulation.map(Into::into)
    }
    /// 实施周期指标值；表中空白时为空。 — Cycle target; null when the form leaves it blank.
    async fn cycle_target(&self) -> Option<Walk<Target>> {
        target(self.0.cycle_target.as_ref())
    }
    /// 年度指标值；表中空白时为空。 — Annual target; null when the form leaves it blank.
    async fn annual_target(&self) -> Option<Walk<Target>> {
        target(self.0.annual_target.as_ref())
    }
    /// 年初指标值，即首次批复的年度指标值；未经调整时等于年度指标值。 — The annual target as first approved; the same as annualTarget until an adjustment changes it, null when blank.
    async fn original_target(&self) -> Option<Walk<Target>> {
        target(self.0.opening_target())
    }
    /// 已经批准的调整取消；此后不再填报。 — Dropped by an approved adjustment: nothing is reported for it any more.
    async fn dropped(&self) -> bool {
        self.0.dropped()
    }
    /// 综合性指标，不对应单项任务（规则3.2，D11）。 — Serves the work in general, no single key task (rules 3.2, D11).
    async fn general(&self) -> bool {
        self.0.general
    }
    /// 数据质量说明；未填写时为空。 — The last statement of the quality of its data; null before one.
    async fn quality_statement(&self) -> Option<QualityStatement> {
        self.0.quality.clone().map(QualityStatement)
    }
}

/// 三级指标。 — A level-3 indicator.
#[Object]
impl Indicator {
    /// 全局标识，各版本不变。 — Global id, the same through all versions.
    pub async fn id(&self) -> ID {
        encode(NodeKind::Indicator, self.row().id.0)
    }
    /// What the form says of it.
    #[graphql(flatten)]
    async fn stated(&self) -> IndicatorRow<'_> {
        IndicatorRow(self.row())
    }
    /// 衡量的重点任务，按表中顺序。 — The key tasks it measures, in order.
    #[graphql(complexity = "crate::graphql::link_cost(child_complexity)")]
    async fn key_tasks(&self, ctx: &Context<'_>) -> Result<Vec<KeyTask>> {
        let whole = self.whole(ctx).await?;
        let tasks = whole.declaration.key_tasks.iter().enumerate();
        let linked = tasks.filter(|(_, task)| self.row().key_tasks.contains(&task.id));
        Ok(linked.map(|(position, _)| KeyTask { whole: Arc::clone(&whole), position }).collect())
    }
    /// 某期间的实际完成值；未填报时为空。 — The actual value in force in a period; null when nothing is reported.
    async fn actual_value(
        &self,
        #[graphql(desc = "期间。 — The period.")] period: ReportingPeriod,
    ) -> Option<Walk<ActualValue>> {
        self.actual_value_in(period.0).map(Walk)
    }
    /// 某期间的完成情况；没有该期间时为空。 — The achievement in a period; null where there is no such period.
    async fn achievement(
        &self,
        #[graphql(desc = "期间。 — The period.")] period: ReportingPeriod,
    ) -> Option<Walk<Achievement>> {
        self.achievement_in(period.0).map(Walk)
    }
    /// 所属申报。 — The declaration it belongs to.
    async fn declaration(&self) -> Declaration {
        match &self.0 {
            Place::Within(whole, _) => Declaration::from_whole(Arc::clone(whole)),
            Place::Alone(alone, siblings) => Declaration::among(alone.declaration.clone(), siblings),
        }
    }
}

/// Indicators of one branch of the tree, by position.
#[derive(Clone, Debug)]
struct Branch {
    whole: Arc<Whole>,
    positions: Vec<usize>,
}

impl Branch {
    fn rows(&self) -> impl Iterator<Item = &declaration::Indicator> {
        self.positions.iter().filter_map(|position| self.whole.declaration.indicators.get(*position))
    }

    fn first(&self) -> Option<&declaration::Indicator> {
        self.rows().next()
    }

    /// Sum of the weights; `None` when any is missing.
    fn weight(&self) -> Option<Decimal> {
        let sum: Option<i64> = self.rows().map(|row| row.weight.map(|weight| weight.0)).sum();
        sum.map(|sum| Decimal::points(Points(sum)))
    }

    fn achievement_rate(&self, period: Period) -> Option<Decimal> {
        let mut tally = Tally::default();
        self.rows().filter_map(|row| row.achievements.get(&period)).for_each(|made| tally.add(made));
        tally.achievement_rate().map(Decimal::rate)
    }

    /// Splits by a key, keeping the order in which keys first appear.
    fn split<K: PartialEq>(&self, key: impl Fn(&declaration::Indicator) -> K) -> Vec<Self> {
        let mut parts: Vec<(K, Self)> = Vec::new();
        for position in &self.positions {
            let Some(row) = self.whole.declaration.indicators.get(*position) else { continue };
            let key = key(row);
            match parts.iter_mut().find(|(known, _)| *known == key) {
                Some((_, part)) => part.positions.push(*position),
                None => {
                    parts.push((key, Self { whole: Arc::clone(&self.whole), positions: vec![*position] }));
                }
            }
        }
        parts.into_iter().map(|(_, part)| part).collect()
    }
}

/// 指标树的一级。 — Level 1 of the indicator tree.
#[derive(Clone, Debug)]
pub struct Level1Group(Branch);

/// 指标树的二级。 — Level 2 of the indicator tree.
#[derive(Clone, Debug)]
pub struct Level2Group(Branch);

/// The tree of a declaration.
#[must_use]
pub fn tree(whole: &Arc<Whole>) -> Vec<Walk<Level1Group>> {
    let all = Branch { whole: Arc::clone(whole), positions: (0..whole.declaration.indicators.len()).collect() };
    // A known level goes by its enum, an unknown one by its label.
    let key = |row: &declaration::Indicator| (row.level1, row.level1.is_none().then(|| row.level1_label.clone()));
    all.split(key).into_iter().map(Level1Group).map(Walk).collect()
}

/// 指标树的一级。 — Level 1 of the indicator tree.
#[Object]
impl Level1Group {
    /// 一级指标；名称无法识别时为空。 — Level 1; null when its label is not known.
    async fn level1(&self) -> Option<Level1> {
        self.0.first().and_then(|row| row.level1).map(Into::into)
    }
    /// 标准名称；无法识别时为原文。 — Its word for people; the printed label when it is not known.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "语言；为空时按请求。 — Language; the request's when null.")] lang: Option<Language>,
    ) -> Result<String> {
        let row = self.0.first();
        match row.and_then(|row| row.level1) {
            Some(level) => Ok(label_of::<kind::Level1>(ctx, level, lang)?.to_owned()),
            None => Ok(row.map(|row| row.level1_label.clone()).unwrap_or_default()),
        }
    }
    /// 分值之和；有缺失时为空。 — Sum of the weights, two decimals; null when any is missing.
    async fn weight(&self) -> Option<Decimal> {
        self.0.weight()
    }
    /// 达成率，六位小数，截断；没有可比指标时为空。 — Satisfied ÷ comparable, cut to six decimals; null when nothing is comparable.
    async fn achievement_rate(
        &self,
        #[graphql(default_with = "ReportingPeriod(Period::YearEnd)", desc = "期间。 — The period.")]
        period: ReportingPeriod,
    ) -> Option<Decimal> {
        self.0.achievement_rate(period.0)
    }
    /// 二级指标。 — Its level 2.
    async fn groups(&self) -> Vec<Walk<Level2Group>> {
        let key = |row: &declaration::Indicator| (row.level2, row.level2.map_or(row.level2_label.clone(), |_| None));
        self.0.split(key).into_iter().map(Level2Group).map(Walk).collect()
    }
}

/// 指标树的二级。 — Level 2 of the indicator tree.
#[Object]
impl Level2Group {
    /// 二级指标；空白或无法识别时为空。 — Level 2; null when blank or not known.
    async fn level2(&self) -> Option<Level2> {
        self.0.first().and_then(|row| row.level2).map(Into::into)
    }
    /// 标准名称；无法识别时为原文，空白时为空。 — Its word for people; the printed label when it is not known, null when blank.
    async fn label(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "语言；为空时按请求。 — Language; the request's when null.")] lang: Option<Language>,
    ) -> Result<Option<String>> {
        let row = self.0.first();
        match row.and_then(|row| row.level2) {
            Some(level) => Ok(Some(label_of::<kind::Level2>(ctx, level, lang)?.to_owned())),
            None => Ok(row.and_then(|row| row.level2_label.clone())),
        }
    }
    /// 分值之和；有缺失时为空。 — Sum of the weights, two decimals; null when any is missing.
    async fn weight(&self) -> Option<Decimal> {
        self.0.weight()
    }
    /// 达成率，六位小数，截断；没有可比指标时为空。 — Satisfied ÷ comparable, cut to six decimals; null when nothing is comparable.
    async fn achievement_rate(
        &self,
        #[graphql(default_with = "ReportingPeriod(Period::YearEnd)", desc = "期间。 — The period.")]
        period: ReportingPeriod,
    ) -> Option<Decimal> {
        self.0.achievement_rate(period.0)
    }
    /// 三级指标。 — Its indicators, in order.
    async fn indicators(&self) -> Vec<Walk<Indicator>> {
        let indicator = |position: &usize| Indicator::within(&self.0.whole, *position);
        self.0.positions.iter().map(indicator).map(Walk).collect()
    }
}
