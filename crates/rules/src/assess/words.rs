//! The closed vocabularies of a result: the rule that decided, and its flags.

use crate::kind::vocabulary;

vocabulary! {
    /// The rule that decided an achievement.
    Rule {
        NotApplicable = "NOT_APPLICABLE", "不适用", "not applicable";
        NotApplicableClaimed = "NOT_APPLICABLE_CLAIMED", "申请不适用，待财政确认", "claimed not applicable, not yet accepted";
        NotReported = "NOT_REPORTED", "未填报", "not reported";
        NoTarget = "NO_TARGET", "无年度指标值", "no annual target";
        Unconfirmed = "UNCONFIRMED", "读数未经确认", "reading not confirmed";
        NotComparable = "NOT_COMPARABLE", "无法比较", "cannot be compared";
        LevelRequired = "LEVEL_REQUIRED", "须由人判定等级", "a person must give the level";
        OutOfRange = "OUT_OF_RANGE", "数值超出可计算范围", "number out of range";
        NegativeActual = "NEGATIVE_ACTUAL", "实际值为负", "negative actual value";
        HigherRatio = "HIGHER_RATIO", "正向指标按比例", "higher is better, by ratio";
        LowerLinear = "LOWER_LINEAR", "反向指标线性扣减", "lower is better, linear";
        LowerReciprocal = "LOWER_RECIPROCAL", "反向指标目标÷实际", "lower is better, target ÷ actual";
        LowerTiers = "LOWER_TIERS", "反向指标分档", "lower is better, tiers";
        ExactSameAsGte = "EXACT_SAME_AS_GTE", "等于视同≥", "equal, same as at least";
        ExactStrict = "EXACT_STRICT", "必须相等", "must be equal";
        ZeroTarget = "ZERO_TARGET", "目标为零", "target of zero";
        NegativeTarget = "NEGATIVE_TARGET", "目标为负", "negative target";
        RangeDistance = "RANGE_DISTANCE", "区间按偏离比例", "range, by distance";
        RangeTiers = "RANGE_TIERS", "区间分档", "range, tiers";
        DateBy = "DATE_BY", "按期完成", "done by a date";
        YesNo = "YES_NO", "是否直接赋分", "yes or no";
        Qualitative = "QUALITATIVE", "定性三档", "qualitative bands";
        Words = "WORDS", "文字结论", "words against a number or date";
        Compound = "COMPOUND", "多项要求取最差", "worst of several demands";
    }
}
vocabulary! {
    /// Findings beside a result; none of them changes a status.
    Flag {
        StrictBoundary = "STRICT_BOUNDARY", "恰在严格边界", "exactly on a strict boundary";
        NegativeActual = "NEGATIVE_ACTUAL", "实际值为负", "negative actual value";
        OutOfRange = "OUT_OF_RANGE", "数值超出可计算范围", "number out of range";
        OverAchieved = "OVER_ACHIEVED", "明显超额", "exceeded by far";
        Deducted = "DEDUCTED", "超额扣分", "points lost by over-achievement";
        ScoreRequired = "SCORE_REQUIRED", "须由人打分", "a person must give the score";
        ScoreOutOfBand = "SCORE_OUT_OF_BAND", "得分超出允许区间", "score outside its band";
        YearAssumed = "YEAR_ASSUMED", "按同一年度比较", "same year assumed";
        DirectionContradictsComparator = "DIRECTION_CONTRADICTS_COMPARATOR", "方向与符号矛盾", "direction contradicts comparator";
        OverExecution = "OVER_EXECUTION", "超预算执行", "executed more than the budget";
        ReasonRequired = "REASON_REQUIRED", "执行率偏低须说明", "low execution, reason required";
        ExecutedWithoutBudget = "EXECUTED_WITHOUT_BUDGET", "无预算有执行", "executed without a budget";
        NegativeAmount = "NEGATIVE_AMOUNT", "金额为负", "negative amount";
        ScoreCapped = "SCORE_CAPPED", "总分封顶", "total capped";
        WeightsNot100 = "WEIGHTS_NOT_100", "分值合计不是 100", "weights do not add up to 100";
        ExtraItemsMissing = "EXTRA_ITEMS_MISSING", "附加项目未打分", "extra items have no score";
        ScoreAheadOfMoney = "SCORE_AHEAD_OF_MONEY", "得分率高于执行率", "score runs ahead of execution";
    }
}
