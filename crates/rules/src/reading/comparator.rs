//! Comparators: every glyph, and the words that stand before or behind a number.

use std::sync::LazyLock;

use super::lexicon::Lexicon;
use crate::kind::Comparator;

/// What a word before or behind a number says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A comparator.
    Compares(Comparator),
    /// 以下: at most, though some mean less than.
    Below,
    /// 约, 左右, 力争: not exactly this number.
    Hedge,
    /// 达到: at least or exactly; says nothing beside a real comparator.
    Reach,
    /// 控制在: at most, when nothing else is said.
    Keep,
    /// 应, 为, 共: says nothing.
    Filler,
    /// 较上年, 同比: the number is a change.
    Base,
    /// 增长, 提高.
    Rise,
    /// 下降, 减少.
    Fall,
    /// (含), (不含).
    Inclusive(bool),
    /// 完成, 覆盖, 到位: what is done with the number.
    Done,
    /// 之间: the number is a range.
    Between,
}

use Comparator::{Eq, Gt, Gte, Lt, Lte};

static BEFORE: LazyLock<Lexicon<Sign>> = LazyLock::new(|| {
    Lexicon::new(&[
        (
            Sign::Compares(Gte),
            "≥ 大于等于 大于或等于 大于或者等于 大等于 高于等于 高于或等于 等于或大于 等于或高于 超过或等于 达到或超过 \
            达到或高于 不低于 不少于 不小于 不短于 不下于 不得低于 不得少于 不得小于 不能低于 不能少于 不应低于 不应少于 至少 最少 最低 \
            起码 不亚于",
        ),
        (Sign::Compares(Gt), "> 大于 高于 超过 多于 超出 突破"),
        (
            Sign::Compares(Lte),
            "≤ 小于等于 小于或等于 小于或者等于 小等于 低于等于 低于或等于 等于或小于 等于或低于 少于等于 少于或等于 \
            不超过 不超出 不高于 不大于 不多于 不长于 不得超过 不得高于 不得大于 不得多于 不能超过 不能高于 不应超过 不应高于 不突破 \
            至多 最多 最高 最高不超过 未超过",
        ),
        (Sign::Compares(Lt), "< 小于 低于 少于 不足 不到 不满"),
        (Sign::Compares(Eq), "= 等于 恰为 正好"),
        (Sign::Hedge, "约 约为 大约 大概 近 将近 接近 力争 争取 预计 预期 计划 拟 努力 几乎"),
        (Sign::Reach, "达 已达 已达到 达到 达至 需达到 要达到 提高到 提升到 提高至 提升至 增加到 增加至 增长到 增长至"),
        (Sign::Keep, "控制在 控制 限制在 控制到 降低到 降低至 下降到 下降至 降至 降到 压缩到 压减至 限额 上限"),
        (
            Sign::Filler,
            "应 应当 须 必须 需 要 为 共 共计 合计 总计 计 实现 确保 保证 保持 保持在 维持在 稳定在 均 均为 常年 始终 总共 完成 介于 在 已 已完成 实际 实际完成 实际为 累计 累计完成 共完成",
        ),
        (
            Sign::Base,
            "同比 环比 较上年 比上年 较去年 比去年 较上年度 比上年度 与上年相比 与去年相比 较前年 较上年同期 比上年同期 年均",
        ),
        (Sign::Rise, "增长 增加 提高 提升 上升 增幅 增长率 上涨 增收"),
        (Sign::Fall, "下降 降低 减少 降幅 下降率 压减 缩减 压缩 缩短"),
    ])
});

static BEHIND: LazyLock<Lexicon<Sign>> = LazyLock::new(|| {
    Lexicon::new(&[
        (Sign::Compares(Gte), "以上 及以上 及其以上 或以上 之上 以上水平 及更多 或更多"),
        (Sign::Compares(Lte), "以内 之内 内 范围内 范围以内 以内(含)"),
        (Sign::Below, "以下 及以下 之下 或以下"),
        (Sign::Hedge, "左右 上下 余 多 + 来 许"),
        (Sign::Inclusive(true), "(含) (含本数) (包含) (包括本数) 含 (含本级)"),
        (Sign::Inclusive(false), "(不含) (不含本数) (不包含)"),
        (
            Sign::Done,
            "完成 覆盖 全覆盖 全部完成 全部到位 到位 达标 合格 及时 落实 发放 发放到位 支付 拨付 兑付 兑现 执行 通过 完好 完成率 覆盖率 合格率 满意 \
            满意度 达到",
        ),
        (Sign::Between, "之间 区间"),
    ])
});

/// The sign that `text` starts with, before a number, and its length.
pub(crate) fn before(text: &str) -> Option<(Sign, usize)> {
    BEFORE.at_start(text).map(|(word, sign)| (sign, word.len()))
}

/// The sign that `text` starts with, behind a number, and its length.
pub(crate) fn behind(text: &str) -> Option<(Sign, usize)> {
    BEHIND.at_start(text).map(|(word, sign)| (sign, word.len()))
}

/// True for a comparator glyph.
pub(crate) fn is_glyph(c: char) -> bool {
    matches!(c, '≥' | '≤' | '>' | '<' | '=')
}

/// +1 for "more", -1 for "less", 0 for "equal".
pub(crate) fn side(comparator: Comparator) -> i8 {
    match comparator {
        Gte | Gt => 1,
        Lte | Lt => -1,
        Eq => 0,
    }
}
