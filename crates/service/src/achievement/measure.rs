//! The measures of a summary as integers in SQL: what groups are ordered by and bounded by is the number that is printed.

use std::collections::BTreeMap;

use jixiao_rules::kind::vocabulary_words;
use rust_decimal::Decimal;
use sea_orm::ExprTrait;
use sea_orm::sea_query::{Alias, Asterisk, Expr, Query, SelectStatement, SimpleExpr};

use crate::error::{UserErrorCode, Violation};
use crate::rollup::COLUMNS;

vocabulary_words! {
    /// What groups are ordered by; ties by the dimensions' keys.
    SummaryOrder {
        Key = "KEY", "维度", "the dimensions' keys"; IndicatorCount = "INDICATOR_COUNT", "指标数", "number of indicators";
        AchievementRate = "ACHIEVEMENT_RATE", "达成率", "achievement rate"; AverageScore = "AVERAGE_SCORE", "平均得分率", "average score";
        ReportedCount = "REPORTED_COUNT", "已填报数", "number of indicators reported";
        ComparableCount = "COMPARABLE_COUNT", "可比数", "number of comparable indicators";
        MeanCompletionRate = "MEAN_COMPLETION_RATE", "平均完成率", "mean completion rate";
        ExceededCount = "EXCEEDED_COUNT", "超额完成数", "number exceeded"; AchievedCount = "ACHIEVED_COUNT", "已完成数", "number achieved";
        PartiallyAchievedCount = "PARTIALLY_ACHIEVED_COUNT", "部分完成数", "number partially achieved";
        NotAchievedCount = "NOT_ACHIEVED_COUNT", "未完成数", "number not achieved";
        InProgressCount = "IN_PROGRESS_COUNT", "进行中数", "number in progress";
        NotReportedCount = "NOT_REPORTED_COUNT", "未填报数", "number not reported";
        NotApplicableCount = "NOT_APPLICABLE_COUNT", "不适用数", "number not applicable";
        UndeterminedCount = "UNDETERMINED_COUNT", "无法判定数", "number undetermined";
        DeclarationCount = "DECLARATION_COUNT", "申报数", "number of declarations";
        ExecutionRate = "EXECUTION_RATE", "预算执行率", "execution rate";
        OnTimeRate = "ON_TIME_RATE", "按时报送率", "share of reports submitted on time";
    }
}

/// Bounds of one measure, each as exact as it was written; what is `None` does not bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// At least.
    pub gte: Option<Decimal>,
    /// More than.
    pub gt: Option<Decimal>,
    /// At most.
    pub lte: Option<Decimal>,
    /// Less than.
    pub lt: Option<Decimal>,
}

/// Which groups are shown, by their measures. A group whose measure is null is not within any bounds of it.
pub type Having = BTreeMap<SummaryOrder, Bounds>;

impl SummaryOrder {
    /// Whether it is known only of declarations as a whole, and so of no group of indicators.
    pub(super) fn of_declarations(self) -> bool {
        matches!(self, Self::DeclarationCount | Self::ExecutionRate | Self::OnTimeRate)
    }

    /// Name as an input field.
    pub(super) fn field(self) -> String {
        let mut field = String::new();
        for (at, word) in self.to_string().split('_').enumerate() {
            let (first, rest) = word.split_at(word.len().min(1));
            let first = if at == 0 { first.to_lowercase() } else { first.to_owned() };
            field.push_str(&first);
            field.push_str(&rest.to_lowercase());
        }
        field
    }

    /// Decimals of the printed measure; the integer has so many behind the point.
    fn decimals(self) -> u32 {
        match self {
            Self::AchievementRate | Self::MeanCompletionRate | Self::ExecutionRate | Self::OnTimeRate => 6,
            Self::AverageScore => 2,
            _ => 0,
        }
    }

    /// The measure of a group's row as SQL; `None` for the keys alone. Each is null where the printed one is.
    fn sql(self) -> Option<String> {
        const RATED: &str = "(n_exceeded + n_achieved + n_partially_achieved + n_not_achieved)";
        const ALL: &str = "(n_exceeded + n_achieved + n_partially_achieved + n_not_achieved + n_in_progress \
                           + n_not_reported + n_not_applicable + n_undetermined)";
        Some(match self {
            Self::Key => return None,
            Self::IndicatorCount => ALL.to_owned(),
            Self::ReportedCount => format!("({ALL} - n_not_reported - n_not_applicable)"),
            Self::ComparableCount => RATED.to_owned(),
            Self::AchievementRate => format!("((n_exceeded + n_achieved) * 1000000 / NULLIF({RATED}, 0))"),
            Self::AverageScore => "((score_sum * 20000 + max_score_sum) / NULLIF(2 * max_score_sum, 0))".to_owned(),
            // The billions are divided first: no step is larger than the sum of 10^9 rates.
            Self::MeanCompletionRate => "(rate_high / NULLIF(rate_count, 0) * 1000000000 \
                 + (rate_high % NULLIF(rate_count, 0) * 1000000000 + rate_low) / NULLIF(rate_count, 0))"
                .to_owned(),
            Self::OnTimeRate => "(filed_on_time * 1000000 / NULLIF(filed_on_time + filed_late, 0))".to_owned(),
            Self::DeclarationCount => "declarations".to_owned(),
            Self::ExecutionRate => format!("quotient_{DIGITS}"),
            Self::ExceededCount => COLUMNS[0].to_owned(),
            Self::AchievedCount => COLUMNS[1].to_owned(),
            Self::PartiallyAchievedCount => COLUMNS[2].to_owned(),
            Self::NotAchievedCount => COLUMNS[3].to_owned(),
            Self::InProgressCount => COLUMNS[4].to_owned(),
            Self::NotReportedCount => COLUMNS[5].to_owned(),
            Self::NotApplicableCount => COLUMNS[6].to_owned(),
            Self::UndeterminedCount => COLUMNS[7].to_owned(),
        })
    }
}

/// Decimals of a rate, found one by one.
const DIGITS: usize = 6;

/// Divides what was executed by the budgets as one does by hand, digit by digit: a million times the sum fits in no
/// integer of SQLite. Sums above 9,000 万亿元, which no state has, are divided without their last nine digits.
fn with_quotient(grouped: SelectStatement) -> SelectStatement {
    let small = "budget_high < 900000000 AND executed_high < 900000000";
    let amount =
        |name: &str| format!("CASE WHEN {small} THEN {name}_high * 1000000000 + {name}_low ELSE {name}_high END");
    let step = |from: SelectStatement, expressions: &[(String, String)]| {
        let mut select = Query::select();
        select.expr(Expr::col(Asterisk));
        for (name, sql) in expressions {
            select.expr_as(Expr::cust(sql.clone()), Alias::new(name));
        }
        select.from_subquery(from, Alias::new("divided")).to_owned()
    };
    let named = |name: &str, sql: &str| (name.to_owned(), sql.to_owned());
    let divisor = format!("NULLIF({}, 0)", amount("budget"));
    let select = step(grouped, &[("divisor".to_owned(), divisor), ("dividend".to_owned(), amount("executed"))]);
    let first = "CASE WHEN dividend / divisor < 9223372036854 THEN dividend / divisor END";
    let mut select = step(select, &[named("quotient_0", first), named("rest_0", "dividend % divisor")]);
    for digit in 1..=DIGITS {
        let last = digit - 1;
        let quotient = format!("quotient_{last} * 10 + rest_{last} * 10 / divisor");
        let rest = format!("rest_{last} * 10 % divisor");
        select = step(select, &[(format!("quotient_{digit}"), quotient), (format!("rest_{digit}"), rest)]);
    }
    select
}

/// Groups with the measure they are ordered by as `measure`, and only those within their bounds. `stored` names the column
/// that already holds the achievement rate, so that an index on it serves.
pub(super) fn measured(
    grouped: SelectStatement,
    order: SummaryOrder,
    having: &Having,
    stored: Option<&str>,
) -> (SelectStatement, Option<SimpleExpr>) {
    let used = std::iter::once(order).chain(having.keys().copied()).any(|it| it == SummaryOrder::ExecutionRate);
    let grouped = if used { with_quotient(grouped) } else { grouped };
    let expr = |measure: SummaryOrder| match stored {
        Some(column) if measure == SummaryOrder::AchievementRate => Some(Expr::cust(column.to_owned())),
        _ => measure.sql().map(Expr::cust),
    };
    let mut select = Query::select();
    select.expr(Expr::col(Asterisk));
    if let Some(measure) = expr(order) {
        select.expr_as(measure, Alias::new("measure"));
    }
    select.from_subquery(grouped, Alias::new("measured"));
    for (measure, bounds) in having {
        let (Some(expr), (low, high)) = (expr(*measure), bounds.whole(measure.decimals())) else { continue };
        if let Some(low) = low {
            select.and_where(expr.clone().gte(low));
        }
        if let Some(high) = high {
            select.and_where(expr.lte(high));
        }
    }
    (select, expr(order))
}

impl Bounds {
    /// The least and the largest integer within, for numbers with so many decimals.
    fn whole(&self, decimals: u32) -> (Option<i64>, Option<i64>) {
        let scaled = |bound: Decimal, up: bool, step: i64| {
            let unit = Decimal::from(10_i64.pow(decimals));
            let value = bound.checked_mul(unit).map(|value| if up { value.ceil() } else { value.floor() });
            // What does not fit lies beyond every measure, on its side.
            let far = if bound.is_sign_negative() { i64::MIN } else { i64::MAX };
            value.and_then(|value| i64::try_from(value.mantissa()).ok()).unwrap_or(far).saturating_add(step)
        };
        let low = [self.gte.map(|bound| scaled(bound, true, 0)), self.gt.map(|bound| scaled(bound, false, 1))];
        let high = [self.lte.map(|bound| scaled(bound, false, 0)), self.lt.map(|bound| scaled(bound, true, -1))];
        (low.into_iter().flatten().max(), high.into_iter().flatten().min())
    }
}

/// What no group can satisfy, and what groups of indicators do not have.
pub(super) fn check(having: &Having, of_indicators: bool) -> Result<(), Vec<Violation>> {
    let mut violations = Vec::new();
    for (measure, bounds) in having {
        let field = format!("having.{}", measure.field());
        let mut refuse = |zh: &str, en: &str| {
            violations.push(Violation::new(UserErrorCode::InvalidValue, &field, zh, en));
        };
        if matches!(bounds.whole(measure.decimals()), (Some(low), Some(high)) if low > high) {
            refuse("上下限矛盾, 没有数值能满足", "the bounds contradict each other: no number lies within");
        }
        if of_indicators && measure.of_declarations() {
            refuse(WHOLE.0, WHOLE.1);
        }
    }
    if violations.is_empty() { Ok(()) } else { Err(violations) }
}

/// Why a measure of declarations cannot be asked for.
const WHOLE: (&str, &str) = (
    "按一级指标、二级指标或状态分组或筛选时, 没有此项数据",
    "not told of indicators: neither grouped nor filtered by level or status",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_exact() {
        let number = |text: &str| Some(text.parse().expect("a decimal"));
        let rate = |bounds: Bounds| bounds.whole(6);
        assert_eq!(
            rate(Bounds { gte: number("0.6"), lt: number("0.8"), ..Bounds::default() }),
            (Some(600_000), Some(799_999))
        );
        let finer = Bounds { gt: number("0.6000001"), lte: number("0.6000019"), ..Bounds::default() };
        assert_eq!(rate(finer), (Some(600_001), Some(600_001)));
        let finer = Bounds { gte: number("0.6000001"), lt: number("0.6000019"), ..Bounds::default() };
        assert_eq!(rate(finer), (Some(600_001), Some(600_001)));
        let far = number("9999999999999999999999999999");
        assert_eq!(rate(Bounds { gte: far, lte: far, ..Bounds::default() }), (Some(i64::MAX), Some(i64::MAX)));
        let both = Bounds { gte: number("3"), gt: number("3"), ..Bounds::default() };
        assert_eq!(both.whole(0), (Some(4), None));
    }

    #[test]
    fn fields_have_the_names_of_the_schema() {
        assert_eq!(SummaryOrder::OnTimeRate.field(), "onTimeRate");
        assert_eq!(SummaryOrder::PartiallyAchievedCount.field(), "partiallyAchievedCount");
    }
}
