//! Actual values beyond the real rows: one line a pair of target and answer, as a person would check it.

use jixiao_rules::actual::{Actual, read_actual};
use jixiao_rules::target::{Context, read_target};

/// `target | actual | level 2 | name | reading | certain, or why not`. The reading is the value in the target's base unit, the
/// day, the level.
const READINGS: &str = r#"
≤202.6万元 | 2.45亿元 | 成本 | 项目成本 | 245000000 | certain
≤26000万元 | 2.45亿元 | 成本 | 项目成本 | 245000000 | certain
≤202.6万元 | 1326000 | 成本 | 项目成本 | 1326000 | MAGNITUDE_SUSPICIOUS
≤202.6万元 | 1326000元 | 成本 | 项目成本 | 1326000 | certain
≤202.6万元 | 132.9万 | 成本 | 项目成本 | 1329000 | certain
≤30万元 | 完成 | 成本 | 项目成本 | FULL | certain
≤30万元 | 未完成 | 成本 | 项目成本 | NONE | WORDS_FOR_NUMBER
≤30万元 | 未超支 | 成本 | 项目成本 | incomparable | NOT_COMPARABLE
≤30万元 | 控制在预算内 | 成本 | 项目成本 | incomparable | NOT_COMPARABLE
400元/人、天 | 180元/人、天 | 成本 | 项目成本 | 180 | certain
400元/人、天 | 180元 | 成本 | 项目成本 | 180 | UNIT_ASSUMED
400元/人、天 | 180 | 成本 | 项目成本 | 180 | certain
≥90% | ≥90% | 满意度 | 群众满意度 | 90 | certain
≥90% | >=90% | 满意度 | 群众满意度 | 90 | certain
≥90% | ≥95% | 满意度 | 群众满意度 | 95 | COMPARATOR_REPEATED
≥90% | 95%以上 | 满意度 | 群众满意度 | 95 | COMPARATOR_REPEATED
≥90% | 超过90% | 满意度 | 群众满意度 | 90 | COMPARATOR_REPEATED
≥90% | 0.98 | 满意度 | 群众满意度 | 98 | RATIO_OR_PERCENT
≥90% | 1 | 满意度 | 群众满意度 | 100 | RATIO_OR_PERCENT
≥90% | 290% | 满意度 | 群众满意度 | 290 | ABOVE_100_PERCENT SUSPECTED_OCR
≥90% | 98.5 | 满意度 | 群众满意度 | 98.5 | certain
≥90% | 98分 | 满意度 | 群众满意度 | incomparable | NOT_COMPARABLE
≥90% | 105% | 满意度 | 群众满意度 | 105 | ABOVE_100_PERCENT
≥90% | 达到95% | 满意度 | 群众满意度 | 95 | certain
≥90% | 满意 | 满意度 | 群众满意度 | incomparable | NOT_COMPARABLE
≥90% | 较满意 | 满意度 | 群众满意度 | incomparable | NOT_COMPARABLE
≥90% | 约95% | 满意度 | 群众满意度 | 95 | APPROXIMATE
≥90% | 百分之九十五 | 满意度 | 群众满意度 | 95 | certain
≥90% | 无 | 满意度 | 群众满意度 | incomparable | NOT_APPLICABLE_CLAIM
≥90% | / | 满意度 | 群众满意度 | incomparable | NOT_APPLICABLE_CLAIM
≥90% | 达成预期指标 | 满意度 | 群众满意度 | FULL | certain
≥90% | 超额完成 | 满意度 | 群众满意度 | FULL exceeded | certain
≥90% | 基本达到 | 满意度 | 群众满意度 | PARTIAL | WORDS_FOR_NUMBER
≥90% | 是 | 满意度 | 群众满意度 | incomparable | NOT_COMPARABLE
≥90% | 已完成，95% | 满意度 | 群众满意度 | 95 | UNKNOWN_WORDS
≥90% | 95%-98% | 满意度 | 群众满意度 | 95 | RANGE_OR_OTHER
≥0.97比例 | 0.98 | 质量 | 监控在线率 | 98 | certain
≥0.97比例 | 98% | 质量 | 监控在线率 | 98 | certain
≥0.97比例 | 0.98比例 | 质量 | 监控在线率 | 98 | certain
≥50人 | 50 | 数量 | 培训人数 | 50 | certain
≥50人 | 50名 | 数量 | 培训人数 | 50 | certain
≥50人 | 50人次 | 数量 | 培训人数 | 50 | UNIT_ASSUMED
≥50人 | 50个 | 数量 | 培训人数 | 50 | UNIT_ASSUMED
≥50人 | 共培训55人 | 数量 | 培训人数 | 55 | certain
≥50人 | 实际完成55人 | 数量 | 培训人数 | 55 | certain
≥50人 | 100% | 数量 | 培训人数 | incomparable | NOT_COMPARABLE
≥50人 | 五十五人 | 数量 | 培训人数 | 55 | certain
≥50人 | 未开展 | 数量 | 培训人数 | incomparable | NOT_APPLICABLE_CLAIM
≥50人 | -5 | 数量 | 培训人数 | -5 | NEGATIVE_ACTUAL
≥50人 | 55余人 | 数量 | 培训人数 | 55 | APPROXIMATE
≥50人 | 5000000 | 数量 | 培训人数 | 5000000 | MAGNITUDE_SUSPICIOUS
≥50人 | 99999999999999999999999999 | 数量 | 培训人数 | incomparable | NUMBER_TOO_LONG
3-5次 | 4次 | 数量 | 培训次数 | 4 | certain
3-5次 | 4 | 数量 | 培训次数 | 4 | certain
3-5次 | 3-5次 | 数量 | 培训次数 | FULL | COMPARATOR_REPEATED
≥1.8万亩 | 18000亩 | 数量 | 面积 | 18000 | certain
≥1.8万亩 | 1.9 | 数量 | 面积 | 19000 | certain
≥1.8万亩 | 1.9万 | 数量 | 面积 | 19000 | UNIT_ASSUMED
≥1.8万亩 | 1200公顷 | 数量 | 面积 | 18000 | certain
≥200平方米 | 204.46㎡ | 数量 | 面积 | 204.46 | certain
≥200平方米 | 0.3亩 | 数量 | 面积 | incomparable | NOT_COMPARABLE
≥2km | 2500米 | 数量 | 里程 | 2.5 | certain
4443 | 4443台 | 数量 | 台数 | 4443 | certain
1次/月 | 12次 | 数量 | 考核 | incomparable | NOT_COMPARABLE
1次/月 | 1次 | 数量 | 考核 | 1 | UNIT_ASSUMED
0起 | 无 | 社会效益 | 事故发生数 | 0 | certain
0起 | 0 | 社会效益 | 事故发生数 | 0 | certain
0起 | 未发生 | 社会效益 | 事故发生数 | 0 | certain
0起 | 无事故发生 | 社会效益 | 事故发生数 | 0 | certain
0起 | 1起 | 社会效益 | 事故发生数 | 1 | certain
0起 | 1 | 社会效益 | 事故发生数 | 1 | certain
0起 | 完成 | 社会效益 | 事故发生数 | FULL | certain
≥10% | 115.25% | 经济效益 | 收入增长率 | 115.25 | certain
≥10% | -2% | 经济效益 | 收入增长率 | -2 | certain
≥10% | 下降2% | 经济效益 | 收入增长率 | -2 | RELATIVE_CHANGE
≥10% | 增长12% | 经济效益 | 收入增长率 | 12 | certain
2018年10月底 | 2018年11月底 | 时效 | 完成时间 | 2018-11-30 | certain
2023年12月 | 2023年10月 | 时效 | 完成时间 | 2023-10-31 | certain
2023年12月 | 10月 | 时效 | 完成时间 | 2023-10-31 | certain
2023年12月 | 已完成 | 时效 | 完成时间 | FULL | LEVEL_OPEN
2023年12月 | 按时完成 | 时效 | 完成时间 | FULL | certain
2023年12月 | 未完成 | 时效 | 完成时间 | NONE | certain
2023年12月 | 100% | 时效 | 完成时间 | FULL | NUMBER_FOR_WORDS
2023年12月 | 80% | 时效 | 完成时间 | PARTIAL | NUMBER_FOR_WORDS
2023年12月 | 2023年10月15日已完成 | 时效 | 完成时间 | 2023-10-15 | certain
2023年12月 | 2023.10.15 | 时效 | 完成时间 | 2023-10-15 | certain
2023年12月 | 提前完成 | 时效 | 完成时间 | FULL | certain
2023年12月 | 12个月 | 时效 | 完成时间 | incomparable | NOT_COMPARABLE
12月 | 12月 | 时效 | 完成时间 | XXXX-12-31 | certain
12月 | 2022年12月 | 时效 | 完成时间 | 2022-12-31 | YEAR_INCOMPLETE
否 | 否 | 社会效益 | 是否造成影响 | FULL | certain
否 | 是 | 社会效益 | 是否造成影响 | NONE | certain
否 | 无 | 社会效益 | 是否造成影响 | FULL | LEVEL_OPEN
否 | 未造成影响 | 社会效益 | 是否造成影响 | FULL | LEVEL_OPEN
否 | 完成 | 社会效益 | 是否造成影响 | FULL | LEVEL_OPEN
否 | 达成预期指标 | 社会效益 | 是否造成影响 | FULL | certain
是 | 已完善 | 社会效益 | 是否完善 | FULL | LEVEL_OPEN
是 | 基本达到 | 社会效益 | 是否完善 | PARTIAL | certain
是 | 100% | 社会效益 | 是否完善 | FULL | NUMBER_FOR_WORDS
是 | 否 | 社会效益 | 是否完善 | NONE | certain
有所提升 | 100% | 社会效益 | 效果 | FULL | NUMBER_FOR_WORDS
有所提升 | 有所提升 | 社会效益 | 效果 | FULL | certain
有所提升 | 明显提升 | 社会效益 | 效果 | FULL | LEVEL_OPEN
有所提升 | 未提升 | 社会效益 | 效果 | NONE | LEVEL_OPEN
有所提升 | 一般 | 社会效益 | 效果 | PARTIAL | LEVEL_OPEN
有所提升 | 82% | 社会效益 | 效果 | incomparable | NUMBER_FOR_WORDS
有所提升 | 9 | 社会效益 | 效果 | incomparable | NUMBER_FOR_WORDS
有所提升 | 是 | 社会效益 | 效果 | FULL | LEVEL_OPEN
有所提升 | 开展活动12次，效果良好 | 社会效益 | 效果 | FULL | LEVEL_OPEN
=提高 | 提高 | 社会效益 | 效果 | FULL | certain
=提高 | =提高 | 社会效益 | 效果 | FULL | certain
定性 优良中低差 | 优 | 社会效益 | 机制 | FULL | certain
定性 优良中低差 | 良 | 社会效益 | 机制 | PARTIAL | LEVEL_OPEN
定性 优良中低差 | 差 | 社会效益 | 机制 | NONE | LEVEL_OPEN
定性 好 | 好 | 社会效益 | 机制 | FULL | certain
≥10场，参加人数≥500人 | 12场，600人 | 社会效益 | 机制 | 2 parts | SEVERAL_DEMANDS
≥10场，参加人数≥500人 | 完成 | 社会效益 | 机制 | FULL | certain
≥10场，参加人数≥500人 | 12场 | 社会效益 | 机制 | incomparable | PARTS_MISMATCH
应助尽助 | 9 | 数量 | 助学人数 | incomparable | NUMBER_FOR_WORDS
应助尽助 | 应助尽助 | 数量 | 助学人数 | FULL | certain
100% | 无 | 质量 | 完成率 | incomparable | NOT_APPLICABLE_CLAIM
100% | 99.999% | 质量 | 完成率 | 99.999 | certain
100% | 100 | 质量 | 完成率 | 100 | certain
100% | 1 | 质量 | 完成率 | 100 | RATIO_OR_PERCENT
"#;

fn summary(actual: &Actual) -> String {
    let day = actual.date.map(|day| {
        let year = day.year.map_or_else(|| "XXXX".to_owned(), |year| year.to_string());
        format!("{year}-{:02}-{:02}", day.month, day.day)
    });
    let parts = [
        (!actual.comparable).then(|| "incomparable".to_owned()),
        actual.base_value.map(|value| value.to_string()),
        day,
        actual.level.map(|level| level.to_string()),
        actual.exceeded.then(|| "exceeded".to_owned()),
        (!actual.parts.is_empty()).then(|| format!("{} parts", actual.parts.len())),
    ];
    parts.into_iter().flatten().collect::<Vec<String>>().join(" ")
}

#[test]
fn variants() {
    let mut faults = Vec::new();
    for line in READINGS.lines().filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.split(" | ").collect();
        let [target, text, level2, name, reading, doubts] = cells[..] else { panic!("six cells: {line}") };
        let context = Context { level1: None, level2: Some(level2), name: Some(name), year: None };
        let actual = read_actual(text, &read_target(target, &context), &context);
        let notes: Vec<&str> = actual.notes.iter().map(|note| note.code.as_str()).collect();
        let why = if actual.certain { "certain".to_owned() } else { notes.join(" ") };
        if summary(&actual) != reading || why != doubts {
            faults.push(format!("{line}\n    read as: {} | {why}", summary(&actual)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
