//! Cells without a number: yes and no, scales, status words, and what makes a statement doubtful.

use std::cmp::Ordering;
use std::sync::LazyLock;

use super::doubt::{Doubt, Doubts};
use super::lexicon::Lexicon;
use super::quantity;
use crate::kind::Level;

/// A longer statement without a comma still holds more than one demand, more often than not.
const MAX_STATEMENT: usize = 40;

/// Marks between the clauses of a cell.
pub(crate) const SEPARATORS: [char; 4] = [',', ';', '。', '\n'];

/// Without punctuation at both ends.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| matches!(c, ',' | ';' | '。' | '.' | '、' | '!' | ' ' | ':' | '"' | '“' | '”'))
}

/// 是 and 否.
pub(crate) fn yes_no(text: &str) -> Option<bool> {
    match trimmed(text).trim_start_matches('=') {
        "是" | "是的" => Some(true),
        "否" | "不是" => Some(false),
        _ => None,
    }
}

/// A cell that holds no content.
pub(crate) fn is_placeholder(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '-' | '/' | '\\' | '*' | '_' | '.' | '、' | '…' | '~' | '?' | '|' | 'X' | 'x'))
}

/// The words of a scale, best first: 优良中低差, 优/良/中/差, 好、较好、一般、差.
pub(crate) fn scale(text: &str) -> Vec<String> {
    const GRADES: &str = "优良中低差";
    let glued: Vec<char> = text.chars().collect();
    let listed = glued.len() >= 3 && glued[0] == '优' && glued.iter().all(|c| GRADES.contains(*c));
    if listed || matches!(text, "好坏" | "高中低" | "好中差" | "好差") {
        return glued.iter().map(char::to_string).collect();
    }
    let words: Vec<&str> = text.split(['/', '、', '|', ',', ';']).collect();
    let first_best = words
        .first()
        .is_some_and(|word| matches!(*word, "优" | "优秀" | "好" | "很好" | "非常满意" | "A" | "高" | "显著"));
    let plausible = first_best && words.len() >= 3 && words.iter().all(|word| (1..=15).contains(&word.len()));
    if plausible { words.into_iter().map(str::to_owned).collect() } else { Vec::new() }
}

/// What speaks against reading the text as one plain statement.
pub(crate) fn statement(text: &str) -> Doubts {
    let mut doubts = Doubts::default();
    let text = trimmed(text);
    match text {
        "" => doubts.add(Doubt::Blank),
        "无" | "没有" | "零" | "暂无" => doubts.add(Doubt::None),
        "不适用" | "/" => doubts.add(Doubt::NotApplicableClaim),
        "是/否" | "是否" | "有" | "是或否" => doubts.add(Doubt::YesNoOpen),
        _ => {}
    }
    // A demand says something in Chinese; a cell of signs or stray letters does not.
    let speaks = text.contains(|c: char| c.is_ascii_digit() || ('\u{4e00}'..='\u{9fff}').contains(&c));
    doubts.add_if(!text.is_empty() && (is_placeholder(text) || !speaks), Doubt::Placeholder);
    doubts.add_if(text.chars().nth(MAX_STATEMENT).is_some(), Doubt::Several);
    doubts.add_if(text.contains(SEPARATORS), Doubt::Several);
    doubts.add_if(text.matches('、').count() > 1 || text.contains('、') && text.chars().count() > 12, Doubt::Several);
    let glyphs = |c: char| c.is_ascii_digit() || matches!(c, '%' | '‰' | '≥' | '≤' | '>' | '<' | '=' | '¥');
    let number = without_base_year(text).contains(glyphs)
        || text.contains("分之")
        || text.contains("百分百")
        || quantity::holds_numeral(text);
    doubts.add_if(number, if is_fraction(text) { Doubt::Fraction } else { Doubt::NumberInWords });
    doubts.add_if(doubts.is_empty() && zero_words(text), Doubt::NumberInWords);
    doubts
}

/// `1/3`, `1:1.5`, 三分之一.
fn is_fraction(text: &str) -> bool {
    let ratio = text.split_once(['/', ':']).is_some_and(|(left, right)| {
        left.ends_with(|c: char| c.is_ascii_digit()) && right.starts_with(|c: char| c.is_ascii_digit())
    });
    ratio || text.contains("分之") && !text.contains("百分之")
}

/// 零事故, 无投诉, 不发生…: a demand for zero in words.
fn zero_words(text: &str) -> bool {
    let none = ["零", "无", "没有"].iter().any(|word| text.starts_with(word));
    let wanted = [
        "无障碍",
        "无害化",
        "无偿",
        "无缝",
        "无线",
        "无公害",
        "零距离",
        "零售",
        "零星",
        "零散",
        "无影响",
        "无不良影响",
        "无负面影响",
    ];
    none && !wanted.iter().any(|word| text.starts_with(word))
}

/// `同比2022年…` names a year to compare with, not a number.
fn without_base_year(text: &str) -> &str {
    let compares = ["同比", "较", "比", "与", "相比"].iter().find_map(|word| text.strip_prefix(word));
    let Some(rest) = compares else { return text };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 4 && rest[4..].starts_with('年') { &rest[7..] } else { text }
}

/// What a status word says about the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StatusWord {
    /// Full, partial, none.
    pub(crate) level: Level,
    /// 超额完成.
    pub(crate) exceeded: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Negative,
    Partly,
    Over,
    Full,
    Object,
}

static STATUS: LazyLock<Lexicon<Part>> = LazyLock::new(|| {
    Lexicon::new(&[
        (Part::Negative, "未 没有 没 尚未 不 还未 暂未 无法 未能 未按时 未按期 未按计划"),
        (Part::Partly, "部分 基本 大部分 大体 初步 正在 接近 推进中 进行中 逐步推进 有序推进 实施中 未全部 未完全"),
        (Part::Over, "超额 超过预期 超出预期 超预期 超过 超"),
        (
            Part::Full,
            "完成 完工 竣工 交付 办结 建成 验收 兑付 发放 拨付 支付 缴纳 下达 投入使用 达成 达到 达标 实现 落实 到位 合格 已 全部 全面 圆满 顺利 提前 按时 按期 如期 按计划 按要求 均 较好 很好 完全 已经 符合 执行 完毕 \
            结束 满足 通过 做到 保质保量 及时 有效",
        ),
        (
            Part::Object,
            "具有 具备 一定 且 并且 , 较差 年度 指标 预期 目标 任务 预定 计划 要求 绩效 值 效果 设定 既定 年初 工作 标准 了 地 并 的 全年 本年 项目 实施 较 情况 值 规定 与 相符 相关",
        ),
    ])
});

/// A text made only of status words: 已完成, 达成预期指标, 基本达到, 未完成, 超额完成.
pub(crate) fn status(text: &str) -> Option<StatusWord> {
    let text = trimmed(text);
    if text.is_empty() || text.len() > 90 {
        return None;
    }
    let (mut negative, mut partly, mut over, mut full) = (0, false, false, false);
    let mut at = 0;
    while at < text.len() {
        let (word, part) = STATUS.at_start(&text[at..])?;
        match part {
            Part::Negative => negative += 1,
            Part::Partly => partly = true,
            Part::Over => over = true,
            Part::Full => full |= !matches!(word, "已" | "均" | "全部" | "提前"),
            Part::Object => {}
        }
        at += word.len();
    }
    let says = full || over || text.ends_with('中') && partly || ["正在推进", "逐步推进", "有序推进"].contains(&text);
    let at_odds = negative > 1 || negative == 1 && over || negative == 0 && text.contains("较差");
    if !says || at_odds {
        return None;
    }
    let level = match (negative, partly) {
        (1, false) => Level::None,
        (_, true) => Level::Partial,
        _ => Level::Full,
    };
    Some(StatusWord { level, exceeded: over })
}

/// How words that are not the target's own sound: good (true), bad (false), or nothing known.
pub(crate) fn tone(text: &str) -> Option<bool> {
    let denied =
        ["未超", "不超", "没有超", "未突破", "未发生", "不存在", "未出现", "无不良", "无负面", "无投诉", "无影响"];
    if denied.iter().any(|word| text.contains(word)) {
        return Some(true);
    }
    let bad = [
        "超预算",
        "超支",
        "超出预算",
        "超过预算",
        "未",
        "不",
        "没",
        "无效",
        "较差",
        "下降",
        "一般",
        "差",
        "欠",
        "恶化",
        "缓慢",
        "滞后",
        "有待",
    ];
    if bad.iter().any(|word| text.contains(word)) {
        return Some(false);
    }
    let good = [
        "明显",
        "显著",
        "较高",
        "良好",
        "较好",
        "优",
        "提升",
        "提高",
        "改善",
        "增强",
        "保障",
        "有效",
        "合格",
        "达标",
        "完善",
        "满意",
        "及时",
        "长期",
        "持续",
        "稳定",
        "好",
        "全天候",
        "促进",
        "完成",
        "实现",
        "达到",
        "增加",
        "健全",
        "规范",
        "充分",
        "有力",
        "顺利",
    ];
    good.iter().any(|word| text.contains(word)).then_some(true)
}

/// Rank of a single grade word, best highest: 优秀 3, 良好 2, 合格 1, 差 0; `以上` behind it says nothing here.
fn rank(text: &str) -> Option<u8> {
    let text = trimmed(text).trim_end_matches("以上").trim_end_matches(['及', '等', '级']);
    Some(match text {
        "优" | "优秀" | "优良" | "非常满意" => 3,
        "良" | "良好" | "较好" | "满意" => 2,
        "中" | "合格" | "及格" | "达标" | "一般" | "基本满意" | "基本合格" => 1,
        "差" | "较差" | "不合格" | "不及格" | "不达标" | "不满意" => 0,
        _ => return None,
    })
}

/// The level of an answer that is weaker or stronger than the target's own words: another grade, 基本健全 for 健全,
/// 有所提高 for 显著提高.
pub(crate) fn compared(target: &str, actual: &str) -> Option<Level> {
    if let (Some(wanted), Some(given)) = (rank(target), rank(actual)) {
        match given.cmp(&wanted) {
            Ordering::Equal => {}
            Ordering::Greater => return Some(Level::Full),
            Ordering::Less if given > 0 => return Some(Level::Partial),
            Ordering::Less if actual.strip_prefix('不') != Some(target) => return Some(Level::None),
            Ordering::Less => {}
        }
    }
    if status(actual).is_some() {
        return None;
    }
    let basic = actual.strip_prefix("基本").is_some_and(|rest| rest == target);
    let strong = ["显著", "明显", "大幅", "极大"].iter().any(|word| target.contains(word));
    let weak = ["有所", "略有", "小幅"].iter().any(|word| actual.starts_with(word));
    (basic || strong && weak).then_some(Level::Partial)
}

/// Two statements say the same in other words: one holds the other, or they share a word of effect.
pub(crate) fn agrees(target: &str, actual: &str) -> bool {
    if tone(actual) == Some(false) {
        return false;
    }
    let inside = actual.chars().count() >= 2 && target.contains(actual)
        || target.chars().count() >= 2 && actual.contains(target);
    let shared = [
        "提升", "提高", "改善", "增强", "完善", "保障", "促进", "稳定", "健全", "显著", "明显", "良好", "合格", "及时",
        "规范", "持续", "有效",
    ];
    inside || shared.iter().any(|word| target.contains(word) && actual.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_words() {
        for (text, level, exceeded) in [
            ("完成", Level::Full, false),
            ("已完成", Level::Full, false),
            ("达成预期指标", Level::Full, false),
            ("未完成", Level::None, false),
            ("基本达到", Level::Partial, false),
            ("超额完成", Level::Full, true),
            ("部分完成", Level::Partial, false),
            ("达到预期目标", Level::Full, false),
            ("已完成年度目标任务", Level::Full, false),
            ("尚未完成", Level::None, false),
            ("未达到预期目标", Level::None, false),
            ("不达标", Level::None, false),
            ("未全部完成", Level::Partial, false),
        ] {
            assert_eq!(status(text), Some(StatusWord { level, exceeded }), "{text}");
        }
        for text in ["显著提升", "目标", "12月", "无", "养老服务提升", "全部"] {
            assert_eq!(status(text), None, "{text}");
        }
    }

    #[test]
    fn scales() {
        assert_eq!(scale("优良中低差").len(), 5);
        assert_eq!(scale("优/良/中/差"), ["优", "良", "中", "差"]);
        assert!(scale("优良").is_empty());
        assert!(scale("房屋设备、设施的管理到位").is_empty());
    }
}
