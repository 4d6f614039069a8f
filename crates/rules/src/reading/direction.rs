//! Which way is better: from the comparator, the level-2 category and the name; a contradiction asks a person.

use rust_decimal::Decimal;

use super::comparator;
use super::doubt::{Doubt, Doubts};
use super::name::{Cues, Name};
use super::unit::Class;
use crate::kind::{Comparator, Direction, Level1, Level2};

/// What the direction depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<'a> {
    /// Comparator of the cell.
    pub(crate) comparator: Option<Comparator>,
    /// The number in the base unit.
    pub(crate) value: Decimal,
    /// What the unit measures; `None` without a unit.
    pub(crate) class: Option<Class>,
    /// The unit is "per" something.
    pub(crate) per: bool,
    /// 增长 (+1) or 下降 (-1) in the cell.
    pub(crate) change: i8,
    /// Level 1.
    pub(crate) level1: Option<Level1>,
    /// Level 2.
    pub(crate) level2: Option<Level2>,
    /// The indicator's name.
    pub(crate) name: &'a Name,
}

use Direction::{Exact, HigherIsBetter as Higher, LowerIsBetter as Lower};

impl Given<'_> {
    fn cues(&self) -> Cues {
        self.name.cues
    }

    /// The category is a cost, in the old or the new layout.
    fn cost_category(&self) -> bool {
        use Level2::{EconomicCost, EnvironmentalCost, OutputCost, SocialCost};
        matches!(self.level2, Some(OutputCost | EconomicCost | SocialCost | EnvironmentalCost))
            || self.level2.is_none() && self.level1 == Some(Level1::Cost)
    }

    fn is_percent(&self) -> bool {
        matches!(self.class, Some(Class::Percent | Class::Ratio | Class::Permille | Class::PercentPoint))
    }

    fn timeliness(&self) -> bool {
        self.level2 == Some(Level2::Timeliness)
    }

    fn satisfaction(&self) -> bool {
        self.level2 == Some(Level2::BeneficiarySatisfaction) || self.level1 == Some(Level1::Satisfaction)
    }
}

/// Decides the direction; what is not plain is added to the doubts.
pub(crate) fn decide(given: &Given<'_>, doubts: &mut Doubts) -> Direction {
    if given.change < 0 {
        doubts.add(Doubt::ChangeOpen);
    }
    if given.value.is_zero() {
        return zero(given, doubts);
    }
    let by_template = given.name.comparator.map_or(0, comparator::side);
    match given.comparator.map(comparator::side) {
        Some(1) => at_least(given, by_template, doubts),
        Some(-1) => at_most(given, by_template, doubts),
        Some(_) => equal(given, doubts),
        None if by_template != 0 => template(given, by_template, doubts),
        None => bare(given, doubts),
    }
}

/// Nothing of the kind may happen; as "at least zero" it demands nothing.
fn zero(given: &Given<'_>, doubts: &mut Doubts) -> Direction {
    match given.comparator.map(comparator::side) {
        Some(1) => {
            doubts.add(Doubt::ZeroOpen);
            Higher
        }
        Some(-1) => Lower,
        _ => {
            let incident = given.class == Some(Class::Incident) || given.cues().has(Cues::BAD);
            doubts.add_if(!incident || !given.name.speaks, Doubt::ZeroOpen);
            Lower
        }
    }
}

fn at_least(given: &Given<'_>, by_template: i8, doubts: &mut Doubts) -> Direction {
    let cues = given.cues();
    doubts.add_if(cues.unwanted(), Doubt::Contradiction);
    doubts.add_if(by_template < 0, Doubt::Contradiction);
    let spent = given.class == Some(Class::Money) && !cues.any(Cues::SUBSIDY.and(Cues::REVENUE).and(Cues::STANDARD));
    let cost = given.cost_category() || cues.has(Cues::COST) && given.level2 != Some(Level2::Economic);
    doubts.add_if(spent && cost, Doubt::Contradiction);
    doubts.add_if(given.cost_category() && cues.has(Cues::OPEN), Doubt::Contradiction);
    let long = !given.per && given.class == Some(Class::Time) && given.timeliness() && !cues.has(Cues::LONG);
    doubts.add_if(long, Doubt::Contradiction);
    let short = !given.per && given.class == Some(Class::Time) && cues.has(Cues::SHORT) && !cues.has(Cues::LONG);
    doubts.add_if(short, Doubt::Contradiction);
    Higher
}

fn at_most(given: &Given<'_>, by_template: i8, doubts: &mut Doubts) -> Direction {
    let cues = given.cues();
    let good = cues.has(Cues::GOOD) && given.is_percent() && !cues.any(Cues::BAD.and(Cues::OPEN));
    doubts.add_if(good || given.satisfaction() && !cues.has(Cues::BAD), Doubt::Contradiction);
    doubts.add_if(given.change > 0 && !cues.has(Cues::COST), Doubt::Contradiction);
    doubts.add_if(by_template > 0, Doubt::Contradiction);
    doubts.add_if(
        cues.has(Cues::REVENUE) && given.class == Some(Class::Money) && !given.cost_category(),
        Doubt::Contradiction,
    );
    Lower
}

/// `= 100 %` can only be reached from below; every other equality may mean exactly this, or this is enough.
fn equal(given: &Given<'_>, doubts: &mut Doubts) -> Direction {
    if given.is_percent() {
        let full = given.value == Decimal::ONE_HUNDRED && given.class == Some(Class::Percent);
        let unwanted = given.cues().unwanted();
        let open = given.cues().has(Cues::OPEN) || unwanted;
        doubts.add_if(!full, Doubt::EqualityOpen);
        doubts.add_if(open, Doubt::DirectionOpen);
        return if unwanted && !full { Lower } else { Higher };
    }
    if given.class == Some(Class::Money) && is_fixed_standard(given) {
        return Exact;
    }
    doubts.add(Doubt::EqualityOpen);
    let standard = given.per || given.cues().any(Cues::STANDARD.and(Cues::PER_HEAD));
    if given.class == Some(Class::Money) && given.cost_category() && !standard { Lower } else { Exact }
}

/// 补助标准 620元/人·月: the amount each one gets; more is as wrong as less.
fn is_fixed_standard(given: &Given<'_>) -> bool {
    let cues = given.cues();
    let per_case = cues.any(Cues::SUBSIDY) && given.name.text().contains("标准");
    cues.has(Cues::STANDARD) && (given.per || per_case)
}

/// The name carries the comparator: `(≥**人)`.
fn template(given: &Given<'_>, side: i8, doubts: &mut Doubts) -> Direction {
    if side > 0 { at_least(given, side, doubts) } else { at_most(given, side, doubts) }
}

/// The better side of a range, where it is plain: a satisfaction of 90-95 %, a cost of 8-10万元. A count may not be exceeded.
pub(crate) fn of_range(given: &Given<'_>) -> Direction {
    let mut doubts = Doubts::default();
    doubts.add_if(!given.is_percent() && given.class != Some(Class::Money), Doubt::DirectionOpen);
    let direction = bare(given, &mut doubts);
    if doubts.is_empty() { direction } else { Direction::Unknown }
}

/// A bare number.
fn bare(given: &Given<'_>, doubts: &mut Doubts) -> Direction {
    if !given.name.speaks && given.level2.is_none() {
        doubts.add(Doubt::DirectionOpen);
        return if given.class == Some(Class::Money) { Lower } else { Higher };
    }
    match given.class {
        Some(Class::Percent | Class::Ratio | Class::Permille | Class::PercentPoint) => percent(given, doubts),
        Some(Class::Money) => money(given, doubts),
        Some(Class::Time) if !given.per => time(given, doubts),
        Some(Class::Score) => {
            doubts.add_if(given.cues().unwanted(), Doubt::DirectionOpen);
            Higher
        }
        Some(_) => count(given, doubts),
        None => number(given, doubts),
    }
}

fn percent(given: &Given<'_>, doubts: &mut Doubts) -> Direction {
    let cues = given.cues();
    if cues.unwanted() {
        // 逾期发放率 100 % asks for nothing but late payments: one of the two is wrong.
        doubts.add_if(given.value >= Decimal::from(50), Doubt::Contradiction);
        let around = cues.has(Cues::AROUND) && !cues.has(Cues::STRONG);
        doubts.add_if(around || cues.any(Cues::OPEN.and(Cues::GOOD)), Doubt::DirectionOpen);
        return Lower;
    }
    let open = cues.has(Cues::OPEN) || given.class != Some(Class::Percent);
    let mixed = cues.has(Cues::BAD) && given.value < Decimal::from(50);
    let cost_rate = given.cost_category() && !cues.any(Cues::GOOD) || cues.has(Cues::COST.and(Cues::CHANGE));
    doubts.add_if(open || mixed || cost_rate, Doubt::DirectionOpen);
    Higher
}

fn money(given: &Given<'_>, doubts: &mut Doubts) -> Direction {
    let cues = given.cues();
    if given.cost_category() {
        if is_fixed_standard(given) {
            return Exact;
        }
        let price = ["成本", "造价", "单价", "价格"].iter().any(|word| given.name.text().contains(word));
        if price && !cues.any(Cues::STANDARD.and(Cues::SUBSIDY).and(Cues::REVENUE)) {
            return Lower;
        }
        if cues.any(Cues::STANDARD.and(Cues::PER_HEAD)) {
            doubts.add(Doubt::DirectionOpen);
            return Exact;
        }
        let given_away = cues.any(Cues::SUBSIDY.and(Cues::REVENUE));
        doubts.add_if(given_away || given.per && !cues.has(Cues::COST), Doubt::DirectionOpen);
        return Lower;
    }
    let spent = cues.any(Cues::COST.and(Cues::SUBSIDY).and(Cues::STANDARD));
    let earned = cues.has(Cues::REVENUE);
    doubts.add_if(spent || !earned || cues.has(Cues::BAD), Doubt::DirectionOpen);
    match (spent, earned) {
        (true, false) if !cues.any(Cues::SUBSIDY.and(Cues::STANDARD)) => Lower,
        _ => Higher,
    }
}

/// A duration: short for procedures, long for what lasts.
fn time(given: &Given<'_>, doubts: &mut Doubts) -> Direction {
    let cues = given.cues();
    let (long, short) = (cues.has(Cues::LONG), cues.has(Cues::SHORT));
    if given.timeliness() {
        doubts.add_if(long || !short, Doubt::DirectionOpen);
        return if long { Higher } else { Lower };
    }
    doubts.add_if(!long || cues.has(Cues::BAD), Doubt::DirectionOpen);
    if short && !long { Lower } else { Higher }
}

fn count(given: &Given<'_>, doubts: &mut Doubts) -> Direction {
    let cues = given.cues();
    if given.class == Some(Class::Incident) || cues.unwanted() {
        doubts.add(Doubt::DirectionOpen);
        return Lower;
    }
    doubts.add_if(
        cues.has(Cues::OPEN) && !cues.has(Cues::FIX) || given.class == Some(Class::Gauge),
        Doubt::DirectionOpen,
    );
    doubts.add_if(given.cost_category(), Doubt::DirectionOpen);
    Higher
}

/// Not even a unit.
fn number(given: &Given<'_>, doubts: &mut Doubts) -> Direction {
    if given.cost_category() {
        doubts.add(Doubt::MissingUnit);
        return Lower;
    }
    let counted = given.level2 == Some(Level2::Quantity) || given.cues().has(Cues::COUNT);
    doubts.add_if(!counted || given.timeliness() || given.satisfaction(), Doubt::MissingUnit);
    count(given, doubts)
}
