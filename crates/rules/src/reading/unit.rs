//! Units of measure: what they are made of, their scale, and which are the same under two names.

use std::sync::LazyLock;

use rust_decimal::Decimal;

use super::lexicon::Lexicon;

/// What a unit measures, as far as the reading needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// 元.
    Money,
    /// %.
    Percent,
    /// 比例: a fraction of one.
    Ratio,
    /// ‰.
    Permille,
    /// 百分点.
    PercentPoint,
    /// 小时, 天, 个月, 年.
    Time,
    /// 倍.
    Multiple,
    /// 分 of a score.
    Score,
    /// 个, 人, 件.
    Count,
    /// 起, 宗, 例: counts of what had better not happen.
    Incident,
    /// 米, 亩, 吨.
    Measure,
    /// ℃, 分贝, mg/L: neither much nor little is good by itself.
    Gauge,
}

/// A unit at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unit {
    /// Power of ten of 万, 亿 in front.
    pub(crate) power: u32,
    /// Bytes of 万, 亿 in front.
    pub(crate) scale_len: usize,
    /// Bytes of the first word behind the scale (0: only a scale, as in `5万`).
    pub(crate) head_len: usize,
    /// Bytes of the whole unit.
    pub(crate) len: usize,
    /// What it measures; `None` for a bare scale.
    pub(crate) class: Option<Class>,
    /// Holds a "per": 元/人.
    pub(crate) per: bool,
}

static ATOMS: LazyLock<Lexicon<Class>> = LazyLock::new(|| {
    Lexicon::new(&[
        (Class::Money, "元 元人民币 人民币 圆"),
        (Class::Percent, "% 百分比"),
        (Class::Ratio, "比例"),
        (Class::Permille, "‰ 千分比"),
        (Class::PercentPoint, "百分点 个百分点"),
        (
            Class::Time,
            "秒 分钟 小时 个小时 时 h 天 日 工作日 个工作日 个日历天 日历天 个自然日 自然日 周 个周 星期 个星期 月 个月 季度 \
            个季度 季 年 年度 个年度 周年 学期 个学期 学年",
        ),
        (Class::Gauge, "摄氏度 ℃ °C 分贝 dB mg/L ug/m3 μg/m³ 微克 毫克 微克/立方米 毫克/升"),
        (Class::Multiple, "倍"),
        (Class::Score, "分"),
        (Class::Incident, "起 宗 例 桩"),
        (
            Class::Count,
            "个 人 名 位 户 次 件 台 套 条 项 辆 家 所 场 期 份 本 册 篇 幅 张 只 头 匹 羽 尾 株 棵 粒 村 镇 乡 街道 社区 县 区 市 \
            省 组 批 批次 班 班次 门 节 课时 学时 课 人次 人天 人日 人月 人年 生年 处 座 栋 幢 间 层 块 片 支 枝 根 盏 艘 架 部 把 双 对 副 袋 箱 \
            桶 瓶 盒 包 捆 罐 车 车次 趟 案 单 笔 封 页 字 级 档 种 类 款 样 点 站 线 路 队 人员 学生 学员 教师 人口 群众 生 户次 家次 件次 \
            场次 台次 台套 件套 站点 点位 床 床位 张床 座位 席 席位 岗 岗位 剂 针 剂次 份次 头份 头次 枚 颗 团 届 轮 版 集 首 曲 段 道 口 \
            眼 井 孔 箱次 棚 窝 群 担 刊 号 帧 科 学科 专业 课程 课题 项目 标段 合同 方案 报告 篇次 行政村 自然村 机构 单位 企业 \
            小区 学校 党支部 支部 农户 村民 居民 老人 儿童 贫困户 脱贫户 家庭 对象 案件 作品 活动 期次 代 丛 穴 盆 餐 例次 师 套次 榀 \
            樘 顶 挂 杆 箱体 具 台架 台班 组次 幕 词 语种 批件 棵树 盘 卷 枪 亩次 航次 架次 班级 校 院 片区 标准 幼儿园 场所 门店 \
            网点 服务站 合作社 基地 示范点 示范村 阵地 平台 系统 品种 品牌 专利 论文 著作 人才 专家 党员 干部 职工 志愿者 农民 生源 车位 \
            泊位 站次 宗地 图斑 地块 水库 河道 桥 塘 机组 变压器 路灯 摄像头 监控 电脑 模块 用户 账号",
        ),
        (
            Class::Measure,
            "米 公里 千米 厘米 分米 毫米 里 延米 延长米 m km cm mm M KM Km CM MM 平方米 平方公里 平方千米 平方厘米 亩 公顷 顷 ㎡ m² M² m2 \
            M2 平方 平米 km² km2 立方米 m³ M³ m3 M3 立方 方 升 毫升 L l ml mL ML 吨 公斤 千克 克 kg KG Kg t T g 斤 磅 千瓦 千瓦时 kw \
            kW KW kWh KWh kwh MW MWp 兆瓦 千伏 KV kV 伏 GB TB MB KB PB G 兆 兆字节 Mbps M/s 千卡 度 吨标准煤 标准吨 \
            吨公里 车公里 航时 核 线公里 皮长公里 芯公里 条公里 美元 欧元 港元 港币 日元 英镑 标箱 TEU 当量 平",
        ),
    ])
});

const SCALES: &[(&str, u32)] =
    &[("万亿", 12), ("千亿", 11), ("百亿", 10), ("亿", 8), ("千万", 7), ("百万", 6), ("十万", 5), ("万", 4), ("千", 3)];

/// Reads a unit: an optional scale, one or more words, `/` and more words, a word in brackets.
pub(crate) fn read(text: &str) -> Option<Unit> {
    if text.starts_with('/') {
        // `28.40/株`: what is divided is lost.
        let len = per(text, true);
        return (len > 0).then_some(Unit { power: 0, scale_len: 0, head_len: 0, len, class: None, per: true });
    }
    let (mut power, mut scale_len) = (0, 0);
    let mut head = ATOMS.at_start(text);
    if head.is_none() {
        (power, scale_len) =
            SCALES.iter().find(|(word, _)| text.starts_with(word)).map(|(word, power)| (*power, word.len()))?;
        head = ATOMS.at_start(&text[scale_len..]);
        if power == 3 && head.is_none() {
            return None;
        }
    }
    let head_len = head.map_or(0, |(word, _)| word.len());
    let class = head.map(|(_, class)| class);
    let mut end = scale_len + head_len;
    let first_rest = &text[end..];
    if latin_goes_on(&text[scale_len..end], first_rest) {
        return None;
    }
    if class.is_some_and(|c| matches!(c, Class::Count | Class::Incident)) {
        end += nouns(first_rest);
    }
    let per_len = per(&text[end..], end > 0);
    end += per_len;
    (end > 0).then_some(Unit { power, scale_len, head_len, len: end, class, per: per_len > 0 })
}

/// `M` of `Mxyz` is no unit.
fn latin_goes_on(unit: &str, rest: &str) -> bool {
    unit.ends_with(|c: char| c.is_ascii_alphabetic()) && rest.starts_with(|c: char| c.is_ascii_alphanumeric())
}

/// Nouns behind a measure word: 个村, 名学生, 台(套).
fn nouns(text: &str) -> usize {
    let mut end = 0;
    for _ in 0..3 {
        let rest = &text[end..];
        let (open, inner) = match rest.strip_prefix('(') {
            Some(inner) => (1, inner),
            None => (0, rest),
        };
        let Some((word, _)) = ATOMS.at_start(inner).filter(|(_, class)| matches!(class, Class::Count)) else { break };
        let behind = &inner[word.len()..];
        if open == 1 && !behind.starts_with(')') {
            break;
        }
        end += word.len() + 2 * open;
    }
    end
}

/// What the unit is counted by: `/人·月`, `每亩`, `/生.年`, `/人、天`, `/(人·次)`.
fn per(text: &str, has_head: bool) -> usize {
    let mut end = 0;
    for round in 0..4 {
        let rest = &text[end..];
        let Some(separator) = rest.chars().next() else { break };
        let opens = matches!(separator, '/' | '每');
        if !(opens && has_head || round > 0 && matches!(separator, '·' | '.' | '*' | '、' | '×' | '-')) {
            break;
        }
        let behind = &rest[separator.len_utf8()..];
        let bracket = usize::from(behind.starts_with('('));
        let inner = &behind[bracket..];
        // 吨/万元: a scale belongs to the word behind it.
        let scale = SCALES.iter().find(|(scale, _)| inner.starts_with(scale) && ATOMS.at_start(inner).is_none());
        let scale_len = scale.map_or(0, |(scale, _)| scale.len());
        let Some((word, class)) = ATOMS.at_start(&inner[scale_len..]) else { break };
        let word_len = scale_len + word.len();
        if matches!(class, Class::Percent | Class::Ratio) || latin_goes_on(word, &inner[word_len..]) {
            break;
        }
        let mut len = separator.len_utf8() + bracket + word_len;
        if bracket == 1 && rest[len..].starts_with(')') {
            len += 1;
        }
        end += len;
        end += nouns(&text[end..]);
    }
    end
}

/// `10^power`.
pub(crate) fn ten_to(power: u32) -> Decimal {
    Decimal::from(10_i64.pow(power.min(18)))
}

/// The dimension of a base unit and how many of its smallest named unit it holds, so that two names of one unit compare.
pub(crate) fn dimension(unit: &str) -> (&str, Decimal) {
    let (dimension, factor) = match unit {
        "平方米" | "㎡" | "m²" | "M²" | "m2" | "M2" | "平方" | "平米" | "平" => ("㎡", 1),
        "平方公里" | "平方千米" | "km²" | "km2" => ("㎡", 1_000_000),
        "亩" => ("亩", 1),
        "公顷" => ("亩", 15),
        "立方米" | "m³" | "M³" | "m3" | "M3" | "立方" | "方" => ("m³", 1),
        "毫米" | "mm" | "MM" => ("mm", 1),
        "厘米" | "cm" | "CM" => ("mm", 10),
        "米" | "m" | "M" | "延米" | "延长米" => ("mm", 1000),
        "公里" | "千米" | "km" | "KM" | "Km" => ("mm", 1_000_000),
        "克" | "g" => ("g", 1),
        "斤" => ("g", 500),
        "公斤" | "千克" | "kg" | "KG" | "Kg" => ("g", 1000),
        "吨" | "t" | "T" => ("g", 1_000_000),
        "分钟" => ("分钟", 1),
        "小时" | "个小时" | "时" | "h" => ("分钟", 60),
        "天" | "日" | "日历天" | "个日历天" | "自然日" | "个自然日" => ("分钟", 1440),
        "工作日" | "个工作日" => ("工作日", 1),
        "月" | "个月" => ("月", 1),
        "季度" | "个季度" => ("月", 3),
        "年" | "周年" | "年度" | "个年度" => ("月", 12),
        "‰" | "千分比" => ("‰", 1),
        "%" => ("‰", 10),
        "人" | "名" | "位" | "人员" | "个人" => ("人", 1),
        "GB" | "G" => ("GB", 1),
        "TB" => ("GB", 1024),
        other => (other, 1),
    };
    (dimension, Decimal::from(factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_as_printed() {
        for (text, len, power, per) in [
            ("万元", 6, 4, false),
            ("元/人*月", 11, 0, true),
            ("元/生.年", 11, 0, true),
            ("元/人、天", 13, 0, true),
            ("万/月", 7, 4, true),
            ("千克", 6, 0, false),
            ("千元", 6, 3, false),
            ("个村", 6, 0, false),
            ("人/次", 7, 0, true),
            ("吨/万元", 10, 0, true),
            ("台(套)", 8, 0, false),
            ("百分比", 9, 0, false),
            ("万平方米", 12, 4, false),
            ("人以上", 3, 0, false),
            ("元每人每月", 15, 0, true),
            ("TB", 2, 0, false),
            ("千万元", 9, 7, false),
            ("亿", 3, 8, false),
        ] {
            let unit = read(text).expect(text);
            assert_eq!((unit.len, unit.power, unit.per), (len, power, per), "{text}");
        }
        assert_eq!(read("以上"), None);
        assert_eq!(read("千方百计").map(|unit| unit.len), Some(6));
    }
}
