//! Pieces of the language of targets and actual values, and what may stand around a cell.

use jixiao_rules::target::Context;

/// Cells of every kind, as a seed for mutations; the pieces are shuffled, cut and glued.
const PIECES: &str = r"≥ >= ≤ = < 》 ﹦ 90 100 0 3.5 1,200 2023 12 % ％ ‰ 万 亿 万元 元 元/人·月 人 人次 个 户 平方米 ㎡ 年 月 日 月底 前 年底 季度
    上半年 以上 以内 以下 左右 约 达到 控制在 不低于 不超过 至 - ~ -- 、 ， ； 。 ( ) （ 是 否 定性 优良中低差 完成 未完成 基本 达成预期指标 显著提升 有所
    百分之 九十 三 十二 一 两 百分比 比例 同比 下降 增长 较上年 无 零 / * · . + ¥ 每 2 9 个月 小时 天 次/月 第 内 起 含 不含 戶 萬 é 🙂 -0
    99999999999999999999";

/// Pieces that are white space themselves, or invisible.
const SPACES: [&str; 6] = [" ", "\u{3000}", "\n", "\t", "\u{200b}", "\u{301}"];

pub(crate) fn pieces() -> Vec<&'static str> {
    PIECES.split_ascii_whitespace().chain(SPACES).collect()
}

pub(crate) fn contexts() -> [Context<'static>; 4] {
    [
        Context::default(),
        Context {
            level1: Some("产出指标"),
            level2: Some("成本指标"),
            name: Some("项目总成本(≤**万元)"),
            year: Some(2023),
        },
        Context {
            level1: Some("产 出 指 标 (50分)"), level2: Some("时效指标"), name: Some("完成时间"), year: None
        },
        Context { level1: None, level2: Some("数量指标"), name: Some("逾期发放率"), year: Some(2020) },
    ]
}
