//! The language of targets beyond the real rows: one line a variant, as a person would check it.

use jixiao_rules::kind::{TargetKind, Vocabulary as _};
use jixiao_rules::target::{Context, Target, read_target};

/// `cell | level 2 | name | fiscal year | reading | certain, or why not`. The reading is kind, comparator, base value, base
/// unit, direction (of a quantity) and deadline, as far as there are any.
const READINGS: &str = r#"
≥３００人 | 数量 | 培训人数 |  | QUANTITY GTE 300 人 HIGHER | certain
》90% | 质量 | 验收合格率 |  | QUANTITY GTE 90 % HIGHER | certain
≧ 90 ％ | 质量 | 验收合格率 |  | QUANTITY GTE 90 % HIGHER | certain
﹦100% | 质量 | 验收合格率 |  | QUANTITY EQ 100 % HIGHER | certain
═ 100 % | 质量 | 验收合格率 |  | QUANTITY EQ 100 % HIGHER | certain
百分之九十 | 质量 | 验收合格率 |  | QUANTITY 90 % HIGHER | certain
百分之九十五以上 | 质量 | 验收合格率 |  | QUANTITY GTE 95 % HIGHER | certain
百分之百 | 质量 | 验收合格率 |  | QUANTITY 100 % HIGHER | certain
百分百 | 质量 | 验收合格率 |  | QUANTITY 100 % HIGHER | certain
达到百分之九十以上 | 质量 | 验收合格率 |  | QUANTITY GTE 90 % HIGHER | certain
三次 | 数量 | 培训次数 |  | QUANTITY 3 次 HIGHER | certain
两个 | 数量 | 建设项目数 |  | QUANTITY 2 个 HIGHER | certain
不少于十二次 | 数量 | 检查次数 |  | QUANTITY GTE 12 次 HIGHER | certain
十余次 | 数量 | 检查次数 |  | STATEMENT | NUMBER_IN_WORDS
3-5次 | 数量 | 检查次数 |  | RANGE 3..5 次 | certain
3次至5次 | 数量 | 检查次数 |  | RANGE 3..5 次 | certain
3～5次 | 数量 | 检查次数 |  | RANGE 3..5 次 | certain
90%~95% | 质量 | 合格率 |  | RANGE 90..95 % | certain
90%-95% | 质量 | 合格率 |  | RANGE 90..95 % | certain
90-95% | 质量 | 合格率 |  | RANGE 90..95 % | certain
在90%到95%之间 | 质量 | 合格率 |  | RANGE 90..95 % | certain
8-10万元 | 成本 | 培训成本 |  | RANGE 80000..100000 元 | certain
8万-10万元 | 成本 | 培训成本 |  | RANGE 80000..100000 元 | certain
8万元至10万元 | 成本 | 培训成本 |  | RANGE 80000..100000 元 | certain
十二月底 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | certain
一季度 | 时效 | 完成时间 | 2023 | DATE 2023-03-31 | certain
第一季度末 | 时效 | 完成时间 | 2023 | DATE 2023-03-31 | certain
2023年第四季度 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | certain
上半年 | 时效 | 完成时间 | 2023 | DATE 2023-06-30 | certain
年底前 | 时效 | 完成时间 |  | DATE XXXX-12-31 | certain
2025年年底前 | 时效 | 完成时间 |  | DATE 2025-12-31 | certain
12月底到位 | 时效 | 完成时间 |  | DATE XXXX-12-31 | certain
12月底前100%到位 | 时效 | 完成时间 |  | COMPOUND | SEVERAL_DEMANDS
每年12月31日前 | 时效 | 完成时间 |  | DATE XXXX-12-31 | RECURRING_DATE
2023年6月至12月 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | certain
2024年1-12月 | 时效 | 完成时间 | 2024 | DATE 2024-12-31 | certain
1-12月 | 时效 | 完成时间 | 2024 | DATE 2024-12-31 | certain
2024年1月1日-12月31日 | 时效 | 完成时间 | 2024 | DATE 2024-12-31 | certain
2024年1月1日至2024年12月31日 | 时效 | 完成时间 | 2024 | DATE 2024-12-31 | certain
2024/12/31 | 时效 | 完成时间 | 2024 | DATE 2024-12-31 | certain
2024-12-31前 | 时效 | 完成时间 | 2024 | DATE 2024-12-31 | certain
2024.12.31 | 时效 | 完成时间 | 2024 | DATE 2024-12-31 | certain
2024.12 | 时效 | 完成时间 | 2024 | DATE 2024-12-31 | certain
2023-2024年 | 时效 | 完成时间 | 2024 | DATE 2024-12-31 | certain
2024年6月前 | 时效 | 完成时间 | 2024 | DATE 2024-06-30 | certain
2月底前 | 时效 | 完成时间 | 2024 | DATE 2024-02-29 | certain
2月底前 | 时效 | 完成时间 |  | DATE XXXX-02-28 | DATE_UNCLEAR
2024年2月30日前 | 时效 | 完成时间 | 2024 | DATE 2024-02-29 | DATE_IMPOSSIBLE
24年6月底前 | 时效 | 完成时间 | 2024 | DATE 2024-06-30 | YEAR_INCOMPLETE
2024年12月31日之前完成项目验收 | 时效 | 完成时间 | 2024 | DATE 2024-12-31 | certain
项目于2024年12月底前完成 | 时效 | 完成时间 | 2024 | DATE 2024-12-31 | WORDS_AROUND_DATE
2024年3月起 | 时效 | 完成时间 | 2024 | DATE 2024-03-31 | START_DATE
全年 | 时效 | 完成时间 | 2024 | DATE 2024-12-31 | DATE_UNCLEAR
当年 | 时效 | 完成时间 | 2024 | DATE 2024-12-31 | DATE_UNCLEAR
2024年 | 时效 | 完成时间 | 2024 | DATE 2024-12-31 | certain
2024 | 时效 | 完成时间 | 2024 | QUANTITY 2024 HIGHER | UNIT_MISSING
截至2024年12月31日 | 时效 | 完成时间 | 2024 | DATE 2024-12-31 | certain
二〇二四年十二月 | 时效 | 完成时间 | 2024 | DATE 2024-12-31 | certain
每月10日前 | 时效 | 资金拨付时间 | 2024 | QUANTITY 10 日 LOWER | UNKNOWN_WORDS
12个月 | 时效 | 项目工期 |  | QUANTITY 12 个月 LOWER | certain
12月 | 时效 | 项目工期 | 2024 | DATE 2024-12-31 | DATE_OR_DURATION
5年 | 时效 | 使用年限 |  | QUANTITY 5 年 HIGHER | DIRECTION_OPEN
≥5年 | 质量 | 使用年限 |  | QUANTITY GTE 5 年 HIGHER | certain
3个月内 | 时效 | 办理时限 |  | QUANTITY LTE 3 个月 LOWER | certain
24小时内 | 时效 | 响应时间 |  | QUANTITY LTE 24 小时 LOWER | certain
≤24小时 | 时效 | 响应时间 |  | QUANTITY LTE 24 小时 LOWER | certain
30日内 | 时效 | 审批时限 |  | QUANTITY LTE 30 日 LOWER | certain
5个工作日内 | 时效 | 审批时限 |  | QUANTITY LTE 5 个工作日 LOWER | certain
不超过20个工作日 | 时效 | 审批时限 |  | QUANTITY LTE 20 个工作日 LOWER | certain
不超过3% | 成本 | 成本增幅 |  | QUANTITY LTE 3 % LOWER | certain
下降5% | 效益 | 能耗 |  | QUANTITY 5 % LOWER | RELATIVE_CHANGE
增长5%以上 | 经济效益 | 产值 |  | QUANTITY GTE 5 % HIGHER | certain
较上年增长≥5% | 经济效益 | 产值 |  | QUANTITY GTE 5 % HIGHER | certain
同比增长5% | 经济效益 | 产值 |  | QUANTITY 5 % HIGHER | certain
提高2个百分点 | 经济效益 | 产值 |  | QUANTITY 2 个百分点 HIGHER | RELATIVE_CHANGE DIRECTION_OPEN
90%以上(含) | 满意度 | 群众满意度 |  | QUANTITY GTE 90 % HIGHER | certain
90%以上（含90%） | 满意度 | 群众满意度 |  | QUANTITY GTE 90 % HIGHER | certain
90分以上 | 满意度 | 群众满意度 |  | QUANTITY GTE 90 分 HIGHER | certain
≥0.9 | 满意度 | 群众满意度 |  | QUANTITY GTE 90 % HIGHER | PERCENT_IMPLIED UNIT_MISSING
≥90 | 满意度 | 群众满意度 |  | QUANTITY GTE 90 % HIGHER | PERCENT_IMPLIED UNIT_MISSING
95 | 满意度 | 群众满意度 |  | QUANTITY 95 % HIGHER | PERCENT_IMPLIED
290% | 满意度 | 群众满意度 |  | QUANTITY 290 % HIGHER | ABOVE_100_PERCENT SUSPECTED_OCR
≥≥98% | 满意度 | 群众满意度 |  | QUANTITY GTE 98 % HIGHER | certain
≥100% | 满意度 | 群众满意度 |  | QUANTITY GTE 100 % HIGHER | certain
≤90% | 满意度 | 群众满意度 |  | QUANTITY LTE 90 % LOWER | COMPARATOR_CONTRADICTS_NAME
满意 | 满意度 | 群众满意度 |  | STATEMENT | certain
基本满意以上 | 满意度 | 群众满意度 |  | STATEMENT | certain
优良以上 | 质量 | 评定等级 |  | STATEMENT | certain
零事故 | 质量 | 安全事故 |  | STATEMENT | NUMBER_IN_WORDS
无重大事故 | 质量 | 安全事故 |  | STATEMENT | NUMBER_IN_WORDS
无 | 质量 | 安全事故 |  | STATEMENT | NONE_OR_NOT_APPLICABLE
0起 | 质量 | 安全事故发生数 |  | QUANTITY 0 起 LOWER | certain
0投诉 | 质量 | 投诉 |  | QUANTITY 0 LOWER | UNKNOWN_WORDS
≤3次 | 社会效益 | 投诉次数 |  | QUANTITY LTE 3 次 LOWER | certain
3次 | 社会效益 | 投诉次数 |  | QUANTITY 3 次 LOWER | DIRECTION_OPEN
1:1.5 | 质量 | 师生比 |  | STATEMENT | FRACTION
2倍以上 | 经济效益 | 放大倍数 |  | QUANTITY GTE 2 倍 HIGHER | certain
约100人 | 数量 | 培训人数 |  | QUANTITY 100 人 HIGHER | APPROXIMATE
100人左右 | 数量 | 培训人数 |  | QUANTITY 100 人 HIGHER | APPROXIMATE
近100人 | 数量 | 培训人数 |  | QUANTITY 100 人 HIGHER | APPROXIMATE
100余人 | 数量 | 培训人数 |  | QUANTITY 100 人 HIGHER | APPROXIMATE
100+ | 数量 | 培训人数 |  | QUANTITY 100 人 HIGHER | APPROXIMATE
100人次以上 | 数量 | 培训人数 |  | QUANTITY GTE 100 人次 HIGHER | certain
1,200人 | 数量 | 培训人数 |  | QUANTITY 1200 人 HIGHER | certain
1 200人 | 数量 | 培训人数 |  | QUANTITY 1200 人 HIGHER | SPACED_DIGITS
12 50人 | 数量 | 培训人数 |  | STATEMENT | NUMBER_IN_WORDS
人 = 512 | 数量 | 培训人数 |  | QUANTITY EQ 512 人 EXACT | EQUALITY_DIRECTION
万元 ≤ 3584 | 成本 | 投资 |  | QUANTITY LTE 35840000 元 LOWER | certain
米 = 3500 | 数量 | 长度 |  | QUANTITY EQ 3500 米 EXACT | EQUALITY_DIRECTION
>=101人/次 | 数量 | 培训人数 |  | QUANTITY GTE 101 人/次 HIGHER | PERSONS_PER_TIME
1000元/人·月 | 成本 | 补助标准 |  | QUANTITY 1000 元/人·月 EXACT | certain
>=530元/人*月 | 成本 | 最低工资 |  | QUANTITY GTE 530 元/人*月 HIGHER | COMPARATOR_CONTRADICTS_NAME
400元/人、天 | 成本 | 培训成本 |  | QUANTITY 400 元/人、天 LOWER | certain
每亩300 | 成本 | 种植补贴 |  | QUANTITY 300 LOWER | UNIT_MISSING UNKNOWN_WORDS
≤28.40/株 | 成本 | 种植成本 |  | QUANTITY LTE 28.4 元/株 LOWER | MONEY_UNIT_UNCLEAR
5万 | 成本 | 成本 |  | QUANTITY 50000 元 LOWER | certain
5万 | 数量 | 宣传资料 |  | QUANTITY 50000 HIGHER | MONEY_UNIT_UNCLEAR
≥3万条 | 数量 | 宣传资料 |  | QUANTITY GTE 30000 条 HIGHER | certain
≥3万余份 | 数量 | 宣传资料 |  | QUANTITY GTE 30000 HIGHER | APPROXIMATE UNKNOWN_WORDS MONEY_UNIT_UNCLEAR
48.5万亩以上 | 数量 | 面积 |  | QUANTITY GTE 485000 亩 HIGHER | certain
大于等于10157.6平方米 | 数量 | 面积 |  | QUANTITY GTE 10157.6 平方米 HIGHER | certain
= 0.5 万亩 | 数量 | 面积 |  | QUANTITY EQ 5000 亩 EXACT | EQUALITY_DIRECTION
6 万立方米 | 数量 | 面积 |  | QUANTITY 60000 立方米 HIGHER | certain
25TB | 数量 | 存储 |  | QUANTITY 25 TB HIGHER | certain
2km | 数量 | 道路 |  | QUANTITY 2 km HIGHER | certain
100%覆盖 | 质量 | 覆盖 |  | QUANTITY 100 % HIGHER | certain
覆盖率达到100% | 质量 | 覆盖率 |  | QUANTITY GTE 100 % HIGHER | REACHED_OR_EQUAL
覆盖率≥95% | 质量 | 覆盖率 |  | QUANTITY GTE 95 % HIGHER | certain
>=100% | 质量 | 逾期发放率 |  | QUANTITY GTE 100 % HIGHER | COMPARATOR_CONTRADICTS_NAME
100% | 质量 | 逾期发放率 |  | QUANTITY 100 % LOWER | COMPARATOR_CONTRADICTS_NAME DIRECTION_OPEN
5% | 质量 | 变质比例 |  | QUANTITY 5 % LOWER | certain
6070 | 成本 | 项目总投入(≥**万元) |  | QUANTITY 60700000 元 HIGHER | COMPARATOR_CONTRADICTS_NAME
<=500元 | 成本 | 项目总成本(<**元) |  | QUANTITY LTE 500 元 LOWER | certain
50 | 数量 | 新增床位(≥**张) |  | QUANTITY 50 张 HIGHER | certain
85 | 质量 | 苗木成活率(≥**%) |  | QUANTITY 85 % HIGHER | certain
>=85 | 质量 | 种植作物成活率(≥**%) |  | QUANTITY GTE 85 % HIGHER | certain
定性 好 | 质量 | 机制健全性 |  | STATEMENT | certain
定性 基本建立 | 质量 | 机制健全性 |  | STATEMENT | certain
定性 保障 无 | 质量 | 机制健全性 |  | STATEMENT | certain
优/良/中/差 | 质量 | 机制健全性 |  | STATEMENT | certain
不低于上年或全国平均水平 | 社会效益 | 就业水平 |  | STATEMENT | certain
不低于上年 | 社会效益 | 就业水平 |  | STATEMENT | certain
严格按照预算标准1000元/人给补助对象兑付补助 | 社会效益 | 补助 |  | QUANTITY 1000 元/人 HIGHER | UNKNOWN_WORDS DIRECTION_OPEN
≥10场，参加人数≥500人 | 数量 | 场次 |  | COMPOUND | SEVERAL_DEMANDS
10场/500人 | 数量 | 场次 |  | STATEMENT | NUMBER_IN_WORDS
1次/季度 | 数量 | 场次 |  | QUANTITY 1 次/季度 HIGHER | certain
每年3次 | 数量 | 场次 |  | QUANTITY 3 次 HIGHER | UNKNOWN_WORDS
每季度不少于1次 | 数量 | 场次 |  | QUANTITY GTE 1 次 HIGHER | UNKNOWN_WORDS
至少5场 | 数量 | 场次 |  | QUANTITY GTE 5 场 HIGHER | certain
完成5场 | 数量 | 场次 |  | QUANTITY 5 场 HIGHER | certain
5场以上 | 数量 | 场次 |  | QUANTITY GTE 5 场 HIGHER | certain
超过5场 | 数量 | 场次 |  | QUANTITY GT 5 场 HIGHER | certain
5场以下 | 数量 | 场次 |  | QUANTITY LTE 5 场 LOWER | BELOW_INCLUSIVE_OR_NOT
-5 | 数量 | 场次 |  | QUANTITY -5 场次 HIGHER | NEGATIVE_OR_DASH UNIT_FROM_NAME
- | 数量 | 场次 |  | STATEMENT | PLACEHOLDER
/ | 数量 | 场次 |  | STATEMENT | NOT_APPLICABLE_CLAIM PLACEHOLDER
99999999999999999999999999999 | 数量 | 场次 |  | QUANTITY 场次 HIGHER | NUMBER_TOO_LONG UNIT_FROM_NAME
1000000000000000亿元 | 数量 | 场次 |  | QUANTITY 100000000000000000000000 元 HIGHER | DIRECTION_OPEN
≥300戶 | 数量 | 培訓人數 |  | QUANTITY GTE 300 戶 HIGHER | certain
每村1名 | 数量 | 配备 |  | QUANTITY 1 名 HIGHER | UNKNOWN_WORDS
3台(套) | 数量 | 配备 |  | QUANTITY 3 台(套) HIGHER | certain
50个行政村 | 数量 | 配备 |  | QUANTITY 50 个行政村 HIGHER | certain
30名护林员 | 数量 | 配备 |  | QUANTITY 30 名 HIGHER | UNKNOWN_WORDS
达标 | 质量 | 达标 |  | STATEMENT | certain
是 | 质量 | 是否达标 |  | YES_NO | certain
是/否 | 质量 | 是否达标 |  | STATEMENT | YES_NO_OPEN
0.95 | 质量 | 达标率 |  | QUANTITY 95 % HIGHER | PERCENT_IMPLIED
达95% | 质量 | 达标率 |  | QUANTITY GTE 95 % HIGHER | REACHED_OR_EQUAL
95％及以上 | 质量 | 达标率 |  | QUANTITY GTE 95 % HIGHER | certain
不低于95% | 质量 | 达标率 |  | QUANTITY GTE 95 % HIGHER | certain
≥95%（含） | 质量 | 达标率 |  | QUANTITY GTE 95 % HIGHER | certain
95%≤ | 质量 | 达标率 |  | QUANTITY LTE 95 % LOWER | CONFLICTING_COMPARATORS COMPARATOR_CONTRADICTS_NAME
>95% | 质量 | 达标率 |  | QUANTITY GT 95 % HIGHER | certain
≯5% | 质量 | 达标率 |  | QUANTITY LTE 5 % LOWER | COMPARATOR_CONTRADICTS_NAME
≤0.1‰ | 质量 | 死亡率 |  | QUANTITY LTE 0.1 ‰ LOWER | certain
控制在0.05%以内 | 社会效益 | 事故发生率 |  | QUANTITY LTE 0.05 % LOWER | certain
低于0.05% | 社会效益 | 事故发生率 |  | QUANTITY LT 0.05 % LOWER | certain
0.05%以下 | 社会效益 | 事故发生率 |  | QUANTITY LTE 0.05 % LOWER | BELOW_INCLUSIVE_OR_NOT
长期 | 可持续影响 | 影响年限 |  | STATEMENT | certain
≥3年 | 可持续影响 | 影响年限 |  | QUANTITY GTE 3 年 HIGHER | certain
3年以上 | 可持续影响 | 影响年限 |  | QUANTITY GTE 3 年 HIGHER | certain
3年 | 可持续影响 | 影响年限 |  | QUANTITY 3 年 HIGHER | certain
不超预算 | 成本 | 经费 |  | STATEMENT | certain
≤预算 | 成本 | 经费 |  | STATEMENT | NUMBER_IN_WORDS
￥50000 | 成本 | 经费 |  | QUANTITY 50000 元 LOWER | certain
5万元以内 | 成本 | 经费 |  | QUANTITY LTE 50000 元 LOWER | certain
控制在5万元以内 | 成本 | 经费 |  | QUANTITY LTE 50000 元 LOWER | certain
控制在5万元 | 成本 | 经费 |  | QUANTITY LTE 50000 元 LOWER | REACHED_OR_EQUAL
2亿元 | 成本 | 经费 |  | QUANTITY 200000000 元 LOWER | certain
500千元 | 成本 | 经费 |  | QUANTITY 500000 元 LOWER | certain
1600元/亩 | 成本 | 补贴标准 |  | QUANTITY 1600 元/亩 EXACT | certain
≤100% | 成本 | 三公经费控制率 |  | QUANTITY LTE 100 % LOWER | certain
≥95% | 成本 | 资金控制率 |  | QUANTITY GTE 95 % HIGHER | COMPARATOR_CONTRADICTS_NAME
20万元 | 经济效益 | 带动收入 |  | QUANTITY 200000 元 HIGHER | certain
≥500元 | 经济效益 | 人均增收 |  | QUANTITY GTE 500 元 HIGHER | certain
100万元 | 数量 | 资金 |  | QUANTITY 1000000 元 LOWER | DIRECTION_OPEN
72890元 | 数量 | 资金发放 |  | QUANTITY 72890 元 HIGHER | DIRECTION_OPEN
﹦ 72890 元 | 数量 | 资金发放 |  | QUANTITY EQ 72890 元 EXACT | EQUALITY_DIRECTION
4次/年 | 数量 | 监测频次 |  | QUANTITY 4 次/年 HIGHER | certain
≥21933人 | 数量 | 发放救灾物资 |  | QUANTITY GTE 21933 人 HIGHER | certain
完成1个项目的规划编制 | 数量 | 项目建设内容 |  | QUANTITY 1 个项目 HIGHER | UNKNOWN_WORDS
新建道路2公里，改建道路3公里 | 数量 | 道路长度 |  | COMPOUND | SEVERAL_DEMANDS
新建2公里 | 数量 | 新建 |  | QUANTITY 2 公里 HIGHER | UNKNOWN_WORDS
建设3个村 | 数量 | 建设 |  | QUANTITY 3 个村 HIGHER | UNKNOWN_WORDS
1万册 | 数量 | 印刷 |  | QUANTITY 10000 册 HIGHER | certain
1万多册 | 数量 | 印刷 |  | QUANTITY 10000 HIGHER | APPROXIMATE UNKNOWN_WORDS MONEY_UNIT_UNCLEAR
5台/套 | 数量 | 设备 |  | QUANTITY 5 台/套 HIGHER | certain
63人 | 数量 | 保障人数 |  | QUANTITY 63 人 HIGHER | certain
63 | 数量 | 保障人数 |  | QUANTITY 63 人 HIGHER | certain
63 | 数量 | 保障学生数 |  | QUANTITY 63 HIGHER | certain
2100 | 数量 | 采购批次 |  | QUANTITY 2100 批次 HIGHER | UNIT_FROM_NAME
85 | 质量 | 空气优良天数比例 |  | QUANTITY 85 % HIGHER | PERCENT_IMPLIED
≥300天 | 质量 | 空气质量优良天数 |  | QUANTITY GTE 300 天 HIGHER | certain
完好 | 质量 | 路面完好 |  | STATEMENT | certain
≤35微克/立方米 | 质量 | PM2.5浓度 |  | QUANTITY LTE 35 微克/立方米 LOWER | certain
35微克/立方米 | 质量 | PM2.5浓度 |  | QUANTITY 35 微克/立方米 LOWER | DIRECTION_OPEN
≤5% | 质量 | 失业率 |  | QUANTITY LTE 5 % LOWER | certain
5% | 质量 | 失业率 |  | QUANTITY 5 % LOWER | certain
2% | 质量 | 不合格率 |  | QUANTITY 2 % LOWER | DIRECTION_OPEN
≤1% | 质量 | 差错率 |  | QUANTITY LTE 1 % LOWER | certain
1% | 质量 | 差错率 |  | QUANTITY 1 % LOWER | certain
0 | 质量 | 差错率 |  | QUANTITY 0 % LOWER | certain
0% | 质量 | 差错率 |  | QUANTITY 0 % LOWER | certain
0 | 质量 | 重大安全事故 |  | QUANTITY 0 LOWER | certain
0事故 | 质量 | 安全生产 |  | QUANTITY 0 LOWER | UNKNOWN_WORDS ZERO_TARGET
全覆盖 | 质量 | 培训覆盖面 |  | STATEMENT | certain
符合GB3838-2002标准 | 质量 | 标准 |  | STATEMENT | NUMBER_IN_WORDS
A级 | 质量 | 等级 |  | STATEMENT | certain
一级 | 质量 | 等级 |  | STATEMENT | NUMBER_IN_WORDS
二级以上 | 质量 | 等级 |  | STATEMENT | NUMBER_IN_WORDS
3A级 | 质量 | 等级 |  | QUANTITY 3 HIGHER | UNKNOWN_WORDS UNIT_MISSING
三级甲等 | 质量 | 等级 |  | STATEMENT | NUMBER_IN_WORDS
一次验收合格率100% | 质量 | 验收 |  | STATEMENT | NUMBER_IN_WORDS
一次性验收合格 | 质量 | 验收 |  | STATEMENT | certain
Ⅲ类 | 质量 | 水质 |  | STATEMENT | certain
III类 | 质量 | 水质 |  | STATEMENT | certain
达到Ⅲ类水标准 | 质量 | 水质达标 |  | STATEMENT | certain
按时完成 | 时效 | 完成时间 | 2023 | STATEMENT | certain
2023 | 时效 | 完成时间 | 2023 | QUANTITY 2023 HIGHER | UNIT_MISSING
20231231 | 时效 | 完成时间 | 2023 | QUANTITY 20231231 HIGHER | UNIT_MISSING
2023-12 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | certain
12.31 | 时效 | 完成时间 | 2023 | QUANTITY 12.31 HIGHER | UNIT_MISSING
12月31日 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | certain
12/31 | 时效 | 完成时间 | 2023 | STATEMENT | FRACTION
12月25日前 | 时效 | 完成时间 | 2023 | DATE 2023-12-25 | certain
≤12月 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | certain
≤12个月 | 时效 | 完成时间 | 2023 | QUANTITY LTE 12 个月 LOWER | certain
≤2023年12月31日 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | certain
=12月 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | certain
12月份 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | certain
11-12月 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | certain
9月至次年3月 | 时效 | 完成时间 | 2023 | COMPOUND | SEVERAL_DEMANDS
2023年9月-次年3月 | 时效 | 完成时间 | 2023 | STATEMENT | NUMBER_IN_WORDS
2023年9月—2024年3月 | 时效 | 完成时间 | 2023 | DATE 2024-03-31 | certain
2023年中 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | DATE_UNCLEAR
2023年初 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | DATE_UNCLEAR
2023年12月上旬 | 时效 | 完成时间 | 2023 | DATE 2023-12-10 | certain
2023年度 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | certain
2023年度内 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | certain
2023年内完成 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | certain
一年内 | 时效 | 完成时间 | 2023 | QUANTITY LTE 1 年 LOWER | certain
1年 | 时效 | 完成时间 | 2023 | QUANTITY 1 年 LOWER | certain
1年内 | 时效 | 完成时间 | 2023 | QUANTITY LTE 1 年 LOWER | certain
30天 | 时效 | 完成时间 | 2023 | QUANTITY 30 天 LOWER | certain
90日 | 时效 | 完成时间 | 2023 | QUANTITY 90 日 LOWER | certain
100% | 时效 | 完成时间 | 2023 | QUANTITY 100 % HIGHER | certain
及时 | 时效 | 完成时间 | 2023 | STATEMENT | certain
100% | 时效 | 资金下达及时率 |  | QUANTITY 100 % HIGHER | certain
12 | 时效 | 按期完成 |  | QUANTITY 12 HIGHER | UNIT_MISSING
2023年5月 | 时效 | 工程开工时间 | 2023 | DATE 2023-05-31 | certain
2023年5月开工 | 时效 | 项目开工时间 | 2023 | DATE 2023-05-31 | START_DATE
2023年5月1日 | 时效 | 项目开始时间 | 2023 | DATE 2023-05-01 | certain
每月一次 | 时效 | 培训时间 | 2023 | STATEMENT | NUMBER_IN_WORDS
每季度1次 | 时效 | 培训时间 | 2023 | QUANTITY 1 次 HIGHER | UNKNOWN_WORDS
每年一次 | 时效 | 培训频次 | 2023 | STATEMENT | NUMBER_IN_WORDS
≥95%，12月底前完成 | 时效 | 完成及时率 | 2023 | COMPOUND | SEVERAL_DEMANDS
2023年12月31日前完成率100% | 时效 | 完成时间 | 2023 | COMPOUND | SEVERAL_DEMANDS
5月、10月 | 时效 | 完成时间 | 2023 | COMPOUND | SEVERAL_DEMANDS
6月底、12月底 | 时效 | 完成时间 | 2023 | COMPOUND | SEVERAL_DEMANDS
2023年6月30日和12月31日 | 时效 | 完成时间 | 2023 | STATEMENT | NUMBER_IN_WORDS
2023.12.31前 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | certain
2023年12月31日24时前 | 时效 | 完成时间 | 2023 | COMPOUND | SEVERAL_DEMANDS
2023年12月31日（含）前 | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | WORDS_AROUND_DATE
2023年12月（第四季度） | 时效 | 完成时间 | 2023 | DATE 2023-12-31 | WORDS_AROUND_DATE
3年（2023-2025年） | 时效 | 服务期 | 2023 | STATEMENT | NUMBER_IN_WORDS
1 年 | 时效 | 服务期 | 2023 | QUANTITY 1 年 HIGHER | DIRECTION_OPEN
自合同签订之日起30日内 | 时效 | 合同期限 | 2023 | QUANTITY LTE 30 日 LOWER | UNKNOWN_WORDS
验收后30日内 | 时效 | 付款 | 2023 | QUANTITY LTE 30 日 LOWER | UNKNOWN_WORDS
≤5000元/人 | 成本 | 人均成本 |  | QUANTITY LTE 5000 元/人 LOWER | certain
5000元/人 | 成本 | 人均成本 |  | QUANTITY 5000 元/人 LOWER | certain
500元/人 | 成本 | 每人补助 |  | QUANTITY 500 元/人 EXACT | DIRECTION_OPEN
50万元 | 成本 | 补助金额 |  | QUANTITY 500000 元 LOWER | DIRECTION_OPEN
50 | 成本 | 项目成本 |  | QUANTITY 50 LOWER | UNIT_MISSING
≤50 | 成本 | 项目成本 |  | QUANTITY LTE 50 LOWER | UNIT_MISSING
≤50 | 成本 | 项目成本(万元) |  | QUANTITY LTE 500000 元 LOWER | certain
50 | 成本 | 项目成本(万元) |  | QUANTITY 500000 元 LOWER | certain
合理 | 成本 | 单位成本 |  | STATEMENT | certain
50万元以下 | 成本 | 项目成本 |  | QUANTITY LTE 500000 元 LOWER | BELOW_INCLUSIVE_OR_NOT
小于50万元 | 成本 | 项目成本 |  | QUANTITY LT 500000 元 LOWER | certain
不高于50万元 | 成本 | 项目成本 |  | QUANTITY LTE 500000 元 LOWER | certain
约50万元 | 成本 | 项目成本 |  | QUANTITY 500000 元 LOWER | APPROXIMATE
=50万元 | 成本 | 项目成本 |  | QUANTITY EQ 500000 元 LOWER | EQUALITY_DIRECTION
≥5% | 成本 | 成本节约率 |  | QUANTITY GTE 5 % HIGHER | certain
5% | 成本 | 成本节约率 |  | QUANTITY 5 % HIGHER | certain
≥95% | 成本 | 预算执行率 |  | QUANTITY GTE 95 % HIGHER | certain
≤100% | 成本 | 预算控制率 |  | QUANTITY LTE 100 % LOWER | certain
100% | 成本 | 资金使用率 |  | QUANTITY 100 % HIGHER | certain
12个月 | 成本 | 工资 |  | QUANTITY 12 个月 HIGHER | DIRECTION_OPEN
1000元/人·月，共500人 | 成本 | 发放补贴 |  | COMPOUND | SEVERAL_DEMANDS
一级1000元，二级500元 | 成本 | 发放标准 |  | STATEMENT | SEVERAL_DEMANDS NUMBER_IN_WORDS
每人每月200元 | 成本 | 补贴标准 |  | QUANTITY 200 元 EXACT | UNKNOWN_WORDS
2.5元/平方米/天 | 成本 | 租金 |  | QUANTITY 2.5 元/平方米/天 LOWER | DIRECTION_OPEN
≥50公斤 | 经济效益 | 亩均增产 |  | QUANTITY GTE 50 公斤 HIGHER | certain
50公斤 | 经济效益 | 亩均增产 |  | QUANTITY 50 公斤 HIGHER | certain
人均增收500元 | 经济效益 | 增收 |  | QUANTITY 500 元 HIGHER | UNKNOWN_WORDS
500元 | 经济效益 | 增收 |  | QUANTITY 500 元 HIGHER | certain
≥5亿元 | 经济效益 | 贷款余额 |  | QUANTITY GTE 500000000 元 HIGHER | certain
1.2万人次 | 经济效益 | 旅游人数 |  | QUANTITY 12000 人次 HIGHER | certain
≥1.2万 | 社会效益 | 受益人口 |  | QUANTITY GTE 12000 HIGHER | MONEY_UNIT_UNCLEAR
带动就业50人 | 社会效益 | 带动就业 |  | QUANTITY 50 人 HIGHER | UNKNOWN_WORDS
带动就业50人 | 社会效益 | 带动就业人数 |  | QUANTITY 50 人 HIGHER | UNKNOWN_WORDS
≥10篇次 | 社会效益 | 媒体报道 |  | QUANTITY GTE 10 篇次 HIGHER | certain
显著提高 | 社会效益 | 知晓率 |  | STATEMENT | certain
0件 | 社会效益 | 信访件 |  | QUANTITY 0 件 LOWER | certain
100% | 社会效益 | 信访案件办结率 |  | QUANTITY 100 % HIGHER | certain
0起 | 社会效益 | 群体性事件 |  | QUANTITY 0 起 LOWER | certain
无 | 社会效益 | 群体性事件 |  | STATEMENT | NONE_OR_NOT_APPLICABLE
≤1% | 社会效益 | 投诉率 |  | QUANTITY LTE 1 % LOWER | certain
10% | 社会效益 | 投诉率下降 |  | QUANTITY 10 % HIGHER | DIRECTION_OPEN
下降 | 社会效益 | 发病率 |  | STATEMENT | certain
同比下降5% | 社会效益 | 犯罪率 |  | QUANTITY 5 % LOWER | RELATIVE_CHANGE
较上年下降 | 社会效益 | 事故 |  | STATEMENT | certain
死亡人数≤3人 | 社会效益 | 事故 |  | QUANTITY LTE 3 人 LOWER | UNKNOWN_WORDS
下降10%以上 | 社会效益 | 刑事案件 |  | QUANTITY GTE 10 % HIGHER | RELATIVE_CHANGE
下降3% | 生态效益 | 万元GDP能耗 |  | QUANTITY 3 % LOWER | RELATIVE_CHANGE
95% | 生态效益 | 污水处理率 |  | QUANTITY 95 % HIGHER | certain
达标 | 生态效益 | 污染物排放 |  | STATEMENT | certain
65.6% | 生态效益 | 森林覆盖率 |  | QUANTITY 65.6 % HIGHER | certain
零增长 | 生态效益 | 化肥使用量 |  | STATEMENT | NUMBER_IN_WORDS
≥3% | 生态效益 | 化肥减量 |  | QUANTITY GTE 3 % HIGHER | certain
1000立方米 | 生态效益 | 节水量 |  | QUANTITY 1000 立方米 HIGHER | certain
3-5年 | 可持续影响 | 持续影响 |  | RANGE 3..5 年 | certain
≥1年 | 可持续影响 | 持续影响 |  | QUANTITY GTE 1 年 HIGHER | certain
10年 | 可持续影响 | 持续影响 |  | QUANTITY 10 年 HIGHER | DIRECTION_OPEN
持续 | 可持续影响 | 持续影响 |  | STATEMENT | certain
健全，有效 | 可持续影响 | 管理制度 |  | STATEMENT | SEVERAL_DEMANDS
建立健全 | 可持续影响 | 管理制度 |  | STATEMENT | certain
≥85%（抽样） | 满意度 | 满意度 |  | QUANTITY GTE 85 % HIGHER | UNKNOWN_WORDS
85%-90% | 满意度 | 满意度 |  | RANGE 85..90 % | certain
不低于85分 | 满意度 | 满意度 |  | QUANTITY GTE 85 分 HIGHER | certain
85分 | 满意度 | 满意度 |  | QUANTITY 85 分 HIGHER | certain
很满意 | 满意度 | 满意度 |  | STATEMENT | certain
0起 | 满意度 | 满意度 |  | QUANTITY 0 起 LOWER | certain
≤2起 | 满意度 | 投诉 |  | QUANTITY LTE 2 起 LOWER | certain
明显提升 | 满意度 | 满意度 |  | STATEMENT | certain
大于95 | 满意度 | 满意度 |  | QUANTITY GT 95 % HIGHER | PERCENT_IMPLIED UNIT_MISSING
>=.9 | 满意度 | 满意度 |  | STATEMENT | NUMBER_IN_WORDS
≥95%％ | 满意度 | 满意度 |  | STATEMENT | NUMBER_IN_WORDS
≥95 %以上 | 满意度 | 满意度 |  | QUANTITY GTE 95 % HIGHER | certain
≥95%、100% | 满意度 | 满意度 |  | STATEMENT | NUMBER_IN_WORDS
≥95%/100% | 满意度 | 满意度 |  | STATEMENT | NUMBER_IN_WORDS
（≥95%） | 满意度 | 满意度 |  | QUANTITY GTE 95 % HIGHER | certain
"≥95%" | 满意度 | 满意度 |  | QUANTITY GTE 95 % HIGHER | certain
95%。 | 满意度 | 满意度 |  | QUANTITY 95 % HIGHER | certain
> = 95% | 满意度 | 满意度 |  | QUANTITY GTE 95 % HIGHER | certain
》=95% | 满意度 | 满意度 |  | QUANTITY GTE 95 % HIGHER | certain
≥９５．５％ | 满意度 | 满意度 |  | QUANTITY GTE 95.5 % HIGHER | certain
2≥95% | 满意度 | 满意度 |  | STATEMENT | NUMBER_IN_WORDS
≥95%≤100% | 满意度 | 满意度 |  | STATEMENT | NUMBER_IN_WORDS
大于95%小于100% | 满意度 | 满意度 |  | STATEMENT | NUMBER_IN_WORDS
95%左右 | 满意度 | 满意度 |  | QUANTITY 95 % HIGHER | APPROXIMATE
>90%以上 | 满意度 | 满意度 |  | QUANTITY GT 90 % HIGHER | CONFLICTING_COMPARATORS
1处、2处 | 数量 | 村级阵地 |  | STATEMENT | NUMBER_IN_WORDS
1个；2个 | 数量 | 村级阵地 |  | COMPOUND | SEVERAL_DEMANDS
1次/人/年 | 数量 | 体检 |  | QUANTITY 1 次/人/年 HIGHER | certain
2人1组 | 数量 | 体检 |  | STATEMENT | NUMBER_IN_WORDS
100人*2次 | 数量 | 体检 |  | STATEMENT | NUMBER_IN_WORDS
100人×2次 | 数量 | 体检 |  | STATEMENT | NUMBER_IN_WORDS
10+5个 | 数量 | 体检 |  | STATEMENT | NUMBER_IN_WORDS
1/3 | 数量 | 体检 |  | STATEMENT | FRACTION
三分之一 | 数量 | 体检 |  | STATEMENT | FRACTION
3成 | 数量 | 体检 |  | QUANTITY 3 成 HIGHER | UNKNOWN_UNIT
第3名 | 数量 | 体检 |  | QUANTITY 3 名 HIGHER | UNKNOWN_WORDS
前10名 | 数量 | 体检 |  | QUANTITY 10 名 HIGHER | UNKNOWN_WORDS
前三 | 数量 | 排名 |  | STATEMENT | certain
A12 | 数量 | 编号 |  | STATEMENT | NUMBER_IN_WORDS
8核16G | 数量 | 配置 |  | STATEMENT | NUMBER_IN_WORDS
500M | 数量 | 光纤 |  | QUANTITY 500 M HIGHER | certain
3*4米 | 数量 | 尺寸 |  | STATEMENT | NUMBER_IN_WORDS
3米×4米 | 数量 | 尺寸 |  | STATEMENT | NUMBER_IN_WORDS
1：2 | 数量 | 比例 |  | STATEMENT | FRACTION
5.5折 | 数量 | 价格 |  | QUANTITY 5.5 折 HIGHER | UNKNOWN_UNIT
36.5℃ | 数量 | 体温 |  | QUANTITY 36.5 ℃ HIGHER | DIRECTION_OPEN
0.5mg/L | 数量 | 浓度 |  | QUANTITY 0.5 mg/L LOWER | DIRECTION_OPEN
总计500人 | 数量 | 合计 |  | QUANTITY 500 人 HIGHER | certain
不少于500人次/年 | 数量 | 合计 |  | QUANTITY GTE 500 人次/年 HIGHER | certain
≥500(人) | 数量 | 合计 |  | QUANTITY GTE 500 人 HIGHER | certain
≥500（人次） | 数量 | 合计 |  | QUANTITY GTE 500 人次 HIGHER | certain
500 人 次 | 数量 | 合计 |  | QUANTITY 500 人次 HIGHER | certain
五百人 | 数量 | 合计 |  | QUANTITY 500 人 HIGHER | certain
一千二百人 | 数量 | 合计 |  | QUANTITY 1200 人 HIGHER | certain
两万人 | 数量 | 合计 |  | QUANTITY 20000 人 HIGHER | certain
3万5千人 | 数量 | 合计 |  | STATEMENT | NUMBER_IN_WORDS
几十人 | 数量 | 合计 |  | STATEMENT | NUMBER_IN_WORDS
若干 | 数量 | 合计 |  | STATEMENT | certain
12万元 | 数量 | 工作经费 |  | QUANTITY 120000 元 LOWER | DIRECTION_OPEN
12万元 | 数量 | 拨付资金 |  | QUANTITY 120000 元 LOWER | DIRECTION_OPEN
2022.5平方米 | 数量 | 面积 |  | QUANTITY 2022.5 平方米 HIGHER | certain
2022.5 | 数量 | 面积 |  | QUANTITY 2022.5 HIGHER | DATE_OR_NUMBER
2000-3000亩 | 数量 | 面积 |  | RANGE 2000..3000 亩 | certain
2022.05 | 时效 | 完成时间 |  | DATE 2022-05-31 | certain
≥2000.5亩 | 数量 | 面积 |  | QUANTITY GTE 2000.5 亩 HIGHER | certain
"#;

fn summary(target: &Target) -> String {
    let base = target.base_value.map(|low| match target.base_value_high {
        Some(high) => format!("{low}..{high}"),
        None => low.to_string(),
    });
    let direction = target.direction.as_str().trim_end_matches("_IS_BETTER").to_owned();
    let deadline = target.deadline.map(|day| {
        let year = day.year.map_or_else(|| "XXXX".to_owned(), |year| year.to_string());
        format!("{year}-{:02}-{:02}", day.month, day.day)
    });
    let parts = [
        Some(target.kind.as_str().to_owned()),
        target.comparator.map(|comparator| comparator.to_string()),
        base,
        target.base_unit.clone(),
        (target.kind == TargetKind::Quantity).then_some(direction),
        deadline,
    ];
    parts.into_iter().flatten().collect::<Vec<String>>().join(" ")
}

#[test]
fn variants() {
    let mut faults = Vec::new();
    for line in READINGS.lines().filter(|line| !line.is_empty()) {
        let cells: Vec<&str> = line.split(" | ").collect();
        let [text, level2, name, year, reading, doubts] = cells[..] else { panic!("six cells: {line}") };
        let context = Context { level1: None, level2: Some(level2), name: Some(name), year: year.parse().ok() };
        let target = read_target(text, &context);
        let notes: Vec<&str> = target.notes.iter().map(|note| note.code.as_str()).collect();
        let why = if target.certain { "certain".to_owned() } else { notes.join(" ") };
        if summary(&target) != reading || why != doubts {
            faults.push(format!("{line}\n    read as: {} | {why}", summary(&target)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn parts_of_a_compound_are_read_for_themselves() {
    let context = Context { level2: Some("时效指标"), year: Some(2024), ..Context::default() };
    let target = read_target("12月底前100%到位", &context);
    assert_eq!(target.kind, TargetKind::Compound);
    let parts: Vec<String> = target.parts.iter().map(summary).collect();
    assert_eq!(parts, ["DATE 2024-12-31", "QUANTITY 100 % HIGHER"]);
}

#[test]
fn wished_answers_and_scales() {
    let read = |text| read_target(text, &Context::default());
    assert_eq!((read("是").wished, read("否").wished, read("≥5个").wished), (Some(true), Some(false), None));
    assert_eq!(read("定性 优良中低差").scale, ["优", "良", "中", "低", "差"]);
    assert_eq!(read("定性：优/良/中/差").scale, ["优", "良", "中", "差"]);
    assert!(read("优良").scale.is_empty());
}
