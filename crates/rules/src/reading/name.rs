//! What the indicator's name tells: which way is better, a unit or comparator in a template such as `(≥**人)`.

use std::sync::LazyLock;

use super::comparator::{self, Sign};
use super::fold::Folded;
use super::lexicon::Lexicon;
use super::unit::{self, Class, Unit};
use crate::kind::Comparator;

/// Longer names are read only this far.
const MAX_BYTES: usize = 1200;

/// What a name speaks of; a set of flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cues(u32);

impl Cues {
    /// Something unwanted: 逾期, 投诉, 事故.
    pub(crate) const BAD: Self = Self(1);
    /// Something done about it: 处置, 整改, 下降. Turns `BAD` around.
    pub(crate) const FIX: Self = Self(1 << 1);
    /// Something done around it: 培训, 补助, 保险. Turns `BAD` around, but not `STRONG`.
    pub(crate) const AROUND: Self = Self(1 << 17);
    /// Unwanted whatever is done around it: 逾期, 差错. Comes with `BAD`.
    pub(crate) const STRONG: Self = Self(1 << 18);
    /// A rate that should be high: 合格率, 满意度.
    pub(crate) const GOOD: Self = Self(1 << 2);
    /// Money spent: 成本, 费用, 投资.
    pub(crate) const COST: Self = Self(1 << 3);
    /// Money given to people: 补助, 奖励.
    pub(crate) const SUBSIDY: Self = Self(1 << 4);
    /// A fixed standard: 补助标准.
    pub(crate) const STANDARD: Self = Self(1 << 5);
    /// Money earned: 收入, 产值.
    pub(crate) const REVENUE: Self = Self(1 << 6);
    /// For each one: 每人, 人均.
    pub(crate) const PER_HEAD: Self = Self(1 << 7);
    /// A time that should be long: 年限, 时长.
    pub(crate) const LONG: Self = Self(1 << 8);
    /// A time that should be short: 周期, 响应时间.
    pub(crate) const SHORT: Self = Self(1 << 9);
    /// A change: 增长率.
    pub(crate) const CHANGE: Self = Self(1 << 10);
    /// A share that cannot exceed 100 %.
    pub(crate) const SHARE: Self = Self(1 << 11);
    /// A rate of any kind.
    pub(crate) const RATE: Self = Self(1 << 12);
    /// Either way could be better: 成本控制率, 结转结余.
    pub(crate) const OPEN: Self = Self(1 << 13);
    /// Speaks of a day: 完成时间.
    pub(crate) const DAY: Self = Self(1 << 14);
    /// Speaks of a duration: 周期, 工期, 月数.
    pub(crate) const DURATION: Self = Self(1 << 15);
    /// A count: 数量, 人数.
    pub(crate) const COUNT: Self = Self(1 << 16);

    /// All of `other` are set.
    pub(crate) fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// One of `other` is set.
    pub(crate) fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets.
    pub(crate) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Unwanted, and nothing is done about it.
    pub(crate) fn unwanted(self) -> bool {
        self.has(Self::BAD) && !self.has(Self::FIX) && (self.has(Self::STRONG) || !self.has(Self::AROUND))
    }
}

static CUES: LazyLock<Lexicon<Cues>> = LazyLock::new(|| {
    let share = Cues::GOOD.and(Cues::SHARE).and(Cues::RATE);
    let good = Cues::GOOD.and(Cues::RATE);
    Lexicon::new(&[
        (
            Cues::BAD.and(Cues::STRONG),
            "逾期 超期 延误 延迟 拖欠 差错 错误 失误 挪用 截留 挤占 虚报 冒领 漏发 错发 错报 漏报 误报 迟报 瞒报 不合格 不满意 \
            不达标 不及时 欠薪 超支 超预算 超概算 误判 不良 未完成 未达标 不符合 失真 违规使用",
        ),
        (
            Cues::BAD,
            "投诉 事故 违规 违法 违纪 违约 故障 死亡 伤亡 受害 受伤 变质 损失 损坏 损毁 破损 超标 污染 流失 缺陷 上访 信访 舆情 发病 患病 感染 \
            能耗 抛弃 泄漏 泄露 返工 退货 空置 闲置 超时 偏差 误差 负面 失业 返贫 辍学 流产 受灾 火灾 险情 纠纷 矛盾 隐患 腐败 串标 排放 案发 发案 犯罪 \
            传播 疫情 病死 淘汰 扣款 处罚 浪费 丢失 遗漏 缺失 中断 事件 漏洞 抱怨 弃管 坏账 呆账 报损 停电 断电 滞留 拥堵 超载 失信 违章 违建 问题 \
            复发 复吸 贫困发生 发生率 重复 噪声 噪音 浓度 赤字 自付 负担 逃逸 脱岗 缺勤 空岗 拒收",
        ),
        (
            Cues::FIX,
            "处置 处理 查办 办结 办理 整改 化解 回复 答复 消除 排查 下降 降低 减少 控制 防治 防控 防范 挽回 修复 无害化 降尘 治理 查处 回收 解决 调处 \
            调解 救治 扑灭 抢修 维修 避免 杜绝 制止 打击 破案 侦破 追缴 追回 清理 清欠 收治 治愈 盘活 管控 整治 受理 审理 结案 处结 受理 清收 压降",
        ),
        (
            Cues::AROUND,
            "满意度 满意率 满意程度 满意比例 预防 培训 宣传 演练 举报 奖励 监测 检测 覆盖 救助 补助 应急 防护 兑付 达标 报告率 评估 鉴定 保险 赔付 理赔 及时率 及时处 合格率 响应 \
            排除 识别 发现 上报 公开 公示 帮扶 安置 监管 管理 保障 就业 备案 监控 收运 收集 完成率 技术 设备 服务 系统",
        ),
        (
            share,
            "满意度 满意率 满意程度 覆盖率 合格率 达标率 准确率 精准率 知晓率 知晓度 及格率 优良率 优秀率 参保率 入学率 普及率 成活率 存活率 在线率 完好率 通过率 \
            及时率 规范率 正确率 准时率 按时率 按期率 合规率 上岗率 到位率 合格比例 利用率 使用率 公开率 处理率 处置率 办结率 巩固率 升学率 毕业率 \
            达标比例 配备率 配套率 入库率 安装率 保有率 占有率 整改率 出勤率 参与率 签约率 接种率 治愈率 回收率 保存率 保障率 免疫率 抽检率 \
            检测率 响应率 精确率 有效率 真实率 完整率 匹配率 兑付率 正常率 准点率 满意比例",
        ),
        (
            good,
            "完成率 执行率 支付率 发放率 拨付率 下达率 实现率 节约率 节支率 履约率 就业率 开工率 完工率 竣工率 支出率 落实率 兑现率 缴纳率 征收率 收缴率 密度 获取率",
        ),
        (
            Cues::COST,
            "成本 费用 投资 总投入 支出 造价 单价 价格 预算 经费 采购价 开支 花费 成本控制 投入 控制数 总额 资金总 资金 金额 工资",
        ),
        (
            Cues::SUBSIDY,
            "补助 补贴 奖补 津贴 资助 救助金 低保金 补偿 奖励 抚恤 慰问 助学金 奖学金 养老金 配套资金 供养 低保 发放 救助 抚养 保险金 分红 兑付",
        ),
        (Cues::STANDARD, "标准 定额 额度 限额标准"),
        (
            Cues::REVENUE,
            "收入 产值 销售 税收 营业额 增收 利润 收益 募集 筹集 筹资 交易额 带动 贷款 放款 担保额 创收 增加值 净利 效益 招商 引资 \
            融资 节约 挽回 追缴 收缴 征收",
        ),
        (Cues::PER_HEAD, "每人 人均 每户 户均 每亩 亩均 每生 生均 每个 每台 每次 每年 每月 每头 每公里 每平方"),
        (
            Cues::LONG,
            "时长 年限 寿命 质保 保修 有效期 服务期 存续 使用期 学时 课时 保障期限 运行时间 使用时间 服务时间 开放时间 天数 影响期 管护期 保存 \
            续航 作用期 发挥作用 服务年 受益期 服务周期 使用周期 更换周期 考核周期 保障周期 运维周期 维护周期 养护 管护 巡护 合同期 租赁 租期 值守 在线时间 保障时间 覆盖时间",
        ),
        (
            Cues::SHORT,
            "完成时间 办理时间 审批时间 响应时间 到达时间 需要的时间 施工时间 建设时间 处置时间 修复时间 等待时间 所需时间 验收时间 支付时间 拨付时间 \
            发放时间 处理时间 编制时间 交付时间 用时 周期 时限 工期 响应 耗时 等待 完成期限 办理期限 审批期限 到达 及时性 需要的",
        ),
        (Cues::CHANGE, "增长 增幅 涨幅 变化 净 增加 提高 提升 增收 变动 升高 增速 同比 上升 放大 超 超额 增产"),
        (Cues::RATE, "率 比例 比重 占比 满意度 百分比"),
        (
            Cues::OPEN,
            "控制率 变动率 波动 结转 结余 偏离 占比 负债 调整率 成本率 占用 缺口 离职 流动率 变更率 三公 增支 比重 控制度 师生比 \
            死淘 消耗 用水量 用电量 用药量 化肥 农药 人口自然 死淘率 基尼 恩格尔 剩余 存量 库存 退出 减少 降低 下降 减排 压减 缩减 缩短 降幅",
        ),
        (Cues::DAY, "时间 时限 日期 期限 节点 进度 完成时 及时性 及时 时效 完工 竣工 按时 按期"),
        (Cues::DURATION, "周期 时长 工期 月数 天数 年限 个月 期限 所需 需要的时间 小时 耗时 响应 寿命 质保"),
        (Cues::COUNT, "数量 人数 次数 户数 个数 数 人次 场次 总量 面积 长度 里程 规模 产量"),
    ])
});

/// A name and what was found in it.
#[derive(Debug, Default)]
pub(crate) struct Name {
    folded: Folded,
    /// What it speaks of.
    pub(crate) cues: Cues,
    /// Comparator of a template in brackets.
    pub(crate) comparator: Option<Comparator>,
    /// Unit of a template in brackets, or of a counted noun at the end (参合人数): where, and what.
    unit: Option<(usize, Unit)>,
    /// The unit is only a guess: 台数 may be counted in 台.
    pub(crate) unit_guessed: bool,
    /// There is a name, and it holds words.
    pub(crate) speaks: bool,
}

impl Name {
    /// Reads a name.
    pub(crate) fn new(name: Option<&str>) -> Self {
        let Some(name) = name else { return Self::default() };
        let cut = (0..=MAX_BYTES.min(name.len())).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0);
        let mut read = Self { folded: Folded::new(&name[..cut]), ..Self::default() };
        let mut cues = Cues::default();
        let text = read.folded.as_str();
        CUES.each(text, |at, word, cue| {
            let measured = cue == Cues::BAD && is_measured(&text[at + word.len()..]);
            cues = cues.and(cue).and(if measured { Cues::STRONG } else { Cues::default() });
        });
        read.speaks = text.chars().any(|c| c.is_alphabetic());
        read.cues = cues;
        (read.comparator, read.unit) = template(text);
        if read.unit.is_none() {
            read.unit = counted_noun(text);
        }
        if read.unit.is_none() {
            read.unit = measure_word(text);
            read.unit_guessed = read.unit.is_some();
        }
        read
    }

    /// The folded name.
    pub(crate) fn text(&self) -> &str {
        self.folded.as_str()
    }

    /// The unit the name gives, as printed, with its place in the text.
    pub(crate) fn unit(&self) -> Option<(&str, Unit)> {
        let (at, unit) = self.unit?;
        Some((self.folded.printed(at..at + unit.len), unit))
    }
}

/// 故障率, 死亡率, 事故次数: the unwanted thing itself is measured, whatever else the name speaks of.
fn is_measured(behind: &str) -> bool {
    ["率", "次数", "起数", "发生数", "发生率", "天数"].iter().any(|word| behind.starts_with(word))
}

/// The last bracket that holds only a comparator, stars and a unit: `(≥**平方米)`, `(≥台)`, `(%)`.
fn template(text: &str) -> (Option<Comparator>, Option<(usize, Unit)>) {
    let mut found = (None, None);
    for (open, _) in text.match_indices('(') {
        let Some(length) = text[open..].find(')') else { break };
        let inner = &text[open + 1..open + length];
        let sign = match comparator::before(inner) {
            Some((Sign::Compares(comparator), len)) => Some((comparator, len)),
            _ => None,
        };
        let behind = &inner[sign.map_or(0, |(_, len)| len)..];
        let stars = behind.trim_start_matches(['*', 'X', 'x', '_', '×', '#', '-', '?', '…', '.', ' ']);
        let unit = unit::read(stars).filter(|unit| unit.len == stars.len());
        let at = open + 1 + inner.len() - stars.len();
        if unit.is_some() || sign.is_some() && stars.is_empty() {
            found = (sign.map(|(comparator, _)| comparator), unit.map(|unit| (at, unit)));
        }
    }
    found
}

/// `参合人数` counts 人: a measure word before a final 数, or 人次, 人员数量.
fn counted_noun(text: &str) -> Option<(usize, Unit)> {
    let core = without_bracket(text);
    let person = Unit { power: 0, scale_len: 0, head_len: 3, len: 3, class: Some(Class::Count), per: false };
    for noun in ["人员数量", "人员数", "人口数量", "人口数", "人数", "户数", "次数", "天数", "场数", "人员总数"]
    {
        if core.ends_with(noun) {
            let class = unit::read(noun)?.class;
            return Some((core.len() - noun.len(), Unit { class, ..person }));
        }
    }
    for (noun, len) in [("人次", 6), ("人次数", 6), ("户次", 6)] {
        if core.ends_with(noun) {
            return Some((core.len() - noun.len(), Unit { head_len: len, len, ..person }));
        }
    }
    if ["得分", "评分", "总分", "打分", "考核分"].iter().any(|noun| core.ends_with(noun)) {
        return Some((core.len() - 3, Unit { class: Some(Class::Score), ..person }));
    }
    None
}

/// The measure word of 台数, 亩数, 批次: likely the unit of a bare number.
fn measure_word(text: &str) -> Option<(usize, Unit)> {
    let core = without_bracket(text);
    let counted = core.strip_suffix("数量").or_else(|| core.strip_suffix('数'));
    let noun = counted.unwrap_or(core);
    let last = noun.chars().next_back()?;
    let len = if counted.is_some() { last.len_utf8() } else { 6 };
    let at = noun.len().checked_sub(len).filter(|at| noun.is_char_boundary(*at))?;
    // 学生数 counts pupils, and nobody writes 63生.
    if last == '生' || counted.is_none() && last != '次' {
        return None;
    }
    let unit = unit::read(&noun[at..]).filter(|unit| unit.len == len && unit.power == 0 && !unit.per)?;
    matches!(unit.class, Some(Class::Count | Class::Incident | Class::Measure)).then_some((at, unit))
}

/// The name without a bracket at its end.
fn without_bracket(text: &str) -> &str {
    match text.rfind('(') {
        Some(open) if text.ends_with(')') => &text[..open],
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_and_comparators_in_names() {
        for (name, comparator, unit) in [
            ("公猪舍（≥**平方米）", Some(Comparator::Gte), Some("平方米")),
            ("排污沟(≥米)", Some(Comparator::Gte), Some("米")),
            ("粉碎拌合机(11kw)(≥台)", Some(Comparator::Gte), Some("台")),
            ("其他试验(水稻)", None, None),
            ("全县参合人数", None, Some("人")),
            ("享受社会保险补贴人员数量", None, Some("人")),
            ("开设课程数量", None, None),
            ("奖补资金兑付率(%)", None, Some("%")),
            ("项目总成本(≤**万元)", Some(Comparator::Lte), Some("万元")),
            ("培训人次", None, Some("人次")),
            ("受益户数", None, Some("户")),
            ("年度考核得分", None, Some("分")),
        ] {
            let read = Name::new(Some(name));
            assert_eq!((read.comparator, read.unit().map(|(text, _)| text)), (comparator, unit), "{name}");
        }
    }

    #[test]
    fn cues_of_names() {
        assert!(Name::new(Some("逾期发放率")).cues.unwanted());
        assert!(!Name::new(Some("食品安全投诉举报处置率")).cues.unwanted());
        assert!(Name::new(Some("系统故障率")).cues.unwanted());
        assert!(Name::new(Some("服务对象满意度")).cues.has(Cues::SHARE));
    }
}
