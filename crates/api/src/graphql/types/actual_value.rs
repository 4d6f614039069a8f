//! Actual values.

use async_graphql::Object;
use jixiao_rules::aggregate::{self, Aggregate};
use jixiao_rules::cycle::Period;
use jixiao_service::declaration;

use crate::graphql::kind::{AggregationMethod, AttainmentLevel, AttainmentOutlook, DeviationCategory};
use crate::graphql::scalar::{DateTime, Decimal, MoneyUnit};
use crate::graphql::types::evidence::Evidence;
use crate::graphql::types::target::ReadingNote;
use crate::graphql::types::viewer::Person;
use crate::graphql::walk::Walk;

/// 实际完成值：现行有效的一次填报。 — The actual value in force of one indicator in one period.
#[derive(Clone, Debug)]
pub struct ActualValue {
    value: declaration::ActualValue,
    evidence: Vec<declaration::Evidence>,
    aggregate: Option<Aggregate>,
}

impl ActualValue {
    /// A value of an indicator in a period, with its evidence.
    #[must_use]
    pub fn new(
        value: declaration::ActualValue,
        indicator: &declaration::Indicator,
        period: Period,
        fiscal_year: i32,
    ) -> Self {
        let aggregate = declaration::aggregated(indicator, &value.entry, fiscal_year).and_then(Result::ok);
        Self { value, evidence: indicator.evidence_in(period).to_vec(), aggregate }
    }

    /// The value in force of an indicator in a period.
    #[must_use]
    pub fn of(indicator: &declaration::Indicator, period: Period, fiscal_year: i32) -> Option<Self> {
        Some(Self::new(indicator.values.get(&period)?.clone(), indicator, period, fiscal_year))
    }

    /// What was recorded.
    pub(crate) fn said(&self) -> RecordedValue<'_> {
        RecordedValue { value: &self.value, aggregate: self.aggregate.as_ref() }
    }

    /// Its evidence files.
    pub(crate) fn files(&self) -> &[declaration::Evidence] {
        &self.evidence
    }
}

/// 填报的内容：现行与历史的完成值相同。 — What was recorded: the same of living and past values.
#[derive(Clone, Copy, Debug)]
pub struct RecordedValue<'a> {
    value: &'a declaration::ActualValue,
    aggregate: Option<&'a Aggregate>,
}

/// 填报的内容。 — What was recorded.
#[Object]
impl RecordedValue<'_> {
    /// 原文；撤回后为空。 — Verbatim; null when withdrawn or never given.
    async fn text(&self) -> Option<&str> {
        self.value.entry.text.as_deref()
    }
    /// 识别出的数值；没有数值时为空。 — The number as read; null without one.
    async fn value(&self) -> Option<Decimal> {
        self.value.reading.as_ref().and_then(|reading| reading.value).map(Decimal::plain)
    }
    /// 识别出的单位。 — Unit as read, the target's when the cell has none; null without one.
    async fn unit(&self) -> Option<&str> {
        self.value.reading.as_ref().and_then(|reading| reading.unit.as_deref())
    }
    /// 填报人给出的达成程度。 — Qualitative level given by the filer; null when not given.
    async fn level(&self) -> Option<AttainmentLevel> {
        self.value.entry.level.map(Into::into)
    }
    /// 填报人给出的得分。 — The filer's own score; null when not given.
    async fn score(&self) -> Option<Decimal> {
        self.value.entry.score.map(Decimal::points)
    }
    /// 调整得分的理由。 — Reason of an override; null without one.
    async fn score_reason(&self) -> Option<&str> {
        self.value.entry.score_reason.as_deref()
    }
    /// 不适用的理由（申请）。 — Claim that the indicator does not apply; null without one.
    async fn not_applicable_reason(&self) -> Option<&str> {
        self.value.entry.not_applicable_reason.as_deref()
    }
    /// 全年预计完成情况。 — Forecast for the year; null when not given.
    async fn forecast_text(&self) -> Option<&str> {
        self.value.entry.forecast_text.as_deref()
    }
    /// 完成目标的可能性。 — How likely the target will be met; null when not given.
    async fn outlook(&self) -> Option<AttainmentOutlook> {
        self.value.entry.outlook.map(Into::into)
    }
    /// 备注。 — Note; null without one.
    async fn note(&self) -> Option<&str> {
        self.value.entry.note.as_deref()
    }
    /// 偏差原因。 — Causes of deviation.
    async fn deviations(&self) -> Vec<Deviation> {
        self.value.entry.deviations.iter().cloned().map(Deviation).collect()
    }
    /// 纠偏措施；未填写时为空。 — How it is put right; null when not given.
    async fn corrective_action(&self) -> Option<&str> {
        self.value.entry.corrective_action.as_deref()
    }
    /// 满意度调查的样本量；未填写时为空。 — How many people were asked; null when not given.
    async fn sample_size(&self) -> Option<i64> {
        self.value.entry.sample_size
    }
    /// 识别结果已确定，或已由填报人确认；没有原文时为空。 — The reading is certain, or the filer confirmed it; null without a text.
    async fn certain(&self) -> Option<bool> {
        self.value.reading.as_ref().map(|reading| reading.certain)
    }
    /// 填报人确认了不能确定的识别结果。 — The filer confirmed a reading that was not certain.
    async fn confirmed(&self) -> bool {
        self.value.entry.confirmed
    }
    /// 识别时不能确定的原因。 — Why the reading was not certain.
    async fn notes(&self) -> Vec<ReadingNote> {
        self.value.reading.iter().flat_map(|reading| reading.notes.iter().cloned()).map(ReadingNote).collect()
    }
    /// 填报时所对照的年度指标值，原文；没有指标值时为空。 — The annual target it was given against, verbatim; null without one.
    async fn given_against(&self) -> Option<&str> {
        self.value.target_text.as_deref()
    }
    /// 填报时间。 — When it was recorded.
    async fn recorded_at(&self) -> DateTime {
        self.value.recorded_at.into()
    }
    /// 填报人。 — Who recorded it.
    async fn recorded_by(&self) -> Walk<Person> {
        Walk(Person(self.value.recorded_by.clone()))
    }
    /// 各单位的实际完成值；没有分单位填报时为空列表。 — Values of the units it is made of; empty without any.
    async fn unit_values(&self) -> Vec<UnitValue> {
        self.value.entry.unit_values.iter().cloned().map(UnitValue).collect()
    }
    /// 各单位的汇总（规则E10）；没有分单位填报或不能汇总时为空。 — What the units add up to (rules E10); null without any, or when they cannot be added up.
    async fn aggregate(&self) -> Option<UnitAggregate> {
        self.aggregate.cloned().map(UnitAggregate)
    }
}

/// 实际完成值：现行有效的一次填报。 — The actual value in force of one indicator in one period.
#[Object]
impl ActualValue {
    /// What was recorded.
    #[graphql(flatten)]
    async fn recorded(&self) -> RecordedValue<'_> {
        self.said()
    }
    /// 佐证材料。 — Evidence files.
    async fn evidence(&self) -> Vec<Evidence> {
        self.evidence.iter().cloned().map(Evidence::in_force).collect()
    }
}

/// 偏差原因。 — A cause of deviation.
#[derive(Clone, Debug)]
pub struct Deviation(declaration::Deviation);

/// 偏差原因。 — A cause of deviation.
#[Object]
impl Deviation {
    /// 类别。 — Category.
    async fn category(&self) -> DeviationCategory {
        self.0.category.into()
    }
    /// 文字说明。 — In words.
    async fn text(&self) -> &str {
        &self.0.text
    }
}

/// 一个单位的实际完成值。 — What one unit contributes to a value.
#[derive(Clone, Debug)]
pub struct UnitValue(aggregate::UnitValue);

/// 一个单位的实际完成值。 — What one unit contributes to a value.
#[Object]
impl UnitValue {
    /// 单位名称。 — Name of the unit.
    async fn unit_name(&self) -> &str {
        &self.0.unit_name
    }
    /// 该单位的实际完成值，原文。 — Its value, verbatim.
    async fn text(&self) -> &str {
        &self.0.text
    }
    /// 比率据以加权的资金；未填写时为空。 — Funds that a ratio is weighted by; null when not given.
    async fn funds(
        &self,
        #[graphql(default, desc = "金额单位。 — Unit of the amount.")] unit: MoneyUnit,
    ) -> Option<Decimal> {
        self.0.funds.map(|funds| Decimal::money(funds, unit))
    }
}

/// 各单位的汇总（规则E10）。 — What units add up to (rules E10).
#[derive(Clone, Debug)]
pub struct UnitAggregate(Aggregate);

/// 各单位的汇总（规则E10）。 — What units add up to (rules E10).
#[Object]
impl UnitAggregate {
    /// 汇总方法。 — How it is made.
    async fn method(&self) -> AggregationMethod {
        self.0.method.into()
    }
    /// 汇总值，基本单位；加权的截至六位小数。 — In the base unit; a weighted one is cut to six decimals.
    async fn value(&self) -> Decimal {
        Decimal::plain(self.0.value)
    }
    /// 基本单位；没有单位时为空串。 — The base unit; empty without one.
    async fn unit(&self) -> &str {
        &self.0.unit
    }
    /// 算式。 — How it is made, in numbers.
    async fn expression(&self) -> &str {
        &self.0.expression
    }
}
