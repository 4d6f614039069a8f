//! The closed vocabularies of the field: one enum each, with its stable code and its words for people.

/// Declares an enum whose variants have a stable text (the API name, the stored text, serde's text) and labels in Chinese and English.
#[macro_export]
#[doc(hidden)]
macro_rules! vocabulary_words {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal, $zh:literal, $en:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $(#[doc = concat!($zh, " — ", $en)] $(#[$vmeta])* #[serde(rename = $text)] $variant,)+ }

        impl $crate::kind::Vocabulary for $name {
            const NAME: &'static str = stringify!($name);
            const ALL: &'static [Self] = &[$(Self::$variant),+];
            fn as_str(self) -> &'static str { match self { $(Self::$variant => $text),+ } }
            fn zh(self) -> &'static str { match self { $(Self::$variant => $zh),+ } }
            fn en(self) -> &'static str { match self { $(Self::$variant => $en),+ } }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::kind::UnknownWord;
            fn from_str(text: &str) -> Result<Self, $crate::kind::UnknownWord> {
                match text { $($text => Ok(Self::$variant),)+ _ => Err($crate::kind::UnknownWord { vocabulary: stringify!($name) }) }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str($crate::kind::Vocabulary::as_str(*self)) }
        }
    };
}

pub use crate::vocabulary_words;
pub(crate) use vocabulary_words as vocabulary;

/// What every enum of this module can do.
pub trait Vocabulary: Copy + Eq + Sized + 'static + std::str::FromStr {
    /// Name of the vocabulary.
    const NAME: &'static str;
    /// All words, in order.
    const ALL: &'static [Self];
    /// Stable code, as in the API and in the database.
    fn as_str(self) -> &'static str;
    /// 中文 label.
    fn zh(self) -> &'static str;
    /// English label.
    fn en(self) -> &'static str;
}

/// A text that is no word of the vocabulary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownWord {
    /// Name of the vocabulary.
    pub vocabulary: &'static str,
}

impl std::fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not a word of {}", self.vocabulary)
    }
}

impl std::error::Error for UnknownWord {}

vocabulary! {
    /// How grave a finding or notice is (E, W and the rest of the rules).
    Severity { Error = "ERROR", "错误", "error"; Warning = "WARNING", "警告", "warning"; Notice = "NOTICE", "提示", "notice"; }
}
vocabulary! {
    /// Level 1 of the indicator tree, 一级指标 (rules 1.4).
    Level1 {
        Output = "OUTPUT", "产出指标", "Output"; Cost = "COST", "成本指标", "Cost";
        Outcome = "OUTCOME", "效益指标", "Outcome"; Satisfaction = "SATISFACTION", "满意度指标", "Satisfaction";
    }
}
vocabulary! {
    /// Level 2 of the indicator tree, 二级指标 (rules 1.4).
    Level2 {
        Quantity = "QUANTITY", "数量指标", "Quantity"; Quality = "QUALITY", "质量指标", "Quality";
        Timeliness = "TIMELINESS", "时效指标", "Timeliness"; OutputCost = "OUTPUT_COST", "成本指标", "Output cost";
        EconomicCost = "ECONOMIC_COST", "经济成本指标", "Economic cost"; SocialCost = "SOCIAL_COST", "社会成本指标", "Social cost";
        EnvironmentalCost = "ENVIRONMENTAL_COST", "生态环境成本指标", "Environmental cost";
        Economic = "ECONOMIC", "经济效益指标", "Economic outcome"; Social = "SOCIAL", "社会效益指标", "Social outcome";
        Environmental = "ENVIRONMENTAL", "生态效益指标", "Environmental outcome";
        Sustainability = "SUSTAINABILITY", "可持续影响指标", "Sustainability";
        BeneficiarySatisfaction = "BENEFICIARY_SATISFACTION", "服务对象满意度指标", "Beneficiary satisfaction";
    }
}
vocabulary! {
    /// What kind of demand a target cell makes.
    TargetKind {
        Quantity = "QUANTITY", "数值", "quantity"; Range = "RANGE", "区间", "range"; Date = "DATE", "时限", "date";
        YesNo = "YES_NO", "是否", "yes or no"; Statement = "STATEMENT", "定性描述", "statement";
        Compound = "COMPOUND", "多项要求", "several demands";
    }
}
vocabulary! {
    /// 计算符号 as the target cell says it.
    Comparator { Gte = "GTE", "≥", "at least"; Gt = "GT", "＞", "more than"; Lte = "LTE", "≤", "at most"; Lt = "LT", "＜", "less than"; Eq = "EQ", "＝", "equal to"; }
}
vocabulary! {
    /// 正向 / 反向: which way is better.
    Direction {
        HigherIsBetter = "HIGHER_IS_BETTER", "正向", "higher is better"; LowerIsBetter = "LOWER_IS_BETTER", "反向", "lower is better";
        Exact = "EXACT", "等于", "exact"; Unknown = "UNKNOWN", "未知", "unknown";
    }
}
vocabulary! {
    /// How values add up over the year (rules 5.2).
    Accumulation { Cumulative = "CUMULATIVE", "累计", "cumulative"; Level = "LEVEL", "水平", "level"; EndOfYear = "END_OF_YEAR", "年末", "end of year"; }
}
vocabulary! {
    /// Qualitative level of an actual value, 达成 / 部分达成 / 未达成 (rules 4.4).
    Level { Full = "FULL", "达成年度指标", "achieved"; Partial = "PARTIAL", "部分达成年度指标并具有一定效果", "partly achieved"; None = "NONE", "未达成年度指标且效果较差", "not achieved"; }
}
vocabulary! {
    /// Achievement status (rules 5.1).
    Status {
        Exceeded = "EXCEEDED", "超额完成", "exceeded"; Achieved = "ACHIEVED", "已完成", "achieved";
        PartiallyAchieved = "PARTIALLY_ACHIEVED", "部分完成", "partially achieved"; NotAchieved = "NOT_ACHIEVED", "未完成", "not achieved";
        InProgress = "IN_PROGRESS", "进行中", "in progress"; NotReported = "NOT_REPORTED", "未填报", "not reported";
        NotApplicable = "NOT_APPLICABLE", "不适用", "not applicable"; Undetermined = "UNDETERMINED", "无法判定", "undetermined";
    }
}
vocabulary! {
    /// 预警灯 (rules 5.2).
    Light { Red = "RED", "红灯", "red"; Yellow = "YELLOW", "黄灯", "yellow"; Green = "GREEN", "绿灯", "green"; Blue = "BLUE", "蓝灯", "blue"; }
}
vocabulary! {
    /// Where a weight comes from (rules 4.6).
    WeightOrigin { Stated = "STATED", "填报", "stated on the form"; Derived = "DERIVED", "按方案推算", "derived under a scheme"; }
}
vocabulary! {
    /// The two targets an indicator can have: 实施周期指标值 and 年度指标值.
    TargetWhich { Annual = "ANNUAL", "年度指标值", "annual target"; Cycle = "CYCLE", "实施周期指标值", "cycle target"; }
}
vocabulary! {
    /// Lines of the budget block of the whole-department form (rules 1.3).
    BudgetLine {
        BasicExpenditure = "BASIC_EXPENDITURE", "基本支出", "Basic expenditure";
        ProjectExpenditure = "PROJECT_EXPENDITURE", "项目支出", "Project expenditure";
        FiscalSpecialFunds = "FISCAL_SPECIAL_FUNDS", "财政专项资金", "Fiscal special funds";
        OtherDevelopmentExpenditure = "OTHER_DEVELOPMENT_EXPENDITURE", "其他事业发展性支出", "Other development expenditure";
        FiscalAppropriation = "FISCAL_APPROPRIATION", "财政拨款", "Fiscal appropriation";
        OtherFunds = "OTHER_FUNDS", "其他资金", "Other funds";
        OwnLevelFunds = "OWN_LEVEL_FUNDS", "本级使用资金", "Own-level funds";
        PlannedTransfersToLowerLevels = "PLANNED_TRANSFERS_TO_LOWER_LEVELS", "拟用于对下转移支付资金", "Planned transfers to lower levels";
    }
}
vocabulary! {
    /// Result grade 优良中差 of a self-evaluation (rules 4.1).
    ResultGrade { Excellent = "EXCELLENT", "优", "excellent"; Good = "GOOD", "良", "good"; Fair = "FAIR", "中", "fair"; Poor = "POOR", "差", "poor"; }
}
vocabulary! {
    /// Where the money of a report's fund row comes from (rules 3.4).
    FundSource { CurrentYear = "CURRENT_YEAR", "当年财政拨款", "appropriation of the year"; CarriedOver = "CARRIED_OVER", "上年结转资金", "carried over from last year"; Other = "OTHER", "其他资金", "other funds"; }
}
