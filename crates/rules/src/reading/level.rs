//! Levels 1 and 2 from labels as printed (rules 1.4).

use std::str::FromStr;

use super::fold::Folded;
use crate::kind::{Level1, Level2};

/// Level 1 from a label as printed or from the enum's name; `None` when it is not known.
#[must_use]
pub fn level1_of(label: &str) -> Option<Level1> {
    // Most labels need no cleaning.
    level1_word(label).or_else(|| level1_word(&core(label)?))
}

fn level1_word(label: &str) -> Option<Level1> {
    if let Ok(level) = Level1::from_str(label) {
        return Some(level);
    }
    Some(match stem(label) {
        "产出" | "项目产出" | "项目完成" | "完成" | "产出完成" | "履职产出" => Level1::Output,
        "成本" | "项目成本" => Level1::Cost,
        "效益" | "项目效益" | "效果" | "项目效果" | "成效" | "履职效益" | "履职效果" | "社会效益" | "影响力" => {
            Level1::Outcome
        }
        other if other.ends_with("满意度") => Level1::Satisfaction,
        _ => return None,
    })
}

/// Level 2 from a label as printed or from the enum's name; `None` when it is not known.
#[must_use]
pub fn level2_of(label: &str) -> Option<Level2> {
    level2_word(label).or_else(|| level2_word(&core(label)?))
}

fn level2_word(label: &str) -> Option<Level2> {
    if let Ok(level) = Level2::from_str(label) {
        return Some(level);
    }
    Some(match stem(label) {
        "数量" | "产出数量" => Level2::Quantity,
        "质量" | "产出质量" => Level2::Quality,
        "时效" | "产出时效" | "时间" | "进度" => Level2::Timeliness,
        "成本" | "产出成本" => Level2::OutputCost,
        "经济成本" => Level2::EconomicCost,
        "社会成本" => Level2::SocialCost,
        "生态环境成本" | "生态成本" | "环境成本" => Level2::EnvironmentalCost,
        "经济效益" | "经济" => Level2::Economic,
        "社会效益" | "社会" => Level2::Social,
        "生态效益" | "生态" | "环境效益" | "生态环境效益" => Level2::Environmental,
        "可持续影响" | "可持续" | "可持续发展" | "可持续发展影响" | "可持续性影响" | "可持续性" | "可持续效益" => {
            Level2::Sustainability
        }
        other if other.ends_with("满意度") || other == "满意" => Level2::BeneficiarySatisfaction,
        _ => return None,
    })
}

/// The label without spaces, numbering and bracketed points; `None` when it is too long to be a label.
fn core(label: &str) -> Option<String> {
    if label.len() > 200 {
        return None;
    }
    let folded = Folded::new(label);
    let mut depth = 0_usize;
    let mut kept = String::with_capacity(label.len());
    for c in folded.as_str().chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => kept.push(c),
            _ => {}
        }
    }
    let points =
        kept.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '分' | '-' | '~' | '.' | '%' | ':' | '*'));
    kept.truncate(points.len());
    let start = kept.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '、' | ':'))).unwrap_or(0);
    Some(kept.split_off(start))
}

/// Without 指标, 目标 and doubled words: 社会效益效益指标 is 社会效益.
fn stem(label: &str) -> &str {
    let stem = label.trim_end_matches("指标").trim_end_matches("目标").trim_end_matches("情况");
    match stem.strip_suffix("效益效益") {
        Some(head) => &stem[..head.len() + "效益".len()],
        None => stem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_as_printed() {
        for (label, level) in [
            ("产 出 指 标 (50分)", Level1::Output),
            ("产出目标", Level1::Output),
            ("项目完成指标", Level1::Output),
            ("成效指标", Level1::Outcome),
            ("效益指标（30分）", Level1::Outcome),
            ("成本指标(0-20)分", Level1::Cost),
            ("产出指标 (40-50)分", Level1::Output),
            ("服务对象满意度指标", Level1::Satisfaction),
            ("社会公众或服务对象满意度指标", Level1::Satisfaction),
            ("COST", Level1::Cost),
            ("满意度指标10分", Level1::Satisfaction),
            ("一级指标", Level1::Output),
        ] {
            let read = level1_of(label);
            assert_eq!(read, (label != "一级指标").then_some(level), "{label}");
        }
        for (label, level) in [
            ("数量指标", Level2::Quantity),
            ("经济效益 指标", Level2::Economic),
            ("社会效益效益指标", Level2::Social),
            ("社会效益", Level2::Social),
            ("成本", Level2::OutputCost),
            ("经济成本指标", Level2::EconomicCost),
            ("TIMELINESS", Level2::Timeliness),
            ("满意度指标", Level2::BeneficiarySatisfaction),
            ("社会公众或服务对象满意度指标", Level2::BeneficiarySatisfaction),
            ("可持续影响指标", Level2::Sustainability),
            ("質量指標", Level2::Quality),
            ("1.时效指标", Level2::Timeliness),
        ] {
            assert_eq!(level2_of(label), Some(level), "{label}");
        }
        assert_eq!(level2_of("效率指标"), None);
    }
}
