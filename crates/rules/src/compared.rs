//! What the names of compared values (see [`Compared`](crate::message::Compared)) mean to people.

use crate::message::Message;

/// Names with their labels, in order.
const LABELS: &[(&str, &str, &str)] = &[
    ("actual", "实际完成值", "actual value"),
    ("after", "调整后", "after the adjustment"),
    ("allFunding", "任务资金合计", "funding of all tasks"),
    ("allowed", "允许范围", "allowed"),
    ("allowedDays", "允许天数", "allowed days"),
    ("amount", "金额（万元）", "amount, 万元"),
    ("annualBudget", "全年预算数", "annual budget"),
    ("approved", "批复时", "as approved"),
    ("approvedCount", "批复指标数", "approved indicators"),
    ("approvedOn", "批复日期", "approved on"),
    ("approvedVersion", "批复版本", "approved version"),
    ("before", "调整前", "before the adjustment"),
    ("both", "两值齐全的指标数", "rows with both"),
    ("budget", "支出预算", "budget"),
    ("characters", "字数", "characters"),
    ("computedScore", "计算得分", "computed score"),
    ("cost", "成本指标数", "indicators of cost"),
    ("count", "数量", "count"),
    ("difference", "差额", "difference"),
    ("dueOn", "期限", "due on"),
    ("earlier", "上一期", "the period before"),
    ("equal", "两值相等的指标数", "rows where both are equal"),
    ("errorFrom", "错误起点", "an error from"),
    ("executed", "执行数", "executed"),
    ("executionRate", "预算执行率", "execution rate"),
    ("executionScoreRate", "执行得分率", "score rate of execution"),
    ("expenditure", "支出合计", "expenditure"),
    ("file", "文件", "file"),
    ("filedGrade", "自评等级", "filed grade"),
    ("filedScore", "自评得分", "filed score"),
    ("files", "文件数", "files"),
    ("firstDay", "最早日期", "first day"),
    ("forecast", "全年预计", "forecast"),
    ("fullMarks", "满分指标数", "rows with full marks"),
    ("fullPercent", "目标为100%的指标数", "targets of 100 %"),
    ("funding", "任务资金", "funding of the task"),
    ("gap", "差距", "gap"),
    ("givenAgainst", "填报时的指标值", "target it was given against"),
    ("income", "收入合计", "income"),
    ("indicatorScoreRate", "指标得分率", "score rate of the indicators"),
    ("indicators", "指标数", "indicators"),
    ("issuedOn", "文件日期", "issued on"),
    ("lastDay", "最迟日期", "last day"),
    ("lateAfter", "应早于", "late from"),
    ("lateDays", "逾期天数", "days late"),
    ("laterActual", "其后的实际完成值", "later actual value"),
    ("light", "预警灯", "light"),
    ("linked", "已关联任务数", "linked tasks"),
    ("madeOn", "调整日期", "made on"),
    ("maxScore", "满分", "maximum score"),
    ("minimum", "最低要求", "minimum"),
    ("nearWithin", "接近范围", "near within"),
    ("notVerified", "未核实的整改数", "rectifications not verified"),
    ("otherGrade", "复核等级", "other grade"),
    ("outlook", "完成可能性", "outlook"),
    ("present", "现在", "now"),
    ("priorActual", "上年实际完成值", "last year's actual value"),
    ("priorBudget", "上年支出预算", "last year's budget"),
    ("priorGrade", "上年等级", "last year's grade"),
    ("priorYear", "上年", "year before"),
    ("publishedOn", "公开日期", "published on"),
    ("publishedVersion", "公开版本", "published version"),
    ("quality", "质量指标数", "indicators of quality"),
    ("rate", "完成率", "rate"),
    ("recomputedScore", "复算得分", "recomputed score"),
    ("redIn", "红灯期间", "red in"),
    ("reopened", "重新整改次数", "times reopened"),
    ("returned", "退回次数", "times returned"),
    ("reviewScore", "复核得分", "reviewed score"),
    ("rows", "行数", "rows"),
    ("sampleSize", "样本量", "sample size"),
    ("satisfaction", "满意度指标数", "indicators of satisfaction"),
    ("score", "得分", "score"),
    ("spending", "项目与事业发展性支出", "project and development expenditure"),
    ("spotCheckScore", "抽查得分", "spot check's score"),
    ("stated", "载明数值", "stated"),
    ("status", "完成状态", "status"),
    ("submittedOn", "提交日期", "submitted on"),
    ("sum", "合计", "sum"),
    ("target", "指标值", "target"),
    ("targets", "指标值数", "targets"),
    ("tasks", "重点任务", "key tasks"),
    ("text", "文字", "text"),
    ("threshold", "界限", "threshold"),
    ("timeliness", "时效指标数", "indicators of timeliness"),
    ("tolerance", "允许误差", "tolerance"),
    ("total", "总额", "total"),
    ("user", "用户", "user"),
    ("warningFrom", "警告起点", "a warning from"),
    ("whole", "应为", "should be"),
    ("window", "已设填报期", "a window is set"),
    ("years", "年数", "years"),
];

/// The label of a name; the name itself when there is none.
#[must_use]
pub fn label(name: &str) -> Message {
    if let Some(year) = name.strip_prefix("actual").filter(|year| year.parse::<u16>().is_ok()) {
        return Message::new(format!("{year}年实际完成值"), format!("actual value of {year}"));
    }
    let known = LABELS.binary_search_by_key(&name, |(known, ..)| known).ok().and_then(|at| LABELS.get(at));
    known.map_or_else(|| Message::new(name, name), |(_, zh, en)| Message::new(*zh, *en))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The names in the text of the checks.
    fn named(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                named(&entry, found);
                continue;
            }
            let text = fs::read_to_string(&entry).expect("a text");
            for call in text.split(".compare(").chain(text.split(".compare_known(")).skip(1) {
                let name = call.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
                found.extend(name.map(str::to_owned));
            }
        }
    }

    #[test]
    fn every_name_has_a_label() {
        assert!(LABELS.is_sorted_by_key(|(name, ..)| name));
        let mut found = Vec::new();
        named(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check"), &mut found);
        found.extend(
            ["quality", "timeliness", "cost", "satisfaction", "reviewScore", "spotCheckScore"].map(str::to_owned),
        );
        assert!(found.len() > 100, "{found:?}");
        let without: Vec<_> = found.iter().filter(|name| label(name).zh == **name).collect();
        assert_eq!(without, Vec::<&String>::new());
        let unused: Vec<_> = LABELS.iter().filter(|(name, ..)| !found.iter().any(|used| used == name)).collect();
        assert_eq!(unused, Vec::<&(&str, &str, &str)>::new());
        assert_eq!(label("actual2023").zh, "2023年实际完成值");
    }
}
