//! The parts of a scheme, one struct for each table of the document. Ratios are [`Rate`]s (1 = 100 %), points [`Points`].

use serde::{Deserialize, Serialize};

use super::number;
use crate::kind::{Level1, Level2, Light, ResultGrade, Severity, vocabulary};
use crate::value::{Points, Rate};

vocabulary! {
    /// How the points of a level 1 are split where no weight is stated (rules 4.6.2).
    Split {
        EqualInLevel1 = "EQUAL_IN_LEVEL1", "一级指标内平均分配", "equally inside level 1";
        EqualByLevel2 = "EQUAL_BY_LEVEL2", "先按二级指标平均再平均分配", "equally over level 2, then inside it";
    }
}
vocabulary! {
    /// Where the points of a level 1 without indicators go (rules 4.6.4).
    Missing {
        ToOutput = "TO_OUTPUT", "并入产出指标", "to output"; ToOutcome = "TO_OUTCOME", "并入效益指标", "to outcome";
        Rescale = "RESCALE", "其余各级按比例放大", "the other levels are scaled up";
        Error = "ERROR", "不允许缺少", "must not be missing";
    }
}
vocabulary! {
    /// What the execution rate divides by (rules 4.7).
    Denominator { Adjusted = "ADJUSTED", "全年预算数", "adjusted full-year budget"; Opening = "OPENING", "年初预算数", "opening budget"; }
}
vocabulary! {
    /// How execution is scored (rules 4.7).
    ExecutionMethod { Proportional = "PROPORTIONAL", "按执行率", "in proportion to the rate"; Banded = "BANDED", "分档", "by bands"; }
}
vocabulary! {
    /// Budget and execution both 0 (rules 4.7).
    NoBudget { Exclude = "EXCLUDE", "剔除并折算", "left out, total rescaled"; Zero = "ZERO", "计零分", "scores 0"; }
}
vocabulary! {
    /// A target that an approved adjustment left blank (rules 4.2).
    BlankTarget { Exclude = "EXCLUDE", "剔除并折算", "dropped, weights rescaled"; Zero = "ZERO", "计零分", "scores 0, weight kept"; }
}
vocabulary! {
    /// Score of a missed lower-is-better target (rules 4.2).
    LowerFormula {
        Linear = "LINEAR", "线性扣减", "linear, 0 from twice the target"; Reciprocal = "RECIPROCAL", "目标÷实际", "target ÷ actual";
        Tiers = "TIERS", "分档", "tiers by excess";
    }
}
vocabulary! {
    /// Score outside a range (rules 4.2).
    RangeFormula { Proportional = "PROPORTIONAL", "按偏离比例扣减", "1 − distance ÷ nearest bound"; Tiers = "TIERS", "分档", "tiers by deviation"; }
}
vocabulary! {
    /// `=` with another value than the target (rules 5.1).
    Equality { SameAsGte = "SAME_AS_GTE", "视同≥", "same as at least"; Strict = "STRICT", "必须相等", "must be equal"; }
}
vocabulary! {
    /// A = T under a strict `<` or `>` (rules 4.2).
    Boundary { Satisfied = "SATISFIED", "视为达标", "counts as satisfied"; NotSatisfied = "NOT_SATISFIED", "视为未达标", "does not count"; }
}
vocabulary! {
    /// When over-achievement costs points (rules 4.3).
    DeductionMode {
        Automatic = "AUTOMATIC", "自动扣减", "always"; OnCause = "ON_CAUSE", "认定目标偏低时扣减", "when the target is recorded as set too low";
        Never = "NEVER", "不扣减", "never";
    }
}
vocabulary! {
    /// Rounding of scores.
    ScoreRounding { HalfUp = "HALF_UP", "四舍五入", "half up"; Truncate = "TRUNCATE", "舍去", "cut toward zero"; }
}
vocabulary! {
    /// Rounding of rates; no other is supported, because status and printed rate could then disagree (rules 5.1).
    RateRounding { Truncate = "TRUNCATE", "舍去", "cut toward zero"; }
}
vocabulary! {
    /// Execution light without a budget (rules 5.2).
    NoBudgetLight { Red = "RED", "红灯", "red"; Absent = "NONE", "无灯", "no light"; }
}
vocabulary! {
    /// Which indicators need evidence (rules 3.4, E9).
    Evidence {
        Optional = "NONE", "不要求", "none"; All = "ALL", "全部", "all";
        HighScores = "HIGH_SCORES", "高分指标", "those that score high";
    }
}
vocabulary! {
    /// What expenditure is balanced against in D2 and D3 (rules 3.2).
    BalanceBasis {
        Appropriation = "APPROPRIATION", "财政拨款", "fiscal appropriation"; TotalIncome = "TOTAL_INCOME", "财政拨款与其他资金之和", "appropriation and other funds";
    }
}

/// `[weights]`: points of each level 1 and how they reach the indicators (rules 4.1, 4.6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Points of 产出指标.
    #[serde(with = "number::points")]
    pub output: Points,
    /// Points of level-1 成本指标; 0 where cost rows count as output (rules 1.4).
    #[serde(with = "number::points")]
    pub cost: Points,
    /// Points of 效益指标.
    #[serde(with = "number::points")]
    pub outcome: Points,
    /// Points of 满意度指标.
    #[serde(with = "number::points")]
    pub satisfaction: Points,
    /// How they are split.
    pub split: Split,
    /// Where points without indicators go.
    pub missing: MissingLevels,
}

/// `[weights.missing]`: one policy for each level 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MissingLevels {
    /// No 产出指标.
    pub output: Missing,
    /// No 成本指标.
    pub cost: Missing,
    /// No 效益指标.
    pub outcome: Missing,
    /// No 满意度指标.
    pub satisfaction: Missing,
}

impl Weights {
    /// Points of a level 1.
    #[must_use]
    pub fn points(&self, level1: Level1) -> Points {
        match level1 {
            Level1::Output => self.output,
            Level1::Cost => self.cost,
            Level1::Outcome => self.outcome,
            Level1::Satisfaction => self.satisfaction,
        }
    }

    /// The level 1 whose points an indicator shares: cost rows count as output where the scheme has no cost points.
    #[must_use]
    pub fn level_of(&self, level1: Level1) -> Level1 {
        if level1 == Level1::Cost && self.cost.0 == 0 { Level1::Output } else { level1 }
    }
}

impl MissingLevels {
    /// Policy of a level 1.
    #[must_use]
    pub fn of(&self, level1: Level1) -> Missing {
        match level1 {
            Level1::Output => self.output,
            Level1::Cost => self.cost,
            Level1::Outcome => self.outcome,
            Level1::Satisfaction => self.satisfaction,
        }
    }
}

/// `[[extra_items]]`: a scored item that is no declared indicator, such as management (rules 3.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraItem {
    /// Stable code.
    pub code: String,
    /// 名称.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Maximum score; part of the 100.
    #[serde(with = "number::points")]
    pub weight: Points,
}

/// `[execution]`: the score of budget execution (rules 4.7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExecutionRules {
    /// Points of the execution rate.
    #[serde(with = "number::points")]
    pub weight: Points,
    /// What the rate divides by.
    pub denominator: Denominator,
    /// How the rate becomes points.
    pub method: ExecutionMethod,
    /// Budget and execution both 0.
    pub no_budget: NoBudget,
    /// A reason is due below this rate.
    #[serde(with = "number::rate")]
    pub reason_below: Rate,
    /// Points by printed rate, highest first, the last from 0; only with `BANDED`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<ExecutionBand>,
    /// Caps on the total by printed rate, highest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caps: Vec<Cap>,
}

/// Points from a printed execution rate on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExecutionBand {
    /// Lowest rate of the band, inclusive.
    #[serde(with = "number::rate")]
    pub from: Rate,
    /// Points.
    #[serde(with = "number::points")]
    pub points: Points,
}

/// The total is at most so much when execution is below a rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cap {
    /// Applies to printed rates below this.
    #[serde(with = "number::rate")]
    pub below: Rate,
    /// Highest total.
    #[serde(with = "number::points")]
    pub at_most: Points,
}

/// `[status]`: thresholds of status and flags (rules 5.1), all on the printed rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusRules {
    /// PARTIALLY_ACHIEVED from this rate on.
    #[serde(with = "number::rate")]
    pub partial_from: Rate,
    /// `deviating` when abs(A/T − 1) reaches this.
    #[serde(with = "number::rate")]
    pub deviating_from: Rate,
    /// `=` with another value.
    pub equality: Equality,
    /// A = T under `<` and `>`.
    pub strict_boundary: Boundary,
    /// A dropped target.
    pub blank_target: BlankTarget,
}

/// `[explanation]`: when a reason is due (rules 3.4 E8, 4.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExplanationRules {
    /// Not satisfied and a rate below this; 1 asks whenever the target is missed.
    #[serde(with = "number::rate")]
    pub low: Rate,
    /// Over-achievement from this rate on.
    #[serde(with = "number::rate")]
    pub high: Rate,
    /// Lights that ask for a reason during the year.
    pub lights: Vec<Light>,
}

/// `[formula]`: scores of missed targets (rules 4.2, 4.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Formula {
    /// Lower is better.
    pub lower_is_better: LowerFormula,
    /// Range.
    pub range: RangeFormula,
    /// Days over which the score of a late date falls to 0; 0: all or nothing.
    #[serde(with = "number::whole")]
    pub grace_days: u32,
    /// Shares by (A − T)/T; only with `TIERS`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lower_tiers: Vec<ShareTier>,
    /// Shares by distance/nearest bound; only with `TIERS`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub range_tiers: Vec<ShareTier>,
}

/// A share of the weight up to a deviation; beyond the last tier the score is 0.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareTier {
    /// Greatest printed deviation of the tier, inclusive.
    #[serde(with = "number::rate")]
    pub up_to: Rate,
    /// Share of the weight.
    #[serde(with = "number::rate")]
    pub share: Rate,
}

/// `[over_achievement]`: points lost by exceeding a target by far (rules 4.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverAchievement {
    /// When points are lost.
    pub mode: DeductionMode,
    /// How many, by printed A/T (T/A where lower is better), lowest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<DeductionTier>,
}

/// Points lost from a rate on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeductionTier {
    /// Lowest rate of the tier, inclusive.
    #[serde(with = "number::rate")]
    pub from: Rate,
    /// Share of the weight lost.
    #[serde(with = "number::rate")]
    pub share: Rate,
    /// Points lost besides.
    #[serde(with = "number::points")]
    pub points: Points,
}

/// `[qualitative]`: bands of a person's score (rules 4.4).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Qualitative {
    /// Level 1 from this share of the weight on.
    #[serde(with = "number::rate")]
    pub full_from: Rate,
    /// Level 2 from this share on; level 3 below.
    #[serde(with = "number::rate")]
    pub partial_from: Rate,
}

/// `[rounding]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rounding {
    /// Mode of scores.
    pub score_mode: ScoreRounding,
    /// Decimals of scores: 0, 1 or 2.
    #[serde(with = "number::whole")]
    pub score_digits: u32,
    /// Mode of rates.
    pub rate_mode: RateRounding,
    /// Decimals of rates: 6.
    #[serde(with = "number::whole")]
    pub rate_digits: u32,
}

/// `[[grades]]`: a grade and its lowest total (rules 4.1), best first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// Stable code.
    pub code: ResultGrade,
    /// Lowest total with two decimals, inclusive.
    #[serde(with = "number::points")]
    pub from: Points,
    /// 等级, as this scheme prints it.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
}

/// `[lights]`: monitoring lights (rules 5.2), all on the printed share.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lights {
    /// Red below this share of the (pro-rata) target.
    #[serde(with = "number::rate")]
    pub yellow_from: Rate,
    /// Yellow below this.
    #[serde(with = "number::rate")]
    pub green_from: Rate,
    /// Green below this, blue from it on.
    #[serde(with = "number::rate")]
    pub blue_from: Rate,
    /// A = T under `<` and `>`.
    pub strict_boundary: Boundary,
    /// Level-1 categories judged simply inside (green) or outside (red) the full target.
    pub inside_outside_level1: Vec<Level1>,
    /// The same for level-2 categories.
    pub inside_outside_level2: Vec<Level2>,
    /// Budget execution.
    pub execution: ExecutionLights,
    /// The whole document at year-end.
    pub plausibility: Plausibility,
}

/// `[lights.execution]`: execution rate ÷ (m/12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExecutionLights {
    /// Red below this.
    #[serde(with = "number::rate")]
    pub yellow_from: Rate,
    /// Yellow below this, green from it on.
    #[serde(with = "number::rate")]
    pub green_from: Rate,
    /// The budget is 0 or not known.
    pub no_budget: NoBudgetLight,
}

/// `[lights.plausibility]`: does the score run ahead of the money (rules 5.2, last row)?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plausibility {
    /// Red when the indicators' score rate leads the execution score rate by more than this share of itself.
    #[serde(with = "number::rate")]
    pub lead_above: Rate,
    /// Yellow when more than this share of the budget is unspent.
    #[serde(with = "number::rate")]
    pub unspent_above: Rate,
}

/// `[evidence]`: which indicators need evidence (rules 3.4 E9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceRules {
    /// Which.
    pub required: Evidence,
    /// With `HIGH_SCORES`: from this share of the weight on.
    #[serde(with = "number::rate")]
    pub from_share: Rate,
    /// How grave it is when evidence is missing.
    pub severity: Severity,
}

/// `[overrides]`: who may give another score than the computed one, always with a reason (rules 3.4 E5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overrides {
    /// Codes of the roles; empty: nobody.
    pub roles: Vec<String>,
}

/// `[checks]`: parameters of the checks D1-D13 (rules 3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checks {
    /// Basis of D2 and D3.
    pub balance_basis: BalanceBasis,
    /// D12: tolerance in 分 for each addend.
    #[serde(with = "number::whole")]
    pub tolerance_fen_per_addend: u32,
    /// D5: lowest share of tasks in P + Z + O.
    #[serde(with = "number::rate")]
    pub minimum_task_share: Rate,
    /// D7: years of the cycle; 1: no cycle targets are expected.
    #[serde(with = "number::whole")]
    pub cycle_years: u32,
    /// D8: percentages above 100 are accepted.
    pub allow_over_100: bool,
}

/// `[duties]`: separation of duties where places differ (rules 2.5.3); may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duties {
    /// Who accepted or approved the targets may spot-check the self-evaluation as well.
    pub spot_check_by_approver: bool,
}

impl Duties {
    /// As where the table is left out.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}
