//! Why a reading asks a person, and what else the cell could mean. A reading is certain when it has no doubt.

use crate::message::Note;

/// Declares the doubts: code, Chinese, English.
macro_rules! doubts {
    ($($variant:ident = $code:literal, $zh:literal, $en:literal;)+) => {
        /// One reason why a reading is not certain.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Doubt { $(#[doc = $en] $variant,)+ }

        impl Doubt {
            /// What is said to people.
            pub(crate) fn note(self) -> Note {
                match self { $(Self::$variant => Note::new($code, $zh, $en),)+ }
            }
        }
    };
}

doubts! {
    Blank = "BLANK", "单元格为空", "The cell is blank";
    Placeholder = "PLACEHOLDER", "仅有占位符号，没有内容", "The cell holds only a placeholder";
    TooLong = "TOO_LONG", "内容过长，按文字描述处理，请人工确认", "Too long to be analysed; kept as a statement, please confirm";
    NumberTooLong = "NUMBER_TOO_LONG", "数字位数过多，无法精确读取", "The number has too many digits to be kept exactly";
    SpacedDigits = "SPACED_DIGITS", "数字中间有空格：可能是一个数，也可能是两个数", "Spaces between the digits: one number, or two";
    UnknownUnit = "UNKNOWN_UNIT", "计量单位不认识，请确认", "The unit is not known; please confirm it";
    UnknownWords = "UNKNOWN_WORDS", "数字前后有未能识别的文字，可能另有要求", "Words around the number are not understood and may add a demand";
    Approximate = "APPROXIMATE", "约数：可能要求等于，也可能要求不低于", "An approximate number: it may mean equal to, or at least";
    Conflict = "CONFLICTING_COMPARATORS", "计算符号不止一个且相互不一致", "There is more than one comparator and they disagree";
    ReachedOnly = "REACHED_OR_EQUAL", "“达到”“控制在”：可能表示不低于（不超过），也可能是等于", "The verb may mean at least (at most), or exactly";
    BelowOpen = "BELOW_INCLUSIVE_OR_NOT", "“以下”：按包含本数（≤）读取，也可能不含（＜）", "Read as including the number (≤); it may exclude it (<)";
    ImpliedPercent = "PERCENT_IMPLIED", "名称是比率但没有写百分号：可能是百分比，也可能是数值", "The name is a rate but there is no percent sign: percent, or a plain number";
    RatioOrPercent = "RATIO_OR_PERCENT", "小于等于1的比率：可能是小数形式（0.95 即 95%），也可能就是百分数", "A rate not above 1: a fraction (0.95 is 95 %), or really that many percent";
    Fraction = "FRACTION", "分数或比值，无法精确换算为一个数", "A fraction or a ratio a:b, which is not one exact number";
    OddUnit = "UNIT_FROM_NAME", "单位取自指标名称，可能有别的含义（如“月”可为月数或月份）", "The unit comes from the name and may mean something else (months, or a calendar month)";
    PersonTimes = "PERSONS_PER_TIME", "“人/次”：可能是每次多少人，也可能是“人次”", "人/次: persons each time, or attendances (人次)";
    UnitConflict = "UNIT_CONFLICTS_WITH_NAME", "单位与指标名称中的单位不一致", "The unit differs from the one in the indicator's name";
    MoneyLost = "MONEY_UNIT_UNCLEAR", "金额单位不完整：可能漏写“元”，也可能不是金额", "The unit is incomplete: 元 may be missing, or it may not be money";
    MissingUnit = "UNIT_MISSING", "没有计量单位", "There is no unit";
    Contradiction = "COMPARATOR_CONTRADICTS_NAME", "计算符号与指标名称（类别）的方向相反：可能符号写反，也可能名称如此", "Comparator and name (or category) point in opposite directions; either may be wrong";
    DirectionOpen = "DIRECTION_OPEN", "没有计算符号，从名称不能确定越高越好还是越低越好", "No comparator, and the name does not tell whether higher or lower is better";
    EqualityOpen = "EQUALITY_DIRECTION", "等号：可能要求正好等于，也可能超过（低于）也算完成", "Equals: exactly this value, or more (less) is as good";
    GradeOpen = "GRADE_OR_NUMBER", "等级（级、类、档）：是名称还是数值、高低哪个更好，不能确定", "A grade: a name or a number, and which way is better, cannot be told";
    ZeroOpen = "ZERO_TARGET", "指标值为零：可能表示不得发生，也可能尚未填写", "A target of zero: nothing of the kind may happen, or the cell was never filled in";
    OverHundred = "ABOVE_100_PERCENT", "该比率不可能超过100%，请确认", "This share cannot exceed 100 %; please confirm";
    Ocr = "SUSPECTED_OCR", "可能是扫描识别错误：“2”或“>”原为“≥”（如 290% 原为 ≥90%）", "Perhaps a scanning error: the leading 2 may have been ≥ (290% for ≥90%)";
    NegativeOrDash = "NEGATIVE_OR_DASH", "开头的横线：可能是负号，也可能是破折号", "The leading dash: a minus sign, or only a dash";
    RangeReversed = "RANGE_REVERSED", "区间的下限大于上限", "The lower bound is above the upper bound";
    RangeOpen = "RANGE_OR_OTHER", "可能是区间，也可能是日期、编号或比分", "A range, or a date, a number plate or a score";
    ChangeOpen = "RELATIVE_CHANGE", "相对变化（下降、增长）：可能指变化幅度，也可能指变化后的数值", "A relative change: the size of the change, or the value after it";
    YearShort = "YEAR_INCOMPLETE", "年份不完整", "The year is incomplete";
    DateImpossible = "DATE_IMPOSSIBLE", "日期不存在", "There is no such day";
    DateOrDuration = "DATE_OR_DURATION", "可能是月份（日期），也可能是时长", "A calendar month (date), or a duration";
    DateOrNumber = "DATE_OR_NUMBER", "可能是日期，也可能是数值", "A date, or a number";
    Recurring = "RECURRING_DATE", "周期性期限（每年、每月……）：按本年度最后一次读取", "A recurring date; the reading keeps the last one of the fiscal year";
    DateStart = "START_DATE", "可能是开始时间，而不是完成期限", "It may be a start, not a deadline";
    DateOpen = "DATE_UNCLEAR", "期限所指的日子不明确", "It is not clear which day the deadline means";
    DateWords = "WORDS_AROUND_DATE", "日期前后有其他文字，可能另有要求", "Words around the date may add a demand";
    Several = "SEVERAL_DEMANDS", "一个单元格里可能有多项要求：可拆分，也可作为一项描述", "Perhaps several demands in one cell: to be split, or one statement";
    NumberInWords = "NUMBER_IN_WORDS", "文字描述中含有数字：可能是数值指标", "A statement that holds a number: it may be a quantity";
    YesNoOpen = "YES_NO_OPEN", "看不出期望的回答是“是”还是“否”", "The wished answer, yes or no, cannot be told";
    None = "NONE_OR_NOT_APPLICABLE", "“无”：可能表示零，也可能表示不适用", "无 may mean zero, or not applicable";
    NotComparable = "NOT_COMPARABLE", "实际完成值与指标值无法比较", "Target and actual value cannot be compared";
    NotApplicableClaim = "NOT_APPLICABLE_CLAIM", "填报为不适用或未发生，需说明原因并确认", "Reported as not applicable or not arisen; needs a reason and a confirmation";
    UnitAssumed = "UNIT_ASSUMED", "单位与指标值不同，按同一单位比较，请确认", "The unit differs from the target's; compared as if it were the same";
    Magnitude = "MAGNITUDE_SUSPICIOUS", "省略了单位且数量级相差悬殊，可能单位不同（元/万元）", "The unit is dropped and the magnitude is far off: perhaps another unit (元 or 万元)";
    BoundRepeated = "COMPARATOR_REPEATED", "实际值带有计算符号，可能照抄了指标值，并非实测", "The actual value carries a comparator: perhaps a copy, not a measurement";
    NegativeActual = "NEGATIVE_ACTUAL", "实际完成值为负", "The actual value is negative";
    WordsForNumber = "WORDS_FOR_NUMBER", "指标值是数值，实际填报的是文字", "The target is a number, the actual value is words";
    NumberForWords = "NUMBER_FOR_WORDS", "指标值是文字描述，实际填报的是数字", "The target is words, the actual value is a number";
    LevelOpen = "LEVEL_OPEN", "文字与指标值不同，完成程度需人工判断", "The words differ from the target's; a person must judge the level";
    PartsMismatch = "PARTS_MISMATCH", "填报的项数与指标值的要求不一致", "The answers do not match the number of demands";
}

/// The doubts of one reading, each at most once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Doubts(Vec<Doubt>);

impl Doubts {
    /// Adds a doubt.
    pub(crate) fn add(&mut self, doubt: Doubt) {
        if !self.0.contains(&doubt) {
            self.0.push(doubt);
        }
    }

    /// Adds a doubt when something is the case.
    pub(crate) fn add_if(&mut self, is_so: bool, doubt: Doubt) {
        if is_so {
            self.add(doubt);
        }
    }

    /// Takes back a doubt that something else has settled.
    pub(crate) fn settle(&mut self, doubt: Doubt) {
        self.0.retain(|d| *d != doubt);
    }

    /// This is one of the doubts.
    pub(crate) fn has(&self, doubt: Doubt) -> bool {
        self.0.contains(&doubt)
    }

    /// Nothing is in doubt.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is said to people.
    pub(crate) fn notes(&self) -> Vec<Note> {
        self.0.iter().map(|doubt| doubt.note()).collect()
    }
}
