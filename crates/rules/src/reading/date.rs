//! Days, periods and deadlines, with and without a year; a deadline is the last day allowed.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use super::doubt::{Doubt, Doubts};
use super::lexicon::Lexicon;
use super::number;
use crate::target::PartialDate;

/// Years this service can meet.
const YEARS: RangeInclusive<u32> = 1990..=2099;

/// A date or period that begins a text.
#[derive(Clone, Debug)]
pub(crate) struct DateSpan {
    /// Last day allowed.
    pub(crate) deadline: PartialDate,
    /// Where the text goes on behind it, its sign (前, 内) and the verb of completion.
    pub(crate) end: usize,
    /// A month alone, without 底 or 前: it could be a number of months.
    pub(crate) bare_month: bool,
    /// Written like a decimal number: `2023.07`.
    pub(crate) decimal_like: bool,
    /// What speaks against certainty.
    pub(crate) doubts: Doubts,
}

/// How exact a point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grain {
    Year,
    Part,
    Month,
    Day,
}

/// One point of a period.
#[derive(Clone, Copy, Debug)]
struct Point {
    year: Option<u32>,
    month: u32,
    day: Option<u32>,
    grain: Grain,
    doubt: Option<Doubt>,
    len: usize,
    decimal_like: bool,
}

#[derive(Clone, Copy)]
enum Word {
    Lead,
    Recurs,
    Later,
    Until,
    Since,
    Done,
}

static LEADS: LazyLock<Lexicon<Word>> = LazyLock::new(|| {
    Lexicon::new(&[
        (
            Word::Lead,
            "于 在 截至 截止 截止到 截止至 截至到 到 至 不迟于 不晚于 不超过 应于 须于 计划于 计划 预计 确保 力争 完成时间 完成时间为 完成时限 \
            完成时限为 时间为 时限为 完成日期 期限为 为 ≤ = : 项目 工程 最迟 最晚 完成时间: 完成于 按时于 限于",
        ),
        (Word::Recurs, "每年 每月 每季度 每季 每周 每学期 每半年"),
        (Word::Later, "次年 次月 下年 来年 下一年"),
    ])
});

static TAILS: LazyLock<Lexicon<Word>> = LazyLock::new(|| {
    Lexicon::new(&[
        (Word::Until, "之前 以前 前 之内 以内 内 止 为止 截止 期间 全年 完 止) )"),
        (Word::Since, "后 以后 之后 起 开始 启动 开工 至今 以来 初"),
        (
            Word::Done,
            "全部 全面 兑付 兑付到位 兑现 缴纳 到账 竣工验收 交工 交工验收 办结 完成 全部完成 全面完成 已完成 按时完成 完工 竣工 到位 验收 完成验收 验收合格 通过验收 建成 投入使用 支付 支付完成 发放 发放到位 \
            发放完毕 拨付 拨付到位 完毕 结束 落实 上报 提交 交付 执行完毕 交付使用 完成支付 实施完成 执行完成 完成建设 完成项目 结项 达标 完成任务 \
            完成采购 完成发放 完成拨付 下达 实施完毕 达到 。 .",
        ),
    ])
});

/// Reads a date, period or deadline at the start of `text`. `year` is the fiscal year around it.
pub(crate) fn read(text: &str, year: Option<i32>) -> Option<DateSpan> {
    let mut doubts = Doubts::default();
    let mut at = 0;
    while let Some((word, kind)) = LEADS.at_start(&text[at..]) {
        doubts.add_if(matches!(kind, Word::Recurs), Doubt::Recurring);
        doubts.add_if(matches!(kind, Word::Later), Doubt::DateOpen);
        at += word.len();
        if word == "每年" && at == text.len() {
            return None;
        }
    }
    let (last, is_period, len) = period(&text[at..], &mut doubts)?;
    let at_start = at;
    at += len;
    let led = at > len;
    doubts.add_if(led && is_ambiguous_lead(&text[..at - len]), Doubt::DateWords);
    let closed = tails(text, &mut at, &mut doubts);
    let deadline = deadline(&last, year, &mut doubts);
    let bare_month = last.grain == Grain::Month
        && last.year.is_none()
        && !closed
        && last.doubt.is_none()
        && !(is_period && names_both_months(&text[at_start..at_start + len]));
    Some(DateSpan { deadline, end: at, bare_month, decimal_like: last.decimal_like && !is_period, doubts })
}

/// `1月至12月` and `1-12月` name months of the calendar; `3-6月` could be a number of months.
fn names_both_months(period: &str) -> bool {
    let first = period.strip_suffix("12月").map(|first| first.trim_end_matches(['-', '~', '至', '到']));
    period.matches('月').count() > 1 || first == Some("1")
}

/// 计划, 力争 weaken a deadline; the other leading words only point at it.
fn is_ambiguous_lead(lead: &str) -> bool {
    ["力争", "预计", "计划", "项目", "工程"].iter().any(|word| lead.contains(word))
}

/// One point, or two with a dash or 至 between; the last point counts.
fn period(text: &str, doubts: &mut Doubts) -> Option<(Point, bool, usize)> {
    let (first, short) = match point(text) {
        Some(first) => (first, false),
        None => (month_before_dash(text)?, true),
    };
    let mut len = first.len;
    let rest = &text[len..];
    let joint = rest.len() - rest.trim_start_matches(['-', '~', '至', '到']).len();
    if joint == 0 {
        return (!short).then_some((first, false, len));
    }
    let Some(mut second) = second_point(&rest[joint..], first) else { return (!short).then_some((first, false, len)) };
    len += joint + second.len;
    second.year = second.year.or(first.year);
    let order = |p: &Point| (p.year.or(first.year), p.month, p.day.unwrap_or(31));
    let same_year = second.year == first.year;
    if same_year && first.grain != Grain::Year && order(&second) < order(&first) {
        doubts.add(Doubt::DateOpen);
    }
    doubts.add_if(second.year < first.year, Doubt::DateOpen);
    Some((second, true, len))
}

/// The second point may leave out what it shares with the first: `2024年3月1日-15日`, `2023年-2025年`.
fn second_point(text: &str, first: Point) -> Option<Point> {
    if let Some(second) = point(text) {
        return Some(second);
    }
    let (value, len) = number::small(text)?;
    let rest = &text[len..];
    let mark = ["日", "号"].iter().find(|mark| rest.starts_with(**mark));
    if first.grain == Grain::Day && mark.is_some() {
        return Some(Point { day: Some(value), len: len + 3, ..first });
    }
    // `2023.1-12`: to December, though it could be a day.
    let is_month = first.decimal_like && first.grain == Grain::Month && (first.month..=12).contains(&value);
    (is_month && rest.is_empty()).then_some(Point { month: value, len, doubt: Some(Doubt::DateOpen), ..first })
}

/// `1` of `1-12月`, or `2023` of `2023-2025年`.
fn month_before_dash(text: &str) -> Option<Point> {
    let (value, len) = number::small(text)?;
    let behind = text[len..].trim_start_matches(['-', '~', '至', '到']);
    if behind.len() == text[len..].len() {
        return None;
    }
    let (next, next_len) = number::small(behind)?;
    let mark = behind[next_len..].chars().next()?;
    let point =
        Point { year: None, month: value, day: None, grain: Grain::Month, doubt: None, len, decimal_like: false };
    match mark {
        '月' if (1..=12).contains(&value)
            && (1..=12).contains(&next)
            && value < next
            && !is_count_of_months(&behind[next_len..]) =>
        {
            Some(point)
        }
        '年' if YEARS.contains(&value) && YEARS.contains(&next) => {
            Some(Point { year: Some(value), month: 12, grain: Grain::Year, ..point })
        }
        _ => None,
    }
}

fn is_count_of_months(text: &str) -> bool {
    text.starts_with("月内")
}

/// One point in time at the start of a text.
fn point(text: &str) -> Option<Point> {
    let base = Point { year: None, month: 12, day: None, grain: Grain::Year, doubt: None, len: 0, decimal_like: false };
    if let Some((year, len)) = number::small(text).filter(|(year, _)| YEARS.contains(year)) {
        let base = Point { year: Some(year), len, ..base };
        let rest = &text[len..];
        if let Some(rest) = rest.strip_prefix('年') {
            return Some(in_year(rest, Point { len: len + 3, ..base }));
        }
        return separated(rest, base);
    }
    if let Some(point) = dotted(text, base) {
        return Some(point);
    }
    if let Some((year, len)) = number::small(text).filter(|(year, _)| (10..=40).contains(year))
        && text[len..].starts_with('年')
    {
        let point = in_year(&text[len + 3..], Point { year: Some(2000 + year), len: len + 3, ..base });
        return (point.grain != Grain::Year).then_some(Point { doubt: Some(Doubt::YearShort), ..point });
    }
    without_year(text, base)
}

/// `2023.07` and `2023.07.15`: the digits of year and month form one decimal number.
fn dotted(text: &str, base: Point) -> Option<Point> {
    let digits = text.get(..4)?;
    let year = digits.parse().ok().filter(|year| digits.bytes().all(|b| b.is_ascii_digit()) && YEARS.contains(year))?;
    separated(&text[4..], Point { year: Some(year), len: 4, ..base })
}

/// `.07`, `-07-15`, `/7/15` behind a year.
fn separated(text: &str, base: Point) -> Option<Point> {
    let separator = text.chars().next().filter(|c| matches!(c, '.' | '-' | '/'))?;
    let (month, month_len) = digits(&text[1..], 2).filter(|(month, _)| (1..=12).contains(month))?;
    let rest = &text[1 + month_len..];
    let monthly =
        Point { month, grain: Grain::Month, len: base.len + 1 + month_len, decimal_like: separator != '/', ..base };
    if let Some(behind) = rest.strip_prefix(separator) {
        let Some((day, day_len)) = digits(behind, 2).filter(|(day, _)| (1..=31).contains(day)) else {
            return (separator == '-').then_some(monthly);
        };
        if digits(&behind[day_len..], 1).is_some() {
            return (separator == '-').then_some(monthly);
        }
        let point =
            Point { day: Some(day), grain: Grain::Day, len: monthly.len + 1 + day_len, decimal_like: false, ..monthly };
        let mark = ["日", "号"].iter().any(|mark| behind[day_len..].starts_with(mark));
        return Some(Point { len: point.len + if mark { 3 } else { 0 }, ..point });
    }
    if let Some(behind) = rest.strip_prefix('月') {
        return Some(in_month(behind, Point { len: monthly.len + 3, decimal_like: false, ..monthly }));
    }
    (!rest.starts_with(|c: char| c.is_ascii_digit())).then_some(monthly)
}

/// Up to `most` digits.
fn digits(text: &str, most: usize) -> Option<(u32, usize)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=most).contains(&len).then(|| text[..len].parse().ok()).flatten().map(|value| (value, len))
}

/// What stands behind `2023年`.
fn in_year(text: &str, base: Point) -> Point {
    let skip = if text.starts_with('度') { 3 } else { 0 };
    let base = Point { len: base.len + skip, ..base };
    let text = &text[skip..];
    if let Some(point) = without_year(text, base) {
        return point;
    }
    if let Some(month) = month_before_dash(text).filter(|point| point.grain == Grain::Month) {
        return Point { month: month.month, grain: Grain::Month, len: base.len + month.len, ..base };
    }
    let (len, doubt) = match text.chars().next() {
        Some('底' | '末') => (3, None),
        Some('中' | '初') => (3, Some(Doubt::DateOpen)),
        _ => (0, None),
    };
    let grain = if len > 0 { Grain::Part } else { Grain::Year };
    Point { len: base.len + len, grain, doubt, ..base }
}

/// A month, quarter, half-year or 年底, without its year.
fn without_year(text: &str, base: Point) -> Option<Point> {
    for (word, month, doubt) in [
        ("年底", 12, None),
        ("年末", 12, None),
        ("年内", 12, None),
        ("年终", 12, None),
        ("本年底", 12, None),
        ("当年底", 12, None),
        ("当年年底", 12, None),
        ("本年年底", 12, None),
        ("本年度内", 12, None),
        ("本年内", 12, None),
        ("当年内", 12, None),
        ("年度内", 12, None),
        ("年中", 6, Some(Doubt::DateOpen)),
        ("上半年", 6, None),
        ("下半年", 12, None),
        ("全年度", 12, Some(Doubt::DateOpen)),
        ("全年", 12, None),
        ("当年度", 12, Some(Doubt::DateOpen)),
        ("本年度", 12, Some(Doubt::DateOpen)),
        ("当年", 12, Some(Doubt::DateOpen)),
        ("本年", 12, Some(Doubt::DateOpen)),
        ("今年", 12, Some(Doubt::DateOpen)),
        ("年度末", 12, None),
        ("年度底", 12, None),
    ] {
        if let Some(rest) = text.strip_prefix(word) {
            let doubt = doubt.or((word.starts_with("全年") && base.year.is_none()).then_some(Doubt::DateOpen));
            let more = if rest.starts_with(['底', '末']) && word.ends_with("半年") { 3 } else { 0 };
            return Some(Point { month, grain: Grain::Part, doubt, len: base.len + word.len() + more, ..base });
        }
    }
    if let Some((quarter, len)) = quarter(text) {
        return Some(Point { month: quarter * 3, grain: Grain::Part, len: base.len + len, ..base });
    }
    let (month, len) = number::small(text).filter(|(month, _)| (1..=12).contains(month))?;
    let rest = text[len..].strip_prefix('月')?;
    Some(in_month(rest, Point { month, grain: Grain::Month, len: base.len + len + 3, ..base }))
}

/// `第一季度`, `四季度末`, `3季度`.
fn quarter(text: &str) -> Option<(u32, usize)> {
    let ordinal = text.strip_prefix('第');
    let start = if ordinal.is_some() { 3 } else { 0 };
    let (quarter, len) = number::small(&text[start..]).filter(|(quarter, _)| (1..=4).contains(quarter))?;
    let rest = text[start + len..].strip_prefix("季度")?;
    let more = if rest.starts_with(['底', '末']) { 3 } else { 0 };
    Some((quarter, start + len + 6 + more))
}

/// What stands behind a month: a day, 底, a third of the month.
fn in_month(text: &str, base: Point) -> Point {
    let (text, base) = match text.strip_prefix('份') {
        Some(rest) => (rest, Point { len: base.len + 3, ..base }),
        None => (text, base),
    };
    if let Some((day, len)) = number::small(text).filter(|(day, _)| (1..=31).contains(day))
        && text[len..].starts_with(['日', '号'])
    {
        return Point { day: Some(day), grain: Grain::Day, len: base.len + len + 3, ..base };
    }
    for (word, day, doubt) in [
        ("底", None, None),
        ("末", None, None),
        ("下旬", None, None),
        ("上旬", Some(10), None),
        ("中旬", Some(20), None),
        ("初", Some(10), Some(Doubt::DateOpen)),
        ("中", Some(20), Some(Doubt::DateOpen)),
    ] {
        if text.starts_with(word) {
            return Point { day, grain: Grain::Part, doubt, len: base.len + word.len(), ..base };
        }
    }
    base
}

/// 前, 内, 完成 behind the date; true when one of them closes it.
fn tails(text: &str, at: &mut usize, doubts: &mut Doubts) -> bool {
    let mut closed = false;
    while let Some((word, kind)) = TAILS.at_start(&text[*at..]) {
        doubts.add_if(matches!(kind, Word::Since), Doubt::DateStart);
        // `12月内` could be twelve months.
        doubts.add_if(matches!(word, "内" | "以内" | "之内") && text[..*at].ends_with('月'), Doubt::DateOrDuration);
        closed |= matches!(kind, Word::Until | Word::Done);
        *at += word.len();
    }
    closed
}

/// The last day of a point.
fn deadline(point: &Point, context: Option<i32>, doubts: &mut Doubts) -> PartialDate {
    if let Some(doubt) = point.doubt {
        doubts.add(doubt);
    }
    let year = point.year.and_then(|year| i32::try_from(year).ok()).or(context);
    let last = last_day(year, point.month);
    let day = point.day.unwrap_or(last);
    doubts.add_if(day > last, Doubt::DateImpossible);
    doubts.add_if(year.is_none() && point.month == 2, Doubt::DateOpen);
    PartialDate { year, month: point.month, day: day.min(last) }
}

fn last_day(year: Option<i32>, month: u32) -> u32 {
    let year = year.unwrap_or(2023);
    (28..=31).rev().find(|day| chrono::NaiveDate::from_ymd_opt(year, month, *day).is_some()).unwrap_or(28)
}
