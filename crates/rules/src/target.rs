//! Targets (指标值) as officials write them, and how they are read. The language itself lies in `reading`.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::kind::{Comparator, Direction, Level1, Level2, TargetKind};
use crate::message::Note;
use crate::reading::date::{self, DateSpan};
use crate::reading::direction::{self, Given};
use crate::reading::doubt::{Doubt, Doubts};
use crate::reading::fold::Folded;
pub use crate::reading::level::{level1_of, level2_of};
use crate::reading::name::{Cues, Name};
use crate::reading::quantity::{self, Quantity};
use crate::reading::unit::{self, Class, Unit};
use crate::reading::words;

/// Longer cells are kept as statements: nobody writes a target that long, and the time stays bounded.
pub(crate) const MAX_CHARS: usize = 2000;

/// What stands around a cell and helps to read it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// Level-1 label as printed.
    pub level1: Option<&'a str>,
    /// Level-2 label as printed, or the enum's name.
    pub level2: Option<&'a str>,
    /// Level-3 name of the indicator.
    pub name: Option<&'a str>,
    /// Fiscal year, for dates without one.
    pub year: Option<i32>,
}

/// A calendar day whose year may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartialDate {
    /// Year, `None` when neither the cell nor its context tells.
    pub year: Option<i32>,
    /// Month, 1-12.
    pub month: u32,
    /// Day of the month.
    pub day: u32,
}

/// A target cell and its reading. Where the reading is not certain, `notes` say why and what else it could be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// Verbatim, as the official wrote it.
    pub text: String,
    /// What kind of demand it is.
    pub kind: TargetKind,
    /// Comparator as the cell says it; `None` when it carries only a number (one in the name decides the direction only).
    pub comparator: Option<Comparator>,
    /// The number as printed; lower bound of a range.
    pub value: Option<Decimal>,
    /// Upper bound of a range, as printed.
    pub value_high: Option<Decimal>,
    /// Unit as printed.
    pub unit: Option<String>,
    /// The number in the base unit: 万/亿 expanded, money in 元, percent in points.
    pub base_value: Option<Decimal>,
    /// Upper bound in the base unit.
    pub base_value_high: Option<Decimal>,
    /// The base unit.
    pub base_unit: Option<String>,
    /// Which way is better; `UNKNOWN` for what is not a number.
    pub direction: Direction,
    /// Last day allowed; its year is `None` when it is not known.
    pub deadline: Option<PartialDate>,
    /// The wished answer of a yes/no target; `None` for other kinds.
    pub wished: Option<bool>,
    /// The words of the scale of a 定性 target, best first; empty without one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scale: Vec<String>,
    /// The single demands of a `COMPOUND` target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Target>,
    /// True when the reading needs no person.
    pub certain: bool,
    /// Why it is not certain, and the other readings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

impl PartialDate {
    /// The day, when its year is known and it exists.
    #[must_use]
    pub fn date(self) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.year?, self.month, self.day)
    }
}

/// Reads a target cell. Never fails: what is not understood is a statement that asks for confirmation.
#[must_use]
pub fn read_target(text: &str, context: &Context<'_>) -> Target {
    Reader::new(context).read(text, true)
}

/// A target being read: what stands around it, read once.
pub(crate) struct Reader<'a> {
    context: &'a Context<'a>,
    level1: Option<Level1>,
    level2: Option<Level2>,
    name: Name,
}

impl<'a> Reader<'a> {
    /// Reads what stands around the cell.
    pub(crate) fn new(context: &'a Context<'a>) -> Self {
        let level1 = context.level1.and_then(level1_of);
        let level2 = context.level2.and_then(level2_of);
        Self { context, level1, level2, name: Name::new(context.name) }
    }

    /// The demands in order of how unmistakable they are; `split` allows several in one cell.
    fn read(&self, text: &str, split: bool) -> Target {
        if text.chars().nth(MAX_CHARS).is_some() {
            return statement(text, &one(Doubt::TooLong));
        }
        let folded = Folded::new(text);
        let plain = folded.as_str();
        if let Some(wished) = words::yes_no(plain) {
            return yes_no(text, wished);
        }
        if let Some(rest) = plain.strip_prefix("定性") {
            let rest = rest.trim_start_matches(':');
            return words::yes_no(rest).map_or_else(|| graded(text, rest), |wished| yes_no(text, wished));
        }
        self.dated(text, plain)
            .or_else(|| quantity::parse(plain).map(|read| self.quantity(text, &folded, read)))
            .or_else(|| split.then(|| self.several(text, plain)).flatten())
            .unwrap_or_else(|| graded(text, plain.strip_prefix('=').unwrap_or(plain)))
    }

    /// A date or period, when it is the whole cell.
    fn dated(&self, text: &str, plain: &str) -> Option<Target> {
        let mut span = date::read(plain, self.context.year)?;
        let rest = &plain[span.end..];
        if rest.contains(|c: char| c.is_ascii_digit() || matches!(c, '%' | ',' | ';' | '。' | '.'))
            || rest.starts_with('个')
        {
            return None;
        }
        if span.decimal_like && (!self.about_time() || unit::read(rest).is_some()) {
            return None;
        }
        span.doubts.add_if(!rest.is_empty(), Doubt::DateWords);
        self.settle_date(&mut span);
        let target = blank(text, TargetKind::Date, &span.doubts);
        Some(Target { deadline: Some(span.deadline), ..target })
    }

    /// Time is what the indicator is about: `12月` and `2023.07` are dates.
    fn about_time(&self) -> bool {
        self.level2 == Some(Level2::Timeliness) || self.name.cues.has(Cues::DAY)
    }

    fn settle_date(&self, span: &mut DateSpan) {
        let duration = self.name.cues.has(Cues::DURATION);
        span.doubts.add_if(span.bare_month && (!self.about_time() || duration), Doubt::DateOrDuration);
    }

    fn quantity(&self, text: &str, folded: &Folded, read: Quantity) -> Target {
        let mut doubts = read.doubts.clone();
        let own = read.unit.map(|(at, unit)| (folded.printed(at..at + unit.len), unit));
        let from_name = if own.is_none() && !read.percent { self.name.unit() } else { None };
        let measured = own.or(from_name);
        let base = self.base(&read, measured, &mut doubts);
        self.compare_units(own, from_name, &read, &mut doubts);
        let expand = |value: Decimal| value.checked_mul(base.factor).map(|value| value.normalize());
        let (base_value, base_value_high) = (read.low.and_then(expand), read.high.and_then(expand));
        let given = Given {
            comparator: read.comparator,
            value: base_value.unwrap_or(Decimal::ONE),
            class: base.class,
            per: measured.is_some_and(|(_, unit)| unit.per),
            change: read.change,
            level1: self.level1,
            level2: self.level2,
            name: &self.name,
        };
        let direction =
            if read.is_range { direction::of_range(&given) } else { direction::decide(&given, &mut doubts) };
        self.plausible(&read, &given, folded, &mut doubts);
        if own.is_none() && date::read(folded.as_str(), None).is_some_and(|span| span.decimal_like) {
            doubts.add(Doubt::DateOrNumber);
        }
        if let Some((first, last)) = read.words_before {
            self.words_before(&folded.as_str()[first..last], &read, &mut doubts);
        }
        let unit = if read.percent { Some("%".to_owned()) } else { own.map(|(unit, _)| unit.to_owned()) };
        Target {
            comparator: read.comparator,
            value: read.low,
            value_high: read.high,
            unit,
            base_value,
            base_value_high,
            base_unit: base.unit,
            direction,
            ..blank(text, if read.is_range { TargetKind::Range } else { TargetKind::Quantity }, &doubts)
        }
    }

    /// The base unit and what one printed unit holds of it.
    fn base(&self, read: &Quantity, unit: Option<(&str, Unit)>, doubts: &mut Doubts) -> Base {
        if read.percent {
            return Base { unit: Some("%".to_owned()), factor: Decimal::ONE, class: Some(Class::Percent) };
        }
        if read.yuan {
            let factor = unit::ten_to(unit.map_or(0, |(_, unit)| unit.power));
            return Base { unit: Some("元".to_owned()), factor, class: Some(Class::Money) };
        }
        let Some((text, unit)) = unit else { return self.unitless(read) };
        let factor = unit::ten_to(unit.power);
        let per = text.get(unit.scale_len + unit.head_len..).unwrap_or_default();
        match unit.class {
            Some(Class::Money) => Base { unit: Some(format!("元{per}")), factor, class: unit.class },
            Some(Class::Percent) => Base { unit: Some("%".to_owned()), factor, class: unit.class },
            Some(class) => Base { unit: text.get(unit.scale_len..).map(str::to_owned), factor, class: Some(class) },
            None if self.is_money() => Base { unit: Some(format!("元{per}")), factor, class: Some(Class::Money) },
            None => {
                doubts.add(Doubt::MoneyLost);
                Base { unit: (!per.is_empty()).then(|| per.to_owned()), factor, class: None }
            }
        }
    }

    /// Without any unit, a rate is most likely a percentage (or a fraction of one); [`Self::compare_units`] says that it is a guess.
    fn unitless(&self, read: &Quantity) -> Base {
        if !self.name.cues.has(Cues::RATE) {
            return Base { unit: None, factor: Decimal::ONE, class: None };
        }
        let fraction = read.low.is_some_and(|low| low > Decimal::ZERO && low <= Decimal::ONE);
        let factor = if fraction { Decimal::ONE_HUNDRED } else { Decimal::ONE };
        Base { unit: Some("%".to_owned()), factor, class: Some(Class::Percent) }
    }

    /// A bare 万 is money where the category or the name speaks of money.
    fn is_money(&self) -> bool {
        let cost =
            matches!(self.level2, Some(Level2::OutputCost | Level2::EconomicCost)) || self.level1 == Some(Level1::Cost);
        cost || self.name.cues.any(Cues::COST.and(Cues::REVENUE)) && !self.name.cues.has(Cues::COUNT)
    }

    /// The unit of the cell against the one of the name, and numbers without any.
    fn compare_units(
        &self,
        own: Option<(&str, Unit)>,
        from_name: Option<(&str, Unit)>,
        read: &Quantity,
        doubts: &mut Doubts,
    ) {
        let cues = self.name.cues;
        if let (Some((_, mine)), Some((_, theirs))) = (own, self.name.unit()) {
            let template = self.name.comparator.is_some();
            doubts.add_if(template && mine.class.is_some() && mine.class != theirs.class, Doubt::UnitConflict);
        }
        if let Some((_, unit)) = from_name {
            doubts.add_if(unit.class == Some(Class::Time) || self.name.unit_guessed, Doubt::OddUnit);
        }
        // Zero is zero in any unit.
        let zero = read.low.is_some_and(|value| value.is_zero()) && !read.is_range;
        let nameless = own.is_none() && from_name.is_none() && !read.percent && !read.yuan && !zero;
        doubts.add_if(nameless && cues.has(Cues::RATE) && !self.plain_rate(read), Doubt::ImpliedPercent);
        let counted = self.level2 == Some(Level2::Quantity) || cues.has(Cues::COUNT);
        doubts.add_if(nameless && read.comparator.is_some() && !counted && !self.plain_rate(read), Doubt::MissingUnit);
        let open_unit = own.is_some_and(|(_, unit)| unit.class.is_none());
        doubts.add_if(own.is_some_and(|(text, _)| matches!(text, "人/次" | "户/次")), Doubt::PersonTimes);
        let divided = own.is_some_and(|(text, _)| text.starts_with('/'));
        doubts.add_if(divided || open_unit && !read.yuan && !self.is_money(), Doubt::MoneyLost);
        doubts.add_if(nameless && cues.has(Cues::COST) && !cues.has(Cues::COUNT), Doubt::MissingUnit);
        let points = own.is_some_and(|(_, unit)| unit.class == Some(Class::PercentPoint));
        doubts.add_if(points && !cues.has(Cues::CHANGE), Doubt::ChangeOpen);
    }

    /// 合格率 95: a rate, well above one, can only be a percentage; 满意度 95 could be a score.
    fn plain_rate(&self, read: &Quantity) -> bool {
        let credible = |value: Decimal| value >= Decimal::TEN && value <= Decimal::ONE_HUNDRED;
        let rate = self.name.cues.has(Cues::SHARE) && self.name.text().ends_with('率');
        rate && !read.is_range && read.low.is_some_and(credible)
    }

    /// Values that cannot be: 290 %, a satisfaction of 0.95 %.
    fn plausible(&self, read: &Quantity, given: &Given<'_>, folded: &Folded, doubts: &mut Doubts) {
        let hundred = Decimal::ONE_HUNDRED;
        let cues = self.name.cues;
        if given.class == Some(Class::Percent) {
            let above = given.value > hundred;
            let growth = cues.any(Cues::CHANGE) || given.change > 0;
            doubts.add_if(above && cues.has(Cues::SHARE), Doubt::OverHundred);
            let glued = read.comparator.is_none() && folded.as_str().starts_with('2');
            doubts.add_if(above && glued && given.value <= Decimal::from(300), Doubt::Ocr);
            doubts.add_if(above && !growth && read.comparator.is_none(), Doubt::OverHundred);
            let ratio = given.value <= Decimal::ONE && given.value > Decimal::ZERO && cues.has(Cues::SHARE);
            doubts.add_if(
                ratio && read.comparator.is_none_or(|c| crate::reading::comparator::side(c) >= 0),
                Doubt::RatioOrPercent,
            );
        }
        let bare = read.unit.is_none() && !read.percent && !given.value.is_zero();
        doubts.add_if(bare && cues.has(Cues::RATE) && given.value <= Decimal::ONE, Doubt::RatioOrPercent);
    }

    /// Unknown words in front are harmless when they repeat the indicator's name, or are a rate with its comparator.
    fn words_before(&self, before: &str, read: &Quantity, doubts: &mut Doubts) {
        let before = before.trim_end_matches([':', '为', '达']);
        // 知晓率 in front of ≥90%: the noun of the number itself.
        let noun = before.len() <= 30 && (before.ends_with('率') || before.ends_with("满意度"));
        let rate = read.percent || read.unit.is_some_and(|(_, unit)| unit.class == Some(Class::Permille));
        let plain_noun = noun && rate && says_the_same(Name::new(Some(before)).cues, read.comparator);
        let known = before.len() >= 6 && (plain_noun || self.name.text().contains(before));
        doubts.add_if(!known || read.comparator.is_none() && !read.percent, Doubt::UnknownWords);
    }

    /// Several demands: a date and a number, or clauses of which one holds a number, or a list.
    fn several(&self, text: &str, plain: &str) -> Option<Target> {
        let mut pieces: Vec<&str> = Vec::new();
        if let Some(span) = date::read(plain, self.context.year).filter(|span| span.end < plain.len()) {
            let rest = words::trimmed(&plain[span.end..]);
            if quantity::parse(rest).is_some() {
                pieces.extend([&plain[..span.end], rest]);
            }
        }
        if pieces.is_empty() {
            pieces.extend(plain.split(words::SEPARATORS).map(words::trimmed).filter(|piece| !piece.is_empty()));
        }
        if pieces.len() < 2 || pieces.len() > 20 {
            return None;
        }
        let parts: Vec<Target> = pieces.iter().map(|piece| self.read(piece, false)).collect();
        let numbers = parts.iter().filter(|part| !matches!(part.kind, TargetKind::Statement)).count();
        if numbers == 0 && parts.len() < 3 {
            return None;
        }
        Some(Target { parts, ..blank(text, TargetKind::Compound, &one(Doubt::Several)) })
    }
}

/// The noun of a number and its comparator point the same way: a rate that is not unwanted, or one that is and has a ceiling.
fn says_the_same(noun: Cues, comparator: Option<Comparator>) -> bool {
    let ceiling = comparator.is_some_and(|comparator| crate::reading::comparator::side(comparator) < 0);
    !noun.any(Cues::BAD.and(Cues::OPEN)) || noun.unwanted() && !noun.has(Cues::OPEN) && ceiling
}

/// A base unit: its name, what one printed unit holds of it, what it measures.
struct Base {
    unit: Option<String>,
    factor: Decimal,
    class: Option<Class>,
}

/// A statement, with the scale it lists.
fn graded(text: &str, plain: &str) -> Target {
    let scale = words::scale(plain);
    let doubts = if scale.is_empty() { words::statement(plain) } else { Doubts::default() };
    Target { scale, ..statement(text, &doubts) }
}

fn yes_no(text: &str, wished: bool) -> Target {
    Target { wished: Some(wished), ..blank(text, TargetKind::YesNo, &Doubts::default()) }
}

fn statement(text: &str, doubts: &Doubts) -> Target {
    blank(text, TargetKind::Statement, doubts)
}

fn one(doubt: Doubt) -> Doubts {
    let mut doubts = Doubts::default();
    doubts.add(doubt);
    doubts
}

/// A reading without any value.
fn blank(text: &str, kind: TargetKind, doubts: &Doubts) -> Target {
    Target {
        text: text.to_owned(),
        kind,
        comparator: None,
        value: None,
        value_high: None,
        unit: None,
        base_value: None,
        base_value_high: None,
        base_unit: None,
        direction: Direction::Unknown,
        deadline: None,
        wished: None,
        scale: Vec::new(),
        parts: Vec::new(),
        certain: doubts.is_empty(),
        notes: doubts.notes(),
    }
}
