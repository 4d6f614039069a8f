//! Names of levels 1 and 2 of the indicator tree as real forms print them (rules 1.4), and what they mean.

use std::str::FromStr;

use crate::kind::{Level1, Level2};

/// Longest label looked at; whatever is longer is a sentence, not a label.
const MAX_LABEL_CHARS: usize = 40;

/// Level 1 from a label as printed or from the enum's name; `None` when it is not known.
///
/// The name of a level 2 standing in the level-1 column counts as the level it belongs to (`服务对象满意度指标` is
/// `SATISFACTION`); a bare `成本指标` is `COST`.
#[must_use]
pub fn level1_of(label: &str) -> Option<Level1> {
    own_level1(label).or_else(|| level2_of(label).map(parent_of))
}

/// Level 2 from a label as printed or from the enum's name; `None` when it is not known.
///
/// A bare `成本指标` is `OUTPUT_COST`: under level 2 it is the layout from before 2021.
#[must_use]
pub fn level2_of(label: &str) -> Option<Level2> {
    if let Ok(level) = Level2::from_str(&label.trim().to_ascii_uppercase()) {
        return Some(level);
    }
    let key = stem(label)?;
    let level = match key.as_str() {
        "数量" | "产出数量" | "项目数量" => Level2::Quantity,
        "质量" | "产出质量" | "项目质量" => Level2::Quality,
        "时效" | "产出时效" | "项目时效" | "进度" | "产出进度" | "时间" => Level2::Timeliness,
        "成本" | "产出成本" | "项目成本" => Level2::OutputCost,
        "经济成本" => Level2::EconomicCost,
        "社会成本" => Level2::SocialCost,
        "生态环境成本" | "环境成本" | "生态成本" => Level2::EnvironmentalCost,
        "经济效益" | "经济" | "经济效果" => Level2::Economic,
        "社会效益" | "社会" | "社会效果" => Level2::Social,
        "生态效益" | "环境效益" | "生态环境效益" | "生态" | "环境" | "生态环境" => {
            Level2::Environmental
        }
        "可持续影响" | "可持续性影响" | "可持续发展" | "可持续效益" | "可持续" | "可持续影响力" => {
            Level2::Sustainability
        }
        key if is_satisfaction(key) => Level2::BeneficiarySatisfaction,
        _ => return None,
    };
    Some(level)
}

/// The level 1 under which a level 2 stands.
#[must_use]
pub fn parent_of(level: Level2) -> Level1 {
    match level {
        Level2::Quantity | Level2::Quality | Level2::Timeliness | Level2::OutputCost => Level1::Output,
        Level2::EconomicCost | Level2::SocialCost | Level2::EnvironmentalCost => Level1::Cost,
        Level2::Economic | Level2::Social | Level2::Environmental | Level2::Sustainability => Level1::Outcome,
        Level2::BeneficiarySatisfaction => Level1::Satisfaction,
    }
}

/// Level 1 by its own names only, the level-2 names of satisfaction among them as the official form prints them.
pub(crate) fn own_level1(label: &str) -> Option<Level1> {
    if let Ok(level) = Level1::from_str(&label.trim().to_ascii_uppercase()) {
        return Some(level);
    }
    let key = stem(label)?;
    let level = match key.as_str() {
        // 效率指标: rows on funds in time and work done in time, the output side of the old 产出/成效/效率 layout.
        "产出" | "项目产出" | "产出绩效" | "项目完成" | "完成" | "效率" | "履职产出" => {
            Level1::Output
        }
        "成本" => Level1::Cost,
        "效益" | "项目效益" | "效果" | "成效" | "项目效果" | "效益绩效" | "履职效益" | "影响" => {
            Level1::Outcome
        }
        key if is_satisfaction(key) => Level1::Satisfaction,
        _ => return None,
    };
    Some(level)
}

/// Whether a cell is plainly a level label and not the name of an indicator: a known label that says 指标.
///
/// `群众满意度` alone may be an indicator, `满意度指标` is a heading.
pub(crate) fn is_heading(label: &str) -> bool {
    let Some(key) = bare(label) else { return false };
    (key.ends_with("指标") || key.ends_with("目标")) && level1_of(label).is_some()
}

/// Whether a heading is the name of a level 2 and of nothing else.
pub(crate) fn is_level2_heading(label: &str) -> bool {
    is_heading(label) && own_level1(label).is_none()
}

fn is_satisfaction(key: &str) -> bool {
    matches!(
        key,
        "满意度"
            | "服务对象满意度"
            | "服务对象的满意度"
            | "社会公众满意度"
            | "公众满意度"
            | "群众满意度"
            | "受益对象满意度"
            | "受益群众满意度"
            | "受众满意度"
            | "社会满意度"
            | "社会公众或服务对象满意度"
            | "服务对象或社会公众满意度"
            | "社会公众及服务对象满意度"
            | "服务对象和社会公众满意度"
            | "社会公众和服务对象满意度"
            | "社会公众或服务对象"
            | "服务对象"
    )
}

/// The label without blanks, brackets, numbering, points and colons; `None` when it is too long or nothing is left.
fn bare(label: &str) -> Option<String> {
    if label.chars().take(MAX_LABEL_CHARS + 1).count() > MAX_LABEL_CHARS {
        return None;
    }
    let mut depth = 0_u32;
    let mut kept = String::new();
    for c in label.chars() {
        match c {
            '(' | '（' | '[' | '［' | '【' | '〔' => depth += 1,
            ')' | '）' | ']' | '］' | '】' | '〕' => depth = depth.saturating_sub(1),
            c if depth > 0 || c.is_whitespace() => {}
            c => kept.push(c),
        }
    }
    let kept = without_numbering(&kept);
    let kept = kept.trim_end_matches(|c: char| matches!(c, ':' | '：' | '分' | '%' | '％' | '.' | '．') || is_digit(c));
    (!kept.is_empty()).then(|| kept.to_owned())
}

/// Drops `1.`, `一、` and the like before a label.
fn without_numbering(label: &str) -> &str {
    let rest = label.trim_start_matches(|c: char| is_digit(c) || "一二三四五六七八九十".contains(c));
    match rest.strip_prefix(['、', '.', '．', ',', '，']) {
        Some(rest) => rest,
        None => label.trim_start_matches(is_digit),
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// [`bare`] without the closing 指标 or 目标, doubled words (社会效益效益指标) put right.
fn stem(label: &str) -> Option<String> {
    let mut key = bare(label)?.replace("效益效益", "效益").replace("指标指标", "指标");
    for ending in ["类指标", "指标", "目标"] {
        if let Some(rest) = key.strip_suffix(ending) {
            key.truncate(rest.len());
            break;
        }
    }
    (!key.is_empty()).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_level_1() {
        for (label, want) in [
            ("产出指标", Some(Level1::Output)),
            ("产 出 指 标 (50分)", Some(Level1::Output)),
            ("产出指标 (40-50)分", Some(Level1::Output)),
            ("产出目标", Some(Level1::Output)),
            ("项目完成指标", Some(Level1::Output)),
            ("效率指标", Some(Level1::Output)),
            ("成本指标(0-20)分", Some(Level1::Cost)),
            ("效 益 指 标 (30分)", Some(Level1::Outcome)),
            ("成效指标", Some(Level1::Outcome)),
            ("社会效益效益指标", Some(Level1::Outcome)),
            ("服务对象满意度指标", Some(Level1::Satisfaction)),
            ("社会公众或服务对象满意度指标", Some(Level1::Satisfaction)),
            ("一、产出指标（５０分）", Some(Level1::Output)),
            ("满意度指标10分", Some(Level1::Satisfaction)),
            ("OUTCOME", Some(Level1::Outcome)),
            ("经济成本指标", Some(Level1::Cost)),
            ("绩效指标", None),
            ("指标", None),
            ("", None),
            ("(50分)", None),
            ("创新指标", None),
            ("救助对象社会救助实施的满意度", None),
        ] {
            assert_eq!(level1_of(label), want, "{label}");
        }
    }

    #[test]
    fn labels_of_level_2() {
        for (label, want) in [
            ("数量指标", Some(Level2::Quantity)),
            ("成本", Some(Level2::OutputCost)),
            ("成本指标", Some(Level2::OutputCost)),
            ("经济成本指标", Some(Level2::EconomicCost)),
            ("生态环境成本指标", Some(Level2::EnvironmentalCost)),
            ("经济效益 指标", Some(Level2::Economic)),
            ("社会效益效益指标", Some(Level2::Social)),
            ("社会效益", Some(Level2::Social)),
            ("可持续影响指标（10分）", Some(Level2::Sustainability)),
            ("满意度指标", Some(Level2::BeneficiarySatisfaction)),
            ("BENEFICIARY_SATISFACTION", Some(Level2::BeneficiarySatisfaction)),
            ("output_cost", Some(Level2::OutputCost)),
            ("产出指标", None),
            ("效益指标", None),
            ("创新指标", None),
        ] {
            assert_eq!(level2_of(label), want, "{label}");
        }
    }

    #[test]
    fn a_heading_says_that_it_is_one() {
        assert!(is_heading("质量指标") && is_level2_heading("质量指标"));
        assert!(is_heading("成本指标") && !is_level2_heading("成本指标"));
        assert!(!is_heading("群众满意度") && !is_heading("数量") && !is_heading("绩效指标"));
    }
}
