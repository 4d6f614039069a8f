//! The vocabularies of the rules as GraphQL enums. The words and their labels stay where they are: the macro reads them from
//! [`Vocabulary`], so that a new word there is a new value here.

use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::{Deprecation, MetaEnumValue, MetaType, MetaTypeId, Registry};
use async_graphql::{
    ContextSelectionSet, InputType, InputValueError, InputValueResult, Name, OutputType, Positioned, ServerResult,
    Value,
};
use jixiao_rules::kind::Vocabulary;

/// Values that will go: type, value, why, and when.
const DEPRECATED: [(&str, &str, &str); 1] = [(
    "UserErrorCode",
    "NOT_READABLE",
    "从未返回：无法识别的文本成为待确认的指标值或实际值。 — Never given: a text that cannot be read becomes a target or value to be \
     confirmed. Removal 2027-12-31.",
)];

/// The description of a type for the registry: its values come from the vocabulary.
fn meta<V: Vocabulary>(name: &str, description: &str, rust_typename: &'static str) -> MetaType {
    let values = V::ALL.iter().map(|word| {
        let deprecated = DEPRECATED.iter().find(|(of, value, _)| (*of, *value) == (name, word.as_str()));
        let value = MetaEnumValue {
            name: word.as_str().to_owned(),
            description: Some(format!("{} — {}", word.zh(), word.en())),
            deprecation: deprecated.map_or(Deprecation::NoDeprecated, |(.., why)| Deprecation::Deprecated {
                reason: Some((*why).to_owned()),
            }),
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            directive_invocations: Vec::new(),
        };
        (value.name.clone(), value)
    });
    MetaType::Enum {
        name: name.to_owned(),
        description: Some(description.to_owned()),
        enum_values: values.collect(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: Some(rust_typename),
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

fn parse<V: Vocabulary, T: InputType + From<V>>(value: Option<Value>) -> InputValueResult<T> {
    let word = match value.unwrap_or_default() {
        // A variable arrives as a string, a literal as an enum value.
        Value::Enum(name) => name.to_string(),
        Value::String(text) => text,
        other => return Err(InputValueError::expected_type(other)),
    };
    word.parse::<V>().map(T::from).map_err(|_| InputValueError::custom(format!("does not contain the value {word:?}")))
}

/// Shows a vocabulary as a GraphQL enum: a newtype that converts both ways.
macro_rules! graphql_enums {
    ($($name:ident($word:path) = $description:literal;)+) => {$(
        #[doc = $description]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $name(pub $word);

        impl From<$word> for $name {
            fn from(word: $word) -> Self { Self(word) }
        }

        impl From<$name> for $word {
            fn from(name: $name) -> Self { name.0 }
        }

        impl InputType for $name {
            type RawValueType = Self;
            fn type_name() -> Cow<'static, str> { Cow::Borrowed(stringify!($name)) }
            fn create_type_info(registry: &mut Registry) -> String {
                registry.create_input_type::<Self, _>(MetaTypeId::Enum, |_| {
                    meta::<$word>(stringify!($name), $description, std::any::type_name::<Self>())
                })
            }
            fn parse(value: Option<Value>) -> InputValueResult<Self> { parse::<$word, Self>(value) }
            fn to_value(&self) -> Value { Value::Enum(Name::new(self.0.as_str())) }
            fn as_raw_value(&self) -> Option<&Self> { Some(self) }
        }

        impl OutputType for $name {
            fn type_name() -> Cow<'static, str> { Cow::Borrowed(stringify!($name)) }
            fn create_type_info(registry: &mut Registry) -> String {
                registry.create_output_type::<Self, _>(MetaTypeId::Enum, |_| {
                    meta::<$word>(stringify!($name), $description, std::any::type_name::<Self>())
                })
            }
            async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
                Ok(Value::Enum(Name::new(self.0.as_str())))
            }
        }
    )+};
}

graphql_enums! {
    Severity(jixiao_rules::kind::Severity) = "问题的严重程度；ERROR 阻止提交，审计检查A除外。 — How grave a finding or notice is; ERROR blocks a submit, but for the auditors' checks A.";
    Level1(jixiao_rules::kind::Level1) = "一级指标。 — Level 1 of the indicator tree.";
    Level2(jixiao_rules::kind::Level2) = "二级指标。 — Level 2 of the indicator tree.";
    TargetKind(jixiao_rules::kind::TargetKind) = "指标值的类型。 — What kind of demand a target makes.";
    Comparator(jixiao_rules::kind::Comparator) = "计算符号。 — How the actual value is compared with the target.";
    Direction(jixiao_rules::kind::Direction) = "指标方向。 — Which way is better.";
    Accumulation(jixiao_rules::kind::Accumulation) = "年内数值的累计方式。 — How values add up over the year.";
    AttainmentLevel(jixiao_rules::kind::Level) = "定性指标的达成程度。 — Qualitative level of an actual value.";
    AchievementStatus(jixiao_rules::kind::Status) = "完成状态。 — Achievement status.";
    WarningLight(jixiao_rules::kind::Light) = "预警灯。 — Warning light.";
    WeightOrigin(jixiao_rules::kind::WeightOrigin) = "权重来源。 — Where a weight comes from.";
    TargetWhich(jixiao_rules::kind::TargetWhich) = "两个指标值中的哪一个。 — Which of the two targets of an indicator.";
    BudgetLine(jixiao_rules::kind::BudgetLine) = "部门整体支出表的预算项目。 — A line of the budget block of the form.";
    ResultGrade(jixiao_rules::kind::ResultGrade) = "自评结果等级。 — Result grade of a self-evaluation.";
    Role(jixiao_rules::cycle::Role) = "角色。 — What a grant makes its holder.";
    ReportingPeriod(jixiao_rules::cycle::Period) = "填报期；年中与年终总有，其余仅在设定窗口时有。 — Period of a report; mid-year and year-end always exist, the others where a window is set.";
    DeclarationScope(jixiao_rules::cycle::DeclarationScope) = "申报范围。 — What a declaration covers.";
    DeclarationStatus(jixiao_rules::cycle::DeclarationStatus) = "申报状态。 — State of a declaration.";
    AdjustmentStatus(jixiao_rules::cycle::AdjustmentStatus) = "调整的状态。 — State of an adjustment.";
    AdjustmentKind(jixiao_rules::cycle::AdjustmentKind) = "调整类别。 — Kind of an adjustment.";
    ReportStatus(jixiao_rules::cycle::ReportStatus) = "报告状态。 — State of a report.";
    RectificationStatus(jixiao_rules::cycle::RectificationStatus) = "整改状态；逾期由日期算出，不是状态。 — State of a rectification; overdue is computed, never a state.";
    PublicationKind(jixiao_rules::cycle::PublicationKind) = "公开内容的种类。 — What of a declaration is published.";
    PublicationStatus(jixiao_rules::cycle::PublicationStatus) = "公开状态；不予公开后不再变化。 — State of a publication; what is withheld stays so.";
    AggregationMethod(jixiao_rules::aggregate::AggregationMethod) = "各单位的汇总方法。 — How units' values become one.";
    FundSource(jixiao_rules::kind::FundSource) = "资金来源。 — Where the money of a fund row comes from.";
    TargetReviewGrade(jixiao_rules::cycle::TargetReviewGrade) = "绩效目标审核等级。 — Grade of the review of targets.";
    AttainmentOutlook(jixiao_rules::cycle::AttainmentOutlook) = "完成目标的可能性。 — How likely the target will be met.";
    DeviationCategory(jixiao_rules::cycle::DeviationCategory) = "偏差原因类别。 — Category of the cause of a deviation.";
    AchievementDimension(jixiao_service::achievement::Dimension) = "汇总维度。 — What achievements are grouped by.";
    AchievementSummaryOrderField(jixiao_service::achievement::SummaryOrder) = "汇总的排序依据。 — What groups are ordered by.";
    IndicatorOrderField(jixiao_service::indicator::IndicatorOrder) = "指标的排序依据。 — What indicators are ordered by.";
    TrendMatch(jixiao_service::indicator::TrendMatch) = "不同年度的指标认定为同一指标的依据。 — By what an indicator of another year is taken for the same.";
    ComparisonMeasure(jixiao_service::comparison::ComparisonMeasure) = "对比的数值。 — A figure that is compared.";
    MedianAbsence(jixiao_service::comparison::MedianAbsence) = "没有中位数的原因。 — Why there is no median.";
    OrderDirection(jixiao_service::page::OrderDirection) = "排序方向；空值总在最后。 — Which way; null sorts last either way.";
    FileType(jixiao_service::file::FileType) = "文件类型。 — Type of a file, by its content.";
    AccessAct(jixiao_service::access::AccessAct) = "对受限数据的读取种类。 — What kind of read of restricted data.";
    UserErrorCode(jixiao_service::error::UserErrorCode) = "可由用户更正的错误代码。 — Code of something the user can mend.";
}

impl OrderDirection {
    /// Largest first.
    #[must_use]
    pub fn descending(self) -> bool {
        self.0 == jixiao_service::page::OrderDirection::Desc
    }
}
